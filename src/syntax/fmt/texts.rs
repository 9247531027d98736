//! Text literals: kept byte for byte, but for the margin of those that hold lines.

use super::build::Build;
use super::layout::Op;
use crate::syntax::{TextForm, TextId, TextPart};

impl<'t> Build<'t> {
    /// A text literal.
    pub(super) fn text_literal(&mut self, id: TextId) {
        let source = self.reach(self.tree.text(id).at);
        if !source.contains('\n') {
            self.push(Op::Text(source));
            return;
        }
        match self.lines_of(id, source) {
            Some(lines) => self.push(Op::Lines(lines)),
            None => self.push(Op::Verbatim(source)),
        }
    }

    /// The lines of a text without their margin, with opener and closer. None where a hole goes over lines, which
    /// have no margin, or where the ends of lines are not plain.
    fn lines_of(&self, id: TextId, source: &'t str) -> Option<Vec<&'t str>> {
        let text = self.tree.text(id);
        match text.form {
            TextForm::Block | TextForm::Fence | TextForm::HashFence => {}
            TextForm::Quoted | TextForm::Raw | TextForm::HashQuoted | TextForm::HashRaw => {
                return None;
            }
        }
        let own = self.tree.parts_of(text.parts).iter().map(|part| match *part {
            TextPart::Verbatim(at) => self.source(at).matches('\n').count(),
            TextPart::Escape(..) | TextPart::Hole(_) => 0,
        });
        let (own, all): (usize, usize) = (own.sum(), source.matches('\n').count());
        if source.contains("\r\r\n") || all > own + 2 {
            return None;
        }
        let mut lines: Vec<&str> = source.split('\n').collect();
        let last = lines.pop()?;
        let closer = last.trim_start_matches([' ', '\t']);
        let margin = last.get(..last.len() - closer.len())?;
        for (index, line) in lines.iter_mut().enumerate() {
            if index == 0 {
                *line = line.trim_end();
                continue;
            }
            let bare = line.strip_suffix('\r').unwrap_or(line);
            let shared = bare.bytes().zip(margin.bytes()).take_while(|(a, b)| a == b).count();
            *line = bare.get(shared..)?;
        }
        lines.push(closer);
        Some(lines)
    }
}
