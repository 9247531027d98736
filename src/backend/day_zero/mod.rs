//! What a new cluster needs before anything else can run there: the pods' network.
//!
//! * **Takes** the `cni` of clusters, and the platform's hub.
//! * **Gives** `<hub>/cni/<set>.yaml`: a ClusterResourceSet with its ConfigMaps, one file a distinct set of manifests; for Talos a
//!   piece of the machines' configuration.
//! * **Owns** the label by which a Cluster picks its set, and how files are divided over ConfigMaps.
//! * **Never** reads what the manifests mean, beyond that each document is an object.
//! * **Read first** this file.

mod digest;

use super::k8s::{Fields, IntoNode, Metadata, labels, list, object, text};
use super::{Backend, Document, Job, Makes, Manifest, Node, Output};
use crate::embedded::{MOST_OF_CONFIG_MAP, read_objects};
use crate::eval::Origin;
use crate::model::{Cluster, Cni, Manifests, Model, Of, Os, Resource};
use crate::source::Sym;

/// The label of a Cluster that says which set of manifests it gets.
pub(super) const CNI_LABEL: &str = "infraflux.dev/cni";

const ADDONS: &str = "addons.cluster.x-k8s.io/v1beta2";

/// The backend.
pub(super) struct DayZero;

impl Backend for DayZero {
    fn name(&self) -> &'static str {
        "day-zero"
    }

    fn makes(&self) -> &'static [Makes] {
        const FILE: &str = "<hub>/cni/<set>.yaml";
        &[
            Makes {
                kind: "cluster",
                object: "addons.cluster.x-k8s.io/v1beta2 ClusterResourceSet",
                name: "cni-<set>",
                file: FILE,
                about: "What Cluster API applies to new clusters with this `cni`, one a distinct set of manifests; its name ends in a digest.",
            },
            Makes {
                kind: "cluster",
                object: "v1 ConfigMap",
                name: "cni-<set>-<number>",
                file: FILE,
                about: "The manifests, at most 1 MiB in each.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let Some(platform) = model.platforms.first() else { return Vec::new() };
        let hub = platform.value.hub.value;
        let namespace = platform.value.cluster_namespace.map_or_else(
            || {
                let rule =
                    "without a `cluster-namespace` the Cluster API objects live in `default`";
                Of::new(Sym::new("default"), Origin::rule(rule))
            },
            |it| Of::new(it.value.name, it.origin),
        );
        let mut seen: Vec<String> = Vec::new();
        let mut jobs: Vec<Job<'a>> = Vec::new();
        for resource in &model.clusters {
            let Some(manifests) = manifests(&resource.value) else { continue };
            let set = digest::name(&manifests.files);
            if seen.contains(&set) {
                continue;
            }
            seen.push(set.clone());
            jobs.push(Box::new(move || Output {
                clusters: vec![hub],
                document: document(model, resource, manifests, &set, namespace),
            }));
        }
        jobs
    }
}

/// The manifests that Cluster API applies to a cluster.
const fn manifests<'c, 'a>(cluster: &'c Cluster<'a>) -> Option<&'c Manifests<'a>> {
    match &cluster.cni {
        Some(Cni::Manifests(manifests)) => Some(manifests),
        Some(Cni::Talos(_)) | None => None,
    }
}

/// The value of [`CNI_LABEL`] on a cluster's Cluster object; none where Cluster API applies nothing.
pub(super) fn cni_set<'a>(cluster: &Cluster<'a>) -> Option<Node<'a>> {
    let rule = Origin::rule("the label by which a Cluster picks the manifests of its `cni`");
    manifests(cluster).map(|manifests| text(digest::name(&manifests.files), rule))
}

/// What `cluster.network.cni` of the machines' configuration says where Talos makes the nodes; none where Talos' own default, Flannel,
/// may stay.
pub(super) fn talos_cni<'a>(cluster: &Cluster<'a>) -> Option<Fields<'a>> {
    let Os::Talos(_) = &cluster.os else { return None };
    let name = |name: &'static str, rule: &'static str| {
        Fields::new().with("name", text(name, Origin::rule(rule)))
    };
    Some(match cluster.cni.as_ref()? {
        Cni::Manifests(_) => name("none", "Cluster API applies the manifests of `cni`"),
        Cni::Talos(talos) if talos.urls.is_empty() => {
            name("flannel", "`TalosCni` without `urls` is the Flannel that Talos brings")
        }
        Cni::Talos(talos) => name("custom", "`urls` name what Talos downloads")
            .with("urls", list(talos.urls.iter().copied())),
    })
}

fn document<'a>(
    model: &Model<'a>,
    resource: &Resource<'a, Cluster<'a>>,
    manifests: &Manifests<'a>,
    set: &str,
    namespace: Of<Sym>,
) -> Document<'a> {
    let rule = Origin::rule("named after the files, and a digest of what they hold");
    let metadata =
        |name: &str| Metadata::new(text(name.to_owned(), rule), labels(model)).namespace(namespace);
    let name = format!("cni-{set}");
    let mut objects: Vec<Manifest<'a>> = Vec::new();
    let mut references = Vec::new();
    for (file, content) in &manifests.files {
        for part in parts(content.value) {
            let map = format!("{name}-{}", objects.len() + 1);
            let data = Fields::new().with(format!("{file}.yaml"), text(part, content.origin));
            let mut config_map = object("v1", "ConfigMap", metadata(&map), None);
            if let Node::Map(entries) = &mut config_map.root {
                entries.push(("data".into(), data.into_node()));
            }
            objects.push(config_map);
            let reference =
                Fields::new().with("kind", text("ConfigMap", rule)).with("name", text(map, rule));
            references.push(reference);
        }
    }
    let selected = Fields::new().with(CNI_LABEL, text(set.to_owned(), rule));
    // With `ApplyOnce`, an object that a cluster has already would stay as it is, whatever the files say now.
    let again = Origin::rule("what changes in the manifests reaches clusters that exist");
    let spec = Fields::new()
        .with("clusterSelector", Fields::new().with("matchLabels", selected))
        .with("resources", list(references))
        .with("strategy", text("Reconcile", again));
    objects.push(object(ADDONS, "ClusterResourceSet", metadata(&name), Some(spec)));
    Document {
        path: format!("cni/{set}.yaml"),
        source: resource.source.into(),
        address: resource.address().to_string().into(),
        manifests: objects,
    }
}

/// A file's documents, as many together as a ConfigMap takes.
fn parts(file: &str) -> Vec<String> {
    const BETWEEN: &str = "---\n";
    let mut parts: Vec<String> = Vec::new();
    for document in read_objects(file).0 {
        let room = BETWEEN.len() + document.text.len() + 1;
        match parts.last_mut().filter(|part| part.len() + room <= MOST_OF_CONFIG_MAP) {
            Some(part) => part.push_str(BETWEEN),
            None => parts.push(String::new()),
        }
        let Some(part) = parts.last_mut() else { continue };
        part.push_str(document.text);
        if !part.ends_with('\n') {
            part.push('\n');
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{DayZero, parts, talos_cni};
    use crate::backend::fixture::{self, of};
    use crate::backend::{Backend, k8s::IntoNode};
    use crate::embedded::MOST_OF_CONFIG_MAP;
    use crate::model::{Cni, Manifests, Os, Talos, TalosCni};
    use crate::source::Sym;

    fn map(name: &str, bytes: usize) -> String {
        let data = "x".repeat(bytes);
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: {data}\n")
    }

    #[test]
    fn documents_share_config_maps_up_to_the_limit() {
        let (small, large) = (map("small", 10), map("large", MOST_OF_CONFIG_MAP / 2));
        assert_eq!(
            parts(&format!("---\n{small}---\n# no more\n---\n{small}")),
            [format!("{small}---\n{small}")]
        );
        let split = parts(&format!("{large}---\n{small}---\n{large}"));
        assert_eq!(split, [format!("{large}---\n{small}"), large.clone()]);
        assert!(split.iter().all(|part| part.len() <= MOST_OF_CONFIG_MAP));
        assert_eq!(parts(small.trim_end()), [small]);
    }

    #[test]
    fn clusters_with_the_same_manifests_share_a_set() {
        let mut model = fixture::model();
        let text = map("cni", 3);
        let file = |text| vec![(Sym::new("flannel"), of(text))];
        for (cluster, text) in model.clusters.iter_mut().zip([text.as_str(); 3]) {
            cluster.value.cni = Some(Cni::Manifests(Manifests { files: file(text) }));
        }
        let shown = fixture::lowered(&DayZero, &model);
        insta::assert_snapshot!(shown);
        let other = map("cni", 4);
        model.clusters[0].value.cni = Some(Cni::Manifests(Manifests { files: file(&other) }));
        assert_eq!(DayZero.lower(&model).len(), 3);
    }

    #[test]
    fn talos_says_whose_network_it_is() {
        let mut cluster = fixture::model().clusters[0].value.clone();
        let urls = vec![of("https://cdn.acme.example/cilium.yaml")];
        let said = |cluster: &_| {
            talos_cni(cluster).map(|fields| fixture::json(&fields.into_node()).to_string())
        };
        cluster.cni = Some(Cni::Talos(TalosCni { urls: Vec::new() }));
        assert_eq!(said(&cluster), None, "no Talos");
        cluster.os = Os::Talos(Talos {
            version: of("v1.11.5"),
            patches: Vec::new(),
            control_plane_patches: Vec::new(),
            worker_patches: Vec::new(),
            cluster_class: of(false),
            unreleased_provider: of(false),
        });
        assert_eq!(said(&cluster).as_deref(), Some(r#"{"name":"flannel"}"#));
        cluster.cni = Some(Cni::Talos(TalosCni { urls }));
        let custom = r#"{"name":"custom","urls":["https://cdn.acme.example/cilium.yaml"]}"#;
        assert_eq!(said(&cluster).as_deref(), Some(custom));
        cluster.cni = Some(Cni::Manifests(Manifests { files: Vec::new() }));
        assert_eq!(said(&cluster).as_deref(), Some(r#"{"name":"none"}"#));
        cluster.cni = None;
        assert_eq!(said(&cluster), None);
    }
}
