//! Spike-timing dependent plasticity with weight dependence by powers.
//!
//! pre before post: w ← w + λ (1 − w/Wmax)^μ₊ · Wmax · K₊;  post before pre: w ← w − α λ (w/Wmax)^μ₋ · Wmax · K₋
//! All pairs of spikes count; the traces K decay with tau_plus and the target's tau_minus.
//!
//! Gütig, Aharonov, Rotter & Sompolinsky 2003, J Neurosci 23:3697;
//! Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::lanes::Real;
use crate::runtime::neurons::dynamics::Lookup;
use crate::runtime::synapses::paired::{PairRule, Paired, raised, raised_decayed};

pub const MODEL: Model = Model {
    name: "stdp_synapse",
    title: "Spike-timing dependent plasticity",
    doc: "Grows when the target fires after the source and shrinks when it fires before",
    equations: "post after pre: w ← w + λ Wmax (1 − w/Wmax)^μ₊ K₊\npre after post: w ← w − α λ Wmax (w/Wmax)^μ₋ K₋\nK₊, K₋: traces of all spikes of source and target",
    reference: "Gütig et al. 2003, J Neurosci 23:3697",
    groups: &[
        SYNAPSE,
        Group {
            title: "Plasticity",
            parameters: &[
                real("lambda", "", 0.01).main(0.0, 0.1).doc("Step of potentiation, in parts of Wmax"),
                real("alpha", "", 1.0).main(0.0, 2.0).doc("Depression relative to potentiation"),
                real("tau_plus", "ms", 20.0).main(5.0, 50.0).doc("Time constant of the trace of the source"),
                real("Wmax", "", 100.0).slider(-500.0, 500.0).doc("Largest weight; has the sign of the weight"),
                real("mu_plus", "", 1.0).slider(0.0, 1.0).doc("Exponent of the weight in potentiation"),
                real("mu_minus", "", 1.0).slider(0.0, 1.0).doc("Exponent of the weight in depression"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[state("Kplus", "", 0.0).at_least(0.0).doc("Trace of the source after its last spike")],
        },
    ],
    relations: &[Relation::SameSign("weight", "Wmax")],
    synapses: Some(Paired::<Stdp, _>::MODEL),
    ..STATIC
};

mod k {
    pub const LAMBDA: usize = 0;
    pub const ALPHA: usize = 1;
    pub const TAU_PLUS: usize = 2;
    pub const W_MAX: usize = 3;
    pub const MU_PLUS: usize = 4;
    pub const MU_MINUS: usize = 5;
}

pub struct Stdp;

impl PairRule<6> for Stdp {
    const TAU_PLUS: usize = k::TAU_PLUS;

    fn constants(p: &dyn Lookup) -> [f64; 6] {
        ["lambda", "alpha", "tau_plus", "Wmax", "mu_plus", "mu_minus"].map(|name| p.real(name))
    }

    #[inline(always)]
    fn potentiated<R: Real>(k: &[f64; 6], weight: R, trace: R, decay: R) -> R {
        let (one, w_max) = (R::of(1.0), R::of(k[k::W_MAX]));
        let part = weight / w_max;
        let grown = part + R::of(k[k::LAMBDA]) * trace * raised_decayed(one - part, k[k::MU_PLUS], decay);
        R::select(one.gt(grown), grown * w_max, w_max)
    }

    #[inline(always)]
    fn depressed<R: Real>(k: &[f64; 6], weight: R, trace: R) -> R {
        let (zero, w_max) = (R::of(0.0), R::of(k[k::W_MAX]));
        let part = weight / w_max;
        let shrunk = part - R::of(k[k::ALPHA] * k[k::LAMBDA]) * raised(part, k[k::MU_MINUS]) * trace;
        R::select(shrunk.gt(zero), shrunk * w_max, zero)
    }
}
