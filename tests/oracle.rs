//! Judges from outside: programs that know nothing of this compiler. They are found through the environment:
//! `IFLUX_ORACLES` names their folder, `IFLUX_PYTHON` a Python that has their requirements (else `python3`). Without
//! `IFLUX_ORACLES` their tests say that they were skipped, and fail where `IFLUX_REQUIRE_ORACLES` is set.
#![expect(clippy::disallowed_methods, reason = "tests start judges, which live on this machine")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

/// The folder of the judges, or `None` after saying that `test` is skipped.
pub(crate) fn folder(test: &str) -> Option<PathBuf> {
    match std::env::var_os("IFLUX_ORACLES") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => {
            assert!(
                std::env::var_os("IFLUX_REQUIRE_ORACLES").is_none(),
                "{test} is skipped, but IFLUX_REQUIRE_ORACLES is set"
            );
            // Past the harness, which swallows what a test that passes prints.
            let _ = writeln!(std::io::stderr(), "{test}: skipped: IFLUX_ORACLES is not set");
            None
        }
    }
}

/// Runs a Python script with `arguments`; gives what it prints.
pub(crate) fn python(script: &str, arguments: &[&std::path::Path]) -> String {
    let python = std::env::var_os("IFLUX_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(&python).arg("-c").arg(script).args(arguments).output();
    let output =
        output.unwrap_or_else(|error| panic!("{} does not start: {error}", python.display()));
    assert!(
        output.status.success(),
        "{} fails (see IFLUX_PYTHON):\n{}",
        python.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("a script prints UTF-8")
}
