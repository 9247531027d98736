//! The words that editors know: those of the grammar, and the keywords of the library's kinds.

use std::collections::BTreeSet;

use infraflux::resolve::keyword;

use super::Tree;

type Words = BTreeSet<String>;

/// What stands in double quotes and looks like a word.
fn quoted(text: &str, quote: char) -> Words {
    let is_word = |it: &&str| {
        it.starts_with(|c: char| c.is_ascii_lowercase())
            && it.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    text.split(quote).skip(1).step_by(2).filter(is_word).map(str::to_owned).collect()
}

/// The words in the rules of a grammar for tree-sitter, without the names of fields and its own.
fn literals(grammar: &str) -> Words {
    let lines = grammar.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = lines.flat_map(|line| [line, "\n"]).collect();
    let names = regex::Regex::new(r"(field\(|name: )'\w+'").expect("a pattern");
    quoted(&names.replace_all(&code, ""), '\'')
}

/// The part of a text between two marks.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split_once(from).map_or("", |(_, rest)| rest);
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

/// The words of the language: its `kw_` rules, and the one operator that is a word and no rule.
fn grammar(tree: &Tree) -> Words {
    let lines = tree.files.get("grammar/iflux.pest").map_or("", String::as_str).lines();
    let rules = lines.filter_map(|line| line.strip_prefix("kw_")?.split_once([' ', '=']));
    rules.map(|(word, _)| word.to_owned()).chain(["is".to_owned()]).collect()
}

/// The keywords of the library's kinds.
fn kinds(tree: &Tree) -> Words {
    let lines = tree.below("stdlib/kinds/", ".iflux").flat_map(|(_, text)| text.lines());
    let kinds =
        lines.filter_map(|line| line.strip_prefix("single ").unwrap_or(line).strip_prefix("kind "));
    kinds.filter_map(|rest| rest.split(' ').next()).map(keyword).collect()
}

/// All words of a TextMate grammar's alternatives `(?:a|b)`, or `(a|b)`, in some of its patterns.
fn alternatives(grammar: &serde_json::Value, room: &str, names: &[&str]) -> Words {
    let patterns = grammar["repository"][room]["patterns"].as_array();
    let wanted = patterns.into_iter().flatten().filter(|it| {
        let name = it["name"].as_str().or(it["comment"].as_str()).unwrap_or("");
        names.iter().any(|start| name.starts_with(start))
    });
    let matches = wanted.filter_map(|it| it["match"].as_str());
    let groups = matches.map(|it| {
        between(it.trim_start_matches("(?<![\\w.-])"), "(", ")").trim_start_matches("?:")
    });
    groups.flat_map(|group| group.split('|')).map(str::to_owned).collect()
}

/// Lists of words that are not the grammar's, or not the library's.
fn broken(tree: &Tree) -> Vec<String> {
    let text = |path: &str| tree.files.get(path).map_or("", String::as_str);
    let mut offenders = Vec::new();
    let mut hold = |path: &str, found: Words, expected: &Words| {
        let missing: Vec<_> = expected.difference(&found).collect();
        let foreign: Vec<_> = found.difference(expected).collect();
        if !missing.is_empty() || !foreign.is_empty() {
            offenders.push(format!("{path}: lacks {missing:?}, has besides {foreign:?}"));
        }
    };
    let (words, kinds) = (grammar(tree), kinds(tree));

    let path = "editors/tree-sitter-iflux/grammar.js";
    hold(path, literals(text(path)), &words);
    let path = "editors/tree-sitter-iflux/queries/highlights.scm";
    hold(path, quoted(text(path).rsplit_once("\n[\n").map_or("", |(_, list)| list), '"'), &words);
    hold(path, quoted(between(text(path), "(#any-of? @keyword", ")"), '"'), &kinds);

    let path = "editors/vscode/syntaxes/iflux.tmLanguage.json";
    let textmate = serde_json::from_str(text(path)).unwrap_or_default();
    hold(path, alternatives(&textmate, "words", &["storage", "keyword"]), &words);
    hold(path, alternatives(&textmate, "blocks", &["The library's kinds"]), &kinds);

    let path = "editors/emacs/iflux-mode.el";
    hold(path, quoted(between(text(path), "(defconst iflux-words", ")"), '"'), &words);
    hold(path, quoted(between(text(path), "(defconst iflux-kinds", ")"), '"'), &kinds);
    offenders
}

#[test]
fn words_of_editors_are_those_of_the_language() {
    let tree = Tree::project();
    assert!(grammar(&tree).len() > 30 && kinds(&tree).len() > 20, "there are words");
    assert_eq!(broken(&tree), Vec::<String>::new());
}

#[test]
fn a_list_that_lacks_a_word_is_found() {
    let lists = [
        ("grammar/iflux.pest", "kw_for = @{ \"for\" }\n"),
        ("stdlib/kinds/a.iflux", "single kind TimeWindow {\n"),
        ("editors/tree-sitter-iflux/grammar.js", "name: 'iflux', 'for', 'is'"),
        (
            "editors/tree-sitter-iflux/queries/highlights.scm",
            "(#any-of? @keyword \"time-window\")\n[\n \"for\" \"is\"\n]",
        ),
        (
            "editors/vscode/syntaxes/iflux.tmLanguage.json",
            r#"{"repository":{"words":{"patterns":[{"name":"keyword.x","match":"(?<![\\w.-])(?:for|is)(?!-*\\w)"}]},
               "blocks":{"patterns":[{"comment":"The library's kinds.","match":"(?<![\\w.-])(time-window)(?: x)"}]}}}"#,
        ),
        (
            "editors/emacs/iflux-mode.el",
            "(defconst iflux-words '(\"for\" \"is\"))(defconst iflux-kinds '(\"time-window\"))",
        ),
    ];
    assert_eq!(broken(&Tree::of(&lists)), Vec::<String>::new());
    for (index, word) in [
        (2, "for"),
        (3, "is"),
        (3, "time-window"),
        (4, "for"),
        (4, "time-window"),
        (5, "is"),
        (5, "time-window"),
    ] {
        let mut changed = lists.map(|(path, text)| (path, text.to_owned()));
        changed[index].1 = changed[index].1.replace(word, "other");
        let changed: Vec<_> = changed.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_eq!(broken(&Tree::of(&changed)).len(), 1, "`{word}` in {}", lists[index].0);
    }
}
