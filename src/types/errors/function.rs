//! The messages about functions.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// What only a block has, inside of a function.
pub(crate) const FUNCTION_SCOPE: Code = Code::new("type/function-scope");

pub(in crate::types) fn function_scope(
    word: &str,
    at: Span,
    function: &str,
    declared: Span,
) -> Diagnostic {
    let help = match word {
        "by" => "choose where the function is called: `by environment { dev = f(1), prod = f(3) }`",
        "here" => "pass what is needed as a parameter: `f(here.environment)`",
        "self" | "outer" => "pass what is needed as a parameter: `f(self.replicas)`",
        _ => "pass what is needed as a parameter",
    };
    Diagnostic::error(
        FUNCTION_SCOPE,
        format!("`{word}` inside of the function `{function}`"),
        at,
        "not known to a function",
    )
    .because(declared, "a function sees its parameters, and what its file declares")
    .help(help)
}

/// Functions that call one another in a circle.
pub(crate) const CALL_CYCLE: Code = Code::new("type/call-cycle");

/// `path` holds each step: who uses whom, and where.
pub(in crate::types) fn call_cycle(path: &[(&str, &str, Span)]) -> Diagnostic {
    let name = path.first().map_or("", |(who, ..)| *who);
    let title = if path.len() == 1 {
        format!("function `{name}` calls itself")
    } else {
        let steps: Vec<String> = path.iter().map(|(who, ..)| format!("`{who}`")).collect();
        format!("functions that call one another: {}, `{name}`", steps.join(", "))
    };
    let mut error = Diagnostic::new(crate::diag::Level::Error, CALL_CYCLE, title);
    for (index, (who, whom, at)) in path.iter().enumerate() {
        let text = format!("`{who}` needs `{whom}`");
        error = if index == 0 { error.at(*at, text) } else { error.because(*at, text) };
    }
    error.help("what repeats is a comprehension over a list: `[f(x) for x in xs]`")
}

/// A path that is to be read, and is computed.
pub(crate) const COMPUTED_PATH: Code = Code::new("type/computed-path");

pub(in crate::types) fn computed_path(function: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        COMPUTED_PATH,
        format!("`{function}` of a path that is computed"),
        at,
        "write the path here",
    )
    .help("what a build reads is known before anything is computed: `read(\"files/restore.sh\")`")
}

/// A file that cannot be read into the program.
pub(crate) const READ: Code = Code::new("type/read");

pub(in crate::types) fn read(title: &str, at: Span, help: Option<&str>) -> Diagnostic {
    let error = Diagnostic::error(READ, title.to_owned(), at, "cannot be read");
    help.into_iter().fold(error, Diagnostic::help)
}

/// An `extern fn` outside of the library.
pub(crate) const EXTERN: Code = Code::new("type/extern");

pub(in crate::types) fn own_extern(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(EXTERN, format!("the compiler has no body for `{name}`"), at, "has no body")
        .help("a function of your own says what it gives: `fn f(x: Int) -> Int = x + 1`")
}

/// A function without a body.
pub(in crate::types) fn no_body(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error(EXTERN, format!("the function `{name}` has no body"), at, "has no body")
        .help("say what it gives after `=`: `fn f(x: Int) -> Int = x + 1`")
}
