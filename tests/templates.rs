//! Templates of Prometheus against Prometheus: what is read here is read there, and what is written comes out as it should.
//! The judge is promtool; see `oracle.rs`.
#![expect(clippy::disallowed_methods, reason = "tests start judges, which live on this machine")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use infraflux::driver::{MemoryWorld, Session};
use serde_yaml::Value;

use super::oracle;

/// A text of this language that holds `text`.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n").replace('\t', "\\t"))
}

/// A program with an alert a text, from line 5 on, and its findings by the number of the text.
fn found(texts: &[String]) -> BTreeMap<usize, Vec<String>> {
    let mut program =
        "namespace monitoring {}\nalerts many {\n  namespace = monitoring\n\n".to_owned();
    for (number, text) in texts.iter().enumerate() {
        let summary = quoted(text);
        writeln!(
            program,
            "  alert A{number} {{ expr = `up`, severity = \"info\", summary = {summary} }}"
        )
        .expect("a text can be written to");
    }
    program.push_str("}\n");
    let world = MemoryWorld::new([("main.iflux", program.as_str())]);
    let mut session = Session::load(&world);
    session.check();
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for finding in session.diagnostics() {
        let Some(label) = &finding.primary else { continue };
        let before = program.get(..label.span.start as usize).expect("a place in the program");
        let line = before.matches('\n').count();
        let Some(number) = line.checked_sub(4).filter(|number| *number < texts.len()) else {
            continue;
        };
        let what = format!("{} {}", finding.code.as_str(), finding.title);
        found.entry(number).or_default().push(what);
    }
    found
}

/// The texts that promtool refuses, by number, with its reason.
fn refused(texts: &[String], folder: &Path) -> BTreeMap<usize, String> {
    let rules: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let rule = serde_json::json!({
                "alert": format!("A{number}"), "expr": "up", "annotations": { "summary": text }
            });
            serde_yaml::to_value(rule).expect("a value")
        })
        .collect();
    let file = serde_yaml::to_string(&BTreeMap::from([(
        "groups",
        vec![BTreeMap::from([("name", Value::from("g")), ("rules", Value::from(rules))])],
    )]))
    .expect("YAML");
    let path = folder.join("rules.yaml");
    std::fs::write(&path, file).expect("a file can be written");
    let output = Command::new("promtool").args(["check", "rules"]).arg(&path).output();
    let output = output.expect("promtool starts");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    let mut refused = BTreeMap::new();
    for line in said.lines().filter(|line| line.contains("annotation \"summary\"")) {
        let number = line.split("\"A").nth(1).and_then(|rest| rest.split('"').next());
        let number = number.and_then(|number| number.parse().ok()).expect("the alert's name");
        refused.insert(number, line.to_owned());
    }
    assert!(output.status.success() || !refused.is_empty(), "{said}");
    refused
}

/// A row of numbers that look like chance and are the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

const VALUES: &[&str] = &[
    "$value",
    "$labels.job",
    ".Labels.job",
    ".",
    "$",
    "\"a\"",
    "`b`",
    "1",
    "-1.5",
    "0x1F",
    "1e3",
    "'c'",
    "nil",
    "true",
    "(query \"up\" | first).Value",
    "(len $labels)",
    "$externalLabels.x",
    "1_0",
    "07",
    "08",
    "1i",
    ".5",
    "0b2",
    "'cd'",
    "\"\\x41\"",
    "\"\\q\"",
    "$labels.a.b",
    "externalURL",
    "$x",
    "$labels.a-b",
    "$labels[1]",
    "()",
    "..",
    "a.b",
    "\"a\".b",
];
const FUNCTIONS: &[&str] = &[
    "humanize",
    "printf \"%v\"",
    "print",
    "toUpper",
    "index $labels",
    "eq 1",
    "and 1",
    "not",
    "html",
    "title",
    "nothing",
    "len",
    "value",
    "first",
    "reReplaceAll \"a\" \"b\"",
    "\"text\"",
    "$value",
    ".Labels.job",
    "nil",
    "3",
];
const BLOCKS: &[(&str, &str)] = &[
    ("{{ if $value }}", "{{ end }}"),
    ("{{- if $labels.job -}}", "{{ else }}x{{- end -}}"),
    ("{{ with $x := $labels.job }}{{ $x }}", "{{ else }}{{ $x }}{{ end }}"),
    ("{{ range $i, $s := query \"up\" }}{{ $i }}{{ break }}", "{{ continue }}{{ end }}"),
    ("{{ define \"a\" }}", "{{ end }}{{ template \"a\" . }}"),
    ("{{ block \"b\" $value }}", "{{ end }}"),
    ("{{/* a comment */}}", "{{- /* another */ -}}"),
    ("{{ if eq $labels.job \"a\" }}", "{{ else if $value }}{{ else }}{{ end }}"),
    ("{{ $y := 1 }}{{ $y = 2 }}", "{{ $y }}"),
    ("{{ if $value }}", ""),
    ("", "{{ end }}"),
    ("{{ if $value }}{{ else }}", "{{ else }}{{ end }}"),
];
const MARKS: &[&str] = &[
    "{{", "}}", " ", "-", "\"", "`", "'", "(", ")", "|", ".", "$", ",", ":=", "=", "\n", "/*",
    "*/", "{", "}", "\\", "x", "1", "end", "{{- ", " -}}", "[", "+",
];

fn generated(chance: &mut Chance) -> String {
    let mut text = String::new();
    for _ in 0..=chance.below(3) {
        let (open, close) = BLOCKS[chance.below(BLOCKS.len())];
        let in_block = chance.below(3) == 0;
        if in_block {
            text.push_str(open);
        }
        text.push_str(chance.of(&["{{ ", "{{", "{{- "]));
        text.push_str(chance.of(VALUES));
        for _ in 0..chance.below(3) {
            text.push_str(chance.of(&[" | ", "|", " "]));
            text.push_str(chance.of(FUNCTIONS));
        }
        text.push_str(chance.of(&[" }}", "}}", " -}}"]));
        if in_block {
            text.push_str(close);
        }
        text.push_str(chance.of(&["", " a ", "}}", "{"]));
    }
    // Half of them are spoilt somewhere.
    for _ in 0..chance.below(2) {
        let at = chance.below(text.len() + 1);
        if chance.below(2) == 0 && at < text.len() {
            text.remove(at);
        } else {
            text.insert_str(at, chance.of(MARKS));
        }
    }
    text
}

#[test]
fn prometheus_reads_what_is_read_here() {
    if oracle::folder("templates::prometheus_reads_what_is_read_here").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut chance = Chance(11);
    let texts: Vec<String> = (0..4_000).map(|_| generated(&mut chance)).collect();
    let (ours, theirs) = (found(&texts), refused(&texts, folder.path()));
    let mut differences = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let (our, their) = (ours.get(&number), theirs.get(&number));
        // Prometheus finds the rest when an alert fires, and some variables that nothing declares only then, too.
        let has = |codes: &[&str]| {
            our.is_some_and(|our| {
                our.iter().any(|found| codes.iter().any(|code| found.starts_with(code)))
            })
        };
        let unread = has(&["text/go-template", "template/unknown-function"]);
        let undeclared = has(&["template/unknown-variable"]);
        // Go reads over a pipe at the end of an action; a person has left something out.
        let is_open = |found: &String| found == "text/go-template a pipe that leads nowhere";
        if their.is_none() && our.is_some_and(|our| our.iter().any(is_open)) {
            continue;
        }
        let differs = if their.is_some() { !(unread || undeclared) } else { unread };
        if differs {
            differences.push(format!("{text:?}\n  here: {our:?}\n  promtool: {their:?}"));
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
    let accepted = texts.len() - theirs.len();
    assert!(accepted > 300 && theirs.len() > 300, "{accepted} are accepted, {} not", theirs.len());
}

#[test]
fn annotations_of_public_rules_are_right() {
    let Some(oracles) = oracle::folder("templates::annotations_of_public_rules_are_right") else {
        return;
    };
    let mut texts = Vec::new();
    let folder = std::fs::read_dir(oracles.join("promql/corpus")).expect("the rules");
    let mut paths: Vec<_> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ext| ext == "yaml")) {
        let file = std::fs::read_to_string(path).expect("a text");
        // Some files are templates of other tools themselves.
        let Ok(file) = serde_yaml::from_str::<Value>(&file) else { continue };
        let spec = file.get("spec").unwrap_or(&file);
        let groups = spec.get("groups").and_then(Value::as_sequence).cloned().unwrap_or_default();
        for rule in groups.iter().filter_map(|group| group.get("rules")?.as_sequence()).flatten() {
            for place in ["annotations", "labels"] {
                let Some(map) = rule.get(place).and_then(Value::as_mapping) else { continue };
                texts.extend(map.values().filter_map(|text| Some(text.as_str()?.to_owned())));
            }
        }
    }
    let templates = texts.iter().filter(|text| text.contains("{{")).count();
    let found = found(&texts);
    let shown: Vec<String> =
        found.iter().map(|(number, found)| format!("{:?}: {found:?}", texts[*number])).collect();
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), texts.len(), shown.join("\n"));
    assert!(templates > 200, "{templates} of {} texts are templates", texts.len());
}

#[test]
fn prometheus_renders_what_was_written() {
    if oracle::folder("templates::prometheus_renders_what_was_written").is_none() {
        return;
    }
    let program = r#"
let braces = `{{ $value }}`
environment dev {}
external cluster a { environment = dev, kubernetes = "v1.34.2" }
namespace monitoring { clusters = [a] }
alerts nodes {
  namespace = monitoring
  clusters  = [a]
  alert Hot {
    expr        = `temperature > 80`
    severity    = "warning"
    labels      = { where = "{{ $labels.instance | stripPort }}" }
    summary     = "{{ $labels.instance }} \(braces) {\(label.job)} {{ printf \"%.1f\" $value }} \(humanize(value))"
    description = """
      {{ range query "temperature" -}}
        {{ .Labels.job }}={{ .Value }},
      {{- end }} \(label.none ?? "no such label") {{ if gt $value 90.0 }}very {{ end }}hot
      """
  }
}
"#;
    let world = MemoryWorld::new([("main.iflux", program)]);
    let mut session = Session::load(&world);
    let plan = session.build();
    let titles: Vec<_> = session.diagnostics().iter().map(|found| found.title.clone()).collect();
    let plan = plan.unwrap_or_else(|| panic!("it builds: {titles:?}"));
    let file = plan.files.iter().find(|file| file.path.ends_with("nodes.yaml")).expect("the rules");
    let object: Value = serde_yaml::from_slice(&file.bytes).expect("YAML");
    let folder = tempfile::tempdir().expect("a folder");
    let rules = serde_yaml::to_string(object.get("spec").expect("a spec")).expect("YAML");
    std::fs::write(folder.path().join("rules.yaml"), rules).expect("a file can be written");
    let test = serde_json::json!({
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": [{ "series": "temperature{instance=\"a:9100\",job=\"x\"}", "values": "95" }],
            "alert_rule_test": [{
                "eval_time": "0m",
                "alertname": "Hot",
                "exp_alerts": [{
                    "exp_labels": { "instance": "a:9100", "job": "x", "severity": "warning", "where": "a" },
                    "exp_annotations": {
                        "summary": "a:9100 {{ $value }} {x} 95.0 95",
                        "description": "x=95, no such label very hot",
                    },
                }],
            }],
        }],
    });
    let path = folder.path().join("test.yaml");
    std::fs::write(&path, test.to_string()).expect("a file can be written");
    let output = Command::new("promtool").args(["test", "rules"]).arg(&path).output();
    let output = output.expect("promtool starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
}
