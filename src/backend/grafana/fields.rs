//! How values are shown: units, scales, colours, columns.

use serde_json::{Map as JsonMap, Value, json};

use super::query::ref_id;
use super::unit::{color, unit};
use crate::model::{Of, Table, TimeSeries, ValuePanel};
use crate::source::Sym;

/// The configuration of a panel's fields.
pub(super) fn config(defaults: Value, overrides: Vec<Value>) -> Value {
    json!({ "defaults": defaults, "overrides": overrides })
}

/// A number without a fraction as such.
fn number(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "compared with what it was")]
    let whole = value as i64;
    #[expect(
        clippy::cast_precision_loss,
        clippy::float_cmp,
        reason = "only whole numbers come back"
    )]
    let is_whole = whole as f64 == value && value.abs() < 1e15;
    if is_whole { whole.into() } else { value.into() }
}

/// What all values of a panel have: unit, ends of the scale, colours.
fn values(panel: &ValuePanel<'_>, mode: &str) -> Value {
    let mut out = json!({ "color": { "mode": mode }, "mappings": [] });
    if let Some(it) = panel.unit {
        out["unit"] = unit(it.value).into();
    }
    for (key, bound) in [("min", panel.min), ("max", panel.max)] {
        if let Some(bound) = bound {
            out[key] = number(bound.value);
        }
    }
    if let Some(decimals) = panel.decimals {
        out["decimals"] = decimals.value.into();
    }
    out["thresholds"] = json!({ "mode": "absolute", "steps": steps(panel) });
    out
}

/// Colours from the least value up; Grafana wants them in this order.
fn steps(panel: &ValuePanel<'_>) -> Vec<Value> {
    let mut bounds: Vec<(Sym, Of<f64>)> = panel.thresholds.clone();
    bounds.sort_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
    let first = json!({ "color": color(panel.base_color.value), "value": null });
    let step =
        |(word, from): (Sym, Of<f64>)| json!({ "color": color(word), "value": number(from.value) });
    std::iter::once(first).chain(bounds.into_iter().map(step)).collect()
}

/// Values in the colour of their threshold.
pub(super) fn by_threshold(panel: &ValuePanel<'_>) -> Value {
    values(panel, "thresholds")
}

/// A dial. Its ends are those of the unit, where that has ends: Grafana would take the least and greatest value that it has.
pub(super) fn gauge(panel: &ValuePanel<'_>) -> Value {
    let mut out = by_threshold(panel);
    let ends = match panel.unit.map(|unit| unit.value.as_str()) {
        Some("percent") => Some(100),
        Some("ratio") => Some(1),
        _ => None,
    };
    if let (Some(most), Value::Object(out)) = (ends, &mut out) {
        out.entry("min").or_insert_with(|| 0.into());
        out.entry("max").or_insert_with(|| most.into());
    }
    out
}

/// The fields of a graph.
pub(super) fn graph(panel: &TimeSeries<'_>) -> Value {
    let mut out = values(&panel.base, "palette-classic");
    let is_stacked = panel.stack.value.as_str() != "none";
    let draw = match panel.draw.value.as_str() {
        "bars" => "bars",
        "points" => "points",
        _ => "line",
    };
    let fill = panel.fill.map_or(
        match (draw, is_stacked) {
            ("bars", _) => 100,
            (_, true) => 40,
            _ => 10,
        },
        |fill| fill.value,
    );
    let stacking = match panel.stack.value.as_str() {
        "sum" => "normal",
        "percent" => "percent",
        _ => "none",
    };
    let scale = match panel.scale.value.as_str() {
        "log2" => json!({ "type": "log", "log": 2 }),
        "log10" => json!({ "type": "log", "log": 10 }),
        _ => json!({ "type": "linear" }),
    };
    let lines = if panel.base.thresholds.is_empty() { "off" } else { "dashed" };
    out["custom"] = json!({
        "axisPlacement": "auto",
        "drawStyle": draw,
        "fillOpacity": fill,
        "lineInterpolation": "linear",
        "lineWidth": 1,
        "pointSize": 5,
        "scaleDistribution": scale,
        "showPoints": if draw == "points" { "always" } else { "never" },
        "spanNulls": panel.connect.value,
        "stacking": { "group": "A", "mode": stacking },
        "thresholdsStyle": { "mode": lines },
    });
    out
}

/// What single queries of a graph have of their own.
pub(super) fn of_queries(panel: &TimeSeries<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    for (number, (_, query)) in panel.query.iter().enumerate() {
        let mut properties = Vec::new();
        if let Some(it) = query.color {
            let fixed = json!({ "fixedColor": color(it.value), "mode": "fixed" });
            properties.push(json!({ "id": "color", "value": fixed }));
        }
        if let Some(it) = query.unit {
            properties.push(json!({ "id": "unit", "value": unit(it.value) }));
            properties.push(json!({ "id": "custom.axisPlacement", "value": "right" }));
        }
        if !properties.is_empty() {
            let matcher = json!({ "id": "byFrameRefID", "options": ref_id(number) });
            out.push(json!({ "matcher": matcher, "properties": properties }));
        }
    }
    out
}

/// The fields of a heatmap.
pub(super) fn heatmap() -> Value {
    json!({ "custom": { "scaleDistribution": { "type": "linear" } } })
}

/// The axis of a heatmap's values.
pub(super) fn values_axis(panel: &ValuePanel<'_>) -> Value {
    let mut out = json!({ "axisPlacement": "left", "reverse": false });
    if let Some(it) = panel.unit {
        out["unit"] = unit(it.value).into();
    }
    if let Some(decimals) = panel.decimals {
        out["decimals"] = decimals.value.into();
    }
    for (key, bound) in [("min", panel.min), ("max", panel.max)] {
        if let Some(bound) = bound {
            out[key] = number(bound.value);
        }
    }
    out
}

/// The cells of a table.
pub(super) fn cells(panel: &ValuePanel<'_>) -> Value {
    let mut out = by_threshold(panel);
    let kind = if panel.thresholds.is_empty() { "auto" } else { "color-text" };
    out["custom"] = json!({
        "align": "auto",
        "cellOptions": { "type": kind },
        "filterable": true,
        "inspect": false,
    });
    out
}

/// The columns of a table: labels, then the values of its queries.
pub(super) struct Columns<'a> {
    table: &'a Table<'a>,
}

impl<'a> Columns<'a> {
    pub(super) const fn new(table: &'a Table<'a>) -> Self {
        Self { table }
    }

    /// The field of a query's values: Grafana numbers them where there are several.
    fn field(&self, number: usize) -> String {
        if self.table.query.len() == 1 {
            "Value".to_owned()
        } else {
            format!("Value #{}", ref_id(number))
        }
    }

    /// The queries whose values have a column: their fields, headings, and units of their own.
    fn shown(&self) -> impl Iterator<Item = (String, String, Option<Of<Sym>>)> + '_ {
        let queries = self.table.query.iter().enumerate();
        queries.filter(|(_, (_, query))| query.values.value).map(|(number, (name, query))| {
            let heading = self.heading(name.as_str());
            (self.field(number), heading, query.unit)
        })
    }

    /// The heading of a column, by its label or query.
    pub(super) fn heading(&self, name: &str) -> String {
        let table = self.table;
        let label = table.headings.iter().find(|(label, _)| label.as_str() == name);
        if let Some((_, heading)) = label {
            return heading.value.to_owned();
        }
        let is_label = table.columns.iter().any(|label| label.value == name);
        let query = table.query.iter().find(|(query, _)| query.as_str() == name);
        match query {
            Some((_, query)) if !is_label => query.title.map_or_else(
                || super::text::title(None, query.base.name),
                |title| title.value.to_owned(),
            ),
            _ => name.to_owned(),
        }
    }

    /// From what Prometheus answers to rows: of each answer the columns that are shown, then all answers as one table.
    pub(super) fn transformations(&self) -> Value {
        let labels = || self.table.columns.iter().map(|label| label.value);
        let names: Vec<String> =
            labels().map(str::to_owned).chain(self.shown().map(|(field, ..)| field)).collect();
        let order: JsonMap<String, Value> =
            names.iter().enumerate().map(|(at, name)| (name.clone(), at.into())).collect();
        let renamed: JsonMap<String, Value> = labels()
            .map(|label| (label.to_owned(), self.heading(label)))
            .filter(|(label, heading)| label != heading)
            .chain(self.shown().map(|(field, heading, _)| (field, heading)))
            .map(|(field, heading)| (field, heading.into()))
            .collect();
        json!([
            { "id": "filterFieldsByName", "options": { "include": { "names": names } } },
            { "id": "merge", "options": {} },
            {
                "id": "organize",
                "options": {
                    "excludeByName": {},
                    "includeByName": {},
                    "indexByName": order,
                    "renameByName": renamed,
                },
            },
        ])
    }

    /// Labels have no unit, and single columns one of their own.
    pub(super) fn overrides(&self) -> Vec<Value> {
        let of = |name: String, id: &str, value: Value| {
            json!({
                "matcher": { "id": "byName", "options": name },
                "properties": [{ "id": id, "value": value }],
            })
        };
        self.shown()
            .filter_map(|(_, heading, it)| Some(of(heading, "unit", unit(it?.value).into())))
            .collect()
    }
}
