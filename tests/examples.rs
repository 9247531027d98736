//! Every project below `examples/` builds exactly its `expected/`, and judges from outside accept what it builds.
//! `IFLUX_BLESS=1` writes `expected/`; read the difference as somebody whom it will wake at night.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the project's own files, writes them when asked to, and starts judges"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use infraflux::driver::{MemoryWorld, Session};
use infraflux::report::{Format, Style, render};
use serde_yaml::Value;

use crate::oracle;

/// Path, with `/`, to text.
pub(crate) type Files = BTreeMap<String, String>;

pub(crate) fn examples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = std::fs::read_dir(root).expect("examples/ can be listed");
    let mut found: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    found.sort();
    assert!(!found.is_empty(), "there is no example");
    found
}

/// All files below a folder that `wanted` takes.
pub(crate) fn read(folder: &Path, wanted: impl Fn(&str) -> bool) -> Files {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let shown = path.strip_prefix(folder).expect("a path below the folder");
            let shown = shown.to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&shown) {
                let text = std::fs::read_to_string(&path);
                let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                files.insert(shown, text);
            }
        }
    }
    files
}

/// What an example builds; fails with the report if anything is found, however small.
fn built(example: &Path) -> Files {
    let sources = read(example, |path| {
        let is_source = path.ends_with(".iflux")
            || path.ends_with("iflux.toml")
            || path.starts_with("testdata/")
            || matches!(path, "iflux.lock" | "crds.types");
        is_source && !path.starts_with("expected/") && !path.starts_with("out/")
    });
    built_from(&sources, &example.display().to_string())
}

/// What a project of these files builds; fails with the report if anything is found, however small.
pub(crate) fn built_from(sources: &Files, name: &str) -> Files {
    let world = MemoryWorld::new(sources.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let mut session = Session::load(&world);
    session.check();
    let plan = session.build();
    let found = session.diagnostics();
    let style = Style { limit: 0, ..Style::default() };
    let report = render(&found, session.sources(), Format::Plain, style);
    assert!(found.is_empty(), "{name}:\n{report}");
    let files = plan.expect("a plan, where nothing is wrong").files.into_iter();
    files
        .map(|file| (file.path, String::from_utf8(file.bytes).expect("the compiler writes UTF-8")))
        .collect()
}

/// What an example is expected to build.
pub(crate) fn expected(example: &Path) -> Files {
    read(&example.join("expected"), |_| true)
}

/// The first line in which two texts differ.
fn first_difference(is: &str, expected: &str) -> String {
    let mut at = 1;
    let (mut is, mut expected) = (is.lines(), expected.lines());
    loop {
        match (is.next(), expected.next()) {
            (None, None) => return "only its line ends differ".to_owned(),
            (now, then) if now != then => {
                return format!("line {at} is {now:?}, and was {then:?}");
            }
            _ => at += 1,
        }
    }
}

/// How a built tree differs from the expected one.
fn differences(built: &Files, expected: &Files) -> Vec<String> {
    let paths: BTreeSet<&String> = built.keys().chain(expected.keys()).collect();
    let mut found = Vec::new();
    for path in paths {
        match (built.get(path), expected.get(path)) {
            (Some(is), Some(was)) if is == was => {}
            (Some(is), Some(was)) => found.push(format!("{path}: {}", first_difference(is, was))),
            (Some(_), None) => found.push(format!("{path}: is new")),
            (None, _) => found.push(format!("{path}: is not written any more")),
        }
    }
    found
}

/// How what is built differs from what `expected/` in a folder holds; writes that first when asked to.
pub(crate) fn unexpected(folder: &Path, files: &Files) -> Vec<String> {
    let folder = folder.join("expected");
    if std::env::var_os("IFLUX_BLESS").is_some() {
        if folder.exists() {
            std::fs::remove_dir_all(&folder).expect("expected/ can be removed");
        }
        write(&folder, files);
    }
    differences(files, &read(&folder, |_| true))
}

#[test]
fn they_build_what_is_expected() {
    let mut problems = Vec::new();
    for example in examples() {
        let found = unexpected(&example, &built(&example));
        let example = example.file_name().expect("a name").to_string_lossy().into_owned();
        problems.extend(found.into_iter().map(|problem| format!("{example}/expected/{problem}")));
    }
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn differences_are_found() {
    let files = |files: &[(&str, &str)]| {
        files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect::<Files>()
    };
    let check = |built: &[(&str, &str)], expected: &[(&str, &str)], found: &[&str]| {
        assert_eq!(differences(&files(built), &files(expected)), found);
    };
    check(&[("a", "x\n")], &[("a", "x\n")], &[]);
    check(
        &[("a", "x\ny\n")],
        &[("a", "x\nz\n")],
        &["a: line 2 is Some(\"y\"), and was Some(\"z\")"],
    );
    check(&[("a", "x\n")], &[("a", "x")], &["a: only its line ends differ"]);
    check(&[("a", "")], &[("b", "")], &["a: is new", "b: is not written any more"]);
}

pub(crate) fn write(folder: &Path, files: &Files) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }
}

/// Every document of a tree.
fn objects(files: &Files) -> Vec<Value> {
    use serde::Deserialize as _;
    let documents = files.values().flat_map(|text| serde_yaml::Deserializer::from_str(text));
    documents
        .map(|document| Value::deserialize(document).expect("YAML that is read back"))
        .collect()
}

/// The value at a path of keys; fails with the path where there is none.
fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').fold(value, |value, key| {
        value.get(key).unwrap_or_else(|| panic!("no `{key}` of `{path}` in {value:?}"))
    })
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    at(value, path).as_str().unwrap_or_else(|| panic!("`{path}` is no text"))
}

fn number(value: &Value, path: &str) -> u64 {
    at(value, path).as_u64().unwrap_or_else(|| panic!("`{path}` is no number"))
}

/// Cores, MiB of memory and GB of disk of one machine.
type Machine = (u64, u64, u64);

/// The machines that a cluster gets: the control plane's number and size, then those of each pool.
type Size = (u64, Machine, Vec<(u64, Machine)>);

struct Platform {
    objects: Vec<Value>,
}

impl Platform {
    fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(move |object| text(object, "kind") == kind)
    }

    fn named(&self, kind: &str, name: &str) -> &Value {
        let mut found = self.of_kind(kind).filter(|object| text(object, "metadata.name") == name);
        let first = found.next().unwrap_or_else(|| panic!("no {kind} `{name}`"));
        assert!(found.next().is_none(), "two objects {kind} `{name}`");
        first
    }

    /// The size in the machine template that `reference` names.
    fn machine(&self, reference: &Value) -> Machine {
        let template = self.named("ProxmoxMachineTemplate", text(reference, "templateRef.name"));
        let spec = at(template, "spec.template.spec");
        let cores = number(spec, "numSockets") * number(spec, "numCores");
        (cores, number(spec, "memoryMiB"), number(spec, "disks.bootVolume.sizeGb"))
    }

    fn size(&self, cluster: &Value) -> Size {
        let topology = at(cluster, "spec.topology");
        let class = at(self.named("ClusterClass", text(topology, "classRef.name")), "spec");
        let deployments = at(class, "workers.machineDeployments").as_sequence().expect("a list");
        let pools = at(topology, "workers.machineDeployments").as_sequence().expect("a list");
        let pools = pools.iter().map(|pool| {
            let wanted = text(pool, "class");
            let class = deployments.iter().find(|deployment| text(deployment, "class") == wanted);
            let class = class.unwrap_or_else(|| panic!("the class has no pool `{wanted}`"));
            (number(pool, "replicas"), self.machine(at(class, "infrastructure")))
        });
        let control = self.machine(at(class, "controlPlane.machineInfrastructure"));
        (number(topology, "controlPlane.replicas"), control, pools.collect())
    }
}

#[test]
fn the_three_sizes_are_what_they_promise_in_every_environment() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/infraflux");
    let platform = Platform { objects: objects(&built(&example)) };
    let promised: [(&str, Size); 3] = [
        ("small", (1, (2, 2048, 20), vec![(2, (2, 2048, 20))])),
        ("medium", (3, (4, 4096, 40), vec![(3, (4, 4096, 40))])),
        ("large", (3, (8, 8192, 80), vec![(5, (8, 8192, 80))])),
    ];
    let mut found: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let is_of_machines = |it: &&Value| text(it, "apiVersion").starts_with("cluster.x-k8s.io/");
    for cluster in platform.of_kind("Cluster").filter(is_of_machines) {
        let class = text(cluster, "spec.topology.classRef.name");
        let (name, promise) = promised
            .iter()
            .find(|(name, _)| class.starts_with(&format!("{name}-")))
            .unwrap_or_else(|| panic!("{class} is of no size"));
        let (control, machine, pools) = platform.size(cluster);
        let (promised_control, promised_machine, promised_pools) = promise;
        assert_eq!((&control, &machine), (promised_control, promised_machine), "{class}");
        assert_eq!(pools.first().map(|(_, machine)| machine), Some(promised_machine), "{class}");
        if pools == *promised_pools {
            let environment = text(cluster, "metadata.labels.environment");
            *found.entry((environment, name)).or_default() += 1;
        }
    }
    for environment in ["dev", "staging", "prod"] {
        for (name, _) in &promised {
            assert!(found.contains_key(&(environment, *name)), "{environment} has no {name}");
        }
    }
}

/// The examples, what `iflux init` writes, and what can be built of the port.
fn projects() -> (Vec<PathBuf>, tempfile::TempDir) {
    let mut projects = examples();
    let folder = tempfile::tempdir().expect("a folder");
    let begun = folder.path().join("begun");
    let init = Command::new(env!("CARGO_BIN_EXE_iflux")).arg("init").arg(&begun).output();
    assert!(init.expect("iflux starts").status.success(), "iflux init {}", begun.display());
    projects.push(begun);
    let port = folder.path().join("port");
    write(&port, &crate::port::buildable().0);
    projects.push(port);
    (projects, folder)
}

/// Writes what an example builds into a new folder.
fn built_on_disk(example: &Path) -> (tempfile::TempDir, Files) {
    let (folder, files) = (tempfile::tempdir().expect("a folder"), built(example));
    write(folder.path(), &files);
    (folder, files)
}

#[test]
fn kubernetes_accepts_them() {
    let Some(oracles) = oracle::folder("examples::kubernetes_accepts_them") else { return };
    let python = std::env::var_os("IFLUX_PYTHON").unwrap_or_else(|| "python3".into());
    let definitions = oracle::definitions();
    let (projects, _begun) = projects();
    let mut databases = 0;
    for example in projects {
        let (out, files) = built_on_disk(&example);
        let output = Command::new(&python)
            .arg(oracles.join("manifests/validate.py"))
            .arg(out.path())
            .arg("--schemas")
            .arg(oracles.join("manifests/schemas"))
            .arg("--crds")
            .arg(definitions.path())
            .args(["--lint", "--cel", "--k8s", "1.34"])
            .output();
        let output = output.unwrap_or_else(|error| panic!("{}: {error}", python.display()));
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}:\n{said}{errors}", example.display());
        // What a judge did not look at, it did not accept. Kustomizations are no objects: Argo CD reads them, and no cluster.
        let all = objects(&files);
        let is_object = |object: &&Value| text(object, "kind") != "Kustomization";
        let count = all.iter().filter(is_object).count();
        let others = all.len() - count;
        let looked_at = format!("files {} objects {count} ", files.len());
        assert!(said.contains(&format!("non-Kubernetes docs {others} ")), "{said}");
        let summary = said.lines().last().unwrap_or_default();
        let clean = "errors: YAML 0 SCHEMA 0 API 0 CEL 0 LINT 0 | warnings 0 ";
        assert!(summary.contains(&looked_at) && summary.contains(clean), "{said}{errors}");
        assert!(summary.contains("no schema (ignored) 0 "), "{said}");
        let is_pool = |object: &&Value| text(object, "kind") == "Pooler";
        databases += all.iter().filter(is_pool).count();
    }
    assert!(databases >= 3, "{databases} pools of databases");
}

#[test]
fn prometheus_accepts_their_rules() {
    if oracle::folder("examples::prometheus_accepts_their_rules").is_none() {
        return;
    }
    let (projects, _begun) = projects();
    let mut judged = 0;
    for example in projects {
        let folder = tempfile::tempdir().expect("a folder");
        let mut paths = Vec::new();
        for object in objects(&built(&example)) {
            if text(&object, "kind") == "PrometheusRule" {
                let path = folder.path().join(format!("{}.yaml", paths.len()));
                let rules = serde_yaml::to_string(at(&object, "spec")).expect("YAML");
                std::fs::write(&path, rules).expect("a file can be written");
                paths.push(path);
            }
        }
        if paths.is_empty() {
            continue;
        }
        judged += 1;
        let output = Command::new("promtool").args(["check", "rules"]).args(&paths).output();
        let output = output.expect("promtool starts");
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}:\n{said}{errors}", example.display());
        assert_eq!(said.matches("SUCCESS: ").count(), paths.len(), "{said}{errors}");
    }
    assert!(judged > 1, "{judged} examples have rules");
}
