//! Leaky integrate-and-fire neuron with exponential synaptic conductances.
//!
//! C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e + I
//! tau_syn dg/dt = -g, a spike of weight w adds |w| to g_ex (w > 0) or g_in
//!
//! Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::fire_and_reset;
use crate::mechanisms::rkf45::{self, Equations};
use crate::mechanisms::time::Grid;
use crate::simulation::Blocks;
use crate::simulation::dynamics::{Arriving, Coefficients, Dynamics, Lookup};

pub const MODEL: Model = Model {
    name: "iaf_cond_exp",
    family: Family::Neuron,
    title: "Integrate-and-fire, conductances",
    doc: "Leaky integrate-and-fire neuron; each spike opens a conductance towards a reversal potential",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e\ntau_syn dg/dt = -g, spike: g += |w|\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
                real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
                real("t_ref", "ms", 2.0).at_least(0.0).main(0.0, 20.0).doc("Refractory period"),
                real("g_L", "nS", 16.6667).main(1.0, 50.0).doc("Leak conductance"),
                real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
                real("V_reset", "mV", -60.0).slider(-90.0, -40.0).doc("Potential after a spike"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -85.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory conductance"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory conductance"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential"),
                state("g_ex", "nS", 0.0).doc("Excitatory conductance"),
                state("g_in", "nS", 0.0).doc("Inhibitory conductance"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, G_EX, G_IN],
    ports: &spikes_and_currents("nS"),
    emits: Emits::Spikes,
    relations: RESET_BELOW_THRESHOLD,
    neurons: Some(Blocks::<IafCondExp, _, _>::make),
    synapses: None,
};

/// Absolute tolerance of the solver in every component (mV, nS).
const TOLERANCE: f64 = 1e-3;

/// Derived constants.
mod k {
    pub const C_M: usize = 0;
    pub const G_L: usize = 1;
    pub const E_L: usize = 2;
    pub const E_EX: usize = 3;
    pub const E_IN: usize = 4;
    pub const I_E: usize = 5;
    pub const TAU_EX: usize = 6;
    pub const TAU_IN: usize = 7;
    pub const THRESHOLD: usize = 8;
    pub const RESET: usize = 9;
    pub const REFRACTORY: usize = 10;
    pub const H: usize = 11;
}

/// State: potential, refractory count, both conductances, the solver's suggested step.
pub struct IafCondExp;

/// The membrane between two grid points; components V, g_ex, g_in.
struct Membrane<'a, C> {
    constants: C,
    /// By lane of the vector in work, which starts at `first`.
    refractory: &'a [f64; 8],
    current: &'a [f64; 8],
    first: usize,
}

impl<C: Coefficients> Equations<3> for Membrane<'_, C> {
    #[inline(always)]
    fn derivatives<R: Real>(&self, lane: usize, y: &[R; 3]) -> [R; 3] {
        let at = |i| self.constants.at::<R>(i, lane);
        let waiting = R::load(&self.refractory[lane - self.first..]).gt(R::of(0.0));
        let v = R::select(waiting, at(k::RESET), y[0].min(at(k::THRESHOLD)));
        let current = at(k::I_E) + R::load(&self.current[lane - self.first..]);
        let slope = (current - at(k::G_L) * (v - at(k::E_L)) - y[1] * (v - at(k::E_EX)) - y[2] * (v - at(k::E_IN)))
            / at(k::C_M);
        [R::select(waiting, R::of(0.0), slope), -y[1] / at(k::TAU_EX), -y[2] / at(k::TAU_IN)]
    }
}

impl Dynamics<5, 12> for IafCondExp {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 12] {
        [
            p.real("C_m"),
            p.real("g_L"),
            p.real("E_L"),
            p.real("E_ex"),
            p.real("E_in"),
            p.real("I_e"),
            p.real("tau_syn_ex"),
            p.real("tau_syn_in"),
            p.real("V_th"),
            p.real("V_reset"),
            grid.steps_up(p.real("t_ref")) as f64,
            grid.h(),
        ]
    }

    fn initial(_: &dyn Lookup, k: &[f64; 12]) -> [f64; 5] {
        [0.0, 0.0, 0.0, 0.0, k[k::H]]
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 5], input: Arriving<R>) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        let [v, mut r, g_ex, g_in, mut size] = *s;
        let (mut refractory, mut current) = ([0.0; 8], [0.0; 8]);
        r.store(&mut refractory);
        input.current.store(&mut current);
        let membrane = Membrane { constants: c, refractory: &refractory, current: &current, first: lane };
        let mut y = [v, g_ex, g_in];
        // The grid step is the same for all neurons of a simulation.
        let h = c.at::<f64>(k::H, lane);
        rkf45::advance(&membrane, lane, &mut y, &mut size, h, TOLERANCE);
        let waiting = r.gt(R::of(0.0));
        let mut v = R::select(waiting, at(k::RESET), y[0]);
        // V_reset lies below threshold, so a waiting neuron does not fire.
        r = R::select(waiting, r - R::of(1.0), r);
        let fired = fire_and_reset(&mut v, &mut r, at(k::THRESHOLD), at(k::RESET), at(k::REFRACTORY));
        *s = [v, r, y[1] + input.excitatory, y[2] - input.inhibitory, size];
        fired
    }

    fn recordable(i: usize, s: &[f64; 5], _: &[f64; 12]) -> f64 {
        [s[0], s[2], s[3]][i]
    }
    fn state(name: &str, s: &[f64; 5], _: &[f64; 12]) -> f64 {
        s[place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 5], _: &[f64; 12]) {
        s[place(name)] = x;
    }
}

fn place(state: &str) -> usize {
    match state {
        "g_ex" => 2,
        "g_in" => 3,
        _ => 0,
    }
}
