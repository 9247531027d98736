//! A sign of life for work that takes long.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::console::Console;

/// Work that takes less shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// A line on the terminal that says what is being done. It appears after a second, only where standard
/// error is a terminal, and goes when this is dropped.
pub struct Progress {
    bar: ProgressBar,
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts to wait. `wanted` is false for output that machines read.
    pub fn start(message: &'static str, wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_message(message);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        let waiting = (wanted && Console::is_terminal()).then(|| {
            let (stop, stopped) = channel();
            let bar = bar.clone();
            let thread = thread::spawn(move || {
                if stopped.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(Duration::from_millis(100));
                    // Ends when the sender is dropped.
                    let _ = stopped.recv();
                }
            });
            (stop, thread)
        });
        Self { bar, waiting }
    }

    /// Says what is being done now.
    pub fn say(&self, message: &'static str) {
        self.bar.set_message(message);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.waiting.take() {
            drop(stop);
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}
