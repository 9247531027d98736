//! InfraFlux: the language in which platform teams describe their Kubernetes platforms.

pub mod backend;
pub mod cli;
pub mod diag;
pub mod driver;
pub mod eval;
pub mod host;
pub mod report;
pub mod source;
pub mod syntax;
