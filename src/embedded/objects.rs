//! Files of Kubernetes objects: YAML documents, each of them one object.

use serde_yaml::{Mapping, Value};

/// How many bytes a ConfigMap's values may have together; the API server refuses more.
pub const MOST_OF_CONFIG_MAP: usize = 1 << 20;

/// One object of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ObjectDocument<'t> {
    /// Which document of the file it is, from 1; documents without content do not count.
    pub number: usize,
    /// Its first line in the file, from 1.
    pub line: usize,
    /// Its text, without the lines that part documents; ends with a line end.
    pub text: &'t str,
    /// `v1`, `apps/v1`.
    pub api_version: String,
    /// `ConfigMap`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whether it is a Secret that holds values.
    pub is_secret: bool,
}

/// Why a document of a file is no object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ObjectFault {
    /// Which document, from 1.
    pub number: usize,
    /// The line in the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// Reads a file of objects; every document that is none gives a fault. Where `---` stands at the beginning of a line, a document
/// begins: YAML allows it nowhere else.
pub fn read_objects(text: &str) -> (Vec<ObjectDocument<'_>>, Vec<ObjectFault>) {
    let (mut objects, mut faults) = (Vec::new(), Vec::new());
    let mut number = 0;
    for (line, text) in documents(text) {
        if !has_content(text) {
            continue;
        }
        number += 1;
        match object(number, line, text) {
            Ok(object) => objects.push(object),
            Err(fault) => faults.push(fault),
        }
    }
    (objects, faults)
}

/// The documents of a file with their first lines.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let (mut start, mut first, mut at) = (0, 1, 0);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let end = at + line.len();
        let marker = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
        if let Some(rest) = marker
            && rest.chars().next().is_none_or(char::is_whitespace)
        {
            out.extend(text.get(start..at).map(|text| (first, text)));
            // What follows a marker on its line belongs to the document; a comment there does no harm.
            let after = line.len() - rest.trim_start().len();
            (start, first) = (at + after, number + usize::from(rest.trim_start().is_empty()));
        }
        at = end;
    }
    out.extend(text.get(start..).map(|text| (first, text)));
    out
}

/// Whether a document is more than comments.
fn has_content(text: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| !line.is_empty() && !line.starts_with('#'))
}

fn object(number: usize, line: usize, text: &str) -> Result<ObjectDocument<'_>, ObjectFault> {
    let fault = |reason: String| ObjectFault { number, line, reason };
    let value: Value = serde_yaml::from_str(text).map_err(|error| {
        let words = error.to_string();
        let reason = words.split(" at line ").next().unwrap_or(&words).to_owned();
        let inside = error.location().map_or(0, |at| at.line().saturating_sub(1));
        ObjectFault { number, line: line + inside, reason }
    })?;
    let Value::Mapping(object) = value else {
        return Err(fault("it is no map".to_owned()));
    };
    let field = |map: &Mapping, name: &str| match map.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let Some(api_version) = field(&object, "apiVersion") else {
        return Err(fault("it has no `apiVersion`".to_owned()));
    };
    let Some(kind) = field(&object, "kind") else {
        return Err(fault("it has no `kind`".to_owned()));
    };
    // A ClusterResourceSet would send a list as if it were one object.
    if kind.ends_with("List") && object.contains_key("items") {
        return Err(fault(format!("it is a `{kind}`: write each of its items as a document")));
    }
    let name = match object.get("metadata") {
        Some(Value::Mapping(metadata)) => field(metadata, "name"),
        _ => None,
    };
    let Some(name) = name else {
        return Err(fault(format!("this `{kind}` has no `metadata.name`")));
    };
    let holds = |key: &str| match object.get(key) {
        Some(Value::Mapping(values)) => !values.is_empty(),
        _ => false,
    };
    let is_secret =
        api_version == "v1" && kind == "Secret" && (holds("data") || holds("stringData"));
    Ok(ObjectDocument { number, line, text, api_version, kind, name, is_secret })
}

#[cfg(test)]
mod tests {
    use super::read_objects;

    fn check(text: &str, objects: &[(usize, usize, &str)], faults: &[(usize, usize, &str)]) {
        let (found, wrong) = read_objects(text);
        let found: Vec<_> = found.iter().map(|it| (it.number, it.line, it.name.as_str())).collect();
        assert_eq!(found, objects, "{text}");
        let wrong: Vec<_> =
            wrong.iter().map(|it| (it.number, it.line, it.reason.as_str())).collect();
        assert_eq!(wrong, faults, "{text}");
    }

    #[test]
    fn documents_are_objects() {
        let map =
            |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n");
        let (a, b) = (map("a"), map("b"));
        check(&format!("{a}---\n{b}"), &[(1, 1, "a"), (2, 5, "b")], &[]);
        check(
            &format!("# c\n---\n# Source: x\n{a}\n--- # again\n{b}...\n"),
            &[(1, 3, "a"), (2, 8, "b")],
            &[],
        );
        check(&format!("---\n---\n\n# only a comment\n---\n{a}"), &[(1, 6, "a")], &[]);
        check("--- {apiVersion: v1, kind: Pod, metadata: {name: p}}", &[(1, 1, "p")], &[]);
        check("", &[], &[]);
        // In a text, dashes at the margin would end the document; indented ones are its own.
        let text =
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    ---\n    y\n";
        check(text, &[(1, 1, "a")], &[]);
    }

    #[test]
    fn what_is_no_object() {
        check("just: values\n", &[], &[(1, 1, "it has no `apiVersion`")]);
        check("apiVersion: v1\n", &[], &[(1, 1, "it has no `kind`")]);
        check("apiVersion: v1\nkind: Pod\n", &[], &[(1, 1, "this `Pod` has no `metadata.name`")]);
        check("- a\n", &[], &[(1, 1, "it is no map")]);
        let list = "apiVersion: v1\nkind: List\nitems: []\n";
        check(list, &[], &[(1, 1, "it is a `List`: write each of its items as a document")]);
        let broken = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\na: 1\nb: [\n";
        let (objects, faults) = read_objects(broken);
        assert_eq!((objects.len(), faults.len()), (1, 1));
        assert!((5..=7).contains(&faults[0].line) && faults[0].number == 2, "{faults:?}");
    }

    #[test]
    fn secrets_with_values() {
        let of =
            |rest: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{rest}");
        let is = |rest: &str| read_objects(&of(rest)).0[0].is_secret;
        assert!(is("data: {a: eA==}\n") && is("stringData: {a: x}\n"));
        assert!(!is("") && !is("data: {}\n") && !is("type: Opaque\n"));
    }
}
