//! A chart by its name, and a key of its values by its path.

use super::table::{Key, Table, tables};
use super::version::{Version, Versions};
use crate::diag::nearest;

/// What is known of a chart at the version, or in the range, in which it is installed.
#[derive(Clone, Copy, Debug)]
pub struct Chart {
    table: &'static Table,
    versions: Versions,
}

/// A key that no version that may be meant knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// Which step of the path it is, from 0.
    pub step: usize,
    /// The key beside it that was meant, it seems.
    pub nearest: Option<&'static str>,
    /// Where keys of its name stand instead: `controllerManager.nodeSelector`.
    pub elsewhere: Vec<String>,
    /// The first and the last version that know it, where there is one.
    pub in_versions: Option<(Version, Version)>,
    /// The keys that may stand there.
    pub known: Vec<&'static str>,
}

/// How many places are shown where a key stands instead.
const MOST_PLACES: usize = 3;

/// A chart: `repository` is the address that it comes from, `version` what is written as its version, a range like `62.x.x` included.
/// None where the chart, or every version that may be meant, was not read.
pub fn find(repository: &str, name: &str, version: &str) -> Option<Chart> {
    let versions = Versions::read(version);
    let name = name.rsplit('/').next().unwrap_or(name);
    let is_it = |table: &&Table| {
        table.name == name && table.addresses.iter().any(|it| repository.contains(it))
    };
    let table = tables().iter().find(is_it)?;
    versions.meet(table.first, table.last).then_some(Chart { table, versions })
}

/// The chart whose values a file holds, by the file's name (`argocd-values.yaml`) and its keys: more than half of them are keys of its
/// root, two at least. Of which version is not known.
pub fn known_as(file: &str, keys: &[&str]) -> Option<Chart> {
    let plain = |text: &str| text.replace(['-', '_', '.'], "").to_lowercase();
    let file = plain(file);
    let fits = |table: &&Table| {
        let known = keys.iter().filter(|key| table.root.children.iter().any(|it| it.name == **key));
        let known = known.count();
        file.contains(&plain(table.name)) && known > 1 && known * 2 > keys.len()
    };
    let table = tables().iter().find(fits)?;
    Some(Chart { table, versions: Versions::Any })
}

impl Chart {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.table.name
    }

    /// The first and the last version that were read.
    pub const fn read(&self) -> (Version, Version) {
        (self.table.first, self.table.last)
    }

    /// Whether every version that may be meant was read, so that what is unknown is wrong.
    pub fn is_sure(&self) -> bool {
        self.versions.lie_in(self.table.first, self.table.last)
    }

    /// Whether its schema refuses unknown keys at the root, so that nothing is installed; else they are passed over.
    pub fn refuses(&self) -> bool {
        let since = self.table.refuses;
        since.is_some_and(|it| self.versions.lie_in(it, self.table.last))
    }

    /// What is wrong about the path of a value; none where something reads it, or may.
    pub fn wrong(&self, path: &[&str]) -> Option<Wrong> {
        let mut at = &self.table.root;
        for (step, name) in path.iter().enumerate() {
            if at.is_open {
                return None;
            }
            let same = at.children.iter().find(|it| it.name == *name);
            match same {
                Some(key) if self.versions.meet(key.first, key.last) => at = key,
                _ => return Some(self.unknown(at, step, name, same)),
            }
        }
        None
    }

    /// The keys below a path; none where any may stand there.
    pub fn keys(&self, path: &[&str]) -> Vec<&'static str> {
        let found = path
            .iter()
            .try_fold(&self.table.root, |at, name| at.children.iter().find(|it| it.name == *name));
        found.map_or_else(Vec::new, |key| self.below(key))
    }

    fn below(&self, key: &'static Key) -> Vec<&'static str> {
        let meant = key.children.iter().filter(|it| self.versions.meet(it.first, it.last));
        // Helm knows `global` and `enabled` of every chart: nobody needs them named.
        meant.map(|it| it.name).filter(|it| !matches!(*it, "global" | "enabled")).collect()
    }

    fn unknown(&self, at: &'static Key, step: usize, name: &str, same: Option<&Key>) -> Wrong {
        let known = self.below(at);
        let mut elsewhere = Vec::new();
        self.places(&self.table.root, name, "", &mut elsewhere);
        // Those nearest to the root say best what was meant.
        elsewhere.sort_by_cached_key(|path| (path.matches('.').count(), path.clone()));
        elsewhere.truncate(MOST_PLACES);
        Wrong {
            step,
            nearest: nearest(name, known.iter().copied()).or_else(|| part(name, &known)),
            elsewhere,
            in_versions: same.map(|it| (it.first, it.last)),
            known,
        }
    }

    fn places(&self, at: &'static Key, name: &str, path: &str, out: &mut Vec<String>) {
        for child in at.children.iter().filter(|it| self.versions.meet(it.first, it.last)) {
            let inner = match path {
                "" => child.name.to_owned(),
                path => format!("{path}.{}", child.name),
            };
            if child.name == name && !path.is_empty() {
                out.push(inner.clone());
            }
            self.places(child, name, &inner, out);
        }
    }
}

/// A key of which the name is a part, or which is a part of it: `extraEnvVars` and `env`. The shortest, and only where words fit.
fn part(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let name = name.to_lowercase();
    let fits = |it: &&&'static str| {
        let own = it.to_lowercase();
        let (long, short) = if own.len() > name.len() { (&own, &name) } else { (&name, &own) };
        short.len() > 2 && long.len() > short.len() && long.contains(short.as_str())
    };
    known.iter().filter(fits).min_by_key(|it| (it.len().abs_diff(name.len()), **it)).copied()
}

#[cfg(test)]
mod tests {
    use super::{Version, find};

    const GATEKEEPER: &str = "https://open-policy-agent.github.io/gatekeeper/charts";
    const BITNAMI: &str = "https://charts.bitnami.com/bitnami";
    const ARGO: &str = "https://argoproj.github.io/argo-helm";

    /// The path of keys, joined; of a wrong one its step and what is meant.
    fn check(repository: &str, chart: &str, version: &str, path: &str, expected: &str) {
        let chart = find(repository, chart, version).unwrap();
        let steps: Vec<&str> = path.split('/').collect();
        let shown = chart.wrong(&steps).map_or_else(
            || "known".to_owned(),
            |it| {
                let near = it.nearest.unwrap_or("-");
                format!("{} {near} {}", steps[it.step], it.elsewhere.join(" "))
                    .trim_end()
                    .to_owned()
            },
        );
        assert_eq!(shown, expected, "{path}");
    }

    #[test]
    fn keys_are_known_by_version() {
        check(GATEKEEPER, "gatekeeper", "3.17.0", "controllerManager/nodeSelector/a.b~1c", "known");
        check(GATEKEEPER, "gatekeeper", "3.17.0", "psp/enabled", "known");
        check(ARGO, "argo-cd", "7.6.0", "repoServer/env", "known");
        check(ARGO, "argo-cd", "7.6.0", "configs/cm/resource.customizations", "known");
        check(
            ARGO,
            "argo-cd",
            "7.6.0",
            "repoServer/extraEnv",
            "extraEnv env applicationSet.extraEnv notifications.extraEnv",
        );
        check(BITNAMI, "external-dns", "8.3.5", "extraEnvVars", "known");
        check(BITNAMI, "external-dns", "8.3.5", "env", "env extraEnvVars");
        let dns = "https://kubernetes-sigs.github.io/external-dns/";
        check(dns, "external-dns", "1.15.0", "env", "known");
    }

    #[test]
    fn what_was_meant_is_found() {
        let gatekeeper = find(GATEKEEPER, "gatekeeper", "3.x.x").unwrap();
        let wrong = gatekeeper.wrong(&["nodeSelector"]).unwrap();
        assert_eq!(wrong.step, 0);
        assert!(wrong.elsewhere.contains(&"controllerManager.nodeSelector".to_owned()));
        assert!(!gatekeeper.is_sure());
        assert!(gatekeeper.keys(&["controllerManager"]).contains(&"nodeSelector"));
        let gone = find(GATEKEEPER, "gatekeeper", "3.22.0").unwrap().wrong(&["psp"]).unwrap();
        assert_eq!(gone.in_versions.map(|it| it.0), Some(Version(3, 8, 0)));
    }

    #[test]
    fn of_what_was_not_read_nothing_is_known() {
        assert!(find("https://example.com/charts", "gatekeeper", "3.17.0").is_none());
        assert!(find(GATEKEEPER, "gatekeeper", "4.0.0").is_none());
        assert!(find(GATEKEEPER, "gatekeeper", "3.1.0").is_none());
        assert!(find(GATEKEEPER, "podinfo", "3.17.0").is_none());
        let jetstack = "https://charts.jetstack.io";
        assert!(find(jetstack, "cert-manager", "v1.16.1").unwrap().refuses());
        assert!(!find(jetstack, "cert-manager", "v1.12.1").unwrap().refuses());
        assert!(
            find("oci://quay.io/jetstack/charts/cert-manager", "cert-manager", "v1.16.1").is_some()
        );
    }
}
