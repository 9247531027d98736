//! URLs: of pages and services, of repositories and registries.

use crate::diag::nearest;

use super::name::unwanted;
use super::text::{TextError, all, extent};
use super::{host, ip};

/// A URL's parts, as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Url<'a> {
    /// `https`, `http`, `oci`, `ssh` or `git`; `ssh` as well for `git@host:path`.
    pub scheme: &'a str,
    /// The user before `@`.
    pub user: Option<&'a str>,
    /// A name, or an address (without brackets).
    pub host: &'a str,
    /// The port, if written.
    pub port: Option<u16>,
    /// The path with its leading `/`, or nothing.
    pub path: &'a str,
    /// What follows `?`.
    pub query: Option<&'a str>,
    /// What follows `#`.
    pub fragment: Option<&'a str>,
}

const SCHEMES: [&str; 5] = ["https", "http", "oci", "ssh", "git"];
const RULE: &str = "`https://`, `http://`, `oci://`, `ssh://` or `git://`, a host and a path";

/// A URL of a scheme that platforms use, or the short form of SSH: `git@host:path`.
pub fn check(text: &str) -> Result<Url<'_>, TextError> {
    if text.is_empty() {
        return Err(TextError::new(all(text), "nothing", RULE));
    }
    if let Some((at, c)) = text.char_indices().find(|&(_, c)| !may_stand(c)) {
        let error = TextError::new(
            extent(at, at + c.len_utf8()),
            unwanted(c),
            "only what a URL may hold; other characters are written `%` and two digits each",
        );
        return Err(if c == ' ' && text.trim() == text {
            mend(error, text, extent(at, at + 1), "%20")
        } else if text.trim() != text {
            mend(error, text, all(text), text.trim())
        } else {
            error
        });
    }
    percent_signs(text)?;
    let Some((scheme, rest)) = text.split_once("://") else { return without_scheme(text) };
    if !SCHEMES.contains(&scheme) {
        let at = extent(0, scheme.len());
        let error = TextError::new(at, "an unknown scheme", RULE);
        let lower = scheme.to_ascii_lowercase();
        let known = if SCHEMES.contains(&lower.as_str()) {
            Some(lower.as_str())
        } else {
            nearest(scheme, SCHEMES)
        };
        return Err(match known {
            Some(known) => mend(error, text, at, known),
            None => error,
        });
    }
    let start = scheme.len() + 3;
    let end = rest.find(['/', '?', '#']).map_or(text.len(), |length| start + length);
    let authority = extent(start, end).of(text);
    let (user, server, server_at) = match authority.rsplit_once('@') {
        Some((user, server)) => (Some(user), server, end - server.len()),
        None => (None, authority, start),
    };
    if let Some((name, _)) = user.and_then(|user| user.split_once(':')) {
        return Err(TextError::new(
            extent(start + name.len() + 1, server_at - 1),
            "a password",
            "a URL without credentials: it is written to files; refer to a secret",
        ));
    }
    let (host, port) = server_parts(server).map_err(|error| error.shift(server_at))?;
    let (path, query, fragment) = tail(text.get(end..).unwrap_or(""));
    Ok(Url { scheme, user, host, port, path, query, fragment })
}

/// The error with a suggestion, if the mended text is right.
fn mend(error: TextError, text: &str, at: crate::source::Extent, by: &str) -> TextError {
    error.suggest(at, by).only_right(text, |mended| check(mended).is_ok())
}

/// What RFC 3986 lets stand in one place or another.
fn may_stand(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}

fn percent_signs(text: &str) -> Result<(), TextError> {
    for (at, _) in text.match_indices('%') {
        let digits = text.get(at + 1..at + 3).unwrap_or("");
        if digits.len() < 2 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let error = TextError::new(
                extent(at, (at + 3).min(text.len())),
                "`%` without two digits",
                "`%` and two hexadecimal digits; a percent sign itself is `%25`",
            );
            return Err(error);
        }
    }
    Ok(())
}

fn without_scheme(text: &str) -> Result<Url<'_>, TextError> {
    if let Some((user, rest)) = text.split_once('@')
        && let Some((host, path)) = rest.split_once(':')
        && !user.contains([':', '/'])
        && !host.contains('/')
    {
        host::labels(host).map_err(|error| error.shift(user.len() + 1))?;
        if path.is_empty() {
            return Err(TextError::new(extent(text.len(), text.len()), "no path", RULE));
        }
        let user = Some(user);
        let (scheme, port, query, fragment) = ("ssh", None, None, None);
        return Ok(Url { scheme, user, host, port, path, query, fragment });
    }
    if let Some(scheme) = SCHEMES
        .into_iter()
        .find(|&scheme| text.strip_prefix(scheme).is_some_and(|rest| rest.starts_with([':', '/'])))
    {
        let rest = text.get(scheme.len()..).unwrap_or("");
        let marks = rest.len() - rest.trim_start_matches([':', '/']).len();
        let at = extent(scheme.len(), scheme.len() + marks);
        return Err(mend(TextError::new(at, "no `://`", RULE), text, at, "://"));
    }
    let name = text.split(['/', ':', '?', '#']).next().unwrap_or("");
    let error = TextError::new(extent(0, name.len()), "no scheme", RULE);
    Err(if name.contains('.') || name == "localhost" {
        mend(error, text, extent(0, 0), "https://")
    } else {
        error
    })
}

/// The host and the port after it.
fn server_parts(server: &str) -> Result<(&str, Option<u16>), TextError> {
    let (host, port) = if let Some(rest) = server.strip_prefix('[') {
        let Some((address, after)) = rest.split_once(']') else {
            return Err(TextError::new(extent(0, 1), "an open bracket", "`]` after the address"));
        };
        ip::check(address).map_err(|error| TextError { suggestion: None, ..error }.shift(1))?;
        match after.strip_prefix(':') {
            Some(port) => (address, Some(port)),
            None if after.is_empty() => (address, None),
            None => {
                let at = extent(server.len() - after.len(), server.len());
                return Err(TextError::new(at, "text after the address", "a `:` and a port"));
            }
        }
    } else {
        match server.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (server, None),
        }
    };
    if host.is_empty() {
        return Err(TextError::new(extent(0, 0), "no host", "a host's name after `://`"));
    }
    if !server.starts_with('[') {
        name_or_address(host)?;
    }
    let Some(digits) = port else { return Ok((host, None)) };
    let at = extent(server.len() - digits.len(), server.len());
    match digits.parse::<u16>() {
        Ok(port) if port > 0 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok((host, Some(port)))
        }
        _ => {
            let found = if digits.is_empty() { "no port" } else { "not a port" };
            Err(TextError::new(at, found, "a port from 1 to 65535"))
        }
    }
}

fn name_or_address(host: &str) -> Result<(), TextError> {
    let looks_numeric = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if looks_numeric {
        ip::check(host).map_err(|error| TextError { suggestion: None, ..error })?;
        return Ok(());
    }
    host::labels(host.strip_suffix('.').unwrap_or(host))
}

fn tail(text: &str) -> (&str, Option<&str>, Option<&str>) {
    let (text, fragment) = match text.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (text, None),
    };
    match text.split_once('?') {
        Some((path, query)) => (path, Some(query), fragment),
        None => (text, None, fragment),
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::check;

    /// Scheme, user, host, port, path, query and fragment.
    fn accept(text: &str, expected: &str) {
        let url = check(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let optional = |part: Option<&str>| part.unwrap_or("-").to_owned();
        let port = url.port.map(|port| port.to_string());
        let found = [
            url.scheme.to_owned(),
            optional(url.user),
            url.host.to_owned(),
            optional(port.as_deref()),
            url.path.to_owned(),
            optional(url.query),
            optional(url.fragment),
        ];
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn urls() {
        accept("https://github.com/acme/platform", "https - github.com - /acme/platform - -");
        accept("http://10.0.0.1:9000", "http - 10.0.0.1 9000  - -");
        accept("https://[fd00::1]:6443/x", "https - fd00::1 6443 /x - -");
        accept("oci://ghcr.io/acme/charts", "oci - ghcr.io - /acme/charts - -");
        accept("ssh://git@acme.example:2222/a.git", "ssh git acme.example 2222 /a.git - -");
        accept("git@github.com:acme/platform.git", "ssh git github.com - acme/platform.git - -");
        accept("https://Acme.example./a?b=c%20d#e", "https - Acme.example. - /a b=c%20d e");
        accept("https://a?b", "https - a -  b -");
        let refuse =
            |text, at, found, mended| refuse(|t| check(t).map(drop), text, at, found, mended);
        refuse("", (0, ""), "nothing", None);
        refuse("acme.example/x", (0, "acme.example"), "no scheme", Some("https://acme.example/x"));
        refuse("platform", (0, "platform"), "no scheme", None);
        refuse("htps://a.b", (0, "htps"), "an unknown scheme", Some("https://a.b"));
        refuse("HTTPS://a.b", (0, "HTTPS"), "an unknown scheme", Some("https://a.b"));
        refuse("mailto://a.b", (0, "mailto"), "an unknown scheme", None);
        refuse("https:/a.b/c", (5, ":/"), "no `://`", Some("https://a.b/c"));
        refuse("https//a.b/c", (5, "//"), "no `://`", Some("https://a.b/c"));
        refuse("https:///x", (8, ""), "no host", None);
        refuse("https://a_b.c/x", (9, "_"), "`_`", None);
        refuse("https://a..b/x", (10, "."), "an empty label", None);
        refuse("https://10.0.0.256/x", (15, "256"), "`256` is above 255", None);
        refuse("https://[fd00::g]/x", (15, "g"), "`g`", None);
        refuse("https://[fd00::1/x", (8, "["), "an open bracket", None);
        refuse("https://[::1]x/", (13, "x"), "text after the address", None);
        refuse("https://a.b:0/x", (12, "0"), "not a port", None);
        refuse("https://a.b:65536", (12, "65536"), "not a port", None);
        refuse("https://a.b:/x", (12, ""), "no port", None);
        refuse("https://me:hunter2@a.b/x", (11, "hunter2"), "a password", None);
        refuse("https://a.b/c d", (13, " "), "a blank", Some("https://a.b/c%20d"));
        refuse(" https://a.b", (0, " "), "a blank", Some("https://a.b"));
        refuse("https://a.b/{x}", (12, "{"), "`{`", None);
        refuse("https://a.b/ü", (12, "ü"), "`ü`", None);
        refuse("https://a.b/100%", (15, "%"), "`%` without two digits", None);
        refuse("https://a.b/%zz", (12, "%zz"), "`%` without two digits", None);
        refuse("git@github.com:", (15, ""), "no path", None);
        refuse("git@my_host:a/b", (6, "_"), "`_`", None);
    }
}
