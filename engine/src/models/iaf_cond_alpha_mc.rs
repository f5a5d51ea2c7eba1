//! Integrate-and-fire neuron of three compartments with alpha-shaped conductances.
//!
//! Soma s, proximal p and distal dendrite d; for each of them
//! C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) - I_conn + I_e + I
//! I_conn_s = g_sp (V_s - V_p), I_conn_p = g_sp (V_p - V_s) + g_pd (V_p - V_d), I_conn_d = g_pd (V_d - V_p)
//!
//! Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159; Bernander et al. 1991, PNAS 88:11569.
//!
//! As in NEST, the potentials of all compartments stand still while the soma is refractory.

use super::compartments::compartment;
use super::declare::*;
use super::shared::*;
use crate::mechanisms::kernels::alpha_increment;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::fire_and_reset;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};
use crate::runtime::neurons::solved::{Equations, solved};

pub const MODEL: Model = Model {
    name: "iaf_cond_alpha_mc",
    family: Family::Neuron,
    title: "Integrate-and-fire, three compartments",
    doc: "Soma and two dendritic compartments in a row, each with conductances that rise and fall smoothly",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) - I_conn + I_e, in each compartment\nI_conn of soma: g_sp (V_s - V_p), proximal: g_sp (V_p - V_s) + g_pd (V_p - V_d), distal: g_pd (V_d - V_p)\nV_s ≥ V_th: spike, V_s = V_reset for t_ref",
    reference: "Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159\nBernander et al. 1991, PNAS 88:11569",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold of the soma"),
                real("t_ref", "ms", 2.0).at_least(0.0).main(0.0, 20.0).doc("Refractory period"),
                real("V_reset", "mV", -60.0).slider(-90.0, -40.0).doc("Potential of the soma after a spike"),
                real("g_sp", "nS", 2.5).main(0.0, 50.0).doc("Conductance between soma and proximal dendrite"),
                real("g_pd", "nS", 1.0).main(0.0, 50.0).doc("Conductance between proximal and distal dendrite"),
            ],
        },
        compartment!("soma", "Soma", C_m: 150.0, g_L: 10.0, E_ex: 0.0, E_in: -85.0, tau_syn: (0.5, 2.0)),
        compartment!("proximal", "Proximal dendrite", C_m: 75.0, g_L: 5.0, E_ex: 0.0, E_in: -85.0, tau_syn: (0.5, 2.0)),
        compartment!("distal", "Distal dendrite", C_m: 150.0, g_L: 10.0, E_ex: 0.0, E_in: -85.0, tau_syn: (0.5, 2.0)),
        PLASTICITY,
    ],
    recordables: &[
        Recordable::new("V_m.s", "mV", "Potential of the soma"),
        Recordable::new("g_ex.s", "nS", "Excitatory conductance of the soma"),
        Recordable::new("g_in.s", "nS", "Inhibitory conductance of the soma"),
        Recordable::new("V_m.p", "mV", "Potential of the proximal dendrite"),
        Recordable::new("g_ex.p", "nS", "Excitatory conductance of the proximal dendrite"),
        Recordable::new("g_in.p", "nS", "Inhibitory conductance of the proximal dendrite"),
        Recordable::new("V_m.d", "mV", "Potential of the distal dendrite"),
        Recordable::new("g_ex.d", "nS", "Excitatory conductance of the distal dendrite"),
        Recordable::new("g_in.d", "nS", "Inhibitory conductance of the distal dendrite"),
        Recordable::new("t_ref_remaining", "ms", "What is left of the refractory period"),
    ],
    ports: &[
        Port::spikes(1, "nS", "Excitation of the soma"),
        Port::spikes(2, "nS", "Inhibition of the soma"),
        Port::spikes(3, "nS", "Excitation of the proximal dendrite"),
        Port::spikes(4, "nS", "Inhibition of the proximal dendrite"),
        Port::spikes(5, "nS", "Excitation of the distal dendrite"),
        Port::spikes(6, "nS", "Inhibition of the distal dendrite"),
        Port::currents(7, "Currents into the soma"),
        Port::currents(8, "Currents into the proximal dendrite"),
        Port::currents(9, "Currents into the distal dendrite"),
    ],
    emits: Emits::Spikes,
    signal: None,
    relations: RESET_BELOW_THRESHOLD,
    neurons: Some(Blocks::<IafCondAlphaMc, _, _>::make),
    generator: None,
    synapses: None,
};

const COMPARTMENTS: [&str; 3] = ["soma", "proximal", "distal"];
/// Absolute error allowed in every component (mV, nS).
const TOLERANCE: f64 = 1e-3;

/// Derived constants: ten of each compartment, then those of the neuron.
mod k {
    pub const OF_COMPARTMENT: usize = 10;
    pub const PER_C_M: usize = 0;
    pub const G_L: usize = 1;
    pub const E_L: usize = 2;
    pub const E_EX: usize = 3;
    pub const E_IN: usize = 4;
    pub const I_E: usize = 5;
    pub const PER_TAU_EX: usize = 6;
    pub const PER_TAU_IN: usize = 7;
    pub const GAIN_EX: usize = 8;
    pub const GAIN_IN: usize = 9;
    pub const G_SP: usize = 30;
    pub const G_PD: usize = 31;
    pub const THRESHOLD: usize = 32;
    pub const RESET: usize = 33;
    pub const REFRACTORY: usize = 34;
    pub const H: usize = 35;
}

/// Numbers of state: five of each compartment, which follow the equations, then what stands still.
mod s {
    pub const OF_COMPARTMENT: usize = 5;
    pub const V: usize = 0;
    pub const Z_EX: usize = 1;
    pub const G_EX: usize = 2;
    pub const Z_IN: usize = 3;
    pub const G_IN: usize = 4;
    pub const REFRACTORY: usize = 15;
    /// Currents that flow into the compartments in this step.
    pub const CURRENT: usize = 16;
    pub const SUB_STEP: usize = 19;
}

pub struct IafCondAlphaMc;

impl Dynamics<20, 36> for IafCondAlphaMc {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 36] {
        let mut k = [0.0; 36];
        for (name, k) in COMPARTMENTS.iter().zip(k.chunks_mut(k::OF_COMPARTMENT)) {
            let of = |parameter: &str| p.real(&format!("{name}.{parameter}"));
            let (ex, inh) = (of("tau_syn_ex"), of("tau_syn_in"));
            k.copy_from_slice(&[
                1.0 / of("C_m"),
                of("g_L"),
                of("E_L"),
                of("E_ex"),
                of("E_in"),
                of("I_e"),
                1.0 / ex,
                1.0 / inh,
                alpha_increment(ex),
                alpha_increment(inh),
            ]);
        }
        k[k::G_SP] = p.real("g_sp");
        k[k::G_PD] = p.real("g_pd");
        k[k::THRESHOLD] = p.real("V_th");
        k[k::RESET] = p.real("V_reset");
        k[k::REFRACTORY] = grid.steps_up(p.real("t_ref")) as f64;
        k[k::H] = grid.h();
        k
    }
    fn initial(_: &dyn Lookup, k: &[f64; 36]) -> [f64; 20] {
        let mut s = [0.0; 20];
        s[s::SUB_STEP] = k[k::H];
        s
    }
    fn recordable(i: usize, s: &[f64; 20], k: &[f64; 36]) -> f64 {
        match i {
            9 => s[s::REFRACTORY] * k[k::H],
            _ => s[i / 3 * s::OF_COMPARTMENT + [s::V, s::G_EX, s::G_IN][i % 3]],
        }
    }
    fn state(name: &str, s: &[f64; 20], _: &[f64; 36]) -> f64 {
        s[potential(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 20], _: &[f64; 36]) {
        s[potential(name)] = x;
    }
    solved!(20, 36, 15);
}

/// Where the potential of a compartment stands: `soma.V_m` and so on.
fn potential(name: &str) -> usize {
    COMPARTMENTS.iter().position(|c| name.starts_with(c)).unwrap_or(0) * s::OF_COMPARTMENT + s::V
}

impl Equations<20, 36, 15> for IafCondAlphaMc {
    const H: usize = k::H;
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(_: C, _: usize) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn begin<R: Real, C: Coefficients>(_: C, _: usize, s: &mut [R; 20], input: &Arriving<R>) {
        for i in 0..3 {
            s[s::CURRENT + i] = input.currents(i);
        }
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(c: C, lane: usize, y: &[R; 15], s: &[R; 20], _: R) -> [R; 15] {
        let at = |i| c.at::<R>(i, lane);
        let waiting = s[s::REFRACTORY].gt(R::of(0.0));
        let v: [R; 3] = std::array::from_fn(|i| y[i * s::OF_COMPARTMENT + s::V]);
        // To itself and the proximal dendrite the soma never exceeds the threshold.
        let soma = R::select(waiting, at(k::RESET), v[0].min(at(k::THRESHOLD)));
        let seen = [soma, v[1], v[2]];
        let leaving = [
            at(k::G_SP) * (soma - v[1]),
            at(k::G_SP) * (v[1] - v[0]) + at(k::G_PD) * (v[1] - v[2]),
            at(k::G_PD) * (v[2] - v[1]),
        ];
        let mut slopes = [R::of(0.0); 15];
        for i in 0..3 {
            let at = |j| at(i * k::OF_COMPARTMENT + j);
            let y = |j: usize| y[i * s::OF_COMPARTMENT + j];
            let current = s[s::CURRENT + i] + at(k::I_E)
                - at(k::G_L) * (seen[i] - at(k::E_L))
                - y(s::G_EX) * (seen[i] - at(k::E_EX))
                - y(s::G_IN) * (seen[i] - at(k::E_IN))
                - leaving[i];
            let to = &mut slopes[i * s::OF_COMPARTMENT..];
            to[s::V] = R::select(waiting, R::of(0.0), current * at(k::PER_C_M));
            to[s::Z_EX] = -y(s::Z_EX) * at(k::PER_TAU_EX);
            to[s::G_EX] = y(s::Z_EX) - y(s::G_EX) * at(k::PER_TAU_EX);
            to[s::Z_IN] = -y(s::Z_IN) * at(k::PER_TAU_IN);
            to[s::G_IN] = y(s::Z_IN) - y(s::G_IN) * at(k::PER_TAU_IN);
        }
        slopes
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 20], input: &Arriving<R>) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        for i in 0..3 {
            let (k, s) = (i * k::OF_COMPARTMENT, &mut s[i * s::OF_COMPARTMENT..]);
            s[s::Z_EX] = s[s::Z_EX] + at(k + k::GAIN_EX) * input.spikes(2 * i);
            s[s::Z_IN] = s[s::Z_IN] + at(k + k::GAIN_IN) * input.spikes(2 * i + 1);
        }
        let (mut v, mut r) = (s[s::V], s[s::REFRACTORY]);
        let waiting = r.gt(R::of(0.0));
        // V_reset lies below the threshold, so who waits does not fire.
        v = R::select(waiting, at(k::RESET), v);
        r = R::select(waiting, r - R::of(1.0), r);
        let fired = fire_and_reset(&mut v, &mut r, at(k::THRESHOLD), at(k::RESET), at(k::REFRACTORY));
        (s[s::V], s[s::REFRACTORY]) = (v, r);
        fired
    }
}
