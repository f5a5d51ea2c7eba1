//! Signals without delay, found slice by slice as distributed simulators find them.
//!
//! In each round every neuron makes all steps of the slice with the signals that the others put out in the round
//! before, from the state at the beginning of the slice; rounds end when no value changes by more than a tolerance.
//! What is left of the error is that of the reference. The limit of many rounds is the plain exchange in every
//! step, which needs no rounds and is what is done where no tolerance is set.
//!
//! Hahne et al. 2015, Front Neuroinform 9:22.

use crate::runtime::chunks::chunk::Chunk;
use crate::runtime::chunks::coupled::{Coupling, Lag, SignalSource};
use crate::runtime::devices::Devices;
use crate::runtime::slice::{Outbox, Span};

/// When rounds end, and the slice that they go over.
#[derive(Clone, Copy, Debug)]
pub struct Stopping {
    pub tolerance: f64,
    pub most_rounds: u32,
    /// In steps.
    pub slice: i64,
}

/// By population and neuron: the values put out at one time.
pub type Values = Vec<Vec<f64>>;

/// The signals of the slice that begins at step `first`, step by step; in `Values` of the size of `shape`.
pub fn relax(
    chunks: &[&mut Chunk],
    shape: &Values,
    devices: &Devices,
    first: i64,
    stopping: Stopping,
) -> Vec<Option<Values>> {
    let Stopping { tolerance, most_rounds, slice } = stopping;
    let steps = slice as usize;
    let begin = concerned(chunks);
    let devices = foreseen(&begin, devices, first + slice);
    let blank = || shape.iter().map(|values| vec![0.0; values.len()]).collect::<Values>();
    let mut outbox = Outbox::new(1);
    // At first the others stay where they are; before the first slice they sent nothing.
    let standing = (first > 0).then(|| output(&mut begin.clone(), blank()));
    let mut received = vec![standing; steps];
    let mut ends = vec![blank(); steps];
    for _ in 0..most_rounds {
        let mut trial = begin.clone();
        let mut outputs = Vec::with_capacity(steps + 1);
        for (k, received) in received.iter().enumerate() {
            outputs.push(output(&mut trial, blank()));
            let span = Span { first: first + k as i64, n: 1, ..Span::default() };
            for chunk in &mut trial {
                chunk.receive(received.as_ref(), &devices, span.first);
                // A state that is not finite is reported when the slice is made.
                let _ = chunk.neurons.update(&span, &mut chunk.inputs, &mut outbox, &mut []);
                outbox.clear();
            }
        }
        outputs.push(output(&mut trial, blank()));
        let reached = &outputs[1..];
        let near = |(a, b): (&Values, &Values)| {
            a.iter().flatten().zip(b.iter().flatten()).all(|(a, b)| (a - b).abs() <= tolerance || !a.is_finite())
        };
        let settled = reached.iter().zip(&ends).all(near);
        ends = reached.to_vec();
        received = outputs.into_iter().take(steps).map(Some).collect();
        if settled {
            break;
        }
    }
    received
}

/// Copies of the chunks that receive signals without delay or send them.
fn concerned(chunks: &[&mut Chunk]) -> Vec<Chunk> {
    let at_once = || chunks.iter().flat_map(|chunk| &chunk.couplings).filter(|coupling| coupling.acts_at_once());
    let sends = |chunk: &Chunk| at_once().any(|coupling| coupling.from == SignalSource::Population(chunk.population));
    chunks.iter().filter(|chunk| chunk.receives_at_once() || sends(chunk)).map(|chunk| (**chunk).clone()).collect()
}

/// The generators that act on these chunks, with what they will send until step `end` if nothing is changed: the
/// slice may reach beyond the span that they have been prepared for.
fn foreseen(chunks: &[Chunk], devices: &Devices, end: i64) -> Devices {
    let acts =
        |node: usize| chunks.iter().flat_map(|chunk| &chunk.couplings).any(|c| c.from == SignalSource::Device(node));
    let list = devices.list.iter().enumerate().map(|(node, device)| device.as_ref().filter(|_| acts(node)).cloned());
    let mut devices = Devices { list: list.collect(), until: devices.until };
    let n = (end - devices.until).max(0) as usize;
    if n > 0 {
        let mut outboxes = vec![Outbox::new(n); devices.list.len()];
        devices.prepare(&Span { first: devices.until, n, ..Span::default() }, &mut outboxes);
    }
    devices
}

/// What the chunks put out at the beginning of a step.
fn output(chunks: &mut [Chunk], mut values: Values) -> Values {
    for chunk in chunks {
        chunk.neurons.output(&mut values[chunk.population][chunk.first..chunk.first + chunk.n]);
    }
    values
}

impl Coupling {
    /// Whether it carries signals without delay, other than across gap junctions, which look for a fixed point themselves.
    fn acts_at_once(&self) -> bool {
        self.lag == Lag::None && !self.gap
    }
}

impl Chunk {
    /// Whether it receives signals without delay.
    pub fn receives_at_once(&self) -> bool {
        self.couplings.iter().any(Coupling::acts_at_once)
    }

    /// Takes in the signals without delay of a step, and what generators send in it; other signals that reach the
    /// slice have been passed on before it.
    fn receive(&mut self, received: Option<&Values>, devices: &Devices, step: i64) {
        let Chunk { couplings, neurons, inputs, .. } = self;
        for coupling in couplings.iter() {
            match (coupling.from, received) {
                (SignalSource::Device(node), _) => {
                    coupling.transmit(&|source| devices.value(node, source, 0, step), step, &**neurons, inputs);
                }
                (SignalSource::Population(population), Some(received)) if coupling.acts_at_once() => {
                    coupling.transmit(&|source| received[population][source], step, &**neurons, inputs);
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::project::read;
    use crate::recordings::Frame;
    use crate::runtime::Simulation;

    /// Rates of three populations that see each other at once and after a while.
    fn rates(settings: &str, pieces: &[u64]) -> Vec<f64> {
        let text = format!(
            r#"(simulation: (seed: 5{settings}), nodes: {{
                "in": (model: "lin_rate_ipn", n: 70, params: (sigma: 0.5, rate: uniform(low: 0, high: 2))),
                "out": (model: "lin_rate_opn", n: 20, params: (sigma: 0.2, mu: 1)),
                "field": (model: "siegert_neuron", n: 3, params: (mean: 3)),
                "steps": (model: "step_rate_generator", params: (amplitude_times: [5, 12.5], amplitude_values: [2, -1])),
                "m": (model: "multimeter", params: (record_from: ["rate"], interval: 0.1)) }},
            projections: [
                (from: "in", to: "out", rule: fixed_indegree(10), weight: 0.1, synapse: "rate_connection_instantaneous"),
                (from: "out", to: "in", rule: fixed_indegree(5), weight: -0.3, synapse: "rate_connection_instantaneous"),
                (from: "in", to: "in", rule: fixed_indegree(5), weight: 0.1, delay: 1.3, synapse: "rate_connection_delayed"),
                (from: "field", to: "field", synapse: "diffusion_connection", params: (drift_factor: 0.3, diffusion_factor: 0.05)),
                (from: "steps", to: "in", synapse: "rate_connection_delayed"), (from: "m", to: "in"), (from: "m", to: "out"), (from: "m", to: "field")])"#
        );
        let (project, _) = read(&text).unwrap_or_else(|e| panic!("{e}"));
        let mut simulation = Simulation::build(&project, &|_| true).unwrap_or_else(|p| panic!("{p:?}"));
        let mut frame = Frame::default();
        for steps in pieces {
            simulation.advance(*steps).unwrap_or_else(|problem| panic!("{problem}"));
        }
        simulation.take_frame(&mut frame);
        frame.rows[0].values.clone()
    }

    fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
        assert_eq!(a.len(), b.len());
        a.iter().zip(b).fold(0.0, |most, (a, b)| most.max((a - b).abs()))
    }

    #[test]
    fn many_rounds_reach_what_the_exchange_in_every_step_gives() {
        let exchanged = rates("", &[300]);
        let relaxed = |tolerance: &str| largest_difference(&exchanged, &rates(tolerance, &[300]));
        assert_eq!(relaxed(", wfr_tol: 1e-300, wfr_max_iterations: 100"), 0.0);
        let coarse = relaxed(", wfr_tol: 0.01");
        assert!(coarse > 0.0 && coarse < 0.01, "{coarse}");
        assert!(relaxed(", wfr_tol: 1e-6") < coarse);
        assert!(relaxed(", wfr_tol: 1e-300, wfr_max_iterations: 1") > coarse);
    }

    #[test]
    fn cuts_within_a_slice_change_nothing() {
        let settings = ", wfr_tol: 1e-3";
        assert!(rates(settings, &[300]) == rates(settings, &[3, 1, 9, 107, 180]));
    }
}
