//! Imports to scopes of files.

use rustc_hash::FxHashMap;

use super::cycles::{self, Edge};
use super::errors;
use super::keyword::keyword;
use super::names::{DefKind, FileScope, LIBRARY, Module, ModuleId, Names, TreeId};
use crate::diag::{Sink, nearest};
use crate::source::{Extent, FileId, Span, Sym};
use crate::syntax::{MemberId, MemberKind, Name, Pick, Slice};

/// Links the imports of every file. Call when all modules are filled.
pub(super) fn link(names: &mut Names, sink: &mut Sink) {
    let mut by_path = FxHashMap::default();
    for (module, number) in names.modules.iter().zip(0..) {
        by_path.entry((module.package, module.path.clone())).or_insert(ModuleId(number));
    }
    let mut cx = Link {
        names,
        sink,
        by_path,
        scopes: FxHashMap::default(),
        taken: FxHashMap::default(),
        edges: Vec::new(),
    };
    for index in 0..cx.names.trees.len() {
        let tree = TreeId(u32::try_from(index).unwrap_or(u32::MAX));
        for &item in &cx.names.tree(tree).tree.items {
            cx.import(tree, item);
        }
    }
    let (scopes, edges) = (cx.scopes, cx.edges);
    cycles::report(names, &edges, sink);
    names.scopes = scopes;
    kinds(names, sink);
    // They were refused; nothing more is to be said of them.
    let mut blocks = std::mem::take(&mut names.blocks);
    blocks.retain(|block| block.component.is_some() || !names.module(block.module).is_dependency());
    names.blocks = blocks;
}

struct Link<'a> {
    names: &'a Names,
    sink: &'a mut Sink,
    by_path: FxHashMap<(Sym, String), ModuleId>,
    scopes: FxHashMap<FileId, FileScope>,
    /// Where a file's imports gave a name first.
    taken: FxHashMap<(FileId, Sym), Span>,
    edges: Vec<Edge>,
}

/// What the path of an import leads to.
enum Target {
    Module(ModuleId),
    /// Nothing, and it was said.
    Reported,
}

impl Link<'_> {
    fn import(&mut self, tree: TreeId, item: MemberId) {
        let names = self.names;
        let info = names.tree(tree);
        let member = info.tree.member(item);
        let MemberKind::Import { up, path, picks, alias } = member.kind else { return };
        let target = self.target(tree, member.at, up, path);
        let picks: Option<&[Pick]> = picks.map(|picks| info.tree.picks_of(picks));
        let last = info.tree.names_of(path).last().copied();
        let Target::Module(module) = target else {
            let missing = &mut self.scopes.entry(info.file).or_default().missing;
            match picks {
                Some(picks) => missing.extend(picks.iter().map(|pick| here(*pick).sym)),
                None => missing.extend(alias.or(last).map(|name| name.sym)),
            }
            return;
        };
        match picks {
            Some(picks) => {
                for pick in picks {
                    self.pick(tree, module, *pick);
                }
            }
            None => {
                let Some(name) = alias.or(last) else { return };
                if self.claim(tree, name, true) {
                    let scope = self.scopes.entry(info.file).or_default();
                    scope.modules.insert(name.sym, module);
                }
            }
        }
    }

    fn pick(&mut self, tree: TreeId, module: ModuleId, pick: Pick) {
        let names = self.names;
        let info = names.tree(tree);
        let at = info.span(pick.name.at);
        let (from, name) = (names.module(module), here(pick));
        let found = from.defs.get(&pick.name.sym).map(|id| (*id, names.def(*id)));
        match found {
            Some((id, def)) if !def.private || info.module == module => {
                if self.claim(tree, name, false) {
                    let scope = self.scopes.entry(info.file).or_default();
                    scope.picked.insert(name.sym, id);
                    scope.brought.insert(id);
                }
                return;
            }
            Some((_, def)) => {
                self.sink.report(errors::private(pick.name.sym.as_str(), at, def.at));
            }
            None => {
                let mut known: Vec<&str> = (from.defs.iter())
                    .filter(|(_, def)| !names.def(**def).private)
                    .map(|(name, _)| name.as_str())
                    .collect();
                known.sort_unstable();
                let word = pick.name.sym.as_str();
                let near = nearest(word, known);
                self.sink.report(errors::unknown_pick(word, &from.shown(), at, near));
            }
        }
        self.scopes.entry(info.file).or_default().missing.insert(name.sym);
    }

    /// Takes a name for an import, unless something else in the file's scope has it: then an error says so.
    fn claim(&mut self, tree: TreeId, name: Name, is_module: bool) -> bool {
        let names = self.names;
        let info = names.tree(tree);
        let at = info.span(name.at);
        let item = names.module(info.module).defs.get(&name.sym);
        // What a file of the library picks of itself, every file sees.
        // Functions and types of the library may be hidden: a later version may bring any.
        let known = item.or_else(|| {
            names.prelude.get(&name.sym).filter(|known| match names.def(**known).kind {
                DefKind::Fn => false,
                DefKind::Type | DefKind::Schema => is_module,
                DefKind::Kind | DefKind::Preset | DefKind::Let | DefKind::Component => true,
            })
        });
        let word = known.or_else(|| names.keywords.get(&name.sym).filter(|_| is_module));
        let first = match word {
            Some(def) => Some(names.def(*def).at),
            None => self.taken.get(&(info.file, name.sym)).copied(),
        };
        match first {
            Some(first) => {
                let what = if is_module { "module" } else { "name" };
                self.sink.report(errors::duplicate(what, name.sym.as_str(), at, first));
                false
            }
            None => {
                self.taken.insert((info.file, name.sym), at);
                true
            }
        }
    }

    /// The module that an import names; what is wrong with the path is reported.
    fn target(&mut self, tree: TreeId, member: Extent, up: u32, path: Slice) -> Target {
        let names = self.names;
        let info = names.tree(tree);
        let from = names.module(info.module);
        let segments = info.tree.names_of(path);
        let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
            return Target::Reported;
        };
        let words: Vec<&str> = segments.iter().map(|name| name.sym.as_str()).collect();
        // From the dots on, which are no part of the names.
        let statement = names.text(tree, Extent::new(member.start, last.at.end));
        let written = statement.strip_prefix("import").unwrap_or(statement).trim_start();
        let start = last.at.end - u32::try_from(written.len()).unwrap_or(0);
        let at = info.span(Extent::new(start, last.at.end));
        let (package, folder) = if up > 0 {
            match below(&from.path, up, &words) {
                Some(folder) => (from.package, folder),
                None => {
                    self.sink.report(errors::import_outside(written, at));
                    return Target::Reported;
                }
            }
        } else if first.sym.as_str() == LIBRARY {
            (first.sym, words.join("."))
        } else if from.dependencies.contains(&first.sym) {
            (first.sym, words.get(1..).unwrap_or(&[]).join("/"))
        } else {
            let known = from.dependencies.iter().map(|name| name.as_str());
            let near = nearest(first.sym.as_str(), known.chain([LIBRARY]));
            let at = info.span(first.at);
            self.sink.report(errors::unknown_dependency(first.sym.as_str(), at, near));
            return Target::Reported;
        };
        if let Some(&module) = self.by_path.get(&(package, folder.clone())) {
            if module == info.module {
                self.sink.report(errors::imports_itself(&from.shown(), at));
                return Target::Reported;
            }
            self.edges.push(Edge { from: info.module, to: module, at });
            return Target::Module(module);
        }
        let same = |module: &&Module| module.package == package;
        let Some(_) = names.modules.iter().find(same) else {
            // Its files could not be had, which stands at its place in `iflux.toml`.
            return Target::Reported;
        };
        let separator = if up > 0 { '/' } else { '.' };
        let inner = if package.as_str() == LIBRARY { '.' } else { '/' };
        if let Some((parent, item)) = written.rsplit_once(separator)
            && let above = folder.rsplit_once(inner).map_or("", |(above, _)| above)
            && let Some(module) = self.by_path.get(&(package, above.to_owned()))
            && names.module(*module).defs.contains_key(&Sym::new(item))
            && !matches!(parent, "." | "..")
        {
            self.sink.report(errors::item_as_module(written, at, parent, item));
            return Target::Reported;
        }
        let known: Vec<String> = (names.modules.iter().filter(same))
            .filter_map(|module| {
                if up == 0 { Some(module.shown()) } else { relative(&from.path, &module.path) }
            })
            .collect();
        let near = nearest(written, known.iter().map(String::as_str));
        self.sink.report(errors::unknown_module(written, at, near));
        Target::Reported
    }
}

/// The name that a pick gives.
fn here(pick: Pick) -> Name {
    pick.alias.unwrap_or(pick.name)
}

/// The folder that `up` steps (one is the folder itself) and these names lead to; `None` above the root.
fn below(from: &str, up: u32, names: &[&str]) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for _ in 1..up {
        parts.pop()?;
    }
    parts.extend(names);
    Some(parts.join("/"))
}

/// A folder as a file of another one imports it; the root cannot be.
fn relative(from: &str, to: &str) -> Option<String> {
    let split = |path: &'_ str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (from, to) = (split(from), split(to));
    let same =
        from.iter().zip(&to).take_while(|(a, b)| a == b).count().min(to.len().checked_sub(1)?);
    let up = from.len() - same;
    let dots = if up == 0 { "./".to_owned() } else { "../".repeat(up) };
    Some(dots + &to.get(same..)?.join("/"))
}

/// A keyword stands for its kind, so that a file must see the kind; and a dependency has no resources.
fn kinds(names: &Names, sink: &mut Sink) {
    for block in &names.blocks {
        let def = names.def(block.kind);
        let info = names.tree(block.tree);
        let here = names.module(info.module);
        let word = keyword(def.name.as_str());
        if here.is_dependency() && block.component.is_none() {
            sink.report(errors::resource_in_dependency(&word, block.at));
        }
        if names.sees(block.tree, block.kind) {
            continue;
        }
        let at = head(names, block.tree, block.member).unwrap_or(block.at);
        let missing = |scope: &FileScope| scope.missing.contains(&def.name);
        if def.private {
            sink.report(errors::private(def.name.as_str(), at, def.at));
        } else if !names.scopes.get(&info.file).is_some_and(missing) {
            let there = names.module(def.module);
            let path = if there.package == here.package {
                relative(&here.path, &there.path)
            } else {
                Some(there.shown())
            };
            let import = match path {
                Some(path) => format!("import {path}.{{{}}}", def.name),
                None => format!("move `{}` out of the root: no file can import that", def.name),
            };
            sink.report(errors::not_imported(&word, def.name.as_str(), at, def.at, &import));
        }
    }
}

/// Where a block's keyword stands.
fn head(names: &Names, tree: TreeId, member: MemberId) -> Option<Span> {
    let info = names.tree(tree);
    let MemberKind::Block { path, .. } = info.tree.member(member).kind else { return None };
    info.tree.names_of(path).first().map(|name| info.span(name.at))
}

#[cfg(test)]
mod tests {
    use super::{below, relative};

    #[test]
    fn paths_of_imports() {
        let check = |from: &str, up: u32, names: &[&str], to: Option<&str>| {
            assert_eq!(below(from, up, names).as_deref(), to, "{from} {up} {names:?}");
        };
        check("", 1, &["teams", "a"], Some("teams/a"));
        check("teams/a", 1, &["x"], Some("teams/a/x"));
        check("teams/a", 2, &["b"], Some("teams/b"));
        check("teams/a", 3, &["b"], Some("b"));
        check("teams/a", 4, &["b"], None);
    }

    #[test]
    fn relative_paths_lead_where_they_come_from() {
        for (from, to, expected) in [
            ("", "teams/a", "./teams/a"),
            ("teams", "teams/a", "./a"),
            ("teams/a", "teams/b", "../b"),
            ("teams/a/x", "teams/b", "../../b"),
            ("teams/a", "teams", "../../teams"),
            ("teams", "teams", "../teams"),
        ] {
            assert_eq!(relative(from, to).as_deref(), Some(expected), "{from} {to}");
        }
        assert_eq!(relative("teams", ""), None);
    }
}
