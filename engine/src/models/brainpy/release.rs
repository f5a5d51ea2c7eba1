//! Short-term plasticity of release, in the manner of BrainPy: what is transmitted is taken before it is used up, and what a
//! spike uses is counted from the state of the step before.
//!
//! Tsodyks & Markram 1997, Proc Natl Acad Sci 94:719; Abbott et al. 1997, Science 275:220.

use super::*;
use crate::math;
use crate::models::shared::{STATIC, SYNAPSE};
use crate::runtime::parameters::{Parameters, declared, reals};
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};

const X: Parameter = state("x", "", 1.0).at_least(0.0).at_most(1.0).doc("Part of the resources that is there");

pub const STP: Model = Model {
    name: "STP",
    title: "Facilitation and depression, BrainPy",
    doc: "Transmits the resources that a spike releases; release rises with each spike, resources are used up",
    equations: "between spikes: du/dt = -u/tau_f, dx/dt = (1 - x)/tau_d\nspike: u' = u + U (1 - u⁻), transmits weight · u' x, x -= u' x⁻\nu⁻ and x⁻ are u and x a step before",
    reference: "Tsodyks & Markram 1997, Proc Natl Acad Sci 94:719",
    groups: &[
        SYNAPSE,
        Group {
            title: "Short-term plasticity",
            parameters: &[
                real("U", "", 0.15).at_least(0.0).at_most(1.0).main(0.0, 1.0).doc("What a spike adds to the release"),
                real("tau_f", "ms", 1500.0).above(0.0).main(10.0, 2000.0).doc("Time constant of facilitation"),
                real("tau_d", "ms", 200.0).above(0.0).main(10.0, 2000.0).doc("Time constant of recovery"),
            ],
        },
        Group {
            title: INITIALLY,
            parameters: &[
                X,
                state("u", "", 0.15).at_least(0.0).at_most(1.0).doc("Part of the resources that is released"),
            ],
        },
    ],
    behaviour: Behaviour::plastic(Plastic::<Facilitating, _, _>::MODEL),
    facts: OF_BRAINPY.also_called(&["short-term plasticity", "Tsodyks-Markram, BrainPy"]),
    ..STATIC
};

pub const STD: Model = Model {
    name: "STD",
    title: "Depression, BrainPy",
    doc: "Transmits the resources that are there; each spike uses a part of them up",
    equations: "between spikes: dx/dt = (1 - x)/tau\nspike: transmits weight · x, x -= U x⁻, where x⁻ is x a step before",
    reference: "Abbott et al. 1997, Science 275:220",
    groups: &[
        SYNAPSE,
        Group {
            title: "Short-term plasticity",
            parameters: &[
                real("U", "", 0.07).at_least(0.0).at_most(1.0).main(0.0, 1.0).doc("Part that a spike uses up"),
                real("tau", "ms", 200.0).above(0.0).main(10.0, 2000.0).doc("Time constant of recovery"),
            ],
        },
        Group { title: INITIALLY, parameters: &[X] },
    ],
    behaviour: Behaviour::plastic(Plastic::<Depressing, _, _>::MODEL),
    facts: OF_BRAINPY.also_called(&["BrainPy STD"]),
    ..STATIC
};

/// How long before a spike the state was left, and a step less. Before the first spike the state begins a step before the
/// first step.
fn elapsed(spike: Spike, begun: &mut f64, h: f64) -> (f64, f64) {
    let before = if *begun == 0.0 { spike.time } else { spike.time - spike.last - h };
    *begun = 1.0;
    (before + h, before)
}

/// Resources that were `x` so long ago.
fn recovered(x: f64, elapsed: f64, tau: f64) -> f64 {
    1.0 - (1.0 - x) * math::exp(-elapsed / tau)
}

struct Facilitating;
declared!(Facilitating, STP);

impl Synapse<4, 4> for Facilitating {
    type Reads = ();
    const STATE: [&'static str; 4] = ["weight", "x", "u", ""];

    fn constants(p: &Parameters<'_, Self>) -> [f64; 4] {
        let [u, tau_f, tau_d] = reals!(p, Self, ["U", "tau_f", "tau_d"]);
        [u, tau_f, tau_d, p.h()]
    }
    #[inline]
    fn send(k: &[f64; 4], s: &mut [f64; 4], spike: Spike, _: (), _: &mut Shared) -> Option<f64> {
        let (&[step, tau_f, tau_d, h], [weight, x, u, begun]) = (k, s);
        let (now, before) = elapsed(spike, begun, h);
        let (u_before, x_before) = (*u * math::exp(-before / tau_f), recovered(*x, before, tau_d));
        let released = *u * math::exp(-now / tau_f) + step * (1.0 - u_before);
        let there = recovered(*x, now, tau_d);
        (*u, *x) = (released, there - released * x_before);
        Some(*weight * (released * there))
    }
}

struct Depressing;
declared!(Depressing, STD);

impl Synapse<3, 3> for Depressing {
    type Reads = ();
    const STATE: [&'static str; 3] = ["weight", "x", ""];

    fn constants(p: &Parameters<'_, Self>) -> [f64; 3] {
        let [u, tau] = reals!(p, Self, ["U", "tau"]);
        [u, tau, p.h()]
    }
    #[inline]
    fn send(k: &[f64; 3], s: &mut [f64; 3], spike: Spike, _: (), _: &mut Shared) -> Option<f64> {
        let (&[used, tau, h], [weight, x, begun]) = (k, s);
        let (now, before) = elapsed(spike, begun, h);
        let there = recovered(*x, now, tau);
        *x = there - used * recovered(*x, before, tau);
        Some(*weight * there)
    }
}
