//! What the Prometheus of a cluster sees, as far as a program decides it.

use super::workloads;
use crate::metrics::{
    Declared, Features, MetricType, Monitor, Scene, Scrape, StackVersions, stack,
};
use crate::model::{
    self, Cluster, ExportedMetric, Model, Monitoring, Of, Os, PrometheusServer, Quantity, Ref,
    Resource,
};
use crate::source::Sym;

/// What the Prometheus of a cluster sees. Where this program runs it, and it loads only what carries its labels, it collects from nothing
/// else; where something else does, or nothing, anything may be there.
pub fn scene(model: &Model<'_>, cluster: Ref) -> Scene {
    let mut scene = Scene::default();
    if let Some(own) = on(&model.monitorings, cluster) {
        scene.scrapes = of_chart(model, own, cluster);
        scene.is_closed = !own.value.prometheus.select.is_empty();
        settings(&own.value.prometheus, cluster, &mut scene);
    } else if let Some(theirs) = on(&model.external_monitorings, cluster) {
        let it = &theirs.value;
        scene.scrape_interval = it.scrape_interval.map(seconds);
        scene.evaluation_interval = it.evaluation_interval.map(seconds);
        scene.retention = it.retention.map(seconds);
        let labels = it.external_labels.iter().flatten();
        scene.external_labels = labels.map(|(key, _)| key.to_string()).collect();
        scene.features = it.features.as_deref().map(features);
    }
    let scrapes = model.scrapes.iter().chain(&model.external_scrapes);
    for scrape in scrapes.filter(|it| it.targets.iter().any(|target| target.id == cluster.id)) {
        scene.scrapes.extend(of_scrape(scrape));
    }
    let is_here = |targets: &[Ref]| targets.iter().any(|target| target.id == cluster.id);
    let workloads = model.workloads.iter().filter(|it| is_here(&it.targets));
    scene.scrapes.extend(workloads.flat_map(workloads::of_workload));
    let databases = model.databases.iter().filter(|it| is_here(&it.targets));
    scene.scrapes.extend(databases.filter_map(workloads::of_database));
    scene
}

/// The resource of a list that stands on a cluster.
pub(super) fn on<'m, 'a, T>(
    resources: &'m [Resource<'a, T>],
    cluster: Ref,
) -> Option<&'m Resource<'a, T>> {
    resources.iter().find(|it| it.targets.iter().any(|target| target.id == cluster.id))
}

/// Seconds.
#[expect(clippy::cast_precision_loss, reason = "a duration in milliseconds is far below 2^53")]
pub(super) fn seconds(quantity: Of<Quantity<'_>>) -> f64 {
    quantity.value.amount as f64 / 1000.0
}

fn settings(server: &PrometheusServer<'_>, cluster: Ref, scene: &mut Scene) {
    scene.scrape_interval = Some(seconds(server.scrape_interval));
    scene.evaluation_interval = Some(seconds(server.evaluation_interval));
    scene.retention = Some(seconds(server.retention));
    let own = server.external_labels(cluster.name).into_iter().map(|(key, _)| key.to_string());
    // The operator adds these two.
    let added = ["prometheus", "prometheus_replica"].map(str::to_owned);
    scene.external_labels = own.chain(added).collect();
    scene.features = Some(features(&server.features));
}

fn features(on: &[Of<Sym>]) -> Features {
    let has = |feature: &str| on.iter().any(|it| it.value.as_str() == feature);
    Features {
        experimental_functions: has("promql-experimental-functions"),
        extended_range_selectors: has("promql-extended-range-selectors"),
        fill_modifiers: has("promql-binop-fill-modifiers"),
        duration_expressions: has("promql-duration-expr"),
    }
}

/// What the chart's own monitors collect.
fn of_chart(
    model: &Model<'_>,
    monitoring: &Resource<'_, Monitoring<'_>>,
    cluster: Ref,
) -> Vec<Scrape> {
    let it = &monitoring.value;
    let exporters = &it.exporters;
    let versions = stack(it.version.value);
    let made = model.clusters.iter().find(|known| known.id == cluster.id).map(|it| &it.value);
    let kubernetes = made.map(|it| it.kubernetes.value.to_owned());
    let address = monitoring.address().to_string();
    let interval = Some(seconds(it.prometheus.scrape_interval));
    let scrape = |exporter: &str, job: &str, version: Option<String>| Scrape {
        address: address.clone(),
        exporter: Some(exporter.to_owned()),
        version,
        jobs: vec![job.to_owned()],
        monitor: Monitor::Service,
        target_labels: Vec::new(),
        honor_labels: false,
        is_relabelled: false,
        dropped: Vec::new(),
        kept: Vec::new(),
        interval,
        metrics: Vec::new(),
    };
    // What honours the labels of metrics; the kubelet's targets are nodes, and tell at which path they were asked.
    let honest = |scrape: Scrape| Scrape { honor_labels: true, ..scrape };
    let kubelet = |exporter: &str, version: Option<String>| Scrape {
        target_labels: ["node", "metrics_path"].map(str::to_owned).to_vec(),
        ..honest(scrape(exporter, "kubelet", version))
    };
    let parts = exporters.control_plane(made.is_some());
    let mut found = of_servers(it, versions, &scrape);
    let mut add = |on: bool, scrape: Scrape| found.extend(on.then_some(scrape));
    let owned = |version: Option<&str>| version.map(str::to_owned);
    add(
        exporters.node_exporter.value,
        scrape("node-exporter", "node-exporter", owned(versions.node_exporter)),
    );
    add(
        exporters.kube_state_metrics.value,
        honest(scrape(
            "kube-state-metrics",
            "kube-state-metrics",
            owned(versions.kube_state_metrics),
        )),
    );
    add(
        exporters.kube_state_metrics.value,
        honest(scrape(
            "kube-state-metrics-self",
            "kube-state-metrics",
            owned(versions.kube_state_metrics),
        )),
    );
    add(exporters.kubelet.value, kubelet("kubelet", kubernetes.clone()));
    let dropped = exporters.dropped().map(str::to_owned).collect();
    add(exporters.cadvisor.value, Scrape { dropped, ..kubelet("cadvisor", None) });
    add(exporters.api_server.value, scrape("kube-apiserver", "apiserver", kubernetes.clone()));
    add(exporters.coredns.value, scrape("coredns", "coredns", None));
    add(
        parts.controller_manager.value,
        scrape("kube-controller-manager", "kube-controller-manager", kubernetes.clone()),
    );
    add(parts.scheduler.value, scrape("kube-scheduler", "kube-scheduler", kubernetes));
    add(parts.etcd.value, scrape("etcd", "kube-etcd", made.and_then(etcd)));
    found
}

/// What tells of the servers themselves.
fn of_servers(
    it: &Monitoring<'_>,
    versions: StackVersions,
    scrape: &impl Fn(&str, &str, Option<String>) -> Scrape,
) -> Vec<Scrape> {
    let owned = |version: Option<&str>| version.map(str::to_owned);
    let mut found = vec![
        scrape("prometheus", "prometheus", owned(versions.prometheus)),
        scrape("config-reloader", "prometheus", owned(versions.operator)),
        Scrape {
            honor_labels: true,
            ..scrape("prometheus-operator", "prometheus-operator", owned(versions.operator))
        },
    ];
    if it.alertmanager.enabled.value {
        found.push(scrape("alertmanager", "alertmanager", owned(versions.alertmanager)));
        found.push(scrape("config-reloader", "alertmanager", owned(versions.operator)));
    }
    if it.grafana.is_some() {
        found.push(Scrape { honor_labels: true, ..scrape("grafana", "grafana", None) });
    }
    found
}

/// The version of etcd that kubeadm runs by default for a minor of Kubernetes (`SupportedEtcdVersion` in kubeadm's constants.go). Of Talos'
/// own it is not known.
fn etcd(cluster: &Cluster<'_>) -> Option<String> {
    if matches!(cluster.os, Os::Talos(_)) {
        return None;
    }
    let minor = crate::kubernetes::minor_of(cluster.kubernetes.value)?;
    match minor {
        22..=33 => Some("3.5.0".to_owned()),
        34..=35 => Some("3.6.4".to_owned()),
        _ => None,
    }
}

/// What a `scrape` collects: one entry, whatever the number of its ports, and one for each way in which ports treat labels.
fn of_scrape(resource: &Resource<'_, model::Scrape<'_>>) -> Vec<Scrape> {
    let it = &resource.value;
    let mut honors: Vec<bool> = it.port.iter().map(|(_, port)| port.honor_labels.value).collect();
    honors.dedup();
    if honors.is_empty() {
        honors.push(false);
    }
    let interval = |honor: bool| {
        let ports = it.port.iter().filter(|(_, port)| port.honor_labels.value == honor);
        longest(ports.map(|(_, port)| port.interval.map(seconds)))
    };
    let texts = |list: &[Of<&str>]| list.iter().map(|it| sanitized(it.value)).collect::<Vec<_>>();
    let mut target_labels = texts(&it.service_labels);
    target_labels.extend(texts(&it.pod_labels));
    target_labels.extend(it.add_labels.iter().map(|(key, _)| key.to_string()));
    if it.node_label.value {
        target_labels.push("node".to_owned());
    }
    let pods = it.finds.value.as_str() == "pods";
    let monitor = if pods { Monitor::Pod } else { Monitor::Service };
    honors
        .into_iter()
        .map(|honor_labels| Scrape {
            address: resource.address().to_string(),
            exporter: it.exporter.map(|it| it.value.to_string()),
            version: it.version.map(|it| it.value.to_owned()),
            jobs: jobs(it),
            monitor,
            target_labels: target_labels.clone(),
            honor_labels,
            is_relabelled: !it.drop.is_empty() || !it.keep.is_empty(),
            dropped: it.drop.iter().map(|name| name.value.to_owned()).collect(),
            kept: it.keep.iter().map(|name| name.value.to_owned()).collect(),
            interval: interval(honor_labels),
            metrics: it.metric.iter().map(|(_, metric)| declared(metric)).collect(),
        })
        .collect()
}

/// The slowest of some ports decides what a range must hold; none where one of them does not say.
pub(super) fn longest(intervals: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let mut longest: Option<f64> = None;
    for own in intervals {
        let own = own?;
        longest = Some(longest.map_or(own, |known| known.max(own)));
    }
    longest
}

/// The values of the label `job`; none where they are not known.
pub(super) fn jobs(it: &model::Scrape<'_>) -> Vec<String> {
    if let Some(job) = it.job {
        return vec![job.value.to_owned()];
    }
    if !it.jobs.is_empty() || it.job_label.is_some() {
        return it.jobs.iter().map(|job| job.value.to_owned()).collect();
    }
    if it.finds.value.as_str() == "pods" {
        let named = |namespace: Of<Ref>| format!("{}/{}", namespace.value.name, it.name.value);
        return it.namespace.map(named).into_iter().collect();
    }
    it.services.iter().map(|service| service.value.to_string()).collect()
}

/// A label of an object as the operator makes a label of series of it.
fn sanitized(label: &str) -> String {
    label.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

pub(super) fn declared(metric: &ExportedMetric<'_>) -> Declared {
    Declared {
        name: metric.name.value.to_string(),
        ty: kind(metric.r#type.value),
        labels: metric.labels.iter().map(|label| label.value.to_owned()).collect(),
        values: metric
            .values
            .iter()
            .map(|(label, values)| {
                (label.to_string(), values.iter().map(|value| value.value.to_owned()).collect())
            })
            .collect(),
        unit: metric.unit.map(|unit| unit.value.to_owned()),
        help: metric.help.map(|help| help.value.to_owned()),
    }
}

fn kind(word: Sym) -> MetricType {
    match word.as_str() {
        "counter" => MetricType::Counter,
        "gauge" => MetricType::Gauge,
        "histogram" => MetricType::Histogram,
        "summary" => MetricType::Summary,
        "info" => MetricType::Info,
        "state-set" => MetricType::StateSet,
        _ => MetricType::Untyped,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::metrics::catalog::exporters;

    #[test]
    fn every_exporter_of_the_catalogue_can_be_named() {
        // Libraries are no exporters, and these two come with the chart only.
        let alone = ["kube-state-metrics-self", "config-reloader"];
        let known: BTreeSet<&str> = exporters()
            .iter()
            .filter(|it| !it.is_library && !alone.contains(&it.name))
            .map(|it| it.name)
            .collect();
        let library = include_str!("../../../stdlib/kinds/scrape.iflux");
        let (_, list) = library.split_once("type Exporter =").unwrap();
        let named: BTreeSet<&str> = list
            .lines()
            .map_while(|line| {
                let line = line.trim();
                if line.is_empty() { Some("") } else { line.strip_prefix("| ") }
            })
            .filter(|line| !line.is_empty())
            .map(|name| name.trim_matches('"'))
            .collect();
        assert_eq!(named, known);
    }
}
