//! One run of the compiler.

use rayon::prelude::*;

use super::earlier;
use super::embed::embed;
use super::images::{self, ProgramImage};
use super::judged::{judge, plan};
use super::kept::Kept;
use super::limits;
use super::link::{Purpose, link};
use super::list::{self, Written};
use super::look::Look;
use super::network;
use super::objects::{Objects, TABLE};
use super::packages::{self, Package, packages};
use super::test::{self, TestResult};
use super::{Config, Problem, ProblemKind, World, diagnose, library, parse_config, theorems, why};
use crate::backend;
use crate::diag::{Diagnostic, Level, Sink};
use crate::emit::{self, FilePlan};
use crate::eval::{self, Evaluator, Resource};
use crate::graph::ResourceGraph;
use crate::lint;
use crate::model;
use crate::network::Picture;
use crate::prove;
use crate::resolve::{Addition, Input, LIBRARY, Names, resolve_with};
use crate::runbook::{self, DayZero};
use crate::source::{FileId, Sources, Span, Sym};
use crate::syntax::{Grain, Parsed, parse_within};
use crate::types;

/// A project and what is known of it.
#[derive(Debug)]
pub struct Session {
    sources: Sources,
    config: Config,
    project: Vec<ProjectFile>,
    packages: Vec<Package>,
    library: Vec<FileId>,
    /// Which files of the library take part.
    wanted: Vec<bool>,
    /// Files that the programs read.
    embedded: crate::resolve::EmbeddedFiles,
    /// The types of Kubernetes that the programs name.
    objects: Objects,
    /// The digests of images that are locked.
    images: std::sync::Arc<crate::embedded::ImageLock>,
    /// What reading and parsing found.
    front: Sink,
    /// What the later stages found.
    found: Sink,
    /// What the last check could not decide.
    undecided: Undecided,
    /// What an earlier build said of clusters.
    earlier: std::sync::Arc<prove::Earlier>,
}

/// What a check could not decide.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Undecided {
    /// The addresses of objects of which nothing is known: those of `Raw`.
    pub objects: Vec<String>,
    /// Clusters with pods or quotas, where the size of nodes is not known.
    pub capacity: Vec<prove::capacity::Unmeasured>,
    /// The addresses of rules and monitors of which nobody says who loads them.
    pub unwatched: Vec<String>,
    /// The addresses of policies that were not held against the program's objects.
    pub policies: Vec<String>,
}

/// A file of the project or of a dependency.
#[derive(Debug)]
struct ProjectFile {
    parsed: Parsed,
    /// Its folder in its package.
    module: String,
    /// The number of its dependency; none for the project.
    package: Option<usize>,
}

impl Session {
    /// Reads and parses a project.
    pub fn load(world: &dyn World) -> Self {
        Self::load_with(world, Grain::Chunks)
    }

    /// Reads and parses a project, at a grain.
    pub fn load_with(world: &dyn World, grain: Grain) -> Self {
        Self::load_after(world, grain, Kept::default())
    }

    /// What the next load may take over.
    pub fn keep(self) -> Kept {
        let Self { sources, project, config, .. } = self;
        let nesting = nesting(&config);
        Kept::of(project.into_iter().map(|file| file.parsed), &sources, nesting)
    }

    /// Reads and parses a project, but for what an earlier session read already.
    pub fn load_after(world: &dyn World, grain: Grain, mut kept: Kept) -> Self {
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
                    files.push((file, text, module, None));
                }
                Err(problem) => front.report(diagnose(&problem, None, &mut sources)),
            }
        }
        let packages = packages(world, &config, &mut sources, &mut front);
        for (number, package) in packages.iter().enumerate() {
            for (path, text) in &package.programs {
                let shown = format!("{}/{path}", package.folder);
                let file = packages::add(&mut sources, &shown, text, package.inside);
                let module = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                files.push((file, std::sync::Arc::clone(text), module, Some(number)));
            }
        }
        let nesting = nesting(&config);
        let files: Vec<_> = files
            .into_iter()
            .map(|(file, text, module, package)| {
                let known = kept.take(sources.get(file).name(), nesting);
                (file, text, module, package, known)
            })
            .collect();
        let project: Vec<ProjectFile> = files
            .into_par_iter()
            .map(|(file, text, module, package, known)| {
                let parsed = match known {
                    Some(known) => known.parse(file, &text, grain, nesting),
                    None => parse_within(file, &text, grain, nesting),
                };
                ProjectFile { parsed, module, package }
            })
            .collect();
        let mut embedded = crate::resolve::EmbeddedFiles::new();
        for file in &project {
            front.append(file.parsed.sink.clone());
            let package = file.package.and_then(|number| packages.get(number));
            let root = package.map_or("", |package| &package.folder);
            embed(world, root, &sources, &file.parsed, &mut embedded);
        }
        let texts: Vec<_> =
            project.iter().map(|file| sources.get(file.parsed.file).shared()).collect();
        let table = match world.read(TABLE) {
            Ok(text) => Some((sources.add(TABLE, std::sync::Arc::clone(&text)), text)),
            Err(Problem { kind: ProblemKind::NotFound, .. }) => None,
            Err(problem) => {
                front.report(diagnose(&problem, None, &mut sources));
                None
            }
        };
        let table = table.as_ref().map(|(file, text)| (*file, text.as_ref()));
        let wanted = library::wanted(texts.iter().map(AsRef::as_ref));
        let objects = Objects::load(&texts, table, &mut sources, &mut front);
        let images = images::read(world, &mut sources, &mut front);
        let found = Sink::new();
        let undecided = Undecided::default();
        Self {
            sources,
            config,
            project,
            packages,
            library,
            wanted,
            embedded,
            objects,
            images,
            front,
            found,
            undecided,
            earlier: std::sync::Arc::default(),
        }
    }

    /// Runs the stages up to values, and then `then` on what they give.
    fn run<R>(
        &mut self,
        then: impl FnOnce(&mut Evaluator<'_>, &[Resource], &Sources, &mut Sink) -> R,
    ) -> R {
        let (result, sink) = self.stages(None, then);
        self.found = sink;
        result
    }

    /// The same for the project and an addition to it; gives what was found.
    fn stages<R>(
        &self,
        addition: Option<Addition>,
        then: impl FnOnce(&mut Evaluator<'_>, &[Resource], &Sources, &mut Sink) -> R,
    ) -> (R, Sink) {
        self.stages_and(addition, then, |result, _, _, sink| (result, sink))
    }

    /// The same, and then `last` while everything is at hand.
    pub(super) fn stages_and<R, S>(
        &self,
        addition: Option<Addition>,
        then: impl FnOnce(&mut Evaluator<'_>, &[Resource], &Sources, &mut Sink) -> R,
        last: impl FnOnce(R, &mut Evaluator<'_>, &[Resource], Sink) -> S,
    ) -> S {
        let mut sink = Sink::new();
        let all = library::library().iter().zip(&self.library).zip(&self.wanted);
        let wanted: Vec<_> =
            all.filter(|(_, wanted)| **wanted).map(|((file, id), _)| (file, *id)).collect();
        let (files, parsed): (Vec<_>, Vec<Parsed>) =
            wanted.into_par_iter().map(|(file, id)| (file, file.parsed(id))).unzip();
        let texts: Vec<_> =
            self.project.iter().map(|file| self.sources.get(file.parsed.file).shared()).collect();
        let own: Vec<Sym> =
            self.config.dependencies.iter().map(|found| Sym::new(&found.name)).collect();
        let theirs: Vec<Vec<Sym>> = self
            .packages
            .iter()
            .map(|package| package.dependencies.iter().map(|name| Sym::new(name)).collect())
            .collect();
        let mut inputs: Vec<Input<'_>> = files
            .iter()
            .zip(&parsed)
            .map(|(file, parsed)| Input {
                parsed,
                text: &file.text,
                package: LIBRARY,
                dependencies: &[],
                allowance: None,
                module: &file.module,
                also: file.also.as_deref(),
                prelude: file.prelude,
                objects: false,
            })
            .collect();
        inputs.extend(self.project.iter().zip(&texts).map(|(file, text)| {
            let package = file.package.and_then(|number| self.packages.get(number));
            let theirs = file.package.and_then(|number| theirs.get(number));
            Input {
                parsed: &file.parsed,
                text,
                package: package.map_or("", |package| &package.name),
                dependencies: theirs.unwrap_or(&own),
                allowance: package.and_then(|package| package.allowance(self.config.limits)),
                module: &file.module,
                also: None,
                prelude: false,
                objects: false,
            }
        }));
        inputs.extend(self.objects.files.iter().map(|file| Input {
            parsed: &file.parsed,
            text: &file.text,
            package: LIBRARY,
            dependencies: &[],
            allowance: None,
            module: &file.module,
            also: None,
            prelude: false,
            objects: true,
        }));
        let mut names = resolve_with(&inputs, addition, &mut sink);
        names.embedded.clone_from(&self.embedded);
        names.catalog = std::sync::Arc::clone(&self.objects.catalog);
        names.images = std::sync::Arc::clone(&self.images);
        lint::lint(&names, &mut sink);
        let types = types::check(&names, &mut sink);
        let limits = eval::Limits {
            steps: self.config.limits.steps,
            entries: self.config.limits.entries,
            text: self.config.limits.text_bytes,
            targets: self.config.limits.targets,
            nesting: self.config.limits.nesting,
            depth: self.config.limits.depth,
            output: self.config.limits.output_bytes,
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
        let mut found = values.found().clone();
        found.append(later);
        let found = lint::merged(&names, found);
        let sink = lint::allowed(&names, found, self.front.has_errors());
        last(result, &mut values, &resources, sink)
    }

    /// Checks, and then looks around while everything is at hand.
    pub fn look<R>(&self, then: impl FnOnce(&mut Look<'_, '_>) -> R) -> R {
        let front_is_clean = !self.front.has_errors();
        let earlier = &*std::sync::Arc::clone(&self.earlier);
        self.stages_and(
            None,
            |values, resources, sources, sink| {
                if front_is_clean {
                    judge(values, resources, earlier, sources, sink, |_| ());
                }
            },
            |(), values, resources, sink| {
                let mut all = self.front.clone();
                all.append(sink);
                let has_errors = all.has_errors();
                let files = self.project.iter().map(|file| &file.parsed).collect();
                let (sources, found) = (&self.sources, all.into_sorted());
                then(&mut Look { values, resources, sources, files, found, has_errors })
            },
        )
    }

    /// Runs the tests of the project that `wanted` picks by name, in the order of their modules and names. Call when the
    /// program has no error: then there is something to assert.
    pub fn test(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<TestResult> {
        let runs = self.run(|values, resources, sources, _| {
            let tests = test::of_project(values.names, &wanted);
            if !values.has_errors() && test::ask_of_network(sources, &tests) {
                let model = model::lift(values, resources, sources, &mut Sink::new());
                let answers = network::Answers::new(&model);
                values.ask_of_network(std::sync::Arc::new(answers));
            }
            if !values.has_errors() && test::ask_of_room(sources, &tests) {
                let model = model::lift(values, resources, sources, &mut Sink::new());
                values.ask_of_room(std::sync::Arc::new(limits::Answers::new(&model)));
            }
            test::assertions(values, resources, sources, &tests)
        });
        let mut results = Vec::new();
        for run in runs {
            let mut result = run.result();
            for wrong in run.expected {
                let limit = self.config.limits.output_bytes;
                // A wrong program is wrong whatever was built before.
                let earlier = &prove::Earlier::default();
                let (_, sink) =
                    self.stages(Some(wrong.addition), |values, resources, sources, sink| {
                        plan(values, resources, earlier, sources, sink, limit)
                    });
                result.findings.extend(test::unmet(&result.name, &wrong, &sink.into_sorted()));
            }
            results.push(result);
        }
        results
    }

    /// The tests of the project, in the order of their modules and names, without running them.
    pub fn tests(&mut self) -> Vec<TestResult> {
        self.run(|values, _, sources, _| {
            let tests = test::of_project(values.names, &|_| true);
            tests.iter().map(|test| test::named(values.names, sources, test)).collect()
        })
    }

    /// Lets checks and builds compare with what an earlier build wrote.
    pub fn compare_with_earlier(&mut self, world: &dyn World) {
        self.earlier = std::sync::Arc::new(earlier::read(&world.earlier()));
    }

    /// All stages up to lints.
    pub fn check(&mut self) {
        let front_is_clean = !self.front.has_errors();
        let earlier = &*std::sync::Arc::clone(&self.earlier);
        self.undecided = self.run(|values, resources, sources, sink| {
            if front_is_clean {
                judge(values, resources, earlier, sources, sink, |_| ()).0
            } else {
                Undecided::default()
            }
        });
    }

    /// What the last check could not decide.
    pub const fn undecided(&self) -> &Undecided {
        &self.undecided
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
        let earlier = &*std::sync::Arc::clone(&self.earlier);
        let plan = self.run(|values, resources, sources, sink| {
            if !front_is_clean {
                return None;
            }
            plan(values, resources, earlier, sources, sink, limit)
        });
        if self.has_errors() { None } else { plan }
    }

    /// What must exist before the program's clusters can, and what is written for them; an inner `None` where it names no platform.
    /// `None` if an error stands.
    pub fn day_zero(&mut self) -> Option<(Option<DayZero>, FilePlan)> {
        let front_is_clean = !self.front.has_errors();
        let limit = self.config.limits.output_bytes;
        let earlier = &*std::sync::Arc::clone(&self.earlier);
        let found = self.run(|values, resources, sources, sink| {
            if !front_is_clean {
                return None;
            }
            let plan = plan(values, resources, earlier, sources, sink, limit)?;
            let model = model::lift(values, resources, sources, sink);
            let outputs: Vec<backend::Output<'_>> =
                backend::lower(&model).par_iter().map(|job| job()).collect();
            Some((runbook::day_zero(&model, &outputs), plan))
        });
        if self.has_errors() { None } else { found }
    }

    /// The cases of policies, as tests for `gator`: a folder a policy. `None` if an error stands.
    pub fn gator_tests(&mut self) -> Option<FilePlan> {
        self.check();
        if self.has_errors() {
            return None;
        }
        Some(self.run(|values, resources, sources, sink| {
            let model = model::lift(values, resources, sources, sink);
            let files: Vec<_> = backend::gator_suites(&model).iter().map(emit::render).collect();
            FilePlan::from(files)
        }))
    }

    /// The images that the program's objects run, each once, whatever else is wrong with them. `None` where the program has no meaning:
    /// the errors say why.
    pub fn program_images(&mut self) -> Option<Vec<ProgramImage>> {
        // What is wrong with the lock itself, locking mends.
        let readable = !self
            .front
            .clone()
            .into_sorted()
            .iter()
            .any(|it| it.level == Level::Error && !images::is_of_lock(it.code));
        self.run(|values, resources, sources, sink| {
            if !readable || values.has_errors() || sink.has_errors() {
                return None;
            }
            let model = model::lift(values, resources, sources, sink);
            (!sink.has_errors()).then(|| images::of_program(&model))
        })
    }

    /// Where a value of a resource is written.
    pub fn span_of(&mut self, place: &prove::Place) -> Option<Span> {
        self.run(|values, resources, sources, _| {
            theorems::span(place, values, &theorems::by_block(resources), sources)
        })
    }

    /// The objects that are written for the resource with an address, and for all that it makes, by path. Call when the program
    /// has no error.
    ///
    /// # Errors
    /// When no resource has the address: the addresses that there are.
    pub fn written(&mut self, address: &str) -> Result<Vec<Written>, Vec<String>> {
        self.run(|values, resources, sources, _| {
            let wanted = list::addresses(values, resources, address);
            if wanted.is_empty() {
                return Err(resources.iter().map(|it| values.address(it.block)).collect());
            }
            let model = model::lift(values, resources, sources, &mut Sink::new());
            Ok(list::written(&model, &wanted))
        })
    }

    /// What the program and the library declare, and what it means: for references and editors.
    pub fn inspect<R>(&mut self, look: impl FnOnce(&Names, &types::Types, &Sources) -> R) -> R {
        self.wanted.fill(true);
        self.run(|values, _, sources, _| look(values.names, values.types, sources))
    }

    /// The graph of resources, for drawing.
    pub fn graph(&mut self) -> ResourceGraph {
        self.run(|values, resources, _, _| link(values, resources, Purpose::Drawing))
    }

    /// Who reaches whom on a cluster, as the policies of the whole output say; without a name on the first cluster on which something runs.
    /// Call when the program has no error.
    ///
    /// # Errors
    /// When the program has no such cluster: those that there are.
    pub fn network(&mut self, cluster: Option<&str>) -> Result<Picture, Vec<String>> {
        self.run(|values, resources, sources, _| {
            let model = model::lift(values, resources, sources, &mut Sink::new());
            network::Answers::new(&model).picture(&model, cluster)
        })
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

/// How deep things may lie in one another.
fn nesting(config: &Config) -> usize {
    usize::try_from(config.limits.nesting).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::Session;
    use crate::driver::MemoryWorld;
    use crate::model::{Shape, shapes};
    use crate::syntax::Marks;

    fn session(text: &str) -> Session {
        Session::load(&MemoryWorld::single("main.iflux", text))
    }

    #[test]
    fn the_library_has_no_findings() {
        let mut empty = session("");
        empty.wanted.fill(true);
        empty.check();
        let found: Vec<String> =
            empty.diagnostics().iter().map(|d| format!("{}: {}", d.code, d.title)).collect();
        assert!(found.is_empty(), "{found:#?}");
    }

    /// Schemas that are only copied, or whose values are no struct.
    fn is_copied_only(name: &str) -> bool {
        matches!(
            name,
            "Standing"
                | "DirectoryParameters"
                | "DirectoryPath"
                | "FileParameters"
                | "FileFolder"
                | "ClusterParameters"
                | "PullRequestParameters"
                | "RepositoryParameters"
                | "Placed"
                | "Passed"
                | "ReceiverBase"
                | "ManifestBase"
                | "ManifestMetadata"
                | "NamespacedObject"
                | "ClusterObject"
                | "Raw"
                | "MachineProvider"
        )
    }

    /// The fields of a struct, those of the structs that it holds first.
    fn fields_of(shape: &Shape) -> Vec<&'static str> {
        let bases = shapes().filter(|base| shape.bases.contains(&base.schema));
        bases.flat_map(fields_of).chain(shape.fields.iter().copied()).collect()
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
                    // Backends read no order: the graph has it from the references themselves.
                    .filter(|name| *name != "needs")
                    .collect();
                match shapes().find(|shape| shape.schema == schema.name.as_str()) {
                    Some(shape) => assert_eq!(fields_of(shape), declared, "{}", schema.name),
                    None => without_model.push(schema.name),
                }
            }
            assert!(without_model.is_empty(), "no model for {without_model:?}");
            for shape in shapes() {
                assert!(
                    values.types.schemas.iter().any(|schema| schema.name.as_str() == shape.schema),
                    "no schema for {}",
                    shape.schema
                );
            }
        });
    }
}
