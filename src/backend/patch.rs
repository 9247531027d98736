//! Patches: parts of objects that a program writes over what a backend made.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::objects::{keyed, node};
use super::{Document, Job, Manifest, Node, capi, lower::unpatched};
use crate::eval::Origin;
use crate::kubernetes::{Catalog, FieldType, ObjectType, Shape};
use crate::model::{Model, Ref, Tree};
use crate::source::Sym;

/// Paths that no patch may write: who an object is, and whom it selects, is what other objects and proofs rely on.
const FINAL: &[&str] = &["spec.selector"];

/// Why a patch cannot be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Misfit {
    /// The resource makes no such object; these are the ones that it makes.
    NoObject(Vec<String>),
    /// It makes several of that type, and the patch names none.
    Several(Vec<String>),
    /// The path is final.
    Final(String),
}

/// A patch that cannot be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatchProblem {
    /// `namespace.shop`.
    pub address: String,
    /// Type and name as written: `k8s.core.v1.ResourceQuota shop`.
    pub object: String,
    /// Something that the patch writes.
    pub origin: Origin,
    /// What is wrong.
    pub misfit: Misfit,
}

type Parts<'a> = &'a [(Sym, Tree<'a>)];

/// The patches of every resource, by its address: where they hold, and what they write.
fn patches<'a>(model: &'a Model<'a>) -> FxHashMap<String, Vec<(&'a [Ref], Parts<'a>)>> {
    let mut out: FxHashMap<String, Vec<(&[Ref], Parts<'_>)>> = FxHashMap::default();
    for (address, targets, parts) in model.patches() {
        out.entry(address).or_default().push((targets, parts));
    }
    out
}

/// Jobs that amend what they make.
pub(super) fn amended<'a>(model: &'a Model<'a>, jobs: Vec<Job<'a>>) -> Vec<Job<'a>> {
    let patches = Arc::new(patches(model));
    if patches.is_empty() {
        return jobs;
    }
    let wrap = |job: Job<'a>| {
        let patches = Arc::clone(&patches);
        Box::new(move || {
            let mut output = job();
            let parts = parts_of(&patches, &output.document, &output.clusters);
            apply(&model.catalog, &mut output.document, parts, &mut Vec::new());
            if !parts.is_empty() {
                capi::rename(&mut output.document.manifests);
            }
            output
        }) as Job<'a>
    };
    jobs.into_iter().map(wrap).collect()
}

fn parts_of<'a>(
    patches: &FxHashMap<String, Vec<(&'a [Ref], Parts<'a>)>>,
    document: &Document<'_>,
    clusters: &[Ref],
) -> Parts<'a> {
    let Some(known) = patches.get(document.address.as_ref()) else { return &[] };
    let here = |targets: &&(&[Ref], Parts<'_>)| {
        targets.0.is_empty() || clusters.iter().any(|cluster| targets.0.contains(cluster))
    };
    known.iter().find(here).map_or(&[], |(_, parts)| *parts)
}

/// Every patch that cannot be applied. A resource may make several files: its patch has to fit into one of them.
pub fn patch_problems(model: &Model<'_>) -> Vec<PatchProblem> {
    let patches = patches(model);
    if patches.is_empty() {
        return Vec::new();
    }
    let mut documents: FxHashMap<(String, Vec<Ref>), Document<'_>> = FxHashMap::default();
    let mut order = Vec::new();
    for output in unpatched(model).iter().map(|job| job()) {
        let address = output.document.address.to_string();
        if !patches.contains_key(&address) {
            continue;
        }
        let key = (address, output.clusters.clone());
        match documents.get_mut(&key) {
            Some(known) => known.manifests.extend(output.document.manifests),
            None => {
                order.push(key.clone());
                documents.insert(key, output.document);
            }
        }
    }
    let mut found = Vec::new();
    for key in order {
        let Some(document) = documents.get_mut(&key) else { continue };
        let parts = parts_of(&patches, document, &key.1);
        apply(&model.catalog, document, parts, &mut found);
    }
    found.dedup();
    found
}

fn text_of<'n>(node: &'n Node<'_>, path: &[&str]) -> Option<&'n str> {
    let (first, rest) = path.split_first()?;
    let Node::Map(entries) = node else { return None };
    let (_, value) = entries.iter().find(|(key, _)| key == first)?;
    match (value, rest) {
        (Node::Text(text, _), []) => Some(text),
        (value, rest) => text_of(value, rest),
    }
}

/// `k8s.core.v1.ResourceQuota "shop"`.
fn shown(catalog: &Catalog, manifest: &Manifest<'_>) -> String {
    let read = |path: &[&str]| text_of(&manifest.root, path).unwrap_or("");
    let (version, kind, name) =
        (read(&["apiVersion"]), read(&["kind"]), read(&["metadata", "name"]));
    let path = catalog
        .by_kind(version, kind)
        .map_or_else(|| format!("{version} {kind}"), ObjectType::path);
    format!("`{path} \"{}\"`", capi::called(version, kind, name))
}

fn apply<'a>(
    catalog: &'a Catalog,
    document: &mut Document<'a>,
    parts: Parts<'a>,
    found: &mut Vec<PatchProblem>,
) {
    for (object, part) in parts {
        let (path, name) = object.as_str().split_once(' ').unwrap_or((object.as_str(), ""));
        let Some(ty) = catalog.by_path(path) else { continue };
        let version = ty.api_version();
        let fits = |manifest: &Manifest<'_>| {
            text_of(&manifest.root, &["apiVersion"]) == Some(version.as_str())
                && text_of(&manifest.root, &["kind"]) == Some(ty.kind.as_str())
                && (name.is_empty()
                    || text_of(&manifest.root, &["metadata", "name"])
                        .is_some_and(|own| capi::is_called(&version, &ty.kind, own, name)))
        };
        let mut tell = |misfit: Misfit| {
            found.push(PatchProblem {
                address: document.address.to_string(),
                object: object.as_str().to_owned(),
                origin: origin_of(part),
                misfit,
            });
        };
        let places: Vec<usize> =
            (0..).zip(&document.manifests).filter(|(_, it)| fits(it)).map(|it| it.0).collect();
        match places.as_slice() {
            [place] => {
                let before = found.len();
                if let Some(path) = final_path(part, &mut Vec::new()) {
                    found.push(PatchProblem {
                        address: document.address.to_string(),
                        object: object.as_str().to_owned(),
                        origin: origin_of(part),
                        misfit: Misfit::Final(path),
                    });
                }
                if let (Some(manifest), true) =
                    (document.manifests.get_mut(*place), before == found.len())
                {
                    merge(catalog, &mut manifest.root, part, Some(&Shape::Type(ty.schema.clone())));
                }
            }
            [] => tell(Misfit::NoObject(
                document.manifests.iter().map(|it| shown(catalog, it)).collect(),
            )),
            several => {
                let several = several.iter().filter_map(|place| document.manifests.get(*place));
                tell(Misfit::Several(several.map(|it| shown(catalog, it)).collect()));
            }
        }
    }
}

/// The first final path that a part writes.
fn final_path<'t>(part: &'t Tree<'_>, path: &mut Vec<&'t str>) -> Option<String> {
    let here = path.join(".");
    if FINAL.contains(&here.as_str()) {
        return Some(here);
    }
    let Tree::Map(entries) = part else { return None };
    for (key, value) in entries {
        path.push(key.as_str());
        if let Some(found) = final_path(value, path) {
            return Some(found);
        }
        path.pop();
    }
    None
}

fn first(mut origins: impl Iterator<Item = Origin>) -> Origin {
    origins.find(|origin| origin.as_slot().is_some()).unwrap_or(Origin::NONE)
}

fn origin_of(part: &Tree<'_>) -> Origin {
    match part {
        Tree::Bool(value) => value.origin,
        Tree::Int(value) => value.origin,
        Tree::Float(_, origin) => *origin,
        Tree::Text(value) => value.origin,
        Tree::List(items) => first(items.iter().map(origin_of)),
        Tree::Map(entries) => first(entries.iter().map(|(_, value)| origin_of(value))),
    }
}

/// Writes a part over a node: records and maps by key, lists of records by the key of their items, all else whole.
fn merge<'a>(
    catalog: &'a Catalog,
    node_: &mut Node<'a>,
    part: &'a Tree<'a>,
    shape: Option<&Shape>,
) {
    let (Node::Map(entries), Tree::Map(parts)) = (node_, part) else { return };
    for (key, value) in parts {
        let field = match shape {
            Some(Shape::Type(owner)) => {
                catalog.fields(owner).iter().rfind(|it| it.name == key.as_str())
            }
            _ => None,
        };
        let below = match (shape, field) {
            (_, Some(field)) => Some(&field.shape),
            (Some(Shape::Map(of)), None) => Some(&**of),
            _ => None,
        };
        match entries.iter_mut().find(|(known, _)| *known == key.as_str()) {
            Some((_, old)) => match (&mut *old, value, field) {
                (Node::Map(_), Tree::Map(_), _) => merge(catalog, old, value, below),
                (Node::List(items), Tree::Map(parts), Some(field)) => {
                    merge_list(catalog, items, parts, field)
                }
                (old, value, field) => *old = node(catalog, value, field),
            },
            None => entries.push((key.as_str().into(), node(catalog, value, field))),
        }
    }
}

fn merge_list<'a>(
    catalog: &'a Catalog,
    items: &mut Vec<Node<'a>>,
    parts: &'a [(Sym, Tree<'a>)],
    field: &'a FieldType,
) {
    let (Shape::List(of), Some(key)) = (&field.shape, field.keys.first()) else { return };
    for (name, part) in parts {
        let is_it = |item: &&mut Node<'_>| {
            let Node::Map(entries) = item else { return false };
            entries.iter().any(|(known, value)| {
                known == key
                    && match value {
                        Node::Text(text, _) => text == name.as_str(),
                        Node::Int(number, _) => number.to_string() == name.as_str(),
                        Node::Bool(..) | Node::Float(..) | Node::List(_) | Node::Map(_) => false,
                    }
            })
        };
        match items.iter_mut().find(is_it) {
            Some(item) => merge(catalog, item, part, Some(of)),
            None => items.push(keyed(catalog, *name, key, part, of)),
        }
    }
}
