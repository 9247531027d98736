//! Paths as people read them: `workers.general.replicas`.

use crate::resolve::{Names, TreeId};
use crate::source::Extent;
use crate::syntax::{BodyId, Expr, Key, Member, MemberId, MemberKind, Tree};

/// The path of a member below the item that it stands in. `body` narrows the search to one body.
pub(super) fn of_member(
    names: &Names,
    tree: TreeId,
    body: Option<BodyId>,
    member: MemberId,
) -> String {
    let nodes = &names.tree(tree).tree;
    let wanted = nodes.member(member).at;
    let text = |at| names.text(tree, at);
    let mut parts: Vec<String> = Vec::new();
    let mut open: Vec<MemberId> = match body {
        Some(body) => nodes.member_ids(body).to_vec(),
        None => nodes.items.clone(),
    };
    let mut at_item = body.is_none();
    // Downwards: at each level the one member that covers the wanted place.
    while let Some(&next) = open.iter().find(|&&id| {
        let at = nodes.member(id).at;
        at.start <= wanted.start && wanted.end <= at.end
    }) {
        let found = nodes.member(next);
        if !at_item {
            own_parts(nodes, &text, found, &mut parts);
        }
        at_item = at_item && matches!(found.kind, MemberKind::If { .. } | MemberKind::For { .. });
        if next == member {
            break;
        }
        open = inner(nodes, found, wanted.start);
    }
    // A key that is computed stands as it is written: `labels[team]`.
    parts.join(".").replace(".[", "[")
}

fn own_parts<'a>(
    nodes: &Tree,
    text: &dyn Fn(Extent) -> &'a str,
    member: &Member,
    parts: &mut Vec<String>,
) {
    match member.kind {
        MemberKind::Set { path, .. } | MemberKind::Remove { path } => {
            parts.extend(nodes.names_of(path).iter().map(|name| name.sym.to_string()));
        }
        MemberKind::Block { path, key, .. } => {
            parts.extend(nodes.names_of(path).iter().map(|name| name.sym.to_string()));
            match key {
                Key::Name(name) => parts.push(name.sym.to_string()),
                Key::Star(_) => parts.push("*".to_owned()),
                Key::Text(key) => parts.push(text(nodes.text(key).at).to_owned()),
                Key::None => {}
            }
        }
        MemberKind::Computed { key, .. } => {
            parts.push(format!("[{}]", text(nodes.expr_extent(key))));
        }
        MemberKind::Field { name, .. } => {
            parts.extend(["param".to_owned(), name.sym.to_string()]);
        }
        _ => {}
    }
}

fn inner(nodes: &Tree, member: &Member, at: u32) -> Vec<MemberId> {
    let body = match member.kind {
        MemberKind::Block { body, .. }
        | MemberKind::Preset { body, .. }
        | MemberKind::For { body, .. } => Some(body),
        MemberKind::Set { value, .. } => match nodes.expr(value) {
            Expr::Record { body, .. } => Some(body),
            _ => None,
        },
        MemberKind::If { then, other, .. } => {
            let holds = |body: &BodyId| {
                let extent = nodes.body(*body).at;
                extent.start <= at && at < extent.end
            };
            std::iter::once(then).chain(other).find(holds)
        }
        MemberKind::By { arms, .. } => {
            nodes.by_bodies_of(arms).iter().map(|arm| arm.body).find(|body| {
                let extent = nodes.body(*body).at;
                extent.start <= at && at < extent.end
            })
        }
        _ => None,
    };
    body.map(|body| nodes.member_ids(body).to_vec()).unwrap_or_default()
}
