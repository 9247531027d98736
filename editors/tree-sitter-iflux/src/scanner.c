// What the grammar cannot see from one token: whether a line goes on, whether a word is a keyword where it stands, and where a
// text ends. Each look ahead is one of `grammar/iflux.pest`, whose rule is named beside it.
#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <stdint.h>
#include <string.h>

// In the order of `externals` in grammar.js.
enum TokenType {
  NEWLINE,
  NEWLINE_BEFORE_OPERATOR,
  NEWLINE_BEFORE_ELSE,
  NEWLINE_BEFORE_PIPE,
  NEWLINE_BEFORE_FOR,
  NEWLINE_BEFORE_IF,
  NEWLINE_BEFORE_BECAUSE,
  REFERENCE,
  VARIABLE,
  ARGUMENT_NAME,
  TYPE_AHEAD,
  QUALIFIER_AHEAD,
  LAST_TYPE_NAME,
  WILDCARD,
  COLON_BEFORE_BASES,
  MINUS_SIGN,
  MINUS_OPERATOR,
  PERCENT_OPERATOR,
  IMMEDIATE_QUOTE,
  QUOTE,
  EMPTY_QUOTES,
  IMMEDIATE_EMPTY_QUOTES,
  BLOCK_QUOTE,
  BACKTICK,
  EMPTY_BACKTICKS,
  FENCE_START,
  FENCE_LANGUAGE,
  HASH_QUOTE,
  HASH_BACKTICK,
  HASH_FENCE_START,
  QUOTED_CONTENT,
  BLOCK_CONTENT,
  RAW_CONTENT,
  FENCE_CONTENT,
  HASH_QUOTED_CONTENT,
  HASH_RAW_CONTENT,
  HASH_FENCE_CONTENT,
  BLOCK_END,
  FENCE_END,
  HASH_FENCE_END,
  FIRST_WORD,
};

static const char *const WORDS[] = {
    "override", "final",  "private", "external", "new",      "out",    "key",  "single",    "addressable", "declared", "staged",
    "fact",     "param",  "extern",  "schema",   "kind",     "preset", "component", "type", "import",      "fn",       "test",
    "by",       "patch",  "for",     "if",       "let",      "check",  "warn", "remove",    "assert",      "expect",   "allow",
};
enum { WORD_COUNT = sizeof(WORDS) / sizeof(WORDS[0]), LAST_PLAIN_MARK = 4, LAST_MARK = 12, EXTERN = 13, TYPE = 18,
       IMPORT = 19, FN = 20, TEST = 21, ALLOW = 32, ERROR_SENTINEL = FIRST_WORD + WORD_COUNT };

// Open fences, outermost first: how many backticks each has. Deeper ones than fit are not followed.
enum { MOST_FENCES = 64 };
typedef struct {
  uint8_t depth;
  uint16_t ticks[MOST_FENCES];
} Scanner;

void *tree_sitter_iflux_external_scanner_create(void) { return ts_calloc(1, sizeof(Scanner)); }
void tree_sitter_iflux_external_scanner_destroy(void *payload) { ts_free(payload); }
unsigned tree_sitter_iflux_external_scanner_serialize(void *payload, char *buffer) {
  Scanner *scanner = payload;
  unsigned size = scanner->depth * sizeof(uint16_t);
  memcpy(buffer, scanner->ticks, size);
  return size;
}
void tree_sitter_iflux_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  scanner->depth = (uint8_t)(length / sizeof(uint16_t));
  if (length > 0) memcpy(scanner->ticks, buffer, length);
}

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }
static void skip(TSLexer *lexer) { lexer->advance(lexer, true); }
static bool found(TSLexer *lexer, unsigned token) {
  lexer->result_symbol = (TSSymbol)token;
  return true;
}
static bool found_here(TSLexer *lexer, unsigned token) {
  lexer->mark_end(lexer);
  return found(lexer, token);
}

// ---- characters and names ----

static bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }
static bool is_upper(int32_t c) { return c >= 'A' && c <= 'Z'; }
static bool is_alpha(int32_t c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_name_start(int32_t c) { return is_alpha(c) || c == '_'; }
static bool is_name_char(int32_t c) { return is_name_start(c) || is_digit(c); }

// As much of a name as any keyword has, and whether it is one that may be a type's.
enum { MOST_WORD = 16 };
typedef struct {
  char text[MOST_WORD];
  unsigned length;
  bool has_hyphen;
  // Hyphens follow that belong to no name: `a-` and a blank.
  bool has_loose_hyphen;
} Name;

// ident. With `marks`, the token's end follows what is surely the name's.
static Name read_name(TSLexer *lexer, bool marks) {
  Name name = {{0}, 0, false, false};
  for (;;) {
    while (is_name_char(lexer->lookahead)) {
      if (name.length < MOST_WORD - 1) name.text[name.length] = (char)lexer->lookahead;
      name.length++;
      advance(lexer);
    }
    if (marks) lexer->mark_end(lexer);
    if (lexer->lookahead != '-') return name;
    unsigned hyphens = 0;
    while (lexer->lookahead == '-') {
      hyphens++;
      advance(lexer);
    }
    if (!is_name_char(lexer->lookahead)) {
      name.has_loose_hyphen = true;
      return name;
    }
    name.has_hyphen = true;
    name.length += hyphens;
    // No keyword has a hyphen.
    name.text[0] = '-';
  }
}
static bool is_word(const Name *name, const char *word) {
  return !name->has_hyphen && strlen(word) == name->length && strncmp(name->text, word, name->length) == 0;
}
static bool is_one_of(const Name *name, const char *const *words, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    if (is_word(name, words[i])) return true;
  }
  return false;
}
// reserved
static bool is_reserved(const Name *name) {
  static const char *const words[] = {"all", "is", "if", "then", "else", "match", "by", "for", "in", "let"};
  return is_one_of(name, words, sizeof(words) / sizeof(words[0]));
}
// var
static bool is_no_variable(const Name *name) {
  static const char *const words[] = {"self", "outer", "here", "true", "false", "none"};
  return is_reserved(name) || is_one_of(name, words, sizeof(words) / sizeof(words[0]));
}

// ---- what lies between tokens ----

// Blanks, and the ends of lines if they mean nothing here, and comments. True if a `/` that opens no comment was read.
static bool pass_space(TSLexer *lexer, bool lines) {
  for (;;) {
    while (is_blank(lexer->lookahead) || lexer->lookahead == '\r' || (lines && lexer->lookahead == '\n')) advance(lexer);
    if (lexer->lookahead != '/') return false;
    advance(lexer);
    if (lexer->lookahead != '/') return true;
    while (lexer->lookahead != '\n' && !lexer->eof(lexer)) advance(lexer);
  }
}

// ---- looks ahead ----

// as_field
static bool is_as_field(TSLexer *lexer, bool passes) {
  if (passes && pass_space(lexer, false)) return false;
  switch (lexer->lookahead) {
    case '=': advance(lexer); return lexer->lookahead != '=';
    case '+': advance(lexer); return lexer->lookahead == '=';
    case ':':
    case '{': return true;
    case '.': advance(lexer); return lexer->lookahead != '.';
    default: return false;
  }
}

// path_ty: (ident ".")* type_name. Reads on from a name that was read.
static bool is_type_path_from(TSLexer *lexer, Name name, bool upper) {
  for (;;) {
    if (lexer->lookahead != '.' || name.has_loose_hyphen) return upper && !name.has_hyphen && !name.has_loose_hyphen;
    advance(lexer);
    upper = is_upper(lexer->lookahead);
    if (!is_name_start(lexer->lookahead)) return false;
    name = read_name(lexer, false);
  }
}
static bool is_type_path(TSLexer *lexer) {
  if (!is_name_start(lexer->lookahead)) return false;
  bool upper = is_upper(lexer->lookahead);
  return is_type_path_from(lexer, read_name(lexer, false), upper);
}

// bases ~ &"{"
static bool is_bases_and_brace(TSLexer *lexer) {
  for (;;) {
    if (pass_space(lexer, true) || !is_type_path(lexer) || pass_space(lexer, false)) return false;
    if (lexer->lookahead == '{') return true;
    if (lexer->lookahead != ',') return false;
    advance(lexer);
  }
}

// quoted, roughly: a hole ends where its brackets do.
static bool pass_quoted(TSLexer *lexer) {
  advance(lexer);
  unsigned depth = 0;
  bool inside = true;
  while (!lexer->eof(lexer) && (lexer->lookahead != '\n' || depth > 0)) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (inside && c == '\\') {
      if (lexer->lookahead == '(') {
        depth++;
        inside = false;
      }
      advance(lexer);
    } else if (c == '"') {
      if (depth == 0) return true;
      inside = !inside;
    } else if (!inside && c == '(') {
      depth++;
    } else if (!inside && c == ')' && --depth == 0) {
      inside = true;
    }
  }
  return false;
}

// keyed_block: key ~ (":" ~ nl* ~ bases)? ~ "{"
static bool is_keyed_block(TSLexer *lexer) {
  if (lexer->lookahead == '*') {
    advance(lexer);
  } else if (lexer->lookahead == '"') {
    if (!pass_quoted(lexer)) return false;
  } else if (is_name_start(lexer->lookahead)) {
    if (read_name(lexer, false).has_loose_hyphen) return false;
  } else {
    return false;
  }
  if (pass_space(lexer, false)) return false;
  if (lexer->lookahead == '{') return true;
  if (lexer->lookahead != ':') return false;
  advance(lexer);
  return is_bases_and_brace(lexer);
}

// Whether the word that was read is `WORDS[i]` as a keyword, by what follows it: mark, item_head, stmt_word.
static bool is_keyword_here(TSLexer *lexer, unsigned i) {
  if (i <= LAST_PLAIN_MARK) return !is_as_field(lexer, true);
  if (i <= LAST_MARK) {
    if (pass_space(lexer, false)) return true;
    // Both look at the same first character, and only one of them can be right about it.
    if (lexer->lookahead == '*' || lexer->lookahead == '"' || is_name_start(lexer->lookahead)) return !is_keyed_block(lexer);
    return !is_as_field(lexer, false);
  }
  if (i == EXTERN) {
    if (pass_space(lexer, false) || !is_name_start(lexer->lookahead)) return false;
    Name name = read_name(lexer, false);
    return is_word(&name, "fn");
  }
  bool blank = is_blank(lexer->lookahead);
  while (is_blank(lexer->lookahead)) advance(lexer);
  if (i <= TYPE) return blank && is_upper(lexer->lookahead);
  if (i <= FN) {
    if (!blank) return false;
    if (lexer->lookahead == '+') {
      advance(lexer);
      return lexer->lookahead != '=';
    }
    return lexer->lookahead != '=' && lexer->lookahead != ':' && lexer->lookahead != '{';
  }
  if (i == TEST) return blank && lexer->lookahead == '"';
  if (i == ALLOW) return lexer->lookahead == '(';
  return !is_as_field(lexer, false);
}

// ---- the ends of lines ----

static bool opens_text(TSLexer *lexer) {
  if (lexer->lookahead == '#') advance(lexer);
  return lexer->lookahead == '"' || lexer->lookahead == '`';
}

static bool scan_newline(TSLexer *lexer, const bool *valid) {
  while (lexer->lookahead == '\n' || is_blank(lexer->lookahead) || lexer->lookahead == '\r') {
    bool line = lexer->lookahead == '\n';
    advance(lexer);
    if (line) lexer->mark_end(lexer);
  }
  bool goes_on = false;
  for (unsigned i = NEWLINE_BEFORE_OPERATOR; i <= NEWLINE_BEFORE_BECAUSE; i++) goes_on = goes_on || valid[i];
  if (goes_on && !pass_space(lexer, true)) {
    int32_t c = lexer->lookahead;
    if (c == '&' || c == '|' || c == '?') {
      advance(lexer);
      bool twice = lexer->lookahead == c;
      if (twice && valid[NEWLINE_BEFORE_OPERATOR]) return found(lexer, NEWLINE_BEFORE_OPERATOR);
      if (!twice && c == '|' && valid[NEWLINE_BEFORE_PIPE]) return found(lexer, NEWLINE_BEFORE_PIPE);
    } else if (is_alpha(c)) {
      Name name = read_name(lexer, false);
      if (valid[NEWLINE_BEFORE_ELSE] && is_word(&name, "else")) {
        if (!is_as_field(lexer, true) || lexer->lookahead == '{') return found(lexer, NEWLINE_BEFORE_ELSE);
      } else if (valid[NEWLINE_BEFORE_FOR] && is_word(&name, "for")) {
        return found(lexer, NEWLINE_BEFORE_FOR);
      } else if (valid[NEWLINE_BEFORE_IF] && is_word(&name, "if")) {
        return found(lexer, NEWLINE_BEFORE_IF);
      } else if (valid[NEWLINE_BEFORE_BECAUSE] && is_word(&name, "because")) {
        if (!pass_space(lexer, true) && opens_text(lexer)) return found(lexer, NEWLINE_BEFORE_BECAUSE);
      }
    }
  }
  return valid[NEWLINE] && found(lexer, NEWLINE);
}

// ---- texts ----

static unsigned pass_backticks(TSLexer *lexer) {
  unsigned count = 0;
  while (lexer->lookahead == '`') {
    count++;
    advance(lexer);
  }
  return count;
}

// What must follow the opener of a text of lines: blank* ~ "\r"? ~ &"\n"
static bool is_end_of_line(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
  if (lexer->lookahead == '\r') advance(lexer);
  return lexer->lookahead == '\n';
}
static bool is_language_and_end_of_line(TSLexer *lexer) {
  while (is_alpha(lexer->lookahead) || is_digit(lexer->lookahead)) advance(lexer);
  return is_end_of_line(lexer);
}

static bool scan_quote(TSLexer *lexer, const bool *valid, bool immediate) {
  advance(lexer);
  lexer->mark_end(lexer);
  unsigned one = immediate && valid[IMMEDIATE_QUOTE] ? IMMEDIATE_QUOTE : QUOTE;
  unsigned none = immediate && valid[IMMEDIATE_EMPTY_QUOTES] ? IMMEDIATE_EMPTY_QUOTES : EMPTY_QUOTES;
  if (lexer->lookahead != '"') return valid[one] && found(lexer, one);
  advance(lexer);
  if (lexer->lookahead != '"') {
    return valid[none] && found_here(lexer, none);
  }
  advance(lexer);
  lexer->mark_end(lexer);
  return valid[BLOCK_QUOTE] && is_end_of_line(lexer) && found(lexer, BLOCK_QUOTE);
}

static bool scan_backtick(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  unsigned count = pass_backticks(lexer);
  if (count == 1) return valid[BACKTICK] && found_here(lexer, BACKTICK);
  if (count == 2) return valid[EMPTY_BACKTICKS] && found_here(lexer, EMPTY_BACKTICKS);
  lexer->mark_end(lexer);
  if (!valid[FENCE_START] || scanner->depth >= MOST_FENCES || count > UINT16_MAX || !is_language_and_end_of_line(lexer)) return false;
  scanner->ticks[scanner->depth++] = (uint16_t)count;
  return found(lexer, FENCE_START);
}

static bool scan_hash(TSLexer *lexer, const bool *valid) {
  advance(lexer);
  if (lexer->lookahead == '"') {
    advance(lexer);
    return valid[HASH_QUOTE] && found_here(lexer, HASH_QUOTE);
  }
  if (lexer->lookahead != '`') return false;
  advance(lexer);
  lexer->mark_end(lexer);
  if (lexer->lookahead != '`') return valid[HASH_BACKTICK] && found(lexer, HASH_BACKTICK);
  advance(lexer);
  if (lexer->lookahead != '`') {
    // #` ~ !"``": one backtick may follow, and closes or opens nothing.
    return valid[HASH_BACKTICK] && found(lexer, HASH_BACKTICK);
  }
  advance(lexer);
  lexer->mark_end(lexer);
  return valid[HASH_FENCE_START] && is_language_and_end_of_line(lexer) && found(lexer, HASH_FENCE_START);
}

typedef struct {
  unsigned content;
  // The token that ends a text of lines, or none: then the parser's own lexer knows the end.
  unsigned end;
  // What closes: so many of `quote`, then a `#` if `hash`.
  int32_t quote;
  unsigned count;
  bool lines;
  bool hash;
  bool escapes;
} Text;

// Whether a closer stands here, of which the first character is looked at. Reads no further than its end.
static bool closes(TSLexer *lexer, const Text *text) {
  unsigned count = 0;
  while (count < text->count && lexer->lookahead == text->quote) {
    count++;
    advance(lexer);
  }
  if (count < text->count) return false;
  if (text->hash) {
    if (lexer->lookahead != '#') return false;
    advance(lexer);
    return true;
  }
  return text->content != FENCE_CONTENT || lexer->lookahead != '`';
}

static bool scan_content(Scanner *scanner, TSLexer *lexer, const bool *valid, const Text *text) {
  bool any = false;
  for (;;) {
    int32_t c = lexer->lookahead;
    lexer->mark_end(lexer);
    if (lexer->eof(lexer)) break;
    if (c == '\n') {
      if (!text->lines) break;
      advance(lexer);
      while (is_blank(lexer->lookahead)) advance(lexer);
      if (closes(lexer, text)) {
        // The token's end is still before the end of the line.
        if (any || !valid[text->end]) break;
        lexer->mark_end(lexer);
        if (text->content == FENCE_CONTENT && scanner->depth > 0) scanner->depth--;
        return found(lexer, text->end);
      }
      any = true;
      continue;
    }
    if (!text->lines && c == text->quote) {
      if (!text->hash) break;
      advance(lexer);
      if (lexer->lookahead == '#') break;
      any = true;
      continue;
    }
    if (c == '\\') {
      if (text->escapes) break;
      advance(lexer);
      if (text->hash) {
        if (lexer->lookahead == '#') {
          advance(lexer);
          if (lexer->lookahead == '(') break;
        }
      } else if (lexer->lookahead == '(') {
        break;
      } else if (lexer->lookahead == '\\') {
        advance(lexer);
      }
      any = true;
      continue;
    }
    advance(lexer);
    any = true;
  }
  return any && valid[text->content] && found(lexer, text->content);
}

static bool scan_text(Scanner *scanner, TSLexer *lexer, const bool *valid) {
  static const Text texts[] = {
      {QUOTED_CONTENT, QUOTED_CONTENT, '"', 1, false, false, true},
      {BLOCK_CONTENT, BLOCK_END, '"', 3, true, false, true},
      {RAW_CONTENT, RAW_CONTENT, '`', 1, false, false, false},
      {FENCE_CONTENT, FENCE_END, '`', 3, true, false, false},
      {HASH_QUOTED_CONTENT, HASH_QUOTED_CONTENT, '"', 1, false, true, false},
      {HASH_RAW_CONTENT, HASH_RAW_CONTENT, '`', 1, false, true, false},
      {HASH_FENCE_CONTENT, HASH_FENCE_END, '`', 3, true, true, false},
  };
  for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
    if (!valid[texts[i].content]) continue;
    Text text = texts[i];
    if (text.content == FENCE_CONTENT && scanner->depth > 0) text.count = scanner->ticks[scanner->depth - 1];
    return scan_content(scanner, lexer, valid, &text);
  }
  return false;
}

// ---- words ----

// What a type's path ends with when it opens a record: rec_head, where only blanks may stand before the brace.
static bool is_before_brace(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
  return lexer->lookahead == '{';
}

static bool scan_name(TSLexer *lexer, const bool *valid) {
  bool upper = is_upper(lexer->lookahead);
  Name name = read_name(lexer, true);
  // path_ty: what follows a dot is the type's name if no other dot comes.
  if (valid[LAST_TYPE_NAME]) return upper && !name.has_hyphen && lexer->lookahead != '.' && found(lexer, LAST_TYPE_NAME);
  if (valid[FIRST_WORD]) {
    for (unsigned i = 0; i < WORD_COUNT; i++) {
      if (is_word(&name, WORDS[i])) return is_keyword_here(lexer, i) && found(lexer, FIRST_WORD + i);
    }
    return false;
  }
  if (valid[WILDCARD] && is_word(&name, "_")) return found(lexer, WILDCARD);
  if (valid[VARIABLE]) return !is_no_variable(&name) && found(lexer, VARIABLE);
  if (is_reserved(&name)) return false;
  if (valid[ARGUMENT_NAME]) {
    // arg_name: ident ~ "=" ~ !"="
    while (is_blank(lexer->lookahead) || lexer->lookahead == '\r') advance(lexer);
    if (lexer->lookahead == '=') {
      advance(lexer);
      if (lexer->lookahead != '=') return found(lexer, ARGUMENT_NAME);
    }
  }
  // The name may begin a type's path: of a pattern, or of a record, whose brace is on its line.
  if (valid[TYPE_AHEAD] && (upper || lexer->lookahead == '.')) {
    bool dotted = lexer->lookahead == '.' && !name.has_loose_hyphen;
    if (is_type_path_from(lexer, name, upper) && (valid[WILDCARD] || is_before_brace(lexer))) {
      return found(lexer, dotted ? QUALIFIER_AHEAD : TYPE_AHEAD);
    }
  }
  return valid[REFERENCE] && found(lexer, REFERENCE);
}

bool tree_sitter_iflux_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = payload;
  // All is valid while the parser mends an error: then its own lexer finds something to go on with, but for ends of lines.
  if (valid[ERROR_SENTINEL]) {
    while (is_blank(lexer->lookahead) || lexer->lookahead == '\r') skip(lexer);
    if (lexer->lookahead != '\n') return false;
    advance(lexer);
    return found_here(lexer, NEWLINE);
  }
  if (valid[FENCE_LANGUAGE] && (is_alpha(lexer->lookahead) || is_digit(lexer->lookahead))) {
    while (is_alpha(lexer->lookahead) || is_digit(lexer->lookahead)) advance(lexer);
    return found_here(lexer, FENCE_LANGUAGE);
  }
  for (unsigned i = QUOTED_CONTENT; i <= HASH_FENCE_CONTENT; i++) {
    if (valid[i]) return scan_text(scanner, lexer, valid);
  }
  bool immediate = true;
  while (is_blank(lexer->lookahead) || lexer->lookahead == '\r') {
    immediate = false;
    skip(lexer);
  }
  int32_t c = lexer->lookahead;
  if (c == '\n') {
    lexer->mark_end(lexer);
    return scan_newline(lexer, valid);
  }
  if (is_name_start(c)) return (immediate || !valid[LAST_TYPE_NAME]) && scan_name(lexer, valid);
  switch (c) {
    case '"': return scan_quote(lexer, valid, immediate);
    case '`': return scan_backtick(scanner, lexer, valid);
    case '#': return scan_hash(lexer, valid);
    case ':':
      if (!valid[COLON_BEFORE_BASES]) return false;
      advance(lexer);
      lexer->mark_end(lexer);
      return is_bases_and_brace(lexer) && found(lexer, COLON_BEFORE_BASES);
    case '-':
    case '%': {
      if (!valid[MINUS_SIGN] && !valid[MINUS_OPERATOR] && !valid[PERCENT_OPERATOR]) return false;
      advance(lexer);
      lexer->mark_end(lexer);
      bool loose = is_blank(lexer->lookahead) || lexer->lookahead == '\n';
      unsigned token = c == '%' ? PERCENT_OPERATOR : loose || lexer->lookahead == '\r' ? MINUS_OPERATOR : MINUS_SIGN;
      // "-" ~ !(blank | "\n") and "-" ~ &(blank | "\n" | "\r") both take a "\r".
      if (c == '-' && lexer->lookahead == '\r' && !valid[MINUS_OPERATOR]) token = MINUS_SIGN;
      if (c == '%' && !loose && lexer->lookahead != '\r') return false;
      return valid[token] && found(lexer, token);
    }
    default: return false;
  }
}
