//! What Grafana needs of a dashboard, and what its parts say of one another.

use super::found::{Carrier, Dashboard};
use super::{model, panels, queries, variables};
use crate::diag::Diagnostic;
use crate::import::errors::dashboard as errors;
use crate::metrics::Judge;

/// What is known around dashboards.
pub(in crate::import) struct Around<'j, 'w> {
    /// Judges queries, and knows what rules record.
    pub(in crate::import) judge: &'j Judge<'w>,
    /// Whether somebody may give the node exporter's targets another `instance`.
    pub(in crate::import) is_instance_renamed: bool,
}

/// Everything that is wrong with a dashboard.
pub(in crate::import) fn judge_dashboard(
    dashboard: &Dashboard,
    around: &Around<'_, '_>,
    out: &mut Vec<Diagnostic>,
) {
    root(dashboard, out);
    let variables = model::variables(&dashboard.model);
    let panels = model::panels(&dashboard.model, &variables);
    panels::types(&panels, out);
    panels::sources(&panels, out);
    panels::references(&panels, out);
    variables::judge(dashboard, &variables, &panels, around, out);
    queries::fixed_ranges(&panels, out);
    for panel in &panels {
        panels::table(panel, out);
        queries::panel(panel, around, out);
    }
}

/// What stands at the root of the JSON.
fn root(dashboard: &Dashboard, out: &mut Vec<Diagnostic>) {
    let model = &dashboard.model;
    if let Some(wrapper) = &dashboard.wrapper {
        let is_sure = dashboard.carrier == Carrier::Provisioned;
        out.push(errors::wrapped(is_sure, wrapper.span()));
    }
    let at = model.get("title").unwrap_or_else(|| model.clone());
    for field in ["title", "uid", "schemaVersion"] {
        let is_there =
            model.get(field).is_some_and(|it| it.text().is_some_and(|it| !it.is_empty()));
        if !is_there {
            out.push(errors::lacks(field, at.span()));
        }
    }
}
