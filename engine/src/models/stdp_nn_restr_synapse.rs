//! Spike-timing dependent plasticity, only immediate neighbours pairing.
//!
//! w ← w + λ (1 − w/Wmax)^μ₊ · Wmax · exp(−Δt/tau_plus);  w ← w − α λ (w/Wmax)^μ₋ · Wmax · exp(−Δt/tau_minus)
//! Of the target's spikes between two spikes of the source the first potentiates and the last depresses; without any
//! nothing changes. At t = 0 the source counts as having fired.
//!
//! Gütig, Aharonov, Rotter & Sompolinsky 2003, J Neurosci 23:3697;
//! Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459, figure 7C.

use super::declare::*;
use super::shared::*;
use super::stdp_synapse::{PLASTICITY, Stdp};
use crate::runtime::parameters::declared;
use crate::runtime::synapses::paired::{NearestRestricted, Paired};

pub const MODEL: Model = Model {
    name: "stdp_nn_restr_synapse",
    title: "Restricted nearest-neighbour plasticity",
    doc: "Spike-timing dependent plasticity in which only immediate neighbours pair, each spike once either way",
    equations: "post after pre: w ← w + λ Wmax (1 − w/Wmax)^μ₊ exp(−Δt / tau_plus)\npre after post: w ← w − α λ Wmax (w/Wmax)^μ₋ exp(−Δt / tau_minus)\nonly the first post after a pre and the last post before a pre count; each post pairs once either way",
    reference: "Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459",
    groups: &[SYNAPSE, PLASTICITY],
    relations: &[Relation::SameSign("weight", "Wmax")],
    behaviour: Behaviour::plastic(Paired::<StdpNnRestr, Stdp, NearestRestricted, _>::MODEL),
    facts: STATIC.facts.also_called(&["STDP, restricted pairing"]),
    ..STATIC
};

/// What the model is called where its parameters are looked up.
pub struct StdpNnRestr;
declared!(StdpNnRestr);

#[cfg(test)]
mod tests {
    use super::super::stdp_synapse::tests::{ADDITIVE, assert_near, pair, weights};

    #[test]
    fn only_immediate_neighbours_pair() {
        let synapse = format!(r#"synapse: "stdp_nn_restr_synapse", {ADDITIVE}"#);
        let grown = 50.0 + pair(5.0) - pair(10.0);
        assert_near(&weights(&synapse, &[10.0, 30.0, 40.0], &[14.0, 19.0]), &[50.0, grown, grown]);
    }
}
