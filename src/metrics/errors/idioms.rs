//! Known mistakes about particular metrics.

use super::ranges::duration;
use crate::diag::{Code, Level};
use crate::metrics::problem::{Place, Problem};

/// Pods that are done count as not ready.
pub(in crate::metrics) const JOB_PODS: Code = Code::new("promql/job-pods");

/// `ready = false` of completed Jobs.
pub(in crate::metrics) fn job_pods(at: Place) -> Problem {
    Problem::new(
        JOB_PODS,
        Level::Warning,
        "pods of finished Jobs are not ready either",
        at,
        "holds for completed pods",
    )
    .help("only pods that should run: `.. and on (namespace, pod) (kube_pod_status_phase{phase=~\"Pending|Running|Unknown\"} == 1)`")
    .help("or leave Jobs out: `unless on (namespace, pod) kube_pod_owner{owner_kind=\"Job\"}`")
}

/// One restart is no crash loop.
pub(in crate::metrics) const CRASH_LOOP: Code = Code::new("promql/one-restart");

/// `increase(restarts) > 0`
pub(in crate::metrics) fn crash_loop(at: Place, metric: Place) -> Problem {
    Problem::new(
        CRASH_LOOP,
        Level::Hint,
        "a single restart fires this alert",
        at,
        "one is enough",
    )
    .because(metric, "counts every restart, also of an update or a lost node")
    .help("a crash loop is `kube_pod_container_status_waiting_reason{reason=\"CrashLoopBackOff\"}`; or compare with more restarts")
}

/// As early as certificates are renewed.
pub(in crate::metrics) const RENEWAL: Code = Code::new("promql/renewal-window");

/// `seconds` before the end.
pub(in crate::metrics) fn renewal(at: Place, seconds: f64) -> Problem {
    Problem::new(
        RENEWAL,
        Level::Warning,
        "the alert fires when certificates are just due for renewal",
        at,
        format!("{} before the end", duration(seconds)),
    )
    .help("cert-manager renews after two thirds of the lifetime: 30d before the end of a certificate for 90d, and later for shorter ones")
    .help("leave the renewal time: `21 * 24 * 3600`")
}

/// A quorum that is there yet.
pub(in crate::metrics) const QUORUM: Code = Code::new("promql/quorum");

/// `count(up == 1) < count(up) / 2 + 1`
pub(in crate::metrics) fn quorum(at: Place) -> Problem {
    Problem::new(
        QUORUM,
        Level::Warning,
        "the alert fires while the quorum holds",
        at,
        "2 of 3 members are 2 < 2.5",
    )
    .help("n members need more than half: alert on `sum by (job) (up == bool 1) < (count by (job) (up) + 1) / 2`")
}

/// Pods that were never made.
pub(in crate::metrics) const NEVER_CREATED: Code = Code::new("promql/never-created");

/// Ready against existing, not against wanted.
pub(in crate::metrics) fn never_created(at: Place, wanted: &str) -> Problem {
    Problem::new(
        NEVER_CREATED,
        Level::Hint,
        "pods that were never created are missing on both sides",
        at,
        "only those that exist",
    )
    .mend(format!("replace with `{wanted}`"), at, wanted, false)
    .help("compare with what is wanted")
}

/// Longhorn's actual size counts snapshots.
pub(in crate::metrics) const DISK_OF_SNAPSHOTS: Code = Code::new("promql/snapshots-count");

/// `actual_size / capacity`
pub(in crate::metrics) fn disk_of_snapshots(at: Place) -> Problem {
    Problem::new(
        DISK_OF_SNAPSHOTS,
        Level::Hint,
        "the actual size of a volume counts its snapshots: it may exceed the capacity",
        at,
        "not how full it is",
    )
    .help("how full a volume is: `kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes`")
}
