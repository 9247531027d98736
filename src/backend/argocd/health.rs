//! What Argo CD's chart is told.

use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, text};
use crate::backend::objects::plain;
use crate::eval::Origin;
use crate::model::ArgoCd;

/// How the health of an Application is judged, so that a wave of Applications waits for the one before. Argo CD itself has judged none since
/// its version 1.8. One that is being synced, or whose spec is newer than what was compared last, is not healthy yet, whatever its
/// status still says.
const APPLICATION: &str = r#"local verdict = { status = "Progressing", message = "waits for its first sync" }
local status = obj.status
if status == nil or status.health == nil or status.health.status == nil then
  return verdict
end
local operation = status.operationState
if operation ~= nil and operation.phase == "Running" then
  verdict.message = "is being synced"
  return verdict
end
local wanted = obj.spec.source
local compared = status.sync ~= nil and status.sync.comparedTo ~= nil and status.sync.comparedTo.source or nil
if wanted ~= nil and compared ~= nil then
  if wanted.repoURL ~= compared.repoURL or wanted.path ~= compared.path or wanted.chart ~= compared.chart
    or wanted.targetRevision ~= compared.targetRevision then
    verdict.message = "was changed, and not compared since"
    return verdict
  end
end
if status.sync ~= nil and status.sync.status == "Unknown" then
  verdict.message = "cannot be compared"
  return verdict
end
verdict.status = status.health.status
verdict.message = status.health.message or ""
return verdict
"#;

/// A ConstraintTemplate is there once Gatekeeper made its kind: only then its constraints can be applied.
const CONSTRAINT_TEMPLATE: &str = r#"if obj.status ~= nil and obj.status.created then
  return { status = "Healthy", message = "" }
end
return { status = "Progressing", message = "Gatekeeper has not made the kind yet" }
"#;

/// The values of the chart: the program's own over those that waves need.
pub(super) fn values<'a>(argo_cd: &'a ArgoCd<'a>) -> Node<'a> {
    let health = Origin::rule("waves of Applications wait only for what has a health");
    let tracking =
        Origin::rule("an annotation says whose an object is, so that charts may use the label");
    let configuration = Fields::new()
        .with("application.resourceTrackingMethod", text("annotation", tracking))
        .with("resource.customizations.health.argoproj.io_Application", text(APPLICATION, health))
        .with(
            "resource.customizations.health.templates.gatekeeper.sh_ConstraintTemplate",
            text(CONSTRAINT_TEMPLATE, health),
        );
    let ours = Fields::new().with("configs", Fields::new().with("cm", configuration));
    let mut values = ours.into_node();
    lay_over(&mut values, &plain(&argo_cd.values));
    values
}

/// Writes values over others: maps key by key, anything else whole.
fn lay_over<'a>(under: &mut Node<'a>, over: &Node<'a>) {
    let (Node::Map(entries), Node::Map(more)) = (&mut *under, over) else {
        *under = over.clone();
        return;
    };
    for (key, value) in more {
        match entries.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => lay_over(known, value),
            None => entries.push((key.clone(), value.clone())),
        }
    }
}
