//! Templates of pods.

use super::container::{Run, container, env, ports, probes, toleration};
use super::{Errand, Head, around};
use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, bytes, list, seconds, text};
use crate::eval::Origin;
use crate::model::{
    self, Container, File, Map, Of, PodShape, Port, Probes, Quantity, Range, Security, Toleration,
    Volume, Workload,
};
use crate::source::Sym;

/// What a pod is made of, whatever makes it.
pub(super) struct Pod<'m, 'a> {
    name: Of<Sym>,
    image: Of<&'a str>,
    command: Node<'a>,
    args: Node<'a>,
    env: Node<'a>,
    file: &'m Map<File<'a>>,
    volume: &'m Map<Volume<'a>>,
    cpu: Range<Quantity<'a>>,
    memory: Range<Quantity<'a>>,
    security: &'m Security<'a>,
    schedule_on: &'m Map<Of<&'a str>>,
    tolerate: &'m Map<Toleration<'a>>,
    /// What only a program has that stays.
    standing: Option<&'m Workload<'a>>,
}

impl<'m, 'a> Pod<'m, 'a> {
    /// The pods of a program.
    pub(super) fn of(it: &'m Workload<'a>) -> Self {
        Self {
            name: it.name,
            image: it.image,
            command: list(it.command.iter().copied()),
            args: list(it.args.iter().copied()),
            env: env(&it.env),
            file: &it.file,
            volume: &it.volume,
            cpu: it.cpu,
            memory: it.memory,
            security: &it.security,
            schedule_on: &it.schedule_on,
            tolerate: &it.tolerate,
            standing: Some(it),
        }
    }

    /// The pods of a run.
    pub(super) fn of_job(it: &'m model::Job<'a>) -> Self {
        let shell = Origin::rule("a script that fails anywhere has failed");
        let command = match it.script {
            Some(script) => {
                let words = ["/bin/sh", "-euc"].map(|word| text(word, shell));
                list(words.into_iter().chain([script.into_node()]))
            }
            None => list(it.command.iter().copied()),
        };
        Self {
            name: it.name,
            image: it.image,
            command,
            args: list(it.args.iter().copied()),
            env: env(&it.env),
            file: &it.file,
            volume: &it.volume,
            cpu: it.cpu,
            memory: it.memory,
            security: &it.security,
            schedule_on: &it.schedule_on,
            tolerate: &it.tolerate,
            standing: None,
        }
    }

    /// The pods of an errand.
    pub(super) fn of_errand(it: &'m Errand<'a>) -> Self {
        Self {
            name: it.name,
            image: it.image,
            command: it.command.clone(),
            args: list([] as [Node<'a>; 0]),
            env: it.env.clone(),
            file: &it.nothing.files,
            volume: &it.nothing.volumes,
            cpu: it.cpu,
            memory: it.memory,
            security: &it.security,
            schedule_on: &it.nothing.labels,
            tolerate: &it.nothing.tolerations,
            standing: None,
        }
    }

    /// A name for a volume that the program has not taken.
    fn free(&self, name: &'static str, other: &'static str) -> &'static str {
        let is_taken = self.volume.iter().any(|(taken, _)| taken.as_str() == name);
        if is_taken { other } else { name }
    }

    /// Where pods have nothing to write to, they get a place for what is short-lived.
    fn scratch(&self) -> Option<&'static str> {
        let is_there = self.volume.iter().any(|(_, volume)| volume.mount.value == "/tmp");
        let is_needed = !self.security.writable_root.value && !is_there;
        is_needed.then(|| self.free("tmp", "scratch"))
    }
}

/// The template of a pod.
pub(super) fn template<'a>(head: &Head<'a>, pod: &Pod<'_, 'a>) -> Fields<'a> {
    let digest = around::digest(pod.file).map(|digest| {
        let rule = Origin::rule("a change of a file starts the pods anew");
        Fields::new().with("infraflux.dev/files", text(digest, rule))
    });
    let metadata = Fields::new().with("labels", head.of_pods()).maybe("annotations", digest);
    Fields::new().with("metadata", metadata).with("spec", spec(head, pod))
}

fn spec<'a>(head: &Head<'a>, pod: &Pod<'_, 'a>) -> Fields<'a> {
    let token = pod.security.service_account_token;
    let links = Origin::rule("a program is told of what it needs, not of all Services");
    let host = pod.security.host_network;
    let resolver = Origin::rule("a pod in its node's network still asks the cluster's DNS");
    let network = host.value.then_some(Node::Bool(true, host.origin));
    let dns = host.value.then(|| text("ClusterFirstWithHostNet", resolver));
    let restart = pod.standing.is_none().then(|| {
        let rule = Origin::rule("a run that fails is tried again in a pod of its own");
        text("Never", rule)
    });
    let stop = pod.standing.map(|it| seconds(it.stop_timeout));
    let spread = pod.standing.map_or_else(Vec::new, |it| spread(head, it));
    Fields::new()
        .with("serviceAccountName", head.name)
        .with("automountServiceAccountToken", token)
        .with("enableServiceLinks", Node::Bool(false, links))
        .maybe("hostNetwork", network)
        .maybe("dnsPolicy", dns)
        .maybe("restartPolicy", restart)
        .maybe("terminationGracePeriodSeconds", stop)
        .with("securityContext", security(pod))
        .unless_empty("nodeSelector", Fields::new().all(pod.schedule_on))
        .unless_empty("tolerations", list(pod.tolerate.iter().map(toleration)))
        .unless_empty("topologySpreadConstraints", list(spread))
        .unless_empty("initContainers", list(before(pod)))
        .with("containers", list([program(pod)]))
        .unless_empty("volumes", volumes(head, pod))
}

fn security<'a>(pod: &Pod<'_, 'a>) -> Fields<'a> {
    let security = pod.security;
    let refused = Origin::rule("a program runs without the rights of root");
    let profile = Origin::rule("a program makes no call that containers do not need");
    // Root is said, not left out: so everybody sees who asked for it.
    let origin = if security.root.value { security.root.origin } else { refused };
    let rootless = Node::Bool(!security.root.value, origin);
    // Volumes belong to a group that the program is in.
    let group = security.group.or(security.user).filter(|_| !pod.volume.is_empty());
    let change = group.map(|_| {
        let rule = Origin::rule("a volume that belongs to the group is not gone through again");
        text("OnRootMismatch", rule)
    });
    let seccomp = Fields::new().with("type", text("RuntimeDefault", profile));
    Fields::new()
        .with("runAsNonRoot", rootless)
        .maybe("runAsUser", security.user)
        .maybe("runAsGroup", security.group)
        .maybe("fsGroup", group)
        .maybe("fsGroupChangePolicy", change)
        .with("seccompProfile", seccomp)
}

/// Pods of several are spread as far as there is room: they run in any case.
fn spread<'a>(head: &Head<'a>, it: &Workload<'a>) -> Vec<Fields<'a>> {
    let keys: &[&'static str] = match it.spread.value.as_str() {
        _ if it.pod_shape() == PodShape::PerNode || it.most().value < 2 => &[],
        "zone" => &["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
        "node" => &["kubernetes.io/hostname"],
        _ => &[],
    };
    let rule = Origin::rule("pods are spread, so that not all are lost at once");
    let alike =
        (it.pod_shape() == PodShape::Deployment).then(|| list([text("pod-template-hash", rule)]));
    let one = |key: &&'static str| {
        Fields::new()
            .with("maxSkew", Node::Int(1, rule))
            .with("topologyKey", text(*key, it.spread.origin))
            .with("whenUnsatisfiable", text("ScheduleAnyway", rule))
            .with("labelSelector", head.selector())
            .maybe("matchLabelKeys", alike.clone())
    };
    keys.iter().map(one).collect()
}

/// The program's own container.
fn program<'a>(pod: &Pod<'_, 'a>) -> Fields<'a> {
    let whole = container(Run {
        name: pod.name,
        image: pod.image,
        command: pod.command.clone(),
        args: pod.args.clone(),
        env: pod.env.clone(),
        cpu: pod.cpu,
        memory: pod.memory,
        security: pod.security,
        mounts: mounts(pod),
    });
    let Some(it) = pod.standing else { return whole };
    let named: (&Map<Port<'a>>, &Probes<'a>) = (&it.port, &it.probes);
    whole.unless_empty("ports", ports(named.0)).join(probes(named.1, named.0))
}

/// Containers that start before the program: those that stay come first, so that the others can use them.
fn before<'a>(pod: &Pod<'_, 'a>) -> Vec<Fields<'a>> {
    let Some(it) = pod.standing else { return Vec::new() };
    let own = |it: &Container<'a>| {
        container(Run {
            name: it.name,
            image: it.image,
            command: list(it.command.iter().copied()),
            args: list(it.args.iter().copied()),
            env: env(&it.env),
            cpu: it.cpu,
            memory: it.memory,
            security: pod.security,
            mounts: mounts(pod),
        })
    };
    let always = Origin::rule("a sidecar runs as long as its pod");
    let sidecars =
        it.sidecar.iter().map(|(_, it)| own(it).with("restartPolicy", text("Always", always)));
    sidecars.chain(it.init.iter().map(|(_, it)| own(it))).collect()
}

/// Where volumes stand, the same in all containers.
fn mounts<'a>(pod: &Pod<'_, 'a>) -> Node<'a> {
    let rule = Origin::rule("containers of a pod share its volumes");
    let own = pod.volume.iter().map(|(name, volume)| {
        let read_only = volume.read_only.value.then_some(volume.read_only);
        Fields::new()
            .with("name", text(name.as_str(), rule))
            .with("mountPath", volume.mount)
            .maybe("readOnly", read_only)
    });
    let files = around::keys(pod.file).into_iter().map(|(path, key)| {
        Fields::new()
            .with("name", text(pod.free("files", "config-files"), rule))
            .with("mountPath", text(path, rule))
            .with("subPath", text(key, rule))
            .with("readOnly", Node::Bool(true, rule))
    });
    let scratch = pod.scratch().map(|name| {
        let rule = Origin::rule("programs may write to /tmp where they may write nowhere else");
        Fields::new().with("name", text(name, rule)).with("mountPath", text("/tmp", rule))
    });
    list(own.chain(files).chain(scratch))
}

fn volumes<'a>(head: &Head<'a>, pod: &Pod<'_, 'a>) -> Node<'a> {
    let is_stateful = pod.standing.is_some_and(|it| it.pod_shape() == PodShape::Stateful);
    let rule = Origin::rule("containers of a pod share its volumes");
    // Those of a StatefulSet's own come by themselves.
    let standing = pod.volume.iter().filter(|(_, volume)| !(is_stateful && volume.is_single()));
    let own = standing.map(|(name, volume)| {
        let named = Fields::new().with("name", text(name.as_str(), rule));
        if volume.empty.value {
            let limit = Fields::new().maybe("sizeLimit", volume.size.map(bytes));
            return named.with("emptyDir", limit);
        }
        let claim = text(around::claim_name(head, *name), rule);
        named.with("persistentVolumeClaim", Fields::new().with("claimName", claim))
    });
    let files = (!pod.file.is_empty()).then(|| {
        let keys = around::keys(pod.file).into_iter().zip(pod.file);
        let items = keys.map(|((_, key), (_, file))| {
            Fields::new()
                .with("key", text(key.clone(), rule))
                .with("path", text(key, rule))
                .with("mode", file.mode)
        });
        let map = Fields::new().with("name", head.name).with("items", list(items));
        Fields::new()
            .with("name", text(pod.free("files", "config-files"), rule))
            .with("configMap", map)
    });
    let scratch = pod
        .scratch()
        .map(|name| Fields::new().with("name", text(name, rule)).with("emptyDir", Fields::new()));
    list(own.chain(files).chain(scratch))
}
