//! The thread for what needs only a text and its tree: it never waits for a check.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_server::RequestId;
use lsp_types::Uri;

use super::client::{Answer, Client};
use super::documents::Document;
use super::guard::{caught, guarded};
use super::positions::Page;
use crate::diag::Edit;
use crate::source::{Extent, FileId};
use crate::syntax::{Grain, MOST_NESTING, Parsed, parse_within, reuse};

/// As deep as the command line's own.
const STACK: usize = 256 << 20;

/// The only file that is looked at.
pub(super) const FILE: FileId = FileId(0);

/// A request about a text.
pub(super) struct Read {
    pub(super) id: RequestId,
    pub(super) method: &'static str,
    pub(super) cancelled: Arc<AtomicBool>,
    pub(super) document: Document,
    pub(super) run: Box<dyn FnOnce(&Text<'_>) -> Answer + Send>,
}

enum Job {
    Read(Read),
    Forget(Uri),
}

/// A text and its tree.
pub(super) struct Text<'a> {
    pub(super) client: &'a Client,
    pub(super) document: &'a Document,
    pub(super) parsed: &'a Parsed,
}

impl Text<'_> {
    pub(super) fn page(&self) -> Page<'_> {
        self.document.page(self.client.can.encoding)
    }

    pub(super) fn source(&self) -> &str {
        &self.document.text
    }

    pub(super) fn range(&self, at: Extent) -> lsp_types::Range {
        self.page().range(at)
    }

    pub(super) fn text_edits(&self, edits: Vec<Edit>) -> Vec<lsp_types::TextEdit> {
        let edits = edits.into_iter().map(|edit| lsp_types::TextEdit {
            range: self.range(edit.span.extent()),
            new_text: edit.text,
        });
        edits.collect()
    }
}

/// The thread's door.
#[derive(Debug)]
pub(super) struct Reader {
    jobs: Sender<Job>,
}

impl Reader {
    pub(super) fn start(client: Client) -> Self {
        let (jobs, receiver) = unbounded();
        let builder = std::thread::Builder::new().name("texts".to_owned()).stack_size(STACK);
        // Without the thread nothing is answered, and the client tells of requests that are not.
        let _ = builder.spawn(move || read(&client, &receiver));
        Self { jobs }
    }

    pub(super) fn ask(&self, read: Read) {
        let _ = self.jobs.send(Job::Read(read));
    }

    /// A text was closed.
    pub(super) fn forget(&self, uri: &Uri) {
        let _ = self.jobs.send(Job::Forget(uri.clone()));
    }
}

/// What was read last of each open text.
type Known = BTreeMap<Uri, (Arc<str>, Parsed)>;

fn read(client: &Client, jobs: &Receiver<Job>) {
    let mut known = Known::new();
    for job in jobs {
        let Read { id, method, cancelled, document, run } = match job {
            Job::Forget(uri) => {
                known.remove(&uri);
                continue;
            }
            Job::Read(read) => read,
        };
        if cancelled.load(Ordering::Relaxed) {
            continue;
        }
        let before = known.remove(&document.uri);
        let parsed = caught(|| parse(&document.text, before));
        let answer = guarded(client, method, || {
            // What cannot even be parsed panics here again, and is answered so.
            let parsed = parsed.as_ref().map_or_else(|_| parse(&document.text, None), clone);
            run(&Text { client, document: &document, parsed: &parsed })
        });
        client.answer(&id, answer);
        if let Ok(parsed) = parsed {
            known.insert(document.uri.clone(), (Arc::clone(&document.text), parsed));
        }
    }
}

/// A copy that shares the trees.
fn clone(parsed: &Parsed) -> Parsed {
    Parsed { file: parsed.file, trees: parsed.trees.clone(), sink: parsed.sink.clone() }
}

fn parse(text: &Arc<str>, before: Option<(Arc<str>, Parsed)>) -> Parsed {
    match before {
        Some((old, parsed)) if old == *text => parsed,
        Some((old, parsed)) => reuse(&parsed, &old, FILE, text, MOST_NESTING),
        None => parse_within(FILE, text, Grain::Items, MOST_NESTING),
    }
}
