//! The table of keys, read when the first chart is asked for.

use std::sync::OnceLock;

use super::version::Version;

const TEXT: &str = include_str!("../../stdlib/catalog/charts/values.txt");

/// All versions of a chart.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Parts of the addresses by which it is known.
    pub(super) addresses: Vec<&'static str>,
    pub(super) first: Version,
    pub(super) last: Version,
    /// Since when its schema refuses unknown keys at the root.
    pub(super) refuses: Option<Version>,
    pub(super) root: Key,
}

/// A key of values.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    /// Whether anything may stand below it.
    pub(super) is_open: bool,
    pub(super) first: Version,
    pub(super) last: Version,
    pub(super) children: Vec<Self>,
}

/// All charts.
pub(super) fn tables() -> &'static [Table] {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    TABLES.get_or_init(|| read(TEXT))
}

fn read(text: &'static str) -> Vec<Table> {
    let mut all: Vec<Table> = Vec::new();
    let mut path: Vec<&'static str> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("chart ") {
            let (first, last) = (Version(0, 0, 0), Version(0, 0, 0));
            let root = Key { name: "", is_open: false, first, last, children: Vec::new() };
            let addresses = Vec::new();
            all.push(Table { name, addresses, first, last, refuses: None, root });
            path.clear();
            continue;
        }
        let Some(table) = all.last_mut() else { continue };
        let mut words = line.split(' ').filter(|it| !it.is_empty());
        if line.starts_with(' ') && path.is_empty() {
            match words.next() {
                Some("from") => table.addresses = words.collect(),
                Some("versions") => {
                    let mut next = || words.next().and_then(Version::read);
                    if let (Some(first), Some(last)) = (next(), next()) {
                        (table.first, table.last) = (first, last);
                        (table.root.first, table.root.last) = (first, last);
                    }
                }
                _ => table.refuses = words.next().and_then(Version::read),
            }
            continue;
        }
        if !line.starts_with(' ') {
            path = words.next().unwrap_or(".").split('/').filter(|it| *it != ".").collect();
            // So that what follows is no head.
            path.insert(0, ".");
        }
        let (first, last) = (table.first, table.last);
        let mut steps = path.iter().skip(1);
        let found = steps.try_fold(&mut table.root, |at, step| {
            at.children.iter_mut().find(|it| it.name == *step)
        });
        if let Some(found) = found {
            found.children.extend(words.map(|word| key(word, first, last)));
        }
    }
    all
}

/// `name*>1.2.0<1.4.1`.
fn key(word: &'static str, first: Version, last: Version) -> Key {
    let (word, until) = word.split_once('<').map_or((word, None), |it| (it.0, Some(it.1)));
    let (word, since) = word.split_once('>').map_or((word, None), |it| (it.0, Some(it.1)));
    let name = word.strip_suffix('*').unwrap_or(word);
    Key {
        name,
        is_open: name.len() < word.len(),
        first: since.and_then(Version::read).unwrap_or(first),
        last: until.and_then(Version::read).unwrap_or(last),
        children: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Version, tables};

    fn check(key: &Key, path: &str) {
        assert!(key.first <= key.last, "{path}");
        assert!(key.is_open || !key.children.is_empty(), "{path} has no keys and is not open");
        for child in &key.children {
            let path = format!("{path}/{}", child.name);
            assert_ne!(child.first, Version(0, 0, 0), "{path}");
            assert!(!child.name.is_empty() && !child.name.contains(['*', '>', '<']), "{path}");
            let same = key.children.iter().filter(|it| it.name == child.name).count();
            assert_eq!(same, 1, "{path}");
            check(child, &path);
        }
    }

    #[test]
    fn every_line_is_read() {
        assert!(tables().len() > 8);
        for table in tables() {
            assert!(table.first < table.last, "{}", table.name);
            assert!(!table.addresses.is_empty(), "{}", table.name);
            assert!(table.root.children.iter().any(|it| it.name == "global"), "{}", table.name);
            check(&table.root, table.name);
        }
    }
}
