//! The values of a template.

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Val {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// By key.
    Map(Vec<(String, Val)>),
    List(Vec<Val>),
    /// A series of a query's result.
    Sample(Vec<(String, Val)>, f64),
    /// What the template as a whole is about: the alert.
    Data,
    /// Seconds since 1970.
    Time(f64),
    /// Nanoseconds.
    Duration(i64),
}

impl Val {
    pub(super) fn map(entries: impl Iterator<Item = (String, Self)>) -> Self {
        let mut entries: Vec<(String, Self)> = entries.collect();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        Self::Map(entries)
    }

    /// Whether a condition holds: what is empty or nothing is false.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(value) | Self::Duration(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Map(entries) => !entries.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Sample(..) | Self::Data | Self::Time(_) => true,
        }
    }

    /// A number, also of a text, where a function of Prometheus wants one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Text(text) => text.parse().ok(),
            Self::Duration(value) => Some(*value as f64 / 1e9),
            Self::Nil
            | Self::Bool(_)
            | Self::Map(_)
            | Self::List(_)
            | Self::Sample(..)
            | Self::Data
            | Self::Time(_) => None,
        }
    }
}
