//! What a program may cost: limits of the language, not of the machine.

use rustc_hash::FxHashMap;

use crate::source::{Span, Sym};

/// The limits. `iflux.toml` may raise them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Steps of evaluation.
    pub steps: u64,
    /// Entries in one list or map.
    pub entries: u64,
    /// Bytes in one text.
    pub text: u64,
    /// Targets.
    pub targets: u64,
    /// Components, and levels of a value that is printed, one inside of the other.
    pub nesting: u64,
    /// Values that need one another, one inside the other; four times as many expressions may wait for one another.
    pub depth: u64,
    /// Bytes of output.
    pub output: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 100_000_000,
            entries: 1_000_000,
            text: 4 << 20,
            targets: 1_000_000,
            nesting: 128,
            depth: 10_000,
            output: 1 << 30,
        }
    }
}

/// How many expressions may wait for one another, for each value that may.
pub(super) const OPEN: u64 = 4;

/// What has been spent.
#[derive(Debug)]
pub(super) struct Budget {
    pub(super) limits: Limits,
    pub(super) steps: u64,
    pub(super) depth: u64,
    /// Expressions that wait for one another.
    pub(super) open: u64,
    /// Calls that wait for one another.
    pub(super) calls: u32,
    /// The most steps that one formula took by itself, and where.
    pub(super) most: (u64, Option<Span>),
    /// Whether a limit was passed; then everything else is poison.
    pub(super) reported: bool,
    /// Whether a package has limits of its own.
    pub(super) rationed: bool,
    /// What such packages have spent.
    pub(super) packages: FxHashMap<Sym, u64>,
}

impl Budget {
    pub(super) fn new(limits: Limits, rationed: bool) -> Self {
        let packages = FxHashMap::default();
        Self {
            limits,
            steps: 0,
            depth: 0,
            open: 0,
            calls: 0,
            most: (0, None),
            reported: false,
            rationed,
            packages,
        }
    }
}
