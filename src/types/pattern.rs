//! Patterns of refined strings, compiled once.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

thread_local! {
    static COMPILED: RefCell<FxHashMap<String, Option<regex::Regex>>> = RefCell::default();
}

/// Whether the whole text matches. A pattern that is no regular expression matches everything: it is
/// reported where it is declared.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    COMPILED.with_borrow_mut(|compiled| {
        if !compiled.contains_key(pattern) {
            compiled
                .insert(pattern.to_owned(), regex::Regex::new(&format!("^(?:{pattern})$")).ok());
        }
        match compiled.get(pattern) {
            Some(Some(regex)) => regex.is_match(text),
            Some(None) | None => true,
        }
    })
}
