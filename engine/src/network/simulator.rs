//! Networks in the words of NEST: create, connect, simulate, and on.

use super::dividing::{divided, drawn, refused};
use super::result::{SimulationResult, lengths};
use super::synapses::{Pair, SynapseCollection};
use super::view::{Neuron, NodeView, Segment};
use super::{Connection, Error, Network, NodeId, ProjectionId, Run, Synapse, Value};
use crate::description::{DefaultValue, Place, Problem, Role, Severity};
use crate::project::{self, Projection};
use crate::runtime::Connected;

/// A network with its run, in the words of NEST: [`create`](Simulator::create), [`connect`](Simulator::connect),
/// [`simulate`](Simulator::simulate), which goes on from where it stands, [`set`](Simulator::set) in between, and
/// [`reset`](Simulator::reset). It rests on [`Network`] and [`Run`], and can do no more than they can: it only says it
/// in other words, with [views](NodeView) of neurons.
///
/// Nothing is global: simulators stand side by side, on one thread or several, and know nothing of each other. The same
/// calls with the same seed give the same bits, whatever the number of threads.
///
/// ```
/// use spikeloom_engine::network::{Connection, Rule, Simulator, Synapse};
///
/// let mut simulator = Simulator::new().with_seed(7);
/// let cells = simulator.create("iaf_psc_alpha", 100, &[("I_e", 300.0.into())])?;
/// let noise = simulator.create("poisson_generator", 1, &[("rate", 8000.0.into())])?;
/// let spikes = simulator.create("spike_recorder", 1, &[])?;
/// simulator.connect(&noise, &cells, Rule::AllToAll, 10.0)?;
/// simulator.connect(&cells, &cells, Connection::fixed_indegree(10), Synapse::from(20.0).delay(1.5))?;
/// simulator.connect(&cells, &spikes, Rule::AllToAll, Synapse::default())?;
///
/// let first = simulator.simulate(100.0)?;
/// simulator.set(&cells.slice(..50)?, "I_e", 600.0)?;
/// let second = simulator.simulate(100.0)?;
/// assert_eq!((second.begin(), second.end()), (100.0, 200.0));
/// assert!(second.rate(&cells)? > first.rate(&cells)?);
/// assert!(second.rate(&cells.slice(..50)?)? > second.rate(&cells.slice(50..)?)?);
/// # Ok::<(), spikeloom_engine::network::Error>(())
/// ```
#[derive(Default)]
pub struct Simulator {
    network: Network,
    /// The network as it is built, as soon as something asks for it.
    run: Option<Run>,
    /// How often values have been drawn for a part of a node.
    draws: u64,
}

impl Simulator {
    /// An empty network with a step of 0.1 ms and seed 1.
    pub fn new() -> Simulator {
        Simulator::default()
    }

    /// Goes on with a network that has been made otherwise, such as one of a file.
    ///
    /// ```
    /// use spikeloom_engine::network::{Network, Simulator};
    ///
    /// let text = r#"(nodes: {"E": (model: "iaf_psc_exp", n: 3, params: (I_e: 500)), "S": (model: "spike_recorder")},
    ///     projections: [(from: "E", to: "S")])"#;
    /// let mut simulator = Simulator::of(Network::read(text)?);
    /// let cells = simulator.find("E").expect("a node of this name");
    /// assert!(simulator.simulate(100.0)?.n_events(&cells)? > 0);
    /// # Ok::<(), spikeloom_engine::network::Error>(())
    /// ```
    pub fn of(network: Network) -> Simulator {
        Simulator { network, ..Simulator::default() }
    }

    /// With another step of the time grid, ms. A run that has begun is given up.
    pub fn with_resolution(mut self, ms: f64) -> Self {
        self.network.resolution(ms);
        self.reset();
        self
    }

    /// With another seed of all random numbers. A run that has begun is given up.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.network.seed(seed);
        self.reset();
        self
    }

    /// With so many threads; 0 lets the program choose. Results do not depend on it. A run that has begun is given up.
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.network.threads(threads);
        self.reset();
        self
    }

    /// Creates `n` neurons or devices of a model of the catalogue with these parameters and initial states, and shows them.
    /// A value is a number, a list with one entry for each, or a distribution that each draws from.
    ///
    /// # Errors
    /// [`Error::UnknownModel`], [`Error::UnknownParameter`], each with the name that is most like it; [`Error::Refused`]
    /// with every value that is not allowed; [`Error::Begun`] after the first [`Simulator::simulate`]. Nothing has been
    /// created then.
    pub fn create(&mut self, model: &str, n: usize, params: &[(&str, Value)]) -> Result<NodeView, Error> {
        self.open()?;
        let before = self.network.project.nodes.len();
        let made = self.create_checked(model, n, params);
        if made.is_err() {
            self.network.project.nodes.truncate(before);
        }
        made
    }

    fn create_checked(&mut self, model: &str, n: usize, params: &[(&str, Value)]) -> Result<NodeView, Error> {
        if n == 0 {
            return Err(refused(format!("{model}: n must be 1 or more, is 0")));
        }
        let id = self.network.create(model, n)?;
        for (name, value) in params {
            self.network.set(id, name, value.clone())?;
        }
        let project = &self.network.project;
        let node = project.node(id).ok_or(Error::NoSuchNode)?;
        errors(project::check_node(node, project.simulation.resolution))?;
        Ok(NodeView::whole(id, n))
    }

    /// The neurons or devices of the node of this name: nodes are called like their models, the second one of a model
    /// `iaf_psc_exp 2`.
    pub fn find(&self, name: &str) -> Option<NodeView> {
        self.network.project.node_named(name).map(|node| NodeView::whole(node.id, node.n))
    }

    /// All neurons and devices, in order of creation.
    pub fn nodes(&self) -> NodeView {
        let views = self.network.project.nodes.iter().map(|node| NodeView::whole(node.id, node.n));
        views.fold(NodeView::default(), |all, view| all + view)
    }

    /// Gives a node a name, by which plots and files call it.
    ///
    /// # Errors
    /// [`Error::SeveralNodes`]; [`Error::Refused`] where another node has the name; [`Error::Begun`].
    pub fn name(&mut self, view: &NodeView, name: &str) -> Result<(), Error> {
        self.open()?;
        let id = view.node()?;
        if self.network.project.node_named(name).is_some_and(|other| other.id != id) {
            return Err(refused(format!("there is a node of the name \"{name}\" already")));
        }
        self.network.project.node_mut(id).ok_or(Error::NoSuchNode)?.name = name.to_owned();
        Ok(())
    }

    /// Connects the neurons of one view with those of another: by a [`Rule`](super::Rule), or a [`Connection`] that says
    /// more of it (autapses, multapses, seed, both ways), with synapses that a [`Synapse`] describes, or a weight or the
    /// name of a model alone. A multimeter or voltmeter is the source of its connections, as in NEST.
    ///
    /// A view counts as one population, as NEST has it: with a fixed indegree of 100 from `&a + &b`, each target has 100
    /// sources in all, of either.
    ///
    /// Returns the projections that have been made; between whole nodes it is one for each two of them.
    ///
    /// # Errors
    /// [`Error::UnknownModel`] or [`Error::UnknownParameter`] of the synapses; [`Error::Refused`] with the reason where
    /// the models cannot be connected, or a rule or value is not allowed; [`Error::Begun`] after the first
    /// [`Simulator::simulate`]. Nothing has been connected then.
    pub fn connect(
        &mut self,
        pre: &NodeView,
        post: &NodeView,
        rule: impl Into<Connection>,
        synapse: impl Into<Synapse>,
    ) -> Result<Vec<ProjectionId>, Error> {
        self.open()?;
        let connection = rule.into().with(synapse);
        let before = self.network.project.projections.len();
        let made = self.connect_checked(pre, post, connection);
        if made.is_err() {
            self.network.project.projections.truncate(before);
        }
        made
    }

    fn connect_checked(
        &mut self,
        pre: &NodeView,
        post: &NodeView,
        connection: Connection,
    ) -> Result<Vec<ProjectionId>, Error> {
        let parts = divided(&self.network.project, pre, post, connection)?;
        let mut made = Vec::new();
        for (from, to, connection) in parts {
            made.push(self.network.connect(from, to, connection)?);
        }
        let of_these = |problem: &Problem| matches!(&problem.place, Place::Projection { id, .. } if made.contains(id));
        errors(project::validate(&self.network.project).into_iter().filter(of_these).collect())?;
        Ok(made)
    }

    /// The network as it is described: what [`Network::write`] writes.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network, to be changed in whatever way the window can: views, notes, knobs, colours.
    ///
    /// # Errors
    /// [`Error::Begun`] after the first [`Simulator::simulate`].
    pub fn network_mut(&mut self) -> Result<&mut Network, Error> {
        self.open()?;
        Ok(&mut self.network)
    }

    /// The project as a file, which the program opens: the network with all that has been set, as it begins.
    pub fn write(&self) -> String {
        self.network.write()
    }

    /// The network as it runs; `None` before anything has asked for it.
    pub fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    /// The clock, ms.
    pub fn time(&self) -> f64 {
        self.run.as_ref().map_or(0.0, Run::time)
    }

    /// Runs on for so many ms, from where it stands.
    ///
    /// # Errors
    /// [`Error::Refused`] with every problem of the network, or where the time is no number or negative;
    /// [`Error::Stopped`] where the run cannot go on.
    pub fn simulate(&mut self, ms: f64) -> Result<SimulationResult, Error> {
        if !(0.0..=1e15).contains(&ms) {
            return Err(refused(format!("the time to simulate must be 0 ms or more, is {ms}")));
        }
        let run = self.built()?;
        let (before, begin) = (lengths(run.recordings()), run.time());
        run.simulate(ms)?;
        Ok(SimulationResult::since(run.recordings(), &before, begin, run.time()))
    }

    /// Back to the beginning: the clock at 0, nothing recorded, all state and all weights as they were before the first
    /// [`Simulator::simulate`]. Parameters that were set meanwhile stay. The next run is the same again, bit by bit, if
    /// nothing has been set.
    pub fn reset(&mut self) {
        self.run = None;
    }

    /// Sets a parameter or state variable of the neurons or devices of a view: a number, a switch, a text, a list with one
    /// entry for each of them, or a distribution that each draws from. Before the first [`Simulator::simulate`] it is
    /// what the network begins with; later it counts from now on, and of parameters also after a [`Simulator::reset`].
    ///
    /// # Errors
    /// [`Error::UnknownParameter`] with the name that is most like it; [`Error::Refused`] with what is allowed, or where a
    /// parameter cannot differ between the neurons of a node or not change any more. Nothing has changed then.
    pub fn set(&mut self, view: &NodeView, parameter: &str, value: impl Into<Value>) -> Result<(), Error> {
        let value = value.into();
        let changes = self.changes(view, parameter, &value)?;
        match self.run.as_mut().filter(|run| run.time() > 0.0) {
            None => {
                let before = self.network.project.nodes.clone();
                for (node, value) in changes {
                    self.network.set(node, parameter, value)?;
                }
                let resolution = self.network.project.simulation.resolution;
                let nodes =
                    self.network.project.nodes.iter().filter(|node| view.segments().iter().any(|s| s.node == node.id));
                let checked = errors(nodes.flat_map(|node| project::check_node(node, resolution)).collect());
                if checked.is_err() {
                    self.network.project.nodes = before;
                } else {
                    self.run = None;
                }
                checked
            }
            Some(run) => {
                let moment = (changes.len() > 1).then(|| run.snapshot());
                for (node, value) in &changes {
                    if let Err(error) = run.set(*node, parameter, value.clone()) {
                        if let Some(moment) = &moment {
                            run.restore(moment);
                        }
                        return Err(error);
                    }
                }
                for (node, value) in changes {
                    let model = self.network.project.node(node).map(|node| node.model);
                    let is_state = model.and_then(|m| m.parameter(parameter)).is_some_and(|p| p.role == Role::State);
                    if !is_state {
                        self.network.set(node, parameter, value)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// The present values of a parameter, state variable or recordable, one for each neuron or device of a view.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`]; [`Error::Refused`] where the network cannot be built.
    pub fn get(&mut self, view: &NodeView, name: &str) -> Result<Vec<Value>, Error> {
        let neurons: Vec<Neuron> = view.iter().collect();
        let run = self.built()?;
        let values: Option<Vec<Value>> = neurons.iter().map(|n| run.get(n.node, n.index, name)).collect();
        match values {
            Some(values) => Ok(values),
            None => Err(self.unknown(view, name)),
        }
    }

    /// As [`Simulator::get`], of numbers.
    ///
    /// # Errors
    /// As there; [`Error::Refused`] where it is no number.
    pub fn numbers(&mut self, view: &NodeView, name: &str) -> Result<Vec<f64>, Error> {
        let number = |value: &Value| match value {
            Value::Real(x) => Some(*x),
            Value::Flag(on) => Some(f64::from(u8::from(*on))),
            _ => None,
        };
        let values: Option<Vec<f64>> = self.get(view, name)?.iter().map(number).collect();
        values.ok_or_else(|| refused(format!("`{name}` is no number")))
    }

    /// Silences neurons or devices, or lets them speak again: all of the nodes that the view shows.
    ///
    /// # Errors
    /// [`Error::NoSuchNode`].
    pub fn mute(&mut self, view: &NodeView, muted: bool) -> Result<(), Error> {
        for segment in view.segments() {
            self.network.project.node_mut(segment.node).ok_or(Error::NoSuchNode)?.muted = muted;
            if let Some(run) = &mut self.run {
                run.mute(segment.node, muted);
            }
        }
        Ok(())
    }

    /// The connections from neurons of one view to those of another, of one model of synapses; `None` stands for all.
    ///
    /// ```
    /// use spikeloom_engine::network::{Connection, Simulator, Synapse};
    ///
    /// let mut simulator = Simulator::new();
    /// let cells = simulator.create("iaf_psc_exp", 10, &[])?;
    /// simulator.connect(&cells, &cells, Connection::fixed_indegree(3).autapses(false), Synapse::from(20.0).delay(2.0))?;
    /// let onto_first = simulator.get_connections(None, Some(&cells.slice(..1)?), None)?;
    /// assert_eq!(simulator.get_synapses(&onto_first, "weight")?, [20.0; 3]);
    /// simulator.set_synapses(&onto_first, "weight", vec![10.0, 20.0, 30.0])?;
    /// simulator.simulate(10.0)?;
    /// simulator.set_synapses(&onto_first, "weight", 25.0)?;
    /// assert_eq!(simulator.get_synapses(&onto_first, "weight")?, [25.0; 3]);
    /// # Ok::<(), spikeloom_engine::network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownModel`] of the synapses; [`Error::Refused`] where the network cannot be built.
    pub fn get_connections(
        &mut self,
        source: Option<&NodeView>,
        target: Option<&NodeView>,
        synapse: Option<&str>,
    ) -> Result<SynapseCollection, Error> {
        let synapse = synapse.map(super::find).transpose()?;
        self.built()?;
        let (Some(run), project) = (&self.run, &self.network.project) else { return Err(Error::NoSuchNode) };
        let is_in = |view: Option<&NodeView>, neuron: Neuron| view.is_none_or(|view| view.position(neuron).is_some());
        let shows = |view: Option<&NodeView>, ends: [NodeId; 2]| {
            view.is_none_or(|view| view.segments().iter().any(|segment| ends.contains(&segment.node)))
        };
        let mut pairs = Vec::new();
        for projection in &project.projections {
            let ends = [projection.from, projection.to];
            if synapse.is_some_and(|model| model.name != projection.synapse.name)
                || !shows(source, ends)
                || !shows(target, ends)
            {
                continue;
            }
            for (place, connected) in run.connections(projection.id).into_iter().enumerate() {
                let pair = Pair::of(projection, place, &connected);
                if is_in(source, pair.source) && is_in(target, pair.target) {
                    pairs.push(pair);
                }
            }
        }
        Ok(SynapseCollection::of(pairs))
    }

    /// The present values of a collection's synapses: `weight`, `delay` (ms), or a parameter or state variable of their
    /// model.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`] where their model has no such number; [`Error::Refused`] where the connections have
    /// been made anew since the collection was got.
    pub fn get_synapses(&mut self, synapses: &SynapseCollection, name: &str) -> Result<Vec<f64>, Error> {
        self.built()?;
        let mut values = vec![0.0; synapses.len()];
        for (id, places) in synapses.by_projection() {
            let all = self.values_of(id, name)?;
            let connections = self.run.as_ref().map(|run| run.connections(id)).unwrap_or_default();
            for (i, pair) in places {
                pair.check(&connections)?;
                values[i] = all.get(pair.place).copied().unwrap_or(f64::NAN);
            }
        }
        Ok(values)
    }

    /// One value for each connection of a projection.
    fn values_of(&self, id: ProjectionId, name: &str) -> Result<Vec<f64>, Error> {
        let project = &self.network.project;
        let (Some(run), Some(projection)) = (&self.run, project.projection(id)) else { return Err(Error::NoSuchNode) };
        let connections = run.connections(id);
        match name {
            "weight" => return Ok(connections.iter().map(|c| c.weight).collect()),
            "delay" => {
                let given = projection.delay.typical();
                return Ok(connections.iter().map(|c| c.delay.unwrap_or(given)).collect());
            }
            _ => {}
        }
        let parameter = super::known(projection.synapse, name)?;
        if let Some(values) = run.synapse_values(id, parameter).filter(|values| values.len() == connections.len()) {
            return Ok(values);
        }
        match projection.value(parameter) {
            Some(Value::Real(x)) => Ok(vec![x; connections.len()]),
            Some(Value::Flag(on)) => Ok(vec![f64::from(u8::from(on)); connections.len()]),
            _ => Err(refused(format!("`{parameter}` of these synapses cannot be read one by one"))),
        }
    }

    /// Sets `weight`, `delay` (ms), or a parameter of a collection's synapses: a number for all, or a list with one entry
    /// for each. Before the first [`Simulator::simulate`] everything can be set: the pairs of the projection are listed
    /// then, and its values with them, also in the file. Later weights can be set one by one, and parameters for all
    /// synapses of a projection together.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`]; [`Error::Refused`] with what is allowed, or with what can be done instead; nothing has
    /// changed then.
    pub fn set_synapses(
        &mut self,
        synapses: &SynapseCollection,
        name: &str,
        value: impl Into<Value>,
    ) -> Result<(), Error> {
        let given = match value.into() {
            Value::Real(x) => vec![x; synapses.len()],
            Value::Flag(on) => vec![f64::from(u8::from(on)); synapses.len()],
            Value::List(list) if list.len() == synapses.len() => list,
            Value::List(list) => {
                return Err(refused(format!("{} values are given for {} synapses", list.len(), synapses.len())));
            }
            Value::Distribution(d) => {
                self.draws += 1;
                let node = NodeId(u32::MAX);
                drawn(&self.network.project, &Value::Distribution(d), node, self.draws, synapses.len())?
            }
            _ => return Err(refused(format!("`{name}` of synapses must be a number, a list or a distribution"))),
        };
        self.built()?;
        let mut changed = Vec::new();
        for (id, places) in synapses.by_projection() {
            let mut all = self.values_of(id, name)?;
            let connections = self.run.as_ref().map(|run| run.connections(id)).unwrap_or_default();
            let whole = places.len() == connections.len();
            for (i, pair) in places {
                pair.check(&connections)?;
                all[pair.place] = given[i];
            }
            changed.push((id, whole, all, connections));
        }
        if self.time() > 0.0 { self.set_running(name, changed) } else { self.set_listed(name, changed) }
    }

    /// Sets values of synapses of a network that has not begun: as lists of its projections.
    fn set_listed(&mut self, name: &str, changed: Vec<Changed>) -> Result<(), Error> {
        let before = self.network.project.projections.clone();
        let parted = self.part_unions(&changed);
        let made = parted.and_then(|()| changed.into_iter().try_for_each(|change| self.list(name, change)));
        let checked = made.and_then(|()| errors(project::validate(&self.network.project)));
        match checked {
            Ok(()) => self.run = None,
            Err(_) => self.network.project.projections = before,
        }
        checked
    }

    /// Projections that share a rule have one value for all; where the synapses of some are to differ, each lists its own.
    fn part_unions(&mut self, changed: &[Changed]) -> Result<(), Error> {
        let project = &self.network.project;
        let first = changed.iter().find_map(|(_, _, all, _)| all.first());
        let as_one = |id: ProjectionId| {
            let mut of_member = changed.iter().filter(|(changed, ..)| *changed == id);
            of_member.any(|(_, whole, all, _)| *whole && all.iter().all(|value| Some(value) == first))
        };
        let mut parted: Vec<ProjectionId> = Vec::new();
        for (id, ..) in changed {
            let Some(projection) = project.projection(*id).filter(|p| p.union.is_some()) else { continue };
            let members: Vec<ProjectionId> = project.united(projection).map(|member| member.id).collect();
            if !parted.contains(id) && !members.iter().all(|member| as_one(*member)) {
                parted.extend(members);
            }
        }
        parted.into_iter().try_for_each(|id| {
            let connections = self.run.as_ref().map(|run| run.connections(id)).unwrap_or_default();
            self.list_pairs(id, &connections)
        })
    }

    /// Lists the pairs of a projection, and whatever differs between its synapses.
    fn list_pairs(&mut self, id: ProjectionId, connections: &[Connected]) -> Result<(), Error> {
        let project = &self.network.project;
        let projection = project.projection(id).ok_or(Error::NoSuchNode)?;
        let is_primary =
            |leg: &Projection| leg.third_factor.as_ref().is_some_and(|third| third.primary == projection.key());
        if projection.third_factor.is_some() || project.projections.iter().any(is_primary) {
            let message = "synapses with a third factor can be told apart only while they run";
            return Err(refused(message.into()));
        }
        if projection.symmetric {
            let message = "connections both ways cannot be told apart before they run; make one for each direction";
            return Err(refused(message.into()));
        }
        let differs = |(name, value): &(&String, &Value)| {
            let is_list = projection.synapse.parameter(name).is_some_and(|p| p.is_list());
            !is_list && !matches!(value, Value::Real(_) | Value::Flag(_) | Value::Text(_))
        };
        let names = projection.params.iter().filter(differs).map(|(name, _)| name.clone());
        let columns = names.map(|name| self.values_of(id, &name).map(|values| (name, Value::List(values))));
        let columns: Vec<(String, Value)> = columns.collect::<Result<_, _>>()?;
        let projection = self.network.project.projection_mut(id).ok_or(Error::NoSuchNode)?;
        if !matches!(projection.weight, Value::Real(_)) {
            projection.weight = Value::List(connections.iter().map(|c| c.weight).collect());
        }
        if !matches!(projection.delay, Value::Real(_)) {
            let delays: Option<Vec<f64>> = connections.iter().map(|c| c.delay).collect();
            projection.delay = delays.map_or(Value::Real(projection.delay.typical()), Value::List);
        }
        projection.params.extend(columns);
        // Nothing is drawn any more.
        projection.seed = None;
        projection.list_pairs(connections.iter().map(|c| (c.source, c.target)).collect());
        Ok(())
    }

    fn list(&mut self, name: &str, (id, whole, all, connections): Changed) -> Result<(), Error> {
        let alike = whole && all.windows(2).all(|pair| pair[0] == pair[1]);
        if !alike {
            self.list_pairs(id, &connections)?;
        }
        let projection = self.network.project.projection_mut(id).ok_or(Error::NoSuchNode)?;
        let value = match all.first() {
            Some(first) if alike => Value::Real(*first),
            _ => Value::List(all),
        };
        match name {
            "weight" => projection.weight = value,
            "delay" => projection.give_delay(value),
            _ => {
                let parameter = super::known(projection.synapse, name)?;
                let is_flag =
                    projection.synapse.parameter(parameter).is_some_and(|p| matches!(p.default, DefaultValue::Flag(_)));
                let value = match value {
                    Value::Real(x) if is_flag => Value::Flag(x != 0.0),
                    other => other,
                };
                projection.params.insert(parameter.to_owned(), value);
            }
        }
        Ok(())
    }

    /// Sets values of synapses of a network that runs.
    fn set_running(&mut self, name: &str, changed: Vec<Changed>) -> Result<(), Error> {
        if name == "delay" {
            let message = "delays stand when the network runs; set them before the first `simulate`, or after `reset`";
            return Err(refused(message.into()));
        }
        let Some(run) = &mut self.run else { return Err(Error::NoSuchNode) };
        let moment = (changed.len() > 1).then(|| run.snapshot());
        let done = changed.iter().try_for_each(|(id, whole, all, _)| {
            if name == "weight" {
                return run.set_weights(*id, all);
            }
            match all.first() {
                Some(first) if *whole && all.iter().all(|x| x == first) => run.set_synapses(*id, name, *first),
                _ => Err(refused(format!(
                    "`{name}` can differ between synapses only if it is set before the first `simulate`, or after `reset`; now give one number for all synapses of the projection"
                ))),
            }
        });
        if let (Err(_), Some(moment)) = (&done, &moment) {
            run.restore(moment);
        }
        done
    }

    /// Nothing can be added to a network that has begun.
    fn open(&mut self) -> Result<(), Error> {
        if self.time() > 0.0 {
            return Err(Error::Begun);
        }
        self.run = None;
        Ok(())
    }

    /// The network, built.
    fn built(&mut self) -> Result<&mut Run, Error> {
        if self.run.is_none() {
            self.run = Some(self.network.build()?);
        }
        self.run.as_mut().ok_or(Error::NoSuchNode)
    }

    fn unknown(&self, view: &NodeView, name: &str) -> Error {
        let models = view.segments().iter().filter_map(|segment| self.network.project.node(segment.node));
        let mut errors = models.filter_map(|node| super::known(node.model, name).err());
        errors.next_back().unwrap_or(Error::NoSuchNode)
    }

    /// The value that each node of a view is to have.
    fn changes(&mut self, view: &NodeView, parameter: &str, value: &Value) -> Result<Vec<(NodeId, Value)>, Error> {
        if let Some(neuron) = view.twice() {
            return Err(refused(format!("neuron {} is twice in the view", neuron.index)));
        }
        let mut changes: Vec<(NodeId, Value)> = Vec::new();
        let mut begin = 0;
        for segment in view.segments() {
            let node = self.network.project.node(segment.node).ok_or(Error::NoSuchNode)?;
            let name = super::known(node.model, parameter)?;
            let is_list = node.model.parameter(name).is_some_and(|p| p.is_list());
            let own = match value {
                Value::List(list) if !is_list && list.len() != view.len() => {
                    return Err(refused(format!(
                        "{parameter}: {} values are given for {} neurons",
                        list.len(),
                        view.len()
                    )));
                }
                Value::List(list) if !is_list => Value::List(list[begin..begin + segment.len].to_vec()),
                Value::Range(range) => {
                    Value::List((begin..begin + segment.len).map(|i| range.at(i, view.len())).collect())
                }
                other => other.clone(),
            };
            begin += segment.len;
            let whole = match segment.is_whole() {
                true => own,
                false => self.spread(segment, name, is_list, &own, &changes)?,
            };
            match changes.iter_mut().find(|(node, _)| *node == segment.node) {
                Some((_, value)) => *value = whole,
                None => changes.push((segment.node, whole)),
            }
        }
        Ok(changes)
    }

    /// The values of all neurons of a node of which some get other ones.
    fn spread(
        &mut self,
        segment: &Segment,
        name: &'static str,
        is_list: bool,
        value: &Value,
        changes: &[(NodeId, Value)],
    ) -> Result<Value, Error> {
        let of_all = format!("`{name}` is the same for all neurons of a node; set it of the whole node");
        if is_list {
            return Err(refused(of_all));
        }
        let is_flag = matches!(value, Value::Flag(_) | Value::Flags(_));
        let mut all = match changes.iter().find(|(node, _)| *node == segment.node) {
            Some((_, Value::List(list))) => list.clone(),
            Some((_, Value::Flags(flags))) => flags.iter().map(|on| f64::from(u8::from(*on))).collect(),
            _ => self.numbers(&NodeView::whole(segment.node, segment.all), name)?,
        };
        self.draws += 1;
        let own: Vec<f64> = match value {
            Value::Real(x) => vec![*x; segment.len],
            Value::Flag(on) => vec![f64::from(u8::from(*on)); segment.len],
            Value::List(list) => list.clone(),
            Value::Distribution(_) => drawn(&self.network.project, value, segment.node, self.draws, segment.len)?,
            _ => return Err(refused(of_all)),
        };
        own.into_iter().enumerate().for_each(|(i, x)| all[segment.first + i * segment.step] = x);
        Ok(match is_flag {
            true => Value::Flags(all.into_iter().map(|x| x != 0.0).collect()),
            false => Value::List(all),
        })
    }
}

/// A projection, whether all its synapses are concerned, one value for each of them, and the synapses.
type Changed = (ProjectionId, bool, Vec<f64>, Vec<Connected>);

/// What is refused among problems.
fn errors(problems: Vec<Problem>) -> Result<(), Error> {
    let errors: Vec<Problem> = problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Refused(errors)) }
}

#[cfg(test)]
mod tests;
