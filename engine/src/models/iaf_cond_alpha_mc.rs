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
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::kernels::{Alpha, Continuous, Driven, DrivenRates};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::fire_and_reset;
use crate::mechanisms::rkf45::Allowed;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::equations::{Equations, Solved, component, still};
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::NoReceptors;
use crate::runtime::parameters::{Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "iaf_cond_alpha_mc",
    title: "Integrate-and-fire, three compartments",
    doc: "Soma and two dendritic compartments in a row, each with conductances that rise and fall smoothly",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) - I_conn + I_e, in each compartment\nI_conn of soma: g_sp (V_s - V_p), proximal: g_sp (V_p - V_s) + g_pd (V_p - V_d), distal: g_pd (V_d - V_p)\nV_s ≥ V_th: spike, V_s = V_reset for t_ref",
    reference: "Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159\nBernander et al. 1991, PNAS 88:11569",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold of the soma"),
                real("t_ref", "ms", 2.0).at_least(0.0).main(0.0, 20.0).in_steps().doc("Refractory period"),
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
        Port::spikes(1, "nS", "Excitation of the soma").named("soma_exc").reverses_at("soma.E_ex"),
        Port::spikes(2, "nS", "Inhibition of the soma").named("soma_inh").reverses_at("soma.E_in"),
        Port::spikes(3, "nS", "Excitation of the proximal dendrite").named("proximal_exc").reverses_at("proximal.E_ex"),
        Port::spikes(4, "nS", "Inhibition of the proximal dendrite").named("proximal_inh").reverses_at("proximal.E_in"),
        Port::spikes(5, "nS", "Excitation of the distal dendrite").named("distal_exc").reverses_at("distal.E_ex"),
        Port::spikes(6, "nS", "Inhibition of the distal dendrite").named("distal_inh").reverses_at("distal.E_in"),
        Port::currents(7, "Currents into the soma").named("soma_curr"),
        Port::currents(8, "Currents into the proximal dendrite").named("proximal_curr"),
        Port::currents(9, "Currents into the distal dendrite").named("distal_curr"),
    ],
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(Solved::<IafCondAlphaMc>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["multicompartment", "dendrite", "distal and proximal dendrite"])
        .section(Section::Compartments)
        .spike(SpikeShape::reset_at("V_th").shown_by("V_m.s")),
};

/// Absolute error allowed in every component (mV, nS).
const TOLERANCE: f64 = 1e-3;

pub struct IafCondAlphaMc;
declared!(IafCondAlphaMc);

/// Soma, proximal and distal dendrite.
const COMPARTMENTS: usize = 3;

/// The components of a compartment.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Compartment<R> {
    v: R,
    excitatory: Driven<R>,
    inhibitory: Driven<R>,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R> {
    /// Steps left of the refractory period of the soma.
    refractory: R,
    /// Currents that flow into the compartments in this step.
    currents: [R; COMPARTMENTS],
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct CompartmentConstants<R> {
    per_c_m: R,
    g_l: R,
    e_l: R,
    e_ex: R,
    e_in: R,
    i_e: R,
    excitatory: DrivenRates<R>,
    inhibitory: DrivenRates<R>,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    compartments: [CompartmentConstants<R>; COMPARTMENTS],
    g_sp: R,
    g_pd: R,
    threshold: R,
    reset: R,
    /// Steps of the refractory period.
    refractory: R,
}

/// The constants of the compartment of this name.
macro_rules! constants_of {
    ($p:expr, $name:literal) => {
        CompartmentConstants {
            per_c_m: 1.0 / get!($p, Self, $name, ".C_m"),
            g_l: get!($p, Self, $name, ".g_L"),
            e_l: get!($p, Self, $name, ".E_L"),
            e_ex: get!($p, Self, $name, ".E_ex"),
            e_in: get!($p, Self, $name, ".E_in"),
            i_e: get!($p, Self, $name, ".I_e"),
            excitatory: Alpha::rates(&[get!($p, Self, $name, ".tau_syn_ex")]),
            inhibitory: Alpha::rates(&[get!($p, Self, $name, ".tau_syn_in")]),
        }
    };
}

/// The quantities of the compartment of this name, whose recordables end with `end`.
const fn of_compartment(name: &'static str, end: &'static str) -> Readings {
    let potential = component(place!(Compartment<f64>, v));
    Readings::NONE
        .and_in_parts([name, ".V_m", ""], potential)
        .and_in_parts(["V_m", end, ""], potential)
        .and_in_parts(["g_ex", end, ""], component(place!(Compartment<f64>, excitatory.value)))
        .and_in_parts(["g_in", end, ""], component(place!(Compartment<f64>, inhibitory.value)))
}

/// Components of a compartment.
const SIZE: usize = <Compartment<f64> as Fields<f64>>::COUNT;

impl Equations for IafCondAlphaMc {
    type Components<R: Real> = [Compartment<R>; COMPARTMENTS];
    type Still<R: Real> = Still<R>;
    type Constants<R: Real> = Constants<R>;
    type Receptors = NoReceptors;
    const READINGS: Readings = of_compartment("soma", ".s")
        .and_those(of_compartment("proximal", ".p"), SIZE)
        .and_those(of_compartment("distal", ".d"), 2 * SIZE)
        .and("t_ref_remaining", Reading::duration(still::<Self>() + place!(Still<f64>, refractory)));

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        Constants {
            compartments: [constants_of!(p, "soma"), constants_of!(p, "proximal"), constants_of!(p, "distal")],
            g_sp: get!(p, Self, "g_sp"),
            g_pd: get!(p, Self, "g_pd"),
            threshold: get!(p, Self, "V_th"),
            reset: get!(p, Self, "V_reset"),
            refractory: p.steps(get!(p, Self, "t_ref")),
        }
    }

    #[inline(always)]
    fn allowed<R: Real>(_: &Constants<R>) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn begin<R: Real, L: Coefficients>(
        _: &Constants<R>,
        _: &Self::Components<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) {
        for i in 0..COMPARTMENTS {
            s.currents[i] = input.currents(i);
        }
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Constants<R>, y: &Self::Components<R>, s: &Still<R>, _: R, _: &()) -> Self::Components<R> {
        let waiting = s.refractory.gt(R::of(0.0));
        // To itself and the proximal dendrite the soma never exceeds the threshold.
        let soma = R::select(waiting, k.reset, y[0].v.min(k.threshold));
        let seen = [soma, y[1].v, y[2].v];
        let leaving = [
            k.g_sp * (soma - y[1].v),
            k.g_sp * (y[1].v - y[0].v) + k.g_pd * (y[1].v - y[2].v),
            k.g_pd * (y[2].v - y[1].v),
        ];
        let mut slopes = *y;
        for i in 0..COMPARTMENTS {
            let (k, y, u) = (&k.compartments[i], &y[i], seen[i]);
            let current = s.currents[i] + k.i_e
                - k.g_l * (u - k.e_l)
                - y.excitatory.value * (u - k.e_ex)
                - y.inhibitory.value * (u - k.e_in)
                - leaving[i];
            slopes[i] = Compartment {
                v: R::select(waiting, R::of(0.0), current * k.per_c_m),
                excitatory: Alpha::slopes(&k.excitatory, &y.excitatory),
                inhibitory: Alpha::slopes(&k.inhibitory, &y.inhibitory),
            };
        }
        slopes
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Constants<R>,
        y: &mut Self::Components<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        for i in 0..COMPARTMENTS {
            let (k, y) = (&k.compartments[i], &mut y[i]);
            Alpha::receive(&k.excitatory, &mut y.excitatory, input.spikes(2 * i));
            Alpha::receive(&k.inhibitory, &mut y.inhibitory, input.spikes(2 * i + 1));
        }
        let waiting = s.refractory.gt(R::of(0.0));
        // V_reset lies below the threshold, so who waits does not fire.
        y[0].v = R::select(waiting, k.reset, y[0].v);
        s.refractory = R::select(waiting, s.refractory - R::of(1.0), s.refractory);
        fire_and_reset(&mut y[0].v, &mut s.refractory, k.threshold, k.reset, k.refractory)
    }
}
