//! The history that voltage-based plasticity reads: for every step, by how much the membrane potential u of the target
//! and its low-passed forms ū₊, ū₋ and ū̄ potentiate and depress the synapses.
//!
//! At the end of a step, with ū₊ and ū₋ as they were `delay_u_bars` before:
//! potentiation A_LTP (u − θ₊) (ū₊ − θ₋) h, where u > θ₊ and ū₊ > θ₋;
//! depression A_LTD (ū₋ − θ₋), times ū̄²/u_ref² unless it is constant, where ū₋ > θ₋.
//!
//! Clopath et al. 2010, Nat Neurosci 13:344.

use std::collections::VecDeque;

use crate::description::{Parameter, flag, real};
use crate::mechanisms::time::Grid;
use crate::runtime::synapses::archive::SAME_TIME;
use crate::runtime::synapses::histories::{History, OfTarget, Opening, SampledHistory, Samples, TargetParameters};
use crate::runtime::table::Row;

/// What neurons declare whose potentials are remembered.
pub const A_LTD: Parameter = real("A_LTD", "1/mV", 1.4e-4).doc("Amplitude of depression");
pub const A_LTP: Parameter = real("A_LTP", "1/mV²", 8e-5).doc("Amplitude of potentiation");
pub const THETA_PLUS: Parameter =
    real("theta_plus", "mV", -45.3).slider(-80.0, 0.0).doc("Potential above which synapses are potentiated");
pub const THETA_MINUS: Parameter = real("theta_minus", "mV", -70.6)
    .slider(-90.0, -40.0)
    .doc("Low-passed potential above which synapses are depressed");
pub const A_LTD_CONST: Parameter =
    flag("A_LTD_const", true).doc("Depression does not scale with the homeostatic average");
pub const U_REF_SQUARED: Parameter = real("u_ref_squared", "mV²", 60.0)
    .above(0.0)
    .acts_if_off("A_LTD_const")
    .doc("Square of the average at which depression is as given");
pub const DELAY_U_BARS: Parameter =
    real("delay_u_bars", "ms", 5.0).at_least(0.0).fixed().doc("Delay of the low-passed potentials");

/// A potentiation at a time (ms); a synapse multiplies it by the trace of its source at that time.
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
    /// `delay_u_bars` in steps.
    late: i64,
    /// Steps without potentiation have no entry; oldest first.
    potentiations: VecDeque<Potentiation>,
}

#[derive(Clone, Debug)]
pub struct Voltages {
    grid: Grid,
    neurons: Vec<Neuron>,
    /// ū₊ and ū₋ of the latest steps: a ring over stamps, each with all neurons.
    past: Vec<[f64; 2]>,
    /// Depression at the end of the latest steps: a ring over stamps, as far back as a synapse asks.
    depression: Vec<f64>,
}

impl Voltages {
    /// Where the numbers of a step begin in a ring of `length` numbers.
    fn place(&self, stamp: i64, length: usize) -> usize {
        let n = self.neurons.len();
        (stamp as usize % (length / n)) * n
    }
}

impl SampledHistory for Voltages {
    const QUANTITIES: &'static [&'static str] = &["V_m", "u_bar_plus", "u_bar_minus", "u_bar_bar"];

    fn open(opening: &Opening<'_>) -> Voltages {
        let Opening { grid, neurons: n, back, parameters } = *opening;
        let neuron = |i: usize| {
            let p = parameters.of(i);
            Neuron { late: grid.delay(p.real(&DELAY_U_BARS)), ..Neuron::of(&p) }
        };
        let neurons: Vec<Neuron> = (0..n).map(neuron).collect();
        let latest = neurons.iter().map(|neuron| neuron.late).max().unwrap_or(0) as usize;
        let (past, depression) = (vec![[0.0; 2]; (latest + 1) * n], vec![0.0; (back + 1) * n]);
        Voltages { grid, neurons, past, depression }
    }
}

impl History for Voltages {
    fn set_parameters(&mut self, parameters: TargetParameters<'_>) {
        for (i, neuron) in self.neurons.iter_mut().enumerate() {
            let (late, potentiations) = (neuron.late, std::mem::take(&mut neuron.potentiations));
            *neuron = Neuron { late, potentiations, ..Neuron::of(&parameters.of(i)) };
        }
    }

    fn note(&mut self, stamp: i64, samples: Samples<'_>) {
        let (now, depressed) = (self.place(stamp, self.past.len()), self.place(stamp, self.depression.len()));
        for (i, quantities) in samples.by_neuron().enumerate() {
            let &[u, plus, minus, average] = quantities else { continue };
            self.past[now + i] = [plus, minus];
            let neuron = &self.neurons[i];
            // Before the simulation began the low-passed potentials were 0, as in NEST.
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

    fn forget_before(&mut self, horizon: f64) {
        for neuron in &mut self.neurons {
            let gone = neuron.potentiations.partition_point(|entry| entry.time < horizon);
            neuron.potentiations.drain(..gone);
        }
    }

    fn bytes(&self) -> usize {
        let entries: usize = self.neurons.iter().map(|n| n.potentiations.len()).sum();
        self.neurons.len() * size_of::<Neuron>()
            + self.past.len() * 16
            + self.depression.len() * 8
            + entries * size_of::<Potentiation>()
    }

    fn clone_box(&self) -> Box<dyn History> {
        Box::new(self.clone())
    }
}

/// What a synapse reads of its target's potential.
impl<'a> OfTarget<'a, Voltages> {
    /// Potentiations after `from` up to and including `to` (ms, at the soma), oldest first.
    pub fn potentiations(self, from: f64, to: f64) -> impl Iterator<Item = &'a Potentiation> + Clone {
        let all = &self.history.neurons[self.target].potentiations;
        let after = |time: f64| all.partition_point(|entry| entry.time < time + SAME_TIME);
        let (begin, end) = (after(from), after(to));
        all.range(begin..end.max(begin))
    }

    /// The depression at `at` (ms, at the soma), 0 if there is none.
    pub fn depression(self, at: f64) -> f64 {
        let Voltages { grid, depression, .. } = self.history;
        match grid.delay(at) {
            ..=0 => 0.0,
            stamp => depression[self.history.place(stamp, depression.len()) + self.target],
        }
    }
}

impl Neuron {
    fn of(p: &Row<'_>) -> Neuron {
        Neuron {
            a_ltp: p.real(&A_LTP),
            a_ltd: p.real(&A_LTD),
            theta_plus: p.real(&THETA_PLUS),
            theta_minus: p.real(&THETA_MINUS),
            scale: (!p.flag(&A_LTD_CONST)).then(|| 1.0 / p.real(&U_REF_SQUARED)),
            late: 0,
            potentiations: VecDeque::new(),
        }
    }
}
