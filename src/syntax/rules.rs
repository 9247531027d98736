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
                | Rule::of_context
                | Rule::ty_computed
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

/// What a person would call what a rule reads; `None` where naming it says nothing.
pub(super) fn word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::EOI => "the end",
        Rule::file | Rule::member => "a member",
        Rule::body | Rule::block_path | Rule::based | Rule::keyed | Rule::brace | Rule::record => {
            "`{`"
        }
        Rule::set
        | Rule::kind_def
        | Rule::type_def
        | Rule::by_arm
        | Rule::computed
        | Rule::arg_name => "`=`",
        Rule::append => "`+=`",
        Rule::field | Rule::fn_param => "`:`",
        Rule::because | Rule::kw_because => "`because`",
        Rule::spread => "`...`",
        Rule::key | Rule::ident | Rule::reference | Rule::path | Rule::chain_ref => "a name",
        Rule::var => "a new name",
        Rule::bases | Rule::path_ty | Rule::type_name | Rule::extends | Rule::ty_ref => {
            "a type's name"
        }
        Rule::import | Rule::rel_path | Rule::mod_path => "a module",
        Rule::pick | Rule::pick_one => "names to import",
        Rule::schema_def | Rule::component_def | Rule::preset_def => "a definition",
        Rule::fn_def => "`->`",
        Rule::fn_params => "`(`",
        Rule::for_stmt | Rule::for_clause => "`in`",
        Rule::if_stmt | Rule::if_clause => "a condition",
        Rule::by_stmt | Rule::by_expr => "`{`",
        Rule::by_body => "an arm",
        Rule::let_stmt => "`=`",
        Rule::check_stmt | Rule::warn_stmt | Rule::kw_else => "`else`",
        Rule::code | Rule::allow_stmt | Rule::expect_stmt => "a diagnostic's code",
        Rule::ty | Rule::ty_atom | Rule::ty_list | Rule::ty_map | Rule::ty_computed => "a type",
        Rule::refine => "`(`",
        Rule::range | Rule::low | Rule::high => "a bound",
        Rule::expr
        | Rule::expr_nb
        | Rule::chain
        | Rule::chain_nb
        | Rule::arg
        | Rule::all_kind
        | Rule::if_expr
        | Rule::match_expr
        | Rule::number => "a value",
        Rule::op | Rule::op_lead => "an operator",
        Rule::index => "`]`",
        Rule::call => "`)`",
        Rule::paren | Rule::hole | Rule::hash_hole => "`)`",
        Rule::list => "`]`",
        Rule::arm => "`=>`",
        Rule::pattern | Rule::any => "a pattern",
        Rule::clauses => "`for`",
        Rule::quoted
        | Rule::block_text
        | Rule::raw
        | Rule::fence
        | Rule::hash_quoted
        | Rule::hash_raw
        | Rule::hash_fence => "a text",
        Rule::escape => "an escape",
        Rule::kw_import => "`import`",
        Rule::kw_as => "`as`",
        Rule::kw_type => "`type`",
        Rule::kw_schema => "`schema`",
        Rule::kw_kind => "`kind`",
        Rule::kw_extends => "`extends`",
        Rule::kw_preset => "`preset`",
        Rule::kw_component => "`component`",
        Rule::kw_fn => "`fn`",
        Rule::kw_test => "`test`",
        Rule::kw_for => "`for`",
        Rule::kw_in => "`in`",
        Rule::kw_if => "`if`",
        Rule::kw_then => "`then`",
        Rule::kw_match => "`match`",
        Rule::kw_by => "`by`",
        Rule::kw_let => "`let`",
        Rule::kw_all => "`all`",
        Rule::kw_check => "`check`",
        Rule::kw_warn => "`warn`",
        Rule::kw_remove => "`remove`",
        Rule::kw_allow => "`allow`",
        Rule::kw_assert => "`assert`",
        Rule::kw_expect => "`expect`",
        Rule::kw_error => "`error`",
        Rule::kw_patch => "`patch`",
        Rule::kw_of => "`of`",
        Rule::kw_later
        | Rule::kw_override
        | Rule::kw_final
        | Rule::kw_private
        | Rule::kw_external
        | Rule::kw_new
        | Rule::kw_out
        | Rule::kw_key
        | Rule::kw_single
        | Rule::kw_addressable
        | Rule::kw_declared
        | Rule::kw_extern
        | Rule::kw_staged
        | Rule::kw_fact
        | Rule::kw_param
        | Rule::WHITESPACE
        | Rule::COMMENT
        | Rule::nl
        | Rule::sep
        | Rule::mark
        | Rule::mark_word
        | Rule::worded
        | Rule::keyed_block
        | Rule::plain
        | Rule::star
        | Rule::name
        | Rule::item_head
        | Rule::item
        | Rule::test_def
        | Rule::as_field
        | Rule::stmt_word
        | Rule::statement
        | Rule::patch_stmt
        | Rule::remove_stmt
        | Rule::assert_stmt
        | Rule::optional
        | Rule::ty_args
        | Rule::bound
        | Rule::minus
        | Rule::operand
        | Rule::operand_nb
        | Rule::prefix
        | Rule::infix
        | Rule::postfix
        | Rule::access
        | Rule::opt_access
        | Rule::primary
        | Rule::primary_nb
        | Rule::rec_head
        | Rule::fn_head
        | Rule::ty_core
        | Rule::of_context
        | Rule::element
        | Rule::text
        | Rule::block_close
        | Rule::fence_close
        | Rule::hash_close
        | Rule::language
        | Rule::blank
        | Rule::idc
        | Rule::kwc
        | Rule::reserved => return None,
    })
}
