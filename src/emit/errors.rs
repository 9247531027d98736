//! What this room has to say.

use crate::diag::{Code, Diagnostic, Level};

/// Two documents have one path.
pub const PATH_CLASH: Code = Code::new("emit/path-clash");

/// `path` would be written by each of `addresses`.
pub(super) fn path_clash(path: &str, addresses: &[&str]) -> Diagnostic {
    let quoted: Vec<String> = addresses.iter().map(|address| format!("`{address}`")).collect();
    let writers = match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        other => other.join(", "),
    };
    Diagnostic::new(Level::Error, PATH_CLASH, format!("one path for several resources: `{path}`"))
        .help(format!("{writers} would be written there: rename one of them"))
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
