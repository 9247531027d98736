//! What editors read with: tree-sitter accepts what pest accepts, gives the trees of its corpus, and its queries fit it.
#![expect(clippy::disallowed_methods, reason = "reads the project's own files")]

use std::path::{Path, PathBuf};

use pest::Parser as _;
use tree_sitter::{Query, QueryCursor, StreamingIterator as _, Tree};

use crate::runs::{Chance, deep};

/// The grammar that says what a program is, as it is written: neither the splitter nor recovery stands before it.
mod truth {
    #![allow(missing_docs, reason = "the rules have their comments in the grammar")]

    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/iflux.pest"]
    pub(super) struct Grammar;
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, end: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, end, found);
            } else if path.to_string_lossy().ends_with(end) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), end, &mut found);
    found.sort();
    found
}

/// Every program that the project has: the library, the examples, the cases and the book, right and wrong ones.
fn programs() -> Vec<(String, String)> {
    let name =
        |path: &Path| path.strip_prefix(root()).expect("below the root").display().to_string();
    let mut found = Vec::new();
    for folder in ["examples", "stdlib", "tests"] {
        found.extend(files(folder, ".iflux").iter().map(|path| (name(path), read(path))));
    }
    for folder in ["tests/ui", "src/diag/pages", "src/book"] {
        for path in files(folder, ".md") {
            for (number, text) in blocks(&read(&path)).into_iter().enumerate() {
                found.push((format!("{} block {number}", name(&path)), text));
            }
        }
    }
    found
}

/// The fenced blocks of a page that hold iflux.
fn blocks(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(&str, Option<String>)> = None;
    for line in page.lines() {
        if let Some((fence, text)) = &mut open {
            if line.trim_end() == *fence {
                found.extend(text.take());
                open = None;
            } else if let Some(text) = text {
                text.push_str(line);
                text.push('\n');
            }
            continue;
        }
        let ticks = line.len() - line.trim_start_matches(['`', '~']).len();
        if let Some((fence, language)) = line.split_at_checked(ticks)
            && ticks >= 3
        {
            open = Some((fence, language.starts_with("iflux").then(String::new)));
        }
    }
    found
}

fn parser() -> tree_sitter::Parser {
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_iflux::LANGUAGE.into())
        .expect("the library knows its version");
    parser
}

fn tree(parser: &mut tree_sitter::Parser, text: &str) -> Tree {
    parser.parse(text, None).expect("nothing interrupts it")
}

/// What tokens of any program may be put anywhere.
const PIECES: [&str; 48] = [
    "{", "}", "(", ")", "[", "]", "\"", "`", "\n", " ", ".", "..", "=", ":", ",", "|", "||", "-",
    "for ", "if ", "by ", "else", "because", "\\(", "A", "a", "_", "*", "#", "```", "\"\"\"", "//",
    "5m", "%", "?", "??", "in ", "is ", "all ", "out ", "new ", "key ", "final ", "type ", "test ",
    "\\#(", "...", "is",
];

/// The last place between characters that is not past `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// A place in a text, between characters.
fn place(text: &str, chance: &mut Chance) -> usize {
    boundary(text, chance.below(text.len() + 1))
}

/// The text with something cut out, spliced in from another, or put in.
fn changed(text: &str, other: &str, chance: &mut Chance) -> String {
    let from = place(text, chance);
    let few = [0, 1, 1, 2, 5, 20];
    let to = boundary(text, from + few[chance.below(few.len())]);
    let (before, after) = (&text[..from], &text[to.max(from)..]);
    match chance.below(3) {
        0 => format!("{before}{after}"),
        1 => {
            let start = place(other, chance);
            let end = boundary(other, start + 1 + chance.below(30));
            format!("{before}{}{after}", &other[start..end.max(start)])
        }
        _ => format!("{before}{}{after}", PIECES[chance.below(PIECES.len())]),
    }
}

/// Both parsers' verdicts, which must be one: whether the text is a program.
fn hold(parser: &mut tree_sitter::Parser, name: &str, text: &str) -> bool {
    let expected = truth::Grammar::parse(truth::Rule::file, text);
    let found = !tree(parser, text).root_node().has_error();
    if let Err(error) = &expected {
        assert!(!found, "{name}: only pest refuses it: {error}\n{text}");
    } else {
        assert!(found, "{name}: only tree-sitter refuses it\n{text}");
    }
    found
}

#[test]
fn tree_sitter_accepts_what_pest_accepts() {
    let programs = programs();
    let (right, wrong) = deep(|| {
        let (mut parser, mut chance) = (parser(), Chance(0x7ee));
        let mut verdicts = [0_usize; 2];
        let mut count = |fine: bool| verdicts[usize::from(fine)] += 1;
        for (name, text) in &programs {
            count(hold(&mut parser, name, text));
        }
        let short: Vec<_> = programs.iter().filter(|(_, text)| text.len() < 4_000).collect();
        for round in 0..12_000 {
            let (name, text) = short[chance.below(short.len())];
            let (_, other) = short[chance.below(short.len())];
            let text = changed(text, other, &mut chance);
            count(hold(&mut parser, &format!("{name}, change {round}"), &text));
        }
        (verdicts[1], verdicts[0])
    });
    // Changes that left all as it is, or broke everything, would show little.
    assert!(right > 4_000 && wrong > 4_000, "{right} accepted, {wrong} refused");
}

/// Reading on after an edit gives the tree that reading anew gives: the scanner's state is kept with the nodes.
#[test]
fn an_edit_gives_the_tree_of_the_new_text() {
    let text = "a x {\n  r = ````rego\n  x \\(if a then `b` else 3)\n  ````\n  for = 5m\n}\n";
    let mut parser = parser();
    for from in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
        for piece in ["", "`", "\n", "{", "\\(", "a"] {
            let end = if piece.is_empty() { (from + 1).min(text.len()) } else { from };
            let new = format!("{}{piece}{}", &text[..from], &text[end..]);
            let mut old = tree(&mut parser, text);
            let point = |text: &str, at: usize| {
                let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
                tree_sitter::Point::new(text[..at].matches('\n').count(), at - start)
            };
            old.edit(&tree_sitter::InputEdit {
                start_byte: from,
                old_end_byte: end,
                new_end_byte: from + piece.len(),
                start_position: point(text, from),
                old_end_position: point(text, end),
                new_end_position: point(&new, from + piece.len()),
            });
            let found = parser.parse(&new, Some(&old)).expect("nothing interrupts it");
            let anew = tree(&mut parser, &new);
            assert_eq!(found.root_node().has_error(), anew.root_node().has_error(), "{new}");
            if !anew.root_node().has_error() {
                assert_eq!(found.root_node().to_sexp(), anew.root_node().to_sexp(), "{new}");
            }
        }
    }
}

/// The cases of a file of the corpus: name, program, tree.
fn cases(text: &str) -> Vec<(String, String, String)> {
    let bar = format!("{}\n", "=".repeat(20));
    let mut parts = text.split(&bar).skip(1);
    let mut found = Vec::new();
    while let (Some(name), Some(rest)) = (parts.next(), parts.next()) {
        let (program, tree) =
            rest.split_once("\n---\n").expect("a line `---` between program and tree");
        found.push((
            name.trim().to_owned(),
            program.trim_matches('\n').to_owned() + "\n",
            tree.trim().to_owned(),
        ));
    }
    found
}

/// A tree, a node a line.
fn drawn(tree: &str) -> String {
    let mut drawn = String::new();
    let mut depth = 0_usize;
    for word in tree.split_whitespace() {
        let is_field = word.ends_with(':');
        if is_field || word.starts_with('(') && !drawn.ends_with(": ") {
            drawn.push('\n');
            drawn.push_str(&"  ".repeat(depth));
        }
        depth += word.matches('(').count();
        depth -= word.matches(')').count();
        drawn.push_str(word);
        if is_field {
            drawn.push(' ');
        }
    }
    drawn.trim_start().to_owned()
}

#[test]
fn the_corpus_has_its_trees() {
    let bless = std::env::var_os("IFLUX_BLESS").is_some();
    let paths = files("editors/tree-sitter-iflux/test/corpus", ".txt");
    assert!(paths.len() >= 4, "the corpus has files");
    let mut parser = parser();
    for path in paths {
        let mut blessed = String::new();
        let cases = cases(&read(&path));
        assert!(!cases.is_empty(), "{} has cases", path.display());
        for (name, program, expected) in cases {
            let tree = tree(&mut parser, &program);
            assert!(
                !tree.root_node().has_error(),
                "{name} is a program: {}",
                tree.root_node().to_sexp()
            );
            let found = drawn(&tree.root_node().to_sexp());
            let bar = "=".repeat(20);
            blessed.push_str(&format!("{bar}\n{name}\n{bar}\n\n{program}\n---\n\n{found}\n\n"));
            assert!(bless || drawn(&expected) == found, "{}: {name}\n{found}", path.display());
        }
        if bless {
            std::fs::write(&path, blessed.trim_end().to_owned() + "\n").expect("it can be written");
        }
    }
}

fn query(path: &Path) -> Query {
    Query::new(&tree_sitter_iflux::LANGUAGE.into(), &read(path))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn queries_of_every_editor_fit_the_grammar() {
    let mut count = 0;
    for path in files("editors", ".scm") {
        if !path.to_string_lossy().contains("node_modules") {
            query(&path);
            count += 1;
        }
    }
    assert!(count >= 15, "{count} queries");
    for editor in ["neovim/queries/iflux", "helix/queries/iflux", "zed/languages/iflux"] {
        for name in ["highlights.scm", "injections.scm"] {
            let own = read(&root().join("editors").join(editor).join(name));
            let grammars = read(&root().join("editors/tree-sitter-iflux/queries").join(name));
            assert!(own == grammars, "editors/{editor}/{name} is a copy of the grammar's");
        }
    }
}

/// The captures of a query over a program: the capture's name, and the text.
fn captures(name: &str, program: &str) -> Vec<(String, String)> {
    let query = query(&root().join("editors/tree-sitter-iflux/queries").join(name));
    let tree = tree(&mut parser(), program);
    let mut cursor = QueryCursor::new();
    let mut found = Vec::new();
    let mut matches = cursor.captures(&query, tree.root_node(), program.as_bytes());
    while let Some((one, index)) = matches.next() {
        let capture = one.captures[*index];
        let text = capture.node.utf8_text(program.as_bytes()).expect("UTF-8");
        found.push((query.capture_names()[capture.index as usize].to_owned(), text.to_owned()));
    }
    found
}

#[test]
fn words_are_highlighted_where_they_are_words() {
    let program = "/// Doc.\nalerts nodes : Nodes {\n  for = 5m\n  if here.x is absent { override a = f(1) }\n}\n";
    let found = captures("highlights.scm", program);
    let last = |text: &str| found.iter().rfind(|(_, it)| it == text).map(|(name, _)| name.as_str());
    for (text, expected) in [
        ("/// Doc.", "comment.documentation"),
        ("alerts", "keyword"),
        ("Nodes", "type"),
        ("for", "property"),
        ("5m", "number"),
        ("if", "keyword"),
        ("here", "variable.builtin"),
        ("is", "keyword"),
        ("override", "keyword"),
        ("f", "function"),
    ] {
        assert_eq!(last(text), Some(expected), "`{text}`");
    }
}

#[test]
fn texts_in_other_languages_are_handed_on() {
    let program = "alert A {\n  expr = `up{a=\"\\(x)\"} == 0`\n  note = `no query`\n}\nlet a = ```yaml\n  a: 1\n  ```\n";
    let found = captures("injections.scm", program);
    let contents: Vec<_> = found
        .iter()
        .filter(|(name, _)| name == "injection.content")
        .map(|(_, text)| text)
        .collect();
    assert_eq!(contents, ["up{a=\"", "\"} == 0", "\n  a: 1"]);
}
