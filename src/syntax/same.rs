//! Whether two texts have the same tree: positions, separators and comments aside.
//!
//! Nodes are numbered in the order of the text, so equal programs have equal pools; what is compared by hand is
//! what holds a place.

use super::{
    Arg, Body, Clause, Expr, Extent, Key, Member, MemberKind, Name, Param, Pattern, Pick, Refine,
    Text, TextForm, TextPart, Tree, TyNode, TypePath,
};
use crate::source::Sym;

/// A tree that holds a whole file, and the text it was read from.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    /// The tree.
    pub(super) tree: &'a Tree,
    /// Where it starts in the text.
    pub(super) base: u32,
    /// The file's text.
    pub(super) text: &'a str,
}

impl<'a> Side<'a> {
    fn source(&self, at: Extent) -> &'a str {
        at.shift(self.base).of(self.text)
    }

    /// Every comment outside of texts, in order.
    pub(super) fn comments(&self) -> Vec<&'a str> {
        let mut texts: Vec<Extent> = self.tree.texts.iter().map(|text| text.at).collect();
        let names = self.tree.names.iter().map(|name| name.at);
        // a quoted name may hold two slashes, too
        texts.extend(names.chain(self.tree.members.iter().filter_map(quoted_key)));
        texts.sort_unstable_by_key(|at| at.start);
        let mut texts = texts.iter().map(|at| at.shift(self.base)).peekable();
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.text.len() {
            while texts.next_if(|text| (text.start as usize) < at).is_some() {}
            if let Some(text) = texts.next_if(|text| text.start as usize == at) {
                at = (text.end as usize).max(at + 1);
                continue;
            }
            match self.text.as_bytes().get(at..at + 2) {
                Some(b"//") => {
                    let line = self.text.get(at..).and_then(|rest| rest.split('\n').next());
                    let line = line.unwrap_or("");
                    found.push(line.trim_end());
                    at += line.len();
                }
                _ => at += 1,
            }
        }
        found
    }
}

fn quoted_key(member: &Member) -> Option<Extent> {
    if let MemberKind::Block { key: Key::Name(name), .. } = member.kind {
        return Some(name.at);
    }
    if let MemberKind::Field { name, .. } = member.kind {
        return Some(name.at);
    }
    None
}

/// What two trees differ in, if they do: the name of the first pool.
pub(super) fn difference(a: Side<'_>, b: Side<'_>) -> Option<&'static str> {
    // Complete: who adds a pool decides here how it is compared.
    let Tree {
        items,
        exprs,
        expr_at: _,
        types,
        type_at: _,
        members,
        bodies,
        texts,
        member_pool,
        names,
        expr_pool,
        type_pool,
        paths,
        args,
        match_arms,
        patterns,
        by_arms,
        by_bodies,
        // compared with the texts that they are parts of
        parts: _,
        clauses,
        params,
        picks,
    } = a.tree;
    let b_tree = b.tree;
    let number = |side: &Side<'_>, index: usize| {
        side.tree.expr_at.get(index).map_or("", |&at| side.source(at)).to_owned()
    };
    let same_numbers = || {
        exprs.iter().enumerate().all(|(index, expr)| {
            !matches!(expr, Expr::Number) || number(&a, index) == number(&b, index)
        })
    };
    let pools: [(&'static str, bool); 17] = [
        ("items", *items == b_tree.items),
        ("expressions", *exprs == b_tree.exprs && same_numbers()),
        ("types", each(types, &b_tree.types, |ty| bare_type(*ty))),
        ("members", both(members, &b_tree.members, |x, y| same_member(&a, x, &b, y))),
        ("bodies", each(bodies, &b_tree.bodies, |body: &Body| (body.members, body.broken))),
        ("texts", both(texts, &b_tree.texts, |x, y| value(&a, x) == value(&b, y))),
        ("members of bodies", *member_pool == b_tree.member_pool),
        (
            "names",
            both(names, &b_tree.names, |x, y| x.sym == y.sym && a.source(x.at) == b.source(y.at)),
        ),
        ("elements", *expr_pool == b_tree.expr_pool),
        ("alternatives", *type_pool == b_tree.type_pool),
        ("paths", each(paths, &b_tree.paths, |path: &TypePath| path.names)),
        ("arguments", each(args, &b_tree.args, |arg: &Arg| (arg.name.map(bare), arg.value))),
        (
            "arms",
            *match_arms == b_tree.match_arms
                && *by_arms == b_tree.by_arms
                && *by_bodies == b_tree.by_bodies,
        ),
        ("patterns", each(patterns, &b_tree.patterns, |pattern| bare_pattern(*pattern))),
        ("clauses", each(clauses, &b_tree.clauses, |clause| bare_clause(*clause))),
        ("parameters", each(params, &b_tree.params, |p: &Param| (bare(p.name), p.ty, p.default))),
        ("picks", each(picks, &b_tree.picks, |p: &Pick| (bare(p.name), p.alias.map(bare)))),
    ];
    pools.iter().find(|(_, same)| !same).map(|&(name, _)| name)
}

fn both<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

fn each<T, U: PartialEq>(a: &[T], b: &[T], of: impl Fn(&T) -> U) -> bool {
    both(a, b, |a, b| of(a) == of(b))
}

/// A name without its place.
fn bare(name: Name) -> Name {
    Name { sym: name.sym, at: Extent::default() }
}

/// A piece of a text's value.
#[derive(PartialEq)]
enum Piece {
    Chars(String),
    Hole(u32),
}

/// What a text means, however its margin and the ends of its lines are written. Escapes stay as they are spelled.
fn value(side: &Side<'_>, text: &Text) -> (TextForm, Sym, Vec<Piece>) {
    let mut pieces = Vec::new();
    for part in side.tree.parts_of(text.parts) {
        match *part {
            TextPart::Verbatim(at) | TextPart::Escape(_, at) => match pieces.last_mut() {
                Some(Piece::Chars(chars)) => chars.push_str(side.source(at)),
                Some(Piece::Hole(_)) | None => {
                    pieces.push(Piece::Chars(side.source(at).to_owned()));
                }
            },
            TextPart::Hole(id) => pieces.push(Piece::Hole(id.0)),
        }
    }
    (text.form, text.language, pieces)
}

fn same_member(a: &Side<'_>, x: &Member, b: &Side<'_>, y: &Member) -> bool {
    let doc = |side: &Side<'_>, member: &Member| -> Vec<String> {
        side.source(member.doc).lines().map(|line| line.trim().to_owned()).collect()
    };
    let marks = |side: &Side<'_>, member: &Member| -> Vec<String> {
        side.source(member.marks_at).split_ascii_whitespace().map(str::to_owned).collect()
    };
    x.because == y.because
        && bare_kind(x.kind) == bare_kind(y.kind)
        && marks(a, x) == marks(b, y)
        && doc(a, x) == doc(b, y)
}

fn bare_refine(refine: Refine) -> Refine {
    match refine {
        Refine::Word(name) => Refine::Word(bare(name)),
        Refine::None | Refine::Range { .. } | Refine::Pattern(_) => refine,
    }
}

fn bare_type(ty: TyNode) -> TyNode {
    match ty {
        TyNode::Named { path, args, refine } => {
            TyNode::Named { path, args, refine: bare_refine(refine) }
        }
        TyNode::List(element, refine) => TyNode::List(element, bare_refine(refine)),
        TyNode::Map(key, value, refine) => TyNode::Map(key, value, bare_refine(refine)),
        TyNode::Computed { function, field } => {
            TyNode::Computed { function: bare(function), field: bare(field) }
        }
        TyNode::Error
        | TyNode::Literal(_)
        | TyNode::Optional(_)
        | TyNode::Union(_)
        | TyNode::Later { .. } => ty,
    }
}

fn bare_pattern(pattern: Pattern) -> Pattern {
    match pattern {
        Pattern::Any(_) => Pattern::Any(Extent::default()),
        Pattern::Value(_) => pattern,
        Pattern::Member { path, bind } => Pattern::Member { path, bind: bind.map(bare) },
    }
}

fn bare_clause(clause: Clause) -> Clause {
    match clause {
        Clause::For { key, value, source } => {
            Clause::For { key: key.map(bare), value: bare(value), source }
        }
        Clause::If(_) => clause,
    }
}

fn bare_key(key: Key) -> Key {
    match key {
        Key::Name(name) => Key::Name(bare(name)),
        Key::Star(_) => Key::Star(Extent::default()),
        Key::None | Key::Text(_) => key,
    }
}

fn bare_kind(kind: MemberKind) -> MemberKind {
    match kind {
        MemberKind::Block { path, key, bases, body } => {
            MemberKind::Block { path, key: bare_key(key), bases, body }
        }
        MemberKind::For { key, value, source, body } => {
            MemberKind::For { key: key.map(bare), value: bare(value), source, body }
        }
        MemberKind::Let { name, ty, value } => MemberKind::Let { name: bare(name), ty, value },
        MemberKind::Allow { code } => MemberKind::Allow { code: bare(code) },
        MemberKind::Expect { code, body } => MemberKind::Expect { code: bare(code), body },
        MemberKind::Field { name, ty, default } => {
            MemberKind::Field { name: bare(name), ty, default }
        }
        MemberKind::Import { up, path, picks, alias } => {
            MemberKind::Import { up, path, picks, alias: alias.map(bare) }
        }
        MemberKind::Type { name, ty } => MemberKind::Type { name: bare(name), ty },
        MemberKind::Schema { name, extends, body } => {
            MemberKind::Schema { name: bare(name), extends, body }
        }
        MemberKind::Kind { name, extends, is } => {
            MemberKind::Kind { name: bare(name), extends, is }
        }
        MemberKind::Preset { name, subject, bases, body } => {
            MemberKind::Preset { name: bare(name), subject, bases, body }
        }
        MemberKind::Component { name, body } => MemberKind::Component { name: bare(name), body },
        MemberKind::Fn { name, params, result, value } => {
            MemberKind::Fn { name: bare(name), params, result, value }
        }
        MemberKind::Error
        | MemberKind::Set { .. }
        | MemberKind::Computed { .. }
        | MemberKind::Comprehension { .. }
        | MemberKind::Spread(_)
        | MemberKind::Remove { .. }
        | MemberKind::By { .. }
        | MemberKind::If { .. }
        | MemberKind::Check { .. }
        | MemberKind::Assert { .. }
        | MemberKind::Patch { .. }
        | MemberKind::Test { .. } => kind,
    }
}
