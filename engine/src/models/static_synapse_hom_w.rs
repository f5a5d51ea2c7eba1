//! `static_synapse` whose synapses share their weight.

use super::declare::*;
use super::shared::*;

pub const MODEL: Model = Model {
    name: "static_synapse_hom_w",
    title: "Static synapse, common weight",
    doc: "Transmits every spike with the weight that all synapses have in common",
    groups: &[SYNAPSE_OF_COMMON_WEIGHT],
    facts: Facts::NONE.also_called(&["one weight for all synapses"]),
    ..STATIC
};
