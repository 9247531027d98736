//! What an earlier build says of clusters, from the files that it left.

use rayon::prelude::*;

use super::world::EarlierFiles;
use crate::embedded::outline;
use crate::prove::{Before, Earlier, Seen};

/// The longest file that is looked into, in bytes: those of clusters have some thousands.
const MOST_BYTES: usize = 4 << 20;

/// How the control plane of a cluster of plain objects is called, behind the cluster's name.
const CONTROL_PLANE: &str = "-control-plane";

/// Reads the files of an earlier build. What cannot be read is left out: of an output, nothing is promised.
pub(super) fn read(earlier: &EarlierFiles) -> Earlier {
    let found: Vec<(String, Before)> = earlier
        .files
        .par_iter()
        .filter(|(_, text)| text.len() <= MOST_BYTES)
        .flat_map_iter(|(path, text)| clusters(path, text))
        .collect();
    let mut clusters = rustc_hash::FxHashMap::default();
    for (name, before) in found {
        clusters.entry(name).or_insert(before);
    }
    Earlier { revision: earlier.revision.clone(), clusters }
}

/// An object of a file, as far as it matters.
#[derive(Default)]
struct Object {
    number: usize,
    group: String,
    kind: String,
    name: String,
    /// `spec.version`.
    version: Option<Seen>,
    before: Before,
    /// The variable of the ClusterClass at hand.
    variable: String,
}

fn clusters(path: &str, text: &str) -> Vec<(String, Before)> {
    let mut objects: Vec<Object> = Vec::new();
    outline(text, |number, keys, value, line| {
        if objects.last().is_none_or(|object| object.number != number) {
            objects.push(Object { number, ..Object::default() });
        }
        if let Some(object) = objects.last_mut() {
            object.take(keys, value, line);
        }
    });
    let (clusters, others): (Vec<Object>, Vec<Object>) = objects
        .into_iter()
        .partition(|object| object.kind == "Cluster" && object.group == "cluster.x-k8s.io");
    let found = clusters.into_iter().filter(|it| !it.name.is_empty()).map(|mut cluster| {
        cluster.before.path = path.to_owned();
        if cluster.before.version.is_none() {
            let its = others.iter().find(|it| {
                it.kind == "TalosControlPlane"
                    && (it.name == cluster.name
                        || it.name.strip_suffix(CONTROL_PLANE) == Some(&cluster.name))
            });
            cluster.before.version = its.and_then(|it| it.version.clone());
        }
        (cluster.name, cluster.before)
    });
    found.collect()
}

impl Object {
    fn take(&mut self, keys: &[&str], value: &str, line: u32) {
        let seen = || Some(Seen { text: value.to_owned(), line });
        match keys {
            ["apiVersion"] => {
                value.split('/').next().unwrap_or("").clone_into(&mut self.group);
            }
            ["kind"] => value.clone_into(&mut self.kind),
            ["metadata", "name"] => value.clone_into(&mut self.name),
            ["spec", "version"] => self.version = seen(),
            ["spec", "topology", "version"] => self.before.version = seen(),
            ["spec", "topology", "classRef", "name"] => self.before.class = seen(),
            ["spec", "controlPlaneRef", "name"] => self.before.control_plane = seen(),
            ["spec", "controlPlaneEndpoint", "host"] => self.before.endpoint = seen(),
            ["spec", "clusterNetwork", "serviceDomain"] => self.before.domain = seen(),
            ["spec", "clusterNetwork", "pods", "cidrBlocks", "-"] => self.before.pods = seen(),
            ["spec", "clusterNetwork", "services", "cidrBlocks", "-"] => {
                self.before.services = seen();
            }
            ["spec", "topology", "variables", "-", "name"] => value.clone_into(&mut self.variable),
            ["spec", "topology", "variables", "-", "value", "host"]
                if self.variable == "controlPlaneEndpoint" =>
            {
                self.before.endpoint = seen();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::driver::EarlierFiles;

    fn shown(text: &str) -> Vec<String> {
        let files = vec![("out/h/clusters/a.yaml".to_owned(), text.into())];
        let earlier = read(&EarlierFiles { revision: None, files });
        let mut lines: Vec<String> = earlier
            .clusters
            .iter()
            .map(|(name, it)| {
                let all =
                    [&it.version, &it.pods, &it.services, &it.domain, &it.endpoint, &it.class];
                let all = all.map(|seen| {
                    seen.as_ref().map_or("-".to_owned(), |it| format!("{}@{}", it.text, it.line))
                });
                format!("{name} {}", all.join(" "))
            })
            .collect();
        lines.sort_unstable();
        lines
    }

    #[test]
    fn what_a_cluster_was_is_read() {
        let topology = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: a\nspec:\n  clusterNetwork:\n    pods:\n      cidrBlocks:\n      - 10.244.0.0/16\n    services:\n      cidrBlocks: [\"10.96.0.0/12\"]\n    serviceDomain: cluster.local\n  topology:\n    classRef:\n      name: small\n    version: v1.33.2\n    variables:\n    - name: other\n      value:\n        host: x\n    - name: controlPlaneEndpoint\n      value:\n        host: \"10.0.0.1\"\n";
        assert_eq!(
            shown(topology),
            ["a v1.33.2@16 10.244.0.0/16@9 - cluster.local@12 10.0.0.1@23 small@15"]
        );
        let talos = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: b\nspec:\n  controlPlaneEndpoint:\n    host: fd00::1\n---\napiVersion: controlplane.cluster.x-k8s.io/v1alpha3\nkind: TalosControlPlane\nmetadata:\n  name: b-control-plane\nspec:\n  version: v1.34.1\n";
        assert_eq!(shown(talos), ["b v1.34.1@14 - - - fd00::1@7 -"]);
    }

    #[test]
    fn what_is_no_cluster_is_passed_over() {
        for text in [
            "",
            "{",
            "kind: Cluster",
            "apiVersion: x/v1\nkind: Cluster\nmetadata:\n  name: a",
            "\0",
            "- - -",
        ] {
            assert_eq!(shown(text), [] as [&str; 0], "{text:?}");
        }
    }
}
