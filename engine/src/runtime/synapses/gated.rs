//! Synapses onto receptors that saturate: each has a gate of its own, which spikes open and which closes by itself,
//! whatever its target does.
//!
//! dx/dt = -x/rise, dS/dt = -S/decay + alpha x (1 - S); a spike that arrives adds 1 to x.
//!
//! For each step the targets get, at four inlets, the sums of w S and of w h dS/dt at its beginning and at its end.

use crate::description::Inlet;
use crate::math;
use crate::mechanisms::time::Grid;
use crate::runtime::connections::rows::SynapseRows;
use crate::runtime::input::inputs::Inputs;
use crate::runtime::synapses::archive::Archive;
use crate::runtime::synapses::plastic::{Pass, PlasticRows};
use crate::runtime::synapses::reads::Needs;
use crate::runtime::table::Table;

/// What is left of x counts as nothing below this.
const CLOSED: f64 = 1e-14;
/// A sub-step is this part of the fastest time at most.
const FINE: f64 = 0.02;

/// How the gates of a target move: 1/ms.
#[derive(Clone, Copy)]
struct Kinetics {
    alpha: f64,
    rise: f64,
    decay: f64,
}

/// The gates of the synapses of one projection onto a chunk, in order of its rows.
#[derive(Clone)]
pub struct Gates {
    /// Parameters of the targets: how fast gates open, rise and decay time.
    names: [&'static str; 3],
    weights: Vec<f64>,
    x: Vec<f64>,
    s: Vec<f64>,
    /// One a target.
    kinetics: Vec<Kinetics>,
    /// A ring over steps: the synapses at which a spike arrives.
    arriving: Vec<Vec<u32>>,
    h: f64,
}

impl Gates {
    /// Closed gates, of targets from number `first` on, for spikes up to `steps` ahead.
    pub fn new(
        names: [&'static str; 3],
        rows: &SynapseRows,
        table: &Table,
        first: usize,
        n: usize,
        grid: Grid,
        steps: usize,
    ) -> Gates {
        let mut gates = Gates {
            names,
            weights: (0..rows.len()).map(|i| rows.weight(i)).collect(),
            x: vec![0.0; rows.len()],
            s: vec![0.0; rows.len()],
            kinetics: vec![Kinetics { alpha: 0.0, rise: 0.0, decay: 0.0 }; n],
            arriving: vec![Vec::new(); (steps + 1).next_power_of_two()],
            h: grid.h(),
        };
        gates.set_targets(table, first);
        gates
    }

    fn place(&self, step: i64) -> usize {
        step as usize & (self.arriving.len() - 1)
    }

    /// One step of a gate, in sub-steps of the classical Runge-Kutta scheme; x decays exactly.
    fn step(&mut self, i: usize, k: Kinetics) {
        let (x0, h) = (self.x[i], self.h);
        if x0.abs() < CLOSED {
            self.x[i] = 0.0;
            self.s[i] *= math::exp(-h * k.decay);
            return;
        }
        let fastest = k.rise + k.decay + k.alpha * x0.abs();
        let parts = (h * fastest / FINE).ceil().clamp(1.0, 1000.0);
        let dt = h / parts;
        let half = math::exp(-0.5 * dt * k.rise);
        let (mut x, mut s) = (x0, self.s[i]);
        for _ in 0..parts as usize {
            let (middle, end) = (x * half, x * half * half);
            let k1 = slope(k, x, s);
            let k2 = slope(k, middle, s + 0.5 * dt * k1);
            let k3 = slope(k, middle, s + 0.5 * dt * k2);
            let k4 = slope(k, end, s + dt * k3);
            s += dt / 6.0 * (k1 + 2.0 * (k2 + k3) + k4);
            x = end;
        }
        self.x[i] = x0 * math::exp(-h * k.rise);
        self.s[i] = s;
    }
}

/// dS/dt, 1/ms.
fn slope(k: Kinetics, x: f64, s: f64) -> f64 {
    k.alpha * x * (1.0 - s) - s * k.decay
}

impl PlasticRows for Gates {
    fn send(&mut self, source: usize, step: i64, pass: &mut Pass<'_>) {
        for i in pass.rows.row(source) {
            let place = self.place(step + pass.rows.delay(i) as i64);
            self.arriving[place].push(i as u32);
        }
    }
    fn advance(&mut self, first: i64, n: usize, rows: &SynapseRows, inlet: Inlet, inputs: &mut Inputs) {
        for step in first..first + n as i64 {
            for (i, slot) in rows.targets().iter().enumerate() {
                let k = self.kinetics[slot as usize];
                if self.x[i] != 0.0 || self.s[i] != 0.0 {
                    let w = self.weights[i];
                    let begin = [w * self.s[i], w * self.h * slope(k, self.x[i], self.s[i])];
                    self.step(i, k);
                    let end = [w * self.s[i], w * self.h * slope(k, self.x[i], self.s[i])];
                    for (j, value) in begin.into_iter().chain(end).enumerate() {
                        inputs.add(inlet.first + j, step, slot, value);
                    }
                }
            }
            let place = self.place(step);
            for i in std::mem::take(&mut self.arriving[place]) {
                self.x[i as usize] += 1.0;
            }
        }
    }
    fn set_targets(&mut self, table: &Table, first: usize) {
        let [alpha, rise, decay] = self.names;
        for (i, k) in self.kinetics.iter_mut().enumerate() {
            let of = |name: &str| table.real(name, first + i);
            *k = Kinetics { alpha: of(alpha), rise: 1.0 / of(rise), decay: 1.0 / of(decay) };
        }
    }
    fn trigger(&mut self, _: f64, _: &mut Pass<'_>) {}
    fn value(&self, name: &str, synapse: usize) -> Option<f64> {
        (name == "weight").then(|| self.weights[synapse])
    }
    fn set_weights(&mut self, weight: &dyn Fn(usize) -> f64) {
        self.weights.iter_mut().enumerate().for_each(|(i, w)| *w = weight(i));
    }
    fn set_parameters(&mut self, _: &Table, _: Grid) {}
    fn apply_early(&mut self, _: i64, _: Grid, _: &Archive) {}
    fn horizon(&self, _: Grid) -> f64 {
        f64::INFINITY
    }
    fn needs(&self) -> Needs {
        Needs::NOTHING
    }
    fn bytes(&self) -> usize {
        24 * self.x.len() + size_of_val(&self.kinetics[..]) + size_of_val(&self.arriving[..])
    }
    fn clone_box(&self) -> Box<dyn PlasticRows> {
        Box::new(self.clone())
    }
}
