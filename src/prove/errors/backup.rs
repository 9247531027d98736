//! What is said of backups.

use crate::diag::{Code, Diagnostic, Level};
use crate::source::{Span, Sym};

/// A schedule that leaves more between two runs than may be lost.
pub(crate) const RPO: Code = Code::new("backup/rpo");

/// Spans: the schedule, the promise.
pub(in crate::prove) fn rpo((gap, promised): (&str, &str), [at, promise]: [Span; 2]) -> Diagnostic {
    let title = format!("{gap} may lie between two backups, and {promised} are promised");
    Diagnostic::error(RPO, title, at, format!("leaves {gap} at most between two runs"))
        .because(promise, format!("promises that no more than {promised} are lost"))
        .help("run it more often, or promise what the schedule can keep: all years of the calendar are looked at")
}

/// Backups that are thrown out before the next one is there.
pub(crate) const RETENTION: Code = Code::new("backup/retention");

/// Spans: the retention, the schedule.
pub(in crate::prove) fn retention(
    (kept, gap): (&str, &str),
    [at, schedule]: [Span; 2],
) -> Diagnostic {
    let title = format!("a backup is kept for {kept}, and the next one may be {gap} away");
    Diagnostic::error(RETENTION, title, at, "ends before there is another one")
        .because(schedule, format!("leaves {gap} at most between two runs"))
        .help("keep several: a snapshot that is found to be of no use is followed by none that is older")
}

/// More than a bucket may hold.
pub(crate) const BUDGET: Code = Code::new("backup/budget");

/// Spans: the budget, the limit of a snapshot, the retention.
pub(in crate::prove) fn budget(
    (count, size, all, budget): (i64, &str, &str, &str),
    [at, limit, retention]: [Span; 3],
) -> Diagnostic {
    let title = format!("{count} snapshots of {size} are {all}, and the bucket may hold {budget}");
    Diagnostic::error(BUDGET, title, at, "not enough for what is kept")
        .because(limit, format!("a snapshot may be {size} large"))
        .because(retention, format!("{count} are kept at once"))
        .help("keep them for a shorter time, raise the budget, or lower `snapshot-limit`: a run whose snapshot is larger fails then")
}

/// A backup that is lost with what it is of.
pub(crate) const OWN_CLUSTER: Code = Code::new("backup/own-cluster");

/// How an endpoint is known to be part of a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::prove) enum Inside {
    /// It is the name of a Service.
    Service,
    /// It is an address of pods or Services.
    Range,
    /// It is an address of its machines.
    Machine,
    /// A block of the program answers there.
    Exposed,
}

/// Spans: the endpoint, and what says that it is inside.
pub(in crate::prove) fn own_cluster(
    (host, cluster): (&str, Sym),
    inside: Inside,
    [at, there]: [Span; 2],
) -> Diagnostic {
    let title = format!("the backups of `{cluster}` are kept in `{cluster}`");
    let why = match inside {
        Inside::Service => format!("`{host}` is a Service of the cluster itself"),
        Inside::Range => format!("`{host}` is an address within the cluster"),
        Inside::Machine => format!("`{host}` is a machine of the cluster"),
        Inside::Exposed => format!("`{host}` is served by the cluster itself"),
    };
    let found = Diagnostic::error(OWN_CLUSTER, title, at, why);
    let found = match inside {
        Inside::Service => found,
        Inside::Range => found.because(there, "its network"),
        Inside::Machine => found.because(there, "the cluster has it"),
        Inside::Exposed => found.because(there, "this serves it there"),
    };
    found.help("who loses the cluster loses these backups, too: keep them in a bucket of another cluster, or of a provider")
}

/// An endpoint that no pod reaches.
pub(crate) const ENDPOINT: Code = Code::new("backup/endpoint");

/// Span: the endpoint.
pub(in crate::prove) fn endpoint(host: &str, why: &str, at: Span) -> Diagnostic {
    let title = format!("no backup reaches `{host}`");
    Diagnostic::error(ENDPOINT, title, at, why).help(
        "the address of the bucket's API as pods of the cluster see it: `https://s3.acme.example`",
    )
}

/// A namespace that would refuse the pods.
pub(crate) const POD_SECURITY: Code = Code::new("backup/pod-security");

/// Spans: the namespace that the backup names, its level.
pub(in crate::prove) fn pod_security(
    (namespace, level, cluster): (Sym, Sym, Sym),
    [at, said]: [Span; 2],
) -> Diagnostic {
    let title = format!("`{namespace}` would refuse the pods that save `{cluster}`");
    Diagnostic::error(POD_SECURITY, title, at, "takes no pod in the network of its machine")
        .because(said, format!("`{level}` refuses `hostNetwork` and `hostPath`"))
        .help("where kubeadm makes the nodes, etcd and its certificates are reached from the machine only: give the backup a namespace of its own with `pod-security = \"privileged\"`")
}

/// An image that may become another one.
pub(crate) const IMAGE_MOVES: Code = Code::new("backup/image-moves");

/// Span: the image.
pub(in crate::prove) fn image_moves(image: &str, at: Span) -> Diagnostic {
    let title = format!("`{image}` may be another image tomorrow");
    Diagnostic::error(IMAGE_MOVES, title, at, "has no digest")
        .help("what reads all Secrets of a cluster is named by its digest: `etcd:v3.6.6@sha256:..`, as `docker buildx imagetools inspect` shows it")
}

/// An image that lacks the program that its step runs.
pub(crate) const IMAGE_TOOLS: Code = Code::new("backup/image-tools");

/// Span: the image.
pub(in crate::prove) fn image_tools(
    (image, lacks): (&str, &str),
    has: &str,
    at: Span,
) -> Diagnostic {
    let title = format!("`{image}` has no `{lacks}`");
    Diagnostic::error(IMAGE_TOOLS, title, at, "its step could not begin")
        .help(format!("this image holds {has}"))
}

/// A cluster of Talos without an image of `talosctl`.
pub(crate) const NO_TALOSCTL: Code = Code::new("backup/no-talosctl");

/// Spans: the name of the backup, the cluster's operating system.
pub(in crate::prove) fn no_talosctl(cluster: Sym, [at, os]: [Span; 2]) -> Diagnostic {
    let title = format!("nothing says which `talosctl` asks `{cluster}` for snapshots");
    Diagnostic::error(NO_TALOSCTL, title, at, "`talosctl-image` is not set")
        .because(os, format!("`{cluster}` runs Talos"))
        .help("an image of the version that the machines run, by its digest: `ghcr.io/siderolabs/talosctl:v1.11.2@sha256:..`")
}

/// A client that is not of the server's minor version.
pub(crate) const ETCD_VERSION: Code = Code::new("backup/etcd-version");

/// Spans: the image, the cluster's version of Kubernetes.
pub(in crate::prove) fn etcd_version(
    (found, wanted): (&str, &str),
    (cluster, kubernetes): (Sym, &str),
    [at, version]: [Span; 2],
) -> Diagnostic {
    let title =
        format!("the etcd of `{cluster}` is {wanted}, and its backup would be made by {found}");
    Diagnostic::error(ETCD_VERSION, title, at, format!("has etcd {found}"))
        .because(version, format!("Kubernetes {kubernetes} comes with etcd {wanted}"))
        .help(
            "snapshots are saved, compared and restored by programs of the server's minor version",
        )
}

/// A Secret that is not where the pods read it.
pub(crate) const SECRET: Code = Code::new("backup/secret");

/// Spans: the key, the Secret's block.
pub(in crate::prove) fn secret_elsewhere(
    (secret, cluster): (Sym, Sym),
    [at, block]: [Span; 2],
) -> Diagnostic {
    let title = format!("`{cluster}` has no Secret `{secret}`");
    Diagnostic::error(SECRET, title, at, "is read there by every run")
        .because(block, format!("not on `{cluster}`"))
        .help("a pod waits for its Secret until the run's time is over: let both stand on the same clusters")
}

/// Spans: the key, the Secret's block.
pub(in crate::prove) fn secret_without_key(
    (secret, key, known): (Sym, &str, &[String]),
    near: Option<&str>,
    [at, block]: [Span; 2],
) -> Diagnostic {
    let title = format!("the Secret `{secret}` has no key `{key}`");
    let keys: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
    Diagnostic::error(SECRET, title, at, "is read by every run")
        .because(block, format!("has {}", keys.join(", ")))
        .suggest(at, near)
}

/// Files: a pod that asks itself for etcd. Spans: the endpoint, the certificates.
pub(crate) fn asks_itself(who: &str, [at, certificates]: [Span; 2]) -> Diagnostic {
    let title = format!("{who} asks itself for etcd");
    Diagnostic::error(ENDPOINT, title, at, "is the pod, and not its machine")
        .because(certificates, "the certificates are those of the machine")
        .help("etcd listens in the network of its machine: `hostNetwork: true`, with `dnsPolicy: ClusterFirstWithHostNet`")
}

/// Files: snapshots of etcd on a volume of the cluster. Spans: the claim, the certificates.
pub(crate) fn own_volume(who: &str, [at, certificates]: [Span; 2]) -> Diagnostic {
    let title = format!("{who} saves etcd on a volume of the same cluster");
    let mut found = Diagnostic::error(OWN_CLUSTER, title, at, "is lost with the cluster")
        .because(certificates, "it holds the certificates of etcd")
        .help("without the API server nobody can mount the volume: bring snapshots to a bucket elsewhere, and keep them in an `emptyDir` until then");
    found.level = Level::Warning;
    found
}
