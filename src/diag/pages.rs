//! The page of every code: what it means, a wrong program, the right one.

use include_dir::{Dir, include_dir};

static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/diag/pages");

/// An explain page.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// `<room>/<slug>`.
    pub code: &'static str,
    /// The Markdown text.
    pub text: &'static str,
}

/// The page of a code.
pub fn page(code: &str) -> Option<Page> {
    pages().find(|page| page.code == code)
}

/// Every page, by code.
pub fn pages() -> impl Iterator<Item = Page> {
    let mut all: Vec<Page> = PAGES
        .dirs()
        .flat_map(Dir::files)
        .filter_map(|file| {
            let code = file.path().to_str()?.strip_suffix(".md")?;
            Some(Page { code, text: file.contents_utf8()? })
        })
        .collect();
    all.sort_by_key(|page| page.code);
    all.into_iter()
}
