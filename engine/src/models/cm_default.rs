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
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::kernels::double_exponential_peak;
use crate::mechanisms::lanes::Real;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::{Arriving, Neuron};
use crate::runtime::neurons::lists::{List, ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::{Parameters, declared, key, list, real as get};

pub const MODEL: Model = Model {
    name: "cm_default",
    title: "Tree of compartments",
    doc: "Compartments in a tree, with sodium and potassium channels and AMPA, GABA and NMDA receptors where you put them",
    equations: "C_m dV_i/dt = -g_L (V_i - e_L) - sum_j g_C (V_i - V_j) + I_Na + I_K + sum I_receptor + I\nI_Na = gbar_Na m³ h (e_Na - V), I_K = gbar_K n (e_K - V)\nI_AMPA = g (e - V), I_GABA = g (e - V), I_NMDA = g (e - V) / (1 + 0.3 exp(-0.1 V))\nV_0 crosses V_th upwards: spike, without reset",
    reference: "Wybo et al. 2021, eLife 10:e60936",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("V_th", "mV", -55.0).main(-70.0, 0.0).doc("The root spikes when it crosses this upwards"),
                table("compartments", &COMPARTMENTS)
                    .not_empty()
                    .starts_with_rows(&[&[("parent_idx", DefaultValue::Real(-1.0))]])
                    .doc("Tree of compartments; entry 0 is the root"),
                table("receptors", &RECEPTORS)
                    .starts_with_rows(&[&[
                        ("comp_idx", DefaultValue::Real(0.0)),
                        ("receptor_type", DefaultValue::Text("AMPA")),
                    ]])
                    .doc("Receptors; their place in the list is the port of spikes"),
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
        Port::spikes(0, "µS", "Spikes at the receptors, by their place in the list")
            .each("receptors")
            .only_positive()
            .reverses_at("params.e_"),
        Port::currents(0, "Currents (nA) into the compartments, by their place in the list")
            .each("compartments")
            .zero_lag(),
    ],
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<CmDefault>, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["multicompartment tree", "dendritic tree", "cable", "morphology", "NMDA"])
        .section(Section::Compartments)
        .spike(SpikeShape::upstroke(0.3).shown_by("v_comp0")),
};

const fn of_receptor(name: &'static str, kind: &'static str) -> Recordable {
    let doc = "Rising (r) or falling (d) part of the conductance of a receptor";
    Recordable::new(name, "µS", doc).each("receptors", 0).of_kind(kind)
}

static COMPARTMENTS: TableSchema = TableSchema {
    required: &[integer("parent_idx", -1).doc("The compartment that it hangs on; negative for the root")],
    parent: "parent_idx",
    among: &[],
    kind: "",
    kinds: &[RowKind {
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

static RECEPTORS: TableSchema = TableSchema {
    required: &[
        integer("comp_idx", 0).doc("The compartment that it is on"),
        text("receptor_type", "AMPA").doc("AMPA, GABA, NMDA or AMPA_NMDA"),
    ],
    parent: "",
    among: &[("comp_idx", "compartments")],
    kind: "receptor_type",
    kinds: &[
        RowKind { name: "AMPA", optional: &[real("params.e_AMPA", "mV", 0.0), TAU_R_AMPA, TAU_D_AMPA], together: &[] },
        RowKind {
            name: "GABA",
            optional: &[
                real("params.e_GABA", "mV", -80.0),
                real("params.tau_r_GABA", "ms", 0.2),
                real("params.tau_d_GABA", "ms", 10.0),
            ],
            together: &[],
        },
        RowKind { name: "NMDA", optional: &[real("params.e_NMDA", "mV", 0.0), TAU_R_NMDA, TAU_D_NMDA], together: &[] },
        RowKind {
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

/// The list of compartments.
const COMPARTMENT: usize = 0;

/// State of a compartment: potential, gates, and its row of the linear system in work.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Compartment<R> {
    #[name = "v_comp"]
    v: R,
    #[name = "m_Na_"]
    m: R,
    #[name = "h_Na_"]
    h: R,
    #[name = "n_K_"]
    n: R,
    diagonal: R,
    right: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct CompartmentConstants<R> {
    /// The number of the compartment that it hangs on; negative for the root.
    parent: R,
    c_per_h: R,
    g_l: R,
    e_l: R,
    half_g_c: R,
    g_na: R,
    e_na: R,
    g_k: R,
    e_k: R,
    v_comp: R,
}

/// The list of receptors.
const RECEPTOR: usize = 1;

/// Rising and falling part of a conductance.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Conductance<R> {
    rising: R,
    falling: R,
}

/// The two parts of a conductance of a receptor, the first or the second that it has.
const fn of_conductance(name: &'static str, which: usize) -> Readings {
    Readings::NONE
        .and_in_parts(["g_r_", name, "_"], Reading::entry(RECEPTOR, 2 * which))
        .and_in_parts(["g_d_", name, "_"], Reading::entry(RECEPTOR, 2 * which + 1))
}

/// Decay of the rising and of the falling part, and what a weight of 1 adds.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Course<R> {
    decay_r: R,
    decay_d: R,
    gain: R,
}

/// Two conductances where AMPA and NMDA go together, else one.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct ReceptorConstants<R> {
    kind: R,
    compartment: R,
    e: R,
    /// Share of the second conductance.
    ratio: R,
    courses: [Course<R>; 2],
}

/// Channels weaker than this are left out, in µS.
const NO_CHANNEL: f64 = 1e-9;

pub struct CmDefault;
declared!(CmDefault);

/// A number of the state of compartment `i`.
macro_rules! number {
    ($lists:expr, $i:expr, $field:ident) => {
        $lists.number::<R>(COMPARTMENT, $i, place!(Compartment<f64>, $field))
    };
}
macro_rules! set {
    ($lists:expr, $i:expr, $field:ident, $x:expr) => {
        $lists.set_number(COMPARTMENT, $i, place!(Compartment<f64>, $field), $x)
    };
}
/// A constant of compartment `i`.
macro_rules! constant {
    ($lists:expr, $number:ty, $i:expr, $field:ident) => {
        $lists.constant::<$number>(COMPARTMENT, $i, place!(CompartmentConstants<f64>, $field))
    };
}

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

/// The constants of a compartment, from the keys of its record.
fn compartment(p: &Parameters<'_, CmDefault>, i: usize) -> CompartmentConstants<f64> {
    CompartmentConstants {
        parent: key!(p, CmDefault, "compartments", "parent_idx")[i],
        c_per_h: key!(p, CmDefault, "compartments", "params.C_m")[i] / p.h(),
        g_l: key!(p, CmDefault, "compartments", "params.g_L")[i],
        e_l: key!(p, CmDefault, "compartments", "params.e_L")[i],
        half_g_c: 0.5 * key!(p, CmDefault, "compartments", "params.g_C")[i],
        g_na: key!(p, CmDefault, "compartments", "params.gbar_Na")[i],
        e_na: key!(p, CmDefault, "compartments", "params.e_Na")[i],
        g_k: key!(p, CmDefault, "compartments", "params.gbar_K")[i],
        e_k: key!(p, CmDefault, "compartments", "params.e_K")[i],
        v_comp: key!(p, CmDefault, "compartments", "params.v_comp")[i],
    }
}

/// The time constants of a conductance of a receptor.
macro_rules! times_of {
    ($p:expr, $i:expr, $name:literal) => {
        (
            key!($p, CmDefault, "receptors", concat!("params.tau_r_", $name))[$i],
            key!($p, CmDefault, "receptors", concat!("params.tau_d_", $name))[$i],
        )
    };
}

/// The constants of a receptor.
fn receptor(p: &Parameters<'_, CmDefault>, i: usize) -> ReceptorConstants<f64> {
    let kind = list!(p, CmDefault, "receptors")[i];
    let (e, times): (f64, &[(f64, f64)]) = match kind as usize {
        AMPA => (key!(p, CmDefault, "receptors", "params.e_AMPA")[i], &[times_of!(p, i, "AMPA")]),
        GABA => (key!(p, CmDefault, "receptors", "params.e_GABA")[i], &[times_of!(p, i, "GABA")]),
        NMDA => (key!(p, CmDefault, "receptors", "params.e_NMDA")[i], &[times_of!(p, i, "NMDA")]),
        _ => (
            key!(p, CmDefault, "receptors", "params.e_AMPA_NMDA")[i],
            &[times_of!(p, i, "AMPA"), times_of!(p, i, "NMDA")],
        ),
    };
    let mut courses = [Course::filled(0.0); 2];
    for (course, &(rise, fall)) in courses.iter_mut().zip(times) {
        *course = Course {
            decay_r: math::exp(-p.h() / rise),
            decay_d: math::exp(-p.h() / fall),
            gain: 1.0 / double_exponential_peak(rise, fall),
        };
    }
    let compartment = key!(p, CmDefault, "receptors", "comp_idx")[i];
    let ratio = key!(p, CmDefault, "receptors", "params.NMDA_ratio")[i];
    ReceptorConstants { kind, compartment, e, ratio, courses }
}

impl Neuron for CmDefault {
    type State<R: Real> = ();
    /// The threshold.
    type Constants<R: Real> = R;
    const LISTS: ListSet = ListSet::one(List::new::<Compartment<f64>, CompartmentConstants<f64>>("compartments"))
        .and(List::new::<[Conductance<f64>; 2], ReceptorConstants<f64>>("receptors"));
    const READINGS: Readings = Readings::of_entry::<Compartment<f64>>(COMPARTMENT)
        .and_those(of_conductance("AMPA", 0), 0)
        .and_those(of_conductance("GABA", 0), 0)
        .and_those(of_conductance("NMDA", 0), 0)
        .and_those(of_conductance("AN_AMPA", 0), 0)
        .and_those(of_conductance("AN_NMDA", 1), 0);

    fn constants(p: &Parameters<'_, Self>) -> f64 {
        get!(p, Self, "V_th")
    }
    fn entry_constants(p: &Parameters<'_, Self>, list: usize, i: usize, k: &mut [f64]) {
        if list == COMPARTMENT {
            k.copy_from_slice(compartment(p, i).numbers());
        } else {
            k.copy_from_slice(receptor(p, i).numbers());
        }
    }
    fn initial_entry(list: usize, k: &[f64], s: &mut [f64]) {
        if list == COMPARTMENT {
            let v = k[place!(CompartmentConstants<f64>, v_comp)];
            let (m, h, n) = (gate_m(v, 0.0).0, gate_h(v, 0.0).0, gate_n(v, 0.0).0);
            s.copy_from_slice(Compartment { v, m, h, n, diagonal: 0.0, right: 0.0 }.numbers());
        }
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        threshold: &R,
        _: &mut (),
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let before = number!(lists, 0, v);
        for i in 0..lists.len(COMPARTMENT) {
            set_up(lists, i, input.currents(i));
            open_channels(lists, i, input.h);
        }
        for i in 0..lists.len(RECEPTOR) {
            open_receptor(lists, i, input.spikes(i));
        }
        solve::<R, C>(lists);
        let after = number!(lists, 0, v);
        R::and(R::spike(after, *threshold), threshold.gt(before))
    }
}

/// Adds to the row of a compartment in the linear system.
#[inline(always)]
fn add<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, i: usize, diagonal: R, right: R) {
    let (of_diagonal, of_right) = (number!(lists, i, diagonal), number!(lists, i, right));
    set!(lists, i, diagonal, of_diagonal + diagonal);
    set!(lists, i, right, of_right + right);
}

/// The compartment that this one hangs on; `None` for the root.
#[inline(always)]
fn parent<L: Coefficients>(lists: &Lists<'_, L>, i: usize) -> Option<usize> {
    let parent = constant!(lists, f64, i, parent);
    (parent >= 0.0).then_some(parent as usize)
}

/// The row of a compartment without channels and receptors; parents come before their children.
#[inline(always)]
fn set_up<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, i: usize, current: R) {
    let k: CompartmentConstants<R> = lists.constants(COMPARTMENT, i);
    let v = number!(lists, i, v);
    let half_leak = R::of(0.5) * k.g_l;
    let diagonal = k.c_per_h + half_leak;
    let right = (k.c_per_h - half_leak) * v + k.g_l * k.e_l + current;
    set!(lists, i, diagonal, diagonal);
    set!(lists, i, right, right);
    if let Some(parent) = parent(lists, i) {
        let g = constant!(lists, R, i, half_g_c);
        let flow = g * (v - number!(lists, parent, v));
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
    let v = number!(lists, i, v);
    if constant!(lists, f64, i, g_na) > NO_CHANNEL {
        let m = relaxed(number!(lists, i, m), gate_m(v, h));
        let inactivation = relaxed(number!(lists, i, h), gate_h(v, h));
        set!(lists, i, m, m);
        set!(lists, i, h, inactivation);
        let g = constant!(lists, R, i, g_na) * m * m * m * inactivation;
        let e = constant!(lists, R, i, e_na);
        add_current(lists, i, v, g * (e - v), -g);
    }
    if constant!(lists, f64, i, g_k) > NO_CHANNEL {
        let n = relaxed(number!(lists, i, n), gate_n(v, h));
        set!(lists, i, n, n);
        let g = constant!(lists, R, i, g_k) * n;
        let e = constant!(lists, R, i, e_k);
        add_current(lists, i, v, g * (e - v), -g);
    }
}

/// One conductance of a receptor over the step, with the spikes that arrive.
#[inline(always)]
fn conductance<R: Real>(k: &Course<R>, s: &mut Conductance<R>, arriving: R) -> R {
    let opened = k.gain * arriving;
    s.rising = k.decay_r * s.rising - opened;
    s.falling = k.decay_d * s.falling + opened;
    s.rising + s.falling
}

#[inline(always)]
fn open_receptor<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, i: usize, arriving: R) {
    let k: ReceptorConstants<R> = lists.constants(RECEPTOR, i);
    let mut s: [Conductance<R>; 2] = lists.get(RECEPTOR, i);
    let of = |place: usize| lists.constant::<f64>(RECEPTOR, i, place) as usize;
    let compartment = of(place!(ReceptorConstants<f64>, compartment));
    let kind = of(place!(ReceptorConstants<f64>, kind));
    let v = number!(lists, compartment, v);
    let driving = k.e - v;
    let first = conductance(&k.courses[0], &mut s[0], arriving);
    let (current, slope) = match kind {
        AMPA | GABA => (first * driving, -first),
        NMDA => {
            let (b, steepness) = block(v);
            (first * b * driving, first * (steepness * driving - b))
        }
        _ => {
            let second = k.ratio * conductance(&k.courses[1], &mut s[1], arriving);
            let (b, steepness) = block(v);
            ((first + second * b) * driving, second * (steepness * driving - b) - first)
        }
    };
    lists.entry(RECEPTOR, i).set(&s);
    add_current(lists, compartment, v, current, slope);
}

/// The potentials after the step: eliminates from the leaves to the root, then goes back.
#[inline(always)]
fn solve<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>) {
    for i in (0..lists.len(COMPARTMENT)).rev() {
        let Some(parent) = parent(lists, i) else { continue };
        let g = constant!(lists, R, i, half_g_c);
        let factor = g / number!(lists, i, diagonal);
        let right = factor * number!(lists, i, right);
        add(lists, parent, -(g * factor), right);
    }
    for i in 0..lists.len(COMPARTMENT) {
        let mut right = number!(lists, i, right);
        if let Some(parent) = parent(lists, i) {
            let g = constant!(lists, R, i, half_g_c);
            right = right + g * number!(lists, parent, v);
        }
        set!(lists, i, v, right / number!(lists, i, diagonal));
    }
}
