//! Spike-timing dependent plasticity that dopamine turns into changes of the weight.
//!
//! dc/dt = −c/τ_c, dn/dt = −n/τ_n, dw/dt = c (n − b)
//! dopamine spike: n ← n + 1/τ_n;  post after pre: c ← c + A_plus K₊;  pre after post: c ← c − A_minus K₋
//!
//! Izhikevich 2007, Cereb Cortex 17:2443; Potjans, Morrison & Diesmann 2010, Front Comput Neurosci 4:141.
//!
//! As in NEST, the volume transmitter brings all synapses up to the end of a slice before the spikes of that slice
//! pass them. Such a spike finds its synapse in the future and turns it back, so a target's spike that arrives
//! between the two counts twice. Where the smallest delay is one step this never happens.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::runtime::parameters::{Parameters, declared, reals};
use crate::runtime::synapses::archive::{Post, SAME_TIME};
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};
use crate::runtime::synapses::reads::{Released, Spikes};
use crate::runtime::synapses::transmitters::Release;

pub const MODEL: Model = Model {
    name: "stdp_dopamine_synapse",
    title: "Plasticity with dopamine",
    doc: "Pairs of spikes leave an eligibility trace, which dopamine turns into a change of the weight",
    equations: "tau_c dc/dt = -c, tau_n dn/dt = -n\ndw/dt = c (n - b)\ndopamine spike: n += 1 / tau_n\npost after pre: c += A_plus K₊\npre after post: c -= A_minus K₋",
    reference: "Potjans, Morrison & Diesmann 2010, Front Comput Neurosci 4:141",
    groups: &[
        SYNAPSE,
        Group {
            title: "Plasticity",
            parameters: &[
                real("A_plus", "", 1.0).main(0.0, 5.0).common().doc("Step of the eligibility, post after pre"),
                real("A_minus", "", 1.5).main(0.0, 5.0).common().doc("Step of the eligibility, pre after post"),
                real("tau_plus", "ms", 20.0).main(5.0, 50.0).common().doc("Time constant of the trace of the source"),
                real("Wmin", "", 0.0).slider(-500.0, 500.0).common().doc("Smallest weight"),
                real("Wmax", "", 200.0).slider(-500.0, 500.0).common().doc("Largest weight"),
            ],
        },
        Group {
            title: "Dopamine",
            parameters: &[
                real("tau_c", "ms", 1000.0).main(50.0, 5000.0).common().doc("Time constant of the eligibility"),
                real("tau_n", "ms", 200.0).main(10.0, 1000.0).common().doc("Time constant of the dopamine"),
                real("b", "1/ms", 0.0).slider(-0.1, 0.1).common().doc("Dopamine at which nothing changes"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("Kplus", "", 0.0).at_least(0.0).doc("Trace of the source after its last spike"),
                state("c", "", 0.0).doc("Eligibility"),
                state("n", "1/ms", 0.0).doc("Dopamine"),
            ],
        },
    ],
    behaviour: Behaviour::plastic(Plastic::<Dopamine, _, _>::MODEL),
    facts: Facts::NONE.also_called(&[
        "STDP with dopamine",
        "reward learning",
        "three-factor rule",
        "eligibility trace",
    ]),
    ..STATIC
};

mod k {
    pub const A_PLUS: usize = 0;
    pub const A_MINUS: usize = 1;
    pub const TAU_PLUS: usize = 2;
    pub const TAU_C: usize = 3;
    pub const TAU_N: usize = 4;
    pub const B: usize = 5;
    pub const W_MIN: usize = 6;
    pub const W_MAX: usize = 7;
}

mod s {
    pub const WEIGHT: usize = 0;
    pub const K_PLUS: usize = 1;
    /// At the time to which the synapse has been advanced.
    pub const C: usize = 2;
    /// At the time of the latest entry of the transmitter's list that has been used.
    pub const N: usize = 3;
    /// The place of that entry in the list.
    pub const SEEN: usize = 4;
}

pub struct Dopamine;
declared!(Dopamine);

impl Synapse<5, 8> for Dopamine {
    type Reads = (Spikes, Released);
    const STATE: [&'static str; 5] = ["weight", "Kplus", "c", "n", ""];
    const TRIGGERED: bool = true;

    fn constants(p: &Parameters<'_, Self>) -> [f64; 8] {
        reals!(p, Self, ["A_plus", "A_minus", "tau_plus", "tau_c", "tau_n", "b", "Wmin", "Wmax"])
    }

    fn send(
        k: &[f64; 8],
        s: &mut [f64; 5],
        spike: Spike,
        (post, released): (Post<'_>, &[Release]),
        _: &mut Shared,
    ) -> Option<f64> {
        advance_to(k, s, spike, post, released);
        s[s::C] -= k[k::A_MINUS] * post.k_minus(spike.time - spike.delay);
        s[s::K_PLUS] = s[s::K_PLUS] * math::exp((spike.last - spike.time) / k[k::TAU_PLUS]) + 1.0;
        Some(s[s::WEIGHT])
    }

    fn trigger(k: &[f64; 8], s: &mut [f64; 5], spike: Spike, (post, released): (Post<'_>, &[Release])) {
        advance_to(k, s, spike, post, released);
        let seen = released[s[s::SEEN] as usize].time;
        s[s::N] *= math::exp((seen - spike.time) / k[k::TAU_N]);
        s[s::K_PLUS] *= math::exp((spike.last - spike.time) / k[k::TAU_PLUS]);
        s[s::SEEN] = 0.0;
    }
}

/// Advances the synapse from the last spike of the source to `spike.time`: pairs with the spikes of the target that have
/// arrived at the synapse since then, and integrates weight and eligibility in between.
fn advance_to(k: &[f64; 8], s: &mut [f64; 5], spike: Spike, post: Post<'_>, released: &[Release]) {
    let Spike { time, last, delay } = spike;
    let mut from = last;
    for entry in post.window(last - delay, time - delay) {
        let arrival = entry.time + delay;
        integrate_interval(k, s, from, arrival, released);
        from = arrival;
        s[s::C] += k[k::A_PLUS] * s[s::K_PLUS] * math::exp((last - from) / k[k::TAU_PLUS]);
    }
    integrate_interval(k, s, from, time, released);
}

/// Integrates weight and eligibility from `from` to `to` (ms), an interval without spikes of source or target.
/// Dopamine that arrives at `to` still counts.
fn integrate_interval(k: &[f64; 8], s: &mut [f64; 5], from: f64, to: f64, list: &[Release]) {
    let (mut seen, c) = (s[s::SEEN] as usize, s[s::C]);
    // The eligibility, and the dopamine of the latest entry, at a later time.
    let eligibility = |at: f64| c * math::exp((from - at) / k[k::TAU_C]);
    let (mut at, mut c_then) = (from, c);
    let mut n_then = s[s::N] * math::exp((list[seen].time - from) / k[k::TAU_N]);
    while let Some(next) = list.get(seen + 1).filter(|next| next.time < to + SAME_TIME) {
        move_weight(k, s, c_then, n_then, next.time - at);
        s[s::N] = s[s::N] * math::exp((list[seen].time - next.time) / k[k::TAU_N]) + next.spikes / k[k::TAU_N];
        seen += 1;
        (at, c_then, n_then) = (next.time, eligibility(next.time), s[s::N]);
    }
    move_weight(k, s, c_then, n_then, to - at);
    s[s::C] = eligibility(to);
    s[s::SEEN] = seen as f64;
}

/// The weight after `span` ms from eligibility `c` and dopamine `n` on, within its bounds.
fn move_weight(k: &[f64; 8], s: &mut [f64; 5], c: f64, n: f64, span: f64) {
    let (tau_c, tau_n, b) = (k[k::TAU_C], k[k::TAU_N], k[k::B]);
    let rate = (tau_c + tau_n) / (tau_c * tau_n);
    let weight = s[s::WEIGHT] - c * (n / rate * math::exp_m1(-rate * span) - b * tau_c * math::exp_m1(-span / tau_c));
    s[s::WEIGHT] = weight.max(k[k::W_MIN]).min(k[k::W_MAX]);
}
