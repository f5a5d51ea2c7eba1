//! Synapses of constant weight, and what all synapse models share.

use super::declare::*;
use super::shared::*;
use crate::runtime::parameters::{Parameters, declared};
use crate::runtime::synapses::plastic::{Plastic, PlasticModel, Shared, Spike, Synapse};

/// Transmits spikes with constant weight and delay, and currents scaled by the weight.
pub const MODEL: Model = STATIC;

/// Rows of static synapses that tell a weight recorder what they transmit.
pub const WATCHED: PlasticModel = Plastic::<Static, _, _>::MODEL;

pub struct Static;
declared!(Static);

impl Synapse<1, 0> for Static {
    type Reads = ();
    type Interval = ();
    const STATE: [&'static str; 1] = ["weight"];

    fn constants(_: &Parameters<'_, Self>) -> [f64; 0] {
        []
    }
    fn send(_: &[f64; 0], s: &mut [f64; 1], _: Spike, _: &(), _: (), _: &mut Shared) -> Option<f64> {
        Some(s[0])
    }
}
