//! Files, bodies, members and items.

use super::build::{Brackets, Build, Inside};
use super::layout::{Flat, Op};
use crate::syntax::{
    BodyId, ByBody, ExprId, Key, KindBody, MemberId, MemberKind, Name, Param, Pick, Slice, TextId,
    TyId,
};

impl Build<'_> {
    /// A whole file.
    pub(super) fn file(&mut self) {
        for (index, &item) in self.tree.items.iter().enumerate() {
            let gap = self.separators();
            self.comments(&gap, index == 0);
            if gap.blank {
                self.push(Op::Blank);
            }
            self.push(Op::Hard(0));
            self.member(item);
        }
        let last = self.separators();
        self.comments(&last, self.tree.items.is_empty());
    }

    /// The members between braces.
    pub(super) fn body(&mut self, id: BodyId) {
        let members = self.tree.member_ids(id);
        self.bracketed(&Brackets::BRACES, members, Self::member);
    }

    fn member(&mut self, id: MemberId) {
        let member = *self.tree.member(id);
        for mark in self.source(member.marks_at).split_ascii_whitespace() {
            self.token(mark);
            self.space();
        }
        self.member_kind(member.kind);
        if let Some(reason) = member.because {
            self.clause("because", reason);
        }
    }

    fn member_kind(&mut self, kind: MemberKind) {
        match kind {
            MemberKind::Error => self.unreadable(),
            MemberKind::Set { path, append, value } => {
                self.path(path);
                self.assign(if append { "+=" } else { "=" }, value);
            }
            MemberKind::Block { path, key, bases, body } => {
                self.path(path);
                match key {
                    Key::None => {}
                    Key::Name(name) => {
                        self.space();
                        self.span(name.at);
                    }
                    Key::Text(text) => {
                        self.space();
                        self.text_literal(text);
                    }
                    Key::Star(at) => {
                        self.space();
                        self.span(at);
                    }
                }
                self.bases(bases);
                self.space();
                self.body(body);
            }
            MemberKind::Computed { key, value } => self.computed(key, value),
            MemberKind::Comprehension { key, value, clauses } => {
                let group = self.open();
                self.computed(key, value);
                self.push(Op::Indent);
                let broken = self.clauses(clauses);
                self.push(Op::Dedent);
                self.close(group, broken, Inside::Free);
            }
            MemberKind::Spread(value) => {
                self.token("...");
                self.expr(value);
            }
            MemberKind::By { axis, arms } => {
                self.token("by");
                self.space();
                self.span(self.tree.name(axis).at);
                self.space();
                let arms = self.tree.by_bodies_of(arms);
                self.bracketed(&Brackets::BRACES, arms, Self::by_body);
            }
            MemberKind::For { key, value, source, body } => {
                self.for_head(key, value);
                self.expr(source);
                self.space();
                self.body(body);
            }
            MemberKind::If { condition, then, other } => self.if_members(condition, then, other),
            MemberKind::Remove { path } => {
                self.token("remove");
                self.space();
                self.path(path);
            }
            MemberKind::Let { name, ty, value } => {
                self.word_and_name("let", name);
                if let Some(ty) = ty {
                    self.token(":");
                    self.space();
                    self.ty(ty);
                }
                self.assign("=", value);
            }
            MemberKind::Check { condition, message, warn } => {
                self.condition(if warn { "warn" } else { "check" }, condition, Some(message));
            }
            MemberKind::Assert { condition, message } => {
                self.condition("assert", condition, message);
            }
            MemberKind::Allow { code } => {
                self.token("allow");
                self.token("(");
                self.span(code.at);
                self.token(")");
            }
            MemberKind::Expect { code, body } => {
                self.token("expect");
                self.space();
                self.token("error");
                self.space();
                self.span(code.at);
                self.space();
                self.token("in");
                self.space();
                self.body(body);
            }
            MemberKind::Patch { path, name, body } => {
                self.token("patch");
                self.space();
                self.type_path(path);
                if let Some(name) = name {
                    self.space();
                    self.text_literal(name);
                }
                self.space();
                self.body(body);
            }
            MemberKind::Field { name, ty, default } => self.field(name, ty, default),
            MemberKind::Import { up, path, picks, alias } => {
                self.import(up, path, picks);
                self.alias(alias);
            }
            MemberKind::Type { name, ty } => {
                self.word_and_name("type", name);
                self.space();
                self.token("=");
                self.type_value(ty);
            }
            MemberKind::Schema { name, extends, body } => {
                self.word_and_name("schema", name);
                self.extends(extends);
                self.space();
                self.body(body);
            }
            MemberKind::Kind { name, extends, is } => {
                self.word_and_name("kind", name);
                self.extends(extends);
                self.space();
                match is {
                    KindBody::Fields(body) => self.body(body),
                    KindBody::Union(ty) => {
                        self.token("=");
                        self.type_value(ty);
                    }
                }
            }
            MemberKind::Preset { name, subject, bases, body } => {
                self.word_and_name("preset", name);
                self.space();
                self.token("for");
                self.space();
                self.type_path(subject);
                self.bases(bases);
                self.space();
                self.body(body);
            }
            MemberKind::Component { name, body } => {
                self.word_and_name("component", name);
                self.space();
                self.body(body);
            }
            MemberKind::Fn { name, params, result, value } => {
                self.word_and_name("fn", name);
                let params = self.tree.params_of(params);
                self.bracketed(&Brackets::ARGS, params, Self::param);
                self.space();
                self.token("->");
                self.space();
                self.ty(result);
                if let Some(value) = value {
                    self.assign("=", value);
                }
            }
            MemberKind::Test { name, body } => {
                self.token("test");
                self.space();
                self.text_literal(name);
                self.space();
                self.body(body);
            }
        }
    }

    // ---- parts of members ----------------------------------------------------------------------

    fn word_and_name(&mut self, word: &'static str, name: Name) {
        self.token(word);
        self.space();
        self.span(name.at);
    }

    fn path(&mut self, path: Slice) {
        self.names(path, ".");
    }

    fn names(&mut self, names: Slice, between: &'static str) {
        for (index, name) in self.tree.names_of(names).iter().enumerate() {
            if index > 0 {
                self.token(between);
            }
            self.span(name.at);
        }
    }

    fn assign(&mut self, sign: &'static str, value: ExprId) {
        self.space();
        self.token(sign);
        self.value(value);
    }

    /// `[key] = value`, or `"x-\(y)" = value`.
    fn computed(&mut self, key: ExprId, value: ExprId) {
        if self.peek() == Some(b'[') {
            self.token("[");
            self.expr(key);
            self.token("]");
        } else {
            self.expr(key);
        }
        self.assign("=", value);
    }

    /// ` : A, B`.
    fn bases(&mut self, bases: Slice) {
        if bases.is_empty() {
            return;
        }
        let group = self.open();
        self.push(Op::Indent);
        self.space();
        self.token(":");
        self.space();
        let mut broken = false;
        for (index, base) in self.tree.paths_of(bases).iter().enumerate() {
            if index > 0 {
                self.token(",");
                broken |= self.line(Flat::Space);
            }
            self.span(base.at);
        }
        self.push(Op::Dedent);
        self.close(group, broken, Inside::Free);
    }

    /// ` because "..."`, ` else "..."`: on a line of its own where it does not fit, or was written so.
    fn clause(&mut self, word: &'static str, text: TextId) {
        let group = self.open();
        self.push(Op::Indent);
        let broken = self.line(Flat::Space);
        self.token(word);
        self.space();
        self.text_literal(text);
        self.push(Op::Dedent);
        self.close(group, broken, Inside::Free);
    }

    fn condition(&mut self, word: &'static str, condition: ExprId, message: Option<TextId>) {
        self.token(word);
        self.space();
        self.expr(condition);
        if let Some(message) = message {
            self.clause("else", message);
        }
    }

    fn field(&mut self, name: Name, ty: TyId, default: Option<ExprId>) {
        self.span(name.at);
        self.token(":");
        self.space();
        self.ty(ty);
        if let Some(default) = default {
            self.assign("=", default);
        }
    }

    fn param(&mut self, param: Param) {
        self.field(param.name, param.ty, param.default);
    }

    fn by_body(&mut self, arm: ByBody) {
        self.arm_names(arm.names);
        self.space();
        self.body(arm.body);
    }

    /// `if`, any number of `else if`, `else`: all bodies on one line, or none.
    fn if_members(&mut self, condition: ExprId, then: BodyId, other: Option<BodyId>) {
        let braces = Brackets { own_group: false, ..Brackets::BRACES };
        let group = self.open();
        let mut broken = false;
        let mut next = Some((condition, then, other));
        while let Some((condition, then, other)) = next.take() {
            self.token("if");
            self.space();
            self.expr(condition);
            self.space();
            broken |= self.bracketed(&braces, self.tree.member_ids(then), Self::member);
            let Some(other) = other else { break };
            self.space();
            self.token("else");
            self.space();
            let members = self.tree.member_ids(other);
            if self.peek() == Some(b'{') {
                broken |= self.bracketed(&braces, members, Self::member);
            } else if let Some(&inner) = members.first()
                && let MemberKind::If { condition, then, other } = self.tree.member(inner).kind
            {
                next = Some((condition, then, other));
            }
        }
        self.close(group, broken, Inside::Breaks);
    }

    fn extends(&mut self, extends: Option<u32>) {
        if let Some(path) = extends {
            self.space();
            self.token("extends");
            self.space();
            self.type_path(path);
        }
    }

    fn import(&mut self, up: u32, path: Slice, picks: Option<Slice>) {
        self.token("import");
        self.space();
        if up > 0 {
            self.pass(&['.', '/']);
            self.push(Op::Text(if up == 1 { "./" } else { "../" }));
            for _ in 2..up {
                self.push(Op::Text("../"));
            }
        }
        self.names(path, if up > 0 { "/" } else { "." });
        if let Some(picks) = picks {
            let picks = self.tree.picks_of(picks);
            self.bracketed(&Brackets::PICKS, picks, Self::pick);
        }
    }

    fn pick(&mut self, pick: Pick) {
        self.span(pick.name.at);
        self.alias(pick.alias);
    }

    fn alias(&mut self, alias: Option<Name>) {
        if let Some(alias) = alias {
            self.space();
            self.token("as");
            self.space();
            self.span(alias.at);
        }
    }
}
