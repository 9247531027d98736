//! The state of one evaluation.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::blocks::{Block, Makers, written};
use super::budget::{Budget, Limits};
use super::draft::{Gather, OwnBody};
use super::errors;
use super::settle::{Settled, Subject, settle};
use super::shape::{LayerSource, Shape, Write};
use super::store::Store;
use super::value::{RecordId, Value};
use super::walk::{Around, Structure, Walk, preset};
use crate::diag::Sink;
use crate::resolve::{BlockDecl, DefId, Names, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{ExprId, Marks, MemberKind};
use crate::types::{SchemaId, Types};

/// A block with slots: a resource, or a record that is a value.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    /// Its shape.
    pub shape: u32,
    /// Its first slot.
    pub slots: u32,
    /// Its first record.
    pub records: u32,
    /// The tree of its own writes.
    pub tree: TreeId,
    /// The bodies of its own, by number: first, how many.
    pub owns: (u32, u32),
    /// The record that a record which is a value stands in; [`NOTHING`] for resources.
    pub around: u32,
    /// Its key.
    pub key: Sym,
    /// The resource that it is (index into [`Names::blocks`]), or belongs to.
    pub resource: u32,
    /// Whether it is the resource itself.
    pub is_resource: bool,
    /// Where data was read as this record.
    pub read_at: Option<Span>,
}

/// The writes of one of an instance's own bodies.
#[derive(Clone, Copy, Debug)]
pub struct OwnWrites {
    /// The tree they stand in.
    pub tree: TreeId,
    /// First, how many.
    pub writes: (u32, u32),
}

/// A record: a node of an instance.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The instance.
    pub instance: u32,
    /// The node of its shape.
    pub node: u32,
}

/// What is known of a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    New,
    Running,
    /// The same on every target.
    Free,
    /// One value per environment.
    Environment,
    /// One value per cluster.
    Cluster,
}

/// Shape, and the writes of its layers.
#[derive(Debug)]
pub struct SharedShape {
    /// The shape.
    pub shape: Shape,
    /// The writes of each layer; those of the block itself are empty here.
    pub writes: Vec<(TreeId, Vec<Write>)>,
}

/// No resource, no record.
pub const NOTHING: u32 = u32::MAX;

/// Schema, layers, whether it is external and inside of a component, and two hashes that stand for a structure.
type ShapeKey = (SchemaId, Vec<LayerSource>, (bool, bool), (u64, u64));

/// The context of this room.
pub struct Evaluator<'a> {
    /// What is declared.
    pub names: &'a Names,
    /// What it means.
    pub types: &'a Types,
    /// The blocks of the run.
    pub blocks: Vec<Block>,
    /// What values point to.
    pub store: Store,
    /// Shapes by number.
    pub shapes: Vec<Arc<SharedShape>>,
    /// Instances by number.
    pub instances: Vec<Instance>,
    /// Records by number.
    pub records: Vec<Record>,
    pub(super) sink: &'a mut Sink,
    pub(super) budget: Budget,
    pub(super) values: Vec<Value>,
    pub(super) states: Vec<State>,
    pub(super) winners: Vec<u32>,
    pub(super) overlay: FxHashMap<(u32, u32), (Value, u32)>,
    pub(super) own_writes: Vec<Write>,
    pub(super) owns: Vec<OwnWrites>,
    pub(super) makers: Makers,
    pub(super) locals: Vec<Value>,
    pub(super) by_block: Vec<Option<u32>>,
    pub(super) exists: Vec<Option<bool>>,
    pub(super) stars: FxHashMap<DefId, Vec<u32>>,
    /// The first block of each kind: of a single kind, the one.
    pub(super) singles: FxHashMap<DefId, u32>,
    pub(super) environment_of: FxHashMap<u32, u32>,
    shape_ids: FxHashMap<ShapeKey, u32>,
    /// The shapes of records that data is read as.
    pub(super) data_shapes: FxHashMap<SchemaId, u32>,
    /// What the value being computed depends on.
    pub(super) deps: u8,
    /// What is being computed, with the expression that asked.
    pub(super) running: Vec<super::chain::Running>,
    /// The resource whose values are being computed.
    pub(super) owner: u32,
    /// References met: from, to, tree and expression, target.
    pub edges: Vec<Edge>,
    /// Environments or clusters for which a `by` says nothing: axis, name, place.
    pub(super) missing_arms: Vec<(Sym, u32, Span)>,
    /// Values of `let`s; `None` while one is computed.
    pub(super) lets: FxHashMap<DefId, Option<Value>>,
    /// Who answers tests that ask of the network.
    pub(super) reach: Option<Arc<dyn super::reach::Reach>>,
    /// Who answers tests that ask what fits.
    pub(super) fits: Option<Arc<dyn super::fits::Fits>>,
    /// Values of `let`s that depend on the target: by cluster.
    pub(super) let_by: FxHashMap<(DefId, u32), (Value, u8)>,
    /// The resources that `let`s refer to.
    pub(super) let_refers: FxHashMap<DefId, Vec<u32>>,
    /// What the `let` at hand refers to so far.
    pub(super) loose: Vec<u32>,
    /// Values of formulas that depend on nothing around them; `None` for the others.
    pub(super) closed: FxHashMap<(TreeId, ExprId), Option<Value>>,
    /// Records that are values, on the targets on which they were computed whole.
    pub(super) whole: FxHashMap<(u32, u32), super::evaluate::Inside>,
    /// `all K`, once.
    pub(super) all_of: FxHashMap<DefId, Value>,
    /// Single kinds whose missing resource was reported.
    pub(super) single_reported: rustc_hash::FxHashSet<DefId>,
    /// Targets so far, against the budget.
    pub(super) target_count: u64,
    /// Files that were read into the program, as values: by the file that reads, the path, and whether as data.
    pub(super) files: FxHashMap<(crate::source::FileId, Sym, bool), Value>,
    /// Calls of the program's own functions, while `why` looks.
    pub(super) recorder: Option<Vec<super::call::CallNote>>,
    /// The inputs that a formula reads, by the records that hold them: while `why` asks.
    pub(super) inputs_read: Option<Vec<(RecordId, u16)>>,
    /// Findings that may hold on other targets, too.
    pub(super) pending: super::pending::Pending,
    /// What calls have to say where an assertion with them does not hold.
    pub(super) notes: Vec<(Span, String)>,
}

/// A reference from one resource to another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Edge {
    /// Who refers: index into [`Names::blocks`].
    pub from: u32,
    /// To whom.
    pub to: u32,
    /// Where.
    pub at: Span,
    /// On which target: the cluster's block, or [`NOTHING`].
    pub target: u32,
    /// The slot whose value refers: its number in the run.
    pub slot: u32,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        names: &'a Names,
        types: &'a Types,
        limits: Limits,
        sink: &'a mut Sink,
    ) -> Self {
        let mut stars: FxHashMap<DefId, Vec<u32>> = FxHashMap::default();
        let mut singles = FxHashMap::default();
        for (index, block) in (0u32..).zip(&names.blocks) {
            if block.star {
                stars.entry(block.kind).or_default().push(index);
            } else if !block.is_pattern() {
                singles.entry(block.kind).or_insert(index);
            }
        }
        let (blocks, makers) = written(names);
        Self {
            names,
            types,
            blocks,
            store: Store::default(),
            shapes: Vec::new(),
            instances: Vec::new(),
            records: Vec::new(),
            sink,
            budget: Budget::new(limits, names.modules.iter().any(|m| m.allowance.is_some())),
            values: Vec::new(),
            states: Vec::new(),
            winners: Vec::new(),
            overlay: FxHashMap::default(),
            own_writes: Vec::new(),
            owns: Vec::new(),
            makers,
            locals: Vec::new(),
            by_block: vec![None; names.blocks.len()],
            exists: vec![None; names.blocks.len()],
            stars,
            singles,
            environment_of: FxHashMap::default(),
            shape_ids: FxHashMap::default(),
            data_shapes: FxHashMap::default(),
            deps: 0,
            running: Vec::new(),
            owner: NOTHING,
            edges: Vec::new(),
            missing_arms: Vec::new(),
            lets: FxHashMap::default(),
            reach: None,
            fits: None,
            let_by: FxHashMap::default(),
            let_refers: FxHashMap::default(),
            loose: Vec::new(),
            closed: FxHashMap::default(),
            whole: FxHashMap::default(),
            all_of: FxHashMap::default(),
            single_reported: rustc_hash::FxHashSet::default(),
            target_count: 0,
            files: FxHashMap::default(),
            recorder: None,
            inputs_read: None,
            pending: super::pending::Pending::default(),
            notes: Vec::new(),
        }
    }

    /// Keeps what a call has to say, in place of what it said before.
    pub(super) fn note(&mut self, at: Span, text: String) {
        self.notes.retain(|(known, _)| *known != at);
        self.notes.push((at, text));
    }

    /// `cluster.eu-1`; of what a component made, `checkout.workload.web`.
    pub fn address(&self, block: u32) -> String {
        self.blocks.get(block as usize).map_or_else(String::new, |found| {
            let keyword = self.types.kinds.get(&found.kind).map_or(Sym::EMPTY, |kind| kind.keyword);
            match self.blocks.get(found.parent as usize) {
                None => format!("{keyword}.{}", found.name),
                Some(around) if around.parent == NOTHING => {
                    format!("{}.{keyword}.{}", around.name, found.key)
                }
                Some(_) => format!("{}.{keyword}.{}", self.address(found.parent), found.key),
            }
        })
    }

    /// The last preset that a block names.
    pub fn base_of(&self, block: u32) -> Option<Sym> {
        let decl = self.decl(block)?;
        let nodes = &self.names.tree(decl.tree).tree;
        let MemberKind::Block { bases, .. } = nodes.member(decl.member).kind else { return None };
        let found = nodes
            .paths_of(bases)
            .iter()
            .rev()
            .find_map(|path| preset(self.names, decl.tree, *path))?;
        Some(self.names.def(found).name)
    }

    /// The instance of a resource; `None` when it could not be typed or does not exist.
    pub(super) fn resource(&mut self, block: u32) -> Option<u32> {
        if let Some(known) = self.by_block.get(block as usize).copied().flatten() {
            return Some(known);
        }
        let names: &'a Names = self.names;
        let found = *self.blocks.get(block as usize)?;
        let decl: &'a BlockDecl = names.blocks.get(found.decl as usize)?;
        let schema = self.types.block_schema.get(found.decl as usize).copied().flatten()?;
        let nodes = &names.tree(decl.tree).tree;
        let member = nodes.member(decl.member);
        let MemberKind::Block { bases, .. } = member.kind else { return None };
        let presets: Vec<DefId> = nodes
            .paths_of(bases)
            .iter()
            .filter_map(|path| preset(names, decl.tree, *path))
            .collect();
        let unresolved = nodes.paths_of(bases).iter().any(|path| {
            let segments: Vec<Sym> =
                nodes.names_of(path.names).iter().map(|name| name.sym).collect();
            names.lookup_path(decl.tree, &segments).is_none()
        });
        let mut stars: Vec<u32> = self
            .stars
            .get(&decl.kind)
            .map(|stars| stars.iter().copied().filter(|&star| self.covers(star, block)).collect())
            .unwrap_or_default();
        stars.sort_by_key(|&star| (self.star_rank(star), star));
        let subject = Subject {
            at: decl.at,
            name: Sym::new(&self.address(block)),
            // A component's use is never external: that is reported.
            external: member.marks.has(Marks::EXTERNAL)
                && self.types.kinds.get(&decl.kind).is_none_or(|kind| !kind.component),
            inside: found.parent != NOTHING,
        };
        let bodies = self.bodies(block);
        // Loops among its members are counted for it, and may ask for anything but its own values.
        let owner = std::mem::replace(&mut self.owner, block);
        let deps = std::mem::take(&mut self.deps);
        let instance = self.instance(schema, &stars, &presets, &bodies, subject, unresolved);
        self.deps = deps;
        self.owner = owner;
        if let Some(known) = self.by_block.get(block as usize).copied().flatten() {
            // A loop among its members asked for the block itself: that was reported.
            return Some(known);
        }
        let id = u32::try_from(self.instances.len()).unwrap_or(NOTHING);
        self.instances.push(Instance {
            key: found.name,
            resource: block,
            is_resource: true,
            ..instance
        });
        if let Some(place) = self.by_block.get_mut(block as usize) {
            *place = Some(id);
        }
        Some(id)
    }

    /// Whether a `*` block lies below a block: in its module, or one above.
    pub(super) fn covers(&self, star: u32, block: u32) -> bool {
        let schema = |decl: u32| self.types.block_schema.get(decl as usize).copied().flatten();
        let own = self.blocks.get(block as usize).and_then(|block| schema(block.decl));
        // One that names a member is for blocks of that member.
        if schema(star).is_some_and(|wanted| own != Some(wanted)) {
            return false;
        }
        let Some(star) = self.names.blocks.get(star as usize) else { return false };
        // What a component makes stands where it is used.
        let Some(block) = self.decl(self.outermost(block)) else { return false };
        let (above, here) = (self.names.module(star.module), self.names.module(block.module));
        let same_package = above.package == here.package;
        let (above, here) = (&above.path, &here.path);
        same_package
            && (above.is_empty() || above == here || here.starts_with(&format!("{above}/")))
    }

    /// The height of a `*` block among those that cover one block: those of the outermost module lie lowest, as all these
    /// modules lie around one another; in one module those for all members of a kind lie below those for one.
    fn star_rank(&self, star: u32) -> (usize, bool) {
        let Some(block) = self.names.blocks.get(star as usize) else { return (0, false) };
        let tree = &self.names.tree(block.tree).tree;
        let is_for_one = matches!(
            tree.member(block.member).kind,
            MemberKind::Block { bases, .. } if !bases.is_empty()
        );
        (self.names.module(block.module).path.len(), is_for_one)
    }

    /// Makes an instance: finds or settles its shape, and reserves its slots.
    pub(super) fn instance(
        &mut self,
        schema: SchemaId,
        stars: &[u32],
        presets: &[DefId],
        own: &[OwnBody],
        subject: Subject,
        unresolved: bool,
    ) -> Instance {
        let mut structure = Structure::default();
        let mut own_writes = Vec::with_capacity(own.len());
        let tree = own.first().map_or(TreeId(0), |own| own.tree);
        let (names, types) = (self.names, self.types);
        for own in own {
            let around = Around { locals: own.locals, inputs: own.inputs };
            structure.note(own.kind);
            let mut walk = Walk::new(names, types, own.tree, around, &mut structure, self);
            walk.own(own.body, &own.chain);
            own_writes.push((own.tree, walk.writes));
        }
        let mut layers: Vec<LayerSource> =
            stars.iter().map(|&star| LayerSource::Star(star)).collect();
        layers.extend(presets.iter().map(|&preset| LayerSource::Preset(preset)));
        let flags = (subject.external, subject.inside);
        let key: ShapeKey = (schema, layers, flags, structure.finish());
        let may_share = !structure.is_broken && !unresolved;
        let known = may_share.then(|| self.shape_ids.get(&key).copied()).flatten();
        let shape = match known {
            Some(shape) => shape,
            None => self.settle(
                schema,
                stars,
                presets,
                own,
                subject,
                unresolved,
                may_share.then_some(key),
            ),
        };
        let (slots, nodes) = self
            .shapes
            .get(shape as usize)
            .map_or((0, 0), |shared| (shared.shape.slots(), shared.shape.nodes.len()));
        let first = u32::try_from(self.values.len()).unwrap_or(NOTHING);
        let end = self.values.len() + slots as usize;
        self.values.resize(end, Value::Poison);
        self.states.resize(end, State::New);
        self.winners.resize(end, 0);
        let records = u32::try_from(self.records.len()).unwrap_or(NOTHING);
        let number = u32::try_from(self.instances.len()).unwrap_or(NOTHING);
        for node in 0..u32::try_from(nodes).unwrap_or(0) {
            self.records.push(Record { instance: number, node });
        }
        let first_own = u32::try_from(self.owns.len()).unwrap_or(NOTHING);
        let count = u32::try_from(own_writes.len()).unwrap_or(0);
        for (tree, writes) in own_writes {
            let start = u32::try_from(self.own_writes.len()).unwrap_or(NOTHING);
            let len = u32::try_from(writes.len()).unwrap_or(0);
            self.own_writes.extend(writes);
            self.owns.push(OwnWrites { tree, writes: (start, len) });
        }
        Instance {
            shape,
            slots: first,
            records,
            tree,
            owns: (first_own, count),
            around: NOTHING,
            key: Sym::EMPTY,
            read_at: None,
            resource: self.owner,
            is_resource: false,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the layers of one block")]
    fn settle(
        &mut self,
        schema: SchemaId,
        stars: &[u32],
        presets: &[DefId],
        own: &[OwnBody],
        subject: Subject,
        unresolved: bool,
        key: Option<ShapeKey>,
    ) -> u32 {
        let mut gather = Gather::new(self.names, self.types);
        gather.is_broken = unresolved;
        let mut below = None;
        for &star in stars {
            let Some(block) = self.names.blocks.get(star as usize) else { continue };
            let tree = &self.names.tree(block.tree).tree;
            if let MemberKind::Block { body, .. } = tree.member(block.member).kind {
                let rank = self.star_rank(star);
                let beside = below.replace(rank) == Some(rank);
                gather.star(star, block.tree, body, beside, self);
            }
        }
        let mut seen = Vec::new();
        for &preset in presets {
            gather.preset(preset, &mut seen, self);
        }
        for (number, own) in (0u16..).zip(own) {
            gather.own(own, number, self);
        }
        let Settled { shape, mut writes, clean } = settle(gather, schema, subject, self);
        // The block's own writes lie with the instance.
        for (layer, (_, writes)) in shape.layers.iter().zip(&mut writes) {
            if matches!(layer.source, LayerSource::Own(_)) {
                writes.clear();
            }
        }
        let id = u32::try_from(self.shapes.len()).unwrap_or(NOTHING);
        self.shapes.push(Arc::new(SharedShape { shape, writes }));
        if let (true, Some(key)) = (clean, key) {
            self.shape_ids.insert(key, id);
        }
        id
    }

    /// Whether an error was reported so far, by any stage.
    pub fn has_errors(&self) -> bool {
        self.sink.has_errors()
    }

    /// What was found so far, by any stage.
    pub const fn found(&self) -> &Sink {
        self.sink
    }

    pub(super) fn span(&self, tree: TreeId, expr: crate::syntax::ExprId) -> Span {
        let info = self.names.tree(tree);
        info.span(info.tree.expr_extent(expr))
    }

    /// The schema of a record.
    pub fn schema_of(&self, record: RecordId) -> Option<SchemaId> {
        let record = self.records.get(record.0 as usize)?;
        let instance = self.instances.get(record.instance as usize)?;
        let shared = self.shapes.get(instance.shape as usize)?;
        Some(shared.shape.node(record.node)?.schema)
    }

    /// The resource that a record is, or belongs to: index into [`Names::blocks`].
    pub fn owner_of(&self, record: RecordId) -> Option<u32> {
        let record = self.records.get(record.0 as usize)?;
        let resource = self.instances.get(record.instance as usize)?.resource;
        (resource != NOTHING).then_some(resource)
    }

    /// The root record of a resource.
    pub fn root(&mut self, block: u32) -> Option<RecordId> {
        let instance = self.resource(block)?;
        let instance = self.instances.get(instance as usize)?;
        Some(RecordId(instance.records))
    }

    /// The environment of a cluster: the block of its `environment`.
    pub(super) fn environment(&mut self, cluster: u32) -> Option<u32> {
        if let Some(&known) = self.environment_of.get(&cluster) {
            return (known != NOTHING).then_some(known);
        }
        let deps = std::mem::take(&mut self.deps);
        let found =
            self.root(cluster).map(|root| self.field(root, Sym::new("environment"), NOTHING, None));
        self.deps = deps;
        let environment = match found {
            Some(Value::Resource(environment)) => environment,
            _ => NOTHING,
        };
        self.environment_of.insert(cluster, environment);
        (environment != NOTHING).then_some(environment)
    }

    /// Spends steps on something that is made at once. Whether the budget holds.
    pub(super) fn charge(&mut self, steps: u64, at: Span) -> bool {
        self.budget.steps = self.budget.steps.saturating_add(steps);
        if self.budget.steps <= self.budget.limits.steps {
            return true;
        }
        let at = self.budget.most.1.unwrap_or(at);
        let limit = self.budget.limits.steps.to_string();
        self.over_budget("steps", limit, at);
        false
    }

    pub(super) fn over_budget(&mut self, what: &'static str, limit: String, at: Span) -> Value {
        if !self.budget.reported {
            self.budget.reported = true;
            self.report(errors::budget(what, &limit, at));
        }
        Value::Poison
    }
}
