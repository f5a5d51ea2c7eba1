//! Synapses of any number and kind on a neuron: conductances that spikes open, and the currents that they let through.
//!
//! Each entry of the table `receptors` is a synapse, which says how its conductance g goes in time, and an output, which
//! says what current that makes at the potential V:
//!
//! Expon: τ dg/dt = −g, a spike adds its weight;  DualExpon: a difference of two such;
//! Alpha: τ dg/dt = h − g, τ dh/dt = −h, a spike adds to h;  Current: g is what arrives in the step and nothing else
//! COBA: g (E − V);  CUBA: g scale;  MgBlock: g (E − V) / (1 + (cc_Mg/beta) exp(alpha (V_offset − V)))
//!
//! Projections onto the same entry share its conductance. It advances before the potential does, so that what arrives in a
//! step acts in that step.

use crate::description::{
    Given, Group, Parameter, Port, Recordable, Resolution, RowKind, TableSchema, Value, Wrong, integer, number, real,
    table, text,
};
use crate::math;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::lists::{EntryInWork, List, ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::parameters::{Declared, Parameters, key, list};

const TAU: Parameter = real("tau", "ms", 8.0).above(0.0).doc("Time constant");
const TAU_DECAY: Parameter = real("tau_decay", "ms", 10.0).above(0.0).doc("Decay time");
const TAU_RISE: Parameter = real("tau_rise", "ms", 1.0).above(0.0).doc("Rise time");
const AMPLITUDE: Parameter = real("amplitude", "", 1.0).doc("Factor on the conductance");
const NORMALIZE: Parameter =
    integer("normalize", 1).doc("1: the conductance of a weight of 1 peaks at 1; 0: it does not");
const E: Parameter = real("E", "mV", 0.0).doc("Reversal potential");
const SCALE: Parameter = real("scale", "V", 1.0).doc("Driving force that stands for the potential");
const CC_MG: Parameter = real("cc_Mg", "mM", 1.2).doc("Concentration of magnesium");
const BETA: Parameter = real("beta", "mM", 3.57).doc("Concentration that blocks half at V_offset");
const ALPHA: Parameter = real("alpha", "1/mV", 0.062).doc("Steepness of the block");
const V_OFFSET: Parameter = real("V_offset", "mV", 0.0).doc("Potential from which the block counts");

macro_rules! outputs {
    ($synapse:literal, [$($parameter:expr),*]) => {
        [
            RowKind { name: concat!($synapse, " COBA"), optional: &[$($parameter,)* E], together: &[] },
            RowKind { name: concat!($synapse, " CUBA"), optional: &[$($parameter,)* SCALE], together: &[] },
            RowKind {
                name: concat!($synapse, " MgBlock"),
                optional: &[$($parameter,)* E, CC_MG, BETA, ALPHA, V_OFFSET],
                together: &[],
            },
        ]
    };
}

const EXPON: [RowKind; 3] = outputs!("Expon", [TAU]);
const DUAL: [RowKind; 3] = outputs!("DualExpon", [TAU_DECAY, TAU_RISE, AMPLITUDE, NORMALIZE]);
const RISING: [RowKind; 3] = outputs!("Alpha", [TAU]);
const PLAIN: [RowKind; 3] = outputs!("Current", []);

/// The first word of kinds that keep nothing of what arrives in a step.
pub const PASSING: &str = "Current";

/// The last word of kinds whose current does not depend on the potential, so that it has the sign of the weight.
pub const UNDRIVEN: &str = "CUBA";

/// Synapses by their place in the table of kinds.
const DUAL_EXPON: usize = 1;
const ALPHA_SYNAPSE: usize = 2;
const CURRENT: usize = 3;
/// Outputs likewise: each synapse has three kinds.
const OUTPUTS: usize = 3;
const CUBA: usize = 1;
const MG_BLOCK: usize = 2;

static KINDS: [RowKind; 12] = {
    let [e0, e1, e2] = EXPON;
    let [d0, d1, d2] = DUAL;
    let [a0, a1, a2] = RISING;
    let [c0, c1, c2] = PLAIN;
    [e0, e1, e2, d0, d1, d2, a0, a1, a2, c0, c1, c2]
};

static ROWS: TableSchema = TableSchema {
    required: &[text("synapse", "Expon CUBA")
        .doc("Expon, DualExpon, Alpha or Current, then COBA, CUBA or MgBlock: \"Expon COBA\"")],
    kind: "synapse",
    kinds: &KINDS,
    parent: "",
    among: &[],
};

/// The table of synapses.
pub const RECEPTORS: Group = Group {
    title: "Synapses",
    parameters: &[table("receptors", &ROWS)
        .doc("Synapses and their outputs; their place in the list, counted from 1, is the port of spikes")],
};

/// The conductance of each.
pub const fn conductance(unit: &'static str) -> Recordable {
    Recordable::new("g_", unit, "Conductance of a synapse").each("receptors", 1)
}

/// What the conductances of some kinds are made of.
pub const fn decaying(unit: &'static str) -> Recordable {
    Recordable::new("g_decay_", unit, "Decaying part of a conductance").each("receptors", 1).of_kind("DualExpon")
}
pub const fn rising(unit: &'static str) -> Recordable {
    Recordable::new("g_rise_", unit, "Rising part of a conductance").each("receptors", 1).of_kind("DualExpon")
}
pub const fn driving(unit: &'static str) -> Recordable {
    Recordable::new("h_", unit, "What drives a conductance").each("receptors", 1).of_kind("Alpha")
}

/// Their ports, where conductances have this unit.
pub const fn port(unit: &'static str) -> Port {
    Port::spikes(1, unit, "Spikes at the synapses, by their place in the list").each("receptors").reverses_at("E")
}

pub const LISTS: ListSet = ListSet::one(List::new::<Conductance<f64>, ReceptorConstants<f64>>("receptors"));
pub const READINGS: Readings = Readings::of_entry::<Conductance<f64>>(0)
    .and("g_decay_", Reading::entry(0, place!(Conductance<f64>, a)))
    .and("g_rise_", Reading::entry(0, place!(Conductance<f64>, b)))
    .and("h_", Reading::entry(0, place!(Conductance<f64>, b)));

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Conductance<R> {
    #[name = "g_"]
    g: R,
    a: R,
    b: R,
}

/// Two variables that follow a ← a aa + b ab + x ad, b ← b bb + x bd, where x is what arrives; the conductance is
/// a oa + b ob. What makes a current of it follows.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct ReceptorConstants<R> {
    aa: R,
    ab: R,
    ad: R,
    bb: R,
    bd: R,
    oa: R,
    ob: R,
    /// Current of a conductance of 1 at potential 0, and how it falls with the potential.
    at_zero: R,
    falls: R,
    /// (cc_Mg/beta) or 0, alpha, V_offset.
    blocked: R,
    alpha: R,
    v_offset: R,
}

/// The constants of an entry; 1 mS times 1 mV is `ms_times_mv` in the unit of currents.
pub fn entry_constants<M: Declared>(p: &Parameters<'_, M>, ms_times_mv: f64, i: usize, to: &mut [f64]) {
    let mut k: ReceptorConstants<f64> = Fields::filled(0.0);
    let kind = list!(p, M, "receptors")[i] as usize;
    let decay = |tau: f64| math::exp(-p.h() / tau);
    match kind / OUTPUTS {
        DUAL_EXPON => {
            let (slow, fast) = (key!(p, M, "receptors", "tau_decay")[i], key!(p, M, "receptors", "tau_rise")[i]);
            let normalize = key!(p, M, "receptors", "normalize")[i] != 0.0;
            let size = key!(p, M, "receptors", "amplitude")[i] * if normalize { height(slow, fast) } else { 1.0 };
            (k.aa, k.ad, k.oa) = (decay(slow), 1.0, size);
            (k.bb, k.bd, k.ob) = (decay(fast), 1.0, -size);
        }
        ALPHA_SYNAPSE => {
            let left = decay(key!(p, M, "receptors", "tau")[i]);
            (k.aa, k.ab, k.oa) = (left, -math::exp_m1(-p.h() / key!(p, M, "receptors", "tau")[i]), 1.0);
            (k.bb, k.bd) = (left, 1.0);
        }
        CURRENT => (k.ad, k.oa) = (1.0, 1.0),
        _ => (k.aa, k.ad, k.oa) = (decay(key!(p, M, "receptors", "tau")[i]), 1.0, 1.0),
    }
    let output = kind % OUTPUTS;
    if output == CUBA {
        k.at_zero = key!(p, M, "receptors", "scale")[i] * 1000.0 * ms_times_mv;
    } else {
        (k.at_zero, k.falls) = (key!(p, M, "receptors", "E")[i] * ms_times_mv, ms_times_mv);
    }
    if output == MG_BLOCK {
        k.blocked = key!(p, M, "receptors", "cc_Mg")[i] / key!(p, M, "receptors", "beta")[i];
        (k.alpha, k.v_offset) = (key!(p, M, "receptors", "alpha")[i], key!(p, M, "receptors", "V_offset")[i]);
    }
    to.copy_from_slice(k.numbers());
}

/// What makes the difference of two exponentials peak at 1.
fn height(slow: f64, fast: f64) -> f64 {
    slow / (slow - fast) * math::exp(fast / (fast - slow) * math::ln(fast / slow))
}

/// Two exponentials must differ.
pub fn check(given: &dyn Given, _: Resolution) -> Result<(), Wrong> {
    let Some(Value::Table(rows)) = given.value("receptors") else { return Ok(()) };
    for (i, row) in rows.iter().enumerate() {
        let is_dual = matches!(row.get("synapse"), Some(Value::Text(word)) if word.starts_with("DualExpon"));
        let of = |key: &Parameter| row.get(key.name).cloned().unwrap_or(key.default.into()).as_real();
        if is_dual && of(&NORMALIZE) != Some(0.0) && of(&TAU_DECAY) == of(&TAU_RISE) {
            let tau = number(of(&TAU_RISE).unwrap_or(f64::NAN));
            let message =
                format!("entry {}: tau_rise must differ from tau_decay ({tau} ms), or set normalize to 0", i + 1);
            return Err(("receptors", message));
        }
    }
    Ok(())
}

/// The current that flows through gap junctions at this potential: inlets behind those of the synapses hold the sum of the
/// conductances and of the partners' potentials times them.
#[inline(always)]
pub fn through_gaps<R: Real, C: Coefficients>(lists: &Lists<'_, C>, input: &Arriving<'_, R>, v: R) -> R {
    let first = 1 + lists.len(0);
    if !input.is_wired(first + 1) {
        return R::of(0.0);
    }
    input.spikes(first + 1) - input.spikes(first) * v
}

/// What drives a cell in a step.
pub trait Driving<R: Real> {
    /// The current at the potential before the step, and its derivative by the potential. Asked once a step: what drives
    /// the cell advances when it is.
    fn at(self, v: R) -> (R, R);
}

/// The conductances, what arrives at them in the step, and the current beside them.
pub struct Receiving<'l, 'r, 'i, R, C> {
    pub lists: &'l mut Lists<'r, C>,
    pub input: &'l Arriving<'i, R>,
    pub current: R,
}

/// Lets the conductance of an entry make a step and take in what arrives.
#[inline(always)]
fn advance<R: Real, C: Coefficients>(entry: &mut EntryInWork<'_, C>, k: &ReceptorConstants<R>, arriving: R) -> R {
    let zero = R::of(0.0);
    let Conductance { a, b, .. }: Conductance<R> = entry.get();
    let left = a * k.aa;
    let next = if entry.any_above_zero::<R>(place!(ReceptorConstants<f64>, bd)) {
        let (a, b) = (left + b * k.ab + arriving * k.ad, b * k.bb + arriving * k.bd);
        Conductance { g: a * k.oa + b * k.ob, a, b }
    } else {
        // Most synapses have one variable only.
        let a = left + arriving * k.ad;
        Conductance { g: a * k.oa, a, b: zero }
    };
    entry.set(&next);
    next.g
}

impl<R: Real, C: Coefficients> Driving<R> for Receiving<'_, '_, '_, R, C> {
    #[inline(always)]
    fn at(self, v: R) -> (R, R) {
        let (zero, one) = (R::of(0.0), R::of(1.0));
        let Receiving { lists, input, mut current } = self;
        let mut slope = zero;
        for i in 0..lists.len(0) {
            let mut entry = lists.entry(0, i);
            let k: ReceptorConstants<R> = entry.constants();
            let g = advance(&mut entry, &k, input.spikes(1 + i));
            let (open, falls) = (g * (k.at_zero - k.falls * v), g * k.falls);
            if entry.any_above_zero::<R>(place!(ReceptorConstants<f64>, blocked)) {
                let block = k.blocked * R::exp(k.alpha * (k.v_offset - v));
                let passes = one / (one + block);
                current = current + open * passes;
                slope = slope - falls * passes + open * k.alpha * block * passes * passes;
            } else {
                current = current + open;
                slope = slope - falls;
            }
        }
        (current, slope)
    }
}
