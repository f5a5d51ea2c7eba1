//! Structs of numbers and the rows of memory that they are kept in: one row a number, one place a neuron.

use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::runtime::input::inputs::Lanes;

/// The places of the neurons that start at `lane`, a multiple of the width of the number type. What is cut off is always
/// 0; with it the compiler sees that the places lie within the row, and tests nothing.
#[inline(always)]
pub fn at<R: Real>(row: &[f64; 64], lane: usize) -> &[f64] {
    debug_assert!(lane.is_multiple_of(R::LANES) && lane < 64, "lane {lane} in vectors of {}", R::LANES);
    &row[lane & (64 - R::LANES)..]
}

/// The same, to be written.
#[inline(always)]
pub fn at_mut<R: Real>(row: &mut [f64; 64], lane: usize) -> &mut [f64] {
    debug_assert!(lane.is_multiple_of(R::LANES) && lane < 64, "lane {lane} in vectors of {}", R::LANES);
    &mut row[lane & (64 - R::LANES)..]
}

/// The struct of the neurons that start at `lane`, from its rows.
#[inline(always)]
pub fn load<R: Real, F: Fields<R>>(rows: &[Lanes], lane: usize) -> F {
    let rows = &rows[..F::COUNT];
    let mut to = F::filled(R::of(0.0));
    for i in 0..F::COUNT {
        to.numbers_mut()[i] = R::load(at::<R>(&rows[i], lane));
    }
    to
}

/// Puts the struct into its rows.
#[inline(always)]
pub fn store<R: Real, F: Fields<R>>(from: &F, rows: &mut [Lanes], lane: usize) {
    let rows = &mut rows[..F::COUNT];
    for i in 0..F::COUNT {
        from.numbers()[i].store(at_mut::<R>(&mut rows[i], lane));
    }
}
