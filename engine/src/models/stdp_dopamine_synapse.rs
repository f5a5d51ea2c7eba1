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
use crate::runtime::synapses::archive::{Archive, Post, SAME_TIME};
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
}

/// What becomes of eligibility and dopamine between two spikes of the source, or up to the time at which the transmitter
/// brings its synapses up to date, if the target is silent meanwhile.
#[derive(Clone, Default)]
pub struct Interval {
    stages: Vec<Stage>,
    /// What is left of the trace of the source, of the eligibility, and of dopamine since its latest release.
    trace: f64,
    eligibility: f64,
    dopamine: f64,
}

/// A part of an interval at whose end, and not before, dopamine is released.
#[derive(Clone)]
struct Stage {
    /// What is left at its beginning of the eligibility at that of the interval, and of dopamine since its latest release.
    eligibility: f64,
    dopamine: f64,
    /// How eligibility moves the weight, times dopamine in units of the rate of decay of both, and less the baseline.
    gain: f64,
    baseline: f64,
    /// What is left of dopamine from its latest release to that at the end, and what is added there.
    left: f64,
    added: f64,
}

pub struct Dopamine;
declared!(Dopamine);

impl Synapse<4, 8> for Dopamine {
    type Reads = (Spikes, Released);
    type Interval = Interval;
    const STATE: [&'static str; 4] = ["weight", "Kplus", "c", "n"];
    const TRIGGERED: bool = true;

    fn constants(p: &Parameters<'_, Self>) -> [f64; 8] {
        reals!(p, Self, ["A_plus", "A_minus", "tau_plus", "tau_c", "tau_n", "b", "Wmin", "Wmax"])
    }

    fn interval(
        k: &[f64; 8],
        last: f64,
        time: f64,
        (_, released): (&Archive, &[Release]),
        Interval { stages: all, trace, eligibility, dopamine }: &mut Interval,
    ) {
        all.clear();
        all.extend(stages(k, last, time, released));
        *trace = math::exp((last - time) / k[k::TAU_PLUS]);
        *eligibility = math::exp((last - time) / k[k::TAU_C]);
        *dopamine = math::exp((released[latest(released, time)].time - time) / k[k::TAU_N]);
    }

    fn send(
        k: &[f64; 8],
        s: &mut [f64; 4],
        spike: Spike,
        interval: &Interval,
        (post, released): (Post<'_>, &[Release]),
        _: &mut Shared,
    ) -> Option<f64> {
        advance_to(k, s, spike, interval, post, released);
        s[s::C] -= k[k::A_MINUS] * post.k_minus(spike.time - spike.delay);
        s[s::K_PLUS] = s[s::K_PLUS] * interval.trace + 1.0;
        Some(s[s::WEIGHT])
    }

    fn trigger(
        k: &[f64; 8],
        s: &mut [f64; 4],
        spike: Spike,
        interval: &Interval,
        (post, released): (Post<'_>, &[Release]),
    ) {
        advance_to(k, s, spike, interval, post, released);
        s[s::N] *= interval.dopamine;
        s[s::K_PLUS] *= interval.trace;
    }
}

/// Advances the synapse from the last spike of the source to `spike.time`: pairs with the spikes of the target that have
/// arrived at the synapse since then, and integrates weight and eligibility in between.
fn advance_to(k: &[f64; 8], s: &mut [f64; 4], spike: Spike, interval: &Interval, post: Post<'_>, released: &[Release]) {
    let Spike { time, last, delay } = spike;
    let (mut from, mut silent) = (last, true);
    for entry in post.window(last - delay, time - delay) {
        let arrival = entry.time + delay;
        integrate(k, s, stages(k, from, arrival, released));
        s[s::C] *= math::exp((from - arrival) / k[k::TAU_C]);
        (from, silent) = (arrival, false);
        s[s::C] += k[k::A_PLUS] * s[s::K_PLUS] * math::exp((last - from) / k[k::TAU_PLUS]);
    }
    if silent {
        integrate(k, s, interval.stages.iter().cloned());
        s[s::C] *= interval.eligibility;
    } else {
        integrate(k, s, stages(k, from, time, released));
        s[s::C] *= math::exp((from - time) / k[k::TAU_C]);
    }
}

/// The rate at which the product of eligibility and dopamine decays, per ms.
fn rate(k: &[f64; 8]) -> f64 {
    let (tau_c, tau_n) = (k[k::TAU_C], k[k::TAU_N]);
    (tau_c + tau_n) / (tau_c * tau_n)
}

/// The place of the latest entry of the transmitter's list up to and including `time`.
fn latest(list: &[Release], time: f64) -> usize {
    list.partition_point(|release| release.time < time + SAME_TIME).saturating_sub(1)
}

/// The stages of an interval `from` … `to` (ms). Dopamine that arrives at `to` still counts.
fn stages<'a>(k: &'a [f64; 8], from: f64, to: f64, list: &'a [Release]) -> impl Iterator<Item = Stage> + 'a {
    let (tau_c, tau_n, b) = (k[k::TAU_C], k[k::TAU_N], k[k::B]);
    let (before, end) = (latest(list, from), latest(list, to));
    (before..=end).map(move |seen| {
        let next = list.get(seen + 1).filter(|_| seen < end);
        let at = if seen == before { from } else { list[seen].time };
        let span = next.map_or(to, |next| next.time) - at;
        Stage {
            eligibility: math::exp((from - at) / tau_c),
            dopamine: math::exp((list[seen].time - at) / tau_n),
            gain: math::exp_m1(-rate(k) * span),
            baseline: b * tau_c * math::exp_m1(-span / tau_c),
            left: next.map_or(1.0, |next| math::exp((list[seen].time - next.time) / tau_n)),
            added: next.map_or(0.0, |next| next.spikes / tau_n),
        }
    })
}

/// Moves the weight, within its bounds, and dopamine through the stages of an interval without spikes of source or target,
/// at whose beginning the eligibility is that of the synapse.
fn integrate(k: &[f64; 8], s: &mut [f64; 4], stages: impl Iterator<Item = Stage>) {
    let (c, rate) = (s[s::C], rate(k));
    for stage in stages {
        let (eligibility, dopamine) = (c * stage.eligibility, s[s::N] * stage.dopamine);
        let weight = s[s::WEIGHT] - eligibility * (dopamine / rate * stage.gain - stage.baseline);
        s[s::WEIGHT] = weight.max(k[k::W_MIN]).min(k[k::W_MAX]);
        s[s::N] = s[s::N] * stage.left + stage.added;
    }
}
