//! Components: what their bodies see, their children, and the blocks that amend them.

use super::check::{BodyLet, Checker, Scope};
use super::errors;
use super::errors::later::Now;
use super::expectation::{Expectation, Why};
use super::hole::Holes;
use super::meaning::MemberMeaning;
use super::name::MOST_LETS;
use super::schema::SchemaId;
use super::ty::{Ty, Tys};
use crate::diag::nearest;
use crate::resolve::{BlockDecl, DefId, DefKind, TreeId};
use crate::source::{Span, Sym};
use crate::syntax::{BodyId, Key, Marks, Member, MemberId, MemberKind, TextId, TextPart};

impl Checker<'_> {
    /// Reports every loop of components, once, and marks what is on one: it makes nothing.
    pub(super) fn component_loops(&mut self) {
        let mut components: Vec<DefId> =
            self.types.kinds.values().filter(|kind| kind.component).map(|kind| kind.def).collect();
        components.sort_unstable();
        // 0 is not seen, 1 on the path, 2 done.
        let mut state: rustc_hash::FxHashMap<DefId, u8> = rustc_hash::FxHashMap::default();
        for &start in &components {
            if state.get(&start).copied().unwrap_or(0) != 0 {
                continue;
            }
            // An explicit stack: chains of components are as long as people write them.
            let mut path: Vec<(DefId, Vec<(DefId, Span)>)> = vec![(start, self.uses_of(start))];
            state.insert(start, 1);
            let mut steps: Vec<Span> = Vec::new();
            while let Some((current, open)) = path.last_mut() {
                let current = *current;
                let Some((next, at)) = open.pop() else {
                    state.insert(current, 2);
                    path.pop();
                    steps.pop();
                    continue;
                };
                match state.get(&next).copied().unwrap_or(0) {
                    0 => {
                        state.insert(next, 1);
                        let uses = self.uses_of(next);
                        path.push((next, uses));
                        steps.push(at);
                    }
                    1 => {
                        let from = path.iter().position(|(def, _)| *def == next).unwrap_or(0);
                        let places = steps.iter().skip(from).copied().chain([at]);
                        let looped: Vec<(String, Span)> = path
                            .iter()
                            .skip(from)
                            .zip(places)
                            .map(|((def, _), at)| (self.names.def(*def).name.to_string(), at))
                            .collect();
                        for (def, _) in path.iter().skip(from) {
                            if let Some(kind) = self.types.kinds.get_mut(def) {
                                kind.endless = true;
                            }
                        }
                        if let Some((first, at)) = looped.first() {
                            self.report(errors::recursion(first, *at, &looped));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Reports a use of a component that is declared to live outside.
    pub(super) fn external_component(&mut self, tree: TreeId, member: MemberId, kind: DefId) {
        let nodes = self.tree(tree);
        let member = nodes.member(member);
        if !member.marks.has(Marks::EXTERNAL)
            || self.types.kinds.get(&kind).is_none_or(|kind| !kind.component)
        {
            return;
        }
        let at = self.span(tree, member.marks_at);
        let word = self.keyword_of(kind);
        self.report(errors::external_component(word.as_str(), at, self.names.def(kind).at));
    }

    /// The components whose blocks stand in a component's body, with their places.
    fn uses_of(&self, component: DefId) -> Vec<(DefId, Span)> {
        let children = self.types.kinds.get(&component).map(|kind| kind.children.as_slice());
        children
            .unwrap_or_default()
            .iter()
            .rev()
            .filter_map(|&child| self.names.blocks.get(child as usize))
            .filter(|child| self.types.kinds.get(&child.kind).is_some_and(|kind| kind.component))
            .map(|child| (child.kind, child.at))
            .collect()
    }

    /// The children of a kind that a component makes.
    pub(super) fn children(&self, component: DefId, kind: DefId) -> Vec<&BlockDecl> {
        let children = self.types.kinds.get(&component).map(|kind| kind.children.as_slice());
        children
            .unwrap_or_default()
            .iter()
            .filter_map(|&child| self.names.blocks.get(child as usize))
            .filter(|child| child.kind == kind)
            .collect()
    }

    /// Whether a field of a component is one that every use has, and that the component does not declare itself.
    /// Such a field is no name in its body.
    pub(super) fn is_implied(&self, schema: SchemaId, slot: u16) -> bool {
        let info = self.types.schema(schema);
        let def = self.names.def(info.def);
        def.kind == DefKind::Component
            && info.fields.get(usize::from(slot)).is_some_and(|field| field.at.file != def.at.file)
    }

    /// The only kind of which a component has a child with this name.
    pub(super) fn child_kind(&self, component: DefId, name: Sym) -> Option<DefId> {
        match self.child_kinds(component, name).as_slice() {
            [kind] => Some(*kind),
            _ => None,
        }
    }

    /// Reports a child's name alone that children of several kinds have. Whether they do.
    pub(super) fn is_child_of_several(&mut self, component: DefId, name: Sym, at: Span) -> bool {
        let kinds = self.child_kinds(component, name);
        if kinds.len() < 2 {
            return false;
        }
        let places: Vec<(String, Span)> = kinds
            .into_iter()
            .filter_map(|kind| {
                let child = self.children(component, kind).into_iter().find(|c| c.name == name)?;
                Some((format!("{}.{name}", self.keyword_of(kind)), child.at))
            })
            .collect();
        self.report(errors::ambiguous(name.as_str(), at, &places));
        true
    }

    fn child_kinds(&self, component: DefId, name: Sym) -> Vec<DefId> {
        let children = self.types.kinds.get(&component).map(|kind| kind.children.as_slice());
        let mut kinds: Vec<DefId> = children
            .unwrap_or_default()
            .iter()
            .filter_map(|&child| self.names.blocks.get(child as usize))
            .filter(|child| child.name == name)
            .map(|child| child.kind)
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Whether a component has children of a kind whose names have holes.
    pub(super) fn has_open_names(&self, component: DefId, kind: DefId) -> bool {
        self.children(component, kind).iter().any(|child| child.text.is_some())
    }

    /// What a component's own body sees, beside its fields: its `let`s.
    pub(super) fn component_lets(&mut self, scope: &mut Scope, component: DefId) {
        let MemberKind::Component { body, .. } = self.names.member(component).kind else { return };
        self.body_lets(scope, body);
    }

    /// Puts the `let`s of a body in scope.
    pub(super) fn body_lets(&mut self, scope: &mut Scope, body: BodyId) {
        let nodes = self.tree(scope.tree);
        let (records, locals) = (scope.records.len(), scope.locals.len());
        for &id in nodes.member_ids(body) {
            let MemberKind::Let { name, .. } = nodes.member(id).kind else { continue };
            let at = self.span(scope.tree, name.at);
            if let Some(first) = self.hidden_by(scope, name.sym) {
                self.report(errors::shadowed(name.sym.as_str(), at, first));
                continue;
            }
            scope.lets.push(BodyLet { name: name.sym, member: id, records, locals, at });
        }
    }

    /// The type of a `let` of a body, found at first use.
    pub(super) fn body_let(&mut self, scope: &Scope, found: BodyLet) -> Ty {
        let key = (scope.tree, found.member);
        if let Some(&ty) = self.types.body_lets.get(&key) {
            return ty;
        }
        let MemberKind::Let { name, ty, value } = self.tree(scope.tree).member(found.member).kind
        else {
            return Tys::UNKNOWN;
        };
        if self.typing.contains(&key) {
            self.report(errors::type_cycle(name.sym.as_str(), found.at));
            self.types.body_lets.insert(key, Tys::UNKNOWN);
            return Tys::UNKNOWN;
        }
        if self.typing.len() >= MOST_LETS {
            if !std::mem::replace(&mut self.chain_reported, true) {
                self.report(errors::too_deep(name.sym.as_str(), found.at, MOST_LETS));
            }
            self.types.body_lets.insert(key, Tys::UNKNOWN);
            return Tys::UNKNOWN;
        }
        self.typing.push(key);
        let mut own = scope.clone();
        own.records.truncate(found.records);
        own.locals.truncate(found.locals);
        own.facts.clear();
        own.inherited = None;
        // In a block of a context, later values have names of their own.
        own.block = own.block.filter(|_| found.records == scope.records.len());
        own.staged = own.records.last().and_then(|&schema| self.staging(schema));
        let ty = match ty {
            Some(ty) => {
                let origin = self.span(scope.tree, self.tree(scope.tree).ty_extent(ty));
                let ty = self.ty(scope.tree, ty, &mut Vec::new());
                let wanted = Expectation::new(ty, origin, Why::Declared(name.sym));
                self.needing(Now::Let, |this| this.expect(&own, value, wanted));
                ty
            }
            None => self.needing(Now::Let, |this| this.infer(&own, value)),
        };
        self.typing.pop();
        *self.types.body_lets.entry(key).or_insert(ty)
    }

    /// A name or key with holes: a text that is known before any target is.
    pub(super) fn key_text(&mut self, scope: &Scope, text: TextId) {
        let nodes = self.tree(scope.tree);
        for part in nodes.parts_of(nodes.text(text).parts) {
            if let TextPart::Hole(hole) = *part {
                self.needing(Now::Name, |this| this.hole(scope, hole, Holes::Plain));
            }
        }
    }

    /// The scope of what decides which members there are: they are counted before the block around them has values.
    pub(super) fn before(&self, scope: &Scope) -> Scope {
        Scope {
            records: Vec::new(),
            declared: None,
            inherited: None,
            staged: None,
            ..scope.clone()
        }
    }

    /// A block in a component's use that amends a child: `workload web { }`. `None` where it is none.
    pub(super) fn amendment(
        &mut self,
        scope: &Scope,
        id: MemberId,
        member: &Member,
        schema: SchemaId,
    ) -> Option<()> {
        let component = self.types.schema(schema).def;
        if self.names.def(component).kind != DefKind::Component {
            return None;
        }
        let MemberKind::Block { path, key, bases, body } = member.kind else { return None };
        let nodes = self.tree(scope.tree);
        let [head] = nodes.names_of(path) else { return None };
        let kind = *self.names.keywords.get(&head.sym)?;
        if let Some(slot) = self.types.slot(schema, head.sym)
            && (!self.is_implied(schema, slot) || self.children(component, kind).is_empty())
        {
            return None;
        }
        let at = match key {
            Key::Name(name) => self.span(scope.tree, name.at),
            Key::Text(text) => self.span(scope.tree, nodes.text(text).at),
            Key::Star(star) => self.span(scope.tree, star),
            Key::None => {
                let at = self.span(scope.tree, head.at);
                let help = format!("which one: `{} name {{ }}`", head.sym);
                self.report(errors::amendment("no name", at, &help));
                return Some(());
            }
        };
        if let Key::Star(_) = key {
            self.report(errors::amendment(
                "`*`",
                at,
                "what holds for all of its children is an input of the component",
            ));
            return Some(());
        }
        let wanted = match key {
            Key::Name(name) => Some(name.sym),
            Key::Text(text) => {
                self.key_text(&self.before(scope), text);
                None
            }
            Key::None | Key::Star(_) => None,
        };
        if !self.knows_child(component, kind, wanted.unwrap_or(Sym::EMPTY), at) {
            return Some(());
        }
        if member.marks != Marks::default() {
            let at = self.span(scope.tree, member.marks_at);
            self.report(errors::amendment(
                "a mark",
                at,
                "marks stand before the fields inside: `workload web { override replicas = 3 }`",
            ));
            return Some(());
        }
        if !nodes.paths_of(bases).is_empty() {
            self.report(errors::amendment(
                "a base",
                at,
                "what a child is, its component says: amend its fields one by one",
            ));
            return Some(());
        }
        let schema = wanted
            .and_then(|wanted| self.child_schema(component, kind, wanted))
            .or_else(|| self.types.kinds.get(&kind)?.members.first().copied());
        if let Some(schema) = schema {
            self.types.set_member(scope.tree, id, MemberMeaning::Child { kind });
            self.body(scope, body, schema);
        }
        Some(())
    }

    /// Whether a component may have a child of this kind and name (an empty one is not known yet); reports where not.
    pub(super) fn knows_child(
        &mut self,
        component: DefId,
        kind: DefId,
        name: Sym,
        at: Span,
    ) -> bool {
        let children = self.children(component, kind);
        let known: Vec<(Sym, Span)> = children.iter().map(|child| (child.name, child.at)).collect();
        let is_open = self.has_open_names(component, kind);
        let fits = |(known, _): &(Sym, Span)| name.is_empty() || *known == name;
        if !known.is_empty() && (is_open || known.iter().any(fits)) {
            return true;
        }
        let near = nearest(name.as_str(), known.iter().map(|(name, _)| name.as_str()));
        let near = near.map(|near| {
            (near, known.iter().find(|(name, _)| name.as_str() == near).map(|(_, at)| *at))
        });
        let (listed, def) = (self.child_list(component), *self.names.def(component));
        let word = self.keyword_of(kind);
        self.report(errors::no_child(
            word.as_str(),
            name.as_str(),
            def.name.as_str(),
            at,
            def.at,
            near,
            &listed,
        ));
        false
    }

    /// The schema of a child: of a union, the member that the component names.
    fn child_schema(&self, component: DefId, kind: DefId, name: Sym) -> Option<SchemaId> {
        let children = &self.types.kinds.get(&component)?.children;
        children.iter().find_map(|&child| {
            let decl = self.names.blocks.get(child as usize)?;
            let fits = decl.kind == kind && decl.name == name;
            self.types.block_schema.get(child as usize).copied().flatten().filter(|_| fits)
        })
    }

    fn child_list(&self, component: DefId) -> Vec<String> {
        let children = self.types.kinds.get(&component).map(|kind| kind.children.as_slice());
        children
            .unwrap_or_default()
            .iter()
            .take(8)
            .filter_map(|&child| self.names.blocks.get(child as usize))
            .map(|child| format!("`{} {}`", self.keyword_of(child.kind), child.name))
            .collect()
    }

    /// Reports a resource of the project that a component's body names. Whether it did.
    pub(super) fn is_outside(&mut self, scope: &Scope, block: u32, at: Span) -> bool {
        let Some(component) = scope.component else { return false };
        let Some(decl) = self.names.blocks.get(block as usize) else { return false };
        let owner = self.names.def(component).module;
        // The library's own resources are everywhere.
        if self.names.module(decl.module).path.starts_with("std") {
            return false;
        }
        let _ = owner;
        let address = format!("{}.{}", self.keyword_of(decl.kind), decl.name);
        let name = self.names.def(component).name;
        self.report(errors::outside(&address, name.as_str(), at, decl.at));
        true
    }
}
