//! Rate neurons: a core (noise at the input or at the output) with an input function.
//!
//! Hahne et al. 2017, Front Neuroinform 11:34.

use super::chunk::{Make, Neurons, Outbox, Probe, Span, Trouble};
use super::dynamics::Lookup;
use super::inputs::Inputs;
use super::table::Table;
use crate::mechanisms::random::{Purpose, Stream};
use crate::mechanisms::time::Grid;

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
            Noise::Output => ((-h / tau).exp(), -(-h / tau).exp_m1(), (tau / h).sqrt()),
            Noise::Input => {
                let lambda = p.real("lambda");
                if lambda > 0.0 {
                    let x = lambda * h / tau;
                    ((-x).exp(), -(-x).exp_m1() / lambda, (-(-2.0 * x).exp_m1() / (2.0 * lambda)).sqrt())
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

/// State of one neuron.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    rate: f64,
    /// The noise of the present step, times sigma.
    noise: f64,
    noisy_rate: f64,
}

/// The rate neurons of a chunk.
#[derive(Clone)]
pub struct RateNeurons<G, const OUTPUT_NOISE: bool> {
    first: usize,
    grid: Grid,
    constants: Vec<Constants<G>>,
    states: Vec<State>,
    /// One stream for each block of 64.
    streams: Vec<Stream>,
    /// The noise of the next step has been drawn.
    drawn: bool,
}

impl<G: Gain, const OUTPUT_NOISE: bool> RateNeurons<G, OUTPUT_NOISE> {
    const NOISE: Noise = if OUTPUT_NOISE { Noise::Output } else { Noise::Input };

    pub fn make(make: &Make<'_>) -> Box<dyn Neurons> {
        let &Make { table, first, n, grid, seed, node, .. } = make;
        let rate = |i: usize| State { rate: table.real("rate", first + i), ..State::default() };
        let stream = |block: usize| Stream::of(seed, Purpose::Escape, node, (first / 64 + block) as u64);
        Box::new(Self {
            first,
            grid,
            constants: Self::constants(table, first, n, grid),
            states: (0..n).map(rate).collect(),
            streams: (0..n.div_ceil(64)).map(stream).collect(),
            drawn: false,
        })
    }

    fn constants(table: &Table, first: usize, n: usize, grid: Grid) -> Vec<Constants<G>> {
        (first..first + n).map(|i| Constants::of(Self::NOISE, &table.row(i), grid.h())).collect()
    }

    /// Draws the noise of a step, once.
    fn draw(&mut self) {
        if self.drawn {
            return;
        }
        self.drawn = true;
        for (i, (s, k)) in self.states.iter_mut().zip(&self.constants).enumerate() {
            s.noise = k.sigma * self.streams[i / 64].normal();
            s.noisy_rate = s.rate + k.noise * s.noise;
        }
    }
}

impl<G: Gain, const OUTPUT_NOISE: bool> Neurons for RateNeurons<G, OUTPUT_NOISE> {
    fn update(
        &mut self,
        span: &Span,
        inputs: &mut Inputs,
        _: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble> {
        let mut gathered = inputs.lend();
        for i in 0..span.n {
            self.draw();
            self.drawn = false;
            for block in 0..self.states.len().div_ceil(64) {
                inputs.gather(block, span.first, i, &mut gathered);
                for lane in 0..(self.states.len() - block * 64).min(64) {
                    let (s, k) = (&mut self.states[block * 64 + lane], &self.constants[block * 64 + lane]);
                    let shown = if OUTPUT_NOISE { s.noisy_rate } else { s.rate };
                    let input = k.input(gathered.spikes[0][lane], gathered.spikes[1][lane], shown);
                    let noise = if OUTPUT_NOISE { 0.0 } else { k.noise * s.noise };
                    s.rate = k.decay * s.rate + k.drive * k.mu + noise + k.drive * input;
                    if let Some(least) = k.rectified {
                        s.rate = s.rate.max(least);
                    }
                }
            }
            for probe in probes.iter_mut() {
                let due = span.due[probe.meter];
                probe.take(due, i, |neuron, variable| {
                    let s = &self.states[neuron];
                    [s.rate, s.noise, s.noisy_rate][variable]
                });
            }
        }
        inputs.give_back(gathered);
        match self.states.iter().position(|s| span.check && !s.rate.is_finite()) {
            Some(neuron) => Err(Trouble::NotFinite { neuron }),
            None => Ok(()),
        }
    }

    fn show(&mut self, to: &mut [f64]) {
        self.draw();
        let shown = self.states.iter().map(|s| if OUTPUT_NOISE { s.noisy_rate } else { s.rate });
        to.iter_mut().zip(shown).for_each(|(to, shown)| *to = shown);
    }

    fn shows_noise(&self) -> bool {
        OUTPUT_NOISE
    }

    fn see(&self, targets: &[u16], value: f64, seen: &mut Vec<f64>) -> bool {
        if targets.iter().all(|t| self.constants[*t as usize].linear_summation) {
            return false;
        }
        seen.clear();
        seen.extend(targets.iter().map(|t| {
            let k = &self.constants[*t as usize];
            if k.linear_summation { value } else { k.gain.phi(value) }
        }));
        true
    }

    fn set_parameters(&mut self, table: &Table, _: &[&str]) {
        self.constants = Self::constants(table, self.first, self.states.len(), self.grid);
    }
    fn state(&self, name: &str, neuron: usize) -> f64 {
        let s = &self.states[neuron];
        match name {
            "noise" => s.noise,
            "noisy_rate" => s.noisy_rate,
            _ => s.rate,
        }
    }
    fn set_state(&mut self, _: &str, neuron: usize, x: f64) {
        self.states[neuron].rate = x;
    }
    fn bytes(&self) -> usize {
        self.states.len() * (size_of::<State>() + size_of::<Constants<G>>())
    }
    fn clone_box(&self) -> Box<dyn Neurons> {
        Box::new(self.clone())
    }
}
