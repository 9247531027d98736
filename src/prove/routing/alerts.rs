//! What is known of the labels of a program's alerts.

use crate::embedded::alertmanager::{Facts as Known, Matcher, Verdict};
use crate::metrics::backup::generate;
use crate::metrics::{Group, Judge, Rule, RuleKind, Scene, USUAL_LABELS};
use crate::model::{
    Alert, Alerts, Backup, Manifest, Model, Of, Ref, Resource, ResourceId, Slo, Template,
    TemplatePart, Tree,
};
use crate::prove::monitoring::scene;
use crate::source::Sym;

/// An alert of a cluster, and what its labels may be when it fires.
#[derive(Clone, Debug)]
pub(super) struct Fires<'a> {
    /// The block that declares it.
    pub(super) resource: ResourceId,
    /// Its name.
    pub(super) name: Sym,
    /// How urgent it is.
    pub(super) severity: Of<Sym>,
    /// Labels that the rule sets; what is filled later has no value here.
    pub(super) labels: Vec<(&'a str, Option<&'a str>)>,
    /// Further labels that it may have; none where they may be any.
    pub(super) may: Option<Vec<String>>,
}

impl Fires<'_> {
    /// Whether it can have a label.
    pub(super) fn may_have(&self, label: &str) -> bool {
        self.labels.iter().any(|(known, _)| *known == label)
            || self.may.as_ref().is_none_or(|may| may.iter().any(|known| known == label))
    }

    /// Whether it surely has a label.
    pub(super) fn has(&self, label: &str) -> bool {
        let own = self.labels.iter().find(|(known, _)| *known == label);
        own.is_some_and(|(_, value)| value.is_some_and(|value| !value.is_empty()))
    }
}

impl Known for Fires<'_> {
    fn takes(&self, matcher: &Matcher) -> Verdict {
        let own = self.labels.iter().find(|(known, _)| *known == matcher.label);
        let value = match own {
            Some((_, Some(value))) => value,
            Some((_, None)) => return Verdict::Maybe,
            None if self.may_have(&matcher.label) => return Verdict::Maybe,
            None => "",
        };
        if matcher.takes(value) { Verdict::Yes } else { Verdict::No }
    }
}

/// All alerts of some clusters, and whether no others can fire there.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarm<'a> {
    pub(super) alerts: Vec<Fires<'a>>,
    /// Whether these are all that fire there: nothing else brings rules.
    pub(super) is_closed: bool,
}

impl<'a> Alarm<'a> {
    /// What may fire on some clusters.
    pub(super) fn on(model: &'a Model<'a>, clusters: &[Ref]) -> Self {
        let is_here = |targets: &[Ref]| {
            targets.iter().any(|target| clusters.iter().any(|cluster| cluster.id == target.id))
        };
        let worlds = worlds(model, clusters);
        let here = model.alerts.iter().filter(|it| is_here(&it.targets));
        let promises = model.slos.iter().filter(|it| is_here(&it.targets));
        let backups = model.backups.iter().filter(|it| is_here(&it.targets));
        let judges: Vec<(Judge<'_>, &World)> =
            worlds.iter().map(|world| (Judge::new(&world.records, &world.scene), world)).collect();
        let alerts = here
            .flat_map(|it: &Resource<'a, Alerts<'a>>| {
                let judges = &judges;
                it.value.alert.iter().map(move |(_, alert)| fires(it, alert, judges))
            })
            .chain(promises.flat_map(|it| of_promise(it.id, &it.value)))
            .chain(backups.flat_map(|it| of_backup(it.id, &it.value)))
            .collect();
        let is_closed = !worlds.is_empty()
            && worlds.iter().all(|world| world.scene.is_closed)
            && !model.manifests.iter().any(|it| is_here(&it.targets) && may_hold_rules(&it.value));
        Self { alerts, is_closed }
    }

    /// The nearest label that some alert has.
    pub(super) fn nearest_label(&self, label: &str) -> Option<String> {
        let own = self.alerts.iter().flat_map(|it| it.labels.iter().map(|(label, _)| *label));
        let others = self.alerts.iter().flat_map(|it| it.may.iter().flatten());
        let mut known: Vec<&str> =
            own.chain(others.map(String::as_str)).chain(USUAL_LABELS).collect();
        known.sort_unstable();
        known.dedup();
        crate::diag::nearest(label, known).map(str::to_owned)
    }

    /// The values that a label has, where all alerts say themselves what it is.
    pub(super) fn values(&self, label: &str) -> Option<Vec<&'a str>> {
        let mut values = Vec::new();
        for alert in &self.alerts {
            match alert.labels.iter().find(|(known, _)| *known == label) {
                Some((_, Some(value))) => values.push(*value),
                Some((_, None)) => return None,
                None if alert.may_have(label) => return None,
                None => {}
            }
        }
        values.sort_unstable();
        values.dedup();
        Some(values)
    }
}

/// Clusters that collect the same, and what is recorded there.
struct World {
    clusters: Vec<Ref>,
    scene: Scene,
    records: Vec<Group>,
}

fn worlds(model: &Model<'_>, clusters: &[Ref]) -> Vec<World> {
    let mut worlds: Vec<World> = Vec::new();
    for cluster in clusters {
        let scene = scene(model, *cluster);
        let is_here = |targets: &[Ref]| targets.iter().any(|target| target.id == cluster.id);
        let here = model.alerts.iter().filter(|it| is_here(&it.targets));
        let records: Vec<Group> = here.map(|it| recorded(&it.value)).collect();
        let same = worlds.iter_mut().find(|world| world.scene == scene && world.records == records);
        match same {
            Some(world) => world.clusters.push(*cluster),
            None => worlds.push(World { clusters: vec![*cluster], scene, records }),
        }
    }
    worlds
}

/// The recording rules of a group.
fn recorded(alerts: &Alerts<'_>) -> Group {
    let rules = alerts.record.iter().map(|(_, record)| Rule {
        name: record.name.value.to_string(),
        kind: RuleKind::Record,
        expr: record.expr.value.to_owned(),
        labels: record
            .labels
            .iter()
            .map(|(label, value)| (label.to_string(), value.value.to_owned()))
            .collect(),
        annotations: Vec::new(),
    });
    Group { name: alerts.name.value.to_string(), interval: None, rules: rules.collect() }
}

/// Whether an object that the program writes out brings rules of its own, or may.
fn may_hold_rules(manifest: &Manifest<'_>) -> bool {
    match manifest.object {
        Some(path) => path.as_str().rsplit('.').next() == Some("PrometheusRule"),
        None => manifest.body.iter().any(|(key, value)| {
            key.as_str() == "kind"
                && matches!(value, Tree::Text(kind) if kind.value == "PrometheusRule")
        }),
    }
}

fn fires<'a>(
    resource: &Resource<'a, Alerts<'a>>,
    alert: &'a Alert<'a>,
    judges: &[(Judge<'_>, &World)],
) -> Fires<'a> {
    let mut labels = vec![
        ("alertname", Some(alert.name.value.as_str())),
        ("severity", Some(alert.severity.value.as_str())),
    ];
    labels.extend(alert.labels.iter().map(|(label, value)| (label.as_str(), constant(value))));
    let is_there = |world: &World| {
        world
            .clusters
            .iter()
            .any(|cluster| resource.targets.iter().any(|target| target.id == cluster.id))
    };
    let mut may = Some(Vec::new());
    for (judge, world) in judges.iter().filter(|(_, world)| is_there(world)) {
        let found = judge.infer(&alert.query()).filter(|found| !found.labels.is_open());
        let Some((may, found)) = may.as_mut().zip(found) else {
            may = None;
            break;
        };
        may.extend(found.labels.names().into_iter().map(str::to_owned));
        // What Prometheus adds when it sends an alert.
        may.extend(["cluster", "prometheus"].map(str::to_owned));
        may.extend(world.scene.external_labels.iter().cloned());
    }
    if let Some(may) = &mut may {
        may.sort_unstable();
        may.dedup();
    }
    let (name, severity) = (alert.name.value, alert.severity);
    Fires { resource: resource.id, name, severity, labels, may }
}

/// The alerts of a promise, as far as they can fire.
fn of_promise<'a>(resource: ResourceId, promise: &'a Slo<'a>) -> Vec<Fires<'a>> {
    let made = promise.promise();
    let name = Sym::new(&made.alert_name());
    let (pages, tickets) = made.pairs();
    let own = [(promise.page, pages), (promise.ticket, tickets)];
    let fires = |severity: Of<Sym>| {
        let mut labels = vec![
            ("alertname", Some(name.as_str())),
            ("severity", Some(severity.value.as_str())),
            ("slo", Some(promise.name.value.as_str())),
        ];
        labels.extend(
            promise.series_labels.iter().map(|(label, it)| (label.as_str(), Some(it.value))),
        );
        let mut may: Vec<String> = promise.by.iter().map(|label| label.value.to_owned()).collect();
        may.extend(["cluster", "prometheus"].map(str::to_owned));
        Fires { resource, name, severity, labels, may: Some(may) }
    };
    own.into_iter().filter(|(_, pairs)| *pairs > 0).map(|(severity, _)| fires(severity)).collect()
}

/// The alerts of a backup, and of its drill.
fn of_backup<'a>(resource: ResourceId, backup: &Backup<'a>) -> Vec<Fires<'a>> {
    let base = backup.base();
    let watched = backup.watched().filter(|_| base.alerts.value);
    let rules = watched.map_or_else(Vec::new, |it| generate(&it).rules);
    let fires = |rule: &Rule| {
        let name = Sym::new(&rule.name);
        let labels = vec![
            ("alertname", Some(name.as_str())),
            ("severity", Some(base.severity.value.as_str())),
            ("backup", Some(base.name.value.as_str())),
            ("namespace", Some(base.namespace.value.name.as_str())),
        ];
        let may = ["cluster", "prometheus", "cronjob"].map(str::to_owned).into();
        Fires { resource, name, severity: base.severity, labels, may: Some(may) }
    };
    rules.iter().map(fires).collect()
}

/// What a text is, if that is known now.
fn constant<'a>(value: &Template<'a>) -> Option<&'a str> {
    match value.parts.as_slice() {
        [TemplatePart::Text(text)] => Some(text),
        [TemplatePart::Source(text)] if !text.contains("{{") => Some(text),
        [] => Some(""),
        _ => None,
    }
}
