//! What is said of metrics that nothing collects.

use crate::diag::{Code, Level};
use crate::metrics::{Part, Place, Problem, Rule, RuleKind, Scrape};
use crate::prove::monitoring::{Bearing, Job, Missing, Spot};

/// How many further places are pointed to.
const MOST_PLACES: usize = 3;

/// The rule that asks, and where.
pub(in crate::prove) struct About<'r> {
    /// The rule.
    pub(in crate::prove) rule: &'r Rule,
    /// The cluster.
    pub(in crate::prove) cluster: &'r str,
    /// Its query.
    pub(in crate::prove) place: Place,
}

/// What follows for a rule, and for some more.
fn consequence(rule: &Rule, more: usize, bearing: Bearing) -> String {
    let one = more == 0;
    let name = match more {
        0 => format!("`{}`", rule.name),
        1 => format!("`{}` and 1 more", rule.name),
        more => format!("`{}` and {more} more", rule.name),
    };
    let is_alert = matches!(rule.kind, RuleKind::Alert { .. });
    match (bearing, is_alert) {
        (Bearing::Needed, true) => format!("{name} can never fire"),
        (Bearing::Needed, false) => format!("{name} {} never made", if one { "is" } else { "are" }),
        (Bearing::InPart, _) => format!("a part of {name} never yields anything"),
        (Bearing::Absence, true) => {
            format!("{name} {} for good", if one { "fires" } else { "fire" })
        }
        (Bearing::Absence, false) => {
            format!("{name} {} always made", if one { "is" } else { "are" })
        }
    }
}

/// A metric whose exporter nothing collects from.
pub(crate) const NOT_SCRAPED: Code = Code::new("promql/not-scraped");

/// `rules` are those of the group.
pub(in crate::prove) fn not_scraped(
    it: &Missing,
    rules: &[Rule],
    cluster: &str,
    (level, unknown): (Level, Option<&Scrape>),
) -> Option<Problem> {
    let (first, others) = it.spots.split_first()?;
    let rule = rules.get(first.rule)?;
    let mut concerned: Vec<usize> = it.spots.iter().map(|spot| spot.rule).collect();
    concerned.sort_unstable();
    concerned.dedup();
    let place = |spot: &Spot| Place {
        group: it.group,
        rule: spot.rule,
        part: Part::Expr,
        at: Some(spot.at),
    };
    let title = it.exporter.title;
    let because =
        others.iter().take(MOST_PLACES).map(|spot| (place(spot), "this, too".to_owned())).collect();
    let mut help =
        vec![format!("on `{cluster}` no `scrape` and no part of `monitoring` reads {title}")];
    // Not decided, for then something may yield it.
    help.extend(unknown.map(|scrape| {
        format!(
            "`{}` does not say what it yields: if it is this, write `exporter = \"{}\"` there",
            scrape.address, it.exporter.name
        )
    }));
    help.push(remedy(it.exporter.name));
    Some(Problem {
        code: NOT_SCRAPED,
        level,
        title: format!(
            "{}: nothing collects {}",
            consequence(rule, concerned.len().saturating_sub(1), it.bearing),
            first.shown
        ),
        primary: (place(first), format!("a metric of {title}")),
        because,
        help,
        fix: None,
    })
}

/// What makes Prometheus collect from an exporter.
fn remedy(exporter: &str) -> String {
    let preset = |preset: &str, name: &str, namespace: &str| {
        format!(
            "let it be collected: `scrape {name} : {preset} {{ namespace = {namespace} }}`, with `import std.packs.{{{preset}}}`"
        )
    };
    let chart = |field: &str| {
        format!("let the chart collect it: `exporters {{ {field} = true }}` in `monitoring`")
    };
    match exporter {
        "argo-cd" => preset("ArgoCdMetrics", "argo-cd", "argocd"),
        "longhorn" => preset("LonghornMetrics", "longhorn", "longhorn-system"),
        "cilium" => format!(
            "{}; `CiliumOperatorMetrics` and `HubbleMetrics` are for the operator and for Hubble",
            preset("CiliumAgentMetrics", "cilium", "kube-system")
        ),
        "cert-manager" => preset("CertManagerMetrics", "cert-manager", "cert-manager"),
        "external-dns" => preset("ExternalDnsMetrics", "external-dns", "external-dns"),
        "velero" => preset("VeleroMetrics", "velero", "velero"),
        "gatekeeper" => preset("GatekeeperMetrics", "gatekeeper", "gatekeeper-system"),
        "external-secrets" => {
            preset("ExternalSecretsMetrics", "external-secrets", "external-secrets")
        }
        "node-exporter" | "kubelet" | "cadvisor" | "coredns" | "etcd" => chart(exporter),
        "kube-state-metrics" | "kube-state-metrics-self" => chart("kube-state-metrics"),
        "kube-apiserver" => chart("api-server"),
        "kube-controller-manager" => chart("controller-manager"),
        "kube-scheduler" => chart("scheduler"),
        "alertmanager" => {
            "let there be one: `alertmanager { enabled = true }` in `monitoring`".to_owned()
        }
        other => format!(
            "let it be collected: `scrape {other} {{ namespace = .., exporter = \"{other}\", selector = {{ .. }}, port .. {{}} }}`; what something else makes Prometheus collect is `external scrape {other} {{ exporter = \"{other}\" }}`"
        ),
    }
}

/// A job that no scrape has.
pub(crate) const UNKNOWN_JOB: Code = Code::new("promql/unknown-job");

pub(in crate::prove) fn unknown_job(about: &About<'_>, job: &Job<'_>, bearing: Bearing) -> Problem {
    let place = Place { at: Some(job.matcher.value_at), ..about.place };
    let listed: Vec<String> = job.known.iter().take(8).map(|job| format!("`{job}`")).collect();
    let more = if job.known.len() > listed.len() { ", .." } else { "" };
    let fix = job.near.as_ref().map(|near| {
        let quote = '"';
        (format!("`{near}`"), place, format!("{quote}{near}{quote}"), false)
    });
    Problem {
        code: UNKNOWN_JOB,
        level: if bearing == Bearing::InPart { Level::Warning } else { Level::Error },
        title: format!(
            "{}: `{}` is never collected under this job",
            consequence(about.rule, 0, bearing),
            job.metric
        ),
        primary: (place, "no scrape has this job".to_owned()),
        because: Vec::new(),
        help: vec![format!(
            "on `{}` it is collected under {}{more}",
            about.cluster,
            listed.join(", ")
        )],
        fix,
    }
}
