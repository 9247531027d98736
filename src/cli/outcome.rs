//! What the process says when it ends.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// 0: nothing stands in the way.
    Clean,
    /// 1: the program has errors, or the output is not current.
    Errors,
    /// 2: the command was misused, the system refused, or the compiler has a bug.
    Misuse,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Errors => 1,
            Outcome::Misuse => 2,
        })
    }
}
