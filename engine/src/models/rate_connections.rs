//! Synapses that carry continuous signals.
//!
//! Hahne et al. 2015, Front Neuroinform 9:22; Hahne et al. 2017, Front Neuroinform 11:34.

use super::declare::*;
use super::shared::*;

const FACTOR: Parameter = real("weight", "", 1.0).main(-2.0, 2.0).doc("Factor on the signal");
const LAG: Parameter = real("delay", "ms", 1.0).above(0.0).main(0.1, 20.0).fixed().doc("Time until the signal arrives");

/// The rate as it was some time ago.
pub const RATE_CONNECTION_DELAYED: Model = Model {
    name: "rate_connection_delayed",
    title: "Delayed rate",
    doc: "Passes the rate of one rate neuron on to another after a delay",
    groups: &[Group { title: "Synapse", parameters: &[FACTOR, LAG] }],
    reference: "Hahne et al. 2017, Front Neuroinform 11:34",
    behaviour: Behaviour::continuous(Signal::Rate),
    facts: Facts::NONE.also_called(&["rate connection"]),
    ..STATIC
};

/// The rate as it is.
pub const RATE_CONNECTION_INSTANTANEOUS: Model = Model {
    name: "rate_connection_instantaneous",
    title: "Instantaneous rate",
    doc: "Passes the rate of one rate neuron on to another at once",
    groups: &[Group { title: "Synapse", parameters: &[FACTOR] }],
    facts: Facts::NONE.also_called(&["rate connection without delay"]),
    ..RATE_CONNECTION_DELAYED
};

/// The rate as drift and diffusion of a mean-field unit.
pub const DIFFUSION_CONNECTION: Model = Model {
    name: "diffusion_connection",
    title: "Diffusion",
    doc: "Passes a rate on as mean and variance of the input of a mean-field unit",
    groups: &[Group {
        title: "Synapse",
        parameters: &[
            real("drift_factor", "", 1.0).main(-2.0, 2.0).doc("Factor on the rate in the mean of the input"),
            real("diffusion_factor", "", 1.0).main(0.0, 2.0).doc("Factor on the rate in the variance of the input"),
        ],
    }],
    reference: "Hahne et al. 2017, Front Neuroinform 11:34",
    behaviour: Behaviour::continuous(Signal::Diffusion),
    facts: Facts::NONE.also_called(&["mean-field connection"]),
    ..STATIC
};

/// An electrical synapse.
pub const GAP_JUNCTION: Model = Model {
    name: "gap_junction",
    title: "Gap junction",
    doc: "Couples two membranes by a conductance, both ways",
    equations: "I = weight (V_partner − V)",
    groups: &[Group {
        title: "Synapse",
        parameters: &[real("weight", "nS", 1.0).main(0.0, 10.0).doc("Conductance between the two membranes")],
    }],
    reference: "Hahne et al. 2015, Front Neuroinform 9:22",
    behaviour: Behaviour::continuous(Signal::Potential),
    facts: Facts::NONE.also_called(&["electrical synapse", "electrical coupling"]),
    ..STATIC
};

/// What an astrocyte does to a neuron.
pub const SIC_CONNECTION: Model = Model {
    name: "sic_connection",
    title: "Slow inward current",
    doc: "Passes the slow inward current caused by an astrocyte on to a neuron",
    groups: &[Group { title: "Synapse", parameters: &[FACTOR, LAG] }],
    reference: "Nadkarni & Jung 2003, Phys Rev Lett 91:268101",
    behaviour: Behaviour::continuous(Signal::SlowCurrent),
    facts: Facts::NONE.also_called(&["astrocyte to neuron", "SIC"]),
    ..STATIC
};
