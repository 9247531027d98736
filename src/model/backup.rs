//! What is saved on a schedule.

use super::lift::{Lift, Reader};
use super::{Map, Model, Of, Quantity, Range, Ref, ResourceId, S3, SecretKey};
use crate::embedded::{check_cron, check_image};
use crate::eval::{Origin, Value};
use crate::metrics::backup::{Trial, Watched, WatchedBy};
use crate::source::Sym;

/// `kind Backup`.
#[derive(Clone, PartialEq, Debug)]
#[expect(clippy::large_enum_variant, reason = "a handful in a program")]
pub enum Backup<'a> {
    /// Snapshots of etcd.
    Etcd(Etcd<'a>),
    /// Objects and volumes, by Velero.
    Namespaces(Namespaces<'a>),
    /// Volumes, by Longhorn.
    Volumes(Volumes<'a>),
}

impl<'a> Backup<'a> {
    /// What every backup has.
    pub const fn base(&self) -> &BackupBase<'a> {
        match self {
            Self::Etcd(it) => &it.base,
            Self::Namespaces(it) => &it.base,
            Self::Volumes(it) => &it.base,
        }
    }

    /// What Prometheus watches of it; nothing where a schedule never comes, which its type refuses.
    pub fn watched(&self) -> Option<Watched> {
        let base = self.base();
        let gap = |schedule: Of<&str>| {
            check_cron(schedule.value).ok()?.longest_gap().map(|minutes| minutes * 60)
        };
        let seconds = |of: Of<Quantity<'_>>| of.value.amount / 1000;
        let by = match self {
            Self::Etcd(it) => WatchedBy::CronJob {
                drill: Some(Trial { gap: gap(it.drill.schedule)?, run: seconds(base.rto) }),
            },
            Self::Namespaces(_) => WatchedBy::Velero,
            Self::Volumes(_) => WatchedBy::CronJob { drill: None },
        };
        Some(Watched {
            backup: base.name.value.to_string(),
            namespace: base.namespace.value.name.to_string(),
            severity: base.severity.value.to_string(),
            gap: gap(base.schedule)?,
            rpo: seconds(base.rpo),
            run: seconds(self.deadline()),
            by,
        })
    }

    /// How long a run may take.
    pub const fn deadline(&self) -> Of<Quantity<'a>> {
        match self {
            Self::Etcd(it) => it.deadline,
            Self::Namespaces(it) => it.deadline,
            Self::Volumes(it) => it.deadline,
        }
    }

    /// How large one backup may become, where somebody says so.
    pub const fn size(&self) -> Option<Of<Quantity<'a>>> {
        match self {
            Self::Etcd(it) => Some(it.snapshot_limit),
            Self::Namespaces(it) => it.size,
            Self::Volumes(it) => it.size,
        }
    }

    /// Every key of a Secret that is read where it runs.
    pub fn keys(&self) -> Vec<SecretKey<'a>> {
        match self {
            Self::Etcd(it) => it.keys().to_vec(),
            Self::Namespaces(it) => it.credentials.into_iter().collect(),
            Self::Volumes(_) => Vec::new(),
        }
    }

    /// The keys of whose stored values a Secret is made for Velero or Longhorn: the one that names, and the one that proves.
    pub const fn stored(&self) -> Option<[SecretKey<'a>; 2]> {
        let is_made = match self {
            Self::Etcd(_) => false,
            Self::Namespaces(it) => it.credentials.is_none(),
            Self::Volumes(it) => it.credentials.is_none(),
        };
        let target = &self.base().target;
        if is_made { Some([target.access_key, target.secret_key]) } else { None }
    }
}

impl Model<'_> {
    /// The namespaces of a cluster from which etcd is saved, each once.
    pub fn savers(&self, cluster: ResourceId) -> Vec<Of<Ref>> {
        let mut out: Vec<Of<Ref>> = Vec::new();
        for resource in &self.backups {
            let Backup::Etcd(it) = &resource.value else { continue };
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
            "Namespaces" => Some(Self::Namespaces(Lift::lift(reader, value, origin)?)),
            "Volumes" => Some(Self::Volumes(Lift::lift(reader, value, origin)?)),
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
    /// Where it runs.
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

/// `schema Namespaces`.
#[derive(Clone, PartialEq, Debug)]
pub struct Namespaces<'a> {
    /// What every backup has.
    pub base: BackupBase<'a>,
    /// The namespaces that are saved; all of them where there are none.
    pub namespaces: Vec<Of<Ref>>,
    /// `file-system`, `snapshot` or `none`.
    pub volumes: Of<Sym>,
    /// How long a run may take.
    pub deadline: Of<Quantity<'a>>,
    /// How large one backup may become.
    pub size: Option<Of<Quantity<'a>>>,
    /// A key with Amazon's file of credentials.
    pub credentials: Option<SecretKey<'a>>,
}

/// `schema Volumes`.
#[derive(Clone, PartialEq, Debug)]
pub struct Volumes<'a> {
    /// What every backup has.
    pub base: BackupBase<'a>,
    /// The groups of volumes that are saved.
    pub groups: Vec<Of<&'a str>>,
    /// How many volumes are saved at once.
    pub at_once: Of<i64>,
    /// How long a run may take.
    pub deadline: Of<Quantity<'a>>,
    /// How large the backup of all volumes may become.
    pub size: Option<Of<Quantity<'a>>>,
    /// A Secret with what Longhorn reads.
    pub credentials: Option<Of<&'a str>>,
}

impl Volumes<'_> {
    /// How many backups of each volume are kept, so that all of the retention is covered.
    pub fn kept(&self) -> i64 {
        let minutes = self.base.retention.value.amount / 60_000;
        check_cron(self.base.schedule.value).map_or(1, |it| it.most_within(minutes))
    }
}

/// The clock of UTC, as the database of time zones calls it.
pub const UTC: &str = "Etc/UTC";

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
