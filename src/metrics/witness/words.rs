//! Words that a regular expression matches.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Most words of one expression.
const MOST: usize = 12;
/// How often something is repeated at most.
const REPEATS: u32 = 40;
/// Longest word, in bytes.
const LONGEST: usize = 200;

/// Some short words that the whole of which matches; those that are not empty first.
pub(super) fn words(pattern: &str) -> Vec<String> {
    let Ok(hir) = regex_syntax::ParserBuilder::new()
        .dot_matches_new_line(true)
        .nest_limit(50)
        .build()
        .parse(pattern)
    else {
        return Vec::new();
    };
    let mut found = of(&hir);
    found.sort_by_key(String::is_empty);
    found.dedup();
    found
}

fn of(hir: &Hir) -> Vec<String> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => {
            std::str::from_utf8(&literal.0).map(|text| vec![text.to_owned()]).unwrap_or_default()
        }
        // `a|b` is a class, too.
        HirKind::Class(class) => match few(class) {
            Some(letters) => letters,
            None => letter(class).map(|letter| letter.to_string()).into_iter().collect(),
        },
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Repetition(repetition) => {
            let once = of(&repetition.sub);
            let least = repetition.min.min(REPEATS);
            let mut counts = vec![least.max(1)];
            if repetition.max == Some(0) {
                counts.clear();
            }
            if least == 0 {
                counts.push(0);
            }
            let times = |count: u32| {
                once.iter().map(move |word| word.repeat(count as usize)).collect::<Vec<_>>()
            };
            let mut all: Vec<String> = counts.into_iter().flat_map(times).collect();
            all.truncate(MOST);
            all
        }
        HirKind::Concat(parts) => {
            let mut all = vec![String::new()];
            for part in parts {
                let next = of(part);
                all = all
                    .iter()
                    .flat_map(|before| next.iter().map(move |word| format!("{before}{word}")))
                    .filter(|word| word.len() <= LONGEST)
                    .take(MOST)
                    .collect();
            }
            all
        }
        HirKind::Alternation(parts) => parts.iter().flat_map(of).take(MOST).collect(),
    }
}

/// All letters of a class that has very few.
fn few(class: &Class) -> Option<Vec<String>> {
    const FEW: usize = 3;
    let Class::Unicode(class) = class else { return None };
    let letters: Vec<String> = class
        .iter()
        .flat_map(|range| range.start()..=range.end())
        .take(FEW + 1)
        .map(|letter| letter.to_string())
        .collect();
    (letters.len() <= FEW).then_some(letters)
}

/// A letter of a class, one that reads well if it has one.
fn letter(class: &Class) -> Option<char> {
    let has = |wanted: char| match class {
        Class::Unicode(class) => {
            class.iter().any(|range| range.start() <= wanted && wanted <= range.end())
        }
        Class::Bytes(class) => {
            let byte = u8::try_from(wanted).unwrap_or(0);
            class.iter().any(|range| range.start() <= byte && byte <= range.end())
        }
    };
    let nice = ('a'..='z').chain('0'..='9').chain('A'..='Z').chain(['-', '_', '.', '/', ':', ' ']);
    nice.into_iter().find(|letter| has(*letter)).or_else(|| match class {
        Class::Unicode(class) => class.iter().next().map(|range| range.start()),
        Class::Bytes(class) => class.iter().next().map(|range| char::from(range.start())),
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_match_their_pattern() {
        for pattern in [
            "a|b",
            "",
            ".+",
            ".*",
            "tmpfs|ramfs",
            "[0-9]{3}",
            "5..",
            "(?i)x",
            "node-(a|b)[^a]",
            "/dev/sd[a-z]+",
            "\\d+\\.\\d+",
            "^x$",
            "[^a-z0-9A-Z]",
            "(a|b)(c|d)?",
        ] {
            let regex = regex::Regex::new(&format!("^(?s:{pattern})$")).unwrap();
            let found = words(pattern);
            assert!(!found.is_empty(), "{pattern}");
            for word in found {
                assert!(regex.is_match(&word), "{pattern}: {word:?}");
            }
        }
        assert_eq!(words("a|b"), ["a", "b"]);
        assert_eq!(words(".*"), ["a", ""]);
    }
}
