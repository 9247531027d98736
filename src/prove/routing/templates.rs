//! What receivers tell: templates that Alertmanager fills in.

use std::cell::RefCell;

use super::alerts::Alarm;
use crate::embedded::{
    TemplateContext, TemplateProblem, TemplateUsage, check_template, is_template, template_reads,
};
use crate::eval::Within;
use crate::model::{GroupBy, Of, Receiver, Recipient, Ref, ResourceId, Routing};
use crate::prove::errors::routing as errors;
use crate::prove::{Facts, Place, Refutation, Written};
use crate::source::{Extent, FileId, Span};

/// What KV maps of Alertmanager can do, beside what they hold.
const METHODS: [&str; 4] = ["Names", "Remove", "SortedPairs", "Values"];

/// A receiver, and the routes to it.
struct Told<'m> {
    /// The block that its texts stand in.
    resource: ResourceId,
    receiver: &'m Receiver<'m>,
    /// The labels by which alerts are told together on each route to it.
    groups: Vec<&'m GroupBy<'m>>,
    /// The clusters whose alerts it hears of.
    clusters: Vec<Ref>,
}

/// Every text of a receiver can be filled in, and prints what it means to.
pub(crate) fn templates(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for told in told(facts) {
        let texts: Vec<Of<&str>> =
            texts(told.receiver).into_iter().filter(|text| is_template(text.value)).collect();
        if texts.is_empty() {
            continue;
        }
        let alarm = Alarm::on(facts.model, &told.clusters);
        for text in texts {
            let faults = check_template(text.value, &[], &TemplateContext::alertmanager());
            let is_read = faults.is_empty();
            found.extend(faults.into_iter().map(|fault| refuted(told.resource, text, fault)));
            if is_read {
                labels(&told, text, &alarm, found);
            }
        }
    }
}

fn told<'m>(facts: &Facts<'m>) -> Vec<Told<'m>> {
    let mut all: Vec<Told<'m>> = Vec::new();
    for receiver in &facts.model.receivers {
        if all.iter().all(|known| known.resource != receiver.id) {
            all.push(Told {
                resource: receiver.id,
                receiver: &receiver.value,
                groups: Vec::new(),
                clusters: Vec::new(),
            });
        }
    }
    for routing in &facts.model.routings {
        for (to, group) in recipients(&routing.value) {
            match to {
                Recipient::Named(named) => {
                    let known = all.iter_mut().filter(|it| it.resource == named.value.id);
                    for it in known {
                        it.groups.push(group);
                        it.clusters.extend(&routing.targets);
                    }
                }
                Recipient::InPlace(receiver, _) => {
                    // One place of the program may be a receiver on many clusters.
                    let same = all
                        .iter_mut()
                        .find(|it| it.resource == routing.id && *it.receiver == **receiver);
                    match same {
                        Some(it) => {
                            it.groups.push(group);
                            it.clusters.extend(&routing.targets);
                        }
                        None => all.push(Told {
                            resource: routing.id,
                            receiver,
                            groups: vec![group],
                            clusters: routing.targets.clone(),
                        }),
                    }
                }
            }
        }
    }
    all
}

/// Who is told, and by which labels alerts are told together: a route's own, or those of the route around it.
fn recipients<'m>(routing: &'m Routing<'m>) -> Vec<(&'m Recipient<'m>, &'m GroupBy<'m>)> {
    let mut groups = vec![&routing.group_by];
    let mut out = vec![(&routing.default, &routing.group_by)];
    for step in routing.steps() {
        let around = groups.get(step.parent).copied().unwrap_or(&routing.group_by);
        let group = step.route.group_by.as_ref().unwrap_or(around);
        groups.push(group);
        out.push((step.to, group));
    }
    out
}

/// The texts of a receiver that Alertmanager fills in.
fn texts<'a>(receiver: &Receiver<'a>) -> Vec<Of<&'a str>> {
    let some = |texts: &[Option<Of<&'a str>>]| texts.iter().flatten().copied().collect::<Vec<_>>();
    match receiver {
        Receiver::Webhook(_) | Receiver::Null(_) => Vec::new(),
        Receiver::Email(it) => some(&[it.subject]),
        Receiver::Slack(it) => some(&[it.channel, Some(it.title), Some(it.text)]),
        Receiver::PagerDuty(it) => {
            let mut all = some(&[Some(it.severity), it.title]);
            all.extend(it.details.iter().map(|(_, text)| *text));
            all
        }
        Receiver::Opsgenie(it) => {
            let mut all = some(&[Some(it.priority), it.title]);
            all.extend(it.tags.iter().chain(&it.teams));
            all
        }
        Receiver::Telegram(it) => some(&[it.text]),
        Receiver::Discord(it) => some(&[it.title, it.text]),
        Receiver::MsTeams(it) => some(&[it.title, it.text]),
        Receiver::Pushover(it) => some(&[it.title, it.text]),
    }
}

/// A fault of a template, where its text is written.
fn refuted(resource: ResourceId, text: Of<&str>, fault: TemplateProblem) -> Refutation {
    // Which extents the finding points to is known once it is made.
    let extents: RefCell<Vec<Extent>> = RefCell::default();
    let note = |at: Extent| {
        extents.borrow_mut().push(at);
        (Span::at(FileId(0), at), true)
    };
    drop(fault.clone().diagnostic(&note, &|text| text.to_owned()));
    let extents = extents.into_inner();
    let places: Vec<Place> = extents
        .iter()
        .map(|at| Place::within(resource, text.origin, Some(Within::At(*at))))
        .collect();
    Refutation::written(places, move |written| {
        let of = |at: Extent| -> Option<&Written> {
            written.get(extents.iter().position(|known| *known == at)?)
        };
        let first = written.first()?;
        let place = |at: Extent| {
            let it = of(at).unwrap_or(first);
            (it.at, it.exact.is_some())
        };
        let form = first.exact;
        let shown = |text: &str| form.map_or_else(|| text.to_owned(), |form| form.written(text));
        Some(fault.diagnostic(&place, &shown))
    })
}

/// Labels that no alert has, or by which no route groups.
fn labels(told: &Told<'_>, text: Of<&str>, alarm: &Alarm<'_>, found: &mut Vec<Refutation>) {
    let mut said: Vec<Vec<String>> = Vec::new();
    for read in template_reads(text.value).reads {
        let [of, label, ..] = read.path.as_slice() else { continue };
        if METHODS.contains(&label.as_str())
            || read.usage == TemplateUsage::Tested
            || read.tested.contains(&read.path)
            || said.contains(&read.path)
        {
            continue;
        }
        let missing = match of.as_str() {
            "CommonLabels" => of_alerts(label, alarm),
            "GroupLabels" => of_groups(label, &told.groups),
            _ => None,
        };
        let Some((is_group, near)) = missing else { continue };
        said.push(read.path.clone());
        let label = label.clone();
        let place = Place::within(told.resource, text.origin, Some(Within::At(read.at)));
        found.push(Refutation::at([place], move |[at]: [_; 1]| {
            errors::template_label(&label, is_group, near.as_deref(), at)
        }));
    }
}

/// Whether a label is one that no alert has, and the nearest that one has.
fn of_alerts(label: &str, alarm: &Alarm<'_>) -> Option<(bool, Option<String>)> {
    if alarm.alerts.is_empty() || alarm.alerts.iter().any(|alert| alert.may_have(label)) {
        return None;
    }
    let near = alarm.nearest_label(label);
    (alarm.is_closed || near.is_some()).then_some((false, near))
}

/// Whether a label is one by which no route to the receiver groups.
fn of_groups(label: &str, groups: &[&GroupBy<'_>]) -> Option<(bool, Option<String>)> {
    let has = |group: &&GroupBy<'_>| match group {
        GroupBy::All(_) => true,
        GroupBy::Labels(labels) => labels.iter().any(|known| known.value == label),
    };
    if groups.is_empty() || groups.iter().any(has) {
        return None;
    }
    let known = groups.iter().flat_map(|group| match group {
        GroupBy::All(_) => &[][..],
        GroupBy::Labels(labels) => labels,
    });
    let near = crate::diag::nearest(label, known.map(|label| label.value));
    Some((true, near.map(str::to_owned)))
}
