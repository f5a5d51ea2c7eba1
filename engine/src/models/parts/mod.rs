//! What neuron models are composed of.
//!
//! Neurons that are solved exactly from grid point to grid point are a leaky membrane ([`exact::Exact`]) with synaptic
//! currents ([`currents`]) and a spike rule ([`spike_rules`]). Neurons that are solved adaptively are a membrane
//! ([`conductance_lif`], [`adex`], [`hodgkin_huxley`], [`gif`]) with a coupling ([`coupling`]): currents or conductances
//! of any kernel, for a pair of signs or a list of receptors. Binary neurons ([`binary`]) are a rule for the state that
//! follows from an input. Neurons whose steps are one call after the other, in the manner of BrainPy, are a cell
//! ([`cells`]: [`integrate_and_fire`], [`generalized`], [`gated_channels`], [`reduced`]) with synapses of any number
//! ([`receptors`]), a rule for spikes and an integration scheme.

pub mod adaptive_threshold;
pub mod adex;
pub mod binary;
pub mod cells;
pub mod conductance_lif;
pub mod coupling;
pub mod currents;
pub mod exact;
pub mod gated_channels;
pub mod generalized;
pub mod gif;
pub mod glif;
pub mod hodgkin_huxley;
pub mod integrate_and_fire;
pub mod receptors;
pub mod reduced;
pub mod spike_rules;
pub mod spike_triggered;
