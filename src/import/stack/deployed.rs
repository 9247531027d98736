//! What no Application of the files brings to a cluster.

use super::release::base;
use super::{File, objects};
use crate::diag::Diagnostic;
use crate::import::doc::Node;
use crate::import::errors::stack as errors;

/// Kinds that do nothing in a file.
const KINDS: [&str; 4] = ["PrometheusRule", "ServiceMonitor", "PodMonitor", "GrafanaDashboard"];

/// Rules, monitors and dashboards in folders that no Application reads, where the files have Applications.
pub(in crate::import) fn deployed(files: &[File], out: &mut Vec<Diagnostic>) {
    let mut read: Vec<(String, bool)> = Vec::new();
    let mut first = None;
    for (_, root, kind) in objects(files) {
        let spec = match kind.as_str() {
            "Application" => root.get("spec"),
            // What an ApplicationSet or Flux reads is not known here.
            "ApplicationSet" | "Kustomization" | "GitRepository" => return,
            _ => continue,
        };
        let Some(spec) = spec.filter(|it| it.has("destination") || it.has("project")) else {
            continue;
        };
        first = first.or_else(|| root.at(&["metadata", "name"]));
        for source in spec.get("source").into_iter().chain(spec.list("sources")) {
            let Some(path) = source.word("path") else { continue };
            let is_deep = source.flag(&["directory", "recurse"]) == Some(true);
            read.push((path.trim_matches('/').trim_start_matches("./").to_owned(), is_deep));
        }
    }
    // Only where one of the folders is here it shows how folders and Applications belong together.
    let is_here = |path: &str| {
        files.iter().any(|file| format!("/{}", file.name).contains(&format!("/{path}/")))
    };
    let Some(first) = first.filter(|_| read.iter().any(|it| is_here(&it.0))) else { return };
    let is_kustomized = files.iter().any(|it| base(&it.name).starts_with("kustomization."));
    if is_kustomized || read.iter().any(|(path, _)| path.is_empty() || path == ".") {
        return;
    }
    let is_read = |file: &File| {
        let folder = file.name.strip_suffix(base(&file.name)).unwrap_or_default();
        let folder = format!("/{}", folder.trim_start_matches("./"));
        read.iter().any(|(path, is_deep)| {
            let is_chart = files.iter().any(|it| it.name.ends_with(&format!("{path}/Chart.yaml")));
            let here = folder.ends_with(&format!("/{path}/"));
            here || (*is_deep || is_chart) && folder.contains(&format!("/{path}/"))
                // The files may be named from within the folder that is read.
                || path.ends_with(folder.trim_matches('/')) && folder.len() > 1
        })
    };
    let mut unread: Vec<(&File, &Node)> = Vec::new();
    for (file, root, kind) in objects(files) {
        let is_dashboard =
            kind == "ConfigMap" && root.at(&["metadata", "labels", "grafana_dashboard"]).is_some();
        let is_new = unread.iter().all(|it| it.0.name != file.name);
        if (KINDS.contains(&kind.as_str()) || is_dashboard) && is_new && !is_read(file) {
            unread.push((file, root));
        }
    }
    let Some((_, root)) = unread.first() else { return };
    let names: Vec<&str> = unread.iter().map(|it| base(&it.0.name)).collect();
    let at = root.at(&["metadata", "name"]).unwrap_or_else(|| (*root).clone());
    let paths: Vec<&str> = read.iter().map(|it| it.0.as_str()).collect();
    out.push(errors::not_deployed(&names, &paths, at.span(), first.span()));
}
