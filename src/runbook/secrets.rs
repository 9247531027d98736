//! Secrets that what runs in the clusters reads, and that no file of the build holds.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{ClusterFacts, DayZero};
use super::markdown::Page;
use super::needs::placeholder;
use crate::backend::alertmanager_configuration;
use crate::model::{Model, Ref, SecretKey};

/// A Secret that a person or another tool makes, on each of some clusters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretFacts {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Who reads it: `Grafana`, `workload.orders`.
    pub reader: String,
    /// Its keys.
    pub keys: BTreeSet<String>,
    /// The clusters.
    pub clusters: BTreeSet<String>,
}

/// A Secret, and who reads it there.
type Place<'a> = (&'a str, &'a str, String);

/// Who reads an `external secret` of which no more is known.
const SOFTWARE: &str = "What runs in the namespace";

/// The Secrets that a program names beside the credentials of its providers, by namespace and name.
pub(super) fn secrets(model: &Model<'_>) -> Vec<SecretFacts> {
    // The keys of each on each cluster: clusters may differ in what they read.
    let mut read: BTreeMap<(Place<'_>, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut note = |place, cluster: &Ref, key| {
        read.entry((place, cluster.name.as_str())).or_default().insert(key);
    };
    for monitoring in &model.monitorings {
        let namespace = monitoring.value.namespace.value.name.as_str();
        for cluster in &monitoring.targets {
            if let Some(grafana) = &monitoring.value.grafana {
                let place = (namespace, grafana.admin.value.as_str(), "Grafana".to_owned());
                note(place.clone(), cluster, grafana.admin_user_key.value);
                note(place, cluster, grafana.admin_password_key.value);
            }
            if !monitoring.value.alertmanager.enabled.value {
                continue;
            }
            let configuration = alertmanager_configuration(model, cluster);
            for (secret, key) in configuration.into_iter().flat_map(|it| it.keys) {
                note((namespace, secret, "Alertmanager".to_owned()), cluster, key);
            }
        }
    }
    for scrape in &model.scrapes {
        let Some(namespace) = scrape.value.namespace else { continue };
        let namespace = namespace.value.name.as_str();
        let keys = scrape.value.port.iter().flat_map(|(_, port)| {
            [port.token, port.tls.as_ref().and_then(|tls| tls.ca)].into_iter().flatten()
        });
        for SecretKey { secret, key, .. } in keys {
            for cluster in &scrape.targets {
                note((namespace, secret.value, "Prometheus".to_owned()), cluster, key.value);
            }
        }
    }
    for read in model.keys_read_by_pods() {
        // External Secrets makes those of `secret` blocks, and CloudNativePG those of its databases.
        let is_made = |block: Ref| {
            block.id != read.reader
                && (model.secrets.iter().any(|it| it.id == block.id)
                    || model.databases.iter().any(|it| it.id == block.id))
        };
        if read.key.block.is_some_and(is_made) {
            continue;
        }
        let namespace = read.namespace.name.as_str();
        for cluster in read.targets {
            let place = (namespace, read.key.secret.value, read.address.clone());
            note(place, cluster, read.key.key.value);
        }
    }
    for secret in &model.external_secrets {
        let Some(namespace) = secret.value.namespace else { continue };
        let (namespace, name) = (namespace.value.name.as_str(), secret.name.value.as_str());
        for cluster in &secret.targets {
            let known = |((place, on), _): (&(Place<'_>, &str), &BTreeSet<&str>)| {
                place.0 == namespace && place.1 == name && *on == cluster.name.as_str()
            };
            if read.iter().any(known) {
                continue;
            }
            let keys = secret.value.keys.iter().map(|key| key.as_str());
            read.insert(
                ((namespace, name, SOFTWARE.to_owned()), cluster.name.as_str()),
                keys.collect(),
            );
        }
    }
    // What a store keeps is made by External Secrets.
    let is_kept = |place: &Place<'_>| {
        model.secrets.iter().any(|it| {
            it.name.value.as_str() == place.1 && it.value.namespace.value.name.as_str() == place.0
        })
    };
    read.retain(|(place, _), _| !is_kept(place));
    let mut found: BTreeMap<(Place<'_>, BTreeSet<&str>), BTreeSet<String>> = BTreeMap::new();
    for ((place, cluster), keys) in read {
        found.entry((place, keys)).or_default().insert(cluster.to_owned());
    }
    found
        .into_iter()
        .map(|(((namespace, name, reader), keys), clusters)| SecretFacts {
            name: name.to_owned(),
            namespace: namespace.to_owned(),
            reader,
            keys: keys.into_iter().map(str::to_owned).collect(),
            clusters,
        })
        .collect()
}

/// The commands that make them.
pub(super) fn step(page: &mut Page, zero: &DayZero) {
    // Those of containers are rebuilt by `iflux local`, and thrown away.
    let is_local =
        |name: &String| zero.cluster(name).is_some_and(|cluster: &ClusterFacts| cluster.is_local);
    let wanted: Vec<(&SecretFacts, Vec<&String>)> = zero
        .secrets
        .iter()
        .map(|secret| (secret, secret.clusters.iter().filter(|name| !is_local(name)).collect()))
        .filter(|(_, clusters): &(_, Vec<_>)| !clusters.is_empty())
        .collect();
    if wanted.is_empty() {
        return;
    }
    page.step("Secrets in the clusters");
    page.say("What the program names and no file holds. Each stands in its namespace before what reads it starts; until then that waits. Where clusters have values of their own, the command is run for one at a time.");
    for (secret, clusters) in wanted {
        page.say(format!("{} reads `{}`:", secret.reader, secret.name));
        let mut lines = Vec::new();
        let (made, given): (Vec<&&String>, Vec<&&String>) =
            clusters.iter().partition(|name| zero.cluster(name).is_some());
        let command = |config: &str, indent: &str| {
            let literals = secret
                .keys
                .iter()
                .map(|key| format!(" \\\n{indent}  --from-literal={key}={}", placeholder(key)));
            format!(
                "{indent}kubectl --kubeconfig {config} create secret generic {} --namespace {}{}",
                secret.name,
                secret.namespace,
                literals.collect::<String>()
            )
        };
        match made.as_slice() {
            [] => {}
            [one] => lines.push(command(&format!("{one}.kubeconfig"), "")),
            several => {
                let names: Vec<&str> = several.iter().map(|name| name.as_str()).collect();
                lines.push(format!("for cluster in {}; do", names.join(" ")));
                lines.push(command("\"$cluster.kubeconfig\"", "  "));
                lines.push("done".to_owned());
            }
        }
        for name in given {
            lines.push(command(&format!("'<path of the kubeconfig of {name}>'"), ""));
        }
        page.shell(&lines);
    }
}
