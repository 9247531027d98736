//! Rules that objects must meet.

use super::addon::ObjectKind;
use super::lift::{Lift, Reader};
use super::{Map, Model, Of, Ref, Tree};
use crate::eval::{Origin, Value};
use crate::source::Sym;

/// `kind Policy`.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy<'a> {
    /// The clusters where it holds.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// What it is for.
    pub description: Option<Of<&'a str>>,
    /// Which objects it is for.
    pub r#match: PolicyObjects<'a>,
    /// Namespaces that are left out.
    pub except: Vec<Of<Ref>>,
    /// `deny`, `warn` or `dryrun`.
    pub action: Of<Sym>,
    /// `gatekeeper` or `admission-policy`.
    pub engine: Of<Sym>,
    /// The rule in Rego.
    pub rego: Option<Of<&'a str>>,
    /// The rule in CEL.
    pub cel: Option<Of<&'a str>>,
    /// What is said where CEL does not hold.
    pub message: Option<Of<&'a str>>,
    /// What the rule is told.
    pub param: Map<Tree<'a>>,
    /// Whether what becomes pods is judged as pods.
    pub workloads: Of<bool>,
    /// Objects, and whether they are refused.
    pub test: Map<PolicyCase<'a>>,
}

/// `[Object] | PolicyMatch`.
#[derive(Clone, PartialEq, Debug)]
pub enum PolicyObjects<'a> {
    /// Types of objects.
    Kinds(Vec<ObjectKind<'a>>),
    /// Types of objects, and more.
    Closely(PolicyMatch<'a>),
}

/// `schema PolicyMatch`.
#[derive(Clone, PartialEq, Debug)]
pub struct PolicyMatch<'a> {
    /// The types of the objects.
    pub kinds: Vec<ObjectKind<'a>>,
    /// Their namespaces; all where there is none.
    pub namespaces: Vec<Of<Ref>>,
    /// Labels that they have.
    pub labels: Map<Of<&'a str>>,
    /// `all`, `namespaced` or `cluster`.
    pub scope: Of<Sym>,
}

/// `schema PolicyCase`.
#[derive(Clone, PartialEq, Debug)]
pub struct PolicyCase<'a> {
    /// Its name.
    pub name: Of<Sym>,
    /// The object.
    pub object: Tree<'a>,
    /// How often the policy objects.
    pub violations: Expected,
}

/// `Int | "some"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// At least once.
    Some(Origin),
    /// So often.
    Exactly(Of<i64>),
}

impl Expected {
    /// What says so.
    pub const fn origin(self) -> Origin {
        match self {
            Self::Some(origin) => origin,
            Self::Exactly(count) => count.origin,
        }
    }
}

impl<'a> Lift<'a> for Expected {
    fn lift(_: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        match value {
            Value::Int(count) => Some(Self::Exactly(Of::new(count, origin))),
            Value::Text(_) | Value::Name(_) => Some(Self::Some(origin)),
            _ => None,
        }
    }
}

impl<'a> Lift<'a> for PolicyObjects<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        if let Value::List(_) = value {
            return Some(Self::Kinds(Lift::lift(reader, value, origin)?));
        }
        Some(Self::Closely(Lift::lift(reader, value, origin)?))
    }
}

impl<'a> PolicyObjects<'a> {
    /// The types of the objects.
    pub fn kinds(&self) -> &[ObjectKind<'a>] {
        match self {
            Self::Kinds(kinds) => kinds,
            Self::Closely(closely) => &closely.kinds,
        }
    }

    /// What else must hold.
    pub const fn closely(&self) -> Option<&PolicyMatch<'a>> {
        match self {
            Self::Kinds(_) => None,
            Self::Closely(closely) => Some(closely),
        }
    }
}

impl Policy<'_> {
    /// Whether it is for pods.
    pub fn is_for_pods(&self) -> bool {
        self.r#match.kinds().iter().any(|it| it.group.is_empty() && it.kind == "Pod")
    }

    /// The kind of its ConstraintTemplate: `required-labels` is `RequiredLabels`.
    pub fn template_kind(&self) -> String {
        let parts = self.name.value.as_str().split('-');
        let upper = |part: &str| {
            let mut letters = part.chars();
            let first = letters.next().map(|it| it.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        };
        parts.map(upper).collect()
    }

    /// The namespaces that are left out, by name.
    pub fn left_out(&self, model: &Model<'_>) -> Vec<String> {
        let addons = model.addons.iter();
        let own =
            addons.filter(|it| it.value.chart.is_some_and(|it| it.name.value == "gatekeeper"));
        let mut of_gatekeeper: Vec<String> =
            own.map(|it| it.value.namespace.value.name.to_string()).collect();
        if of_gatekeeper.is_empty() {
            of_gatekeeper.push("gatekeeper-system".to_owned());
        }
        let mut all = vec!["kube-system".to_owned()];
        all.extend(of_gatekeeper);
        all.extend(self.except.iter().map(|it| it.value.name.to_string()));
        let mut out: Vec<String> = Vec::new();
        for name in all {
            if !out.contains(&name) {
                out.push(name);
            }
        }
        out
    }
}
