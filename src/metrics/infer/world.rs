//! What is known of the series of a name: from recording rules, declarations, the catalogue and what is scraped.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::labels::{Label, Loss, LossKind, Origin, Values};
use super::series::{Doubt, Series, What};
use super::targets::{
    are_labels_known, are_labels_proved, domain_of, is_optional, kind_of, own_labels, values_of,
    with_part,
};
use super::ty::{Domain, Empties, Inferred, Kind, Part, Shape};
use super::unit::{self, Quantity, Unit};
use crate::embedded::promql::Query;
use crate::metrics::catalog::{self, Exporter, Found, Presence};
use crate::metrics::{Declared, MetricType, Scene, Scrape};
use crate::source::{Extent, Sym};

/// Labels that whoever runs Prometheus often adds to targets, or that monitors add.
const ADDED: &[&str] = &[
    "job",
    "instance",
    "namespace",
    "service",
    "pod",
    "container",
    "endpoint",
    "node",
    "cluster",
    "cluster_name",
    "cluster_id",
    "kubernetes_cluster",
    "environment",
    "env",
    "stage",
    "region",
    "zone",
    "availability_zone",
    "az",
    "datacenter",
    "dc",
    "site",
    "tenant",
    "team",
    "project",
    "app",
    "application",
    "component",
    "name",
    "host",
    "hostname",
    "nodename",
    "node_name",
    "prometheus",
    "replica",
    "prometheus_replica",
    "metrics_path",
    "group",
    "role",
    "release",
    "chart",
    "stack",
    "owner",
    "customer",
    "location",
    "rack",
    "kubernetes_namespace",
    "kubernetes_pod_name",
    "kubernetes_node",
    "kubernetes_name",
    "managed_cluster",
    "exported_namespace",
    "exported_pod",
    "exported_job",
    "exported_service",
    "exported_container",
    "exported_instance",
    "exported_node",
    "exported_endpoint",
    "prometheus_group",
    "account",
    "provider",
    "id",
    "clusterID",
    "shard",
    "type",
    "image",
];

/// A metric that is declared, and the scrape that it is declared in.
type Declaration<'a> = (&'a Declared, Option<&'a Scrape>);

/// A recording rule.
#[derive(Clone, Debug)]
pub struct Recorded<'a> {
    /// Its query.
    pub query: Arc<Query>,
    /// The labels that it adds.
    pub labels: &'a [(String, String)],
}

/// All that is known around queries. Asked names are remembered.
pub struct World<'a> {
    pub(super) scene: &'a Scene,
    records: FxHashMap<&'a str, Vec<Recorded<'a>>>,
    by_exporter: FxHashMap<&'a str, Vec<&'a Scrape>>,
    declared: FxHashMap<&'a str, Vec<Declaration<'a>>>,
    pub(super) targets: Rc<FxHashSet<Sym>>,
    cache: RefCell<FxHashMap<Sym, Rc<Series>>>,
    /// Records whose type is just being found: one that needs itself is open.
    pending: RefCell<Vec<Sym>>,
}

impl<'a> World<'a> {
    /// What `scene` and recording rules say. `also` are further labels that targets seem to have.
    pub fn new(scene: &'a Scene, records: Vec<(&'a str, Recorded<'a>)>, also: &[Sym]) -> Self {
        let mut by_exporter: FxHashMap<&str, Vec<&Scrape>> = FxHashMap::default();
        let mut declared: FxHashMap<&str, Vec<_>> = FxHashMap::default();
        for scrape in &scene.scrapes {
            if let Some(exporter) = &scrape.exporter {
                by_exporter.entry(exporter).or_default().push(scrape);
            }
            for metric in &scrape.metrics {
                declared.entry(metric.name.as_str()).or_default().push((metric, Some(scrape)));
            }
        }
        for metric in &scene.metrics {
            declared.entry(metric.name.as_str()).or_default().push((metric, None));
        }
        let mut by_name: FxHashMap<&str, Vec<Recorded<'_>>> = FxHashMap::default();
        for (name, record) in records {
            by_name.entry(name).or_default().push(record);
        }
        let mut targets: FxHashSet<Sym> = ADDED.iter().map(|label| Sym::new(label)).collect();
        targets.extend(also);
        Self {
            scene,
            records: by_name,
            by_exporter,
            declared,
            targets: Rc::new(targets),
            cache: RefCell::default(),
            pending: RefCell::default(),
        }
    }

    /// Whether rules record this name.
    pub fn is_recorded(&self, name: &str) -> bool {
        self.records.contains_key(name)
    }

    /// The names that rules record, in no order.
    pub fn record_names(&self) -> impl Iterator<Item = &'a str> {
        self.records.keys().copied()
    }

    /// What the program says of a metric of its own, and what it tells.
    pub fn own_metrics(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        self.declared.iter().map(|(name, found)| {
            (*name, found.iter().find_map(|(metric, _)| metric.help.as_deref()))
        })
    }

    /// What is scraped.
    pub const fn scene(&self) -> &'a Scene {
        self.scene
    }

    /// What is known of the series of a name.
    pub fn series(&self, name: Sym) -> Rc<Series> {
        if let Some(known) = self.cache.borrow().get(&name) {
            return Rc::clone(known);
        }
        let is_looping = self.pending.borrow().contains(&name);
        if is_looping {
            return Rc::new(Series::open(name, What::Recorded));
        }
        self.pending.borrow_mut().push(name);
        let found = Rc::new(self.find(name));
        self.pending.borrow_mut().pop();
        self.cache.borrow_mut().insert(name, Rc::clone(&found));
        found
    }

    fn find(&self, name: Sym) -> Series {
        let text = name.as_str();
        if let Some(records) = self.records.get(text) {
            return self.recorded(name, records);
        }
        if let Some(series) = self.declared(name) {
            return series;
        }
        if text == "up" || text.starts_with("scrape_") {
            return self.of_targets(name);
        }
        if text == "ALERTS" || text == "ALERTS_FOR_STATE" {
            return Series::open(name, What::Synthetic);
        }
        let found = catalog::find(text);
        if found.is_empty() {
            return Series::open(name, self.unknown(text));
        }
        self.catalogued(name, &found)
    }

    fn unknown(&self, name: &str) -> What {
        if name.contains(':') {
            return What::UnknownRecord;
        }
        let Some(owner) = catalog::owner(name) else { return What::Unknown };
        // What somebody declares or relabels of this exporter may be anything of it.
        let scrapes = self.by_exporter.get(owner.name).map_or(&[][..], Vec::as_slice);
        let is_proved = !scrapes.is_empty()
            && scrapes.iter().all(|scrape| {
                !scrape.is_relabelled && owner.is_complete_at(scrape.version.as_deref())
            });
        What::Lacking { exporter: owner, is_proved }
    }

    fn recorded(&self, name: Sym, records: &[Recorded<'a>]) -> Series {
        // Places of the record's own query mean nothing in another.
        let nowhere = Extent::default();
        let mut all: Option<Inferred> = None;
        for record in records {
            let mut ty = super::infer(&record.query, self).ty;
            ty.labels = ty.labels.recorded();
            for (label, value) in record.labels {
                let label = Sym::new(label);
                if value.is_empty() {
                    ty.labels.lose(label, Loss { at: nowhere, kind: LossKind::Recorded }, true);
                    continue;
                }
                ty.labels.put(Label {
                    name: label,
                    is_sure: true,
                    values: Values::one(Sym::new(value)),
                    origin: Origin::Record,
                    decided: Some(nowhere),
                });
            }
            all = Some(match all {
                None => ty,
                Some(earlier) => Inferred {
                    labels: earlier.labels.union(&ty.labels),
                    kind: if earlier.kind == ty.kind { ty.kind } else { Kind::Unknown },
                    unit: if earlier.unit == ty.unit { ty.unit } else { Unit::UNKNOWN },
                    domain: if earlier.domain == ty.domain { ty.domain } else { Domain::Any },
                    empties: earlier.empties.either(ty.empties),
                    key: None,
                    ..ty
                },
            });
        }
        let Some(ty) = all else { return Series::open(name, What::Recorded) };
        let kind = if ty.kind == Kind::Unknown { Kind::Unknown } else { ty.kind };
        Series {
            labels: ty.labels,
            kind,
            is_kind_sure: ty.is_kind_sure,
            part: ty.part,
            unit: ty.unit,
            domain: ty.domain,
            empties: ty.empties,
            key: ty.key,
            is_summed: ty.is_summed,
            ..Series::open(name, What::Recorded)
        }
    }

    fn declared(&self, name: Sym) -> Option<Series> {
        let text = name.as_str();
        let (found, part) = self.declaration(text)?;
        let mut all: Option<Series> = None;
        for &(metric, scrape) in found {
            let own: Vec<(Sym, Values)> = metric
                .labels
                .iter()
                .map(|label| {
                    let values = metric.values.iter().find(|(of, _)| of == label);
                    (Sym::new(label), values.map_or(Values::Any, |(_, all)| values_of(all)))
                })
                .collect();
            let mut series = Series {
                kind: kind_of(metric.ty, part),
                is_kind_sure: metric.ty != MetricType::Untyped,
                part,
                unit: match &metric.unit {
                    _ if part == Part::Count => Unit::of(Quantity::Count),
                    Some(unit) => unit::of_word(unit, text),
                    None => unit::of_name(text),
                },
                domain: domain_of(metric.ty, text, &[]),
                doubt: Doubt::default(),
                ..Series::open(name, What::Declared)
            };
            let own = with_part(own, part);
            match scrape {
                Some(scrape) => {
                    self.on_target(&mut series, own, false, scrape, !scrape.is_relabelled)
                }
                None => self.anywhere(&mut series, own, None),
            }
            all = Some(all.map_or_else(|| series.clone(), |earlier: Series| earlier.or(&series)));
        }
        all
    }

    fn declaration(&self, name: &str) -> Option<(&[Declaration<'a>], Part)> {
        if let Some(found) = self.declared.get(name) {
            let part = match found.first()?.0.ty {
                MetricType::Histogram => Part::Base,
                MetricType::Summary => Part::Quantiles,
                MetricType::Counter
                | MetricType::Gauge
                | MetricType::Info
                | MetricType::StateSet
                | MetricType::Untyped => Part::Value,
            };
            return Some((found, part));
        }
        let parts = [("_bucket", Part::Bucket), ("_sum", Part::Sum), ("_count", Part::Count)];
        parts.into_iter().find_map(|(suffix, part)| {
            let found = self.declared.get(name.strip_suffix(suffix)?)?;
            let has = match found.first()?.0.ty {
                MetricType::Histogram => true,
                MetricType::Summary => part != Part::Bucket,
                MetricType::Counter
                | MetricType::Gauge
                | MetricType::Info
                | MetricType::StateSet
                | MetricType::Untyped => false,
            };
            has.then_some((found.as_slice(), part))
        })
    }

    /// `up` and what Prometheus tells of every scrape.
    fn of_targets(&self, name: Sym) -> Series {
        let mut series = Series {
            kind: Kind::Gauge,
            is_kind_sure: true,
            unit: unit::of_name(name.as_str()),
            domain: if name.as_str() == "up" { Domain::Bool } else { Domain::NotNegative },
            ..Series::open(name, What::Synthetic)
        };
        if self.scene.is_closed && !self.scene.scrapes.is_empty() {
            let mut all: Option<Series> = None;
            for scrape in &self.scene.scrapes {
                let mut one = series.clone();
                self.on_target(&mut one, Vec::new(), false, scrape, true);
                all = Some(all.map_or_else(|| one.clone(), |earlier: Series| earlier.or(&one)));
            }
            series = all.unwrap_or(series);
        } else {
            self.anywhere(&mut series, Vec::new(), None);
            // Targets have any labels.
            series.labels.open_up();
        }
        series
    }

    fn catalogued(&self, name: Sym, found: &[Found]) -> Series {
        let mut all: Option<Series> = None;
        let mut missing = None;
        let is_scraped =
            found.iter().any(|found| self.by_exporter.contains_key(found.metric.exporter.name));
        for found in found {
            let exporter = found.metric.exporter;
            let scrapes = self.by_exporter.get(exporter.name).map_or(&[][..], Vec::as_slice);
            if scrapes.is_empty() {
                if is_scraped {
                    continue;
                }
                let mut series = self.series_of(name, found, None);
                let own = own_labels(found, None);
                self.anywhere(&mut series, own, Some(found));
                if found.metric.is_removed && self.scene.scrapes.is_empty() {
                    missing = Some(What::Gone { metric: found.metric.clone(), is_proved: false });
                    continue;
                }
                all =
                    Some(all.map_or_else(|| series.clone(), |earlier: Series| earlier.or(&series)));
                continue;
            }
            for scrape in scrapes {
                if scrape.drops(name.as_str()) {
                    missing = Some(What::Dropped { by: scrape.address.clone() });
                    continue;
                }
                let version = scrape.version.as_deref();
                match found.metric.presence(version) {
                    Presence::Removed { .. } | Presence::NotYet { .. } => {
                        missing = Some(What::Gone {
                            metric: found.metric.clone(),
                            is_proved: !scrape.is_relabelled,
                        });
                        continue;
                    }
                    Presence::Unknown if found.metric.is_removed => {
                        missing =
                            Some(What::Gone { metric: found.metric.clone(), is_proved: false });
                        continue;
                    }
                    Presence::Present | Presence::Unknown => {}
                }
                let mut series = self.series_of(name, found, version);
                let labels = found.metric.labels(version);
                let is_closed = !labels.is_open && labels.prefixes.is_empty();
                let is_proved = is_closed
                    && !scrape.is_relabelled
                    && found.metric.widened.is_none()
                    && found.metric.doubt.is_none()
                    && are_labels_proved(exporter, version);
                let own = own_labels(found, version);
                let is_exact = labels.is_exact && is_proved && !is_optional(exporter);
                self.on_target(&mut series, own, is_exact, scrape, is_proved);
                if !is_closed || !is_proved && !are_labels_known(exporter) {
                    series.labels.open_up();
                }
                all =
                    Some(all.map_or_else(|| series.clone(), |earlier: Series| earlier.or(&series)));
            }
        }
        match (all, missing) {
            (Some(mut series), _) => {
                if !is_scraped
                    && self.scene.is_closed
                    && !found
                        .iter()
                        .any(|found| found.metric.exporter.name == "prometheus-synthetic")
                    && !found.iter().any(|found| is_everywhere(found.metric.exporter))
                {
                    series.what = What::NotScraped {
                        exporters: found.iter().map(|found| found.metric.exporter).collect(),
                    };
                }
                series
            }
            (None, Some(what)) => Series::open(name, what),
            (None, None) => Series::open(name, What::Unknown),
        }
    }

    fn series_of(&self, name: Sym, found: &Found, version: Option<&str>) -> Series {
        let metric = &found.metric;
        let part = Part::from(found.part);
        let unit = match (part, metric.unit) {
            (Part::Count, _) => Unit::of(Quantity::Count),
            (Part::Created, _) => Unit::of(Quantity::Timestamp),
            // A moment is in seconds, too: `process_start_time_seconds`.
            (_, Some(catalog::Unit::Seconds)) => unit::of_seconds(name.as_str()),
            (_, Some(unit)) => unit::of_catalogue(unit),
            (_, None) => unit::of_name(name.as_str()),
        };
        let values = metric.labels(version).known;
        Series {
            kind: kind_of(metric.ty, part),
            is_kind_sure: metric.ty != MetricType::Untyped
                && !metric.is_type_inferred
                && metric.doubt.is_none(),
            part,
            unit,
            domain: domain_of(metric.ty, metric.name, &values),
            doubt: Doubt { is_type_inferred: metric.is_type_inferred },
            ..Series::open(name, What::Catalogued { metric: metric.clone() })
        }
    }
}

/// Exporters whose metrics many programs have, whatever scrapes them.
fn is_everywhere(exporter: &Exporter) -> bool {
    exporter.is_library
        || matches!(
            exporter.name,
            "cluster-api-controllers" | "cluster-api-ksm" | "otel-collector" | "istio"
        )
}

/// Everything open: what a query's text says of itself.
pub(super) fn with_nothing<T>(act: impl FnOnce(&World<'_>) -> T) -> T {
    let scene = Scene::default();
    act(&World::new(&scene, Vec::new(), &[]))
}

impl Inferred {
    /// The series of a name, selected at `at`.
    pub(super) fn of_series(series: &Series, at: Extent, shape: Shape) -> Self {
        let empties = match series.empties {
            Empties::Filtered(_) => Empties::Filtered(at),
            other @ (Empties::Never | Empties::Vanishes) => other,
        };
        Self {
            shape,
            labels: series.labels.seen(at),
            kind: series.kind,
            is_kind_sure: series.is_kind_sure,
            part: series.part,
            unit: series.unit,
            domain: series.domain,
            has_name: true,
            empties,
            number: None,
            key: series.key.clone(),
            metric: Some(series.name),
            is_summed: series.is_summed,
        }
    }
}
