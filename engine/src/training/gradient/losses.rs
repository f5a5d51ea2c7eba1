//! How wrong a run of some patterns is, and what is wanted of spikes and values instead.

use super::network::{Event, Layers, Tape, Wrong};
use crate::math;
use crate::project::Read;

/// The loss of a network, in steps and places.
pub struct Judge {
    /// The population that answers.
    pub of: usize,
    pub by: By,
    pub penalties: Vec<Costs>,
}

pub enum By {
    CrossEntropy(Read),
    /// One spike in the whole run is so many spikes/s.
    Rate {
        of_a_spike: f64,
    },
    /// What a filtered spike keeps in a step, and what a step counts: h/τ.
    SpikeTimes {
        kept: f64,
        counts: f64,
    },
}

/// What spikes of a population cost.
pub struct Costs {
    pub of: usize,
    pub l1: f64,
    pub l2: f64,
}

/// What is wanted of a pattern.
pub enum Answer {
    Label(usize),
    Rates(Vec<f64>),
    /// Spikes of each neuron by their step, from 1.
    Steps(Vec<Vec<usize>>),
}

/// The sum over some patterns of their losses, and the number of right answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    pub loss: f64,
    pub right: usize,
}

/// e^x / Σ e^x.
fn softmax(x: &[f64]) -> Vec<f64> {
    let most = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raised: Vec<f64> = x.iter().map(|x| math::exp(x - most)).collect();
    let sum: f64 = raised.iter().sum();
    raised.iter().map(|x| x / sum).collect()
}

/// The place of the largest number, the first of equal ones.
fn largest(x: impl IntoIterator<Item = f64>) -> usize {
    let found = x.into_iter().enumerate().fold(None, |best: Option<(usize, f64)>, (i, x)| match best {
        Some((_, most)) if most >= x => best,
        _ => Some((i, x)),
    });
    found.map_or(0, |(i, _)| i)
}

impl Judge {
    /// The number of the neuron that answers to a pattern of a run, where answers are labels.
    pub fn label(&self, layers: &Layers, tape: &Tape, pattern: usize) -> Option<usize> {
        let By::CrossEntropy(read) = self.by else { return None };
        Some(largest(Answered { layers, tape, of: self.of, pattern }.scores(read)))
    }

    /// Judges a run; `share` is what each pattern counts.
    pub fn judge(&self, layers: &Layers, tape: &Tape, answers: &[&Answer], share: f64) -> (Marks, Wrong) {
        let by_value = matches!(self.by, By::CrossEntropy(read) if read != Read::Count);
        let costly = self.penalties.iter().map(|costs| costs.of);
        let of_spikes: Vec<usize> = (!by_value).then_some(self.of).into_iter().chain(costly).collect();
        let of_values: Vec<usize> = by_value.then_some(self.of).into_iter().collect();
        let mut wrong = layers.nothing_wrong(tape, &of_spikes, &of_values);
        let mut marks = Marks::default();
        for (pattern, answer) in answers.iter().enumerate() {
            let run = Answered { layers, tape, of: self.of, pattern };
            match (&self.by, answer) {
                (By::CrossEntropy(read), Answer::Label(label)) => {
                    run.cross_entropy(*read, *label, share, &mut marks, &mut wrong);
                }
                (By::Rate { of_a_spike }, Answer::Rates(rates)) => {
                    run.rates(*of_a_spike, rates, share, &mut marks, &mut wrong);
                }
                (By::SpikeTimes { kept, counts }, Answer::Steps(steps)) => {
                    run.spike_times(*kept, *counts, steps, share, &mut marks, &mut wrong);
                }
                _ => {}
            }
        }
        for costs in &self.penalties {
            costs.add(layers, tape, share, &mut marks, &mut wrong);
        }
        (marks, wrong)
    }
}

/// Spikes of each cell of a population.
fn counts(layers: &Layers, tape: &Tape, p: usize) -> Vec<f64> {
    let mut counts = vec![0.0; tape.patterns * layers.populations[p].n];
    for event in tape.events[p].iter().flatten() {
        counts[event.pattern as usize * layers.populations[p].n + event.neuron as usize] += 1.0;
    }
    counts
}

/// What a population has answered to a pattern.
struct Answered<'a> {
    layers: &'a Layers,
    tape: &'a Tape,
    of: usize,
    pattern: usize,
}

impl Answered<'_> {
    fn n(&self) -> usize {
        self.layers.populations[self.of].n
    }
    /// The place of a neuron in a row.
    fn cell(&self, neuron: usize) -> usize {
        self.pattern * self.n() + neuron
    }
    /// The place of a neuron in rows of all steps.
    fn place(&self, step: usize, neuron: usize) -> usize {
        step * self.layers.row(self.tape, self.of) + self.cell(neuron)
    }
    fn value(&self, step: usize, neuron: usize) -> f64 {
        self.layers.value(self.tape, self.of, step, self.cell(neuron))
    }
    /// The neurons that fire in this pattern.
    fn own(&self, events: &[Event]) -> impl Iterator<Item = usize> {
        events.iter().filter(|event| event.pattern as usize == self.pattern).map(|event| event.neuron as usize)
    }
    fn counts(&self) -> Vec<f64> {
        let mut counts = vec![0.0; self.n()];
        self.tape.events[self.of].iter().for_each(|events| self.own(events).for_each(|neuron| counts[neuron] += 1.0));
        counts
    }

    /// The step after which the value of a neuron is largest.
    fn peak(&self, neuron: usize) -> usize {
        largest((0..self.layers.steps).map(|step| self.value(step, neuron)))
    }

    /// What is read of each neuron.
    fn scores(&self, read: Read) -> Vec<f64> {
        let (n, steps) = (self.n(), self.layers.steps);
        let last = steps.saturating_sub(1);
        match read {
            Read::Max => (0..n).map(|neuron| self.value(self.peak(neuron), neuron)).collect(),
            Read::Mean => (0..n)
                .map(|neuron| (0..steps).map(|step| self.value(step, neuron)).sum::<f64>() / steps as f64)
                .collect(),
            Read::Last => (0..n).map(|neuron| self.value(last, neuron)).collect(),
            Read::Count => self.counts(),
        }
    }

    fn cross_entropy(&self, read: Read, label: usize, share: f64, marks: &mut Marks, wrong: &mut Wrong) {
        let (n, steps) = (self.n(), self.layers.steps);
        let last = steps.saturating_sub(1);
        let scores = self.scores(read);
        let p = softmax(&scores);
        marks.loss -= share * math::ln(p[label].max(f64::MIN_POSITIVE));
        marks.right += usize::from(largest(scores) == label);
        for neuron in 0..n {
            let wanted = share * (p[neuron] - if neuron == label { 1.0 } else { 0.0 });
            match read {
                Read::Max => wrong.values[self.of][self.place(self.peak(neuron), neuron)] += wanted,
                Read::Last => wrong.values[self.of][self.place(last, neuron)] += wanted,
                Read::Mean => {
                    (0..steps).for_each(|s| wrong.values[self.of][self.place(s, neuron)] += wanted / steps as f64);
                }
                Read::Count => (0..steps).for_each(|s| wrong.spikes[self.of][self.place(s, neuron)] += wanted),
            }
        }
    }

    fn rates(&self, of_a_spike: f64, rates: &[f64], share: f64, marks: &mut Marks, wrong: &mut Wrong) {
        let n = self.n() as f64;
        for (neuron, (count, rate)) in self.counts().iter().zip(rates).enumerate() {
            let distance = count * of_a_spike - rate;
            marks.loss += share * distance * distance / n;
            let wanted = share * 2.0 * distance * of_a_spike / n;
            (0..self.layers.steps).for_each(|s| wrong.spikes[self.of][self.place(s, neuron)] += wanted);
        }
    }

    fn spike_times(
        &self,
        kept: f64,
        counts: f64,
        wanted: &[Vec<usize>],
        share: f64,
        marks: &mut Marks,
        wrong: &mut Wrong,
    ) {
        let (n, steps) = (self.n(), self.layers.steps);
        // The difference of the trains of each neuron, step by step, then filtered.
        let mut distance = vec![0.0; n * steps];
        for (stamp, events) in self.tape.events[self.of].iter().enumerate().skip(1) {
            self.own(events).for_each(|neuron| distance[neuron * steps + stamp - 1] += 1.0);
        }
        for (neuron, stamps) in wanted.iter().enumerate() {
            for stamp in stamps.iter().filter(|stamp| (1..=steps).contains(*stamp)) {
                distance[neuron * steps + stamp - 1] -= 1.0;
            }
        }
        let scale = share * counts / n as f64;
        for neuron in 0..n {
            let own = &mut distance[neuron * steps..][..steps];
            let mut filtered = 0.0;
            for x in own.iter_mut() {
                filtered = filtered * kept + *x;
                *x = filtered;
                marks.loss += scale * filtered * filtered;
            }
            let mut wanted = 0.0;
            for step in (0..steps).rev() {
                wanted = wanted * kept + 2.0 * scale * own[step];
                wrong.spikes[self.of][self.place(step, neuron)] += wanted;
            }
        }
    }
}

impl Costs {
    fn add(&self, layers: &Layers, tape: &Tape, share: f64, marks: &mut Marks, wrong: &mut Wrong) {
        let row = layers.row(tape, self.of);
        for (cell, count) in counts(layers, tape, self.of).into_iter().enumerate() {
            marks.loss += share * (self.l1 * count + self.l2 * count * count);
            let wanted = share * (self.l1 + 2.0 * self.l2 * count);
            (0..layers.steps).for_each(|step| wrong.spikes[self.of][step * row + cell] += wanted);
        }
    }
}
