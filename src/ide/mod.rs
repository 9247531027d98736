//! One file a feature of an editor, as plain data.
mod format;
pub use format::{format_edits, format_on_type, format_range};
