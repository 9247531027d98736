//! Building Markdown.

use std::fmt::Write as _;

/// A page under construction.
#[derive(Default)]
pub(super) struct Page {
    text: String,
    steps: usize,
}

impl Page {
    /// A paragraph.
    pub(super) fn say(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.text, "{}\n", text.as_ref());
    }

    /// A heading of the second level.
    pub(super) fn heading(&mut self, title: &str) {
        self.say(format!("## {title}"));
    }

    /// A heading with the next number.
    pub(super) fn step(&mut self, title: &str) {
        self.steps += 1;
        self.say(format!("## {}. {title}", self.steps));
    }

    /// Commands for a shell.
    pub(super) fn shell(&mut self, lines: &[String]) {
        if !lines.is_empty() {
            let _ = writeln!(self.text, "```sh\n{}\n```\n", lines.join("\n"));
        }
    }

    /// A list of points.
    pub(super) fn points(&mut self, points: &[String]) {
        for point in points {
            let _ = writeln!(self.text, "- {point}");
        }
        if !points.is_empty() {
            self.text.push('\n');
        }
    }

    /// A table; what stands in cells has no line ends.
    pub(super) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let _ = writeln!(self.text, "| {} |", head.join(" | "));
        let _ = writeln!(self.text, "|{}", "---|".repeat(head.len()));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            let _ = writeln!(self.text, "| {} |", cells.join(" | "));
        }
        self.text.push('\n');
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        format!("{}\n", self.text.trim_end())
    }
}

/// `` `a`, `b` and `c` ``.
pub(super) fn quoted<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
