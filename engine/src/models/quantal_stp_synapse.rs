//! Short-term plasticity of a finite number of release sites.
//!
//! Depleted sites recover with rate 1/τ_rec; at a spike each available site releases with probability u.
//!
//! Fuhrmann, Segev, Markram & Tsodyks 2002, J Neurophysiol 87:140; Loebel et al. 2009, Front Comput Neurosci 3:27.

use super::declare::*;
use super::shared::*;
use super::tsodyks_synapse::{TAU_FAC, TAU_REC, U};
use crate::math;
use crate::mechanisms::random::Stream;
use crate::runtime::parameters::{Parameters, declared, reals};
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};

pub const MODEL: Model = Model {
    name: "quantal_stp_synapse",
    title: "Quantal short-term plasticity",
    doc: "Some release sites, each releasing with a probability and recovering at random",
    equations: "spike: each of the available sites releases with probability u, transmitting its weight\nu = U + u (1 − U) exp(−Δ / tau_fac)\nbetween spikes each depleted site recovers with probability 1 − exp(−Δ / tau_rec)",
    reference: "Loebel et al. 2009, Front Comput Neurosci 3:27",
    groups: &[
        SYNAPSE,
        Group {
            title: "Release",
            parameters: &[U, TAU_REC, TAU_FAC, integer("n", 1).slider(1.0, 50.0).doc("Number of release sites")],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("u", "", 0.5).at_least(0.0).at_most(1.0).doc("Release probability"),
                Parameter { role: Role::State, ..integer("a", 1) }.doc("Available sites"),
            ],
        },
    ],
    behaviour: Behaviour::plastic(Plastic::<Quantal, _, _>::MODEL),
    facts: Facts::NONE.also_called(&["release sites", "vesicles", "stochastic short-term plasticity"]),
    ..STATIC
};

mod k {
    pub const U: usize = 0;
    pub const TAU_REC: usize = 1;
    pub const TAU_FAC: usize = 2;
    pub const N: usize = 3;
}

/// Below this a time constant of facilitation counts as none, ms.
const NO_FACILITATION: f64 = 1e-10;

pub struct Quantal;
declared!(Quantal);

impl Synapse<3, 4> for Quantal {
    type Reads = ();
    /// What is left of u, and with what chance a site recovers.
    type Interval = (f64, f64);
    const STATE: [&'static str; 3] = ["weight", "u", "a"];
    /// Nothing moves before the first spike.
    const BEFORE_FIRST: f64 = -1.0;

    fn constants(p: &Parameters<'_, Self>) -> [f64; 4] {
        reals!(p, Self, ["U", "tau_rec", "tau_fac", "n"])
    }

    fn interval(k: &[f64; 4], last: f64, time: f64, _: (), (left_of_u, recovery): &mut (f64, f64)) {
        let (elapsed, tau_fac) = (time - last, k[k::TAU_FAC]);
        *left_of_u = if tau_fac < NO_FACILITATION { 0.0 } else { math::exp(-elapsed / tau_fac) };
        *recovery = -math::exp_m1(-elapsed / k[k::TAU_REC]);
    }

    #[inline]
    fn send(
        k: &[f64; 4],
        s: &mut [f64; 3],
        spike: Spike,
        (left_of_u, recovery): &(f64, f64),
        _: (),
        shared: &mut Shared,
    ) -> Option<f64> {
        let [weight, u, available] = s;
        if spike.last >= 0.0 {
            *u = k[k::U] + *u * (1.0 - k[k::U]) * left_of_u;
            *available += successes(k[k::N] - *available, *recovery, &mut shared.chance);
        }
        let released = successes(*available, *u, &mut shared.chance);
        *available -= released;
        (released > 0.0).then_some(released * *weight)
    }
}

/// How many of `n` sites succeed with probability `p` each.
fn successes(n: f64, p: f64, chance: &mut Stream) -> f64 {
    (0..n.max(0.0) as u64).filter(|_| chance.uniform() < p).count() as f64
}
