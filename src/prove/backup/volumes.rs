//! Backups by Velero and Longhorn: who makes them is there, reaches its bucket, and is told what it understands.

use crate::charts::short_name;
use crate::model::{
    Addon, Backup, Model, Namespace, Namespaces, Ref, Resource, ResourceId, Tree, UTC, Volumes,
};
use crate::prove::errors::backup as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// How many backups of a volume Longhorn keeps at most, unless its setting `recurring-job-max-retention` says otherwise.
const MOST_OF_LONGHORN: i64 = 100;

fn stands(targets: &[Ref], cluster: Ref) -> bool {
    targets.iter().any(|it| it.id == cluster.id)
}

/// The chart that makes backups of a kind, and how people call what it installs.
const fn operator(backup: &Backup<'_>) -> Option<(&'static str, &'static str)> {
    match backup {
        Backup::Etcd(_) => None,
        Backup::Namespaces(_) => Some(("velero", "Velero")),
        Backup::Volumes(_) => Some(("longhorn", "Longhorn")),
    }
}

/// Velero, or Longhorn, runs where it is asked to save, in the namespace where it looks, with values that let it.
pub(crate) fn operators(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    for resource in &model.backups {
        let Some((chart, called)) = operator(&resource.value) else { continue };
        for cluster in &resource.targets {
            let is_it = |name: &str| short_name(name) == chart;
            let addon = model.addons.iter().find(|it| {
                stands(&it.targets, *cluster)
                    && it.value.chart.is_some_and(|it| is_it(it.name.value))
            });
            let outside = model.external_addons.iter().any(|it| {
                stands(&it.targets, *cluster)
                    && it.value.chart.is_some_and(|it| is_it(it.name.value))
            });
            match addon {
                Some(addon) => {
                    if let Some(wrong) = installed(model, resource, addon, called) {
                        found.push(wrong);
                        break;
                    }
                }
                None if outside => {}
                None => {
                    let names = (called, cluster.name);
                    found.push(Refutation::at([Place::name(resource.id)], move |[at]: [_; 1]| {
                        errors::no_operator(names, at)
                    }));
                    break;
                }
            }
        }
    }
}

/// What keeps an addon from making a backup.
fn installed(
    model: &Model<'_>,
    resource: &Resource<'_, Backup<'_>>,
    addon: &Resource<'_, Addon<'_>>,
    called: &'static str,
) -> Option<Refutation> {
    let (asked, runs) = (resource.value.base().namespace, addon.value.namespace);
    if asked.value.id != runs.value.id {
        let places = [Place::new(resource.id, asked.origin), Place::new(addon.id, runs.origin)];
        let names = (called, runs.value.name);
        return Some(Refutation::at(places, move |spans: [_; 2]| {
            errors::other_namespace(names, spans)
        }));
    }
    let Backup::Namespaces(velero) = &resource.value else { return None };
    if let Some(wrong) = values(velero, &addon.value.values) {
        let at = wrong.said.map_or_else(|| Place::name(addon.id), |it| Place::new(addon.id, it));
        let places = [at, Place::new(resource.id, wrong.asks)];
        return Some(Refutation::at(places, move |spans: [_; 2]| {
            errors::velero_values((wrong.key, wrong.why), spans)
        }));
    }
    let volumes = velero.volumes;
    if volumes.value.as_str() == "none" {
        return None;
    }
    let is_meant = |it: &&Resource<'_, Namespace<'_>>| {
        it.id == runs.value.id
            && it.value.pod_security.value.as_str() != "privileged"
            && it.targets.iter().any(|on| stands(&resource.targets, *on))
    };
    let space = model.namespaces.iter().find(is_meant)?;
    let level = space.value.pod_security;
    let places = [Place::new(space.id, level.origin), Place::new(resource.id, volumes.origin)];
    let names = (space.name.value, level.value);
    Some(Refutation::at(places, move |spans: [_; 2]| errors::node_agent(names, spans)))
}

/// A value of Velero's chart that lacks something.
struct Lacking {
    key: &'static str,
    why: &'static str,
    said: Option<crate::eval::Origin>,
    asks: crate::eval::Origin,
}

/// The first value of the chart that keeps a backup from being made. What is not set has the chart's own default, in which all of these lack.
fn values(velero: &Namespaces<'_>, values: &Tree<'_>) -> Option<Lacking> {
    let asks = velero.base.target.bucket.origin;
    let plugins = values.at(&["initContainers"]);
    let is_plugin = |it: &Tree<'_>| {
        let image = it.at(&["image"]).and_then(Tree::text);
        image.is_some_and(|it| it.contains("velero-plugin-for-aws"))
    };
    let has_plugin = matches!(plugins, Some(Tree::List(items)) if items.iter().any(is_plugin));
    if !has_plugin {
        let why = "no plugin speaks S3: an entry with the image `velero/velero-plugin-for-aws:..`";
        return Some(Lacking { key: "initContainers", why, said: None, asks });
    }
    let is_on = |path: &[&str]| matches!(values.at(path), Some(Tree::Bool(it)) if it.value);
    let said = |path: &[&str]| values.at(path).and_then(Tree::origin);
    let own_place = values.at(&["configuration", "backupStorageLocation"]).is_some();
    let makes_place = !matches!(values.at(&["backupsEnabled"]), Some(Tree::Bool(it)) if !it.value);
    if makes_place && !own_place {
        let why = "the chart would make a place for backups of its own, without a bucket: `false`, since the `backup` block makes one";
        return Some(Lacking { key: "backupsEnabled", why, said: said(&["backupsEnabled"]), asks });
    }
    let volumes = velero.volumes;
    if volumes.value.as_str() == "none" {
        return None;
    }
    if !is_on(&["deployNodeAgent"]) {
        let why = "what is on volumes is read by the node agent, which is not installed: `true`";
        let said = said(&["deployNodeAgent"]);
        return Some(Lacking { key: "deployNodeAgent", why, said, asks: volumes.origin });
    }
    let features = ["configuration", "features"];
    let has_csi = values
        .at(&features)
        .and_then(Tree::text)
        .is_some_and(|it| it.split(',').any(|feature| feature.trim() == "EnableCSI"));
    if volumes.value.as_str() == "snapshot" && !has_csi {
        let why = "snapshots are made by the storage's CSI driver, which Velero does not ask: `\"EnableCSI\"`";
        let (key, said) = ("configuration.features", said(&features));
        return Some(Lacking { key, why, said, asks: volumes.origin });
    }
    None
}

/// What opens the bucket is known in a form that can be written anew.
pub(crate) fn opened(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for resource in &facts.model.backups {
        let Some((_, called)) = operator(&resource.value) else { continue };
        let Some([id, proof]) = resource.value.stored() else { continue };
        let is_stored = |block: ResourceId, cluster: Ref| {
            let secrets = &facts.model.secrets;
            secrets.iter().any(|it| {
                it.id == block && it.value.store.is_some() && stands(&it.targets, cluster)
            })
        };
        let block = id.block.filter(|it| {
            proof.block.is_some_and(|other| other.id == it.id)
                && resource.targets.iter().all(|cluster| is_stored(it.id, *cluster))
        });
        if block.is_some() {
            continue;
        }
        let field = match &resource.value {
            Backup::Volumes(_) => "credentials = \"longhorn-s3\"",
            Backup::Etcd(_) | Backup::Namespaces(_) => {
                "credentials = { secret = \"velero-s3\", key = \"cloud\" }"
            }
        };
        let place = Place::new(resource.id, id.secret.origin);
        found.push(Refutation::at([place], move |[at]: [_; 1]| {
            errors::credentials((called, field), at)
        }));
    }
}

/// Where backups go is said whole, and once a cluster.
pub(crate) fn places(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    for (number, resource) in model.backups.iter().enumerate() {
        let Some((_, called)) = operator(&resource.value) else { continue };
        let target = &resource.value.base().target;
        if target.region.is_none() && target.endpoint.is_none() {
            let place = Place::new(resource.id, target.bucket.origin);
            found.push(Refutation::at([place], move |[at]: [_; 1]| errors::region(called, at)));
        }
        let Backup::Volumes(volumes) = &resource.value else { continue };
        let others = model.backups.iter().take(number).filter_map(|it| match &it.value {
            Backup::Volumes(other)
                if it.targets.iter().any(|on| stands(&resource.targets, *on)) =>
            {
                Some((it, other))
            }
            Backup::Etcd(_) | Backup::Namespaces(_) | Backup::Volumes(_) => None,
        });
        for (other, its) in others {
            if place_of(volumes) != place_of(its) {
                let places = [
                    Place::new(resource.id, target.bucket.origin),
                    Place::new(other.id, its.base.target.bucket.origin),
                ];
                let name = other.name.value;
                found.push(Refutation::at(places, move |spans: [_; 2]| {
                    errors::two_targets(name, spans)
                }));
                break;
            }
        }
        let kept = volumes.kept();
        if kept > MOST_OF_LONGHORN {
            let base = &volumes.base;
            let places = [
                Place::new(resource.id, base.retention.origin),
                Place::new(resource.id, base.schedule.origin),
            ];
            found.push(Refutation::at(places, move |spans: [_; 2]| {
                errors::longhorn_keeps((kept, MOST_OF_LONGHORN), spans)
            }));
        }
    }
}

/// What tells two places apart.
fn place_of<'a>(it: &Volumes<'a>) -> [Option<&'a str>; 7] {
    let target = &it.base.target;
    [
        Some(target.bucket.value),
        Some(target.prefix.value),
        target.region.map(|it| it.value),
        target.endpoint.map(|it| it.value),
        it.credentials.map(|it| it.value),
        Some(target.access_key.secret.value),
        Some(target.access_key.key.value),
    ]
}

/// Whose clock is meant can be said to who runs the backup, and storage that makes snapshots is told how.
pub(crate) fn clocks(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for resource in &facts.model.backups {
        match &resource.value {
            Backup::Volumes(it) if it.base.time_zone.value != UTC => {
                let place = Place::new(resource.id, it.base.time_zone.origin);
                found.push(Refutation::at([place], move |[at]: [_; 1]| errors::clock(at)));
            }
            Backup::Namespaces(it) if it.volumes.value.as_str() == "snapshot" => {
                let lacks = resource.targets.iter().find(|it| !has_class(facts.model, **it));
                if let Some(cluster) = lacks {
                    let place = Place::new(resource.id, it.volumes.origin);
                    let name = cluster.name;
                    found.push(Refutation::at([place], move |[at]: [_; 1]| {
                        errors::no_snapshot_class(name, at)
                    }));
                }
            }
            Backup::Etcd(_) | Backup::Namespaces(_) | Backup::Volumes(_) => {}
        }
    }
}

/// Whether a VolumeSnapshotClass of a cluster is Velero's own: it carries the label by which Velero finds it.
fn has_class(model: &Model<'_>, cluster: Ref) -> bool {
    const LABEL: &str = "velero.io/csi-volumesnapshot-class";
    let body = |it: &crate::model::Manifest<'_>, path: &[&str]| {
        let (first, rest) = path.split_first()?;
        let (_, tree) = it.body.iter().find(|(key, _)| key.as_str() == *first)?;
        tree.at(rest).and_then(Tree::text).map(Sym::new)
    };
    model.manifests.iter().filter(|it| stands(&it.targets, cluster)).any(|it| {
        let named = it.value.object.is_some_and(|it| it.as_str().ends_with(".VolumeSnapshotClass"));
        let raw = body(&it.value, &["kind"]).is_some_and(|it| it.as_str() == "VolumeSnapshotClass");
        let own = it
            .value
            .labels
            .iter()
            .any(|(key, value)| key.as_str() == LABEL && value.value == "true");
        let in_body = body(&it.value, &["metadata", "labels", LABEL]);
        (named || raw) && (own || in_body.is_some_and(|it| it.as_str() == "true"))
    })
}
