//! Reads an item that the grammar refuses: blanks one member after the other until the rest is read.
//!
//! Every turn takes the furthest place that the grammar reached, finds the smallest member around it,
//! says what is wrong there, and overwrites that member with blanks. So each error is found in the
//! company of the others, once, and what is not wrong is in the tree.

use std::sync::Mutex;

use pest::Parser as _;
use pest::error::{Error, InputLocation};

use super::errors;
use super::faults::Fault;
use super::habits;
use super::lower::{Lower, MAX_NESTING, Walk, offset};
use super::parse::{Grammar, Rule};
use super::split::{Outline, scan};
use crate::source::{Extent, FileId};

/// Bytes that recovery of one item may read again in all: an item that is wrong everywhere ends early.
const BUDGET: usize = 32 << 20;

/// Most findings about one item.
const MAX_ERRORS: usize = 100;

/// Asks pest for the furthest token while it lives. Pest keeps this for the whole process.
struct Detail;

static DETAIL: Mutex<usize> = Mutex::new(0);

impl Detail {
    fn new() -> Self {
        let mut users = DETAIL.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *users += 1;
        pest::set_error_detail(true);
        Self
    }
}

impl Drop for Detail {
    fn drop(&mut self) {
        let mut users = DETAIL.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *users -= 1;
        if *users == 0 {
            pest::set_error_detail(false);
        }
    }
}

/// Reads the item at `item` of the chunk into the tree, as far as it goes.
pub(super) fn recover(lower: &mut Lower<'_>, item: Extent, base: u32, faults: Vec<Fault>) {
    let mut copy = Copy::new(lower, item, base);
    let readable = copy.mend(lower, faults);
    let detail = Detail::new();
    if readable && copy.read(lower) {
        drop(detail);
        copy.lower(lower);
    } else {
        lose(lower, item);
    }
}

/// Puts an item that is not read into the tree, as one error.
pub(super) fn lose(lower: &mut Lower<'_>, item: Extent) {
    lower.holes = vec![Extent::new(item.start + blank_before(item.of(lower.text)), item.end)];
    let mut lost = Vec::new();
    lower.add_lost(item, &mut lost);
    lower.tree.items.extend(lost);
    lower.holes.clear();
}

/// How many bytes of blanks and comments an item begins with.
pub(super) fn blank_before(text: &str) -> u32 {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim();
        if body.is_empty() || body.starts_with("//") {
            at += line.len();
            continue;
        }
        return offset(at + line.len() - line.trim_start().len());
    }
    0
}

/// The working copy of an item.
struct Copy {
    file: FileId,
    bytes: Vec<u8>,
    /// First byte of the item in the chunk.
    shift: u32,
    /// First byte of the item in the file.
    start: u32,
    len: u32,
    holes: Vec<Extent>,
    /// Openers of incomplete bodies.
    broken: Vec<u32>,
    /// Places of which something was said.
    said: Vec<u32>,
    /// Those of them behind which their line cannot be trusted.
    confused: Vec<u32>,
}

/// The last thing blanked, and what stands around it.
struct Attempt {
    hole: Extent,
    around: Vec<Extent>,
}

impl Copy {
    fn new(lower: &Lower<'_>, item: Extent, base: u32) -> Self {
        let source = item.of(lower.text);
        Self {
            file: lower.span(item).file,
            bytes: source.as_bytes().to_vec(),
            shift: item.start,
            start: item.start + base,
            len: offset(source.len()),
            holes: Vec::new(),
            broken: Vec::new(),
            said: Vec::new(),
            confused: Vec::new(),
        }
    }

    /// Applies what the scanner knows. Gives whether anything is left to read.
    fn mend(&mut self, lower: &mut Lower<'_>, faults: Vec<Fault>) -> bool {
        let mut lost = Vec::new();
        let mut readable = true;
        for fault in faults {
            let at = fault.at.saturating_sub(self.start);
            self.said.push(at);
            if fault.diagnostic.code == errors::STRAY_CLOSER {
                let before = self.bytes.get(..at as usize).unwrap_or(&[]);
                let line = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
                self.confused.push(offset(line));
            } else if errors::confuses_its_line(fault.diagnostic.code) {
                self.confused.push(at);
            }
            let mend = fault.mend;
            for extent in mend.blank {
                self.fill(self.local(extent), b' ');
            }
            for extent in mend.lost {
                self.fill(self.local(extent), b'_');
            }
            for (at, byte) in mend.put {
                if let Some(place) = self.bytes.get_mut(at.saturating_sub(self.start) as usize) {
                    *place = byte;
                }
            }
            self.broken.extend(mend.opener.map(|at| at.saturating_sub(self.start)));
            lost.extend(mend.lose_member.map(|at| at.saturating_sub(self.start)));
            readable &= !mend.lose_item;
            if !mend.append.is_empty() {
                // a comment at the end must not swallow the closers
                self.bytes.push(b'\n');
                self.bytes.extend_from_slice(mend.append.as_bytes());
            }
            lower.report(fault.diagnostic);
        }
        if !readable || lost.is_empty() {
            return readable;
        }
        let Ok(text) = std::str::from_utf8(&self.bytes) else { return false };
        let outline = scan(self.file, text, 0, MAX_NESTING, true).outline;
        for at in lost {
            match around(&outline, at).0.first() {
                Some(&segment) => self.blank(segment),
                None => return false,
            }
        }
        true
    }

    fn local(&self, extent: Extent) -> Extent {
        Extent::new(extent.start.saturating_sub(self.start), extent.end.saturating_sub(self.start))
    }

    fn fill(&mut self, extent: Extent, byte: u8) {
        let range = extent.start as usize..extent.end as usize;
        if let Some(bytes) = self.bytes.get_mut(range) {
            bytes.fill(byte);
        }
    }

    /// Overwrites a member, and the comma behind it.
    fn blank(&mut self, segment: Extent) {
        self.fill(segment, b' ');
        let behind = self.bytes.get_mut(segment.end as usize..).unwrap_or(&mut []);
        if let Some(next) = behind.iter_mut().find(|byte| !matches!(**byte, b' ' | b'\t'))
            && *next == b','
        {
            *next = b' ';
        }
        let mut whole = segment;
        self.holes.retain(|hole| {
            let apart = hole.end <= segment.start || hole.start >= segment.end;
            if !apart {
                whole = whole.to(*hole);
            }
            apart
        });
        self.holes.push(whole);
    }

    /// Blanks until the grammar reads the copy. Gives whether it does.
    fn read(&mut self, lower: &mut Lower<'_>) -> bool {
        let mut left = BUDGET;
        let mut findings = 0;
        let mut last: Option<Attempt> = None;
        loop {
            let Ok(text) = std::str::from_utf8(&self.bytes) else { return false };
            let Err(error) = Grammar::parse(Rule::file, text) else { return true };
            let at = furthest(&error);
            if let Some(attempt) = &mut last
                && at <= attempt.hole.end
            {
                // blanking that member was no help: what stands around it is at fault, or cannot do without
                if attempt.around.is_empty() {
                    return false;
                }
                let outer = attempt.around.remove(0);
                attempt.hole = outer;
                self.blank(outer);
                continue;
            }
            left = left.saturating_sub(self.bytes.len());
            if left == 0 || findings == MAX_ERRORS {
                return false;
            }
            let outline = scan(self.file, text, 0, MAX_NESTING, true).outline;
            let (mut chain, unfinished) = around(&outline, at);
            if let Some(before) = unfinished
                && self.is_unfinished(before, at)
                && let Some(first) = chain.first_mut()
            {
                *first = before;
            }
            let known = |segment: &Extent| {
                self.said
                    .iter()
                    .any(|&said| segment.start <= said && said < segment.end.max(segment.start + 1))
            };
            let silent = chain.first().is_some_and(known) || self.is_told(text, at);
            let segment = chain.first().copied().unwrap_or(Extent::new(0, self.len));
            let mut dashes = Vec::new();
            if !silent {
                let view = habits::View { text, segment, at: at.min(self.len), error: &error };
                let shift = self.shift;
                let diagnostic = habits::explain(&view, &|extent| lower.span(extent.shift(shift)));
                if diagnostic.code == errors::DASH {
                    dashes = dashes_after(text, &outline, segment);
                }
                lower.report(diagnostic);
                findings += 1;
            }
            if chain.is_empty() {
                return false;
            }
            chain.remove(0);
            self.blank(segment);
            for dash in dashes {
                self.blank(dash);
            }
            last = Some(Attempt { hole: segment, around: chain });
        }
    }

    /// Whether what is wrong at `at` follows from what was said of the same line.
    fn is_told(&self, text: &str, at: u32) -> bool {
        self.confused.iter().any(|&said| {
            said <= at && !text.get(said as usize..at as usize).unwrap_or("").contains('\n')
        })
    }

    /// Whether the copy is read further than `at` without `segment`.
    fn is_unfinished(&self, segment: Extent, at: u32) -> bool {
        let mut bytes = self.bytes.clone();
        if let Some(bytes) = bytes.get_mut(segment.start as usize..segment.end as usize) {
            bytes.fill(b' ');
        }
        match std::str::from_utf8(&bytes).map(|text| Grammar::parse(Rule::file, text)) {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => furthest(&error) > at,
            Err(_) => false,
        }
    }

    /// Puts what the grammar reads of the copy into the tree.
    fn lower(self, lower: &mut Lower<'_>) {
        let Ok(text) = std::str::from_utf8(&self.bytes) else { return };
        let shift = self.shift;
        lower.shift = shift;
        lower.limit = shift + self.len;
        let len = self.len;
        let clamp =
            |hole: &Extent| Extent::new(hole.start.min(len), hole.end.min(len)).shift(shift);
        lower.holes = self.holes.iter().map(clamp).collect();
        lower.holes.sort_unstable();
        lower.broken = self.broken.iter().map(|at| at + shift).collect();
        if let Ok(mut pairs) = Grammar::parse(Rule::file, text)
            && let Some(file) = pairs.next()
        {
            lower.next_item();
            let mut items = Vec::new();
            let mut walk = Walk::of(file);
            while let Some(member) = walk.take(Rule::member) {
                items.push(lower.member(member));
            }
            lower.add_lost(Extent::new(shift, shift + self.len), &mut items);
            lower.tree.items.extend(items);
        }
        lower.shift = 0;
        lower.limit = offset(lower.text.len());
        lower.holes.clear();
        lower.broken.clear();
    }
}

/// The furthest byte that the grammar got to.
fn furthest(error: &Error<Rule>) -> u32 {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    offset(error.parse_attempts().map_or(at, |attempts| attempts.max_position.max(at)))
}

/// The members around a place, innermost first; and the member right before the innermost, if the place is
/// that one's first byte: then it may be the one before that is not finished.
fn around(outline: &Outline, at: u32) -> (Vec<Extent>, Option<Extent>) {
    let mut chain = Vec::new();
    let mut unfinished = None;
    let file = outline.bodies.len().saturating_sub(1);
    for (index, body) in outline.bodies.iter().enumerate() {
        let inside = index == file || (body.at.start < at && at < body.at.end);
        if !body.holds_members || !inside {
            continue;
        }
        let next = body.segments.partition_point(|segment| segment.start <= at);
        let Some(&segment) = next.checked_sub(1).and_then(|index| body.segments.get(index)) else {
            continue;
        };
        if chain.is_empty() && segment.start == at {
            unfinished = next.checked_sub(2).and_then(|index| body.segments.get(index)).copied();
        }
        chain.push(segment);
    }
    (chain, unfinished)
}

/// The members right behind `segment` that begin with a dash, too: one list, one finding.
fn dashes_after(text: &str, outline: &Outline, segment: Extent) -> Vec<Extent> {
    let Some(body) = outline.bodies.iter().find(|body| body.segments.contains(&segment)) else {
        return Vec::new();
    };
    let behind = body.segments.iter().skip_while(|other| other.start <= segment.start);
    behind.take_while(|other| other.of(text).starts_with("- ")).copied().collect()
}

#[cfg(test)]
mod tests {
    use crate::source::{FileId, Sources};
    use crate::syntax::{Grain, MemberKind, parse};

    /// Reads `text`, and compares the findings as `line:column code`, and the sources of the lost members.
    fn check(text: &str, findings: &[&str], lost: &[&str]) {
        let mut sources = Sources::new();
        let file = sources.add("a.iflux", text);
        let parsed = parse(file, text, Grain::Chunks);
        let mut found = Vec::new();
        for one in parsed.sink.into_sorted() {
            let span = one.primary.expect("a syntax error has a place").span;
            let at = sources.position(span);
            found.push(format!("{}:{} {}", at.line, at.column, one.code));
        }
        assert_eq!(found, findings, "{text}");
        let mut gone = Vec::new();
        for placed in &parsed.trees {
            for member in &placed.tree.members {
                if member.kind == MemberKind::Error {
                    gone.push(member.at.shift(placed.base).of(text));
                }
            }
        }
        gone.sort_unstable();
        let mut lost = lost.to_vec();
        lost.sort_unstable();
        assert_eq!(gone, lost, "{text}");
    }

    #[test]
    fn independent_errors_are_found_in_one_run() {
        check(
            "cluster a {\n  replicas 3\n  ok = 1\n  workers general {\n    a == 2\n    good = 2\n  }\n}\nlet b = c -1\n",
            &["2:12 syntax/equals-missing", "5:7 syntax/double-equals", "9:11 syntax/minus"],
            &["replicas 3", "a == 2", "let b = c -1"],
        );
    }

    #[test]
    fn a_member_in_a_record_in_a_list_is_lost_alone() {
        check(
            "let a = [{ x = 1, y = }, { z = ? }]\n",
            &["1:22 syntax/unexpected", "1:32 syntax/unexpected"],
            &["y =", "z = ?"],
        );
    }

    #[test]
    fn what_is_never_closed_ends_where_the_indentation_says() {
        check(
            "cluster c {\n  workers d {\n    x = 1\n}\ncluster e { y = 1 }\n",
            &["2:13 syntax/unclosed-block"],
            &[],
        );
        check(
            "cluster c {\n  x = [1,\n  y = 2\n}\nlet z = 1\n",
            &["2:7 syntax/unclosed-block"],
            &["x = [1,"],
        );
        check("cluster c {\n  x = 1\nkind K { a: Int }\n", &["1:11 syntax/unclosed-block"], &[]);
        check(
            "cluster c {\n  x = \"abc\n  y = 2\n}\n",
            &["2:7 syntax/unclosed-string"],
            &["x = \"abc"],
        );
        check(
            "cluster c {\n  x = ```\n    abc\n  y = 2\n}\n",
            &["2:7 syntax/unclosed-string"],
            &["x = ```\n    abc"],
        );
    }

    #[test]
    fn a_closer_too_many_loses_nothing() {
        check("let a = { x = 1 }}\nlet b = 2\n", &["1:18 syntax/stray-closer"], &[]);
        check("let a = [1, 2}\nlet b = 2\n", &["1:14 syntax/stray-closer"], &[]);
    }

    #[test]
    fn an_unfinished_member_is_blamed_and_not_the_next() {
        check(
            "let a = if x then 1\nlet b = 2\n",
            &["1:20 syntax/unexpected"],
            &["let a = if x then 1"],
        );
        check("cluster c {\n  x =\n  y = 2\n}\n", &["2:5 syntax/unexpected"], &["x =\n  y = 2"]);
    }

    #[test]
    fn habits_are_answered_once() {
        check(
            "let a = 1; // one\nlet b = 2;\n# three\nlet c = 'x'\n",
            &["1:10 syntax/semicolon", "3:1 syntax/comment", "4:9 syntax/quotes"],
            &[],
        );
        check(
            "cluster c {\n  args:\n    - \"a\"\n    - \"b\"\n  image: \"x\"\n  y = ${z}\n}\n",
            &["3:5 syntax/dash-item", "5:8 syntax/colon", "6:7 syntax/dollar"],
            &["args:\n    - \"a\"", "- \"b\"", "image: \"x\"", "y = ${z}"],
        );
    }

    #[test]
    fn what_nests_too_deep_is_told_once() {
        let open = "(".repeat(200);
        check(
            &format!("let a = {open}1\nlet b = 2\n"),
            &["1:137 syntax/too-deep"],
            &[&format!("let a = {open}1\nlet b = 2\n")],
        );
        check(
            &format!("let a = {open}\"x\nlet b = 2\n"),
            &["1:137 syntax/too-deep"],
            &[&format!("let a = {open}\"x\nlet b = 2\n")],
        );
    }

    #[test]
    fn what_is_wrong_too_often_is_told_to_a_limit() {
        let text = "let a = = 1\n".repeat(30_000);
        let parsed = parse(FileId(0), &text, Grain::Chunks);
        let found = parsed.sink.into_sorted();
        assert_eq!(found.len(), 2_001, "the limit, and that it is passed");
        let last = found.last().expect("the last of them");
        assert_eq!(last.code.as_str(), "syntax/too-many");
        let at = last.primary.as_ref().expect("a place").span;
        assert_eq!((at.start, at.end), (24_000, 24_000), "the first item that is left out");
        let items = parsed.trees.iter().flat_map(|placed| &placed.tree.members);
        assert_eq!(items.filter(|item| item.kind == MemberKind::Error).count(), 30_000);
    }

    #[test]
    fn what_the_scanner_finds_counts_too() {
        let text = "let a = 'x'\n".repeat(30_000);
        for grain in [Grain::Chunks, Grain::Items] {
            let found = parse(FileId(0), &text, grain).sink.into_sorted();
            assert_eq!(found.len(), 2_001, "the limit, and that it is passed");
        }
    }

    #[test]
    fn what_is_right_behind_the_limit_is_read() {
        let text = format!("{}let b = 2\n", "let a = = 1\n".repeat(2_100));
        let parsed = parse(FileId(0), &text, Grain::Items);
        let last = parsed.trees.last().expect("the last item");
        let kinds: Vec<MemberKind> = last.tree.members.iter().map(|item| item.kind).collect();
        assert!(matches!(kinds[..], [MemberKind::Let { .. }]), "{kinds:?}");
    }
}
