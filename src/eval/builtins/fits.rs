//! What fits.

use super::{Call, Row};
use crate::eval::value::Value;
use crate::source::Sym;

pub(super) const ROWS: &[Row] = &[("fits", fits)];

fn fits(call: &mut Call<'_, '_>) -> Value {
    let Some(fits) = call.cx.fits.clone() else {
        let title = "only tests can ask what fits";
        call.wrong(0, title, "what fits follows from values, so no value follows from it");
        return Value::Poison;
    };
    let Some(cluster) = call.cx.axis(Sym::new("cluster"), call.target, call.at) else {
        return Value::Poison;
    };
    let Value::Resource(namespace) = call.arg(0) else { return Value::Poison };
    match fits.fits(cluster, namespace) {
        Some(answer) => Value::Bool(answer),
        None => {
            let title = "this namespace is not on the cluster at hand";
            call.wrong(0, title, "it must stand on the cluster: see its `clusters`")
        }
    }
}
