//! The thread of a project: it checks what is written, and answers what is asked about it until a newer text comes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_server::{ErrorCode, RequestId};
use lsp_types::notification::PublishDiagnostics;
use lsp_types::request::{CodeLensRefresh, InlayHintRefreshRequest, WorkspaceDiagnosticRefresh};
use lsp_types::{Diagnostic, MessageType, PublishDiagnosticsParams, Uri};

use super::client::{Answer, Client, Work, failed};
use super::diagnostics;
use super::guard::{caught, guarded};
use super::overlay::{Ground, Overlay};
use super::place::{Open, Place};
use super::tokens::Sent;
use crate::diag::secrets::Secrets;
use crate::driver::{Kept, Look, Session};
use crate::syntax::Grain;

/// As deep as the command line's own.
const STACK: usize = 256 << 20;

/// What was found, by the file that shows it.
pub(super) type Findings = BTreeMap<Uri, Vec<Diagnostic>>;

/// The open texts of a project at one moment.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) open: BTreeMap<String, Open>,
    /// Whether the disk may have changed, too.
    pub(super) reread: bool,
}

/// A request about what the program means.
pub(super) struct Ask {
    pub(super) id: RequestId,
    pub(super) method: &'static str,
    pub(super) cancelled: Arc<AtomicBool>,
    /// None where others give the answer.
    pub(super) run: Box<dyn FnOnce(&mut Scene<'_, '_, '_>) -> Option<Answer> + Send>,
}

/// What the thread is told.
pub(super) enum Task {
    Texts(Texts),
    Ask(Ask),
}

/// What a request sees.
pub(super) struct Scene<'a, 'l, 'v> {
    pub(super) place: &'a Place,
    pub(super) look: &'a mut Look<'l, 'v>,
    pub(super) found: &'a Findings,
    pub(super) sent: &'a mut Sent,
    /// What no text that is shown may hold.
    pub(super) secrets: &'a Secrets,
}

/// What was found last, for those who ask about the whole workspace.
#[derive(Default, Debug)]
struct Shown {
    files: Findings,
    /// Every file that ever had something.
    ever: BTreeSet<Uri>,
}

/// A project that is looked at.
#[derive(Debug)]
pub(super) struct Analysis {
    tasks: Sender<Task>,
    shown: Arc<Mutex<Shown>>,
}

impl Analysis {
    /// Begins to look at a project. The thread ends with the last sender of its tasks.
    pub(super) fn start(ground: Ground, place: Place, name: String) -> Option<Self> {
        let (tasks, receiver) = unbounded();
        let shown = Arc::new(Mutex::new(Shown::default()));
        let thread = Thread {
            overlay: Overlay::new(ground),
            place,
            name,
            tasks: receiver,
            queue: VecDeque::new(),
            shown: Arc::clone(&shown),
            kept: Kept::default(),
            sent: Sent::default(),
            checked: false,
        };
        let builder = std::thread::Builder::new().name("project".to_owned()).stack_size(STACK);
        builder.spawn(move || thread.run()).ok()?;
        Some(Self { tasks, shown })
    }

    /// What was found last.
    pub(super) fn shown(&self) -> Findings {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).files.clone()
    }

    /// Whether something was ever found in a file.
    pub(super) fn has_shown(&self, uri: &Uri) -> bool {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).ever.contains(uri)
    }

    /// Takes back what was found, when the project is no longer looked at.
    pub(super) fn take_back(&self, client: &Client) {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        for uri in shown.files.keys().filter(|_| !client.can.pulls) {
            client.notify::<PublishDiagnostics>(&PublishDiagnosticsParams {
                uri: uri.clone(),
                diagnostics: Vec::new(),
                version: None,
            });
        }
    }

    pub(super) fn tell(&self, task: Task) {
        // The thread outlives its senders.
        let _ = self.tasks.send(task);
    }
}

struct Thread {
    overlay: Overlay,
    place: Place,
    /// As progress names it.
    name: String,
    tasks: Receiver<Task>,
    /// Tasks that were taken already.
    queue: VecDeque<Task>,
    shown: Arc<Mutex<Shown>>,
    kept: Kept,
    sent: Sent,
    /// Whether it was checked once.
    checked: bool,
}

impl Thread {
    fn run(mut self) {
        let mut next = self.texts("no text of this project is open");
        while let Some(texts) = next {
            let texts = self.newest(texts);
            next = self.check(texts);
        }
    }

    /// The next task; none when nobody can send one any more.
    fn task(&mut self) -> Option<Task> {
        self.queue.pop_front().or_else(|| self.tasks.recv().ok())
    }

    /// Waits for texts; what is asked before they come cannot be answered.
    fn texts(&mut self, why: &str) -> Option<Texts> {
        loop {
            match self.task()? {
                Task::Texts(texts) => return Some(texts),
                Task::Ask(ask) => self.refuse(&ask, ErrorCode::RequestFailed, why),
            }
        }
    }

    /// Skips texts that a newer one replaces, and what was asked about them.
    fn newest(&mut self, mut texts: Texts) -> Texts {
        self.queue.extend(self.tasks.try_iter());
        while self.queue.iter().any(|task| matches!(task, Task::Texts(_))) {
            match self.queue.pop_front() {
                Some(Task::Texts(newer)) => {
                    texts = Texts { reread: newer.reread || texts.reread, ..newer };
                }
                Some(Task::Ask(ask)) => {
                    self.refuse(&ask, ErrorCode::ContentModified, "the text changed");
                }
                None => break,
            }
        }
        texts
    }

    fn refuse(&self, ask: &Ask, code: ErrorCode, why: &str) {
        self.place.client.answer(&ask.id, Err(failed(code, why)));
    }

    /// Checks texts, shows what was found, and answers until newer ones come. None at the end.
    fn check(&mut self, texts: Texts) -> Option<Texts> {
        let edited = self.take(texts);
        let client = self.place.client.clone();
        let title = format!("Checking {}", self.name);
        let mut work = if self.checked { None } else { Work::begin(&client, &title) };
        let kept = std::mem::take(&mut self.kept);
        let loaded = caught(|| {
            let mut session = Session::load_after(&self.overlay, Grain::Items, kept);
            session.compare_with_earlier(&self.overlay);
            session
        });
        self.checked = true;
        let next = loaded.and_then(|session| {
            let next = caught(|| {
                session.look(|look| {
                    let secrets = Secrets::of(look.sources, &look.found);
                    let masked: Vec<_> =
                        look.found.iter().map(|it| secrets.mask_finding(it)).collect();
                    let found = diagnostics::by_file(&self.place, &masked, look.sources);
                    drop(work.take());
                    self.show(&found, &edited);
                    self.serve(look, &found, &secrets)
                })
            });
            self.kept = session.keep();
            next
        });
        drop(work);
        next.unwrap_or_else(|what| self.broken(&what))
    }

    /// The compiler stopped: what was found before stays, and the next text is tried anew.
    fn broken(&mut self, what: &str) -> Option<Texts> {
        let message = format!("internal error while checking {}: {what}", self.name);
        self.place.client.log(MessageType::ERROR, message);
        self.texts(&format!("internal error: {what}"))
    }

    /// Takes the open texts over. Gives the paths of those that are other than before.
    fn take(&mut self, texts: Texts) -> BTreeSet<String> {
        if texts.reread {
            self.overlay.forget();
        }
        let before = std::mem::replace(&mut self.place.open, texts.open);
        let same = |path: &String, open: &Open| {
            before.get(path).is_some_and(|before| before.version == open.version)
        };
        let open = &self.place.open;
        self.sent.keep(|uri| open.values().any(|open| open.uri == *uri));
        let edited = open.iter().filter(|(path, open)| !same(path, open));
        let edited = edited.map(|(path, _)| path.clone()).collect();
        let texts = open.iter().map(|(path, open)| (path.clone(), Arc::clone(&open.text)));
        self.overlay.set_open(texts.collect());
        edited
    }

    /// Tells what was found, where it is other than before.
    fn show(&self, found: &Findings, edited: &BTreeSet<String>) {
        let client = &self.place.client;
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let is_edited = |uri: &Uri| {
            let mut open = self.place.open.iter();
            open.any(|(path, open)| open.uri == *uri && edited.contains(path))
        };
        let versions: BTreeMap<&Uri, i32> =
            self.place.open.values().map(|open| (&open.uri, open.version)).collect();
        let mut files: BTreeSet<&Uri> = shown.files.keys().chain(found.keys()).collect();
        files.extend(versions.keys());
        let none = Vec::new();
        let mut elsewhere = false;
        for uri in files {
            let now = found.get(uri).unwrap_or(&none);
            let is_same = shown.files.get(uri).map_or(now.is_empty(), |before| **before == *now);
            let edited = is_edited(uri);
            elsewhere |= !is_same && !edited;
            if !client.can.pulls && (edited || !is_same) {
                client.notify::<PublishDiagnostics>(&PublishDiagnosticsParams {
                    uri: uri.clone(),
                    diagnostics: now.clone(),
                    version: versions.get(uri).copied(),
                });
            }
        }
        shown.ever.extend(found.keys().cloned());
        shown.files.clone_from(found);
        drop(shown);
        // What the client asks for after its own edits it asks for anyway.
        if elsewhere && client.can.pulls {
            client.ask::<WorkspaceDiagnosticRefresh>(&());
        }
        if elsewhere && client.can.refreshes_hints {
            client.ask::<InlayHintRefreshRequest>(&());
        }
        if elsewhere && client.can.refreshes_lenses {
            client.ask::<CodeLensRefresh>(&());
        }
    }

    /// Answers what is asked, until newer texts come.
    fn serve(
        &mut self,
        look: &mut Look<'_, '_>,
        found: &Findings,
        secrets: &Secrets,
    ) -> Option<Texts> {
        loop {
            match self.task()? {
                Task::Texts(texts) => return Some(texts),
                Task::Ask(ask) => {
                    if ask.cancelled.load(Ordering::Relaxed) {
                        continue;
                    }
                    let client = &self.place.client;
                    let sent = &mut self.sent;
                    let mut scene = Scene { place: &self.place, look, found, sent, secrets };
                    let answer = guarded(client, ask.method, || (ask.run)(&mut scene));
                    if let Some(answer) = answer {
                        client.answer(&ask.id, answer);
                    }
                }
            }
        }
    }
}
