//! `iflux check --fix`: applies the fixes that need no decision.
//!
//! Rounds run in memory: apply, check again, until no sure fix is left; then each file that changed is
//! replaced once. A fix is applied whole or not at all, and not if it touches what another fix of the
//! same round changes: the next round sees whether it is still wanted.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::{Diagnostic, Edit};
use crate::driver::{EarlierFiles, Listing, Problem, Session, World};
use crate::host::{DiskWorld, replace_file, words};
use crate::source::{FileId, Sources};

use super::context::Context;
use super::errors::{file_changed, write_failed};

/// A fix that leads to another leads to an end before this.
const MOST_ROUNDS: usize = 16;

/// Mends the project on disk, and says what was done.
///
/// # Errors
/// When a file cannot be written; the files before it are mended.
pub(super) fn fix_project(context: &Context, world: &DiskWorld) -> Result<(), Box<Diagnostic>> {
    let (texts, applied) = rounds(world, &|world, show| {
        let mut session = Session::load(world);
        session.check();
        show(&session.diagnostics(), session.sources());
    });
    write(world, &texts)?;
    context.console.err(&story(&applied, texts.len()));
    Ok(())
}

fn story(applied: &[String], files: usize) -> String {
    if applied.is_empty() {
        return "nothing to fix without asking\n".to_owned();
    }
    let mut said: String = applied.iter().map(|line| format!("fixed {line}\n")).collect();
    let fix_word = if applied.len() == 1 { "fix" } else { "fixes" };
    let file_word = if files == 1 { "file" } else { "files" };
    said.push_str(&format!("applied {} {fix_word} in {files} {file_word}\n", applied.len()));
    said
}

/// Texts by path: as they are, and as they become.
type Texts = BTreeMap<String, (Arc<str>, Arc<str>)>;

/// Replaces each file whose text changes, unless somebody else changed it since it was read.
fn write(world: &DiskWorld, texts: &Texts) -> Result<(), Box<Diagnostic>> {
    for (path, (old, new)) in texts {
        if world.read(path).ok().as_ref() != Some(old) {
            return Err(Box::new(file_changed(path, "iflux check --fix")));
        }
        replace_file(&world.root().join(path), new.as_bytes())
            .map_err(|error| Box::new(write_failed(path, &words(&error))))?;
    }
    Ok(())
}

/// Checks a world and shows what was found.
type Check<'a> = &'a dyn Fn(&dyn World, &mut dyn FnMut(&[Diagnostic], &Sources));

/// Applies sure fixes until a check finds none, in memory. Gives the texts that changed, and what was
/// done, a line each.
fn rounds(world: &dyn World, check: Check<'_>) -> (Texts, Vec<String>) {
    let mut texts = Texts::new();
    let mut applied = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let edited = Edited { world, texts: &texts };
        let mut next = texts.clone();
        let mut done = true;
        check(&edited, &mut |found, sources| {
            let round = plan(found, sources);
            done = round.lines.is_empty();
            applied.extend(round.lines);
            for (file, edits) in round.edits {
                let source = sources.get(file);
                let old = match next.remove(source.name()) {
                    Some((old, _)) => old,
                    None => source.shared(),
                };
                let new = apply(source.text(), &edits).into();
                next.insert(source.name().to_owned(), (old, new));
            }
        });
        texts = next;
        if done {
            break;
        }
    }
    texts.retain(|_, (old, new)| old != new);
    (texts, applied)
}

/// A project with some texts replaced.
struct Edited<'a> {
    world: &'a dyn World,
    texts: &'a Texts,
}

impl World for Edited<'_> {
    fn list(&self) -> Listing {
        self.world.list()
    }

    fn read(&self, path: &str) -> Result<Arc<str>, Problem> {
        match self.texts.get(path) {
            Some((_, new)) => Ok(Arc::clone(new)),
            None => self.world.read(path),
        }
    }

    fn embed(&self, path: &str) -> Result<Arc<str>, Problem> {
        self.world.embed(path)
    }

    fn package(&self, folder: &str) -> Result<Vec<(String, Arc<[u8]>)>, Problem> {
        // A package inside of the project is mended with it.
        let mut files = self.world.package(folder)?;
        for (path, bytes) in &mut files {
            if let Some((_, new)) = self.texts.get(&format!("{folder}/{path}")) {
                *bytes = Arc::from(new.as_bytes());
            }
        }
        Ok(files)
    }

    fn earlier(&self) -> EarlierFiles {
        self.world.earlier()
    }

    fn config(&self) -> Result<Option<Arc<str>>, Problem> {
        match self.texts.get(crate::driver::CONFIG_FILE) {
            Some((_, new)) => Ok(Some(Arc::clone(new))),
            None => self.world.config(),
        }
    }
}

/// The fixes of one round.
#[derive(Default)]
struct Round {
    edits: BTreeMap<FileId, Vec<Edit>>,
    /// What was done, a line each.
    lines: Vec<String>,
}

fn plan(found: &[Diagnostic], sources: &Sources) -> Round {
    let mut round = Round::default();
    for diagnostic in found {
        let Some(fix) = diagnostic.fixes.iter().find(|fix| fix.sure) else { continue };
        let fits = |edit: &Edit| {
            let source = sources.get(edit.span.file);
            let text = source.text();
            let taken = round
                .edits
                .get(&edit.span.file)
                .is_some_and(|all| all.iter().any(|other| touch(edit, other)));
            // A place that is none would be a bug; it must not damage a file.
            let inside = text.get(edit.span.start as usize..edit.span.end as usize).is_some();
            inside && !source.is_library() && !taken
        };
        let apart = |at: usize, edit: &Edit| {
            fix.edits
                .iter()
                .skip(at + 1)
                .all(|other| other.span.file != edit.span.file || !touch(edit, other))
        };
        let whole = fix.edits.iter().enumerate().all(|(at, edit)| fits(edit) && apart(at, edit));
        let Some(first) = fix.edits.first().filter(|_| whole) else { continue };
        let place = sources.position(first.span);
        let name = sources.get(first.span.file).name();
        let line =
            format!("{name}:{}:{}: {} [{}]", place.line, place.column, fix.title, diagnostic.code);
        round.lines.push(line);
        for edit in &fix.edits {
            round.edits.entry(edit.span.file).or_default().push(edit.clone());
        }
    }
    round
}

/// Whether two edits of one file share a character, or one inserts where the other begins or ends.
fn touch(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.span.extent(), b.span.extent());
    if a.is_empty() || b.is_empty() {
        return a.start <= b.end && b.start <= a.end;
    }
    a.start < b.end && b.start < a.end
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start as usize).unwrap_or(""));
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "looks at what is on the disk")]
mod tests {
    use super::{apply, plan, rounds, story, write};
    use crate::diag::{Code, Diagnostic, Edit};
    use crate::driver::{MemoryWorld, World};
    use crate::host::DiskWorld;
    use crate::source::{FileId, Sources, Span};

    const CODE: Code = Code::new("eval/override-misses");

    /// A finding whose fix makes these edits: start, end, new text.
    fn finding(edits: &[(u32, u32, &str)], sure: bool) -> Diagnostic {
        let edits = edits.iter().map(|&(start, end, text)| Edit {
            span: Span::new(FileId(0), start, end),
            text: text.to_owned(),
        });
        Diagnostic::error(CODE, "t", Span::new(FileId(0), 0, 1), "").fix_all(
            "mend",
            edits.collect(),
            sure,
        )
    }

    fn check(text: &str, found: &[Diagnostic], expected: &str, count: usize) {
        let mut sources = Sources::new();
        sources.add("a.iflux", text);
        let round = plan(found, &sources);
        assert_eq!(round.lines.len(), count, "{:?}", round.lines);
        let edits = round.edits.get(&FileId(0)).cloned().unwrap_or_default();
        assert_eq!(apply(text, &edits), expected);
    }

    #[test]
    fn sure_fixes_that_do_not_touch_are_applied_whole() {
        check("abcdef", &[finding(&[(4, 5, "E"), (0, 1, "A")], true)], "AbcdEf", 1);
        check("abcdef", &[finding(&[(0, 1, "A")], false)], "abcdef", 0);
        check("abc", &[finding(&[(0, 1, "A")], true), finding(&[(1, 2, "B")], true)], "ABc", 2);
        // The second touches the first, so none of it is applied.
        let second = finding(&[(1, 2, "X"), (5, 6, "Y")], true);
        check("abcdef", &[finding(&[(0, 2, "-")], true), second], "-cdef", 1);
        // Two insertions at one place have no order.
        check("ab", &[finding(&[(1, 1, "x")], true), finding(&[(1, 1, "y")], true)], "axb", 1);
        // A fix at odds with itself, or outside the text, is left.
        check("ab", &[finding(&[(0, 2, "x"), (1, 2, "y")], true)], "ab", 0);
        check("ab", &[finding(&[(1, 9, "x")], true)], "ab", 0);
        check("é", &[finding(&[(1, 2, "x")], true)], "é", 0);
    }

    #[test]
    fn the_library_is_never_changed() {
        let mut sources = Sources::new();
        sources.add_library("std/sizes.iflux", "abc");
        assert!(plan(&[finding(&[(0, 1, "x")], true)], &sources).lines.is_empty());
    }

    #[test]
    fn what_was_done_is_said() {
        let mut sources = Sources::new();
        sources.add("a.iflux", "x\nabc");
        let round = plan(&[finding(&[(3, 4, "x")], true)], &sources);
        assert_eq!(round.lines, ["a.iflux:2:2: mend [eval/override-misses]"]);
    }

    /// Finds the first `a`, to be made `bb`, and then the first `bb`, to be made `c`; one at a time.
    fn alphabet(world: &dyn World, show: &mut dyn FnMut(&[Diagnostic], &Sources)) {
        let mut sources = Sources::new();
        let mut found = Vec::new();
        for path in world.list().files {
            let text = world.read(&path).unwrap();
            let file = sources.add(path, text.clone());
            for (word, new) in [("a", "bb"), ("bb", "c")] {
                if let Some(at) = text.find(word) {
                    let span = Span::new(file, at as u32, (at + word.len()) as u32);
                    found.push(Diagnostic::error(CODE, "t", span, "").fix(
                        format!("{word} to {new}"),
                        span,
                        new,
                        true,
                    ));
                    break;
                }
            }
        }
        show(&found, &sources);
    }

    #[test]
    fn rounds_go_on_until_nothing_is_left() {
        let world = MemoryWorld::new([("x.iflux", "-a-a"), ("y.iflux", "z")]);
        let (texts, applied) = rounds(&world, &alphabet);
        assert_eq!(texts.len(), 1);
        assert_eq!((&*texts["x.iflux"].0, &*texts["x.iflux"].1), ("-a-a", "-c-c"));
        assert_eq!(applied.len(), 4);
        assert!(story(&applied, 1).ends_with("applied 4 fixes in 1 file\n"));
        assert_eq!(story(&[], 0), "nothing to fix without asking\n");
    }

    #[test]
    fn files_are_replaced_unless_somebody_changed_them() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("x.iflux");
        std::fs::write(&path, "-a").unwrap();
        let world = DiskWorld::open(root.path()).unwrap();
        let (texts, _) = rounds(&world, &alphabet);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "-a", "rounds run in memory");
        write(&world, &texts).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "-c");
        assert_eq!(write(&world, &texts).unwrap_err().code.as_str(), "cli/file-changed");
    }
}
