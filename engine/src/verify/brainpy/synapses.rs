//! Synapses by themselves: their conductance, as a neuron sees it.

use serde_json::Value as Json;

use super::super::values::Obstacle;
use super::Verdict;

pub fn synapse(case: &Json) -> Verdict {
    Err(Obstacle::Missing(format!("no synapse {}", super::word(case, "model"))))
}
