//! ClusterClasses, what they point to, and the Clusters that are made of them: what Cluster API would refuse, now or when machines are made.
//!
//! * **Takes** what the backends made: the objects of every cluster's folder, be they generated or written as `manifest`.
//! * **Gives** [`ClassFinding`]s: each a diagnostic, and the values that it points to.
//! * **Owns** what a ClusterClass means: variables and their schemas, selectors, JSON patches, builtin variables, templates.
//! * **Never** changes an object, or looks at the program behind it: a value's origin is all that it knows.
//! * **Read first** `class.rs`, then `patch.rs`.

mod builtin;
mod class;
mod cluster;
mod contract;
mod errors;
mod finding;
mod look;
mod naming;
mod patch;
mod pointer;
mod reference;
mod schema;
mod selector;
mod template;
mod validate;
mod variable;

#[cfg(test)]
mod tests;

pub use finding::{ClassFinding, Spot};

use super::Output;
use crate::kubernetes::Catalog;
use class::Class;
use finding::Findings;
use look::Object;

/// Whether an object is of Cluster API itself, so that [`judge_classes`] may have something to say of it.
pub fn is_of_cluster_api(output: &Output<'_>) -> bool {
    output
        .document
        .manifests
        .iter()
        .filter_map(|manifest| look::text_at(&manifest.root, &["apiVersion"]))
        .any(contract::is_core)
}

/// Everything that is wrong with the ClusterClasses and Clusters of each folder.
pub fn judge_classes(catalog: &Catalog, outputs: &[Output<'_>]) -> Vec<ClassFinding> {
    let mut clusters: Vec<_> = outputs.iter().flat_map(|output| &output.clusters).collect();
    clusters.sort_by_key(|cluster| cluster.id.0);
    clusters.dedup();
    let mut found = Findings::default();
    for cluster in clusters {
        let here = outputs.iter().filter(|output| output.clusters.contains(cluster));
        let objects: Vec<Object<'_, '_>> = here.flat_map(Object::of_output).collect();
        folder(catalog, &objects, &mut found);
    }
    found.into_list()
}

/// What one cluster reads.
fn folder(catalog: &Catalog, objects: &[Object<'_, '_>], found: &mut Findings) {
    let mut classes = Vec::new();
    for object in objects {
        contract::check(object, found);
        if object.is("cluster.x-k8s.io/v1beta2", "ClusterClass") {
            classes.push(Class::read(object, objects));
        }
    }
    for class in &classes {
        reference::check(class, objects, found);
        let used = patch::check(catalog, class, found);
        variable::check(catalog, class, &used, found);
        naming::check(class, found);
    }
    for object in objects.iter().filter(|it| it.is("cluster.x-k8s.io/v1beta2", "Cluster")) {
        cluster::check(object, &classes, found);
    }
}
