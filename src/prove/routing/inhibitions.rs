//! Inhibitions can keep something silent.

use super::alerts::{Alarm, Fires};
use super::routes::asked;
use crate::embedded::alertmanager::{Route, Verdict};
use crate::model::{Inhibit, Resource, Routing, matchers};
use crate::prove::errors::routing as errors;
use crate::prove::{Place, Refutation};
use crate::source::Sym;

/// Every inhibition has alerts on both sides, and labels in which they can agree.
pub(super) fn inhibitions<'m>(
    routing: &'m Resource<'m, Routing<'m>>,
    alarm: &Alarm<'m>,
    found: &mut Vec<Refutation>,
) {
    for (name, rule) in &routing.value.inhibit {
        let cx = Rule { routing: routing.id, name: *name, rule, alarm };
        cx.judge(found);
    }
}

struct Rule<'m, 'f> {
    routing: crate::model::ResourceId,
    name: Sym,
    rule: &'m Inhibit<'m>,
    alarm: &'f Alarm<'m>,
}

impl Rule<'_, '_> {
    fn judge(&self, found: &mut Vec<Refutation>) {
        let side = |matchers| Route { matchers, ..Route::default() };
        let source = side(matchers(&self.rule.source));
        let target = side(matchers(&self.rule.target));
        let (routing, alarm) = (self.routing, self.alarm);
        if self.mutual(&source, &target, found)
            || asked(routing, &self.rule.source, &source.matchers, alarm, found)
            || asked(routing, &self.rule.target, &target.matchers, alarm, found)
        {
            return;
        }
        let of = |side: &Route| -> Vec<&Fires<'_>> {
            alarm.alerts.iter().filter(|alert| side.fits(*alert) != Verdict::No).collect()
        };
        let (sources, targets) = (of(&source), of(&target));
        if sources.is_empty() || targets.is_empty() {
            return;
        }
        for label in &self.rule.equal {
            let may = |alerts: &[&Fires<'_>]| alerts.iter().any(|it| it.may_have(label.value));
            let must = |alerts: &[&Fires<'_>]| alerts.iter().all(|it| it.has(label.value));
            let (in_source, in_target) = (may(&sources), may(&targets));
            let name = Sym::new(label.value);
            let places = [Place::new(routing, label.origin), Place::name(routing)];
            if !in_source && !in_target {
                let near = alarm.nearest_label(label.value);
                if !alarm.is_closed && near.is_none() {
                    continue;
                }
                found.push(Refutation::at(places, move |[at, whole]| {
                    (at != whole).then(|| errors::equal_nowhere(name, near.as_deref(), at))
                }));
            } else if (!in_source && must(&targets)) || (!in_target && must(&sources)) {
                let rule = self.name;
                let lacking = if in_source { "target" } else { "source" };
                found.push(Refutation::at(places, move |[at, whole]| {
                    (at != whole).then(|| errors::equal_never(rule, name, lacking, at))
                }));
            }
        }
    }

    /// An alert on both sides is not kept silent by another one that is: where all are, nothing ever is.
    fn mutual(&self, source: &Route, target: &Route, found: &mut Vec<Refutation>) -> bool {
        if !source.covers(target) || !target.covers(source) {
            return false;
        }
        let (Some((_, of_target)), Some((_, of_source))) =
            (self.rule.target.first(), self.rule.source.first())
        else {
            return false;
        };
        let name = self.name;
        let places = [
            Place::new(self.routing, of_target.origin()),
            Place::new(self.routing, of_source.origin()),
            Place::name(self.routing),
        ];
        found.push(Refutation::at(places, move |[at, because, whole]| {
            (at != whole).then(|| errors::mutual(name, at, because))
        }));
        true
    }
}
