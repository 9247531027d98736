//! `match` on values: the first arm that takes one.

use super::evaluator::{Evaluator, NOTHING};
use super::expr::Frame;
use super::value::Value;
use crate::syntax::{ExprId, MatchArm, Pattern, Slice};
use crate::types::Meaning;

impl Evaluator<'_> {
    /// The value of the arm that takes the subject.
    pub(super) fn match_value(&mut self, subject: ExprId, arms: Slice, frame: &Frame) -> Value {
        let Some((arm, value, binds)) = self.arm_taken(subject, arms, frame) else {
            return Value::Poison;
        };
        if !binds {
            return self.eval(arm.value, frame);
        }
        let start = u32::try_from(self.locals.len()).unwrap_or(NOTHING);
        for local in frame.locals.0..frame.locals.0 + frame.locals.1 {
            let value = self.locals.get(local as usize).copied().unwrap_or(Value::Poison);
            self.locals.push(value);
        }
        self.locals.push(value);
        let inner = Frame { locals: (start, frame.locals.1 + 1), ..*frame };
        let instances = self.instances.len();
        let result = self.eval(arm.value, &inner);
        // Records made in this arm keep its name.
        if self.instances.len() == instances {
            self.locals.truncate(start as usize);
        }
        result
    }

    /// The arm that takes the subject, the subject's value, and whether the arm gives it a name.
    pub(super) fn arm_taken(
        &mut self,
        subject: ExprId,
        arms: Slice,
        frame: &Frame,
    ) -> Option<(MatchArm, Value, bool)> {
        let value = self.eval(subject, frame);
        if value == Value::Poison {
            return None;
        }
        let nodes = &self.names.tree(frame.tree).tree;
        for arm in nodes.match_arms_of(arms) {
            for (index, pattern) in (arm.patterns.start..).zip(nodes.patterns_of(arm.patterns)) {
                let (takes, binds) = match *pattern {
                    Pattern::Any(_) => (true, false),
                    Pattern::Value(wanted) => (self.is_value(value, wanted, frame)?, false),
                    Pattern::Member { bind, .. } => {
                        let test = *self.types.patterns.get(&(frame.tree, index))?;
                        let takes = self.is(value, Meaning::Is(test)) == Value::Bool(true);
                        (takes, bind.is_some())
                    }
                };
                if takes {
                    return Some((*arm, value, binds));
                }
            }
        }
        None
    }

    fn is_value(&mut self, value: Value, wanted: ExprId, frame: &Frame) -> Option<bool> {
        if self.types.meaning(frame.tree, wanted) == Meaning::IsAbsent {
            return Some(value == Value::Absent);
        }
        if value == Value::Absent {
            return Some(false);
        }
        let wanted = self.eval(wanted, frame);
        if wanted == Value::Poison {
            return None;
        }
        self.equal(value, wanted, frame.target)
    }
}
