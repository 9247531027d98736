//! Pods against the namespaces that they come to.

use std::collections::{BTreeMap, BTreeSet};

use super::View;
use super::errors::{self, Refused};
use super::namespace::{Fault, Pin, Space, What, near_label, near_version, space};
use super::pod_security::{Level, Policy, Violation, evaluate};
use super::pods::{Maker, Pods, each, pods};
use crate::diag::{Code, Diagnostic, nearest};
use crate::source::Span;

/// The minor versions that the Kubernetes of clusters may have: one where it is known.
#[derive(Clone, Debug)]
pub struct Clusters<'c> {
    /// Known versions, by the number of the cluster.
    pub known: &'c BTreeMap<u32, u32>,
    /// The oldest and the newest version that one may have of which nothing is said.
    pub others: (u32, u32),
}

/// An object, and where it stands.
#[derive(Clone, Debug)]
pub struct Object<T> {
    /// The object, or a list of objects.
    pub root: T,
    /// The number of what it is of: a resource, a file.
    pub of: usize,
    /// How that is called: `workload.web`.
    pub shown: String,
    /// The numbers and names of the clusters.
    pub on: Vec<(u32, String)>,
    /// Whether something that is not seen may still change it before it is applied.
    pub may_change: bool,
}

/// Something to say, once its places are spans.
#[derive(Debug)]
pub struct Finding<T> {
    /// Where it is said.
    pub places: Vec<Place<T>>,
    /// What is said.
    pub said: Said,
}

/// A value that a finding points to.
#[derive(Clone, Debug)]
pub struct Place<T> {
    /// The number of what it is of.
    pub of: usize,
    /// The value.
    pub at: T,
    /// What counts where nobody wrote the value: what is around it.
    pub around: T,
}

/// What is said.
#[derive(Debug)]
pub struct Said(Words);

#[derive(Debug)]
enum Words {
    Pods(Box<Refused>),
    Label { code: Code, label: String, value: String, near: Option<String>, enforced: bool },
    Ahead { label: String, value: String, cluster: String, minor: u32 },
}

impl Said {
    /// The finding, with a span a place.
    pub fn diagnostic(self, spans: &[Span]) -> Option<Diagnostic> {
        let (first, rest) = spans.split_first()?;
        Some(match self.0 {
            Words::Pods(refused) => {
                let (level, others) = rest.split_first()?;
                errors::refused(&refused, *first, *level, others)
            }
            Words::Label { code, label, value, near, enforced } => {
                errors::wrong_label(code, (&label, &value), near.as_deref(), enforced, *first)
            }
            Words::Ahead { label, value, cluster, minor } => {
                errors::ahead(&label, &value, &cluster, minor, *first)
            }
        })
    }
}

/// Whether an object, or one of a list, has a say: a namespace, or pods that some namespace may refuse.
pub fn matters<T: View>(root: &T) -> bool {
    let mut does = false;
    each(root, &mut |root| {
        does |= match pods(root) {
            Some(it) => {
                let found = evaluate(it.metadata.as_ref(), &it.spec, it.base, Policy::STRICTEST);
                !found.is_empty()
            }
            None => root.get("kind").as_ref().and_then(View::text) == Some("Namespace"),
        };
    });
    does
}

/// Everything that admission says of objects.
pub fn judge<T: View>(objects: &[Object<T>], clusters: &Clusters<'_>) -> Vec<Finding<T>> {
    let mut found = Vec::new();
    let mut spaces: Vec<(usize, Space<T>)> = Vec::new();
    let mut told: BTreeSet<(usize, String)> = BTreeSet::new();
    for (number, object) in objects.iter().enumerate() {
        each(&object.root, &mut |root| {
            let Some(mut space) = space(root) else { return };
            for fault in std::mem::take(&mut space.faults) {
                // One version stands in three labels.
                let once = match fault.what {
                    What::Version | What::Ahead(_) => &fault.value,
                    What::Level | What::Label => &fault.label,
                };
                let key = (object.of, once.clone());
                if told.contains(&key) {
                    continue;
                }
                if let Some(finding) = wrong_label(fault, object, clusters) {
                    found.push(finding);
                    told.insert(key);
                }
            }
            spaces.push((number, space));
        });
    }
    let mut by_name: BTreeMap<(u32, &str), Option<usize>> = BTreeMap::new();
    for (at, (number, space)) in spaces.iter().enumerate() {
        let Some(object) = objects.get(*number) else { continue };
        for (cluster, _) in &object.on {
            // Two of a name are of two clusters that are not told apart, or a mistake of another sort.
            by_name
                .entry((*cluster, &space.name))
                .and_modify(|known| *known = None)
                .or_insert(Some(at));
        }
    }
    let mut refused: Vec<(Group<T>, &Object<T>)> = Vec::new();
    let mut index: BTreeMap<Key, usize> = BTreeMap::new();
    for object in objects {
        each(&object.root, &mut |root| {
            let Some(it) = pods(root) else { return };
            let metadata = root.get("metadata");
            let named = |name: &str| metadata.as_ref().and_then(|it| it.get(name));
            let namespace = named("namespace");
            let namespace = namespace.as_ref().and_then(View::text).unwrap_or("default");
            let name = named("name").as_ref().and_then(View::text).unwrap_or("").to_owned();
            for (cluster, cluster_name) in &object.on {
                let space = by_name.get(&(*cluster, namespace)).copied().flatten();
                let Some((number, space)) = space.and_then(|at| spaces.get(at)) else { continue };
                let Some((level, label)) = &space.enforced else { continue };
                let minors = minors(*cluster, space.pin, clusters);
                for violation in certain(&it, *level, minors) {
                    let key =
                        (object.of, it.maker.kind, name.clone(), errors::code(violation.control));
                    let needed = needed(&it, &violation, minors);
                    let known = index.get(&key).and_then(|at| refused.get_mut(*at));
                    if let Some((group, _)) = known {
                        group.join(violation, needed, cluster_name);
                        continue;
                    }
                    index.insert(key, refused.len());
                    let of = objects.get(*number).map_or(object.of, |it| it.of);
                    let group = Group {
                        maker: it.maker,
                        namespace: namespace.to_owned(),
                        level: *level,
                        minors,
                        label: (of, label.clone()),
                        needed,
                        violations: vec![violation],
                        on: vec![cluster_name.clone()],
                    };
                    refused.push((group, object));
                }
            }
        });
    }
    found.extend(refused.into_iter().filter_map(|(group, object)| group.finding(object)));
    found
}

/// What a finding is about: the object, and the code.
type Key = (usize, &'static str, String, Code);

/// Violations of one control by one object.
struct Group<T> {
    maker: Maker,
    namespace: String,
    level: Level,
    minors: (u32, u32),
    label: (usize, T),
    needed: Level,
    violations: Vec<Violation<T>>,
    on: Vec<String>,
}

impl<T: View> Group<T> {
    fn join(&mut self, violation: Violation<T>, needed: Level, cluster: &str) {
        self.needed = self.needed.min(needed);
        if !self.violations.iter().any(|it| it.path == violation.path) {
            self.violations.push(violation);
        }
        if !self.on.iter().any(|it| it == cluster) {
            self.on.push(cluster.to_owned());
        }
    }

    fn finding(self, object: &Object<T>) -> Option<Finding<T>> {
        let mut violations = self.violations.into_iter();
        let first = violations.next()?;
        let of = object.of;
        let mut places = vec![Place { of, at: first.at, around: first.holder }];
        places.push(Place { of: self.label.0, at: self.label.1.clone(), around: self.label.1 });
        let mut others = Vec::new();
        for it in violations {
            others.push((it.path, it.found));
            places.push(Place { of, at: it.at, around: it.holder });
        }
        let (oldest, newest) = self.minors;
        let is_part = self.on.len() < object.on.len();
        let refused = Refused {
            shown: object.shown.clone(),
            fate: self.maker.fate,
            is_sure: self.maker.is_active() && !object.may_change,
            may_change: object.may_change,
            namespace: self.namespace,
            level: self.level,
            version: (oldest == newest).then_some(oldest),
            control: first.control,
            path: first.path,
            found: first.found,
            admitted: first.admitted.into_owned(),
            needed: self.needed,
            others,
            on: if is_part { self.on } else { Vec::new() },
            of: object.on.len(),
        };
        Some(Finding { places, said: Said(Words::Pods(Box::new(refused))) })
    }
}

/// The versions of the standards that a namespace may be held to: a cluster knows none that is newer than itself.
fn minors(cluster: u32, pin: Pin, clusters: &Clusters<'_>) -> (u32, u32) {
    let known = clusters.known.get(&cluster).map_or(clusters.others, |minor| (*minor, *minor));
    match pin {
        Pin::Latest => known,
        Pin::Minor(minor) => (minor.min(known.0), minor.min(known.1)),
    }
}

/// What a level refuses at every version that there may be. Versions only ever refuse more of a field, or only ever less: so the oldest and
/// the newest decide.
fn certain<T: View>(it: &Pods<T>, level: Level, (oldest, newest): (u32, u32)) -> Vec<Violation<T>> {
    let at = |minor| evaluate(it.metadata.as_ref(), &it.spec, it.base, Policy::new(level, minor));
    let mut found = at(oldest);
    if newest != oldest && !found.is_empty() {
        let last = at(newest);
        found.retain(|it| last.iter().any(|other| other.path == it.path));
    }
    found
}

/// The strictest level that admits a field.
fn needed<T: View>(it: &Pods<T>, violation: &Violation<T>, minors: (u32, u32)) -> Level {
    let refuses = |level| certain(it, level, minors).iter().any(|it| it.path == violation.path);
    if violation.control.level() == Level::Baseline || refuses(Level::Baseline) {
        Level::Privileged
    } else {
        Level::Baseline
    }
}

fn wrong_label<T: View>(
    fault: Fault<T>,
    object: &Object<T>,
    clusters: &Clusters<'_>,
) -> Option<Finding<T>> {
    let places = vec![Place { of: object.of, at: fault.at.clone(), around: fault.at }];
    let (label, value) = (fault.label, fault.value);
    let enforced = label.contains("/enforce");
    let said = match fault.what {
        What::Level => {
            let near = nearest(&value, Level::ALL.map(Level::as_str)).map(str::to_owned);
            Words::Label { code: errors::UNKNOWN_LEVEL, label, value, near, enforced }
        }
        What::Version => {
            let near = near_version(&value);
            Words::Label { code: errors::UNKNOWN_VERSION, label, value, near, enforced }
        }
        What::Label => {
            let near = near_label(&label);
            Words::Label { code: errors::UNKNOWN_LABEL, label, value, near, enforced }
        }
        What::Ahead(pin) => {
            let behind = object.on.iter().find_map(|(cluster, name)| {
                let minor = clusters.known.get(cluster)?;
                (*minor < pin).then(|| (name.clone(), *minor))
            });
            let (cluster, minor) = behind?;
            Words::Ahead { label, value, cluster, minor }
        }
    };
    Some(Finding { places, said: Said(said) })
}
