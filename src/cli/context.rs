//! What every subcommand needs: the streams, and how reports look on them.

use std::cell::RefCell;
use std::path::Path;

use crate::diag::secrets::Secrets;
use crate::diag::{Diagnostic, Level};
use crate::driver::{EXTENSION, Session, diagnose};
use crate::host::{ColorWish, Console, DiskWorld};
use crate::report::{Format, Style, render, render_one};
use crate::source::Sources;

use super::Outcome;
use super::args::ReportFormat;
use super::errors::{no_program, unknown_revision};

/// The streams and wishes of one run.
pub(super) struct Context {
    pub(super) console: Console,
    accessible: bool,
    /// What is not shown of the program that is open.
    hidden: RefCell<Secrets>,
}

impl Context {
    pub(super) fn new(wish: ColorWish, accessible: bool) -> Self {
        Self { console: Console::new(wish), accessible, hidden: RefCell::default() }
    }

    /// Opens the project around a path; a path that is none is a misuse, and is reported.
    pub(super) fn open(&self, path: &Path, format: ReportFormat) -> Result<DiskWorld, Outcome> {
        DiskWorld::open(path).map_err(|problem| {
            let mut sources = Sources::new();
            let found = diagnose(&problem, None, &mut sources);
            self.report(&[found], &sources, format, 0, false);
            Outcome::Misuse
        })
    }

    /// Keeps the secrets of a program out of what is said of it from now on.
    pub(super) fn hide(&self, session: &mut Session) {
        session.check();
        *self.hidden.borrow_mut() = Secrets::of(session.sources(), &session.diagnostics());
    }

    /// A text for a file, without them.
    pub(super) fn masked(&self, text: &str) -> String {
        self.hidden.borrow().mask(text).into_owned()
    }

    /// Writes to standard output what is said of a program: without its secrets.
    pub(super) fn say(&self, text: impl AsRef<str>) {
        self.console.out(self.hidden.borrow().mask(text.as_ref()).as_ref());
    }

    /// Lets clusters be compared with a revision, where one is named.
    pub(super) fn compare_since(
        &self,
        world: &mut DiskWorld,
        rev: Option<&str>,
    ) -> Result<(), Outcome> {
        let Some(rev) = rev else { return Ok(()) };
        world.compare_since(rev).map_err(|why| {
            self.complain(&[unknown_revision(rev, &why)]);
            Outcome::Misuse
        })
    }

    /// Shows findings. Reports for people go to standard error, those for machines to standard
    /// output, unless that is taken by the command's own product.
    pub(super) fn report(
        &self,
        found: &[Diagnostic],
        sources: &Sources,
        format: ReportFormat,
        limit: usize,
        out_is_taken: bool,
    ) {
        let people = matches!(format, ReportFormat::Human | ReportFormat::Plain);
        let to_err = people || out_is_taken;
        let colour = if to_err { self.console.err_colour() } else { self.console.out_colour() };
        let style = Self::style(colour, limit);
        let format = Format::from(format);
        let spoken = self.accessible && format == Format::Human;
        let format = if spoken { Format::Accessible } else { format };
        let text = render(found, sources, format, style);
        let hidden = self.hidden.borrow();
        if to_err {
            self.console.err(&hidden.mask(&text));
        } else {
            self.console.out(hidden.mask(&text).as_ref());
        }
    }

    /// Shows findings that speak of no place, in the form for people.
    pub(super) fn complain(&self, found: &[Diagnostic]) {
        let format = if self.accessible { Format::Accessible } else { Format::Human };
        let (sources, style) = (Sources::new(), Self::style(self.console.err_colour(), 0));
        for found in found {
            self.console.err(&render_one(found, &sources, format, style));
        }
    }

    /// Whether there is a program at all, or a finding that says why it could not be read; complains if not.
    pub(super) fn has_program(&self, session: &Session, path: &Path) -> bool {
        let mut files = session.sources().iter().map(|(_, file)| file);
        let has = files.any(|file| !file.is_library() && file.name().ends_with(EXTENSION))
            || session.has_errors();
        if !has {
            self.complain(&[no_program(&path.display().to_string())]);
        }
        has
    }

    fn style(colour: bool, limit: usize) -> Style {
        Style { columns: Console::columns(), colour, unicode: Console::unicode(), limit }
    }

    /// Shows what a session found, and whether an error stands.
    pub(super) fn report_session(
        &self,
        session: &Session,
        format: ReportFormat,
        out_is_taken: bool,
    ) {
        self.report(&session.diagnostics(), session.sources(), format, 100, out_is_taken);
    }
}

/// What findings mean for the process.
pub(super) fn outcome(found: &[Diagnostic], deny_warnings: bool) -> Outcome {
    let bad = |level: Level| match level {
        Level::Error => true,
        Level::Warning => deny_warnings,
        Level::Hint => false,
    };
    if found.iter().any(|found| bad(found.level)) { Outcome::Errors } else { Outcome::Clean }
}
