//! Panels: their types, data sources and how they ask.

use super::model::Panel;
use crate::diag::{Diagnostic, nearest};
use crate::import::doc::Node;
use crate::import::errors::dashboard as errors;
use crate::source::Span;

/// Types that are gone, and what has taken their place.
const GONE: [(&str, &str); 8] = [
    ("graph", "timeseries"),
    ("singlestat", "stat"),
    ("table-old", "table"),
    ("grafana-piechart-panel", "piechart"),
    ("grafana-singlestat-panel", "stat"),
    ("grafana-worldmap-panel", "geomap"),
    ("natel-discrete-panel", "state-timeline"),
    ("flant-statusmap-panel", "status-history"),
];

/// Types that come with Grafana; plugins bring others.
const OWN: [&str; 28] = [
    "alertlist",
    "annolist",
    "barchart",
    "bargauge",
    "candlestick",
    "canvas",
    "dashlist",
    "datagrid",
    "debug",
    "flamegraph",
    "gauge",
    "geomap",
    "gettingstarted",
    "heatmap",
    "histogram",
    "logs",
    "news",
    "nodeGraph",
    "piechart",
    "row",
    "stat",
    "state-timeline",
    "status-history",
    "table",
    "text",
    "timeseries",
    "traces",
    "trend",
];

/// Further ones, which are near to others of these.
const MORE: [&str; 4] = ["xychart", "live", "welcome", "heatmap-new"];

/// Types that no Grafana has, or none any more: each is told once.
pub(super) fn types(panels: &[Panel], out: &mut Vec<Diagnostic>) {
    let mut told: Vec<&str> = Vec::new();
    for panel in panels {
        let kind = panel.kind.as_str();
        if kind.is_empty() || told.contains(&kind) {
            continue;
        }
        told.push(kind);
        let places: Vec<(Span, bool)> = panels
            .iter()
            .filter(|it| it.kind == kind)
            .filter_map(|it| it.node.get("type"))
            .map(|it| (it.span(), it.written().contains(kind)))
            .collect();
        if let Some((_, new)) = GONE.iter().find(|(old, _)| *old == kind) {
            out.extend(errors::type_gone(kind, new, &places));
        } else if !OWN.contains(&kind)
            && !MORE.contains(&kind)
            && !kind.contains("-panel")
            && let Some(near) = nearest(kind, OWN)
        {
            out.extend(errors::type_unknown(kind, near, &places));
        }
    }
}

/// Queries that do not say whom they ask.
pub(super) fn sources(panels: &[Panel], out: &mut Vec<Diagnostic>) {
    let asks_nobody = |panel: &&Panel| {
        !panel.node.has("datasource")
            && panel.targets.iter().any(|target| !target.node.has("datasource"))
    };
    let places: Vec<Node> = panels.iter().filter(asks_nobody).map(Panel::told_at).collect();
    let places: Vec<Span> = places.iter().map(Node::span).collect();
    out.extend(errors::no_datasource(&places));
}

/// Queries without a name.
pub(super) fn references(panels: &[Panel], out: &mut Vec<Diagnostic>) {
    let targets = panels.iter().flat_map(|panel| &panel.targets);
    let unnamed = targets.filter(|target| target.node.word("refId").is_none_or(|it| it.is_empty()));
    let places: Vec<Span> = unnamed.map(|target| target.expr.span()).collect();
    out.extend(errors::no_ref_id(&places));
}

/// A table shows series only where they are asked for as one.
pub(super) fn table(panel: &Panel, out: &mut Vec<Diagnostic>) {
    if !matches!(panel.kind.as_str(), "table" | "table-old")
        || !panel.node.list("transformations").is_empty()
        || panel.node.word("transform").is_some_and(|it| it != "table")
    {
        return;
    }
    for target in &panel.targets {
        let format = target.node.word("format");
        let is_table = format.as_deref() == Some("table");
        if is_table && target.node.flag(&["instant"]) == Some(true) {
            continue;
        }
        out.push(errors::no_table(is_table, target.expr.span()));
    }
}
