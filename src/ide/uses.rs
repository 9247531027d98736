//! What every name of a program means: where it is declared, and where it is used.

use crate::driver::Look;
use crate::resolve::{DefId, TreeId, TreeInfo};
use crate::source::{Extent, FileId, Span, Sym};
use crate::syntax::{
    BodyId, Expr, ExprId, Key, KindBody, Member, MemberId, MemberKind, Name, Slice,
};
use crate::types::{Meaning, MemberMeaning, SchemaId, Ty, TyKind};

/// A place in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct At {
    /// The file.
    pub file: FileId,
    /// The byte.
    pub offset: u32,
}

/// What a name means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Thing {
    /// A definition.
    Def(DefId),
    /// A block at the top of a file or component: its number among the names' blocks.
    Block(u32),
    /// A field of a schema, by slot.
    Field(SchemaId, u16),
}

/// A name in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Use {
    /// Where.
    pub at: Span,
    /// What it means.
    pub thing: Thing,
    /// Whether it declares that.
    pub declares: bool,
}

/// A record's braces in a text: what may stand there.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// The braces.
    pub at: Span,
    /// Its tree.
    pub tree: TreeId,
    /// Its body.
    pub body: BodyId,
    /// The schema of its record.
    pub schema: SchemaId,
}

/// The names and records of a program's files.
#[derive(Debug, Default)]
pub struct Uses {
    /// Names that mean something.
    pub names: Vec<Use>,
    /// Braces of records.
    pub rooms: Vec<Room>,
    /// Members that set a field: the member's span, the value's, and the path from the resource that it stands in.
    pub sets: Vec<Set>,
}

/// A member that sets a value.
#[derive(Clone, Debug)]
pub struct Set {
    /// All of it.
    pub at: Span,
    /// The value.
    pub value: Span,
    /// The type that the field has.
    pub ty: Option<Ty>,
    /// The resource, and the path in it: `cluster.eu-1.workers.general.replicas`.
    pub path: String,
}

impl Uses {
    /// The uses in all files; in those that `wanted` picks, if it is given.
    pub fn of(look: &Look<'_, '_>, wanted: Option<FileId>) -> Self {
        let mut uses = Self::default();
        for (number, info) in look.names().trees.iter().enumerate() {
            if wanted.is_none_or(|wanted| info.file == wanted) {
                let id = TreeId(u32::try_from(number).unwrap_or(u32::MAX));
                Walk { look, id, info, uses: &mut uses }.all();
            }
        }
        uses
    }

    /// The name at a place.
    pub fn at(&self, at: At) -> Option<&Use> {
        let holds =
            |span: Span| span.file == at.file && span.start <= at.offset && at.offset <= span.end;
        self.names.iter().filter(|it| holds(it.at)).min_by_key(|it| it.at.end - it.at.start)
    }

    /// The smallest record around a place.
    pub fn room(&self, at: At) -> Option<&Room> {
        let holds =
            |span: Span| span.file == at.file && span.start < at.offset && at.offset < span.end;
        self.rooms.iter().filter(|it| holds(it.at)).min_by_key(|it| it.at.end - it.at.start)
    }
}

/// Where a thing is declared: its name.
pub(super) fn declared(look: &Look<'_, '_>, thing: Thing) -> Option<Span> {
    Some(match thing {
        Thing::Def(def) => look.names().def(def).at,
        Thing::Block(block) => look.names().blocks.get(block as usize)?.at,
        Thing::Field(schema, slot) => look.types().schema(schema).fields.get(usize::from(slot))?.at,
    })
}

struct Walk<'a, 'l, 'v> {
    look: &'a Look<'l, 'v>,
    id: TreeId,
    info: &'a TreeInfo,
    uses: &'a mut Uses,
}

impl Walk<'_, '_, '_> {
    fn put(&mut self, at: Extent, thing: Thing, declares: bool) {
        let at = self.info.span(at);
        self.uses.names.push(Use { at, thing, declares });
    }

    fn all(&mut self) {
        let names = self.look.names();
        for path in &self.info.tree.paths {
            let parts = self.info.tree.names_of(path.names);
            let syms: Vec<Sym> = parts.iter().map(|name| name.sym).collect();
            if let (Some(def), Some(last)) = (names.lookup_path(self.id, &syms), parts.last()) {
                self.put(last.at, Thing::Def(def), false);
            }
        }
        for pick in &self.info.tree.picks {
            let name = pick.alias.unwrap_or(pick.name);
            if let Some(def) = names.lookup(self.id, name.sym) {
                self.put(pick.name.at, Thing::Def(def), false);
            }
        }
        for (number, expr) in (0..).zip(&self.info.tree.exprs) {
            self.expr(ExprId(number), *expr);
        }
        for (number, block) in (0..).zip(&names.blocks) {
            if block.tree == self.id {
                self.uses.names.push(Use {
                    at: block.at,
                    thing: Thing::Block(number),
                    declares: true,
                });
                self.block(number, block.member);
            }
        }
        for (number, def) in (0..).zip(&names.defs) {
            if def.tree == self.id {
                let thing = Thing::Def(DefId(number));
                self.uses.names.push(Use { at: def.at, thing, declares: true });
                self.definition(DefId(number), def.member);
            }
        }
    }

    fn definition(&mut self, id: DefId, member: MemberId) {
        let types = self.look.types();
        let body = match self.info.tree.member(member).kind {
            MemberKind::Preset { body, .. } => {
                if let Some(&schema) = types.preset_of.get(&id) {
                    self.body(body, schema, "");
                }
                return;
            }
            MemberKind::Schema { body, .. } | MemberKind::Component { body, .. } => body,
            MemberKind::Kind { is: KindBody::Fields(body), .. } => body,
            _ => return,
        };
        let Some(&schema) = types.schema_of.get(&id) else { return };
        for member in self.info.tree.members_of(body) {
            if let MemberKind::Field { name, .. } = member.kind
                && let Some(slot) = types.slot(schema, name.sym)
            {
                self.put(name.at, Thing::Field(schema, slot), true);
            }
        }
    }

    fn block(&mut self, number: u32, member: MemberId) {
        let (names, types) = (self.look.names(), self.look.types());
        let Some(block) = names.blocks.get(number as usize) else { return };
        let MemberKind::Block { path, body, .. } = self.info.tree.member(member).kind else {
            return;
        };
        if let Some(keyword) = self.info.tree.names_of(path).first() {
            self.put(keyword.at, Thing::Def(block.kind), false);
        }
        let schema = types.block_schema.get(number as usize).copied().flatten();
        let keyword = types.kinds.get(&block.kind).map_or(Sym::EMPTY, |kind| kind.keyword);
        let address = if block.is_pattern() || block.star {
            String::new()
        } else {
            format!("{keyword}.{}", block.name)
        };
        if let Some(schema) = schema {
            self.body(body, schema, &address);
        }
    }

    /// The members of a record.
    fn body(&mut self, body: BodyId, schema: SchemaId, path: &str) {
        let (tree, id) = (self.id, body);
        let at = self.info.span(self.info.tree.body(body).at);
        self.uses.rooms.push(Room { at, tree, body: id, schema });
        for &member in self.info.tree.member_ids(body) {
            self.member(member, schema, path);
        }
    }

    fn member(&mut self, id: MemberId, schema: SchemaId, path: &str) {
        let member: Member = *self.info.tree.member(id);
        match member.kind {
            MemberKind::Set { path: names, value, .. } => {
                let (ty, inner) = self.fields(names, schema);
                let path = joined(path, self.info.tree.names_of(names), None);
                let value_at = self.info.span(self.info.tree.expr_extent(value));
                let at = self.info.span(member.at);
                self.uses.sets.push(Set { at, value: value_at, ty, path: path.clone() });
                if let (Some(schema), Expr::Record { body, .. }) =
                    (inner, self.info.tree.expr(value))
                {
                    self.body(body, schema, &path);
                }
            }
            MemberKind::Remove { path: names } => {
                self.fields(names, schema);
            }
            MemberKind::Block { path: names, key, body, .. } => {
                let (_, inner) = self.fields(names, schema);
                let own = match self.look.types().member(self.id, id) {
                    MemberMeaning::Write { schema, .. } | MemberMeaning::Entry { schema } => schema,
                    MemberMeaning::Nothing
                    | MemberMeaning::Child { .. }
                    | MemberMeaning::Around => None,
                };
                let key = if let Key::Name(name) = key { Some(name) } else { None };
                let path = joined(path, self.info.tree.names_of(names), key);
                if let Some(schema) = own.or(inner) {
                    self.body(body, schema, &path);
                }
            }
            MemberKind::For { body, .. } => self.around(body, schema),
            MemberKind::If { then, other, .. } => {
                self.around(then, schema);
                if let Some(other) = other {
                    self.around(other, schema);
                }
            }
            MemberKind::By { arms, .. } => {
                for arm in self.info.tree.by_bodies_of(arms).to_vec() {
                    self.around(arm.body, schema);
                }
            }
            _ => {}
        }
    }

    /// Members of the same record, in some cases only: their values are not asked for by path.
    fn around(&mut self, body: BodyId, schema: SchemaId) {
        self.body(body, schema, "");
    }

    /// The fields of a path. Gives the type of the last, and its schema.
    fn fields(&mut self, path: Slice, schema: SchemaId) -> (Option<Ty>, Option<SchemaId>) {
        let types = self.look.types();
        let mut now = Some(schema);
        let mut ty = None;
        for name in self.info.tree.names_of(path).to_vec() {
            let Some(schema) = now else { return (None, None) };
            let Some(slot) = types.slot(schema, name.sym) else { return (None, None) };
            self.put(name.at, Thing::Field(schema, slot), false);
            let field = types.schema(schema).fields.get(usize::from(slot));
            ty = field.map(|field| field.ty);
            now = ty.and_then(|ty| schema_in(self.look, ty));
        }
        (ty, now)
    }

    fn expr(&mut self, id: ExprId, expr: Expr) {
        let (names, types) = (self.look.names(), self.look.types());
        let at = match expr {
            Expr::Name(_) => self.info.tree.expr_extent(id),
            Expr::Field { name, .. } => self.info.tree.name(name).at,
            Expr::Record { body, .. } => {
                if let Meaning::Record(schema) = types.meaning(self.id, id) {
                    self.body(body, schema, "");
                }
                return;
            }
            _ => return,
        };
        let thing = match types.meaning(self.id, id) {
            Meaning::Let(def) | Meaning::Fn(def) | Meaning::Keyword(def) => Thing::Def(def),
            Meaning::Single(def) => {
                let block = names.blocks.iter().position(|block| block.kind == def);
                let number = block.and_then(|block| u32::try_from(block).ok());
                number.map_or(Thing::Def(def), Thing::Block)
            }
            Meaning::Resource(block) => Thing::Block(block),
            Meaning::Staged(schema, slot) => Thing::Field(schema, slot),
            _ => {
                // A field of a value.
                let Expr::Field { base, name, .. } = expr else { return };
                let base = types.present_of(self.id, base);
                let Some(schema) = schema_in(self.look, base) else { return };
                let name = self.info.tree.name(name).sym;
                let Some(slot) = types.slot(schema, name) else { return };
                Thing::Field(schema, slot)
            }
        };
        self.put(at, thing, false);
    }
}

/// The schema of a value of a type: of a record, or of the resource that it refers to; of a map or list that of an entry.
pub(super) fn schema_in(look: &Look<'_, '_>, ty: Ty) -> Option<SchemaId> {
    let types = look.types();
    match types.tys.kind(types.tys.present(ty)) {
        TyKind::Schema(schema) | TyKind::Member(_, schema) => Some(*schema),
        TyKind::Ref(kind) => {
            let members = &types.kinds.get(kind)?.members;
            if let [one] = members.as_slice() {
                Some(*one)
            } else {
                types.schema_of.get(kind).copied()
            }
        }
        TyKind::Map(_, of) | TyKind::List(of) => schema_in(look, *of),
        _ => None,
    }
}

fn joined(path: &str, names: &[Name], key: Option<Name>) -> String {
    if path.is_empty() {
        return String::new();
    }
    names.iter().copied().chain(key).fold(path.to_owned(), |path, name| {
        let name = name.sym.as_str();
        if name.contains('.') { format!("{path}.\"{name}\"") } else { format!("{path}.{name}") }
    })
}
