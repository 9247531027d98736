//! Where configurations of Alertmanager stand in files.

use crate::import::doc::Node;
use crate::import::stack::is_of_stack;

/// What carries a configuration to Alertmanager.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::import) enum Carrier {
    /// A file of its own, or a ConfigMap.
    File,
    /// A Secret: what is secret in it stands where it belongs.
    Secret,
    /// Values of kube-prometheus-stack: what they do not say, the chart's own configuration does. Whether the chart's own alerts are on.
    Chart {
        /// Whether the chart brings `Watchdog`.
        has_watchdog: bool,
        /// Whether these are all values that the chart is given.
        is_whole: bool,
    },
}

/// A configuration in its file.
#[derive(Clone, Debug)]
pub(in crate::import) struct Configuration {
    /// The whole of it.
    pub(in crate::import) root: Node,
    /// What carries it.
    pub(in crate::import) carrier: Carrier,
}

/// The configurations of a document.
pub(in crate::import) fn configurations(root: &Node) -> Vec<Configuration> {
    let (field, carrier) = match root.word("kind").as_deref() {
        None => {
            // Other charts with an Alertmanager take its configuration at the same place.
            let values = root.at(&["alertmanager", "config"]).filter(|_| !is_of_stack(root));
            let root = &values.filter(Node::is_map).unwrap_or_else(|| root.clone());
            let is_config = root.get("route").is_some_and(|it| it.is_map())
                && root.get("receivers").is_some_and(|it| it.items().is_some());
            let own = Configuration { root: root.clone(), carrier: Carrier::File };
            return is_config.then_some(own).into_iter().collect();
        }
        Some("Secret") => ("stringData", Carrier::Secret),
        Some("ConfigMap") => ("data", Carrier::File),
        Some(_) => return Vec::new(),
    };
    let data = root.get(field).and_then(|it| it.fields()).unwrap_or_default();
    data.into_iter()
        .filter(|(key, ..)| matches!(key.as_str(), "alertmanager.yaml" | "alertmanager.yml"))
        .filter_map(|(_, _, value)| {
            let doc = value.inside()?.ok()?;
            let root = doc.roots().into_iter().next().filter(Node::is_map)?;
            Some(Configuration { root, carrier })
        })
        .collect()
}
