//! Alertmanager: which routes take an alert.
//!
//! * **Takes** a [`Route`] and the [`Facts`] that are known of an alert's labels.
//! * **Gives** the routes that take it, as Alertmanager finds them; where a label decides that is not known, which.
//! * **Owns** matchers: how they are written, and what they match.
//! * **Never** knows a receiver: a route is known by its number.
//! * **Read first** `route.rs`.

mod matcher;
mod route;

pub use matcher::{Matcher, Op};
pub use route::{Facts, Route, Taken, Verdict};
