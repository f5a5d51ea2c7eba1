//! Spike-response model of a thalamic relay cell: postsynaptic potentials, an after-potential, and noise given from outside.
//! Rest is 0 and threshold 1.
//!
//! V = v_syn + v_spike + V_noise noise; a spike of weight w causes V_epsp w (t/tau_epsp) exp(1 - t/tau_epsp)
//! V ≥ 1: spike, v_spike -= V_reset, which decays with tau_reset
//!
//! Carandini, Horton & Sincich 2007, J Vis 7(14):20.

use std::sync::Arc;

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::units::{Input, Sent, Unit, Units, Variable};
use crate::runtime::parameters::{Parameters, declared, list, named, real as get};

pub const MODEL: Model = Model {
    name: "iaf_chs_2007",
    title: "Relay cell, spike response",
    doc: "Thalamic relay cell as a spike-response model without unit: rest 0, threshold 1; excitatory input only",
    equations: "V = v_syn + v_spike + V_noise noise\nspike that arrives: v_syn += V_epsp w (t / tau_epsp) exp(1 - t / tau_epsp)\nV ≥ 1: spike, v_spike -= V_reset; tau_reset dv_spike/dt = -v_spike",
    reference: "Carandini, Horton & Sincich 2007, J Vis 7(14):20",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("V_epsp", "", 0.77)
                    .at_least(0.0)
                    .main(0.0, 2.0)
                    .doc("Peak of the potential after a spike of weight 1"),
                real("tau_epsp", "ms", 8.5).above(0.0).main(1.0, 50.0).doc("Time until that peak"),
                real("V_reset", "", 2.31).at_least(0.0).main(0.0, 5.0).doc("Size of the after-potential of a spike"),
                real("tau_reset", "ms", 15.4)
                    .above(0.0)
                    .main(1.0, 50.0)
                    .doc("Time in which the after-potential decays"),
            ],
        },
        Group {
            title: "Noise",
            parameters: &[
                real("V_noise", "", 0.0).slider(0.0, 2.0).doc("Factor on the noise"),
                reals("noise", "")
                    .acts_if_positive("V_noise")
                    .doc("Noise, one value a step, from the time on at which it is set; 0 behind its end"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[state("V_m", "", 0.0)
                .acts_never("the potential is made anew in every step")
                .doc("Membrane potential before the first step")],
        },
        PLASTICITY,
    ],
    recordables: &[Recordable::new("V_m", "", "Membrane potential; rest is 0, threshold 1")],
    ports: &[Port::spikes(0, "", "Spikes; those of negative weight are ignored").signed()],
    relations: &[],
    behaviour: Behaviour::neurons(Units::<IafChs2007>::make, &[Signal::Spikes]),
    facts: Facts::NONE.also_called(&["relay cell with spike response", "LGN relay cell, spike response"]),
};

#[derive(Clone)]
pub struct IafChs2007 {
    /// What remains after a step of the synaptic part and of the after-potential.
    decay: f64,
    reset_decay: f64,
    /// What an input of 1 adds to the synaptic part in a step.
    gain: f64,
    v_reset: f64,
    v_noise: f64,
    noise: Arc<[f64]>,
    /// Place in the noise.
    next: usize,
    input: f64,
    synaptic: f64,
    spike: f64,
    v: f64,
}

declared!(IafChs2007);

const NOISE: &str = named!(IafChs2007, "noise");

impl Unit for IafChs2007 {
    const VARIABLES: &'static [Variable<Self>] = &[Variable::state("V_m", |n| n.v, |n, x| n.v = x)];

    fn new(p: &Parameters<'_, Self>) -> Self {
        let (h, tau_epsp) = (p.h(), get!(p, Self, "tau_epsp"));
        let (decay, v_noise) = (math::exp(-h / tau_epsp), get!(p, Self, "V_noise"));
        IafChs2007 {
            decay,
            reset_decay: math::exp(-h / get!(p, Self, "tau_reset")),
            gain: get!(p, Self, "V_epsp") * (std::f64::consts::E * h / tau_epsp) * decay,
            v_reset: get!(p, Self, "V_reset"),
            v_noise,
            noise: if v_noise > 0.0 { list!(p, Self, "noise").into() } else { Arc::new([]) },
            next: 0,
            input: 0.0,
            synaptic: 0.0,
            spike: 0.0,
            v: get!(p, Self, "V_m"),
        }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        let IafChs2007 { next, input, synaptic, spike, v, .. } = *self;
        *self = IafChs2007 { next, input, synaptic, spike, v, ..Self::new(p) };
    }
    fn parameters_set(&mut self, names: &[&str]) {
        if names.contains(&NOISE) {
            self.next = 0;
        }
    }

    fn step(&mut self, input: Input<'_>, _: Grid, _: &mut Stream) -> Option<Sent> {
        self.synaptic = self.decay * self.synaptic + self.input * self.gain;
        self.input = self.decay * self.input + input.inlets[0];
        self.spike *= self.reset_decay;
        let mut noise = 0.0;
        if self.v_noise > 0.0 {
            noise = self.v_noise * self.noise.get(self.next).copied().unwrap_or(0.0);
            self.next += 1;
        }
        self.v = self.synaptic + self.spike + noise;
        if self.v < 1.0 {
            return None;
        }
        self.spike -= self.v_reset;
        self.v -= self.v_reset;
        Some(Sent { multiplicity: 1, factor: 1.0, offset: 0.0 })
    }

    fn finite_check(&self) -> f64 {
        self.v
    }
}
