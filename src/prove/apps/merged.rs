//! The keys by which one generator is laid over another.

use super::super::errors::apps as errors;
use super::super::{Facts, Place, Refutation};
use crate::model::{Apps, Generator, Model, Of, ReadingStep, Resource};
use crate::source::Sym;

/// Both generators of a merge give every key, as a scalar, and no two of what one finds have the same.
pub(in crate::prove) fn keys(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let model = facts.model;
    let mut seen = Vec::new();
    for resource in &model.apps {
        if seen.contains(&resource.id) || !resource.value.is_merge() {
            continue;
        }
        seen.push(resource.id);
        for key in &resource.value.merge {
            for (name, _) in &resource.value.from {
                found.extend(given(model, resource, *key, *name));
            }
        }
        for (name, from) in &resource.value.from {
            found.extend(told_apart(model, resource, *name, from));
        }
    }
}

fn step(key: &str) -> [ReadingStep; 1] {
    [ReadingStep::Name(Sym::new(key))]
}

/// A generator gives a key always, and as a scalar.
fn given(
    model: &Model<'_>,
    resource: &Resource<'_, Apps<'_>>,
    key: Of<&str>,
    generator: Sym,
) -> Option<Refutation> {
    let parameter = model.parameter(&resource.value, generator, &step(key.value));
    let wrong = match parameter {
        None => errors::Unfit::Missing,
        Some(parameter) if parameter.optional => errors::Unfit::Sometimes,
        Some(_) => return None,
    };
    let key_name = key.value.to_owned();
    let place = Place::new(resource.id, key.origin);
    Some(Refutation::at([place], move |[at]: [_; 1]| {
        errors::merge_key(&key_name, generator, wrong, at)
    }))
}

/// What a generator finds differs in its keys: Argo CD refuses the set otherwise.
fn told_apart(
    model: &Model<'_>,
    resource: &Resource<'_, Apps<'_>>,
    generator: Sym,
    from: &Generator<'_>,
) -> Option<Refutation> {
    let count = model.count(from)?;
    let merge = &resource.value.merge;
    let of = |index: usize| -> Option<Vec<String>> {
        merge.iter().map(|key| model.value_of(from, &step(key.value), index)).collect()
    };
    let mut known: rustc_hash::FxHashMap<Vec<String>, usize> = rustc_hash::FxHashMap::default();
    for index in 0..count {
        let key = of(index)?;
        let shown = key.join(", ");
        if known.insert(key, index).is_some() {
            let origin = merge.first()?.origin;
            let place = Place::new(resource.id, origin);
            return Some(Refutation::at([place], move |[at]: [_; 1]| {
                errors::merge_key(&shown, generator, errors::Unfit::Twice, at)
            }));
        }
    }
    None
}
