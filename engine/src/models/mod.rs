//! The catalogue: every model the program knows, declared once.

pub mod ac_generator;
mod aeif;
pub mod aeif_cond_alpha;
pub mod aeif_cond_alpha_astro;
pub mod aeif_cond_beta_multisynapse;
pub mod aeif_cond_exp;
pub mod aeif_psc_delta_clopath;
pub mod astrocyte_lr_1994;
pub mod bernoulli_synapse;
pub mod clopath_synapse;
pub mod cm_default;
mod compartments;
pub mod correlation_detector;
pub mod correlomatrix_detector;
pub mod dc_generator;
pub mod declare;
mod gif;
pub mod gif_cond_exp_multisynapse;
pub mod gif_psc_exp;
pub mod ginzburg_neuron;
#[cfg(test)]
mod gradients;
mod hh;
pub mod hh_cond_exp_traub;
pub mod hh_psc_alpha;
pub mod hh_psc_alpha_gap;
pub mod iaf_cond_alpha;
pub mod iaf_cond_alpha_mc;
pub mod iaf_cond_beta;
pub mod iaf_cond_exp;
pub mod iaf_psc_alpha;
pub mod iaf_psc_alpha_multisynapse;
pub mod iaf_psc_delta;
pub mod iaf_psc_exp;
pub mod iaf_psc_exp_multisynapse;
pub mod iaf_psc_exp_ps;
pub mod izhikevich;
pub mod lin_rate;
mod listed;
pub mod mip_generator;
mod names;
pub mod noise_generator;
pub mod parrot_neuron;
mod parts;
pub mod poisson_generator;
pub mod poisson_generator_ps;
mod postsynaptic;
pub mod pp_cond_exp_mc_urbanczik;
pub mod pp_psc_delta;
pub mod quantal_stp_synapse;
mod rate_connections;
pub mod recorders;
mod shared;
pub mod siegert_neuron;
pub mod sinusoidal_poisson_generator;
pub mod spike_generator;
pub mod static_synapse;
pub mod stdp_dopamine_synapse;
pub mod stdp_nn_pre_centered_synapse;
pub mod stdp_nn_restr_synapse;
pub mod stdp_nn_symm_synapse;
pub mod stdp_pl_synapse_hom;
pub mod stdp_synapse;
pub mod stdp_triplet_synapse;
pub mod step_current_generator;
pub mod tsodyks_synapse;
pub mod urbanczik_synapse;
mod wiring;

pub use crate::runtime::model::RECORD_FROM;
pub use ac_generator::MODEL as AC_GENERATOR;
pub use correlation_detector::MODEL as CORRELATION_DETECTOR;
pub use dc_generator::MODEL as DC_GENERATOR;
pub use declare::{
    Behaviour, DefaultValue, Edge, Family, Group, Inlet, Model, Parameter, Port, Quantity, Recordable,
    RecorderBehaviour, Relation, Role, RowKind, Service, Signal, Stored, SynapseBehaviour, TableSchema,
};
pub use names::{meant, no_model, no_node_model, no_synapse_model};
pub use parrot_neuron::MODEL as PARROT_NEURON;
pub use poisson_generator::MODEL as POISSON_GENERATOR;
pub use postsynaptic::peak_potential;
pub use rate_connections::*;
pub use recorders::*;
pub use spike_generator::MODEL as SPIKE_GENERATOR;
pub use static_synapse::MODEL as STATIC_SYNAPSE;
pub use step_current_generator::CURRENT as STEP_CURRENT_GENERATOR;
pub use step_current_generator::RATE as STEP_RATE_GENERATOR;
pub use wiring::{Wiring, fitting_synapses, weight_unit, wire, wire_with};

/// All models, in the order of the palette.
pub static CATALOGUE: &[&Model] = &[
    &iaf_psc_alpha::MODEL,
    &iaf_psc_alpha_multisynapse::MODEL,
    &iaf_psc_exp::MODEL,
    &iaf_psc_exp_multisynapse::MODEL,
    &iaf_psc_delta::MODEL,
    &iaf_psc_exp_ps::MODEL,
    &iaf_cond_exp::MODEL,
    &iaf_cond_alpha::MODEL,
    &iaf_cond_beta::MODEL,
    &aeif_cond_exp::MODEL,
    &aeif_cond_alpha::MODEL,
    &aeif_cond_beta_multisynapse::MODEL,
    &aeif_cond_alpha_astro::MODEL,
    &aeif_psc_delta_clopath::MODEL,
    &izhikevich::MODEL,
    &hh_psc_alpha::MODEL,
    &hh_psc_alpha_gap::MODEL,
    &hh_cond_exp_traub::MODEL,
    &pp_psc_delta::MODEL,
    &gif_psc_exp::MODEL,
    &gif_cond_exp_multisynapse::MODEL,
    &iaf_cond_alpha_mc::MODEL,
    &pp_cond_exp_mc_urbanczik::MODEL,
    &cm_default::MODEL,
    &parrot_neuron::MODEL,
    &parrot_neuron::PRECISE,
    &lin_rate::LIN_RATE_IPN,
    &lin_rate::LIN_RATE_OPN,
    &siegert_neuron::MODEL,
    &ginzburg_neuron::MODEL,
    &astrocyte_lr_1994::MODEL,
    &poisson_generator::MODEL,
    &poisson_generator_ps::MODEL,
    &sinusoidal_poisson_generator::MODEL,
    &mip_generator::MODEL,
    &spike_generator::MODEL,
    &dc_generator::MODEL,
    &step_current_generator::CURRENT,
    &step_current_generator::RATE,
    &ac_generator::MODEL,
    &noise_generator::MODEL,
    &SPIKE_RECORDER,
    &SPIN_DETECTOR,
    &VOLTMETER,
    &MULTIMETER,
    &WEIGHT_RECORDER,
    &correlation_detector::MODEL,
    &correlomatrix_detector::MODEL,
    &VOLUME_TRANSMITTER,
    &static_synapse::MODEL,
    &RATE_CONNECTION_DELAYED,
    &RATE_CONNECTION_INSTANTANEOUS,
    &DIFFUSION_CONNECTION,
    &GAP_JUNCTION,
    &SIC_CONNECTION,
    &bernoulli_synapse::MODEL,
    &tsodyks_synapse::MODEL,
    &quantal_stp_synapse::MODEL,
    &stdp_synapse::MODEL,
    &stdp_nn_symm_synapse::MODEL,
    &stdp_nn_restr_synapse::MODEL,
    &stdp_nn_pre_centered_synapse::MODEL,
    &stdp_pl_synapse_hom::MODEL,
    &stdp_triplet_synapse::MODEL,
    &stdp_dopamine_synapse::MODEL,
    &clopath_synapse::MODEL,
    &urbanczik_synapse::MODEL,
];

/// The model of that name.
pub fn find(name: &str) -> Option<&'static Model> {
    CATALOGUE.iter().copied().find(|m| m.name == name)
}
