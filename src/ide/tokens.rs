//! What each word of a text is, for colours; also inside of queries and policies.

use super::queries;
use crate::driver::Look;
use crate::resolve::TreeId;
use crate::source::{Extent, FileId};
use crate::syntax::{
    Expr, ExprId, Key, MemberKind, Name, Pattern, Refine, Slice, TextPart, Tree, TyNode,
};
use crate::types::{Meaning, TextKind, TyKind};

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TokenSort {
    /// A module.
    Namespace,
    /// A type, schema or preset.
    Type,
    /// A kind's keyword.
    Class,
    /// A parameter, or what is known only later.
    Parameter,
    /// A resource, a `let`, a loop's variable.
    Variable,
    /// A field.
    Property,
    /// A function.
    Function,
    /// A word of the language.
    Keyword,
    /// A word that changes what follows: `override`.
    Modifier,
    /// A comment.
    Comment,
    /// A text.
    String,
    /// A number or quantity.
    Number,
    /// A character that is written otherwise.
    Escape,
    /// An operator of an embedded language.
    Operator,
}

impl TokenSort {
    /// All, in their order.
    pub const ALL: [Self; 14] = [
        Self::Namespace,
        Self::Type,
        Self::Class,
        Self::Parameter,
        Self::Variable,
        Self::Property,
        Self::Function,
        Self::Keyword,
        Self::Modifier,
        Self::Comment,
        Self::String,
        Self::Number,
        Self::Escape,
        Self::Operator,
    ];
}

/// A word, and what it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// Where.
    pub at: Extent,
    /// What.
    pub sort: TokenSort,
    /// Whether it is where something is declared.
    pub declares: bool,
}

/// The tokens of a file, in their order; none overlaps another.
pub fn tokens(look: &Look<'_, '_>, file: FileId) -> Vec<Token> {
    let text = look.sources.get(file).text();
    let mut marked = Vec::new();
    let mut texts = Vec::new();
    for (number, info) in look.names().trees.iter().enumerate() {
        if info.file != file {
            continue;
        }
        let id = TreeId(u32::try_from(number).unwrap_or(u32::MAX));
        let mut marks =
            Marks { look, id, tree: &info.tree, base: info.base, text, found: &mut marked };
        marks.all();
        texts.extend(info.tree.texts.iter().map(|text| text.at.shift(info.base)));
    }
    words(text, &mut marked, &texts);
    marked.sort_by_key(|token| (token.at.start, token.at.end));
    let mut last = 0;
    marked.retain(|token| {
        let fits = token.at.start >= last && !token.at.is_empty();
        if fits {
            last = token.at.end;
        }
        fits
    });
    marked
}

struct Marks<'a, 'l, 'v> {
    look: &'a Look<'l, 'v>,
    id: TreeId,
    tree: &'a Tree,
    base: u32,
    text: &'a str,
    found: &'a mut Vec<Token>,
}

impl Marks<'_, '_, '_> {
    fn put(&mut self, at: Extent, sort: TokenSort, declares: bool) {
        let at = at.shift(self.base);
        self.found.push(Token { at, sort, declares });
    }

    fn names(&mut self, names: Slice, sort: TokenSort) {
        for name in self.tree.names_of(names).to_vec() {
            self.put(name.at, sort, false);
        }
    }

    fn all(&mut self) {
        self.members();
        for path in &self.tree.paths {
            let names = self.tree.names_of(path.names);
            for (number, name) in names.iter().enumerate() {
                let is_last = number + 1 == names.len();
                let sort = if is_last { TokenSort::Type } else { TokenSort::Namespace };
                self.put(name.at, sort, false);
            }
        }
        let exprs: Vec<(Expr, Extent)> =
            self.tree.exprs.iter().copied().zip(self.tree.expr_at.iter().copied()).collect();
        for (number, (expr, at)) in (0..).zip(exprs) {
            self.expr(ExprId(number), expr, at);
        }
        for number in 0..self.tree.types.len() {
            let id = crate::syntax::TyId(u32::try_from(number).unwrap_or(u32::MAX));
            match self.tree.ty(id) {
                TyNode::Named { refine: Refine::Word(word), .. } => {
                    self.put(word.at, TokenSort::Keyword, false);
                }
                TyNode::Computed { function, field } => {
                    self.put(function.at, TokenSort::Function, false);
                    self.put(field.at, TokenSort::Property, false);
                }
                _ => {}
            }
        }
        for arg in &self.tree.args {
            if let Some(name) = arg.name {
                self.put(name.at, TokenSort::Parameter, false);
            }
        }
        for param in &self.tree.params {
            self.put(param.name.at, TokenSort::Parameter, true);
        }
        for pattern in &self.tree.patterns {
            if let Pattern::Member { bind: Some(name), .. } = pattern {
                self.put(name.at, TokenSort::Variable, true);
            }
        }
        for clause in &self.tree.clauses {
            if let crate::syntax::Clause::For { key, value, .. } = clause {
                self.variables(*key, *value);
            }
        }
        let arms = self.tree.by_arms.iter().map(|arm| arm.names);
        for names in arms.chain(self.tree.by_bodies.iter().map(|arm| arm.names)) {
            for name in self.tree.names_of(names).to_vec() {
                let is_rest = name.sym.as_str() == "else";
                let sort = if is_rest { TokenSort::Keyword } else { TokenSort::Variable };
                self.put(name.at, sort, false);
            }
        }
        for pick in &self.tree.picks {
            self.put(pick.name.at, TokenSort::Type, false);
            if let Some(alias) = pick.alias {
                self.put(alias.at, TokenSort::Type, true);
            }
        }
        let mut kinds = vec![None; self.tree.texts.len()];
        for (number, expr) in (0..).zip(&self.tree.exprs) {
            let Expr::Text(text) = expr else { continue };
            let types = self.look.types();
            let ty = types.present_of(self.id, ExprId(number));
            if let (TyKind::Text(kind), Some(known)) =
                (types.tys.kind(ty), kinds.get_mut(text.index()))
            {
                *known = Some(*kind);
            }
        }
        for (number, kind) in kinds.into_iter().enumerate() {
            self.text_parts(number, kind);
        }
    }

    fn variables(&mut self, key: Option<Name>, value: Name) {
        for name in key.into_iter().chain([value]) {
            self.put(name.at, TokenSort::Variable, true);
        }
    }

    fn members(&mut self) {
        let items: rustc_hash::FxHashSet<_> = self.tree.items.iter().copied().collect();
        for (number, member) in (0..).zip(&self.tree.members) {
            let is_item = items.contains(&crate::syntax::MemberId(number));
            self.put(member.marks_at, TokenSort::Modifier, false);
            match member.kind {
                MemberKind::Set { path, .. } | MemberKind::Remove { path } => {
                    self.names(path, TokenSort::Property);
                }
                MemberKind::Block { path, key, .. } => {
                    let sort = if is_item { TokenSort::Class } else { TokenSort::Property };
                    self.names(path, sort);
                    if let Key::Name(name) = key {
                        self.put(name.at, TokenSort::Variable, true);
                    }
                }
                MemberKind::For { key, value, .. } => self.variables(key, value),
                MemberKind::Let { name, .. } => self.put(name.at, TokenSort::Variable, true),
                MemberKind::Field { name, .. } => self.put(name.at, TokenSort::Property, true),
                MemberKind::Allow { code } | MemberKind::Expect { code, .. } => {
                    self.put(code.at, TokenSort::String, false);
                }
                MemberKind::By { axis, .. } => {
                    self.put(self.tree.name(axis).at, TokenSort::Class, false);
                }
                MemberKind::Import { path, alias, .. } => {
                    self.names(path, TokenSort::Namespace);
                    if let Some(alias) = alias {
                        self.put(alias.at, TokenSort::Namespace, true);
                    }
                }
                MemberKind::Type { name, .. }
                | MemberKind::Schema { name, .. }
                | MemberKind::Preset { name, .. }
                | MemberKind::Kind { name, .. }
                | MemberKind::Component { name, .. } => self.put(name.at, TokenSort::Type, true),
                MemberKind::Fn { name, .. } => self.put(name.at, TokenSort::Function, true),
                MemberKind::Error
                | MemberKind::Computed { .. }
                | MemberKind::Comprehension { .. }
                | MemberKind::Spread(_)
                | MemberKind::If { .. }
                | MemberKind::Check { .. }
                | MemberKind::Assert { .. }
                | MemberKind::Patch { .. }
                | MemberKind::Test { .. } => {}
            }
        }
    }

    fn expr(&mut self, id: ExprId, expr: Expr, at: Extent) {
        match expr {
            Expr::Number => self.put(at, TokenSort::Number, false),
            Expr::Name(_) => {
                let sort = self.meant(id);
                self.put(at, sort, false);
            }
            Expr::Field { name, .. } => {
                let at = self.tree.name(name).at;
                let sort = match self.look.types().meaning(self.id, id) {
                    Meaning::Resource(_) | Meaning::Lookup(_) | Meaning::Child(_) => {
                        TokenSort::Variable
                    }
                    Meaning::Fn(_) => TokenSort::Function,
                    _ => TokenSort::Property,
                };
                self.put(at, sort, false);
            }
            Expr::By { axis, .. } => self.put(self.tree.name(axis).at, TokenSort::Class, false),
            _ => {}
        }
    }

    fn meant(&self, id: ExprId) -> TokenSort {
        match self.look.types().meaning(self.id, id) {
            Meaning::Fn(_) => TokenSort::Function,
            Meaning::Keyword(_) | Meaning::All(_) | Meaning::Single(_) => TokenSort::Class,
            Meaning::Field(..) | Meaning::Input(_) => TokenSort::Property,
            Meaning::Staged(..) => TokenSort::Parameter,
            Meaning::Module => TokenSort::Namespace,
            Meaning::Inherited => TokenSort::Keyword,
            _ => TokenSort::Variable,
        }
    }

    /// The pieces of a text; of one in another language the words of that.
    fn text_parts(&mut self, number: usize, kind: Option<TextKind>) {
        let Some(text) = self.tree.texts.get(number) else { return };
        let (mut at, end) = (text.at.start, text.at.end);
        for part in self.tree.parts_of(text.parts).to_vec() {
            let piece = match part {
                TextPart::Verbatim(at) | TextPart::Escape(_, at) => at,
                TextPart::Hole(expr) => {
                    let hole = self.tree.expr_extent(expr);
                    // With `\(`, which is no part of the value.
                    self.string(Extent::new(at, hole.start));
                    at = hole.end;
                    continue;
                }
            };
            self.string(Extent::new(at, piece.start));
            match (part, kind) {
                (TextPart::Escape(..), _) => self.put(piece, TokenSort::Escape, false),
                (_, Some(TextKind::PromQl)) => {
                    let source = piece.shift(self.base).of(self.text).to_owned();
                    queries::promql(&source, |at, sort| {
                        self.put(at.shift(piece.start), sort, false);
                    });
                }
                (_, Some(TextKind::Rego)) => {
                    let source = piece.shift(self.base).of(self.text).to_owned();
                    queries::rego(&source, |at, sort| {
                        self.put(at.shift(piece.start), sort, false);
                    });
                }
                _ => self.string(piece),
            }
            at = piece.end;
        }
        self.string(Extent::new(at, end));
    }

    fn string(&mut self, at: Extent) {
        self.put(at, TokenSort::String, false);
    }
}

/// Comments and the words of the language: what stands outside of texts and is nothing else.
fn words(text: &str, found: &mut Vec<Token>, texts: &[Extent]) {
    let mut taken: Vec<Extent> = found.iter().map(|token| token.at).collect();
    taken.extend(texts);
    taken.sort_unstable_by_key(|at| (at.start, u32::MAX - at.end));
    let mut taken = taken.into_iter().peekable();
    let bytes = text.as_bytes();
    let mut at = 0_usize;
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let put = |start: usize, end: usize, sort, found: &mut Vec<Token>| {
        let at = Extent::new(offset(start), offset(end));
        found.push(Token { at, sort, declares: false });
    };
    while at < text.len() {
        while taken.next_if(|it| it.end as usize <= at).is_some() {}
        if let Some(it) = taken.peek().filter(|it| it.start as usize <= at) {
            at = it.end as usize;
            continue;
        }
        let rest = text.get(at..).unwrap_or("");
        if rest.starts_with("//") {
            let end = at + rest.find('\n').unwrap_or(rest.len());
            put(at, end, TokenSort::Comment, found);
            at = end;
        } else if bytes.get(at).is_some_and(|byte| byte.is_ascii_alphabetic()) {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let end = at + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            put(at, end, TokenSort::Keyword, found);
            at = end;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
}
