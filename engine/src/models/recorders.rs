//! Declarations of the recorders. What they store is in [`crate::runtime`].

use super::declare::*;
use super::shared::*;
use crate::runtime::recording::spikes::SpikeRecorder;
use crate::runtime::recording::spins::{SPIN_COLUMNS, SpinDetector};

pub(super) const N_EVENTS: Parameter =
    integer("n_events", 0).at_least(0.0).at_most(0.0).doc("Set to 0 to clear the record");
pub(super) const LABEL: Parameter = text("label", "").doc("Name of the exported file");
const RECORD_TO: Parameter =
    text("record_to", "memory").one_of(&["memory", "ascii"]).fixed().doc(
        "memory keeps all rows; ascii writes a table into a file while the network runs, and keeps the last seconds for plots",
    );
const TIME_IN_STEPS: Parameter =
    flag("time_in_steps", false).fixed().doc("Files of results tell times as numbers of steps");

/// Stores the spikes it receives.
pub const SPIKE_RECORDER: Model = Model {
    name: "spike_recorder",
    title: "Spike recorder",
    doc: "Stores the time and sender of every spike",
    equations: "",
    reference: "",
    groups: &[Group { title: "Recording", parameters: &[N_EVENTS, LABEL, RECORD_TO, TIME_IN_STEPS] }, WINDOW],
    recordables: &[],
    ports: &[Port::spikes(0, "", "Spikes to be stored").or_transitions()],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::Recorder(RecorderBehaviour::Detector {
        make: SpikeRecorder::make,
        stores: Stored::Spikes,
        columns: &[],
        weighs: false,
    }),
    facts: Facts::NONE
        .also_called(&["spike detector", "raster", "record spikes", "firing rate", "extracellular electrode"])
        .short("Spikes"),
};

/// Stores the states that binary neurons take.
pub const SPIN_DETECTOR: Model = Model {
    name: "spin_detector",
    title: "State detector",
    doc: "Stores each transition of binary neurons: the time, the sender, and the state taken, 1 or 0",
    equations: "two spikes in one step: state 1; one spike: state 0",
    ports: &[Port::spikes(0, "", "Transitions to be stored, written in spikes").or_transitions()],
    behaviour: Behaviour::Recorder(RecorderBehaviour::Detector {
        make: SpinDetector::make,
        stores: Stored::States,
        columns: SPIN_COLUMNS,
        weighs: false,
    }),
    facts: Facts::NONE.also_called(&["binary states", "record states"]),
    ..SPIKE_RECORDER
};

pub const INTERVAL: Parameter =
    real("interval", "ms", 1.0).above(0.0).on_grid().main(0.1, 10.0).fixed().doc("Time between samples");
pub const OFFSET: Parameter = real("offset", "ms", 0.0).at_least(0.0).on_grid().fixed().doc("Time of the first sample");

/// Samples any recordable quantities of its targets.
pub const MULTIMETER: Model = Model {
    name: "multimeter",
    title: "Multimeter",
    doc: "Samples the quantities you choose, such as V_m or conductances",
    equations: "",
    reference: "",
    groups: &[
        Group {
            title: "Recording",
            parameters: &[
                names("record_from", &[]).starts_with_names(&["V_m"]).doc("Quantities to sample"),
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
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::Recorder(RecorderBehaviour::Meter),
    facts: Facts::NONE.also_called(&["record conductance", "record current", "record anything", "state variables"]),
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
    facts: Facts::NONE.also_called(&[
        "voltage",
        "potential",
        "membrane potential",
        "record voltage",
        "oscilloscope",
        "recording electrode",
        "patch electrode",
        "intracellular recording",
    ]),
    ..MULTIMETER
};

/// Stores every weight that synapses transmit which name it.
pub const WEIGHT_RECORDER: Model = Model {
    name: "weight_recorder",
    title: "Weight recorder",
    doc: "Stores the weight of every spike that passes the synapses of the projections that name it",
    groups: &[
        Group {
            title: "Recording",
            parameters: &[
                integers("senders")
                    .fixed()
                    .doc("Numbers of the sources recorded, counted from 1 over all nodes; empty for all"),
                integers("targets").fixed().doc("Numbers of the targets recorded; empty for all"),
                N_EVENTS,
                LABEL,
                RECORD_TO,
                TIME_IN_STEPS,
            ],
        },
        WINDOW,
    ],
    ports: &[],
    behaviour: Behaviour::Recorder(RecorderBehaviour::Weights),
    facts: Facts::NONE.also_called(&["synaptic weights over time", "record weights"]),
    ..SPIKE_RECORDER
};

pub const DELIVER_INTERVAL: Parameter = integer("deliver_interval", 1)
    .at_least(1.0)
    .fixed()
    .doc("Slices between two times at which all its synapses are brought up to date");

/// Hands the spikes of neuromodulatory neurons to the synapses of the projections that name it. It stores nothing.
pub const VOLUME_TRANSMITTER: Model = Model {
    name: "volume_transmitter",
    title: "Volume transmitter",
    doc: "Collects the spikes of neuromodulatory neurons for the synapses of the projections that name it",
    groups: &[Group { title: "Transmission", parameters: &[DELIVER_INTERVAL] }],
    ports: &[Port::spikes(0, "", "Spikes of neuromodulatory neurons; weights do not count").or_transitions()],
    relations: &[],
    behaviour: Behaviour::Recorder(RecorderBehaviour::Transmitter),
    facts: Facts::NONE.also_called(&["dopamine", "neuromodulator", "reward"]),
    ..SPIKE_RECORDER
};
