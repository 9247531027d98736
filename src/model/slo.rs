//! A promise.

use super::{Map, Of, Quantity, Ref};
use crate::eval::Origin;
use crate::metrics::slo::{Indicator, Promise, Text};
use crate::source::Sym;

/// `kind Slo`.
#[derive(Clone, PartialEq, Debug)]
pub struct Slo<'a> {
    /// The clusters where it holds.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of the object.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of the object.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace of the object.
    pub namespace: Of<Ref>,
    /// The share that goes well.
    pub objective: Of<Quantity<'a>>,
    /// The time over which it holds.
    pub window: Of<Quantity<'a>>,
    /// A counter of what went wrong.
    pub errors: Option<Of<&'a str>>,
    /// A counter of what went well.
    pub good: Option<Of<&'a str>>,
    /// A counter of everything.
    pub total: Option<Of<&'a str>>,
    /// A series that is 1 while all is well.
    pub state: Option<Of<&'a str>>,
    /// Labels by which budgets are divided.
    pub by: Vec<Of<&'a str>>,
    /// Labels of series and alerts.
    pub series_labels: Map<Of<&'a str>>,
    /// The severity of the alert that wakes somebody.
    pub page: Of<Sym>,
    /// The severity of the other.
    pub ticket: Of<Sym>,
    /// What is promised.
    pub summary: Option<Of<&'a str>>,
    /// What it means when the promise is in danger.
    pub description: Option<Of<&'a str>>,
    /// The page that says what to do.
    pub runbook: Option<Of<&'a str>>,
}

impl Slo<'_> {
    /// The promise as rules are made of it.
    pub fn promise(&self) -> Promise {
        let owned =
            |text: Option<Of<&str>>| text.map_or_else(String::new, |it| it.value.to_owned());
        let total = owned(self.total);
        let indicator = match (self.errors, self.good) {
            (Some(errors), _) => Indicator::Errors(errors.value.to_owned(), total),
            (None, Some(good)) => Indicator::Good(good.value.to_owned(), total),
            (None, None) => Indicator::State(owned(self.state)),
        };
        let promised = self.summary.map_or_else(|| self.name.value.as_str(), |it| it.value);
        // What the program says means itself: a brace of it opens no template.
        let promised = promised.replace("{{", "{{ \"{{\" }}");
        let mut annotations = vec![(
            "summary".to_owned(),
            format!(
                "{promised}: {{{{ $value | humanizePercentage }}}} go wrong, more than the budget lasts for"
            ),
        )];
        let plain = |text: &str| text.replace("{{", "{{ \"{{\" }}");
        annotations.extend(self.description.map(|it| ("description".to_owned(), plain(it.value))));
        annotations.extend(self.runbook.map(|it| ("runbook_url".to_owned(), plain(it.value))));
        Promise {
            name: self.name.value.to_string(),
            // Millionths of a `Percent`, and milliseconds of a `Duration`.
            objective: self.objective.value.amount,
            period: self.window.value.amount / 1000,
            indicator,
            by: self.by.iter().map(|label| label.value.to_owned()).collect(),
            labels: self
                .series_labels
                .iter()
                .map(|(label, value)| (label.to_string(), value.value.to_owned()))
                .collect(),
            page: self.page.value.to_string(),
            ticket: self.ticket.value.to_string(),
            annotations,
        }
    }

    /// What wrote a text of the promise.
    pub fn origin(&self, text: Text) -> Origin {
        let of = match text {
            Text::Errors => self.errors,
            Text::Good => self.good,
            Text::Total => self.total,
            Text::State => self.state,
        };
        of.map_or(self.name.origin, |it| it.origin)
    }
}
