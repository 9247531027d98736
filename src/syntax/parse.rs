//! One file through the splitter and the grammar, chunk by chunk.

use std::sync::Arc;

use pest::Parser as _;
use pest_derive::Parser;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::errors;
use super::faults::Fault;
use super::lower::{Lower, MAX_NESTING, Walk};
use super::recover::{blank_before, lose, recover};
use super::split::scan;
use super::{Parsed, Placed, Tree};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Extent, FileId, Span};

/// Most findings about one file: recovery reads again, and nobody reads more.
pub(super) const MAX_FINDINGS: usize = 2_000;

/// How many chunks that are not right are read at a time.
const CHUNKS_OF_A_TURN: usize = 8;

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
    /// One tree: a file as a whole, to be printed or compared.
    Whole,
}

impl Grain {
    /// Bytes after which a chunk is full.
    const fn full(self) -> u32 {
        match self {
            Self::Chunks => 64 << 10,
            Self::Items => 1,
            Self::Whole => u32::MAX,
        }
    }
}

/// A run of whole items, and what the scanner says about them.
struct Chunk {
    at: Extent,
    /// How deep brackets may lie in one another.
    nesting: usize,
    items: Vec<(Extent, Vec<Fault>)>,
}

/// Reads a file. Never fails: what cannot be read is in the sink, and stands in the trees as error nodes.
pub fn parse(file: FileId, text: &str, grain: Grain) -> Parsed {
    parse_within(file, text, grain, MAX_NESTING)
}

/// The same where `iflux.toml` says how deep things may lie in one another.
pub fn parse_within(file: FileId, text: &str, grain: Grain, nesting: usize) -> Parsed {
    read(file, text, grain, nesting, &FxHashMap::default())
}

/// Reads a file again after an edit, item by item: an item whose text is the same keeps its tree, wherever it
/// moved. `old` is what `old_text` gave.
pub fn reuse(old: &Parsed, old_text: &str, file: FileId, text: &str, nesting: usize) -> Parsed {
    let mut known: FxHashMap<&str, &Arc<Tree>> = FxHashMap::default();
    for placed in &old.trees {
        // What a tree with a finding would report again is not kept: such items are few, and read anew.
        let at = Extent::new(placed.base, placed.base + placed.len);
        let has_findings = old.sink.iter().any(|found| {
            found
                .primary
                .as_ref()
                .is_none_or(|label| label.span.start <= at.end && at.start <= label.span.end)
        });
        if !has_findings {
            known.insert(at.of(old_text), &placed.tree);
        }
    }
    read(file, text, Grain::Items, nesting, &known)
}

/// Reads a file; chunks whose text is known keep their trees.
fn read(
    file: FileId,
    text: &str,
    grain: Grain,
    nesting: usize,
    known: &FxHashMap<&str, &Arc<Tree>>,
) -> Parsed {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let scanned = scan(file, text, start, nesting, false);
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
            _ => chunks.push(Chunk { at, nesting, items: vec![(at, own)] }),
        }
    }
    if let Some((_, own)) = chunks.last_mut().and_then(|chunk| chunk.items.last_mut()) {
        own.extend(faults);
    }
    let sound = each(chunks, |chunk| read_sound(file, text, chunk, known));
    let mut trees = Vec::with_capacity(sound.len());
    let mut sink = Sink::new();
    let mut unsound = Vec::new();
    for read in sound {
        match read {
            Ok((placed, found)) => {
                trees.push(placed);
                sink.append(found);
            }
            Err(chunk) => unsound.push(chunk),
        }
    }
    if !unsound.is_empty() {
        recover_all(file, text, unsound, &mut trees, &mut sink);
        trees.sort_by_key(|placed| placed.base);
    }
    Parsed { file, trees, sink: without_consequences(text, sink) }
}

/// Does the same to every chunk, many at a time if there are many.
fn each<T: Send>(chunks: Vec<Chunk>, read: impl Fn(Chunk) -> T + Sync + Send) -> Vec<T> {
    if chunks.len() > 1 {
        chunks.into_par_iter().map(read).collect()
    } else {
        chunks.into_iter().map(read).collect()
    }
}

/// Reads the chunks that are not right, until the findings are too many to tell. They are read in turns
/// of a fixed number of chunks, so that what is told does not depend on the machine.
fn recover_all(
    file: FileId,
    text: &str,
    chunks: Vec<Chunk>,
    trees: &mut Vec<Placed>,
    sink: &mut Sink,
) {
    let (mut told, mut full) = (0, false);
    let mut rest = chunks.into_iter();
    loop {
        // once nothing more is told, the rest is one turn
        let turn = if told < MAX_FINDINGS { CHUNKS_OF_A_TURN } else { usize::MAX };
        let chunks: Vec<Chunk> = rest.by_ref().take(turn).collect();
        if chunks.is_empty() {
            return;
        }
        for (placed, found, silent) in each(chunks, |chunk| read_chunk(file, text, chunk, told)) {
            trees.push(placed);
            if full {
                continue;
            }
            let left = MAX_FINDINGS - told;
            let found = found.into_sorted();
            let first = found.get(left).and_then(|first| first.primary.as_ref());
            let untold = first.map(|label| label.span.start).or(silent);
            told += found.len().min(left);
            found.into_iter().take(left).for_each(|one| sink.report(one));
            if let Some(at) = untold {
                (told, full) = (MAX_FINDINGS, true);
                sink.report(errors::too_many(Span::new(file, at, at), MAX_FINDINGS));
            }
        }
    }
}

/// Leaves out the closers that close nothing because of what is wrong before them: each finding explains one.
fn without_consequences(text: &str, sink: Sink) -> Sink {
    let closes_nothing =
        |found: &Diagnostic| found.code == errors::STRAY_CLOSER && found.because.is_empty();
    if !sink.iter().any(closes_nothing) {
        return sink;
    }
    let mut kept = Sink::new();
    let mut reasons: Vec<(usize, Code)> = Vec::new();
    let (mut counted, mut line) = (0, 0);
    for found in sink.into_sorted() {
        let at = found.primary.as_ref().map_or(0, |label| label.span.start);
        line += text.get(counted..at as usize).unwrap_or("").matches('\n').count();
        counted = at as usize;
        if !closes_nothing(&found) {
            reasons.push((line, found.code));
            kept.report(found);
            continue;
        }
        let explains = |&(before, code): &(usize, Code)| {
            errors::explains_stray_closer(code, line.saturating_sub(before))
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

/// Reads a chunk that is right, or gives it back.
fn read_sound(
    file: FileId,
    text: &str,
    chunk: Chunk,
    known: &FxHashMap<&str, &Arc<Tree>>,
) -> Result<(Placed, Sink), Chunk> {
    let (base, len) = (chunk.at.start, chunk.at.len());
    let sound = chunk.items.iter().all(|(_, faults)| faults.is_empty());
    if let (true, Some(&tree)) = (sound, known.get(chunk.at.of(text))) {
        return Ok((Placed { base, len, tree: Arc::clone(tree) }, Sink::new()));
    }
    let mut lower = Lower::new(file, base, chunk.at.of(text), chunk.nesting);
    if sound && read_whole(&mut lower, Extent::new(0, chunk.at.len())) {
        Ok((Placed { base, len, tree: Arc::new(lower.tree) }, lower.sink))
    } else {
        Err(chunk)
    }
}

/// Reads a chunk item by item when `told` findings were made before it. Gives the place of the first item
/// that is lost without a word, too.
fn read_chunk(file: FileId, text: &str, chunk: Chunk, told: usize) -> (Placed, Sink, Option<u32>) {
    let (base, len) = (chunk.at.start, chunk.at.len());
    let mut lower = Lower::new(file, base, chunk.at.of(text), chunk.nesting);
    let mut silent = None;
    for (at, faults) in chunk.items {
        let item = Extent::new(at.start - base, at.end - base);
        if faults.is_empty() && read_whole(&mut lower, item) {
            continue;
        }
        if told + lower.sink.len() < MAX_FINDINGS {
            recover(&mut lower, item, base, faults);
        } else {
            silent.get_or_insert(at.start + blank_before(at.of(text)));
            lose(&mut lower, item);
        }
    }
    (Placed { base, len, tree: Arc::new(lower.tree) }, lower.sink, silent)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Grain, parse, reuse};
    use crate::source::FileId;

    /// How many trees of `new` are those of `old`, after an edit.
    fn check(old: &str, new: &str, kept: usize) {
        let file = FileId(0);
        let before = parse(file, old, Grain::Items);
        let after = reuse(&before, old, file, new, MAX_NESTING);
        let same = after
            .trees
            .iter()
            .filter(|a| before.trees.iter().any(|b| Arc::ptr_eq(&a.tree, &b.tree)))
            .count();
        assert_eq!(same, kept, "{new}");
        // What is used again reads as if it were new.
        let fresh = parse(file, new, Grain::Items);
        assert_eq!(after.sink.into_sorted(), fresh.sink.into_sorted());
        let places = |trees: &[crate::syntax::Placed]| -> Vec<(u32, u32, usize)> {
            trees.iter().map(|t| (t.base, t.len, t.tree.exprs.len())).collect()
        };
        assert_eq!(places(&after.trees), places(&fresh.trees));
    }

    #[test]
    fn unchanged_items_keep_their_trees() {
        let old = "let a = 1\nlet b = 2\nlet c = a + b\n";
        check(old, old, 3);
        check(old, "let a = 1\nlet b = 22\nlet c = a + b\n", 2);
        check(old, "let z = 0\nlet a = 1\nlet b = 2\nlet c = a + b\n", 3);
        check(old, "let a = 1\nlet b = \nlet c = a + b\n", 1);
        check("let a = = 1\nlet b = 2\n", "let a = = 1\nlet b = 2\nlet c = 3\n", 1);
    }
}
