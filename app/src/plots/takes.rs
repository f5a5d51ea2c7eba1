//! What recorders store, as kinds of plots ask for it.

use spikeloom_engine::models::{Model, Stored};

/// Whether a recorder stores spikes.
pub fn spikes(model: &Model) -> bool {
    model.stores() == Some(Stored::Spikes)
}

/// Whether a recorder samples quantities.
pub fn samples(model: &Model) -> bool {
    model.stores() == Some(Stored::Samples)
}

/// Whether a recorder stores weights.
pub fn weights(model: &Model) -> bool {
    model.stores() == Some(Stored::Weights)
}

/// Whether a recorder counts pairs of spikes by lag.
pub fn lags(model: &Model) -> bool {
    model.stores() == Some(Stored::Pairs)
}

/// Whether a recorder stores the states of binary neurons.
pub fn states(model: &Model) -> bool {
    model.stores() == Some(Stored::States)
}
