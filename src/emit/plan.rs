//! Files: which path holds which bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::errors;
use super::line_map::{LineMap, Recorder};
use super::yaml::write_with;
use crate::backend::Document;
use crate::diag::Sink;
use crate::eval::Origin;

/// One file of the output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedFile {
    /// Path below the output folder, with `/`.
    pub path: String,
    /// The address of the resource that it belongs to.
    pub address: String,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// All files of a build, by the bytes of their paths.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FilePlan {
    /// The files.
    pub files: Vec<PlannedFile>,
}

impl From<Vec<PlannedFile>> for FilePlan {
    /// Puts files, which may have been rendered in any order, into the order of the plan.
    fn from(mut files: Vec<PlannedFile>) -> Self {
        files.sort_by(|a, b| (&a.path, &a.address).cmp(&(&b.path, &b.address)));
        Self { files }
    }
}

impl FilePlan {
    /// The file with this path.
    pub fn get(&self, path: &str) -> Option<&PlannedFile> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(at)
    }

    /// How many bytes all files have together.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.bytes.len() as u64).sum()
    }

    /// Reports files that cannot all stand in one folder on every system, and an output of more than `limit` bytes.
    pub fn check(&self, limit: u64, sink: &mut Sink) {
        self.check_paths(sink);
        let size = self.size();
        if size > limit {
            // The first of the largest ones, so that the message is the same on every run.
            let largest = self.files.iter().rev().max_by_key(|file| file.bytes.len());
            let (address, share) =
                largest.map_or(("", 0), |file| (file.address.as_str(), file.bytes.len() as u64));
            sink.report(errors::too_large(size, limit, address, share));
        }
    }

    fn check_paths(&self, sink: &mut Sink) {
        let mut first_of: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
        let mut groups: BTreeMap<usize, Vec<(&str, &str)>> = BTreeMap::new();
        for (at, file) in self.files.iter().enumerate() {
            let first = *first_of.entry(folded(&file.path)).or_insert(at);
            if first != at {
                groups.entry(first).or_default().push((file.path.as_str(), file.address.as_str()));
            }
        }
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for file in &self.files {
            let mut rest = file.path.as_str();
            while let Some((folder, _)) = rest.rsplit_once('/') {
                if !seen.insert(folder) {
                    break;
                }
                if let Some(&first) = first_of.get(&folded(folder)) {
                    groups
                        .entry(first)
                        .or_default()
                        .push((file.path.as_str(), file.address.as_str()));
                }
                rest = folder;
            }
        }
        for (first, others) in groups {
            let first =
                self.files.get(first).map(|file| (file.path.as_str(), file.address.as_str()));
            let all: Vec<(&str, &str)> = first.into_iter().chain(others).collect();
            sink.report(errors::path_clash(&all));
        }
    }
}

/// A path as a system sees it that does not tell capital letters apart.
fn folded(path: &str) -> Cow<'_, str> {
    if path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(path.to_lowercase())
    }
}

/// Renders all documents, one after the other, and checks the plan. To render them on several threads, call
/// [`render`] there, and [`FilePlan::from`] and [`FilePlan::check`] on what they give.
pub fn emit<'a>(
    documents: impl IntoIterator<Item = Document<'a>>,
    limit: u64,
    sink: &mut Sink,
) -> FilePlan {
    let plan =
        FilePlan::from(documents.into_iter().map(|document| render(&document)).collect::<Vec<_>>());
    plan.check(limit, sink);
    plan
}

/// The file of one document.
pub fn render(document: &Document<'_>) -> PlannedFile {
    render_recording(document, &mut ())
}

/// The file of one document, and where each of its lines comes from.
pub fn render_with_lines(document: &Document<'_>) -> (PlannedFile, LineMap) {
    let mut lines = LineMap::default();
    let file = render_recording(document, &mut lines);
    (file, lines)
}

fn render_recording<R: Recorder>(document: &Document<'_>, recorder: &mut R) -> PlannedFile {
    let mut bytes = Vec::with_capacity(512 * (1 + document.manifests.len()));
    bytes.extend_from_slice(b"# Made by iflux from ");
    comment(&document.source, &mut bytes);
    bytes.extend_from_slice(b": ");
    comment(&document.address, &mut bytes);
    bytes.extend_from_slice(b". Do not edit; change the source.\n");
    recorder.lines(1, Origin::NONE);
    for (index, manifest) in document.manifests.iter().enumerate() {
        recorder.next_manifest();
        if index > 0 {
            bytes.extend_from_slice(b"---\n");
            recorder.lines(1, Origin::NONE);
        }
        write_with(&manifest.root, &mut bytes, recorder);
    }
    PlannedFile {
        path: document.path.clone(),
        address: document.address.clone().into_owned(),
        bytes,
    }
}

/// Writes a text into a comment: whatever could end its line, or be refused there, stands as an escape.
fn comment(text: &str, out: &mut Vec<u8>) {
    for c in text.chars() {
        if super::scalar::needs_escape(c) {
            out.extend(c.escape_default().map(|c| c as u8));
        } else {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FilePlan, emit, render, render_with_lines};
    use crate::backend::{Document, Manifest, Node};
    use crate::diag::Sink;
    use crate::eval::Origin;

    fn document<'a>(path: &str, address: &'a str, roots: Vec<Node<'a>>) -> Document<'a> {
        Document {
            path: path.to_owned(),
            source: "platform.iflux".into(),
            address: address.into(),
            manifests: roots.into_iter().map(|root| Manifest { root }).collect(),
        }
    }

    fn object(slot: u32) -> Node<'static> {
        Node::Map(vec![
            ("a".into(), Node::Text("x\ny\n".into(), Origin::slot(slot))),
            ("b".into(), Node::List(vec![Node::Int(1, Origin::slot(slot + 1))])),
        ])
    }

    #[test]
    fn a_file_says_where_it_comes_from() {
        let file = render(&document("eu-1/x.yaml", "alerts.nodes", vec![object(0), object(9)]));
        assert_eq!(file.address, "alerts.nodes");
        assert_eq!(
            String::from_utf8(file.bytes).unwrap(),
            "# Made by iflux from platform.iflux: alerts.nodes. Do not edit; change the source.\n\
             a: |\n  x\n  y\nb:\n- 1\n---\na: |\n  x\n  y\nb:\n- 1\n"
        );
    }

    #[test]
    fn no_name_ends_the_header() {
        let file = render(&document("x.yaml", "k.a\nb: 1\u{2028}\u{85}ü", vec![]));
        let text = String::from_utf8(file.bytes).unwrap();
        assert_eq!(text.lines().count(), 1);
        assert!(text.contains("k.a\\nb: 1\\u{2028}\\u{85}ü. Do not"), "{text}");
    }

    #[test]
    fn every_line_knows_its_origin() {
        let document = document("x.yaml", "alerts.nodes", vec![object(0), object(9)]);
        let (file, lines) = render_with_lines(&document);
        assert_eq!(file, render(&document));
        assert_eq!(lines.len(), file.bytes.iter().filter(|&&byte| byte == b'\n').count());
        let found: Vec<_> = (1..=lines.len())
            .map(|line| lines.at(line).map(|at| (at.origin.as_slot(), at.manifest)).unwrap())
            .collect();
        let of = |slot: u32, manifest| {
            [(Some(slot), manifest); 3]
                .into_iter()
                .chain([(None, manifest), (Some(slot + 1), manifest)])
        };
        let expected: Vec<_> =
            [(None, 0)].into_iter().chain(of(0, 0)).chain([(None, 1)]).chain(of(9, 1)).collect();
        assert_eq!(found, expected);
        assert_eq!(lines.at(0), None);
        assert_eq!(lines.at(lines.len() + 1), None);
    }

    #[test]
    fn the_plan_has_an_order_of_its_own() {
        let mut sink = Sink::new();
        let documents =
            ["b/x.yaml", "a/x.yaml", "a-b/x.yaml"].map(|path| document(path, "k.x", vec![]));
        let plan = emit(documents.clone(), 1 << 30, &mut sink);
        let again = FilePlan::from(documents.iter().rev().map(render).collect::<Vec<_>>());
        assert_eq!(plan, again);
        let paths: Vec<_> = plan.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a-b/x.yaml", "a/x.yaml", "b/x.yaml"]);
        assert!(plan.get("a/x.yaml").is_some() && plan.get("a").is_none());
        assert!(sink.is_empty());
    }

    #[test]
    fn clashing_paths_are_one_finding_each() {
        let check = |files: &[(&str, &str)], expected: &[&str]| {
            let mut sink = Sink::new();
            let documents = files.iter().map(|&(path, address)| document(path, address, vec![]));
            emit(documents, 1 << 30, &mut sink);
            let found: Vec<_> =
                sink.iter().map(|d| format!("{} | {}", d.title, d.help[0])).collect();
            assert_eq!(found, expected);
        };
        let help = "would be written there: rename one of them";
        check(
            &[("x.yaml", "b.x"), ("y.yaml", "c.y"), ("x.yaml", "a.x"), ("x.yaml", "c.x")],
            &[&format!("one path for several resources: `x.yaml` | `a.x`, `b.x` and `c.x` {help}")],
        );
        check(
            &[("a/X.yaml", "a.x"), ("a/x.yaml", "b.x"), ("ü", "c.u"), ("Ü", "d.u")],
            &[
                &format!(
                    "`a/X.yaml` and `a/x.yaml` cannot all be written | `a.x` and `b.x` {help}"
                ),
                &format!("`Ü` and `ü` cannot all be written | `d.u` and `c.u` {help}"),
            ],
        );
        check(
            &[("a/x/y", "a.x"), ("A", "b.x"), ("a/z", "a.z")],
            &[&format!("`A` and `a/x/y` cannot all be written | `b.x` and `a.x` {help}")],
        );
        check(&[("a/x", "a.x"), ("a-b", "b.x"), ("a/x.y", "c.x")], &[]);
    }

    #[test]
    fn the_limit_names_the_largest_file() {
        let documents = || {
            [
                document("x.yaml", "a.x", vec![object(0)]),
                document("y.yaml", "a.y", vec![object(0), object(2)]),
            ]
        };
        let mut sink = Sink::new();
        let size = emit(documents(), u64::MAX, &mut sink).size();
        emit(documents(), size, &mut sink);
        assert!(sink.is_empty());
        emit(documents(), size - 1, &mut sink);
        let found = sink.into_sorted();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code.as_str(), "emit/too-large");
        assert!(found[0].help[0].contains("`a.y`"), "{found:?}");
    }
}
