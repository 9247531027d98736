//! A whole dashboard in Grafana's JSON.

use serde_json::{Value, json};

use super::layout::{Layout, Spot};
use super::panel::{self, Ids};
use super::text::title;
use super::unit::span;
use super::variable;
use crate::model::{Dashboard, Link, Map, Panel, Row};

/// The version of Grafana's format: that of Grafana 10.3, which newer ones read.
const SCHEMA_VERSION: u32 = 39;

/// A dashboard.
pub(super) fn dashboard(dashboard: &Dashboard<'_>) -> Value {
    let mut root = json!({
        "uid": dashboard.known_by().value,
        "title": dashboard.title.value,
    });
    if let Some(description) = dashboard.description {
        root["description"] = description.value.into();
    }
    let tags: Vec<&str> = dashboard.tags.iter().map(|tag| tag.value).collect();
    let rest = json!({
        "tags": tags,
        "schemaVersion": SCHEMA_VERSION,
        "editable": false,
        // A moment under the pointer is shown in all panels.
        "graphTooltip": 1,
        "timezone": dashboard.timezone.value.as_str(),
        "time": { "from": format!("now-{}", span(dashboard.time)), "to": "now" },
        "refresh": dashboard.refresh.map_or_else(String::new, span),
        "links": links(&dashboard.link),
        "annotations": { "list": [annotations()] },
        "templating": { "list": variable::variables(dashboard) },
        "panels": panels(dashboard),
    });
    if let (Value::Object(root), Value::Object(rest)) = (&mut root, rest) {
        root.extend(rest);
    }
    root
}

/// What Grafana adds to every dashboard that lacks it, and then takes the dashboard for changed.
fn annotations() -> Value {
    json!({
        "name": "Annotations & Alerts",
        "type": "dashboard",
        "builtIn": 1,
        "datasource": { "type": "grafana", "uid": "-- Grafana --" },
        "enable": true,
        "hide": true,
        "iconColor": "rgba(0, 211, 255, 1)",
    })
}

/// Links beside a title.
pub(super) fn links(links: &Map<Link<'_>>) -> Value {
    let link = |title: &str, link: &Link<'_>| {
        json!({
            "title": title,
            "type": "link",
            "url": link.url.value,
            "targetBlank": link.new_tab.value,
            "asDropdown": false,
            "icon": "external link",
            "includeVars": false,
            "keepTime": true,
            "tags": [],
            "tooltip": "",
        })
    };
    links.iter().map(|(title, it)| link(title.as_str(), it)).collect()
}

/// Panels above all rows, then each row with its own.
fn panels(dashboard: &Dashboard<'_>) -> Value {
    let mut ids = Ids::default();
    let mut layout = Layout::new();
    let mut out = placed(&dashboard.panel, &mut layout, &mut ids, "");
    for (_, it) in &dashboard.row {
        let heading = layout.heading();
        let prefix = format!("{}/", it.name.value);
        // The panels of a folded row lie in it, and take no room before it is opened.
        let is_folded = it.collapsed.value;
        let id = ids.of(&prefix);
        let inside = placed(&it.panel, &mut layout, &mut ids, &prefix);
        let (within, after) = if is_folded { (inside, Vec::new()) } else { (Vec::new(), inside) };
        out.push(row(it, id, heading, within));
        out.extend(after);
        if is_folded {
            layout = Layout::folded(heading);
        }
    }
    out.into()
}

fn placed(panels: &Map<Panel<'_>>, layout: &mut Layout, ids: &mut Ids, prefix: &str) -> Vec<Value> {
    let place = |(_, it): &(_, Panel<'_>)| {
        let (width, height) = panel::size(it);
        let spot = layout.place(width, height);
        let id = ids.of(&format!("{prefix}{}", it.base().name.value));
        panel::panel(it, id, grid(spot))
    };
    panels.iter().map(place).collect()
}

fn row(row: &Row<'_>, id: u32, spot: Spot, panels: Vec<Value>) -> Value {
    let mut out = json!({
        "id": id,
        "type": "row",
        "title": title(row.title.as_ref(), row.name),
        "gridPos": grid(spot),
        "collapsed": row.collapsed.value,
        "panels": panels,
    });
    if let Some(repeat) = row.repeat {
        out["repeat"] = repeat.value.into();
    }
    out
}

fn grid(spot: Spot) -> Value {
    json!({ "h": spot.height, "w": spot.width, "x": spot.x, "y": spot.y })
}
