//! A node as it stands on the canvas.

use egui::{Pos2, Rect};
use spikeloom_engine::project::NodeId;

use super::shapes::{self, Shape};

/// A node's place and shape.
#[derive(Clone, Debug)]
pub struct Figure {
    pub id: NodeId,
    pub shape: Shape,
    pub center: Pos2,
}

impl Figure {
    pub fn contains(&self, at: Pos2, margin: f32) -> bool {
        self.shape.contains(at - self.center, margin)
    }
    /// How far within its rim a point lies; negative outside.
    pub fn depth(&self, at: Pos2) -> f32 {
        let offset = at - self.center;
        self.shape.rim(offset) - offset.length()
    }
    pub fn bounds(&self) -> Rect {
        shapes::bounds(self.shape, self.center)
    }
    pub fn footprint(&self) -> Rect {
        shapes::footprint(self.shape, self.center)
    }
}
