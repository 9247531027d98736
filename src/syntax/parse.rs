//! One file through the splitter and the grammar, chunk by chunk.

use std::sync::Arc;

use pest::Parser as _;
use pest_derive::Parser;
use rayon::prelude::*;

use super::errors;
use super::faults::Fault;
use super::lower::{Lower, Walk};
use super::recover::recover;
use super::split::scan;
use super::{Parsed, Placed};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Extent, FileId};

/// The parser that pest derives from `grammar/iflux.pest`.
#[derive(Parser)]
#[grammar = "grammar/iflux.pest"]
pub(super) struct Grammar;

/// How a file is divided into trees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grain {
    /// Runs of items of about 64 KB: least work for a whole build.
    Chunks,
    /// One item a tree: an editor reads again only what changed.
    Items,
}

impl Grain {
    /// Bytes after which a chunk is full.
    const fn full(self) -> u32 {
        match self {
            Self::Chunks => 64 << 10,
            Self::Items => 1,
        }
    }
}

/// A run of whole items, and what the scanner says about them.
struct Chunk {
    at: Extent,
    items: Vec<(Extent, Vec<Fault>)>,
}

/// Reads a file. Never fails: what cannot be read is in the sink, and stands in the trees as error nodes.
pub fn parse(file: FileId, text: &str, grain: Grain) -> Parsed {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let scanned = scan(file, text, start, false);
    let mut faults = scanned.faults.into_iter().peekable();
    let mut chunks: Vec<Chunk> = Vec::new();
    for at in scanned.items {
        let mut own = Vec::new();
        while let Some(fault) = faults.next_if(|fault| fault.at < at.end) {
            own.push(fault);
        }
        match chunks.last_mut() {
            Some(chunk) if chunk.at.len() < grain.full() => {
                chunk.at.end = at.end;
                chunk.items.push((at, own));
            }
            _ => chunks.push(Chunk { at, items: vec![(at, own)] }),
        }
    }
    if let Some((_, own)) = chunks.last_mut().and_then(|chunk| chunk.items.last_mut()) {
        own.extend(faults);
    }
    let read: Vec<(Placed, Sink)> = if chunks.len() > 1 {
        chunks.into_par_iter().map(|chunk| read_chunk(file, text, chunk)).collect()
    } else {
        chunks.into_iter().map(|chunk| read_chunk(file, text, chunk)).collect()
    };
    let mut sink = Sink::new();
    let mut trees = Vec::with_capacity(read.len());
    for (placed, found) in read {
        sink.append(found);
        trees.push(placed);
    }
    Parsed { file, trees, sink: without_consequences(text, sink) }
}

/// Leaves out the closers that close nothing because of what is wrong before them: each finding explains one.
fn without_consequences(text: &str, sink: Sink) -> Sink {
    let closes_nothing =
        |found: &Diagnostic| found.code == errors::STRAY_CLOSER && found.because.is_empty();
    if !sink.iter().any(closes_nothing) {
        return sink;
    }
    let mut kept = Sink::new();
    let mut reasons: Vec<(u32, Code)> = Vec::new();
    for found in sink.into_sorted() {
        let at = found.primary.as_ref().map_or(0, |label| label.span.start);
        if !closes_nothing(&found) {
            reasons.push((at, found.code));
            kept.report(found);
            continue;
        }
        let explains = |&(before, code): &(u32, Code)| {
            let between = text.get(before as usize..at as usize).unwrap_or("");
            errors::explains_stray_closer(code, between.matches('\n').count())
        };
        match reasons.iter().rposition(explains) {
            // an opener that was given up may leave several closers on its line
            Some(index)
                if reasons.get(index).is_some_and(|reason| reason.1 == errors::UNCLOSED_BLOCK) => {}
            Some(index) => {
                reasons.remove(index);
            }
            None => kept.report(found),
        }
    }
    kept
}

fn read_chunk(file: FileId, text: &str, chunk: Chunk) -> (Placed, Sink) {
    let base = chunk.at.start;
    let mut lower = Lower::new(file, base, chunk.at.of(text));
    let sound = chunk.items.iter().all(|(_, faults)| faults.is_empty());
    if !(sound && read_whole(&mut lower, Extent::new(0, chunk.at.len()))) {
        for (at, faults) in chunk.items {
            let item = Extent::new(at.start - base, at.end - base);
            if !faults.is_empty() || !read_whole(&mut lower, item) {
                recover(&mut lower, item, base, faults);
            }
        }
    }
    (Placed { base, tree: Arc::new(lower.tree) }, lower.sink)
}

/// Reads a part of the chunk that is right. Gives whether it is.
fn read_whole(lower: &mut Lower<'_>, at: Extent) -> bool {
    let Ok(mut pairs) = Grammar::parse(Rule::file, at.of(lower.text)) else { return false };
    lower.shift = at.start;
    if let Some(file) = pairs.next() {
        let mut walk = Walk::of(file);
        while let Some(member) = walk.take(Rule::member) {
            lower.next_item();
            let item = lower.member(member);
            lower.tree.items.push(item);
        }
    }
    lower.shift = 0;
    true
}
