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
    field: &str,
    [at, limit, retention]: [Span; 3],
) -> Diagnostic {
    let title = format!("{count} backups of {size} are {all}, and the bucket may hold {budget}");
    Diagnostic::error(BUDGET, title, at, "not enough for what is kept")
        .because(limit, format!("a backup may be {size} large"))
        .because(retention, format!("{count} are kept at once"))
        .help(format!("keep them for a shorter time, raise the budget, or lower `{field}`"))
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

/// Nobody who would make a backup.
pub(crate) const NO_OPERATOR: Code = Code::new("backup/no-operator");

/// Span: the name of the backup.
pub(in crate::prove) fn no_operator((called, cluster): (&str, Sym), at: Span) -> Diagnostic {
    let title = format!("`{cluster}` has no {called}, which makes this backup");
    Diagnostic::error(NO_OPERATOR, title, at, "is read by nobody there").help(format!(
        "`addon {} : {called} {{ namespace = .. }}`, or an `external addon` with its chart where something else installs it",
        called.to_lowercase()
    ))
}

/// Spans: the namespace of the backup, and that of the addon.
pub(in crate::prove) fn other_namespace(
    (called, runs): (&str, Sym),
    [at, there]: [Span; 2],
) -> Diagnostic {
    let title = format!("{called} does not look there for what it should save");
    Diagnostic::error(NO_OPERATOR, title, at, "is not its namespace")
        .because(there, format!("{called} runs in `{runs}`, and reads what stands there"))
        .suggest(at, Some(runs.as_str()))
}

/// A chart of Velero without what a backup needs.
pub(crate) const VELERO_VALUES: Code = Code::new("backup/velero-values");

/// Spans: the value, or the addon where it says nothing; what asks for it.
pub(in crate::prove) fn velero_values(
    (key, why): (&str, &str),
    [at, asks]: [Span; 2],
) -> Diagnostic {
    let title = format!("Velero could not make this backup: its value `{key}`");
    Diagnostic::error(VELERO_VALUES, title, at, why.to_owned())
        .because(asks, "this backup needs it")
        .help("the preset `Velero` of the library sets it (`import std.packs.{Velero}`)")
}

/// Spans: the level of the namespace, and what the backup says of volumes.
pub(in crate::prove) fn node_agent(
    (namespace, level): (Sym, Sym),
    [at, volumes]: [Span; 2],
) -> Diagnostic {
    let title = format!("`{namespace}` would refuse the node agent of Velero");
    Diagnostic::error(POD_SECURITY, title, at, format!("`{level}` refuses `hostPath`"))
        .because(volumes, "what is on volumes is read from the machine")
        .help(
            "`pod-security = \"privileged\"`, or `volumes = \"none\"` where only objects are saved",
        )
}

/// Credentials that cannot be written in another form.
pub(crate) const CREDENTIALS: Code = Code::new("backup/credentials");

/// Span: the key.
pub(in crate::prove) fn credentials((called, field): (&str, &str), at: Span) -> Diagnostic {
    let title = format!("{called} reads credentials in a form of its own");
    Diagnostic::error(CREDENTIALS, title, at, "is not known where the values are kept")
        .help(format!("let both keys be of one `secret` block with a store, which stands on the same clusters; or make that form yourself, and name it: `{field}`"))
}

/// A bucket of Amazon without its region.
pub(crate) const REGION: Code = Code::new("backup/region");

/// Span: the bucket.
pub(in crate::prove) fn region(called: &str, at: Span) -> Diagnostic {
    let title = format!("{called} is not told where the bucket is");
    Diagnostic::error(REGION, title, at, "has neither a `region` nor an `endpoint`")
        .help("`region = \"eu-central-1\"` for a bucket of Amazon, `endpoint = \"https://..\"` for any other")
}

/// Two places for the backups of one Longhorn.
pub(crate) const TWO_TARGETS: Code = Code::new("backup/two-targets");

/// Spans: the bucket, and the other block's.
pub(in crate::prove) fn two_targets(other: Sym, [at, first]: [Span; 2]) -> Diagnostic {
    let title = "Longhorn has one place for its backups".to_owned();
    Diagnostic::error(TWO_TARGETS, title, at, format!("is another place than that of `{other}`"))
        .because(first, "goes here")
        .help("let both have the same `target`: their jobs and groups may differ")
}

/// Spans: the retention, the schedule.
pub(in crate::prove) fn longhorn_keeps(
    (kept, most): (i64, i64),
    [at, schedule]: [Span; 2],
) -> Diagnostic {
    let title =
        format!("Longhorn keeps {most} backups of a volume at most, and {kept} are asked for");
    Diagnostic::error(RETENTION, title, at, "is longer than it keeps them")
        .because(schedule, "by this schedule")
        .help("save less often, keep for a shorter time, or save with Velero what is to be kept for long")
}

/// A clock that nobody can be told of.
pub(crate) const CLOCK: Code = Code::new("backup/clock");

/// Span: the time zone.
pub(in crate::prove) fn clock(at: Span) -> Diagnostic {
    let title = "Longhorn runs its jobs by the clock of UTC".to_owned();
    Diagnostic::error(CLOCK, title, at, "is nothing that it can be told")
        .help("write the schedule in UTC, and leave `time-zone` out")
}

/// Storage that is not told how to make snapshots.
pub(crate) const NO_SNAPSHOT_CLASS: Code = Code::new("backup/no-snapshot-class");

/// Span: what is said of volumes.
pub(in crate::prove) fn no_snapshot_class(cluster: Sym, at: Span) -> Diagnostic {
    let title = format!("`{cluster}` has no VolumeSnapshotClass that Velero uses");
    Diagnostic::error(NO_SNAPSHOT_CLASS, title, at, "needs one for each driver")
        .help("a `manifest` with `kind = \"VolumeSnapshotClass\"`, the storage's `driver`, and the label `velero.io/csi-volumesnapshot-class = \"true\"`; or `volumes = \"file-system\"`")
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
