//! Learning of a dendrite that predicts the spikes of its soma.
//!
//! w = w₀ + (PI − PE) · 15 C_m τ_s η / (g_L (τ_L − τ_s)), within Wmin and Wmax
//! PI: sum over steps of e(t) · the shape of this synapse's potential in the dendrite; PE: the same, leaking with τ_Δ
//! e: by how much spikes exceed the prediction, told by the target; τ_L = C_m/g_L and τ_s are the dendrite's
//!
//! Urbanczik & Senn 2014, Neuron 81:521.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::lanes::with_exponentials;
use crate::runtime::parameters::{Parameters, declared, reals};
use crate::runtime::synapses::histories::OfTarget;
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};
use crate::runtime::synapses::predictions::Predictions;
use crate::runtime::synapses::reads::Sampled;

pub const MODEL: Model = Model {
    name: "urbanczik_synapse",
    title: "Dendritic prediction",
    doc: "Learns to predict the spikes of the soma from the potential of the dendrite",
    equations: "tau_Delta dΔ/dt = e(t) PSP(t) - Δ\ndw/dt = eta Δ\ne: spikes of the soma less what the dendrite predicts",
    reference: "Urbanczik & Senn 2014, Neuron 81:521",
    groups: &[
        SYNAPSE,
        Group {
            title: "Plasticity",
            parameters: &[
                real("eta", "", 0.07).main(0.0, 0.5).doc("Learning rate"),
                real("tau_Delta", "ms", 100.0).main(10.0, 500.0).doc("Time over which changes are smoothed"),
                real("Wmin", "", 0.0).slider(-500.0, 500.0).doc("Smallest weight"),
                real("Wmax", "", 100.0).slider(-500.0, 500.0).doc("Largest weight; has the sign of the weight"),
            ],
        },
    ],
    relations: &[Relation::PositiveTogether("weight", "Wmax")],
    behaviour: Behaviour::plastic(Plastic::<Urbanczik, _, _>::MODEL),
    facts: Facts::NONE.also_called(&["Urbanczik-Senn rule", "dendritic learning rule"]),
    ..STATIC
};

mod k {
    pub const ETA: usize = 0;
    pub const TAU_DELTA: usize = 1;
    pub const W_MIN: usize = 2;
    pub const W_MAX: usize = 3;
}

mod s {
    pub const WEIGHT: usize = 0;
    /// The weight at first, from which all changes count.
    pub const INITIAL: usize = 1;
    pub const PI: usize = 2;
    pub const PE: usize = 3;
    /// Traces of the source that decay with the membrane of the dendrite and with its synapses.
    pub const LEAK: usize = 4;
    pub const SYNAPSE: usize = 5;
}

/// The same factor scales the sensitivity of the rate in the target.
const SCALE: f64 = 15.0;

pub struct Urbanczik;
declared!(Urbanczik);

impl Synapse<6, 4> for Urbanczik {
    type Reads = Sampled<Predictions>;
    type Interval = ();
    const STATE: [&'static str; 6] = ["weight", "", "", "", "", ""];
    const BEFORE_FIRST: f64 = -1.0;

    fn constants(p: &Parameters<'_, Self>) -> [f64; 4] {
        reals!(p, Self, ["eta", "tau_Delta", "Wmin", "Wmax"])
    }

    fn weight_set(s: &mut [f64; 6]) {
        s[s::INITIAL] = s[s::WEIGHT];
    }

    fn send(
        k: &[f64; 4],
        s: &mut [f64; 6],
        spike: Spike,
        _: &(),
        post: OfTarget<'_, Predictions>,
        _: &mut Shared,
    ) -> Option<f64> {
        let Spike { time, last, delay } = spike;
        let dendrite = post.dendrite();
        let tau_leak = dendrite.capacitance / dendrite.leak;
        let tau_synapse = if s[s::WEIGHT] > 0.0 { dendrite.tau_ex } else { dendrite.tau_in };
        let mut smoothed = 0.0;
        let errors = post.errors(last - delay, time - delay);
        let exponents = |(at, _)| {
            let arrival = at + delay;
            [(last - arrival) / tau_leak, (last - arrival) / tau_synapse, (arrival - time) / k[k::TAU_DELTA]]
        };
        with_exponentials(errors, exponents, |(_, error), [leak, synapse, smooth]| {
            let change = (s[s::LEAK] * leak - s[s::SYNAPSE] * synapse) * error;
            s[s::PI] += change;
            smoothed += smooth * change;
        });
        s[s::PE] = s[s::PE] * math::exp((last - time) / k[k::TAU_DELTA]) + smoothed;
        let gain = SCALE * dendrite.capacitance * tau_synapse * k[k::ETA] / (dendrite.leak * (tau_leak - tau_synapse));
        s[s::WEIGHT] = (s[s::INITIAL] + (s[s::PI] - s[s::PE]) * gain).min(k[k::W_MAX]).max(k[k::W_MIN]);
        s[s::LEAK] = s[s::LEAK] * math::exp((last - time) / tau_leak) + 1.0;
        s[s::SYNAPSE] = s[s::SYNAPSE] * math::exp((last - time) / tau_synapse) + 1.0;
        Some(s[s::WEIGHT])
    }
}
