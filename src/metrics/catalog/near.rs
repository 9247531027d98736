//! The right name for a wrong one.

use rustc_hash::FxHashSet;

use super::exporter::Exporter;
use super::metric::Metric;
use super::table::{self, Row};
use crate::diag::{nearest, nearest_of};

/// How many are offered.
const MOST: usize = 3;

/// Names of series near to one that does not exist, best first: what replaced it, the same words in another order, a word more or less, and then
/// whatever is spelt alike. With an exporter, only its own.
pub fn nearest_metrics(name: &str, of: Option<&Exporter>) -> Vec<String> {
    let (base, suffix) = ["_bucket", "_sum", "_count"]
        .into_iter()
        .find_map(|it| Some((name.strip_suffix(it)?, it)))
        .unwrap_or((name, ""));
    let begin = name.split('_').next().unwrap_or("");
    let has_parts = |row: &Row| {
        let counts = row.rest.starts_with("summary") && suffix != "_bucket";
        row.rest.starts_with("histogram") || counts
    };
    let candidates: Vec<&Row> = table::rows()
        .iter()
        .filter(|row| of.is_none_or(|it| it.name == row.exporter))
        .filter(|row| row.name.starts_with(begin) && !is_removed(row))
        .collect();
    let mut found = replaced(name);
    if !suffix.is_empty() {
        let parts = candidates.iter().filter(|row| has_parts(row)).map(|row| row.name);
        found.extend(ranked(base, parts.collect()).map(|it| format!("{it}{suffix}")));
    }
    // A histogram's own name has no series.
    let whole = candidates.iter().filter(|row| !row.rest.starts_with("histogram"));
    found.extend(ranked(name, whole.map(|row| row.name).collect()).map(str::to_owned));
    let mut seen = FxHashSet::default();
    found.retain(|it| it != name && seen.insert(it.clone()));
    found.truncate(MOST);
    found
}

/// The same words in another order, one word spelt wrong, what is spelt alike as a whole, one word too many or too few.
fn ranked<'a>(name: &str, candidates: Vec<&'a str>) -> impl Iterator<Item = &'a str> {
    let wanted = words(name);
    let mut scored: Vec<(Apart, &str)> = candidates
        .iter()
        .filter_map(|candidate| Some((by_words(&wanted, &words(candidate))?, *candidate)))
        .collect();
    scored.sort_unstable();
    let (near, far): (Vec<_>, Vec<_>) = scored.into_iter().partition(|it| it.0 < Apart::AWord);
    let alike = nearest_of(name, candidates).into_iter().take(MOST);
    let names = |scored: Vec<(Apart, &'a str)>| scored.into_iter().map(|(_, name)| name);
    names(near).chain(alike).chain(names(far))
}

fn replaced(name: &str) -> Vec<String> {
    let metrics = table::rows_named(name).iter().filter_map(Metric::read);
    metrics.flat_map(|it| it.replaced_by).map(str::to_owned).collect()
}

fn is_removed(row: &Row) -> bool {
    row.rest.contains(" ; until ")
}

fn words(name: &str) -> Vec<&str> {
    name.split('_').collect()
}

/// How far two names are apart in words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Apart {
    Order,
    Spelling,
    AWord,
}

/// None where more than one word differs.
fn by_words(a: &[&str], b: &[&str]) -> Option<Apart> {
    if a.len() < 3 || a.len().abs_diff(b.len()) > 1 {
        return None;
    }
    let mut left: Vec<&str> = b.to_vec();
    let mut lacking: Vec<&str> = Vec::new();
    for word in a {
        match left.iter().position(|it| it == word) {
            Some(at) => {
                left.swap_remove(at);
            }
            None => lacking.push(word),
        }
    }
    match (lacking.as_slice(), left.as_slice()) {
        ([], []) => Some(Apart::Order),
        ([found], [right]) if nearest(found, [*right]).is_some() => Some(Apart::Spelling),
        ([] | [_], [] | [_]) => Some(Apart::AWord),
        _ => None,
    }
}
