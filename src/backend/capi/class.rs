//! A ClusterClass and its templates.

use super::shape::Shape;
use super::{Hub, digest, kubeadm, patches, proxmox};
use crate::backend::k8s::{Fields, IntoNode, Metadata, labels, list, object, text};
use crate::backend::{Document, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::Provider;
use crate::source::Sym;

pub(super) const CLUSTER_API: &str = "cluster.x-k8s.io/v1beta2";
pub(super) const CONTROL_PLANE: &str = "controlplane.cluster.x-k8s.io/v1beta2";
pub(super) const BOOTSTRAP: &str = "bootstrap.cluster.x-k8s.io/v1beta2";
pub(super) const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io/v1alpha2";

/// A ClusterClass with its templates, in apply order.
pub(super) struct Class<'a> {
    /// The ClusterClass' name.
    pub(super) name: String,
    source: &'a str,
    address: String,
    objects: Vec<Manifest<'a>>,
}

/// The class of a shape. Its name holds a digest of all objects as they are without it, so that a template is never changed under
/// its name: Cluster API forbids that.
pub(super) fn class<'a>(hub: Hub<'a>, shape: &Shape<'a>) -> Class<'a> {
    let nameless = objects(hub, shape, "");
    let name = digest::name(shape.first.base, shape.provider.name.value, &nameless);
    Class {
        source: shape.provider.source,
        address: shape.provider.address().to_string(),
        objects: objects(hub, shape, &name),
        name,
    }
}

/// The class' file.
pub(super) fn output<'a>(hub: Hub<'a>, class: &Class<'a>) -> Output<'a> {
    Output {
        clusters: vec![hub.cluster],
        document: Document {
            path: format!("cluster-classes/{}.yaml", class.name),
            source: class.source.into(),
            address: class.address.clone().into(),
            manifests: class.objects.clone(),
        },
    }
}

/// A template before it has a name: its type and `spec.template.spec`.
pub(super) struct Part<'a> {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) spec: Fields<'a>,
}

fn objects<'a>(hub: Hub<'a>, shape: &Shape<'a>, name: &str) -> Vec<Manifest<'a>> {
    let Provider::Proxmox(provider) = &shape.provider.value else { return Vec::new() };
    let first = &shape.first.value;
    let mut objects = Vec::new();
    let mut template = |part: Part<'a>, suffix: &str| {
        let name = format!("{name}-{suffix}");
        let reference = reference(part.api_version, part.kind, &name);
        let inner = Fields::new().with("spec", part.spec);
        let spec = Fields::new().with("template", inner);
        objects.push(object(part.api_version, part.kind, metadata(hub, name), Some(spec)));
        Fields::new().with("templateRef", reference)
    };
    let infrastructure = template(proxmox::cluster_template(provider), "cluster");
    let control_plane = template(kubeadm::control_plane_template(), "control-plane");
    let machine = &first.control_plane.machine;
    let machines = template(proxmox::machine_template(provider, machine), "control-plane");
    let mut pools: Vec<_> = first.workers.iter().collect();
    pools.sort_by_key(|(name, _)| name.as_str());
    let workers: Vec<_> = pools
        .iter()
        .map(|(pool, it)| {
            let suffix = format!("worker-{pool}");
            Fields::new()
                .with("class", it.name)
                .with("bootstrap", template(kubeadm::config_template(), &suffix))
                .with(
                    "infrastructure",
                    template(proxmox::machine_template(provider, &it.machine), &suffix),
                )
        })
        .collect();
    let pools: Vec<Sym> = pools.iter().map(|(name, _)| *name).collect();
    let workers = Fields::new().unless_empty("machineDeployments", list(workers));
    let spec = Fields::new()
        .with("infrastructure", infrastructure)
        .with("controlPlane", control_plane.with("machineInfrastructure", machines))
        .unless_empty("workers", workers)
        .with("variables", patches::variables(shape))
        .with("patches", patches::patches(shape, &pools));
    objects.push(object(CLUSTER_API, "ClusterClass", metadata(hub, name.to_owned()), Some(spec)));
    objects
}

fn metadata<'a>(hub: Hub<'a>, name: String) -> Metadata<'a> {
    let rule =
        Origin::rule("a class and its templates are named after preset, provider and content");
    Metadata::new(text(name, rule), labels(hub.model)).namespace(hub.namespace)
}

fn reference<'a>(api_version: &'static str, kind: &'static str, name: &str) -> Node<'a> {
    let rule = Origin::rule("a class points to its own templates");
    Fields::new()
        .with("apiVersion", text(api_version, rule))
        .with("kind", text(kind, rule))
        .with("name", text(name.to_owned(), rule))
        .into_node()
}
