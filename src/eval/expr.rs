//! Expressions to values.

use super::budget::OPEN;
use super::chain::{Running, Step};
use super::errors;
use super::evaluator::{Evaluator, NOTHING};
use super::slot::Place;
use super::value::{Later, RecordId, Value};
use crate::resolve::{DefId, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{Clause, Expr, ExprId, MemberKind, Slice, UnaryOp};
use crate::types::{Constant, Meaning, TyKind};

/// What surrounds an expression while it is computed.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// Its tree.
    pub(super) tree: TreeId,
    /// The record around it; [`NOTHING`] without one.
    pub(super) record: u32,
    /// The cluster at hand; [`NOTHING`] without one.
    pub(super) target: u32,
    /// Loop variables: first, how many.
    pub(super) locals: (u32, u32),
    /// The slot, and the sources that its formula replaces.
    pub(super) inherited: Option<(Place, u32, u32)>,
    /// The use of a component whose inputs are names; [`NOTHING`] for that of the record around.
    pub(super) inputs: u32,
}

impl Frame {
    /// Nothing around but a tree.
    pub(super) const fn new(tree: TreeId) -> Self {
        Self {
            tree,
            record: NOTHING,
            target: NOTHING,
            locals: (0, 0),
            inherited: None,
            inputs: NOTHING,
        }
    }
}

impl Evaluator<'_> {
    /// The value of an expression.
    pub(super) fn eval(&mut self, expr: ExprId, frame: &Frame) -> Value {
        // Each open expression takes a part of the stack.
        let most = self.budget.limits.depth.saturating_mul(OPEN);
        if self.budget.open >= most {
            let at = self.span(frame.tree, expr);
            return self.over_budget("expressions that wait for one another", most.to_string(), at);
        }
        self.budget.open += 1;
        let mut value = self.open(expr, frame);
        if !self.types.shapes.is_empty()
            && let Some(&wanted) = self.types.shapes.get(&(frame.tree, expr))
        {
            value = self.shaped(value, expr, wanted, frame);
        }
        self.budget.open -= 1;
        value
    }

    fn open(&mut self, expr: ExprId, frame: &Frame) -> Value {
        self.budget.steps += 1;
        if self.budget.steps > self.budget.limits.steps {
            let at = self.budget.most.1.unwrap_or_else(|| self.span(frame.tree, expr));
            let limit = self.budget.limits.steps.to_string();
            return self.over_budget("steps", limit, at);
        }
        if self.budget.rationed
            && let Some(over) = self.ration(frame.tree, expr)
        {
            return over;
        }
        let meaning = self.types.meaning(frame.tree, expr);
        match meaning {
            Meaning::Wrong => return Value::Poison,
            Meaning::Constant(index) => return self.constant(index),
            Meaning::Field(slot, up) => {
                let at = self.span(frame.tree, expr);
                return self.own_field(frame, slot, up, at);
            }
            Meaning::Local(index) => {
                return self
                    .locals
                    .get((frame.locals.0 + u32::from(index)) as usize)
                    .copied()
                    .unwrap_or(Value::Poison);
            }
            Meaning::Let(def) => {
                let at = self.span(frame.tree, expr);
                return self.let_value(def, at, frame.target);
            }
            Meaning::Resource(block) => {
                let at = self.span(frame.tree, expr);
                return self.reference(block, at, frame.target);
            }
            Meaning::Single(kind) => return self.single(kind, frame, expr),
            Meaning::All(kind) => return self.all(kind),
            Meaning::Staged(..) => return self.staged(frame, expr),
            Meaning::Inherited => {
                return match frame.inherited {
                    Some((place, start, end)) => self.inherited(place, start, end),
                    None => Value::Poison,
                };
            }
            Meaning::Input(slot) => {
                let at = self.span(frame.tree, expr);
                return self.input(slot, at, frame);
            }
            Meaning::OwnChildren(kind) => {
                let parent = self.use_of(frame);
                return self.children_map(parent, kind);
            }
            Meaning::OwnChild(kind) => {
                let at = self.span(frame.tree, expr);
                let parent = self.use_of(frame);
                let Expr::Name(name) = self.names.tree(frame.tree).tree.expr(expr) else {
                    return Value::Poison;
                };
                return match self.child(parent, kind, name, at) {
                    Some(child) => self.reference(child, at, frame.target),
                    None => Value::Poison,
                };
            }
            Meaning::Lookup(kind) => {
                let nodes = &self.names.tree(frame.tree).tree;
                let (name, at) = match nodes.expr(expr) {
                    Expr::Name(name) => (name, self.span(frame.tree, expr)),
                    Expr::Field { name, .. } => {
                        let name = nodes.name(name);
                        (name.sym, self.names.tree(frame.tree).span(name.at))
                    }
                    _ => return Value::Poison,
                };
                return self.lookup(kind, name, at);
            }
            Meaning::Children(kind) | Meaning::Child(kind) => {
                let nodes = &self.names.tree(frame.tree).tree;
                let Expr::Field { base, name, .. } = nodes.expr(expr) else { return Value::Poison };
                let name = nodes.name(name);
                let at = self.names.tree(frame.tree).span(name.at);
                // Behind the children of a kind stands the use itself.
                let parent = match self.types.meaning(frame.tree, base) {
                    Meaning::OwnChildren(_) => Value::Resource(self.use_of(frame)),
                    Meaning::Children(_) => match nodes.expr(base) {
                        Expr::Field { base, .. } => self.eval(base, frame),
                        _ => Value::Poison,
                    },
                    _ => self.eval(base, frame),
                };
                let Value::Resource(parent) = parent else { return Value::Poison };
                if matches!(meaning, Meaning::Children(_)) {
                    return self.children_map(parent, kind);
                }
                return match self.child(parent, kind, name.sym, at) {
                    Some(child) => self.reference(child, at, frame.target),
                    None => Value::Poison,
                };
            }
            Meaning::BlockLet(member, up) => {
                let at = self.span(frame.tree, expr);
                return self.block_let(member, up, at, frame);
            }
            Meaning::Object(object) => return Value::Object(object),
            Meaning::Type(schema) => return Value::Type(schema),
            Meaning::Plain
            | Meaning::Fn(_)
            | Meaning::Keyword(_)
            | Meaning::Module
            | Meaning::Record(_)
            | Meaning::Map
            | Meaning::Is(_)
            | Meaning::IsAbsent => {}
        }
        let nodes = &self.names.tree(frame.tree).tree;
        match nodes.expr(expr) {
            Expr::Error | Expr::Number | Expr::Name(_) | Expr::TypeName(_) | Expr::All(_) => {
                Value::Poison
            }
            Expr::Bool(value) => Value::Bool(value),
            Expr::None => Value::Open,
            Expr::Text(text) => self.text(text, expr, frame),
            Expr::SelfBlock if frame.record == NOTHING => Value::Poison,
            Expr::SelfBlock => Value::Record(RecordId(frame.record)),
            Expr::Outer => self.outer(frame),
            Expr::Here => Value::Poison,
            Expr::Field { base, name, optional } => {
                let name = nodes.name(name);
                let at = self.names.tree(frame.tree).span(name.at);
                self.read(base, name.sym, at, optional, frame)
            }
            Expr::Index { base, index } => self.index(expr, base, index, frame),
            Expr::Call { callee, start, len } => {
                self.call(expr, callee, Slice { start, len }, frame)
            }
            Expr::Unary { op, operand } => self.unary(expr, op, operand, frame),
            Expr::Binary { op, left, right } => self.binary(expr, op, left, right, frame, meaning),
            Expr::If { condition, yes, no } => match self.eval(condition, frame) {
                Value::Bool(true) => self.eval(yes, frame),
                Value::Bool(false) => self.eval(no, frame),
                _ => Value::Poison,
            },
            Expr::Match { subject, start, len } => {
                self.match_value(subject, Slice { start, len }, frame)
            }
            Expr::Spread(_) => Value::Poison,
            Expr::By { axis, start, len } => self.by(axis, Slice { start, len }, frame, expr),
            Expr::List(elements) => {
                let mut items = Vec::new();
                for &element in nodes.elements(elements) {
                    if let Expr::Spread(inner) = nodes.expr(element) {
                        match self.eval(inner, frame) {
                            Value::List(run) => items.extend_from_slice(self.store.items(run)),
                            _ => return Value::Poison,
                        }
                        continue;
                    }
                    items.push(self.eval(element, frame));
                }
                let at = self.span(frame.tree, expr);
                match self.over_entries(frame.tree, items.len(), at) {
                    Some(over) => over,
                    None => self.list(&items, at),
                }
            }
            Expr::ListFor { value, start, len } => {
                let mut items = Vec::new();
                let clauses = nodes.clauses_of(Slice { start, len });
                let known = self.turns(clauses, frame, &mut |this, inner| {
                    let item = this.eval(value, inner);
                    items.push(item);
                    (items.len() as u64) <= this.budget.limits.entries
                });
                // One too many ends the turns, and is told below.
                if !known && (items.len() as u64) <= self.budget.limits.entries {
                    return Value::Poison;
                }
                let at = self.span(frame.tree, expr);
                match self.over_entries(frame.tree, items.len(), at) {
                    Some(over) => over,
                    None => self.list(&items, at),
                }
            }
            Expr::Record { base, body } => {
                let base = (base != crate::syntax::NO_BASE).then_some(base);
                self.record_value(expr, base, body, frame, meaning)
            }
            Expr::Paren(inner) => self.eval(inner, frame),
        }
    }

    /// Stores a list, within the budget.
    pub(super) fn list(&mut self, items: &[Value], at: Span) -> Value {
        if items.len() as u64 > self.budget.limits.entries {
            let limit = self.budget.limits.entries.to_string();
            return self.over_budget("entries in one list", limit, at);
        }
        // What is copied costs steps, too: so many lists of so many entries would fill any memory.
        if !self.charge(items.len() as u64, at) {
            return Value::Poison;
        }
        self.store.list(items)
    }

    fn constant(&self, index: u32) -> Value {
        match self.types.constants.get(index as usize) {
            Some(Constant::Int(value)) => Value::Int(*value),
            Some(Constant::Float(value)) => Value::Float(*value),
            Some(Constant::Quantity(value)) => Value::Quantity(*value),
            None => Value::Poison,
        }
    }

    fn own_field(&mut self, frame: &Frame, slot: u16, up: u8, at: Span) -> Value {
        let mut record = frame.record;
        for _ in 0..up {
            record = self.outer_of(record);
        }
        if record == NOTHING {
            return Value::Poison;
        }
        self.field_at(RecordId(record), slot, frame.target, Some(at))
    }

    fn outer(&mut self, frame: &Frame) -> Value {
        match self.outer_of(frame.record) {
            NOTHING => Value::Poison,
            record => Value::Record(RecordId(record)),
        }
    }

    /// A `let`, computed once.
    pub(super) fn let_value(&mut self, def: DefId, at: Span, target: u32) -> Value {
        if let Some(&known) = self.lets.get(&def) {
            self.refer_as(def, at);
            return known.unwrap_or(Value::Poison);
        }
        if let Some(&(known, deps)) = self.let_by.get(&(def, target)) {
            self.refer_as(def, at);
            self.deps |= deps;
            // Whoever reads it where nothing may depend on the target hears of it, not only who was first.
            if target == NOTHING {
                self.running.push(Running { what: Step::Let(def), asked: Some(at), target });
                self.no_target(at);
                self.running.pop();
            }
            return known;
        }
        if self.budget.depth >= self.budget.limits.depth {
            let limit = self.budget.limits.depth.to_string();
            return self.over_budget("values that need one another", limit, at);
        }
        self.lets.insert(def, None);
        let found = *self.names.def(def);
        let MemberKind::Let { value, .. } = self.names.member(def).kind else {
            return Value::Poison;
        };
        let frame = Frame { target, ..Frame::new(found.tree) };
        self.budget.depth += 1;
        self.running.push(Running { what: Step::Let(def), asked: Some(at), target });
        let outer = std::mem::take(&mut self.deps);
        // What it refers to counts for all who use it, not for the one who is first.
        let owner = std::mem::replace(&mut self.owner, NOTHING);
        let around = std::mem::take(&mut self.loose);
        let findings = self.waiting();
        let result = self.eval(value, &frame);
        let result = self.judged_let(def, result);
        let referred = std::mem::replace(&mut self.loose, around);
        self.owner = owner;
        let deps = std::mem::replace(&mut self.deps, outer);
        self.deps |= deps;
        self.running.pop();
        self.budget.depth -= 1;
        if deps == 0 {
            self.lets.insert(def, Some(result));
        } else {
            // It is asked for again on the next target, where its user's targets count.
            self.lets.remove(&def);
            self.let_by.insert((def, target), (result, deps));
            self.own_findings(findings, owner);
        }
        if !referred.is_empty() {
            let known = self.let_refers.entry(def).or_default();
            for block in referred {
                if !known.contains(&block) {
                    known.push(block);
                }
            }
        }
        self.refer_as(def, at);
        result
    }

    fn staged(&mut self, frame: &Frame, expr: ExprId) -> Value {
        let nodes = &self.names.tree(frame.tree).tree;
        let Expr::Name(name) = nodes.expr(expr) else { return Value::Poison };
        Value::Later(self.store.later(Later::Staged(name)))
    }

    /// `base.name`.
    fn read(&mut self, base: ExprId, name: Sym, at: Span, optional: bool, frame: &Frame) -> Value {
        let nodes = &self.names.tree(frame.tree).tree;
        if nodes.expr(base) == Expr::Here {
            return match self.axis(name, frame.target, at) {
                Some(block) => Value::Resource(block),
                None => Value::Poison,
            };
        }
        let ty = self.types.present_of(frame.tree, base);
        let base = self.eval(base, frame);
        if let TyKind::Text(kind) = *self.types.tys.kind(ty) {
            return self.text_part(kind, base, name);
        }
        // `?.` asks for what may not be there.
        if let (true, Value::Map(run)) = (optional, base)
            && !self.store.entries(run).iter().any(|(key, _)| *key == name)
        {
            return Value::Absent;
        }
        self.read_from(base, name, at, frame)
    }

    fn read_from(&mut self, base: Value, name: Sym, at: Span, frame: &Frame) -> Value {
        match base {
            Value::Record(record) => self.field(record, name, frame.target, Some(at)),
            Value::Resource(block) => match self.root(block) {
                Some(root) => self.field(root, name, frame.target, Some(at)),
                None => Value::Poison,
            },
            Value::Map(run) => {
                let entries = self.store.entries(run);
                if let Some(&(_, value)) = entries.iter().find(|(key, _)| *key == name) {
                    if let Value::Resource(block) = value {
                        self.edge(block, at, frame.target);
                    }
                    return value;
                }
                let known: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
                let near = crate::diag::nearest(name.as_str(), known);
                let error = errors::no_entry(&format!("`{name}`"), at, near);
                let error = match near {
                    Some(_) => error,
                    None => error.help(format!("`?.{name}` reads what may not be there")),
                };
                self.report(error);
                Value::Poison
            }
            Value::Range(range) => {
                let (low, high) = self.store.ends(range);
                let end = if name.as_str() == "low" { low } else { high };
                if end == Value::Open { Value::Absent } else { end }
            }
            Value::Later(later) => Value::Later(self.store.later(Later::Field(later, name, at))),
            Value::Absent => Value::Absent,
            Value::Object(_) | Value::Type(_) => self.type_field(base, name),
            Value::Poison => Value::Poison,
            // Only data can hold anything.
            Value::Open
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Quantity(_)
            | Value::Text(_)
            | Value::Name(_)
            | Value::List(_)
            | Value::Template(_) => {
                let found = self.data_words(base);
                self.report(errors::data::no_map(&format!("`{name}`"), &found, at));
                Value::Poison
            }
        }
    }

    fn index(&mut self, expr: ExprId, base: ExprId, index: ExprId, frame: &Frame) -> Value {
        let found = self.eval(base, frame);
        let key = self.eval(index, frame);
        let at = self.span(frame.tree, index);
        let _ = expr;
        match (found, key) {
            (Value::List(run), Value::Int(number)) => {
                let items = self.store.items(run);
                let value =
                    usize::try_from(number).ok().and_then(|number| items.get(number)).copied();
                if let Some(value) = value {
                    return value;
                }
                let length = items.len();
                self.report(errors::no_entry(&format!("{number} in a list of {length}"), at, None));
                Value::Poison
            }
            (Value::Later(later), Value::Int(number)) => {
                Value::Later(self.store.later(Later::Item(later, number, at)))
            }
            (Value::Map(_) | Value::Later(_), key) => match self.store.as_text(key).map(Sym::new) {
                Some(name) => self.read_from(found, name, at, frame),
                None if key == Value::Poison => Value::Poison,
                None => {
                    let key = format!("`{}`", self.show(key));
                    self.report(errors::data::no_map(&key, "a map", at));
                    Value::Poison
                }
            },
            (Value::Poison, _) | (_, Value::Poison) => Value::Poison,
            _ => {
                let (found, key) = (self.data_words(found), format!("`{}`", self.show(key)));
                self.report(errors::data::no_map(&key, &found, at));
                Value::Poison
            }
        }
    }

    fn unary(&mut self, expr: ExprId, op: UnaryOp, operand: ExprId, frame: &Frame) -> Value {
        match (op, self.eval(operand, frame)) {
            (UnaryOp::Not, Value::Bool(value)) => Value::Bool(!value),
            (UnaryOp::Negate, Value::Int(value)) => match value.checked_neg() {
                Some(value) => Value::Int(value),
                None => {
                    let at = self.span(frame.tree, expr);
                    self.report(errors::arithmetic("the result does not fit into 64 bits", at));
                    Value::Poison
                }
            },
            (UnaryOp::Negate, Value::Float(value)) => Value::Float(-value),
            (UnaryOp::Negate, Value::Quantity(value)) => match value.checked_neg() {
                Ok(value) => Value::Quantity(value),
                Err(problem) => {
                    let at = self.span(frame.tree, expr);
                    self.arithmetic_problem(problem, at)
                }
            },
            _ => Value::Poison,
        }
    }

    /// The value of a `by` on the target at hand.
    fn by(&mut self, axis: u32, arms: Slice, frame: &Frame, expr: ExprId) -> Value {
        let names = self.names;
        let info = names.tree(frame.tree);
        let axis = info.tree.name(axis);
        let at = info.span(axis.at);
        let Some(here) = self.axis(axis.sym, frame.target, at) else { return Value::Poison };
        let Some(name) = self.blocks.get(here as usize).map(|block| block.name) else {
            return Value::Poison;
        };
        let arms = info.tree.by_arms_of(arms);
        let takes = |wanted: &str| {
            arms.iter().find(|arm| {
                info.tree.names_of(arm.names).iter().any(|known| known.sym.as_str() == wanted)
            })
        };
        match takes(name.as_str()).or_else(|| takes("else")) {
            Some(arm) => self.eval(arm.value, frame),
            None => {
                let at = self.span(frame.tree, expr);
                let word = Span::new(at.file, at.start, info.span(axis.at).end);
                self.missing_arms.push((axis.sym, here, word));
                Value::Poison
            }
        }
    }

    /// Runs the clauses of a comprehension; `each` says whether to go on. `false` on poison.
    pub(super) fn turns(
        &mut self,
        clauses: &[Clause],
        frame: &Frame,
        each: &mut dyn FnMut(&mut Self, &Frame) -> bool,
    ) -> bool {
        let Some((first, rest)) = clauses.split_first() else { return each(self, frame) };
        match *first {
            Clause::If(condition) => match self.eval(condition, frame) {
                Value::Bool(true) => self.turns(rest, frame, each),
                Value::Bool(false) => true,
                _ => false,
            },
            Clause::For { key, source, .. } => {
                let turns: Vec<(Value, Value)> = match self.eval(source, frame) {
                    Value::List(run) => (0i64..)
                        .map(Value::Int)
                        .zip(self.store.items(run).iter().copied())
                        .collect(),
                    Value::Map(run) => self
                        .store
                        .entries(run)
                        .iter()
                        .map(|&(key, value)| (Value::Name(key), value))
                        .collect(),
                    _ => return false,
                };
                for (index, value) in turns {
                    if self.budget.reported {
                        return false;
                    }
                    // Each turn has locals of its own: those around it, and its variables.
                    let start = u32::try_from(self.locals.len()).unwrap_or(NOTHING);
                    for local in frame.locals.0..frame.locals.0 + frame.locals.1 {
                        let value =
                            self.locals.get(local as usize).copied().unwrap_or(Value::Poison);
                        self.locals.push(value);
                    }
                    let mut len = frame.locals.1;
                    if key.is_some() {
                        self.locals.push(index);
                        len += 1;
                    }
                    self.locals.push(value);
                    len += 1;
                    let inner = Frame { locals: (start, len), ..*frame };
                    let instances = self.instances.len();
                    let goes_on = self.turns(rest, &inner, each);
                    // Records made in this turn keep its variables.
                    if self.instances.len() == instances {
                        self.locals.truncate(start as usize);
                    }
                    if !goes_on {
                        return false;
                    }
                }
                true
            }
        }
    }
}
