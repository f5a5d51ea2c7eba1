//! `stdp_synapse` whose synapses share their parameters.

use super::declare::*;
use super::shared::*;
use super::stdp_synapse::{self, Stdp, WEIGHT_DEPENDENCE};
use crate::runtime::parameters::declared;
use crate::runtime::synapses::paired::{AllToAll, Paired};

pub const MODEL: Model = Model {
    name: "stdp_synapse_hom",
    title: "Spike-timing dependent plasticity, common parameters",
    doc: "Grows when the target fires after the source and shrinks when it fires before; all synapses share their parameters",
    groups: &[
        SYNAPSE,
        Group { title: "Plasticity", parameters: &all_common(WEIGHT_DEPENDENCE) },
        Group {
            title: "Initial state",
            parameters: &[state("Kplus", "", 0.0).doc("Trace of the source after its last spike")],
        },
    ],
    relations: &[],
    behaviour: Behaviour::plastic(Paired::<StdpHom, Stdp, AllToAll, _>::MODEL),
    facts: STATIC.facts.also_called(&["STDP, common parameters"]),
    ..stdp_synapse::MODEL
};

/// What the model is called where its parameters are looked up.
pub struct StdpHom;
declared!(StdpHom);
