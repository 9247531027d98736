//! The ClusterClasses and Clusters of every committed output, generated or written, against the compiler's own judge of them: what a
//! backend makes is held to the same rules as what a person writes.
#![expect(clippy::disallowed_methods, reason = "reads the project's own files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use infraflux::backend::{Document, Manifest, Node, Output, judge_classes};
use infraflux::eval::Origin;
use infraflux::kubernetes::Catalog;
use infraflux::model::{Ref, ResourceId};
use infraflux::source::{FileId, Span, Sym};
use serde::Deserialize as _;
use serde_yaml::Value;

use crate::examples::read;

fn node(value: &Value) -> Node<'static> {
    match value {
        Value::Null => Node::Text("".into(), Origin::NONE),
        Value::Bool(value) => Node::Bool(*value, Origin::NONE),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Node::Int(whole, Origin::NONE),
            None => Node::Float(number.as_f64().expect("a number"), Origin::NONE),
        },
        Value::String(text) => Node::Text(text.clone().into(), Origin::NONE),
        Value::Sequence(items) => Node::List(items.iter().map(node).collect()),
        Value::Mapping(entries) => Node::Map(
            entries
                .iter()
                .map(|(key, value)| {
                    (key.as_str().expect("keys are texts").to_owned().into(), node(value))
                })
                .collect(),
        ),
        Value::Tagged(_) => panic!("no tags are written"),
    }
}

/// The files of an output, each in the folder of its cluster.
fn outputs(folder: &Path) -> Vec<Output<'static>> {
    let files = read(folder, |path| path.ends_with(".yaml"));
    let folders: BTreeSet<&str> = files.keys().filter_map(|path| path.split('/').next()).collect();
    let folders: Vec<&str> = folders.into_iter().collect();
    files
        .iter()
        .map(|(path, text)| {
            let cluster = path.split('/').next().expect("a folder");
            let number = folders.iter().position(|name| *name == cluster).expect("it is known");
            let manifests = serde_yaml::Deserializer::from_str(text)
                .map(|document| Value::deserialize(document).expect("YAML"))
                .map(|value| Manifest { root: node(&value) })
                .collect();
            let id = ResourceId(u32::try_from(number).expect("few clusters"));
            Output {
                clusters: vec![Ref { id, name: Sym::new(cluster) }],
                document: Document {
                    path: path.clone(),
                    source: "main.iflux".into(),
                    address: path.clone().into(),
                    manifests,
                },
            }
        })
        .collect()
}

#[test]
fn classes_of_committed_outputs_are_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = vec![root.join("tests/port/expected")];
    let examples = std::fs::read_dir(root.join("examples")).expect("examples/ can be listed");
    folders.extend(examples.map(|entry| entry.expect("an entry").path().join("expected")));
    let mut judged = 0;
    for folder in folders {
        let outputs = outputs(&folder);
        judged += outputs.iter().filter(|it| infraflux::backend::is_of_cluster_api(it)).count();
        let found: Vec<String> = judge_classes(Catalog::with_cluster_api(), &outputs)
            .into_iter()
            .map(|finding| {
                let places: Vec<String> =
                    finding.spots.iter().map(|spot| spot.address.clone()).collect();
                let nowhere = vec![Span::new(FileId(0), 0, 0); finding.spots.len()];
                format!("{}: {}", places.join(", "), finding.diagnostic(&nowhere).title)
            })
            .collect();
        assert!(found.is_empty(), "{}: {found:#?}", folder.display());
    }
    assert!(judged > 20, "only {judged} files of Cluster API");
}
