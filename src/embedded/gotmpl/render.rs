//! What a template of Prometheus prints for an alert.

#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    reason = "what is no value of the wanted kind is refused"
)]

mod functions;
mod humanize;
mod print;
mod value;

use value::Val;

use super::tree::{Branch, Command, Node, Number, Operand, Pipeline, Term, Tree, Word};

/// Labels with their values.
pub type Pairs = Vec<(String, String)>;

/// What a query in a template gives: labels and a number a series; none where that is not known.
pub type Ask<'a> = &'a mut dyn FnMut(&str) -> Option<Vec<(Pairs, f64)>>;

/// What a template sees of the alert.
pub struct Firing<'a> {
    /// The labels of the series, without the metric's name.
    pub labels: Pairs,
    /// The labels of the Prometheus itself.
    pub external_labels: Pairs,
    /// The value of the series.
    pub value: f64,
    /// Seconds since 1970 at which the rule is evaluated.
    pub now: f64,
    /// Answers the queries in the template.
    pub ask: Ask<'a>,
}

/// Why a template cannot be printed: Prometheus cannot either, or it needs something that is not done here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unrendered(pub String);

pub(super) type Done<T> = Result<T, Unrendered>;

pub(super) fn refuse<T>(what: impl Into<String>) -> Done<T> {
    Err(Unrendered(what.into()))
}

/// Most bytes that a template may print.
const MOST: usize = 1 << 20;
/// Most nodes that may be visited.
const STEPS: usize = 100_000;
/// How deep templates may use templates.
const DEPTH: usize = 32;

/// Prints a template for an alert, as Prometheus does.
pub fn render(text: &str, firing: &mut Firing<'_>) -> Result<String, Unrendered> {
    if !super::is_template(text) {
        return Ok(text.to_owned());
    }
    let built = super::built(text, &[]);
    let (tree, problems) = (&built.0, &built.1);
    if let Some(problem) = problems.first() {
        return refuse(problem.title.clone());
    }
    if tree.leaves {
        return refuse("`break` and `continue`");
    }
    let map = |pairs: &Pairs| {
        Val::map(pairs.iter().map(|(name, value)| (name.clone(), Val::Text(value.clone()))))
    };
    let variables = vec![
        ("$".to_owned(), Val::Data),
        ("$labels".to_owned(), map(&firing.labels)),
        ("$externalLabels".to_owned(), map(&firing.external_labels)),
        ("$externalURL".to_owned(), Val::Text(String::new())),
        ("$value".to_owned(), Val::Float(firing.value)),
    ];
    let mut renderer = Renderer {
        text,
        tree,
        firing,
        variables,
        dot: Val::Data,
        out: String::new(),
        steps: STEPS,
        depth: 0,
    };
    renderer.nodes(&tree.nodes)?;
    Ok(renderer.out)
}

pub(super) struct Renderer<'r, 'a> {
    text: &'r str,
    tree: &'r Tree,
    firing: &'r mut Firing<'a>,
    variables: Vec<(String, Val)>,
    dot: Val,
    out: String,
    steps: usize,
    depth: usize,
}

impl Renderer<'_, '_> {
    fn nodes(&mut self, nodes: &[Node]) -> Done<()> {
        for node in nodes {
            self.steps = self.steps.saturating_sub(1);
            if self.steps == 0 || self.out.len() > MOST {
                return refuse("a template that prints without end");
            }
            match node {
                Node::Text(text) => self.out.push_str(text),
                Node::Print(pipeline) => {
                    let value = self.pipeline(pipeline)?;
                    if pipeline.declares.is_none() {
                        let shown = print::shown(&value)?;
                        self.out.push_str(&shown);
                    }
                }
                Node::Branch(branch) => self.branch(branch)?,
                Node::Template(name, value) => {
                    let dot = match value {
                        Some(value) => self.pipeline(value)?,
                        None => Val::Nil,
                    };
                    let tree = self.tree;
                    let Some(define) = tree.defines.iter().find(|of| of.name.text == name.text)
                    else {
                        return refuse(format!("no template `{}`", name.text));
                    };
                    if self.depth >= DEPTH {
                        return refuse("a template that uses itself without end");
                    }
                    self.depth += 1;
                    let around = std::mem::replace(&mut self.dot, dot.clone());
                    let outer = std::mem::replace(&mut self.variables, vec![("$".to_owned(), dot)]);
                    self.nodes(&define.body)?;
                    self.variables = outer;
                    self.dot = around;
                    self.depth -= 1;
                }
            }
        }
        Ok(())
    }

    fn branch(&mut self, branch: &Branch) -> Done<()> {
        let before = self.variables.len();
        for arm in &branch.arms {
            let Some(pipeline) = &arm.pipeline else { return refuse("a broken condition") };
            if arm.word == Word::Range {
                let of = self.commands(pipeline)?;
                let is_some = self.range(pipeline, of, &arm.body)?;
                self.variables.truncate(before);
                if is_some {
                    return Ok(());
                }
                continue;
            }
            let value = self.pipeline(pipeline)?;
            if value.is_true() {
                let around = self.dot.clone();
                if arm.word == Word::With {
                    self.dot = value;
                }
                self.nodes(&arm.body)?;
                self.dot = around;
                self.variables.truncate(before);
                return Ok(());
            }
        }
        self.nodes(&branch.otherwise)?;
        self.variables.truncate(before);
        Ok(())
    }

    /// Whether there was anything to go through.
    fn range(&mut self, pipeline: &Pipeline, of: Val, body: &[Node]) -> Done<bool> {
        let entries: Vec<(Val, Val)> = match of {
            Val::Map(entries) => {
                entries.into_iter().map(|(key, value)| (Val::Text(key), value)).collect()
            }
            Val::List(items) => (0..).map(Val::Int).zip(items).collect(),
            Val::Nil => Vec::new(),
            _ => return refuse("`range` over something that has no parts"),
        };
        let around = self.dot.clone();
        let before = self.variables.len();
        let is_some = !entries.is_empty();
        for (key, value) in entries {
            if let Some(declares) = &pipeline.declares {
                let values = match declares.variables.len() {
                    1 => vec![value.clone()],
                    _ => vec![key, value.clone()],
                };
                for (name, value) in declares.variables.iter().zip(values) {
                    self.declare(&name.text, value, declares.assigns)?;
                }
            }
            self.dot = value;
            self.nodes(body)?;
            self.variables.truncate(before);
        }
        self.dot = around;
        Ok(is_some)
    }

    fn declare(&mut self, name: &str, value: Val, assigns: bool) -> Done<()> {
        if !assigns {
            self.variables.push((name.to_owned(), value));
            return Ok(());
        }
        match self.variables.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, known)) => {
                *known = value;
                Ok(())
            }
            None => refuse(format!("no variable `{name}`")),
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Done<Val> {
        let value = self.commands(pipeline)?;
        if let Some(declares) = &pipeline.declares {
            for name in &declares.variables {
                self.declare(&name.text, value.clone(), declares.assigns)?;
            }
        }
        Ok(value)
    }

    fn commands(&mut self, pipeline: &Pipeline) -> Done<Val> {
        let mut piped = None;
        for command in &pipeline.commands {
            piped = Some(self.command(command, piped)?);
        }
        piped.map_or_else(|| refuse("an empty action"), Ok)
    }

    fn command(&mut self, command: &Command, piped: Option<Val>) -> Done<Val> {
        let Some((first, rest)) = command.operands.split_first() else {
            return refuse("an empty action");
        };
        let Term::Function(name) = &first.term else {
            if !rest.is_empty() || piped.is_some() {
                return refuse(format!("`{}` is no function", first.at.of(self.text)));
            }
            return self.operand(first);
        };
        // Both stop at the first value that decides.
        if name == "and" || name == "or" {
            let mut last = Val::Nil;
            for operand in rest {
                last = self.operand(operand)?;
                if last.is_true() == (name == "or") {
                    return self.fields(last, first);
                }
            }
            return self.fields(piped.unwrap_or(last), first);
        }
        let mut args = Vec::new();
        for operand in rest {
            args.push(self.operand(operand)?);
        }
        args.extend(piped);
        let value = self.call(name, args)?;
        self.fields(value, first)
    }

    fn operand(&mut self, operand: &Operand) -> Done<Val> {
        let written = operand.term_at.of(self.text);
        let value = match &operand.term {
            Term::Dot => self.dot.clone(),
            Term::Nil => Val::Nil,
            Term::Bool => Val::Bool(written == "true"),
            Term::Number(number) => constant(*number, written)?,
            Term::Text(text) => Val::Text(text.clone()),
            Term::Variable(name) => {
                let known = self.variables.iter().rev().find(|(known, _)| known == name);
                match known {
                    Some((_, value)) => value.clone(),
                    None => return refuse(format!("no variable `{name}`")),
                }
            }
            Term::Function(name) => self.call(name, Vec::new())?,
            Term::Pipeline(pipeline) => self.pipeline(pipeline)?,
        };
        self.fields(value, operand)
    }

    fn fields(&self, value: Val, operand: &Operand) -> Done<Val> {
        let mut value = value;
        for field in &operand.fields {
            value = match (value, field.text.as_str()) {
                // What is missing from a map of texts is the empty text.
                (Val::Map(entries), name) => {
                    let found = entries.into_iter().find(|(known, _)| known == name);
                    found.map_or_else(|| Val::Text(String::new()), |(_, value)| value)
                }
                (Val::Sample(labels, _), "Labels") => Val::Map(labels),
                (Val::Sample(_, value), "Value") => Val::Float(value),
                (Val::Data, "Labels") => self.variable("$labels"),
                (Val::Data, "ExternalLabels") => self.variable("$externalLabels"),
                (Val::Data, "Value") => Val::Float(self.firing.value),
                (_, name) => return refuse(format!("no field `{name}`")),
            };
        }
        Ok(value)
    }

    /// One of the variables that Prometheus declares; a template inside of it does not see them.
    fn variable(&self, name: &str) -> Val {
        let pairs = match name {
            "$labels" => &self.firing.labels,
            _ => &self.firing.external_labels,
        };
        Val::map(pairs.iter().map(|(name, value)| (name.clone(), Val::Text(value.clone()))))
    }
}

fn constant(number: Number, written: &str) -> Done<Val> {
    let plain = written.replace('_', "");
    let value = match number {
        Number::Int => plain.parse().ok().map(Val::Int),
        Number::WholeFloat | Number::Float => plain.parse().ok().map(Val::Float),
        Number::Complex => None,
    };
    value.map_or_else(|| refuse(format!("the number `{written}`")), Ok)
}

#[cfg(test)]
mod tests;
