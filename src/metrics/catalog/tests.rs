//! Laws of the tables, and names that people get wrong.

use super::{
    Part, Presence, Unit, exporter, exporters, find, is_seen_in_queries, metric_of, metrics_of,
    nearest_metrics, owner, table,
};
use crate::metrics::MetricType;

fn names(series: &str) -> Vec<(&'static str, Part)> {
    find(series).iter().map(|it| (it.metric.exporter.name, it.part)).collect()
}

fn labels(exporter: &str, series: &str, version: Option<&str>) -> (Vec<&'static str>, bool) {
    let found = metric_of(exporter, series).unwrap();
    let labels = found.metric.labels(version);
    (labels.known.iter().map(|it| it.name).collect(), labels.is_open)
}

#[test]
fn every_line_of_every_table_is_read() {
    for (name, text) in table::TABLES {
        assert!(exporter(name).is_some(), "{name} has a table, and nothing in exporters.txt");
        let lines =
            text.lines().filter(|it| !it.starts_with(['#', '@']) && !it.starts_with("samples "));
        let metrics = metrics_of(name);
        assert_eq!(metrics.len(), lines.count(), "{name}");
        assert!(!metrics.is_empty(), "{name}");
        for metric in &metrics {
            assert!(!metric.source.is_empty(), "{}", metric.name);
            for near in &metric.replaced_by {
                assert!(
                    !find(near).is_empty(),
                    "{} is replaced by {near}, which is not known",
                    metric.name
                );
            }
        }
        let mut sorted: Vec<_> = metrics.iter().map(|it| it.name).collect();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), metrics.len(), "{name} has a name twice");
    }
    assert_eq!(exporters().len(), table::TABLES.len());
}

#[test]
fn a_complete_exporter_says_where_and_of_what() {
    for exporter in exporters() {
        let owned = metrics_of(exporter.name).iter().filter(|it| exporter.owns(it.name)).count();
        if exporter.is_complete {
            assert!(owned > 0, "{} owns none of its metrics", exporter.name);
            assert!(exporter.covers.is_some(), "{} covers no release", exporter.name);
        } else {
            assert!(!exporter.open_because.is_empty(), "{}", exporter.name);
        }
        // What one owns, no other has.
        for row in table::rows().iter().filter(|it| it.exporter != exporter.name) {
            assert!(
                !exporter.owns(row.name),
                "{} owns {} of {}",
                exporter.name,
                row.name,
                row.exporter
            );
        }
    }
}

#[test]
fn series_mean_the_metric_that_they_are_a_part_of() {
    assert_eq!(names("kube_pod_status_phase"), [("kube-state-metrics", Part::Value)]);
    assert_eq!(names("etcd_disk_wal_fsync_duration_seconds_bucket"), [("etcd", Part::Bucket)]);
    assert_eq!(names("etcd_disk_wal_fsync_duration_seconds"), [("etcd", Part::Base)]);
    assert_eq!(names("etcd_disk_wal_fsync_duration_seconds_created"), [("etcd", Part::Created)]);
    assert_eq!(
        names("certmanager_http_acme_client_request_count"),
        [("cert-manager", Part::Value)]
    );
    assert_eq!(
        names("certmanager_http_acme_client_request_duration_seconds_count"),
        [("cert-manager", Part::Count)]
    );
    assert_eq!(
        names("certmanager_http_acme_client_request_duration_seconds_bucket"),
        [],
        "a summary has no buckets"
    );
    assert_eq!(
        names("certmanager_http_acme_client_request_duration_seconds"),
        [("cert-manager", Part::Quantiles)]
    );
    assert_eq!(names("otelcol_exporter_sent_spans_total"), [("otel-collector", Part::Value)]);
    assert_eq!(names("longhorn_volume_size_bytes"), []);
    assert_eq!(names(""), []);
    let velero = metric_of("velero", "velero_backup_total").unwrap();
    assert_eq!(velero.metric.ty, MetricType::Gauge, "a name's suffix decides nothing");
    let metric = metric_of("node-exporter", "node_memory_MemAvailable_bytes").unwrap().metric;
    assert_eq!(metric.unit, Some(Unit::Bytes));
}

#[test]
fn labels_are_those_of_the_release() {
    let old = ["node", "pvc", "pvc_namespace", "volume"];
    let new = ["node", "pvc", "pvc_namespace", "state", "volume"];
    let state = |version| labels("longhorn", "longhorn_volume_state", version);
    assert_eq!(state(Some("v1.6.4")), (old.to_vec(), false));
    assert_eq!(state(Some("1.10.0")), (old.to_vec(), false));
    assert_eq!(state(Some("v1.11.1")), (new.to_vec(), false));
    assert_eq!(state(Some("v1.5.0")), (vec!["node", "volume"], false));
    for between in [Some("v1.5.3"), Some("v1.10.2"), Some("v1.2.0")] {
        assert_eq!(state(between), (new.to_vec(), true), "{between:?}");
    }
    for unknown in [None, Some("latest")] {
        assert_eq!(state(unknown), (new.to_vec(), false), "{unknown:?}");
    }
    let requests = "certmanager_http_acme_client_request_count";
    let ever = metric_of("cert-manager", requests).unwrap().metric.labels(None);
    assert!(ever.may_have("path") && ever.may_have("action") && !ever.may_have("method_name"));
    let found = metric_of("kube-state-metrics", "kube_pod_status_phase").unwrap();
    let labels = found.metric.labels(None);
    let phase = labels.known.iter().find(|it| it.name == "phase").unwrap();
    assert_eq!(phase.values.as_ref().map(Vec::len), Some(5));
    assert!(labels.is_exact && !labels.may_have("reason"));
    let found = metric_of("kube-state-metrics", "kube_pod_labels").unwrap();
    assert!(found.metric.labels(None).may_have("label_team"));
}

#[test]
fn presence_is_said_only_between_what_was_read() {
    let of =
        |exporter, name, version| metric_of(exporter, name).unwrap().metric.presence(Some(version));
    let health = |version| of("longhorn", "longhorn_disk_health", version);
    assert!(matches!(health("v1.6.4"), Presence::NotYet { .. }));
    assert!(matches!(health("1.10.0"), Presence::NotYet { .. }));
    assert_eq!(health("v1.10.1"), Presence::Unknown);
    assert_eq!(health("v1.11.0"), Presence::Present);
    assert_eq!(health("v1.3.0"), Presence::Unknown);
    let created = |version| of("argo-cd", "argocd_app_created_time", version);
    assert_eq!(created("v2.14.0"), Presence::Present);
    assert_eq!(created("v2.14.5"), Presence::Unknown);
    assert!(matches!(created("v3.0.0"), Presence::Removed { .. }));
    let ips = |version| of("kube-state-metrics", "kube_pod_ips", version);
    assert!(matches!(ips("2.4.0"), Presence::NotYet { .. }));
    assert_eq!(ips("2.19.1"), Presence::Present);
}

#[test]
fn the_owner_of_a_name_knows_all_that_begin_so() {
    let owner = |name| owner(name).map(|it| it.name);
    assert_eq!(owner("longhorn_volume_size_bytes"), Some("longhorn"));
    assert_eq!(owner("etcd_server_no_such_total"), Some("etcd"));
    assert_eq!(owner("etcd_request_duration_seconds_bucket"), None, "the API server has these");
    assert_eq!(owner("node_no_such"), None);
    assert_eq!(owner("job:etcd_server:rate"), None);
    assert_eq!(owner("kube_pod:sum"), None);
    let longhorn = exporter("longhorn").unwrap();
    assert!(longhorn.is_complete_at(Some("v1.6.4")));
    assert!(!longhorn.is_complete_at(Some("v1.13.0")));
    assert!(!longhorn.is_complete_at(None));
}

#[test]
fn wrong_names_have_right_ones() {
    for (wrong, right) in [
        ("kube_deployment_status_ready_replicas", "kube_deployment_status_replicas_ready"),
        (
            "kube_hpa_status_current_replicas",
            "kube_horizontalpodautoscaler_status_current_replicas",
        ),
        ("kube_pod_container_resource_limits_cpu_cores", "kube_pod_container_resource_limits"),
        ("longhorn_volume_size_bytes", "longhorn_volume_actual_size_bytes"),
        ("cilium_policy_import_errors_total", "cilium_policy_change_total"),
        (
            "etcd_disk_wal_fsync_duration_second_bucket",
            "etcd_disk_wal_fsync_duration_seconds_bucket",
        ),
        ("node_memory_MemAvailble_bytes", "node_memory_MemAvailable_bytes"),
        (
            "certmanager_certificate_expiry_timestamp_seconds",
            "certmanager_certificate_expiration_timestamp_seconds",
        ),
    ] {
        let near = nearest_metrics(wrong, None);
        assert!(near.iter().any(|it| it == right), "{wrong}: {near:?}");
    }
    assert_eq!(
        nearest_metrics("kube_deployment_status_ready_replicas", None).first().map(String::as_str),
        Some("kube_deployment_status_replicas_ready")
    );
    assert_eq!(nearest_metrics("shop_orders_total", None), Vec::<String>::new());
}

#[test]
fn names_of_queries_are_told_apart() {
    assert!(is_seen_in_queries("loki_request_duration_seconds_bucket"));
    assert!(!is_seen_in_queries("kube_pod_status_phase"));
    assert!(!is_seen_in_queries("shop_orders_total"));
}
