//! Declarations of the recorders. What they store is in [`crate::simulation`].

use super::declare::*;
use super::shared::*;

const N_EVENTS: Parameter = integer("n_events", 0).at_least(0.0).at_most(0.0).doc("Set to 0 to clear the record");
const LABEL: Parameter = text("label", "").doc("Name of the exported file");
const RECORD_TO: Parameter =
    text("record_to", "memory").doc("Where rows go; only \"memory\" is known, export from there");
const TIME_IN_STEPS: Parameter = flag("time_in_steps", false).fixed().doc("Give times as step numbers");

/// Stores the spikes it receives.
pub const SPIKE_RECORDER: Model = Model {
    name: "spike_recorder",
    family: Family::Recorder,
    title: "Spike recorder",
    doc: "Stores the time and sender of every spike",
    equations: "",
    reference: "",
    groups: &[Group { title: "Recording", parameters: &[N_EVENTS, LABEL, RECORD_TO, TIME_IN_STEPS] }, WINDOW],
    recordables: &[],
    ports: &[Port::spikes(0, "", "Spikes to be stored")],
    emits: Emits::Nothing,
    relations: WINDOW_RELATIONS,
    neurons: None,
};

const INTERVAL: Parameter =
    real("interval", "ms", 1.0).above(0.0).on_grid().main(0.1, 10.0).fixed().doc("Time between samples");
const OFFSET: Parameter = real("offset", "ms", 0.0).at_least(0.0).on_grid().fixed().doc("Time of the first sample");

/// Samples any recordable quantities of its targets.
pub const MULTIMETER: Model = Model {
    name: "multimeter",
    family: Family::Recorder,
    title: "Multimeter",
    doc: "Samples the quantities you choose, such as V_m or conductances",
    equations: "",
    reference: "",
    groups: &[
        Group {
            title: "Recording",
            parameters: &[
                names("record_from", &[]).doc("Quantities to sample"),
                INTERVAL,
                OFFSET,
                N_EVENTS,
                LABEL,
                RECORD_TO,
                TIME_IN_STEPS,
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    emits: Emits::Requests,
    relations: WINDOW_RELATIONS,
    neurons: None,
};

/// A multimeter set to the membrane potential.
pub const VOLTMETER: Model = Model {
    name: "voltmeter",
    title: "Voltmeter",
    doc: "Samples the membrane potential",
    groups: &[
        Group {
            title: "Recording",
            parameters: &[
                INTERVAL,
                names("record_from", &["V_m"]).doc("Quantities to sample"),
                OFFSET,
                N_EVENTS,
                LABEL,
                RECORD_TO,
                TIME_IN_STEPS,
            ],
        },
        WINDOW,
    ],
    ..MULTIMETER
};

/// Transmits spikes with constant weight and delay, and currents scaled by the weight.
pub const STATIC_SYNAPSE: Model = Model {
    name: "static_synapse",
    family: Family::Synapse,
    title: "Static synapse",
    doc: "Transmits every spike with the same weight and delay",
    equations: "",
    reference: "",
    groups: &[Group {
        title: "Synapse",
        parameters: &[
            real("weight", "", 1.0).main(-500.0, 500.0).doc("Strength; its unit is the target's (pA, nS or mV)"),
            real("delay", "ms", 1.0).above(0.0).main(0.1, 20.0).fixed().doc("Time from spike to effect"),
        ],
    }],
    recordables: &[],
    ports: &[],
    emits: Emits::Nothing,
    relations: &[],
    neurons: None,
};
