//! What the compiler has to say: diagnostics as plain data.
//!
//! * **Takes** spans and strings from every room.
//! * **Gives** [`Diagnostic`], [`Label`], [`Fix`], [`Code`], [`Level`], the [`Sink`], and [`nearest`] spellings.
//! * **Owns** the explain pages (`pages/<room>/<slug>.md`), and what is secret in texts ([`secrets`]).
//! * **Never** knows a type of another room, or how a report is drawn.
//! * **Read first** `diagnostic.rs`.

mod diagnostic;
mod pages;
pub mod secrets;
mod sink;
mod suggest;

pub use diagnostic::{Code, Diagnostic, Edit, Fix, Label, Level, USED_HERE};
pub use pages::{Page, page, pages};
pub use sink::Sink;
pub use suggest::{nearest, nearest_of};
