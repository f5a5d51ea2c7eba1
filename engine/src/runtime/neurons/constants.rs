//! Derived constants of the neurons of a chunk, for eight neurons at a time.
//!
//! The constants of eight neurons stand together, so that the address of each is that of the group and a fixed
//! distance. If all neurons have the same constants there is one group with eight copies, and the distance from one
//! group to the next, the *stride*, is 0: the same code serves both.

use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;

/// Neurons of a group.
const GROUP: usize = 8;
/// Groups of a block.
const GROUPS: usize = 64 / GROUP;

/// One constant of eight neurons side by side.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Eight(pub [f64; GROUP]);

/// So many constants of each neuron of some blocks.
#[derive(Clone, Default)]
pub(crate) struct ChunkConstants {
    groups: Vec<Eight>,
    count: usize,
    stride: usize,
}

impl ChunkConstants {
    /// The same constants for all neurons.
    pub fn uniform(k: &[f64]) -> ChunkConstants {
        ChunkConstants { groups: k.iter().map(|x| Eight([*x; GROUP])).collect(), count: k.len(), stride: 0 }
    }
    /// `count` constants of each neuron of so many blocks, still to be set.
    pub fn of_each(count: usize, blocks: usize) -> ChunkConstants {
        ChunkConstants { groups: vec![Eight([0.0; GROUP]); blocks * GROUPS * count], count, stride: count }
    }
    pub fn set(&mut self, lane: usize, k: &[f64]) {
        for (group, x) in self.groups[lane / GROUP * self.count..].iter_mut().zip(k) {
            group.0[lane % GROUP] = *x;
        }
    }
    pub fn is_uniform(&self) -> bool {
        self.stride == 0
    }
    /// Constant `i` of a neuron of the chunk.
    #[inline(always)]
    pub fn get(&self, neuron: usize, i: usize) -> f64 {
        self.groups[neuron / GROUP * self.stride + i].0[neuron % GROUP]
    }
    /// Those of one neuron from number `first` on.
    pub fn read(&self, neuron: usize, first: usize, to: &mut [f64]) {
        to.iter_mut().enumerate().for_each(|(i, to)| *to = self.get(neuron, first + i));
    }
    /// Copies those that are the same for all neurons into every group of `to`.
    pub fn copy_group(&self, to: &mut [Eight]) {
        to.chunks_mut(self.count.max(1)).for_each(|group| group.copy_from_slice(&self.groups[..group.len()]));
    }
    /// Those of a block.
    #[inline(always)]
    pub fn block(&self, block: usize) -> Grouped<'_> {
        Grouped { groups: &self.groups[block * GROUPS * self.stride..], stride: self.stride }
    }
    /// Those of all neurons, where they are the same.
    #[inline(always)]
    pub fn shared(&self) -> Uniform<'_> {
        Uniform(&self.groups)
    }
    pub fn bytes(&self) -> usize {
        if self.is_uniform() { 0 } else { size_of_val(&self.groups[..]) }
    }
}

/// Where neurons in work have their derived constants from.
pub trait Coefficients: Copy {
    /// The constants from number `first` on of the neurons that start at `lane` of the block.
    fn load<R: Real, K: Fields<R>>(self, first: usize, lane: usize) -> K;
    /// Whether a constant is above 0 for any of these neurons.
    #[inline(always)]
    fn any_above_zero<R: Real>(self, place: usize, lane: usize) -> bool {
        R::any(self.load::<R, R>(place, lane).gt(R::of(0.0)))
    }
}

/// The same constants for all neurons: they stay in registers where there are enough.
#[derive(Clone, Copy)]
pub struct Uniform<'a>(&'a [Eight]);

impl Coefficients for Uniform<'_> {
    #[inline(always)]
    fn load<R: Real, K: Fields<R>>(self, first: usize, _: usize) -> K {
        let from = &self.0[first..first + K::COUNT];
        let mut to = K::filled(R::of(0.0));
        for i in 0..K::COUNT {
            to.numbers_mut()[i] = R::of(from[i].0[0]);
        }
        to
    }
    #[inline(always)]
    fn any_above_zero<R: Real>(self, place: usize, _: usize) -> bool {
        self.0[place].0[0] > 0.0
    }
}

/// Constants in groups, whether they are the same for all neurons or not.
#[derive(Clone, Copy)]
pub struct Grouped<'a> {
    groups: &'a [Eight],
    stride: usize,
}

impl<'a> Grouped<'a> {
    /// Groups of `count` constants, for neurons that were brought together.
    #[inline(always)]
    pub(crate) fn new(groups: &'a [Eight], count: usize) -> Self {
        Grouped { groups, stride: count }
    }
}

impl Coefficients for Grouped<'_> {
    #[inline(always)]
    fn load<R: Real, K: Fields<R>>(self, first: usize, lane: usize) -> K {
        let second = lane + R::LANES / 2;
        let from = &self.groups[lane / GROUP * self.stride + first..][..K::COUNT];
        let next = &self.groups[second / GROUP * self.stride + first..][..K::COUNT];
        let mut to = K::filled(R::of(0.0));
        for i in 0..K::COUNT {
            to.numbers_mut()[i] = R::load_halves(&from[i].0[lane % GROUP..], &next[i].0[second % GROUP..]);
        }
        to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::lanes::Two;

    #[test]
    fn neurons_find_their_constants_at_any_width() {
        let mut each = ChunkConstants::of_each(2, 1);
        (0..64).for_each(|lane| each.set(lane, &[lane as f64, -(lane as f64)]));
        let of_seven: [f64; 2] = each.block(0).load(0, 7);
        assert_eq!(of_seven, [7.0, -7.0]);
        let [both]: [Two<f64>; 1] = each.block(0).load(1, 7);
        assert_eq!((both.0, both.1), (-7.0, -8.0));
        let all = ChunkConstants::uniform(&[3.0, 4.0]);
        let grouped: [f64; 2] = all.block(5).load(0, 41);
        let shared: [f64; 2] = all.shared().load(0, 41);
        assert_eq!((grouped, shared, all.get(99, 1)), ([3.0, 4.0], [3.0, 4.0], 4.0));
    }
}
