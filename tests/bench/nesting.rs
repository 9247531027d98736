//! Openers again and again, and an error: the time to read them must grow with their number, not faster.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use infraflux::driver::{MemoryWorld, Session};

/// Every construct that nests, as it begins.
const OPENERS: [&str; 27] = [
    "[",
    "(",
    "{",
    "{ ",
    "x {\n",
    "x { ",
    "let a = [",
    "a = { a = ",
    "let a = f(",
    "let a = \"\\(",
    "let a = `\\(",
    "let a = ```\n\\(",
    "let a = \"\"\"\n\\(",
    "let a = if x then ",
    "let a = if ",
    "if x { ",
    "if x { } else ",
    "for x in y {\n",
    "let a = match x { _ => ",
    "let a = by e { a = ",
    "by e { a {",
    "type A = [",
    "type A = {String: ",
    "type A = Range<",
    "let a = !",
    "let a = x.y[",
    "let a = 1 + ",
];

/// Measures each opener 1,000, 10,000 and 100,000 times; bytes a second stay level where time is proportional.
pub(crate) fn measure(criterion: &mut Criterion) {
    for opener in OPENERS {
        let (head, inside) = match opener.find("= ") {
            Some(at) if opener.starts_with("let") || opener.starts_with("type") => {
                opener.split_at(at + 2)
            }
            _ => ("", opener),
        };
        let mut group = criterion.benchmark_group(format!("nesting {opener:?}"));
        group.sample_size(10);
        for count in [1_000, 10_000, 100_000] {
            let text = format!("{head}{} ? = ]", inside.repeat(count));
            let world = MemoryWorld::single("main.iflux", &text);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(count.to_string(), |bencher| {
                bencher.iter_batched(
                    || (),
                    |()| black_box(Session::load(&world)),
                    BatchSize::PerIteration,
                );
            });
        }
        group.finish();
    }
}
