//! Leaky integrate-and-fire neuron with exponential synaptic currents whose spikes keep their precise times.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! tau_syn dI_syn/dt = -I_syn, a spike of weight w adds w at the very time at which it arrives
//!
//! An excursion above threshold that ends below it between two events is missed; the lower bound of the potential holds
//! in steps without events only.
//!
//! Morrison, Straube, Plesser & Diesmann 2007, Neural Comput 19:47; Hanuschkin et al. 2010, Front Neuroinform 4:113.

use std::marker::PhantomData;

use super::declare::*;
use super::shared::*;
use crate::description::Declaration;
use crate::math;
use crate::mechanisms::kernels::ExponentialPart;
use crate::mechanisms::lanes::exp_m1;
use crate::runtime::neurons::precise::{Precise, SubstepModel};
use crate::runtime::neurons::units::{Units, Variable};
use crate::runtime::parameters::{Declared, Parameters, declared, reals};

const PRECISE_CURRENTS: Group = Group {
    title: "Synaptic input",
    parameters: &[
        real("tau_syn_ex", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory currents"),
        real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory currents"),
    ],
};

const PRECISE_CURRENTS_AT_FIRST: Group = Group {
    title: "Initial state",
    parameters: &[
        state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential"),
        state("I_syn_ex", "pA", 0.0).slider(0.0, 1000.0).doc("Excitatory synaptic current"),
        state("I_syn_in", "pA", 0.0).slider(-1000.0, 0.0).doc("Inhibitory synaptic current"),
    ],
};

pub const MODEL: Model = Model {
    name: "iaf_psc_exp_ps",
    title: "Integrate-and-fire, exponential currents, precise",
    doc: "Leaky integrate-and-fire neuron with exponential currents; spikes keep their times between grid points",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w\nV crosses V_th at t: spike at t, V = V_reset for t_ref (in whole steps)",
    reference: "Morrison, Straube, Plesser & Diesmann 2007, Neural Comput 19:47",
    groups: &[PRECISE_MEMBRANE, PRECISE_CURRENTS, PRECISE_CURRENTS_AT_FIRST, PLASTICITY],
    recordables: &[V_M],
    ports: &[
        Port::spikes(0, "pA", "Spikes; the sign of the weight decides between excitation and inhibition")
            .signed()
            .precise(),
        Port::currents(0, "Currents into the membrane"),
    ],
    relations: PRECISE_RELATIONS,
    behaviour: Behaviour::neurons(Units::<Precise<ExponentialCurrents<IafPscExpPs>>>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["LIF, precise spike times", "off-grid spikes"])
        .section(Section::PreciseTimes)
        .response(Response::Leaky(TimeCourse::Exponential))
        .spike(SpikeShape::reset_at("V_th")),
};

/// The same with one synaptic time constant, and without missing a spike.
pub const LOSSLESS: Model = Model {
    name: "iaf_psc_exp_ps_lossless",
    title: "Integrate-and-fire, exponential currents, precise, no spike missed",
    doc: "Leaky integrate-and-fire neuron with exponential currents and precise spike times that misses no excursion above threshold",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w; one tau_syn for both signs\nV reaches V_th at t, if only for a moment: spike at t, V = V_reset for t_ref (in whole steps)",
    reference: "Krishnan, Porta Mana, Helias, Diesmann & Di Napoli 2018, Front Neuroinform 11:75",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
                real("tau_m", "ms", 10.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
                real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
                real("t_ref", "ms", 2.0)
                    .at_least(0.0)
                    .main(0.1, 20.0)
                    .in_steps()
                    .doc("Refractory period, in whole steps, one at least"),
                real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Resting potential"),
                real("V_reset", "mV", -70.0).slider(-90.0, -40.0).doc("Potential after a spike"),
                V_MIN,
            ],
        },
        PRECISE_CURRENTS,
        PRECISE_CURRENTS_AT_FIRST,
        PLASTICITY,
    ],
    recordables: &[V_M, I_SYN, I_SYN_EX, I_SYN_IN],
    relations: &[
        Relation::Less("V_reset", "V_th"),
        Relation::NotGreater("V_min", "V_reset"),
        Relation::Equal("tau_syn_ex", "tau_syn_in"),
        Relation::Differ("tau_syn_ex", "tau_m"),
    ],
    behaviour: Behaviour::neurons(Units::<Precise<ExponentialCurrents<IafPscExpPsLossless>>>::make, &[Signal::Spikes]),
    facts: MODEL.facts.also_called(&["lossless spike detection", "LIF, precise, lossless"]),
    ..MODEL
};

/// The two synaptic currents, pA.
#[derive(Clone)]
pub struct ExponentialCurrents<M> {
    tau_m: f64,
    c_m: f64,
    tau_syn: [f64; 2],
    i_e: f64,
    currents: [f64; 2],
    model: PhantomData<M>,
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

/// What the two models differ in.
pub trait Variant: Declared + Clone {
    /// No spike is missed: the threshold is looked for at the peak within a part of a step too. As in NEST, it is looked for
    /// in the refractory period as well, from `V_reset` on.
    const LOSSLESS: bool;
}

#[derive(Clone)]
pub struct IafPscExpPs;
declared!(IafPscExpPs);
impl Variant for IafPscExpPs {
    const LOSSLESS: bool = false;
}

#[derive(Clone)]
pub struct IafPscExpPsLossless;
declared!(IafPscExpPsLossless, LOSSLESS);
impl Variant for IafPscExpPsLossless {
    const LOSSLESS: bool = true;
}

impl<M: Variant> Declared for ExponentialCurrents<M> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Variant> SubstepModel for ExponentialCurrents<M> {
    type Part = Part;
    const BOUND_IN_PARTS: bool = false;
    const VARIABLES: &'static [Variable<Precise<Self>>] = &[
        Precise::V_M,
        Variable::recorded("I_syn", |n| n.substeps.currents[0] + n.substeps.currents[1]),
        Variable::state("I_syn_ex", |n| n.substeps.currents[0], |n, x| n.substeps.currents[0] = x),
        Variable::state("I_syn_in", |n| n.substeps.currents[1], |n, x| n.substeps.currents[1] = x),
    ];
    const CROSSES_WHILE_REFRACTORY: bool = M::LOSSLESS;

    fn new(p: &Parameters<'_, Self>) -> Self {
        let [tau_m, c_m, i_e, ex, inh] = reals!(p, Self, ["tau_m", "C_m", "I_e", "tau_syn_ex", "tau_syn_in"]);
        ExponentialCurrents { tau_m, c_m, tau_syn: [ex, inh], i_e, currents: [0.0; 2], model: PhantomData }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        *self = ExponentialCurrents { currents: self.currents, ..Self::new(p) };
    }
    fn part(&self, dt: f64) -> Part {
        let synapses = self.tau_syn.map(|tau| ExponentialPart::new(tau, self.tau_m, self.c_m, dt));
        let leak = exp_m1(-dt / self.tau_m);
        Part { leak, constant: -self.tau_m / self.c_m * leak, synapses }
    }
    fn potential(&self, part: &Part, u: f64, current: f64) -> f64 {
        let [ex, inh] = part.synapses;
        let synaptic = ex.onto_membrane * self.currents[0] + inh.onto_membrane * self.currents[1];
        u + u * part.leak + part.constant * (self.i_e + current) + synaptic
    }
    fn peak(&self, u: f64, current: f64, dt: f64) -> Option<f64> {
        if !M::LOSSLESS {
            return None;
        }
        let (tau_m, c_m, tau_s, synaptic) =
            (self.tau_m, self.c_m, self.tau_syn[0], self.currents[0] + self.currents[1]);
        let steady = tau_m * tau_s * synaptic - tau_m * (tau_m - tau_s) * (self.i_e + current);
        let q = tau_m * tau_m * synaptic / (steady + c_m * (tau_m - tau_s) * u);
        let peak = tau_m * tau_s / (tau_m - tau_s) * math::ln(q);
        (q > 0.0 && peak > 0.0 && peak < dt).then_some(peak)
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
