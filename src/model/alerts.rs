//! A group of alerts and recording rules.

use super::{Map, Of, Quantity, Ref, Template};
use crate::metrics::or_absent;
use crate::source::Sym;

/// `kind Alerts`.
#[derive(Clone, PartialEq, Debug)]
pub struct Alerts<'a> {
    /// The clusters where they exist.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of the object.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of the object.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace of the object.
    pub namespace: Of<Ref>,
    /// How often the rules are evaluated.
    pub interval: Option<Of<Quantity<'a>>>,
    /// Where runbooks live.
    pub runbooks: Option<Of<&'a str>>,
    /// Alerts, by name.
    pub alert: Map<Alert<'a>>,
    /// Recording rules, by the name of their series.
    pub record: Map<Record<'a>>,
}

/// `schema Alert`.
#[derive(Clone, PartialEq, Debug)]
pub struct Alert<'a> {
    /// The alert's own name.
    pub name: Of<Sym>,
    /// The query.
    pub expr: Of<&'a str>,
    /// Whether it fires where the series of the query are gone, too.
    pub or_absent: Of<bool>,
    /// How long the query must yield a series.
    pub r#for: Of<Quantity<'a>>,
    /// How long the alert keeps firing afterwards.
    pub keep_firing_for: Option<Of<Quantity<'a>>>,
    /// `critical`, `warning`, `info` or `none`.
    pub severity: Of<Sym>,
    /// Further labels.
    pub labels: Map<Template<'a>>,
    /// What happened.
    pub summary: Template<'a>,
    /// What it means.
    pub description: Option<Template<'a>>,
    /// The page that says what to do.
    pub runbook: Option<Of<&'a str>>,
    /// Further annotations.
    pub annotations: Map<Template<'a>>,
}

/// `schema Record`.
#[derive(Clone, PartialEq, Debug)]
pub struct Record<'a> {
    /// The name of the series.
    pub name: Of<Sym>,
    /// The query.
    pub expr: Of<&'a str>,
    /// Labels that are added.
    pub labels: Map<Of<&'a str>>,
}

impl Alert<'_> {
    /// The query as Prometheus gets it. What `or-absent` cannot be made of is told of before anything is written.
    pub fn query(&self) -> std::borrow::Cow<'_, str> {
        let made = self.or_absent.value.then(|| or_absent(self.expr.value).ok()).flatten();
        made.map_or(std::borrow::Cow::Borrowed(self.expr.value), |made| made.text.into())
    }
}
