//! Rings of future input: for every step to come within the longest delay, one number a neuron.

use std::ops::Range;

use bytemuck::Pod;

use crate::mechanisms::large::Large;
use crate::runtime::connections::rows::SynapseRows;

/// A ring over steps of one plane of numbers, one a slot.
///
/// Invariant: `mask` + 1 planes of `slots` numbers each are in `data`. [`Ring::new`] makes it so, and nothing changes
/// their number afterwards.
#[derive(Clone)]
pub struct Ring<T: Pod> {
    data: Large<T>,
    slots: usize,
    mask: usize,
}

impl<T: Pod> Ring<T> {
    /// Room for the input of this many steps.
    pub fn new(slots: usize, steps: usize) -> Self {
        let length = steps.next_power_of_two();
        Ring { data: Large::zeroed(length * slots), slots, mask: length - 1 }
    }

    #[inline(always)]
    pub fn plane(&mut self, step: i64) -> &mut [T] {
        let start = (step as usize & self.mask) * self.slots;
        &mut self.data[start..start + self.slots]
    }

    /// The number of a slot for a step. Slots must be below the number that the ring was made for.
    #[inline(always)]
    pub fn at(&mut self, step: i64, slot: u16) -> &mut T {
        debug_assert!(usize::from(slot) < self.slots);
        let place = self.place(step, slot);
        &mut self.data[place]
    }

    #[inline(always)]
    fn place(&self, step: i64, slot: u16) -> usize {
        (step as usize & self.mask) * self.slots + usize::from(slot)
    }

    #[inline(always)]
    fn open(&mut self) -> OpenRing<'_, T> {
        OpenRing { data: &mut self.data, slots: self.slots, mask: self.mask as u32 }
    }

    pub fn bytes(&self) -> usize {
        self.data.len() * size_of::<T>()
    }
}

/// A ring taken apart, so that a loop over many synapses has what it needs in registers.
///
/// Invariant: that of [`Ring`]. Nobody outside this file can make one.
pub struct OpenRing<'a, T> {
    data: &'a mut [T],
    slots: usize,
    mask: u32,
}

impl<'a, T> OpenRing<'a, T> {
    /// The number of a slot for a step, of which the lower bits count.
    ///
    /// # Safety
    /// The slot must be a target of rows that [`Rings::fit`] has let through.
    #[inline(always)]
    pub unsafe fn at_unchecked(&mut self, step: u32, slot: u16) -> &mut T {
        let OpenRing { data, slots, mask } = self;
        // SAFETY: as the caller promises.
        unsafe { OpenRing { data, slots: *slots, mask: *mask }.into_slot(step, slot) }
    }

    /// As [`OpenRing::at_unchecked`], for one number alone.
    ///
    /// # Safety
    /// As there.
    #[inline(always)]
    pub unsafe fn into_slot(self, step: u32, slot: u16) -> &'a mut T {
        debug_assert!(usize::from(slot) < self.slots);
        let place = (step & self.mask) as usize * self.slots + usize::from(slot);
        // SAFETY: the masked step is one of the planes, the slot, as the caller promises, one of the plane's numbers,
        // and `data` holds all planes: the invariant of `Ring`.
        unsafe { self.data.get_unchecked_mut(place) }
    }
}

/// One ring an inlet.
///
/// Invariant: every ring has `slots` slots. [`Rings::need`] makes them so, and nobody outside this file can put another
/// ring in its place.
#[derive(Clone)]
pub struct Rings<T: Pod> {
    rings: Vec<Ring<T>>,
    slots: usize,
}

impl<T: Pod> Rings<T> {
    /// Makes room for the input of so many steps, while nothing has arrived yet.
    pub fn need(rings: &mut Option<Self>, inlets: usize, slots: usize, steps: usize) {
        let enough = |there: &Self| there.rings.iter().all(|ring| ring.mask + 1 >= steps);
        if !rings.as_ref().is_some_and(enough) {
            *rings = Some(Rings { rings: (0..inlets).map(|_| Ring::new(slots, steps)).collect(), slots });
        }
    }

    /// What arrives at an inlet in a step.
    #[inline(always)]
    pub fn plane(&mut self, inlet: usize, step: i64) -> &mut [T] {
        self.rings[inlet].plane(step)
    }

    /// What arrives in a step, inlet by inlet.
    #[inline(always)]
    pub fn planes(&mut self, step: i64) -> impl Iterator<Item = &mut [T]> {
        self.rings.iter_mut().map(move |ring| ring.plane(step))
    }

    /// What arrives at an inlet in a step at one slot.
    #[inline(always)]
    pub fn at(&mut self, inlet: usize, step: i64, slot: u16) -> &mut T {
        self.rings[inlet].at(step, slot)
    }

    /// Lets through only rows of synapses onto a chunk that these rings are long enough for.
    #[inline(always)]
    pub fn fit(&self, rows: &SynapseRows) {
        assert!(rows.slots() <= self.slots, "these rows lead to another chunk");
    }

    /// The ring of an inlet. Targets of rows that [`Rings::fit`] has let through are among its slots: they are below the
    /// rows' number of slots (the invariant of `SynapseRows`), which is not above that of each ring (the invariant of `Rings`).
    #[inline(always)]
    pub fn open(&mut self, inlet: usize) -> OpenRing<'_, T> {
        self.rings[inlet].open()
    }

    /// The rings of an inlet and the next one.
    #[inline(always)]
    pub fn open_pair(&mut self, inlet: usize) -> [OpenRing<'_, T>; 2] {
        let [first, second] = &mut self.rings[inlet..inlet + 2] else { unreachable!("a slice of two") };
        [first.open(), second.open()]
    }

    pub fn bytes(&self) -> usize {
        self.rings.iter().map(Ring::bytes).sum()
    }
}

impl Rings<f32> {
    /// Adds the weights of a row at one inlet, each after its delay from `step` on.
    #[inline(always)]
    pub fn add_row(
        &mut self,
        inlet: usize,
        step: i64,
        rows: &SynapseRows,
        row: Range<usize>,
        weights: &[f32],
        delays: &[u8],
    ) {
        self.fit(rows);
        let (targets, weights, delays) = (rows.targets().of(row.clone()), &weights[row.clone()], &delays[row]);
        let mut ring = self.open(inlet);
        for ((&target, &weight), &delay) in targets.iter().zip(weights).zip(delays) {
            // SAFETY: a target of rows that fit.
            *unsafe { ring.at_unchecked((step as u32).wrapping_add(delay.into()), target) } += weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::connections::rows::{Delays, Weights};
    use proptest::prelude::*;

    /// Target, weight and delay of a synapse.
    type Synapse = (u16, f32, u8);

    /// Rows onto a chunk of some neurons: its size, and the synapses of each source.
    fn any_rows() -> impl Strategy<Value = (usize, Vec<Vec<Synapse>>)> {
        (1usize..=70).prop_flat_map(|slots| {
            let synapse = (0..slots as u16, -8i8..8, 1u8..40).prop_map(|(t, w, d)| (t, f32::from(w), d));
            (Just(slots), prop::collection::vec(prop::collection::vec(synapse, 0..12), 1..6))
        })
    }

    fn rows_of(slots: usize, sources: &[Vec<Synapse>]) -> SynapseRows {
        let mut starts = vec![0];
        sources.iter().for_each(|row| starts.push(starts[starts.len() - 1] + row.len() as u32));
        let all = || sources.iter().flatten();
        let weights = Weights::Drawn(all().map(|s| s.1).collect());
        SynapseRows::new(
            slots,
            starts,
            all().map(|s| s.0).collect::<Vec<_>>(),
            weights,
            Delays::Short(all().map(|s| s.2).collect()),
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: if cfg!(miri) { 4 } else { 64 },
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        /// What is delivered without a test of bounds arrives where a test of each place would have put it.
        #[test]
        fn rows_arrive_where_their_targets_are((slots, sources) in any_rows(), more in 0usize..3, step in 0i64..1000) {
            let rows = rows_of(slots, &sources);
            let (slots, inlets, steps) = (slots + more, 2, 41);
            let mut there: Option<Rings<f32>> = None;
            Rings::need(&mut there, inlets, slots, steps);
            let mut rings = there.expect("there is room");
            let weights: Vec<f32> = sources.iter().flatten().map(|s| s.1).collect();
            let delays: Vec<u8> = sources.iter().flatten().map(|s| s.2).collect();
            let mut expected = vec![vec![0.0f32; slots]; steps];
            for (source, row) in sources.iter().enumerate() {
                rings.add_row(1, step, &rows, rows.row(source), &weights, &delays);
                row.iter().for_each(|(t, w, d)| expected[usize::from(*d)][usize::from(*t)] += w);
            }
            for (delay, expected) in expected.iter().enumerate() {
                prop_assert_eq!(&*rings.plane(1, step + delay as i64), &expected[..]);
                prop_assert!(rings.plane(0, step + delay as i64).iter().all(|x| *x == 0.0));
            }
        }

        /// Rows with a target that the chunk has not cannot be made.
        #[test]
        fn no_rows_lead_out_of_their_chunk((slots, sources) in any_rows(), beyond in 0u16..9) {
            let mut sources = sources;
            sources[0].push((slots as u16 + beyond, 1.0, 1));
            prop_assert!(std::panic::catch_unwind(|| rows_of(slots, &sources)).is_err());
        }
    }

    #[test]
    #[should_panic(expected = "another chunk")]
    fn rows_of_a_larger_chunk_are_refused() {
        let mut there: Option<Rings<f32>> = None;
        Rings::need(&mut there, 1, 3, 5);
        let rows = rows_of(4, &[vec![(0, 1.0, 1)]]);
        there.expect("there is room").add_row(0, 0, &rows, rows.row(0), &[1.0], &[1]);
    }
}
