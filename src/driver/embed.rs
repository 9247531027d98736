//! Files that a program reads as text or data: found in the trees, read before anything is typed.

use std::sync::Arc;

use super::world::{Problem, ProblemKind, World};
use crate::embedded::{Data, DataError, read_json, read_yaml};
use crate::resolve::{Embedded, EmbeddedFiles};
use crate::source::{FileId, Sources};
use crate::syntax::{Expr, ExprId, Parsed, Placed, Slice, TextPart};

/// The most bytes of a file that is read into a program: 4 MiB, as much as a text may have.
const MOST_EMBEDDED: usize = 4 << 20;

/// Reads a text as data.
type Reader = fn(&str) -> Result<Data, DataError>;

/// The functions that read, and whether what they read is data.
const READERS: [(&str, Option<Reader>); 3] =
    [("read", None), ("read-yaml", Some(read_yaml)), ("read-json", Some(read_json))];

/// Reads what the calls of a file name; nothing outside of the file's package, whose folder is `root`.
pub(super) fn embed(
    world: &dyn World,
    root: &str,
    sources: &Sources,
    parsed: &Parsed,
    found: &mut EmbeddedFiles,
) {
    let source = sources.get(parsed.file);
    let folder = source.name().rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    for placed in &parsed.trees {
        for expr in &placed.tree.exprs {
            let Expr::Call { callee, start, len } = *expr else { continue };
            let Some((function, path)) = call(source.text(), placed, callee, Slice { start, len })
            else {
                continue;
            };
            let key: (FileId, &'static str, String) = (parsed.file, function, path);
            let path = key.2.clone();
            found.entry(key).or_insert_with(|| read(world, root, &folder, function, &path));
        }
    }
}

/// The reader that is called, and the path, if that is constant.
fn call(
    text: &str,
    placed: &Placed,
    callee: ExprId,
    args: Slice,
) -> Option<(&'static str, String)> {
    let tree = &placed.tree;
    let Expr::Name(name) = tree.expr(callee) else { return None };
    let (function, _) = READERS.iter().find(|(known, _)| *known == name.as_str())?;
    let Expr::Text(path) = tree.expr(tree.args_of(args).first()?.value) else { return None };
    let mut out = String::new();
    for part in tree.parts_of(tree.text(path).parts) {
        match *part {
            TextPart::Verbatim(at) => out.push_str(at.shift(placed.base).of(text)),
            TextPart::Escape(letter, _) => out.push(letter),
            TextPart::Hole(_) => return None,
        }
    }
    Some((function, out))
}

fn wrong(title: String, help: Option<&str>) -> Embedded {
    Embedded::Wrong { title, help: help.map(str::to_owned) }
}

fn read(world: &dyn World, root: &str, folder: &str, function: &str, written: &str) -> Embedded {
    let path = match resolved(folder, written) {
        Ok(path) => path,
        Err((title, help)) => return wrong(title, Some(help)),
    };
    let is_below =
        path.strip_prefix(root).is_some_and(|rest| root.is_empty() || rest.starts_with('/'));
    if !is_below {
        let title = format!("`{written}` leads out of the package `{root}`");
        return wrong(title, Some("a package reads its own files: pass what it needs as an input"));
    }
    let text = match world.embed(&path) {
        Ok(text) => text,
        Err(problem) => return refused(&problem),
    };
    if text.len() > MOST_EMBEDDED {
        let title = format!("`{path}` has {} bytes, more than {MOST_EMBEDDED}", text.len());
        return wrong(title, Some("a text of the language has at most 4 MiB"));
    }
    let reader = READERS.iter().find(|(known, _)| *known == function).and_then(|(_, read)| *read);
    let Some(reader) = reader else { return Embedded::Text(text) };
    // A byte order mark is no part of what stands in a file of data.
    match reader(text.strip_prefix('\u{feff}').unwrap_or(&text)) {
        Ok(data) => Embedded::Data(Arc::new(data)),
        Err(error) => {
            let place = error.line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
            wrong(format!("`{place}`: {}", error.reason), None)
        }
    }
}

/// The path from the root that a path beside a file means.
fn resolved(folder: &str, written: &str) -> Result<String, (String, &'static str)> {
    const HELP: &str = "a path is relative to the file it stands in, with `/` between its steps";
    if written.is_empty() {
        return Err(("an empty path".to_owned(), HELP));
    }
    if written.starts_with('/')
        || written.contains(['\\', '\0'])
        || written.as_bytes().get(1) == Some(&b':')
    {
        return Err((format!("`{written}` is no path of the project"), HELP));
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in written.split('/') {
        match step {
            "" => return Err((format!("`{written}` holds an empty step"), HELP)),
            "." => {}
            ".." => {
                if steps.pop().is_none() {
                    let title = format!("`{written}` leads out of the project");
                    return Err((title, "only files below the root can be read"));
                }
            }
            step => steps.push(step),
        }
    }
    Ok(steps.join("/"))
}

fn refused(problem: &Problem) -> Embedded {
    let path = &problem.path;
    match &problem.kind {
        ProblemKind::NotFound => wrong(
            format!("there is no `{path}`"),
            Some("the path is relative to the file it stands in"),
        ),
        ProblemKind::NotAFile => wrong(format!("`{path}` is not a file"), None),
        ProblemKind::NotAProgram => wrong(format!("`{path}` is not an iflux file"), None),
        ProblemKind::NotUtf8 { at, .. } => wrong(
            format!("`{path}` is not UTF-8"),
            Some(&format!("byte {at} is part of no character: only texts can be read")),
        ),
        ProblemKind::Denied => wrong(format!("no permission to read `{path}`"), None),
        ProblemKind::TooLarge { bytes } => wrong(
            format!("`{path}` has {bytes} bytes, more than {MOST_EMBEDDED}"),
            Some("a text of the language has at most 4 MiB"),
        ),
        ProblemKind::Loop | ProblemKind::Link => wrong(
            format!("`{path}` is a link, or lies behind one"),
            Some("what a build reads lies in the project itself: copy the file"),
        ),
        ProblemKind::Outside => wrong(format!("`{path}` leads out of the project"), None),
        ProblemKind::Other(words) => wrong(format!("`{path}` cannot be read: {words}"), None),
    }
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn paths_beside_a_file() {
        let check = |folder: &str, written: &str, expected: Option<&str>| {
            assert_eq!(resolved(folder, written).ok().as_deref(), expected, "{folder} {written}");
        };
        check("", "a.sh", Some("a.sh"));
        check("teams/a", "../b/./c.sh", Some("teams/b/c.sh"));
        check("teams", "../../c.sh", None);
        check("", "/etc/passwd", None);
        check("", "a//b", None);
        check("", "C:/x", None);
        check("", "", None);
    }
}
