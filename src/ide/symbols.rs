//! What a text declares: its outline, and what is found of it by name.

use crate::source::{Extent, Span};
use crate::syntax::{BodyId, Key, KindBody, Member, MemberKind, Parsed, Slice, Tree};

/// What a symbol is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolSort {
    /// A resource.
    Resource,
    /// An entry of a map, or a record's block.
    Block,
    /// A value that is set.
    Value,
    /// A field that is declared.
    Field,
    /// A `schema`.
    Schema,
    /// A `kind`.
    Kind,
    /// A `preset`.
    Preset,
    /// A `component`.
    Component,
    /// A `type`.
    Type,
    /// A function.
    Function,
    /// A `let`.
    Let,
    /// A `test`.
    Test,
}

/// A symbol of a text, with those in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// Its name as people say it: `cluster eu-1`.
    pub name: String,
    /// What it is of: its bases, or its type.
    pub detail: String,
    /// What it is.
    pub sort: SymbolSort,
    /// All of it.
    pub at: Extent,
    /// Its name.
    pub name_at: Extent,
    /// What is declared in it.
    pub children: Vec<Symbol>,
}

/// The symbols of a text.
pub fn symbols(text: &str, parsed: &Parsed) -> Vec<Symbol> {
    let mut found = Vec::new();
    for placed in &parsed.trees {
        let walk = Walk { text, tree: &placed.tree, base: placed.base };
        for &item in &placed.tree.items {
            walk.member(placed.tree.member(item), true, &mut found);
        }
    }
    found
}

/// A symbol that was found by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedSymbol {
    /// Its name.
    pub name: String,
    /// What it is.
    pub sort: SymbolSort,
    /// What it stands in.
    pub container: String,
    /// Where its name stands.
    pub at: Span,
}

/// The declarations of a text whose names hold the letters of a query in their order; values that are set are left out.
pub fn symbols_named(text: &str, parsed: &Parsed, query: &str) -> Vec<NamedSymbol> {
    let mut found = Vec::new();
    let mut open: Vec<(Symbol, String)> =
        symbols(text, parsed).into_iter().rev().map(|it| (it, String::new())).collect();
    while let Some((symbol, container)) = open.pop() {
        if matches!(symbol.sort, SymbolSort::Value) {
            continue;
        }
        let children = symbol.children.into_iter().rev();
        open.extend(children.map(|it| (it, symbol.name.clone())));
        if holds(&symbol.name, query) {
            let at = Span::at(parsed.file, symbol.name_at);
            found.push(NamedSymbol { name: symbol.name, sort: symbol.sort, container, at });
        }
    }
    found
}

fn holds(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    let mut wanted = query.chars().filter(|it| !it.is_whitespace()).flat_map(char::to_lowercase);
    wanted.all(|wanted| letters.any(|letter| letter == wanted))
}

struct Walk<'a> {
    text: &'a str,
    tree: &'a Tree,
    base: u32,
}

impl Walk<'_> {
    fn source(&self, at: Extent) -> &str {
        at.shift(self.base).of(self.text)
    }

    /// The path of names, and where it stands.
    fn path(&self, path: Slice) -> (String, Extent) {
        let names = self.tree.names_of(path);
        let at = match (names.first(), names.last()) {
            (Some(first), Some(last)) => first.at.to(last.at),
            _ => Extent::default(),
        };
        (self.source(at).to_owned(), at)
    }

    fn bases(&self, bases: Slice) -> String {
        let paths = self.tree.paths_of(bases).iter().map(|path| self.source(path.at));
        paths.collect::<Vec<_>>().join(", ")
    }

    fn body(&self, body: BodyId, found: &mut Vec<Symbol>) {
        for member in self.tree.members_of(body) {
            self.member(member, false, found);
        }
    }

    fn inside(&self, body: BodyId) -> Vec<Symbol> {
        let mut found = Vec::new();
        self.body(body, &mut found);
        found
    }

    fn member(&self, member: &Member, is_item: bool, found: &mut Vec<Symbol>) {
        let own = |name: String, name_at: Extent, sort, detail, children| Symbol {
            name,
            detail,
            sort,
            at: member.at.shift(self.base),
            name_at: name_at.shift(self.base),
            children,
        };
        let named = |at: Extent| self.source(at).to_owned();
        found.push(match member.kind {
            MemberKind::Block { path, key, bases, body } => {
                let (path, path_at) = self.path(path);
                let key_at = match key {
                    Key::None => None,
                    Key::Name(name) => Some(name.at),
                    Key::Text(text) => Some(self.tree.text(text).at),
                    Key::Star(at) => Some(at),
                };
                let name = match key_at {
                    Some(at) => format!("{path} {}", self.source(at)),
                    None => path,
                };
                let sort = if is_item { SymbolSort::Resource } else { SymbolSort::Block };
                let at = key_at.unwrap_or(path_at);
                own(name, at, sort, self.bases(bases), self.inside(body))
            }
            MemberKind::Set { path, .. } => {
                let (name, at) = self.path(path);
                own(name, at, SymbolSort::Value, String::new(), Vec::new())
            }
            MemberKind::Field { name, ty, .. } => {
                let detail = named(self.tree.ty_extent(ty));
                own(named(name.at), name.at, SymbolSort::Field, detail, Vec::new())
            }
            MemberKind::Let { name, .. } => {
                own(named(name.at), name.at, SymbolSort::Let, String::new(), Vec::new())
            }
            MemberKind::Type { name, ty } => {
                let detail = named(self.tree.ty_extent(ty));
                own(named(name.at), name.at, SymbolSort::Type, detail, Vec::new())
            }
            MemberKind::Schema { name, body, .. } => {
                let children = self.inside(body);
                own(named(name.at), name.at, SymbolSort::Schema, String::new(), children)
            }
            MemberKind::Kind { name, is, .. } => {
                let children = match is {
                    KindBody::Fields(body) => self.inside(body),
                    KindBody::Union(_) => Vec::new(),
                };
                own(named(name.at), name.at, SymbolSort::Kind, String::new(), children)
            }
            MemberKind::Preset { name, subject, body, .. } => {
                let detail = named(self.tree.path(subject).at);
                own(named(name.at), name.at, SymbolSort::Preset, detail, self.inside(body))
            }
            MemberKind::Component { name, body } => {
                let children = self.inside(body);
                own(named(name.at), name.at, SymbolSort::Component, String::new(), children)
            }
            MemberKind::Fn { name, result, .. } => {
                let detail = named(self.tree.ty_extent(result));
                own(named(name.at), name.at, SymbolSort::Function, detail, Vec::new())
            }
            MemberKind::Test { name, body } => {
                let at = self.tree.text(name).at;
                let children = self.inside(body);
                own(format!("test {}", named(at)), at, SymbolSort::Test, String::new(), children)
            }
            MemberKind::Patch { path, body, .. } => {
                let at = self.tree.path(path).at;
                let name = format!("patch {}", named(at));
                own(name, at, SymbolSort::Block, String::new(), self.inside(body))
            }
            // What stands in loops, conditions and arms is declared where these stand.
            MemberKind::For { body, .. } => return self.around(body, is_item, found),
            MemberKind::If { then, other, .. } => {
                self.around(then, is_item, found);
                if let Some(other) = other {
                    self.around(other, is_item, found);
                }
                return;
            }
            MemberKind::By { arms, .. } => {
                for arm in self.tree.by_bodies_of(arms) {
                    self.around(arm.body, is_item, found);
                }
                return;
            }
            MemberKind::Error
            | MemberKind::Computed { .. }
            | MemberKind::Comprehension { .. }
            | MemberKind::Spread(_)
            | MemberKind::Remove { .. }
            | MemberKind::Check { .. }
            | MemberKind::Allow { .. }
            | MemberKind::Assert { .. }
            | MemberKind::Expect { .. }
            | MemberKind::Import { .. } => return,
        });
    }

    fn around(&self, body: BodyId, is_item: bool, found: &mut Vec<Symbol>) {
        for member in self.tree.members_of(body) {
            self.member(member, is_item, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Symbol, symbols, symbols_named};
    use crate::source::FileId;
    use crate::syntax::{Grain, parse};

    fn shown(symbols: &[Symbol], depth: usize, out: &mut String) {
        for symbol in symbols {
            let blanks = " ".repeat(depth);
            out.push_str(&format!(
                "{blanks}{} [{}] {:?}\n",
                symbol.name, symbol.detail, symbol.sort
            ));
            shown(&symbol.children, depth + 1, out);
        }
    }

    #[test]
    fn outlines_skip_what_only_surrounds() {
        let text = "import std.sizes.{Small}\nfor n in [\"a\"] { cluster b : Small { x.y = 1, workers general { } } }\n\
            schema S { f: Int = 3 }\ncluster c { = }\ntest \"t\" { assert true }\n";
        let parsed = parse(FileId(0), text, Grain::Items);
        let mut out = String::new();
        shown(&symbols(text, &parsed), 0, &mut out);
        let wanted = "cluster b [Small] Resource\n x.y [] Value\n workers general [] Block\n\
            S [] Schema\n f [Int] Field\ncluster c [] Resource\ntest \"t\" [] Test\n";
        assert_eq!(out, wanted);
        let found = symbols_named(text, &parsed, "wkgen");
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].name.as_str(), found[0].container.as_str()),
            ("workers general", "cluster b")
        );
    }
}
