//! Plasticity by the potential of the target.
//!
//! between spikes of the source: w ← w + A_LTP (u − θ₊)₊ (ū₊ − θ₋)₊ x̄ h;  at its spikes: w ← w − A_LTD (ū₋ − θ₋)₊
//! x̄: trace of the source, decays with τ_x and grows by 1/τ_x at each spike; A, θ and ū are the target's
//!
//! Clopath et al. 2010, Nat Neurosci 13:344.
//!
//! NEST loses depressions where the delay is longer than the largest delay less the smallest one; here none is lost.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::lanes::with_exponentials;
use crate::runtime::parameters::{Parameters, declared, reals};
use crate::runtime::synapses::histories::OfTarget;
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};
use crate::runtime::synapses::reads::Sampled;
use crate::runtime::synapses::voltages::{Potentiation, Voltages};

pub const MODEL: Model = Model {
    name: "clopath_synapse",
    title: "Voltage-based plasticity",
    doc: "Grows while the target is depolarised after the source has fired, shrinks when the source fires at a depolarised target",
    equations: "while u > theta_plus and u_bar_plus > theta_minus: dw/dt = A_LTP (u - theta_plus) (u_bar_plus - theta_minus) x_bar\nspike while u_bar_minus > theta_minus: w -= A_LTD (u_bar_minus - theta_minus)\ntau_x dx_bar/dt = -x_bar, spike: x_bar += 1 / tau_x",
    reference: "Clopath et al. 2010, Nat Neurosci 13:344",
    groups: &[
        SYNAPSE,
        Group {
            title: "Plasticity",
            parameters: &[
                real("tau_x", "ms", 15.0).main(5.0, 50.0).doc("Time constant of the trace of the source"),
                real("Wmin", "", 0.0).slider(-500.0, 500.0).doc("Smallest weight; has the sign of the weight"),
                real("Wmax", "", 100.0).slider(-500.0, 500.0).doc("Largest weight; has the sign of the weight"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[state("x_bar", "1/ms", 0.0).doc("Trace of the source after its last spike")],
        },
    ],
    relations: &[Relation::SameSign("weight", "Wmin"), Relation::PositiveTogether("weight", "Wmax")],
    behaviour: Behaviour::plastic(Plastic::<Clopath, _, _>::MODEL),
    facts: Facts::NONE.also_called(&["voltage-based STDP", "Clopath rule"]),
    ..STATIC
};

mod k {
    pub const TAU_X: usize = 0;
    pub const W_MIN: usize = 1;
    pub const W_MAX: usize = 2;
}

pub struct Clopath;
declared!(Clopath);

impl Synapse<2, 3> for Clopath {
    type Reads = Sampled<Voltages>;
    /// What is left of the trace of the source.
    type Interval = f64;
    const STATE: [&'static str; 2] = ["weight", "x_bar"];

    fn constants(p: &Parameters<'_, Self>) -> [f64; 3] {
        reals!(p, Self, ["tau_x", "Wmin", "Wmax"])
    }

    fn interval(k: &[f64; 3], last: f64, time: f64, _: &Voltages, left: &mut f64) {
        *left = math::exp((last - time) / k[k::TAU_X]);
    }

    fn send(
        k: &[f64; 3],
        s: &mut [f64; 2],
        spike: Spike,
        left: &f64,
        post: OfTarget<'_, Voltages>,
        _: &mut Shared,
    ) -> Option<f64> {
        let Spike { time, last, delay } = spike;
        let [weight, x_bar] = s;
        // A target that is depolarised all the time has an entry a step.
        let entries = post.potentiations(last - delay, time - delay);
        let exponent = |entry: &Potentiation| [(last - (entry.time + delay)) / k[k::TAU_X]];
        with_exponentials(entries, exponent, |entry, [left]| {
            *weight = (*weight + entry.amount * (*x_bar * left)).min(k[k::W_MAX]);
        });
        *weight = (*weight - post.depression(time - delay)).max(k[k::W_MIN]);
        *x_bar = *x_bar * left + 1.0 / k[k::TAU_X];
        Some(*weight)
    }
}
