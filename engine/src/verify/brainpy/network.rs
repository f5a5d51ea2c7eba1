//! Projects for the cases of this family: nodes, wires and recorders.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::super::values::Obstacle;
use super::quantity::{Quantity, Stimulus, factor, scaled};
use super::refused;
use crate::description::{NodeId, Row, Value};
use crate::models::{self, DefaultValue, MULTIMETER, Model, Parameter, SPIKE_RECORDER, SPIKE_TIME, STEP_INPUT};
use crate::project::{Node, Problem, Project, Projection, ProjectionId, Rule, Settings};
use crate::recordings::{Frame, RecorderKind, Recordings};
use crate::runtime::Simulation;

/// A network that is being put together.
pub struct Network {
    pub project: Project,
    pub h: f64,
    pub steps: usize,
}

/// A model of the catalogue.
pub fn model(name: &str) -> Result<&'static Model, Obstacle> {
    models::find(name).ok_or_else(|| Obstacle::Missing(format!("no model {name}")))
}

/// The value of a parameter, of a case's quantity; numbers without a unit of their own are counted in `amounts`.
pub fn value(parameter: &Parameter, json: &Json, n: usize, amounts: &str) -> Result<Value, Obstacle> {
    if let (DefaultValue::Text(_), Some(word)) = (parameter.default, json.as_str()) {
        return Ok(Value::Text(word.to_owned()));
    }
    let wrong = || refused(format!("{}: {json} cannot be its value", parameter.name));
    let quantity = Quantity::of(json).ok_or_else(wrong)?;
    let unit = if parameter.unit.is_empty() && quantity.unit != "1" { amounts } else { parameter.unit };
    if parameter.is_list() {
        return Ok(Value::List(quantity.within(unit)?));
    }
    match quantity.is_list {
        true if quantity.numbers.len() != n => {
            Err(refused(format!("{}: {} numbers for {n} elements", parameter.name, quantity.numbers.len())))
        }
        true => Ok(Value::List(quantity.within(unit)?)),
        false => Ok(Value::Real(quantity.within(unit)?[0])),
    }
}

impl Network {
    pub fn new(case: &Json, seed: u64) -> Network {
        let h = super::number_of(case, "dt", 0.1);
        let duration = super::number_of(case, "duration", 0.0);
        let simulation = Settings { resolution: h, duration: duration.max(h), seed, threads: 1, ..Settings::default() };
        let project = Project { simulation, ..Project::default() };
        Network { project, h, steps: (duration / h).round_ties_even() as usize }
    }

    pub fn add(&mut self, name: &str, model: &'static Model, n: usize) -> NodeId {
        let id = self.project.free_node_id();
        self.project.nodes.push(Node { n, ..Node::new(id, name, model) });
        id
    }

    pub fn node(&mut self, id: NodeId) -> &mut Node {
        self.project.node_mut(id).expect("a node that has been added")
    }

    pub fn set(&mut self, id: NodeId, name: &str, value: Value) {
        let node = self.node(id);
        let name = node.model.main_name(name).to_owned();
        node.params.insert(name, value);
    }

    /// A node with the parameters and the initial state of a case.
    pub fn population(&mut self, name: &str, spec: &Json, n: usize) -> Result<NodeId, Obstacle> {
        let model = model(super::word(spec, "model"))?;
        let id = self.add(name, model, n);
        let none = Map::new();
        let entries = |key: &str| spec.get(key).and_then(Json::as_object).unwrap_or(&none);
        for (name, json) in entries("params").iter().chain(entries("init")) {
            // A flag that is kept for show alone, and the surrogate, which no simulation asks for.
            if ["ref_var", "spk_fun"].contains(&name.as_str()) {
                continue;
            }
            let parameter =
                model.parameter(name).ok_or_else(|| refused(format!("{} has no parameter {name}", model.name)))?;
            let value = value(parameter, json, n, "1")?;
            self.set(id, name, value);
        }
        self.open_gates(id, entries("init"))?;
        Ok(id)
    }

    /// Gates that are given stay so; the others rest at the potential at first.
    fn open_gates(&mut self, id: NodeId, init: &Map<String, Json>) -> Result<(), Obstacle> {
        let node = self.node(id);
        let (n, gates) = (node.n, ["m", "h", "n"]);
        if node.model.parameter("equilibrate").is_none() || !gates.iter().any(|gate| init.contains_key(*gate)) {
            return Ok(());
        }
        let potentials = match node.value("V_m") {
            Some(Value::List(each)) => each,
            Some(Value::Real(v)) => vec![v; n],
            _ => return Err(refused("the potential is no number")),
        };
        self.set(id, "equilibrate", Value::Flag(false));
        for (i, gate) in gates.iter().enumerate().filter(|(_, gate)| !init.contains_key(**gate)) {
            let rest = |v: &f64| crate::models::brainpy_gates_at_rest(*v)[i];
            self.set(id, gate, Value::List(potentials.iter().map(rest).collect()));
        }
        Ok(())
    }

    /// Puts a synapse with its output on a population; returns its port.
    pub fn receptor(&mut self, id: NodeId, synapse: &Json, output: &Json) -> Result<u32, Obstacle> {
        let word = format!("{} {}", super::word(synapse, "model"), super::word(output, "model"));
        let node = self.node(id);
        let parameter = node.model.parameter("receptors").ok_or_else(|| refused("the model has no synapses"))?;
        let DefaultValue::Table(schema) = parameter.default else { return Err(refused("the model has no synapses")) };
        let kind = schema.kinds.iter().find(|kind| kind.name == word);
        let kind = kind.ok_or_else(|| Obstacle::Missing(format!("no synapse {word}")))?;
        let mut row: Row = BTreeMap::from([(schema.kind.to_owned(), Value::Text(word.clone()))]);
        for spec in [synapse, output] {
            for (name, json) in spec.get("params").and_then(Json::as_object).unwrap_or(&Map::new()) {
                let key = kind.optional.iter().find(|key| key.name == name);
                let key = key.ok_or_else(|| refused(format!("{word} has no {name}")))?;
                let quantity = Quantity::of(json).ok_or_else(|| refused(format!("{name}: {json}")))?;
                // The defaults of the magnesium block are numbers, and so may be what is given.
                let unit = if quantity.unit == "1" { "1" } else { key.unit };
                row.insert(key.name.to_owned(), Value::Real(quantity.within(unit)?[0]));
            }
        }
        let rows = node.params.entry(parameter.name.to_owned()).or_insert(Value::Table(Vec::new()));
        let Value::Table(rows) = rows else { return Err(refused("the synapses are no table")) };
        rows.push(row);
        Ok(rows.len() as u32)
    }

    pub fn wire(&mut self, from: NodeId, to: NodeId, rule: Rule, weight: Value, receptor: u32) -> ProjectionId {
        let id = self.project.free_projection_id();
        let delay = Value::Real(self.h);
        let projection = Projection { rule, weight, delay, receptor, ..Projection::new(id, from, to) };
        self.project.projections.push(projection);
        id
    }

    pub fn projection(&mut self, id: ProjectionId) -> &mut Projection {
        let mut all = self.project.projections.iter_mut();
        all.find(|projection| projection.id == id).expect("a projection that has been added")
    }

    /// A current into each element, in the unit of its input.
    pub fn drive(&mut self, to: NodeId, stimulus: &Stimulus) -> Result<(), Obstacle> {
        if stimulus.unit.is_empty() {
            return Ok(());
        }
        let (unit, n) = (self.unit_of(to, "I"), self.node(to).n);
        let size = factor(&stimulus.unit, unit)?;
        if stimulus.is_nothing() {
            return Ok(());
        }
        let (mut times, mut values) = (vec![Vec::new(); n], vec![Vec::new(); n]);
        for i in 0..n {
            let mut last = 0.0;
            for (step, row) in stimulus.values.iter().enumerate() {
                if row[i] != last {
                    times[i].push(step as f64 * self.h);
                    values[i].push(scaled(row[i], size));
                    last = row[i];
                }
            }
        }
        let device = self.add("input", &STEP_INPUT, n);
        self.set(device, "step_times", Value::Lists(times));
        self.set(device, "amplitudes", Value::Lists(values));
        self.wire(device, to, Rule::OneToOne, Value::Real(1.0), 0);
        Ok(())
    }

    /// Devices that send a spike of this size wherever the stimulus is not 0, so many steps earlier.
    pub fn spikes(&mut self, stimulus: &Stimulus, n: usize, earlier: usize) -> Result<NodeId, Obstacle> {
        let (mut times, mut weights) = (vec![Vec::new(); n], vec![Vec::new(); n]);
        for (step, row) in stimulus.values.iter().enumerate() {
            for (i, x) in row.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                let Some(step) = step.checked_sub(earlier) else {
                    return Err(Obstacle::Missing("a spike before the beginning".into()));
                };
                times[i].push(step as f64 * self.h);
                weights[i].push(*x);
            }
        }
        let device = self.add("spikes", &SPIKE_TIME, n);
        self.set(device, "times", Value::Lists(times));
        self.set(device, "weights", Value::Lists(weights));
        Ok(device)
    }

    /// The unit of a recordable, or of the weights at a port of spikes.
    pub fn unit_of(&mut self, id: NodeId, recordable: &str) -> &'static str {
        let all = self.node(id).model.recordables;
        all.iter().find(|r| r.name == recordable).map_or("", |r| r.unit)
    }

    pub fn port_unit(&mut self, id: NodeId, port: u32) -> &'static str {
        models::weight_unit(models::Signal::Spikes, self.node(id).model, port)
    }

    pub fn meter(&mut self, of: NodeId, names: Vec<String>, every: usize) -> NodeId {
        let meter = self.add("meter", &MULTIMETER, 1);
        self.set(meter, "record_from", Value::Names(names));
        self.set(meter, "interval", Value::Real((every as f64 * self.h * 1e6).round() / 1e6));
        self.wire(meter, of, Rule::AllToAll, Value::Real(1.0), 0);
        meter
    }

    pub fn recorder(&mut self, of: NodeId) -> NodeId {
        let recorder = self.add("recorder", &SPIKE_RECORDER, 1);
        self.wire(of, recorder, Rule::AllToAll, Value::Real(1.0), 0);
        recorder
    }

    /// Gives every node a name of its own and builds the network.
    pub fn build(&mut self) -> Result<Simulation, Obstacle> {
        for (i, node) in self.project.nodes.iter_mut().enumerate() {
            node.name = format!("{}{i}", node.name);
        }
        Simulation::build(&self.project, &|_| true).map_err(sentence)
    }

    /// Runs to the end; every so many steps the state of the synapses of a projection is looked at: all of the first
    /// variable, then all of the next. What they do not have is left out.
    pub fn watch(&mut self, id: ProjectionId, names: &[&str], every: usize) -> Result<(Run, Vec<Vec<f64>>), Obstacle> {
        let mut simulation = self.build()?;
        let (mut recordings, mut frame) = (Recordings::new(simulation.plan().clone()), Frame::default());
        let mut states = Vec::new();
        for _ in 0..self.steps / every {
            simulation.advance(every as u64).map_err(|problem| refused(problem.to_string()))?;
            states.push(names.iter().filter_map(|name| simulation.synapse_state(id, name)).flatten().collect());
        }
        simulation.advance((self.steps % every) as u64).map_err(|problem| refused(problem.to_string()))?;
        simulation.take_frame(&mut frame);
        recordings.append(&mut frame);
        Ok((Run { recordings, h: self.h }, states))
    }

    /// Runs to the end.
    pub fn run(&mut self) -> Result<Run, Obstacle> {
        let mut simulation = self.build()?;
        let mut recordings = Recordings::new(simulation.plan().clone());
        simulation.advance(self.steps as u64).map_err(|problem| refused(problem.to_string()))?;
        let mut frame = Frame::default();
        simulation.take_frame(&mut frame);
        recordings.append(&mut frame);
        Ok(Run { recordings, h: self.h })
    }
}

fn sentence(problems: Vec<Problem>) -> Obstacle {
    refused(problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; "))
}

/// What has been recorded.
pub struct Run {
    recordings: Recordings,
    h: f64,
}

impl Run {
    /// A quantity by sample and element.
    pub fn samples(&self, meter: NodeId, name: &str) -> Result<Vec<f64>, Obstacle> {
        let nothing = || refused(format!("nothing is recorded of {name}"));
        let (plan, rows) = self.recordings.recorder(meter).ok_or_else(nothing)?;
        let RecorderKind::Samples { variables, senders, .. } = &plan.kind else { return Err(nothing()) };
        let place = variables.iter().position(|(own, _)| own == name).ok_or_else(nothing)?;
        let mut order: Vec<usize> = (0..senders.len()).collect();
        order.sort_by_key(|k| senders[*k]);
        let width = variables.len() * senders.len();
        let sample = |row: usize| order.iter().map(move |k| row * width + k * variables.len() + place);
        Ok((0..rows.times.len()).flat_map(sample).map(|i| rows.values[i]).collect())
    }

    /// Steps and elements of all spikes.
    pub fn spikes(&self, recorder: NodeId, of: NodeId) -> (Vec<f64>, Vec<f64>) {
        let Some((_, rows)) = self.recordings.recorder(recorder) else { return Default::default() };
        let first = self.recordings.plan.members_of(of).map_or(0, |members| members.first);
        let step = |time: &f64| (time / self.h).round() - 1.0;
        let mut spikes: Vec<(f64, f64)> =
            rows.times.iter().zip(&rows.senders).map(|(t, s)| (step(t), f64::from(s - first))).collect();
        spikes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        spikes.into_iter().unzip()
    }
}
