//! Backups to rules: what tells that a promise is not kept.
//!
//! A CronJob says when it last went well, and the series is there only once it has: so that one alert measures, and another one tells that
//! there is nothing to measure. A Job that failed counts until one goes well; those that are kept to look at do not.

use super::rule::{Group, Rule, RuleKind};

/// A backup that is watched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watched {
    /// The block's name: the label `backup` of all alerts.
    pub backup: String,
    /// The namespace of its CronJobs, or of Velero.
    pub namespace: String,
    /// The severity of all alerts.
    pub severity: String,
    /// The seconds that may lie between two runs.
    pub gap: i64,
    /// The seconds of the promise.
    pub rpo: i64,
    /// The seconds that a run may take.
    pub run: i64,
    /// Who tells of it.
    pub by: WatchedBy,
}

/// Who tells of a backup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WatchedBy {
    /// A CronJob with the block's name.
    CronJob {
        /// How a restore is tried, by a CronJob beside it.
        drill: Option<Trial>,
    },
    /// Velero, whose Schedule has the block's name, and whose BackupStorageLocation, too.
    Velero,
}

/// When a restore is tried, and for how long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trial {
    /// The seconds that may lie between two.
    pub gap: i64,
    /// The seconds that one may take.
    pub run: i64,
}

/// How late a run may begin, in seconds: the CronJobs say so.
const LATE: i64 = 3600;

/// The alerts of a backup, and of its drill.
pub fn generate(it: &Watched) -> Group {
    let save = Of {
        watched: it,
        cron_job: it.backup.clone(),
        alert: "Backup",
        what: "backup",
        lost: "what is written since then is lost with the cluster",
        age: it.rpo + it.run,
        first: it.gap + it.run + LATE,
    };
    let rules = match it.by {
        WatchedBy::Velero => save.by_velero().into(),
        WatchedBy::CronJob { drill: None } => save.by_cron_job().into(),
        WatchedBy::CronJob { drill: Some(trial) } => {
            let drill = Of {
                watched: it,
                cron_job: format!("{}-drill", it.backup),
                alert: "BackupDrill",
                what: "trial of a restore",
                lost: "nobody knows whether the backup can be restored",
                age: trial.gap + trial.run + LATE,
                first: trial.gap + trial.run + LATE,
            };
            save.by_cron_job().into_iter().chain(drill.by_cron_job()).collect()
        }
    };
    Group { name: format!("backup-{}", it.backup), interval: None, rules }
}

/// One of the two CronJobs.
struct Of<'w> {
    watched: &'w Watched,
    cron_job: String,
    alert: &'static str,
    what: &'static str,
    lost: &'static str,
    /// The seconds after which what went well last is too old.
    age: i64,
    /// The seconds after which the first one is missed.
    first: i64,
}

impl Of<'_> {
    /// Why there may be none yet.
    const fn hint(&self) -> &'static str {
        match self.watched.by {
            WatchedBy::CronJob { drill: Some(_) } => {
                " The repository may not be there yet: `iflux doc restore` has the command."
            }
            WatchedBy::CronJob { drill: None } | WatchedBy::Velero => "",
        }
    }

    /// What went well last is older than it may be; `well` is when that was.
    fn too_old(&self, well: &str, where_from: &str) -> Rule {
        let backup = &self.watched.backup;
        self.rule(
            "TooOld",
            format!("time() - {well} > {}", self.age),
            300,
            format!(
                "The last {} of {backup} that went well is {{{{ $value | humanizeDuration }}}} old",
                self.what
            ),
            format!("It may be {} old: {}. {where_from}", shown(self.age), self.lost),
        )
    }

    /// There is no series of what went well: nothing ever did.
    fn never_ran(&self, series: &str, where_from: &str) -> Rule {
        let backup = &self.watched.backup;
        self.rule(
            "NeverRan",
            format!("absent({series})"),
            self.first,
            format!("No {} of {backup} ever went well", self.what),
            format!("The first one should have ended by now.{} {where_from}", self.hint()),
        )
    }

    fn by_cron_job(&self) -> [Rule; 4] {
        let (namespace, cron_job) = (&self.watched.namespace, &self.cron_job);
        let backup = &self.watched.backup;
        let of_cron_job = format!("namespace=\"{namespace}\", cronjob=\"{cron_job}\"");
        let of_jobs = format!("namespace=\"{namespace}\", job_name=~\"{cron_job}-[0-9]+\"");
        let series = format!("kube_cronjob_status_last_successful_time{{{of_cron_job}}}");
        let well = format!("max by (namespace) ({series})");
        let failed = format!(
            "max by (namespace) (kube_job_status_start_time{{{of_jobs}}} and on (namespace, job_name) kube_job_failed{{{of_jobs}, condition=\"true\"}} == 1)"
        );
        let where_from = format!(
            "`kubectl -n {namespace} get cronjob,job` shows the runs, and `kubectl -n {namespace} logs job/<job> --all-containers` what each step said."
        );
        [
            self.too_old(&well, &where_from),
            self.never_ran(&series, &where_from),
            self.rule(
                "Suspended",
                format!("max by (namespace, cronjob) (kube_cronjob_spec_suspend{{{of_cron_job}}}) == 1"),
                900,
                format!("The CronJob {cron_job} is suspended"),
                format!("No {} is made while it is. The program does not suspend it: somebody did by hand.", self.what),
            ),
            self.rule(
                "Failed",
                format!("{failed} unless on (namespace) ({well} >= on (namespace) {failed})"),
                60,
                format!("A {} of {backup} failed", self.what),
                format!("None went well since. {where_from}"),
            ),
        ]
    }

    /// Velero tells of no schedule that somebody paused: it is seen by the age of what was made last.
    fn by_velero(&self) -> [Rule; 4] {
        let (namespace, backup) = (&self.watched.namespace, &self.watched.backup);
        let series = format!("velero_backup_last_successful_timestamp{{schedule=\"{backup}\"}}");
        let where_from = format!(
            "`kubectl -n {namespace} get backups.velero.io --selector=velero.io/schedule-name={backup}` shows the runs, and `kubectl -n {namespace} describe schedules.velero.io {backup}` whether it is paused."
        );
        [
            self.too_old(&format!("max({series})"), &where_from),
            self.never_ran(&series, &where_from),
            self.rule(
                "Failed",
                format!("max(velero_backup_last_status{{schedule=\"{backup}\"}}) == 0"),
                60,
                format!("The last {} of {backup} failed, or is not whole", self.what),
                where_from.clone(),
            ),
            self.rule(
                "TargetLost",
                format!("max(velero_backup_location_status_gauge{{backup_location_name=\"{backup}\"}}) == 0"),
                900,
                format!("Velero does not reach the bucket of {backup}"),
                format!("Neither backups nor restores work. `kubectl -n {namespace} describe backupstoragelocations.velero.io {backup}` says why."),
            ),
        ]
    }

    #[expect(clippy::cast_precision_loss, reason = "seconds of a duration are far below 2^53")]
    fn rule(&self, what: &str, expr: String, pending: i64, summary: String, more: String) -> Rule {
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Rule {
            name: format!("{}{what}", self.alert),
            kind: RuleKind::Alert { pending: pending as f64, keep_firing: 0.0 },
            expr,
            labels: vec![
                text("severity", &self.watched.severity),
                text("backup", &self.watched.backup),
            ],
            annotations: vec![text("summary", &summary), text("description", &more)],
        }
    }
}

/// `25h30m` of seconds.
fn shown(seconds: i64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn times() {
        for (seconds, text) in [(90, "1m"), (3600, "1h"), (91_800, "25h30m")] {
            assert_eq!(shown(seconds), text);
        }
    }
}
