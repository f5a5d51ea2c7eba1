//! Changes to a network that stands or runs: parameters, state, weights, silence.

use std::sync::Arc;

use crate::build::attaching::synapse_table;
use crate::mechanisms::random::{Purpose, Stream};
use crate::models::{Parameter, Role};
use crate::project::{self, Node, NodeId, Place, Problem, Projection, ProjectionId, Severity};
use crate::runtime::clock::chunk::Incoming;
use crate::runtime::devices::Window;
use crate::runtime::input::inputs::CurrentKind;
use crate::runtime::recording::correlation::CLEARING;
use crate::runtime::recording::recorders::RecorderList;
use crate::runtime::table::{Column, Table};
use crate::runtime::{NodeKind, Simulation};
use crate::value::Value;

impl Simulation {
    /// Sets parameters or state of a node, all or none. They count from the next step on.
    pub fn set(&mut self, node: NodeId, params: &[(String, Value)]) -> Result<(), Vec<Problem>> {
        let Some(index) = self.node_index(node) else {
            return Err(vec![Problem::error(Place::Simulation, "there is no such node")]);
        };
        self.check_set(index, params)?;
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
                Value::Distribution(d) => {
                    let mut stream = Stream::of(seed, Purpose::Parameter, index as u64, self.now as u64);
                    let drawn: Option<Vec<f64>> = (0..target.n).map(|_| stream.draw(d)).collect();
                    match drawn {
                        Some(xs) => Column::Each(xs),
                        None => {
                            return Err(vec![self.problem(
                                index,
                                name,
                                "the distribution never falls within its bounds",
                            )]);
                        }
                    }
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

    fn problem(&self, index: usize, parameter: &str, message: impl Into<String>) -> Problem {
        let node = &self.nodes[index];
        Problem::error(Place::Node { id: node.id, name: node.name.clone() }, message).of(parameter)
    }

    /// All values must be allowed together.
    fn check_set(&self, index: usize, params: &[(String, Value)]) -> Result<(), Vec<Problem>> {
        let target = &self.nodes[index];
        let mut problems = Vec::new();
        for (name, value) in params {
            match target.model.parameter(name) {
                None => {
                    problems.push(self.problem(index, name, format!("{} has no such parameter", target.model.name)))
                }
                Some(parameter) if !parameter.live && target.params.get(name) != Some(value) => {
                    problems.push(self.problem(index, name, "cannot change after the network has been built"));
                }
                Some(_) => {}
            }
        }
        let mut trial = Node::new(target.id, target.name.clone(), target.model);
        trial.n = target.n;
        trial.params = target.params.clone();
        let shape = |node: &Node| -> Vec<usize> {
            params.iter().filter(|(name, _)| target.model.shapes(name)).map(|(name, _)| node.entries(name)).collect()
        };
        let built = shape(&trial);
        trial.params.extend(params.iter().cloned());
        if shape(&trial) != built {
            let name = params.iter().map(|(name, _)| name).find(|name| target.model.shapes(name));
            let message = "the number of entries cannot change after the network has been built; their values can";
            problems.extend(name.map(|name| self.problem(index, name, message)));
        }
        let flags = ["precise_times", "allow_offgrid_times", "shift_now_spikes"];
        let lists = ["spike_times", "amplitude_times"];
        let has = |name: &str| params.iter().any(|(n, _)| n == name);
        if let Some(flag) = flags.iter().find(|f| has(f))
            && !lists.iter().any(|l| has(l))
            && lists.iter().any(|l| matches!(target.params.get(*l), Some(Value::List(ts)) if !ts.is_empty()))
        {
            problems.push(self.problem(
                index,
                flag,
                "cannot change alone while times are listed; set the times with it",
            ));
        }
        problems.extend(
            project::check_node(&trial, self.resolution()).into_iter().filter(|p| p.severity == Severity::Error),
        );
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn set_neurons(&mut self, population: usize, columns: &[(&'static Parameter, Column)], names: &[&str]) {
        let population = &mut self.populations[population];
        for (parameter, column) in columns {
            population.table.set(parameter.name, column.clone());
        }
        for chunk in &mut self.chunks[population.chunks.clone()] {
            chunk.neurons.set_parameters(&population.table, names);
            chunk.set_archive(&population.table);
            for (parameter, column) in columns.iter().filter(|(p, _)| p.role == Role::State) {
                for i in 0..chunk.n {
                    chunk.neurons.set_state(parameter.name, i, column.get(chunk.first + i));
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
            let (node, recorded, rows) = match list {
                RecorderList::Spikes => {
                    let r = &mut recorders.spikes[i];
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
                RecorderList::Correlations => {
                    let r = &mut recorders.correlations[i];
                    if r.node == index && names.iter().any(|name| CLEARING.contains(name)) {
                        r.clear(table, self.grid);
                    }
                    (r.node, &mut r.window, &mut r.rows)
                }
            };
            if node == index {
                *recorded = window;
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

    /// Changes parameters of all synapses of a projection, all or none; their state stays. They count from the next
    /// spike of each source on.
    pub fn set_synapses(&mut self, projection: ProjectionId, params: &[(String, Value)]) -> Result<(), Vec<Problem>> {
        let wired: Vec<usize> = (0..self.wired.len()).filter(|&p| self.wired[p].id == projection).collect();
        if wired.is_empty() {
            return Err(vec![Problem::error(Place::Simulation, "there is no such projection")]);
        }
        let mut changes = Vec::new();
        for p in wired {
            let (described, tables) = self.changed_synapses(p, params)?;
            changes.push((p, described, tables));
        }
        for (p, described, tables) in changes {
            let plastic = self.chunks.iter_mut().flat_map(|chunk| &mut chunk.incoming);
            let plastic = plastic.filter(|i| i.projection == p).filter_map(|i| i.plastic.as_mut());
            plastic.zip(&tables).for_each(|(plastic, table)| plastic.set_parameters(table));
            self.wired[p].described = Some(described);
        }
        Ok(())
    }

    /// A projection with changed parameters of its synapses, and all of them by chunk.
    fn changed_synapses(
        &self,
        p: usize,
        params: &[(String, Value)],
    ) -> Result<(Box<Projection>, Vec<Table>), Vec<Problem>> {
        let wired = &self.wired[p];
        let (from, to) = (&self.nodes[wired.from], &self.nodes[wired.to]);
        let place = Place::Projection { id: wired.id, from: from.name.clone(), to: to.name.clone() };
        let Some(mut described) = wired.described.clone() else {
            return Err(vec![Problem::error(place, "its synapses have no parameters that can change while they run")]);
        };
        for (name, value) in params {
            let parameter = described.synapse.parameter(name);
            if *name == "weight" || parameter.is_some_and(|p| p.role == Role::State || !p.live) {
                let message = "cannot be set here after the network has been built";
                return Err(vec![Problem::error(place, message).of(name)]);
            }
            described.params.insert(name.clone(), value.clone());
        }
        let mut problems = project::check_synapses(&described, from.n, to.n, &place);
        problems.retain(|problem| problem.severity == Severity::Error);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut tables = Vec::new();
        for chunk in &self.chunks {
            let targets = chunk.first..chunk.first + chunk.n;
            for Incoming { rows, .. } in chunk.incoming.iter().filter(|i| i.projection == p && i.plastic.is_some()) {
                let table = synapse_table(&described, &wired.pairing, targets.clone(), rows);
                tables.push(table.map_err(|message| vec![Problem::error(place.clone(), message)])?);
            }
        }
        Ok((described, tables))
    }

    fn set_wired_weight(&mut self, p: usize, weight: &Value) -> Result<(), Vec<Problem>> {
        let wired = &self.wired[p];
        if wired.relays {
            return Ok(());
        }
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

    /// A projection is silent if it or its source is muted.
    fn spread_silence(&mut self) {
        let silent: Vec<bool> = self.wired.iter().map(|w| w.muted || self.nodes[w.from].muted).collect();
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
        let recorded = self.recorders.spikes.iter_mut().flat_map(|r| &mut r.recorded).map(|r| &mut r.listening);
        let detected = self.recorders.correlations.iter_mut().flat_map(|d| &mut d.inputs).map(|i| &mut i.listening);
        recorded.chain(detected).for_each(|listening| listening.muted = silent[listening.projection]);
    }

    /// The present value of a parameter or state variable of one neuron or device.
    pub fn get(&self, node: NodeId, index: usize, name: &str) -> Option<Value> {
        let place = self.node_index(node)?;
        let node = &self.nodes[place];
        if index >= node.n {
            return None;
        }
        if let Some(told) = self.tell(place, index, name) {
            return Some(told);
        }
        let parameter = node.model.parameter(name)?;
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
                    return Some(Value::Real(chunk.neurons.state(name, index - chunk.first)));
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

    /// What a neuron or recorder tells of itself beside its parameters and state.
    fn tell(&self, place: usize, index: usize, name: &str) -> Option<Value> {
        match &self.nodes[place].kind {
            NodeKind::Neurons(population) => {
                let mut chunks = self.chunks[self.populations[*population].chunks.clone()].iter();
                let chunk = chunks.find(|chunk| index < chunk.first + chunk.n)?;
                chunk.neurons.tell(name, index - chunk.first).map(Value::Real)
            }
            NodeKind::Recorder(_) => {
                self.recorders.correlations.iter().find(|detector| detector.node == place)?.tell(name)
            }
            NodeKind::Generator(_) => None,
        }
    }

    /// All synapses of a projection: source, target, weight, delay in ms; by source, then in
    /// the order in which they were made. Direct inputs without synapses of their own are not listed.
    pub fn synapses_of(&self, projection: ProjectionId) -> Vec<(u32, u32, f64, f64)> {
        let tell = |incoming: &Incoming, i: usize| (incoming.weight(i), self.grid.ms(incoming.rows.delay(i) as i64));
        let all = self.each_synapse(projection, tell);
        all.into_iter().map(|(source, target, (weight, delay))| (source, target, weight, delay)).collect()
    }

    /// The present value of a state variable of all synapses of a projection, in the order of
    /// [`Simulation::synapses_of`]; `None` if they have no such state.
    pub fn synapse_state(&self, projection: ProjectionId, name: &str) -> Option<Vec<f64>> {
        let tell = |incoming: &Incoming, i: usize| incoming.plastic.as_ref().and_then(|plastic| plastic.value(name, i));
        self.each_synapse(projection, tell).into_iter().map(|(.., value)| value).collect()
    }

    /// Source, target and what `tell` says of each synapse.
    fn each_synapse<T>(&self, projection: ProjectionId, tell: impl Fn(&Incoming, usize) -> T) -> Vec<(u32, u32, T)> {
        let Some(p) = self.wired.iter().position(|w| w.id == projection) else { return Vec::new() };
        let mut all = Vec::new();
        for chunk in &self.chunks {
            for incoming in chunk.incoming.iter().filter(|i| i.projection == p) {
                for source in 0..incoming.rows.starts.len() - 1 {
                    all.extend(incoming.rows.row(source).map(|i| {
                        let target = chunk.first as u32 + incoming.rows.targets[i] as u32;
                        (source as u32, target, tell(incoming, i))
                    }));
                }
            }
        }
        all.sort_by_key(|(source, ..)| *source);
        all
    }
}

fn put(table: &mut Table, columns: &[(&'static Parameter, Column)]) {
    for (parameter, column) in columns {
        table.set(parameter.name, column.clone());
    }
}
