//! The `iflux` program.

fn main() -> std::process::ExitCode {
    infraflux::cli::main()
}
