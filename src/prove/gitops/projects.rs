//! Applications and their projects.

use glob::Pattern;

use crate::model::{ClusterObjects, Of, Project, Ref, Resource, ResourceId};
use crate::prove::errors::gitops as errors;
use crate::prove::{Facts, Place, Refutation};

/// An application, as far as its project is concerned.
struct Member {
    id: ResourceId,
    address: String,
    project: Of<Ref>,
    clusters: Vec<Ref>,
    namespace: Of<Ref>,
}

/// An application stays within what its project says.
pub(in crate::prove) fn limits(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let addons = model.addons.iter().filter_map(|it| {
        Some((it.id, it.address().to_string(), it.value.project?, &it.targets, it.value.namespace))
    });
    let monitorings = model.monitorings.iter().filter_map(|it| {
        Some((it.id, it.address().to_string(), it.value.project?, &it.targets, it.value.namespace))
    });
    for (id, address, project, clusters, namespace) in addons.chain(monitorings) {
        let Some(written) = model.projects.iter().find(|it| it.id == project.value.id) else {
            continue;
        };
        let member = Member { id, address, project, clusters: clusters.clone(), namespace };
        held(facts, written, member, found);
    }
}

fn held(
    facts: &Facts<'_>,
    project: &Resource<'_, Project<'_>>,
    member: Member,
    found: &mut Vec<Refutation>,
) {
    let limits = &project.value;
    let name = project.name.value;
    let mut tell = |what: errors::Beyond, limit: Place| {
        let address = member.address.clone();
        let places = [Place::new(member.id, member.project.origin), limit];
        found.push(Refutation::at(places, move |spans: [_; 2]| {
            errors::beyond_project(&address, name, &what, spans)
        }));
    };
    let place = |origin| Place::new(project.id, origin);
    if let Some(clusters) = &limits.clusters {
        let outside: Vec<&Ref> = member
            .clusters
            .iter()
            .filter(|cluster| clusters.iter().all(|it| it.value.id != cluster.id))
            .collect();
        if !outside.is_empty() {
            let names = outside.iter().map(|it| it.name.to_string()).collect();
            let origin = clusters.first().map_or(crate::eval::Origin::NONE, |it| it.origin);
            tell(errors::Beyond::Clusters(names), place(origin));
        }
    }
    let namespace = member.namespace.value.name;
    if let Some(globs) = &limits.namespaces {
        let fits = |glob: &Of<&str>| {
            Pattern::new(glob.value).is_ok_and(|it| it.matches(namespace.as_str()))
        };
        if !globs.iter().any(fits) {
            let origin = globs.first().map_or(crate::eval::Origin::NONE, |it| it.origin);
            let said = globs.iter().map(|it| it.value.to_owned()).collect();
            tell(errors::Beyond::Namespace(namespace, said), place(origin));
        }
    }
    // A namespace that the application makes itself is an object without a namespace.
    let is_ours = facts.model.namespaces.iter().any(|it| it.id == member.namespace.value.id);
    let exists = matches!(namespace.as_str(), "default" | "kube-system" | "kube-public");
    if let (false, Some(ClusterObjects::Only(objects))) =
        (is_ours || exists, &limits.cluster_objects)
    {
        let has = objects.iter().any(|it| it.group.is_empty() && it.kind == "Namespace");
        if !has {
            let origin = objects.first().map_or(crate::eval::Origin::NONE, |it| it.origin);
            tell(errors::Beyond::NewNamespace(namespace), place(origin));
        }
    }
}

/// A project bounds something.
pub(in crate::prove) fn as_admin(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for project in &facts.model.projects {
        let Some(ClusterObjects::All(origin)) = project.value.cluster_objects else { continue };
        let globs = project.value.namespaces.iter().flatten();
        let Some(glob) = globs.copied().find(|glob| glob.value == "*") else { continue };
        let name = project.name.value;
        let places = [Place::new(project.id, origin), Place::new(project.id, glob.origin)];
        found.push(Refutation::at(places, move |spans: [_; 2]| errors::as_admin(name, spans)));
    }
}
