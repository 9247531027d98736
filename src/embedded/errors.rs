//! What is said of texts in other languages.

use crate::diag::{Code, Diagnostic};
use crate::source::{Extent, Span};

use super::literal::{ConversionError, QuantityError};
use super::promql::Refusal;
use super::quantity::Dimension;
use super::text::TextError;

/// A text that is no name.
pub const NAME: Code = Code::new("text/name");

/// `text` is the place of the text itself, without its quotes.
pub fn name(text: Span, error: &TextError) -> Diagnostic {
    refused(NAME, "not a name (DNS-1123 label)", text, error)
}

/// A text that is no host.
pub const HOST: Code = Code::new("text/host");

/// `text` is the place of the text itself, without its quotes.
pub fn host(text: Span, error: &TextError) -> Diagnostic {
    refused(HOST, "not a host's name", text, error)
}

/// A text that is no address.
pub const IP: Code = Code::new("text/ip");

/// `text` is the place of the text itself, without its quotes.
pub fn ip(text: Span, error: &TextError) -> Diagnostic {
    refused(IP, "not an IP address", text, error)
}

/// A text that is no network.
pub const CIDR: Code = Code::new("text/cidr");

/// `text` is the place of the text itself, without its quotes.
pub fn cidr(text: Span, error: &TextError) -> Diagnostic {
    refused(CIDR, "not a network (CIDR)", text, error)
}

/// A text that is no URL.
pub const URL: Code = Code::new("text/url");

/// `text` is the place of the text itself, without its quotes.
pub fn url(text: Span, error: &TextError) -> Diagnostic {
    refused(URL, "not a URL", text, error)
}

/// A text that is no version, or not one version.
pub const VERSION: Code = Code::new("text/version");

/// `text` is the place of the text itself, without its quotes.
pub fn version(text: Span, error: &TextError) -> Diagnostic {
    refused(VERSION, "not a version", text, error)
}

/// A text that is no image.
pub const IMAGE: Code = Code::new("text/image");

/// `text` is the place of the text itself, without its quotes.
pub fn image(text: Span, error: &TextError) -> Diagnostic {
    refused(IMAGE, "not a container image", text, error)
}

/// A text that is no pattern.
pub const GLOB: Code = Code::new("text/glob");

/// `text` is the place of the text itself, without its quotes.
pub fn glob(text: Span, error: &TextError) -> Diagnostic {
    refused(GLOB, "not a pattern", text, error)
}

/// A text that is no regular expression.
pub const REGEX: Code = Code::new("text/regex");

/// `text` is the place of the text itself, without its quotes.
pub fn regex(text: Span, error: &TextError) -> Diagnostic {
    refused(REGEX, "not a regular expression (RE2)", text, error)
}

/// A text that is no schedule.
pub const CRON: Code = Code::new("text/cron");

/// `text` is the place of the text itself, without its quotes.
pub fn cron(text: Span, error: &TextError) -> Diagnostic {
    refused(CRON, "not a schedule (cron)", text, error)
}

/// A query whose quotes or brackets do not match.
pub const UNBALANCED: Code = Code::new("promql/unbalanced");

/// `text` is the place of the piece of text that the error is in.
pub fn unbalanced(text: Span, error: &TextError) -> Diagnostic {
    refused(UNBALANCED, "a query that does not close what it opens", text, error)
}

/// A text that is no quantity.
pub const QUANTITY: Code = Code::new("text/quantity");

/// `text` is the place of the text itself, without its quotes; `wanted` what it should measure.
pub fn quantity(text: Span, wanted: Dimension, error: &QuantityError) -> Diagnostic {
    let name = wanted.type_name();
    let title = format!("not a quantity of type `{name}`");
    match error {
        QuantityError::Malformed(malformed) => {
            let mended = malformed.suggestion.as_ref();
            let error = TextError {
                at: malformed.at,
                found: malformed.reason.clone(),
                expected: format!("a number with a unit of `{name}`"),
                suggestion: mended.map(|by| (Extent::new(0, text.extent().len()), by.clone())),
            };
            refused(QUANTITY, &title, text, &error)
        }
        QuantityError::Conversion(ConversionError::OtherDimension, literal) => {
            let readings: Vec<String> =
                literal.readings().iter().map(|d| format!("`{}`", d.type_name())).collect();
            let found = format!("means {}", readings.join(" or "));
            Diagnostic::error(QUANTITY, title, text, found)
        }
        QuantityError::Conversion(ConversionError::Inexact, _) => {
            Diagnostic::error(QUANTITY, title, text, format!("a part of {}", wanted.base_name()))
                .help(format!("`{name}` is exact: a whole number of times {}", wanted.base_name()))
        }
        QuantityError::Conversion(ConversionError::Overflow, _) => {
            Diagnostic::error(QUANTITY, title, text, "more than 64 bits hold")
        }
    }
}

/// A hole in a query where nothing fits.
pub const HOLE_POSITION: Code = Code::new("promql/hole-position");

/// `hole` is the place of the whole interpolation.
pub fn hole_position(hole: Span, refusal: Refusal) -> Diagnostic {
    let (found, help) = match refusal {
        Refusal::MetricName => (
            "would be a metric's name",
            "a metric's name is written out, so that its labels are known",
        ),
        Refusal::FunctionName => ("would be a function's name", "a function's name is written out"),
        Refusal::LabelName => (
            "would be a label's name",
            "a label's name in a selector is written out; its value may be a hole",
        ),
        Refusal::PartOfWord => (
            "would be part of a word",
            "a value is a whole number, duration, label or query: leave blanks around it, and its unit to it",
        ),
        Refusal::Escape => ("follows a `\\`", "two `\\\\` are one in a quoted text of PromQL"),
        Refusal::Comment => ("in a comment", "PromQL reads nothing here"),
    };
    Diagnostic::error(HOLE_POSITION, "no value fits here in a query", hole, found).help(help)
}

/// What all texts have in common: the caret inside the literal, the rule, the way out.
fn refused(code: Code, title: &str, text: Span, error: &TextError) -> Diagnostic {
    let inside = |at: Extent| {
        let start = text.start.saturating_add(at.start).min(text.end);
        let end = text.start.saturating_add(at.end).min(text.end);
        Span::new(text.file, start, end)
    };
    let found = Diagnostic::error(code, title, inside(error.at), error.found.as_str())
        .help(format!("expected: {}", error.expected));
    match &error.suggestion {
        Some((at, by)) if by.is_empty() => found.fix("remove it", inside(*at), "", false),
        Some((at, by)) if at.is_empty() => {
            found.fix(format!("insert `{by}`"), inside(*at), by.as_str(), false)
        }
        Some((at, by)) => {
            found.fix(format!("replace with `{by}`"), inside(*at), by.as_str(), false)
        }
        None => found,
    }
}
