//! Final values of contexts: whether their texts read only what their computed records hold.

use super::evaluator::Evaluator;
use super::value::{Later, LaterRef, Part, RecordId, Run, Value};
use crate::diag::Diagnostic;
use crate::source::{Span, Sym};
use crate::types::{Computing, Known, SchemaId};

/// A field of a staged name that a text reads: the name, the field, and where.
type Read = (Sym, Sym, Span);

/// What the later texts of a record read.
#[derive(Default)]
struct Reads {
    fields: Vec<Read>,
    /// Texts, which the target may read as templates, and where they are written.
    texts: Vec<(Run, Span)>,
}

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
            if let Some(known) = self.known_fields(computing, value)
                && let Some(lost) = self.said_at(record, source, &known, target)
            {
                let mut reads = Reads::default();
                self.reads_of(record, context, target, &mut reads);
                for (name, field, at) in reads.fields {
                    if name == staged && !known.names.contains(&field) {
                        self.no_such_read(computing, &known, (name, field, at), lost);
                    }
                }
                if computing == Computing::LabelsOf && types.reads_templates(context) {
                    for (run, at) in reads.texts {
                        let (text, holes) = self.template_text(run);
                        let read = (text.as_str(), holes.as_slice());
                        let places = (at, lost);
                        if let Some(found) =
                            types.judge_template_labels(context, &known, read, places)
                        {
                            self.told_of_user(found, at);
                        }
                    }
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

    /// Where a record's field says what is known.
    fn said_at(
        &mut self,
        record: RecordId,
        source: Sym,
        known: &Known,
        target: u32,
    ) -> Option<Span> {
        let types = self.types;
        let field = self.schema_of(record).and_then(|schema| {
            let slot = types.slot(schema, source)?;
            Some((slot, types.schema(schema).fields.get(usize::from(slot))?.at))
        });
        let (slot, declared) = field?;
        Some(match self.written_as(record, slot, target) {
            Some((tree, expr)) => self.names.text_place(tree, expr, known.at),
            // Nobody says it: its default does.
            None => declared,
        })
    }

    fn no_such_read(
        &mut self,
        computing: Computing,
        known: &Known,
        (name, field, at): Read,
        lost: Span,
    ) {
        let read = (name.as_str(), field, at);
        let error = self.types.no_computed_field(computing, known, read, lost);
        self.told_of_user(error, at);
    }

    /// Reports a finding at a place, with the resource whose value it is where that stands elsewhere.
    fn told_of_user(&mut self, error: Diagnostic, at: Span) {
        self.report(match self.user_of(at) {
            Some((span, address)) => error.because(span, format!("`{address}` has it from there")),
            None => error,
        });
    }

    /// What the later texts of a record read; those of the records in it that belong to the same context, too.
    fn reads_of(&mut self, record: RecordId, context: SchemaId, target: u32, reads: &mut Reads) {
        let types = self.types;
        let Some(schema) = self.schema_of(record) else { return };
        for (slot, field) in (0u16..).zip(&types.schema(schema).fields) {
            if !field.is_settable() {
                continue;
            }
            let is_later = types.context_of(field.ty) == Some(context);
            if is_later || types.may_hold_records(field.ty) {
                let value = self.field_at(record, slot, target, None);
                let at = self.written_at(record, slot, target).unwrap_or(field.at);
                self.reads_in(value, (context, is_later, at), target, reads);
            }
        }
    }

    fn reads_in(
        &mut self,
        value: Value,
        (context, is_later, at): (SchemaId, bool, Span),
        target: u32,
        reads: &mut Reads,
    ) {
        match value {
            Value::Later(later) if is_later => self.reads_by(later, reads),
            Value::Template(run) if is_later => {
                reads.texts.push((run, at));
                for part in self.store.parts(run).to_vec() {
                    if let Part::Hole(later) = part {
                        self.reads_by(later, reads);
                    }
                }
            }
            Value::List(run) => {
                for item in self.store.items(run).to_vec() {
                    self.reads_in(item, (context, is_later, at), target, reads);
                }
            }
            Value::Map(run) => {
                for (_, item) in self.store.entries(run).to_vec() {
                    self.reads_in(item, (context, is_later, at), target, reads);
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

    fn reads_by(&self, later: LaterRef, reads: &mut Reads) {
        match self.store.read_later(later) {
            Later::Staged(_) => {}
            Later::Field(base, name, at) => match self.store.read_later(base) {
                Later::Staged(staged) => reads.fields.push((staged, name, at)),
                _ => self.reads_by(base, reads),
            },
            Later::Item(base, ..) => self.reads_by(base, reads),
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

    fn reads_of_part(&self, value: Value, reads: &mut Reads) {
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
