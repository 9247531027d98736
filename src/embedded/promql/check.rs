//! Whether the parts of a query fit: types, arguments, matchers.

use super::functions::function;
use super::problem::PromqlError;
use super::tree::{
    Aggregate, Aggregation, Binary, Call, LabelMatcher, MatchOp, Node, NodeKind, Selector,
};
use super::types::{ValueType, value_type};
use super::{HOLE, Options, errors};
use crate::embedded::regex;
use crate::source::Extent;

/// Checks a node and all below it. Its levels are bounded when it is built.
pub(super) fn check(node: &Node, options: Options, problems: &mut Vec<PromqlError>) {
    let mut checker = Checker { options, problems };
    checker.node(node);
}

struct Checker<'p> {
    options: Options,
    problems: &'p mut Vec<PromqlError>,
}

impl Checker<'_> {
    fn wrong(&mut self, problem: PromqlError) {
        self.problems.push(problem);
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Variable(_) => {}
            NodeKind::Selector(selector) => self.selector(node.at, selector, false),
            NodeKind::Subquery(subquery) => {
                self.node(&subquery.of);
                if !value_type(&subquery.of).fits(ValueType::Vector) {
                    self.wrong(errors::subquery_of(&subquery.of));
                }
            }
            NodeKind::Unary { of, .. } => {
                self.node(of);
                if matches!(value_type(of), ValueType::Range | ValueType::Text) {
                    self.wrong(errors::unary(of));
                }
            }
            NodeKind::Parens(of) => self.node(of),
            NodeKind::Binary(binary) => self.binary(binary),
            NodeKind::Aggregate(aggregate) => self.aggregate(aggregate),
            NodeKind::Call(call) => self.call(call),
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        self.node(&aggregate.of);
        if let Some(parameter) = &aggregate.parameter {
            self.node(parameter);
            let wanted = if aggregate.op == Aggregation::CountValues {
                ValueType::Text
            } else {
                ValueType::Scalar
            };
            if !value_type(parameter).fits(wanted) {
                let of = &aggregate.of;
                let problem = errors::aggregation_parameter(aggregate.op, parameter, of, wanted);
                // The two may be in the wrong order: one cause.
                return self.wrong(problem);
            }
            if wanted == ValueType::Text && parameter.text() == Some("") {
                self.wrong(errors::empty_label(parameter.at));
            }
        }
        if !value_type(&aggregate.of).fits(ValueType::Vector) {
            self.wrong(errors::not_a_vector(aggregate.op, &aggregate.of));
        }
    }

    fn call(&mut self, call: &Call) {
        let Some(function) = function(&call.name) else {
            // A name that is filled in later is refused elsewhere.
            if !call.name.contains(['$', HOLE]) {
                self.wrong(errors::unknown_function(call.name_at, &call.name));
            }
            for arg in &call.args {
                self.node(arg);
            }
            return;
        };
        let has_experiments =
            self.options.features.is_none_or(|features| features.experimental_functions);
        if function.is_experimental && !has_experiments {
            let what = format!("`{}`", function.name);
            self.wrong(errors::feature(call.name_at, &what, "promql-experimental-functions"));
        }
        let count = call.args.len();
        if count < function.least() || count > function.most() {
            self.wrong(errors::arguments(call.name_at, function, &call.args));
        }
        for (index, arg) in call.args.iter().enumerate().take(function.most()) {
            if function.name == "info" && index == 1 {
                match &arg.kind {
                    NodeKind::Selector(selector)
                        if selector.name.is_none() && selector.range.is_none() =>
                    {
                        self.selector(arg.at, selector, true);
                    }
                    _ => self.wrong(errors::info_selector(arg)),
                }
                continue;
            }
            self.node(arg);
            let Some(wanted) = function.parameter(index) else { continue };
            if !value_type(arg).fits(wanted) {
                let args = &call.args;
                self.wrong(errors::wrong_argument(function, call.name_at, args, arg, wanted));
                // Arguments in the wrong order are one mistake.
                break;
            }
        }
        self.texts(call);
    }

    /// What the texts say that `label_replace` and its like take.
    fn texts(&mut self, call: &Call) {
        let text = |index: usize| call.args.get(index).and_then(|arg| Some((arg, arg.text()?)));
        if !matches!(call.name.as_str(), "label_replace" | "label_join") {
            return;
        }
        if let Some((arg, "")) = text(1) {
            self.wrong(errors::empty_label(arg.at));
        }
        if call.name == "label_replace"
            && let Some((arg, pattern)) = text(4)
        {
            self.regex(pattern, arg.at);
        }
    }

    fn regex(&mut self, pattern: &str, at: Extent) {
        if is_filled(pattern, self.options) {
            return;
        }
        if let Err(error) = regex::check(pattern) {
            // Without escapes, the expression is written as it is.
            let is_plain = at.len() as usize == pattern.len() + 2;
            let at =
                if is_plain && !error.at.is_empty() { error.at.shift(at.start + 1) } else { at };
            self.wrong(errors::bad_regex(at, &error.found, &error.expected));
        }
    }

    fn binary(&mut self, binary: &Binary) {
        self.node(&binary.left);
        self.node(&binary.right);
        let (left, right) = (value_type(&binary.left), value_type(&binary.right));
        for (side, found) in [(&binary.left, left), (&binary.right, right)] {
            if matches!(found, ValueType::Range | ValueType::Text) {
                self.wrong(errors::range_as_operand(side, binary.op.word(), binary.op_at));
            }
        }
        if let Some(at) = binary.bool_at
            && !binary.op.is_comparison()
        {
            self.wrong(errors::bool_place(binary, at));
        }
        if binary.op.is_comparison()
            && binary.bool_at.is_none()
            && left == ValueType::Scalar
            && right == ValueType::Scalar
        {
            self.wrong(errors::needs_bool(binary));
        }
        let scalar = [(&binary.left, left), (&binary.right, right)]
            .into_iter()
            .find(|(_, found)| *found == ValueType::Scalar)
            .map(|(side, _)| side);
        if let (true, Some(scalar)) = (binary.op.is_set(), scalar) {
            self.wrong(errors::set_of_scalars(binary, scalar));
        }
        if let Some(fill) = binary.fill.first() {
            if binary.op.is_set() {
                self.wrong(errors::fill_place(fill.at, "sets miss nothing"));
            } else if scalar.is_some() {
                self.wrong(errors::fill_place(fill.at, "a number misses nothing"));
            }
        }
        let Some(matching) = &binary.matching else { return };
        if let Some(scalar) = scalar
            && !matching.labels.is_empty()
            && !binary.op.is_set()
        {
            self.wrong(errors::matching_of_scalars(matching.at, scalar));
        }
        let Some((_, labels, group_at)) = &matching.group else { return };
        if binary.op.is_set() {
            self.wrong(errors::group_of_set(binary, *group_at));
        }
        if matching.is_on {
            for label in labels {
                if let Some(first) = matching.labels.iter().find(|on| on.name == label.name) {
                    self.wrong(errors::group_overlap(&label.name, label.at, first.at));
                }
            }
        }
    }

    fn selector(&mut self, at: Extent, selector: &Selector, may_be_all: bool) {
        for matcher in &selector.matchers {
            if matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex) {
                self.regex(&matcher.value, matcher.value_at);
            }
            if let Some(name) = &selector.name
                && matcher.label.name == "__name__"
                && selector.has_outer_name()
            {
                self.wrong(errors::name_twice(matcher.at, name.at, &name.name));
            }
        }
        let passes_empty = |matcher: &LabelMatcher| takes_empty(matcher, self.options);
        if selector.name.is_none() && !may_be_all && selector.matchers.iter().all(passes_empty) {
            let at = selector.braces.unwrap_or(at);
            self.wrong(errors::all_empty(at, selector.matchers.is_empty()));
        }
    }
}

/// Whether a text is filled in later, wholly or in part.
fn is_filled(text: &str, options: Options) -> bool {
    (options.holes && text.contains(HOLE))
        || (options.grafana && (text.contains('$') || text.contains("[[")))
}

/// Whether series without the label pass. Where that is not known, it counts as no.
fn takes_empty(matcher: &LabelMatcher, options: Options) -> bool {
    if is_filled(&matcher.value, options) {
        return false;
    }
    let matches = || {
        let pattern = format!("^(?s:{})$", matcher.value);
        ::regex::Regex::new(&pattern).ok().map(|regex| regex.is_match(""))
    };
    match matcher.op {
        MatchOp::Equal => matcher.value.is_empty(),
        MatchOp::NotEqual => !matcher.value.is_empty(),
        MatchOp::Regex => matches().unwrap_or(false),
        MatchOp::NotRegex => matches().is_some_and(|does| !does),
    }
}
