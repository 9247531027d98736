//! `iflux lock-images`: which bytes the tags of images stand for.

use std::path::PathBuf;

use clap::Args;

use crate::driver::{ProgramImage, Session, World as _};
use crate::embedded::{IMAGE_LOCK, ImageLock, LockFault};
use crate::host::{read_input, read_text, write_file};

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;
use super::errors::{images_unlocked, no_digest, unreadable_digests, write_failed};

/// List the images that nobody pins, and keep their digests in images.lock.
#[derive(Args, Debug)]
#[command(after_help = "\
No registry is asked: another tool says what a tag stands for today.

Examples:
  iflux lock-images                    the images without a digest, a line each
  iflux lock-images --all              all images, with the digests that are known
  iflux lock-images --merge digests    take over lines `IMAGE DIGEST`
  iflux lock-images --check            exit code 1 where the lock is not whole (for CI)

  iflux lock-images | while read -r image; do echo \"$image $(crane digest \"$image\")\"; done |
    iflux lock-images --merge -")]
pub(super) struct LockImages {
    /// A folder or a file of the project
    #[arg(long, default_value = ".", value_name = "PATH")]
    project: PathBuf,
    /// List all images
    #[arg(long)]
    all: bool,
    /// Take over digests from a file (`-`: standard input), and leave out what nothing runs
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    merge: Option<PathBuf>,
    /// Write nothing; exit code 1 where an image has no digest, or a line is for nothing
    #[arg(long, conflicts_with_all = ["all", "merge"])]
    check: bool,
}

impl LockImages {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let format = ReportFormat::Human;
        let world = match context.open(&self.project, format) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let mut session = Session::load(&world);
        if !context.has_program(&session, &self.project) {
            return Outcome::Misuse;
        }
        let Some(images) = session.program_images() else {
            context.report_session(&session, format, true);
            return Outcome::Errors;
        };
        let written = world.read(IMAGE_LOCK).ok();
        let known = written.as_deref().map(|text| ImageLock::read(text).0).unwrap_or_default();
        if let Some(from) = &self.merge {
            let shown = from.display().to_string();
            let text = if from.as_os_str() == "-" {
                read_input(&shown)
                    .map_err(|problem| format!("{:?}", problem.kind))
                    .and_then(|it| String::from_utf8(it).map_err(|_| "it is not UTF-8".to_owned()))
            } else {
                read_text(from).map_err(|error| error.to_string())
            };
            let text = match text {
                Ok(text) => text,
                Err(error) => {
                    context.complain(&[unreadable_digests(&shown, &error)]);
                    return Outcome::Misuse;
                }
            };
            let file = world.root().join(IMAGE_LOCK);
            return merge(context, &images, known, &text, &file);
        }
        let lacking: Vec<String> =
            images.iter().filter(|it| it.digest.is_none()).map(|it| it.image.clone()).collect();
        if self.check {
            let unused = known.entries.len() - used(&images, &known).entries.len();
            if lacking.is_empty() && unused == 0 {
                return Outcome::Clean;
            }
            context.complain(&[images_unlocked(&lacking, unused)]);
            return Outcome::Errors;
        }
        let mut out = String::new();
        for image in &images {
            match (&image.digest, self.all) {
                (None, _) => out.push_str(&format!("{}\n", image.image)),
                (Some(digest), true) => out.push_str(&format!("{} {digest}\n", image.image)),
                (Some(_), false) => {}
            }
        }
        context.say(out);
        Outcome::Clean
    }
}

/// The entries of a lock whose images are run without a digest of their own.
fn used(images: &[ProgramImage], lock: &ImageLock) -> ImageLock {
    let is_run = |full: &str| {
        images.iter().filter(|it| it.locked || it.digest.is_none()).any(|it| {
            crate::embedded::check_image(&it.image).is_ok_and(|it| it.normalised() == full)
        })
    };
    let entries = lock.entries.iter().filter(|(full, _)| is_run(full));
    ImageLock {
        file: None,
        entries: entries.map(|(full, entry)| (full.clone(), entry.clone())).collect(),
    }
}

fn merge(
    context: &Context,
    images: &[ProgramImage],
    known: ImageLock,
    text: &str,
    file: &std::path::Path,
) -> Outcome {
    let (new, faults) = ImageLock::read(text);
    if let Some(fault) = faults.first() {
        let (at, why) = match fault {
            LockFault::Unreadable(at, why) => (*at, why.clone()),
            LockFault::Twice(image, [at, _]) => (*at, format!("says `{image}` a second time")),
        };
        let before = text.get(..at.start as usize).unwrap_or("");
        context.complain(&[no_digest(before.matches('\n').count() + 1, &why)]);
        return Outcome::Misuse;
    }
    let mut all = known.clone();
    all.entries.extend(new.entries);
    let whole = used(images, &all);
    let count = |is_it: &dyn Fn(&str) -> bool| whole.entries.keys().filter(|it| is_it(it)).count();
    let added = count(&|it| !known.entries.contains_key(it));
    let changed = count(&|it| {
        let of = |lock: &ImageLock| lock.entries.get(it).map(|it| it.digest.clone());
        known.entries.contains_key(it) && of(&known) != of(&whole)
    });
    let dropped = known.entries.keys().filter(|it| !whole.entries.contains_key(*it)).count();
    if let Err(error) = write_file(file, whole.write().as_bytes()) {
        context.complain(&[write_failed(IMAGE_LOCK, &error.to_string())]);
        return Outcome::Misuse;
    }
    let still = images
        .iter()
        .filter(|it| it.digest.is_none())
        .filter(|it| whole.digest_of(&it.image).is_none())
        .count();
    let still =
        if still == 0 { String::new() } else { format!("; {still} still without a digest") };
    context
        .console
        .err(&format!("{IMAGE_LOCK}: {added} new, {changed} changed, {dropped} left out{still}\n"));
    Outcome::Clean
}
