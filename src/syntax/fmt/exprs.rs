//! Expressions.

use super::build::{Brackets, Build, Inside};
use super::layout::{Flat, Op};
use crate::syntax::lower_expr::binding;
use crate::syntax::{
    Arg, BinaryOp, ByArm, Clause, Expr, ExprId, MatchArm, NO_BASE, Name, Pattern, Slice, UnaryOp,
};

impl Build<'_> {
    /// An expression.
    pub(super) fn expr(&mut self, id: ExprId) {
        let at = self.tree.expr_extent(id);
        match self.tree.expr(id) {
            Expr::Error => self.unreadable(),
            Expr::Bool(_)
            | Expr::None
            | Expr::Number
            | Expr::Name(_)
            | Expr::TypeName(_)
            | Expr::SelfBlock
            | Expr::Outer
            | Expr::Here => self.span(at),
            Expr::Text(text) => self.text_literal(text),
            Expr::All(path) => {
                self.token("all");
                self.space();
                self.type_path(path);
            }
            Expr::Field { base, name, optional } => {
                self.expr(base);
                self.token(if optional { "?." } else { "." });
                self.span(self.tree.name(name).at);
            }
            Expr::Index { base, index } => {
                self.expr(base);
                self.token("[");
                self.expr(index);
                self.token("]");
            }
            Expr::Call { callee, start, len } => {
                self.expr(callee);
                let args = self.tree.args_of(Slice { start, len });
                self.bracketed(&Brackets::ARGS, args, Self::arg);
            }
            Expr::Unary { op, operand } => {
                self.token(match op {
                    UnaryOp::Negate => "-",
                    UnaryOp::Not => "!",
                });
                self.expr(operand);
            }
            Expr::Binary { .. } => {
                self.chain(id, false);
            }
            Expr::If { .. } => self.if_chain(id, false),
            Expr::Match { subject, start, len } => {
                self.token("match");
                self.space();
                self.expr(subject);
                self.space();
                let arms = self.tree.match_arms_of(Slice { start, len });
                self.bracketed(&Brackets::BRACES, arms, Self::match_arm);
            }
            Expr::By { axis, start, len } => {
                self.token("by");
                self.space();
                self.span(self.tree.name(axis).at);
                self.space();
                let arms = self.tree.by_arms_of(Slice { start, len });
                self.bracketed(&Brackets::BRACES, arms, Self::by_arm);
            }
            Expr::List(elements) => {
                let elements = self.tree.elements(elements);
                self.bracketed(&Brackets::LIST, elements, Self::expr);
            }
            Expr::ListFor { value, start, len } => self.list_for(value, Slice { start, len }),
            Expr::Record { base, body } => {
                if base != NO_BASE {
                    self.type_path(base);
                    self.space();
                }
                self.body(body);
            }
            Expr::Paren(inner) => {
                self.token("(");
                self.expr(inner);
                self.token(")");
            }
            Expr::Spread(inner) => {
                self.token("...");
                self.expr(inner);
            }
        }
    }

    /// What stands behind `=` or `=>`: the branches of an `if` that goes over lines stand below it.
    pub(super) fn value(&mut self, id: ExprId) {
        if matches!(self.tree.expr(id), Expr::If { .. }) {
            self.if_chain(id, true);
        } else {
            self.space();
            self.expr(id);
        }
    }

    /// `if`, any number of `else if`, `else`; `below` where it may begin on the next line.
    fn if_chain(&mut self, id: ExprId, below: bool) {
        let group = self.open();
        self.push(Op::Indent);
        let mut broken = below && self.line(Flat::Space);
        let mut next = id;
        while let Expr::If { condition, yes, no } = self.tree.expr(next) {
            self.token("if");
            self.space();
            self.expr(condition);
            broken |= self.peek_gap().breaks();
            self.space();
            self.token("then");
            broken |= self.peek_gap().breaks();
            self.space();
            self.expr(yes);
            broken |= self.line(Flat::Space);
            self.token("else");
            self.space();
            next = no;
        }
        self.expr(next);
        self.push(Op::Dedent);
        self.close(group, broken, Inside::Free);
    }

    /// A run of operators that bind alike. Gives whether the user wrote it over several lines.
    fn chain(&mut self, id: ExprId, nested: bool) -> bool {
        let Expr::Binary { op: root, .. } = self.tree.expr(id) else {
            self.expr(id);
            return false;
        };
        let mut links = Vec::new();
        let mut first = id;
        while let Expr::Binary { op, left, right } = self.tree.expr(first)
            && binding(op) == binding(root)
        {
            links.push((op, right));
            first = left;
        }
        let group = self.open();
        // what the first operand opens closes below the line's begin, unless that operand is a chain itself
        let deep = matches!(self.tree.expr(first), Expr::Binary { .. });
        if !nested && deep {
            self.push(Op::Indent);
        }
        let mut broken = self.chain(first, true);
        if !nested && !deep {
            self.push(Op::Indent);
        }
        for (op, right) in links.into_iter().rev() {
            if leads(op) {
                broken |= self.line(Flat::Space);
                self.token(op.text());
                broken |= self.peek_gap().breaks();
                self.space();
            } else {
                self.space();
                self.token(op.text());
                broken |= self.line(Flat::Space);
            }
            broken |= self.chain(right, true);
        }
        if !nested {
            self.push(Op::Dedent);
        }
        self.close(group, broken, Inside::Free);
        broken
    }

    fn list_for(&mut self, value: ExprId, clauses: Slice) {
        let group = self.open();
        self.token("[");
        self.push(Op::Indent);
        let mut broken = self.line(Flat::Nothing);
        self.expr(value);
        broken |= self.clauses(clauses);
        self.push(Op::Dedent);
        let last = self.gap();
        broken |= last.breaks();
        self.comments(&last, false);
        self.push(Op::Line(Flat::Nothing));
        self.token("]");
        self.close(group, broken, Inside::Free);
    }

    /// The clauses of a comprehension, each of which may begin a line.
    pub(super) fn clauses(&mut self, clauses: Slice) -> bool {
        let mut broken = false;
        for &clause in self.tree.clauses_of(clauses) {
            broken |= self.line(Flat::Space);
            match clause {
                Clause::For { key, value, source } => {
                    self.for_head(key, value);
                    self.expr(source);
                }
                Clause::If(condition) => {
                    self.token("if");
                    self.space();
                    self.expr(condition);
                }
            }
        }
        broken
    }

    /// `for x in `, `for k, v in `.
    pub(super) fn for_head(&mut self, key: Option<Name>, value: Name) {
        self.token("for");
        self.space();
        if let Some(key) = key {
            self.span(key.at);
            self.token(",");
            self.space();
        }
        self.span(value.at);
        self.space();
        self.token("in");
        self.space();
    }

    fn arg(&mut self, arg: Arg) {
        match arg.name {
            Some(name) => {
                self.span(name.at);
                self.space();
                self.token("=");
                self.value(arg.value);
            }
            None => self.expr(arg.value),
        }
    }

    fn match_arm(&mut self, arm: MatchArm) {
        let group = self.open();
        self.push(Op::Indent);
        let mut broken = false;
        for (index, &pattern) in self.tree.patterns_of(arm.patterns).iter().enumerate() {
            if index > 0 {
                broken |= self.line(Flat::Space);
                self.token("|");
                self.space();
            }
            match pattern {
                Pattern::Any(at) => self.span(at),
                Pattern::Value(value) => self.expr(value),
                Pattern::Member { path, bind } => {
                    self.type_path(path);
                    if let Some(name) = bind {
                        self.space();
                        self.span(name.at);
                    }
                }
            }
        }
        self.push(Op::Dedent);
        self.close(group, broken, Inside::Free);
        self.space();
        self.token("=>");
        self.value(arm.value);
    }

    fn by_arm(&mut self, arm: ByArm) {
        self.arm_names(arm.names);
        self.space();
        self.token("=");
        self.value(arm.value);
    }

    /// The names of an arm of `by`.
    pub(super) fn arm_names(&mut self, names: Slice) {
        for (index, name) in self.tree.names_of(names).iter().enumerate() {
            if index > 0 {
                self.space();
                self.token("|");
                self.space();
            }
            self.span(name.at);
        }
    }
}

/// Whether a line that goes on may begin with the operator; before others it would be a new member.
const fn leads(op: BinaryOp) -> bool {
    match op {
        BinaryOp::Otherwise | BinaryOp::Or | BinaryOp::And => true,
        BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::In
        | BinaryOp::Is
        | BinaryOp::Range
        | BinaryOp::Add
        | BinaryOp::Subtract
        | BinaryOp::Multiply
        | BinaryOp::Divide
        | BinaryOp::Remainder => false,
    }
}
