//! Outlines, folds and selections: what a text and its tree answer.

use lsp_types::request::{DocumentSymbolRequest, FoldingRangeRequest, SelectionRangeRequest};
use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, FoldingRange, FoldingRangeKind,
    FoldingRangeParams, Location, SelectionRange, SelectionRangeParams, SymbolInformation,
    SymbolKind,
};

use super::requests::Given;
use super::texts::Text;
use crate::ide::{FoldSort, Symbol, SymbolSort, folds, selections, symbols};

/// What the protocol has for a symbol.
pub(super) fn kind_of(sort: SymbolSort) -> SymbolKind {
    match sort {
        SymbolSort::Resource => SymbolKind::OBJECT,
        SymbolSort::Block => SymbolKind::STRUCT,
        SymbolSort::Value => SymbolKind::PROPERTY,
        SymbolSort::Field => SymbolKind::FIELD,
        SymbolSort::Schema => SymbolKind::CLASS,
        SymbolSort::Kind => SymbolKind::INTERFACE,
        SymbolSort::Preset => SymbolKind::CONSTRUCTOR,
        SymbolSort::Component => SymbolKind::MODULE,
        SymbolSort::Type => SymbolKind::TYPE_PARAMETER,
        SymbolSort::Function => SymbolKind::FUNCTION,
        SymbolSort::Let => SymbolKind::CONSTANT,
        SymbolSort::Test => SymbolKind::METHOD,
    }
}

pub(super) fn outline(text: &Text<'_>, _: DocumentSymbolParams) -> Given<DocumentSymbolRequest> {
    let found = symbols(text.source(), text.parsed);
    if text.client.can.nested_symbols {
        let nested = found.into_iter().map(|symbol| nested(text, symbol)).collect();
        return Ok(Some(DocumentSymbolResponse::Nested(nested)));
    }
    let mut flat = Vec::new();
    let mut open: Vec<(Symbol, Option<String>)> =
        found.into_iter().rev().map(|it| (it, None)).collect();
    while let Some((symbol, container)) = open.pop() {
        #[expect(deprecated, reason = "the type has the field still")]
        flat.push(SymbolInformation {
            name: symbol.name.clone(),
            kind: kind_of(symbol.sort),
            tags: None,
            deprecated: None,
            location: Location { uri: text.document.uri.clone(), range: text.range(symbol.at) },
            container_name: container,
        });
        let children = symbol.children.into_iter().rev();
        open.extend(children.map(|it| (it, Some(symbol.name.clone()))));
    }
    Ok(Some(DocumentSymbolResponse::Flat(flat)))
}

fn nested(text: &Text<'_>, symbol: Symbol) -> DocumentSymbol {
    let children: Vec<_> = symbol.children.into_iter().map(|it| nested(text, it)).collect();
    #[expect(deprecated, reason = "the type has the field still")]
    DocumentSymbol {
        name: symbol.name,
        detail: (!symbol.detail.is_empty()).then_some(symbol.detail),
        kind: kind_of(symbol.sort),
        tags: None,
        deprecated: None,
        range: text.range(symbol.at),
        selection_range: text.range(symbol.name_at),
        children: (!children.is_empty()).then_some(children),
    }
}

pub(super) fn fold(text: &Text<'_>, _: FoldingRangeParams) -> Given<FoldingRangeRequest> {
    let found = folds(text.source(), text.parsed).into_iter().map(|fold| {
        let range = text.range(fold.at);
        let kind = match fold.sort {
            FoldSort::Region => None,
            FoldSort::Comment => Some(FoldingRangeKind::Comment),
            FoldSort::Imports => Some(FoldingRangeKind::Imports),
        };
        // The closing brace stays to be seen.
        let closes = fold.sort == FoldSort::Region;
        let end_line = range.end.line.saturating_sub(u32::from(closes)).max(range.start.line);
        FoldingRange { start_line: range.start.line, end_line, kind, ..FoldingRange::default() }
    });
    Ok(Some(found.filter(|it| it.end_line > it.start_line).collect()))
}

pub(super) fn select(
    text: &Text<'_>,
    params: SelectionRangeParams,
) -> Given<SelectionRangeRequest> {
    let found = params.positions.into_iter().map(|position| {
        let offset = text.page().offset(position);
        let around = selections(text.source(), text.parsed, offset);
        let chain = around.into_iter().rev().fold(None, |parent, at| {
            Some(SelectionRange { range: text.range(at), parent: parent.map(Box::new) })
        });
        chain.unwrap_or_else(|| {
            let range = lsp_types::Range { start: position, end: position };
            SelectionRange { range, parent: None }
        })
    });
    Ok(Some(found.collect()))
}
