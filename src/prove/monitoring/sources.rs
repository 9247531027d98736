//! Where rules stand in a program: `alerts`, and PrometheusRules among the manifests. Each is a group of final texts, and knows what wrote
//! them.

use crate::embedded::promql;
use crate::eval::{Origin, Within};
use crate::metrics::slo::{self, Generated};
use crate::metrics::{self, Group, Part, Rule, RuleKind};
use crate::model::{
    Alert, Alerts, Manifest, Model, Of, Quantity, Record, Ref, Resource, ResourceId, Slo, Template,
    Tree,
};
use crate::prove::Place;
use crate::source::{Extent, Sym};

/// A group of rules, and what wrote each part of it.
pub(super) struct Source {
    /// The resource that has it.
    pub(super) resource: ResourceId,
    /// The preset that the resource is based on.
    pub(super) base: Option<Sym>,
    /// The clusters that read it.
    pub(super) targets: Vec<Ref>,
    /// The group.
    pub(super) group: Group,
    interval: Origin,
    rules: Vec<Origins>,
    /// What of the queries is copied from a promise, and what wrote that.
    promise: Option<(Generated, [(slo::Text, Origin); 4])>,
}

/// What wrote the parts of a rule.
struct Origins {
    name: Text,
    expr: Text,
    pending: Text,
    keep_firing: Text,
    labels: Vec<Text>,
    annotations: Vec<Text>,
}

/// What wrote a text.
#[derive(Clone, Copy)]
struct Text {
    origin: Origin,
    form: Form,
}

/// How the final text came about.
#[derive(Clone, Copy)]
enum Form {
    /// A text of the program, as it is.
    Plain,
    /// A text that is filled later, printed as a Go template.
    Later,
    /// A text inside of an object.
    Inside,
}

impl Text {
    const fn plain(origin: Origin) -> Self {
        Self { origin, form: Form::Plain }
    }

    const fn later(origin: Origin) -> Self {
        Self { origin, form: Form::Later }
    }

    const fn inside(origin: Origin) -> Self {
        Self { origin, form: Form::Inside }
    }
}

impl Source {
    /// Where a place is copied from in a promise's text.
    fn copied(&self, place: &metrics::Place) -> Option<(Origin, Extent)> {
        let (generated, origins) = self.promise.as_ref()?;
        let (text, at) = generated.written(place.rule, place.at?)?;
        let (_, origin) = origins.iter().find(|(known, _)| *known == text)?;
        Some((*origin, at))
    }

    /// Whether a place is in a rule that nobody wrote.
    pub(super) fn is_made(&self, place: &metrics::Place) -> bool {
        self.promise.is_some() && self.copied(place).is_none()
    }

    /// What tells a place from others: the rule and the bytes; for what is copied, the bytes of the text it is copied from.
    pub(super) fn spot(&self, place: &metrics::Place) -> (String, Option<Extent>) {
        match self.copied(place) {
            Some((origin, at)) => (format!("{origin:?}"), Some(at)),
            None => {
                let rule = self.group.rules.get(place.rule).map_or("", |rule| &rule.name);
                (rule.to_owned(), place.at)
            }
        }
    }

    /// Where a place of the group is written.
    pub(super) fn place(&self, place: &metrics::Place) -> Place {
        if let Some((origin, at)) = self.copied(place) {
            return Place::within(self.resource, origin, Some(Within::At(at)));
        }
        let Some(text) = self.text(place) else {
            return Place::new(self.resource, self.interval);
        };
        let held = self.held(place);
        let part = match (text.form, place.at) {
            (Form::Plain, at) => at.map(Within::At),
            (Form::Later, at) => {
                at.and_then(|at| last_word(at.of(held))).map(|word| Within::Word(Sym::new(word)))
            }
            (Form::Inside, at) => {
                let whole = Extent::new(0, u32::try_from(held.len()).unwrap_or(u32::MAX));
                Some(Within::In(Sym::new(held), at.unwrap_or(whole)))
            }
        };
        Place::within(self.resource, text.origin, part)
    }

    /// Where the query of a rule is written.
    pub(super) fn query(&self, rule: usize) -> Place {
        let part = Part::Expr;
        self.place(&metrics::Place { group: 0, rule, part, at: None })
    }

    /// The words at a place, shortened.
    pub(super) fn words(&self, place: &metrics::Place) -> String {
        let held = self.held(place);
        let words = place.at.map_or(held, |at| at.of(held));
        let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= 80 {
            return line;
        }
        let short: String = line.chars().take(78).collect();
        format!("{short}..")
    }

    fn text(&self, place: &metrics::Place) -> Option<Text> {
        let rule = self.rules.get(place.rule)?;
        Some(match place.part {
            Part::Name => rule.name,
            Part::Expr => rule.expr,
            Part::For => rule.pending,
            Part::KeepFiring => rule.keep_firing,
            Part::Label(number) => *rule.labels.get(number)?,
            Part::Annotation(number) => *rule.annotations.get(number)?,
            Part::Interval => return None,
        })
    }

    /// The final text of a part.
    fn held(&self, place: &metrics::Place) -> &str {
        let Some(rule) = self.group.rules.get(place.rule) else { return "" };
        match place.part {
            Part::Name => &rule.name,
            Part::Expr => &rule.expr,
            Part::Label(number) => rule.labels.get(number).map_or("", |(_, value)| value),
            Part::Annotation(number) => rule.annotations.get(number).map_or("", |(_, value)| value),
            Part::For | Part::KeepFiring | Part::Interval => "",
        }
    }
}

/// The name that code of a template ends with: `instance` of `$labels.instance`.
fn last_word(code: &str) -> Option<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let end = code.rfind(is_word)?;
    let end = end + code.get(end..)?.chars().next()?.len_utf8();
    let start = code.get(..end)?.rfind(|c: char| !is_word(c));
    let start =
        start.map_or(Some(0), |at| Some(at + code.get(at..)?.chars().next()?.len_utf8()))?;
    code.get(start..end)
}

/// Every group of rules of a program.
pub(super) fn sources(model: &Model<'_>) -> Vec<Source> {
    let mut out: Vec<Source> = model.alerts.iter().map(of_alerts).collect();
    for manifest in &model.manifests {
        out.extend(of_manifest(manifest));
    }
    out.extend(model.slos.iter().filter_map(of_promise));
    out
}

#[expect(clippy::cast_precision_loss, reason = "a duration in milliseconds is far below 2^53")]
fn seconds(quantity: Of<Quantity<'_>>) -> f64 {
    quantity.value.amount as f64 / 1000.0
}

/// In the order in which the object has them: records first.
fn of_alerts(resource: &Resource<'_, Alerts<'_>>) -> Source {
    let alerts = &resource.value;
    let (rules, origins) = alerts
        .record
        .iter()
        .map(|(_, record)| of_record(record))
        .chain(alerts.alert.iter().map(|(_, alert)| of_alert(alerts, alert)))
        .unzip();
    Source {
        resource: resource.id,
        base: resource.base,
        targets: resource.targets.clone(),
        group: Group {
            name: alerts.name.value.to_string(),
            interval: alerts.interval.map(seconds),
            rules,
        },
        interval: alerts.interval.map_or(Origin::NONE, |interval| interval.origin),
        rules: origins,
        promise: None,
    }
}

fn of_record(record: &Record<'_>) -> (Rule, Origins) {
    let nowhere = Text::plain(Origin::NONE);
    let rule = Rule {
        name: record.name.value.to_string(),
        kind: RuleKind::Record,
        expr: record.expr.value.to_owned(),
        labels: record
            .labels
            .iter()
            .map(|(key, value)| (key.to_string(), value.value.to_owned()))
            .collect(),
        annotations: Vec::new(),
    };
    let origins = Origins {
        name: Text::plain(record.name.origin),
        expr: Text::plain(record.expr.origin),
        pending: nowhere,
        keep_firing: nowhere,
        labels: record.labels.iter().map(|(_, value)| Text::plain(value.origin)).collect(),
        annotations: Vec::new(),
    };
    (rule, origins)
}

fn of_alert(alerts: &Alerts<'_>, alert: &Alert<'_>) -> (Rule, Origins) {
    let mut labels = vec![("severity".to_owned(), alert.severity.value.to_string())];
    let mut label_origins = vec![Text::plain(alert.severity.origin)];
    for (key, value) in &alert.labels {
        labels.push((key.to_string(), value.printed().into_owned()));
        label_origins.push(Text::later(value.origin));
    }
    let later = |name: &str, template: &Template<'_>| {
        ((name.to_owned(), template.printed().into_owned()), Text::later(template.origin))
    };
    let mut annotations = vec![later("summary", &alert.summary)];
    annotations.extend(alert.description.iter().map(|template| later("description", template)));
    let below = |base: Of<&str>| {
        let url = format!("{}/{}", base.value.trim_end_matches('/'), alert.name.value);
        (("runbook_url".to_owned(), url), Text::plain(base.origin))
    };
    let own = alert
        .runbook
        .map(|url| (("runbook_url".to_owned(), url.value.to_owned()), Text::plain(url.origin)));
    annotations.extend(own.or_else(|| alerts.runbooks.map(below)));
    let (annotations, annotation_origins) = annotations.into_iter().unzip();
    let rule = Rule {
        name: alert.name.value.to_string(),
        kind: RuleKind::Alert {
            pending: seconds(alert.r#for),
            keep_firing: alert.keep_firing_for.map_or(0.0, seconds),
        },
        expr: alert.expr.value.to_owned(),
        labels,
        annotations,
    };
    let origins = Origins {
        name: Text::plain(alert.name.origin),
        expr: Text::plain(alert.expr.origin),
        pending: Text::plain(alert.r#for.origin),
        keep_firing: Text::plain(alert.keep_firing_for.map_or(Origin::NONE, |keeps| keeps.origin)),
        labels: label_origins,
        annotations: annotation_origins,
    };
    (rule, origins)
}

/// The rules of a promise.
fn of_promise(resource: &Resource<'_, Slo<'_>>) -> Option<Source> {
    let promise = &resource.value;
    // Why it cannot be made is a theorem of its own.
    let generated = slo::generate(&promise.promise()).ok()?;
    let texts = [slo::Text::Errors, slo::Text::Good, slo::Text::Total, slo::Text::State];
    Some(Source {
        resource: resource.id,
        base: resource.base,
        targets: resource.targets.clone(),
        group: generated.group.clone(),
        interval: Origin::NONE,
        rules: Vec::new(),
        promise: Some((generated, texts.map(|text| (text, promise.origin(text))))),
    })
}

/// The groups of a PrometheusRule that is written as an object.
fn of_manifest(resource: &Resource<'_, Manifest<'_>>) -> Vec<Source> {
    let manifest = &resource.value;
    let body = &manifest.body;
    let is_rule = match manifest.object {
        Some(path) => path.as_str().rsplit('.').next() == Some("PrometheusRule"),
        None => text(get(body, "kind")).is_some_and(|kind| kind.value == "PrometheusRule"),
    };
    let spec = get(body, "spec").filter(|_| is_rule);
    let Some(Tree::Map(spec)) = spec else { return Vec::new() };
    let Some(Tree::List(groups)) = get(spec, "groups") else { return Vec::new() };
    groups
        .iter()
        .filter_map(|group| {
            let Tree::Map(group) = group else { return None };
            let interval = text(get(group, "interval"));
            let Some(Tree::List(rules)) = get(group, "rules") else { return None };
            let (rules, origins) = rules.iter().filter_map(of_tree).unzip();
            Some(Source {
                resource: resource.id,
                base: None,
                targets: resource.targets.clone(),
                group: Group {
                    name: text(get(group, "name")).map_or("", |name| name.value).to_owned(),
                    interval: interval.and_then(|interval| promql::duration(interval.value)),
                    rules,
                },
                interval: interval.map_or(Origin::NONE, |interval| interval.origin),
                rules: origins,
                promise: None,
            })
        })
        .collect()
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

fn of_tree(tree: &Tree<'_>) -> Option<(Rule, Origins)> {
    let Tree::Map(rule) = tree else { return None };
    let expr = text(get(rule, "expr"))?;
    let (name, is_alert) = match text(get(rule, "alert")) {
        Some(name) => (name, true),
        None => (text(get(rule, "record"))?, false),
    };
    let texts = |key: &str| -> Vec<((String, String), Text)> {
        let Some(Tree::Map(entries)) = get(rule, key) else { return Vec::new() };
        entries
            .iter()
            .filter_map(|(key, value)| {
                let value = text(Some(value))?;
                Some(((key.to_string(), value.value.to_owned()), Text::inside(value.origin)))
            })
            .collect()
    };
    let span = |key: &str| {
        let written = text(get(rule, key));
        let seconds = written.and_then(|written| promql::duration(written.value));
        (seconds.unwrap_or(0.0), Text::plain(written.map_or(Origin::NONE, |it| it.origin)))
    };
    let (labels, label_origins) = texts("labels").into_iter().unzip();
    let (annotations, annotation_origins) = texts("annotations").into_iter().unzip();
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
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::last_word;

    #[test]
    fn what_code_of_a_template_speaks_of() {
        for (code, word) in [
            ("$labels.instance", Some("instance")),
            ("{{ $labels.pod }}", Some("pod")),
            ("humanize", Some("humanize")),
            ("(index $labels \"a\")", Some("a")),
            ("{{ }}", None),
        ] {
            assert_eq!(last_word(code), word, "{code}");
        }
    }
}
