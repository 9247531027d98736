//! Which labels a selector selects.

use std::collections::BTreeMap;

/// Labels of an object.
pub type Labels = BTreeMap<String, String>;

/// A label selector: all of its requirements hold. Without any it selects everything.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Selector(pub Vec<Requirement>);

/// What one label must be.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Requirement {
    /// The label's key.
    pub key: String,
    /// What its value must be.
    pub test: Test,
}

/// What the value of a label must be.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Test {
    /// One of these.
    In(Vec<String>),
    /// None of these; an object without the label will do, too.
    NotIn(Vec<String>),
    /// Anything, as long as the label is there.
    Exists,
    /// The label is not there.
    Absent,
}

impl Selector {
    /// Selects what has these labels.
    pub fn labels<'t>(labels: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        let one = |(key, value): (&str, &str)| Requirement {
            key: key.to_owned(),
            test: Test::In(vec![value.to_owned()]),
        };
        Self(labels.into_iter().map(one).collect())
    }

    /// Whether an object with these labels is selected.
    pub fn selects(&self, labels: &Labels) -> bool {
        self.0.iter().all(|it| it.holds(labels))
    }

    /// The requirements that these labels do not meet.
    pub fn unmet<'s>(&'s self, labels: &'s Labels) -> impl Iterator<Item = &'s Requirement> {
        self.0.iter().filter(|it| !it.holds(labels))
    }
}

impl Requirement {
    /// Whether labels meet it.
    pub fn holds(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        match &self.test {
            Test::In(values) => value.is_some_and(|it| values.contains(it)),
            Test::NotIn(values) => value.is_none_or(|it| !values.contains(it)),
            Test::Exists => value.is_some(),
            Test::Absent => value.is_none(),
        }
    }
}
