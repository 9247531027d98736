//! The functions that Argo CD adds to sprig's.

use super::{Function, functions};

/// From `applicationset/utils/utils.go` and `template_functions.go` of Argo CD 3.
pub(super) const FUNCTIONS: &[Function] = functions! {
    "normalize" (Text) -> Text, "a text as a DNS name of at most 253 letters";
    "slugify" (; Any) -> Text, "a text as a slug: `slugify 23 true .branch`";
    "toYaml" (Any) -> Text, "a value as YAML";
    "fromYaml" (Text) -> Map, "the map that a YAML text holds";
    "fromYamlArray" (Text) -> List, "the list that a YAML text holds";
};
