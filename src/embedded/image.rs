//! References to container images.

use std::fmt;

use super::name::unwanted;
use super::text::{TextError, all, extent};
use super::{host, ip};

/// The parts of an image's reference, as written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Image<'a> {
    /// The registry with its port, if written.
    pub registry: Option<&'a str>,
    /// The path in the registry.
    pub repository: &'a str,
    /// What follows `:`.
    pub tag: Option<&'a str>,
    /// What follows `@`: `sha256:` and 64 digits.
    pub digest: Option<&'a str>,
}

const REPOSITORY: &str =
    "lowercase letters and digits, with one `.`, one or two `_`, or `-` between them";
const TAG: &str = "at most 128 letters, digits, `_`, `.` and `-`, not `.` or `-` at the beginning";
const DIGEST: &str = "`sha256:` and 64 hexadecimal digits, or `sha512:` and 128";

impl<'a> Image<'a> {
    /// The registry that container runtimes ask.
    pub fn host(&self) -> &'a str {
        match self.registry {
            None | Some("index.docker.io") => "docker.io",
            Some(registry) => registry,
        }
    }

    /// Whether it names the same bytes for ever.
    pub const fn is_pinned(&self) -> bool {
        self.digest.is_some()
    }

    /// The reference in full, as container runtimes read it: `nginx` is
    /// `docker.io/library/nginx:latest`.
    pub fn normalised(&self) -> String {
        let host = self.host();
        let library =
            if host == "docker.io" && !self.repository.contains('/') { "library/" } else { "" };
        let mut full = format!("{host}/{library}{}", self.repository);
        match (self.tag, self.digest) {
            (Some(tag), _) => full.push_str(&format!(":{tag}")),
            (None, None) => full.push_str(":latest"),
            (None, Some(_)) => {}
        }
        if let Some(digest) = self.digest {
            full.push_str(&format!("@{digest}"));
        }
        full
    }
}

/// As written.
impl fmt::Display for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(self.repository)?;
        if let Some(tag) = self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// A reference to a container image: `[registry/]repository[:tag][@digest]`.
pub fn check(text: &str) -> Result<Image<'_>, TextError> {
    if text.is_empty() {
        return Err(TextError::new(all(text), "nothing", "`registry/repository:tag@digest`"));
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let at = extent(0, scheme.len() + 3);
        let error = TextError::new(at, "a scheme", "an image without `://` and what is before it");
        return Err(if check(rest).is_ok() { error.suggest(at, "") } else { error });
    }
    let (name_and_tag, digest) = match text.split_once('@') {
        Some((before, digest)) => (before, Some(digest)),
        None => (text, None),
    };
    if let Some(digest) = digest {
        check_digest(digest).map_err(|error| error.shift(name_and_tag.len() + 1))?;
    }
    let (name, tag) = match name_and_tag.rsplit_once(':') {
        // A `/` after it makes it a port.
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (name_and_tag, None),
    };
    let (registry, repository) = match name.split_once('/') {
        Some((first, rest)) if is_registry(first) => (Some(first), rest),
        _ => (None, name),
    };
    let repository_at = name.len() - repository.len();
    if let Some(registry) = registry {
        check_registry(registry)?;
    }
    check_repository(repository).map_err(|error| {
        let error = error.shift(repository_at);
        let lower = repository.to_ascii_lowercase();
        let at = extent(repository_at, repository_at + repository.len());
        error.suggest(at, lower).only_right(text, |mended| check(mended).is_ok())
    })?;
    if name.len() > 255 {
        let at = extent(255, name.len());
        return Err(TextError::new(at, "too long a name", "at most 255 bytes before the tag"));
    }
    if let Some(tag) = tag {
        check_tag(tag).map_err(|error| error.shift(name.len() + 1))?;
    }
    Ok(Image { registry, repository, tag, digest })
}

/// Whether the part before the first `/` is a registry, as container runtimes decide it.
fn is_registry(part: &str) -> bool {
    part.contains(['.', ':', '[']) || part == "localhost"
}

fn check_registry(registry: &str) -> Result<(), TextError> {
    let (name, port) = match registry.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (registry, None),
    };
    match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => {
            ip::check(address).map_err(|error| TextError { suggestion: None, ..error }.shift(1))?;
        }
        None => host::labels(name)?,
    }
    let Some(port) = port else { return Ok(()) };
    let valid = port.parse::<u16>().is_ok_and(|number| number > 0);
    if valid && port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let at = extent(name.len() + 1, registry.len());
    Err(TextError::new(at, "not a port", "a port from 1 to 65535"))
}

fn check_repository(repository: &str) -> Result<(), TextError> {
    let mut at = 0;
    for part in repository.split('/') {
        if part.is_empty() {
            let found = if repository.is_empty() { "no repository" } else { "an empty part" };
            return Err(TextError::new(extent(at, at), found, REPOSITORY));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if let Some((inner, c)) =
            part.char_indices().find(|&(_, c)| !plain(c) && !"._-".contains(c))
        {
            let start = at + inner;
            let at = extent(start, start + c.len_utf8());
            return Err(TextError::new(at, unwanted(c), REPOSITORY));
        }
        let mut inner = 0;
        for separator in part.split(plain) {
            let start = at + inner;
            let allowed =
                matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|b| b == b'-');
            let at_end = inner == 0 || inner + separator.len() == part.len();
            if !separator.is_empty() && (at_end || !allowed) {
                let place = extent(start, start + separator.len());
                let found = if at_end {
                    format!("`{separator}` at an end")
                } else {
                    format!("`{separator}`")
                };
                return Err(TextError::new(place, found, REPOSITORY));
            }
            inner += separator.len() + 1;
        }
        at += part.len() + 1;
    }
    Ok(())
}

fn check_tag(tag: &str) -> Result<(), TextError> {
    let Some(first) = tag.chars().next() else {
        return Err(TextError::new(extent(0, 0), "no tag", TAG));
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some((at, c)) = tag.char_indices().find(|&(_, c)| !plain(c) && c != '.' && c != '-') {
        return Err(TextError::new(extent(at, at + c.len_utf8()), unwanted(c), TAG));
    }
    if !plain(first) {
        return Err(TextError::new(extent(0, 1), format!("`{first}` at the beginning"), TAG));
    }
    if tag.len() > 128 {
        return Err(TextError::new(extent(128, tag.len()), "too long a tag", TAG));
    }
    Ok(())
}

fn check_digest(digest: &str) -> Result<(), TextError> {
    let Some((algorithm, hex)) = digest.split_once(':') else {
        let error = TextError::new(all(digest), "no digest", DIGEST);
        let bare = digest.len() == 64 && digest.bytes().all(is_hex);
        return Err(if bare { error.suggest(extent(0, 0), "sha256:") } else { error });
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha512" => 128,
        _ => {
            let at = extent(0, algorithm.len());
            return Err(TextError::new(at, "an unknown algorithm", DIGEST));
        }
    };
    let start = algorithm.len() + 1;
    if let Some((at, c)) = hex.char_indices().find(|(_, c)| !u8::try_from(*c).is_ok_and(is_hex)) {
        let at = extent(start + at, start + at + c.len_utf8());
        return Err(TextError::new(at, unwanted(c), DIGEST));
    }
    if hex.len() != length {
        let found = format!("{} of {length} digits", hex.len());
        return Err(TextError::new(extent(start, digest.len()), found, DIGEST));
    }
    Ok(())
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::check;

    const SHA: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn images_are_read_as_container_runtimes_read_them() {
        let pinned = format!("ghcr.io/acme/orders:2.4.0@{SHA}");
        for (text, full) in [
            ("nginx", "docker.io/library/nginx:latest"),
            ("nginx:1.27", "docker.io/library/nginx:1.27"),
            ("acme/web", "docker.io/acme/web:latest"),
            ("index.docker.io/nginx", "docker.io/library/nginx:latest"),
            ("localhost/web", "localhost/web:latest"),
            ("localhost:5000/a/b:c", "localhost:5000/a/b:c"),
            ("10.0.0.1:5000/a", "10.0.0.1:5000/a:latest"),
            ("[::1]:5000/a", "[::1]:5000/a:latest"),
            ("quay.io/a__b/c--d.e:V1_x", "quay.io/a__b/c--d.e:V1_x"),
            (&pinned, &pinned),
            (&format!("a@{SHA}"), &format!("docker.io/library/a@{SHA}")),
        ] {
            let image = check(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(image.to_string(), text);
            assert_eq!(image.normalised(), full);
        }
        assert!(check(&pinned).unwrap().is_pinned());
    }

    #[test]
    fn wrong_images() {
        let refuse =
            |text: &str, at, found, mended| refuse(|t| check(t).map(drop), text, at, found, mended);
        refuse("", (0, ""), "nothing", None);
        refuse("docker://a/b", (0, "docker://"), "a scheme", Some("a/b"));
        refuse("ghcr.io/Acme/web", (8, "A"), "`A`, an uppercase letter", Some("ghcr.io/acme/web"));
        refuse("ghcr.io/", (8, ""), "no repository", None);
        refuse("ghcr.io/a//b", (10, ""), "an empty part", None);
        refuse("ghcr.io/a/", (10, ""), "an empty part", None);
        refuse("ghcr.io/-a", (8, "-"), "`-` at an end", None);
        refuse("ghcr.io/a_", (9, "_"), "`_` at an end", None);
        refuse("a/b..c", (3, ".."), "`..`", None);
        refuse("a/b___c", (3, "___"), "`___`", None);
        refuse("a b", (1, " "), "a blank", None);
        refuse("web:", (4, ""), "no tag", None);
        refuse("web:-1", (4, "-"), "`-` at the beginning", None);
        refuse("web:1+2", (5, "+"), "`+`", None);
        refuse(&format!("web:{}", "a".repeat(129)), (132, "a"), "too long a tag", None);
        refuse("ghcr.io:0/a", (8, "0"), "not a port", None);
        refuse("ghcr_.io/a", (4, "_"), "`_`", None);
        refuse("web@sha256:9f86", (11, "9f86"), "4 of 64 digits", None);
        refuse("web@sha256:9F86", (12, "F"), "`F`, an uppercase letter", None);
        refuse("web@md5:9f86", (4, "md5"), "an unknown algorithm", None);
        let (bare, mended) = (&SHA[7..], format!("web@{SHA}"));
        refuse(&format!("web@{bare}"), (4, bare), "no digest", Some(&mended));
        let long = format!("a/{}", "b".repeat(254));
        refuse(&long, (255, "b"), "too long a name", None);
    }
}
