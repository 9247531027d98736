//! Block YAML, indented by two, the items of a list flush with the key above: as kubectl prints.

use std::borrow::Cow;
use std::slice::Iter;

use super::line_map::Recorder;
use super::scalar;
use crate::backend::Node;
use crate::eval::Origin;

/// Writes one YAML document without separators. Equal nodes give equal bytes, and each reader of YAML 1.1, YAML 1.2 and
/// Kubernetes gives back the very node. It takes no more stack for deeper nodes.
pub fn write(node: &Node<'_>, out: &mut Vec<u8>) {
    write_with(node, out, &mut ());
}

/// A map or list that is being written, and the column of its keys or dashes.
enum Open<'n, 'a> {
    Map(Iter<'n, (Cow<'a, str>, Node<'a>)>, usize),
    List(Iter<'n, Node<'a>>, usize),
}

/// What stands in front of a node on its line.
#[derive(Clone, Copy)]
enum After {
    /// Nothing: it is the document.
    Start,
    /// The `:` of a key in this column.
    Key(usize),
    /// The `-` of a list in this column.
    Dash(usize),
}

/// Like [`write`]; the recorder hears where each line comes from.
pub(super) fn write_with<R: Recorder>(node: &Node<'_>, out: &mut Vec<u8>, recorder: &mut R) {
    let mut open: Vec<Open<'_, '_>> = Vec::new();
    let mut fresh = true;
    open.extend(place(node, After::Start, &mut fresh, out, recorder));
    while let Some(last) = open.last_mut() {
        let child = match last {
            Open::Map(entries, column) => entries.next().map(|(key, node)| {
                start_line(&mut fresh, *column, out);
                write_key(key, *column, out, recorder);
                (node, After::Key(*column))
            }),
            Open::List(items, column) => items.next().map(|node| {
                start_line(&mut fresh, *column, out);
                out.push(b'-');
                (node, After::Dash(*column))
            }),
        };
        match child {
            Some((node, after)) => open.extend(place(node, after, &mut fresh, out, recorder)),
            None => {
                open.pop();
            }
        }
    }
}

/// Indents, unless a dash before has begun the line.
#[inline]
fn start_line(fresh: &mut bool, column: usize, out: &mut Vec<u8>) {
    if *fresh {
        scalar::blanks(column, out);
    }
    *fresh = true;
}

fn write_key<R: Recorder>(key: &str, column: usize, out: &mut Vec<u8>, recorder: &mut R) {
    let start = out.len();
    scalar::key(key, out);
    if out.len() - start > scalar::SIMPLE_KEY {
        out.splice(start..start, *b"? ");
        out.push(b'\n');
        recorder.lines(1, Origin::NONE);
        scalar::blanks(column, out);
    }
    out.push(b':');
}

/// Writes a scalar with its line's end, or the beginning of a map or list; gives what remains open.
#[inline]
fn place<'n, 'a, R: Recorder>(
    node: &'n Node<'a>,
    after: After,
    fresh: &mut bool,
    out: &mut Vec<u8>,
    recorder: &mut R,
) -> Option<Open<'n, 'a>> {
    let (map_column, list_column) = match after {
        After::Start => (0, 0),
        After::Key(column) => (column + 2, column),
        After::Dash(column) => (column + 2, column + 2),
    };
    let opened = match node {
        Node::Map(entries) if !entries.is_empty() => Open::Map(entries.iter(), map_column),
        Node::List(items) if !items.is_empty() => Open::List(items.iter(), list_column),
        Node::Map(_)
        | Node::List(_)
        | Node::Bool(..)
        | Node::Int(..)
        | Node::Float(..)
        | Node::Text(..) => {
            if !matches!(after, After::Start) {
                out.push(b' ');
            }
            let (inner_lines, origin) = write_scalar(node, map_column.max(2), out);
            out.push(b'\n');
            recorder.lines(inner_lines + 1, origin);
            return None;
        }
    };
    match after {
        After::Start => {}
        After::Key(_) => {
            out.push(b'\n');
            recorder.lines(1, Origin::NONE);
        }
        After::Dash(_) => {
            out.push(b' ');
            *fresh = false;
        }
    }
    Some(opened)
}

/// Writes a node that has no children; gives the number of line ends in it, and its origin.
fn write_scalar(node: &Node<'_>, indent: usize, out: &mut Vec<u8>) -> (usize, Origin) {
    match node {
        Node::Text(text, origin) => (scalar::value(text, indent, out), *origin),
        Node::Int(value, origin) => {
            scalar::int(*value, out);
            (0, *origin)
        }
        Node::Bool(value, origin) => {
            out.extend_from_slice(if *value { b"true" } else { b"false" });
            (0, *origin)
        }
        Node::Float(value, origin) => {
            scalar::float(*value, out);
            (0, *origin)
        }
        Node::Map(_) => {
            out.extend_from_slice(b"{}");
            (0, Origin::NONE)
        }
        Node::List(_) => {
            out.extend_from_slice(b"[]");
            (0, Origin::NONE)
        }
    }
}
