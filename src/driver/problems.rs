//! The messages about the outside: files that are not there or cannot be read, and `iflux.toml`.

use crate::diag::{Code, Diagnostic, Level, nearest};
use crate::source::{Sources, Span};

use super::config::CONFIG_FILE;
use super::world::{MOST_BYTES, Problem, ProblemKind};

/// The diagnostic of a problem. `asked` is the place in a program that names the path, if one does.
///
/// A text that is not UTF-8 is added to the sources, so that the report can show where.
pub fn diagnose(problem: &Problem, asked: Option<Span>, sources: &mut Sources) -> Diagnostic {
    let path = problem.path.as_str();
    let diagnostic = match &problem.kind {
        ProblemKind::NotFound => not_found(path),
        ProblemKind::NotAFile => not_a_file(path),
        ProblemKind::NotAProgram => not_a_program(path),
        ProblemKind::NotUtf8 { at, text } => {
            let file = sources.find(path).unwrap_or_else(|| sources.add(path, text.clone()));
            let mark = u32::try_from('\u{fffd}'.len_utf8()).unwrap_or(0);
            let found = not_utf8(path, Span::new(file, *at, at.saturating_add(mark)));
            return match asked {
                Some(span) => found.because(span, "read here"),
                None => found,
            };
        }
        ProblemKind::Denied => denied(path),
        ProblemKind::TooLarge { bytes } => too_large(path, *bytes),
        ProblemKind::Loop => link_loop(path),
        ProblemKind::Link => link(path),
        ProblemKind::Outside => outside(path),
        ProblemKind::Other(words) => failed(path, words),
    };
    match asked {
        Some(span) => diagnostic.at(span, "asked for here"),
        None => diagnostic,
    }
}

/// Nothing is there.
pub(crate) const NOT_FOUND: Code = Code::new("io/not-found");
fn not_found(path: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, NOT_FOUND, format!("there is no `{path}`"))
}

/// A folder or device where a file should be.
pub(crate) const NOT_A_FILE: Code = Code::new("io/not-a-file");
fn not_a_file(path: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, NOT_A_FILE, format!("`{path}` is not a file"))
        .help("a name that ends in `.iflux` belongs to a file; rename the folder")
}

/// A file that is no program.
pub(crate) const NOT_A_PROGRAM: Code = Code::new("io/not-a-program");
fn not_a_program(path: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, NOT_A_PROGRAM, format!("`{path}` is not an iflux file"))
        .help("name a folder, or a file that ends in `.iflux`")
}

/// Bytes that are no text.
pub(crate) const NOT_UTF8: Code = Code::new("io/not-utf8");
fn not_utf8(path: &str, span: Span) -> Diagnostic {
    Diagnostic::error(NOT_UTF8, format!("`{path}` is not UTF-8"), span, "not a UTF-8 character")
        .help("save the file as UTF-8")
}

/// The system refuses.
pub(crate) const DENIED: Code = Code::new("io/permission-denied");
fn denied(path: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, DENIED, format!("no permission to read `{path}`"))
        .help(format!("`ls -ld {path}` shows who may"))
}

/// More bytes than are read.
pub(crate) const TOO_LARGE: Code = Code::new("io/too-large");
fn too_large(path: &str, bytes: u64) -> Diagnostic {
    let most = MOST_BYTES >> 20;
    let title = format!("`{path}` has {} MiB, more than {most} MiB", bytes >> 20);
    Diagnostic::new(Level::Error, TOO_LARGE, title)
        .help("split the file, or keep such data elsewhere")
}

/// A link into the folder that it lies in.
pub(crate) const LINK_LOOP: Code = Code::new("io/link-loop");
fn link_loop(path: &str) -> Diagnostic {
    Diagnostic::new(
        Level::Error,
        LINK_LOOP,
        format!("the link `{path}` leads back to where it lies"),
    )
    .help(format!("remove it: `rm {path}`"))
}

/// A link where none may be.
pub(crate) const LINK: Code = Code::new("io/link");
fn link(path: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, LINK, format!("`{path}` is reached through a link"))
        .help("copy the file into the project: what is read must lie in it")
}

/// A path out of the project.
pub(crate) const OUTSIDE: Code = Code::new("io/outside-project");
fn outside(path: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, OUTSIDE, format!("`{path}` lies outside the project"))
        .help("a path is relative and stays below the project's root")
}

/// Anything else.
pub(crate) const FAILED: Code = Code::new("io/failed");
fn failed(path: &str, words: &str) -> Diagnostic {
    Diagnostic::new(Level::Error, FAILED, format!("`{path}` cannot be read: {words}"))
}

/// The file is not TOML.
pub(crate) const CONFIG_SYNTAX: Code = Code::new("config/syntax");
pub(super) fn config_syntax(span: Span, words: &str) -> Diagnostic {
    let title = format!("`{CONFIG_FILE}` is not TOML: {}", words.trim().replace('\n', ", "));
    Diagnostic::error(CONFIG_SYNTAX, title, span, "here")
}

/// A key that says nothing.
pub(crate) const UNKNOWN_KEY: Code = Code::new("config/unknown-key");
pub(super) fn unknown_key(span: Span, key: &str, section: &str, known: &[&str]) -> Diagnostic {
    let place = if section.is_empty() { CONFIG_FILE.to_owned() } else { format!("[{section}]") };
    let title = format!("`{place}` has no `{key}`");
    let list = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    Diagnostic::error(UNKNOWN_KEY, title, span, "unknown key")
        .help(format!("it knows {list}"))
        .suggest(span, nearest(key, known.iter().copied()))
}

/// A value of another kind.
pub(crate) const WRONG_VALUE: Code = Code::new("config/value");
pub(super) fn wrong_value(span: Span, key: &str, wanted: &str, got: &str) -> Diagnostic {
    Diagnostic::error(
        WRONG_VALUE,
        format!("`{key}` is {wanted}"),
        span,
        format!("this {got} is not"),
    )
}

#[cfg(test)]
mod tests {
    use super::diagnose;
    use crate::diag::page;
    use crate::driver::{Problem, ProblemKind};
    use crate::source::Sources;

    #[test]
    fn every_problem_has_a_message_and_a_page() {
        let kinds = [
            ProblemKind::NotFound,
            ProblemKind::NotAFile,
            ProblemKind::NotAProgram,
            ProblemKind::NotUtf8 { at: 3, text: "abc\u{fffd}".into() },
            ProblemKind::Denied,
            ProblemKind::TooLarge { bytes: 100 << 20 },
            ProblemKind::Loop,
            ProblemKind::Link,
            ProblemKind::Outside,
            ProblemKind::Other("the disk is on fire".to_owned()),
        ];
        let mut sources = Sources::new();
        let mut codes = Vec::new();
        for kind in kinds {
            let found = diagnose(&Problem::new("a.iflux", kind), None, &mut sources);
            assert!(page(found.code.as_str()).is_some(), "{} has no page", found.code);
            codes.push(found.code);
        }
        codes.sort();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all);
        assert_eq!(sources.find("a.iflux").map(|file| sources.get(file).text().len()), Some(6));
    }
}
