//! Final values of contexts: whether their texts read only what their computed records hold.

use super::evaluator::Evaluator;
use super::value::{Later, LaterRef, Part, RecordId, Value};
use crate::embedded::TEMPLATE_HOLE;
use crate::source::{Span, Sym};
use crate::types::{Computing, Known, SchemaId};

/// A field of a staged name that a text reads: the name, the field, and where. A template that was computed says only
/// where it is set.
type Read = (Sym, Sym, Span, Exact);

/// Whether just the field stands at a place.
type Exact = bool;

impl Evaluator<'_> {
    /// Judges the later texts of a record by what its computed records hold, on a target.
    pub(super) fn later_reads(&mut self, record: RecordId, target: u32) {
        let types = self.types;
        let Some(schema) = self.schema_of(record) else { return };
        let Some(&context) = types.contexts.get(&schema) else { return };
        for (staged, computing, source) in types.computed(context) {
            let findings = self.waiting();
            let outer = std::mem::take(&mut self.deps);
            let value = self.field(record, source, target, None);
            if let Some(known) = self.known_fields(computing, value) {
                let mut reads = Vec::new();
                self.reads_of(record, context, target, &mut reads);
                reads.retain(|(name, field, ..)| *name == staged && !known.names.contains(field));
                for read in reads {
                    self.no_such_read(record, (computing, source), &known, read, target);
                }
            }
            let deps = self.deps;
            self.place_findings(findings, deps, target);
            self.deps = outer | deps;
        }
    }

    fn known_fields(&self, computing: Computing, value: Value) -> Option<Known> {
        match value {
            Value::Text(_) => computing.of_text(self.store.as_text(value)?),
            Value::List(run) => {
                let names = self.store.items(run).iter();
                let names = names.map(|&item| Some(Sym::new(self.store.as_text(item)?)));
                computing.of_names(names.collect::<Option<_>>()?)
            }
            Value::Map(run) => {
                computing.of_names(self.store.entries(run).iter().map(|(key, _)| *key).collect())
            }
            _ => None,
        }
    }

    fn no_such_read(
        &mut self,
        record: RecordId,
        (computing, source): (Computing, Sym),
        known: &Known,
        (name, field, at, is_exact): Read,
        target: u32,
    ) {
        let types = self.types;
        let Some(schema) = self.schema_of(record) else { return };
        let Some(slot) = types.slot(schema, source) else { return };
        let lost = match self.written_as(record, slot, target) {
            Some((tree, expr)) => self.names.text_place(tree, expr, known.at),
            // Nobody says it: its default does.
            None => types.schema(schema).fields.get(usize::from(slot)).map_or(at, |field| field.at),
        };
        let mut error = types.no_computed_field(computing, known, (name.as_str(), field, at), lost);
        if !is_exact {
            error.fixes.clear();
        }
        if let Some((span, address)) = self.user_of(at) {
            error = error.because(span, format!("`{address}` has it from there"));
        }
        self.report(error);
    }

    /// What the later texts of a record read; those of the records in it that belong to the same context, too.
    fn reads_of(
        &mut self,
        record: RecordId,
        context: SchemaId,
        target: u32,
        reads: &mut Vec<Read>,
    ) {
        let types = self.types;
        let Some(schema) = self.schema_of(record) else { return };
        for (slot, field) in (0u16..).zip(&types.schema(schema).fields) {
            if !field.is_settable() {
                continue;
            }
            let is_later = types.context_of(field.ty) == Some(context);
            if is_later || types.may_hold_records(field.ty) {
                let value = self.field_at(record, slot, target, None);
                if is_later && types.reads_templates(context) {
                    let place = match self.written_as(record, slot, target) {
                        Some((tree, expr)) => self.names.text_place(tree, expr, None),
                        None => field.at,
                    };
                    self.templates_in(value, context, place, reads);
                }
                self.reads_in(value, (context, is_later), target, reads);
            }
        }
    }

    /// What the actions of templates read.
    fn templates_in(&self, value: Value, context: SchemaId, at: Span, reads: &mut Vec<Read>) {
        // Only what stands in a later text itself is a template; what is put in means itself.
        let text: String = match value {
            Value::Template(run) => {
                let parts = self.store.parts(run).iter();
                let sources = parts.map(|part| match *part {
                    Part::Source(text) => self.store.read(text).to_owned(),
                    Part::Text(_) | Part::Hole(_) => TEMPLATE_HOLE.to_string(),
                });
                sources.collect()
            }
            Value::Map(run) => {
                for &(_, item) in self.store.entries(run) {
                    self.templates_in(item, context, at, reads);
                }
                return;
            }
            _ => return,
        };
        let labels = self.types.computed(context).into_iter();
        let labels = labels.filter(|(_, computing, _)| *computing == Computing::LabelsOf);
        for (staged, ..) in labels {
            let read = self.types.labels_read(context, &text).into_iter();
            reads.extend(read.map(|label| (staged, label, at, false)));
        }
    }

    fn reads_in(
        &mut self,
        value: Value,
        (context, is_later): (SchemaId, bool),
        target: u32,
        reads: &mut Vec<Read>,
    ) {
        match value {
            Value::Later(later) if is_later => self.reads_by(later, reads),
            Value::Template(run) if is_later => {
                for part in self.store.parts(run).to_vec() {
                    if let Part::Hole(later) = part {
                        self.reads_by(later, reads);
                    }
                }
            }
            Value::List(run) => {
                for item in self.store.items(run).to_vec() {
                    self.reads_in(item, (context, is_later), target, reads);
                }
            }
            Value::Map(run) => {
                for (_, item) in self.store.entries(run).to_vec() {
                    self.reads_in(item, (context, is_later), target, reads);
                }
            }
            // A record of a context of its own is judged by itself.
            Value::Record(inner)
                if self
                    .schema_of(inner)
                    .is_some_and(|schema| !self.types.contexts.contains_key(&schema)) =>
            {
                self.reads_of(inner, context, target, reads);
            }
            _ => {}
        }
    }

    fn reads_by(&self, later: LaterRef, reads: &mut Vec<Read>) {
        match self.store.read_later(later) {
            Later::Staged(_) => {}
            Later::Field(base, name, at) => match self.store.read_later(base) {
                Later::Staged(staged) => reads.push((staged, name, at, true)),
                _ => self.reads_by(base, reads),
            },
            Later::Call(_, args) => {
                for &arg in self.store.items(args) {
                    self.reads_of_part(arg, reads);
                }
            }
            Later::Otherwise(first, other) => {
                self.reads_by(first, reads);
                self.reads_of_part(other, reads);
            }
        }
    }

    fn reads_of_part(&self, value: Value, reads: &mut Vec<Read>) {
        match value {
            Value::Later(later) => self.reads_by(later, reads),
            Value::Template(run) => {
                for part in self.store.parts(run) {
                    if let Part::Hole(later) = *part {
                        self.reads_by(later, reads);
                    }
                }
            }
            _ => {}
        }
    }
}
