//! Generalised leaky integrate-and-fire neurons of the Allen Institute with currents or conductances at any number of
//! receptors; their dynamics are [`glif`](super::parts::glif).
//!
//! Teeter et al. 2018, Nat Commun 9:709.

use super::declare::*;
use super::parts::coupling::ConductanceList;
use super::parts::currents::{CurrentList, DoubleAlphaList};
use super::parts::glif::{ExactGlif, Glif, Leaky};
use super::shared::*;
use crate::description::{Value, number};
use crate::mechanisms::kernels::Alpha;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::{Parameters, declared, real as get};

const V_TH: Parameter = real("V_th", "mV", -51.68).main(-70.0, -30.0).doc("Threshold at rest");
const T_REF: Parameter = real("t_ref", "ms", 3.75)
    .above(0.0)
    .main(0.1, 20.0)
    .in_steps()
    .doc("Refractory period, in which all but the synapses stands still; one that has begun lasts to its end");
const C_M: Parameter = real("C_m", "pF", 58.72).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance");
const E_L: Parameter = real("E_L", "mV", -78.85).slider(-90.0, -40.0).doc("Resting potential");
const V_RESET: Parameter = real("V_reset", "mV", -78.85)
    .slider(-90.0, -40.0)
    .acts_if_off("spike_dependent_threshold")
    .doc("Potential after a spike, without spike_dependent_threshold");

const LEVELS: Group = Group {
    title: "Level",
    parameters: &[
        flag("spike_dependent_threshold", false)
            .doc("Spikes raise the threshold and reset in proportion: levels 2, 4, 5"),
        flag("after_spike_currents", false).doc("Spikes trigger currents: levels 3, 4, 5"),
        flag("adapting_threshold", false).doc("The threshold follows the potential: level 5, with both others"),
    ],
};

const THRESHOLD: Group = Group {
    title: "Threshold and reset",
    parameters: &[
        real("th_spike_add", "mV", 0.37)
            .slider(0.0, 20.0)
            .acts_if_on("spike_dependent_threshold")
            .doc("What a spike adds to the threshold"),
        real("th_spike_decay", "1/ms", 0.009)
            .slider(0.001, 0.1)
            .acts_if_on("spike_dependent_threshold")
            .doc("Rate at which that decays"),
        real("voltage_reset_fraction", "", 0.2)
            .slider(0.0, 1.0)
            .acts_if_on("spike_dependent_threshold")
            .doc("What part of the potential above E_L before a spike stays after it"),
        real("voltage_reset_add", "mV", 18.51)
            .slider(-20.0, 40.0)
            .acts_if_on("spike_dependent_threshold")
            .doc("What is added to that"),
        real("th_voltage_index", "1/ms", 0.005)
            .slider(0.0, 0.1)
            .acts_if_on("adapting_threshold")
            .doc("How fast the threshold follows the potential"),
        real("th_voltage_decay", "1/ms", 0.09)
            .slider(0.001, 1.0)
            .acts_if_on("adapting_threshold")
            .doc("Rate at which that decays"),
    ],
};

const AFTER_SPIKES: Group = Group {
    title: "Currents after a spike",
    parameters: &[
        reals_from("asc_init", "pA", &[0.0, 0.0])
            .acts_never("the currents begin with ASCurrents, here as in NEST")
            .doc("Of no effect, as in NEST; set ASCurrents"),
        reals_from("asc_decay", "1/ms", &[0.003, 0.1])
            .acts_if_on("after_spike_currents")
            .doc("Rate at which each current decays"),
        reals_from("asc_amps", "pA", &[-9.18, -198.94])
            .acts_if_on("after_spike_currents")
            .doc("What a spike puts into each current"),
        reals_from("asc_r", "", &[1.0, 1.0])
            .acts_if_on("after_spike_currents")
            .doc("What part of each current stays at a spike"),
    ],
};

const AT_FIRST: Group = Group {
    title: "Initial state",
    parameters: &[
        state("V_m", "mV", -78.85).slider(-90.0, -40.0).doc("Membrane potential"),
        state("threshold_spike", "mV", 0.0).slider(0.0, 20.0).doc(THRESHOLD_SPIKE.doc),
        state("threshold_voltage", "mV", 0.0).slider(-20.0, 20.0).doc(THRESHOLD_VOLTAGE.doc),
        reals_from("ASCurrents", "pA", &[0.0, 0.0]).doc("The currents after a spike"),
    ],
};

const THRESHOLD_SPIKE: Recordable = Recordable::new("threshold_spike", "mV", "Part of the threshold that spikes raise");
const THRESHOLD_VOLTAGE: Recordable =
    Recordable::new("threshold_voltage", "mV", "Part of the threshold that follows the potential");
const ASC_SUM: Recordable = Recordable::new("ASCurrents_sum", "pA", "Sum of the currents after spikes");
const ASC_EACH: Recordable =
    Recordable::new("ASCurrents_", "pA", "One of the currents after spikes, in the order of asc_decay")
        .each("asc_decay", 1);
const INJECTED: Recordable = Recordable::new("I", "pA", "Current of generators in the step to come");
const WHOLE_THRESHOLD: Recordable = Recordable::new("threshold", "mV", "Threshold");

const CURRENT: Port = Port::currents(0, "Currents into the membrane").zero_lag();

pub const PSC: Model = Model {
    name: "glif_psc",
    title: "Generalised leaky integrate-and-fire, alpha currents",
    doc: "Five levels of leaky neurons, from a plain reset to a threshold that adapts to spikes and potential; alpha-shaped currents at the receptors",
    equations: "C_m dV/dt = -g (V - E_L) + sum_a I_a + I_syn + I\ndI_a/dt = -asc_decay[a] I_a\nV > V_th + theta_s + theta_v: spike\nspike: I_a = asc_amps[a] + asc_r[a] I_a exp(-asc_decay[a] t_ref), V = V_reset for t_ref\nwith spike_dependent_threshold: V = E_L + fraction (V - E_L) + add, theta_s += th_spike_add, dtheta_s/dt = -th_spike_decay theta_s\nwith adapting_threshold: dtheta_v/dt = th_voltage_index (V - E_L) - th_voltage_decay theta_v",
    reference: "Teeter et al. 2018, Nat Commun 9:709",
    groups: &[
        Group { title: "Neuron", parameters: &[V_TH, T_REF, G, C_M, E_L, V_RESET] },
        LEVELS,
        THRESHOLD,
        AFTER_SPIKES,
        RECEPTORS,
        AT_FIRST,
        PLASTICITY,
    ],
    recordables: &[V_M, WHOLE_THRESHOLD, THRESHOLD_SPIKE, THRESHOLD_VOLTAGE, ASC_SUM, ASC_EACH, INJECTED, I_SYN],
    ports: &[Port::spikes(1, "pA", "Spikes at the receptors, weights of either sign").each("tau_syn"), CURRENT],
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(stepped::make::<ExactGlif<GlifPsc, CurrentList<Alpha>>>, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["GLIF", "Allen cell types model"])
        .section(Section::IntegrateAndFireCurrents)
        .spike(SpikeShape::reset_at("V_th"))
        .check(levels),
};

const G: Parameter = real("g", "nS", 9.43).above(0.0).main(1.0, 50.0).doc("Leak conductance");

pub const DOUBLE_ALPHA: Model = Model {
    name: "glif_psc_double_alpha",
    title: "Generalised leaky integrate-and-fire, double alpha currents",
    doc: "Five levels of leaky neurons, from a plain reset to a threshold that adapts to spikes and potential; each receptor has a fast and a slow alpha-shaped current",
    groups: &[
        Group { title: "Neuron", parameters: &[V_TH, T_REF, G, C_M, E_L, V_RESET] },
        LEVELS,
        THRESHOLD,
        AFTER_SPIKES,
        Group {
            title: "Synaptic input",
            parameters: &[
                reals_from("tau_syn_fast", "ms", &[2.0])
                    .above(0.0)
                    .doc("Rise time of the fast current of each receptor; receptors count from 1"),
                reals_from("tau_syn_slow", "ms", &[6.0])
                    .above(0.0)
                    .as_long_as("tau_syn_fast")
                    .doc("Rise time of the slow current of each receptor"),
                reals_from("amp_slow", "", &[0.3])
                    .above(0.0)
                    .as_long_as("tau_syn_fast")
                    .doc("Height of the slow current of each receptor, that of the fast one being 1"),
            ],
        },
        AT_FIRST,
        PLASTICITY,
    ],
    ports: &[Port::spikes(1, "pA", "Spikes at the receptors, weights of either sign").each("tau_syn_fast"), CURRENT],
    behaviour: Behaviour::neurons(stepped::make::<ExactGlif<GlifPscDoubleAlpha, DoubleAlphaList>>, &[Signal::Spikes]),
    facts: PSC.facts.also_called(&["GLIF, fast and slow currents"]),
    ..PSC
};

pub const COND: Model = Model {
    name: "glif_cond",
    title: "Generalised leaky integrate-and-fire, conductances",
    doc: "Five levels of leaky neurons, from a plain reset to a threshold that adapts to spikes and potential; alpha-shaped conductances at the receptors",
    equations: "C_m dV/dt = -g_m (V - E_L) + sum_a I_a + sum_k g_k (E_rev[k] - V) + I\ndI_a/dt = -asc_decay[a] I_a\nV > V_th + theta_s + theta_v: spike\nspike: I_a = asc_amps[a] + asc_r[a] I_a exp(-asc_decay[a] t_ref), V = V_reset for t_ref\nwith spike_dependent_threshold: V = E_L + fraction (V - E_L) + add, theta_s += th_spike_add, dtheta_s/dt = -th_spike_decay theta_s\nwith adapting_threshold: dtheta_v/dt = th_voltage_index (V - E_L) - th_voltage_decay theta_v",
    groups: &[
        Group { title: "Neuron", parameters: &[V_TH, T_REF, G_M, C_M, E_L, V_RESET] },
        LEVELS,
        THRESHOLD,
        AFTER_SPIKES,
        Group {
            title: "Synaptic input",
            parameters: &[
                reals_from("E_rev", "mV", &[0.0, -85.0])
                    .doc("Reversal potential of each receptor; receptors count from 1"),
                reals_from("tau_syn", "ms", &[0.2, 2.0])
                    .above(0.0)
                    .as_long_as("E_rev")
                    .doc("Rise time of each receptor"),
            ],
        },
        AT_FIRST,
        PLASTICITY,
    ],
    recordables: &[V_M, WHOLE_THRESHOLD, THRESHOLD_SPIKE, THRESHOLD_VOLTAGE, ASC_SUM, ASC_EACH, INJECTED, G_EACH],
    ports: &[Port::spikes(1, "nS", "Spikes at the receptors").each("E_rev").reverses_at("E_rev"), CURRENT],
    behaviour: Behaviour::neurons(Glif::<GlifCond, ConductanceList<Alpha>>::make, &[Signal::Spikes]),
    facts: PSC.facts.also_called(&["GLIF, conductances"]).section(Section::IntegrateAndFireConductances),
    ..PSC
};

const G_M: Parameter = real("g_m", "nS", 9.43).above(0.0).main(1.0, 50.0).doc("Leak conductance");

/// The declarations, to which the parts of the neurons refer.
pub struct GlifPsc;
declared!(GlifPsc, PSC);
pub struct GlifPscDoubleAlpha;
declared!(GlifPscDoubleAlpha, DOUBLE_ALPHA);
pub struct GlifCond;
declared!(GlifCond, COND);

impl Leaky for GlifPsc {
    fn conductance(p: &Parameters<'_, Self>) -> f64 {
        get!(p, Self, "g")
    }
}
impl Leaky for GlifPscDoubleAlpha {
    fn conductance(p: &Parameters<'_, Self>) -> f64 {
        get!(p, Self, "g")
    }
}
impl Leaky for GlifCond {
    fn conductance(p: &Parameters<'_, Self>) -> f64 {
        get!(p, Self, "g_m")
    }
}

/// The switches make one of five levels, and what a level uses must be right.
fn levels(given: &dyn Given, _: Resolution) -> Result<(), Wrong> {
    let switch = |name: &str, i: usize| match given.value(name) {
        Some(Value::Flag(on)) => on,
        Some(Value::Flags(each)) => each.get(i).copied().unwrap_or(false),
        _ => false,
    };
    let number_of = |name: &str, i: usize| match given.value(name) {
        Some(Value::Real(x)) => Some(x),
        Some(Value::List(each)) => each.get(i).copied(),
        _ => None,
    };
    let list = |name: &str, i: usize| match given.value(name) {
        Some(Value::List(all)) => all,
        Some(Value::Lists(each)) => each.get(i).cloned().unwrap_or_default(),
        Some(Value::Real(x)) => vec![x],
        _ => Vec::new(),
    };
    // Neurons that are alike are looked at once.
    let alike = ["spike_dependent_threshold", "after_spike_currents", "adapting_threshold"]
        .iter()
        .all(|name| !matches!(given.value(name), Some(Value::Flags(_))));
    let numbers = ["th_spike_decay", "voltage_reset_fraction", "th_voltage_decay"];
    let lists = ["asc_init", "asc_decay", "asc_amps", "asc_r", "ASCurrents"];
    let alike = alike
        && numbers.iter().all(|name| !matches!(given.value(name), Some(Value::List(_))))
        && lists.iter().all(|name| !matches!(given.value(name), Some(Value::Lists(_))));
    for i in 0..if alike { 1 } else { given.n() } {
        let by_spikes = switch("spike_dependent_threshold", i);
        let currents = switch("after_spike_currents", i);
        let by_potential = switch("adapting_threshold", i);
        if by_potential && !(by_spikes && currents) {
            let message = "needs spike_dependent_threshold and after_spike_currents too: that is level 5";
            return Err(("adapting_threshold", message.into()));
        }
        if by_spikes && number_of("th_spike_decay", i).is_some_and(|x| x <= 0.0) {
            return Err(("th_spike_decay", "must be > 0 with spike_dependent_threshold".into()));
        }
        if by_spikes && number_of("voltage_reset_fraction", i).is_some_and(|x| !(0.0..=1.0).contains(&x)) {
            return Err(("voltage_reset_fraction", "must be 0 … 1 with spike_dependent_threshold".into()));
        }
        if by_potential && number_of("th_voltage_decay", i).is_some_and(|x| x <= 0.0) {
            return Err(("th_voltage_decay", "must be > 0 with adapting_threshold".into()));
        }
        if !by_spikes && given.is_given("threshold_spike") {
            return Err(("threshold_spike", "can be set with spike_dependent_threshold only".into()));
        }
        if !by_potential && given.is_given("threshold_voltage") {
            return Err(("threshold_voltage", "can be set with adapting_threshold only".into()));
        }
        if !currents && given.is_given("ASCurrents") {
            return Err(("ASCurrents", "can be set with after_spike_currents only".into()));
        }
        if currents {
            check_currents(given, |name| list(name, i))?;
        }
    }
    Ok(())
}

/// The lists of currents after a spike belong together.
fn check_currents(given: &dyn Given, list: impl Fn(&str) -> Vec<f64>) -> Result<(), Wrong> {
    let decays = list("asc_decay");
    for name in ["asc_init", "asc_amps", "asc_r", "ASCurrents"] {
        let given = name != "ASCurrents" || given.is_given(name);
        if given && list(name).len() != decays.len() {
            let message =
                format!("must have as many entries as asc_decay ({}), has {}", decays.len(), list(name).len());
            return Err((name, message));
        }
    }
    if let Some(rate) = decays.iter().find(|rate| **rate <= 0.0) {
        return Err(("asc_decay", format!("entries must be > 0, one is {}", number(*rate))));
    }
    if let Some(part) = list("asc_r").iter().find(|part| !(0.0..=1.0).contains(*part)) {
        return Err(("asc_r", format!("entries must be 0 … 1, one is {}", number(*part))));
    }
    Ok(())
}
