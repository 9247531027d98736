//! What is said of versions that do not go together.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// A ClusterClass of Talos without a provider for it.
pub(crate) const TALOS_CLASS: Code = Code::new("cluster/talos-class");

pub(crate) fn talos_class(cluster: Sym, at: Span) -> Diagnostic {
    let title =
        format!("no released provider can make a ClusterClass of Talos for `cluster.{cluster}`");
    Diagnostic::error(TALOS_CLASS, title, at, "a ClusterClass of Talos")
        .help("a ClusterClass names a template of control planes, and the Talos control-plane provider (CACPPT, to its release 0.5.12) has no `TalosControlPlaneTemplate`")
        .help("without `cluster-class`, the cluster is made of plain objects, which every release understands")
        .help("if the hub runs a build that has the template, say so: `unreleased-provider = true`")
}

/// Talos where only kubeadm works.
pub(crate) const TALOS_ON_DOCKER: Code = Code::new("cluster/talos-on-docker");

pub(crate) fn talos_on_docker(cluster: Sym, at: Span) -> Diagnostic {
    let title = format!("`cluster.{cluster}` wants Talos on Docker");
    Diagnostic::error(TALOS_ON_DOCKER, title, at, "not on containers of `Docker`")
        .help("Cluster API's development provider runs kubeadm in the containers that it makes: leave out `os`, or take another provider")
}

/// Upgrades that wait for nobody.
pub(crate) const NOTHING_DEFERRED: Code = Code::new("cluster/nothing-deferred");

pub(crate) fn nothing_deferred((cluster, pool): (Sym, Sym), version: &str, at: Span) -> Diagnostic {
    let title = format!("the pool `{pool}` of `cluster.{cluster}` has no upgrades to defer");
    Diagnostic::error(NOTHING_DEFERRED, title, at, "means nothing here")
        .help("a cluster of plain objects gives each pool the version that the program says")
        .help(format!("to hold the pool back, write its version: `kubernetes = \"{version}\"`"))
}

/// A version of Kubernetes that a version of Talos does not run.
pub(crate) const TALOS_KUBERNETES: Code = Code::new("cluster/talos-kubernetes");

/// `other`: the minor of the nearest Talos that runs it.
pub(crate) fn talos_kubernetes(
    cluster: Sym,
    kubernetes: &str,
    talos: &str,
    (first, last): (u64, u64),
    other: Option<u64>,
    at: Span,
    because: Span,
) -> Diagnostic {
    let title =
        format!("Talos {talos} does not run Kubernetes {kubernetes} in `cluster.{cluster}`");
    let found = Diagnostic::error(TALOS_KUBERNETES, title, at, "not supported there")
        .because(because, format!("runs Kubernetes 1.{first} to 1.{last}"));
    match other {
        Some(other) => found.help(format!("Talos 1.{other} runs it")),
        None => found,
    }
}

/// Nodes too far from their API server.
pub(crate) const SKEW: Code = Code::new("cluster/skew");

pub(crate) fn one_version(cluster: Sym, pool: Sym, at: Span) -> Diagnostic {
    let title =
        format!("the pool `{pool}` of `cluster.{cluster}` cannot have a version of its own");
    Diagnostic::error(SKEW, title, at, "another version than the cluster's")
        .help("with a ClusterClass, Cluster API gives all machines of a cluster one version")
        .help("`upgrades = \"defer\"` lets a pool wait with its old version until somebody removes it")
}

/// Spans: the pool's version, the cluster's.
pub(crate) fn skew(
    (cluster, pool): (Sym, Sym),
    version: &str,
    api: &str,
    newer: bool,
    oldest: u64,
    [at, because]: [Span; 2],
) -> Diagnostic {
    let how = if newer { "newer than its API server" } else { "too old for its API server" };
    let title = format!("the pool `{pool}` of `cluster.{cluster}` is {how}");
    let found = Diagnostic::error(SKEW, title, at, version);
    let found = found.because(because, format!("the API server: {api}"));
    if newer {
        found.help("nodes are never newer than their API server: first the cluster, then the pool")
    } else {
        found.help(format!(
            "nodes may be three minors older than their API server: v1.{oldest} is the oldest beside {api}"
        ))
    }
}
