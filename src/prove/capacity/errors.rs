//! The messages of this room.

use super::amounts::Measure;
use crate::diag::{Code, Diagnostic, Level};
use crate::source::Span;

/// At most so many clusters are named one by one.
const MOST_NAMED: usize = 5;

/// A line for each, at most as many as are read.
fn listed(mut diagnostic: Diagnostic, lines: Vec<String>, what: &str) -> Diagnostic {
    let more = lines.len().saturating_sub(MOST_NAMED);
    for line in lines.into_iter().take(MOST_NAMED) {
        diagnostic = diagnostic.help(line);
    }
    if more > 0 { diagnostic.help(format!("and {more} more {what}")) } else { diagnostic }
}

/// Puts the first label at the first span, and the others beside it.
fn placed(mut diagnostic: Diagnostic, spans: &[Span], labels: Vec<String>) -> Diagnostic {
    for (span, text) in spans.iter().zip(labels) {
        diagnostic = if diagnostic.primary.is_some() {
            diagnostic.because(*span, text)
        } else {
            diagnostic.at(*span, text)
        };
    }
    diagnostic
}

/// A pod that no node of a cluster takes.
pub const NO_NODE: Code = Code::new("capacity/no-node");

/// What is known of a pod that fits nowhere.
pub(super) struct NoNode {
    /// The object that makes it.
    pub(super) pod: String,
    /// What it requests that is too much; none where no size keeps it away.
    pub(super) request: Option<(Measure, u128)>,
    /// Whether a single container requests it.
    pub(super) is_one: bool,
    /// The label that it asks for and some nodes lack.
    pub(super) label: Option<String>,
    /// What is free of that on the largest node where it might lie.
    pub(super) largest: Option<u128>,
    /// The clusters, the first of which is explained.
    pub(super) clusters: Vec<String>,
    /// Why each class of nodes refuses it.
    pub(super) refusals: Vec<String>,
    /// A label that the pod asks for, and the one that pools set.
    pub(super) near: Option<(String, String)>,
}

/// The first span is the pod's, the second, if any, that of the largest machines.
pub(super) fn no_node(known: NoNode, spans: &[Span]) -> Diagnostic {
    let first = known.clusters.first().map_or("", String::as_str);
    let title = format!("no node of `{first}` takes a pod of `{}`", known.pod);
    let label = match (known.request, &known.label) {
        (Some((measure, amount)), _) if known.is_one => {
            format!("each requests {}", measure.shown(amount))
        }
        (Some((measure, amount)), _) => {
            format!("each pod requests {} in all", measure.shown(amount))
        }
        (None, Some(label)) => format!("it asks for `{label}`"),
        (None, None) => "no node is open to its pods".to_owned(),
    };
    let machine = known.request.zip(known.largest).map(|((measure, _), free)| {
        format!("the largest node open to it has {}", measure.shown(free))
    });
    let labels = std::iter::once(label).chain(machine).collect();
    let mut found = placed(Diagnostic::new(Level::Error, NO_NODE, title), spans, labels);
    found = listed(found, known.refusals, "kinds of nodes");
    if let Some((key, near)) = known.near {
        found = found.help(format!("pools set the label `{near}`, and none sets `{key}`"));
    }
    let others = known.clusters.iter().skip(1);
    listed(found, others.map(|name| format!("nor does a node of `{name}`")).collect(), "clusters")
}

/// What is short, for pods that run together.
pub(super) struct Short {
    /// The clusters, the first of which is explained.
    pub(super) clusters: Vec<String>,
    /// The only nodes that the pods may lie on; none where these are all that take pods.
    pub(super) nodes: Option<String>,
    /// What is short.
    pub(super) lack: super::fit::Lack,
    /// The pods: where they are written is one of the places each.
    pub(super) pods: Vec<String>,
    /// What the nodes have, a line a class.
    pub(super) has: Vec<String>,
    /// The same of other clusters, in a line each.
    pub(super) others: Vec<String>,
    /// What is requested that the program does not write.
    pub(super) beside: Option<String>,
    /// The nodes of which one is lost, for people.
    pub(super) lost: Option<String>,
}

impl Short {
    fn title(&self) -> String {
        use super::fit::Lack;
        let first = self.clusters.first().map_or("", String::as_str);
        let on = match &self.nodes {
            Some(nodes) => format!("`{nodes}` of `{first}`"),
            None => format!("`{first}`"),
        };
        let lost = match &self.lost {
            Some(lost) => format!("with a node of `{lost}` lost, "),
            None => String::new(),
        };
        match self.lack {
            Lack::Sum { measure: Measure::Pods, requested, free } => {
                format!("{lost}{on} takes {free} pods, and there are {requested}")
            }
            Lack::Sum { measure, requested, free } => {
                let (requested, free) = (measure.shown(requested), measure.shown(free));
                format!("{lost}{on} has {free} for pods that request {requested}")
            }
            Lack::Places { pods, places, each: None } => {
                format!("{lost}{on} has {places} nodes for {pods} pods that keep apart")
            }
            Lack::Places { pods, places, each: Some((measure, each)) } => {
                let each = measure.shown(each);
                format!(
                    "{lost}{on} has room for {places} pods of {each} or more, and there are {pods}"
                )
            }
        }
    }

    fn diagnostic(self, level: Level, code: Code, spans: &[Span]) -> Diagnostic {
        let found = Diagnostic::new(level, code, self.title());
        let mut found = placed(found, spans, self.pods);
        found = listed(found, self.has, "kinds of nodes");
        if let Some(beside) = self.beside {
            found = found.help(beside);
        }
        listed(found, self.others, "clusters")
    }
}

/// Pods that do not fit together.
pub const FULL: Code = Code::new("capacity/full");

/// One span for each of the pods.
pub(super) fn full(short: Short, spans: &[Span]) -> Diagnostic {
    short.diagnostic(Level::Error, FULL, spans)
}

/// Pods that fit, but not with a node lost.
pub const NODE_LOST: Code = Code::new("capacity/node-lost");

/// One span for each of the pods.
pub(super) fn node_lost(short: Short, spans: &[Span]) -> Diagnostic {
    short
        .diagnostic(Level::Warning, NODE_LOST, spans)
        .help("a node is lost to a fault, and to every upgrade of a pool with `max-surge = 0`")
}

/// Quotas that promise more than there is.
pub const QUOTA: Code = Code::new("capacity/quota");

/// What quotas promise.
pub(super) struct Promise {
    /// What is promised.
    pub(super) measure: Measure,
    /// For each cluster: what is promised, and what its workers have.
    pub(super) clusters: Vec<(String, u128, u128)>,
    /// The namespaces and their quotas: where they are written is one of the places each.
    pub(super) quotas: Vec<(String, u128)>,
}

/// One span for each of the quotas.
pub(super) fn quota(promise: Promise, spans: &[Span]) -> Diagnostic {
    let Promise { measure, clusters: on, quotas } = promise;
    let first = on.first().map_or(("", 0, 0), |(name, sum, has)| (name.as_str(), *sum, *has));
    let (sum, has) = (measure.shown(first.1), measure.shown(first.2));
    let who = match quotas.as_slice() {
        [(name, _)] => format!("the quota of `{name}` promises"),
        _ => format!("the quotas of {} namespaces promise", quotas.len()),
    };
    let title = format!("{who} {sum} of `{}`, whose workers have {has} for pods", first.0);
    let label = |(name, amount): &(String, u128)| {
        format!("`{name}` is promised {}", measure.shown(*amount))
    };
    let labels: Vec<String> = quotas.iter().map(label).collect();
    let found = Diagnostic::new(Level::Warning, QUOTA, title);
    let found = placed(found, spans, labels);
    let others = on.iter().skip(1).map(|(name, sum, has)| {
        format!("`{name}`: {} of {}", measure.shown(*sum), measure.shown(*has))
    });
    listed(found, others.collect(), "clusters").help(
        "who means to promise more, because not all use it at once, writes `allow(capacity/quota) because \"..\"` in the namespace",
    )
}

/// A quota that alone is more than there is.
pub const QUOTA_ALONE: Code = Code::new("capacity/quota-alone");

/// `clusters` are the names, and what all of their nodes have.
pub(super) fn quota_alone(
    namespace: &str,
    measure: Measure,
    amount: u128,
    clusters: &[(String, u128)],
    spans: &[Span],
) -> Diagnostic {
    let first = clusters.first().map_or(("", 0), |(name, has)| (name.as_str(), *has));
    let (amount, has) = (measure.shown(amount), measure.shown(first.1));
    let verb = if measure == Measure::Pods { "take" } else { "have" };
    let title = format!(
        "the quota of `{namespace}` is {amount}, and all nodes of `{}` together {verb} {has}",
        first.0
    );
    let others = clusters.iter().skip(1);
    let others = others.map(|(name, has)| format!("`{name}` has {}", measure.shown(*has)));
    listed(
        placed(
            Diagnostic::new(Level::Error, QUOTA_ALONE, title),
            spans,
            vec!["can never be used up".to_owned()],
        ),
        others.collect(),
        "clusters",
    )
    .help("such a quota keeps nothing for the other namespaces; `by environment` gives small clusters a smaller one")
}

/// Pods that are more than the quota of their namespace.
pub const QUOTA_EXCEEDED: Code = Code::new("capacity/quota-exceeded");

/// What stands in a namespace.
pub(super) struct Used {
    /// The namespace.
    pub(super) namespace: String,
    /// What is short.
    pub(super) measure: Measure,
    /// The quota.
    pub(super) quota: u128,
    /// For each cluster what the pods request.
    pub(super) clusters: Vec<(String, u128)>,
    /// The pods: where they are written is one of the places each, after that of the quota.
    pub(super) pods: Vec<String>,
}

/// The first span is the quota's.
pub(super) fn quota_exceeded(used: Used, spans: &[Span]) -> Diagnostic {
    let Used { namespace, measure, quota, clusters: on, pods } = used;
    let (first, sum) = on.first().map_or(("", 0), |(name, sum)| (name.as_str(), *sum));
    let quota = measure.shown(quota);
    let title = match measure {
        Measure::Pods => {
            format!("`{namespace}` has {sum} pods on `{first}`, and its quota is {quota}")
        }
        Measure::Cpu | Measure::Memory => {
            let sum = measure.shown(sum);
            format!(
                "the pods of `{namespace}` request {sum} on `{first}`, and its quota is {quota}"
            )
        }
    };
    let labels = std::iter::once("Kubernetes refuses what is beyond it".to_owned()).chain(pods);
    let found = Diagnostic::new(Level::Error, QUOTA_EXCEEDED, title);
    let found = placed(found, spans, labels.collect());
    let others = on.iter().skip(1);
    let others = others.map(|(name, sum)| format!("`{name}`: {}", measure.shown(*sum)));
    listed(found, others.collect(), "clusters")
}

/// Pods that cannot be rolled out, or not scaled as far as they may.
pub const QUOTA_TIGHT: Code = Code::new("capacity/quota-tight");

/// What has no room, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Tight {
    /// The new pod that stands before an old one goes.
    Rollout,
    /// What an autoscaler adds.
    Scale {
        /// How many have room.
        fits: u128,
        /// How many pods it may make.
        most: u128,
    },
}

/// The first span is the pods', the second the quota's.
pub(super) fn quota_tight(
    (pods, namespace, cluster): &(String, String, String),
    tight: Tight,
    (measure, each, left): (Measure, u128, u128),
    [at, quota]: [Span; 2],
) -> Diagnostic {
    let left = measure.shown(left);
    let each = match measure {
        Measure::Pods => String::new(),
        Measure::Cpu | Measure::Memory => format!(", each of {}", measure.shown(each)),
    };
    let (title, label) = match tight {
        Tight::Rollout => (
            format!("the quota of `{namespace}` has no room on `{cluster}` to roll out `{pods}`"),
            format!("a new pod stands before an old one goes{each}"),
        ),
        Tight::Scale { most, fits } => (
            format!("the quota of `{namespace}` stops `{pods}` at {fits} pods on `{cluster}`"),
            format!("the autoscaler may want {most}{each}"),
        ),
    };
    Diagnostic::new(Level::Warning, QUOTA_TIGHT, title)
        .at(at, label)
        .because(quota, format!("leaves {left} beside what stands there"))
}

/// What a container gets that says nothing, and no node has.
pub const DEFAULT_NO_NODE: Code = Code::new("capacity/default-no-node");

/// What no node has enough of, how much of it is requested, and the most that a node has.
pub(super) fn default_no_node(
    (measure, requested, free): (Measure, u128, u128),
    clusters: &[String],
    at: Span,
) -> Diagnostic {
    let first = clusters.first().map_or("", String::as_str);
    let requested = measure.shown(requested);
    let of = if measure == Measure::Cpu { "" } else { " of memory" };
    let title = format!(
        "a container that says nothing requests {requested}{of}, and no node of `{first}` has so much"
    );
    let label = format!("the largest node has {}", measure.shown(free));
    let found = Diagnostic::warning(DEFAULT_NO_NODE, title, at, label);
    let others = clusters.iter().skip(1);
    listed(found, others.map(|name| format!("nor has one of `{name}`")).collect(), "clusters")
        .help("the pods that need the defaults would wait for ever")
}
