//! The labels that series have: their own, and those of the target that they are scraped from.

use std::rc::Rc;

use super::labels::{Label, LabelSet, Loss, LossKind, Origin, Rest, Values};
use super::series::Series;
use super::ty::{Domain, Kind, Part};
use super::world::World;
use crate::metrics::catalog::{self, Exporter, Found};
use crate::metrics::{MetricType, Monitor, Scrape};
use crate::source::{Extent, Sym};

impl World<'_> {
    /// The labels of series that a scrape collects.
    pub(super) fn on_target(
        &self,
        series: &mut Series,
        own: Vec<(Sym, Values)>,
        is_exact: bool,
        scrape: &Scrape,
        is_proved: bool,
    ) {
        let mut known: Vec<Label> = Vec::with_capacity(own.len() + 8);
        let jobs = if scrape.jobs.is_empty() { Values::Any } else { values_of(&scrape.jobs) };
        let mut target = |name: &str, is_sure: bool, values: Values| {
            known.push(Label {
                name: Sym::new(name),
                is_sure,
                values,
                origin: Origin::Target,
                decided: None,
            });
        };
        target("job", true, jobs);
        target("instance", true, Values::Any);
        match scrape.monitor {
            Monitor::Service => {
                target("namespace", !scrape.is_relabelled, Values::Any);
                target("service", !scrape.is_relabelled, Values::Any);
            }
            Monitor::Pod => target("namespace", !scrape.is_relabelled, Values::Any),
            Monitor::Other => {}
        }
        if scrape.monitor != Monitor::Other {
            for name in ["pod", "container", "endpoint"] {
                target(name, false, Values::Any);
            }
        }
        for label in &scrape.target_labels {
            if !known.iter().any(|known| known.name.as_str() == label) {
                known.push(Label {
                    name: Sym::new(label),
                    is_sure: false,
                    values: Values::Any,
                    origin: Origin::Target,
                    decided: None,
                });
            }
        }
        add_own(&mut known, series, own, is_exact, scrape.honor_labels);
        // Whoever runs it may add labels only where this program does not make the whole configuration.
        let loss = Loss { at: Extent::default(), kind: LossKind::NeverThere };
        let is_sole = scrape.exporter.as_ref().is_some_and(|it| self.scene.sole.contains(it));
        let rest = if is_proved && (self.scene.is_closed || is_sole) {
            Rest::Closed(loss)
        } else if scrape.is_relabelled {
            Rest::Open
        } else {
            Rest::Guessed(loss, Rc::clone(&self.targets))
        };
        series.labels = LabelSet::of(known, rest);
        series.interval = scrape.interval.or(self.scene.scrape_interval);
        series.address.clone_from(&Some(scrape.address.clone()));
        series.version.clone_from(&scrape.version);
    }

    /// The labels of series that somebody scrapes: how is not known.
    pub(super) fn anywhere(
        &self,
        series: &mut Series,
        own: Vec<(Sym, Values)>,
        found: Option<&Found>,
    ) {
        let mut known: Vec<Label> = Vec::with_capacity(own.len() + 8);
        for name in ["job", "instance"] {
            known.push(Label {
                name: Sym::new(name),
                is_sure: true,
                values: Values::Any,
                origin: Origin::Target,
                decided: None,
            });
        }
        let honors = found
            .and_then(|found| found.metric.exporter.scrape.as_ref())
            .and_then(|facts| facts.honor_labels)
            .unwrap_or(true);
        for (name, values) in own {
            series.own.push(name);
            match known.iter_mut().find(|label| label.name == name) {
                Some(label) if honors => label.origin = Origin::Metric,
                Some(_) => {}
                None => known.push(Label {
                    name,
                    is_sure: false,
                    values,
                    origin: Origin::Metric,
                    decided: None,
                }),
            }
            if !honors && is_of_monitor(name.as_str()) {
                series.maybe_renamed.push(name);
            }
        }
        let labels = found.map(|found| found.metric.labels_ever());
        let is_doubted = |found: &Found| {
            found.metric.widened.is_some()
                || found.metric.doubt.is_some()
                || !are_labels_known(found.metric.exporter)
        };
        let is_open = found.is_none_or(is_doubted)
            || labels.is_none_or(|labels| labels.is_open || !labels.prefixes.is_empty());
        let loss = Loss { at: Extent::default(), kind: LossKind::NeverThere };
        let rest = if is_open { Rest::Open } else { Rest::Guessed(loss, Rc::clone(&self.targets)) };
        series.labels = LabelSet::of(known, rest);
        series.interval = self.scene.scrape_interval;
    }
}

/// Exporters whose tables say surely enough which labels there are, to wonder about another one.
pub(super) fn are_labels_known(exporter: &Exporter) -> bool {
    let is_read = matches!(
        exporter.name,
        "node-exporter" | "kube-state-metrics" | "kubelet" | "cadvisor" | "external-dns" | "velero"
    );
    exporter.is_complete || is_read
}

/// Whether the labels of a metric of this release are known for sure. The node exporter has metrics that no table lists, but the
/// labels of those that one lists are the same in every release.
pub(super) fn are_labels_proved(exporter: &Exporter, version: Option<&str>) -> bool {
    exporter.is_complete_at(version) || exporter.name == "node-exporter" && version.is_some()
}

/// Exporters that leave labels empty: of pods that are on no node yet, of containers that are none.
pub(super) fn is_optional(exporter: &Exporter) -> bool {
    matches!(
        exporter.name,
        "argo-cd"
            | "cadvisor"
            | "cert-manager"
            | "cilium"
            | "external-dns"
            | "kube-state-metrics"
            | "kubelet"
            | "longhorn"
            | "node-exporter"
            | "velero"
    )
}

fn is_of_monitor(label: &str) -> bool {
    matches!(label, "namespace" | "service" | "pod" | "container" | "endpoint")
}

/// The metric's own labels beside those of the target.
fn add_own(
    known: &mut Vec<Label>,
    series: &mut Series,
    own: Vec<(Sym, Values)>,
    is_exact: bool,
    honors: bool,
) {
    for (name, values) in own {
        series.own.push(name);
        let clash = known.iter_mut().find(|label| label.name == name);
        let origin = match clash {
            None => Origin::Metric,
            Some(label) if honors => {
                label.origin = Origin::Metric;
                label.values = values;
                continue;
            }
            Some(_) => Origin::Renamed,
        };
        let name = if origin == Origin::Renamed {
            series.renamed.push(name);
            Sym::new(&format!("exported_{name}"))
        } else {
            name
        };
        let is_sure = is_exact && origin == Origin::Metric;
        known.push(Label { name, is_sure, values, origin, decided: None });
    }
}

pub(super) fn own_labels(found: &Found, version: Option<&str>) -> Vec<(Sym, Values)> {
    let labels = match version {
        Some(_) => found.metric.labels(version),
        None => found.metric.labels_ever(),
    };
    let own = labels.known.into_iter().map(|label| {
        let values = label.values.map_or(Values::Any, |values| values_of(&values));
        (Sym::new(label.name), values)
    });
    with_part(own.collect(), Part::from(found.part))
}

pub(super) fn with_part(mut own: Vec<(Sym, Values)>, part: Part) -> Vec<(Sym, Values)> {
    let (le, quantile) = (Sym::new("le"), Sym::new("quantile"));
    own.retain(|(name, _)| *name != le && *name != quantile);
    match part {
        Part::Bucket => own.push((le, Values::Any)),
        Part::Quantiles => own.push((quantile, Values::Any)),
        Part::Value | Part::Base | Part::Sum | Part::Count | Part::Created => {}
    }
    own
}

pub(super) fn values_of<T: AsRef<str>>(values: &[T]) -> Values {
    Values::Of(values.iter().map(|value| Sym::new(value.as_ref())).collect())
}

pub(super) const fn kind_of(ty: MetricType, part: Part) -> Kind {
    match (ty, part) {
        (MetricType::Counter, Part::Value) | (_, Part::Bucket | Part::Sum | Part::Count) => {
            Kind::Counter
        }
        (MetricType::Histogram, _) => Kind::Histogram,
        (_, Part::Created)
        | (MetricType::Gauge | MetricType::Summary | MetricType::StateSet, _) => Kind::Gauge,
        (MetricType::Info, _) => Kind::Info,
        (MetricType::Counter | MetricType::Untyped, _) => Kind::Unknown,
    }
}

pub(super) fn domain_of(ty: MetricType, name: &str, labels: &[catalog::Label]) -> Domain {
    let is_state = |label: &catalog::Label| {
        matches!(label.name, "phase" | "condition" | "status") && label.values.is_some()
    };
    match ty {
        MetricType::Info => Domain::One,
        MetricType::StateSet => Domain::Bool,
        MetricType::Gauge if name.ends_with("_info") => Domain::One,
        MetricType::Gauge if name.starts_with("kube_") && labels.iter().any(is_state) => {
            Domain::Bool
        }
        MetricType::Counter | MetricType::Histogram => Domain::NotNegative,
        MetricType::Gauge if name.ends_with("_bytes") => Domain::NotNegative,
        MetricType::Gauge | MetricType::Summary | MetricType::Untyped => Domain::Any,
    }
}
