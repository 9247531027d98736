//! Pairs of the grammar to nodes of the tree: what all of lowering shares.
//!
//! Extents count from the chunk's first byte and end at the last token: pest's own spans run on over
//! the blanks and comments behind a rule that ends in an optional part.

use pest::iterators::{Pair, Pairs};

use super::errors;
use super::parse::Rule;
use super::{
    Body, BodyId, Expr, ExprId, Extent, Member, MemberId, Name, Slice, Sym, Tree, TyId, TyNode,
    TypePath,
};
use crate::diag::{Diagnostic, Sink};
use crate::source::{FileId, Span};

/// How deep expressions and bodies may nest in the tree, operators counted, for each level of brackets.
const LEVELS: u32 = 4;

/// How deep brackets, holes and `if`s may nest.
pub(super) const MAX_NESTING: usize = 128;

/// As deep as `iflux.toml` may allow: nesting costs stack, which no machine has without end.
pub const MOST_NESTING: usize = 1000;

/// Walks the pairs of one chunk into its tree.
pub(super) struct Lower<'t> {
    /// The chunk's text.
    pub(super) text: &'t str,
    /// What is made.
    pub(super) tree: Tree,
    /// What the grammar allows and the language does not.
    pub(super) sink: Sink,
    file: FileId,
    /// First byte of the chunk in the file.
    base: u32,
    /// First byte, in the chunk, of the text that the pairs at hand were read from.
    pub(super) shift: u32,
    /// One past the last byte of that text, in the chunk: closers that recovery put behind it have no place.
    pub(super) limit: u32,
    /// Members that recovery blanked, in order.
    pub(super) holes: Vec<Extent>,
    /// Opening braces of bodies that are incomplete.
    pub(super) broken: Vec<u32>,
    /// Whether fields may be declared here: in schemas, kinds and components.
    pub(super) declares: bool,
    level: u32,
    most: u32,
    deep: bool,
}

impl<'t> Lower<'t> {
    /// An empty tree for the chunk `text` that starts at byte `base` of `file`, for brackets `nesting` deep.
    pub(super) fn new(file: FileId, base: u32, text: &'t str, nesting: usize) -> Self {
        Self {
            text,
            tree: Tree::default(),
            sink: Sink::new(),
            file,
            base,
            shift: 0,
            limit: offset(text.len()),
            holes: Vec::new(),
            broken: Vec::new(),
            declares: false,
            level: 0,
            most: count(nesting).saturating_mul(LEVELS),
            deep: false,
        }
    }

    /// The place of an extent in the file.
    pub(super) fn span(&self, at: Extent) -> Span {
        Span::at(self.file, at.shift(self.base))
    }

    /// Reports a finding.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.report(diagnostic);
    }

    /// Where a pair stands, up to its last token.
    pub(super) fn at(&self, pair: &Pair<'_, Rule>) -> Extent {
        let at = Extent::new(offset(pair.as_span().start()), offset(token_end(pair)));
        let at = at.shift(self.shift);
        Extent::new(at.start.min(self.limit), at.end.min(self.limit))
    }

    /// Adds an expression.
    pub(super) fn expr(&mut self, expr: Expr, at: Extent) -> ExprId {
        let id = ExprId(count(self.tree.exprs.len()));
        self.tree.exprs.push(expr);
        self.tree.expr_at.push(at);
        id
    }

    /// Adds a type expression.
    pub(super) fn ty(&mut self, node: TyNode, at: Extent) -> TyId {
        let id = TyId(count(self.tree.types.len()));
        self.tree.types.push(node);
        self.tree.type_at.push(at);
        id
    }

    /// Adds a member.
    pub(super) fn add_member(&mut self, member: Member) -> MemberId {
        let id = MemberId(count(self.tree.members.len()));
        self.tree.members.push(member);
        id
    }

    /// Adds a body of these members.
    pub(super) fn add_body(&mut self, at: Extent, members: &[MemberId], broken: bool) -> BodyId {
        let members = extend(&mut self.tree.member_pool, members);
        let id = BodyId(count(self.tree.bodies.len()));
        self.tree.bodies.push(Body { at, members, broken });
        id
    }

    /// Adds a name to the pool.
    pub(super) fn add_name(&mut self, name: Name) -> u32 {
        let index = count(self.tree.names.len());
        self.tree.names.push(name);
        index
    }

    /// Adds names to the pool.
    pub(super) fn add_names(&mut self, names: &[Name]) -> Slice {
        extend(&mut self.tree.names, names)
    }

    /// Adds a dotted path of plain names, as one token of the grammar.
    pub(super) fn dotted(&mut self, pair: &Pair<'_, Rule>) -> TypePath {
        let at = self.at(pair);
        let names = self.split_names(pair.as_str(), at, '.');
        TypePath { names: self.add_names(&names), at }
    }

    /// The names of a token that holds several, divided by `by`.
    pub(super) fn split_names(&self, token: &str, at: Extent, by: char) -> Vec<Name> {
        let mut start = at.start;
        let mut names = Vec::new();
        for word in token.split(by) {
            let end = start + offset(word.len());
            names.push(Name { sym: Sym::new(word), at: Extent::new(start, end) });
            start = end + 1;
        }
        names
    }

    /// Adds a type path to the pool.
    pub(super) fn add_path(&mut self, path: TypePath) -> u32 {
        let index = count(self.tree.paths.len());
        self.tree.paths.push(path);
        index
    }

    /// A plain name.
    pub(super) fn ident(&self, pair: &Pair<'_, Rule>) -> Name {
        Name { sym: Sym::new(pair.as_str()), at: self.at(pair) }
    }

    /// Runs `make` `by` levels further down, or reports once that the limit is passed.
    pub(super) fn nested<T>(
        &mut self,
        by: u32,
        at: Extent,
        make: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.level + by > self.most {
            if !self.deep {
                self.deep = true;
                let span = self.span(at);
                self.report(errors::expression_too_deep(span, self.most));
            }
            return None;
        }
        self.level += by;
        let made = make(self);
        self.level -= by;
        Some(made)
    }

    /// Forgets that the limit of nesting was reported: the next member has a cause of its own.
    pub(super) fn next_item(&mut self) {
        self.deep = false;
    }
}

/// The children of a pair, one after the other, by what they must be. Words of the language are passed over.
pub(super) struct Walk<'i> {
    pairs: Pairs<'i, Rule>,
}

impl<'i> Walk<'i> {
    /// The children of `pair`.
    pub(super) fn of(pair: Pair<'i, Rule>) -> Self {
        Self { pairs: pair.into_inner() }
    }

    /// The next child, whatever it is.
    pub(super) fn next(&mut self) -> Option<Pair<'i, Rule>> {
        self.pairs.by_ref().find(|pair| !super::rules::is_keyword(pair.as_rule()))
    }

    /// The rule of the next child.
    pub(super) fn peek(&mut self) -> Option<Rule> {
        loop {
            let rule = self.pairs.peek()?.as_rule();
            if !super::rules::is_keyword(rule) {
                return Some(rule);
            }
            self.pairs.next();
        }
    }

    /// The next child if it is a `rule`.
    pub(super) fn take(&mut self, rule: Rule) -> Option<Pair<'i, Rule>> {
        if self.peek()? == rule { self.pairs.next() } else { None }
    }

    /// The next child, left in place, if it is a `rule`.
    pub(super) fn peek_pair(&mut self, rule: Rule) -> Option<Pair<'i, Rule>> {
        if self.peek()? == rule { self.pairs.peek() } else { None }
    }

    /// The next child if it is one of `rules`.
    pub(super) fn take_any(&mut self, rules: &[Rule]) -> Option<Pair<'i, Rule>> {
        if rules.contains(&self.peek()?) { self.pairs.next() } else { None }
    }
}

/// Appends `items` to a pool.
pub(super) fn extend<T: Copy>(pool: &mut Vec<T>, items: &[T]) -> Slice {
    let start = count(pool.len());
    pool.extend_from_slice(items);
    Slice { start, len: count(items.len()) }
}

/// A pool's length as an index. Files are below 4 GiB, and a node takes at least a byte of source.
pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// A byte offset.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// One past the last token of a pair, in the pair's own text.
fn token_end(pair: &Pair<'_, Rule>) -> usize {
    let span = pair.as_span();
    if super::rules::ends_at_token(pair.as_rule()) {
        return span.end();
    }
    let start = pair.clone().into_inner().next_back().map_or(span.start(), |last| token_end(&last));
    let tail = span.get_input().get(start..span.end()).unwrap_or("");
    start + last_token(tail)
}

/// One past the last byte of `tail` that is neither blank nor part of a comment.
fn last_token(tail: &str) -> usize {
    let bytes = tail.as_bytes();
    let (mut at, mut end) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at =
                    tail.get(at..).and_then(|rest| rest.find('\n')).map_or(bytes.len(), |n| at + n);
            }
            _ => {
                at += 1;
                end = at;
            }
        }
    }
    end
}
