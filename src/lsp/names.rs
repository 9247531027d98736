//! Where names are declared and used, what they mean, and how they get others.

use lsp_server::ErrorCode;
use lsp_types::request::{
    DocumentHighlightRequest, GotoDefinition, GotoImplementation, GotoTypeDefinition, HoverRequest,
    PrepareRenameRequest, References, Rename, ResolveCompletionItem,
};
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionParams, CompletionResponse, CompletionTextEdit,
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, Documentation,
    GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverContents, HoverParams,
    InsertTextFormat, LocationLink, MarkupContent, MarkupKind, PrepareRenameResponse,
    ReferenceParams, RenameParams, TextDocumentPositionParams, TextEdit,
};
use serde_json::{Value, json};

use super::analysis::Scene;
use super::client::failed;
use super::requests::Given;
use crate::ide::{self, At, NotRenamed, Proposal, ProposalSort, Thing};
use crate::resolve::DefId;
use crate::source::Span;
use crate::types::SchemaId;

impl Scene<'_, '_, '_> {
    /// A place, as the compiler counts.
    pub(super) fn at(&self, params: &TextDocumentPositionParams) -> Option<At> {
        let sources = self.look.sources;
        let file = self.place.file(sources, &params.text_document.uri)?;
        Some(At { file, offset: self.place.offset(sources, file, params.position) })
    }

    fn range(&self, span: Span) -> lsp_types::Range {
        self.place.range(self.look.sources, span)
    }

    fn markup(&self, text: &str) -> MarkupContent {
        let markdown = self.place.client.can.markdown;
        let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        MarkupContent { kind, value: self.secrets.mask(text).into_owned() }
    }
}

pub(super) fn hover(scene: &mut Scene<'_, '_, '_>, params: HoverParams) -> Given<HoverRequest> {
    let Some(at) = scene.at(&params.text_document_position_params) else { return Ok(None) };
    let Some(found) = ide::hover(scene.look, at) else { return Ok(None) };
    let range = Some(scene.range(found.at));
    Ok(Some(Hover { contents: HoverContents::Markup(scene.markup(&found.text)), range }))
}

fn leads(
    scene: &Scene<'_, '_, '_>,
    from: Option<Span>,
    to: Vec<Span>,
) -> Option<GotoDefinitionResponse> {
    let sources = scene.look.sources;
    let places: Vec<_> =
        to.into_iter().filter_map(|span| scene.place.location(sources, span)).collect();
    if places.is_empty() {
        return None;
    }
    if !scene.place.client.can.location_links {
        return Some(GotoDefinitionResponse::Array(places));
    }
    let links = places.into_iter().map(|place| LocationLink {
        origin_selection_range: from.map(|span| scene.range(span)),
        target_uri: place.uri,
        target_range: place.range,
        target_selection_range: place.range,
    });
    Some(GotoDefinitionResponse::Link(links.collect()))
}

pub(super) fn definition(
    scene: &mut Scene<'_, '_, '_>,
    params: GotoDefinitionParams,
) -> Given<GotoDefinition> {
    let Some(at) = scene.at(&params.text_document_position_params) else { return Ok(None) };
    let found = ide::definition(scene.look, at);
    Ok(found.and_then(|(from, to)| leads(scene, Some(from), vec![to])))
}

pub(super) fn type_definition(
    scene: &mut Scene<'_, '_, '_>,
    params: GotoDefinitionParams,
) -> Given<GotoTypeDefinition> {
    let Some(at) = scene.at(&params.text_document_position_params) else { return Ok(None) };
    let found = ide::type_definition(scene.look, at);
    Ok(found.and_then(|to| leads(scene, None, vec![to])))
}

pub(super) fn implementation(
    scene: &mut Scene<'_, '_, '_>,
    params: GotoDefinitionParams,
) -> Given<GotoImplementation> {
    let Some(at) = scene.at(&params.text_document_position_params) else { return Ok(None) };
    let found = ide::implementations(scene.look, at);
    Ok(leads(scene, None, found))
}

pub(super) fn references(
    scene: &mut Scene<'_, '_, '_>,
    params: ReferenceParams,
) -> Given<References> {
    let Some(at) = scene.at(&params.text_document_position) else { return Ok(None) };
    let declaration = params.context.include_declaration;
    let found = ide::references(scene.look, at, declaration, false);
    let sources = scene.look.sources;
    Ok(Some(
        found.into_iter().filter_map(|(span, _)| scene.place.location(sources, span)).collect(),
    ))
}

pub(super) fn highlight(
    scene: &mut Scene<'_, '_, '_>,
    params: DocumentHighlightParams,
) -> Given<DocumentHighlightRequest> {
    let Some(at) = scene.at(&params.text_document_position_params) else { return Ok(None) };
    let found = ide::references(scene.look, at, true, true).into_iter().map(|(span, declares)| {
        let kind =
            if declares { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
        DocumentHighlight { range: scene.range(span), kind: Some(kind) }
    });
    Ok(Some(found.collect()))
}

fn refused(why: NotRenamed) -> lsp_server::ResponseError {
    let message = match why {
        NotRenamed::NoName => "no name that can be another stands here".to_owned(),
        NotRenamed::Foreign => "the library or a dependency declares this name".to_owned(),
        NotRenamed::Wrong(what) => what,
    };
    failed(ErrorCode::RequestFailed, message)
}

pub(super) fn prepare_rename(
    scene: &mut Scene<'_, '_, '_>,
    params: TextDocumentPositionParams,
) -> Given<PrepareRenameRequest> {
    let at = scene.at(&params).ok_or_else(|| refused(NotRenamed::NoName))?;
    let span = ide::prepare_rename(scene.look, at).map_err(refused)?;
    let placeholder = scene.look.sources.slice(span).trim_matches('"').to_owned();
    let range = scene.range(span);
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder }))
}

pub(super) fn rename(scene: &mut Scene<'_, '_, '_>, params: RenameParams) -> Given<Rename> {
    let at = scene.at(&params.text_document_position);
    let at = at.ok_or_else(|| refused(NotRenamed::NoName))?;
    let edits = ide::rename(scene.look, at, &params.new_name).map_err(refused)?;
    Ok(Some(scene.place.workspace_edit(scene.look.sources, &edits)))
}

pub(super) fn completion(
    scene: &mut Scene<'_, '_, '_>,
    params: CompletionParams,
) -> Given<lsp_types::request::Completion> {
    let position = params.text_document_position;
    let Some(at) = scene.at(&position) else { return Ok(None) };
    let found = ide::completion(scene.look, at);
    let uri = position.text_document.uri;
    let items = found.into_iter().enumerate().map(|(number, it)| {
        let data = it.thing.map(|thing| json!({ "uri": uri, "thing": numbers(thing) }));
        item(scene, number, it, data)
    });
    Ok(Some(CompletionResponse::Array(items.collect())))
}

fn item(
    scene: &Scene<'_, '_, '_>,
    number: usize,
    it: Proposal,
    data: Option<Value>,
) -> CompletionItem {
    let snippets = scene.place.client.can.snippets;
    let is_snippet = snippets && it.insert.contains('$');
    let new_text = if snippets || !it.insert.contains('$') { it.insert } else { it.label.clone() };
    let kind = match it.sort {
        ProposalSort::Field => CompletionItemKind::FIELD,
        ProposalSort::Value => CompletionItemKind::ENUM_MEMBER,
        ProposalSort::Resource => CompletionItemKind::REFERENCE,
        ProposalSort::Type => CompletionItemKind::CLASS,
        ProposalSort::Kind => CompletionItemKind::INTERFACE,
        ProposalSort::Function => CompletionItemKind::FUNCTION,
        ProposalSort::Let => CompletionItemKind::CONSTANT,
        ProposalSort::Keyword => CompletionItemKind::KEYWORD,
        ProposalSort::Unit => CompletionItemKind::UNIT,
        ProposalSort::Module => CompletionItemKind::MODULE,
    };
    let range = scene.range(it.at);
    CompletionItem {
        label: it.label,
        kind: Some(kind),
        detail: (!it.detail.is_empty()).then_some(it.detail),
        preselect: (it.wanted && number == 0).then_some(true),
        sort_text: Some(format!("{number:05}")),
        insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text })),
        data,
        ..CompletionItem::default()
    }
}

fn numbers(thing: Thing) -> Value {
    match thing {
        Thing::Def(def) => json!([0, def.0]),
        Thing::Block(block) => json!([1, block]),
        Thing::Field(schema, slot) => json!([2, schema.0, slot]),
    }
}

fn thing(numbers: &Value) -> Option<Thing> {
    let number = |at: usize| numbers.get(at)?.as_u64().and_then(|it| u32::try_from(it).ok());
    Some(match number(0)? {
        0 => Thing::Def(DefId(number(1)?)),
        1 => Thing::Block(number(1)?),
        _ => Thing::Field(SchemaId(number(1)?), u16::try_from(number(2)?).ok()?),
    })
}

/// Adds what a proposal's doc says, if the text did not change so much that its number means something else.
pub(super) fn resolve(
    scene: &mut Scene<'_, '_, '_>,
    mut item: CompletionItem,
) -> Given<ResolveCompletionItem> {
    let thing = item.data.as_ref().and_then(|data| thing(data.get("thing")?));
    let found = thing.and_then(|thing| ide::described(scene.look, thing));
    if let Some((head, doc)) = found.filter(|(head, _)| head.contains(&item.label)) {
        let text = format!("```iflux\n{head}\n```\n\n{doc}");
        item.documentation = Some(Documentation::MarkupContent(scene.markup(&text)));
    }
    Ok(item)
}
