//! The ApplicationSets of the examples, filled with sample output of their generators as Argo CD fills them, and judged: every Application has
//! a name of its own, a project, a cluster and values that are YAML, and Kubernetes' judge takes all of them. The engine of the templates is
//! a small one of our own (`appsets/template.rs`): one in Go would need a toolchain and modules that a check should not.
#![expect(
    clippy::disallowed_methods,
    reason = "reads samples, writes what comes out for a judge, and starts it"
)]

mod template;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::examples::{Files, built_from, expected};
use crate::oracle;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/infraflux");
const SAMPLES: &str = include_str!("appsets/samples.yaml");

/// Every object of the files, in their order.
fn objects(files: &Files) -> Vec<Value> {
    let mut out = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".yaml")) {
        for document in serde_yaml::Deserializer::from_str(text) {
            let object: Value = serde::Deserialize::deserialize(document)
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            out.push(object);
        }
    }
    out
}

/// Whether a path is what a pattern finds: a `*` stands for a part of one segment.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) =
        (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(pattern, part)| match pattern.split_once('*') {
            Some((start, end)) => {
                part.len() >= start.len() + end.len()
                    && part.starts_with(start)
                    && part.ends_with(end)
            }
            None => pattern == part,
        })
}

fn normalized(text: &str) -> String {
    let letter = |it: char| if it.is_ascii_alphanumeric() || it == '.' { it } else { '-' };
    text.to_lowercase().chars().map(letter).collect::<String>().trim_matches(['-', '.']).to_owned()
}

/// `path` of a folder, and of a file in it.
fn path_of(folder: &str, file: Option<&str>) -> Value {
    let segments: Vec<&str> = folder.split('/').collect();
    let basename = segments.last().copied().unwrap_or_default();
    let mut path = json!({
        "path": folder,
        "basename": basename,
        "basenameNormalized": normalized(basename),
        "segments": segments,
    });
    if let Some(file) = file {
        path["filename"] = file.into();
        path["filenameNormalized"] = normalized(file).into();
    }
    path
}

/// The parameters that a generator gives.
fn generated(generator: &Value, samples: &Value) -> Vec<Value> {
    if let Some(matrix) = generator.pointer("/matrix/generators") {
        let [first, second] = matrix.as_array().expect("generators").as_slice() else {
            panic!("a matrix of other than two: {matrix}");
        };
        // The second is filled with what the first gives before it is asked.
        let pairs = generated(first, samples).into_iter().flat_map(|first| {
            let second = filled(second, &first).expect("the second generator is filled");
            let second = generated(&second, samples).into_iter();
            second.map(move |second| joined(first.clone(), second)).collect::<Vec<_>>()
        });
        return pairs.collect();
    }
    if let Some(elements) = generator.pointer("/list/elements") {
        return elements.as_array().expect("elements").clone();
    }
    if let Some(git) = generator.get("git") {
        let url = git["repoURL"].as_str().expect("an address");
        let files = samples["repositories"][url].as_object();
        let files = files.unwrap_or_else(|| panic!("no sample of {url}"));
        let (key, rule) = match git.get("directories") {
            Some(rules) => ("directories", rules),
            None => ("files", &git["files"]),
        };
        let rules = rule.as_array().expect("rules");
        let takes = |path: &str| {
            let is = |rule: &&Value| fits(rule["path"].as_str().expect("a path"), path);
            let found: Vec<&Value> = rules.iter().filter(is).collect();
            !found.is_empty() && !found.iter().any(|rule| rule["exclude"] == true)
        };
        let mut found: BTreeMap<String, Value> = BTreeMap::new();
        for (path, content) in files {
            let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
            if key == "files" && takes(path) {
                let mut content = content.clone();
                put(&mut content, git, path_of(folder, Some(file)));
                found.insert(path.clone(), content);
            }
            // Folders that hold a file, and those around them.
            let mut around = folder;
            while key == "directories" && !around.is_empty() {
                if takes(around) {
                    let mut content = json!({});
                    put(&mut content, git, path_of(around, None));
                    found.insert(around.to_owned(), content);
                }
                around = around.rsplit_once('/').map_or("", |(folder, _)| folder);
            }
        }
        return found.into_values().collect();
    }
    if let Some(github) = generator.pointer("/pullRequest/github") {
        let name = format!("{}/{}", text(github, "owner"), text(github, "repo"));
        let wanted = github["labels"].as_array().expect("labels");
        let pulls = samples["pulls"][&name].as_array().expect("a sample");
        let has = |pull: &&Value| {
            let labels = pull["labels"].as_array().expect("labels");
            wanted.iter().all(|label| labels.contains(label))
        };
        return pulls.iter().filter(has).cloned().collect();
    }
    panic!("no sample of {generator}");
}

fn put(content: &mut Value, git: &Value, path: Value) {
    match git.get("pathParamPrefix").and_then(Value::as_str) {
        Some(prefix) => content[prefix] = json!({ "path": path }),
        None => content["path"] = path,
    }
}

/// Both, the first where both have a key.
fn joined(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Object(first), Value::Object(mut second)) => {
            for (key, value) in first {
                let value = match second.remove(&key) {
                    Some(other) => joined(value, other),
                    None => value,
                };
                second.insert(key, value);
            }
            Value::Object(second)
        }
        (first, _) => first,
    }
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_else(|| panic!("no {key} in {object}"))
}

/// Every text of a tree, keys included, filled.
fn filled(tree: &Value, dot: &Value) -> Result<Value, String> {
    Ok(match tree {
        Value::String(text) => Value::String(template::render(text, dot)?),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| filled(item, dot)).collect::<Result<_, _>>()?)
        }
        Value::Object(entries) => {
            let mut out = Map::new();
            for (key, value) in entries {
                out.insert(template::render(key, dot)?, filled(value, dot)?);
            }
            Value::Object(out)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => tree.clone(),
    })
}

/// The Applications of a set.
fn applications(set: &Value, samples: &Value) -> Result<Vec<Value>, String> {
    let spec = &set["spec"];
    assert_eq!(spec["goTemplate"], true, "{set}");
    assert_eq!(spec["goTemplateOptions"], json!(["missingkey=error"]), "{set}");
    let generators = spec["generators"].as_array().expect("generators").iter();
    let all = generators.flat_map(|generator| generated(generator, samples));
    all.map(|dot| {
        let mut application = filled(&spec["template"], &dot)?;
        application["metadata"]["namespace"] = set["metadata"]["namespace"].clone();
        application["apiVersion"] = "argoproj.io/v1alpha1".into();
        application["kind"] = "Application".into();
        Ok(application)
    })
    .collect()
}

fn samples() -> Value {
    serde_yaml::from_str(SAMPLES).expect("the samples are YAML")
}

/// The sets of the example, and what comes of them.
fn rendered() -> (Vec<Value>, Vec<Value>, Vec<Value>) {
    let all = objects(&expected(Path::new(EXAMPLE)));
    let of = |kind: &str| -> Vec<Value> {
        all.iter().filter(|object| object["kind"] == kind).cloned().collect()
    };
    let samples = samples();
    let mut made = Vec::new();
    for set in of("ApplicationSet") {
        let found = applications(&set, &samples);
        let found = found.unwrap_or_else(|error| panic!("{}: {error}", set["metadata"]["name"]));
        assert!(!found.is_empty(), "{} makes nothing of the samples", set["metadata"]["name"]);
        made.extend(found);
    }
    let mut others = of("Application");
    others.extend(of("AppProject"));
    (of("ApplicationSet"), made, others)
}

#[test]
fn applications_have_names_projects_clusters_and_values() {
    let (sets, made, others) = rendered();
    assert!(sets.len() >= 6, "the example has the six templates");
    let mut names: Vec<&str> = made.iter().map(|it| text(&it["metadata"], "name")).collect();
    names.extend(
        others
            .iter()
            .filter(|it| it["kind"] == "Application")
            .map(|it| text(&it["metadata"], "name")),
    );
    let is_name = |name: &str| {
        (1..=63).contains(&name.len())
            && name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-')
    };
    let count = names.len();
    let long: Vec<&&str> = names.iter().filter(|name| !is_name(name)).collect();
    assert!(long.is_empty(), "no names: {long:?}");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two Applications share a name");
    let built = expected(Path::new(EXAMPLE));
    for application in &made {
        let spec = &application["spec"];
        let said = application.to_string();
        assert!(!said.contains("<no value>"), "{said}");
        let project = text(spec, "project");
        let is_it = |it: &&Value| it["kind"] == "AppProject" && it["metadata"]["name"] == project;
        assert!(others.iter().any(|it| is_it(&it)), "no project `{project}`");
        let destination = &spec["destination"];
        match (destination.get("name"), destination.get("server")) {
            (Some(name), None) => {
                let folder = format!("{}/", name.as_str().expect("a name"));
                let is_there = built.keys().any(|path| path.starts_with(&folder));
                assert!(is_there || folder == "in-cluster/", "no cluster {name}");
            }
            (None, Some(server)) => assert_eq!(server, "https://kubernetes.default.svc"),
            _ => panic!("goes to a name or a server: {destination}"),
        }
        let sources = spec.get("sources").and_then(Value::as_array).cloned();
        for source in sources.unwrap_or_else(|| vec![spec["source"].clone()]) {
            let Some(helm) = source.get("helm") else { continue };
            if let Some(values) = helm.get("values").and_then(Value::as_str) {
                let values: Value = serde_yaml::from_str(values).expect("values are YAML");
                assert!(values.is_object(), "{values}");
            }
            let name = text(&application["metadata"], "name");
            let release = helm.get("releaseName").and_then(Value::as_str).unwrap_or(name);
            assert!(release.len() <= 53, "Helm takes no release `{release}`");
        }
    }
}

#[test]
fn what_they_are_is_what_was_meant() {
    let (_, made, _) = rendered();
    let mut shown = String::new();
    for application in &made {
        let spec = &application["spec"];
        let source = spec.get("source").unwrap_or(&spec["sources"][0]);
        shown.push_str(&format!(
            "{} in {} -> {}{} {}\n  {} {}{} at {}\n",
            text(&application["metadata"], "name"),
            text(spec, "project"),
            spec["destination"]["name"].as_str().unwrap_or_default(),
            spec["destination"]["server"].as_str().unwrap_or_default(),
            text(&spec["destination"], "namespace"),
            text(source, "repoURL"),
            source["path"].as_str().unwrap_or_default(),
            source["chart"].as_str().unwrap_or_default(),
            text(source, "targetRevision"),
        ));
        if let Some(helm) = source.get("helm") {
            shown.push_str(&format!("  {helm}\n"));
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn what_a_file_lacks_is_an_error() {
    let (sets, ..) = rendered();
    let databases = sets.iter().find(|set| set["metadata"]["name"] == "databases").expect("it");
    let mut samples = samples();
    let files = &mut samples["repositories"]["https://github.com/acme/databases"];
    files["databases/wrong.yaml"] = json!({ "name": "wrong", "version": "1.0.0" });
    let error = applications(databases, &samples).expect_err("a file lacks `instances`");
    assert!(error.contains("no entry for key \"instances\""), "{error}");
}

#[test]
fn values_from_outside_stay_values() {
    let (sets, ..) = rendered();
    let databases = sets.iter().find(|set| set["metadata"]["name"] == "databases").expect("it");
    let mut samples = samples();
    let wicked = "1Gi\"\nadmin: true # {{ .x }}";
    let files = &mut samples["repositories"]["https://github.com/acme/databases"];
    files["databases/orders.yaml"]["memory"] = wicked.into();
    let made = applications(databases, &samples).expect("it renders");
    let values = made
        .iter()
        .filter_map(|it| it.pointer("/spec/source/helm/values").and_then(Value::as_str))
        .map(|values| serde_yaml::from_str::<Value>(values).expect("values are YAML"))
        .find(|values| values["resources"]["requests"]["memory"] == wicked)
        .expect("the value, as it is");
    assert!(values.get("admin").is_none(), "{values}");
    assert_eq!(values["instances"], 3, "a number stays a number");
}

#[test]
fn braces_of_the_second_generator_are_text() {
    let source = r#"
platform acme { domain = "acme.example", hub = mgmt, repo = "https://github.com/acme/platform" }
environment prod { protected = true }
cluster mgmt { environment = prod, kubernetes = "v1.34.2", provider = Docker {}, control-plane { replicas = 1, machine { cpu = 2, memory = 4Gi } } }
repository web { url = "https://github.com/acme/web" }
project shop {}
apps pairs {
  project = shop
  clusters = [mgmt]
  from region : List { elements = [{ name = "eu", note = "{{ .one }}" }] }
  from service : List { elements = [{ name = "cart", note = "{{{ .region.name }} {x}", tags = [{ "{{ .b }}" = "{{ .c }}" }] }] }
  name = "\(region.name)-\(service.name)"
  namespace = "\(region.name)-\(service.name)"
  source { repository = web, path = "deploy", helm { values { first = region.note, note = service.note } } }
}
"#;
    let sources = Files::from([("main.iflux".to_owned(), source.to_owned())]);
    let files = built_from(&sources, "pairs");
    let all = objects(&files);
    let set = all.iter().find(|it| it["kind"] == "ApplicationSet").expect("a set");
    let made = applications(set, &samples()).expect("it renders");
    let values = made[0].pointer("/spec/source/helm/valuesObject").expect("values");
    assert_eq!(values["first"], "{{ .one }}");
    assert_eq!(values["note"], "{{{ .region.name }} {x}");
    let generators = set["spec"]["generators"][0].pointer("/matrix/generators");
    let region = json!({ "region": { "name": "eu" } });
    let second = filled(&generators.expect("a matrix")[1], &region).expect("it is filled");
    let tags = second.pointer("/list/elements/0/service/tags/0");
    assert_eq!(tags, Some(&json!({ "{{ .b }}": "{{ .c }}" })));
}

#[test]
fn kubernetes_accepts_them() {
    let Some(oracles) = oracle::folder("appsets::kubernetes_accepts_them") else { return };
    let python = std::env::var_os("IFLUX_PYTHON").unwrap_or_else(|| "python3".into());
    let (_, made, _) = rendered();
    let folder = tempfile::tempdir().expect("a folder");
    for (index, application) in made.iter().enumerate() {
        let text = serde_yaml::to_string(application).expect("YAML");
        std::fs::write(folder.path().join(format!("{index}.yaml")), text).expect("written");
    }
    let output = Command::new(&python)
        .arg(oracles.join("manifests/validate.py"))
        .arg(folder.path())
        .arg("--schemas")
        .arg(oracles.join("manifests/schemas"))
        .args(["--lint", "--cel", "--k8s", "1.34"])
        .output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", python.display()));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let summary = said.lines().last().unwrap_or_default();
    let looked_at = format!("files {0} objects {0} ", made.len());
    let clean = "errors: YAML 0 SCHEMA 0 API 0 CEL 0 LINT 0 | warnings 0 ";
    assert!(summary.contains(&looked_at) && summary.contains(clean), "{said}");
}
