//! What objects say of a cluster: its namespaces, its pods, its policies.

use super::policy::{Policy, labels_of_namespace, policies};
use super::ports::Protocol;
use super::relation::{Pod, World};
use super::selector::Labels;
use crate::argocd::Tree;
use crate::kubernetes::pod_template;
use crate::source::Span;

/// A world, and where its parts are written.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// The world.
    pub world: World,
    /// What makes each pod, and where: `Deployment web`.
    pub makers: Vec<(String, Span)>,
}

/// Reads objects of one cluster. What they are not about is left out.
pub fn read<'t, T: Tree + 't>(objects: impl IntoIterator<Item = &'t T>) -> Scene {
    let mut scene = Scene::default();
    for object in objects {
        take(object, &mut scene);
    }
    scene
}

impl Scene {
    /// Takes in an object.
    pub fn take<T: Tree>(&mut self, object: &T) {
        take(object, self);
    }

    /// Takes in pods that no object shows: those of a database, which an operator makes.
    pub fn take_pods(&mut self, name: String, at: Span, pod: Pod) {
        self.world.pods.push(pod);
        self.makers.push((name, at));
    }
}

fn take<T: Tree>(object: &T, scene: &mut Scene) {
    let Some(kind) = object.word("kind") else { return };
    if kind.ends_with("List")
        && let Some(items) = object.get("items").and_then(|it| it.items())
    {
        for it in &items {
            take(it, scene);
        }
        return;
    }
    if kind == "Namespace" {
        let name = object.word_at(&["metadata", "name"]).unwrap_or_default();
        let written = labels(object.at(&["metadata", "labels"]));
        scene.world.namespaces.insert(name.clone(), labels_of_namespace(&name, &written));
        return;
    }
    let found: Vec<Policy> = policies(object);
    if !found.is_empty() {
        scene.world.policies.extend(found);
        return;
    }
    let Some(template) = pod_template(&kind) else { return };
    let Some(pod) = object.at(template) else { return };
    let name = object.word_at(&["metadata", "name"]).unwrap_or_default();
    let namespace =
        object.word_at(&["metadata", "namespace"]).unwrap_or_else(|| "default".to_owned());
    let mut ports = Vec::new();
    for list in ["initContainers", "containers"] {
        let containers = pod.at(&["spec", list]).and_then(|it| it.items()).unwrap_or_default();
        for it in containers.iter().flat_map(|it| it.list("ports")) {
            let protocol = it.word("protocol").map_or(Some(Protocol::Tcp), |it| Protocol::of(&it));
            let number = it.word("containerPort").and_then(|it| it.parse().ok());
            if let (Some(name), Some(protocol), Some(number)) = (it.word("name"), protocol, number)
            {
                ports.push((name, protocol, number));
            }
        }
    }
    scene.world.pods.push(Pod {
        namespace,
        labels: labels(pod.at(&["metadata", "labels"])),
        ports,
        on_host: pod.flag(&["spec", "hostNetwork"]) == Some(true),
    });
    let at = object.at(&["metadata", "name"]).unwrap_or_else(|| object.clone()).span();
    scene.makers.push((format!("{kind} {name}"), at));
}

fn labels<T: Tree>(tree: Option<T>) -> Labels {
    let fields = tree.and_then(|it| it.fields()).unwrap_or_default();
    fields
        .into_iter()
        .filter_map(|(key, _, value)| value.text().map(|it| (key, it.to_owned())))
        .collect()
}
