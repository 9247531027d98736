//! What a text points at: modules, files that are read, and addresses of the web.

use crate::driver::Look;
use crate::source::{FileId, Span};
use crate::syntax::{Expr, MemberKind, TextPart};

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkTarget {
    /// A file of the run.
    File(FileId),
    /// A path in the project.
    Path(String),
    /// An address of the web.
    Web(String),
}

/// A link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// What is clicked.
    pub at: Span,
    /// Where it leads.
    pub target: LinkTarget,
}

/// The functions that read files.
const READERS: [&str; 3] = ["read", "read-yaml", "read-json"];

/// The links of a file.
pub fn links(look: &Look<'_, '_>, file: FileId) -> Vec<Link> {
    let (names, source) = (look.names(), look.sources.get(file));
    let folder = source.name().rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Vec::new();
    for info in names.trees.iter().filter(|info| info.file == file) {
        let tree = &info.tree;
        for member in &tree.members {
            let MemberKind::Import { up, path, .. } = member.kind else { continue };
            let parts = tree.names_of(path);
            let (Some(first), Some(last)) = (parts.first(), parts.last()) else { continue };
            let at = info.span(first.at.to(last.at));
            let steps: Vec<&str> = parts.iter().map(|part| part.sym.as_str()).collect();
            let wanted = if up == 0 {
                steps.join(".")
            } else {
                let mut around: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
                let depth = around.len().saturating_sub(up as usize - 1);
                around.truncate(depth);
                around.extend(steps);
                format!("./{}", around.join("/"))
            };
            let module = names.modules.iter().position(|module| module.shown() == wanted);
            let of_module = |tree: &&crate::resolve::TreeInfo| {
                module.is_some_and(|module| tree.module.0 as usize == module)
            };
            if let Some(tree) = names.trees.iter().find(of_module) {
                found.push(Link { at, target: LinkTarget::File(tree.file) });
            }
        }
        for expr in &tree.exprs {
            let Expr::Call { callee, start, len } = *expr else { continue };
            let Expr::Name(function) = tree.expr(callee) else { continue };
            if !READERS.contains(&function.as_str()) {
                continue;
            }
            let args = tree.args_of(crate::syntax::Slice { start, len });
            let Some(Expr::Text(text)) = args.first().map(|arg| tree.expr(arg.value)) else {
                continue;
            };
            if let [TextPart::Verbatim(at)] = tree.parts_of(tree.text(text).parts) {
                let at = info.span(*at);
                let path = look.sources.slice(at);
                let path =
                    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
                found.push(Link { at, target: LinkTarget::Path(path) });
            }
        }
        for text in &tree.texts {
            for part in tree.parts_of(text.parts) {
                let TextPart::Verbatim(at) = part else { continue };
                let at = info.span(*at);
                let piece = look.sources.slice(at);
                let scheme = piece.starts_with("https://") || piece.starts_with("http://");
                let whole = tree.parts_of(text.parts).len() == 1;
                if scheme && whole && !piece.contains(char::is_whitespace) {
                    found.push(Link { at, target: LinkTarget::Web(piece.to_owned()) });
                }
            }
        }
    }
    found.sort_by_key(|link| link.at);
    found
}
