//! Which Application applies which files, and when.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::backend::{Job, Node, Output};
use crate::model::{Kind, Model, Ref, ResourceId};
use crate::order::{Order, levels, orders};
use crate::source::Sym;

/// The name of the file of a namespace, in its folder.
const NAMESPACE: &str = "namespace.yaml";

/// A group and kind of objects.
pub(super) type GroupKind = (String, String);

/// Files of one folder that one Application applies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Content {
    /// The cluster whose they are.
    pub(super) cluster: Ref,
    /// What the Application is called, behind the name of the cluster.
    pub(super) name: String,
    /// The folder, below that of the cluster; empty where it is that of the cluster itself, with all below.
    pub(super) folder: String,
    /// The pattern of the files that are meant; all of them where there is none.
    pub(super) include: Option<String>,
    /// The pattern of the files that are not.
    pub(super) exclude: Option<String>,
    /// When it is applied.
    pub(super) wave: usize,
    /// The namespaces of its objects.
    pub(super) namespaces: BTreeSet<String>,
    /// The kinds of its objects that live in no namespace.
    pub(super) cluster_objects: BTreeSet<GroupKind>,
    /// Whether some are of types that Kubernetes does not bring itself.
    pub(super) is_custom: bool,
}

/// The whole tree.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// What applies files.
    pub(super) contents: Vec<Content>,
    /// When resources with Applications of their own come: by cluster and resource.
    pub(super) waves: FxHashMap<(ResourceId, ResourceId), usize>,
    /// When an object comes within its Application, by its resource's address: none where it is the first.
    pub(super) levels: FxHashMap<String, usize>,
}

/// What is applied together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Part {
    /// The namespaces that wait for nothing.
    Namespaces,
    /// A resource with an Application of its own kind.
    Own(usize),
    /// A resource for which software waits: its files apart from their folder.
    Early(usize),
    /// The rest of a folder.
    Folder(String),
    /// A resource without files.
    Nothing(usize),
}

/// A file of a cluster.
struct File {
    folder: String,
    name: String,
    namespaces: BTreeSet<String>,
    cluster_objects: BTreeSet<GroupKind>,
    is_custom: bool,
}

type Files = FxHashMap<ResourceId, BTreeMap<String, Vec<File>>>;

/// Whether a resource becomes Applications, and no files of its clusters.
const fn is_own(kind: Kind) -> bool {
    matches!(kind, Kind::Addon | Kind::Monitoring | Kind::Apps)
}

/// Plans the tree of what some jobs make.
pub(super) fn plan(model: &Model<'_>, jobs: &[Job<'_>]) -> Plan {
    let files = files(model, jobs);
    let mut plan = Plan::default();
    let orders = orders(model);
    for order in &orders {
        if let Some(files) = files.get(&order.cluster.id) {
            contents(model, order, files, &mut plan);
        } else {
            contents(model, order, &BTreeMap::new(), &mut plan);
        }
    }
    plan.levels = object_levels(&orders, &files);
    plan
}

/// The files of every cluster, by the address of who makes them.
fn files(model: &Model<'_>, jobs: &[Job<'_>]) -> Files {
    let mut out: Files = FxHashMap::default();
    for job in jobs {
        let output = job();
        for cluster in &output.clusters {
            let by_address = out.entry(cluster.id).or_default();
            let address = output.document.address.to_string();
            by_address.entry(address).or_default().push(file(model, &output));
        }
    }
    out
}

fn file(model: &Model<'_>, output: &Output<'_>) -> File {
    let path = &output.document.path;
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut file = File {
        folder: folder.to_owned(),
        name: name.to_owned(),
        namespaces: BTreeSet::new(),
        cluster_objects: BTreeSet::new(),
        is_custom: false,
    };
    for manifest in &output.document.manifests {
        let read = |key: &str| manifest.root.get(key).and_then(Node::as_text).unwrap_or("");
        let (version, kind) = (read("apiVersion"), read("kind"));
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let namespace = manifest.root.get("metadata").and_then(|it| it.get("namespace"));
        let known = model.catalog.by_kind(version, kind).map(|it| it.namespaced);
        if known.unwrap_or(namespace.is_some()) {
            file.namespaces.extend(namespace.and_then(Node::as_text).map(str::to_owned));
        } else {
            file.cluster_objects.insert((group.to_owned(), kind.to_owned()));
        }
        file.is_custom |= !crate::order::is_built_in(group);
    }
    file
}

/// The Applications of one cluster.
fn contents(
    model: &Model<'_>,
    order: &Order<'_>,
    files: &BTreeMap<String, Vec<File>>,
    plan: &mut Plan,
) {
    let waited: FxHashSet<usize> = order.before(|node| is_own(node.kind));
    let waits: Vec<_> = order.waits().collect();
    let waiting: FxHashSet<usize> = waits.iter().map(|wait| wait.from).collect();
    // What each resource is a part of: several where its files stand in several folders.
    let parts: Vec<Vec<Part>> = order
        .nodes()
        .enumerate()
        .map(|(at, node)| {
            let folders = || {
                let files = files.get(&node.address).into_iter().flatten();
                let folders: BTreeSet<&str> = files.map(|file| file.folder.as_str()).collect();
                folders.into_iter().map(|folder| Part::Folder(folder.to_owned()))
            };
            if node.kind == Kind::Apps {
                // A set whose applications expire has files on the hub, where it may not stand itself.
                let set = is_set_of(model, node, order.cluster).then_some(Part::Own(at));
                return set.into_iter().chain(folders()).collect();
            }
            if is_own(node.kind) {
                return vec![Part::Own(at)];
            }
            if !files.contains_key(&node.address) {
                return vec![Part::Nothing(at)];
            }
            if node.kind == Kind::Namespace && !waiting.contains(&at) {
                return vec![Part::Namespaces];
            }
            if waited.contains(&at) {
                return vec![Part::Early(at)];
            }
            folders().collect()
        })
        .collect();
    // Files of nobody in the order: what is shared by several resources.
    let known: FxHashSet<&str> = order.nodes().map(|node| node.address.as_str()).collect();
    let loose = files.iter().filter(|(address, _)| !known.contains(address.as_str()));
    let loose: BTreeSet<Part> = loose
        .flat_map(|(_, files)| files.iter().map(|file| Part::Folder(file.folder.clone())))
        .collect();
    let mut all: Vec<Part> = parts.iter().flatten().cloned().chain(loose).collect();
    all.sort();
    all.dedup();
    let place = |part: &Part| all.binary_search(part).ok();
    let between = waits.iter().flat_map(|wait| {
        let (from, to) = (parts.get(wait.from), parts.get(wait.to));
        let pairs = from
            .into_iter()
            .flatten()
            .flat_map(move |from| to.into_iter().flatten().map(move |to| (from, to)));
        pairs
            .filter(|(from, to)| from != to)
            .filter_map(|(from, to)| Some((place(from)?, place(to)?)))
    });
    let deep = levels(all.len(), between);
    let real = all.iter().zip(&deep).filter(|(part, _)| !matches!(part, Part::Nothing(_)));
    let used: BTreeSet<usize> = real.map(|(_, &level)| level).collect();
    let wave = |level: usize| used.range(..level).count();
    for (part, &level) in all.iter().zip(&deep) {
        let wave = wave(level);
        match part {
            Part::Own(at) => {
                if let Some(node) = order.node(*at) {
                    plan.waves.insert((order.cluster.id, node.id), wave);
                }
            }
            Part::Nothing(_) => {}
            Part::Namespaces | Part::Early(_) | Part::Folder(_) => {
                let of = |at: usize| parts.get(at).is_some_and(|it| it.contains(part));
                plan.contents.push(content(order, files, part, wave, of));
            }
        }
    }
}

/// Whether a set makes applications on a cluster.
fn is_set_of(model: &Model<'_>, node: &crate::order::Node<'_>, cluster: &Ref) -> bool {
    let mut parts = model.apps.iter().filter(|it| it.id == node.id);
    parts.any(|it| it.targets.iter().any(|target| target.id == cluster.id))
}

/// The Application of one part.
fn content(
    order: &Order<'_>,
    files: &BTreeMap<String, Vec<File>>,
    part: &Part,
    wave: usize,
    of: impl Fn(usize) -> bool,
) -> Content {
    let places: FxHashMap<&str, usize> =
        order.nodes().enumerate().map(|(at, node)| (node.address.as_str(), at)).collect();
    let mut content = Content {
        cluster: *order.cluster,
        name: String::new(),
        folder: String::new(),
        include: None,
        exclude: None,
        wave,
        namespaces: BTreeSet::new(),
        cluster_objects: BTreeSet::new(),
        is_custom: false,
    };
    let mut mine: BTreeSet<String> = BTreeSet::new();
    let mut others: BTreeSet<String> = BTreeSet::new();
    for (address, made) in files {
        let at = places.get(address.as_str());
        for file in made {
            let belongs = match (at, part) {
                (Some(&at), Part::Folder(folder)) => of(at) && file.folder == *folder,
                (Some(&at), _) => of(at),
                (None, Part::Folder(folder)) => file.folder == *folder,
                (None, _) => false,
            };
            if belongs {
                mine.insert(file.name.clone());
                content.folder.clone_from(&file.folder);
                content.namespaces.extend(file.namespaces.iter().cloned());
                content.cluster_objects.extend(file.cluster_objects.iter().cloned());
                content.is_custom |= file.is_custom;
            } else if matches!(part, Part::Folder(folder) if file.folder == *folder) {
                others.insert(file.name.clone());
            }
        }
    }
    match part {
        Part::Namespaces => {
            content.name = "namespaces".to_owned();
            content.folder = String::new();
            content.include = Some(format!("*/{NAMESPACE}"));
        }
        Part::Early(at) => {
            let address = order.node(*at).map_or("", |node| node.address.as_str());
            content.name = address.replace('.', "-");
            content.include = pattern(&mine);
        }
        Part::Folder(folder) => {
            content.name = format!("{}-objects", folder.replace('/', "-"));
            // The namespace of a folder may come and go: its absence is no change of this.
            others.insert(NAMESPACE.to_owned());
            if !mine.contains(NAMESPACE) {
                content.exclude = pattern(&others);
            }
        }
        Part::Own(_) | Part::Nothing(_) => {}
    }
    content
}

/// A pattern of Argo CD that means some names.
fn pattern(names: &BTreeSet<String>) -> Option<String> {
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    match all.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        several => Some(format!("{{{}}}", several.join(","))),
    }
}

/// How deep each resource's objects lie among those that are applied with them. A file stands on many clusters, so that what waits on one of
/// them waits on all.
fn object_levels(orders: &[Order<'_>], files: &Files) -> FxHashMap<String, usize> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for node in orders.iter().flat_map(Order::nodes).filter(|node| !is_own(node.kind)) {
        let next = places.len();
        places.entry(&node.address).or_insert(next);
    }
    let mut waits: BTreeSet<(usize, usize)> = BTreeSet::new();
    for order in orders {
        let Some(files) = files.get(&order.cluster.id) else { continue };
        let folders = |address: &str| -> BTreeSet<&str> {
            files.get(address).into_iter().flatten().map(|file| file.folder.as_str()).collect()
        };
        for wait in order.waits() {
            let (Some(from), Some(to)) = (order.node(wait.from), order.node(wait.to)) else {
                continue;
            };
            let ends = (places.get(from.address.as_str()), places.get(to.address.as_str()));
            let (Some(&of), Some(&on)) = ends else { continue };
            // A namespace comes with all others, before what stands in it.
            let together = !folders(&from.address).is_disjoint(&folders(&to.address));
            if together && to.kind != Kind::Namespace {
                waits.insert((of, on));
            }
        }
    }
    let deep = levels(places.len(), waits);
    let deep =
        places.into_iter().filter_map(|(address, at)| Some((address.to_owned(), *deep.get(at)?)));
    deep.filter(|(_, level)| *level > 0).collect()
}

/// The name of a cluster and of what it applies, joined.
pub(super) fn joined(cluster: Sym, name: &str) -> String {
    format!("{cluster}-{name}")
}
