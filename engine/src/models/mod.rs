//! The catalogue: every model the program knows, declared once.
//!
//! A model is found by its name ([`find`]); only those that other programs and tests name in code are public here.

mod ac_generator;
mod aeif;
mod aeif_cond_alpha;
mod aeif_cond_alpha_astro;
mod aeif_cond_alpha_multisynapse;
mod aeif_cond_beta_multisynapse;
mod aeif_cond_exp;
mod aeif_psc;
mod aeif_psc_delta_clopath;
mod astrocyte_lr_1994;
mod bernoulli_synapse;
mod brainpy;
mod clopath_synapse;
mod cm_default;
mod compartments;
mod cont_delay_synapse;
mod correlation_detector;
mod correlomatrix_detector;
mod correlospinmatrix_detector;
mod dc_generator;
mod declare;
mod erfc_neuron;
mod gamma_sup_generator;
mod gif;
mod gif_cond_exp;
mod gif_cond_exp_multisynapse;
mod gif_pop_psc_exp;
mod gif_psc_exp;
mod gif_psc_exp_multisynapse;
mod ginzburg_neuron;
mod glif;
#[cfg(test)]
mod gradients;
mod hh;
mod hh_cond_beta_gap_traub;
mod hh_cond_exp_traub;
mod hh_psc_alpha;
mod hh_psc_alpha_clopath;
mod hh_psc_alpha_gap;
mod ht_neuron;
mod ht_synapse;
mod iaf_bw_2001;
mod iaf_bw_2001_exact;
mod iaf_chs_2007;
mod iaf_chxk_2008;
mod iaf_cond_alpha;
mod iaf_cond_alpha_mc;
mod iaf_cond_beta;
pub mod iaf_cond_exp;
mod iaf_cond_exp_sfa_rr;
pub mod iaf_psc_alpha;
mod iaf_psc_alpha_multisynapse;
mod iaf_psc_alpha_ps;
pub mod iaf_psc_delta;
mod iaf_psc_delta_ps;
pub mod iaf_psc_exp;
mod iaf_psc_exp_htum;
mod iaf_psc_exp_multisynapse;
mod iaf_psc_exp_ps;
mod iaf_tum_2000;
mod ignore_and_fire;
mod inhomogeneous_poisson_generator;
mod interpolated_delay_synapse;
pub mod izhikevich;
mod jonke_synapse;
mod lin_rate;
mod listed;
mod mat2_psc_exp;
mod mcculloch_pitts_neuron;
mod mip_generator;
mod names;
mod noise_generator;
mod nonlinear_rates;
mod one_hot_generator;
pub mod parrot_neuron;
mod parts;
mod poisson_generator;
mod poisson_generator_ps;
mod pong_environment;
mod postsynaptic;
mod pp_cond_exp_mc_urbanczik;
mod pp_psc_delta;
mod ppd_sup_generator;
mod pulsepacket_generator;
mod quantal_stp_synapse;
mod rate_connections;
mod rate_transformer;
pub(crate) mod recorders;
mod shared;
mod siegert_neuron;
mod sinusoidal_gamma_generator;
mod sinusoidal_poisson_generator;
mod spike_dilutor;
mod spike_generator;
pub(crate) mod static_synapse;
mod static_synapse_hom_w;
pub(crate) mod stdp_dopamine_synapse;
mod stdp_facetshw_synapse_hom;
pub(crate) mod stdp_nn_pre_centered_synapse;
pub(crate) mod stdp_nn_restr_synapse;
pub(crate) mod stdp_nn_symm_synapse;
pub(crate) mod stdp_pl_synapse_hom;
pub(crate) mod stdp_synapse;
mod stdp_synapse_hom;
pub(crate) mod stdp_triplet_synapse;
mod step_current_generator;
mod thinned;
mod tsodyks2_synapse;
pub mod tsodyks_synapse;
mod tsodyks_synapse_hom;
mod urbanczik_synapse;
mod vogels_sprekeler_synapse;
mod wiring;

pub use crate::runtime::model::RECORD_FROM;
pub use ac_generator::MODEL as AC_GENERATOR;
pub(crate) use brainpy::channels::gates_at_rest as brainpy_gates_at_rest;
pub(crate) use brainpy::inputs::STEP_INPUT;
pub(crate) use brainpy::integrate_and_fire::LIF;
pub(crate) use brainpy::readout::LEAKY_RATE_READOUT;
pub(crate) use brainpy::trains::{POISSON_INPUT, SPIKE_TIME};
pub(crate) use brainpy::{Visit, visit};
pub use correlation_detector::MODEL as CORRELATION_DETECTOR;
pub use dc_generator::MODEL as DC_GENERATOR;
pub use declare::{
    Behaviour, DefaultValue, Edge, Family, Group, Inlet, Model, Parameter, Port, Quantity, Recordable,
    RecorderBehaviour, Relation, Role, RowKind, Service, Signal, Stored, SynapseBehaviour, TableSchema,
};
pub use names::{meant, no_model, no_node_model, no_synapse_model};
pub(crate) use noise_generator::MODEL as NOISE_GENERATOR;
pub use parrot_neuron::MODEL as PARROT_NEURON;
pub(crate) use parts::receptors::{PASSING, UNDRIVEN};
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
    &iaf_psc_exp_htum::MODEL,
    &iaf_tum_2000::MODEL,
    &mat2_psc_exp::MODEL,
    &mat2_psc_exp::AUGMENTED,
    &glif::PSC,
    &glif::DOUBLE_ALPHA,
    &glif::COND,
    &iaf_psc_delta::MODEL,
    &iaf_psc_exp_ps::MODEL,
    &iaf_psc_exp_ps::LOSSLESS,
    &iaf_psc_alpha_ps::MODEL,
    &iaf_psc_delta_ps::MODEL,
    &iaf_cond_exp::MODEL,
    &iaf_cond_alpha::MODEL,
    &iaf_cond_beta::MODEL,
    &iaf_cond_exp_sfa_rr::MODEL,
    &iaf_chxk_2008::MODEL,
    &iaf_bw_2001::MODEL,
    &iaf_bw_2001_exact::MODEL,
    &aeif_cond_exp::MODEL,
    &aeif_cond_alpha::MODEL,
    &aeif_cond_alpha_multisynapse::MODEL,
    &aeif_cond_beta_multisynapse::MODEL,
    &aeif_cond_alpha_astro::MODEL,
    &aeif_psc::EXPONENTIAL,
    &aeif_psc::ALPHA,
    &aeif_psc::DELTA,
    &aeif_psc_delta_clopath::MODEL,
    &izhikevich::MODEL,
    &hh_psc_alpha::MODEL,
    &hh_psc_alpha_gap::MODEL,
    &hh_psc_alpha_clopath::MODEL,
    &hh_cond_exp_traub::MODEL,
    &hh_cond_beta_gap_traub::MODEL,
    &ht_neuron::MODEL,
    &pp_psc_delta::MODEL,
    &gif_psc_exp::MODEL,
    &gif_psc_exp_multisynapse::MODEL,
    &gif_cond_exp::MODEL,
    &gif_pop_psc_exp::MODEL,
    &gif_cond_exp_multisynapse::MODEL,
    &iaf_cond_alpha_mc::MODEL,
    &pp_cond_exp_mc_urbanczik::MODEL,
    &cm_default::MODEL,
    &parrot_neuron::MODEL,
    &parrot_neuron::PRECISE,
    &ignore_and_fire::MODEL,
    &iaf_chs_2007::MODEL,
    &lin_rate::LIN_RATE_IPN,
    &lin_rate::LIN_RATE_OPN,
    &nonlinear_rates::TANH_RATE_IPN,
    &nonlinear_rates::TANH_RATE_OPN,
    &nonlinear_rates::THRESHOLD_LIN_RATE_IPN,
    &nonlinear_rates::THRESHOLD_LIN_RATE_OPN,
    &nonlinear_rates::SIGMOID_RATE_IPN,
    &nonlinear_rates::SIGMOID_RATE_GG_1998_IPN,
    &nonlinear_rates::GAUSS_RATE_IPN,
    &rate_transformer::LIN,
    &rate_transformer::TANH_TRANSFORMER,
    &rate_transformer::THRESHOLD_LIN,
    &rate_transformer::SIGMOID_TRANSFORMER,
    &rate_transformer::SIGMOID_GG_1998,
    &rate_transformer::GAUSS,
    &siegert_neuron::MODEL,
    &ginzburg_neuron::MODEL,
    &erfc_neuron::MODEL,
    &mcculloch_pitts_neuron::MODEL,
    &astrocyte_lr_1994::MODEL,
    &brainpy::integrate_and_fire::IF,
    &brainpy::integrate_and_fire::LIF,
    &brainpy::integrate_and_fire::LIF_REF,
    &brainpy::integrate_and_fire::ALIF,
    &brainpy::integrate_and_fire::CUBA_LIF,
    &brainpy::integrate_and_fire::COBA_LIF,
    &brainpy::upstrokes::EXP_IF,
    &brainpy::upstrokes::EXP_IF_REF,
    &brainpy::upstrokes::AD_EX_IF,
    &brainpy::upstrokes::AD_EX_IF_REF,
    &brainpy::upstrokes::QUA_IF,
    &brainpy::upstrokes::AD_QUA_IF,
    &brainpy::upstrokes::AD_QUA_IF_REF,
    &brainpy::generalized::GIF,
    &brainpy::generalized::GIF_REF,
    &brainpy::izhikevich::IZHIKEVICH,
    &brainpy::izhikevich::IZHIKEVICH_REF,
    &brainpy::channels::HH,
    &brainpy::channels::WANG_BUZSAKI_HH,
    &brainpy::channels::MORRIS_LECAR,
    &brainpy::reduced::FITZ_HUGH_NAGUMO,
    &brainpy::reduced::HINDMARSH_ROSE,
    &brainpy::readout::LEAKY_RATE_READOUT,
    &brainpy::readout::LEAKY_SPIKE_READOUT,
    &brainpy::readout::WEIGHTED_READOUT,
    &poisson_generator::MODEL,
    &poisson_generator_ps::MODEL,
    &inhomogeneous_poisson_generator::MODEL,
    &one_hot_generator::MODEL,
    &sinusoidal_poisson_generator::MODEL,
    &sinusoidal_gamma_generator::MODEL,
    &gamma_sup_generator::MODEL,
    &ppd_sup_generator::MODEL,
    &mip_generator::MODEL,
    &pulsepacket_generator::MODEL,
    &spike_generator::MODEL,
    &spike_generator::INJECTOR,
    &spike_dilutor::MODEL,
    &pong_environment::MODEL,
    &dc_generator::MODEL,
    &step_current_generator::CURRENT,
    &step_current_generator::RATE,
    &ac_generator::MODEL,
    &noise_generator::MODEL,
    &brainpy::inputs::SECTION_INPUT,
    &brainpy::inputs::CONSTANT_INPUT,
    &brainpy::inputs::STEP_INPUT,
    &brainpy::inputs::RAMP_INPUT,
    &brainpy::inputs::SINUSOIDAL_INPUT,
    &brainpy::inputs::WIENER_PROCESS_INPUT,
    &brainpy::inputs::OU_PROCESS_INPUT,
    &brainpy::trains::SPIKE_TIME,
    &brainpy::trains::POISSON_SPIKE,
    &brainpy::trains::POISSON_ENCODER,
    &brainpy::trains::POISSON_INPUT,
    &SPIKE_RECORDER,
    &SPIN_DETECTOR,
    &VOLTMETER,
    &MULTIMETER,
    &WEIGHT_RECORDER,
    &correlation_detector::MODEL,
    &correlomatrix_detector::MODEL,
    &correlospinmatrix_detector::MODEL,
    &VOLUME_TRANSMITTER,
    &static_synapse::MODEL,
    &static_synapse_hom_w::MODEL,
    &cont_delay_synapse::MODEL,
    &interpolated_delay_synapse::MODEL,
    &RATE_CONNECTION_DELAYED,
    &RATE_CONNECTION_INSTANTANEOUS,
    &DIFFUSION_CONNECTION,
    &GAP_JUNCTION,
    &SIC_CONNECTION,
    &bernoulli_synapse::MODEL,
    &tsodyks_synapse::MODEL,
    &tsodyks_synapse_hom::MODEL,
    &tsodyks2_synapse::MODEL,
    &quantal_stp_synapse::MODEL,
    &ht_synapse::MODEL,
    &stdp_synapse::MODEL,
    &stdp_synapse_hom::MODEL,
    &stdp_nn_symm_synapse::MODEL,
    &stdp_nn_restr_synapse::MODEL,
    &stdp_nn_pre_centered_synapse::MODEL,
    &stdp_pl_synapse_hom::MODEL,
    &stdp_facetshw_synapse_hom::MODEL,
    &jonke_synapse::MODEL,
    &stdp_triplet_synapse::MODEL,
    &vogels_sprekeler_synapse::MODEL,
    &stdp_dopamine_synapse::MODEL,
    &clopath_synapse::MODEL,
    &urbanczik_synapse::MODEL,
    &brainpy::kinetics::AMPA,
    &brainpy::kinetics::GABA_A,
    &brainpy::kinetics::BIO_NMDA,
    &brainpy::release::STP,
    &brainpy::release::STD,
];

/// What a course needs first, those of a family in the order of its pages.
pub static BASICS: &[&Model] = &[
    &iaf_psc_alpha::MODEL,
    &iaf_psc_exp::MODEL,
    &iaf_cond_exp::MODEL,
    &aeif_cond_exp::MODEL,
    &izhikevich::MODEL,
    &hh_psc_alpha::MODEL,
    &parrot_neuron::MODEL,
    &poisson_generator::MODEL,
    &spike_generator::MODEL,
    &dc_generator::MODEL,
    &step_current_generator::CURRENT,
    &ac_generator::MODEL,
    &noise_generator::MODEL,
    &SPIKE_RECORDER,
    &VOLTMETER,
    &MULTIMETER,
];

/// The model of that name.
pub fn find(name: &str) -> Option<&'static Model> {
    CATALOGUE.iter().copied().find(|m| m.name == name)
}
