//! Leaky integrate-and-fire neuron with alpha-shaped synaptic currents whose spikes keep their precise times.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! I_syn(t) = w (e/tau_syn) t exp(-t/tau_syn) from the very time on at which a spike of weight w arrives
//!
//! An excursion above threshold that ends below it between two events is missed.
//!
//! Morrison, Straube, Plesser & Diesmann 2007, Neural Comput 19:47.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::kernels::{AlphaPart, alpha_increment};
use crate::mechanisms::lanes::exp_m1;
use crate::runtime::neurons::precise::{Precise, SubstepModel};
use crate::runtime::neurons::units::{Units, Variable};
use crate::runtime::parameters::{Parameters, declared, reals};

pub const MODEL: Model = Model {
    name: "iaf_psc_alpha_ps",
    title: "Integrate-and-fire, alpha currents, precise",
    doc: "Leaky integrate-and-fire neuron with alpha-shaped currents; spikes keep their times between grid points",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\nI_syn(t) = w (e / tau_syn) t exp(-t / tau_syn)\nV crosses V_th at t: spike at t, V = V_reset for t_ref (in whole steps)",
    reference: "Morrison, Straube, Plesser & Diesmann 2007, Neural Comput 19:47",
    groups: &[
        PRECISE_MEMBRANE,
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory currents"),
            ],
        },
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[V_M, I_SYN_EX, I_SYN_IN],
    ports: &[
        Port::spikes(0, "pA", "Spikes; the sign of the weight decides between excitation and inhibition")
            .signed()
            .precise(),
        Port::currents(0, "Currents into the membrane"),
    ],
    relations: PRECISE_RELATIONS,
    behaviour: Behaviour::neurons(Units::<Precise<AlphaCurrents>>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["LIF, alpha, precise spike times", "off-grid spikes, alpha"])
        .section(Section::PreciseTimes)
        .response(Response::Leaky(TimeCourse::Alpha))
        .spike(SpikeShape::reset_at("V_th")),
};

/// The two synaptic currents, pA, each with what drives it.
#[derive(Clone)]
pub struct AlphaCurrents {
    tau_m: f64,
    c_m: f64,
    tau_syn: [f64; 2],
    i_e: f64,
    drives: [f64; 2],
    currents: [f64; 2],
}

/// What solves a part of a step.
#[derive(Clone, Copy)]
pub struct Part {
    /// e^(−dt/tau_m) − 1.
    leak: f64,
    /// Effect of a constant current of 1 pA.
    constant: f64,
    synapses: [AlphaPart; 2],
}

declared!(AlphaCurrents);

impl SubstepModel for AlphaCurrents {
    type Part = Part;
    const BOUND_IN_PARTS: bool = true;
    const VARIABLES: &'static [Variable<Precise<Self>>] = &[
        Precise::V_M,
        Variable::recorded("I_syn_ex", |n| n.substeps.currents[0]),
        Variable::recorded("I_syn_in", |n| n.substeps.currents[1]),
    ];

    fn new(p: &Parameters<'_, Self>) -> Self {
        let [tau_m, c_m, i_e, ex, inh] = reals!(p, Self, ["tau_m", "C_m", "I_e", "tau_syn_ex", "tau_syn_in"]);
        AlphaCurrents { tau_m, c_m, tau_syn: [ex, inh], i_e, drives: [0.0; 2], currents: [0.0; 2] }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        *self = AlphaCurrents { drives: self.drives, currents: self.currents, ..Self::new(p) };
    }
    fn part(&self, dt: f64) -> Part {
        let synapses = self.tau_syn.map(|tau| AlphaPart::new(tau, self.tau_m, self.c_m, dt));
        let leak = exp_m1(-dt / self.tau_m);
        Part { leak, constant: -self.tau_m / self.c_m * leak, synapses }
    }
    fn potential(&self, part: &Part, u: f64, current: f64) -> f64 {
        let synaptic = |i: usize| {
            let k = &part.synapses[i];
            k.drive_onto_membrane * self.drives[i] + k.onto_membrane * self.currents[i]
        };
        u + u * part.leak + part.constant * (self.i_e + current) + (synaptic(0) + synaptic(1))
    }
    fn evolve(&mut self, part: &Part) {
        for (i, k) in part.synapses.iter().enumerate() {
            self.currents[i] = k.decay * (k.dt * self.drives[i] + self.currents[i]);
            self.drives[i] *= k.decay;
        }
    }
    fn receive(&mut self, inlet: usize, weight: f64) {
        self.drives[inlet] += weight * alpha_increment(self.tau_syn[inlet]);
    }
    fn finite_check(&self) -> f64 {
        self.currents[0] + self.currents[1] + self.drives[0] + self.drives[1]
    }
}
