//! InfraFlux: the language in which platform teams describe their Kubernetes platforms.
//!
//! # Direction
//!
//! A room may use only rooms with a smaller number; those of one number do not see one another.
//! The tests hold this table against every `use`.
//!
//! ```text
//!  0  source
//!  1  diag
//!  2  syntax, embedded, kubernetes, machines, charts
//!  3  resolve, metrics, argocd, gatekeeper
//!  4  types
//!  5  eval
//!  6  model
//!  7  graph, order, network, limits, rbac
//!  8  prove, lint, backend
//!  9  emit, runbook, admission
//! 10  driver
//! 11  plan, import, ide, doc, book, host, report (sees 0-1)
//! 12  lsp
//! 13  cli
//! ```

// The parser that pest derives without its `std` feature names it.
extern crate alloc;

pub mod source;
pub mod diag;
pub mod syntax;
pub mod embedded;
pub mod kubernetes;
pub mod machines;
pub mod charts;
pub mod resolve;
pub mod metrics;
pub mod argocd;
pub mod gatekeeper;
pub mod types;
pub mod eval;
pub mod model;
pub mod graph;
pub mod order;
pub mod network;
pub mod limits;
pub mod rbac;
pub mod prove;
pub mod lint;
pub mod backend;
pub mod emit;
pub mod runbook;
pub mod admission;
pub mod driver;
pub mod doc;
pub mod book;
pub mod import;
pub mod ide;
pub mod host;
pub mod report;
pub mod lsp;
pub mod cli;
