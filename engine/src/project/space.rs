//! Projections between neurons that stand in space.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Node, Part, Projection, Rule};
use crate::description::Cells;
use crate::description::space::{Kernel, Mask, Places, Point, Positions, displacement};
use crate::runtime::connections::pairs::space::Space;

impl Projection {
    /// What of this projection depends on where neurons stand; `None` if nothing does, or if they stand nowhere.
    pub(crate) fn space(&self, from: &Node, to: &Node) -> Option<Arc<Space>> {
        if !self.needs_space() {
            return None;
        }
        let at_target = self.mask_is_at_target();
        let metric = if at_target { from } else { to };
        let sources = from.places()?;
        let targets = if from.id == to.id { sources.clone() } else { to.places()? };
        let seen = |part: &Part, all: &Arc<[Point]>| match part {
            Part::Whole => Some(all.clone()),
            part => part.cells(all.len()).ok().map(|cells| cells.iter().map(|cell| all[cell]).collect()),
        };
        Some(Arc::new(Space {
            seen_sources: seen(&self.sources, &sources)?,
            seen_targets: seen(&self.targets, &targets)?,
            sources,
            targets,
            period: metric.positions.as_ref()?.period(),
            mask: self.mask.clone(),
            kernel: self.kernel,
            at_target,
        }))
    }
}

/// What the expected number of synapses was asked of.
type Asked = (Rule, bool, [Node; 2], [Part; 2], Option<Mask>, Option<Kernel>, bool, f64);

/// The last answers: the window asks anew in every frame.
static ANSWERS: Mutex<Vec<Asked>> = Mutex::new(Vec::new());
const KEPT: usize = 32;

/// Images on either side of a periodic space that are looked at.
const MOST_IMAGES: i64 = 12;

/// So many neurons are looked at on either side.
const SAMPLED: usize = 100;

/// Expected number of synapses of a projection with a mask or a kernel: exact for small populations, from a sample of the
/// pairs for large ones.
pub(super) fn expected_synapses(projection: &Projection, from: &Node, to: &Node) -> f64 {
    match projection.rule {
        Rule::FixedIndegree { indegree } => return indegree as f64 * taking_part(&projection.targets, to.n),
        Rule::FixedOutdegree { outdegree } => return outdegree as f64 * taking_part(&projection.sources, from.n),
        _ => {}
    }
    let plain = |node: &Node| {
        let mut plain = Node::new(node.id, "", node.model);
        (plain.n, plain.positions) = (node.n, node.positions.clone());
        plain
    };
    let (from, to) = (plain(from), plain(to));
    let parts = [&projection.sources, &projection.targets];
    let asked = || ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
    let same = |known: &&Asked| {
        known.0 == projection.rule
            && known.1 == projection.autapses
            && (known.2.each_ref(), known.3.each_ref()) == ([&from, &to], parts)
            && (&known.4, &known.5, known.6) == (&projection.mask, &projection.kernel, projection.use_on_source)
    };
    if let Some(known) = asked().iter().find(same) {
        return known.7;
    }
    let ((some_from, of_from), (some_to, of_to)) = (thinned(&from), thinned(&to));
    let expected = if of_from == 1.0 && of_to == 1.0 {
        count(projection, &from, &to)
    } else {
        // Parts of what is too large to be looked at count as if they were spread evenly.
        let whole = Projection { sources: Part::Whole, targets: Part::Whole, ..projection.clone() };
        let share = taking_part(&projection.sources, from.n) * taking_part(&projection.targets, to.n);
        of_from * of_to * count(&whole, &some_from, &some_to) * share / (from.n as f64 * to.n as f64)
    };
    let mut answers = asked();
    if answers.len() >= KEPT {
        answers.remove(0);
    }
    let Projection { rule, autapses, sources, targets, mask, kernel, use_on_source, .. } = projection.clone();
    answers.push((rule, autapses, [from, to], [sources, targets], mask, kernel, use_on_source, expected));
    expected
}

/// How many of `n` neurons take part.
fn taking_part(part: &Part, n: usize) -> f64 {
    part.cells(n).map_or(n, |cells| cells.len()) as f64
}

/// A population that is not too large to be looked at, and how many neurons each of its neurons stands for.
fn thinned(node: &Node) -> (Node, f64) {
    const SOME: usize = 100_000;
    let mut some = node.clone();
    let positions = node.positions.as_ref().filter(|_| node.n > Node::MOST_LOOKED_AT);
    if let Some(positions) = positions {
        some.n = SOME;
        some.positions = Some(Positions { places: Places::Uniform { seed: 1 }, ..positions.clone() });
    }
    (some, if positions.is_some() { node.n as f64 / SOME as f64 } else { 1.0 })
}

fn count(projection: &Projection, from: &Node, to: &Node) -> f64 {
    let Some(space) = projection.space(from, to) else { return 0.0 };
    let (factor, bound) = match projection.rule {
        Rule::AllToAll => (1.0, 1.0),
        Rule::PairwiseBernoulli { p } => (p, 1.0),
        Rule::PairwisePoisson { mean } => (mean, f64::INFINITY),
        _ => return 0.0,
    };
    let (drivers, candidates) = if space.at_target {
        (&space.seen_targets, &space.seen_sources)
    } else {
        (&space.seen_sources, &space.seen_targets)
    };
    let cells = |part: &Part, n: usize| part.cells(n).unwrap_or(Cells::Run { first: 0, step: 1, n });
    let (sources, targets) = (cells(&projection.sources, from.n), cells(&projection.targets, to.n));
    let (of_drivers, of_candidates) = if space.at_target { (targets, sources) } else { (sources, targets) };
    // Of large populations evenly spread drivers are looked at, with all of their candidates if these are not too many.
    let every = |n: usize, most: usize| n.div_ceil(most).max(1);
    let (step, jump) = (every(drivers.len(), SAMPLED), every(candidates.len(), 50_000));
    let chance = |from: Point, to: Point| {
        let way = displacement(from, to, space.period);
        let seen = if space.at_target { way.map(|x| -x) } else { way };
        let p = factor * space.kernel.map_or(1.0, |kernel| kernel.value(seen));
        if p.is_nan() { 0.0 } else { p.clamp(0.0, bound) }
    };
    let images = |from: Point, to: Point| match &space.mask {
        None => 1.0,
        Some(mask) => images_within(mask, from, to, space.period, projection.multapses),
    };
    let mut sum = 0.0;
    let mut looked_at = 0usize;
    for (i, driver) in drivers.iter().enumerate().step_by(step) {
        looked_at += 1;
        for (k, candidate) in candidates.iter().enumerate().skip(i % jump).step_by(jump) {
            let itself = from.id == to.id && !projection.autapses && of_drivers.at(i) == of_candidates.at(k);
            if !itself {
                let within = images(*driver, *candidate);
                if within > 0.0 {
                    sum += jump as f64 * within * chance(*driver, *candidate);
                }
            }
        }
    }
    if looked_at == 0 { 0.0 } else { sum * drivers.len() as f64 / looked_at as f64 }
}

/// At how many of its images in a periodic space a candidate lies within the mask.
fn images_within(mask: &Mask, from: Point, to: Point, period: Point, all: bool) -> f64 {
    let way: Point = std::array::from_fn(|axis| to[axis] - from[axis]);
    if period == [0.0; 3] {
        return f64::from(u8::from(mask.contains(way)));
    }
    let (low, high) = mask.bounds();
    let images = |axis: usize| {
        if period[axis] <= 0.0 {
            return 0..=0;
        }
        let slack = 1e-9 * period[axis];
        let first = ((low[axis] - slack - way[axis]) / period[axis]).ceil() as i64;
        let last = ((high[axis] + slack - way[axis]) / period[axis]).floor() as i64;
        first.max(-MOST_IMAGES)..=last.min(MOST_IMAGES)
    };
    let mut found = 0u32;
    for ix in images(0) {
        for iy in images(1) {
            for iz in images(2) {
                let shift = [ix as f64 * period[0], iy as f64 * period[1], iz as f64 * period[2]];
                found += u32::from(mask.contains(std::array::from_fn(|axis| way[axis] + shift[axis])));
            }
        }
    }
    f64::from(if all { found } else { found.min(1) })
}
