//! From the grammar's pairs to the tree.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a match names the rules that its place of the grammar allows"
)]

use pest::iterators::Pair;

use super::grammar::Rule;
use super::literal::{self, Number};
use super::precedence::{self, Operand, Operator};
use super::problem::PromqlError;
use super::tree::{
    Aggregate, Aggregation, BinaryOp, Call, Fill, Grouping, LabelName, Matching, Node, NodeKind,
    Query, Side,
};
use super::{Features, HOLE, Options, errors};
use crate::embedded::text::extent;
use crate::source::Extent;

/// The tree of a query; none where a part of it cannot be made, which is told.
pub(super) fn build(
    pair: Pair<'_, Rule>,
    text: &str,
    options: Options,
    problems: &mut Vec<PromqlError>,
) -> Option<Query> {
    let mut builder = Builder { text, options, problems };
    let expr = pair.into_inner().find(|part| part.as_rule() == Rule::expr)?;
    builder.expr(expr).map(|(root, _)| Query { root })
}

pub(super) struct Builder<'t, 'p> {
    pub(super) text: &'t str,
    pub(super) options: Options,
    problems: &'p mut Vec<PromqlError>,
}

/// A node, and how many levels its tree has.
type Built = Option<(Node, usize)>;

impl Builder<'_, '_> {
    pub(super) fn at(&self, pair: &Pair<'_, Rule>) -> Extent {
        extent(pair.as_span().start(), end(pair.clone()))
    }

    pub(super) fn wrong(&mut self, problem: PromqlError) {
        self.problems.push(problem);
    }

    pub(super) fn features(&self) -> Features {
        self.options.features.unwrap_or(Features {
            experimental_functions: true,
            extended_range_selectors: true,
            fill_modifiers: true,
            duration_expressions: true,
        })
    }

    pub(super) fn needs_duration_expressions(&mut self, at: Extent) {
        if !self.features().duration_expressions {
            self.wrong(errors::feature(at, "arithmetic in durations", "promql-duration-expr"));
        }
    }

    fn expr(&mut self, pair: Pair<'_, Rule>) -> Built {
        let mut first = None;
        let mut rest = Vec::new();
        let mut operator: Option<Operator> = None;
        let mut is_whole = true;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::operator => {
                    operator = Some(Operator {
                        op: operator_of(part.as_str()),
                        at: self.at(&part),
                        bool_at: None,
                        matching: None,
                        fill: Vec::new(),
                    });
                }
                Rule::modifiers => {
                    if let Some(operator) = operator.as_mut() {
                        self.modifiers(part, operator);
                    }
                }
                _ => {
                    let built = self.operand(part);
                    is_whole &= built.is_some();
                    let Some(operand) = built else { continue };
                    match operator.take() {
                        Some(operator) => rest.push((operator, operand)),
                        None => first = first.or(Some(operand)),
                    }
                }
            }
        }
        match precedence::tree(first.filter(|_| is_whole)?, rest) {
            Ok(found) => Some(found),
            Err(problem) => {
                self.wrong(*problem);
                None
            }
        }
    }

    fn operand(&mut self, pair: Pair<'_, Rule>) -> Option<Operand> {
        let mut signs = Vec::new();
        let mut found: Built = None;
        let mut parts = pair.into_inner();
        for part in parts.by_ref() {
            if part.as_rule() == Rule::sign {
                signs.push((part.as_str() == "-", self.at(&part)));
                continue;
            }
            found = self.primary(part);
            break;
        }
        for suffix in parts {
            let (node, levels) = found?;
            if levels > precedence::MOST_LEVELS {
                let at = self.at(&suffix);
                self.wrong(errors::too_many(at, precedence::MOST_LEVELS));
                return None;
            }
            found = Some((self.suffix(node, suffix), levels + 1));
        }
        found.map(|(node, levels)| Operand { signs, node: alone(node), levels })
    }

    fn primary(&mut self, pair: Pair<'_, Rule>) -> Built {
        let at = self.at(&pair);
        let leaf = |kind| Some((Node { at, kind }, 1));
        match pair.as_rule() {
            Rule::paren => {
                let inner = pair.into_inner().find(|part| part.as_rule() == Rule::expr)?;
                let (of, levels) = self.expr(inner)?;
                let kind = NodeKind::Parens(Box::new(of));
                Some((Node { at, kind }, levels + 1))
            }
            Rule::text => leaf(NodeKind::Text(self.unquoted(&pair)?)),
            Rule::number if is_filled(pair.as_str()) => {
                leaf(NodeKind::Variable(pair.as_str().to_owned()))
            }
            Rule::number => leaf(NodeKind::Number(self.number(&pair)?.value())),
            Rule::aggregate => self.aggregate(pair),
            Rule::call => self.call(pair),
            _ => {
                let selector = self.selector(pair)?;
                leaf(NodeKind::Selector(Box::new(selector)))
            }
        }
    }

    /// What a number or duration is.
    pub(super) fn number(&mut self, pair: &Pair<'_, Rule>) -> Option<Number> {
        match literal::number(pair.as_str()) {
            Ok(number) => Some(number),
            Err(why) => {
                let at = self.at(pair);
                self.wrong(errors::number(at, pair.as_str(), why));
                None
            }
        }
    }

    /// What a text in quotes holds.
    pub(super) fn unquoted(&mut self, pair: &Pair<'_, Rule>) -> Option<String> {
        match literal::unquote(pair.as_str()) {
            Ok(text) => Some(text),
            Err((start, length)) => {
                let at = self.at(pair).start as usize + start;
                let wrong = extent(at, at + length);
                let is_regex_escape = wrong.of(self.text).to_owned();
                self.wrong(errors::escape(wrong, &is_regex_escape));
                None
            }
        }
    }

    fn call(&mut self, pair: Pair<'_, Rule>) -> Built {
        let at = self.at(&pair);
        let mut inner = pair.into_inner();
        let name = inner.next()?;
        let (args, levels) = self.arguments(inner.next()?)?;
        let call = Call { name: name.as_str().to_owned(), name_at: self.at(&name), args };
        Some((Node { at, kind: NodeKind::Call(call) }, levels + 1))
    }

    fn arguments(&mut self, pair: Pair<'_, Rule>) -> Option<(Vec<Node>, usize)> {
        let mut args = Vec::new();
        let mut most = 0;
        let mut is_whole = true;
        for part in pair.into_inner().filter(|part| part.as_rule() == Rule::expr) {
            match self.expr(part) {
                Some((arg, levels)) => {
                    args.push(arg);
                    most = most.max(levels);
                }
                None => is_whole = false,
            }
        }
        is_whole.then_some((args, most))
    }

    fn aggregate(&mut self, pair: Pair<'_, Rule>) -> Built {
        let at = self.at(&pair);
        let mut op = None;
        let mut grouping = None;
        let mut arguments = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::aggregation => op = Some((aggregation_of(part.as_str())?, self.at(&part))),
                Rule::grouping => grouping = Some(self.grouping(part)),
                Rule::arguments => {
                    let arguments_at = self.at(&part);
                    arguments = Some((self.arguments(part)?, arguments_at));
                }
                _ => {}
            }
        }
        let ((op, op_at), ((args, levels), args_at)) = (op?, arguments?);
        let is_new = matches!(op, Aggregation::Limitk | Aggregation::LimitRatio);
        if is_new && !self.features().experimental_functions {
            let what = format!("`{}`", op.word());
            self.wrong(errors::feature(op_at, &what, "promql-experimental-functions"));
        }
        let wanted = 1 + usize::from(op.takes_parameter());
        if args.len() != wanted {
            self.wrong(errors::aggregation_arguments(op, op_at, args_at, &args));
            return None;
        }
        let mut args = args.into_iter();
        let parameter = if op.takes_parameter() { args.next() } else { None };
        let of = args.next()?;
        let aggregate = Aggregate { op, op_at, grouping, parameter, of };
        Some((Node { at, kind: NodeKind::Aggregate(Box::new(aggregate)) }, levels + 1))
    }

    fn grouping(&mut self, pair: Pair<'_, Rule>) -> Grouping {
        let at = self.at(&pair);
        let mut is_without = false;
        let mut labels = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_without => is_without = true,
                Rule::labels => labels = self.labels(part),
                _ => {}
            }
        }
        Grouping { is_without, labels, at }
    }

    fn labels(&mut self, pair: Pair<'_, Rule>) -> Vec<LabelName> {
        let mut labels = Vec::new();
        for name in pair.into_inner().filter(|part| part.as_rule() == Rule::name) {
            let at = self.at(&name);
            let is_text = self
                .text
                .get(at.start as usize..)
                .is_some_and(|rest| rest.starts_with(['"', '\'', '`']));
            let written = if is_text {
                let text = name.into_inner().next();
                text.and_then(|text| self.unquoted(&text)).unwrap_or_default()
            } else {
                name.as_str().trim_end().to_owned()
            };
            if written.is_empty() {
                self.wrong(errors::empty_label(at));
            }
            labels.push(LabelName { name: written, at });
        }
        labels
    }

    fn modifiers(&mut self, pair: Pair<'_, Rule>, operator: &mut Operator) {
        for part in pair.into_inner() {
            let at = self.at(&part);
            match part.as_rule() {
                Rule::kw_bool => operator.bool_at = Some(at),
                Rule::matching => operator.matching = Some(self.matching(part)),
                _ => {
                    if !self.features().fill_modifiers {
                        let flag = "promql-binop-fill-modifiers";
                        self.wrong(errors::feature(at, "filling in missing series", flag));
                    }
                    if let Some(fill) = self.fill(part) {
                        let meets = |other: &Fill| {
                            fill.side.is_none() || other.side.is_none() || other.side == fill.side
                        };
                        match operator.fill.iter().find(|other| meets(other)) {
                            Some(first) => self.wrong(errors::fill_twice(at, first.at)),
                            None => operator.fill.push(fill),
                        }
                    }
                }
            }
        }
    }

    fn fill(&mut self, pair: Pair<'_, Rule>) -> Option<Fill> {
        let at = self.at(&pair);
        let mut side = None;
        let mut is_minus = false;
        let mut value = 0.0;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::fill_word => {
                    let word = part.as_str().to_ascii_lowercase();
                    side = match word.as_str() {
                        "fill_left" => Some(Side::Left),
                        "fill_right" => Some(Side::Right),
                        _ => None,
                    };
                }
                Rule::sign => is_minus = part.as_str() == "-",
                Rule::number => value = self.number(&part)?.value(),
                _ => {}
            }
        }
        Some(Fill { side, value: if is_minus { -value } else { value }, at })
    }

    fn matching(&mut self, pair: Pair<'_, Rule>) -> Matching {
        let whole = self.at(&pair);
        let mut matching = Matching { is_on: false, labels: Vec::new(), at: whole, group: None };
        for part in pair.into_inner() {
            let at = self.at(&part);
            match part.as_rule() {
                Rule::kw_on => matching.is_on = true,
                Rule::labels => {
                    matching.labels = self.labels(part);
                    matching.at = Extent::new(whole.start, at.end);
                }
                Rule::group => {
                    let mut side = Side::Left;
                    let mut labels = Vec::new();
                    for part in part.into_inner() {
                        match part.as_rule() {
                            Rule::kw_group_right => side = Side::Right,
                            Rule::labels => labels = self.labels(part),
                            _ => {}
                        }
                    }
                    matching.group = Some((side, labels, at));
                }
                _ => {}
            }
        }
        matching
    }
}

/// Where the last token of a rule ends: one that ends in an optional part may hold the blanks and comments before it.
fn end(pair: Pair<'_, Rule>) -> usize {
    let whole = pair.as_span().end();
    pair.into_inner().next_back().map_or(whole, end)
}

/// A lone variable is no selector: what it is is known later.
fn alone(node: Node) -> Node {
    let written = match &node.kind {
        NodeKind::Selector(selector) if selector.is_bare_name() => {
            selector.name.as_ref().map(|name| &name.name)
        }
        _ => None,
    };
    match written.filter(|name| super::scan::variable_length(name) == Some(name.len())) {
        Some(name) => Node { at: node.at, kind: NodeKind::Variable(name.clone()) },
        None => node,
    }
}

/// Whether a number is filled in later, wholly or in part.
pub(super) fn is_filled(written: &str) -> bool {
    written.contains(['$', HOLE]) || written.contains("[[")
}

fn operator_of(written: &str) -> BinaryOp {
    const ALL: &[BinaryOp] = &[
        BinaryOp::Add,
        BinaryOp::Sub,
        BinaryOp::Mul,
        BinaryOp::Div,
        BinaryOp::Mod,
        BinaryOp::Pow,
        BinaryOp::Atan2,
        BinaryOp::Eq,
        BinaryOp::Ne,
        BinaryOp::Gt,
        BinaryOp::Lt,
        BinaryOp::Ge,
        BinaryOp::Le,
        BinaryOp::And,
        BinaryOp::Or,
        BinaryOp::Unless,
    ];
    let word = written.trim_end();
    let found = ALL.iter().find(|op| op.word().eq_ignore_ascii_case(word));
    found.copied().unwrap_or(BinaryOp::Add)
}

fn aggregation_of(written: &str) -> Option<Aggregation> {
    Aggregation::ALL.iter().find(|op| op.word().eq_ignore_ascii_case(written)).copied()
}
