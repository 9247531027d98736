//! `iflux graph`: resources and what they need, for drawing programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::driver::{GraphView, Session};

use super::Outcome;
use super::args::ReportFormat;
use super::context::Context;

/// Print the graph of resources and their references.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux graph | dot -Tsvg > platform.svg
  iflux graph --format mermaid")]
pub(super) struct Graph {
    /// A folder or a file of the project
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The language of the drawing
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Drawing,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
enum Drawing {
    /// Graphviz
    #[default]
    Dot,
    /// Mermaid, which Markdown viewers draw
    Mermaid,
    /// One JSON object
    Json,
}

impl Graph {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let world = match context.open(&self.path, ReportFormat::Human) {
            Ok(world) => world,
            Err(outcome) => return outcome,
        };
        let mut session = Session::load(&world);
        let graph = session.graph();
        if session.has_errors() {
            context.report_session(&session, ReportFormat::Human, true);
            return Outcome::Errors;
        }
        context.console.out(match self.format {
            Drawing::Dot => dot(&graph),
            Drawing::Mermaid => mermaid(&graph),
            Drawing::Json => as_json(&graph),
        });
        Outcome::Clean
    }
}

/// A text in Graphviz' quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn dot(graph: &GraphView) -> String {
    let mut out =
        "digraph platform {\n  rankdir = LR;\n  node [shape = box, style = rounded];\n".to_owned();
    let mut kinds: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for node in &graph.nodes {
        kinds.entry(&node.kind).or_default().push(node);
    }
    for (kind, nodes) in kinds {
        let _ = writeln!(
            out,
            "  subgraph {} {{\n    label = {};",
            quoted(&format!("cluster_{kind}")),
            quoted(kind)
        );
        for node in nodes {
            let style = if node.external { " [style = \"rounded,dashed\"]" } else { "" };
            let _ = writeln!(out, "    {}{style};", quoted(&node.address));
        }
        out.push_str("  }\n");
    }
    for edge in &graph.edges {
        let _ = write!(out, "  {} -> {}", quoted(&edge.from), quoted(&edge.to));
        if !edge.label.is_empty() {
            let _ = write!(out, " [label = {}]", quoted(&edge.label));
        }
        out.push_str(";\n");
    }
    out.push_str("}\n");
    out
}

/// A text in Mermaid's quotes, where entities stand for what would end them.
fn entities(text: &str) -> String {
    text.replace('#', "#35;").replace('"', "#quot;").replace('\n', " ")
}

fn mermaid(graph: &GraphView) -> String {
    let mut out = "flowchart LR\n".to_owned();
    let ids: BTreeMap<&str, usize> =
        graph.nodes.iter().map(|node| node.address.as_str()).zip(0..).collect();
    for (id, node) in graph.nodes.iter().enumerate() {
        let (open, close) = if node.external { ("([", "])") } else { ("[", "]") };
        let _ = writeln!(out, "  n{id}{open}\"{}\"{close}", entities(&node.address));
    }
    for edge in &graph.edges {
        let ends = (ids.get(edge.from.as_str()), ids.get(edge.to.as_str()));
        if let (Some(from), Some(to)) = ends {
            let label = if edge.label.is_empty() {
                String::new()
            } else {
                format!("|\"{}\"|", entities(&edge.label))
            };
            let _ = writeln!(out, "  n{from} -->{label} n{to}");
        }
    }
    out
}

fn as_json(graph: &GraphView) -> String {
    let nodes: Vec<_> = graph
        .nodes
        .iter()
        .map(
            |node| json!({ "address": node.address, "kind": node.kind, "external": node.external }),
        )
        .collect();
    let edges: Vec<_> = graph
        .edges
        .iter()
        .map(|edge| json!({ "from": edge.from, "to": edge.to, "field": edge.label }))
        .collect();
    format!("{:#}\n", json!({ "version": 1, "nodes": nodes, "edges": edges }))
}

#[cfg(test)]
mod tests {
    use super::{as_json, dot, mermaid};
    use crate::driver::{GraphEdge, GraphNode, GraphView};

    #[test]
    fn drawings() {
        let node = |address: &str, kind: &str, external| GraphNode {
            address: address.to_owned(),
            kind: kind.to_owned(),
            external,
        };
        let edge = |from: &str, to: &str, label: &str| GraphEdge {
            from: from.to_owned(),
            to: to.to_owned(),
            label: label.to_owned(),
        };
        let graph = GraphView {
            nodes: vec![
                node("namespace.a\"b", "namespace", false),
                node("service.payments", "service", true),
                node("workload.orders", "workload", false),
            ],
            edges: vec![
                edge("workload.orders", "namespace.a\"b", "namespace"),
                edge("workload.orders", "service.payments", ""),
            ],
        };
        insta::assert_snapshot!("dot", dot(&graph));
        insta::assert_snapshot!("mermaid", mermaid(&graph));
        insta::assert_snapshot!("json", as_json(&graph));
    }
}
