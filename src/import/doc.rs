//! Documents, also those that stand in a scalar of another one: a dashboard in a ConfigMap, values in an Application.

use std::rc::Rc;

use super::scalar::Places;
use super::yaml::{NodeId, Yaml, YamlError};
use crate::argocd::Tree;
use crate::source::{Extent, FileId, Span};

/// A text of YAML or JSON, and the way from it to the file.
#[derive(Debug)]
pub(super) struct Doc {
    file: FileId,
    /// The whole file.
    written: Rc<str>,
    /// The text that was read: the file, or the value of a scalar.
    text: Rc<str>,
    yaml: Yaml,
    /// Where each byte of the text stands in the text around it, from inside to outside.
    around: Vec<Rc<Places>>,
}

/// A node of a document.
#[derive(Clone, Debug)]
pub(super) struct Node {
    doc: Rc<Doc>,
    id: NodeId,
}

/// Why a text inside of another cannot be read.
pub(super) struct Unreadable {
    /// Where the reader stopped.
    pub(super) at: Span,
    /// Its words.
    pub(super) wrong: YamlError,
}

impl Doc {
    /// Reads a file. What stands before the first mistake is kept.
    pub(super) fn read(file: FileId, text: &str) -> (Rc<Self>, Option<YamlError>) {
        let (yaml, wrong) = read(text);
        let written: Rc<str> = Rc::from(text);
        let doc = Self { file, text: Rc::clone(&written), written, yaml, around: Vec::new() };
        (Rc::new(doc), wrong)
    }

    /// The root of each document in it.
    pub(super) fn roots(self: &Rc<Self>) -> Vec<Node> {
        self.yaml.documents.iter().map(|id| Node { doc: Rc::clone(self), id: *id }).collect()
    }

    fn outwards(&self, at: Extent) -> Extent {
        self.around.iter().fold(at, |at, places| places.of(at))
    }
}

/// JSON is read as such: YAML knows neither its tabs nor its pairs of surrogates.
fn read(text: &str) -> (Yaml, Option<YamlError>) {
    if text.trim_start().starts_with('{')
        && let Some(yaml) = Yaml::read_json(text)
    {
        return (yaml, None);
    }
    Yaml::read(text)
}

impl Node {
    /// The file that it stands in.
    pub(super) fn file(&self) -> FileId {
        self.doc.file
    }

    fn of(&self, id: NodeId) -> Self {
        Self { doc: Rc::clone(&self.doc), id }
    }

    /// A field of a map; none where it is `null`.
    pub(super) fn get(&self, name: &str) -> Option<Self> {
        let yaml = &self.doc.yaml;
        yaml.get(self.id, name).filter(|id| !yaml.is_null(*id)).map(|id| self.of(id))
    }

    /// What several names lead to, one below the other.
    pub(super) fn at(&self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self.clone(), |node, name| node.get(name))
    }

    /// The names of a map, with the key and the value; none of anything else.
    pub(super) fn fields(&self) -> Option<Vec<(String, Self, Self)>> {
        let fields = self.doc.yaml.fields(self.id)?;
        let own = |(name, key, value): (&str, NodeId, NodeId)| {
            (name.to_owned(), self.of(key), self.of(value))
        };
        Some(fields.into_iter().map(own).collect())
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> Option<Vec<Self>> {
        let items = self.doc.yaml.items(self.id)?;
        Some(items.iter().map(|id| self.of(*id)).collect())
    }

    /// The items of a field's list.
    pub(super) fn list(&self, name: &str) -> Vec<Self> {
        self.get(name).and_then(|it| it.items()).unwrap_or_default()
    }

    /// The text of a scalar, whatever its type.
    pub(super) fn text(&self) -> Option<&str> {
        self.doc.yaml.text(self.id)
    }

    /// The text of a field.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|it| it.text().map(str::to_owned))
    }

    /// Whether a field says `true` or `false`.
    pub(super) fn flag(&self, path: &[&str]) -> Option<bool> {
        match self.at(path)?.text()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// Whether a map has a field, also where it is `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.doc.yaml.get(self.id, name).is_some()
    }

    /// How it is written in the file.
    pub(super) fn written(&self) -> &str {
        let doc = &self.doc;
        doc.outwards(doc.yaml.at(self.id)).of(&doc.written)
    }

    /// Whether it is a map.
    pub(super) fn is_map(&self) -> bool {
        self.doc.yaml.fields(self.id).is_some()
    }

    /// Whether it is written as nothing.
    pub(super) fn is_null(&self) -> bool {
        self.doc.yaml.is_null(self.id)
    }

    /// Where all of it is written, without quotes.
    pub(super) fn whole(&self) -> Span {
        let doc = &self.doc;
        let places = doc.yaml.places(self.id, &doc.text);
        let at = places.map_or(doc.yaml.at(self.id), |it| it.whole);
        Span::at(doc.file, doc.outwards(at))
    }

    /// Where it is written; a list or map is told of by its first line.
    pub(super) fn span(&self) -> Span {
        let doc = &self.doc;
        let at = self.whole().extent();
        let first = at.of(&doc.written).split('\n').next().unwrap_or("").trim_end().len();
        let end = at.start + u32::try_from(first).unwrap_or(0);
        Span::at(doc.file, Extent::new(at.start, end.min(at.end)))
    }

    /// Where a part of a scalar's text is written, and whether it stands there letter by letter.
    pub(super) fn part(&self, at: Extent) -> (Span, bool) {
        let doc = &self.doc;
        let Some(places) = doc.yaml.places(self.id, &doc.text) else { return (self.span(), false) };
        let found = doc.outwards(places.of(at));
        let meant = self.text().map_or("", |text| at.of(text));
        (Span::at(doc.file, found), found.of(&doc.written) == meant)
    }

    /// Reads the text of a scalar as a document of its own.
    pub(super) fn inside(&self) -> Option<Result<Rc<Doc>, Unreadable>> {
        let doc = &self.doc;
        let text: Rc<str> = Rc::from(self.text()?);
        let places = doc.yaml.places(self.id, &doc.text)?;
        let (yaml, wrong) = read(&text);
        let mut around = vec![Rc::new(places)];
        around.extend(doc.around.iter().cloned());
        let (file, written) = (doc.file, Rc::clone(&doc.written));
        let inner = Doc { file, written, text, yaml, around };
        Some(match wrong {
            Some(wrong) => Err(Unreadable { at: Span::at(file, inner.outwards(wrong.at)), wrong }),
            None => Ok(Rc::new(inner)),
        })
    }
}

impl Tree for Node {
    fn get(&self, name: &str) -> Option<Self> {
        Self::get(self, name)
    }

    fn fields(&self) -> Option<Vec<(String, Self, Self)>> {
        Self::fields(self)
    }

    fn items(&self) -> Option<Vec<Self>> {
        Self::items(self)
    }

    fn text(&self) -> Option<&str> {
        Self::text(self)
    }

    fn is_bare(&self) -> bool {
        self.doc.yaml.is_bare(self.id)
    }

    fn span(&self) -> Span {
        Self::span(self)
    }

    fn part(&self, at: Extent) -> (Span, bool) {
        Self::part(self, at)
    }

    fn inside(&self) -> Option<Self> {
        Self::inside(self)?.ok()?.roots().into_iter().next()
    }
}

#[cfg(test)]
mod tests {
    use super::{Doc, Node};
    use crate::source::{Extent, FileId};

    fn root(text: &str) -> Node {
        let (doc, wrong) = Doc::read(FileId(0), text);
        assert_eq!(wrong, None, "{text}");
        doc.roots().into_iter().next().unwrap()
    }

    /// Where `part` of the innermost field `q` is written, when `a` is a text that holds it.
    fn check(text: &str, part: &str, expected: &str, exact: bool) {
        let outer = root(text).get("a").unwrap();
        let Some(Ok(inner)) = outer.inside() else { panic!("{text}") };
        let node = inner.roots().first().unwrap().get("q").unwrap();
        let start = u32::try_from(node.text().unwrap().find(part).unwrap()).unwrap();
        let (span, is_exact) =
            node.part(Extent::new(start, start + u32::try_from(part.len()).unwrap()));
        assert_eq!((span.extent().of(text), is_exact), (expected, exact), "{text}");
    }

    #[test]
    fn places_lead_through_texts_in_texts() {
        check("a: |\n  {\n    \"q\": \"sum(up)\"\n  }\n", "up", "up", true);
        check("a: |\n  { \"q\": \"up{a=\\\"é\\\"} > 1\" }\n", "a=\"é\"", "a=\\\"é\\\"", false);
        check("a: \"{ \\\"q\\\": \\\"up\\\" }\"\n", "up", "up", true);
        check(
            "a: \"{ \\\"q\\\": \\\"x{a=\\\\\\\"b\\\\\\\"}\\\" }\"\n",
            "a=\"b",
            "a=\\\\\\\"b",
            false,
        );
        check("a: '{ \"q\": \"it''s\" }'\n", "it's", "it''s", false);
        check("a: |\n  q: |\n    sum(\n      up)\n", "up", "up", true);
    }

    #[test]
    fn json_is_read_where_yaml_is_not() {
        for (text, value) in [
            ("{\n\t\"a\": \"\\ud83d\\ude00x\"}", "😀x"),
            ("{\"a\":\"b\\/c\"}", "b/c"),
            ("{\"a\":-1.5e3}", "-1.5e3"),
            ("{\"b\":[], \"c\":{}, \"a\" : \"\"}", ""),
        ] {
            assert_eq!(root(text).get("a").unwrap().text(), Some(value), "{text}");
        }
        assert!(root("{\"a\": null}").get("a").is_none());
        assert_eq!(root("{\"a\": \"null\"}").get("a").unwrap().text(), Some("null"));
        for text in ["{\"a\": 1", "{\"a\" 1}", "{\"a\": 01x}", "{\"a\": \"\\ud83d\"}", "{} x"] {
            assert!(super::Yaml::read_json(text).is_none(), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(super::Yaml::read_json(&deep).is_none());
    }
}
