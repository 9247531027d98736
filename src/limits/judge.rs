//! What is found in a namespace.

use super::quotas;
use super::ranges;
use super::refused;
use super::scene::{Range, Scene, Space};
use crate::diag::Diagnostic;

/// What is known beside the objects.
pub struct Around<'r> {
    /// Whether they are all that there is in a namespace: then what is not there is missing.
    pub is_whole: &'r dyn Fn(&str) -> bool,
    /// The keys of quotas that somebody else holds against what stands there.
    pub elsewhere: &'r dyn Fn(&str) -> bool,
}

/// Whether a finding says that something is refused, or has no room.
pub fn is_refusal(found: &Diagnostic) -> bool {
    use super::errors::{EXCEEDED, INVALID, REFUSED, TIGHT, UNSPECIFIED};
    [EXCEEDED, INVALID, REFUSED, TIGHT, UNSPECIFIED].contains(&found.code)
}

/// What is known of one namespace beside its objects.
pub(super) struct Known<'r> {
    pub(super) is_whole: bool,
    pub(super) elsewhere: &'r dyn Fn(&str) -> bool,
}

/// Everything that is found.
pub fn judge(scene: &Scene, around: &Around<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (namespace, space) in &scene.spaces {
        let known = Known { is_whole: (around.is_whole)(namespace), elsewhere: around.elsewhere };
        judge_space(namespace, space, &known, &mut found);
    }
    found
}

fn judge_space(namespace: &str, space: &Space, around: &Known<'_>, found: &mut Vec<Diagnostic>) {
    if space.ranges.is_empty() && space.quotas.is_empty() {
        return;
    }
    // What the API server refuses bounds nothing.
    let ranges: Vec<&Range> =
        space.ranges.iter().filter(|it| ranges::is_valid(it, found)).collect();
    ranges.iter().for_each(|it| ranges::extremes(it, found));
    let pods: Vec<_> = space.pods.iter().map(|it| refused::filled(it, &ranges)).collect();
    for it in &pods {
        refused::pods(it, &ranges, around, found);
        let before = found.len();
        for quota in &space.quotas {
            // One that is refused anyway is told of once.
            if found.len() == before {
                refused::unspecified(it, quota, around, found);
            }
        }
        for claim in &it.pods.claims {
            refused::claim(&it.pods.shown(), claim, &ranges, found);
        }
    }
    for claim in &space.claims {
        let of = format!("PersistentVolumeClaim {}", claim.name);
        refused::claim(&of, claim, &ranges, found);
    }
    for quota in &space.quotas {
        ranges.iter().for_each(|range| quotas::against(range, quota, found));
        quotas::judge(namespace, space, quota, &pods, around, found);
    }
}
