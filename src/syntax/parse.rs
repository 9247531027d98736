//! One file through the grammar.

use std::sync::Arc;

use pest::Parser as _;
use pest_derive::Parser;

use super::errors;
use super::lower::{Lower, Walk};
use super::{Parsed, Placed};
use crate::diag::Sink;
use crate::source::{FileId, Span};

/// The parser that pest derives from `grammar/iflux.pest`.
#[derive(Parser)]
#[grammar = "grammar/iflux.pest"]
pub(super) struct Grammar;

/// How a file is divided into trees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grain {
    /// Runs of items of about 64 KB: least work for a whole build.
    Chunks,
    /// One item a tree: an editor reads again only what changed.
    Items,
}

/// Reads a file. Never fails: what cannot be read is in the sink and stands in the trees as an error node.
pub fn parse(file: FileId, text: &str, grain: Grain) -> Parsed {
    let _ = grain;
    let mut lower = Lower::new(file, 0, text);
    match Grammar::parse(Rule::file, text) {
        Ok(mut pairs) => {
            if let Some(file) = pairs.next() {
                let mut walk = Walk::of(file);
                while let Some(member) = walk.take(Rule::member) {
                    lower.next_item();
                    let item = lower.member(member);
                    lower.tree.items.push(item);
                }
            }
        }
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at) => at,
                pest::error::InputLocation::Span((at, _)) => at,
            };
            let at = super::lower::offset(at);
            lower.report(errors::unexpected(Span::new(file, at, at), "text", &format!("{error}")));
        }
    }
    let mut sink = Sink::new();
    sink.append(lower.sink);
    Parsed { file, trees: vec![Placed { base: 0, tree: Arc::new(lower.tree) }], sink }
}

#[cfg(test)]
mod tests {
    use include_dir::{Dir, include_dir};

    use super::{Grain, parse};
    use crate::source::FileId;
    use crate::syntax::{Expr, MemberKind, Parsed, TyNode};

    static ACCEPT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/ui/syntax/accept");
    static REJECT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/ui/syntax/reject");

    fn programs(folder: &'static Dir<'static>) -> impl Iterator<Item = (String, &'static str)> {
        folder.files().map(|file| {
            (file.path().display().to_string(), file.contents_utf8().expect("programs are text"))
        })
    }

    fn has_error_nodes(parsed: &Parsed) -> bool {
        parsed.trees.iter().any(|placed| {
            placed.tree.exprs.contains(&Expr::Error)
                || placed.tree.types.contains(&TyNode::Error)
                || placed.tree.members.iter().any(|member| member.kind == MemberKind::Error)
                || placed.tree.bodies.iter().any(|body| body.broken)
        })
    }

    #[test]
    fn good_programs_are_read_whole() {
        let mut bad = Vec::new();
        for (name, text) in programs(&ACCEPT) {
            for grain in [Grain::Chunks, Grain::Items] {
                let parsed = parse(FileId(0), text, grain);
                if !parsed.sink.is_empty() || has_error_nodes(&parsed) {
                    bad.push(format!("{name} ({grain:?}): {:#?}", parsed.sink.into_sorted()));
                }
            }
        }
        assert!(bad.is_empty(), "{}", bad.join("\n"));
    }

    #[test]
    fn bad_programs_are_refused() {
        for (name, text) in programs(&REJECT) {
            let parsed = parse(FileId(0), text, Grain::Chunks);
            assert!(parsed.sink.has_errors(), "{name} is read without an error");
        }
    }

    #[test]
    fn scratch() {
        let text = std::fs::read_to_string(std::env::var("IFLUX").unwrap()).unwrap();
        let start = std::time::Instant::now();
        let parsed = parse(FileId(0), &text, Grain::Chunks);
        println!("{:?}", start.elapsed());
        for d in parsed.sink.iter() {
            println!("{}: {} {:?}\n{:?}", d.code, d.title, d.primary, d.help);
        }
        let tree = &parsed.trees[0].tree;
        for member in &tree.members {
            println!(
                "{:?} doc {:?} because {:?} {:?}\n    {:?}",
                member.at.of(&text),
                member.doc.of(&text),
                member.because,
                member.marks,
                member.kind
            );
        }
        for (e, at) in tree.exprs.iter().zip(&tree.expr_at) {
            println!("{e:?}  {:?}", at.of(&text));
        }
        for (e, at) in tree.types.iter().zip(&tree.type_at) {
            println!("{e:?}  {:?}", at.of(&text));
        }
        for text_ in &tree.texts {
            println!("{:?} {:?}", text_.form, text_.at.of(&text));
            for p in tree.parts_of(text_.parts) {
                match p {
                    crate::syntax::TextPart::Verbatim(e) => println!("   v {:?}", e.of(&text)),
                    p => println!("   {p:?}"),
                }
            }
        }
    }
}
