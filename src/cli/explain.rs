//! `iflux explain`: the page of a code.

use clap::Args;

use crate::diag::{Page, pages};
use crate::report::{explain_list, explain_page};

use super::Outcome;
use super::context::Context;
use super::errors::unknown_code;

/// Show what a code means, with a wrong and a right program.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux explain                  list all codes
  iflux explain io/not-utf8      the page of a code
  iflux explain not-utf8         the same, as long as one room only has it")]
pub(super) struct Explain {
    /// The code, as a report shows it between brackets. Without it, all are listed
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let colour = context.console.out_colour();
        let Some(code) = &self.code else {
            context.console.out(explain_list(pages(), colour));
            return Outcome::Clean;
        };
        let all: Vec<Page> = pages().collect();
        let code = bare(code);
        match find(&all, code) {
            Some(page) => {
                context.console.out(explain_page(page, colour));
                Outcome::Clean
            }
            None => {
                context.complain(&[unknown_code(code, all.iter().map(|page| page.code))]);
                Outcome::Misuse
            }
        }
    }
}

/// `error[io/not-utf8]` as it is copied from a report, without what surrounds the code.
fn bare(code: &str) -> &str {
    let inner = code.split_once('[').map_or(code, |(_, rest)| rest);
    inner.split(']').next().unwrap_or(inner).trim().trim_end_matches(':')
}

/// The page of a code, or the only one whose second half it is.
fn find(pages: &[Page], code: &str) -> Option<Page> {
    if let Some(page) = pages.iter().find(|page| page.code == code) {
        return Some(*page);
    }
    let mut named = pages.iter().filter(|page| page.code.split('/').nth(1) == Some(code));
    let first = named.next()?;
    named.next().is_none().then_some(*first)
}

#[cfg(test)]
mod tests {
    use super::{bare, find};
    use crate::diag::Page;

    #[test]
    fn codes_are_found_as_people_type_them() {
        let page = |code| Page { code, text: "" };
        let pages = [page("emit/link"), page("io/link"), page("io/not-utf8")];
        let check = |typed: &str, code: Option<&str>| {
            assert_eq!(find(&pages, bare(typed)).map(|page| page.code), code, "{typed}");
        };
        check("io/link", Some("io/link"));
        check("link", None);
        check("not-utf8", Some("io/not-utf8"));
        check("error[io/not-utf8]:", Some("io/not-utf8"));
        check("[io/link]", Some("io/link"));
        check("nothing", None);
        check("", None);
    }
}
