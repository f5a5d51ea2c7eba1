//! Triplet rule of spike-timing dependent plasticity, all spikes interacting.
//!
//! post after pre: w ← w + K₊ (A₊ + A₊³ K₃₋);  pre after post: w ← w − K₋ (A₋ + A₋³ K₃₊)
//! K₃ are the slow traces just before the spike itself.
//!
//! Pfister & Gerstner 2006, J Neurosci 26:9673.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::lanes::Real;
use crate::runtime::parameters::{Declared, Parameters, declared, reals};
use crate::runtime::synapses::paired::{AllToAll, PairRule, Paired, signed};

pub const MODEL: Model = Model {
    name: "stdp_triplet_synapse",
    title: "Triplet plasticity",
    doc: "Spike-timing dependent plasticity in which triplets of spikes count beside pairs",
    equations: "post after pre: w ← w + K₊ (Aplus + Aplus_triplet K₃₋)\npre after post: w ← w − K₋ (Aminus + Aminus_triplet K₃₊)\nK₃: slow traces just before the spike",
    reference: "Pfister & Gerstner 2006, J Neurosci 26:9673",
    groups: &[
        SYNAPSE,
        Group {
            title: "Plasticity",
            parameters: &[
                real("Aplus", "", 5e-10).main(0.0, 0.01).doc("Potentiation by pairs"),
                real("Aminus", "", 7e-3).main(0.0, 0.01).doc("Depression by pairs"),
                real("Aplus_triplet", "", 6.2e-3).main(0.0, 0.01).doc("Potentiation by triplets"),
                real("Aminus_triplet", "", 2.3e-4).slider(0.0, 0.01).doc("Depression by triplets"),
                real("tau_plus", "ms", 16.8).slider(5.0, 50.0).doc("Time constant of the fast trace of the source"),
                real("tau_plus_triplet", "ms", 101.0)
                    .slider(20.0, 200.0)
                    .doc("Time constant of the slow trace of the source"),
                real("Wmax", "", 100.0).slider(-500.0, 500.0).doc("Largest weight; has the sign of the weight"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("Kplus", "", 0.0).at_least(0.0).doc("Fast trace of the source after its last spike"),
                state("Kplus_triplet", "", 0.0).at_least(0.0).doc("Slow trace of the source after its last spike"),
            ],
        },
    ],
    relations: &[Relation::SameSign("weight", "Wmax")],
    behaviour: Behaviour::plastic(Paired::<StdpTriplet, Triplet, AllToAll, _>::MODEL),
    facts: Facts::NONE.also_called(&["STDP, triplets", "Pfister-Gerstner"]),
    ..STATIC
};

mod k {
    pub const A_PLUS: usize = 0;
    pub const A_MINUS: usize = 1;
    pub const A_PLUS_TRIPLET: usize = 2;
    pub const A_MINUS_TRIPLET: usize = 3;
    pub const TAU_PLUS: usize = 4;
    pub const TAU_PLUS_TRIPLET: usize = 5;
    pub const W_MAX: usize = 6;
}

pub struct Triplet;

impl PairRule<7> for Triplet {
    const TAU_PLUS: usize = k::TAU_PLUS;
    const TAU_SLOW: Option<usize> = Some(k::TAU_PLUS_TRIPLET);

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> [f64; 7] {
        reals!(p, M, ["Aplus", "Aminus", "Aplus_triplet", "Aminus_triplet", "tau_plus", "tau_plus_triplet", "Wmax"])
    }

    #[inline(always)]
    fn potentiated<R: Real>(k: &[f64; 7], weight: R, trace: R, decay: R, slow: R) -> R {
        let step = R::of(k[k::A_PLUS]) + R::of(k[k::A_PLUS_TRIPLET]) * slow;
        let grown = weight.abs() + trace * R::exp(decay) * step;
        signed(grown.min(R::of(k[k::W_MAX].abs())), k[k::W_MAX])
    }

    #[inline(always)]
    fn depressed<R: Real>(k: &[f64; 7], weight: R, trace: R, slow: R) -> R {
        let loss = trace * (R::of(k[k::A_MINUS]) + R::of(k[k::A_MINUS_TRIPLET]) * slow);
        signed((weight.abs() - loss).max(R::of(0.0)), k[k::W_MAX])
    }
}

/// What the model is called where its parameters are looked up.
pub struct StdpTriplet;
declared!(StdpTriplet);
