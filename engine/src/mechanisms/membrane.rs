//! The clamp that integrate-and-fire neurons share: integrate, test, reset, wait.

use super::lanes::Real;

/// Puts lanes that fired to `reset` and starts their refractory count.
///
/// Lanes with a running refractory count are tested too: their potential is held at `reset`, which lies below
/// `threshold`, so they do not fire. `refractory` counts steps down to 0. Returns who fired.
#[inline(always)]
pub fn fire_and_reset<R: Real>(u: &mut R, refractory: &mut R, threshold: R, reset: R, steps: R) -> R::Mask {
    let fired = R::spike(*u, threshold);
    *u = R::select(fired, reset, *u);
    *refractory = R::select(fired, steps, *refractory);
    fired
}

/// Takes `integrated` where the neuron is not refractory; elsewhere the potential
/// stays and the count goes down by one.
#[inline(always)]
pub fn integrate_unless_refractory<R: Real>(u: &mut R, refractory: &mut R, integrated: R) {
    let waiting = refractory.gt(R::of(0.0));
    *u = R::select(waiting, *u, integrated);
    *refractory = R::select(waiting, *refractory - R::of(1.0), *refractory);
}
