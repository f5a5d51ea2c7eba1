//! What the user made: nodes, projections, settings, views. This is the document
//! that the window edits and that a `.ron` file holds.
//!
//! | step | function |
//! | --- | --- |
//! | text to project, with every problem and its line and column | [`read()`], [`read_draft`] |
//! | … with checks of one's own, such as of plots | [`read_with`], [`read_draft_with`] |
//! | … and with the files beside it | [`read_in`], [`read_draft_in`] |
//! | what is wrong or suspicious in a project | [`validate()`] |
//! | … in one node, also for changes while it runs | [`check_node`], [`check_parameter`] |
//! | … in the synapses of one projection, likewise | [`check_synapses`] |
//! | project to text | [`write()`] |
//! | text to file, safe against crashes | [`save()`] |
//!
//! The file format is described in the header of `read.rs`.

mod knobs;
mod pairs_file;
mod read;
mod recordables;
mod recorded;
mod save;
mod scan;
mod space;
mod stimuli;
mod storage;
mod suggest;
mod third_factor;
mod training;
mod unions;
mod validate;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use crate::description::Sampled;
pub use knobs::{Knob, Turn, Turned};
pub use pairs_file::PairsFile;
pub use read::{FIELDS, ReadError, read, read_draft, read_draft_in, read_draft_with, read_in, read_with};
pub use save::save;
pub use suggest::unknown;
pub use third_factor::{Leg, ThirdFactor};
pub use training::{
    Adjusted, Goal, Lesson, Loss, Method, Pattern, Penalty, Population, Read, Statistic, Surrogate, Task, Trained,
    Training, Wanted,
};
pub use unions::{Copies, Extent};
pub(crate) use validate::check_single_delay;
pub use validate::{check_node, check_parameter, check_synapse_parameter, check_synapses, validate};
pub use write::{record_text, write};

#[cfg(test)]
pub(crate) use validate::testing;

pub use crate::description::Part;
use crate::description::space::{Kernel, Mask, Point, Positions};
use crate::description::{DefaultValue, Given, Value};
pub use crate::description::{NodeId, Place, Problem, ProjectionId, Rule, Severity, ViewId};
use crate::description::{Resolution, Storage};
use crate::mechanisms::time::Grid;
use crate::models::{self, Model, Service, Signal, Wiring};

/// The version of the file format that this program writes.
pub const FORMAT: u32 = 1;

/// A whole network with everything the user set.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Project {
    pub title: String,
    /// A paragraph about the network, Markdown.
    pub about: String,
    /// In order of creation, which is also the order in which devices act.
    pub nodes: Vec<Node>,
    pub projections: Vec<Projection>,
    pub simulation: Settings,
    pub views: Vec<View>,
    /// The file says nothing of views: those that are there are the program's choice, and are not written.
    pub default_views: bool,
    /// How the views are arranged; `None` leaves it to the program.
    pub layout: Option<Layout>,
    /// Notes on the canvas, Markdown.
    pub notes: Vec<Note>,
    /// Sliders beside the description, in their order.
    pub knobs: Vec<Knob>,
    /// How it is trained, if it is.
    pub training: Option<Training>,
}

/// A population, generator or recorder.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub id: NodeId,
    /// Unique; projections in files refer to it.
    pub name: String,
    pub model: &'static Model,
    /// Number of neurons or devices.
    pub n: usize,
    /// Only what differs from the model's defaults.
    pub params: BTreeMap<String, Value>,
    /// Centre on the canvas, in canvas units (one is a pixel at zoom 1).
    pub position: [f32; 2],
    /// Silenced: it sends nothing.
    pub muted: bool,
    /// Colour by index into the palette; `None` lets the program choose.
    pub color: Option<u8>,
    /// Where its neurons stand in space, if they do.
    pub positions: Option<Positions>,
}

/// A bundle of synapses from one node to another, made by one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    pub id: ProjectionId,
    pub from: NodeId,
    pub to: NodeId,
    /// The cells of `from` that are sources, and of `to` that are targets.
    pub sources: Part,
    pub targets: Part,
    /// The projections with this one have a rule in common, which sees all their nodes as one: named by the first of them.
    pub union: Option<ProjectionId>,
    /// It is a leg of the third factor of another projection.
    pub third_factor: Option<ThirdFactor>,
    pub rule: Rule,
    /// For [`Rule::Pairs`]: the numbers of source and target of each synapse, counted from 0 among what the rule sees.
    pub pairs: Arc<[(u32, u32)]>,
    /// The file beside the project in which the pairs stand, where that is named instead of them.
    pub pairs_file: Option<Arc<PairsFile>>,
    pub autapses: bool,
    pub multapses: bool,
    /// Each pair is connected both ways.
    pub symmetric: bool,
    /// The seed of what is drawn for its synapses alone; otherwise that of the network decides.
    pub seed: Option<u64>,
    pub synapse: &'static Model,
    /// Parameters and initial state of the synapses beside weight and delay; only what differs from
    /// the model's defaults.
    pub params: BTreeMap<String, Value>,
    pub weight: Value,
    /// In ms.
    pub delay: Value,
    /// The delay is the default and yet was given: then it is written, and does not adapt to the resolution.
    pub delay_given: bool,
    /// Port of the target, `receptor_type` in NEST.
    pub receptor: u32,
    /// The weight recorder that sees every weight transmitted.
    pub weight_recorder: Option<NodeId>,
    /// The volume transmitter whose spikes are the third factor.
    pub volume_transmitter: Option<NodeId>,
    /// Silenced: its synapses transmit nothing.
    pub muted: bool,
    /// How its synapses are kept.
    pub storage: Storage,
    /// Only partners within are connected.
    pub mask: Option<Mask>,
    /// A factor on the probability of the rule, or how likely partners are drawn, by where both stand.
    pub kernel: Option<Kernel>,
    /// The mask of pairwise_bernoulli stands at the targets and holds sources.
    pub use_on_source: bool,
    /// The mask may be larger than a periodic space.
    pub allow_oversized_mask: bool,
}

/// What becomes of a network that plays in a window when it comes to its duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Play {
    /// It goes on until it is paused.
    #[default]
    Endless,
    /// It stops.
    Once,
    /// It starts anew from time zero, again and again: one trial after the other.
    Repeat {
        /// Each trial has the seed after that of the trial before; otherwise all have the same.
        next_seed: bool,
    },
}

/// How the network is simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Time step, ms.
    pub resolution: f64,
    /// Duration of a run to the end, ms.
    pub duration: f64,
    /// What the window does there; runs without a window end there.
    pub play: Play,
    /// Simulated time per real time at which the window plays at first; infinite for as fast as it goes.
    pub speed: f64,
    /// Width of the time axis of plots at first, ms; otherwise that of the run, but not more than a second.
    pub time_window: Option<f64>,
    pub seed: u64,
    /// Number of threads; 0 lets the program choose.
    pub threads: usize,
    /// Signals without delay are exchanged within a step; otherwise a step sees those of the step before.
    pub use_wfr: bool,
    /// Gap junctions: degree of the polynomial that stands for the partner's potential within a step.
    pub wfr_interpolation_order: u32,
    /// Signals without delay: 0 to exchange them in every step; otherwise they are iterated slice by slice, as
    /// distributed simulators do, until no value changes by more.
    pub wfr_tol: f64,
    /// Rounds of this iteration at most.
    pub wfr_max_iterations: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            resolution: 0.1,
            duration: 1000.0,
            play: Play::Endless,
            speed: 1.0,
            time_window: None,
            seed: 1,
            threads: 0,
            use_wfr: true,
            wfr_interpolation_order: 3,
            wfr_tol: 0.0,
            wfr_max_iterations: 15,
        }
    }
}

/// A plot. What kinds of plots there are, and what settings they have, is known to whoever draws them: here names and
/// values are kept as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub id: ViewId,
    /// The kind of plot: `raster`, `rate`.
    pub kind: String,
    pub title: String,
    /// The recorder nodes whose data it shows.
    pub sources: Vec<NodeId>,
    /// What else was set, by name, in the order of the file.
    pub settings: Vec<(String, Value)>,
}

impl View {
    /// A plot of a kind that shows nothing yet.
    pub fn new(id: ViewId, kind: impl Into<String>) -> Self {
        View { id, kind: kind.into(), title: String::new(), sources: Vec::new(), settings: Vec::new() }
    }

    /// What problems call it: by its title, or its number if it has none.
    pub fn place(&self) -> Place {
        Place::View(if self.title.is_empty() { self.id.0.to_string() } else { self.title.clone() })
    }
}

/// How views share the space.
#[derive(Clone, Debug, PartialEq)]
pub enum Layout {
    View(ViewId),
    /// Side by side, with shares of the width.
    Row(Vec<(f32, Layout)>),
    /// Above each other, with shares of the height.
    Column(Vec<(f32, Layout)>),
    /// Behind each other.
    Tabs(Vec<Layout>),
}

impl Layout {
    /// Layouts of more levels could not be read again: nesting in files is limited. Such a one is
    /// not written, so that the program arranges the views; validation warns of it.
    pub const MOST_LEVELS: usize = 20;

    /// How deep it is nested.
    pub fn levels(&self) -> usize {
        match self {
            Layout::View(_) => 1,
            Layout::Row(children) | Layout::Column(children) => {
                1 + children.iter().map(|(_, child)| child.levels()).max().unwrap_or(0)
            }
            Layout::Tabs(children) => 1 + children.iter().map(Layout::levels).max().unwrap_or(0),
        }
    }
}

/// A text on the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub text: String,
    pub position: [f32; 2],
}

impl Project {
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.iter().find(|n| n.id == id)
    }
    pub fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.iter_mut().find(|n| n.id == id)
    }
    pub fn node_named(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|n| n.name == name)
    }
    pub fn projection(&self, id: ProjectionId) -> Option<&Projection> {
        self.projections.iter().find(|p| p.id == id)
    }
    pub fn projection_mut(&mut self, id: ProjectionId) -> Option<&mut Projection> {
        self.projections.iter_mut().find(|p| p.id == id)
    }
    pub fn view(&self, id: ViewId) -> Option<&View> {
        self.views.iter().find(|v| v.id == id)
    }
    pub fn view_mut(&mut self, id: ViewId) -> Option<&mut View> {
        self.views.iter_mut().find(|v| v.id == id)
    }

    /// A number that no node has yet.
    pub fn free_node_id(&self) -> NodeId {
        NodeId(self.nodes.iter().map(|n| n.id.0 + 1).max().unwrap_or(0))
    }
    pub fn free_projection_id(&self) -> ProjectionId {
        ProjectionId(self.projections.iter().map(|p| p.id.0 + 1).max().unwrap_or(0))
    }
    pub fn free_view_id(&self) -> ViewId {
        ViewId(self.views.iter().map(|v| v.id.0 + 1).max().unwrap_or(0))
    }

    /// `wish`, or `wish 2`, `wish 3`, … if that name is taken.
    pub fn free_name(&self, wish: &str) -> String {
        let taken = |name: &str| self.nodes.iter().any(|n| n.name == name);
        if !taken(wish) {
            return wish.to_owned();
        }
        let stem = wish.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
        (2..).map(|i| format!("{stem} {i}")).find(|name| !taken(name)).unwrap_or_else(|| wish.to_owned())
    }

    /// How the projection works: what it carries.
    pub fn wiring(&self, projection: &Projection) -> Result<Wiring, String> {
        match (self.node(projection.from), self.node(projection.to)) {
            (Some(from), Some(to)) => models::wire_with(from.model, to.model, projection.synapse),
            _ => Err("the projection has lost one of its ends".into()),
        }
    }

    /// The smallest delay of all projections in steps, at least one: how often a distributed simulator
    /// exchanges what has been sent. Projections without delay count as 1 ms, or as one step
    /// if signals are not relaxed.
    pub fn exchange_steps(&self, grid: Grid) -> usize {
        let without_delay = if self.simulation.use_wfr { 1.0 } else { 0.0 };
        let shortest = |projection: &Projection| match &projection.delay {
            _ if projection.synapse.parameter("delay").is_none() => without_delay,
            Value::Real(delay) => *delay,
            Value::List(delays) => delays.iter().copied().fold(f64::INFINITY, f64::min),
            Value::Lists(rows) => rows.iter().flatten().copied().fold(f64::INFINITY, f64::min),
            Value::Range(range) => range.from.min(range.to),
            Value::Spatial(kernel) => kernel.least(0.0, f64::INFINITY).max(0.0),
            other => other.typical(),
        };
        let steps = self.projections.iter().map(|projection| match grid.delay_between(shortest(projection)) {
            // What is sent within a step may arrive a step earlier.
            (whole, shorter) if projection.synapse.acts_between_steps() => whole - i64::from(shorter > 0.0),
            _ => grid.delay(shortest(projection)),
        });
        steps.min().unwrap_or(1).max(1) as usize
    }

    /// Whether synapses that carry this continuous signal lead to a node, or from it where they go both ways.
    pub fn carries_to(&self, id: NodeId, signal: Signal) -> bool {
        let carry = |p: &Projection| p.synapse.carries() == Some(signal) && (p.to == id || p.from == id);
        self.projections.iter().any(carry)
    }
}

impl Node {
    /// A node of `model` with all defaults.
    pub fn new(id: NodeId, name: impl Into<String>, model: &'static Model) -> Self {
        Node {
            id,
            name: name.into(),
            model,
            n: 1,
            params: BTreeMap::new(),
            position: [0.0, 0.0],
            muted: false,
            color: None,
            positions: None,
        }
    }

    /// The value of a parameter: the user's or the model's default.
    pub fn value(&self, name: &str) -> Option<Value> {
        match self.params.get(name) {
            // A range is as good as the list that it stands for.
            Some(Value::Range(range)) => Some(Value::List(range.some_values(self.n))),
            Some(Value::Spatial(kernel)) => Some(self.some_by_place(kernel)),
            given => given.cloned().or_else(|| self.model.parameter(name).map(|p| Value::from(p.default))),
        }
    }

    /// Where its neurons stand; none for a node that does not stand in space.
    pub fn places(&self) -> Option<Arc<[Point]>> {
        Some(crate::runtime::connections::pairs::space::places(self.positions.as_ref()?, self.n))
    }

    /// As [`Node::by_place`], of so many neurons that what holds of all holds of these.
    pub(crate) fn some_by_place(&self, kernel: &Kernel) -> Value {
        let some = self.n.min(Self::MOST_LOOKED_AT);
        match &self.positions {
            Some(positions) if some < self.n => {
                let places = crate::runtime::connections::pairs::space::places(positions, some);
                Value::List(places.iter().map(|place| kernel.at(*place)).collect())
            }
            _ => self.by_place(kernel),
        }
    }

    /// Of larger populations not every neuron is looked at while the network is edited.
    pub(crate) const MOST_LOOKED_AT: usize = 1_000_000;

    /// The values of a function of the place, one a neuron.
    pub fn by_place(&self, kernel: &Kernel) -> Value {
        match self.places() {
            Some(places) => Value::List(places.iter().map(|place| kernel.at(*place)).collect()),
            None => Value::Real(kernel.typical()),
        }
    }

    /// How many entries a list parameter has, in the neuron where it has most; of a whole number, its value.
    pub fn entries(&self, name: &str) -> usize {
        let is_count = self.model.parameter(name).is_some_and(|p| matches!(p.default, DefaultValue::Integer(_)));
        match self.value(name) {
            Some(Value::Real(x)) if is_count => x as usize,
            Some(Value::List(xs)) => xs.len(),
            Some(Value::Lists(lists)) => lists.iter().map(Vec::len).max().unwrap_or(0),
            Some(Value::Table(records)) => records.len(),
            // A number that says how many there are.
            Some(Value::Real(x)) if self.counts_entries(name) => x.max(0.0) as usize,
            Some(_) => 1,
            None => 0,
        }
    }

    fn counts_entries(&self, name: &str) -> bool {
        self.model.parameter(name).is_some_and(|p| matches!(p.default, DefaultValue::Integer(_)))
    }

    /// The value of a real parameter that is the same for all neurons, or its middle.
    pub fn real(&self, name: &str) -> f64 {
        self.value(name).map_or(0.0, |v| v.typical())
    }
}

impl Given for Node {
    fn value(&self, name: &str) -> Option<Value> {
        Node::value(self, name)
    }
    fn is_given(&self, beginning: &str) -> bool {
        self.params.keys().any(|name| name.starts_with(beginning))
    }
    fn n(&self) -> usize {
        self.n
    }
}

impl Projection {
    /// Whether its pairs depend on where neurons stand.
    pub fn is_drawn_in_space(&self) -> bool {
        self.mask.is_some() || self.kernel.is_some()
    }

    /// Whether anything of it depends on where neurons stand.
    pub fn needs_space(&self) -> bool {
        let values = self.params.values().chain([&self.weight, &self.delay]);
        self.is_drawn_in_space() || values.into_iter().any(|value| matches!(value, Value::Spatial(_)))
    }

    /// Its pairs do not depend on where neurons stand any more.
    pub fn leave_space(&mut self) {
        (self.mask, self.kernel) = (None, None);
        (self.use_on_source, self.allow_oversized_mask) = (false, false);
    }

    /// Lists its pairs: numbers of source and target within the whole nodes. Chance, space and other projections have
    /// no part in its graph then.
    pub fn list_pairs(&mut self, pairs: Arc<[(u32, u32)]>) {
        (self.rule, self.pairs, self.pairs_file) = (Rule::Pairs, pairs, None);
        (self.sources, self.targets) = (Part::Whole, Part::Whole);
        (self.union, self.storage) = (None, Storage::Auto);
        self.leave_space();
    }

    /// The mask stands at the targets and holds sources.
    pub fn mask_is_at_target(&self) -> bool {
        match self.rule {
            Rule::FixedIndegree { .. } | Rule::PairwisePoisson { .. } => true,
            Rule::PairwiseBernoulli { .. } => self.use_on_source,
            _ => false,
        }
    }

    /// The delay of a projection of which nothing else is said, ms.
    pub const DEFAULT_DELAY: f64 = 1.0;

    /// The step that stands in for the default delay where that is less, ms: only what the user wrote is refused.
    pub fn adapted_delay(&self, resolution: f64) -> Option<f64> {
        let resolution = Resolution::new(resolution)?;
        let untouched = !self.delay_given && self.delay == Value::Real(Self::DEFAULT_DELAY);
        let steps = match self.synapse.acts_between_steps() {
            true => resolution.delay_parts(Self::DEFAULT_DELAY),
            false => resolution.delay_steps(Self::DEFAULT_DELAY),
        };
        let short = untouched && steps < 1.0;
        short.then(|| resolution.ms())
    }

    /// Sets the delay as the user gives it: it stays as it is even where it equals the default.
    pub fn give_delay(&mut self, delay: Value) {
        self.delay_given = delay == Value::Real(Self::DEFAULT_DELAY);
        self.delay = delay;
    }

    /// Back to the default delay, which adapts to the resolution.
    pub fn reset_delay(&mut self) {
        (self.delay, self.delay_given) = (Value::Real(Self::DEFAULT_DELAY), false);
    }

    /// All synapses from `from` to `to`, with the defaults of a static synapse.
    pub fn new(id: ProjectionId, from: NodeId, to: NodeId) -> Self {
        Projection {
            id,
            from,
            to,
            sources: Part::Whole,
            targets: Part::Whole,
            union: None,
            third_factor: None,
            rule: Rule::AllToAll,
            pairs: Arc::default(),
            pairs_file: None,
            autapses: true,
            multapses: true,
            symmetric: false,
            seed: None,
            synapse: &models::STATIC_SYNAPSE,
            params: BTreeMap::new(),
            weight: Value::Real(1.0),
            delay: Value::Real(Self::DEFAULT_DELAY),
            delay_given: false,
            receptor: 0,
            weight_recorder: None,
            volume_transmitter: None,
            muted: false,
            storage: Storage::Auto,
            mask: None,
            kernel: None,
            use_on_source: false,
            allow_oversized_mask: false,
        }
    }

    /// The weight where nothing is said of it: that of the file of pairs, or of the synapse model.
    pub fn default_weight(&self) -> Value {
        if let Some(weights) = self.pairs_file.as_ref().and_then(|file| file.weights.clone()) {
            return weights;
        }
        self.synapse.parameter("weight").map_or(Value::Real(1.0), |weight| weight.default.into())
    }

    /// Whether chance has a part in its graph or in the values of its synapses.
    pub fn is_drawn(&self) -> bool {
        let values = self.params.values().chain([&self.weight, &self.delay]);
        self.rule.is_random() || values.into_iter().any(|value| matches!(value, Value::Distribution(_)))
    }

    /// The delays of the file of pairs, where it has them.
    pub(crate) fn file_delays(&self) -> Option<Value> {
        self.pairs_file.as_ref().and_then(|file| file.delays.clone())
    }

    /// The device that does this for its synapses.
    pub fn device(&self, service: Service) -> Option<NodeId> {
        match service {
            Service::StoresWeights => self.weight_recorder,
            Service::ThirdFactor => self.volume_transmitter,
        }
    }

    /// All devices that work with its synapses.
    pub fn devices(&self) -> impl Iterator<Item = NodeId> + use<> {
        Service::ALL.map(|service| self.device(service)).into_iter().flatten()
    }

    pub fn set_device(&mut self, service: Service, device: Option<NodeId>) {
        match service {
            Service::StoresWeights => self.weight_recorder = device,
            Service::ThirdFactor => self.volume_transmitter = device,
        }
    }

    /// The value of a parameter of its synapses: the user's or the model's default.
    pub fn value(&self, name: &str) -> Option<Value> {
        match name {
            "weight" => Some(self.weight.clone()),
            "delay" => Some(self.delay.clone()),
            _ => {
                let default = || self.synapse.parameter(name).map(|p| Value::from(p.default));
                self.params.get(name).cloned().or_else(default)
            }
        }
    }
}
