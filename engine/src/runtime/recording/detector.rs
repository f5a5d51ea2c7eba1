//! What a recorder of spikes is: it takes the spikes of its inputs and writes rows.
//!
//! A detector model is one implementation of [`Detector`] beside its declaration. One call a span, not one a spike.

use super::sources::{RecorderInput, TooMany};
use crate::description::Value;
use crate::mechanisms::time::Grid;
use crate::recordings::Rows;
use crate::runtime::devices::{Devices, Window};
use crate::runtime::slice::{Outbox, Span};
use crate::runtime::table::Table;

/// What a detector is made from.
pub struct DetectorSettings<'a> {
    /// Parameters of the node.
    pub table: &'a Table,
    pub grid: Grid,
    /// Steps of a slice as distributed simulators have it: the smallest delay of all projections.
    pub slice: usize,
}

/// Makes the detector of a node; each detector model declares its own.
pub type MakeDetector = fn(&DetectorSettings<'_>) -> Box<dyn Detector>;

/// Some steps of the run, with all that was sent in them.
pub struct Received<'a> {
    pub span: &'a Span,
    pub grid: Grid,
    /// When the recorder is active.
    pub window: Window,
    pub inputs: &'a mut [RecorderInput],
    pub devices: &'a Devices,
    /// By chunk.
    pub outboxes: &'a [Outbox],
    /// By node: what generators of listed spikes sent.
    pub trains: &'a [Outbox],
}

/// What a recorder makes of the spikes that it receives.
pub trait Detector: Send + Sync {
    /// Takes what was sent in a span that has just been made.
    fn record(&mut self, received: &mut Received<'_>, rows: &mut Rows) -> Result<(), TooMany>;
    /// Takes what was sent in a slice, when the slice has ended and its spikes are on their way to neurons.
    fn end_slice(&mut self, _received: &mut Received<'_>, _rows: &mut Rows) -> Result<(), TooMany> {
        Ok(())
    }
    /// Takes over changed parameters; `names` are those that were set.
    fn set_parameters(&mut self, _table: &Table, _names: &[&str], _grid: Grid, _rows: &mut Rows) {}
    /// What it tells of itself beside its parameters.
    fn status(&self, _name: &str) -> Option<Value> {
        None
    }
    /// A copy with all state, for snapshots.
    fn clone_box(&self) -> Box<dyn Detector>;
}

impl Clone for Box<dyn Detector> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

/// A detector in its network.
#[derive(Clone)]
pub struct DetectorNode {
    pub node: usize,
    pub window: Window,
    pub inputs: Vec<RecorderInput>,
    pub detector: Box<dyn Detector>,
    pub rows: Rows,
}

impl DetectorNode {
    /// Takes what was sent in a span; `Err` is its node, if a source floods it.
    pub fn record(
        &mut self,
        span: &Span,
        grid: Grid,
        devices: &Devices,
        outboxes: &[Outbox],
        trains: &[Outbox],
    ) -> Result<(), usize> {
        let DetectorNode { node, window, inputs, detector, rows } = self;
        let flooded = |TooMany| *node;
        for input in inputs.iter_mut() {
            input.open(span, devices).map_err(flooded)?;
        }
        let received = &mut Received { span, grid, window: *window, inputs, devices, outboxes, trains };
        detector.record(received, rows).map_err(flooded)
    }

    /// Takes what neurons sent in a slice that has ended.
    pub fn end_slice(
        &mut self,
        slice: &Span,
        grid: Grid,
        devices: &Devices,
        outboxes: &[Outbox],
        trains: &[Outbox],
    ) -> Result<(), usize> {
        let DetectorNode { node, window, inputs, detector, rows } = self;
        let received = &mut Received { span: slice, grid, window: *window, inputs, devices, outboxes, trains };
        detector.end_slice(received, rows).map_err(|TooMany| *node)
    }
}
