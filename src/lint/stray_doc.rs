//! `replicas = 3 /// machines`  =>  `replicas = 3 // machines`

use super::errors;
use crate::diag::Sink;
use crate::resolve::{Names, TreeInfo};
use crate::source::{Extent, Span, Sym};
use crate::syntax::{Expr, Member, MemberKind};

/// Reports `///` that documents nothing: behind code, above a blank line, above the end of a block. A file is asked whole: its trees
/// follow one another.
pub(super) fn stray_docs(names: &Names, sink: &mut Sink) {
    let mut rest = names.trees.as_slice();
    while let Some(first) = rest.first() {
        let len = rest.iter().take_while(|info| info.file == first.file).count();
        let (file, after) = rest.split_at(len);
        rest = after;
        if names.module(first.module).package == Sym::EMPTY {
            in_file(first, file, sink);
        }
    }
}

fn in_file(first: &TreeInfo, file: &[TreeInfo], sink: &mut Sink) {
    let broken = |info: &TreeInfo| {
        let trouble = |member: &Member| matches!(member.kind, MemberKind::Error);
        info.tree.members.iter().any(trouble) || info.tree.exprs.contains(&Expr::Error)
    };
    if !first.text.contains("///") || file.iter().any(broken) {
        return;
    }
    let shifted = |info: &TreeInfo, at: Extent| at.shift(info.base);
    let mut texts: Vec<Extent> = file
        .iter()
        .flat_map(|info| info.tree.texts.iter().map(move |text| shifted(info, text.at)))
        .collect();
    texts.sort_unstable_by_key(|at| (at.start, std::cmp::Reverse(at.end)));
    let mut docs: Vec<Extent> = file
        .iter()
        .flat_map(|info| info.tree.members.iter().map(move |member| shifted(info, member.doc)))
        .collect();
    docs.sort_unstable_by_key(|at| at.start);
    let text = first.text.as_ref();
    let mut at = 0;
    let mut next_text = 0;
    // Where the last stray line ends: what follows it belongs to it.
    let mut told: Option<usize> = None;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("//")) {
        let start = at + found;
        while texts.get(next_text).is_some_and(|text| text.end as usize <= start) {
            next_text += 1;
        }
        if let Some(around) = texts.get(next_text).filter(|text| text.start as usize <= start) {
            at = around.end as usize;
            continue;
        }
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let end = start + line.trim_end().len();
        at = end;
        let is_doc = line.starts_with("///") && !line.starts_with("////");
        let above = docs.partition_point(|doc| doc.start as usize <= start);
        let owner = above.checked_sub(1).and_then(|last| docs.get(last));
        if !is_doc || owner.is_some_and(|doc| start < doc.end as usize) {
            continue;
        }
        let between = told.and_then(|told| text.get(told..start));
        let goes_on = between.is_some_and(|between| {
            between.trim().is_empty() && between.bytes().filter(|&byte| byte == b'\n').count() == 1
        });
        told = Some(end);
        if !goes_on {
            let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let whole = Span::new(first.file, small(start), small(end));
            let mark = Span::new(first.file, small(start), small(start + 3));
            sink.report(errors::stray_doc(whole, mark));
        }
    }
}
