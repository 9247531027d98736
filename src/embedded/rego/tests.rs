//! Policies, read and run.

use serde_json::json;

use super::{Dialect, ForeignKind, Rego, RunError};

const V1: &str = r#"package a

violation contains {"msg": msg} if {
  some c in input.review.object.spec.containers
  not startswith(c.image, input.parameters.registry)
  msg := sprintf("%s: %s is not allowed", [c.name, c.image])
}
"#;

fn input(image: &str) -> serde_json::Value {
    json!({
        "review": { "object": { "spec": { "containers": [{ "name": "web", "image": image }] } } },
        "parameters": { "registry": "ghcr.io/" },
    })
}

fn messages(text: &str, input: &serde_json::Value) -> Vec<String> {
    let rego = Rego::read(text).expect("a policy");
    let found = rego.violations(input).expect("runs");
    found.into_iter().map(|it| it.message).collect()
}

#[test]
fn both_dialects_are_read_and_run() {
    let rego = Rego::read(V1).expect("a policy");
    assert_eq!((rego.dialect, rego.has_entry), (Dialect::V1, true));
    assert!(messages(V1, &input("ghcr.io/a")).is_empty());
    assert_eq!(messages(V1, &input("nginx")), ["web: nginx is not allowed"]);
    let v0 = r#"package a
violation[{"msg": msg}] {
  c := input.review.object.spec.containers[_]
  not startswith(c.image, input.parameters.registry)
  msg := sprintf("%v is not allowed", [c.image])
}"#;
    assert_eq!(Rego::read(v0).expect("a policy").dialect, Dialect::V0);
    assert_eq!(messages(v0, &input("nginx")), ["nginx is not allowed"]);
    assert!(messages(v0, &input("ghcr.io/a")).is_empty());
}

#[test]
fn versions_are_told_apart_by_their_words() {
    let broken = "package a\nviolation[{\"msg\": \"if\"}] { x := } # in\n";
    let error = Rego::read(broken).expect_err("no value");
    // The engine tries the body as a set, too, and so names its beginning.
    assert_eq!((error.at.of(broken), error.expected.as_str()), ("{", "expecting }"));
    let imported = "package a\nimport future.keywords.in\nviolation[{\"msg\": \"x\"}] { 1 in [1] }";
    assert_eq!(Rego::read(imported).expect("a policy").dialect, Dialect::V0);
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    let text = "package a\n\nviolation contains {\"msg\": \"x\"} if {\n  x := := 1\n}\n";
    let error = Rego::read(text).expect_err("two assignments");
    assert_eq!(error.at.of(text), ":", "{error:?}");
    assert_eq!(error.at.start as usize, text.find(":= 1").expect("there"));
    let error = Rego::read("violation { true }").expect_err("no package");
    assert_eq!(error.at.start, 0, "{error:?}");
    let many = format!("package a\n{}", "x := 1\n".repeat(20_000));
    assert!(Rego::read(&many).expect_err("too many lines").found.contains("20001 lines"));
}

#[test]
fn reads_are_found() {
    let text = r#"package a
import data.lib.helpers
violation contains {"msg": "x"} if {
  params := input.parameters
  params.first
  input.parameters["second"]
  object.get(input.parameters, "third", 1) > 0
  object.get(input, ["parameters", "fourth"], 1) > 0
  input.request.object
  http.send({"url": "x"})
  data.inventory.cluster
  data.other.thing
}"#;
    let reads = Rego::read(text).expect("a policy").reads;
    let names: Vec<(&str, bool)> =
        reads.parameters.iter().map(|it| (it.name.as_str(), it.has_default)).collect();
    assert_eq!(names, [("first", false), ("second", false), ("third", true), ("fourth", true)]);
    assert!(reads.inventory && !reads.any_parameter);
    let foreign: Vec<(ForeignKind, &str, &str)> =
        reads.foreign.iter().map(|it| (it.kind, it.written.as_str(), it.at.of(text))).collect();
    assert_eq!(
        foreign,
        [
            (ForeignKind::Data, "data.lib", "import data.lib.helpers"),
            (ForeignKind::Input, "request", "request"),
            (ForeignKind::Function, "http.send", "http.send"),
            (ForeignKind::Data, "data.other", "data.other"),
        ]
    );
    let whole = "package a\nviolation contains {\"msg\": \"x\"} if { some k, v in input.parameters; k == v }";
    assert!(Rego::read(whole).expect("a policy").reads.any_parameter);
}

#[test]
fn what_never_ends_is_ended() {
    let text = r#"package a
violation contains {"msg": "x"} if {
  ns := numbers.range(1, 1000)
  count([1 | some a in ns; some b in ns; some c in ns; some d in ns; a + b + c + d == 0]) == 1
}"#;
    let rego = Rego::read(text).expect("a policy");
    assert_eq!(rego.violations(&json!({})), Err(RunError::TooLong));
}

#[test]
fn what_fails_says_why() {
    let conflict = "package a\nx := 1 if input.a\nx := 2 if input.a\nviolation contains {\"msg\": \"x\"} if { x == 1 }";
    let error = Rego::read(conflict).expect("a policy").violations(&json!({ "a": true }));
    assert!(matches!(error, Err(RunError::Failed(_))), "{error:?}");
    let unknown = "package a\nviolation contains {\"msg\": \"x\"} if { external_data({\"provider\": \"p\"}) }";
    let error = Rego::read(unknown).expect("a policy").violations(&json!({}));
    assert!(matches!(error, Err(RunError::Failed(_))), "{error:?}");
    let bare = "package a\nviolation contains \"x\" if { true }";
    let error = Rego::read(bare).expect("a policy").violations(&json!({}));
    assert!(matches!(error, Err(RunError::NoMessage(_))), "{error:?}");
    // What a function cannot do leaves the rule without a value.
    let builtin = "package a\nviolation contains {\"msg\": \"x\"} if { to_number(\"x\") == 1 }";
    assert_eq!(Rego::read(builtin).expect("a policy").violations(&json!({})), Ok(Vec::new()));
}

#[test]
fn ten_thousand_rules_are_run() {
    let mut text = "package a\n".to_owned();
    for number in 0..10_000 {
        text +=
            &format!("violation contains {{\"msg\": \"{number}\"}} if input.number == {number}\n");
    }
    assert_eq!(messages(&text, &json!({ "number": 7 })), ["7"]);
}
