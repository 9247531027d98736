// The grammar of iflux for editors. `grammar/iflux.pest` at the project's root says what a program is; this file follows it
// rule by rule, and the project's tests hold both against each other.
//
// Where pest looks ahead (is `out x {` a mark or a block? is `a.b.C {` a record?), `src/scanner.c` does, and hands over a token of
// its own; so this grammar is plain LR(1), and no word is reserved for more than the place where it means something.
//
// Ends of lines mean something. `_newline` is one run of them; the tokens `_newline_before_*` are runs after which the line goes on.

const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*(-+[A-Za-z0-9_]+)*/;
const TYPE_NAME = /[A-Z][A-Za-z0-9_]*/;

// Words that open a member, where the scanner says that they do: in the order of `WORDS` in src/scanner.c.
const MARKS = [
  'override', 'final', 'private', 'external', 'new',
  'out', 'key', 'single', 'addressable', 'declared', 'staged', 'fact', 'param', 'extern',
];
const ITEMS = ['schema', 'kind', 'preset', 'component', 'type', 'import', 'fn', 'test'];
const STATEMENTS = ['by', 'patch', 'for', 'if', 'let', 'check', 'warn', 'remove', 'assert', 'expect', 'allow'];
const WORDS = [...MARKS, ...ITEMS, ...STATEMENTS];
const word = ($, text) => alias($[`_word_${text}`], text);

module.exports = grammar({
  name: 'iflux',

  word: $ => $.identifier,

  extras: $ => [/[ \t\r]/, $.comment],

  // In the order of `enum TokenType` in src/scanner.c.
  externals: $ => [
    $._newline,
    $._newline_before_operator,
    $._newline_before_else,
    $._newline_before_pipe,
    $._newline_before_for,
    $._newline_before_if,
    $._newline_before_because,
    $._reference,
    $._variable,
    $._argument_name,
    $._type_ahead,
    $._qualifier_ahead,
    $._last_type_name,
    $._wildcard,
    $._colon_before_bases,
    $._minus_sign,
    $._minus_operator,
    $._percent_operator,
    $._immediate_quote,
    $._quote,
    $._empty_quotes,
    $._immediate_empty_quotes,
    $._block_quote,
    $._backtick,
    $._empty_backticks,
    $._fence_start,
    $._fence_language,
    $._hash_quote,
    $._hash_backtick,
    $._hash_fence_start,
    $._quoted_content,
    $._block_content,
    $._raw_content,
    $._fence_content,
    $._hash_quoted_content,
    $._hash_raw_content,
    $._hash_fence_content,
    $._block_end,
    $._fence_end,
    $._hash_fence_end,
    ...WORDS.map(word => $[`_word_${word}`]),
    $._error_sentinel,
  ],

  inline: $ => [$._name, $._imm_name, $._key, $._ident, $._imm_ident],

  rules: {
    file: $ => seq(optional($._lines), optional($._members)),

    comment: _ => token(seq('//', /[^\n]*/)),

    _lines: $ => repeat1($._newline),
    _separator: $ => choice(
      seq($._lines, optional(seq(',', optional($._lines)))),
      seq(',', optional($._lines)),
    ),

    // ---- members ----
    _members: $ => seq($._member, repeat(seq($._separator, $._member)), optional($._separator)),
    body: $ => seq('{', optional($._lines), optional($._members), '}'),

    _member: $ => choice($.spread, seq(repeat($.mark), $._unmarked, optional($.because))),
    _unmarked: $ => choice(
      $.computed,
      $.import, $.type_definition, $.schema, $.kind, $.preset, $.component, $.function, $.test,
      $.by_statement, $.patch, $.for_statement, $.if_statement, $.let, $.check, $.warn, $.remove, $.allow, $.assert, $.expect,
      $.set, $.append, $.block, $.field,
    ),

    mark: $ => choice(...MARKS.map(text => word($, text))),
    because: $ => seq(
      optional(seq($._newline_before_because, optional($._lines))), 'because', optional($._lines), $._text,
    ),
    spread: $ => seq('...', $._expression, optional($.because)),
    computed: $ => seq(
      '[', optional($._lines), field('key', $._expression), optional($._lines), ']', '=', optional($._lines),
      field('value', $._expression), optional($.clauses),
    ),

    set: $ => seq(field('path', $.path), '=', optional($._lines), field('value', $._expression)),
    append: $ => seq(field('path', $.path), '+=', optional($._lines), field('value', $._expression)),
    block: $ => choice(
      seq(field('path', $.path), optional($._based_on), field('body', $.body)),
      seq(field('keyword', $._name), field('key', $._key), optional($._based_on), field('body', $.body)),
    ),
    field: $ => seq(
      field('name', $._name), ':', field('type', $.type), optional(seq('=', optional($._lines), field('default', $._expression))),
    ),
    _based_on: $ => seq(alias($._colon_before_bases, ':'), optional($._lines), $.bases),
    bases: $ => seq($.type_path, repeat(seq(',', optional($._lines), $.type_path))),
    path: $ => seq($._name, repeat(seq(token.immediate('.'), $._imm_name))),

    _key: $ => choice($._name, $.star),
    star: _ => '*',
    _name: $ => choice($.identifier, alias($._upper, $.identifier), $.quoted),
    _imm_name: $ => choice(
      alias($._imm_identifier, $.identifier), alias($._imm_quoted, $.quoted),
    ),

    // ---- items ----
    import: $ => seq(word($, 'import'), choice($.folder, $.module), optional(choice($.pick, seq('as', $.variable)))),
    folder: _ => token(/(\.\.?\/)+[A-Za-z_][A-Za-z0-9_]*(-+[A-Za-z0-9_]+)*(\/[A-Za-z_][A-Za-z0-9_]*(-+[A-Za-z0-9_]+)*)*/),
    module: $ => seq($._ident, repeat(seq(token.immediate('.'), $._imm_ident))),
    pick: $ => seq(
      '.{', optional($._lines),
      optional(seq($._picked, repeat(seq($._separator, $._picked)), optional($._separator))), '}',
    ),
    _picked: $ => seq($._ident, optional(seq('as', $._ident))),
    _ident: $ => choice($.identifier, alias($._upper, $.identifier)),
    _imm_ident: $ => alias($._imm_identifier, $.identifier),

    type_definition: $ => seq(word($, 'type'), field('name', $.type_name), '=', optional($._lines), optional(seq('|', optional($._lines))), $.type),
    schema: $ => seq(word($, 'schema'), field('name', $.type_name), optional($.extends), field('body', $.body)),
    kind: $ => seq(
      word($, 'kind'), field('name', $.type_name),
      choice(
        seq('=', optional($._lines), optional(seq('|', optional($._lines))), $.type),
        seq(optional($.extends), field('body', $.body)),
      ),
    ),
    extends: $ => seq('extends', $.type_path),
    preset: $ => seq(word($, 'preset'), field('name', $.type_name), 'for', $.type_path, optional($._based_on), field('body', $.body)),
    component: $ => seq(word($, 'component'), field('name', $.type_name), field('body', $.body)),
    function: $ => seq(
      word($, 'fn'), field('name', $.variable), $.parameters, '->', $.type, optional(seq('=', optional($._lines), field('value', $._expression))),
    ),
    parameters: $ => seq(
      '(', optional($._lines),
      optional(seq($.parameter, repeat(seq($._separator, $.parameter)), optional($._separator))), ')',
    ),
    parameter: $ => seq(field('name', $.variable), ':', $.type, optional(seq('=', optional($._lines), field('default', $._expression)))),
    test: $ => seq(word($, 'test'), field('name', $.quoted), field('body', $.body)),

    // ---- statements ----
    for_statement: $ => seq(
      word($, 'for'), $.variable, optional(seq(',', $.variable)), 'in', $._expression_nb, field('body', $.body),
    ),
    if_statement: $ => seq(
      word($, 'if'), $._expression_nb, $.body,
      repeat(seq($._else, 'if', $._expression_nb, $.body)),
      optional(seq($._else, $.body)),
    ),
    _else: $ => seq(optional(seq($._newline_before_else, optional($._lines))), 'else'),
    by_statement: $ => seq(
      word($, 'by'), $._ident, '{', optional($._lines),
      optional(seq($.by_body, repeat(seq($._separator, $.by_body)), optional($._separator))), '}',
    ),
    by_body: $ => seq($._name, repeat(seq('|', $._name)), field('body', $.body)),
    patch: $ => seq(word($, 'patch'), $.type_path, optional($._text), field('body', $.body)),
    let: $ => seq(word($, 'let'), field('name', $.variable), optional(seq(':', $.type)), '=', optional($._lines), field('value', $._expression)),
    check: $ => seq(word($, 'check'), $._expression, $._else, optional($._lines), $._text),
    warn: $ => seq(word($, 'warn'), $._expression, $._else, optional($._lines), $._text),
    remove: $ => seq(word($, 'remove'), $.path),
    allow: $ => seq(word($, 'allow'), '(', $.code, ')'),
    assert: $ => seq(word($, 'assert'), $._expression, optional(seq($._else, optional($._lines), $._text))),
    expect: $ => seq(word($, 'expect'), 'error', $.code, 'in', field('body', $.body)),
    code: _ => token(/[A-Za-z_][A-Za-z0-9_]*(-+[A-Za-z0-9_]+)*\/[A-Za-z_][A-Za-z0-9_]*(-+[A-Za-z0-9_]+)*/),

    // ---- types ----
    type: $ => seq(
      $._type_atom,
      repeat(seq(optional(seq($._newline_before_pipe, optional($._lines))), '|', optional($._lines), $._type_atom)),
    ),
    _type_atom: $ => seq(
      choice(seq('later', $._type_core, optional(seq('of', $.type_path))), $._type_core),
      optional('?'),
    ),
    _type_core: $ => choice($.list_type, $.map_type, $.type_reference, $._text, $.computed_type),
    computed_type: $ => seq($.identifier, token.immediate('('), $._ident, ')'),
    list_type: $ => seq('[', optional($._lines), $.type, optional($._lines), ']', optional($.refinement)),
    map_type: $ => seq('{', optional($._lines), $.type, ':', optional($._lines), $.type, optional($._lines), '}', optional($.refinement)),
    type_reference: $ => seq($.type_path, optional($.type_arguments), optional($.refinement)),
    type_arguments: $ => seq('<', $.type, repeat(seq(',', $.type)), '>'),
    refinement: $ => seq('(', choice($.range, $._text, $.reference, $.identifier, alias($._upper, $.identifier)), ')'),
    range: $ => choice(
      seq('..', optional($._bound)),
      seq($._bound, '..', optional($._bound)),
    ),
    _bound: $ => choice(seq(optional('-'), $.number), $.chain_reference),
    type_path: $ => choice(
      alias($._upper, $.type_name),
      seq($._qualifier, token.immediate('.'), alias($._last_type_name, $.type_name)),
    ),
    // A name before a dot is never the last one: `all A.b` is no access to `all A`.
    _qualifier: $ => prec(1, choice($._ident, seq($._qualifier, token.immediate('.'), $._imm_ident))),
    type_name: $ => $._upper,

    // ---- expressions ----
    _expression: $ => choice($._operand, $.binary),
    // An `if` takes all that follows its `else`.
    binary: $ => prec.right(1, seq($._operand, repeat1(seq($._infix, $._operand)))),
    _expression_nb: $ => choice($._operand_nb, alias($._binary_nb, $.binary)),
    _binary_nb: $ => prec.right(1, seq($._operand_nb, repeat1(seq($._infix, $._operand_nb)))),
    _infix: $ => choice(
      seq($.operator, optional($._lines)),
      seq($._newline_before_operator, optional($._lines), alias($._leading_operator, $.operator), optional($._lines)),
    ),
    operator: $ => choice(
      '==', '!=', '<=', '>=', '&&', '||', '??', '..', '<', '>', '+', '*', '/',
      alias($._minus_operator, '-'), alias($._percent_operator, '%'), 'in', 'is',
    ),
    _leading_operator: _ => choice('&&', '||', '??'),
    _operand: $ => choice($._chain, $.unary),
    unary: $ => seq(choice('!', alias($._minus_sign, '-')), $._operand),
    _operand_nb: $ => choice($._chain_nb, alias($._unary_nb, $.unary)),
    _unary_nb: $ => seq(choice('!', alias($._minus_sign, '-')), $._operand_nb),

    _chain: $ => choice($._primary, $.access, $.index, $.call),
    access: $ => prec(2, seq($._chain, $._access)),
    index: $ => prec(2, seq($._chain, $._index)),
    call: $ => prec(2, seq(field('function', $._chain), $.arguments)),
    _chain_nb: $ => choice(
      $._primary_nb, alias($._access_nb, $.access), alias($._index_nb, $.index), alias($._call_nb, $.call),
    ),
    _access_nb: $ => prec(2, seq($._chain_nb, $._access)),
    _index_nb: $ => prec(2, seq($._chain_nb, $._index)),
    _call_nb: $ => prec(2, seq(field('function', $._chain_nb), $.arguments)),
    chain_reference: $ => seq($.reference, repeat($._plain_access)),
    _plain_access: $ => seq(token.immediate('.'), field('name', $._imm_name)),
    _access: $ => seq(choice(token.immediate('.'), token.immediate('?.')), field('name', $._imm_name)),
    _index: $ => seq(token.immediate('['), optional($._lines), $._expression, optional($._lines), ']'),
    arguments: $ => seq(
      token.immediate('('), optional($._lines),
      optional(seq($._argument, repeat(seq($._separator, $._argument)), optional($._separator))), ')',
    ),
    _argument: $ => choice(alias($._plain_spread, $.spread), $.named_argument, $._expression),
    named_argument: $ => seq(field('name', alias($._argument_name, $.identifier)), '=', optional($._lines), $._expression),
    _plain_spread: $ => seq('...', $._expression),

    _primary: $ => choice($._primary_nb, $.if_expression, $.match, $.by_expression, $.record, alias($.body, $.braces)),
    _primary_nb: $ => choice($._text, $.number, $.all, $.reference, $.list, $.parenthesised),
    parenthesised: $ => seq('(', optional($._lines), $._expression, optional($._lines), ')'),
    record: $ => seq(alias($._path_ahead, $.type_path), $.body),
    // The scanner has seen that a type's path begins, and hands over its first name.
    _path_ahead: $ => choice(
      alias($._type_ahead, $.type_name),
      seq($._qualifier_ahead_path, token.immediate('.'), alias($._last_type_name, $.type_name)),
    ),
    _qualifier_ahead_path: $ => prec(1, choice(
      alias($._qualifier_ahead, $.identifier), seq($._qualifier_ahead_path, token.immediate('.'), $._imm_ident),
    )),
    all: $ => seq('all', $.type_path),
    reference: $ => $._reference,
    variable: $ => $._variable,
    if_expression: $ => seq(
      'if', $._expression, optional($._lines), 'then', optional($._lines), $._expression, $._else, optional($._lines), $._expression,
    ),
    match: $ => seq(
      'match', $._expression_nb, '{', optional($._lines),
      optional(seq($.arm, repeat(seq($._separator, $.arm)), optional($._separator))), '}',
    ),
    arm: $ => seq(
      $._pattern,
      repeat(seq(optional(seq($._newline_before_pipe, optional($._lines))), '|', optional($._lines), $._pattern)),
      '=>', optional($._lines), field('value', $._expression),
    ),
    _pattern: $ => choice(
      alias($._wildcard, $.wildcard), $._text, seq(optional('-'), $.number),
      seq(alias($._path_ahead, $.type_path), optional($.variable)), $.chain_reference,
    ),
    by_expression: $ => seq(
      'by', $._ident, '{', optional($._lines),
      optional(seq($.by_arm, repeat(seq($._separator, $.by_arm)), optional($._separator))), '}',
    ),
    by_arm: $ => seq($._name, repeat(seq('|', $._name)), '=', optional($._lines), field('value', $._expression)),
    list: $ => seq(
      '[', optional($._lines),
      optional(seq($._element, choice(
        seq($.clauses, optional($._lines)),
        seq(repeat(seq($._separator, $._element)), optional($._separator)),
      ))), ']',
    ),
    _element: $ => choice(alias($._plain_spread, $.spread), $._expression),
    clauses: $ => repeat1($.for_clause),
    for_clause: $ => seq(
      optional(seq($._newline_before_for, optional($._lines))), 'for', $.variable, optional(seq(',', $.variable)), 'in', $._expression,
      repeat($.if_clause),
    ),
    if_clause: $ => seq(optional(seq($._newline_before_if, optional($._lines))), 'if', $._expression),

    // ---- texts and numbers ----
    _text: $ => choice($.quoted, $.block_text, $.raw, $.fence, $.hash_quoted, $.hash_raw, $.hash_fence),
    quoted: $ => choice(seq(alias($._quote, '"'), $._quoted_rest), alias($._empty_quotes, '""')),
    _imm_quoted: $ => choice(seq(alias($._immediate_quote, '"'), $._quoted_rest), alias($._immediate_empty_quotes, '""')),
    _quoted_rest: $ => seq(
      repeat(choice(alias($._quoted_content, $.content), $.escape, $.hole)), token.immediate('"'),
    ),
    block_text: $ => seq(
      alias($._block_quote, '"""'), repeat(choice(alias($._block_content, $.content), $.escape, $.hole)),
      alias($._block_end, '"""'),
    ),
    raw: $ => choice(
      seq(alias($._backtick, '`'), repeat(choice(alias($._raw_content, $.content), $.hole)), token.immediate('`')),
      alias($._empty_backticks, '``'),
    ),
    fence: $ => seq(
      alias($._fence_start, '```'), optional(alias($._fence_language, $.language)),
      repeat(choice(alias($._fence_content, $.content), $.hole)), alias($._fence_end, '```'),
    ),
    hash_quoted: $ => seq(
      alias($._hash_quote, '#"'), repeat(choice(alias($._hash_quoted_content, $.content), alias($.hash_hole, $.hole))),
      token.immediate('"#'),
    ),
    hash_raw: $ => seq(
      alias($._hash_backtick, '#`'), repeat(choice(alias($._hash_raw_content, $.content), alias($.hash_hole, $.hole))),
      token.immediate('`#'),
    ),
    hash_fence: $ => seq(
      alias($._hash_fence_start, '#```'), optional(alias($._fence_language, $.language)),
      repeat(choice(alias($._hash_fence_content, $.content), alias($.hash_hole, $.hole))), alias($._hash_fence_end, '```#'),
    ),
    escape: _ => token.immediate(/\\([nt"\\]|u\{[0-9A-Fa-f]{1,6}\})/),
    hole: $ => seq(token.immediate('\\('), optional($._lines), $._expression, optional($._lines), ')'),
    hash_hole: $ => seq(token.immediate('\\#('), optional($._lines), $._expression, optional($._lines), ')'),
    number: _ => token(/(0o[0-7]+|(0|[1-9][0-9_]*)(\.[0-9]+)?)(%|[A-Za-z]+([0-9]+[A-Za-z]+)*)?/),

    // ---- names ----
    identifier: _ => IDENTIFIER,
    _upper: _ => token(prec(1, TYPE_NAME)),
    _imm_identifier: _ => token.immediate(IDENTIFIER),
  },
});
