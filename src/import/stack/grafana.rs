//! What values say of Grafana and its dashboards.

use super::release::base;
use super::{File, STACK};
use crate::diag::Diagnostic;
use crate::import::alertmanager::is_written_out;
use crate::import::doc::Node;
use crate::import::errors::alertmanager::plain_secret;
use crate::import::errors::stack as errors;

/// Dashboards of values that Grafana does not find, and its password.
pub(in crate::import) fn grafana(grafana: &Node, files: &[File], out: &mut Vec<Diagnostic>) {
    if let Some(password) = grafana.get("adminPassword")
        && password.text().is_some_and(is_written_out)
    {
        out.push(plain_secret("adminPassword", password.span()));
    }
    let Some(dashboards) = grafana.get("dashboards") else { return };
    let providers = dashboards.fields().unwrap_or_default();
    if providers.is_empty() {
        return;
    }
    if !grafana.has("dashboardProviders") {
        let names: Vec<&str> = providers.iter().map(|it| it.0.as_str()).collect();
        if let Some((_, at, _)) = providers.first() {
            out.push(errors::no_provider(&names, at.span()));
        }
    }
    for (_, _, of) in providers {
        for (_, _, dashboard) in of.fields().unwrap_or_default() {
            let Some(url) = dashboard.get("url") else { continue };
            missing(&url, files, out);
        }
    }
}

/// A URL of a file that the files have under another name.
fn missing(url: &Node, files: &[File], out: &mut Vec<Diagnostic>) {
    let text = url.text().unwrap_or_default();
    let name = base(text.split(['?', '#']).next().unwrap_or(text));
    let Some(stem) = name.strip_suffix(".json") else { return };
    if files.iter().any(|it| base(&it.name) == name) {
        return;
    }
    let other = files
        .iter()
        .map(|it| base(&it.name))
        .find(|other| [".yaml", ".yml"].iter().any(|end| other.strip_suffix(end) == Some(stem)));
    if let Some(other) = other {
        out.push(errors::no_such_dashboard(name, other, url.span()));
    }
}

/// Whether the stack's node exporter gets another `instance`.
pub(in crate::import) fn is_instance_renamed(releases: &[super::Release]) -> bool {
    let path = ["prometheus-node-exporter", "prometheus", "monitor", "relabelings"];
    releases.iter().filter(|it| it.chart == STACK).any(|it| it.values.get(&path).is_some())
}
