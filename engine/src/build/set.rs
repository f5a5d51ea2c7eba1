//! Changes to a running network that have to pass the same checks as the project from which it was built.

use crate::description::{NodeId, Place, Problem, ProjectionId, Role, Severity, Value, number};
use crate::project::{self, Node, Projection};
use crate::runtime::Simulation;
use crate::runtime::chunks::chunk::Incoming;
use crate::runtime::projection::SynapseParameters;
use crate::runtime::table::Table;

impl Simulation {
    /// Sets parameters or state of a node, all or none. They count from the next step on.
    pub fn set(&mut self, node: NodeId, params: &[(String, Value)]) -> Result<(), Vec<Problem>> {
        let Some(index) = self.node_index(node) else {
            return Err(vec![Problem::error(Place::Simulation, "there is no such node")]);
        };
        let model = self.nodes[index].model;
        let names: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
        let twice = model.given_twice(&names).into_iter();
        let twice: Vec<Problem> = twice.map(|(i, message)| self.problem(index, names[i], message)).collect();
        if !twice.is_empty() {
            return Err(twice);
        }
        let params: Vec<(String, Value)> =
            params.iter().map(|(name, value)| (model.main_name(name).to_owned(), value.clone())).collect();
        self.check_set(index, &params)?;
        self.assign(index, &params)
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
            let (synapses, tables) = self.changed_synapses(p, params)?;
            changes.push((p, synapses, tables));
        }
        for (p, synapses, tables) in changes {
            let plastic = self.chunks.iter_mut().flat_map(|chunk| &mut chunk.incoming);
            let plastic = plastic.filter(|i| i.projection == p).filter_map(|i| i.plastic.as_mut());
            plastic.zip(&tables).for_each(|(plastic, table)| plastic.set_parameters(table, self.grid));
            self.wired[p].synapses = Some(synapses);
        }
        Ok(())
    }

    /// What the synapses of a projection are made from, changed, and all their values by chunk.
    fn changed_synapses(
        &self,
        p: usize,
        params: &[(String, Value)],
    ) -> Result<(Box<SynapseParameters>, Vec<Table>), Vec<Problem>> {
        let wired = &self.wired[p];
        let (from, to) = (&self.nodes[wired.from], &self.nodes[wired.to]);
        let place = Place::Projection { id: wired.id, from: from.name.clone(), to: to.name.clone() };
        let Some(mut synapses) = wired.synapses.clone().filter(|synapses| synapses.model.plastic().is_some()) else {
            return Err(vec![Problem::error(place, "its synapses have no parameters that can change while they run")]);
        };
        let names: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
        let twice = synapses.model.given_twice(&names).into_iter();
        let twice: Vec<Problem> =
            twice.map(|(i, message)| Problem::error(place.clone(), message).of(names[i])).collect();
        if !twice.is_empty() {
            return Err(twice);
        }
        for (name, value) in params {
            let parameter = synapses.model.parameter(name);
            let name = synapses.model.main_name(name);
            if name == "weight" || parameter.is_some_and(|p| p.role == Role::State || !p.live) {
                let message = "cannot be set here after the network has been built";
                return Err(vec![Problem::error(place, message).of(name)]);
            }
            synapses.params.insert(name.to_owned(), value.clone());
        }
        let trial = Projection {
            rule: wired.pairing.rule,
            pairs: wired.pairing.pairs.clone(),
            synapse: synapses.model,
            params: synapses.params.clone(),
            weight: synapses.weight.clone(),
            ..Projection::new(wired.id, from.id, to.id)
        };
        let mut problems = project::check_synapses(&trial, wired.pairing.sources, wired.pairing.targets, &place);
        problems.retain(|problem| problem.severity == Severity::Error);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut tables = Vec::new();
        for chunk in &self.chunks {
            let targets = chunk.first..chunk.first + chunk.n;
            for Incoming { rows, .. } in chunk.incoming.iter().filter(|i| i.projection == p && i.plastic.is_some()) {
                let table = synapses.table(&wired.pairing, targets.clone(), rows);
                tables.push(table.map_err(|message| vec![Problem::error(place.clone(), message)])?);
            }
        }
        Ok((synapses, tables))
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
                Some(parameter) if parameter.to_come => {
                    let times: Vec<f64> = match value {
                        Value::List(times) => times.clone(),
                        Value::Lists(rows) => rows.concat(),
                        _ => Vec::new(),
                    };
                    if let Some(past) = times.iter().find(|t| **t <= self.time()) {
                        let (past, now) = (number(*past), number(self.time()));
                        let message = format!("must lie after the present time ({now} ms), but {past} does not");
                        problems.push(self.problem(index, name, message));
                    }
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
        let lists = ["spike_times", "amplitude_times", "rate_times"];
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
}
