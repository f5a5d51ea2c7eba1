//! A tree of compartments with sodium and potassium channels and four types of receptors.
//!
//! C_m dV_i/dt = -g_L (V_i - e_L) - sum_j g_C (V_i - V_j) + I_Na + I_K + sum_receptors I + I_input, j next to i in the tree
//! I_Na = gbar_Na m^3 h (e_Na - V), I_K = gbar_K n (e_K - V), dy/dt = (y_inf(V) - y) / tau_y(V) for y in m, h, n
//! I_AMPA = g (e - V), likewise GABA; I_NMDA = g B(V) (e - V), B(V) = 1 / (1 + 0.3 exp(-0.1 V))
//! g rises and falls with tau_r, tau_d; its peak after a spike is the weight
//!
//! Wybo et al. 2021, eLife 10:e60936.
//!
//! Units agree by convention: mV, ms, nF, µS, nA. The step is semi-implicit (Crank-Nicolson for the tree, channels and
//! receptors linearised at the potentials before the step), so results depend on the resolution. A spike is a crossing of
//! V_th by the root; nothing is reset. Other than in NEST, all neurons of a node have the same tree, and input that
//! is under way when a run ends is kept.

use super::declare::*;
use super::shared::PLASTICITY;
use crate::math;
use crate::mechanisms::kernels::double_exponential_peak;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, ListDynamics, Lookup};
use crate::runtime::neurons::lists::{List, Lists};

pub const MODEL: Model = Model {
    name: "cm_default",
    family: Family::Neuron,
    title: "Tree of compartments",
    doc: "Compartments in a tree, with sodium and potassium channels and AMPA, GABA and NMDA receptors where you put them",
    equations: "C_m dV_i/dt = -g_L (V_i - e_L) - sum_j g_C (V_i - V_j) + I_Na + I_K + sum I_receptor + I\nI_Na = gbar_Na m³ h (e_Na - V), I_K = gbar_K n (e_K - V)\nI_AMPA = g (e - V), I_GABA = g (e - V), I_NMDA = g (e - V) / (1 + 0.3 exp(-0.1 V))\nV_0 crosses V_th upwards: spike, without reset",
    reference: "Wybo et al. 2021, eLife 10:e60936",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("V_th", "mV", -55.0).main(-70.0, 0.0).doc("The root spikes when it crosses this upwards"),
                records("compartments", &COMPARTMENTS).not_empty().doc("Tree of compartments; entry 0 is the root"),
                records("receptors", &RECEPTORS).doc("Receptors; their place in the list is the port of spikes"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[
        Recordable::new("v_comp", "mV", "Potential of a compartment").each("compartments", 0),
        Recordable::new("m_Na_", "", "Sodium activation of a compartment").each("compartments", 0),
        Recordable::new("h_Na_", "", "Sodium inactivation of a compartment").each("compartments", 0),
        Recordable::new("n_K_", "", "Potassium activation of a compartment").each("compartments", 0),
        of_receptor("g_r_AMPA_", "AMPA"),
        of_receptor("g_d_AMPA_", "AMPA"),
        of_receptor("g_r_GABA_", "GABA"),
        of_receptor("g_d_GABA_", "GABA"),
        of_receptor("g_r_NMDA_", "NMDA"),
        of_receptor("g_d_NMDA_", "NMDA"),
        of_receptor("g_r_AN_AMPA_", "AMPA_NMDA"),
        of_receptor("g_d_AN_AMPA_", "AMPA_NMDA"),
        of_receptor("g_r_AN_NMDA_", "AMPA_NMDA"),
        of_receptor("g_d_AN_NMDA_", "AMPA_NMDA"),
    ],
    ports: &[
        Port::spikes(0, "µS", "Spikes at the receptors, by their place in the list").each("receptors").only_positive(),
        Port::currents(0, "Currents (nA) into the compartments, by their place in the list")
            .each("compartments")
            .prompt(),
    ],
    emits: Emits::Spikes,
    signal: None,
    relations: &[],
    neurons: Some(Blocks::<CmDefault, _, _>::make),
    generator: None,
    synapses: None,
};

/// Number of the first of the recordables that belong to receptors.
const OF_RECEPTORS: usize = 4;

const fn of_receptor(name: &'static str, kind: &'static str) -> Recordable {
    let doc = "Rising (r) or falling (d) part of the conductance of a receptor";
    Recordable::new(name, "µS", doc).each("receptors", 0).of_kind(kind)
}

static COMPARTMENTS: Records = Records {
    required: &[integer("parent_idx", -1).doc("The compartment that it hangs on; negative for the root")],
    parent: "parent_idx",
    among: &[],
    kind: "",
    kinds: &[Kind {
        name: "",
        optional: &[
            real("params.C_m", "nF", 1.0).doc("Capacitance"),
            real("params.g_C", "µS", 0.01).doc("Conductance to the parent"),
            real("params.g_L", "µS", 0.1).doc("Leak conductance"),
            real("params.e_L", "mV", -70.0).doc("Leak reversal potential"),
            real("params.v_comp", "mV", -70.0).doc("Potential at the beginning"),
            real("params.gbar_Na", "µS", 0.0).doc("Largest sodium conductance"),
            real("params.e_Na", "mV", 50.0).doc("Sodium reversal potential"),
            real("params.gbar_K", "µS", 0.0).doc("Largest potassium conductance"),
            real("params.e_K", "mV", -85.0).doc("Potassium reversal potential"),
        ],
        together: &["params.e_Na", "params.e_K"],
    }],
};

static RECEPTORS: Records = Records {
    required: &[
        integer("comp_idx", 0).doc("The compartment that it is on"),
        text("receptor_type", "AMPA").doc("AMPA, GABA, NMDA or AMPA_NMDA"),
    ],
    parent: "",
    among: &[("comp_idx", "compartments")],
    kind: "receptor_type",
    kinds: &[
        Kind { name: "AMPA", optional: &[real("params.e_AMPA", "mV", 0.0), TAU_R_AMPA, TAU_D_AMPA], together: &[] },
        Kind {
            name: "GABA",
            optional: &[
                real("params.e_GABA", "mV", -80.0),
                real("params.tau_r_GABA", "ms", 0.2),
                real("params.tau_d_GABA", "ms", 10.0),
            ],
            together: &[],
        },
        Kind { name: "NMDA", optional: &[real("params.e_NMDA", "mV", 0.0), TAU_R_NMDA, TAU_D_NMDA], together: &[] },
        Kind {
            name: "AMPA_NMDA",
            optional: &[
                real("params.e_AMPA_NMDA", "mV", 0.0),
                TAU_R_AMPA,
                TAU_D_AMPA,
                TAU_R_NMDA,
                TAU_D_NMDA,
                real("params.NMDA_ratio", "", 2.0),
            ],
            together: &[],
        },
    ],
};
const TAU_R_AMPA: Parameter = real("params.tau_r_AMPA", "ms", 0.2);
const TAU_D_AMPA: Parameter = real("params.tau_d_AMPA", "ms", 3.0);
const TAU_R_NMDA: Parameter = real("params.tau_r_NMDA", "ms", 0.2);
const TAU_D_NMDA: Parameter = real("params.tau_d_NMDA", "ms", 43.0);

/// Kinds of receptors, by their place in the declaration.
const AMPA: usize = 0;
const GABA: usize = 1;
const NMDA: usize = 2;

/// The compartments: state, of which the last two are the row of the linear system in work, and constants.
const COMPARTMENT: usize = 0;
mod compartment {
    pub const V: usize = 0;
    pub const M: usize = 1;
    pub const H: usize = 2;
    pub const N: usize = 3;
    pub const DIAGONAL: usize = 4;
    pub const RIGHT: usize = 5;

    pub const PARENT: usize = 0;
    pub const C_PER_H: usize = 1;
    pub const G_L: usize = 2;
    pub const E_L: usize = 3;
    pub const HALF_G_C: usize = 4;
    pub const G_NA: usize = 5;
    pub const E_NA: usize = 6;
    pub const G_K: usize = 7;
    pub const E_K: usize = 8;
    pub const V_COMP: usize = 9;
}

/// The receptors: rising and falling part of the conductance, twice where AMPA and NMDA go together.
const RECEPTOR: usize = 1;
mod receptor {
    pub const KIND: usize = 0;
    pub const COMPARTMENT: usize = 1;
    pub const E: usize = 2;
    /// Share of the second conductance.
    pub const RATIO: usize = 3;
    /// Decay of the rising part, of the falling part, and what a weight of 1 adds; then those of the second.
    pub const DECAY_R: usize = 4;
    pub const DECAY_D: usize = 5;
    pub const GAIN: usize = 6;
    pub const OF_CONDUCTANCE: usize = 3;
}

mod k {
    pub const THRESHOLD: usize = 0;
    pub const H: usize = 1;
}

/// Channels weaker than this are left out, in µS.
const NO_CHANNEL: f64 = 1e-9;

pub struct CmDefault;

/// Value at rest and h/τ of a gate from its rates α, β; the temperature makes it 3.21 times as fast.
#[inline(always)]
fn gate<R: Real>(alpha: R, beta: R, h: R) -> (R, R) {
    let sum = alpha + beta;
    (alpha / sum, h * sum * R::of(3.21))
}

/// a x / (1 − e^(−x/s)), with its limit `a s` where x is close to 0.
#[inline(always)]
fn linoid<R: Real>(a: f64, x: R, s: f64, close: f64) -> R {
    let there = R::of(close).ge(x.abs());
    let value = R::of(a) * x / (R::of(1.0) - R::exp(-x / R::of(s)));
    R::select(there, R::of(a * s), value)
}

#[inline(always)]
fn gate_m<R: Real>(v: R, h: R) -> (R, R) {
    let x = v + R::of(35.013);
    gate(linoid(0.182, x, 9.0, 1e-5), linoid(0.124, -x, 9.0, 1e-5), h)
}

#[inline(always)]
fn gate_h<R: Real>(v: R, h: R) -> (R, R) {
    let alpha = linoid(0.024, v + R::of(50.013), 5.0, 1e-5);
    let beta = linoid(0.0091, -(v + R::of(75.013)), 5.0, 1e-9);
    let (_, per_step) = gate(alpha, beta, h);
    (R::of(1.0) / (R::of(1.0) + R::exp((v + R::of(65.0)) / R::of(6.2))), per_step)
}

#[inline(always)]
fn gate_n<R: Real>(v: R, h: R) -> (R, R) {
    let x = v - R::of(25.0);
    gate(linoid(0.02, x, 9.0, 1e-5), linoid(0.002, -x, 9.0, 1e-5), h)
}

/// A gate after a step at constant potential.
#[inline(always)]
fn relaxed<R: Real>(y: R, (rest, per_step): (R, R)) -> R {
    rest + (y - rest) * R::exp(-per_step)
}

/// Block of NMDA receptors by magnesium, and its derivative by the potential.
#[inline(always)]
fn block<R: Real>(v: R) -> (R, R) {
    let e = R::exp(R::of(-0.1) * v);
    let b = R::of(1.0) / (R::of(1.0) + R::of(0.3) * e);
    (b, R::of(0.03) * e * b * b)
}

impl ListDynamics<0, 2> for CmDefault {
    const LISTS: &'static [List] =
        &[List { of: "compartments", state: 6, constants: 10 }, List { of: "receptors", state: 4, constants: 10 }];

    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 2] {
        [p.real("V_th"), grid.h()]
    }

    fn entry_constants(list: usize, i: usize, p: &dyn Lookup, grid: Grid, k: &mut [f64]) {
        if list == COMPARTMENT {
            let of = |key: &str| p.list(&format!("compartments.params.{key}"))[i];
            k[compartment::PARENT] = p.list("compartments.parent_idx")[i];
            k[compartment::C_PER_H] = of("C_m") / grid.h();
            k[compartment::G_L] = of("g_L");
            k[compartment::E_L] = of("e_L");
            k[compartment::HALF_G_C] = 0.5 * of("g_C");
            k[compartment::G_NA] = of("gbar_Na");
            k[compartment::E_NA] = of("e_Na");
            k[compartment::G_K] = of("gbar_K");
            k[compartment::E_K] = of("e_K");
            k[compartment::V_COMP] = of("v_comp");
            return;
        }
        let of = |key: &str| p.list(&format!("receptors.params.{key}"))[i];
        let kind = p.list("receptors")[i];
        let (name, conductances): (&str, &[&str]) =
            [("AMPA", &["AMPA"][..]), ("GABA", &["GABA"]), ("NMDA", &["NMDA"]), ("AMPA_NMDA", &["AMPA", "NMDA"])]
                [kind as usize];
        k[receptor::KIND] = kind;
        k[receptor::COMPARTMENT] = p.list("receptors.comp_idx")[i];
        k[receptor::E] = of(&format!("e_{name}"));
        k[receptor::RATIO] = of("NMDA_ratio");
        for (i, conductance) in conductances.iter().enumerate() {
            let (rise, fall) = (of(&format!("tau_r_{conductance}")), of(&format!("tau_d_{conductance}")));
            let k = &mut k[i * receptor::OF_CONDUCTANCE..];
            k[receptor::DECAY_R] = math::exp(-grid.h() / rise);
            k[receptor::DECAY_D] = math::exp(-grid.h() / fall);
            k[receptor::GAIN] = 1.0 / double_exponential_peak(rise, fall);
        }
    }

    fn initial(_: &dyn Lookup, _: &[f64; 2]) -> [f64; 0] {
        []
    }

    fn initial_entry(list: usize, k: &[f64], s: &mut [f64]) {
        if list == COMPARTMENT {
            let v = k[compartment::V_COMP];
            s[compartment::V] = v;
            s[compartment::M] = gate_m(v, 0.0).0;
            s[compartment::H] = gate_h(v, 0.0).0;
            s[compartment::N] = gate_n(v, 0.0).0;
        }
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients, L: Coefficients>(
        c: C,
        lane: usize,
        _: &mut [R; 0],
        lists: &mut Lists<'_, L>,
        input: Arriving<R>,
    ) -> R::Mask {
        let before = lists.get::<R>(COMPARTMENT, 0, compartment::V);
        for i in 0..lists.len(COMPARTMENT) {
            set_up(lists, i, input.currents(i));
            open_channels(lists, i, c.at::<R>(k::H, lane));
        }
        for i in 0..lists.len(RECEPTOR) {
            open_receptor(lists, i, input.spikes(i));
        }
        solve::<R, L>(lists);
        let (after, threshold) = (lists.get::<R>(COMPARTMENT, 0, compartment::V), c.at::<R>(k::THRESHOLD, lane));
        R::and(after.ge(threshold), threshold.gt(before))
    }

    fn recordable<L: Coefficients>(i: usize, entry: usize, _: &[f64; 0], _: &[f64; 2], lists: &Lists<'_, L>) -> f64 {
        match i {
            0..OF_RECEPTORS => lists.get(COMPARTMENT, entry, i),
            // Of receptors with two conductances the names are four, of the others two.
            10.. => lists.get(RECEPTOR, entry, i - 10),
            _ => lists.get(RECEPTOR, entry, i % 2),
        }
    }
    fn state(_: &str, _: &[f64; 0], _: &[f64; 2]) -> f64 {
        0.0
    }
    fn set_state(_: &str, _: f64, _: &mut [f64; 0], _: &[f64; 2]) {}
}

/// Adds to the row of a compartment in the linear system.
#[inline(always)]
fn add<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, i: usize, diagonal: R, right: R) {
    for (place, x) in [(compartment::DIAGONAL, diagonal), (compartment::RIGHT, right)] {
        lists.set(COMPARTMENT, i, place, lists.get::<R>(COMPARTMENT, i, place) + x);
    }
}

/// The compartment that this one hangs on; `None` for the root.
#[inline(always)]
fn parent<L: Coefficients>(lists: &Lists<'_, L>, i: usize) -> Option<usize> {
    let parent = lists.constant::<f64>(COMPARTMENT, i, compartment::PARENT);
    (parent >= 0.0).then_some(parent as usize)
}

/// The row of a compartment without channels and receptors; parents come before their children.
#[inline(always)]
fn set_up<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, i: usize, current: R) {
    let of = |j| lists.constant::<R>(COMPARTMENT, i, j);
    let v = lists.get::<R>(COMPARTMENT, i, compartment::V);
    let half_leak = R::of(0.5) * of(compartment::G_L);
    let diagonal = of(compartment::C_PER_H) + half_leak;
    let right = (of(compartment::C_PER_H) - half_leak) * v + of(compartment::G_L) * of(compartment::E_L) + current;
    lists.set(COMPARTMENT, i, compartment::DIAGONAL, diagonal);
    lists.set(COMPARTMENT, i, compartment::RIGHT, right);
    if let Some(parent) = parent(lists, i) {
        let g = lists.constant::<R>(COMPARTMENT, i, compartment::HALF_G_C);
        let flow = g * (v - lists.get::<R>(COMPARTMENT, parent, compartment::V));
        add(lists, i, g, -flow);
        add(lists, parent, g, flow);
    }
}

/// Adds a current g (e − v) to the row of a compartment, linearised at v: half of its slope is implicit.
#[inline(always)]
fn add_current<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, i: usize, v: R, current: R, slope: R) {
    let half = R::of(0.5) * slope;
    add(lists, i, -half, current - half * v);
}

#[inline(always)]
fn open_channels<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, i: usize, h: R) {
    let v = lists.get::<R>(COMPARTMENT, i, compartment::V);
    if lists.constant::<f64>(COMPARTMENT, i, compartment::G_NA) > NO_CHANNEL {
        let m = relaxed(lists.get::<R>(COMPARTMENT, i, compartment::M), gate_m(v, h));
        let inactivation = relaxed(lists.get::<R>(COMPARTMENT, i, compartment::H), gate_h(v, h));
        lists.set(COMPARTMENT, i, compartment::M, m);
        lists.set(COMPARTMENT, i, compartment::H, inactivation);
        let g = lists.constant::<R>(COMPARTMENT, i, compartment::G_NA) * m * m * m * inactivation;
        let e = lists.constant::<R>(COMPARTMENT, i, compartment::E_NA);
        add_current(lists, i, v, g * (e - v), -g);
    }
    if lists.constant::<f64>(COMPARTMENT, i, compartment::G_K) > NO_CHANNEL {
        let n = relaxed(lists.get::<R>(COMPARTMENT, i, compartment::N), gate_n(v, h));
        lists.set(COMPARTMENT, i, compartment::N, n);
        let g = lists.constant::<R>(COMPARTMENT, i, compartment::G_K) * n;
        let e = lists.constant::<R>(COMPARTMENT, i, compartment::E_K);
        add_current(lists, i, v, g * (e - v), -g);
    }
}

/// One conductance of a receptor over the step, with the spikes that arrive.
#[inline(always)]
fn conductance<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, i: usize, which: usize, arriving: R) -> R {
    let of = |j| lists.constant::<R>(RECEPTOR, i, which * receptor::OF_CONDUCTANCE + j);
    let opened = of(receptor::GAIN) * arriving;
    let rising = of(receptor::DECAY_R) * lists.get(RECEPTOR, i, 2 * which) - opened;
    let falling = of(receptor::DECAY_D) * lists.get(RECEPTOR, i, 2 * which + 1) + opened;
    lists.set(RECEPTOR, i, 2 * which, rising);
    lists.set(RECEPTOR, i, 2 * which + 1, falling);
    rising + falling
}

#[inline(always)]
fn open_receptor<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, i: usize, arriving: R) {
    let compartment = lists.constant::<f64>(RECEPTOR, i, receptor::COMPARTMENT) as usize;
    let v = lists.get::<R>(COMPARTMENT, compartment, compartment::V);
    let driving = lists.constant::<R>(RECEPTOR, i, receptor::E) - v;
    let first = conductance(lists, i, 0, arriving);
    let (current, slope) = match lists.constant::<f64>(RECEPTOR, i, receptor::KIND) as usize {
        AMPA | GABA => (first * driving, -first),
        NMDA => {
            let (b, steepness) = block(v);
            (first * b * driving, first * (steepness * driving - b))
        }
        _ => {
            let second = lists.constant::<R>(RECEPTOR, i, receptor::RATIO) * conductance(lists, i, 1, arriving);
            let (b, steepness) = block(v);
            ((first + second * b) * driving, second * (steepness * driving - b) - first)
        }
    };
    add_current(lists, compartment, v, current, slope);
}

/// The potentials after the step: eliminates from the leaves to the root, then goes back.
#[inline(always)]
fn solve<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>) {
    for i in (0..lists.len(COMPARTMENT)).rev() {
        let Some(parent) = parent(lists, i) else { continue };
        let g = lists.constant::<R>(COMPARTMENT, i, compartment::HALF_G_C);
        let factor = g / lists.get::<R>(COMPARTMENT, i, compartment::DIAGONAL);
        let right = factor * lists.get::<R>(COMPARTMENT, i, compartment::RIGHT);
        add(lists, parent, -(g * factor), right);
    }
    for i in 0..lists.len(COMPARTMENT) {
        let mut right = lists.get::<R>(COMPARTMENT, i, compartment::RIGHT);
        if let Some(parent) = parent(lists, i) {
            let g = lists.constant::<R>(COMPARTMENT, i, compartment::HALF_G_C);
            right = right + g * lists.get::<R>(COMPARTMENT, parent, compartment::V);
        }
        lists.set(COMPARTMENT, i, compartment::V, right / lists.get::<R>(COMPARTMENT, i, compartment::DIAGONAL));
    }
}
