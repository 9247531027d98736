//! Members, items and statements.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a match names the rules that its place of the grammar allows, of some two hundred"
)]

use pest::iterators::Pair;

use super::errors;
use super::lower::{Lower, Walk, extend, offset};
use super::lower_text::TEXTS;
use super::parse::Rule;
use super::{
    BodyId, ByBody, Expr, Extent, Key, KindBody, Marks, Member, MemberId, MemberKind, NO_BASE,
    Name, Param, Pick, Slice, TextId, TextPart, TyNode,
};

impl Lower<'_> {
    /// A `member`: its marks, what it is, and why.
    pub(super) fn member(&mut self, pair: Pair<'_, Rule>) -> MemberId {
        let at = self.at(&pair);
        let doc = self.doc_above(at.start);
        let mut walk = Walk::of(pair);
        let mut marks = Marks::default();
        let mut marks_at = Extent::new(at.start, at.start);
        while let Some(mark) = walk.take(Rule::mark) {
            let mark_at = self.at(&mark);
            let word = mark_at.of(self.text);
            for &(bit, name) in Marks::ALL {
                if name == word {
                    marks = marks.with(bit);
                }
            }
            marks_at = marks_at.to(mark_at);
        }
        let kind = match walk.next() {
            Some(inner) if inner.as_rule() == Rule::field => {
                let at = self.at(&inner);
                let param = marks.has(Marks::PARAM);
                self.field(&mut Walk::of(inner), at, param).unwrap_or(MemberKind::Error)
            }
            Some(inner) => self.member_kind(inner),
            None => MemberKind::Error,
        };
        let because = walk.take(Rule::because).and_then(|reason| Walk::of(reason).next());
        let because = because.map(|reason| self.reason(reason));
        self.add_member(Member { at, marks, marks_at, doc, because, kind })
    }

    /// The constant text of a `because`.
    fn reason(&mut self, reason: Pair<'_, Rule>) -> TextId {
        let at = self.at(&reason);
        let text = self.text(reason);
        if self
            .tree
            .parts_of(self.tree.text(text).parts)
            .iter()
            .any(|part| matches!(part, TextPart::Hole(_)))
        {
            let span = self.span(at);
            self.report(errors::because_hole(span));
        }
        text
    }

    /// The members of a body, between its braces.
    pub(super) fn body(&mut self, pair: Pair<'_, Rule>) -> BodyId {
        let at = self.at(&pair);
        let made = self.nested(1, at, |cx| {
            let mut members = Vec::new();
            let mut walk = Walk::of(pair);
            while let Some(member) = walk.take(Rule::member) {
                members.push(cx.member(member));
            }
            let lost = cx.add_lost(at, &mut members);
            let error = |&id: &MemberId| cx.tree.member(id).kind == MemberKind::Error;
            let broken = lost || cx.broken.contains(&at.start) || members.iter().any(error);
            cx.add_body(at, &members, broken)
        });
        made.unwrap_or_else(|| self.add_body(at, &[], true))
    }

    /// Puts an error node among `members` for everything inside `at` that recovery blanked and that stands
    /// in none of them. Gives whether there was any.
    pub(super) fn add_lost(&mut self, at: Extent, members: &mut Vec<MemberId>) -> bool {
        let first = self.holes.partition_point(|hole| hole.start < at.start);
        let last = self.holes.partition_point(|hole| hole.start < at.end);
        let mut any = false;
        for index in first..last {
            let Some(&hole) = self.holes.get(index) else { break };
            let before = members.partition_point(|&id| self.tree.member(id).at.start <= hole.start);
            let inside = before
                .checked_sub(1)
                .and_then(|index| members.get(index))
                .is_some_and(|&id| self.tree.member(id).at.end > hole.start);
            if inside {
                continue;
            }
            let empty = Extent::new(hole.start, hole.start);
            let lost = self.add_member(Member {
                at: hole,
                marks: Marks::default(),
                marks_at: empty,
                doc: empty,
                because: None,
                kind: MemberKind::Error,
            });
            members.insert(before, lost);
            any = true;
        }
        any
    }

    /// The body that comes next.
    pub(super) fn expect_body(&mut self, walk: &mut Walk<'_>, at: Extent) -> BodyId {
        match walk.take(Rule::body) {
            Some(body) => self.body(body),
            None => self.add_body(at, &[], true),
        }
    }

    fn member_kind(&mut self, pair: Pair<'_, Rule>) -> MemberKind {
        let rule = pair.as_rule();
        let outer = self.declares;
        self.declares = match rule {
            Rule::schema_def | Rule::kind_def | Rule::component_def => true,
            Rule::for_stmt | Rule::if_stmt | Rule::by_stmt => outer,
            _ => false,
        };
        let kind = self.kind_of(pair, rule);
        self.declares = outer;
        kind
    }

    fn kind_of(&mut self, pair: Pair<'_, Rule>, rule: Rule) -> MemberKind {
        let at = self.at(&pair);
        let mut walk = Walk::of(pair);
        let kind = match rule {
            Rule::set | Rule::append => self.set(&mut walk, rule == Rule::append, at),
            Rule::block_path | Rule::based => self.path_block(&mut walk, at),
            Rule::keyed => self.keyed_block(&mut walk, at),
            Rule::spread => Some(MemberKind::Spread(self.expect_expr(&mut walk, at))),
            Rule::computed => {
                let key = self.expect_expr(&mut walk, at);
                let value = self.expect_expr(&mut walk, at);
                Some(match walk.take(Rule::clauses) {
                    Some(clauses) => {
                        MemberKind::Comprehension { key, value, clauses: self.clauses(clauses) }
                    }
                    None => MemberKind::Computed { key, value },
                })
            }
            Rule::import => self.import(&mut walk),
            Rule::type_def
            | Rule::schema_def
            | Rule::kind_def
            | Rule::preset_def
            | Rule::component_def
            | Rule::fn_def
            | Rule::test_def => self.definition(rule, &mut walk, at),
            _ => self.statement(rule, walk, at),
        };
        kind.unwrap_or(MemberKind::Error)
    }

    /// A name, quoted or not. A hole in one is reported, and gives none.
    pub(super) fn name(&mut self, pair: Pair<'_, Rule>) -> Option<Name> {
        if pair.as_rule() != Rule::quoted {
            return Some(self.ident(&pair));
        }
        let at = self.at(&pair);
        match self.quoted_name(pair) {
            Ok(name) => Some(name),
            Err(_) => {
                let span = self.span(at);
                self.report(errors::name_hole(span));
                None
            }
        }
    }

    fn path(&mut self, walk: &mut Walk<'_>) -> Option<Slice> {
        let path = walk.take(Rule::path)?;
        let mut names = Vec::new();
        let mut segments = Walk::of(path);
        while let Some(segment) = segments.next() {
            names.push(self.name(segment)?);
        }
        Some(self.add_names(&names))
    }

    fn set(&mut self, walk: &mut Walk<'_>, append: bool, at: Extent) -> Option<MemberKind> {
        if !append && let Some(key) = self.computed_key(walk) {
            let value = self.expect_expr(walk, at);
            return Some(MemberKind::Computed { key, value });
        }
        let path = self.path(walk)?;
        let value = self.expect_expr(walk, at);
        Some(MemberKind::Set { path, append, value })
    }

    /// `"x-\(y)" = value`: a lone name with holes is a computed key.
    fn computed_key(&mut self, walk: &mut Walk<'_>) -> Option<super::ExprId> {
        let path = walk.peek_pair(Rule::path)?;
        let mut segments = path.into_inner();
        let first = segments.next()?;
        let holes = first.clone().into_inner().any(|token| token.as_rule() == Rule::hole);
        if !holes || segments.next().is_some() {
            return None;
        }
        walk.next();
        let at = self.at(&first);
        let text = self.text(first);
        Some(self.expr(Expr::Text(text), at))
    }

    fn bases(&mut self, walk: &mut Walk<'_>) -> Slice {
        let Some(bases) = walk.take(Rule::bases) else { return Slice::default() };
        let mut paths = Vec::new();
        let mut bases = Walk::of(bases);
        while let Some(path) = bases.take(Rule::path_ty) {
            paths.push(self.dotted(&path));
        }
        extend(&mut self.tree.paths, &paths)
    }

    fn path_block(&mut self, walk: &mut Walk<'_>, at: Extent) -> Option<MemberKind> {
        let path = self.path(walk)?;
        let bases = self.bases(walk);
        Some(MemberKind::Block { path, key: Key::None, bases, body: self.expect_body(walk, at) })
    }

    fn keyed_block(&mut self, walk: &mut Walk<'_>, at: Extent) -> Option<MemberKind> {
        let field = walk.take_any(&[Rule::ident, Rule::quoted])?;
        let field = self.name(field)?;
        let path = self.add_names(&[field]);
        let key = walk.take(Rule::key).and_then(|key| Walk::of(key).next())?;
        let key = match key.as_rule() {
            Rule::star => Key::Star(self.at(&key)),
            Rule::quoted => match self.quoted_name(key) {
                Ok(name) => Key::Name(name),
                Err(text) => Key::Text(text),
            },
            _ => Key::Name(self.ident(&key)),
        };
        let bases = self.bases(walk);
        Some(MemberKind::Block { path, key, bases, body: self.expect_body(walk, at) })
    }

    /// `name: T = value`. In a block, where nothing is declared, a text behind the colon is a value in YAML's
    /// way.
    fn field(&mut self, walk: &mut Walk<'_>, at: Extent, param: bool) -> Option<MemberKind> {
        let name = walk.take_any(&[Rule::ident, Rule::quoted])?;
        let name = self.name(name)?;
        let ty = self.expect_type(walk, at);
        let default = walk.take(Rule::expr).map(|value| self.expression(value));
        let literal = matches!(self.tree.ty(ty), TyNode::Literal(_));
        if literal && default.is_none() && !param && !self.declares {
            let value = self.tree.ty_extent(ty);
            let gap = Extent::new(name.at.end, value.start).of(self.text);
            let colon = name.at.end + offset(gap.find(':').unwrap_or(0));
            let place = self.span(Extent::new(colon, colon + 1));
            let edit = self.span(Extent::new(name.at.end, colon + 1));
            self.report(errors::colon(place, edit, name.sym.as_str()));
            return None;
        }
        Some(MemberKind::Field { name, ty, default })
    }

    fn import(&mut self, walk: &mut Walk<'_>) -> Option<MemberKind> {
        let target = walk.take_any(&[Rule::rel_path, Rule::mod_path])?;
        let at = self.at(&target);
        let source = target.as_str();
        let (up, names) = if target.as_rule() == Rule::rel_path {
            let dots = source.len() - source.trim_start_matches(['.', '/']).len();
            let rest = source.get(dots..).unwrap_or("");
            // `./` is the folder itself, every `../` one further up; a `./` in between adds nothing
            let parents = source.get(..dots).unwrap_or("").matches("..").count();
            let rest_at = Extent::new(at.start + offset(dots), at.end);
            (offset(parents) + 1, self.split_names(rest, rest_at, '/'))
        } else {
            (0, self.split_names(source, at, '.'))
        };
        let path = self.add_names(&names);
        let picks = walk.take(Rule::pick).map(|pick| {
            let mut picks = Vec::new();
            let mut walk = Walk::of(pick);
            while let Some(one) = walk.take(Rule::pick_one) {
                let mut one = Walk::of(one);
                let Some(name) = one.take(Rule::ident) else { continue };
                let name = self.ident(&name);
                let alias = one.take(Rule::ident).map(|alias| self.ident(&alias));
                picks.push(Pick { name, alias });
            }
            extend(&mut self.tree.picks, &picks)
        });
        let alias = walk.take(Rule::var).map(|alias| self.ident(&alias));
        Some(MemberKind::Import { up, path, picks, alias })
    }

    fn definition(&mut self, rule: Rule, walk: &mut Walk<'_>, at: Extent) -> Option<MemberKind> {
        if rule == Rule::test_def {
            let name = walk.take(Rule::quoted)?;
            let name = self.text(name);
            return Some(MemberKind::Test { name, body: self.expect_body(walk, at) });
        }
        let name = walk.take_any(&[Rule::type_name, Rule::var])?;
        let name = self.ident(&name);
        Some(match rule {
            Rule::type_def => MemberKind::Type { name, ty: self.expect_type(walk, at) },
            Rule::schema_def => {
                let extends = self.extends(walk);
                MemberKind::Schema { name, extends, body: self.expect_body(walk, at) }
            }
            Rule::kind_def => {
                let extends = self.extends(walk);
                let is = if walk.peek() == Some(Rule::ty) {
                    KindBody::Union(self.expect_type(walk, at))
                } else {
                    KindBody::Fields(self.expect_body(walk, at))
                };
                MemberKind::Kind { name, extends, is }
            }
            Rule::preset_def => {
                let subject = walk.take(Rule::path_ty)?;
                let subject = self.type_path(&subject);
                let bases = self.bases(walk);
                MemberKind::Preset { name, subject, bases, body: self.expect_body(walk, at) }
            }
            Rule::fn_def => {
                let params = self.params(walk);
                let result = self.expect_type(walk, at);
                let value = walk.take(Rule::expr).map(|value| self.expression(value));
                MemberKind::Fn { name, params, result, value }
            }
            _ => MemberKind::Component { name, body: self.expect_body(walk, at) },
        })
    }

    fn extends(&mut self, walk: &mut Walk<'_>) -> Option<u32> {
        let path = walk.take(Rule::extends).and_then(|extends| Walk::of(extends).next())?;
        Some(self.type_path(&path))
    }

    fn params(&mut self, walk: &mut Walk<'_>) -> Slice {
        let mut params = Vec::new();
        if let Some(list) = walk.take(Rule::fn_params) {
            let mut list = Walk::of(list);
            while let Some(param) = list.take(Rule::fn_param) {
                let at = self.at(&param);
                let mut param = Walk::of(param);
                let Some(name) = param.take(Rule::var) else { continue };
                let name = self.ident(&name);
                let ty = self.expect_type(&mut param, at);
                let default = param.take(Rule::expr).map(|value| self.expression(value));
                params.push(Param { name, ty, default });
            }
        }
        extend(&mut self.tree.params, &params)
    }

    fn statement(&mut self, rule: Rule, mut walk: Walk<'_>, at: Extent) -> Option<MemberKind> {
        Some(match rule {
            Rule::for_stmt => {
                let (key, value) = self.loop_names(&mut walk)?;
                let source = self.expect_expr(&mut walk, at);
                MemberKind::For { key, value, source, body: self.expect_body(&mut walk, at) }
            }
            Rule::if_stmt => self.if_chain(walk, at),
            Rule::by_stmt => {
                let axis = walk.take(Rule::ident)?;
                let axis = self.ident(&axis);
                let axis = self.add_name(axis);
                let mut arms = Vec::new();
                while let Some(arm) = walk.take(Rule::by_body) {
                    let arm_at = self.at(&arm);
                    let mut arm = Walk::of(arm);
                    let names = self.arm_names(&mut arm);
                    arms.push(ByBody { names, body: self.expect_body(&mut arm, arm_at) });
                }
                MemberKind::By { axis, arms: extend(&mut self.tree.by_bodies, &arms) }
            }
            Rule::patch_stmt => {
                let path = walk.take(Rule::path_ty).map(|path| self.type_path(&path));
                let name = self.optional_text(&mut walk);
                let body = self.expect_body(&mut walk, at);
                MemberKind::Patch { path: path.unwrap_or(NO_BASE), name, body }
            }
            Rule::let_stmt => {
                let name = walk.take(Rule::var)?;
                let name = self.ident(&name);
                let ty = walk.take(Rule::ty).map(|ty| self.type_expression(ty));
                MemberKind::Let { name, ty, value: self.expect_expr(&mut walk, at) }
            }
            Rule::check_stmt | Rule::warn_stmt => {
                let condition = self.expect_expr(&mut walk, at);
                let message = self.optional_text(&mut walk)?;
                MemberKind::Check { condition, message, warn: rule == Rule::warn_stmt }
            }
            Rule::remove_stmt => MemberKind::Remove { path: self.path(&mut walk)? },
            Rule::allow_stmt => MemberKind::Allow { code: self.code(&mut walk)? },
            Rule::assert_stmt => {
                let condition = self.expect_expr(&mut walk, at);
                MemberKind::Assert { condition, message: self.optional_text(&mut walk) }
            }
            Rule::expect_stmt => {
                let code = self.code(&mut walk)?;
                MemberKind::Expect { code, body: self.expect_body(&mut walk, at) }
            }
            _ => return None,
        })
    }

    fn code(&mut self, walk: &mut Walk<'_>) -> Option<Name> {
        let code = walk.take(Rule::code)?;
        Some(self.ident(&code))
    }

    fn optional_text(&mut self, walk: &mut Walk<'_>) -> Option<TextId> {
        walk.take_any(&TEXTS).map(|text| self.text(text))
    }

    /// `if`, any number of `else if`, `else`: each `else if` becomes a body with one `if`.
    fn if_chain(&mut self, mut walk: Walk<'_>, at: Extent) -> MemberKind {
        let mut branches = Vec::new();
        while walk.peek() == Some(Rule::expr_nb) {
            let start = walk.peek_pair(Rule::expr_nb).map_or(at.start, |pair| self.at(&pair).start);
            let condition = self.expect_expr(&mut walk, at);
            branches.push((self.if_word_before(start), condition, self.expect_body(&mut walk, at)));
        }
        let mut other = walk.take(Rule::body).map(|body| self.body(body));
        let mut kind = MemberKind::Error;
        for (index, (start, condition, then)) in branches.into_iter().enumerate().rev() {
            kind = MemberKind::If { condition, then, other };
            if index == 0 {
                break;
            }
            let at = Extent::new(start, at.end);
            let empty = Extent::new(start, start);
            let member = self.add_member(Member {
                at,
                marks: Marks::default(),
                marks_at: empty,
                doc: empty,
                because: None,
                kind,
            });
            other = Some(self.add_body(at, &[member], false));
        }
        kind
    }

    /// Where the word `if` before a condition starts.
    fn if_word_before(&self, condition: u32) -> u32 {
        let before = self.text.get(..condition as usize).unwrap_or("");
        before.rfind("if").map_or(condition, offset)
    }

    /// The `///` lines right above a place.
    fn doc_above(&self, start: u32) -> Extent {
        let none = Extent::new(start, start);
        let before = self.text.get(..start as usize).unwrap_or("");
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        // A comma is another end of the member above.
        let is_between = |c: char| c.is_whitespace() || c == ',';
        if !before.get(line..).is_some_and(|head| head.chars().all(is_between)) {
            return none;
        }
        let mut doc: Option<Extent> = None;
        let mut end = line;
        while end > 0 {
            let above = before.get(..end - 1).unwrap_or("");
            let first = above.rfind('\n').map_or(0, |end| end + 1);
            let text = above.get(first..).unwrap_or("");
            let blank = text.len() - text.trim_start().len();
            if !text.trim_start().starts_with("///") {
                break;
            }
            let last = first + text.trim_end().len();
            let at = Extent::new(offset(first + blank), offset(last));
            doc = Some(doc.map_or(at, |below| at.to(below)));
            end = first;
        }
        doc.unwrap_or(none)
    }
}
