//! How a program is reached: Services, routes from outside, monitors.

use super::Head;
use super::container::protocol;
use crate::backend::k8s::{Fields, duration, list, object, text};
use crate::backend::{Manifest, Node};
use crate::eval::Origin;
use crate::model::{Expose, Map, Of, PodShape, Port, Workload};
use crate::source::Sym;

/// The Service of its ports. That of a StatefulSet gives its pods their names, and has no address of its own.
pub(super) fn service<'a>(head: &Head<'a>, it: &Workload<'a>) -> Option<Manifest<'a>> {
    let is_stateful = it.pod_shape() == PodShape::Stateful;
    if it.port.is_empty() && !is_stateful {
        return None;
    }
    let ports = it.port.iter().map(|(_, port)| {
        Fields::new()
            .with("name", port.name)
            .with("port", port.number)
            .with("targetPort", port.name)
            .with("protocol", protocol(port))
    });
    let rule = Origin::rule("a Service leads to the pods of its block");
    let headless =
        Origin::rule("the Service of a StatefulSet gives its pods names, and has no address");
    let spec = Fields::new()
        .with("type", text("ClusterIP", rule))
        .maybe("clusterIP", is_stateful.then(|| text("None", headless)))
        .with("selector", super::named(it.name))
        .unless_empty("ports", list(ports));
    Some(head.object("v1", "Service", Some(spec)))
}

/// Ways from outside.
pub(super) fn exposed<'a>(head: &Head<'a>, it: &Workload<'a>) -> Vec<Manifest<'a>> {
    let found = it.expose.iter().filter_map(|(name, expose)| {
        // A port that is not there is refused elsewhere.
        let (_, port) = it.port.iter().find(|(known, _)| known == name)?;
        Some(match expose.gateway {
            Some(_) => route(head, expose, port),
            None => ingress(head, expose, port),
        })
    });
    found.collect()
}

fn named(head: &Head<'_>, port: &Port<'_>) -> Node<'static> {
    let rule = Origin::rule("each way from outside is called after its port");
    text(format!("{}-{}", head.name.value, port.name.value), rule)
}

fn route<'a>(head: &Head<'a>, expose: &Expose<'a>, port: &Port<'a>) -> Manifest<'a> {
    let rule = Origin::rule("what the API server fills in stands there already");
    let parent = expose.gateway.map(|it| {
        Fields::new()
            .with("group", text("gateway.networking.k8s.io", rule))
            .with("kind", text("Gateway", rule))
            .with("name", it.name)
            .maybe("namespace", it.namespace)
            .maybe("sectionName", it.listener)
    });
    let prefix = Origin::rule("`path` is what paths begin with");
    let path = Fields::new().with("type", text("PathPrefix", prefix)).with("value", expose.path);
    let backend = Fields::new()
        .with("group", text("", rule))
        .with("kind", text("Service", rule))
        .with("name", head.name)
        .with("port", port.number)
        .with("weight", Node::Int(1, rule));
    let leads = Fields::new()
        .with("matches", list([Fields::new().with("path", path)]))
        .with("backendRefs", list([backend]));
    let spec = Fields::new()
        .with("parentRefs", list(parent))
        .with("hostnames", list([expose.host]))
        .with("rules", list([leads]));
    let metadata = head.metadata(named(head, port));
    object("gateway.networking.k8s.io/v1", "HTTPRoute", metadata, Some(spec))
}

fn ingress<'a>(head: &Head<'a>, expose: &Expose<'a>, port: &Port<'a>) -> Manifest<'a> {
    let is_managed = expose.tls.value.as_str() == "managed";
    let usual = Origin::rule("cert-manager makes the certificate with its default issuer");
    let by_issuer = expose.issuer.filter(|_| is_managed);
    let by_default = (is_managed && expose.issuer.is_none()).then(|| text("true", usual));
    let metadata = head
        .metadata(named(head, port))
        .annotation(
            "cert-manager.io/cluster-issuer",
            by_issuer.map(|it| text(it.value.as_str(), it.origin)),
        )
        .annotation("kubernetes.io/tls-acme", by_default);
    let certificate = expose.certificate.map_or_else(
        || {
            let rule = Origin::rule("cert-manager puts the certificate into this Secret");
            text(format!("{}-{}-tls", head.name.value, port.name.value), rule)
        },
        |it| text(it.value, it.origin),
    );
    let tls = (expose.tls.value.as_str() != "none").then(|| {
        list([Fields::new().with("hosts", list([expose.host])).with("secretName", certificate)])
    });
    let prefix = Origin::rule("`path` is what paths begin with");
    let service =
        Fields::new().with("name", head.name).with("port", Fields::new().with("name", port.name));
    let path = Fields::new()
        .with("path", expose.path)
        .with("pathType", text("Prefix", prefix))
        .with("backend", Fields::new().with("service", service));
    let rule = Fields::new()
        .with("host", expose.host)
        .with("http", Fields::new().with("paths", list([path])));
    let spec = Fields::new()
        .maybe("ingressClassName", expose.class)
        .maybe("tls", tls)
        .with("rules", list([rule]));
    object("networking.k8s.io/v1", "Ingress", metadata, Some(spec))
}

/// What collects its metrics. The label `job` of its series is the name of its Service.
pub(super) fn monitor<'a>(
    head: &Head<'a>,
    it: &Workload<'a>,
    selected: &Map<Of<&'a str>>,
) -> Option<Manifest<'a>> {
    let endpoints = it.port.iter().filter_map(|(_, port)| {
        let scrape = port.scrape.as_ref()?;
        let honor = scrape.honor_labels.value.then_some(scrape.honor_labels);
        Some(
            Fields::new()
                .with("port", port.name)
                .with("path", scrape.path)
                .maybe("interval", scrape.interval.map(duration))
                .maybe("scrapeTimeout", scrape.timeout.map(duration))
                .maybe("honorLabels", honor),
        )
    });
    let endpoints: Vec<Fields<'a>> = endpoints.collect();
    if endpoints.is_empty() {
        return None;
    }
    let spec = Fields::new().with("selector", head.selector()).with("endpoints", list(endpoints));
    let own = selected.iter().filter(|(key, _)| !is_written(head, *key)).copied();
    let metadata = head.metadata(head.name).labels(&own.collect());
    Some(object("monitoring.coreos.com/v1", "ServiceMonitor", metadata, Some(spec)))
}

/// Whether the block itself says this label: then that stands.
fn is_written(head: &Head<'_>, key: Sym) -> bool {
    head.own.iter().any(|(known, _)| *known == key)
}
