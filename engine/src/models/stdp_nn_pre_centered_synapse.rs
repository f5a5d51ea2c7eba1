//! Spike-timing dependent plasticity, nearest neighbours pairing around spikes of the source.
//!
//! w ← w + λ (1 − w/Wmax)^μ₊ · Wmax · K₊;  w ← w − α λ (w/Wmax)^μ₋ · Wmax · exp(−Δt/tau_minus)
//! A spike of the target pairs with all spikes of the source since the target's spike before it: it sets the trace K₊ to 0.
//! A spike of the source pairs with the last one of the target.
//!
//! Izhikevich & Desai 2003, Neural Comput 15:1511; Gütig, Aharonov, Rotter & Sompolinsky 2003, J Neurosci
//! 23:3697;
//! Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459, figure 7B.

use super::declare::*;
use super::shared::*;
use super::stdp_synapse::{PLASTICITY, SOURCE_TRACE, Stdp};
use crate::runtime::parameters::declared;
use crate::runtime::synapses::paired::{NearestCentred, Paired};

pub const MODEL: Model = Model {
    name: "stdp_nn_pre_centered_synapse",
    title: "Pre-centred nearest-neighbour plasticity",
    doc: "Spike-timing dependent plasticity in which each post pairs with the pres since the post before it",
    equations: "post after pre: w ← w + λ Wmax (1 − w/Wmax)^μ₊ K₊, then K₊ ← 0\npre after post: w ← w − α λ Wmax (w/Wmax)^μ₋ exp(−Δt / tau_minus)\nK₊: trace of the source since the last post; Δt: since the last post",
    reference: "Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459",
    groups: &[SYNAPSE, PLASTICITY, SOURCE_TRACE],
    relations: &[Relation::SameSign("weight", "Wmax")],
    behaviour: Behaviour::plastic(Paired::<StdpNnPreCentered, Stdp, NearestCentred, _>::MODEL),
    facts: Facts::NONE.also_called(&["STDP, pre-centred pairing"]),
    ..STATIC
};

/// What the model is called where its parameters are looked up.
pub struct StdpNnPreCentered;
declared!(StdpNnPreCentered);

#[cfg(test)]
mod tests {
    use super::super::stdp_synapse::tests::{ADDITIVE, assert_near, pair, weights};

    #[test]
    fn a_spike_of_the_target_pairs_with_those_of_the_source_since_the_one_before() {
        let synapse = format!(r#"synapse: "stdp_nn_pre_centered_synapse", {ADDITIVE}"#);
        let at_30 = 50.0 + pair(5.0) - pair(10.0);
        let at_40 = at_30 - pair(20.0);
        let at_50 = at_40 + pair(5.0) + pair(15.0) - pair(5.0);
        let weights = weights(&synapse, &[10.0, 30.0, 40.0, 50.0], &[14.0, 19.0, 44.0]);
        assert_near(&weights, &[50.0, at_30, at_40, at_50]);
    }
}
