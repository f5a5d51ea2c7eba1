//! Hodgkin-Huxley neuron of the hippocampus that can be joined by gap junctions, with conductances that rise and decay.
//!
//! C_m dV/dt = -g_Na m^3 h (V - E_Na) - g_K n^4 (V - E_K) - g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in)
//!             + I_gap + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n, with rates of V - V_T
//!
//! Traub & Miles 1991, Neuronal Networks of the Hippocampus; Brette et al. 2007, J Comput Neurosci 23:349;
//! Hahne et al. 2015, Front Neuroinform 9:22.

use super::declare::*;
use super::hh::{ACT_M, ACT_N, INACT_H};
use super::hh_cond_exp_traub::{GATES_AT_FIRST, Hippocampal};
use super::parts::coupling::Conductance;
use super::parts::hodgkin_huxley::{GapJunctions, HodgkinHuxley};
use super::shared::*;
use crate::mechanisms::kernels::Beta;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "hh_cond_beta_gap_traub",
    title: "Hodgkin-Huxley neuron, conductances and gap junctions",
    doc: "Sodium and potassium channels of hippocampal pyramidal cells; gap junctions, and conductances that rise and decay",
    equations: "C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_gap + I_e\ndx/dt = alpha_x (1 - x) - beta_x x, x = m, h, n, rates of V - V_T\ndz/dt = -z / tau_decay, dg/dt = z - g / tau_rise\nV ≥ V_T + 30 mV and past its peak: spike",
    reference: "Traub & Miles 1991; Brette et al. 2007, J Comput Neurosci 23:349; Hahne et al. 2015, Front Neuroinform 9:22",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 2000.0).doc("Constant input current"),
                real("g_Na", "nS", 20000.0)
                    .at_least(0.0)
                    .main(0.0, 40000.0)
                    .doc("Sodium conductance, all channels open"),
                real("g_K", "nS", 6000.0)
                    .at_least(0.0)
                    .main(0.0, 20000.0)
                    .doc("Potassium conductance, all channels open"),
                real("g_L", "nS", 10.0).at_least(0.0).slider(0.0, 100.0).doc("Leak conductance"),
                real("C_m", "pF", 200.0).above(0.0).slider(10.0, 500.0).doc("Membrane capacitance"),
                real("V_T", "mV", -50.0).slider(-80.0, -40.0).doc("Shifts the rates of all channels"),
                real("E_Na", "mV", 50.0).slider(0.0, 100.0).doc("Sodium reversal potential"),
                real("E_K", "mV", -90.0).slider(-120.0, -50.0).doc("Potassium reversal potential"),
                real("E_L", "mV", -60.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
                real("t_ref", "ms", 2.0)
                    .at_least(0.0)
                    .slider(0.0, 20.0)
                    .in_steps()
                    .doc("Time after a spike in which no other is registered"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -80.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_rise_ex", "ms", 0.5).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory conductance"),
                real("tau_decay_ex", "ms", 5.0)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Decay time of excitatory conductance"),
                real("tau_rise_in", "ms", 0.5).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory conductance"),
                real("tau_decay_in", "ms", 10.0)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Decay time of inhibitory conductance"),
            ],
        },
        GATES_AT_FIRST,
        PLASTICITY,
    ],
    recordables: &[V_M, ACT_M, INACT_H, ACT_N, G_EX, G_IN],
    ports: &[
        spikes_and_currents("nS")[0],
        spikes_and_currents("nS")[1],
        Port::signal(0, Signal::Potential, "nS", "Gap junctions with other neurons"),
    ],
    relations: &[],
    behaviour: Behaviour::neurons(
        HodgkinHuxley::<HhCondBetaGapTraub, Hippocampal, Conductance<Beta<true>>, GapJunctions>::make,
        &[Signal::Spikes, Signal::Potential],
    ),
    facts: Facts::NONE
        .also_called(&["HH, conductances, gap junctions", "Traub-Miles with gap junctions"])
        .section(Section::HodgkinHuxley)
        .spike(SpikeShape::upstroke(0.3)),
};

/// The declaration, to which the parts of the neuron refer.
pub struct HhCondBetaGapTraub;
declared!(HhCondBetaGapTraub);
