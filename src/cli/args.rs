//! The arguments that all subcommands share.

use clap::{Parser, Subcommand, ValueEnum};

use crate::host::ColorWish;
use crate::report::Format;

/// The compiler of the iflux language: one description of a Kubernetes platform in, checked manifests out.
#[derive(Parser, Debug)]
#[command(
    name = "iflux",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  iflux init platform        write a small working project
  iflux check                report every mistake in the project around the current folder
  iflux build                check, then write the manifests to out/
  iflux explain io/not-utf8  what a code means, with a wrong and a right program

Exit codes: 0 clean, 1 the program has errors, 2 the command was misused or iflux has a bug."
)]
pub(super) struct Args {
    /// When to use colours. In `auto`, NO_COLOR and CLICOLOR_FORCE are heard
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(super) color: Color,
    /// Write reports as prose, for screen readers and braille displays
    #[arg(long, global = true)]
    pub(super) accessible: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    Check(super::check::Check),
    Build(super::build::Build),
    Test(super::test::Test),
    Doc(super::doc::Doc),
    Fetch(super::fetch::Fetch),
    Fmt(super::fmt::Fmt),
    Explain(super::explain::Explain),
    Why(super::why::Why),
    Graph(super::graph::Graph),
    Local(super::local::Local),
    Lsp(super::lsp::Lsp),
    LockImages(super::lock_images::LockImages),
    Init(super::init::Init),
    Import(super::import::Import),
    Completions(super::completions::Completions),
}

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<Color> for ColorWish {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// The form of reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum ReportFormat {
    /// Boxes and colours, for a terminal
    #[default]
    Human,
    /// The same without colours, in ASCII
    Plain,
    /// One line each: `file:line:column: error[code]: title`
    Short,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code-scanning services
    Sarif,
    /// Workflow commands, which GitHub shows on the changed lines
    Github,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Human => Self::Human,
            ReportFormat::Plain => Self::Plain,
            ReportFormat::Short => Self::Short,
            ReportFormat::Json => Self::Json,
            ReportFormat::Sarif => Self::Sarif,
            ReportFormat::Github => Self::Github,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Args;

    #[test]
    fn the_arguments_are_consistent_and_explained() {
        let mut command = Args::command().term_width(100);
        command.clone().debug_assert();
        insta::assert_snapshot!("help", command.render_help());
        for subcommand in command.get_subcommands_mut() {
            let name = subcommand.get_name().to_owned();
            assert!(subcommand.get_about().is_some(), "{name}");
            for argument in subcommand.get_arguments() {
                assert!(argument.get_help().is_some(), "{name} {}", argument.get_id());
            }
        }
    }
}
