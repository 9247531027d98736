//! `iflux why`: where a value, or a line of output, comes from.

use std::fmt::Write as _;

use crate::backend;
use crate::diag::{Diagnostic, Sink, nearest};
use crate::emit;
use crate::eval::{Evaluator, NOTHING, Origin, RecordId, Resource, Trace, Value};
use crate::model;
use crate::source::{Sources, Span, Sym};

use super::errors;

/// A value that is not known, as it is written.
const UNKNOWN: &str = "?";

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Query<'a> {
    /// `cluster.eu-1.workers.general.replicas`.
    Path(&'a str),
    /// `out/eu-1/monitoring/nodes.yaml:42`.
    Line {
        /// The file below the output folder, as far as it can be told.
        path: &'a str,
        /// From 1.
        line: usize,
    },
}

impl<'a> Query<'a> {
    /// Reads a query: what ends in `:LINE` is a line of a file.
    pub(super) fn read(text: &'a str) -> Self {
        match text.rsplit_once(':') {
            Some((path, line)) if path.ends_with(".yaml") => match line.parse() {
                Ok(line) => Self::Line { path, line },
                Err(_) => Self::Path(text),
            },
            _ => Self::Path(text),
        }
    }
}

/// Answers a query; `shown` is the file's present content, if there is one.
pub(super) fn answer(
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    sources: &Sources,
    query: &Query<'_>,
    shown: Option<&[u8]>,
) -> Result<String, Box<Diagnostic>> {
    match query {
        Query::Path(path) => by_path(values, resources, sources, path),
        Query::Line { path, line } => by_line(values, resources, sources, path, *line, shown),
    }
}

fn by_path(
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    sources: &Sources,
    path: &str,
) -> Result<String, Box<Diagnostic>> {
    let parts = steps(path);
    let Some((resource, taken)) = addressed(values, resources, &parts) else {
        let address = parts.iter().take(2).copied().collect::<Vec<_>>().join(".");
        let known: Vec<String> =
            resources.iter().map(|resource| values.address(resource.block)).collect();
        let near = nearest(&address, known.iter().map(String::as_str)).map(str::to_owned);
        return Err(Box::new(errors::no_such_value(path, &address, near.as_deref())));
    };
    let address = values.address(resource.block);
    let parts = parts.into_iter().skip(taken);
    let target = resource.targets.first().copied().unwrap_or(NOTHING);
    let mut slot: Option<u32> = None;
    let mut record = Some(resource.root);
    let mut walked = address.clone();
    for part in parts {
        let key = Sym::new(part.trim_matches('"'));
        let next = match (record, slot) {
            (Some(record), _) => field(values, record, key, target),
            (None, Some(map)) => {
                values.entry_of(map, key, target).and_then(|(_, origin)| origin.as_slot())
            }
            (None, None) => None,
        };
        let Some(found) = next else {
            let known = known_parts(values, record, slot, target);
            let near = nearest(part, known.iter().map(|name| name.as_str())).map(str::to_owned);
            return Err(Box::new(errors::no_such_value(
                path,
                &format!("{walked}.{part}"),
                near.as_deref(),
            )));
        };
        let _ = write!(walked, ".{part}");
        slot = Some(found);
        let value = values.value_of(found, target);
        record = if let Value::Record(record) = value { Some(record) } else { None };
    }
    match (slot, record) {
        (Some(slot), None) => {
            let mut trace = values.trace(slot, &resource.targets);
            if let Some(trace) = &mut trace
                && resource.targets.is_empty()
                && let [(value, _)] = trace.values.as_mut_slice()
                && value.as_str() == UNKNOWN
            {
                *value =
                    "unknown: it differs from cluster to cluster, and this stands on none".into();
            }
            Ok(trace.map(|trace| show(&trace, sources)).unwrap_or_default())
        }
        (_, Some(record)) => Ok(whole(values, record, &walked, resource, sources)),
        (None, None) => Ok(String::new()),
    }
}

/// The steps of a path; a step in quotes may hold dots.
pub(super) fn steps(path: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'.' if !is_quoted => {
                found.extend(path.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(path.get(start..));
    found
}

/// The resource with which a path begins, and how many steps its address takes: the longest that fits. What a component
/// makes may have the kind of its use before it, and lack its own where one kind only has that name.
pub(super) fn addressed<'r>(
    values: &Evaluator<'_>,
    resources: &'r [Resource],
    path: &[&str],
) -> Option<(&'r Resource, usize)> {
    let mut best: Option<(&Resource, usize)> = None;
    let mut loose: Vec<(&Resource, usize)> = Vec::new();
    for resource in resources {
        let address = values.address(resource.block);
        let own = steps(&address);
        let is_made =
            values.blocks.get(resource.block as usize).is_some_and(|block| block.parent != NOTHING);
        let exact = path.starts_with(&own).then_some(own.len());
        let behind_kind = || {
            let outermost = values.blocks.get(values.outermost(resource.block) as usize)?;
            let keyword = values.types.kinds.get(&outermost.kind)?.keyword;
            let rest = path.strip_prefix(&[keyword.as_str()])?;
            (is_made && rest.starts_with(&own)).then_some(own.len() + 1)
        };
        if let Some(taken) = exact.or_else(behind_kind)
            && best.is_none_or(|(_, most)| taken > most)
        {
            best = Some((resource, taken));
        }
        if let (true, [use_name, _, child]) = (is_made, own.as_slice())
            && path.starts_with(&[use_name, child])
        {
            loose.push((resource, 2));
        }
    }
    match (best, loose.as_slice()) {
        (Some(best), _) => Some(best),
        (None, [one]) => Some(*one),
        (None, _) => None,
    }
}

/// A field of a record, through its addressable map.
fn field(values: &mut Evaluator<'_>, record: RecordId, key: Sym, target: u32) -> Option<u32> {
    if let Some(slot) = values.slot_of(record, key) {
        return Some(slot);
    }
    let schema = values.schema_of(record)?;
    let (_, maps) = values.types.addressed(schema)?;
    maps.into_iter().find_map(|(_, map)| {
        let slot = values.slot_of(record, map)?;
        values.entry_of(slot, key, target)?.1.as_slot()
    })
}

fn known_parts(
    values: &mut Evaluator<'_>,
    record: Option<RecordId>,
    slot: Option<u32>,
    target: u32,
) -> Vec<Sym> {
    if let Some(schema) = record.and_then(|record| values.schema_of(record)) {
        return values.types.schema(schema).fields.iter().map(|field| field.name).collect();
    }
    match slot.map(|slot| values.value_of(slot, target)) {
        Some(Value::Map(run)) => values.store.entries(run).iter().map(|(key, _)| *key).collect(),
        _ => Vec::new(),
    }
}

/// A record: every field on a line.
fn whole(
    values: &mut Evaluator<'_>,
    record: RecordId,
    path: &str,
    resource: &Resource,
    sources: &Sources,
) -> String {
    let mut out = format!("{path}\n");
    let Some(schema) = values.schema_of(record) else { return out };
    let names: Vec<Sym> =
        values.types.schema(schema).fields.iter().map(|field| field.name).collect();
    for name in names {
        let Some(slot) = values.slot_of(record, name) else { continue };
        let Some(trace) = values.trace(slot, &resource.targets) else { continue };
        let Some((value, _)) = trace.values.first() else { continue };
        if value == "?" {
            continue;
        }
        let more = if trace.values.len() > 1 { ", ..." } else { "" };
        let line = value.lines().next().unwrap_or("");
        let from = trace.layers.iter().find(|layer| layer.wins.is_some());
        let from = from.map_or_else(String::new, |layer| {
            format!("   {} ({})", layer.who, place(layer.at, sources))
        });
        let _ = writeln!(out, "  {name} = {line}{more}{from}");
    }
    out
}

fn place(at: Span, sources: &Sources) -> String {
    let position = sources.position(at);
    format!("{}:{}:{}", sources.get(at.file).name(), position.line, position.column)
}

/// A trace as text.
fn show(trace: &Trace, sources: &Sources) -> String {
    let mut out = String::new();
    match trace.values.as_slice() {
        [(value, targets)] if targets.is_empty() => {
            let _ = writeln!(out, "{} = {value}", trace.path);
        }
        values => {
            let _ = writeln!(out, "{} differs from target to target:", trace.path);
            for (value, targets) in values {
                let names: Vec<&str> = targets.iter().map(|name| name.as_str()).collect();
                let _ = writeln!(out, "  {value} on {}", names.join(", "));
            }
        }
    }
    for layer in &trace.layers {
        let mark = match &layer.wins {
            Some(targets) if targets.is_empty() => "=>".to_owned(),
            Some(_) => "=>".to_owned(),
            None => "  ".to_owned(),
        };
        let text = sources.slice(layer.at);
        let line = text.lines().next().unwrap_or("").trim();
        let more = if text.lines().nth(1).is_some() { " .." } else { "" };
        let _ =
            writeln!(out, "  {mark} {:<24} {}: {line}{more}", layer.who, place(layer.at, sources));
        if let Some(Some(targets)) = layer.wins.as_ref().map(|t| (!t.is_empty()).then_some(t)) {
            let names: Vec<&str> = targets.iter().map(|name| name.as_str()).collect();
            let _ = writeln!(out, "     on {}", names.join(", "));
        }
        // What stands in the line above is not said again.
        if let Some(because) = layer.because.as_ref().filter(|because| !line.contains(*because)) {
            let _ = writeln!(out, "     because {because}");
        }
    }
    for input in &trace.inputs {
        let line = sources.slice(input.at).lines().next().unwrap_or("").trim();
        let _ = writeln!(out, "     {:<24} {}: {line}", input.who, place(input.at, sources));
    }
    for (hole, value) in &trace.holes {
        let _ = writeln!(out, "     \\({hole}) is {value}");
    }
    let around = trace.calls.iter().map(|call| call.depth).min().unwrap_or(0);
    for call in &trace.calls {
        let margin = "  ".repeat((call.depth - around).min(8) as usize);
        let at = place(call.at, sources);
        let _ = writeln!(out, "     {margin}{} gave {}   fn at {at}", call.call, call.result);
    }
    out
}

fn by_line(
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    sources: &Sources,
    path: &str,
    line: usize,
    shown: Option<&[u8]>,
) -> Result<String, Box<Diagnostic>> {
    let found = {
        let model = model::lift(values, resources, sources, &mut Sink::new());
        let mut known = Vec::new();
        let mut found = None;
        for job in backend::lower(&model) {
            let output = job();
            for cluster in &output.clusters {
                let full = format!("{}/{}", cluster.name, output.document.path);
                if path == full || path.ends_with(&format!("/{full}")) {
                    let (file, lines) = emit::render_with_lines(&output.document);
                    found = Some((full.clone(), file, lines, output.document.address.to_string()));
                }
                known.push(full);
            }
        }
        match found {
            Some(found) => found,
            None => {
                let near = nearest(path, known.iter().map(String::as_str)).map(str::to_owned);
                return Err(Box::new(errors::no_such_file(path, near.as_deref())));
            }
        }
    };
    let (full, file, lines, address) = found;
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    let Some(content) = line.checked_sub(1).and_then(|index| text.lines().nth(index)) else {
        return Err(Box::new(errors::no_such_line(&full, line, text.lines().count())));
    };
    let mut out = String::new();
    if shown.is_some_and(|shown| shown != file.bytes) {
        let _ = writeln!(
            out,
            "note: {full} on disk is not what these sources build; this is line {line} of a new build\n"
        );
    }
    let _ = writeln!(out, "{full}:{line}: {}", content.trim());
    let _ = writeln!(out, "from {address}");
    let origin = lines.at(line).map_or(Origin::NONE, |line| line.origin);
    if let Some(rule) = origin.as_rule() {
        let _ = writeln!(out, "  the compiler's own: {rule}");
    } else if let Some(slot) = origin.as_slot() {
        let resource = resources.iter().find(|resource| values.address(resource.block) == address);
        let targets = resource.map(|resource| resource.targets.clone()).unwrap_or_default();
        if let Some(trace) = values.trace(slot, &targets) {
            out.push_str(&show(&trace, sources));
        }
    } else {
        out.push_str("  structure: no value of the program stands on this line\n");
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn queries() {
        assert_eq!(Query::read("cluster.eu-1.x"), Query::Path("cluster.eu-1.x"));
        assert_eq!(Query::read("out/a.yaml:3"), Query::Line { path: "out/a.yaml", line: 3 });
        assert_eq!(Query::read("labels.\"a:3\""), Query::Path("labels.\"a:3\""));
    }
}
