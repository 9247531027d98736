//! What a Cluster may change of its class: variables, and the patches that use every one of them.

use super::class::{BOOTSTRAP, CONTROL_PLANE, INFRASTRUCTURE};
use super::kube_vip;
use super::node_settings::{LABELS, TAINTS};
use super::shape::Shape;
use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, list, text};
use crate::eval::Origin;
use crate::source::Sym;

/// The variable with host and port of the API server.
pub(super) const ENDPOINT: &str = "controlPlaneEndpoint";
/// The variable with the addresses of the machines.
pub(super) const ADDRESSES: &str = "addresses";

fn rule() -> Origin {
    Origin::rule("a class lets its Clusters change what may differ between them")
}

fn word<'a>(word: &'static str) -> Node<'a> {
    text(word, rule())
}

/// `variables`.
pub(super) fn variables<'a>(shape: &Shape<'a>) -> Node<'a> {
    let string = || Fields::new().with("type", word("string"));
    let full = |fields: Fields<'a>| fields.with("minLength", Node::Int(1, rule()));
    let object = |required: &[&'static str], properties: Fields<'a>| {
        Fields::new()
            .with("type", word("object"))
            .with("required", list(required.iter().map(|name| word(name))))
            .with("properties", properties)
    };
    let port = Fields::new()
        .with("type", word("integer"))
        .with("minimum", Node::Int(1, rule()))
        .with("maximum", Node::Int(65535, rule()));
    let endpoint =
        object(&["host", "port"], Fields::new().with("host", full(string())).with("port", port));
    let addresses = Fields::new()
        .with("type", word("array"))
        .with("minItems", Node::Int(1, rule()))
        .with("items", full(string()));
    let mut variables = vec![
        variable(ENDPOINT, true, "The address and port of the API server.", endpoint),
        variable(
            ADDRESSES,
            true,
            "The addresses of the machines: ranges, networks, or single ones.",
            addresses,
        ),
    ];
    if shape.labels {
        let labels = string().with("default", word(""));
        let says = "Labels that the kubelet gives its node: `key=value`, separated by commas.";
        variables.push(variable(LABELS, false, says, labels));
    }
    if shape.taints {
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"].map(word);
        let taint = object(
            &["key", "effect"],
            Fields::new()
                .with("key", full(string()))
                .with("value", string())
                .with("effect", string().with("enum", list(effects))),
        );
        let taints = Fields::new()
            .with("type", word("array"))
            .with("items", taint)
            .with("default", Node::List(Vec::new()));
        variables.push(variable(TAINTS, false, "Taints that the kubelet gives its node.", taints));
    }
    Node::List(variables)
}

fn variable<'a>(
    name: &'static str,
    required: bool,
    description: &'static str,
    schema: Fields<'a>,
) -> Node<'a> {
    let schema = schema.with("description", word(description));
    Fields::new()
        .with("name", word(name))
        .with("required", Node::Bool(required, rule()))
        .with("schema", Fields::new().with("openAPIV3Schema", schema))
        .into_node()
}

/// `patches`. `pools` are the classes of workers.
pub(super) fn patches<'a>(shape: &Shape<'a>, pools: &[Sym]) -> Node<'a> {
    let mut patches = vec![endpoint(), addresses()];
    // A list that a template renders, or a variable that is one: both go below `nodeRegistration`.
    let mut node_setting =
        |name: &'static str, says: &'static str, path: &'static str, value: Fields<'a>| {
            let used = format!("{{{{ if .{name} }}}}true{{{{ end }}}}");
            let definitions = registrations(pools, path, &value);
            patches.push(patch(name, says, Some(used), definitions));
        };
    if shape.labels {
        let argument = format!("name: node-labels\nvalue: \"{{{{ .{LABELS} }}}}\"\n");
        let value = Fields::new().with("template", text(argument, rule()));
        node_setting(LABELS, "Labels of nodes.", "kubeletExtraArgs/-", value);
    }
    if shape.taints {
        let value = Fields::new().with("variable", word(TAINTS));
        node_setting(TAINTS, "Taints of nodes.", "taints", value);
    }
    Node::List(patches)
}

/// One address: of the infrastructure, of kube-vip, and where the API server listens.
fn endpoint<'a>() -> Node<'a> {
    let variable = |name: &'static str| Fields::new().with("variable", word(name));
    let files = Fields::new().with("template", text(kube_vip::files_template(), rule()));
    let definitions = vec![
        definition(
            infrastructure(),
            vec![
                change(
                    "replace",
                    "/spec/template/spec/controlPlaneEndpoint/host",
                    variable("controlPlaneEndpoint.host"),
                ),
                change(
                    "replace",
                    "/spec/template/spec/controlPlaneEndpoint/port",
                    variable("controlPlaneEndpoint.port"),
                ),
            ],
        ),
        definition(
            control_plane(),
            vec![
                change(
                    "replace",
                    "/spec/template/spec/kubeadmConfigSpec/initConfiguration/localAPIEndpoint/bindPort",
                    variable("controlPlaneEndpoint.port"),
                ),
                change(
                    "replace",
                    "/spec/template/spec/kubeadmConfigSpec/joinConfiguration/controlPlane/localAPIEndpoint/bindPort",
                    variable("controlPlaneEndpoint.port"),
                ),
                change("add", "/spec/template/spec/kubeadmConfigSpec/files", files),
            ],
        ),
    ];
    patch(ENDPOINT, "The address of the API server, announced by kube-vip.", None, definitions)
}

fn addresses<'a>() -> Node<'a> {
    let value = Fields::new().with("variable", word(ADDRESSES));
    let change = change("replace", "/spec/template/spec/ipv4Config/addresses", value);
    let definitions = vec![definition(infrastructure(), vec![change])];
    patch(ADDRESSES, "The addresses of the machines.", None, definitions)
}

/// The same change for every `nodeRegistration`.
fn registrations<'a>(pools: &[Sym], path: &'static str, value: &Fields<'a>) -> Vec<Node<'a>> {
    let at = |parent: &str| {
        let path = format!("/spec/template/spec/{parent}/nodeRegistration/{path}");
        change("add", path, value.clone())
    };
    let first = at("kubeadmConfigSpec/initConfiguration");
    let next = at("kubeadmConfigSpec/joinConfiguration");
    let mut definitions = vec![definition(control_plane(), vec![first, next])];
    if !pools.is_empty() {
        definitions.push(definition(workers(pools), vec![at("joinConfiguration")]));
    }
    definitions
}

fn patch<'a>(
    name: &'static str,
    description: &'static str,
    enabled_if: Option<String>,
    definitions: Vec<Node<'a>>,
) -> Node<'a> {
    Fields::new()
        .with("name", word(name))
        .with("description", word(description))
        .maybe("enabledIf", enabled_if.map(|condition| text(condition, rule())))
        .with("definitions", Node::List(definitions))
        .into_node()
}

fn definition<'a>(selector: Fields<'a>, changes: Vec<Node<'a>>) -> Node<'a> {
    Fields::new().with("selector", selector).with("jsonPatches", Node::List(changes)).into_node()
}

fn change<'a>(op: &'static str, path: impl Into<String>, value: Fields<'a>) -> Node<'a> {
    Fields::new()
        .with("op", word(op))
        .with("path", text(path.into(), rule()))
        .with("valueFrom", value)
        .into_node()
}

fn selector<'a>(
    api_version: &'static str,
    kind: &'static str,
    resources: Fields<'a>,
) -> Fields<'a> {
    Fields::new()
        .with("apiVersion", word(api_version))
        .with("kind", word(kind))
        .with("matchResources", resources)
}

fn infrastructure<'a>() -> Fields<'a> {
    let resources = Fields::new().with("infrastructureCluster", Node::Bool(true, rule()));
    selector(INFRASTRUCTURE, "ProxmoxClusterTemplate", resources)
}

fn control_plane<'a>() -> Fields<'a> {
    let resources = Fields::new().with("controlPlane", Node::Bool(true, rule()));
    selector(CONTROL_PLANE, "KubeadmControlPlaneTemplate", resources)
}

fn workers<'a>(pools: &[Sym]) -> Fields<'a> {
    let names = list(pools.iter().map(|pool| text(pool.as_str(), rule())));
    let classes = Fields::new().with("names", names);
    let resources = Fields::new().with("machineDeploymentClass", classes);
    selector(BOOTSTRAP, "KubeadmConfigTemplate", resources)
}
