//! Trees of output on a disk: what is written, what is refused, and that a refusal changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::record::RECORD;
use super::tree::{
    OutFile, TreeState, WriteProblemKind, Written, check_tree, write_tree, write_tree_with,
};

type Files<'a> = &'a [(&'a str, &'a str)];

fn out<'a>(files: Files<'a>) -> Vec<OutFile<'a>> {
    files.iter().map(|(path, text)| OutFile { path, bytes: text.as_bytes() }).collect()
}

fn build(root: &Path, files: Files<'_>) -> Written {
    write_tree(root, &out(files)).unwrap()
}

fn refuse(root: &Path, files: Files<'_>) -> (String, WriteProblemKind) {
    let before = snapshot(root);
    let problem = write_tree(root, &out(files)).unwrap_err();
    assert_eq!(snapshot(root), before, "the old tree stands");
    (problem.path, problem.kind)
}

/// Every file and folder (as `None`) below a folder, and around it.
fn snapshot(root: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    fn add(base: &Path, folder: &Path, all: &mut BTreeMap<String, Option<Vec<u8>>>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(base).unwrap().display().to_string();
            if path.is_dir() && !path.is_symlink() {
                all.insert(name, None);
                add(base, &path, all);
            } else {
                all.insert(name, Some(fs::read(&path).unwrap_or_default()));
            }
        }
    }
    let mut all = BTreeMap::new();
    let base = root.parent().unwrap();
    add(base, base, &mut all);
    all
}

fn names(root: &Path) -> Vec<String> {
    snapshot(root).into_iter().filter(|(_, text)| text.is_some()).map(|(name, _)| name).collect()
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn a_fresh_tree_appears_with_its_record() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("deep/out");
    let written = build(&root, &[("b/c/d.yaml", "d"), ("a.yaml", "a")]);
    assert_eq!(written.created, ["a.yaml", "b/c/d.yaml"]);
    assert_eq!(names(&root), ["out/.iflux-build", "out/a.yaml", "out/b/c/d.yaml"]);
    let state = check_tree(&root, &out(&[("b/c/d.yaml", "d"), ("a.yaml", "a")])).unwrap();
    assert!(state.is_current());
}

#[test]
fn a_second_build_touches_what_changed_and_removes_what_is_gone() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    build(
        &root,
        &[("a.yaml", "a"), ("b.yaml", "b"), ("gone/deep/c.yaml", "c"), ("gone/d.yaml", "d")],
    );
    let time = || fs::metadata(root.join("a.yaml")).unwrap().modified().unwrap();
    let old = time();
    let state =
        check_tree(&root, &out(&[("a.yaml", "a"), ("b.yaml", "B"), ("e/f.yaml", "f")])).unwrap();
    assert_eq!(
        state,
        TreeState {
            missing: strings(&["e/f.yaml"]),
            changed: strings(&["b.yaml"]),
            extra: strings(&["gone/d.yaml", "gone/deep/c.yaml"]),
        }
    );
    let written = build(&root, &[("a.yaml", "a"), ("b.yaml", "B"), ("e/f.yaml", "f")]);
    assert_eq!(
        written,
        Written {
            created: strings(&["e/f.yaml"]),
            changed: strings(&["b.yaml"]),
            unchanged: 1,
            removed: strings(&["gone/d.yaml", "gone/deep/c.yaml"]),
            kept: Vec::new(),
        }
    );
    assert_eq!(time(), old);
    assert!(!root.join("gone").exists());
    assert_eq!(names(&root).len(), 4);
    let again = build(&root, &[("a.yaml", "a"), ("b.yaml", "B"), ("e/f.yaml", "f")]);
    assert_eq!(again, Written { unchanged: 3, ..Written::default() });
}

#[test]
fn what_people_wrote_is_left() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    build(&root, &[("d/a.yaml", "a"), ("d/b.yaml", "b")]);
    fs::write(root.join("d/a.yaml"), "edited").unwrap();
    fs::write(root.join("d/README.md"), "hello").unwrap();
    let written = build(&root, &[("c.yaml", "c")]);
    assert_eq!(written.kept, ["d/a.yaml"]);
    assert_eq!(written.removed, ["d/b.yaml"]);
    assert_eq!(fs::read_to_string(root.join("d/README.md")).unwrap(), "hello");
    // It is still known, and goes once it is as it was built.
    fs::write(root.join("d/a.yaml"), "a").unwrap();
    assert_eq!(build(&root, &[("c.yaml", "c")]).removed, ["d/a.yaml"]);
    assert_eq!(
        refuse(&root, &[("d/README.md", "mine")]),
        ("d/README.md".into(), WriteProblemKind::Foreign)
    );
    // The same bytes are no conflict.
    assert_eq!(build(&root, &[("d/README.md", "hello")]).unchanged, 1);
}

#[test]
fn an_edited_file_that_is_still_built_is_built_again() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    build(&root, &[("a.yaml", "a")]);
    fs::write(root.join("a.yaml"), "edited").unwrap();
    assert_eq!(build(&root, &[("a.yaml", "a")]).changed, ["a.yaml"]);
}

#[test]
fn files_and_folders_may_change_places() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    build(&root, &[("a", "file"), ("b/c/d", "file")]);
    build(&root, &[("a/x", "inner"), ("b", "file")]);
    assert_eq!(names(&root), ["out/.iflux-build", "out/a/x", "out/b"]);
    build(&root, &[("a", "file"), ("b/c/d", "file")]);
    fs::write(root.join("b/c/mine"), "mine").unwrap();
    assert_eq!(refuse(&root, &[("b", "file")]), ("b".into(), WriteProblemKind::FolderInTheWay));
    assert_eq!(
        refuse(&root, &[("b/c/mine/x", "x")]),
        ("b/c/mine".into(), WriteProblemKind::Foreign)
    );
}

#[test]
fn bad_paths_are_refused() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    for path in ["", "/etc/x", "../x", "a/../b", "a//b", "a\nb", RECORD, ".iflux-stage/x"] {
        assert_eq!(refuse(&root, &[(path, "x")]).1, WriteProblemKind::BadPath, "{path:?}");
        assert!(check_tree(&root, &out(&[(path, "x")])).is_err());
    }
    assert_eq!(refuse(&root, &[("a", "1"), ("a", "2")]).1, WriteProblemKind::Clash("a".into()));
    assert_eq!(refuse(&root, &[("a", "1"), ("A", "2")]).1, WriteProblemKind::Clash("a".into()));
    assert_eq!(refuse(&root, &[("a/b", "1"), ("A", "2")]).1, WriteProblemKind::Clash("A".into()));
    fs::write(&root, "a file").unwrap();
    assert_eq!(refuse(&root, &[("a", "1")]).1, WriteProblemKind::RootIsFile);
    assert!(matches!(refuse(&root.join("x"), &[("a", "1")]).1, WriteProblemKind::System(_)));
}

#[cfg(unix)]
#[test]
fn links_are_not_written_through() {
    use std::os::unix::fs::symlink;
    let temp = tempfile::tempdir().unwrap();
    let away = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    build(&root, &[("d/a", "a")]);
    fs::remove_dir_all(root.join("d")).unwrap();
    symlink(away.path(), root.join("d")).unwrap();
    fs::write(away.path().join("a"), "a").unwrap();
    assert_eq!(refuse(&root, &[("d/b", "b")]), ("d".into(), WriteProblemKind::Link));
    // Nor is anything removed through one.
    assert_eq!(build(&root, &[("c", "c")]).removed, strings(&[]));
    assert!(away.path().join("a").exists());
    symlink(away.path().join("a"), root.join("l")).unwrap();
    assert_eq!(refuse(&root, &[("l", "a")]), ("l".into(), WriteProblemKind::Link));
    symlink(temp.path().join("nowhere"), temp.path().join("dangling")).unwrap();
    assert_eq!(refuse(&temp.path().join("dangling"), &[("l", "a")]).1, WriteProblemKind::Link);
}

const OLD: Files<'static> =
    &[("keep", "k"), ("change", "1"), ("a", "x"), ("b/c/d", "x"), ("gone/e", "e")];
const NEW: Files<'static> =
    &[("keep", "k"), ("change", "2"), ("a/x", "y"), ("b/c", "y"), ("new/f/g", "g")];

/// Lets each step in turn fail, and sees the old tree stand.
fn fail_everywhere(prepare: &dyn Fn(&Path)) {
    let mut failures = 0;
    for step in 0.. {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("deep/out");
        prepare(&root);
        let around = temp.path().join("any");
        let before = snapshot(&around);
        let count = AtomicUsize::new(0);
        let result = write_tree_with(&root, &out(NEW), &|_| {
            if count.fetch_add(1, Ordering::Relaxed) == step {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(())
        });
        if result.is_ok() {
            break;
        }
        failures += 1;
        assert!(matches!(result.unwrap_err().kind, WriteProblemKind::System(_)));
        assert_eq!(snapshot(&around), before, "step {step}");
    }
    assert!(failures > 5, "{failures}");
}

#[test]
fn a_failure_at_any_step_leaves_nothing_of_a_fresh_tree() {
    fail_everywhere(&|_| {});
}

#[test]
fn a_failure_at_any_step_leaves_the_old_tree() {
    fail_everywhere(&|root| {
        build(root, OLD);
    });
}

#[test]
fn a_killed_build_is_taken_over() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    build(&root, OLD);
    // What a build that was killed while it moved files leaves: its stage, and some files.
    let scratch = temp.path().join("scratch");
    build(&scratch, NEW);
    fs::create_dir_all(root.join(".iflux-stage/old")).unwrap();
    fs::copy(scratch.join(RECORD), root.join(".iflux-stage/record")).unwrap();
    fs::write(root.join(".iflux-stage/process"), "999999999").unwrap();
    fs::create_dir_all(root.join("new/f")).unwrap();
    fs::write(root.join("new/f/g"), "g").unwrap();
    fs::remove_dir_all(root.join("b")).unwrap();
    fs::write(root.join("b"), "not ours").unwrap();
    assert_eq!(refuse_kind(&root, &[("b", "z")]), WriteProblemKind::Foreign);
    fs::remove_file(root.join("b")).unwrap();
    fs::create_dir_all(root.join(".iflux-stage")).unwrap();
    fs::copy(scratch.join(RECORD), root.join(".iflux-stage/record")).unwrap();
    build(&root, &[("new/f/g", "other"), ("keep", "k")]);
    assert_eq!(
        names(&root.join("x"))
            .into_iter()
            .filter(|name| !name.starts_with("scratch"))
            .collect::<Vec<_>>(),
        [".iflux-build", "keep", "new/f/g"]
    );
}

fn refuse_kind(root: &Path, files: Files<'_>) -> WriteProblemKind {
    write_tree(root, &out(files)).unwrap_err().kind
}

#[cfg(target_os = "linux")]
#[test]
fn a_build_that_runs_is_not_disturbed() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    build(&root, OLD);
    fs::create_dir_all(root.join(".iflux-stage")).unwrap();
    fs::write(root.join(".iflux-stage/process"), "1").unwrap();
    assert_eq!(refuse(&root, NEW), (".iflux-stage".into(), WriteProblemKind::Busy));
}

/// A real full disk, where this process may mount one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_tree() {
    let temp = tempfile::tempdir().unwrap();
    let disk = temp.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let run = |command: &str, args: &[&str]| {
        let status = std::process::Command::new(command).args(args).arg(&disk).output();
        status.is_ok_and(|output| output.status.success())
    };
    if !run("mount", &["-t", "tmpfs", "-o", "size=256k", "tmpfs"]) {
        eprintln!("skipped: mounting is not permitted");
        return;
    }
    let root = disk.join("out");
    let large = "x".repeat(200 << 10);
    let result = std::panic::catch_unwind(|| {
        assert!(matches!(
            refuse(&root, &[("a", &large), ("b", &large)]).1,
            WriteProblemKind::System(_)
        ));
        build(&root, &[("a", &large)]);
        let (path, kind) = refuse(&root, &[("a", "small"), ("b", &large)]);
        assert_eq!(
            (path.as_str(), kind),
            ("b", WriteProblemKind::System("no space left on device".into()))
        );
    });
    assert!(run("umount", &[]));
    result.unwrap();
}

#[test]
fn ten_thousand_files_are_quick() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("out");
    let paths: Vec<String> =
        (0..10_000).map(|at| format!("c{}/n{}/{at}.yaml", at % 7, at % 97)).collect();
    let files: Vec<OutFile<'_>> =
        paths.iter().map(|path| OutFile { path, bytes: path.as_bytes() }).collect();
    let start = std::time::Instant::now();
    assert_eq!(write_tree(&root, &files).unwrap().created.len(), 10_000);
    let fresh = start.elapsed();
    assert_eq!(write_tree(&root, &files).unwrap().unchanged, 10_000);
    eprintln!("fresh {fresh:?}, unchanged {:?}", start.elapsed() - fresh);
}
