//! Delays in steps.

use crate::description::number;
use crate::mechanisms::time::Grid;

/// Steps of a delay in ms.
pub fn steps(ms: f64, grid: Grid) -> Result<u32, String> {
    let steps = grid.delay(ms);
    if ms.is_finite() && (1..=2_097_151).contains(&steps) {
        Ok(steps as u32)
    } else {
        let ms = number(ms);
        Err(format!("delay: {ms} ms is less than half a step of {} ms, or too long", grid.h()))
    }
}

/// The whole steps into which a delay fits that need not be whole steps, and how much shorter it is, ms.
pub fn steps_between(ms: f64, grid: Grid) -> Result<(u32, f64), String> {
    let (whole, shorter) = grid.delay_between(ms);
    // What is shorter than a step would arrive in the step in which it was sent.
    if ms.is_finite() && (1..=2_097_151).contains(&whole) && (whole > 1 || shorter == 0.0) {
        Ok((whole as u32, shorter))
    } else {
        let ms = number(ms);
        Err(format!("delay: {ms} ms is less than a step of {} ms, or too long", grid.h()))
    }
}

/// Steps of a delay that differs from synapse to synapse.
pub fn short_steps(ms: f64, grid: Grid) -> Result<u16, String> {
    let too_long = |_| "delay: a listed or drawn delay may have 65,535 steps at most".to_owned();
    u16::try_from(steps(ms, grid)?).map_err(too_long)
}
