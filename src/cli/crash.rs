//! A bug in the compiler, told as one.

use std::panic;

use crate::host::{ColorWish, Console, command_line};

/// Replaces the trace of a panic by a report that asks for help.
pub(super) fn install() {
    hook(|what, place| report(what, place, &command_line()));
}

/// The same for a server, which goes on: a line for the editor's log.
pub(super) fn install_for_server() {
    hook(|what, place| format!("iflux lsp: internal error: {what} at {place}\n"));
}

fn hook(story: fn(&str, &str) -> String) {
    panic::set_hook(Box::new(move |info| {
        let payload = info.payload();
        let what = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        let place = info.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        Console::new(ColorWish::Never).err(&story(what, &place));
    }));
}

fn report(what: &str, place: &str, command: &str) -> String {
    let home = env!("CARGO_PKG_REPOSITORY");
    let home = if home.is_empty() { String::new() } else { format!(" at {home}") };
    format!(
        "\
internal error: iflux stopped, and nothing was written

  what     {what}
  where    {place}
  version  iflux {}
  command  {command}

This is a bug in iflux, not in your project. Please report it{home} with the lines above
and, if you may share it, the smallest program that shows it.
",
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use super::report;

    #[test]
    fn a_crash_names_version_and_command() {
        let text = report("index out of bounds", "src/eval/mod.rs:1:2", "iflux check x");
        for part in
            ["index out of bounds", "src/eval/mod.rs:1:2", "iflux check x", "a bug in iflux"]
        {
            assert!(text.contains(part), "{text}");
        }
    }
}
