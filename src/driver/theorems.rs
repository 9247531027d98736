//! What theorems refute, where it is written.

use rustc_hash::FxHashMap;

use crate::diag::{Code, Diagnostic, Sink};
use crate::eval::{Evaluator, NOTHING, Resource};
use crate::prove::{Place, Refutation, Written, WrittenBy};
use crate::source::{Sources, Span};

/// Reports refutations; a place that no block wrote is its resource's name. What one value does to many resources is told once.
pub(super) fn report(
    refutations: Vec<Refutation>,
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    sources: &Sources,
    sink: &mut Sink,
) {
    let by_block = by_block(resources);
    let mut found: Vec<(Diagnostic, u32, Vec<u32>)> = Vec::new();
    let mut known: FxHashMap<(Code, Span, String), usize> = FxHashMap::default();
    for refutation in refutations {
        let spans: Option<Vec<Written>> = refutation
            .places
            .iter()
            .map(|place| written(place, values, &by_block, sources))
            .collect();
        let Some(first) = refutation.places.first().map(|place| place.resource.0) else { continue };
        let Some(diagnostic) = spans.and_then(|spans| refutation.diagnostic(&spans)) else {
            continue;
        };
        let Some(label) = &diagnostic.primary else { continue };
        let key = (diagnostic.code, label.span, label.text.clone());
        let same = known.get(&key).and_then(|number| found.get_mut(*number));
        match same {
            Some((_, block, others)) if *block != first => {
                if others.last() != Some(&first) {
                    others.push(first);
                }
            }
            _ => {
                known.insert(key, found.len());
                found.push((diagnostic, first, Vec::new()));
            }
        }
    }
    for (diagnostic, block, others) in found {
        let diagnostic = told_of_user(diagnostic, block, values);
        let names: Vec<String> =
            others.iter().take(5).map(|it| format!("`{}`", values.address(*it))).collect();
        sink.report(match others.len() {
            0 => diagnostic,
            count if count <= 5 => {
                diagnostic.help(format!("the same holds for {}", names.join(", ")))
            }
            count => diagnostic.help(format!(
                "the same holds for {} and {} more",
                names.join(", "),
                count - 5
            )),
        });
    }
}

/// What a preset or a layer below writes is shown there; the block that has it from there is told of, too.
fn told_of_user(found: Diagnostic, block: u32, values: &Evaluator<'_>) -> Diagnostic {
    let Some(at) = found.primary.as_ref().map(|label| label.span) else { return found };
    let Some(decl) = values.decl(block) else { return found };
    let info = values.names.tree(decl.tree);
    let whole = info.span(info.tree.member(decl.member).at);
    let inside =
        |span: Span| whole.file == span.file && whole.start <= span.start && span.end <= whole.end;
    if inside(at) || found.because.iter().any(|label| inside(label.span)) {
        return found;
    }
    let Some(name) = values.blocks.get(block as usize).map(|block| block.at) else { return found };
    found.because(name, format!("`{}` has it from there", values.address(block)))
}

/// Resources by the number of their blocks.
pub(super) fn by_block(resources: &[Resource]) -> FxHashMap<u32, &Resource> {
    resources.iter().map(|resource| (resource.block, resource)).collect()
}

/// Where a place of a program is written.
pub(super) fn span(
    place: &Place,
    values: &mut Evaluator<'_>,
    resources: &FxHashMap<u32, &Resource>,
    sources: &Sources,
) -> Option<Span> {
    written(place, values, resources, sources).map(|written| written.at)
}

/// The same, and whether it is written there as it is meant.
/// Where places are written.
pub(super) struct Places<'p, 'a> {
    values: &'p mut Evaluator<'a>,
    by_block: FxHashMap<u32, &'p Resource>,
    sources: &'p Sources,
}

impl<'p, 'a> Places<'p, 'a> {
    pub(super) fn new(
        values: &'p mut Evaluator<'a>,
        resources: &'p [Resource],
        sources: &'p Sources,
    ) -> Self {
        Self { values, by_block: by_block(resources), sources }
    }

    /// Where a place is written; what no block wrote stands at its resource's name.
    pub(super) fn span(&mut self, place: &Place) -> Option<Span> {
        written(place, self.values, &self.by_block, self.sources).map(|it| it.at)
    }
}

fn written(
    place: &Place,
    values: &mut Evaluator<'_>,
    resources: &FxHashMap<u32, &Resource>,
    sources: &Sources,
) -> Option<Written> {
    let resource = resources.get(&place.resource.0)?;
    let name = values.blocks.get(resource.block as usize)?.at;
    let slot = place.origin.as_slot();
    let target = resource.targets.first().copied().unwrap_or(NOTHING);
    let inside = slot.zip(place.part).and_then(|(slot, part)| values.part_at(slot, target, part));
    let (at, exact) = match inside {
        Some((at, exact)) => (Some(at), exact),
        None => {
            let formula = slot.and_then(|slot| {
                let formula = values.formula_at(slot, target);
                formula.or_else(|| super::manifests::written_at(values, slot, &resource.targets))
            });
            (formula, None)
        }
    };
    Some(match at {
        // Defaults stand in the library, where nobody can act.
        Some(at) if sources.get(at.file).is_library() => {
            Written { at: name, exact: None, by: WrittenBy::Library }
        }
        Some(at) => Written { at, exact, by: WrittenBy::Program },
        None => Written { at: name, exact: None, by: WrittenBy::Nobody },
    })
}
