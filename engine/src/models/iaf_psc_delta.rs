//! Leaky integrate-and-fire neuron whose potential jumps at each input spike.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_e + I), a spike of weight w adds w to V
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381; Diesmann et al. 2001, Neurocomputing 38:565.

use super::declare::*;
use super::parts::currents::Jumps;
use super::parts::exact::{Exact, Floor};
use super::parts::spike_rules::ThresholdOrForced;
use super::shared::*;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_psc_delta",
    title: "Integrate-and-fire, delta pulses",
    doc: "Leaky integrate-and-fire neuron; each spike makes the potential jump by its weight in mV",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) I_e, spike: V += w\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        LEAKY_MEMBRANE,
        Group {
            title: "Bounds and refractoriness",
            parameters: &[
                V_MIN,
                flag("refractory_input", false)
                    .doc("Keep input that arrives during refractoriness, decayed, until it ends"),
            ],
        },
        Group {
            title: "Forced firing",
            parameters: &[
                flag("ignore_and_spike", false).doc("Fire regularly whatever the potential is"),
                real("ignore_and_spike_interval", "ms", 100.0)
                    .above(0.0)
                    .acts_if_on("ignore_and_spike")
                    .doc("Interval of forced spikes"),
                real("ignore_and_spike_offset", "ms", 1.0)
                    .above(0.0)
                    .acts_if_on("ignore_and_spike")
                    .doc("Time of the first forced spike"),
            ],
        },
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[V_M],
    ports: &spikes_and_currents("mV"),
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(
        stepped::make::<Exact<IafPscDelta, Jumps, ThresholdOrForced, Floor>>,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["LIF, delta", "PSP jumps", "Brunel neuron"])
        .section(Section::IntegrateAndFireCurrents)
        .response(Response::Jump)
        .spike(SpikeShape::reset_at("V_th")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafPscDelta;
declared!(IafPscDelta);
