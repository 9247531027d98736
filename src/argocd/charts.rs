//! What values of single charts mean.

use super::errors::charts as errors;
use super::tree::Tree;
use super::view::{Source, Whole};
use crate::diag::Diagnostic;

/// The values that a source is given, without files.
pub(super) fn values<T: Tree>(source: &Source<T>) -> Vec<T> {
    let Some(helm) = source.node.get("helm") else { return Vec::new() };
    let text = helm.get("values").and_then(|it| it.inside());
    text.into_iter().chain(helm.get("valuesObject")).collect()
}

pub(super) fn judge<T: Tree>(whole: &Whole<'_, T>, out: &mut Vec<Diagnostic>) {
    for app in whole.all() {
        for source in &app.sources {
            for own in values(source) {
                one(source.chart.as_deref().unwrap_or_default(), &own, out);
            }
        }
    }
    for file in whole.files {
        for root in &file.roots {
            match root.word("kind").as_deref() {
                Some("ConfigMap")
                    if root.word_at(&["metadata", "name"]).as_deref() == Some("argocd-cm") =>
                {
                    plugins(root.at(&["data"]), out);
                }
                None => {
                    plugins(root.at(&["configs", "cm"]), out);
                    plugins(root.at(&["server", "config"]), out);
                }
                Some(_) => {}
            }
        }
    }
}

fn one<T: Tree>(chart: &str, own: &T, out: &mut Vec<Diagnostic>) {
    if chart == "gatekeeper"
        && let Some(policy) = own.get("validatingWebhookFailurePolicy")
        && policy.text() == Some("Ignore")
    {
        out.push(errors::fail_open(policy.span()));
    }
    if chart == "argo-cd" {
        plugins(own.at(&["configs", "cm"]), out);
        plugins(own.at(&["server", "config"]), out);
    }
    if chart == "external-dns" {
        for domain in own.list("domainFilters") {
            let text = domain.text().unwrap_or_default();
            let is_example = ["example.com", "example.org", "example.net"];
            if is_example.iter().any(|it| text == *it || text.ends_with(&format!(".{it}"))) {
                out.push(errors::example_domain(text, domain.span()));
            }
        }
    }
}

fn plugins<T: Tree>(config: Option<T>, out: &mut Vec<Diagnostic>) {
    if let Some(key) = config.and_then(|it| it.key("configManagementPlugins")) {
        out.push(errors::plugins(key.span()));
    }
}
