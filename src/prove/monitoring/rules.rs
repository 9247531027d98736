//! The rules of every cluster, judged with what is collected there.
//!
//! Clusters that see the same rules and collect the same are judged once, and what is wrong is told once, with the clusters where it is.

use rustc_hash::FxHashMap;

use super::scene::scene;
use super::scrape::unscraped;
use super::sources::{Source, sources};
use crate::diag::{Code, Diagnostic, Level};
use crate::metrics::{self, Group, Part, Problem, Scene};
use crate::model::{Model, Ref, ResourceId};
use crate::prove::{Facts, Place, Refutation, Written, WrittenBy};
use crate::source::{Extent, Sym};

/// No rule is wrong on any cluster that reads it.
pub(in crate::prove) fn rules(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let sources = sources(facts.model);
    let mut judged: Vec<Judged> = Vec::new();
    let mut known: FxHashMap<Key, usize> = FxHashMap::default();
    for world in worlds(facts.model, &sources) {
        let here = world.sources.iter().filter_map(|&number| sources.get(number));
        let groups: Vec<Group> = here.map(|source| source.group.clone()).collect();
        let mut problems = metrics::judge(&groups, &world.scene);
        if let Some(cluster) = world.clusters.first() {
            problems.extend(unscraped(&groups, &world.scene, cluster.as_str()));
        }
        for problem in problems {
            let number = world.sources.get(problem.primary.0.group).copied();
            let Some(source) = number.and_then(|number| sources.get(number)) else { continue };
            // What a promise's rules have of their own is not for its author to mend.
            if source.is_made(&problem.primary.0) {
                continue;
            }
            let key = key(source, &problem);
            if let Some(judged) = known.get(&key).and_then(|&index| judged.get_mut(index)) {
                judged.clusters.extend(&world.clusters);
                // What is sure on one cluster is more than what may be on another.
                if problem.level == Level::Error && judged.problem.level != Level::Error {
                    judged.problem = problem;
                    judged.sources.clone_from(&world.sources);
                }
                continue;
            }
            known.insert(key, judged.len());
            judged.push(Judged {
                problem,
                sources: world.sources.clone(),
                resource: source.resource,
                clusters: world.clusters.clone(),
            });
        }
    }
    found.extend(judged.into_iter().filter_map(|judged| judged.refutation(&sources)));
}

/// What makes two findings one: the resource, the rule, the place, and the words.
type Key = (ResourceId, String, Part, Option<Extent>, Code, String, String);

fn key(source: &Source, problem: &Problem) -> Key {
    let (place, label) = &problem.primary;
    let (rule, at) = source.spot(place);
    (source.resource, rule, place.part, at, problem.code, problem.title.clone(), label.clone())
}

/// Clusters that read the same rules and collect the same.
struct World {
    /// Numbers of sources.
    sources: Vec<usize>,
    scene: Scene,
    clusters: Vec<Sym>,
}

fn worlds(model: &Model<'_>, sources: &[Source]) -> Vec<World> {
    let mut clusters: Vec<Ref> = Vec::new();
    let mut on: FxHashMap<ResourceId, Vec<usize>> = FxHashMap::default();
    for (number, source) in sources.iter().enumerate() {
        for cluster in &source.targets {
            let here = on.entry(cluster.id).or_default();
            if here.is_empty() {
                clusters.push(*cluster);
            }
            here.push(number);
        }
    }
    let mut worlds: Vec<World> = Vec::new();
    for cluster in clusters {
        let Some(numbers) = on.remove(&cluster.id) else { continue };
        let scene = scene(model, cluster);
        match worlds.iter_mut().find(|world| world.sources == numbers && world.scene == scene) {
            Some(world) => world.clusters.push(cluster.name),
            None => worlds.push(World { sources: numbers, scene, clusters: vec![cluster.name] }),
        }
    }
    // What stands nowhere yet is judged by its text alone.
    let nowhere: Vec<usize> = sources
        .iter()
        .enumerate()
        .filter(|(_, source)| source.targets.is_empty())
        .map(|(number, _)| number)
        .collect();
    if !nowhere.is_empty() {
        worlds.push(World { sources: nowhere, scene: Scene::default(), clusters: Vec::new() });
    }
    worlds
}

/// A problem, and where it is.
struct Judged {
    problem: Problem,
    /// The sources that groups of the problem's places are numbers of.
    sources: Vec<usize>,
    resource: ResourceId,
    clusters: Vec<Sym>,
}

/// A place of a rule in the program, and the words that stand there.
struct Spot {
    place: metrics::Place,
    /// The words, shortened.
    words: String,
    /// `NodeDown` of `node-alerts`.
    rule: String,
    /// The preset that its resource is based on.
    base: Option<Sym>,
    /// Whether it stands in a block of alerts.
    is_block: bool,
}

impl Judged {
    fn refutation(self, sources: &[Source]) -> Option<Refutation> {
        let source_of = |place: &metrics::Place| {
            self.sources.get(place.group).and_then(|&number| sources.get(number))
        };
        let mut spots: Vec<Spot> = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        let of_problem = std::iter::once(&self.problem.primary.0)
            .chain(self.problem.because.iter().map(|(place, _)| place))
            .chain(self.problem.fix.iter().map(|(_, place, ..)| place));
        for place in of_problem {
            let source = source_of(place)?;
            // Where nobody wrote the part itself, the rule's query stands for it.
            places.push(source.place(place));
            places.push(source.query(place.rule));
            spots.push(Spot {
                place: *place,
                words: source.words(place),
                rule: source.group.rules.get(place.rule).map_or("", |rule| &rule.name).to_owned(),
                base: source.base,
                is_block: source.is_block,
            });
        }
        let all: usize = sources
            .iter()
            .filter(|source| source.resource == self.resource)
            .map(|source| source.targets.len())
            .sum();
        let note = on_some(&self.clusters, all);
        let problem = self.problem;
        Some(Refutation::written(places, move |written| told(problem, &spots, written, note)))
    }
}

/// Where a place is written: itself, or else the query of its rule.
fn chosen(written: &[Written], index: usize) -> Option<Written> {
    let (own, query) = (written.get(2 * index)?, written.get(2 * index + 1)?);
    Some(if own.by == WrittenBy::Nobody { Written { exact: None, ..*query } } else { *own })
}

fn told(
    mut problem: Problem,
    spots: &[Spot],
    written: &[Written],
    note: Option<String>,
) -> Option<Diagnostic> {
    let primary = chosen(written, 0)?;
    let find = |place: &metrics::Place| {
        let index = spots.iter().position(|spot| spot.place == *place)?;
        Some((chosen(written, index)?, spots.get(index)?))
    };
    if let Some((_, place, text, _)) = &mut problem.fix
        && let Some((Written { exact: Some(form), .. }, _)) = find(place)
    {
        *text = form.written(text);
    }
    let mut helps = Vec::new();
    let spot = spots.first()?;
    if primary.by == WrittenBy::Library {
        let preset = spot.base.map_or(String::new(), |base| format!(" of the preset `{base}`"));
        helps.push(format!("it is `{}`{preset}: `{}`", spot.rule, spot.words));
    }
    // Where `up` is all of the query.
    if problem.code == metrics::TARGET_VANISHES && spot.is_block && problem.fix.is_some() {
        helps.push("let the alert fire then, too: `or-absent = true` in it".to_owned());
    }
    // Other places that nobody sees are told in words.
    let (seen, hidden): (Vec<_>, Vec<_>) = std::mem::take(&mut problem.because)
        .into_iter()
        .partition(|(place, _)| find(place).is_some_and(|(at, _)| at.by == WrittenBy::Program));
    for (place, why) in hidden {
        if let Some((_, spot)) = find(&place) {
            helps.push(format!("`{}`: {why}", spot.words));
        }
    }
    // What is written once may stand in the query twice.
    problem.because = seen;
    problem.because.retain(|(place, _)| find(place).is_none_or(|(it, _)| it.at != primary.at));
    let mut found = problem.diagnostic(&mut |place| {
        find(place).map(|(written, _)| (written.at, written.exact.is_some()))
    })?;
    for help in helps.into_iter().chain(note) {
        found = found.help(help);
    }
    Some(found)
}

/// On which clusters something holds, where that is not all of them.
fn on_some(clusters: &[Sym], all: usize) -> Option<String> {
    if clusters.is_empty() || clusters.len() >= all {
        return None;
    }
    let mut names: Vec<&str> = clusters.iter().map(|cluster| cluster.as_str()).collect();
    names.sort_unstable();
    let shown: Vec<String> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
    let list = match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) if names.len() == shown.len() => {
            format!("{} and {last}", rest.join(", "))
        }
        _ => format!("{} and {} more", shown.join(", "), names.len() - shown.len()),
    };
    Some(format!("on {list} ({} of {all} clusters)", names.len()))
}

#[cfg(test)]
mod tests {
    use super::on_some;
    use crate::source::Sym;

    #[test]
    fn clusters_are_named_where_it_is_not_all_of_them() {
        let check = |names: &[&str], all, expected: Option<&str>| {
            let names: Vec<Sym> = names.iter().map(|name| Sym::new(name)).collect();
            assert_eq!(on_some(&names, all).as_deref(), expected);
        };
        check(&["b", "a"], 2, None);
        check(&[], 0, None);
        check(&["sandbox"], 3, Some("on `sandbox` (1 of 3 clusters)"));
        check(&["sandbox", "eu-1"], 3, Some("on `eu-1` and `sandbox` (2 of 3 clusters)"));
        let many = ["a", "b", "c", "d", "e", "f", "g"];
        check(&many, 9, Some("on `a`, `b`, `c`, `d`, `e` and 2 more (7 of 9 clusters)"));
    }
}
