//! What a policy reads, from its tree.

use std::collections::BTreeMap;

use regorus::unstable::{Expr, Literal, Module, Query, Rule, RuleAssign, RuleHead};

use super::parse::at;
use crate::source::Extent;

/// What a policy reads.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reads {
    /// Its parameters, in the order of the text.
    pub parameters: Vec<Read>,
    /// Whether it may read any parameter: they are passed on as a whole.
    pub any_parameter: bool,
    /// What Gatekeeper does not give it.
    pub foreign: Vec<Foreign>,
    /// Whether it looks at other objects of the cluster.
    pub inventory: bool,
}

/// A parameter that is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub at: Extent,
    /// Whether something stands there for one that is not set.
    pub has_default: bool,
}

/// Something that Gatekeeper does not give to policies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Foreign {
    /// What it is.
    pub kind: ForeignKind,
    /// As it is written: `http.send`, `data.lib`.
    pub written: String,
    /// Where.
    pub at: Extent,
}

/// How something is foreign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ForeignKind {
    /// A function that asks the world outside.
    Function,
    /// Data beside `data.inventory`.
    Data,
    /// A part of `input` that is always without a value.
    Input,
    /// A name that no expression of CEL is given.
    Variable,
    /// A function that neither CEL nor Kubernetes has.
    Unknown,
}

/// Functions that Gatekeeper leaves out, or that give another value each time.
const REFUSED: &[&str] =
    &["http.send", "opa.runtime", "net.lookup_ip_addr", "rand.intn", "time.now_ns", "uuid.rfc4122"];

/// What a module reads.
pub(super) fn reads(module: &Module) -> Reads {
    let mut walk = Walk { found: Reads::default(), aliases: BTreeMap::new() };
    for import in &module.imports {
        let Some((root, steps)) = chain(&import.refr) else { continue };
        let last = steps.last().map(|it| it.0.clone()).unwrap_or_else(|| root.0.clone());
        let named = import.r#as.as_ref().map_or(last, |it| it.text().to_owned());
        if root.0 == "input"
            || root.0 == "data" && steps.first().is_some_and(|it| it.0 == "inventory")
        {
            let path = std::iter::once(root.0.clone()).chain(steps.iter().map(|it| it.0.clone()));
            walk.aliases.insert(named, path.collect());
        }
        if root.0 == "data" {
            walk.data(&steps, at(&import.span));
        }
    }
    for _ in 0..2 {
        // The second round knows the names that stand for parameters.
        walk.found = Reads { foreign: Vec::new(), ..Reads::default() };
        for import in &module.imports {
            if let Some((root, steps)) = chain(&import.refr)
                && root.0 == "data"
            {
                walk.data(&steps, at(&import.span));
            }
        }
        for rule in &module.policy {
            walk.rule(rule);
        }
    }
    walk.found.parameters.sort_by_key(|it| it.at.start);
    walk.found
}

/// A step of a reference, with its place.
type Step = (String, Extent);

/// The root and the constant steps of a reference; where a step is no constant, its name is empty.
fn chain(expr: &Expr) -> Option<(Step, Vec<Step>)> {
    match expr {
        Expr::Var { span, .. } => Some(((span.text().to_owned(), at(span)), Vec::new())),
        Expr::RefDot { refr, field, .. } => {
            let (root, mut steps) = chain(refr)?;
            steps.push((field.0.text().to_owned(), at(&field.0)));
            Some((root, steps))
        }
        Expr::RefBrack { refr, index, .. } => {
            let (root, mut steps) = chain(refr)?;
            let name = text(index).unwrap_or_default();
            steps.push((name, at(index.span())));
            Some((root, steps))
        }
        _ => None,
    }
}

/// A constant text.
fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::String { value, .. } | Expr::RawString { value, .. } => {
            value.as_string().ok().map(|it| it.to_string())
        }
        _ => None,
    }
}

struct Walk {
    found: Reads,
    /// Names that stand for a part of `input` or `data`.
    aliases: BTreeMap<String, Vec<String>>,
}

impl Walk {
    fn rule(&mut self, rule: &Rule) {
        match rule {
            Rule::Spec { head, bodies, .. } => {
                match head {
                    RuleHead::Compr { refr, assign, .. } => {
                        self.head(refr);
                        self.assigned(assign.as_ref());
                    }
                    RuleHead::Set { refr, key, .. } => {
                        self.head(refr);
                        if let Some(key) = key {
                            self.expr(key);
                        }
                    }
                    RuleHead::Func { refr, args, assign, .. } => {
                        self.head(refr);
                        args.iter().for_each(|it| self.expr(it));
                        self.assigned(assign.as_ref());
                    }
                }
                for body in bodies {
                    self.assigned(body.assign.as_ref());
                    self.query(&body.query);
                }
            }
            Rule::Default { value, .. } => self.expr(value),
        }
    }

    /// What stands in brackets behind a rule's name.
    fn head(&mut self, refr: &Expr) {
        if let Expr::RefBrack { refr, index, .. } = refr {
            self.head(refr);
            self.expr(index);
        }
    }

    fn assigned(&mut self, assign: Option<&RuleAssign>) {
        if let Some(assign) = assign {
            self.expr(&assign.value);
        }
    }

    fn query(&mut self, query: &Query) {
        for statement in &query.stmts {
            match &statement.literal {
                Literal::SomeVars { .. } => {}
                Literal::SomeIn { key, value, collection, .. } => {
                    key.iter().for_each(|it| self.expr(it));
                    self.expr(value);
                    self.expr(collection);
                }
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expr(expr),
                Literal::Every { domain, query, .. } => {
                    self.expr(domain);
                    self.query(query);
                }
            }
            // Whoever replaces the input may read anything.
            if !statement.with_mods.is_empty() {
                self.found.any_parameter = true;
                statement.with_mods.iter().for_each(|it| self.expr(&it.r#as));
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => {}
            Expr::Var { .. } => self.reference(expr),
            Expr::Array { items, .. } | Expr::Set { items, .. } => {
                items.iter().for_each(|it| self.expr(it));
            }
            Expr::Object { fields, .. } => {
                for (_, key, value) in fields {
                    self.expr(key);
                    self.expr(value);
                }
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.expr(term);
                self.query(query);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.expr(key);
                self.expr(value);
                self.query(query);
            }
            Expr::Call { fcn, params, .. } => self.call(fcn, params),
            Expr::UnaryExpr { expr, .. } => self.expr(expr),
            Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference(expr),
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. } => {
                self.expr(lhs);
                self.expr(rhs);
            }
            Expr::AssignExpr { lhs, rhs, .. } => {
                if let (Expr::Var { span, .. }, Some(path)) = (&**lhs, self.path(rhs))
                    && is_kept(&path)
                {
                    self.aliases.insert(span.text().to_owned(), path);
                    return;
                }
                self.expr(lhs);
                self.expr(rhs);
            }
            Expr::Membership { key, value, collection, .. } => {
                key.iter().for_each(|it| self.expr(it));
                self.expr(value);
                self.expr(collection);
            }
        }
    }

    fn call(&mut self, fcn: &Expr, params: &[regorus::unstable::Ref<Expr>]) {
        let name = fcn.span().text();
        if REFUSED.contains(&name) {
            let (written, at) = (name.to_owned(), at(fcn.span()));
            self.found.foreign.push(Foreign { kind: ForeignKind::Function, written, at });
        } else {
            self.reference(fcn);
        }
        // `object.get(input.parameters, "name", 0)` has a default.
        if let ("object.get", [object, key, default]) = (name, params) {
            self.expr(default);
            if let Some(mut path) = self.path(object) {
                let mut steps: Vec<Step> = Vec::new();
                match &**key {
                    Expr::Array { items, .. } => {
                        steps.extend(
                            items.iter().map(|it| (text(it).unwrap_or_default(), at(it.span()))),
                        );
                    }
                    other => steps.push((text(other).unwrap_or_default(), at(other.span()))),
                }
                let known = path.len();
                path.extend(steps.iter().map(|it| it.0.clone()));
                let places = steps.iter().map(|it| it.1);
                let before = std::iter::repeat_n(at(object.span()), known);
                let places: Vec<Extent> = before.chain(places).collect();
                self.mention(&path, &places, true);
                self.expr_of_index(object);
                self.expr(key);
                return;
            }
        }
        params.iter().for_each(|it| self.expr(it));
    }

    /// What stands in the brackets of a reference.
    fn expr_of_index(&mut self, expr: &Expr) {
        match expr {
            Expr::RefDot { refr, .. } => self.expr_of_index(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.expr(index);
                self.expr_of_index(refr);
            }
            Expr::Var { .. } => {}
            other => self.expr(other),
        }
    }

    /// The path that a reference means, through names that stand for others.
    fn path(&self, expr: &Expr) -> Option<Vec<String>> {
        let (root, steps) = chain(expr)?;
        let mut path = match self.aliases.get(&root.0) {
            Some(path) => path.clone(),
            None => vec![root.0],
        };
        path.extend(steps.into_iter().map(|it| it.0));
        Some(path)
    }

    fn reference(&mut self, expr: &Expr) {
        self.expr_of_index(expr);
        let (Some((root, steps)), Some(path)) = (chain(expr), self.path(expr)) else { return };
        let before = path.len() - steps.len();
        let places = std::iter::repeat_n(root.1, before).chain(steps.iter().map(|it| it.1));
        let places: Vec<Extent> = places.collect();
        self.mention(&path, &places, false);
    }

    fn mention(&mut self, path: &[String], places: &[Extent], has_default: bool) {
        let Some(first) = path.first() else { return };
        match first.as_str() {
            "input" => {
                let at = |index: usize| places.get(index).copied().unwrap_or_default();
                match path.get(1).map(String::as_str) {
                    Some("parameters") => match path.get(2).map(String::as_str) {
                        Some("") | None => self.found.any_parameter = true,
                        Some(name) => {
                            let read = Read { name: name.to_owned(), at: at(2), has_default };
                            if !self.found.parameters.contains(&read) {
                                self.found.parameters.push(read);
                            }
                        }
                    },
                    Some("") | None => self.found.any_parameter = true,
                    Some("review") => {}
                    Some(other) => self.found.foreign.push(Foreign {
                        kind: ForeignKind::Input,
                        written: other.to_owned(),
                        at: at(1),
                    }),
                }
            }
            "data" => {
                let whole = places.first().copied().unwrap_or_default();
                let end = places.get(1).map_or(whole.end, |it| it.end.max(whole.end));
                let steps: Vec<Step> = path.iter().skip(1).map(|it| (it.clone(), whole)).collect();
                self.data(&steps, Extent::new(whole.start, end));
            }
            _ => {}
        }
    }

    fn data(&mut self, steps: &[Step], at: Extent) {
        if steps.first().is_some_and(|it| it.0 == "inventory") {
            self.found.inventory = true;
            return;
        }
        let written =
            steps.first().map_or_else(|| "data".to_owned(), |it| format!("data.{}", it.0));
        let foreign = Foreign { kind: ForeignKind::Data, written, at };
        if !self.found.foreign.contains(&foreign) {
            self.found.foreign.push(foreign);
        }
    }
}

/// Whether a name that is assigned a path is read as that path: parts of an object are values like others.
fn is_kept(path: &[String]) -> bool {
    matches!(path, [input] if input == "input")
        || matches!(path, [input, parameters] if input == "input" && parameters == "parameters")
}
