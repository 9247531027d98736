//! What may be wrong with any query.

use super::audit::scene;
use super::{alone, found};
use crate::metrics::{Declared, MetricType, Scene};

fn raw(expr: &str, expected: &[&str]) {
    assert_eq!(found(&alone(expr), &Scene::default()), expected, "{expr}");
}

fn node(expr: &str, expected: &[&str]) {
    assert_eq!(found(&alone(expr), &scene("etcd", "v3.5.0")), expected, "{expr}");
}

/// A program that declares metrics of its own.
fn declared() -> Scene {
    let metric = |name: &str, ty, labels: &[&str]| Declared {
        name: name.to_owned(),
        ty,
        labels: labels.iter().map(|&it| it.to_owned()).collect(),
        values: vec![("phase".to_owned(), vec!["open".to_owned(), "paid".to_owned()])],
        unit: None,
        help: None,
    };
    let mut scene = scene("shop", "v1.0.0");
    scene.scrapes[0].exporter = None;
    scene.scrapes[0].metrics = vec![
        metric("orders_total", MetricType::Counter, &["phase", "shop"]),
        metric("queue_length", MetricType::Gauge, &["queue"]),
        metric("order_seconds", MetricType::Histogram, &["shop"]),
        metric("shop_state", MetricType::StateSet, &["shop", "phase"]),
    ];
    scene
}

fn own(expr: &str, expected: &[&str]) {
    assert_eq!(found(&alone(expr), &declared()), expected, "{expr}");
}

#[test]
fn declared_metrics_have_their_labels_only() {
    own(r#"rate(orders_total{phase="open"}[5m]) > 1"#, &[]);
    own(r#"rate(orders_total{phaze="open"}[5m]) > 1"#, &["error promql/label-unknown `phaze`"]);
    own(
        r#"rate(orders_total{phase="closed"}[5m]) > 1"#,
        &["error promql/label-value `\"closed\"`"],
    );
    own(r#"rate(orders_total{queue!="a"}[5m]) > 1"#, &["warning promql/label-unknown `queue`"]);
    own(r#"rate(orders_total{shop=~"$shop"}[5m]) > 1"#, &[]);
    own(
        "sum by (shop, queue) (rate(orders_total[5m])) > 1",
        &["warning promql/grouping-label `queue`"],
    );
    own(
        "sum by (shop) (rate(order_total[5m])) > 1",
        &["warning promql/metric-unknown `order_total`"],
    );
}

#[test]
fn counters_and_gauges_have_their_functions() {
    own("rate(queue_length[5m]) > 1", &["error promql/rate-on-gauge `rate`"]);
    own("deriv(queue_length[5m]) > 1", &[]);
    own("delta(orders_total[5m]) > 1", &["error promql/gauge-on-counter `delta`"]);
    own("orders_total > 100", &["warning promql/counter-without-rate `>`"]);
    own("orders_total == 0", &[]);
    own("increase(orders_total[5m]) > 100", &[]);
    own("rate(sum(orders_total)[5m:1m]) > 1", &["warning promql/rate-over-sum `rate`"]);
    own("sum(rate(orders_total[5m])) > 1", &[]);
    raw("rate(node_memory_MemFree_bytes[5m]) > 1", &["warning promql/rate-on-gauge `rate`"]);
}

#[test]
fn buckets_keep_their_bounds() {
    own(
        "histogram_quantile(0.9, sum by (shop) (rate(order_seconds_bucket[5m]))) > 1",
        &["error promql/no-le `histogram_quantile`"],
    );
    own("histogram_quantile(0.9, sum by (shop, le) (rate(order_seconds_bucket[5m]))) > 1", &[]);
    own("histogram_quantile(0.9, sum by (shop) (rate(order_seconds[5m]))) > 1", &[]);
    own("order_seconds > 1", &["warning promql/histogram-base `order_seconds`"]);
}

#[test]
fn ranges_hold_samples() {
    own("rate(orders_total[30s]) > 1", &["error promql/short-range `30s`"]);
    own("rate(orders_total[1m]) > 1", &["warning promql/short-range `1m`"]);
    own("rate(orders_total[2m]) > 1", &[]);
    own("max_over_time(rate(orders_total[5m])[1h:1m]) > 1", &[]);
    own("deriv(queue_length[1m:1m]) > 1", &["error promql/one-point `1m`"]);
    own("rate(orders_total[5m] offset 30d) > 1", &["warning promql/beyond-retention `30d`"]);
}

#[test]
fn conditions_decide() {
    own("rate(orders_total[5m]) >= 0", &["warning promql/always-true `>=`"]);
    own("rate(orders_total[5m]) < 0", &["warning promql/never-true `<`"]);
    own("shop_state > 1", &["warning promql/never-true `>`"]);
    own("queue_length", &["warning promql/no-condition `queue_length`"]);
    own("queue_length > bool 5", &["warning promql/no-condition `>`"]);
    own("vector(1)", &[]);
    own("queue_length[5m]", &["error promql/not-series `queue_length[5m]`"]);
    raw(
        "1 - node_memory_MemFree_bytes / node_memory_MemTotal_bytes > 90",
        &["warning promql/never-true `>`"],
    );
    raw("100 * node_memory_MemFree_bytes / node_memory_MemTotal_bytes > 90", &[]);
}

#[test]
fn matches_are_possible() {
    own(
        r#"sum by (shop) (rate(orders_total[5m])) > sum by (queue) (queue_length)"#,
        &["warning promql/match-impossible `>`"],
    );
    own(r#"sum by (shop) (rate(orders_total[5m])) > sum by (shop) (order_seconds_count)"#, &[]);
    own(
        "sum by (shop) (rate(orders_total[5m])) > on (shop) sum by (shop, phase) (rate(orders_total[5m]))",
        &["warning promql/match-many `>`"],
    );
    own(
        r#"orders_total{shop="a"} unless orders_total{shop="b"}"#,
        &["warning promql/unless-never-excludes `unless`"],
    );
    own(
        "rate(orders_total[5m]) * on (instance) group_left (queue) sum by (instance) (queue_length) > 1",
        &["warning promql/grouping-label `queue`"],
    );
}

#[test]
fn alerts_are_steady() {
    own("irate(orders_total[5m]) > 1", &["warning promql/irate-in-alert `irate`"]);
    own("topk(3, queue_length) > 1", &["warning promql/topk-in-alert `topk`"]);
}

#[test]
fn rules_fit_together() {
    let check = |rules: &str, expected: &[&str]| {
        let yaml = format!("groups:\n- name: a\n  rules:\n{rules}");
        assert_eq!(found(&yaml, &declared()), expected, "{rules}");
    };
    check(
        "  - {alert: A, expr: queue_length > 1}\n  - {alert: A, expr: queue_length > 1}\n",
        &["warning promql/rule-twice `A`"],
    );
    check("  - {alert: A, expr: queue_length > 1}\n  - {alert: A, expr: queue_length > 2}\n", &[]);
    check(
        "  - {record: 'a:b', expr: 'a:c + 1'}\n  - {record: 'a:c', expr: sum(queue_length)}\n",
        &["warning promql/record-order `a:c`"],
    );
    check(
        "  - {record: 'a:c', expr: sum(queue_length)}\n  - {record: 'a:b', expr: 'a:c + 1'}\n",
        &[],
    );
    check("  - {record: 'a:b', expr: 'a:b + 1'}\n", &["warning promql/record-loop `a:b`"]);
    check(
        "  - {record: queue_length, expr: sum(up)}\n",
        &["hint promql/record-name `queue_length`"],
    );
    check(
        "  - {record: 'shop:orders:rate5m', expr: 'sum by (shop) (rate(orders_total[5m]))'}\n  - {alert: A, expr: 'shop:orders:rate5m > 1', annotations: {s: '{{ $labels.instance }}'}}\n",
        &["error promql/label-lost `$labels.instance`"],
    );
}

#[test]
fn what_cannot_be_read_is_told_as_such() {
    own("sum(queue_length", &["error promql/unbalanced `(`"]);
    node("etcd_server_has_leader == 0", &[]);
}

#[test]
fn quotients_by_nothing_spoil_sums() {
    let spoils = |expr: &str, divisor: &str| {
        raw(expr, &[&format!("warning promql/divided-by-zero `{divisor}`")]);
    };
    spoils("sum(rate(a_total[5m]) / rate(b_total[5m])) > 1", "rate(b_total[5m])");
    spoils(
        "avg(1 - rate(a_total[5m]) / sum by (x) (increase(b_total[5m]))) > 1",
        "sum by (x) (increase(b_total[5m]))",
    );
    spoils("sum_over_time((rate(a_total[5m]) / rate(b_total[5m]))[1h:]) > 1", "rate(b_total[5m])");
    raw("sum(rate(a_total[5m])) / sum(rate(b_total[5m])) > 1", &[]);
    raw("sum(rate(a_total[5m]) / (rate(b_total[5m]) > 0)) > 1", &[]);
    raw("sum(rate(a_total[5m]) / rate(b_total[5m]) > 1) > 1", &[]);
    raw("count(rate(a_total[5m]) / rate(b_total[5m])) > 1", &[]);
    raw("sum(a / clamp_min(rate(b_total[5m]), 1)) > 1", &[]);
}
