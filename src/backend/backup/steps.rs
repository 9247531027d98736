//! The programs that backups and drills run, one after the other. None has a shell, but for the one that counts.

use std::fmt::Write as _;

use crate::model::{Etcd, Os, Quantity, Ref, S3};

/// Where a run keeps its snapshot.
pub const SNAPSHOT: &str = "/backup/etcd.db";

/// Where a drill keeps what it fetches and restores.
pub const RESTORE: &str = "/restore";

/// Where a drill restores to.
const DATA: &str = "/restore/data";

/// Where kubeadm keeps etcd's certificates.
pub const PKI: &str = "/etc/kubernetes/pki/etcd";

/// The certificates that a snapshot needs: kubeadm makes this pair to look after etcd, so that no run has the key of a server.
pub const CERTIFICATES: [(&str, &str); 3] = [
    ("etcd-ca", "ca.crt"),
    ("etcd-certificate", "healthcheck-client.crt"),
    ("etcd-key", "healthcheck-client.key"),
];

/// A key, and the one after its last: all of `/registry/`, in Base64, as etcd's API of JSON wants them.
const REGISTRY: [&str; 2] = ["L3JlZ2lzdHJ5Lw==", "L3JlZ2lzdHJ5MA=="];

/// A step of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The name of its container.
    pub name: &'static str,
    /// Which image it runs in.
    pub tool: Tool,
    /// The program, and what it is told.
    pub command: Vec<String>,
}

/// Images.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tool {
    /// etcd's programs.
    Etcd,
    /// restic.
    Restic,
    /// talosctl.
    Talosctl,
}

impl Step {
    /// Whether it reads or writes what steps hand on.
    pub fn hands_on(&self) -> bool {
        self.tool != Tool::Restic || matches!(self.name, "upload" | "fetch")
    }
}

fn step<'s>(name: &'static str, tool: Tool, words: impl IntoIterator<Item = &'s str>) -> Step {
    Step { name, tool, command: words.into_iter().map(str::to_owned).collect() }
}

/// The address of a cluster's repository: each cluster has one of its own.
pub fn repository(target: &S3<'_>, cluster: Ref) -> String {
    let host = match (target.endpoint, target.region) {
        (Some(endpoint), _) => endpoint.value.trim_end_matches('/').to_owned(),
        (None, Some(region)) => format!("https://s3.{}.amazonaws.com", region.value),
        (None, None) => "https://s3.amazonaws.com".to_owned(),
    };
    let mut address = format!("s3:{host}/{}", target.bucket.value);
    for part in target.prefix.value.split('/').filter(|it| !it.is_empty()) {
        let _ = write!(address, "/{part}");
    }
    let _ = write!(address, "/{}", cluster.name);
    address
}

/// How snapshots of a cluster are told from others.
fn of_cluster(cluster: Ref) -> [String; 2] {
    [format!("--host={}", cluster.name), "--tag=etcd".to_owned()]
}

fn restic<'s>(name: &'static str, words: impl IntoIterator<Item = &'s str>) -> Step {
    step(name, Tool::Restic, ["restic", "--no-cache"].into_iter().chain(words))
}

/// What makes the repository, once. It refuses where there is one: nothing else does, so that a bucket that somebody emptied is not
/// filled anew as if nothing had happened.
pub fn init() -> Step {
    restic("init", ["init"])
}

/// What a run does.
pub fn save(it: &Etcd<'_>, cluster: Ref, os: Option<&Os<'_>>) -> Vec<Step> {
    let first = if os.is_some_and(Os::is_talos) {
        let words = ["/talosctl", "--nodes=$(HOST_IP)", "etcd", "snapshot", SNAPSHOT];
        step("save", Tool::Talosctl, words)
    } else {
        let [ca, certificate, key] = CERTIFICATES.map(|(_, file)| file);
        let words = [
            "etcdctl".to_owned(),
            "--endpoints=https://127.0.0.1:2379".to_owned(),
            format!("--cacert={PKI}/{ca}"),
            format!("--cert={PKI}/{certificate}"),
            format!("--key={PKI}/{key}"),
            "--command-timeout=10m".to_owned(),
            "snapshot".to_owned(),
            "save".to_owned(),
            SNAPSHOT.to_owned(),
        ];
        step("save", Tool::Etcd, words.iter().map(String::as_str))
    };
    let [host, tag] = of_cluster(cluster);
    let within = format!("--keep-within={}d", days(it.base.retention.value));
    vec![
        first,
        verify(SNAPSHOT, "/backup/verified"),
        status(SNAPSHOT),
        // A run that was ended leaves its lock; only locks that are old are taken away.
        restic("unlock", ["unlock"]),
        restic("upload", ["backup", &host, &tag, SNAPSHOT]),
        // Counted from the newest: what is kept stays when no new one comes.
        restic("expire", ["forget", &host, &tag, "--group-by=host,tags", &within, "--prune"]),
        restic("check", ["check"]),
    ]
}

/// What compares a snapshot with its checksum. Only a restore does: `status` takes one that was changed for whole.
fn verify(snapshot: &str, into: &str) -> Step {
    let data = format!("--data-dir={into}");
    step("verify", Tool::Etcd, ["etcdutl", "snapshot", "restore", snapshot, &data])
}

/// What shows how much is in a snapshot.
fn status(snapshot: &str) -> Step {
    let words = ["etcdutl", "snapshot", "status", snapshot, "--write-out=json"];
    step("status", Tool::Etcd, words)
}

/// Whole days.
pub fn days(retention: Quantity<'_>) -> i64 {
    const DAY: i64 = 86_400_000;
    retention.amount / DAY
}

/// What fetches the newest snapshot of a cluster.
pub fn fetch(cluster: Ref) -> Step {
    let [host, tag] = of_cluster(cluster);
    restic("fetch", ["restore", "latest", &host, &tag, &format!("--target={RESTORE}")])
}

/// Where a fetched snapshot stands.
pub fn fetched() -> String {
    format!("{RESTORE}{SNAPSHOT}")
}

/// What a drill does before etcd runs.
pub fn before_etcd(cluster: Ref) -> Vec<Step> {
    let snapshot = fetched();
    vec![fetch(cluster), status(&snapshot), Step { name: "restore", ..verify(&snapshot, DATA) }]
}

/// etcd with what was restored, seen by its pod only.
pub fn etcd() -> Step {
    let data = format!("--data-dir={DATA}");
    let words = [
        "etcd",
        &data,
        "--listen-client-urls=http://127.0.0.1:2379",
        "--advertise-client-urls=http://127.0.0.1:2379",
        "--listen-peer-urls=http://127.0.0.1:2380",
    ];
    step("etcd", Tool::Etcd, words)
}

/// Whether that etcd answers.
pub fn healthy() -> Vec<String> {
    ["etcdctl", "--endpoints=http://127.0.0.1:2379", "endpoint", "health"].map(str::to_owned).into()
}

/// What counts the objects, and fails where there are too few. It asks etcd's API of JSON, since `etcdctl` cannot compare.
pub fn count(minimum: i64) -> Step {
    let [from, to] = REGISTRY;
    let asked = format!(r#"{{"key":"{from}","range_end":"{to}","count_only":true}}"#);
    let script = format!(
        "answer=$(wget -q -O - --header 'Content-Type: application/json' --post-data '{asked}' http://127.0.0.1:2379/v3/kv/range)\n\
         count=$(printf '%s' \"$answer\" | sed -n 's/.*\"count\":\"\\([0-9]*\\)\".*/\\1/p')\n\
         echo \"${{count:-0}} keys below /registry, and at least {minimum} are expected\"\n\
         test \"${{count:-0}}\" -ge {minimum}\n"
    );
    step("count", Tool::Restic, ["/bin/sh", "-euc", script.as_str()])
}
