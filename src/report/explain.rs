//! Pages for the terminal.

use std::fmt::Write as _;

use crate::diag::Page;

const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const RESET: &str = "\u{1b}[0m";

/// A page as the terminal shows it: Markdown as it is; coloured, headings are bold and fences dim.
pub fn explain_page(page: Page, colour: bool) -> String {
    let mut out = String::with_capacity(page.text.len());
    let mut fenced = false;
    for line in page.text.trim_end().lines() {
        let fence = line.starts_with("```");
        fenced ^= fence;
        let style = match (fence, fenced) {
            (true, _) => DIM,
            (false, false) if line.starts_with('#') => BOLD,
            (false, _) => "",
        };
        if colour && !style.is_empty() {
            let _ = writeln!(out, "{style}{line}{RESET}");
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Every code with the first sentence of its page, grouped by room.
pub fn explain_list(pages: impl IntoIterator<Item = Page>, colour: bool) -> String {
    let pages: Vec<Page> = pages.into_iter().collect();
    let width = pages.iter().map(|page| page.code.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut room = "";
    for page in &pages {
        let here = page.code.split('/').next().unwrap_or("");
        if here != room && !room.is_empty() {
            out.push('\n');
        }
        room = here;
        let (on, off) = if colour { (BOLD, RESET) } else { ("", "") };
        let _ = writeln!(out, "{on}{:width$}{off}  {}", page.code, first_sentence(page.text));
    }
    out
}

fn first_sentence(text: &str) -> String {
    let body = text.split("\n\n").find(|part| !part.starts_with('#') && !part.trim().is_empty());
    let flat = body.unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => flat,
    }
}

#[cfg(test)]
mod tests {
    use super::{explain_list, explain_page};
    use crate::diag::Page;

    const PAGE: Page = Page {
        code: "io/not-utf8",
        text: "# io/not-utf8\n\nA file is UTF-8. This one\nis not.\n\n```iflux bad\n# x\n```\n",
    };

    #[test]
    fn headings_are_bold_outside_fences_only() {
        assert_eq!(explain_page(PAGE, false), PAGE.text);
        insta::assert_snapshot!(explain_page(PAGE, true).replace('\u{1b}', "^"));
    }

    #[test]
    fn the_list_shows_first_sentences() {
        assert_eq!(explain_list([PAGE], false), "io/not-utf8  A file is UTF-8.\n");
    }
}
