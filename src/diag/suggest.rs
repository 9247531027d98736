//! The nearest right spelling.

/// The candidate nearest to `word`, if one is near enough: a case-insensitive match wins, else at
/// most a third of the longer word's length (at least one) in edits; ties go to the first by text.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(word, candidates).into_iter().next()
}

/// All candidates that are near enough, best first.
pub fn nearest_of<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .filter_map(|candidate| {
            if candidate.eq_ignore_ascii_case(word) {
                return Some((0, candidate));
            }
            let limit = (word.chars().count().max(candidate.chars().count()) / 3).max(1);
            let distance = distance(word, candidate, limit)?;
            Some((distance, candidate))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words,
/// or `None` when it is above `limit`.
#[expect(clippy::indexing_slicing, reason = "each row is one longer than `b`")]
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut best = last[j] + usize::from(x != y);
            best = best.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|&d| d <= limit)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    fn check(word: &str, candidates: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(word, candidates.iter().copied()), expected);
    }

    #[test]
    fn suggestions() {
        check("replcias", &["replicas", "machine", "labels"], Some("replicas"));
        check("generl", &["general", "gpu"], Some("general"));
        check("Replicas", &["replicas"], Some("replicas"));
        check("zone", &["replicas"], None);
        check("a", &["b", "c"], Some("b"));
        check("replicas", &["replicas"], None);
    }
}
