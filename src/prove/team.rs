//! Teams have namespaces of their own, which hold them.

use rustc_hash::FxHashMap;

use super::errors::team as errors;
use super::{Facts, Place, Refutation};
use crate::model::{Namespace, Of, Ref, Resource, ResourceId, Team};

/// A team, and where it names a namespace.
type Owner<'m, 'a> = (&'m Resource<'a, Team<'a>>, Of<Ref>);

/// A namespace belongs to one team of a cluster, and is bounded.
pub(super) fn owned(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut owners: FxHashMap<ResourceId, Vec<Owner<'_, '_>>> = FxHashMap::default();
    for team in &facts.model.teams {
        for named in &team.value.namespaces {
            let before = owners.entry(named.value.id).or_default();
            let meets = |other: &Resource<'_, Team<'_>>| {
                other.targets.iter().any(|it| team.targets.iter().any(|own| own.id == it.id))
            };
            if let Some((first, place)) = before.iter().find(|(first, _)| meets(first)) {
                let places =
                    [Place::new(team.id, named.origin), Place::new(first.id, place.origin)];
                let (name, of) = (named.value.name, first.name.value);
                let is_own = first.id == team.id;
                found.push(Refutation::at(places, move |spans: [_; 2]| {
                    errors::two_owners(name, of, is_own, spans)
                }));
                continue;
            }
            // What differs from cluster to cluster is there more than once.
            if before.iter().all(|(first, _)| first.id != team.id)
                && let Some(namespace) =
                    facts.model.namespaces.iter().find(|it| it.id == named.value.id)
            {
                held(team, *named, namespace, found);
            }
            before.push((team, *named));
        }
    }
}

fn held(
    team: &Resource<'_, Team<'_>>,
    named: Of<Ref>,
    namespace: &Resource<'_, Namespace<'_>>,
    found: &mut Vec<Refutation>,
) {
    let (name, of) = (named.value.name, team.name.value);
    let places = [Place::new(team.id, named.origin), Place::name(namespace.id)];
    let open = namespace.value.network.value.as_str() == "open";
    let admits_all = namespace.value.pod_security.value.as_str() == "privileged";
    for (is_lacking, lack) in [
        (namespace.value.quota.is_none(), errors::Lack::Quota),
        (open, errors::Lack::Network),
        (admits_all, errors::Lack::PodSecurity),
    ] {
        if is_lacking {
            found.push(Refutation::at(places, move |spans: [_; 2]| {
                errors::unbounded(name, of, lack, spans)
            }));
        }
    }
}

/// The project of a team goes to its namespaces, and to those of no other team.
pub(super) fn projects(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for team in &facts.model.teams {
        let Some(named) = team.value.project else { continue };
        let project = facts.model.projects.iter().find(|it| it.id == named.value.id);
        let Some(globs) = project.and_then(|it| it.value.namespaces.as_ref()) else { continue };
        for other in facts.model.teams.iter().filter(|it| it.id != team.id) {
            let theirs = other.value.namespaces.iter().find_map(|namespace| {
                let name = namespace.value.name;
                let takes = |glob: &&Of<&str>| {
                    glob::Pattern::new(glob.value).is_ok_and(|it| it.matches(name.as_str()))
                };
                globs.iter().find(takes).map(|glob| (*glob, namespace.value.name))
            });
            if let Some((glob, namespace)) = theirs {
                let places = [Place::new(named.value.id, glob.origin), Place::name(other.id)];
                let (of, other) = (team.name.value, other.name.value);
                found.push(Refutation::at(places, move |spans: [_; 2]| {
                    errors::foreign(of, other, namespace, spans)
                }));
                break;
            }
        }
    }
}
