//! Which objects a Prometheus of the operator takes.

use super::values::Values;
use crate::import::doc::Node;

/// By which labels objects are taken.
#[derive(Clone, Debug)]
pub(super) enum Selector {
    /// All.
    All,
    /// None: the operator's meaning of a selector that is not there.
    Nothing,
    /// Those with these labels.
    Labels(Vec<(String, String)>),
    /// Those with the label `release` and the name of the release, where that is known.
    Release(Option<String>),
    /// Not known.
    Unknown,
}

impl Selector {
    /// What the chart makes of its values.
    pub(super) fn of_values(values: &Values, kind: &str, release: Option<&str>) -> Self {
        if !values.are_whole() {
            return Self::Unknown;
        }
        let spec = ["prometheus", "prometheusSpec"];
        let own = values.get(&[spec[0], spec[1], &format!("{kind}Selector")]);
        if let Some(own) = own.filter(|it| it.fields().is_some_and(|it| !it.is_empty())) {
            return Self::of(&own);
        }
        let nil = format!("{kind}SelectorNilUsesHelmValues");
        match values.flag(&[spec[0], spec[1], &nil]) {
            Some(false) => Self::All,
            _ => Self::Release(release.map(str::to_owned)),
        }
    }

    /// A label selector of Kubernetes.
    pub(super) fn of(node: &Node) -> Self {
        let Some(fields) = node.fields() else { return Self::Unknown };
        if fields.is_empty() {
            return Self::All;
        }
        if !node.list("matchExpressions").is_empty() {
            return Self::Unknown;
        }
        let labels = node.get("matchLabels").and_then(|it| it.fields()).unwrap_or_default();
        let own = labels.into_iter().filter_map(|(key, _, it)| Some((key, it.text()?.to_owned())));
        Self::Labels(own.collect())
    }

    /// The labels that an object lacks to be taken: none where it is taken, or nothing is known.
    pub(super) fn lacking(&self, labels: &[(String, String)]) -> Option<Vec<(String, String)>> {
        let own = |key: &str| labels.iter().find(|it| it.0 == key).map(|it| it.1.as_str());
        match self {
            Self::All | Self::Unknown => None,
            Self::Nothing => Some(Vec::new()),
            Self::Labels(wanted) => {
                let lacks = wanted.iter().filter(|it| own(&it.0) != Some(it.1.as_str()));
                let lacks: Vec<_> = lacks.cloned().collect();
                (!lacks.is_empty()).then_some(lacks)
            }
            Self::Release(Some(name)) => (own("release") != Some(name.as_str()))
                .then(|| vec![("release".to_owned(), name.clone())]),
            Self::Release(None) => own("release")
                .is_none()
                .then(|| vec![("release".to_owned(), "<the name of the release>".to_owned())]),
        }
    }

    /// Whether it is the chart's default.
    pub(super) const fn is_default(&self) -> bool {
        matches!(self, Self::Release(_))
    }
}
