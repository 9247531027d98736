//! `allow(eval/no-target) because ".."` where nothing of the code is found  =>  no `allow`; and what an `allow` leaves out.

use super::errors;
use crate::diag::{Diagnostic, Level, Sink, USED_HERE};
use crate::resolve::Names;
use crate::source::Span;
use crate::syntax::{BodyId, MemberKind, Tree};

/// An `allow` and the block that it stands in.
struct Allowance {
    code: String,
    at: Span,
    block: Span,
}

fn of_program(names: &Names) -> Vec<Allowance> {
    let mut out = Vec::new();
    for info in &names.trees {
        for member in &info.tree.members {
            for body in bodies(&info.tree, &member.kind) {
                for inner in info.tree.members_of(body) {
                    if let MemberKind::Allow { code } = inner.kind {
                        let code = code.sym.as_str().to_owned();
                        let (at, block) = (info.span(inner.at), info.span(member.at));
                        out.push(Allowance { code, at, block });
                    }
                }
            }
        }
    }
    out
}

/// The braces of a member in which an `allow` may stand.
fn bodies(tree: &Tree, member: &MemberKind) -> Vec<BodyId> {
    if let MemberKind::Block { body, .. } | MemberKind::For { body, .. } = *member {
        vec![body]
    } else if let MemberKind::If { then, other, .. } = *member {
        std::iter::once(then).chain(other).collect()
    } else if let MemberKind::By { arms, .. } = *member {
        tree.by_bodies_of(arms).iter().map(|arm| arm.body).collect()
    } else {
        Vec::new()
    }
}

/// Leaves out the warnings and hints that an `allow` around them, or around the use of a component that led to them, names. An `allow` that leaves out nothing is
/// itself a finding, unless errors stand, here or `elsewhere`, which may have kept what it allows from being found.
pub fn allowed(names: &Names, found: Sink, elsewhere: bool) -> Sink {
    let allowances = of_program(names);
    if allowances.is_empty() {
        return found;
    }
    let has_errors = elsewhere || found.has_errors();
    let mut used = vec![false; allowances.len()];
    let mut out = Sink::new();
    for mut diagnostic in found.into_sorted() {
        let by = allowances.iter().position(|allow| {
            allow.code == diagnostic.code.as_str()
                && places(&diagnostic).any(|at| allow.block.holds(at))
        });
        match by {
            Some(by) if diagnostic.level != Level::Error => {
                if let Some(used) = used.get_mut(by) {
                    *used = true;
                }
                continue;
            }
            Some(_) => {
                diagnostic =
                    diagnostic.help("an error stays one: `allow` is for warnings and hints");
            }
            None => {}
        }
        out.report(diagnostic);
    }
    if !has_errors {
        for (allow, _) in allowances.iter().zip(used).filter(|(_, used)| !used) {
            out.report(errors::unused_allow(&allow.code, allow.at));
        }
    }
    out
}

/// Where a finding arises: its own place, and the uses of the components that it stands in.
fn places(diagnostic: &Diagnostic) -> impl Iterator<Item = Span> + '_ {
    let uses = diagnostic.because.iter().filter(|label| label.text == USED_HERE);
    diagnostic.primary.iter().chain(uses).map(|label| label.span)
}
