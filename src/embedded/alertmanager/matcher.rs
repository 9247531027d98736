//! What Alertmanager asks of a label.

use std::fmt;

use regex::Regex;

/// How a label's value is compared.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Like,
    /// `!~`
    Unlike,
}

impl Op {
    /// Its sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Like => "=~",
            Self::Unlike => "!~",
        }
    }
}

/// What is asked of a label. Its text is the form that Alertmanager reads: `severity="critical"`.
#[derive(Clone, Debug)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// How its value is compared.
    pub op: Op,
    /// With what.
    pub value: String,
    /// The only values that it takes, where they are few and known.
    texts: Option<Vec<String>>,
    /// The expression, anchored; none where there is none, or it is malformed.
    regex: Option<Regex>,
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        (&self.label, self.op, &self.value) == (&other.label, other.op, &other.value)
    }
}

impl Matcher {
    /// A matcher. A malformed expression matches nothing.
    pub fn new(label: impl Into<String>, op: Op, value: impl Into<String>) -> Self {
        let value = value.into();
        let regex = match op {
            Op::Like | Op::Unlike => anchored(&value),
            Op::Equal | Op::NotEqual => None,
        };
        let texts = (op == Op::Equal).then(|| vec![value.clone()]);
        Self { label: label.into(), op, value, texts, regex }
    }

    /// The matchers of a text: `severity="critical"`, `{team=~"a|b", severity!=info}`; none where Alertmanager refuses it.
    pub fn read(text: &str) -> Option<Vec<Self>> {
        let text = text.trim();
        let inner = text.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(text);
        let mut rest = inner.trim();
        let mut found = Vec::new();
        while !rest.is_empty() {
            let (label, after) = word(rest, &['=', '!'])?;
            let after = after.trim_start();
            let op = [Op::Like, Op::Unlike, Op::NotEqual, Op::Equal]
                .into_iter()
                .find(|op| after.starts_with(op.sign()))?;
            let (value, after) = word(after.get(op.sign().len()..)?.trim_start(), &[','])?;
            if label.is_empty() {
                return None;
            }
            found.push(Self::new(label, op, value));
            let after = after.trim_start();
            rest = match after.strip_prefix(',') {
                Some(more) => more.trim_start(),
                None if after.is_empty() => after,
                None => return None,
            };
        }
        Some(found)
    }

    /// Whether its expression cannot be read.
    pub fn is_malformed(&self) -> bool {
        matches!(self.op, Op::Like | Op::Unlike) && self.regex.is_none()
    }

    /// That a label is one of some texts; one alone is compared without an expression.
    pub fn one_of(label: impl Into<String>, texts: &[&str]) -> Self {
        match texts {
            [one] => Self::new(label, Op::Equal, *one),
            _ => {
                let these = Some(texts.iter().map(|text| (*text).to_owned()).collect());
                Self { texts: these, ..Self::new(label, Op::Like, alternatives(texts)) }
            }
        }
    }

    /// That a label is none of some texts.
    pub fn none_of(label: impl Into<String>, texts: &[&str]) -> Self {
        match texts {
            [one] => Self::new(label, Op::NotEqual, *one),
            _ => Self::new(label, Op::Unlike, alternatives(texts)),
        }
    }

    /// The only values that it takes, where they are known one by one.
    pub fn texts(&self) -> Option<&[String]> {
        self.texts.as_deref()
    }

    /// Whether what it takes is taken by another matcher, too, as far as their texts show.
    pub fn implies(&self, other: &Self) -> bool {
        self.label == other.label
            && (self == other
                || self
                    .texts
                    .as_ref()
                    .is_some_and(|texts| texts.iter().all(|text| other.takes(text))))
    }

    /// Whether it takes a value. A label that is missing has the empty one.
    pub fn takes(&self, value: &str) -> bool {
        let is_like = || self.regex.as_ref().is_some_and(|regex| regex.is_match(value));
        match self.op {
            Op::Equal => value == self.value,
            Op::NotEqual => value != self.value,
            Op::Like => is_like(),
            Op::Unlike => !is_like(),
        }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_classic(&self.label) {
            f.write_str(&self.label)?;
        } else {
            quoted(&self.label, f)?;
        }
        f.write_str(self.op.sign())?;
        quoted(&self.value, f)
    }
}

/// A word before one of some signs, or a text in quotes; and what follows.
fn word<'t>(text: &'t str, ends: &[char]) -> Option<(String, &'t str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find(ends).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end)?;
        return Some((word.trim().to_owned(), rest));
    };
    let mut out = String::new();
    loop {
        let mut letters = rest.chars();
        let letter = letters.next()?;
        rest = letters.as_str();
        match letter {
            '"' => return Some((out, rest)),
            '\\' => {
                let escaped = letters.next()?;
                rest = letters.as_str();
                out.push(if escaped == 'n' { '\n' } else { escaped });
            }
            letter => out.push(letter),
        }
    }
}

/// Whether a label's name needs no quotes.
fn is_classic(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A text in quotes: both of Alertmanager's parsers undo these three escapes, and nothing else needs one.
fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use fmt::Write;
    f.write_char('"')?;
    for letter in text.chars() {
        match letter {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            letter => f.write_char(letter)?,
        }
    }
    f.write_char('"')
}

/// An expression for one of some texts.
fn alternatives(texts: &[&str]) -> String {
    let parts: Vec<String> = texts.iter().map(|text| plain(text)).collect();
    parts.join("|")
}

/// A text as an expression that matches it alone.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if "\\.+*?()|[]{}^$".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// An expression for a whole value, as Go reads it: there `\d`, `\s`, `\w` and `\b` know ASCII only.
fn anchored(text: &str) -> Option<Regex> {
    let mut out = String::from("^(?:");
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('d') => out.push_str("[0-9]"),
            Some('D') => out.push_str("[^0-9]"),
            Some('w') => out.push_str("[0-9A-Za-z_]"),
            Some('W') => out.push_str("[^0-9A-Za-z_]"),
            Some('s') => out.push_str("[\\t\\n\\x0C\\r ]"),
            Some('S') => out.push_str("[^\\t\\n\\x0C\\r ]"),
            Some(boundary @ ('b' | 'B')) => {
                out.push_str("(?-u:\\");
                out.push(boundary);
                out.push(')');
            }
            Some('Q') => {
                let rest = letters.as_str();
                let (literal, after) = rest.split_once("\\E").unwrap_or((rest, ""));
                out.push_str(&plain(literal));
                letters = after.chars();
            }
            Some(other) => out.extend(['\\', other]),
            None => return None,
        }
    }
    out.push_str(")$");
    Regex::new(&out).ok()
}

#[cfg(test)]
mod tests {
    use super::{Matcher, Op};

    fn check(matcher: &Matcher, printed: &str, takes: &[&str], refuses: &[&str]) {
        assert_eq!(matcher.to_string(), printed);
        for value in takes {
            assert!(matcher.takes(value), "{matcher} takes {value:?}");
        }
        for value in refuses {
            assert!(!matcher.takes(value), "{matcher} refuses {value:?}");
        }
    }

    #[test]
    fn matchers_compare_whole_values() {
        check(&Matcher::new("a", Op::Equal, "b"), r#"a="b""#, &["b"], &["", "bb"]);
        check(&Matcher::new("a", Op::NotEqual, "b"), r#"a!="b""#, &["", "bb"], &["b"]);
        check(&Matcher::new("a", Op::Like, "b|c.*"), r#"a=~"b|c.*""#, &["b", "cd"], &["", "ab"]);
        check(&Matcher::new("a", Op::Unlike, "b.*"), r#"a!~"b.*""#, &["", "ab"], &["b"]);
        check(&Matcher::new("a", Op::Like, "b?"), r#"a=~"b?""#, &["", "b"], &["bb"]);
        check(&Matcher::one_of("a", &["x.y", "z"]), r#"a=~"x\\.y|z""#, &["x.y", "z"], &["xay"]);
        check(&Matcher::one_of("a", &["x.y"]), r#"a="x.y""#, &["x.y"], &["xay", ""]);
        check(&Matcher::none_of("a", &["x", "y"]), r#"a!~"x|y""#, &["", "z"], &["x", "y"]);
        check(&Matcher::none_of("a", &["x"]), r#"a!="x""#, &["", "z"], &["x"]);
    }

    #[test]
    fn names_and_values_are_quoted_where_they_must_be() {
        check(&Matcher::new("a.b", Op::Equal, ""), r#""a.b"="""#, &[""], &["x"]);
        check(
            &Matcher::new("a", Op::Equal, "say \"hi\"\\\n"),
            r#"a="say \"hi\"\\\n""#,
            &["say \"hi\"\\\n"],
            &[],
        );
    }

    #[test]
    fn texts_are_read_as_alertmanager_does() {
        let check = |text: &str, expected: Option<&[&str]>| {
            let found = Matcher::read(text);
            let shown: Option<Vec<String>> =
                found.map(|all| all.iter().map(ToString::to_string).collect());
            let expected = expected.map(|all| all.iter().map(|it| (*it).to_owned()).collect());
            assert_eq!(shown, expected, "{text}");
        };
        check(r#"severity="critical""#, Some(&[r#"severity="critical""#]));
        check("severity = critical", Some(&[r#"severity="critical""#]));
        check(r#"{a=~"x|y,z", b!=c}"#, Some(&[r#"a=~"x|y,z""#, r#"b!="c""#]));
        check(r#"a!~"say \"hi\"""#, Some(&[r#"a!~"say \"hi\"""#]));
        check(r#""a.b"="c""#, Some(&[r#""a.b"="c""#]));
        check("a=", Some(&[r#"a="""#]));
        check("severity", None);
        check("=x", None);
        check(r#"a="x" b="y""#, None);
        check(r#"a="x"#, None);
    }

    #[test]
    fn expressions_mean_what_they_mean_in_go() {
        check(&Matcher::new("a", Op::Like, r"\d+"), r#"a=~"\\d+""#, &["12"], &["٣", ""]);
        check(&Matcher::new("a", Op::Like, r"[\d-]+"), r#"a=~"[\\d-]+""#, &["1-2"], &["a"]);
        check(&Matcher::new("a", Op::Like, r"\Qa.b\E+"), r#"a=~"\\Qa.b\\E+""#, &["a.bb"], &["acb"]);
        check(&Matcher::new("a", Op::Like, "x.y"), r#"a=~"x.y""#, &["x-y"], &["x\ny"]);
        check(&Matcher::new("a", Op::Like, "("), r#"a=~"(""#, &[], &["", "("]);
    }
}
