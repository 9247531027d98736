//! What a program declares, before anything is typed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::keyword::keyword;
use crate::embedded::{Data, ImageLock};
use crate::kubernetes::Catalog;
use crate::source::{Extent, FileId, Span, Sym};
use crate::syntax::{BodyId, Expr, ExprId, Member, MemberId, Name, TextId, Tree};

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
#[derive(Clone, Debug)]
pub struct Module {
    /// The package it belongs to: [`Sym::EMPTY`] is the project, `std` the library, else a dependency's name.
    pub package: Sym,
    /// The names of the dependencies that its package declares.
    pub dependencies: Vec<Sym>,
    /// What the package allows its own code, if that is less than what the project allows.
    pub allowance: Option<Allowance>,
    /// For the library as it is imported: `std.sizes`; for folders the path with `/`, a package's root is empty.
    pub path: String,
    /// Its definitions.
    pub defs: FxHashMap<Sym, DefId>,
}

/// What the code of a dependency may cost: each number is at most the project's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allowance {
    /// Steps of evaluation, of all its expressions together.
    pub steps: u64,
    /// Entries of one list or map that its expressions make.
    pub entries: u64,
    /// Bytes of one text that they make.
    pub text: u64,
}

impl Module {
    /// The module as people name it: `./teams/payments`, `std.sizes`, `acme.base`.
    pub fn shown(&self) -> String {
        match self.package.as_str() {
            "" => format!("./{}", self.path),
            LIBRARY => self.path.clone(),
            package if self.path.is_empty() => package.to_owned(),
            package => format!("{package}.{}", self.path.replace('/', ".")),
        }
    }

    /// Whether it belongs to a dependency, which another project may use, too.
    pub fn is_dependency(&self) -> bool {
        !matches!(self.package.as_str(), "" | LIBRARY)
    }
}

/// The package of the library that the compiler ships.
pub const LIBRARY: &str = "std";

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
    /// `component`.
    Component,
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
            Self::Component => "component",
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

/// What stands around a block, in the block's tree.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Wrap {
    /// An `if`.
    If {
        /// The condition.
        condition: ExprId,
        /// Whether the block stands in the `else`.
        negated: bool,
    },
    /// A `for`.
    For {
        /// The key's name, where two are given.
        key: Option<Name>,
        /// The value's name.
        value: Name,
        /// What is walked.
        source: ExprId,
    },
}

/// A block at the top of a file or of a component: a resource, a pattern for resources, or a `*` layer.
#[derive(Clone, Debug)]
pub struct BlockDecl {
    /// Its kind.
    pub kind: DefId,
    /// Its name; `*` layers and interpolated names have [`Sym::EMPTY`].
    pub name: Sym,
    /// Its name as written, if it has holes.
    pub text: Option<TextId>,
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
    /// Conditions and loops around it, outermost first.
    pub wraps: Vec<Wrap>,
    /// The component in whose body it stands.
    pub component: Option<DefId>,
}

impl BlockDecl {
    /// Whether it stands for any number of resources, not for one: in a component, in a loop, or with holes in its name.
    pub fn is_pattern(&self) -> bool {
        self.component.is_some()
            || self.text.is_some()
            || self.wraps.iter().any(|wrap| matches!(wrap, Wrap::For { .. }))
    }
}

/// A `test`.
#[derive(Clone, Copy, Debug)]
pub struct TestDecl {
    /// What it shows, as written between the quotes.
    pub name: Sym,
    /// Where the name stands, with its quotes.
    pub at: Span,
    /// Its tree.
    pub tree: TreeId,
    /// Its item.
    pub member: MemberId,
    /// Its module.
    pub module: ModuleId,
}

/// Members that are read as items of their file: the wrong program of an `expect error`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Addition {
    /// The tree.
    pub tree: TreeId,
    /// The braces that hold them.
    pub body: BodyId,
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
    /// The definitions of `picked`.
    pub brought: FxHashSet<DefId>,
}

impl FileScope {
    /// Whether an import picks this definition.
    pub fn brings(&self, id: DefId) -> bool {
        self.brought.contains(&id)
    }
}

/// A file that a program reads as text or data.
#[derive(Clone, PartialEq, Debug)]
pub enum Embedded {
    /// Its text.
    Text(Arc<str>),
    /// What it holds.
    Data(Arc<Data>),
    /// Why it cannot be read.
    Wrong {
        /// The finding's title.
        title: String,
        /// What to do.
        help: Option<String>,
    },
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
    /// Blocks at the top of files and components, in the order of files and items.
    pub blocks: Vec<BlockDecl>,
    /// Tests, in the order of files and items.
    pub tests: Vec<TestDecl>,
    /// Imports by file.
    pub scopes: FxHashMap<FileId, FileScope>,
    /// What every file sees: the library's kinds, types and functions.
    pub prelude: FxHashMap<Sym, DefId>,
    /// The files that `read`, `read-yaml` and `read-json` name: by the file that reads, the function, and the path as
    /// it is written there.
    pub embedded: EmbeddedFiles,
    /// Modules of Kubernetes' types by their whole path: `k8s.apps.v1`.
    pub object_modules: FxHashMap<String, ModuleId>,
    /// What is known of Kubernetes' object types.
    pub catalog: Arc<Catalog>,
    /// The digests of images that `images.lock` knows.
    pub images: Arc<ImageLock>,
    /// What blocks would have declared whose keyword no kind has: an error stands at each of them.
    pub orphans: Orphans,
}

/// What nothing declares since its item is wrong: blocks whose keyword no kind has, and items that could not be read.
#[derive(Default, Debug)]
pub struct Orphans {
    /// Their keywords.
    pub keywords: FxHashSet<Sym>,
    /// Their names.
    pub names: FxHashSet<Sym>,
}

/// Files read into a program, by the file that reads, the function, and the path as written.
pub type EmbeddedFiles = BTreeMap<(FileId, &'static str, String), Embedded>;

impl Names {
    /// Where a part of what a text holds is written; the whole expression where it is no text.
    pub fn text_place(&self, tree: TreeId, mut expr: ExprId, part: Option<Extent>) -> Span {
        let info = self.tree(tree);
        let nodes = &info.tree;
        while let Expr::Paren(inner) = nodes.expr(expr) {
            expr = inner;
        }
        let whole = nodes.expr_extent(expr);
        let place = match (nodes.expr(expr), part) {
            // What is filled in has another length than its hole: behind one nothing is known.
            (Expr::Text(text), Some(part)) => {
                let held = self.held(tree, text, ' ');
                let first_hole = held.holes.first().map_or(u32::MAX, |(at, _)| *at);
                (part.end <= first_hole).then(|| held.place(part)).flatten()
            }
            _ => None,
        };
        info.span(place.map_or(whole, |(at, _)| at))
    }

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

    /// Whether people write the definitions of a module: it is neither the library's, nor one of Kubernetes' types.
    pub fn defs_of_people(&self, id: ModuleId) -> bool {
        self.module(id).package.as_str() != LIBRARY
            && !self.object_modules.values().any(|&module| module == id)
    }

    /// The package that a file belongs to.
    pub fn package_of(&self, file: FileId) -> Option<Sym> {
        let tree = self.trees.iter().find(|tree| tree.file == file)?;
        Some(self.module(tree.module).package)
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

    /// Whether a path begins with a name that an import failed to bring, or that a block of no known kind would have
    /// declared: then an error stands there.
    pub fn is_missing(&self, tree: TreeId, path: &[Sym]) -> bool {
        let scope = self.scopes.get(&self.tree(tree).file);
        let Some(first) = path.first() else { return false };
        let Orphans { keywords, names } = &self.orphans;
        scope.is_some_and(|scope| scope.missing.contains(first))
            || names.contains(first)
            || (!keywords.is_empty()
                && (keywords.contains(first)
                    || keywords.contains(&Sym::new(&keyword(first.as_str())))))
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

    /// The definition that a path would mean, were it not `private` in the module that the path names.
    pub fn hidden(&self, tree: TreeId, path: &[Sym]) -> Option<&Def> {
        let [module, name] = path else { return None };
        let scope = self.scopes.get(&self.tree(tree).file)?;
        let def = *self.module(*scope.modules.get(module)?).defs.get(name)?;
        Some(self.def(def)).filter(|def| def.private)
    }

    /// Whether a file sees a definition, under whatever name: its keyword then stands for it.
    pub fn sees(&self, tree: TreeId, id: DefId) -> bool {
        let (info, def) = (self.tree(tree), self.def(id));
        let scope = self.scopes.get(&info.file);
        info.module == def.module
            || self.prelude.get(&def.name) == Some(&id)
            || scope.is_some_and(|scope| {
                scope.brings(id) || scope.modules.values().any(|m| *m == def.module) && !def.private
            })
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
