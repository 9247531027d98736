//! Parts of objects, as programs write them.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks for one shape; the type of the object refuses others"
)]

use crate::eval::Origin;
use crate::model::Tree;
use crate::source::Sym;

/// The fields of a record or map.
pub(super) type Fields<'t, 'a> = &'t [(Sym, Tree<'a>)];

/// A field that is set.
pub(super) fn field<'t, 'a>(fields: Fields<'t, 'a>, name: &str) -> Option<&'t Tree<'a>> {
    fields.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
}

/// The record in a field; an empty one where it is not set.
pub(super) fn record<'t, 'a>(fields: Fields<'t, 'a>, name: &str) -> Fields<'t, 'a> {
    match field(fields, name) {
        Some(Tree::Map(entries)) => entries,
        _ => &[],
    }
}

/// The record at the end of a path of fields.
pub(super) fn at<'t, 'a>(fields: Fields<'t, 'a>, path: &[&str]) -> Fields<'t, 'a> {
    path.iter().fold(fields, |fields, name| record(fields, name))
}

/// The records of a list, which may be written as blocks.
pub(super) fn records<'t, 'a>(
    fields: Fields<'t, 'a>,
    name: &str,
) -> impl Iterator<Item = Fields<'t, 'a>> {
    let items: Vec<&Tree<'a>> = match field(fields, name) {
        Some(Tree::List(items)) => items.iter().collect(),
        Some(Tree::Map(entries)) => entries.iter().map(|(_, item)| item).collect(),
        _ => Vec::new(),
    };
    items.into_iter().filter_map(|item| match item {
        Tree::Map(entries) => Some(entries.as_slice()),
        _ => None,
    })
}

/// A text.
pub(super) fn text<'a>(fields: Fields<'_, 'a>, name: &str) -> Option<&'a str> {
    match field(fields, name) {
        Some(Tree::Text(text)) => Some(text.value),
        _ => None,
    }
}

/// Where a scalar is written.
pub(super) fn origin(fields: Fields<'_, '_>, name: &str) -> Origin {
    match field(fields, name) {
        Some(Tree::Text(it)) => it.origin,
        Some(Tree::Int(it)) => it.origin,
        Some(Tree::Bool(it)) => it.origin,
        Some(Tree::Float(_, origin)) => *origin,
        _ => Origin::NONE,
    }
}

/// A whole number that is not negative.
pub(super) fn number(fields: Fields<'_, '_>, name: &str) -> Option<u128> {
    match field(fields, name) {
        Some(Tree::Int(number)) => u128::try_from(number.value).ok(),
        _ => None,
    }
}

/// The texts of a list.
pub(super) fn texts<'a>(fields: Fields<'_, 'a>, name: &str) -> Vec<&'a str> {
    match field(fields, name) {
        Some(Tree::List(items)) => items
            .iter()
            .filter_map(|item| match item {
                Tree::Text(text) => Some(text.value),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a field is set to something that is not empty.
pub(super) fn is_set(fields: Fields<'_, '_>, name: &str) -> bool {
    match field(fields, name) {
        None => false,
        Some(Tree::Map(entries)) => !entries.is_empty(),
        Some(Tree::List(items)) => !items.is_empty(),
        Some(_) => true,
    }
}
