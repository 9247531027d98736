//! Rules as they are judged: final texts.

/// Rules that are evaluated one after the other.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Seconds from one evaluation to the next.
    pub interval: Option<f64>,
    /// Its rules, in order.
    pub rules: Vec<Rule>,
}

/// An alert or a recording rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// The alert's name, or that of the recorded series.
    pub name: String,
    /// What it is.
    pub kind: RuleKind,
    /// The query.
    pub expr: String,
    /// Labels that are added; those of an alert may be Go templates.
    pub labels: Vec<(String, String)>,
    /// What is told: Go templates. A recording rule has none.
    pub annotations: Vec<(String, String)>,
}

/// What a rule is.
#[derive(Clone, PartialEq, Debug)]
pub enum RuleKind {
    /// Fires for every series that the query yields.
    Alert {
        /// Seconds that the query must yield a series.
        pending: f64,
        /// Seconds that the alert keeps firing afterwards.
        keep_firing: f64,
    },
    /// Keeps the result as a series.
    Record,
}
