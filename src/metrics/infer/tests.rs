//! What operators, aggregations and functions make of labels, kinds and units.

use super::{Inferred, Kind, Recorded, World, infer};
use crate::embedded::promql::{Options, parse};
use crate::metrics::{Declared, MetricType, Scene};

fn scene() -> Scene {
    let metric = |name: &str, ty, labels: &[&str]| Declared {
        name: name.to_owned(),
        ty,
        labels: labels.iter().map(|&it| it.to_owned()).collect(),
        values: Vec::new(),
        unit: None,
        help: None,
    };
    Scene {
        metrics: vec![
            metric("requests_total", MetricType::Counter, &["code", "path"]),
            metric("used_bytes", MetricType::Gauge, &["disk"]),
            metric("took_seconds", MetricType::Histogram, &["path"]),
        ],
        ..Scene::default()
    }
}

fn ty(expr: &str) -> Inferred {
    let scene = scene();
    let world = World::new(&scene, Vec::<(&str, Recorded<'_>)>::new(), &[]);
    let query = parse(expr, Options::default()).expect("a query");
    infer(&query, &world).ty
}

/// Labels by name, `!` behind those that are surely there, `=x` behind those with one value, and `..` for any others.
fn labels(expr: &str, expected: &str) {
    let set = ty(expr).labels;
    let mut shown: Vec<String> = set
        .known()
        .iter()
        .map(|label| {
            let sure = if label.is_sure { "!" } else { "" };
            let value = label.values.only().map_or(String::new(), |value| format!("={value}"));
            format!("{}{sure}{value}", label.name)
        })
        .collect();
    shown.sort_unstable();
    if set.closed().is_none() {
        shown.push("..".to_owned());
    }
    assert_eq!(shown.join(" "), expected, "{expr}");
}

#[test]
fn selectors_have_the_labels_of_metric_and_target() {
    labels("requests_total", "code instance! job! path ..");
    labels(r#"requests_total{code="500"}"#, "code!=500 instance! job! path ..");
    labels(r#"requests_total{code=""}"#, "instance! job! path ..");
    labels(r#"requests_total{code!=""}"#, "code! instance! job! path ..");
    labels("took_seconds_bucket", "instance! job! le path ..");
    labels("what_is_this", "..");
}

#[test]
fn aggregations_keep_what_they_name() {
    labels("sum(requests_total)", "");
    labels("sum by (job, code) (requests_total)", "code job!");
    labels("sum without (job, code) (requests_total)", "instance! path ..");
    labels("topk(3, requests_total)", "code instance! job! path ..");
    labels(r#"count_values by (job) ("v", requests_total)"#, "job! v!");
    labels("sum by (x) (what_is_this)", "x");
    labels("sum by (job) (sum by (code) (requests_total))", "");
}

#[test]
fn operators_keep_what_matches() {
    labels("used_bytes / 2", "disk instance! job! ..");
    labels("used_bytes / on (job) sum by (job) (used_bytes)", "job!");
    labels("used_bytes > on (job) sum by (job) (used_bytes)", "job!");
    labels("used_bytes / ignoring (disk) sum without (disk) (used_bytes)", "instance! job! ..");
    labels(
        "used_bytes * on (job) group_left (path) sum by (job, path) (requests_total)",
        "disk instance! job! path ..",
    );
    labels(
        "used_bytes * on (job) group_left (disk) sum by (job) (requests_total)",
        "instance! job! ..",
    );
    labels("sum by (job) (used_bytes) or sum by (disk) (used_bytes)", "disk job");
    labels("used_bytes and on (job) up", "disk instance! job! ..");
    labels(r#"sum by (disk) (used_bytes) and on (disk) what{disk="a"}"#, "disk!=a");
}

#[test]
fn functions_change_labels() {
    labels("absent(used_bytes)", "");
    labels(r#"absent(used_bytes{job="a", disk=~"b.*"})"#, "job!=a");
    labels(r#"absent(used_bytes{job="a", job!="b"})"#, "");
    labels(r#"absent(sum(used_bytes{job="a"}))"#, "");
    labels("vector(1)", "");
    labels("histogram_quantile(0.9, sum by (job, le) (rate(took_seconds_bucket[5m])))", "job!");
    labels(r#"label_replace(sum by (job) (up), "node", "$1", "job", "(.*)")"#, "job! node");
    labels(r#"label_join(sum by (job) (up), "job", "-", "job")"#, "job");
}

#[test]
fn kinds_follow_the_value() {
    let kind = |expr: &str, expected| assert_eq!(ty(expr).kind, expected, "{expr}");
    kind("requests_total", Kind::Counter);
    kind("requests_total * 2", Kind::Counter);
    kind("sum(requests_total)", Kind::Counter);
    kind("rate(requests_total[5m])", Kind::Gauge);
    kind("requests_total > 5", Kind::Counter);
    kind("count(requests_total)", Kind::Gauge);
    kind("used_bytes", Kind::Gauge);
    kind("what_is_this", Kind::Unknown);
}

#[test]
fn units_follow_the_value() {
    let unit = |expr: &str, expected| assert_eq!(ty(expr).unit.words(), expected, "{expr}");
    unit("used_bytes", "bytes");
    unit("used_bytes / used_bytes", "a ratio of 0 to 1");
    unit("100 * used_bytes / used_bytes", "a percentage of 0 to 100");
    unit("(1 - used_bytes / used_bytes) * 100", "a percentage of 0 to 100");
    unit("time() - process_start_time_seconds", "seconds");
    unit("used_bytes / 1024", "something unknown");
    unit("rate(took_seconds_sum[5m]) / rate(took_seconds_count[5m])", "seconds");
    unit("histogram_quantile(0.9, rate(took_seconds_bucket[5m]))", "seconds");
    unit("avg(up)", "a ratio of 0 to 1");
    unit("used_bytes / used_bytes > 0.5 and up == 1", "a ratio of 0 to 1");
}
