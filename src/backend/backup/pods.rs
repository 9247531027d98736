//! The pods of backups and drills: a container a step.

use super::Scene;
use super::steps::{self, CERTIFICATES, PKI, Step, Tool};
use crate::backend::Node;
use crate::backend::k8s::{Fields, bytes, list, text};
use crate::backend::workload::resources;
use crate::eval::Origin;
use crate::model::{Of, Quantity, SecretKey};
use crate::source::Sym;

/// The user that steps run as that read no file of root.
const NOBODY: i64 = 65_532;

/// What a snapshot becomes: a directory with a log that etcd allots beforehand.
const LOG: i64 = 512 << 20;

/// The label by which everything finds the pods of a block.
const NAME: &str = "app.kubernetes.io/name";
/// Which of them.
const COMPONENT: &str = "app.kubernetes.io/component";

/// The label of the pods.
pub(super) fn named<'a>(name: Of<Sym>) -> Fields<'a> {
    let rule = Origin::rule("pods are found by the name of their block");
    Fields::new().with(NAME, text(name.value.as_str(), rule))
}

/// What runs in a pod, and what it may.
pub(super) struct Run<'a> {
    component: &'static str,
    /// The steps before the last, in order.
    before: Vec<Step>,
    /// What runs beside the last.
    beside: Option<Step>,
    last: Step,
    /// Whether it reads etcd itself.
    reads_etcd: bool,
    /// Where its snapshot stands, and how large that may become.
    space: (&'static str, Of<Quantity<'a>>),
    /// How long it may take.
    pub(super) deadline: Of<Quantity<'a>>,
}

impl<'a> Run<'a> {
    /// What saves.
    pub(super) fn save(scene: &Scene<'_, 'a>) -> Self {
        let etcd = scene.etcd;
        let mut before = steps::save(etcd, scene.cluster, scene.os);
        let last = before.pop().unwrap_or_else(steps::init);
        Self {
            component: "save",
            before,
            beside: None,
            last,
            reads_etcd: true,
            space: ("/backup", twice(etcd.snapshot_limit)),
            deadline: etcd.deadline,
        }
    }

    /// What tries a restore.
    pub(super) fn drill(scene: &Scene<'_, 'a>) -> Self {
        let etcd = scene.etcd;
        Self {
            component: "drill",
            before: steps::before_etcd(scene.cluster),
            beside: Some(steps::etcd()),
            last: steps::count(etcd.drill.minimum_keys.value),
            reads_etcd: false,
            space: (steps::RESTORE, twice(etcd.snapshot_limit)),
            deadline: etcd.base.rto,
        }
    }

    /// What makes the repository.
    pub(super) fn init(scene: &Scene<'_, 'a>) -> Self {
        let etcd = scene.etcd;
        Self {
            component: "init",
            before: Vec::new(),
            beside: None,
            last: steps::init(),
            reads_etcd: false,
            space: ("/backup", etcd.snapshot_limit),
            deadline: etcd.deadline,
        }
    }

    /// Whether it reads certificates of the machine, which belong to root.
    fn is_root(&self, scene: &Scene<'_, 'a>) -> bool {
        self.reads_etcd && !scene.is_talos()
    }

    /// The template of its pods.
    pub(super) fn template(&self, scene: &Scene<'_, 'a>) -> Fields<'a> {
        let base = &scene.etcd.base;
        let rule = Origin::rule("pods say what they are for");
        let labels = Fields::new()
            .all(&base.labels)
            .join(named(base.name))
            .with(COMPONENT, text(self.component, rule));
        let metadata = Fields::new().with("labels", labels);
        Fields::new().with("metadata", metadata).with("spec", self.spec(scene))
    }

    fn spec(&self, scene: &Scene<'_, 'a>) -> Fields<'a> {
        let token = Origin::rule("nothing of a backup asks the API of Kubernetes");
        let once = Origin::rule("a run that fails is tried again in a pod of its own");
        let host = Origin::rule("etcd listens to its own machine without a name of its own");
        let resolver = Origin::rule("a pod in its node's network still asks the cluster's DNS");
        let on_host = self.is_root(scene);
        let mut before: Vec<Fields<'a>> =
            self.before.iter().map(|step| self.container(scene, step)).collect();
        before.extend(self.beside.iter().map(|step| {
            let stays = Origin::rule("it runs until the last step has ended");
            let asked = Origin::rule("the next step waits until etcd answers");
            let exec = Fields::new().with("command", words(&steps::healthy(), asked));
            let probe = Fields::new()
                .with("exec", exec)
                .with("timeoutSeconds", Node::Int(10, asked))
                .with("periodSeconds", Node::Int(5, asked))
                .with("failureThreshold", Node::Int(60, asked));
            self.container(scene, step)
                .with("restartPolicy", text("Always", stays))
                .with("startupProbe", probe)
        }));
        Fields::new()
            .with("serviceAccountName", scene.etcd.base.name)
            .with("automountServiceAccountToken", Node::Bool(false, token))
            .with("enableServiceLinks", Node::Bool(false, token))
            .maybe("hostNetwork", on_host.then_some(Node::Bool(true, host)))
            .maybe("dnsPolicy", on_host.then(|| text("ClusterFirstWithHostNet", resolver)))
            .with("restartPolicy", text("Never", once))
            .with("securityContext", self.user(scene))
            .unless_empty("nodeSelector", self.machines())
            .unless_empty("tolerations", list(self.tolerations(scene)))
            .unless_empty("initContainers", list(before))
            .with("containers", list([self.container(scene, &self.last)]))
            .with("volumes", list(self.volumes(scene)))
    }

    fn user(&self, scene: &Scene<'_, 'a>) -> Fields<'a> {
        let profile = Origin::rule("system calls that programs do not need are refused");
        let own = Origin::rule("a step is nobody that the machine knows");
        let root = Origin::rule(
            "the keys of etcd belong to root, and what root has saved only root may read",
        );
        let is_root = self.is_root(scene);
        let (id, rule) = if is_root { (0, root) } else { (NOBODY, own) };
        Fields::new()
            .with("runAsNonRoot", Node::Bool(!is_root, rule))
            .with("runAsUser", Node::Int(id, rule))
            .with("runAsGroup", Node::Int(id, rule))
            .with("fsGroup", Node::Int(id, rule))
            .with("seccompProfile", Fields::new().with("type", text("RuntimeDefault", profile)))
    }

    /// The machines that it runs on: etcd is on those of the control plane.
    fn machines(&self) -> Fields<'a> {
        let rule = Origin::rule("etcd runs on the machines of the control plane");
        let label = self.reads_etcd.then(|| text("", rule));
        Fields::new().maybe("node-role.kubernetes.io/control-plane", label)
    }

    fn tolerations(&self, scene: &Scene<'_, 'a>) -> Option<Fields<'a>> {
        let rule = Origin::rule("what runs on a machine of the control plane bears its taint");
        (self.reads_etcd || !scene.has_workers).then(|| {
            Fields::new()
                .with("key", text("node-role.kubernetes.io/control-plane", rule))
                .with("operator", text("Exists", rule))
                .with("effect", text("NoSchedule", rule))
        })
    }

    fn container(&self, scene: &Scene<'_, 'a>, step: &Step) -> Fields<'a> {
        let rule = Origin::rule("a step is one program: the next one runs only where it went well");
        let refused = Origin::rule("a step gets no further rights");
        let etcd = scene.etcd;
        let image = match step.tool {
            Tool::Etcd => etcd.etcd_image,
            Tool::Restic => etcd.restic_image,
            // A cluster of Talos without it is an error.
            Tool::Talosctl => etcd.talosctl_image.unwrap_or(etcd.etcd_image),
        };
        let capabilities = Fields::new().with("drop", list([text("ALL", refused)]));
        let security = Fields::new()
            .with("allowPrivilegeEscalation", Node::Bool(false, refused))
            .with("readOnlyRootFilesystem", Node::Bool(true, refused))
            .with("capabilities", capabilities);
        Fields::new()
            .with("name", text(step.name, rule))
            .with("image", image)
            .with("command", words(&step.command, rule))
            .unless_empty("env", list(environment(scene, step)))
            .with("resources", resources(&etcd.cpu, &etcd.memory))
            .with("securityContext", security)
            .with("volumeMounts", list(self.mounts(scene, step)))
    }

    fn mounts(&self, scene: &Scene<'_, 'a>, step: &Step) -> Vec<Fields<'a>> {
        let rule = Origin::rule("steps hand on the snapshot");
        let reads = Origin::rule("a step sees what it needs, and cannot change it");
        let mount = |name: &'static str, path: String, origin: Origin| {
            Fields::new().with("name", text(name, origin)).with("mountPath", text(path, origin))
        };
        let mut all = Vec::new();
        if step.hands_on() {
            all.push(mount("work", self.space.0.to_owned(), rule));
        }
        if step.tool == Tool::Restic {
            all.push(mount("tmp", "/tmp".to_owned(), rule));
        }
        let read_only = |fields: Fields<'a>| fields.with("readOnly", Node::Bool(true, reads));
        if step.name == "save" && scene.is_talos() {
            let path = "/var/run/secrets/talos.dev".to_owned();
            all.push(read_only(mount("talos", path, reads)));
        } else if step.name == "save" {
            all.extend(
                CERTIFICATES
                    .map(|(name, file)| read_only(mount(name, format!("{PKI}/{file}"), reads))),
            );
        }
        all
    }

    fn volumes(&self, scene: &Scene<'_, 'a>) -> Vec<Fields<'a>> {
        let rule = Origin::rule("a snapshot is never kept on a volume of the cluster it is of");
        let short = Origin::rule("a place for what is short-lived");
        let empty = |name: &'static str, limit: Node<'a>, origin: Origin| {
            let empty = Fields::new().with("sizeLimit", limit);
            Fields::new().with("name", text(name, origin)).with("emptyDir", empty)
        };
        let mut all = vec![empty("tmp", text("1Gi", short), short)];
        if !self.before.is_empty() {
            all.insert(0, empty("work", bytes(self.space.1), rule));
        }
        if !self.reads_etcd {
            return all;
        }
        let key = Origin::rule("kubeadm makes this pair to look after etcd: it is no server's");
        if scene.is_talos() {
            let name = scene.named("talos");
            let mode = Origin::rule("only who runs the step may read it");
            let secret =
                Fields::new().with("secretName", name).with("defaultMode", Node::Int(0o440, mode));
            all.push(Fields::new().with("name", text("talos", key)).with("secret", secret));
            return all;
        }
        all.extend(CERTIFICATES.map(|(name, file)| {
            let path = Fields::new()
                .with("path", text(format!("{PKI}/{file}"), key))
                .with("type", text("File", key));
            Fields::new().with("name", text(name, key)).with("hostPath", path)
        }));
        all
    }
}

/// A snapshot, and what it becomes when it is restored.
fn twice<'a>(limit: Of<Quantity<'a>>) -> Of<Quantity<'a>> {
    let both = limit.value.amount.saturating_mul(2).saturating_add(LOG);
    Of::new(Quantity::computed(both), limit.origin)
}

fn words<'a>(command: &[String], rule: Origin) -> Node<'a> {
    list(command.iter().map(|word| text(word.clone(), rule)))
}

/// What a step is told by its environment.
fn environment<'a>(scene: &Scene<'_, 'a>, step: &Step) -> Vec<Fields<'a>> {
    let etcd = scene.etcd;
    let target = &etcd.base.target;
    let rule = Origin::rule("restic reads where and who from its environment");
    let named = |name: &'static str| Fields::new().with("name", text(name, rule));
    let secret = |name: &'static str, key: SecretKey<'a>| {
        let key = Fields::new().with("name", key.secret).with("key", key.key);
        named(name).with("valueFrom", Fields::new().with("secretKeyRef", key))
    };
    match step.tool {
        Tool::Restic if step.name != "count" => {
            let place = steps::repository(target, scene.cluster);
            let mut all = vec![
                named("RESTIC_REPOSITORY").with("value", text(place, target.bucket.origin)),
                secret("RESTIC_PASSWORD", etcd.password),
                secret("AWS_ACCESS_KEY_ID", target.access_key),
                secret("AWS_SECRET_ACCESS_KEY", target.secret_key),
            ];
            all.extend(target.region.map(|it| named("AWS_DEFAULT_REGION").with("value", it)));
            all
        }
        Tool::Talosctl => {
            let field = Origin::rule("the machine that it runs on is one of the control plane");
            let path = Fields::new().with("fieldPath", text("status.hostIP", field));
            let config = Origin::rule("Talos puts the credentials of an account there");
            vec![
                named("HOST_IP").with("valueFrom", Fields::new().with("fieldRef", path)),
                named("TALOSCONFIG")
                    .with("value", text("/var/run/secrets/talos.dev/config", config)),
            ]
        }
        Tool::Etcd | Tool::Restic => Vec::new(),
    }
}
