//! PromQL against readers that know nothing of ours: the crate `promql-parser` for structure, `promtool` for what is a query.
#![expect(clippy::disallowed_methods, reason = "a test reads its corpus, and starts a judge")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "compares the shapes that both readers have; any other differs"
)]

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::Write as _;

use infraflux::embedded::promql::{
    AtTime, LabelName, MatchOp, Node, NodeKind, Options, Selector, Side, TimeSpan, parse, print,
};
use promql_parser::label;
use promql_parser::parser as other;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::oracle;

/// Every query of the rules in the corpus, with its file.
fn corpus() -> Vec<(String, String)> {
    let Some(folder) = oracle::folder("the corpus of rules") else { return Vec::new() };
    let mut files: Vec<_> = std::fs::read_dir(folder.join("promql/corpus"))
        .expect("the corpus")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "yaml"))
        .collect();
    files.sort();
    let mut queries = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a file of the corpus");
        for document in serde_yaml::Deserializer::from_str(&text) {
            let value = serde::Deserialize::deserialize(document).expect("YAML");
            expressions(&value, &name, &mut queries);
        }
    }
    assert!(queries.len() > 300, "the corpus has many queries: {}", queries.len());
    queries
}

fn expressions(value: &serde_yaml::Value, file: &str, out: &mut Vec<(String, String)>) {
    match value {
        serde_yaml::Value::Mapping(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    (Some("expr"), serde_yaml::Value::String(expr)) => {
                        out.push((file.to_owned(), expr.clone()));
                    }
                    (Some("expr"), serde_yaml::Value::Number(expr)) => {
                        out.push((file.to_owned(), expr.to_string()));
                    }
                    _ => expressions(value, file, out),
                }
            }
        }
        serde_yaml::Value::Sequence(items) => {
            items.iter().for_each(|item| expressions(item, file, out));
        }
        _ => {}
    }
}

/// Names in parentheses; sorted where their order means nothing.
fn list(names: impl IntoIterator<Item = String>) -> String {
    names.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(",")
}

fn names(labels: &[LabelName]) -> String {
    list(labels.iter().map(|label| label.name.clone()))
}

fn milliseconds(span: &TimeSpan) -> i64 {
    span.milliseconds().expect("a constant").round() as i64
}

/// The structure of our tree, in a form that both trees can have. Signs of numbers are folded, as they do.
fn ours(node: &Node) -> String {
    match &node.kind {
        NodeKind::Number(number) => number.to_string(),
        NodeKind::Text(text) => format!("{text:?}"),
        NodeKind::Variable(name) => name.clone(),
        NodeKind::Selector(selector) => our_selector(selector),
        NodeKind::Subquery(subquery) => format!(
            "(subquery {} {} {} {} {})",
            ours(&subquery.of),
            milliseconds(&subquery.range),
            subquery.step.as_ref().map_or(-1, milliseconds),
            subquery.offset.as_ref().map_or(0, milliseconds),
            our_moment(subquery.at_time.as_ref().map(|(at, _)| *at)),
        ),
        NodeKind::Unary { is_minus: false, of } => ours(of),
        NodeKind::Unary { of, .. } => match &of.kind {
            NodeKind::Number(number) => (-number).to_string(),
            _ => format!("(minus {})", ours(of)),
        },
        NodeKind::Parens(of) => format!("(parens {})", ours(of)),
        NodeKind::Binary(binary) => {
            let matching = binary.matching.as_ref();
            let labels = matching.map_or(String::new(), |matching| {
                format!(
                    "{} {}",
                    if matching.is_on { "on" } else { "ignoring" },
                    names(&matching.labels)
                )
            });
            let group = matching.and_then(|matching| matching.group.as_ref()).map_or(
                String::new(),
                |(side, more, _)| {
                    let side = if *side == Side::Left { "left" } else { "right" };
                    format!("{side} {}", names(more))
                },
            );
            format!(
                "({} {} {} [{labels}] [{group}] {})",
                ours(&binary.left),
                binary.op.word(),
                binary.bool_at.is_some(),
                ours(&binary.right)
            )
        }
        NodeKind::Aggregate(aggregate) => {
            let grouping = aggregate.grouping.as_ref().map_or(String::new(), |grouping| {
                let word = if grouping.is_without { "without" } else { "by" };
                format!("{word} {}", names(&grouping.labels))
            });
            let parameter = aggregate.parameter.as_ref().map_or(String::new(), ours);
            format!("({} [{grouping}] [{parameter}] {})", aggregate.op.word(), ours(&aggregate.of))
        }
        NodeKind::Call(call) => {
            let args: Vec<String> = call.args.iter().map(ours).collect();
            format!("({} {})", call.name, args.join(" "))
        }
    }
}

fn our_moment(at: Option<AtTime>) -> String {
    match at {
        None | Some(AtTime::Variable) => String::new(),
        Some(AtTime::Start) => "start".to_owned(),
        Some(AtTime::End) => "end".to_owned(),
        Some(AtTime::Unix(seconds)) => format!("{:.3}", seconds),
    }
}

fn our_selector(selector: &Selector) -> String {
    let name = selector.name.as_ref().map_or("", |name| &name.name);
    let matchers = list(selector.matchers.iter().map(|matcher| {
        let op = match matcher.op {
            MatchOp::Equal => "=",
            MatchOp::NotEqual => "!=",
            MatchOp::Regex => "=~",
            MatchOp::NotRegex => "!~",
        };
        format!("{}{op}{:?}", matcher.label.name, matcher.value)
    }));
    format!(
        "{name}{{{matchers}}}[{}] {} {}",
        selector.range.as_ref().map_or(0, milliseconds),
        selector.offset.as_ref().map_or(0, milliseconds),
        our_moment(selector.at_time.as_ref().map(|(at, _)| *at)),
    )
}

fn theirs(expr: &other::Expr) -> String {
    match expr {
        other::Expr::NumberLiteral(number) => number.val.to_string(),
        other::Expr::StringLiteral(text) => format!("{:?}", text.val),
        other::Expr::VectorSelector(selector) => their_selector(selector, 0),
        other::Expr::MatrixSelector(matrix) => {
            their_selector(&matrix.vs, matrix.range.as_millis() as i64)
        }
        other::Expr::Subquery(subquery) => format!(
            "(subquery {} {} {} {} {})",
            theirs(&subquery.expr),
            subquery.range.as_millis(),
            subquery.step.map_or(-1, |step| step.as_millis() as i64),
            their_offset(subquery.offset.as_ref()),
            their_moment(subquery.at.as_ref()),
        ),
        other::Expr::Unary(unary) => format!("(minus {})", theirs(&unary.expr)),
        other::Expr::Paren(paren) => format!("(parens {})", theirs(&paren.expr)),
        other::Expr::Binary(binary) => {
            let modifier = binary.modifier.as_ref();
            let labels = modifier.and_then(|modifier| modifier.matching.as_ref()).map_or(
                String::new(),
                |matching| match matching {
                    other::LabelModifier::Include(of) => format!("on {}", list(of.labels.clone())),
                    other::LabelModifier::Exclude(of) => {
                        format!("ignoring {}", list(of.labels.clone()))
                    }
                },
            );
            let group = match modifier.map(|modifier| &modifier.card) {
                Some(other::VectorMatchCardinality::ManyToOne(more)) => {
                    format!("left {}", list(more.labels.clone()))
                }
                Some(other::VectorMatchCardinality::OneToMany(more)) => {
                    format!("right {}", list(more.labels.clone()))
                }
                _ => String::new(),
            };
            format!(
                "({} {} {} [{labels}] [{group}] {})",
                theirs(&binary.lhs),
                binary.op,
                modifier.is_some_and(|modifier| modifier.return_bool),
                theirs(&binary.rhs)
            )
        }
        other::Expr::Aggregate(aggregate) => {
            let grouping = match &aggregate.modifier {
                None => String::new(),
                Some(other::LabelModifier::Include(of)) => {
                    format!("by {}", list(of.labels.clone()))
                }
                Some(other::LabelModifier::Exclude(of)) => {
                    format!("without {}", list(of.labels.clone()))
                }
            };
            let parameter = aggregate.param.as_ref().map_or(String::new(), |of| theirs(of));
            format!("({} [{grouping}] [{parameter}] {})", aggregate.op, theirs(&aggregate.expr))
        }
        other::Expr::Call(call) => {
            let args: Vec<String> = call.args.args.iter().map(|arg| theirs(arg)).collect();
            format!("({} {})", call.func.name, args.join(" "))
        }
        other::Expr::Extension(_) => unreachable!("made by no text"),
    }
}

fn their_offset(offset: Option<&other::Offset>) -> i64 {
    match offset {
        None => 0,
        Some(other::Offset::Pos(span)) => span.as_millis() as i64,
        Some(other::Offset::Neg(span)) => -(span.as_millis() as i64),
    }
}

fn their_moment(at: Option<&other::AtModifier>) -> String {
    match at {
        None => String::new(),
        Some(other::AtModifier::Start) => "start".to_owned(),
        Some(other::AtModifier::End) => "end".to_owned(),
        Some(other::AtModifier::At(time)) => {
            let seconds = match time.duration_since(std::time::UNIX_EPOCH) {
                Ok(after) => after.as_secs_f64(),
                Err(before) => -before.duration().as_secs_f64(),
            };
            format!("{seconds:.3}")
        }
    }
}

fn their_selector(selector: &other::VectorSelector, range: i64) -> String {
    let matchers = list(selector.matchers.matchers.iter().map(|matcher| {
        let op = match &matcher.op {
            label::MatchOp::Equal => "=",
            label::MatchOp::NotEqual => "!=",
            label::MatchOp::Re(_) => "=~",
            label::MatchOp::NotRe(_) => "!~",
        };
        format!("{}{op}{:?}", matcher.name, matcher.value)
    }));
    format!(
        "{}{{{matchers}}}[{range}] {} {}",
        selector.name.as_deref().unwrap_or(""),
        their_offset(selector.offset.as_ref()),
        their_moment(selector.at.as_ref()),
    )
}

#[test]
fn the_corpus_is_read_as_others_read_it() {
    for (file, query) in corpus() {
        let read = parse(&query, Options::default())
            .unwrap_or_else(|errors| panic!("{file}: {query}\n{errors:#?}"));
        let other = other::parse(&query).unwrap_or_else(|error| panic!("{file}: {query}: {error}"));
        assert_eq!(ours(&read.root), theirs(&other), "{file}: {query}");
        let printed = print(&read);
        let again = parse(&printed, Options::default())
            .unwrap_or_else(|errors| panic!("{file}: printed {printed}\n{errors:#?}"));
        assert_eq!(ours(&again.root), ours(&read.root), "{file}: {printed}");
    }
}

/// Queries that are right, of every form that the other reader knows.
fn queries() -> impl Strategy<Value = String> {
    let label = prop::sample::select(vec!["job", "instance", "le", "by", "on", "sum", "a_b"]);
    let labels = prop::collection::vec(label.clone(), 0..3).prop_map(|labels| labels.join(", "));
    let op = prop::sample::select(vec!["=", "!=", "=~", "!~"]);
    let value = prop::sample::select(vec!["\"a\"", "'b.*'", "`c|d`", "\"x\\\\d\"", "\"\\\"\""]);
    let matcher = (label, op, value).prop_map(|(label, op, value)| format!("{label}{op}{value}"));
    let metric = prop::sample::select(vec!["up", "x_total", "a:b:c", "sum", "offset", "start"]);
    let braces = prop::option::of(prop::collection::vec(matcher, 0..3)).prop_map(|matchers| {
        matchers.map_or(String::new(), |all| format!("{{{}}}", all.join(",")))
    });
    let span = prop::sample::select(vec!["5m", "1h30m", "1d", "90s", "250ms"]);
    let moved = prop::sample::select(vec![
        "",
        "",
        "",
        " offset 5m",
        " offset -1h",
        " @ start()",
        " @ end() offset 1d",
        " @ 1609746000",
    ]);
    let selector = (metric, braces, moved.clone())
        .prop_map(|(metric, braces, moved)| (format!("{metric}{braces}"), moved));
    let range = (selector.clone(), span.clone())
        .prop_map(|((selector, moved), span)| format!("{selector}[{span}]{moved}"));
    let leaf = prop_oneof![
        3 => selector.prop_map(|(selector, moved)| format!("{selector}{moved}")),
        1 => (prop::sample::select(vec!["rate", "increase", "max_over_time", "deriv"]), range)
            .prop_map(|(name, range)| format!("{name}({range})")),
        1 => Just("vector(1)".to_owned()),
    ];
    leaf.prop_recursive(5, 24, 3, move |inner| {
        let binary = prop::sample::select(vec![
            "+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "> bool", "and", "or",
            "unless", "atan2",
        ]);
        let matching = (prop::sample::select(vec!["on", "ignoring"]), labels.clone())
            .prop_map(|(word, labels)| format!("{word} ({labels})"));
        let matching = prop_oneof![2 => Just(String::new()), 1 => matching];
        let number = prop::sample::select(vec!["1", "0.5", "1e3", "0x1F", "-2", "Inf"]);
        let aggregation =
            prop::sample::select(vec!["sum", "avg", "max", "count", "stddev", "group"]);
        let grouping = (prop::sample::select(vec!["by", "without"]), labels.clone())
            .prop_map(|(word, labels)| format!("{word} ({labels})"));
        prop_oneof![
            4 => (inner.clone(), binary, matching, inner.clone())
                .prop_map(|(a, op, matching, b)| format!("{a} {op} {matching} {b}")),
            1 => (inner.clone(), prop::sample::select(vec!["+", "*", "^", ">"]), number)
                .prop_map(|(a, op, number)| format!("{a} {op} {number}")),
            2 => (aggregation.clone(), grouping.clone(), inner.clone())
                .prop_map(|(word, grouping, of)| format!("{word} {grouping} ({of})")),
            1 => (aggregation, grouping, inner.clone())
                .prop_map(|(word, grouping, of)| format!("{word}({of}) {grouping}")),
            1 => inner.clone().prop_map(|of| format!("topk(3, {of})")),
            1 => inner.clone().prop_map(|of| format!("({of})")),
            1 => inner.clone().prop_map(|of| format!("-{of}")),
            1 => inner.clone().prop_map(|of| format!("histogram_quantile(0.9, {of})")),
            1 => (inner, span.clone(), moved.clone())
                .prop_map(|(of, span, moved)| format!("max_over_time(({of})[{span}:1m]{moved})")),
        ]
    })
}

#[test]
fn what_is_made_is_read_as_others_read_it() {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(2000));
    let (compared, refused) = (Cell::new(0), Cell::new(0));
    let ran = runner.run(&queries(), |query| {
        let read = parse(&query, Options::default());
        let Ok(other) = other::parse(&query) else {
            // It lacks some keywords as names; what promtool takes is asked below.
            refused.set(refused.get() + 1);
            return Ok(());
        };
        compared.set(compared.get() + 1);
        prop_assert!(read.is_ok(), "{}: {:#?}", query, read);
        let read = read.unwrap();
        prop_assert_eq!(ours(&read.root), theirs(&other), "{}", query);
        let printed = print(&read);
        let again = parse(&printed, Options::default());
        prop_assert!(again.is_ok(), "{} printed {}: {:#?}", query, printed, again);
        prop_assert_eq!(ours(&again.unwrap().root), ours(&read.root), "{}", printed);
        Ok(())
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert!(compared.get() > 3 * refused.get(), "{} of {}", compared.get(), refused.get());
}

/// Which of the queries promtool takes. It is asked once for all, and again for those that it did not name.
fn promtool(queries: &[String]) -> Option<Vec<bool>> {
    let is_there = std::process::Command::new("promtool").arg("--version").output().is_ok();
    if !is_there {
        assert!(
            std::env::var_os("IFLUX_REQUIRE_ORACLES").is_none(),
            "promtool is not there, but IFLUX_REQUIRE_ORACLES is set"
        );
        let _ = writeln!(std::io::stderr(), "promtool is not there: skipped");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rules.yaml");
    let mut text = String::from("groups:\n- name: g\n  rules:\n");
    for (index, query) in queries.iter().enumerate() {
        let expr = serde_json::to_string(query).expect("a text");
        text.push_str(&format!("  - record: r{index}\n    expr: {expr}\n"));
    }
    std::fs::write(&path, text).expect("rules");
    let output = std::process::Command::new("promtool")
        .args(["check", "rules", "--lint=none"])
        .arg(&path)
        .output()
        .expect("promtool runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut refused = vec![false; queries.len()];
    for part in said.split("group \"g\", rule ").skip(1) {
        // It counts from one.
        let number: usize = part.split(',').next().unwrap().trim().parse().expect(part);
        refused[number - 1] = true;
    }
    Some(refused.into_iter().map(|refused| !refused).collect())
}

/// What this promtool (2.42) does not know yet, or no longer: queries that are not compared with it.
fn is_of_another_version(query: &str) -> bool {
    let Ok(read) = parse(query, Options::default()) else { return false };
    fn any(node: &Node, is: &dyn Fn(&Node) -> bool) -> bool {
        is(node) || node.children().into_iter().any(|child| any(child, is))
    }
    any(&read.root, &|node| match &node.kind {
        NodeKind::Selector(selector) => selector.modifier.is_some(),
        NodeKind::Aggregate(aggregate) => aggregate.op.word().starts_with("limit"),
        _ => false,
    })
}

#[test]
fn promtool_takes_what_is_taken() {
    // Right and wrong, each of one kind.
    let mut all: Vec<String> = [
        "up",
        "rate(x)",
        "rate(x[5m])",
        "sum(x[5m])",
        "1 > 2",
        "1 > bool 2",
        "a and 1",
        "a + bool b",
        "a * on (b) 2",
        "a * on () 2",
        "a and on (b) group_left c",
        "a * on (b) group_left (b) c",
        "{}",
        "{a=~\".*\"}",
        "{a=\"\"}",
        "{a!=\"\"}",
        "{a=~\".+\"}",
        "{a!~\".*\"}",
        "a{__name__=\"b\"}",
        "a{b=~\"(\"}",
        "topk(x)",
        "topk(1, x)",
        "topk(x, 1)",
        "sum()",
        "sum(a, b)",
        "quantile(0.9, x)",
        "count_values(\"a\", x)",
        "count_values(a, x)",
        "x[5m][5m]",
        "x[5m:]",
        "x[5m:1m]",
        "x[5m][5m:1m]",
        "(x)[5m]",
        "sum(x)[5m]",
        "sum(x)[5m:]",
        "x offset 5m",
        "x offset 5m offset 5m",
        "sum(x) offset 5m",
        "x offset 5m [5m]",
        "x[5m] offset -5m",
        "x @ 5",
        "x @ start()",
        "sum(x) @ 5",
        "x @ 5 @ 6",
        "-x",
        "-\"a\"",
        "--x",
        "+x[5m]",
        "\"a\"",
        "x == \"a\"",
        "x == x[5m]",
        "time()",
        "time(1)",
        "round(x)",
        "round(x, 2)",
        "round(x, 2, 3)",
        "label_replace(x, \"a\", \"b\", \"c\", \"d\")",
        "label_replace(x, \"a\", \"b\", \"c\")",
        "label_join(x, \"a\", \"b\")",
        "label_join(x, \"a\")",
        "label_join(x, \"a\", \"b\", \"c\", \"d\", \"e\")",
        "hour()",
        "hour(x)",
        "hour(x, y)",
        "vector(x)",
        "vector(1)",
        "scalar(x)",
        "scalar(1)",
        "absent(x)",
        "absent(x[5m])",
        "absent_over_time(x[5m])",
        "sum by (a) (x) by (b)",
        "sum by (a,) (x)",
        "sum by (,) (x)",
        "sum by () (x)",
        "sum(x,)",
        "and",
        "and and and",
        "or{a=\"b\"}",
        "bool",
        "on",
        "ignoring",
        "atan2",
        "group_left",
        "inf",
        "nan",
        "by + without",
        "sum",
        "sum + sum",
        "sum{a=\"b\"}",
        "sum by",
        "offset offset 5m",
        "start",
        "end",
        "x{a=\"b\" c=\"d\"}",
        "x{a=\"b\",}",
        "x{,}",
        "x{a}",
        "x{a=b}",
        "x{a==\"b\"}",
        "x = 1",
        "x =~ 1",
        "x[0s]",
        "x[1h5m]",
        "x[5m1h]",
        "x[5min]",
        "x[1.5h]",
        "1e3",
        "0x1f",
        "017",
        ".5",
        "5.",
        "1..2",
        "1_000x",
        "a ^ b ^ -c",
        "a on (b) c",
        "a + on (b) group_left c",
        "a + group_left c",
        "histogram_quantile(0.9, x)",
        "histogram_quantile(x, 0.9)",
        "quantile_over_time(0.9, x[5m])",
        "predict_linear(x[5m], 3)",
        "predict_linear(x[5m])",
        "no_such(x)",
        "Rate(x[5m])",
        "SUM(x)",
        "x AND y",
        "x or on (a) y",
        "x or ignoring (a) group_right y",
        "\"a\" + 1",
        "x{a=\"\\d\"}",
        "x{a=`\\d`}",
        "x{a='b'}",
        "x # c",
        "# c\nx",
        "x\n+\ty",
        "x;",
        "x &&  y",
        "!x",
        "a atan2 b",
        "a atan2 1",
        "(a",
        "a)",
        "a]",
        "sgn(x)",
        "clamp(x, 1, 2)",
        "clamp(x, 1)",
        "deg(x)",
        "pi()",
        "last_over_time(x[1m])",
        "present_over_time(x[1m])",
        "group(x)",
        "stdvar(x)",
        "x > bool on (a) y",
        "x on bool y",
    ]
    .iter()
    .map(|&query| query.to_owned())
    .collect();
    all.extend(corpus().into_iter().map(|(_, query)| query));
    let mut runner = TestRunner::deterministic();
    for _ in 0..500 {
        all.push(queries().new_tree(&mut runner).expect("a query").current());
    }
    all.retain(|query| !is_of_another_version(query));
    let Some(taken) = promtool(&all) else { return };
    let differ: Vec<String> = all
        .iter()
        .zip(taken)
        .filter_map(|(query, theirs)| {
            let ours = parse(query, Options::default());
            (ours.is_ok() != theirs)
                .then(|| format!("{query}\n  promtool: {theirs}, ours: {ours:?}"))
        })
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
