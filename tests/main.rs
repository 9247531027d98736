//! All tests that are not at a file's foot, as one binary: the house first, then the rooms in the order of the pipeline.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and what it asks for in vain says so"
)]

// The parser that pest derives without its `std` feature names it.
extern crate alloc;

mod literate;
mod oracle;
mod runs;
mod tidy;
mod ui;

mod backup;
mod book;
mod appsets;
mod classes;
#[cfg(target_os = "linux")]
mod cli;
mod capacity;
mod corpus;
mod dashboards;
mod day_zero;
mod editors;
mod examples;
mod alertmanager;
mod emit;
#[cfg(unix)]
mod expiry;
mod gator;
mod generated;
mod laws;
mod lsp;
mod packs;
mod network;
mod pod_security;
mod port;
mod promtool;
mod prelude;
mod rbac;
mod promql;
mod templates;
mod tree;
mod why;
mod witnesses;
