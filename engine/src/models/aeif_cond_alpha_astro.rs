//! `aeif_cond_alpha` with a slow inward current (SIC) from astrocytes.
//!
//! C_m dV/dt = ... + I_SIC, all else as there; I_SIC(t) = sum of weight times current of the astrocytes, delayed
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637; Nadkarni & Jung 2003, Phys Rev Lett 91:268101.

use super::aeif::{RELATIONS, W};
use super::aeif_cond_alpha::{EQUATIONS, GROUPS};
use super::declare::*;
use super::parts::adex::Adex;
use super::parts::coupling::{Conductance, WithSlowCurrent};
use super::shared::*;
use crate::mechanisms::kernels::Alpha;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "aeif_cond_alpha_astro",
    title: "Adaptive exponential, with astrocytes",
    doc: "Adaptive exponential integrate-and-fire neuron with alpha conductances that astrocytes can drive",
    equations: EQUATIONS,
    reference: "Brette & Gerstner 2005, J Neurophysiol 94:3637; Nadkarni & Jung 2003, Phys Rev Lett 91:268101",
    groups: GROUPS,
    recordables: &[V_M, W, G_EX, G_IN, Recordable::new("I_SIC", "pA", "Slow inward current from astrocytes")],
    ports: &[
        spikes_and_currents("nS")[0],
        spikes_and_currents("nS")[1],
        Port::signal(0, Signal::SlowCurrent, "", "Slow inward currents of astrocytes"),
    ],
    relations: RELATIONS,
    behaviour: Behaviour::neurons(
        Adex::<AeifCondAlphaAstro, WithSlowCurrent<Conductance<Alpha>>>::make,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["AdEx with astrocytes", "tripartite synapse"])
        .section(Section::Adaptive)
        .spike(SpikeShape::upstroke(0.3).and_reset_at("V_peak")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct AeifCondAlphaAstro;
declared!(AeifCondAlphaAstro);
