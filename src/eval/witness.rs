//! What every part of a false condition was. Evaluation is pure: the parts are computed again, those only that were
//! computed before.

use super::evaluator::Evaluator;
use super::expr::Frame;
use super::value::Value;
use crate::source::{Extent, Span};
use crate::syntax::{BinaryOp, Clause, Expr, ExprId, Slice, TextPart};
use crate::types::Meaning;

/// The most parts that are shown.
const MOST_PARTS: usize = 40;
/// The most characters of a value that are shown.
const MOST_CHARACTERS: usize = 80;

impl Evaluator<'_> {
    /// The value of each part of a condition with the narrowest place that stands for it: an operator's own sign, a
    /// field's name. What shows its value itself (a number, a name of a resource) is left out, and so is the whole.
    pub(super) fn witnesses(&mut self, condition: ExprId, frame: &Frame) -> Vec<(Span, String)> {
        let mut found = Vec::new();
        let nodes = &self.names.tree(frame.tree).tree;
        let mut whole = condition;
        while let Expr::Paren(inner) = nodes.expr(whole) {
            whole = inner;
        }
        self.parts(whole, frame, &mut found);
        let around = self.span(frame.tree, whole);
        let is_inside =
            |at: Span| at.file == around.file && around.start <= at.start && at.end <= around.end;
        found.extend(self.notes.iter().filter(|(at, _)| is_inside(*at)).cloned());
        found.sort_by_key(|(at, _)| *at);
        found.dedup();
        found.truncate(MOST_PARTS);
        found
    }

    /// The narrowest place that stands for a condition.
    pub(super) fn sign_of(&self, condition: ExprId, frame: &Frame) -> Span {
        let info = self.names.tree(frame.tree);
        let mut expr = condition;
        while let Expr::Paren(inner) = info.tree.expr(expr) {
            expr = inner;
        }
        let at = self.stands_for(expr, frame).unwrap_or_else(|| info.tree.expr_extent(expr));
        info.span(at)
    }

    /// A part and what it is made of.
    fn part(&mut self, expr: ExprId, frame: &Frame, found: &mut Vec<(Span, String)>) -> Value {
        let value = self.eval(expr, frame);
        if found.len() > MOST_PARTS || self.budget.reported {
            return value;
        }
        if let Some(at) = self.stands_for(expr, frame) {
            let shown = self.show(value);
            let cut: String = shown.chars().take(MOST_CHARACTERS).collect();
            let more = if cut.len() < shown.len() { ".." } else { "" };
            found.push((self.names.tree(frame.tree).span(at), format!("{cut}{more}")));
        }
        self.parts(expr, frame, found);
        value
    }

    /// The place of an expression's value; `None` where the source shows the value.
    fn stands_for(&self, expr: ExprId, frame: &Frame) -> Option<Extent> {
        let nodes = &self.names.tree(frame.tree).tree;
        let whole = nodes.expr_extent(expr);
        match self.types.meaning(frame.tree, expr) {
            Meaning::Constant(_)
            | Meaning::Resource(_)
            | Meaning::Single(_)
            | Meaning::OwnChild(_)
            | Meaning::Child(_)
            | Meaning::Lookup(_)
            | Meaning::Fn(_)
            | Meaning::Keyword(_)
            | Meaning::Module
            | Meaning::Object(_)
            | Meaning::Type(_)
            | Meaning::Wrong => return None,
            Meaning::Field(..)
            | Meaning::Local(_)
            | Meaning::Let(_)
            | Meaning::All(_)
            | Meaning::Staged(..)
            | Meaning::Inherited
            | Meaning::Input(_)
            | Meaning::BlockLet(..)
            | Meaning::Children(_)
            | Meaning::OwnChildren(_)
            | Meaning::Plain
            | Meaning::Record(_)
            | Meaning::Map
            | Meaning::Is(_)
            | Meaning::IsAbsent => {}
        }
        Some(match nodes.expr(expr) {
            Expr::Error
            | Expr::Bool(_)
            | Expr::None
            | Expr::Number
            | Expr::TypeName(_)
            | Expr::List(_)
            | Expr::Record { .. }
            | Expr::Paren(_)
            | Expr::Spread(_)
            | Expr::Here => return None,
            Expr::Text(text) => {
                let parts = nodes.parts_of(nodes.text(text).parts);
                let has_hole = parts.iter().any(|part| matches!(part, TextPart::Hole(_)));
                return has_hole.then_some(whole);
            }
            Expr::Name(_)
            | Expr::SelfBlock
            | Expr::Outer
            | Expr::All(_)
            | Expr::If { .. }
            | Expr::Match { .. }
            | Expr::By { .. }
            | Expr::ListFor { .. } => whole,
            Expr::Field { name, .. } => nodes.name(name).at,
            Expr::Index { base, .. } => Extent::new(nodes.expr_extent(base).end, whole.end),
            Expr::Call { callee, .. } => nodes.expr_extent(callee),
            Expr::Unary { operand, .. } => {
                Extent::new(whole.start, nodes.expr_extent(operand).start)
            }
            Expr::Binary { op, left, right } => {
                let between =
                    Extent::new(nodes.expr_extent(left).end, nodes.expr_extent(right).start);
                sign(self.names.text(frame.tree, between), op.text())
                    .map_or(whole, |at| at.shift(between.start))
            }
        })
    }

    /// The parts of an expression that were computed for it.
    fn parts(&mut self, expr: ExprId, frame: &Frame, found: &mut Vec<(Span, String)>) {
        let names = self.names;
        let nodes = &names.tree(frame.tree).tree;
        let meaning = self.types.meaning(frame.tree, expr);
        if !matches!(meaning, Meaning::Plain | Meaning::Is(_) | Meaning::IsAbsent) {
            return;
        }
        match nodes.expr(expr) {
            // What a record, an arm, or a turn of a comprehension holds is computed with other names around it.
            Expr::Error
            | Expr::Bool(_)
            | Expr::None
            | Expr::Number
            | Expr::Name(_)
            | Expr::TypeName(_)
            | Expr::SelfBlock
            | Expr::Outer
            | Expr::Here
            | Expr::All(_)
            | Expr::By { .. }
            | Expr::Record { .. } => {}
            Expr::Text(text) => {
                for part in nodes.parts_of(nodes.text(text).parts) {
                    if let TextPart::Hole(hole) = *part {
                        self.part(hole, frame, found);
                    }
                }
            }
            Expr::Field { base, .. } => {
                if nodes.expr(base) != Expr::Here {
                    self.part(base, frame, found);
                }
            }
            Expr::Index { base, index } => {
                self.part(base, frame, found);
                self.part(index, frame, found);
            }
            Expr::Call { start, len, .. } => {
                for arg in nodes.args_of(Slice { start, len }) {
                    self.part(arg.value, frame, found);
                }
            }
            Expr::Unary { operand, .. } => {
                self.part(operand, frame, found);
            }
            Expr::Binary { op, left, right } => {
                let value = self.part(left, frame, found);
                let goes_on = match op {
                    BinaryOp::And => value == Value::Bool(true),
                    BinaryOp::Or => value == Value::Bool(false),
                    BinaryOp::Otherwise => value == Value::Absent,
                    BinaryOp::Is => false,
                    BinaryOp::Equal
                    | BinaryOp::NotEqual
                    | BinaryOp::Less
                    | BinaryOp::LessEqual
                    | BinaryOp::Greater
                    | BinaryOp::GreaterEqual
                    | BinaryOp::In
                    | BinaryOp::Range
                    | BinaryOp::Add
                    | BinaryOp::Subtract
                    | BinaryOp::Multiply
                    | BinaryOp::Divide
                    | BinaryOp::Remainder => true,
                };
                if goes_on {
                    self.part(right, frame, found);
                }
            }
            Expr::If { condition, yes, no } => match self.part(condition, frame, found) {
                Value::Bool(true) => {
                    self.part(yes, frame, found);
                }
                Value::Bool(false) => {
                    self.part(no, frame, found);
                }
                _ => {}
            },
            Expr::Match { subject, .. } => {
                self.part(subject, frame, found);
            }
            Expr::List(elements) => {
                for &element in nodes.elements(elements) {
                    self.parts_of_element(element, frame, found);
                }
            }
            Expr::ListFor { start, len, .. } => {
                if let Some(Clause::For { source, .. }) =
                    nodes.clauses_of(Slice { start, len }).first()
                {
                    self.part(*source, frame, found);
                }
            }
            Expr::Paren(inner) => {
                self.part(inner, frame, found);
            }
            Expr::Spread(inner) => {
                self.part(inner, frame, found);
            }
        }
    }

    fn parts_of_element(
        &mut self,
        element: ExprId,
        frame: &Frame,
        found: &mut Vec<(Span, String)>,
    ) {
        let nodes = &self.names.tree(frame.tree).tree;
        match nodes.expr(element) {
            Expr::Spread(inner) => self.part(inner, frame, found),
            _ => self.part(element, frame, found),
        };
    }
}

/// Where an operator stands between its operands, past comments.
fn sign(between: &str, op: &str) -> Option<Extent> {
    let mut at = 0;
    while let Some(rest) = between.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with(op) {
            let start = u32::try_from(at).ok()?;
            return Some(Extent::new(start, start + u32::try_from(op.len()).ok()?));
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::sign;
    use crate::source::Extent;

    #[test]
    fn operators_are_found_between_their_operands() {
        let check = |between: &str, op: &str, at: Option<(u32, u32)>| {
            assert_eq!(sign(between, op), at.map(|(start, end)| Extent::new(start, end)));
        };
        check(" == ", "==", Some((1, 3)));
        check(" // a == b\n && ", "&&", Some((12, 14)));
        check(" // ä ==", "==", None);
        check("", "+", None);
    }
}
