//! Calcium dynamics of an astrocyte: inositol trisphosphate in, slow inward currents out.
//!
//! dIP3/dt = (IP3_0 − IP3) / tau_IP3;  dCa/dt = J_channel − J_pump + J_leak + J;  dh/dt = alpha_h (1 − h) − beta_h h
//! SIC = SIC_scale ln(1000 (Ca − SIC_th)) where the argument exceeds 1
//!
//! Li & Rinzel 1994, J Theor Biol 166:461; De Young & Keizer 1992, PNAS 89:9895;
//! Nadkarni & Jung 2003, Phys Rev Lett 91:268101.

use super::declare::*;
use crate::math;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::equations::{Equations, Solved};
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::NoReceptors;
use crate::runtime::parameters::{Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "astrocyte_lr_1994",
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
    relations: &[],
    behaviour: Behaviour::neurons(Solved::<Astrocyte>::make, &[Signal::SlowCurrent]),
    facts: Facts::NONE.also_called(&["glia", "calcium", "Li-Rinzel", "IP3"]).section(Section::Glia),
};

/// Absolute error allowed in every component.
const TOLERANCE: f64 = 1e-3;

pub struct Astrocyte;
declared!(Astrocyte);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R> {
    #[name = "IP3"]
    ip3: R,
    #[name = "Ca_astro"]
    ca: R,
    #[name = "h_IP3R"]
    h: R,
}

/// The parameters.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    ca_tot: R,
    ip3_0: R,
    kd_ip3_1: R,
    kd_ip3_2: R,
    kd_act: R,
    kd_inh: R,
    km_serca: R,
    ratio: R,
    delta_ip3: R,
    k_ip3r: R,
    rate_l: R,
    rate_ip3r: R,
    rate_serca: R,
    tau_ip3: R,
    sic_scale: R,
    sic_th: R,
}

/// The slow inward current that the astrocyte causes.
fn slow_inward_current(s: &[f64], k: &[f64]) -> f64 {
    let above = (s[place!(Components<f64>, ca)] - k[place!(Constants<f64>, sic_th)]) * 1000.0;
    if above > 1.0 { k[place!(Constants<f64>, sic_scale)] * math::ln(above) } else { 0.0 }
}

impl Equations for Astrocyte {
    type Components<R: Real> = Components<R>;
    type Still<R: Real> = ();
    type Constants<R: Real> = Constants<R>;
    type Receptors = NoReceptors;
    const READINGS: Readings = Readings::of::<Components<f64>>();

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        Constants {
            ca_tot: get!(p, Self, "Ca_tot"),
            ip3_0: get!(p, Self, "IP3_0"),
            kd_ip3_1: get!(p, Self, "Kd_IP3_1"),
            kd_ip3_2: get!(p, Self, "Kd_IP3_2"),
            kd_act: get!(p, Self, "Kd_act"),
            kd_inh: get!(p, Self, "Kd_inh"),
            km_serca: get!(p, Self, "Km_SERCA"),
            ratio: get!(p, Self, "ratio_ER_cyt"),
            delta_ip3: get!(p, Self, "delta_IP3"),
            k_ip3r: get!(p, Self, "k_IP3R"),
            rate_l: get!(p, Self, "rate_L"),
            rate_ip3r: get!(p, Self, "rate_IP3R"),
            rate_serca: get!(p, Self, "rate_SERCA"),
            tau_ip3: get!(p, Self, "tau_IP3"),
            sic_scale: get!(p, Self, "SIC_scale"),
            sic_th: get!(p, Self, "SIC_th"),
        }
    }
    fn output() -> Option<Reading> {
        Some(Reading::computed(slow_inward_current))
    }

    #[inline(always)]
    fn allowed<R: Real>(_: &Constants<R>) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Constants<R>, y: &Components<R>, _: &(), flux: R, _: &()) -> Components<R> {
        let Components { ip3, ca, h } = *y;
        let ca = ca.max(R::of(0.0)).min(k.ca_tot);
        let reticulum = (k.ca_tot - ca) / k.ratio;
        let m = ip3 / (ip3 + k.kd_ip3_1);
        let n = ca / (ca + k.kd_act);
        let open = m * n * h;
        let channel = k.ratio * k.rate_ip3r * (open * open * open) * (reticulum - ca);
        let pump = k.rate_serca * (ca * ca) / (k.km_serca * k.km_serca + ca * ca);
        let leak = k.ratio * k.rate_l * (reticulum - ca);
        let inhibition = k.kd_inh * (ip3 + k.kd_ip3_1) / (ip3 + k.kd_ip3_2);
        let recovery = k.k_ip3r * inhibition * (R::of(1.0) - h);
        Components {
            ip3: (k.ip3_0 - ip3) / k.tau_ip3,
            ca: channel - pump + leak + flux,
            h: recovery - k.k_ip3r * ca * h,
        }
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Constants<R>,
        y: &mut Components<R>,
        _: &mut (),
        _: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        y.ca = y.ca.max(R::of(0.0)).min(k.ca_tot);
        y.ip3 = y.ip3 + k.delta_ip3 * input.excitatory;
        // A negative weight has no meaning: the state is given up, which is reported.
        let refused = R::of(0.0).gt(input.inhibitory);
        y.ip3 = R::select(refused, R::of(f64::NAN), y.ip3);
        R::mask(0)
    }
}
