//! `static_synapse` whose delay need not be a multiple of the resolution, as BrainPy's projections have it.
//!
//! A spike that would arrive between two steps is shared between them in proportion: of a delay of 2.3 steps, 0.7 of the
//! weight arrives after two steps and 0.3 after three.

use super::declare::*;
use super::shared::*;

pub const MODEL: Model = Model {
    name: "interpolated_delay_synapse",
    title: "Static synapse, interpolated delay",
    doc: "Shares what would arrive between two steps between them, in proportion",
    behaviour: Behaviour::Synapse(SynapseBehaviour::StaticInterpolated),
    facts: Facts::NONE.convention(Convention::BrainPy).also_called(&[
        "fractional delay",
        "linear interpolation of delays",
        "BrainPy delay",
    ]),
    ..STATIC
};
