//! Spike-timing dependent plasticity as neuromorphic hardware has it: pairs are accumulated, and a controller reads the
//! accumulators one synapse after the other and changes discrete weights by look-up tables.
//!
//! pair of nearest spikes: a_causal += exp(−Δt/τ₊), post after pre; a_acausal += exp(−Δt/τ₋), pre after post
//! read-out: each configuration compares both with the thresholds; the tables that they choose give the next weight
//!
//! Schemmel, Grübl, Meier & Mueller 2006, IJCNN: 1; Pfeil et al. 2012, Front Neurosci 6:90.
//!
//! NEST counts its synapses by thread; here they are counted by projection and partition of the targets.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::runtime::parameters::{Parameters, declared, list, real, reals};
use crate::runtime::synapses::archive::Post;
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};
use crate::runtime::synapses::reads::Spikes;

pub const MODEL: Model = Model {
    name: "stdp_facetshw_synapse_hom",
    title: "Plasticity of neuromorphic hardware",
    doc: "Spike-timing dependent plasticity with accumulators, thresholds and look-up tables that are read out in turn",
    equations: "post after pre: a_causal += exp(−Δt / tau_plus)\npre after post: a_acausal += exp(−Δt / tau_minus_stdp)\nread-out: a weight of one of 16 levels moves by the table that the thresholds choose, and accumulators are reset",
    reference: "Pfeil et al. 2012, Front Neurosci 6:90",
    groups: &[
        SYNAPSE,
        Group {
            title: "Accumulation",
            parameters: &[
                real("tau_plus", "ms", 20.0).main(5.0, 50.0).common().doc("Time constant of pairs, post after pre"),
                real("tau_minus_stdp", "ms", 20.0)
                    .main(5.0, 50.0)
                    .common()
                    .doc("Time constant of pairs, pre after post"),
                real("a_thresh_th", "", 21.835).main(0.0, 50.0).doc("Upper threshold of accumulated pairs"),
                real("a_thresh_tl", "", 21.835).main(0.0, 50.0).doc("Lower threshold of accumulated pairs"),
            ],
        },
        Group {
            title: "Weights",
            parameters: &[
                real("Wmax", "", 100.0).slider(0.0, 500.0).common().doc("Weight of the largest level, 15"),
                real("weight_per_lut_entry", "", LEVEL).common().doc("Weight of a level; Wmax / 15 unless it is set"),
                table_of_levels("lookuptable_0", &[2, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 14, 15])
                    .doc("Next level of each, where only the first configuration answers"),
                table_of_levels("lookuptable_1", &[0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11, 12, 13])
                    .doc("Next level of each, where only the second configuration answers"),
                table_of_levels("lookuptable_2", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
                    .doc("Next level of each, where both answer"),
            ],
        },
        Group {
            title: "Read-out",
            parameters: &[
                integer("synapses_per_driver", 50)
                    .at_least(1.0)
                    .slider(1.0, 200.0)
                    .common()
                    .doc("Synapses that are read together"),
                real("driver_readout_time", "ms", 15.0).above(0.0).slider(1.0, 50.0).common().doc("Time to read these"),
                integer("no_synapses", 0).common().doc("Synapses that are there before any fires"),
                real("readout_cycle_duration", "ms", 0.0).common().acts_if_on("init_flag").doc(
                    "Time between two read-outs of a synapse; follows from the number of synapses where that is known",
                ),
                integers_from("configbit_0", &[0, 0, 1, 0])
                    .same_length()
                    .common()
                    .doc("First configuration of the comparison"),
                integers_from("configbit_1", &[0, 1, 0, 0])
                    .same_length()
                    .common()
                    .doc("Second configuration of the comparison"),
                integers_from("reset_pattern", &[1, 1, 1, 1, 1, 1])
                    .same_length()
                    .common()
                    .doc("Whether the causal and the acausal accumulator are reset after use of each table"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("a_causal", "", 0.0).doc("Accumulated pairs, post after pre"),
                state("a_acausal", "", 0.0).doc("Accumulated pairs, pre after post"),
                Parameter { role: Role::State, ..flag("init_flag", false) }.doc("The synapse has its number"),
                Parameter { role: Role::State, ..integer("synapse_id", 0) }
                    .acts_never("it is told, not used, once a synapse has its number")
                    .doc("Its number, in order of first spikes"),
                state("next_readout_time", "ms", 0.0).acts_if_on("init_flag").doc("When it is read out next"),
            ],
        },
    ],
    behaviour: Behaviour::plastic(Plastic::<Hardware, _, _>::MODEL),
    facts: Facts::NONE.also_called(&["STDP, neuromorphic hardware", "FACETS", "BrainScaleS", "look-up table"]),
    ..STATIC
};

/// The highest of the 16 levels, and the default weight of a level.
const HIGHEST: usize = 15;
const LEVEL: f64 = 100.0 / HIGHEST as f64;

/// Where more read-outs have been missed than this, they are not counted.
const MOST_CYCLES: f64 = 1e6;

/// For each level the one that follows.
const fn table_of_levels(name: &'static str, default: &'static [i64]) -> Parameter {
    integers_from(name, default).at_least(0.0).at_most(HIGHEST as f64).same_length().common()
}

/// Constants: numbers, then lists one after the other.
mod k {
    pub const TAU_PLUS: usize = 0;
    pub const TAU_MINUS: usize = 1;
    pub const THRESHOLD_HIGH: usize = 2;
    pub const THRESHOLD_LOW: usize = 3;
    pub const LEVEL: usize = 4;
    pub const PER_DRIVER: usize = 5;
    pub const READOUT: usize = 6;
    pub const SYNAPSES: usize = 7;
    /// Time between two read-outs while no synapse has been numbered.
    pub const CYCLE: usize = 8;
    pub const TABLES: usize = 9;
    pub const CONFIGURATIONS: usize = TABLES + 3 * (super::HIGHEST + 1);
    pub const RESET: usize = CONFIGURATIONS + 8;
    pub const ALL: usize = RESET + 6;
}

mod s {
    pub const WEIGHT: usize = 0;
    pub const CAUSAL: usize = 1;
    pub const ACAUSAL: usize = 2;
    pub const NUMBERED: usize = 3;
    pub const NUMBER: usize = 4;
    pub const NEXT: usize = 5;
}

pub struct Hardware;
declared!(Hardware);

/// Time between two read-outs of a synapse where there are so many.
fn cycle(k: &[f64; k::ALL], synapses: f64) -> f64 {
    ((synapses - 1.0) / k[k::PER_DRIVER] + 1.0).trunc() * k[k::READOUT]
}

impl Synapse<6, { k::ALL }> for Hardware {
    type Reads = Spikes;
    type Interval = ();
    const STATE: [&'static str; 6] =
        ["weight", "a_causal", "a_acausal", "init_flag", "synapse_id", "next_readout_time"];
    const BY_SOURCE: bool = true;

    fn constants(p: &Parameters<'_, Self>) -> [f64; k::ALL] {
        let mut k = [0.0; k::ALL];
        let names = reals!(
            p,
            Self,
            [
                "tau_plus",
                "tau_minus_stdp",
                "a_thresh_th",
                "a_thresh_tl",
                "weight_per_lut_entry",
                "synapses_per_driver",
                "driver_readout_time",
                "no_synapses",
                "readout_cycle_duration"
            ]
        );
        k[..names.len()].copy_from_slice(&names);
        if k[k::LEVEL] == LEVEL {
            k[k::LEVEL] = real!(p, Self, "Wmax") / HIGHEST as f64;
        }
        if k[k::SYNAPSES] != 0.0 {
            k[k::CYCLE] = cycle(&k, k[k::SYNAPSES]);
        }
        let lists = [
            list!(p, Self, "lookuptable_0"),
            list!(p, Self, "lookuptable_1"),
            list!(p, Self, "lookuptable_2"),
            list!(p, Self, "configbit_0"),
            list!(p, Self, "configbit_1"),
            list!(p, Self, "reset_pattern"),
        ];
        k[k::TABLES..].iter_mut().zip(lists.into_iter().flatten()).for_each(|(k, entry)| *k = *entry);
        k
    }

    fn send(
        k: &[f64; k::ALL],
        s: &mut [f64; 6],
        spike: Spike,
        _: &(),
        post: Post<'_>,
        shared: &mut Shared,
    ) -> Option<f64> {
        let Spike { time, last, delay } = spike;
        if s[s::NUMBERED] == 0.0 {
            s[s::NUMBERED] = 1.0;
            s[s::NUMBER] = k[k::SYNAPSES] + shared.numbered as f64;
            s[s::NEXT] = (s[s::NUMBER] / k[k::PER_DRIVER]).trunc() * k[k::READOUT];
            shared.numbered += 1;
        }
        if time > s[s::NEXT] {
            read_out(k, s);
            let cycle = match shared.numbered {
                0 => k[k::CYCLE],
                numbered => cycle(k, k[k::SYNAPSES] + numbered as f64),
            };
            if (time - s[s::NEXT]) / cycle > MOST_CYCLES {
                s[s::NEXT] = time;
            }
            while cycle > 0.0 && time > s[s::NEXT] {
                s[s::NEXT] += cycle;
            }
        }
        let mut spikes = post.window(last - delay, time - delay).map(|entry| entry.time + delay);
        if let Some(first) = spikes.next() {
            let latest = spikes.last().unwrap_or(first);
            s[s::CAUSAL] += math::exp((last - first) / k[k::TAU_PLUS]);
            s[s::ACAUSAL] += math::exp((latest - time) / k[k::TAU_MINUS]);
        }
        Some(s[s::WEIGHT])
    }
}

/// The weight becomes that of a level, by the table that the accumulators choose.
fn read_out(k: &[f64; k::ALL], s: &mut [f64; 6]) {
    let answers = |configuration: usize| {
        let c = &k[k::CONFIGURATIONS + 4 * configuration..];
        let (causal, acausal) = (s[s::CAUSAL], s[s::ACAUSAL]);
        let low = (k[k::THRESHOLD_LOW] + c[2] * causal + c[1] * acausal) / (1.0 + c[2] + c[1]);
        let high = (k[k::THRESHOLD_HIGH] + c[0] * causal + c[3] * acausal) / (1.0 + c[0] + c[3]);
        low > high
    };
    let table = match (answers(0), answers(1)) {
        (true, false) => Some(0),
        (false, true) => Some(1),
        (true, true) => Some(2),
        (false, false) => None,
    };
    let mut level = (s[s::WEIGHT] / k[k::LEVEL]).round();
    if let Some(table) = table {
        // A weight beyond the highest level, or below 0, counts as that.
        let place = level.clamp(0.0, HIGHEST as f64) as usize;
        level = k[k::TABLES + table * (HIGHEST + 1) + place];
        for (accumulator, reset) in [s::CAUSAL, s::ACAUSAL].into_iter().zip(&k[k::RESET + 2 * table..]) {
            if *reset != 0.0 {
                s[accumulator] = 0.0;
            }
        }
    }
    s[s::WEIGHT] = level * k[k::LEVEL];
}
