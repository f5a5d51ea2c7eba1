//! Leaky integrate-and-fire neuron whose potential jumps at each input spike.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_e + I), a spike of weight w adds w to V
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381; Diesmann et al. 2001, Neurocomputing 38:565.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::{fire_and_reset, integrate_unless_refractory};
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};

pub const MODEL: Model = Model {
    name: "iaf_psc_delta",
    family: Family::Neuron,
    title: "Integrate-and-fire, delta pulses",
    doc: "Leaky integrate-and-fire neuron; each spike makes the potential jump by its weight in mV",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) I_e, spike: V += w\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        LEAKY_MEMBRANE,
        Group {
            title: "Bounds and refractoriness",
            parameters: &[
                V_MIN,
                flag("refractory_input", false)
                    .doc("Keep input that arrives during refractoriness, decayed, until it ends"),
            ],
        },
        Group {
            title: "Forced firing",
            parameters: &[
                flag("ignore_and_spike", false).doc("Fire regularly whatever the potential is"),
                real("ignore_and_spike_interval", "ms", 100.0).above(0.0).doc("Interval of forced spikes"),
                real("ignore_and_spike_offset", "ms", 1.0).above(0.0).doc("Time of the first forced spike"),
            ],
        },
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[V_M],
    ports: &spikes_and_currents("mV"),
    emits: Emits::Spikes,
    signal: None,
    relations: RESET_BELOW_THRESHOLD,
    neurons: Some(Blocks::<IafPscDelta, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants.
mod k {
    pub const LEAK: usize = 0;
    pub const CURRENT: usize = 1;
    pub const I_E: usize = 2;
    pub const THRESHOLD: usize = 3;
    pub const RESET: usize = 4;
    pub const FLOOR: usize = 5;
    pub const REFRACTORY: usize = 6;
    pub const E_L: usize = 7;
    /// h/tau_m if refractory input is kept, else 0.
    pub const KEEP: usize = 8;
    /// 1 if firing is forced.
    pub const FORCED: usize = 9;
    pub const INTERVAL: usize = 10;
    pub const OFFSET: usize = 11;
}

/// State: the potential relative to E_L, the refractory count, input kept from
/// refractoriness, steps until the next forced spike.
pub struct IafPscDelta;

impl Dynamics<4, 12> for IafPscDelta {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 12] {
        let (h, e_l, tau_m, c_m) = (grid.h(), p.real("E_L"), p.real("tau_m"), p.real("C_m"));
        let leak = math::exp_m1(-h / tau_m);
        [
            leak,
            -tau_m / c_m * leak,
            p.real("I_e"),
            p.real("V_th") - e_l,
            p.real("V_reset") - e_l,
            p.real("V_min") - e_l,
            grid.steps_up(p.real("t_ref")) as f64,
            e_l,
            if p.flag("refractory_input") { h / tau_m } else { 0.0 },
            p.flag("ignore_and_spike") as u8 as f64,
            grid.steps_up(p.real("ignore_and_spike_interval")) as f64,
            grid.steps_up(p.real("ignore_and_spike_offset")) as f64,
        ]
    }

    fn initial(_: &dyn Lookup, k: &[f64; 12]) -> [f64; 4] {
        [0.0, 0.0, 0.0, k[k::OFFSET]]
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 4], input: Arriving<R>) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        let (zero, one) = (R::of(0.0), R::of(1.0));
        let [mut u, mut r, mut kept, mut countdown] = *s;
        let w = input.excitatory + input.inhibitory;
        let mut integrated = u + u * at(k::LEAK) + at(k::CURRENT) * (at(k::I_E) + input.current) + w;
        if R::bits(at(k::KEEP).gt(zero)) != 0 {
            let waiting = r.gt(zero);
            let keeps = at(k::KEEP).gt(zero);
            let discounted = kept + w * R::exp(-(r * at(k::KEEP)));
            integrated = R::select(keeps, integrated + kept, integrated);
            kept = R::select(R::and(waiting, keeps), discounted, zero);
        }
        integrate_unless_refractory(&mut u, &mut r, integrated.max(at(k::FLOOR)));
        let forced = at(k::FORCED).gt(zero);
        let fired = if R::bits(forced) == 0 {
            fire_and_reset(&mut u, &mut r, at(k::THRESHOLD), at(k::RESET), at(k::REFRACTORY))
        } else {
            countdown = R::select(forced, countdown - one, countdown);
            let due = zero.ge(countdown);
            // Beside forced neurons others of the same lanes keep their threshold.
            let margin = R::select(forced, R::select(due, one, -one), u - at(k::THRESHOLD));
            let fired = margin.ge(zero);
            countdown = R::select(R::and(forced, due), at(k::INTERVAL), countdown);
            u = R::select(fired, at(k::RESET), u);
            r = R::select(fired, at(k::REFRACTORY), r);
            fired
        };
        *s = [u, r, kept, countdown];
        fired
    }

    fn recordable(_: usize, s: &[f64; 4], k: &[f64; 12]) -> f64 {
        s[0] + k[k::E_L]
    }
    fn state(_: &str, s: &[f64; 4], k: &[f64; 12]) -> f64 {
        s[0] + k[k::E_L]
    }
    fn set_state(_: &str, v_m: f64, s: &mut [f64; 4], k: &[f64; 12]) {
        s[0] = v_m - k[k::E_L];
    }
    fn parameters_set(names: &[&str], s: &mut [f64; 4], k: &[f64; 12]) {
        if names.contains(&"ignore_and_spike_offset") {
            s[3] = k[k::OFFSET];
        }
    }
}
