//! What is written is read back as it was, by readers of YAML 1.2, YAML 1.1 and Kubernetes' own.

use infraflux::backend::Node;
use infraflux::emit::write;
use infraflux::eval::Origin;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::oracle;

/// Texts that some reader takes for something else, cuts short, or refuses.
#[rustfmt::skip]
const HOSTILE: &[&str] = &[
    // Truth and nothing.
    "y", "Y", "n", "N", "yes", "Yes", "YES", "yEs", "no", "No", "NO", "nO", "on", "On", "ON", "off", "Off", "OFF", "true",
    "True", "TRUE", "tRUE", "false", "False", "FALSE", "null", "Null", "NULL", "nULL", "~", "", "none", "None", "nil", "t", "f",
    // Whole numbers.
    "0", "-0", "+0", "1", "+1", "-1", "00", "007", "0755", "0o17", "0O17", "0o755", "08", "09", "0x1f", "0X1F", "0xdeadbeef",
    "0b101", "0B1", "1_000", "1_", "_1", "0_7", "+1_0", "1__0", "1,000", "9223372036854775807", "9223372036854775808",
    "18446744073709551616", "123456789012345678901234567890", "０", "१", "-0x1", "+0b1", "0x", "0b", "0o", "0o8", "0xg",
    // Numbers with fractions.
    "1.0", "1.", ".5", "-.5", "+.5", ".", "..", "1.2.3", "2.4.0", "10.0.1.100", "1e3", "1E3", "1e+3", "1e-3", "1.5e3", "1234e56",
    "1e21", "1.0e+21", ".1_2", "685.230_15e+03", "685_230.15", "1e", "e3", "1e1000", ".inf", "-.inf", "+.inf", ".Inf", ".INF",
    ".nan", ".NaN", ".NAN", "inf", "-inf", "nan", "NaN", "Infinity", "-Infinity", "infinity", "0.0", "-0.0", ".e1", "0x1p-2",
    // Times and dates.
    "12:30", "1:30", "12:30:45", "190:20:30", "190:20:30.15", "1:2:3.5", "-1:20", "+12:30:45.6", "2024-01-02", "2024-1-2",
    "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "2001-12-15T02:59:43.1Z", "2001-12-14 21:59", "20240102",
    // Signs of the syntax.
    "=", "<<", "*a", "&a", "*", "&", "!x", "!!str x", "!", "%x", "%YAML 1.1", "%", "@x", "@", "`x`", "`", "- a", "-", "--", "---",
    "--- a", "...", "... a", "? a", "?", "?a", "a: b", ": a", ":", ":a", "a:", "a :b", "a: ", "a:b", "a #b", "#a", "#", "a#b", "a # b",
    "[", "]", "[a]", "[]", "{", "}", "{a: b}", "{}", ",", "a, b", "|", "|-", ">", ">-", "| a", "'", "''", "'a'", "\"", "\"\"", "\"a\"",
    "a'b", "a\"b", "\\", "\\n", "a\\", "{{ .Values.x }}", "{{ $labels.instance }}: {{ $value }}", "$(x)", "${x}", "a: 'b", "it's",
    "-a", "-1a", "--a", "--1", "--port=80", "-c", "<a>", "<", "(a)", "a)", "^a", ";", "+", "+a", "/", "/a: b", "//", "_", "__", "_1_0",
    // Versions, images, hashes, quantities: what manifests hold.
    "v1", "v1.34.2", "1.34", "1.34.2", "3.10", "2.4.0@sha256:9f86", "ghcr.io/acme/web:1.8.2", "0e8", "12e4567", "1e2f3", "5e1",
    "deadbeef", "500m", "1500M", "1Gi", "0.5Gi", "1e3Ki", "80%", "100%", "5m", "1h30m", "1d", "10.0.0.0/16", "fe80::1", "::1", "::", "1::2",
    "0 3 * * *", "*/5 * * * *", "@daily", "8080", "8080-8090", "a=b", "a=", "=a", "up == 0", "x > 1", "5 > 3", "10 m", "1 000",
    // Blanks, tabs, line ends.
    " ", "  ", " a", "a ", " a ", "a  b", "\t", "\ta", "a\t", "a\tb", "\ta\nb", "a\n\tb", "a\nb\t", "a\t\nb", "\n", "\n\n", "\n\n\n", "\na",
    "\n\na", "a\n", "a\n\n", "a\n\n\n\n", "a\nb", "a\n\nb", "a\n\n\nb\n", "a\n b", " a\nb", "a \nb", "a\n \nb", "a\n\t\nb", "a\nb ", "a\nb \n",
    "a\n  ", "a\n  \n", "\r", "a\rb", "a\r\nb", "a\r\n", "\r\n", "a\n\r", "\n ", " \n", "\n a\n", "\n  a\nb\n", "a\n   b\n  c\n d\n",
    // Lines that look like syntax.
    "---\na", "a\n---\nb", "a\n---\n", "...\n", "a\n...\nb\n", "%YAML 1.2\n---\na\n", "# a\nb", "a\n# b\n", "a\n#", "- a\n- b\n",
    "a: b\nc: d\n", "? a\n: b\n", "|\n  a\n", "\"a\nb\"", "'a\nb'", "{\na\n}", "[\n1,\n2\n]\n", "&a\n*a\n", "!x\n", "yes\n", "1\n", "~\n",
    "#!/bin/sh\nset -eu\nif x; then\n\tmake\nfi\n", "{{ range }}\n  {{ . }}\n{{ end }}\n", "key: |\n  text\n\n  more\n\n",
    // Characters that readers treat in their own ways.
    "\0", "a\0b", "\u{1}", "\u{7}", "\u{8}", "\u{b}", "\u{c}", "\u{1b}", "\u{1f}", "\u{7f}", "a\u{7f}b", "\u{80}", "\u{85}", "a\u{85}b", "a\u{85}",
    "a\n\u{85}b", "\u{9f}", "\u{a0}", "\u{a0}a\u{a0}", "a\u{a0}#b", "\u{ad}", "\u{2028}", "a\u{2028}b", "a\u{2029}\nb", "\u{200b}", "\u{200e}a",
    "\u{feff}", "\u{feff}a", "a\u{feff}b", "a\nb\u{feff}", "\u{fffd}", "\u{fffe}", "\u{ffff}", "a\n\u{fffe}", "\u{d7ff}", "\u{e000}",
    "\u{10000}", "\u{1fffe}", "\u{10ffff}", "\u{1f600}", "a \u{1f468}\u{200d}\u{1f469} b", "e\u{301}", "ü", "CPU über 80 %", "日本語", "a\n日本語\n",
    "\u{a0}\na", "a\u{a0}\nb", "\u{3000}a", "\u{202e}abc", "ﬀ", "ｙｅｓ", "𝟏𝟐",
];

fn hostile() -> Vec<String> {
    let mut all: Vec<String> = HOSTILE.iter().map(|&text| text.to_owned()).collect();
    for length in
        [119, 120, 121, 127, 128, 129, 998, 999, 1000, 1001, 1023, 1024, 1025, 5_000, 15_000]
    {
        all.push("k".repeat(length));
        all.push("ü".repeat(length));
        all.push("a b ".repeat(length / 4) + "x");
        all.push("7".repeat(length));
        all.push("\"\0".repeat(length / 2));
        all.push("long line ".repeat(length / 10) + "x\n\n  more\n");
    }
    let mut unique = std::collections::BTreeSet::new();
    all.retain(|text| unique.insert(text.clone()));
    all
}

fn text(value: &str) -> Node<'static> {
    Node::Text(value.to_owned().into(), Origin::NONE)
}

fn int(value: usize) -> Node<'static> {
    Node::Int(i64::try_from(value).unwrap(), Origin::NONE)
}

/// Each text where a text can stand: below a key, in lists, as a key above a scalar, a list, a map and a text.
fn node(texts: &[String]) -> Node<'static> {
    let values = texts.iter().enumerate().map(|(at, value)| (format!("k{at}").into(), text(value)));
    let items = texts.iter().map(|value| text(value));
    let nested =
        texts.iter().map(|value| Node::List(vec![Node::List(vec![text(value)]), text(value)]));
    let records = texts.iter().map(|value| {
        Node::Map(vec![(value.clone().into(), text(value)), ("last key".into(), text(value))])
    });
    let keys = texts.iter().enumerate().map(|(at, key)| {
        let value = match at % 4 {
            0 => int(at),
            1 => Node::List(vec![int(at), text(key)]),
            2 => Node::Map(vec![(key.clone().into(), text(key))]),
            _ => text(key),
        };
        (key.clone().into(), value)
    });
    Node::Map(vec![
        ("values".into(), Node::Map(values.collect())),
        ("items".into(), Node::List(items.collect())),
        ("nested".into(), Node::List(nested.collect())),
        ("records".into(), Node::List(records.collect())),
        ("keys".into(), Node::Map(keys.collect())),
    ])
}

/// What a reader must give back.
fn expected(node: &Node<'_>) -> Value {
    match node {
        Node::Bool(value, _) => json!(value),
        Node::Int(value, _) => json!(value),
        Node::Float(value, _) => json!(value),
        Node::Text(value, _) => json!(value),
        Node::List(items) => items.iter().map(expected).collect(),
        Node::Map(entries) => Value::Object(
            entries.iter().map(|(key, node)| (key.to_string(), expected(node))).collect(),
        ),
    }
}

fn written(node: &Node<'_>) -> String {
    let mut bytes = Vec::new();
    write(node, &mut bytes);
    String::from_utf8(bytes).expect("YAML is UTF-8")
}

/// The first place where two values differ.
fn difference(path: &str, read: &Value, meant: &Value) -> Option<String> {
    match (read, meant) {
        (Value::Array(read), Value::Array(meant)) if read.len() == meant.len() => {
            let mut pairs = read.iter().zip(meant).enumerate();
            pairs.find_map(|(at, (read, meant))| difference(&format!("{path}[{at}]"), read, meant))
        }
        (Value::Object(read), Value::Object(meant)) => {
            if let Some(key) = meant.keys().find(|key| !read.contains_key(*key)) {
                return Some(format!("{path}: the key {key:?} is lost"));
            }
            if let Some(key) = read.keys().find(|key| !meant.contains_key(*key)) {
                return Some(format!("{path}: the key {key:?} is new"));
            }
            meant.iter().find_map(|(key, meant)| {
                let read = read.get(key)?;
                difference(&format!("{path}.{key:?}"), read, meant)
            })
        }
        (Value::Number(read), Value::Number(meant)) if read.as_f64() == meant.as_f64() => None,
        _ if read == meant => None,
        _ => Some(format!("{path}: {meant} is read as {read}")),
    }
}

fn reread(yaml: &str, node: &Node<'_>) -> Option<String> {
    match serde_yaml::from_str::<Value>(yaml) {
        Ok(read) => difference("", &read, &expected(node)),
        Err(error) => Some(format!("not read: {error}")),
    }
}

fn numbers() -> Node<'static> {
    let ints = [0, 1, -1, 8, 493, i64::MAX, i64::MIN].map(|value| Node::Int(value, Origin::NONE));
    let floats =
        [0.5, -0.5, 3.0, 1e15, 1e16, 1e21, 1e-5, 1e-7, 1.5e300, f64::MIN_POSITIVE, f64::MAX, 0.1]
            .map(|value| Node::Float(value, Origin::NONE));
    let truths = [true, false].map(|value| Node::Bool(value, Origin::NONE));
    let empty = [Node::List(vec![]), Node::Map(vec![])];
    Node::Map(vec![
        ("ints".into(), Node::List(ints.into())),
        ("floats".into(), Node::List(floats.into())),
        ("truths".into(), Node::List(truths.into())),
        ("empty".into(), Node::List(empty.into())),
    ])
}

#[test]
fn hostile_texts_come_back_one_by_one() {
    let wrong: Vec<String> = hostile()
        .into_iter()
        .filter_map(|text| {
            let node = node(&[text.clone(), text + "'"]);
            reread(&written(&node), &node)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn hostile_texts_come_back_together() {
    let node = node(&hostile());
    assert_eq!(reread(&written(&node), &node), None);
    assert_eq!(reread(&written(&numbers()), &numbers()), None);
}

#[test]
fn a_text_that_changes_is_noticed() {
    let node = Node::Map(vec![("a".into(), text("yes"))]);
    assert_eq!(reread("a: \"yes\"\n", &node), None);
    assert!(reread("a: true\n", &node).is_some());
    assert!(reread("b: \"yes\"\n", &node).is_some());
    assert!(reread("a: \"yes\"\nb: 1\n", &node).is_some());
    assert!(reread("a: [\n", &node).is_some());
}

/// Texts made of what readers care about, and any text at all.
fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "yes",
        "no",
        "0",
        "1",
        "7",
        "e",
        "x",
        "_",
        "-",
        "+",
        ".",
        ":",
        ": ",
        " #",
        "#",
        " ",
        "\t",
        "\n",
        "\n\n",
        "\r",
        "---",
        "...",
        "%",
        "&",
        "*",
        "!",
        "|",
        ">",
        "'",
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        "?",
        "=",
        "<<",
        "~",
        "@",
        "`",
        "\0",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{feff}",
        "\u{fffe}",
        "ü",
        "\u{1f600}",
        "/",
        "(",
        "M",
        "T",
        "Z",
        "2024-01-02",
        "12:30",
    ]);
    prop_oneof![
        prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat()),
        prop::string::string_regex("[0-9_.:eExXoObB+-]{1,6}").expect("a pattern"),
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back(texts in prop::collection::btree_set(any_text(), 1..5)) {
        let node = node(&texts.into_iter().collect::<Vec<_>>());
        let yaml = written(&node);
        prop_assert_eq!(&yaml, &written(&node));
        prop_assert_eq!(reread(&yaml, &node), None, "{}", yaml);
    }

    #[test]
    fn any_number_comes_back(whole in any::<i64>(), part in prop::num::f64::NORMAL | prop::num::f64::ZERO) {
        let node = Node::List(vec![Node::Int(whole, Origin::NONE), Node::Float(part, Origin::NONE)]);
        prop_assert_eq!(reread(&written(&node), &node), None);
    }
}

/// Reads each file with Kubernetes' rules, and with both loaders of PyYAML, which follows YAML 1.1.
const READERS: &str = r#"
import json, sys, os
sys.path.insert(0, sys.argv[1])
import validate, yaml

def words(value):
    # JSON has no dates and no other keys than texts: show them as what they are not.
    if isinstance(value, dict):
        return {k if isinstance(k, str) else repr(k): words(v) for k, v in value.items()}
    if isinstance(value, list):
        return [words(v) for v in value]
    return value if isinstance(value, (str, int, float)) or value is None else repr(value)

def kubernetes(text):
    (document,) = validate.load_docs(text)
    _, _, value, notes = document
    return ["problem", notes] if notes else ["value", value]

def yaml11(loader):
    def read(text):
        try:
            return ["value", words(yaml.load(text, loader))]
        except Exception as error:
            return ["problem", str(error)]
    return read

readers = {"Kubernetes": kubernetes, "YAML 1.1": yaml11(yaml.SafeLoader), "YAML 1.1 (libyaml)": yaml11(yaml.CSafeLoader)}
for path in sys.argv[2:]:
    text = open(path, encoding="utf-8", newline="").read()
    for name, read in readers.items():
        print(json.dumps([os.path.basename(path), name, *read(text)]))
"#;

#[test]
#[expect(clippy::disallowed_methods, reason = "the judge reads files")]
fn kubernetes_reads_back_every_text() {
    let Some(oracles) = oracle::folder("kubernetes_reads_back_every_text") else { return };
    let mut runner = TestRunner::deterministic();
    let mut texts: std::collections::BTreeSet<String> = hostile().into_iter().collect();
    for _ in 0..3_000 {
        texts.insert(any_text().new_tree(&mut runner).expect("a text").current());
    }
    let texts: Vec<String> = texts.into_iter().collect();
    let mut nodes: Vec<Node<'_>> = texts.chunks(200).map(node).collect();
    nodes.push(numbers());

    let folder = tempfile::tempdir().expect("a temporary folder");
    let paths: Vec<_> =
        (0..nodes.len()).map(|at| folder.path().join(format!("{at}.yaml"))).collect();
    for (node, path) in nodes.iter().zip(&paths) {
        std::fs::write(path, written(node)).expect("a file is written");
    }
    let manifests = oracles.join("manifests");
    let arguments: Vec<_> =
        [manifests.as_path()].into_iter().chain(paths.iter().map(AsRef::as_ref)).collect();
    let printed = oracle::python(READERS, &arguments);

    let mut wrong = Vec::new();
    for (line, at) in printed.lines().zip((0..nodes.len()).flat_map(|at| [at; 3])) {
        let answer: Value = serde_json::from_str(line).expect("JSON");
        if answer[2] == "value" {
            if let Some(what) = difference("", &answer[3], &expected(&nodes[at])) {
                wrong.push(format!("{}: {what}", answer[1]));
            }
        } else {
            wrong.push(format!("{}: {}", answer[1], answer[3]));
        }
    }
    assert_eq!(printed.lines().count(), nodes.len() * 3);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
