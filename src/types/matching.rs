//! `match`: what each arm takes, and whether nothing is left over or taken twice.

use super::check::{Checker, Scope};
use super::errors::later::Now;
use super::errors::matching;
use super::errors::mismatch;
use super::expectation::{Expectation, Why};
use super::meaning::{Constant, IsTest, Meaning};
use super::schema::SchemaId;
use super::ty::{Ty, TyKind, Tys};
use crate::resolve::DefId;
use crate::source::{Span, Sym};
use crate::syntax::{Expr, ExprId, MatchArm, Name, Pattern, Slice, TextPart};

/// One of the finitely many things that a value can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Case {
    Absent,
    Bool(bool),
    Literal(Sym),
    Member(SchemaId),
    Kind(DefId),
}

/// A constant that a pattern asks for.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Wanted {
    Case(Case),
    Text(Sym),
    Constant(Constant),
    Resource(u32),
    Object(u32),
    Let(DefId),
}

/// What is known of a `match` while its arms are read.
struct Subject {
    expr: ExprId,
    ty: Ty,
    at: Span,
    cases: Vec<Case>,
    /// Whether it can be something that no list of patterns exhausts: a number, a text, a name.
    open: bool,
    taken: Vec<(Wanted, Span)>,
    /// The `_`, and where it stands.
    rest: Option<Span>,
    /// Whether a pattern is wrong: then nothing is said about what is left.
    wrong: bool,
}

impl Subject {
    fn is_taken(&self, case: Case) -> Option<Span> {
        self.taken.iter().find(|(taken, _)| *taken == Wanted::Case(case)).map(|(_, at)| *at)
    }

    fn left(&self) -> Vec<Case> {
        self.cases.iter().copied().filter(|&case| self.is_taken(case).is_none()).collect()
    }
}

impl Checker<'_> {
    /// `match subject { pattern => value, .. }`.
    pub(super) fn match_value(
        &mut self,
        scope: &Scope,
        expr: ExprId,
        subject: ExprId,
        arms: Slice,
        expect: Option<Expectation>,
    ) -> Ty {
        let nodes = self.tree(scope.tree);
        let arms = nodes.match_arms_of(arms);
        let ty = self.needing(Now::Match, |this| this.infer(scope, subject));
        let at = self.expr_span(scope.tree, subject);
        if self.refused_later(scope, subject, ty, Now::Match) {
            return Tys::UNKNOWN;
        }
        let mut cases = Vec::new();
        let mut open = false;
        if self.types.tys.is_optional(ty) {
            cases.push(Case::Absent);
        }
        for member in self.types.tys.members(ty) {
            self.cases(member, &mut cases, &mut open);
        }
        let mut of = Subject {
            expr: subject,
            ty,
            at,
            cases,
            open,
            taken: Vec::new(),
            rest: None,
            wrong: ty == Tys::UNKNOWN,
        };
        let mut first: Option<(Ty, ExprId)> = None;
        for arm in arms {
            let inner = self.arm(scope, &mut of, arm);
            match (expect, first) {
                (Some(expect), _) => {
                    self.expect(&inner, arm.value, expect);
                }
                (None, None) => first = Some((self.infer(&inner, arm.value), arm.value)),
                (None, Some((ty, value))) => {
                    first = Some((self.same(&inner, arm.value, ty, value), value));
                }
            }
        }
        self.exhausts(scope, expr, &of, arms);
        expect.map(|expect| expect.ty).or(first.map(|(ty, _)| ty)).unwrap_or(Tys::UNKNOWN)
    }

    /// What a member of the subject's type can be.
    fn cases(&self, member: Ty, cases: &mut Vec<Case>, open: &mut bool) {
        match *self.types.tys.kind(member) {
            TyKind::Bool => cases.extend([Case::Bool(true), Case::Bool(false)]),
            TyKind::Literal(text) => cases.push(Case::Literal(text)),
            TyKind::Schema(schema) | TyKind::Member(_, schema) => cases.push(Case::Member(schema)),
            TyKind::Ref(kind) => match self.types.kinds.get(&kind) {
                Some(info) if info.union => {
                    cases.extend(info.members.iter().map(|&schema| Case::Member(schema)));
                }
                _ => cases.push(Case::Kind(kind)),
            },
            _ => *open = true,
        }
    }

    /// The patterns of an arm; gives the scope of its value.
    fn arm(&mut self, scope: &Scope, of: &mut Subject, arm: &MatchArm) -> Scope {
        let nodes = self.tree(scope.tree);
        let patterns = nodes.patterns_of(arm.patterns);
        let mut inner = scope.clone();
        let mut narrow: Vec<Ty> = Vec::new();
        let mut bound: Option<(Name, Ty)> = None;
        for (index, pattern) in (arm.patterns.start..).zip(patterns) {
            let extent = match *pattern {
                Pattern::Any(at) => at,
                Pattern::Value(value) => nodes.expr_extent(value),
                Pattern::Member { path, .. } => nodes.path(path).at,
            };
            let at = self.span(scope.tree, extent);
            if let Some(rest) = of.rest {
                let written = self.names.text(scope.tree, extent);
                self.report(matching::taken_before(written, at, rest));
                of.wrong = true;
                continue;
            }
            match *pattern {
                Pattern::Any(_) => narrow.extend(self.rest(of, at)),
                Pattern::Value(value) => {
                    if let Some(ty) = self.value_pattern(scope, of, value, at) {
                        narrow.push(ty);
                    }
                }
                Pattern::Member { path, bind } => {
                    let ty = self.member_pattern(scope, of, path, index, at);
                    narrow.push(ty.unwrap_or(Tys::UNKNOWN));
                    let Some(name) = bind else { continue };
                    if patterns.len() > 1 {
                        let at = self.span(scope.tree, name.at);
                        self.report(matching::binding_of_several(name.sym.as_str(), at));
                        of.wrong = true;
                    } else {
                        bound = Some((name, ty.unwrap_or(Tys::UNKNOWN)));
                    }
                }
            }
        }
        if let Some(ty) = self.types.tys.one_of(&narrow)
            && narrow.len() == patterns.len()
        {
            self.learn(&mut inner, of.expr, ty);
        }
        if let Some((name, ty)) = bound {
            let at = self.span(scope.tree, name.at);
            self.add_local(&mut inner, name.sym, ty, at);
        }
        inner
    }

    /// `_`: what is left of the subject's type.
    fn rest(&mut self, of: &mut Subject, at: Span) -> Option<Ty> {
        let left = of.left();
        if left.is_empty() && !of.open && !of.wrong {
            let last = of.taken.last().map_or(of.at, |(_, at)| *at);
            self.report(matching::nothing_left(at, last));
            of.wrong = true;
        }
        of.rest = Some(at);
        let mut ty = of.ty;
        let taken: Vec<Wanted> = of.taken.iter().map(|(taken, _)| *taken).collect();
        for taken in taken {
            match taken {
                Wanted::Case(Case::Absent) => ty = self.types.tys.unwrapped(ty),
                Wanted::Case(Case::Member(schema)) => {
                    ty = self.narrowed(ty, IsTest::Schema(schema), false)?;
                }
                Wanted::Case(Case::Kind(kind)) => {
                    ty = self.narrowed(ty, IsTest::Kind(kind), false)?;
                }
                _ => {}
            }
        }
        Some(ty)
    }

    /// `Docker`, `Docker d`: gives what the value is there.
    fn member_pattern(
        &mut self,
        scope: &Scope,
        of: &mut Subject,
        path: u32,
        index: u32,
        at: Span,
    ) -> Option<Ty> {
        let nodes = self.tree(scope.tree);
        let names: Vec<Sym> =
            nodes.names_of(nodes.path(path).names).iter().map(|name| name.sym).collect();
        let Some(test) = self.test_of(scope, of.ty, &names, at) else {
            of.wrong = true;
            return None;
        };
        self.types.patterns.insert((scope.tree, index), test);
        if !self.possible(of.ty, test, at) {
            of.wrong = true;
            return None;
        }
        let covered: Vec<Case> = match test {
            IsTest::Schema(schema) => vec![Case::Member(schema)],
            IsTest::Kind(kind) if self.types.kinds.get(&kind).is_some_and(|kind| kind.union) => {
                self.members_of(kind).into_iter().map(Case::Member).collect()
            }
            IsTest::Kind(kind) => vec![Case::Kind(kind)],
            IsTest::Object(object) => {
                let wanted = Wanted::Object(object);
                if let Some(&(_, first)) = of.taken.iter().find(|(taken, _)| *taken == wanted) {
                    let written = names.last().copied().unwrap_or(Sym::EMPTY);
                    self.report(matching::taken_before(written.as_str(), at, first));
                    of.wrong = true;
                }
                of.taken.push((wanted, at));
                return self.narrowed(of.ty, test, true);
            }
        };
        let left = covered.iter().find(|&&case| of.is_taken(case).is_none());
        if left.is_none()
            && let Some(first) = covered.first().and_then(|&case| of.is_taken(case))
        {
            let written = names.last().copied().unwrap_or(Sym::EMPTY);
            self.report(matching::taken_before(written.as_str(), at, first));
            of.wrong = true;
        }
        of.taken.extend(covered.into_iter().map(|case| (Wanted::Case(case), at)));
        if of.ty == Tys::UNKNOWN { None } else { self.narrowed(of.ty, test, true) }
    }

    /// A text, number, `true`, `absent` or reference: gives what the value is there.
    fn value_pattern(
        &mut self,
        scope: &Scope,
        of: &mut Subject,
        value: ExprId,
        at: Span,
    ) -> Option<Ty> {
        let nodes = self.tree(scope.tree);
        let wanted = if nodes.expr(value) == Expr::Name(Sym::new("absent")) {
            self.mean(scope, value, Meaning::IsAbsent);
            if !of.wrong && !of.cases.contains(&Case::Absent) {
                let shown = self.show(of.ty);
                self.report(matching::never_absent(at, (of.at, shown)));
                of.wrong = true;
                return None;
            }
            Some(Wanted::Case(Case::Absent))
        } else {
            let before = self.sink.len();
            let present = self.types.tys.unwrapped(of.ty);
            if of.ty == Tys::UNKNOWN {
                self.infer(scope, value);
                return None;
            }
            if !self.comparable(present) {
                let shown = self.show(present);
                let error = mismatch(at, "a value", &format!("a member of `{shown}`"), None);
                self.report(error.because(of.at, format!("the matched value is `{shown}`")));
                of.wrong = true;
                return None;
            }
            self.expect(scope, value, Expectation::new(present, of.at, Why::Subject));
            if self.sink.has_errors_since(before) {
                of.wrong = true;
                return None;
            }
            self.wanted(scope, of, value)
        };
        if let Some(wanted) = wanted {
            let seen = of.taken.iter().find(|(taken, _)| *taken == wanted).map(|(_, at)| *at);
            if let Some(first) = seen {
                let written = self.names.text(scope.tree, nodes.expr_extent(value));
                self.report(matching::taken_before(written, at, first));
                of.wrong = true;
            }
            of.taken.push((wanted, at));
        }
        (wanted != Some(Wanted::Case(Case::Absent))).then(|| self.types.tys.unwrapped(of.ty))
    }

    /// Whether a value can be asked for by `==`: a record is asked for by its schema.
    fn comparable(&self, ty: Ty) -> bool {
        let members = self.types.tys.members(ty);
        members.iter().any(|&ty| !matches!(self.types.tys.kind(ty), TyKind::Schema(_)))
    }

    /// The constant that a pattern is, if it is one.
    fn wanted(&self, scope: &Scope, of: &Subject, value: ExprId) -> Option<Wanted> {
        match self.types.meaning(scope.tree, value) {
            Meaning::Constant(index) => {
                self.types.constants.get(index as usize).copied().map(Wanted::Constant)
            }
            Meaning::Resource(block) => Some(Wanted::Resource(block)),
            Meaning::Let(def) => Some(Wanted::Let(def)),
            _ => match self.tree(scope.tree).expr(value) {
                Expr::Bool(value) => Some(Wanted::Case(Case::Bool(value))),
                Expr::Text(text) => {
                    let nodes = self.tree(scope.tree);
                    let parts = nodes.parts_of(nodes.text(text).parts);
                    if parts.iter().any(|part| matches!(part, TextPart::Hole(_))) {
                        return None;
                    }
                    let held = Sym::new(&self.verbatim(scope.tree, text));
                    let case = Case::Literal(held);
                    Some(if of.cases.contains(&case) {
                        Wanted::Case(case)
                    } else {
                        Wanted::Text(held)
                    })
                }
                _ => None,
            },
        }
    }

    /// Reports what no arm takes.
    fn exhausts(&mut self, scope: &Scope, expr: ExprId, of: &Subject, arms: &[MatchArm]) {
        if of.wrong || of.rest.is_some() {
            return;
        }
        let mut missing: Vec<String> = Vec::new();
        for case in of.left() {
            let shown = match case {
                Case::Absent => "absent".to_owned(),
                Case::Bool(value) => value.to_string(),
                Case::Literal(text) => format!("\"{text}\""),
                Case::Member(schema) => self.types.schema(schema).name.to_string(),
                // References to one kind are asked for by name: the rest of them is `_`.
                Case::Kind(_) if of.cases.len() == 1 => "_".to_owned(),
                Case::Kind(kind) => self.names.def(kind).name.to_string(),
            };
            if !missing.contains(&shown) {
                missing.push(shown);
            }
        }
        if of.open {
            missing.push("_".to_owned());
        }
        if missing.is_empty() {
            return;
        }
        let whole = self.expr_span(scope.tree, expr);
        let word = Span::new(whole.file, whole.start, of.at.end);
        let fix = arms.last().and_then(|last| self.more_arms(scope, last, &missing));
        let shown = self.show(of.ty);
        self.report(matching::missing_case(&missing, word, (of.at, shown), fix));
    }

    /// Arms for what is missing, behind the last one and with its value, if that names nothing of its own arm.
    fn more_arms(
        &self,
        scope: &Scope,
        last: &MatchArm,
        missing: &[String],
    ) -> Option<(Span, String)> {
        let nodes = self.tree(scope.tree);
        let binds = nodes
            .patterns_of(last.patterns)
            .iter()
            .any(|pattern| matches!(pattern, Pattern::Member { bind: Some(_), .. }));
        let value = self.names.text(scope.tree, nodes.expr_extent(last.value));
        if binds || value.contains('\n') {
            return None;
        }
        let end = self.expr_span(scope.tree, last.value).end;
        let file = self.expr_span(scope.tree, last.value).file;
        let arms: Vec<String> = missing.iter().map(|one| format!(", {one} => {value}")).collect();
        Some((Span::new(file, end, end), arms.concat()))
    }
}
