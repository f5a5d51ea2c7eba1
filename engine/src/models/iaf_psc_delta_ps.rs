//! Leaky integrate-and-fire neuron whose potential jumps at each input spike, at its precise time.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_e + I), a spike of weight w adds w to V at the very time at which it arrives
//!
//! Spikes that arrive in the refractory period are lost. The lower bound of the potential holds in steps without events.
//!
//! Morrison, Straube, Plesser & Diesmann 2007, Neural Comput 19:47; Hanuschkin et al. 2010, Front Neuroinform 4:113.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::lanes::exp_m1;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::precise::{Emitted, Membrane};
use crate::runtime::neurons::units::{Input, Sent, Unit, Units, Variable};
use crate::runtime::parameters::{Parameters, declared, reals};

pub const MODEL: Model = Model {
    name: "iaf_psc_delta_ps",
    title: "Integrate-and-fire, delta pulses, precise",
    doc: "Leaky integrate-and-fire neuron whose potential jumps with each spike; spikes keep their times between grid points",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) I_e, spike: V += w\nV reaches V_th at t: spike at t, V = V_reset for t_ref (in whole steps)",
    reference: "Morrison, Straube, Plesser & Diesmann 2007, Neural Comput 19:47",
    groups: &[PRECISE_MEMBRANE, INITIAL_POTENTIAL, PLASTICITY],
    recordables: &[V_M],
    ports: &[
        Port::spikes(0, "mV", "Spikes, weights of either sign").signed().precise(),
        Port::currents(0, "Currents into the membrane"),
    ],
    relations: PRECISE_RELATIONS,
    behaviour: Behaviour::neurons(Units::<IafPscDeltaPs>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["LIF, delta, precise spike times", "off-grid spikes, delta"])
        .section(Section::PreciseTimes)
        .response(Response::Jump)
        .spike(SpikeShape::reset_at("V_th")),
};

#[derive(Clone)]
pub struct IafPscDeltaPs {
    membrane: Membrane,
    tau_m: f64,
    /// What a whole step, the usual part, takes of the distance to where the potential tends.
    leak_of_step: f64,
    /// Potential, mV, that a current of 1 pA leads to in the end.
    resistance: f64,
    i_e: f64,
    /// Potential relative to E_L.
    u: f64,
    refractory: bool,
    last: Option<Emitted>,
}

declared!(IafPscDeltaPs);

impl IafPscDeltaPs {
    fn fire(&mut self, spike: Emitted) -> Sent {
        (self.u, self.refractory, self.last) = (self.membrane.reset, true, Some(spike));
        Sent { multiplicity: 1, factor: 1.0, offset: spike.offset }
    }

    /// A part of the step that ends `offset` before its end. Returns how long before its end the threshold was crossed.
    fn pass(&mut self, dt: f64, current: f64, bounded: bool) -> Option<f64> {
        if self.refractory || dt <= 0.0 {
            return None;
        }
        let leak = if dt == self.membrane.h { self.leak_of_step } else { exp_m1(-dt / self.tau_m) };
        let end = self.resistance * (self.i_e + current);
        self.u += (self.u - end) * leak;
        if bounded {
            self.u = self.u.max(self.membrane.lower_bound);
        }
        let threshold = self.membrane.threshold;
        (self.u >= threshold).then(|| {
            let since = -self.tau_m * math::ln((end - self.u) / (end - threshold));
            if since.is_finite() { since.clamp(0.0, dt) } else { 0.0 }
        })
    }
}

impl Unit for IafPscDeltaPs {
    const VARIABLES: &'static [Variable<Self>] =
        &[Variable::state("V_m", |n| n.u + n.membrane.e_l, |n, x| n.u = x - n.membrane.e_l)];

    fn new(p: &Parameters<'_, Self>) -> Self {
        let [tau_m, c_m, i_e] = reals!(p, Self, ["tau_m", "C_m", "I_e"]);
        let membrane = Membrane::of(p);
        let leak_of_step = exp_m1(-membrane.h / tau_m);
        let resistance = tau_m / c_m;
        IafPscDeltaPs { membrane, tau_m, leak_of_step, resistance, i_e, u: 0.0, refractory: false, last: None }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        let (v, refractory, last) = (self.u + self.membrane.e_l, self.refractory, self.last);
        *self = Self::new(p);
        *self = IafPscDeltaPs { u: v - self.membrane.e_l, refractory, last, ..self.clone() };
    }

    fn step(&mut self, input: Input<'_>, _: Grid, _: &mut Stream) -> Option<Sent> {
        let (h, stamp) = (self.membrane.h, input.step + 1);
        let mut sent = None;
        if self.u >= self.membrane.threshold {
            // The user has put it there: it fires at the very beginning of the step.
            sent = Some(self.fire(Emitted { stamp, offset: h * (1.0 - f64::EPSILON) }));
        }
        let returns = |spike: &Emitted| stamp - spike.stamp == self.membrane.refractory_steps;
        let mut back = self.last.filter(|spike| self.refractory && returns(spike)).map(|spike| spike.offset);
        let on_grid = input.inlets[0] + input.inlets[1];
        let arrives = input.inlets.iter().any(|sum| *sum != 0.0);
        let eventless = input.timed.is_empty() && back.is_none() && !arrives;
        let (mut now, mut timed, mut at_end) = (0.0, input.timed, false);
        while !at_end {
            // The return comes before spikes at the same time; those at the end of the step come last. Spikes at the same
            // time are one.
            let spike = timed.first().filter(|spike| back.is_none_or(|back| spike.offset > back));
            let offset = match (spike, back) {
                (Some(spike), _) => spike.offset,
                (None, Some(back)) => back,
                (None, None) => 0.0,
            };
            let weight = match spike {
                Some(_) => {
                    let together = timed.iter().take_while(|other| other.offset == offset).count();
                    let (these, others) = timed.split_at(together);
                    timed = others;
                    Some(these.iter().map(|spike| spike.weight * spike.multiplicity as f64).sum::<f64>())
                }
                None if back.take().is_some() => None,
                None => {
                    at_end = true;
                    Some(on_grid)
                }
            };
            let then = h - offset;
            if let Some(since) = self.pass(then - now, input.current, eventless) {
                // What arrives at the end of this part finds the neuron refractory.
                sent = Some(self.fire(Emitted { stamp, offset: offset + since }));
            } else if let (Some(weight), false) = (weight, self.refractory) {
                self.u += weight;
                if self.u >= self.membrane.threshold {
                    sent = Some(self.fire(Emitted { stamp, offset }));
                }
            }
            if weight.is_none() {
                self.refractory = false;
            }
            now = then;
        }
        sent
    }

    const TOLD: &'static [(&'static str, &'static str)] = &[("is_refractory", ""), ("t_spike", "ms")];
    fn status(&self, name: &str) -> Option<f64> {
        match name {
            "is_refractory" => Some(self.refractory as u8 as f64),
            "t_spike" => Some(self.last.map_or(-1.0, |s| s.stamp as f64 * self.membrane.h - s.offset)),
            _ => None,
        }
    }
    fn finite_check(&self) -> f64 {
        self.u
    }
}
