//! What a template sees: its engine, its variables, its dot.

use super::kind::Kind;

/// Who reads a template.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Engine {
    /// Prometheus, in labels and annotations of alerts.
    Prometheus,
    /// Argo CD, in app sets with `goTemplate: true`.
    ArgoCd,
    /// Cluster API, in patches and names of ClusterClasses.
    ClusterApi,
    /// Alertmanager, in what receivers tell.
    Alertmanager,
}

impl Engine {
    /// As people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Prometheus => "Prometheus",
            Self::ArgoCd => "Argo CD",
            Self::ClusterApi => "Cluster API",
            Self::Alertmanager => "Alertmanager",
        }
    }
}

/// What is known of the labels of an alert.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Labels {
    /// It may have any.
    Open,
    /// It has these and no others.
    Known(Vec<String>),
}

/// A parameter of an app set, or a variable of a ClusterClass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Parameter {
    /// A text.
    Text,
    /// A number: what JSON holds is one with a fraction, even where it is whole.
    Number,
    /// A truth value.
    Bool,
    /// A list.
    List,
    /// A record.
    Record(Parameters),
    /// Not known: what a file of the repository holds.
    Any,
}

/// The parameters that a generator gives.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Parameters {
    /// By name.
    pub fields: Vec<(String, Parameter)>,
    /// Whether there may be others.
    pub is_open: bool,
}

/// What a template sees.
#[derive(Clone, PartialEq, Debug)]
pub struct Context {
    pub(super) engine: Engine,
    pub(super) root: Kind,
    pub(super) variables: Vec<(&'static str, Kind)>,
    records: Vec<Record>,
}

/// A map or struct with known fields.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Record {
    pub(super) what: What,
    pub(super) fields: Vec<(String, Kind)>,
    pub(super) is_open: bool,
}

/// What a record is, for messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// `.` of an alert's template: no map, so `index` does not read it.
    Alert,
    /// The labels of an alert.
    Labels,
    /// The parameters of an app set.
    Parameters,
    /// What Alertmanager tells of.
    Notification,
    /// One of its alerts.
    Notified,
}

impl Context {
    /// The template of an alert.
    pub fn prometheus(labels: Labels) -> Self {
        let mut records = Vec::new();
        let labels = match labels {
            Labels::Open => Kind::TextMap,
            Labels::Known(names) => {
                let fields = names.into_iter().map(|name| (name, Kind::Text)).collect();
                records.push(Record { what: What::Labels, fields, is_open: false });
                Kind::Record(0)
            }
        };
        let fields = vec![
            ("Labels".to_owned(), labels),
            ("ExternalLabels".to_owned(), Kind::TextMap),
            ("ExternalURL".to_owned(), Kind::Text),
            ("Value".to_owned(), Kind::Float),
        ];
        let root = Kind::Record(number(records.len()));
        records.push(Record { what: What::Alert, fields, is_open: false });
        Self {
            engine: Engine::Prometheus,
            root,
            variables: vec![
                ("$", root),
                ("$labels", labels),
                ("$externalLabels", Kind::TextMap),
                ("$externalURL", Kind::Text),
                ("$value", Kind::Float),
            ],
            records,
        }
    }

    /// A text of a receiver: `Data` and `Alert` in `template/template.go` of Alertmanager.
    pub fn alertmanager() -> Self {
        let fields = |all: &[(&str, Kind)]| {
            all.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect::<Vec<_>>()
        };
        let alert = fields(&[
            ("Status", Kind::Text),
            ("Labels", Kind::Map),
            ("Annotations", Kind::Map),
            ("StartsAt", Kind::Time),
            ("EndsAt", Kind::Time),
            ("GeneratorURL", Kind::Text),
            ("Fingerprint", Kind::Text),
        ]);
        let whole = fields(&[
            ("Receiver", Kind::Text),
            ("Status", Kind::Text),
            ("Alerts", Kind::Alerts),
            ("NotificationReason", Kind::Text),
            ("GroupLabels", Kind::Map),
            ("CommonLabels", Kind::Map),
            ("CommonAnnotations", Kind::Map),
            ("RouteLabels", Kind::Map),
            ("ExternalURL", Kind::Text),
        ]);
        let root = Kind::Record(1);
        Self {
            engine: Engine::Alertmanager,
            root,
            variables: vec![("$", root)],
            records: vec![
                Record { what: What::Notified, fields: alert, is_open: false },
                Record { what: What::Notification, fields: whole, is_open: false },
            ],
        }
    }

    /// A field of an app set's template.
    pub fn argo(parameters: Parameters) -> Self {
        let mut records = Vec::new();
        let root = add(&mut records, parameters, 0);
        Self { engine: Engine::ArgoCd, root, variables: vec![("$", root)], records }
    }

    /// A template of a ClusterClass.
    pub fn cluster_api(variables: Parameters) -> Self {
        Self { engine: Engine::ClusterApi, ..Self::argo(variables) }
    }

    /// A function of the context's engine: who has it, and what it does.
    pub fn function(&self, name: &str) -> Option<(&'static str, &'static str)> {
        let function = super::functions::find(self.engine, name)?;
        Some((self.engine.words(), function.doc))
    }

    pub(super) fn record(&self, kind: Kind) -> Option<&Record> {
        match kind {
            Kind::Record(index) => self.records.get(usize::from(index)),
            Kind::Any
            | Kind::Bool
            | Kind::Int
            | Kind::Float
            | Kind::Text
            | Kind::Nil
            | Kind::Time
            | Kind::Duration
            | Kind::List
            | Kind::Texts
            | Kind::Samples
            | Kind::Sample
            | Kind::Alerts
            | Kind::Map
            | Kind::TextMap => None,
        }
    }
}

/// How deep records of parameters are looked at: below, any field is taken.
const DEPTH: usize = 32;

fn add(records: &mut Vec<Record>, parameters: Parameters, depth: usize) -> Kind {
    if depth >= DEPTH || records.len() >= usize::from(u16::MAX) {
        return Kind::Map;
    }
    let mut fields = Vec::new();
    for (name, parameter) in parameters.fields {
        let kind = match parameter {
            Parameter::Text => Kind::Text,
            Parameter::Number => Kind::Float,
            Parameter::Bool => Kind::Bool,
            Parameter::List => Kind::List,
            Parameter::Any => Kind::Any,
            Parameter::Record(inner) => add(records, inner, depth + 1),
        };
        fields.push((name, kind));
    }
    if records.len() >= usize::from(u16::MAX) {
        return Kind::Map;
    }
    records.push(Record { what: What::Parameters, fields, is_open: parameters.is_open });
    Kind::Record(number(records.len() - 1))
}

fn number(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}
