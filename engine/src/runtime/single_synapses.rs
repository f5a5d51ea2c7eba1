//! The synapses of a projection one by one: who is connected to whom, and weights that are set for each.

use std::sync::Arc;

use super::Simulation;
use super::connections::rows::Weights;
use super::input::inputs::{CurrentKind, CurrentSynapse};
use super::recording::sources::Connections;
use crate::description::{Place, Problem, ProjectionId, Value, number};

/// A connection of a projection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connected {
    /// Number of its source within its node, counted from 0.
    pub source: u32,
    /// Number of its target within its node, counted from 0.
    pub target: u32,
    /// The present weight; 1 to recorders, to which weights do not count.
    pub weight: f64,
    /// ms; none to recorders that do not ask for one.
    pub delay: Option<f64>,
    /// It belongs to the way back of a symmetric projection: its source is a neuron of the node that the projection
    /// leads to.
    pub back: bool,
}

/// Where the weight of a connection is kept: the chunk, and the place among those of the projection there.
type Kept = (usize, usize);

impl Simulation {
    /// All connections of a projection by source, then in order of creation, whatever they carry: also those of
    /// generators and recorders, which [`Simulation::synapses_of`] leaves out.
    pub fn connections_of(&self, projection: ProjectionId) -> Vec<Connected> {
        let mut all = Vec::new();
        for (nth, p) in self.wired_as(projection).enumerate() {
            let back = nth > 0;
            let kept = self.kept(p);
            if kept.is_empty() {
                all.extend(self.to_device(p).into_iter().map(|connected| Connected { back, ..connected }));
            } else {
                all.extend(kept.into_iter().map(|(connected, _)| Connected { back, ..connected }));
            }
        }
        all
    }

    /// Sets the weight of each connection of a projection, in the order of [`Simulation::connections_of`]. Where all of
    /// one weight only counted spikes, each has its own from now on; spikes on their way arrive as they were sent. Where
    /// weights do not count, they are told as they were given.
    ///
    /// # Errors
    /// Weights that are not allowed, and the one weight of a generator that drives all targets alike; nothing has
    /// changed then.
    pub fn set_weights(&mut self, projection: ProjectionId, weights: &[f64]) -> Result<(), Vec<Problem>> {
        let wired: Vec<usize> = self.wired_as(projection).collect();
        let Some(first) = wired.first() else {
            return Err(vec![Problem::error(Place::Simulation, "there is no such projection")]);
        };
        let place = Place::Projection {
            id: projection,
            from: self.nodes[self.wired[*first].from].name.clone(),
            to: self.nodes[self.wired[*first].to].name.clone(),
        };
        let refuse = |message: String| vec![Problem::error(place.clone(), message).of("weight")];
        let kept: Vec<(usize, Vec<(Connected, Kept)>)> = wired.iter().map(|p| (*p, self.kept(*p))).collect();
        let all: usize = kept.iter().map(|(_, kept)| kept.len()).sum();
        if all != weights.len() {
            return Err(refuse(format!("{} weights are given for {all} synapses", weights.len())));
        }
        if let Some(weight) = weights.iter().find(|weight| !weight.is_finite()) {
            return Err(refuse(format!("must be finite, is {}", number(*weight))));
        }
        let alike = weights.windows(2).all(|pair| pair[0] == pair[1]);
        let one_for_all = |p: usize| self.chunks.iter().any(|c| c.inputs.poisson.iter().any(|i| i.projection == p));
        for &p in &wired {
            if self.wired[p].only_positive && weights.iter().any(|weight| *weight < 0.0) {
                return Err(refuse("this receptor takes no negative weights".into()));
            }
            if !alike && !self.wired[p].weightless && one_for_all(p) {
                let from = &self.nodes[self.wired[p].from].name;
                let cure = "give the list before the network runs, or put neurons between that repeat its spikes";
                return Err(refuse(format!("{from} drives all its targets with one weight; {cure}")));
            }
        }
        if let (true, Some(weight)) = (alike, weights.first()) {
            return self.set_weight(projection, &Value::Real(*weight));
        }
        let mut rest = weights;
        for (p, kept) in kept {
            let (own, after) = rest.split_at(kept.len());
            rest = after;
            let mut by_chunk: Vec<Vec<f64>> = vec![Vec::new(); self.chunks.len()];
            for ((_, (chunk, i)), weight) in kept.into_iter().zip(own) {
                let of_chunk = &mut by_chunk[chunk];
                of_chunk.resize(of_chunk.len().max(i + 1), 0.0);
                of_chunk[i] = *weight;
            }
            by_chunk.into_iter().enumerate().filter(|(_, weights)| !weights.is_empty()).for_each(|(chunk, weights)| {
                self.list_weights(p, chunk, weights);
            });
        }
        Ok(())
    }

    /// The projection as it is wired, and its way back.
    fn wired_as(&self, projection: ProjectionId) -> impl Iterator<Item = usize> {
        (0..self.wired.len()).filter(move |p| self.wired[*p].id == projection)
    }

    /// Connections onto neurons with the places of their weights, by source, then in order of creation.
    fn kept(&self, p: usize) -> Vec<(Connected, Kept)> {
        let mut all = Vec::new();
        let mut keep = |source: usize, target: usize, weight: f64, delay: f64, kept: Kept| {
            let (source, target) = (source as u32, target as u32);
            all.push((Connected { source, target, weight, delay: Some(delay), back: false }, kept));
        };
        let steps = |delay: u32| self.grid.ms(i64::from(delay));
        let sources = self.nodes[self.wired[p].from].n;
        for (c, chunk) in self.chunks.iter().enumerate() {
            for wires in chunk.wires().filter(|wires| wires.projection == p) {
                for (source, i) in wires.rows.synapses() {
                    let target = chunk.first + wires.rows.target(i);
                    keep(source, target, wires.weight(i), wires.rows.delay_ms(i, self.grid), (c, i));
                }
            }
            for input in chunk.inputs.poisson.iter().filter(|i| i.projection == p) {
                for (source, i) in (0..sources).flat_map(|source| (0..chunk.n).map(move |i| (source, i))) {
                    keep(source, chunk.first + i, input.weight, steps(input.delay), (c, source * chunk.n + i));
                }
            }
            for input in chunk.inputs.trains.iter().filter(|i| i.projection == p) {
                for (i, (synapse, source)) in input.synapses.iter().zip(&input.sources).enumerate() {
                    let (target, delay) = (chunk.first + usize::from(synapse.slot), steps(synapse.delay));
                    keep(*source as usize, target, synapse.weight, delay - synapse.shorter, (c, i));
                }
            }
            for input in chunk.inputs.currents.iter().filter(|i| i.projection == p) {
                match &input.kind {
                    CurrentKind::Alike { weight, delay } => {
                        for (source, i) in (0..sources).flat_map(|source| (0..chunk.n).map(move |i| (source, i))) {
                            keep(source, chunk.first + i, *weight, steps(*delay), (c, source * chunk.n + i));
                        }
                    }
                    CurrentKind::Synapses(synapses) => {
                        for (i, synapse) in synapses.iter().enumerate() {
                            let target = chunk.first + usize::from(synapse.slot);
                            keep(synapse.device as usize, target, synapse.weight, steps(synapse.delay), (c, i));
                        }
                    }
                }
            }
        }
        for (connected, (chunk, i)) in &mut all {
            connected.weight = self.chunks[*chunk].weight_told(p, *i, connected.weight);
        }
        all.sort_by_key(|(connected, _)| connected.source);
        all
    }

    /// Connections that lead to a device, or from a meter to what it samples.
    fn to_device(&self, p: usize) -> Vec<Connected> {
        let wired = &self.wired[p];
        let detectors = self.recorders.detectors.iter().flat_map(|detector| &detector.inputs);
        let intakes = self.intakes.iter().flat_map(|intake| &intake.inputs);
        let weighted = detectors.chain(intakes).filter(|input| input.projection == p);
        if let Some(rows) = weighted.into_iter().find_map(|input| match &input.connections {
            Connections::Weighted(rows) => Some(rows),
            _ => None,
        }) {
            let tell = |(source, i): (usize, usize)| Connected {
                source: source as u32,
                target: rows.target(i) as u32,
                weight: rows.weight(i),
                delay: Some(rows.delay_ms(i, self.grid)),
                back: false,
            };
            return rows.synapses().map(tell).collect();
        }
        let mut all = Vec::new();
        let (from, to) = (self.nodes[wired.from].model, self.nodes[wired.to].model);
        if from.is_recorder() || to.is_recorder() {
            wired.pairing.for_each(0..self.nodes[wired.to].n, |source, target, _| {
                let (source, target) = (source as u32, target as u32);
                all.push(Connected { source, target, weight: 1.0, delay: None, back: false });
            });
            all.sort_by_key(|connected| connected.source);
        }
        all
    }

    /// Gives the connections of a projection onto a chunk these weights.
    fn list_weights(&mut self, p: usize, chunk: usize, weights: Vec<f64>) {
        let slice = self.slice as usize;
        let weightless = self.wired[p].weightless;
        let chunk = &mut self.chunks[chunk];
        if weightless {
            chunk.uncounted.retain(|(projection, _)| *projection != p);
            chunk.uncounted.push((p, Weights::Listed(weights)));
            return;
        }
        let longest = chunk.incoming.iter().filter_map(|i| i.rows.delay_range()).map(|(_, longest)| longest as usize);
        let ahead = longest.max().unwrap_or(1).max(slice) + slice;
        if let Some(incoming) = chunk.incoming.iter_mut().find(|i| i.projection == p) {
            if let Some(plastic) = &mut incoming.plastic {
                plastic.set_weights(&|i| weights[i]);
                return;
            }
            let rows = Arc::make_mut(&mut incoming.rows);
            rows.list_weights(weights);
            match incoming.late {
                Some(_) => chunk.inputs.need_late(rows.weights(), slice),
                None => chunk.inputs.need_exact(ahead),
            }
            incoming.channel = None;
            return;
        }
        if let Some(coupling) = chunk.couplings.iter_mut().find(|c| c.projection == p) {
            Arc::make_mut(&mut coupling.rows).list_weights(weights);
            return;
        }
        if let Some(train) = chunk.inputs.trains.iter_mut().find(|i| i.projection == p) {
            train.synapses.iter_mut().zip(weights).for_each(|(synapse, weight)| synapse.weight = weight);
            return;
        }
        let Some(input) = chunk.inputs.currents.iter_mut().find(|i| i.projection == p) else { return };
        match &mut input.kind {
            CurrentKind::Synapses(synapses) => {
                synapses.iter_mut().zip(weights).for_each(|(synapse, weight)| synapse.weight = weight);
            }
            CurrentKind::Alike { delay, .. } => {
                let (delay, n) = (*delay, chunk.n);
                let synapse = |(i, weight): (usize, f64)| CurrentSynapse {
                    slot: (i % n) as u16,
                    device: (i / n) as u32,
                    weight,
                    delay,
                    connection: 0,
                };
                input.kind = CurrentKind::Synapses(weights.into_iter().enumerate().map(synapse).collect());
            }
        }
    }
}
