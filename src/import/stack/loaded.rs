//! What no Prometheus of the files takes: rules, monitors, and files that it does not read.

use super::charts::MONITORS;
use super::release::Release;
use super::selector::Selector;
use super::server::Server;
use super::{File, name_of, objects};
use crate::diag::Diagnostic;
use crate::import::doc::Node;
use crate::import::errors::stack as errors;
use crate::import::rules::Rules;

/// Objects that no server takes, and files of rules that none reads.
pub(in crate::import) fn loaded(
    files: &[File],
    releases: &[Release],
    servers: &[Server],
    rules: &Rules,
    out: &mut Vec<Diagnostic>,
) {
    let Some(server) = servers.first() else { return };
    for (_, root, kind) in objects(files) {
        let of = |server: &Server| match kind.as_str() {
            "PrometheusRule" => Some((server.rules.clone(), server.rules_at.clone())),
            "ServiceMonitor" => Some((server.services.clone(), server.services_at.clone())),
            "PodMonitor" => Some((server.pods.clone(), server.services_at.clone())),
            _ => None,
        };
        let labels = labels(root);
        let missing = missing(servers, of, &labels);
        let Some(Untaken { lacks, because, is_default }) = missing else { continue };
        let field = match kind.as_str() {
            "PrometheusRule" => "rule",
            "ServiceMonitor" => "serviceMonitor",
            _ => "podMonitor",
        };
        let at = root.at(&["metadata", "labels"]).or_else(|| root.at(&["metadata", "name"]));
        let at = at.unwrap_or_else(|| root.clone());
        let what = if kind == "PrometheusRule" {
            let count = alerts_of(root);
            errors::Unloaded::Rules { name: name_of(root), alerts: count.0, rules: count.1 }
        } else {
            errors::Unloaded::Monitor { kind: kind.clone(), name: name_of(root) }
        };
        let why = errors::Why { server: &server.shown, lacks: &lacks, field, is_default };
        out.push(errors::not_loaded(&what, &why, at.span(), because.span()));
    }
    of_charts(releases, servers, out);
    of_files(files, server, rules, out);
}

/// Why no server takes an object.
struct Untaken {
    /// The labels that the first one wants, and the object lacks.
    lacks: Vec<(String, String)>,
    /// What decides that.
    because: Node,
    /// Whether it is the chart's default.
    is_default: bool,
}

/// What an object lacks for the first server, where none takes it.
fn missing(
    servers: &[Server],
    of: impl Fn(&Server) -> Option<(Selector, Node)>,
    labels: &[(String, String)],
) -> Option<Untaken> {
    let mut first = None;
    for server in servers {
        let (selector, at) = of(server)?;
        let lacks = selector.lacking(labels)?;
        let is_default = selector.is_default();
        first = first.or(Some(Untaken { lacks, because: at, is_default }));
    }
    first
}

fn labels(root: &Node) -> Vec<(String, String)> {
    let fields = root.at(&["metadata", "labels"]).and_then(|it| it.fields()).unwrap_or_default();
    fields.into_iter().filter_map(|(key, _, it)| Some((key, it.text()?.to_owned()))).collect()
}

/// How many alerts an object has, and how many rules.
fn alerts_of(root: &Node) -> (usize, usize) {
    let groups = root.get("spec").map(|it| it.list("groups")).unwrap_or_default();
    let rules: Vec<Node> = groups.iter().flat_map(|group| group.list("rules")).collect();
    (rules.iter().filter(|rule| rule.has("alert")).count(), rules.len())
}

/// Monitors that charts make, without the labels that are wanted.
fn of_charts(releases: &[Release], servers: &[Server], out: &mut Vec<Diagnostic>) {
    for release in releases.iter().filter(|it| it.values.are_whole()) {
        for monitor in MONITORS.iter().filter(|it| it.chart == release.chart) {
            let Some(switch) = monitor.flags.last() else { continue };
            if release.values.flag(switch) != Some(true) {
                continue;
            }
            let mut labels: Vec<(String, String)> =
                monitor.labels.iter().flat_map(|path| release.values.texts(path)).collect();
            let fixed = monitor.fixed.iter();
            labels.extend(fixed.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
            let of = |it: &Server| Some((it.services.clone(), it.services_at.clone()));
            let Some(Untaken { lacks, because, is_default }) = missing(servers, of, &labels) else {
                continue;
            };
            let (Some(server), Some(at), Some(path)) =
                (servers.first(), release.values.get(switch), monitor.labels.first())
            else {
                continue;
            };
            let what = errors::Unloaded::OfChart {
                chart: release.chart.clone(),
                labels: path.join("."),
                title: monitor.title,
            };
            let field = "serviceMonitor";
            let why = errors::Why { server: &server.shown, lacks: &lacks, field, is_default };
            out.push(errors::not_loaded(&what, &why, at.span(), because.span()));
        }
    }
}

/// Files of rules, which the operator's Prometheus does not read.
fn of_files(files: &[File], server: &Server, rules: &Rules, out: &mut Vec<Diagnostic>) {
    let roots = || files.iter().flat_map(|file| &file.roots);
    // A configuration of Prometheus may name them, and values may mount them.
    let is_named = roots().any(|root| {
        (root.has("rule_files") && !root.has("tests"))
            || root.has("serverFiles")
            || root.word("kind").as_deref() == Some("Kustomization")
    });
    let mounts = |server: &Server| {
        let values = server.values.as_ref();
        values.is_none_or(|it| {
            !it.are_whole() || it.get(&["prometheus", "prometheusSpec", "volumes"]).is_some()
        })
    };
    if is_named || mounts(server) {
        return;
    }
    let mut told = Vec::new();
    for origin in rules.origins.iter().filter(|it| it.object.is_none()) {
        if told.contains(&origin.file) {
            continue;
        }
        told.push(origin.file);
        let Some(at) = origin.at else { continue };
        let own = rules.origins.iter().zip(&rules.groups);
        let own = own.filter(|(it, _)| it.file == origin.file && it.object.is_none());
        let all: usize = own.map(|(_, group)| group.rules.len()).sum();
        if all > 0 {
            out.push(errors::plain_file(all, &server.shown, at, server.rules_at.span()));
        }
    }
}
