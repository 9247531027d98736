//! Modules, imports and scopes: which names are declared where.
//!
//! * **Takes** every file of the project and the library, parsed.
//! * **Gives** [`Names`]: trees by number, modules, definitions, top-level blocks by kind.
//! * **Owns** the rule what may stand at a file's top, keywords of kinds, uniqueness of names.
//! * **Never** types or evaluates; looks into no expression.
//! * **Read first** `names.rs`.

mod collect;
mod errors;
mod imports;
mod keyword;
mod names;

pub use collect::{Input, resolve};
pub use errors::{
    DUPLICATE, NOT_AN_ITEM, UNKNOWN_IMPORT, UNKNOWN_KIND, UNSUPPORTED, duplicate, unsupported,
};
pub use keyword::keyword;
pub use names::{
    BlockDecl, Def, DefId, DefKind, FileScope, Module, ModuleId, Names, TreeId, TreeInfo, Wrap,
};
