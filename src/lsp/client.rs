//! What the server says unasked, and what it knows of who listens.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::Sender;
use lsp_server::{ErrorCode, Message, RequestId, Response, ResponseError};
use lsp_types::notification::{LogMessage, Notification, Progress};
use lsp_types::request::{Request, WorkDoneProgressCreate};
use lsp_types::{
    ClientCapabilities, LogMessageParams, MessageType, ProgressParams, ProgressParamsValue,
    ProgressToken, WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressCreateParams,
    WorkDoneProgressEnd,
};
use serde_json::Value;

use super::positions::Encoding;

/// What a request gets.
pub(super) type Answer = Result<Value, ResponseError>;

/// What the client can do, where it matters.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that the protocol tells apart"
)]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Abilities {
    pub(super) encoding: Encoding,
    /// Asks for findings, and can be told to ask again.
    pub(super) pulls: bool,
    pub(super) related: bool,
    pub(super) snippets: bool,
    pub(super) progress: bool,
    pub(super) watches: bool,
    pub(super) refreshes_hints: bool,
    pub(super) refreshes_lenses: bool,
    pub(super) location_links: bool,
    pub(super) nested_symbols: bool,
    /// Asks for an action's edits when it is chosen.
    pub(super) resolves_actions: bool,
    /// Edits may name the version of the text that they are made for.
    pub(super) versioned_edits: bool,
    pub(super) markdown: bool,
}

impl Abilities {
    pub(super) fn of(client: &ClientCapabilities) -> Self {
        let text = client.text_document.as_ref();
        let workspace = client.workspace.as_ref();
        let general = client.general.as_ref();
        let offered = general.and_then(|it| it.position_encodings.as_deref());
        let yes = |it: Option<bool>| it.unwrap_or(false);
        let refreshes = workspace.and_then(|it| it.diagnostic.as_ref());
        let refreshes = yes(refreshes.and_then(|it| it.refresh_support));
        let published = text.and_then(|it| it.publish_diagnostics.as_ref());
        let item = text.and_then(|it| it.completion.as_ref());
        let item = item.and_then(|it| it.completion_item.as_ref());
        let watches = workspace.and_then(|it| it.did_change_watched_files.as_ref());
        let hints = workspace.and_then(|it| it.inlay_hint.as_ref());
        let lenses = workspace.and_then(|it| it.code_lens.as_ref());
        let definition = text.and_then(|it| it.definition.as_ref());
        let symbols = text.and_then(|it| it.document_symbol.as_ref());
        let actions = text.and_then(|it| it.code_action.as_ref());
        let resolves = actions.and_then(|it| it.resolve_support.as_ref());
        let hover = text.and_then(|it| it.hover.as_ref());
        let formats = hover.and_then(|it| it.content_format.as_ref());
        Self {
            encoding: Encoding::among(offered),
            pulls: text.is_some_and(|it| it.diagnostic.is_some()) && refreshes,
            related: yes(published.and_then(|it| it.related_information)),
            snippets: yes(item.and_then(|it| it.snippet_support)),
            progress: yes(client.window.as_ref().and_then(|it| it.work_done_progress)),
            watches: yes(watches.and_then(|it| it.dynamic_registration)),
            refreshes_hints: yes(hints.and_then(|it| it.refresh_support)),
            refreshes_lenses: yes(lenses.and_then(|it| it.refresh_support)),
            location_links: yes(definition.and_then(|it| it.link_support)),
            nested_symbols: yes(symbols.and_then(|it| it.hierarchical_document_symbol_support)),
            resolves_actions: actions.is_some_and(|it| it.data_support == Some(true))
                && resolves.is_some_and(|it| it.properties.iter().any(|it| it == "edit")),
            versioned_edits: yes(workspace
                .and_then(|it| it.workspace_edit.as_ref())
                .and_then(|it| it.document_changes)),
            markdown: formats.is_none_or(|it| it.contains(&lsp_types::MarkupKind::Markdown)),
        }
    }
}

/// The other side.
#[derive(Clone, Debug)]
pub(super) struct Client {
    sender: Sender<Message>,
    next: Arc<AtomicI32>,
    /// Requests that were not answered yet, and whether they are still wanted.
    open: Arc<Mutex<BTreeMap<RequestId, Arc<AtomicBool>>>>,
    pub(super) can: Abilities,
}

impl Client {
    pub(super) fn new(sender: Sender<Message>, can: Abilities) -> Self {
        Self { sender, next: Arc::default(), open: Arc::default(), can }
    }

    fn send(&self, message: Message) {
        // A client that went away hears nothing.
        let _ = self.sender.send(message);
    }

    pub(super) fn notify<N: Notification>(&self, params: &N::Params) {
        let params = serde_json::to_value(params).unwrap_or_default();
        let method = N::METHOD.to_owned();
        self.send(Message::Notification(lsp_server::Notification { method, params }));
    }

    /// Asks for something; nothing waits for the answer.
    pub(super) fn ask<R: Request>(&self, params: &R::Params) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let params = serde_json::to_value(params).unwrap_or_default();
        let (id, method) = (RequestId::from(format!("iflux-{id}")), R::METHOD.to_owned());
        self.send(Message::Request(lsp_server::Request { id, method, params }));
    }

    pub(super) fn log(&self, typ: MessageType, message: impl Into<String>) {
        self.notify::<LogMessage>(&LogMessageParams { typ, message: message.into() });
    }

    /// A request came; the flag says later whether it is still wanted.
    pub(super) fn opened(&self, id: &RequestId) -> Arc<AtomicBool> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(open.entry(id.clone()).or_default())
    }

    /// A request is no longer wanted: it is answered at once, and what still works on it for nothing sees the flag.
    pub(super) fn cancel(&self, id: &RequestId) {
        let flag = {
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.get(id).cloned()
        };
        if let Some(flag) = flag {
            flag.store(true, Ordering::Relaxed);
            self.answer(id, Err(failed(ErrorCode::RequestCanceled, "cancelled by the client")));
        }
    }

    /// Answers a request, unless it was answered already.
    pub(super) fn answer(&self, id: &RequestId, answer: Answer) {
        let was_open = {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.remove(id).is_some()
        };
        if was_open {
            self.send(Message::Response(Response { id: id.clone(), response_result: answer }));
        }
    }
}

/// An error as an answer.
pub(super) fn failed(code: ErrorCode, message: impl Into<String>) -> ResponseError {
    ResponseError { code: code as i32, message: message.into(), data: None }
}

/// Work that takes long enough to be shown; it ends when it is dropped.
pub(super) struct Work<'a> {
    client: &'a Client,
    token: ProgressToken,
}

impl<'a> Work<'a> {
    /// Work of the server's own, where the client can show it.
    pub(super) fn begin(client: &'a Client, title: &str) -> Option<Self> {
        if !client.can.progress {
            return None;
        }
        let number = client.next.fetch_add(1, Ordering::Relaxed);
        let token = ProgressToken::String(format!("iflux-work-{number}"));
        client
            .ask::<WorkDoneProgressCreate>(&WorkDoneProgressCreateParams { token: token.clone() });
        Some(Self::with(client, token, title))
    }

    /// Work for a request that brought a token.
    pub(super) fn with(client: &'a Client, token: ProgressToken, title: &str) -> Self {
        let work = Self { client, token };
        work.tell(WorkDoneProgress::Begin(WorkDoneProgressBegin {
            title: title.to_owned(),
            cancellable: Some(false),
            message: None,
            percentage: None,
        }));
        work
    }

    fn tell(&self, what: WorkDoneProgress) {
        let value = ProgressParamsValue::WorkDone(what);
        self.client.notify::<Progress>(&ProgressParams { token: self.token.clone(), value });
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        self.tell(WorkDoneProgress::End(WorkDoneProgressEnd { message: None }));
    }
}
