//! Alerts, and the series that are found for them.

use super::{Ruleset, witness};
use crate::metrics::{Group, Rule, RuleKind};

fn rules(rules: &[(&str, &str, f64)]) -> Ruleset {
    let rule = |(name, expr, pending): &(&str, &str, f64)| Rule {
        name: (*name).to_owned(),
        kind: if name.contains(':') {
            RuleKind::Record
        } else {
            RuleKind::Alert { pending: *pending, keep_firing: 0.0 }
        },
        expr: (*expr).to_owned(),
        labels: Vec::new(),
        annotations: vec![("summary".to_owned(), "{{ $labels.instance }} {{ $value }}".to_owned())],
    };
    let group =
        Group { name: "g".to_owned(), interval: None, rules: rules.iter().map(rule).collect() };
    Ruleset::new(&[group]).unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

/// The series that make the last rule fire, and those that do not.
fn found(all: &[(&str, &str, f64)]) -> (Vec<String>, Vec<String>) {
    let rules = rules(all);
    let found = witness(&rules, all.len() - 1).unwrap_or_else(|why| panic!("{all:?}: {why:?}"));
    assert!(!found.fires.fired.is_empty());
    assert!(found.silent.fired.is_empty());
    let shown = |series: &[(String, String)]| {
        series.iter().map(|(name, values)| format!("{name} {values}")).collect()
    };
    (shown(&found.fires.series), shown(&found.silent.series))
}

fn check(expr: &str, fires: &[&str], silent: &[&str]) {
    let (yes, no) = found(&[("A", expr, 300.0)]);
    assert_eq!((yes, no), (own(fires), own(silent)), "{expr}");
}

fn own(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn simple_alerts_have_small_witnesses() {
    check(
        r#"up{job="node"} == 0"#,
        &[r#"up{instance="node-1:9100", job="node"} 0x16"#],
        &[r#"up{instance="node-1:9100", job="node"} 1x16"#],
    );
    check(r#"absent(up{job="node"})"#, &[], &[r#"up{job="node"} 1x16"#]);
}

/// Queries of every shape that alerts have.
#[test]
fn queries_of_many_shapes_have_witnesses() {
    for expr in [
        "rate(errors_total[5m]) / rate(requests_total[5m]) > 0.05",
        "sum by (job) (rate(errors_total[5m])) / sum by (job) (rate(requests_total[5m])) > 0.05",
        "node_load15 / on (instance) count by (instance) (node_cpu_seconds_total{mode=\"idle\"}) > 2",
        "1 - a_bytes{fstype!~\"tmpfs|ramfs\"} / b_bytes{fstype!~\"tmpfs|ramfs\"} > 0.9 and readonly == 0",
        "a_bytes / b_bytes < 0.4 and predict_linear(a_bytes[6h], 86400) < 0 and readonly == 0",
        "histogram_quantile(0.99, sum by (le, job) (rate(lat_seconds_bucket[5m]))) > 0.5",
        "time() - last_success_timestamp_seconds > 86400",
        "expiry_timestamp_seconds - time() < 21 * 86400",
        "count(up{job=\"etcd\"} == 0) > 1",
        "(count(up{job=\"etcd\"} == 1) or vector(0)) < 1",
        "increase(restarts_total[10m]) > 3",
        "changes(leader[15m]) > 3",
        "resets(seen_total[1h]) > 1",
        "absent_over_time(up{job=\"x\"}[10m]) == 1",
        "max_over_time(sync_status[5m]) == 0 and maxerror >= 16",
        "kube_pod_status_phase{phase=~\"Pending|Unknown\"} * on (namespace, pod) group_left (owner_kind) topk by (namespace, pod) (1, max by (namespace, pod, owner_kind) (kube_pod_owner{owner_kind!=\"Job\"})) > 0",
        "count by (job) (count_values by (job) (\"v\", config_hash)) > 1",
        "(spec != available) and (changes(updated[10m]) == 0)",
        "required - ignoring (state) disks{state=\"active\"} > 0",
        "x > 0.05 and deriv(x[5m]) >= 0 or x < -0.05 and deriv(x[5m]) <= 0",
        "label_replace(node_x{job=\"n\"}, \"node\", \"$1\", \"instance\", \"(.*):.*\") * on (node) group_left () kube_node_info > 0",
        "a unless on (job) b > 5",
        "sum(rate(x_total{code=~\"5..\"}[5m])) without (code) / sum(rate(x_total[5m])) without (code) > 0.1",
        "quantile by (job) (0.9, latency) > 3",
        "avg_over_time(x[1h]) > 10 and x offset 1d > 1",
        "stddev(x) > 2",
        "min by (cluster) (x{name!=\"\"}) < 1",
        "{__name__=~\"job_.+\"} > 3",
        "clamp_max(x, 3) > 2",
        "abs(x - y) > 0.1",
        "-x > 3",
        "x ^ 2 > 16",
        "10 < x",
        "vector(scalar(x)) > 4",
        "x % 2 == 1",
        // Two comparisons of one series, and what is left of a ratio.
        "used_bytes / size_bytes < 0.5 and used_bytes > 104857600",
        "free{fstype!~\"tmpfs\"} / size{fstype!~\"tmpfs\"} < 0.4 and predict_linear(free[6h], 86400) < 0 and readonly == 0",
        "max by (job) (q{type=\"used\"}) / (max by (job) (q{type=\"hard\"}) > 0) > 0.9 < 1",
        // Days ago, and a mean that is not that of the week.
        "time() - (max by (job) (last_backup_at) > 0) > 172800",
        "sum(increase(d_sum[1d])) / sum(increase(d_count[1d])) > 1.5 * sum(increase(d_sum[7d])) / sum(increase(d_count[7d]))",
        "count by (job) (count_values by (job) (\"hash\", config_hash)) != 1",
        "sum(x) / (sum(max by (node) (y)) - max(y) > 0) > 1",
    ] {
        let (yes, _) = found(&[("A", expr, 300.0)]);
        assert!(yes.len() <= 6, "{expr}: {yes:?}");
    }
}

#[test]
fn records_are_looked_into() {
    let (yes, _) = found(&[
        ("job:errors:rate5m", "sum by (job) (rate(errors_total[5m]))", 0.0),
        ("job:requests:rate5m", "sum by (job) (rate(requests_total[5m]))", 0.0),
        ("job:errors:ratio", "job:errors:rate5m / job:requests:rate5m", 0.0),
        ("A", "job:errors:ratio > 0.1 and job:requests:rate5m > 1", 120.0),
    ]);
    assert!(yes.iter().all(|series| series.contains("_total{job=")), "{yes:?}");
}

/// A budget that burns: nearly all of it is looked up in records of records.
#[test]
fn records_of_records_are_looked_into() {
    let bad = "sum(rate(lat_count[5m])) - sum(rate(lat_bucket{verb=\"POST\", le=~\"1|1[.]0\"}[5m]) or \
               rate(lat_bucket{verb=\"GET\", le=~\"5|5[.]0\"}[5m])) + (sum(rate(x_total{code=~\"5..\"}[5m])) or vector(0))";
    let (yes, _) = found(&[
        ("bad:rate5m", bad, 0.0),
        ("all:rate5m", "sum(rate(x_total[5m]))", 0.0),
        ("burn1h:1h", "sum_over_time(bad:rate5m[1h]) / sum_over_time(all:rate5m[1h])", 0.0),
        ("burn5m:5m", "bad:rate5m / all:rate5m", 0.0),
        ("A", "burn1h:1h > 0.144 and burn5m:5m > 0.144", 120.0),
    ]);
    // Series of the exporter are drawn, none of a record.
    assert!(yes.iter().any(|series| series.starts_with("lat_count 0+")), "{yes:?}");
    assert!(!yes.iter().any(|series| series.contains(':')), "{yes:?}");
}

/// promtool asks for alerts by their name: two rules of one name answer together.
#[test]
fn rules_of_one_name_are_one_alert() {
    let rules = rules(&[("A", "x > 1", 60.0), ("A", "x > 2", 60.0), ("B", "x > 0", 60.0)]);
    for (alert, fired) in [(0, 1), (1, 2), (2, 1)] {
        let found = witness(&rules, alert).unwrap();
        assert!(found.fires.fired.len() >= fired, "{alert}: {found:?}");
        assert!(found.silent.fired.is_empty(), "{alert}: {found:?}");
    }
}

#[test]
fn a_day_is_looked_at_now_and_then() {
    let found = witness(&rules(&[("A", "x > 1", 86_400.0)]), 0).unwrap();
    assert!(found.fires.at / found.fires.interval <= 200, "{found:?}");
    // A range wants its samples.
    let found = witness(&rules(&[("A", "rate(x[5m]) > 1", 21_600.0)]), 0).unwrap();
    assert_eq!(found.fires.interval, 60_000);
}

#[test]
fn what_can_never_fire_has_no_witness() {
    for expr in [
        "up > 1 and up < 0",
        "vector(0) > 1",
        "up{a=\"b\"} and on (a) up{a=\"c\"}",
        "rate(x[1m:1m]) > 0",
    ] {
        assert!(witness(&rules(&[("A", expr, 60.0)]), 0).is_err(), "{expr}");
    }
    assert!(witness(&rules(&[("A", "vector(1)", 60.0)]), 0).is_err(), "it never is silent");
}
