//! The graph for drawing programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use super::resource_graph::{NodeInfo, ResourceGraph};

impl ResourceGraph {
    /// For Graphviz, with a box around each kind.
    pub fn to_dot(&self) -> String {
        let mut out =
            "digraph platform {\n  rankdir = LR;\n  node [shape = box, style = rounded];\n"
                .to_owned();
        for (kind, nodes) in self.by_kind() {
            let name = quoted(&format!("cluster_{kind}"));
            let _ = writeln!(out, "  subgraph {name} {{\n    label = {};", quoted(kind));
            for (_, node) in nodes {
                let style = if node.external { " [style = \"rounded,dashed\"]" } else { "" };
                let _ = writeln!(out, "    {}{style};", quoted(&node.address));
            }
            out.push_str("  }\n");
        }
        for (from, to, label) in self.arrows() {
            let (from, to) = (quoted(from), quoted(to));
            let _ = writeln!(out, "  {from} -> {to} [label = {}];", quoted(label));
        }
        out.push_str("}\n");
        out
    }

    /// For Mermaid, with a box around each kind.
    pub fn to_mermaid(&self) -> String {
        let mut out = "flowchart LR\n".to_owned();
        let ids: BTreeMap<&str, usize> =
            self.nodes().map(|node| node.address.as_str()).zip(0..).collect();
        for (number, (kind, nodes)) in self.by_kind().into_iter().enumerate() {
            let _ = writeln!(out, "  subgraph k{number}[\"{}\"]", entities(kind));
            for (id, node) in nodes {
                let (open, close) = if node.external { ("([", "])") } else { ("[", "]") };
                let _ = writeln!(out, "    n{id}{open}\"{}\"{close}", entities(&node.address));
            }
            out.push_str("  end\n");
        }
        for (from, to, label) in self.arrows() {
            if let (Some(from), Some(to)) = (ids.get(from), ids.get(to)) {
                let _ = writeln!(out, "  n{from} -->|\"{}\"| n{to}", entities(label));
            }
        }
        out
    }

    /// For programs: `version`, `nodes` and `edges`.
    pub fn to_json(&self) -> String {
        let node = |node: &NodeInfo| json!({ "address": node.address, "kind": node.kind.as_str(), "external": node.external });
        let nodes: Vec<_> = self.nodes().map(node).collect();
        let edges: Vec<_> = self
            .arrows()
            .into_iter()
            .map(|(from, to, field)| json!({ "from": from, "to": to, "field": field }))
            .collect();
        format!("{:#}\n", json!({ "version": 1, "nodes": nodes, "edges": edges }))
    }

    /// The resources of each kind, with their numbers.
    fn by_kind(&self) -> BTreeMap<&'static str, Vec<(usize, &NodeInfo)>> {
        let mut kinds: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (id, node) in self.nodes().enumerate() {
            kinds.entry(node.kind.as_str()).or_default().push((id, node));
        }
        kinds
    }

    /// Who refers to whom by which field, each once.
    pub fn arrows(&self) -> Vec<(&str, &str, &str)> {
        let mut arrows: Vec<(&str, &str, &str)> = self
            .references()
            .map(|(from, to, reference)| {
                (self.address(from), self.address(to), reference.reason.field())
            })
            .collect();
        arrows.sort_unstable();
        arrows.dedup();
        arrows
    }
}

/// A text in Graphviz' quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// A text in Mermaid's quotes, where entities stand for what would end them.
fn entities(text: &str) -> String {
    text.replace('#', "#35;").replace('"', "#quot;").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::super::resource_graph::sketch::{edge, node};
    use super::super::resource_graph::{EdgeInfo, EdgeReason, NodeInfo, ResourceGraph};

    fn graph() -> ResourceGraph {
        let hub = NodeInfo { external: true, ..node("cluster.hub") };
        let nodes =
            vec![node("workload.web"), node("cluster.eu-1"), hub, node("namespace.\"2\\048\"#")];
        let field = |from, to, path: &str| EdgeInfo {
            reason: EdgeReason::Field(path.to_owned()),
            ..edge(from, to, 0)
        };
        let needs = EdgeInfo { reason: EdgeReason::Needs, ..edge(0, 2, 3) };
        let again = edge(0, 3, 9);
        let edges =
            vec![field(0, 3, "namespace"), needs, field(3, 1, "clusters"), again.clone(), again];
        ResourceGraph::new(nodes, edges)
    }

    #[test]
    fn drawings() {
        insta::assert_snapshot!("dot", graph().to_dot());
        insta::assert_snapshot!("mermaid", graph().to_mermaid());
        insta::assert_snapshot!("json", graph().to_json());
    }
}
