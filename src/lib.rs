//! InfraFlux: the language in which platform teams describe their Kubernetes platforms.

pub mod backend;
pub mod diag;
pub mod eval;
pub mod model;
pub mod source;
pub mod syntax;
