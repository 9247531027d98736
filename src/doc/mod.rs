//! The reference of what a program and the library declare, from their `///` docs.
//!
//! * **Takes** a [`Session`](crate::driver::Session).
//! * **Gives** [`reference`]: every [`Item`] as plain data; [`page`], [`markdown`] and [`html`]: its pages.
//! * **Owns** what a page of the reference looks like, and the search in it.
//! * **Never** writes a file; never lets a page ask another server for anything.
//! * **Read first** `item.rs`, then `page.rs`.

mod collect;
mod html;
mod item;
mod page;

pub use collect::reference;
pub use html::html;
pub use item::{Child, Declared, Field, Item, Owner, Word};
pub use page::{markdown, page};
