//! The grammar of iflux for tree-sitter.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_iflux() -> *const ();
}

/// The language, as `tree_sitter::Parser::set_language` takes it.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_iflux) };
