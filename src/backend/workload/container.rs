//! A container, hardened.

use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, bytes, cpu, list, seconds, text};
use crate::eval::Origin;
use crate::model::{
    EnvValue, Map, Of, PodField, Port, Probe, Probes, Quantity, Range, Security, Toleration,
};
use crate::source::Sym;

/// What runs, and with what.
pub(super) struct Run<'m, 'a> {
    pub(super) name: Of<Sym>,
    pub(super) image: Of<&'a str>,
    pub(super) command: Node<'a>,
    pub(super) args: Node<'a>,
    pub(super) env: Node<'a>,
    pub(super) cpu: Range<Quantity<'a>>,
    pub(super) memory: Range<Quantity<'a>>,
    pub(super) security: &'m Security<'a>,
    pub(super) mounts: Node<'a>,
}

/// The container of it. Ports and probes come after what is here.
pub(super) fn container<'a>(run: Run<'_, 'a>) -> Fields<'a> {
    Fields::new()
        .with("name", run.name)
        .with("image", run.image)
        .unless_empty("command", run.command)
        .unless_empty("args", run.args)
        .unless_empty("env", run.env)
        .with("resources", resources(&run.cpu, &run.memory))
        .with("securityContext", security(run.security))
        .unless_empty("volumeMounts", run.mounts)
}

/// The environment, as a container has it.
pub(super) fn env<'a>(env: &Map<EnvValue<'a>>) -> Node<'a> {
    list(env.iter().map(|(key, value)| {
        let rule = Origin::rule("a variable of the environment");
        let named = Fields::new().with("name", text(key.as_str(), rule));
        match value {
            EnvValue::Text(value) => named.with("value", *value),
            EnvValue::Secret(key) => {
                let key = Fields::new().with("name", key.secret).with("key", key.key);
                named.with("valueFrom", Fields::new().with("secretKeyRef", key))
            }
            EnvValue::Field(field) => {
                let path = text(path(*field), field.field.origin);
                let field = Fields::new().with("fieldPath", path);
                named.with("valueFrom", Fields::new().with("fieldRef", field))
            }
        }
    }))
}

fn path(field: PodField) -> &'static str {
    match field.field.value.as_str() {
        "namespace" => "metadata.namespace",
        "ip" => "status.podIP",
        "node-ip" => "status.hostIP",
        "node" => "spec.nodeName",
        "service-account" => "spec.serviceAccountName",
        _ => "metadata.name",
    }
}

/// Requests and limits: the lower and the upper ends.
pub(in crate::backend) fn resources<'a>(
    processor: &Range<Quantity<'a>>,
    memory: &Range<Quantity<'a>>,
) -> Fields<'a> {
    let requests =
        Fields::new().maybe("cpu", processor.low.map(cpu)).maybe("memory", memory.low.map(bytes));
    let limits =
        Fields::new().maybe("cpu", processor.high.map(cpu)).maybe("memory", memory.high.map(bytes));
    Fields::new().unless_empty("requests", requests).unless_empty("limits", limits)
}

fn security<'a>(security: &Security<'a>) -> Fields<'a> {
    let refused = Origin::rule("a program gets no further rights than it asks for");
    let capabilities = Fields::new()
        .with("drop", list([text("ALL", refused)]))
        .unless_empty("add", list(security.capabilities.iter().copied()));
    let writable = security.writable_root;
    Fields::new()
        .with("allowPrivilegeEscalation", Node::Bool(false, refused))
        .with("readOnlyRootFilesystem", Node::Bool(!writable.value, writable.origin))
        .with("capabilities", capabilities)
}

/// The ports of a container.
pub(super) fn ports<'a>(ports: &Map<Port<'a>>) -> Node<'a> {
    list(ports.iter().map(|(_, port)| {
        Fields::new()
            .with("name", port.name)
            .with("containerPort", port.number)
            .with("protocol", protocol(port))
    }))
}

/// A port's protocol, as Kubernetes writes it.
pub(super) fn protocol<'a>(port: &Port<'_>) -> Node<'a> {
    text(port.protocol.value.as_str().to_ascii_uppercase(), port.protocol.origin)
}

/// The probes that are written, and those that follow from the ports.
pub(super) fn probes<'a>(probes: &Probes<'a>, ports: &Map<Port<'a>>) -> Fields<'a> {
    let asked = first(ports).filter(|_| probes.from_ports.value);
    let by_port = |every: i64, timeout: i64, failures: i64| {
        let rule = Origin::rule("a program that takes connections works");
        let port = Fields::new().with("port", asked?.name);
        Some(
            Fields::new()
                .with("tcpSocket", port)
                .with("periodSeconds", Node::Int(every, rule))
                .with("timeoutSeconds", Node::Int(timeout, rule))
                .with("failureThreshold", Node::Int(failures, rule)),
        )
    };
    let written = |probe: &Option<Probe<'a>>| probe.as_ref().map(|it| probe_of(it, ports));
    Fields::new()
        .maybe("startupProbe", written(&probes.startup))
        .maybe("readinessProbe", written(&probes.readiness).or_else(|| by_port(10, 2, 3)))
        .maybe("livenessProbe", written(&probes.liveness).or_else(|| by_port(20, 5, 6)))
}

/// The first TCP port that people use; that of the metrics where there is no other.
fn first<'m, 'a>(ports: &'m Map<Port<'a>>) -> Option<&'m Port<'a>> {
    let tcp =
        || ports.iter().map(|(_, port)| port).filter(|port| port.protocol.value.as_str() == "tcp");
    tcp().find(|port| port.scrape.is_none()).or_else(|| tcp().next())
}

fn probe_of<'a>(probe: &Probe<'a>, ports: &Map<Port<'a>>) -> Fields<'a> {
    let asked = match probe {
        Probe::Http(it) => {
            let scheme = text(it.scheme.value.as_str().to_ascii_uppercase(), it.scheme.origin);
            let get = Fields::new().with("path", it.path).with("port", it.port);
            Fields::new().with("httpGet", get.with("scheme", scheme))
        }
        Probe::Tcp(it) => Fields::new().with("tcpSocket", Fields::new().with("port", it.port)),
        // Of ports for gRPC Kubernetes reads the number only.
        Probe::Grpc(it) => {
            let port = ports.iter().find(|(name, _)| *name == it.port.value);
            let number = port.map(|(_, port)| port.number);
            let grpc = Fields::new().maybe("port", number).maybe("service", it.service);
            Fields::new().with("grpc", grpc)
        }
        Probe::Command(it) => {
            let command = Fields::new().with("command", list(it.command.iter().copied()));
            Fields::new().with("exec", command)
        }
    };
    let base = probe.base();
    let delay = (base.delay.value.amount > 0).then(|| seconds(base.delay));
    asked
        .maybe("initialDelaySeconds", delay)
        .with("periodSeconds", seconds(base.every))
        .with("timeoutSeconds", seconds(base.timeout))
        .with("failureThreshold", base.failures)
}

/// What lets a pod lie on nodes with a taint.
pub(in crate::backend) fn toleration<'a>((key, it): &(Sym, Toleration<'a>)) -> Node<'a> {
    let rule = Origin::rule("`tolerate` names taints by their keys");
    let effect = (it.effect.value.as_str() != "any").then_some(it.effect);
    let operator = if it.value.is_some() { "Equal" } else { "Exists" };
    Fields::new()
        .with("key", text(key.as_str(), rule))
        .with("operator", text(operator, rule))
        .maybe("value", it.value)
        .maybe("effect", effect)
        .into_node()
}
