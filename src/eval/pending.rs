//! Findings of values that differ from target to target: one finding that says where, not one a target.

use super::evaluate::Resource;
use super::evaluator::{Evaluator, NOTHING};
use super::slot::{BY_CLUSTER, BY_ENVIRONMENT};
use crate::diag::{Diagnostic, Level};
use crate::source::{Span, Sym};
use crate::syntax::MemberKind;
use rustc_hash::FxHashMap;

/// How many calls a fault in a function's body is shown with.
const MOST_CALLS_SHOWN: usize = 3;

/// How many calls inside of one another one finding shows, beside the outermost.
const MOST_FRAMES_SHOWN: u32 = 3;

/// Where a finding holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scope {
    /// Not known yet: what it belongs to is still being computed.
    Open,
    /// On every target.
    Everywhere,
    /// In an environment: its block.
    Environment(u32),
    /// On a cluster: its block.
    Cluster(u32),
}

/// A finding that waits for those of other targets.
#[derive(Debug)]
struct Waiting {
    found: Diagnostic,
    owner: u32,
    scope: Scope,
    /// How many calls of functions it came through.
    calls: u32,
}

/// Findings that wait until every target is evaluated.
#[derive(Default, Debug)]
pub(super) struct Pending {
    waiting: Vec<Waiting>,
    /// Places in functions where something was found, with the calls that led there.
    in_bodies: FxHashMap<(crate::diag::Code, Span), Vec<Span>>,
    done: bool,
}

impl Evaluator<'_> {
    /// Reports a finding about what is being computed.
    pub(super) fn report(&mut self, found: Diagnostic) {
        if self.pending.done {
            self.sink.report(found);
            return;
        }
        let owner = self.owner;
        self.pending.waiting.push(Waiting { found, owner, scope: Scope::Open, calls: 0 });
    }

    /// Reports a finding that holds on every target.
    pub(super) fn report_everywhere(&mut self, found: Diagnostic) {
        self.report(found);
        if let Some(last) = self.pending.waiting.last_mut() {
            last.scope = Scope::Everywhere;
        }
    }

    /// How many findings wait.
    pub(super) fn waiting(&self) -> usize {
        self.pending.waiting.len()
    }

    /// Drops the findings since `first`.
    pub(super) fn forget_findings(&mut self, first: usize) {
        self.pending.waiting.truncate(first);
    }

    /// Gives the findings since `first` that belong to nobody to a resource.
    pub(super) fn own_findings(&mut self, first: usize, owner: u32) {
        for waiting in self.pending.waiting.iter_mut().skip(first) {
            if waiting.owner == NOTHING {
                waiting.owner = owner;
            }
        }
    }

    /// Says of the findings since `first` that lie in a function's body which call led there. The same fault
    /// through a fourth call says nothing new.
    pub(super) fn in_call(&mut self, first: usize, function: Sym, body: Span, call: Span) {
        let outermost = self.budget.calls == 1;
        let mut known = std::mem::take(&mut self.pending.in_bodies);
        let mut index = first;
        while let Some(waiting) = self.pending.waiting.get_mut(index) {
            let inside =
                waiting.found.primary.as_ref().map(|label| label.span).filter(|at| {
                    at.file == body.file && body.start <= at.start && at.end <= body.end
                });
            let (Some(at), true) = (
                inside.or(waiting.found.primary.as_ref().map(|label| label.span)),
                waiting.scope == Scope::Open && (inside.is_some() || waiting.calls > 0),
            ) else {
                index += 1;
                continue;
            };
            if waiting.calls == 0 {
                let calls = known.entry((waiting.found.code, at)).or_default();
                if !calls.contains(&call) {
                    if calls.len() >= MOST_CALLS_SHOWN {
                        self.pending.waiting.remove(index);
                        continue;
                    }
                    calls.push(call);
                }
            }
            if waiting.calls < MOST_FRAMES_SHOWN || outermost {
                let label = format!("in this call of `{function}`");
                waiting.found = waiting.found.clone().because(call, label);
            }
            waiting.calls += 1;
            index += 1;
        }
        self.pending.in_bodies = known;
    }

    /// Says where the findings since `first` hold, once it is known what the value depends on.
    pub(super) fn place_findings(&mut self, first: usize, deps: u8, target: u32) {
        if first >= self.pending.waiting.len() {
            return;
        }
        let scope = if target == NOTHING || deps == 0 {
            Scope::Everywhere
        } else if deps & BY_CLUSTER != 0 {
            Scope::Cluster(target)
        } else if deps & BY_ENVIRONMENT != 0 {
            self.environment(target).map_or(Scope::Cluster(target), Scope::Environment)
        } else {
            Scope::Everywhere
        };
        for waiting in self.pending.waiting.iter_mut().skip(first) {
            if waiting.scope == Scope::Open {
                waiting.scope = scope;
            }
        }
    }

    /// Hands the findings on, equal ones of several targets as one.
    pub(super) fn settle_findings(&mut self, resources: &[Resource]) {
        self.pending.done = true;
        let targets: FxHashMap<u32, &[u32]> = resources
            .iter()
            .map(|resource| (resource.block, resource.targets.as_slice()))
            .collect();
        let mut merged: Vec<(Diagnostic, Vec<u32>, Vec<Scope>)> = Vec::new();
        let mut places: FxHashMap<(crate::diag::Code, Option<Span>), Vec<usize>> =
            FxHashMap::default();
        for Waiting { found, owner, scope, .. } in std::mem::take(&mut self.pending.waiting) {
            let key = (found.code, found.primary.as_ref().map(|label| label.span));
            let known = places.entry(key).or_default();
            // What a component, loop or preset says for several blocks is wrong once.
            let is_made = |block: u32| {
                let is_written = (block as usize) < self.names.blocks.len();
                let at = found.primary.as_ref().map(|label| label.span);
                block != NOTHING
                    && (!is_written
                        || at.zip(self.extent_of(block)).is_some_and(|(at, own)| !own.holds(at)))
            };
            let same = known.iter().copied().find(|&index| {
                merged.get(index).is_some_and(|(other, owners, _)| {
                    let by = owners.first().copied().unwrap_or(NOTHING);
                    (by == owner || (is_made(by) && is_made(owner)))
                        && *other == found
                        && (by == owner
                            || self.allowing(by, &found) == self.allowing(owner, &found))
                })
            });
            match same.and_then(|index| merged.get_mut(index)) {
                Some((_, owners, scopes)) => {
                    scopes.push(scope);
                    if !owners.contains(&owner) {
                        owners.push(owner);
                    }
                }
                None => {
                    known.push(merged.len());
                    merged.push((found, vec![owner], vec![scope]));
                }
            }
        }
        for (found, owners, scopes) in merged {
            let owner = owners.first().copied().unwrap_or(NOTHING);
            let all = targets.get(&owner).copied().unwrap_or(&[]);
            let found = self.used_by(found, &owners);
            let words = self.where_it_holds(&scopes, all);
            self.sink.report(match words {
                Some(words) => found.help(words),
                None => found,
            });
        }
    }

    /// The block, around what a component makes, that says `allow` of a finding: what one use allows, another may not.
    fn allowing(&self, owner: u32, found: &Diagnostic) -> u32 {
        let mut next = owner;
        while let (Some(block), false) =
            (self.blocks.get(next as usize), found.level == Level::Error)
        {
            let allows = self.decl(next).is_some_and(|decl| {
                let nodes = &self.names.tree(decl.tree).tree;
                let MemberKind::Block { body, .. } = nodes.member(decl.member).kind else {
                    return false;
                };
                nodes.members_of(body).any(|member| {
                    matches!(member.kind, MemberKind::Allow { code } if code.sym.as_str() == found.code.as_str())
                })
            });
            if allows {
                return next;
            }
            next = block.parent;
        }
        NOTHING
    }

    /// `` on `eu-1` and `sandbox` (2 of 4 targets) ``; `None` where it holds on every target.
    fn where_it_holds(&self, scopes: &[Scope], all: &[u32]) -> Option<String> {
        if all.len() < 2
            || scopes.iter().any(|scope| matches!(scope, Scope::Open | Scope::Everywhere))
        {
            return None;
        }
        let holds = |cluster: u32| {
            scopes.iter().any(|scope| match *scope {
                Scope::Environment(environment) => {
                    self.environment_of.get(&cluster) == Some(&environment)
                }
                Scope::Cluster(named) => named == cluster,
                Scope::Open | Scope::Everywhere => true,
            })
        };
        let on: Vec<Sym> = all
            .iter()
            .copied()
            .filter(|&cluster| holds(cluster))
            .filter_map(|cluster| self.blocks.get(cluster as usize))
            .map(|block| block.name)
            .collect();
        let quoted: Vec<String> = on.iter().take(5).map(|name| format!("`{name}`")).collect();
        let list = match (quoted.as_slice(), on.len().saturating_sub(5)) {
            ([], _) => return None,
            ([one], _) => one.clone(),
            (many, 0) => {
                let (last, first) = many.split_last()?;
                format!("{} and {last}", first.join(", "))
            }
            (many, more) => format!("{} and {more} more", many.join(", ")),
        };
        Some(format!("on {list} ({} of {} targets)", on.len(), all.len()))
    }
}
