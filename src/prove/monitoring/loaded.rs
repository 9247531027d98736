//! What a cluster's Prometheus loads: rules and monitors that carry its labels, in namespaces where it looks.

use super::objects;
use crate::eval::Origin;
use crate::model::{Manifest, Map, Model, Of, Ref, Resource, ResourceId, Selecting, Tree};
use crate::prove::errors::monitoring as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// An object that Prometheus may load.
struct Loadable<'m, 'a> {
    id: ResourceId,
    address: String,
    targets: &'m [Ref],
    labels: Map<Of<&'a str>>,
    namespace: Option<Of<Sym>>,
    patches: &'m [(Sym, Tree<'a>)],
    /// What it becomes: `PrometheusRule`.
    kind: &'static str,
    written: Written,
}

/// Who writes the labels of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Written {
    /// The compiler: what Prometheus wants stands there by itself.
    Made,
    /// The program, in the fields of the block.
    Typed,
    /// The program, all of it.
    Raw,
}

impl<'m, 'a> Loadable<'m, 'a> {
    fn new<T: crate::model::Declared>(
        resource: &'m Resource<'a, T>,
        labels: &'m Map<Of<&'a str>>,
        namespace: Option<Of<Ref>>,
        kind: &'static str,
    ) -> Self {
        Self {
            id: resource.id,
            address: resource.address().to_string(),
            targets: &resource.targets,
            labels: labels.clone(),
            namespace: namespace.map(|it| Of::new(it.value.name, it.origin)),
            patches: &resource.patches,
            kind,
            written: Written::Made,
        }
    }

    /// An object that the program writes out.
    fn object(resource: &'m Resource<'a, Manifest<'a>>) -> Option<Self> {
        let manifest = &resource.value;
        Some(Self {
            id: resource.id,
            address: resource.address().to_string(),
            targets: &resource.targets,
            labels: objects::labels(manifest),
            namespace: objects::namespace(manifest),
            patches: &resource.patches,
            kind: objects::kind(manifest)?,
            written: if manifest.object.is_some() { Written::Typed } else { Written::Raw },
        })
    }

    /// The value of a label, and what wrote it: patches win over the block, that over what Prometheus wants, that over the platform.
    fn label(&self, model: &Model<'a>, key: Sym) -> Option<Of<&'a str>> {
        let patches = self.patches.iter().rev();
        let patched = patches
            .filter(|(object, _)| {
                let kind = object.as_str().split(' ').next().unwrap_or_default();
                kind.rsplit('.').next() == Some(self.kind)
            })
            .find_map(|(_, tree)| label_in(tree, key));
        let of = |map: &[(Sym, Of<&'a str>)]| {
            map.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
        };
        let platform = || {
            let platform = model.platforms.first().filter(|_| self.written != Written::Raw)?;
            of(&platform.value.common_labels)
        };
        patched
            .or_else(|| of(&self.labels))
            .or_else(|| {
                if self.written != Written::Made {
                    return None;
                }
                // Nobody wrote it here: it is what another Prometheus of its clusters wants.
                let wanted = of(&model.selected_labels(self.targets));
                wanted.map(|wanted| Of::new(wanted.value, Origin::NONE))
            })
            .or_else(platform)
    }
}

/// A label in the head of an object, or of what amends one.
fn label_in<'a>(tree: &Tree<'a>, key: Sym) -> Option<Of<&'a str>> {
    let entry = |tree: &Tree<'a>, name: &str| match tree {
        Tree::Map(entries) => {
            entries.iter().find(|(known, _)| known.as_str() == name).map(|(_, value)| value.clone())
        }
        _ => None,
    };
    let labels = entry(tree, "metadata")
        .and_then(|it| entry(&it, "labels"))
        .or_else(|| entry(tree, "labels"))?;
    match entry(&labels, key.as_str())? {
        Tree::Text(text) => Some(text),
        _ => None,
    }
}

fn loadables<'m, 'a>(model: &'m Model<'a>) -> Vec<Loadable<'m, 'a>> {
    let rules = model
        .alerts
        .iter()
        .map(|it| Loadable::new(it, &it.value.labels, Some(it.value.namespace), "PrometheusRule"));
    let promises = model
        .slos
        .iter()
        .map(|it| Loadable::new(it, &it.value.labels, Some(it.value.namespace), "PrometheusRule"));
    let backups = model.backups.iter().filter(|it| it.value.base().alerts.value).map(|it| {
        let base = it.value.base();
        Loadable::new(it, &base.labels, Some(base.namespace), "PrometheusRule")
    });
    let monitors = model.scrapes.iter().map(|it| {
        let pods = it.value.finds.value.as_str() == "pods";
        let kind = if pods { "PodMonitor" } else { "ServiceMonitor" };
        Loadable::new(it, &it.value.labels, it.value.namespace, kind)
    });
    let workloads = model.workloads.iter().filter(|it| it.value.scraped().next().is_some());
    let workloads = workloads
        .map(|it| Loadable::new(it, &it.value.labels, Some(it.value.namespace), "ServiceMonitor"));
    let databases = model.databases.iter().filter(|it| it.value.scrape.value);
    let databases = databases
        .map(|it| Loadable::new(it, &it.value.labels, Some(it.value.namespace), "PodMonitor"));
    let objects = model.manifests.iter().filter_map(Loadable::object);
    let monitors = monitors.chain(workloads).chain(databases);
    rules.chain(promises).chain(backups).chain(monitors).chain(objects).collect()
}

/// Rules and monitors carry the labels that each Prometheus of their clusters selects by, and stand where it looks.
pub(crate) fn loaded(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let servers: Vec<Selecting<'_, '_>> = model.selecting().collect();
    for it in loadables(model) {
        for server in &servers {
            let on: Vec<Ref> = it
                .targets
                .iter()
                .filter(|target| server.targets.iter().any(|other| other.id == target.id))
                .copied()
                .collect();
            if on.is_empty() {
                continue;
            }
            labels(model, &it, server, &on, found);
            namespace(&it, server, &on, found);
        }
    }
}

fn labels(
    model: &Model<'_>,
    it: &Loadable<'_, '_>,
    server: &Selecting<'_, '_>,
    on: &[Ref],
    found: &mut Vec<Refutation>,
) {
    for &(key, wanted) in server.select {
        let own = it.label(model, key);
        if own.is_some_and(|own| own.value == wanted.value) {
            continue;
        }
        let origin = own.map_or(Origin::NONE, |own| own.origin);
        let places = [Place::new(it.id, origin), Place::new(server.id, wanted.origin)];
        let said = errors::NotLoaded {
            address: it.address.clone(),
            kind: it.kind,
            server: server.name,
            label: (key, wanted.value.to_owned()),
            own: own.map(|own| own.value.to_owned()),
            on: clusters(on),
            mend: match it.written {
                Written::Made => errors::Mend::LeaveOut,
                Written::Typed => errors::Mend::Field,
                Written::Raw => errors::Mend::Metadata,
            },
        };
        found.push(Refutation::at(places, move |spans| errors::other_label(&said, spans)));
    }
}

fn namespace(
    it: &Loadable<'_, '_>,
    server: &Selecting<'_, '_>,
    on: &[Ref],
    found: &mut Vec<Refutation>,
) {
    let (Some(own), Some(first)) = (it.namespace, server.select_in.first()) else {
        return;
    };
    let known = server.select_in.iter().map(|place| place.value.name);
    let mut looked_at = known.chain(server.namespace.map(|place| place.value.name));
    if looked_at.any(|name| name == own.value) {
        return;
    }
    let places = [Place::new(it.id, own.origin), Place::new(server.id, first.origin)];
    let (address, kind, server) = (it.address.clone(), it.kind, server.name);
    let (name, on) = (own.value, clusters(on));
    found.push(Refutation::at(places, move |spans| {
        errors::other_namespace((&address, kind), server, name, &on, spans)
    }));
}

fn clusters(on: &[Ref]) -> Vec<Sym> {
    on.iter().map(|cluster| cluster.name).collect()
}

/// The addresses of rules and monitors where nothing in a program says who runs Prometheus: whether they are loaded is not decided.
pub fn unwatched(model: &Model<'_>) -> Vec<String> {
    if model.selecting().next().is_some() {
        return Vec::new();
    }
    let mut addresses: Vec<String> = loadables(model).into_iter().map(|it| it.address).collect();
    addresses.dedup();
    addresses
}

/// Somebody evaluates rules, and collects, on each of their clusters. Where nothing says who does anywhere, it is not decided.
pub(crate) fn watched(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let servers: Vec<Selecting<'_, '_>> = model.selecting().collect();
    if servers.is_empty() {
        return;
    }
    let mut told: Vec<ResourceId> = Vec::new();
    for it in loadables(model) {
        // A resource that differs from cluster to cluster is told of once, with all of them.
        if told.contains(&it.id) {
            continue;
        }
        told.push(it.id);
        let same = loadables(model).into_iter().filter(|other| other.id == it.id);
        let targets: Vec<Ref> = same.flat_map(|other| other.targets.to_vec()).collect();
        let alone: Vec<Sym> = targets
            .iter()
            .filter(|target| {
                !servers.iter().any(|it| it.targets.iter().any(|other| other.id == target.id))
            })
            .map(|target| target.name)
            .collect();
        if alone.is_empty() {
            continue;
        }
        let (address, rules, of) = (it.address, it.kind == "PrometheusRule", targets.len());
        found.push(Refutation::at([Place::name(it.id)], move |[at]: [_; 1]| {
            errors::no_prometheus(&address, rules, &alone, of, at)
        }));
    }
}
