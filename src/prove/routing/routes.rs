//! Every route takes alerts that there are, and none stands behind another that takes them first.

use super::alerts::Alarm;
use crate::embedded::alertmanager::{Matcher, Route as Tree, Verdict};
use crate::model::{GroupBy, Map, Match, Receiver, Recipient, Ref, Resource, ResourceId, Routing};
use crate::prove::errors::routing as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// The routings of a program, each once, with all clusters where it holds.
pub(super) fn each<'m>(facts: &Facts<'m>) -> Vec<(&'m Resource<'m, Routing<'m>>, Vec<Ref>)> {
    let mut out: Vec<(&'m Resource<'m, Routing<'m>>, Vec<Ref>)> = Vec::new();
    for routing in &facts.model.routings {
        match out.iter_mut().find(|(known, _)| known.id == routing.id) {
            Some((_, targets)) => targets.extend(&routing.targets),
            None => out.push((routing, routing.targets.clone())),
        }
    }
    out
}

/// Every route is reached by some alert.
pub(super) fn routes<'m>(
    routing: &'m Resource<'m, Routing<'m>>,
    alarm: &Alarm<'m>,
    found: &mut Vec<Refutation>,
) {
    let tree = routing.value.tree();
    let mut cx = Routes { routing, alarm, entered: Vec::new(), found };
    for alert in &alarm.alerts {
        cx.entered.extend(tree.taken(alert).entered);
    }
    cx.entered.sort_unstable();
    cx.entered.dedup();
    cx.siblings(&routing.value.route, &tree.routes, &mut Vec::new());
}

struct Routes<'m, 'f> {
    routing: &'m Resource<'m, Routing<'m>>,
    alarm: &'f Alarm<'m>,
    /// The routes that some alert enters, or may.
    entered: Vec<usize>,
    found: &'f mut Vec<Refutation>,
}

impl<'m> Routes<'m, '_> {
    /// `around` is what the routes around ask for, and what wrote it.
    fn siblings<'t>(
        &mut self,
        routes: &'m Map<crate::model::Route<'m>>,
        trees: &'t [Tree],
        around: &mut Vec<(&'t Matcher, crate::eval::Origin)>,
    ) {
        for (place, ((_, route), tree)) in routes.iter().zip(trees).enumerate() {
            let before = trees.iter().zip(routes).take(place);
            let mut shadows = before.filter(|(other, _)| !other.continues && other.covers(tree));
            if let Some((_, (other, first))) = shadows.next() {
                self.shadowed(route, *other, first);
                continue;
            }
            if self.contradicts(route, tree, around) {
                continue;
            }
            if asked(self.routing.id, &route.when, &tree.matchers, self.alarm, self.found) {
                continue;
            }
            if self.alarm.is_closed
                && !self.alarm.alerts.is_empty()
                && !self.entered.contains(&tree.number)
            {
                self.unreached(route);
                continue;
            }
            let own = tree.matchers.iter().zip(&route.when);
            let before = around.len();
            around.extend(own.map(|(matcher, (_, wanted))| (matcher, wanted.origin())));
            self.siblings(&route.route, &tree.routes, around);
            around.truncate(before);
        }
    }

    /// Whether a route asks for what a route around it excludes.
    fn contradicts(
        &mut self,
        route: &crate::model::Route<'m>,
        tree: &Tree,
        around: &[(&Matcher, crate::eval::Origin)],
    ) -> bool {
        for (matcher, (label, wanted)) in tree.matchers.iter().zip(&route.when) {
            let Some(texts) = matcher.texts() else { continue };
            let excludes = |outer: &&(&Matcher, crate::eval::Origin)| {
                outer.0.label == matcher.label && !texts.iter().any(|text| outer.0.takes(text))
            };
            let Some((_, origin)) = around.iter().find(excludes) else { continue };
            let (id, name, label) = (self.routing.id, route.name.value, *label);
            let places =
                [Place::new(id, wanted.origin()), Place::new(id, *origin), Place::name(id)];
            self.found.push(Refutation::at(places, move |[at, because, whole]| {
                (at != whole).then(|| errors::contradiction(name, label, at, because))
            }));
            return true;
        }
        false
    }

    fn shadowed(
        &mut self,
        route: &crate::model::Route<'m>,
        other: Sym,
        first: &crate::model::Route<'m>,
    ) {
        let id = self.routing.id;
        let (Some(at), Some(because)) = (origin(&route.when), origin(&first.when)) else { return };
        let name = route.name.value;
        let places = [Place::new(id, at), Place::new(id, because), Place::name(id)];
        self.found.push(Refutation::at(places, move |[at, because, whole]| {
            (at != whole).then(|| errors::shadowed(name, other, at, because))
        }));
    }

    fn unreached(&mut self, route: &crate::model::Route<'m>) {
        let Some(at) = origin(&route.when) else { return };
        let (id, name) = (self.routing.id, route.name.value);
        let places = [Place::new(id, at), Place::name(id)];
        self.found.push(Refutation::at(places, move |[at, whole]| {
            (at != whole).then(|| errors::unreached(name, at))
        }));
    }
}

/// What wrote the first label that is asked for.
fn origin(when: &Map<Match<'_>>) -> Option<crate::eval::Origin> {
    when.first().map(|(_, wanted)| wanted.origin())
}

/// Whether what is asked of labels cannot be: a label that no alert has, or a value. Reports the first.
pub(super) fn asked(
    routing: ResourceId,
    when: &Map<Match<'_>>,
    matchers: &[Matcher],
    alarm: &Alarm<'_>,
    found: &mut Vec<Refutation>,
) -> bool {
    if alarm.alerts.is_empty() {
        return false;
    }
    for ((label, wanted), matcher) in when.iter().zip(matchers) {
        // What takes a missing label asks for nothing that must be there.
        if matcher.takes("") {
            continue;
        }
        let places = [Place::new(routing, wanted.origin()), Place::name(routing)];
        let label = *label;
        if !alarm.alerts.iter().any(|alert| alert.may_have(label.as_str())) {
            let near = alarm.nearest_label(label.as_str());
            if alarm.is_closed || near.is_some() {
                found.push(Refutation::at(places, move |[at, whole]| {
                    (at != whole).then(|| errors::unknown_label(label, near.as_deref(), at))
                }));
                return true;
            }
            continue;
        }
        let Some(values) = alarm.values(label.as_str()) else { continue };
        if values.iter().any(|value| matcher.takes(value)) {
            continue;
        }
        let wrong = matcher.texts().and_then(|texts| texts.first()).cloned();
        let near = wrong.as_deref().and_then(|wrong| {
            crate::diag::nearest(wrong, values.iter().copied()).map(str::to_owned)
        });
        let is_closed_label = label.as_str() == "severity";
        if alarm.is_closed || near.is_some() || is_closed_label {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            let shown = matcher.to_string();
            found.push(Refutation::at(places, move |[at, whole]| {
                (at != whole)
                    .then(|| errors::unknown_value(label, &shown, &values, near.as_deref(), at))
            }));
            return true;
        }
    }
    false
}

/// A label by which alerts are told together is one that they have.
pub(super) fn groups(
    routing: &Resource<'_, Routing<'_>>,
    alarm: &Alarm<'_>,
    found: &mut Vec<Refutation>,
) {
    if alarm.alerts.is_empty() {
        return;
    }
    let steps = routing.value.steps();
    let own = steps.iter().filter_map(|step| step.route.group_by.as_ref());
    for group in std::iter::once(&routing.value.group_by).chain(own) {
        let GroupBy::Labels(labels) = group else { continue };
        let missing = labels
            .iter()
            .find(|label| !alarm.alerts.iter().any(|alert| alert.may_have(label.value)));
        let Some(label) = missing else { continue };
        let near = alarm.nearest_label(label.value);
        if !alarm.is_closed && near.is_none() {
            continue;
        }
        let name = Sym::new(label.value);
        let places = [Place::new(routing.id, label.origin), Place::name(routing.id)];
        found.push(Refutation::at(places, move |[at, whole]| {
            (at != whole).then(|| errors::group_label(name, near.as_deref(), at))
        }));
    }
}

/// Somebody hears of what is critical and no route takes.
pub(crate) fn silent(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for routing in &facts.model.routings {
        let is_nobody = match &routing.value.default {
            Recipient::InPlace(receiver, _) => matches!(**receiver, Receiver::Null(_)),
            Recipient::Named(named) => {
                let mut all = facts.model.receivers.iter().filter(|it| it.id == named.value.id);
                all.any(|it| matches!(it.value, Receiver::Null(_)))
            }
        };
        if !is_nobody {
            continue;
        }
        let alarm = Alarm::on(facts.model, &routing.targets);
        let tree = routing.value.tree();
        let unheard = alarm.alerts.iter().find(|alert| {
            if alert.severity.value.as_str() != "critical" {
                return false;
            }
            let taken = tree.taken(*alert);
            taken.routes.iter().any(|route| route.number == 0)
                && tree.routes.iter().all(|route| route.fits(*alert) != Verdict::Yes)
        });
        let Some(alert) = unheard else { continue };
        let name = alert.name;
        let places = [
            Place::new(routing.id, routing.value.default.origin()),
            Place::new(alert.resource, alert.severity.origin),
        ];
        found.push(Refutation::at(places, move |[at, because]: [_; 2]| {
            errors::silent(name, at, because)
        }));
    }
}
