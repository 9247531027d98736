//! Any text is read: no panic, no overflow of the stack, at every grain, and each finding lies inside the text.
#![no_main]

use infraflux::source::FileId;
use infraflux::syntax::{Grain, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for grain in [Grain::Chunks, Grain::Items] {
        let parsed = parse(FileId(0), text, grain);
        for found in parsed.sink.iter() {
            let labels = found.primary.iter().chain(&found.because);
            let spans = labels.map(|label| label.span);
            let edits = found.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            for span in spans.chain(edits) {
                let range = span.start as usize..span.end as usize;
                assert!(
                    text.get(range).is_some(),
                    "{}: {span:?} is no part of the text",
                    found.code
                );
            }
        }
    }
});
