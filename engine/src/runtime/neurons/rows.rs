//! Structs of numbers and the rows of memory that they are kept in: one row a number, one place a neuron.

use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::runtime::input::inputs::Lanes;

/// The struct of the neurons that start at `lane`, from its rows.
#[inline(always)]
pub fn load<R: Real, F: Fields<R>>(rows: &[Lanes], lane: usize) -> F {
    let rows = &rows[..F::COUNT];
    let mut to = F::filled(R::of(0.0));
    for i in 0..F::COUNT {
        to.numbers_mut()[i] = R::load(&rows[i][lane..]);
    }
    to
}

/// Puts the struct into its rows.
#[inline(always)]
pub fn store<R: Real, F: Fields<R>>(from: &F, rows: &mut [Lanes], lane: usize) {
    let rows = &mut rows[..F::COUNT];
    for i in 0..F::COUNT {
        from.numbers()[i].store(&mut rows[i][lane..]);
    }
}
