//! One JSON object, for tools.
//!
//! `start` and `end` count lines and columns from 1, columns in characters; `offset` counts bytes of
//! the file from 0. The object only ever grows: a field is never renamed without a new `version`.

use serde::Serialize;

use crate::diag::{Diagnostic, Level};
use crate::source::{Sources, Span};

use super::selection::{Selection, count};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    diagnostics: Vec<Finding<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    hints: usize,
    /// How many of them `diagnostics` leaves out.
    omitted: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    level: &'a str,
    title: &'a str,
    file: Option<&'a str>,
    range: Option<Range>,
    label: Option<&'a str>,
    because: Vec<Reason<'a>>,
    help: &'a [String],
    fixes: Vec<Fix<'a>>,
    /// The command that shows the page of the code.
    page: String,
}

#[derive(Serialize)]
struct Reason<'a> {
    file: &'a str,
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    sure: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    file: &'a str,
    range: Range,
    text: &'a str,
}

/// A place in a file.
#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
    offset: u32,
}

pub(super) fn render(selection: &Selection<'_>, sources: &Sources) -> String {
    let report = Report {
        version: 1,
        diagnostics: selection.shown.iter().map(|found| finding(found, sources)).collect(),
        summary: Summary {
            errors: count(selection.all, Level::Error),
            warnings: count(selection.all, Level::Warning),
            hints: count(selection.all, Level::Hint),
            omitted: selection.all.len() - selection.shown.len(),
        },
    };
    written(&report)
}

/// Pretty JSON that ends its line. These types hold texts, numbers and lists only, so writing them
/// cannot fail.
pub(super) fn written(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn finding<'a>(found: &'a Diagnostic, sources: &'a Sources) -> Finding<'a> {
    let primary = found.primary.as_ref();
    Finding {
        code: found.code.as_str(),
        level: found.level.word(),
        title: &found.title,
        file: primary.map(|label| sources.get(label.span.file).name()),
        range: primary.map(|label| range(label.span, sources)),
        label: primary.map(|label| label.text.as_str()),
        because: found
            .because
            .iter()
            .map(|label| Reason {
                file: sources.get(label.span.file).name(),
                range: range(label.span, sources),
                text: &label.text,
            })
            .collect(),
        help: &found.help,
        fixes: found
            .fixes
            .iter()
            .map(|fix| Fix {
                title: &fix.title,
                sure: fix.sure,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| Edit {
                        file: sources.get(edit.span.file).name(),
                        range: range(edit.span, sources),
                        text: &edit.text,
                    })
                    .collect(),
            })
            .collect(),
        page: format!("iflux explain {}", found.code),
    }
}

fn range(span: Span, sources: &Sources) -> Range {
    let source = sources.get(span.file);
    let length = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    let point = |offset: u32| {
        let offset = offset.min(length);
        let place = source.lines().position(source.text(), offset);
        Point { line: place.line, column: place.column, offset }
    };
    Range { start: point(span.start), end: point(span.end.max(span.start)) }
}
