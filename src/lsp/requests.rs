//! Which thread answers what.

use lsp_server::{ErrorCode, Request, ResponseError};
use lsp_types::request::{
    CodeActionRequest, CodeActionResolveRequest, Completion, DocumentDiagnosticRequest,
    DocumentHighlightRequest, DocumentLinkRequest, DocumentSymbolRequest, ExecuteCommand,
    FoldingRangeRequest, Formatting, GotoDefinition, GotoImplementation, GotoTypeDefinition,
    HoverRequest, OnTypeFormatting, PrepareRenameRequest, RangeFormatting, References, Rename,
    Request as Requested, ResolveCompletionItem, SelectionRangeRequest,
    SemanticTokensFullDeltaRequest, SemanticTokensFullRequest, SemanticTokensRangeRequest,
    WorkspaceDiagnosticRequest, WorkspaceSymbolRequest,
};
use lsp_types::{TextDocumentIdentifier, Uri};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::analysis::{Ask, Scene};
use super::client::{Answer, failed};
use super::server::Server;
use super::texts::{Read, Text};
use super::{actions, formatting, names, outline, pulled, tokens};

/// What a handler gives.
pub(super) type Given<R> = Result<<R as Requested>::Result, ResponseError>;

fn value<R: Requested>(given: Given<R>) -> Answer {
    given.and_then(|given| {
        serde_json::to_value(given)
            .map_err(|error| failed(ErrorCode::InternalError, error.to_string()))
    })
}

pub(super) fn params<P: DeserializeOwned>(params: Value) -> Result<P, ResponseError> {
    serde_json::from_value(params)
        .map_err(|error| failed(ErrorCode::InvalidParams, error.to_string()))
}

/// The text that a request is about.
fn uri_of(params: &Value) -> Option<Uri> {
    // What is resolved names its text in what was sent with it.
    let named = params.get("textDocument").or_else(|| params.get("data"))?;
    let identifier: Result<TextDocumentIdentifier, _> = serde_json::from_value(named.clone());
    identifier.ok().map(|it| it.uri)
}

impl Server {
    pub(super) fn route(&mut self, it: Request) {
        match it.method.as_str() {
            Formatting::METHOD => self.read::<Formatting>(it, formatting::document),
            RangeFormatting::METHOD => self.read::<RangeFormatting>(it, formatting::range),
            OnTypeFormatting::METHOD => self.read::<OnTypeFormatting>(it, formatting::on_type),
            DocumentSymbolRequest::METHOD => {
                self.read::<DocumentSymbolRequest>(it, outline::outline);
            }
            FoldingRangeRequest::METHOD => self.read::<FoldingRangeRequest>(it, outline::fold),
            SelectionRangeRequest::METHOD => {
                self.read::<SelectionRangeRequest>(it, outline::select);
            }
            SemanticTokensFullRequest::METHOD => {
                self.look::<SemanticTokensFullRequest>(it, tokens::full);
            }
            SemanticTokensRangeRequest::METHOD => {
                self.look::<SemanticTokensRangeRequest>(it, tokens::range);
            }
            SemanticTokensFullDeltaRequest::METHOD => {
                self.look::<SemanticTokensFullDeltaRequest>(it, tokens::delta);
            }
            DocumentLinkRequest::METHOD => self.look::<DocumentLinkRequest>(it, tokens::links),
            HoverRequest::METHOD => self.look::<HoverRequest>(it, names::hover),
            GotoDefinition::METHOD => self.look::<GotoDefinition>(it, names::definition),
            GotoTypeDefinition::METHOD => {
                self.look::<GotoTypeDefinition>(it, names::type_definition);
            }
            GotoImplementation::METHOD => {
                self.look::<GotoImplementation>(it, names::implementation);
            }
            References::METHOD => self.look::<References>(it, names::references),
            DocumentHighlightRequest::METHOD => {
                self.look::<DocumentHighlightRequest>(it, names::highlight);
            }
            PrepareRenameRequest::METHOD => {
                self.look::<PrepareRenameRequest>(it, names::prepare_rename);
            }
            Rename::METHOD => self.look::<Rename>(it, names::rename),
            Completion::METHOD => self.look::<Completion>(it, names::completion),
            ResolveCompletionItem::METHOD => {
                self.look::<ResolveCompletionItem>(it, names::resolve);
            }
            CodeActionRequest::METHOD => self.look::<CodeActionRequest>(it, actions::list),
            CodeActionResolveRequest::METHOD => {
                self.look::<CodeActionResolveRequest>(it, actions::resolve);
            }
            ExecuteCommand::METHOD => self.command(it),
            WorkspaceSymbolRequest::METHOD => self.symbols(it),
            DocumentDiagnosticRequest::METHOD => {
                self.look::<DocumentDiagnosticRequest>(it, pulled::document);
            }
            WorkspaceDiagnosticRequest::METHOD => {
                let answer = params(it.params).and_then(|params| {
                    value::<WorkspaceDiagnosticRequest>(Ok(pulled::workspace(self, &params)))
                });
                self.client.answer(&it.id, answer);
            }
            _ => {
                let what = format!("{} is not offered", it.method);
                self.client.answer(&it.id, Err(failed(ErrorCode::MethodNotFound, what)));
            }
        }
    }

    /// A request that the text alone answers.
    fn read<R>(&mut self, it: Request, run: fn(&Text<'_>, R::Params) -> Given<R>)
    where
        R: Requested,
        R::Params: Send + 'static,
    {
        let document = uri_of(&it.params).and_then(|uri| self.documents.get(&uri));
        let Some(document) = document.cloned() else {
            let error = failed(ErrorCode::InvalidParams, "this text is not open");
            return self.client.answer(&it.id, Err(error));
        };
        let given = match params::<R::Params>(it.params) {
            Ok(given) => given,
            Err(error) => return self.client.answer(&it.id, Err(error)),
        };
        let cancelled = self.client.opened(&it.id);
        let run = Box::new(move |text: &Text<'_>| value::<R>(run(text, given)));
        self.reader.ask(Read { id: it.id, method: R::METHOD, cancelled, document, run });
    }

    /// A request about what the program means.
    fn look<R>(&mut self, it: Request, run: fn(&mut Scene<'_, '_, '_>, R::Params) -> Given<R>)
    where
        R: Requested,
        R::Params: Send + 'static,
    {
        let uri = uri_of(&it.params);
        let given = match params::<R::Params>(it.params) {
            Ok(given) => given,
            Err(error) => return self.client.answer(&it.id, Err(error)),
        };
        let cancelled = self.client.opened(&it.id);
        let run =
            Box::new(move |scene: &mut Scene<'_, '_, '_>| Some(value::<R>(run(scene, given))));
        let ask = Ask { id: it.id, method: R::METHOD, cancelled, run };
        let unasked = match uri {
            Some(uri) => self.projects.ask(&uri, ask).err(),
            None => Some(ask),
        };
        if let Some(ask) = unasked {
            let error = failed(ErrorCode::InvalidParams, "this text is not open, or no program");
            self.client.answer(&ask.id, Err(error));
        }
    }
}
