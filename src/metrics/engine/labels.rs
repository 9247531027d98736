//! The labels of a series.

use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::source::Sym;

/// The label that holds the metric's name.
pub(super) static NAME: LazyLock<Sym> = LazyLock::new(|| Sym::new("__name__"));
/// The label that holds the upper bound of a bucket.
pub(super) static LE: LazyLock<Sym> = LazyLock::new(|| Sym::new("le"));
/// Labels that tell what a metric is: they go where its name goes.
static META: LazyLock<[Sym; 3]> =
    LazyLock::new(|| [*NAME, Sym::new("__type__"), Sym::new("__unit__")]);

/// Labels with their values, the metric's name among them as `__name__`. None is empty; each stands once.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Labels(Arc<[(Sym, Sym)]>);

impl Default for Labels {
    fn default() -> Self {
        static EMPTY: LazyLock<Labels> = LazyLock::new(|| Labels(Arc::from([])));
        EMPTY.clone()
    }
}

impl Labels {
    /// Labels from pairs; of two with one name the later one holds, and an empty value is none.
    pub fn new(pairs: impl IntoIterator<Item = (Sym, Sym)>) -> Self {
        let mut all: Vec<(Sym, Sym)> = Vec::new();
        for (name, value) in pairs {
            all.retain(|(known, _)| *known != name);
            if !value.is_empty() {
                all.push((name, value));
            }
        }
        Self::sorted(all)
    }

    /// Labels from texts.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self::new(pairs.iter().map(|(name, value)| (Sym::new(name), Sym::new(value))))
    }

    fn sorted(mut all: Vec<(Sym, Sym)>) -> Self {
        // By number: any order will do, as long as it is the same for equal labels.
        all.sort_unstable_by_key(|(name, _)| name.index());
        Self(Arc::from(all))
    }

    /// The value of a label; empty where it has none.
    pub fn get(&self, name: Sym) -> Sym {
        self.0.iter().find(|(known, _)| *known == name).map_or(Sym::EMPTY, |(_, value)| *value)
    }

    /// The value of a label by its name's text.
    pub fn value(&self, name: &str) -> &'static str {
        self.get(Sym::new(name)).as_str()
    }

    /// The metric's name; empty where it has none.
    pub fn metric(&self) -> &'static str {
        self.get(*NAME).as_str()
    }

    /// The labels with one of them set; an empty value removes it.
    #[must_use]
    pub fn with(&self, name: Sym, value: Sym) -> Self {
        if self.get(name) == value {
            return self.clone();
        }
        let mut all: Vec<(Sym, Sym)> =
            self.0.iter().copied().filter(|(known, _)| *known != name).collect();
        if !value.is_empty() {
            all.push((name, value));
        }
        Self::sorted(all)
    }

    /// The labels without the metric's name.
    #[must_use]
    pub fn nameless(&self) -> Self {
        self.without(&*META)
    }

    /// The labels without some of them.
    pub(super) fn without(&self, names: &[Sym]) -> Self {
        if self.0.iter().all(|(name, _)| !names.contains(name)) {
            return self.clone();
        }
        Self(self.0.iter().copied().filter(|(name, _)| !names.contains(name)).collect())
    }

    /// Some of the labels.
    pub(super) fn only(&self, names: &[Sym]) -> Self {
        if self.0.iter().all(|(name, _)| names.contains(name)) {
            return self.clone();
        }
        Self(self.0.iter().copied().filter(|(name, _)| names.contains(name)).collect())
    }

    /// All pairs, by the label's name.
    pub fn pairs(&self) -> Vec<(&'static str, &'static str)> {
        let mut pairs: Vec<(&str, &str)> =
            self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.sort_unstable();
        pairs
    }
}

impl fmt::Display for Labels {
    /// As a series is written: `up{job="a"}`; in quotes and braces where a name has other letters.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.metric();
        let is_plain = is_plain_name(name, true);
        if is_plain {
            out.write_str(name)?;
        }
        let mut parts: Vec<String> = Vec::new();
        if !is_plain && !name.is_empty() {
            parts.push(quoted(name));
        }
        for (label, value) in self.pairs() {
            if label != "__name__" {
                let shown =
                    if is_plain_name(label, false) { label.to_owned() } else { quoted(label) };
                parts.push(format!("{shown}={}", quoted(value)));
            }
        }
        if parts.is_empty() && is_plain {
            return Ok(());
        }
        write!(out, "{{{}}}", parts.join(", "))
    }
}

/// Whether a name needs no quotes.
pub(super) fn is_plain_name(name: &str, is_metric: bool) -> bool {
    let mut bytes = name.bytes();
    let is_start =
        |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || (is_metric && byte == b':');
    bytes.next().is_some_and(is_start) && bytes.all(|byte| is_start(byte) || byte.is_ascii_digit())
}

/// A text in quotes, as PromQL reads it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            letter if letter.is_control() => {
                use fmt::Write as _;
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
