//! A client that plays sessions.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::shown::shown;
use super::wire::{Wire, usual};

/// A folder, a server, and the texts that are open.
pub(crate) struct Session {
    folder: TempDir,
    cache: TempDir,
    wire: Option<Wire>,
    open: BTreeMap<String, (i64, String)>,
    /// Whether it asks for findings.
    pulls: bool,
    /// Whether it counts bytes.
    bytes: bool,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            cache: tempfile::tempdir().expect("a folder"),
            wire: None,
            open: BTreeMap::new(),
            pulls: false,
            bytes: false,
        }
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        std::fs::write(&path, text).expect("a file that can be written");
    }

    fn uri(&self, file: &str) -> String {
        if file.contains(':') {
            return file.to_owned();
        }
        let folder = self.folder.path().canonicalize().expect("a folder");
        format!("file://{}/{file}", folder.display())
    }

    /// What is the same on every machine.
    fn clean(&self, text: &str) -> String {
        let folder = self.folder.path().canonicalize().expect("a folder").display().to_string();
        let cache = self.cache.path().canonicalize().expect("a folder").display().to_string();
        text.replace(&format!("file://{folder}/"), "")
            .replace(&format!("file://{cache}/"), "cache:")
            .replace(&folder, "FOLDER")
            .replace(&cache, "CACHE")
    }

    fn wire(&mut self) -> &mut Wire {
        if self.wire.is_none() {
            let params = json!({ "capabilities": usual() });
            self.start(params);
        }
        self.wire.as_mut().expect("a server")
    }

    fn start(&mut self, mut params: Value) -> Value {
        let root = self.uri("");
        let root = root.trim_end_matches('/');
        if params.get("workspaceFolders").is_none() {
            params["workspaceFolders"] = json!([{ "uri": root, "name": "work" }]);
        } else {
            for folder in params["workspaceFolders"].as_array_mut().expect("folders") {
                let name = folder.as_str().expect("a folder").to_owned();
                *folder = json!({ "uri": format!("{root}/{name}"), "name": name });
            }
        }
        let (wire, hello) = Wire::start(&params, self.cache.path());
        self.wire = Some(wire);
        self.pulls = !hello["capabilities"]["diagnosticProvider"].is_null();
        self.bytes = hello["capabilities"]["positionEncoding"] == "utf-8";
        hello
    }

    /// Does what a line says; gives what is to be seen.
    pub(crate) fn play(&mut self, line: &str) -> String {
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (file, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let seen = match command {
            "start" => {
                let extra: Value = serde_json::from_str(&format!("{file} {rest}")).expect("JSON");
                let mut params = json!({ "capabilities": usual() });
                merge(&mut params, extra);
                let hello = self.start(params);
                shown(&json!({
                    "counts in": hello["capabilities"]["positionEncoding"],
                    "findings are": if self.pulls { "pulled" } else { "pushed" },
                }))
            }
            "capabilities" => {
                let hello = self.start(json!({ "capabilities": usual() }));
                shown(&hello)
            }
            "open" => self.open(file),
            "type" => {
                let (at, rest) = self.place(file, rest);
                let text: String = serde_json::from_str(rest.trim()).expect("a text in quotes");
                self.edit(file, at, at, &text)
            }
            "replace" => {
                let mut texts = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                let mut next = || texts.next().expect("two texts").expect("in quotes");
                let (old, new) = (next(), next());
                let start = self.text(file).find(&old).unwrap_or_else(|| panic!("no `{old}`"));
                self.edit(file, start, start + old.len(), &new)
            }
            "close" => {
                let uri = self.uri(file);
                self.open.remove(file);
                let params = json!({ "textDocument": { "uri": uri } });
                self.wire().notify("textDocument/didClose", params);
                String::new()
            }
            "save" => {
                let text = self.text(file);
                self.write(file, &text);
                let params = json!({ "textDocument": { "uri": self.uri(file) } });
                self.wire().notify("textDocument/didSave", params);
                String::new()
            }
            "write" => {
                self.write(file, &serde_json::from_str::<String>(rest).expect("a text in quotes"));
                self.disk_changed(file)
            }
            "remove" => {
                std::fs::remove_file(self.folder.path().join(file)).expect("a file");
                self.disk_changed(file)
            }
            "findings" => self.findings(file),
            "text" => self.text(file),
            "heard" => {
                let heard = std::mem::take(&mut self.wire().heard);
                let lines = heard.into_iter().map(|(method, params)| json!({ method: params }));
                shown(&Value::Array(lines.collect()))
            }
            "cancelled" => {
                let (at, _) = self.place(file, rest);
                let params = self.at(file, at);
                let wire = self.wire();
                let id = wire.send("textDocument/hover", params);
                wire.notify("$/cancelRequest", json!({ "id": id }));
                let answer = wire.answer(id).unwrap_or_else(|error| error);
                shown(&answer)
            }
            "end" => format!("{:?}\n", self.wire().end().expect("a server")),
            "request" => {
                let mut params: Value = if rest.is_empty() {
                    Value::Null
                } else {
                    serde_json::from_str(rest).expect("JSON")
                };
                self.name_files(&mut params);
                let answer = self.wire().request(file, params).unwrap_or_else(|error| error);
                shown(&answer)
            }
            _ => self.ask(command, file, rest),
        };
        self.clean(&seen)
    }

    fn text(&self, file: &str) -> String {
        self.open.get(file).unwrap_or_else(|| panic!("{file} is not open")).1.clone()
    }

    /// A place in a text (```some|where```), and what follows it.
    fn place<'a>(&self, file: &str, rest: &'a str) -> (usize, &'a str) {
        let rest = rest.trim_start();
        let Some(snippet) = rest.strip_prefix('`') else { return (0, rest) };
        let (snippet, rest) = snippet.split_once('`').expect("a closing backtick");
        let snippet = snippet.replace("\\n", "\n");
        let (before, after) = snippet.split_once('|').expect("a mark");
        let at = self.text(file).find(&format!("{before}{after}"));
        (at.unwrap_or_else(|| panic!("no `{before}{after}` in {file}")) + before.len(), rest)
    }

    fn position(&self, file: &str, at: usize) -> Value {
        let text = self.text(file);
        let before = &text[..at];
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column =
            if self.bytes { before[start..].len() } else { before[start..].encode_utf16().count() };
        json!({ "line": line, "character": column })
    }

    fn at(&self, file: &str, at: usize) -> Value {
        let position = self.position(file, at);
        json!({ "textDocument": { "uri": self.uri(file) }, "position": position })
    }

    fn open(&mut self, file: &str) -> String {
        let text = std::fs::read_to_string(self.folder.path().join(file)).unwrap_or_default();
        let uri = self.uri(file);
        self.open.insert(file.to_owned(), (1, text.clone()));
        let item = json!({ "uri": uri, "languageId": "iflux", "version": 1, "text": text });
        self.wire().notify("textDocument/didOpen", json!({ "textDocument": item }));
        self.findings(file)
    }

    fn edit(&mut self, file: &str, start: usize, end: usize, new: &str) -> String {
        let range = json!({ "start": self.position(file, start), "end": self.position(file, end) });
        let uri = self.uri(file);
        let (version, text) = self.open.get_mut(file).expect("an open text");
        text.replace_range(start..end, new);
        *version += 1;
        let params = json!({
            "textDocument": { "uri": uri, "version": *version },
            "contentChanges": [{ "range": range, "text": new }],
        });
        self.wire().notify("textDocument/didChange", params);
        self.findings(file)
    }

    fn findings(&mut self, file: &str) -> String {
        let uri = self.uri(file);
        if !self.pulls && !self.open.contains_key(file) {
            // What was found comes before the answer to a later question.
            if let Some(open) = self.open.keys().next().cloned() {
                let params = json!({ "textDocument": { "uri": self.uri(&open) } });
                let _ = self.wire().request("textDocument/documentLink", params);
            }
        }
        let version = self.open.get(file).map(|(version, _)| *version);
        let found = if self.pulls {
            let params = json!({ "textDocument": { "uri": uri } });
            let report = self.wire().request("textDocument/diagnostic", params);
            report.unwrap_or_else(|error| error)["items"].clone()
        } else if let Some(version) = version {
            self.wire().findings(&uri, version)
        } else {
            self.wire().found.get(&uri).map_or(Value::Null, |(_, found)| found.clone())
        };
        shown(&found)
    }

    fn disk_changed(&mut self, file: &str) -> String {
        let change = json!({ "uri": self.uri(file), "type": 2 });
        let params = json!({ "changes": [change] });
        self.wire().notify("workspace/didChangeWatchedFiles", params);
        String::new()
    }

    /// File names in parameters, as URIs.
    fn name_files(&self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    match field.as_str() {
                        Some(file) if name == "uri" => *field = json!(self.uri(file)),
                        _ => self.name_files(field),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.name_files(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// A request with a place. `apply-` before its name makes the edits that come back.
    fn ask(&mut self, command: &str, file: &str, rest: &str) -> String {
        let (at, rest) = self.place(file, rest);
        let (to, rest) =
            if rest.trim_start().starts_with('`') { self.place(file, rest) } else { (at, rest) };
        let name = command.strip_prefix("apply-").unwrap_or(command);
        let method = match name {
            "format" => "formatting",
            "format-range" => "rangeFormatting",
            "format-typed" => "onTypeFormatting",
            "symbols" => "documentSymbol",
            "tokens" => "semanticTokens/full",
            other => other,
        };
        let mut params = self.at(file, at);
        let range = json!({ "start": self.position(file, at), "end": self.position(file, to) });
        params["range"] = range;
        params["options"] = json!({ "tabSize": 2, "insertSpaces": true });
        if !rest.trim().is_empty() {
            merge(&mut params, serde_json::from_str(rest.trim()).expect("JSON"));
        }
        let answer = self.wire().request(&format!("textDocument/{method}"), params);
        let answer = answer.unwrap_or_else(|error| error);
        if command.starts_with("apply-") {
            self.apply(file, &answer);
            return self.text(file);
        }
        match name {
            "tokens" => tokens_of(&self.text(file), &answer["data"]),
            "completion" => listed(&answer),
            _ => shown(&answer),
        }
    }

    /// Makes edits, and tells the server.
    fn apply(&mut self, file: &str, edits: &Value) {
        let mut text = self.text(file);
        let offset = |text: &str, position: &Value| {
            let line = usize::try_from(position["line"].as_u64().expect("a line")).expect("small");
            let column = position["character"].as_u64().expect("a column");
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let mut width = 0;
            let mut letters = text[start..].char_indices();
            let found = letters.find(|(_, letter)| {
                let before = width;
                width += letter.len_utf16() as u64;
                before >= column
            });
            found.map_or(text.len(), |(at, _)| start + at)
        };
        for edit in edits.as_array().into_iter().flatten().rev() {
            let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
            let (start, end) = (offset(&text, start), offset(&text, end));
            text.replace_range(start..end, edit["newText"].as_str().expect("a text"));
        }
        let end = self.text(file).len();
        self.edit(file, 0, end, &text);
    }
}

/// Proposals, a line each: what is listed, its type, and what is put there if that is more. The first twenty.
fn listed(answer: &Value) -> String {
    let items: Vec<&Value> = answer.as_array().into_iter().flatten().collect();
    let mut out = String::new();
    for item in items.iter().take(20) {
        let text = |name: &str| item[name].as_str().unwrap_or("").to_owned();
        let new = item["textEdit"]["newText"].as_str().unwrap_or("").replace('\n', "\\n");
        let insert = if new == text("label") { String::new() } else { format!(" => {new}") };
        out.push_str(format!("{} [{}]{insert}", text("label"), text("detail")).trim_end());
        out.push('\n');
    }
    if items.len() > 20 {
        out.push_str(&format!("and {} more\n", items.len() - 20));
    }
    if items.is_empty() {
        out.push_str("none\n");
    }
    out
}

/// Tokens, a line of the text each: `word:type`.
fn tokens_of(text: &str, data: &Value) -> String {
    const NAMES: [&str; 14] = [
        "namespace",
        "type",
        "class",
        "parameter",
        "variable",
        "property",
        "function",
        "keyword",
        "modifier",
        "comment",
        "string",
        "number",
        "regexp",
        "operator",
    ];
    let lines: Vec<&str> = text.lines().collect();
    let numbers: Vec<usize> = data
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| usize::try_from(it.as_u64().expect("a number")).expect("small"))
        .collect();
    let (mut line, mut column) = (0, 0);
    let mut out = String::new();
    for token in numbers.chunks(5) {
        if token[0] > 0 && !out.is_empty() {
            out.push('\n');
        }
        column = if token[0] > 0 { token[1] } else { column + token[1] };
        line += token[0];
        let units: Vec<u16> = lines[line].encode_utf16().collect();
        let word = String::from_utf16_lossy(&units[column..column + token[2]]);
        let declares = if token[4] > 0 { "!" } else { "" };
        out.push_str(&format!("{word}:{}{declares} ", NAMES[token[3]]));
    }
    out.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Puts the fields of one value into another.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}
