//! `import std.packs.{Small, Large}` where only `Small` is used  =>  `import std.packs.{Small}`

use rustc_hash::FxHashSet;

use super::errors;
use crate::diag::Sink;
use crate::resolve::{DefId, DefKind, FileScope, Names, TreeInfo, keyword};
use crate::source::{Extent, Sym};
use crate::syntax::{Expr, Member, MemberKind, Name, Pick, Tree};

/// Reports imports, and names of imports, that their file never mentions. A file is asked whole: its trees follow one another.
pub(super) fn unused_imports(names: &Names, sink: &mut Sink) {
    let mut rest = names.trees.as_slice();
    while let Some(first) = rest.first() {
        let len = rest.iter().take_while(|info| info.file == first.file).count();
        let (file, after) = rest.split_at(len);
        rest = after;
        let of = names.module(first.module);
        if of.package == Sym::EMPTY
            && let Some(scope) = names.scopes.get(&first.file)
        {
            in_file(names, file, scope, sink);
        }
    }
}

fn in_file(names: &Names, file: &[TreeInfo], scope: &FileScope, sink: &mut Sink) {
    let broken = |info: &TreeInfo| {
        let trouble = |member: &Member| matches!(member.kind, MemberKind::Error);
        info.tree.members.iter().any(trouble) || info.tree.exprs.contains(&Expr::Error)
    };
    if file.iter().any(broken) {
        return;
    }
    let mut used = FxHashSet::default();
    for info in file {
        mentioned(&info.tree, &mut used);
    }
    let uses = |name: Name| {
        let by_keyword = |id: DefId| {
            let def = names.def(id);
            let word = keyword(def.name.as_str());
            matches!(def.kind, DefKind::Kind | DefKind::Component)
                && used.contains(&Sym::new(&word))
        };
        // What an import failed to bring has its error.
        used.contains(&name.sym)
            || scope.missing.contains(&name.sym)
            || scope.picked.get(&name.sym).is_some_and(|id| by_keyword(*id))
    };
    let any_keyword = |module: Name| {
        let Some(module) = scope.modules.get(&module.sym) else { return false };
        let mut kinds = names
            .keywords
            .iter()
            .filter(|(_, id)| names.def(**id).module == *module && !scope.brings(**id));
        kinds.any(|(word, _)| used.contains(word))
    };
    for info in file {
        for &item in &info.tree.items {
            let member = info.tree.member(item);
            let MemberKind::Import { path, picks, alias, .. } = member.kind else { continue };
            let whole = info.span(statement(info, member.at));
            match picks {
                None => {
                    let last = info.tree.names_of(path).last().copied();
                    let Some(name) = alias.or(last) else { continue };
                    // A name that something else has is told of as a clash.
                    let clash = !scope.modules.contains_key(&name.sym);
                    if !uses(name) && !clash && !any_keyword(name) {
                        let at = info.span(name.at);
                        sink.report(errors::unused_import(name.sym.as_str(), at, whole));
                    }
                }
                Some(picks) => {
                    let picks = info.tree.picks_of(picks);
                    if picks.is_empty() {
                        sink.report(errors::empty_import(info.span(member.at), whole));
                    }
                    let idle = |pick: &Pick| {
                        let name = pick.alias.unwrap_or(pick.name);
                        scope.picked.contains_key(&name.sym) && !uses(name)
                    };
                    let all = picks.iter().all(idle);
                    for (at, pick) in picks.iter().enumerate().filter(|(_, pick)| idle(pick)) {
                        let name = pick.alias.unwrap_or(pick.name);
                        let cut = if all { whole } else { info.span(cut(picks, at)) };
                        let found =
                            errors::unused_import(name.sym.as_str(), info.span(name.at), cut);
                        sink.report(found);
                    }
                }
            }
        }
    }
}

/// The names that a tree's expressions, types and blocks begin with.
fn mentioned(tree: &Tree, used: &mut FxHashSet<Sym>) {
    for expr in &tree.exprs {
        if let Expr::Name(name) = expr {
            used.insert(*name);
        }
    }
    for path in &tree.paths {
        used.extend(tree.names_of(path.names).first().map(|name| name.sym));
    }
    for member in &tree.members {
        if let MemberKind::Block { path, .. } = member.kind {
            used.extend(tree.names_of(path).first().map(|name| name.sym));
        }
    }
}

/// A pick with the comma that parts it from its neighbour.
fn cut(picks: &[Pick], at: usize) -> Extent {
    let end = |pick: &Pick| pick.alias.unwrap_or(pick.name).at.end;
    let here = picks.get(at);
    let start = here.map_or(0, |pick| pick.name.at.start);
    let stop = here.map_or(start, end);
    match (picks.get(at + 1), at.checked_sub(1).and_then(|before| picks.get(before))) {
        (Some(next), _) => Extent::new(start, next.name.at.start),
        (None, Some(before)) => Extent::new(end(before), stop),
        (None, None) => Extent::new(start, stop),
    }
}

/// A statement with its line's end, where it has the line to itself.
fn statement(info: &TreeInfo, at: Extent) -> Extent {
    let base = info.base as usize;
    let (start, end) = (base + at.start as usize, base + at.end as usize);
    let before = info.text.get(..start).unwrap_or("");
    let after = info.text.get(end..).unwrap_or("");
    let blanks = after.len() - after.trim_start_matches([' ', '\t', '\r']).len();
    let alone = before.is_empty() || before.ends_with('\n');
    let ends = after.get(blanks..).is_some_and(|rest| rest.starts_with('\n'));
    let more = if alone && ends { blanks + 1 } else { 0 };
    Extent::new(at.start, at.end + u32::try_from(more).unwrap_or(0))
}
