//! Schemas that hold themselves: a value of one would have no end.

use super::check::Checker;
use super::errors;
use super::schema::SchemaId;
use super::ty::{Ty, TyKind};

impl Checker<'_> {
    /// Reports every loop of schemas that hold one another in fields that cannot be absent or empty.
    ///
    /// A schema has an end if all that it must hold have one; what is left when no more of those are found is on a
    /// loop, or leads to one.
    pub(super) fn endless_schemas(&mut self) {
        let count = self.types.schemas.len();
        let needs: Vec<Vec<usize>> = (0..count).map(|index| self.held(index)).collect();
        let mut open: Vec<usize> = needs.iter().map(Vec::len).collect();
        let mut holders: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (holder, needs) in needs.iter().enumerate() {
            for &held in needs {
                if let Some(holders) = holders.get_mut(held) {
                    holders.push(holder);
                }
            }
        }
        let mut ended = vec![false; count];
        let mut ready: Vec<usize> = open
            .iter()
            .enumerate()
            .filter(|(_, open)| **open == 0)
            .map(|(index, _)| index)
            .collect();
        while let Some(index) = ready.pop() {
            if let Some(done) = ended.get_mut(index) {
                *done = true;
            }
            for &holder in holders.get(index).into_iter().flatten() {
                if let Some(left) = open.get_mut(holder) {
                    *left -= 1;
                    if *left == 0 {
                        ready.push(holder);
                    }
                }
            }
        }
        let is_open = |index: usize| ended.get(index) == Some(&false);
        let mut seen = vec![false; count];
        for start in (0..count).filter(|&index| is_open(index)) {
            let mut path = Vec::new();
            let mut at = start;
            while let Some(seen) = seen.get_mut(at)
                && !*seen
            {
                *seen = true;
                path.push(at);
                let next = needs.get(at).into_iter().flatten().copied().find(|&next| is_open(next));
                let Some(next) = next else { break };
                at = next;
            }
            if let Some(from) = path.iter().position(|&index| index == at) {
                let around: Vec<usize> = path.split_off(from);
                self.endless(&around);
            }
        }
    }

    fn endless(&mut self, around: &[usize]) {
        let Some(&first) = around.first() else { return };
        let held = around.get(1).copied().unwrap_or(first);
        let names: Vec<String> = around
            .iter()
            .chain(std::iter::once(&first))
            .filter_map(|&index| Some(format!("`{}`", self.types.schemas.get(index)?.name)))
            .collect();
        let Some(schema) = self.types.schemas.get(first) else { return };
        let field = schema.fields.iter().find(|field| self.must_hold(field.ty) == Some(held));
        let Some(at) = field.map(|field| field.at) else { return };
        self.report(errors::endless(schema.name.as_str(), &names.join(" holds "), at));
    }

    /// The schemas that a schema's values must hold.
    fn held(&self, index: usize) -> Vec<usize> {
        let fields = self.types.schemas.get(index).map(|schema| schema.fields.as_slice());
        fields.unwrap_or_default().iter().filter_map(|field| self.must_hold(field.ty)).collect()
    }

    /// The schema that a value of a type must hold. Unions leave a choice.
    fn must_hold(&self, ty: Ty) -> Option<usize> {
        match self.types.tys.core(ty) {
            TyKind::Schema(SchemaId(schema)) => usize::try_from(*schema).ok(),
            _ => None,
        }
    }
}
