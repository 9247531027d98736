//! Values of charts: something reads each of them, and none of them is a secret.

use crate::argocd::holds_secret;
use crate::charts::{Chart, find};
use crate::eval::Origin;
use crate::model::{Of, Tree};
use crate::prove::errors::gitops as errors;
use crate::prove::errors::workload::Leak;
use crate::prove::workload::{hidden, of_text};
use crate::prove::{Facts, Place, Refutation, WrittenBy};
use crate::source::Sym;

/// The chart reads every value, where it is known what it reads.
pub(in crate::prove) fn read(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for addon in &facts.model.addons {
        let Some(chart) = addon.value.chart else { continue };
        let known = find(chart.repo.value, chart.name.value, chart.version.value);
        let Some(known) = known.filter(Chart::is_sure) else { continue };
        let mut path: Vec<&str> = Vec::new();
        let mut wrong = Vec::new();
        walk(&known, &addon.value.values, &mut path, &mut wrong);
        for (path, origin) in wrong {
            let places = [Place::new(addon.id, origin), Place::new(addon.id, chart.version.origin)];
            let version = chart.version.value.to_owned();
            found.push(Refutation::written(places, move |written| {
                let [at, of] = written else { return None };
                // What the library says is seen nowhere, so it is told in words.
                let label = match of.by {
                    WrittenBy::Library => format!("it has version `{version}` from its preset"),
                    WrittenBy::Program | WrittenBy::Nobody => "in this version".to_owned(),
                };
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                errors::unread_value(&known, &path, at.at, (of.at, label))
            }));
        }
    }
}

/// No value is a secret: values stand in the repository, and in the Application for everybody who may read it.
pub(in crate::prove) fn plain(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    for addon in &facts.model.addons {
        let mut texts = Vec::new();
        scalars(&addon.value.values, "", &mut texts);
        for (field, text) in texts {
            let named = holds_secret(&field, text.value)
                .then(|| Leak::Variable(Sym::new(field.rsplit('.').next().unwrap_or(&field))));
            if let Some(leak) = named.or_else(|| of_text(text.value)) {
                let places = [Place::new(addon.id, text.origin)];
                let hides = hidden(&leak, text.value);
                found.push(Refutation::at(places, move |[at]: [_; 1]| {
                    errors::plain_value(&leak, &hides, at)
                }));
            }
        }
    }
}

/// Every text of some values, with the path of its field.
fn scalars<'a>(tree: &Tree<'a>, path: &str, out: &mut Vec<(String, Of<&'a str>)>) {
    match tree {
        Tree::Text(text) => out.push((path.to_owned(), *text)),
        Tree::List(items) => items.iter().for_each(|item| scalars(item, path, out)),
        Tree::Map(entries) => {
            // `{ name = "TOKEN", value = ".." }` of an environment.
            let text = |wanted: &str| {
                let found = entries.iter().find(|(key, _)| key.as_str() == wanted);
                match found {
                    Some((_, Tree::Text(text))) => Some(*text),
                    _ => None,
                }
            };
            if let (Some(name), Some(value), 2) = (text("name"), text("value"), entries.len()) {
                out.push((name.value.to_owned(), value));
                return;
            }
            for (key, value) in entries {
                let field = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                scalars(value, &field, out);
            }
        }
        Tree::Bool(_) | Tree::Int(_) | Tree::Float(..) => {}
    }
}

type Wrongs = Vec<(Vec<String>, Origin)>;

/// Every key that nothing reads; what stands below one is the same mistake.
fn walk<'t>(chart: &Chart, tree: &'t Tree<'_>, path: &mut Vec<&'t str>, wrong: &mut Wrongs) {
    let Tree::Map(entries) = tree else { return };
    for (key, value) in entries {
        path.push(key.as_str());
        if chart.wrong(path).is_some() {
            let path = path.iter().map(|step| (*step).to_owned()).collect();
            wrong.push((path, first(value)));
        } else {
            walk(chart, value, path, wrong);
        }
        path.pop();
    }
}

/// Where the first scalar of a value is written.
fn first(tree: &Tree<'_>) -> Origin {
    match tree {
        Tree::Bool(it) => it.origin,
        Tree::Int(it) => it.origin,
        Tree::Float(_, origin) => *origin,
        Tree::Text(it) => it.origin,
        Tree::List(items) => items.first().map_or(Origin::NONE, first),
        Tree::Map(entries) => entries.first().map_or(Origin::NONE, |(_, value)| first(value)),
    }
}
