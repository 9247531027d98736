//! The variables that Cluster API gives every class.

use super::class::Role;

/// What a builtin variable holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    /// A text.
    Text,
    /// A whole number.
    Int,
    /// A list of texts.
    Texts,
    /// A map of texts.
    TextMap,
    /// A record: it has no value of its own for a field.
    Record,
}

/// Every path below `builtin`, as patches may name it: `builtinVariables` in `patch_validation.go` and `topologymutation_variable_types.go`
/// of cluster-api v1.14.
const PATHS: &[(&str, Holds)] = &[
    ("cluster", Holds::Record),
    ("cluster.name", Holds::Text),
    ("cluster.namespace", Holds::Text),
    ("cluster.uid", Holds::Text),
    ("cluster.metadata.labels", Holds::TextMap),
    ("cluster.metadata.annotations", Holds::TextMap),
    ("cluster.topology", Holds::Record),
    ("cluster.topology.classRef.name", Holds::Text),
    ("cluster.topology.classRef.namespace", Holds::Text),
    ("cluster.topology.class", Holds::Text),
    ("cluster.topology.classNamespace", Holds::Text),
    ("cluster.topology.version", Holds::Text),
    ("cluster.network", Holds::Record),
    ("cluster.network.serviceDomain", Holds::Text),
    ("cluster.network.services", Holds::Texts),
    ("cluster.network.pods", Holds::Texts),
    ("controlPlane", Holds::Record),
    ("controlPlane.name", Holds::Text),
    ("controlPlane.replicas", Holds::Int),
    ("controlPlane.version", Holds::Text),
    ("controlPlane.metadata.labels", Holds::TextMap),
    ("controlPlane.metadata.annotations", Holds::TextMap),
    ("controlPlane.machineTemplate.infrastructureRef.name", Holds::Text),
    ("machineDeployment", Holds::Record),
    ("machineDeployment.class", Holds::Text),
    ("machineDeployment.name", Holds::Text),
    ("machineDeployment.replicas", Holds::Int),
    ("machineDeployment.topologyName", Holds::Text),
    ("machineDeployment.version", Holds::Text),
    ("machineDeployment.metadata.labels", Holds::TextMap),
    ("machineDeployment.metadata.annotations", Holds::TextMap),
    ("machineDeployment.bootstrap.configRef.name", Holds::Text),
    ("machineDeployment.infrastructureRef.name", Holds::Text),
    ("machinePool", Holds::Record),
    ("machinePool.class", Holds::Text),
    ("machinePool.name", Holds::Text),
    ("machinePool.replicas", Holds::Int),
    ("machinePool.topologyName", Holds::Text),
    ("machinePool.version", Holds::Text),
    ("machinePool.metadata.labels", Holds::TextMap),
    ("machinePool.metadata.annotations", Holds::TextMap),
    ("machinePool.bootstrap.configRef.name", Holds::Text),
    ("machinePool.infrastructureRef.name", Holds::Text),
];

/// The name of all of them.
pub(super) const NAME: &str = "builtin";

/// What a path below `builtin` holds, as `valueFrom.variable` may name it.
pub(super) fn named(path: &str) -> Option<Holds> {
    PATHS.iter().find(|(known, _)| *known == path).map(|(_, holds)| *holds)
}

/// What a path below `builtin` holds, as templates read it: also what lies between, and inside of maps.
pub(super) fn read(path: &[String]) -> Option<Holds> {
    let joined = path.join(".");
    if path.is_empty() {
        return Some(Holds::Record);
    }
    named(&joined)
        .or_else(|| {
            let inner = format!("{joined}.");
            PATHS.iter().any(|(known, _)| known.starts_with(&inner)).then_some(Holds::Record)
        })
        .or_else(|| {
            let (_, above) = path.split_last()?;
            (named(&above.join(".")) == Some(Holds::TextMap)).then_some(Holds::Text)
        })
}

/// Every path, whole.
pub(super) fn all() -> impl Iterator<Item = String> {
    PATHS.iter().map(|(path, _)| format!("{NAME}.{path}"))
}

/// Whether the variables of this record exist where a template has this role.
pub(super) fn exists(record: &str, role: Role<'_>) -> bool {
    match record {
        "controlPlane" => role == Role::ControlPlane,
        "machineDeployment" => matches!(role, Role::Deployment(_)),
        "machinePool" => matches!(role, Role::Pool(_)),
        _ => true,
    }
}
