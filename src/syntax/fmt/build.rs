//! The tree walked in the order of its text, beside the text: every token that is printed is looked for at
//! the cursor, and what stands before it goes along. So no token and no comment can be lost or moved.

use super::gaps::{Gap, gap_at};
use super::layout::{Flat, Op};
use crate::source::Extent;
use crate::syntax::Tree;

/// Makes the instructions for a file.
pub(super) struct Build<'t> {
    text: &'t str,
    pub(super) tree: &'t Tree,
    /// Where the tree starts in `text`.
    base: u32,
    /// One past the last byte that was read.
    at: usize,
    ops: Vec<Op<'t>>,
    /// How many ends of lines are certain so far.
    hards: usize,
    /// First byte where the text held another token than the tree says.
    lost: Option<usize>,
}

/// A group whose end is not known yet.
#[derive(Clone, Copy)]
pub(super) struct Group {
    op: usize,
    hards: usize,
}

/// What stands before a group's end, beside what is said of its own lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// A line's end inside breaks the group.
    Breaks,
    /// What is inside may go over lines by itself.
    Free,
}

impl<'t> Build<'t> {
    pub(super) fn new(text: &'t str, tree: &'t Tree, base: u32) -> Self {
        Self {
            text,
            tree,
            base,
            at: text.len() - text.strip_prefix('\u{FEFF}').unwrap_or(text).len(),
            ops: Vec::new(),
            hards: 0,
            lost: None,
        }
    }

    /// The instructions, or the first byte where text and tree differ.
    pub(super) fn done(self) -> Result<Vec<Op<'t>>, usize> {
        match self.lost {
            Some(at) => Err(at),
            None if self.at < self.text.len() => Err(self.at),
            None => Ok(self.ops),
        }
    }

    pub(super) fn push(&mut self, op: Op<'t>) {
        self.hards += usize::from(matches!(op, Op::Hard(_) | Op::Verbatim(_) | Op::Lines(_)));
        self.ops.push(op);
    }

    pub(super) fn space(&mut self) {
        self.push(Op::Space);
    }

    /// The source of an extent of the tree.
    pub(super) fn source(&self, at: Extent) -> &'t str {
        at.shift(self.base).of(self.text)
    }

    // ---- gaps ----------------------------------------------------------------------------------

    /// Reads the gap at the cursor.
    pub(super) fn gap(&mut self) -> Gap<'t> {
        self.read_gap(false)
    }

    /// Reads the gap at the cursor, with the separators in it.
    pub(super) fn separators(&mut self) -> Gap<'t> {
        self.read_gap(true)
    }

    fn read_gap(&mut self, commas: bool) -> Gap<'t> {
        let gap = gap_at(self.text, self.at, commas);
        self.at = gap.end;
        gap
    }

    /// The gap at the cursor, left there.
    pub(super) fn peek_gap(&self) -> Gap<'t> {
        gap_at(self.text, self.at, false)
    }

    /// The byte behind the gap at the cursor.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.peek_gap().end).copied()
    }

    /// Prints comments; the caller ends the line. An empty line before the first is left out if it stands right
    /// behind an opener.
    pub(super) fn comments(&mut self, gap: &Gap<'t>, behind_opener: bool) {
        for (index, comment) in gap.comments.iter().enumerate() {
            if comment.own_line {
                if comment.blank_before && !(behind_opener && index == 0) {
                    self.push(Op::Blank);
                }
                self.push(Op::Hard(0));
                self.push(Op::Text(comment.text));
            } else {
                self.push(Op::Trailing(comment.text));
            }
            // whatever stands around cannot be one line
            self.hards += 1;
        }
    }

    /// A gap where no line is wanted: its comments force one all the same.
    fn close_gap(&mut self, gap: &Gap<'t>) {
        if gap.comments.is_empty() {
            return;
        }
        for comment in &gap.comments {
            if comment.own_line {
                self.push(Op::Hard(1));
                self.push(Op::Text(comment.text));
            } else {
                self.push(Op::Trailing(comment.text));
            }
        }
        self.push(Op::Hard(1));
    }

    /// A place where a line may end. Gives whether it must, by what the user wrote.
    pub(super) fn line(&mut self, flat: Flat) -> bool {
        let gap = self.gap();
        self.comments(&gap, true);
        self.push(Op::Line(flat));
        gap.breaks()
    }

    // ---- tokens --------------------------------------------------------------------------------

    /// A token that reads `word`.
    pub(super) fn token(&mut self, word: &'t str) {
        let gap = self.gap();
        self.close_gap(&gap);
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
        } else {
            self.lost.get_or_insert(self.at);
        }
        self.push(Op::Text(word));
    }

    /// Reads a token without printing it, if it is there.
    pub(super) fn skip(&mut self, word: &str) -> bool {
        let end = self.peek_gap();
        let there = end.comments.is_empty()
            && self.text.get(end.end..).is_some_and(|rest| rest.starts_with(word));
        if there {
            self.at = end.end + word.len();
        }
        there
    }

    /// Reads, without printing, bytes that the tree says in its own words.
    pub(super) fn pass(&mut self, bytes: &[char]) {
        self.gap();
        let rest = self.text.get(self.at..).unwrap_or("");
        self.at += rest.len() - rest.trim_start_matches(bytes).len();
    }

    /// A token as it stands at an extent.
    pub(super) fn span(&mut self, at: Extent) {
        let text = self.reach(at);
        self.push(Op::Text(text));
    }

    /// Moves the cursor over an extent; gives its text.
    pub(super) fn reach(&mut self, at: Extent) -> &'t str {
        let gap = self.gap();
        self.close_gap(&gap);
        let text = self.source(at);
        if self.at != at.shift(self.base).start as usize {
            self.lost.get_or_insert(self.at);
        }
        self.at += text.len();
        text
    }

    /// The tree holds what could not be read: nothing that is formatted does.
    pub(super) fn unreadable(&mut self) {
        self.lost.get_or_insert(self.at);
    }

    // ---- groups --------------------------------------------------------------------------------

    pub(super) fn open(&mut self) -> Group {
        self.push(Op::Open { broken: false });
        Group { op: self.ops.len() - 1, hards: self.hards }
    }

    /// Ends a group; `broken` if the user wants it over several lines.
    pub(super) fn close(&mut self, group: Group, broken: bool, inside: Inside) {
        let hard = inside == Inside::Breaks && self.hards > group.hards;
        if let Some(Op::Open { broken: wide }) = self.ops.get_mut(group.op) {
            *wide = broken || hard;
        }
        if broken || hard {
            self.hards += 1;
        }
        self.push(Op::Close);
    }

    /// A list between two brackets, each of its things printed by `each`. Without a `group` of its own, the
    /// caller's holds it; gives whether that must break.
    pub(super) fn bracketed<T: Copy>(
        &mut self,
        form: &Brackets,
        things: &[T],
        mut each: impl FnMut(&mut Self, T),
    ) -> bool {
        let group = form.own_group.then(|| self.open());
        self.token(form.open);
        self.push(Op::Indent);
        let mut broken = false;
        let mut before_last = self.hards;
        let first = self.separators();
        broken |= first.breaks();
        self.comments(&first, true);
        if things.is_empty() {
            self.push(Op::Dedent);
            // without a comment, nothing is between the brackets, whatever lines are
            broken = !first.comments.is_empty();
            if broken {
                self.push(Op::Line(Flat::Nothing));
            }
        } else {
            if first.blank && !first.comments.is_empty() {
                self.push(Op::Blank);
            }
            self.push(Op::Line(form.edge));
            for (index, &thing) in things.iter().enumerate() {
                if index > 0 {
                    let gap = self.separators();
                    broken |= gap.breaks();
                    self.comments(&gap, false);
                    if gap.blank {
                        self.push(Op::Blank);
                    }
                    self.push(Op::Line(Flat::Comma));
                }
                before_last = self.hards;
                each(self, thing);
            }
            let last = self.separators();
            broken |= last.breaks();
            self.comments(&last, false);
            self.push(Op::Dedent);
            self.push(Op::Line(form.edge));
        }
        self.token(form.close);
        let Some(group) = group else { return broken };
        if form.hugs && !broken && before_last == group.hards {
            // only the last thing goes over lines: it may begin on this one
            self.close(group, false, Inside::Free);
        } else {
            self.close(group, broken, Inside::Breaks);
        }
        false
    }
}

/// How a list is written.
#[derive(Clone, Copy)]
pub(super) struct Brackets {
    /// The opening bracket.
    pub(super) open: &'static str,
    /// The closing bracket.
    pub(super) close: &'static str,
    /// What stands inside the brackets on one line.
    pub(super) edge: Flat,
    /// Whether the last thing may go over lines though the list does not.
    pub(super) hugs: bool,
    /// Whether it is a group of its own.
    pub(super) own_group: bool,
}

impl Brackets {
    /// Members, arms: `{ a, b }`.
    pub(super) const BRACES: Self =
        Self { open: "{", close: "}", edge: Flat::Space, hugs: false, own_group: true };
    /// Elements: `[a, b]`.
    pub(super) const LIST: Self =
        Self { open: "[", close: "]", edge: Flat::Nothing, hugs: true, own_group: true };
    /// Arguments: `(a, b)`.
    pub(super) const ARGS: Self =
        Self { open: "(", close: ")", edge: Flat::Nothing, hugs: true, own_group: true };
    /// Names that an import picks: `.{a, b}`.
    pub(super) const PICKS: Self =
        Self { open: ".{", close: "}", edge: Flat::Nothing, hugs: false, own_group: true };
}
