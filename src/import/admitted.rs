//! Pods of files against the namespaces of files.

use std::collections::BTreeMap;

use super::doc::Node;
use super::stack::{File, name_of, objects};
use crate::admission::pod_security::{NEWEST, OLDEST};
use crate::admission::{Clusters, Object, Scalar, View, judge};
use crate::diag::Diagnostic;
use crate::source::Span;

impl View for Node {
    fn get(&self, name: &str) -> Option<Self> {
        Self::get(self, name)
    }

    fn items(&self, call: &mut dyn FnMut(usize, Self)) {
        let items = Self::items(self).unwrap_or_default();
        items.into_iter().enumerate().for_each(|(at, item)| call(at, item));
    }

    fn entries(&self, call: &mut dyn FnMut(&str, Self)) {
        let fields = self.fields().unwrap_or_default();
        fields.into_iter().filter(|it| !it.2.is_null()).for_each(|it| call(&it.0, it.2));
    }

    fn scalar(&self) -> Option<Scalar<'_>> {
        let text = Self::text(self)?;
        let bare = crate::argocd::Tree::is_bare(self);
        Some(match text {
            "true" | "True" | "TRUE" if bare => Scalar::Bool(true),
            "false" | "False" | "FALSE" if bare => Scalar::Bool(false),
            _ => match text.parse() {
                Ok(number) if bare => Scalar::Int(number),
                _ => Scalar::Text(text),
            },
        })
    }
}

/// What kustomizations change objects by.
const CHANGES: [&str; 6] = [
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "components",
    "transformers",
    "namespace",
];

/// What the namespaces refuse of what comes to them. Which cluster it is, nobody says: so only what all versions refuse is told.
pub(super) fn admitted(files: &[File], found: &mut Vec<Diagnostic>) {
    let charts: Vec<&str> =
        files.iter().filter(|it| it.base() == "Chart.yaml").map(File::folder).collect();
    let is_template = |file: &File| {
        charts.iter().any(|chart| {
            let front = if chart.is_empty() { String::new() } else { format!("{chart}/") };
            file.name.starts_with(&format!("{front}templates/"))
        })
    };
    let may_change = files.iter().any(|file| {
        let is_it = file.base().starts_with("kustomization.") || file.base() == "Kustomization";
        is_it && file.roots.iter().any(|root| CHANGES.iter().any(|name| root.has(name)))
    });
    let objects: Vec<Object<Node>> = objects(files)
        .filter(|(file, ..)| !is_template(file))
        .map(|(_, root, kind)| Object {
            root: root.clone(),
            of: 0,
            shown: format!("the {kind} `{}`", name_of(root)),
            on: vec![(0, String::new())],
            may_change,
        })
        .collect();
    let known = BTreeMap::new();
    for finding in judge(&objects, &Clusters { known: &known, others: (OLDEST, NEWEST) }) {
        let spans: Vec<Span> = finding.places.iter().map(|it| it.at.span()).collect();
        found.extend(finding.said.diagnostic(&spans));
    }
}
