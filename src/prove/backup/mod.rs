//! Backups keep what they promise, and can be made at all.
//!
//! * **Takes** the model.
//! * **Gives** refutations of promises that a schedule cannot keep, and of backups that could not be made, brought away, or read again.
//! * **Owns** what images of backups hold, and what Velero and Longhorn need to be told.
//! * **Never** looks again at what the type of a field refuses: a schedule that never comes, a key that a `secret` block does not have.
//! * **Read first** this file; of Velero and Longhorn, `volumes.rs`.

mod volumes;

use std::net::IpAddr;

use ipnet::IpNet;

use crate::embedded::{check_cron, check_image, check_url};
use crate::kubernetes::minor_of;
use crate::model::{
    Backup, BackupBase, Cluster, Etcd, Model, Namespace, Of, Os, Quantity, Ref, Resource,
    ResourceId, SecretKey, minor_of_etcd,
};
use crate::prove::errors::backup as errors;
use crate::prove::errors::backup::Inside;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

pub(super) use volumes::{clocks, opened, operators, places};

/// A day, an hour and a minute in milliseconds.
const TIMES: [(&str, i64); 3] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000)];
const SIZES: [(&str, i64); 4] =
    [("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];

/// The minor version of Kubernetes that came with etcd 3.6 first, as kubeadm's constants say; before it was 3.5.
const FIRST_OF_3_6: u32 = 34;

/// Images of which it is known what they hold, and what that is.
const IMAGES: &[(&str, &[&str])] = &[
    ("etcd-development/etcd", &["etcd", "etcdctl", "etcdutl"]),
    ("coreos/etcd", &["etcd", "etcdctl", "etcdutl"]),
    ("restic/restic", &["restic", "sh", "wget"]),
    ("siderolabs/talosctl", &["talosctl"]),
    ("rclone/rclone", &["rclone"]),
    ("amazon/aws-cli", &["aws"]),
    ("aws-cli/aws-cli", &["aws"]),
    ("minio/mc", &["mc"]),
    ("siderolabs/talos-backup", &["talos-backup"]),
    ("velero/velero", &["velero"]),
    ("rancher/kubectl", &["kubectl"]),
    ("bitnami/kubectl", &["kubectl"]),
];

fn each<'m>(
    facts: &Facts<'m>,
) -> impl Iterator<Item = (&'m Resource<'m, Backup<'m>>, &'m BackupBase<'m>)> + use<'m> {
    facts.model.backups.iter().map(|it| (it, it.value.base()))
}

fn of_etcd<'m>(
    facts: &Facts<'m>,
) -> impl Iterator<Item = (&'m Resource<'m, Backup<'m>>, &'m Etcd<'m>)> + use<'m> {
    facts.model.backups.iter().filter_map(|it| match &it.value {
        Backup::Etcd(etcd) => Some((it, etcd)),
        Backup::Namespaces(_) | Backup::Volumes(_) => None,
    })
}

/// The milliseconds that may lie between two runs.
fn gap(schedule: Of<&str>) -> Option<i64> {
    Some(check_cron(schedule.value).ok()?.longest_gap()? * 60_000)
}

/// A time or a size in the largest unit that divides it, or a few of them.
fn shown(amount: i64, units: &[(&str, i64)]) -> String {
    let mut rest = amount;
    let mut text = String::new();
    for (unit, size) in units {
        if rest >= *size {
            text.push_str(&format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

fn written(quantity: Of<Quantity<'_>>, units: &[(&str, i64)]) -> String {
    quantity.value.written.map_or_else(|| shown(quantity.value.amount, units), str::to_owned)
}

/// No two runs are further apart than what may be lost, and something is always kept.
pub(super) fn kept(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (resource, base) in each(facts) {
        let Some(gap) = gap(base.schedule) else { continue };
        let between = shown(gap, &TIMES);
        if gap > base.rpo.value.amount {
            let places = [
                Place::new(resource.id, base.schedule.origin),
                Place::new(resource.id, base.rpo.origin),
            ];
            let texts = (between.clone(), written(base.rpo, &TIMES));
            found.push(Refutation::at(places, move |spans: [_; 2]| {
                errors::rpo((&texts.0, &texts.1), spans)
            }));
        }
        if gap >= base.retention.value.amount {
            let places = [
                Place::new(resource.id, base.retention.origin),
                Place::new(resource.id, base.schedule.origin),
            ];
            let texts = (written(base.retention, &TIMES), between);
            found.push(Refutation::at(places, move |spans: [_; 2]| {
                errors::retention((&texts.0, &texts.1), spans)
            }));
        }
    }
}

/// What is kept fits into the bucket.
pub(super) fn budgets(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (resource, base) in each(facts) {
        let Some(budget) = base.budget else { continue };
        let Some(limit) = resource.value.size() else { continue };
        let kept = base.retention.value.amount;
        let Some(count) = most_kept(base.schedule, kept) else { continue };
        let field =
            if matches!(resource.value, Backup::Etcd(_)) { "snapshot-limit" } else { "size" };
        let all = count.saturating_mul(limit.value.amount);
        if all <= budget.value.amount {
            continue;
        }
        let places = [budget.origin, limit.origin, base.retention.origin]
            .map(|origin| Place::new(resource.id, origin));
        let texts = [written(limit, &SIZES), shown(all, &SIZES), written(budget, &SIZES)];
        found.push(Refutation::at(places, move |spans: [_; 3]| {
            let [size, all, budget] = &texts;
            errors::budget((count, size, all, budget), field, spans)
        }));
    }
}

/// How many backups there are at once at most.
fn most_kept(schedule: Of<&str>, within: i64) -> Option<i64> {
    check_cron(schedule.value).ok().map(|it| it.most_within(within / 60_000))
}

/// The bucket is reached, and is no part of what is saved.
pub(super) fn targets(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (resource, base) in each(facts) {
        let Some(endpoint) = base.target.endpoint else { continue };
        let Ok(url) = check_url(endpoint.value) else { continue };
        let host = url.host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let place = Place::new(resource.id, endpoint.origin);
        if let Some(why) = nowhere(&host) {
            found.push(Refutation::at([place], move |[at]: [_; 1]| {
                errors::endpoint(&host, why, at)
            }));
            continue;
        }
        for cluster in &resource.targets {
            if let Some((inside, there)) = inside(facts.model, *cluster, &host) {
                let name = cluster.name;
                let there = there.unwrap_or(place);
                found.push(Refutation::at([place, there], move |spans: [_; 2]| {
                    errors::own_cluster((&host, name), inside, spans)
                }));
                break;
            }
        }
    }
}

/// Why a host is nowhere.
fn nowhere(host: &str) -> Option<&'static str> {
    let own =
        "is the pod itself, or its machine: nothing answers there, or the cluster that is saved";
    if host == "localhost" || host.ends_with(".localhost") {
        return Some(own);
    }
    if host.ends_with(".invalid") {
        return Some("names of `invalid` are never found");
    }
    match host.parse::<IpAddr>().ok()? {
        ip if ip.is_loopback() || ip.is_unspecified() => Some(own),
        IpAddr::V4(ip) if ip.is_link_local() => {
            Some("is an address of a link, which is not routed")
        }
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}

/// What of a cluster a host is, and what says so.
fn inside(model: &Model<'_>, cluster: Ref, host: &str) -> Option<(Inside, Option<Place>)> {
    let is_service = host.ends_with(".svc") || host.contains(".svc.");
    let block = model.clusters.iter().find(|it| it.id == cluster.id);
    if is_service || (!host.contains('.') && !host.contains(':')) {
        return Some((Inside::Service, None));
    }
    if let Ok(ip) = host.parse::<IpAddr>() {
        let block = block?;
        return address(&block.value, ip)
            .map(|(inside, origin)| (inside, Some(Place::new(block.id, origin))));
    }
    let is_here = |targets: &[Ref]| targets.iter().any(|it| it.id == cluster.id);
    let mut workloads = model.workloads.iter().filter(|it| is_here(&it.targets));
    workloads.find_map(|it| {
        let (_, expose) = it.value.expose.iter().find(|(_, expose)| expose.host.value == host)?;
        Some((Inside::Exposed, Some(Place::new(it.id, expose.host.origin))))
    })
}

fn address(cluster: &Cluster<'_>, ip: IpAddr) -> Option<(Inside, crate::eval::Origin)> {
    for range in [cluster.network.pods, cluster.network.services] {
        if range.value.parse::<IpNet>().is_ok_and(|net| net.contains(&ip)) {
            return Some((Inside::Range, range.origin));
        }
    }
    let endpoint = cluster.endpoint.filter(|it| it.value.parse() == Ok(ip));
    if let Some(endpoint) = endpoint {
        return Some((Inside::Machine, endpoint.origin));
    }
    cluster.addresses.iter().find_map(|range| {
        let end = |end: Option<Of<&str>>| Some((end?.value.parse::<IpAddr>().ok()?, end?.origin));
        let ((low, origin), (high, _)) = (end(range.low)?, end(range.high)?);
        (low <= ip && ip <= high).then_some((Inside::Machine, origin))
    })
}

/// A backup, a cluster, and the namespace there that would refuse its pods.
type Refused<'m> = (&'m Resource<'m, Backup<'m>>, Ref, &'m Resource<'m, Namespace<'m>>);

/// The backups whose pods need more than their namespace admits: one cluster each.
fn refused<'m>(model: &'m Model<'m>) -> impl Iterator<Item = Refused<'m>> {
    let of_etcd = model.backups.iter().filter(|it| matches!(it.value, Backup::Etcd(_)));
    of_etcd.filter_map(|resource| {
        let named = resource.value.base().namespace.value.id;
        resource.targets.iter().find_map(|cluster| {
            let block = model.clusters.iter().find(|it| it.id == cluster.id);
            if block.is_some_and(|it| it.value.os.is_talos()) {
                return None;
            }
            let is_meant = |it: &&Resource<'_, Namespace<'_>>| {
                it.id == named
                    && it.targets.iter().any(|target| target.id == cluster.id)
                    && it.value.pod_security.value.as_str() != "privileged"
            };
            model.namespaces.iter().find(is_meant).map(|it| (resource, *cluster, it))
        })
    })
}

/// The addresses of backups of which [`admitted`] says that their namespace refuses their pods.
pub fn refused_backups(model: &Model<'_>) -> Vec<String> {
    refused(model).map(|(it, ..)| it.address().to_string()).collect()
}

/// The namespace takes the pods.
pub(super) fn admitted(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (resource, cluster, space) in refused(facts.model) {
        let (named, level) = (resource.value.base().namespace, space.value.pod_security);
        let places = [Place::new(resource.id, named.origin), Place::new(space.id, level.origin)];
        let names = (named.value.name, level.value, cluster.name);
        found.push(Refutation::at(places, move |spans: [_; 2]| errors::pod_security(names, spans)));
    }
}

/// Images stay what they are, hold what their steps run, and are of the server's version.
pub(super) fn images(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (resource, etcd) in of_etcd(facts) {
        let talosctl = etcd.talosctl_image.map(|it| (it, &["talosctl"][..]));
        let all = [
            (etcd.etcd_image, &["etcdutl", "etcdctl", "etcd"][..]),
            (etcd.restic_image, &["restic", "wget"][..]),
        ];
        for (image, wanted) in all.into_iter().chain(talosctl) {
            let Ok(parts) = check_image(image.value) else { continue };
            let place = Place::new(resource.id, image.origin);
            let name = image.value.to_owned();
            let known = IMAGES.iter().find(|(known, _)| {
                parts.repository == *known || parts.repository.ends_with(&format!("/{known}"))
            });
            let lacks = known.and_then(|(_, has)| {
                wanted.iter().find(|wanted| !has.contains(wanted)).map(|it| (*it, *has))
            });
            let old = minor_of_etcd(image.value).filter(|it| *it < (3, 5));
            if let Some((lacks, has)) = lacks {
                let has: Vec<String> = has.iter().map(|it| format!("`{it}`")).collect();
                found.push(Refutation::at([place], move |[at]: [_; 1]| {
                    errors::image_tools((&name, lacks), &has.join(", "), at)
                }));
            } else if wanted.contains(&"etcdutl") && old.is_some() {
                found.push(Refutation::at([place], move |[at]: [_; 1]| {
                    errors::image_tools(
                        (&name, "etcdutl"),
                        "`etcd` and `etcdctl`: `etcdutl` came with 3.5",
                        at,
                    )
                }));
            } else if !parts.is_pinned() {
                found.push(Refutation::at([place], move |[at]: [_; 1]| {
                    errors::image_moves(&name, at)
                }));
            } else if wanted.contains(&"etcdutl") {
                of_server(facts.model, resource, image, found);
            }
        }
        let Some(cluster) =
            talos_of(facts.model, resource).filter(|_| etcd.talosctl_image.is_none())
        else {
            continue;
        };
        let version = match &cluster.value.os {
            Os::Talos(talos) => talos.version.origin,
            Os::Kubeadm(_) => continue,
        };
        let places = [Place::name(resource.id), Place::new(cluster.id, version)];
        let name = cluster.name.value;
        found.push(Refutation::at(places, move |spans: [_; 2]| errors::no_talosctl(name, spans)));
    }
}

/// A cluster of Talos that is saved.
fn talos_of<'m>(
    model: &'m Model<'m>,
    resource: &Resource<'_, Backup<'_>>,
) -> Option<&'m Resource<'m, Cluster<'m>>> {
    model.clusters.iter().find(|it| {
        it.value.os.is_talos() && resource.targets.iter().any(|target| target.id == it.id)
    })
}

/// etcd's programs are of the minor version that the clusters run. Talos chooses its own.
fn of_server(
    model: &Model<'_>,
    resource: &Resource<'_, Backup<'_>>,
    image: Of<&str>,
    found: &mut Vec<Refutation>,
) {
    let Some(has) = minor_of_etcd(image.value) else { return };
    for target in &resource.targets {
        let Some(cluster) = model.clusters.iter().find(|it| it.id == target.id) else { continue };
        let version = cluster.value.kubernetes;
        let Some(minor) = minor_of(version.value) else { continue };
        let wanted = if minor >= FIRST_OF_3_6 { (3, 6) } else { (3, 5) };
        if cluster.value.os.is_talos() || has == wanted || minor < 30 {
            continue;
        }
        let places =
            [Place::new(resource.id, image.origin), Place::new(cluster.id, version.origin)];
        let texts = [has, wanted].map(|(major, minor)| format!("{major}.{minor}"));
        let (name, kubernetes) = (target.name, version.value.to_owned());
        found.push(Refutation::at(places, move |spans: [_; 2]| {
            errors::etcd_version((&texts[0], &texts[1]), (name, &kubernetes), spans)
        }));
        return;
    }
}

/// The Secrets that runs read are there.
pub(super) fn secrets(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for (resource, base) in each(facts) {
        let mut told: Vec<ResourceId> = Vec::new();
        for key in resource.value.keys() {
            // Several keys of one Secret are one finding.
            if key.block.is_none_or(|it| !told.contains(&it.id)) {
                told.extend(key.block.map(|it| it.id));
                of_block(facts.model, resource, key, found);
            }
            by_name(facts.model, resource, (base.namespace, key), found);
        }
    }
}

/// A Secret of a block stands on all clusters that are saved.
fn of_block(
    model: &Model<'_>,
    resource: &Resource<'_, Backup<'_>>,
    key: SecretKey<'_>,
    found: &mut Vec<Refutation>,
) {
    let Some(block) = key.block else { return };
    let parts = |id: ResourceId| {
        let made = model.secrets.iter().filter(move |it| it.id == id).map(|it| &it.targets);
        let others = model.external_secrets.iter().filter(move |it| it.id == id);
        made.chain(others.map(|it| &it.targets)).flatten()
    };
    if parts(block.id).next().is_none() {
        return;
    }
    let lacks = resource.targets.iter().find(|it| parts(block.id).all(|on| on.id != it.id));
    let Some(cluster) = lacks else { return };
    let names = (Sym::new(key.secret.value), cluster.name);
    let places = [Place::new(resource.id, key.key.origin), Place::name(block.id)];
    found.push(Refutation::at(places, move |spans: [_; 2]| errors::secret_elsewhere(names, spans)));
}

/// A Secret that is named by its names has the key, where a block says what it has.
fn by_name(
    model: &Model<'_>,
    resource: &Resource<'_, Backup<'_>>,
    (namespace, key): (Of<Ref>, SecretKey<'_>),
    found: &mut Vec<Refutation>,
) {
    if key.block.is_some() {
        return;
    }
    let block = model.secrets.iter().find(|it| {
        it.name.value.as_str() == key.secret.value
            && it.value.namespace.value.id == namespace.value.id
    });
    let Some(block) = block else { return };
    let known: Vec<String> = block.value.key.iter().map(|(name, _)| name.to_string()).collect();
    if known.iter().any(|name| name == key.key.value) {
        return;
    }
    let near =
        crate::diag::nearest(key.key.value, known.iter().map(String::as_str)).map(str::to_owned);
    let (secret, name) = (block.name.value, key.key.value.to_owned());
    let places = [Place::new(resource.id, key.key.origin), Place::name(block.id)];
    found.push(Refutation::at(places, move |spans: [_; 2]| {
        errors::secret_without_key((secret, &name, &known), near.as_deref(), spans)
    }));
}
