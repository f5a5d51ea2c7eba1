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
fn elapsed(last: f64, time: f64, h: f64) -> (f64, f64) {
    let before = if last < 0.0 { time } else { time - last - h };
    (before + h, before)
}

/// What is left of something at a spike, and was left a step before.
#[derive(Clone, Copy, Default)]
struct Left {
    now: f64,
    before: f64,
}

impl Left {
    fn of(last: f64, time: f64, h: f64, tau: f64) -> Left {
        let (now, before) = elapsed(last, time, h);
        Left { now: math::exp(-now / tau), before: math::exp(-before / tau) }
    }
}

/// Resources that were `x` when what they lack was whole, of which a part is `left`.
fn recovered(x: f64, left: f64) -> f64 {
    1.0 - (1.0 - x) * left
}

struct Facilitating;
declared!(Facilitating, STP);

impl Synapse<3, 4> for Facilitating {
    type Reads = ();
    /// What is left of u, and of what x lacks.
    type Interval = [Left; 2];
    const STATE: [&'static str; 3] = ["weight", "x", "u"];
    const BEFORE_FIRST: f64 = -1.0;

    fn constants(p: &Parameters<'_, Self>) -> [f64; 4] {
        let [u, tau_f, tau_d] = reals!(p, Self, ["U", "tau_f", "tau_d"]);
        [u, tau_f, tau_d, p.h()]
    }
    fn interval(&[_, tau_f, tau_d, h]: &[f64; 4], last: f64, time: f64, _: (), left: &mut [Left; 2]) {
        *left = [tau_f, tau_d].map(|tau| Left::of(last, time, h, tau));
    }
    #[inline]
    fn send(
        k: &[f64; 4],
        s: &mut [f64; 3],
        _: Spike,
        [of_u, lacking]: &[Left; 2],
        _: (),
        _: &mut Shared,
    ) -> Option<f64> {
        let (step, [weight, x, u]) = (k[0], s);
        let (u_before, x_before) = (*u * of_u.before, recovered(*x, lacking.before));
        let released = *u * of_u.now + step * (1.0 - u_before);
        let there = recovered(*x, lacking.now);
        (*u, *x) = (released, there - released * x_before);
        Some(*weight * (released * there))
    }
}

struct Depressing;
declared!(Depressing, STD);

impl Synapse<2, 3> for Depressing {
    type Reads = ();
    /// What is left of what x lacks.
    type Interval = Left;
    const STATE: [&'static str; 2] = ["weight", "x"];
    const BEFORE_FIRST: f64 = -1.0;

    fn constants(p: &Parameters<'_, Self>) -> [f64; 3] {
        let [u, tau] = reals!(p, Self, ["U", "tau"]);
        [u, tau, p.h()]
    }
    fn interval(&[_, tau, h]: &[f64; 3], last: f64, time: f64, _: (), lacking: &mut Left) {
        *lacking = Left::of(last, time, h, tau);
    }
    #[inline]
    fn send(k: &[f64; 3], s: &mut [f64; 2], _: Spike, lacking: &Left, _: (), _: &mut Shared) -> Option<f64> {
        let (used, [weight, x]) = (k[0], s);
        let there = recovered(*x, lacking.now);
        *x = there - used * recovered(*x, lacking.before);
        Some(*weight * there)
    }
}
