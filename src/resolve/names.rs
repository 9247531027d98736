//! What a program declares, before anything is typed.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::kubernetes::Catalog;
use crate::source::{Extent, FileId, Span, Sym};
use crate::syntax::{ExprId, Member, MemberId, Tree};

/// A definition: what a name resolves to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct DefId(pub u32);

/// A folder of files, or one file of the library.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ModuleId(pub u32);

/// A tree of the run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct TreeId(pub u32);

/// A tree, and where it stands.
#[derive(Clone, Debug)]
pub struct TreeInfo {
    /// Its file.
    pub file: FileId,
    /// First byte of its chunk.
    pub base: u32,
    /// The tree.
    pub tree: Arc<Tree>,
    /// The module that it belongs to.
    pub module: ModuleId,
    /// The text of the whole file.
    pub text: Arc<str>,
}

impl TreeInfo {
    /// A span of the file from an extent of the tree.
    pub fn span(&self, at: Extent) -> Span {
        Span::at(self.file, at.shift(self.base))
    }
}

/// A scope that files share.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// As it is imported: `std.sizes`; for folders of the project the path with `/`, the root is empty.
    pub path: String,
    /// Its definitions.
    pub defs: FxHashMap<Sym, DefId>,
}

/// What kind of thing a definition is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DefKind {
    /// `type`.
    Type,
    /// `schema`.
    Schema,
    /// `kind`.
    Kind,
    /// `preset`.
    Preset,
    /// `fn`.
    Fn,
    /// `let`.
    Let,
}

impl DefKind {
    /// The user's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Schema => "schema",
            Self::Kind => "kind",
            Self::Preset => "preset",
            Self::Fn => "function",
            Self::Let => "let",
        }
    }
}

/// One definition.
#[derive(Clone, Copy, Debug)]
pub struct Def {
    /// Its name.
    pub name: Sym,
    /// Where the name stands.
    pub at: Span,
    /// What it is.
    pub kind: DefKind,
    /// Its tree.
    pub tree: TreeId,
    /// Its item.
    pub member: MemberId,
    /// Its module.
    pub module: ModuleId,
    /// Whether only its module sees it.
    pub private: bool,
}

/// A condition around a top-level block.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct GuardDecl {
    /// The condition, in the block's tree.
    pub condition: ExprId,
    /// Whether the block stands in the `else`.
    pub negated: bool,
}

/// A top-level block: a resource, or a `*` layer.
#[derive(Clone, Debug)]
pub struct BlockDecl {
    /// Its kind.
    pub kind: DefId,
    /// Its name; `*` layers have [`Sym::EMPTY`].
    pub name: Sym,
    /// Where the name (or `*`) stands.
    pub at: Span,
    /// Its tree.
    pub tree: TreeId,
    /// Its item.
    pub member: MemberId,
    /// Its module.
    pub module: ModuleId,
    /// Whether it is a layer below every resource of its kind.
    pub star: bool,
    /// Conditions around it, outermost first.
    pub guards: Vec<GuardDecl>,
}

/// The names that imports give one file.
#[derive(Clone, Debug, Default)]
pub struct FileScope {
    /// Picked definitions by the name here.
    pub picked: FxHashMap<Sym, DefId>,
    /// Whole modules by the name here.
    pub modules: FxHashMap<Sym, ModuleId>,
    /// Names that an import was to bring and did not: an error stands at the import.
    pub missing: FxHashSet<Sym>,
}

/// Everything that is declared.
#[derive(Debug, Default)]
pub struct Names {
    /// The trees of the run.
    pub trees: Vec<TreeInfo>,
    /// The modules.
    pub modules: Vec<Module>,
    /// The definitions.
    pub defs: Vec<Def>,
    /// Kinds by keyword.
    pub keywords: FxHashMap<Sym, DefId>,
    /// Top-level blocks, in the order of files and items.
    pub blocks: Vec<BlockDecl>,
    /// Imports by file.
    pub scopes: FxHashMap<FileId, FileScope>,
    /// What every file sees: the library's kinds, types and functions.
    pub prelude: FxHashMap<Sym, DefId>,
    /// Modules of Kubernetes' types by their whole path: `k8s.apps.v1`.
    pub object_modules: FxHashMap<String, ModuleId>,
    /// What is known of Kubernetes' object types.
    pub catalog: Arc<Catalog>,
}

impl Names {
    /// A tree.
    #[expect(clippy::indexing_slicing, reason = "ids are made by this table only")]
    pub fn tree(&self, id: TreeId) -> &TreeInfo {
        &self.trees[id.0 as usize]
    }

    /// A definition.
    #[expect(clippy::indexing_slicing, reason = "ids are made by this table only")]
    pub fn def(&self, id: DefId) -> &Def {
        &self.defs[id.0 as usize]
    }

    /// The item of a definition.
    pub fn member(&self, id: DefId) -> &Member {
        let def = self.def(id);
        self.tree(def.tree).tree.member(def.member)
    }

    /// A module.
    #[expect(clippy::indexing_slicing, reason = "ids are made by this table only")]
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// The text of an extent of a tree.
    pub fn text(&self, id: TreeId, at: Extent) -> &str {
        let info = self.tree(id);
        at.shift(info.base).of(&info.text)
    }

    /// The definition that a name means in a file.
    pub fn lookup(&self, tree: TreeId, name: Sym) -> Option<DefId> {
        let info = self.tree(tree);
        if let Some(&def) = self.module(info.module).defs.get(&name) {
            return Some(def);
        }
        if let Some(def) = self.scopes.get(&info.file).and_then(|scope| scope.picked.get(&name)) {
            return Some(*def);
        }
        self.prelude.get(&name).copied()
    }

    /// Whether a path begins with a name that an import failed to bring: then an error stands there.
    pub fn is_missing(&self, tree: TreeId, path: &[Sym]) -> bool {
        let scope = self.scopes.get(&self.tree(tree).file);
        path.first().is_some_and(|first| scope.is_some_and(|scope| scope.missing.contains(first)))
    }

    /// The definition that a path means in a file: `Docker`, `base.Docker`.
    pub fn lookup_path(&self, tree: TreeId, path: &[Sym]) -> Option<DefId> {
        match path {
            [name] => self.lookup(tree, *name),
            [module, name] => {
                let file = self.tree(tree).file;
                let module = *self.scopes.get(&file)?.modules.get(module)?;
                let def = *self.module(module).defs.get(name)?;
                (!self.def(def).private).then_some(def)
            }
            [module @ .., name] => self.object_def(module, *name),
            [] => None,
        }
    }

    /// The declaration of a type that a path from the root means: `k8s.apps.v1.Deployment`.
    fn object_def(&self, module: &[Sym], name: Sym) -> Option<DefId> {
        let path = module.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".");
        let module = self.object_modules.get(&path)?;
        self.module(*module).defs.get(&name).copied()
    }

    /// The values and functions that a module which a file imports whole shows to it, for suggestions.
    pub fn exported(&self, tree: TreeId, module: Sym) -> Vec<&'static str> {
        let scope = self.scopes.get(&self.tree(tree).file);
        let module = scope.and_then(|scope| scope.modules.get(&module));
        let defs = module.into_iter().flat_map(|module| self.module(*module).defs.values());
        let mut found: Vec<&'static str> = defs
            .map(|def| self.def(*def))
            .filter(|def| !def.private && matches!(def.kind, DefKind::Let | DefKind::Fn))
            .map(|def| def.name.as_str())
            .collect();
        found.sort_unstable();
        found
    }

    /// Every name of some kinds that a file sees, for suggestions.
    pub fn visible(&self, tree: TreeId, wanted: impl Fn(DefKind) -> bool) -> Vec<&'static str> {
        let info = self.tree(tree);
        let scope = self.scopes.get(&info.file);
        let mut found: Vec<&'static str> = self
            .module(info.module)
            .defs
            .iter()
            .chain(scope.iter().flat_map(|scope| scope.picked.iter()))
            .chain(self.prelude.iter())
            .filter(|(_, def)| wanted(self.def(**def).kind))
            .map(|(name, _)| name.as_str())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
