//! `iflux completions`: what a shell needs to complete commands.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Outcome;
use super::context::Context;

/// Print the completions of a shell.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  iflux completions bash > ~/.local/share/bash-completion/completions/iflux
  iflux completions zsh  > ~/.zfunc/_iflux
  iflux completions fish > ~/.config/fish/completions/iflux.fish")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let mut script = Vec::new();
        let mut command = super::args::Args::command();
        clap_complete::generate(self.shell, &mut command, "iflux", &mut script);
        context.console.out(script);
        Outcome::Clean
    }
}
