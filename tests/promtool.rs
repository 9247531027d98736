//! The engine of PromQL against Prometheus' own: random queries over random series.
//! The judge is promtool; see `oracle.rs`.
#![expect(clippy::disallowed_methods, reason = "tests start judges, which live on this machine")]

use std::process::Command;

use infraflux::embedded::promql::{Options as Reading, parse};
use infraflux::metrics::engine::{
    Engine, Fault, Limits, Options, Sample, Series, read_name, read_values,
};
use proptest::prelude::*;

use crate::oracle;
use crate::runs::Chance;

const MINUTE: i64 = 60_000;

/// The text of a random query.
struct Writer(Chance);

impl Writer {
    fn new(seed: u64) -> Self {
        Self(Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.0.below(from.len())]
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.0.below(count) == 0
    }

    fn selector(&mut self) -> String {
        let name = self.pick(&["up", "reqs_total", "temp", "temp", "lat_bucket", "owner", "none"]);
        let matchers = self.pick(&[
            "",
            "",
            "{job=\"a\"}",
            "{job=~\"a|c\"}",
            "{instance!=\"1\"}",
            "{instance!~\"[12]\", job=\"b\"}",
            "{job!=\"\"}",
            "{team=\"\"}",
        ]);
        format!("{name}{matchers}")
    }

    fn modifiers(&mut self) -> &'static str {
        self.pick(&["", "", "", "", "", " offset 2m", " offset -1m", " @ 480", " @ end()"])
    }

    fn span(&mut self) -> &'static str {
        self.pick(&["1m30s", "3m", "5m", "7m30s", "13m"])
    }

    fn range(&mut self, depth: usize) -> String {
        if depth > 0 && self.one_in(4) {
            let of = self.vector(depth - 1);
            let (span, step) = (self.span(), self.pick(&["", "1m", "40s", "2m30s"]));
            return format!("({of})[{span}:{step}]{}", self.modifiers());
        }
        format!("{}[{}]{}", self.selector(), self.span(), self.modifiers())
    }

    fn scalar(&mut self, depth: usize) -> String {
        if depth > 0 && self.one_in(6) {
            return format!("scalar({})", self.vector(depth - 1));
        }
        self.pick(&[
            "0", "1.37", "-2.61", "7.77", "0.53", "time()", "60", "1e2", "5 % 3", "2 ^ 0.5",
        ])
        .to_owned()
    }

    fn labels(&mut self) -> &'static str {
        self.pick(&["", "job", "instance", "job, instance", "le", "code", "__name__", "team"])
    }

    fn vector(&mut self, depth: usize) -> String {
        if depth == 0 {
            return format!("{}{}", self.selector(), self.modifiers());
        }
        let deeper = depth - 1;
        match self.0.below(17) {
            0 => format!("{}{}", self.selector(), self.modifiers()),
            1..=3 => {
                let of = self.pick(&[
                    "rate",
                    "increase",
                    "irate",
                    "delta",
                    "idelta",
                    "deriv",
                    "changes",
                    "resets",
                    "avg_over_time",
                    "sum_over_time",
                    "min_over_time",
                    "max_over_time",
                    "count_over_time",
                    "last_over_time",
                    "present_over_time",
                    "stddev_over_time",
                    "stdvar_over_time",
                    "absent_over_time",
                ]);
                format!("{of}({})", self.range(deeper))
            }
            4 => match self.0.below(3) {
                0 => format!("quantile_over_time({}, {})", self.scalar(0), self.range(deeper)),
                1 => format!("predict_linear({}, {})", self.range(deeper), self.scalar(0)),
                _ => format!("holt_winters({}, 0.3, 0.6)", self.range(deeper)),
            },
            5 | 6 => {
                let of = self.pick(&[
                    "abs",
                    "ceil",
                    "floor",
                    "exp",
                    "sqrt",
                    "ln",
                    "log2",
                    "log10",
                    "sgn",
                    "rad",
                    "deg",
                    "sin",
                    "atan",
                    "round",
                    "timestamp",
                    "absent",
                    "sort",
                    "sort_desc",
                    "-",
                    "calendar",
                ]);
                if of != "calendar" {
                    return format!("{of}({})", self.vector(deeper));
                }
                // What date an endless number is depends on the machine.
                let of = self.pick(&[
                    "minute",
                    "hour",
                    "day_of_week",
                    "day_of_month",
                    "day_of_year",
                    "month",
                    "year",
                    "days_in_month",
                ]);
                let times = self.pick(&["1", "1234567", "86400 * 58.7", "1e9"]);
                format!("{of}(up * {times} + {})", self.pick(&["time()", "0", "1.7e9"]))
            }
            7 => match self.0.below(4) {
                0 => format!("clamp({}, -2.5, {})", self.vector(deeper), self.scalar(0)),
                1 => format!("clamp_min({}, {})", self.vector(deeper), self.scalar(0)),
                2 => format!("clamp_max({}, {})", self.vector(deeper), self.scalar(0)),
                _ => format!("round({}, 0.4)", self.vector(deeper)),
            },
            8..=10 => {
                let of = self.pick(&[
                    "sum",
                    "avg",
                    "min",
                    "max",
                    "count",
                    "group",
                    "stddev",
                    "stdvar",
                    "quantile(0.3,",
                    "topk(2,",
                    "bottomk(1,",
                    "count_values(\"v\",",
                ]);
                let grouping = match self.0.below(3) {
                    0 => String::new(),
                    1 => format!(" by ({})", self.labels()),
                    _ => format!(" without ({})", self.labels()),
                };
                match of.split_once('(') {
                    Some((word, parameter)) => {
                        // Which of equal samples is chosen depends on the order in which they are stored.
                        let of = if word.ends_with('k') {
                            "temp".to_owned()
                        } else {
                            self.vector(deeper)
                        };
                        format!("{word}{grouping} ({parameter} {of})")
                    }
                    None => format!("{of}{grouping} ({})", self.vector(deeper)),
                }
            }
            11 | 12 => {
                // `atan2` kept the name before Prometheus 3, and so it is left out.
                let op = self.pick(&["+", "-", "*", "/", "%", "^", "> ", "<", ">=", "<="]);
                let is_comparison = op.starts_with(['>', '<']);
                let modifier = if is_comparison && self.one_in(3) { " bool" } else { "" };
                let (of, with) = (self.vector(deeper), self.scalar(deeper));
                if self.one_in(3) {
                    format!("({with}) {op}{modifier} ({of})")
                } else {
                    format!("({of}) {op}{modifier} ({with})")
                }
            }
            13 | 14 => {
                let op =
                    self.pick(&["+", "-", "*", "/", ">", "<", "!= bool", "and", "or", "unless"]);
                let is_set = matches!(op, "and" | "or" | "unless");
                let matching = match self.0.below(4) {
                    0 => String::new(),
                    1 => format!(" ignoring ({})", self.labels()),
                    _ => format!(" on ({})", self.labels()),
                };
                let group = if is_set || matching.is_empty() {
                    String::new()
                } else {
                    let word = self.pick(&[
                        "",
                        "",
                        " group_left (team)",
                        " group_right ()",
                        " group_left ()",
                    ]);
                    if matching.contains("team") { String::new() } else { word.to_owned() }
                };
                let (left, right) = (self.vector(deeper), self.vector(deeper));
                format!("({left}) {op}{matching}{group} ({right})")
            }
            15 => match self.0.below(3) {
                0 => format!(
                    "label_replace({}, \"{}\", \"{}\", \"job\", \"(.)(.*)\")",
                    self.vector(deeper),
                    self.pick(&["job", "new", "instance"]),
                    self.pick(&["$1", "${1}x", "", "a$2b"])
                ),
                1 => format!(
                    "label_join({}, \"new\", \"-\", \"job\", \"instance\")",
                    self.vector(deeper)
                ),
                _ => format!("vector({})", self.scalar(deeper)),
            },
            _ => {
                let of =
                    self.pick(&["lat_bucket", "rate(lat_bucket[5m])", "sum by (le) (lat_bucket)"]);
                format!(
                    "histogram_quantile({}, {of})",
                    self.pick(&["0.5", "0.9", "0", "1", "1.5", "-1"])
                )
            }
        }
    }

    /// Values of a series: numbers of which no two sums are equal by chance.
    fn values(&mut self, is_counter: bool) -> String {
        let mut out = Vec::new();
        for _ in 0..5 {
            let first = self.0.below(2000) as f64 / 64.0;
            let step = self.0.below(320) as f64 / 64.0;
            let times = self.0.below(7);
            let sign = if is_counter || self.one_in(2) { '+' } else { '-' };
            out.push(match self.0.below(8) {
                0 => "_".to_owned(),
                1 => format!("_x{}", self.0.below(4)),
                2 if !is_counter => "stale".to_owned(),
                3 if !is_counter && self.one_in(4) => "NaN".to_owned(),
                _ => format!("{first}{sign}{step}x{times}"),
            });
        }
        out.join(" ")
    }

    fn series(&mut self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        for (job, instance) in [("a", "1"), ("a", "2"), ("b", "1"), ("b", "3")] {
            rows.push((
                format!("up{{job=\"{job}\", instance=\"{instance}\"}}"),
                "1x6 0x3 1x9".to_owned(),
            ));
            rows.push((
                format!("temp{{job=\"{job}\", instance=\"{instance}\"}}"),
                self.values(false),
            ));
            for code in ["200", "500"] {
                let name = format!(
                    "reqs_total{{job=\"{job}\", instance=\"{instance}\", code=\"{code}\"}}"
                );
                rows.push((name, self.values(true)));
            }
        }
        for (team, instance) in [("red", "1"), ("blue", "2"), ("red", "3")] {
            rows.push((
                format!("owner{{instance=\"{instance}\", team=\"{team}\"}}"),
                "1x20".to_owned(),
            ));
        }
        for (le, step) in [("-1", 0), ("0.5", 1), ("2", 4), ("2.5", 3), ("+Inf", 9)] {
            rows.push((format!("lat_bucket{{job=\"a\", le=\"{le}\"}}"), format!("0+{step}x20")));
        }
        rows
    }
}

fn engine<'q>(rows: &[(String, String)], options: Options) -> Engine<'q> {
    let one = |(name, values): &(String, String)| Series {
        labels: read_name(name).expect("a series"),
        points: read_values(values, MINUTE).expect("values"),
    };
    Engine::new(rows.iter().map(one).collect(), options)
}

/// What promtool says that a query yields: labels and numbers, sorted; or that it fails.
type Yield = Result<Vec<(String, f64)>, ()>;

fn ours(rows: &[(String, String)], query: &str, minute: i64, options: Options) -> Yield {
    let query =
        parse(query, Reading::default()).unwrap_or_else(|wrong| panic!("{query}: {wrong:?}"));
    let value = engine(rows, options).at(&query.root, minute * MINUTE);
    if let Err(fault @ (Fault::Refused(_) | Fault::Type(_) | Fault::TooMuch | Fault::TooDeep)) =
        &value
    {
        panic!("{fault}");
    }
    let value = value.map_err(drop)?;
    let shown = |sample: Sample| (sample.labels.to_string(), sample.value);
    let mut all: Vec<(String, f64)> = value.samples().into_iter().map(shown).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// `{__name__="up", job="a"} 1E+00, {} 2E+00`.
fn theirs(text: &str) -> Yield {
    let mut all = Vec::new();
    let mut rest = text.trim();
    if rest == "nil" {
        return Ok(all);
    }
    while !rest.is_empty() {
        let (labels, after) = rest.split_once("} ").expect("labels");
        let (number, after) = after
            .split_once(", {")
            .map_or((after, ""), |(number, _)| (number, &after[number.len() + 2..]));
        let labels = format!("{labels}}}");
        let labels =
            if labels == "{}" { labels } else { read_name(&labels).expect("labels").to_string() };
        let number = number.replace("+Inf", "inf").replace("-Inf", "-inf");
        all.push((labels, number.parse().expect("a number")));
        rest = after;
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// The deviation of what is endless was nothing before Prometheus 3, and is no number since.
fn was_different(query: &str, ours: &Yield, is_closed: bool) -> bool {
    let has_none = |all: &Vec<(String, f64)>| all.iter().any(|(_, value)| value.is_nan());
    let deviates = query.contains("stddev") || query.contains("stdvar");
    is_closed && deviates && ours.as_ref().is_ok_and(has_none)
}

fn is_same(ours: &Yield, theirs: &Yield) -> bool {
    let near = |a: f64, b: f64| {
        a == b
            || (a.is_nan() && b.is_nan())
            || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
    };
    match (ours, theirs) {
        (Ok(a), Ok(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && near(a.1, b.1))
        }
        (Err(()), Err(())) => true,
        _ => false,
    }
}

#[test]
fn queries_yield_what_prometheus_says() {
    if oracle::folder("queries_yield_what_prometheus_says").is_none() {
        return;
    }
    let version = Command::new("promtool").arg("--version").output().expect("promtool starts");
    let version = String::from_utf8_lossy(&[version.stdout, version.stderr].concat()).into_owned();
    let is_closed = version.contains("version 2.");
    let options = Options { is_closed, ..Options::default() };
    let folder = tempfile::tempdir().expect("a folder");
    let mut differences = Vec::new();
    for round in 0..4_u64 {
        let mut writer = Writer::new(round + 1);
        let rows = writer.series();
        let queries: Vec<(String, i64)> = (0..500)
            .map(|_| (writer.vector(3), [0, 4, 9, 13, 17, 24][writer.0.below(6)]))
            .filter(|(query, _)| parse(query, Reading::default()).is_ok())
            .collect();
        assert!(queries.len() > 400, "most of the queries are some");
        // An expectation that nothing meets: then promtool tells what the query yields.
        let tests: Vec<_> = queries
            .iter()
            .map(|(query, minute)| {
                serde_json::json!({
                    "expr": query,
                    "eval_time": format!("{minute}m"),
                    "exp_samples": [{ "labels": "nobody{}", "value": 1 }],
                })
            })
            .collect();
        let inputs: Vec<_> = rows
            .iter()
            .map(|(name, values)| serde_json::json!({ "series": name, "values": values }))
            .collect();
        let test = serde_json::json!({
            "evaluation_interval": "1m",
            "tests": [{ "interval": "1m", "input_series": inputs, "promql_expr_test": tests }],
        });
        let path = folder.path().join("test.yaml");
        std::fs::write(&path, test.to_string()).expect("a file can be written");
        let output = Command::new("promtool").args(["test", "rules"]).arg(&path).output();
        let output = output.expect("promtool starts");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let mut told = said.split("    expr: ").skip(1);
        for (query, minute) in &queries {
            let told = told.next().unwrap_or_else(|| panic!("{said}"));
            let theirs = match told.split_once("got:") {
                Some((_, got)) => theirs(got.lines().next().unwrap_or_default()),
                None => Err(()),
            };
            let ours = ours(&rows, query, *minute, options);
            if !is_same(&ours, &theirs) && !was_different(query, &ours, is_closed) {
                differences.push(format!(
                    "{minute}m {query}\n  here: {ours:?}\n  promtool: {theirs:?} {told}"
                ));
            }
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is asked, the engine answers or refuses, and soon.
    #[test]
    fn queries_end(seed in any::<u64>(), minute in -5_i64..400, steps in 0_u64..20_000) {
        let mut writer = Writer::new(seed);
        let rows = writer.series();
        let text = writer.vector(5);
        if let Ok(query) = parse(&text, Reading::default()) {
            let limits = Limits { steps, ..Limits::default() };
            let mut engine = engine(&rows, Options { limits, ..Options::default() });
            let first = engine.at(&query.root, minute * MINUTE);
            prop_assert!(engine.steps_left() <= steps);
            if first.is_ok() {
                let limits = Limits { steps: 20_000, ..Limits::default() };
                let mut again = self::engine(&rows, Options { limits, ..Options::default() });
                let second = again.at(&query.root, minute * MINUTE);
                prop_assert_eq!(format!("{:?}", first), format!("{:?}", second));
            }
        }
    }
}
