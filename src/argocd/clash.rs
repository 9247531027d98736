//! Names that several Applications of one ApplicationSet would have.

use std::collections::BTreeMap;

use super::errors::names as errors;
use super::folder::same;
use super::generator::matches;
use super::parameters::{Dimension, Parameters};
use super::set::Use;
use super::tree::Tree;
use super::view::{Set, Whole, plain};
use crate::diag::Diagnostic;

pub(super) fn judge<T: Tree>(
    set: &Set<'_, T>,
    whole: &Whole<'_, T>,
    entries: &[Parameters<T>],
    uses: &[Use<T>],
    out: &mut Vec<Diagnostic>,
) {
    let Some(app) = &set.app else { return };
    let named = app.named();
    let read: Vec<&str> = uses
        .iter()
        .filter(|it| it.path == ["metadata", "name"])
        .map(|it| it.name.as_str())
        .collect();
    // A name with something in it that nothing gives is told of, and is no name yet.
    let is_given = |name: &&str| {
        let front = name.split_once('[').map_or(*name, |it| it.0);
        let has = |it: &Parameters<T>| {
            it.find(name).is_some()
                || it.may_have(name)
                || it.is_record(front)
                || it.open.contains(&format!("{front}[]"))
        };
        entries.iter().all(has)
    };
    if !read.iter().all(is_given) {
        return;
    }
    if proven(set, whole, &named, &read, out) {
        return;
    }
    for entry in entries {
        for dimension in &entry.dimensions {
            match dimension {
                Dimension::Unknown => {}
                Dimension::List(list, count) => {
                    if let Some((first, second)) = equal(entry, list, *count, &read) {
                        let at = named.span();
                        out.push(errors::same_elements(at, second.span(), first.span()));
                        return;
                    }
                }
                Dimension::Any(keys, what, at) => {
                    let tells = |name: &str| {
                        let front = name.split_once('[').map_or(name, |it| it.0);
                        keys.iter().any(|key| key == name || *key == format!("{front}[]"))
                    };
                    // What is not known may say which it is.
                    let is_known = |name: &&str| entry.find(name).is_some_and(is_head);
                    let is_open = read.iter().any(|it| !is_known(it) && entry.may_have(it));
                    let values = read.iter().any(|it| it.starts_with("values."));
                    let is_base = |it: &&str| it.contains("path.basename");
                    if !read.iter().any(|it| tells(it)) && read.iter().any(is_base) {
                        out.push(errors::same_base(named.span(), at.span()));
                        return;
                    }
                    if !read.iter().any(|it| tells(it)) && !is_open && !values {
                        out.push(errors::same_of(what, keys, set.is_go, named.span(), at.span()));
                        return;
                    }
                }
            }
        }
    }
}

/// Whether a parameter belongs to a generator, and not to what it lists.
fn is_head<T>(given: &super::parameters::Given<T>) -> bool {
    given.values.is_empty()
}

/// Two elements of a list that give the same name.
fn equal<T: Tree>(entry: &Parameters<T>, list: &T, count: usize, read: &[&str]) -> Option<(T, T)> {
    let elements = list.list("elements");
    let of_list = |name: &&&str| {
        entry.find(name).is_some_and(|it| !it.values.is_empty() && it.values.len() <= count)
    };
    let own: Vec<&&str> = read.iter().filter(of_list).collect();
    let mut known: Vec<(Vec<Option<String>>, usize)> = Vec::new();
    for number in 0..count {
        let value = |name: &&str| {
            let values = &entry.find(name)?.values;
            let own = values.iter().find(|it| it.0 == number)?;
            own.1.text().map(str::to_owned)
        };
        let tuple: Vec<Option<String>> = own.iter().map(|it| value(it)).collect();
        // A value that is no text may differ.
        if tuple.iter().any(Option::is_none) {
            return None;
        }
        if let Some((_, first)) = known.iter().find(|it| it.0 == tuple) {
            return Some((elements.get(*first)?.clone(), elements.get(number)?.clone()));
        }
        known.push((tuple, number));
    }
    None
}

/// Folders that are here, and whose last steps are the same where nothing else is in the name.
fn proven<T: Tree>(
    set: &Set<'_, T>,
    whole: &Whole<'_, T>,
    named: &T,
    read: &[&str],
    out: &mut Vec<Diagnostic>,
) -> bool {
    let is_base = |name: &&str| matches!(*name, "path.basename" | "path.basenameNormalized");
    if read.is_empty() || !read.iter().all(is_base) {
        return false;
    }
    for entry in set.spec.list("generators") {
        let Some(git) = entry.get("git") else { continue };
        if !git.word("repoURL").is_some_and(|it| whole.folder.is_own(&same(&it))) {
            continue;
        }
        let directories = git.list("directories");
        let of = |it: &&T| it.flag(&["exclude"]) == Some(true);
        let excluded: Vec<String> =
            directories.iter().filter(of).filter_map(|it| it.word("path")).collect();
        let mut known: BTreeMap<&str, (&str, T)> = BTreeMap::new();
        for directory in directories.iter().filter(|it| !of(it)) {
            let Some(pattern) = directory.get("path") else { continue };
            let text = plain(pattern.text().unwrap_or_default());
            for folder in whole.folder.folders().filter(|it| matches(&text, it)) {
                if excluded.iter().any(|it| matches(&plain(it), folder)) {
                    continue;
                }
                let base = folder.rsplit('/').next().unwrap_or(folder);
                match known.get(base) {
                    Some((other, first)) if *other != folder => {
                        let places = (named.span(), pattern.span(), first.span());
                        out.push(errors::same_folders(other, folder, base, places));
                        return true;
                    }
                    _ => {
                        known.insert(base, (folder, pattern.clone()));
                    }
                }
            }
        }
    }
    false
}
