//! Reports in ASCII, drawn by codespan-reporting: `plain`, with the labels of several files in one
//! report, and `short`, one line a finding.

use std::ops::Range;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{self, Chars, Config, DisplayStyle};

use crate::diag::{Diagnostic, Level};
use crate::source::Sources;

use super::excerpt::{Excerpt, Shape, notes, one_line};

/// Lines longer than this are cut.
const WIDTH: usize = 120;

/// The whole report.
pub(super) fn rich(diagnostic: &Diagnostic, sources: &Sources) -> String {
    emit(diagnostic, sources, DisplayStyle::Rich)
}

/// One line.
pub(super) fn short(diagnostic: &Diagnostic, sources: &Sources) -> String {
    emit(diagnostic, sources, DisplayStyle::Short)
}

fn emit(diagnostic: &Diagnostic, sources: &Sources, display_style: DisplayStyle) -> String {
    let excerpt =
        Excerpt::new(diagnostic, sources, Shape { width: WIDTH, cut_left: true, blank: "" });
    let config = Config { display_style, chars: Chars::ascii(), ..Config::default() };
    let drawn = term::emit_into_string(&config, &excerpt, &convert(diagnostic, &excerpt));
    let title = format!("[{}]: {}", diagnostic.code, one_line(&diagnostic.title));
    // The excerpt answers for every index that it gave; were it not so, the title must not be lost.
    let text = drawn.unwrap_or_else(|_| format!("{}{title}\n", diagnostic.level.word()));
    let text = match diagnostic.level {
        Level::Hint => text.replacen(&format!("note{title}"), &format!("hint{title}"), 1),
        Level::Error | Level::Warning => text,
    };
    let mut out = String::with_capacity(text.len());
    for line in text.trim_end().lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn convert(diagnostic: &Diagnostic, excerpt: &Excerpt) -> codespan::Diagnostic<usize> {
    let severity = match diagnostic.level {
        Level::Error => codespan::Severity::Error,
        Level::Warning => codespan::Severity::Warning,
        Level::Hint => codespan::Severity::Note,
    };
    let labels = excerpt
        .labels
        .iter()
        .map(|label| {
            let style = if label.primary {
                codespan::LabelStyle::Primary
            } else {
                codespan::LabelStyle::Secondary
            };
            codespan::Label::new(style, label.file, label.range.clone())
                .with_message(label.text.clone())
        })
        .collect();
    let notes = notes(diagnostic)
        .into_iter()
        .map(|(word, text)| {
            format!("{word}: {}", text.replace('\n', &format!("\n{:1$}", "", word.len() + 2)))
        })
        .collect();
    codespan::Diagnostic::new(severity)
        .with_code(diagnostic.code.as_str())
        .with_message(one_line(&diagnostic.title))
        .with_labels(labels)
        .with_notes(notes)
}

/// All files share one text, so a line's index is the same whichever file is asked.
impl<'a> Files<'a> for Excerpt {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.names.get(id).map(String::as_str).ok_or(Error::FileMissing)
    }

    fn source(&'a self, _: usize) -> Result<&'a str, Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, _: usize, byte: usize) -> Result<usize, Error> {
        Ok(self.line_at(byte))
    }

    fn line_number(&'a self, _: usize, line: usize) -> Result<usize, Error> {
        self.lines.get(line).map(|line| line.number).ok_or(Error::FileMissing)
    }

    fn column_number(&'a self, _: usize, _: usize, byte: usize) -> Result<usize, Error> {
        Ok(self.column_at(byte))
    }

    fn line_range(&'a self, _: usize, line: usize) -> Result<Range<usize>, Error> {
        let max = self.lines.len().saturating_sub(1);
        self.lines
            .get(line)
            .map(|line| line.range.clone())
            .ok_or(Error::LineTooLarge { given: line, max })
    }
}
