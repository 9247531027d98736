//! A `scrape` as a ServiceMonitor or PodMonitor.

use crate::backend::k8s::{Fields, IntoNode, Metadata, duration, labels, list, object, text};
use crate::backend::{Document, Node, Output};
use crate::eval::Origin;
use crate::model::{Model, Of, Resource, Scrape, ScrapePort, ScrapeTls, SecretKey};

/// Where Kubernetes puts the token of a pod's service account.
const OWN_TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// The file of a monitor. A scrape of this program has a namespace: its kind asks for one.
pub(super) fn output<'a>(
    model: &'a Model<'a>,
    resource: &'a Resource<'a, Scrape<'a>>,
) -> Output<'a> {
    let scrape = &resource.value;
    let namespace = scrape.namespace.map_or("default", |it| it.value.name.as_str());
    let selected = model.selected_labels(&resource.targets);
    let metadata = Metadata::new(scrape.name, labels(model));
    let metadata = match scrape.namespace {
        Some(namespace) => metadata.namespace(namespace),
        None => metadata,
    };
    let metadata =
        metadata.labels(&selected).labels(&scrape.labels).annotations(&scrape.annotations);
    let kind = if is_of_pods(scrape) { "PodMonitor" } else { "ServiceMonitor" };
    let monitor = object("monitoring.coreos.com/v1", kind, metadata, Some(spec(scrape)));
    Output {
        clusters: resource.targets.clone(),
        document: Document {
            path: format!("{namespace}/scrape-{}.yaml", scrape.name.value),
            source: resource.source.into(),
            address: resource.address().to_string().into(),
            manifests: vec![monitor],
        },
    }
}

fn is_of_pods(scrape: &Scrape<'_>) -> bool {
    scrape.finds.value.as_str() == "pods"
}

fn spec<'a>(scrape: &Scrape<'a>) -> Fields<'a> {
    let pods = is_of_pods(scrape);
    let any = scrape.any_of.iter().map(|(key, values)| {
        let rule = Origin::rule("`any-of` takes each of these values");
        Fields::new()
            .with("key", text(key.as_str(), rule))
            .with("operator", text("In", rule))
            .with("values", list(values.iter().copied()))
    });
    let selector = Fields::new()
        .unless_empty("matchLabels", Fields::new().all(&scrape.selector))
        .unless_empty("matchExpressions", list(any));
    let ports = scrape.port.iter().map(|(_, port)| endpoint(scrape, port));
    let own = scrape.namespace.filter(|_| !scrape.also_in.is_empty());
    let names = own.into_iter().chain(scrape.also_in.iter().copied());
    let namespaces = Fields::new().unless_empty("matchNames", list(names));
    Fields::new()
        .maybe("jobLabel", scrape.job_label)
        .unless_empty("targetLabels", list(scrape.service_labels.iter().copied().filter(|_| !pods)))
        .unless_empty("podTargetLabels", list(scrape.pod_labels.iter().copied()))
        .maybe("sampleLimit", scrape.sample_limit)
        .with("selector", selector)
        .unless_empty("namespaceSelector", namespaces)
        .with(if pods { "podMetricsEndpoints" } else { "endpoints" }, list(ports))
}

fn endpoint<'a>(scrape: &Scrape<'a>, port: &ScrapePort<'a>) -> Fields<'a> {
    let pods = is_of_pods(scrape);
    let number = port.number;
    let by_name = number.is_none().then_some(port.name);
    let honor = port.honor_labels.value.then_some(port.honor_labels);
    let params = port.params.iter().fold(Fields::new(), |all, (key, values)| {
        all.with(key.as_str(), list(values.iter().copied()))
    });
    let own = port
        .service_account_token
        .value
        .then(|| text(OWN_TOKEN, port.service_account_token.origin));
    Fields::new()
        .maybe("port", by_name)
        .maybe(if pods { "portNumber" } else { "targetPort" }, number)
        .with("path", port.path)
        .with("scheme", port.scheme)
        .maybe("interval", port.interval.map(duration))
        .maybe("scrapeTimeout", port.timeout.map(duration))
        .maybe("honorLabels", honor)
        .unless_empty("params", params)
        .maybe("tlsConfig", port.tls.as_ref().map(tls))
        .maybe("authorization", port.token.as_ref().map(authorization))
        .maybe("bearerTokenFile", own)
        .unless_empty("relabelings", relabelings(scrape))
        .unless_empty("metricRelabelings", metric_relabelings(scrape))
}

fn key<'a>(key: &SecretKey<'a>) -> Fields<'a> {
    Fields::new().with("name", key.secret).with("key", key.key)
}

fn tls<'a>(tls: &ScrapeTls<'a>) -> Fields<'a> {
    let ca = tls.ca.as_ref().map(|ca| Fields::new().with("secret", key(ca)));
    Fields::new()
        .maybe("ca", ca)
        .maybe("serverName", tls.server_name)
        .with("insecureSkipVerify", tls.insecure)
}

fn authorization<'a>(token: &SecretKey<'a>) -> Fields<'a> {
    let rule = Origin::rule("`token` is a bearer token");
    Fields::new().with("type", text("Bearer", rule)).with("credentials", key(token))
}

/// Labels of the targets that the program decides.
fn relabelings<'a>(scrape: &Scrape<'a>) -> Node<'a> {
    let job = scrape.job.map(|job| fixed("job", job));
    let rule = Origin::rule("`node-label` tells on which node a pod runs");
    let node = scrape.node_label.value.then(|| {
        Fields::new()
            .with("action", text("replace", rule))
            .with("sourceLabels", list([text("__meta_kubernetes_pod_node_name", rule)]))
            .with("targetLabel", text("node", rule))
    });
    let own = scrape.add_labels.iter().map(|&(label, value)| fixed(label.as_str(), value));
    list(job.into_iter().chain(node).chain(own))
}

/// A label that all targets have with one value. `$` names a group of the regex otherwise.
pub(super) fn fixed<'a>(label: &'a str, value: Of<&'a str>) -> Fields<'a> {
    let rule = Origin::rule("all targets get this label");
    let replacement = text(value.value.replace('$', "$$"), value.origin);
    Fields::new()
        .with("action", text("replace", rule))
        .with("targetLabel", text(label, rule))
        .with("replacement", replacement)
}

fn metric_relabelings<'a>(scrape: &Scrape<'a>) -> Node<'a> {
    let of = |action: &'static str, names: &[Of<&'a str>]| {
        let origin = names.first()?.origin;
        let names: Vec<&str> = names.iter().map(|name| name.value).collect();
        let rule = Origin::rule("`keep` and `drop` look at the names of metrics");
        Some(
            Fields::new()
                .with("action", text(action, rule))
                .with("sourceLabels", list([text("__name__", rule)]))
                .with("regex", text(names.join("|"), origin)),
        )
    };
    list(
        [of("keep", &scrape.keep), of("drop", &scrape.drop)]
            .into_iter()
            .flatten()
            .map(IntoNode::into_node),
    )
}
