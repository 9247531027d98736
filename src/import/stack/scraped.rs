//! What rules ask for, and nothing of the files collects.

use super::charts::{ChartMonitor, MONITORS};
use super::release::Release;
use super::server::Server;
use super::{File, STACK, objects};
use crate::diag::{Diagnostic, Level};
use crate::embedded::promql::{MatchOp, Options, Selector, read};
use crate::import::doc::Node;
use crate::import::errors::stack as errors;
use crate::import::rules::Rules;
use crate::metrics::{Part, Place};
use crate::prove::monitoring::{Bearing, name_of, walk};
use crate::source::Extent;

/// Where a rule asks, and how that bears on it.
struct Spot {
    place: Place,
    bearing: Bearing,
    shown: String,
}

/// Charts of whose metrics the files decide who collects them: the chart's own monitors, or nothing. Without relabelings they have no labels
/// but their own and those of the targets.
pub(in crate::import) fn sole(
    files: &[File],
    releases: &[Release],
    servers: &[Server],
) -> Vec<&'static str> {
    let mut found = Vec::new();
    for monitor in &MONITORS {
        let Some(release) = decided(monitor, files, releases, servers) else { continue };
        let adds = |layer: &Node| {
            ["elabelings", "argetLabels"].iter().any(|word| layer.written().contains(word))
        };
        if !release.values.layers().iter().any(adds) && !found.contains(&monitor.chart) {
            found.push(monitor.chart);
        }
    }
    found
}

/// The release whose monitor is all that may collect something; none where that is not known.
fn decided<'r>(
    monitor: &ChartMonitor,
    files: &[File],
    releases: &'r [Release],
    servers: &[Server],
) -> Option<&'r Release> {
    let [server] = servers else { return None };
    let values = server.values.as_ref().filter(|it| it.are_whole())?;
    let mut of = releases.iter().filter(|it| it.chart == monitor.chart);
    let (Some(release), None) = (of.next(), of.next()) else { return None };
    // Others package the same software in charts of the same name.
    let is_other = release.repository.contains("bitnami");
    let has_more = ["extraObjects", "extraDeploy", "extraManifests"]
        .iter()
        .any(|field| release.values.get(&[field]).is_some());
    let is_known = !is_other && !has_more && release.values.are_whole();
    (is_known && !is_collected_elsewhere(monitor, files, values)).then_some(release)
}

/// Metrics of charts that make no monitor, where no object of the files may be one for them. `unread` are values that nothing reads.
pub(in crate::import) fn scraped(
    files: &[File],
    releases: &[Release],
    servers: &[Server],
    unread: &[Node],
    rules: &Rules,
    out: &mut Vec<Diagnostic>,
) {
    let [server] = servers else { return };
    for monitor in &MONITORS {
        let Some(release) = decided(monitor, files, releases, servers) else { continue };
        if monitor.flags.iter().all(|flag| release.values.flag(flag) == Some(true)) {
            continue;
        }
        let missing = errors::Missing {
            title: monitor.title,
            flag: monitor.flags.last().map(|it| it.join(".")).unwrap_or_default(),
            labels: monitor.labels.first().map(|it| it.join(".")).unwrap_or_default(),
            by: release.by.clone(),
            wanted: server.services.lacking(&[]).and_then(|it| it.into_iter().next()),
        };
        tell(rules, &|selector| asks(selector, monitor), &missing, release.at.span(), out);
    }
    if server.values.as_ref().is_some_and(|it| it.are_whole()) {
        etcd(files, server, unread, rules, out);
    }
}

/// Whether something else of the files may collect what a monitor of a chart would.
fn is_collected_elsewhere(
    monitor: &ChartMonitor,
    files: &[File],
    values: &super::values::Values,
) -> bool {
    let word = monitor.word();
    let speaks =
        |node: &Node| node.written().contains(word) || node.written().contains(monitor.chart);
    let mut all = objects(files);
    if all.any(|(_, root, kind)| {
        matches!(kind.as_str(), "ServiceMonitor" | "PodMonitor" | "ScrapeConfig" | "Probe")
            && speaks(root)
    }) {
        return true;
    }
    let spec = ["prometheus", "prometheusSpec"];
    let more = [
        values.get(&["prometheus", "additionalServiceMonitors"]),
        values.get(&["prometheus", "additionalPodMonitors"]),
        values.get(&["extraManifests"]),
    ];
    if more.into_iter().flatten().any(|it| speaks(&it)) {
        return true;
    }
    if values.get(&[spec[0], spec[1], "additionalScrapeConfigsSecret", "name"]).is_some() {
        return true;
    }
    let Some(configs) = values.get(&[spec[0], spec[1], "additionalScrapeConfigs"]) else {
        return false;
    };
    let Some(jobs) = configs.items() else { return true };
    jobs.iter().any(|job| {
        let fields = job.fields().unwrap_or_default();
        speaks(job) || fields.iter().any(|(name, ..)| name.ends_with("_sd_configs"))
    })
}

/// What a selector asks of a monitor: a metric, or the targets of a job.
fn asks(selector: &Selector, monitor: &ChartMonitor) -> Option<(String, Extent)> {
    let name = name_of(selector)?;
    if monitor.collects(&name.name) {
        return Some((format!("`{}`", name.name), name.at));
    }
    job(selector, monitor.jobs)
}

fn job(selector: &Selector, jobs: &[&str]) -> Option<(String, Extent)> {
    let is_job = |it: &&crate::embedded::promql::LabelMatcher| {
        it.label.name == "job" && it.op == MatchOp::Equal && jobs.contains(&it.value.as_str())
    };
    let matcher = selector.matchers.iter().find(is_job)?;
    Some((format!("the job `{}`", matcher.value), matcher.value_at))
}

/// Tells of the rules that ask, group by group: one cause, however many there are.
fn tell(
    rules: &Rules,
    asks: &dyn Fn(&Selector) -> Option<(String, Extent)>,
    missing: &errors::Missing,
    because: crate::source::Span,
    out: &mut Vec<Diagnostic>,
) {
    for (number, group) in rules.groups.iter().enumerate() {
        let mut spots: Vec<Spot> = Vec::new();
        for (rule, it) in group.rules.iter().enumerate() {
            let Ok(query) = read(&it.expr, Options::default()) else { continue };
            let mut asked = Vec::new();
            walk(&query.root, Bearing::Needed, &mut asked);
            for (selector, bearing) in asked {
                let Some((shown, at)) = asks(selector) else { continue };
                let place = Place { group: number, rule, part: Part::Expr, at: Some(at) };
                spots.push(Spot { place, bearing, shown });
            }
        }
        spots.sort_by_key(|it| it.bearing);
        let Some(first) = spots.first() else { continue };
        let Some((at, _)) = rules.span(&first.place) else { continue };
        let mut concerned: Vec<usize> = spots.iter().map(|it| it.place.rule).collect();
        concerned.sort_unstable();
        concerned.dedup();
        let Some(rule) = group.rules.get(first.place.rule) else { continue };
        let others = spots.iter().skip(1).filter(|it| it.place.rule != first.place.rule);
        let others: Vec<_> =
            others.filter_map(|it| rules.span(&it.place)).map(|(span, _)| span).collect();
        let level = match first.bearing {
            Bearing::Needed | Bearing::Absence if missing.is_sure() => Level::Error,
            Bearing::Needed | Bearing::Absence | Bearing::InPart => Level::Warning,
        };
        let about = (rule, concerned.len().saturating_sub(1), first.bearing);
        out.push(errors::not_scraped(about, &first.shown, missing, level, (at, &others, because)));
    }
}

/// On Talos etcd is no pod, so that the chart's Service for it finds none.
fn etcd(
    files: &[File],
    server: &Server,
    unread: &[Node],
    rules: &Rules,
    out: &mut Vec<Diagnostic>,
) {
    let Some(values) = &server.values else { return };
    let has_endpoints = values
        .get(&["kubeEtcd", "endpoints"])
        .is_some_and(|it| it.items().is_none_or(|it| !it.is_empty()));
    if values.flag(&["kubeEtcd", "enabled"]) == Some(false) || has_endpoints {
        return;
    }
    let Some(sign) = talos(files, values, unread) else { return };
    let speaks = |node: &Node| node.written().contains("etcd");
    let monitors =
        objects(files).filter(|it| matches!(it.2.as_str(), "ServiceMonitor" | "PodMonitor"));
    let jobs = values.get(&["prometheus", "prometheusSpec", "additionalScrapeConfigs"]);
    if monitors.map(|it| it.1.clone()).chain(jobs).any(|it| speaks(&it)) {
        return;
    }
    let missing = errors::Missing {
        title: "etcd on Talos",
        flag: String::new(),
        labels: String::new(),
        by: STACK.to_owned(),
        wanted: None,
    };
    let asks = |selector: &Selector| {
        let name = name_of(selector)?;
        if name.name.starts_with("etcd_") {
            return Some((format!("`{}`", name.name), name.at));
        }
        let of = |it: &&crate::embedded::promql::LabelMatcher| {
            it.label.name == "job" && it.value.contains("etcd")
        };
        let matcher = selector.matchers.iter().find(of)?;
        Some((format!("the job `{}`", matcher.value), matcher.value_at))
    };
    tell(rules, &asks, &missing, sign.span(), out);
}

/// What shows that the nodes run Talos.
fn talos(files: &[File], values: &super::values::Values, unread: &[Node]) -> Option<Node> {
    let path = ["prometheus", "prometheusSpec", "additionalScrapeConfigs"];
    // Also what does not hold says what the nodes are.
    let loose = unread.iter().filter_map(|it| it.at(&path));
    let jobs = values.get(&path).into_iter().chain(loose).filter_map(|it| it.items());
    let named = jobs.flatten().filter_map(|it| it.get("job_name"));
    let mut named = named.filter(|it| it.text().is_some_and(|it| it.contains("talos")));
    if let Some(job) = named.next() {
        return Some(job);
    }
    let mut all = objects(files);
    let of_talos = ["TalosControlPlane", "TalosConfigTemplate", "TalosConfig"];
    all.find(|it| of_talos.contains(&it.2.as_str())).and_then(|it| it.1.get("kind"))
}
