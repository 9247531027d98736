//! What each rule of the grammar is, to lowering and to people.

use super::parse::Rule;

/// Whether a rule is a word of the language and holds nothing.
pub(super) fn is_keyword(rule: Rule) -> bool {
    let discriminant = rule as usize;
    (Rule::kw_import as usize..=Rule::kw_param as usize).contains(&discriminant)
}

/// Whether a rule's span ends at its last token: atomic rules, and those that end in a closer.
pub(super) fn ends_at_token(rule: Rule) -> bool {
    is_keyword(rule)
        || matches!(
            rule,
            Rule::body
                | Rule::star
                | Rule::path
                | Rule::type_name
                | Rule::ident
                | Rule::var
                | Rule::rel_path
                | Rule::mod_path
                | Rule::path_ty
                | Rule::pick
                | Rule::fn_params
                | Rule::code
                | Rule::optional
                | Rule::ty_args
                | Rule::refine
                | Rule::minus
                | Rule::prefix
                | Rule::op
                | Rule::op_lead
                | Rule::access
                | Rule::opt_access
                | Rule::index
                | Rule::call
                | Rule::paren
                | Rule::record
                | Rule::brace
                | Rule::all_kind
                | Rule::reference
                | Rule::match_expr
                | Rule::any
                | Rule::by_expr
                | Rule::list
                | Rule::quoted
                | Rule::block_text
                | Rule::raw
                | Rule::fence
                | Rule::language
                | Rule::hash_quoted
                | Rule::hash_raw
                | Rule::hash_fence
                | Rule::escape
                | Rule::hole
                | Rule::hash_hole
                | Rule::number
        )
}
