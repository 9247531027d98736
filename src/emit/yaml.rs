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

#[cfg(test)]
mod tests {
    use super::write;
    use crate::backend::Node;
    use crate::eval::Origin;

    fn text(value: &str) -> Node<'_> {
        Node::Text(value.into(), Origin::NONE)
    }

    fn int(value: i64) -> Node<'static> {
        Node::Int(value, Origin::NONE)
    }

    fn map<'a>(entries: Vec<(&'a str, Node<'a>)>) -> Node<'a> {
        Node::Map(entries.into_iter().map(|(key, node)| (key.into(), node)).collect())
    }

    fn check(node: &Node<'_>, expected: &str) {
        let mut out = Vec::new();
        write(node, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn it_looks_like_what_kubectl_prints() {
        let container = map(vec![
            ("name", text("web")),
            ("args", Node::List(vec![text("--port"), text("8080")])),
            (
                "ports",
                Node::List(vec![map(vec![("containerPort", int(8080)), ("x", map(vec![]))])]),
            ),
            ("command", Node::List(vec![text("sh"), text("set -eu\nexec web\n")])),
        ]);
        check(
            &map(vec![
                ("kind", text("Pod")),
                ("spec", map(vec![("containers", Node::List(vec![container]))])),
                ("empty", Node::List(vec![])),
                ("ready", Node::Bool(false, Origin::NONE)),
                ("on", Node::Float(0.5, Origin::NONE)),
            ]),
            "\
kind: Pod
spec:
  containers:
  - name: web
    args:
    - --port
    - \"8080\"
    ports:
    - containerPort: 8080
      x: {}
    command:
    - sh
    - |
      set -eu
      exec web
empty: []
ready: false
\"on\": 0.5
",
        );
    }

    #[test]
    fn lists_in_lists_stand_behind_their_dashes() {
        let inner = Node::List(vec![
            text("a"),
            Node::List(vec![text("b\nc"), map(vec![("k", int(1)), ("l", int(2))])]),
        ]);
        check(
            &Node::List(vec![inner, int(3)]),
            "- - a\n  - - |-\n      b\n      c\n    - k: 1\n      l: 2\n- 3\n",
        );
    }

    #[test]
    fn a_document_may_be_one_scalar() {
        check(&text("a\nb"), "|-\n  a\n  b\n");
        check(&int(i64::MIN), "-9223372036854775808\n");
        check(&map(vec![]), "{}\n");
    }

    #[test]
    fn a_long_key_is_an_explicit_one() {
        let long = "k".repeat(2000);
        let entries = vec![(long.as_str(), Node::List(vec![int(1)])), ("a", int(2))];
        check(&Node::List(vec![map(entries)]), &format!("- ? \"{long}\"\n  :\n  - 1\n  a: 2\n"));
    }

    #[test]
    fn depth_takes_no_stack() {
        let mut node = int(1);
        for _ in 0..2_000 {
            node = Node::List(vec![map(vec![("k", node)])]);
        }
        let write_it = move || {
            let mut out = Vec::new();
            write(&node, &mut out);
            // Dropping so deep a tree takes stack; that is not what is tested here.
            std::mem::forget(node);
            out.len()
        };
        let thread = std::thread::Builder::new().stack_size(64 * 1024).spawn(write_it).unwrap();
        assert!(thread.join().unwrap() > 2_000);
    }
}
