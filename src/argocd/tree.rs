//! Objects that know where they are written, whoever read them.

use crate::source::{Extent, Span};

/// A value of an object.
pub trait Tree: Clone {
    /// A field of a map; none where it is `null`.
    fn get(&self, name: &str) -> Option<Self>;
    /// The names of a map, with the key and the value; none of anything else.
    fn fields(&self) -> Option<Vec<(String, Self, Self)>>;
    /// The items of a list; none of anything else.
    fn items(&self) -> Option<Vec<Self>>;
    /// The text of a scalar, whatever its type.
    fn text(&self) -> Option<&str>;
    /// Whether a scalar is a number or a truth value, and no text.
    fn is_bare(&self) -> bool;
    /// Where it is written; a list or map is told of by its first line.
    fn span(&self) -> Span;
    /// Where a part of a scalar's text is written, and whether it stands there letter by letter.
    fn part(&self, at: Extent) -> (Span, bool);
    /// The root of the YAML that a scalar's text is, where it can be read.
    fn inside(&self) -> Option<Self>;

    /// What several names lead to, one below the other.
    fn at(&self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self.clone(), |node, name| node.get(name))
    }

    /// The items of a field's list.
    fn list(&self, name: &str) -> Vec<Self> {
        self.get(name).and_then(|it| it.items()).unwrap_or_default()
    }

    /// The text of a field.
    fn word(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|it| it.text().map(str::to_owned))
    }

    /// The text below a path.
    fn word_at(&self, path: &[&str]) -> Option<String> {
        self.at(path).and_then(|it| it.text().map(str::to_owned))
    }

    /// Whether a field says `true` or `false`.
    fn flag(&self, path: &[&str]) -> Option<bool> {
        match self.at(path)?.text()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// Whether it is a map.
    fn is_map(&self) -> bool {
        self.fields().is_some()
    }

    /// The key of a field.
    fn key(&self, name: &str) -> Option<Self> {
        self.fields()?.into_iter().find(|it| it.0 == name).map(|it| it.1)
    }

    /// Calls for every scalar below, with the names that lead to it; those of lists are left out. Keys are scalars, too.
    fn each(&self, call: &mut dyn FnMut(&[String], &Self)) {
        walk(self, &mut Vec::new(), call);
    }
}

/// How deep values are looked at.
const DEEPEST: usize = 64;

fn walk<T: Tree>(node: &T, path: &mut Vec<String>, call: &mut dyn FnMut(&[String], &T)) {
    if path.len() > DEEPEST {
        return;
    }
    if let Some(fields) = node.fields() {
        for (name, key, value) in fields {
            if name.contains("{{") {
                call(path, &key);
            }
            path.push(name);
            walk(&value, path, call);
            path.pop();
        }
    } else if let Some(items) = node.items() {
        for item in items {
            walk(&item, path, call);
        }
    } else if node.text().is_some() {
        call(path, node);
    }
}

/// A file, with the roots of its documents.
#[derive(Debug)]
pub struct File<T> {
    /// Its path, as it was named.
    pub name: String,
    /// The roots of its documents; those of a List stand here one by one.
    pub roots: Vec<T>,
}

impl<T> File<T> {
    /// The folder that it lies in: `apps/web`, empty where it is the outermost.
    pub fn folder(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |it| it.0)
    }

    /// The last step of its path.
    pub fn base(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }
}
