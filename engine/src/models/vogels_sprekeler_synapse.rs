//! Plasticity of inhibition that balances excitation.
//!
//! each pair of spikes, in either order: w ← w + η K;  spike of the source: w ← w − α η
//! All pairs of spikes count. The published rule is symmetric: the target's tau_minus is tau.
//!
//! Vogels, Sprekeler, Zenke, Clopath & Gerstner 2011, Science 334:1569.

use super::declare::*;
use super::shared::*;
use super::stdp_synapse::SOURCE_TRACE;
use crate::mechanisms::lanes::Real;
use crate::runtime::parameters::{Declared, Parameters, declared, reals};
use crate::runtime::synapses::paired::{AllToAll, PairRule, Paired, signed};

pub const MODEL: Model = Model {
    name: "vogels_sprekeler_synapse",
    title: "Plasticity of inhibition",
    doc: "Grows when source and target fire together, in whatever order, and shrinks at each spike of the source",
    equations: "post after pre: |w| ← |w| + η K₊\npre after post: |w| ← |w| + η K₋\npre: |w| ← |w| − α η\nK₊, K₋: traces of all spikes of source and target; 0 ≤ |w| ≤ |Wmax|",
    reference: "Vogels et al. 2011, Science 334:1569",
    groups: &[
        Group { title: "Synapse", parameters: &[Parameter { default: DefaultValue::Real(0.5), ..WEIGHT }, DELAY] },
        Group {
            title: "Plasticity",
            parameters: &[
                real("eta", "", 0.001).main(0.0, 0.1).doc("Step of the weight, the learning rate"),
                real("alpha", "", 0.12)
                    .main(0.0, 1.0)
                    .doc("Depression at each spike of the source, in steps: sets the rate of the target"),
                real("tau", "ms", 20.0).main(5.0, 50.0).doc("Time constant of the trace of the source"),
                real("Wmax", "", 1.0).slider(-500.0, 500.0).doc("Largest weight; has the sign of the weight"),
            ],
        },
        SOURCE_TRACE,
    ],
    relations: &[Relation::SameSignOrZero("weight", "Wmax")],
    behaviour: Behaviour::plastic(Paired::<VogelsSprekeler, Symmetric, AllToAll, _>::MODEL),
    facts: STATIC.facts.also_called(&[
        "STDP, inhibitory",
        "inhibitory plasticity",
        "balance of excitation and inhibition",
    ]),
    ..STATIC
};

mod k {
    pub const ETA: usize = 0;
    pub const ALPHA: usize = 1;
    pub const TAU: usize = 2;
    pub const W_MAX: usize = 3;
}

pub struct Symmetric;

impl PairRule<4> for Symmetric {
    const TAU_PLUS: usize = k::TAU;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> [f64; 4] {
        reals!(p, M, ["eta", "alpha", "tau", "Wmax"])
    }

    #[inline(always)]
    fn potentiated<R: Real>(k: &[f64; 4], weight: R, trace: R, decay: R, _: R) -> R {
        grown(k, weight, trace * R::exp(decay))
    }

    #[inline(always)]
    fn depressed<R: Real>(k: &[f64; 4], weight: R, trace: R, _: R) -> R {
        let shrunk = grown(k, weight, trace).abs() - R::of(k[k::ALPHA] * k[k::ETA]);
        signed(shrunk.max(R::of(0.0)), k[k::W_MAX])
    }
}

/// The weight after a pair of spikes.
#[inline(always)]
fn grown<R: Real>(k: &[f64; 4], weight: R, trace: R) -> R {
    let grown = weight.abs() + R::of(k[k::ETA]) * trace;
    signed(grown.min(R::of(k[k::W_MAX].abs())), k[k::W_MAX])
}

/// What the model is called where its parameters are looked up.
pub struct VogelsSprekeler;
declared!(VogelsSprekeler);
