//! YAML as a tree that knows where everything is written.

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle};

use super::scalar::Places;
use crate::source::Extent;

/// How deep collections may nest.
pub(super) const DEEPEST: usize = 200;
/// How many maps one may take over, one the other.
const MOST_MERGES: usize = 8;

/// A file of YAML documents; JSON is YAML, too.
#[derive(Debug, Default)]
pub struct Yaml {
    nodes: Vec<Node>,
    /// The root of each document.
    pub documents: Vec<NodeId>,
}

/// A node of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct NodeId(usize);

#[derive(Debug)]
struct Node {
    at: Extent,
    kind: Kind,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind {
    Scalar { value: String, style: ScalarStyle },
    Map(Vec<(NodeId, NodeId)>),
    List(Vec<NodeId>),
}

/// Why a text is no YAML.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct YamlError {
    /// Where the reader stopped.
    pub at: Extent,
    /// Its words.
    pub words: String,
}

/// Byte offsets of characters: the reader counts in characters.
struct Offsets {
    bytes: Option<Vec<u32>>,
    len: u32,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let of = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| of(at)).collect());
        Self { bytes, len }
    }

    fn at(&self, index: usize) -> u32 {
        match &self.bytes {
            Some(bytes) => bytes.get(index).copied().unwrap_or(self.len),
            None => u32::try_from(index).unwrap_or(self.len).min(self.len),
        }
    }
}

/// What is being read: a collection that has not ended.
enum Open {
    Map { node: NodeId, key: Option<NodeId> },
    List { node: NodeId },
}

impl Yaml {
    /// Reads all documents. What stands before the first mistake is kept.
    pub fn read(text: &str) -> (Self, Option<YamlError>) {
        let mut yaml = Self::default();
        let wrong = yaml.fill(text).err();
        (yaml, wrong)
    }

    fn fill(&mut self, text: &str) -> Result<(), YamlError> {
        let offsets = Offsets::new(text);
        let mut open: Vec<Open> = Vec::new();
        let mut anchors: FxHashMap<usize, NodeId> = FxHashMap::default();
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|wrong| {
                let start = offsets.at(wrong.marker().index());
                let rest = text.get(start as usize..).unwrap_or("");
                let width = rest.chars().next().filter(|it| *it != '\n').map_or(0, char::len_utf8);
                let end = start + u32::try_from(width).unwrap_or(0);
                YamlError { at: Extent::new(start, end), words: wrong.info().to_owned() }
            })?;
            let at = Extent::new(offsets.at(span.start.index()), offsets.at(span.end.index()));
            let (anchor, kind) = match event {
                Event::Scalar(value, style, anchor, _) => {
                    (anchor, Kind::Scalar { value: value.into_owned(), style })
                }
                Event::SequenceStart(anchor, _) => (anchor, Kind::List(Vec::new())),
                Event::MappingStart(anchor, _) => (anchor, Kind::Map(Vec::new())),
                Event::Alias(anchor) => {
                    if let Some(node) = anchors.get(&anchor) {
                        self.put(*node, &mut open);
                    }
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some(Open::Map { node, .. } | Open::List { node }) = open.pop() else {
                        continue;
                    };
                    if let Some(node) = self.nodes.get_mut(node.0) {
                        node.at = node.at.to(at);
                    }
                    continue;
                }
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_)
                | Event::DocumentEnd => continue,
            };
            if open.len() >= DEEPEST {
                let words = format!("more than {DEEPEST} lists and maps in one another");
                return Err(YamlError { at, words });
            }
            let node = NodeId(self.nodes.len());
            let opens = match &kind {
                Kind::Map(_) => Some(Open::Map { node, key: None }),
                Kind::List(_) => Some(Open::List { node }),
                Kind::Scalar { .. } => None,
            };
            self.nodes.push(Node { at, kind });
            if anchor != 0 {
                anchors.insert(anchor, node);
            }
            self.put(node, &mut open);
            open.extend(opens);
        }
        Ok(())
    }

    /// A node that no collection has yet.
    pub(super) fn add(&mut self, at: Extent, kind: Kind) -> NodeId {
        let node = NodeId(self.nodes.len());
        self.nodes.push(Node { at, kind });
        node
    }

    /// Puts a node into the collection around it.
    fn put(&mut self, node: NodeId, open: &mut [Open]) {
        match open.last_mut() {
            None => self.documents.push(node),
            Some(Open::List { node: list }) => {
                if let Some(Node { kind: Kind::List(items), .. }) = self.nodes.get_mut(list.0) {
                    items.push(node);
                }
            }
            Some(Open::Map { node: map, key }) => match key.take() {
                None => *key = Some(node),
                Some(key) => {
                    if let Some(Node { kind: Kind::Map(fields), .. }) = self.nodes.get_mut(map.0) {
                        fields.push((key, node));
                    }
                }
            },
        }
    }

    fn node(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(node.0)
    }

    /// Where a node is written.
    pub fn at(&self, node: NodeId) -> Extent {
        self.node(node).map_or_else(Extent::default, |it| it.at)
    }

    /// The fields of a map, in the order of the text, those that it takes over with `<<` last; none of anything else.
    pub fn fields(&self, node: NodeId) -> Option<Vec<(&str, NodeId, NodeId)>> {
        let mut all: Vec<(&str, NodeId, NodeId)> = Vec::new();
        let mut waiting = vec![node];
        let mut is_map = false;
        for _ in 0..MOST_MERGES {
            let Some(node) = waiting.pop() else { break };
            let Some(Node { kind: Kind::Map(fields), .. }) = self.node(node) else { continue };
            is_map = true;
            for (key, value) in fields {
                match self.text(*key) {
                    Some("<<") => match self.items(*value) {
                        Some(items) => waiting.extend(items.iter().rev()),
                        None => waiting.push(*value),
                    },
                    Some(name) if all.iter().all(|it| it.0 != name) => {
                        all.push((name, *key, *value));
                    }
                    Some(_) | None => {}
                }
            }
        }
        is_map.then_some(all)
    }

    /// A field of a map.
    pub fn get(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.fields(node)?.into_iter().find(|it| it.0 == name).map(|it| it.2)
    }

    /// The items of a list; none of anything else.
    pub fn items(&self, node: NodeId) -> Option<&[NodeId]> {
        match &self.node(node)?.kind {
            Kind::List(items) => Some(items),
            Kind::Map(_) | Kind::Scalar { .. } => None,
        }
    }

    /// The text of a scalar, whatever its type; none of a list or map.
    pub fn text(&self, node: NodeId) -> Option<&str> {
        match &self.node(node)?.kind {
            Kind::Scalar { value, .. } => Some(value),
            Kind::Map(_) | Kind::List(_) => None,
        }
    }

    /// Whether there is nothing: `null`, `~`, or no text at all.
    pub fn is_null(&self, node: NodeId) -> bool {
        matches!(
            self.node(node),
            Some(Node { kind: Kind::Scalar { value, style: ScalarStyle::Plain }, .. })
                if matches!(value.as_str(), "" | "~" | "null" | "Null" | "NULL")
        )
    }

    /// Whether a scalar is written without quotes, and reads as a number or a truth value.
    pub fn is_bare(&self, node: NodeId) -> bool {
        let Some(Node { kind: Kind::Scalar { value, style: ScalarStyle::Plain }, .. }) =
            self.node(node)
        else {
            return false;
        };
        let is_word = matches!(value.to_ascii_lowercase().as_str(), "true" | "false");
        is_word || value.parse::<f64>().is_ok_and(|it| it.is_finite())
    }

    /// Where each byte of a scalar's text is written in the file's text.
    pub fn places(&self, node: NodeId, text: &str) -> Option<Places> {
        let node = self.node(node)?;
        match &node.kind {
            Kind::Scalar { value, style } => Some(Places::new(value, *style, text, node.at)),
            Kind::Map(_) | Kind::List(_) => None,
        }
    }
}
