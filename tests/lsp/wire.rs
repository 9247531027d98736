//! A client that speaks the protocol and nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use infraflux::host::TextCache;
use infraflux::lsp::{Ended, serve};
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// Longer than any answer may take, while other tests have all threads.
const PATIENCE: Duration = Duration::from_secs(900);

/// One side of a connection whose other side is the server.
pub(crate) struct Wire {
    connection: Connection,
    server: Option<std::thread::JoinHandle<Ended>>,
    next: i32,
    /// What was found last, by URI, and the version that it is of.
    pub(crate) found: BTreeMap<String, (Option<i64>, Value)>,
    /// What came unasked and was not looked at yet.
    pub(crate) heard: Vec<(String, Value)>,
    answers: BTreeMap<i32, Result<Value, Value>>,
}

/// What most editors can do.
pub(crate) fn usual() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "window": { "workDoneProgress": false },
        "workspace": {
            "applyEdit": true,
            "workspaceEdit": { "documentChanges": true },
            "workspaceFolders": true,
        },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true, "tagSupport": { "valueSet": [1, 2] } },
            "definition": { "linkSupport": true },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "hover": { "contentFormat": ["markdown"] },
            "completion": { "completionItem": { "snippetSupport": true, "documentationFormat": ["markdown"] } },
            "codeAction": { "dataSupport": true, "resolveSupport": { "properties": ["edit"] } },
        },
    })
}

impl Wire {
    /// Starts a server, and says hello.
    pub(crate) fn start(params: &Value, cache: &Path) -> (Self, Value) {
        let (theirs, ours) = Connection::memory();
        let cache = TextCache::at(cache);
        let server = std::thread::spawn(move || serve(&theirs, cache).expect("the protocol"));
        let mut wire = Self {
            connection: ours,
            server: Some(server),
            next: 0,
            found: BTreeMap::new(),
            heard: Vec::new(),
            answers: BTreeMap::new(),
        };
        let hello = wire.request("initialize", params.clone()).expect("an answer");
        wire.notify("initialized", json!({}));
        (wire, hello)
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        let message = Notification { method: method.to_owned(), params };
        self.connection.sender.send(message.into()).expect("a server");
    }

    /// Sends a request; gives its number.
    pub(crate) fn send(&mut self, method: &str, params: Value) -> i32 {
        self.next += 1;
        let id = RequestId::from(self.next);
        let message = Request { id, method: method.to_owned(), params };
        self.connection.sender.send(message.into()).expect("a server");
        self.next
    }

    /// The answer to a request, or the error.
    pub(crate) fn answer(&mut self, id: i32) -> Result<Value, Value> {
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return answer;
            }
            self.hear();
        }
    }

    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.send(method, params);
        self.answer(id)
    }

    /// Waits until the findings of a version are there.
    pub(crate) fn findings(&mut self, uri: &str, version: i64) -> Value {
        loop {
            match self.found.get(uri) {
                Some((Some(known), found)) if *known >= version => return found.clone(),
                _ => self.hear(),
            }
        }
    }

    fn hear(&mut self) {
        let message = self.connection.receiver.recv_timeout(PATIENCE).expect("an answer in time");
        match message {
            Message::Response(Response { id, response_result }) => {
                let id: i32 = id.to_string().parse().expect("a number of ours");
                let answer = response_result
                    .map_err(|error| json!({ "code": error.code, "message": error.message }));
                self.answers.insert(id, answer);
            }
            Message::Notification(it) if it.method == "textDocument/publishDiagnostics" => {
                let uri = it.params["uri"].as_str().expect("a URI").to_owned();
                let version = it.params["version"].as_i64();
                self.found.insert(uri, (version, it.params["diagnostics"].clone()));
            }
            Message::Notification(it) => self.heard.push((it.method, it.params)),
            Message::Request(it) => {
                let answer = Response::new_ok(it.id, Value::Null);
                self.connection.sender.send(answer.into()).expect("a server");
                self.heard.push((it.method, it.params));
            }
        }
    }

    /// Says goodbye; gives how the server ended.
    pub(crate) fn end(&mut self) -> Option<Ended> {
        let server = self.server.take()?;
        let _ = self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        Some(server.join().expect("no panic"))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.end();
        }
    }
}
