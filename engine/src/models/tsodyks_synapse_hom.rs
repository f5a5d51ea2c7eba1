//! `tsodyks_synapse` whose synapses share weight and parameters.

use super::declare::*;
use super::shared::*;
use super::tsodyks_synapse::{self, RESOURCES, Resources, UTILISATION, X, Y};
use crate::runtime::parameters::declared;
use crate::runtime::synapses::plastic::Plastic;

pub const MODEL: Model = Model {
    name: "tsodyks_synapse_hom",
    title: "Short-term plasticity, common parameters",
    doc: "Depresses as its resources are used up, and facilitates with tau_fac above 0; all synapses share weight and parameters",
    groups: &[
        SYNAPSE_OF_COMMON_WEIGHT,
        Group { title: "Short-term plasticity", parameters: &all_common(RESOURCES) },
        Group { title: "Initial state", parameters: &[X, Y, UTILISATION] },
    ],
    behaviour: Behaviour::plastic(Plastic::<Resources<TsodyksHom>, _, _>::MODEL),
    facts: Facts::NONE.also_called(&["STP, common parameters"]),
    ..tsodyks_synapse::MODEL
};

/// What the model is called where its parameters are looked up.
pub struct TsodyksHom;
declared!(TsodyksHom);
