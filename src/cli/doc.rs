//! `iflux doc`: the reference, and the book.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::book::chapters;
use crate::doc::{Item, html, markdown, page, reference};
use crate::driver::{MemoryWorld, Session};
use crate::host::{OutFile, write_tree};

use super::Outcome;
use super::args::ReportFormat;
use super::build::{describe, refused};
use super::context::Context;
use super::errors::unknown_item;

/// Show the documentation of what a project and the library declare, or write it as pages.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(after_help = "\
Examples:
  iflux doc                      everything that has a page
  iflux doc cluster              the page of a kind, schema, type, preset or function
  iflux doc book/tour            a chapter of the book
  iflux doc platform             the bootstrap runbook of this very program
  iflux doc restore              how its clusters come back from their backups
  iflux doc --output site        the whole reference and the book as HTML, with search
  iflux doc --std --format markdown --output reference")]
pub(super) struct Doc {
    #[command(subcommand)]
    what: Option<What>,
    /// What to show: the name of an item, the keyword of a kind, or a chapter of the book. Without it, all are listed
    #[arg(conflicts_with = "output")]
    name: Option<String>,
    /// A folder or a file of the project
    #[arg(long, default_value = ".", value_name = "PATH")]
    project: PathBuf,
    /// Only the standard library: needs no project
    #[arg(long, conflicts_with = "project")]
    std: bool,
    /// Write all pages into a folder
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The form of the pages that are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", requires = "output")]
    format: Pages,
}

#[derive(Subcommand, Debug)]
enum What {
    Platform(super::platform::Platform),
    Restore(super::restore::Restore),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Pages {
    /// One folder that needs no server and asks none
    #[default]
    Html,
    /// Markdown files
    Markdown,
}

impl Doc {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        match &self.what {
            Some(What::Platform(platform)) => return platform.run(context),
            Some(What::Restore(restore)) => return restore.run(context),
            None => {}
        }
        let book: Vec<(&str, &str)> =
            chapters().map(|chapter| (chapter.name, chapter.text)).collect();
        if let Some(chapter) = self.name.as_deref().and_then(|name| name.strip_prefix("book/"))
            && let Some((_, text)) = book.iter().find(|(name, _)| *name == chapter)
        {
            context.console.out(text);
            return Outcome::Clean;
        }
        let items = match self.items(context) {
            Ok(items) => items,
            Err(outcome) => return outcome,
        };
        if let Some(root) = &self.output {
            let pages = match self.format {
                Pages::Html => html(&items, &book),
                Pages::Markdown => markdown(&items, &book),
            };
            let masked: Vec<(&String, String)> =
                pages.iter().map(|(path, text)| (path, context.masked(text))).collect();
            let files: Vec<OutFile<'_>> = masked
                .iter()
                .map(|(path, text)| OutFile { path, bytes: text.as_bytes() })
                .collect();
            let shown = root.display().to_string();
            return match write_tree(root, &files) {
                Ok(written) => {
                    context.console.err(&format!("{shown}: {}\n", describe(&written)));
                    Outcome::Clean
                }
                Err(problem) => refused(context, &problem, &shown),
            };
        }
        let Some(name) = &self.name else {
            context.say(list(&items, &book));
            return Outcome::Clean;
        };
        let found: Vec<String> =
            items.iter().filter(|item| is_called(item, name)).map(page).collect();
        if found.is_empty() {
            let chapters: Vec<String> =
                book.iter().map(|(name, _)| format!("book/{name}")).collect();
            let known = items.iter().map(|item| item.name.as_str());
            let known = known.chain(chapters.iter().map(String::as_str));
            context.complain(&[unknown_item(name, known)]);
            return Outcome::Misuse;
        }
        context.say(found.join("\n"));
        Outcome::Clean
    }

    fn items(&self, context: &Context) -> Result<Vec<Item>, Outcome> {
        if self.std {
            let nothing: [(&str, &str); 0] = [];
            return Ok(reference(&mut Session::load(&MemoryWorld::new(nothing))));
        }
        let world = context.open(&self.project, ReportFormat::Human)?;
        let mut session = Session::load(&world);
        context.hide(&mut session);
        let items = reference(&mut session);
        // What could not be read has no page, and a page of a wrong program would say what is not so.
        if session.has_errors() {
            context.report_session(&session, ReportFormat::Human, true);
            return Err(Outcome::Errors);
        }
        Ok(items)
    }
}

/// Whether a name, `module.Name`, or the keyword of a kind means an item.
fn is_called(item: &Item, name: &str) -> bool {
    let keyword = item.block.as_deref().and_then(|block| block.split(' ').next());
    item.name == name
        || keyword == Some(name)
        || name
            .rsplit_once('.')
            .is_some_and(|(module, name)| item.module == module && item.name == name)
}

fn list(items: &[Item], book: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, text) in book {
        let title = text.lines().next().unwrap_or_default().trim_start_matches(['#', ' ']);
        let _ = writeln!(out, "{:<32} {title}", format!("book/{name}"));
    }
    for item in items {
        let name = format!("{} {}", item.word.text(), item.name);
        let _ = writeln!(out, "{}", format!("{name:<32} {}", item.summary()).trim_end());
    }
    out
}
