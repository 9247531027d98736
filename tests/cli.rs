//! The command line as a user meets it: transcripts in `tests/cli`, run in empty folders by the program that was built.
//!
//! A page's blocks that name a file (```` ```iflux file=a.iflux ````) are written, and its `console` blocks run, in order;
//! each heading of the second level begins anew in an empty folder. In a `console` block a line that begins with `$ ` goes to `sh`,
//! and what follows is what must come out (a block whose output holds fences has longer ones of its own): both streams in the order of their writing, then `[exit N]` where N is not 0.
//! `IFLUX_BLESS=1` writes what comes out into the pages; read the difference before it is taken.
#![expect(
    clippy::disallowed_methods,
    reason = "starts the program that was built, in folders of its own"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;

/// Longer than any command may take: one that hangs is ended, with the exit code 124.
const SECONDS: &str = "60";

/// Runs a command; gives what it wrote, and `[exit N]`.
fn run(command: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_iflux"));
    let beside = program.parent().expect("a folder").display();
    let path = format!("{beside}:{}", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("timeout")
        .args([SECONDS, "sh", "-c", &format!("exec 2>&1; {command}")])
        .current_dir(folder)
        .env_clear()
        .envs([("PATH", path.as_str()), ("LC_ALL", "C.UTF-8"), ("COLUMNS", "100")])
        .env("HOME", folder)
        .output()
        .expect("`timeout` starts");
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !said.is_empty() && !said.ends_with('\n') {
        said.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => said.push_str(&format!("[exit {code}]\n")),
        None => said.push_str(&format!("[{}]\n", output.status)),
    }
    said
}

/// The page with what its commands print now.
fn played(page: &str) -> String {
    let mut out = String::new();
    let mut folder = tempfile::tempdir().expect("a folder");
    let mut lines = page.split_inclusive('\n');
    while let Some(line) = lines.next() {
        out.push_str(line);
        if line.starts_with("## ") {
            folder = tempfile::tempdir().expect("a folder");
        }
        let ticks = line.bytes().take_while(|&byte| byte == b'`').count();
        if ticks < 3 {
            continue;
        }
        let (fence, info) = line.trim_end().split_at(ticks);
        let block: Vec<&str> = lines.by_ref().take_while(|line| line.trim_end() != fence).collect();
        if info == "console" {
            let commands = block.iter().filter_map(|line| line.strip_prefix("$ "));
            for command in commands.map(str::trim_end) {
                out.push_str(&format!("$ {command}\n{}", run(command, folder.path())));
            }
        } else {
            out.extend(block.iter().copied());
            if let Some((_, file)) = info.split_once("file=") {
                let path = folder.path().join(file);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
                std::fs::write(&path, block.concat()).expect("a file that can be written");
            }
        }
        out.push_str(&format!("{fence}\n"));
    }
    out
}

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let entries = std::fs::read_dir(folder).expect("tests/cli can be listed");
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    // What the book shows of the command line is true, too.
    let chapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/book");
    let chapters = std::fs::read_dir(chapters).expect("the book can be listed");
    pages.extend(chapters.map(|entry| entry.expect("an entry").path()));
    pages.retain(|path| path.extension().is_some_and(|end| end == "md"));
    pages.sort();
    assert!(!pages.is_empty(), "tests/cli holds no page");
    pages
}

/// The first line that came out otherwise, with its number.
fn first_difference(now: &str, page: &str) -> Option<String> {
    let length = now.lines().count().max(page.lines().count());
    let pairs = (0..length).zip(now.lines().chain(std::iter::repeat("the end")));
    let mut pairs = pairs.zip(page.lines().chain(std::iter::repeat("the end")));
    let ((at, now), then) = pairs.find(|((_, now), then)| now != then)?;
    Some(format!("{}: now `{now}`, and not `{then}`", at + 1))
}

#[test]
fn transcripts_are_true() {
    let bless = std::env::var_os("IFLUX_BLESS").is_some();
    let problems: Vec<String> = pages()
        .par_iter()
        .filter_map(|path| {
            let page = std::fs::read_to_string(path).expect("a page");
            let now = played(&page);
            if bless {
                std::fs::write(path, &now).expect("a page that can be written");
            }
            // No user is to see the compiler's own troubles, whatever a page says.
            let trouble = now.lines().find(|line| {
                let words = [
                    "panicked at",
                    "overflowed its stack",
                    "[exit 101]",
                    "[exit 124]",
                    "[exit 134]",
                ];
                words.iter().any(|word| line.contains(word))
            });
            if let Some(trouble) = trouble {
                return Some(format!("{}: {trouble}", path.display()));
            }
            if bless {
                return None;
            }
            first_difference(&now, &page).map(|found| format!("{}:{found}", path.display()))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn pages_are_played() {
    let page = "# A\n\n```iflux file=d/a.iflux\nx\n```\n\n```console\n$ cat d/a.iflux; echo y >&2; printf z\nold\n$ exit 3\n```\n\n\
                ## B\n\n```console\n$ ls\n```\n\n```sh\n$ not run\n```\n";
    let expected = page.replace("old\n$ exit 3\n", "x\ny\nz\n$ exit 3\n[exit 3]\n");
    assert_eq!(played(page), expected);
    assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    let found = first_difference("a\nb\n", "a\nc\n");
    assert_eq!(found.as_deref(), Some("2: now `b`, and not `c`"));
    assert_eq!(first_difference("a\n", "a\nc\n").as_deref(), Some("2: now `the end`, and not `c`"));
}

/// Says past the harness that a part of a test could not be played here.
fn skipped(test: &str, reason: &str) {
    let _ = writeln!(std::io::stderr(), "{test}: skipped: {reason}");
}

/// A project that builds, in a new folder.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(run("iflux init .", folder.path()).ends_with("next: iflux build\n"));
    folder
}

#[test]
fn a_full_disk_leaves_no_half_tree() {
    let folder = project();
    // A file system of its own that nobody else sees, and that goes away with the command.
    let mounted = |command: &str| {
        let script = format!("mkdir -p m && mount -t tmpfs -o size=24k none m && {{ {command}; }}");
        run(&format!("unshare --map-root-user --mount sh -c '{script}'"), folder.path())
    };
    if !mounted("true").is_empty() {
        return skipped("a_full_disk_leaves_no_half_tree", "no file system can be mounted here");
    }
    let said = mounted(
        "iflux build --out m/out; echo \"code $?\"; find m -type f; find m -name \".iflux*\"",
    );
    assert!(said.contains("no space left"), "{said}");
    assert!(said.ends_with("code 2\n"), "{said}");
    // What was there stays as it was.
    let said = mounted(
        "iflux build --out o >/dev/null; mkdir m/out; cp o/.iflux-build m/out/; mkdir -p m/out/sandbox/clusters; \
         cp o/sandbox/clusters/* m/out/sandbox/clusters/; find m -type f | sort | xargs sha256sum > before; \
         iflux build --out m/out; echo \"code $?\"; find m -type f | sort | xargs sha256sum | diff before - && echo same",
    );
    assert!(said.contains("no space left"), "{said}");
    assert!(said.ends_with("code 2\nsame\n"), "{said}");
}

#[test]
fn what_may_not_be_read_or_written_is_reported() {
    let folder = project();
    // Root may read everything, unless it lays that power down.
    let meek = |command: &str| {
        let root = run("id -u", folder.path()) == "0\n";
        let lay_down = "setpriv --bounding-set=-dac_override,-dac_read_search";
        let before = if root { lay_down } else { "" };
        run(&format!("{before} sh -c '{command}'"), folder.path())
    };
    if meek("echo > secret && chmod 0 secret && cat secret 2>/dev/null || echo may not")
        != "may not\n"
    {
        return skipped(
            "what_may_not_be_read_or_written_is_reported",
            "this user may do everything",
        );
    }
    let said = meek("echo > x.iflux; chmod 0 x.iflux; iflux check --format short; rm -f x.iflux");
    assert!(said.contains("io/permission-denied"), "{said}");
    let said = meek(
        "mkdir d; echo > d/x.iflux; chmod 0 d; iflux check --format short; echo code $?; chmod 700 d; rm -r d",
    );
    assert!(said.contains("io/permission-denied") && said.contains("code 1"), "{said}");
    let said =
        meek("mkdir out; chmod 500 out; iflux build; echo code $?; ls -A out; chmod 700 out");
    assert!(said.contains("emit/write-failed") && said.ends_with("code 2\n"), "{said}");
    let said = meek(
        "iflux build && chmod 500 out/sandbox/monitoring && echo namespace more {} > more.iflux && \
                     sed -i s/5m/6m/ platform.iflux && find out -type f | sort | xargs sha256sum > before; iflux build; echo code $?; \
                     find out -type f | sort | xargs sha256sum | diff before - && echo same; chmod 700 out/sandbox/monitoring",
    );
    assert!(said.contains("emit/write-failed") && said.ends_with("code 2\nsame\n"), "{said}");
}
