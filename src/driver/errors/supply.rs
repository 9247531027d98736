//! What is said of images and their digests.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// A line of `images.lock` that cannot be meant.
pub(crate) const LOCK_ENTRY: Code = Code::new("supply/lock-entry");

/// Span: the line.
pub(crate) fn lock_entry(why: &str, at: Span) -> Diagnostic {
    Diagnostic::error(LOCK_ENTRY, "a line of `images.lock` that says nothing", at, why.to_owned())
        .help("`iflux lock-images --merge` writes the file: a line an image, `IMAGE DIGEST`")
}

/// An image that is locked twice.
pub(crate) const LOCKED_TWICE: Code = Code::new("supply/locked-twice");

/// Spans: the second line, the first.
pub(crate) fn locked_twice(image: &str, [at, first]: [Span; 2]) -> Diagnostic {
    Diagnostic::error(LOCKED_TWICE, format!("`{image}` is locked twice"), at, "again")
        .because(first, "locked here first")
        .help("leave one line: two names of one image are one image, `nginx` and `docker.io/library/nginx:latest`")
}

/// A line of `images.lock` for an image that nothing runs.
pub(crate) const LOCK_UNUSED: Code = Code::new("supply/lock-unused");

/// Span: the line.
pub(crate) fn lock_unused(image: &str, near: Option<&str>, at: Span) -> Diagnostic {
    let found = Diagnostic::warning(
        LOCK_UNUSED,
        format!("nothing runs `{image}`, which is locked"),
        at,
        "locks nothing",
    );
    let found = match near {
        Some(near) => found.help(format!("`{near}` is run")),
        None => found,
    };
    found.help("`iflux lock-images --merge /dev/null` leaves out what nothing runs")
}

/// An image of which two digests are said.
pub(crate) const OTHER_DIGEST: Code = Code::new("supply/other-digest");

/// Spans: the image in the program, its line in the lock.
pub(crate) fn other_digest(
    image: &str,
    (said, locked): (&str, &str),
    at: Span,
    line: Option<Span>,
) -> Diagnostic {
    let short = |digest: &str| digest.get(..19).unwrap_or(digest).to_owned();
    let title = format!("`{image}` is two images");
    let found = Diagnostic::error(OTHER_DIGEST, title, at, format!("is `{}..` here", short(said)));
    let found = match line {
        Some(line) => found.because(line, format!("is `{}..` here", short(locked))),
        None => found,
    };
    found.help("a tag was moved between the two: leave the digest out of the program, or take the line out of `images.lock`")
}

/// An image of which nobody says which bytes it is.
pub(crate) const UNLOCKED: Code = Code::new("supply/unlocked");

/// Span: the image.
pub(crate) fn unlocked(image: &str, at: Span) -> Diagnostic {
    let title = format!("nobody says which bytes `{image}` is");
    Diagnostic::error(UNLOCKED, title, at, "has no digest, and is not locked")
        .help("`platform.images` is `\"locked\"`: a registry may give the tag to another image at any time")
        .help("`iflux lock-images | while read -r image; do echo \"$image $(crane digest \"$image\")\"; done | iflux lock-images --merge -`")
}
