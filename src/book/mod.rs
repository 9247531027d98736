//! The book: what the language means, and how the compiler is changed.
//!
//! * **Takes** nothing.
//! * **Gives** [`chapters`]: the Markdown of every chapter, in reading order.
//! * **Owns** the text; the tests run every program in it and hold its lists against the code.
//! * **Never** describes what does not work yet.
//! * **Read first** `tour.md`.

#![allow(
    rustdoc::invalid_codeblock_attributes,
    reason = "the chapters say in their own words which file a block is"
)]

#[doc = include_str!("tour.md")]
pub mod tour {}
#[doc = include_str!("language.md")]
pub mod language {}
#[doc = include_str!("layers.md")]
pub mod layers {}
#[doc = include_str!("reuse.md")]
pub mod reuse {}
#[doc = include_str!("clusters.md")]
pub mod clusters {}
#[doc = include_str!("monitoring.md")]
pub mod monitoring {}
#[doc = include_str!("gitops.md")]
pub mod gitops {}
#[doc = include_str!("apps.md")]
pub mod apps {}
#[doc = include_str!("security.md")]
pub mod security {}
#[doc = include_str!("backups.md")]
pub mod backups {}
#[doc = include_str!("objects.md")]
pub mod objects {}
#[doc = include_str!("day-zero.md")]
pub mod day_zero {}
#[doc = include_str!("tools.md")]
pub mod tools {}
#[doc = include_str!("lists.md")]
pub mod lists {}
#[doc = include_str!("adding.md")]
pub mod adding {}

/// A chapter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chapter {
    /// Its name: `tour`.
    pub name: &'static str,
    /// Its Markdown.
    pub text: &'static str,
}

/// The chapters in reading order.
pub fn chapters() -> impl Iterator<Item = Chapter> {
    [
        ("tour", include_str!("tour.md")),
        ("language", include_str!("language.md")),
        ("layers", include_str!("layers.md")),
        ("reuse", include_str!("reuse.md")),
        ("clusters", include_str!("clusters.md")),
        ("monitoring", include_str!("monitoring.md")),
        ("gitops", include_str!("gitops.md")),
        ("apps", include_str!("apps.md")),
        ("security", include_str!("security.md")),
        ("backups", include_str!("backups.md")),
        ("objects", include_str!("objects.md")),
        ("day-zero", include_str!("day-zero.md")),
        ("tools", include_str!("tools.md")),
        ("lists", include_str!("lists.md")),
        ("adding", include_str!("adding.md")),
    ]
    .into_iter()
    .map(|(name, text)| Chapter { name, text })
}
