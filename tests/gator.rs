//! What `iflux test --gator` writes: suites as gator reads them, and their cases, run from the written files alone.
//!
//! gator itself is no package of a registry. So its format stands here, field by field as Gatekeeper declares it (`pkg/gator/verify`, `test.gatekeeper.sh/v1alpha1`),
//! and the cases are run by the engine on what the files say: templates, constraints, expansions and objects.

use std::collections::BTreeMap;

use infraflux::driver::{MemoryWorld, Session};
use infraflux::emit::FilePlan;
use infraflux::host::DiskWorld;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    #[serde(rename = "apiVersion")]
    version: String,
    kind: String,
    metadata: Named,
    #[serde(default)]
    skip: bool,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    name: String,
    template: String,
    constraint: String,
    expansion: Option<String>,
    #[serde(default)]
    invalid: bool,
    #[serde(default)]
    skip: bool,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    object: String,
    #[serde(default)]
    inventory: Vec<String>,
    #[serde(default)]
    skip: bool,
    assertions: Vec<Assertion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assertion {
    violations: Option<Violations>,
    message: Option<String>,
}

/// A number, `yes` or `no`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Violations {
    Number(usize),
    Word(String),
}

fn documents(text: &str) -> Vec<Value> {
    serde_yaml::Deserializer::from_str(text)
        .map(|it| Value::deserialize(it).expect("YAML"))
        .collect()
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn has(list: Option<&Value>, wanted: &str) -> bool {
    list.and_then(Value::as_array).is_some_and(|it| it.iter().any(|it| it == wanted || it == "*"))
}

fn group_of(object: &Value) -> &str {
    text(object, "/apiVersion").split_once('/').map_or("", |it| it.0)
}

/// The object, and the pods that the ExpansionTemplates make of it.
fn expanded(object: &Value, templates: &[Value]) -> Vec<Value> {
    let mut all = vec![object.clone()];
    for template in templates {
        let is_for =
            template.pointer("/spec/applyTo").and_then(Value::as_array).unwrap().iter().any(|it| {
                has(it.get("groups"), group_of(object))
                    && has(it.get("kinds"), text(object, "/kind"))
            });
        let source = format!("/{}", text(template, "/spec/templateSource").replace('.', "/"));
        let Some(inner) = object.pointer(&source).filter(|_| is_for) else { continue };
        let mut metadata = inner.get("metadata").cloned().unwrap_or_else(|| json!({}));
        metadata["namespace"] = object.pointer("/metadata/namespace").cloned().unwrap_or_default();
        all.push(json!({
            "apiVersion": text(template, "/spec/generatedGVK/version"),
            "kind": text(template, "/spec/generatedGVK/kind"),
            "metadata": metadata,
            "spec": inner.get("spec"),
        }));
    }
    all
}

fn is_for(constraint: &Value, object: &Value) -> bool {
    let meant = constraint.pointer("/spec/match").expect("a match");
    let kinds = meant.get("kinds").and_then(Value::as_array).unwrap().iter().any(|it| {
        has(it.get("apiGroups"), group_of(object)) && has(it.get("kinds"), text(object, "/kind"))
    });
    let space = text(object, "/metadata/namespace");
    let out = meant.get("excludedNamespaces").and_then(Value::as_array);
    kinds && !out.is_some_and(|it| it.iter().any(|it| it == space))
}

/// How many violations the template finds in an object.
fn violations(template: &Value, constraint: &Value, object: &Value) -> usize {
    let code = template.pointer("/spec/targets/0/code/0").expect("code");
    assert_eq!(text(code, "/engine"), "Rego");
    let rego = text(code, "/source/rego");
    let package = rego.lines().find_map(|line| line.strip_prefix("package ")).expect("a package");
    let mut engine = regorus::Engine::new();
    engine.set_rego_v0(text(code, "/source/version") == "v0");
    engine.add_policy("policy.rego".to_owned(), rego.to_owned()).expect("Rego");
    let review = json!({
        "object": object,
        "kind": { "group": group_of(object), "version": "", "kind": object["kind"] },
        "operation": "CREATE",
    });
    let parameters = constraint.pointer("/spec/parameters").cloned().unwrap_or_else(|| json!({}));
    let input = json!({ "review": review, "parameters": parameters }).to_string();
    engine.set_input(regorus::Value::from_json_str(&input).expect("JSON"));
    let found = engine.eval_rule(format!("data.{}.violation", package.trim())).expect("it runs");
    found.as_set().map_or(0, |it| it.len())
}

/// Runs every suite; gives how many cases were refused, and how many passed.
fn run(plan: &FilePlan) -> (usize, usize) {
    let files: BTreeMap<&str, &str> = plan
        .files
        .iter()
        .map(|file| (file.path.as_str(), std::str::from_utf8(&file.bytes).expect("UTF-8")))
        .collect();
    let (mut refused, mut passed) = (0, 0);
    for (path, suite) in files.iter().filter(|(path, _)| path.ends_with("/suite.yaml")) {
        let folder = path.trim_end_matches("/suite.yaml");
        let suite: Suite =
            serde_yaml::from_str(suite).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(
            (suite.version.as_str(), suite.kind.as_str()),
            ("test.gatekeeper.sh/v1alpha1", "Suite")
        );
        assert!(!suite.skip && !suite.metadata.name.is_empty());
        for test in suite.tests {
            let read = |name: &str| {
                let file = files.get(format!("{folder}/{name}").as_str());
                documents(file.unwrap_or_else(|| panic!("{folder} has no {name}")))
            };
            assert!(!test.skip && !test.invalid && !test.name.is_empty());
            let (template, constraint) = (&read(&test.template)[0], &read(&test.constraint)[0]);
            assert_eq!(
                constraint["kind"],
                template.pointer("/spec/crd/spec/names/kind").unwrap().clone()
            );
            let templates = test.expansion.as_deref().map(read).unwrap_or_default();
            for case in test.cases {
                assert!(!case.skip && case.inventory.is_empty());
                let objects = expanded(&read(&case.object)[0], &templates);
                let asked = objects.iter().filter(|it| is_for(constraint, it));
                let count: usize = asked.map(|it| violations(template, constraint, it)).sum();
                if count > 0 {
                    refused += 1
                } else {
                    passed += 1
                }
                for assertion in case.assertions {
                    assert!(assertion.message.is_none());
                    let holds = match assertion.violations.expect("a number of violations") {
                        Violations::Number(number) => count == number,
                        Violations::Word(word) if word == "yes" => count > 0,
                        Violations::Word(word) => {
                            assert_eq!(word, "no");
                            count == 0
                        }
                    };
                    assert!(holds, "{folder}, case {}: {count} violations", case.name);
                }
            }
        }
    }
    (refused, passed)
}

#[test]
fn cases_of_the_library_hold_by_what_is_written() {
    let presets: Vec<&str> = include_str!("../stdlib/packs/policies.iflux")
        .lines()
        .filter_map(|line| line.strip_prefix("preset ")?.split(' ').next())
        .collect();
    assert!(presets.len() >= 9, "{presets:?}");
    let mut program = format!(
        "import std.packs.{{{}}}\nenvironment prod {{}}\nexternal cluster a {{ environment = prod, kubernetes = \"v1.34.2\" }}\n",
        presets.join(", ")
    );
    for (number, preset) in presets.iter().enumerate() {
        let told = if *preset == "AllowedRegistries" {
            "param { registries = [\"ghcr.io/acme\"] }"
        } else {
            ""
        };
        program.push_str(&format!("policy p{number} : {preset} {{ clusters = [a], {told} }}\n"));
    }
    let world = MemoryWorld::new([("main.iflux", program.as_str())]);
    let mut session = Session::load(&world);
    let plan = session.gator_tests();
    let plan = plan.unwrap_or_else(|| panic!("{:#?}", session.diagnostics()));
    let suites = plan.files.iter().filter(|it| it.path.ends_with("/suite.yaml")).count();
    assert_eq!(suites, presets.len(), "every policy of the library has cases");
    let (refused, passed) = run(&plan);
    assert!(refused >= suites && passed >= suites, "{refused} refused, {passed} passed");
}

#[test]
fn cases_of_the_example_hold_by_what_is_written() {
    let world = DiskWorld::open(std::path::Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/examples/infraflux"
    )))
    .expect("the example");
    let mut session = Session::load(&world);
    let plan = session.gator_tests().expect("nothing is wrong");
    let (refused, passed) = run(&plan);
    assert!(refused > 0 && passed > 0, "{refused} refused, {passed} passed");
}
