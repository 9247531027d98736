//! URIs and paths.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in a path of a URI as it is; a colon is escaped, as editors do.
const KEPT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The path of a file's URI; none for what lies on no disk (`untitled:`).
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let slash = rest.find('/')?;
    let (host, path) = rest.split_at(slash);
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `/c:/work` is a path with a drive.
    let drive = |path: &str| {
        let mut letters = path.chars().skip(1);
        letters.next().is_some_and(|it| it.is_ascii_alphabetic()) && letters.next() == Some(':')
    };
    let path = if cfg!(windows) && drive(&path) { path.trim_start_matches('/') } else { &path };
    match host {
        "" | "localhost" => Some(PathBuf::from(path)),
        host if cfg!(windows) => Some(PathBuf::from(format!("//{host}{path}"))),
        _ => None,
    }
}

/// The URI of a path.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    let path = path.to_str()?.replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    Uri::from_str(&format!("file://{slash}{}", utf8_percent_encode(&path, KEPT))).ok()
}

/// The last step of a URI.
pub(super) fn name_of(uri: &Uri) -> String {
    let last = uri.as_str().rsplit(['/', ':']).next().unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::Path;
    use std::str::FromStr as _;

    use lsp_types::Uri;

    use super::{name_of, path_of, uri_of};

    #[test]
    fn paths_come_back() {
        let check = |path: &str, uri: &str| {
            let made = uri_of(Path::new(path)).unwrap();
            assert_eq!(made.as_str(), uri);
            assert_eq!(path_of(&made).unwrap(), Path::new(path));
        };
        check("/a/b.iflux", "file:///a/b.iflux");
        check("/with blank/ü/100%.iflux", "file:///with%20blank/%C3%BC/100%25.iflux");
        let uri = Uri::from_str("untitled:Untitled-1").unwrap();
        assert_eq!((path_of(&uri), name_of(&uri).as_str()), (None, "Untitled-1"));
    }
}
