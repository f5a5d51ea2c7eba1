//! `static_synapse` whose delay need not be a multiple of the resolution.
//!
//! A spike sent at t arrives at t + d. Neurons that know steps only see it at the end of that step.

use super::declare::*;
use super::shared::*;

pub const MODEL: Model = Model {
    name: "cont_delay_synapse",
    title: "Static synapse, continuous delay",
    doc: "Transmits every spike with the same weight after a delay that need not be a multiple of the resolution",
    behaviour: Behaviour::Synapse(SynapseBehaviour::StaticBetweenSteps),
    facts: Facts::NONE.also_called(&["precise delay", "delay off the grid"]),
    ..STATIC
};
