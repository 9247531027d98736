//! Calls: of the program's own functions, of the compiler's, and of those that are printed for later.

use std::sync::Arc;

use super::builtins::{self, Call};
use super::evaluator::{Evaluator, NOTHING};
use super::expr::Frame;
use super::value::{Later, Value};
use crate::resolve::DefId;
use crate::source::Span;
use crate::syntax::{Arg, ExprId, Slice};
use crate::types::{Meaning, Signature, TyKind};

/// How many functions may wait for one another: what they need of the stack stays small.
const MOST_CALLS: u32 = 400;

/// A call of a program's own function, for `why`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallNote {
    /// `port-of(team = "shop")`.
    pub call: String,
    /// What it gave.
    pub result: String,
    /// Where the function's name stands.
    pub at: Span,
    /// How many calls lie around it.
    pub depth: u32,
}

/// How many calls are kept for `why`.
const MOST_NOTES: usize = 20;

impl Evaluator<'_> {
    pub(super) fn call(
        &mut self,
        expr: ExprId,
        callee: ExprId,
        args: Slice,
        frame: &Frame,
    ) -> Value {
        let Meaning::Fn(def) = self.types.meaning(frame.tree, callee) else { return Value::Poison };
        let nodes = &self.names.tree(frame.tree).tree;
        let args: &[Arg] = nodes.args_of(args);
        let Some(signature) = self.types.functions.get(&def).map(Arc::clone) else {
            return Value::Poison;
        };
        let at = self.span(frame.tree, expr);
        let mut given: Vec<Option<Value>> = vec![None; signature.params.len()];
        let mut spans = vec![at; signature.params.len()];
        let mut position = 0;
        for arg in args {
            let value = self.eval(arg.value, frame);
            let index = match arg.name {
                None => {
                    position += 1;
                    Some(position - 1)
                }
                Some(name) => signature.params.iter().position(|param| param.name == name.sym),
            };
            if let Some(index) = index
                && let (Some(place), Some(span)) = (given.get_mut(index), spans.get_mut(index))
            {
                *place = Some(value);
                *span = self.span(frame.tree, arg.value);
            }
        }
        if given.contains(&Some(Value::Poison)) {
            return Value::Poison;
        }
        if self.budget.calls >= MOST_CALLS {
            return self.over_budget("calls inside of one another", MOST_CALLS.to_string(), at);
        }
        self.budget.calls += 1;
        let values = self.arguments(&signature, &given, &spans, frame);
        let result = match values {
            Some(values) => self.apply(def, &signature, &values, &spans, (frame.tree, expr), frame),
            None => Value::Poison,
        };
        self.budget.calls -= 1;
        result
    }

    /// The arguments with the defaults of those that are not given, judged; `None` on poison.
    fn arguments(
        &mut self,
        signature: &Signature,
        given: &[Option<Value>],
        spans: &[Span],
        frame: &Frame,
    ) -> Option<Vec<Value>> {
        let mut values: Vec<Value> = Vec::with_capacity(given.len());
        for ((param, given), &span) in signature.params.iter().zip(given).zip(spans) {
            let (value, at) = match (*given, param.default) {
                (Some(value), _) => (value, span),
                (None, Some(default)) => {
                    let value = self.with_locals(&values, signature, frame, default);
                    (value, self.span(signature.tree, default))
                }
                (None, None) => return None,
            };
            let origin = (param.at, format!("`{}` is declared here", param.name));
            if value == Value::Poison || !self.judged_as(param.ty, value, at, origin) {
                return None;
            }
            values.push(value);
        }
        Some(values)
    }

    /// Computes an expression of a function, its parameters being locals.
    fn with_locals(
        &mut self,
        values: &[Value],
        signature: &Signature,
        frame: &Frame,
        expr: ExprId,
    ) -> Value {
        let start = u32::try_from(self.locals.len()).unwrap_or(NOTHING);
        self.locals.extend_from_slice(values);
        let inner = Frame {
            inputs: NOTHING,
            tree: signature.tree,
            record: NOTHING,
            target: frame.target,
            locals: (start, u32::try_from(values.len()).unwrap_or(0)),
            inherited: None,
        };
        let instances = self.instances.len();
        let value = self.eval(expr, &inner);
        // Records made in the body keep its parameters.
        if self.instances.len() == instances {
            self.locals.truncate(start as usize);
        }
        value
    }

    fn apply(
        &mut self,
        def: DefId,
        signature: &Signature,
        values: &[Value],
        spans: &[Span],
        call: (crate::resolve::TreeId, ExprId),
        frame: &Frame,
    ) -> Value {
        let at = self.span(call.0, call.1);
        let name = self.names.def(def).name;
        if let Some(body) = signature.body {
            let findings = self.waiting();
            let note = self.begin_note(def, signature, values);
            let value = self.with_locals(values, signature, frame, body);
            let body_at = self.span(signature.tree, body);
            let origin = (signature.result_at, format!("the result of `{name}` is declared here"));
            let fits =
                value == Value::Poison || self.judged_as(signature.result, value, body_at, origin);
            self.in_call(findings, name, body_at, at);
            let value = if fits { value } else { Value::Poison };
            self.end_note(note, value);
            return value;
        }
        if !signature.is_extern {
            return Value::Poison;
        }
        // What an engine computes later is printed.
        let is_later = |value: &Value| matches!(value, Value::Later(_) | Value::Template(_));
        if matches!(self.types.tys.core(signature.result), TyKind::Later(..))
            || values.iter().any(is_later)
        {
            let Value::List(run) = self.store.list(values) else { return Value::Poison };
            return Value::Later(self.store.later(Later::Call(name, run)));
        }
        let Some(body) = builtins::find(name.as_str()) else { return Value::Poison };
        let result = self.types.type_of_expr(call.0, call.1);
        let tree = call.0;
        body(&mut Call { cx: self, args: values, spans, at, result, target: frame.target, tree })
    }

    fn begin_note(&mut self, def: DefId, signature: &Signature, values: &[Value]) -> Option<usize> {
        let depth = self.budget.calls;
        if self.recorder.as_ref().is_none_or(|notes| notes.len() >= MOST_NOTES) {
            return None;
        }
        let shown: Vec<String> = signature
            .params
            .iter()
            .zip(values)
            .map(|(param, &value)| format!("{} = {}", param.name, self.show(value)))
            .collect();
        let found = *self.names.def(def);
        let call = format!("{}({})", found.name, shown.join(", "));
        let notes = self.recorder.as_mut()?;
        notes.push(CallNote { call, result: String::new(), at: found.at, depth });
        Some(notes.len() - 1)
    }

    fn end_note(&mut self, note: Option<usize>, value: Value) {
        let Some(note) = note else { return };
        let shown = self.show(value);
        if let Some(note) = self.recorder.as_mut().and_then(|notes| notes.get_mut(note)) {
            note.result = shown;
        }
    }
}
