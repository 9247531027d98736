//! The keyword of a kind: its name in kebab-case.

/// `Cluster` is `cluster`, `HTTPRoute` is `http-route`, `GitFiles` is `git-files`.
pub fn keyword(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (index, &letter) in letters.iter().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            let after_small = letters.get(index - 1).is_some_and(|c| !c.is_ascii_uppercase());
            let before_small = letters.get(index + 1).is_some_and(char::is_ascii_lowercase);
            if after_small || before_small {
                out.push('-');
            }
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::keyword;

    #[test]
    fn keywords() {
        for (name, expected) in [
            ("Cluster", "cluster"),
            ("HTTPRoute", "http-route"),
            ("GitFiles", "git-files"),
            ("SLO", "slo"),
            ("S3Bucket", "s3-bucket"),
            ("EtcdS3", "etcd-s3"),
        ] {
            assert_eq!(keyword(name), expected);
        }
    }
}
