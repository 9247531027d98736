//! Files of other people, and what is found in them. What is right beside what is wrong: nothing may be said of it.

use super::{Manifests, judge_manifests};
use crate::source::Sources;

/// The codes that are found in files, by name and text.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let mut sources = Sources::new();
    let mut manifests = Manifests::default();
    for (name, text) in files {
        let id = sources.add((*name).to_owned(), *text);
        manifests.read(id, name, text, false);
    }
    let (_, found) = judge_manifests(manifests);
    found.iter().map(|it| it.code.as_str().to_owned()).collect()
}

fn check(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(found(files), expected, "{files:?}");
}

/// A dashboard with a panel of a type, its query and further fields of the query.
fn panel(kind: &str, expr: &str, more: &str) -> String {
    let expr = serde_json::to_string(expr).unwrap();
    format!(
        r#"{{ "title": "a", "uid": "a", "schemaVersion": 39, "panels": [
            {{ "type": "{kind}", "targets": [{{ "refId": "A", "datasource": "x", "expr": {expr}{more} }}] }}
        ], "templating": {{ "list": [
            {{ "name": "many", "type": "custom", "multi": true, "query": "a,b" }},
            {{ "name": "node", "type": "query", "query": "label_values(kube_node_info, node)" }}
        ] }} }}"#
    )
}

fn shown(kind: &str, expr: &str, more: &str, expected: &[&str]) {
    check(&[("a.json", &panel(kind, expr, more))], expected);
}

#[test]
fn panels_are_judged_by_what_they_show() {
    shown("stat", "kube_pod_info", "", &["dashboard/many-series"]);
    shown("stat", "count(kube_pod_info)", "", &[]);
    shown("stat", "kube_pod_info", r#", "legendFormat": "{{pod}}""#, &[]);
    shown("stat", r#"kube_node_info{node="$node"}"#, "", &[]);
    shown("table", "kube_pod_info", "", &["dashboard/table-format"]);
    shown("table", "kube_pod_info", r#", "format": "table""#, &["dashboard/table-format"]);
    shown("table", "kube_pod_info", r#", "format": "table", "instant": true"#, &[]);
    shown("timeseries", "node_load1", r#", "legendFormat": "load""#, &["dashboard/many-series"]);
    shown("timeseries", "avg(node_load1)", r#", "legendFormat": "load""#, &[]);
    shown("timeseries", "node_load1", r#", "legendFormat": "__auto""#, &[]);
    shown(
        "timeseries",
        "sum by (job) (up)",
        r#", "legendFormat": "{{instance}}""#,
        &["dashboard/lost-label"],
    );
    shown("graph", "avg(node_load1)", "", &["dashboard/panel-type"]);
    shown("timeserie", "avg(node_load1)", "", &["dashboard/panel-type"]);
    shown("acme-flow-panel", "avg(node_load1)", "", &[]);
}

#[test]
fn variables_are_those_that_are_declared() {
    shown("timeseries", r#"sum(up{job="$jop"})"#, "", &["dashboard/unknown-variable"]);
    shown("timeseries", r#"sum(up{job=~"$many"})"#, "", &[]);
    shown("timeseries", r#"sum(up{job="$many"})"#, "", &["dashboard/many-values"]);
    shown("timeseries", "rate(node_cpu_seconds_total[$__rate_interval])", "", &[]);
    shown("timeseries", "sum(increase(node_intr_total[$node]))", "", &["dashboard/variable-place"]);
    shown("timeseries", r#"label_replace(up, "a", "$1", "job", "(.*)")"#, "", &[]);
    shown("timeseries", r#"label_replace(up, "a", "$x", "job", "(?P<x>.*)")"#, "", &[]);
    shown("timeseries", r#"node_load1{instance=~"$node.*"}"#, "", &["dashboard/node-instance"]);
    shown("timeseries", r#"kubelet_running_pods{node="$node"}"#, "", &[]);
    let asks = |query: &str, expected: &[&str]| {
        let text = format!(
            r#"{{ "title": "a", "uid": "a", "schemaVersion": 39, "panels": [], "templating": {{ "list": [
                {{ "name": "x", "type": "query", "query": {} }}
            ] }} }}"#,
            serde_json::to_string(query).unwrap()
        );
        check(&[("a.json", &text)], expected);
    };
    asks("label_values(kube_node_info{node=~\"a.*\"}, node)", &[]);
    asks("label_values(sum by (job) (up), instance)", &["dashboard/lost-label"]);
    asks("label_values(up{, job)", &["promql/unbalanced"]);
    asks("label_values(up{job=\"$x\"}, instance)", &["dashboard/variable-order"]);
    asks("query_result(topk(5, up))", &[]);
}

#[test]
fn other_languages_are_left_alone() {
    shown("timeseries", r#"sum(rate({app="a"} |= "error" [5m]))"#, "", &[]);
    shown("logs", r#"{app="a"}"#, "", &[]);
    shown("timeseries", r#"rate({app="a"}[5m])"#, r#", "queryType": "range""#, &[]);
    shown("timeseries", "sum(up", r#", "queryType": "randomWalk""#, &["promql/unbalanced"]);
    let of = |source: &str| {
        panel("timeseries", "sum(up", "")
            .replace(r#""datasource": "x""#, &format!(r#""datasource": {source}"#))
    };
    check(&[("a.json", &of(r#"{ "type": "loki", "uid": "x" }"#))], &[]);
    check(&[("a.json", &of(r#""Loki""#))], &[]);
    check(&[("a.json", &of(r#"{ "type": "prometheus" }"#))], &["promql/unbalanced"]);
}

#[test]
fn what_holds_no_dashboard_is_passed_over() {
    check(&[("a.json", r#"{ "panels": [1], "name": "a house" }"#)], &[]);
    check(&[("lamps.yaml", "groups: { lamp: { name: hall } }")], &[]);
    check(&[("lamps.yaml", "groups: lamps.yaml\nport: 1")], &[]);
    check(&[("rules.yaml", "groups: rules")], &["import/rule"]);
    check(&[("a.yaml", "kind: ConfigMap\ndata: { a.json: '{ \"panels\": [] }' }")], &[]);
    check(&[("a.yaml", "kind: ConfigMap\ndata: { a.json: '{ \"panels\": [' }")], &[]);
    let labelled = "kind: ConfigMap\nmetadata: { labels: { grafana_dashboard: '1' } }\n";
    let text = format!("{labelled}data: {{ a.json: '{{ \"panels\": [' }}");
    check(&[("a.yaml", &text)], &["dashboard/no-json"]);
    let text = format!(
        "{labelled}data: {{ a.json: '{{ \"uid\": \"a\", \"schemaVersion\": 39, \"panels\": [] }}' }}"
    );
    check(&[("a.yaml", &text)], &["dashboard/lacks"]);
}

/// An Application of kube-prometheus-stack, with what stands in `helm`.
fn stack(helm: &str) -> String {
    format!(
        "kind: Application\nmetadata: {{ name: watch }}\nspec:\n  source:\n    repoURL: https://example\n    chart: kube-prometheus-stack\n    targetRevision: 62.7.0\n    helm:\n{helm}"
    )
}

fn rules(labels: &str) -> String {
    format!(
        "kind: PrometheusRule\nmetadata: {{ name: a, labels: {{ {labels} }} }}\nspec: {{ groups: [{{ name: a, rules: [{{ alert: A, expr: 'node_load1 > 100', for: 5m }}] }}] }}"
    )
}

fn loads(helm: &str, labels: &str, expected: &[&str]) {
    check(&[("a.yaml", &stack(helm)), ("b.yaml", &rules(labels))], expected);
}

#[test]
fn rules_are_loaded_by_their_labels() {
    let not = &["promql/not-loaded"];
    loads("      releaseName: watch\n", "release: watch", &[]);
    loads("      releaseName: other\n", "release: watch", not);
    loads("      values: ''\n", "team: web", not);
    let all = "      values: |\n        prometheus: { prometheusSpec: { ruleSelectorNilUsesHelmValues: false } }\n";
    loads(all, "team: web", &[]);
    let own = "      valuesObject: { prometheus: { prometheusSpec: { ruleSelector: { matchLabels: { team: web } } } } }\n";
    loads(own, "team: web", &[]);
    loads(own, "release: watch", not);
    let parameter = "      parameters: [{ name: prometheus.prometheusSpec.ruleSelectorNilUsesHelmValues, value: 'false' }]\n";
    loads(parameter, "team: web", &[]);
    // What is not known proves nothing.
    loads("      valueFiles: [production.yaml]\n", "team: web", &[]);
    let expressions = "      valuesObject: { prometheus: { prometheusSpec: { ruleSelector: { matchExpressions: [{ key: a, operator: Exists }] } } } }\n";
    loads(expressions, "team: web", &[]);
    let thanos = "      valuesObject: { thanosRuler: { enabled: true } }\n";
    loads(thanos, "team: web", &[]);
    check(&[("b.yaml", &rules("team: web"))], &[]);
    check(
        &[("values.yaml", "prometheus: { prometheusSpec: {} }"), ("b.yaml", &rules("a: b"))],
        &[],
    );
    let patched = ("kustomization.yaml", "commonLabels: { release: watch }");
    check(&[("a.yaml", &stack("      values: ''\n")), ("b.yaml", &rules("a: b")), patched], &[]);
    let two = stack("      releaseName: other\n");
    let both = [
        ("a.yaml", two.as_str()),
        ("c.yaml", &stack("      values: ''\n")),
        ("b.yaml", &rules("release: watch")),
    ];
    check(&both, &[]);
    let object = "kind: Prometheus\nmetadata: { name: own }\nspec: {}\n";
    check(&[("a.yaml", object), ("b.yaml", &rules("a: b"))], not);
    let object = "kind: Prometheus\nmetadata: { name: own }\nspec: { ruleSelector: {} }\n";
    check(&[("a.yaml", object), ("b.yaml", &rules("a: b"))], &[]);
}

#[test]
fn values_are_read_where_an_application_names_them() {
    let values = (
        "platform/monitoring/values.yaml",
        "prometheus: { prometheusSpec: { ruleSelector: { matchLabels: { team: web } } } }",
    );
    let named = "kind: Application\nmetadata: { name: watch }\nspec:\n  sources:\n  - { repoURL: a, chart: kube-prometheus-stack, targetRevision: 62.7.0, helm: { valueFiles: [$git/monitoring/values.yaml] } }\n  - { repoURL: b, ref: git }\n";
    check(&[("a.yaml", named), values, ("b.yaml", &rules("team: web"))], &[]);
    check(&[("a.yaml", named), values, ("b.yaml", &rules("team: db"))], &["promql/not-loaded"]);
    let unnamed = stack("      releaseName: watch\n");
    check(
        &[("a.yaml", &unnamed), values, ("b.yaml", &rules("team: web"))],
        &["app/unread-values", "promql/not-loaded"],
    );
    let flux = "kind: HelmRelease\nmetadata: { name: watch }\nspec:\n  chart: { spec: { chart: kube-prometheus-stack, version: 62.7.0 } }\n  values: { prometheus: { prometheusSpec: { ruleSelector: { matchLabels: { team: web } } } } }\n";
    check(&[("a.yaml", flux), ("b.yaml", &rules("team: web"))], &[]);
    check(&[("a.yaml", flux), ("b.yaml", &rules("team: db"))], &["promql/not-loaded"]);
}

#[test]
fn metrics_come_from_charts_that_are_collected() {
    let longhorn = |revision: &str, values: &str| {
        format!(
            "kind: Application\nmetadata: {{ name: longhorn }}\nspec: {{ source: {{ repoURL: a, chart: longhorn, targetRevision: '{revision}', helm: {{ valuesObject: {{ {values} }} }} }} }}"
        )
    };
    let asks = |expr: &str| {
        format!(
            "kind: PrometheusRule\nmetadata: {{ name: a, labels: {{ release: watch }} }}\nspec: {{ groups: [{{ name: a, rules: [{{ alert: A, expr: '{expr}', for: 5m }}] }}] }}"
        )
    };
    let on = "metrics: { serviceMonitor: { enabled: true, additionalLabels: { release: watch } } }";
    let hidden = "metrics: { serviceMonitor: { enabled: true } }";
    let check_with = |chart: &str, expr: &str, more: &[(&str, &str)], expected: &[&str]| {
        let (stack, asked) = (stack("      releaseName: watch\n"), asks(expr));
        let mut files = vec![("a.yaml", stack.as_str()), ("b.yaml", chart), ("c.yaml", &asked)];
        files.extend(more);
        check(&files, expected);
    };
    let full = "longhorn_disk_usage_bytes / longhorn_disk_capacity_bytes > 0.9";
    check_with(&longhorn("1.6.2", on), full, &[], &[]);
    check_with(&longhorn("1.6.2", ""), full, &[], &["promql/not-scraped"]);
    check_with(&longhorn("1.6.2", hidden), full, &[], &["promql/not-loaded"]);
    let own =
        "kind: ServiceMonitor\nmetadata: { name: longhorn, labels: { release: watch } }\nspec: {}";
    check_with(&longhorn("1.6.2", ""), full, &[("d.yaml", own)], &[]);
    // A number until 1.10, a label since.
    let state = "longhorn_volume_state{state=\"detached\"} == 1";
    check_with(&longhorn("1.6.2", on), state, &[], &["promql/label-unknown"]);
    check_with(&longhorn("1.11.0", on), state, &[], &[]);
    check_with(&longhorn("*", on), state, &[], &[]);
    // Without the stack nothing says who collects.
    check(&[("b.yaml", &longhorn("1.6.2", "")), ("c.yaml", &asks(full))], &[]);
}

#[test]
fn charts_complete_what_values_say_of_alertmanager() {
    let with = |config: &str| {
        stack(&format!("      valuesObject: {{ alertmanager: {{ config: {{ {config} }} }} }}\n"))
    };
    let team = "receivers: [{ name: team, webhook_configs: [{ url: 'http://a' }] }]";
    check(&[("a.yaml", &with(team))], &["alertmanager/unknown-receiver"]);
    let routed = format!("{team}, route: {{ receiver: team, routes: [] }}");
    check(&[("a.yaml", &with(&routed))], &["alertmanager/watchdog"]);
    let kept = "receivers: [{ name: 'null' }, { name: team, webhook_configs: [{ url: 'http://a' }] }], route: { receiver: team }";
    check(&[("a.yaml", &with(kept))], &[]);
    let quiet = "receivers: [{ name: none }, { name: team, webhook_configs: [{ url: 'http://a' }] }], route: { receiver: team, routes: [{ receiver: none, matchers: ['alertname=\"Watchdog\"'] }] }";
    check(&[("a.yaml", &with(quiet))], &[]);
    // Another chart has its Alertmanager at the same place, and brings no alerts.
    let other = "alertmanager: { config: { route: { receiver: team, routes: [] }, receivers: [{ name: team, webhook_configs: [{ url: 'http://a', titel: a }] }] } }";
    check(&[("values.yaml", other)], &["alertmanager/field"]);
}

#[test]
fn folders_that_no_application_reads() {
    let root = |more: &str| {
        format!(
            "kind: Application\nmetadata: {{ name: root }}\nspec: {{ destination: {{}}, source: {{ path: apps{more} }} }}"
        )
    };
    let rule = rules("a: b");
    let deep = ("apps/watch/rules.yaml", rule.as_str());
    check(&[("apps/root.yaml", &root("")), deep], &["import/not-deployed"]);
    check(&[("apps/root.yaml", &root(", directory: { recurse: true }")), deep], &[]);
    check(&[("apps/root.yaml", &root("")), ("apps/rules.yaml", &rule)], &[]);
    check(&[("other/root.yaml", &root("")), ("watch/rules.yaml", &rule)], &[]);
    check(
        &[("apps/root.yaml", &root("")), deep, ("apps/kustomization.yaml", "resources: []")],
        &[],
    );
}
