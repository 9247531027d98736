//! Answers about texts that are asked for again and again: each is found once a process.

use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

/// Most letters of the texts that are kept; beyond that all are forgotten, so that a process that reads without end stays small.
const MOST: usize = 4 << 20;

/// Answers by how a text is asked about, and the text.
pub(super) struct Memo<K, V>(Mutex<Known<K, V>>);

struct Known<K, V> {
    answers: FxHashMap<K, FxHashMap<Box<str>, V>>,
    letters: usize,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Known { answers: FxHashMap::default(), letters: 0 }))
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// The answer for a text, which `find` gives where it is not known.
    pub(super) fn get(&self, how: K, text: &str, find: impl FnOnce() -> V) -> V {
        let known = |known: &Known<K, V>| known.answers.get(&how)?.get(text).cloned();
        if let Some(answer) = known(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return answer;
        }
        // Nobody waits meanwhile: two who ask at once find the same.
        let answer = find();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.letters > MOST {
            known.answers.clear();
            known.letters = 0;
        }
        known.letters += text.len();
        known.answers.entry(how).or_default().insert(text.into(), answer.clone());
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Memo};

    #[test]
    fn an_answer_is_found_once_and_forgotten_at_last() {
        let memo = Memo::default();
        assert_eq!(memo.get(1, "a", || 5), 5);
        assert_eq!(memo.get(1, "a", || 6), 5);
        assert_eq!(memo.get(2, "a", || 7), 7);
        assert_eq!(memo.get(1, "b", || 8), 8);
        memo.get(1, &"x".repeat(MOST), || 0);
        memo.get(1, "c", || 9);
        assert_eq!(memo.get(1, "a", || 10), 10);
        assert_eq!(memo.get(1, "c", || 11), 9);
    }
}
