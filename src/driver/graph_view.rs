//! The graph of a project as plain data, for drawings.

/// Resources and what they need.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GraphView {
    /// By address.
    pub nodes: Vec<GraphNode>,
    /// By the addresses of their ends.
    pub edges: Vec<GraphEdge>,
}

/// A resource.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphNode {
    /// `kind.name`.
    pub address: String,
    /// The kind's keyword.
    pub kind: String,
    /// Whether it lives outside the project.
    pub external: bool,
}

/// One resource needs another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphEdge {
    /// The address of the one that refers.
    pub from: String,
    /// The address of the one that it needs.
    pub to: String,
    /// The path of the field that refers.
    pub label: String,
}
