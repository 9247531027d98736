//! The runbook names what the output names: every file that it applies is built, and every Secret, namespace and provider that
//! the hub's objects name stands in it.
#![expect(
    clippy::disallowed_methods,
    reason = "builds into a folder of its own, for the outside judge"
)]

use std::collections::BTreeSet;
use std::path::Path;

use infraflux::driver::Session;
use infraflux::host::DiskWorld;
use infraflux::runbook::{COMPONENTS, Component, local, platform};
use serde_yaml::Value;

use crate::oracle;

/// The hub's objects of Cluster API, each with the file that holds it.
fn objects(files: &[(String, String)], hub: &str) -> Vec<(String, Value)> {
    let inside = |path: &str| path.split('/').next() == Some(hub);
    let mut out = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| inside(path)) {
        for document in text.split("\n---\n") {
            let object: Value = serde_yaml::from_str(document).expect("YAML");
            if group(&object).ends_with("cluster.x-k8s.io") {
                out.push((path.clone(), object));
            }
        }
    }
    out
}

fn text<'v>(value: &'v Value, path: &[&str]) -> &'v str {
    let found = path.iter().try_fold(value, |value, key| value.get(*key));
    found.and_then(Value::as_str).unwrap_or_default()
}

fn group(object: &Value) -> &str {
    text(object, &["apiVersion"]).rsplit_once('/').map_or("", |(group, _)| group)
}

/// The names of Secrets and identities that an object names, wherever it does.
fn credentials(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Mapping(map) => {
            for (key, value) in map {
                let key = key.as_str().unwrap_or_default();
                if matches!(key, "credentialsRef" | "hetznerSecretRef" | "identityRef") {
                    let name = text(value, &["name"]);
                    assert!(!name.is_empty(), "{key} without a name: {value:?}");
                    // CAPA makes this one itself.
                    if text(value, &["kind"]) != "AWSClusterControllerIdentity" {
                        out.insert(name.to_owned());
                    }
                } else {
                    credentials(value, out);
                }
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| credentials(item, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Tagged(_) => {}
    }
}

fn serving(object: &Value) -> Option<&'static Component> {
    let (group, kind) = (group(object), text(object, &["kind"]));
    COMPONENTS.iter().find(|component| {
        component.serves.iter().any(|served| {
            let kinds = served.kinds;
            served.group == group
                && (kinds.is_empty() || kinds.iter().any(|start| kind.starts_with(start)))
        })
    })
}

/// Every path below `folder` that a page names.
fn paths<'p>(page: &'p str, folder: &'p str) -> impl Iterator<Item = &'p str> {
    let ends = |c: char| c.is_whitespace() || c == '`';
    page.match_indices(folder).map(move |(at, _)| {
        let rest = &page[at + folder.len()..];
        &rest[..rest.find(ends).unwrap_or(rest.len())]
    })
}

/// The files of a project, its runbook, and how many things it was held to.
fn hold(folder: &Path) -> usize {
    let world = DiskWorld::open(folder).expect("a project");
    let mut session = Session::load(&world);
    let Some((Some(zero), plan)) = session.day_zero() else { return 0 };
    let files: Vec<(String, String)> = plan
        .files
        .iter()
        .map(|file| (file.path.clone(), String::from_utf8(file.bytes.clone()).expect("UTF-8")))
        .collect();
    let page = platform(&zero);
    let shown = folder.display();
    let mut held = 0;
    for path in paths(&page, "out/").filter(|path| path.ends_with(".yaml")) {
        assert!(
            plan.get(path).is_some(),
            "{shown}: the runbook applies {path}, which is not built"
        );
        held += 1;
    }
    for (path, object) in objects(&files, &zero.hub.name) {
        // With a root, Argo CD applies what no command names.
        assert!(
            zero.gitops.is_some() || page.contains(&format!("out/{path}")),
            "{shown}: {path} is not in the runbook"
        );
        let namespace = text(&object, &["metadata", "namespace"]);
        assert!(
            page.contains(&format!("--namespace {namespace}")) || page.contains("## On a laptop"),
            "{shown}: no command knows the namespace {namespace}"
        );
        let mut named = BTreeSet::new();
        credentials(&object, &mut named);
        for name in named {
            let secret = page.contains(&format!("create secret generic {name} "));
            let identity = page.contains(&format!("\n  name: {name}\n"));
            assert!(secret || identity, "{shown}: {path} names {name}, and the runbook does not");
            held += 1;
        }
        let component = serving(&object).unwrap_or_else(|| panic!("nothing serves {object:?}"));
        assert!(
            component.name == "docker" || page.contains(&component.option()),
            "{shown}: {path} needs {}",
            component.option()
        );
    }
    let laptop: Vec<_> = zero.clusters.iter().filter(|cluster| cluster.is_local).collect();
    for path in paths(&local(&zero, &laptop, "here"), "-f here/") {
        assert!(plan.get(path).is_some(), "{shown}: the laptop applies {path}, which is not built");
        held += 1;
    }
    held
}

#[test]
fn runbooks_name_what_the_output_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let six = hold(&root.join("tests/day_zero"));
    assert!(six > 20, "held to {six}");
    for example in ["examples/infraflux", "examples/teams"] {
        assert!(hold(&root.join(example)) > 3, "{example}");
    }
}

#[test]
fn kubernetes_accepts_six_providers() {
    let name = "day_zero::kubernetes_accepts_six_providers";
    let Some(oracles) = oracle::folder(name) else { return };
    let world = DiskWorld::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/day_zero"));
    let plan = Session::load(&world.expect("a project")).build().expect("no error");
    let out = tempfile::tempdir().expect("a folder");
    for file in &plan.files {
        let path = out.path().join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        std::fs::write(path, &file.bytes).expect("a file that can be written");
    }
    let python = std::env::var_os("IFLUX_PYTHON").unwrap_or_else(|| "python3".into());
    let judged = std::process::Command::new(&python)
        .arg(oracles.join("manifests/validate.py"))
        .arg(out.path())
        .arg("--schemas")
        .arg(oracles.join("manifests/schemas"))
        .args(["--lint", "--cel", "--k8s", "1.34"])
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{said}{}", String::from_utf8_lossy(&judged.stderr));
    assert!(said.contains(&format!("files {} objects ", plan.files.len())), "{said}");
}
