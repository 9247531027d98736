//! Exporters: how complete their tables are, which names are theirs, and how they are scraped.

use std::sync::LazyLock;

use super::release::Release;
use super::table;
use crate::metrics::Monitor;

const TEXT: &str = include_str!("../../../stdlib/catalog/metrics/exporters.txt");

/// A program that exports metrics.
#[derive(Clone, PartialEq, Debug)]
pub struct Exporter {
    /// Its name: `kube-state-metrics`.
    pub name: &'static str,
    /// Its name in messages: `the API server`.
    pub title: &'static str,
    /// Whether its table has every metric of its prefixes.
    pub is_complete: bool,
    /// Why its table may lack metrics.
    pub open_because: &'static str,
    /// Whether it is a library: any program may have its metrics.
    pub is_library: bool,
    /// The oldest and the newest release that the table is right for.
    pub covers: Option<(Release, Release)>,
    /// Names that begin so are its own.
    owns: Vec<&'static str>,
    /// But these.
    except: Vec<&'static str>,
    /// How it is usually scraped; none where that is not known.
    pub scrape: Option<ScrapeFacts>,
    /// Releases that were read one by one, from old to new.
    pub(super) samples: Vec<Release>,
}

/// How an exporter is usually scraped.
#[derive(Clone, PartialEq, Debug)]
pub struct ScrapeFacts {
    /// The values that the label `job` usually has.
    pub jobs: Vec<&'static str>,
    /// What usually finds it.
    pub monitor: Monitor,
    /// Whether its own labels win over those of the target; none where that is not known.
    pub honor_labels: Option<bool>,
    /// Labels of its targets beyond those of the monitor.
    pub adds: Vec<&'static str>,
    /// Labels that targets of such a monitor have, and these do not.
    pub lacks: Vec<&'static str>,
}

impl Exporter {
    /// Whether a name is one that no other program exports, as far as is known.
    pub fn owns(&self, name: &str) -> bool {
        let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        begins(&self.owns) && !begins(&self.except) && !name.contains(':')
    }

    /// Whether a name of its own that the table lacks does not exist in this release.
    pub fn is_complete_at(&self, version: Option<&str>) -> bool {
        let Some(version) = version.and_then(Release::read) else { return false };
        self.is_complete && self.covers.is_some_and(|(old, new)| old <= version && version <= new)
    }

    /// Labels that the targets of its usual monitor have; none where that is not known.
    pub fn target_labels(&self) -> Option<Vec<&'static str>> {
        let facts = self.scrape.as_ref()?;
        let of_monitor: &[&str] = match facts.monitor {
            Monitor::Service => {
                &["job", "instance", "namespace", "service", "pod", "container", "endpoint"]
            }
            Monitor::Pod => &["job", "instance", "namespace", "pod", "container", "endpoint"],
            Monitor::Other => &["job", "instance"],
        };
        let mut labels: Vec<&str> =
            of_monitor.iter().filter(|it| !facts.lacks.contains(it)).copied().collect();
        labels.extend(&facts.adds);
        Some(labels)
    }
}

static EXPORTERS: LazyLock<Vec<Exporter>> = LazyLock::new(|| {
    let mut all = read(TEXT);
    for exporter in &mut all {
        exporter.samples = table::samples(exporter.name);
        if exporter.covers.is_none()
            && let (Some(old), Some(new)) = (exporter.samples.first(), exporter.samples.last())
        {
            exporter.covers = Some((*old, *new));
        }
    }
    all
});

/// All exporters that have a table.
pub fn exporters() -> &'static [Exporter] {
    &EXPORTERS
}

/// An exporter by its name.
pub fn exporter(name: &str) -> Option<&'static Exporter> {
    EXPORTERS.iter().find(|it| it.name == name)
}

fn read(text: &'static str) -> Vec<Exporter> {
    let mut all: Vec<Exporter> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("exporter ") {
            all.push(Exporter {
                name,
                title: name,
                is_complete: false,
                open_because: "",
                is_library: false,
                covers: None,
                owns: Vec::new(),
                except: Vec::new(),
                scrape: None,
                samples: Vec::new(),
            });
            continue;
        }
        let Some(exporter) = all.last_mut() else { continue };
        let line = line.trim_start();
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        let words = || value.split(' ').collect::<Vec<_>>();
        let scrape = exporter.scrape.get_or_insert(ScrapeFacts {
            jobs: Vec::new(),
            monitor: Monitor::Other,
            honor_labels: None,
            adds: Vec::new(),
            lacks: Vec::new(),
        });
        match key {
            "title" => exporter.title = value,
            "complete" => exporter.is_complete = true,
            "library" => exporter.is_library = true,
            "open" => exporter.open_because = value,
            "owns" => exporter.owns = words(),
            "except" => exporter.except = words(),
            "covers" => {
                exporter.covers = value
                    .split_once(' ')
                    .and_then(|(old, new)| Some((Release::read(old)?, Release::read(new)?)));
            }
            "jobs" => scrape.jobs = words(),
            "monitor" => {
                scrape.monitor = match value {
                    "service" => Monitor::Service,
                    "pod" => Monitor::Pod,
                    _ => Monitor::Other,
                }
            }
            "honors" => scrape.honor_labels = Some(value == "yes"),
            "adds" => scrape.adds = words(),
            "lacks" => scrape.lacks = words(),
            _ => {}
        }
    }
    for exporter in &mut all {
        if exporter.scrape.as_ref().is_some_and(|it| it.jobs.is_empty()) {
            exporter.scrape = None;
        }
    }
    all
}
