//! The commands that bring clusters of containers up on a laptop.

use super::components::{CORE, KIND, KIND_IMAGE, LAPTOP_NETWORK};
use super::facts::{ClusterFacts, DayZero, Network};
use super::steps::{Place, apply, init, namespace};

/// A shell script: it makes a management cluster beside the clusters, and leaves the user's own kubeconfig alone. `folder` holds their
/// files, as the shell reaches it.
pub fn local(zero: &DayZero, clusters: &[&ClusterFacts], folder: &str) -> String {
    let manager = format!("{}-local", zero.platform);
    let own = format!("{folder}/{manager}.kubeconfig");
    let config = format!(" --kubeconfig {own}");
    let place = Place { config: &config, out: folder };
    let names: Vec<&str> = clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    let mut lines = vec![
        format!(
            "# {} as containers. Needs Docker, kind from {KIND} on, kubectl, and clusterctl {}.",
            names.join(", "),
            CORE.version
        ),
        "# On Linux, many nodes need more watches than there are at first:".to_owned(),
        "#   sudo sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=8192"
            .to_owned(),
        "set -e".to_owned(),
        String::new(),
        "# A cluster that makes the others: it may talk to Docker.".to_owned(),
        format!(
            "kind create cluster --name {manager} --image {KIND_IMAGE} --kubeconfig {own} --wait 5m --config - <<'EOF'"
        ),
        "kind: Cluster".to_owned(),
        "apiVersion: kind.x-k8s.io/v1alpha4".to_owned(),
        "networking:".to_owned(),
        "  ipFamily: dual".to_owned(),
        "nodes:".to_owned(),
        "- role: control-plane".to_owned(),
        "  extraMounts:".to_owned(),
        "  - hostPath: /var/run/docker.sock".to_owned(),
        "    containerPath: /var/run/docker.sock".to_owned(),
        "EOF".to_owned(),
    ];
    let mut part = |title: &str, commands: Vec<String>| {
        if !commands.is_empty() {
            lines.extend([String::new(), format!("# {title}")]);
            lines.extend(commands);
        }
    };
    part("Cluster API, and its provider of containers.", init(place, zero, clusters));
    let mut images: Vec<String> =
        clusters.iter().filter_map(|cluster| cluster.machines.look.clone()).collect();
    images.sort();
    images.dedup();
    part(
        "The images of nodes. If there is none of a version: `kind build node-image v1.X.Y --image kindest/node:v1.X.Y`.",
        images,
    );
    part("The namespace of their objects.", namespace(place, zero).into_iter().collect());
    part("The clusters.", apply(place, zero, clusters.iter().copied()));
    for cluster in clusters {
        part(&format!("{}.", cluster.name), up(place, zero, cluster, folder));
    }
    let mut down: Vec<String> = vec![String::new(), "# To remove it all:".to_owned()];
    let delete = place.kubectl(&format!(
        "delete {} {} --namespace {}",
        super::steps::CLUSTER,
        names.join(" "),
        zero.namespace
    ));
    down.push(format!("#   {delete}"));
    down.push(format!("#   kind delete cluster --name {manager}"));
    lines.extend(down);
    lines.push(String::new());
    lines.join("\n")
}

fn up(place: Place<'_>, zero: &DayZero, cluster: &ClusterFacts, folder: &str) -> Vec<String> {
    let name = &cluster.name;
    let file = format!("{folder}/{name}.kubeconfig");
    let mut lines = vec![
        place.wait(zero, name, "ControlPlaneInitialized"),
        place.kubeconfig(zero, name, &file),
        format!("#   with Docker Desktop: kind get kubeconfig --name {name} > {file}"),
    ];
    match cluster.network {
        Network::Manifests | Network::Talos => {}
        Network::Nobody => {
            lines.push(format!("# It says no `cni`: that of Cluster API's quick start, which finds the pods' range {} itself.", cluster.pods));
            lines.push(format!(
                "kubectl --kubeconfig {file} apply --server-side -f {LAPTOP_NETWORK}"
            ));
        }
    }
    lines.push(format!(
        "kubectl --kubeconfig {file} wait --for=condition=Ready --timeout=10m node --all"
    ));
    lines.push(place.wait(zero, name, "Available"));
    lines
}
