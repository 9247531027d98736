//! What a program describes, as typed Rust: one struct a schema, one field a field.
//!
//! * **Takes** checked values.
//! * **Gives** [`Model`]: every resource that is written out, as plain structs whose scalars know their origin.
//! * **Owns** the Rust view of the kinds that `stdlib/kinds` declares: same fields, same order, `_` for `-`.
//! * **Never** decides anything: no default, no check, no name is made here.
//! * **Read first** `value.rs`, then a kind (`cluster.rs`).
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "asks a value, type or node for the one shape that is wanted; every other one is the mismatch"
)]

mod addon;
mod alerts;
mod apps;
mod backup;
mod cluster;
mod cni;
mod container;
mod dashboard;
mod database;
mod environment;
mod errors;
mod job;
mod later;
mod lift;
mod manifest;
mod market;
mod monitoring;
mod namespace;
mod outside;
mod parameters;
mod platform;
mod policy;
mod project;
mod printed;
mod provider;
mod readers;
mod receiver;
mod resource;
mod scrape;
mod secret;
mod select;
mod service;
mod routing;
mod slo;
mod template;
mod team;
mod traffic;
mod tree;
mod value;
mod workload;

pub use addon::{Addon, Chart, ExternalAddon, Folder, Ignore, ObjectKind, Retry, Sync};
pub use alerts::{Alert, Alerts, Record};
pub use apps::{
    AppChart, AppHelm, AppKustomize, AppSource, Apps, ClusterChoice, Destination, Elements, Expiry,
    Generator, GitDirectories, GitFiles, GitHubPullRequests, GitHubRepositories,
    GitLabMergeRequests, GitLabProjects, NamespaceGuard, Plugin,
};
pub use backup::{Backup, BackupBase, Drill, Etcd, Namespaces, UTC, Volumes, minor_of_etcd};
pub use cluster::{
    Cluster, ControlPlane, Dns, Health, Kubeadm, Machine, MachineSource, Network, NodePool, Os,
    Reserved, Taint, Talos,
};
pub use cni::{Cni, Manifests, TalosCni};
pub use container::{
    CommandProbe, Container, EnvValue, File, GrpcProbe, HttpProbe, PodField, Probe, ProbeBase,
    Probes, Security, TcpProbe, Toleration,
};
pub use dashboard::{
    BarGauge, Choice, Dashboard, Gauge, Heatmap, Interval, LabelValues, Link, LogQuery, Logs,
    Panel, PanelBase, Query, Row, SeriesQuery, Stat, Table, TableQuery, Text, TextBox, TimeSeries,
    ValuePanel, Variable, VariableBase,
};
pub use database::{Database, DatabaseBackup, Pooler, S3};
pub use environment::Environment;
pub use job::{Job, KeptRuns};
pub use later::{
    Argument, LaterPart, LaterText, LaterTree, Reading, Shape as FileShape, ShapeField, ShapeKind,
    Step as ReadingStep, TextFunction,
};
pub use lift::{Shape, lift, lift_around_alerts, shapes};
pub use manifest::Manifest;
pub use market::{Market, Purchase};
pub use monitoring::{
    AlertmanagerServer, ControlPlaneParts, Exporters, ExternalMonitoring, GrafanaServer,
    Monitoring, PersistentStorage, PrometheusServer,
};
pub use namespace::{ContainerLimits, Limits, Namespace, Quota, VolumeLimits};
pub use parameters::{Letters, Parameter as GeneratedParameter, SLUG};
pub use platform::{ArgoCd, Platform};
pub use policy::{Expected, Policy, PolicyCase, PolicyMatch, PolicyObjects};
pub use printed::go_string;
pub use project::{ClusterObjects, Project, Repository};
pub use provider::{
    Aws, DiskImage, Docker, Hetzner, HetznerNetwork, HostClass, Metal3, Provider, Proxmox, VSphere,
};
pub use readers::KeyRead;
pub use receiver::{
    Discord, Email, MsTeams, Null, Opsgenie, PagerDuty, Pushover, Receiver, Slack, Telegram,
    UrlSource, Webhook,
};
pub use resource::{Any, Declared, Edge, Need, Ref, Resource, ResourceId};
pub use routing::{
    GroupBy, Inhibit, Match, Pattern, Recipient, Route, Routing, Step, Texts, TimeWindow, matchers,
};
pub use scrape::{ExportedMetric, Scrape, ScrapePort, ScrapeTls};
pub use secret::{
    AwsParameterStore, AwsSecretsManager, AzureKeyVault, ExternalSecret, GcpSecretManager,
    NamedKey, Secret, SecretKey, SecretStore, StoreBase, StoredKey, Vault,
};
pub use select::Selecting;
pub use service::{OutsidePort, Service};
pub use slo::Slo;
pub use team::{Access, Team};
pub use template::{Function, Hole, Template, TemplatePart};
pub use traffic::Traffic;
pub use tree::Tree;
pub use value::{Map, Of, Quantity, Range};
pub use workload::{
    Disruption, Expose, GatewayListener, PodShape, Port, PortScrape, Scale, Volume, Workload,
};

macro_rules! kinds {
    ($($kind:ident, $type:ty, $field:ident, $keyword:literal;)*) => {
        /// A kind of resource.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Kind {
            $(#[doc = concat!("`", $keyword, "`.")] $kind,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The word that begins its blocks.
            pub const fn keyword(self) -> &'static str {
                match self { $(Self::$kind => $keyword,)* }
            }
        }

        /// Every resource that is written out, those of a kind by name. What is `external` is only ever named, by a [`Ref`].
        #[derive(Clone, PartialEq, Debug, Default)]
        pub struct Model<'a> {
            $(#[doc = concat!("Every `", $keyword, "`.")] pub $field: Vec<Resource<'a, $type>>,)*
            /// What is known of every `external monitoring`.
            pub external_monitorings: Vec<Resource<'a, ExternalMonitoring<'a>>>,
            /// Every `external scrape`.
            pub external_scrapes: Vec<Resource<'a, Scrape<'a>>>,
            /// Every `external service`.
            pub external_services: Vec<Resource<'a, Service<'a>>>,
            /// What is known of every `external secret`.
            pub external_secrets: Vec<Resource<'a, ExternalSecret>>,
            /// What is known of every `external addon`.
            pub external_addons: Vec<Resource<'a, ExternalAddon<'a>>>,
            /// Who refers to whom.
            pub edges: Vec<Edge>,
            /// The clusters whose own blocks say how large machines are, or which pools there are.
            pub tailored: rustc_hash::FxHashSet<ResourceId>,
            /// The minor version of Kubernetes of every cluster that says it, also of those that something else makes.
            pub minors: std::collections::BTreeMap<u32, u32>,
            /// What is known of Kubernetes' object types; nothing where no program is.
            pub catalog: std::sync::Arc<crate::kubernetes::Catalog>,
            /// The digests of images that `images.lock` knows.
            pub images: std::sync::Arc<crate::embedded::ImageLock>,
        }

        impl<'a> Model<'a> {
            /// Every resource with patches: its address, where it looks like this, and what they write.
            pub fn patches(&'a self) -> Vec<(String, &'a [Ref], &'a [(crate::source::Sym, Tree<'a>)])> {
                let mut out: Vec<(String, &[Ref], &[(crate::source::Sym, Tree<'_>)])> = Vec::new();
                $(for resource in &self.$field {
                    if !resource.patches.is_empty() {
                        out.push((resource.address().to_string(), &resource.targets, &resource.patches));
                    }
                })*
                out
            }

            /// Every resource, or part of one, in the order of the kinds.
            pub fn resources(&self) -> Vec<Any<'_>> {
                let mut out = Vec::new();
                $(for (part, it) in self.$field.iter().enumerate() {
                    let (kind, address) = (Kind::$kind, it.address().to_string());
                    let (id, name) = (it.id, it.name.value);
                    out.push(Any { id, name, kind, part, address, targets: &it.targets });
                })*
                out
            }

            /// Lifts one resource into the list of its kind. Whether its values have the shape of its schema.
            fn take(
                &mut self,
                kind: Kind,
                reader: &lift::Reader<'a>,
                value: crate::eval::Value,
                head: lift::Head<'a>,
            ) -> bool {
                match kind {
                    $(Kind::$kind => match head.with(reader, value) {
                        Some(resource) => self.$field.push(resource),
                        None => return false,
                    },)*
                }
                true
            }
        }

        $(impl<'a> Declared for $type {
            const KIND: Kind = Kind::$kind;
        })*
    };
}
// A row a kind: its variant, its type, its field of the model, its keyword.
kinds! {
    Platform, Platform<'a>, platforms, "platform";
    Environment, Environment, environments, "environment";
    Provider, Provider<'a>, providers, "provider";
    Cluster, Cluster<'a>, clusters, "cluster";
    Namespace, Namespace<'a>, namespaces, "namespace";
    Alerts, Alerts<'a>, alerts, "alerts";
    Monitoring, Monitoring<'a>, monitorings, "monitoring";
    Scrape, Scrape<'a>, scrapes, "scrape";
    Receiver, Receiver<'a>, receivers, "receiver";
    TimeWindow, TimeWindow<'a>, time_windows, "time-window";
    Routing, Routing<'a>, routings, "routing";
    Slo, Slo<'a>, slos, "slo";
    Manifest, Manifest<'a>, manifests, "manifest";
    SecretStore, SecretStore<'a>, secret_stores, "secret-store";
    Secret, Secret<'a>, secrets, "secret";
    Service, Service<'a>, services, "service";
    Repository, Repository<'a>, repositories, "repository";
    Project, Project<'a>, projects, "project";
    Addon, Addon<'a>, addons, "addon";
    Dashboard, Dashboard<'a>, dashboards, "dashboard";
    Workload, Workload<'a>, workloads, "workload";
    Job, Job<'a>, jobs, "job";
    Database, Database<'a>, databases, "database";
    Team, Team<'a>, teams, "team";
    Traffic, Traffic<'a>, traffic, "traffic";
    Apps, Apps<'a>, apps, "apps";
    Policy, Policy<'a>, policies, "policy";
    Backup, Backup<'a>, backups, "backup";
}
