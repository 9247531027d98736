//! What queries yield.

use super::{Engine, Fault, Limits, Options, Series, read_name, read_values};
use crate::embedded::promql::{Options as Reading, parse};
use crate::embedded::shortest;

const MINUTE: i64 = 60_000;

fn series(rows: &[(&str, &str)]) -> Vec<Series> {
    let one = |(name, values): &(&str, &str)| Series {
        labels: read_name(name).unwrap(),
        points: read_values(values, MINUTE).unwrap(),
    };
    rows.iter().map(one).collect()
}

fn eval(
    rows: &[(&str, &str)],
    query: &str,
    minute: i64,
    options: Options,
) -> Result<String, Fault> {
    let query =
        parse(query, Reading::default()).unwrap_or_else(|wrong| panic!("{query}: {wrong:?}"));
    let mut engine = Engine::new(series(rows), options);
    let value = engine.at(&query.root, minute * MINUTE)?;
    let samples = value.samples();
    let lines = samples.iter().map(|one| format!("{} {}", one.labels, shortest(one.value)));
    Ok(lines.collect::<Vec<_>>().join("; "))
}

const ROWS: &[(&str, &str)] = &[
    (r#"up{job="a", instance="1"}"#, "1x20"),
    (r#"up{job="a", instance="2"}"#, "1x5 0x20"),
    (r#"up{job="b", instance="3"}"#, "1x5 stale"),
    (r#"reqs{job="a", code="200"}"#, "0+60x20"),
    (r#"reqs{job="a", code="500"}"#, "0+6x10 0+6x20"),
    (r#"temp{room="x"}"#, "20+1x20"),
    (r#"temp{room="y"}"#, "40-1x20"),
    (r#"lat_bucket{le="1"}"#, "0+5x20"),
    (r#"lat_bucket{le="2"}"#, "0+9x20"),
    (r#"lat_bucket{le="+Inf"}"#, "0+10x20"),
    (r#"owner{instance="1", team="red"}"#, "1x20"),
    (r#"owner{instance="2", team="blue"}"#, "1x20"),
];

fn check(query: &str, expected: &str) {
    assert_eq!(eval(ROWS, query, 10, Options::default()).as_deref(), Ok(expected), "{query}");
}

#[test]
fn selectors_choose_series() {
    check(r#"up{job="a"}"#, r#"up{instance="1", job="a"} 1; up{instance="2", job="a"} 0"#);
    check(r#"up{job=~"b|c"}"#, "");
    check(r#"up{job=~"b|c"} offset 6m"#, r#"up{instance="3", job="b"} 1"#);
    check(r#"{__name__=~"te.p", room!="x"}"#, r#"temp{room="y"} 30"#);
    check(r#"temp{room="x"} @ 60"#, r#"temp{room="x"} 21"#);
    check(r#"temp{none=""}"#, r#"temp{room="x"} 30; temp{room="y"} 30"#);
    check("count_over_time(up[2m])", r#"{instance="1", job="a"} 2; {instance="2", job="a"} 2"#);
    check(r#"max_over_time(temp{room="x"}[10m:5m])"#, r#"{room="x"} 30"#);
    check(r#"count_over_time(temp{room="x"}[1m:1m])"#, r#"{room="x"} 1"#);
}

#[test]
fn operators_join_series() {
    check(r#"up == 0"#, r#"up{instance="2", job="a"} 0"#);
    check(r#"up{job="a"} == bool 1"#, r#"{instance="1", job="a"} 1; {instance="2", job="a"} 0"#);
    check("1 < bool 2", "{} 1");
    check(r#"5 < temp{room="x"}"#, r#"temp{room="x"} 30"#);
    check(
        r#"up{job="a"} * on (instance) group_left (team) owner"#,
        r#"{instance="1", job="a", team="red"} 1; {instance="2", job="a", team="blue"} 0"#,
    );
    check(r#"owner > on (instance) group_right () up"#, r#"up{instance="2", job="a"} 1"#);
    check(r#"temp - ignoring (room) temp{room="q"}"#, "");
    check(r#"temp{room="x"} + on () temp{room="y"}"#, "{} 60");
    check(r#"up{job="a"} and on (instance) owner{team="red"}"#, r#"up{instance="1", job="a"} 1"#);
    check(r#"up unless on (instance) owner{team="red"}"#, r#"up{instance="2", job="a"} 0"#);
    check(r#"temp{room="x"} or vector(0)"#, r#"temp{room="x"} 30; {} 0"#);
    check(r#"-temp{room="x"} ^ 2"#, r#"{room="x"} -900"#);
    check(r#"temp{room="x"} % 7 "#, r#"{room="x"} 2"#);
}

#[test]
fn series_that_do_not_match_one_to_one_are_a_fault() {
    let fault = |query: &str| eval(ROWS, query, 10, Options::default()).unwrap_err();
    assert!(matches!(fault("temp / on () temp"), Fault::ManyToMany { .. }));
    assert!(matches!(fault(r#"temp / on () temp{room="x"}"#), Fault::ManyToOne { .. }));
    assert!(matches!(
        fault(r#"label_replace(temp, "room", "z", "", "")"#),
        Fault::Duplicate { .. }
    ));
    assert!(matches!(fault(r#"limit_ratio(0.5, temp)"#), Fault::Refused(_)));
}

#[test]
fn aggregations_join_groups() {
    check("sum by (job) (up)", r#"{job="a"} 1"#);
    check("count without (instance) (up)", r#"{job="a"} 2"#);
    check("avg(temp)", "{} 30");
    check(r#"topk(1, temp + on (room) group_left () temp{room="x"})"#, r#"{room="x"} 60"#);
    check("quantile(0.5, lat_bucket)", "{} 90");
    check(r#"count_values("v", up)"#, r#"{v="1"} 1; {v="0"} 1"#);
    check("stddev(lat_bucket)", &format!("{{}} {}", shortest((1400.0_f64 / 3.0).sqrt())));
    check("group(nothing)", "");
    check("bottomk(1, lat_bucket)", r#"lat_bucket{le="1"} 50"#);
}

#[test]
fn functions_are_computed() {
    check(r#"rate(reqs{code="200"}[5m])"#, r#"{code="200", job="a"} 1"#);
    check(r#"increase(reqs{code="200"}[5m])"#, r#"{code="200", job="a"} 300"#);
    // At 12 min. it was reset a minute before: what was lost is not known, what came after is.
    let after = eval(ROWS, r#"resets(reqs{code="500"}[5m])"#, 12, Options::default());
    assert_eq!(after.as_deref(), Ok(r#"{code="500", job="a"} 1"#));
    check(r#"irate(reqs{code="200"}[5m])"#, r#"{code="200", job="a"} 1"#);
    check(r#"deriv(temp{room="y"}[5m]) * 60"#, r#"{room="y"} -1"#);
    check(r#"predict_linear(temp{room="y"}[5m], 60 * 40)"#, r#"{room="y"} -10"#);
    check("histogram_quantile(0.5, lat_bucket)", "{} 1");
    check("histogram_quantile(0.9, rate(lat_bucket[5m]))", "{} 2");
    check("histogram_fraction(0, 1, lat_bucket)", "{} 0.5");
    check(r#"absent(up{job="b", x=~"y"})"#, r#"{job="b"} 1"#);
    check(r#"absent(up{job="a"})"#, "");
    check(r#"absent_over_time(up{job="b"}[3m])"#, r#"{job="b"} 1"#);
    check(
        r#"label_replace(temp{room="x"}, "r", "[$1]", "room", "(.*)")"#,
        r#"temp{r="[x]", room="x"} 30"#,
    );
    check(
        r#"label_join(temp{room="x"}, "r", "-", "room", "room")"#,
        r#"temp{r="x-x", room="x"} 30"#,
    );
    check("clamp(temp, 0, 25)", r#"{room="x"} 25; {room="y"} 25"#);
    check("round(vector(2.5)) + vector(time())", "{} 603");
    check("scalar(temp) > bool 1", "{} 0");
    check("minute() + hour(vector(7200))", "{} 12");
    check("day_of_week(vector(0)) + days_in_month(vector(0))", "{} 35");
    check(r#"timestamp(up{instance="2"} offset 1m)"#, r#"{instance="2", job="a"} 540"#);
    check(r#"quantile_over_time(0.5, temp{room="x"}[4m])"#, r#"{room="x"} 28.5"#);
    check(r#"changes(up{instance="2"}[10m])"#, r#"{instance="2", job="a"} 1"#);
    check("histogram_count(temp)", "");
}

#[test]
fn ranges_are_open_on_their_left_since_prometheus_3() {
    let old = Options { is_closed: true, ..Options::default() };
    let new = Options::default();
    let query = r#"count_over_time(temp{room="x"}[2m])"#;
    assert_eq!(eval(ROWS, query, 10, old).as_deref(), Ok(r#"{room="x"} 3"#));
    assert_eq!(eval(ROWS, query, 10, new).as_deref(), Ok(r#"{room="x"} 2"#));
    // The lookback, too: the last point stands five minutes before.
    assert_eq!(eval(ROWS, r#"temp{room="x"}"#, 25, old).as_deref(), Ok(r#"temp{room="x"} 40"#));
    assert_eq!(eval(ROWS, r#"temp{room="x"}"#, 25, new).as_deref(), Ok(""));
}

#[test]
fn work_is_bounded() {
    let few = Options { limits: Limits { steps: 1000, depth: 20 }, ..Options::default() };
    let fault = |query: &str| eval(ROWS, query, 10, few).unwrap_err();
    assert_eq!(fault("max_over_time(up[1y:1s])"), Fault::TooMuch);
    assert_eq!(fault(&format!("{}up{}", "(".repeat(30), ")".repeat(30))), Fault::TooDeep);
    assert_eq!(fault(&vec!["up"; 60].join(" or ")), Fault::TooDeep);
}
