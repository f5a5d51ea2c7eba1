//! Repeats the spikes it receives, after the delay of the connection.

use super::declare::*;
use super::shared::PLASTICITY;
use crate::runtime::neurons::parrots::Parrots;

pub const MODEL: Model = Model {
    name: "parrot_neuron",
    title: "Parrot",
    doc: "Repeats every spike it receives; gives a generator's train to many targets",
    equations: "a spike that arrives is sent on, with its multiplicity; weights are ignored",
    reference: "",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[real("flush_event_send_interval", "ms", f64::INFINITY)
                .above(0.0)
                .acts_never("it times the housekeeping of eligibility-based plasticity, on which spikes do not depend")
                .doc("Housekeeping interval of eligibility-based plasticity; spikes do not depend on it")],
        },
        PLASTICITY,
    ],
    recordables: &[],
    ports: &[
        Port::spikes(0, "", "Spikes that are repeated").weightless().or_transitions(),
        Port::spikes(1, "", "Spikes that are taken and not repeated").weightless().or_transitions(),
    ],
    relations: &[],
    behaviour: Behaviour::neurons(Parrots::make, &[Signal::Spikes]).also_to_binary(),
    facts: Facts::NONE.also_called(&["relay", "repeater"]),
};

/// The same for spikes between grid points.
pub const PRECISE: Model = Model {
    name: "parrot_neuron_ps",
    title: "Parrot, precise",
    doc: "Repeats every spike it receives at its time between grid points",
    equations: "a spike that arrives is sent on, with its multiplicity and its time within the step; weights are ignored",
    groups: &[PLASTICITY],
    ports: &[
        Port::spikes(0, "", "Spikes that are repeated").precise().weightless(),
        Port::spikes(1, "", "Spikes that are taken and not repeated").precise().weightless(),
    ],
    facts: Facts::NONE.also_called(&["precise relay"]).section(Section::PreciseTimes),
    ..MODEL
};
