//! What a Cluster may change of its templates: variables of a class and the patches that use them, or the change itself
//! where there is no class.

use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, list, text};
use crate::eval::Origin;
use crate::model::Cluster;
use crate::source::Sym;

/// One thing that differs between the clusters of a class.
pub(super) struct Setting<'a> {
    /// The variable's name, and that of the patch.
    pub(super) name: &'static str,
    /// What it is, for people who look at the class.
    pub(super) description: &'static str,
    /// The variable; none where the patch says it from what Cluster API knows itself.
    pub(super) variable: Option<Variable<'a>>,
    /// Where it goes.
    pub(super) changes: Vec<Change<'a>>,
}

/// A class' variable.
pub(super) struct Variable<'a> {
    /// Whether every Cluster sets it. What is not required has a default, and its patches run where it says something.
    pub(super) required: bool,
    /// Its OpenAPI schema.
    pub(super) schema: Fields<'a>,
    /// A cluster's value; none where it is set closer to the machines, or not at all.
    pub(super) value: OfCluster<'a>,
}

/// What a variable is for a cluster.
pub(super) type OfCluster<'a> = Box<dyn Fn(&Cluster<'a>) -> Option<Node<'a>> + Send + Sync + 'a>;

/// A change of one field of one template.
pub(super) struct Change<'a> {
    /// The template.
    pub(super) target: Target,
    /// `add` or `replace`.
    pub(super) op: &'static str,
    /// The field, below the `spec` of what the template makes: `controlPlaneEndpoint/host`.
    pub(super) path: String,
    /// What is written.
    pub(super) value: From<'a>,
}

/// Which template a change is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    /// The cluster's infrastructure.
    Infrastructure,
    /// The control plane's bootstrap.
    ControlPlane,
    /// The workers' bootstrap.
    Workers,
    /// The machines of the control plane.
    ControlPlaneMachines,
    /// The machines of workers.
    WorkerMachines,
}

impl Target {
    const ALL: [Self; 5] = [
        Self::Infrastructure,
        Self::ControlPlane,
        Self::Workers,
        Self::ControlPlaneMachines,
        Self::WorkerMachines,
    ];

    const fn is_of_workers(self) -> bool {
        matches!(self, Self::Workers | Self::WorkerMachines)
    }
}

/// The same change of every machine.
pub(super) fn of_machines<'a>(
    op: &'static str,
    path: &str,
    value: impl Fn() -> From<'a>,
) -> [Change<'a>; 2] {
    [Target::ControlPlaneMachines, Target::WorkerMachines].map(|target| Change {
        target,
        op,
        path: path.to_owned(),
        value: value(),
    })
}

/// What a change writes.
pub(super) enum From<'a> {
    /// The variable, or a field of it: `controlPlaneEndpoint.host`.
    Variable(&'static str),
    /// A Go template, as Cluster API renders it, and what it gives for a cluster.
    Template(String, OfCluster<'a>),
}

/// The types that the targets of a class have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selectors<'a> {
    /// `apiVersion` and `kind` of the cluster's infrastructure.
    pub(super) infrastructure: (&'static str, &'a str),
    /// Of the control plane's bootstrap.
    pub(super) control_plane: (&'static str, &'a str),
    /// Of the workers' bootstrap.
    pub(super) workers: (&'static str, &'a str),
    /// Of machines.
    pub(super) machines: (&'static str, &'a str),
    /// The classes of workers.
    pub(super) pools: &'a [Sym],
}

fn rule() -> Origin {
    Origin::rule("a class lets its Clusters change what may differ between them")
}

fn word<'a>(word: impl Into<std::borrow::Cow<'a, str>>) -> Node<'a> {
    text(word, rule())
}

/// `variables` of a class.
pub(super) fn variables<'a>(settings: &[Setting<'a>]) -> Node<'a> {
    list(settings.iter().filter_map(|setting| {
        let variable = setting.variable.as_ref()?;
        let schema = variable.schema.clone().with("description", word(setting.description));
        Some(
            Fields::new()
                .with("name", word(setting.name))
                .with("required", Node::Bool(variable.required, rule()))
                .with("schema", Fields::new().with("openAPIV3Schema", schema)),
        )
    }))
}

/// `patches` of a class.
pub(super) fn patches<'a>(settings: &[Setting<'a>], selectors: Selectors<'_>) -> Node<'a> {
    list(settings.iter().filter_map(|setting| {
        let optional = setting.variable.as_ref().is_some_and(|variable| !variable.required);
        let used =
            optional.then(|| word(format!("{{{{ if .{} }}}}true{{{{ end }}}}", setting.name)));
        let definitions: Vec<Fields<'a>> = Target::ALL
            .into_iter()
            .filter_map(|target| definition(setting, target, selectors))
            .collect();
        // Without workers, a patch of workers would select nothing.
        (!definitions.is_empty()).then(|| {
            Fields::new()
                .with("name", word(setting.name))
                .with("description", word(setting.description))
                .maybe("enabledIf", used)
                .with("definitions", list(definitions))
        })
    }))
}

fn definition<'a>(
    setting: &Setting<'a>,
    target: Target,
    selectors: Selectors<'_>,
) -> Option<Fields<'a>> {
    let yes = || Node::Bool(true, rule());
    if target.is_of_workers() && selectors.pools.is_empty() {
        return None;
    }
    let pools = || {
        let names = list(selectors.pools.iter().map(|pool| word(pool.as_str())));
        Fields::new().with("machineDeploymentClass", Fields::new().with("names", names))
    };
    let control_plane = || Fields::new().with("controlPlane", yes());
    let ((api_version, kind), resources) = match target {
        Target::Infrastructure => {
            (selectors.infrastructure, Fields::new().with("infrastructureCluster", yes()))
        }
        Target::ControlPlane => (selectors.control_plane, control_plane()),
        Target::Workers => (selectors.workers, pools()),
        Target::ControlPlaneMachines => (selectors.machines, control_plane()),
        Target::WorkerMachines => (selectors.machines, pools()),
    };
    let changes: Vec<Fields<'a>> = setting
        .changes
        .iter()
        .filter(|change| change.target == target)
        .map(|change| {
            let value = match &change.value {
                From::Variable(path) => Fields::new().with("variable", word(*path)),
                From::Template(template, _) => {
                    Fields::new().with("template", word(template.clone()))
                }
            };
            Fields::new()
                .with("op", word(change.op))
                .with("path", word(format!("/spec/template/spec/{}", change.path)))
                .with("valueFrom", value)
        })
        .collect();
    if changes.is_empty() {
        return None;
    }
    let selector = Fields::new()
        .with("apiVersion", word(api_version))
        .with("kind", word(kind.to_owned()))
        .with("matchResources", resources);
    Some(Fields::new().with("selector", selector).with("jsonPatches", list(changes)))
}

/// `topology.variables` of a Cluster.
pub(super) fn values<'a>(settings: &[Setting<'a>], cluster: &Cluster<'a>) -> Node<'a> {
    let rule = Origin::rule("a Cluster sets the variables of its class");
    list(settings.iter().filter_map(|setting| {
        let value = (setting.variable.as_ref()?.value)(cluster)?;
        Some(Fields::new().with("name", text(setting.name, rule)).with("value", value))
    }))
}

/// What a template's `spec` is for one cluster, without a class: every change is made.
pub(super) fn applied<'a>(
    spec: Fields<'a>,
    target: Target,
    settings: &[Setting<'a>],
    cluster: &Cluster<'a>,
) -> Fields<'a> {
    let mut root = spec.into_node();
    for setting in settings {
        let whole = setting.variable.as_ref().and_then(|variable| (variable.value)(cluster));
        // What a cluster does not set changes nothing, as in a class.
        if setting.variable.is_some() && whole.is_none() {
            continue;
        }
        for change in setting.changes.iter().filter(|change| change.target == target) {
            let value = match &change.value {
                From::Template(_, value) => value(cluster),
                From::Variable(path) => {
                    let inner = path.split_once('.').map(|(_, inner)| inner);
                    let whole = whole.as_ref();
                    whole.and_then(|whole| inner.map_or(Some(whole), |key| whole.get(key)).cloned())
                }
            };
            if let Some(value) = value {
                write(&mut root, &change.path, value);
            }
        }
    }
    Fields::of(root)
}

/// Writes a value at a path of names; `-` is the end of a list, a number a place in it.
fn write<'a>(root: &mut Node<'a>, path: &str, value: Node<'a>) {
    let (name, rest) = match path.split_once('/') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    match root {
        Node::List(items) if name == "-" => items.push(value),
        Node::List(items) => {
            let place = name.parse().ok().and_then(|place: usize| items.get_mut(place));
            match (place, rest) {
                (Some(item), Some(rest)) => write(item, rest, value),
                (Some(item), None) => *item = value,
                (None, _) => {}
            }
        }
        Node::Map(entries) => {
            let place = entries.iter().position(|(key, _)| key == name).unwrap_or_else(|| {
                let empty =
                    if rest == Some("-") { Node::List(Vec::new()) } else { Node::Map(Vec::new()) };
                entries.push((name.to_owned().into(), empty));
                entries.len() - 1
            });
            let Some((_, inner)) = entries.get_mut(place) else { return };
            match rest {
                Some(rest) => write(inner, rest, value),
                None => *inner = value,
            }
        }
        Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) => {}
    }
}
