//! Items to definitions and blocks.

use rustc_hash::{FxHashMap, FxHashSet};

use super::errors;
use super::imports;
use super::keyword::keyword;
use super::names::{
    Addition, Allowance, BlockDecl, Def, DefId, DefKind, Module, ModuleId, Names, TreeId, TreeInfo,
    Wrap,
};
use super::test;
use super::unread;
use crate::diag::{Sink, nearest};
use crate::source::{Extent, Span, Sym};
use crate::syntax::{BodyId, Key, KindBody, Marks, MemberId, MemberKind, Parsed, Tree};

/// One parsed file and the module it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The file.
    pub parsed: &'a Parsed,
    /// Its text.
    pub text: &'a std::sync::Arc<str>,
    /// The package: empty for the project, `std` for the library, else a dependency's name.
    pub package: &'a str,
    /// The names of the dependencies that the package declares.
    pub dependencies: &'a [Sym],
    /// What the package allows its own code.
    pub allowance: Option<Allowance>,
    /// Its module: a folder of the package (`teams/payments`, the root is empty), or `std.packs`.
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
    resolve_with(files, None, sink)
}

/// Collects what all files declare, and an addition to one of them.
pub fn resolve_with(files: &[Input<'_>], addition: Option<Addition>, sink: &mut Sink) -> Names {
    let mut cx = Collect { names: Names::default(), modules: FxHashMap::default(), sink };
    let mut pending = Vec::new();
    for file in files {
        let module = cx.module(file, file.module);
        if file.objects {
            cx.names.object_modules.insert(file.module.to_owned(), module);
        }
        let also = file.also.map(|also| cx.module(file, also));
        for placed in &file.parsed.trees {
            let id = TreeId(u32::try_from(cx.names.trees.len()).unwrap_or(u32::MAX));
            cx.names.trees.push(TreeInfo {
                file: file.parsed.file,
                base: placed.base,
                tree: std::sync::Arc::clone(&placed.tree),
                module,
                text: std::sync::Arc::clone(file.text),
            });
            let scope = Scope {
                tree: id,
                module,
                also,
                prelude: file.prelude,
                objects: file.objects,
                component: None,
            };
            for &item in &placed.tree.items {
                cx.define(scope, item);
            }
            for &item in added(addition, id, &placed.tree) {
                cx.define(scope, item);
            }
            pending.push(scope);
        }
    }
    for scope in &pending {
        let tree = std::sync::Arc::clone(&cx.names.tree(scope.tree).tree);
        cx.blocks(*scope, &tree, &tree.items, &mut Vec::new());
        cx.blocks(*scope, &tree, added(addition, scope.tree, &tree), &mut Vec::new());
    }
    cx.keywords_and_values();
    cx.unique_blocks();
    test::unique(&cx.names, cx.sink);
    imports::link(&mut cx.names, cx.sink);
    cx.names
}

/// The members that are added to a tree.
fn added(addition: Option<Addition>, id: TreeId, tree: &Tree) -> &[MemberId] {
    addition.filter(|addition| addition.tree == id).map_or(&[], |added| tree.member_ids(added.body))
}

#[derive(Clone, Copy)]
struct Scope {
    tree: TreeId,
    module: ModuleId,
    also: Option<ModuleId>,
    prelude: bool,
    /// The component whose body is read.
    component: Option<DefId>,
    /// Whether it declares types of Kubernetes, whose names are no names of the library.
    objects: bool,
}

struct Collect<'a> {
    names: Names,
    modules: FxHashMap<(Sym, String), ModuleId>,
    sink: &'a mut Sink,
}

impl Collect<'_> {
    fn module(&mut self, file: &Input<'_>, path: &str) -> ModuleId {
        let key = (Sym::new(file.package), path.to_owned());
        if let Some(&id) = self.modules.get(&key) {
            return id;
        }
        let id = ModuleId(u32::try_from(self.names.modules.len()).unwrap_or(u32::MAX));
        self.names.modules.push(Module {
            package: key.0,
            dependencies: file.dependencies.to_vec(),
            allowance: file.allowance,
            path: path.to_owned(),
            defs: FxHashMap::default(),
        });
        self.modules.insert(key, id);
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
            MemberKind::Component { name, .. } => (name, DefKind::Component),
            MemberKind::Test { name, .. } => {
                let name = self.names.test(scope.tree, item, name);
                self.names.tests.push(name);
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
        let taken = self.names.module(scope.module).defs.get(&name.sym).copied().or_else(|| {
            self.names.prelude.get(&name.sym).copied().filter(|&known| {
                // What a later version of the library brings may not break a program: its own function goes before one of the
                // library, all else before a function or type. Kinds stay reserved.
                let first = self.names.def(known).kind;
                let own = match kind {
                    DefKind::Let | DefKind::Fn => first == DefKind::Fn,
                    DefKind::Type
                    | DefKind::Schema
                    | DefKind::Kind
                    | DefKind::Preset
                    | DefKind::Component => {
                        matches!(first, DefKind::Fn | DefKind::Type | DefKind::Schema)
                    }
                };
                (scope.prelude || !own) && !scope.objects
            })
        });
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
        if matches!(kind, DefKind::Kind | DefKind::Component) {
            let word = Sym::new(&keyword(name.sym.as_str()));
            if let Some(&first) = self.names.keywords.get(&word) {
                let first = *self.names.def(first);
                self.sink.report(errors::duplicate("keyword", word.as_str(), at, first.at));
            } else {
                self.names.keywords.insert(word, id);
            }
        }
    }

    /// Lists the blocks among the items of a file or the members of a component, through `if`s and `for`s.
    fn blocks(&mut self, scope: Scope, tree: &Tree, items: &[MemberId], wraps: &mut Vec<Wrap>) {
        for &item in items {
            let member = tree.member(item);
            match member.kind {
                MemberKind::Block { path, key, .. } => {
                    self.block(scope, tree, item, path, key, wraps);
                }
                MemberKind::If { condition, then, other } => {
                    self.branch(scope, tree, then, Wrap::If { condition, negated: false }, wraps);
                    if let Some(other) = other {
                        let wrap = Wrap::If { condition, negated: true };
                        self.branch(scope, tree, other, wrap, wraps);
                    }
                }
                MemberKind::For { key, value, source, body } => {
                    self.branch(scope, tree, body, Wrap::For { key, value, source }, wraps);
                }
                MemberKind::Set { path, .. } => {
                    let name = tree.names_of(path).first().copied();
                    let at = self.span(scope, name.map_or(member.at, |name| name.at));
                    let word = name.map_or("x", |name| name.sym.as_str());
                    let (place, help) = match scope.component {
                        Some(_) => {
                            ("a component", format!("`{word}: Type = ..` declares an input"))
                        }
                        None => (
                            "a file",
                            format!("`let {word} = ..` declares a name for the whole folder"),
                        ),
                    };
                    self.sink.report(errors::not_an_item("a field", place, at, &help));
                }
                MemberKind::Component { body, .. } if scope.component.is_none() => {
                    let at = self.span(scope, member.at);
                    self.unwrapped(at, wraps);
                    let known = self.component(scope, item);
                    if let Some(component) = known {
                        let inner = Scope { component: Some(component), ..scope };
                        self.blocks(inner, tree, tree.member_ids(body), &mut Vec::new());
                    }
                }
                MemberKind::Field { .. } | MemberKind::Check { .. }
                    if scope.component.is_some() =>
                {
                    let at = self.span(scope, member.at);
                    self.unwrapped(at, wraps);
                }
                MemberKind::Error => {
                    let text = self.names.text(scope.tree, member.at).to_owned();
                    unread::note(&text, &mut self.names.orphans);
                }
                MemberKind::Let { .. }
                | MemberKind::Import { .. }
                | MemberKind::Type { .. }
                | MemberKind::Schema { .. }
                | MemberKind::Kind { is: KindBody::Fields(_) | KindBody::Union(_), .. }
                | MemberKind::Preset { .. }
                | MemberKind::Component { .. }
                | MemberKind::Fn { .. }
                | MemberKind::Test { .. } => {
                    let at = self.span(scope, member.at);
                    if scope.component.is_some() && !matches!(member.kind, MemberKind::Let { .. }) {
                        self.sink.report(errors::not_an_item(
                            "a definition",
                            "a component",
                            at,
                            "definitions stand at the top of a file, where every component sees them",
                        ));
                    } else {
                        self.unwrapped(at, wraps);
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
                    let (place, help) = match scope.component {
                        Some(_) => (
                            "a component",
                            "a component holds inputs (`name: Type`), `out` fields, `let`s, checks and blocks",
                        ),
                        None => ("a file", "a file holds imports, definitions and blocks of kinds"),
                    };
                    self.sink.report(errors::not_an_item("a member", place, at, help));
                }
            }
        }
    }

    /// Definitions hold for every target and turn: none may stand in a condition or loop.
    fn unwrapped(&mut self, at: Span, wraps: &[Wrap]) {
        let word = match wraps.last() {
            None => return,
            Some(Wrap::If { .. }) => "a definition inside `if`",
            Some(Wrap::For { .. }) => "a definition inside `for`",
        };
        self.sink.report(errors::misplaced(
            word,
            at,
            "only blocks may stand in a condition or loop: definitions hold for every target",
        ));
    }

    /// The definition of a component's item; `None` for one that is declared twice.
    fn component(&self, scope: Scope, item: MemberId) -> Option<DefId> {
        let found =
            self.names.defs.iter().position(|def| def.tree == scope.tree && def.member == item)?;
        Some(DefId(u32::try_from(found).unwrap_or(u32::MAX)))
    }

    fn branch(
        &mut self,
        scope: Scope,
        tree: &Tree,
        body: BodyId,
        wrap: Wrap,
        wraps: &mut Vec<Wrap>,
    ) {
        wraps.push(wrap);
        self.blocks(scope, tree, tree.member_ids(body), wraps);
        wraps.pop();
    }

    fn block(
        &mut self,
        scope: Scope,
        tree: &Tree,
        item: MemberId,
        path: crate::syntax::Slice,
        key: Key,
        wraps: &[Wrap],
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
            self.names.orphans.keywords.insert(head.sym);
            if let Key::Name(name) = key {
                self.names.orphans.names.insert(name.sym);
            }
            return;
        };
        let (name, text, at, star) = match key {
            Key::Name(name) => (name.sym, None, self.span(scope, name.at), false),
            Key::Star(star) => (Sym::EMPTY, None, self.span(scope, star), true),
            Key::None => {
                let word = head.sym.as_str();
                self.sink.report(errors::not_an_item(
                    &format!("`{word}` without a name"),
                    if scope.component.is_some() { "a component" } else { "a file" },
                    at,
                    &format!("a resource has a name: `{word} name {{ }}`"),
                ));
                return;
            }
            Key::Text(text) => {
                (Sym::EMPTY, Some(text), self.span(scope, tree.text(text).at), false)
            }
        };
        if star && (scope.component.is_some() || !wraps.is_empty()) {
            self.sink.report(errors::misplaced(
                "a `*` block in a component, condition or loop",
                at,
                "it lies below every block of its kind in its folder, whatever stands around it",
            ));
            return;
        }
        self.names.blocks.push(BlockDecl {
            kind,
            name,
            text,
            at,
            tree: scope.tree,
            member: item,
            module: scope.module,
            star,
            wraps: wraps.to_vec(),
            component: scope.component,
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
        let mut seen: FxHashMap<(Option<DefId>, DefId, Sym), Vec<usize>> = FxHashMap::default();
        let mut clashes = Vec::new();
        for (index, block) in self.names.blocks.iter().enumerate() {
            // What a loop or component makes is compared when the names are known.
            if block.star
                || (block.is_pattern() && block.component.is_none())
                || block.text.is_some()
            {
                continue;
            }
            let others = seen.entry((block.component, block.kind, block.name)).or_default();
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
    let opposite = |x: &Wrap, y: &Wrap| match (x, y) {
        (Wrap::If { condition, negated }, Wrap::If { condition: other, negated: not }) => {
            condition == other && negated != not
        }
        (Wrap::If { .. } | Wrap::For { .. }, _) => false,
    };
    a.tree == b.tree && a.wraps.iter().any(|x| b.wraps.iter().any(|y| opposite(x, y)))
}
