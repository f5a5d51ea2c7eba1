//! What voltage-based plasticity reads of its targets: step by step, by how much the potential and its low-passed
//! forms would change the synapses.
//!
//! At the end of a step, with ū₊ and ū₋ as they were `delay_u_bars` ago:
//! potentiation A_LTP (u − θ₊) (ū₊ − θ₋) h, where u > θ₊ and ū₊ > θ₋;
//! depression A_LTD (ū₋ − θ₋), times ū̄²/u_ref² unless it is constant, where ū₋ > θ₋.
//!
//! Clopath et al. 2010, Nat Neurosci 13:344.

use std::collections::VecDeque;

use crate::mechanisms::time::Grid;
use crate::runtime::neurons::dynamics::Lookup;

/// Recordables of the target, in the order in which [`Voltages::note`] takes them.
pub const QUANTITIES: [&str; 4] = ["V_m", "u_bar_plus", "u_bar_minus", "u_bar_bar"];

/// A potentiation at a time (ms), to be multiplied by the trace of the source.
#[derive(Clone, Copy, Debug)]
pub struct Potentiation {
    pub time: f64,
    pub amount: f64,
}

#[derive(Clone, Debug)]
struct Neuron {
    a_ltp: f64,
    a_ltd: f64,
    theta_plus: f64,
    theta_minus: f64,
    /// 1/u_ref², where depression scales with the homeostatic average.
    scale: Option<f64>,
    /// Steps by which the low-passed potentials are late.
    late: i64,
    /// Oldest first.
    potentiations: VecDeque<Potentiation>,
}

#[derive(Clone, Debug)]
pub struct Voltages {
    grid: Grid,
    neurons: Vec<Neuron>,
    /// ū₊ and ū₋ of steps past: a ring over stamps.
    past: Vec<[f64; 2]>,
    /// Depression at the end of steps past: a ring over stamps, long enough for every query.
    depression: Vec<f64>,
}

impl Voltages {
    /// For `n` neurons; spikes ask for depression up to `back` steps ago.
    pub fn new<L: Lookup>(grid: Grid, n: usize, back: usize, parameters: impl Fn(usize) -> L) -> Voltages {
        let neurons: Vec<Neuron> = (0..n)
            .map(|i| Neuron { late: grid.delay(parameters(i).real("delay_u_bars")), ..Neuron::of(&parameters(i)) })
            .collect();
        let latest = neurons.iter().map(|neuron| neuron.late).max().unwrap_or(0) as usize;
        let (past, depression) = (vec![[0.0; 2]; (latest + 1) * n], vec![0.0; (back + 1) * n]);
        Voltages { grid, neurons, past, depression }
    }

    /// Takes over changed parameters; what has been noted stays.
    pub fn set_parameters<L: Lookup>(&mut self, parameters: impl Fn(usize) -> L) {
        for (i, neuron) in self.neurons.iter_mut().enumerate() {
            let (late, potentiations) = (neuron.late, std::mem::take(&mut neuron.potentiations));
            *neuron = Neuron { late, potentiations, ..Neuron::of(&parameters(i)) };
        }
    }

    /// Where a step is kept in a ring of `length` numbers.
    fn place(&self, stamp: i64, length: usize) -> usize {
        let n = self.neurons.len();
        (stamp as usize % (length / n)) * n
    }

    /// The end of a step: [`QUANTITIES`] of one neuron after the other.
    pub fn note(&mut self, stamp: i64, values: &[f64]) {
        let (now, depressed) = (self.place(stamp, self.past.len()), self.place(stamp, self.depression.len()));
        for (i, values) in values.chunks_exact(QUANTITIES.len()).enumerate() {
            let &[u, plus, minus, average] = values else { continue };
            self.past[now + i] = [plus, minus];
            let neuron = &self.neurons[i];
            // The first delayed values are those of an empty buffer, as in NEST.
            let [plus, minus] = match stamp - neuron.late {
                ..=0 => [0.0; 2],
                then => self.past[self.place(then, self.past.len()) + i],
            };
            let scale = neuron.scale.map_or(1.0, |scale| average * average * scale);
            let depression = neuron.a_ltd * (minus - neuron.theta_minus) * scale;
            self.depression[depressed + i] = if minus > neuron.theta_minus { depression } else { 0.0 };
            if u > neuron.theta_plus && plus > neuron.theta_minus {
                let amount = neuron.a_ltp * (u - neuron.theta_plus) * (plus - neuron.theta_minus) * self.grid.h();
                let time = self.grid.ms(stamp);
                self.neurons[i].potentiations.push_back(Potentiation { time, amount });
            }
        }
    }

    /// Forgets what no query about a time from `horizon` (ms) on can ask for.
    pub fn forget_before(&mut self, horizon: f64) {
        for neuron in &mut self.neurons {
            let gone = neuron.potentiations.partition_point(|entry| entry.time < horizon);
            neuron.potentiations.drain(..gone);
        }
    }

    /// Potentiations of a neuron after `from` up to and including `to` (ms), oldest first.
    pub fn potentiations(&self, neuron: usize, from: f64, to: f64) -> impl Iterator<Item = &Potentiation> {
        let all = &self.neurons[neuron].potentiations;
        let after =
            |time: f64| all.partition_point(|entry| entry.time < time + crate::runtime::synapses::archive::SAME_TIME);
        let (begin, end) = (after(from), after(to));
        all.range(begin..end.max(begin))
    }

    /// The depression of a neuron at `at` (ms), 0 if there is none.
    pub fn depression(&self, neuron: usize, at: f64) -> f64 {
        match self.grid.delay(at) {
            ..=0 => 0.0,
            stamp => self.depression[self.place(stamp, self.depression.len()) + neuron],
        }
    }

    pub fn bytes(&self) -> usize {
        let entries: usize = self.neurons.iter().map(|n| n.potentiations.len()).sum();
        self.neurons.len() * size_of::<Neuron>()
            + self.past.len() * 16
            + self.depression.len() * 8
            + entries * size_of::<Potentiation>()
    }
}

impl Neuron {
    fn of(p: &dyn Lookup) -> Neuron {
        Neuron {
            a_ltp: p.real("A_LTP"),
            a_ltd: p.real("A_LTD"),
            theta_plus: p.real("theta_plus"),
            theta_minus: p.real("theta_minus"),
            scale: (!p.flag("A_LTD_const")).then(|| 1.0 / p.real("u_ref_squared")),
            late: 0,
            potentiations: VecDeque::new(),
        }
    }
}
