//! Workflow commands: GitHub shows each as an annotation on the changed line.

use std::fmt::Write as _;

use crate::diag::{Diagnostic, Level};
use crate::source::{Sources, Span};

use super::excerpt::notes;
use super::selection::Selection;

pub(super) fn render(selection: &Selection<'_>, sources: &Sources) -> String {
    let mut out = String::new();
    for found in &selection.shown {
        command(&mut out, found, sources);
    }
    if let Some(rest) = selection.omitted_words() {
        let _ = writeln!(out, "::notice title=iflux::and {}", escape(&rest, false));
    }
    out
}

fn command(out: &mut String, found: &Diagnostic, sources: &Sources) {
    out.push_str(match found.level {
        Level::Error => "::error ",
        Level::Warning => "::warning ",
        Level::Hint => "::notice ",
    });
    if let Some(label) = &found.primary {
        let start = sources.position(label.span);
        let last = label.span.end.max(label.span.start);
        let end = sources.position(Span { start: last, ..label.span });
        let name = escape(sources.get(label.span.file).name(), true);
        let _ = write!(out, "file={name},line={},endLine={},", start.line, end.line);
        // GitHub refuses columns where a place spans several lines.
        if start.line == end.line {
            let _ = write!(out, "col={},endColumn={},", start.column, end.column);
        }
    }
    let _ =
        write!(out, "title={}", escape(&format!("{}[{}]", found.level.word(), found.code), true));
    let mut message = found.title.clone();
    if let Some(label) = found.primary.as_ref().filter(|label| !label.text.is_empty()) {
        let _ = write!(message, "\n{}", label.text);
    }
    for label in &found.because {
        let place = sources.position(label.span);
        let name = sources.get(label.span.file).name();
        let _ = write!(message, "\n{name}:{}:{}: {}", place.line, place.column, label.text);
    }
    // All places are listed above, so the note that counts those a drawing leaves out is none here.
    for (word, text) in notes(found).into_iter().filter(|(word, _)| *word != "note") {
        let _ = write!(message, "\n{word}: {text}");
    }
    let _ = writeln!(out, "::{}", escape(&message, false));
}

/// The escapes of the command syntax; a property's value also hides what ends it.
fn escape(text: &str, property: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' if property => out.push_str("%3A"),
            ',' if property => out.push_str("%2C"),
            other => out.push(other),
        }
    }
    out
}
