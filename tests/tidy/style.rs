//! What the library and the examples show, they show in the one style; the README's programs, too.

use infraflux::source::FileId;
use infraflux::syntax::format;

use super::Tree;

/// Programs that `iflux fmt` would change.
fn offenders(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |path: &str, text: &str| match format(FileId(0), text) {
        Ok(out) if out == text => {}
        Ok(_) => found.push(format!("{path}: run `iflux fmt`")),
        Err(why) => found.push(format!("{path}: cannot be formatted: {why:?}")),
    };
    for (path, text) in &tree.files {
        let shown = ["stdlib/", "examples/", "src/cli/init/", "tests/port/"]
            .iter()
            .any(|folder| path.starts_with(folder));
        if shown && path.ends_with(".iflux") {
            check(path, text);
        }
    }
    if let Some(readme) = tree.files.get("README.md") {
        for block in readme.split("\n```iflux").skip(1) {
            let block = block.split_once('\n').map_or("", |(_, rest)| rest);
            let block = block.split("\n```").next().unwrap_or("");
            check("README.md", &format!("{block}\n"));
        }
    }
    found
}

#[test]
fn shown_programs_are_formatted() {
    let tree = Tree::project();
    assert!(tree.files.keys().filter(|path| path.ends_with(".iflux")).count() > 10);
    let found = offenders(&tree);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_program_in_another_style_is_found() {
    let tree = Tree::of(&[
        ("stdlib/a.iflux", "let a   = 1\n"),
        ("examples/x/b.iflux", "let a = \n"),
        ("tests/c.iflux", "let a   = 1\n"),
        ("README.md", "# a\n```iflux\nlet b  = 1\n```\n"),
    ]);
    assert_eq!(offenders(&tree).len(), 3);
}
