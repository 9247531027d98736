//! `iflux check` on files that other tools wrote: rules, dashboards and what installs them, in YAML or JSON.

use std::path::{Path, PathBuf};

use crate::driver::EXTENSION;
use crate::host::{files_below, is_folder, read_text};
use crate::import::{Counts, Manifests, judge_manifests, nothing_known};
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

/// What paths lead to.
pub(super) struct YamlFiles {
    files: Vec<YamlFile>,
    /// Other files of the folders, of which only the names count.
    beside: Vec<PathBuf>,
}

/// The files that paths lead to, if all paths are files of YAML, or folders that hold such files and no program. None if a program is meant.
pub(super) fn yaml_files(paths: &[PathBuf]) -> Option<YamlFiles> {
    let mut all = YamlFiles { files: Vec::new(), beside: Vec::new() };
    for path in paths {
        if is_folder(path) {
            let is_project = files_below(path, &[EXTENSION, "iflux.toml"]).ok()?;
            let files = files_below(path, &ENDINGS).ok()?;
            if !is_project.is_empty() || files.is_empty() {
                return None;
            }
            let others = files_below(path, &[""]).ok()?;
            all.beside.extend(others.into_iter().filter(|it| !is_yaml(it)));
            all.files.extend(files.into_iter().map(|path| YamlFile { path, is_named: false }));
        } else if is_yaml(path) {
            all.files.push(YamlFile { path: path.clone(), is_named: true });
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
    files: &YamlFiles,
    format: ReportFormat,
    limit: usize,
    deny_warnings: bool,
) -> Outcome {
    let mut sources = Sources::new();
    let mut manifests = Manifests::default();
    for path in &files.beside {
        manifests.lies(&path.display().to_string());
    }
    for file in &files.files {
        let name = file.path.display().to_string();
        let text = match read_text(&file.path) {
            Ok(text) => text,
            Err(error) => {
                context.complain(&[unreadable_input(&name, &error.to_string())]);
                return Outcome::Misuse;
            }
        };
        let id = sources.add(name.clone(), text.as_str());
        let holds = manifests.read(id, &name, &text, file.is_named);
        if !holds && file.is_named {
            context.complain(&[nothing_known(&name)]);
            return Outcome::Misuse;
        }
    }
    let (manifests, found) = judge_manifests(manifests);
    context.report(&found, &sources, format, limit, false);
    if format == ReportFormat::Human && found.is_empty() {
        let counts = manifests.counts();
        context.console.err(&format!("{}, nothing to report\n", listed(counts)));
    }
    outcome(&found, deny_warnings)
}

/// `14 rules and 2 dashboards in 3 files`.
fn listed(counts: Counts) -> String {
    let of = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    };
    let mut parts = Vec::new();
    if counts.dashboards > 0 {
        parts.push(of(counts.dashboards, "dashboard"));
    }
    if counts.configurations > 0 {
        parts.push(format!("{} of Alertmanager", of(counts.configurations, "configuration")));
    }
    if counts.applications > 0 {
        parts.push(of(counts.applications, "Application"));
    }
    if counts.rules > 0 || parts.is_empty() {
        parts.insert(0, of(counts.rules, "rule"));
    }
    let files = of(counts.files, "file");
    match parts.as_slice() {
        [first @ .., last] if !first.is_empty() => {
            format!("{} and {last} in {files}", first.join(", "))
        }
        parts => format!("{} in {files}", parts.join(", ")),
    }
}
