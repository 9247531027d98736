//! What a template reads of the value that it is given.

use super::built;
use super::tree::{Arm, Branch, Command, Node, Operand, Pipeline, Term, Tree, Word};
use crate::source::Extent;

/// Everything that a template reads of its value.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Reads {
    /// Paths from the value's top, in the order of the text.
    pub reads: Vec<Read>,
    /// Whether the value is used as a whole, or something of it by a name that only a run knows: then anything may be read.
    pub is_open: bool,
    /// The functions that it calls, and where.
    pub functions: Vec<(String, Extent)>,
    /// Queries that are written out: `{{ query "up" }}`, with the places of their literals.
    pub queries: Vec<(String, Extent)>,
    /// Whether the template is a single action, blanks aside, and that one prints a path: `{{ .a.b }}`.
    pub is_path: bool,
    /// Whether the template is a single action, blanks aside.
    pub is_action: bool,
}

/// A path that is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// `["a", "b"]` of `.a.b`.
    pub path: Vec<String>,
    /// Where.
    pub at: Extent,
    /// What for.
    pub usage: Usage,
    /// The paths that conditions around it look at.
    pub tested: Vec<Vec<String>>,
}

/// What a path is read for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Usage {
    /// It is printed as it is.
    Printed,
    /// A condition asks whether it is empty.
    Tested,
    /// A loop goes through it.
    Ranged,
    /// It is kept in a variable.
    Kept,
    /// A function takes it.
    Argument(String),
}

/// What a template reads. Of one that cannot be parsed, what can be.
pub fn reads(text: &str) -> Reads {
    let built = built(text, &[]);
    let tree = &built.0;
    let mut reader = Reader {
        out: Reads::default(),
        dot: Some(Vec::new()),
        variables: vec![("$".to_owned(), Some(Vec::new()))],
        tested: Vec::new(),
    };
    reader.nodes(&tree.nodes);
    for define in &tree.defines {
        // It is called with something that is not known.
        reader.dot = None;
        reader.variables = vec![("$".to_owned(), None)];
        reader.nodes(&define.body);
    }
    let mut out = reader.out;
    let whole = text.trim();
    out.is_action = is_single(tree)
        && whole.starts_with("{{")
        && whole.ends_with("}}")
        && whole.matches("{{").count() == 1;
    out.is_path =
        out.is_action && matches!(out.reads.as_slice(), [Read { usage: Usage::Printed, .. }]);
    out
}

fn is_single(tree: &Tree) -> bool {
    let mut actions = tree.nodes.iter().filter(|node| !matches!(node, Node::Text(_)));
    tree.defines.is_empty()
        && matches!(actions.next(), Some(Node::Print(_)))
        && actions.next().is_none()
}

type Path = Vec<String>;

struct Reader {
    out: Reads,
    /// The path that the dot stands for; none where that is not known.
    dot: Option<Path>,
    variables: Vec<(String, Option<Path>)>,
    tested: Vec<Path>,
}

impl Reader {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(_) => {}
                Node::Print(pipeline) => drop(self.pipeline(pipeline, &Usage::Printed)),
                Node::Branch(branch) => self.branch(branch),
                Node::Template(_, value) => {
                    if let Some(value) = value {
                        let path = self.pipeline(value, &Usage::Kept);
                        self.out.is_open |= path.is_some_and(|path| path.is_empty());
                    }
                }
            }
        }
    }

    fn branch(&mut self, branch: &Branch) {
        let (variables, tested) = (self.variables.len(), self.tested.len());
        for arm in &branch.arms {
            self.arm(arm);
        }
        self.nodes(&branch.otherwise);
        self.variables.truncate(variables);
        self.tested.truncate(tested);
    }

    fn arm(&mut self, arm: &Arm) {
        let dot = self.dot.clone();
        let usage = if arm.word == Word::Range { Usage::Ranged } else { Usage::Tested };
        let before = self.out.reads.len();
        let path = arm.pipeline.as_ref().and_then(|pipeline| self.pipeline(pipeline, &usage));
        let looked: Vec<Path> =
            self.out.reads.iter().skip(before).map(|read| read.path.clone()).collect();
        self.tested.extend(looked);
        match arm.word {
            Word::If => {}
            Word::With => self.dot = path,
            Word::Range => self.dot = None,
        }
        let variables = self.variables.len();
        self.nodes(&arm.body);
        self.variables.truncate(variables);
        self.dot = dot;
    }

    /// The path that a pipeline gives, if it is one.
    fn pipeline(&mut self, pipeline: &Pipeline, usage: &Usage) -> Option<Path> {
        let is_kept = pipeline.declares.is_some() && *usage == Usage::Printed;
        let usage = if is_kept { &Usage::Kept } else { usage };
        let mut result = None;
        for (index, command) in pipeline.commands.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| pipeline.commands.get(before));
            self.out.queries.extend(query_of(command, before));
            let next = pipeline.commands.get(index + 1).and_then(function_of);
            let usage = next.map_or_else(|| usage.clone(), |name| Usage::Argument(name.to_owned()));
            let path = self.command(command, &usage);
            result = if index == 0 { path } else { None };
        }
        if let Some(declares) = &pipeline.declares {
            let path = if *usage == Usage::Ranged { None } else { result.clone() };
            for name in &declares.variables {
                self.variables.push((name.text.clone(), path.clone()));
            }
        }
        result
    }

    fn command(&mut self, command: &Command, usage: &Usage) -> Option<Path> {
        let (first, rest) = command.operands.split_first()?;
        let Term::Function(name) = &first.term else {
            for operand in rest {
                self.operand(operand, usage);
            }
            return self.operand(first, usage);
        };
        self.out.functions.push((name.clone(), first.term_at));
        if let ("index" | "get" | "hasKey", [base, keys @ ..]) = (name.as_str(), rest) {
            return self.index(name, base, keys, command.at, usage);
        }
        for operand in rest {
            self.operand(operand, &Usage::Argument(name.clone()));
        }
        None
    }

    /// `index .a "b"`: `.a.b`, as far as the keys are written.
    fn index(
        &mut self,
        name: &str,
        base: &Operand,
        keys: &[Operand],
        at: Extent,
        usage: &Usage,
    ) -> Option<Path> {
        let Some(mut path) = self.path(base) else {
            self.operand(base, usage);
            for key in keys {
                self.operand(key, &Usage::Argument(name.to_owned()));
            }
            return None;
        };
        let mut is_whole = true;
        for key in keys {
            if let (Term::Text(text), true) = (&key.term, is_whole) {
                path.push(text.clone());
            } else {
                is_whole = false;
                self.operand(key, &Usage::Argument(name.to_owned()));
            }
        }
        let usage = if name == "hasKey" { Usage::Tested } else { usage.clone() };
        // An entry whose key only a run knows is not printed as the whole is.
        let usage = if is_whole { usage } else { Usage::Argument(name.to_owned()) };
        self.read(path.clone(), at, usage);
        is_whole.then_some(path)
    }

    fn operand(&mut self, operand: &Operand, usage: &Usage) -> Option<Path> {
        if let Term::Pipeline(pipeline) = &operand.term {
            let inner = if operand.fields.is_empty() { usage } else { &Usage::Kept };
            let mut path = self.pipeline(pipeline, inner)?;
            if operand.fields.is_empty() {
                return Some(path);
            }
            path.extend(operand.fields.iter().map(|field| field.text.clone()));
            self.read(path.clone(), operand.at, usage.clone());
            return Some(path);
        }
        let path = self.path(operand)?;
        self.read(path.clone(), operand.at, usage.clone());
        Some(path)
    }

    /// The path that the dot or a variable and its fields mean.
    fn path(&self, operand: &Operand) -> Option<Path> {
        let mut path = match &operand.term {
            Term::Dot => self.dot.clone()?,
            Term::Variable(name) => {
                self.variables.iter().rev().find(|(known, _)| known == name)?.1.clone()?
            }
            Term::Nil
            | Term::Bool
            | Term::Number(_)
            | Term::Text(_)
            | Term::Function(_)
            | Term::Pipeline(_) => return None,
        };
        path.extend(operand.fields.iter().map(|field| field.text.clone()));
        Some(path)
    }

    fn read(&mut self, path: Path, at: Extent, usage: Usage) {
        if path.is_empty() {
            // `$root := .` reads nothing yet, but what becomes of it is followed.
            self.out.is_open |= usage != Usage::Kept;
            return;
        }
        self.out.reads.push(Read { path, at, usage, tested: self.tested.clone() });
    }
}

/// The constant that `query` is called with, in its place or piped.
fn query_of(command: &Command, before: Option<&Command>) -> Option<(String, Extent)> {
    if function_of(command)? != "query" {
        return None;
    }
    let operand = match (command.operands.as_slice(), before.map(|it| it.operands.as_slice())) {
        ([_, operand], _) | ([_], Some([operand])) => operand,
        _ => return None,
    };
    match &operand.term {
        Term::Text(text) if operand.fields.is_empty() => Some((text.clone(), operand.at)),
        Term::Dot
        | Term::Nil
        | Term::Bool
        | Term::Number(_)
        | Term::Text(_)
        | Term::Variable(_)
        | Term::Function(_)
        | Term::Pipeline(_) => None,
    }
}

fn function_of(command: &Command) -> Option<&str> {
    match &command.operands.first()?.term {
        Term::Function(name) => Some(name),
        Term::Dot
        | Term::Nil
        | Term::Bool
        | Term::Number(_)
        | Term::Text(_)
        | Term::Variable(_)
        | Term::Pipeline(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Usage, reads};

    /// `path usage`, a read each; `?` at the end where anything may be read.
    fn check(text: &str, expected: &str) {
        let found = reads(text);
        let mut shown: Vec<String> = found
            .reads
            .iter()
            .map(|read| {
                let usage = match &read.usage {
                    Usage::Printed => "printed".to_owned(),
                    Usage::Tested => "tested".to_owned(),
                    Usage::Ranged => "ranged".to_owned(),
                    Usage::Kept => "kept".to_owned(),
                    Usage::Argument(name) => format!("of {name}"),
                };
                let around: Vec<String> = read.tested.iter().map(|path| path.join(".")).collect();
                let around =
                    if around.is_empty() { String::new() } else { format!(" in {around:?}") };
                format!("{} {usage}{around}", read.path.join("."))
            })
            .collect();
        if found.is_open {
            shown.push("?".to_owned());
        }
        assert_eq!(shown.join(", "), expected, "{text}");
    }

    #[test]
    fn paths() {
        check("a {{ .a.b }} c", "a.b printed");
        check("{{ $.a }}", "a printed");
        check("{{ .a | upper | quote }}", "a of upper");
        check("{{ printf \"%s\" .a }}", "a of printf");
        check("{{ index . \"my-var\" }}", "my-var printed");
        check("{{ (index .a .b).c }}", "b of index, a of index");
        check("{{ (index .a \"b\").c }}", "a.b kept, a.b.c printed");
        check("{{ $x := .a }}{{ $x.b }}", "a kept, a.b printed");
        check("{{ toJson . }}", "?");
        check("{{ define \"x\" }}{{ .a }}{{ end }}{{ template \"x\" . }}", "?");
    }

    #[test]
    fn blocks() {
        check("{{ if .a }}{{ .b }}{{ end }}", "a tested, b printed in [\"a\"]");
        check("{{ with .a }}{{ .b }}{{ end }}", "a tested, a.b printed in [\"a\"]");
        check("{{ range .a }}{{ .b }}{{ $.c }}{{ end }}", "a ranged, c printed in [\"a\"]");
        check("{{ if eq .a \"x\" }}1{{ else }}{{ .b }}{{ end }}", "a of eq, b printed in [\"a\"]");
        check("{{ if hasKey .a \"b\" }}{{ end }}", "a.b tested");
    }

    #[test]
    fn queries_that_are_written_out() {
        let check = |text: &str, expected: &[&str]| {
            let found = reads(text).queries;
            let found: Vec<&str> = found.iter().map(|(_, at)| at.of(text)).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("{{ query \"up\" | first | value }}", &["\"up\""]);
        check("{{ range query `up` }}{{ .Value }}{{ end }}", &["`up`"]);
        check("{{ with \"up\" | query }}{{ . | first }}{{ end }}", &["\"up\""]);
        check("{{ printf \"up{job='%s'}\" .Labels.job | query }}", &[]);
        check("{{ (query \"up\" | first).Value }}", &["\"up\""]);
    }

    #[test]
    fn single_actions() {
        for (text, is_action, is_path) in [
            ("{{ .a }}", true, true),
            (" {{ .a }}\n", true, true),
            ("{{ .a | upper }}", true, false),
            ("x{{ .a }}", false, false),
            ("{{ .a }}{{ .b }}", false, false),
            ("x", false, false),
        ] {
            let found = reads(text);
            assert_eq!((found.is_action, found.is_path), (is_action, is_path), "{text}");
        }
    }
}
