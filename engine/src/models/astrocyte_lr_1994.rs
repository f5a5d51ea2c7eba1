//! Calcium dynamics of an astrocyte: inositol trisphosphate in, slow inward currents out.
//!
//! d[IP3]/dt = (IP3_0 − [IP3]) / tau_IP3;  dCa/dt = J_channel − J_pump + J_leak + J;  dh/dt = alpha_h (1 − h) − beta_h h
//! SIC = SIC_scale ln(1000 (Ca − SIC_th)) where the argument exceeds 1
//!
//! Li & Rinzel 1994, J Theor Biol 166:461; De Young & Keizer 1992, PNAS 89:9895;
//! Nadkarni & Jung 2003, Phys Rev Lett 91:268101.

use super::declare::*;
use crate::math;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};
use crate::runtime::neurons::solved::{Equations, solved};

pub const MODEL: Model = Model {
    name: "astrocyte_lr_1994",
    family: Family::Neuron,
    title: "Astrocyte",
    doc: "Calcium of an astrocyte; spikes raise IP3, and calcium above threshold drives neurons by a slow inward current",
    equations: "d[IP3]/dt = (IP3_0 − [IP3]) / tau_IP3, spike: [IP3] += delta_IP3 · weight\ndCa/dt = J_channel − J_pump + J_leak + J\ndh/dt = alpha_h (1 − h) − beta_h h\nSIC = SIC_scale ln(1000 (Ca − SIC_th))",
    reference: "Li & Rinzel 1994, J Theor Biol 166:461; Nadkarni & Jung 2003, Phys Rev Lett 91:268101",
    groups: &[
        Group {
            title: "IP3",
            parameters: &[
                real("delta_IP3", "µM", 0.0002).at_least(0.0).main(0.0, 0.01).doc("Rise of IP3 by a spike of weight 1"),
                real("tau_IP3", "ms", 7142.0).above(0.0).main(100.0, 20000.0).doc("Time constant of the decay of IP3"),
                real("IP3_0", "µM", 0.16).at_least(0.0).slider(0.0, 1.0).doc("IP3 at rest"),
            ],
        },
        Group {
            title: "Slow inward current",
            parameters: &[
                real("SIC_scale", "", 1.0).above(0.0).main(0.1, 10.0).doc("Scale of the current"),
                real("SIC_th", "µM", 0.19669)
                    .at_least(0.0)
                    .slider(0.0, 1.0)
                    .doc("Calcium above which there is a current"),
            ],
        },
        Group {
            title: "Calcium",
            parameters: &[
                real("Ca_tot", "µM", 2.0)
                    .above(0.0)
                    .slider(0.5, 5.0)
                    .doc("Calcium in the whole cell, per volume of the cytosol"),
                real("ratio_ER_cyt", "", 0.185)
                    .above(0.0)
                    .doc("Volume of the endoplasmic reticulum over that of the cytosol"),
                real("rate_IP3R", "1/ms", 0.006).at_least(0.0).doc("Greatest rate of release through IP3 receptors"),
                real("rate_L", "1/ms", 0.00011).at_least(0.0).doc("Rate of the leak from the reticulum"),
                real("rate_SERCA", "µM/ms", 0.0009).at_least(0.0).doc("Greatest rate of uptake by pumps"),
                real("Km_SERCA", "µM", 0.1).above(0.0).doc("Calcium at half the greatest uptake"),
                real("Kd_IP3_1", "µM", 0.13).above(0.0).doc("First dissociation constant of IP3"),
                real("Kd_IP3_2", "µM", 0.9434).above(0.0).doc("Second dissociation constant of IP3"),
                real("Kd_act", "µM", 0.08234).above(0.0).doc("Dissociation constant of calcium, activation"),
                real("Kd_inh", "µM", 1.049).at_least(0.0).doc("Dissociation constant of calcium, inhibition"),
                real("k_IP3R", "1/(µM ms)", 0.0002).at_least(0.0).doc("Rate at which calcium inhibits receptors"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("IP3", "µM", 0.16).at_least(0.0).slider(0.0, 2.0).doc("IP3 in the cytosol"),
                state("Ca_astro", "µM", 0.073).at_least(0.0).slider(0.0, 2.0).doc("Calcium in the cytosol"),
                state("h_IP3R", "", 0.793)
                    .at_least(0.0)
                    .at_most(1.0)
                    .doc("Part of the receptors that calcium has not inhibited"),
            ],
        },
    ],
    recordables: &[
        Recordable::new("IP3", "µM", "IP3 in the cytosol"),
        Recordable::new("Ca_astro", "µM", "Calcium in the cytosol"),
        Recordable::new("h_IP3R", "", "Part of the receptors that calcium has not inhibited"),
    ],
    ports: &[
        Port::spikes(0, "", "Spikes that raise IP3; weights must not be negative").signed().only_positive(),
        Port::currents(0, "Flux of calcium, µM/ms"),
    ],
    emits: Emits::Nothing,
    signal: Some(Signal::SlowCurrent),
    relations: &[],
    neurons: Some(Blocks::<Astrocyte, _, _>::make),
    generator: None,
    synapses: None,
};

/// Absolute error allowed in every component.
const TOLERANCE: f64 = 1e-3;

/// Derived constants, in the order of their names.
const NAMES: [&str; 16] = [
    "Ca_tot",
    "IP3_0",
    "Kd_IP3_1",
    "Kd_IP3_2",
    "Kd_act",
    "Kd_inh",
    "Km_SERCA",
    "ratio_ER_cyt",
    "delta_IP3",
    "k_IP3R",
    "rate_L",
    "rate_IP3R",
    "rate_SERCA",
    "tau_IP3",
    "SIC_scale",
    "SIC_th",
];
mod k {
    pub const CA_TOT: usize = 0;
    pub const IP3_0: usize = 1;
    pub const KD_IP3_1: usize = 2;
    pub const KD_IP3_2: usize = 3;
    pub const KD_ACT: usize = 4;
    pub const KD_INH: usize = 5;
    pub const KM_SERCA: usize = 6;
    pub const RATIO: usize = 7;
    pub const DELTA_IP3: usize = 8;
    pub const K_IP3R: usize = 9;
    pub const RATE_L: usize = 10;
    pub const RATE_IP3R: usize = 11;
    pub const RATE_SERCA: usize = 12;
    pub const TAU_IP3: usize = 13;
    pub const SIC_SCALE: usize = 14;
    pub const SIC_TH: usize = 15;
    pub const H: usize = 16;
}

/// Numbers of state; the first three are the components of the equations.
mod s {
    pub const IP3: usize = 0;
    pub const CA: usize = 1;
    pub const H: usize = 2;
}

pub struct Astrocyte;

impl Dynamics<4, 17> for Astrocyte {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 17] {
        std::array::from_fn(|i| NAMES.get(i).map_or(grid.h(), |name| p.real(name)))
    }
    fn initial(_: &dyn Lookup, k: &[f64; 17]) -> [f64; 4] {
        [0.0, 0.0, 0.0, k[k::H]]
    }
    fn shown(s: &[f64; 4], k: &[f64; 17]) -> f64 {
        let above = (s[s::CA] - k[k::SIC_TH]) * 1000.0;
        if above > 1.0 { k[k::SIC_SCALE] * math::ln(above) } else { 0.0 }
    }
    fn recordable(i: usize, s: &[f64; 4], _: &[f64; 17]) -> f64 {
        s[i]
    }
    fn state(name: &str, s: &[f64; 4], _: &[f64; 17]) -> f64 {
        s[place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 4], _: &[f64; 17]) {
        s[place(name)] = x;
    }
    solved!(4, 17, 3);
}

impl Equations<4, 17, 3> for Astrocyte {
    const H: usize = k::H;
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(_: C, _: usize) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(c: C, lane: usize, y: &[R; 3], _: &[R; 4], flux: R) -> [R; 3] {
        let at = |i| c.at::<R>(i, lane);
        let [ip3, ca, h] = *y;
        let ca = ca.max(R::of(0.0)).min(at(k::CA_TOT));
        let reticulum = (at(k::CA_TOT) - ca) / at(k::RATIO);
        let m = ip3 / (ip3 + at(k::KD_IP3_1));
        let n = ca / (ca + at(k::KD_ACT));
        let open = m * n * h;
        let channel = at(k::RATIO) * at(k::RATE_IP3R) * (open * open * open) * (reticulum - ca);
        let pump = at(k::RATE_SERCA) * (ca * ca) / (at(k::KM_SERCA) * at(k::KM_SERCA) + ca * ca);
        let leak = at(k::RATIO) * at(k::RATE_L) * (reticulum - ca);
        let inhibition = at(k::KD_INH) * (ip3 + at(k::KD_IP3_1)) / (ip3 + at(k::KD_IP3_2));
        let recovery = at(k::K_IP3R) * inhibition * (R::of(1.0) - h);
        [(at(k::IP3_0) - ip3) / at(k::TAU_IP3), channel - pump + leak + flux, recovery - at(k::K_IP3R) * ca * h]
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 4], input: &Arriving<R>) -> R::Mask {
        s[s::CA] = s[s::CA].max(R::of(0.0)).min(c.at(k::CA_TOT, lane));
        s[s::IP3] = s[s::IP3] + c.at::<R>(k::DELTA_IP3, lane) * input.excitatory;
        // A negative weight has no meaning: the state is given up, which is reported.
        let refused = R::of(0.0).gt(input.inhibitory);
        s[s::IP3] = R::select(refused, R::of(f64::NAN), s[s::IP3]);
        R::mask(0)
    }
}

fn place(state: &str) -> usize {
    match state {
        "Ca_astro" => s::CA,
        "h_IP3R" => s::H,
        _ => s::IP3,
    }
}
