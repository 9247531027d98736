//! The cost of judging alerts, beside that of reading their queries: the one is told by how often it is the other.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use infraflux::embedded::promql::{Options, parse};
use infraflux::metrics::{Group, Rule, RuleKind, Scene, judge};

const MOST: usize = 10_000;

/// Queries as people write them, each with a number of its own: none is read twice, in no round.
fn groups(count: usize, round: usize) -> Vec<Group> {
    let shapes = [
        "100 * (1 - node_memory_MemAvailable_bytes{job=\"node-exporter\"} / node_memory_MemTotal_bytes{job=\"node-exporter\"}) > ",
        "sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{container!=\"\"}[5m])) > ",
        "histogram_quantile(0.99, sum by (job, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m]))) > ",
        "increase(kube_pod_container_status_restarts_total[15m]) > 3 and on (namespace, pod) kube_pod_status_phase{phase=\"Running\"} > ",
        "time() - process_start_time_seconds{job=\"shop\"} < ",
    ];
    let rules = (0..count).map(|number| {
        let mut expr =
            shapes.get(number % shapes.len()).map_or(String::new(), |it| (*it).to_owned());
        let _ = write!(expr, "{}", round * count + number);
        Rule {
            name: format!("Alert{number}"),
            kind: RuleKind::Alert { pending: 300.0, keep_firing: 0.0 },
            expr,
            labels: vec![("severity".to_owned(), "warning".to_owned())],
            annotations: vec![(
                "summary".to_owned(),
                "{{ $labels.job }}: {{ $value | humanize }}".to_owned(),
            )],
        }
    });
    vec![Group { name: "all".to_owned(), interval: None, rules: rules.collect() }]
}

pub(crate) fn measure(criterion: &mut Criterion) {
    let scene = Scene::default();
    let mut round = 0;
    let mut new = || {
        round += 1;
        groups(MOST, round)
    };
    let mut group = criterion.benchmark_group("alerts");
    group.sample_size(10);
    group.throughput(Throughput::Elements(MOST as u64));
    group.bench_function("read", |bencher| {
        let read = |groups: Vec<Group>| {
            let rules = groups.iter().flat_map(|group| &group.rules);
            rules.filter(|rule| parse(&rule.expr, Options::default()).is_ok()).count()
        };
        bencher.iter_batched(&mut new, |groups| black_box(read(groups)), BatchSize::PerIteration);
    });
    group.bench_function("judge", |bencher| {
        bencher.iter_batched(
            &mut new,
            |groups| black_box(judge(&groups, &scene)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}
