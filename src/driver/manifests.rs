//! Written objects against the Kubernetes versions of the clusters that they stand in.

use std::collections::{BTreeMap, BTreeSet};

use super::admitted::Kept;
use crate::backend::{self, ClassFinding, Misfit, Output, PatchProblem, Problem, Spot};
use crate::diag::{Diagnostic, Sink};
use crate::eval::{Evaluator, NOTHING, Resource, Value};
use crate::kubernetes::{Catalog, fault, final_path, no_object};
use crate::model::{Kind, Model};
use crate::source::{Sources, Span, Sym};

/// A problem, and where it holds.
struct Found {
    address: String,
    problem: Problem,
    /// Minor versions and clusters.
    on: Vec<(u32, Sym)>,
    /// On how many clusters the resource stands.
    of: usize,
}

/// What is wrong with the objects of a program.
pub(super) struct Objections(Vec<Found>, Vec<PatchProblem>, Vec<ClassFinding>);

/// Whether a program writes objects that are judged.
pub(super) fn has_any(values: &Evaluator<'_>, resources: &[Resource]) -> bool {
    resources.iter().any(|resource| {
        let kind = values.blocks.get(resource.block as usize).map(|block| block.kind);
        let kind = kind.and_then(|kind| values.types.kinds.get(&kind));
        kind.is_some_and(|kind| kind.keyword.as_str() == Kind::Manifest.keyword())
            || matches!(values.peek(resource.root, Sym::new("patch"), patched_on(resource)).0, Value::Map(run) if run.len > 0)
    })
}

fn patched_on(resource: &Resource) -> u32 {
    resource.targets.first().copied().unwrap_or(NOTHING)
}

/// Judges every object of every manifest on every version of Kubernetes that it meets. Keeps on the way what admission has a say in.
pub(super) fn judge<'a>(model: &'a Model<'a>, kept: &mut Vec<Kept<'a>>) -> Objections {
    let prefix = format!("{}.", Kind::Manifest.keyword());
    let patched: BTreeSet<String> =
        model.patches().into_iter().map(|(address, ..)| address).collect();
    let mut found: Vec<Found> = Vec::new();
    let mut of_cluster_api: Vec<Output<'_>> = Vec::new();
    let mut has_written = false;
    for job in backend::lower(model) {
        let output = job();
        kept.extend(Kept::of(&output));
        let address = output.document.address.as_ref();
        let is_written = address.starts_with(&prefix) || patched.contains(address);
        if is_written {
            output_on(&model.catalog, &output, &model.minors, &mut found);
        }
        if backend::is_of_cluster_api(&output) {
            has_written |= is_written;
            of_cluster_api.push(output);
        }
    }
    // What backends make by themselves is right: tests hold it to the same rules.
    let classes = if has_written {
        backend::judge_classes(&model.catalog, &of_cluster_api)
    } else {
        Vec::new()
    };
    Objections(found, backend::patch_problems(model), classes)
}

fn output_on(
    catalog: &Catalog,
    output: &Output<'_>,
    versions: &BTreeMap<u32, u32>,
    found: &mut Vec<Found>,
) {
    let address = output.document.address.to_string();
    let mut by_minor: BTreeMap<u32, Vec<Sym>> = BTreeMap::new();
    for cluster in &output.clusters {
        if let Some(minor) = versions.get(&cluster.id.0) {
            by_minor.entry(*minor).or_default().push(cluster.name);
        }
    }
    for (minor, clusters) in by_minor {
        for manifest in &output.document.manifests {
            for problem in backend::judge(catalog, manifest, minor) {
                let on = clusters.iter().map(|cluster| (minor, *cluster));
                let same = |it: &&mut Found| {
                    it.address == address
                        && it.problem.fault == problem.fault
                        && it.problem.path == problem.path
                };
                match found.iter_mut().find(same) {
                    Some(known) => {
                        known.on.extend(on);
                        known.of = known.of.max(output.clusters.len());
                    }
                    None => found.push(Found {
                        address: address.clone(),
                        problem,
                        on: on.collect(),
                        of: output.clusters.len(),
                    }),
                }
            }
        }
    }
}

impl Objections {
    /// Reports them, each where it is written.
    pub(super) fn report(
        self,
        values: &mut Evaluator<'_>,
        resources: &[Resource],
        sources: &Sources,
        sink: &mut Sink,
    ) {
        for finding in self.2 {
            let spots = finding.spots.iter();
            let spans: Option<Vec<Span>> =
                spots.map(|spot| span_of(spot, values, resources, sources)).collect();
            if let Some(spans) = spans {
                sink.report(finding.diagnostic(&spans));
            }
        }
        for problem in self.1 {
            let resource = resources.iter().find(|it| values.address(it.block) == problem.address);
            let Some(resource) = resource else { continue };
            let block_at = values.blocks.get(resource.block as usize).map(|block| block.at);
            let slot = problem.origin.as_slot();
            let at = slot.and_then(|slot| written_at(values, slot, &resource.targets)).or(block_at);
            let Some(at) = at else { continue };
            let (object, address) = (&problem.object, &problem.address);
            sink.report(match &problem.misfit {
                Misfit::NoObject(made) => no_object(object, address, made, false, at),
                Misfit::Several(made) => no_object(object, address, made, true, at),
                Misfit::Final(path) => final_path(path, object, at),
            });
        }
        for found in self.0 {
            let resource =
                resources.iter().find(|resource| values.address(resource.block) == found.address);
            let Some(resource) = resource else { continue };
            let Some(block) = values.decl(resource.block) else { continue };
            let (tree, member, name_at) = (block.tree, block.member, block.at);
            let at = match found.problem.origin.as_slot() {
                Some(slot) => written_at(values, slot, &resource.targets),
                None => base_at(values, tree, member),
            };
            sink.report(found.diagnostic(at.unwrap_or(name_at), name_at));
        }
    }
}

/// Where a value of a resource is written: the part of it that is meant, where that stands there once. What no block wrote is blamed on
/// the resource's name.
fn span_of(
    spot: &Spot,
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    sources: &Sources,
) -> Option<Span> {
    let resource = resources.iter().find(|it| values.address(it.block) == spot.address)?;
    let name = values.blocks.get(resource.block as usize)?.at;
    let slot = spot.origin.as_slot();
    let written = slot.and_then(|slot| written_at(values, slot, &resource.targets));
    let Some(span) = written.filter(|span| !sources.get(span.file).is_library()) else {
        return Some(name);
    };
    let text = sources.get(span.file).text();
    let text = text.get(span.start as usize..span.end as usize).unwrap_or("");
    let mut places = text.match_indices(&spot.part);
    let once = match (spot.part.is_empty(), places.next(), places.next()) {
        (false, Some((start, _)), None) => u32::try_from(start).ok(),
        _ => None,
    };
    let Some(start) = once else { return Some(span) };
    let length = u32::try_from(spot.part.len()).ok()?;
    Some(Span::new(span.file, span.start + start, span.start + start + length))
}

/// Where the formula of a slot stands.
pub(super) fn written_at(values: &mut Evaluator<'_>, slot: u32, targets: &[u32]) -> Option<Span> {
    let trace = values.trace(slot, targets)?;
    trace.layers.iter().find(|layer| layer.wins.is_some()).map(|layer| layer.at)
}

/// Where a block says what it is.
fn base_at(
    values: &Evaluator<'_>,
    tree: crate::resolve::TreeId,
    member: crate::syntax::MemberId,
) -> Option<Span> {
    let info = values.names.tree(tree);
    let crate::syntax::MemberKind::Block { bases, .. } = info.tree.member(member).kind else {
        return None;
    };
    info.tree.paths_of(bases).first().map(|base| info.span(base.at))
}

impl Found {
    fn diagnostic(self, at: Span, _name: Span) -> Diagnostic {
        let mut minors: Vec<u32> = self.on.iter().map(|(minor, _)| *minor).collect();
        minors.sort_unstable();
        minors.dedup();
        let shown: Vec<String> = minors.iter().map(|minor| format!("v1.{minor}")).collect();
        let path = &self.problem.path;
        let error = fault(&self.problem.fault, path, at, &shown.join(", "));
        if self.on.len() >= self.of {
            return error;
        }
        let clusters: Vec<String> =
            self.on.iter().take(5).map(|(_, name)| format!("`{name}`")).collect();
        let more = if self.on.len() > 5 { ", .." } else { "" };
        error.help(format!(
            "on {}{more} ({} of {} targets)",
            clusters.join(", "),
            self.on.len(),
            self.of
        ))
    }
}
