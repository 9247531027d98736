//! What may be written at a place. The text around it is mostly broken: it is being written.

use super::hover::shown;
use super::uses::{At, Room, Thing, Uses, schema_in};
use crate::driver::Look;
use crate::resolve::{DefId, DefKind};
use crate::source::{Span, Sym};
use crate::syntax::Marks;
use crate::types::{SchemaId, Ty, TyKind, Tys};

/// What is proposed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ProposalSort {
    /// A field.
    Field,
    /// One of the values that a type has.
    Value,
    /// A resource.
    Resource,
    /// A schema, preset or type.
    Type,
    /// A kind's keyword.
    Kind,
    /// A function.
    Function,
    /// A `let`.
    Let,
    /// A word of the language.
    Keyword,
    /// A unit, behind a number.
    Unit,
    /// A module.
    Module,
}

/// Something that may be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// As it is listed.
    pub label: String,
    /// What it is.
    pub sort: ProposalSort,
    /// Its type, or where it is from.
    pub detail: String,
    /// What is put in place of `at`; `$1`, `$0` are stops, as in snippets.
    pub insert: String,
    /// What was written of it.
    pub at: Span,
    /// What it means: for its doc.
    pub thing: Option<Thing>,
    /// Whether it is wanted more than others: a field that must be set, a value of the very type.
    pub wanted: bool,
}

/// What may be written at a place, the wanted first.
pub fn completion(look: &Look<'_, '_>, at: At) -> Vec<Proposal> {
    let text = look.sources.get(at.file).text();
    let before = text.get(..at.offset as usize).unwrap_or("");
    if in_comment(before) {
        return Vec::new();
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let start = before.trim_end_matches(is_part).len();
    let word = Span::new(at.file, u32::try_from(start).unwrap_or(u32::MAX), at.offset);
    let uses = Uses::of(look, Some(at.file));
    let mut proposing = Proposing { look, at: word, found: Vec::new() };
    let head = before.get(..start).unwrap_or("");
    let line = head.rsplit(['\n', '{', ',']).next().unwrap_or("");
    let statement = line.trim_start();
    let room = uses.room(at).copied();
    if let Some(module) = statement.strip_prefix("import ") {
        proposing.imports(module);
    } else if let Some(base) = head.strip_suffix('.').or_else(|| head.strip_suffix("?.")) {
        proposing.behind_dot(base, statement, room.as_ref());
    } else if let Some((path, _)) = statement.split_once('=') {
        proposing.value(path.trim().trim_end_matches('+').trim(), room.as_ref(), head);
    } else if let Some((head, _)) = statement.split_once(':') {
        proposing.bases(head.trim(), room.as_ref());
    } else if head.trim_end().ends_with(['[', '(', '+', '*', '?']) || in_list(head) {
        proposing.value(&path_before(head), room.as_ref(), head);
    } else {
        let marks = ["override", "final", "external", "new", "private", "remove"];
        let rest = marks
            .iter()
            .fold(statement, |rest, mark| rest.strip_prefix(mark).map_or(rest, str::trim_start));
        if rest.is_empty() {
            proposing.members(room.as_ref(), &uses, text);
        }
    }
    let mut found = proposing.found;
    found.sort_by(|a, b| (!a.wanted, a.sort, &a.label).cmp(&(!b.wanted, b.sort, &b.label)));
    found.dedup_by(|a, b| a.label == b.label && a.sort == b.sort);
    found
}

fn in_comment(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("");
    line.trim_start().starts_with("//")
}

/// Whether the last bracket that is open is a list's.
fn in_list(head: &str) -> bool {
    opener(head).is_some_and(|(_, open)| open == '[' || open == '(')
}

/// The last bracket that is open.
fn opener(head: &str) -> Option<(usize, char)> {
    let mut depth = 0_i32;
    head.char_indices().rev().take(10_000).find(|(_, letter)| match letter {
        ')' | ']' | '}' => {
            depth += 1;
            false
        }
        '(' | '[' | '{' => {
            depth -= 1;
            depth < 0
        }
        _ => false,
    })
}

/// The path that a list is the value of.
fn path_before(head: &str) -> String {
    let Some((at, _)) = opener(head) else { return String::new() };
    let before = head.get(..at).unwrap_or("").trim_end();
    let before = before.strip_suffix('=').unwrap_or(before).trim_end();
    let before = before.strip_suffix('+').unwrap_or(before).trim_end();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    before.get(before.trim_end_matches(is_part).len()..).unwrap_or("").to_owned()
}

struct Proposing<'a, 'l, 'v> {
    look: &'a Look<'l, 'v>,
    at: Span,
    found: Vec<Proposal>,
}

impl Proposing<'_, '_, '_> {
    fn put(&mut self, label: &str, sort: ProposalSort, detail: String, thing: Option<Thing>) {
        let insert = label.to_owned();
        let (label, at) = (label.to_owned(), self.at);
        self.found.push(Proposal { label, sort, detail, insert, at, thing, wanted: false });
    }

    fn last(&mut self) -> Option<&mut Proposal> {
        self.found.last_mut()
    }

    fn field_ty(&self, schema: SchemaId, path: &str) -> Option<Ty> {
        let types = self.look.types();
        let (mut schema, mut ty) = (Some(schema), None);
        for name in path.split('.') {
            let own = schema?;
            let slot = types.slot(own, Sym::new(name.trim().trim_matches('"')))?;
            ty = types.schema(own).fields.get(usize::from(slot)).map(|field| field.ty);
            schema = ty.and_then(|ty| schema_in(self.look, ty));
        }
        ty
    }

    /// Fields of a record, or items of a file.
    fn members(&mut self, room: Option<&Room>, uses: &Uses, text: &str) {
        let Some(room) = room else { return self.items(text) };
        let nested = |span: Span| {
            uses.rooms
                .iter()
                .any(|it| room.at.holds(it.at) && it.at != room.at && it.at.holds(span))
        };
        let set: Vec<Thing> = uses
            .names
            .iter()
            .filter(|it| room.at.holds(it.at) && !nested(it.at) && !it.at.holds(self.at))
            .map(|it| it.thing)
            .collect();
        let types = self.look.types();
        for (slot, field) in (0..).zip(&types.schema(room.schema).fields) {
            let thing = Thing::Field(room.schema, slot);
            let is_map = matches!(types.tys.core(types.tys.present(field.ty)), TyKind::Map(..));
            if !field.is_settable() || (set.contains(&thing) && !is_map) {
                continue;
            }
            let (name, detail) = (field.name.as_str(), shown(self.look, field.ty));
            let insert = self.member_text(name, field.ty);
            let must = field.default.is_none()
                && !types.tys.is_optional(field.ty)
                && !field.marks.has(Marks::OUT)
                && !is_map;
            self.put(name, ProposalSort::Field, detail, Some(thing));
            if let Some(last) = self.last() {
                (last.insert, last.wanted) = (insert, must);
            }
        }
        for word in ["for", "if", "by environment", "let", "override", "remove", "allow"] {
            self.put(word, ProposalSort::Keyword, String::new(), None);
        }
    }

    /// How a field is set.
    fn member_text(&self, name: &str, ty: Ty) -> String {
        let types = self.look.types();
        match types.tys.core(types.tys.present(ty)) {
            TyKind::Map(_, of) if schema_in(self.look, *of).is_some() => {
                format!("{name} ${{1:name}} {{\n  $0\n}}")
            }
            TyKind::Map(..) | TyKind::Schema(_) => format!("{name} {{\n  $0\n}}"),
            TyKind::List(_) => format!("{name} = [$0]"),
            TyKind::String => format!("{name} = \"$0\""),
            TyKind::Text(crate::types::TextKind::PromQl) => format!("{name} = `$0`"),
            TyKind::Text(_) => format!("{name} = \"$0\""),
            _ => format!("{name} = $0"),
        }
    }

    /// What may begin an item.
    fn items(&mut self, text: &str) {
        let kinds: Vec<_> = self.look.types().kinds.values().collect();
        for kind in kinds {
            let detail = format!("kind {}", kind.name);
            let thing = Some(Thing::Def(kind.def));
            self.put(kind.keyword.as_str(), ProposalSort::Kind, detail, thing);
            if let Some(last) = self.last() {
                last.insert = format!("{} ${{1:name}} {{\n  $0\n}}", kind.keyword);
                last.wanted = !kind.single || !text.contains(kind.keyword.as_str());
            }
        }
        let words = [
            ("import", "import ${1:std.sizes}.{$0}"),
            ("schema", "schema ${1:Name} {\n  $0\n}"),
            ("preset", "preset ${1:Name} for ${2:Kind} {\n  $0\n}"),
            ("component", "component ${1:Name} {\n  $0\n}"),
            ("fn", "fn ${1:name}(${2:a}: ${3:Int}) -> ${4:Int} = $0"),
            ("let", "let ${1:name} = $0"),
            ("type", "type ${1:Name} = $0"),
            ("test", "test \"${1:it holds}\" {\n  assert $0\n}"),
            ("external", "external $0"),
            ("for", "for ${1:x} in ${2:xs} {\n  $0\n}"),
        ];
        for (word, snippet) in words {
            self.put(word, ProposalSort::Keyword, String::new(), None);
            if let Some(last) = self.last() {
                snippet.clone_into(&mut last.insert);
            }
        }
    }

    /// What a block may say that it is: presets for its kind, and members of a union.
    fn bases(&mut self, head: &str, room: Option<&Room>) {
        let (names, types) = (self.look.names(), self.look.types());
        let first = head.split_whitespace().find(|word| *word != "external").unwrap_or("");
        let schema = match room {
            Some(room) => self.field_ty(room.schema, first),
            None => None,
        };
        let wanted: Vec<SchemaId> = match schema {
            Some(ty) => schema_in(self.look, ty).into_iter().collect(),
            None => {
                let kind = names.keywords.get(&Sym::new(first));
                kind.and_then(|kind| types.kinds.get(kind))
                    .map(|kind| kind.members.clone())
                    .unwrap_or_default()
            }
        };
        let mut presets: Vec<(DefId, SchemaId)> =
            types.preset_of.iter().map(|(preset, of)| (*preset, *of)).collect();
        presets.sort_unstable();
        for (preset, of) in presets.into_iter().filter(|(_, of)| wanted.contains(of)) {
            let detail = format!("preset for {}", types.schema(of).name);
            let name = names.def(preset).name.as_str();
            self.put(name, ProposalSort::Type, detail, Some(Thing::Def(preset)));
        }
        if wanted.len() > 1 {
            for schema in wanted {
                let schema = types.schema(schema);
                let thing = Some(Thing::Def(schema.def));
                self.put(schema.name.as_str(), ProposalSort::Type, String::new(), thing);
            }
        }
    }

    /// What fits a field.
    fn value(&mut self, path: &str, room: Option<&Room>, head: &str) {
        let ty = room.and_then(|room| self.field_ty(room.schema, path));
        if let Some(ty) = ty {
            self.of_type(ty, 0);
            self.units(ty, head);
        }
        let (names, types) = (self.look.names(), self.look.types());
        let mut functions: Vec<DefId> = types.functions.keys().copied().collect();
        functions.sort_unstable();
        for function in functions {
            let def = names.def(function);
            if !self.sees(function) {
                continue;
            }
            let result = types.functions.get(&function).map(|it| shown(self.look, it.result));
            let thing = Some(Thing::Def(function));
            self.put(def.name.as_str(), ProposalSort::Function, result.unwrap_or_default(), thing);
            if let Some(last) = self.last() {
                last.insert = format!("{}($0)", def.name);
            }
        }
        let lets = names.defs.iter().zip(0..).filter(|(def, _)| def.kind == DefKind::Let);
        let lets: Vec<DefId> = lets.map(|(_, number)| DefId(number)).collect();
        for id in lets {
            if !self.sees(id) {
                continue;
            }
            let detail = types.type_of.get(&id).map(|ty| shown(self.look, *ty));
            let name = names.def(id).name.as_str();
            self.put(name, ProposalSort::Let, detail.unwrap_or_default(), Some(Thing::Def(id)));
        }
        for word in ["if", "match", "by environment", "here", "self", "all"] {
            self.put(word, ProposalSort::Keyword, String::new(), None);
        }
    }

    /// Whether the file may name a definition.
    fn sees(&self, id: DefId) -> bool {
        let names = self.look.names();
        let def = names.def(id);
        let mut trees = names.trees.iter().enumerate();
        let own = trees.find(|(_, tree)| tree.file == self.at.file);
        let Some((tree, _)) = own else { return names.prelude.get(&def.name) == Some(&id) };
        let tree = crate::resolve::TreeId(u32::try_from(tree).unwrap_or(u32::MAX));
        names.lookup(tree, def.name) == Some(id)
    }

    fn of_type(&mut self, ty: Ty, depth: u32) {
        let types = self.look.types();
        let ty = types.tys.present(ty);
        match types.tys.kind(ty).clone() {
            TyKind::Bool => {
                for word in ["true", "false"] {
                    self.wanted(word, ProposalSort::Value, "Bool".to_owned(), None);
                }
            }
            TyKind::Literal(text) => {
                let text = format!("\"{text}\"");
                self.wanted(&text, ProposalSort::Value, String::new(), None);
            }
            TyKind::Union(members) if depth < 4 => {
                for member in members {
                    self.of_type(member, depth + 1);
                }
            }
            TyKind::List(of) if depth < 4 => self.of_type(of, depth + 1),
            TyKind::Map(_, of) if depth < 4 => self.of_type(of, depth + 1),
            TyKind::Ref(kind) | TyKind::Member(kind, _) => self.resources(Some(kind)),
            TyKind::Resource => self.resources(None),
            _ => {}
        }
    }

    fn wanted(&mut self, label: &str, sort: ProposalSort, detail: String, thing: Option<Thing>) {
        self.put(label, sort, detail, thing);
        // Quotes that were written already are not written again.
        let text = self.look.sources.get(self.at.file).text();
        let quoted = text.get(..self.at.start as usize).is_some_and(|it| it.ends_with('"'));
        if let Some(last) = self.last() {
            last.wanted = true;
            if quoted {
                last.insert = last.insert.trim_matches('"').to_owned();
            }
        }
    }

    fn resources(&mut self, kind: Option<DefId>) {
        let names = self.look.names();
        for (number, block) in (0..).zip(&names.blocks) {
            let fits = kind.is_none_or(|kind| block.kind == kind);
            if fits && !block.is_pattern() && !block.star && !block.name.is_empty() {
                let detail = names.def(block.kind).name.to_string();
                let thing = Some(Thing::Block(number));
                self.wanted(block.name.as_str(), ProposalSort::Resource, detail, thing);
            }
        }
    }

    /// Units behind a number.
    fn units(&mut self, ty: Ty, head: &str) {
        let text = self.look.sources.slice(self.at);
        let number = text.trim_end_matches(|c: char| c.is_alphabetic());
        if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
            return;
        }
        let types = self.look.types();
        let TyKind::Quantity(dimension) = types.tys.core(types.tys.present(ty)) else { return };
        let units: &[&str] = match dimension {
            crate::embedded::Dimension::Duration => &["ms", "s", "m", "h", "d", "w"],
            crate::embedded::Dimension::Bytes => &["Ki", "Mi", "Gi", "Ti", "k", "M", "G", "T"],
            crate::embedded::Dimension::Cpu => &["m"],
            crate::embedded::Dimension::Percent => &["%"],
            crate::embedded::Dimension::Number => return,
        };
        debug_assert!(!head.is_empty(), "a value stands behind something");
        for unit in units {
            let label = format!("{number}{unit}");
            self.wanted(&label, ProposalSort::Unit, shown(self.look, ty), None);
        }
    }

    /// Fields of what stands before a dot, or the rest of a path that a member sets.
    fn behind_dot(&mut self, base: &str, statement: &str, room: Option<&Room>) {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"');
        let path = base.get(base.trim_end_matches(is_part).len()..).unwrap_or("");
        let sets = !statement.contains('=') && statement.trim_end_matches('.') == path;
        let schema = if sets {
            room.and_then(|room| self.field_ty(room.schema, path))
                .and_then(|ty| schema_in(self.look, ty))
        } else {
            self.of_path(path, room)
        };
        let Some(schema) = schema else { return };
        for (slot, field) in (0..).zip(&self.look.types().schema(schema).fields) {
            if sets && !field.is_settable() {
                continue;
            }
            let thing = Some(Thing::Field(schema, slot));
            let detail = shown(self.look, field.ty);
            self.put(field.name.as_str(), ProposalSort::Field, detail, thing);
        }
    }

    /// The schema of a path of names: a resource by its name or address, `self`, and fields of it. Of a kind's keyword the
    /// resources are proposed.
    fn of_path(&mut self, path: &str, room: Option<&Room>) -> Option<SchemaId> {
        let (names, types) = (self.look.names(), self.look.types());
        let mut steps = path.split('.');
        let first = Sym::new(steps.next()?);
        let steps: Vec<&str> = steps.collect();
        let of_block = |name: Sym, kind: Option<DefId>| {
            let mut blocks = names.blocks.iter().zip(&types.block_schema);
            let found = blocks.find(|(block, _)| {
                block.name == name && kind.is_none_or(|kind| block.kind == kind)
            });
            found.and_then(|(_, schema)| *schema)
        };
        let (mut schema, rest) = if first.as_str() == "self" {
            (room?.schema, steps.as_slice())
        } else if let Some(&kind) = names.keywords.get(&first) {
            let single = types.kinds.get(&kind).is_some_and(|kind| kind.single);
            if single {
                (*types.schema_of.get(&kind)?, steps.as_slice())
            } else if let Some((name, rest)) = steps.split_first() {
                (of_block(Sym::new(name), Some(kind))?, rest)
            } else {
                self.resources(Some(kind));
                return None;
            }
        } else {
            (of_block(first, None)?, steps.as_slice())
        };
        for step in rest {
            let ty = self.field_ty(schema, step).filter(|ty| *ty != Tys::UNKNOWN)?;
            schema = schema_in(self.look, ty)?;
        }
        Some(schema)
    }

    /// Modules, and what they declare.
    fn imports(&mut self, written: &str) {
        let names = self.look.names();
        let picked = written.split_once(".{").map(|(module, _)| module);
        let path = picked.unwrap_or(written).trim_end_matches('.');
        for module in &names.modules {
            let shown = module.shown();
            if picked.is_some() && shown == path {
                let mut defs: Vec<_> = module.defs.values().copied().collect();
                defs.sort_unstable();
                for def in defs.into_iter().filter(|def| !names.def(*def).private) {
                    let (name, kind) = (names.def(def).name.as_str(), names.def(def).kind.word());
                    let thing = Some(Thing::Def(def));
                    self.put(name, ProposalSort::Type, kind.to_owned(), thing);
                }
            } else if picked.is_none() && shown.starts_with(written) && shown != "./" {
                let rest = shown.get(written.len()..).unwrap_or("").to_owned();
                let next = rest.trim_start_matches('.').to_owned();
                if !next.is_empty() {
                    self.put(&next, ProposalSort::Module, shown, None);
                }
            }
        }
    }
}
