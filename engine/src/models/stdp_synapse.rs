//! Spike-timing dependent plasticity with weight dependence by powers.
//!
//! pre before post: w ← w + λ (1 − w/Wmax)^μ₊ · Wmax · K₊;  post before pre: w ← w − α λ (w/Wmax)^μ₋ · Wmax · K₋
//! All pairs of spikes count; the traces K decay with tau_plus and the target's tau_minus.
//!
//! Gütig, Aharonov, Rotter & Sompolinsky 2003, J Neurosci 23:3697;
//! Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::random::Stream;
use crate::simulation::archive::Post;
use crate::simulation::dynamics::Lookup;
use crate::simulation::plastic::{Plastic, Spike, Synapse};

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
    synapses: Some(Plastic::<Stdp, _, _>::MODEL),
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

impl Synapse<2, 6> for Stdp {
    const STATE: [&'static str; 2] = ["weight", "Kplus"];

    fn constants(p: &dyn Lookup) -> [f64; 6] {
        ["lambda", "alpha", "tau_plus", "Wmax", "mu_plus", "mu_minus"].map(|name| p.real(name))
    }

    #[inline]
    fn send(k: &[f64; 6], s: &mut [f64; 2], spike: Spike, post: Post<'_>, _: &mut Stream) -> Option<f64> {
        let Spike { time, last, delay } = spike;
        let [weight, k_plus] = s;
        for entry in post.window(last - delay, time - delay) {
            let trace = *k_plus * ((last - (entry.time + delay)) / k[k::TAU_PLUS]).exp();
            let grown =
                *weight / k[k::W_MAX] + k[k::LAMBDA] * (1.0 - *weight / k[k::W_MAX]).powf(k[k::MU_PLUS]) * trace;
            *weight = if grown < 1.0 { grown * k[k::W_MAX] } else { k[k::W_MAX] };
        }
        let part = *weight / k[k::W_MAX];
        let shrunk = part - k[k::ALPHA] * k[k::LAMBDA] * part.powf(k[k::MU_MINUS]) * post.k_minus(time - delay);
        *weight = if shrunk > 0.0 { shrunk * k[k::W_MAX] } else { 0.0 };
        *k_plus = *k_plus * ((last - time) / k[k::TAU_PLUS]).exp() + 1.0;
        Some(*weight)
    }
}
