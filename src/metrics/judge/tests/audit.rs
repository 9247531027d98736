//! The faults that an audit of a hand-written platform found.

use super::{alone, found};
use crate::metrics::{Monitor, Scene, Scrape};

/// A program that scrapes an exporter at a release, and nothing else.
pub(super) fn scene(exporter: &str, version: &str) -> Scene {
    let scrape = Scrape {
        address: format!("scrape.{exporter}"),
        exporter: Some(exporter.to_owned()),
        version: Some(version.to_owned()),
        jobs: vec![exporter.to_owned()],
        monitor: Monitor::Service,
        target_labels: Vec::new(),
        honor_labels: false,
        is_relabelled: false,
        dropped: Vec::new(),
        kept: Vec::new(),
        interval: Some(30.0),
        metrics: Vec::new(),
    };
    Scene {
        scrapes: vec![scrape],
        is_closed: true,
        scrape_interval: Some(30.0),
        evaluation_interval: Some(30.0),
        retention: Some(15.0 * 86_400.0),
        ..Scene::default()
    }
}

/// An alert in a file, of which nothing else is known.
fn raw(expr: &str, expected: &[&str]) {
    assert_eq!(found(&alone(expr), &Scene::default()), expected, "{expr}");
}

fn program(exporter: &str, version: &str, expr: &str, expected: &[&str]) {
    assert_eq!(found(&alone(expr), &scene(exporter, version)), expected, "{expr}");
}

#[test]
fn sides_of_an_operator_match() {
    raw(
        r#"node_load15 / count by (instance) (node_cpu_seconds_total{mode="idle"}) > 2"#,
        &["error promql/match-impossible `/`"],
    );
    raw(
        r#"node_load15 / on (instance) count by (instance) (node_cpu_seconds_total{mode="idle"}) > 2"#,
        &[],
    );
    raw(
        "kube_cronjob_next_schedule_time > 3600 and absent(kube_cronjob_spec_suspend)",
        &["error promql/match-impossible `and`"],
    );
    program(
        "longhorn",
        "v1.11.0",
        r#"longhorn_volume_state{state="attached"} == 1 and longhorn_volume_robustness{state="degraded"} == 1"#,
        &["error promql/match-impossible `and`"],
    );
    program(
        "longhorn",
        "v1.11.0",
        r#"longhorn_volume_state{state="attached"} == 1 and on (volume) longhorn_volume_robustness{state="degraded"} == 1"#,
        &[],
    );
}

#[test]
fn metrics_exist() {
    raw(
        "kube_deployment_status_ready_replicas < kube_deployment_spec_replicas",
        &["warning promql/metric-unknown `kube_deployment_status_ready_replicas`"],
    );
    raw("kube_deployment_status_replicas_ready < kube_deployment_spec_replicas", &[]);
    program(
        "longhorn",
        "v1.11.0",
        "longhorn_volume_actual_size_bytes > longhorn_volume_size_bytes",
        &["error promql/metric-unknown `longhorn_volume_size_bytes`"],
    );
    program(
        "longhorn",
        "v1.11.0",
        "longhorn_volume_actual_size_bytes > longhorn_volume_capacity_bytes",
        &[],
    );
    raw(
        "increase(cilium_policy_import_errors_total[15m]) > 0",
        &["warning promql/metric-removed `cilium_policy_import_errors_total`"],
    );
    raw(r#"increase(cilium_policy_change_total{outcome="failure"}[15m]) > 0"#, &[]);
}

#[test]
fn metrics_are_those_of_the_release() {
    let expr = "longhorn_backing_image_state > 1";
    program(
        "longhorn",
        "v1.6.4",
        expr,
        &["error promql/metric-removed `longhorn_backing_image_state`"],
    );
    program("longhorn", "v1.8.0", expr, &[]);
    let expr = r#"longhorn_volume_robustness{state="degraded"} == 1"#;
    program("longhorn", "v1.6.4", expr, &["error promql/label-unknown `state`"]);
    program("longhorn", "v1.11.0", expr, &[]);
    let expr = r#"longhorn_volume_robustness{robustness="degraded"} == 1"#;
    raw(expr, &["warning promql/label-unknown `robustness`"]);
    program("longhorn", "v1.11.0", expr, &["error promql/label-unknown `robustness`"]);
}

#[test]
fn nothing_is_counted_as_nothing() {
    raw(r#"count(up{job="etcd"} == 1) < 2"#, &["warning promql/count-empty `count`"]);
    raw(r#"sum by (job) (up{job="etcd"} == bool 1) < 2"#, &[]);
    raw(r#"(count(up{job="etcd"} == 1) or vector(0)) < 2"#, &[]);
    raw(r#"count(up{job="etcd"} == 0) > 2"#, &[]);
}

#[test]
fn targets_vanish() {
    raw(
        r#"up{job="node-exporter"} == 0"#,
        &["warning promql/target-vanishes `up{job=\"node-exporter\"}`"],
    );
    raw(r#"up{job="node-exporter"} == 0 or absent(up{job="node-exporter"})"#, &[]);
    raw("up == 0", &[]);
    let beside = r#"
groups:
- name: a
  rules:
  - {alert: Down, expr: 'up{job="x"} == 0', for: 5m}
  - {alert: Gone, expr: 'absent(up{job="x"})', for: 5m}
"#;
    assert_eq!(found(beside, &Scene::default()), [] as [&str; 0]);
}

#[test]
fn known_mistakes_are_known() {
    raw(r#"count(up{job="etcd"}) < count(up{job="etcd"}) / 2 + 1"#, &["warning promql/quorum `<`"]);
    raw(
        r#"sum by (job) (up{job="etcd"} == bool 1) < (count by (job) (up{job="etcd"}) + 1) / 2"#,
        &[],
    );
    raw(
        r#"kube_pod_status_ready{condition="false"} == 1"#,
        &["warning promql/job-pods `kube_pod_status_ready{condition=\"false\"}`"],
    );
    raw(
        r#"kube_pod_status_ready{condition="false"} == 1 and on (namespace, pod) kube_pod_status_phase{phase=~"Pending|Running"} == 1"#,
        &[],
    );
    raw(
        "increase(kube_pod_container_status_restarts_total[15m]) > 0",
        &["hint promql/one-restart `>`"],
    );
    raw("increase(kube_pod_container_status_restarts_total[15m]) > 3", &[]);
    raw(
        "certmanager_certificate_expiration_timestamp_seconds - time() < 30 * 24 * 3600",
        &["warning promql/renewal-window `30 * 24 * 3600`"],
    );
    raw("certmanager_certificate_expiration_timestamp_seconds - time() < 21 * 24 * 3600", &[]);
    raw(
        "kube_statefulset_status_replicas_ready != kube_statefulset_status_replicas",
        &["hint promql/never-created `kube_statefulset_status_replicas`"],
    );
    raw("kube_statefulset_status_replicas_ready != kube_statefulset_replicas", &[]);
}

#[test]
fn templates_read_what_the_query_keeps() {
    let check = |scene: &Scene, expr: &str, text: &str, expected: &[&str]| {
        let yaml = format!(
            "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: '{expr}'\n    for: 5m\n    labels: {{severity: page}}\n    annotations: {{summary: '{text}'}}\n"
        );
        assert_eq!(found(&yaml, scene), expected, "{expr} / {text}");
    };
    let raw = Scene::default();
    let sum = "sum by (job) (rate(prometheus_http_requests_total[5m])) > 1";
    check(&raw, sum, "{{ $labels.instance }}", &["error promql/label-lost `$labels.instance`"]);
    check(&raw, sum, "{{ $labels.job }}", &[]);
    check(&raw, sum, "{{ .Labels.instance }}", &["error promql/label-lost `.Labels.instance`"]);
    check(&raw, sum, "{{ if $labels.instance }}{{ $labels.instance }}{{ end }}", &[]);
    check(&raw, sum, "{{ $labels.severity }}", &["warning promql/rule-label `$labels.severity`"]);
    check(&raw, sum, "{{ $labels.jbo", &["error text/go-template `{{`"]);
    check(&raw, sum, "{{ $value | humanise }}", &["error template/unknown-function `humanise`"]);
    let argo = scene("argo-cd", "v3.0.0");
    let sync = r#"argocd_app_info{sync_status="OutOfSync"} == 1"#;
    check(
        &argo,
        sync,
        "{{ $labels.namespace }}",
        &["warning promql/scrape-label `$labels.namespace`"],
    );
    check(&argo, sync, "{{ $labels.exported_namespace }}", &[]);
    let filled = "node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1";
    check(&raw, filled, "{{ $value | humanizePercentage }}", &[]);
    check(
        &raw,
        filled,
        "{{ $value | humanizePercentage }}%",
        &["warning promql/humanize-unit `%`"],
    );
    check(&raw, filled, "{{ $value }}%", &["warning promql/humanize-unit `$value`"]);
    check(
        &raw,
        filled,
        "{{ $value | humanizeDuration }}",
        &["warning promql/humanize-unit `$value`"],
    );
    let percent = "100 * node_filesystem_avail_bytes / node_filesystem_size_bytes < 10";
    check(
        &raw,
        percent,
        "{{ $value | humanizePercentage }}",
        &["warning promql/humanize-unit `$value`"],
    );
    check(&raw, percent, "{{ $value }}%", &[]);
    check(
        &raw,
        "increase(etcd_server_leader_changes_seen_total[15m]) > 3",
        "{{ $value }} changes",
        &["hint promql/fraction `$value`"],
    );
    check(
        &raw,
        "increase(etcd_server_leader_changes_seen_total[15m]) > 3",
        "{{ $value | humanize }} changes",
        &[],
    );
}

#[test]
fn patience_fits() {
    let check = |pending: &str, expr: &str, expected: &[&str]| {
        let yaml = format!(
            "groups:\n- name: a\n  interval: 1m\n  rules:\n  - {{alert: A, expr: '{expr}', for: {pending}}}\n"
        );
        assert_eq!(found(&yaml, &Scene::default()), expected, "{pending} {expr}");
    };
    let errors = "increase(external_dns_source_errors_total[5m]) > 0";
    check("5m", errors, &["hint promql/pending `for`"]);
    check("2m", errors, &[]);
    check("1m", errors, &["warning promql/pending `for`"]);
    check("0m", "absent(up{job=\"x\"})", &["hint promql/absent-at-once `absent`"]);
}
