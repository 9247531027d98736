//! The compiler's cost: parsing, checking and building platforms of 10 to 10,000 clusters with alerts.
//!
//! `cargo bench` measures; `cargo bench -- --write FOLDER CLUSTERS` writes one platform to a folder, for
//! measuring the whole program from outside. `cargo bench -- --lsp` measures typing in an editor.

mod alerts;
mod lsp;
mod nesting;
mod network;
mod platform;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use infraflux::driver::{MemoryWorld, Session};

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a bench is a program of its own: it has arguments, and writes where it is told"
)]
fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--write") {
        let folder = arguments.get(at + 1).map_or(".", String::as_str);
        let clusters = arguments.get(at + 2).and_then(|count| count.parse().ok()).unwrap_or(10);
        for (path, text) in platform::platform(clusters) {
            let path = std::path::Path::new(folder).join(path);
            let written = path
                .parent()
                .map_or(Ok(()), std::fs::create_dir_all)
                .and_then(|()| std::fs::write(&path, text));
            if let Err(error) = written {
                eprintln!("{}: {error}", path.display());
                return;
            }
        }
        return;
    }
    if arguments.iter().any(|argument| argument == "--lsp") {
        lsp::measure();
        return;
    }
    // Evaluation is deep where programs are deep: the program itself runs on such a stack, too.
    let run = std::thread::Builder::new().stack_size(256 << 20).spawn(|| {
        let mut criterion = Criterion::default().configure_from_args();
        for size in SIZES {
            measure(&mut criterion, size);
        }
        nesting::measure(&mut criterion);
        alerts::measure(&mut criterion);
        network::measure(&mut criterion);
        criterion.final_summary();
    });
    if let Ok(run) = run {
        let _ = run.join();
    }
}

#[expect(clippy::print_stdout, reason = "a bench reports to people")]
fn measure(criterion: &mut Criterion, clusters: usize) {
    let world = MemoryWorld::new(platform::platform(clusters));
    let bytes_in: usize = platform::platform(clusters).iter().map(|(_, text)| text.len()).sum();
    let mut session = Session::load(&world);
    let plan = session.build();
    for found in session.diagnostics().iter().take(3) {
        println!("{}: {}", found.code, found.title);
    }
    let (files, bytes_out) = plan.map_or((0, 0), |plan| (plan.files.len(), plan.size()));
    println!("{clusters} clusters: {bytes_in} bytes in, {files} files and {bytes_out} bytes out");
    let mut group = criterion.benchmark_group(format!("{clusters} clusters"));
    group.sample_size(10);
    group.throughput(Throughput::Bytes(bytes_in as u64));
    group.bench_function("parse", |bencher| bencher.iter(|| black_box(Session::load(&world))));
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
    group.finish();
}
