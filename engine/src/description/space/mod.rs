//! Space: where neurons stand, masks around them, and values that depend on where they stand.
//!
//! Positions have two or three coordinates; the third of two is zero. What is written of them follows NEST's spatial networks.

mod kernel;
mod mask;
mod positions;

pub use kernel::{Coordinate, Kernel, KernelNumber, KernelShape};
pub use mask::{Form, Mask, MaskField, MaskKind};
pub use positions::{Lines, Places, Positions};

/// A place, or the way from one place to another.
pub type Point = [f64; 3];

/// The length of a displacement.
#[must_use]
pub fn length(way: Point) -> f64 {
    (way[0] * way[0] + way[1] * way[1] + way[2] * way[2]).sqrt()
}

/// The way from one place to another: the shortest one where space is periodic. A period of 0 says that it is not.
#[must_use]
pub fn displacement(from: Point, to: Point, period: Point) -> Point {
    std::array::from_fn(|axis| {
        let (way, period) = (to[axis] - from[axis], period[axis]);
        if period <= 0.0 || (-0.5 * period..0.5 * period).contains(&way) {
            way
        } else {
            way - period * (way / period + 0.5).floor()
        }
    })
}
