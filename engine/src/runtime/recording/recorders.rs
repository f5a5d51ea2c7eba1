//! Recorders: which spikes and samples they take, and their rows until a frame carries them away.

use std::ops::Range;
use std::sync::Arc;

use crate::mechanisms::time::Grid;
use crate::recordings::{Frame, Rows};
use crate::runtime::chunks::chunk::Chunk;
use crate::runtime::devices::{Devices, Window};
use crate::runtime::recording::detector::DetectorNode;
use crate::runtime::slice::{Outbox, Span};

/// A device of a generator that a multimeter samples.
#[derive(Clone)]
pub struct WatchedDevice {
    /// Its place among all that is sampled.
    pub place: usize,
    pub node: usize,
    pub device: usize,
    /// The quantities sampled, by their places among those of the model.
    pub quantities: Arc<[usize]>,
}

#[derive(Clone)]
pub struct Multimeter {
    pub node: usize,
    pub window: Window,
    /// In steps.
    pub interval: i64,
    pub offset: i64,
    /// Number of sampled quantities and of senders.
    pub variables: usize,
    pub senders: usize,
    /// Generators among the senders.
    pub generators: Vec<WatchedDevice>,
    /// Projections to what it samples, each with the places of its senders.
    pub parts: Vec<(usize, Range<usize>)>,
    /// By place: reached by silent projections only, so that there is no value.
    pub silent: Vec<bool>,
    pub rows: Rows,
}

impl Multimeter {
    /// Takes over which projections are silent, by their number.
    pub fn silence(&mut self, projections: &[bool]) {
        for (projection, places) in &self.parts {
            self.silent[places.clone()].fill(projections[*projection]);
        }
    }

    fn samples(&self, stamp: i64) -> bool {
        let on_grid = if self.offset > 0 {
            stamp >= self.offset.max(2) && (stamp - self.offset) % self.interval == 0
        } else {
            stamp % self.interval == 0
        };
        let hears = self.silent.is_empty() || self.silent.iter().any(|silent| !silent);
        on_grid && hears && self.variables > 0 && self.window.holds(stamp)
    }

    /// One bit for each step of the span in which a sample is taken.
    fn due(&self, first: i64, n: usize) -> u64 {
        (0..n).filter(|i| self.samples(first + *i as i64 + 1)).fold(0, |bits, i| bits | 1 << i)
    }
}

/// A projection that a weight recorder watches.
#[derive(Clone)]
pub struct Watched {
    pub projection: usize,
    /// Numbers of the first source and the first target.
    pub first_source: u32,
    pub first_target: u32,
    pub receptor: f64,
}

/// What a weight recorder stores beside time and sender.
pub const WEIGHT_COLUMNS: [&str; 4] = ["weights", "targets", "receptors", "ports"];

#[derive(Clone)]
pub struct WeightRecorder {
    pub node: usize,
    pub window: Window,
    pub watched: Vec<Watched>,
    /// Numbers of the sources and targets recorded; empty for all.
    pub senders: Vec<i64>,
    pub targets: Vec<i64>,
    pub muted: bool,
    pub rows: Rows,
}

impl WeightRecorder {
    /// Takes what passed the watched synapses: by source, then time, then projection, then synapse.
    fn record(&mut self, grid: Grid, chunks: &[Chunk]) {
        if self.muted {
            return;
        }
        let mut seen: Vec<(u32, i64, [f64; 4])> = Vec::new();
        for watched in &self.watched {
            // Synapses of all sources before, and of the same source in chunks before.
            let mut ports: Vec<u32> = Vec::new();
            for chunk in chunks {
                for incoming in chunk.incoming.iter().filter(|i| i.projection == watched.projection) {
                    ports.resize(incoming.rows.sources(), 0);
                    ports.iter_mut().zip(incoming.rows.starts()).for_each(|(port, start)| *port += start);
                }
            }
            for chunk in chunks {
                for incoming in chunk.incoming.iter().filter(|i| i.projection == watched.projection) {
                    let rows = &incoming.rows;
                    for transmitted in incoming.transmitted.iter().flatten() {
                        let source = watched.first_source + transmitted.source;
                        let target = watched.first_target + chunk.first as u32 + transmitted.target as u32;
                        let held = |list: &[i64], number: u32| list.is_empty() || list.contains(&(number as i64));
                        if !self.window.holds(transmitted.stamp)
                            || !held(&self.senders, source)
                            || !held(&self.targets, target)
                        {
                            continue;
                        }
                        let port = ports[transmitted.source as usize] + transmitted.place;
                        // Numbers of nodes are counted from 1, as senders are in exports.
                        let row = [transmitted.weight, target as f64 + 1.0, watched.receptor, port as f64];
                        seen.push((source, transmitted.stamp, row));
                    }
                    for (source, port) in ports.iter_mut().enumerate() {
                        *port += rows.row(source).len() as u32;
                    }
                }
            }
        }
        seen.sort_by_key(|(source, stamp, _)| (*stamp, *source));
        for (source, stamp, row) in seen {
            self.rows.times.push(grid.ms(stamp));
            self.rows.senders.push(source);
            self.rows.values.extend_from_slice(&row);
        }
    }
}

/// All recorders, in the order of the plan.
#[derive(Clone, Default)]
pub struct Recorders {
    pub detectors: Vec<DetectorNode>,
    pub meters: Vec<Multimeter>,
    pub weights: Vec<WeightRecorder>,
    /// For each recorder of the plan: which of the lists, and where in it.
    pub order: Vec<(RecorderList, usize)>,
    /// For each recorder of the plan: how many rows have been taken since the network was built.
    pub taken: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RecorderList {
    Detectors,
    Meters,
    Weights,
}

impl Recorders {
    /// One bit for each step in which a meter samples; behind all meters, the archives of the chunks always do.
    ///
    /// Written only where it differs: other threads have it in their caches.
    pub fn set_due(&self, due: &mut Vec<u64>, first: i64, n: usize) {
        let always = u64::MAX >> (64 - n);
        due.resize(self.meters.len() + 1, 0);
        for (due, now) in due.iter_mut().zip(self.meters.iter().map(|m| m.due(first, n)).chain([always])) {
            if *due != now {
                *due = now;
            }
        }
    }

    /// Takes the spikes of the span; `Err` is the node of a recorder that a source floods.
    pub fn record_spikes(
        &mut self,
        span: &Span,
        grid: Grid,
        devices: &Devices,
        outboxes: &[Outbox],
        trains: &[Outbox],
    ) -> Result<(), usize> {
        self.detectors.iter_mut().try_for_each(|detector| detector.record(span, grid, devices, outboxes, trains))
    }

    /// A slice has ended; detectors that take spikes as they reach neurons take those of neurons now.
    pub fn end_slice(
        &mut self,
        slice: &Span,
        grid: Grid,
        devices: &Devices,
        outboxes: &[Outbox],
        trains: &[Outbox],
    ) -> Result<(), usize> {
        self.detectors.iter_mut().try_for_each(|detector| detector.end_slice(slice, grid, devices, outboxes, trains))
    }

    /// Takes the weights transmitted in the slice before.
    pub fn record_weights(&mut self, grid: Grid, chunks: &mut [Chunk]) {
        if self.weights.is_empty() {
            return;
        }
        for recorder in &mut self.weights {
            recorder.record(grid, chunks);
        }
        for chunk in chunks {
            chunk.incoming.iter_mut().filter_map(|i| i.transmitted.as_mut()).for_each(Vec::clear);
        }
    }

    /// Opens rows for the samples of the span; returns for each meter where its values begin.
    pub fn open_samples(&mut self, span: &Span, grid: Grid, devices: &Devices) -> Vec<usize> {
        let mut starts = Vec::with_capacity(self.meters.len());
        for (meter, due) in self.meters.iter_mut().zip(&span.due) {
            let mut start = meter.rows.values.len();
            starts.push(start);
            for i in (0..span.n).filter(|i| due >> i & 1 != 0) {
                let step = span.first + i as i64;
                meter.rows.times.push(grid.ms(step + 1));
                meter.rows.values.resize(start + meter.senders * meter.variables, f64::NAN);
                for watched in meter.generators.iter().filter(|watched| !meter.silent[watched.place]) {
                    let values = &mut meter.rows.values[start + watched.place * meter.variables..];
                    for (value, quantity) in values.iter_mut().zip(watched.quantities.iter()) {
                        *value = devices.sampled(watched.node, watched.device, *quantity, step);
                    }
                }
                start += meter.senders * meter.variables;
            }
        }
        starts
    }

    /// Puts what a chunk has sampled into the opened rows.
    pub fn place_samples(&mut self, probe: &crate::runtime::slice::Probe, start: usize) {
        let meter = &mut self.meters[probe.meter];
        let width = probe.variables.len();
        let row = meter.senders * width;
        if probe.neurons.is_empty() || width == 0 {
            return;
        }
        for (sample, values) in probe.values.chunks(probe.neurons.len() * width).enumerate() {
            for ((_, place), from) in probe.neurons.iter().zip(values.chunks(width)) {
                if meter.silent[*place as usize] {
                    continue;
                }
                let at = start + sample * row + *place as usize * width;
                meter.rows.values[at..at + width].copy_from_slice(from);
            }
        }
    }

    /// Moves all rows into a frame.
    pub fn take(&mut self, frame: &mut Frame) {
        frame.rows.resize_with(self.order.len(), Rows::default);
        self.taken.resize(self.order.len(), 0);
        for (((list, i), to), taken) in self.order.iter().zip(&mut frame.rows).zip(&mut self.taken) {
            let from = match list {
                RecorderList::Detectors => &mut self.detectors[*i].rows,
                RecorderList::Meters => &mut self.meters[*i].rows,
                RecorderList::Weights => &mut self.weights[*i].rows,
            };
            *taken += from.len();
            to.append(from);
        }
    }
}
