//! Changes to a network that stands or runs: parameters, state, weights, silence.

use std::sync::Arc;

use super::devices::Window;
use super::input::inputs::CurrentKind;
use super::projection::ResolvedProjection;
use super::recording::recorders::RecorderList;
use super::table::{Column, Table};
use super::{NodeKind, Simulation, SimulationNode};
use crate::description::{NodeId, Parameter, Place, Problem, ProjectionId, Value};
use crate::mechanisms::random::{Purpose, Stream};
use crate::runtime::chunks::chunk::{Chunk, Incoming};
use crate::runtime::connections::rows::Weights;

impl Simulation {
    /// Takes over parameters or state of a node, which have been checked; distributions are drawn.
    pub(crate) fn assign(&mut self, index: usize, params: &[(String, Value)]) -> Result<(), Vec<Problem>> {
        let seed = self.wired.first().map_or(0, |w| w.pairing.seed);
        let mut columns: Vec<(&'static Parameter, Column)> = Vec::new();
        let target = &self.nodes[index];
        for (name, value) in params {
            let Some(parameter) = target.model.parameter(name) else { continue };
            let column = match value {
                Value::Real(x) => Column::Same(*x),
                Value::Flag(b) => Column::Same(*b as u8 as f64),
                Value::Flags(flags) if flags.len() == target.n => {
                    Column::Each(flags.iter().map(|b| *b as u8 as f64).collect())
                }
                Value::List(xs) if xs.len() == target.n && !parameter.is_list() => Column::Each(xs.clone()),
                Value::Range(range) => Column::Each(range.values(target.n)),
                Value::Distribution(d) => {
                    let mut stream = Stream::of(seed, Purpose::Parameter, index as u64, self.now as u64);
                    Column::drawn(parameter, d, &mut stream, target.n)
                        .map_err(|message| vec![self.problem(index, name, message)])?
                }
                _ => continue,
            };
            columns.push((parameter, column));
        }
        let names: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
        for (name, value) in params {
            self.nodes[index].params.insert(name.clone(), value.clone());
        }
        let (model, n) = (self.nodes[index].model, self.nodes[index].n);
        let table = match &mut self.nodes[index].kind {
            NodeKind::Neurons(population) => &mut self.populations[*population].table,
            NodeKind::Generator(table) | NodeKind::Recorder(table) => table,
        };
        for (name, value) in params {
            if let Some(parameter) = model.parameter(name).filter(|p| p.is_list()) {
                table.set_list(parameter.name, value.clone(), n);
            }
        }
        match self.nodes[index].kind {
            NodeKind::Neurons(population) => {
                self.set_neurons(population, &columns, &names);
            }
            NodeKind::Generator(_) => self.set_generator(index, &columns, &names),
            NodeKind::Recorder(_) => self.set_recorder(index, &columns, &names),
        }
        Ok(())
    }

    pub(crate) fn problem(&self, index: usize, parameter: &str, message: impl Into<String>) -> Problem {
        let node = &self.nodes[index];
        Problem::error(Place::Node { id: node.id, name: node.name.clone() }, message).of(parameter)
    }

    fn set_neurons(&mut self, population: usize, columns: &[(&'static Parameter, Column)], names: &[&str]) {
        let population = &mut self.populations[population];
        let declared = self.nodes[population.node].model.declaration();
        for (parameter, column) in columns {
            population.table.set(parameter.name, column.clone());
        }
        for chunk in &mut self.chunks[population.chunks.clone()] {
            chunk.neurons.set_parameters(&population.table, names);
            chunk.set_archive(&population.table);
            for (parameter, column) in columns {
                let Some(state) = declared.state_place(parameter.name) else { continue };
                for i in 0..chunk.n {
                    chunk.neurons.set_state(state, i, column.get(chunk.first + i));
                }
            }
        }
    }

    fn set_generator(&mut self, index: usize, columns: &[(&'static Parameter, Column)], names: &[&str]) {
        let node = &mut self.nodes[index];
        let NodeKind::Generator(table) = &mut node.kind else { return };
        put(table, columns);
        if let Some(device) = &mut self.devices.list[index] {
            device.set(table, names, self.now);
        }
    }

    fn set_recorder(&mut self, index: usize, columns: &[(&'static Parameter, Column)], names: &[&str]) {
        let NodeKind::Recorder(table) = &mut self.nodes[index].kind else { return };
        put(table, columns);
        let window = Window::of(table, self.grid);
        let recorders = &mut self.recorders;
        for &(list, i) in &recorders.order {
            let (node, active, rows) = match list {
                RecorderList::Detectors => {
                    let r = &mut recorders.detectors[i];
                    if r.node == index {
                        r.detector.set_parameters(table, names, self.grid, &mut r.rows);
                    }
                    (r.node, &mut r.window, &mut r.rows)
                }
                RecorderList::Meters => {
                    let r = &mut recorders.meters[i];
                    (r.node, &mut r.window, &mut r.rows)
                }
                RecorderList::Weights => {
                    let r = &mut recorders.weights[i];
                    (r.node, &mut r.window, &mut r.rows)
                }
            };
            if node == index {
                *active = window;
                if names.contains(&"n_events") {
                    rows.clear();
                }
            }
        }
    }

    /// Changes the weights of all synapses of a projection. Spikes on their way through synapses of
    /// one weight are delivered with the new one.
    pub fn set_weight(&mut self, projection: ProjectionId, weight: &Value) -> Result<(), Vec<Problem>> {
        // The way back of a symmetric projection is wired apart.
        let wired: Vec<usize> = (0..self.wired.len()).filter(|&p| self.wired[p].id == projection).collect();
        if wired.is_empty() {
            return Err(vec![Problem::error(Place::Simulation, "there is no such projection")]);
        }
        wired.into_iter().try_for_each(|p| self.set_wired_weight(p, weight))
    }

    fn set_wired_weight(&mut self, p: usize, weight: &Value) -> Result<(), Vec<Problem>> {
        let wired = &self.wired[p];
        let place = Place::Projection {
            id: wired.id,
            from: self.nodes[wired.from].name.clone(),
            to: self.nodes[wired.to].name.clone(),
        };
        let refuse = |message: &str| vec![Problem::error(place.clone(), message).of("weight")];
        if weight.as_real().is_some_and(|w| !w.is_finite()) {
            return Err(refuse("the weight must be a finite number"));
        }
        if wired.only_positive && weight.lowest() < 0.0 {
            return Err(refuse("this receptor takes no negative weights"));
        }
        if wired.weightless {
            let to = wired.to;
            let of_target = |chunk: &&mut Chunk| self.populations[chunk.population].node == to;
            for chunk in self.chunks.iter_mut().filter(of_target) {
                chunk.uncounted.retain(|(projection, _)| *projection != p);
                let given = chunk.incoming.iter().find(|incoming| incoming.projection == p).map(|incoming| {
                    incoming.rows.weights_of(&self.wired[p].pairing, chunk.first..chunk.first + chunk.n, weight)
                });
                let given = given.transpose().map_err(|m| refuse(&m))?;
                let given = given.or_else(|| weight.as_real().map(Weights::Same));
                chunk.uncounted.extend(given.map(|given| (p, given)));
            }
            return Ok(());
        }
        for chunk in &mut self.chunks {
            let targets = chunk.first..chunk.first + chunk.n;
            for Incoming { rows, channel, plastic, .. } in chunk.incoming.iter_mut().filter(|i| i.projection == p) {
                if let Some(plastic) = plastic {
                    match weight {
                        Value::Real(w) => plastic.set_weights(&|_| *w),
                        _ => {
                            let first = targets.start as u64;
                            let weights = rows.values(&wired.pairing, targets.clone(), weight, Purpose::Weight, first);
                            let weights = weights.map_err(|m| refuse(&m))?;
                            plastic.set_weights(&|i| weights[i]);
                        }
                    }
                    continue;
                }
                Arc::make_mut(rows).set_weights(&wired.pairing, targets.clone(), weight).map_err(|m| refuse(&m))?;
                if let (Some(channel), Some(w)) = (channel, weight.as_real()) {
                    chunk.inputs.channels[*channel].weight = w;
                }
            }
            for coupling in chunk.couplings.iter_mut().filter(|c| c.projection == p) {
                let rows = Arc::make_mut(&mut coupling.rows);
                rows.set_weights(&wired.pairing, targets.clone(), weight).map_err(|m| refuse(&m))?;
            }
            let inputs = &mut chunk.inputs;
            let constant = weight.as_real();
            let rebuild = "weights of another form need the network to be built anew";
            for input in inputs.poisson.iter_mut().filter(|i| i.projection == p) {
                input.weight = constant.ok_or_else(|| refuse(rebuild))?;
            }
            for synapse in inputs.trains.iter_mut().filter(|i| i.projection == p).flat_map(|i| &mut i.synapses) {
                synapse.weight = constant.ok_or_else(|| refuse(rebuild))?;
            }
            for input in inputs.currents.iter_mut().filter(|i| i.projection == p) {
                let w = constant.ok_or_else(|| refuse(rebuild))?;
                match &mut input.kind {
                    CurrentKind::Alike { weight, .. } => *weight = w,
                    CurrentKind::Synapses(synapses) => synapses.iter_mut().for_each(|s| s.weight = w),
                }
            }
        }
        Ok(())
    }

    /// Silences a node or lets it speak again.
    pub fn mute_node(&mut self, node: NodeId, muted: bool) {
        let Some(index) = self.node_index(node) else { return };
        self.nodes[index].muted = muted;
        if let Some(Some(device)) = self.devices.list.get_mut(index) {
            device.muted = muted;
        }
        self.spread_silence();
    }

    /// Silences a projection or lets it transmit again.
    pub fn mute_projection(&mut self, projection: ProjectionId, muted: bool) {
        self.wired.iter_mut().filter(|w| w.id == projection).for_each(|wired| wired.muted = muted);
        self.spread_silence();
    }

    /// A projection is silent if it or its source is muted, or the recorder that it leads to.
    fn spread_silence(&mut self) {
        let silent: Vec<bool> = self.wired.iter().map(|w| is_silent(w, &self.nodes)).collect();
        for chunk in &mut self.chunks {
            chunk.incoming.iter_mut().for_each(|i| i.muted = silent[i.projection]);
            chunk.couplings.iter_mut().for_each(|c| c.muted = silent[c.projection]);
            chunk.inputs.poisson.iter_mut().for_each(|i| i.muted = silent[i.projection]);
            chunk.inputs.trains.iter_mut().for_each(|i| i.muted = silent[i.projection]);
            chunk.inputs.currents.iter_mut().for_each(|i| i.muted = silent[i.projection]);
        }
        for afferent in self.transmitters.iter_mut().flat_map(|t| &mut t.afferents) {
            afferent.muted = silent[afferent.projection];
        }
        let intakes = self.intakes.iter_mut().flat_map(|intake| &mut intake.inputs);
        intakes.for_each(|input| input.muted = silent[input.projection]);
        let inputs = self.recorders.detectors.iter_mut().flat_map(|detector| &mut detector.inputs);
        inputs.for_each(|input| input.muted = silent[input.projection]);
        self.recorders.meters.iter_mut().for_each(|meter| meter.silence(&silent));
        self.recorders.weights.iter_mut().for_each(|weights| weights.muted = self.nodes[weights.node].muted);
    }
}

/// Whether nothing passes a projection: it or its source is muted, or the recorder that it leads to.
pub(crate) fn is_silent(wired: &ResolvedProjection, nodes: &[SimulationNode]) -> bool {
    let (from, to) = (&nodes[wired.from], &nodes[wired.to]);
    wired.muted || from.muted || (to.muted && to.model.is_recorder())
}

fn put(table: &mut Table, columns: &[(&'static Parameter, Column)]) {
    for (parameter, column) in columns {
        table.set(parameter.name, column.clone());
    }
}
