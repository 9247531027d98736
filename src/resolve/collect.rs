//! Items to definitions and blocks.

use rustc_hash::{FxHashMap, FxHashSet};

use super::errors;
use super::imports;
use super::keyword::keyword;
use super::names::{
    BlockDecl, Def, DefId, DefKind, GuardDecl, Module, ModuleId, Names, TreeId, TreeInfo,
};
use crate::diag::{Sink, nearest};
use crate::source::{Extent, Span, Sym};
use crate::syntax::{BodyId, Key, KindBody, Marks, Member, MemberId, MemberKind, Parsed, Tree};

/// One parsed file and the module it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The file.
    pub parsed: &'a Parsed,
    /// Its text.
    pub text: &'a std::sync::Arc<str>,
    /// Its module: a folder of the project (`teams/payments`, the root is empty), or `std.packs`.
    pub module: &'a str,
    /// A second module that holds the same items: `std.sizes` for a file of `std.packs`.
    pub also: Option<&'a str>,
    /// Whether every file sees its items.
    pub prelude: bool,
    /// Whether it declares types of Kubernetes: they are named by their whole path only, and may be called as what the library
    /// declares.
    pub objects: bool,
}

/// Collects what all files declare.
pub fn resolve(files: &[Input<'_>], sink: &mut Sink) -> Names {
    let mut cx = Collect { names: Names::default(), modules: FxHashMap::default(), sink };
    let mut pending = Vec::new();
    for file in files {
        let module = cx.module(file.module);
        if file.objects {
            cx.names.object_modules.insert(file.module.to_owned(), module);
        }
        let also = file.also.map(|also| cx.module(also));
        for placed in &file.parsed.trees {
            let id = TreeId(u32::try_from(cx.names.trees.len()).unwrap_or(u32::MAX));
            cx.names.trees.push(TreeInfo {
                file: file.parsed.file,
                base: placed.base,
                tree: std::sync::Arc::clone(&placed.tree),
                module,
                text: std::sync::Arc::clone(file.text),
            });
            let scope =
                Scope { tree: id, module, also, prelude: file.prelude, objects: file.objects };
            for &item in &placed.tree.items {
                cx.define(scope, item);
            }
            pending.push(scope);
        }
    }
    for scope in &pending {
        let tree = std::sync::Arc::clone(&cx.names.tree(scope.tree).tree);
        cx.blocks(*scope, &tree, &tree.items, &mut Vec::new());
    }
    cx.keywords_and_values();
    cx.unique_blocks();
    imports::link(&mut cx.names, cx.sink);
    cx.names
}

#[derive(Clone, Copy)]
struct Scope {
    tree: TreeId,
    module: ModuleId,
    also: Option<ModuleId>,
    prelude: bool,
    objects: bool,
}

struct Collect<'a> {
    names: Names,
    modules: FxHashMap<String, ModuleId>,
    sink: &'a mut Sink,
}

impl Collect<'_> {
    fn module(&mut self, path: &str) -> ModuleId {
        if let Some(&id) = self.modules.get(path) {
            return id;
        }
        let id = ModuleId(u32::try_from(self.names.modules.len()).unwrap_or(u32::MAX));
        self.names.modules.push(Module { path: path.to_owned(), defs: FxHashMap::default() });
        self.modules.insert(path.to_owned(), id);
        id
    }

    fn span(&self, scope: Scope, at: Extent) -> Span {
        self.names.tree(scope.tree).span(at)
    }

    /// Declares an item's name, if it has one.
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other item declares no name")]
    fn define(&mut self, scope: Scope, item: MemberId) {
        let tree = std::sync::Arc::clone(&self.names.tree(scope.tree).tree);
        let member = tree.member(item);
        let (name, kind) = match member.kind {
            MemberKind::Type { name, .. } => (name, DefKind::Type),
            MemberKind::Schema { name, .. } => (name, DefKind::Schema),
            MemberKind::Kind { name, .. } => (name, DefKind::Kind),
            MemberKind::Preset { name, .. } => (name, DefKind::Preset),
            MemberKind::Fn { name, .. } => (name, DefKind::Fn),
            MemberKind::Let { name, .. } => (name, DefKind::Let),
            MemberKind::Component { name, .. } => {
                let at = self.span(scope, name.at);
                self.sink.report(errors::unsupported("components", at));
                return;
            }
            MemberKind::Test { name, .. } => {
                let at = self.span(scope, tree.text(name).at);
                self.sink.report(errors::unsupported("tests", at));
                return;
            }
            _ => return,
        };
        let at = self.span(scope, name.at);
        let id = DefId(u32::try_from(self.names.defs.len()).unwrap_or(u32::MAX));
        self.names.defs.push(Def {
            name: name.sym,
            at,
            kind,
            tree: scope.tree,
            member: item,
            module: scope.module,
            private: member.marks.has(Marks::PRIVATE),
        });
        let taken = self
            .names
            .module(scope.module)
            .defs
            .get(&name.sym)
            .or_else(|| {
                let prelude = self.names.prelude.get(&name.sym);
                prelude.filter(|_| !scope.objects)
            })
            .copied();
        if let Some(first) = taken {
            let first = *self.names.def(first);
            self.sink.report(errors::duplicate(kind.word(), name.sym.as_str(), at, first.at));
            return;
        }
        for module in std::iter::once(scope.module).chain(scope.also) {
            if let Some(module) = self.names.modules.get_mut(module.0 as usize) {
                module.defs.insert(name.sym, id);
            }
        }
        if scope.prelude {
            self.names.prelude.insert(name.sym, id);
        }
        if kind == DefKind::Kind {
            let word = Sym::new(&keyword(name.sym.as_str()));
            if let Some(&first) = self.names.keywords.get(&word) {
                let first = *self.names.def(first);
                self.sink.report(errors::duplicate("keyword", word.as_str(), at, first.at));
            } else {
                self.names.keywords.insert(word, id);
            }
        }
    }

    /// Lists the blocks among items, through `if`s.
    fn blocks(
        &mut self,
        scope: Scope,
        tree: &Tree,
        items: &[MemberId],
        guards: &mut Vec<GuardDecl>,
    ) {
        for &item in items {
            let member = tree.member(item);
            match member.kind {
                MemberKind::Block { path, key, .. } => {
                    self.block(scope, tree, item, member, path, key, guards);
                }
                MemberKind::If { condition, then, other } => {
                    self.branch(scope, tree, then, GuardDecl { condition, negated: false }, guards);
                    if let Some(other) = other {
                        self.branch(
                            scope,
                            tree,
                            other,
                            GuardDecl { condition, negated: true },
                            guards,
                        );
                    }
                }
                MemberKind::For { value, .. } => {
                    let at = self.span(scope, value.at);
                    self.sink.report(errors::unsupported("`for` around blocks", at));
                }
                MemberKind::Set { path, .. } => {
                    let name = tree.names_of(path).first().copied();
                    let at = self.span(scope, name.map_or(member.at, |name| name.at));
                    let word = name.map_or("x", |name| name.sym.as_str());
                    self.sink.report(errors::not_an_item(
                        "a field",
                        at,
                        &format!("`let {word} = ..` declares a name for the whole folder"),
                    ));
                }
                MemberKind::Error
                | MemberKind::Import { .. }
                | MemberKind::Type { .. }
                | MemberKind::Schema { .. }
                | MemberKind::Kind { is: KindBody::Fields(_) | KindBody::Union(_), .. }
                | MemberKind::Preset { .. }
                | MemberKind::Component { .. }
                | MemberKind::Fn { .. }
                | MemberKind::Test { .. }
                | MemberKind::Let { .. } => {
                    if !guards.is_empty() && !matches!(member.kind, MemberKind::Error) {
                        let at = self.span(scope, member.at);
                        self.sink.report(errors::not_an_item(
                            "a definition inside `if`",
                            at,
                            "only blocks may stand in a condition: definitions hold for every target",
                        ));
                    }
                }
                MemberKind::Computed { .. }
                | MemberKind::Comprehension { .. }
                | MemberKind::Spread(_)
                | MemberKind::Remove { .. }
                | MemberKind::By { .. }
                | MemberKind::Check { .. }
                | MemberKind::Allow { .. }
                | MemberKind::Assert { .. }
                | MemberKind::Expect { .. }
                | MemberKind::Patch { .. }
                | MemberKind::Field { .. } => {
                    let at = self.span(scope, member.at);
                    self.sink.report(errors::not_an_item(
                        "a member",
                        at,
                        "a file holds imports, definitions and blocks of kinds",
                    ));
                }
            }
        }
    }

    fn branch(
        &mut self,
        scope: Scope,
        tree: &Tree,
        body: BodyId,
        guard: GuardDecl,
        guards: &mut Vec<GuardDecl>,
    ) {
        guards.push(guard);
        self.blocks(scope, tree, tree.member_ids(body), guards);
        guards.pop();
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one block")]
    fn block(
        &mut self,
        scope: Scope,
        tree: &Tree,
        item: MemberId,
        member: &Member,
        path: crate::syntax::Slice,
        key: Key,
        guards: &[GuardDecl],
    ) {
        let names = tree.names_of(path);
        let Some(&head) = names.first() else { return };
        let at = self.span(scope, head.at);
        let Some(&kind) = self.names.keywords.get(&head.sym) else {
            let mut words: Vec<&str> =
                self.names.keywords.keys().map(|word| word.as_str()).collect();
            words.sort_unstable();
            let near = nearest(head.sym.as_str(), words.iter().copied());
            self.sink.report(errors::unknown_kind(head.sym.as_str(), at, near, &words));
            return;
        };
        let (name, at, star) = match key {
            Key::Name(name) => (name.sym, self.span(scope, name.at), false),
            Key::Star(star) => (Sym::EMPTY, self.span(scope, star), true),
            Key::None => {
                let word = head.sym.as_str();
                self.sink.report(errors::not_an_item(
                    &format!("`{word}` without a name"),
                    at,
                    &format!("a resource has a name: `{word} name {{ }}`"),
                ));
                return;
            }
            Key::Text(text) => {
                let at = self.span(scope, tree.text(text).at);
                self.sink.report(errors::unsupported("interpolated names", at));
                return;
            }
        };
        let _ = member;
        self.names.blocks.push(BlockDecl {
            kind,
            name,
            at,
            tree: scope.tree,
            member: item,
            module: scope.module,
            star,
            guards: guards.to_vec(),
        });
    }

    /// A `let` or function and a kind's keyword may not share a name: `cluster.x` would mean two things.
    fn keywords_and_values(&mut self) {
        for def in &self.names.defs {
            if matches!(def.kind, DefKind::Let | DefKind::Fn)
                && let Some(&kind) = self.names.keywords.get(&def.name)
            {
                let first = self.names.def(kind).at;
                self.sink.report(errors::duplicate("name", def.name.as_str(), def.at, first));
            }
        }
    }

    /// Resources are unique by kind and name, unless they stand in different branches of one `if`.
    fn unique_blocks(&mut self) {
        let mut seen: FxHashMap<(DefId, Sym), Vec<usize>> = FxHashMap::default();
        let mut clashes = Vec::new();
        for (index, block) in self.names.blocks.iter().enumerate() {
            if block.star {
                continue;
            }
            let others = seen.entry((block.kind, block.name)).or_default();
            let clash = others.iter().find(|&&other| {
                self.names.blocks.get(other).is_some_and(|other| !exclusive(block, other))
            });
            if let Some(&first) = clash {
                clashes.push((index, first));
            }
            others.push(index);
        }
        for &(again, first) in &clashes {
            if let (Some(again), Some(first)) =
                (self.names.blocks.get(again), self.names.blocks.get(first))
            {
                let word = keyword(self.names.def(again.kind).name.as_str());
                let found = errors::duplicate(&word, again.name.as_str(), again.at, first.at);
                self.sink.report(found);
            }
        }
        let again: FxHashSet<usize> = clashes.into_iter().map(|(again, _)| again).collect();
        let mut index = 0;
        self.names.blocks.retain(|_| {
            index += 1;
            !again.contains(&(index - 1))
        });
    }
}

/// Whether two blocks can never both exist.
fn exclusive(a: &BlockDecl, b: &BlockDecl) -> bool {
    a.tree == b.tree
        && a.guards
            .iter()
            .any(|x| b.guards.iter().any(|y| x.condition == y.condition && x.negated != y.negated))
}
