//! Tests by name.

use rustc_hash::FxHashMap;

use super::errors;
use super::names::{ModuleId, Names, TestDecl, TreeId};
use crate::diag::Sink;
use crate::source::{Span, Sym};
use crate::syntax::{MemberId, TextId, TextPart};

impl Names {
    /// The declaration of a test.
    pub(super) fn test(&self, tree: TreeId, member: MemberId, name: TextId) -> TestDecl {
        let info = self.tree(tree);
        let text = info.tree.text(name);
        let mut written = String::new();
        for part in info.tree.parts_of(text.parts) {
            match *part {
                TextPart::Verbatim(at) => written.push_str(self.text(tree, at)),
                TextPart::Escape(letter, _) => written.push(letter),
                // Refused where the test is typed: a name is constant.
                TextPart::Hole(_) => {}
            }
        }
        let (name, at) = (Sym::new(&written), info.span(text.at));
        TestDecl { name, at, tree, member, module: info.module }
    }
}

/// The names of tests are unique in their module: they are asked for by name.
pub(super) fn unique(names: &Names, sink: &mut Sink) {
    let mut seen: FxHashMap<(ModuleId, Sym), Span> = FxHashMap::default();
    for test in &names.tests {
        if let Some(&first) = seen.get(&(test.module, test.name)) {
            sink.report(errors::duplicate("test", test.name.as_str(), test.at, first));
        } else {
            seen.insert((test.module, test.name), test.at);
        }
    }
}
