//! What can be done at a place.

use lsp_types::request::{CodeActionRequest, CodeActionResolveRequest};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse,
    Diagnostic, Uri,
};
use serde_json::json;

use super::analysis::Scene;
use super::diagnostics;
use super::requests::Given;
use crate::diag::Edit;
use crate::ide::{self, Action, ActionSort};
use crate::source::{FileId, Span};

/// Changes that are worked out when they are chosen, where the client can wait.
const LAZY: [(&str, CodeActionKind); 2] = [
    ("Fix all that is sure", FIX_ALL),
    ("Organise imports", CodeActionKind::SOURCE_ORGANIZE_IMPORTS),
];

/// All that is sure, mended at once.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::SOURCE_FIX_ALL;

fn lazily(scene: &Scene<'_, '_, '_>, kind: &CodeActionKind, file: FileId) -> Vec<Edit> {
    if *kind == FIX_ALL {
        ide::fix_all(scene.look, file)
    } else {
        ide::organise_imports(scene.look, file)
    }
}

pub(super) fn list(
    scene: &mut Scene<'_, '_, '_>,
    params: CodeActionParams,
) -> Given<CodeActionRequest> {
    let uri = params.text_document.uri;
    let sources = scene.look.sources;
    let Some(file) = scene.place.file(sources, &uri) else { return Ok(None) };
    let at = Span::at(file, scene.place.page(sources, file).extent(params.range));
    let only = params.context.only;
    let wanted = |kind: &CodeActionKind| {
        only.as_ref().is_none_or(|only| {
            only.iter().any(|it| {
                let (it, kind) = (it.as_str(), kind.as_str());
                kind == it || kind.strip_prefix(it).is_some_and(|rest| rest.starts_with('.'))
            })
        })
    };
    let mut found: CodeActionResponse = Vec::new();
    let mut actions = ide::actions(scene.look, at);
    actions.extend(ide::refactorings(scene.look, at));
    for action in actions {
        let kind = match action.sort {
            ActionSort::Fix => CodeActionKind::QUICKFIX,
            ActionSort::Extract => CodeActionKind::REFACTOR_EXTRACT,
            ActionSort::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        };
        if wanted(&kind) {
            found.push(CodeActionOrCommand::CodeAction(shown(scene, kind, action)));
        }
    }
    for (title, kind) in LAZY {
        // Nobody asked for these by name: they would be offered at every place.
        if !wanted(&kind) || only.is_none() {
            continue;
        }
        let edits = lazily(scene, &kind, file);
        if edits.is_empty() {
            continue;
        }
        let lazy = scene.place.client.can.resolves_actions;
        found.push(CodeActionOrCommand::CodeAction(CodeAction {
            title: title.to_owned(),
            kind: Some(kind),
            edit: (!lazy).then(|| scene.place.workspace_edit(sources, &edits)),
            data: lazy.then(|| json!({ "uri": uri })),
            ..CodeAction::default()
        }));
    }
    Ok(Some(found))
}

fn shown(scene: &Scene<'_, '_, '_>, kind: CodeActionKind, action: Action) -> CodeAction {
    let sources = scene.look.sources;
    let mended = action.mends.and_then(|number| scene.look.found.get(number));
    let mended: Option<Vec<Diagnostic>> = mended.map(|found| {
        let found = [scene.secrets.mask_finding(found)];
        diagnostics::by_file(scene.place, &found, sources).into_values().flatten().collect()
    });
    CodeAction {
        title: action.title,
        kind: Some(kind),
        is_preferred: action.sure.then_some(true),
        diagnostics: mended,
        edit: Some(scene.place.workspace_edit(sources, &action.edits)),
        ..CodeAction::default()
    }
}

/// Works out the edits of an action that was chosen.
pub(super) fn resolve(
    scene: &mut Scene<'_, '_, '_>,
    mut action: CodeAction,
) -> Given<CodeActionResolveRequest> {
    let uri = action.data.as_ref().and_then(|data| data.get("uri")).cloned();
    let uri: Option<Uri> = uri.and_then(|uri| serde_json::from_value(uri).ok());
    let sources = scene.look.sources;
    let file = uri.and_then(|uri| scene.place.file(sources, &uri));
    if let (Some(file), Some(kind)) = (file, action.kind.clone()) {
        let edits = lazily(scene, &kind, file);
        action.edit = Some(scene.place.workspace_edit(sources, &edits));
    }
    Ok(action)
}
