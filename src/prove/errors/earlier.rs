//! What is said of clusters that cannot become what they are said to be.

use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Sym};

/// What an earlier build said, and where.
#[derive(Clone, Debug)]
pub(crate) struct Was {
    /// The file.
    pub(crate) path: String,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The revision; none for the output as it lies there.
    pub(crate) revision: Option<String>,
    /// What stands there.
    pub(crate) text: String,
}

impl Was {
    /// `out/mgmt/clusters/dev.yaml:32 at HEAD: v1.33.2`.
    fn shown(&self) -> String {
        let at =
            self.revision.as_ref().map(|revision| format!(" at {revision}")).unwrap_or_default();
        format!("{}:{}{at}: {}", self.path, self.line, self.text)
    }

    /// What to do if that was never applied.
    fn way_out(&self) -> String {
        if self.revision.is_some() {
            "where that was never applied, `--since REV` compares with another revision".to_owned()
        } else {
            format!("where that was never applied, remove `{}`", self.path)
        }
    }
}

/// A jump over a minor.
pub(crate) const TWO_MINORS: Code = Code::new("cluster/two-minors");

pub(crate) fn two_minors(
    cluster: Sym,
    version: &str,
    (major, minor): (u64, u64),
    was: &Was,
    at: Span,
) -> Diagnostic {
    let title = format!("`cluster.{cluster}` cannot go from Kubernetes {} to {version}", was.text);
    let next = format!("v{major}.{minor}.0");
    Diagnostic::error(TWO_MINORS, title, at, format!("more than one minor after {}", was.text))
        .help(was.shown())
        .help(format!(
            "Cluster API refuses a step of more than one minor: first any v{major}.{minor}, and the next when all machines have it"
        ))
        .help(was.way_out())
        .fix(format!("write `\"{next}\"`, or a later patch of it"), at, format!("\"{next}\""), false)
}

/// An older version than the cluster has.
pub(crate) const DOWNGRADE: Code = Code::new("cluster/downgrade");

pub(crate) fn downgrade(cluster: Sym, version: &str, was: &Was, at: Span) -> Diagnostic {
    let title =
        format!("`cluster.{cluster}` cannot go back from Kubernetes {} to {version}", was.text);
    Diagnostic::error(DOWNGRADE, title, at, format!("older than {}", was.text))
        .help(was.shown())
        .help("etcd and its data know no way back: Cluster API refuses an older version")
        .help(was.way_out())
        .fix(format!("write `\"{}\"`", was.text), at, format!("\"{}\"", was.text), false)
}

/// Something that a live cluster cannot change.
pub(crate) const IMMUTABLE: Code = Code::new("cluster/immutable");

/// `here` is the cluster's name, where a value stands that nobody wrote.
pub(crate) fn immutable(
    cluster: Sym,
    field: &str,
    (new, old): (&str, &str),
    was: &Was,
    at: Span,
    here: Span,
) -> Diagnostic {
    let title = format!("`{field}` of `cluster.{cluster}` cannot change while the cluster lives");
    let label = if at == here { format!("`{field}` is {new} now") } else { format!("was {old}") };
    let reason = match field {
        "endpoint" => {
            "every certificate and every kubeconfig of the cluster names it, and Cluster API takes no other"
        }
        "network.domain" => {
            "certificates, the DNS server and every pod's resolver were made for it"
        }
        _ => "nodes, the API server and running pods have addresses of it",
    };
    let leaf = field.rsplit('.').next().unwrap_or(field);
    let found = Diagnostic::error(IMMUTABLE, title, at, label)
        .help(was.shown())
        .help(reason)
        .help("a cluster of another name beside it, to which workloads move, is the way to another one")
        .help(was.way_out());
    if at == here {
        found.help(format!("as it was: `{leaf} = \"{old}\"`"))
    } else {
        found.fix(format!("write `\"{old}\"`"), at, format!("\"{old}\""), false)
    }
}

pub(crate) fn made_of(cluster: Sym, has_class: bool, was: &Was, at: Span) -> Diagnostic {
    let title = if has_class {
        format!("`cluster.{cluster}` cannot get a ClusterClass while it lives")
    } else {
        format!("`cluster.{cluster}` cannot leave its ClusterClass while it lives")
    };
    let label =
        if has_class { "made of plain objects before" } else { "made of a ClusterClass before" };
    Diagnostic::error(IMMUTABLE, title, at, label)
        .help(was.shown())
        .help("the control planes of kubeadm and of Talos are different objects: a cluster of another name is the way")
        .help(was.way_out())
}
