//! Items as Markdown.

use std::fmt::Write as _;

use super::item::{Field, Item, Owner, Word, summary};

/// The page of an item.
pub fn page(item: &Item) -> String {
    let mut out = format!("# {} {}\n", item.word.text(), item.name);
    if !item.doc.is_empty() {
        let _ = write!(out, "\n{}\n", item.doc);
    }
    let _ = write!(out, "\n```iflux\n{}\n```\n", item.signature);
    if let Some(block) = &item.block {
        let _ = write!(out, "\nA block of it begins with `{block}`.\n");
    }
    if !item.presets.is_empty() {
        let names: Vec<String> = item.presets.iter().map(|name| format!("`{name}`")).collect();
        let _ = write!(out, "\nPresets for it: {}.\n", names.join(", "));
    }
    let (computed, set): (Vec<&Field>, Vec<&Field>) =
        item.fields.iter().partition(|field| field.marks.contains(&"out"));
    let (later, set): (Vec<&Field>, Vec<&Field>) =
        set.into_iter().partition(|field| field.marks.contains(&"staged"));
    let set_by_uses = if item.word == Word::Component { "Inputs" } else { "Fields" };
    fields(&set, set_by_uses, "Default", &mut out);
    fields(&computed, "Computed", "From", &mut out);
    fields(&later, "Names in its texts, known later", "Default", &mut out);
    if !item.checks.is_empty() {
        out.push_str("\n## Checks\n\n");
        for check in &item.checks {
            let word = if check.warn { " (a warning)" } else { "" };
            let _ = writeln!(
                out,
                "- {}, else {}{word}",
                code(&one_line(&check.condition)),
                code(&one_line(&check.message))
            );
        }
    }
    children(item, &mut out);
    objects(item, &mut out);
    if let Some(body) = &item.body {
        let _ = write!(out, "\n## What it sets\n\n```iflux\n{body}\n```\n");
    }
    let (file, line) = &item.place;
    let _ = write!(out, "\nDeclared in {file}, line {line}{}.\n", import(item));
    out
}

/// How an item is brought into a file.
fn import(item: &Item) -> String {
    match item.owner {
        Owner::Library if matches!(item.module.as_str(), "std.kinds" | "std.prelude") => {
            "; every file sees it".to_owned()
        }
        Owner::Library | Owner::Dependency => {
            format!("; `import {}.{{{}}}`", item.module, item.name)
        }
        Owner::Project => String::new(),
    }
}

/// The blocks that a component makes.
fn children(item: &Item, out: &mut String) {
    if item.word != Word::Component {
        return;
    }
    let Some(block) = item.block.as_deref().and_then(|block| block.split(' ').next()) else {
        return;
    };
    if item.children.is_empty() {
        out.push_str("\nIt makes no blocks.\n");
        return;
    }
    let _ = write!(
        out,
        "\n## What it makes\n\nOf `{block} x {{ }}`, a child `NAME` is called `x-NAME`, and its address is `x.KIND.NAME`.\n\n\
         | Kind | Name | Meaning |\n|---|---|---|\n"
    );
    for child in &item.children {
        let around: Vec<String> = child.around.iter().map(|it| code(&one_line(it))).collect();
        let around = match around.as_slice() {
            [] => String::new(),
            around => format!("({}) ", around.join(", ")),
        };
        let about = cell(format!("{around}{}", summary(&child.doc)).trim_end());
        let (kind, name) = (code(&child.kind), code(&child.name));
        let _ = writeln!(out, "| {} | {} | {about} |", cell(&kind), cell(&name));
    }
}

/// The objects that blocks of a kind become.
fn objects(item: &Item, out: &mut String) {
    if item.word != Word::Kind {
        return;
    }
    let Some(block) = item.block.as_deref().and_then(|block| block.split(' ').next()) else {
        return;
    };
    if item.makes.is_empty() {
        out.push_str("\nNo object is made of it.\n");
        return;
    }
    let _ = write!(
        out,
        "\n## Objects\n\nWhat is written for a block; `iflux build --list {block}.NAME` prints it for one.\n\n\
         | Object | Name | File | Meaning |\n|---|---|---|---|\n"
    );
    for makes in &item.makes {
        let cells = [makes.object, makes.name, makes.file].map(|text| cell(&code(text)));
        let _ = writeln!(out, "| {} | {} |", cells.join(" | "), cell(makes.about));
    }
}

fn fields(fields: &[&Field], title: &str, default: &str, out: &mut String) {
    if fields.is_empty() {
        return;
    }
    let _ =
        write!(out, "\n## {title}\n\n| Name | Type | {default} | Meaning |\n|---|---|---|---|\n");
    for field in fields {
        let marks: Vec<&str> =
            field.marks.iter().copied().filter(|mark| !matches!(*mark, "out" | "staged")).collect();
        let name = match marks.as_slice() {
            [] => code(&field.name),
            marks => format!("{} {}", code(&field.name), marks.join(" ")),
        };
        let value = match (&field.default, field.required) {
            (Some(default), _) => code(&one_line(default)),
            (None, true) => "required".to_owned(),
            (None, false) => String::new(),
        };
        let about = cell(&summary(&field.doc));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {about} |",
            cell(&name),
            cell(&code(&field.ty)),
            cell(&value)
        );
    }
    for field in fields {
        // A table's cell holds one paragraph.
        if field.doc.contains("\n\n") {
            let _ = write!(out, "\n### {}\n\n{}\n", field.name, field.doc);
        }
    }
}

/// Text in a table: a bar would end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Text as code, whatever backticks it holds.
fn code(text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for letter in text.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The list of all items, with links to pages that end in `end`.
pub(super) fn index(items: &[Item], chapters: &[(&str, &str)], end: &str) -> String {
    let mut out = String::from("# Reference\n");
    if !chapters.is_empty() {
        out.push_str("\n## The book\n\n");
        for (name, text) in chapters {
            let _ = writeln!(out, "- [{}](book/{name}{end})", title(text));
        }
    }
    for part in items.chunk_by(|a, b| a.module == b.module && a.owner == b.owner) {
        let module = part.first().map_or("", |item| item.module.as_str());
        let shown = match part.first().map(|item| item.owner) {
            Some(Owner::Project) if module.is_empty() => "The project".to_owned(),
            Some(Owner::Dependency) => format!("{module}, a dependency"),
            _ => module.to_owned(),
        };
        let _ = write!(out, "\n## {shown}\n");
        for word in Word::ALL {
            let own: Vec<&Item> = part.iter().filter(|item| item.word == word).collect();
            if own.is_empty() {
                continue;
            }
            let _ = write!(out, "\n### {}\n\n", word.plural());
            for item in own {
                let _ =
                    writeln!(out, "- [{}]({}{end}): {}", item.name, item.file(), item.summary());
            }
        }
    }
    out
}

/// The heading of a page.
fn title(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_start_matches(['#', ' '])
}

/// The reference and the chapters of a book (name and Markdown) as Markdown files: path and text.
pub fn markdown(items: &[Item], chapters: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut files = vec![("index.md".to_owned(), index(items, chapters, ".md"))];
    files.extend(
        chapters.iter().map(|(name, text)| (format!("book/{name}.md"), (*text).to_owned())),
    );
    files.extend(items.iter().map(|item| (format!("{}.md", item.file()), page(item))));
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::{cell, code};

    #[test]
    fn text_in_tables() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("`a`"), "`` `a` ``");
        assert_eq!(cell("a | b"), "a \\| b");
    }
}
