//! The one style.

use lsp_types::request::{Formatting, OnTypeFormatting, RangeFormatting};
use lsp_types::{
    DocumentFormattingParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams,
};

use super::requests::Given;
use super::texts::{FILE, Text};
use crate::ide::{format_edits, format_on_type, format_range};

pub(super) fn document(text: &Text<'_>, _: DocumentFormattingParams) -> Given<Formatting> {
    Ok(Some(text.text_edits(format_edits(FILE, text.source(), text.parsed))))
}

pub(super) fn range(
    text: &Text<'_>,
    params: DocumentRangeFormattingParams,
) -> Given<RangeFormatting> {
    let at = text.page().extent(params.range);
    Ok(Some(text.text_edits(format_range(FILE, text.source(), text.parsed, at))))
}

pub(super) fn on_type(
    text: &Text<'_>,
    params: DocumentOnTypeFormattingParams,
) -> Given<OnTypeFormatting> {
    let offset = text.page().offset(params.text_document_position.position);
    let letter = params.ch.chars().next().unwrap_or(' ');
    Ok(Some(text.text_edits(format_on_type(FILE, text.source(), text.parsed, offset, letter))))
}
