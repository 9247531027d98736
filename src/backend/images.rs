//! Images of pods, as they are written: with their digest where `images.lock` knows it.

use std::borrow::Cow;

use super::{Job, Node};
use crate::embedded::ImageLock;
use crate::eval::Origin;
use crate::model::Model;

/// An image of an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UsedImage {
    /// As it is written.
    pub image: String,
    /// Who says so.
    pub origin: Origin,
}

/// The lists of a pod in which containers stand.
const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// Jobs whose objects name what they run by its digest.
pub(super) fn locked<'a>(model: &'a Model<'a>, jobs: Vec<Job<'a>>) -> Vec<Job<'a>> {
    if model.images.entries.is_empty() {
        return jobs;
    }
    let lock = &*model.images;
    let wrap = |job: Job<'a>| {
        Box::new(move || {
            let mut output = job();
            for manifest in &mut output.document.manifests {
                each(&mut manifest.root, &mut |image, origin| pin(lock, image, origin));
            }
            output
        }) as Job<'a>
    };
    jobs.into_iter().map(wrap).collect()
}

fn pin(lock: &ImageLock, image: &mut Cow<'_, str>, origin: &mut Origin) {
    if let Some(digest) = lock.digest_of(image) {
        *image = Cow::Owned(format!("{image}@{digest}"));
        *origin = Origin::rule("the digest stands in `images.lock`");
    }
}

/// The images of an object.
pub fn images_of(root: &Node<'_>) -> Vec<UsedImage> {
    let mut found = Vec::new();
    let mut root = root.clone();
    each(&mut root, &mut |image, origin| {
        found.push(UsedImage { image: image.to_string(), origin: *origin });
    });
    found
}

/// Looks for images where pods are described: in the lists of containers, at any depth, and in the field that servers of databases are made of.
fn each<'a>(node: &mut Node<'a>, then: &mut impl FnMut(&mut Cow<'a, str>, &mut Origin)) {
    match node {
        Node::Map(entries) => {
            for (key, value) in entries {
                match value {
                    Node::List(items) if CONTAINERS.contains(&key.as_ref()) => {
                        for item in items.iter_mut() {
                            container(item, then);
                        }
                    }
                    Node::Text(image, origin) if key == "imageName" => then(image, origin),
                    // Data of ConfigMaps and values of charts are nobody's pods.
                    Node::Map(_) | Node::List(_)
                        if !matches!(key.as_ref(), "data" | "stringData" | "valuesObject") =>
                    {
                        each(value, then);
                    }
                    Node::Bool(..)
                    | Node::Int(..)
                    | Node::Float(..)
                    | Node::Text(..)
                    | Node::List(_)
                    | Node::Map(_) => {}
                }
            }
        }
        Node::List(items) => items.iter_mut().for_each(|item| each(item, then)),
        Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) => {}
    }
}

fn container<'a>(node: &mut Node<'a>, then: &mut impl FnMut(&mut Cow<'a, str>, &mut Origin)) {
    let Node::Map(entries) = node else { return };
    for (key, value) in entries {
        if let (true, Node::Text(image, origin)) = (key == "image", value) {
            then(image, origin);
        }
    }
}
