//! Type expressions.

use super::build::{Build, Inside};
use super::layout::{Flat, Op};
use crate::syntax::{NO_BASE, Refine, Slice, TyId, TyNode};

impl Build<'_> {
    /// A type.
    pub(super) fn ty(&mut self, id: TyId) {
        match self.tree.ty(id) {
            TyNode::Error => self.unreadable(),
            TyNode::Named { path, args, refine } => {
                self.type_path(path);
                if !args.is_empty() {
                    self.token("<");
                    for (index, &arg) in self.tree.types_of(args).iter().enumerate() {
                        if index > 0 {
                            self.token(",");
                            self.space();
                        }
                        self.ty(arg);
                    }
                    self.token(">");
                }
                self.refine(refine);
            }
            TyNode::Literal(text) => self.text_literal(text),
            TyNode::List(element, refine) => {
                self.token("[");
                self.ty(element);
                self.token("]");
                self.refine(refine);
            }
            TyNode::Map(key, value, refine) => {
                self.token("{");
                self.ty(key);
                self.token(":");
                self.space();
                self.ty(value);
                self.token("}");
                self.refine(refine);
            }
            TyNode::Optional(inner) => {
                self.ty(inner);
                self.token("?");
            }
            TyNode::Union(members) => {
                let group = self.open();
                self.push(Op::Indent);
                let broken = self.alternatives(members);
                self.push(Op::Dedent);
                self.close(group, broken, Inside::Free);
            }
            TyNode::Later { of, context } => {
                self.token("later");
                self.space();
                self.ty(of);
                if context != NO_BASE {
                    self.space();
                    self.token("of");
                    self.space();
                    self.type_path(context);
                }
            }
            TyNode::Computed { function, field } => {
                self.span(function.at);
                self.token("(");
                self.span(field.at);
                self.token(")");
            }
        }
    }

    /// What a name stands for, behind `=`: over several lines, each alternative has a `|` before it.
    pub(super) fn type_value(&mut self, id: TyId) {
        let TyNode::Union(members) = self.tree.ty(id) else {
            self.space();
            self.skip("|");
            self.ty(id);
            return;
        };
        let group = self.open();
        self.push(Op::Indent);
        let mut broken = self.line(Flat::Space);
        self.skip("|");
        self.push(Op::IfBroken("| "));
        broken |= self.alternatives(members);
        self.push(Op::Dedent);
        self.close(group, broken, Inside::Free);
    }

    fn alternatives(&mut self, members: Slice) -> bool {
        let mut broken = false;
        for (index, &member) in self.tree.types_of(members).iter().enumerate() {
            if index > 0 {
                broken |= self.line(Flat::Space);
                self.token("|");
                self.space();
            }
            self.ty(member);
        }
        broken
    }

    fn refine(&mut self, refine: Refine) {
        match refine {
            Refine::None => return,
            Refine::Range { low, high } => {
                self.token("(");
                if let Some(low) = low {
                    self.expr(low);
                }
                self.token("..");
                if let Some(high) = high {
                    self.expr(high);
                }
            }
            Refine::Pattern(text) => {
                self.token("(");
                self.text_literal(text);
            }
            Refine::Word(name) => {
                self.token("(");
                self.span(name.at);
            }
        }
        self.token(")");
    }

    /// A path that ends in a type's name (index into the tree's paths).
    pub(super) fn type_path(&mut self, path: u32) {
        let at = self.tree.path(path).at;
        self.span(at);
    }
}
