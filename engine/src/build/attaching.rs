//! Synapses, currents and signals come to the chunks of their targets.

use std::sync::Arc;

use super::{Builder, is_plastic};
use crate::description::Value;
use crate::mechanisms::random::Purpose;
use crate::models::recorders::DELIVER_INTERVAL;
use crate::models::{Inlet, Signal, static_synapse};
use crate::project::Problem;
use crate::runtime::NodeKind;
use crate::runtime::changes::is_silent;
use crate::runtime::chunks::chunk::Incoming;
use crate::runtime::chunks::coupled::{Coupling, Lag, SignalSource};
use crate::runtime::connections::rows::{Delays, Form, SynapseRows, Weights};
use crate::runtime::devices::{Origin, Sending};
use crate::runtime::input::inputs::{Channel, CurrentInput, CurrentKind, CurrentSynapse, PoissonInput};
use crate::runtime::input::late::{self, Profile};
use crate::runtime::input::ring::Ring;
use crate::runtime::input::train_input::{TrainInput, TrainSynapse};
use crate::runtime::recording::intakes::Intake;
use crate::runtime::recording::sources::Connections;
use crate::runtime::slice::Source;
use crate::runtime::synapses::archive::Archive;
use crate::runtime::synapses::continuous_delays::ContinuousDelays;
use crate::runtime::synapses::gated::Gates;
use crate::runtime::synapses::histories::{Opening, TargetParameters};
use crate::runtime::synapses::plastic::{MakeRows, PlasticRows};
use crate::runtime::synapses::reads::Needs;
use crate::runtime::synapses::transmitters::{Afferent, Transmitter};
use crate::runtime::table::Table;

/// Devices of a node that can receive spikes: rows address them with 16 bits.
const MOST_DEVICES: usize = 1 << 16;

impl Builder<'_> {
    /// Gives the chunk its synapses of one projection.
    pub(crate) fn attach(&mut self, p: usize, chunk: usize, rows: SynapseRows) -> Result<(), Vec<Problem>> {
        let wired = &self.wired[p];
        self.synapses += rows.len() as u64;
        let source = &self.nodes[wired.from];
        let longest = rows.delay_range().map_or(1, |(_, longest)| longest as usize);
        let ahead = self.ahead(p) + self.slice;
        let muted = wired.muted || source.muted;
        let (inlet, relays, carried) = (wired.inlet, wired.relays, wired.carried);
        let projection = &self.project.projections[p];
        if wired.weightless && projection.weight != Value::Real(1.0) {
            let first = self.chunks[chunk].first;
            let given = rows.weights_of(&wired.pairing, first..first + self.chunks[chunk].n, &projection.weight);
            let given = given.map_err(|message| vec![Problem::error(self.place(projection), message)])?;
            self.chunks[chunk].uncounted.push((p, given));
        }
        if self.port(wired.carries, wired.to, self.project.projections[p].receptor).is_some_and(|port| port.precise) {
            self.chunks[chunk].inputs.need_timed(ahead);
        }
        let is_late = late::is_worthwhile(longest, self.slice) && self.has_drawn_delays(wired.to);
        let sending = self.devices.get(wired.from).map(|device| device.sending);
        match (wired.carries, sending) {
            (signal, _) if signal.is_continuous() => {
                let attached = self.attach_signal(p, chunk, rows, signal);
                attached.map_err(|message| vec![Problem::error(self.place(&self.project.projections[p]), message)])?;
            }
            (Signal::Currents, _) => self.attach_currents(p, chunk, rows, longest),
            // Random spikes carry nothing.
            (Signal::Spikes, Some(Sending::Poisson | Sending::Trains)) if carried => {}
            (Signal::Spikes, Some(Sending::Poisson | Sending::Trains)) => self.attach_trains(p, chunk, rows),
            _ => {
                let binary = source.model.emits(Signal::Transitions);
                let whole = !source.model.sends_as_neurons();
                let coded = wired.carries == Signal::Transitions && !binary;
                let (from, plain) = match source.kind {
                    NodeKind::Neurons(population) => {
                        let chunks = self.populations[population].chunks.clone();
                        let plain = self.chunks[chunks.clone()].iter().all(|chunk| !chunk.neurons.send_events());
                        (Source::Chunks(chunks), plain)
                    }
                    _ => (Source::Train(wired.from), false),
                };
                let target = &mut self.chunks[chunk];
                let slots = target.n.div_ceil(64) * 64;
                let rows = Arc::new(rows);
                let projection = &self.project.projections[p];
                let port = self.port(Signal::Spikes, self.wired[p].to, projection.receptor);
                let plastic = if let Some(gated) = port.and_then(|port| port.gated) {
                    let chunk = &self.chunks[chunk];
                    let table = &self.populations[chunk.population].table;
                    let gates = Gates::new(gated, &rows, table, chunk.first, chunk.n, self.grid, ahead + self.slice);
                    Some(Box::new(gates) as Box<dyn PlasticRows>)
                } else if is_plastic(projection) {
                    Some(self.make_plastic(p, chunk, &rows).map_err(|problem| vec![problem])?)
                } else if (!rows.on_grid() || projection.weight_recorder.is_some()) && !coded && !carried {
                    Some(Box::new(ContinuousDelays::new(&rows, projection.synapse.interpolates()))
                        as Box<dyn PlasticRows>)
                } else {
                    None
                };
                let target = &mut self.chunks[chunk];
                let mut late = None;
                let channel = match (rows.weights(), rows.delays()) {
                    _ if plastic.is_some() => {
                        target.inputs.need_exact(ahead);
                        None
                    }
                    (Weights::Same(weight), Delays::Same(delay))
                        if plain && !carried && rows.largest_indegree(slots) <= u16::MAX as u32 =>
                    {
                        let ring = Ring::new(slots, *delay as usize);
                        target.inputs.channels.push(Channel { inlet, weight: *weight, delay: *delay, ring });
                        Some(target.inputs.channels.len() - 1)
                    }
                    (Weights::Drawn(_) | Weights::Same(_), _)
                        if plain && !coded && !carried && rows.in_order() && is_late =>
                    {
                        target.inputs.need_late(rows.weights(), self.slice);
                        late = Some(Arc::new(Profile::of(&rows)));
                        None
                    }
                    (Weights::Drawn(_), _) => {
                        target.inputs.need_drawn(ahead);
                        None
                    }
                    _ => {
                        target.inputs.need_exact(ahead);
                        None
                    }
                };
                let transmitter = projection.volume_transmitter.and_then(|id| {
                    let node = self.index(id)?;
                    self.transmitters.iter().position(|t| t.node == node)
                });
                self.chunks[chunk].incoming.push(Incoming {
                    projection: p,
                    source: from,
                    inlet,
                    rows,
                    channel,
                    late,
                    muted,
                    whole,
                    relays,
                    coded,
                    carried,
                    plastic,
                    transmitted: projection.weight_recorder.is_some().then(Vec::new),
                    transmitter,
                });
            }
        }
        Ok(())
    }

    /// A signal of a population or generator onto a chunk; both step together from now on.
    fn attach_signal(&mut self, p: usize, chunk: usize, rows: SynapseRows, signal: Signal) -> Result<(), String> {
        let (projection, wired) = (&self.project.projections[p], &self.wired[p]);
        let settings = &self.project.simulation;
        let ahead = self.ahead(p) + self.exchange;
        let source = match self.nodes[wired.from].kind {
            NodeKind::Neurons(population) => SignalSource::Population(population),
            _ => SignalSource::Device(wired.from),
        };
        let mut noisy = false;
        if let SignalSource::Population(population) = source {
            let population = &self.populations[population];
            for chunk in &mut self.chunks[population.chunks.clone()] {
                chunk.coupled = true;
                noisy |= chunk.neurons.has_noisy_output();
            }
        }
        let delayed = projection.synapse.parameter("delay").is_some();
        let (lag, from_step) = match (source, signal) {
            (SignalSource::Device(_), _) => (Lag::Delayed(-(self.exchange as i64)), 0),
            // The target stores the current for a step before it acts.
            (_, Signal::SlowCurrent) => (Lag::Delayed(-1), 1),
            _ if delayed => (Lag::Delayed(0), 0),
            _ => (Lag::None, !settings.use_wfr as i64),
        };
        let gap = signal == Signal::Potential;
        let late = lag == Lag::None && !settings.use_wfr && noisy;
        let (inlet, muted) = (wired.inlet, wired.muted || self.nodes[wired.from].muted);
        let rows = Arc::new(rows);
        let coupling = Coupling { projection: p, from: source, inlet, rows, lag, from_step, late, gap, muted };
        let target = &mut self.chunks[chunk];
        target.inputs.need_exact(ahead);
        target.coupled = true;
        if signal == Signal::Diffusion {
            // Two sums of the same rates, each with a factor of its own.
            let targets = target.first..target.first + target.n;
            let weighted = |name: &str, stream: u64| -> Result<Arc<SynapseRows>, String> {
                let rows = &coupling.rows;
                let weights = match projection.value(name) {
                    Some(Value::Real(x)) => Weights::Same(x),
                    Some(value) => {
                        let part = stream + targets.start as u64;
                        let pairing = &self.wired[p].pairing;
                        Weights::Listed(rows.values(pairing, targets.clone(), &value, Purpose::Parameter, part)?)
                    }
                    None => Weights::Same(1.0),
                };
                Ok(Arc::new(rows.with_weights(weights)))
            };
            let (drift, diffusion) = (weighted("drift_factor", 1 << 62)?, weighted("diffusion_factor", 1 << 61)?);
            let second = Inlet { first: inlet.first + 1, signed: false };
            target.couplings.push(Coupling { rows: drift, ..coupling.clone() });
            target.couplings.push(Coupling { rows: diffusion, inlet: second, ..coupling });
        } else {
            target.couplings.push(coupling);
        }
        Ok(())
    }

    /// The states of a projection's synapses onto a chunk.
    fn make_plastic(&self, p: usize, chunk: usize, rows: &Arc<SynapseRows>) -> Result<Box<dyn PlasticRows>, Problem> {
        let projection = &self.project.projections[p];
        let chunk = &self.chunks[chunk];
        let wired = &self.wired[p];
        let targets = chunk.first..chunk.first + chunk.n;
        let table = wired
            .synapses
            .as_ref()
            .map_or(Ok(Table::of(projection.synapse.declaration())), |s| s.table(&wired.pairing, targets, rows));
        let table = table.map_err(|message| Problem::error(self.place(projection), message))?;
        let make = projection.synapse.plastic().unwrap_or(&static_synapse::WATCHED).make;
        Ok(make(&MakeRows {
            table: &table,
            rows,
            grid: self.grid,
            seed: self.seed,
            projection: p as u64,
            first: chunk.first as u64,
        }))
    }

    /// Chunks keep what their synapses ask for.
    pub(crate) fn open_archives(&mut self) {
        for chunk in &mut self.chunks {
            let population = &self.populations[chunk.population];
            let needs: Vec<Needs> = chunk.incoming.iter().filter_map(|i| Some(i.plastic.as_ref()?.needs())).collect();
            if needs.iter().any(|needs| needs.spikes) {
                chunk.archive = Archive::new(chunk.n);
            }
            let back = self.longest[population.node] + self.slice;
            let parameters = TargetParameters { table: &population.table, first: chunk.first };
            let opening = Opening { grid: self.grid, neurons: chunk.n, back, parameters };
            needs.iter().for_each(|needs| chunk.archive.histories.open(needs.histories, &opening));
            chunk.set_archive(&population.table);
        }
    }

    /// Volume transmitters with what reaches them; its delays bound the slice too.
    pub(crate) fn add_transmitters(&mut self) -> Result<(), Vec<Problem>> {
        for node in 0..self.nodes.len() {
            let NodeKind::Recorder(table) = &self.nodes[node].kind else { continue };
            if !self.nodes[node].model.is_transmitter() {
                continue;
            }
            let interval = table.real(DELIVER_INTERVAL.name, 0) as i64;
            let mut afferents = Vec::new();
            for (p, wired) in self.wired.iter().enumerate().filter(|(_, wired)| wired.to == node) {
                let projection = &self.project.projections[p];
                let rows = SynapseRows::build(
                    &wired.pairing,
                    0..1,
                    &Value::Real(1.0),
                    &projection.delay,
                    self.grid,
                    Form::default(),
                )
                .map_err(|message| vec![Problem::error(self.place(projection), message)])?;
                if let Some((shortest, _)) = rows.delay_range() {
                    self.slice = self.slice.min(shortest as usize).max(1);
                }
                let source = match self.nodes[wired.from].kind {
                    NodeKind::Neurons(population) => Source::Chunks(self.populations[population].chunks.clone()),
                    _ => Source::Train(wired.from),
                };
                let muted = is_silent(wired, &self.nodes);
                afferents.push(Afferent { projection: p, source, rows: Arc::new(rows), muted });
            }
            self.transmitters.push(Transmitter::new(node, interval, afferents));
        }
        Ok(())
    }

    /// Generators with what reaches them; its delays bound the slice too.
    pub(crate) fn add_intakes(&mut self) -> Result<(), Vec<Problem>> {
        for p in 0..self.wired.len() {
            let to = self.wired[p].to;
            if self.wired[p].carries != Signal::Spikes || !self.nodes[to].model.is_generator() {
                continue;
            }
            if self.nodes[to].n > MOST_DEVICES {
                let message = format!("spikes lead to at most {MOST_DEVICES} devices of a node; make several nodes");
                return Err(vec![Problem::error(self.place(&self.project.projections[p]), message).of("to")]);
            }
            let input = self.spike_input(p, 0..self.nodes[to].n, true).map_err(|problem| vec![problem])?;
            let range = match &input.connections {
                Connections::Weighted(rows) => rows.delay_range(),
                _ => None,
            };
            let Some(device) = &mut self.devices.list[to] else { continue };
            if let Some((shortest, longest)) = range {
                self.slice = self.slice.min(shortest as usize).max(1);
                device.arrivals.longest_delay = device.arrivals.longest_delay.max(longest as usize);
            }
            match self.intakes.iter_mut().find(|intake| intake.node == to) {
                Some(intake) => intake.inputs.push(input),
                None => self.intakes.push(Intake { node: to, inputs: vec![input] }),
            }
        }
        Ok(())
    }

    /// Whether the delays of some projection onto a node are drawn.
    fn has_drawn_delays(&self, node: usize) -> bool {
        let delays = self.wired.iter().zip(&self.project.projections).filter(|(wired, _)| wired.to == node);
        delays.into_iter().any(|(_, projection)| matches!(projection.delay, Value::Distribution(_)))
    }

    /// How far ahead the rings of a projection's target must reach, for all projections share them: at the
    /// beginning of a slice its random input is drawn, and spikes of the slice before are delivered.
    fn ahead(&self, p: usize) -> usize {
        self.longest[self.wired[p].to].max(self.slice)
    }

    /// Spikes that a generator draws for each target.
    fn attach_trains(&mut self, p: usize, chunk: usize, rows: SynapseRows) {
        let (wired, seed) = (&self.wired[p], self.seed);
        let (projection, from, inlet, muted) = (p, wired.from, wired.inlet, wired.muted);
        let interpolates = self.project.projections[p].synapse.interpolates();
        // Trains of the whole slice are sent on their way at its beginning.
        let ahead = self.ahead(p) + self.slice;
        let (target, sources) = (&mut self.chunks[chunk], self.nodes[from].n);
        let Some(device) = &mut self.devices.list[from] else { return };
        let (block, blocks) = (target.first as u64 / 64, target.n.div_ceil(64));
        let all = wired.pairing.joins_all() && rows.len() == sources * target.n;
        if let (Weights::Same(weight), Delays::Same(delay), Sending::Poisson, true) =
            (rows.weights(), rows.delays(), device.sending, all && rows.on_grid())
        {
            let mut input = PoissonInput::new(p, from, inlet, *weight, *delay, blocks, seed, block);
            input.muted = muted;
            device.longest_delay = device.longest_delay.max(*delay as usize);
            target.inputs.poisson.push(input);
            return;
        }
        let synapse = |(_, i)| TrainSynapse {
            slot: rows.targets().at(i),
            weight: rows.weight(i),
            delay: rows.delay(i),
            shorter: rows.shorter(i),
        };
        let synapses = rows.synapses().map(synapse).collect();
        let sources: Vec<u32> = rows.synapses().map(|(source, _)| source as u32).collect();
        let part = (1 << 61) + (block << 34);
        let origin = Origin { seed, purpose: Purpose::PoissonInput, owner: p as u64, part };
        let trains = device.trains(sources.clone(), origin);
        target.inputs.need_exact(ahead);
        target.inputs.trains.push(TrainInput {
            projection,
            device: from,
            inlet,
            muted,
            interpolates,
            synapses,
            sources,
            trains,
            drawn: Vec::new(),
        });
    }

    fn attach_currents(&mut self, p: usize, chunk: usize, rows: SynapseRows, longest: usize) {
        let wired = &self.wired[p];
        let target = &mut self.chunks[chunk];
        let Some(device) = &mut self.devices.list[wired.from] else { return };
        let noisy = device.sending == Sending::Draws;
        let kind = match (rows.weights(), rows.delays()) {
            (Weights::Same(weight), Delays::Same(delay))
                if !noisy && wired.pairing.joins_all() && rows.len() == wired.pairing.source_neurons() * target.n =>
            {
                CurrentKind::Alike { weight: *weight, delay: *delay }
            }
            _ => CurrentKind::Synapses(
                rows.synapses()
                    .map(|(source, i)| {
                        let connection = device.connections[source];
                        device.connections[source] += 1;
                        CurrentSynapse {
                            slot: rows.targets().at(i),
                            device: source as u32,
                            weight: rows.weight(i),
                            delay: rows.delay(i),
                            connection,
                        }
                    })
                    .collect(),
            ),
        };
        let inlet = wired.inlet.first;
        let (to, port) = (&self.project.nodes[wired.to], self.project.projections[p].receptor);
        let port = to.model.port(Signal::Currents, port, &|name| to.entries(name));
        let lag = i64::from(!port.is_some_and(|p| p.zero_lag));
        target.inputs.currents.push(CurrentInput {
            projection: p,
            device: wired.from,
            inlet,
            lag,
            muted: wired.muted,
            kind,
        });
        device.longest_delay = device.longest_delay.max(longest);
    }
}
