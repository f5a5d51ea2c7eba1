//! Depression of a pool that each spike empties by a part.
//!
//! dP/dt = (1 − P)/τ_P;  spike: transmits w P, then P ← P (1 − δ_P)
//!
//! Hill & Tononi 2005, J Neurophysiol 93:1671.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::runtime::parameters::{Parameters, declared, reals};
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};

pub const MODEL: Model = Model {
    name: "ht_synapse",
    title: "Vesicle depression",
    doc: "Depresses as each spike takes a part of a pool of vesicles that fills up again",
    equations: "dP/dt = (1 − P) / tau_P\nspike: transmits weight · P, then P −= delta_P P",
    reference: "Hill & Tononi 2005, J Neurophysiol 93:1671",
    groups: &[
        SYNAPSE,
        Group {
            title: "Short-term depression",
            parameters: &[
                real("tau_P", "ms", 500.0)
                    .above(0.0)
                    .main(10.0, 2000.0)
                    .doc("Time constant with which the pool fills up"),
                real("delta_P", "", 0.125)
                    .at_least(0.0)
                    .at_most(1.0)
                    .main(0.0, 1.0)
                    .doc("Part of the pool that a spike takes"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[state("P", "", 1.0)
                .at_least(0.0)
                .at_most(1.0)
                .doc("Filling of the pool after the last spike")],
        },
    ],
    behaviour: Behaviour::plastic(Plastic::<Depressing, _, _>::MODEL),
    facts: Facts::NONE.also_called(&["Hill-Tononi synapse", "vesicle pool"]),
    ..STATIC
};

mod k {
    pub const TAU_P: usize = 0;
    pub const DELTA_P: usize = 1;
}

pub struct Depressing;
declared!(Depressing);

impl Synapse<2, 2> for Depressing {
    type Reads = ();
    /// What is left of what the pool lacks.
    type Interval = f64;
    const STATE: [&'static str; 2] = ["weight", "P"];

    fn constants(p: &Parameters<'_, Self>) -> [f64; 2] {
        reals!(p, Self, ["tau_P", "delta_P"])
    }

    fn interval(k: &[f64; 2], last: f64, time: f64, _: (), lacking: &mut f64) {
        *lacking = math::exp((last - time) / k[k::TAU_P]);
    }

    #[inline]
    fn send(k: &[f64; 2], s: &mut [f64; 2], _: Spike, lacking: &f64, _: (), _: &mut Shared) -> Option<f64> {
        let [weight, pool] = s;
        *pool = 1.0 - (1.0 - *pool) * lacking;
        let transmitted = *weight * *pool;
        *pool *= 1.0 - k[k::DELTA_P];
        Some(transmitted)
    }
}
