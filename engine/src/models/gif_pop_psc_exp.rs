//! A population of identical generalised integrate-and-fire neurons as one node: how many of them fire in a step is drawn,
//! given how long ago how many fired.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I) for each neuron since its last spike
//! rate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j, as of `gif_psc_exp`
//!
//! Schwalger, Deger & Gerstner 2017, PLoS Comput Biol 13:e1005507.
//!
//! As in NEST, arriving spikes act within the step in which they arrive, and setting a parameter wipes out the history of
//! spikes.

use super::declare::*;
use super::shared::*;
use crate::description::Value;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::units::{Input, Sent, Unit, Units, Variable};
use crate::runtime::parameters::{Parameters, declared, flag as switch, list, named, reals as get};

pub const MODEL: Model = Model {
    name: "gif_pop_psc_exp",
    title: "Population of generalised integrate-and-fire neurons",
    doc: "One node for a population of neurons that spike by chance near a moving threshold: it draws how many fire in each step",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e), anew from V_reset after each spike\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w\nrate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j\nspike: gamma_j += q_sfa[j]; gamma_j decays with tau_sfa[j]",
    reference: "Schwalger, Deger & Gerstner 2017, PLoS Comput Biol 13:e1005507",
    groups: &[
        Group {
            title: "Population",
            parameters: &[
                integer("N", 100).at_least(1.0).up_to(1e9).main(1.0, 1000.0).doc("Number of neurons"),
                flag("BinoRand", true).doc("Spikes are binomial; off: Poisson, no more than N"),
                integer("len_kernel", -1)
                    .up_to(LONGEST)
                    .doc("Steps for which spikes are remembered one by one; below 1: as many as the threshold needs"),
            ],
        },
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-100.0, 1000.0).doc("Constant input current"),
                real("tau_m", "ms", 20.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
                real("t_ref", "ms", 4.0).at_least(0.0).up_to(1e4).main(0.0, 20.0).in_steps().doc("Refractory period"),
                real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                real("E_L", "mV", 0.0).slider(-90.0, 0.0).doc("Leak reversal potential"),
                real("V_reset", "mV", 0.0).slider(-90.0, 10.0).doc("Potential after a spike"),
            ],
        },
        Group {
            title: "Chance of a spike",
            parameters: &[
                real("V_T_star", "mV", 15.0).main(-60.0, 40.0).doc("Base of the threshold"),
                real("Delta_V", "mV", 2.0).above(0.0).main(0.1, 5.0).doc("Width of the threshold"),
                real("lambda_0", "1/s", 10.0).at_least(0.0).slider(0.0, 100.0).doc("Rate at threshold"),
            ],
        },
        Group {
            title: "Moving threshold",
            parameters: &[
                reals_from("tau_sfa", "ms", &[300.0])
                    .above(0.0)
                    .not_empty()
                    .doc("Time constants with which the threshold falls back"),
                reals_from("q_sfa", "mV", &[0.5])
                    .as_long_as("tau_sfa")
                    .doc("Jumps of the threshold at a spike, one for each time constant"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 3.0).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory currents"),
                real("tau_syn_in", "ms", 6.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory currents"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", 0.0).slider(-90.0, 40.0).doc("Potential of neurons that have not fired for long"),
                state("I_syn_ex", "pA", 0.0).doc("Excitatory synaptic current"),
                state("I_syn_in", "pA", 0.0).doc("Inhibitory synaptic current"),
            ],
        },
    ],
    recordables: &[
        Recordable::new("V_m", "mV", "Potential of neurons that have not fired for long"),
        Recordable::new("n_events", "", "Spikes in the step"),
        Recordable::new("E_sfa", "mV", "Threshold of neurons that have not fired for long"),
        Recordable::new("mean", "", "Spikes expected in the step"),
        I_SYN_EX,
        I_SYN_IN,
    ],
    ports: &spikes_and_currents("pA"),
    relations: &[],
    behaviour: Behaviour::neurons(Units::<GifPopPscExp>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["mesoscopic population", "GIF population", "population activity"])
        .section(Section::EscapeNoise)
        .bytes(|given, resolution, _| {
            let number = |name: &str, else_: f64| given.number(name).unwrap_or(else_);
            let list = |name: &str| match given.value(name) {
                Some(Value::List(xs)) => xs,
                _ => Vec::new(),
            };
            let (taus, jumps, h) = (list("tau_sfa"), list("q_sfa"), resolution.ms());
            let threshold = Threshold { taus: &taus, jumps: &jumps, delta_v: number("Delta_V", 1.0) };
            let length = threshold.length(number("len_kernel", -1.0), number("tau_m", 1.0), number("t_ref", 0.0), h);
            given.n() as f64 * length as f64 * (ARRAYS * 8) as f64
        }),
};

/// Steps that can be remembered at most, and numbers kept for each.
const LONGEST: f64 = 1e6;
const ARRAYS: usize = 7;

const LENGTH: &str = named!(GifPopPscExp, "len_kernel");

/// How spikes move the threshold.
struct Threshold<'a> {
    taus: &'a [f64],
    jumps: &'a [f64],
    delta_v: f64,
}

impl Threshold<'_> {
    /// The threshold that a spike so many ms ago raises, mV.
    fn after(&self, ms: f64) -> f64 {
        self.taus.iter().zip(self.jumps).map(|(tau, q)| q * math::exp(-ms / tau)).sum()
    }
    /// How many steps back spikes are remembered one by one.
    fn length(&self, given: f64, tau_m: f64, t_ref: f64, h: f64) -> usize {
        if given >= 1.0 {
            return given as usize;
        }
        let (mut length, least) = ((20_000.0 / h) as usize, (5.0 * tau_m / h) as usize);
        while length > least && self.after(length as f64 * h) / self.delta_v < 0.1 {
            length -= 1;
        }
        if length as f64 * h <= t_ref { (t_ref / h) as usize + 1 } else { length.max(1) }
    }
}

#[derive(Clone)]
pub struct GifPopPscExp {
    n: f64,
    binomial: bool,
    given_length: f64,
    /// The length that was found where none was given, 0 before; as in NEST it stays until another is given.
    found_length: f64,
    tau_m: f64,
    t_ref: f64,
    refractory: usize,
    c_m: f64,
    i_e: f64,
    e_l: f64,
    reset: f64,
    v_t_star: f64,
    delta_v: f64,
    lambda_0: f64,
    taus: Vec<f64>,
    jumps: Vec<f64>,
    tau_syn: [f64; 2],
    h: f64,
    v: f64,
    currents: [f64; 2],
    spikes: f64,
    threshold: f64,
    mean: f64,
    /// Begun in the first step after parameters have been set.
    history: Option<History>,
}

/// What is remembered of spikes: for each of the last steps those who fired then and have not fired since.
#[derive(Clone)]
struct History {
    /// Spikes, survivors, their variance, potential and rate, by step in a ring that begins at `first`.
    fired: Vec<f64>,
    survivors: Vec<f64>,
    variance: Vec<f64>,
    potential: Vec<f64>,
    rate: Vec<f64>,
    /// What a spike so many steps ago, the longest first, does to the threshold of one and of all neurons.
    own: Vec<f64>,
    shared: Vec<f64>,
    first: usize,
    /// The threshold by older spikes, and those who have not fired for so long.
    older: Vec<f64>,
    free: f64,
    free_variance: f64,
    free_rate: f64,
}

declared!(GifPopPscExp);

impl GifPopPscExp {
    fn begin(&self) -> History {
        let threshold = Threshold { taus: &self.taus, jumps: &self.jumps, delta_v: self.delta_v };
        let given = if self.given_length >= 1.0 { self.given_length } else { self.found_length };
        let length = threshold.length(given, self.tau_m, self.t_ref, self.h);
        let own: Vec<f64> = (0..length).map(|i| threshold.after((length - i) as f64 * self.h)).collect();
        let shared = own.iter().map(|own| -self.delta_v * math::exp_m1(-own / self.delta_v) / self.n).collect();
        let zeros = vec![0.0; length];
        let mut all_at_last = zeros.clone();
        all_at_last[length - 1] = self.n;
        History {
            fired: all_at_last.clone(),
            survivors: all_at_last,
            variance: zeros.clone(),
            potential: zeros.clone(),
            rate: zeros,
            own,
            shared,
            first: 0,
            older: vec![0.0; self.taus.len()],
            free: 0.0,
            free_variance: 0.0,
            free_rate: 0.0,
        }
    }

    /// Rate at this distance from threshold, 1/s.
    fn rate(&self, above: f64) -> f64 {
        self.lambda_0 * math::exp(above / self.delta_v)
    }

    /// What input does to a potential in this step; synaptic currents go on.
    fn drive(&mut self, input: &Input<'_>, decay: f64) -> f64 {
        let (h, tau_m, c_m) = (self.h, self.tau_m, self.c_m);
        let mut drive = (self.i_e + input.current) * (tau_m / c_m) * (1.0 - decay) + self.e_l;
        for (i, current) in self.currents.iter_mut().enumerate() {
            let tau = self.tau_syn[i];
            let (arriving, before) = (input.inlets[i] / h * tau / c_m, *current / c_m);
            let kept = math::exp(-h / tau);
            let part = if tau == tau_m {
                decay * (h / tau * (before - arriving) - arriving)
            } else {
                (tau * kept * (before - arriving) - decay * (tau * before - tau_m * arriving)) / (tau - tau_m)
            };
            drive += tau_m * (arriving + part);
            *current = (arriving + (before - arriving) * kept) * c_m;
        }
        drive
    }

    /// How many fire, `mean` being expected.
    fn how_many(&self, mean: f64, chance: &mut Stream) -> f64 {
        let n = self.n;
        if self.binomial {
            let p = mean / n;
            return if p > 0.0 { chance.binomial(n as u64, p) as f64 } else { 0.0 };
        }
        if mean > n {
            return n;
        }
        if mean.is_nan() || mean <= f64::MIN_POSITIVE {
            return 0.0;
        }
        if 1.0 - (mean + 1.0) * math::exp(-mean) > f64::MIN_POSITIVE {
            return (chance.poisson(mean) as f64).min(n);
        }
        if chance.uniform() < mean { 1.0 } else { 0.0 }
    }
}

impl Unit for GifPopPscExp {
    const VARIABLES: &'static [Variable<Self>] = &[
        Variable::state("V_m", |n| n.v, |n, x| (n.v, n.history) = (x, None)),
        Variable::recorded("n_events", |n| n.spikes),
        Variable::recorded("E_sfa", |n| n.threshold),
        Variable::recorded("mean", |n| n.mean),
        Variable::state("I_syn_ex", |n| n.currents[0], |n, x| (n.currents[0], n.history) = (x, None)),
        Variable::state("I_syn_in", |n| n.currents[1], |n, x| (n.currents[1], n.history) = (x, None)),
    ];

    fn new(p: &Parameters<'_, Self>) -> Self {
        let [n, given_length, tau_m, t_ref] = get!(p, Self, ["N", "len_kernel", "tau_m", "t_ref"]);
        let [c_m, i_e, e_l, reset] = get!(p, Self, ["C_m", "I_e", "E_L", "V_reset"]);
        let [v_t_star, delta_v, lambda_0] = get!(p, Self, ["V_T_star", "Delta_V", "lambda_0"]);
        GifPopPscExp {
            n,
            binomial: switch!(p, Self, "BinoRand"),
            given_length,
            found_length: 0.0,
            tau_m,
            t_ref,
            refractory: p.steps(t_ref) as usize,
            c_m,
            i_e,
            e_l,
            reset,
            v_t_star,
            delta_v,
            lambda_0,
            taus: list!(p, Self, "tau_sfa").to_vec(),
            jumps: list!(p, Self, "q_sfa").to_vec(),
            tau_syn: get!(p, Self, ["tau_syn_ex", "tau_syn_in"]),
            h: p.h(),
            v: 0.0,
            currents: [0.0; 2],
            spikes: 0.0,
            threshold: 0.0,
            mean: 0.0,
            history: None,
        }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        let GifPopPscExp { v, currents, spikes, threshold, mean, found_length, .. } = *self;
        *self = GifPopPscExp { v, currents, spikes, threshold, mean, found_length, ..Self::new(p) };
    }
    fn parameters_set(&mut self, names: &[&str]) {
        if names.contains(&LENGTH) {
            self.found_length = 0.0;
        }
    }

    fn draws(&self) -> bool {
        true
    }
    fn step(&mut self, input: Input<'_>, _: Grid, chance: &mut Stream) -> Option<Sent> {
        let mut past = self.history.take().unwrap_or_else(|| self.begin());
        let (h, length, first) = (self.h, past.fired.len(), past.first);
        self.found_length = length as f64;
        let decay = math::exp(-h / self.tau_m);
        let drive = self.drive(&input, decay);
        self.v = (self.v - self.e_l) * decay + drive;
        // The threshold that all have in common, by spikes before those that are remembered.
        let mut threshold = self.v_t_star;
        for ((tau, q), older) in self.taus.iter().zip(&self.jumps).zip(&mut past.older) {
            let kept = math::exp(-h / tau);
            *older = *older * kept + (1.0 - kept) * past.fired[first] / (self.n * h);
            threshold += q * tau * math::exp(-h * length as f64 / tau) * *older;
        }
        let rate = self.rate(self.v - threshold);
        let free_fires = -math::exp_m1(-0.0005 * (past.free_rate + rate) * h);
        past.free_rate = rate;
        // As in NEST, the first place of the memory, not the oldest step.
        threshold -= past.fired[0] * past.shared[0];
        self.threshold = threshold;
        let survivors: f64 = past.survivors.iter().sum();
        let (mut firing, mut firing_variance, mut variance) = (0.0, 0.0, 0.0);
        for i in 0..length.saturating_sub(self.refractory) {
            let k = if first + i < length { first + i } else { first + i - length };
            let (m, v) = (past.survivors[k], past.variance[k]);
            if past.fired[k] == 0.0 && m == 0.0 && v == 0.0 {
                // Nobody fired then, and so it stays.
                continue;
            }
            let own = past.own[i] + threshold;
            threshold += past.fired[k] * past.shared[i];
            past.potential[k] = (past.potential[k] - self.e_l) * decay + drive;
            let rate = self.rate(past.potential[k] - own);
            let mut fires = 0.0005 * (rate + past.rate[k]) * h;
            if fires > 0.01 {
                fires = -math::exp_m1(-fires);
            }
            past.rate[k] = rate;
            firing_variance += fires * v;
            variance += v;
            firing += fires * m;
            past.variance[k] = (1.0 - fires) * (1.0 - fires) * v + fires * m;
            past.survivors[k] = m * (1.0 - fires);
        }
        let total = variance + past.free_variance;
        let missing = if total > 0.0 { (firing_variance + free_fires * past.free_variance) / total } else { 0.0 };
        self.mean = firing + free_fires * past.free + missing * (self.n - survivors - past.free);
        self.spikes = self.how_many(self.mean, chance);
        let stays = 1.0 - free_fires;
        past.free_variance = stays * stays * past.free_variance + past.free * free_fires + past.variance[first];
        past.free = past.free * stays + past.survivors[first];
        (past.fired[first], past.survivors[first]) = (self.spikes, self.spikes);
        (past.variance[first], past.potential[first], past.rate[first]) = (0.0, self.reset, 0.0);
        past.first = if first + 1 == length { 0 } else { first + 1 };
        self.history = Some(past);
        (self.spikes > 0.0).then_some(Sent { multiplicity: self.spikes as u32, factor: 1.0, offset: 0.0 })
    }

    fn status(&self, name: &str) -> Option<f64> {
        (name == LENGTH && self.found_length >= 1.0).then_some(self.found_length)
    }
    fn finite_check(&self) -> f64 {
        self.v + self.mean + self.currents[0] + self.currents[1]
    }
}
