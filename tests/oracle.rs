//! Judges from outside: programs that know nothing of this compiler. They are found through the environment:
//! `IFLUX_ORACLES` names their folder, `IFLUX_PYTHON` a Python that has their requirements (else `python3`). Without
//! `IFLUX_ORACLES` their tests say that they were skipped, and fail where `IFLUX_REQUIRE_ORACLES` is set.
#![expect(clippy::disallowed_methods, reason = "tests start judges, which live on this machine")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use infraflux::kubernetes::{Catalog, Shape};
use serde_json::{Value, json};

/// The folder of the judges, or `None` after saying that `test` is skipped.
pub(crate) fn folder(test: &str) -> Option<PathBuf> {
    match std::env::var_os("IFLUX_ORACLES") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => {
            assert!(
                std::env::var_os("IFLUX_REQUIRE_ORACLES").is_none(),
                "{test} is skipped, but IFLUX_REQUIRE_ORACLES is set"
            );
            // Past the harness, which swallows what a test that passes prints.
            let _ = writeln!(std::io::stderr(), "{test}: skipped: IFLUX_ORACLES is not set");
            None
        }
    }
}

/// Runs a Python script with `arguments`; gives what it prints.
pub(crate) fn python(script: &str, arguments: &[&std::path::Path]) -> String {
    let python = std::env::var_os("IFLUX_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(&python).arg("-c").arg(script).args(arguments).output();
    let output =
        output.unwrap_or_else(|error| panic!("{} does not start: {error}", python.display()));
    assert!(
        output.status.success(),
        "{} fails (see IFLUX_PYTHON):\n{}",
        python.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("a script prints UTF-8")
}

/// Definitions of objects that the folder of the judges does not have, as a folder that `validate.py` reads with `--crds`.
pub(crate) fn definitions() -> tempfile::TempDir {
    let mut known = Catalog::default();
    assert_eq!(known.add_project(include_str!("schemas/cloudnative-pg.types")), None);
    assert_eq!(known.objects.len(), 4, "what a database becomes");
    let folder = tempfile::tempdir().expect("a folder");
    for (index, object) in known.objects.iter().enumerate() {
        let version = json!({
            "name": object.version,
            "served": true,
            "storage": true,
            "schema": { "openAPIV3Schema": record(&known, &object.schema) },
        });
        let definition = json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "spec": {
                "group": object.group,
                "scope": if object.namespaced { "Namespaced" } else { "Cluster" },
                "names": { "kind": object.kind },
                "versions": [version],
            },
        });
        let path = folder.path().join(format!("{index}.yaml"));
        std::fs::write(path, definition.to_string()).expect("a file that can be written");
    }
    folder
}

fn record(known: &Catalog, of: &str) -> Value {
    let fields = known.fields(of);
    let required: Vec<&str> =
        fields.iter().filter(|it| it.required).map(|it| it.name.as_str()).collect();
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|it| (it.name.clone(), schema(known, &it.shape))).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn schema(known: &Catalog, shape: &Shape) -> Value {
    match shape {
        Shape::String => json!({ "type": "string" }),
        Shape::Int => json!({ "type": "integer" }),
        Shape::Float => json!({ "type": "number" }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Quantity | Shape::IntOrString => json!({ "x-kubernetes-int-or-string": true }),
        Shape::Data => json!({ "x-kubernetes-preserve-unknown-fields": true }),
        Shape::Enum(texts) => json!({ "type": "string", "enum": texts }),
        Shape::List(of) => json!({ "type": "array", "items": schema(known, of) }),
        Shape::Map(of) => {
            json!({ "type": "object", "additionalProperties": schema(known, of) })
        }
        Shape::Type(name) => record(known, name),
    }
}
