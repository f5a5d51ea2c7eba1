//! Spike-timing dependent plasticity, nearest neighbours pairing symmetrically.
//!
//! w ← w + λ (1 − w/Wmax)^μ₊ · Wmax · exp(−Δt/tau_plus);  w ← w − α λ (w/Wmax)^μ₋ · Wmax · exp(−Δt/tau_minus)
//! Each spike of either neuron pairs with the last one before it of the other. At t = 0 the source counts as having fired.
//!
//! Gütig, Aharonov, Rotter & Sompolinsky 2003, J Neurosci 23:3697;
//! Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459, figure 7A.

use super::declare::*;
use super::shared::*;
use super::stdp_synapse::{PLASTICITY, Stdp};
use crate::runtime::parameters::declared;
use crate::runtime::synapses::paired::{NearestSymmetric, Paired};

pub const MODEL: Model = Model {
    name: "stdp_nn_symm_synapse",
    title: "Nearest-neighbour plasticity",
    doc: "Spike-timing dependent plasticity in which each spike pairs with the last one of the other neuron",
    equations: "post after pre: w ← w + λ Wmax (1 − w/Wmax)^μ₊ exp(−Δt / tau_plus)\npre after post: w ← w − α λ Wmax (w/Wmax)^μ₋ exp(−Δt / tau_minus)\nΔt: since the last spike of the other neuron",
    reference: "Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459",
    groups: &[SYNAPSE, PLASTICITY],
    relations: &[Relation::SameSign("weight", "Wmax")],
    behaviour: Behaviour::plastic(Paired::<StdpNnSymm, Stdp, NearestSymmetric, _>::MODEL),
    facts: STATIC.facts.also_called(&["STDP, nearest neighbour", "STDP, symmetric pairing"]),
    ..STATIC
};

/// What the model is called where its parameters are looked up.
pub struct StdpNnSymm;
declared!(StdpNnSymm);

#[cfg(test)]
mod tests {
    use super::super::stdp_synapse::tests::{ADDITIVE, assert_near, pair, weights};

    #[test]
    fn each_spike_pairs_with_the_last_one_of_the_other_neuron() {
        let synapse = format!(r#"synapse: "stdp_nn_symm_synapse", {ADDITIVE}"#);
        let grown = 50.0 + pair(5.0) + pair(10.0) - pair(10.0);
        assert_near(&weights(&synapse, &[10.0, 30.0, 40.0], &[14.0, 19.0]), &[50.0, grown, grown - pair(20.0)]);
    }
}
