//! The values of Prometheus, Alertmanager and Grafana, and what Prometheus collects from.
//!
//! * **Takes** `monitoring` and `scrape` resources.
//! * **Gives** the values of the chart kube-prometheus-stack, and `<cluster>/<namespace>/scrape-<name>.yaml`, a ServiceMonitor or PodMonitor.
//! * **Owns** the names of the chart's values.
//! * **Never** makes the Application: that is `argocd`. Nor decides which labels Prometheus selects by: that is `Model::selected_labels`, for both sides.
//! * **Read first** this file, then `values.rs`.

mod monitor;
mod values;

pub(super) use values::values;

use super::{Backend, Job, Makes};
use crate::model::Model;

/// The backend.
pub(super) struct Stack;

impl Backend for Stack {
    fn name(&self) -> &'static str {
        "monitoring"
    }

    fn makes(&self) -> &'static [Makes] {
        &[
            Makes {
                kind: "scrape",
                object: "monitoring.coreos.com/v1 ServiceMonitor",
                name: "<name>",
                file: "<cluster>/<namespace>/scrape-<name>.yaml",
                about: "What finds the Services and their pods.",
            },
            Makes {
                kind: "scrape",
                object: "monitoring.coreos.com/v1 PodMonitor",
                name: "<name>",
                file: "<cluster>/<namespace>/scrape-<name>.yaml",
                about: "The same where `finds = \"pods\"`.",
            },
        ]
    }

    fn lower<'a>(&self, model: &'a Model<'a>) -> Vec<Job<'a>> {
        let monitors =
            model.scrapes.iter().map(|it| Box::new(move || monitor::output(model, it)) as Job<'a>);
        monitors.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Stack;
    use crate::backend::fixture;

    #[test]
    fn scrapes_become_monitors() {
        insta::assert_snapshot!(fixture::lowered(&Stack, &fixture::model()));
    }
}
