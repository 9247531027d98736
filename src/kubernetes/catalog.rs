//! Tables of object types.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::declare::{CLUSTER_API, PREFIX, PREFIXES};

/// Kubernetes' own types.
const CORE: &str = include_str!("../../stdlib/catalog/kubernetes/types.txt");
/// Those of Cluster API and its providers.
const CLUSTERS: &str = include_str!("../../stdlib/catalog/cluster-api/types.txt");

/// A run of minor versions of Kubernetes, both ends included; none is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Minors {
    /// The first.
    pub since: Option<u32>,
    /// The last.
    pub until: Option<u32>,
}

impl Minors {
    /// Whether a version lies in the run.
    pub fn hold(self, minor: u32) -> bool {
        self.since.is_none_or(|since| since <= minor)
            && self.until.is_none_or(|until| minor <= until)
    }

    fn read(text: &str) -> Option<Self> {
        let (since, until) = text.split_once('-')?;
        let end =
            |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
        Some(Self { since: end(since)?, until: end(until)? })
    }
}

/// The minor number of a version of Kubernetes 1: 34 of `v1.34.2`.
pub fn minor_of(version: &str) -> Option<u32> {
    let mut parts = version.trim_start_matches('v').split('.');
    (parts.next() == Some("1")).then(|| parts.next()?.parse().ok()).flatten()
}

/// What a field holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A text.
    String,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// A boolean.
    Bool,
    /// An amount: `500m`, `1Gi`, `2`.
    Quantity,
    /// A whole number, or a text.
    IntOrString,
    /// Anything.
    Data,
    /// One of these texts.
    Enum(Vec<String>),
    /// A list.
    List(Box<Self>),
    /// A map whose keys are texts.
    Map(Box<Self>),
    /// Another type of the tables: `core.v1.Container`.
    Type(String),
}

impl Shape {
    fn read(text: &str) -> Self {
        let inner = |open, close| text.strip_prefix(open).and_then(|text| text.strip_suffix(close));
        if let Some(of) = inner('[', ']') {
            return Self::List(Box::new(Self::read(of)));
        }
        if let Some(of) = inner('{', '}') {
            return Self::Map(Box::new(Self::read(of)));
        }
        match text {
            "String" => Self::String,
            "Int" => Self::Int,
            "Float" => Self::Float,
            "Bool" => Self::Bool,
            "Quantity" => Self::Quantity,
            "IntOrString" => Self::IntOrString,
            "Data" => Self::Data,
            text if text.starts_with('=') => Self::Enum(
                text.trim_start_matches('=')
                    .split('|')
                    .map(|value| value.replace("%20", " "))
                    .collect(),
            ),
            text => Self::Type(text.trim_start_matches('@').to_owned()),
        }
    }

    /// The type that it holds, through lists and maps.
    pub fn inner(&self) -> Option<&str> {
        match self {
            Self::List(of) | Self::Map(of) => of.inner(),
            Self::Type(name) => Some(name),
            Self::String
            | Self::Int
            | Self::Float
            | Self::Bool
            | Self::Quantity
            | Self::IntOrString
            | Self::Data
            | Self::Enum(_) => None,
        }
    }
}

/// A field of a type, or what it is in some versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldType {
    /// Its name, as Kubernetes spells it.
    pub name: String,
    /// Whether an object without it is refused.
    pub required: bool,
    /// What it holds.
    pub shape: Shape,
    /// For lists: the fields that tell the items apart, first the one that patches merge by. `set` for lists without equal items.
    pub keys: Vec<String>,
    /// Where it is so.
    pub minors: Minors,
    /// The least and the most that a number may be, or characters that a text or items that a list may have.
    pub bounds: Bounds,
    /// What the API server fills in, as JSON.
    pub default: Option<String>,
}

/// Both ends of what a definition allows, as it writes them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    /// The least.
    pub low: Option<String>,
    /// The most.
    pub high: Option<String>,
}

/// A type of objects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ObjectType {
    /// `apps`; the core group is empty.
    pub group: String,
    /// `v1`.
    pub version: String,
    /// `Deployment`.
    pub kind: String,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// The type of its fields: `apps.v1.Deployment`.
    pub schema: String,
    /// Where the API server serves it.
    pub minors: Minors,
    /// Whether its definition says that it should not be used any more.
    pub deprecated: bool,
    /// Whether its definition says that no API server serves it.
    pub unserved: bool,
    /// The module of its declaration: `k8s.apps.v1`.
    pub module: String,
}

impl ObjectType {
    /// `apps/v1`, as in `apiVersion`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `k8s.apps.v1.Deployment`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.module, self.kind)
    }
}

/// A type of objects that was removed before the tables begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gone {
    /// Its group.
    pub group: String,
    /// Its version.
    pub version: String,
    /// Its kind.
    pub kind: String,
    /// The last minor version that served it.
    pub last: u32,
    /// Group and version that serve it now.
    pub now: Option<(String, String)>,
}

/// What is known of object types.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Catalog {
    /// The object types, sorted within a table.
    pub objects: Vec<ObjectType>,
    /// What is gone.
    pub gone: Vec<Gone>,
    types: FxHashMap<String, Vec<FieldType>>,
    /// `TYPE FIELD` of what tells items of lists apart.
    keys: FxHashSet<String>,
    newest: u32,
    oldest: u32,
}

/// The first label of a group is its name in the language; the core group is `core`.
fn short(group: &str) -> &str {
    if group.is_empty() { "core" } else { group.split('.').next().unwrap_or(group) }
}

impl Catalog {
    /// Kubernetes' own types, read once a process.
    pub fn core() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| {
            let mut catalog = Self::default();
            let wrong = catalog.add(CORE, |group| format!("{PREFIX}.{}", short(group)));
            debug_assert_eq!(wrong, None, "a line of the table that cannot be read");
            catalog
        })
    }

    /// Kubernetes' own types and those of Cluster API, read once a process, and only where something asks for them.
    pub fn with_cluster_api() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| {
            let mut catalog = Self::core().clone();
            let wrong = catalog.add(CLUSTERS, |group| format!("{CLUSTER_API}.{}", short(group)));
            debug_assert_eq!(wrong, None, "a line of the table that cannot be read");
            catalog
        })
    }

    /// The types of the library that programs with these texts may need: those of Cluster API only where a text speaks of it.
    pub fn of_library<'t>(mut texts: impl Iterator<Item = &'t str>) -> &'static Self {
        let speaks = |text: &str| {
            text.contains("cluster.x-k8s.io")
                || text.contains("capi.")
                || text.contains("ClusterClass")
        };
        if texts.any(speaks) { Self::with_cluster_api() } else { Self::core() }
    }

    /// Adds a table; `module` names the module of a group. The number of the first line that cannot be read, if there is one.
    pub fn add(&mut self, text: &str, module: impl Fn(&str) -> String) -> Option<usize> {
        let mut of: Option<String> = None;
        let mut wrong = None;
        for (number, line) in (1..).zip(text.lines()) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let read = match line.strip_prefix(' ') {
                Some(field) => of.as_ref().and_then(|of| {
                    let field = read_field(field)?;
                    if let (Some(inner), Some(key)) = (field.shape.inner(), field.keys.first()) {
                        self.keys.insert(format!("{inner} {key}"));
                    }
                    self.types.entry(of.clone()).or_default().push(field);
                    Some(())
                }),
                None => self.head(line, &mut of, &module),
            };
            if read.is_none() {
                wrong = wrong.or(Some(number));
            }
        }
        wrong
    }

    fn head(
        &mut self,
        line: &str,
        of: &mut Option<String>,
        module: &impl Fn(&str) -> String,
    ) -> Option<()> {
        let mut words = line.split(' ');
        match words.next()? {
            "minors" => {
                self.oldest = words.next()?.parse().ok()?;
                self.newest = words.next()?.parse().ok()?;
            }
            "object" => {
                let group = words.next()?;
                let group = if group == "-" { "" } else { group };
                let (version, kind) = (words.next()?, words.next()?);
                let namespaced = words.next()? == "namespaced";
                let schema = words.next()?;
                let mut minors = Minors::default();
                let (mut deprecated, mut unserved) = (false, false);
                for word in words {
                    match word {
                        "deprecated" => deprecated = true,
                        "unserved" => unserved = true,
                        word => minors = Minors::read(word)?,
                    }
                }
                let module = format!("{}.{version}", module(group));
                self.types.entry(schema.to_owned()).or_default();
                self.objects.push(ObjectType {
                    group: group.to_owned(),
                    version: version.to_owned(),
                    kind: kind.to_owned(),
                    namespaced,
                    schema: schema.to_owned(),
                    minors,
                    deprecated,
                    unserved,
                    module,
                });
            }
            "gone" => {
                let (group, version, kind) = (words.next()?, words.next()?, words.next()?);
                let last = words.next()?.parse().ok()?;
                let now = words.next().zip(words.next());
                self.gone.push(Gone {
                    group: group.to_owned(),
                    version: version.to_owned(),
                    kind: kind.to_owned(),
                    last,
                    now: now.map(|(group, version)| (group.to_owned(), version.to_owned())),
                });
            }
            "type" => {
                let name = words.next()?.to_owned();
                self.types.entry(name.clone()).or_default();
                *of = Some(name);
            }
            _ => return None,
        }
        Some(())
    }

    /// The fields of a type, with every variant.
    pub fn fields(&self, name: &str) -> &[FieldType] {
        self.types.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a field of a type tells the items of some list apart: then the key of a block may stand for it.
    pub fn is_key(&self, owner: &str, field: &str) -> bool {
        self.keys.contains(&format!("{owner} {field}"))
    }

    /// Whether there is such a type.
    pub fn has_type(&self, name: &str) -> bool {
        self.types.contains_key(name)
    }

    /// Adds the table of a project. Its groups are named by the first label (`cert-manager` for `cert-manager.io`), and by as many as tell
    /// them apart where several begin alike.
    pub fn add_project(&mut self, text: &str) -> Option<usize> {
        let groups: BTreeSet<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("object ")?.split(' ').next())
            .collect();
        let alias = |group: &str| {
            let labels: Vec<&str> = group.split('.').collect();
            let name = |group: &str, count: usize| {
                group.split('.').take(count).collect::<Vec<_>>().join("-")
            };
            let is_own = |count: &usize| {
                let own = name(group, *count);
                !PREFIXES.contains(&own.as_str())
                    && own != "std"
                    && groups.iter().all(|other| *other == group || name(other, *count) != own)
            };
            let count = (1..=labels.len()).find(is_own).unwrap_or(labels.len());
            name(group, count)
        };
        self.add(text, alias)
    }

    /// The object type that a path in the language means: `k8s.apps.v1.Deployment`.
    pub fn by_path(&self, path: &str) -> Option<&ObjectType> {
        let (module, kind) = path.rsplit_once('.')?;
        self.objects.iter().find(|object| object.kind == kind && object.module == module)
    }

    /// The object type of an object. What a project added goes before the library's: its clusters have that.
    pub fn by_kind(&self, api_version: &str, kind: &str) -> Option<&ObjectType> {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        self.objects
            .iter()
            .rfind(|it| it.kind == kind && it.version == version && it.group == group)
    }

    /// The known minor version that is nearest: what is newer than the tables is judged by the newest, and so on.
    pub fn nearest_minor(&self, minor: u32) -> u32 {
        minor.clamp(self.oldest, self.newest.max(self.oldest))
    }

    /// The oldest and newest minor version of the tables.
    pub const fn known(&self) -> (u32, u32) {
        (self.oldest, self.newest)
    }
}

/// `containers! [core.v1.Container] keys=name 25-34`, `weight Int min=1 max=100 default=50`.
fn read_field(text: &str) -> Option<FieldType> {
    let mut words = text.split(' ');
    let name = words.next()?;
    let shape = Shape::read(words.next()?);
    let mut field = FieldType {
        name: name.trim_end_matches('!').to_owned(),
        required: name.ends_with('!'),
        shape,
        keys: Vec::new(),
        minors: Minors::default(),
        bounds: Bounds::default(),
        default: None,
    };
    for word in words {
        match word.split_once('=') {
            Some(("keys", keys)) => field.keys = keys.split(',').map(str::to_owned).collect(),
            Some(("min", low)) => field.bounds.low = Some(low.to_owned()),
            Some(("max", high)) => field.bounds.high = Some(high.to_owned()),
            Some(("default", value)) => field.default = Some(value.replace("%20", " ")),
            Some(_) => return None,
            None => field.minors = Minors::read(word)?,
        }
    }
    Some(field)
}

#[cfg(test)]
mod tests {
    use super::{Catalog, Minors, Shape, minor_of};

    #[test]
    fn the_table_reads() {
        let catalog = Catalog::core();
        assert_eq!(catalog.known(), (25, 37));
        let deployment = catalog.by_path("k8s.apps.v1.Deployment").unwrap();
        assert!(deployment.namespaced);
        assert_eq!(deployment.api_version(), "apps/v1");
        assert_eq!(catalog.by_kind("apps/v1", "Deployment"), Some(deployment));
        assert!(!catalog.by_path("k8s.core.v1.Namespace").unwrap().namespaced);
        assert!(!catalog.by_path("k8s.rbac.v1.ClusterRole").unwrap().namespaced);
        assert!(catalog.by_path("capi.cluster.v1beta2.ClusterClass").is_none());
        let catalog = Catalog::with_cluster_api();
        let class = catalog.by_path("capi.cluster.v1beta2.ClusterClass").unwrap();
        assert_eq!(catalog.by_kind("cluster.x-k8s.io/v1beta2", "ClusterClass"), Some(class));
        for object in &catalog.objects {
            assert!(catalog.has_type(&object.schema), "{}", object.schema);
        }
    }

    #[test]
    fn every_type_that_a_field_names_is_there() {
        let catalog = Catalog::with_cluster_api();
        for (name, fields) in &catalog.types {
            for field in fields {
                if let Some(inner) = field.shape.inner() {
                    assert!(catalog.has_type(inner), "{name}.{} names {inner}", field.name);
                }
            }
        }
    }

    #[test]
    fn what_a_project_added_goes_first() {
        let mut catalog = Catalog::with_cluster_api().clone();
        let table = "object cluster.x-k8s.io v1beta2 Cluster namespaced cluster.x-k8s.io.v1beta2.Cluster\ntype cluster.x-k8s.io.v1beta2.Cluster\n";
        assert_eq!(catalog.add_project(table), None);
        let found = catalog.by_kind("cluster.x-k8s.io/v1beta2", "Cluster").unwrap();
        assert_eq!(found.path(), "cluster.v1beta2.Cluster");
        assert!(catalog.by_path("capi.cluster.v1beta2.Cluster").is_some());
    }

    #[test]
    fn lists_have_keys() {
        let fields = Catalog::core().fields("core.v1.PodSpec");
        let containers = fields.iter().find(|field| field.name == "containers").unwrap();
        assert!(containers.required);
        assert_eq!(containers.keys, ["name"]);
        assert_eq!(
            containers.shape,
            Shape::List(Box::new(Shape::Type("core.v1.Container".into())))
        );
    }

    #[test]
    fn versions() {
        assert_eq!(minor_of("v1.34.2"), Some(34));
        assert_eq!(minor_of("2.0.0"), None);
        let minors = Minors::read("30-35").unwrap();
        assert!(minors.hold(30) && minors.hold(35) && !minors.hold(36) && !minors.hold(29));
        assert!(Minors::read("-").unwrap().hold(1) && Minors::read("x").is_none());
        assert_eq!(Catalog::core().nearest_minor(99), 37);
    }

    #[test]
    fn a_wrong_line_is_told() {
        let mut catalog = Catalog::default();
        assert_eq!(catalog.add("type a.v1.B\n c Int\nwhat\n", |_| String::new()), Some(3));
    }
}
