//! Declarations to items.

use crate::backend::makes;
use crate::driver::Session;
use crate::resolve::{DefId, DefKind, Names, TreeId, Wrap};
use crate::source::{Extent, Sources};
use crate::syntax::{KindBody, Marks, Member, MemberKind};
use crate::types::{Named, Ty, Types};

use super::item::{Child, Declared, Field, Item, Owner, Word};

/// Every item that others may use: of the library, and of the project; by module, word and name.
pub fn reference(session: &mut Session) -> Vec<Item> {
    session.inspect(|names, types, sources| {
        let cx = Collect { names, types, sources };
        let mut items: Vec<Item> = (0_u32..)
            .map(DefId)
            .zip(&names.defs)
            .filter(|(_, def)| !def.private)
            .filter_map(|(id, def)| cx.item(id, def.kind))
            .collect();
        items.sort_by(|a, b| {
            let key = |item: &Item| (item.owner, item.module.clone(), item.word, item.name.clone());
            key(a).cmp(&key(b))
        });
        let presets: Vec<(String, String)> = (0_u32..)
            .map(DefId)
            .zip(&names.defs)
            .filter_map(|(id, def)| {
                let schema = types.preset_of.get(&id)?;
                Some((types.schema(*schema).name.to_string(), def.name.to_string()))
            })
            .collect();
        for item in &mut items {
            if !matches!(item.word, Word::Kind | Word::Component | Word::Schema) {
                continue;
            }
            let mut own: Vec<String> = presets
                .iter()
                .filter(|(of, _)| *of == item.name)
                .map(|(_, preset)| preset.clone())
                .collect();
            own.sort();
            item.presets = own;
        }
        items
    })
}

struct Collect<'a> {
    names: &'a Names,
    types: &'a Types,
    sources: &'a Sources,
}

impl Collect<'_> {
    fn item(&self, id: DefId, kind: DefKind) -> Option<Item> {
        let word = match kind {
            DefKind::Kind => Word::Kind,
            DefKind::Component => Word::Component,
            DefKind::Schema => Word::Schema,
            DefKind::Type => Word::Type,
            DefKind::Preset => Word::Preset,
            DefKind::Fn => Word::Function,
            DefKind::Let => return None,
        };
        let def = self.names.def(id);
        let member = self.names.member(id);
        let file = self.sources.get(def.at.file);
        let place = (file.name().to_owned(), self.sources.position(def.at).line);
        let module = self.names.module(def.module);
        let owner = match file.is_library() {
            true => Owner::Library,
            false if module.is_dependency() => Owner::Dependency,
            false => Owner::Project,
        };
        let mut body = None;
        if let MemberKind::Preset { body: set, .. } = member.kind {
            body = Some(self.text(def.tree, self.names.tree(def.tree).tree.body(set).at));
        }
        Some(Item {
            word,
            name: def.name.to_string(),
            module: match owner {
                Owner::Dependency => module.shown(),
                Owner::Project | Owner::Library => module.path.clone(),
            },
            owner,
            place,
            signature: self.signature(def.tree, member),
            block: self.block(id),
            doc: doc_text(&self.text(def.tree, member.doc)),
            fields: self.fields(id),
            checks: self.checks(id),
            body,
            presets: Vec::new(),
            makes: match self.types.kinds.get(&id) {
                Some(kind) if word == Word::Kind => makes(kind.keyword.as_str()),
                _ => Vec::new(),
            },
            children: self.children(id),
        })
    }

    /// The blocks in the body of a component, in the order in which they are written.
    fn children(&self, id: DefId) -> Vec<Child> {
        let own = self.names.blocks.iter().filter(|block| block.component == Some(id));
        own.map(|block| {
            let nodes = &self.names.tree(block.tree).tree;
            let expr = |expr| self.text(block.tree, nodes.expr_extent(expr));
            let around = block.wraps.iter().map(|wrap| match *wrap {
                Wrap::If { condition, negated: false } => format!("if {}", expr(condition)),
                Wrap::If { condition, negated: true } => format!("unless {}", expr(condition)),
                Wrap::For { key: Some(key), value, source } => {
                    format!("for {}, {} in {}", key.sym, value.sym, expr(source))
                }
                Wrap::For { key: None, value, source } => {
                    format!("for {} in {}", value.sym, expr(source))
                }
            });
            let kind = self.types.kinds.get(&block.kind).map(|kind| kind.keyword.to_string());
            Child {
                kind: kind.unwrap_or_default(),
                name: self.sources.slice(block.at).to_owned(),
                around: around.collect(),
                doc: doc_text(&self.text(block.tree, nodes.member(block.member).doc)),
            }
        })
        .collect()
    }

    fn text(&self, tree: TreeId, at: Extent) -> String {
        self.names.text(tree, at).to_owned()
    }

    /// The declaration up to its braces.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what has no braces is shown whole")]
    fn signature(&self, tree: TreeId, member: &Member) -> String {
        let nodes = &self.names.tree(tree).tree;
        let end = match member.kind {
            MemberKind::Schema { body, .. }
            | MemberKind::Preset { body, .. }
            | MemberKind::Component { body, .. }
            | MemberKind::Kind { is: KindBody::Fields(body), .. } => nodes.body(body).at.start,
            MemberKind::Fn { result, .. } => nodes.ty_extent(result).end,
            _ => member.at.end,
        };
        self.text(tree, Extent::new(member.at.start, end)).trim_end().to_owned()
    }

    /// How a block of a kind begins.
    fn block(&self, id: DefId) -> Option<String> {
        let kind = self.types.kinds.get(&id)?;
        if !kind.union {
            return Some(format!("{} name {{ }}", kind.keyword));
        }
        let first = kind.members.first().map(|&member| self.types.schema(member).name)?;
        Some(format!("{} name : {first} {{ }}", kind.keyword))
    }

    fn fields(&self, id: DefId) -> Vec<Field> {
        let Some(&schema) = self.types.schema_of.get(&id) else { return Vec::new() };
        let fields = self.types.schema(schema).fields.iter();
        fields
            .map(|field| {
                let nodes = &self.names.tree(field.tree).tree;
                let default = field.default.map(|at| self.text(field.tree, nodes.expr_extent(at)));
                let marks = Marks::ALL.iter().filter(|(mark, _)| field.marks.has(*mark));
                Field {
                    name: field.name.to_string(),
                    marks: marks.map(|(_, word)| *word).collect(),
                    ty: self.show(field.ty),
                    required: default.is_none()
                        && field.is_settable()
                        && !self.types.tys.is_optional(field.ty),
                    default,
                    doc: doc_text(self.sources.slice(field.doc)),
                }
            })
            .collect()
    }

    fn checks(&self, id: DefId) -> Vec<Declared> {
        let Some(&schema) = self.types.schema_of.get(&id) else { return Vec::new() };
        let checks = self.types.schema(schema).checks.iter();
        checks
            .map(|check| {
                let nodes = &self.names.tree(check.tree).tree;
                Declared {
                    condition: self.sources.slice(check.at).to_owned(),
                    message: self.text(check.tree, nodes.text(check.message).at),
                    warn: check.warn,
                }
            })
            .collect()
    }

    fn show(&self, ty: Ty) -> String {
        self.types.tys.show(ty, &|named| match named {
            Named::Schema(schema) => self.types.schema(schema).name,
            Named::Def(def) => self.names.def(def).name,
        })
    }
}

/// The text of `///` lines.
fn doc_text(lines: &str) -> String {
    let lines = lines.lines().map(|line| {
        let line = line.trim_start().trim_start_matches("///");
        line.strip_prefix(' ').unwrap_or(line).trim_end()
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{doc_text, reference};
    use crate::driver::{MemoryWorld, Session};
    use crate::syntax::Grain;

    #[test]
    fn docs_are_kept_wherever_a_chunk_begins() {
        let text = "\n/// The first.\n/// More.\nschema A {\n  /// Its x.\n  x: Int\n}\n\n// no doc\n\n/// The second.\nkind B extends A {}\n/// The third.\nfn f(x: Int) -> Int = x\n";
        let big: String =
            (0..9000).map(|n| format!("/// Number {n}.\ntype T{n} = Int\n")).collect();
        for grain in [Grain::Chunks, Grain::Items] {
            let world = MemoryWorld::single("a.iflux", &format!("{text}{big}"));
            let items = reference(&mut Session::load_with(&world, grain));
            let doc = |name: &str| items.iter().find(|item| item.name == name).unwrap();
            assert_eq!(doc("A").doc, "The first.\nMore.");
            assert_eq!(doc("A").summary(), "The first. More.");
            assert_eq!(doc("B").doc, "The second.");
            assert_eq!(doc("B").fields[0].doc, "Its x.");
            assert_eq!(doc("f").signature, "fn f(x: Int) -> Int");
            for n in 0..9000 {
                assert_eq!(doc(&format!("T{n}")).doc, format!("Number {n}."));
            }
        }
    }

    #[test]
    fn doc_lines() {
        assert_eq!(doc_text("/// a\n  ///\n  ///   b\n///c"), "a\n\n  b\nc");
    }
}
