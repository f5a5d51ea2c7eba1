//! What a network that stands or runs tells of its neurons, devices and synapses.

use super::projection::ResolvedProjection;
use super::{NodeKind, Simulation};
use crate::description::{NodeId, ProjectionId, Role, Value};
use crate::runtime::chunks::chunk::{Chunk, Incoming};

impl Simulation {
    /// The present value of a parameter, state variable or recordable of one neuron or device.
    pub fn get(&self, node: NodeId, index: usize, name: &str) -> Option<Value> {
        let place = self.node_index(node)?;
        let node = &self.nodes[place];
        if index >= node.n {
            return None;
        }
        if let Some(told) = self.status(place, index, name) {
            return Some(told);
        }
        let Some(parameter) = node.model.parameter(name) else { return self.shown(place, index, name) };
        let name = parameter.name;
        let listed = || match node.params.get(name) {
            Some(Value::Lists(lists)) => lists.get(index).cloned().map(Value::List),
            Some(value) => Some(value.clone()),
            None => Some(Value::from(parameter.default)),
        };
        match &node.kind {
            NodeKind::Neurons(population) => {
                let population = &self.populations[*population];
                if parameter.role == Role::State {
                    let chunk = self.chunks[population.chunks.clone()].iter().find(|c| index < c.first + c.n)?;
                    let state = node.model.declaration().state_place(name)?;
                    return Some(Value::Real(chunk.neurons.state(state, index - chunk.first)));
                }
                population.table.get(name).map(|c| Value::Real(c.get(index))).or_else(listed)
            }
            NodeKind::Generator(table) => {
                let rounded = self.devices.list[place].as_ref().and_then(|d| d.read_back(name, index));
                rounded.or_else(|| table.get(name).map(|c| Value::Real(c.get(index)))).or_else(listed)
            }
            NodeKind::Recorder(table) => table.get(name).map(|c| Value::Real(c.get(0))).or_else(listed),
        }
    }

    /// What a neuron shows as a recordable.
    fn shown(&self, place: usize, index: usize, name: &str) -> Option<Value> {
        let NodeKind::Neurons(population) = &self.nodes[place].kind else { return None };
        let mut chunks = self.chunks[self.populations[*population].chunks.clone()].iter();
        let chunk = chunks.find(|chunk| index < chunk.first + chunk.n)?;
        let recordable = self.nodes[place].recordables.iter().find(|r| r.name == name)?;
        chunk.neurons.shown(recordable.quantity, index - chunk.first).map(Value::Real)
    }

    /// What a neuron or recorder tells of itself beside its parameters and state.
    fn status(&self, place: usize, index: usize, name: &str) -> Option<Value> {
        match &self.nodes[place].kind {
            NodeKind::Neurons(population) => {
                let mut chunks = self.chunks[self.populations[*population].chunks.clone()].iter();
                let chunk = chunks.find(|chunk| index < chunk.first + chunk.n)?;
                chunk.neurons.status(name, index - chunk.first).map(Value::Real)
            }
            NodeKind::Recorder(_) => self.recorders.detectors.iter().find(|r| r.node == place)?.detector.status(name),
            NodeKind::Generator(_) => None,
        }
    }

    /// Tells what one neuron shows now, with its unit: its recordables, its state, and what else it tells of itself.
    pub fn tell_neuron(&self, node: NodeId, index: usize, mut tell: impl FnMut(&str, &'static str, f64)) {
        let Some(place) = self.node_index(node) else { return };
        let NodeKind::Neurons(population) = &self.nodes[place].kind else { return };
        let mut chunks = self.chunks[self.populations[*population].chunks.clone()].iter();
        let Some(chunk) = chunks.find(|chunk| index < chunk.first + chunk.n) else { return };
        let (model, neurons, i) = (self.nodes[place].model, &chunk.neurons, index - chunk.first);
        for recordable in &self.nodes[place].recordables {
            if let Some(x) = neurons.shown(recordable.quantity, i) {
                tell(&recordable.name, recordable.unit, x);
            }
        }
        let states = model.states().enumerate();
        for (state, parameter) in states.filter(|(_, p)| model.recordables.iter().all(|r| r.name != p.name)) {
            tell(parameter.name, parameter.unit, neurons.state(state, i));
        }
        for &(name, unit) in neurons.told() {
            if let Some(x) = neurons.status(name, i) {
                tell(name, unit, x);
            }
        }
    }

    /// Tells the weight and the state of the synapses of a projection, one after the other; of more than `most` evenly some.
    pub fn tell_synapses(&self, projection: ProjectionId, most: usize, mut tell: impl FnMut(&str, &'static str, f64)) {
        let Some(p) = self.wired.iter().position(|w| w.id == projection) else { return };
        let states: Vec<_> = self.wired[p].synapses.iter().flat_map(|synapses| synapses.model.states()).collect();
        let incoming =
            || self.chunks.iter().flat_map(|chunk| chunk.incoming_of(p).map(move |incoming| (chunk, incoming)));
        let all: usize = incoming().map(|(_, i)| i.rows.len()).sum();
        let every = all.div_ceil(most.max(1)).max(1);
        for (chunk, incoming) in incoming() {
            for i in (0..incoming.rows.len()).step_by(every) {
                tell("weight", "", chunk.weight_told(p, i, incoming.weight(i)));
                let Some(plastic) = &incoming.plastic else { continue };
                for state in states.iter().filter(|state| state.name != "weight") {
                    if let Some(x) = plastic.value(state.name, i) {
                        tell(state.name, state.unit, x);
                    }
                }
            }
        }
    }

    /// Tells the synapses that lead from a neuron of a node, gap junctions and rate connections among them: their projection,
    /// the node and number of the target, and the weight.
    pub fn tell_targets(&self, node: NodeId, index: usize, mut tell: impl FnMut(ProjectionId, NodeId, u32, f64)) {
        let Some(place) = self.node_index(node) else { return };
        for chunk in &self.chunks {
            for wires in chunk.wires().filter(|wires| self.wired[wires.projection].from == place) {
                let wired = &self.wired[wires.projection];
                for i in wires.rows.synapses_of(index) {
                    let target = (chunk.first + wires.rows.target(i)) as u32;
                    tell(wired.id, self.nodes[wired.to].id, target, wires.weight(i));
                }
            }
        }
    }

    /// As [`Simulation::tell_targets`], of the synapses that lead to a neuron, with the node and number of the source. Whole
    /// rows are looked through.
    pub fn tell_sources(&self, node: NodeId, index: usize, mut tell: impl FnMut(ProjectionId, NodeId, u32, f64)) {
        let Some(place) = self.node_index(node) else { return };
        let NodeKind::Neurons(population) = &self.nodes[place].kind else { return };
        let mut chunks = self.chunks[self.populations[*population].chunks.clone()].iter();
        let Some(chunk) = chunks.find(|chunk| index < chunk.first + chunk.n) else { return };
        for wires in chunk.wires() {
            let wired = &self.wired[wires.projection];
            for (source, i) in wires.rows.synapses().filter(|(_, i)| chunk.first + wires.rows.target(*i) == index) {
                tell(wired.id, self.nodes[wired.from].id, source as u32, wires.weight(i));
            }
        }
    }

    /// All synapses of a projection: source, target, weight, delay in ms; by source, then in
    /// the order in which they were made. Direct inputs without synapses of their own are not listed.
    pub fn synapses_of(&self, projection: ProjectionId) -> Vec<(u32, u32, f64, f64)> {
        let tell = |chunk: &Chunk, incoming: &Incoming, i: usize| {
            (chunk.weight_told(incoming.projection, i, incoming.weight(i)), incoming.rows.delay_ms(i, self.grid))
        };
        let all = self.each_synapse(projection, tell);
        all.into_iter().map(|(source, target, (weight, delay))| (source, target, weight, delay)).collect()
    }

    /// The projections that share a rule with this one, itself among them.
    pub fn united(&self, projection: ProjectionId) -> Vec<ProjectionId> {
        let Some(wired) = self.wired.iter().find(|w| w.id == projection) else { return Vec::new() };
        let same = |other: &&ResolvedProjection| {
            let inward = |w: &ResolvedProjection| w.pairing.third.as_ref().map(|third| third.inward);
            let (ours, theirs) = (&wired.pairing, &other.pairing);
            (theirs.owner, theirs.back_of, inward(other)) == (ours.owner, ours.back_of, inward(wired))
        };
        self.wired.iter().filter(same).map(|w| w.id).collect()
    }

    /// The present value of a state variable of all synapses of a projection, in the order of
    /// [`Simulation::synapses_of`]; `None` if they have no such state.
    pub fn synapse_state(&self, projection: ProjectionId, name: &str) -> Option<Vec<f64>> {
        let tell = |_: &Chunk, incoming: &Incoming, i: usize| {
            incoming.plastic.as_ref().and_then(|plastic| plastic.value(name, i))
        };
        self.each_synapse(projection, tell).into_iter().map(|(.., value)| value).collect()
    }

    /// A parameter or state variable of all synapses of a projection at present, in the order of
    /// [`Simulation::synapses_of`]; `None` if their model has no such number.
    pub fn synapse_values(&self, projection: ProjectionId, name: &str) -> Option<Vec<f64>> {
        self.synapse_state(projection, name).or_else(|| self.synapse_parameter(projection, name))
    }

    /// A parameter of synapses that keep constants of it only: what they were made from gives the same values again.
    fn synapse_parameter(&self, projection: ProjectionId, name: &str) -> Option<Vec<f64>> {
        let p = self.wired.iter().position(|w| w.id == projection)?;
        let (pairing, synapses) = (&self.wired[p].pairing, self.wired[p].synapses.as_ref()?);
        let mut all = Vec::new();
        for chunk in &self.chunks {
            let targets = chunk.first..chunk.first + chunk.n;
            for rows in chunk.incoming.iter().filter(|i| i.projection == p).map(|i| &i.rows) {
                let table = synapses.table(pairing, targets.clone(), rows).ok()?;
                let column = table.get(name)?;
                all.extend(rows.synapses().map(|(source, i)| (source, column.get(i))));
            }
        }
        all.sort_by_key(|(source, _)| *source);
        Some(all.into_iter().map(|(_, value)| value).collect())
    }

    /// Source, target and what `tell` says of each synapse.
    fn each_synapse<T>(
        &self,
        projection: ProjectionId,
        tell: impl Fn(&Chunk, &Incoming, usize) -> T,
    ) -> Vec<(u32, u32, T)> {
        let Some(p) = self.wired.iter().position(|w| w.id == projection) else { return Vec::new() };
        let mut all = Vec::new();
        for chunk in &self.chunks {
            for incoming in chunk.incoming.iter().filter(|i| i.projection == p) {
                all.extend(incoming.rows.synapses().map(|(source, i)| {
                    let target = (chunk.first + incoming.rows.target(i)) as u32;
                    (source as u32, target, tell(chunk, incoming, i))
                }));
            }
        }
        all.sort_by_key(|(source, ..)| *source);
        all
    }
}
