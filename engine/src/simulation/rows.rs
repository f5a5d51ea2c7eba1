//! The synapses of one projection onto the neurons of one chunk, row by row: a row is
//! what the spike of one source reaches there.

use std::ops::Range;

use super::pairs::Pairing;
use crate::mechanisms::random::{Purpose, Stream};
use crate::mechanisms::time::Grid;
use crate::value::{Distribution, Value};

/// Compact rows; `targets` are slots of the chunk.
#[derive(Clone)]
pub struct Rows {
    /// Where the row of each source begins; one more entry than sources.
    pub starts: Vec<u32>,
    pub targets: Vec<u16>,
    pub weights: Weights,
    pub delays: Delays,
}

/// Weights of all synapses in order of `targets`.
#[derive(Clone)]
pub enum Weights {
    Same(f64),
    /// As listed, in full precision.
    Listed(Vec<f64>),
    /// As drawn: the draw carries more error than the rounding.
    Drawn(Vec<f32>),
}

/// Delays in steps.
#[derive(Clone)]
pub enum Delays {
    Same(u32),
    Each(Vec<u16>),
}

impl Rows {
    /// Draws the pairs twice: to count, then to place. Nothing is sorted, nothing held twice.
    pub fn build(
        pairing: &Pairing,
        targets: Range<usize>,
        weight: &Value,
        delay: &Value,
        grid: Grid,
    ) -> Result<Rows, String> {
        let first = targets.start;
        let mut starts = vec![0u32; pairing.sources + 1];
        let mut total = 0u64;
        pairing.for_each(targets.clone(), |s, _, _| {
            starts[s + 1] = starts[s + 1].wrapping_add(1);
            total += 1;
        });
        if total > u32::MAX as u64 {
            return Err(format!("{total} synapses onto one part of a population are more than this program can hold"));
        }
        for s in 0..pairing.sources {
            starts[s + 1] += starts[s];
        }
        let n = total as usize;
        let mut next = starts.clone();
        let mut places = vec![0u16; n];
        let mut weights = ValuesBySynapse::new(weight, n, pairing, Purpose::Weight, first);
        let mut delays = ValuesBySynapse::new(delay, n, pairing, Purpose::Delay, first);
        pairing.for_each(targets, |s, t, index| {
            let place = next[s] as usize;
            next[s] += 1;
            places[place] = (t - first) as u16;
            weights.put(place, s, t, index);
            delays.put(place, s, t, index);
        });
        Ok(Rows { starts, targets: places, weights: weights.into_weights()?, delays: delays.into_delays(grid)? })
    }

    pub fn len(&self) -> usize {
        self.targets.len()
    }

    pub fn row(&self, source: usize) -> Range<usize> {
        self.starts[source] as usize..self.starts[source + 1] as usize
    }

    pub fn weight(&self, i: usize) -> f64 {
        match &self.weights {
            Weights::Same(w) => *w,
            Weights::Listed(ws) => ws[i],
            Weights::Drawn(ws) => ws[i] as f64,
        }
    }

    pub fn delay(&self, i: usize) -> u32 {
        match &self.delays {
            Delays::Same(d) => *d,
            Delays::Each(ds) => ds[i] as u32,
        }
    }

    /// One number a synapse, in order of the rows, of a list or distribution.
    pub fn values(
        &self,
        pairing: &Pairing,
        targets: Range<usize>,
        value: &Value,
        purpose: Purpose,
        part: u64,
    ) -> Result<Vec<f64>, String> {
        let mut next = self.starts.clone();
        let mut values = ValuesBySynapse::new(value, self.len(), pairing, purpose, part as usize);
        pairing.for_each(targets, |s, t, index| {
            values.put(next[s] as usize, s, t, index);
            next[s] += 1;
        });
        Ok(match values.into_weights()? {
            Weights::Same(x) => vec![x; self.len()],
            Weights::Listed(xs) => xs,
            Weights::Drawn(xs) => xs.into_iter().map(f64::from).collect(),
        })
    }

    /// Smallest and largest delay in steps; `None` without synapses.
    pub fn delay_range(&self) -> Option<(u32, u32)> {
        if self.targets.is_empty() {
            return None;
        }
        Some(match &self.delays {
            Delays::Same(d) => (*d, *d),
            Delays::Each(ds) => ds.iter().fold((u32::MAX, 0), |(a, b), &d| (a.min(d as u32), b.max(d as u32))),
        })
    }

    /// Largest number of synapses onto one neuron.
    pub fn largest_indegree(&self, slots: usize) -> u32 {
        let mut degrees = vec![0u32; slots];
        self.targets.iter().for_each(|&t| degrees[t as usize] += 1);
        degrees.into_iter().max().unwrap_or(0)
    }

    /// Replaces the weights; drawn ones come from the same stream as at building.
    ///
    /// The form in which they are kept stays; an error says that the network must be built anew.
    pub fn set_weights(&mut self, pairing: &Pairing, targets: Range<usize>, weight: &Value) -> Result<(), String> {
        let n = self.len();
        match (&mut self.weights, weight) {
            (Weights::Same(w), Value::Real(x)) => *w = *x,
            (Weights::Listed(ws), Value::Real(x)) => ws.fill(*x),
            (Weights::Drawn(ws), Value::Real(x)) => ws.fill(*x as f32),
            (Weights::Listed(_), Value::List(_) | Value::Lists(_)) | (Weights::Drawn(_), Value::Distribution(_)) => {
                let first = targets.start;
                let mut next = self.starts.clone();
                let mut weights = ValuesBySynapse::new(weight, n, pairing, Purpose::Weight, first);
                pairing.for_each(targets, |s, t, index| {
                    weights.put(next[s] as usize, s, t, index);
                    next[s] += 1;
                });
                self.weights = weights.into_weights()?;
            }
            _ => return Err("weights of another form need the network to be built anew".into()),
        }
        Ok(())
    }

    pub fn bytes(&self) -> usize {
        let weights = match &self.weights {
            Weights::Same(_) => 0,
            Weights::Listed(ws) => 8 * ws.len(),
            Weights::Drawn(ws) => 4 * ws.len(),
        };
        let delays = match &self.delays {
            Delays::Same(_) => 0,
            Delays::Each(ds) => 2 * ds.len(),
        };
        4 * self.starts.len() + 2 * self.targets.len() + weights + delays
    }
}

/// Collects one value a synapse while the pairs go by.
enum ValuesBySynapse<'a> {
    Same(f64),
    Listed { list: &'a [f64], out: Vec<f64> },
    Table { rows: &'a [Vec<f64>], by_target: bool, width: usize, out: Vec<f64> },
    Drawn { distribution: &'a Distribution, stream: Stream, out: Vec<f32>, failed: bool },
}

impl<'a> ValuesBySynapse<'a> {
    fn new(value: &'a Value, n: usize, pairing: &Pairing, purpose: Purpose, part: usize) -> Self {
        use crate::project::Rule;
        match value {
            Value::List(list) => ValuesBySynapse::Listed { list, out: vec![0.0; n] },
            Value::Lists(rows) => ValuesBySynapse::Table {
                rows,
                by_target: matches!(pairing.rule, Rule::AllToAll),
                width: rows.first().map_or(1, Vec::len).max(1),
                out: vec![0.0; n],
            },
            Value::Distribution(distribution) => ValuesBySynapse::Drawn {
                distribution,
                stream: Stream::of(pairing.seed, purpose, pairing.projection, part as u64),
                out: vec![0.0; n],
                failed: false,
            },
            other => ValuesBySynapse::Same(other.typical()),
        }
    }

    #[inline]
    fn put(&mut self, place: usize, source: usize, target: usize, index: usize) {
        match self {
            ValuesBySynapse::Same(_) => {}
            ValuesBySynapse::Listed { list, out } => out[place] = list.get(index).copied().unwrap_or(f64::NAN),
            ValuesBySynapse::Table { rows, by_target, width, out } => {
                let (row, column) = if *by_target { (target, source) } else { (index / *width, index % *width) };
                out[place] = rows.get(row).and_then(|r| r.get(column)).copied().unwrap_or(f64::NAN);
            }
            ValuesBySynapse::Drawn { distribution, stream, out, failed } => match stream.draw(distribution) {
                Some(x) => out[place] = x as f32,
                None => *failed = true,
            },
        }
    }

    fn into_weights(self) -> Result<Weights, String> {
        match self {
            ValuesBySynapse::Same(w) => Ok(Weights::Same(w)),
            ValuesBySynapse::Listed { out, .. } | ValuesBySynapse::Table { out, .. } => {
                if out.iter().any(|w| !w.is_finite()) {
                    return Err("the list of weights does not fit the synapses".into());
                }
                Ok(Weights::Listed(out))
            }
            ValuesBySynapse::Drawn { failed: true, .. } => {
                Err("the distribution of weights never falls within its bounds".into())
            }
            ValuesBySynapse::Drawn { out, .. } => Ok(Weights::Drawn(out)),
        }
    }

    fn into_delays(self, grid: Grid) -> Result<Delays, String> {
        let steps = |ms: f64| -> Result<u32, String> {
            let steps = grid.delay(ms);
            if ms.is_finite() && (1..=2_097_151).contains(&steps) {
                Ok(steps as u32)
            } else {
                Err(format!(
                    "delay: {} ms is less than half a step of {} ms, or too long",
                    crate::value::number(ms),
                    grid.h()
                ))
            }
        };
        let each = |values: &mut dyn Iterator<Item = f64>| -> Result<Delays, String> {
            let short = |s: u32| {
                u16::try_from(s).map_err(|_| "delay: a listed or drawn delay may have 65,535 steps at most".to_owned())
            };
            Ok(Delays::Each(values.map(|ms| steps(ms).and_then(short)).collect::<Result<_, _>>()?))
        };
        match self {
            ValuesBySynapse::Same(ms) => Ok(Delays::Same(steps(ms)?)),
            ValuesBySynapse::Listed { out, .. } | ValuesBySynapse::Table { out, .. } => each(&mut out.into_iter()),
            ValuesBySynapse::Drawn { failed: true, .. } => {
                Err("the distribution of delays never falls within its bounds".into())
            }
            ValuesBySynapse::Drawn { out, .. } => each(&mut out.into_iter().map(|x| x as f64)),
        }
    }
}
