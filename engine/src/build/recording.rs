//! Recorders, and who is connected to them.

use super::Builder;
use super::attaching::synapses_of;
use crate::description::Value;
use crate::mechanisms::random::Purpose;
use crate::models::Emits;
use crate::project::{NodeId, Place, Problem, Rule};
use crate::recordings::{RecorderKind, RecorderPlan, Rows as RecordedRows};
use crate::runtime::NodeKind;
use crate::runtime::clock::chunk::Probe;
use crate::runtime::devices::{Emission, Origin, Window};
use crate::runtime::recording::correlation::{CORRELATION_COLUMNS, CorrelationDetector, DetectorInput};
use crate::runtime::recording::listening::{Ear, Listening};
use crate::runtime::recording::recorders::{
    Multimeter, Recorded, RecorderList, SpikeRecorder, WEIGHT_COLUMNS, Watched, WeightRecorder,
};
use crate::runtime::recording::spins::{SPIN_COLUMN, SpinReader};
use crate::runtime::synapses::rows::Rows;
use crate::runtime::table::Table;

impl Builder<'_> {
    /// Recorders and what they are connected to.
    pub(crate) fn record(&mut self) -> Result<(), Vec<Problem>> {
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            let NodeKind::Recorder(table) = &node.kind else { continue };
            if node.model.name == "volume_transmitter" {
                continue;
            }
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
            let kind = if node.model.name == "weight_recorder" {
                unique = self.add_weight_recorder(index, window);
                RecorderKind::Rows { columns: WEIGHT_COLUMNS.iter().map(|name| ((*name).into(), "".into())).collect() }
            } else if node.model.emits == Emits::Requests {
                self.add_meter(index, window, &incoming)?
            } else if node.model.name == "correlation_detector" {
                let table = table.clone();
                self.add_correlation_detector(index, &table, &incoming).map_err(|problem| vec![problem])?;
                let named = |(name, unit): (&str, &str)| (name.to_owned(), unit.to_owned());
                RecorderKind::Rows { columns: CORRELATION_COLUMNS.map(named).into() }
            } else if node.model.name == "spin_detector" {
                self.add_spike_recorder(index, window, &incoming, Some(SpinReader::new(self.exchange)));
                RecorderKind::Rows { columns: vec![(SPIN_COLUMN.into(), String::new())] }
            } else {
                self.add_spike_recorder(index, window, &incoming, None);
                RecorderKind::Spikes
            };
            let node = &self.nodes[index];
            self.plan.recorders.push(RecorderPlan { node: node.id, name: node.name.clone(), kind, sources: unique });
        }
        self.open_diaries();
        Ok(())
    }

    /// How a recorder hears a projection, given the source of each connection if the generator draws for each.
    fn listening(&self, p: usize, connections: impl FnOnce() -> Vec<u32>) -> Listening {
        let wired = &self.wired[p];
        let source = &self.nodes[wired.from];
        let ear = match (&source.kind, self.devices.get(wired.from)) {
            (NodeKind::Neurons(population), _) => Ear::Chunks(self.populations[*population].chunks.clone()),
            (_, Some(device)) if matches!(device.emission, Emission::Poisson | Emission::Trains) => {
                let sources = connections();
                let (purpose, owner) = (Purpose::DirectTrain, p as u64);
                Ear::own(device.trains(sources.clone(), Origin { seed: self.seed, purpose, owner, part: 0 }), sources)
            }
            _ => Ear::Shared,
        };
        let muted = wired.muted || source.muted;
        Listening { projection: p, node: wired.from, first: source.first, ear, muted }
    }

    fn add_spike_recorder(&mut self, index: usize, window: Window, incoming: &[usize], spins: Option<SpinReader>) {
        let mut recorded = Vec::new();
        for &p in incoming {
            let (pairing, n) = (&self.wired[p].pairing, self.nodes[self.wired[p].from].n);
            let times = (!matches!(pairing.rule, Rule::AllToAll)).then(|| {
                let mut times = vec![0; n];
                pairing.for_each(0..1, |s, _, _| times[s] += 1);
                times
            });
            let often = |source: usize| times.as_ref().map_or(1, |times| times[source]) as usize;
            let sources = || (0..n).flat_map(|source| std::iter::repeat_n(source as u32, often(source))).collect();
            let listening = self.listening(p, sources);
            recorded.push(Recorded { listening, times });
        }
        self.recorders.order.push((RecorderList::Spikes, self.recorders.spikes.len()));
        let rows = RecordedRows::default();
        self.recorders.spikes.push(SpikeRecorder { node: index, window, recorded, spins, rows });
    }

    fn add_correlation_detector(&mut self, index: usize, table: &Table, incoming: &[usize]) -> Result<(), Problem> {
        let mut inputs = Vec::new();
        for &p in incoming {
            let projection = &self.project.projections[p];
            let rows = Rows::build(&self.wired[p].pairing, 0..1, &projection.weight, &projection.delay, self.grid)
                .map_err(|message| Problem::error(self.place(projection), message))?;
            let listening = self.listening(p, || synapses_of(&rows).map(|(source, ..)| source as u32).collect());
            let port = self.wired[p].inlet.first.min(1);
            inputs.push(DetectorInput { port, listening, rows });
        }
        self.recorders.order.push((RecorderList::Correlations, self.recorders.correlations.len()));
        self.recorders.correlations.push(CorrelationDetector::new(index, table, self.grid, inputs));
        Ok(())
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
        let rows = RecordedRows::default();
        self.recorders.weights.push(WeightRecorder { node: index, window, watched, senders, targets, rows });
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
        let interval = self.grid.on_grid(table.real("interval", 0)).unwrap_or(1).max(1);
        let offset = self.grid.on_grid(table.real("offset", 0)).unwrap_or(0);
        let (mut senders, mut generators) = (Vec::new(), Vec::new());
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
                _ => generators.extend(sampled.iter().enumerate().map(|(i, t)| (place_of(i), wired.to, *t))),
            }
            senders.extend(sampled.iter().map(|t| target.first + *t as u32));
        }
        self.recorders.order.push((RecorderList::Meters, meter));
        self.recorders.meters.push(Multimeter {
            node: index,
            window,
            interval,
            offset,
            variables: names.len(),
            senders: senders.len(),
            generators,
            rows: RecordedRows::default(),
        });
        let variables = names.into_iter().zip(units).collect();
        Ok(RecorderKind::Samples { variables, senders, interval: self.grid.ms(interval) })
    }

    /// Chunks whose synapses ask for quantities step by step sample them, behind all meters.
    fn open_diaries(&mut self) {
        for chunk in &mut self.chunks {
            let node = &self.project.nodes[self.populations[chunk.population].node];
            let asked = chunk.incoming.iter().filter_map(|i| Some(i.plastic.as_ref()?.reads().quantities()));
            let Some(names) = asked.max_by_key(|names| names.len()).filter(|names| !names.is_empty()) else { continue };
            let variables = names.iter().filter_map(|name| Some(node.recordable(name)?.quantity)).collect();
            let neurons = (0..chunk.n as u32).map(|i| (i, i)).collect();
            let meter = self.recorders.meters.len();
            chunk.probes.push(Probe { meter, variables, neurons, values: Vec::new(), taken: 0 });
        }
    }
}
