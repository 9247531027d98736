//! What a generator gives to a template.

use super::tree::Tree;

/// Where a parameter comes from, which decides what it may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum From {
    /// Written in the ApplicationSet.
    Element,
    /// The head of a cluster's Secret.
    Cluster,
    /// A path in a repository.
    Path,
    /// A file in a repository.
    File,
    /// A pull request.
    PullRequest,
    /// A repository that a provider lists.
    Repository,
}

/// A parameter.
#[derive(Clone, Debug)]
pub(super) struct Given<T> {
    /// Its name in the engine without Go; with Go what stands behind the first dot.
    pub(super) name: String,
    pub(super) from: From,
    /// What it is, where that is written, with the number of its element.
    pub(super) values: Vec<(usize, T)>,
    /// An element that has none.
    pub(super) lacks: Option<T>,
    /// Whether only some of the sets have it, where no element shows it.
    pub(super) is_sometimes: bool,
}

/// What tells the Applications of a generator apart.
#[derive(Clone, Debug)]
pub(super) enum Dimension<T> {
    /// The elements of a list.
    List(T, usize),
    /// Any of these parameters; what they count; where that is written.
    Any(Vec<String>, &'static str, T),
    /// Not known.
    Unknown,
}

/// What an entry of `generators` gives.
#[derive(Clone, Debug)]
pub(super) struct Parameters<T> {
    /// What it is called in messages: `clusters`.
    pub(super) kind: String,
    pub(super) node: T,
    pub(super) given: Vec<Given<T>>,
    /// Names below which anything may be; empty for all.
    pub(super) open: Vec<String>,
    pub(super) dimensions: Vec<Dimension<T>>,
}

impl<T: Tree> Parameters<T> {
    pub(super) fn new(kind: &str, node: &T) -> Self {
        Self {
            kind: kind.to_owned(),
            node: node.clone(),
            given: Vec::new(),
            open: Vec::new(),
            dimensions: Vec::new(),
        }
    }

    /// Adds parameters that every set has.
    pub(super) fn always(&mut self, from: From, names: &[&str]) {
        for name in names {
            self.add(Given {
                name: (*name).to_owned(),
                from,
                values: Vec::new(),
                lacks: None,
                is_sometimes: false,
            });
        }
    }

    pub(super) fn add(&mut self, given: Given<T>) {
        if self.given.iter().all(|it| it.name != given.name) {
            self.given.push(given);
        }
    }

    /// A parameter by its name.
    pub(super) fn find(&self, name: &str) -> Option<&Given<T>> {
        self.given.iter().find(|it| it.name == name)
    }

    /// Whether something of this name may be given that is not known.
    pub(super) fn may_have(&self, name: &str) -> bool {
        self.open.iter().any(|open| {
            open.is_empty()
                || name.strip_prefix(open.as_str()).is_some_and(|it| it.starts_with('.'))
        })
    }

    /// Whether a record of this name is given, of which this is a part: `path` with Go.
    pub(super) fn is_record(&self, name: &str) -> bool {
        let below = |it: &str| it.strip_prefix(name).is_some_and(|it| it.starts_with('.'));
        self.given.iter().any(|it| below(&it.name))
            || self.open.iter().any(|it| it == name || below(it))
    }

    /// Whether a field of a parameter whose inside is not known is meant: `.labels.x` of a list's element.
    pub(super) fn is_inside(&self, name: &str) -> bool {
        self.given.iter().any(|it| {
            let is_unknown = it.values.iter().any(|(_, value)| value.text().is_none());
            is_unknown && name.strip_prefix(&it.name).is_some_and(|it| it.starts_with('.'))
        })
    }
}
