//! What the viewer picks.

use serde_json::{Value, json};

use super::query::prometheus;
use super::unit::span;
use crate::model::{
    Choice, Dashboard, Interval, LabelValues, Panel, TextBox, Variable, VariableBase,
};

/// The variable that holds the data source for queries of Prometheus.
pub(super) const DATASOURCE: &str = "datasource";

/// The variable that holds the data source for logs.
pub(super) const LOGS: &str = "logs";

/// What stands for all values.
const ALL: &str = "$__all";

/// The variables of a dashboard, those of data sources first.
pub(super) fn variables(dashboard: &Dashboard<'_>) -> Value {
    let mut out = vec![source(DATASOURCE, "Data source", "prometheus")];
    if dashboard.panels().any(|panel| matches!(panel, Panel::Logs(_))) {
        out.push(source(LOGS, "Logs", "loki"));
    }
    out.extend(dashboard.variable.iter().map(|(_, variable)| one(variable)));
    out.into()
}

fn source(name: &str, label: &str, kind: &str) -> Value {
    // `default` is Grafana's own default, where that is of the kind; else the first of the kind.
    json!({
        "name": name,
        "label": label,
        "type": "datasource",
        "query": kind,
        "current": { "selected": false, "text": "default", "value": "default" },
        "hide": 0,
        "includeAll": false,
        "multi": false,
        "options": [],
        "refresh": 1,
        "regex": "",
        "skipUrlSync": false,
    })
}

fn one(variable: &Variable<'_>) -> Value {
    let mut out = json!({
        "name": variable.base().name.value.as_str(),
        "type": match variable {
            Variable::LabelValues(_) => "query",
            Variable::Choice(_) => "custom",
            Variable::Interval(_) => "interval",
            Variable::TextBox(_) => "textbox",
        },
        "hide": hide(variable.base()),
        "skipUrlSync": false,
    });
    if let Some(title) = variable.base().title {
        out["label"] = title.value.into();
    }
    let rest = match variable {
        Variable::LabelValues(it) => label_values(it),
        Variable::Choice(it) => choice(it),
        Variable::Interval(it) => interval(it),
        Variable::TextBox(it) => text_box(it),
    };
    if let (Value::Object(out), Value::Object(rest)) = (&mut out, rest) {
        out.extend(rest);
    }
    out
}

const fn hide(base: &VariableBase<'_>) -> u8 {
    if base.hidden.value { 2 } else { 0 }
}

fn label_values(variable: &LabelValues<'_>) -> Value {
    let asked = format!("label_values({}, {})", variable.series.value, variable.label.value);
    let sort = match variable.sort.value.as_str() {
        "text" => 5,
        "number" => 3,
        _ => 7,
    };
    let (multi, all) = (variable.multi.value, variable.include_all.value);
    json!({
        "datasource": prometheus(),
        "query": {
            "qryType": 1,
            "query": asked,
            "refId": "PrometheusVariableQueryEditor-VariableQuery",
        },
        "regex": variable.matching.map_or("", |matching| matching.value),
        "sort": sort,
        // Asked anew when the time that is shown changes.
        "refresh": 2,
        "multi": multi,
        "includeAll": all,
        "current": picked(all.then_some(("All", ALL)), multi),
        "options": [],
    })
}

fn choice(variable: &Choice<'_>) -> Value {
    let (multi, all) = (variable.multi.value, variable.include_all.value);
    let first = variable.values.first().map(|first| (first.value, first.value));
    let current = if all { Some(("All", ALL)) } else { first };
    let is_current = |value: &str| current.is_some_and(|(_, picked)| picked == value);
    let every = all.then_some(("All", ALL));
    let values = variable.values.iter().map(|it| (it.value, it.value));
    let options: Vec<Value> = every
        .into_iter()
        .chain(values)
        .map(|(text, value)| json!({ "selected": is_current(value), "text": text, "value": value }))
        .collect();
    let escaped: Vec<String> =
        variable.values.iter().map(|it| it.value.replace(',', "\\,")).collect();
    json!({
        "query": escaped.join(","),
        "multi": multi,
        "includeAll": all,
        "current": picked(current, multi),
        "options": options,
    })
}

fn interval(variable: &Interval<'_>) -> Value {
    let values: Vec<String> = variable.values.iter().map(|it| span(*it)).collect();
    let options: Vec<Value> = values
        .iter()
        .enumerate()
        .map(|(index, it)| json!({ "selected": index == 0, "text": it, "value": it }))
        .collect();
    json!({
        "query": values.join(","),
        "refresh": 2,
        "current": picked(values.first().map(|it| (it.as_str(), it.as_str())), false),
        "options": options,
    })
}

fn text_box(variable: &TextBox<'_>) -> Value {
    let text = variable.default.value;
    json!({
        "query": text,
        "current": { "selected": true, "text": text, "value": text },
        "options": [{ "selected": true, "text": text, "value": text }],
    })
}

/// What is picked to begin with; nothing where Grafana shall take the first that it finds.
fn picked(value: Option<(&str, &str)>, multi: bool) -> Value {
    match value {
        Some((text, value)) if multi => {
            json!({ "selected": true, "text": [text], "value": [value] })
        }
        Some((text, value)) => json!({ "selected": true, "text": text, "value": value }),
        None if multi => json!({ "selected": false, "text": [], "value": [] }),
        None => json!({ "selected": false, "text": "", "value": "" }),
    }
}
