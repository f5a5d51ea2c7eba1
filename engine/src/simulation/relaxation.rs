//! Signals without delay, found slice by slice as distributed simulators find them.
//!
//! In each round every neuron makes all steps of the slice with the signals that the others showed in the round
//! before, from the state at the beginning of the slice; rounds end when no value changes by more than a tolerance.
//! What is left of the error is that of the reference. The limit of many rounds is the plain exchange in every
//! step, which needs no rounds and is what is done where no tolerance is set.
//!
//! Hahne et al. 2015, Front Neuroinform 9:22.

use super::chunk::{Chunk, Outbox, Span};
use super::coupling::Lag;
use crate::simulation::coupling::Shown;

/// When rounds end, and the slice that they go over.
#[derive(Clone, Copy, Debug)]
pub struct Stopping {
    pub tolerance: f64,
    pub most_rounds: u32,
    /// In steps.
    pub slice: i64,
}

/// By population and neuron: the values shown at one time.
pub type Values = Vec<Vec<f64>>;

/// The signals of the slice that begins at step `first`, step by step; in `Values` of the size of `shape`.
pub fn relax(chunks: &[&mut Chunk], shape: &Values, first: i64, stopping: Stopping) -> Vec<Option<Values>> {
    let Stopping { tolerance, most_rounds, slice } = stopping;
    let steps = slice as usize;
    let begin: Vec<Chunk> = chunks.iter().filter(|chunk| !chunk.has_gap_junctions()).map(|c| (**c).clone()).collect();
    let blank = || shape.iter().map(|values| vec![0.0; values.len()]).collect::<Values>();
    let mut outbox = Outbox::new(1);
    // At first the others stay where they are; before the first slice they showed nothing.
    let standing = (first > 0).then(|| show(&mut begin.clone(), blank()));
    let mut seen = vec![standing; steps];
    let mut ends = vec![blank(); steps];
    for _ in 0..most_rounds {
        let mut trial = begin.clone();
        let mut shown = Vec::with_capacity(steps + 1);
        for (k, seen) in seen.iter().enumerate() {
            shown.push(show(&mut trial, blank()));
            let span = Span { first: first + k as i64, n: 1, ..Span::default() };
            for chunk in &mut trial {
                if let Some(seen) = seen {
                    chunk.see_at_once(seen, span.first);
                }
                // A state that is not finite is reported when the slice is made.
                let _ = chunk.neurons.update(&span, &mut chunk.inputs, &mut outbox, &mut []);
                outbox.clear();
            }
        }
        shown.push(show(&mut trial, blank()));
        let reached = &shown[1..];
        let near = |(a, b): (&Values, &Values)| {
            a.iter().flatten().zip(b.iter().flatten()).all(|(a, b)| (a - b).abs() <= tolerance || !a.is_finite())
        };
        let settled = reached.iter().zip(&ends).all(near);
        ends = reached.to_vec();
        seen = shown.into_iter().take(steps).map(Some).collect();
        if settled {
            break;
        }
    }
    seen
}

fn show(chunks: &mut [Chunk], mut values: Values) -> Values {
    for chunk in chunks {
        chunk.neurons.show(&mut values[chunk.population][chunk.first..chunk.first + chunk.n]);
    }
    values
}

impl Chunk {
    fn has_gap_junctions(&self) -> bool {
        self.couplings.iter().any(|coupling| coupling.gap)
    }

    /// Whether it sees signals without delay, other than across gap junctions.
    pub fn sees_at_once(&self) -> bool {
        self.couplings.iter().any(|coupling| coupling.lag == Lag::None && !coupling.gap)
    }

    /// Takes in the signals without delay of a step.
    fn see_at_once(&mut self, seen: &Values, step: i64) {
        let Chunk { couplings, neurons, inputs, .. } = self;
        for coupling in couplings.iter().filter(|coupling| coupling.lag == Lag::None && !coupling.gap) {
            if let Shown::Population(population) = coupling.from {
                coupling.pass(&|source| seen[population][source], step, &**neurons, inputs);
            }
        }
    }
}
