//! The thread that reads what the client sends: it keeps the texts, and hands everything else on, so that nothing waits for long.

use std::path::PathBuf;
use std::sync::Arc;

use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, RequestId};
use lsp_types::notification::{
    Cancel, DidChangeTextDocument, DidChangeWatchedFiles, DidChangeWorkspaceFolders,
    DidCloseTextDocument, DidOpenTextDocument, DidSaveTextDocument, Notification as Notified,
};
use lsp_types::request::RegisterCapability;
use lsp_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, InitializeParams,
    InitializeResult, MessageType, NumberOrString, Registration, RegistrationParams, ServerInfo,
};
use serde::de::DeserializeOwned;

use super::capabilities::capabilities;
use super::client::{Abilities, Client, failed};
use super::documents::{Document, Documents};
use super::guard::caught;
use super::projects::Projects;
use super::texts::Reader;
use super::uris;
use crate::host::TextCache;

/// How a client went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// It said so before.
    Properly,
    /// It was suddenly gone, or left without `shutdown`.
    Suddenly,
}

/// What makes a project other than before: what programs may read, too.
const WATCHED: [&str; 5] = [
    "**/*.iflux",
    "**/iflux.toml",
    "**/{iflux,images}.lock",
    "**/crds.types",
    "**/*.{yaml,yml,json,sh,rego,promql,txt,conf,tmpl}",
];

/// Serves one client until it goes. `cache` is for texts that editors open and that lie on no disk.
///
/// # Errors
/// When the client does not speak the protocol.
pub fn serve(connection: &Connection, cache: TextCache) -> Result<Ended, ProtocolError> {
    let (id, params) = match connection.initialize_start() {
        Ok(start) => start,
        Err(error) if error.channel_is_disconnected() => return Ok(Ended::Suddenly),
        Err(error) => return Err(error),
    };
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let can = Abilities::of(&params.capabilities);
    let result = InitializeResult {
        capabilities: capabilities(can),
        server_info: Some(ServerInfo {
            name: "iflux".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    let result = serde_json::to_value(result).unwrap_or_default();
    connection.initialize_finish(id, result)?;
    let client = Client::new(connection.sender.clone(), can);
    let cache = Arc::new(cache);
    let mut server = Server {
        documents: Documents::default(),
        projects: Projects::new(client.clone(), cache),
        reader: Reader::start(client.clone()),
        client,
    };
    server.begin(&params);
    for message in &connection.receiver {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request)? {
                    return Ok(Ended::Properly);
                }
                server.request(request);
            }
            Message::Notification(notification) if notification.method == "exit" => {
                return Ok(Ended::Suddenly);
            }
            Message::Notification(notification) => server.notification(notification),
            // What the server asks of the client needs no answer but that it is told.
            Message::Response(response) => {
                if let Err(error) = response.response_result {
                    server.client.log(MessageType::LOG, error.message);
                }
            }
        }
    }
    Ok(Ended::Suddenly)
}

pub(super) struct Server {
    pub(super) client: Client,
    pub(super) documents: Documents,
    pub(super) projects: Projects,
    pub(super) reader: Reader,
}

impl Server {
    fn begin(&mut self, params: &InitializeParams) {
        if self.client.can.watches {
            let watchers = WATCHED.map(|pattern| FileSystemWatcher {
                glob_pattern: GlobPattern::String(pattern.to_owned()),
                kind: None,
            });
            let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.into() };
            self.client.ask::<RegisterCapability>(&RegistrationParams {
                registrations: vec![Registration {
                    id: "iflux-files".to_owned(),
                    method: DidChangeWatchedFiles::METHOD.to_owned(),
                    register_options: serde_json::to_value(options).ok(),
                }],
            });
        }
        for folder in folders_of(params) {
            self.projects.add_folder(&folder, &self.documents);
        }
    }

    /// Reads what a message holds; what cannot be read is told, and changes nothing.
    fn params<P: DeserializeOwned>(&self, method: &str, params: serde_json::Value) -> Option<P> {
        match serde_json::from_value(params) {
            Ok(params) => Some(params),
            Err(error) => {
                self.client.log(MessageType::WARNING, format!("{method}: {error}"));
                None
            }
        }
    }

    fn notification(&mut self, it: Notification) {
        let method = it.method.clone();
        if let Err(what) = caught(|| self.notified(it)) {
            self.client.log(MessageType::ERROR, format!("internal error in {method}: {what}"));
        }
    }

    fn notified(&mut self, it: Notification) {
        match it.method.as_str() {
            DidOpenTextDocument::METHOD => self.did_open(it),
            DidChangeTextDocument::METHOD => self.did_change(it),
            DidCloseTextDocument::METHOD => self.did_close(it),
            DidSaveTextDocument::METHOD => self.did_save(it),
            DidChangeWatchedFiles::METHOD => self.did_change_files(it),
            DidChangeWorkspaceFolders::METHOD => self.did_change_folders(it),
            Cancel::METHOD => self.cancel(it),
            _ => {}
        }
    }

    fn did_open(&mut self, it: Notification) {
        type Params = <DidOpenTextDocument as Notified>::Params;
        let Some(params) = self.params::<Params>(DidOpenTextDocument::METHOD, it.params) else {
            return;
        };
        let item = params.text_document;
        let uri = item.uri.clone();
        self.documents.insert(Document::new(item.uri, item.version, item.text));
        self.projects.open(&uri, &self.documents);
    }

    fn did_change(&mut self, it: Notification) {
        type Params = <DidChangeTextDocument as Notified>::Params;
        let Some(params) = self.params::<Params>(DidChangeTextDocument::METHOD, it.params) else {
            return;
        };
        let identifier = params.text_document;
        let Some(document) = self.documents.get_mut(&identifier.uri) else {
            let what = format!("{}: changed, but not open", identifier.uri.as_str());
            self.client.log(MessageType::WARNING, what);
            return;
        };
        let encoding = self.client.can.encoding;
        document.change(identifier.version, params.content_changes, encoding);
        self.projects.changed(&identifier.uri, &self.documents);
    }

    fn did_close(&mut self, it: Notification) {
        type Params = <DidCloseTextDocument as Notified>::Params;
        let Some(params) = self.params::<Params>(DidCloseTextDocument::METHOD, it.params) else {
            return;
        };
        let uri = params.text_document.uri;
        self.documents.remove(&uri);
        self.reader.forget(&uri);
        self.projects.close(&uri, &self.documents);
    }

    fn did_save(&mut self, it: Notification) {
        type Params = <DidSaveTextDocument as Notified>::Params;
        let Some(params) = self.params::<Params>(DidSaveTextDocument::METHOD, it.params) else {
            return;
        };
        // A client that watches files tells of this one, too.
        if let Some(path) =
            uris::path_of(&params.text_document.uri).filter(|_| !self.client.can.watches)
        {
            self.projects.disk_changed(&[path], &self.documents);
        }
    }

    fn did_change_files(&mut self, it: Notification) {
        type Params = <DidChangeWatchedFiles as Notified>::Params;
        let Some(params) = self.params::<Params>(DidChangeWatchedFiles::METHOD, it.params) else {
            return;
        };
        let paths: Vec<PathBuf> =
            params.changes.iter().filter_map(|change| uris::path_of(&change.uri)).collect();
        self.projects.disk_changed(&paths, &self.documents);
    }

    fn did_change_folders(&mut self, it: Notification) {
        type Params = <DidChangeWorkspaceFolders as Notified>::Params;
        let Some(params) = self.params::<Params>(DidChangeWorkspaceFolders::METHOD, it.params)
        else {
            return;
        };
        for folder in params.event.removed.iter().filter_map(|it| uris::path_of(&it.uri)) {
            self.projects.remove_folder(&folder);
        }
        for folder in params.event.added.iter().filter_map(|it| uris::path_of(&it.uri)) {
            self.projects.add_folder(&folder, &self.documents);
        }
    }

    fn cancel(&self, it: Notification) {
        type Params = <Cancel as Notified>::Params;
        let Some(params) = self.params::<Params>(Cancel::METHOD, it.params) else { return };
        let id = match params.id {
            NumberOrString::Number(id) => RequestId::from(id),
            NumberOrString::String(id) => RequestId::from(id),
        };
        self.client.cancel(&id);
    }

    fn request(&mut self, request: Request) {
        let (id, method) = (request.id.clone(), request.method.clone());
        self.client.opened(&id);
        if let Err(what) = caught(|| self.route(request)) {
            self.client.log(MessageType::ERROR, format!("internal error in {method}: {what}"));
            let error = failed(ErrorCode::InternalError, format!("internal error: {what}"));
            self.client.answer(&id, Err(error));
        }
    }
}

/// The folders of the workspace, as newer and older clients tell them.
fn folders_of(params: &InitializeParams) -> Vec<PathBuf> {
    if let Some(folders) = params.workspace_folders.as_ref().filter(|it| !it.is_empty()) {
        return folders.iter().filter_map(|folder| uris::path_of(&folder.uri)).collect();
    }
    #[expect(deprecated, reason = "older clients name one folder only")]
    let root = params.root_uri.as_ref();
    root.and_then(uris::path_of).into_iter().collect()
}
