//! What the server does when it is told to.

use std::sync::{Arc, Mutex, PoisonError};

use lsp_server::{ErrorCode, Request, RequestId};
use lsp_types::request::{ExecuteCommand, Request as _, WorkspaceSymbolRequest};
use lsp_types::{
    ExecuteCommandParams, SymbolInformation, TextDocumentPositionParams, WorkspaceSymbolParams,
};
use serde_json::{Value, json};

use super::analysis::{Ask, Scene};
use super::client::{Answer, failed};
use super::outline::kind_of;
use super::requests::params;
use super::server::Server;
use crate::diag::page;
use crate::ide::{self, At};

/// The commands by name.
pub(super) const COMMANDS: [&str; 4] =
    ["iflux.preview", "iflux.explain", "iflux.graph", "iflux.why"];

fn unknown(what: &str) -> lsp_server::ResponseError {
    failed(ErrorCode::InvalidParams, what)
}

/// How many symbols are told at most.
const MOST_SYMBOLS: usize = 1_000;

impl Server {
    pub(super) fn command(&mut self, it: Request) {
        let given: ExecuteCommandParams = match params(it.params) {
            Ok(given) => given,
            Err(error) => return self.client.answer(&it.id, Err(error)),
        };
        let argument = given.arguments.into_iter().next().unwrap_or(Value::Null);
        if given.command == "iflux.explain" {
            let code = argument.as_str().or_else(|| argument["code"].as_str()).unwrap_or("");
            let answer = match page(code) {
                Some(page) => Ok(json!({ "code": page.code, "text": page.text })),
                None => Err(unknown(&format!("no code is called `{code}`"))),
            };
            return self.client.answer(&it.id, answer);
        }
        if !COMMANDS.contains(&given.command.as_str()) {
            let error = unknown(&format!("no command is called `{}`", given.command));
            return self.client.answer(&it.id, Err(error));
        }
        let uri = argument["textDocument"]["uri"].clone();
        let uri = serde_json::from_value(uri).ok();
        let cancelled = self.client.opened(&it.id);
        let command = given.command;
        let token = given.work_done_progress_params.work_done_token;
        let run = Box::new(move |scene: &mut Scene<'_, '_, '_>| {
            let client = scene.place.client.clone();
            let work = token.map(|token| super::client::Work::with(&client, token, &command));
            let answer = match command.as_str() {
                "iflux.preview" => preview(scene, argument),
                "iflux.graph" => Ok(graph(scene, &argument)),
                _ => why(scene, argument),
            };
            drop(work);
            Some(answer)
        });
        let ask = Ask { id: it.id, method: ExecuteCommand::METHOD, cancelled, run };
        let unasked = match uri {
            Some(uri) => self.projects.ask(&uri, ask).err(),
            None => Some(ask),
        };
        if let Some(ask) = unasked {
            let error = unknown("the argument names no open text: { textDocument: { uri } }");
            self.client.answer(&ask.id, Err(error));
        }
    }

    /// Symbols of all projects: the last one that answers answers for all.
    pub(super) fn symbols(&mut self, it: Request) {
        let given: WorkspaceSymbolParams = match params(it.params) {
            Ok(given) => given,
            Err(error) => return self.client.answer(&it.id, Err(error)),
        };
        let cancelled = self.client.opened(&it.id);
        let analyses: Vec<_> = self.projects.analyses().collect();
        if analyses.is_empty() {
            return self.client.answer(&it.id, Ok(json!([])));
        }
        let gathered = Arc::new(Mutex::new((analyses.len(), Vec::new())));
        for analysis in analyses {
            let (gathered, query) = (Arc::clone(&gathered), given.query.clone());
            let run = Box::new(move |scene: &mut Scene<'_, '_, '_>| {
                let own = named(scene, &query);
                let mut gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
                gathered.0 -= 1;
                gathered.1.extend(own);
                (gathered.0 == 0).then(|| Ok(serde_json::to_value(&gathered.1).unwrap_or_default()))
            });
            analysis.tell(super::analysis::Task::Ask(Ask {
                id: RequestId::clone(&it.id),
                method: WorkspaceSymbolRequest::METHOD,
                cancelled: Arc::clone(&cancelled),
                run,
            }));
        }
    }
}

fn named(scene: &Scene<'_, '_, '_>, query: &str) -> Vec<SymbolInformation> {
    let sources = scene.look.sources;
    let mut found = Vec::new();
    for parsed in &scene.look.files {
        let text = sources.get(parsed.file).text();
        for symbol in ide::symbols_named(text, parsed, query) {
            let Some(location) = scene.place.location(sources, symbol.at) else { continue };
            let container = Some(symbol.container).filter(|it| !it.is_empty());
            #[expect(deprecated, reason = "the type has the field still")]
            found.push(SymbolInformation {
                name: symbol.name,
                kind: kind_of(symbol.sort),
                tags: None,
                deprecated: None,
                location,
                container_name: container,
            });
            if found.len() >= MOST_SYMBOLS {
                return found;
            }
        }
    }
    found
}

/// The address that a command is about: it is said, or it is that of the block at a place.
fn address(scene: &Scene<'_, '_, '_>, argument: &Value) -> Option<String> {
    if let Some(address) = argument["address"].as_str() {
        return Some(address.to_owned());
    }
    let at = place(scene, argument)?;
    let names = scene.look.names();
    let around = names.blocks.iter().filter(|block| {
        let info = names.tree(block.tree);
        let span = info.span(info.tree.member(block.member).at);
        span.file == at.file && span.start <= at.offset && at.offset <= span.end
    });
    let block = around.last().filter(|block| !block.is_pattern() && !block.star)?;
    let keyword = scene.look.types().kinds.get(&block.kind)?.keyword;
    Some(format!("{keyword}.{}", block.name))
}

fn place(scene: &Scene<'_, '_, '_>, argument: &Value) -> Option<At> {
    let position: TextDocumentPositionParams = serde_json::from_value(argument.clone()).ok()?;
    scene.at(&position)
}

/// The manifests of a block, and for their lines the places that wrote them.
fn preview(scene: &mut Scene<'_, '_, '_>, argument: Value) -> Answer {
    let Some(address) = address(scene, &argument) else {
        return Err(unknown("no resource stands here"));
    };
    let Some(files) = scene.look.preview(&address) else {
        let what = "nothing is written while the program has errors";
        return Err(failed(ErrorCode::RequestFailed, what));
    };
    let sources = scene.look.sources;
    let files = files.into_iter().map(|file| {
        let lines = file.lines.iter().filter_map(|line| {
            let from = scene.place.location(sources, line.from)?;
            Some(json!({ "line": line.line, "uri": from.uri, "range": from.range }))
        });
        json!({ "path": file.path, "text": scene.secrets.mask(&file.text), "lines": lines.collect::<Vec<_>>() })
    });
    Ok(json!({ "address": address, "files": files.collect::<Vec<_>>() }))
}

fn graph(scene: &mut Scene<'_, '_, '_>, argument: &Value) -> Value {
    let graph = scene.look.graph();
    let format = argument["format"].as_str().unwrap_or("mermaid");
    let text = match format {
        "dot" => graph.to_dot(),
        "json" => graph.to_json(),
        _ => graph.to_mermaid(),
    };
    json!({ "format": format, "text": text })
}

/// Where the value comes from that a member sets, or that a path or line of the output names.
fn why(scene: &mut Scene<'_, '_, '_>, argument: Value) -> Answer {
    let query = argument["query"].as_str().map(str::to_owned).or_else(|| {
        let at = place(scene, &argument)?;
        let uses = ide::Uses::of(scene.look, Some(at.file));
        let holds = |span: crate::source::Span| span.start <= at.offset && at.offset <= span.end;
        let sets = uses.sets.iter().filter(|set| holds(set.at) && !set.path.is_empty());
        let set = sets.min_by_key(|set| set.at.end - set.at.start);
        set.map(|set| set.path.clone()).or_else(|| address(scene, &argument))
    });
    let Some(query) = query else { return Err(unknown("no value stands here")) };
    match scene.look.why(&query) {
        Ok(text) => Ok(json!({ "query": query, "text": scene.secrets.mask(&text) })),
        Err(found) => Err(failed(ErrorCode::RequestFailed, found.title)),
    }
}
