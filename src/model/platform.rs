//! The platform as a whole.

use super::{Map, Of, Ref, Tree};
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
    /// The Git repository that the output is committed to.
    pub repo: Option<Of<&'a str>>,
    /// Its branch or tag that Argo CD reads.
    pub revision: Of<&'a str>,
    /// The folder of the output in it.
    pub path: Of<&'a str>,
    /// Argo CD itself.
    pub argo_cd: ArgoCd<'a>,
    /// `any` or `locked`.
    pub images: Of<Sym>,
}

/// `schema ArgoCd`.
#[derive(Clone, PartialEq, Debug)]
pub struct ArgoCd<'a> {
    /// The namespace that it runs in.
    pub namespace: Of<Sym>,
    /// The version of the chart.
    pub version: Of<&'a str>,
    /// Where the chart comes from.
    pub repository: Of<&'a str>,
    /// Values of the chart.
    pub values: Tree<'a>,
}
