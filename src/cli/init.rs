//! `iflux init`: a small working project.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::host::{create_new, resolved, words};

use super::Outcome;
use super::context::Context;
use super::errors::{file_exists, write_failed};

/// The project's files, with `PROJECT` where its name goes.
const FILES: [(&str, &str); 4] = [
    ("iflux.toml", include_str!("init/iflux.toml")),
    ("platform.iflux", include_str!("init/platform.iflux")),
    ("README.md", include_str!("init/README.md")),
    (".gitignore", include_str!("init/gitignore")),
];

/// Folder names that would read badly, or not at all, as the platform's name.
const RESERVED: [&str; 17] = [
    "all", "by", "else", "false", "for", "here", "if", "in", "is", "let", "match", "none", "outer",
    "platform", "self", "then", "true",
];

/// Write a small working project: a cluster on Proxmox, and alerts about its nodes.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux init              in the current folder
  iflux init platform     in a new folder")]
pub(super) struct Init {
    /// The project's folder; it may be new
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

impl Init {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let name = project_name(&resolved(&self.folder));
        let texts: Vec<(&str, String)> =
            FILES.iter().map(|(path, text)| (*path, text.replace("PROJECT", &name))).collect();
        let files: Vec<(&str, &str)> =
            texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
        if let Err((path, error)) = create_new(&self.folder, &files) {
            let path = self.shown(&path);
            let is_there = error.kind() == io::ErrorKind::AlreadyExists;
            let problem =
                if is_there { file_exists(&path) } else { write_failed(&path, &words(&error)) };
            context.complain(&[problem]);
            return Outcome::Misuse;
        }
        let mut said = String::new();
        for (path, _) in &files {
            said.push_str(&format!("wrote {}\n", self.shown(path)));
        }
        if self.folder != Path::new(".") {
            said.push_str(&format!("next: cd {} && iflux build\n", self.folder.display()));
        } else {
            said.push_str("next: iflux build\n");
        }
        context.console.err(&said);
        Outcome::Clean
    }
}

impl Init {
    fn shown(&self, path: &str) -> String {
        let full = self.folder.join(path);
        full.strip_prefix(".").unwrap_or(&full).display().to_string()
    }
}

/// The folder's name as a name of the language: lower-case letters, digits, hyphens inside.
fn project_name(folder: &Path) -> String {
    let name =
        folder.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let mut out = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let out = out.get(..out.len().min(40)).unwrap_or(out).trim_end_matches('-');
    if out.is_empty() {
        "acme".to_owned()
    } else if RESERVED.contains(&out) {
        format!("my-{out}")
    } else {
        out.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{FILES, RESERVED, project_name};
    use crate::diag::Sink;
    use crate::driver::{MemoryWorld, Session, parse_config};
    use crate::source::FileId;

    #[test]
    fn folders_name_projects() {
        let check = |folder: &str, name: &str| assert_eq!(project_name(Path::new(folder)), name);
        check("/home/x/acme-platform", "acme-platform");
        check("/home/x/Acme Platform_2", "acme-platform-2");
        check("2048", "acme");
        check("platform", "my-platform");
        check("for", "my-for");
        check("..", "acme");
        check("日本", "acme");
        check(&"a".repeat(99), &"a".repeat(40));
    }

    /// Builds the template under a name; gives the paths that come out.
    fn built(name: &str) -> Vec<String> {
        let texts = FILES.map(|(path, text)| (path, text.replace("PROJECT", name)));
        let world = MemoryWorld::new(texts.iter().map(|(path, text)| (*path, text.as_str())));
        let mut session = Session::load(&world);
        session.check();
        let plan = session.build();
        assert_eq!(session.diagnostics(), [], "{name}");
        plan.expect("a plan").files.into_iter().map(|file| file.path).collect()
    }

    #[test]
    fn what_is_written_builds_without_a_finding() {
        let mut paths = built("acme");
        paths.retain(|path| !path.contains("/cluster-classes/"));
        let expected = [
            "sandbox/clusters/namespace.yaml",
            "sandbox/clusters/sandbox.yaml",
            "sandbox/monitoring/namespace.yaml",
            "sandbox/monitoring/nodes.yaml",
        ];
        assert_eq!(paths, expected);
    }

    #[test]
    fn every_folder_name_gives_a_project_that_builds() {
        for folder in RESERVED
            .into_iter()
            .chain(["2048", "..", "a b", "cluster", "sandbox", "nodes", "lab", "dev"])
        {
            assert!(!built(&project_name(Path::new(folder))).is_empty());
        }
        built(&project_name(Path::new(&"a".repeat(99))));
    }

    #[test]
    fn the_configuration_is_right() {
        let (_, text) = FILES[0];
        let mut sink = Sink::new();
        let config = parse_config(&text.replace("PROJECT", "acme"), FileId(0), &mut sink);
        assert!(sink.is_empty());
        assert_eq!(config.name.as_deref(), Some("acme"));
    }
}
