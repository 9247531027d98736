//! Where dashboards stand in files.

use crate::diag::Diagnostic;
use crate::import::doc::Node;
use crate::import::errors::dashboard::no_json;

/// What carries a dashboard to Grafana.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::import) enum Carrier {
    /// A file of its own.
    File,
    /// A ConfigMap, a chart's values or a resource of the operator: Grafana reads what is in it as a file.
    Provisioned,
}

/// A dashboard in its file.
#[derive(Clone, Debug)]
pub(in crate::import) struct Dashboard {
    /// The JSON model.
    pub(in crate::import) model: Node,
    /// The field around the model, where it is not the root.
    pub(in crate::import) wrapper: Option<Node>,
    /// What carries it.
    pub(in crate::import) carrier: Carrier,
}

/// The dashboards of a document. What is meant to be one and is no JSON is told of.
pub(in crate::import) fn dashboards(root: &Node, problems: &mut Vec<Diagnostic>) -> Vec<Dashboard> {
    match root.word("kind").as_deref() {
        None => of_model(root, Carrier::File, false).into_iter().collect(),
        Some("ConfigMap") => of_config_map(root, problems),
        Some("GrafanaDashboard") => {
            let json = root.at(&["spec", "json"]);
            json.and_then(|it| of_text(&it, "json", true, problems)).into_iter().collect()
        }
        // Grafana's own API server keeps the model in `spec`.
        Some("Dashboard") => {
            let spec = root.get("spec");
            spec.and_then(|it| of_model(&it, Carrier::File, true)).into_iter().collect()
        }
        Some(_) => Vec::new(),
    }
}

/// The dashboards in values of Grafana's chart: `dashboards.<provider>.<name>.json`.
pub(in crate::import) fn of_values(
    grafana: &Node,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Dashboard> {
    let providers = grafana.get("dashboards").and_then(|it| it.fields()).unwrap_or_default();
    let names = providers.into_iter().filter_map(|(_, _, it)| it.fields()).flatten();
    let texts = names.filter_map(|(name, _, it)| Some((name, it.get("json")?)));
    texts.filter_map(|(name, json)| of_text(&json, &name, true, problems)).collect()
}

fn of_config_map(root: &Node, problems: &mut Vec<Diagnostic>) -> Vec<Dashboard> {
    let is_labelled = root.at(&["metadata", "labels", "grafana_dashboard"]).is_some();
    let data = root.get("data").and_then(|it| it.fields()).unwrap_or_default();
    data.into_iter()
        .filter(|(key, ..)| key.ends_with(".json"))
        .filter_map(|(key, _, value)| of_text(&value, &key, is_labelled, problems))
        .collect()
}

/// The dashboard that a text holds. `is_meant` tells that it is to be one.
fn of_text(
    text: &Node,
    name: &str,
    is_meant: bool,
    problems: &mut Vec<Diagnostic>,
) -> Option<Dashboard> {
    match text.inside()? {
        Ok(doc) => of_model(doc.roots().first()?, Carrier::Provisioned, is_meant),
        Err(unreadable) => {
            let is_template = text.text().is_some_and(|it| it.contains("{{"));
            if is_meant && !is_template {
                problems.push(no_json(name, &unreadable.wrong.words, unreadable.at));
            }
            None
        }
    }
}

/// The dashboard that a map is, or holds as its field `dashboard`, as Grafana's API answers.
fn of_model(node: &Node, carrier: Carrier, is_meant: bool) -> Option<Dashboard> {
    if is_model(node, is_meant) {
        return Some(Dashboard { model: node.clone(), wrapper: None, carrier });
    }
    let fields = node.fields()?;
    let (_, key, inner) = fields.into_iter().find(|it| it.0 == "dashboard")?;
    is_model(&inner, is_meant).then_some(Dashboard { model: inner, wrapper: Some(key), carrier })
}

/// Whether a map is the model of a dashboard; where one is meant, panels are enough.
fn is_model(node: &Node, is_meant: bool) -> bool {
    let has_list = |name: &str| node.get(name).is_some_and(|it| it.items().is_some());
    let is_told = ["schemaVersion", "templating", "uid", "title"].iter().any(|it| node.has(it));
    (has_list("panels") || has_list("rows")) && (is_told || is_meant)
}
