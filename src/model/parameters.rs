//! What is known of the parameters of generators before any of them ran.

use super::apps::{Apps, ClusterChoice, Generator};
use super::later::{
    Argument, LaterPart, LaterText, LaterTree, Reading, ShapeField, ShapeKind, Step, TextFunction,
};
use super::{Cluster, Model, Resource, Tree};
use crate::source::Sym;

/// How many characters of a name `slug` keeps: what Argo CD's `slugify` keeps by itself.
pub const SLUG: u32 = 50;

/// What a parameter is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Whether it is a text; other values keep their type where data takes them.
    pub is_text: bool,
    /// Its values, where they are written in the program.
    pub values: Option<Vec<String>>,
    /// How few characters it has.
    pub shortest: u32,
    /// How many characters it has at most.
    pub longest: Option<u32>,
    /// What it holds.
    pub letters: Letters,
    /// Whether it may be missing.
    pub optional: bool,
}

/// What a text holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Letters {
    /// A label of a DNS name: small letters, digits, `-` inside.
    Label,
    /// What people call folders, files and labels: mostly fit for a name.
    Chosen,
    /// Anything that somebody may type: slashes, capital letters, blanks.
    Free,
}

impl Parameter {
    const fn text(letters: Letters, longest: Option<u32>) -> Self {
        Self { is_text: true, values: None, shortest: 1, longest, letters, optional: false }
    }

    const fn other() -> Self {
        Self {
            is_text: false,
            values: None,
            shortest: 1,
            longest: None,
            letters: Letters::Chosen,
            optional: false,
        }
    }

    fn of_values(values: Vec<(String, bool)>, optional: bool) -> Self {
        let length = |it: &(String, bool)| u32::try_from(it.0.chars().count()).unwrap_or(u32::MAX);
        Self {
            is_text: values.iter().all(|it| it.1),
            shortest: values.iter().map(length).min().unwrap_or(0),
            longest: values.iter().map(length).max(),
            letters: Letters::Chosen,
            optional,
            values: Some(values.into_iter().map(|it| it.0).collect()),
        }
    }
}

impl<'a> Model<'a> {
    /// The clusters of this program that a generator finds, by name.
    pub fn chosen(&self, choice: &ClusterChoice<'_>) -> Vec<&Resource<'a, Cluster<'a>>> {
        let found = self.clusters.iter().filter(|cluster| {
            let environment = choice.environment.as_ref();
            environment.is_none_or(|it| it.value.id == cluster.value.environment.value.id)
                && choice.labels.iter().all(|(key, wanted)| {
                    let labels = &cluster.value.labels;
                    labels.iter().any(|(it, value)| it == key && value.value == wanted.value)
                })
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|cluster| cluster.name.value.as_str());
        found
    }

    /// What a parameter is; none where its generator gives no such thing.
    pub fn parameter(&self, apps: &Apps<'_>, generator: Sym, steps: &[Step]) -> Option<Parameter> {
        let (_, from) = apps.from.iter().find(|(name, _)| *name == generator)?;
        let names: Vec<&str> = steps
            .iter()
            .map_while(|step| match step {
                Step::Name(name) => Some(name.as_str()),
                Step::Item(_) => None,
            })
            .collect();
        let has_item = names.len() < steps.len();
        match from {
            Generator::Elements(list) => {
                let found: Vec<Option<(String, bool)>> =
                    list.elements.iter().map(|element| printed(at(element, steps)?)).collect();
                let optional = found.iter().any(Option::is_none);
                let is_there = list.elements.iter().any(|element| at(element, steps).is_some());
                if !is_there {
                    return None;
                }
                if list.elements.iter().any(|it| at(it, steps).is_some_and(|it| is_many(it))) {
                    return Some(Parameter { optional, ..Parameter::other() });
                }
                Some(Parameter::of_values(found.into_iter().flatten().collect(), optional))
            }
            Generator::ClusterChoice(choice) => {
                let clusters = self.chosen(choice);
                let values: Vec<Option<String>> = match names.as_slice() {
                    ["name"] => {
                        let name = |it: &&Resource<'_, _>| it.name.value.to_string();
                        clusters.iter().map(|it| Some(name(it))).collect()
                    }
                    ["environment"] => clusters
                        .iter()
                        .map(|it| Some(it.value.environment.value.name.to_string()))
                        .collect(),
                    ["labels"] => return Some(Parameter::other()),
                    ["labels", key] => clusters
                        .iter()
                        .map(|cluster| {
                            let mut labels = cluster.value.labels.iter();
                            let found = labels.find(|(known, _)| known.as_str() == *key)?;
                            Some(found.1.value.to_owned())
                        })
                        .collect(),
                    _ => return None,
                };
                // Labels are asked for as what may be missing.
                let optional = values.iter().any(Option::is_none) || names.len() > 1;
                let values = values.into_iter().flatten().map(|value| (value, true)).collect();
                Some(Parameter::of_values(values, optional))
            }
            Generator::GitDirectories(_) => of_path(&names, has_item),
            Generator::GitFiles(files) => match names.first() {
                Some(&"path") => of_path(&names, has_item),
                _ => of_fields(&files.shape.fields, &names),
            },
            Generator::GitHubPullRequests(_) | Generator::GitLabMergeRequests(_) => {
                Some(match (names.as_slice(), has_item) {
                    (["number"], _) => Parameter::text(Letters::Label, Some(10)),
                    (["branch-slug" | "target-branch-slug"], _) => {
                        Parameter::text(Letters::Label, Some(SLUG))
                    }
                    (["head-sha"], _) => Parameter::text(Letters::Label, Some(40)),
                    (["head-short-sha"], _) => Parameter::text(Letters::Label, Some(8)),
                    (["head-short-sha-7"], _) => Parameter::text(Letters::Label, Some(7)),
                    (["labels"], false) => Parameter::other(),
                    ([_], _) => Parameter::text(Letters::Free, None),
                    _ => return None,
                })
            }
            Generator::GitHubRepositories(_) | Generator::GitLabProjects(_) => {
                Some(match names.as_slice() {
                    ["repository-id"] => Parameter::text(Letters::Label, Some(20)),
                    ["sha"] => Parameter::text(Letters::Label, Some(40)),
                    ["short-sha"] => Parameter::text(Letters::Label, Some(8)),
                    ["short-sha-7"] => Parameter::text(Letters::Label, Some(7)),
                    ["repository" | "organization" | "branch-normalized"] => {
                        Parameter::text(Letters::Chosen, None)
                    }
                    [_] => Parameter::text(Letters::Free, None),
                    _ => return None,
                })
            }
            Generator::Plugin(plugin) => of_fields(&plugin.shape.fields, &names),
        }
    }

    /// How many things a generator finds, where the program says so.
    pub fn count(&self, generator: &Generator<'_>) -> Option<usize> {
        match generator {
            Generator::Elements(list) => Some(list.elements.len()),
            Generator::ClusterChoice(choice) => Some(self.chosen(choice).len()),
            _ => None,
        }
    }

    /// A parameter of one of the things that a generator finds, where the program says it.
    pub fn value_of(
        &self,
        generator: &Generator<'_>,
        steps: &[Step],
        index: usize,
    ) -> Option<String> {
        match generator {
            Generator::Elements(list) => {
                printed(at(list.elements.get(index)?, steps)?).map(|it| it.0)
            }
            Generator::ClusterChoice(choice) => {
                let cluster = *self.chosen(choice).get(index)?;
                match steps {
                    [Step::Name(name)] if name.as_str() == "name" => {
                        Some(cluster.name.value.to_string())
                    }
                    [Step::Name(name)] if name.as_str() == "environment" => {
                        Some(cluster.value.environment.value.name.to_string())
                    }
                    [Step::Name(name), Step::Name(key)] if name.as_str() == "labels" => {
                        let mut labels = cluster.value.labels.iter();
                        Some(labels.find(|(known, _)| known == key)?.1.value.to_owned())
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// How many characters a text has at most, and at least.
    pub fn lengths(&self, apps: &Apps<'_>, text: &LaterText<'_>) -> (u32, Option<u32>) {
        let mut least = 0_u32;
        let mut most = Some(0_u32);
        for part in &text.parts {
            let (low, high) = match part {
                LaterPart::Text(text) => {
                    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                    (length, Some(length))
                }
                LaterPart::Source(text) if !text.contains("{{") => {
                    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                    (length, Some(length))
                }
                LaterPart::Source(_) => (0, None),
                LaterPart::Read(reading) => self.reading_lengths(apps, reading),
            };
            least = least.saturating_add(low);
            most = most.zip(high).map(|(a, b)| a.saturating_add(b));
        }
        (least, most)
    }

    fn reading_lengths(&self, apps: &Apps<'_>, reading: &Reading<'_>) -> (u32, Option<u32>) {
        match reading {
            Reading::Parameter { generator, steps } => self
                .parameter(apps, *generator, steps)
                .map_or((0, None), |found| (found.shortest, found.longest)),
            Reading::Call(function, args) => {
                let inner = match args.first() {
                    Some(Argument::Text(text)) => self.lengths(apps, text),
                    _ => (0, None),
                };
                match (function, args.get(1)) {
                    (TextFunction::Slug, _) => {
                        (inner.0.min(1), Some(inner.1.unwrap_or(SLUG).min(SLUG)))
                    }
                    (TextFunction::Truncate, Some(Argument::Number(most))) => {
                        let most = u32::try_from(*most).unwrap_or(0);
                        (inner.0.min(most), Some(inner.1.unwrap_or(most).min(most)))
                    }
                    (TextFunction::Lower | TextFunction::Upper, _) => inner,
                    (TextFunction::TrimPrefix | TextFunction::TrimSuffix, _) => (0, inner.1),
                    _ => (0, None),
                }
            }
            Reading::Otherwise(first, other) => {
                let first = self.reading_lengths(apps, first);
                let other = match other.as_ref() {
                    LaterTree::Text(text) => self.lengths(apps, text),
                    LaterTree::Read(reading, _) => self.reading_lengths(apps, reading),
                    _ => (0, None),
                };
                (first.0.min(other.0), first.1.zip(other.1).map(|(a, b)| a.max(b)))
            }
        }
    }

    /// Whether a later value is a text.
    pub fn is_text(&self, apps: &Apps<'_>, reading: &Reading<'_>) -> bool {
        match reading {
            Reading::Parameter { generator, steps } => {
                self.parameter(apps, *generator, steps).is_some_and(|parameter| parameter.is_text)
            }
            Reading::Call(..) => true,
            Reading::Otherwise(first, other) => {
                let other = match other.as_ref() {
                    LaterTree::Text(_) => true,
                    LaterTree::Read(reading, _) => self.is_text(apps, reading),
                    _ => false,
                };
                other && self.is_text(apps, first)
            }
        }
    }
}

/// What an element holds where steps lead to.
fn at<'t, 'a>(tree: &'t Tree<'a>, steps: &[Step]) -> Option<&'t Tree<'a>> {
    let Some((first, rest)) = steps.split_first() else { return Some(tree) };
    let inner = match (tree, first) {
        (Tree::Map(entries), Step::Name(name)) => {
            &entries.iter().find(|(known, _)| known == name)?.1
        }
        (Tree::List(items), Step::Item(number)) => items.get(usize::try_from(*number).ok()?)?,
        _ => return None,
    };
    at(inner, rest)
}

const fn is_many(tree: &Tree<'_>) -> bool {
    matches!(tree, Tree::Map(_) | Tree::List(_))
}

/// A scalar as Go prints it, and whether it is a text.
fn printed(tree: &Tree<'_>) -> Option<(String, bool)> {
    match tree {
        Tree::Bool(value) => Some((value.value.to_string(), false)),
        Tree::Int(value) => Some((value.value.to_string(), false)),
        Tree::Float(value, _) => Some((value.to_string(), false)),
        Tree::Text(value) => Some((value.value.to_owned(), true)),
        Tree::List(_) | Tree::Map(_) => None,
    }
}

fn of_path(names: &[&str], has_item: bool) -> Option<Parameter> {
    Some(match (names, has_item) {
        (["path"], _) => Parameter::text(Letters::Free, None),
        (["path", "segments"], false) => Parameter::other(),
        (["path", "basename-normalized" | "filename-normalized"], _) => {
            Parameter::text(Letters::Chosen, Some(253))
        }
        (["path", _], _) => Parameter::text(Letters::Chosen, None),
        _ => return None,
    })
}

fn of_fields(fields: &[ShapeField], names: &[&str]) -> Option<Parameter> {
    let (first, rest) = names.split_first()?;
    let field = fields.iter().find(|field| field.name.as_str() == *first)?;
    let found = match (&field.is, rest) {
        (ShapeKind::Record(fields), [_, ..]) => of_fields(fields, rest)?,
        (ShapeKind::Range, ["low" | "high"]) => Parameter::text(Letters::Chosen, None),
        (ShapeKind::Any, _) => Parameter::other(),
        (ShapeKind::Text(longest), []) => Parameter::text(Letters::Chosen, *longest),
        (ShapeKind::Name(longest), []) => Parameter::text(Letters::Label, Some(*longest)),
        (ShapeKind::Int, []) => Parameter { longest: Some(20), ..Parameter::other() },
        (ShapeKind::Bool, []) => Parameter { longest: Some(5), ..Parameter::other() },
        (ShapeKind::Float | ShapeKind::List | ShapeKind::Range | ShapeKind::Record(_), []) => {
            Parameter::other()
        }
        _ => return None,
    };
    Some(Parameter { optional: found.optional || field.optional, ..found })
}
