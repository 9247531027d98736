//! Refined text: which kinds there are, and what is said of a text that is none.

use crate::diag::Diagnostic;
use crate::source::{Extent, Span};

use super::{cidr, cron, errors, glob, host, image, ip, name, regex, url, version};

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
}

impl TextError {
    /// Without a suggestion.
    pub(super) fn new(at: Extent, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { at, found: found.into(), expected: expected.into(), suggestion: None }
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

/// The refined text types that are read without the program around them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum TextKind {
    /// A DNS-1123 label.
    Name,
    /// A DNS name.
    Host,
    /// An IPv4 or IPv6 address.
    Ip,
    /// A network.
    Cidr,
    /// A URL.
    Url,
    /// A version, or a range of versions.
    Version,
    /// One version: `Version(exact)`.
    ExactVersion,
    /// A container image.
    Image,
    /// A pattern of paths or names.
    Glob,
    /// A regular expression of RE2.
    Regex,
    /// A schedule.
    Cron,
}

impl TextKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Name,
        Self::Host,
        Self::Ip,
        Self::Cidr,
        Self::Url,
        Self::Version,
        Self::ExactVersion,
        Self::Image,
        Self::Glob,
        Self::Regex,
        Self::Cron,
    ];

    /// The name of the type in the language.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Host => "Host",
            Self::Ip => "Ip",
            Self::Cidr => "Cidr",
            Self::Url => "Url",
            Self::Version => "Version",
            Self::ExactVersion => "Version(exact)",
            Self::Image => "Image",
            Self::Glob => "Glob",
            Self::Regex => "Regex",
            Self::Cron => "Cron",
        }
    }

    /// Whether a text is of this type.
    pub fn check(self, text: &str) -> Result<(), TextError> {
        match self {
            Self::Name => name::check(text).map(drop),
            Self::Host => host::check(text).map(drop),
            Self::Ip => ip::check(text).map(drop),
            Self::Cidr => cidr::check(text).map(drop),
            Self::Url => url::check(text).map(drop),
            Self::Version => version::check(text).map(drop),
            Self::ExactVersion => version::check_exact(text).map(drop),
            Self::Image => image::check(text).map(drop),
            Self::Glob => glob::check(text).map(drop),
            Self::Regex => regex::check(text),
            Self::Cron => cron::check(text).map(drop),
        }
    }

    /// The finding about a text; `text` is the place of the text itself, without its quotes.
    pub fn diagnose(self, text: Span, error: &TextError) -> Diagnostic {
        match self {
            Self::Name => errors::name(text, error),
            Self::Host => errors::host(text, error),
            Self::Ip => errors::ip(text, error),
            Self::Cidr => errors::cidr(text, error),
            Self::Url => errors::url(text, error),
            Self::Version | Self::ExactVersion => errors::version(text, error),
            Self::Image => errors::image(text, error),
            Self::Glob => errors::glob(text, error),
            Self::Regex => errors::regex(text, error),
            Self::Cron => errors::cron(text, error),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::{TextKind, table};
    use proptest::prelude::*;

    /// Texts that are nearly right for one kind or another.
    fn near_misses() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            r"[a-zA-Z0-9._-]{0,70}",
            r"[0-9a-f:./]{0,24}",
            r"(https?|oci|ssh|git|htps)(://|:)[a-zA-Z0-9@:/?#%_. -]{0,40}",
            r"[*?{}\[\]a-c,!^/\\-]{0,16}",
            r"[(?:)<>=!a-c*+{}0-9,\\pPwbdQE\[\]|^$.-]{0,20}",
            r"([*0-9/,-]{1,5} ){0,6}[a-zA-Z@?0-9]{0,6}",
            r"[a-z.]{1,9}(:[0-9]{1,4})?/[a-zA-Z0-9_/-]{0,9}(:[a-z0-9.]{0,6})?(@sha256:[0-9a-f]{0,70})?",
            r"[v^~<>=x*]{0,2}[0-9]{0,3}(\.[0-9x*]{0,3}){0,3}(-[a-z0-9.]{0,6})?( (-|\|\|) [0-9.]{0,5})?",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn every_text_is_accepted_or_refused_with_a_right_suggestion(text in near_misses()) {
            for kind in TextKind::ALL {
                table::sound(|text| kind.check(text), &text);
            }
        }
    }
}
