//! Versions: exact, and ranges of them.

use std::cmp::Ordering;
use std::fmt;

use super::name::unwanted;
use super::text::{TextError, all, extent};

/// A semantic version. Its order is the one of semantic versioning, which build metadata has no part in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exact<'a> {
    /// Whether it is written with a `v`.
    pub prefixed: bool,
    /// The first number.
    pub major: u64,
    /// The second number.
    pub minor: u64,
    /// The third number.
    pub patch: u64,
    /// What follows `-`, or nothing.
    pub pre_release: &'a str,
    /// What follows `+`, or nothing.
    pub build: &'a str,
}

/// What a text says of a version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Version<'a> {
    /// One version.
    Exact(Exact<'a>),
    /// Whatever is the latest when somebody looks.
    Latest,
    /// All versions that fit: `1.34`, `1.x`, `^1.2`, `>=1.2 <2 || 3.0.1`.
    Range,
}

const RULE: &str = "three numbers with `.` between them: `v1.34.2` or `1.34.2`";
const RANGE_RULE: &str =
    "a version, a part of one (`1.34`), or a range (`>=1.2 <2`, `~1.2`, `1.x`)";

/// A version, or a range of versions as package managers of charts write it.
pub fn check(text: &str) -> Result<Version<'_>, TextError> {
    if text == "latest" {
        return Ok(Version::Latest);
    }
    match exact(text) {
        Ok(version) => Ok(Version::Exact(version)),
        Err(error) => {
            // Three numbers are meant for one version: say what is wrong with that one.
            let digits = text.strip_prefix('v').unwrap_or(text);
            let core = digits.split(['-', '+']).next().unwrap_or("");
            let whole = core.split('.').count() == 3
                && core.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if whole && !text.contains([' ', ',', '|']) {
                return Err(error);
            }
            range(text).map(|()| Version::Range)
        }
    }
}

/// One version: neither a range, nor a part, nor `latest`.
pub fn check_exact(text: &str) -> Result<Exact<'_>, TextError> {
    let error = match exact(text) {
        Ok(version) => return Ok(version),
        Err(error) => error,
    };
    if text == "latest" {
        return Err(TextError::new(all(text), "another version every day", RULE));
    }
    if range(text).is_err() {
        return Err(error);
    }
    let numbers = text.strip_prefix('v').unwrap_or(text);
    let is_part = numbers.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_part {
        return Err(TextError::new(all(text), "a part of a version", RULE));
    }
    let numeric = |c: char| c.is_ascii_digit() || c == '.' || c == 'v';
    let start = text.find(|c| !numeric(c)).unwrap_or(0);
    let rest = text.get(start..).unwrap_or("");
    let end = start + rest.find(numeric).filter(|&at| at > 0).unwrap_or(rest.len());
    let wildcard = matches!(rest.chars().next(), Some('x' | 'X' | '*'));
    let found = if wildcard { "a wildcard" } else { "a range" };
    Err(TextError::new(extent(start, end), found, RULE))
}

fn exact(text: &str) -> Result<Exact<'_>, TextError> {
    let (prefixed, numbers_at) = match text.strip_prefix('v') {
        Some(_) => (true, 1),
        None => (false, 0),
    };
    let rest = text.get(numbers_at..).unwrap_or("");
    if rest.is_empty() {
        return Err(TextError::new(extent(numbers_at, numbers_at), "no number", RULE));
    }
    let core_end = rest.find(['-', '+']).unwrap_or(rest.len());
    let (core, tail) = rest.split_at_checked(core_end).unwrap_or((rest, ""));
    let mut numbers = [0u64; 3];
    let mut places = numbers.iter_mut();
    let mut at = numbers_at;
    for part in core.split('.') {
        let here = extent(at, at + part.len());
        let Some(place) = places.next() else {
            let at = extent(at.saturating_sub(1), numbers_at + core.len());
            return Err(TextError::new(at, "more than three numbers", RULE));
        };
        *place = number(part, here)?;
        at += part.len() + 1;
    }
    if places.next().is_some() {
        let at = extent(numbers_at, numbers_at + core.len());
        return Err(TextError::new(at, "fewer than three numbers", RULE));
    }
    let (before_build, build) = match tail.split_once('+') {
        Some((before, build)) => (before, Some(build)),
        None => (tail, None),
    };
    let pre_release = before_build.strip_prefix('-');
    let tail_at = numbers_at + core.len();
    if let Some(text) = pre_release {
        identifiers(text, tail_at + 1, true)?;
    }
    if let Some(text) = build {
        identifiers(text, tail_at + before_build.len() + 1, false)?;
    }
    let [major, minor, patch] = numbers;
    Ok(Exact {
        prefixed,
        major,
        minor,
        patch,
        pre_release: pre_release.unwrap_or(""),
        build: build.unwrap_or(""),
    })
}

fn number(part: &str, at: crate::source::Extent) -> Result<u64, TextError> {
    if part.is_empty() {
        return Err(TextError::new(at, "no number", RULE));
    }
    if let Some((inner, c)) = part.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
        let start = at.start as usize + inner;
        return Err(TextError::new(extent(start, start + c.len_utf8()), unwanted(c), RULE));
    }
    if part.len() > 1 && part.starts_with('0') {
        return Err(TextError::new(at, "a leading zero", RULE));
    }
    part.parse().map_err(|_| TextError::new(at, "too large a number", RULE))
}

/// Identifiers with dots between, after `-` or `+`.
fn identifiers(text: &str, at: usize, zeros_count: bool) -> Result<(), TextError> {
    const RULE: &str = "letters, digits and `-`, with `.` between the parts";
    let mut at = at;
    for part in text.split('.') {
        let here = extent(at, at + part.len());
        if part.is_empty() {
            return Err(TextError::new(here, "an empty part", RULE));
        }
        let foreign = part.char_indices().find(|(_, c)| !c.is_ascii_alphanumeric() && *c != '-');
        if let Some((inner, c)) = foreign {
            let start = at + inner;
            return Err(TextError::new(extent(start, start + c.len_utf8()), unwanted(c), RULE));
        }
        let numeric = part.bytes().all(|byte| byte.is_ascii_digit());
        if zeros_count && numeric && part.len() > 1 && part.starts_with('0') {
            return Err(TextError::new(here, "a leading zero", RULE));
        }
        at += part.len() + 1;
    }
    Ok(())
}

/// Alternatives of constraints, all of which hold in one.
fn range(text: &str) -> Result<(), TextError> {
    let mut at = 0;
    for alternative in text.split("||") {
        let mut words = words(alternative).peekable();
        if words.peek().is_none() {
            return Err(TextError::new(
                extent(at, at + alternative.len()),
                if text.is_empty() { "nothing" } else { "no version" },
                RANGE_RULE,
            ));
        }
        let mut before: Option<&str> = None;
        while let Some((start, word)) = words.next() {
            let here = at + start;
            if word == "-" && before.is_some_and(is_bare) {
                let Some((next, upper)) = words.next() else {
                    return Err(TextError::new(extent(here, here + 1), "no version", RANGE_RULE));
                };
                partial(upper, at + next)?;
                before = None;
                continue;
            }
            let bare = word.trim_start_matches(['=', '!', '<', '>', '~', '^']);
            let operator = word.get(..word.len() - bare.len()).unwrap_or("");
            if !matches!(
                operator,
                "" | "=" | "!=" | ">" | "<" | ">=" | "=>" | "<=" | "=<" | "~" | "~>" | "^"
            ) {
                let at = extent(here, here + operator.len());
                return Err(TextError::new(at, "no comparison", RANGE_RULE));
            }
            if bare.is_empty() {
                // The version stands after a blank.
                let Some((next, version)) = words.next() else {
                    let at = extent(here, here + word.len());
                    return Err(TextError::new(at, "no version", RANGE_RULE));
                };
                partial(version, at + next)?;
            } else {
                partial(bare, here + operator.len())?;
            }
            before = Some(word);
        }
        at += alternative.len() + 2;
    }
    Ok(())
}

fn is_bare(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == 'v')
}

/// Words between blanks and commas, with where they start.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split([' ', ',']).filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}

/// One to three numbers, the last of which may be wildcards; with three an identifier may follow.
fn partial(text: &str, at: usize) -> Result<(), TextError> {
    let bare = text.strip_prefix('v').unwrap_or(text);
    let at = at + text.len() - bare.len();
    let core = bare.split(['-', '+']).next().unwrap_or("");
    let parts: Vec<&str> = core.split('.').collect();
    let mut here = at;
    let mut wild = false;
    for (index, part) in parts.iter().enumerate() {
        let place = extent(here, here + part.len());
        if index == 3 {
            let place = extent(here - 1, at + core.len());
            return Err(TextError::new(place, "more than three numbers", RANGE_RULE));
        }
        if matches!(*part, "x" | "X" | "*") {
            wild = true;
        } else if wild {
            return Err(TextError::new(place, "a number after a wildcard", RANGE_RULE));
        } else {
            number(part, place)
                .map_err(|error| TextError { expected: RANGE_RULE.to_owned(), ..error })?;
        }
        here += part.len() + 1;
    }
    if core.len() < bare.len() {
        if parts.len() < 3 || wild {
            let place = extent(at + core.len(), at + bare.len());
            return Err(TextError::new(place, "a suffix of a part", RANGE_RULE));
        }
        exact(bare).map_err(|error| error.shift(at))?;
    }
    Ok(())
}

impl PartialOrd for Exact<'_> {
    /// `None` for two versions that differ in build metadata only.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        let order = numbers(self)
            .cmp(&numbers(other))
            .then_with(|| pre_release_order(self.pre_release, other.pre_release));
        (order != Ordering::Equal || self == other || self.build == other.build).then_some(order)
    }
}

fn pre_release_order(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        // A release comes after its previews.
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut left = a.split('.');
    let mut right = b.split('.');
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => match (numeric(x), numeric(y)) {
                // Without leading zeros the longer number is the larger one.
                (true, true) => x.len().cmp(&y.len()).then_with(|| x.cmp(y)),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => x.cmp(y),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// As written.
impl fmt::Display for Exact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.prefixed { "v" } else { "" };
        write!(f, "{prefix}{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre_release.is_empty() {
            write!(f, "-{}", self.pre_release)?;
        }
        if !self.build.is_empty() {
            write!(f, "+{}", self.build)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::table::refuse;
    use super::{Version, check, check_exact};

    #[test]
    fn exact_versions() {
        for text in ["v1.34.2", "1.34.2", "0.0.0", "1.0.0-rc.1", "v2.0.0-alpha-1+build.007"] {
            assert_eq!(check_exact(text).map(|version| version.to_string()).as_deref(), Ok(text));
            assert!(matches!(check(text), Ok(Version::Exact(_))));
        }
        let refuse = |text, at, found| refuse(|t| check_exact(t).map(drop), text, at, found, None);
        refuse("", (0, ""), "no number");
        refuse("v", (1, ""), "no number");
        refuse("latest", (0, "latest"), "another version every day");
        refuse("1.34", (0, "1.34"), "a part of a version");
        refuse("v1", (0, "v1"), "a part of a version");
        refuse("1.18.x", (5, "x"), "a wildcard");
        refuse("*", (0, "*"), "a wildcard");
        refuse("^1.2.3", (0, "^"), "a range");
        refuse(">=1.2 <2", (0, ">="), "a range");
        refuse("1.2.3 - 2.0.0", (5, " - "), "a range");
        refuse("1.2.3.4", (5, ".4"), "more than three numbers");
        refuse("1.02.3", (2, "02"), "a leading zero");
        refuse("1.2.3-", (6, ""), "an empty part");
        refuse("1.2.3-a..b", (8, ""), "an empty part");
        refuse("1.2.3-01", (6, "01"), "a leading zero");
        refuse("1.2.3-a_b", (7, "_"), "`_`");
        refuse("1.a.3", (2, "a"), "`a`");
        refuse("V1.2.3", (0, "V"), "`V`, an uppercase letter");
        refuse("99999999999999999999.0.0", (0, "99999999999999999999"), "too large a number");
    }

    #[test]
    fn ranges() {
        for text in [
            "1.34",
            "v1",
            "1.x",
            "1.18.x",
            "*",
            "^1.2.3",
            "~1.2",
            ">=1.2 <2",
            ">= 1.2, < 2.0.0-0",
            "1.2 - 2",
            "1.2.3 || >3",
            "!=1.2.3",
            "=> 1",
        ] {
            assert_eq!(check(text), Ok(Version::Range), "{text}");
        }
        assert_eq!(check("latest"), Ok(Version::Latest));
        let refuse = |text, at, found| refuse(|t| check(t).map(drop), text, at, found, None);
        refuse("", (0, ""), "nothing");
        refuse("1.2 ||", (6, ""), "no version");
        refuse(">", (0, ">"), "no version");
        refuse("><1", (0, "><"), "no comparison");
        refuse("1.x.3", (4, "3"), "a number after a wildcard");
        refuse("1.2-rc", (3, "-rc"), "a suffix of a part");
        refuse("stable", (0, "s"), "`s`");
        refuse("1.2.3.4", (5, ".4"), "more than three numbers");
        refuse("1.2 - ", (4, "-"), "no version");
        refuse("1.02.3", (2, "02"), "a leading zero");
        refuse(">1.2.3-é", (7, "é"), "`é`");
    }

    #[test]
    fn order_is_semantic() {
        let ascending = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "v1.0.1",
            "1.2.0",
            "1.10.0",
            "2.0.0",
        ];
        for pair in ascending.windows(2) {
            assert!(check_exact(pair[0]).unwrap() < check_exact(pair[1]).unwrap(), "{pair:?}");
        }
    }
}
