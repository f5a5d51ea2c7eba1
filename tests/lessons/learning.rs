//! Plasticity.
