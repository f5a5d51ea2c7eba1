//! Declarations of the generators. What they send is in [`crate::simulation`].

use super::declare::*;
use super::shared::*;

/// Constant current: I(s) = amplitude.
pub const DC_GENERATOR: Model = Model {
    name: "dc_generator",
    family: Family::Generator,
    title: "Constant current",
    doc: "Sends a constant current between start and stop",
    equations: "I(t) = amplitude",
    reference: "",
    groups: &[
        Group {
            title: "Current",
            parameters: &[real("amplitude", "pA", 0.0).main(-500.0, 1000.0).doc("Current sent")],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    emits: Emits::Currents,
    signal: None,
    relations: WINDOW_RELATIONS,
    neurons: None,
    synapses: None,
};

/// Sine current, advanced by a rotation each step (Rotter & Diesmann 1999).
pub const AC_GENERATOR: Model = Model {
    name: "ac_generator",
    family: Family::Generator,
    title: "Sine current",
    doc: "Sends an alternating current",
    equations: "I(t) = offset + amplitude sin(2π frequency t + phase)",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                real("amplitude", "pA", 0.0).main(0.0, 1000.0).doc("Amplitude of the sine"),
                real("frequency", "Hz", 0.0).main(0.0, 200.0).doc("Frequency of the sine"),
                real("offset", "pA", 0.0).main(-500.0, 1000.0).doc("Constant part of the current"),
                real("phase", "deg", 0.0).slider(0.0, 360.0).doc("Phase at time 0"),
            ],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    emits: Emits::Currents,
    signal: None,
    relations: WINDOW_RELATIONS,
    neurons: None,
    synapses: None,
};

/// Rate that changes at listed times.
pub const STEP_RATE_GENERATOR: Model = Model {
    name: "step_rate_generator",
    title: "Stepwise rate",
    doc: "Shows rate neurons a rate that takes a new value at each listed time",
    equations: "rate(t) = amplitude_values[i] from amplitude_times[i] on",
    groups: &[
        Group {
            title: "Rate",
            parameters: &[
                reals("amplitude_times", "ms").doc("Times at which the rate changes"),
                reals("amplitude_values", "").doc("Rate from each of these times on"),
                flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them"),
            ],
        },
        WINDOW,
    ],
    recordables: &[Recordable { name: "rate", unit: "", doc: "Rate sent" }],
    emits: Emits::Nothing,
    signal: Some(Signal::Rate),
    ..STEP_CURRENT_GENERATOR
};

/// Current that changes at listed times.
pub const STEP_CURRENT_GENERATOR: Model = Model {
    name: "step_current_generator",
    family: Family::Generator,
    title: "Stepwise current",
    doc: "Sends a current that takes a new value at each listed time",
    equations: "I(t) = amplitude_values[i] from amplitude_times[i] on",
    reference: "",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                reals("amplitude_times", "ms").doc("Times at which the current changes"),
                reals("amplitude_values", "pA").doc("Current from each of these times on"),
                flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them"),
            ],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    emits: Emits::Currents,
    signal: None,
    relations: WINDOW_RELATIONS,
    neurons: None,
    synapses: None,
};

/// Piecewise constant Gaussian current, independent for each target.
pub const NOISE_GENERATOR: Model = Model {
    name: "noise_generator",
    family: Family::Generator,
    title: "Gaussian noise current",
    doc: "Sends each target its own random current, drawn anew every dt",
    equations: "I(t) = mean + sqrt(std² + std_mod² sin(2π frequency t + phase)) N(0, 1), every dt",
    reference: "",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                real("mean", "pA", 0.0).main(-500.0, 1000.0).doc("Mean current"),
                real("std", "pA", 0.0).at_least(0.0).main(0.0, 1000.0).doc("Standard deviation"),
                real("dt", "ms", 1.0).above(0.0).on_grid().main(0.1, 10.0).doc("Interval between draws"),
                real("std_mod", "pA", 0.0)
                    .at_least(0.0)
                    .slider(0.0, 500.0)
                    .doc("Modulated part of the standard deviation"),
                real("frequency", "Hz", 0.0).slider(0.0, 200.0).doc("Frequency of the modulation"),
                real("phase", "deg", 0.0).slider(0.0, 360.0).doc("Phase of the modulation at time 0"),
            ],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    emits: Emits::Currents,
    signal: None,
    relations: &[Relation::NotGreater("start", "stop"), Relation::NotGreater("std_mod", "std")],
    neurons: None,
    synapses: None,
};

/// Poisson spike trains, independent for each target.
pub const POISSON_GENERATOR: Model = Model {
    name: "poisson_generator",
    family: Family::Generator,
    title: "Poisson spikes",
    doc: "Sends each target its own random spike train of the given rate",
    equations: "number of spikes in each step ~ Poisson(rate h)",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[real("rate", "spikes/s", 0.0)
                .at_least(0.0)
                .main(1.0, 20000.0)
                .logarithmic()
                .doc("Mean rate of each train")],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    emits: Emits::Spikes,
    signal: None,
    relations: WINDOW_RELATIONS,
    neurons: None,
    synapses: None,
};

/// Spikes at listed times.
pub const SPIKE_GENERATOR: Model = Model {
    name: "spike_generator",
    family: Family::Generator,
    title: "Listed spikes",
    doc: "Sends spikes at the times you list",
    equations: "a spike at each of spike_times",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                reals("spike_times", "ms").doc("Times of the spikes, in ascending order"),
                reals("spike_weights", "").doc("Factor on the connection's weight, one a spike, or none"),
                integers("spike_multiplicities").doc("Number of spikes at each time, or none"),
                flag("precise_times", false).doc("Keep times between grid points as they are"),
                flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them"),
                flag("shift_now_spikes", false).doc("Move a spike at the present time to the next step"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    emits: Emits::Spikes,
    signal: None,
    relations: WINDOW_RELATIONS,
    neurons: None,
    synapses: None,
};
