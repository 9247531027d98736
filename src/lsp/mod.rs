//! The language server: what `ide` and `driver` know, said in the Language Server Protocol.
//!
//! * **Takes** a connection, and a folder for texts that editors open and that lie on no disk.
//! * **Gives** [`serve`].
//! * **Owns** every type and name of the protocol, positions as clients count them, the threads, and what happens when a newer text comes
//!   while an older one is looked at.
//! * **Never** decides what is found, completed or renamed: that is `ide`'s and the driver's.
//! * **Read first** `server.rs` (one thread that only hands on), then `analysis.rs` (a thread a project).

mod actions;
mod analysis;
mod capabilities;
mod client;
mod commands;
mod diagnostics;
mod documents;
mod formatting;
mod guard;
mod names;
mod outline;
mod overlay;
mod place;
mod positions;
mod projects;
mod pulled;
mod requests;
mod server;
mod texts;
mod tokens;
mod uris;

pub use server::{Ended, serve};
