//! The command line: one file a subcommand.
//!
//! * **Takes** the arguments of the process.
//! * **Gives** [`main`]: reports, files, and an [`Outcome`]: 0 clean, 1 errors, 2 misuse or a bug in the compiler.
//! * **Owns** the help texts and what goes to which stream.
//! * **Never** decides anything about a program: it opens a world, runs a session, shows what came out.
//! * **Read first** `args.rs`, then `check.rs`.

mod args;
mod build;
mod check;
mod completions;
mod context;
mod crash;
mod doc;
mod difference;
mod errors;
mod explain;
mod fetch;
mod fix;
mod fmt;
mod graph;
mod import;
mod init;
mod junit;
mod local;
mod lsp;
mod lock_images;
mod outcome;
mod platform;
mod restore;
mod test;
mod why;
mod yaml;

pub use outcome::Outcome;

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use context::Context;

/// What nested programs need; only what is used costs memory.
const STACK: usize = 256 << 20;

/// What can be said on the command line: for the book.
pub fn command() -> clap::Command {
    use clap::CommandFactory as _;
    args::Args::command()
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    crash::install();
    let run = || match Args::try_parse() {
        Ok(args) => run(&args),
        Err(error) => {
            // Help and version are answers, and go to standard output.
            let asked = !error.use_stderr();
            let unheard = error.print().is_err_and(|error| error.kind() != ErrorKind::BrokenPipe);
            if asked && !unheard { Outcome::Clean } else { Outcome::Misuse }
        }
    };
    // Files are parsed by several threads, and one may nest as deeply as another.
    let pooled = move || match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
        Ok(pool) => pool.install(run),
        // Where memory is rationed, the threads and the stack at hand have to do.
        Err(_) => run(),
    };
    let outcome = match std::thread::Builder::new().stack_size(STACK).spawn(pooled) {
        Ok(thread) => thread.join().unwrap_or(Outcome::Misuse),
        Err(_) => run(),
    };
    outcome.into()
}

fn run(args: &Args) -> Outcome {
    let context = Context::new(args.color.into(), args.accessible);
    let outcome = match &args.command {
        Command::Check(check) => check.run(&context),
        Command::Build(build) => build.run(&context),
        Command::Test(test) => test.run(&context),
        Command::Doc(doc) => doc.run(&context),
        Command::Fetch(fetch) => fetch.run(&context),
        Command::Fmt(fmt) => fmt.run(&context),
        Command::Explain(explain) => explain.run(&context),
        Command::Why(why) => why.run(&context),
        Command::Graph(graph) => graph.run(&context),
        Command::Local(local) => local.run(&context),
        Command::Lsp(lsp) => lsp.run(&context),
        Command::LockImages(lock) => lock.run(&context),
        Command::Init(init) => init.run(&context),
        Command::Import(import) => import.run(&context),
        Command::Completions(completions) => completions.run(&context),
    };
    if context.console.failed() {
        context.console.err("iflux: the output could not be written whole\n");
        return Outcome::Misuse;
    }
    outcome
}
