//! What Argo CD makes of the objects that it is given.
//!
//! * **Takes** files with Applications, ApplicationSets, AppProjects and everything beside them, as [`Tree`]s that know where they are written.
//! * **Gives** findings: what is never deployed, refused, left as text, unpinned, or out of order.
//! * **Owns** the parameters of generators in both engines, what charts bring and need, and the codes `appset/..`, `app/..`, `project/..`,
//!   `wave/..`, `chart/..`, `sops/..`.
//! * **Never** reads a file, and never says of what lies outside of the files that it is not there, unless as a warning.
//! * **Read first** `view.rs`, then `parameters.rs`, `set.rs`.

mod charts;
mod clash;
mod errors;
mod facts;
mod fast;
mod folder;
mod generator;
mod names;
mod owners;
mod parameters;
mod pins;
mod projects;
mod reach;
mod secrets;
mod set;
mod sops;
mod tree;
mod values;
mod view;
mod waves;

pub use errors::appset::UNKNOWN_PARAMETER;
pub use errors::charts::UNKNOWN_KEY;
pub use errors::folder::UNREAD_VALUES;
pub use errors::names::NO_NAME;
pub use errors::projects::EVERYTHING;
pub use errors::secrets::PLAIN_SECRET;
pub use errors::waves::NO_PROVIDER;
pub use secrets::holds_secret;
pub use tree::{File, Tree};

use crate::diag::Diagnostic;

/// What is found in objects alone, where nothing is known of the repository that they lie in.
pub fn judge_objects<T: Tree>(files: &[File<T>]) -> Vec<Diagnostic> {
    of_objects(&view::Whole::new(files, &[]))
}

fn of_objects<T: Tree>(whole: &view::Whole<'_, T>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for set in &whole.sets {
        set::judge(set, whole, &mut out);
        names::judge(set, whole, &mut out);
    }
    set::engines(whole, &mut out);
    pins::judge(whole, &mut out);
    secrets::judge(whole, &mut out);
    charts::judge(whole, &mut out);
    out
}

/// Everything that is found in files. `others` are the names of files beside them that were not read.
pub fn judge<T: Tree>(files: &[File<T>], others: &[String]) -> Vec<Diagnostic> {
    let whole = view::Whole::new(files, others);
    let mut out = of_objects(&whole);
    projects::judge(&whole, &mut out);
    values::judge(&whole, &mut out);
    waves::judge(&whole, &mut out);
    reach::judge(&whole, &mut out);
    owners::judge(&whole, &mut out);
    sops::judge(&whole, &mut out);
    out
}
