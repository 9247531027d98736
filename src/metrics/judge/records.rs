//! What the name of a record says of its labels.

use super::context::Cx;
use crate::metrics::errors;
use crate::metrics::infer::Presence;
use crate::metrics::problem::Part;
use crate::metrics::rule::Rule;
use crate::source::{Extent, Sym};

/// Labels that stand for what they are where a level names them and no other words.
const LABELS: [&str; 9] =
    ["container", "device", "instance", "job", "mountpoint", "namespace", "node", "pod", "service"];

/// Words that are labels, or all that there is of a thing.
const EITHER: [&str; 2] = ["cluster", "workload"];

/// `namespace_pod:metric:sum` promises series by namespace and pod.
pub(super) fn level(cx: &mut Cx<'_, '_>, rule: &Rule) {
    let Some((level, _)) = rule.name.split_once(':') else { return };
    let root = cx.root;
    if !level.split('_').all(|word| LABELS.contains(&word) || EITHER.contains(&word)) {
        return;
    }
    let words = level.split('_').filter(|word| LABELS.contains(word));
    let added = |word: &&str| !rule.labels.iter().any(|(label, _)| label == word);
    for word in words.filter(added) {
        let Presence::Gone(loss, true) = root.ty.labels.presence(Sym::new(word)) else { continue };
        let lost_at = if loss.at == Extent::default() { root.node.at } else { loss.at };
        let problem = errors::record_level(
            cx.part(Part::Name, None),
            &rule.name,
            word,
            loss,
            cx.at(lost_at),
            &root.ty.labels.names(),
        );
        cx.push(problem);
        return;
    }
}
