//! What the neurons of a chunk must do, whatever their model.

use crate::description::{Declaration, Quantity};
use crate::mechanisms::time::Grid;
use crate::runtime::input::inputs::Inputs;
use crate::runtime::neurons::dynamics::{GapInput, TrialStep};
use crate::runtime::slice::{Outbox, Probe, Span, Trouble};
use crate::runtime::table::Table;

/// The neurons of a chunk, whatever their model. One call per chunk and span.
pub trait Neurons: Send + Sync {
    fn update(
        &mut self,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble>;
    /// Takes over changed parameters; `names` are those that were set.
    fn set_parameters(&mut self, table: &Table, names: &[&str]);
    /// A settable state variable of a neuron of the chunk, by its place among those that the model declares.
    fn state(&self, state: usize, neuron: usize) -> f64;
    fn set_state(&mut self, state: usize, neuron: usize, x: f64);
    /// Writes the signal that the neurons put out at the beginning of a step, if they have one.
    fn output(&mut self, _to: &mut [f64]) {}
    /// One step of every neuron tried without consequences, for gap junctions.
    fn trial_step(&self, _current: &[f64], _gap: &[GapInput], _tried: &mut [TrialStep]) {}
    /// Whether chance has a part in what they do.
    fn draws(&self) -> bool {
        false
    }
    /// Whether what they put out holds noise of the step.
    fn has_noisy_output(&self) -> bool {
        false
    }
    /// What each target makes of a signal before it is weighted and summed; false if nothing.
    fn transform_input(&self, _targets: &[u16], _value: f64, _transformed: &mut Vec<f64>) -> bool {
        false
    }
    /// Something else that can be asked of a neuron, such as the time of its last spike.
    fn status(&self, _name: &str, _neuron: usize) -> Option<f64> {
        None
    }
    /// Names and units of what can be asked by [`Neurons::status`].
    fn told(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
    /// What a recordable shows now.
    fn shown(&self, _quantity: Quantity, _neuron: usize) -> Option<f64> {
        None
    }
    /// Whether their spikes have multiplicities, factors or times between grid points.
    fn send_events(&self) -> bool {
        false
    }
    fn bytes(&self) -> usize;
    /// A copy with all state, for snapshots.
    fn clone_box(&self) -> Box<dyn Neurons>;
}

impl Clone for Box<dyn Neurons> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

/// What the neurons of a chunk are made from.
pub struct Make<'a> {
    pub declared: Declaration,
    /// Parameters of the whole population.
    pub table: &'a Table,
    /// Number within the population of the chunk's first neuron, and how many there are (at least one).
    pub first: usize,
    pub n: usize,
    pub grid: Grid,
    pub seed: u64,
    /// Index of the node, for random streams.
    pub node: u64,
}

/// Makes the neurons of a chunk; each neuron model declares its own.
pub type MakeNeurons = fn(&Make<'_>) -> Box<dyn Neurons>;
