//! A ClusterClass as it is read.

use super::look::{Object, at, flag, get, items, text, text_at};
use crate::backend::Node;

/// A ClusterClass.
pub(super) struct Class<'o, 'a> {
    /// The object.
    pub(super) object: &'o Object<'o, 'a>,
    /// Its variables.
    pub(super) variables: Vec<Variable<'o, 'a>>,
    /// The templates that it points to.
    pub(super) references: Vec<Reference<'o, 'a>>,
    /// Its patches.
    pub(super) patches: Vec<Patch<'o, 'a>>,
}

/// A variable of a class.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variable<'o, 'a> {
    /// Its name.
    pub(super) name: &'o str,
    /// All of it.
    pub(super) node: &'o Node<'a>,
    /// Whether every Cluster has to give it a value.
    pub(super) required: bool,
    /// `schema.openAPIV3Schema`.
    pub(super) schema: Option<&'o Node<'a>>,
}

impl Variable<'_, '_> {
    /// Whether every Cluster has a value of it: given, or the schema's default.
    pub(super) fn is_always_set(&self) -> bool {
        self.required || self.has_default()
    }

    /// Whether its schema has a default.
    pub(super) fn has_default(&self) -> bool {
        self.schema.is_some_and(|schema| get(schema, "default").is_some())
    }
}

/// What a template is for; builtin variables go by it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role<'o> {
    /// The infrastructure of the cluster.
    Cluster,
    /// The control plane and its machines.
    ControlPlane,
    /// A class of MachineDeployments.
    Deployment(&'o str),
    /// A class of MachinePools.
    Pool(&'o str),
    /// What replaces unhealthy machines: no patch reaches it.
    Remediation,
}

/// A reference to a template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference<'o, 'a> {
    /// What it is for.
    pub(super) role: Role<'o>,
    /// `templateRef`.
    pub(super) node: &'o Node<'a>,
    /// Group and version.
    pub(super) api_version: &'o str,
    /// The kind.
    pub(super) kind: &'o str,
    /// The name.
    pub(super) name: &'o str,
    /// The object, if it stands in the same folder.
    pub(super) object: Option<&'o Object<'o, 'a>>,
}

/// A patch.
pub(super) struct Patch<'o, 'a> {
    /// All of it.
    pub(super) node: &'o Node<'a>,
    /// Its name.
    pub(super) name: &'o str,
    /// Its condition.
    pub(super) enabled_if: Option<&'o Node<'a>>,
    /// What it changes; none where an extension does.
    pub(super) definitions: Vec<Definition<'o, 'a>>,
    /// Whether an extension makes the changes.
    pub(super) is_external: bool,
}

/// A definition of a patch.
pub(super) struct Definition<'o, 'a> {
    /// Which templates it changes.
    pub(super) selector: &'o Node<'a>,
    /// Its changes.
    pub(super) changes: &'o [Node<'a>],
}

impl<'o, 'a> Class<'o, 'a> {
    /// Reads a ClusterClass. What is missing in it is for others to tell.
    pub(super) fn read(object: &'o Object<'o, 'a>, objects: &'o [Object<'o, 'a>]) -> Self {
        let root = object.root;
        let variables = items(at(root, &["spec", "variables"]))
            .iter()
            .filter_map(|node| {
                Some(Variable {
                    name: text_at(node, &["name"])?,
                    node,
                    required: flag(node, &["required"]),
                    schema: at(node, &["schema", "openAPIV3Schema"]),
                })
            })
            .collect();
        let patches = items(at(root, &["spec", "patches"])).iter().map(patch).collect();
        Self { object, variables, references: references(object, objects), patches }
    }

    /// A variable by its name.
    pub(super) fn variable(&self, name: &str) -> Option<&Variable<'o, 'a>> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// Whether an extension may declare variables, or read those that are declared.
    pub(super) fn has_extension(&self) -> bool {
        self.patches.iter().any(|patch| patch.is_external)
    }

    /// The names of the classes of its MachineDeployments or MachinePools, with what declares each.
    pub(super) fn workers(&self, list: &str) -> Vec<(&'o str, &'o Node<'a>)> {
        let items = items(at(self.object.root, &["spec", "workers", list]));
        items.iter().filter_map(|node| Some((text_at(node, &["class"])?, node))).collect()
    }
}

fn patch<'o, 'a>(node: &'o Node<'a>) -> Patch<'o, 'a> {
    let definitions = items(get(node, "definitions")).iter().filter_map(|node| {
        let changes = items(get(node, "jsonPatches"));
        Some(Definition { selector: get(node, "selector")?, changes })
    });
    Patch {
        node,
        name: text_at(node, &["name"]).unwrap_or(""),
        enabled_if: get(node, "enabledIf"),
        definitions: definitions.collect(),
        is_external: get(node, "external").is_some(),
    }
}

fn references<'o, 'a>(
    object: &'o Object<'o, 'a>,
    objects: &'o [Object<'o, 'a>],
) -> Vec<Reference<'o, 'a>> {
    let mut out = Vec::new();
    let mut add = |role: Role<'o>, parent: Option<&'o Node<'a>>| {
        let Some(node) = parent.and_then(|parent| get(parent, "templateRef")) else { return };
        let read = |key: &str| get(node, key).and_then(text).unwrap_or("");
        let (api_version, kind, name) = (read("apiVersion"), read("kind"), read("name"));
        let is_it = |it: &&Object<'_, '_>| {
            it.kind == kind
                && it.api_version == api_version
                && it.name == name
                && it.namespace == object.namespace
        };
        let target = objects.iter().find(is_it);
        out.push(Reference { role, node, api_version, kind, name, object: target });
    };
    let spec = |path: &[&str]| get(object.root, "spec").and_then(|spec| at(spec, path));
    add(Role::Cluster, spec(&["infrastructure"]));
    add(Role::ControlPlane, spec(&["controlPlane"]));
    add(Role::ControlPlane, spec(&["controlPlane", "machineInfrastructure"]));
    add(Role::Remediation, spec(&["controlPlane", "healthCheck", "remediation"]));
    for (list, is_pool) in [("machineDeployments", false), ("machinePools", true)] {
        for worker in items(spec(&["workers", list])) {
            let name = text_at(worker, &["class"]).unwrap_or("");
            let role = if is_pool { Role::Pool(name) } else { Role::Deployment(name) };
            add(role, get(worker, "bootstrap"));
            add(role, get(worker, "infrastructure"));
            add(Role::Remediation, at(worker, &["healthCheck", "remediation"]));
        }
    }
    out
}
