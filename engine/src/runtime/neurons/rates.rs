//! Rate neurons: a core (noise at the input or at the output) with an input function.
//!
//! Hahne et al. 2017, Front Neuroinform 11:34.

use crate::math;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::units::{Input, Sent, Unit};
use crate::runtime::table::Lookup;

/// The input function φ of a rate model and its factors of multiplicative coupling.
pub trait Gain: Copy + Send + Sync + 'static {
    fn of(p: &dyn Lookup) -> Self;
    fn phi(self, u: f64) -> f64;
    fn excitatory_factor(self, _rate: f64) -> f64 {
        1.0
    }
    fn inhibitory_factor(self, _rate: f64) -> f64 {
        1.0
    }
}

/// Where the noise enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// τ dX = (−λ X + μ + input) dt + √τ σ dW; X is shown.
    Input,
    /// τ dX/dt = −X + μ + input; X with white noise is shown.
    Output,
}

/// Constants of one neuron.
#[derive(Clone, Copy)]
struct Constants<G> {
    /// What remains of the rate after a step.
    decay: f64,
    /// Effect of a constant input over a step.
    drive: f64,
    /// Effect of the step's noise.
    noise: f64,
    mu: f64,
    sigma: f64,
    gain: G,
    linear_summation: bool,
    mult_coupling: bool,
    /// Lower bound of the rate.
    rectified: Option<f64>,
}

impl<G: Gain> Constants<G> {
    fn of(noise: Noise, p: &dyn Lookup, h: f64) -> Self {
        let tau = p.real("tau");
        let (decay, drive, factor) = match noise {
            Noise::Output => (math::exp(-h / tau), -math::exp_m1(-h / tau), (tau / h).sqrt()),
            Noise::Input => {
                let lambda = p.real("lambda");
                if lambda > 0.0 {
                    let x = lambda * h / tau;
                    (math::exp(-x), -math::exp_m1(-x) / lambda, (-math::exp_m1(-2.0 * x) / (2.0 * lambda)).sqrt())
                } else {
                    (1.0, h / tau, (h / tau).sqrt())
                }
            }
        };
        let bounded = noise == Noise::Input && p.flag("rectify_output");
        Constants {
            decay,
            drive,
            noise: factor,
            mu: p.real("mu"),
            sigma: p.real("sigma"),
            gain: G::of(p),
            linear_summation: p.flag("linear_summation"),
            mult_coupling: p.flag("mult_coupling"),
            rectified: bounded.then(|| p.real("rectify_rate")),
        }
    }

    /// What the summed input adds; `shown` decides on the factors of multiplicative coupling.
    fn input(&self, excitatory: f64, inhibitory: f64, shown: f64) -> f64 {
        let g = self.gain;
        match (self.linear_summation, self.mult_coupling) {
            (true, false) => g.phi(excitatory + inhibitory),
            (true, true) => {
                g.excitatory_factor(shown) * g.phi(excitatory) + g.inhibitory_factor(shown) * g.phi(inhibitory)
            }
            (false, true) => g.excitatory_factor(shown) * excitatory + g.inhibitory_factor(shown) * inhibitory,
            (false, false) => excitatory + inhibitory,
        }
    }
}

/// A rate neuron with input function `G`.
#[derive(Clone)]
pub struct RateNeuron<G, const OUTPUT_NOISE: bool> {
    constants: Constants<G>,
    rate: f64,
    /// The noise of the present step, times sigma.
    noise: f64,
    noisy_rate: f64,
}

impl<G: Gain, const OUTPUT_NOISE: bool> RateNeuron<G, OUTPUT_NOISE> {
    const NOISE: Noise = if OUTPUT_NOISE { Noise::Output } else { Noise::Input };
}

impl<G: Gain, const OUTPUT_NOISE: bool> Unit for RateNeuron<G, OUTPUT_NOISE> {
    const SHOWS_NOISE: bool = OUTPUT_NOISE;

    fn new(p: &dyn Lookup, grid: Grid) -> Self {
        RateNeuron { constants: Constants::of(Self::NOISE, p, grid.h()), rate: 0.0, noise: 0.0, noisy_rate: 0.0 }
    }
    fn set_parameters(&mut self, p: &dyn Lookup, grid: Grid) {
        self.constants = Constants::of(Self::NOISE, p, grid.h());
    }
    fn draw(&mut self, chance: &mut Stream) {
        self.noise = self.constants.sigma * chance.normal();
        self.noisy_rate = self.rate + self.constants.noise * self.noise;
    }
    fn shown(&self) -> f64 {
        if OUTPUT_NOISE { self.noisy_rate } else { self.rate }
    }
    fn see(&self, value: f64) -> Option<f64> {
        (!self.constants.linear_summation).then(|| self.constants.gain.phi(value))
    }

    fn step(&mut self, input: Input<'_>, _: Grid, _: &mut Stream) -> Option<Sent> {
        let k = &self.constants;
        let [excitatory, inhibitory] = input.inlets;
        let noise = if OUTPUT_NOISE { 0.0 } else { k.noise * self.noise };
        let driven = k.input(excitatory, inhibitory, self.shown());
        self.rate = k.decay * self.rate + k.drive * k.mu + noise + k.drive * driven;
        if let Some(least) = k.rectified {
            self.rate = self.rate.max(least);
        }
        None
    }

    fn recordable(&self, i: usize) -> f64 {
        [self.rate, self.noise, self.noisy_rate][i]
    }
    fn state(&self, name: &str) -> f64 {
        match name {
            "noise" => self.noise,
            "noisy_rate" => self.noisy_rate,
            _ => self.rate,
        }
    }
    fn set_state(&mut self, _: &str, x: f64) {
        self.rate = x;
    }
    fn health(&self) -> f64 {
        self.rate
    }
}
