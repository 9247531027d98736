//! What policies cost: 2,000 workloads that need one another, in 100 namespaces on one cluster.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BatchSize, Criterion};
use infraflux::driver::{MemoryWorld, Session};

const NAMESPACES: usize = 100;
const EACH: usize = 20;

fn program() -> String {
    let mut text = "platform acme { domain = \"acme.example\", hub = one }
environment prod {}
external cluster one { environment = prod, kubernetes = \"v1.34.2\" }
workload * {
  clusters = [one]
  image = \"ghcr.io/acme/shop:1.8.2\"
  cpu = 100m .. none
  memory = 128Mi .. 256Mi
  port http { number = 8080 }
}
"
    .to_owned();
    for namespace in 0..NAMESPACES {
        let _ = writeln!(text, "namespace n{namespace} {{ clusters = [one] }}");
        for number in 0..EACH {
            // Two in its own namespace, and one in the next.
            let (a, b) = ((number + 1) % EACH, (number + 7) % EACH);
            let next = (namespace + 1) % NAMESPACES;
            // Needs never lead in a circle.
            let near = [a, b].into_iter().filter(|it| *it > number);
            let mut needs: Vec<String> = near.map(|it| format!("w{namespace}-{it}.http")).collect();
            if next > namespace {
                needs.push(format!("w{next}-{number}.http"));
            }
            let _ = writeln!(
                text,
                "workload w{namespace}-{number} {{ namespace = n{namespace}, needs = [{}] }}",
                needs.join(", ")
            );
        }
    }
    text.push_str("test \"one\" { assert callers(workload.w1-0.http) == [workload.w0-0] }\n");
    text
}

pub(super) fn measure(criterion: &mut Criterion) {
    let text = program();
    let world = MemoryWorld::new([("main.iflux", text.as_str())]);
    let mut group = criterion.benchmark_group("2000 workloads");
    group.sample_size(10);
    group.bench_function("check", |bencher| {
        bencher.iter_batched_ref(
            || Session::load(&world),
            |session| session.check(),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("build", |bencher| {
        bencher.iter_batched_ref(
            || Session::load(&world),
            |session| black_box(session.build()),
            BatchSize::PerIteration,
        );
    });
    // With a question over the policies of all of them.
    group.bench_function("test", |bencher| {
        bencher.iter_batched_ref(
            || Session::load(&world),
            |session| {
                session.check();
                let results = session.test(|_| true);
                assert!(results.iter().all(|it| it.passed()), "{results:?}");
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}
