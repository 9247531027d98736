//! Imports to scopes of files.

use super::errors;
use super::names::{FileScope, ModuleId, Names, TreeId};
use crate::diag::{Sink, nearest};
use crate::source::Sym;
use crate::syntax::MemberKind;

/// Links the imports of every file. Call when all modules are filled.
pub(super) fn link(names: &mut Names, sink: &mut Sink) {
    let mut scopes = std::mem::take(&mut names.scopes);
    for index in 0..names.trees.len() {
        let id = TreeId(u32::try_from(index).unwrap_or(u32::MAX));
        let info = names.tree(id).clone();
        for &item in &info.tree.items {
            let member = info.tree.member(item);
            let MemberKind::Import { up, path, picks, alias } = member.kind else { continue };
            let segments: Vec<&str> =
                info.tree.names_of(path).iter().map(|name| name.sym.as_str()).collect();
            let written = info.tree.names_of(path);
            let at = match (written.first(), written.last()) {
                (Some(first), Some(last)) => info.span(first.at.to(last.at)),
                _ => info.span(member.at),
            };
            let wanted = target(&names.module(info.module).path, up, &segments);
            let Some(module) = find(names, &wanted) else {
                let known: Vec<&str> = names
                    .modules
                    .iter()
                    .map(|module| module.path.as_str())
                    .filter(|path| !path.is_empty() && (up == 0) == path.starts_with("std"))
                    .collect();
                let near = nearest(&wanted, known.iter().copied());
                sink.report(errors::unknown_module(&wanted, at, near));
                let scope: &mut FileScope = scopes.entry(info.file).or_default();
                let last = written.last().copied();
                match picks {
                    Some(picks) => {
                        let picks = info.tree.picks_of(picks).iter();
                        scope.missing.extend(picks.map(|pick| pick.alias.unwrap_or(pick.name).sym));
                    }
                    None => scope.missing.extend(alias.or(last).map(|name| name.sym)),
                }
                continue;
            };
            let scope: &mut FileScope = scopes.entry(info.file).or_default();
            match picks {
                Some(picks) => {
                    for pick in info.tree.picks_of(picks) {
                        let defs = &names.module(module).defs;
                        match defs.get(&pick.name.sym).copied() {
                            Some(def) if !names.def(def).private => {
                                let here = pick.alias.unwrap_or(pick.name).sym;
                                scope.picked.insert(here, def);
                            }
                            _ => {
                                let word = pick.name.sym.as_str();
                                let mut known: Vec<&str> =
                                    defs.keys().map(|name| name.as_str()).collect();
                                known.sort_unstable();
                                let near = nearest(word, known);
                                let at = info.span(pick.name.at);
                                scope.missing.insert(pick.alias.unwrap_or(pick.name).sym);
                                sink.report(errors::unknown_pick(word, &wanted, at, near));
                            }
                        }
                    }
                }
                None => {
                    let last = segments.last().map_or(Sym::EMPTY, |last| Sym::new(last));
                    scope.modules.insert(alias.map_or(last, |name| name.sym), module);
                }
            }
        }
    }
    names.scopes = scopes;
}

/// The module path that an import means.
fn target(from: &str, up: u32, segments: &[&str]) -> String {
    if up == 0 {
        return segments.join(".");
    }
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for _ in 1..up {
        parts.pop();
    }
    parts.extend(segments);
    parts.join("/")
}

fn find(names: &Names, path: &str) -> Option<ModuleId> {
    names
        .modules
        .iter()
        .position(|module| module.path == path)
        .map(|index| ModuleId(u32::try_from(index).unwrap_or(u32::MAX)))
}
