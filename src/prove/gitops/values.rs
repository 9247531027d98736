//! Values of charts: something reads each of them, and none of them is a secret.

use crate::charts::{Chart, find};
use crate::eval::Origin;
use crate::model::Tree;
use crate::prove::errors::gitops as errors;
use crate::prove::{Facts, Place, Refutation};

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
            found.push(Refutation::at(places, move |spans: [_; 2]| {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                errors::unread_value(&known, &path, spans)
            }));
        }
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
