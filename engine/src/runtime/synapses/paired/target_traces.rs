//! The traces of all targets at once: where many sources fire in the same step, this costs less than to work them out
//! row by row, and gives the same numbers.

use std::marker::PhantomData;

use super::Scheme;
use crate::mechanisms::lanes::{InLanes, Real};
use crate::mechanisms::time::Grid;
use crate::runtime::synapses::archive::Archive;

/// The traces of all neurons of a chunk as sources that fire in the same step read them.
#[derive(Default)]
pub(super) struct TargetTraces {
    /// The step in which the sources fire, as a stamp; how many synaptic events their rows have made so far, and how many
    /// there were in the step before.
    stamp: i64,
    events: usize,
    before: usize,
    /// Whether the traces have been computed for that step.
    pub computed: bool,
    pub traces: Vec<f64>,
    /// Exponents of their decay.
    decays: Vec<f64>,
    /// Stamps of the latest spikes of the neurons; the largest number where that takes a search.
    pub latest: Vec<i32>,
}

impl TargetTraces {
    /// A row with so many `events` passes. Whether it costs less to compute the traces of all neurons than of each
    /// row: it does if there are, or were in the step before, as many events as neurons.
    pub fn pays(&mut self, stamp: i64, events: usize, neurons: usize) -> bool {
        if self.stamp != stamp {
            self.before = if self.stamp + 1 == stamp { self.events } else { 0 };
            (self.stamp, self.events, self.computed) = (stamp, 0, false);
        }
        let pays = self.events.max(self.before) >= neurons;
        self.events += events;
        pays
    }
}

/// The trace just after a spike as the scheme counts it. Each spike adds 1 to the trace of the archive, so the smaller of
/// that and 1 is what the nearest spike alone leaves: 1, or 0 where there is none.
#[inline(always)]
pub(super) fn counted<P: Scheme>(trace: f64) -> f64 {
    if P::NEAREST { trace.min(1.0) } else { trace }
}

/// Computes the traces of all neurons at the stamp `to`.
pub(super) struct ComputeTraces<'a, P> {
    all: &'a mut TargetTraces,
    archive: &'a Archive,
    grid: Grid,
    to: i32,
    scheme: PhantomData<P>,
}

impl<'a, P> ComputeTraces<'a, P> {
    pub fn new(all: &'a mut TargetTraces, archive: &'a Archive, grid: Grid, to: i32) -> Self {
        ComputeTraces { all, archive, grid, to, scheme: PhantomData }
    }
}

impl<P: Scheme> InLanes for ComputeTraces<'_, P> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        let ComputeTraces { all, archive, grid, to, .. } = self;
        let (n, h) = (archive.neurons(), grid.h());
        let whole = n.next_multiple_of(R::LANES);
        all.traces.resize(whole, 0.0);
        all.decays.resize(whole, 0.0);
        all.latest.resize(n, 0);
        let places = all.traces.iter_mut().zip(&mut all.decays).zip(&mut all.latest);
        for (neuron, ((trace, decay), latest)) in places.enumerate() {
            (*trace, *decay, *latest) = match archive.trace::<R>(neuron, to, h) {
                Some(seen) => seen,
                None => {
                    let seen = archive.look(neuron, grid.ms(to as i64), grid.ms(to as i64));
                    (seen.trace, seen.decay, i32::MAX)
                }
            };
            *trace = counted::<P>(*trace);
        }
        for lane in (0..n).step_by(R::LANES) {
            let trace = R::load(&all.traces[lane..]) * R::exp(R::load(&all.decays[lane..]));
            trace.store(&mut all.traces[lane..]);
        }
        all.computed = true;
    }
}
