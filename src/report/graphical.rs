//! Reports for people, drawn by miette: boxes for a terminal, prose for a screen reader.
//!
//! The labels of all files go into one composite text whose spans know their file, so that miette
//! shows every file inside the one report.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    NarratableReportHandler, Severity, SourceCode, SourceSpan, SpanContents, ThemeStyles,
};

use crate::diag::{Diagnostic, Level};
use crate::source::Sources;

use super::Style;
use super::excerpt::{Excerpt, Shape, clean, notes};

/// What stands left of a line: its number, a bar, blanks.
const GUTTER: usize = 12;

/// A finding in miette's terms.
#[derive(Debug)]
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    title: String,
    /// Prose says the level in the title.
    prose: bool,
    lines: Lines,
}

/// The excerpt as miette reads it.
#[derive(Debug)]
struct Lines {
    excerpt: Excerpt,
    /// The narrating handler takes a label of a later snippet for one of this one when a snippet ends
    /// with a line feed; the graphical one loses a caret at a line's end when it does not.
    keep_last_line_feed: bool,
}

/// The report with boxes.
pub(super) fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let columns = style.columns.clamp(40, 200);
    let shape = Shape { width: columns.saturating_sub(GUTTER), cut_left: true, blank: "" };
    let mut excerpt = Excerpt::new(diagnostic, sources, shape);
    excerpt.separate();
    let title = clean(&diagnostic.title).into_owned();
    let report = Report {
        diagnostic,
        title,
        prose: false,
        lines: Lines { excerpt, keep_last_line_feed: true },
    };
    let mut theme =
        if style.unicode { GraphicalTheme::unicode_nocolor() } else { GraphicalTheme::none() };
    if style.colour {
        theme.styles = ThemeStyles::ansi();
    }
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(columns)
        .with_urls(false)
        .without_syntax_highlighting();
    let mut out = String::new();
    finish(handler.render_report(&mut out, &report), out, diagnostic)
}

/// The report as prose.
pub(super) fn narrate(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let shape = Shape { width: 400, cut_left: false, blank: " " };
    let excerpt = Excerpt::new(diagnostic, sources, shape);
    let title = format!("{}: {}", diagnostic.level.word(), clean(&diagnostic.title));
    let report = Report {
        diagnostic,
        title,
        prose: true,
        lines: Lines { excerpt, keep_last_line_feed: false },
    };
    let mut out = String::new();
    finish(NarratableReportHandler::new().render_report(&mut out, &report), out, diagnostic)
}

/// Trims every line. Should the drawing fail half way, what is there and the title must not be lost.
fn finish(drawn: fmt::Result, text: String, diagnostic: &Diagnostic) -> String {
    let mut out = String::with_capacity(text.len());
    if drawn.is_err() {
        let title = clean(&diagnostic.title);
        out.push_str(&format!("{}[{}]: {title}\n", diagnostic.level.word(), diagnostic.code));
    }
    for line in text.trim_matches('\n').lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        if self.prose {
            return Some(Box::new(self.diagnostic.code));
        }
        Some(Box::new(format!("{}[{}]", self.diagnostic.level.word(), self.diagnostic.code)))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.diagnostic.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Hint => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let notes = notes(self.diagnostic);
        let mut text = String::new();
        for (at, (word, note)) in notes.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            if at > 0 && *word == "fix" || *word == "note" {
                text.push_str(word);
                text.push_str(": ");
            }
            text.push_str(note);
        }
        (!notes.is_empty()).then(|| Box::new(text) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.lines.excerpt.labels.is_empty()).then_some(&self.lines as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.lines.excerpt.labels.iter().map(|label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            let span = (label.range.start, label.range.len());
            if label.primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })))
    }
}

impl SourceCode for Lines {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let lines = &self.excerpt.lines;
        let mut first = self.excerpt.line_at(span.offset());
        let mut last = self.excerpt.line_at(span.offset() + span.len());
        let joined = |a: usize, b: usize| match (lines.get(a), lines.get(b)) {
            (Some(a), Some(b)) => a.file == b.file && a.number + 1 == b.number,
            (None, _) | (_, None) => false,
        };
        // A span over a gap or over two files comes from miette trying to join two snippets.
        if (first..last).any(|line| !joined(line, line + 1)) {
            return Err(MietteError::OutOfBounds);
        }
        let column = if before == 0 { self.excerpt.column_at(span.offset()) - 1 } else { 0 };
        for _ in 0..before {
            if first > 0 && joined(first - 1, first) {
                first -= 1;
            }
        }
        for _ in 0..after {
            if joined(last, last + 1) {
                last += 1;
            }
        }
        let (Some(top), Some(bottom)) = (lines.get(first), lines.get(last)) else {
            return Err(MietteError::OutOfBounds);
        };
        let end = bottom.range.end - usize::from(!self.keep_last_line_feed);
        let bytes = self.excerpt.text.as_bytes().get(top.range.start..end).unwrap_or_default();
        Ok(Box::new(MietteSpanContents::new_named(
            self.excerpt.names.get(top.file).cloned().unwrap_or_default(),
            bytes,
            (top.range.start, bytes.len()).into(),
            top.number - 1,
            column,
            last - first + 1,
        )))
    }
}
