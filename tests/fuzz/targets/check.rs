//! Any program is checked and built: no panic, and twice the same findings and bytes.
#![no_main]

use infraflux::diag::Diagnostic;
use infraflux::driver::{MemoryWorld, Session};
use libfuzzer_sys::fuzz_target;

type Files = Vec<(String, Vec<u8>)>;

fn run(text: &str) -> (Vec<Diagnostic>, Option<Files>) {
    let mut session = Session::load(&MemoryWorld::single("main.iflux", text));
    let plan = session.build();
    let files =
        plan.map(|plan| plan.files.into_iter().map(|file| (file.path, file.bytes)).collect());
    (session.diagnostics(), files)
}

fuzz_target!(|text: &str| {
    let first = run(text);
    assert_eq!(first, run(text));
});
