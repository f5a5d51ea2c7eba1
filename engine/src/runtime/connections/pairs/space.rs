//! Pairs of neurons that stand in space: masks, and probabilities that depend on where both stand.
//!
//! Candidates are found by *cells*: the space is cut into cells of a few neurons each, and only those near a neuron are looked
//! at. Where a probability falls with distance, whole cells are thinned out by the greatest value that it has there, so that
//! about as many pairs are looked at as are made.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use super::{Pairing, Taken};
use crate::description::Rule;
use crate::description::space::{Kernel, Mask, Point, Positions, displacement, length};
use crate::mechanisms::random::{Purpose, Stream};

/// So many neurons stand in a cell on average.
const IN_A_CELL: f64 = 8.0;
/// Images on either side of a periodic space that are looked at.
const MOST_IMAGES: i64 = 12;
/// Cells of one axis at most.
const MOST_CELLS: usize = 4096;
/// No random number is smaller but zero itself: what is less likely does not happen.
const NEVER: f64 = 1e-17;
/// The bounds of masks are widened by this share, for rounding.
const ROUNDING: f64 = 1e-9;
/// Of partners that repeat, so many draws are given up before those that are taken are left out.
const PATIENCE: usize = 50;

/// Where sources and targets of a projection stand, and what depends on it.
#[derive(Clone, Debug)]
pub struct Space {
    pub sources: Arc<[Point]>,
    pub targets: Arc<[Point]>,
    /// Those among whom the rule draws, in the order of its places: the same unless only parts of the nodes take part.
    pub seen_sources: Arc<[Point]>,
    pub seen_targets: Arc<[Point]>,
    /// After which way along each axis one is back; 0 without end.
    pub period: Point,
    pub mask: Option<Mask>,
    pub kernel: Option<Kernel>,
    /// The mask stands at the target and holds sources; otherwise it stands at the source.
    pub at_target: bool,
}

/// The places of the first `n` neurons of a node.
pub fn places(positions: &Positions, n: usize) -> Arc<[Point]> {
    let seed = if let crate::description::space::Places::Uniform { seed } = positions.places { seed } else { 0 };
    let mut stream = Stream::of(seed, Purpose::Position, 0, 0);
    positions.first(n, || stream.uniform()).into()
}

impl Space {
    /// Whether pairs depend on space, and not only what their synapses are like.
    pub fn draws(&self) -> bool {
        self.mask.is_some() || self.kernel.is_some()
    }

    /// The way from a source to a target.
    pub fn way(&self, source: usize, target: usize) -> Point {
        displacement(self.sources[source], self.targets[target], self.period)
    }

    /// The way from where the mask stands to a candidate, as the kernel sees it: from source to target.
    fn seen(&self, way: Point) -> Point {
        if self.at_target { way.map(|x| -x) } else { way }
    }

    fn kernel_value(&self, from: Point, to: Point) -> f64 {
        self.kernel.map_or(1.0, |kernel| kernel.value(self.seen(displacement(from, to, self.period))))
    }

    /// As [`Pairing::for_each`].
    pub fn for_each(&self, pairing: &Pairing, targets: Range<usize>, mut pair: impl FnMut(usize, usize, usize)) {
        let stream = |part: u64| Stream::of(pairing.seed, Purpose::Wiring, pairing.owner, part);
        match pairing.rule {
            Rule::AllToAll => self.each_apart(pairing, targets, 1.0, false, stream(0), pair),
            Rule::PairwiseBernoulli { p } => {
                let stream = stream(targets.start as u64);
                self.each_apart(pairing, targets, p, false, stream, pair);
            }
            Rule::PairwisePoisson { mean } => {
                let stream = stream(targets.start as u64);
                self.each_apart(pairing, targets, mean, true, stream, pair);
            }
            Rule::FixedIndegree { indegree } => {
                let mut urn = Urn::new(self, pairing, true);
                let mut stream = stream(targets.start as u64);
                for t in targets {
                    urn.fill(self.seen_targets[t], t, indegree);
                    for k in 0..indegree as usize {
                        if let Some(s) = urn.draw(&mut stream) {
                            pair(s, t, t * indegree as usize + k);
                        }
                    }
                }
            }
            Rule::FixedOutdegree { outdegree } => {
                let mut urn = Urn::new(self, pairing, false);
                let mut stream = stream(u64::MAX);
                for s in 0..pairing.sources {
                    urn.fill(self.seen_sources[s], s, outdegree);
                    for k in 0..outdegree as usize {
                        match urn.draw(&mut stream) {
                            Some(t) if targets.contains(&t) => pair(s, t, s * outdegree as usize + k),
                            _ => {}
                        }
                    }
                }
            }
            // These rules do not look at space.
            Rule::OneToOne
            | Rule::FixedTotalNumber { .. }
            | Rule::SymmetricPairwiseBernoulli { .. }
            | Rule::Pairs
            | Rule::ThirdFactor { .. } => {}
        }
    }

    /// Rules that decide for each pair by itself: with this probability, or as often as a Poisson number of this mean
    /// says, times the kernel.
    fn each_apart(
        &self,
        pairing: &Pairing,
        targets: Range<usize>,
        factor: f64,
        poisson: bool,
        mut stream: Stream,
        mut pair: impl FnMut(usize, usize, usize),
    ) {
        if factor <= 0.0 {
            return;
        }
        let first = targets.start;
        let (drivers, candidates) = match self.at_target {
            true => (&self.seen_targets[targets.clone()], &self.seen_sources[..]),
            false => (&self.seen_sources[..], &self.seen_targets[targets.clone()]),
        };
        let cells = Cells::new(candidates);
        let around = Around::new(self, factor);
        let mut once = Once::new(!pairing.multapses && self.period != [0.0; 3], candidates.len());
        for (driver, from) in drivers.iter().enumerate() {
            once.clear();
            let mut made = |candidate: usize| {
                let (s, t) = match self.at_target {
                    true => (candidate, first + driver),
                    false => (driver, first + candidate),
                };
                if (pairing.autapses || !pairing.is_self(s, t)) && once.take(candidate) {
                    pair(s, t, 0);
                }
            };
            cells.visit(*from, &around, self.period, |cell, shift| {
                let most = factor * around.most_in(self, *from, &cell);
                if most < NEVER {
                    return;
                }
                let is_within = |i: usize| match &self.mask {
                    Some(mask) => mask.contains(std::array::from_fn(|a| cell.places[i][a] - (from[a] + shift[a]))),
                    None => true,
                };
                let share = |i: usize| factor * self.kernel_value(*from, cell.places[i]) / most;
                if poisson {
                    let mut place = stream.exponential() / most;
                    while place < cell.numbers.len() as f64 {
                        let i = place as usize;
                        if is_within(i) && (self.kernel.is_none() || stream.uniform() < share(i)) {
                            made(cell.numbers[i] as usize);
                        }
                        place += stream.exponential() / most;
                    }
                    return;
                }
                let mut i = if most < 1.0 { stream.geometric(most) as usize } else { 0 };
                while i < cell.numbers.len() {
                    if is_within(i) {
                        let chance = if self.kernel.is_none() { 1.0 } else { share(i) } * most.max(1.0);
                        if chance >= 1.0 || stream.uniform() < chance {
                            made(cell.numbers[i] as usize);
                        }
                    }
                    i = i.saturating_add(1 + if most < 1.0 { stream.geometric(most) as usize } else { 0 });
                }
            });
        }
    }

    /// Whether every neuron finds as many partners as its rule asks for; of rules that ask for a number.
    ///
    /// # Errors
    /// Who does not, what there is, and what helps.
    pub fn check(&self, pairing: &Pairing, targets: Range<usize>) -> Result<(), String> {
        let (degree, drivers, end, what) = match pairing.rule {
            Rule::FixedIndegree { indegree } => (indegree, targets, &self.seen_targets, "sources"),
            Rule::FixedOutdegree { outdegree } if targets.start == 0 => {
                (outdegree, 0..pairing.sources, &self.seen_sources, "targets")
            }
            _ => return Ok(()),
        };
        if degree == 0 {
            return Ok(());
        }
        let needed = if pairing.multapses { 1 } else { degree };
        let mut urn = Urn::new(self, pairing, what == "sources");
        for driver in drivers {
            let found = urn.count(end[driver], driver, needed);
            if found < needed {
                let name = pairing.rule.name();
                let driver = match (&pairing.share, what) {
                    (None, _) => driver,
                    (Some(share), "sources") => share.target(driver).unwrap_or(driver),
                    (Some(share), _) => share.source(driver).unwrap_or(driver),
                };
                let self_less =
                    if pairing.same && !pairing.autapses { " besides itself (autapses are off)" } else { "" };
                let once = if pairing.multapses { "" } else { ", each once (multapses are off)" };
                let end = if what == "sources" { "target" } else { "source" };
                let within = if self.mask.is_some() { " inside the mask" } else { " that the kernel allows" };
                return Err(format!(
                    "{name}({degree}) is impossible: {end} {driver} finds only {found} {what}{within}{self_less}{once}; \
                     widen it, or make the number smaller"
                ));
            }
        }
        Ok(())
    }
}

/// How far from a neuron candidates are looked for.
struct Around {
    low: Point,
    high: Point,
    /// Candidates are looked for around all images of the neuron in a periodic space; otherwise all candidates are looked at.
    is_bounded: bool,
    /// The kernel can be bounded by the distance.
    by_distance: bool,
    flat: bool,
}

impl Around {
    fn new(space: &Space, factor: f64) -> Around {
        let by_distance = space.kernel.is_some();
        let solid = space.seen_targets.iter().chain(space.seen_sources.iter()).any(|place| place[2] != 0.0);
        let flat = !solid;
        if let Some(mask) = &space.mask {
            let (low, high) = mask.bounds();
            let slack: Point = std::array::from_fn(|axis| ROUNDING * (1.0 + low[axis].abs() + high[axis].abs()));
            let low = std::array::from_fn(|axis| low[axis] - slack[axis]);
            let high = std::array::from_fn(|axis| high[axis] + slack[axis]);
            return Around { low, high, is_bounded: true, by_distance, flat };
        }
        let everywhere =
            Around { low: [f64::NEG_INFINITY; 3], high: [f64::INFINITY; 3], is_bounded: false, by_distance, flat };
        let Some(kernel) = space.kernel else { return everywhere };
        let reach = if kernel.shape.has_direction() && solid { f64::INFINITY } else { kernel.reach(NEVER / factor) };
        let wraps = space.period.iter().any(|period| *period > 0.0 && reach >= 0.5 * period);
        if !reach.is_finite() || wraps {
            return everywhere;
        }
        Around { low: [-reach; 3], high: [reach; 3], is_bounded: true, ..everywhere }
    }

    /// No value of the kernel in this cell is greater.
    fn most_in(&self, space: &Space, from: Point, cell: &Cell<'_>) -> f64 {
        let Some(kernel) = space.kernel.filter(|_| self.by_distance) else { return 1.0 };
        let middle: Point = std::array::from_fn(|axis| 0.5 * (cell.low[axis] + cell.high[axis]));
        let way = displacement(from, middle, space.period);
        let spans: [(f64, f64); 3] = std::array::from_fn(|axis| {
            let half = 0.5 * (cell.high[axis] - cell.low[axis]);
            let (near, far) = ((way[axis].abs() - half).max(0.0), way[axis].abs() + half);
            let period = space.period[axis];
            // Around the corner it may be nearer.
            let wraps = period > 0.0 && far > 0.5 * period;
            (if wraps { near.min((period - far).max(0.0)) } else { near }, far)
        });
        let in_plane_only = kernel.shape.has_direction() && !self.flat;
        let (near, far) = (spans.map(|(near, _)| if in_plane_only { 0.0 } else { near }), spans.map(|(_, far)| far));
        let slack = ROUNDING * length(far);
        // A density may be without bounds at the origin.
        kernel.most((length(near) - slack).max(0.0), length(far) + slack).min(1e100)
    }
}

/// Some neurons by where they stand.
struct Cells {
    low: Point,
    size: Point,
    counts: [usize; 3],
    /// Where the neurons of each cell begin.
    starts: Vec<u32>,
    numbers: Vec<u32>,
    places: Vec<Point>,
    /// Between which coordinates all stand.
    high: Point,
}

/// The neurons of one cell, and the corners of the cell.
struct Cell<'a> {
    low: Point,
    high: Point,
    numbers: &'a [u32],
    places: &'a [Point],
}

impl Cells {
    fn new(all: &[Point]) -> Cells {
        let mut low = [f64::INFINITY; 3];
        let mut high = [f64::NEG_INFINITY; 3];
        for place in all {
            low = std::array::from_fn(|axis| low[axis].min(place[axis]));
            high = std::array::from_fn(|axis| high[axis].max(place[axis]));
        }
        if all.is_empty() {
            (low, high) = ([0.0; 3], [0.0; 3]);
        }
        let extents: Vec<f64> = (0..3).map(|axis| high[axis] - low[axis]).filter(|x| *x > 0.0).collect();
        let wanted = (all.len() as f64 / IN_A_CELL).max(1.0);
        let volume: f64 = extents.iter().product();
        // The edge of a cube that holds so many; of one, two or three dimensions.
        let edge = match extents.len() {
            0 => 1.0,
            1 => volume / wanted,
            2 => (volume / wanted).sqrt(),
            _ => crate::math::exp(crate::math::ln(volume / wanted) / 3.0),
        };
        let mut counts: [usize; 3] =
            std::array::from_fn(|axis| (((high[axis] - low[axis]) / edge).ceil() as usize).clamp(1, MOST_CELLS));
        // Flat or narrow spaces would have many empty cells.
        while counts.iter().product::<usize>() > 2 * all.len() + 64 {
            let widest = (0..3).fold(0, |best, axis| if counts[axis] > counts[best] { axis } else { best });
            counts[widest] = counts[widest].div_ceil(2);
        }
        let size = std::array::from_fn(|axis| (high[axis] - low[axis]) / counts[axis] as f64);
        let mut cells = Cells { low, size, counts, starts: Vec::new(), numbers: Vec::new(), places: Vec::new(), high };
        let mut starts = vec![0u32; counts.iter().product::<usize>() + 1];
        let of: Vec<u32> = all.iter().map(|place| cells.number(*place) as u32).collect();
        of.iter().for_each(|cell| starts[*cell as usize + 1] += 1);
        (1..starts.len()).for_each(|i| starts[i] += starts[i - 1]);
        let mut next = starts.clone();
        cells.numbers = vec![0; all.len()];
        cells.places = vec![[0.0; 3]; all.len()];
        for (i, cell) in of.iter().enumerate() {
            let place = next[*cell as usize] as usize;
            next[*cell as usize] += 1;
            (cells.numbers[place], cells.places[place]) = (i as u32, all[i]);
        }
        cells.starts = starts;
        cells
    }

    fn index(&self, axis: usize, x: f64) -> usize {
        let size = self.size[axis];
        if size > 0.0 { (((x - self.low[axis]) / size) as usize).min(self.counts[axis] - 1) } else { 0 }
    }

    fn number(&self, place: Point) -> usize {
        let [x, y, z] = std::array::from_fn(|axis| self.index(axis, place[axis]));
        (x * self.counts[1] + y) * self.counts[2] + z
    }

    /// Calls `look` for every cell with neurons in it that may be around a place, and the way by which the place is
    /// shifted to the image at which the cell is seen; in a fixed order.
    fn visit(&self, from: Point, around: &Around, period: Point, mut look: impl FnMut(Cell<'_>, Point)) {
        if self.numbers.is_empty() {
            return;
        }
        let images = |axis: usize| -> Range<i64> {
            let period = period[axis];
            if !around.is_bounded || period <= 0.0 {
                return 0..1;
            }
            let first = ((self.low[axis] - around.high[axis] - from[axis]) / period).ceil();
            let last = ((self.high[axis] - around.low[axis] - from[axis]) / period).floor();
            // Masks are no larger than ten times the space.
            (first as i64).max(-MOST_IMAGES)..(last as i64).min(MOST_IMAGES) + 1
        };
        for ix in images(0) {
            for iy in images(1) {
                for iz in images(2) {
                    let shift = [ix as f64 * period[0], iy as f64 * period[1], iz as f64 * period[2]];
                    self.look_around(from, shift, around, &mut look);
                }
            }
        }
    }

    fn look_around(&self, from: Point, shift: Point, around: &Around, look: &mut impl FnMut(Cell<'_>, Point)) {
        let ranges: [Option<RangeInclusive<usize>>; 3] = std::array::from_fn(|axis| {
            let middle = from[axis] + shift[axis];
            let (low, high) = (middle + around.low[axis], middle + around.high[axis]);
            let apart = low > self.high[axis] || high < self.low[axis];
            (!apart).then(|| self.index(axis, low)..=self.index(axis, high))
        });
        let [Some(xs), Some(ys), Some(zs)] = ranges else { return };
        for x in xs {
            for y in ys.clone() {
                for z in zs.clone() {
                    let cell = (x * self.counts[1] + y) * self.counts[2] + z;
                    let members = self.starts[cell] as usize..self.starts[cell + 1] as usize;
                    if members.is_empty() {
                        continue;
                    }
                    let corner = |steps: [usize; 3]| {
                        std::array::from_fn(|axis| self.low[axis] + steps[axis] as f64 * self.size[axis])
                    };
                    let (low, high) = (corner([x, y, z]), corner([x + 1, y + 1, z + 1]));
                    let (numbers, places) = (&self.numbers[members.clone()], &self.places[members]);
                    look(Cell { low, high, numbers, places }, shift);
                }
            }
        }
    }
}

/// Keeps a candidate that is seen at several images from being taken more than once.
struct Once {
    is_on: bool,
    taken: Taken,
}

impl Once {
    fn new(is_on: bool, n: usize) -> Once {
        Once { is_on, taken: Taken::new(if is_on { n } else { 0 }) }
    }
    fn clear(&mut self) {
        self.taken.clear();
    }
    fn take(&mut self, i: usize) -> bool {
        !self.is_on || self.taken.take(i)
    }
}

/// The candidates of one neuron, from which partners are drawn as likely as the kernel says.
struct Urn<'a> {
    space: &'a Space,
    pairing: &'a Pairing,
    /// The candidates are sources; otherwise they are targets.
    of_sources: bool,
    cells: Cells,
    around: Around,
    everywhere: Around,
    multapses: bool,
    candidates: Vec<u32>,
    /// Sums of what the kernel gives for the candidates up to each; empty where all are as likely.
    sums: Vec<f64>,
    taken: Taken,
}

impl<'a> Urn<'a> {
    fn new(space: &'a Space, pairing: &'a Pairing, of_sources: bool) -> Urn<'a> {
        let candidates = if of_sources { &space.seen_sources } else { &space.seen_targets };
        let everywhere = Around {
            low: [f64::NEG_INFINITY; 3],
            high: [f64::INFINITY; 3],
            is_bounded: false,
            by_distance: false,
            flat: true,
        };
        Urn {
            space,
            pairing,
            of_sources,
            cells: Cells::new(candidates),
            around: Around::new(space, 1.0),
            everywhere,
            multapses: pairing.multapses,
            candidates: Vec::new(),
            sums: Vec::new(),
            taken: Taken::new(if pairing.multapses { 0 } else { candidates.len() }),
        }
    }

    /// How many candidates a neuron has; counting ends at `enough`.
    fn count(&mut self, from: Point, own: usize, enough: u64) -> u64 {
        self.gather(from, own, true);
        let found = self.distinct();
        if found >= enough || self.space.mask.is_some() {
            return found;
        }
        self.gather(from, own, false);
        self.distinct()
    }

    fn distinct(&self) -> u64 {
        let mut all: Vec<u32> = self.candidates.clone();
        all.sort_unstable();
        all.dedup();
        all.len() as u64
    }

    /// Puts in the candidates of the neuron `own` at this place.
    fn fill(&mut self, from: Point, own: usize, degree: u64) {
        self.taken.clear();
        self.gather(from, own, true);
        let needed = if self.multapses { 1 } else { degree };
        // Where a kernel is next to nothing everywhere, the nearest are still the likeliest.
        if (self.candidates.len() as u64) < needed && self.space.mask.is_none() {
            self.gather(from, own, false);
        }
    }

    fn gather(&mut self, from: Point, own: usize, near: bool) {
        let (space, pairing, of_sources) = (self.space, self.pairing, self.of_sources);
        let is_own = |candidate: usize| {
            !pairing.autapses
                && if of_sources { pairing.is_self(candidate, own) } else { pairing.is_self(own, candidate) }
        };
        let around = if near { &self.around } else { &self.everywhere };
        let (candidates, sums) = (&mut self.candidates, &mut self.sums);
        candidates.clear();
        sums.clear();
        let mut sum = 0.0;
        self.cells.visit(from, around, space.period, |cell, shift| {
            for (number, place) in cell.numbers.iter().zip(cell.places) {
                let way = std::array::from_fn(|axis| place[axis] - (from[axis] + shift[axis]));
                let outside = space.mask.as_ref().is_some_and(|mask| !mask.contains(way));
                if outside || is_own(*number as usize) {
                    continue;
                }
                if space.kernel.is_some() {
                    let value = space.kernel_value(from, *place);
                    if value.is_nan() || value <= 0.0 {
                        continue;
                    }
                    sum += value.min(f64::MAX / 1e20);
                    sums.push(sum);
                }
                candidates.push(*number);
            }
        });
    }

    fn draw(&mut self, stream: &mut Stream) -> Option<usize> {
        for attempt in 0.. {
            if self.candidates.is_empty() {
                return None;
            }
            let place = match self.sums.last() {
                None => stream.below(self.candidates.len() as u64) as usize,
                Some(all) => {
                    let x = stream.uniform() * all;
                    self.sums.partition_point(|sum| *sum <= x).min(self.candidates.len() - 1)
                }
            };
            let number = self.candidates[place] as usize;
            if self.multapses || self.taken.take(number) {
                return Some(number);
            }
            if attempt == PATIENCE {
                self.leave_out_taken();
            }
        }
        None
    }

    /// Takes out the candidates that cannot be drawn again.
    fn leave_out_taken(&mut self) {
        let (mut before, mut sum, mut kept) = (0.0, 0.0, 0);
        for i in 0..self.candidates.len() {
            let number = self.candidates[i];
            let value = self.sums.get(i).map_or(0.0, |upto| upto - before);
            before = self.sums.get(i).copied().unwrap_or(0.0);
            if self.taken.holds(number as usize) {
                continue;
            }
            self.candidates[kept] = number;
            if !self.sums.is_empty() {
                sum += value;
                self.sums[kept] = sum;
            }
            kept += 1;
        }
        self.candidates.truncate(kept);
        self.sums.truncate(kept);
    }
}

#[cfg(test)]
mod tests;
