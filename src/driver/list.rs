//! What is written for one resource.

use crate::backend::{self, Manifest, Node};
use crate::eval::{Evaluator, NOTHING, Resource};
use crate::model::Model;

use super::why::{addressed, steps};

/// An object of the output.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Written {
    /// Its file, below the output's folder.
    pub path: String,
    /// Its place in the file, from 0.
    pub number: usize,
    /// Its `apiVersion` and `kind`.
    pub object: String,
    /// Its namespace and name: `shop/orders`; the name alone where it has no namespace.
    pub name: String,
}

/// The addresses of a resource and of all that it makes; none if no resource has the address.
pub(super) fn addresses(
    values: &Evaluator<'_>,
    resources: &[Resource],
    address: &str,
) -> Vec<String> {
    let wanted = steps(address);
    let Some((found, taken)) = addressed(values, resources, &wanted) else { return Vec::new() };
    if taken != wanted.len() {
        return Vec::new();
    }
    let is_inside = |block: u32| {
        let mut at = block;
        while at != found.block && at != NOTHING {
            at = values.blocks.get(at as usize).map_or(NOTHING, |block| block.parent);
        }
        at == found.block
    };
    let own = resources.iter().map(|resource| resource.block).filter(|&block| is_inside(block));
    own.map(|block| values.address(block)).collect()
}

/// The objects that are written for resources, by path.
pub(super) fn written(model: &Model<'_>, addresses: &[String]) -> Vec<Written> {
    let mut found = Vec::new();
    for job in backend::lower(model) {
        let output = job();
        let document = output.document;
        if !addresses.iter().any(|address| *address == document.address) {
            continue;
        }
        for cluster in &output.clusters {
            let objects = document.manifests.iter().enumerate();
            found.extend(objects.map(|(number, manifest)| Written {
                path: format!("{}/{}", cluster.name, document.path),
                number,
                object: [text(manifest, &["apiVersion"]), text(manifest, &["kind"])].join(" "),
                name: match text(manifest, &["metadata", "namespace"]) {
                    "" => text(manifest, &["metadata", "name"]).to_owned(),
                    namespace => format!("{namespace}/{}", text(manifest, &["metadata", "name"])),
                },
            }));
        }
    }
    found.sort();
    found
}

/// The text at a path of keys; empty if there is none.
fn text<'n>(manifest: &'n Manifest<'_>, path: &[&str]) -> &'n str {
    let mut node = &manifest.root;
    for key in path {
        let Node::Map(entries) = node else { return "" };
        let Some((_, value)) = entries.iter().find(|(name, _)| name == key) else { return "" };
        node = value;
    }
    if let Node::Text(text, _) = node { text } else { "" }
}
