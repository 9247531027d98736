//! Which thread answers what.

use lsp_server::{ErrorCode, Request, ResponseError};
use lsp_types::request::{
    DocumentDiagnosticRequest, Formatting, OnTypeFormatting, RangeFormatting, Request as Requested,
    WorkspaceDiagnosticRequest,
};
use lsp_types::{TextDocumentIdentifier, Uri};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::analysis::{Ask, Scene};
use super::client::{Answer, failed};
use super::server::Server;
use super::texts::{Read, Text};
use super::{formatting, pulled};

/// What a handler gives.
pub(super) type Given<R> = Result<<R as Requested>::Result, ResponseError>;

fn value<R: Requested>(given: Given<R>) -> Answer {
    given.and_then(|given| {
        serde_json::to_value(given)
            .map_err(|error| failed(ErrorCode::InternalError, error.to_string()))
    })
}

fn params<P: DeserializeOwned>(params: Value) -> Result<P, ResponseError> {
    serde_json::from_value(params)
        .map_err(|error| failed(ErrorCode::InvalidParams, error.to_string()))
}

/// The text that a request is about.
fn uri_of(params: &Value) -> Option<Uri> {
    let named = params.get("textDocument").or_else(|| params.get("item"))?;
    let identifier: Result<TextDocumentIdentifier, _> = serde_json::from_value(named.clone());
    identifier.ok().map(|it| it.uri)
}

impl Server {
    pub(super) fn route(&mut self, it: Request) {
        match it.method.as_str() {
            Formatting::METHOD => self.read::<Formatting>(it, formatting::document),
            RangeFormatting::METHOD => self.read::<RangeFormatting>(it, formatting::range),
            OnTypeFormatting::METHOD => self.read::<OnTypeFormatting>(it, formatting::on_type),
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
    fn look<R>(&mut self, it: Request, run: fn(&mut Scene<'_>, R::Params) -> Given<R>)
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
        let run = Box::new(move |scene: &mut Scene<'_>| value::<R>(run(scene, given)));
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
