//! `iflux check` on files that other tools wrote: rules in YAML or JSON.

use std::path::{Path, PathBuf};

use crate::driver::EXTENSION;
use crate::host::{files_below, is_folder, read_text};
use crate::import::{Rules, judge_rules, nothing_known};
use crate::source::Sources;

use super::Outcome;
use super::args::ReportFormat;
use super::context::{Context, outcome};
use super::errors::unreadable_input;

const ENDINGS: [&str; 3] = [".yaml", ".yml", ".json"];

/// A path that is to be judged as YAML.
pub(super) struct YamlFile {
    path: PathBuf,
    /// Whether it was named itself, and not a folder around it.
    is_named: bool,
}

/// The files that paths lead to, if all paths are files of YAML, or folders that hold such files and no program. None if a program is meant.
pub(super) fn yaml_files(paths: &[PathBuf]) -> Option<Vec<YamlFile>> {
    let mut all = Vec::new();
    for path in paths {
        if is_folder(path) {
            let is_project = files_below(path, &[EXTENSION, "iflux.toml"]).ok()?;
            let files = files_below(path, &ENDINGS).ok()?;
            if !is_project.is_empty() || files.is_empty() {
                return None;
            }
            all.extend(files.into_iter().map(|path| YamlFile { path, is_named: false }));
        } else if is_yaml(path) {
            all.push(YamlFile { path: path.clone(), is_named: true });
        } else {
            return None;
        }
    }
    Some(all)
}

fn is_yaml(path: &Path) -> bool {
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Judges all files together: the rules of one may use what another records.
pub(super) fn check_yaml(
    context: &Context,
    files: &[YamlFile],
    format: ReportFormat,
    limit: usize,
    deny_warnings: bool,
) -> Outcome {
    let mut sources = Sources::new();
    let mut rules = Rules::default();
    let mut read = 0;
    for file in files {
        let name = file.path.display().to_string();
        let text = match read_text(&file.path) {
            Ok(text) => text,
            Err(error) => {
                context.complain(&[unreadable_input(&name, &error.to_string())]);
                return Outcome::Misuse;
            }
        };
        let id = sources.add(name.clone(), text.as_str());
        let holds = rules.read(id, &name, &text);
        read += usize::from(holds);
        if !holds && file.is_named {
            context.complain(&[nothing_known(&name)]);
            return Outcome::Misuse;
        }
    }
    let found = judge_rules(&rules, &sources);
    context.report(&found, &sources, format, limit, false);
    if format == ReportFormat::Human && found.is_empty() {
        let files = if read == 1 { "file" } else { "files" };
        let count: usize = rules.groups.iter().map(|it| it.rules.len()).sum();
        let noun = if count == 1 { "rule" } else { "rules" };
        context.console.err(&format!("{count} {noun} in {read} {files}, nothing to report\n"));
    }
    outcome(&found, deny_warnings)
}
