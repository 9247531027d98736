//! What Argo CD makes applications of, and what they are.

use super::addon::{Ignore, Sync};
use super::later::{LaterText, LaterTree, Reading, Shape};
use super::{Limits, Map, Of, Quantity, Quota, Ref, SecretKey, Tree};
use crate::source::Sym;

/// `kind Apps`.
#[derive(Clone, PartialEq, Debug)]
pub struct Apps<'a> {
    /// The clusters that applications go to, where nothing else says that.
    pub clusters: Vec<Of<Ref>>,
    /// The block's own name.
    pub set: Of<Sym>,
    /// The project of Argo CD.
    pub project: Of<Ref>,
    /// What applications are made of: one or two.
    pub from: Map<Generator<'a>>,
    /// Whether each of two generators makes applications alone.
    pub union: Of<bool>,
    /// Parameters by which what the second generator finds is laid over what the first finds.
    pub merge: Vec<Of<&'a str>>,
    /// The name of an application.
    pub name: LaterText<'a>,
    /// The namespace that an application goes to.
    pub namespace: LaterText<'a>,
    /// The cluster that an application goes to.
    pub destination: Option<Destination<'a>>,
    /// What is applied.
    pub source: AppSource<'a>,
    /// Labels of the applications.
    pub labels: Map<LaterText<'a>>,
    /// Annotations of the applications.
    pub annotations: Map<LaterText<'a>>,
    /// How Argo CD applies them.
    pub sync: Sync<'a>,
    /// Whether Argo CD makes the namespace.
    pub create_namespace: Of<bool>,
    /// Differences that Argo CD leaves alone.
    pub ignore: Map<Ignore<'a>>,
    /// What bounds the namespace of each application.
    pub guard: Option<NamespaceGuard<'a>>,
    /// How many earlier states Argo CD keeps.
    pub history: Of<i64>,
    /// Whether applications stay when a generator does not find them any more; none where nobody says.
    pub keep: Option<Of<bool>>,
}

/// `later Cluster`.
#[derive(Clone, PartialEq, Debug)]
pub enum Destination<'a> {
    /// This one.
    Cluster(Of<Ref>),
    /// The one that a generator gives.
    Later(Reading<'a>, crate::eval::Origin),
}

/// `schema AppSource`.
#[derive(Clone, PartialEq, Debug)]
pub struct AppSource<'a> {
    /// The repository, or there is a chart.
    pub repository: Option<Of<Ref>>,
    /// The folder in it.
    pub path: Option<LaterText<'a>>,
    /// The branch, tag or commit.
    pub revision: Option<LaterText<'a>>,
    /// The chart.
    pub chart: Option<AppChart<'a>>,
    /// What Helm is told.
    pub helm: Option<AppHelm<'a>>,
    /// What Kustomize is told.
    pub kustomize: Option<AppKustomize<'a>>,
}

/// `schema AppChart`.
#[derive(Clone, PartialEq, Debug)]
pub struct AppChart<'a> {
    /// Where it comes from.
    pub repo: Of<&'a str>,
    /// Its name there.
    pub name: LaterText<'a>,
    /// Its version.
    pub version: LaterText<'a>,
}

/// `schema AppHelm`.
#[derive(Clone, PartialEq, Debug)]
pub struct AppHelm<'a> {
    /// Values of the chart.
    pub values: LaterTree<'a>,
    /// Files of values.
    pub value_files: Vec<LaterText<'a>>,
    /// Whether files of values may be missing.
    pub ignore_missing: Of<bool>,
    /// The name of the release.
    pub release: Option<LaterText<'a>>,
}

/// `schema AppKustomize`.
#[derive(Clone, PartialEq, Debug)]
pub struct AppKustomize<'a> {
    /// Images that replace others.
    pub images: Vec<LaterText<'a>>,
    /// What stands behind the names of all objects.
    pub name_suffix: Option<LaterText<'a>>,
    /// Labels of all objects.
    pub labels: Map<LaterText<'a>>,
}

/// `schema NamespaceGuard`.
#[derive(Clone, PartialEq, Debug)]
pub struct NamespaceGuard<'a> {
    /// The Pod Security Standard of its pods.
    pub pod_security: Of<Sym>,
    /// What its pods may use together.
    pub quota: Option<Quota<'a>>,
    /// What each container and volume may ask for.
    pub limits: Option<Limits<'a>>,
    /// `deny-by-default` or `open`.
    pub network: Of<Sym>,
}

macro_rules! generators {
    ($($(#[$doc:meta])* $member:ident = $schema:literal;)*) => {
        /// `type Generator`.
        #[derive(Clone, PartialEq, Debug)]
        pub enum Generator<'a> {
            $($(#[$doc])* $member($member<'a>),)*
        }

        impl Generator<'_> {
            /// Its schema.
            pub const fn schema(&self) -> &'static str {
                match self { $(Self::$member(_) => $schema,)* }
            }
        }

        impl<'a> super::lift::Lift<'a> for Generator<'a> {
            fn lift(
                reader: &super::lift::Reader<'a>,
                value: crate::eval::Value,
                origin: crate::eval::Origin,
            ) -> Option<Self> {
                let crate::eval::Value::Record(record) = value else { return None };
                let schema = reader.schema(record)?;
                $(if schema.as_str() == $schema {
                    return Some(Self::$member(super::lift::Lift::lift(reader, value, origin)?));
                })*
                None
            }
        }
    };
}
generators! {
    /// Folders of a repository.
    GitDirectories = "GitDirectories";
    /// Files of a repository.
    GitFiles = "GitFiles";
    /// Elements that are written out.
    Elements = "List";
    /// Clusters of the program.
    ClusterChoice = "Clusters";
    /// Pull requests on GitHub.
    GitHubPullRequests = "GitHubPullRequests";
    /// Merge requests on GitLab.
    GitLabMergeRequests = "GitLabMergeRequests";
    /// Repositories on GitHub.
    GitHubRepositories = "GitHubRepositories";
    /// Projects on GitLab.
    GitLabProjects = "GitLabProjects";
    /// What a plugin answers.
    Plugin = "Plugin";
}

/// `schema GitDirectories`.
#[derive(Clone, PartialEq, Debug)]
pub struct GitDirectories<'a> {
    /// The repository.
    pub repository: Of<Ref>,
    /// Which folders.
    pub paths: Vec<Of<&'a str>>,
    /// Which of them not.
    pub exclude: Vec<Of<&'a str>>,
    /// The branch, tag or commit.
    pub revision: Option<Of<&'a str>>,
    /// How often Argo CD looks.
    pub every: Of<Quantity<'a>>,
}

/// `schema GitFiles`.
#[derive(Clone, PartialEq, Debug)]
pub struct GitFiles<'a> {
    /// The repository.
    pub repository: Of<Ref>,
    /// Which files.
    pub paths: Vec<Of<&'a str>>,
    /// Which of them not.
    pub exclude: Vec<Of<&'a str>>,
    /// What such a file holds.
    pub shape: Shape,
    /// The branch, tag or commit.
    pub revision: Option<Of<&'a str>>,
    /// How often Argo CD looks.
    pub every: Of<Quantity<'a>>,
}

/// `schema List`.
#[derive(Clone, PartialEq, Debug)]
pub struct Elements<'a> {
    /// The elements.
    pub elements: Vec<Tree<'a>>,
}

/// `schema Clusters`.
#[derive(Clone, PartialEq, Debug)]
pub struct ClusterChoice<'a> {
    /// Those of this environment.
    pub environment: Option<Of<Ref>>,
    /// Those with these labels.
    pub labels: Map<Of<&'a str>>,
}

/// `schema GitHubPullRequests`.
#[derive(Clone, PartialEq, Debug)]
pub struct GitHubPullRequests<'a> {
    /// Who owns the repository.
    pub owner: Of<&'a str>,
    /// The repository's name.
    pub repo: Of<&'a str>,
    /// The API of GitHub Enterprise.
    pub api: Option<Of<&'a str>>,
    /// The token.
    pub token: Option<SecretKey<'a>>,
    /// The labels that a pull request must have.
    pub labels: Vec<Of<&'a str>>,
    /// The branch that it must go to.
    pub target: Option<Of<&'a str>>,
    /// How often Argo CD asks.
    pub every: Of<Quantity<'a>>,
    /// When what it finds goes by itself.
    pub expires: Option<Expiry<'a>>,
}

/// `schema GitLabMergeRequests`.
#[derive(Clone, PartialEq, Debug)]
pub struct GitLabMergeRequests<'a> {
    /// The project.
    pub project: Of<&'a str>,
    /// The API of a GitLab of one's own.
    pub api: Option<Of<&'a str>>,
    /// The token.
    pub token: Option<SecretKey<'a>>,
    /// The labels that a merge request must have.
    pub labels: Vec<Of<&'a str>>,
    /// The branch that it must go to.
    pub target: Option<Of<&'a str>>,
    /// How often Argo CD asks.
    pub every: Of<Quantity<'a>>,
    /// When what it finds goes by itself.
    pub expires: Option<Expiry<'a>>,
}

/// `schema Expiry`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expiry<'a> {
    /// How long after the last change.
    pub after: Of<Quantity<'a>>,
    /// What looks, and takes the label away.
    pub image: Of<&'a str>,
    /// When it looks.
    pub schedule: Of<&'a str>,
}

/// `schema GitHubRepositories`.
#[derive(Clone, PartialEq, Debug)]
pub struct GitHubRepositories<'a> {
    /// The organisation.
    pub organization: Of<&'a str>,
    /// The API of GitHub Enterprise.
    pub api: Option<Of<&'a str>>,
    /// The token.
    pub token: Option<SecretKey<'a>>,
    /// Whether each branch counts.
    pub all_branches: Of<bool>,
    /// What the repository's name must match.
    pub matching: Option<Of<&'a str>>,
    /// What must be in the repository.
    pub having: Vec<Of<&'a str>>,
    /// What one of its topics must match.
    pub label: Option<Of<&'a str>>,
    /// How often Argo CD asks.
    pub every: Of<Quantity<'a>>,
}

/// `schema GitLabProjects`.
#[derive(Clone, PartialEq, Debug)]
pub struct GitLabProjects<'a> {
    /// The group.
    pub group: Of<&'a str>,
    /// The API of a GitLab of one's own.
    pub api: Option<Of<&'a str>>,
    /// The token.
    pub token: Option<SecretKey<'a>>,
    /// Whether projects of groups inside of it count.
    pub subgroups: Of<bool>,
    /// Whether each branch counts.
    pub all_branches: Of<bool>,
    /// What the project's name must match.
    pub matching: Option<Of<&'a str>>,
    /// What must be in the project.
    pub having: Vec<Of<&'a str>>,
    /// How often Argo CD asks.
    pub every: Of<Quantity<'a>>,
}

/// `schema Plugin`.
#[derive(Clone, PartialEq, Debug)]
pub struct Plugin<'a> {
    /// The ConfigMap that says where the plugin is.
    pub config_map: Of<Sym>,
    /// What it is asked with.
    pub input: Tree<'a>,
    /// What an answer holds.
    pub shape: Shape,
    /// How often Argo CD asks.
    pub every: Of<Quantity<'a>>,
}

impl Generator<'_> {
    /// What Argo CD calls its parameters.
    pub fn form(&self) -> crate::embedded::Generator {
        crate::embedded::Generator::of_schema(self.schema())
            .unwrap_or(crate::embedded::Generator::Plugin)
    }

    /// The token that a forge is asked with.
    pub const fn token(&self) -> Option<SecretKey<'_>> {
        match self {
            Self::GitHubPullRequests(it) => it.token,
            Self::GitLabMergeRequests(it) => it.token,
            Self::GitHubRepositories(it) => it.token,
            Self::GitLabProjects(it) => it.token,
            Self::GitDirectories(_)
            | Self::GitFiles(_)
            | Self::Elements(_)
            | Self::ClusterChoice(_)
            | Self::Plugin(_) => None,
        }
    }

    /// When what it finds goes by itself.
    pub const fn expires(&self) -> Option<Expiry<'_>> {
        match self {
            Self::GitHubPullRequests(it) => it.expires,
            Self::GitLabMergeRequests(it) => it.expires,
            Self::GitDirectories(_)
            | Self::GitFiles(_)
            | Self::Elements(_)
            | Self::ClusterChoice(_)
            | Self::GitHubRepositories(_)
            | Self::GitLabProjects(_)
            | Self::Plugin(_) => None,
        }
    }

    /// Whether it finds what strangers propose.
    pub const fn finds_proposals(&self) -> bool {
        matches!(self, Self::GitHubPullRequests(_) | Self::GitLabMergeRequests(_))
    }
}

impl Apps<'_> {
    /// Whether two generators make an application for each pair.
    pub fn is_matrix(&self) -> bool {
        self.from.len() > 1 && !self.union.value && !self.is_merge()
    }

    /// Whether the second generator is laid over the first.
    pub fn is_merge(&self) -> bool {
        !self.merge.is_empty()
    }

    /// The generator whose cluster an application goes to, where one of `Clusters` decides that.
    pub fn by_clusters(&self) -> Option<Sym> {
        let of = |it: &&(Sym, Generator<'_>)| matches!(it.1, Generator::ClusterChoice(_));
        self.from.iter().find(of).map(|(name, _)| *name)
    }

    /// Whether one set makes the applications of all clusters.
    pub fn is_one_set(&self) -> bool {
        self.destination.is_some() || self.by_clusters().is_some()
    }

    /// Whether something looks for applications that are too old: it stands on the hub.
    pub fn expire(&self) -> bool {
        self.from.iter().any(|(_, it)| it.expires().is_some())
    }

    /// Whether applications stay when they are not found any more.
    pub fn keeps(&self) -> bool {
        let proposed = || self.from.iter().any(|(_, it)| it.finds_proposals());
        self.keep.map_or_else(|| !proposed(), |keep| keep.value)
    }
}
