//! What is said of texts in other languages.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

use super::holes::Refusal;
use super::language::Language;
use super::program::Spot;
use super::text::TextError;

/// A text that is no name.
pub const NAME: Code = Code::new("text/name");
/// A text that is no host.
pub const HOST: Code = Code::new("text/host");
/// A text that is no address.
pub const IP: Code = Code::new("text/ip");
/// A text that is no network.
pub const CIDR: Code = Code::new("text/cidr");
/// A text that is no URL.
pub const URL: Code = Code::new("text/url");
/// A text that is no version, or not one version.
pub const VERSION: Code = Code::new("text/version");
/// A text that is no image.
pub const IMAGE: Code = Code::new("text/image");
/// A text that is no pattern.
pub const GLOB: Code = Code::new("text/glob");
/// A text that is no regular expression.
pub const REGEX: Code = Code::new("text/regex");
/// A text that is no schedule.
pub const CRON: Code = Code::new("text/cron");
/// A text that is no policy of Open Policy Agent.
pub const REGO: Code = Code::new("text/rego");
/// A text that is no expression of the Common Expression Language.
pub const CEL: Code = Code::new("text/cel");
/// A program whose quotes or brackets do not match.
pub const UNCLOSED: Code = Code::new("text/unclosed");
/// A query whose quotes or brackets do not match.
pub const UNBALANCED: Code = Code::new("promql/unbalanced");

/// A text that its language refuses, with the caret at `span`. All these codes say the same of their languages.
pub(super) fn refused(language: Language, span: Span, error: &TextError) -> Diagnostic {
    let (code, title) = match language {
        Language::Name => (NAME, "not a name (DNS-1123 label)"),
        Language::Host => (HOST, "not a host's name"),
        Language::Ip => (IP, "not an IP address"),
        Language::Cidr => (CIDR, "not a network (CIDR)"),
        Language::Url => (URL, "not a URL"),
        Language::Version => (VERSION, "not a version"),
        Language::Image => (IMAGE, "not a container image"),
        Language::Glob => (GLOB, "not a pattern"),
        Language::Regex => (REGEX, "not a regular expression (RE2)"),
        Language::Cron => (CRON, "not a schedule (cron)"),
        Language::PromQl => (UNBALANCED, "a query that does not close what it opens"),
        Language::Rego => (REGO, "not a policy (Rego)"),
        Language::Cel => (CEL, "not an expression (CEL)"),
        Language::Shell => (UNCLOSED, "a script that does not close what it opens"),
    };
    let found = Diagnostic::error(code, title, span, error.found.as_str())
        .help(format!("expected: {}", error.expected));
    match &error.whole {
        Some(whole) => found.help(format!("write `{whole}`")),
        None => found,
    }
}

/// The fix of a refused text: `by` in the place of `span`.
pub(super) fn mending(found: Diagnostic, span: Span, by: &str) -> Diagnostic {
    let title = match (by.is_empty(), span.extent().is_empty()) {
        (true, _) => "remove it".to_owned(),
        (false, true) => format!("insert `{by}`"),
        (false, false) => format!("replace with `{by}`"),
    };
    found.fix(title, span, by, false)
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

/// A value where a program takes none.
pub const NO_HOLE: Code = Code::new("text/no-hole");

/// `hole` is the place of the whole interpolation.
pub fn no_hole(language: &str, hole: Span, spot: Spot) -> Diagnostic {
    let (found, help) = match spot {
        Spot::Never => (
            "nothing is put in here",
            "what it decides by is passed to it as a parameter, and read there",
        ),
        Spot::Quoted => (
            "in quotes",
            "leave the quotes out: what is put into a script is quoted where it stands",
        ),
        Spot::Escaped => ("follows a `\\`", "leave the backslash out: what is put in is quoted"),
        Spot::HereDocument => (
            "in or behind a here-document",
            "put it into a variable before it: `name=\\(name)`, and read `$name`",
        ),
        Spot::Comment => ("in a comment", "a shell reads nothing here"),
        Spot::Word => ("a word", "it is put in as one word, in quotes"),
    };
    Diagnostic::error(NO_HOLE, format!("no value fits here in `{language}`"), hole, found)
        .help(help)
}
