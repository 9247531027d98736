//! Templates for the names of what Cluster API makes.

use super::class::Class;
use super::finding::Findings;
use super::look::{at, get, items, text};
use crate::backend::Node;
use crate::embedded::{TemplateContext, TemplateParameter, TemplateParameters, check_template};

/// What templates of names see: the cluster's name, five random letters, and for workers the name of the topology.
fn context(record: Option<&str>) -> TemplateContext {
    let record_of = |name: &str| {
        let fields = vec![(name.to_owned(), TemplateParameter::Text)];
        TemplateParameter::Record(TemplateParameters { fields, is_open: false })
    };
    let mut fields = vec![
        ("cluster".to_owned(), record_of("name")),
        ("random".to_owned(), TemplateParameter::Text),
    ];
    fields.extend(record.map(|record| (record.to_owned(), record_of("topologyName"))));
    TemplateContext::cluster_api(TemplateParameters { fields, is_open: false })
}

/// Checks every template of a name.
pub(super) fn check(class: &Class<'_, '_>, found: &mut Findings) {
    let Some(spec) = get(class.object.root, "spec") else { return };
    let mut template = |parent: Option<&Node<'_>>, record: Option<&str>| {
        let node = parent.and_then(|parent| at(parent, &["naming", "template"]));
        let Some((node, template)) = node.and_then(|node| Some((node, text(node)?))) else {
            return;
        };
        for problem in check_template(template, &[], &context(record)) {
            let part = problem.at.of(template).to_owned();
            found.at(class.object, node, &part, move |span| {
                problem.diagnostic(&|_| (span, false), &str::to_owned)
            });
        }
    };
    template(get(spec, "infrastructure"), None);
    template(get(spec, "controlPlane"), None);
    for (list, record) in
        [("machineDeployments", "machineDeployment"), ("machinePools", "machinePool")]
    {
        for worker in items(at(spec, &["workers", list])) {
            template(Some(worker), Some(record));
        }
    }
}
