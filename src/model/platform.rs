//! The platform as a whole.

use super::{Map, Of, Ref};
use crate::source::Sym;

/// `kind Platform`.
#[derive(Clone, PartialEq, Debug)]
pub struct Platform<'a> {
    /// The block's own name.
    pub name: Of<Sym>,
    /// The domain below which the platform's hosts live.
    pub domain: Of<&'a str>,
    /// The cluster where Cluster API runs.
    pub hub: Of<Ref>,
    /// The hub's namespace that holds the Cluster API objects.
    pub cluster_namespace: Option<Of<Ref>>,
    /// Labels of every object that is written.
    pub common_labels: Map<Of<&'a str>>,
}
