//! Runs the stages; the only room that sees them all.
//!
//! * **Takes** a [`World`]: everything that the compiler may ask of the outside.
//! * **Gives** a [`Session`], the [`Config`] of a project, and every [`Problem`] with the outside as a diagnostic.
//! * **Owns** the order of the stages and the codes `io/..`, `config/..` and `dependency/..`.
//! * **Never** touches a disk, an environment variable or a clock: the `host` room is the one World that does.
//! * **Read first** `world.rs`, then `session.rs`.

mod admitted;
mod argo;
mod around;
mod config;
mod earlier;
mod embed;
mod dependencies;
mod errors;
mod images;
mod judged;
mod finals;
mod kept;
mod library;
mod list;
mod lock;
mod limits;
mod link;
mod look;
mod manifests;
mod memory;
mod network;
mod packages;
mod policies;
mod objects;
mod problems;
mod promtool;
mod rights;
mod session;
mod test;
mod theorems;
mod why;
mod world;

pub use config::{CONFIG_FILE, Config, LIMITS, Limits, parse_config};
pub use dependencies::{Dependency, DependencySource, Location};
pub use images::ProgramImage;
pub use kept::Kept;
pub use list::Written;
pub use lock::{LOCK_FILE, Lock, Locked, parse_lock};
pub use look::{Look, Preview, PreviewLine};
pub use memory::MemoryWorld;
pub use objects::TABLE;
pub use packages::{Fetched, Fetcher, Fetches, PackageFiles, VENDOR, content_hash, fetch_all};
pub use problems::diagnose;
pub use promtool::{PromtoolTests, promtool_tests};
pub use session::{Session, Undecided};
pub use test::TestResult;
pub use world::{
    EXTENSION, EarlierFiles, Listing, MOST_BYTES, Problem, ProblemKind, World, is_of_cluster,
    is_program, left_out, safe_path, unpackaged,
};
