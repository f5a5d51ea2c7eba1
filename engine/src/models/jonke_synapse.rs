//! Spike-timing dependent plasticity with exponential weight dependence and a constant drift at each update.
//!
//! post after pre: w ← w + λ (e^(μ₊ w) K₊ − β);  pre after post: w ← w − λ (α e^(μ₋ w) K₋ + β)
//! All pairs of spikes count; all synapses share their parameters.
//!
//! Jonke, Legenstein, Habenschuss & Maass 2017, J Neurosci 37:8511;
//! Nessler, Pfeiffer, Buesing & Maass 2013, PLoS Comput Biol 9:e1003037.

use super::declare::*;
use super::shared::*;
use super::stdp_synapse::SOURCE_TRACE;
use crate::mechanisms::lanes::Real;
use crate::runtime::parameters::{Declared, Parameters, declared, reals};
use crate::runtime::synapses::paired::{AllToAll, PairRule, Paired};

pub const MODEL: Model = Model {
    name: "jonke_synapse",
    title: "Plasticity with exponential weight dependence",
    doc: "Spike-timing dependent plasticity whose steps depend exponentially on the weight and drift by beta",
    equations: "post after pre: w ← w + λ (e^(μ₊ w) K₊ − β), at most Wmax\npre after post: w ← w − λ (α e^(μ₋ w) K₋ + β), at least 0\nK₊, K₋: traces of all spikes of source and target",
    reference: "Jonke et al. 2017, J Neurosci 37:8511",
    groups: &[
        SYNAPSE,
        Group {
            title: "Plasticity",
            parameters: &[
                real("lambda", "", 0.01)
                    .main(0.0, 0.1)
                    .common()
                    .doc("Step of all changes; 0 switches the bounds off, too"),
                real("alpha", "", 1.0).main(0.0, 2.0).common().doc("Depression relative to potentiation"),
                real("beta", "", 0.0).main(0.0, 1.0).common().doc("What every change loses, in steps"),
                real("tau_plus", "ms", 20.0).main(5.0, 50.0).common().doc("Time constant of the trace of the source"),
                real("Wmax", "", 100.0).slider(-500.0, 500.0).common().doc("Largest weight after potentiation"),
                real("mu_plus", "", 0.0).slider(-1.0, 1.0).common().doc("Growth of potentiation with the weight"),
                real("mu_minus", "", 0.0).slider(-1.0, 1.0).common().doc("Growth of depression with the weight"),
            ],
        },
        SOURCE_TRACE,
    ],
    behaviour: Behaviour::plastic(Paired::<Jonke, Exponential, AllToAll, _>::MODEL),
    facts: STATIC.facts.also_called(&["STDP, exponential weight dependence"]),
    ..STATIC
};

mod k {
    pub const LAMBDA: usize = 0;
    pub const ALPHA: usize = 1;
    pub const BETA: usize = 2;
    pub const TAU_PLUS: usize = 3;
    pub const W_MAX: usize = 4;
    pub const MU_PLUS: usize = 5;
    pub const MU_MINUS: usize = 6;
}

pub struct Exponential;

impl PairRule<7> for Exponential {
    const TAU_PLUS: usize = k::TAU_PLUS;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> [f64; 7] {
        reals!(p, M, ["lambda", "alpha", "beta", "tau_plus", "Wmax", "mu_plus", "mu_minus"])
    }

    #[inline(always)]
    fn potentiated<R: Real>(k: &[f64; 7], weight: R, trace: R, decay: R, _: R) -> R {
        if k[k::LAMBDA] == 0.0 {
            return weight;
        }
        let step = trace * R::exp(R::of(k[k::MU_PLUS]) * weight + decay) - R::of(k[k::BETA]);
        (weight + R::of(k[k::LAMBDA]) * step).min(R::of(k[k::W_MAX]))
    }

    #[inline(always)]
    fn depressed<R: Real>(k: &[f64; 7], weight: R, trace: R, _: R) -> R {
        if k[k::LAMBDA] == 0.0 {
            return weight;
        }
        let step = R::of(k[k::ALPHA]) * R::exp(R::of(k[k::MU_MINUS]) * weight) * trace + R::of(k[k::BETA]);
        (weight - R::of(k[k::LAMBDA]) * step).max(R::of(0.0))
    }
}

/// What the model is called where its parameters are looked up.
pub struct Jonke;
declared!(Jonke);
