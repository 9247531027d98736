//! From actions to a tree: blocks and their ends.

use super::action::{self, Clause};
use super::errors;
use super::problem::Problem;
use super::scan::{Action, DEPTH, scan};
use super::tree::{Arm, Branch, Define, Name, Node, Tree, Word};
use crate::source::Extent;

/// What waits for its `end`.
struct Open {
    kind: Kind,
    /// The word that opened it.
    at: Extent,
    /// Where its `else` stands.
    otherwise: Option<Extent>,
    arms: Vec<Arm>,
    /// The arm at hand: its word and condition.
    arm: Option<Arm>,
    nodes: Vec<Node>,
}

enum Kind {
    Branch(Word),
    Define(Name),
    /// `{{ block "name" pipeline }}`: a definition that is printed where it stands.
    Block(Name, Node),
    /// A definition that cannot be read, and has an `end`.
    Broken,
}

impl Open {
    const fn word(&self) -> &'static str {
        match &self.kind {
            Kind::Branch(word) => word.as_str(),
            Kind::Define(_) => "define",
            Kind::Block(..) => "block",
            Kind::Broken => "block",
        }
    }
}

/// Reads a template. `holes` are the places of what another language fills in before.
pub(super) fn build(text: &str, holes: &[u32], problems: &mut Vec<Problem>) -> Tree {
    let actions = scan(text, holes, problems);
    let mut builder = Builder { text, problems, open: Vec::new(), tree: Tree::default(), lost: 0 };
    let mut last = Mark::default();
    for action in actions {
        let mark = Mark::of(&action);
        builder.text(last, mark.start, mark.trims_before);
        last = mark;
        let word = action::first_word(text, action.inner);
        let clause = if action.is_whole {
            match action::read(text, action.at, action.inner) {
                Ok(clause) => Some(clause),
                Err(problem) => {
                    builder.problems.push(*problem);
                    None
                }
            }
        } else {
            None
        };
        match clause {
            Some(clause) => builder.clause(clause, word),
            None => builder.broken(action.inner, word),
        }
    }
    builder.text(last, text.len(), false);
    builder.finish()
}

/// Where an action stands, and whether its markers trim the text around it.
#[derive(Clone, Copy, Default)]
struct Mark {
    start: usize,
    end: usize,
    trims_before: bool,
    trims_after: bool,
}

impl Mark {
    fn of(action: &Action) -> Self {
        // `{{- ` and ` -}}` are longer than `{{` and `}}`.
        Self {
            start: action.at.start as usize,
            end: action.at.end as usize,
            trims_before: action.inner.start > action.at.start + 2,
            trims_after: action.at.end > action.inner.end + 2,
        }
    }
}

/// What a text between actions says: without comments, and without the blanks that they trim.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("{{") {
        let trims = comment.starts_with("- ");
        out.push_str(if trims { before.trim_end() } else { before });
        let behind = comment.split_once("*/").map_or("", |(_, behind)| behind);
        rest = behind
            .strip_prefix("}}")
            .unwrap_or_else(|| behind.trim_start().strip_prefix("-}}").unwrap_or("").trim_start());
    }
    out.push_str(rest);
    out
}

struct Builder<'a> {
    text: &'a str,
    problems: &'a mut Vec<Problem>,
    open: Vec<Open>,
    tree: Tree,
    /// Blocks beyond the limit of nesting: their ends are counted, and nothing else.
    lost: usize,
}

impl Builder<'_> {
    /// The text between an action and the next one.
    fn text(&mut self, last: Mark, end: usize, trims: bool) {
        let gap = self.text.get(last.end..end).unwrap_or("");
        let plain = plain(gap);
        let mut text = plain.as_str();
        if last.trims_after {
            text = text.trim_start();
        }
        if trims {
            text = text.trim_end();
        }
        if !text.is_empty() {
            self.push(Node::Text(text.to_owned()));
        }
    }

    fn clause(&mut self, clause: Clause, at: Extent) {
        match clause {
            Clause::Print(pipeline) => self.push(Node::Print(pipeline)),
            Clause::Template(name, pipeline) => self.push(Node::Template(name, pipeline)),
            Clause::Branch(word, pipeline) => {
                let arm = Arm { word, pipeline: Some(pipeline), body: Vec::new() };
                self.begin(Kind::Branch(word), at, Some(arm));
            }
            Clause::Define(name) => {
                if let Some(around) = self.open.last() {
                    self.problems.push(errors::inner_define(at, around.at, around.word()));
                }
                self.begin(Kind::Define(name), at, None);
            }
            Clause::Block(name, pipeline) => {
                let printed = Node::Template(name.clone(), Some(pipeline));
                self.begin(Kind::Block(name, printed), at, None);
            }
            Clause::Else(arm) => self.otherwise(at, arm),
            Clause::End => self.end(at),
            Clause::Leave(word) => {
                self.tree.leaves = true;
                let in_range = self.open.iter().any(|open| {
                    matches!(open.kind, Kind::Broken)
                        || open.arm.as_ref().is_some_and(|arm| arm.word == Word::Range)
                });
                if !in_range {
                    self.problems.push(errors::outside_range(at, word));
                }
            }
        }
    }

    /// An action that cannot be read still opens and closes what its word says.
    fn broken(&mut self, inner: Extent, word: Extent) {
        let declares = inner.of(self.text).contains(":=");
        self.tree.is_broken |= declares || matches!(word.of(self.text), "define" | "block");
        match word.of(self.text) {
            "if" => self.begin_broken(Word::If, word),
            "with" => self.begin_broken(Word::With, word),
            "range" => self.begin_broken(Word::Range, word),
            "define" | "block" => self.begin(Kind::Broken, word, None),
            "end" => self.end(word),
            _ => {}
        }
    }

    /// A block whose condition cannot be read.
    fn begin_broken(&mut self, word: Word, at: Extent) {
        let arm = Arm { word, pipeline: None, body: Vec::new() };
        self.begin(Kind::Branch(word), at, Some(arm));
    }

    fn push(&mut self, node: Node) {
        if self.lost > 0 {
            return;
        }
        match self.open.last_mut() {
            Some(open) => open.nodes.push(node),
            None => self.tree.nodes.push(node),
        }
    }

    fn begin(&mut self, kind: Kind, at: Extent, arm: Option<Arm>) {
        if self.lost > 0 || self.open.len() >= DEPTH {
            if self.lost == 0 {
                self.problems.push(errors::too_deep(at, DEPTH));
            }
            self.lost += 1;
            return;
        }
        self.open.push(Open {
            kind,
            at,
            otherwise: None,
            arms: Vec::new(),
            arm,
            nodes: Vec::new(),
        });
    }

    fn otherwise(&mut self, at: Extent, arm: Option<Arm>) {
        if self.lost > 0 {
            return;
        }
        let Some(open) = self.open.last_mut() else {
            self.problems.push(errors::stray(at, "else"));
            return;
        };
        let word = match &open.kind {
            Kind::Branch(word) => *word,
            Kind::Broken => return,
            Kind::Define(_) | Kind::Block(..) => {
                self.problems
                    .push(errors::stray(at, "else").because(open.at, "this block has no `else`"));
                return;
            }
        };
        if let Some(first) = open.otherwise {
            self.problems.push(errors::second_else(at, first));
            return;
        }
        if let Some(done) = open.arm.take() {
            open.arms.push(Arm { body: std::mem::take(&mut open.nodes), ..done });
        }
        match arm {
            Some(arm) if word == Word::Range || arm.word == Word::Range => {
                self.problems.push(errors::else_range(at, arm.word));
                open.arm = Some(arm);
            }
            Some(arm) => open.arm = Some(arm),
            None => open.otherwise = Some(at),
        }
    }

    fn end(&mut self, at: Extent) {
        if self.lost > 0 {
            self.lost -= 1;
            return;
        }
        let Some(mut open) = self.open.pop() else {
            self.problems.push(errors::stray(at, "end"));
            return;
        };
        match open.kind {
            Kind::Branch(_) => {
                let mut otherwise = Vec::new();
                match open.arm.take() {
                    Some(last) => open.arms.push(Arm { body: open.nodes, ..last }),
                    None => otherwise = open.nodes,
                }
                self.push(Node::Branch(Branch { arms: open.arms, otherwise }));
            }
            Kind::Define(name) => self.tree.defines.push(Define { name, body: open.nodes }),
            Kind::Block(name, printed) => {
                self.tree.defines.push(Define { name, body: open.nodes });
                self.push(printed);
            }
            Kind::Broken => {}
        }
    }

    fn finish(mut self) -> Tree {
        // What is open is closed at the end, so that what it holds is checked.
        self.lost = 0;
        let mut said = false;
        while let Some(open) = self.open.last() {
            // The outer ones are open for the same reason.
            if !std::mem::replace(&mut said, true) {
                self.problems.push(errors::no_end(open.at, open.word()));
            }
            let at = open.at;
            self.end(at);
        }
        self.tree
    }
}
