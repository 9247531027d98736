//! Applications and their projects.

use glob::Pattern;

use crate::eval::Origin;
use crate::model::{ClusterObjects, Destination, Model, Of, Project, Ref, Resource, ResourceId};
use crate::prove::errors::gitops as errors;
use crate::prove::{Facts, Place, Refutation};

/// An application, as far as its project is concerned.
struct Member {
    id: ResourceId,
    address: String,
    project: Of<Ref>,
    clusters: Vec<Ref>,
    /// The namespace that it goes to; what is known later stands as `x` in it.
    namespace: String,
    /// Whether it makes that namespace itself.
    makes: bool,
}

/// An application stays within what its project says.
pub(in crate::prove) fn limits(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for member in members(facts.model) {
        let written = facts.model.projects.iter().find(|it| it.id == member.project.value.id);
        if let Some(written) = written {
            held(written, &member, found);
        }
    }
}

/// Every application with a project that is written.
fn members(model: &Model<'_>) -> Vec<Member> {
    let makes = |namespace: Ref| {
        let is_ours = model.namespaces.iter().any(|it| it.id == namespace.id);
        !is_ours && !matches!(namespace.name.as_str(), "default" | "kube-system" | "kube-public")
    };
    let addons = model.addons.iter().filter_map(|it| {
        let namespace = it.value.namespace.value;
        Some(Member {
            id: it.id,
            address: it.address().to_string(),
            project: it.value.project?,
            clusters: it.targets.clone(),
            namespace: namespace.name.to_string(),
            makes: makes(namespace),
        })
    });
    let monitorings = model.monitorings.iter().filter_map(|it| {
        let namespace = it.value.namespace.value;
        Some(Member {
            id: it.id,
            address: it.address().to_string(),
            project: it.value.project?,
            clusters: it.targets.clone(),
            namespace: namespace.name.to_string(),
            makes: makes(namespace),
        })
    });
    let apps = model.apps.iter().map(|it| {
        let known = match &it.value.destination {
            Some(Destination::Cluster(cluster)) => vec![cluster.value],
            // Where generators say it, the clusters are known later.
            _ if it.value.is_one_set() => Vec::new(),
            _ => it.targets.clone(),
        };
        Member {
            id: it.id,
            address: it.address().to_string(),
            project: it.value.project,
            clusters: known,
            namespace: it.value.namespace.filled("x"),
            makes: it.value.create_namespace.value,
        }
    });
    addons.chain(monitorings).chain(apps).collect()
}

fn held(project: &Resource<'_, Project<'_>>, member: &Member, found: &mut Vec<Refutation>) {
    let limits = &project.value;
    let name = project.name.value;
    let mut tell = |what: errors::Beyond, limit: Origin| {
        let address = member.address.clone();
        let places = [Place::new(member.id, member.project.origin), Place::new(project.id, limit)];
        found.push(Refutation::at(places, move |spans: [_; 2]| {
            errors::beyond_project(&address, name, &what, spans)
        }));
    };
    if let Some(clusters) = &limits.clusters {
        let is_outside =
            |cluster: &&Ref| clusters.iter().all(|allowed| allowed.value.id != cluster.id);
        let outside: Vec<String> =
            member.clusters.iter().filter(is_outside).map(|it| it.name.to_string()).collect();
        if !outside.is_empty() {
            let origin = clusters.first().map_or(Origin::NONE, |it| it.origin);
            tell(errors::Beyond::Clusters(outside), origin);
        }
    }
    if let Some(globs) = &limits.namespaces {
        let fits = |glob: &Of<&str>| {
            Pattern::new(glob.value).is_ok_and(|it| it.matches(&member.namespace))
        };
        if !globs.iter().any(fits) {
            let origin = globs.first().map_or(Origin::NONE, |it| it.origin);
            let said = globs.iter().map(|it| it.value.to_owned()).collect();
            tell(errors::Beyond::Namespace(member.namespace.clone(), said), origin);
            return;
        }
    }
    // A namespace that the application makes itself is an object without a namespace.
    if let (true, Some(ClusterObjects::Only(objects))) = (member.makes, &limits.cluster_objects) {
        let has = objects.iter().any(|it| it.group.is_empty() && it.kind == "Namespace");
        if !has {
            let origin = objects.first().map_or(Origin::NONE, |it| it.origin);
            tell(errors::Beyond::NewNamespace(member.namespace.clone()), origin);
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
