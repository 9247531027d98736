//! `iflux lsp`: the language server.

use clap::Args;
use lsp_server::Connection;

use super::context::Context;
use super::{Outcome, STACK, crash};
use crate::host::TextCache;
use crate::lsp::{Ended, serve};

/// Serve an editor: the Language Server Protocol over standard input and output.
#[derive(Args, Debug)]
#[command(after_help = "\
Editors start it themselves:
  Helix    language-servers.iflux = { command = \"iflux\", args = [\"lsp\"] }
  Neovim   vim.lsp.config.iflux = { cmd = { \"iflux\", \"lsp\" }, filetypes = { \"iflux\" } }")]
pub(super) struct Lsp {
    /// Accepted for clients that name the way: there is no other
    #[arg(long)]
    stdio: bool,
}

impl Lsp {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        crash::install_for_server();
        // Projects are checked by threads of their own, which share this pool. Where it is there already, it is this one.
        let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
        let (connection, threads) = Connection::stdio();
        let served = serve(&connection, TextCache::of_user());
        // The writer ends with the last who can send.
        drop(connection);
        match served {
            Ok(Ended::Properly) => match threads.join() {
                Ok(()) => Outcome::Clean,
                Err(_) => Outcome::Errors,
            },
            Ok(Ended::Suddenly) => Outcome::Errors,
            Err(error) => {
                context.console.err(&format!("iflux lsp: {error}\n"));
                Outcome::Misuse
            }
        }
    }
}
