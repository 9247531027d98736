//! Panels.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::dashboard::links;
use super::fields;
use super::query::{Asked, log_target, loki, prometheus, target};
use super::text::{text, title};
use super::unit::reducer;
use crate::model::{
    BarGauge, Heatmap, LogQuery, Logs, Map, Of, Panel, PanelBase, Query, Stat, Table, Text,
    TimeSeries,
};
use crate::source::Sym;

/// Numbers of panels: each from its name, so that a panel keeps its own when others come and go.
#[derive(Default)]
pub(super) struct Ids(BTreeSet<u32>);

impl Ids {
    /// How many numbers there are.
    const MOST: u32 = 1_000_000;

    /// The number of a panel, by the name of its row and its own.
    pub(super) fn of(&mut self, name: &str) -> u32 {
        // FNV-1a: small, and the same on every machine.
        let digest = name.bytes().fold(0x811c_9dc5_u32, |digest, byte| {
            (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        let mut id = digest % Self::MOST;
        while id == 0 || !self.0.insert(id) {
            id = (id + 1) % Self::MOST;
        }
        id
    }
}

/// The width and height of a panel.
pub(super) fn size(panel: &Panel<'_>) -> (usize, usize) {
    let (width, height) = match panel {
        Panel::TimeSeries(_) | Panel::BarGauge(_) | Panel::Heatmap(_) => (12, 8),
        Panel::Stat(_) => (4, 4),
        Panel::Gauge(_) => (6, 6),
        Panel::Table(_) | Panel::Logs(_) => (24, 8),
        Panel::Text(_) => (24, 4),
    };
    let said = |said: Option<Of<i64>>, usual| {
        said.and_then(|said| usize::try_from(said.value).ok()).unwrap_or(usual)
    };
    (said(panel.base().width, width), said(panel.base().height, height))
}

/// A panel at its place.
pub(super) fn panel(panel: &Panel<'_>, id: u32, grid: Value) -> Value {
    let base = panel.base();
    let mut out = json!({
        "id": id,
        "type": match panel {
            Panel::TimeSeries(_) => "timeseries",
            Panel::Stat(_) => "stat",
            Panel::Gauge(_) => "gauge",
            Panel::BarGauge(_) => "bargauge",
            Panel::Table(_) => "table",
            Panel::Heatmap(_) => "heatmap",
            Panel::Logs(_) => "logs",
            Panel::Text(_) => "text",
        },
        "title": title(base.title.as_ref(), base.name),
    });
    let parts = [about(base, grid), body(panel)];
    if let Value::Object(out) = &mut out {
        for part in parts {
            if let Value::Object(part) = part {
                out.extend(part);
            }
        }
    }
    out
}

fn about(base: &PanelBase<'_>, grid: Value) -> Value {
    let mut out = json!({});
    if let Some(description) = &base.description {
        out["description"] = text(description).into();
    }
    out["gridPos"] = grid;
    if !base.link.is_empty() {
        out["links"] = links(&base.link);
    }
    if let Some(repeat) = base.repeat {
        out["repeat"] = repeat.value.into();
        out["repeatDirection"] = "h".into();
    }
    out
}

/// What differs from one sort of panel to another.
fn body(panel: &Panel<'_>) -> Value {
    match panel {
        Panel::TimeSeries(it) => time_series(it),
        Panel::Stat(it) => stat(it),
        Panel::Gauge(it) => json!({
            "datasource": prometheus(),
            "fieldConfig": fields::config(fields::gauge(&it.base), Vec::new()),
            "options": {
                "reduceOptions": reduced(it.reduce),
                "orientation": "auto",
                "showThresholdLabels": false,
                "showThresholdMarkers": true,
                "sizing": "auto",
                "minVizHeight": 75,
                "minVizWidth": 75,
            },
            "targets": targets(&it.query, single(it.reduce)),
        }),
        Panel::BarGauge(it) => bars(it),
        Panel::Table(it) => table(it),
        Panel::Heatmap(it) => heatmap(it),
        Panel::Logs(it) => logs(it),
        Panel::Text(it) => markdown(it),
    }
}

fn targets(queries: &Map<Query<'_>>, asked: Asked) -> Value {
    queries.iter().enumerate().map(|(number, (_, query))| target(number, query, asked)).collect()
}

/// How a query is asked of which one value is shown.
fn single(reduce: Of<Sym>) -> Asked {
    if reduce.value.as_str() == "last" { Asked::Newest } else { Asked::Range }
}

fn reduced(reduce: Of<Sym>) -> Value {
    json!({ "calcs": [reducer(reduce.value)], "fields": "", "values": false })
}

fn time_series(panel: &TimeSeries<'_>) -> Value {
    let targets: Vec<Value> = panel
        .query
        .iter()
        .enumerate()
        .map(|(number, (_, query))| target(number, &query.base, Asked::Range))
        .collect();
    let (mode, placement, is_shown) = match panel.legend.value.as_str() {
        "right" => ("list", "right", true),
        "table" => ("table", "right", true),
        "none" => ("list", "bottom", false),
        _ => ("list", "bottom", true),
    };
    let columns = panel.columns.iter().filter(|_| mode == "table");
    let columns: Vec<&str> = columns.map(|column| reducer(column.value)).collect();
    json!({
        "datasource": prometheus(),
        "fieldConfig": fields::config(fields::graph(panel), fields::of_queries(panel)),
        "options": {
            "legend": {
                "calcs": columns,
                "displayMode": mode,
                "placement": placement,
                "showLegend": is_shown,
            },
            // All series at the pointer, the greatest first.
            "tooltip": { "mode": "multi", "sort": "desc" },
        },
        "targets": targets,
    })
}

fn stat(panel: &Stat<'_>) -> Value {
    let asked = if panel.graph.value { Asked::Range } else { single(panel.reduce) };
    json!({
        "datasource": prometheus(),
        "fieldConfig": fields::config(fields::by_threshold(&panel.base), Vec::new()),
        "options": {
            "reduceOptions": reduced(panel.reduce),
            "colorMode": match panel.paint.value.as_str() {
                "background" => "background",
                "nothing" => "none",
                _ => "value",
            },
            "graphMode": if panel.graph.value { "area" } else { "none" },
            "justifyMode": "auto",
            "orientation": "auto",
            "percentChangeColorMode": "standard",
            "showPercentChange": false,
            "textMode": match panel.names.value.as_str() {
                "shown" => "value_and_name",
                "hidden" => "value",
                _ => "auto",
            },
            "wideLayout": true,
        },
        "targets": targets(&panel.query, asked),
    })
}

fn bars(panel: &BarGauge<'_>) -> Value {
    let is_up = panel.direction.value.as_str() == "up";
    json!({
        "datasource": prometheus(),
        "fieldConfig": fields::config(fields::by_threshold(&panel.base), Vec::new()),
        "options": {
            "reduceOptions": reduced(panel.reduce),
            "orientation": if is_up { "vertical" } else { "horizontal" },
            "displayMode": match panel.draw.value.as_str() {
                "cells" => "lcd",
                "plain" => "basic",
                _ => "gradient",
            },
            "legend": { "calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": false },
            "maxVizHeight": 300,
            "minVizHeight": 16,
            "minVizWidth": 8,
            "namePlacement": "auto",
            "showUnfilled": true,
            "sizing": "auto",
            "valueMode": "color",
        },
        "targets": targets(&panel.query, single(panel.reduce)),
    })
}

fn heatmap(panel: &Heatmap<'_>) -> Value {
    let scheme = match panel.colors.value.as_str() {
        "blue" => "Blues",
        "green" => "Greens",
        "red" => "Reds",
        "spectral" => "Spectral",
        _ => "Oranges",
    };
    json!({
        "datasource": prometheus(),
        "fieldConfig": fields::config(fields::heatmap(), Vec::new()),
        "options": {
            // The histogram has buckets already.
            "calculate": false,
            "cellGap": 1,
            "color": {
                "exponent": 0.5,
                "fill": "dark-orange",
                "mode": "scheme",
                "reverse": false,
                "scale": "exponential",
                "scheme": scheme,
                "steps": 64,
            },
            "exemplars": { "color": "rgba(255,0,255,0.7)" },
            "filterValues": { "le": 1e-9 },
            "legend": { "show": true },
            "rowsFrame": { "layout": "auto" },
            "tooltip": { "mode": "single", "showColorScale": false, "yHistogram": false },
            "yAxis": fields::values_axis(&panel.base),
        },
        "targets": targets(&panel.query, Asked::Buckets),
    })
}

fn table(panel: &Table<'_>) -> Value {
    let columns = super::fields::Columns::new(panel);
    let targets: Vec<Value> = panel
        .query
        .iter()
        .enumerate()
        .map(|(number, (_, query))| target(number, &query.base, Asked::Table))
        .collect();
    let sort = panel.sort.map(|sort| columns.heading(sort.value));
    let sort: Vec<Value> = sort
        .into_iter()
        .map(|name| json!({ "displayName": name, "desc": panel.descending.value }))
        .collect();
    json!({
        "datasource": prometheus(),
        "fieldConfig": fields::config(fields::cells(&panel.base), columns.overrides()),
        "options": {
            "cellHeight": "sm",
            "showHeader": true,
            "sortBy": sort,
        },
        "targets": targets,
        "transformations": columns.transformations(),
    })
}

fn logs(panel: &Logs<'_>) -> Value {
    let target = |(number, (_, query)): (usize, &(Sym, LogQuery<'_>))| log_target(number, query);
    let targets: Vec<Value> = panel.query.iter().enumerate().map(target).collect();
    let is_oldest_first = panel.order.value.as_str() == "oldest";
    json!({
        "datasource": loki(),
        "fieldConfig": fields::config(json!({}), Vec::new()),
        "options": {
            "dedupStrategy": "none",
            "enableLogDetails": true,
            "prettifyLogMessage": false,
            "showCommonLabels": false,
            "showLabels": false,
            "showTime": panel.times.value,
            "sortOrder": if is_oldest_first { "Ascending" } else { "Descending" },
            "wrapLogMessage": panel.wrap.value,
        },
        "targets": targets,
    })
}

fn markdown(panel: &Text<'_>) -> Value {
    json!({
        "fieldConfig": fields::config(json!({}), Vec::new()),
        "options": {
            "code": { "language": "plaintext", "showLineNumbers": false, "showMiniMap": false },
            "content": text(&panel.text),
            "mode": "markdown",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn numbers_of_panels_stay() {
        let mut ids = Ids::default();
        let first = ids.of("cpu");
        assert_ne!(ids.of("memory"), first);
        assert_eq!(Ids::default().of("cpu"), first);
        assert_ne!(ids.of("cpu"), first, "a number stands once");
        assert_ne!(first, 0);
    }
}
