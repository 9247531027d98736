//! Files: which path holds which bytes.

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

    /// Reports every path that several resources would write, and an output of more than `limit` bytes.
    pub fn check(&self, limit: u64, sink: &mut Sink) {
        for group in self.files.chunk_by(|a, b| a.path == b.path) {
            if let [first, _, ..] = group {
                let addresses: Vec<&str> = group.iter().map(|file| file.address.as_str()).collect();
                sink.report(errors::path_clash(&first.path, &addresses));
            }
        }
        let size = self.size();
        if size > limit {
            // The first of the largest ones, so that the message is the same on every run.
            let largest = self.files.iter().rev().max_by_key(|file| file.bytes.len());
            let (address, share) =
                largest.map_or(("", 0), |file| (file.address.as_str(), file.bytes.len() as u64));
            sink.report(errors::too_large(size, limit, address, share));
        }
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
