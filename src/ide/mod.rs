//! What an editor asks, answered as plain data.
//!
//! * **Takes** a [`Look`](crate::driver::Look) at everything that is known of a program, or the text and tree of one file.
//! * **Gives** a function a feature: [`hover`], [`completion`], [`rename`], [`symbols`], [`folds`], [`tokens`] and their like.
//! * **Owns** what is shown of names, and the edits that editors make of what was found.
//! * **Never** knows the protocol, lines and columns, or which client asks.
//! * **Read first** `uses.rs`: what every name of a program means.

mod actions;
mod completion;
mod folding;
mod format;
mod hover;
mod links;
mod queries;
mod selection;
mod symbols;
mod tokens;
mod uses;

pub use actions::{Action, ActionSort, actions, fix_all, organise_imports, refactorings};
pub use completion::{Proposal, ProposalSort, completion};
pub use folding::{Fold, FoldSort, folds};
pub use format::{format_edits, format_on_type, format_range};
pub use hover::{
    Hover, NotRenamed, definition, described, hover, implementations, prepare_rename, references,
    rename, type_definition,
};
pub use links::{Link, LinkTarget, links};
pub use selection::selections;
pub use symbols::{NamedSymbol, Symbol, SymbolSort, symbols, symbols_named};
pub use tokens::{Token, TokenSort, tokens};
pub use uses::{At, Thing, Use, Uses};
