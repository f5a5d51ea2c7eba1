//! Spike-timing dependent plasticity with a power law for potentiation.
//!
//! post after pre: w ← w + λ w^μ K₊;  pre after post: w ← w − λ α w K₋
//! All pairs of spikes count; all synapses share their parameters.
//!
//! Morrison, Aertsen & Diesmann 2007, Neural Comput 19:1437.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::lanes::Real;
use crate::runtime::parameters::{Declared, Parameters, declared, reals};
use crate::runtime::synapses::paired::{AllToAll, PairRule, Paired, raised_decayed};

pub const MODEL: Model = Model {
    name: "stdp_pl_synapse_hom",
    title: "Power-law plasticity",
    doc: "Spike-timing dependent plasticity whose potentiation grows with a power of the weight",
    equations: "post after pre: w ← w + λ w^μ K₊\npre after post: w ← w − λ α w K₋\nK₊, K₋: traces of all spikes of source and target",
    reference: "Morrison, Aertsen & Diesmann 2007, Neural Comput 19:1437",
    groups: &[
        SYNAPSE,
        Group {
            title: "Plasticity",
            parameters: &[
                real("lambda", "", 0.1).main(0.0, 0.5).common().doc("Step of potentiation"),
                real("alpha", "", 1.0).main(0.0, 2.0).common().doc("Depression relative to potentiation"),
                real("tau_plus", "ms", 20.0)
                    .above(0.0)
                    .main(5.0, 50.0)
                    .common()
                    .doc("Time constant of the trace of the source"),
                real("mu", "", 0.4).slider(0.0, 1.0).common().doc("Exponent of the weight in potentiation"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[state("Kplus", "", 0.0).doc("Trace of the source after its last spike")],
        },
    ],
    behaviour: Behaviour::plastic(Paired::<StdpPlHom, PowerLaw, AllToAll, _>::MODEL),
    facts: STATIC.facts.also_called(&["STDP, power law"]),
    ..STATIC
};

mod k {
    pub const LAMBDA: usize = 0;
    pub const ALPHA: usize = 1;
    pub const TAU_PLUS: usize = 2;
    pub const MU: usize = 3;
}

pub struct PowerLaw;

impl PairRule<4> for PowerLaw {
    const TAU_PLUS: usize = k::TAU_PLUS;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> [f64; 4] {
        reals!(p, M, ["lambda", "alpha", "tau_plus", "mu"])
    }

    #[inline(always)]
    fn potentiated<R: Real>(k: &[f64; 4], weight: R, trace: R, decay: R, _: R) -> R {
        weight + R::of(k[k::LAMBDA]) * trace * raised_decayed(weight, k[k::MU], decay)
    }

    #[inline(always)]
    fn depressed<R: Real>(k: &[f64; 4], weight: R, trace: R, _: R) -> R {
        let zero = R::of(0.0);
        let shrunk = weight - R::of(k[k::LAMBDA] * k[k::ALPHA]) * weight * trace;
        R::select(shrunk.gt(zero), shrunk, zero)
    }
}

/// What the model is called where its parameters are looked up.
pub struct StdpPlHom;
declared!(StdpPlHom);
