//! A ClusterClass and its templates.

use super::infrastructure::{Extra, Infrastructure, Role};
use super::setting::{self, Selectors, Setting, Target};
use super::shape::{Home, Shape};
use super::topology::protection;
use super::{Hub, digest, kubeadm, talos};
use crate::backend::k8s::{CONFIRM, Fields, IntoNode, Metadata, labels, list, object, text};
use crate::backend::{Document, Manifest, Node, Output};
use crate::eval::Origin;
use crate::model::{Cluster, Machine, Os};
use crate::source::Sym;

pub(super) const CLUSTER_API: &str = "cluster.x-k8s.io/v1beta2";

/// Argo CD removes what is no longer wanted after everything else is there: a class points to its new templates before the old
/// ones go.
pub(super) const PRUNE_LAST: &str = "PruneLast=true";

/// A ClusterClass with its templates, in apply order, and what its Clusters set.
pub(super) struct Class<'a> {
    /// The ClusterClass' name.
    pub(super) name: Sym,
    /// The variables.
    pub(super) settings: Vec<Setting<'a>>,
    home: Home<'a>,
    kubeadm: bool,
    source: &'a str,
    address: String,
    objects: Vec<Manifest<'a>>,
}

impl<'a> Class<'a> {
    /// Whether its Clusters say the labels and taints of nodes; else its templates do.
    pub(super) const fn sets_nodes(&self) -> bool {
        self.kubeadm
    }

    /// The objects that a Cluster needs beside itself.
    pub(super) fn objects_of(&self, hub: Hub<'a>, cluster: &Cluster<'a>) -> Vec<Manifest<'a>> {
        let extras = self.home.infrastructure().objects(cluster);
        extras.into_iter().map(|it| extra(hub, cluster, it, labels(hub.model))).collect()
    }
}

/// An object that a cluster needs beside its own.
pub(super) fn extra<'a>(
    hub: Hub<'a>,
    cluster: &Cluster<'a>,
    extra: Extra<'a>,
    labels: Fields<'a>,
) -> Manifest<'a> {
    let rule = Origin::rule("objects of a cluster are called after it and their part in it");
    let last = Origin::rule("machines move to their new templates before the old ones go");
    let pruned = match extra.rotates {
        true => Some(text(PRUNE_LAST, last)),
        false => protection(hub, cluster),
    };
    let metadata = Metadata::new(text(extra.name, rule), labels)
        .namespace(hub.namespace)
        .annotation(CONFIRM, pruned);
    object(extra.api_version, extra.kind, metadata, Some(extra.spec))
}

/// The class of a shape; none of a shape without clusters.
pub(super) fn class<'a>(hub: Hub<'a>, shape: &Shape<'a>) -> Option<Class<'a>> {
    let first = shape.first()?;
    let infrastructure = shape.home.infrastructure();
    let (objects, settings) = match &first.value.os {
        Os::Kubeadm(os) => {
            let settings = kubeadm::settings(&*infrastructure, shape);
            let bootstrap = |_: &str| kubeadm::worker(&*infrastructure, &first.value, os);
            let parts = Parts {
                infrastructure: infrastructure.cluster(),
                control_plane: (
                    kubeadm::CONTROL_PLANE,
                    "KubeadmControlPlaneTemplate",
                    kubeadm::control_plane(&*infrastructure, &first.value, os),
                ),
                bootstrap: (kubeadm::BOOTSTRAP, "KubeadmConfigTemplate", &bootstrap),
                talos: false,
            };
            (objects(hub, shape, &first.value, &*infrastructure, parts, &settings), settings)
        }
        Os::Talos(os) => {
            let parts =
                talos::parts(&*infrastructure, &first.value, os, &hub.model.savers(first.id));
            let bootstrap = |pool: &str| parts.bootstrap(pool);
            let parts = Parts {
                infrastructure: parts.infrastructure.clone(),
                control_plane: (
                    talos::CONTROL_PLANE,
                    "TalosControlPlaneTemplate",
                    parts.control_plane.clone(),
                ),
                bootstrap: (talos::BOOTSTRAP, "TalosConfigTemplate", &bootstrap),
                talos: true,
            };
            // One cluster a class: what it would set stands in its templates.
            (objects(hub, shape, &first.value, &*infrastructure, parts, &[]), Vec::new())
        }
    };
    let (source, address) = match shape.home.resource {
        Some(provider) => (provider.source, provider.address().to_string()),
        None => (first.source, first.address().to_string()),
    };
    Some(Class {
        name: Sym::new(&shape.name),
        settings,
        home: shape.home,
        kubeadm: matches!(first.value.os, Os::Kubeadm(_)),
        source,
        address,
        objects,
    })
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

/// What the templates of a class hold.
struct Parts<'a, 'p> {
    infrastructure: Fields<'a>,
    control_plane: (&'static str, &'static str, Fields<'a>),
    bootstrap: (&'static str, &'static str, OfPool<'a, 'p>),
    talos: bool,
}

/// How the machines of a pool are set up, by its name.
type OfPool<'a, 'p> = &'p dyn Fn(&str) -> Fields<'a>;

/// Objects with their names: templates are called after what they hold.
struct Templates<'a> {
    hub: Hub<'a>,
    class: String,
    objects: Vec<Manifest<'a>>,
}

impl<'a> Templates<'a> {
    /// Adds a template; gives the reference to it.
    fn add(
        &mut self,
        api_version: &'static str,
        kind: &str,
        suffix: &str,
        spec: Fields<'a>,
    ) -> Fields<'a> {
        let inner = Fields::new().with("spec", spec);
        let spec = Fields::new().with("template", inner);
        let name = self.name(api_version, kind, suffix, &spec);
        self.objects.push(object(
            api_version,
            kind.to_owned(),
            metadata(self.hub, name.clone()),
            Some(spec),
        ));
        Fields::new().with("templateRef", reference(api_version, kind, &name))
    }

    fn name(&self, api_version: &str, kind: &str, suffix: &str, spec: &Fields<'a>) -> String {
        let name = format!("{}-{suffix}", self.class);
        digest::template(&name, api_version, kind, &spec.clone().into_node())
    }

    /// Adds the template of a machine, and what it refers to.
    fn machine(
        &mut self,
        infrastructure: &dyn Infrastructure<'a>,
        cluster: &Cluster<'a>,
        machine: &Machine<'a>,
        role: Role,
        suffix: &str,
    ) -> Fields<'a> {
        let name = format!("{}-{suffix}", self.class);
        let (spec, companions) = machine_spec(self.hub, infrastructure, machine, role, &name);
        self.objects.extend(companions);
        let spec = match role.is_talos() {
            true => applied(spec, role.target(), infrastructure, cluster),
            false => spec,
        };
        self.add(
            infrastructure.api_version(),
            &format!("{}Template", infrastructure.machine_kind()),
            suffix,
            spec,
        )
    }
}

/// A machine's `spec` with the names of what it refers to, and those objects.
pub(super) fn machine_spec<'a>(
    hub: Hub<'a>,
    infrastructure: &dyn Infrastructure<'a>,
    machine: &Machine<'a>,
    role: Role,
    name: &str,
) -> (Fields<'a>, Vec<Manifest<'a>>) {
    let mut spec = infrastructure.machine(machine, role);
    let mut objects = Vec::new();
    let rule = Origin::rule("a template of machines names what belongs to it");
    for companion in infrastructure.companions(machine, role) {
        let root = companion.spec.clone().into_node();
        let name = digest::template(name, companion.api_version, companion.kind, &root);
        let named = Fields::new().with("name", text(name.clone(), rule));
        spec = spec.with(companion.named_at, named);
        objects.push(object(
            companion.api_version,
            companion.kind,
            metadata(hub, name),
            Some(companion.spec),
        ));
    }
    (spec, objects)
}

fn objects<'a>(
    hub: Hub<'a>,
    shape: &Shape<'a>,
    first: &Cluster<'a>,
    infrastructure: &dyn Infrastructure<'a>,
    parts: Parts<'a, '_>,
    settings: &[Setting<'a>],
) -> Vec<Manifest<'a>> {
    let mut templates = Templates { hub, class: shape.name.clone(), objects: Vec::new() };
    let version = infrastructure.api_version();
    let cluster_kind = format!("{}Template", infrastructure.cluster_kind());
    let machine_kind = format!("{}Template", infrastructure.machine_kind());
    let (control_plane_version, control_plane_kind, control_plane) = parts.control_plane;
    let (bootstrap_version, bootstrap_kind, bootstrap) = parts.bootstrap;
    let whole = templates.add(version, &cluster_kind, "cluster", parts.infrastructure);
    let control_plane =
        templates.add(control_plane_version, control_plane_kind, "control-plane", control_plane);
    let role = Role::ControlPlane { talos: parts.talos };
    let machines = templates.machine(
        infrastructure,
        first,
        &first.control_plane.machine,
        role,
        "control-plane",
    );
    let mut pools: Vec<_> = first.workers.iter().collect();
    pools.sort_by_key(|(name, _)| name.as_str());
    let workers: Vec<_> = pools
        .iter()
        .map(|(pool, it)| {
            let suffix = format!("worker-{pool}");
            let role = Role::Worker { talos: parts.talos };
            let bootstrap = bootstrap(pool.as_str());
            Fields::new()
                .with("class", it.name)
                .with("naming", naming("{{ .cluster.name }}-{{ .machineDeployment.topologyName }}"))
                .with(
                    "bootstrap",
                    templates.add(bootstrap_version, bootstrap_kind, &suffix, bootstrap),
                )
                .with(
                    "infrastructure",
                    templates.machine(infrastructure, first, &it.machine, role, &suffix),
                )
        })
        .collect();
    let pools: Vec<Sym> = pools.iter().map(|(name, _)| *name).collect();
    let selectors = Selectors {
        infrastructure: (version, &cluster_kind),
        control_plane: (control_plane_version, control_plane_kind),
        workers: (bootstrap_version, bootstrap_kind),
        machines: (version, &machine_kind),
        pools: &pools,
    };
    let control_plane = control_plane
        .with("machineInfrastructure", machines)
        .with("naming", naming("{{ .cluster.name }}-control-plane"));
    let workers = Fields::new().unless_empty("machineDeployments", list(workers));
    let spec = Fields::new()
        .with("infrastructure", whole.with("naming", naming("{{ .cluster.name }}")))
        .with("controlPlane", control_plane)
        .unless_empty("workers", workers)
        .unless_empty("variables", setting::variables(settings))
        .unless_empty("patches", setting::patches(settings, selectors));
    let mut objects = templates.objects;
    objects.push(object(
        CLUSTER_API,
        "ClusterClass",
        metadata(hub, shape.name.clone()),
        Some(spec),
    ));
    objects
}

/// Objects of a cluster are called after it and their part in it, so that people and alerts know them.
fn naming<'a>(template: &'static str) -> Fields<'a> {
    let rule = Origin::rule("objects of a cluster are called after it and their part in it");
    Fields::new().with("template", text(template, rule))
}

/// The metadata of a class, and of what it refers to.
pub(super) fn metadata<'a>(hub: Hub<'a>, name: String) -> Metadata<'a> {
    let rule = Origin::rule(
        "a class is named after preset and provider, a template after its content, too",
    );
    let last = Origin::rule("a class points to its new templates before the old ones go");
    Metadata::new(text(name, rule), labels(hub.model))
        .namespace(hub.namespace)
        .annotation(CONFIRM, Some(text(PRUNE_LAST, last)))
}

fn reference<'a>(api_version: &'static str, kind: &str, name: &str) -> Node<'a> {
    let rule = Origin::rule("a class points to its own templates");
    Fields::new()
        .with("apiVersion", text(api_version, rule))
        .with("kind", text(kind.to_owned(), rule))
        .with("name", text(name.to_owned(), rule))
        .into_node()
}

/// What a cluster's own objects hold, where there is no class.
pub(super) fn applied<'a>(
    spec: Fields<'a>,
    target: Target,
    infrastructure: &dyn Infrastructure<'a>,
    cluster: &Cluster<'a>,
) -> Fields<'a> {
    let mut settings = infrastructure.settings();
    if infrastructure.takes_endpoint() {
        settings.push(kubeadm::endpoint(None));
    }
    setting::applied(spec, target, &settings, cluster)
}
