//! Short-term plasticity: resources are recovered, active or inactive, and each spike uses a part of them.
//!
//! dx/dt = z/τ_rec, dy/dt = −y/τ_psc, dz/dt = y/τ_psc − z/τ_rec, du/dt = −u/τ_fac
//! spike: u ← u + U (1 − u), then u x moves from x to y and is transmitted
//!
//! Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50.

use std::marker::PhantomData;

use super::declare::*;
use super::shared::*;
use crate::description::Declaration;
use crate::math;
use crate::runtime::parameters::{Declared, Parameters, declared, reals};
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};

pub const MODEL: Model = Model {
    name: "tsodyks_synapse",
    title: "Short-term plasticity",
    doc: "Depresses as its resources are used up, and facilitates with tau_fac above 0",
    equations: "x + y + z = 1: recovered, active, inactive resources\ndx/dt = z / tau_rec, dy/dt = −y / tau_psc, du/dt = −u / tau_fac\nspike: u += U (1 − u), transmits weight · u x, which moves from x to y",
    reference: "Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50",
    groups: &[
        SYNAPSE,
        Group { title: "Short-term plasticity", parameters: &RESOURCES },
        Group { title: "Initial state", parameters: &[X, Y, UTILISATION.at_least(0.0).at_most(1.0)] },
    ],
    relations: &[Relation::SumAtMost("x", "y", 1.0)],
    behaviour: Behaviour::plastic(Plastic::<Resources<Tsodyks>, _, _>::MODEL),
    facts: Facts::NONE.also_called(&["STP", "short-term depression", "facilitation", "Tsodyks-Markram"]),
    ..STATIC
};

/// Part of the resources that a spike uses.
pub const U: Parameter =
    real("U", "", 0.5).at_least(0.0).at_most(1.0).main(0.0, 1.0).doc("Utilisation: step of u at a spike");

pub const TAU_REC: Parameter =
    real("tau_rec", "ms", 800.0).above(0.0).main(10.0, 2000.0).doc("Time constant of recovery");
pub const TAU_FAC: Parameter =
    real("tau_fac", "ms", 0.0).at_least(0.0).main(0.0, 2000.0).doc("Time constant of facilitation; 0 for none");

/// How resources are used and come back.
pub const RESOURCES: [Parameter; 4] =
    [U, TAU_REC, TAU_FAC, real("tau_psc", "ms", 3.0).above(0.0).slider(0.5, 20.0).doc("Time constant of inactivation")];

pub const X: Parameter = state("x", "", 1.0).doc("Recovered resources");
pub const Y: Parameter = state("y", "", 0.0).doc("Active resources");
pub const UTILISATION: Parameter =
    state("u", "", 0.0).acts_if_positive("tau_fac").doc("Part that the next spike uses, before its own increment");

mod k {
    pub const U: usize = 0;
    pub const TAU_REC: usize = 1;
    pub const TAU_FAC: usize = 2;
    pub const TAU_PSC: usize = 3;
}

/// What the model is called where its parameters are looked up.
pub struct Tsodyks;
declared!(Tsodyks);

/// What becomes of the resources between two spikes.
#[derive(Clone, Default)]
pub struct Recovery {
    /// The part that is left of u and of y.
    of_u: f64,
    of_y: f64,
    /// Which part of y comes back to x; and less the part of z that does.
    returned: f64,
    recovery: f64,
}

/// Resources as the parameters of model `M` have it.
pub struct Resources<M>(PhantomData<M>);

impl<M: Declared> Declared for Resources<M> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared> Synapse<4, 4> for Resources<M> {
    type Reads = ();
    type Interval = Recovery;
    const STATE: [&'static str; 4] = ["weight", "x", "y", "u"];

    fn constants(p: &Parameters<'_, Self>) -> [f64; 4] {
        reals!(p, Self, ["U", "tau_rec", "tau_fac", "tau_psc"])
    }

    fn interval(k: &[f64; 4], last: f64, time: f64, _: (), interval: &mut Recovery) {
        let elapsed = time - last;
        let (tau_rec, tau_fac, tau_psc) = (k[k::TAU_REC], k[k::TAU_FAC], k[k::TAU_PSC]);
        let of_u = if tau_fac == 0.0 { 0.0 } else { math::exp(-elapsed / tau_fac) };
        let of_y = math::exp(-elapsed / tau_psc);
        let recovery = math::exp_m1(-elapsed / tau_rec);
        // With equal time constants the quotient has a limit.
        let returned = if tau_psc == tau_rec {
            1.0 - of_y * (1.0 + elapsed / tau_psc)
        } else {
            (recovery * tau_rec - (of_y - 1.0) * tau_psc) / (tau_psc - tau_rec)
        };
        *interval = Recovery { of_u, of_y, returned, recovery };
    }

    #[inline]
    fn send(k: &[f64; 4], s: &mut [f64; 4], _: Spike, interval: &Recovery, _: (), _: &mut Shared) -> Option<f64> {
        let [weight, x, y, u] = s;
        let z = 1.0 - *x - *y;
        *u *= interval.of_u;
        *x += interval.returned * *y - interval.recovery * z;
        *y *= interval.of_y;
        *u += k[k::U] * (1.0 - *u);
        let released = *u * *x;
        *x -= released;
        *y += released;
        Some(released * *weight)
    }
}
