//! What recorders store, as kinds of plots ask for it.

use spikeloom_engine::models::{self, Emits, Model};

/// Whether a recorder stores spikes.
pub fn spikes(model: &Model) -> bool {
    model == &models::SPIKE_RECORDER
}

/// Whether a recorder samples quantities.
pub fn samples(model: &Model) -> bool {
    model.is_recorder() && model.emits == Emits::Requests
}

/// Whether a recorder stores weights.
pub fn weights(model: &Model) -> bool {
    model == &models::WEIGHT_RECORDER
}

/// Whether a recorder counts pairs of spikes by lag.
pub fn lags(model: &Model) -> bool {
    model == &models::CORRELATION_DETECTOR
}

/// Whether a recorder stores the states of binary neurons.
pub fn states(model: &Model) -> bool {
    model == &models::SPIN_DETECTOR
}
