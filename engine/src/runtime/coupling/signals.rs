//! Populations that exchange continuous signals: they step together.
//!
//! In each step of a slice every coupled population puts out its signal; the signals pass the rows of the
//! projections that carry them, into the rings of the targets; then every coupled chunk makes its step.
//! A signal without delay thus acts in the very step at whose beginning it is put out. This is the fixed
//! point of the waveform relaxation that distributed simulators iterate to; [`crate::runtime::coupling::relaxation`] stops as they do.
//!
//! Hahne et al. 2015, Front Neuroinform 9:22; Hahne et al. 2017, Front Neuroinform 11:34.

use crate::runtime::chunks::chunk::Chunk;
use crate::runtime::chunks::coupled::{Coupling, Lag, SignalSource};
use crate::runtime::coupling::relaxation::{Stopping, Values, relax};
use crate::runtime::devices::Devices;
use crate::runtime::input::inputs::Inputs;
use crate::runtime::neurons::dynamics::{GapInput, TrialStep};
use crate::runtime::neurons::interface::Neurons;
use crate::runtime::slice::Span;

/// What the coupled populations have put out.
#[derive(Clone, Default)]
pub struct Signals {
    /// By population: the values at the beginning of the step; empty for populations that have none.
    pub output: Vec<Vec<f64>>,
    /// The values of the step before.
    pub before: Vec<Vec<f64>>,
    /// By population with gap junctions: its potentials during the step.
    pub polynomials: Vec<Vec<Polynomial>>,
    /// Degree of these polynomials: 0, 1 or 3.
    pub order: u32,
    /// Signals without delay are found slice by slice, to a tolerance.
    pub stopping: Option<Stopping>,
    /// So found, in the present slice: by step.
    pub relaxed: Vec<Option<Values>>,
}

/// Coefficients of a potential in the part of a step that has passed.
pub type Polynomial = [f64; 4];

impl Signals {
    /// Takes over what the chunks put out at the beginning of a step.
    fn collect(&mut self, chunks: &mut [&mut Chunk]) {
        std::mem::swap(&mut self.output, &mut self.before);
        for chunk in chunks {
            let output = &mut self.output[chunk.population];
            if !output.is_empty() {
                chunk.neurons.output(&mut output[chunk.first..chunk.first + chunk.n]);
            }
        }
    }
}

impl Coupling {
    /// What source neuron or device `source` puts out in `step`, as far as this projection is concerned.
    fn output_of(&self, signals: &Signals, devices: &Devices, step: i64, source: usize) -> f64 {
        match self.from {
            SignalSource::Device(node) => devices.value(node, source, 0, step),
            SignalSource::Population(p) if self.late => signals.before[p][source],
            SignalSource::Population(p) => match signals.stopping {
                Some(Stopping { slice, .. }) if self.lag == Lag::None => {
                    let relaxed = signals.relaxed.get((step % slice) as usize).and_then(Option::as_ref);
                    relaxed.unwrap_or(&signals.output)[p][source]
                }
                _ => signals.output[p][source],
            },
        }
    }

    /// Passes what sources put out in `step` on to the rings of the chunk.
    pub fn transmit(&self, output: &dyn Fn(usize) -> f64, step: i64, neurons: &dyn Neurons, inputs: &mut Inputs) {
        if self.muted || self.gap || step < self.from_step {
            return;
        }
        let mut transformed = Vec::new();
        for source in 0..self.rows.sources() {
            let row = self.rows.row(source);
            if row.is_empty() {
                continue;
            }
            let value = output(source);
            let targets = self.rows.targets().of(row.clone());
            let is_transformed = neurons.transform_input(targets, value, &mut transformed);
            for (j, i) in row.enumerate() {
                let weight = self.rows.weight(i);
                let at = match self.lag {
                    Lag::None => step,
                    Lag::Delayed(more) => step + self.rows.delay(i) as i64 + more,
                };
                let inlet = self.inlet.first + (self.inlet.signed && weight < 0.0) as usize;
                inputs.add(inlet, at, targets[j], weight * if is_transformed { transformed[j] } else { value });
            }
        }
    }
}

/// Collects the signals at the beginning of `step` and passes them on.
pub fn exchange(chunks: &mut [&mut Chunk], signals: &mut Signals, devices: &Devices, step: i64) {
    signals.collect(chunks);
    if let Some(stopping) = signals.stopping
        && step % stopping.slice == 0
    {
        signals.relaxed = relax(chunks, &signals.output, devices, step, stopping);
    }
    for chunk in chunks.iter_mut() {
        let Chunk { couplings, neurons, inputs, .. } = &mut **chunk;
        for coupling in couplings.iter() {
            coupling.transmit(&|source| coupling.output_of(signals, devices, step, source), step, &**neurons, inputs);
        }
    }
    if chunks.iter().any(|chunk| chunk.couplings.iter().any(|coupling| coupling.gap)) {
        join(chunks, signals, devices, step);
    }
}

/// Iterations end when no potential changes by more, mV.
const SETTLED: f64 = 1e-9;
/// Or after so many; some five are enough.
const MOST_ITERATIONS: usize = 40;

/// Gap junctions: looks for potentials over the step such that each neuron, seeing those of its partners, has
/// its own, and passes them on.
fn join(chunks: &mut [&mut Chunk], signals: &mut Signals, devices: &Devices, step: i64) {
    let currents: Vec<Vec<f64>> = chunks.iter_mut().map(|chunk| chunk.inputs.current(devices, step)).collect();
    let mut tried: Vec<Vec<TrialStep>> = chunks.iter().map(|chunk| vec![TrialStep::default(); chunk.n]).collect();
    let mut gaps: Vec<Vec<GapInput>> = chunks.iter().map(|chunk| vec![GapInput::default(); chunk.n]).collect();
    let output = &signals.output;
    for (polynomials, output) in signals.polynomials.iter_mut().zip(output) {
        polynomials.clear();
        polynomials.extend(output.iter().map(|v| [*v, 0.0, 0.0, 0.0]));
    }
    for _ in 0..MOST_ITERATIONS {
        for (chunk, gaps) in chunks.iter().zip(&mut gaps) {
            gaps.fill(GapInput::default());
            for coupling in chunk.couplings.iter().filter(|c| c.gap && !c.muted && step >= c.from_step) {
                coupling.gather(signals, gaps);
            }
        }
        if signals.order == 0 {
            break;
        }
        let mut moved = 0.0f64;
        for (((chunk, gaps), tried), current) in chunks.iter().zip(&gaps).zip(&mut tried).zip(&currents) {
            let before: Vec<f64> = tried.iter().map(|t| t.potential[1]).collect();
            chunk.neurons.trial_step(current, gaps, tried);
            let polynomials = &mut signals.polynomials[chunk.population];
            for (i, tried) in tried.iter().enumerate() {
                moved = moved.max((tried.potential[1] - before[i]).abs());
                polynomials[chunk.first + i] = polynomial(tried, signals.order);
            }
        }
        if moved < SETTLED || !moved.is_finite() {
            break;
        }
    }
    for (chunk, gaps) in chunks.iter_mut().zip(&gaps) {
        let Some(inlet) = chunk.couplings.iter().find(|c| c.gap).map(|c| c.inlet.first) else { continue };
        for (slot, gap) in gaps.iter().enumerate() {
            chunk.inputs.add(inlet, step, slot as u16, gap.conductance);
            for (i, coefficient) in gap.coefficients.iter().enumerate() {
                chunk.inputs.add(inlet + 1 + i, step, slot as u16, *coefficient);
            }
        }
    }
}

/// The potential over a step of which both ends have been tried.
fn polynomial(tried: &TrialStep, order: u32) -> Polynomial {
    let ([a, b], [alpha, beta]) = (tried.potential, tried.slope);
    match order {
        0 => [a, 0.0, 0.0, 0.0],
        1 => [a, b - a, 0.0, 0.0],
        _ => [a, alpha, 3.0 * (b - a) - 2.0 * alpha - beta, 2.0 * (a - b) + alpha + beta],
    }
}

impl Coupling {
    /// Adds up what flows from the partners through this projection's junctions.
    fn gather(&self, signals: &Signals, gaps: &mut [GapInput]) {
        let SignalSource::Population(population) = self.from else { return };
        for (source, i) in self.rows.synapses() {
            let (weight, gap) = (self.rows.weight(i), &mut gaps[self.rows.target(i)]);
            gap.conductance += weight;
            let of_partner = signals.polynomials[population][source];
            gap.coefficients.iter_mut().zip(of_partner).for_each(|(sum, c)| *sum += weight * c);
        }
    }
}

/// The part of a span that is one step.
pub fn part(span: &Span, i: usize) -> Span {
    Span {
        first: span.first + i as i64,
        offset: span.offset + i,
        n: 1,
        due: span.due.iter().map(|due| due >> i & 1).collect(),
        check: span.check && i + 1 == span.n,
    }
}
