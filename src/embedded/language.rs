//! Which small language reads a text.

use crate::diag::Diagnostic;
use crate::source::{Extent, Span};

use super::pieces::Piece;
use super::text::TextError;
use super::{
    cel, cidr, cron, errors, glob, holes, host, image, ip, name, program, regex, rego, url, version,
};

/// A language of refined texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Language {
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
    /// A container image.
    Image,
    /// A pattern of paths or names.
    Glob,
    /// A regular expression of RE2.
    Regex,
    /// A schedule.
    Cron,
    /// A query of Prometheus.
    PromQl,
    /// A policy of Open Policy Agent.
    Rego,
    /// An expression of the Common Expression Language.
    Cel,
    /// A script of a POSIX shell.
    Shell,
}

/// Reads a whole text, in which nothing is left open. Of a query only quotes and brackets are looked at here:
/// [`parse`](super::promql::parse) reads it. `exact` asks a version to be one version; in
/// other languages it asks nothing.
pub fn check_text(language: Language, exact: bool, text: &str) -> Result<(), TextError> {
    let checked = match language {
        Language::Name => name::check(text).map(drop),
        Language::Host => host::check(text).map(drop),
        Language::Ip => ip::check(text).map(drop),
        Language::Cidr => cidr::check(text).map(drop),
        Language::Url => url::check(text).map(drop),
        Language::Version if exact => version::check_exact(text).map(drop),
        Language::Version => version::check(text).map(drop),
        Language::Image => image::check(text).map(drop),
        Language::Glob => glob::check(text).map(drop),
        Language::Regex => regex::check(text),
        Language::Cron => cron::check(text).map(drop),
        Language::PromQl => {
            holes::scan(&[Piece::Text(text)]).map(drop).map_err(|wrong| wrong.error)
        }
        // What is not closed is shown at its opener, where it can be mended.
        Language::Rego => program::scan_program(language, &[Piece::Text(text)])
            .map_err(|wrong| wrong.error)
            .and_then(|_| rego::Rego::read(text).map(drop)),
        Language::Cel => program::scan_program(language, &[Piece::Text(text)])
            .map_err(|wrong| wrong.error)
            .and_then(|_| cel::Cel::read(text).map(drop)),
        Language::Shell => {
            let pieces = [Piece::Text(text)];
            program::scan_program(language, &pieces).map(drop).map_err(|wrong| wrong.error)
        }
    };
    checked.map_err(|error| TextError { whole: error.mended(text), ..error })
}

/// The finding about a text, with the caret at `span`.
pub fn text_error(language: Language, span: Span, error: TextError) -> Diagnostic {
    errors::refused(language, span, &error)
}

/// The finding about a text that stands in the source as it is, from the first byte of `text` on:
/// with the caret inside it, and with a fix.
pub fn text_error_in(language: Language, text: Span, error: &TextError) -> Diagnostic {
    let inside = |at: Extent| {
        let start = text.start.saturating_add(at.start).min(text.end);
        let end = text.start.saturating_add(at.end).min(text.end);
        Span::new(text.file, start, end)
    };
    // The fix says what the help would.
    let bare = TextError { whole: None, ..error.clone() };
    let found = errors::refused(language, inside(error.at), &bare);
    match &error.suggestion {
        Some((at, by)) => errors::mending(found, inside(*at), by),
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::table::sound;
    use super::{Language, check_text, text_error_in};
    use crate::source::{FileId, Span};
    use proptest::prelude::*;

    const ALL: [Language; 14] = [
        Language::Name,
        Language::Host,
        Language::Ip,
        Language::Cidr,
        Language::Url,
        Language::Version,
        Language::Image,
        Language::Glob,
        Language::Regex,
        Language::Cron,
        Language::PromQl,
        Language::Rego,
        Language::Cel,
        Language::Shell,
    ];

    #[test]
    fn fixes_stand_inside_the_literal() {
        let source = "let pods: Cidr = \"10.244.0.1/16\"";
        let text = "10.244.0.1/16";
        let error = check_text(Language::Cidr, false, text).expect_err(text);
        let found = text_error_in(Language::Cidr, Span::new(FileId(0), 18, 31), &error);
        let shown = |span: Span| span.extent().of(source);
        assert_eq!(found.code.as_str(), "text/cidr");
        assert_eq!(found.primary.as_ref().map(|label| shown(label.span)), Some("10.244.0.1"));
        let edit = &found.fixes[0].edits[0];
        assert_eq!((shown(edit.span), edit.text.as_str()), (text, "10.244.0.0/16"));
    }

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
            for language in ALL {
                for exact in [false, true] {
                    sound(|text| check_text(language, exact, text), &text);
                }
            }
        }
    }
}
