//! What is saved on a schedule.

use super::lift::{Lift, Reader};
use super::{Map, Model, Of, Quantity, Range, Ref, ResourceId, S3, SecretKey};
use crate::embedded::{check_cron, check_image};
use crate::eval::{Origin, Value};
use crate::metrics::backup::Watched;
use crate::source::Sym;

/// `kind Backup`.
#[derive(Clone, PartialEq, Debug)]
pub enum Backup<'a> {
    /// Snapshots of etcd.
    Etcd(Etcd<'a>),
}

impl<'a> Backup<'a> {
    /// What every backup has.
    pub const fn base(&self) -> &BackupBase<'a> {
        match self {
            Self::Etcd(it) => &it.base,
        }
    }

    /// What Prometheus watches of it; nothing where a schedule never comes, which its type refuses.
    pub fn watched(&self) -> Option<Watched> {
        let (Self::Etcd(it), base) = (self, self.base());
        let gap = |schedule: Of<&str>| {
            check_cron(schedule.value).ok()?.longest_gap().map(|minutes| minutes * 60)
        };
        let seconds = |of: Of<Quantity<'_>>| of.value.amount / 1000;
        Some(Watched {
            backup: base.name.value.to_string(),
            namespace: base.namespace.value.name.to_string(),
            severity: base.severity.value.to_string(),
            gap: gap(base.schedule)?,
            rpo: seconds(base.rpo),
            run: seconds(it.deadline),
            drill_gap: gap(it.drill.schedule)?,
            drill_run: seconds(base.rto),
        })
    }

    /// How long a run may take.
    pub const fn deadline(&self) -> Of<Quantity<'a>> {
        match self {
            Self::Etcd(it) => it.deadline,
        }
    }
}

impl Model<'_> {
    /// The namespaces of a cluster from which etcd is saved, each once.
    pub fn savers(&self, cluster: ResourceId) -> Vec<Of<Ref>> {
        let mut out: Vec<Of<Ref>> = Vec::new();
        for resource in &self.backups {
            let Backup::Etcd(it) = &resource.value;
            let is_here = resource.targets.iter().any(|target| target.id == cluster);
            if is_here && out.iter().all(|known| known.value.id != it.base.namespace.value.id) {
                out.push(it.base.namespace);
            }
        }
        out
    }
}

impl<'a> Lift<'a> for Backup<'a> {
    fn lift(reader: &Reader<'a>, value: Value, origin: Origin) -> Option<Self> {
        let Value::Record(record) = value else { return None };
        match reader.schema(record)?.as_str() {
            "Etcd" => Some(Self::Etcd(Lift::lift(reader, value, origin)?)),
            _ => None,
        }
    }
}

/// `schema BackupBase`.
#[derive(Clone, PartialEq, Debug)]
pub struct BackupBase<'a> {
    /// The clusters that are saved.
    pub clusters: Vec<Of<Ref>>,
    /// Labels of its objects.
    pub labels: Map<Of<&'a str>>,
    /// Annotations of its objects.
    pub annotations: Map<Of<&'a str>>,
    /// The block's own name.
    pub name: Of<Sym>,
    /// The namespace that its pods run in.
    pub namespace: Of<Ref>,
    /// When it runs.
    pub schedule: Of<&'a str>,
    /// Whose clock the schedule means.
    pub time_zone: Of<&'a str>,
    /// How much may be lost.
    pub rpo: Of<Quantity<'a>>,
    /// How long a restore may take.
    pub rto: Of<Quantity<'a>>,
    /// How long backups are kept.
    pub retention: Of<Quantity<'a>>,
    /// Where they go.
    pub target: S3<'a>,
    /// How large all that is kept may become.
    pub budget: Option<Of<Quantity<'a>>>,
    /// Whether Prometheus watches it.
    pub alerts: Of<bool>,
    /// How urgent its alerts are.
    pub severity: Of<Sym>,
}

/// `schema Etcd`.
#[derive(Clone, PartialEq, Debug)]
pub struct Etcd<'a> {
    /// What every backup has.
    pub base: BackupBase<'a>,
    /// An image with etcd's programs.
    pub etcd_image: Of<&'a str>,
    /// An image with restic.
    pub restic_image: Of<&'a str>,
    /// An image with talosctl.
    pub talosctl_image: Option<Of<&'a str>>,
    /// What all is encrypted with.
    pub password: SecretKey<'a>,
    /// How large a snapshot may be.
    pub snapshot_limit: Of<Quantity<'a>>,
    /// How long a run may take.
    pub deadline: Of<Quantity<'a>>,
    /// How often a run that fails is tried again.
    pub retries: Of<i64>,
    /// The CPU of each step.
    pub cpu: Range<Quantity<'a>>,
    /// The memory of each step.
    pub memory: Range<Quantity<'a>>,
    /// How a restore is tried.
    pub drill: Drill<'a>,
}

impl<'a> Etcd<'a> {
    /// Every key of a Secret that its pods read.
    pub const fn keys(&self) -> [SecretKey<'a>; 3] {
        let target = &self.base.target;
        [target.access_key, target.secret_key, self.password]
    }
}

/// The minor version of etcd that an image's tag says: `(3, 6)` of `v3.6.6`, and of `3.6.4-0`.
pub fn minor_of_etcd(image: &str) -> Option<(u32, u32)> {
    let tag = check_image(image).ok()?.tag?;
    let mut parts = tag.trim_start_matches('v').split(['.', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// `schema Drill`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Drill<'a> {
    /// When it runs.
    pub schedule: Of<&'a str>,
    /// How many keys there must be.
    pub minimum_keys: Of<i64>,
}
