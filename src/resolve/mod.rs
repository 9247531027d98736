//! Modules, imports and scopes: which names are declared where.
//!
//! * **Takes** every file of the project and the library, parsed.
//! * **Gives** [`Names`]: trees by number, modules, definitions, top-level blocks by kind.
//! * **Owns** the rule what may stand at a file's top, keywords of kinds, uniqueness of names.
//! * **Never** types or evaluates; looks into no expression.
//! * **Read first** `names.rs`.

mod collect;
mod errors;
mod held;
mod imports;
mod cycles;
mod keyword;
mod names;
mod test;
mod unread;

pub use collect::{Input, resolve, resolve_with};
pub use errors::{
    DUPLICATE, IMPORT_CYCLE, NOT_AN_ITEM, NOT_IMPORTED, PRIVATE, RESOURCE_IN_DEPENDENCY,
    TARGET_IN_DEPENDENCY, UNKNOWN_IMPORT, UNKNOWN_KIND, duplicate, private, target_in_dependency,
};
pub use held::Held;
pub use keyword::keyword;
pub use names::{
    Addition, Allowance, BlockDecl, Def, DefId, DefKind, Embedded, EmbeddedFiles, FileScope,
    LIBRARY, Module, ModuleId, Names, Orphans, TestDecl, TreeId, TreeInfo, Wrap,
};
