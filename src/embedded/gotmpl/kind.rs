//! What values of templates are.

/// The kind of a value, as far as it is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Not known.
    Any,
    /// `true`.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// A text.
    Text,
    /// `nil`.
    Nil,
    /// A time.
    Time,
    /// A duration.
    Duration,
    /// A list.
    List,
    /// A list of texts.
    Texts,
    /// What a query yields: a list of samples.
    Samples,
    /// One of them.
    Sample,
    /// The alerts of a notification: the first record of the context each.
    Alerts,
    /// A map with any keys.
    Map,
    /// A map of texts with any keys.
    TextMap,
    /// A record of the context.
    Record(u16),
}

impl Kind {
    /// In words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Bool => "a truth value",
            Self::Int => "a whole number",
            Self::Float => "a number",
            Self::Text => "a text",
            Self::Nil => "`nil`",
            Self::Time => "a time",
            Self::Duration => "a duration",
            Self::List | Self::Texts => "a list",
            Self::Samples => "a list of samples",
            Self::Sample => "a sample",
            Self::Alerts => "a list of alerts",
            Self::Map | Self::TextMap | Self::Record(_) => "a map",
        }
    }
}

/// What a function takes in one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Param {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A text that is a regular expression.
    Pattern,
    /// A whole number.
    Int,
    /// A truth value.
    Bool,
    /// A number, or a text that reads as one: Prometheus converts it.
    Number,
    /// A list.
    List,
    /// A map.
    Map,
    /// What a query yields.
    Samples,
    /// A sample.
    Sample,
    /// A time.
    Time,
    /// What has a length.
    Sized,
}

impl Param {
    /// In words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Text => "a text",
            Self::Pattern => "a regular expression",
            Self::Int => "a whole number",
            Self::Bool => "a truth value",
            Self::Number => "a number, or a text that reads as one",
            Self::List => "a list",
            Self::Map => "a map",
            Self::Samples => "what `query` gives",
            Self::Sample => "a sample, such as `query \"..\" | first`",
            Self::Time => "a time",
            Self::Sized => "a text, a list or a map",
        }
    }
}
