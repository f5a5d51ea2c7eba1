//! The geometry of a network: where nodes stand and which way wires run.
//! Made anew only when something that matters to it has changed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use egui::{Pos2, Rect};
use spikeloom_engine::project::{NodeId, Project};

use super::figure::Figure;
use super::routes::{self, Route};
use super::shapes::Shape;
use crate::editing::place::point;

/// All figures and routes, in the order of the project's nodes and projections.
#[derive(Default)]
pub struct Sketch {
    pub figures: Vec<Figure>,
    pub routes: Vec<Route>,
    places: HashMap<NodeId, usize>,
    made_from: u64,
}

impl Sketch {
    /// Follows the project.
    pub fn update(&mut self, project: &Project) {
        let figures: Vec<Figure> = project
            .nodes
            .iter()
            .map(|n| Figure { id: n.id, shape: Shape::of(project, n), center: point(n.position) })
            .collect();
        let fingerprint = fingerprint(&figures, project);
        if fingerprint == self.made_from {
            return;
        }
        self.places = figures.iter().enumerate().map(|(i, f)| (f.id, i)).collect();
        self.routes = routes::of(project, &figures);
        self.figures = figures;
        self.made_from = fingerprint;
    }

    pub fn figure(&self, id: NodeId) -> Option<&Figure> {
        self.places.get(&id).and_then(|&i| self.figures.get(i))
    }

    /// The topmost node at a canvas point.
    pub fn node_at(&self, at: Pos2, margin: f32) -> Option<&Figure> {
        self.figures.iter().rev().find(|f| f.contains(at, margin))
    }
    /// The wire closest to a canvas point, if one is nearer than `reach`.
    pub fn route_at(&self, at: Pos2, reach: f32) -> Option<&Route> {
        self.routes
            .iter()
            .map(|r| (r.distance(at), r))
            .filter(|(distance, _)| *distance < reach)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, r)| r)
    }
    /// The rectangle round these nodes, or round all.
    pub fn extent(&self, mut of: impl FnMut(NodeId) -> bool) -> Option<Rect> {
        let figures = self.figures.iter().filter(|f| of(f.id));
        figures.map(Figure::footprint).reduce(|a, b| a.union(b))
    }
    /// The rectangle round everything, wires too.
    pub fn whole(&self) -> Option<Rect> {
        let wires = self.routes.iter().map(|r| r.bounds);
        self.figures.iter().map(Figure::footprint).chain(wires).reduce(|a, b| a.union(b))
    }
}

fn fingerprint(figures: &[Figure], project: &Project) -> u64 {
    let mut hasher = DefaultHasher::new();
    for figure in figures {
        (figure.id, figure.shape, figure.center.x.to_bits(), figure.center.y.to_bits()).hash(&mut hasher);
    }
    for p in &project.projections {
        (p.id, p.from, p.to).hash(&mut hasher);
    }
    // Zero is what an empty sketch starts with.
    hasher.finish() | 1
}
