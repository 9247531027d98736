//! Revisions of applications that go to protected environments.

use super::super::errors::apps as errors;
use super::super::{Facts, Place, Refutation};
use super::known;
use crate::model::{Apps, Destination, Model, Reading, ReadingStep, Resource};
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
