//! Expressions that hold, fail, or are not known.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Cel, CelError, DEEPEST, LONGEST};
use crate::embedded::rego::ForeignKind;

fn pod() -> Value {
    json!({
        "metadata": { "name": "web", "labels": { "app": "web" } },
        "spec": {
            "replicas": 3,
            "containers": [
                { "name": "web", "image": "ghcr.io/acme/web:1.0.0" },
                { "name": "log", "image": "ghcr.io/acme/log:1.0.0", "securityContext": { "privileged": true } },
            ],
        },
    })
}

fn holds(text: &str) -> Result<bool, CelError> {
    let told = json!({ "params": { "registries": ["ghcr.io/acme/"], "most": 2 } });
    let cel = Cel::read(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    cel.holds([("object", &pod()), ("oldObject", &Value::Null), ("variables", &told)])
}

#[test]
fn expressions_hold_or_do_not() {
    for (text, expected) in [
        ("object.spec.replicas > 2", true),
        ("object.spec.replicas == variables.params.most", false),
        (
            "object.spec.containers.all(c, variables.params.registries.exists(r, c.image.startsWith(r)))",
            true,
        ),
        (
            "object.spec.containers.all(c, !has(c.securityContext) || !c.securityContext.privileged)",
            false,
        ),
        ("has(object.metadata.labels) && 'app' in object.metadata.labels", true),
        ("object.metadata.?annotations.orValue({}).size() == 0", true),
        ("object.metadata[?'annotations'].orValue({}).size() == 0", true),
        ("object.metadata.name.lowerAscii() == 'web'", true),
        ("object.metadata.name.matches('^w.b$')", true),
        ("oldObject == null", true),
        ("!(object.spec.containers[1].image.split(':')[1] == '1.0.0')", false),
    ] {
        assert_eq!(holds(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_missing_fails() {
    for text in [
        "object.spec.hostNetwork",
        "object.spec.containers[2].name == ''",
        "object.spec.replicas / 0 == 1",
        "'text'",
    ] {
        assert!(matches!(holds(text), Err(CelError::Fails(_))), "{text}: {:?}", holds(text));
    }
}

#[test]
fn what_only_a_cluster_knows_is_not_guessed() {
    for text in [
        "quantity(object.spec.memory).isLessThan(quantity('1Gi'))",
        "namespaceObject.metadata.name == 'shop'",
        "authorizer.group('').resource('pods').check('create').allowed()",
        "isIP('10.0.0.1')",
    ] {
        assert!(matches!(holds(text), Err(CelError::Unknown(_))), "{text}: {:?}", holds(text));
    }
}

#[test]
fn names_that_nobody_gives_are_found_at_their_place() {
    for (text, kind, written) in [
        ("objekt.spec.replicas > 2", ForeignKind::Variable, "objekt"),
        ("object.metadata.name.startWith('a')", ForeignKind::Unknown, "startWith"),
        ("params.most > 1", ForeignKind::Variable, "params"),
        ("variables.parms.most > 1", ForeignKind::Variable, "parms"),
    ] {
        let found = Cel::read(text).map(|it| it.reads.foreign).unwrap_or_default();
        let [one] = found.as_slice() else { panic!("{text}: {found:?}") };
        assert_eq!((one.kind, one.written.as_str()), (kind, written), "{text}");
        assert_eq!(one.at.of(text), written);
    }
}

#[test]
fn parameters_are_found() {
    let text = "object.a < variables.params.most && (!has(variables.params.least) || object.a > variables.params[\"least\"])";
    let reads = Cel::read(text).map(|it| it.reads).unwrap_or_default();
    let names: Vec<(&str, bool)> =
        reads.parameters.iter().map(|it| (it.name.as_str(), it.has_default)).collect();
    assert_eq!(names, [("most", false), ("least", true), ("least", false)]);
    assert!(!reads.any_parameter && reads.foreign.is_empty());
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    for (text, at) in [("object.spec.replicas >", ">"), ("object.spec.[", "["), ("a && && b", "&&")]
    {
        let error = Cel::read(text).err().unwrap_or_else(|| panic!("{text} is read"));
        assert!(text.contains(at) && error.at.end as usize <= text.len(), "{text}: {error:?}");
        assert!(!error.found.is_empty());
    }
}

#[test]
fn loops_end() {
    let many: Vec<Value> = (0..3000).map(|it| json!(it)).collect();
    let object = json!({ "a": many });
    let read = |text: &str| Cel::read(text).unwrap_or_else(|error| panic!("{error:?}"));
    let two = read("object.a.all(x, object.a.all(y, x + y >= 0))");
    assert_eq!(two.holds([("object", &object)]), Err(CelError::TooLong));
    let one = read("object.a.all(x, x >= 0)");
    assert_eq!(one.holds([("object", &object)]), Ok(true));
}

#[test]
fn long_and_deep_texts_are_refused() {
    for text in [
        format!("{}true", "!".repeat(10_000)),
        format!("{}1{}", "(".repeat(DEEPEST + 1), ")".repeat(DEEPEST + 1)),
        "a".repeat(LONGEST + 1),
        format!("{}a", "a ? b : ".repeat(1000)),
    ] {
        assert!(Cel::read(&text).is_err(), "{}", text.get(..20).unwrap_or(&text));
    }
    let flat = vec!["object.a"; 300].join(" && ");
    let _ = Cel::read(&flat);
    let long = vec!["object.a"; 3000].join(" + ");
    let _ = Cel::read(&long);
}

proptest! {
    /// Whatever stands there is read or refused.
    #[test]
    fn any_text_ends(text in "[a-z0-9.()\\[\\]{}'\"\\\\!&|?:+*<>= \\n-]{0,60}|.{0,40}") {
        if let Ok(cel) = Cel::read(&text) {
            let _ = cel.holds([("object", &pod())]);
        }
    }
}
