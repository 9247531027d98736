//! The runbook of a restore: for a cluster as it is, with the commands in order.

use std::fmt::Write as _;

use super::facts::DayZero;
use super::markdown::Page;
use super::volumes::VolumeFacts;
use crate::backend::backup_steps as steps;
use crate::embedded::{check_cron, check_image};
use crate::model::{Backup, Model, Quantity, minor_of_etcd};

/// A cluster of which etcd is saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RestoreFacts {
    /// The cluster.
    pub cluster: String,
    /// Its version of Kubernetes.
    pub kubernetes: Option<String>,
    /// How many machines run etcd; none where something else makes them.
    pub members: Option<i64>,
    /// The version of Talos, where it makes the nodes.
    pub talos: Option<String>,
    /// The address of its API server, with the port.
    pub endpoint: Option<String>,
    /// The block's name.
    pub backup: String,
    /// The namespace of its CronJobs.
    pub namespace: String,
    /// When it runs, and by whose clock.
    pub schedule: (String, String),
    /// When a restore is tried.
    pub drill: String,
    /// How much may be lost.
    pub rpo: String,
    /// How long a restore may take.
    pub rto: String,
    /// How long snapshots are kept, in days.
    pub days: i64,
    /// Where snapshots are.
    pub repository: String,
    /// The region of the bucket.
    pub region: Option<String>,
    /// Which key of which Secret each of the credentials is.
    pub credentials: [(&'static str, String); 3],
    /// The image of etcd's programs, and of restic.
    pub images: [String; 2],
    /// Whether etcd's programs know how to leave the revisions of a snapshot behind.
    pub bumps: bool,
}

/// A time as the program writes it.
pub(super) fn shown(time: Quantity<'_>) -> String {
    time.written.map_or_else(|| format!("{} s", time.amount / 1000), str::to_owned)
}

/// Every cluster of which etcd is saved, by name.
pub(super) fn restores(model: &Model<'_>) -> Vec<RestoreFacts> {
    let mut out = Vec::new();
    for resource in &model.backups {
        let Backup::Etcd(it) = &resource.value else { continue };
        let base = &it.base;
        for target in &resource.targets {
            let block = model.clusters.iter().find(|known| known.id == target.id);
            let cluster = block.map(|block| &block.value);
            let key = |name, key: crate::model::SecretKey<'_>| {
                (name, format!("`{}` of the Secret `{}`", key.key.value, key.secret.value))
            };
            let endpoint = cluster.and_then(|known| {
                let host = known.endpoint?.value;
                Some(format!("{host}:{}", known.endpoint_port.value))
            });
            out.push(RestoreFacts {
                cluster: target.name.to_string(),
                kubernetes: cluster.map(|known| known.kubernetes.value.to_owned()),
                members: cluster.map(|known| known.control_plane.replicas.value),
                talos: cluster.and_then(|known| match &known.os {
                    crate::model::Os::Talos(talos) => Some(talos.version.value.to_owned()),
                    crate::model::Os::Kubeadm(_) => None,
                }),
                endpoint,
                backup: base.name.value.to_string(),
                namespace: base.namespace.value.name.to_string(),
                schedule: (base.schedule.value.to_owned(), base.time_zone.value.to_owned()),
                drill: it.drill.schedule.value.to_owned(),
                rpo: shown(base.rpo.value),
                rto: shown(base.rto.value),
                days: steps::days(base.retention.value),
                repository: steps::repository(&base.target, *target),
                region: base.target.region.map(|it| it.value.to_owned()),
                credentials: [
                    key("RESTIC_PASSWORD", it.password),
                    key("AWS_ACCESS_KEY_ID", base.target.access_key),
                    key("AWS_SECRET_ACCESS_KEY", base.target.secret_key),
                ],
                images: [it.etcd_image.value.to_owned(), it.restic_image.value.to_owned()],
                bumps: minor_of_etcd(it.etcd_image.value).is_none_or(|it| it >= (3, 6)),
            });
        }
    }
    out.sort_by(|a, b| (&a.cluster, &a.backup).cmp(&(&b.cluster, &b.backup)));
    out
}

/// The runbook of a program's restores, or of one cluster; none where nothing is saved there.
pub fn restore(zero: &DayZero, cluster: Option<&str>) -> Option<String> {
    let is_meant = |name: &str| cluster.is_none_or(|it| it == name);
    let meant: Vec<&RestoreFacts> =
        zero.restores.iter().filter(|it| is_meant(&it.cluster)).collect();
    let volumes: Vec<&VolumeFacts> =
        zero.volumes.iter().filter(|it| is_meant(&it.cluster)).collect();
    if meant.is_empty() && volumes.is_empty() {
        return None;
    }
    let mut page = Page::default();
    page.say(format!("# Restore of `{}`", zero.platform));
    page.say("Written by `iflux doc restore` from the program. Commands run in an empty folder that only you can read, for a POSIX shell; what stands in `'<..>'` is yours to fill in. Print it and keep it outside of the clusters: it is read when they are gone.");
    for it in meant {
        of_cluster(&mut page, zero, it);
    }
    for it in volumes {
        it.say(&mut page);
    }
    Some(page.finish())
}

fn of_cluster(page: &mut Page, zero: &DayZero, it: &RestoreFacts) {
    page.heading(&format!("Cluster `{}`", it.cluster));
    let row = |what: &str, value: String| vec![what.to_owned(), value];
    let machines = match it.members {
        Some(1) => "1 machine".to_owned(),
        Some(count) => format!("{count} machines"),
        None => "made by something else".to_owned(),
    };
    let os = match &it.talos {
        Some(version) => format!("Talos {version}"),
        None => "kubeadm".to_owned(),
    };
    let version = it.kubernetes.clone().unwrap_or_else(|| "not known".to_owned());
    let endpoint = it.endpoint.clone().unwrap_or_else(|| "made by the provider".to_owned());
    page.table(
        &["", ""],
        &[
            row("Kubernetes", format!("{version}, {os}")),
            row("API server", endpoint),
            row("etcd", machines),
            row(
                "saved",
                format!("`{}` in {}, kept for {} days", it.schedule.0, it.schedule.1, it.days),
            ),
            row("may be lost", it.rpo.clone()),
            row("back within", it.rto.clone()),
            row("snapshots", format!("`{}`", it.repository)),
            row("etcd's programs", format!("`{}`", it.images[0])),
            row("restic", format!("`{}`", it.images[1])),
        ],
    );
    once(page, it);
    decide(page, it);
    fetch(page, it);
    if it.talos.is_some() {
        talos(page, zero, it);
    } else {
        members(page, zero, it);
        stop(page);
        build(page, it);
        bring(page);
        start(page, zero, it);
    }
    after(page, it);
}

fn title(page: &mut Page, it: &RestoreFacts, title: &str) {
    page.say(format!("### `{}`: {title}", it.cluster));
}

fn once(page: &mut Page, it: &RestoreFacts) {
    title(page, it, "once, before the first backup");
    page.say("The repository is made by hand, so that a bucket that somebody emptied is noticed and not filled anew. Then the first backup and the first trial run at once:");
    let (namespace, name) = (&it.namespace, &it.backup);
    let job = |from: &str| {
        vec![
            format!("kubectl -n {namespace} create job {from}-by-hand --from=cronjob/{from}"),
            format!(
                "kubectl -n {namespace} wait job/{from}-by-hand --for=condition=Complete --timeout=30m"
            ),
        ]
    };
    let names = [format!("{name}-init"), name.clone(), format!("{name}-drill")];
    page.shell(&names.iter().flat_map(|it| job(it)).collect::<Vec<String>>());
    let keys: Vec<String> =
        it.credentials.iter().map(|(name, place)| format!("`{name}` is {place}")).collect();
    page.say("What opens the repository stands in the cluster that may be lost. Keep it in another place, too:");
    page.points(&keys);
}

fn decide(page: &mut Page, it: &RestoreFacts) {
    title(page, it, "whether to restore");
    let majority = it.members.map_or(2, |count| count / 2 + 1);
    let answer = match majority {
        1 => "etcd answers".to_owned(),
        count => format!("{count} of etcd's members answer"),
    };
    page.say(format!("A restore throws away what was written since the snapshot. While {answer}, replace the machine that is broken instead: Cluster API joins a new one. What was deleted by mistake comes back from Git."));
}

fn fetch(page: &mut Page, it: &RestoreFacts) {
    title(page, it, "fetch the snapshot");
    let mut lines = vec![format!("export RESTIC_REPOSITORY='{}'", it.repository)];
    lines.extend(it.credentials.iter().map(|(name, _)| format!("export {name}='<{name}>'")));
    lines.extend(it.region.iter().map(|region| format!("export AWS_DEFAULT_REGION='{region}'")));
    page.shell(&lines);
    page.say(format!("`latest` may be replaced by the number of an older one. No drill of `{}` failed if the newest is whole; `restore` below compares its checksum in any case.", it.drill));
    page.shell(&[
        format!("restic snapshots --host={} --tag=etcd", it.cluster),
        format!("restic restore latest --host={} --tag=etcd --target=fetched", it.cluster),
        format!("etcdutl snapshot status fetched{} --write-out=table", steps::SNAPSHOT),
    ]);
}

fn members(page: &mut Page, zero: &DayZero, it: &RestoreFacts) {
    title(page, it, "name the members");
    let count = it.members.map_or_else(String::new, |count| format!("{count} "));
    page.say(format!("Members are called as their machines are. With the kubeconfig of `{}`, stop Cluster API from replacing machines, and write down the {count}of the control plane, each with its address:", zero.hub.name));
    let (namespace, cluster) = (&zero.namespace, &it.cluster);
    page.shell(&[
        format!("kubectl -n {namespace} patch cluster {cluster} --type=merge --patch='{{\"spec\":{{\"paused\":true}}}}'"),
        format!("kubectl -n {namespace} get machines --selector=cluster.x-k8s.io/cluster-name={cluster},cluster.x-k8s.io/control-plane --output=jsonpath='{{range .items[*]}}{{.status.nodeRef.name}} {{.status.addresses[?(@.type==\"InternalIP\")].address}}{{\"\\n\"}}{{end}}' > members"),
    ]);
    if cluster == &zero.hub.name {
        page.say("This cluster is the hub itself: where its API server does not answer, write the file by hand, a line `<machine> <address>` each.");
    }
    page.shell(&["cat members".to_owned()]);
}

fn stop(page: &mut Page) {
    page.say("Then stop etcd and the API server on all of them. Nothing is deleted:");
    page.shell(&[
        "while read -r name address; do".to_owned(),
        "  ssh -n \"$address\" 'sudo mkdir -p /etc/kubernetes/stopped && sudo mv /etc/kubernetes/manifests/etcd.yaml /etc/kubernetes/manifests/kube-apiserver.yaml /etc/kubernetes/stopped/'".to_owned(),
        "done < members".to_owned(),
    ]);
}

fn build(page: &mut Page, it: &RestoreFacts) {
    title(page, it, "restore every member");
    page.say("All are made of the same snapshot, here, as members of one new cluster:");
    let mut words = format!(
        "  etcdutl snapshot restore fetched{} --data-dir=\"restored/$name\" --name=\"$name\" --initial-cluster=\"$peers\" --initial-advertise-peer-urls=\"https://$address:2380\" --initial-cluster-token={}-restored",
        steps::SNAPSHOT,
        it.cluster
    );
    if it.bumps {
        let _ = write!(words, " --bump-revision=1000000000 --mark-compacted");
    }
    page.shell(&[
        "peers=$(awk '{ printf \"%s%s=https://%s:2380\", comma, $1, $2; comma = \",\" }' members)"
            .to_owned(),
        "while read -r name address; do".to_owned(),
        words,
        "done < members".to_owned(),
    ]);
    if it.bumps {
        page.say("`--bump-revision` makes every revision newer than any that clients have seen, and `--mark-compacted` makes their watches begin anew: without them controllers would go on with what they remember.");
    }
}

fn bring(page: &mut Page) {
    page.say("Bring each to its machine. What was there is kept beside it:");
    page.shell(&[
        "while read -r name address; do".to_owned(),
        "  tar -C \"restored/$name\" -cf - member | ssh \"$address\" 'sudo mv /var/lib/etcd /var/lib/etcd.lost && sudo mkdir -m 700 /var/lib/etcd && sudo tar -C /var/lib/etcd -xf -'".to_owned(),
        "done < members".to_owned(),
    ]);
}

fn start(page: &mut Page, zero: &DayZero, it: &RestoreFacts) {
    title(page, it, "start it");
    page.shell(&[
        "while read -r name address; do".to_owned(),
        "  ssh -n \"$address\" 'sudo mv /etc/kubernetes/stopped/etcd.yaml /etc/kubernetes/stopped/kube-apiserver.yaml /etc/kubernetes/manifests/'".to_owned(),
        "done < members".to_owned(),
    ]);
    page.say("When the API server answers, let Cluster API go on:");
    page.shell(&[
        "kubectl get --raw='/readyz?verbose'".to_owned(),
        format!("kubectl -n {} patch cluster {} --type=merge --patch='{{\"spec\":{{\"paused\":false}}}}'", zero.namespace, it.cluster),
    ]);
}

fn talos(page: &mut Page, zero: &DayZero, it: &RestoreFacts) {
    title(page, it, "bring etcd back");
    page.say(format!("With the kubeconfig of `{}`, stop Cluster API from replacing machines, and write down the addresses of the control plane:", zero.hub.name));
    let (namespace, cluster) = (&zero.namespace, &it.cluster);
    page.shell(&[
        format!("kubectl -n {namespace} patch cluster {cluster} --type=merge --patch='{{\"spec\":{{\"paused\":true}}}}'"),
        format!("kubectl -n {namespace} get secret {cluster}-talosconfig --output=jsonpath='{{.data.talosconfig}}' | base64 -d > talosconfig"),
        format!("kubectl -n {namespace} get machines --selector=cluster.x-k8s.io/cluster-name={cluster},cluster.x-k8s.io/control-plane --output=jsonpath='{{range .items[*]}}{{.status.addresses[?(@.type==\"InternalIP\")].address}}{{\"\\n\"}}{{end}}' > members"),
        "export TALOSCONFIG=\"$PWD/talosconfig\"".to_owned(),
    ]);
    page.say("Empty etcd on all of them. From here on there is only the snapshot:");
    page.shell(&[
        "while read -r address; do".to_owned(),
        "  talosctl --endpoints=\"$address\" --nodes=\"$address\" reset --graceful=false --reboot --system-labels-to-wipe=EPHEMERAL < /dev/null".to_owned(),
        "done < members".to_owned(),
    ]);
    page.say("When `etcd` waits on each (`Preparing`), one of them takes the snapshot, and the others join it:");
    page.shell(&[
        "first=$(head -n 1 members)".to_owned(),
        "talosctl --endpoints=\"$first\" --nodes=\"$first\" service etcd".to_owned(),
        format!("talosctl --endpoints=\"$first\" --nodes=\"$first\" bootstrap --recover-from=fetched{}", steps::SNAPSHOT),
        "talosctl --endpoints=\"$first\" --nodes=\"$first\" etcd members".to_owned(),
        format!("kubectl -n {namespace} patch cluster {cluster} --type=merge --patch='{{\"spec\":{{\"paused\":false}}}}'"),
    ]);
}

fn after(page: &mut Page, it: &RestoreFacts) {
    title(page, it, "afterwards");
    let next = check_cron(&it.schedule.0).ok().and_then(|schedule| schedule.longest_gap());
    let wait = next.map_or_else(String::new, |minutes| {
        format!(" The next one by itself may be {} hours away.", minutes / 60)
    });
    page.say(format!("Nodes and controllers see the past: let Argo CD compare everything, and look for objects that were made after the snapshot. Then save what is there now.{wait}"));
    let tool =
        check_image(&it.images[0]).ok().and_then(|image| image.tag).unwrap_or("the same version");
    page.shell(&[format!(
        "kubectl -n {} create job {}-after-restore --from=cronjob/{}",
        it.namespace, it.backup, it.backup
    )]);
    page.say(format!("`etcdutl` here and etcd in the cluster are of one minor version: `{tool}`."));
}
