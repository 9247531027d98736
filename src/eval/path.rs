//! Paths as people read them: `workers.general.replicas`.

use crate::resolve::{Names, TreeId};
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
    let mut parts: Vec<&str> = Vec::new();
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
            own_parts(nodes, found, &mut parts);
        }
        at_item = at_item && matches!(found.kind, MemberKind::If { .. });
        if next == member {
            break;
        }
        open = inner(nodes, found, wanted.start);
    }
    parts.join(".")
}

fn own_parts<'a>(nodes: &'a Tree, member: &Member, parts: &mut Vec<&'a str>) {
    match member.kind {
        MemberKind::Set { path, .. } | MemberKind::Remove { path } => {
            parts.extend(nodes.names_of(path).iter().map(|name| name.sym.as_str()));
        }
        MemberKind::Block { path, key, .. } => {
            parts.extend(nodes.names_of(path).iter().map(|name| name.sym.as_str()));
            match key {
                Key::Name(name) => parts.push(name.sym.as_str()),
                Key::Star(_) => parts.push("*"),
                Key::None | Key::Text(_) => {}
            }
        }
        MemberKind::Field { name, .. } => parts.extend(["param", name.sym.as_str()]),
        _ => {}
    }
}

fn inner(nodes: &Tree, member: &Member, at: u32) -> Vec<MemberId> {
    let body = match member.kind {
        MemberKind::Block { body, .. } | MemberKind::Preset { body, .. } => Some(body),
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
