//! Which findings are shown, and what is said of the whole.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Level};

const LEVELS: [Level; 3] = [Level::Error, Level::Warning, Level::Hint];

/// The findings that a report shows.
pub(super) struct Selection<'a> {
    /// In the order given.
    pub(super) shown: Vec<&'a Diagnostic>,
    /// Everything that was found.
    pub(super) all: &'a [Diagnostic],
}

impl<'a> Selection<'a> {
    /// At most `limit` findings (0: all), errors before warnings before hints.
    pub(super) fn new(all: &'a [Diagnostic], limit: usize) -> Self {
        if limit == 0 || all.len() <= limit {
            return Self { shown: all.iter().collect(), all };
        }
        let mut picked: BTreeSet<usize> = BTreeSet::new();
        for level in LEVELS {
            let of_level = all.iter().enumerate().filter(|(_, found)| found.level == level);
            picked.extend(of_level.map(|(at, _)| at).take(limit - picked.len()));
        }
        Self { shown: picked.into_iter().filter_map(|at| all.get(at)).collect(), all }
    }

    /// `37 more errors, 1 more warning`, if any were left out.
    pub(super) fn omitted_words(&self) -> Option<String> {
        let words: Vec<String> = LEVELS
            .into_iter()
            .filter_map(|level| {
                let shown = self.shown.iter().filter(|found| found.level == level).count();
                let more = count(self.all, level) - shown;
                (more > 0).then(|| format!("{more} more {}", plural(level.word(), more)))
            })
            .collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// How many findings have this level.
pub(super) fn count(diagnostics: &[Diagnostic], level: Level) -> usize {
    diagnostics.iter().filter(|found| found.level == level).count()
}

/// `2 errors, 1 warning in 3 files`; nothing when nothing was found.
pub fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let words: Vec<String> = LEVELS
        .into_iter()
        .map(|level| (level, count(diagnostics, level)))
        .filter(|&(_, count)| count > 0)
        .map(|(level, count)| format!("{count} {}", plural(level.word(), count)))
        .collect();
    if words.is_empty() {
        return None;
    }
    let files: BTreeSet<_> =
        diagnostics.iter().filter_map(|found| Some(found.primary.as_ref()?.span.file)).collect();
    let place = match files.len() {
        0 => String::new(),
        count => format!(" in {count} {}", plural("file", count)),
    };
    Some(format!("{}{place}", words.join(", ")))
}

fn plural(word: &str, count: usize) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}
