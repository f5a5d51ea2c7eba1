//! Short-term plasticity of resources that are recovered or not: what is used is gone until it recovers.
//!
//! dx/dt = (1 − x)/τ_rec, du/dt = (U − u)/τ_fac
//! spike: transmits x u; then x ← x (1 − u), u ← u + U (1 − u)
//!
//! Tsodyks & Markram 1997, PNAS 94:719; Fuhrmann, Segev, Markram & Tsodyks 2002, J Neurophysiol 87:140;
//! Maass & Markram 2002, Neural Netw 15:155.

use super::declare::*;
use super::shared::*;
use super::tsodyks_synapse::{TAU_FAC, TAU_REC, U};
use crate::math;
use crate::runtime::parameters::{Parameters, declared, reals};
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};

pub const MODEL: Model = Model {
    name: "tsodyks2_synapse",
    title: "Short-term plasticity of two states",
    doc: "Depresses as its resources are used up, which recover at once from then on, and facilitates with tau_fac above 0",
    equations: "dx/dt = (1 − x) / tau_rec, du/dt = (U − u) / tau_fac\nspike: transmits weight · u x; then x −= u x, u += U (1 − u)",
    reference: "Maass & Markram 2002, Neural Netw 15:155",
    groups: &[
        SYNAPSE,
        Group { title: "Short-term plasticity", parameters: &[U, TAU_REC, TAU_FAC] },
        Group {
            title: "Initial state",
            parameters: &[
                state("x", "", 1.0).doc("Recovered resources at the last spike"),
                state("u", "", 0.5).at_least(0.0).at_most(1.0).doc("Part of them that the last spike used"),
            ],
        },
    ],
    behaviour: Behaviour::plastic(Plastic::<Tsodyks2, _, _>::MODEL),
    facts: Facts::NONE.also_called(&["STP, Maass-Markram", "dynamic synapse"]),
    ..STATIC
};

mod k {
    pub const U: usize = 0;
    pub const TAU_REC: usize = 1;
    pub const TAU_FAC: usize = 2;
}

pub struct Tsodyks2;
declared!(Tsodyks2);

impl Synapse<3, 3> for Tsodyks2 {
    type Reads = ();
    /// What is left of u and of what x lacks.
    type Interval = (f64, f64);
    const STATE: [&'static str; 3] = ["weight", "x", "u"];
    /// Nothing moves before the first spike.
    const BEFORE_FIRST: f64 = -1.0;

    fn constants(p: &Parameters<'_, Self>) -> [f64; 3] {
        reals!(p, Self, ["U", "tau_rec", "tau_fac"])
    }

    fn interval(k: &[f64; 3], last: f64, time: f64, _: (), (left_of_u, lacking): &mut (f64, f64)) {
        let (elapsed, tau_fac) = (time - last, k[k::TAU_FAC]);
        *left_of_u = if tau_fac == 0.0 { 0.0 } else { math::exp(-elapsed / tau_fac) };
        *lacking = math::exp(-elapsed / k[k::TAU_REC]);
    }

    #[inline]
    fn send(
        k: &[f64; 3],
        s: &mut [f64; 3],
        spike: Spike,
        (left_of_u, lacking): &(f64, f64),
        _: (),
        _: &mut Shared,
    ) -> Option<f64> {
        let [weight, x, u] = s;
        if spike.last >= 0.0 {
            let rest = k[k::U];
            *x = 1.0 + (*x - *x * *u - 1.0) * lacking;
            *u = rest + *u * (1.0 - rest) * left_of_u;
        }
        Some(*x * *u * *weight)
    }
}
