//! Which nodes a pod may lie on: taints, labels and affinity, as far as the program decides them.

use std::collections::BTreeSet;
use std::fmt;

use super::fit::Allowed;
use super::read::{Fields, at, field, is_set, origin, record, records, text, texts};
use crate::eval::Origin;
use crate::model::{self, Map, Model, Of, Tree};
use crate::source::Sym;

/// The taint and the label of control planes, by kubeadm and by Talos.
pub(super) const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";

/// A taint that keeps pods away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeTaint {
    /// Its key.
    pub key: String,
    /// Its value; may be empty.
    pub value: String,
    /// `NoSchedule` or `NoExecute`.
    pub effect: String,
}

/// As `kubectl taint` writes it: `acme.example/disk=nvme:NoSchedule`.
impl fmt::Display for NodeTaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.value.is_empty() { "" } else { "=" };
        write!(f, "{}{value}{}:{}", self.key, self.value, self.effect)
    }
}

/// What is known of the labels and taints of nodes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marks {
    /// Labels.
    pub labels: Vec<(String, String)>,
    /// Taints that keep pods away.
    pub taints: Vec<NodeTaint>,
}

/// The labels of nodes that a program decides: those that some pool of it has, and all of their domains. What others write
/// (the kubelet, cloud providers, discovery of hardware) may stand on any node.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decided {
    keys: BTreeSet<String>,
    domains: BTreeSet<String>,
}

impl Decided {
    /// What the pools of a program decide.
    pub(super) fn of(model: &Model<'_>) -> Self {
        let mut decided = Self::default();
        decided.keys.insert(CONTROL_PLANE.to_owned());
        for cluster in &model.clusters {
            let pools = cluster.value.workers.iter().map(|(_, pool)| &pool.labels);
            for labels in pools.chain([&cluster.value.control_plane.labels]) {
                for (key, _) in labels {
                    decided.add(key.as_str());
                }
            }
        }
        decided
    }

    fn add(&mut self, key: &str) {
        self.keys.insert(key.to_owned());
        let Some((domain, _)) = key.split_once('/') else { return };
        let is_of = |owner: &str| domain == owner || domain.ends_with(&format!(".{owner}"));
        if !is_of("kubernetes.io") && !is_of("k8s.io") {
            self.domains.insert(domain.to_owned());
        }
    }

    /// The key that pools set and that looks most like another.
    pub(super) fn nearest(&self, key: &str) -> Option<&str> {
        crate::diag::nearest(key, self.keys.iter().map(String::as_str))
    }

    fn holds(&self, key: &str) -> bool {
        let domain = key.split_once('/').map(|(domain, _)| domain);
        self.keys.contains(key) || domain.is_some_and(|domain| self.domains.contains(domain))
    }
}

/// What a pod says about the nodes that it lies on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Placing {
    tolerations: Vec<Toleration>,
    /// All of these.
    selector: Vec<Demand>,
    /// One of these, where there are any.
    terms: Vec<Vec<Demand>>,
    /// A node that is named.
    named: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Toleration {
    key: Option<String>,
    operator: String,
    value: String,
    effect: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Demand {
    key: String,
    operator: String,
    values: Vec<String>,
    /// Whether it asks a field of the node, not a label.
    of_field: bool,
    /// Where it is written.
    at: Origin,
}

/// Why a pod may not lie on nodes, or why that is not known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Because {
    /// It does not tolerate a taint.
    Taint(String),
    /// A label is missing that it asks for.
    NoLabel(String),
    /// A label has another value than it asks for, or is there and should not be.
    OtherLabel {
        /// The label.
        key: String,
        /// Its value.
        has: String,
    },
    /// It asks for a label that the program does not decide.
    UndecidedLabel(String),
    /// It names its node.
    NamedNode(String),
    /// What it asks for is not read here.
    Unread(String),
}

/// Follows the name of the nodes: `` `workers.database` has the taint .. ``.
impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taint(taint) => {
                write!(f, "has the taint `{taint}`, which the pod does not tolerate")
            }
            Self::NoLabel(key) => write!(f, "has no label `{key}`, which the pod asks for"),
            Self::OtherLabel { key, has } => {
                write!(f, "has the label `{key}` = \"{has}\", which is not what the pod asks for")
            }
            Self::UndecidedLabel(key) => {
                write!(f, "may have the label `{key}`, which no pool of this program sets")
            }
            Self::NamedNode(name) => write!(f, "may be where the node `{name}` is"),
            Self::Unread(what) => write!(f, "may not be what the pod asks for: {what}"),
        }
    }
}

impl Toleration {
    fn read(fields: Fields<'_, '_>) -> Self {
        Self {
            key: text(fields, "key").filter(|key| !key.is_empty()).map(str::to_owned),
            operator: text(fields, "operator").unwrap_or("Equal").to_owned(),
            value: text(fields, "value").unwrap_or_default().to_owned(),
            effect: text(fields, "effect").filter(|it| !it.is_empty()).map(str::to_owned),
        }
    }

    fn tolerates(&self, taint: &NodeTaint) -> Allowed {
        let is_meant = self.effect.as_ref().is_none_or(|effect| *effect == taint.effect)
            && self.key.as_ref().is_none_or(|key| *key == taint.key);
        match self.operator.as_str() {
            _ if !is_meant => Allowed::No,
            "Exists" => Allowed::Yes,
            "Equal" | "" if self.key.is_some() && self.value == taint.value => Allowed::Yes,
            "Equal" | "" => Allowed::No,
            _ => Allowed::Maybe,
        }
    }
}

impl Demand {
    fn read(fields: Fields<'_, '_>, of_field: bool) -> Self {
        Self {
            key: text(fields, "key").unwrap_or_default().to_owned(),
            operator: text(fields, "operator").unwrap_or_default().to_owned(),
            values: texts(fields, "values").into_iter().map(str::to_owned).collect(),
            of_field,
            at: origin(fields, "key"),
        }
    }

    /// Whether a label with a value, or one that is not there, is what is asked for.
    fn meets(&self, label: Option<&str>) -> bool {
        let listed = |label: &str| self.values.iter().any(|value| value == label);
        let number = |text: &str| text.parse::<i64>().ok();
        let bound = self.values.first().and_then(|value| number(value));
        match self.operator.as_str() {
            "In" => label.is_some_and(listed),
            "NotIn" => !label.is_some_and(listed),
            "Exists" => label.is_some(),
            "DoesNotExist" => label.is_none(),
            "Gt" => label.and_then(number).zip(bound).is_some_and(|(label, bound)| label > bound),
            "Lt" => label.and_then(number).zip(bound).is_some_and(|(label, bound)| label < bound),
            _ => false,
        }
    }

    fn on(&self, marks: &Marks, decided: &Decided) -> Result<(), (Allowed, Because)> {
        if self.of_field {
            let because = Because::Unread(format!("nodes by their field `{}`", self.key));
            return Err((Allowed::Maybe, because));
        }
        let label = marks.labels.iter().find(|(key, _)| *key == self.key);
        let Some((_, value)) = label else {
            return match (decided.holds(&self.key), self.meets(None)) {
                (true, true) => Ok(()),
                (true, false) => Err((Allowed::No, Because::NoLabel(self.key.clone()))),
                (false, _) => Err((Allowed::Maybe, Because::UndecidedLabel(self.key.clone()))),
            };
        };
        let other = || Because::OtherLabel { key: self.key.clone(), has: value.clone() };
        if self.meets(Some(value)) { Ok(()) } else { Err((Allowed::No, other())) }
    }
}

/// All of several: what surely fails first, then what is open.
fn all<'d>(
    demands: impl Iterator<Item = &'d Demand>,
    marks: &Marks,
    decided: &Decided,
) -> Result<(), (Allowed, Because)> {
    let mut open = Ok(());
    for demand in demands {
        match demand.on(marks, decided) {
            Err((Allowed::No, because)) => return Err((Allowed::No, because)),
            Err(other) => open = open.and(Err(other)),
            Ok(()) => {}
        }
    }
    open
}

impl Placing {
    /// What the spec of a pod says.
    pub(super) fn read(spec: Fields<'_, '_>) -> Self {
        let selector = record(spec, "nodeSelector");
        let required = at(
            spec,
            &["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"],
        );
        let wanted = |(key, _): &(Sym, Tree<'_>)| {
            let value = text(selector, key.as_str());
            Demand {
                key: key.as_str().to_owned(),
                operator: "In".to_owned(),
                values: value.into_iter().map(str::to_owned).collect(),
                of_field: false,
                at: origin(selector, key.as_str()),
            }
        };
        let term = |term: Fields<'_, '_>| {
            let labels = records(term, "matchExpressions").map(|it| Demand::read(it, false));
            labels.chain(records(term, "matchFields").map(|it| Demand::read(it, true))).collect()
        };
        Self {
            tolerations: records(spec, "tolerations").map(Toleration::read).collect(),
            selector: selector.iter().map(wanted).collect(),
            terms: records(required, "nodeSelectorTerms").map(term).collect(),
            named: text(spec, "nodeName").map(str::to_owned),
        }
    }

    /// What blocks say in `schedule-on` and `tolerate`.
    pub(super) fn of(labels: &Map<Of<&str>>, taints: &Map<model::Toleration<'_>>) -> Self {
        let wanted = |(key, value): &(Sym, Of<&str>)| Demand {
            key: key.as_str().to_owned(),
            operator: "In".to_owned(),
            values: vec![value.value.to_owned()],
            of_field: false,
            at: value.origin,
        };
        let tolerated = |(key, it): &(Sym, model::Toleration<'_>)| Toleration {
            key: Some(key.as_str().to_owned()),
            operator: if it.value.is_some() { "Equal" } else { "Exists" }.to_owned(),
            value: it.value.map_or_else(String::new, |it| it.value.to_owned()),
            effect: Some(it.effect.value.to_string()).filter(|effect| effect != "any"),
        };
        Self {
            tolerations: taints.iter().map(tolerated).collect(),
            selector: labels.iter().map(wanted).collect(),
            ..Self::default()
        }
    }

    /// Tolerates every taint of some keys, as pods do that come with the cluster.
    pub(super) fn tolerating(keys: &[&str]) -> Self {
        let toleration = |key: &&str| Toleration {
            key: Some((*key).to_owned()),
            operator: "Exists".to_owned(),
            value: String::new(),
            effect: None,
        };
        Self { tolerations: keys.iter().map(toleration).collect(), ..Self::default() }
    }

    /// Where a label is asked for.
    pub(super) fn asked_at(&self, key: &str) -> Option<Origin> {
        let demands = self.selector.iter().chain(self.terms.iter().flatten());
        demands.filter(|demand| demand.key == key).map(|demand| demand.at).next()
    }

    /// Whether a pod may lie on nodes, and why not, or why that is open.
    pub fn on(&self, marks: &Marks, decided: &Decided) -> (Allowed, Option<Because>) {
        match self.decide(marks, decided) {
            Ok(()) => (Allowed::Yes, None),
            Err((allowed, because)) => (allowed, Some(because)),
        }
    }

    fn decide(&self, marks: &Marks, decided: &Decided) -> Result<(), (Allowed, Because)> {
        if let Some(name) = &self.named {
            return Err((Allowed::Maybe, Because::NamedNode(name.clone())));
        }
        let mut open = Ok(());
        for taint in &marks.taints {
            let best = self.tolerations.iter().map(|it| it.tolerates(taint));
            let best: Vec<Allowed> = best.collect();
            if best.contains(&Allowed::Yes) {
                continue;
            }
            if !best.contains(&Allowed::Maybe) {
                return Err((Allowed::No, Because::Taint(taint.to_string())));
            }
            let unread = Because::Unread("taints by their order".to_owned());
            open = open.and(Err((Allowed::Maybe, unread)));
        }
        match all(self.selector.iter(), marks, decided) {
            Err((Allowed::No, because)) => return Err((Allowed::No, because)),
            other => open = open.and(other),
        }
        // An empty term meets no node.
        let terms = self.terms.iter().filter(|term| !term.is_empty());
        let results: Vec<_> = terms.map(|term| all(term.iter(), marks, decided)).collect();
        if results.iter().any(Result::is_ok) || self.terms.is_empty() {
            return open;
        }
        let first = |allowed: Allowed| {
            results.iter().find(|it| it.as_ref().is_err_and(|(it, _)| *it == allowed)).cloned()
        };
        match (first(Allowed::Maybe), first(Allowed::No)) {
            (Some(maybe), _) => open.and(maybe),
            (None, Some(no)) => no,
            (None, None) => Err((
                Allowed::No,
                Because::Unread("no node at all: its terms are empty".to_owned()),
            )),
        }
    }
}

/// Whether a selector of pods (`labelSelector`) selects a pod with these labels.
pub(super) fn selects(selector: Fields<'_, '_>, labels: Fields<'_, '_>) -> bool {
    let label = |key: &str| text(labels, key);
    let equals = record(selector, "matchLabels");
    let mut keys = equals.iter().map(|(key, _)| key.as_str());
    let equal = keys.all(|key| label(key).is_some() && label(key) == text(equals, key));
    let demands = records(selector, "matchExpressions").map(|it| Demand::read(it, false));
    let mut demands = demands.map(|demand| demand.meets(label(&demand.key)));
    equal && demands.all(|met| met)
}

/// Whether pods with these labels, in their own namespace, keep away from one another on nodes.
pub(super) fn keeps_apart(spec: Fields<'_, '_>, labels: Fields<'_, '_>) -> bool {
    let apart = at(spec, &["affinity", "podAntiAffinity"]);
    records(apart, "requiredDuringSchedulingIgnoredDuringExecution").any(|term| {
        let elsewhere = is_set(term, "namespaces") || field(term, "namespaceSelector").is_some();
        let narrowed = is_set(term, "matchLabelKeys") || is_set(term, "mismatchLabelKeys");
        !elsewhere
            && !narrowed
            && text(term, "topologyKey") == Some("kubernetes.io/hostname")
            && field(term, "labelSelector").is_some()
            && selects(record(term, "labelSelector"), labels)
    })
}

#[cfg(test)]
mod tests {
    use super::{Because, CONTROL_PLANE, Decided, Marks, NodeTaint, Placing, keeps_apart};
    use crate::eval::Origin;
    use crate::model::{Of, Tree};
    use crate::prove::capacity::fit::Allowed;
    use crate::prove::capacity::read::Fields;
    use crate::source::Sym;

    /// A tree, written as JSON.
    fn tree(value: &serde_json::Value) -> Tree<'static> {
        match value {
            serde_json::Value::Bool(value) => Tree::Bool(Of::new(*value, Origin::NONE)),
            serde_json::Value::Number(value) => {
                Tree::Int(Of::new(value.as_i64().unwrap(), Origin::NONE))
            }
            serde_json::Value::String(text) => {
                Tree::Text(Of::new(Sym::new(text).as_str(), Origin::NONE))
            }
            serde_json::Value::Array(items) => Tree::List(items.iter().map(tree).collect()),
            serde_json::Value::Object(fields) => {
                Tree::Map(fields.iter().map(|(key, value)| (Sym::new(key), tree(value))).collect())
            }
            serde_json::Value::Null => panic!("no null"),
        }
    }

    fn with<R>(json: &str, then: impl FnOnce(Fields<'_, 'static>) -> R) -> R {
        let Tree::Map(fields) = tree(&serde_json::from_str(json).unwrap()) else {
            panic!("{json}")
        };
        then(&fields)
    }

    /// Where a pod may lie: a pool with a taint, of nodes with `acme.example/disk=nvme` and `size=3`.
    fn check(spec: &str, expected: Allowed, why: Option<Because>) {
        let marks = Marks {
            labels: vec![
                ("acme.example/disk".to_owned(), "nvme".to_owned()),
                ("size".to_owned(), "3".to_owned()),
            ],
            taints: vec![NodeTaint {
                key: "db".to_owned(),
                value: "yes".to_owned(),
                effect: "NoSchedule".to_owned(),
            }],
        };
        let mut decided = Decided::default();
        decided.add("acme.example/disk");
        decided.add("size");
        decided.add("node-role.kubernetes.io/database");
        let found = with(spec, |spec| Placing::read(spec).on(&marks, &decided));
        assert_eq!(found, (expected, why), "{spec}");
    }

    #[test]
    fn taints_are_tolerated_as_kubernetes_does_it() {
        let taint = || Some(Because::Taint("db=yes:NoSchedule".to_owned()));
        let tolerating = |toleration: &str| format!(r#"{{"tolerations":[{toleration}]}}"#);
        check("{}", Allowed::No, taint());
        check(&tolerating(r#"{"operator":"Exists"}"#), Allowed::Yes, None);
        check(&tolerating(r#"{"key":"db","operator":"Exists"}"#), Allowed::Yes, None);
        check(&tolerating(r#"{"key":"db","value":"yes"}"#), Allowed::Yes, None);
        check(&tolerating(r#"{"key":"db"}"#), Allowed::No, taint());
        check(
            &tolerating(r#"{"key":"db","value":"yes","effect":"NoExecute"}"#),
            Allowed::No,
            taint(),
        );
        let unread = Because::Unread("taints by their order".to_owned());
        check(
            &tolerating(r#"{"key":"db","operator":"Gt","value":"1"}"#),
            Allowed::Maybe,
            Some(unread),
        );
    }

    #[test]
    fn labels_are_met_missed_or_not_decided() {
        let selecting = |labels: &str| {
            format!(r#"{{"tolerations":[{{"operator":"Exists"}}],"nodeSelector":{labels}}}"#)
        };
        let other = Because::OtherLabel { key: "acme.example/disk".into(), has: "nvme".into() };
        check(&selecting(r#"{"acme.example/disk":"nvme"}"#), Allowed::Yes, None);
        check(&selecting(r#"{"acme.example/disk":"hdd"}"#), Allowed::No, Some(other));
        let missing = |key: &str| Some(Because::NoLabel(key.to_owned()));
        // A domain of the program's own labels is the program's.
        check(
            &selecting(r#"{"acme.example/dsk":"nvme"}"#),
            Allowed::No,
            missing("acme.example/dsk"),
        );
        let role = "node-role.kubernetes.io/database";
        check(&selecting(&format!(r#"{{"{role}":""}}"#)), Allowed::No, missing(role));
        let zone = "topology.kubernetes.io/zone";
        let open = Some(Because::UndecidedLabel(zone.to_owned()));
        check(&selecting(&format!(r#"{{"{zone}":"a"}}"#)), Allowed::Maybe, open);
    }

    #[test]
    fn one_term_of_an_affinity_is_enough() {
        let affinity = |terms: &str| {
            format!(
                r#"{{"tolerations":[{{"operator":"Exists"}}],"affinity":{{"nodeAffinity":{{
                "requiredDuringSchedulingIgnoredDuringExecution":{{"nodeSelectorTerms":[{terms}]}}}}}}}}"#
            )
        };
        let term = |key: &str, operator: &str, values: &str| {
            format!(
                r#"{{"matchExpressions":[{{"key":"{key}","operator":"{operator}","values":[{values}]}}]}}"#
            )
        };
        let large = term("size", "Gt", r#""2""#);
        let small = term("size", "Lt", r#""2""#);
        let open = term("kubernetes.io/arch", "In", r#""arm64""#);
        let size = Because::OtherLabel { key: "size".to_owned(), has: "3".to_owned() };
        check(&affinity(&large), Allowed::Yes, None);
        check(&affinity(&format!("{small},{large}")), Allowed::Yes, None);
        check(&affinity(&small), Allowed::No, Some(size));
        let arch = Because::UndecidedLabel("kubernetes.io/arch".to_owned());
        check(&affinity(&format!("{small},{open}")), Allowed::Maybe, Some(arch));
        check(
            &affinity(&term("size", "DoesNotExist", "")),
            Allowed::No,
            Some(Because::OtherLabel { key: "size".to_owned(), has: "3".to_owned() }),
        );
        check(&affinity(&term("acme.example/gpu", "NotIn", r#""none""#)), Allowed::Yes, None);
        let by_name = r#"{"matchFields":[{"key":"metadata.name","operator":"In","values":["a"]}]}"#;
        let unread = Because::Unread("nodes by their field `metadata.name`".to_owned());
        check(&affinity(by_name), Allowed::Maybe, Some(unread));
    }

    #[test]
    fn control_planes_keep_pods_away() {
        let taint = NodeTaint {
            key: CONTROL_PLANE.to_owned(),
            value: String::new(),
            effect: "NoSchedule".to_owned(),
        };
        let marks = Marks { labels: Vec::new(), taints: vec![taint] };
        let decided = Decided::default();
        assert_eq!(Placing::default().on(&marks, &decided).0, Allowed::No);
        assert_eq!(Placing::tolerating(&[CONTROL_PLANE]).on(&marks, &decided).0, Allowed::Yes);
    }

    #[test]
    fn pods_keep_apart_where_they_select_themselves() {
        let apart = |term: &str| {
            let spec = format!(
                r#"{{"affinity":{{"podAntiAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":[{term}]}}}}}}"#
            );
            with(&spec, |spec| with(r#"{"app":"web"}"#, |labels| keeps_apart(spec, labels)))
        };
        let host = r#""topologyKey":"kubernetes.io/hostname""#;
        assert!(apart(&format!(r#"{{{host},"labelSelector":{{"matchLabels":{{"app":"web"}}}}}}"#)));
        assert!(apart(&format!(r#"{{{host},"labelSelector":{{}}}}"#)));
        assert!(!apart(&format!("{{{host}}}")));
        assert!(!apart(&format!(r#"{{{host},"labelSelector":{{"matchLabels":{{"app":"db"}}}}}}"#)));
        let zone = r#""topologyKey":"topology.kubernetes.io/zone""#;
        assert!(!apart(&format!(r#"{{{zone},"labelSelector":{{}}}}"#)));
        assert!(!apart(&format!(r#"{{{host},"labelSelector":{{}},"namespaces":["x"]}}"#)));
    }
}
