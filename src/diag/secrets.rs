//! What is secret in texts, and how it is kept out of everything that is shown.
//!
//! Two things are known to be secret: what has the form of one (a private key, a token of a service, the password of an address), and what a
//! finding hides ([`Diagnostic::hides`]). What stands in a program at a name that says so is taken for one, too: nothing is lost by a mask too many.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use regex::{Captures, Match, Regex};

use super::Diagnostic;
use crate::source::{Extent, FileId, Sources};

/// What shows a secret by its form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// The password of `scheme://user:password@host`.
    Address,
    /// A private key.
    PrivateKey,
    /// A token of a service.
    Token(&'static str),
}

/// Tokens that services begin with a sign of their own, and how many letters follow it at least.
const TOKENS: &[(&str, usize, &str)] = &[
    ("ghp_", 36, "GitHub"),
    ("gho_", 36, "GitHub"),
    ("ghs_", 36, "GitHub"),
    ("github_pat_", 22, "GitHub"),
    ("glpat-", 20, "GitLab"),
    ("xoxb-", 20, "Slack"),
    ("xoxp-", 20, "Slack"),
    ("sk_live_", 20, "Stripe"),
    ("AKIA", 16, "AWS"),
];

/// Everything in a text that is a secret by its form: the most telling form first.
pub fn by_form(text: &str) -> Vec<(Extent, Form)> {
    let mut found = Vec::new();
    keys(text, &mut found);
    addresses(text, &mut found);
    tokens(text, &mut found);
    found
}

fn extent(start: usize, end: usize) -> Extent {
    let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Extent::new(small(start), small(end))
}

/// What stands between the lines of a private key; all of the rest where no line ends it.
fn keys(text: &str, found: &mut Vec<(Extent, Form)>) {
    for (at, _) in text.match_indices("-----BEGIN ") {
        let Some(rest) = text.get(at..) else { continue };
        let Some(head) = rest.find("PRIVATE KEY-----").filter(|it| *it < 40) else { continue };
        let start = head + "PRIVATE KEY-----".len();
        let body = rest.get(start..).unwrap_or("");
        let end = body.find("-----END ").unwrap_or(body.len());
        found.push((extent(at + start, at + start + end), Form::PrivateKey));
    }
}

fn addresses(text: &str, found: &mut Vec<(Extent, Form)>) {
    for (at, _) in text.match_indices("://") {
        let Some(rest) = text.get(at + 3..) else { continue };
        let end = rest.find(|it: char| it.is_whitespace() || "/?#\"'`<>,;".contains(it));
        let authority = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
        let Some((user, _)) = authority.rsplit_once('@') else { continue };
        let Some((name, password)) = user.split_once(':') else { continue };
        if !password.is_empty() && !is_reference(password) {
            let start = at + 3 + name.len() + 1;
            found.push((extent(start, start + password.len()), Form::Address));
        }
    }
}

fn tokens(text: &str, found: &mut Vec<(Extent, Form)>) {
    for (sign, least, owner) in TOKENS {
        for (at, _) in text.match_indices(sign) {
            let before = text.get(..at).and_then(|it| it.chars().next_back());
            let rest = text.get(at + sign.len()..).unwrap_or("");
            let length = rest
                .find(|it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == '-'))
                .unwrap_or(rest.len());
            if !before.is_some_and(|it| it.is_ascii_alphanumeric()) && length >= *least {
                found.push((extent(at, at + sign.len() + length), Form::Token(owner)));
            }
        }
    }
}

/// Whether a text only names what holds the secret: `$(PASSWORD)`, `${PASSWORD}`, `$PASSWORD`, `<password>`, `{{ .password }}`.
pub fn is_reference(text: &str) -> bool {
    text.starts_with('$') || text.starts_with('<') || text.contains("{{")
}

/// Whether a name says that a secret stands there: the last word says what it is, and often the last two.
pub fn is_named(name: &str) -> bool {
    const ONE: [&str; 6] = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIALS"];
    const TWO: [&str; 8] = [
        "API_KEY",
        "ACCESS_KEY",
        "SECRET_KEY",
        "PRIVATE_KEY",
        "SIGNING_KEY",
        "ENCRYPTION_KEY",
        "AUTH_KEY",
        "MASTER_KEY",
    ];
    let name = name.to_ascii_uppercase().replace(['-', '.'], "_");
    let is_last = |end: &str| {
        name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    };
    ONE.into_iter().any(is_last) || TWO.into_iter().any(is_last)
}

/// Whether a value cannot be a secret whatever it is called: switches, limits, paths, addresses and references say nothing.
pub fn says_nothing(value: &str) -> bool {
    const SWITCHES: [&str; 7] = ["true", "false", "yes", "no", "on", "off", "none"];
    value.is_empty()
        || SWITCHES.contains(&value.to_ascii_lowercase().as_str())
        || value.bytes().all(|byte| byte.is_ascii_digit())
        || value.starts_with(['/', '.'])
        || value.contains("://")
        || is_reference(value)
}

/// A name, and the text that it is set to.
static SET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r##"["'`]?([A-Za-z][A-Za-z0-9_.-]*)["'`]?\]?\s*[=:]\s*(?:"""([\s\S]*?)"""|"((?:[^"\\\n]|\\.)*)"|`([^`\n]*)`|#+"([\s\S]*?)"#)"##).ok()
});

/// The text that a name is set to.
fn value_of<'t>(captures: &Captures<'t>) -> Option<Match<'t>> {
    (2..=5).find_map(|group| captures.get(group))
}

/// Whether a name in a program is one of a variable or a value, and none of a field that names a Secret (`secret = "github"`).
fn is_variable(name: &str) -> bool {
    let is_own = name.contains(['_', '.']) || name.bytes().any(|it| it.is_ascii_uppercase());
    let word = name.to_ascii_lowercase();
    is_own || word.ends_with("password") || word.ends_with("passwd") || word.ends_with("passphrase")
}

/// `adminPassword` as its words: `admin_Password`.
fn words(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before_is_small = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before_is_small {
            out.push('_');
        }
        before_is_small = letter.is_ascii_lowercase();
        out.push(letter);
    }
    out
}

/// Texts at names that say that they are secret.
fn by_name(text: &str, found: &mut Vec<Extent>) {
    let Some(set) = &*SET else { return };
    for captures in set.captures_iter(text) {
        let (Some(name), Some(value)) = (captures.get(1), value_of(&captures)) else {
            continue;
        };
        let is_secret = is_named(&words(name.as_str())) && is_variable(name.as_str());
        if is_secret && !says_nothing(value.as_str()) {
            found.push(extent(value.start(), value.end()));
        }
    }
}

/// Where the values of a Secret are written: its `data` and `stringData`.
fn of_manifests(text: &str, found: &mut Vec<Extent>) {
    for (at, word) in text.match_indices("stringData") {
        literals(text, block(text, at + word.len()), found);
    }
    let typed =
        text.match_indices("core.v1.Secret").filter_map(|(at, it)| block(text, at + it.len()));
    let raw = text.match_indices("\"Secret\"").filter_map(|(at, _)| around(text, at));
    for (start, end) in typed.chain(raw) {
        let inside = text.get(start..end).unwrap_or("");
        for (within, word) in inside.match_indices("data") {
            literals(text, block(text, start + within + word.len()), found);
        }
    }
}

/// The inside of the innermost braces around a place.
fn around(text: &str, at: usize) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    for (open, letter) in text.get(..at)?.char_indices().rev() {
        match letter {
            '}' => depth += 1,
            '{' if depth == 0 => return block(text, open),
            '{' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The inside of the braces that begin right behind a place.
fn block(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let open = rest.find(|it: char| !it.is_whitespace() && it != '=')?;
    rest.get(open..)?.strip_prefix('{')?;
    let start = from + open + 1;
    let (mut depth, mut quoted, mut escaped) = (1_usize, false, false);
    for (at, letter) in text.get(start..)?.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some((start, start + at));
                }
            }
            _ => {}
        }
    }
    // What is not closed yet is all of the rest.
    Some((start, text.len()))
}

/// The texts that something is set to, in a part of a program.
fn literals(text: &str, part: Option<(usize, usize)>, found: &mut Vec<Extent>) {
    let Some((start, end)) = part else { return };
    let (Some(set), Some(inside)) = (&*SET, text.get(start..end)) else { return };
    for captures in set.captures_iter(inside) {
        if let Some(value) = value_of(&captures) {
            found.push(extent(start + value.start(), start + value.end()));
        }
    }
}

/// The secrets of a run.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    places: Vec<(FileId, Extent)>,
    /// The longest first, so that no part of one is left.
    values: Vec<String>,
}

/// The fewest bytes of a value that is looked for wherever it stands; shorter ones, and plain words, are looked for in quotes.
const FEWEST: usize = 6;

impl Secrets {
    /// Those of a program and of what was found in it.
    pub fn of(sources: &Sources, found: &[Diagnostic]) -> Self {
        let mut values: BTreeSet<String> =
            found.iter().flat_map(|it| it.hides.iter().cloned()).collect();
        let mut places = Vec::new();
        for (file, source) in sources.iter().filter(|(_, source)| !source.is_library()) {
            let text = source.text();
            let mut here: Vec<Extent> = by_form(text).into_iter().map(|it| it.0).collect();
            by_name(text, &mut here);
            of_manifests(text, &mut here);
            for at in here {
                let value = at.of(text);
                // Lines of a key are looked for one by one, as reports show them.
                values.extend(value.lines().map(|it| it.trim().to_owned()));
                places.push((file, at));
            }
        }
        values.retain(|it| it.len() > 1);
        let escaped: Vec<String> =
            values.iter().map(|it| it.replace('\\', "\\\\").replace('"', "\\\"")).collect();
        values.extend(escaped);
        let mut values: Vec<String> = values.into_iter().collect();
        values.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        Self { places, values }
    }

    /// Whether nothing is secret.
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty() && self.values.is_empty()
    }

    /// A text without them. It keeps its length, so that what is marked in it stays where it was.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut out = Cow::Borrowed(text);
        for value in &self.values {
            if !out.contains(value.as_str()) {
                continue;
            }
            let is_word = value.len() < FEWEST
                || value.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
            let mut masked = String::with_capacity(out.len());
            let mut rest: &str = &out;
            while let Some(at) = rest.find(value.as_str()) {
                let (before, from) = rest.split_at(at);
                let behind = from.get(value.len()..).unwrap_or("");
                masked.push_str(before);
                let quote = |it: Option<char>| it.is_some_and(|it| "`\"'=:>".contains(it));
                let is_quoted = quote(masked.chars().next_back())
                    && behind.chars().next().is_none_or(|it| "`\"'<,\n".contains(it));
                if !is_word || is_quoted {
                    masked.extend(std::iter::repeat_n('*', value.len()));
                } else {
                    masked.push_str(value);
                }
                rest = behind;
            }
            masked.push_str(rest);
            out = Cow::Owned(masked);
        }
        out
    }

    /// The texts of a run without them.
    pub fn masked(&self, sources: &Sources) -> Sources {
        let mut out = Sources::new();
        for (file, source) in sources.iter() {
            let own = || self.places.iter().filter(|(it, _)| *it == file).map(|it| it.1);
            let text = source.text();
            let hides =
                own().next().is_some() || self.values.iter().any(|it| text.contains(it.as_str()));
            let shown: Arc<str> = if hides && !source.is_library() {
                let mut bytes = self.mask(text).into_owned().into_bytes();
                for at in own() {
                    let part = bytes.get_mut(at.start as usize..at.end as usize);
                    for byte in part.into_iter().flatten().filter(|it| !it.is_ascii_whitespace()) {
                        *byte = b'*';
                    }
                }
                // Whole values were replaced, from one end of a character to another.
                String::from_utf8(bytes).map_or_else(|_| source.shared(), Arc::from)
            } else {
                source.shared()
            };
            if source.is_library() {
                out.add_library(source.name(), shown);
            } else {
                out.add(source.name(), shown);
            }
        }
        out
    }

    /// A finding without them.
    #[must_use]
    pub fn mask_finding(&self, found: &Diagnostic) -> Diagnostic {
        let mut out = found.clone();
        let mask = |text: &mut String| {
            if let Cow::Owned(masked) = self.mask(text) {
                *text = masked;
            }
        };
        mask(&mut out.title);
        out.primary.iter_mut().chain(&mut out.because).for_each(|it| mask(&mut it.text));
        out.help.iter_mut().for_each(mask);
        for fix in &mut out.fixes {
            mask(&mut fix.title);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Secrets, by_form, is_named, says_nothing};
    use crate::source::Sources;

    #[test]
    fn forms_are_found_where_they_stand() {
        for (text, expected) in [
            ("postgres://app:hunter2@db:5432/app", Some("hunter2")),
            ("see postgres://app:hunter2@db, or not", Some("hunter2")),
            ("postgres://app:$(PASSWORD)@db/app", None),
            ("postgres://app@db/app", None),
            ("http://db:5432/a:b@c", None),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
                Some("\nabc\n"),
            ),
            ("-----BEGIN CERTIFICATE-----", None),
            ("use AKIAIOSFODNN7EXAMPLE, please", Some("AKIAIOSFODNN7EXAMPLE")),
            ("SLAKIAIOSFODNN7EXAMPLE", None),
        ] {
            let found = by_form(text);
            assert_eq!(found.first().map(|it| it.0.of(text)), expected, "{text}");
        }
        assert_eq!(
            by_form("xoxb-01234567890123456789").first().map(|it| it.1),
            Some(Form::Token("Slack"))
        );
    }

    #[test]
    fn names_and_values() {
        assert!(is_named("DB_PASSWORD") && is_named("client.secret") && !is_named("MONKEY"));
        assert!(
            says_nothing("/run/secrets/password")
                && says_nothing("true")
                && !says_nothing("hunter2")
        );
    }

    fn masked(text: &str) -> String {
        let mut sources = Sources::new();
        let file = sources.add("a.iflux", text);
        let secrets = Secrets::of(&sources, &[]);
        let shown = secrets.masked(&sources).get(file).text().to_owned();
        assert_eq!(shown.len(), text.len());
        assert_eq!(secrets.mask(text).len(), text.len());
        shown
    }

    #[test]
    fn programs_are_masked() {
        for (text, expected) in [
            ("env { DB_PASSWORD = \"hunter2\" }", "env { DB_PASSWORD = \"*******\" }"),
            ("values { adminPassword = \"größe\" }", "values { adminPassword = \"*******\" }"),
            (
                "token = { secret = \"github\", key = \"token\" }",
                "token = { secret = \"github\", key = \"token\" }",
            ),
            ("url = \"https://a:hunter2@b/\"", "url = \"https://a:*******@b/\""),
            (
                "manifest s : k8s.core.v1.Secret { data { a = \"aHVudGVyMg==\" }, type = \"Opaque\" }",
                "manifest s : k8s.core.v1.Secret { data { a = \"************\" }, type = \"Opaque\" }",
            ),
            ("yaml { stringData = { a = \"x1\" } }", "yaml { stringData = { a = \"**\" } }"),
            ("let password = \"password\"", "let password = \"********\""),
            (
                "let db-password = \"\"\"\n  hunter2\n  \"\"\"",
                "let db-password = \"\"\"\n  *******\n  \"\"\"",
            ),
            (
                "yaml { kind = \"Secret\", data { a = \"aHVudGVyMg==\" } }",
                "yaml { kind = \"Secret\", data { a = \"************\" } }",
            ),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn plain_words_are_masked_in_quotes_only() {
        let mut sources = Sources::new();
        sources.add("a.iflux", "env { DB_PASSWORD = \"orders\" }");
        let secrets = Secrets::of(&sources, &[]);
        assert_eq!(
            secrets.mask("found the text `orders` in workload.orders"),
            "found the text `******` in workload.orders"
        );
    }
}
