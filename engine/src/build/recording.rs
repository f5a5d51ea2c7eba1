//! Recorders, and who is connected to them.

use std::ops::Range;
use std::sync::Arc;

use super::Builder;
use crate::description::Value;
use crate::mechanisms::random::Purpose;
use crate::models::recorders::{INTERVAL, OFFSET};
use crate::models::{Behaviour, RecorderBehaviour};
use crate::project::{NodeId, Place, Problem};
use crate::recordings::{RecorderKind, RecorderPlan, Rows};
use crate::runtime::NodeKind;
use crate::runtime::changes::is_silent;
use crate::runtime::connections::rows::{Form, SynapseRows};
use crate::runtime::devices::{Origin, Sending, Window};
use crate::runtime::recording::detector::{DetectorNode, DetectorSettings};
use crate::runtime::recording::recorders::{
    Multimeter, RecorderList, WEIGHT_COLUMNS, Watched, WatchedDevice, WeightRecorder,
};
use crate::runtime::recording::sources::{Connections, RecorderInput, SpikeSource};
use crate::runtime::slice::Probe;

impl Builder<'_> {
    /// Recorders and what they are connected to.
    pub(crate) fn record(&mut self) -> Result<(), Vec<Problem>> {
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            let (NodeKind::Recorder(table), Behaviour::Recorder(behaviour)) = (&node.kind, &node.model.behaviour)
            else {
                continue;
            };
            if matches!(behaviour, RecorderBehaviour::Transmitter) {
                continue;
            }
            let behaviour = *behaviour;
            let window = Window::of(table, self.grid);
            let incoming: Vec<usize> =
                (0..self.wired.len()).filter(|&p| self.wired[p].from == index || self.wired[p].to == index).collect();
            let sources = incoming.iter().map(|&p| {
                let other = if self.wired[p].from == index { self.wired[p].to } else { self.wired[p].from };
                self.nodes[other].id
            });
            let mut unique = Vec::new();
            for id in sources {
                if !unique.contains(&id) {
                    unique.push(id);
                }
            }
            let columns = |columns: &[(&str, &str)]| RecorderKind::Rows {
                columns: columns.iter().map(|(name, unit)| ((*name).to_owned(), (*unit).to_owned())).collect(),
            };
            let kind = match behaviour {
                RecorderBehaviour::Weights => {
                    unique = self.add_weight_recorder(index, window);
                    columns(&WEIGHT_COLUMNS.map(|name| (name, "")))
                }
                RecorderBehaviour::Meter => self.add_meter(index, window, &incoming)?,
                RecorderBehaviour::Detector { make, columns: stored, weighs, .. } => {
                    let settings = DetectorSettings { table, grid: self.grid, slice: self.exchange };
                    let detector = make(&settings);
                    let inputs = incoming.iter().map(|&p| self.spike_input(p, 0..1, weighs)).collect::<Result<_, _>>();
                    let inputs = inputs.map_err(|problem| vec![problem])?;
                    let rows = Rows::default();
                    self.recorders.order.push((RecorderList::Detectors, self.recorders.detectors.len()));
                    self.recorders.detectors.push(DetectorNode { node: index, window, inputs, detector, rows });
                    if stored.is_empty() { RecorderKind::Spikes } else { columns(stored) }
                }
                RecorderBehaviour::Transmitter => continue,
            };
            let connected = if kind == RecorderKind::Spikes { self.connected(&incoming, &unique) } else { Vec::new() };
            let node = &self.nodes[index];
            let (id, name) = (node.id, node.name.clone());
            self.plan.recorders.push(RecorderPlan { node: id, name, kind, sources: unique, connected });
        }
        self.open_history_probes();
        Ok(())
    }

    /// How often each neuron reaches a spike recorder through these projections, of sources where that is not once.
    fn connected(&self, incoming: &[usize], sources: &[NodeId]) -> Vec<(NodeId, Vec<u32>)> {
        let inputs = self.recorders.detectors.last().map_or(&[][..], |detector| &detector.inputs);
        let of = |id: NodeId| {
            let mut times: Vec<u32> = Vec::new();
            for p in incoming.iter().filter(|&&p| self.nodes[self.wired[p].from].id == id) {
                let Some(input) = inputs.iter().find(|input| input.projection == *p) else { continue };
                let n = self.nodes[self.wired[*p].from].n;
                times.resize(n, 0);
                match &input.connections {
                    Connections::Times(each) => times.iter_mut().zip(each).for_each(|(sum, n)| *sum += n),
                    Connections::Once => times.iter_mut().for_each(|sum| *sum += 1),
                    Connections::Weighted(rows) => {
                        rows.synapses().for_each(|(source, _)| times[source] += 1);
                    }
                }
            }
            times.iter().any(|times| *times != 1).then_some((id, times))
        };
        sources.iter().filter_map(|id| of(*id)).collect()
    }

    /// How a recorder, or a generator with so many devices, receives the spikes of a projection.
    pub(crate) fn spike_input(&self, p: usize, targets: Range<usize>, weighs: bool) -> Result<RecorderInput, Problem> {
        let (wired, projection) = (&self.wired[p], &self.project.projections[p]);
        let source = &self.nodes[wired.from];
        let connections = if weighs {
            let rows = SynapseRows::build(
                &wired.pairing,
                targets,
                &projection.weight,
                &projection.delay,
                self.grid,
                Form::default(),
            );
            Connections::Weighted(rows.map_err(|message| Problem::error(self.place(projection), message))?)
        } else if wired.pairing.joins_all() {
            Connections::Once
        } else {
            let mut times = vec![0; source.n];
            wired.pairing.for_each(0..1, |s, _, _| times[s] += 1);
            Connections::Times(times)
        };
        let spikes = match (&source.kind, self.devices.get(wired.from)) {
            (NodeKind::Neurons(population), _) => SpikeSource::Chunks(self.populations[*population].chunks.clone()),
            (_, Some(device)) if matches!(device.sending, Sending::Poisson | Sending::Trains) => {
                let sources: Vec<u32> = match &connections {
                    Connections::Weighted(rows) => rows.synapses().map(|(source, _)| source as u32).collect(),
                    Connections::Once => (0..source.n as u32).collect(),
                    Connections::Times(times) => {
                        let each = times.iter().enumerate();
                        each.flat_map(|(s, times)| std::iter::repeat_n(s as u32, *times as usize)).collect()
                    }
                };
                let origin = Origin { seed: self.seed, purpose: Purpose::DirectTrain, owner: p as u64, part: 0 };
                SpikeSource::own(device.trains(sources.clone(), origin), sources)
            }
            _ if source.model.sends_as_neurons() => SpikeSource::AsNeurons,
            _ => SpikeSource::Shared,
        };
        Ok(RecorderInput {
            projection: p,
            node: wired.from,
            first: source.first,
            port: wired.inlet.first,
            source: spikes,
            connections,
            muted: is_silent(wired, &self.nodes),
        })
    }

    /// Returns the sources of the projections that name it.
    fn add_weight_recorder(&mut self, index: usize, window: Window) -> Vec<NodeId> {
        let node = &self.nodes[index];
        let list = |name: &str| match node.params.get(name) {
            Some(Value::List(numbers)) => numbers.iter().map(|n| *n as i64 - 1).collect(),
            _ => Vec::new(),
        };
        let mut watched = Vec::new();
        let mut sources = Vec::new();
        for (p, projection) in self.project.projections.iter().enumerate() {
            if projection.weight_recorder != Some(node.id) {
                continue;
            }
            let wired = &self.wired[p];
            let (from, to) = (&self.nodes[wired.from], &self.nodes[wired.to]);
            watched.push(Watched {
                projection: p,
                first_source: from.first,
                first_target: to.first,
                receptor: wired.inlet.first as f64,
            });
            if !sources.contains(&from.id) {
                sources.push(from.id);
            }
        }
        let (senders, targets) = (list("senders"), list("targets"));
        self.recorders.order.push((RecorderList::Weights, self.recorders.weights.len()));
        let rows = Rows::default();
        self.recorders.weights.push(WeightRecorder {
            node: index,
            window,
            watched,
            senders,
            targets,
            muted: self.nodes[index].muted,
            rows,
        });
        sources
    }

    fn add_meter(&mut self, index: usize, window: Window, incoming: &[usize]) -> Result<RecorderKind, Vec<Problem>> {
        let node = &self.nodes[index];
        let NodeKind::Recorder(table) = &node.kind else { return Ok(RecorderKind::Spikes) };
        let names = match self.project.nodes[index].value("record_from") {
            Some(Value::Names(names)) => names,
            _ => Vec::new(),
        };
        let meter = self.recorders.meters.len();
        let interval = table.real(INTERVAL.name, 0);
        // The default lasts up to the next step; what the user set lies on the grid.
        let interval = self.grid.on_grid(interval).unwrap_or_else(|| self.grid.steps_up(interval)).max(1);
        let offset = self.grid.on_grid(table.real(OFFSET.name, 0)).unwrap_or(0);
        let (mut senders, mut generators, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        let mut units = vec![String::new(); names.len()];
        for &p in incoming {
            let wired = &self.wired[p];
            let target = &self.nodes[wired.to];
            let mut variables = Vec::new();
            for (unit, name) in units.iter_mut().zip(&names) {
                let Some(sampled) = self.project.nodes[wired.to].recordable(name) else {
                    let place = Place::Node { id: node.id, name: node.name.clone() };
                    let message = format!("{} ({}) has no recordable `{name}`", target.name, target.model.name);
                    return Err(vec![Problem::error(place, message).of("record_from")]);
                };
                *unit = sampled.unit.to_owned();
                variables.push(sampled.quantity);
            }
            let mut sampled = Vec::new();
            wired.pairing.for_each(0..target.n, |_, t, _| sampled.push(t));
            let place_of = |i: usize| senders.len() + i;
            match &target.kind {
                NodeKind::Neurons(population) => {
                    for chunk in &mut self.chunks[self.populations[*population].chunks.clone()] {
                        let mut neurons: Vec<(u32, u32)> = sampled
                            .iter()
                            .enumerate()
                            .filter(|(_, t)| (chunk.first..chunk.first + chunk.n).contains(t))
                            .map(|(i, t)| ((t - chunk.first) as u32, place_of(i) as u32))
                            .collect();
                        neurons.sort();
                        if !neurons.is_empty() {
                            chunk.probes.push(Probe {
                                meter,
                                variables: variables.clone(),
                                neurons,
                                values: Vec::new(),
                                taken: 0,
                            });
                        }
                    }
                }
                _ => {
                    let quantities: Arc<[usize]> = variables.iter().map(|quantity| quantity.declared).collect();
                    let watched = |(i, device): (usize, &usize)| WatchedDevice {
                        place: place_of(i),
                        node: wired.to,
                        device: *device,
                        quantities: quantities.clone(),
                    };
                    generators.extend(sampled.iter().enumerate().map(watched));
                }
            }
            parts.push((p, senders.len()..senders.len() + sampled.len()));
            senders.extend(sampled.iter().map(|t| target.first + *t as u32));
        }
        self.recorders.order.push((RecorderList::Meters, meter));
        let silent: Vec<bool> = self.wired.iter().map(|wired| is_silent(wired, &self.nodes)).collect();
        let mut meter = Multimeter {
            node: index,
            window,
            interval,
            offset,
            variables: names.len(),
            senders: senders.len(),
            generators,
            silent: vec![false; senders.len()],
            parts,
            rows: Rows::default(),
        };
        meter.silence(&silent);
        self.recorders.meters.push(meter);
        let variables = names.into_iter().zip(units).collect();
        Ok(RecorderKind::Samples { variables, senders, interval: self.grid.ms(interval) })
    }

    /// Chunks with histories sample what these need in every step, as a meter behind all others.
    fn open_history_probes(&mut self) {
        for chunk in &mut self.chunks {
            let node = &self.project.nodes[self.populations[chunk.population].node];
            let quantities = chunk.archive.histories.quantities();
            let variables: Vec<_> = quantities.filter_map(|name| Some(node.recordable(name)?.quantity)).collect();
            if variables.is_empty() {
                continue;
            }
            let neurons = (0..chunk.n as u32).map(|i| (i, i)).collect();
            let meter = self.recorders.meters.len();
            chunk.probes.push(Probe { meter, variables, neurons, values: Vec::new(), taken: 0 });
        }
    }
}
