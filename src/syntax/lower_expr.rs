//! Expressions and types.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a match names the rules that its place of the grammar allows, of some two hundred"
)]

use pest::iterators::Pair;

use super::errors;
use super::lower::{Lower, Walk, count, extend};
use super::lower_text::TEXTS;
use super::parse::Rule;
use super::{
    Arg, BinaryOp, ByArm, Clause, Expr, ExprId, Extent, MatchArm, NO_BASE, Name, Pattern, Refine,
    Slice, TyId, TyNode, TypePath, UnaryOp,
};

impl Lower<'_> {
    /// An `expr` or `expr_nb`: operands and operators side by side.
    pub(super) fn expression(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let at = self.at(&pair);
        let operators = pair.clone().into_inner().filter(|p| is_operator(p.as_rule())).count();
        match self.nested(count(operators) + 1, at, |cx| cx.climb(pair, at)) {
            Some(id) => id,
            None => self.expr(Expr::Error, at),
        }
    }

    /// Orders a flat run of operands by how tightly the operators between them bind.
    fn climb(&mut self, pair: Pair<'_, Rule>, at: Extent) -> ExprId {
        let mut operands: Vec<ExprId> = Vec::new();
        let mut waiting: Vec<(BinaryOp, Extent)> = Vec::new();
        let mut prefixes: Vec<(UnaryOp, Extent)> = Vec::new();
        let mut walk = Walk::of(pair);
        while let Some(token) = walk.next() {
            let token_at = self.at(&token);
            match token.as_rule() {
                Rule::prefix => {
                    let op = if token.as_str() == "!" { UnaryOp::Not } else { UnaryOp::Negate };
                    prefixes.push((op, token_at));
                }
                Rule::op | Rule::op_lead => {
                    let Some(op) = operator(token.as_str()) else { continue };
                    self.fold(&mut operands, &mut waiting, binding(op));
                    self.refuse_chain(&operands, op, token_at);
                    waiting.push((op, token_at));
                }
                _ => {
                    let mut id = self.chain(token);
                    while let Some((op, start)) = prefixes.pop() {
                        let whole = start.to(self.tree.expr_extent(id));
                        id = self.expr(Expr::Unary { op, operand: id }, whole);
                    }
                    operands.push(id);
                }
            }
        }
        self.fold(&mut operands, &mut waiting, 0);
        match operands.pop() {
            Some(id) => id,
            None => self.expr(Expr::Error, at),
        }
    }

    /// Joins what binds at least as tightly as `limit`.
    fn fold(
        &mut self,
        operands: &mut Vec<ExprId>,
        waiting: &mut Vec<(BinaryOp, Extent)>,
        limit: u8,
    ) {
        while let Some(&(op, _)) = waiting.last() {
            if binding(op) < limit {
                return;
            }
            waiting.pop();
            let (Some(right), Some(left)) = (operands.pop(), operands.pop()) else { return };
            let at = self.tree.expr_extent(left).to(self.tree.expr_extent(right));
            operands.push(self.expr(Expr::Binary { op, left, right }, at));
        }
    }

    /// `a < b < c` and `a .. b .. c` mean nothing.
    fn refuse_chain(&mut self, operands: &[ExprId], op: BinaryOp, at: Extent) {
        let level = binding(op);
        if level != COMPARISON && level != RANGE {
            return;
        }
        let Some(&left) = operands.last() else { return };
        if let Expr::Binary { op: before, .. } = self.tree.expr(left)
            && binding(before) == level
        {
            let (span, first) = (self.span(at), self.span(self.tree.expr_extent(left)));
            self.report(errors::chained_comparison(span, first, op.text()));
            // What the chain means is not known: nothing is judged of it.
            if let Some(node) = self.tree.exprs.get_mut(left.index()) {
                *node = Expr::Error;
            }
        }
    }

    /// A primary with what follows it without a blank.
    fn chain(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let at = self.at(&pair);
        let links = count(pair.clone().into_inner().count()).saturating_sub(1);
        match self.nested(links, at, |cx| cx.chain_links(pair)) {
            Some(id) => id,
            None => self.expr(Expr::Error, at),
        }
    }

    fn chain_links(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let whole = self.at(&pair);
        let mut walk = Walk::of(pair);
        let Some(first) = walk.next() else { return self.expr(Expr::Error, whole) };
        let mut id = if first.as_rule() == Rule::reference {
            self.reference(first)
        } else {
            self.primary(first)
        };
        while let Some(link) = walk.next() {
            let at = Extent::new(whole.start, self.at(&link).end);
            id = match link.as_rule() {
                Rule::access | Rule::opt_access => {
                    let optional = link.as_rule() == Rule::opt_access;
                    let name = Walk::of(link).next().and_then(|name| self.name(name));
                    match name {
                        Some(name) => {
                            let name = self.add_name(name);
                            self.expr(Expr::Field { base: id, name, optional }, at)
                        }
                        None => self.expr(Expr::Error, at),
                    }
                }
                Rule::index => {
                    let index = self.expect_expr(&mut Walk::of(link), at);
                    self.expr(Expr::Index { base: id, index }, at)
                }
                _ => {
                    let args = self.arguments(link);
                    self.expr(Expr::Call { callee: id, start: args.start, len: args.len }, at)
                }
            };
        }
        id
    }

    /// A name; of an UpperCamel one without a dot before it, a type.
    fn reference(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let first = self.ident(&pair);
        if is_upper(first) {
            return self.type_name(first);
        }
        match pair.as_str() {
            "true" => return self.expr(Expr::Bool(true), first.at),
            "false" => return self.expr(Expr::Bool(false), first.at),
            "none" => return self.expr(Expr::None, first.at),
            "self" => return self.expr(Expr::SelfBlock, first.at),
            "outer" => return self.expr(Expr::Outer, first.at),
            "here" => return self.expr(Expr::Here, first.at),
            _ => {}
        }
        self.expr(Expr::Name(first.sym), first.at)
    }

    fn type_name(&mut self, name: Name) -> ExprId {
        let names = self.add_names(&[name]);
        let path = self.add_path(TypePath { names, at: name.at });
        self.expr(Expr::TypeName(path), name.at)
    }

    fn primary(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let at = self.at(&pair);
        let rule = pair.as_rule();
        if TEXTS.contains(&rule) {
            let text = self.text(pair);
            return self.expr(Expr::Text(text), at);
        }
        let mut walk = Walk::of(pair);
        let node = match rule {
            Rule::number => Expr::Number,
            Rule::all_kind => match walk.take(Rule::path_ty) {
                Some(path) => Expr::All(self.type_path(&path)),
                None => Expr::Error,
            },
            Rule::if_expr => Expr::If {
                condition: self.expect_expr(&mut walk, at),
                yes: self.expect_expr(&mut walk, at),
                no: self.expect_expr(&mut walk, at),
            },
            Rule::match_expr => {
                let subject = self.expect_expr(&mut walk, at);
                let mut arms = Vec::new();
                while let Some(arm) = walk.take(Rule::arm) {
                    arms.push(self.match_arm(arm));
                }
                let arms = extend(&mut self.tree.match_arms, &arms);
                Expr::Match { subject, start: arms.start, len: arms.len }
            }
            Rule::by_expr => {
                let Some(axis) = walk.take(Rule::ident) else { return self.expr(Expr::Error, at) };
                let axis = self.ident(&axis);
                let axis = self.add_name(axis);
                let mut arms = Vec::new();
                while let Some(arm) = walk.take(Rule::by_arm) {
                    let arm_at = self.at(&arm);
                    let mut arm = Walk::of(arm);
                    let names = self.arm_names(&mut arm);
                    let value = self.expect_expr(&mut arm, arm_at);
                    arms.push(ByArm { names, value });
                }
                let arms = extend(&mut self.tree.by_arms, &arms);
                Expr::By { axis, start: arms.start, len: arms.len }
            }
            Rule::record => {
                let base = walk.take(Rule::path_ty).map(|path| self.type_path(&path));
                Expr::Record {
                    base: base.unwrap_or(NO_BASE),
                    body: self.expect_body(&mut walk, at),
                }
            }
            Rule::brace => Expr::Record { base: NO_BASE, body: self.expect_body(&mut walk, at) },
            Rule::list => self.list(walk),
            Rule::paren => Expr::Paren(self.expect_expr(&mut walk, at)),
            _ => Expr::Error,
        };
        self.expr(node, at)
    }

    fn list(&mut self, mut walk: Walk<'_>) -> Expr {
        let mut elements = Vec::new();
        while let Some(element) = walk.next() {
            if element.as_rule() == Rule::clauses {
                let clauses = self.clauses(element);
                let Some(value) = elements.pop() else { return Expr::Error };
                return Expr::ListFor { value, start: clauses.start, len: clauses.len };
            }
            elements.push(self.element(element));
        }
        Expr::List(extend(&mut self.tree.expr_pool, &elements))
    }

    /// A `spread` or an `expr`.
    fn element(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        if pair.as_rule() != Rule::spread {
            return self.expression(pair);
        }
        let at = self.at(&pair);
        let value = self.expect_expr(&mut Walk::of(pair), at);
        self.expr(Expr::Spread(value), at)
    }

    fn arguments(&mut self, pair: Pair<'_, Rule>) -> Slice {
        let mut args = Vec::new();
        let mut walk = Walk::of(pair);
        while let Some(arg) = walk.take(Rule::arg) {
            let mut arg = Walk::of(arg);
            let name = arg.take(Rule::arg_name).and_then(|name| Walk::of(name).next());
            let name = name.map(|name| self.ident(&name));
            if let Some(value) = arg.next() {
                let value = self.element(value);
                args.push(Arg { name, value });
            }
        }
        extend(&mut self.tree.args, &args)
    }

    /// The clauses of a comprehension.
    pub(super) fn clauses(&mut self, pair: Pair<'_, Rule>) -> Slice {
        let mut clauses = Vec::new();
        let mut walk = Walk::of(pair);
        while let Some(clause) = walk.next() {
            let at = self.at(&clause);
            let rule = clause.as_rule();
            let mut clause = Walk::of(clause);
            if rule == Rule::if_clause {
                clauses.push(Clause::If(self.expect_expr(&mut clause, at)));
            } else if let Some((key, value)) = self.loop_names(&mut clause) {
                let source = self.expect_expr(&mut clause, at);
                clauses.push(Clause::For { key, value, source });
            }
        }
        extend(&mut self.tree.clauses, &clauses)
    }

    /// `x`, or `k, v`.
    pub(super) fn loop_names(&mut self, walk: &mut Walk<'_>) -> Option<(Option<Name>, Name)> {
        let first = walk.take(Rule::var)?;
        let first = self.ident(&first);
        Some(match walk.take(Rule::var) {
            Some(second) => (Some(first), self.ident(&second)),
            None => (None, first),
        })
    }

    fn match_arm(&mut self, pair: Pair<'_, Rule>) -> MatchArm {
        let at = self.at(&pair);
        let mut patterns = Vec::new();
        let mut walk = Walk::of(pair);
        while let Some(pattern) = walk.take(Rule::pattern) {
            patterns.push(self.pattern(pattern));
        }
        let value = self.expect_expr(&mut walk, at);
        MatchArm { patterns: extend(&mut self.tree.patterns, &patterns), value }
    }

    fn pattern(&mut self, pair: Pair<'_, Rule>) -> Pattern {
        let at = self.at(&pair);
        let mut walk = Walk::of(pair.clone());
        match walk.peek() {
            Some(Rule::any) => Pattern::Any(at),
            Some(Rule::path_ty) => {
                let path = walk.next().map_or(NO_BASE, |path| self.type_path(&path));
                let bind = walk.take(Rule::var).map(|name| self.ident(&name));
                Pattern::Member { path, bind }
            }
            _ => Pattern::Value(self.bound(pair)),
        }
    }

    /// A constant or a reference: what a bound or a pattern may be.
    fn bound(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let at = self.at(&pair);
        let mut walk = Walk::of(pair);
        let minus = walk.take(Rule::minus).is_some();
        let Some(token) = walk.next() else { return self.expr(Expr::Error, at) };
        let id = if token.as_rule() == Rule::chain_ref {
            self.chain(token)
        } else {
            self.primary(token)
        };
        if minus { self.expr(Expr::Unary { op: UnaryOp::Negate, operand: id }, at) } else { id }
    }

    /// The names of an arm of `by`.
    pub(super) fn arm_names(&mut self, walk: &mut Walk<'_>) -> Slice {
        let mut names = Vec::new();
        while let Some(name) = walk.take_any(&[Rule::ident, Rule::quoted]) {
            names.extend(self.name(name));
        }
        self.add_names(&names)
    }

    /// The expression that comes next.
    pub(super) fn expect_expr(&mut self, walk: &mut Walk<'_>, at: Extent) -> ExprId {
        match walk.take_any(&[Rule::expr, Rule::expr_nb]) {
            Some(expr) => self.expression(expr),
            None => self.expr(Expr::Error, at),
        }
    }

    /// Adds a path that ends in a type's name.
    pub(super) fn type_path(&mut self, pair: &Pair<'_, Rule>) -> u32 {
        let path = self.dotted(pair);
        self.add_path(path)
    }

    /// The type that comes next.
    pub(super) fn expect_type(&mut self, walk: &mut Walk<'_>, at: Extent) -> TyId {
        match walk.take(Rule::ty) {
            Some(ty) => self.type_expression(ty),
            None => self.ty(TyNode::Error, at),
        }
    }

    /// A `ty`: one type, or a union.
    pub(super) fn type_expression(&mut self, pair: Pair<'_, Rule>) -> TyId {
        let at = self.at(&pair);
        let made = self.nested(1, at, |cx| {
            let mut alternatives = Vec::new();
            let mut walk = Walk::of(pair);
            while let Some(atom) = walk.take(Rule::ty_atom) {
                alternatives.push(cx.type_atom(atom));
            }
            match alternatives.as_slice() {
                [one] => *one,
                [] => cx.ty(TyNode::Error, at),
                _ => {
                    let members = extend(&mut cx.tree.type_pool, &alternatives);
                    cx.ty(TyNode::Union(members), at)
                }
            }
        });
        made.unwrap_or_else(|| self.ty(TyNode::Error, at))
    }

    fn type_atom(&mut self, pair: Pair<'_, Rule>) -> TyId {
        let at = self.at(&pair);
        let later = pair.clone().into_inner().next().is_some_and(|p| p.as_rule() == Rule::kw_later);
        let mut walk = Walk::of(pair);
        let Some(core) = walk.next() else { return self.ty(TyNode::Error, at) };
        let core_at = self.at(&core);
        let rule = core.as_rule();
        let node = if TEXTS.contains(&rule) {
            TyNode::Literal(self.text(core))
        } else {
            let mut core = Walk::of(core);
            match rule {
                Rule::ty_list => {
                    let element = self.expect_type(&mut core, core_at);
                    TyNode::List(element, self.refine(&mut core))
                }
                Rule::ty_map => {
                    let key = self.expect_type(&mut core, core_at);
                    let value = self.expect_type(&mut core, core_at);
                    TyNode::Map(key, value, self.refine(&mut core))
                }
                Rule::ty_computed => match (core.take(Rule::ident), core.take(Rule::ident)) {
                    (Some(function), Some(field)) => TyNode::Computed {
                        function: self.ident(&function),
                        field: self.ident(&field),
                    },
                    _ => TyNode::Error,
                },
                _ => self.named_type(core),
            }
        };
        let mut id = self.ty(node, core_at);
        // `later T?` may be absent; where it is there, it is known later.
        if later {
            let mut end = core_at.end;
            let mut context = NO_BASE;
            if let Some(of) = walk.take(Rule::of_context) {
                end = self.at(&of).end;
                if let Some(path) = Walk::of(of).next() {
                    context = self.type_path(&path);
                }
            }
            id = self.ty(TyNode::Later { of: id, context }, Extent::new(at.start, end));
        }
        if let Some(mark) = walk.take(Rule::optional) {
            let whole = Extent::new(at.start, self.at(&mark).end);
            id = self.ty(TyNode::Optional(id), whole);
        }
        id
    }

    fn named_type(&mut self, mut walk: Walk<'_>) -> TyNode {
        let Some(path) = walk.take(Rule::path_ty) else { return TyNode::Error };
        let path = self.type_path(&path);
        let mut args = Vec::new();
        if let Some(list) = walk.take(Rule::ty_args) {
            let mut list = Walk::of(list);
            while let Some(arg) = list.take(Rule::ty) {
                args.push(self.type_expression(arg));
            }
        }
        let args = extend(&mut self.tree.type_pool, &args);
        TyNode::Named { path, args, refine: self.refine(&mut walk) }
    }

    fn refine(&mut self, walk: &mut Walk<'_>) -> Refine {
        let Some(inner) = walk.take(Rule::refine).and_then(|refine| Walk::of(refine).next()) else {
            return Refine::None;
        };
        match inner.as_rule() {
            Rule::range => {
                let mut range = Walk::of(inner);
                let low = range.take(Rule::low).map(|bound| self.bound(bound));
                let high = range.take(Rule::high).map(|bound| self.bound(bound));
                Refine::Range { low, high }
            }
            Rule::ident => Refine::Word(self.ident(&inner)),
            _ => Refine::Pattern(self.text(inner)),
        }
    }
}

fn is_upper(name: Name) -> bool {
    name.sym.as_str().starts_with(|first: char| first.is_ascii_uppercase())
}

fn is_operator(rule: Rule) -> bool {
    matches!(rule, Rule::op | Rule::op_lead | Rule::prefix)
}

const COMPARISON: u8 = 4;
const RANGE: u8 = 5;

/// How tightly an operator binds, from 1.
pub const fn binding(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Otherwise => 1,
        BinaryOp::Or => 2,
        BinaryOp::And => 3,
        BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::In
        | BinaryOp::Is => COMPARISON,
        BinaryOp::Range => RANGE,
        BinaryOp::Add | BinaryOp::Subtract => 6,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => 7,
    }
}

fn operator(text: &str) -> Option<BinaryOp> {
    Some(match text {
        "??" => BinaryOp::Otherwise,
        "||" => BinaryOp::Or,
        "&&" => BinaryOp::And,
        "==" => BinaryOp::Equal,
        "!=" => BinaryOp::NotEqual,
        "<" => BinaryOp::Less,
        "<=" => BinaryOp::LessEqual,
        ">" => BinaryOp::Greater,
        ">=" => BinaryOp::GreaterEqual,
        "in" => BinaryOp::In,
        "is" => BinaryOp::Is,
        ".." => BinaryOp::Range,
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Subtract,
        "*" => BinaryOp::Multiply,
        "/" => BinaryOp::Divide,
        "%" => BinaryOp::Remainder,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::source::FileId;
    use crate::syntax::{Expr, ExprId, Grain, MemberKind, Tree, UnaryOp, parse};

    /// The expression with a bracket around every operation.
    fn shown(tree: &Tree, id: ExprId, text: &str) -> String {
        let show = |id| shown(tree, id, text);
        match tree.expr(id) {
            Expr::Binary { op, left, right } => {
                format!("({} {} {})", show(left), op.text(), show(right))
            }
            Expr::Unary { op, operand } => {
                format!("({}{})", if op == UnaryOp::Not { "!" } else { "-" }, show(operand))
            }
            Expr::Field { base, name, optional } => {
                let dot = if optional { "?." } else { "." };
                format!("({}{dot}{})", show(base), tree.name(name).sym)
            }
            Expr::Call { callee, .. } => format!("({}())", show(callee)),
            Expr::TypeName(path) => format!("type {}", tree.path(path).at.of(text)),
            Expr::If { condition, yes, no } => {
                format!("if({}, {}, {})", show(condition), show(yes), show(no))
            }
            _ => tree.expr_extent(id).of(text).to_owned(),
        }
    }

    fn check(source: &str, expected: &str) {
        let text = format!("let a = {source}");
        let parsed = parse(FileId(0), &text, Grain::Chunks);
        assert!(parsed.sink.is_empty(), "{source}: {:?}", parsed.sink);
        let tree = &parsed.trees[0].tree;
        let MemberKind::Let { value, .. } = tree.member(tree.items[0]).kind else {
            panic!("{source} is no `let`");
        };
        assert_eq!(shown(tree, value, &text), expected);
        assert_eq!(
            tree.expr_extent(value).of(&text),
            source.split(" //").next().unwrap().trim_end()
        );
    }

    #[test]
    fn operators_bind_as_the_language_says() {
        check("a + b * -c ?? d && e || f // g", "((a + (b * (-c))) ?? ((d && e) || f))");
        check("a - b - c", "((a - b) - c)");
        check("a .. b + 1 == c .. d", "((a .. (b + 1)) == (c .. d))");
        check("!a.b?.c && x in y", "((!((a.b)?.c)) && (x in y))");
        check("p is lib.Docker || q is absent", "((p is (lib.Docker)) || (q is absent))");
        check("a % b * c / d", "(((a % b) * c) / d)");
        check("if a then b else if c then d else e + f", "if(a, b, if(c, d, (e + f)))");
        check("f(x).y", "((f()).y)");
        check("Docker.x", "(type Docker.x)");
        check("3 * -1", "(3 * (-1))");
        check("eu-1.x-2", "(eu-1.x-2)");
    }
}
