//! Where rules stand in a program: `alerts`, promises, and PrometheusRules among the manifests. Each is a group of final texts, and knows
//! what wrote them.

use crate::eval::{Origin, Within};
use crate::metrics::backup;
use crate::metrics::slo::{self, Generated};
use crate::metrics::{self, Group, OrAbsent, Part, Rule, RuleKind, or_absent};
use crate::model::{
    Alert, Alerts, Backup, Model, Of, Quantity, Record, Ref, Resource, ResourceId, Slo, Template,
};
use crate::prove::Place;
use crate::source::{Extent, Sym};

/// A group of rules, and what wrote each part of it.
pub(super) struct Source {
    /// The resource that has it.
    pub(super) resource: ResourceId,
    /// The preset that the resource is based on.
    pub(super) base: Option<Sym>,
    /// Whether it is a block of alerts, and no object or promise.
    pub(super) is_block: bool,
    /// The clusters that read it.
    pub(super) targets: Vec<Ref>,
    /// The group.
    pub(super) group: Group,
    /// What wrote the interval.
    pub(super) interval: Origin,
    /// What wrote the rules.
    pub(super) rules: Vec<Origins>,
    /// What of the queries is copied from a promise, and what wrote that.
    pub(super) promise: Option<(Generated, [(slo::Text, Origin); 4])>,
}

/// What wrote the parts of a rule.
pub(super) struct Origins {
    pub(super) name: Text,
    pub(super) expr: Text,
    pub(super) pending: Text,
    pub(super) keep_firing: Text,
    pub(super) labels: Vec<Text>,
    pub(super) annotations: Vec<Text>,
    /// How the query came about, where `absent` was added, and what asked for it.
    pub(super) absence: Option<(OrAbsent, Origin)>,
}

/// What wrote a text.
#[derive(Clone, Copy)]
pub(super) struct Text {
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
    /// A text of the program, as it is.
    pub(super) const fn plain(origin: Origin) -> Self {
        Self { origin, form: Form::Plain }
    }

    const fn later(origin: Origin) -> Self {
        Self { origin, form: Form::Later }
    }

    /// A text inside of an object.
    pub(super) const fn inside(origin: Origin) -> Self {
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

    /// Where a place in a query with `absent` behind it is written: an extent of what the program says, or what asked for the rest.
    fn asked(&self, place: &metrics::Place) -> Option<Result<Extent, Origin>> {
        let (made, asks) = self.rules.get(place.rule)?.absence.as_ref()?;
        let at = place.at.filter(|_| place.part == Part::Expr)?;
        Some(made.written(at).ok_or(*asks))
    }

    /// What tells a place from others: the rule and the bytes; for what is copied, the bytes of the text it is copied from.
    pub(super) fn spot(&self, place: &metrics::Place) -> (String, Option<Extent>) {
        match self.copied(place) {
            Some((origin, at)) => (format!("{origin:?}"), Some(at)),
            None => {
                let rule = self.group.rules.get(place.rule).map_or("", |rule| &rule.name);
                let at = match self.asked(place) {
                    Some(Ok(at)) => Some(at),
                    _ => place.at,
                };
                (rule.to_owned(), at)
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
        match self.asked(place) {
            Some(Ok(at)) => {
                return Place::within(self.resource, text.origin, Some(Within::At(at)));
            }
            Some(Err(asks)) => return Place::new(self.resource, asks),
            None => {}
        }
        let held = self.held(place);
        let part = match (text.form, place.at) {
            (Form::Plain, at) => at.map(Within::At),
            (Form::Later, Some(at)) => Some(match last_word(at.of(held)) {
                Some(word) => Within::Word(Sym::new(word)),
                // A bracket, an operator: found where the text stands as it is printed.
                None => Within::In(Sym::new(held), at),
            }),
            (Form::Later, None) => None,
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
        out.extend(super::objects::sources(manifest));
    }
    out.extend(model.slos.iter().filter_map(of_promise));
    out.extend(model.backups.iter().filter_map(of_backup));
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
        is_block: true,
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
        absence: None,
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
    annotations
        .extend(alert.annotations.iter().map(|(key, template)| later(key.as_str(), template)));
    let (annotations, annotation_origins) = annotations.into_iter().unzip();
    let absence = alert.or_absent.value.then(|| or_absent(alert.expr.value).ok()).flatten();
    let absence = absence.map(|made| (made, alert.or_absent.origin));
    let rule = Rule {
        name: alert.name.value.to_string(),
        kind: RuleKind::Alert {
            pending: seconds(alert.r#for),
            keep_firing: alert.keep_firing_for.map_or(0.0, seconds),
        },
        expr: alert.query().into_owned(),
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
        absence,
    };
    (rule, origins)
}

/// The alerts of a backup.
fn of_backup(resource: &Resource<'_, Backup<'_>>) -> Option<Source> {
    let watched = resource.value.watched().filter(|_| resource.value.base().alerts.value)?;
    Some(Source {
        resource: resource.id,
        base: resource.base,
        is_block: false,
        targets: resource.targets.clone(),
        group: backup::generate(&watched),
        interval: Origin::NONE,
        rules: Vec::new(),
        promise: None,
    })
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
        is_block: false,
        targets: resource.targets.clone(),
        group: generated.group.clone(),
        interval: Origin::NONE,
        rules: Vec::new(),
        promise: Some((generated, texts.map(|text| (text, promise.origin(text))))),
    })
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
