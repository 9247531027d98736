//! Databases.

use super::container::Toleration;
use super::{Map, Of, PersistentStorage, Quantity, Range, Ref, SecretKey};
use crate::source::Sym;

/// `kind Database`.
#[derive(Clone, PartialEq, Debug)]
pub struct Database<'a> {
    /// The clusters where it exists.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace that it runs in.
    pub namespace: Of<Ref>,
    /// The version of PostgreSQL.
    pub postgres: Of<&'a str>,
    /// Its image.
    pub image: Option<Of<&'a str>>,
    /// How many servers.
    pub instances: Of<i64>,
    /// How many followers must have a change.
    pub synchronous: Of<i64>,
    /// The volume of each server.
    pub storage: PersistentStorage<'a>,
    /// A volume for the log of changes.
    pub wal_storage: Option<PersistentStorage<'a>>,
    /// The CPU that each server requests, and its limit.
    pub cpu: Range<Quantity<'a>>,
    /// The memory that each server requests, and its limit.
    pub memory: Range<Quantity<'a>>,
    /// The database that is made first.
    pub database: Of<&'a str>,
    /// The user that owns it.
    pub owner: Of<&'a str>,
    /// Settings of PostgreSQL.
    pub parameters: Map<Of<&'a str>>,
    /// Where backups go, and when.
    pub backup: Option<DatabaseBackup<'a>>,
    /// Connection pools before it.
    pub pooler: Map<Pooler<'a>>,
    /// Whether Prometheus collects its metrics.
    pub scrape: Of<bool>,
    /// Labels of the nodes that it may run on.
    pub schedule_on: Map<Of<&'a str>>,
    /// Taints that do not keep it away.
    pub tolerate: Map<Toleration<'a>>,
    /// `zone` or `node`.
    pub spread: Of<Sym>,
}

/// `schema DatabaseBackup`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DatabaseBackup<'a> {
    /// Where they go.
    pub target: S3<'a>,
    /// When all of it is saved.
    pub schedule: Of<&'a str>,
    /// How long they are kept.
    pub retention: Of<Quantity<'a>>,
    /// How they are packed.
    pub compression: Of<Sym>,
}

/// `schema S3`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct S3<'a> {
    /// The bucket.
    pub bucket: Of<&'a str>,
    /// What the names of all objects begin with.
    pub prefix: Of<&'a str>,
    /// The region.
    pub region: Option<Of<&'a str>>,
    /// The address.
    pub endpoint: Option<Of<&'a str>>,
    /// The identifier of the key.
    pub access_key: SecretKey<'a>,
    /// The key.
    pub secret_key: SecretKey<'a>,
}

/// `schema Pooler`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pooler<'a> {
    /// The pool's own name.
    pub name: Of<Sym>,
    /// How many pods.
    pub instances: Of<i64>,
    /// `rw`, `ro` or `r`.
    pub to: Of<Sym>,
    /// `session` or `transaction`.
    pub mode: Of<Sym>,
    /// Settings of PgBouncer.
    pub parameters: Map<Of<&'a str>>,
    /// The CPU that each pod requests, and its limit.
    pub cpu: Range<Quantity<'a>>,
    /// The memory that each pod requests, and its limit.
    pub memory: Range<Quantity<'a>>,
}
