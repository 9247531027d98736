//! What is a query, and what is said of what is none.

use super::{Features, NodeKind, Options, PromqlError, Query, TimeSpanOp, parse, print};
use proptest::prelude::*;

fn accept(text: &str) -> Query {
    match parse(text, Options::default()) {
        Ok(query) => query,
        Err(errors) => panic!("{text}: {errors:#?}"),
    }
}

/// The first error of each: its code, the wrong part, what is found there, and the query mended by its fix.
fn refuse(rows: &[(&str, &str, &str, &str, Option<&str>)]) {
    let mut differ = Vec::new();
    for &(text, code, at, label, mended) in rows {
        let Err(errors) = parse(text, Options::default()) else {
            differ.push(format!("{text}: taken"));
            continue;
        };
        let error = &errors[0];
        assert!(error.label.split_whitespace().count() <= 6, "too long a label: {}", error.label);
        let by = mend(text, error);
        let found = (error.code.as_str(), error.at.of(text), error.label.as_str(), by.as_deref());
        if found != (code, at, label, mended) {
            differ.push(format!("{text}\n  {found:?} {} {:?}", error.title, error.help));
        }
        if let Some(mended) = mended {
            accept(mended);
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

fn mend(text: &str, error: &PromqlError) -> Option<String> {
    let (_, at, by, _) = error.fix.as_ref()?;
    Some(format!("{}{by}{}", &text[..at.start as usize], &text[at.end as usize..]))
}

/// The tree as text, with parentheses around every operation.
fn shape(text: &str) -> String {
    fn node(node: &super::Node) -> String {
        match &node.kind {
            NodeKind::Binary(binary) => {
                format!("({} {} {})", shaped(&binary.left), binary.op.word(), shaped(&binary.right))
            }
            NodeKind::Unary { is_minus, of } => {
                format!("({}{})", if *is_minus { "-" } else { "+" }, shaped(of))
            }
            NodeKind::Parens(of) => shaped(of),
            _ => print(&Query { root: node.clone() }),
        }
    }
    fn shaped(of: &super::Node) -> String {
        node(of)
    }
    node(&accept(text).root)
}

#[test]
fn operators_bind_as_in_prometheus() {
    for (text, expected) in [
        ("a + b * c", "(a + (b * c))"),
        ("a * b + c", "((a * b) + c)"),
        ("a - b - c", "((a - b) - c)"),
        ("a ^ b ^ c", "(a ^ (b ^ c))"),
        ("-a ^ b", "(-(a ^ b))"),
        ("-a * b", "((-a) * b)"),
        ("a ^ -b ^ c", "(a ^ (-(b ^ c)))"),
        ("a ^ -b * c", "((a ^ (-b)) * c)"),
        ("- - a", "(-(-a))"),
        ("a atan2 b * c", "((a atan2 b) * c)"),
        ("a or b and c unless d", "(a or ((b and c) unless d))"),
        ("a == b + 1 and c", "((a == (b + 1)) and c)"),
        ("a > b > c", "((a > b) > c)"),
        ("-a == b", "((-a) == b)"),
        ("a offset 5m + b", "(a offset 5m + b)"),
        ("-a offset 5m", "(-a offset 5m)"),
        ("and and and", "(and and and)"),
        ("sum + by * offset", "(sum + (by * offset))"),
    ] {
        assert_eq!(shape(text), expected, "{text}");
    }
}

#[test]
fn every_form_is_read_and_printed() {
    for (text, printed) in [
        ("up", "up"),
        ("UP{Job='a',}", "UP{Job=\"a\"}"),
        (r#"{"a.b", "l.x"="y", c=~`\d+`}"#, r#"{"a.b", "l.x"="y", c=~"\\d+"}"#),
        ("{__name__=~\"a.+\"}", "{__name__=~\"a.+\"}"),
        ("a:b:c{d!~\"e\"}[1h30m]", "a:b:c{d!~\"e\"}[1h30m]"),
        ("x[5m] offset -1d @ end()", "x[5m] @ end() offset -1d"),
        ("x @ 1609746000.5", "x @ 1609746000.5"),
        ("x @ -1 offset 1h", "x @ -1 offset 1h"),
        ("rate(x[5m])[1h:]", "rate(x[5m])[1h:]"),
        ("(x)[90d:1m] @ start() offset 5m", "(x)[90d:1m] @ start() offset 5m"),
        ("x[300]", "x[5m]"),
        ("x[5m + 2 * step()]", "x[5m + 2s * step()]"),
        ("x[min(5m, range())] offset -(1h - 5m)", "x[min_of(5m, range())] offset -(1h - 5m)"),
        ("x[5m] anchored", "x[5m] anchored"),
        ("x smoothed offset 5m", "x smoothed offset 5m"),
        ("sum by(a,\"b.c\",)(x)", "sum by (a, \"b.c\") (x)"),
        ("sum(x) without (by, on, bool)", "sum without (by, on, bool) (x)"),
        ("TOPK(3, x)", "topk(3, x)"),
        ("count_values by (a) ('v', x)", "count_values by (a) (\"v\", x)"),
        ("limitk(2, x) + limit_ratio(-0.5, x)", "limitk(2, x) + limit_ratio(-0.5, x)"),
        ("a * on(b) group_left(c) d", "a * on (b) group_left (c) d"),
        ("a * ignoring(b) group_right d", "a * ignoring (b) group_right () d"),
        ("a == bool on () b", "a == bool on () b"),
        ("a + fill_left(0) fill_right(-1) b", "a + fill_left (0) fill_right (-1) b"),
        ("a + fill", "a + fill"),
        ("info(x, {k8s_cluster=~\".*\"})", "info(x, {k8s_cluster=~\".*\"})"),
        ("histogram_quantile(0.9, rate(x[5m]))", "histogram_quantile(0.9, rate(x[5m]))"),
        ("time() - 1e3 + 0x1F + Inf", "time() - 1000 + 31 + Inf"),
        ("5m * 1d", "300 * 86400"),
        ("start{a=\"b\"} + end", "start{a=\"b\"} + end"),
        ("x # the rest\n# and this\n", "x"),
        ("{\"on\"}", "{\"on\"}"),
        ("{a=\"\\u00e4\\n\"}", "{a=\"ä\\n\"}"),
        ("label_join(x, \"a\", \"\")", "label_join(x, \"a\", \"\")"),
        ("hour()", "hour()"),
        ("{\"a\", __name__=\"b\"}", "{\"a\", __name__=\"b\"}"),
        ("{\"a\", \"b\"}", "{\"a\", __name__=\"b\"}"),
    ] {
        let query = accept(text);
        assert_eq!(print(&query), printed, "{text}");
        assert_eq!(print(&accept(printed)), printed, "{text}");
    }
}

#[test]
fn extents_are_exact() {
    let text = "sum by (a) (rate(x{b=\"c\"}[5m] offset 1h )  ) # end\n > bool 1";
    let query = accept(text);
    let NodeKind::Binary(binary) = &query.root.kind else { panic!("{query:?}") };
    assert_eq!(binary.left.at.of(text), "sum by (a) (rate(x{b=\"c\"}[5m] offset 1h )  )");
    assert_eq!((binary.op_at.of(text), binary.right.at.of(text)), (">", "1"));
    assert_eq!(binary.bool_at.map(|at| at.of(text)), Some("bool"));
    let NodeKind::Aggregate(sum) = &binary.left.kind else { panic!("{query:?}") };
    assert_eq!(sum.grouping.as_ref().map(|by| by.at.of(text)), Some("by (a)"));
    let NodeKind::Call(rate) = &sum.of.kind else { panic!("{query:?}") };
    assert_eq!(
        (rate.name_at.of(text), rate.args[0].at.of(text)),
        ("rate", "x{b=\"c\"}[5m] offset 1h")
    );
    let NodeKind::Selector(x) = &rate.args[0].kind else { panic!("{query:?}") };
    assert_eq!(x.matchers[0].at.of(text), "b=\"c\"");
    assert_eq!(x.matchers[0].value_at.of(text), "\"c\"");
    assert_eq!(x.range.as_ref().map(|range| range.at.of(text)), Some("5m"));
    assert_eq!(x.offset.as_ref().map(|offset| offset.at.of(text)), Some("1h"));
}

#[test]
fn what_cannot_be_read() {
    let syntax = "promql/syntax";
    let open = "promql/unbalanced";
    let rows = [
        ("", "", "nothing to evaluate", None),
        ("sum by instance (x)", "instance", "`by` takes a list", Some("sum by (instance) (x)")),
        ("sum by a, b (x)", "a, b", "`by` takes a list", Some("sum by (a, b) (x)")),
        ("avg(x) by", "", "the labels are missing", None),
        ("sum by (a b) (x)", "b", "a second label", Some("sum by (a, b) (x)")),
        ("a && b", "&&", "between two queries", Some("a and b")),
        ("a || b", "||", "between two queries", Some("a or b")),
        ("a = 1", "=", "between two queries", Some("a == 1")),
        ("a => 1", "=>", "between two queries", Some("a >= 1")),
        ("a <> 1", "<>", "between two queries", Some("a != 1")),
        ("a =~ \"b\"", "=~", "matches labels only", None),
        ("!up", "!", "means nothing here", None),
        ("up{job==\"a\"}", "==", "between a label and its value", Some("up{job=\"a\"}")),
        ("up{job~=\"a\"}", "~=", "labels have `=`, `!=`, `=~`, `!~`", Some("up{job=~\"a\"}")),
        ("up{job=node-1}", "node-1", "values stand in quotes", Some("up{job=\"node-1\"}")),
        ("up{a=\"1\" b=\"2\"}", "b", "a second matcher", Some("up{a=\"1\", b=\"2\"}")),
        ("up{a=\"1\" and b=\"2\"}", "and", "a comma stands here", Some("up{a=\"1\" , b=\"2\"}")),
        ("up{a=\"1\" or b=\"2\"}", "or", "all matchers must hold", None),
        ("up{foo-bar=\"1\"}", "foo-bar", "`-` in a name", None),
        ("up{foo}", "foo", "compared with nothing", None),
        ("up{a>1}", ">", "labels have `=`, `!=`, `=~`, `!~`", None),
        ("rate(x[5min])", "5min", "no unit `min`", Some("rate(x[5m])")),
        ("rate(x[1.5h])", "1.5h", "a fraction with a unit", Some("rate(x[1h30m])")),
        ("rate(x[5m1h])", "5m1h", "`h` after the smaller `m`", None),
        ("rate(x[])", "]", "a duration is missing", None),
        ("x[0s]", "0s", "not above zero", None),
        ("sum(x,)", ",", "no argument follows", Some("sum(x)")),
        ("x >", "", "the query ends here", None),
        ("histogram_quantile(0.9, x) by (le)", "by", "only aggregations group", None),
        ("a * group_left (b) c", "group_left", "matched by nothing", None),
        ("a on (b) / c", "on", "follows the operator", None),
        ("a unles b", "unles", "no word of PromQL", Some("a unless b")),
        ("sum(x)[5m]", "[5m]", "only a metric has a range", None),
        ("sum(x) offset 5m", "offset 5m", "only behind a selector", None),
        ("x offset 5m offset 5m", "offset 5m", "the second one", Some("x offset 5m ")),
        ("x offset 5m [5m]", "[5m]", "too late", None),
        ("{a=\"\\d\"}", "\\d", "stands for no character", Some("{a=\"\\\\d\"}")),
        ("x;", ";", "nothing follows", Some("x")),
        ("1 + atan2", "atan2", "a query is missing before it", None),
        ("x > 5 6", "6", "found `6`", None),
        ("summ by (x) (y)", "by", "only aggregations group", None),
    ];
    let rows: Vec<_> =
        rows.iter().map(|&(text, at, label, mended)| (text, syntax, at, label, mended)).collect();
    refuse(&rows);
    refuse(&[
        ("sum(x", open, "(", "`(` without its `)`", Some("sum(x)")),
        ("sum(x))", open, ")", "`)` without its `(`", Some("sum(x)")),
        ("x[5m)", open, ")", "`)` after an open `[`", None),
        ("x{a=\"b}", open, "\"", "\" without a second one", None),
        ("x[$__interval]", "promql/variable", "$__interval", "`$__interval` is Grafana's", None),
    ]);
}

#[test]
fn what_does_not_fit() {
    let rows = [
        ("rate(x)", "type", "x", "this is an instant vector", Some("rate(x[5m])")),
        (
            "rate(x offset 5m)",
            "type",
            "x offset 5m",
            "this is an instant vector",
            Some("rate(x[5m] offset 5m)"),
        ),
        ("rate(sum(x))", "type", "sum(x)", "this is an instant vector", None),
        ("abs(x[5m])", "type", "x[5m]", "this is a range vector", None),
        ("sum(x[5m])", "type", "x[5m]", "this is a range vector", None),
        ("sum(1)", "type", "1", "this is a scalar", None),
        ("x[5m] > 1", "type", "x[5m]", "this is a range vector", None),
        ("x == \"a\"", "type", "\"a\"", "this is a text", None),
        ("-x[5m]", "type", "x[5m]", "this is a range vector", None),
        ("x[5m][1h:5m]", "type", "x[5m]", "this is a range vector", None),
        ("histogram_quantile(x, 0.9)", "type", "x", "this is an instant vector", None),
        ("quantile(x, 0.9)", "type", "x", "this is an instant vector", None),
        ("topk(x)", "arguments", "topk", "the parameter is missing", None),
        ("sum()", "arguments", "()", "nothing to aggregate", None),
        ("sum(a, b)", "arguments", "b", "one too many", None),
        ("rate()", "arguments", "rate", "an argument is missing", None),
        ("rate(x[5m], 1)", "arguments", "1", "one too many", None),
        (
            "raet(x[5m])",
            "function",
            "raet",
            "Prometheus has none of this name",
            Some("rate(x[5m])"),
        ),
        (
            "Rate(x[5m])",
            "function",
            "Rate",
            "Prometheus has none of this name",
            Some("rate(x[5m])"),
        ),
        ("1 > 2", "operator", ">", "both sides are numbers", Some("1 > bool 2")),
        ("a + bool b", "operator", "bool", "only comparisons have it", Some("a +  b")),
        ("a and 1", "operator", "1", "this is a number", None),
        ("a * on (b) 2", "operator", "on (b)", "only vectors have labels", Some("a *  2")),
        (
            "a and on (b) group_left c",
            "operator",
            "group_left",
            "means nothing here",
            Some("a and on (b)  c"),
        ),
        ("a * on (b) group_left (b) c", "operator", "b", "is equal on both sides anyway", None),
        ("{}", "matcher", "{}", "chooses every series", None),
        ("{a=~\".*\"}", "matcher", "{a=~\".*\"}", "every matcher takes an empty label", None),
        ("a{__name__=\"b\"}", "matcher", "__name__=\"b\"", "the second name", None),
        ("a{\"b\"}", "matcher", "\"b\"", "the second name", None),
        ("a{b=~\"(\"}", "regex", "(", "`(` without its `)`", None),
        ("label_replace(x, \"a\", \"b\", \"c\", \"[\")", "regex", "[", "`[` without its `]`", None),
        ("label_replace(x, \"\", \"b\", \"c\", \"d\")", "label", "\"\"", "an empty text", None),
        ("count_values(\"\", x)", "label", "\"\"", "an empty text", None),
        ("info(x, up)", "type", "up", "not a selector of labels only", None),
    ];
    let codes: Vec<String> = rows.iter().map(|row| format!("promql/{}", row.1)).collect();
    let rows: Vec<_> = rows
        .iter()
        .zip(&codes)
        .map(|(&(text, _, at, label, mended), code)| (text, code.as_str(), at, label, mended))
        .collect();
    refuse(&rows);
}

#[test]
fn features_that_are_off() {
    let options = Options { features: Some(Features::default()), ..Options::default() };
    for (text, at) in [
        ("mad_over_time(x[5m])", "mad_over_time"),
        ("limitk(2, x)", "limitk"),
        ("x[5m] anchored", "anchored"),
        ("a + fill(0) b", "fill(0)"),
        ("x[5m + 1m]", "+"),
        ("x offset step()", "step()"),
    ] {
        let errors = parse(text, options).expect_err(text);
        let found = (errors[0].code.as_str(), errors[0].at.of(text));
        assert_eq!(found, ("promql/feature", at), "{text}: {errors:#?}");
        accept(text);
    }
}

#[test]
fn grafana_fills_in_variables() {
    let options = Options { grafana: true, ..Options::default() };
    for text in [
        "rate(x{node=~\"$node\"}[$__rate_interval])",
        "sum by ($group) (x) > $threshold",
        "avg_over_time(x[$__range:$__interval] offset ${shift})",
        "$metric{job=\"${job:regex}\"}",
        "node_[[name]]_total[[[range]]]",
        "topk($n, x)",
        "x > ${limit}",
    ] {
        let query = parse(text, options).unwrap_or_else(|errors| panic!("{text}: {errors:#?}"));
        assert_eq!(print(&parse(&print(&query), options).expect(text)), print(&query));
    }
    let query = parse("x[$__range]", options).expect("a range");
    let NodeKind::Selector(x) = &query.root.kind else { panic!("{query:?}") };
    let range = x.range.as_ref().map(|range| &range.op);
    assert_eq!(range, Some(&TimeSpanOp::Variable("$__range".to_owned())));
}

#[test]
fn what_is_nested_deep_is_refused_and_not_followed() {
    for text in [
        format!("{}x{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("{}x{}", "abs(".repeat(5_000), ")".repeat(5_000)),
        format!("{}x", "-".repeat(5_000)),
        format!("x{}", " + x".repeat(3_000)),
        format!("x{}", " ^ x".repeat(3_000)),
        format!("x{}", "[1h:1m]".repeat(1_000)),
        format!("x[{}5m{}]", "(".repeat(5_000), ")".repeat(5_000)),
        "sum by (".repeat(5_000),
    ] {
        let errors = parse(&text, Options::default()).expect_err("too deep");
        assert!(!errors.is_empty());
    }
    accept(&format!("{}x{}", "(".repeat(60), ")".repeat(60)));
    accept(&format!("{}x{}", "abs(".repeat(60), ")".repeat(60)));
    accept(&format!("x{}", " or x".repeat(200)));
}

/// Texts that are nearly queries.
fn near_queries() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "sum",
        "by",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "x",
        "rate",
        "5m",
        "1",
        "+",
        "-",
        "^",
        "==",
        "and",
        "or",
        "offset",
        "@",
        "start()",
        "\"a\"",
        "'b'",
        "`c`",
        "=~",
        "=",
        ",",
        ":",
        "job",
        "on",
        "group_left",
        "bool",
        "# c\n",
        "é",
        "$x",
        "[[y]]",
        "0x",
        "topk",
        "&&",
        "!",
        "~",
        "5min",
        "\\",
        "fill",
        "anchored",
        "1e",
        ".",
        "\u{1a}",
    ]);
    prop_oneof![
        3 => prop::collection::vec(token, 0..14).prop_map(|tokens| tokens.join(" ")),
        1 => any::<String>(),
        1 => r#"[a-z(){}\[\]"'`\\=~!<>,:#\n $0-9.+*/^@-]{0,40}"#,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn any_text_is_a_query_or_told_why_not(text in near_queries(), grafana: bool, holes: bool) {
        let options = Options { grafana, holes, features: None };
        match parse(&text, options) {
            Ok(query) => {
                let printed = print(&query);
                let again = parse(&printed, options);
                prop_assert!(again.is_ok(), "{text:?} printed {printed:?}: {again:?}");
                prop_assert_eq!(print(&again.unwrap()), printed);
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    let places = std::iter::once(error.at)
                        .chain(error.because.iter().map(|(at, _)| *at))
                        .chain(error.fix.iter().map(|(_, at, ..)| *at));
                    for at in places {
                        let part = text.get(at.start as usize..at.end as usize);
                        prop_assert!(part.is_some(), "{text:?}: {at:?}");
                    }
                }
            }
        }
    }
}
