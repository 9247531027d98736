//! Boxes and arrows: who reaches whom, and whatever else is a graph of named things in groups.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use serde_json::json;

/// What talks, or is talked to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Spot {
    /// What it stands in: its namespace; none for what is no pod.
    pub namespace: Option<String>,
    /// Its name: `workload.orders`, `outside`.
    pub name: String,
}

/// A cluster's traffic.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Picture {
    /// What it shows.
    pub title: String,
    /// Who talks or is talked to; sorted, each once.
    pub spots: Vec<Spot>,
    /// Who reaches whom, by their places among the spots, and on which ports.
    pub arrows: Vec<(usize, usize, String)>,
}

/// How wide a letter is, in pixels: the font has one width.
const LETTER: usize = 8;
/// How high a box is, and how far boxes lie apart.
const HEIGHT: usize = 44;
const APART: usize = 26;
/// How far columns lie apart: ports are written there.
const BETWEEN: usize = 190;
const EDGE: usize = 24;
const HEAD: usize = 56;

impl Picture {
    /// For Graphviz, with a box around each namespace.
    pub fn to_dot(&self) -> String {
        let mut out =
            "digraph network {\n  rankdir = LR;\n  node [shape = box, style = rounded];\n"
                .to_owned();
        for (namespace, spots) in self.by_namespace() {
            match namespace {
                Some(name) => {
                    let id = quoted(&format!("cluster_{name}"));
                    let _ = writeln!(out, "  subgraph {id} {{\n    label = {};", quoted(name));
                    for spot in spots {
                        let _ = writeln!(out, "    {};", self.id(spot));
                    }
                    out.push_str("  }\n");
                }
                None => {
                    for spot in spots {
                        let _ = writeln!(out, "  {} [style = \"rounded,dashed\"];", self.id(spot));
                    }
                }
            }
        }
        for (from, to, ports) in &self.arrows {
            let (from, to) = (self.id(*from), self.id(*to));
            let _ = writeln!(out, "  {from} -> {to} [label = {}];", quoted(ports));
        }
        out.push_str("}\n");
        out
    }

    /// For Mermaid, with a box around each namespace.
    pub fn to_mermaid(&self) -> String {
        let mut out = "flowchart LR\n".to_owned();
        for (number, (namespace, spots)) in self.by_namespace().into_iter().enumerate() {
            if let Some(name) = namespace {
                let _ = writeln!(out, "  subgraph k{number}[\"{name}\"]");
            }
            for spot in spots {
                let name = self.spots.get(spot).map_or("", |it| it.name.as_str());
                let (open, close) = if namespace.is_some() { ("[", "]") } else { ("([", "])") };
                let _ = writeln!(out, "    n{spot}{open}\"{name}\"{close}");
            }
            if namespace.is_some() {
                out.push_str("  end\n");
            }
        }
        for (from, to, ports) in &self.arrows {
            let _ = writeln!(out, "  n{from} -->|\"{ports}\"| n{to}");
        }
        out
    }

    /// For programs: `version`, `title`, `spots` and `reaches`.
    pub fn to_json(&self) -> String {
        let spot = |it: &Spot| json!({ "namespace": it.namespace, "name": it.name });
        let spots: Vec<_> = self.spots.iter().map(spot).collect();
        let name = |spot: usize| self.spots.get(spot).map(|it| it.name.as_str());
        let arrows: Vec<_> = self
            .arrows
            .iter()
            .map(
                |(from, to, ports)| json!({ "from": name(*from), "to": name(*to), "ports": ports }),
            )
            .collect();
        let whole = json!({ "version": 1, "title": self.title, "spots": spots, "reaches": arrows });
        format!("{whole:#}\n")
    }

    /// A drawing: who calls stands to the left of who is called.
    pub fn to_svg(&self) -> String {
        let columns = self.columns();
        let widths: Vec<usize> = columns
            .iter()
            .map(|spots| {
                let letters = spots
                    .iter()
                    .filter_map(|it| self.spots.get(*it))
                    .map(|it| it.name.len().max(it.namespace.as_ref().map_or(0, String::len)));
                letters.max().unwrap_or(0) * LETTER + 2 * LETTER
            })
            .collect();
        let mut places: BTreeMap<usize, (usize, usize, usize)> = BTreeMap::new();
        let mut left = EDGE;
        for (spots, width) in columns.iter().zip(&widths) {
            for (row, spot) in spots.iter().enumerate() {
                places.insert(*spot, (left, HEAD + row * (HEIGHT + APART), *width));
            }
            left += width + BETWEEN;
        }
        let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
        let width = (left - BETWEEN.min(left) + EDGE).max(480);
        let height = HEAD + rows * (HEIGHT + APART) + EDGE;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"monospace\" font-size=\"13\">\n"
        );
        let title = escaped(&self.title);
        let _ = writeln!(out, "<title>{title}</title>");
        out.push_str("<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"#475569\"/></marker></defs>\n");
        out.push_str("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        let _ = writeln!(out, "<text x=\"{EDGE}\" y=\"30\" font-size=\"15\">{title}</text>");
        for (from, to, ports) in &self.arrows {
            if let (Some(from), Some(to)) = (places.get(from), places.get(to)) {
                arrow(&mut out, *from, *to, ports);
            }
        }
        for (number, spot) in self.spots.iter().enumerate() {
            if let Some((x, y, width)) = places.get(&number) {
                boxed(&mut out, spot, (*x, *y, *width));
            }
        }
        out.push_str("</svg>\n");
        out
    }

    /// Spots by how far from the first callers they lie; what calls in a circle stands together.
    fn columns(&self) -> Vec<Vec<usize>> {
        let mut graph: DiGraph<usize, ()> = DiGraph::new();
        let nodes: Vec<NodeIndex> = (0..self.spots.len()).map(|it| graph.add_node(it)).collect();
        for (from, to, _) in &self.arrows {
            if let (Some(from), Some(to)) = (nodes.get(*from), nodes.get(*to)) {
                graph.add_edge(*from, *to, ());
            }
        }
        let mut depth: BTreeMap<usize, usize> = BTreeMap::new();
        // From who calls to who is called.
        for part in kosaraju_scc(&graph).into_iter().rev() {
            let of = |node: &NodeIndex| graph.node_weight(*node).copied();
            let inner: Vec<usize> = part.iter().filter_map(of).collect();
            let before = self
                .arrows
                .iter()
                .filter(|(from, to, _)| inner.contains(to) && !inner.contains(from))
                .filter_map(|(from, ..)| depth.get(from));
            let own = before.map(|it| it + 1).max().unwrap_or(0);
            depth.extend(inner.into_iter().map(|spot| (spot, own)));
        }
        let mut columns: Vec<Vec<usize>> = Vec::new();
        for (spot, depth) in depth {
            if columns.len() <= depth {
                columns.resize(depth + 1, Vec::new());
            }
            if let Some(column) = columns.get_mut(depth) {
                column.push(spot);
            }
        }
        columns
    }

    fn by_namespace(&self) -> BTreeMap<Option<&str>, Vec<usize>> {
        let mut out: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for (number, spot) in self.spots.iter().enumerate() {
            out.entry(spot.namespace.as_deref()).or_default().push(number);
        }
        out
    }

    fn id(&self, spot: usize) -> String {
        quoted(self.spots.get(spot).map_or("", |it| it.name.as_str()))
    }
}

/// An arrow from the right side of one box to the left side of another, or around where that lies to the left.
fn arrow(out: &mut String, from: (usize, usize, usize), to: (usize, usize, usize), ports: &str) {
    let (x, y) = (from.0 + from.2, from.1 + HEIGHT / 2);
    let (end, height) = (to.0, to.1 + HEIGHT / 2);
    let bend = if end > x { (end - x) / 2 } else { BETWEEN / 2 };
    let before = end.saturating_sub(bend);
    let _ = writeln!(
        out,
        "<path d=\"M{x} {y} C{} {y} {before} {height} {end} {height}\" fill=\"none\" stroke=\"#475569\" marker-end=\"url(#tip)\"/>",
        x + bend
    );
    // Beside the box that is reached, where arrows lie apart.
    let at = end.saturating_sub(8);
    let _ = writeln!(
        out,
        "<text x=\"{at}\" y=\"{}\" text-anchor=\"end\" font-size=\"11\" fill=\"#475569\">{}</text>",
        height.saturating_sub(5),
        escaped(ports)
    );
}

fn boxed(out: &mut String, spot: &Spot, (x, y, width): (usize, usize, usize)) {
    let (fill, dash) = match spot.namespace {
        Some(_) => ("#eff6ff", ""),
        None => ("#f8fafc", " stroke-dasharray=\"4 3\""),
    };
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"6\" fill=\"{fill}\" stroke=\"#1e3a8a\"{dash}/>"
    );
    let middle = x + width / 2;
    let (name, below) = match &spot.namespace {
        Some(namespace) => (y + 19, Some((y + 35, namespace))),
        None => (y + 27, None),
    };
    let _ = writeln!(
        out,
        "<text x=\"{middle}\" y=\"{name}\" text-anchor=\"middle\">{}</text>",
        escaped(&spot.name)
    );
    if let Some((y, namespace)) = below {
        let _ = writeln!(
            out,
            "<text x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"11\" fill=\"#475569\">{}</text>",
            escaped(namespace)
        );
    }
}

/// A text in Graphviz' quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{Picture, Spot};

    #[test]
    fn drawings() {
        let spot = |namespace: &str, name: &str| Spot {
            namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
            name: name.to_owned(),
        };
        let picture = Picture {
            title: "who reaches whom on eu-1".to_owned(),
            spots: vec![
                spot("", "outside"),
                spot("data", "database.orders"),
                spot("shop", "workload.orders"),
                spot("shop", "workload.web"),
            ],
            arrows: vec![
                (0, 3, "TCP 8080".to_owned()),
                (2, 1, "TCP 5432".to_owned()),
                (2, 3, "TCP 8080".to_owned()),
                (3, 2, "TCP 9000".to_owned()),
            ],
        };
        insta::assert_snapshot!("dot", picture.to_dot());
        insta::assert_snapshot!("mermaid", picture.to_mermaid());
        insta::assert_snapshot!("json", picture.to_json());
        insta::assert_snapshot!("svg", picture.to_svg());
        assert!(Picture::default().to_svg().ends_with("</svg>\n"));
    }
}
