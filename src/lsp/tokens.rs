//! Words and what they are, in the form that the protocol has for many of them; and what a text points at.

use std::collections::BTreeMap;

use lsp_types::request::{
    DocumentLinkRequest, SemanticTokensFullDeltaRequest, SemanticTokensFullRequest,
    SemanticTokensRangeRequest,
};
use lsp_types::{
    DocumentLink, DocumentLinkParams, SemanticToken, SemanticTokenModifier, SemanticTokenType,
    SemanticTokens, SemanticTokensDelta, SemanticTokensDeltaParams, SemanticTokensEdit,
    SemanticTokensFullDeltaResult, SemanticTokensLegend, SemanticTokensParams,
    SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult, Uri,
};

use super::analysis::Scene;
use super::requests::Given;
use crate::ide::{self, LinkTarget, TokenSort};
use crate::source::{Extent, FileId};

/// What the numbers of tokens mean.
pub(super) fn legend() -> SemanticTokensLegend {
    let types = TokenSort::ALL.map(|sort| match sort {
        TokenSort::Namespace => SemanticTokenType::NAMESPACE,
        TokenSort::Type => SemanticTokenType::TYPE,
        TokenSort::Class => SemanticTokenType::CLASS,
        TokenSort::Parameter => SemanticTokenType::PARAMETER,
        TokenSort::Variable => SemanticTokenType::VARIABLE,
        TokenSort::Property => SemanticTokenType::PROPERTY,
        TokenSort::Function => SemanticTokenType::FUNCTION,
        TokenSort::Keyword => SemanticTokenType::KEYWORD,
        TokenSort::Modifier => SemanticTokenType::MODIFIER,
        TokenSort::Comment => SemanticTokenType::COMMENT,
        TokenSort::String => SemanticTokenType::STRING,
        TokenSort::Number => SemanticTokenType::NUMBER,
        TokenSort::Escape => SemanticTokenType::REGEXP,
        TokenSort::Operator => SemanticTokenType::OPERATOR,
    });
    SemanticTokensLegend {
        token_types: types.into(),
        token_modifiers: vec![SemanticTokenModifier::DECLARATION],
    }
}

/// What was sent last of each text, by which a client asks for what changed.
#[derive(Default, Debug)]
pub(super) struct Sent {
    texts: BTreeMap<Uri, (u64, Vec<SemanticToken>)>,
    next: u64,
}

impl Sent {
    /// Forgets texts that are not open.
    pub(super) fn keep(&mut self, is_open: impl Fn(&Uri) -> bool) {
        self.texts.retain(|uri, _| is_open(uri));
    }

    fn put(&mut self, uri: &Uri, tokens: &[SemanticToken]) -> String {
        self.next += 1;
        self.texts.insert(uri.clone(), (self.next, tokens.to_vec()));
        self.next.to_string()
    }
}

/// The tokens of a file, of the part that is wanted.
fn encoded(scene: &Scene<'_, '_, '_>, file: FileId, part: Option<Extent>) -> Vec<SemanticToken> {
    let sources = scene.look.sources;
    let page = scene.place.page(sources, file);
    let (mut line, mut column) = (0, 0);
    let mut out = Vec::new();
    for token in ide::tokens(scene.look, file) {
        if part.is_some_and(|part| token.at.end <= part.start || part.end <= token.at.start) {
            continue;
        }
        // No token goes over several lines.
        let mut start = token.at.start;
        for piece in token.at.of(page.text).split_inclusive('\n') {
            let length = page.encoding.len(piece.trim_end_matches(['\n', '\r']));
            let at = page.position(start);
            start += u32::try_from(piece.len()).unwrap_or(0);
            if length == 0 {
                continue;
            }
            let same = at.line == line;
            out.push(SemanticToken {
                delta_line: at.line - line,
                delta_start: if same { at.character - column } else { at.character },
                length,
                token_type: TokenSort::ALL
                    .iter()
                    .zip(0..)
                    .find(|(it, _)| **it == token.sort)
                    .map_or(0, |it| it.1),
                token_modifiers_bitset: u32::from(token.declares),
            });
            (line, column) = (at.line, at.character);
        }
    }
    out
}

pub(super) fn full(
    scene: &mut Scene<'_, '_, '_>,
    params: SemanticTokensParams,
) -> Given<SemanticTokensFullRequest> {
    let uri = params.text_document.uri;
    let Some(file) = scene.place.file(scene.look.sources, &uri) else { return Ok(None) };
    let data = encoded(scene, file, None);
    let result_id = Some(scene.sent.put(&uri, &data));
    Ok(Some(SemanticTokensResult::Tokens(SemanticTokens { result_id, data })))
}

pub(super) fn range(
    scene: &mut Scene<'_, '_, '_>,
    params: SemanticTokensRangeParams,
) -> Given<SemanticTokensRangeRequest> {
    let sources = scene.look.sources;
    let Some(file) = scene.place.file(sources, &params.text_document.uri) else { return Ok(None) };
    let part = scene.place.page(sources, file).extent(params.range);
    let data = encoded(scene, file, Some(part));
    Ok(Some(SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })))
}

pub(super) fn delta(
    scene: &mut Scene<'_, '_, '_>,
    params: SemanticTokensDeltaParams,
) -> Given<SemanticTokensFullDeltaRequest> {
    let uri = params.text_document.uri;
    let Some(file) = scene.place.file(scene.look.sources, &uri) else { return Ok(None) };
    let data = encoded(scene, file, None);
    let before =
        scene.sent.texts.get(&uri).filter(|(id, _)| id.to_string() == params.previous_result_id);
    let edits = before.map(|(_, before)| {
        let same = |(a, b): &(&SemanticToken, &SemanticToken)| a == b;
        let head = before.iter().zip(&data).take_while(same).count();
        let rest = before.len().min(data.len()) - head;
        let tail = before.iter().rev().zip(data.iter().rev()).take_while(same).take(rest).count();
        let number = |count: usize| u32::try_from(count * 5).unwrap_or(u32::MAX);
        let new = data.get(head..data.len() - tail).unwrap_or_default().to_vec();
        let edit = SemanticTokensEdit {
            start: number(head),
            delete_count: number(before.len() - tail - head),
            data: Some(new),
        };
        if edit.delete_count == 0 && edit.data.as_ref().is_some_and(Vec::is_empty) {
            Vec::new()
        } else {
            vec![edit]
        }
    });
    let result_id = Some(scene.sent.put(&uri, &data));
    Ok(Some(match edits {
        Some(edits) => {
            SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta { result_id, edits })
        }
        None => SemanticTokensFullDeltaResult::Tokens(SemanticTokens { result_id, data }),
    }))
}

pub(super) fn links(
    scene: &mut Scene<'_, '_, '_>,
    params: DocumentLinkParams,
) -> Given<DocumentLinkRequest> {
    let sources = scene.look.sources;
    let Some(file) = scene.place.file(sources, &params.text_document.uri) else { return Ok(None) };
    let found = ide::links(scene.look, file).into_iter().filter_map(|link| {
        let target = match link.target {
            LinkTarget::File(file) => scene.place.uri(sources, file),
            LinkTarget::Path(path) => scene.place.uri_of_path(&path),
            LinkTarget::Web(address) => address.parse().ok(),
        };
        let range = scene.place.range(sources, link.at);
        Some(DocumentLink { range, target: Some(target?), tooltip: None, data: None })
    });
    Ok(Some(found.collect()))
}
