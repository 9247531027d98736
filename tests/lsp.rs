//! The language server as a client meets it: sessions in `tests/lsp`, played against the real server over a connection in memory.
//!
//! A page's blocks that name a file (```` ```iflux file=a.iflux ````) are written, and its `session` blocks played, in order; each heading
//! of the second level begins anew, with an empty folder and a new server. In a `session` block a line that begins with `$ ` is done, and what
//! follows is what must come out. `IFLUX_BLESS=1` writes what comes out into the pages; read the difference before it is taken.
//!
//! ```text
//! $ start {"capabilities": {..}}       another client than the usual one; only first
//! $ open FILE                          and what is found in it
//! $ type FILE `before|` "text"         puts a text where the mark is, and says what is found then
//! $ replace FILE "old" "new"           the same for a piece of the text
//! $ save FILE, $ close FILE, $ write FILE "text", $ remove FILE
//! $ text FILE                          what the server and the client agree that it holds
//! $ hover FILE `some|where` {..}       any request with a place, and what it needs beside that
//! $ format FILE, $ apply FILE ..       the same, and the edits that come back are made
//! $ request METHOD {..}                any other one
//! ```
#![expect(
    clippy::disallowed_methods,
    reason = "writes the files of sessions, in folders of their own"
)]

mod client;
mod random;
mod shown;
mod wire;

use std::path::{Path, PathBuf};

use client::Session;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lsp")
}

/// The page with what its sessions show now.
fn played(page: &str) -> String {
    let mut out = String::new();
    let mut session = Session::new();
    let mut lines = page.split_inclusive('\n');
    while let Some(line) = lines.next() {
        out.push_str(line);
        if line.starts_with("## ") {
            session = Session::new();
        }
        let ticks = line.bytes().take_while(|&byte| byte == b'`').count();
        if ticks < 3 {
            continue;
        }
        let (fence, info) = line.trim_end().split_at(ticks);
        let block: Vec<&str> = lines.by_ref().take_while(|line| line.trim_end() != fence).collect();
        if info == "session" {
            for command in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
                let command = command.trim_end();
                out.push_str(&format!("$ {command}\n{}", session.play(command)));
            }
        } else {
            out.extend(block.iter().copied());
            if let Some((_, file)) = info.split_once("file=") {
                session.write(file, &block.concat());
            }
        }
        out.push_str(&format!("{fence}\n"));
    }
    out
}

#[test]
fn sessions_are_true() {
    let bless = std::env::var_os("IFLUX_BLESS").is_some();
    let entries = std::fs::read_dir(folder()).expect("tests/lsp can be listed");
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|end| end == "md"));
    assert!(!pages.is_empty(), "tests/lsp holds no page");
    let judged = |path: &Path| {
        let page = std::fs::read_to_string(path).expect("a page");
        let now = played(&page);
        if bless {
            std::fs::write(path, &now).expect("a page that can be written");
        }
        if let Some(line) = now.lines().find(|line| line.contains("internal error")) {
            return Some(format!("{}: {line}", path.display()));
        }
        let pairs = now.lines().chain(["the end"]).zip(page.lines().chain(["the end"]));
        let (at, (now, then)) = (1..).zip(pairs).find(|(_, (now, then))| now != then)?;
        (!bless).then(|| format!("{}:{at}: now `{now}`, and not `{then}`", path.display()))
    };
    // Threads of their own: who waits for a server must not keep its pool from working.
    let problems: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = pages.iter().map(|path| scope.spawn(|| judged(path))).collect();
        threads.into_iter().filter_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
