//! Later values in Argo CD's templates, which are Go's with the functions of sprig.

use std::fmt::Write;

use crate::backend::Node;
use crate::backend::k8s::{Fields, IntoNode, list, text as plain, yaml};
use crate::embedded::Generator as Form;
use crate::eval::Origin;
use crate::model::{
    Apps, Argument, LaterPart, LaterText, LaterTree, Model, Reading, ReadingStep, TextFunction,
    go_string,
};
use crate::source::Sym;

/// Prints the later values of a set.
#[derive(Clone, Copy)]
pub(super) struct Printer<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) apps: &'m Apps<'a>,
}

impl<'m, 'a> Printer<'m, 'a> {
    /// A text as a field of the set's template.
    pub(super) fn text(self, text: &LaterText<'a>) -> Node<'a> {
        plain(self.printed(text), text.origin)
    }

    /// Texts with a prefix that means itself.
    pub(super) fn prefixed(self, prefix: &str, text: &LaterText<'a>) -> Node<'a> {
        let mut out = String::new();
        literal_text(&mut out, prefix, false);
        out.push_str(&self.printed(text));
        plain(out, text.origin)
    }

    /// What a text is in the template.
    pub(super) fn printed(self, text: &LaterText<'_>) -> String {
        let mut out = String::new();
        for (index, part) in text.parts.iter().enumerate() {
            match part {
                LaterPart::Source(source) => {
                    // What stands alone before a hole would open it.
                    let opens = source.ends_with('{')
                        && matches!(text.parts.get(index + 1), Some(LaterPart::Read(_)));
                    match source.strip_suffix('{').filter(|_| opens) {
                        Some(before) => {
                            out.push_str(before);
                            out.push_str("{{ \"{\" }}");
                        }
                        None => out.push_str(source),
                    }
                }
                LaterPart::Text(text_part) => {
                    let before_hole =
                        !matches!(text.parts.get(index + 1), None | Some(LaterPart::Text(_)));
                    literal_text(&mut out, text_part, before_hole);
                }
                LaterPart::Read(reading) => {
                    out.push_str("{{ ");
                    out.push_str(bare(&self.operand(reading)));
                    out.push_str(" }}");
                }
            }
        }
        out
    }

    /// A later value as one argument of a function.
    pub(super) fn operand(self, reading: &Reading<'_>) -> String {
        match reading {
            Reading::Parameter { generator, steps } => self.parameter(*generator, steps),
            Reading::Call(function, args) => {
                let mut args: Vec<String> =
                    args.iter().map(|argument| self.argument(argument)).collect();
                // Functions of sprig take what they work on last.
                if !args.is_empty() {
                    let first = args.remove(0);
                    args.push(first);
                }
                format!("({} {})", spelled(*function), args.join(" "))
            }
            Reading::Otherwise(first, other) => {
                let other = self.alternative(other);
                match first.as_ref() {
                    Reading::Parameter { generator, steps } => match self.keys(*generator, steps) {
                        Some(keys) => {
                            let keys: Vec<String> = keys.iter().map(|key| go_string(key)).collect();
                            format!("(dig {} {other} .)", keys.join(" "))
                        }
                        None => format!("(default {other} {})", self.parameter(*generator, steps)),
                    },
                    Reading::Call(..) | Reading::Otherwise(..) => {
                        format!("(default {other} {})", self.operand(first))
                    }
                }
            }
        }
    }

    fn form(self, generator: Sym) -> Form {
        let found = self.apps.from.iter().find(|(name, _)| *name == generator);
        found.map_or(Form::Plugin, |(_, from)| from.form())
    }

    /// The keys of a parameter, where keys alone lead to it.
    fn keys(self, generator: Sym, steps: &[ReadingStep]) -> Option<Vec<String>> {
        let names: Option<Vec<&str>> = steps
            .iter()
            .map(|step| match step {
                ReadingStep::Name(name) => Some(name.as_str()),
                ReadingStep::Item(_) => None,
            })
            .collect();
        let is_matrix = self.apps.is_matrix();
        Some(self.form(generator).keys(generator.as_str(), is_matrix, &names?))
    }

    fn parameter(self, generator: Sym, steps: &[ReadingStep]) -> String {
        let item = steps.iter().position(|step| matches!(step, ReadingStep::Item(_)));
        let (names, rest) = steps.split_at(item.unwrap_or(steps.len()));
        let keys = self.keys(generator, names).unwrap_or_default();
        if rest.is_empty() && keys.iter().all(|key| is_field(key)) {
            return format!(".{}", keys.join("."));
        }
        let mut out = if keys.iter().all(|key| is_field(key)) {
            format!("(index .{}", keys.join("."))
        } else {
            let keys: Vec<String> = keys.iter().map(|key| go_string(key)).collect();
            format!("(index . {}", keys.join(" "))
        };
        for step in rest {
            match step {
                ReadingStep::Name(name) => drop(write!(out, " {}", go_string(name.as_str()))),
                ReadingStep::Item(number) => drop(write!(out, " {number}")),
            }
        }
        out.push(')');
        out
    }

    fn argument(self, argument: &Argument<'_>) -> String {
        match argument {
            Argument::Number(number) => number.to_string(),
            Argument::Text(text) => self.text_operand(text),
        }
    }

    /// A text as one argument of a function.
    pub(super) fn text_operand(self, text: &LaterText<'_>) -> String {
        if let [LaterPart::Read(reading)] = text.parts.as_slice() {
            return self.operand(reading);
        }
        let mut format = String::new();
        let mut operands = Vec::new();
        for part in &text.parts {
            match part {
                LaterPart::Text(text) | LaterPart::Source(text) => format.push_str(text),
                LaterPart::Read(reading) => {
                    // Each is put where the verb stands; what is text already keeps its percent signs.
                    format.push('\u{1a}');
                    operands.push(self.operand(reading));
                }
            }
        }
        if operands.is_empty() {
            return go_string(&format);
        }
        let format = format.replace('%', "%%").replace('\u{1a}', "%v");
        format!("(printf {} {})", go_string(&format), operands.join(" "))
    }

    fn alternative(self, other: &LaterTree<'_>) -> String {
        match other {
            LaterTree::Bool(value) => value.value.to_string(),
            LaterTree::Int(value) => value.value.to_string(),
            LaterTree::Float(value, _) => value.to_string(),
            LaterTree::Text(text) => self.text_operand(text),
            LaterTree::Read(reading, _) => self.operand(reading),
            LaterTree::List(_) => "list".to_owned(),
            LaterTree::Map(_) => "dict".to_owned(),
        }
    }

    /// The values of a chart. Where a later value is no text, all of them are one text in which each keeps its type: Argo CD
    /// fills in texts only.
    pub(super) fn values(self, values: &LaterTree<'a>) -> Option<(&'static str, Node<'a>)> {
        if matches!(values, LaterTree::Map(entries) if entries.is_empty()) {
            return None;
        }
        if self.is_all_text(values) {
            return Some(("valuesObject", self.tree(values)));
        }
        let mut tokens = Tokens { mark: self.mark(values), printed: Vec::new() };
        let node = self.typed(values, &mut tokens);
        let mut text = yaml(&node);
        for (index, printed) in tokens.printed.iter().enumerate().rev() {
            text = text.replace(&tokens.name(index), printed);
        }
        let rule = Origin::rule("values keep their types where a generator gives more than texts");
        Some(("values", plain(text, rule)))
    }

    fn is_all_text(self, tree: &LaterTree<'_>) -> bool {
        match tree {
            LaterTree::Read(reading, _) => self.model.is_text(self.apps, reading),
            LaterTree::List(items) => items.iter().all(|item| self.is_all_text(item)),
            LaterTree::Map(entries) => entries.iter().all(|(_, item)| self.is_all_text(item)),
            LaterTree::Bool(_) | LaterTree::Int(_) | LaterTree::Float(..) | LaterTree::Text(_) => {
                true
            }
        }
    }

    /// Data whose later values are all texts.
    fn tree(self, tree: &LaterTree<'a>) -> Node<'a> {
        match tree {
            LaterTree::Bool(value) => Node::Bool(value.value, value.origin),
            LaterTree::Int(value) => Node::Int(value.value, value.origin),
            LaterTree::Float(value, origin) => Node::Float(*value, *origin),
            LaterTree::Text(text) => self.text(text),
            LaterTree::Read(reading, origin) => {
                plain(format!("{{{{ {} }}}}", bare(&self.operand(reading))), *origin)
            }
            LaterTree::List(items) => list(items.iter().map(|item| self.tree(item))),
            LaterTree::Map(entries) => {
                let mut fields = Fields::new();
                for (key, value) in entries {
                    let mut printed = String::new();
                    literal_text(&mut printed, key.as_str(), false);
                    fields = fields.with(printed, self.tree(value));
                }
                IntoNode::into_node(fields)
            }
        }
    }

    /// Data in which each later value is a token.
    fn typed(self, tree: &LaterTree<'a>, tokens: &mut Tokens) -> Node<'a> {
        match tree {
            LaterTree::Bool(value) => Node::Bool(value.value, value.origin),
            LaterTree::Int(value) => Node::Int(value.value, value.origin),
            LaterTree::Float(value, origin) => Node::Float(*value, *origin),
            LaterTree::Text(text) => match text.as_known().filter(|it| !it.contains("{{")) {
                Some(known) => plain(known.to_owned(), text.origin),
                None => {
                    let json = format!("{{{{ toJson {} }}}}", self.text_operand(text));
                    plain(tokens.add(json), text.origin)
                }
            },
            LaterTree::Read(reading, origin) => {
                let json = format!("{{{{ toJson {} }}}}", self.operand(reading));
                plain(tokens.add(json), *origin)
            }
            LaterTree::List(items) => list(items.iter().map(|item| self.typed(item, tokens))),
            LaterTree::Map(entries) => {
                let mut out: Vec<(std::borrow::Cow<'a, str>, Node<'a>)> = Vec::new();
                for (key, value) in entries {
                    let key = match key.as_str() {
                        key if key.contains("{{") => {
                            tokens.add(format!("{{{{ toJson {} }}}}", go_string(key)))
                        }
                        key => key.to_owned(),
                    };
                    out.push((key.into(), self.typed(value, tokens)));
                }
                Node::Map(out)
            }
        }
    }

    /// A word that no text of the values holds.
    fn mark(self, values: &LaterTree<'_>) -> String {
        let mut mark = "later".to_owned();
        while holds(values, &mark) {
            mark.push('x');
        }
        mark
    }
}

/// What stands in values for later ones until they are written.
struct Tokens {
    mark: String,
    printed: Vec<String>,
}

impl Tokens {
    fn add(&mut self, printed: String) -> String {
        self.printed.push(printed);
        self.name(self.printed.len() - 1)
    }

    fn name(&self, index: usize) -> String {
        format!("{}{index}z", self.mark)
    }
}

fn holds(tree: &LaterTree<'_>, mark: &str) -> bool {
    match tree {
        LaterTree::Text(text) => text.parts.iter().any(|part| match part {
            LaterPart::Source(text) | LaterPart::Text(text) => text.contains(mark),
            LaterPart::Read(_) => false,
        }),
        LaterTree::List(items) => items.iter().any(|item| holds(item, mark)),
        LaterTree::Map(entries) => {
            entries.iter().any(|(key, item)| key.as_str().contains(mark) || holds(item, mark))
        }
        LaterTree::Bool(_) | LaterTree::Int(_) | LaterTree::Float(..) | LaterTree::Read(..) => {
            false
        }
    }
}

/// A function's name in Argo CD's templates.
const fn spelled(function: TextFunction) -> &'static str {
    match function {
        TextFunction::Slug => "slugify",
        TextFunction::Lower => "lower",
        TextFunction::Upper => "upper",
        TextFunction::TrimPrefix => "trimPrefix",
        TextFunction::TrimSuffix => "trimSuffix",
        TextFunction::Replace => "replace",
        TextFunction::Truncate => "trunc",
    }
}

/// An operand alone in an action needs no parentheses.
fn bare(operand: &str) -> &str {
    let inner = operand.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.unwrap_or(operand)
}

/// Text that means itself, in a template. Braces would open an action.
fn literal_text(out: &mut String, text: &str, before_hole: bool) {
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, braces) = rest.split_at(start);
        let after = braces.trim_start_matches('{');
        let count = braces.len() - after.len();
        out.push_str(before);
        if count > 1 || (after.is_empty() && before_hole) {
            out.push_str("{{ ");
            out.push_str(&go_string(&"{".repeat(count)));
            out.push_str(" }}");
        } else {
            out.push('{');
        }
        rest = after;
    }
    out.push_str(rest);
}

/// Data whose texts and keys mean themselves, where Argo CD reads each as a template.
pub(super) fn literal(node: Node<'_>) -> Node<'_> {
    let literal_of = |text: &str| {
        let mut out = String::new();
        literal_text(&mut out, text, false);
        out
    };
    match node {
        Node::Text(text, origin) if text.contains("{{") => plain(literal_of(&text), origin),
        Node::List(items) => Node::List(items.into_iter().map(literal).collect()),
        Node::Map(entries) => {
            let entries = entries.into_iter().map(|(key, value)| {
                let key = if key.contains("{{") { literal_of(&key).into() } else { key };
                (key, literal(value))
            });
            Node::Map(entries.collect())
        }
        Node::Bool(..) | Node::Int(..) | Node::Float(..) | Node::Text(..) => node,
    }
}

/// Whether Go's templates take a name after a dot.
fn is_field(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
