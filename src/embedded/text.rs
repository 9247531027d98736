//! Why a text is not what its language wants.

use crate::source::Extent;

/// Why a text is not what its type wants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextError {
    /// The wrong part, inside the text.
    pub at: Extent,
    /// What is there, in at most six words.
    pub found: String,
    /// What should be there, or the rule.
    pub expected: String,
    /// A replacement of a part of the text that mends it.
    pub suggestion: Option<(Extent, String)>,
    /// The whole text as it should be, where there is a suggestion; [`super::check_text`] sets it.
    pub whole: Option<String>,
}

impl TextError {
    /// Without a suggestion.
    pub(super) fn new(at: Extent, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { at, found: found.into(), expected: expected.into(), suggestion: None, whole: None }
    }

    /// With a replacement.
    pub(super) fn suggest(mut self, at: Extent, text: impl Into<String>) -> Self {
        self.suggestion = Some((at, text.into()));
        self
    }

    /// Without its suggestion, if the text it gives is not right either.
    pub(super) fn only_right(self, text: &str, is_right: impl FnOnce(&str) -> bool) -> Self {
        match self.mended(text) {
            Some(mended) if mended != text && is_right(&mended) => self,
            Some(_) | None => Self { suggestion: None, ..self },
        }
    }

    /// The same error in a text that begins `by` bytes earlier.
    pub(super) fn shift(mut self, by: usize) -> Self {
        let by = offset(by);
        self.at = self.at.shift(by);
        self.suggestion = self.suggestion.map(|(at, text)| (at.shift(by), text));
        self
    }

    /// The text with the suggestion applied.
    pub fn mended(&self, text: &str) -> Option<String> {
        let (at, replacement) = self.suggestion.as_ref()?;
        let before = text.get(..at.start as usize)?;
        let after = text.get(at.end as usize..)?;
        Some(format!("{before}{replacement}{after}"))
    }
}

/// An extent from byte offsets.
pub(super) fn extent(start: usize, end: usize) -> Extent {
    Extent::new(offset(start), offset(end))
}

/// The extent of a whole text.
pub(super) fn all(text: &str) -> Extent {
    extent(0, text.len())
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What the tests of every kind share: a table of texts, right and wrong.
#[cfg(test)]
pub(super) mod table {
    use super::TextError;

    /// `text => ` and the wrong part marked below it, what was found, and the mended text.
    pub(in super::super) fn refuse(
        check: impl Fn(&str) -> Result<(), TextError>,
        text: &str,
        at: (usize, &str),
        found: &str,
        mended: Option<&str>,
    ) {
        let error = check(text).expect_err(text);
        assert_eq!((error.at.start as usize, error.at.of(text)), at, "{text:?}: {error:?}");
        assert_eq!(error.found, found, "{text:?}");
        assert!(error.found.split_whitespace().count() <= 6, "too long a label: {found}");
        assert!(!error.expected.is_empty());
        let suggested = error.mended(text);
        assert_eq!(suggested.as_deref(), mended, "{text:?}");
        if let Some(suggested) = suggested {
            check(&suggested).expect(&suggested);
        }
    }

    /// Whatever the text, errors lie inside it, and what they suggest is right.
    pub(in super::super) fn sound(check: impl Fn(&str) -> Result<(), TextError>, text: &str) {
        if let Err(error) = check(text) {
            assert!(
                text.get(error.at.start as usize..error.at.end as usize).is_some(),
                "{text:?}: {error:?}"
            );
            if error.suggestion.is_some() {
                let mended = error.mended(text).expect("the suggestion lies inside the text");
                if let Err(again) = check(&mended) {
                    panic!("{text:?} suggests {mended:?}: {again:?}");
                }
            }
        }
    }
}
