//! Networks in code: populations, generators and recorders are created, connected, run, and what was recorded is read by
//! the nodes that it concerns. Names, parameters and units are NEST's.
//!
//! ```
//! use spikeloom_engine::network::{Connection, Network, normal};
//!
//! let mut network = Network::new();
//! let cells = network.create("iaf_psc_alpha", 80)?;
//! network.set(cells, "V_m", normal(-60.0, 5.0))?;
//! let noise = network.create("poisson_generator", 1)?;
//! network.set(noise, "rate", 8000.0)?;
//! let spikes = network.create("spike_recorder", 1)?;
//!
//! network.connect(noise, cells, Connection::all_to_all().weight(25.0))?;
//! network.connect(cells, cells, Connection::fixed_indegree(8).weight(20.0).delay(1.5).autapses(false))?;
//! network.connect(cells, spikes, Connection::all_to_all())?;
//!
//! let mut run = network.build()?;
//! run.simulate(200.0)?;
//! let trains = run.spikes(spikes)?;
//! assert!(trains.times.len() > 20);
//! # Ok::<(), spikeloom_engine::network::Error>(())
//! ```

//!
//! [`Simulator`] says the same in NEST's words, with views of neurons that can be cut and put together, and results by
//! call:
//!
//! ```
//! use spikeloom_engine::network::{Rule, Simulator, Synapse};
//!
//! let mut simulator = Simulator::new();
//! let cells = simulator.create("iaf_psc_alpha", 10, &[("I_e", 400.0.into())])?;
//! let spikes = simulator.create("spike_recorder", 1, &[])?;
//! simulator.connect(&cells, &spikes, Rule::AllToAll, Synapse::default())?;
//! let result = simulator.simulate(500.0)?;
//! assert_eq!(result.n_events(&spikes)?, 10 * result.spikes(&cells.slice(..1)?)?.times.len());
//! # Ok::<(), spikeloom_engine::network::Error>(())
//! ```

mod connection;
mod dividing;
mod end;
mod error;
mod result;
mod run;
mod simulator;
mod synapse;
mod synapses;
mod view;

pub use connection::Connection;
pub use end::End;
pub use error::Error;
pub use result::{Events, SimulationResult, Trace, WeightTrace};
pub use run::{Run, Samples, Spikes};
pub use simulator::Simulator;
pub use synapse::Synapse;
pub use synapses::SynapseCollection;
pub use view::{Neuron, NodeView};

pub use crate::description::space::{Coordinate, Form, Kernel, KernelShape, Mask, MaskKind, Point, Positions};
use crate::description::{Distribution, Place, Problem, Range, Shape, nearest};
pub use crate::description::{NodeId, Part, ProjectionId, Rule, Storage, Value};
use crate::models::{self, Model};
use crate::project::{Node, Project, Projection};
use crate::runtime::Simulation;
pub use crate::runtime::{Connected, Snapshot};

/// A network under construction.
#[derive(Clone, Debug, Default)]
pub struct Network {
    project: Project,
}

impl Network {
    /// An empty network with a step of 0.1 ms and seed 1.
    pub fn new() -> Network {
        Network::default()
    }

    /// The network of a project file.
    ///
    /// # Errors
    /// [`Error::Refused`] with all mistakes in the text, by line and column.
    pub fn read(text: &str) -> Result<Network, Error> {
        let (project, _) = crate::project::read(text).map_err(|e| Error::Refused(e.problems))?;
        Ok(Network { project })
    }

    /// The network of a project file, with the files beside it that it names.
    ///
    /// # Errors
    /// [`Error::Refused`] where the file cannot be read, or with all mistakes in it, by line and column.
    pub fn open(file: impl AsRef<std::path::Path>) -> Result<Network, Error> {
        let file = file.as_ref();
        let unreadable = |e: std::io::Error| {
            let message = format!("{} cannot be read: {e}", file.display());
            Error::Refused(vec![Problem::error(Place::Project, message)])
        };
        let text = std::fs::read_to_string(file).map_err(unreadable)?;
        let read = crate::project::read_in(&text, file.parent(), crate::project::validate);
        read.map(|(project, _)| Network { project }).map_err(|e| Error::Refused(e.problems))
    }

    /// The document that describes the network.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The same, to be changed in whatever way the window can: views, layout, notes, knobs, colours, places on the canvas.
    pub fn project_mut(&mut self) -> &mut Project {
        &mut self.project
    }

    /// The network as a project file, which the program opens.
    pub fn write(&self) -> String {
        crate::project::write(&self.project)
    }

    /// The step of the time grid, ms.
    pub fn resolution(&mut self, ms: f64) -> &mut Self {
        self.project.simulation.resolution = ms;
        self
    }

    /// The seed of all random numbers; one seed gives the same bits for any number of threads.
    pub fn seed(&mut self, seed: u64) -> &mut Self {
        self.project.simulation.seed = seed;
        self
    }

    /// How many threads work on it; 0 lets the program choose.
    pub fn threads(&mut self, threads: usize) -> &mut Self {
        self.project.simulation.threads = threads as _;
        self
    }

    /// Creates `n` neurons or devices of a model of the catalogue.
    ///
    /// # Errors
    /// [`Error::UnknownModel`], with the name that is most like it.
    pub fn create(&mut self, model: &str, n: usize) -> Result<NodeId, Error> {
        let model = find(model)?;
        let id = self.project.free_node_id();
        let mut node = Node::new(id, self.project.free_name(model.name), model);
        node.n = n;
        self.project.nodes.push(node);
        Ok(id)
    }

    /// Sets a parameter or the initial value of a state variable: a number, a switch, a list (one entry a neuron, or the
    /// entries of a list parameter), or a distribution that each neuron draws from.
    ///
    /// # Errors
    /// [`Error::NoSuchNode`]; [`Error::UnknownParameter`], with the name that is most like it. What a value may be is
    /// tested by [`Network::build`], when all are known.
    pub fn set(&mut self, node: NodeId, parameter: &str, value: impl Into<Value>) -> Result<(), Error> {
        let node = self.project.node_mut(node).ok_or(Error::NoSuchNode)?;
        let name = known(node.model, parameter)?;
        node.params.insert(name.to_owned(), value.into());
        Ok(())
    }

    /// Sets where the neurons of a node stand. A grid and listed places tell their number, too.
    ///
    /// # Errors
    /// [`Error::NoSuchNode`]. Whether the positions fit the node is tested by [`Network::build`].
    pub fn place(&mut self, node: NodeId, positions: Positions) -> Result<(), Error> {
        let node = self.project.node_mut(node).ok_or(Error::NoSuchNode)?;
        node.n = positions.number().unwrap_or(node.n);
        node.positions = Some(positions);
        Ok(())
    }

    /// Where the neurons of a node stand; empty if they stand nowhere.
    ///
    /// # Errors
    /// [`Error::NoSuchNode`].
    pub fn places(&self, node: NodeId) -> Result<Vec<Point>, Error> {
        let node = self.project.node(node).ok_or(Error::NoSuchNode)?;
        Ok(node.places().map(|places| places.to_vec()).unwrap_or_default())
    }

    /// Some cells of a node, counted from 0, as one end of a connection: a range, ascending numbers, or [`Part::Slice`] with
    /// a step.
    ///
    /// ```
    /// use spikeloom_engine::network::{Connection, Network, Part};
    ///
    /// let mut network = Network::new();
    /// let cells = network.create("parrot_neuron", 100)?;
    /// let spikes = network.create("spike_recorder", 1)?;
    /// let (first, rest) = (network.part(cells, ..50), network.part(cells, 50..));
    /// network.connect(first.clone(), rest, Connection::one_to_one())?;
    /// network.connect(first, spikes, Connection::all_to_all())?;
    /// let every_tenth = Part::Slice { start: 0, stop: None, step: 10 };
    /// network.connect(network.part(cells, every_tenth), network.part(cells, [3, 5, 8]), Connection::fixed_indegree(2))?;
    /// assert_eq!(network.build()?.size().1, 50 + 3 * 2);
    /// # Ok::<(), spikeloom_engine::network::Error>(())
    /// ```
    pub fn part(&self, node: NodeId, cells: impl Into<Part>) -> End {
        End::part(node, cells.into())
    }

    /// Connects nodes; a multimeter or voltmeter is the source of its connections, as in NEST. Several nodes at one end count as
    /// one population: each target here draws its ten sources among excitatory and inhibitory cells alike.
    ///
    /// ```
    /// use spikeloom_engine::network::{Connection, Network};
    ///
    /// let mut network = Network::new();
    /// let e = network.create("iaf_psc_alpha", 80)?;
    /// let i = network.create("iaf_psc_alpha", 20)?;
    /// network.connect([e, i], [e, i], Connection::fixed_indegree(10).weight(20.0).autapses(false))?;
    /// assert_eq!(network.build()?.size().1, 100 * 10);
    /// # Ok::<(), spikeloom_engine::network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoSuchNode`]; [`Error::UnknownModel`] or [`Error::UnknownParameter`] of the synapses;
    /// [`Error::Refused`] where the models cannot be connected, with the reason.
    pub fn connect(
        &mut self,
        from: impl Into<End>,
        to: impl Into<End>,
        connection: Connection,
    ) -> Result<ProjectionId, Error> {
        let (from, to) = (from.into().members, to.into().members);
        let (Some((source, _)), Some((target, _))) = (from.first(), to.first()) else { return Err(Error::NoSuchNode) };
        for (i, (node, _)) in from.iter().enumerate() {
            self.project.node(*node).ok_or(Error::NoSuchNode)?;
            self.once(*node, &from[..i])?;
        }
        for (i, (node, _)) in to.iter().enumerate() {
            self.project.node(*node).ok_or(Error::NoSuchNode)?;
            self.once(*node, &to[..i])?;
        }
        let node = |id: NodeId| self.project.node(id).ok_or(Error::NoSuchNode);
        let id = self.project.free_projection_id();
        let mut projection = Projection::new(id, *source, *target);
        let mut connection = connection;
        let third = connection.take_third();
        connection.onto(&mut projection, node(*source)?.model, node(*target)?.model)?;
        let legs = match third {
            None => None,
            Some((third, rule, inward, outward)) => {
                let mut legs = (Projection::new(id, *source, third), Projection::new(id, third, *target));
                inward.onto(&mut legs.0, node(*source)?.model, node(third)?.model)?;
                outward.onto(&mut legs.1, node(third)?.model, node(*target)?.model)?;
                (legs.0.rule, legs.1.rule) = (rule, rule);
                Some((third, legs))
            }
        };
        self.project.add_united(&projection, &from, &to);
        if let Some((third, (mut inward, outward))) = legs
            && let Some(primary) = self.project.projection(id).cloned()
        {
            inward.id = self.project.free_projection_id();
            self.project.add_third_factor(&primary, third, &inward, &outward);
        }
        Ok(id)
    }

    /// Parts of one node are named together.
    fn once(&self, node: NodeId, others: &[(NodeId, Part)]) -> Result<(), Error> {
        if others.iter().all(|(other, _)| *other != node) {
            return Ok(());
        }
        let name = self.project.node(node).map_or("?", |node| node.name.as_str());
        let message = format!("{name} is named twice at one end; name it once, with all its cells");
        Err(Error::Refused(vec![Problem::error(Place::Project, message)]))
    }

    /// All that is wrong with the network as it stands, and what can run but hardly as meant.
    pub fn problems(&self) -> Vec<crate::description::Problem> {
        Simulation::problems(&self.project)
    }

    /// Builds the network.
    ///
    /// # Errors
    /// [`Error::Refused`] with every problem: which node, which parameter, what was given, what is allowed.
    pub fn build(&self) -> Result<Run, Error> {
        Ok(Run::new(Simulation::build(&self.project, &|_| true).map_err(Error::Refused)?))
    }
}

/// The model of this name.
fn find(name: &str) -> Result<&'static Model, Error> {
    models::find(name)
        .ok_or_else(|| Error::UnknownModel { name: name.to_owned(), meant: models::meant(name).map(str::to_owned) })
}

/// The name under which a model knows a parameter.
fn known(model: &'static Model, name: &str) -> Result<&'static str, Error> {
    model.parameter(name).map(|p| p.name).ok_or_else(|| Error::UnknownParameter {
        model: model.name,
        name: name.to_owned(),
        meant: nearest(name, model.parameters().map(|p| p.name)).map(str::to_owned),
    })
}

/// Numbers drawn from a normal distribution, one a neuron or synapse.
pub fn normal(mean: f64, std: f64) -> Value {
    drawn(Shape::Normal { mean, std })
}

/// Numbers whose logarithms are drawn from a normal distribution with this mean and standard deviation.
pub fn lognormal(mean: f64, std: f64) -> Value {
    drawn(Shape::Lognormal { mean, std })
}

/// Numbers drawn uniformly from `low` to `high`.
pub fn uniform(low: f64, high: f64) -> Value {
    drawn(Shape::Uniform { low, high })
}

/// Numbers drawn from an exponential distribution with this mean, NEST's `beta`.
pub fn exponential(beta: f64) -> Value {
    drawn(Shape::Exponential { beta })
}

/// Numbers at equal distances, from the first neuron of a population to the last.
pub fn linear(from: f64, to: f64) -> Value {
    Value::Range(Range { from, to, logarithmic: false })
}

/// Numbers at equal ratios, from the first neuron of a population to the last.
pub fn logarithmic(from: f64, to: f64) -> Value {
    Value::Range(Range { from, to, logarithmic: true })
}

/// The same distribution, but numbers below `min` or above `max` are drawn again, as by NEST's `redraw`. What is no
/// distribution stays as it is.
pub fn redraw(value: Value, min: f64, max: f64) -> Value {
    match value {
        Value::Distribution(distribution) => {
            let bound = |x: f64| x.is_finite().then_some(x);
            Value::Distribution(Distribution { min: bound(min), max: bound(max), ..distribution })
        }
        other => other,
    }
}

fn drawn(shape: Shape) -> Value {
    Value::Distribution(Distribution { shape, min: None, max: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::space::{MaskKind, Positions};

    fn driven(n: usize) -> (Network, NodeId) {
        let mut network = Network::new();
        let cells = network.create("iaf_psc_exp", n).unwrap();
        network.set(cells, "I_e", 500.0).unwrap();
        (network, cells)
    }

    /// Ten by ten neurons, of which each reaches those within 0.25: all connections between these cells of it.
    fn in_space(sources: Part, targets: Part, connection: Connection) -> (Vec<(u32, u32)>, f64) {
        let mut network = Network::new();
        let sheet = network.create("iaf_psc_alpha", 100).unwrap();
        network.place(sheet, Positions::grid(&[10, 10])).unwrap();
        let connection = connection.mask(MaskKind::Circular.around(0.25));
        let made = network.connect(network.part(sheet, sources), network.part(sheet, targets), connection).unwrap();
        let expected = network.project().expected_synapses(network.project().projection(made).unwrap());
        let connected = network.build().unwrap().connections(made);
        let mut pairs: Vec<_> = connected.iter().map(|c| (c.source, c.target)).collect();
        pairs.sort_unstable();
        (pairs, expected)
    }

    #[test]
    fn masks_lie_around_parts_of_nodes_as_around_whole_ones() {
        let half = || Part::range(0..50);
        let second = || Part::Slice { start: 0, stop: None, step: 2 };
        let (all, _) = in_space(Part::Whole, Part::Whole, Connection::all_to_all());
        for (sources, targets, synapses) in [
            (half(), Part::Whole, 840),
            (second(), Part::Whole, 840),
            (Part::Whole, half(), 840),
            (Part::Whole, second(), 840),
            (half(), second(), 420),
            (Part::list([3, 4, 44]), half(), 0),
        ] {
            let part = |part: &Part, cell: u32| part.cells(100).unwrap().place(cell as usize).is_some();
            let among = |pairs: &[(u32, u32)]| -> Vec<_> {
                pairs.iter().copied().filter(|(s, t)| part(&sources, *s) && part(&targets, *t)).collect()
            };
            let (made, expected) = in_space(sources.clone(), targets.clone(), Connection::all_to_all());
            assert_eq!(made, among(&all), "{sources:?} to {targets:?}");
            assert_eq!(made.len() as f64, expected, "{sources:?} to {targets:?}");
            // Those of NEST 3.10.
            assert!(synapses == 0 || made.len() == synapses, "{sources:?} to {targets:?}: {}", made.len());
            for connection in [
                Connection::pairwise_bernoulli(0.7),
                Connection::pairwise_poisson(0.7),
                Connection::fixed_indegree(1),
                Connection::fixed_outdegree(1),
            ] {
                let connection = connection.autapses(false);
                // Neurons may have no partner within the mask; that is refused.
                let Some(made) =
                    fitting(&sources, &targets, &all).then(|| in_space(sources.clone(), targets.clone(), connection).0)
                else {
                    continue;
                };
                assert_eq!(made, among(&made));
                assert!(made.iter().all(|pair| all.contains(pair) && pair.0 != pair.1));
                assert!(!made.is_empty());
            }
        }
    }

    /// Whether every cell of both parts has a partner besides itself.
    fn fitting(sources: &Part, targets: &Part, all: &[(u32, u32)]) -> bool {
        let cells = |part: &Part| part.cells(100).unwrap().iter().map(|cell| cell as u32).collect::<Vec<_>>();
        let (sources, targets) = (cells(sources), cells(targets));
        let joined = |s: &u32, t: &u32| s != t && all.contains(&(*s, *t));
        sources.iter().all(|s| targets.iter().any(|t| joined(s, t)))
            && targets.iter().all(|t| sources.iter().any(|s| joined(s, t)))
    }

    #[test]
    fn mistakes_are_told_with_their_cure() {
        let (mut network, cells) = driven(2);
        let error = network.create("iaf_psc_alfa", 1).unwrap_err();
        assert_eq!(error.to_string(), "there is no model `iaf_psc_alfa`: did you mean `iaf_psc_alpha`?");
        let error = network.set(cells, "V_tresh", -50.0).unwrap_err();
        assert_eq!(error.to_string(), "iaf_psc_exp has no parameter `V_tresh`: did you mean `V_th`?");
        network.set(cells, "C_m", -1.0).unwrap();
        let error = network.build().map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("C_m: must be > 0 pF"), "{error}");
        assert!(matches!(error, Error::Refused(problems) if problems.len() == 1));
        let recorder = network.create("spike_recorder", 1).unwrap();
        let current = network.create("dc_generator", 1).unwrap();
        let error = network.connect(current, recorder, Connection::all_to_all()).unwrap_err();
        assert!(matches!(error, Error::Refused(_)), "{error}");
    }

    #[test]
    fn spikes_and_samples_are_read_by_node() {
        let (mut network, cells) = driven(3);
        let spikes = network.create("spike_recorder", 1).unwrap();
        let meter = network.create("voltmeter", 1).unwrap();
        network.connect(cells, spikes, Connection::all_to_all()).unwrap();
        network.connect(meter, cells, Connection::all_to_all()).unwrap();
        let mut run = network.build().unwrap();
        assert!(matches!(run.spikes(cells), Err(Error::NotRecorded)));
        run.simulate(50.0).unwrap();
        run.simulate(50.0).unwrap();
        assert_eq!(run.time(), 100.0);
        let train = run.spikes(spikes).unwrap();
        assert_eq!(train.train_of(cells, 0), train.train_of(cells, 2));
        assert!(train.train_of(cells, 1).len() > 2);
        let samples = run.samples(meter, "V_m").unwrap();
        assert_eq!(samples.times.len(), samples.of(cells, 2).len());
        assert!(samples.times.len() >= 99, "{:?}", samples.times);
        assert!(samples.of(cells, 2).iter().all(|v| (-70.1..-54.9).contains(v)));
        run.set(cells, "I_e", 0.0).unwrap();
        assert_eq!(run.get(cells, 1, "I_e").unwrap(), Value::Real(0.0));
    }

    #[test]
    fn recorders_and_generators_take_parts() {
        let (mut network, cells) = driven(10);
        network.set(cells, "I_e", 0.0).unwrap();
        let current = network.create("dc_generator", 3).unwrap();
        network.set(current, "amplitude", vec![0.0, 500.0, 0.0]).unwrap();
        let spikes = network.create("spike_recorder", 1).unwrap();
        let meter = network.create("voltmeter", 1).unwrap();
        network.connect(network.part(current, [1]), network.part(cells, 2..6), Connection::all_to_all()).unwrap();
        network.connect(network.part(cells, ..4), spikes, Connection::all_to_all()).unwrap();
        network.connect(meter, network.part(cells, [0, 5]), Connection::all_to_all()).unwrap();
        let mut run = network.build().unwrap();
        run.simulate(100.0).unwrap();
        let train = run.spikes(spikes).unwrap();
        assert!(!train.train_of(cells, 2).is_empty() && train.train_of(cells, 3) == train.train_of(cells, 2));
        assert!(train.train_of(cells, 0).is_empty() && train.train_of(cells, 5).is_empty());
        let (plan, _) = run.recordings().recorder(spikes).expect("it records");
        assert_eq!(plan.connected, [(cells, vec![1, 1, 1, 1, 0, 0, 0, 0, 0, 0])]);
        let samples = run.samples(meter, "V_m").unwrap();
        assert!(samples.of(cells, 0).iter().all(|v| *v == -70.0));
        assert!(samples.of(cells, 5).iter().any(|v| *v > -60.0));
        assert!(samples.of(cells, 2).is_empty());
    }

    #[test]
    fn weights_are_read_by_projection() {
        let (mut network, cells) = driven(4);
        let weights = Connection::one_to_one().synapse("stdp_synapse").set("Wmax", 60.0).weight(30.0);
        let plastic = network.connect(cells, cells, weights).unwrap();
        let run = network.build().unwrap();
        assert_eq!(run.weights(plastic).collect::<Vec<_>>(), [30.0; 4]);
    }

    #[test]
    fn a_range_of_synapses_runs_over_their_targets() {
        let rules = [
            Connection::all_to_all(),
            Connection::one_to_one(),
            Connection::fixed_indegree(2),
            Connection::pairwise_bernoulli(0.7),
            Connection::pairs([(0, 4), (3, 0), (1, 2)]),
        ];
        for connection in rules {
            let (mut network, cells) = driven(5);
            let connection = connection.weight(linear(10.0, 50.0)).delay(logarithmic(1.0, 16.0));
            let connection = connection.synapse("tsodyks_synapse").set("U", linear(0.1, 0.5));
            let projection = network.connect(cells, cells, connection.clone()).unwrap();
            let simulation = Simulation::build(network.project(), &|_| true).unwrap();
            let synapses = simulation.synapses_of(projection);
            assert!(!synapses.is_empty(), "{connection:?}");
            for (_, target, weight, delay) in synapses {
                assert!((weight - 10.0 * f64::from(target + 1)).abs() < 1e-9, "{weight} at {target}: {connection:?}");
                assert!((delay - f64::from(1u32 << target)).abs() < 1e-9, "{delay} ms at {target}: {connection:?}");
            }
        }
        let (mut network, cells) = driven(5);
        network.connect(cells, cells, Connection::one_to_one().delay(linear(0.0, 1.0))).unwrap();
        assert!(network.build().is_err_and(|e| e.to_string().contains("delay")));
    }

    #[test]
    fn a_run_goes_back_to_a_moment_and_on_as_before() {
        let (mut network, cells) = driven(3);
        network.set(cells, "V_m", redraw(normal(-60.0, 5.0), -65.0, f64::INFINITY)).unwrap();
        let spikes = network.create("spike_recorder", 1).unwrap();
        network.connect(cells, spikes, Connection::all_to_all()).unwrap();
        let mut run = network.build().unwrap();
        assert!((0..3).all(|i| run.get(cells, i, "V_m").and_then(|v| v.as_real()).unwrap() >= -65.0));
        run.simulate(40.0).unwrap();
        let moment = run.snapshot();
        let before = run.spikes(spikes).unwrap().times.to_vec();
        run.simulate(60.0).unwrap();
        let whole = run.spikes(spikes).unwrap().times.to_vec();
        assert!(!before.is_empty() && whole.len() > before.len(), "{before:?} {whole:?}");
        run.restore(&moment);
        assert_eq!((run.time(), run.spikes(spikes).unwrap().times), (40.0, &before[..]));
        run.simulate(60.0).unwrap();
        assert_eq!(run.spikes(spikes).unwrap().times, whole);
    }

    #[test]
    fn weights_and_dopamine_are_named_by_a_connection() {
        let (mut network, cells) = driven(2);
        let weights = network.create("weight_recorder", 1).unwrap();
        let dopamine = network.create("volume_transmitter", 1).unwrap();
        network.connect(cells, dopamine, Connection::all_to_all()).unwrap();
        let connection = Connection::all_to_all().synapse("stdp_dopamine_synapse").weight(20.0);
        network.connect(cells, cells, connection.weight_recorder(weights).volume_transmitter(dopamine)).unwrap();
        let mut run = network.build().unwrap();
        run.simulate(100.0).unwrap();
        let (_, rows) = run.recordings().recorder(weights).expect("it records");
        assert!(!rows.times.is_empty());
    }

    #[test]
    fn populations_stand_in_space() {
        let mut network = Network::new();
        let cells = network.create("iaf_psc_exp", 1).unwrap();
        network.place(cells, Positions { edge_wrap: true, ..Positions::grid(&[5, 5]) }).unwrap();
        let falling = Kernel { times: 50.0, ..Kernel::new(KernelShape::Gaussian).with("std", 0.2) };
        let near = Connection::all_to_all().mask(MaskKind::Circular.around(0.21)).weight(falling).autapses(false);
        let wires = network.connect(cells, cells, near).unwrap();
        assert_eq!(network.places(cells).unwrap()[0], [-0.4, 0.4, 0.0]);
        let run = network.build().unwrap();
        let weights: Vec<f64> = run.weights(wires).collect();
        assert!(
            weights.len() == 100 && weights.iter().all(|w| (w - 50.0 * (-0.5f64).exp()).abs() < 1e-9),
            "{weights:?}"
        );
        assert_eq!(Network::read(&network.write()).unwrap().write(), network.write());
    }

    #[test]
    fn a_network_in_code_is_a_file() {
        let (mut network, cells) = driven(4);
        network.connect(cells, cells, Connection::pairwise_bernoulli(0.5).weight(normal(10.0, 1.0))).unwrap();
        assert_eq!(Network::read(&network.write()).unwrap().write(), network.write());
        assert!(matches!(Network::read("("), Err(Error::Refused(_))));
    }
}
