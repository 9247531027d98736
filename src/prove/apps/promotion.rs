//! Revisions of applications that go to protected environments.

use super::super::errors::apps as errors;
use super::super::{Facts, Place, Refutation};
use super::known;
use crate::model::{Apps, Destination, Environment, Model, Reading, ReadingStep, Resource};
use crate::source::Sym;

/// Whether what goes to a protected environment stands on a revision that stays.
///
/// Only sets that decide for each application where it goes are looked at: they are what promotes.
pub(in crate::prove) fn revisions(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut seen = Vec::new();
    for resource in &facts.model.apps {
        if seen.contains(&resource.id) || !resource.value.is_one_set() {
            continue;
        }
        seen.push(resource.id);
        if let Some(error) = moving(facts.model, resource) {
            found.push(error);
        }
    }
}

/// Whether an environment runs a newer version than the one from which changes are promoted to it.
///
/// Only two versions of one form are compared: of a branch or commit nobody knows how new it is.
pub(in crate::prove) fn order(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut seen = Vec::new();
    for resource in &facts.model.apps {
        if seen.contains(&resource.id) || !resource.value.is_one_set() {
            continue;
        }
        seen.push(resource.id);
        if let Some(error) = ahead(facts.model, resource) {
            found.push(error);
        }
    }
}

/// An application of a set: where it goes, and what it runs.
struct Stage<'m> {
    pick: known::Pick,
    environment: &'m Environment,
    revision: String,
}

fn ahead(model: &Model<'_>, resource: &Resource<'_, Apps<'_>>) -> Option<Refutation> {
    let apps = &resource.value;
    let revision = apps.source.revision.as_ref()?;
    let stages: Vec<Stage<'_>> = known::picks(model, apps)
        .into_iter()
        .filter_map(|pick| {
            let name = destination(model, apps, &pick)?;
            let cluster = model.clusters.iter().find(|it| it.name.value.as_str() == name)?;
            let id = cluster.value.environment.value.id;
            let environment = &model.environments.iter().find(|it| it.id == id)?.value;
            let revision = known::text(model, apps, revision, &pick)?;
            Some(Stage { pick, environment, revision })
        })
        .collect();
    for later in &stages {
        // The nearest environment before it that the set goes to.
        let mut before = later.environment;
        for _ in &model.environments {
            let Some(after) = before.after else { break };
            before = &model.environments.iter().find(|it| it.id == after.value.id)?.value;
            let same = |it: &&Stage<'_>| {
                it.environment.name.value == before.name.value && is_twin(&it.pick, &later.pick)
            };
            let earlier: Vec<&Stage<'_>> = stages.iter().filter(same).collect();
            let Some(first) = earlier.first() else { continue };
            let is_newer = |it: &&Stage<'_>| is_newer(&later.revision, &it.revision) == Some(true);
            // One cluster of the stage that has it is enough.
            if earlier.iter().all(is_newer) {
                let names = (later.environment.name.value, before.name.value);
                let versions = (later.revision.clone(), first.revision.clone());
                let place = Place::new(resource.id, revision.origin);
                return Some(Refutation::at([place], move |[at]| {
                    errors::stage_order(names, (&versions.0, &versions.1), at)
                }));
            }
            break;
        }
    }
    None
}

/// Whether two applications differ in what one generator finds only, the stage.
fn is_twin(one: &known::Pick, other: &known::Pick) -> bool {
    let differ = one.iter().zip(other).filter(|(one, other)| one != other).count();
    one.len() == other.len() && differ == 1
}

/// Whether a version is newer than another; none where they are not of one form.
fn is_newer(one: &str, other: &str) -> Option<bool> {
    let numbers = |text: &str| -> Option<(String, Vec<u64>, bool)> {
        let start = text.find(|letter: char| letter.is_ascii_digit())?;
        let (before, rest) = text.split_at(start);
        // What is built from a version says nothing of its place.
        let (rest, has_build) = rest.split_once('+').map_or((rest, false), |it| (it.0, true));
        let (rest, is_early) = rest.split_once('-').map_or((rest, false), |it| (it.0, true));
        let parts: Vec<&str> = rest.split('.').collect();
        let numbers: Option<Vec<u64>> = parts.iter().map(|it| it.parse().ok()).collect();
        numbers.filter(|it| it.len() >= 2 && !has_build).map(|it| (before.to_owned(), it, is_early))
    };
    let (one, other) = (numbers(one)?, numbers(other)?);
    if one.0 != other.0 || one.1.len() != other.1.len() {
        return None;
    }
    // Of two candidates for one release, names decide, and those are anybody's.
    Some(one.1 > other.1 || one.1 == other.1 && other.2 && !one.2)
}

fn moving(model: &Model<'_>, resource: &Resource<'_, Apps<'_>>) -> Option<Refutation> {
    let apps = &resource.value;
    let repository = apps.source.repository?;
    let default = model.repositories.iter().find(|it| it.id == repository.value.id)?;
    for pick in known::picks(model, apps) {
        let Some(cluster) = destination(model, apps, &pick) else { continue };
        let Some(cluster) = model.clusters.iter().find(|it| it.name.value.as_str() == cluster)
        else {
            continue;
        };
        let environment = cluster.value.environment.value;
        let is_protected =
            model.environments.iter().any(|it| it.id == environment.id && it.value.protected.value);
        if !is_protected {
            continue;
        }
        let (revision, place) = match &apps.source.revision {
            Some(revision) => match known::text(model, apps, revision, &pick) {
                Some(text) => (text, Place::new(resource.id, revision.origin)),
                None => continue,
            },
            None => {
                let text = default.value.revision.value.to_owned();
                (text, Place::new(resource.id, repository.origin))
            }
        };
        if stays(&revision) {
            continue;
        }
        let (cluster, environment) = (cluster.name.value, environment.name);
        return Some(Refutation::at([place], move |[at]| {
            errors::moving_revision(&revision, cluster, environment, at)
        }));
    }
    None
}

/// The cluster that an application goes to.
fn destination(model: &Model<'_>, apps: &Apps<'_>, pick: &known::Pick) -> Option<String> {
    match &apps.destination {
        Some(Destination::Cluster(cluster)) => Some(cluster.value.name.to_string()),
        Some(Destination::Later(reading, _)) => known::value(model, apps, reading, pick),
        None => {
            let generator = apps.by_clusters()?;
            let steps = vec![ReadingStep::Name(Sym::new("name"))];
            known::value(model, apps, &Reading::Parameter { generator, steps }, pick)
        }
    }
}

/// Whether a revision is a commit, or a tag of a version.
fn stays(revision: &str) -> bool {
    let is_commit =
        (7..=64).contains(&revision.len()) && revision.bytes().all(|it| it.is_ascii_hexdigit());
    let last = revision.rsplit('/').next().unwrap_or(revision);
    let numbers = last.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let is_version = numbers.split('.').count() >= 2
        && numbers.split('.').next().is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
    is_commit || is_version
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_of_one_form_have_an_order() {
        let check = |one: &str, other: &str, expected: Option<bool>| {
            assert_eq!(super::is_newer(one, other), expected, "{one} {other}");
        };
        check("v2.5.0", "v2.4.0", Some(true));
        check("v2.10.0", "v2.9.1", Some(true));
        check("v2.4.0", "v2.5.0-rc.1", Some(false));
        check("v2.5.0", "v2.5.0-rc.1", Some(true));
        check("v2.5.0-rc.2", "v2.5.0-rc.1", Some(false));
        check("web/1.3.0", "web/1.2.0", Some(true));
        check("web/1.3.0", "v1.2.0", None);
        check("v1.3", "v1.2.0", None);
        check("main", "v1.2.0", None);
        check("3f2a91c0", "v1.2.0", None);
    }

    #[test]
    fn versions_and_commits_stay() {
        let check =
            |revision: &str, stays: bool| assert_eq!(super::stays(revision), stays, "{revision}");
        check("v2.4.0", true);
        check("release-1.2", true);
        check("charts/web-1.2.3", true);
        check("3f2a91c0", true);
        check("main", false);
        check("release", false);
        check("env/prod", false);
        check("HEAD", false);
    }
}
