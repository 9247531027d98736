//! The terminal, or what stands in its place.

use std::env;
use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::{AutoStream, ColorChoice};
use terminal_size::{Width, terminal_size_of};

/// What the user wishes about colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ColorWish {
    /// Where the stream is a terminal that shows them; `NO_COLOR` and `CLICOLOR_FORCE` are heard.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Standard output and standard error. A reader that went away (`iflux check | head`) ends the writing,
/// not the program.
#[derive(Debug)]
pub struct Console {
    out_colour: bool,
    err_colour: bool,
    out_closed: AtomicBool,
    err_closed: AtomicBool,
    failed: AtomicBool,
}

impl Console {
    /// The streams of this process.
    pub fn new(wish: ColorWish) -> Self {
        let decide = |auto: ColorChoice| match wish {
            ColorWish::Always => true,
            ColorWish::Never => false,
            ColorWish::Auto => auto != ColorChoice::Never,
        };
        Self {
            out_colour: decide(AutoStream::choice(&io::stdout())),
            err_colour: decide(AutoStream::choice(&io::stderr())),
            out_closed: AtomicBool::new(false),
            err_closed: AtomicBool::new(false),
            failed: AtomicBool::new(false),
        }
    }

    /// Writes bytes to standard output.
    pub fn out(&self, bytes: impl AsRef<[u8]>) {
        self.write(&mut io::stdout().lock(), &self.out_closed, bytes.as_ref());
    }

    /// Writes a text to standard error.
    pub fn err(&self, text: &str) {
        self.write(&mut io::stderr().lock(), &self.err_closed, text.as_bytes());
    }

    /// Whether standard output wants colours.
    pub const fn out_colour(&self) -> bool {
        self.out_colour
    }

    /// Whether standard error wants colours.
    pub const fn err_colour(&self) -> bool {
        self.err_colour
    }

    /// Whether a write failed for another reason than a reader that went away: a full disk.
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Width of the terminal in columns: `COLUMNS`, else what the terminal says, else 100.
    pub fn columns() -> usize {
        let asked = env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok());
        asked
            .filter(|&columns| columns > 0)
            .or_else(|| {
                terminal_size_of(io::stderr()).map(|(Width(columns), _)| usize::from(columns))
            })
            .unwrap_or(100)
    }

    /// Whether box-drawing characters can be shown, by the locale.
    pub fn unicode() -> bool {
        if env::var("TERM").is_ok_and(|term| term == "dumb" || term == "linux") {
            return false;
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .filter_map(|name| env::var(name).ok())
            .find(|value| !value.is_empty());
        cfg!(windows) || locale.is_some_and(|locale| is_utf8(&locale))
    }

    /// Whether standard error is a terminal.
    pub fn is_terminal() -> bool {
        io::stderr().is_terminal()
    }

    fn write(&self, stream: &mut impl Write, closed: &AtomicBool, bytes: &[u8]) {
        if closed.load(Ordering::Relaxed) {
            return;
        }
        if let Err(error) = stream.write_all(bytes).and_then(|()| stream.flush()) {
            closed.store(true, Ordering::Relaxed);
            if error.kind() != io::ErrorKind::BrokenPipe {
                self.failed.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// The command as it was typed, as far as the system tells.
pub fn command_line() -> String {
    env::args_os().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::atomic::AtomicBool;

    use super::{ColorWish, Console, is_utf8};

    struct Refuses(io::ErrorKind, usize);

    impl Write for Refuses {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            self.1 += 1;
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_no_failure_and_a_full_disk_is() {
        let check = |kind: io::ErrorKind, failed: bool| {
            let console = Console::new(ColorWish::Never);
            let closed = AtomicBool::new(false);
            let mut stream = Refuses(kind, 0);
            console.write(&mut stream, &closed, b"x");
            console.write(&mut stream, &closed, b"y");
            assert_eq!(stream.1, 1, "the second write is left out");
            assert_eq!(console.failed(), failed);
        };
        check(io::ErrorKind::BrokenPipe, false);
        check(io::ErrorKind::StorageFull, true);
    }

    #[test]
    fn wishes_win() {
        assert!(Console::new(ColorWish::Always).out_colour());
        assert!(!Console::new(ColorWish::Never).err_colour());
        assert!(is_utf8("de_DE.UTF-8") && is_utf8("C.utf8") && !is_utf8("C"));
    }
}
