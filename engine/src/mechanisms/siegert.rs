//! The stationary rate of a leaky integrate-and-fire neuron with noisy input.
//!
//! Siegert 1951, Phys Rev 81:617; Fourcaud & Brunel 2002, Neural Comput 14:2057;
//! Schuecker, Diesmann & Helias 2015, Phys Rev E 92:052119 (coloured noise).

use std::f64::consts::PI;

use crate::math;

/// √2 |ζ(1/2)|: how far coloured noise shifts threshold and reset.
const ALPHA: f64 = 2.065_253_152_231_217;

/// Parameters of the neuron: ms, and mV above rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neuron {
    pub tau_m: f64,
    pub tau_syn: f64,
    pub t_ref: f64,
    pub theta: f64,
    pub v_reset: f64,
}

impl Neuron {
    /// Rate (1/s) for input of this mean (mV) and variance (mV²).
    pub fn rate(&self, mean: f64, variance: f64) -> f64 {
        let Neuron { tau_m, tau_syn, t_ref, theta, v_reset } = *self;
        let s = variance.sqrt();
        if theta - mean > 6.0 * s {
            return 0.0;
        }
        if s == 0.0 {
            // Without noise the neuron charges up to threshold.
            let charging = tau_m * math::ln((mean - v_reset) / (mean - theta));
            return if mean > theta { 1e3 / (t_ref + charging) } else { 0.0 };
        }
        let shift = ALPHA / 2.0 * (tau_syn / tau_m).sqrt();
        let upper = (theta - mean) / s + shift;
        let lower = (v_reset - mean) / s + shift;
        let charging = tau_m * PI.sqrt();
        if upper < 0.0 {
            return 1e3 / (t_ref + charging * integral_of_erfcx(-upper, -lower));
        }
        // Scaled by e^(−upper²), so that nothing overflows.
        let scale = math::exp(-upper * upper);
        let integral = if lower <= 0.0 {
            2.0 * dawson(upper) + scale * integral_of_erfcx(upper, -lower)
        } else {
            let at_reset = math::exp(lower * lower - upper * upper) * dawson(lower);
            2.0 * dawson(upper) - 2.0 * at_reset - scale * integral_of_erfcx(lower, upper)
        };
        1e3 * scale / (scale * t_ref + charging * integral)
    }
}

/// Dawson's integral of x ≥ 0, by the sampling theorem (Rybicki 1989, Comput Phys 3:85).
fn dawson(x: f64) -> f64 {
    const STEP: f64 = 0.2;
    // Odd multiples of the step around x, up to where the Gaussian vanishes.
    let centre = 2.0 * (x / STEP / 2.0).round();
    let sum: f64 = (-35..35)
        .map(|k| {
            let n = centre + (2 * k + 1) as f64;
            let away = x - n * STEP;
            math::exp(-(away * away)) / n
        })
        .sum();
    sum / PI.sqrt()
}

/// e^(x²) erfc(x) for x ≥ 0.
fn erfcx(x: f64) -> f64 {
    if x < 5.0 {
        return math::exp(x * x) * math::erfc(x);
    }
    // Continued fraction.
    let fraction = (1..=40).rev().fold(x, |below, k| x + k as f64 / 2.0 / below);
    1.0 / (PI.sqrt() * fraction)
}

/// ∫ erfcx from `a` to `b`, both ≥ 0, in either direction: Gauss-Legendre on panels that grow with x.
fn integral_of_erfcx(a: f64, b: f64) -> f64 {
    if b < a {
        return -integral_of_erfcx(b, a);
    }
    let (mut sum, mut from) = (0.0, a);
    while from < b {
        let to = b.min(from + 0.5 * from.max(1.0));
        let (middle, half) = ((from + to) / 2.0, (to - from) / 2.0);
        for (node, weight) in NODES.iter().zip(WEIGHTS) {
            sum += half * weight * (erfcx(middle - half * node) + erfcx(middle + half * node));
        }
        from = to;
    }
    sum
}

/// Positive nodes and weights of the Gauss-Legendre rule of 16 points.
const NODES: [f64; 8] = [
    0.095_012_509_837_637_44,
    0.281_603_550_779_258_9,
    0.458_016_777_657_227_4,
    0.617_876_244_402_643_7,
    0.755_404_408_355_003,
    0.865_631_202_387_831_7,
    0.944_575_023_073_232_6,
    0.989_400_934_991_649_9,
];
const WEIGHTS: [f64; 8] = [
    0.189_450_610_455_068_5,
    0.182_603_415_044_923_6,
    0.169_156_519_395_002_5,
    0.149_595_988_816_576_7,
    0.124_628_971_255_533_9,
    0.095_158_511_682_492_8,
    0.062_253_523_938_647_9,
    0.027_152_459_411_754_1,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dawson_has_its_known_values() {
        for (x, d) in [(0.5, 0.424_436_383_502_022_3), (1.0, 0.538_079_506_912_768_4), (5.0, 0.102_134_074_424_276_84)]
        {
            assert!((dawson(x) / d - 1.0).abs() < 1e-13, "{x}: {}", dawson(x));
        }
        assert!(dawson(0.0).abs() < 1e-15);
    }

    #[test]
    fn erfcx_is_smooth_where_its_forms_meet() {
        assert!((erfcx(4.999_999_999) / erfcx(5.0) - 1.0).abs() < 1e-9);
        assert!((erfcx(0.0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn little_noise_leads_to_the_rate_without_noise() {
        let neuron = Neuron { tau_m: 20.0, tau_syn: 0.0, t_ref: 2.0, theta: 20.0, v_reset: 10.0 };
        let (noisy, plain) = (neuron.rate(30.0, 1e-6), neuron.rate(30.0, 0.0));
        assert!((noisy / plain - 1.0).abs() < 1e-6, "{noisy} and {plain}");
        assert_eq!(neuron.rate(0.0, 1.0), 0.0);
    }
}
