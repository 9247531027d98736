//! Names as Kubernetes takes them: of objects, and of labels.

use super::text::{TextError, extent};

/// The most bytes of a DNS label, and of a label's name or value.
pub(super) const LONGEST_LABEL: usize = 63;
/// The most bytes of a DNS name.
pub(super) const LONGEST_SUBDOMAIN: usize = 253;

const LABEL: &str = "lowercase letters, digits and `-`, with a letter or digit at both ends";
const SUBDOMAIN: &str =
    "lowercase letters, digits, `-` and `.`, with a letter or digit at the ends of each part";
const QUALIFIED: &str = "letters, digits, `-`, `_` and `.`, with a letter or digit at both ends";

/// A DNS-1123 label, the type `Name`: at most 63 lowercase letters, digits and inner hyphens.
pub fn check(text: &str) -> Result<&str, TextError> {
    label(text, LABEL).map_err(|error| {
        let at = extent(0, text.len());
        let nearest = nearest_label(text);
        if !nearest.is_empty() && label(&nearest, LABEL).is_ok() {
            error.suggest(at, nearest)
        } else {
            error
        }
    })
}

/// A DNS-1123 subdomain, which most objects' names are: labels with dots between, 253 bytes at most.
pub fn check_subdomain(text: &str) -> Result<&str, TextError> {
    subdomain(text).map_err(|error| {
        let nearest: Vec<String> =
            text.split('.').map(nearest_label).filter(|part| !part.is_empty()).collect();
        let nearest = nearest.join(".");
        if !nearest.is_empty() && subdomain(&nearest).is_ok() {
            error.suggest(extent(0, text.len()), nearest)
        } else {
            error
        }
    })
}

/// The key of a label or annotation: a name of at most 63 bytes, after an optional DNS name and `/`.
pub fn check_label_key(text: &str) -> Result<&str, TextError> {
    let Some((prefix, name)) = text.split_once('/') else { return qualified(text) };
    subdomain(prefix)?;
    if let Some(second) = name.find('/') {
        let at = prefix.len() + 1 + second;
        return Err(TextError::new(
            extent(at, at + 1),
            "a second `/`",
            "one `/`, between a DNS name and the key's own name",
        ));
    }
    qualified(name).map_err(|error| error.shift(prefix.len() + 1))?;
    Ok(text)
}

/// The value of a label: nothing, or a name of at most 63 bytes.
pub fn check_label_value(text: &str) -> Result<&str, TextError> {
    if text.is_empty() { Ok(text) } else { qualified(text) }
}

fn label<'a>(text: &'a str, rule: &str) -> Result<&'a str, TextError> {
    pattern(text, rule, LONGEST_LABEL, "-", |c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

fn qualified(text: &str) -> Result<&str, TextError> {
    pattern(text, QUALIFIED, LONGEST_LABEL, "-_.", |c| c.is_ascii_alphanumeric())
}

/// Without a suggestion.
pub(super) fn subdomain(text: &str) -> Result<&str, TextError> {
    let mut at = 0;
    for part in text.split('.') {
        if part.is_empty() && !text.is_empty() {
            let dot = at.min(text.len().saturating_sub(1));
            return Err(TextError::new(
                extent(dot, dot + 1),
                "an empty part",
                "a letter or digit on both sides of each `.`",
            ));
        }
        pattern(part, SUBDOMAIN, LONGEST_LABEL, "-", |c| {
            c.is_ascii_lowercase() || c.is_ascii_digit()
        })
        .map_err(|error| error.shift(at))?;
        at += part.len() + 1;
    }
    if text.len() > LONGEST_SUBDOMAIN {
        return Err(TextError::new(
            extent(LONGEST_SUBDOMAIN, text.len()),
            format!("{} bytes too many", text.len() - LONGEST_SUBDOMAIN),
            format!("at most {LONGEST_SUBDOMAIN} bytes"),
        ));
    }
    Ok(text)
}

/// Characters of which some may not stand at the ends.
pub(super) fn pattern<'a>(
    text: &'a str,
    rule: &str,
    longest: usize,
    inner: &str,
    anywhere: impl Fn(char) -> bool,
) -> Result<&'a str, TextError> {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
        return Err(TextError::new(extent(0, 0), "nothing", rule));
    };
    if let Some((at, c)) = text.char_indices().find(|&(_, c)| !anywhere(c) && !inner.contains(c)) {
        return Err(TextError::new(extent(at, at + c.len_utf8()), unwanted(c), rule));
    }
    if !anywhere(first) {
        let end = text.find(&anywhere).unwrap_or(text.len());
        return Err(TextError::new(extent(0, end), format!("`{first}` at the beginning"), rule));
    }
    if !anywhere(last) {
        let start = text.trim_end_matches(|c| !anywhere(c)).len();
        let at = extent(start, text.len());
        return Err(TextError::new(at, format!("`{last}` at the end"), rule));
    }
    if text.len() > longest {
        return Err(TextError::new(
            extent(longest, text.len()),
            format!("{} bytes too many", text.len() - longest),
            format!("at most {longest} bytes"),
        ));
    }
    Ok(text)
}

/// What a character is called in a label under it.
pub(super) fn unwanted(c: char) -> String {
    match c {
        ' ' => "a blank".to_owned(),
        c if c.is_whitespace() || c.is_control() => format!("U+{:04X}", u32::from(c)),
        c if c.is_ascii_uppercase() => format!("`{c}`, an uppercase letter"),
        c => format!("`{c}`"),
    }
}

/// The text with its letters made small and what may not stand made hyphens.
fn nearest_label(text: &str) -> String {
    let mut nearest = String::new();
    for c in text.trim().chars() {
        if c.is_ascii_alphanumeric() {
            nearest.push(c.to_ascii_lowercase());
        } else if (c.is_ascii_punctuation() || c == ' ') && !nearest.ends_with('-') {
            nearest.push('-');
        } else if !c.is_ascii() {
            // Leaving letters out would make another word.
            return String::new();
        }
    }
    nearest.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::{check, check_label_key, check_label_value, check_subdomain};

    #[test]
    fn labels() {
        for text in ["a", "eu-1", "2048", "kube-system", &"a".repeat(63), "a--b"] {
            assert_eq!(check(text), Ok(text));
        }
        refuse(|t| check(t).map(drop), "", (0, ""), "nothing", None);
        refuse(|t| check(t).map(drop), "Web", (0, "W"), "`W`, an uppercase letter", Some("web"));
        refuse(|t| check(t).map(drop), "my_app", (2, "_"), "`_`", Some("my-app"));
        refuse(|t| check(t).map(drop), "my app", (2, " "), "a blank", Some("my-app"));
        refuse(|t| check(t).map(drop), "a.b", (1, "."), "`.`", Some("a-b"));
        refuse(|t| check(t).map(drop), "--a", (0, "--"), "`-` at the beginning", Some("a"));
        refuse(|t| check(t).map(drop), "a-", (1, "-"), "`-` at the end", Some("a"));
        refuse(|t| check(t).map(drop), "-", (0, "-"), "`-` at the beginning", None);
        refuse(|t| check(t).map(drop), "café", (3, "é"), "`é`", None);
        refuse(|t| check(t).map(drop), &"a".repeat(65), (63, "aa"), "2 bytes too many", None);
    }

    #[test]
    fn subdomains() {
        let long = ["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(61)].join(".");
        for text in ["a", "a.b", "cert-manager.io", "10.2", &long] {
            assert_eq!(check_subdomain(text), Ok(text));
        }
        refuse(|t| check_subdomain(t).map(drop), "", (0, ""), "nothing", None);
        refuse(|t| check_subdomain(t).map(drop), "a..b", (2, "."), "an empty part", Some("a.b"));
        refuse(|t| check_subdomain(t).map(drop), ".a", (0, "."), "an empty part", Some("a"));
        refuse(|t| check_subdomain(t).map(drop), "a.", (1, "."), "an empty part", Some("a"));
        refuse(
            |t| check_subdomain(t).map(drop),
            "a.-b",
            (2, "-"),
            "`-` at the beginning",
            Some("a.b"),
        );
        let long = format!("{long}ef");
        refuse(|t| check_subdomain(t).map(drop), &long, (253, "ef"), "2 bytes too many", None);
    }

    #[test]
    fn label_keys_and_values() {
        for text in ["app", "app.kubernetes.io/name", "a_b.C-d", "example.com/A"] {
            assert_eq!(check_label_key(text), Ok(text));
        }
        refuse(|t| check_label_key(t).map(drop), "a/b/c", (3, "/"), "a second `/`", None);
        refuse(
            |t| check_label_key(t).map(drop),
            "App.io/name",
            (0, "A"),
            "`A`, an uppercase letter",
            None,
        );
        refuse(|t| check_label_key(t).map(drop), "app.io/", (7, ""), "nothing", None);
        refuse(|t| check_label_key(t).map(drop), "/name", (0, ""), "nothing", None);
        refuse(
            |t| check_label_key(t).map(drop),
            "app.io/_name",
            (7, "_"),
            "`_` at the beginning",
            None,
        );
        for text in ["", "1", "v1.2_3", "Web"] {
            assert_eq!(check_label_value(text), Ok(text));
        }
        refuse(|t| check_label_value(t).map(drop), "a b", (1, " "), "a blank", None);
        refuse(|t| check_label_value(t).map(drop), "a.", (1, "."), "`.` at the end", None);
        refuse(
            |t| check_label_value(t).map(drop),
            &"a".repeat(64),
            (63, "a"),
            "1 bytes too many",
            None,
        );
    }
}
