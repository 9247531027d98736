//! Objects of the Prometheus operator among the manifests: written out as they are, typed or `Raw`.

use super::sources::{Origins, Source, Text};
use crate::embedded::promql;
use crate::eval::Origin;
use crate::metrics::{Group, Rule, RuleKind};
use crate::model::{Manifest, Map, Of, Resource, Tree};
use crate::source::Sym;

/// What Prometheus loads by its selectors.
const LOADED: [&str; 3] = ["PrometheusRule", "ServiceMonitor", "PodMonitor"];

/// The kind of an object that Prometheus loads; none for any other one.
pub(super) fn kind(manifest: &Manifest<'_>) -> Option<&'static str> {
    let own = match manifest.object {
        Some(path) => path.as_str().rsplit('.').next()?,
        None => text(get(&manifest.body, "kind"))?.value,
    };
    LOADED.into_iter().find(|known| *known == own)
}

/// The labels that an object is written with.
pub(super) fn labels<'a>(manifest: &Manifest<'a>) -> Map<Of<&'a str>> {
    if manifest.object.is_some() {
        return manifest.labels.clone();
    }
    let Some(Tree::Map(head)) = get(&manifest.body, "metadata") else { return Vec::new() };
    let Some(Tree::Map(labels)) = get(head, "labels") else { return Vec::new() };
    labels.iter().filter_map(|(key, value)| Some((*key, text(Some(value))?))).collect()
}

/// The namespace that an object is written into, where it says one.
pub(super) fn namespace(manifest: &Manifest<'_>) -> Option<Of<Sym>> {
    if let Some(namespace) = manifest.namespace {
        return Some(Of::new(namespace.value.name, namespace.origin));
    }
    let Tree::Map(head) = get(&manifest.body, "metadata")? else { return None };
    let written = text(get(head, "namespace"))?;
    Some(Of::new(Sym::new(written.value), written.origin))
}

/// The groups of a PrometheusRule.
pub(super) fn sources(resource: &Resource<'_, Manifest<'_>>) -> Vec<Source> {
    let manifest = &resource.value;
    if kind(manifest) != Some("PrometheusRule") {
        return Vec::new();
    }
    let Some(Tree::Map(spec)) = get(&manifest.body, "spec") else { return Vec::new() };
    let groups: Vec<(Option<Sym>, &Tree<'_>)> = match get(spec, "groups") {
        Some(Tree::List(groups)) => groups.iter().map(|group| (None, group)).collect(),
        // Written as blocks, each named by its key.
        Some(Tree::Map(groups)) => {
            groups.iter().map(|(name, group)| (Some(*name), group)).collect()
        }
        _ => return Vec::new(),
    };
    let of_group = |(key, group): (Option<Sym>, &Tree<'_>)| {
        let Tree::Map(group) = group else { return None };
        let interval = text(get(group, "interval"));
        let Some(Tree::List(rules)) = get(group, "rules") else { return None };
        let shared = texts(group, "labels");
        let (rules, origins) = rules.iter().filter_map(|rule| of_tree(rule, &shared)).unzip();
        let name = key.map(|key| key.to_string());
        Some(Source {
            resource: resource.id,
            base: None,
            is_block: false,
            targets: resource.targets.clone(),
            group: Group {
                name: name
                    .or_else(|| text(get(group, "name")).map(|name| name.value.to_owned()))
                    .unwrap_or_default(),
                interval: interval.and_then(|interval| promql::duration(interval.value)),
                rules,
            },
            interval: interval.map_or(Origin::NONE, |interval| interval.origin),
            rules: origins,
            promise: None,
        })
    };
    groups.into_iter().filter_map(of_group).collect()
}

fn get<'t, 'a>(map: &'t [(Sym, Tree<'a>)], key: &str) -> Option<&'t Tree<'a>> {
    map.iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value)
}

fn text<'a>(tree: Option<&Tree<'a>>) -> Option<Of<&'a str>> {
    match tree {
        Some(Tree::Text(text)) => Some(*text),
        // `expr: 1` is a query, too.
        Some(Tree::Int(number)) => {
            Some(Of::new(Sym::new(&number.value.to_string()).as_str(), number.origin))
        }
        _ => None,
    }
}

/// The texts of a map, and what wrote each.
fn texts(map: &[(Sym, Tree<'_>)], key: &str) -> Vec<((String, String), Text)> {
    let Some(Tree::Map(entries)) = get(map, key) else { return Vec::new() };
    entries
        .iter()
        .filter_map(|(key, value)| {
            let value = text(Some(value))?;
            Some(((key.to_string(), value.value.to_owned()), Text::inside(value.origin)))
        })
        .collect()
}

/// A rule of a group; `shared` are the labels of the group, which those of the rule replace.
fn of_tree(tree: &Tree<'_>, shared: &[((String, String), Text)]) -> Option<(Rule, Origins)> {
    let Tree::Map(rule) = tree else { return None };
    let expr = text(get(rule, "expr"))?;
    let (name, is_alert) = match text(get(rule, "alert")) {
        Some(name) => (name, true),
        None => (text(get(rule, "record"))?, false),
    };
    let span = |key: &str| {
        let written = text(get(rule, key));
        let seconds = written.and_then(|written| promql::duration(written.value));
        (seconds.unwrap_or(0.0), Text::plain(written.map_or(Origin::NONE, |it| it.origin)))
    };
    let mut labels = texts(rule, "labels");
    let inherited: Vec<_> = shared
        .iter()
        .filter(|((key, _), _)| labels.iter().all(|((known, _), _)| known != key))
        .cloned()
        .collect();
    labels.extend(inherited);
    let (labels, label_origins) = labels.into_iter().unzip();
    let (annotations, annotation_origins) = texts(rule, "annotations").into_iter().unzip();
    let ((pending, pending_at), (keep_firing, keep_firing_at)) =
        (span("for"), span("keep_firing_for"));
    let kind = if is_alert { RuleKind::Alert { pending, keep_firing } } else { RuleKind::Record };
    let (name_at, expr_at) = (Text::inside(name.origin), Text::inside(expr.origin));
    Some((
        Rule {
            name: name.value.to_owned(),
            kind,
            expr: expr.value.to_owned(),
            labels,
            annotations,
        },
        Origins {
            name: name_at,
            expr: expr_at,
            pending: pending_at,
            keep_firing: keep_firing_at,
            labels: label_origins,
            annotations: annotation_origins,
            absence: None,
        },
    ))
}
