//! What a folder installs: charts at their versions, with their values, and what Prometheus loads of it.
//!
//! * **Takes** all documents of the files: Applications, HelmReleases, Chart.yaml, values, objects of the operator.
//! * **Gives** the [`Release`]s of charts, the [`Scene`](crate::metrics::Scene) that their versions decide, and findings about what nothing
//!   loads, collects or reads.
//! * **Owns** the values by which charts are collected, and the defaults of kube-prometheus-stack.
//! * **Never** says of what lies outside of the files that it is not there: where values are not all known, nothing is concluded.
//! * **Read first** `release.rs`, then `loaded.rs`.

mod charts;
mod deployed;
mod grafana;
mod loaded;
mod release;
mod scene;
mod scraped;
mod selector;
mod server;
mod values;

pub(super) use deployed::deployed;
pub(super) use grafana::{grafana, is_instance_renamed};
pub(super) use loaded::loaded;
pub(super) use release::{Release, is_of_stack, releases, unread};
pub(super) use scene::scene;
pub(super) use scraped::{scraped, sole};
pub(super) use server::servers;

use super::doc::Node;

/// A file, with the roots of its documents.
pub(super) type File = crate::argocd::File<Node>;

/// The chart that brings Prometheus, its operator, Alertmanager and Grafana.
pub(super) const STACK: &str = "kube-prometheus-stack";

/// Every object of some files, with its kind.
pub(super) fn objects(files: &[File]) -> impl Iterator<Item = (&File, &Node, String)> {
    let all = files.iter().flat_map(|file| file.roots.iter().map(move |root| (file, root)));
    all.filter_map(|(file, root)| Some((file, root, root.word("kind")?)))
}

/// The name of an object.
pub(super) fn name_of(object: &Node) -> String {
    let name = object.at(&["metadata", "name"]);
    name.and_then(|it| it.text().map(str::to_owned)).unwrap_or_default()
}
