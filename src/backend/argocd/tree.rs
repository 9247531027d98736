//! The root, and what it leads to: an Application for each cluster, and below it those that apply files.

use super::application::{Application, SERVER_SIDE, SKIP_DRY_RUN, default_sync, destination};
use super::plan::{Content, joined};
use super::{Frame, project};
use crate::backend::k8s::{Fields, text};
use crate::backend::{Node, Output};
use crate::eval::Origin;
use crate::model::Ref;

/// The waves of the root: projects come first.
const HUB: usize = 1;
/// Clusters come after the hub, which makes them.
const CLUSTERS: usize = 2;

/// The name of the root.
pub(super) const ROOT: &str = "root";

/// The file of the root, which leads to itself, too.
pub(super) fn root<'a>(frame: &Frame<'a>, source: &'a str, address: String) -> Output<'a> {
    let application = Application {
        name: text(ROOT, Origin::rule("one Application leads to everything")),
        labels: Vec::new(),
        annotations: Vec::new(),
        wave: 0,
        cascade: false,
        confirm: Some(Origin::rule("without the root nothing is applied")),
        project: text(project::ROOT, Origin::rule("the root has a project of its own")),
        source: frame.files(&frame.root_folder()),
        destination: destination(frame.platform, frame.platform.hub.value)
            .with("namespace", frame.platform.argo_cd.namespace),
        sync: default_sync([SERVER_SIDE]),
        ignore: Node::List(Vec::new()),
    };
    frame.root_file("root", source, address, application.object(frame.model, frame.platform))
}

/// The file of the Application that leads to those of a cluster.
pub(super) fn cluster<'a>(
    frame: &Frame<'a>,
    cluster: Ref,
    source: &'a str,
    address: String,
) -> Output<'a> {
    let hub = frame.platform.hub.value;
    let named = Origin::rule("the Application of a cluster leads to all of it");
    let application = Application {
        name: text(cluster.name.as_str(), named),
        labels: Vec::new(),
        annotations: Vec::new(),
        wave: if cluster.id == hub.id { HUB } else { CLUSTERS },
        cascade: true,
        confirm: Some(Origin::rule("all that runs on the cluster hangs on it")),
        project: text(project::ROOT, Origin::rule("it leads to Applications only")),
        source: frame.files(&frame.child_folder(cluster)),
        destination: destination(frame.platform, hub)
            .with("namespace", frame.platform.argo_cd.namespace),
        sync: default_sync([SERVER_SIDE]),
        ignore: Node::List(Vec::new()),
    };
    let object = application.object(frame.model, frame.platform);
    frame.root_file(&format!("cluster-{}", cluster.name), source, address, object)
}

/// The file of the Application that applies a folder.
pub(super) fn content<'a>(
    frame: &Frame<'a>,
    content: &Content,
    source_of: &'a str,
    address: String,
) -> Output<'a> {
    let cluster = content.cluster;
    let named = Origin::rule("an Application is called after its cluster and what it applies");
    let files = Origin::rule("each file belongs to one Application");
    let folder = match content.folder.as_str() {
        "" => cluster.name.to_string(),
        folder => format!("{}/{folder}", cluster.name),
    };
    let recurse = content.folder.is_empty().then_some(Node::Bool(true, files));
    let directory = Fields::new()
        .maybe("recurse", recurse)
        .maybe("include", content.include.as_ref().map(|it| text(it.clone(), files)))
        .maybe("exclude", content.exclude.as_ref().map(|it| text(it.clone(), files)));
    let place = Origin::rule("what has no namespace is held against this one");
    let namespace = match content.namespaces.iter().next() {
        Some(only) if content.namespaces.len() == 1 => only.clone(),
        _ => "default".to_owned(),
    };
    let mut options = vec![SERVER_SIDE];
    if content.is_custom {
        options.push(SKIP_DRY_RUN);
    }
    let application = Application {
        name: text(joined(cluster.name, &content.name), named),
        labels: Vec::new(),
        annotations: Vec::new(),
        wave: content.wave,
        cascade: true,
        confirm: None,
        project: text(
            project::PLATFORM,
            Origin::rule("what InfraFlux writes belongs to one project"),
        ),
        source: frame.files(&folder).unless_empty("directory", directory),
        destination: destination(frame.platform, cluster).with("namespace", text(namespace, place)),
        sync: default_sync(options),
        ignore: Node::List(Vec::new()),
    };
    let object = application.object(frame.model, frame.platform);
    frame.child(cluster, &content.name, source_of, address, object)
}
