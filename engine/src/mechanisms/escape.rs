//! Escape noise: spikes that come by chance, at a rate set by the state of the neuron.
//!
//! Gerstner & Kistler 2002, Spiking Neuron Models, chapter 5.

use super::lanes::Real;
use super::random::Stream;
use crate::math;

/// Who sends at least one spike, `expected` being how many are expected in the step and `uniform` a number on [0, 1).
///
/// A Poisson process has none with probability exp(−expected). What is not a number sends nothing.
#[inline(always)]
pub fn fires<R: Real>(expected: R, uniform: R) -> R::Mask {
    R::drawn(R::of(1.0) - R::exp(-expected), uniform)
}

/// How many spikes there are in a step that has at least one: the rest of the Poisson distribution.
pub fn one_or_more(expected: f64, chance: &mut Stream) -> u32 {
    if expected > 1e6 {
        return u32::MAX;
    }
    if expected > 10.0 {
        // None at all is so rare that it is drawn anew.
        return (0..100).map(|_| chance.poisson(expected)).find(|n| *n > 0).unwrap_or(1) as u32;
    }
    let place = chance.uniform() * -math::exp_m1(-expected);
    let (mut count, mut probability) = (1u32, expected * math::exp(-expected));
    let mut below = probability;
    while place >= below && count < 200 {
        count += 1;
        probability *= expected / count as f64;
        below += probability;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_are_as_many_as_a_poisson_process_has() {
        let mut chance = Stream::new(5);
        for expected in [0.01, 0.7, 4.0, 25.0] {
            let steps = 100_000;
            let mut spikes = 0;
            for _ in 0..steps {
                if fires(expected, chance.uniform()) {
                    spikes += one_or_more(expected, &mut chance);
                }
            }
            let error = spikes as f64 - steps as f64 * expected;
            assert!(error.abs() < 5.0 * (steps as f64 * expected).sqrt(), "{spikes} for {expected} a step");
        }
        assert!(!fires(0.0, 0.0) && !fires(-3.0, 0.0) && !fires(f64::NAN, 0.0));
        assert!(fires(f64::INFINITY, 1.0 - 1e-16));
    }
}
