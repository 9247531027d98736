//! Tests: assertions on the values of a whole program.
//!
//! A test is computed for the first cluster. Where nothing that it reads depends on the cluster, that holds everywhere;
//! else it is computed for every cluster on which all that it names exists.

use super::evaluate::Resource;
use super::evaluator::{Evaluator, NOTHING};
use super::expr::Frame;
use super::value::Value;
use crate::diag::Diagnostic;
use crate::resolve::TestDecl;
use crate::source::{Extent, Span, Sym};
use crate::syntax::{Expr, ExprId, MemberKind, Tree};
use crate::types::Meaning;

/// What came of a test's assertions.
#[derive(Clone, Debug, Default)]
pub struct TestRun {
    /// The clusters for which it was computed; empty where it depends on none.
    pub targets: Vec<Sym>,
    /// The assertions that do not hold, in the order written; those of several targets that fail alike are one.
    pub failures: Vec<Failure>,
    /// What computing it found.
    pub findings: Vec<Diagnostic>,
    /// Whether no cluster has all that it names.
    pub nowhere: bool,
}

/// An assertion that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// Its condition.
    pub at: Span,
    /// The narrowest place that stands for the whole condition: its last operator's sign.
    pub sign: Span,
    /// What it says for this case.
    pub message: Option<String>,
    /// Whether the condition is false; else it could not be computed.
    pub is_false: bool,
    /// The value of each part of the condition, and the narrowest place that stands for it.
    pub values: Vec<(Span, String)>,
    /// The clusters on which it fails; empty where it depends on none.
    pub targets: Vec<Sym>,
}

/// What a test reads.
struct Reads {
    /// Whether it says `here` or `by`.
    here: bool,
    /// The resources that it names.
    named: Vec<u32>,
}

/// A test on one target.
struct Turn {
    failures: Vec<Failure>,
    findings: Vec<Diagnostic>,
    varies: bool,
    /// The resources that what it reads names, by way of `let`s.
    named: Vec<u32>,
}

impl Evaluator<'_> {
    /// Computes a test's assertions. Call when the program was evaluated without an error.
    pub fn test(&mut self, test: &TestDecl, resources: &[Resource]) -> TestRun {
        let mut run = TestRun::default();
        let clusters = self.clusters(resources);
        let Reads { here: reads_here, named } = self.reads(test);
        if reads_here && clusters == [NOTHING] {
            return TestRun { nowhere: true, ..run };
        }
        let mut done = 0_usize;
        for &target in &clusters {
            let turn = self.test_on(test, target);
            if !turn.varies && !reads_here {
                run.failures = turn.failures;
                run.findings = turn.findings;
                return run;
            }
            if !on_target(&named, resources, target) || !on_target(&turn.named, resources, target) {
                continue;
            }
            done += 1;
            let name = self.blocks.get(target as usize).map(|block| block.name);
            run.targets.extend(name);
            for found in turn.findings {
                if !run.findings.contains(&found) {
                    run.findings.push(found);
                }
            }
            for failure in turn.failures {
                let same = run.failures.iter_mut().find(|known| {
                    known.at == failure.at
                        && known.message == failure.message
                        && known.is_false == failure.is_false
                        && known.values == failure.values
                });
                match same {
                    Some(known) => known.targets.extend(name),
                    None => run
                        .failures
                        .push(Failure { targets: name.into_iter().collect(), ..failure }),
                }
            }
            if self.budget.reported {
                break;
            }
        }
        run.failures.sort_by_key(|failure| failure.at);
        run.nowhere = done == 0;
        run
    }

    /// The clusters of the program by name, external ones where something stands on them; [`NOTHING`] where there are none.
    fn clusters(&self, resources: &[Resource]) -> Vec<u32> {
        let kind = self.names.keywords.get(&Sym::new("cluster"));
        let own = resources.iter().filter(|resource| !resource.external).map(|own| own.block);
        let mut found: Vec<(&str, u32)> = own
            .filter_map(|block| Some((block, self.blocks.get(block as usize)?)))
            .filter(|(_, decl)| Some(&decl.kind) == kind)
            .map(|(block, decl)| (decl.name.as_str(), block))
            .collect();
        let targets = resources.iter().flat_map(|resource| resource.targets.iter().copied());
        found.extend(
            targets
                .filter_map(|block| Some((self.blocks.get(block as usize)?.name.as_str(), block))),
        );
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            return vec![NOTHING];
        }
        found.into_iter().map(|(_, block)| block).collect()
    }

    /// What the assertions and `let`s of the test read by name, whether it is computed or not.
    fn reads(&self, test: &TestDecl) -> Reads {
        let nodes = &self.names.tree(test.tree).tree;
        let inside = formulas(nodes, test);
        let mut reads = Reads { here: false, named: Vec::new() };
        for ((id, expr), at) in (0_u32..).map(ExprId).zip(&nodes.exprs).zip(&nodes.expr_at) {
            if !inside.iter().any(|around| around.start <= at.start && at.end <= around.end) {
                continue;
            }
            reads.here |= matches!(expr, Expr::Here | Expr::By { .. });
            if let Meaning::Resource(block) = self.types.meaning(test.tree, id) {
                reads.named.push(block);
            }
        }
        reads
    }

    fn test_on(&mut self, test: &TestDecl, target: u32) -> Turn {
        let first = self.sink.len();
        let outer_deps = std::mem::take(&mut self.deps);
        let outer_owner = std::mem::replace(&mut self.owner, NOTHING);
        let outer_loose = std::mem::take(&mut self.loose);
        let mut failures = Vec::new();
        let names = self.names;
        let nodes = &names.tree(test.tree).tree;
        let lets = match nodes.member(test.member).kind {
            MemberKind::Test { body, .. } => body,
            _ => return Turn { failures, findings: Vec::new(), varies: false, named: Vec::new() },
        };
        // Each `let` has its place from the start, so that the variables of a comprehension stand behind them.
        let start = self.locals.len();
        let count =
            nodes.members_of(lets).filter(|m| matches!(m.kind, MemberKind::Let { .. })).count();
        self.locals.resize(start + count, Value::Poison);
        let mut frame = Frame {
            tree: test.tree,
            record: NOTHING,
            target,
            locals: (u32::try_from(start).unwrap_or(NOTHING), 0),
            inherited: None,
            inputs: NOTHING,
        };
        for member in nodes.members_of(lets) {
            match member.kind {
                MemberKind::Let { value, .. } => {
                    let value = self.eval(value, &frame);
                    let place = (frame.locals.0 + frame.locals.1) as usize;
                    if let Some(place) = self.locals.get_mut(place) {
                        *place = value;
                    }
                    frame.locals.1 += 1;
                }
                MemberKind::Assert { condition, message } => {
                    let value = self.eval(condition, &frame);
                    if value == Value::Bool(true) {
                        continue;
                    }
                    let at = self.span(test.tree, condition);
                    let message = message.map(|text| self.message(test.tree, text, &frame));
                    let before = self.sink.len();
                    let values = self.witnesses(condition, &frame);
                    // The parts were computed before: what they have to report is reported.
                    self.sink.split_off(before);
                    let is_false = value == Value::Bool(false);
                    let sign = self.sign_of(condition, &frame);
                    let targets = Vec::new();
                    failures.push(Failure { at, sign, message, is_false, values, targets });
                }
                _ => {}
            }
        }
        self.report_arms();
        let varies = std::mem::replace(&mut self.deps, outer_deps) != 0;
        self.owner = outer_owner;
        let named = std::mem::replace(&mut self.loose, outer_loose);
        let findings = self.sink.split_off(first);
        Turn { failures, findings, varies, named }
    }
}

/// Where the formulas of a test stand; the wrong programs that it expects have their own.
fn formulas(nodes: &Tree, test: &TestDecl) -> Vec<Extent> {
    let MemberKind::Test { body, .. } = nodes.member(test.member).kind else { return Vec::new() };
    let members = nodes.members_of(body);
    members
        .filter(|member| matches!(member.kind, MemberKind::Let { .. } | MemberKind::Assert { .. }))
        .map(|member| member.at)
        .collect()
}

/// Whether every one of some resources exists on a target.
fn on_target(named: &[u32], resources: &[Resource], target: u32) -> bool {
    named.iter().all(|block| {
        let resource = resources.iter().find(|resource| resource.block == *block);
        resource.is_none_or(|resource| {
            resource.external || resource.targets.is_empty() || resource.targets.contains(&target)
        })
    })
}
