//! One run of the compiler.

use rayon::prelude::*;

use super::link::{Purpose, link};
use super::manifests;
use super::objects::{Objects, TABLE};
use super::{Config, Problem, ProblemKind, World, diagnose, library, parse_config, why};
use crate::backend;
use crate::diag::{Diagnostic, Sink};
use crate::emit::{self, FilePlan};
use crate::eval::{self, Evaluator, Resource};
use crate::graph::ResourceGraph;
use crate::model;
use crate::resolve::{Input, resolve};
use crate::source::{FileId, Sources};
use crate::syntax::{Grain, Parsed, parse};
use crate::types;

/// A project and what is known of it.
#[derive(Debug)]
pub struct Session {
    sources: Sources,
    config: Config,
    project: Vec<(Parsed, String)>,
    library: Vec<FileId>,
    objects: Objects,
    /// What reading and parsing found.
    front: Sink,
    /// What the later stages found.
    found: Sink,
}

impl Session {
    /// Reads and parses a project.
    pub fn load(world: &dyn World) -> Self {
        Self::load_with(world, Grain::Chunks)
    }

    /// Reads and parses a project, at a grain.
    pub fn load_with(world: &dyn World, grain: Grain) -> Self {
        let mut sources = Sources::new();
        let mut front = Sink::new();
        let library = library::add(&mut sources);
        let mut config = Config::default();
        match world.config() {
            Ok(Some(text)) => {
                let file = sources.add(super::CONFIG_FILE, std::sync::Arc::clone(&text));
                config = parse_config(&text, file, &mut front);
            }
            Ok(None) => {}
            Err(problem) => front.report(diagnose(&problem, None, &mut sources)),
        }
        let listing = world.list();
        for problem in &listing.problems {
            front.report(diagnose(problem, None, &mut sources));
        }
        let mut files = Vec::new();
        for path in &listing.files {
            match world.read(path) {
                Ok(text) => {
                    let file = sources.add(path.as_str(), std::sync::Arc::clone(&text));
                    let module = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                    files.push((file, text, module));
                }
                Err(problem) => front.report(diagnose(&problem, None, &mut sources)),
            }
        }
        let project: Vec<(Parsed, String)> = files
            .into_par_iter()
            .map(|(file, text, module)| (parse(file, &text, grain), module))
            .collect();
        for (parsed, _) in &project {
            front.append(parsed.sink.clone());
        }
        let texts: Vec<_> =
            project.iter().map(|(parsed, _)| sources.get(parsed.file).shared()).collect();
        let table = match world.read(TABLE) {
            Ok(text) => Some((sources.add(TABLE, std::sync::Arc::clone(&text)), text)),
            Err(Problem { kind: ProblemKind::NotFound, .. }) => None,
            Err(problem) => {
                front.report(diagnose(&problem, None, &mut sources));
                None
            }
        };
        let table = table.as_ref().map(|(file, text)| (*file, text.as_ref()));
        let objects = Objects::load(&texts, table, &mut sources, &mut front);
        Self { sources, config, project, library, objects, front, found: Sink::new() }
    }

    /// Runs the stages up to values, and then `then` on what they give.
    fn run<R>(
        &mut self,
        then: impl FnOnce(&mut Evaluator<'_>, &[Resource], &Sources, &mut Sink) -> R,
    ) -> R {
        let mut sink = Sink::new();
        let files = library::library();
        let parsed: Vec<Parsed> =
            files.iter().zip(&self.library).map(|(file, id)| file.parsed(*id)).collect();
        let texts: Vec<_> =
            self.project.iter().map(|(parsed, _)| self.sources.get(parsed.file).shared()).collect();
        let mut inputs: Vec<Input<'_>> = files
            .iter()
            .zip(&parsed)
            .map(|(file, parsed)| Input {
                parsed,
                text: &file.text,
                module: &file.module,
                also: file.also.as_deref(),
                prelude: file.prelude,
                objects: false,
            })
            .collect();
        inputs.extend(self.project.iter().zip(&texts).map(|((parsed, module), text)| Input {
            parsed,
            text,
            module,
            also: None,
            prelude: false,
            objects: false,
        }));
        inputs.extend(self.objects.files.iter().map(|file| Input {
            parsed: &file.parsed,
            text: &file.text,
            module: &file.module,
            also: None,
            prelude: false,
            objects: true,
        }));
        let mut names = resolve(&inputs, &mut sink);
        names.catalog = std::sync::Arc::clone(&self.objects.catalog);
        let types = types::check(&names, &mut sink);
        let limits = eval::Limits {
            steps: self.config.limits.steps,
            entries: self.config.limits.entries,
            text: self.config.limits.text_bytes,
            targets: self.config.limits.targets,
            output: self.config.limits.output_bytes,
            ..eval::Limits::default()
        };
        let (mut values, resources) = eval::evaluate(&names, &types, limits, &mut sink);
        let mut later = Sink::new();
        // Where values are poison, what follows from them is not decided.
        if !values.has_errors() {
            for found in link(&values, &resources, Purpose::Order).cycles() {
                later.report(found);
            }
        }
        let result = then(&mut values, &resources, &self.sources, &mut later);
        drop(values);
        sink.append(later);
        self.found = sink;
        result
    }

    /// All stages up to lints.
    pub fn check(&mut self) {
        let front_is_clean = !self.front.has_errors();
        self.run(|values, resources, sources, sink| {
            if front_is_clean {
                judge_manifests(values, resources, sources, sink);
            }
        });
    }

    /// What was found, sorted, each once.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all = self.front.clone();
        all.append(self.found.clone());
        all.into_sorted()
    }

    /// The texts.
    pub const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Whether an error stands.
    pub fn has_errors(&self) -> bool {
        self.front.has_errors() || self.found.has_errors()
    }

    /// Runs every stage: what to write; `None` if an error stands.
    pub fn build(&mut self) -> Option<FilePlan> {
        let front_is_clean = !self.front.has_errors();
        let limit = self.config.limits.output_bytes;
        let plan = self.run(|values, resources, sources, sink| {
            if !front_is_clean || values.has_errors() || sink.has_errors() {
                return None;
            }
            judge_manifests(values, resources, sources, sink);
            let model = model::lift(values, resources, sources, sink);
            if sink.has_errors() {
                return None;
            }
            let jobs = backend::lower(&model);
            let files: Vec<emit::PlannedFile> = jobs
                .par_iter()
                .flat_map_iter(|job| {
                    let output = job();
                    let rendered = emit::render(&output.document);
                    let mut bytes = Some(rendered.bytes);
                    let last = output.clusters.len();
                    let (path, address) = (rendered.path, rendered.address);
                    output.clusters.into_iter().zip(1..).map(move |(cluster, number)| {
                        // The same body for many: the last one takes it.
                        let body = if number == last { bytes.take() } else { bytes.clone() };
                        emit::PlannedFile {
                            path: format!("{}/{path}", cluster.name),
                            address: address.clone(),
                            bytes: body.unwrap_or_default(),
                        }
                    })
                })
                .collect();
            let plan = FilePlan::from(files);
            plan.check(limit, sink);
            Some(plan)
        });
        if self.has_errors() { None } else { plan }
    }

    /// The graph of resources, for drawing.
    pub fn graph(&mut self) -> ResourceGraph {
        self.run(|values, resources, _, _| link(values, resources, Purpose::Drawing))
    }

    /// Where a value (`cluster.eu-1.workers.general.replicas`), or a line of a built file
    /// (`out/eu-1/monitoring/nodes.yaml:42`), comes from. `shown` is that file's present content, if any:
    /// the answer says when these sources build something else.
    ///
    /// # Errors
    /// When there is no such value, file or line.
    pub fn why(&mut self, query: &str, shown: Option<&[u8]>) -> Result<String, Box<Diagnostic>> {
        let query = why::Query::read(query);
        self.run(|values, resources, sources, _| {
            why::answer(values, resources, sources, &query, shown)
        })
    }
}

/// Judges what a program writes as Kubernetes objects.
fn judge_manifests(
    values: &mut Evaluator<'_>,
    resources: &[Resource],
    sources: &Sources,
    sink: &mut Sink,
) {
    if values.has_errors() || !manifests::has_any(values, resources) {
        return;
    }
    let versions = manifests::versions(values, resources);
    let found = {
        let model = model::lift(values, resources, sources, &mut Sink::new());
        manifests::judge(&model, &versions)
    };
    found.report(values, resources, sink);
}

#[cfg(test)]
mod tests {
    use super::Session;
    use crate::driver::MemoryWorld;
    use crate::model::SHAPES;
    use crate::syntax::Marks;

    fn session(text: &str) -> Session {
        Session::load(&MemoryWorld::single("main.iflux", text))
    }

    #[test]
    fn the_library_has_no_findings() {
        let mut empty = session("");
        empty.check();
        let found: Vec<String> =
            empty.diagnostics().iter().map(|d| format!("{}: {}", d.code, d.title)).collect();
        assert!(found.is_empty(), "{found:#?}");
    }

    /// Schemas that are only copied, or whose values are no struct.
    fn is_copied_only(name: &str) -> bool {
        matches!(
            name,
            "Placed"
                | "ManifestBase"
                | "ManifestMetadata"
                | "NamespacedObject"
                | "ClusterObject"
                | "Raw"
        )
    }

    #[test]
    fn schemas_and_models_agree() {
        session("").run(|values, _, sources, _| {
            let mut without_model = Vec::new();
            for schema in &values.types.schemas {
                let file = values.names.def(schema.def).at.file;
                if !sources.get(file).is_library() || is_copied_only(schema.name.as_str()) {
                    continue;
                }
                let declared: Vec<&str> = schema
                    .fields
                    .iter()
                    .filter(|field| !field.marks.has(Marks::STAGED) && !field.marks.has(Marks::OUT))
                    .map(|field| field.name.as_str())
                    .collect();
                match SHAPES.iter().find(|shape| shape.schema == schema.name.as_str()) {
                    Some(shape) => assert_eq!(shape.fields, declared, "{}", schema.name),
                    None => without_model.push(schema.name),
                }
            }
            assert!(without_model.is_empty(), "no model for {without_model:?}");
            for shape in SHAPES {
                assert!(
                    values.types.schemas.iter().any(|schema| schema.name.as_str() == shape.schema),
                    "no schema for {}",
                    shape.schema
                );
            }
        });
    }
}
