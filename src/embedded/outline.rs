//! Scalars of YAML as it is mostly written, with their lines: for a look at a file that is not to be trusted to be whole.

/// Calls `take` for every scalar of maps and lists in block style, line by line: the number of its document, the keys on the way to
/// it (`-` for an item of a list), the scalar without quotes, and its line, from 1. Other styles are passed over: anchors, tags, flows,
/// texts of several lines, and escapes. It takes as long as the text is, whatever the text is.
pub fn outline(text: &str, mut take: impl FnMut(usize, &[&str], &str, u32)) {
    let mut document = 0;
    // The keys that are open, and the column of each.
    let mut columns: Vec<usize> = Vec::new();
    let mut path: Vec<&str> = Vec::new();
    for (number, line) in (1u32..).zip(text.lines()) {
        if line == "---" || line.starts_with("--- ") {
            document += 1;
            columns.clear();
            path.clear();
            continue;
        }
        let mut rest = line.trim_start_matches(' ');
        let mut column = line.len() - rest.len();
        if rest.is_empty() || rest.starts_with('#') {
            continue;
        }
        // An item may stand in the column of the key that it belongs to.
        while let Some(inner) = rest.strip_prefix("- ").or_else(|| (rest == "-").then_some("")) {
            close(&mut columns, &mut path, column, true);
            columns.push(column);
            path.push("-");
            let next = inner.trim_start_matches(' ');
            column += rest.len() - next.len();
            rest = next;
            if columns.len() > DEEPEST {
                return;
            }
        }
        let Some((key, value)) = entry(rest) else {
            if path.last() == Some(&"-")
                && let Some(value) = scalar(rest)
            {
                take(document, &path, value, number);
            }
            continue;
        };
        close(&mut columns, &mut path, column, false);
        columns.push(column);
        path.push(key);
        if columns.len() > DEEPEST {
            return;
        }
        if let Some(value) = scalar(value) {
            take(document, &path, value, number);
        }
    }
}

/// How many keys may be open: nothing that is looked for lies so deep.
const DEEPEST: usize = 200;

fn close(columns: &mut Vec<usize>, path: &mut Vec<&str>, column: usize, is_item: bool) {
    while let (Some(&open), Some(&key)) = (columns.last(), path.last()) {
        let ends =
            if is_item { open > column || (open == column && key == "-") } else { open >= column };
        if !ends {
            break;
        }
        columns.pop();
        path.pop();
    }
}

fn entry(text: &str) -> Option<(&str, &str)> {
    let (key, value) = match text.strip_suffix(':') {
        Some(key) if !key.contains(": ") => (key, ""),
        _ => text.split_once(": ")?,
    };
    let plain = |key: &str| !key.is_empty() && !key.contains(['"', '\'', '#', '{', '[']);
    plain(key).then_some((key, value))
}

fn scalar(text: &str) -> Option<&str> {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            let (inner, behind) = inner.split_once(quote)?;
            let behind = behind.trim_start();
            let whole = !inner.contains('\\') && (behind.is_empty() || behind.starts_with('#'));
            return whole.then_some(inner);
        }
    }
    let plain = text.split(" #").next().unwrap_or("").trim_end();
    let special = plain.starts_with(['|', '>', '&', '*', '{', '[', '!', '#', '@', '`', '%']);
    (!plain.is_empty() && !special).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::outline;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        outline(text, |document, path, value, line| {
            found.push(format!("{document} {line} {} = {value}", path.join(".")));
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn scalars_have_paths_and_lines() {
        check(
            "a: 1\nb:\n  c: \"x\" # why\n  d: 'y'\n",
            &["0 1 a = 1", "0 3 b.c = x", "0 4 b.d = y"],
        );
        check("a:\n- x\n- y\nb: z\n", &["0 2 a.- = x", "0 3 a.- = y", "0 4 b = z"]);
        check(
            "v:\n  - name: n\n    value:\n      host: h\n  - name: m\n",
            &["0 2 v.-.name = n", "0 4 v.-.value.host = h", "0 5 v.-.name = m"],
        );
        check("a: 1\n---\nb: 2\n--- # x\nc: 3", &["0 1 a = 1", "1 3 b = 2", "2 5 c = 3"]);
        check("- - a\n  - b: c\n", &["0 1 -.- = a", "0 2 -.-.b = c"]);
    }

    #[test]
    fn other_styles_are_passed_over() {
        check(
            "a: |\n  kind: x\nb: {c: d}\ne: &f g\nh: \"i\\n\"\nj: k",
            &["0 2 a.kind = x", "0 6 j = k"],
        );
        check("\"a\": 1\n{a: b}\n: x\n:\n\t\tx: y\n", &["0 5 \t\tx = y"]);
        check("", &[]);
        check(&"- ".repeat(10_000), &[]);
        check("a: \"x", &[]);
    }
}
