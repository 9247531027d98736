//! JSON as a tree that knows where everything is written.

use saphyr_parser::ScalarStyle;

use super::scalar::escape;
use super::yaml::{DEEPEST, Kind, NodeId, Yaml};
use crate::source::Extent;

impl Yaml {
    /// Reads one value of JSON; none where it is something else.
    pub(super) fn read_json(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0, yaml: Self::default() };
        let root = reader.value(0)?;
        reader.white();
        if reader.at < text.len() {
            return None;
        }
        reader.yaml.documents.push(root);
        Some(reader.yaml)
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    yaml: Yaml,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn white(&mut self) {
        let rest = self.rest();
        let white = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        self.at += white;
    }

    /// Whether a sign comes next, which is then taken.
    fn takes(&mut self, sign: char) -> bool {
        self.white();
        let is_next = self.rest().starts_with(sign);
        self.at += if is_next { sign.len_utf8() } else { 0 };
        is_next
    }

    fn add(&mut self, start: usize, kind: Kind) -> NodeId {
        let of = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.yaml.add(Extent::new(of(start), of(self.at)), kind)
    }

    fn value(&mut self, depth: usize) -> Option<NodeId> {
        if depth > DEEPEST {
            return None;
        }
        self.white();
        let start = self.at;
        match self.rest().chars().next()? {
            '{' => {
                self.at += 1;
                let mut fields = Vec::new();
                if !self.takes('}') {
                    loop {
                        self.white();
                        let key = self.string()?;
                        if !self.takes(':') {
                            return None;
                        }
                        fields.push((key, self.value(depth + 1)?));
                        if self.takes('}') {
                            break;
                        }
                        if !self.takes(',') {
                            return None;
                        }
                    }
                }
                Some(self.add(start, Kind::Map(fields)))
            }
            '[' => {
                self.at += 1;
                let mut items = Vec::new();
                if !self.takes(']') {
                    loop {
                        items.push(self.value(depth + 1)?);
                        if self.takes(']') {
                            break;
                        }
                        if !self.takes(',') {
                            return None;
                        }
                    }
                }
                Some(self.add(start, Kind::List(items)))
            }
            '"' => self.string(),
            _ => {
                let rest = self.rest();
                let end = rest.find([' ', '\t', '\n', '\r', ',', ']', '}']).unwrap_or(rest.len());
                let word = rest.get(..end)?.to_owned();
                let is_known = matches!(word.as_str(), "null" | "true" | "false");
                if !is_known && word.parse::<f64>().is_err() {
                    return None;
                }
                self.at += end;
                Some(self.add(start, Kind::Scalar { value: word, style: ScalarStyle::Plain }))
            }
        }
    }

    fn string(&mut self) -> Option<NodeId> {
        let start = self.at;
        if !self.rest().starts_with('"') {
            return None;
        }
        self.at += 1;
        let mut value = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.find(['"', '\\'])?;
            value.push_str(rest.get(..plain)?);
            let rest = rest.get(plain..)?;
            if rest.starts_with('"') {
                self.at += plain + 1;
                break;
            }
            let (meant, len) = escape(rest)?;
            value.push(meant?);
            self.at += plain + len;
        }
        Some(self.add(start, Kind::Scalar { value, style: ScalarStyle::DoubleQuoted }))
    }
}
