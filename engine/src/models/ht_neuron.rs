//! Neuron of thalamus and cortex with a moving threshold, four kinds of receptors and four intrinsic currents, for sleep and
//! wakefulness. Conductances have no unit and currents are in mV.
//!
//! tau_m dV/dt = -g_NaL (V - E_Na) - g_KL (V - E_K) + I_syn + I_NaP + I_KNa + I_T + I_h + I, and down to E_K with tau_spike
//! after a spike; tau_theta dtheta/dt = -(theta - theta_eq)
//! V ≥ theta: spike, V = theta = E_Na; found after every sub-step of the solver
//!
//! Hill & Tononi 2005, J Neurophysiol 93:1671; Vargas-Caballero & Robinson 2003, J Neurophysiol 89:2778.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::fields::{Fields, place, select};
use crate::mechanisms::kernels::{Beta, Continuous, Driven, DrivenRates};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::{Allowed, DecaySet};
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::equations::{Equations, Solved, component, still};
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::NoReceptors;
use crate::runtime::parameters::{Parameters, declared, real as get};

/// Peak, rise and decay time and reversal potential of a receptor.
macro_rules! receptor {
    ($name:literal, $peak:literal, $rise:literal, $decay:literal, $reversal:literal) => {
        Group {
            title: $name,
            parameters: &[
                real(concat!("g_peak_", $name), "", $peak)
                    .at_least(0.0)
                    .slider(0.0, 1.0)
                    .doc("Peak conductance of a spike of weight 1"),
                real(concat!("tau_rise_", $name), "ms", $rise).above(0.0).slider(0.1, 100.0).doc("Rise time"),
                real(concat!("tau_decay_", $name), "ms", $decay).above(0.0).slider(0.1, 300.0).doc("Decay time"),
                real(concat!("E_rev_", $name), "mV", $reversal).slider(-100.0, 40.0).doc("Reversal potential"),
            ],
        }
    };
}

pub const MODEL: Model = Model {
    name: "ht_neuron",
    title: "Hill-Tononi neuron",
    doc: "Thalamic or cortical neuron with a moving threshold, AMPA, NMDA and GABA receptors and intrinsic currents, for sleep rhythms",
    equations: "tau_m dV/dt = -g_NaL (V - E_Na) - g_KL (V - E_K) + I_syn + I_NaP + I_KNa + I_T + I_h + I\ntau_theta dtheta/dt = -(theta - theta_eq)\nV ≥ theta: spike, V = theta = E_Na, and for t_ref dV/dt -= (V - E_K) / tau_spike\nI_NaP = -g_peak_NaP m_NaP^N_NaP (V - E_rev_NaP), I_T = -g_peak_T m_T^N_T h_T (V - E_rev_T), I_h = -g_peak_h m_h (V - E_rev_h)\nI_KNa = -g_peak_KNa (V - E_rev_KNa) / (1 + (0.25 / D)^3.5)",
    reference: "Hill & Tononi 2005, J Neurophysiol 93:1671",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("g_KL", "", 1.0)
                    .at_least(0.0)
                    .main(0.0, 3.0)
                    .doc("Leak conductance of potassium: deeper sleep, larger leak"),
                real("g_NaL", "", 0.2).at_least(0.0).main(0.0, 1.0).doc("Leak conductance of sodium"),
                real("theta_eq", "mV", -51.0).main(-70.0, -30.0).doc("Threshold at rest"),
                real("tau_theta", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Time constant of the threshold"),
                real("tau_m", "ms", 16.0).above(0.0).slider(1.0, 50.0).doc("Membrane time constant"),
                real("tau_spike", "ms", 1.75)
                    .above(0.0)
                    .slider(0.1, 10.0)
                    .doc("Time constant of repolarisation after a spike"),
                real("t_ref", "ms", 2.0)
                    .at_least(0.0)
                    .slider(0.0, 20.0)
                    .in_steps()
                    .doc("Time of repolarisation, without a spike"),
                real("E_Na", "mV", 30.0).slider(0.0, 60.0).doc("Sodium reversal potential, also that of V at a spike"),
                real("E_K", "mV", -90.0).slider(-120.0, -60.0).doc("Potassium reversal potential"),
                flag("voltage_clamp", false).doc("Hold the potential where it is"),
            ],
        },
        receptor!("AMPA", 0.1, 0.5, 2.4, 0.0),
        Group {
            title: "NMDA",
            parameters: &[
                real("g_peak_NMDA", "", 0.075)
                    .at_least(0.0)
                    .slider(0.0, 1.0)
                    .doc("Peak conductance of a spike of weight 1"),
                real("tau_rise_NMDA", "ms", 4.0).above(0.0).slider(0.1, 100.0).doc("Rise time"),
                real("tau_decay_NMDA", "ms", 40.0).above(0.0).slider(0.1, 300.0).doc("Decay time"),
                real("E_rev_NMDA", "mV", 0.0).slider(-100.0, 40.0).doc("Reversal potential"),
                real("V_act_NMDA", "mV", V_ACT)
                    .slider(-60.0, 0.0)
                    .doc("Potential at which half of the receptors are unblocked"),
                real("S_act_NMDA", "1/mV", S_ACT).at_least(0.0).slider(0.0, 0.5).doc("Steepness of the unblocking"),
                real("tau_Mg_slow_NMDA", "ms", 22.7)
                    .above(0.0)
                    .slider(1.0, 100.0)
                    .acts_if_off("instant_unblock_NMDA")
                    .doc("Slow time constant of the unblocking"),
                real("tau_Mg_fast_NMDA", "ms", 0.68)
                    .above(0.0)
                    .slider(0.1, 10.0)
                    .acts_if_off("instant_unblock_NMDA")
                    .doc("Fast time constant of the unblocking"),
                flag("instant_unblock_NMDA", false).doc("Unblocking takes no time"),
            ],
        },
        receptor!("GABA_A", 0.33, 1.0, 7.0, -70.0),
        receptor!("GABA_B", 0.0132, 60.0, 200.0, -90.0),
        Group {
            title: "Intrinsic currents",
            parameters: &[
                real("g_peak_NaP", "", 1.0)
                    .at_least(0.0)
                    .slider(0.0, 3.0)
                    .doc("Conductance of persistent sodium channels"),
                real("E_rev_NaP", "mV", 30.0).slider(0.0, 60.0).doc("Their reversal potential"),
                real("N_NaP", "", 3.0).slider(1.0, 4.0).doc("Exponent of their activation"),
                real("g_peak_KNa", "", 1.0)
                    .at_least(0.0)
                    .slider(0.0, 3.0)
                    .doc("Conductance of potassium channels that depolarisation opens"),
                real("E_rev_KNa", "mV", -90.0).slider(-120.0, -60.0).doc("Their reversal potential"),
                real("tau_D_KNa", "ms", TAU_D)
                    .above(0.0)
                    .slider(100.0, 5000.0)
                    .doc("Time constant of the depolarisation that they feel"),
                real("g_peak_T", "", 1.0)
                    .at_least(0.0)
                    .slider(0.0, 3.0)
                    .doc("Conductance of low-threshold calcium channels"),
                real("E_rev_T", "mV", 0.0).slider(-40.0, 140.0).doc("Their reversal potential"),
                real("N_T", "", 2.0).slider(1.0, 4.0).doc("Exponent of their activation"),
                real("g_peak_h", "", 1.0)
                    .at_least(0.0)
                    .slider(0.0, 3.0)
                    .doc("Conductance of channels that hyperpolarisation opens"),
                real("E_rev_h", "mV", -40.0).slider(-60.0, 0.0).doc("Their reversal potential"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", REST).slider(-90.0, 30.0).doc("Membrane potential"),
                state("theta", "mV", -51.0).slider(-70.0, 30.0).doc("Threshold"),
                Parameter { role: Role::State, ..flag("equilibrate", false) }
                    .doc("Put all gates where they rest at V_m, for the parameters as they were before"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[
        V_M,
        Recordable::new("theta", "mV", "Threshold"),
        Recordable::new("g_AMPA", "", "AMPA conductance"),
        Recordable::new("g_NMDA", "", "NMDA conductance that is not blocked"),
        Recordable::new("g_GABA_A", "", "GABA A conductance"),
        Recordable::new("g_GABA_B", "", "GABA B conductance"),
        Recordable::new("I_NaP", "mV", "Persistent sodium current"),
        Recordable::new("I_KNa", "mV", "Potassium current that depolarisation causes"),
        Recordable::new("I_T", "mV", "Low-threshold calcium current"),
        Recordable::new("I_h", "mV", "Current that hyperpolarisation causes"),
    ],
    ports: &[
        Port::spikes(1, "", "AMPA receptors; the weight counts in units of g_peak_AMPA")
            .named("AMPA")
            .reverses_at("E_rev_AMPA"),
        Port::spikes(2, "", "NMDA receptors; the weight counts in units of g_peak_NMDA")
            .named("NMDA")
            .reverses_at("E_rev_NMDA"),
        Port::spikes(3, "", "GABA A receptors; the weight counts in units of g_peak_GABA_A")
            .named("GABA_A")
            .reverses_at("E_rev_GABA_A"),
        Port::spikes(4, "", "GABA B receptors; the weight counts in units of g_peak_GABA_B")
            .named("GABA_B")
            .reverses_at("E_rev_GABA_B"),
        Port::currents(0, "Currents into the membrane; they count in mV"),
    ],
    relations: &[
        Relation::Less("tau_rise_AMPA", "tau_decay_AMPA"),
        Relation::Less("tau_rise_NMDA", "tau_decay_NMDA"),
        Relation::Less("tau_rise_GABA_A", "tau_decay_GABA_A"),
        Relation::Less("tau_rise_GABA_B", "tau_decay_GABA_B"),
        Relation::Less("tau_Mg_fast_NMDA", "tau_Mg_slow_NMDA"),
    ],
    behaviour: Behaviour::neurons(Solved::<HtNeuron>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["Hill-Tononi", "thalamocortical neuron", "sleep", "slow oscillation"])
        .section(Section::HodgkinHuxley)
        .spike(SpikeShape::upstroke(0.1)),
};

const V_ACT: f64 = -25.57;
const S_ACT: f64 = 0.081;
const TAU_D: f64 = 1250.0;
/// Where the leaks of the default parameters rest, mV.
const REST: f64 = -70.0;
/// Absolute error allowed in every component.
const TOLERANCE: f64 = 1e-3;

pub struct HtNeuron;
declared!(HtNeuron);

/// Gates: the fast and slow part of the unblocking of NMDA receptors, h channels, depolarisation, T channels.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Gates<R> {
    fast: R,
    slow: R,
    m_h: R,
    d: R,
    m_t: R,
    h_t: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R> {
    #[name = "V_m"]
    v: R,
    #[name = "theta"]
    theta: R,
    synapses: [Driven<R>; 4],
    gates: Gates<R>,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R> {
    /// Steps left of the refractory period, with the one of the spike.
    refractory: R,
    /// 1 if there was a spike in the step.
    fired: R,
    /// The potential at which a clamp holds it: that at the beginning of the step, but for a spike.
    held: R,
    /// 1 from the first step on.
    begun: R,
    /// 1 if the gates are to rest from the next step on.
    #[name = "equilibrate"]
    equilibrate: R,
    #[name = "I_NaP"]
    i_nap: R,
    #[name = "I_KNa"]
    i_kna: R,
    #[name = "I_T"]
    i_t: R,
    #[name = "I_h"]
    i_h: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    g_nal: R,
    g_kl: R,
    e_na: R,
    e_k: R,
    per_tau_m: R,
    theta_eq: R,
    per_tau_theta: R,
    per_tau_spike: R,
    /// Steps to wait after a spike, counted with the one of the spike.
    refractory: R,
    clamped: R,
    instant: R,
    synapses: [DrivenRates<R>; 4],
    reversal: [R; 4],
    v_act: R,
    s_act: R,
    per_tau_fast: R,
    per_tau_slow: R,
    g_nap: R,
    e_nap: R,
    n_nap: R,
    g_kna: R,
    e_kna: R,
    tau_d: R,
    per_tau_d: R,
    g_t: R,
    e_t: R,
    n_t: R,
    g_h: R,
    e_h: R,
}

/// 1/(1 + e^(−(v − half)/width)).
#[inline(always)]
fn rising<R: Real>(v: R, half: f64, width: f64) -> R {
    let one = R::of(1.0);
    one / (one + R::exp((v - R::of(half)) * R::of(-1.0 / width)))
}

/// The part of the NMDA receptors that is unblocked at rest.
#[inline(always)]
fn unblocked_at_rest<R: Real>(v: R, v_act: R, s_act: R) -> R {
    let one = R::of(1.0);
    one / (one + R::exp(-(s_act * (v - v_act))))
}

/// The gates at rest, given the unblocking there and tau_D_KNa.
#[inline(always)]
fn at_rest<R: Real>(v: R, unblocked: R, tau_d: R) -> Gates<R> {
    Gates {
        fast: unblocked,
        slow: unblocked,
        m_h: rising(v, -75.0, -5.5),
        d: tau_d * R::of(0.025) * rising(v, -10.0, 5.0) + R::of(0.001),
        m_t: rising(v, -59.0, 6.2),
        h_t: rising(v, -83.0, -4.0),
    }
}

/// The part of the NMDA receptors that is unblocked.
#[inline(always)]
fn unblocked<R: Real>(k: &Constants<R>, v: R, rest: R, gates: &Gates<R>) -> R {
    let fast = R::of(0.51) - R::of(0.0028) * v;
    let slowly = fast * rest.min(gates.fast) + (R::of(1.0) - fast) * rest.min(gates.slow);
    R::select(k.instant.gt(R::of(0.0)), rest, slowly)
}

/// I_NaP, I_KNa, I_T and I_h.
#[inline(always)]
fn intrinsic<R: Real>(k: &Constants<R>, v: R, gates: &Gates<R>) -> [R; 4] {
    let one = R::of(1.0);
    let i_nap = -(k.g_nap * R::power(rising(v, -55.7, 7.7), k.n_nap) * (v - k.e_nap));
    let i_kna = -(k.g_kna * (v - k.e_kna) / (one + R::power((R::of(0.25) / gates.d).abs(), R::of(3.5))));
    let i_t = -(k.g_t * R::power(gates.m_t.abs(), k.n_t) * gates.h_t * (v - k.e_t));
    let i_h = -(k.g_h * gates.m_h * (v - k.e_h));
    [i_nap, i_kna, i_t, i_h]
}

type ReceptorKernel = Beta<false>;

macro_rules! receptor_rates {
    ($p:expr, $name:literal) => {{
        let times = [get!($p, HtNeuron, "tau_rise_", $name), get!($p, HtNeuron, "tau_decay_", $name)];
        let rates: DrivenRates<f64> = ReceptorKernel::rates(&times);
        DrivenRates { gain: rates.gain * get!($p, HtNeuron, "g_peak_", $name), ..rates }
    }};
}

impl Equations for HtNeuron {
    type Components<R: Real> = Components<R>;
    type Still<R: Real> = Still<R>;
    type Constants<R: Real> = Constants<R>;
    type Receptors = NoReceptors;
    const AWAKENS: bool = true;
    const READINGS: Readings = Readings::of::<Components<f64>>()
        .and_those(Readings::of::<Still<f64>>(), still::<Self>())
        .and("g_AMPA", component(place!(Components<f64>, synapses) + 1))
        .and("g_GABA_A", component(place!(Components<f64>, synapses) + 5))
        .and("g_GABA_B", component(place!(Components<f64>, synapses) + 7))
        .and("g_NMDA", Reading::computed(nmda));
    const DECAYS: DecaySet = DecaySet::one(place!(Components<f64>, synapses), place!(Constants<f64>, synapses))
        .and(place!(Components<f64>, synapses) + 2, place!(Constants<f64>, synapses) + 3)
        .and(place!(Components<f64>, synapses) + 4, place!(Constants<f64>, synapses) + 6)
        .and(place!(Components<f64>, synapses) + 6, place!(Constants<f64>, synapses) + 9);

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        Constants {
            g_nal: get!(p, Self, "g_NaL"),
            g_kl: get!(p, Self, "g_KL"),
            e_na: get!(p, Self, "E_Na"),
            e_k: get!(p, Self, "E_K"),
            per_tau_m: 1.0 / get!(p, Self, "tau_m"),
            theta_eq: get!(p, Self, "theta_eq"),
            per_tau_theta: 1.0 / get!(p, Self, "tau_theta"),
            per_tau_spike: 1.0 / get!(p, Self, "tau_spike"),
            refractory: p.steps(get!(p, Self, "t_ref")) + 1.0,
            clamped: get!(p, Self, "voltage_clamp"),
            instant: get!(p, Self, "instant_unblock_NMDA"),
            synapses: [
                receptor_rates!(p, "AMPA"),
                receptor_rates!(p, "NMDA"),
                receptor_rates!(p, "GABA_A"),
                receptor_rates!(p, "GABA_B"),
            ],
            reversal: [
                get!(p, Self, "E_rev_AMPA"),
                get!(p, Self, "E_rev_NMDA"),
                get!(p, Self, "E_rev_GABA_A"),
                get!(p, Self, "E_rev_GABA_B"),
            ],
            v_act: get!(p, Self, "V_act_NMDA"),
            s_act: get!(p, Self, "S_act_NMDA"),
            per_tau_fast: 1.0 / get!(p, Self, "tau_Mg_fast_NMDA"),
            per_tau_slow: 1.0 / get!(p, Self, "tau_Mg_slow_NMDA"),
            g_nap: get!(p, Self, "g_peak_NaP"),
            e_nap: get!(p, Self, "E_rev_NaP"),
            n_nap: get!(p, Self, "N_NaP"),
            g_kna: get!(p, Self, "g_peak_KNa"),
            e_kna: get!(p, Self, "E_rev_KNa"),
            tau_d: get!(p, Self, "tau_D_KNa"),
            per_tau_d: 1.0 / get!(p, Self, "tau_D_KNa"),
            g_t: get!(p, Self, "g_peak_T"),
            e_t: get!(p, Self, "E_rev_T"),
            n_t: get!(p, Self, "N_T"),
            g_h: get!(p, Self, "g_peak_h"),
            e_h: get!(p, Self, "E_rev_h"),
        }
    }
    fn initial(y: &mut Components<f64>, _: &mut Still<f64>) {
        y.gates = at_rest(REST, unblocked_at_rest(REST, V_ACT, S_ACT), TAU_D);
    }

    /// Gates come to rest when that is asked for. Those of a new neuron rest as the default parameters say, as in NEST.
    #[inline(always)]
    fn awaken<R: Real>(k: &Constants<R>, y: &mut Components<R>, s: &mut Still<R>) {
        let (zero, one) = (R::of(0.0), R::of(1.0));
        let asked = s.equilibrate.gt(zero);
        if R::any(asked) {
            let begun = s.begun.gt(zero);
            let of = |own: R, default: f64| R::select(begun, own, R::of(default));
            let rest = unblocked_at_rest(y.v, of(k.v_act, V_ACT), of(k.s_act, S_ACT));
            y.gates = select(asked, &at_rest(y.v, rest, of(k.tau_d, TAU_D)), &y.gates);
            s.equilibrate = zero;
        }
        s.begun = one;
    }

    #[inline(always)]
    fn allowed<R: Real>(_: &Constants<R>) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn begin<R: Real, L: Coefficients>(
        k: &Constants<R>,
        y: &Components<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        _: &Arriving<'_, R>,
    ) {
        // A clamped potential is only for an instant where the last spike has left it.
        let at_spike = R::and(s.fired.gt(R::of(0.0)), R::and(y.v.ge(k.e_na), k.e_na.ge(y.v)));
        s.held = R::select(R::and(at_spike, k.clamped.gt(R::of(0.0))), s.held, y.v);
        s.fired = R::of(0.0);
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Constants<R>, y: &Components<R>, s: &Still<R>, current: R, _: &()) -> Components<R> {
        let (c, zero) = (R::of, R::of(0.0));
        let v = R::select(k.clamped.gt(zero), s.held, y.v);
        let rest = at_rest(v, unblocked_at_rest(v, k.v_act, k.s_act), k.tau_d);
        let gates = &y.gates;
        let open = unblocked(k, v, rest.fast, gates);
        let [ampa, nmda, gaba_a, gaba_b] = y.synapses;
        let [e_ampa, e_nmda, e_a, e_b] = k.reversal;
        let leaving = ampa.value * (v - e_ampa)
            + nmda.value * open * (v - e_nmda)
            + gaba_a.value * (v - e_a)
            + gaba_b.value * (v - e_b);
        let [i_nap, i_kna, i_t, i_h] = intrinsic(k, v, gates);
        let leak = k.g_nal * (v - k.e_na) + k.g_kl * (v - k.e_k);
        let slope = (i_nap + i_kna + i_t + i_h + current - leak - leaving) * k.per_tau_m;
        let falling = (v - k.e_k) * k.per_tau_spike;
        let rate_m_h = R::exp(c(-14.59) - c(0.086) * v) + R::exp(c(-1.87) + c(0.0701) * v);
        let tau_m_t =
            c(0.22) / (R::exp((v + c(132.0)) * c(-1.0 / 16.7)) + R::exp((v + c(16.8)) * c(1.0 / 18.2))) + c(0.13);
        let tau_h_t = c(8.2)
            + (c(56.6) + c(0.27) * R::exp((v + c(115.2)) * c(0.2))) / (c(1.0) + R::exp((v + c(86.0)) * c(1.0 / 3.2)));
        let mut synapses = y.synapses;
        for i in 0..4 {
            synapses[i] = ReceptorKernel::slopes(&k.synapses[i], &y.synapses[i]);
        }
        Components {
            v: R::select(s.refractory.gt(zero), slope - falling, slope),
            theta: -((y.theta - k.theta_eq) * k.per_tau_theta),
            synapses,
            gates: Gates {
                fast: (rest.fast - rest.fast.min(gates.fast)) * k.per_tau_fast,
                slow: (rest.slow - rest.slow.min(gates.slow)) * k.per_tau_slow,
                m_h: (rest.m_h - gates.m_h) * rate_m_h,
                d: (rest.d - gates.d) * k.per_tau_d,
                m_t: (rest.m_t - gates.m_t) / tau_m_t,
                h_t: (rest.h_t - gates.h_t) / tau_h_t,
            },
        }
    }
    #[inline(always)]
    fn moved<R: Real>(k: &Constants<R>, y: &mut Components<R>, s: &mut Still<R>, who: R::Mask, _: R) {
        let (zero, one) = (R::of(0.0), R::of(1.0));
        let clamped = R::and(who, k.clamped.gt(zero));
        // As in NEST, recorded currents are those of the last evaluation of the slopes.
        let [i_nap, i_kna, i_t, i_h] = intrinsic(k, R::select(clamped, s.held, y.v), &y.gates);
        s.i_nap = R::select(who, i_nap, s.i_nap);
        s.i_kna = R::select(who, i_kna, s.i_kna);
        s.i_t = R::select(who, i_t, s.i_t);
        s.i_h = R::select(who, i_h, s.i_h);
        y.v = R::select(clamped, s.held, y.v);
        let rest = unblocked_at_rest(y.v, k.v_act, k.s_act);
        y.gates.fast = R::select(who, rest.min(y.gates.fast), y.gates.fast);
        y.gates.slow = R::select(who, rest.min(y.gates.slow), y.gates.slow);
        let fires = R::and(R::and(who, zero.ge(s.refractory)), R::spike(y.v, y.theta));
        y.v = R::select(fires, k.e_na, y.v);
        y.theta = R::select(fires, k.e_na, y.theta);
        s.refractory = R::select(fires, k.refractory, s.refractory);
        s.fired = R::select(fires, one, s.fired);
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Constants<R>,
        y: &mut Components<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let (zero, one) = (R::of(0.0), R::of(1.0));
        s.refractory = (s.refractory - one).max(zero);
        for i in 0..4 {
            ReceptorKernel::receive(&k.synapses[i], &mut y.synapses[i], input.spikes(i));
        }
        s.fired.gt(zero)
    }
}

/// The NMDA conductance that is not blocked, from state and constants.
fn nmda(s: &[f64], k: &[f64]) -> f64 {
    let mut y = <Components<f64> as Fields<f64>>::filled(0.0);
    let mut constants = <Constants<f64> as Fields<f64>>::filled(0.0);
    let numbers = y.numbers().len();
    y.numbers_mut().copy_from_slice(&s[..numbers]);
    constants.numbers_mut().copy_from_slice(k);
    let rest = unblocked_at_rest(y.v, constants.v_act, constants.s_act);
    y.synapses[1].value * unblocked(&constants, y.v, rest, &y.gates)
}
