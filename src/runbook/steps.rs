//! Commands that several runbooks give.

use super::components::{COMPONENTS, Component};
use super::facts::{ClusterFacts, DayZero};
use super::needs::{Credentials, placeholder};

/// What a Cluster's objects are called for `kubectl`.
pub(super) const CLUSTER: &str = "cluster.cluster.x-k8s.io";

/// How long the first machine may take.
pub(super) const PATIENCE: &str = "--timeout=30m";

/// What `kubectl` and `clusterctl` are given to reach the management cluster, and where the files of the build stand.
#[derive(Clone, Copy)]
pub(super) struct Place<'t> {
    /// ` --kubeconfig FILE`; empty where the environment says it.
    pub(super) config: &'t str,
    /// The folder of the build.
    pub(super) out: &'t str,
}

impl Place<'_> {
    pub(super) fn kubectl(self, rest: &str) -> String {
        format!("kubectl{} {rest}", self.config)
    }

    pub(super) fn clusterctl(self, rest: &str) -> String {
        format!("clusterctl {rest}{}", self.config)
    }

    /// Applies a file of the build.
    pub(super) fn apply(self, path: &str) -> String {
        self.kubectl(&format!("apply --server-side -f {}/{path}", self.out))
    }

    /// Waits for a condition of a Cluster.
    pub(super) fn wait(self, zero: &DayZero, cluster: &str, condition: &str) -> String {
        let namespace = &zero.namespace;
        self.kubectl(&format!(
            "wait --namespace {namespace} --for=condition={condition} {PATIENCE} {CLUSTER}/{cluster}"
        ))
    }

    /// Writes the kubeconfig of a cluster.
    pub(super) fn kubeconfig(self, zero: &DayZero, cluster: &str, file: &str) -> String {
        let command = format!("get kubeconfig {cluster} --namespace {}", zero.namespace);
        format!("{} > {file}", self.clusterctl(&command))
    }
}

/// The components that some clusters need, in the order of the table.
pub(super) fn components<'z>(
    clusters: impl IntoIterator<Item = &'z ClusterFacts>,
) -> Vec<&'static Component> {
    let wanted: Vec<&Component> =
        clusters.into_iter().flat_map(|cluster| cluster.components.iter().copied()).collect();
    COMPONENTS.iter().filter(|component| wanted.contains(component)).collect()
}

/// What the environment says to `clusterctl init`, and the command.
pub(super) fn init(place: Place<'_>, zero: &DayZero, clusters: &[&ClusterFacts]) -> Vec<String> {
    let mut lines = Vec::new();
    if clusters.iter().any(|cluster| cluster.has_class(&zero.files)) {
        lines.push("export CLUSTER_TOPOLOGY=true".to_owned());
    }
    let mut known: Vec<&str> = Vec::new();
    for variable in clusters.iter().flat_map(|cluster| &cluster.variables) {
        // Of two installations of a provider, its controller can have the credentials of one only.
        if !known.contains(&variable.name) {
            known.push(variable.name);
            lines.push(format!("export {}={}", variable.name, variable.value));
        }
    }
    let mut command = vec![place.clusterctl("init --wait-providers")];
    let components = components(clusters.iter().copied());
    command.extend(components.iter().map(|component| format!("  {}", component.option())));
    lines.push(command.join(" \\\n"));
    lines
}

/// Makes the namespace of the Cluster objects; nothing where it is there anyway.
pub(super) fn namespace(place: Place<'_>, zero: &DayZero) -> Option<String> {
    if zero.namespace == "default" {
        return None;
    }
    Some(match zero.namespace_file() {
        Some(file) => place.apply(&file.path),
        None => place.kubectl(&format!("create namespace {}", zero.namespace)),
    })
}

/// Whether `clusterctl move` can take credentials along: a Secret in the namespace that is moved.
pub(super) const fn moves(credentials: &Credentials) -> bool {
    matches!(credentials, Credentials::Secret { namespace: None, .. })
}

/// Makes the credentials that some clusters name and that are wanted, each once; with `later`, they are to move.
pub(super) fn credentials<'z>(
    zero: &DayZero,
    clusters: impl IntoIterator<Item = &'z ClusterFacts>,
    later: bool,
    wanted: impl Fn(&Credentials) -> bool,
) -> Vec<Vec<String>> {
    let mut seen: Vec<&Credentials> = Vec::new();
    for one in clusters.into_iter().flat_map(|cluster| &cluster.credentials) {
        if wanted(one) && !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen.into_iter().map(|one| made(zero, one, later && moves(one))).collect()
}

fn made(zero: &DayZero, credentials: &Credentials, labelled: bool) -> Vec<String> {
    match credentials {
        Credentials::Secret { name, namespace, keys } => {
            let namespace = namespace.unwrap_or(&zero.namespace);
            let mut command =
                vec![format!("kubectl create secret generic {name} --namespace {namespace}")];
            let literal = |(key, holds): &(String, &str)| {
                format!("  --from-literal={key}={}", placeholder(holds))
            };
            command.extend(keys.iter().map(literal));
            let mut lines = vec![command.join(" \\\n")];
            if labelled {
                // `clusterctl move` takes along what carries this label.
                lines.push(format!(
                    "kubectl label secret {name} --namespace {namespace} clusterctl.cluster.x-k8s.io/move="
                ));
            }
            lines
        }
        Credentials::Identity { kind, name, spec } => {
            let mut lines = vec![
                "kubectl apply --server-side -f - <<'EOF'".to_owned(),
                "apiVersion: infrastructure.cluster.x-k8s.io/v1beta2".to_owned(),
                format!("kind: {kind}"),
                "metadata:".to_owned(),
                format!("  name: {name}"),
                "spec:".to_owned(),
            ];
            lines.extend(spec.iter().map(|line| format!("  {line}")));
            lines.push("EOF".to_owned());
            lines
        }
    }
}

/// Applies the files of some clusters, each once: sets of manifests, then classes, then clusters.
pub(super) fn apply<'z>(
    place: Place<'_>,
    zero: &DayZero,
    clusters: impl IntoIterator<Item = &'z ClusterFacts>,
) -> Vec<String> {
    let mut paths: Vec<(usize, &str)> = Vec::new();
    for cluster in clusters {
        let files = zero.files_of(&cluster.name);
        let last = files.len();
        // The cluster itself comes after all that any cluster stands on.
        for (at, file) in (1..).zip(files) {
            paths.push((usize::from(at == last), &file.path));
        }
    }
    paths.sort_unstable();
    paths.dedup();
    let (before, own): (Vec<_>, Vec<_>) = paths.into_iter().partition(|(rank, _)| *rank == 0);
    // Sets and classes may come in any order among themselves; people read them in that of their folders.
    before.into_iter().chain(own).map(|(_, path)| place.apply(path)).collect()
}
