//! Rate neurons: a core (noise at the input or at the output, or none and no time constant) with an input function.
//!
//! Hahne et al. 2017, Front Neuroinform 11:34.

use std::marker::PhantomData;

use crate::description::Declaration;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::units::{Input, Sent, Unit, Variable};
use crate::runtime::parameters::{Declared, Parameters, flag, real, reals};

/// The input function φ of a rate model and its factors of multiplicative coupling.
pub trait Gain: Copy + Send + Sync + 'static {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self;
    fn phi(self, u: f64) -> f64;
    /// Mean and strength of the noise of the neuron, where they are not its parameters mu and sigma alone.
    fn mean_and_noise<M: Declared>(p: &Parameters<'_, M>) -> [f64; 2] {
        reals!(p, M, ["mu", "sigma"])
    }
    fn excitatory_factor(self, _rate: f64) -> f64 {
        1.0
    }
    fn inhibitory_factor(self, _rate: f64) -> f64 {
        1.0
    }
}

/// Where the noise enters, and what of the equations follows from that.
pub trait Noise: Clone + Send + Sync + 'static {
    /// The noise is added to the rate that is shown.
    const OUTPUT: bool;
    /// What remains of the rate after a step, the effect of a constant input over a step, and that of the step's noise.
    fn of_step<M: Declared>(p: &Parameters<'_, M>) -> [f64; 3];
    /// Lower bound of the rate.
    fn rectified<M: Declared>(p: &Parameters<'_, M>) -> Option<f64>;
}

/// τ dX = (−λ X + μ + input) dt + √τ σ dW; X is shown.
#[derive(Clone)]
pub struct InputNoise;

impl Noise for InputNoise {
    const OUTPUT: bool = false;

    fn of_step<M: Declared>(p: &Parameters<'_, M>) -> [f64; 3] {
        let ([tau, lambda], h) = (reals!(p, M, ["tau", "lambda"]), p.h());
        if lambda > 0.0 {
            let x = lambda * h / tau;
            [math::exp(-x), -math::exp_m1(-x) / lambda, (-math::exp_m1(-2.0 * x) / (2.0 * lambda)).sqrt()]
        } else {
            [1.0, h / tau, (h / tau).sqrt()]
        }
    }
    fn rectified<M: Declared>(p: &Parameters<'_, M>) -> Option<f64> {
        flag!(p, M, "rectify_output").then(|| real!(p, M, "rectify_rate"))
    }
}

/// τ dX/dt = −X + μ + input; X with white noise is shown.
#[derive(Clone)]
pub struct OutputNoise;

impl Noise for OutputNoise {
    const OUTPUT: bool = true;

    fn of_step<M: Declared>(p: &Parameters<'_, M>) -> [f64; 3] {
        let (tau, h) = (real!(p, M, "tau"), p.h());
        [math::exp(-h / tau), -math::exp_m1(-h / tau), (tau / h).sqrt()]
    }
    fn rectified<M: Declared>(_: &Parameters<'_, M>) -> Option<f64> {
        None
    }
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
    fn of<M: Declared, N: Noise>(p: &Parameters<'_, M>) -> Self {
        let [decay, drive, noise] = N::of_step(p);
        let [mu, sigma] = G::mean_and_noise(p);
        Constants {
            decay,
            drive,
            noise,
            mu,
            sigma,
            gain: G::of(p),
            linear_summation: flag!(p, M, "linear_summation"),
            mult_coupling: flag!(p, M, "mult_coupling"),
            rectified: N::rectified(p),
        }
    }

    /// What the summed input adds; `output`, what the neuron puts out, decides on the factors of multiplicative coupling.
    fn input(&self, excitatory: f64, inhibitory: f64, output: f64) -> f64 {
        let g = self.gain;
        match (self.linear_summation, self.mult_coupling) {
            (true, false) => g.phi(excitatory + inhibitory),
            (true, true) => {
                g.excitatory_factor(output) * g.phi(excitatory) + g.inhibitory_factor(output) * g.phi(inhibitory)
            }
            (false, true) => g.excitatory_factor(output) * excitatory + g.inhibitory_factor(output) * inhibitory,
            (false, false) => excitatory + inhibitory,
        }
    }
}

/// A rate neuron of model `M` with input function `G` and noise `N`.
#[derive(Clone)]
pub struct RateNeuron<M, G, N> {
    constants: Constants<G>,
    rate: f64,
    /// The noise of the present step, times sigma.
    noise: f64,
    noisy_rate: f64,
    model: PhantomData<(M, N)>,
}

impl<M: Declared + Clone, G: Gain, N: Noise> Declared for RateNeuron<M, G, N> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared + Clone, G: Gain, N: Noise> Unit for RateNeuron<M, G, N> {
    const NOISY_OUTPUT: bool = N::OUTPUT;
    const VARIABLES: &'static [Variable<Self>] = &[
        Variable::state("rate", |n| n.rate, |n, x| n.rate = x),
        Variable::recorded("noise", |n| n.noise),
        Variable::recorded("noisy_rate", |n| n.noisy_rate),
    ];

    fn new(p: &Parameters<'_, Self>) -> Self {
        let constants = Constants::of::<M, N>(&p.of_same());
        RateNeuron { constants, rate: 0.0, noise: 0.0, noisy_rate: 0.0, model: PhantomData }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        self.constants = Constants::of::<M, N>(&p.of_same());
    }
    fn draws(&self) -> bool {
        self.constants.sigma != 0.0
    }
    fn draw(&mut self, chance: &mut Stream) {
        self.noise = self.constants.sigma * chance.normal();
        self.noisy_rate = self.rate + self.constants.noise * self.noise;
    }
    fn output(&self) -> f64 {
        if N::OUTPUT { self.noisy_rate } else { self.rate }
    }
    fn transform_input(&self, value: f64) -> Option<f64> {
        (!self.constants.linear_summation).then(|| self.constants.gain.phi(value))
    }

    fn step(&mut self, input: Input<'_>, _: Grid, _: &mut Stream) -> Option<Sent> {
        let k = &self.constants;
        let [excitatory, inhibitory] = input.inlets;
        let noise = if N::OUTPUT { 0.0 } else { k.noise * self.noise };
        let driven = k.input(excitatory, inhibitory, self.output());
        self.rate = k.decay * self.rate + k.drive * k.mu + noise + k.drive * driven;
        if let Some(least) = k.rectified {
            self.rate = self.rate.max(least);
        }
        None
    }

    fn finite_check(&self) -> f64 {
        self.rate
    }
}

/// Passes the input function of what it receives on, one step later.
#[derive(Clone)]
pub struct Transformer<M, G> {
    gain: G,
    linear_summation: bool,
    rate: f64,
    model: PhantomData<M>,
}

impl<M: Declared + Clone, G: Gain> Declared for Transformer<M, G> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared + Clone, G: Gain> Unit for Transformer<M, G> {
    const VARIABLES: &'static [Variable<Self>] = &[Variable::state("rate", |n| n.rate, |n, x| n.rate = x)];

    fn new(p: &Parameters<'_, Self>) -> Self {
        let p = &p.of_same::<M>();
        let linear_summation = flag!(p, M, "linear_summation");
        Transformer { gain: G::of(p), linear_summation, rate: 0.0, model: PhantomData }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        *self = Transformer { rate: self.rate, ..Self::new(p) };
    }
    fn output(&self) -> f64 {
        self.rate
    }
    fn transform_input(&self, value: f64) -> Option<f64> {
        (!self.linear_summation).then(|| self.gain.phi(value))
    }

    fn step(&mut self, input: Input<'_>, _: Grid, _: &mut Stream) -> Option<Sent> {
        let sum = input.inlets[0] + input.inlets[1];
        self.rate = if self.linear_summation { self.gain.phi(sum) } else { sum };
        None
    }

    fn finite_check(&self) -> f64 {
        self.rate
    }
}
