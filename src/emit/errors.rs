//! What this room has to say.

use crate::diag::{Code, Diagnostic, Level};

/// Files that cannot all stand in one folder.
pub const PATH_CLASH: Code = Code::new("emit/path-clash");

/// Files, by path and address, that have one path, paths that differ by capital letters only, or of which one is a folder
/// of the other.
pub(super) fn path_clash(files: &[(&str, &str)]) -> Diagnostic {
    let mut paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
    paths.dedup();
    let title = match paths.as_slice() {
        [path] => format!("one path for several resources: `{path}`"),
        paths => format!("{} cannot all be written", listed(paths)),
    };
    let addresses: Vec<&str> = files.iter().map(|(_, address)| *address).collect();
    let found = Diagnostic::new(Level::Error, PATH_CLASH, title)
        .help(format!("{} would be written there: rename one of them", listed(&addresses)));
    if paths.len() == 1 {
        return found;
    }
    found.help("paths differ by more than capital letters, and a file is no folder of another")
}

/// `` `a`, `b` and `c` ``.
fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        other => other.join(", "),
    }
}

/// The output is larger than the build may write.
pub const TOO_LARGE: Code = Code::new("emit/too-large");

/// The files have `size` bytes together, of which `largest` (an address) has `share`; `limit` are allowed.
pub(super) fn too_large(size: u64, limit: u64, largest: &str, share: u64) -> Diagnostic {
    Diagnostic::new(
        Level::Error,
        TOO_LARGE,
        format!("an output of {size} bytes, where {limit} are allowed"),
    )
    .help(format!("the largest file is that of `{largest}`: {share} bytes"))
    .help("raise the limit in `iflux.toml` if so much is meant")
}
