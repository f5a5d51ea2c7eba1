//! Components that decay and jump at each spike of their neuron: spike-triggered currents, moving thresholds.
//!
//! They come in a list; tau_i dx_i/dt = -x_i, and a spike adds q_i to x_i.

use crate::math;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::lists::{List, Lists};

/// What a component is multiplied with in a step, and what a spike adds.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Component<R> {
    pub decay: R,
    pub jump: R,
}

/// A list of components with the time constants of this parameter.
pub const fn components(of: &'static str) -> List {
    List::new::<f64, Component<f64>>(of)
}

/// Puts the constants of an entry with this time constant and this jump into `k`.
pub fn component(tau: f64, jump: f64, h: f64, k: &mut [f64]) {
    k.copy_from_slice(Component { decay: math::exp(-h / tau), jump }.numbers());
}

/// The sum of a list, which then decays over the step.
#[inline(always)]
pub fn sum_and_decay<R: Real, C: Coefficients>(lists: &mut Lists<'_, C>, list: usize) -> R {
    let mut sum = R::of(0.0);
    for i in 0..lists.len(list) {
        let mut entry = lists.entry(list, i);
        let (k, x): (Component<R>, R) = (entry.constants(), entry.get());
        sum = sum + x;
        entry.set(&(k.decay * x));
    }
    sum
}

/// The sum of a list after it has decayed over the step.
#[inline(always)]
pub fn decay_and_sum<R: Real, C: Coefficients>(lists: &mut Lists<'_, C>, list: usize) -> R {
    let mut sum = R::of(0.0);
    for i in 0..lists.len(list) {
        let mut entry = lists.entry(list, i);
        let k: Component<R> = entry.constants();
        let decayed = k.decay * entry.get::<R, R>();
        entry.set(&decayed);
        sum = sum + decayed;
    }
    sum
}

/// The components of a list jump where a neuron fires.
#[inline(always)]
pub fn jump<R: Real, C: Coefficients>(lists: &mut Lists<'_, C>, list: usize, fired: R::Mask) {
    for i in 0..lists.len(list) {
        let mut entry = lists.entry(list, i);
        let (k, x): (Component<R>, R) = (entry.constants(), entry.get());
        entry.set(&R::select(fired, x + k.jump, x));
    }
}
