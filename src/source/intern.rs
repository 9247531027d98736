//! Interned names: a name is four bytes, equal names are equal numbers.

use std::cell::RefCell;
use std::fmt;
use std::sync::{LazyLock, RwLock};

use rustc_hash::FxHashMap;

/// An interned text. Its number depends on the order of a run, so nothing that is shown or written
/// may depend on it: sort by [`Sym::as_str`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sym(u32);

#[derive(Default)]
struct Table {
    ids: FxHashMap<&'static str, u32>,
    texts: Vec<&'static str>,
}

static TABLE: LazyLock<RwLock<Table>> = LazyLock::new(|| {
    let mut table = Table::default();
    table.ids.insert("", 0);
    table.texts.push("");
    RwLock::new(table)
});

thread_local! {
    /// What this thread has met, so that the common case takes no lock.
    static SEEN: RefCell<(FxHashMap<&'static str, u32>, Vec<&'static str>)> = RefCell::default();
}

impl Sym {
    /// The empty name.
    pub const EMPTY: Self = Self(0);

    /// The symbol of a text. Texts live as long as the process: intern names and keys, not prose.
    pub fn new(text: &str) -> Self {
        SEEN.with_borrow_mut(|(ids, _)| {
            if let Some(&id) = ids.get(text) {
                return Self(id);
            }
            let (key, id) = intern(text);
            ids.insert(key, id);
            Self(id)
        })
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        SEEN.with_borrow_mut(|(_, texts)| {
            let index = self.0 as usize;
            if index >= texts.len() {
                let table = TABLE.read().unwrap_or_else(std::sync::PoisonError::into_inner);
                let known = texts.len();
                texts.extend_from_slice(table.texts.get(known..).unwrap_or_default());
            }
            texts.get(index).copied().unwrap_or("")
        })
    }

    /// The number, for dense tables inside one run.
    pub const fn index(self) -> u32 {
        self.0
    }

    /// The symbol with a number that [`Sym::index`] gave.
    pub(crate) const fn from_index(index: u32) -> Self {
        Self(index)
    }

    /// Whether this is the empty name.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

fn intern(text: &str) -> (&'static str, u32) {
    let mut table = TABLE.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((&key, &id)) = table.ids.get_key_value(text) {
        return (key, id);
    }
    let id = u32::try_from(table.texts.len()).unwrap_or(u32::MAX);
    let key: &'static str = Box::leak(text.into());
    table.ids.insert(key, id);
    table.texts.push(key);
    (key, id)
}

impl fmt::Display for Sym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Sym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.as_str())
    }
}

impl From<&str> for Sym {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Sym;

    #[test]
    fn equal_texts_are_equal_symbols_on_every_thread() {
        let here = Sym::new("control-plane");
        let there = std::thread::spawn(|| Sym::new("control-plane")).join().unwrap();
        assert_eq!(here, there);
        assert_eq!(there.as_str(), "control-plane");
        assert_ne!(here, Sym::new("workers"));
        assert!(Sym::new("").is_empty());
    }
}
