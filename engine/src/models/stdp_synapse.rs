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
use crate::runtime::parameters::{Declared, Parameters, declared, reals};
use crate::runtime::synapses::paired::{AllToAll, PairRule, Paired, raised, raised_decayed};

pub const MODEL: Model = Model {
    name: "stdp_synapse",
    title: "Spike-timing dependent plasticity",
    doc: "Grows when the target fires after the source and shrinks when it fires before",
    equations: "post after pre: w ← w + λ Wmax (1 − w/Wmax)^μ₊ K₊\npre after post: w ← w − α λ Wmax (w/Wmax)^μ₋ K₋\nK₊, K₋: traces of all spikes of source and target",
    reference: "Gütig et al. 2003, J Neurosci 23:3697",
    groups: &[SYNAPSE, PLASTICITY, SOURCE_TRACE],
    relations: &[Relation::SameSign("weight", "Wmax")],
    behaviour: Behaviour::plastic(Paired::<StdpSynapse, Stdp, AllToAll, _>::MODEL),
    facts: STATIC.facts.also_called(&["STDP", "Hebbian", "learning", "long-term potentiation", "LTP"]),
    ..STATIC
};

/// Parameters of the weight dependence.
pub const PLASTICITY: Group = Group { title: "Plasticity", parameters: &WEIGHT_DEPENDENCE };

pub const WEIGHT_DEPENDENCE: [Parameter; 6] = [
    real("lambda", "", 0.01).main(0.0, 0.1).doc("Step of potentiation, in parts of Wmax"),
    real("alpha", "", 1.0).main(0.0, 2.0).doc("Depression relative to potentiation"),
    real("tau_plus", "ms", 20.0).main(5.0, 50.0).doc("Time constant of the trace of the source"),
    real("Wmax", "", 100.0).slider(-500.0, 500.0).doc("Largest weight; has the sign of the weight"),
    real("mu_plus", "", 1.0).slider(0.0, 1.0).doc("Exponent of the weight in potentiation"),
    real("mu_minus", "", 1.0).slider(0.0, 1.0).doc("Exponent of the weight in depression"),
];

pub const SOURCE_TRACE: Group = Group {
    title: "Initial state",
    parameters: &[state("Kplus", "", 0.0).at_least(0.0).doc("Trace of the source after its last spike")],
};

pub mod k {
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

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> [f64; 6] {
        reals!(p, M, ["lambda", "alpha", "tau_plus", "Wmax", "mu_plus", "mu_minus"])
    }

    #[inline(always)]
    fn potentiated<R: Real>(k: &[f64; 6], weight: R, trace: R, decay: R, _: R) -> R {
        let (one, w_max) = (R::of(1.0), R::of(k[k::W_MAX]));
        let part = weight / w_max;
        let grown = part + R::of(k[k::LAMBDA]) * trace * raised_decayed(one - part, k[k::MU_PLUS], decay);
        R::select(one.gt(grown), grown * w_max, w_max)
    }

    #[inline(always)]
    fn depressed<R: Real>(k: &[f64; 6], weight: R, trace: R, _: R) -> R {
        let (zero, w_max) = (R::of(0.0), R::of(k[k::W_MAX]));
        let part = weight / w_max;
        let shrunk = part - R::of(k[k::ALPHA] * k[k::LAMBDA]) * raised(part, k[k::MU_MINUS]) * trace;
        R::select(shrunk.gt(zero), shrunk * w_max, zero)
    }
}

/// What the model is called where its parameters are looked up.
pub struct StdpSynapse;
declared!(StdpSynapse);

#[cfg(test)]
pub mod tests {
    use crate::project::{ProjectionId, read};
    use crate::runtime::Simulation;

    /// A plastic synapse between two parrots that send spikes at these times (ms): its weight after each spike of the
    /// source. Spikes of the target arrive at the synapse 1 ms after they were sent.
    pub fn weights(synapse: &str, source: &[f64], target: &[f64]) -> Vec<f64> {
        let times = |times: &[f64]| times.iter().map(|t| (t - 1.0).to_string()).collect::<Vec<_>>().join(", ");
        let text = format!(
            r#"(simulation: (resolution: 0.1), nodes: {{
                "a": (model: "spike_generator", params: (spike_times: [{}])),
                "b": (model: "spike_generator", params: (spike_times: [{}])),
                "source": (model: "parrot_neuron"), "target": (model: "parrot_neuron"),
            }}, projections: [
                (from: "a", to: "source", delay: 1), (from: "b", to: "target", delay: 1),
                (from: "source", to: "target", receptor: 1, delay: 1, {synapse}),
            ])"#,
            times(source),
            times(target)
        );
        let (project, _) = read(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
        let mut simulation = Simulation::build(&project, &|_| true).unwrap_or_else(|problems| panic!("{problems:?}"));
        let after = |time: &f64| {
            simulation.advance((time * 10.0) as u64 + 20 - simulation.now as u64).expect("runs");
            simulation.synapses_of(ProjectionId(2))[0].2
        };
        source.iter().map(after).collect()
    }

    /// Pairs change a weight of 50 by 10 exp(−|Δt| / 20 ms), whatever the weight.
    pub const ADDITIVE: &str = "weight: 50, params: (lambda: 0.1, mu_plus: 0, mu_minus: 0)";

    /// The change of such a weight by one pair.
    pub fn pair(lag: f64) -> f64 {
        10.0 * crate::math::exp(-lag / 20.0)
    }

    pub fn assert_near(weights: &[f64], expected: &[f64]) {
        let near = weights.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(near && weights.len() == expected.len(), "{weights:?} where {expected:?} is expected");
    }

    #[test]
    fn all_pairs_count() {
        let weights = weights(&format!(r#"synapse: "stdp_synapse", {ADDITIVE}"#), &[10.0, 30.0, 40.0], &[14.0, 19.0]);
        let grown = 50.0 + pair(5.0) + pair(10.0) - pair(15.0) - pair(10.0);
        assert_near(&weights, &[50.0, grown, grown - pair(25.0) - pair(20.0)]);
    }
}
