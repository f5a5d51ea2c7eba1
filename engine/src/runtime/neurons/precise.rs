//! Neurons that receive and send spikes between grid points.
//!
//! A step is cut into parts at the times of its events: spikes that arrive, and the end of a refractory time.
//! Each part is solved exactly; where the potential ends above threshold the time of crossing is looked for. Return from
//! refractoriness is a whole number of steps after the spike, at the same place within its step.
//!
//! Morrison, Straube, Plesser & Diesmann 2007, Neural Comput 19:47; Hanuschkin et al. 2010, Front Neuroinform 4:113.

use crate::description::Declaration;
use crate::mechanisms::random::Stream;
use crate::mechanisms::roots::crossing;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::units::{Input, Sent, Unit, Variable};
use crate::runtime::parameters::{Declared, Parameters, real};

/// The continuous state of a precise neuron, potentials relative to E_L: what makes one model of this kind differ
/// from the other.
pub trait SubstepModel: Declared + Clone {
    /// What solves a part of a step of some length.
    type Part: Copy + Send + Sync + 'static;
    /// Whether the lower bound of the potential holds after every part of a step, or only after steps without events.
    const BOUND_IN_PARTS: bool;
    /// Recordables and settable state variables, [`Precise::V_M`] and those of the synapses.
    const VARIABLES: &'static [Variable<Precise<Self>>];
    /// Whether threshold is looked for while refractory, too, from the potential after a spike on.
    const CROSSES_WHILE_REFRACTORY: bool = false;

    fn new(p: &Parameters<'_, Self>) -> Self;
    /// Takes over changed parameters; state stays.
    fn set_parameters(&mut self, p: &Parameters<'_, Self>);
    fn part(&self, dt: f64) -> Self::Part;
    /// The potential at the end of the part if it was `u` at the beginning.
    fn potential(&self, part: &Self::Part, u: f64, current: f64) -> f64;
    /// When the potential is at its highest within a part of this length that begins at `u`, where spikes are not to be
    /// missed that end below threshold again.
    fn peak(&self, _u: f64, _current: f64, _dt: f64) -> Option<f64> {
        None
    }
    /// Synaptic state goes on.
    fn evolve(&mut self, part: &Self::Part);
    /// A weight arrives.
    fn receive(&mut self, inlet: usize, weight: f64);
    /// A number that is finite as long as the synaptic state is.
    fn finite_check(&self) -> f64;
}

/// A neuron with precise spike times whose synapses and equations are those of `M`.
#[derive(Clone)]
pub struct Precise<M: SubstepModel> {
    /// Synapses and what they do to the potential.
    pub substeps: M,
    /// What solves a whole step, the usual part.
    whole: M::Part,
    membrane: Membrane,
    u: f64,
    refractory: bool,
    last: Option<Emitted>,
}

/// Potentials relative to E_L.
#[derive(Clone, Copy)]
pub struct Membrane {
    pub e_l: f64,
    pub threshold: f64,
    pub reset: f64,
    pub lower_bound: f64,
    pub refractory_steps: i64,
    pub h: f64,
}

impl Membrane {
    pub fn of<M: Declared>(p: &Parameters<'_, M>) -> Membrane {
        let e_l = real!(p, M, "E_L");
        Membrane {
            e_l,
            threshold: real!(p, M, "V_th") - e_l,
            reset: real!(p, M, "V_reset") - e_l,
            lower_bound: real!(p, M, "V_min") - e_l,
            refractory_steps: p.grid().steps_up(real!(p, M, "t_ref")).max(1),
            h: p.h(),
        }
    }
}

/// A spike that was sent.
#[derive(Clone, Copy)]
pub struct Emitted {
    pub stamp: i64,
    pub offset: f64,
}

impl<M: SubstepModel> Precise<M> {
    /// The membrane potential.
    pub const V_M: Variable<Self> = Variable::state("V_m", |n| n.u + n.membrane.e_l, |n, x| n.u = x - n.membrane.e_l);

    fn fire(&mut self, spike: Emitted) {
        (self.u, self.refractory, self.last) = (self.membrane.reset, true, Some(spike));
    }

    /// Advances by a part of the step, `dt` ms; returns how long after its beginning the threshold is crossed, if it is.
    /// `bounded` says that the lower bound of the potential holds in this part.
    fn advance(&mut self, dt: f64, current: f64, bounded: bool) -> Option<f64> {
        if dt <= 0.0 {
            return None;
        }
        let part = if dt == self.membrane.h { self.whole } else { self.substeps.part(dt) };
        let crossed = match self.refractory {
            true if M::CROSSES_WHILE_REFRACTORY => self.crossed(dt, &part, current, None),
            true => None,
            false => self.integrate(dt, &part, current, bounded),
        };
        self.substeps.evolve(&part);
        crossed
    }

    /// When within a part the potential comes to threshold; its end may be bounded.
    fn crossed(&self, dt: f64, part: &M::Part, current: f64, end: Option<f64>) -> Option<f64> {
        let (before, threshold) = (self.u, self.membrane.threshold);
        let after = self.substeps.potential(part, before, current);
        let above = |t: f64| self.substeps.potential(&self.substeps.part(t), before, current) - threshold;
        if end.unwrap_or(after) >= threshold {
            return Some(crossing(above, dt, before - threshold, after - threshold));
        }
        let peak = self.substeps.peak(before, current, dt)?;
        let highest = above(peak);
        (highest >= 0.0).then(|| crossing(above, peak, before - threshold, highest))
    }

    fn integrate(&mut self, dt: f64, part: &M::Part, current: f64, bounded: bool) -> Option<f64> {
        let after = self.substeps.potential(part, self.u, current);
        let end = if bounded || M::BOUND_IN_PARTS { after.max(self.membrane.lower_bound) } else { after };
        let crossed = self.crossed(dt, part, current, Some(end));
        self.u = end;
        crossed
    }
}

impl<M: SubstepModel> Declared for Precise<M> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: SubstepModel> Unit for Precise<M> {
    const VARIABLES: &'static [Variable<Self>] = M::VARIABLES;

    fn new(p: &Parameters<'_, Self>) -> Self {
        let (substeps, membrane) = (M::new(&p.of_same()), Membrane::of(p));
        Precise { whole: substeps.part(membrane.h), substeps, membrane, u: 0.0, refractory: false, last: None }
    }

    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        let v = self.u + self.membrane.e_l;
        self.membrane = Membrane::of(p);
        self.u = v - self.membrane.e_l;
        self.substeps.set_parameters(&p.of_same());
        self.whole = self.substeps.part(self.membrane.h);
    }

    fn step(&mut self, input: Input<'_>, _: Grid, _: &mut Stream) -> Option<Sent> {
        let (h, stamp) = (self.membrane.h, input.step + 1);
        let mut sent = None;
        let mut fire = |neuron: &mut Self, offset: f64| {
            neuron.fire(Emitted { stamp, offset });
            sent = Some(Sent { multiplicity: 1, factor: 1.0, offset });
        };
        if self.u >= self.membrane.threshold {
            // The user has put it there: it fires at the very beginning of the step.
            fire(self, h * (1.0 - f64::EPSILON));
        }
        let returns = |spike: &Emitted| stamp - spike.stamp == self.membrane.refractory_steps;
        let mut back = self.last.filter(|spike| self.refractory && returns(spike)).map(|spike| spike.offset);
        let on_grid = input.inlets.iter().any(|sum| *sum != 0.0);
        let eventless = input.timed.is_empty() && back.is_none() && !on_grid;
        let (mut now, mut timed) = (0.0, input.timed);
        loop {
            // The return comes before spikes at the same time; what arrives at the end of the step comes last.
            let spike = timed.first().filter(|spike| back.is_none_or(|back| spike.offset > back));
            let then = match (spike, back) {
                (Some(spike), _) => h - spike.offset,
                (None, Some(back)) => h - back,
                (None, None) => h,
            };
            if let Some(crossed) = self.advance(then - now, input.current, eventless) {
                fire(self, (h - (now + crossed)).max(0.0));
            }
            now = then;
            match spike {
                Some(spike) => {
                    self.substeps.receive(spike.inlet as usize, spike.weight * spike.multiplicity as f64);
                    timed = &timed[1..];
                }
                None if back.take().is_some() => self.refractory = false,
                None => break,
            }
        }
        for (inlet, sum) in input.inlets.into_iter().enumerate() {
            self.substeps.receive(inlet, sum);
        }
        sent
    }

    const TOLD: &'static [(&'static str, &'static str)] = &[("is_refractory", ""), ("t_spike", "ms"), ("offset", "ms")];
    fn status(&self, name: &str) -> Option<f64> {
        match name {
            "is_refractory" => Some(self.refractory as u8 as f64),
            "t_spike" => Some(self.last.map_or(-1.0, |s| s.stamp as f64 * self.membrane.h - s.offset)),
            "offset" => Some(self.last.map_or(0.0, |s| s.offset)),
            _ => None,
        }
    }
    fn finite_check(&self) -> f64 {
        self.u + self.substeps.finite_check()
    }
}
