//! Leaky integrate-and-fire neuron with exponential synaptic currents whose spikes keep their precise times.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! tau_syn dI_syn/dt = -I_syn, a spike of weight w adds w at the very time at which it arrives
//!
//! An excursion above threshold that ends below it between two events is missed; the lower bound of the potential holds
//! in steps without events only.
//!
//! Morrison, Straube, Plesser & Diesmann 2007, Neural Comput 19:47; Hanuschkin et al. 2010, Front Neuroinform 4:113.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::kernels::ExponentialPart;
use crate::runtime::neurons::precise::{Precise, SubstepModel};
use crate::runtime::neurons::units::{Units, Variable};
use crate::runtime::parameters::{Parameters, declared, reals};

pub const MODEL: Model = Model {
    name: "iaf_psc_exp_ps",
    title: "Integrate-and-fire, exponential currents, precise",
    doc: "Leaky integrate-and-fire neuron with exponential currents; spikes keep their times between grid points",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w\nV crosses V_th at t: spike at t, V = V_reset for t_ref (in whole steps)",
    reference: "Morrison, Straube, Plesser & Diesmann 2007, Neural Comput 19:47",
    groups: &[
        PRECISE_MEMBRANE,
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory currents"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential"),
                state("I_syn_ex", "pA", 0.0).slider(0.0, 1000.0).doc("Excitatory synaptic current"),
                state("I_syn_in", "pA", 0.0).slider(-1000.0, 0.0).doc("Inhibitory synaptic current"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M],
    ports: &[
        Port::spikes(0, "pA", "Spikes; the sign of the weight decides between excitation and inhibition")
            .signed()
            .precise(),
        Port::currents(0, "Currents into the membrane"),
    ],
    relations: PRECISE_RELATIONS,
    behaviour: Behaviour::neurons(Units::<Precise<ExponentialCurrents>>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["LIF, precise spike times", "off-grid spikes"])
        .section(Section::PreciseTimes)
        .response(Response::Leaky(TimeCourse::Exponential))
        .spike(SpikeShape::reset_at("V_th")),
};

/// The two synaptic currents, pA.
#[derive(Clone)]
pub struct ExponentialCurrents {
    tau_m: f64,
    c_m: f64,
    tau_syn: [f64; 2],
    i_e: f64,
    /// Solves a whole step.
    step: (f64, Part),
    currents: [f64; 2],
}

/// What solves a part of a step.
#[derive(Clone, Copy)]
pub struct Part {
    /// e^(−dt/tau_m) − 1.
    leak: f64,
    /// Effect of a constant current of 1 pA.
    constant: f64,
    synapses: [ExponentialPart; 2],
}

impl ExponentialCurrents {
    fn solve(&self, dt: f64) -> Part {
        let synapses = self.tau_syn.map(|tau| ExponentialPart::new(tau, self.tau_m, self.c_m, dt));
        let leak = crate::mechanisms::lanes::exp_m1(-dt / self.tau_m);
        Part { leak, constant: -self.tau_m / self.c_m * leak, synapses }
    }
}

declared!(ExponentialCurrents);

impl SubstepModel for ExponentialCurrents {
    type Part = Part;
    const BOUND_IN_PARTS: bool = false;
    const VARIABLES: &'static [Variable<Precise<Self>>] = &[
        Precise::V_M,
        Variable::state("I_syn_ex", |n| n.substeps.currents[0], |n, x| n.substeps.currents[0] = x),
        Variable::state("I_syn_in", |n| n.substeps.currents[1], |n, x| n.substeps.currents[1] = x),
    ];

    fn new(p: &Parameters<'_, Self>) -> Self {
        let [tau_m, c_m, i_e, ex, inh] = reals!(p, Self, ["tau_m", "C_m", "I_e", "tau_syn_ex", "tau_syn_in"]);
        let none = Part { leak: 0.0, constant: 0.0, synapses: [ExponentialPart::default(); 2] };
        let mut this =
            ExponentialCurrents { tau_m, c_m, tau_syn: [ex, inh], i_e, step: (0.0, none), currents: [0.0; 2] };
        this.step = (p.h(), this.solve(p.h()));
        this
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        *self = ExponentialCurrents { currents: self.currents, ..Self::new(p) };
    }
    fn part(&self, dt: f64) -> Part {
        if dt == self.step.0 { self.step.1 } else { self.solve(dt) }
    }
    fn potential(&self, part: &Part, u: f64, current: f64) -> f64 {
        let [ex, inh] = part.synapses;
        let synaptic = ex.onto_membrane * self.currents[0] + inh.onto_membrane * self.currents[1];
        u + u * part.leak + part.constant * (self.i_e + current) + synaptic
    }
    fn evolve(&mut self, part: &Part) {
        self.currents.iter_mut().zip(part.synapses).for_each(|(current, synapse)| *current *= synapse.decay);
    }
    fn receive(&mut self, inlet: usize, weight: f64) {
        self.currents[inlet] += weight;
    }
    fn finite_check(&self) -> f64 {
        self.currents[0] + self.currents[1]
    }
}
