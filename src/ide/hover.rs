//! What a name means, in words.

use super::uses::{At, Thing, Uses, declared};
use crate::driver::Look;
use crate::source::{Extent, Span, Sym};
use crate::syntax::MemberKind;
use crate::types::{Named, Ty};

/// What is known of a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// The name.
    pub at: Span,
    /// Markdown.
    pub text: String,
}

/// What is known of the name at a place: its declaration, its doc, and for what a block sets the final value and where it comes from.
/// Who shows it masks what is secret.
pub fn hover(look: &mut Look<'_, '_>, at: At) -> Option<Hover> {
    let uses = Uses::of(look, Some(at.file));
    let found = *uses.at(at)?;
    let (head, doc) = described(look, found.thing)?;
    let mut text = format!("```iflux\n{head}\n```\n");
    if !doc.is_empty() {
        text.push_str(&format!("\n{doc}\n"));
    }
    let set = uses.sets.iter().filter(|set| !set.path.is_empty() && set.at.holds(found.at));
    if let Some(set) = set.min_by_key(|set| set.at.end - set.at.start)
        && let Ok(why) = look.why(&set.path)
    {
        text.push_str(&format!("\n---\n\n```text\n{}\n```\n", why.trim_end()));
    }
    Some(Hover { at: found.at, text })
}

/// How a type is written.
pub(super) fn shown(look: &Look<'_, '_>, ty: Ty) -> String {
    look.types().tys.show(ty, &|named| match named {
        Named::Schema(schema) => look.types().schema(schema).name,
        Named::Def(def) => look.names().def(def).name,
    })
}

/// The declaration of a thing, and its doc.
pub fn described(look: &Look<'_, '_>, thing: Thing) -> Option<(String, String)> {
    let (names, types) = (look.names(), look.types());
    Some(match thing {
        Thing::Def(id) => {
            let def = names.def(id);
            let info = names.tree(def.tree);
            let member = info.tree.member(def.member);
            let doc = doc_of(look, info.span(member.doc));
            let body = match member.kind {
                MemberKind::Schema { body, .. }
                | MemberKind::Preset { body, .. }
                | MemberKind::Component { body, .. }
                | MemberKind::Kind { is: crate::syntax::KindBody::Fields(body), .. } => {
                    Some(info.tree.body(body).at)
                }
                _ => None,
            };
            // The head alone: what stands in the braces is a step away.
            let at = body.map_or(member.at, |body| Extent::new(member.at.start, body.start));
            (look.sources.slice(info.span(at)).trim().to_owned(), doc)
        }
        Thing::Block(number) => {
            let block = names.blocks.get(number as usize)?;
            let info = names.tree(block.tree);
            let member = info.tree.member(block.member);
            let MemberKind::Block { body, .. } = member.kind else { return None };
            let head = Extent::new(member.at.start, info.tree.body(body).at.start);
            let doc = doc_of(look, info.span(member.doc));
            (look.sources.slice(info.span(head)).trim().to_owned(), doc)
        }
        Thing::Field(schema, slot) => {
            let schema = types.schema(schema);
            let field = schema.fields.get(usize::from(slot))?;
            let default = field.default.map(|default| {
                let info = names.tree(field.tree);
                let at = info.span(info.tree.expr_extent(default));
                format!(" = {}", look.sources.slice(at))
            });
            let head = format!(
                "{}.{}: {}{}",
                schema.name,
                field.name,
                shown(look, field.ty),
                default.unwrap_or_default()
            );
            (head, doc_of(look, field.doc))
        }
    })
}

/// A doc comment without its slashes.
pub(super) fn doc_of(look: &Look<'_, '_>, at: Span) -> String {
    if at.start >= at.end {
        return String::new();
    }
    let lines = look.sources.slice(at).lines().map(|line| {
        let line = line.trim_start().trim_start_matches('/');
        line.strip_prefix(' ').unwrap_or(line)
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Where the name at a place is declared.
pub fn definition(look: &Look<'_, '_>, at: At) -> Option<(Span, Span)> {
    let uses = Uses::of(look, Some(at.file));
    let found = uses.at(at)?;
    Some((found.at, declared(look, found.thing)?))
}

/// Where what the name at a place has for a type is declared.
pub fn type_definition(look: &Look<'_, '_>, at: At) -> Option<Span> {
    let uses = Uses::of(look, Some(at.file));
    let schema = match uses.at(at)?.thing {
        Thing::Block(block) => (*look.types().block_schema.get(block as usize)?)?,
        Thing::Field(schema, slot) => {
            let field = look.types().schema(schema).fields.get(usize::from(slot))?;
            super::uses::schema_in(look, field.ty)?
        }
        Thing::Def(def) => {
            *look.types().schema_of.get(&def).or(look.types().preset_of.get(&def))?
        }
    };
    Some(look.names().def(look.types().schema(schema).def).at)
}

/// What is made by the kind, schema, component or preset at a place: its blocks, and the presets for it.
pub fn implementations(look: &Look<'_, '_>, at: At) -> Vec<Span> {
    let uses = Uses::of(look, Some(at.file));
    let Some(&super::uses::Use { thing: Thing::Def(def), .. }) = uses.at(at) else {
        return Vec::new();
    };
    let (names, types) = (look.names(), look.types());
    let blocks = names.blocks.iter().zip(&types.block_schema);
    let schema = types.schema_of.get(&def);
    let blocks = blocks
        .filter(|(block, own)| block.kind == def || schema.is_some() && own.as_ref() == schema);
    let presets = types.preset_of.iter().filter(|(_, of)| Some(*of) == schema);
    let mut found: Vec<Span> = blocks.map(|(block, _)| block.at).collect();
    found.extend(presets.map(|(preset, _)| names.def(*preset).at));
    found.sort_unstable();
    found
}

/// Every use of what the name at a place means, the declaration among them if it is wanted.
pub fn references(look: &Look<'_, '_>, at: At, declaration: bool, only: bool) -> Vec<(Span, bool)> {
    let own = Uses::of(look, Some(at.file));
    let Some(thing) = own.at(at).map(|found| found.thing) else { return Vec::new() };
    let all = if only { own } else { Uses::of(look, None) };
    let same = |other: Thing| match (declared(look, thing), declared(look, other)) {
        // Fields that a schema copies are declared where the first one is.
        (Some(one), Some(other)) => one == other,
        _ => other == thing,
    };
    let mut found: Vec<(Span, bool)> = all
        .names
        .iter()
        .filter(|it| (declaration || !it.declares) && same(it.thing))
        .map(|it| (it.at, it.declares))
        .collect();
    found.sort_unstable();
    found.dedup_by_key(|(at, _)| *at);
    found
}

/// Why a name cannot be another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotRenamed {
    /// There is no name.
    NoName,
    /// The library or a dependency declares it.
    Foreign,
    /// The new name cannot be one.
    Wrong(String),
}

/// The name at a place, if it may be another.
///
/// # Errors
/// When there is none, or others declare it.
pub fn prepare_rename(look: &Look<'_, '_>, at: At) -> Result<Span, NotRenamed> {
    let uses = Uses::of(look, Some(at.file));
    let found = uses.at(at).ok_or(NotRenamed::NoName)?;
    let declared = declared(look, found.thing).ok_or(NotRenamed::NoName)?;
    let is_own = !look.sources.get(declared.file).is_library()
        && look.names().package_of(declared.file).is_some_and(Sym::is_empty);
    if is_own { Ok(found.at) } else { Err(NotRenamed::Foreign) }
}

/// The edits that give what the name at a place means another name, in all files.
///
/// # Errors
/// When that cannot be.
pub fn rename(
    look: &Look<'_, '_>,
    at: At,
    name: &str,
) -> Result<Vec<crate::diag::Edit>, NotRenamed> {
    let own = prepare_rename(look, at)?;
    let old = look.sources.slice(own);
    let upper = |text: &str| text.trim_matches('"').starts_with(|c: char| c.is_ascii_uppercase());
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && !name.ends_with('-');
    if !is_name {
        return Err(NotRenamed::Wrong(format!("`{name}` is no name")));
    }
    if upper(old) != upper(name) {
        let wanted = if upper(old) { "a capital" } else { "a small" };
        return Err(NotRenamed::Wrong(format!(
            "`{old}` begins with {wanted} letter, and so must `{name}`"
        )));
    }
    let edits = references(look, at, true, false).into_iter().map(|(span, _)| {
        let quoted = look.sources.slice(span).starts_with('"');
        let text = if quoted { format!("\"{name}\"") } else { name.to_owned() };
        crate::diag::Edit { span, text }
    });
    Ok(edits.collect())
}
