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
