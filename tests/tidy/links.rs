//! Links in pages that people read.

use std::collections::BTreeSet;

use super::Tree;

/// Links to a file that is not there, or to a heading that its page does not have.
pub(super) fn dead(tree: &Tree) -> Vec<String> {
    let mut offenders = Vec::new();
    // The cases of the compiler are inputs, not pages.
    for (path, text) in tree.below("", ".md").filter(|(path, _)| !path.starts_with("tests/ui/")) {
        for (number, target) in links(text) {
            if let Some(reason) = why_dead(tree, path, text, &target) {
                offenders.push(format!("{path}:{number}: `{target}`: {reason}"));
            }
        }
    }
    offenders
}

fn why_dead(tree: &Tree, path: &str, text: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, heading) =
        target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = if file.is_empty() { Some(path.to_owned()) } else { resolve(folder, file) };
    let Some(file) = file else { return Some("leads out of the project".to_owned()) };
    let is_folder = tree
        .files
        .keys()
        .any(|known| known.strip_prefix(&file).is_some_and(|rest| rest.starts_with('/')));
    let Some(page) = tree.files.get(&file) else {
        return (!is_folder || heading.is_some()).then(|| format!("there is no {file}"));
    };
    let page = if file == path { text } else { page };
    let heading =
        heading.filter(|heading| file.ends_with(".md") && !headings(page).contains(*heading))?;
    Some(format!("{file} has no heading `{heading}`"))
}

/// The path that a relative link means.
fn resolve(folder: &str, link: &str) -> Option<String> {
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in link.trim_end_matches('/').split('/') {
        match step {
            "." | "" => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// The lines outside fences, numbered from 1.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fence && !fenced
    })
}

/// The targets of `[text](target)`, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        // What stands between single backticks is code.
        let words: Vec<&str> = line.split('`').step_by(2).collect();
        for rest in words.join("x").split("](").skip(1) {
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            found.push((number, target.to_owned()));
        }
    }
    found
}

/// The headings, as links name them.
fn headings(text: &str) -> BTreeSet<String> {
    let titles = prose(text)
        .filter(|(_, line)| line.starts_with('#'))
        .map(|(_, line)| line.trim_start_matches('#').trim());
    titles
        .map(|title| {
            let kept = title.to_lowercase().replace(' ', "-");
            kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
        })
        .collect()
}

#[test]
fn dead_links_are_found() {
    let book = ("src/book/tour.md", "# The tour\n\n## What `check` does\n");
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(dead(&Tree::of(&[("README.md", text), book])), expected, "{text}");
    };
    check("[a](src/book/tour.md) [b](https://x.y/z) [c](src/book) [d](./src/book/)", &[]);
    check(
        "[a](src/book/tour.md#the-tour) [b](src/book/tour.md#what-check-does)\n# Here\n[c](#here)",
        &[],
    );
    check("`[a](b.md)`\n```\n[a](b.md)\n```", &[]);
    check("x\n[a](b.md)", &["README.md:2: `b.md`: there is no b.md"]);
    check(
        "[a](src/book/tour.md#x)",
        &["README.md:1: `src/book/tour.md#x`: src/book/tour.md has no heading `x`"],
    );
    check("[a](#x)", &["README.md:1: `#x`: README.md has no heading `x`"]);
    check("[a](../x)", &["README.md:1: `../x`: leads out of the project"]);
    check("[a](book)", &["README.md:1: `book`: there is no book"]);
    let up =
        Tree::of(&[("README.md", ""), ("src/book/a.md", "[r](../../README.md) [s](../README.md)")]);
    assert_eq!(dead(&up), ["src/book/a.md:1: `../README.md`: there is no src/README.md"]);
}
