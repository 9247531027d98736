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
    /// A cluster's value; none where it is set closer to the machines.
    pub(super) value: fn(&Cluster<'a>) -> Option<Node<'a>>,
}

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
}

/// What a change writes.
pub(super) enum From<'a> {
    /// The variable, or a field of it: `controlPlaneEndpoint.host`.
    Variable(&'static str),
    /// A Go template, as Cluster API renders it, and what it gives for a cluster.
    Template(String, fn(&Cluster<'a>) -> Option<Node<'a>>),
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
        let definitions: Vec<Fields<'a>> =
            [Target::Infrastructure, Target::ControlPlane, Target::Workers]
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
    let ((api_version, kind), resources) = match target {
        Target::Infrastructure => {
            (selectors.infrastructure, Fields::new().with("infrastructureCluster", yes()))
        }
        Target::ControlPlane => {
            (selectors.control_plane, Fields::new().with("controlPlane", yes()))
        }
        Target::Workers if selectors.pools.is_empty() => return None,
        Target::Workers => {
            let names = list(selectors.pools.iter().map(|pool| word(pool.as_str())));
            let classes = Fields::new().with("names", names);
            (selectors.workers, Fields::new().with("machineDeploymentClass", classes))
        }
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

/// Writes a value at a path of names; `-` is the end of a list.
fn write<'a>(root: &mut Node<'a>, path: &str, value: Node<'a>) {
    let (name, rest) = match path.split_once('/') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    match root {
        Node::List(items) if name == "-" => items.push(value),
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
        Node::List(_) | Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) => {}
    }
}
