//! pest's pairs to the tree.

use pest::iterators::Pair;

use super::parse::Rule;
use super::*;
use crate::source::{Extent, Sym};

type P<'i> = Pair<'i, Rule>;

pub(super) struct Lower<'i> {
    pub(super) tree: Tree,
    text: &'i str,
}

fn n(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn at(pair: &P<'_>) -> Extent {
    let span = pair.as_span();
    let trimmed = span.as_str().trim_end_matches([' ', '\t', '\r', '\n']);
    Extent::new(n(span.start()), n(span.start() + trimmed.len()))
}

impl<'i> Lower<'i> {
    pub(super) fn new(text: &'i str) -> Self {
        Self { tree: Tree::default(), text }
    }

    fn expr_node(&mut self, expr: Expr, at: Extent) -> ExprId {
        self.tree.exprs.push(expr);
        self.tree.expr_at.push(at);
        ExprId(n(self.tree.exprs.len() - 1))
    }

    fn ty_node(&mut self, ty: TyNode, at: Extent) -> TyId {
        self.tree.types.push(ty);
        self.tree.type_at.push(at);
        TyId(n(self.tree.types.len() - 1))
    }

    pub(super) fn file(&mut self, pair: P<'i>) {
        for item in pair.into_inner() {
            if item.as_rule() == Rule::EOI {
                continue;
            }
            let id = self.member(item);
            self.tree.items.push(id);
        }
    }

    fn push_member(&mut self, member: Member) -> MemberId {
        self.tree.members.push(member);
        MemberId(n(self.tree.members.len() - 1))
    }

    fn doc_above(&self, start: u32) -> Extent {
        let mut line_start = self.text[..start as usize].rfind('\n').map_or(0, |i| i + 1);
        let mut doc = Extent::default();
        let mut end = None;
        while line_start > 0 {
            let prev_end = line_start - 1;
            let prev_start = self.text[..prev_end].rfind('\n').map_or(0, |i| i + 1);
            let line = self.text[prev_start..prev_end].trim();
            if !line.starts_with("///") {
                break;
            }
            end.get_or_insert(prev_end);
            doc = Extent::new(n(prev_start), n(end.unwrap_or(prev_end)));
            line_start = prev_start;
        }
        doc
    }

    fn member(&mut self, pair: P<'i>) -> MemberId {
        let extent = at(&pair);
        let doc = self.doc_above(extent.start);
        let mut member = Member {
            at: extent,
            marks: Marks::default(),
            marks_at: Extent::default(),
            doc,
            because: None,
            kind: MemberKind::Error,
        };
        if pair.as_rule() == Rule::stmt || pair.as_rule() == Rule::inner {
            if let Some(inner) = pair.clone().into_inner().next()
                && pair.as_rule() == Rule::stmt
            {
                return self.member(inner);
            }
        }
        self.fill(pair, &mut member);
        self.push_member(member)
    }

    fn mark(member: &mut Member, mark: Marks, at: Extent) {
        member.marks = member.marks.with(mark);
        member.marks_at = if member.marks_at.is_empty() { at } else { member.marks_at.to(at) };
    }

    fn fill(&mut self, pair: P<'i>, member: &mut Member) {
        let rule = pair.as_rule();
        let mut inner = pair.into_inner().peekable();
        match rule {
            Rule::plain => self.plain(inner, member),
            Rule::inner => {
                let rest: Vec<P<'i>> = inner.collect();
                if let [only] = rest.as_slice()
                    && only.as_rule() == Rule::stmt
                    && let Some(stmt) = only.clone().into_inner().next()
                {
                    self.fill(stmt, member);
                    return;
                }
                self.plain(rest.into_iter().peekable(), member);
            }
            Rule::stmt => {
                if let Some(stmt) = inner.next() {
                    self.fill(stmt, member);
                }
            }
            Rule::import => {
                let mut up = 0;
                let mut path = Slice::default();
                let mut picks = None;
                let mut alias = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::rel_path => {
                            let start = at(&part).start;
                            let text = part.as_str();
                            let mut offset = 0usize;
                            let mut names = Vec::new();
                            for segment in text.split('/') {
                                match segment {
                                    "." => up = up.max(1),
                                    ".." => up = if up == 0 { 2 } else { up + 1 },
                                    name => names.push(Name {
                                        sym: Sym::new(name),
                                        at: Extent::new(start + n(offset), start + n(offset + name.len())),
                                    }),
                                }
                                offset += segment.len() + 1;
                            }
                            path = self.names(names);
                        }
                        Rule::mod_path => path = self.dotted(&part),
                        Rule::pick => {
                            let start = n(self.tree.picks.len());
                            for one in part.into_inner() {
                                let mut idents = one.into_inner().filter(|p| p.as_rule() == Rule::ident);
                                let Some(first) = idents.next() else { continue };
                                let name = self.ident(&first);
                                let alias = idents.next().map(|second| self.ident(&second));
                                self.tree.picks.push(Pick { name, alias });
                            }
                            picks = Some(Slice { start, len: n(self.tree.picks.len()) - start });
                        }
                        Rule::ident => alias = Some(self.ident(&part)),
                        _ => {}
                    }
                }
                member.kind = MemberKind::Import { up, path, picks, alias };
            }
            Rule::type_def | Rule::schema_def | Rule::kind_def | Rule::preset_def | Rule::component_def => {
                self.definition(rule, inner, member);
            }
            Rule::fn_def => {
                let mut name = None;
                let mut params = Slice::default();
                let mut result = None;
                let mut value = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::private => Self::mark(member, Marks::PRIVATE, at(&part)),
                        Rule::r#extern => Self::mark(member, Marks::EXTERN, at(&part)),
                        Rule::ident => name = Some(self.ident(&part)),
                        Rule::fn_params => {
                            let mut list = Vec::new();
                            for param in part.into_inner() {
                                let mut bits = param.into_inner();
                                let (Some(id), Some(ty)) = (bits.next(), bits.next()) else { continue };
                                let name = self.ident(&id);
                                let ty = self.ty(ty);
                                let default = bits.next().map(|e| self.expr(e));
                                list.push(Param { name, ty, default });
                            }
                            let start = n(self.tree.params.len());
                            self.tree.params.extend(list);
                            params = Slice { start, len: n(self.tree.params.len()) - start };
                        }
                        Rule::ty => result = Some(self.ty(part)),
                        Rule::expr => value = Some(self.expr(part)),
                        _ => {}
                    }
                }
                if let (Some(name), Some(result)) = (name, result) {
                    member.kind = MemberKind::Fn { name, params, result, value };
                }
            }
            Rule::test_def => {
                let mut name = None;
                let mut body = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::string => name = Some(self.string(part)),
                        Rule::body => body = Some(self.body(part)),
                        _ => {}
                    }
                }
                if let (Some(name), Some(body)) = (name, body) {
                    member.kind = MemberKind::Test { name, body };
                }
            }
            Rule::for_stmt => {
                let mut vars = Vec::new();
                let mut source = None;
                let mut body = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::var => vars.push(self.ident(&part)),
                        Rule::expr_nb => source = Some(self.expr(part)),
                        Rule::body => body = Some(self.body(part)),
                        _ => {}
                    }
                }
                if let (Some(source), Some(body), Some(&value)) = (source, body, vars.last()) {
                    let key = (vars.len() > 1).then(|| vars[0]);
                    member.kind = MemberKind::For { key, value, source, body };
                }
            }
            Rule::if_stmt => {
                let mut condition = None;
                let mut bodies = Vec::new();
                for part in inner {
                    match part.as_rule() {
                        Rule::expr_nb => condition = Some(self.expr(part)),
                        Rule::body => bodies.push(self.body(part)),
                        Rule::if_stmt => {
                            let extent = at(&part);
                            let id = self.member(part);
                            let start = n(self.tree.member_pool.len());
                            self.tree.member_pool.push(id);
                            self.tree.bodies.push(Body { at: extent, members: Slice { start, len: 1 }, broken: false });
                            bodies.push(BodyId(n(self.tree.bodies.len() - 1)));
                        }
                        _ => {}
                    }
                }
                if let (Some(condition), Some(&then)) = (condition, bodies.first()) {
                    member.kind = MemberKind::If { condition, then, other: bodies.get(1).copied() };
                }
            }
            Rule::by_stmt => {
                let mut axis = 0;
                let mut arms = Vec::new();
                for part in inner {
                    match part.as_rule() {
                        Rule::ident => {
                            let name = self.ident(&part);
                            self.tree.names.push(name);
                            axis = n(self.tree.names.len() - 1);
                        }
                        Rule::by_member => {
                            let mut names = Vec::new();
                            let mut body = None;
                            for bit in part.into_inner() {
                                match bit.as_rule() {
                                    Rule::body => body = Some(self.body(bit)),
                                    _ => names.push(self.name(&bit)),
                                }
                            }
                            let names = self.names(names);
                            if let Some(body) = body {
                                arms.push(ByBody { names, body });
                            }
                        }
                        _ => {}
                    }
                }
                let start = n(self.tree.by_bodies.len());
                self.tree.by_bodies.extend(arms);
                let arms = Slice { start, len: n(self.tree.by_bodies.len()) - start };
                member.kind = MemberKind::By { axis, arms };
            }
            Rule::let_stmt => {
                let mut name = None;
                let mut ty = None;
                let mut value = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::private => Self::mark(member, Marks::PRIVATE, at(&part)),
                        Rule::var => name = Some(self.ident(&part)),
                        Rule::ty => ty = Some(self.ty(part)),
                        Rule::expr => value = Some(self.expr(part)),
                        _ => {}
                    }
                }
                if let (Some(name), Some(value)) = (name, value) {
                    member.kind = MemberKind::Let { name, ty, value };
                }
            }
            Rule::check_stmt => {
                let mut warn = false;
                let mut condition = None;
                let mut message = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::kw_warn => warn = true,
                        Rule::expr => condition = Some(self.expr(part)),
                        Rule::string | Rule::raw => message = Some(self.string(part)),
                        _ => {}
                    }
                }
                if let (Some(condition), Some(message)) = (condition, message) {
                    member.kind = MemberKind::Check { condition, message, warn };
                }
            }
            Rule::remove_stmt => {
                let mut path = Slice::default();
                for part in inner {
                    match part.as_rule() {
                        Rule::field_path => path = self.path(part),
                        Rule::because => member.because = self.because(part),
                        _ => {}
                    }
                }
                member.kind = MemberKind::Remove { path };
            }
            Rule::allow_stmt => {
                let mut code = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::code => code = Some(Name { sym: Sym::new(part.as_str()), at: at(&part) }),
                        Rule::because => member.because = self.because(part),
                        _ => {}
                    }
                }
                if let Some(code) = code {
                    member.kind = MemberKind::Allow { code };
                }
            }
            Rule::assert_stmt => {
                let mut condition = None;
                let mut message = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::expr => condition = Some(self.expr(part)),
                        Rule::string | Rule::raw => message = Some(self.string(part)),
                        _ => {}
                    }
                }
                if let Some(condition) = condition {
                    member.kind = MemberKind::Assert { condition, message };
                }
            }
            Rule::expect_stmt => {
                let mut code = None;
                let mut body = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::code => code = Some(Name { sym: Sym::new(part.as_str()), at: at(&part) }),
                        Rule::body => body = Some(self.body(part)),
                        _ => {}
                    }
                }
                if let (Some(code), Some(body)) = (code, body) {
                    member.kind = MemberKind::Expect { code, body };
                }
            }
            Rule::patch_stmt => {
                let mut path = None;
                let mut name = None;
                let mut body = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::path_ty => path = Some(self.type_path(&part)),
                        Rule::string => name = Some(self.string(part)),
                        Rule::body => body = Some(self.body(part)),
                        _ => {}
                    }
                }
                if let (Some(path), Some(body)) = (path, body) {
                    member.kind = MemberKind::Patch { path, name, body };
                }
            }
            Rule::spread => {
                if let Some(value) = inner.next() {
                    let value = self.expr(value);
                    member.kind = MemberKind::Spread(value);
                }
            }
            Rule::computed => {
                let exprs: Vec<ExprId> = inner.map(|e| self.expr(e)).collect();
                if let [key, value] = exprs.as_slice() {
                    member.kind = MemberKind::Computed { key: *key, value: *value };
                }
            }
            Rule::pair_named => {
                let mut path = Slice::default();
                for part in inner {
                    match part.as_rule() {
                        Rule::set_path => path = self.path(part),
                        Rule::expr => {
                            let value = self.expr(part);
                            member.kind = MemberKind::Set { path, append: false, value };
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn definition(
        &mut self,
        rule: Rule,
        inner: std::iter::Peekable<pest::iterators::Pairs<'i, Rule>>,
        member: &mut Member,
    ) {
        let mut name = None;
        let mut ty = None;
        let mut path = None;
        let mut bases = Slice::default();
        let mut body = None;
        for part in inner {
            match part.as_rule() {
                Rule::private | Rule::kw_private => Self::mark(member, Marks::PRIVATE, at(&part)),
                Rule::kw_single => Self::mark(member, Marks::SINGLE, at(&part)),
                Rule::Name => name = Some(self.ident(&part)),
                Rule::ty => ty = Some(self.ty(part)),
                Rule::path_ty => path = Some(self.type_path(&part)),
                Rule::bases => bases = self.bases(part),
                Rule::body => body = Some(self.body(part)),
                _ => {}
            }
        }
        let Some(name) = name else { return };
        member.kind = match (rule, ty, body) {
            (Rule::type_def, Some(ty), _) => MemberKind::Type { name, ty },
            (Rule::schema_def, _, Some(body)) => MemberKind::Schema { name, extends: path, body },
            (Rule::kind_def, Some(ty), _) => MemberKind::Kind { name, extends: path, is: KindBody::Union(ty) },
            (Rule::kind_def, None, Some(body)) => {
                MemberKind::Kind { name, extends: path, is: KindBody::Fields(body) }
            }
            (Rule::preset_def, _, Some(body)) => match path {
                Some(subject) => MemberKind::Preset { name, subject, bases, body },
                None => MemberKind::Error,
            },
            (Rule::component_def, _, Some(body)) => MemberKind::Component { name, body },
            _ => MemberKind::Error,
        };
    }

    fn plain<I: Iterator<Item = P<'i>>>(&mut self, inner: std::iter::Peekable<I>, member: &mut Member) {
        let mut path = None;
        let mut names = Vec::new();
        let mut key = Key::None;
        for part in inner {
            match part.as_rule() {
                Rule::marker => {
                    let extent = at(&part);
                    if let Some((mark, _)) =
                        Marks::ALL.iter().find(|(_, word)| *word == part.as_str().trim())
                    {
                        Self::mark(member, *mark, extent);
                    }
                }
                Rule::set_path => path = Some(self.path(part)),
                Rule::ident | Rule::string => names.push(self.name(&part)),
                Rule::key => key = self.key(part),
                Rule::set | Rule::append => {
                    let append = part.as_rule() == Rule::append;
                    let mut value = None;
                    for bit in part.into_inner() {
                        match bit.as_rule() {
                            Rule::expr => value = Some(self.expr(bit)),
                            Rule::because => member.because = self.because(bit),
                            _ => {}
                        }
                    }
                    let path = path.unwrap_or_else(|| self.names(std::mem::take(&mut names)));
                    if let Some(value) = value {
                        member.kind = MemberKind::Set { path, append, value };
                    }
                }
                Rule::body => {
                    let body = self.body(part);
                    let path = path.unwrap_or_else(|| self.names(std::mem::take(&mut names)));
                    member.kind = MemberKind::Block { path, key, bases: Slice::default(), body };
                }
                Rule::declare => {
                    let mut ty = None;
                    let mut default = None;
                    for bit in part.into_inner() {
                        match bit.as_rule() {
                            Rule::ty => ty = Some(self.ty(bit)),
                            Rule::expr => default = Some(self.expr(bit)),
                            _ => {}
                        }
                    }
                    if let (Some(&name), Some(ty)) = (names.last(), ty) {
                        member.kind = MemberKind::Field { name, ty, default };
                    }
                }
                Rule::block => {
                    let mut bases = Slice::default();
                    let mut body = None;
                    for bit in part.into_inner() {
                        match bit.as_rule() {
                            Rule::key => key = self.key(bit),
                            Rule::bases => bases = self.bases(bit),
                            Rule::body => body = Some(self.body(bit)),
                            _ => {}
                        }
                    }
                    let path = path.unwrap_or_else(|| self.names(std::mem::take(&mut names)));
                    if let Some(body) = body {
                        member.kind = MemberKind::Block { path, key, bases, body };
                    }
                }
                _ => {}
            }
        }
    }

    fn key(&mut self, pair: P<'i>) -> Key {
        let extent = at(&pair);
        match pair.clone().into_inner().next() {
            None => Key::Star(extent),
            Some(inner) if inner.as_rule() == Rule::string => {
                let has_hole = inner.clone().into_inner().any(|p| p.as_rule() == Rule::interp);
                if has_hole { Key::Text(self.string(inner)) } else { Key::Name(self.name(&inner)) }
            }
            Some(inner) => Key::Name(self.name(&inner)),
        }
    }

    fn because(&mut self, pair: P<'i>) -> Option<TextId> {
        let string = pair.into_inner().find(|p| p.as_rule() == Rule::string)?;
        Some(self.string(string))
    }

    fn ident(&mut self, pair: &P<'i>) -> Name {
        Name { sym: Sym::new(pair.as_str().trim()), at: at(pair) }
    }

    fn name(&mut self, pair: &P<'i>) -> Name {
        if pair.as_rule() == Rule::string {
            let mut text = String::new();
            for part in pair.clone().into_inner() {
                match part.as_rule() {
                    Rule::escape => text.push(escape(part.as_str())),
                    _ => text.push_str(part.as_str()),
                }
            }
            return Name { sym: Sym::new(&text), at: at(pair) };
        }
        self.ident(pair)
    }

    fn names(&mut self, names: Vec<Name>) -> Slice {
        let start = n(self.tree.names.len());
        self.tree.names.extend(names);
        Slice { start, len: n(self.tree.names.len()) - start }
    }

    fn path(&mut self, pair: P<'i>) -> Slice {
        let names: Vec<Name> = pair.into_inner().map(|p| self.name(&p)).collect();
        self.names(names)
    }

    fn dotted(&mut self, pair: &P<'i>) -> Slice {
        let start = at(pair).start;
        let mut offset = 0;
        let mut names = Vec::new();
        for segment in pair.as_str().trim().split('.') {
            names.push(Name {
                sym: Sym::new(segment),
                at: Extent::new(start + n(offset), start + n(offset + segment.len())),
            });
            offset += segment.len() + 1;
        }
        self.names(names)
    }

    fn type_path(&mut self, pair: &P<'i>) -> u32 {
        let names = self.dotted(pair);
        self.tree.paths.push(TypePath { names, at: at(pair) });
        n(self.tree.paths.len() - 1)
    }

    fn bases(&mut self, pair: P<'i>) -> Slice {
        let start = n(self.tree.paths.len());
        for path in pair.into_inner() {
            self.type_path(&path);
        }
        Slice { start, len: n(self.tree.paths.len()) - start }
    }

    fn body(&mut self, pair: P<'i>) -> BodyId {
        let extent = at(&pair);
        let ids: Vec<MemberId> = pair.into_inner().map(|p| self.member(p)).collect();
        self.close_body(extent, &ids)
    }

    fn close_body(&mut self, extent: Extent, ids: &[MemberId]) -> BodyId {
        let start = n(self.tree.member_pool.len());
        self.tree.member_pool.extend_from_slice(ids);
        let members = Slice { start, len: n(ids.len()) };
        self.tree.bodies.push(Body { at: extent, members, broken: false });
        BodyId(n(self.tree.bodies.len() - 1))
    }

    // ---- types

    fn ty(&mut self, pair: P<'i>) -> TyId {
        let extent = at(&pair);
        let atoms: Vec<TyId> = pair.into_inner().map(|p| self.ty_atom(p)).collect();
        if let [only] = atoms.as_slice() {
            return *only;
        }
        let start = n(self.tree.type_pool.len());
        self.tree.type_pool.extend_from_slice(&atoms);
        self.ty_node(TyNode::Union(Slice { start, len: n(atoms.len()) }), extent)
    }

    fn ty_atom(&mut self, pair: P<'i>) -> TyId {
        let extent = at(&pair);
        let mut later = false;
        let mut found = None;
        let mut optional = false;
        for part in pair.into_inner() {
            let part_at = at(&part);
            match part.as_rule() {
                Rule::kw_later => later = true,
                Rule::string => {
                    let text = self.string(part);
                    found = Some(self.ty_node(TyNode::Literal(text), part_at));
                }
                Rule::ty_list => {
                    let inner = part.into_inner().next().map(|p| self.ty(p));
                    if let Some(inner) = inner {
                        found = Some(self.ty_node(TyNode::List(inner, Refine::None), part_at));
                    }
                }
                Rule::ty_map => {
                    let both: Vec<TyId> = part.into_inner().map(|p| self.ty(p)).collect();
                    if let [key, value] = both.as_slice() {
                        found = Some(self.ty_node(TyNode::Map(*key, *value, Refine::None), part_at));
                    }
                }
                Rule::ty_ref => {
                    let mut path = 0;
                    let mut args = Vec::new();
                    let mut refine = Refine::None;
                    for bit in part.into_inner() {
                        match bit.as_rule() {
                            Rule::path_ty => path = self.type_path(&bit),
                            Rule::ty => args.push(self.ty(bit)),
                            Rule::refine => refine = self.refine(bit),
                            _ => {}
                        }
                    }
                    let start = n(self.tree.type_pool.len());
                    self.tree.type_pool.extend_from_slice(&args);
                    let args = Slice { start, len: n(args.len()) };
                    found = Some(self.ty_node(TyNode::Named { path, args, refine }, part_at));
                }
                Rule::refine => {
                    let refine = self.refine(part);
                    if let Some(id) = found
                        && let Some(node) = self.tree.types.get_mut(id.index())
                    {
                        match node {
                            TyNode::List(_, place) | TyNode::Map(_, _, place) => *place = refine,
                            _ => {}
                        }
                    }
                }
                Rule::optional => optional = true,
                _ => {}
            }
        }
        let mut id = match found {
            Some(id) => id,
            None => self.ty_node(TyNode::Error, extent),
        };
        if later {
            id = self.ty_node(TyNode::Later(id), extent);
        }
        if optional {
            id = self.ty_node(TyNode::Optional(id), extent);
        }
        id
    }

    fn refine(&mut self, pair: P<'i>) -> Refine {
        let text = pair.as_str();
        let start = pair.as_span().start();
        let dots = text.find("..");
        let mut low = None;
        let mut high = None;
        let mut result = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::bound => {
                    let extent = at(&part);
                    let negative = part.as_str().trim().starts_with('-');
                    let digits = Extent::new(extent.start + u32::from(negative), extent.end);
                    let mut expr = self.expr_node(Expr::Number, digits);
                    if negative {
                        expr = self.expr_node(Expr::Unary { op: UnaryOp::Negate, operand: expr }, extent);
                    }
                    let before = dots.is_none_or(|dots| (extent.start as usize) < start + dots);
                    if before { low = Some(expr) } else { high = Some(expr) }
                }
                Rule::raw => result = Some(Refine::Pattern(self.string(part))),
                Rule::ident => result = Some(Refine::Word(self.ident(&part))),
                _ => {}
            }
        }
        result.unwrap_or(Refine::Range { low, high })
    }

    // ---- expressions

    pub(super) fn expr(&mut self, pair: P<'i>) -> ExprId {
        let mut operands: Vec<ExprId> = Vec::new();
        let mut ops: Vec<BinaryOp> = Vec::new();
        let mut prefixes: Vec<(UnaryOp, u32)> = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::prefix => {
                    let op = if part.as_str().starts_with('!') { UnaryOp::Not } else { UnaryOp::Negate };
                    prefixes.push((op, at(&part).start));
                }
                Rule::op | Rule::op_lead => {
                    let text = part.as_str().trim();
                    if let Some(op) = binary(text) {
                        while let Some(&top) = ops.last() {
                            if level(top) < level(op) {
                                break;
                            }
                            self.reduce(&mut operands, &mut ops);
                        }
                        ops.push(op);
                    }
                }
                Rule::path_ty => {
                    let extent = at(&part);
                    let path = self.type_path(&part);
                    let id = self.expr_node(Expr::TypeName(path), extent);
                    operands.push(self.prefixed(id, &mut prefixes));
                }
                Rule::chain | Rule::chain_nb => {
                    let id = self.chain(part);
                    operands.push(self.prefixed(id, &mut prefixes));
                }
                _ => {
                    let id = self.primary(part);
                    operands.push(self.prefixed(id, &mut prefixes));
                }
            }
        }
        while !ops.is_empty() {
            self.reduce(&mut operands, &mut ops);
        }
        operands.pop().unwrap_or(ExprId(0))
    }

    fn prefixed(&mut self, mut id: ExprId, prefixes: &mut Vec<(UnaryOp, u32)>) -> ExprId {
        while let Some((op, start)) = prefixes.pop() {
            let end = self.tree.expr_extent(id).end;
            id = self.expr_node(Expr::Unary { op, operand: id }, Extent::new(start, end));
        }
        id
    }

    fn reduce(&mut self, operands: &mut Vec<ExprId>, ops: &mut Vec<BinaryOp>) {
        let (Some(op), Some(right), Some(left)) = (ops.pop(), operands.pop(), operands.pop()) else {
            return;
        };
        let extent = self.tree.expr_extent(left).to(self.tree.expr_extent(right));
        operands.push(self.expr_node(Expr::Binary { op, left, right }, extent));
    }

    fn chain(&mut self, pair: P<'i>) -> ExprId {
        let mut inner = pair.into_inner();
        let Some(first) = inner.next() else { return ExprId(0) };
        let mut id = self.primary(first);
        for post in inner {
            let start = self.tree.expr_extent(id).start;
            let extent = Extent::new(start, at(&post).end);
            match post.as_rule() {
                Rule::access | Rule::opt_access => {
                    let optional = post.as_rule() == Rule::opt_access;
                    let Some(name) = post.into_inner().next() else { continue };
                    let name = self.name(&name);
                    self.tree.names.push(name);
                    let name = n(self.tree.names.len() - 1);
                    id = self.expr_node(Expr::Field { base: id, name, optional }, extent);
                }
                Rule::index => {
                    if let Some(index) = post.into_inner().next() {
                        let index = self.expr(index);
                        id = self.expr_node(Expr::Index { base: id, index }, extent);
                    }
                }
                Rule::call => {
                    let mut args = Vec::new();
                    for arg in post.into_inner() {
                        let mut name = None;
                        let mut value = None;
                        for bit in arg.into_inner() {
                            match bit.as_rule() {
                                Rule::ident => name = Some(self.ident(&bit)),
                                Rule::expr => value = Some(self.expr(bit)),
                                _ => value = Some(self.primary(bit)),
                            }
                        }
                        if let Some(value) = value {
                            args.push(Arg { name, value });
                        }
                    }
                    let start = n(self.tree.args.len());
                    self.tree.args.extend(args);
                    let len = n(self.tree.args.len()) - start;
                    id = self.expr_node(Expr::Call { callee: id, start, len }, extent);
                }
                _ => {}
            }
        }
        id
    }

    fn primary(&mut self, pair: P<'i>) -> ExprId {
        let extent = at(&pair);
        match pair.as_rule() {
            Rule::r#ref => {
                let expr = match pair.as_str().trim() {
                    "true" => Expr::Bool(true),
                    "false" => Expr::Bool(false),
                    "none" => Expr::None,
                    "self" => Expr::SelfBlock,
                    "outer" => Expr::Outer,
                    "here" => Expr::Here,
                    name => Expr::Name(Sym::new(name)),
                };
                self.expr_node(expr, extent)
            }
            Rule::string | Rule::raw => {
                let text = self.string(pair);
                self.expr_node(Expr::Text(text), extent)
            }
            Rule::number => self.expr_node(Expr::Number, extent),
            Rule::all_kind => {
                let path = pair.into_inner().find(|p| p.as_rule() == Rule::path_ty);
                let path = path.map_or(0, |p| self.type_path(&p));
                self.expr_node(Expr::All(path), extent)
            }
            Rule::kwd_expr => match pair.into_inner().next() {
                Some(inner) => self.primary(inner),
                None => self.expr_node(Expr::Error, extent),
            },
            Rule::if_expr => {
                let parts: Vec<ExprId> =
                    pair.into_inner().filter(|p| p.as_rule() == Rule::expr).map(|p| self.expr(p)).collect();
                match parts.as_slice() {
                    [condition, yes, no] => {
                        let expr = Expr::If { condition: *condition, yes: *yes, no: *no };
                        self.expr_node(expr, extent)
                    }
                    _ => self.expr_node(Expr::Error, extent),
                }
            }
            Rule::match_expr => {
                let mut subject = ExprId(0);
                let mut arms = Vec::new();
                for part in pair.into_inner() {
                    match part.as_rule() {
                        Rule::expr_nb => subject = self.expr(part),
                        Rule::arm => arms.push(self.arm(part)),
                        _ => {}
                    }
                }
                let start = n(self.tree.match_arms.len());
                self.tree.match_arms.extend(arms);
                let len = n(self.tree.match_arms.len()) - start;
                self.expr_node(Expr::Match { subject, start, len }, extent)
            }
            Rule::by_expr => {
                let mut axis = 0;
                let mut arms = Vec::new();
                for part in pair.into_inner() {
                    match part.as_rule() {
                        Rule::ident => {
                            let name = self.ident(&part);
                            self.tree.names.push(name);
                            axis = n(self.tree.names.len() - 1);
                        }
                        Rule::by_arm => {
                            let mut names = Vec::new();
                            let mut value = None;
                            for bit in part.into_inner() {
                                match bit.as_rule() {
                                    Rule::expr => value = Some(self.expr(bit)),
                                    _ => names.push(self.name(&bit)),
                                }
                            }
                            let names = self.names(names);
                            if let Some(value) = value {
                                arms.push(ByArm { names, value });
                            }
                        }
                        _ => {}
                    }
                }
                let start = n(self.tree.by_arms.len());
                self.tree.by_arms.extend(arms);
                let len = n(self.tree.by_arms.len()) - start;
                self.expr_node(Expr::By { axis, start, len }, extent)
            }
            Rule::list => self.list(pair, extent),
            Rule::brace => {
                let body = self.brace(pair, extent);
                self.expr_node(Expr::Record { base: NO_BASE, body }, extent)
            }
            Rule::record => {
                let mut base = NO_BASE;
                let mut body = None;
                for part in pair.into_inner() {
                    match part.as_rule() {
                        Rule::path_ty => base = self.type_path(&part),
                        Rule::body => body = Some(self.body(part)),
                        _ => {}
                    }
                }
                match body {
                    Some(body) => self.expr_node(Expr::Record { base, body }, extent),
                    None => self.expr_node(Expr::Error, extent),
                }
            }
            Rule::paren => match pair.into_inner().next() {
                Some(inner) => {
                    let inner = self.expr(inner);
                    self.expr_node(Expr::Paren(inner), extent)
                }
                None => self.expr_node(Expr::Error, extent),
            },
            Rule::spread => match pair.into_inner().next() {
                Some(inner) => {
                    let inner = self.expr(inner);
                    self.expr_node(Expr::Spread(inner), extent)
                }
                None => self.expr_node(Expr::Error, extent),
            },
            Rule::expr | Rule::expr_nb => self.expr(pair),
            _ => self.expr_node(Expr::Error, extent),
        }
    }

    fn arm(&mut self, pair: P<'i>) -> MatchArm {
        let mut patterns = Vec::new();
        let mut value = ExprId(0);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::pattern => {
                    let extent = at(&part);
                    let mut bits = part.into_inner();
                    let pattern = match bits.next() {
                        None => Pattern::Any(extent),
                        Some(bit) if bit.as_rule() == Rule::path_ty => {
                            let path = self.type_path(&bit);
                            let bind = bits.next().map(|p| self.ident(&p));
                            Pattern::Member { path, bind }
                        }
                        Some(bit) if bit.as_rule() == Rule::mod_path => {
                            let sym = Sym::new(bit.as_str().trim());
                            Pattern::Value(self.expr_node(Expr::Name(sym), extent))
                        }
                        Some(bit) => Pattern::Value(self.primary(bit)),
                    };
                    patterns.push(pattern);
                }
                Rule::expr => value = self.expr(part),
                _ => {}
            }
        }
        let start = n(self.tree.patterns.len());
        self.tree.patterns.extend(patterns);
        MatchArm { patterns: Slice { start, len: n(self.tree.patterns.len()) - start }, value }
    }

    fn clauses(&mut self, pair: P<'i>) -> Slice {
        let mut clauses = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::for_clause => {
                    let mut vars = Vec::new();
                    let mut source = None;
                    for bit in part.into_inner() {
                        match bit.as_rule() {
                            Rule::var => vars.push(self.ident(&bit)),
                            Rule::expr => source = Some(self.expr(bit)),
                            _ => {}
                        }
                    }
                    if let (Some(source), Some(&value)) = (source, vars.last()) {
                        let key = (vars.len() > 1).then(|| vars[0]);
                        clauses.push(Clause::For { key, value, source });
                    }
                }
                Rule::if_clause => {
                    if let Some(condition) = part.into_inner().find(|p| p.as_rule() == Rule::expr) {
                        let condition = self.expr(condition);
                        clauses.push(Clause::If(condition));
                    }
                }
                _ => {}
            }
        }
        let start = n(self.tree.clauses.len());
        self.tree.clauses.extend(clauses);
        Slice { start, len: n(self.tree.clauses.len()) - start }
    }

    fn list(&mut self, pair: P<'i>, extent: Extent) -> ExprId {
        let mut elements = Vec::new();
        let mut clauses = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::comp => clauses = Some(self.clauses(part)),
                _ => elements.push(self.primary(part)),
            }
        }
        match (clauses, elements.as_slice()) {
            (Some(clauses), [value]) => {
                let expr = Expr::ListFor { value: *value, start: clauses.start, len: clauses.len };
                self.expr_node(expr, extent)
            }
            _ => {
                let start = n(self.tree.expr_pool.len());
                self.tree.expr_pool.extend_from_slice(&elements);
                self.expr_node(Expr::List(Slice { start, len: n(elements.len()) }), extent)
            }
        }
    }

    fn brace(&mut self, pair: P<'i>, extent: Extent) -> BodyId {
        let mut ids = Vec::new();
        let mut clauses = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::comp => clauses = Some(self.clauses(part)),
                Rule::entry => {
                    for inner in part.into_inner() {
                        ids.push(self.member(inner));
                    }
                }
                _ => ids.push(self.member(part)),
            }
        }
        if let (Some(clauses), [only]) = (clauses, ids.as_slice())
            && let Some(member) = self.tree.members.get_mut(only.index())
            && let MemberKind::Computed { key, value } = member.kind
        {
            member.kind = MemberKind::Comprehension { key, value, clauses };
        }
        self.close_body(extent, &ids)
    }

    // ---- texts

    fn string(&mut self, pair: P<'i>) -> TextId {
        let extent = at(&pair);
        let source = extent.of(self.text);
        let form = if source.starts_with("\"\"\"") {
            TextForm::Block
        } else if source.starts_with("#```") {
            TextForm::HashFence
        } else if source.starts_with("#`") {
            TextForm::HashRaw
        } else if source.starts_with("#\"") {
            TextForm::HashQuoted
        } else if source.starts_with("```") {
            TextForm::Fence
        } else if source.starts_with('`') {
            TextForm::Raw
        } else {
            TextForm::Quoted
        };
        let (open, close) = match form {
            TextForm::Quoted | TextForm::Raw => (1, 1),
            TextForm::HashQuoted | TextForm::HashRaw => (2, 2),
            TextForm::Block => (3, 3),
            TextForm::HashFence => (4, 4),
            TextForm::Fence => {
                let ticks = n(source.bytes().take_while(|b| *b == b'`').count());
                (ticks, ticks)
            }
        };
        let mut from = extent.start + open;
        let mut to = extent.end - close.min(extent.len().saturating_sub(open));
        let lines = matches!(form, TextForm::Block | TextForm::Fence | TextForm::HashFence);
        let mut margin = 0;
        let mut language = Sym::EMPTY;
        if lines {
            let head = Extent::new(from, to).of(self.text);
            let line_end = head.find('\n').unwrap_or(head.len());
            language = Sym::new(head[..line_end].trim());
            from = (from + n(line_end) + 1).min(to);
            let body = Extent::new(from, to).of(self.text);
            if let Some(last) = body.rfind('\n') {
                margin = n(body.len() - last - 1);
                to = from + n(last);
            } else {
                margin = n(body.len());
                to = from;
            }
        }
        let mut holes: Vec<(Extent, TextPart)> = Vec::new();
        for part in pair.into_inner() {
            let part_at = Extent::new(n(part.as_span().start()), n(part.as_span().end()));
            match part.as_rule() {
                Rule::interp | Rule::hinterp => {
                    if let Some(inner) = part.into_inner().next() {
                        let id = self.expr(inner);
                        holes.push((part_at, TextPart::Hole(id)));
                    }
                }
                Rule::escape => {
                    let letter = escape(part.as_str());
                    holes.push((part_at, TextPart::Escape(letter, part_at)));
                }
                _ => {}
            }
        }
        let mut parts: Vec<TextPart> = Vec::new();
        let mut cursor = from;
        let mut at_line = true;
        for (hole_at, part) in holes {
            self.verbatim(&mut parts, cursor, hole_at.start.min(to), lines, margin, &mut at_line);
            parts.push(part);
            cursor = hole_at.end;
            at_line = false;
        }
        self.verbatim(&mut parts, cursor, to, lines, margin, &mut at_line);
        let start = n(self.tree.parts.len());
        self.tree.parts.extend(parts);
        let parts = Slice { start, len: n(self.tree.parts.len()) - start };
        self.tree.texts.push(Text { at: extent, form, language, parts });
        TextId(n(self.tree.texts.len() - 1))
    }

    fn verbatim(&self, parts: &mut Vec<TextPart>, from: u32, to: u32, lines: bool, margin: u32, at_line: &mut bool) {
        if from >= to {
            return;
        }
        if !lines {
            parts.push(TextPart::Verbatim(Extent::new(from, to)));
            return;
        }
        let mut start = from;
        while start < to {
            let piece = Extent::new(start, to).of(self.text);
            let end = piece.find('\n').map_or(to, |i| start + n(i) + 1);
            let mut begin = start;
            if *at_line {
                let blanks = n(Extent::new(start, end).of(self.text).bytes().take_while(|b| *b == b' ' || *b == b'\t').count());
                begin += blanks.min(margin);
            }
            if begin < end {
                parts.push(TextPart::Verbatim(Extent::new(begin, end)));
            }
            *at_line = true;
            start = end;
        }
    }
}

fn escape(text: &str) -> char {
    match text {
        "\\n" => '\n',
        "\\t" => '\t',
        "\\\"" => '"',
        "\\\\" => '\\',
        other => other
            .trim_start_matches("\\u{")
            .trim_end_matches('}')
            .chars()
            .next()
            .and_then(|_| u32::from_str_radix(other.trim_start_matches("\\u{").trim_end_matches('}'), 16).ok())
            .and_then(char::from_u32)
            .unwrap_or('\u{fffd}'),
    }
}

fn binary(text: &str) -> Option<BinaryOp> {
    Some(match text {
        "??" => BinaryOp::Otherwise,
        "||" => BinaryOp::Or,
        "&&" => BinaryOp::And,
        "==" => BinaryOp::Equal,
        "!=" => BinaryOp::NotEqual,
        "<" => BinaryOp::Less,
        "<=" => BinaryOp::LessEqual,
        ">" => BinaryOp::Greater,
        ">=" => BinaryOp::GreaterEqual,
        "in" => BinaryOp::In,
        "is" => BinaryOp::Is,
        ".." => BinaryOp::Range,
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Subtract,
        "*" => BinaryOp::Multiply,
        "/" => BinaryOp::Divide,
        "%" => BinaryOp::Remainder,
        _ => return None,
    })
}

const fn level(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Otherwise => 0,
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::In
        | BinaryOp::Is => 3,
        BinaryOp::Range => 4,
        BinaryOp::Add | BinaryOp::Subtract => 5,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => 6,
    }
}
