//! SARIF 2.1.0: what code-scanning services read.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::diag::{Diagnostic, Edit, Label, Level, page};
use crate::source::{Sources, Span};

use super::json::written;
use super::selection::Selection;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Help>,
}

/// A text in both forms that the standard knows.
#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    byte_offset: u32,
    byte_length: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: Vec<Change>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

pub(super) fn render(selection: &Selection<'_>, sources: &Sources) -> String {
    let codes: BTreeSet<&'static str> =
        selection.shown.iter().map(|found| found.code.as_str()).collect();
    let rules = codes
        .iter()
        .map(|&id| Rule {
            id,
            help: page(id).map(|page| Help { text: page.text, markdown: page.text }),
        })
        .collect();
    let index: BTreeMap<&str, usize> = codes.iter().copied().zip(0..).collect();
    let results = selection
        .shown
        .iter()
        .map(|found| {
            let rule = index.get(found.code.as_str()).copied().unwrap_or(0);
            finding(found, rule, sources)
        })
        .collect();
    written(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "iflux",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules,
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

fn finding(found: &Diagnostic, rule_index: usize, sources: &Sources) -> Finding {
    let mut text = found.title.clone();
    for help in &found.help {
        text.push('\n');
        text.push_str(help);
    }
    Finding {
        rule_id: found.code.as_str(),
        rule_index,
        level: match found.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Hint => "note",
        },
        message: Message { text },
        locations: found.primary.iter().map(|label| location(label, None, sources)).collect(),
        related_locations: found
            .because
            .iter()
            .enumerate()
            .map(|(at, label)| location(label, Some(at + 1), sources))
            .collect(),
        fixes: found
            .fixes
            .iter()
            .map(|fix| Fix {
                description: Message { text: fix.title.clone() },
                artifact_changes: changes(&fix.edits, sources),
            })
            .collect(),
    }
}

fn location(label: &Label, id: Option<usize>, sources: &Sources) -> Location {
    Location {
        id,
        physical_location: Physical {
            artifact_location: artifact(label.span, sources),
            region: region(label.span, sources),
        },
        message: (!label.text.is_empty()).then(|| Message { text: label.text.clone() }),
    }
}

fn changes(edits: &[Edit], sources: &Sources) -> Vec<Change> {
    let mut by_file: BTreeMap<_, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.span.file).or_default().push(edit);
    }
    by_file
        .into_values()
        .filter_map(|edits| {
            let first = edits.first()?;
            Some(Change {
                artifact_location: artifact(first.span, sources),
                replacements: edits
                    .iter()
                    .map(|edit| Replacement {
                        deleted_region: region(edit.span, sources),
                        inserted_content: Message { text: edit.text.clone() },
                    })
                    .collect(),
            })
        })
        .collect()
}

/// A file's name as a relative URI.
fn artifact(span: Span, sources: &Sources) -> Artifact {
    let mut uri = String::new();
    for byte in sources.get(span.file).name().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    Artifact { uri }
}

fn region(span: Span, sources: &Sources) -> Region {
    let source = sources.get(span.file);
    let length = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    let (from, to) = (span.start.min(length), span.end.max(span.start).min(length));
    let start = source.lines().position(source.text(), from);
    let end = source.lines().position(source.text(), to);
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
        byte_offset: from,
        byte_length: to - from,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::diag::{Code, Diagnostic, Level};
    use crate::report::{Format, Style, render};
    use crate::source::{Sources, Span};

    /// Name, what must be there, what may be, and the object that each holds.
    type Object = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

    /// Objects of the published schema as far as they are written here. No object of the standard may have a property that it does not know.
    const OBJECTS: &[Object] = &[
        ("log", &["version", "runs"], &[("$schema", ""), ("version", ""), ("runs", "run")]),
        ("run", &["tool"], &[("tool", "tool"), ("columnKind", ""), ("results", "result")]),
        ("tool", &["driver"], &[("driver", "component")]),
        ("component", &["name"], &[("name", ""), ("semanticVersion", ""), ("rules", "rule")]),
        ("rule", &["id"], &[("id", ""), ("help", "multiformat")]),
        ("multiformat", &["text"], &[("text", ""), ("markdown", "")]),
        (
            "result",
            &["message"],
            &[
                ("ruleId", ""),
                ("ruleIndex", ""),
                ("level", ""),
                ("message", "message"),
                ("locations", "location"),
                ("relatedLocations", "location"),
                ("fixes", "fix"),
            ],
        ),
        ("message", &["text"], &[("text", "")]),
        ("location", &[], &[("id", ""), ("physicalLocation", "physical"), ("message", "message")]),
        (
            "physical",
            &["artifactLocation"],
            &[("artifactLocation", "artifact"), ("region", "region")],
        ),
        ("artifact", &[], &[("uri", "")]),
        (
            "region",
            &["startLine"],
            &[
                ("startLine", ""),
                ("startColumn", ""),
                ("endLine", ""),
                ("endColumn", ""),
                ("byteOffset", ""),
                ("byteLength", ""),
            ],
        ),
        ("fix", &["artifactChanges"], &[("description", "message"), ("artifactChanges", "change")]),
        (
            "change",
            &["artifactLocation", "replacements"],
            &[("artifactLocation", "artifact"), ("replacements", "replacement")],
        ),
        (
            "replacement",
            &["deletedRegion"],
            &[("deletedRegion", "region"), ("insertedContent", "message")],
        ),
    ];

    /// What is wrong with an object of the standard.
    fn wrong(value: &Value, object: &str, path: &str, out: &mut Vec<String>) {
        if let Value::Array(items) = value {
            for (at, item) in items.iter().enumerate() {
                wrong(item, object, &format!("{path}/{at}"), out);
            }
            return;
        }
        let (_, required, known) =
            OBJECTS.iter().find(|(name, ..)| *name == object).expect("an object");
        let Value::Object(map) = value else { return out.push(format!("{path}: no object")) };
        for key in required.iter().filter(|key| !map.contains_key(**key)) {
            out.push(format!("{path}: no `{key}`"));
        }
        for (key, value) in map {
            let path = format!("{path}/{key}");
            match known.iter().find(|(known, _)| known == key) {
                None => out.push(format!("{path}: not of the standard")),
                Some((_, "")) => {
                    let is_fine = match key.as_str() {
                        "level" => ["none", "note", "warning", "error"]
                            .contains(&value.as_str().unwrap_or("")),
                        "columnKind" => ["utf16CodeUnits", "unicodeCodePoints"]
                            .contains(&value.as_str().unwrap_or("")),
                        "version" => value == "2.1.0",
                        "startLine" | "startColumn" | "endLine" | "endColumn" => {
                            value.as_u64().is_some_and(|number| number > 0)
                        }
                        "ruleIndex" | "byteOffset" | "byteLength" | "id" if !value.is_string() => {
                            value.is_u64()
                        }
                        _ => value.is_string(),
                    };
                    if !is_fine {
                        out.push(format!("{path}: {value}"));
                    }
                }
                Some((_, inner)) => wrong(value, inner, &path, out),
            }
        }
    }

    #[test]
    fn logs_are_of_the_standard() {
        let mut sources = Sources::new();
        let file = sources.add("a b/\u{e9}.iflux", "let a = 1\nlet b = \"\u{1f600}\" + a\n");
        let span = Span::new(file, 4, 5);
        let other = Span::new(file, 10, 25);
        let first = Diagnostic::error(Code::new("type/mismatch"), "no \"good\"", span, "here")
            .because(other, "because of this")
            .help("helps")
            .fix("write `b`", span, "b", true);
        let second = Diagnostic::new(Level::Warning, Code::new("lint/unused-import"), "no place");
        for found in [vec![], vec![first, second]] {
            let text = render(&found, &sources, Format::Sarif, Style::default());
            let log: Value = serde_json::from_str(&text).expect("JSON");
            let mut problems = Vec::new();
            wrong(&log, "log", "", &mut problems);
            assert!(problems.is_empty(), "{problems:#?}\n{text}");
            for result in log.pointer("/runs/0/results").and_then(Value::as_array).expect("a list")
            {
                let index = result["ruleIndex"].as_u64().expect("an index");
                let rule = log.pointer(&format!("/runs/0/tool/driver/rules/{index}/id"));
                assert_eq!(rule, Some(&result["ruleId"]));
            }
        }
        // The judge sees what is missing, too much, or of another kind.
        let mut problems = Vec::new();
        let log = serde_json::json!({ "version": "2.0", "extra": 1 });
        wrong(&log, "log", "", &mut problems);
        assert_eq!(problems.len(), 3, "{problems:?}");
    }
}
