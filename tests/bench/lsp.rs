//! What typing costs: from a keystroke to findings and to proposals, in projects of 1,000 and 10,000 resources, and what is kept in memory.
//!
//! `cargo bench -- --lsp` measures; it is apart from the rest, since it counts single keystrokes and not means.

use std::path::Path;
use std::time::{Duration, Instant};

use infraflux::host::TextCache;
use infraflux::lsp::serve;
use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};

use crate::platform::platform;

/// What is typed, letter by letter, into a cluster's block: broken most of the time.
const TYPED: &str = "  labels { team = \"payments\", tier = \"gold\" }\n";

struct Client {
    connection: Connection,
    next: i32,
    version: i64,
    uri: String,
}

impl Client {
    fn notify(&self, method: &str, params: Value) {
        let message = Notification { method: method.to_owned(), params };
        let _ = self.connection.sender.send(message.into());
    }

    fn send(&mut self, method: &str, params: Value) -> i32 {
        self.next += 1;
        let message = Request { id: self.next.into(), method: method.to_owned(), params };
        let _ = self.connection.sender.send(message.into());
        self.next
    }

    /// Waits for the answer to a request.
    fn answer(&self, id: i32) {
        for message in &self.connection.receiver {
            if matches!(&message, Message::Response(it) if it.id == id.into()) {
                return;
            }
        }
    }

    /// Waits for the findings of the version that was sent last.
    fn findings(&self) {
        for message in &self.connection.receiver {
            if let Message::Notification(it) = message
                && it.method == "textDocument/publishDiagnostics"
                && it.params.get("uri").and_then(Value::as_str) == Some(self.uri.as_str())
                && it.params.get("version").and_then(Value::as_i64) >= Some(self.version)
            {
                return;
            }
        }
    }

    /// Puts a text at a place, and takes away as much as is said.
    fn edit(&mut self, line: usize, column: usize, taken: usize, text: &str) {
        self.version += 1;
        let start = json!({ "line": line, "character": column });
        let end = json!({ "line": line, "character": column + taken });
        let change = json!({ "range": { "start": start, "end": end }, "text": text });
        let document = json!({ "uri": self.uri, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        self.notify("textDocument/didChange", params);
    }
}

/// Starts a server over a project, and opens one of its files. Gives the line below the first block's head.
fn start(root: &Path, cache: &Path, clusters: usize) -> Option<(Client, usize)> {
    let mut files = platform(clusters);
    files.push(("iflux.toml".to_owned(), "[project]\nname = \"bench\"\n".to_owned()));
    for (path, text) in &files {
        let path = root.join(path);
        #[expect(clippy::disallowed_methods, reason = "a bench writes its own project")]
        let written = path
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(&path, text));
        written.ok()?;
    }
    let (_, text) = files.iter().find(|(path, _)| path.starts_with("clusters/"))?;
    let line = text.lines().position(|line| line.starts_with("cluster "))? + 1;
    let (theirs, ours) = Connection::memory();
    let cache = TextCache::at(cache);
    std::thread::spawn(move || serve(&theirs, cache));
    let uri = format!("file://{}/clusters/part-00000.iflux", root.display());
    let mut client = Client { connection: ours, next: 0, version: 1, uri };
    let folder = json!({ "uri": format!("file://{}", root.display()), "name": "bench" });
    let id = client.send("initialize", json!({ "capabilities": {}, "workspaceFolders": [folder] }));
    client.answer(id);
    client.notify("initialized", json!({}));
    let item = json!({ "uri": client.uri, "languageId": "iflux", "version": 1, "text": text });
    client.notify("textDocument/didOpen", json!({ "textDocument": item }));
    client.findings();
    Some((client, line))
}

#[expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]
fn now() -> Instant {
    Instant::now()
}

/// What the process holds, in MiB.
fn held() -> f64 {
    #[expect(clippy::disallowed_methods, reason = "a bench asks the system what it uses")]
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    number.unwrap_or(0.0) / 1024.0
}

/// Median and 99th percentile, in milliseconds.
fn shown(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: usize| {
        let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
        times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    format!("median {:.1} ms, 99th percentile {:.1} ms", at(50), at(99))
}

#[expect(clippy::print_stdout, reason = "a bench reports to people")]
fn latency(clusters: usize, rounds: usize) {
    let (Ok(root), Ok(cache)) = (tempfile::tempdir(), tempfile::tempdir()) else { return };
    let Some(path) = real(root.path()) else { return };
    let before = now();
    let Some((mut client, line)) = start(&path, cache.path(), clusters) else { return };
    println!(
        "{} resources: first findings after {} ms",
        clusters * 2,
        before.elapsed().as_millis()
    );
    let (mut findings, mut proposals) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (mut row, mut column) = (line, 0);
        for letter in TYPED.chars() {
            let typed = now();
            client.edit(row, column, 0, letter.encode_utf8(&mut [0; 4]));
            (row, column) = if letter == '\n' { (row + 1, 0) } else { (row, column + 1) };
            let position = json!({ "line": row, "character": column });
            let document = json!({ "uri": client.uri });
            let params = json!({ "textDocument": document, "position": position });
            let id = client.send("textDocument/completion", params);
            client.findings();
            findings.push(typed.elapsed());
            client.answer(id);
            proposals.push(typed.elapsed());
        }
        // The line goes again, as a whole.
        client.version += 1;
        let range = json!({
            "start": { "line": line, "character": 0 }, "end": { "line": line + 1, "character": 0 },
        });
        let document = json!({ "uri": client.uri, "version": client.version });
        let changes = json!([{ "range": range, "text": "" }]);
        let params = json!({ "textDocument": document, "contentChanges": changes });
        client.notify("textDocument/didChange", params);
        client.findings();
    }
    println!("  keystroke to findings:  {}", shown(findings));
    println!("  keystroke to proposals: {}", shown(proposals));
}

#[expect(clippy::print_stdout, reason = "a bench reports to people")]
fn memory(clusters: usize) {
    let (Ok(root), Ok(cache)) = (tempfile::tempdir(), tempfile::tempdir()) else { return };
    let Some(path) = real(root.path()) else { return };
    let Some((mut client, line)) = start(&path, cache.path(), clusters) else { return };
    let mut early = 0.0;
    for edit in 1..=10_000_usize {
        // A name that was never written before, each time: interned names stay.
        let text = format!("{edit:05}");
        if edit == 1 {
            client.edit(line, 0, 0, "  labels { team = \"t00000\" }\n");
            client.findings();
        }
        client.edit(line, 20, 5, &text);
        client.findings();
        if edit == 100 {
            early = held();
        }
    }
    let late = held();
    println!(
        "{} resources: {early:.1} MiB after 100 edits, {late:.1} MiB after 10,000: {:+.1} %",
        clusters * 2,
        (late / early - 1.0) * 100.0
    );
}

#[expect(clippy::disallowed_methods, reason = "URIs name real paths")]
fn real(path: &Path) -> Option<std::path::PathBuf> {
    path.canonicalize().ok()
}

pub(super) fn measure() {
    latency(500, 4);
    latency(5_000, 1);
    memory(10);
}
