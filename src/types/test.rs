//! Tests: what they name, and that their assertions are `Bool`. The wrong program of an `expect error` is typed when the
//! test is run, as an addition to the project.

use super::check::{Checker, Local, Scope};
use super::errors;
use super::expectation::{Expectation, Why};
use super::hole::Holes;
use crate::diag::{nearest, page, pages};
use crate::resolve::{TestDecl, duplicate};
use crate::source::{Span, Sym};
use crate::syntax::{MemberKind, TextId, TextPart};

impl Checker<'_> {
    /// Every test.
    pub(super) fn tests(&mut self) {
        let names = self.names;
        for test in &names.tests {
            self.test(test);
        }
    }

    fn test(&mut self, test: &TestDecl) {
        let nodes = self.tree(test.tree);
        let MemberKind::Test { name, body } = nodes.member(test.member).kind else { return };
        if let Some(hole) = self.first_hole(test, name) {
            let help = "tests are listed and asked for by name: it is constant";
            self.report(errors::misplaced("a hole in a test's name", hole, help));
        }
        let mut scope = Scope::new(test.tree);
        let mut declared: Vec<(Sym, Span)> = Vec::new();
        let mut asserts = nodes.body(body).broken;
        for member in nodes.members_of(body) {
            let at = self.span(test.tree, member.at);
            match member.kind {
                MemberKind::Error => asserts = true,
                MemberKind::Let { name, ty, value } => {
                    let place = self.span(test.tree, name.at);
                    if let Some(&(_, first)) = declared.iter().find(|(known, _)| *known == name.sym)
                    {
                        self.report(duplicate("let", name.sym.as_str(), place, first));
                    }
                    let found = match ty {
                        Some(ty) => {
                            let origin = self.span(test.tree, nodes.ty_extent(ty));
                            let ty = self.ty(test.tree, ty, &mut Vec::new());
                            let why = Why::Declared(name.sym);
                            self.expect(&scope, value, Expectation::new(ty, origin, why));
                            ty
                        }
                        None => self.infer(&scope, value),
                    };
                    declared.push((name.sym, place));
                    scope.locals.push(Local { name: name.sym, ty: found, at: place });
                }
                MemberKind::Assert { condition, message } => {
                    asserts = true;
                    self.condition(&scope, condition);
                    let parts =
                        message.map_or(&[][..], |text| nodes.parts_of(nodes.text(text).parts));
                    for part in parts {
                        if let TextPart::Hole(hole) = *part {
                            self.hole(&scope, hole, Holes::Plain);
                        }
                    }
                }
                MemberKind::Expect { code, .. } => {
                    asserts = true;
                    let place = self.span(test.tree, code.at);
                    self.expected_code(code.sym.as_str(), place);
                }
                _ => {
                    let help = "a test holds `let`, `assert ..` and `expect error CODE in { .. }`";
                    self.report(errors::misplaced("this", at, help));
                }
            }
        }
        if !asserts {
            self.report(errors::empty_test(test.name.as_str(), test.at));
        }
    }

    fn first_hole(&self, test: &TestDecl, text: TextId) -> Option<Span> {
        let nodes = self.tree(test.tree);
        let mut parts = nodes.parts_of(nodes.text(text).parts).iter();
        parts.find_map(|part| match *part {
            TextPart::Hole(hole) => Some(self.expr_span(test.tree, hole)),
            TextPart::Verbatim(_) | TextPart::Escape(..) => None,
        })
    }

    /// The code of an `allow`: one that a finding may have.
    pub(super) fn allowed_code(&mut self, code: &str, at: Span) {
        if page(code).is_none() {
            let near = nearest(code, pages().map(|page| page.code));
            self.report(errors::unknown_code(code, at, near, "nothing to allow"));
        }
    }

    fn expected_code(&mut self, code: &str, at: Span) {
        if code.starts_with("syntax/") && page(code).is_some() {
            self.report(errors::unreadable_code(code, at));
        } else if page(code).is_none() {
            let near = nearest(code, pages().map(|page| page.code));
            self.report(errors::unknown_code(code, at, near, "expected by nobody's mistake"));
        }
    }
}
