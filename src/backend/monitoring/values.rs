//! The values of the chart. Their names, and what they do, are those of its `values.yaml` and templates as of 88.5.3.

use crate::backend::Node;
use crate::backend::alertmanager::configuration;
use crate::backend::grafana::{FOLDER, SIDECAR_LABEL};
use crate::backend::k8s::{Fields, bytes, cpu, duration, list, text};
use crate::eval::Origin;
use crate::model::{
    AlertmanagerServer, Exporters, GrafanaServer, Model, Monitoring, Of, Os, PersistentStorage,
    PrometheusServer, Quantity, Range, Ref, Resource,
};

/// The values for one cluster.
pub(in crate::backend) fn values<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, Monitoring<'a>>,
    cluster: Ref,
) -> Fields<'a> {
    let it = &resource.value;
    let rules = Origin::rule("rules come from `alerts`: the chart's own would fire beside them");
    let select = select(&it.prometheus);
    let named =
        Origin::rule("jobs and Services are called the same, whatever the release is called");
    // The chart's own monitors carry what Prometheus selects by, as all others do.
    let own = it.exporters.kube_state_metrics;
    let itself = Origin::rule("what kube-state-metrics says of itself is collected, too");
    let state = Fields::new()
        .with("prometheus", monitor("additionalLabels", select.clone()))
        .with("selfMonitor", Fields::new().with("enabled", Node::Bool(true, itself)));
    let node = Fields::new().with("prometheus", monitor("additionalLabels", select.clone()));
    let fields = Fields::new()
        .with("fullnameOverride", text(it.name.value.as_str(), named))
        .unless_empty("commonLabels", select.clone())
        .with("defaultRules", Fields::new().with("create", Node::Bool(false, rules)))
        .with("prometheus", prometheus(it, cluster))
        .with("alertmanager", alertmanager(model, &it.alertmanager, cluster))
        .with("grafana", grafana(it, &select))
        .with(
            "prometheusOperator",
            Fields::new().with("serviceMonitor", job("prometheus-operator")),
        )
        .with("kubeStateMetrics", enabled(own))
        .with("nodeExporter", enabled(it.exporters.node_exporter));
    let fields = if own.value { fields.with("kube-state-metrics", state) } else { fields };
    let fields = if it.exporters.node_exporter.value {
        fields.with("prometheus-node-exporter", node)
    } else {
        fields
    };
    fields.join(cluster_parts(model, it, cluster))
}

fn enabled<'a>(on: Of<bool>) -> Fields<'a> {
    Fields::new().with("enabled", on)
}

/// `monitor: { <key>: labels }`, without a key where there are no labels.
fn monitor<'a>(key: &'static str, labels: Fields<'a>) -> Fields<'a> {
    Fields::new().with("monitor", Fields::new().unless_empty(key, labels))
}

/// A constant value of the label `job`: the chart's would follow the release's name.
fn job<'a>(name: &'static str) -> Fields<'a> {
    let rule = Origin::rule("the label `job` is the same, whatever the release is called");
    Fields::new().with("relabelings", list([super::monitor::fixed("job", Of::new(name, rule))]))
}

/// The labels that Prometheus selects by.
fn select<'a>(prometheus: &PrometheusServer<'a>) -> Fields<'a> {
    Fields::new().all(&prometheus.select)
}

fn prometheus<'a>(it: &Monitoring<'a>, cluster: Ref) -> Fields<'a> {
    let server = &it.prometheus;
    let external = server.external_labels(cluster.name);
    // The chart puts these through Helm's templates.
    let external = external.iter().fold(Fields::new(), |fields, (key, value)| {
        fields.with(key.as_str(), text(value.value.replace("{{", "{{`{{`}}"), value.origin))
    });
    let spec = Fields::new()
        .with("replicas", server.replicas)
        .with("retention", duration(server.retention))
        .maybe("retentionSize", server.retention_size.map(prometheus_bytes))
        .with("scrapeInterval", duration(server.scrape_interval))
        .with("scrapeTimeout", duration(server.scrape_timeout))
        .with("evaluationInterval", duration(server.evaluation_interval))
        .with("externalLabels", external)
        .unless_empty("enableFeatures", list(server.features.iter().copied()))
        .unless_empty("resources", resources(server.cpu.as_ref(), server.memory.as_ref()))
        .maybe("storageSpec", server.storage.as_ref().map(volume));
    let spec = ["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"]
        .into_iter()
        .fold(spec, |spec, what| selector(spec, what, it));
    Fields::new().with("prometheusSpec", spec).with("serviceMonitor", job("prometheus"))
}

/// What Prometheus loads of one type of objects.
fn selector<'a>(spec: Fields<'a>, what: &'static str, it: &Monitoring<'a>) -> Fields<'a> {
    let rule = Origin::rule(
        "Prometheus loads what this program writes, not what belongs to the Helm release",
    );
    let labels = Fields::new().unless_empty("matchLabels", select(&it.prometheus));
    let own = std::iter::once(it.namespace);
    let only = (!it.prometheus.select_in.is_empty()).then(|| {
        let rule = Origin::rule("Prometheus looks in these namespaces, and in its own");
        let names = own.chain(it.prometheus.select_in.iter().copied());
        Fields::new()
            .with("key", text("kubernetes.io/metadata.name", rule))
            .with("operator", text("In", rule))
            .with("values", list(names))
    });
    let namespaces = Fields::new().unless_empty("matchExpressions", list(only));
    spec.with(format!("{what}SelectorNilUsesHelmValues"), Node::Bool(false, rule))
        .with(format!("{what}Selector"), labels)
        .with(format!("{what}NamespaceSelector"), namespaces)
}

/// Alertmanager, told whom to tell by the `routing` of its cluster. Without one the chart's own configuration tells nobody.
fn alertmanager<'a>(
    model: &'a Model<'a>,
    server: &AlertmanagerServer<'a>,
    cluster: Ref,
) -> Fields<'a> {
    if !server.enabled.value {
        return enabled(server.enabled);
    }
    let told = configuration(model, &cluster);
    let (config, secrets) = told.map_or((None, Vec::new()), |it| (Some(it.config), it.secrets));
    let spec = Fields::new()
        .with("replicas", server.replicas)
        .with("retention", hours(server.retention))
        .unless_empty("secrets", Node::List(secrets))
        .unless_empty("resources", resources(server.cpu.as_ref(), server.memory.as_ref()))
        .maybe("storage", server.storage.as_ref().map(volume));
    enabled(server.enabled)
        .maybe("config", config)
        .with("alertmanagerSpec", spec)
        .with("serviceMonitor", job("alertmanager"))
}

fn grafana<'a>(it: &Monitoring<'a>, select: &Fields<'a>) -> Fields<'a> {
    let Some(server) = &it.grafana else {
        let rule = Origin::rule("without `grafana` there is none");
        return Fields::new().with("enabled", Node::Bool(false, rule));
    };
    let rule = Origin::rule("a `monitoring` with `grafana` has one");
    let admin = Fields::new()
        .with("existingSecret", server.admin)
        .with("userKey", server.admin_user_key)
        .with("passwordKey", server.admin_password_key);
    let monitor = Fields::new()
        .with("enabled", Node::Bool(true, rule))
        .unless_empty("labels", select.clone())
        .join(job("grafana"));
    Fields::new()
        .with("enabled", Node::Bool(true, rule))
        .with("admin", admin)
        .with("defaultDashboardsEnabled", server.chart_dashboards)
        .with("sidecar", sidecar(it))
        .with("serviceMonitor", monitor)
        .maybe(
            "grafana.ini",
            server.url.map(|url| Fields::new().with("server", Fields::new().with("root_url", url))),
        )
        .maybe("persistence", persistence(server))
        .unless_empty("resources", resources(server.cpu.as_ref(), server.memory.as_ref()))
}

/// What Grafana loads while it runs: dashboards of every namespace, and where they ask.
fn sidecar<'a>(it: &Monitoring<'a>) -> Fields<'a> {
    let rule =
        Origin::rule("ConfigMaps with this label are dashboards, in whatever namespace they stand");
    let yes = || Node::Bool(true, rule);
    let folders = Fields::new().with("foldersFromFilesStructure", yes());
    let dashboards = Fields::new()
        .with("enabled", yes())
        .with("label", text(SIDECAR_LABEL.0, rule))
        .with("labelValue", text(SIDECAR_LABEL.1, rule))
        .with("searchNamespace", text("ALL", rule))
        .with("folderAnnotation", text(FOLDER, rule))
        .with("provider", folders);
    let source = Origin::rule("dashboards ask the Prometheus of their cluster");
    let alerts = Fields::new().with("enabled", it.alertmanager.enabled);
    let datasources = Fields::new()
        .with("enabled", Node::Bool(true, source))
        .with("defaultDatasourceEnabled", Node::Bool(true, source))
        .with("isDefaultDatasource", Node::Bool(true, source))
        .with("name", text("Prometheus", source))
        .with("uid", text("prometheus", source))
        .with("alertmanager", alerts);
    Fields::new().with("dashboards", dashboards).with("datasources", datasources)
}

fn persistence<'a>(server: &GrafanaServer<'a>) -> Option<Fields<'a>> {
    let storage = server.storage.as_ref()?;
    Some(
        Fields::new()
            .with("enabled", Node::Bool(true, storage.size.origin))
            .with("size", bytes(storage.size))
            .maybe("storageClassName", storage.class),
    )
}

/// What the chart collects of Kubernetes itself.
fn cluster_parts<'a>(model: &Model<'a>, it: &Monitoring<'a>, cluster: Ref) -> Fields<'a> {
    let exporters = &it.exporters;
    let known = model.clusters.iter().find(|known| known.id == cluster.id);
    let talos = known.is_some_and(|known| matches!(known.value.os, Os::Talos(_)));
    let plane = exporters.control_plane(known.is_some());
    let part = |on: Of<bool>, runs_as: &'static str| {
        // Static pods of kubeadm have the label `component` that the chart looks for; those of Talos always had this one.
        let rule = Origin::rule("the control plane's pods on Talos have this label");
        let service =
            Fields::new().with("selector", Fields::new().with("k8s-app", text(runs_as, rule)));
        if on.value && talos { enabled(on).with("service", service) } else { enabled(on) }
    };
    let off = Origin::rule("kube-proxy shows its metrics to its own machine only");
    Fields::new()
        .with("kubeApiServer", enabled(exporters.api_server))
        .with("kubelet", kubelet(it))
        .with("coreDns", enabled(exporters.coredns))
        .with("kubeControllerManager", part(plane.controller_manager, "kube-controller-manager"))
        .with("kubeScheduler", part(plane.scheduler, "kube-scheduler"))
        // On Talos etcd is no pod: what shares its address is the API server beside it.
        .with("kubeEtcd", part(plane.etcd, "kube-apiserver"))
        .with("kubeProxy", Fields::new().with("enabled", Node::Bool(false, off)))
}

/// The kubelets, whose containers are metrics at another path of theirs.
fn kubelet<'a>(it: &Monitoring<'a>) -> Fields<'a> {
    let exporters = &it.exporters;
    let (own, containers) = (exporters.kubelet, exporters.cadvisor);
    if !own.value && !containers.value {
        return enabled(own);
    }
    let any = Of::new(true, if own.value { own.origin } else { containers.origin });
    let wanted = exporters.container_metrics;
    let rule = Origin::rule("metrics of containers that nobody asks for, and there are very many");
    let dropped = Exporters::DROPPED.iter().map(|&(labels, regex)| {
        Fields::new()
            .with("sourceLabels", list(labels.iter().map(|label| text(*label, rule))))
            .with("action", text("drop", rule))
            .with("regex", text(regex, rule))
    });
    let all = wanted.value.as_str() == "all";
    let dropped = list(dropped.filter(|_| !all));
    let monitor =
        Fields::new().with("kubelet", own).with("probes", own).with("cAdvisor", containers);
    let monitor = if containers.value {
        monitor
            .with("cAdvisorInterval", duration(it.prometheus.scrape_interval))
            .with("cAdvisorMetricRelabelings", dropped)
    } else {
        monitor
    };
    enabled(any).with("serviceMonitor", monitor)
}

/// The volume of a server that the operator makes.
fn volume<'a>(storage: &PersistentStorage<'a>) -> Fields<'a> {
    let rule = Origin::rule("each server has a volume of its own");
    let requests = Fields::new().with("storage", bytes(storage.size));
    let spec = Fields::new()
        .maybe("storageClassName", storage.class)
        .with("accessModes", list([text("ReadWriteOnce", rule)]))
        .with("resources", Fields::new().with("requests", requests));
    Fields::new().with("volumeClaimTemplate", Fields::new().with("spec", spec))
}

fn resources<'a>(
    cpu_range: Option<&Range<Quantity<'a>>>,
    memory: Option<&Range<Quantity<'a>>>,
) -> Fields<'a> {
    let ends = |low: bool| {
        let end = |range: &Range<Quantity<'a>>| if low { range.low } else { range.high };
        Fields::new()
            .maybe("cpu", cpu_range.and_then(end).map(cpu))
            .maybe("memory", memory.and_then(end).map(bytes))
    };
    Fields::new().unless_empty("requests", ends(true)).unless_empty("limits", ends(false))
}

/// Bytes as Prometheus writes them: its units are binary, whatever they are called.
fn prometheus_bytes<'a>(quantity: Of<Quantity<'a>>) -> Node<'a> {
    const UNITS: [(&str, i64); 6] =
        [("EB", 60), ("PB", 50), ("TB", 40), ("GB", 30), ("MB", 20), ("KB", 10)];
    let amount = quantity.value.amount;
    let unit = UNITS.iter().find(|(_, bits)| amount != 0 && amount % (1 << bits) == 0);
    let printed = unit
        .map_or_else(|| format!("{amount}B"), |(unit, bits)| format!("{}{unit}", amount >> bits));
    text(printed, quantity.origin)
}

/// A duration as Alertmanager's operator reads it: Go has no days.
fn hours<'a>(quantity: Of<Quantity<'a>>) -> Node<'a> {
    let mut rest = quantity.value.amount;
    let mut printed = String::new();
    for (unit, size) in [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
        if rest >= size {
            printed.push_str(&format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    text(printed, quantity.origin)
}
