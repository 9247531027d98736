//! Names and namespaces of applications: whether Kubernetes takes them.

use super::super::errors::apps as errors;
use super::super::{Facts, Place, Refutation};
use super::known;
use super::parameters::is_faulty;
use crate::eval::Origin;
use crate::model::{
    Apps, Argument, LaterPart, LaterText, LaterTree, Letters, Model, Reading, ReadingStep,
    Resource, TextFunction,
};

/// How many characters a name and a namespace have at most.
pub(super) const MOST: u32 = 63;

/// Whether names and namespaces of applications are names.
pub(in crate::prove) fn names(facts: &Facts<'_>, found: &mut Vec<Refutation>) {
    let mut seen = Vec::new();
    for resource in &facts.model.apps {
        let is_first = !seen.contains(&resource.id);
        seen.push(resource.id);
        let apps = &resource.value;
        if is_faulty(facts.model, resource) {
            continue;
        }
        let prefixes: Vec<String> = if apps.is_one_set() {
            vec![String::new()]
        } else {
            resource.targets.iter().map(|target| format!("{}-", target.name)).collect()
        };
        let longest = prefixes.iter().max_by_key(|prefix| prefix.len());
        if is_first {
            letters(facts.model, resource, &apps.name, "name", found);
            letters(facts.model, resource, &apps.namespace, "namespace", found);
        }
        let prefix = longest.map_or("", String::as_str);
        if !known_names(facts.model, resource, &apps.name, ("name", prefix), found) {
            length(facts.model, resource, &apps.name, ("name", prefix), found);
        }
        if !known_names(facts.model, resource, &apps.namespace, ("namespace", ""), found) {
            length(facts.model, resource, &apps.namespace, ("namespace", ""), found);
        }
    }
}

/// Names that the program says itself. Whether one of them is wrong.
fn known_names(
    model: &Model<'_>,
    resource: &Resource<'_, Apps<'_>>,
    text: &LaterText<'_>,
    (what, prefix): (&'static str, &str),
    found: &mut Vec<Refutation>,
) -> bool {
    let apps = &resource.value;
    for pick in known::picks(model, apps) {
        let Some(own) = known::text(model, apps, text, &pick) else { continue };
        let name = format!("{prefix}{own}");
        let place = Place::new(resource.id, text.origin);
        if name.chars().count() > MOST as usize {
            let prefix = prefix.to_owned();
            found.push(Refutation::at([place], move |[at]| {
                errors::long_name(what, &name, &prefix, at)
            }));
            return true;
        }
        if !is_name(&name) {
            found.push(Refutation::at([place], move |[at]| errors::no_name(what, &name, at)));
            return true;
        }
    }
    false
}

fn is_name(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_end = |byte: Option<u8>| byte.is_some_and(|byte| is_inner(byte) && byte != b'-');
    name.bytes().all(is_inner) && is_end(name.bytes().next()) && is_end(name.bytes().last())
}

/// What cannot be short enough.
fn length(
    model: &Model<'_>,
    resource: &Resource<'_, Apps<'_>>,
    text: &LaterText<'_>,
    (what, prefix): (&'static str, &str),
    found: &mut Vec<Refutation>,
) {
    let (least, _) = model.lengths(&resource.value, text);
    let least = least.saturating_add(u32::try_from(prefix.len()).unwrap_or(u32::MAX));
    if least > MOST {
        let place = Place::new(resource.id, text.origin);
        found.push(Refutation::at([place], move |[at]| errors::never_short(what, least, at)));
    }
}

/// What the texts of a name hold.
fn letters(
    model: &Model<'_>,
    resource: &Resource<'_, Apps<'_>>,
    text: &LaterText<'_>,
    what: &'static str,
    found: &mut Vec<Refutation>,
) {
    let place = Place::new(resource.id, text.origin);
    for part in &text.parts {
        match part {
            LaterPart::Text(text) | LaterPart::Source(text) if !text.contains("{{") => {
                let wrong = text.chars().find(|letter| {
                    !(letter.is_ascii_lowercase() || letter.is_ascii_digit() || *letter == '-')
                });
                if let Some(letter) = wrong {
                    found.push(Refutation::at([place], move |[at]| {
                        errors::letter(what, letter, at)
                    }));
                    return;
                }
            }
            LaterPart::Text(_) | LaterPart::Source(_) => {}
            LaterPart::Read(reading) => {
                if let Some(free) = free(model, &resource.value, reading) {
                    let other = sister(&free);
                    found.push(Refutation::at([place], move |[at]| {
                        errors::free_text(what, &free, other.as_deref(), at)
                    }));
                    return;
                }
            }
        }
    }
}

/// A parameter that may hold anything, as the language writes it.
fn free(model: &Model<'_>, apps: &Apps<'_>, reading: &Reading<'_>) -> Option<String> {
    match reading {
        Reading::Parameter { generator, steps } => {
            let parameter = model.parameter(apps, *generator, steps)?;
            (parameter.letters == Letters::Free).then(|| written(generator.as_str(), steps))
        }
        Reading::Call(TextFunction::Slug, _) => None,
        Reading::Call(_, args) => args.iter().find_map(|argument| match argument {
            Argument::Text(text) => text.readings().find_map(|it| free(model, apps, it)),
            Argument::Number(_) => None,
        }),
        Reading::Otherwise(first, other) => {
            free(model, apps, first).or_else(|| match other.as_ref() {
                LaterTree::Read(other, _) => free(model, apps, other),
                LaterTree::Text(text) => text.readings().find_map(|it| free(model, apps, it)),
                _ => None,
            })
        }
    }
}

/// A parameter as the language writes it.
pub(super) fn written(generator: &str, steps: &[ReadingStep]) -> String {
    use std::fmt::Write;

    let mut out = generator.to_owned();
    for step in steps {
        // Writing to a text cannot fail.
        match step {
            ReadingStep::Name(name) => drop(write!(out, ".{name}")),
            ReadingStep::Item(number) => drop(write!(out, "[{number}]")),
        }
    }
    out
}

/// The parameter that says the same in letters of a name.
fn sister(written: &str) -> Option<String> {
    let (base, last) = written.rsplit_once('.')?;
    match last {
        "branch" | "target-branch" => Some(format!("{base}.{last}-slug")),
        _ => None,
    }
}

/// The origin of a name, for others that speak of it.
pub(super) const fn named(apps: &Apps<'_>) -> Origin {
    apps.name.origin
}
