//! What the viewer picks is there where it is read, and fits.

use super::{dashboards, near};
use crate::embedded::{VariableSpot, VariableUse, variable_uses};
use crate::eval::{Origin, Within};
use crate::model::{
    Dashboard, Hole, Of, Panel, ResourceId, Template, TemplatePart, Variable, VariableBase,
};
use crate::prove::errors::dashboard as errors;
use crate::prove::{Facts, Place, Refutation};
use crate::source::Sym;

/// The data sources, which are there by themselves.
const SOURCES: [&str; 2] = ["datasource", "logs"];

/// Every variable that is read is there, comes before those that read it, and fits where it stands.
pub(in crate::prove) fn variables(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for dashboard in dashboards(facts) {
        let mut judge = Judge { id: dashboard.id, dashboard: &dashboard.value, found };
        for (_, variable) in &dashboard.value.variable {
            if let Variable::LabelValues(it) = variable {
                judge.query(it.series, Some(&it.base));
            }
        }
        for (_, row) in &dashboard.value.row {
            judge.templates(row.title.as_slice());
        }
        for panel in dashboard.value.panels() {
            judge.templates(panel.base().title.as_slice());
            judge.templates(panel.base().description.as_slice());
            for query in panel.queries() {
                judge.query(query.expr, None);
                judge.templates(query.legend.as_slice());
            }
            match panel {
                Panel::Logs(it) => {
                    for (_, query) in &it.query {
                        judge.templates(std::slice::from_ref(&query.expr));
                    }
                }
                Panel::Text(it) => judge.templates(std::slice::from_ref(&it.text)),
                Panel::TimeSeries(_)
                | Panel::Stat(_)
                | Panel::Gauge(_)
                | Panel::BarGauge(_)
                | Panel::Table(_)
                | Panel::Heatmap(_) => {}
            }
        }
    }
}

struct Judge<'f, 'a> {
    id: ResourceId,
    dashboard: &'a Dashboard<'a>,
    found: &'f mut Vec<Refutation>,
}

impl<'a> Judge<'_, 'a> {
    /// The place of a variable's declaration. Its own name is no value: the nearest is what its block says first.
    fn declared(&self, variable: &Variable<'_>) -> Place {
        let origin = match variable {
            Variable::LabelValues(it) => it.label.origin,
            Variable::Choice(it) => it.values.first().map_or(Origin::NONE, |it| it.origin),
            Variable::Interval(it) => it.values.first().map_or(Origin::NONE, |it| it.origin),
            Variable::TextBox(it) => it.default.origin,
        };
        Place::new(self.id, origin)
    }

    /// A query, maybe of a variable.
    fn query(&mut self, query: Of<&'a str>, of: Option<&VariableBase<'a>>) {
        for read in variable_uses(query.value) {
            if read.is_built_in() || SOURCES.contains(&read.name.as_str()) {
                continue;
            }
            let place = Place::within(self.id, query.origin, Some(Within::At(read.at)));
            let known =
                self.dashboard.variable.iter().position(|(name, _)| name.as_str() == read.name);
            let Some(position) = known else {
                self.unknown(&read.name, place, Some(read.at.of(query.value)));
                continue;
            };
            if let Some(of) = of
                && self.comes_after(position, of.name.value)
            {
                let (name, read) = (of.name.value, read.name);
                self.found.push(Refutation::at([place], move |[at]: [_; 1]| {
                    errors::variable_order(name.as_str(), &read, at)
                }));
                continue;
            }
            if let Some((_, variable)) = self.dashboard.variable.get(position) {
                self.fits(query, &read, variable);
            }
        }
    }

    /// Whether the variable at a position is not before the one with a name.
    fn comes_after(&self, position: usize, name: Sym) -> bool {
        let own = self.dashboard.variable.iter().position(|(known, _)| *known == name);
        own.is_some_and(|own| position >= own)
    }

    /// Whether what is picked fits where it stands in a query.
    fn fits(&mut self, query: Of<&'a str>, read: &VariableUse, variable: &Variable<'_>) {
        let place = Place::within(self.id, query.origin, Some(Within::At(read.at)));
        let declared = self.declared(variable);
        match VariableSpot::of(query.value, read.at) {
            VariableSpot::Range if !matches!(variable, Variable::Interval(_)) => {
                let name = read.name.clone();
                let sort = sort(variable);
                self.found
                    .push(Refutation::at([place, declared], move |[at, declared]: [_; 2]| {
                        errors::no_interval(&name, sort, at, declared)
                    }));
            }
            VariableSpot::Exactly(operator_at) => {
                let Some(many) = variable.many() else { return };
                let operators =
                    if operator_at.of(query.value) == "=" { ("=", "=~") } else { ("!=", "!~") };
                let setting = match variable {
                    Variable::LabelValues(it) if it.multi.value => "multi = true",
                    Variable::Choice(it) if it.multi.value => "multi = true",
                    _ => "include-all = true",
                };
                let name = read.name.clone();
                let operator_place =
                    Place::within(self.id, query.origin, Some(Within::At(operator_at)));
                let declared = Place::new(self.id, many.origin);
                self.found.push(Refutation::written(
                    [place, operator_place, declared],
                    move |written| {
                        let [at, operator_at, declared] = written else { return None };
                        let spans = [at.at, operator_at.at, declared.at];
                        let is_exact = operator_at.exact.is_some();
                        Some(errors::many_values(&name, setting, operators, spans, is_exact))
                    },
                ));
            }
            VariableSpot::Range | VariableSpot::Pattern | VariableSpot::Other => {}
        }
    }

    /// What texts hold in their holes. What is pasted may mean itself: nothing is said of it.
    fn templates(&mut self, templates: &[Template<'a>]) {
        for template in templates {
            for part in &template.parts {
                if let TemplatePart::Hole(Hole::Variable(name)) = part
                    && !self.dashboard.variable.iter().any(|(known, _)| known == name)
                    && !SOURCES.contains(&name.as_str())
                {
                    let part = Some(Within::Word(*name));
                    let place = Place::within(self.id, template.origin, part);
                    self.unknown(name.as_str(), place, None);
                }
            }
        }
    }

    /// A variable that is not there. `pasted` is how the text has it, where it is not a hole.
    fn unknown(&mut self, name: &str, place: Place, pasted: Option<&str>) {
        let declared: Vec<&'static str> =
            self.dashboard.variable.iter().map(|(name, _)| name.as_str()).collect();
        let near = near(name, &declared);
        let replacement = pasted.zip(near).map(|(pasted, near)| pasted.replacen(name, near, 1));
        let name = name.to_owned();
        self.found.push(Refutation::written([place], move |written| {
            let [place] = written else { return None };
            let replacement = replacement.filter(|_| place.exact.is_some());
            Some({
                let declare = format!("declare it: `variable {name} : LabelValues {{ .. }}`");
                errors::unknown_variable(&name, near, (&declared, &declare), place.at, replacement)
            })
        }));
    }
}

/// What a variable is, in the language's own word.
const fn sort(variable: &Variable<'_>) -> &'static str {
    match variable {
        Variable::LabelValues(_) => "LabelValues",
        Variable::Choice(_) => "Choice",
        Variable::Interval(_) => "Interval",
        Variable::TextBox(_) => "TextBox",
    }
}

/// What is repeated is so for a variable of which there can be several values.
pub(in crate::prove) fn repeats(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for dashboard in dashboards(facts) {
        let rows = dashboard.value.row.iter().filter_map(|(_, row)| row.repeat);
        let panels = dashboard.value.panels().filter_map(|panel| panel.base().repeat);
        let repeats: Vec<Of<&str>> = rows.chain(panels).collect();
        let mut judge = Judge { id: dashboard.id, dashboard: &dashboard.value, found };
        for repeat in repeats {
            let place = Place::new(dashboard.id, repeat.origin);
            let variables = &dashboard.value.variable;
            let known = variables.iter().find(|(name, _)| name.as_str() == repeat.value);
            match known {
                None => judge.unknown(repeat.value, place, None),
                Some((_, variable)) if variable.many().is_none() => {
                    let declared = judge.declared(variable);
                    let name = repeat.value.to_owned();
                    judge
                        .found
                        .push(Refutation::at([place, declared], move |[at, declared]: [_; 2]| {
                            errors::repeated_once(&name, at, declared)
                        }));
                }
                Some(_) => {}
            }
        }
    }
}
