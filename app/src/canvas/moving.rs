//! Moving nodes: by drag, by arrow keys, as copies with Alt.

use egui::{Pos2, Ui, Vec2, vec2};
use spikeloom_engine::project::{NodeId, Project};

use crate::action::{Action, Edit, Selection};
use crate::editing::duplicate;
use crate::editing::place::{point, stored};

/// Grid of arrow keys and of moving with Ctrl, canvas units.
const GRID: f32 = 10.0;

/// Nodes being dragged.
pub struct Move {
    /// Where the nodes stood, and stand again if the gesture is cancelled.
    start: Vec<(NodeId, [f32; 2])>,
    grabbed: Pos2,
    moved: Vec2,
    key: String,
    /// The nodes are copies made by this gesture.
    copies: bool,
}

impl Move {
    /// Takes hold of the selected nodes at a canvas point. `number` tells moves apart, so that each is an undo step of
    /// its own.
    pub fn begin(project: &Project, selection: &Selection, grabbed: Pos2, number: u64) -> Move {
        let selected = project.nodes.iter().filter(|n| selection.nodes.contains(&n.id));
        let start = selected.map(|n| (n.id, n.position)).collect();
        Move { start, grabbed, moved: Vec2::ZERO, key: format!("move {number}"), copies: false }
    }

    /// Copies the selected nodes and takes hold of the copies.
    pub fn begin_with_copies(
        project: &Project,
        selection: &Selection,
        grabbed: Pos2,
        number: u64,
        actions: &mut Vec<Action>,
    ) -> Move {
        let originals = Move::begin(project, selection, grabbed, number);
        let (edit, copies) = duplicate::moved_by(project, selection, [0.0, 0.0]);
        actions.push(Action::Edit(edit.merged(originals.key.clone())));
        let start = copies.into_iter().zip(&originals.start).map(|(copy, &(_, position))| (copy, position)).collect();
        Move { start, copies: true, ..originals }
    }

    /// Follows the pointer to a canvas point, on the grid if `snap`.
    pub fn follow(&mut self, project: &Project, at: Pos2, snap: bool, actions: &mut Vec<Action>) {
        let mut by = at - self.grabbed;
        if snap && let Some(&(_, first)) = self.start.first() {
            let wish = point(first) + by;
            by = vec2((wish.x / GRID).round() * GRID, (wish.y / GRID).round() * GRID) - point(first).to_vec2();
        }
        if by != self.moved {
            self.moved = by;
            let places = self.start.iter().map(|&(id, at)| (id, stored(point(at) + by))).collect();
            actions.push(positions(&move_label(project, &self.start), places, &self.key));
        }
    }

    /// Undoes a cancelled move: nodes go back to where they were, copies go.
    pub fn put_back(self, actions: &mut Vec<Action>) {
        if self.copies {
            let copies: Vec<NodeId> = self.start.iter().map(|(id, _)| *id).collect();
            let edit = Edit::new("Duplicate", move |p| {
                p.nodes.retain(|n| !copies.contains(&n.id));
                p.projections.retain(|q| !copies.contains(&q.from) && !copies.contains(&q.to));
                p.views.retain(|v| !v.sources.iter().any(|s| copies.contains(s)));
            });
            actions.push(Action::Edit(edit.merged(self.key).selecting(Selection::default())));
        } else {
            actions.push(positions("Move", self.start, &self.key));
        }
        actions.push(Action::EndGesture);
    }
}

fn move_label(project: &Project, moved: &[(NodeId, [f32; 2])]) -> String {
    match moved {
        [(one, _)] => format!("Move {}", project.node(*one).map_or("node", |n| n.name.as_str())),
        many => format!("Move {} nodes", many.len()),
    }
}

fn positions(label: &str, places: Vec<(NodeId, [f32; 2])>, key: &str) -> Action {
    let edit = Edit::new(label, move |p| {
        for (id, position) in places {
            if let Some(node) = p.node_mut(id) {
                node.position = position;
            }
        }
    });
    Action::Edit(edit.merged(key))
}

/// Moves the selected nodes by arrow keys: ten units, one with Shift.
pub fn nudge(ui: &Ui, project: &Project, selection: &Selection, actions: &mut Vec<Action>) {
    use egui::Key;
    const ARROWS: [(Key, Vec2); 4] = [
        (Key::ArrowLeft, vec2(-1.0, 0.0)),
        (Key::ArrowRight, vec2(1.0, 0.0)),
        (Key::ArrowUp, vec2(0.0, -1.0)),
        (Key::ArrowDown, vec2(0.0, 1.0)),
    ];
    let (step, ended) = ui.input(|i| {
        let plain = !i.modifiers.command && !i.modifiers.alt;
        let size = if i.modifiers.shift { 1.0 } else { GRID };
        let presses = |key| if plain { i.num_presses(key) as f32 } else { 0.0 };
        let step = ARROWS.iter().fold(Vec2::ZERO, |sum, &(key, way)| sum + way * presses(key) * size);
        (step, ARROWS.iter().any(|&(key, _)| i.key_released(key)))
    });
    if selection.nodes.is_empty() {
        return;
    }
    if step != Vec2::ZERO {
        let moved: Vec<(NodeId, [f32; 2])> = project
            .nodes
            .iter()
            .filter(|n| selection.nodes.contains(&n.id))
            .map(|n| (n.id, stored(point(n.position) + step)))
            .collect();
        actions.push(positions(&move_label(project, &moved), moved, "nudge"));
    }
    if ended {
        actions.push(Action::EndGesture);
    }
}
