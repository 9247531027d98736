//! InfraFlux: the language in which platform teams describe their Kubernetes platforms.

pub mod source;
pub mod diag;
pub mod syntax;
pub mod embedded;
pub mod resolve;
pub mod types;
pub mod eval;
pub mod model;
pub mod graph;
pub mod backend;
pub mod emit;
pub mod driver;
pub mod host;
pub mod report;
pub mod cli;
