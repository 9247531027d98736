//! A metric, and what is known of it in a release.

use super::exporter::{Exporter, exporter};
use super::release::Release;
use super::table::Row;
use crate::metrics::MetricType;

/// What a metric counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
    /// Seconds since 1970.
    Timestamp,
    /// Thousandths of a second.
    Milliseconds,
    /// From 0 to 1.
    Ratio,
    /// From 0 to 100.
    Percent,
    /// Cores.
    Cores,
    /// Thousandths of a core.
    Millicores,
    /// Degrees Celsius.
    Celsius,
    /// Hertz.
    Hertz,
    /// Joules.
    Joules,
    /// Volts.
    Volts,
    /// Watts.
    Watts,
}

impl Unit {
    /// Its word in tables and messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Seconds => "seconds",
            Self::Timestamp => "timestamp",
            Self::Milliseconds => "milliseconds",
            Self::Ratio => "ratio",
            Self::Percent => "percent",
            Self::Cores => "cores",
            Self::Millicores => "millicores",
            Self::Celsius => "celsius",
            Self::Hertz => "hertz",
            Self::Joules => "joules",
            Self::Volts => "volts",
            Self::Watts => "watts",
        }
    }

    const ALL: [Self; 13] = [
        Self::Bytes,
        Self::Seconds,
        Self::Timestamp,
        Self::Milliseconds,
        Self::Ratio,
        Self::Percent,
        Self::Cores,
        Self::Millicores,
        Self::Celsius,
        Self::Hertz,
        Self::Joules,
        Self::Volts,
        Self::Watts,
    ];

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// A label of a metric.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Its name.
    pub name: &'static str,
    /// All values that it can have; none where they are not known.
    pub values: Option<Vec<&'static str>>,
}

/// The labels of a metric in a release, without those of the target.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Labels {
    /// Those that are known.
    pub known: Vec<Label>,
    /// Further ones begin so: `label_`.
    pub prefixes: Vec<&'static str>,
    /// Whether there may be others.
    pub is_open: bool,
    /// Whether every series has all that are known. Not so where they are those of the exporter as a whole.
    pub is_exact: bool,
}

impl Labels {
    /// Whether a series may have the label.
    pub fn may_have(&self, label: &str) -> bool {
        self.is_open
            || self.known.iter().any(|it| it.name == label)
            || self.prefixes.iter().any(|prefix| label.starts_with(prefix))
    }
}

/// Whether a release has a metric.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// It has.
    Present,
    /// A later one is the first that has it.
    NotYet {
        /// The first that was read.
        since: Release,
    },
    /// An earlier one was the last that had it.
    Removed {
        /// The last that was read.
        until: Release,
    },
    /// Not known: the release is not, or lies between two that were read.
    Unknown,
}

/// A metric of an exporter.
#[derive(Clone, PartialEq, Debug)]
pub struct Metric {
    /// Its name, without `_bucket` and the like.
    pub name: &'static str,
    /// Who exports it.
    pub exporter: &'static Exporter,
    /// What it is.
    pub ty: MetricType,
    /// Whether its type was inferred from its name or description.
    pub is_type_inferred: bool,
    /// What it counts, where a table says.
    pub unit: Option<Unit>,
    /// The first release with it, of those that were read.
    pub since: Option<Release>,
    /// Whether it is newer than the last release that was read.
    pub is_newest: bool,
    /// The last release with it, of those that were read.
    pub until: Option<Release>,
    /// Whether it is gone from the newest release.
    pub is_removed: bool,
    /// What tells the same today.
    pub replaced_by: Vec<&'static str>,
    /// Why some of its labels may not be there.
    pub widened: Option<&'static str>,
    /// Why it may not exist as it stands here.
    pub doubt: Option<&'static str>,
    /// What else is to be known.
    pub note: Option<&'static str>,
    /// How stable its authors call it: `stable`, `alpha`, `deprecated`.
    pub stability: Option<&'static str>,
    /// Where it was read: a repository and a path.
    pub source: &'static str,
    /// Its labels in the newest release.
    labels: Labels,
    /// Its labels from a release on; none for what is newer than all that were read.
    changes: Vec<(Option<Release>, Vec<&'static str>)>,
}

impl Metric {
    pub(super) fn read(row: &Row) -> Option<Self> {
        let mut clauses = row.rest.split(" ; ");
        let mut words = clauses.next()?.split(' ');
        let ty = words.next()?;
        let mut labels = Labels { is_exact: true, ..Labels::default() };
        for word in words {
            if word == "*" {
                labels.is_open = true;
            } else if let Some(prefix) = word.strip_suffix('*') {
                labels.prefixes.push(prefix);
            } else if let Some((name, values)) = word.split_once('=') {
                let values = Some(values.split('|').collect());
                labels.known.push(Label { name, values });
            } else {
                labels.known.push(Label { name: word, values: None });
            }
        }
        let mut metric = Self {
            name: row.name,
            exporter: exporter(row.exporter)?,
            ty: ty_of(ty.strip_suffix('?').unwrap_or(ty))?,
            is_type_inferred: ty.ends_with('?'),
            unit: None,
            since: None,
            is_newest: false,
            until: None,
            is_removed: false,
            replaced_by: Vec::new(),
            widened: None,
            doubt: None,
            note: None,
            stability: None,
            source: row.source,
            labels,
            changes: Vec::new(),
        };
        clauses.try_for_each(|clause| metric.clause(clause))?;
        Some(metric)
    }

    fn clause(&mut self, clause: &'static str) -> Option<()> {
        let (key, value) = clause.split_once(' ').unwrap_or((clause, ""));
        match key {
            "unit" => self.unit = Some(Unit::read(value)?),
            "since" => match value.strip_prefix('>') {
                Some(_) => self.is_newest = true,
                None => self.since = Some(Release::read(value)?),
            },
            "until" => {
                self.is_removed = true;
                self.until = Release::read(value);
            }
            "replaced" => self.replaced_by = value.split(' ').collect(),
            "at" => {
                let (version, labels) = value.split_once(' ')?;
                let labels = labels.split(' ').filter(|it| *it != "-").collect();
                self.changes.push((Release::read(version), labels));
            }
            "widened" => {
                self.widened = Some(value);
                self.labels.is_exact = false;
            }
            "partial" => self.labels.is_open = true,
            "doubt" => self.doubt = Some(value),
            "note" => self.note = Some(value),
            "stability" => self.stability = Some(value),
            "otel" | "group" => {}
            _ => return None,
        }
        Some(())
    }

    /// Its labels in a release, those of the target left out. Where the release is not known, all that it ever had.
    pub fn labels(&self, version: Option<&str>) -> Labels {
        if self.changes.is_empty() {
            return self.labels.clone();
        }
        let mut open = self.labels.clone();
        (open.is_open, open.is_exact) = (true, false);
        for name in self.changes.iter().flat_map(|it| &it.1) {
            if open.known.iter().all(|it| it.name != *name) {
                open.known.push(Label { name, values: None });
            }
        }
        let Some(version) = version.and_then(Release::read) else {
            // Nothing is missing where the history begins with the oldest release that was read.
            let first = self.changes.first().and_then(|it| it.0);
            open.is_open = first.is_none() || first != self.exporter.samples.first().copied();
            return open;
        };
        let of = |names: &[&'static str]| {
            let value_of =
                |name: &str| self.labels.known.iter().find(|it| it.name == name)?.values.clone();
            let known = names.iter().map(|name| Label { name, values: value_of(name) }).collect();
            Labels { known, ..self.labels.clone() }
        };
        let mut found = None;
        for (from, names) in &self.changes {
            match from {
                Some(from) if *from <= version => found = Some(names),
                // Somewhere between the release that was read before and this one, they changed.
                Some(from) if self.sample_before(*from).is_none_or(|it| it < version) => {
                    return open;
                }
                Some(_) | None => break,
            }
        }
        found.map_or(open, |names| of(names))
    }

    /// The labels that it has in one release or another, those of the target left out.
    pub fn labels_ever(&self) -> Labels {
        let mut labels = self.labels.clone();
        for name in self.changes.iter().flat_map(|(_, names)| names) {
            if !labels.known.iter().any(|known| known.name == *name) {
                labels.known.push(Label { name, values: None });
            }
        }
        labels.is_exact &= self.changes.is_empty();
        labels
    }

    fn sample_before(&self, release: Release) -> Option<Release> {
        self.exporter.samples.iter().rev().find(|it| **it < release).copied()
    }

    fn sample_after(&self, release: Release) -> Option<Release> {
        self.exporter.samples.iter().find(|it| **it > release).copied()
    }

    /// Whether a release has it. What lies between two releases that were read, or outside of what the table covers, is not known.
    pub fn presence(&self, version: Option<&str>) -> Presence {
        let Some(version) = version.and_then(Release::read) else { return Presence::Unknown };
        let is_covered =
            self.exporter.covers.is_some_and(|(old, new)| old <= version && version <= new);
        if self.is_newest {
            return Presence::Unknown;
        }
        if let Some(since) = self.since
            && version < since
        {
            let is_known = self.sample_before(since).is_some_and(|it| version <= it);
            return if is_known && is_covered {
                Presence::NotYet { since }
            } else {
                Presence::Unknown
            };
        }
        if self.is_removed {
            let Some(until) = self.until else { return Presence::Unknown };
            return match self.sample_after(until) {
                _ if version <= until => Presence::Present,
                Some(next) if next <= version => Presence::Removed { until },
                Some(_) | None => Presence::Unknown,
            };
        }
        if is_covered { Presence::Present } else { Presence::Unknown }
    }
}

fn ty_of(word: &str) -> Option<MetricType> {
    Some(match word {
        "counter" => MetricType::Counter,
        "gauge" => MetricType::Gauge,
        "histogram" => MetricType::Histogram,
        "summary" => MetricType::Summary,
        "info" => MetricType::Info,
        "stateset" => MetricType::StateSet,
        "untyped" => MetricType::Untyped,
        _ => return None,
    })
}
