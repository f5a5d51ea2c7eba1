//! Parameter groups that several models have in common.

use super::declare::*;
use crate::description::{Load, Value, number};
use crate::runtime::devices::{ORIGIN, START, STOP};
use crate::runtime::synapses::archive::{TAU_MINUS, TAU_MINUS_TRIPLET};
use crate::runtime::synapses::voltages::{
    A_LTD, A_LTD_CONST, A_LTP, DELAY_U_BARS, THETA_MINUS, THETA_PLUS, U_REF_SQUARED,
};

/// The active window of a device.
pub const WINDOW: Group = Group { title: "Active window", parameters: &[START, STOP, ORIGIN] };

/// `stop` must not lie before `start`.
pub const WINDOW_RELATIONS: &[Relation] = &[Relation::NotGreater("start", "stop")];

/// The time of a few periods of `frequency`, Hz, ms.
pub fn periods(given: &dyn Given) -> Option<f64> {
    const SHOWN: f64 = 5.0;
    let frequency = given.number("frequency")?.abs();
    (frequency > 0.0).then_some(SHOWN * 1000.0 / frequency)
}

/// The leaky membrane with a threshold of the `iaf_psc` models.
pub const LEAKY_MEMBRANE: Group = Group {
    title: "Neuron",
    parameters: &[
        real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
        real("tau_m", "ms", 10.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
        real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
        real("t_ref", "ms", 2.0)
            .at_least(0.0)
            .main(0.0, 20.0)
            .in_steps()
            .doc("Refractory period; one that has begun lasts to its end, whatever is changed"),
        real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
        real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Resting potential"),
        real("V_reset", "mV", -70.0).slider(-90.0, -40.0).doc("Potential after a spike"),
    ],
};

/// Spikes by chance around the threshold.
pub const ESCAPE_NOISE: Group = Group {
    title: "Escape noise",
    parameters: &[
        real("rho", "1/s", 0.01)
            .at_least(0.0)
            .slider(0.0, 100.0)
            .acts_if_positive("delta")
            .doc("Firing intensity at threshold, if delta > 0"),
        real("delta", "mV", 0.0).at_least(0.0).slider(0.0, 10.0).doc("Width of the soft threshold; 0 is a sharp one"),
    ],
};

/// A pair of currents with one decay time each.
pub const EXPONENTIAL_CURRENTS: Group = Group {
    title: "Synaptic input",
    parameters: &[
        real("tau_syn_ex", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory currents"),
        real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory currents"),
    ],
};

/// The leaky membrane with a threshold of the `iaf_cond` models.
pub const CONDUCTANCE_MEMBRANE: Group = Group {
    title: "Neuron",
    parameters: &[
        real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
        real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
        real("t_ref", "ms", 2.0)
            .at_least(0.0)
            .main(0.0, 20.0)
            .in_steps()
            .doc("Refractory period; one that has begun lasts to its end, whatever is changed"),
        real("g_L", "nS", 16.6667).main(1.0, 50.0).doc("Leak conductance"),
        real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
        real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
        real("V_reset", "mV", -60.0).slider(-90.0, -40.0).doc("Potential after a spike"),
    ],
};

/// A pair of conductances with one time constant each.
pub const CONDUCTANCES: Group = Group {
    title: "Synaptic input",
    parameters: &[
        real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
        real("E_in", "mV", -85.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
        real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Time constant of excitatory conductance"),
        real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Time constant of inhibitory conductance"),
    ],
};

/// State of a conductance model whose conductances have a driving component.
pub const INITIAL_DRIVEN_CONDUCTANCES: Group = Group {
    title: "Initial state",
    parameters: &[
        state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential"),
        state("g_ex", "nS", 0.0).doc("Excitatory conductance"),
        state("g_in", "nS", 0.0).doc("Inhibitory conductance"),
        state("dg_ex", "nS/ms", 0.0).doc("What drives the excitatory conductance"),
        state("dg_in", "nS/ms", 0.0).doc("What drives the inhibitory conductance"),
    ],
};

/// The same of neurons with precise spike times: it returns from refractoriness a whole number of steps after a spike.
pub const PRECISE_MEMBRANE: Group = Group {
    title: "Neuron",
    parameters: &[
        real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
        real("tau_m", "ms", 10.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
        real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
        real("t_ref", "ms", 2.0).above(0.0).main(0.1, 20.0).at_least_a_step().doc("Refractory period, in whole steps"),
        real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
        real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Resting potential"),
        real("V_reset", "mV", -70.0).slider(-90.0, -40.0).doc("Potential after a spike"),
        V_MIN,
    ],
};

pub const PRECISE_RELATIONS: &[Relation] =
    &[Relation::Less("V_reset", "V_th"), Relation::NotGreater("V_min", "V_reset")];

/// `V_reset` must lie below `V_th`.
pub const RESET_BELOW_THRESHOLD: &[Relation] = &[Relation::Less("V_reset", "V_th")];

pub const V_MIN: Parameter =
    real("V_min", "mV", f64::NEG_INFINITY).slider(-120.0, -60.0).doc("Lower bound of the potential");

/// The potential at the beginning.
pub const INITIAL_POTENTIAL: Group = Group {
    title: "Initial state",
    parameters: &[state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential")],
};

/// Time constants of the spike archive that plastic synapses read.
pub const PLASTICITY: Group = Group { title: "Plasticity", parameters: &[TAU_MINUS, TAU_MINUS_TRIPLET] };

pub const WEIGHT: Parameter =
    real("weight", "", 1.0).main(-500.0, 500.0).doc("Strength; its unit is the target's (pA, nS or mV)");
pub const DELAY: Parameter =
    real("delay", "ms", 1.0).above(0.0).main(0.1, 20.0).fixed().doc("Time from spike to effect");

/// What every synapse has.
pub const SYNAPSE: Group = Group { title: "Synapse", parameters: &[WEIGHT, DELAY] };

/// The same of models whose synapses have one weight in common.
pub const SYNAPSE_OF_COMMON_WEIGHT: Group = Group { title: "Synapse", parameters: &[WEIGHT.common(), DELAY] };

/// Parameters of a synapse model, the same for all synapses of a projection.
pub const fn all_common<const N: usize>(mut parameters: [Parameter; N]) -> [Parameter; N] {
    let mut i = 0;
    while i < N {
        parameters[i] = parameters[i].common();
        i += 1;
    }
    parameters
}

/// The static synapse, from which declarations of synapse models start.
pub const STATIC: Model = Model {
    name: "static_synapse",
    title: "Static synapse",
    doc: "Transmits every spike with the same weight and delay",
    equations: "",
    reference: "",
    groups: &[SYNAPSE],
    recordables: &[],
    ports: &[],
    relations: &[],
    behaviour: Behaviour::Synapse(SynapseBehaviour::Static),
    facts: Facts::NONE.also_called(&["fixed weight", "constant weight", "plain synapse"]),
};

/// One spike port, one current port, both number 0.
pub const fn spikes_and_currents(unit: &'static str) -> [Port; 2] {
    [
        Port::spikes(0, unit, "Spikes; the sign of the weight decides between excitation and inhibition").signed(),
        Port::currents(0, "Currents into the membrane"),
    ]
}

/// Any number of receptors, each with a time constant.
pub const RECEPTORS: Group = Group {
    title: "Synaptic input",
    parameters: &[reals_from("tau_syn", "ms", &[2.0])
        .above(0.0)
        .doc("Rise time of the current of each receptor; receptors count from 1")],
};

/// One spike port for each receptor, from number 1 on, and a current port.
pub const fn spikes_at_receptors(unit: &'static str) -> [Port; 2] {
    [
        Port::spikes(1, unit, "Spikes at the receptors, weights of either sign").each("tau_syn"),
        Port::currents(0, "Currents into the membrane"),
    ]
}

/// One spike port for each receptor of a list of conductances, from number 1 on, and a current port.
pub const fn conductances_at_receptors() -> [Port; 2] {
    [
        Port::spikes(1, "nS", "Spikes at the receptors; weights must not be negative")
            .each("E_rev")
            .reverses_at("E_rev")
            .only_positive(),
        Port::currents(0, "Currents into the membrane"),
    ]
}

pub const V_M: Recordable = Recordable::new("V_m", "mV", "Membrane potential");
pub const I_SYN_EX: Recordable = Recordable::new("I_syn_ex", "pA", "Excitatory synaptic current");
pub const I_SYN_IN: Recordable = Recordable::new("I_syn_in", "pA", "Inhibitory synaptic current");
pub const G_EX: Recordable = Recordable::new("g_ex", "nS", "Excitatory conductance");
pub const G_IN: Recordable = Recordable::new("g_in", "nS", "Inhibitory conductance");
pub const I: Recordable = Recordable::new("I", "pA", "Current sent, averaged over targets");
pub const I_SYN: Recordable = Recordable::new("I_syn", "pA", "Sum of all synaptic currents");
pub const I_SYN_EACH: Recordable = Recordable::new("I_syn_", "pA", "Synaptic current of a receptor").each("tau_syn", 1);
pub const G_EACH: Recordable = Recordable::new("g_", "nS", "Conductance of a receptor").each("E_rev", 1);
/// The largest rate of random spikes, spikes/s: what comes in a step still is a whole number of 32 bits.
pub const MOST_SPIKES: f64 = 1e11;

/// The largest number of processes in a superposition: what comes in a step still is a whole number of 32 bits.
pub const MOST_PROCESSES: f64 = 1e12;

pub const T_REF_REMAINING: Recordable = Recordable::new("t_ref_remaining", "ms", "Time left of the refractory period");

/// What the voltage-based archive makes of the potential for plastic synapses.
pub const CLOPATH_ARCHIVE: Group = Group {
    title: "Voltage-based plasticity",
    parameters: &[A_LTD, A_LTP, THETA_PLUS, THETA_MINUS, A_LTD_CONST, U_REF_SQUARED, DELAY_U_BARS],
};
/// Bytes that this archive needs: low-passed potentials of `delay_u_bars`, depressions of the longest delay.
pub fn clopath_bytes(given: &dyn Given, resolution: Resolution, load: Load) -> f64 {
    let late = given.number("delay_u_bars").map_or(0.0, |late| resolution.delay_steps(late));
    given.n() as f64 * (16.0 * (late + 1.0) + 8.0 * (load.delay + 65.0))
}
pub const U_BAR_PLUS: Recordable = Recordable::new("u_bar_plus", "mV", "Low-passed potential for potentiation");
pub const U_BAR_MINUS: Recordable = Recordable::new("u_bar_minus", "mV", "Low-passed potential for depression");
pub const U_BAR_BAR: Recordable = Recordable::new("u_bar_bar", "mV", "Homeostatic average of the potential");

/// Every entry of the list `slow` is as long as that of the list `fast` or longer.
pub fn not_faster(given: &dyn Given, slow: &'static str, fast: &'static str) -> Result<(), Wrong> {
    let of = |name: &str| match given.value(name) {
        Some(Value::List(times)) => vec![times],
        Some(Value::Lists(of_neurons)) => of_neurons,
        Some(Value::Real(time)) => vec![vec![time]],
        _ => Vec::new(),
    };
    for (slow_times, fast_times) in of(slow).iter().zip(&of(fast)) {
        if let Some((entry, time)) =
            slow_times.iter().enumerate().find(|(i, t)| fast_times.get(*i).is_some_and(|f| *t < f))
        {
            return Err((slow, format!("entry {} must be ≥ that of {fast}, is {}", entry + 1, number(*time))));
        }
    }
    Ok(())
}
