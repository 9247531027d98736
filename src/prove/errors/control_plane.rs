//! What is said of control planes.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// An even number of etcd members.
pub(crate) const EVEN: Code = Code::new("cluster/even-control-plane");

pub(crate) fn even(cluster: Sym, replicas: i64, at: Span) -> Diagnostic {
    let (fewer, more) = (replicas - 1, replicas + 1);
    let survives = match fewer / 2 {
        0 => "no loss".to_owned(),
        1 => "the loss of one".to_owned(),
        lost => format!("the loss of {lost}"),
    };
    let as_well = if fewer == 1 { "1 does".to_owned() } else { format!("{fewer} do") };
    Diagnostic::error(
        EVEN,
        format!("`cluster.{cluster}` has {replicas} control-plane machines, which is an even number"),
        at,
        "even",
    )
    .help(format!(
        "each runs a member of etcd, and etcd decides by majority: {replicas} survive {survives}, as {as_well}"
    ))
    .help("Cluster API refuses an even number of machines that run etcd")
    .fix(format!("write `{fewer}`"), at, fewer.to_string(), false)
    .fix(format!("write `{more}`"), at, more.to_string(), false)
}

/// A machine that kubeadm refuses as a control plane.
pub(crate) const TOO_SMALL: Code = Code::new("cluster/too-small");

pub(crate) fn few_cores(cluster: Sym, cores: i64, fewest: i64, at: Span) -> Diagnostic {
    let have = if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
    let title =
        format!("the control-plane machines of `cluster.{cluster}` have too few cores for kubeadm");
    Diagnostic::error(TOO_SMALL, title, at, format!("{have}; kubeadm wants {fewest}"))
        .help("kubeadm looks at a machine before it makes a control plane of it (preflight check `NumCPU`)")
        .fix(format!("write `{fewest}`"), at, fewest.to_string(), false)
}

pub(crate) fn little_memory(cluster: Sym, written: &str, least: i64, at: Span) -> Diagnostic {
    let title = format!(
        "the control-plane machines of `cluster.{cluster}` have too little memory for kubeadm"
    );
    Diagnostic::error(TOO_SMALL, title, at, format!("{written}; kubeadm wants {least}Mi"))
        .help("kubeadm looks at a machine before it makes a control plane of it (preflight check `Mem`)")
        .help("the kernel keeps some of a machine's memory, so that it needs more than that")
        .fix("write `2Gi`", at, "2Gi", false)
}

/// Cores and mebibytes: those of the type, and those that kubeadm wants.
pub(crate) fn small_type(
    cluster: Sym,
    named: &str,
    (cores, memory): (i64, i64),
    (fewest, least): (i64, i64),
    at: Span,
) -> Diagnostic {
    let title = format!("`{named}` is too small for the control plane of `cluster.{cluster}`");
    let mut lacks = Vec::new();
    if cores < fewest {
        let have = if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
        lacks.push(format!("{have}; kubeadm wants {fewest}"));
    }
    if memory < least {
        lacks.push(format!("{memory}Mi of memory; kubeadm wants {least}Mi"));
    }
    Diagnostic::error(TOO_SMALL, title, at, lacks.join(", ")).help(
        "kubeadm looks at a machine before it makes a control plane of it (preflight checks `NumCPU` and `Mem`)",
    )
}
