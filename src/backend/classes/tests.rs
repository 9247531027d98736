//! What the backends make by themselves is right.

use super::judge_classes;
use crate::backend::{fixture, lower};
use crate::kubernetes::Catalog;
use crate::source::{FileId, Span};

#[test]
fn generated_classes_are_right() {
    let model = fixture::model();
    let outputs: Vec<_> = lower(&model).iter().map(|job| job()).collect();
    let classes = outputs.iter().filter(|output| super::is_of_cluster_api(output)).count();
    assert!(classes > 1, "the fixture has classes and clusters");
    let found: Vec<String> = judge_classes(Catalog::with_cluster_api(), &outputs)
        .into_iter()
        .map(|finding| {
            let nowhere = vec![Span::new(FileId(0), 0, 0); finding.spots.len()];
            finding.diagnostic(&nowhere).title
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}
