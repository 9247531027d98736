//! Findings as people and machines read them.
//!
//! * **Takes** `&[Diagnostic]`, sorted by the sink, and the [`Sources`] that they speak of.
//! * **Gives** one text: [`render`], [`render_one`], [`summary`], and a page for the terminal: [`explain_page`].
//! * **Owns** what a report looks like: miette draws [`Format::Human`] and [`Format::Accessible`],
//!   codespan-reporting draws [`Format::Plain`] and [`Format::Short`]; no type of theirs leaves this room.
//! * **Never** prints, never asks the terminal: width, colour and characters come in a [`Style`]. Never shows a secret.
//! * **Read first** `excerpt.rs`, which makes lines safe to draw; then `graphical.rs` and `plain.rs`.

mod excerpt;
mod explain;
mod github;
mod graphical;
mod json;
mod plain;
mod sarif;
mod selection;
#[cfg(test)]
mod tests;

use crate::diag::Diagnostic;
use crate::diag::secrets::Secrets;
use crate::source::Sources;

pub use excerpt::{clean, one_line};
pub use explain::{explain_list, explain_page};
pub use selection::summary;

use selection::Selection;

/// What a report is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// For a terminal.
    #[default]
    Human,
    /// Prose for screen readers.
    Accessible,
    /// ASCII without colour, the same on every terminal.
    Plain,
    /// One line each: `file:line:column: error[code]: title`.
    Short,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, which code-scanning services read.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

/// How a report may use the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// Width in columns.
    pub columns: usize,
    /// Whether ANSI colours are welcome.
    pub colour: bool,
    /// Whether box-drawing characters are welcome.
    pub unicode: bool,
    /// How many findings are shown; 0 shows all.
    pub limit: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { columns: 100, colour: false, unicode: true, limit: 100 }
    }
}

/// Renders findings, in the order given. When there are more than the style's limit, errors are kept
/// before warnings and warnings before hints, and the text says how many were left out.
pub fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    format: Format,
    style: Style,
) -> String {
    let secrets = Secrets::of(sources, diagnostics);
    if secrets.is_empty() {
        return draw(diagnostics, sources, format, style);
    }
    let found: Vec<Diagnostic> = diagnostics.iter().map(|it| secrets.mask_finding(it)).collect();
    draw(&found, &secrets.masked(sources), format, style)
}

/// The same, of findings and texts in which nothing is secret.
fn draw(diagnostics: &[Diagnostic], sources: &Sources, format: Format, style: Style) -> String {
    let selection = Selection::new(diagnostics, style.limit);
    match format {
        Format::Json => return json::render(&selection, sources),
        Format::Sarif => return sarif::render(&selection, sources),
        Format::Github => return github::render(&selection, sources),
        Format::Human | Format::Accessible | Format::Plain | Format::Short => {}
    }
    let mut out = String::new();
    for diagnostic in &selection.shown {
        out.push_str(&draw_one(diagnostic, sources, format, style));
        if format != Format::Short {
            out.push('\n');
        }
    }
    if let Some(rest) = selection.omitted_words() {
        out.push_str(&format!("and {rest}\n"));
    }
    if format != Format::Short
        && let Some(line) = summary(diagnostics)
    {
        out.push_str(&line);
        out.push('\n');
        if let Some(first) = selection.shown.iter().min_by_key(|found| found.level) {
            out.push_str(&format!("`iflux explain {}` says more\n", first.code));
        }
    }
    out
}

/// Renders one finding without a summary. Machine formats give a whole document with one finding.
pub fn render_one(
    diagnostic: &Diagnostic,
    sources: &Sources,
    format: Format,
    style: Style,
) -> String {
    let secrets = Secrets::of(sources, std::slice::from_ref(diagnostic));
    if secrets.is_empty() {
        return draw_one(diagnostic, sources, format, style);
    }
    draw_one(&secrets.mask_finding(diagnostic), &secrets.masked(sources), format, style)
}

fn draw_one(diagnostic: &Diagnostic, sources: &Sources, format: Format, style: Style) -> String {
    match format {
        Format::Human => graphical::render(diagnostic, sources, style),
        Format::Accessible => graphical::narrate(diagnostic, sources),
        Format::Plain => plain::rich(diagnostic, sources),
        Format::Short => plain::short(diagnostic, sources),
        Format::Json | Format::Sarif | Format::Github => {
            draw(std::slice::from_ref(diagnostic), sources, format, style)
        }
    }
}
