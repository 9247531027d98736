//! DNS names of hosts.

use super::ip;
use super::name::{LONGEST_LABEL, LONGEST_SUBDOMAIN, pattern, unwanted};
use super::text::{TextError, all, extent};

const RULE: &str = "a DNS name: labels of lowercase letters, digits and `-`, with `.` between them";

/// A DNS name in lowercase, as Kubernetes' routes take it: no wildcard, no address, no port.
pub fn check(text: &str) -> Result<&str, TextError> {
    let foreign = |at, found: &str, rest: &str| {
        let error = TextError::new(at, found, RULE);
        if host(rest).is_ok() {
            let kept_at = rest.as_ptr() as usize - text.as_ptr() as usize;
            return Err(if kept_at > 0 {
                error.suggest(extent(0, text.len()), rest)
            } else {
                error.suggest(extent(rest.len(), text.len()), "")
            });
        }
        Err(error)
    };
    if let Some((scheme, rest)) = text.split_once("://") {
        let name = rest.split(['/', ':', '?', '#']).next().unwrap_or(rest);
        return foreign(extent(0, scheme.len() + 3), "a scheme", name);
    }
    if let Some(parent) = text.strip_prefix("*.") {
        return Err(TextError::new(
            extent(0, 1),
            "a wildcard",
            if host(parent).is_ok() { "one host's name, without `*`" } else { RULE },
        ));
    }
    if ip::check(text).is_ok() {
        return Err(TextError::new(
            all(text),
            "an IP address",
            "a DNS name; an address is an `Ip`",
        ));
    }
    for (mark, found) in [('/', "a path"), (':', "a port")] {
        if let Some((name, _)) = text.split_once(mark) {
            return foreign(extent(name.len(), text.len()), found, name);
        }
    }
    if let Some(name) = text.strip_suffix('.') {
        return foreign(extent(name.len(), text.len()), "a `.` at the end", name);
    }
    host(text).map_err(|error| {
        let lower = text.to_ascii_lowercase();
        if lower != text && host(&lower).is_ok() { error.suggest(all(text), lower) } else { error }
    })
}

fn host(text: &str) -> Result<&str, TextError> {
    if let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_ascii_uppercase()) {
        return Err(TextError::new(extent(at, at + 1), unwanted(c), RULE));
    }
    labels(text)?;
    let last = text.rsplit('.').next().unwrap_or("");
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TextError::new(
            extent(text.len() - last.len(), text.len()),
            "digits only",
            "a last label with a letter: this looks like an address",
        ));
    }
    Ok(text)
}

/// The labels of a DNS name in either case.
pub(super) fn labels(text: &str) -> Result<(), TextError> {
    let mut at = 0;
    for label in text.split('.') {
        if label.is_empty() {
            let found = if text.is_empty() { "nothing" } else { "an empty label" };
            let end = (at + 1).min(text.len());
            return Err(TextError::new(extent(at.min(end.saturating_sub(1)), end), found, RULE));
        }
        pattern(label, RULE, LONGEST_LABEL, "-", |c| c.is_ascii_alphanumeric())
            .map_err(|error| error.shift(at))?;
        at += label.len() + 1;
    }
    if text.len() > LONGEST_SUBDOMAIN {
        return Err(TextError::new(
            extent(LONGEST_SUBDOMAIN, text.len()),
            format!("{} bytes too many", text.len() - LONGEST_SUBDOMAIN),
            format!("at most {LONGEST_SUBDOMAIN} bytes"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::check;

    #[test]
    fn hosts() {
        for text in ["localhost", "acme.example", "cluster.local", "a-1.b2.io", "1e100.net"] {
            assert_eq!(check(text), Ok(text));
        }
        refuse(|t| check(t).map(drop), "", (0, ""), "nothing", None);
        refuse(
            |t| check(t).map(drop),
            "Acme.example",
            (0, "A"),
            "`A`, an uppercase letter",
            Some("acme.example"),
        );
        refuse(
            |t| check(t).map(drop),
            "https://acme.example/x",
            (0, "https://"),
            "a scheme",
            Some("acme.example"),
        );
        refuse(
            |t| check(t).map(drop),
            "acme.example:443",
            (12, ":443"),
            "a port",
            Some("acme.example"),
        );
        refuse(
            |t| check(t).map(drop),
            "acme.example/shop",
            (12, "/shop"),
            "a path",
            Some("acme.example"),
        );
        refuse(
            |t| check(t).map(drop),
            "acme.example.",
            (12, "."),
            "a `.` at the end",
            Some("acme.example"),
        );
        refuse(|t| check(t).map(drop), "*.acme.example", (0, "*"), "a wildcard", None);
        refuse(|t| check(t).map(drop), "a.*.example", (2, "*"), "`*`", None);
        refuse(|t| check(t).map(drop), "10.0.1.100", (0, "10.0.1.100"), "an IP address", None);
        refuse(|t| check(t).map(drop), "::1", (0, "::1"), "an IP address", None);
        refuse(|t| check(t).map(drop), "10.0.1", (5, "1"), "digits only", None);
        refuse(|t| check(t).map(drop), "a..b", (2, "."), "an empty label", None);
        refuse(|t| check(t).map(drop), ".a", (0, "."), "an empty label", None);
        refuse(|t| check(t).map(drop), "my_app.example", (2, "_"), "`_`", None);
        refuse(|t| check(t).map(drop), "a.-b.c", (2, "-"), "`-` at the beginning", None);
        refuse(|t| check(t).map(drop), "bücher.example", (1, "ü"), "`ü`", None);
    }
}
