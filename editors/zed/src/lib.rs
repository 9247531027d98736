//! Tells Zed how the language server is started: `iflux lsp`, with the `iflux` that is on the path of the worktree.

use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Iflux;

impl zed::Extension for Iflux {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Command> {
        let command = worktree.which("iflux").ok_or("`iflux` is not on the path")?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: worktree.shell_env() })
    }
}

zed::register_extension!(Iflux);
