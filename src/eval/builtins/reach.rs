//! Who reaches whom.

use std::sync::Arc;

use super::{Call, Row};
use crate::eval::reach::{Reach, Reached};
use crate::eval::value::Value;
use crate::source::Sym;

pub(super) const ROWS: &[Row] = &[("reaches", reaches), ("callers", callers)];

/// What a question costs, in steps: it looks at policies.
const QUESTION: usize = 1_000;

fn reaches(call: &mut Call<'_, '_>) -> Value {
    let Some((reach, cluster)) = asked(call) else { return Value::Poison };
    let Value::Resource(from) = call.arg(0) else { return Value::Poison };
    let Some((block, port)) = reached(call, 1) else { return Value::Poison };
    let port = port.as_ref().map(|(protocol, number)| (protocol.as_str(), *number));
    match reach.reaches(cluster, from, Reached { block, port }) {
        Some(answer) => Value::Bool(answer),
        None => {
            let title = "nothing is known of these pods on the cluster at hand";
            call.wrong(0, title, "both must stand on the cluster: see their `clusters`")
        }
    }
}

fn callers(call: &mut Call<'_, '_>) -> Value {
    let Some((reach, cluster)) = asked(call) else { return Value::Poison };
    let Some((block, port)) = reached(call, 0) else { return Value::Poison };
    let port = port.as_ref().map(|(protocol, number)| (protocol.as_str(), *number));
    let found = reach.callers(cluster, Reached { block, port });
    let found: Vec<Value> = found.into_iter().map(Value::Resource).collect();
    call.make_list(&found)
}

/// Who answers, and for which cluster.
fn asked(call: &mut Call<'_, '_>) -> Option<(Arc<dyn Reach>, u32)> {
    let Some(reach) = call.cx.reach.clone() else {
        let title = "only tests can ask who reaches whom";
        call.wrong(0, title, "network policies follow from values, so no value follows from them");
        return None;
    };
    let cluster = call.cx.axis(Sym::new("cluster"), call.target, call.at)?;
    call.work(QUESTION).then_some((reach, cluster))
}

/// A resource, and its port.
fn reached(call: &mut Call<'_, '_>, index: usize) -> Option<(u32, Option<(String, u16)>)> {
    match call.arg(index) {
        Value::Resource(block) => Some((block, None)),
        port => {
            let record = call.root(port)?;
            let owner = call.cx.owner_of(record)?;
            let protocol = call.field(record, "protocol");
            let protocol = match protocol {
                Value::Name(name) => name.to_string(),
                text => call.cx.store.as_text(text)?.to_owned(),
            };
            let Value::Int(number) = call.field(record, "number") else { return None };
            Some((owner, Some((protocol, u16::try_from(number).ok()?))))
        }
    }
}
