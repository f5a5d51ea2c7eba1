//! Late delivery: synapses of drawn delays are added to the rings of input only shortly before they are read.
//!
//! A spike through a row with delays from 0.1 to 8 ms changes numbers in 80 planes of a ring, all over a memory that no
//! cache holds. But the synapses of such a row stand in order of their delays. So a spike is kept as a cursor into its
//! row, a *pending flight*, and of each row only those synapses are added that arrive before the *horizon*, which
//! moves ahead a *window* of steps at a time. The ring then has no more planes than a window, and stays in the cache.
//!
//! Every slot gets its addends in the order in which the spikes were sent, whatever the window: the same bits as if
//! all had been added at once.

use std::ops::{AddAssign, Range};

use super::ring::{OpenRing, Rings};
use crate::description::Inlet;
use crate::runtime::connections::rows::{Delays, Side, SynapseRows, Weights};

/// A window has at least so many steps: fewer mean more visits of the same rows, more mean more planes.
const WINDOW: usize = 8;
/// The synapses of a flight are fetched from memory while so many others are delivered.
const FLIGHTS_AHEAD: usize = 4;

/// Steps of a window for slices of this length: a whole number of slices.
pub fn window(slice: usize) -> usize {
    slice * WINDOW.div_ceil(slice.max(1))
}

/// Whether rows with delays up to `longest` gain by it: otherwise their rings are hardly longer than a window.
pub fn is_worthwhile(longest: usize, slice: usize) -> bool {
    longest > window(slice)
}

/// A spike on its way through a row of which some synapses have not been reached.
#[derive(Clone, Copy)]
struct Pending {
    /// The synapses that are left.
    next: u32,
    end: u32,
    /// The step in which the spike was sent, the lower half of its bits.
    sent: u32,
    /// Which of the chunk's incoming projections.
    incoming: u32,
}

/// Rows that are delivered late, with where they lead.
#[derive(Clone, Copy)]
pub struct LateRows<'a> {
    pub rows: &'a SynapseRows,
    pub inlet: Inlet,
    pub profile: &'a Profile,
}

/// How many synapses of a row have less than a delay, on average: entry k those with less than k steps.
#[derive(Clone)]
pub struct Profile(Vec<u32>);

impl Profile {
    /// From so many synapses, spread over all rows.
    const LOOKED_AT: usize = 1 << 13;

    pub fn of(rows: &SynapseRows) -> Profile {
        let longest = rows.delay_range().map_or(0, |(_, longest)| longest) as usize;
        let mut counts = vec![0u64; longest + 2];
        let stride = rows.len() / Self::LOOKED_AT + 1;
        let mut looked_at = 0;
        for i in (0..rows.len()).step_by(stride) {
            counts[rows.delay(i) as usize + 1] += 1;
            looked_at += 1;
        }
        let row = rows.len() as f64 / rows.sources().max(1) as f64;
        let mut below = 0;
        Profile(
            counts
                .iter()
                .map(|count| {
                    below += count;
                    (below as f64 / f64::from(looked_at.max(1)) * row).ceil() as u32
                })
                .collect(),
        )
    }

    fn below(&self, reach: u32) -> usize {
        self.0.get(reach as usize).or(self.0.last()).map_or(0, |below| *below as usize)
    }
}

/// What of a chunk's input is delivered late.
#[derive(Clone)]
pub struct Late {
    window: i64,
    /// All that arrives before this step is in the rings.
    horizon: i64,
    pending: Vec<Pending>,
    /// Drawn weights.
    drawn: Option<Rings<f32>>,
    /// One weight, or listed ones; delays that differ.
    exact: Option<Rings<f64>>,
}

impl Late {
    pub fn new(slice: usize) -> Self {
        Late { window: window(slice) as i64, horizon: 0, pending: Vec::new(), drawn: None, exact: None }
    }

    /// Makes room for synapses with these weights.
    pub fn need(&mut self, weights: &Weights, inlets: usize, slots: usize) {
        let planes = self.window as usize;
        match weights {
            Weights::Drawn(_) => Rings::need(&mut self.drawn, inlets, slots, planes),
            _ => Rings::need(&mut self.exact, inlets, slots, planes),
        }
    }

    /// What arrives in a step through drawn weights, by inlet.
    #[inline(always)]
    pub fn drawn(&mut self) -> Option<&mut Rings<f32>> {
        self.drawn.as_mut()
    }

    /// What arrives in a step through single weights, by inlet.
    #[inline(always)]
    pub fn exact(&mut self) -> Option<&mut Rings<f64>> {
        self.exact.as_mut()
    }

    /// Moves the horizon so far that the slice from step `now` on can be read: flights that are pending go on.
    pub fn begin_slice<'a>(&mut self, now: i64, slice: i64, rows: impl Fn(u32) -> Option<LateRows<'a>>) {
        let horizon = (now + slice + self.window - 1) / self.window * self.window;
        if horizon <= self.horizon {
            return;
        }
        let before = std::mem::replace(&mut self.horizon, horizon) as u32;
        let mut pending = std::mem::take(&mut self.pending);
        for soon in pending.iter().take(FLIGHTS_AHEAD) {
            rows(soon.incoming).into_iter().for_each(|rows| self.fetch(soon, before, rows));
        }
        let mut kept = 0;
        for j in 0..pending.len() {
            if let Some(later) = pending.get(j + FLIGHTS_AHEAD) {
                rows(later.incoming).into_iter().for_each(|rows| self.fetch(later, before, rows));
            }
            let mut flight = pending[j];
            let Some(rows) = rows(flight.incoming) else { continue };
            self.add(&mut flight, rows);
            // What is left stays in its order.
            pending[kept] = flight;
            kept += usize::from(flight.next < flight.end);
        }
        pending.truncate(kept);
        self.pending = pending;
    }

    /// Sends a spike of step `sent` through a row.
    #[inline(always)]
    pub fn send(&mut self, incoming: u32, row: Range<usize>, sent: i64, rows: LateRows<'_>) {
        let mut flight = Pending { next: row.start as u32, end: row.end as u32, sent: sent as u32, incoming };
        self.add(&mut flight, rows);
        if flight.next < flight.end {
            self.pending.push(flight);
        }
    }

    /// Asks for the synapses of a new flight that will be added at once.
    #[inline(always)]
    pub fn fetch_row(&self, source: usize, sent: i64, rows: LateRows<'_>) {
        let row = rows.rows.row(source);
        let n = rows.profile.below((self.horizon as u32).wrapping_sub(sent as u32));
        rows.rows.prefetch(row.start..row.end.min(row.start + n));
    }

    /// Asks for the synapses that a flight reaches between the horizon before and the present one.
    #[inline(always)]
    fn fetch(&self, flight: &Pending, before: u32, rows: LateRows<'_>) {
        let reach = |horizon: u32| rows.profile.below(horizon.wrapping_sub(flight.sent));
        let n = reach(self.horizon as u32) - reach(before);
        let (next, end) = (flight.next as usize, flight.end as usize);
        rows.rows.prefetch(next..end.min(next + n));
    }

    /// Adds the synapses of a flight that arrive before the horizon.
    #[inline(always)]
    fn add(&mut self, flight: &mut Pending, LateRows { rows, inlet, .. }: LateRows<'_>) {
        // The delay of what arrives at the horizon.
        let reach = (self.horizon as u32).wrapping_sub(flight.sent);
        let left = flight.next as usize..flight.end as usize;
        let part = Part { rows, left: left.clone(), sent: flight.sent, reach };
        let n = match (rows.weights(), &mut self.drawn, &mut self.exact) {
            (Weights::Drawn(weights), Some(rings), _) => {
                let weights = weights[left].iter().copied();
                rings.fit(rows);
                match rows.side() {
                    Side::Both if inlet.signed => part.add(weights, BySign(rings.open_pair(inlet.first))),
                    Side::Negative => part.add(weights, One(rings.open(inlet.of(-1.0)))),
                    Side::Positive | Side::Both => part.add(weights, One(rings.open(inlet.of(1.0)))),
                }
            }
            (Weights::Same(weight), _, Some(rings)) => {
                rings.fit(rows);
                part.add(std::iter::repeat(*weight), One(rings.open(inlet.of(*weight))))
            }
            // Weights that were set one by one after the network had been built.
            (Weights::Listed(weights), _, Some(rings)) => {
                let weights = weights[left].iter().copied();
                rings.fit(rows);
                match inlet.signed {
                    true => part.add(weights, BySign(rings.open_pair(inlet.first))),
                    false => part.add(weights, One(rings.open(inlet.first))),
                }
            }
            _ => left.len(),
        };
        flight.next += n as u32;
    }

    pub fn bytes(&self) -> usize {
        self.pending.capacity() * size_of::<Pending>()
            + self.drawn.as_ref().map_or(0, Rings::bytes)
            + self.exact.as_ref().map_or(0, Rings::bytes)
    }
}

/// Where weights go.
trait Way<W> {
    /// The slot of a weight.
    ///
    /// # Safety
    /// The target must be one of rows that [`Rings::fit`] has let through.
    unsafe fn slot(&mut self, weight: W, step: u32, target: u16) -> &mut W;
}

/// All go to one inlet.
struct One<'a, W>(OpenRing<'a, W>);

impl<W> Way<W> for One<'_, W> {
    #[inline(always)]
    unsafe fn slot(&mut self, _: W, step: u32, target: u16) -> &mut W {
        // SAFETY: as the caller promises.
        unsafe { self.0.at_unchecked(step, target) }
    }
}

/// Their sign decides between two.
struct BySign<'a, W>([OpenRing<'a, W>; 2]);

impl<W: Default + PartialOrd> Way<W> for BySign<'_, W> {
    #[inline(always)]
    unsafe fn slot(&mut self, weight: W, step: u32, target: u16) -> &mut W {
        let [first, second] = &mut self.0;
        // SAFETY: as the caller promises.
        unsafe { if weight <= W::default() { second } else { first }.at_unchecked(step, target) }
    }
}

/// What is left of a row, and the delay from which on synapses stay pending.
struct Part<'a> {
    rows: &'a SynapseRows,
    left: Range<usize>,
    sent: u32,
    reach: u32,
}

impl Part<'_> {
    /// Adds what arrives before the horizon; returns how many synapses that are.
    #[inline(always)]
    fn add<W: Copy + AddAssign>(self, weights: impl Iterator<Item = W>, way: impl Way<W>) -> usize {
        let left = self.left.clone();
        match self.rows.delays() {
            Delays::Same(delay) => self.add_before(std::iter::repeat_n(*delay, left.len()), weights, way),
            Delays::Short(delays) => self.add_before(delays[left].iter().map(|d| u32::from(*d)), weights, way),
            Delays::Long(delays) => self.add_before(delays[left].iter().map(|d| u32::from(*d)), weights, way),
        }
    }

    #[inline(always)]
    fn add_before<W: Copy + AddAssign>(
        self,
        delays: impl Iterator<Item = u32>,
        weights: impl Iterator<Item = W>,
        mut way: impl Way<W>,
    ) -> usize {
        let Part { rows, left, sent, reach } = self;
        let targets = rows.targets().of(left);
        for (i, ((target, delay), weight)) in targets.iter().zip(delays).zip(weights).enumerate() {
            if delay >= reach {
                return i;
            }
            // SAFETY: a target of rows that `Rings::fit` has let through; whoever made the `Way` has called it.
            *unsafe { way.slot(weight, sent.wrapping_add(delay), *target) } += weight;
        }
        targets.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::random::Stream;

    const SLOTS: usize = 64;
    const SIGNED: Inlet = Inlet { first: 0, signed: true };

    /// Rows of 40 sources with delays in order, from `shortest` to `longest` steps.
    fn rows(weights: &str, shortest: u32, longest: u32, stream: &mut Stream) -> SynapseRows {
        let (mut starts, mut targets, mut delays, mut drawn) = (vec![0u32], Vec::new(), Vec::new(), Vec::new());
        for _ in 0..40 {
            let n = stream.below(60) as usize;
            let mut of_row: Vec<u16> =
                (0..n).map(|_| (shortest + stream.below(u64::from(longest - shortest + 1)) as u32) as u16).collect();
            of_row.sort();
            delays.extend(of_row);
            targets.extend((0..n).map(|_| stream.below(SLOTS as u64) as u16));
            drawn.extend((0..n).map(|_| stream.uniform() as f32 - if weights == "both signs" { 0.5 } else { 0.0 }));
            starts.push(targets.len() as u32);
        }
        let delays = match longest {
            _ if shortest == longest => Delays::Same(shortest),
            ..=255 => Delays::Short(delays.iter().map(|d| *d as u8).collect()),
            _ => Delays::Long(delays.into()),
        };
        let weights = match weights {
            "one" => Weights::Same(0.1),
            "negative" => Weights::Drawn(drawn.iter().map(|w| -w).collect()),
            _ => Weights::Drawn(drawn.into()),
        };
        SynapseRows::new(SLOTS, starts, targets, weights, delays)
    }

    /// What arrives at both inlets, step by step, if everything is added when it is sent.
    struct AllAtOnce {
        drawn: Rings<f32>,
        exact: Rings<f64>,
    }

    impl AllAtOnce {
        fn new(planes: usize) -> Self {
            let (mut drawn, mut exact) = (None, None);
            Rings::need(&mut drawn, 2, SLOTS, planes);
            Rings::need(&mut exact, 2, SLOTS, planes);
            AllAtOnce { drawn: drawn.expect("rings"), exact: exact.expect("rings") }
        }

        fn send(&mut self, rows: &SynapseRows, source: usize, sent: i64) {
            for i in rows.row(source) {
                let (step, target, weight) = (sent + i64::from(rows.delay(i)), rows.targets().at(i), rows.weight(i));
                match rows.weights() {
                    Weights::Drawn(_) => *self.drawn.at(SIGNED.of(weight), step, target) += weight as f32,
                    _ => *self.exact.at(SIGNED.of(weight), step, target) += weight,
                }
            }
        }
    }

    /// The bits of all planes of a step; they are 0 afterwards.
    fn take<'a>(
        drawn: impl Iterator<Item = &'a mut [f32]>,
        exact: impl Iterator<Item = &'a mut [f64]>,
    ) -> (Vec<u32>, Vec<u64>) {
        let drawn = drawn.flat_map(|plane| plane.iter_mut().map(|x| std::mem::take(x).to_bits())).collect();
        (drawn, exact.flat_map(|plane| plane.iter_mut().map(|x| std::mem::take(x).to_bits())).collect())
    }

    #[test]
    fn every_bit_is_as_if_all_had_been_added_when_it_was_sent() {
        let mut stream = Stream::new(3);
        let all = [(5, 12), (1, 40), (1, 300), (3, 255), (8, 90), (12, 1000), (64, 700)];
        // Miri takes a thousand times as long.
        let (some, steps, enough) = if cfg!(miri) { (1, 40, 10) } else { (all.len(), 600, 1000) };
        for &(slice, longest) in &all[..some] {
            let slice_steps = slice as i64;
            let shortest = slice as u32;
            let all: Vec<SynapseRows> = ["one", "positive", "negative", "both signs"]
                .iter()
                .flat_map(|weights| [longest, shortest].map(|longest| (weights, longest)))
                .map(|(weights, longest)| rows(weights, shortest, longest.max(shortest), &mut stream))
                .collect();
            let profiles: Vec<Profile> = all.iter().map(Profile::of).collect();
            let late_rows =
                |i: u32| Some(LateRows { rows: &all[i as usize], inlet: SIGNED, profile: &profiles[i as usize] });
            let mut late = Late::new(slice);
            all.iter().for_each(|rows| late.need(rows.weights(), 2, SLOTS));
            let mut at_once = AllAtOnce::new(longest as usize + 2 * slice);
            let mut sent: Vec<(u32, usize, i64)> = Vec::new();
            let mut arrived = 0;
            for now in (0..steps).step_by(slice) {
                // What was sent in the slice before is delivered at the beginning of this one.
                late.begin_slice(now, slice_steps, late_rows);
                for (incoming, source, step) in sent.drain(..) {
                    let rows = &all[incoming as usize];
                    late.send(incoming, rows.row(source), step, late_rows(incoming).expect("rows"));
                    at_once.send(rows, source, step);
                }
                for step in now..now + slice_steps {
                    let got = (late.drawn.as_mut().expect("drawn"), late.exact.as_mut().expect("exact"));
                    let got = take(got.0.planes(step), got.1.planes(step));
                    let wanted = take(at_once.drawn.planes(step), at_once.exact.planes(step));
                    assert!(got == wanted, "slices of {slice}, delays to {longest}: step {step}");
                    arrived += got.0.iter().filter(|bits| **bits != 0).count();
                    for _ in 0..stream.below(4) {
                        sent.push((stream.below(all.len() as u64) as u32, stream.below(40) as usize, step));
                    }
                }
            }
            assert!(arrived > enough, "{arrived} numbers are not enough for a comparison");
        }
    }

    #[test]
    fn windows_are_whole_slices() {
        for slice in 1..=64 {
            let window = window(slice);
            assert!(window.is_multiple_of(slice) && window >= WINDOW && window < WINDOW + slice, "{slice}: {window}");
        }
    }
}
