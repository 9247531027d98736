//! The values of a release, in layers.

use crate::import::doc::Node;

/// The values that a release gives its chart. What they do not say is the chart's default.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Values {
    /// From the weakest to the strongest.
    pub(super) layers: Vec<Node>,
    /// Single values, by a path with dots: stronger than all layers.
    pub(super) parameters: Vec<(String, Node)>,
    /// Whether there may be values that were not read.
    pub(super) is_partly_unknown: bool,
}

impl Values {
    /// What the strongest layer has at a path.
    pub(in crate::import) fn get(&self, path: &[&str]) -> Option<Node> {
        let dotted = path.join(".");
        let parameter = self.parameters.iter().rev().find(|it| it.0 == dotted);
        parameter
            .map(|it| it.1.clone())
            .or_else(|| self.layers.iter().rev().find_map(|layer| layer.at(path)))
    }

    /// Whether a value is `true` or `false`.
    pub(super) fn flag(&self, path: &[&str]) -> Option<bool> {
        match self.get(path)?.text()? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The entries of a map of texts, of all layers: what is stronger wins.
    pub(super) fn texts(&self, path: &[&str]) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for layer in &self.layers {
            for (key, _, value) in layer.at(path).and_then(|it| it.fields()).unwrap_or_default() {
                let Some(text) = value.text() else { continue };
                found.retain(|(known, _)| *known != key);
                found.push((key, text.to_owned()));
            }
        }
        let start = format!("{}.", path.join("."));
        for (name, value) in &self.parameters {
            if let (Some(key), Some(text)) = (name.strip_prefix(&start), value.text()) {
                let key = key.replace("\\.", ".");
                found.retain(|(known, _)| *known != key);
                found.push((key, text.to_owned()));
            }
        }
        found
    }

    /// Whether everything that the chart is given is known.
    pub(in crate::import) const fn are_whole(&self) -> bool {
        !self.is_partly_unknown
    }

    /// The layers, from the weakest to the strongest.
    pub(in crate::import) fn layers(&self) -> &[Node] {
        &self.layers
    }
}
