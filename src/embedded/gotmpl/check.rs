//! What a template means: its names, and the kinds of its values.

use super::context::{Context, Engine, Record, What};
use super::errors;
use super::kind::Kind;
use super::problem::Problem;
use super::tree::{Branch, Command, Name, Node, Number, Operand, Pipeline, Term, Tree, Word};
use crate::source::Extent;

/// A value: what is known of it, and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Value {
    pub(super) kind: Kind,
    pub(super) constant: Option<Constant>,
    pub(super) at: Extent,
}

/// A constant.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Constant {
    /// A text.
    Text(String),
    /// A number: it becomes what is wanted.
    Number(Number),
}

impl Value {
    pub(super) const fn of(kind: Kind, at: Extent) -> Self {
        Self { kind, constant: None, at }
    }
}

/// Checks a tree.
pub(super) fn check(text: &str, tree: &Tree, context: &Context, problems: &mut Vec<Problem>) {
    let mut checker = Checker {
        text,
        context,
        problems,
        variables: context.variables.iter().map(|&(name, kind)| (name.to_owned(), kind)).collect(),
        dot: context.root,
        in_definition: false,
        tree,
    };
    checker.nodes(&tree.nodes);
    for define in &tree.defines {
        checker.variables = vec![("$".to_owned(), Kind::Any)];
        checker.dot = Kind::Any;
        checker.in_definition = true;
        checker.nodes(&define.body);
    }
}

pub(super) struct Checker<'a> {
    pub(super) text: &'a str,
    pub(super) context: &'a Context,
    pub(super) problems: &'a mut Vec<Problem>,
    variables: Vec<(String, Kind)>,
    pub(super) dot: Kind,
    in_definition: bool,
    tree: &'a Tree,
}

impl Checker<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(_) => {}
                Node::Print(pipeline) => drop(self.pipeline(pipeline)),
                Node::Branch(branch) => self.branch(branch),
                Node::Template(name, value) => {
                    if let Some(value) = value {
                        self.pipeline(value);
                    }
                    let known = self.tree.defines.iter().map(|define| define.name.text.as_str());
                    // Alertmanager has templates of its own, and files may add others.
                    let is_whole = self.context.engine != Engine::Alertmanager;
                    if is_whole
                        && !self.tree.is_broken
                        && !known.clone().any(|known| known == name.text)
                    {
                        let near = crate::diag::nearest(&name.text, known);
                        self.problems.push(errors::unknown_template(name, near));
                    }
                }
            }
        }
    }

    fn branch(&mut self, branch: &Branch) {
        // What a condition declares is seen in the arms that follow, too.
        let before = self.variables.len();
        let dot = self.dot;
        for arm in &branch.arms {
            let value = match (&arm.pipeline, arm.word) {
                (Some(pipeline), Word::Range) => self.ranged(pipeline),
                (Some(pipeline), Word::If | Word::With) => self.pipeline(pipeline).kind,
                (None, _) => Kind::Any,
            };
            if arm.word != Word::If {
                self.dot = value;
            }
            let declared = self.variables.len();
            self.nodes(&arm.body);
            self.variables.truncate(declared);
            self.dot = dot;
        }
        self.nodes(&branch.otherwise);
        self.variables.truncate(before);
    }

    /// The kind of what a `range` goes through.
    fn ranged(&mut self, pipeline: &Pipeline) -> Kind {
        let value = self.commands(pipeline);
        let (key, element) = match value.kind {
            Kind::Samples => (Kind::Int, Kind::Sample),
            Kind::Texts => (Kind::Int, Kind::Text),
            Kind::List => (Kind::Int, Kind::Any),
            Kind::Int => (Kind::Int, Kind::Int),
            Kind::Alerts => (Kind::Int, Kind::Record(0)),
            Kind::TextMap => (Kind::Text, Kind::Text),
            Kind::Map => (Kind::Text, Kind::Any),
            Kind::Record(_) => match self.context.record(value.kind) {
                Some(Record { what: What::Labels, .. }) => (Kind::Text, Kind::Text),
                Some(Record { what: What::Alert, .. }) => {
                    self.problems.push(errors::not_ranged("the alert", value.at));
                    (Kind::Any, Kind::Any)
                }
                Some(Record { what: What::Notification | What::Notified, .. }) => {
                    self.problems.push(errors::not_ranged("what is told", value.at));
                    (Kind::Any, Kind::Any)
                }
                Some(_) | None => (Kind::Text, Kind::Any),
            },
            Kind::Float | Kind::Bool | Kind::Sample => {
                self.problems.push(errors::not_ranged(value.kind.words(), value.at));
                (Kind::Any, Kind::Any)
            }
            Kind::Any | Kind::Text | Kind::Nil | Kind::Time | Kind::Duration => {
                (Kind::Any, Kind::Any)
            }
        };
        if let Some(declares) = &pipeline.declares {
            let kinds = match declares.variables.len() {
                1 => [element, element],
                _ => [key, element],
            };
            for (name, kind) in declares.variables.iter().zip(kinds) {
                self.declare(name, kind, declares.assigns);
            }
        }
        element
    }

    fn declare(&mut self, name: &Name, kind: Kind, assigns: bool) {
        if !assigns {
            self.variables.push((name.text.clone(), kind));
            return;
        }
        match self.variables.iter_mut().rev().find(|(known, _)| *known == name.text) {
            // It may be assigned in one branch only, or in every turn of a loop.
            Some((_, known)) if *known != kind => *known = Kind::Any,
            Some(_) => {}
            None => self.unknown_variable(name.at, &name.text),
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Value {
        let value = self.commands(pipeline);
        if let Some(declares) = &pipeline.declares {
            for name in &declares.variables {
                self.declare(name, value.kind, declares.assigns);
            }
        }
        value
    }

    fn commands(&mut self, pipeline: &Pipeline) -> Value {
        let mut piped: Option<Value> = None;
        for command in &pipeline.commands {
            piped = Some(self.command(command, piped));
        }
        let value = piped.unwrap_or(Value::of(Kind::Any, pipeline.at));
        Value { at: pipeline.at, ..value }
    }

    fn command(&mut self, command: &Command, piped: Option<Value>) -> Value {
        let Some((first, rest)) = command.operands.split_first() else {
            return Value::of(Kind::Any, command.at);
        };
        if let (Term::Function(name), true) = (&first.term, first.fields.is_empty()) {
            let mut args: Vec<Value> = rest.iter().map(|operand| self.operand(operand)).collect();
            let is_piped = piped.is_some();
            args.extend(piped);
            let kind = self.call(name, first.term_at, &args, is_piped, None);
            return Value::of(kind, command.at);
        }
        let value = self.operand(first);
        for operand in rest {
            self.operand(operand);
        }
        if first.term == Term::Nil {
            self.problems.push(errors::lone_nil(first.at));
            return Value::of(Kind::Any, command.at);
        }
        let extra = rest.first().map(|operand| operand.at).or_else(|| piped.map(|piped| piped.at));
        if let Some(extra) = extra
            && (first.fields.is_empty() || value.kind != Kind::Any)
        {
            let shown = first.at.of(self.text).to_owned();
            self.problems.push(errors::not_a_function(&shown, first.at, extra));
            return Value::of(Kind::Any, command.at);
        }
        value
    }

    pub(super) fn operand(&mut self, operand: &Operand) -> Value {
        let at = operand.at;
        let mut value = match &operand.term {
            Term::Dot => Value::of(self.dot, at),
            Term::Nil => Value::of(Kind::Nil, at),
            Term::Bool => Value::of(Kind::Bool, at),
            Term::Number(number) => {
                let kind = match number {
                    Number::Int => Kind::Int,
                    Number::WholeFloat | Number::Float => Kind::Float,
                    Number::Complex => Kind::Any,
                };
                Value { kind, constant: Some(Constant::Number(*number)), at }
            }
            Term::Text(text) => {
                Value { kind: Kind::Text, constant: Some(Constant::Text(text.clone())), at }
            }
            Term::Variable(name) => {
                let known = self.variables.iter().rev().find(|(known, _)| known == name);
                match known {
                    Some(&(_, kind)) => Value::of(kind, at),
                    None => {
                        self.unknown_variable(operand.term_at, name);
                        Value::of(Kind::Any, at)
                    }
                }
            }
            Term::Function(name) => {
                let field = operand.fields.first();
                let kind = self.call(name, operand.term_at, &[], false, field);
                Value::of(kind, at)
            }
            // What is declared in parentheses is seen up to the end of the block.
            Term::Pipeline(pipeline) => Value { at, ..self.pipeline(pipeline) },
        };
        for field in &operand.fields {
            let base = Extent::new(operand.at.start, field.at.start.saturating_sub(1));
            value = Value::of(self.field(value.kind, field.at, &field.text, base), at);
        }
        value
    }

    fn unknown_variable(&mut self, at: Extent, name: &str) {
        if self.tree.is_broken {
            return;
        }
        let is_outer =
            self.in_definition && self.context.variables.iter().any(|(known, _)| *known == name);
        if is_outer {
            self.problems.push(errors::outer_variable(at, name));
            return;
        }
        let known: Vec<&str> = self.variables.iter().map(|(known, _)| known.as_str()).collect();
        let near = crate::diag::nearest(name, known.iter().copied().filter(|known| *known != "$"));
        self.problems.push(errors::unknown_variable(at, name, near, &known));
    }

    /// A field or key of a value. `base` is where the value stands.
    pub(super) fn field(&mut self, kind: Kind, at: Extent, name: &str, base: Extent) -> Kind {
        match kind {
            Kind::TextMap => Kind::Text,
            Kind::Sample => match name {
                "Labels" => Kind::TextMap,
                "Value" => Kind::Any,
                _ => {
                    let known = ["Labels", "Value"];
                    self.problems.push(errors::unknown_field("a sample", at, name, &known));
                    Kind::Any
                }
            },
            Kind::Alerts => match name {
                "Firing" | "Resolved" => Kind::Alerts,
                _ => {
                    let known = ["Firing", "Resolved"];
                    self.problems.push(errors::unknown_field("`Alerts`", at, name, &known));
                    Kind::Any
                }
            },
            Kind::Record(_) => {
                let Some(record) = self.context.record(kind) else { return Kind::Any };
                if let Some((_, kind)) = record.fields.iter().find(|(known, _)| known == name) {
                    return *kind;
                }
                if record.is_open {
                    return Kind::Any;
                }
                let known: Vec<&str> =
                    record.fields.iter().map(|(known, _)| known.as_str()).collect();
                self.problems.push(match record.what {
                    What::Labels => errors::unknown_label(at, name, &known),
                    What::Parameters => errors::unknown_parameter(at, name, &known),
                    What::Alert => errors::unknown_of_alert(at, name, &known, base),
                    What::Notification => errors::unknown_field("what is told", at, name, &known),
                    What::Notified => errors::unknown_field("an alert", at, name, &known),
                });
                Kind::Any
            }
            Kind::Bool
            | Kind::Int
            | Kind::Float
            | Kind::Text
            | Kind::List
            | Kind::Texts
            | Kind::Samples => {
                let shown = base.of(self.text).to_owned();
                self.problems.push(errors::no_fields(&shown, kind.words(), at));
                Kind::Any
            }
            // What is not known, and what Go gives methods.
            Kind::Any | Kind::Nil | Kind::Time | Kind::Duration | Kind::Map => Kind::Any,
        }
    }
}
