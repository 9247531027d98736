//! From a scene in which an alert fires: a smaller one, and one in which it does not.

use super::draw::{Written, draw};
use super::label::label;
use super::plan::{Goal, Plan, Slope, Wish};
use super::search::{Case, Hit, Scene, Wants};

/// The same with as few series as will do.
pub(super) fn minimised(case: &Case<'_>, mut hit: Hit) -> Hit {
    const MOST: usize = 40;
    let mut index = 0;
    let mut tries = MOST;
    let mut least = hit.scene.series.clone();
    while index < least.len() && tries > 0 {
        tries -= 1;
        let mut fewer = least.clone();
        fewer.remove(index);
        if case.is_right(&fewer, hit.frame, Wants::Firing) {
            least = fewer;
        } else {
            index += 1;
        }
    }
    if least.len() < hit.scene.series.len()
        && let Some(scene) = case.scene(least, hit.frame, Wants::Firing)
    {
        hit.scene = scene;
    }
    hit
}

/// A scene in which the alert does not fire, as near to the one in which it does as can be found.
pub(super) fn silent(case: &Case<'_>, hit: &Hit) -> Option<Scene> {
    let labels = label(&case.leaves, hit.mode);
    let failing = case.plans(hit.frame, Goal::Missing);
    let mut plans: Vec<Plan> = Vec::new();
    for plan in failing {
        // What the failing plan does not speak of stays; what it leaves out may have to go, too.
        let mut over = hit.plan.clone();
        over.extend(plan.clone());
        plans.push(over);
        plans.push(plan);
    }
    plans.extend(changed(&hit.plan));
    // Nearer is better: first by how many leaves differ, then by how many are gone.
    let distance = |plan: &Plan| {
        let same = plan.iter().filter(|(leaf, wish)| hit.plan.get(leaf) == Some(wish)).count();
        let gone = hit.plan.keys().filter(|leaf| !plan.contains_key(leaf)).count();
        let more = plan.keys().filter(|leaf| !hit.plan.contains_key(leaf)).count();
        (gone * 4 + more, plan.len().max(hit.plan.len()) - same.min(hit.plan.len()))
    };
    plans.sort_by_key(distance);
    plans.dedup();
    let drawn = plans.iter().filter_map(|plan| {
        draw(&case.leaves, &labels, plan, hit.frame, hit.vary).filter(|new| !new.is_empty())
    });
    // At last: what is left when a series is taken away, or all of them.
    let without = (0..hit.scene.series.len()).map(|index| {
        let mut fewer = hit.scene.series.clone();
        fewer.remove(index);
        fewer
    });
    let shorter = (case.pending > 0).then(|| late(&hit.scene)).into_iter();
    let candidates: Vec<Written> = drawn.chain(without).chain(shorter).take(80).collect();
    let find = |wants: Wants| {
        candidates.iter().find_map(|series| case.scene(series.clone(), hit.frame, wants))
    };
    find(Wants::Quiet).or_else(|| find(Wants::NotFiring))
}

/// Plans in which one leaf is another one.
fn changed(plan: &Plan) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (leaf, wish) in plan {
        let value = wish.value.unwrap_or(1.0);
        let flat = |value: f64| Wish { value: Some(value), slope: None, ..*wish };
        let mut wishes: Vec<Wish> =
            [0.0, 1.0, value / 2.0, value * 2.0, -1.0].into_iter().map(flat).collect();
        if let Some(Slope::PerSecond(slope)) = wish.slope {
            wishes.push(Wish { slope: Some(Slope::PerSecond(slope / 100.0)), ..*wish });
        }
        if let Some(near) = wish.buckets {
            wishes.push(Wish { buckets: Some(near / 10.0), ..*wish });
        }
        if wish.copies > 1 {
            wishes.push(Wish { copies: 1, ..*wish });
        }
        wishes.push(Wish { copies: wish.copies.max(1) + 1, ..*wish });
        for wish in wishes {
            let mut other = plan.clone();
            other.insert(*leaf, wish);
            plans.push(other);
        }
    }
    plans
}

/// The same series, which begin so late that the alert still waits.
fn late(scene: &Scene) -> Written {
    let steps = scene.at / scene.interval;
    let begin = |values: &String| format!("_x{} {values}", steps.max(1));
    scene.series.iter().map(|(name, values)| (name.clone(), begin(values))).collect()
}
