//! The synapses of one projection onto the neurons of one chunk, row by row: a row is
//! what the spike of one source reaches there.

use std::ops::Range;
use std::sync::Arc;

use super::delays::{short_steps, steps, steps_between};
use super::drawn_delays::DrawnDelays;
use crate::description::Rule;
use crate::description::space::Kernel;
use crate::description::{Distribution, Value};
use crate::mechanisms::large::Large;
use crate::mechanisms::prefetch::prefetch;
use crate::mechanisms::random::{Purpose, Stream};
use crate::mechanisms::time::Grid;
use crate::runtime::connections::by_row::ByRow;
use crate::runtime::connections::pairs::Pairing;
use crate::runtime::connections::pairs::space::Space;
use crate::runtime::connections::targets::Targets;

/// Compact rows; targets are slots of the chunk.
///
/// Invariant, which delivery without bounds checks rests on: every target is below `slots`. [`SynapseRows::new`], through which
/// all rows are made, tests it, and no method changes a target afterwards.
#[derive(Clone)]
pub struct SynapseRows {
    /// Neurons of the chunk.
    slots: usize,
    /// Where the row of each source begins; one more entry than sources.
    starts: Vec<u32>,
    targets: Targets,
    weights: Weights,
    delays: Delays,
    shorter: Shorter,
    side: Side,
    /// Smallest and largest delay in steps; `None` without synapses.
    delay_range: Option<(u32, u32)>,
    /// The synapses of every row stand in order of their delays.
    in_order: bool,
}

/// Weights of all synapses in order of `targets`.
#[derive(Clone)]
pub enum Weights {
    Same(f64),
    /// As listed, in full precision.
    Listed(Vec<f64>),
    /// As drawn: the draw carries more error than the rounding.
    Drawn(Large<f32>),
}

impl Weights {
    pub fn at(&self, i: usize) -> f64 {
        match self {
            Weights::Same(w) => *w,
            Weights::Listed(ws) => ws[i],
            Weights::Drawn(ws) => ws[i] as f64,
        }
    }
}

/// Delays in steps.
#[derive(Clone)]
pub enum Delays {
    Same(u32),
    /// Up to 255 steps.
    Short(Large<u8>),
    Long(Large<u16>),
}

/// By how much delays are shorter than their whole steps, ms: of synapses whose delays need not be whole steps.
#[derive(Clone)]
pub enum Shorter {
    Never,
    Same(f64),
    Each(Vec<f64>),
}

/// On which side of zero the weights are: with one side alone, no spike needs to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    Positive,
    Negative,
    Both,
}

/// How rows are to be kept.
#[derive(Clone, Copy, Default)]
pub struct Form {
    /// Delays need not be whole steps.
    pub between: bool,
    /// Every source reaches all targets, which are not listed.
    pub dense: bool,
}

impl SynapseRows {
    /// Draws the synapses in their final order, or the pairs twice: to count, then to place. Nothing is held twice.
    pub fn build(
        pairing: &Pairing,
        targets: Range<usize>,
        weight: &Value,
        delay: &Value,
        grid: Grid,
        Form { between, dense }: Form,
    ) -> Result<SynapseRows, String> {
        let (first, slots) = (targets.start, targets.len());
        if let Some(space) = &pairing.space {
            space.check(pairing, pairing.places(targets.clone()))?;
        }
        let mut values = None;
        let (starts, mut places) = match ByRow::new(pairing, targets.clone()) {
            Some(mut by_row) => {
                let starts = cumulative(by_row.lengths())?;
                let mut places = Large::zeroed(last(&starts));
                for s in 0..pairing.source_neurons() {
                    by_row.fill(s, &mut places[starts[s] as usize..starts[s + 1] as usize]);
                }
                (starts, places)
            }
            None => {
                let mut lengths = vec![0u32; pairing.source_neurons()];
                pairing.for_each(targets.clone(), |s, _, _| lengths[s] = lengths[s].wrapping_add(1));
                let starts = cumulative(lengths)?;
                let mut next = starts.clone();
                let n = last(&starts);
                let mut places = Large::zeroed(n);
                let mut lists = [ListedValues::of(weight, pairing, n), ListedValues::of(delay, pairing, n)];
                pairing.for_each(targets, |s, t, index| {
                    let place = next[s] as usize;
                    next[s] += 1;
                    places[place] = (t - first) as u16;
                    lists.iter_mut().flatten().for_each(|list| list.put(place, (s, t), index));
                });
                values = Some(lists);
                (starts, places)
            }
        };
        let [weights, delays] = values.unwrap_or_default();
        let over_targets = |list: Option<_>, value| {
            list.or_else(|| ListedValues::over_targets(value, pairing, first, places.iter().copied()))
        };
        let (weights, delays) = (over_targets(weights, weight), over_targets(delays, delay));
        // Synapses that go with lists must keep their places.
        let order = weights.is_none() && !pairing.listed;
        let mut shorter = Shorter::Never;
        let delays = match (delay, delays) {
            (_, Some(list)) if between => {
                let (delays, rest) = delays_between(&list.finish("delay")?, grid)?;
                shorter = Shorter::Each(rest);
                delays
            }
            (Value::Distribution(distribution), None) if between => {
                let mut stream = Stream::of(pairing.seed, Purpose::Delay, pairing.projection, first as u64);
                let drawn =
                    (0..places.len()).map(|_| stream.draw_finite(distribution)).collect::<Result<Vec<f64>, _>>()?;
                let (delays, rest) = delays_between(&drawn, grid)?;
                shorter = Shorter::Each(rest);
                delays
            }
            (other, None) if between => {
                let (whole, rest) = steps_between(other.typical(), grid)?;
                shorter = if rest > 0.0 { Shorter::Same(rest) } else { Shorter::Never };
                Delays::Same(whole)
            }
            (_, Some(list)) => listed_delays(&list.finish("delay")?, grid)?,
            (Value::Distribution(distribution), None) => {
                let stream = Stream::of(pairing.seed, Purpose::Delay, pairing.projection, first as u64);
                draw_delays(&starts, &mut places, DrawnDelays::new(distribution, grid), stream, order)?
            }
            (other, None) => Delays::Same(steps(other.typical(), grid)?),
        };
        let weights = match (weight, weights) {
            (_, Some(list)) => Weights::Listed(list.finish("weights")?),
            (Value::Distribution(distribution), None) => draw_weights(distribution, pairing, first, places.len())?,
            (other, None) => Weights::Same(other.typical()),
        };
        let places = match dense && Targets::are_complete(&starts, &places, slots) {
            true => Targets::dense(starts.len() - 1, slots),
            false => Targets::Sparse(places),
        };
        let mut rows = SynapseRows::of(slots, starts, places, weights, delays);
        rows.in_order |= order && matches!(delay, Value::Distribution(_)) && !between;
        rows.shorten(shorter);
        Ok(rows)
    }

    /// Rows onto a chunk of `slots` neurons, whose places in `targets` begin at `starts`.
    ///
    /// # Panics
    /// If a target is not below `slots`, or the lengths do not agree.
    pub fn new(
        slots: usize,
        starts: Vec<u32>,
        targets: impl Into<Large<u16>>,
        weights: Weights,
        delays: Delays,
    ) -> SynapseRows {
        SynapseRows::of(slots, starts, Targets::Sparse(targets.into()), weights, delays)
    }

    fn of(slots: usize, starts: Vec<u32>, targets: Targets, weights: Weights, delays: Delays) -> SynapseRows {
        let largest = match &targets {
            Targets::Sparse(all) => all.iter().fold(0, |largest: u16, target| largest.max(*target)),
            Targets::Dense { row, .. } => row.last().copied().unwrap_or(0),
        };
        assert!(targets.len() == 0 || usize::from(largest) < slots, "target {largest} of {slots}");
        assert_eq!(last(&starts), targets.len(), "rows end with the last target");
        let in_order = matches!(delays, Delays::Same(_));
        let delay_range = (targets.len() > 0).then(|| match &delays {
            Delays::Same(d) => (*d, *d),
            Delays::Short(ds) => range_of(ds),
            Delays::Long(ds) => range_of(ds),
        });
        let (shorter, side) = (Shorter::Never, Side::Both);
        let mut rows = SynapseRows { slots, starts, targets, weights, delays, shorter, side, delay_range, in_order };
        rows.look_at_weights();
        rows
    }

    /// The same synapses with other weights.
    pub fn with_weights(&self, weights: Weights) -> SynapseRows {
        let mut rows = SynapseRows { weights, ..self.clone() };
        rows.look_at_weights();
        rows
    }

    /// Notes by how much delays are shorter than their steps. What is sent within a step may then arrive a step earlier.
    fn shorten(&mut self, shorter: Shorter) {
        self.shorter = shorter;
        let earliest = |i: usize| self.delay(i) - u32::from(self.shorter(i) > 0.0);
        let shortest = match self.shorter {
            Shorter::Never => return,
            Shorter::Same(_) => (0..self.len().min(1)).map(earliest).min(),
            Shorter::Each(_) => (0..self.len()).map(earliest).min(),
        };
        if let (Some((least, _)), Some(shortest)) = (&mut self.delay_range, shortest) {
            *least = shortest;
        }
    }

    /// Notes the side of zero of the weights.
    fn look_at_weights(&mut self) {
        let side = |smallest: f64, largest: f64| match (smallest >= 0.0, largest <= 0.0) {
            (true, _) => Side::Positive,
            (_, true) => Side::Negative,
            _ => Side::Both,
        };
        self.side = match &self.weights {
            Weights::Same(w) => side(*w, *w),
            Weights::Listed(_) => Side::Both,
            Weights::Drawn(ws) => {
                let (low, high) = ws.iter().fold((0.0f32, 0.0f32), |(low, high), w| (low.min(*w), high.max(*w)));
                side(low as f64, high as f64)
            }
        };
    }

    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// How many neurons the chunk has: every target is below.
    pub fn slots(&self) -> usize {
        self.slots
    }

    pub fn sources(&self) -> usize {
        self.starts.len() - 1
    }

    /// Where the row of each source begins, and where the last one ends.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// Targets of all synapses, row by row.
    #[inline(always)]
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// Whether every source reaches every neuron of the chunk in order, as slots.
    #[inline(always)]
    pub fn are_dense(&self) -> bool {
        matches!(self.targets, Targets::Dense { .. })
    }

    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    pub fn delays(&self) -> &Delays {
        &self.delays
    }

    /// Whether the synapses of every row stand in order of their delays.
    pub fn in_order(&self) -> bool {
        self.in_order
    }

    pub fn side(&self) -> Side {
        self.side
    }

    pub fn row(&self, source: usize) -> Range<usize> {
        self.starts[source] as usize..self.starts[source + 1] as usize
    }

    /// The synapses of a source, by their places; none of a source that these rows do not know.
    pub fn synapses_of(&self, source: usize) -> Range<usize> {
        if source < self.sources() { self.row(source) } else { 0..0 }
    }

    /// All synapses, row by row: source and place.
    pub fn synapses(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.sources()).flat_map(|source| self.row(source).map(move |i| (source, i)))
    }

    /// The target of a synapse, counted from the first neuron of the chunk.
    pub fn target(&self, synapse: usize) -> usize {
        usize::from(self.targets().at(synapse))
    }

    /// Asks for the place of a row to be in the cache soon.
    #[inline(always)]
    pub fn prefetch_start(&self, source: usize) {
        prefetch(&self.starts[source..source + 1]);
    }

    /// Asks for a row to be in the cache soon.
    #[inline(always)]
    pub fn prefetch_row(&self, source: usize) {
        self.prefetch(self.row(source));
    }

    /// Asks for some synapses to be in the cache soon.
    #[inline(always)]
    pub fn prefetch(&self, row: Range<usize>) {
        if let Targets::Sparse(all) = &self.targets {
            prefetch(&all[row.clone()]);
        }
        match &self.delays {
            Delays::Same(_) => {}
            Delays::Short(ds) => prefetch(&ds[row.clone()]),
            Delays::Long(ds) => prefetch(&ds[row.clone()]),
        }
        match &self.weights {
            Weights::Same(_) => {}
            Weights::Listed(ws) => prefetch(&ws[row]),
            Weights::Drawn(ws) => prefetch(&ws[row]),
        }
    }

    pub fn weight(&self, i: usize) -> f64 {
        self.weights.at(i)
    }

    pub fn delay(&self, i: usize) -> u32 {
        match &self.delays {
            Delays::Same(d) => *d,
            Delays::Short(ds) => ds[i] as u32,
            Delays::Long(ds) => ds[i] as u32,
        }
    }

    /// By how much the delay of a synapse is shorter than its whole steps, ms.
    pub fn shorter(&self, i: usize) -> f64 {
        match &self.shorter {
            Shorter::Never => 0.0,
            Shorter::Same(shorter) => *shorter,
            Shorter::Each(all) => all[i],
        }
    }

    /// Whether all delays are whole steps.
    pub fn on_grid(&self) -> bool {
        matches!(self.shorter, Shorter::Never)
    }

    /// The delay of a synapse, ms.
    pub fn delay_ms(&self, i: usize, grid: Grid) -> f64 {
        grid.ms(self.delay(i) as i64) - self.shorter(i)
    }

    /// The step in which what a synapse brings arrives, and how long before its end, ms; it was sent so much before the end
    /// of `step`.
    #[inline(always)]
    pub fn arrival(&self, i: usize, step: i64, offset: f64, h: f64) -> (i64, f64) {
        let (at, before) = (step + self.delay(i) as i64, offset + self.shorter(i));
        if before < h { (at, before) } else { (at - 1, before - h) }
    }

    /// One number a synapse, in order of the rows, of a list or distribution.
    pub fn values(
        &self,
        pairing: &Pairing,
        targets: Range<usize>,
        value: &Value,
        purpose: Purpose,
        part: u64,
    ) -> Result<Vec<f64>, String> {
        if let Some(list) = ListedValues::over_targets(value, pairing, targets.start, self.targets.iter()) {
            return list.finish("values");
        }
        if let Some(mut list) = ListedValues::of(value, pairing, self.len()) {
            if !pairing.listed {
                return Err("a list of values needs the network to be built anew".into());
            }
            let mut next = self.starts.clone();
            pairing.for_each(targets, |s, t, index| {
                list.put(next[s] as usize, (s, t), index);
                next[s] += 1;
            });
            return list.finish("values");
        }
        let Value::Distribution(distribution) = value else { return Ok(vec![value.typical(); self.len()]) };
        let mut stream = Stream::of(pairing.seed, purpose, pairing.projection, part);
        (0..self.len()).map(|_| stream.draw_finite(distribution)).collect()
    }

    /// Weights in the order of the rows, as they were given.
    pub fn weights_of(&self, pairing: &Pairing, targets: Range<usize>, weight: &Value) -> Result<Weights, String> {
        let first = targets.start as u64;
        match weight {
            Value::Real(weight) => Ok(Weights::Same(*weight)),
            _ => self.values(pairing, targets, weight, Purpose::Weight, first).map(Weights::Listed),
        }
    }

    /// Smallest and largest delay in steps; `None` without synapses.
    pub fn delay_range(&self) -> Option<(u32, u32)> {
        self.delay_range
    }

    /// Largest number of synapses onto one neuron.
    pub fn largest_indegree(&self, slots: usize) -> u32 {
        if self.are_dense() {
            return self.sources() as u32;
        }
        let mut degrees = vec![0u32; slots];
        self.targets.iter().for_each(|t| degrees[t as usize] += 1);
        degrees.into_iter().max().unwrap_or(0)
    }

    /// Replaces the weights; drawn ones come from the same stream as at building.
    ///
    /// The form in which they are kept stays; an error says that the network must be built anew.
    pub fn set_weights(&mut self, pairing: &Pairing, targets: Range<usize>, weight: &Value) -> Result<(), String> {
        match (&mut self.weights, weight) {
            (Weights::Same(w), Value::Real(x)) => *w = *x,
            (Weights::Listed(ws), Value::Real(x)) => ws.fill(*x),
            (Weights::Drawn(ws), Value::Real(x)) => ws.fill(*x as f32),
            (Weights::Listed(_), Value::List(_) | Value::Lists(_) | Value::Range(_) | Value::Spatial(_)) => {
                let first = targets.start as u64;
                let values = self.values(pairing, targets, weight, Purpose::Weight, first)?;
                self.weights = Weights::Listed(values);
            }
            (Weights::Drawn(_), Value::Distribution(distribution)) => {
                self.weights = draw_weights(distribution, pairing, targets.start, self.targets.len())?;
            }
            _ => return Err("weights of another form need the network to be built anew".into()),
        }
        self.look_at_weights();
        Ok(())
    }

    /// Gives every synapse a weight of its own, in order of the rows.
    pub fn list_weights(&mut self, weights: Vec<f64>) {
        assert_eq!(weights.len(), self.len(), "one weight a synapse");
        self.weights = Weights::Listed(weights);
        self.look_at_weights();
    }

    pub fn bytes(&self) -> usize {
        let weights = match &self.weights {
            Weights::Same(_) => 0,
            Weights::Listed(ws) => 8 * ws.len(),
            Weights::Drawn(ws) => 4 * ws.len(),
        };
        let delays = match &self.delays {
            Delays::Same(_) => 0,
            Delays::Short(ds) => ds.len(),
            Delays::Long(ds) => 2 * ds.len(),
        };
        let shorter = if let Shorter::Each(all) = &self.shorter { 8 * all.len() } else { 0 };
        4 * self.starts.len() + self.targets.bytes() + weights + delays + shorter
    }
}

/// Draws a delay for each synapse. In `order`, the targets of each row are put in order of delay: their spikes then pass
/// through the ring of input once, from front to back.
fn draw_delays(
    starts: &[u32],
    targets: &mut [u16],
    delays: DrawnDelays<'_>,
    mut stream: Stream,
    order: bool,
) -> Result<Delays, String> {
    let mut counts = vec![0u32; if order { usize::from(delays.longest()) + 1 } else { 0 }];
    let (mut drawn, mut unsorted) = (Vec::new(), Vec::new());
    let short = delays.longest() <= u16::from(u8::MAX);
    let n = targets.len();
    let (mut bytes, mut words) = (Large::zeroed(if short { n } else { 0 }), Large::zeroed(if short { 0 } else { n }));
    for row in starts.windows(2).map(|ends| ends[0] as usize..ends[1] as usize) {
        drawn.clear();
        for _ in row.clone() {
            drawn.push(delays.draw(&mut stream)?);
        }
        if order {
            drawn.iter().for_each(|d| counts[*d as usize] += 1);
            let mut place = 0;
            for count in &mut counts {
                place += std::mem::replace(count, place);
            }
            unsorted.clear();
            unsorted.extend_from_slice(&targets[row.clone()]);
            for (target, d) in unsorted.iter().zip(&drawn) {
                let place = row.start + counts[*d as usize] as usize;
                counts[*d as usize] += 1;
                targets[place] = *target;
                if short { bytes[place] = *d as u8 } else { words[place] = *d }
            }
            counts.fill(0);
        } else if short {
            bytes[row].iter_mut().zip(&drawn).for_each(|(to, d)| *to = *d as u8);
        } else {
            words[row].copy_from_slice(&drawn);
        }
    }
    Ok(if short { Delays::Short(bytes) } else { Delays::Long(words) })
}

/// Draws the weights of `n` synapses onto the chunk whose neurons begin at `first`.
fn draw_weights(distribution: &Distribution, pairing: &Pairing, first: usize, n: usize) -> Result<Weights, String> {
    let mut stream = Stream::of(pairing.seed, Purpose::Weight, pairing.projection, first as u64);
    let mut weights = Large::zeroed(n);
    for weight in weights.iter_mut() {
        *weight = stream.draw_finite(distribution)? as f32;
        if !weight.is_finite() {
            return Err(format!("the distribution of weights gives numbers above {:e}; set its min and max", f32::MAX));
        }
    }
    Ok(Weights::Drawn(weights))
}

/// Where rows of these lengths begin, with the end of the last.
fn cumulative(mut lengths: Vec<u32>) -> Result<Vec<u32>, String> {
    let total: u64 = lengths.iter().map(|n| *n as u64).sum();
    if total > u32::MAX as u64 {
        return Err(format!("{total} synapses onto one part of a population are more than this program can hold"));
    }
    let mut begin = 0;
    for length in &mut lengths {
        begin += std::mem::replace(length, begin);
    }
    lengths.push(begin);
    Ok(lengths)
}

fn last(starts: &[u32]) -> usize {
    starts.last().map_or(0, |end| *end as usize)
}

fn range_of<T: Copy + Into<u32>>(delays: &[T]) -> (u32, u32) {
    delays.iter().fold((u32::MAX, 0), |(a, b), &d| (a.min(d.into()), b.max(d.into())))
}

fn listed_delays(list: &[f64], grid: Grid) -> Result<Delays, String> {
    let delays = list.iter().map(|ms| short_steps(*ms, grid)).collect::<Result<Vec<u16>, String>>()?;
    if delays.iter().all(|d| *d <= u8::MAX as u16) {
        return Ok(Delays::Short(delays.iter().map(|d| *d as u8).collect()));
    }
    Ok(Delays::Long(delays.into()))
}

/// Delays that need not be whole steps: the steps into which each fits, and how much shorter it is.
fn delays_between(list: &[f64], grid: Grid) -> Result<(Delays, Vec<f64>), String> {
    let parts = list.iter().map(|ms| steps_between(*ms, grid)).collect::<Result<Vec<_>, String>>()?;
    let too_long = |_| "delay: a listed or drawn delay may have 65,535 steps at most".to_owned();
    let whole =
        parts.iter().map(|(whole, _)| u16::try_from(*whole).map_err(too_long)).collect::<Result<Vec<_>, _>>()?;
    Ok((Delays::Long(whole.into()), parts.into_iter().map(|(_, shorter)| shorter).collect()))
}

impl<'a> ListedValues<'a> {
    /// Of a range, which runs over the targets: these are counted from `first`. `None` if the value is something else.
    fn over_targets(
        value: &Value,
        pairing: &'a Pairing,
        first: usize,
        targets: impl Iterator<Item = u16>,
    ) -> Option<Self> {
        let Value::Range(range) = value else { return None };
        let of = |target: u16| range.at(pairing.place_of_target(first + usize::from(target)), pairing.targets);
        Some(ListedValues { pairing, from: Listed::List(&[]), out: targets.map(of).collect() })
    }
}

/// Collects one listed value a synapse while the pairs go by.
struct ListedValues<'a> {
    pairing: &'a Pairing,
    from: Listed<'a>,
    out: Vec<f64>,
}

enum Listed<'a> {
    List(&'a [f64]),
    /// An entry for each source.
    BySource(&'a [f64]),
    Table {
        rows: &'a [Vec<f64>],
        width: usize,
    },
    Spatial {
        kernel: Kernel,
        space: Arc<Space>,
    },
}

impl<'a> ListedValues<'a> {
    /// For `n` synapses; `None` if the value is no list.
    fn of(value: &'a Value, pairing: &'a Pairing, n: usize) -> Option<Self> {
        let from = match value {
            Value::List(list) if pairing.rule.lists_synapses() => Listed::List(list),
            Value::List(list) => Listed::BySource(list),
            Value::Lists(rows) => {
                let all = matches!(pairing.rule, Rule::AllToAll);
                let width = if all { pairing.sources } else { rows.first().map_or(1, Vec::len) };
                Listed::Table { rows, width: width.max(1) }
            }
            Value::Spatial(kernel) => Listed::Spatial { kernel: *kernel, space: pairing.space.clone()? },
            _ => return None,
        };
        Some(ListedValues { pairing, from, out: vec![0.0; n] })
    }

    #[inline]
    fn put(&mut self, place: usize, (source, target): (usize, usize), index: usize) {
        self.out[place] = match &self.from {
            Listed::List(list) => list.get(index).copied().unwrap_or(f64::NAN),
            Listed::BySource(list) => list.get(self.pairing.place_of(source)).copied().unwrap_or(f64::NAN),
            Listed::Spatial { kernel, space } => kernel.value(space.way(source, target)),
            Listed::Table { rows, width } => {
                rows.get(index / width).and_then(|r| r.get(index % width)).copied().unwrap_or(f64::NAN)
            }
        };
    }

    fn finish(self, what: &str) -> Result<Vec<f64>, String> {
        if self.out.iter().any(|x| !x.is_finite()) {
            if matches!(self.from, Listed::Spatial { .. }) {
                return Err(format!(
                    "{what}: the function of the distance is not finite at every distance that occurs"
                ));
            }
            return Err(format!("the list of {what} does not fit the synapses"));
        }
        Ok(self.out)
    }
}
