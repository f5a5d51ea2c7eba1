//! Moving nodes: by drag, by arrow keys, as copies with Alt.

use egui::{Pos2, Ui, Vec2, vec2};
use spikeloom_engine::project::{NodeId, Project};

use super::camera::{point, stored};
use super::gestures::{Gesture, Hand, toggled_node};
use super::{CanvasState, Scene, create};
use crate::action::{Action, Edit, Selection};

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

/// Nodes of a cancelled move go back to where they were.
pub fn put_back(state: &mut CanvasState, actions: &mut Vec<Action>) {
    if let Some(motion) = state.cancelled_move.take() {
        if motion.copies {
            let copies: Vec<NodeId> = motion.start.iter().map(|(id, _)| *id).collect();
            let edit = Edit::new("Duplicate", move |p| {
                p.nodes.retain(|n| !copies.contains(&n.id));
                p.projections.retain(|q| !copies.contains(&q.from) && !copies.contains(&q.to));
                p.views.retain(|v| !v.sources.iter().any(|s| copies.contains(s)));
            });
            actions.push(Action::Edit(edit.merged(motion.key).selecting(Selection::default())));
        } else {
            actions.push(positions("Move", motion.start, &motion.key));
        }
        actions.push(Action::EndGesture);
    }
}

/// Takes hold of a node, and of all that is selected with it.
pub fn begin_move(
    state: &mut CanvasState,
    scene: &Scene<'_>,
    id: NodeId,
    origin: Pos2,
    hand: Hand,
    actions: &mut Vec<Action>,
) -> Gesture {
    let mut selection = scene.selection.clone();
    if !selection.nodes.contains(&id) {
        selection = toggled_node(scene.selection, id, hand.add);
    }
    state.moves += 1;
    let key = format!("move {}", state.moves);
    let mut start: Vec<(NodeId, [f32; 2])> =
        scene.project.nodes.iter().filter(|n| selection.nodes.contains(&n.id)).map(|n| (n.id, n.position)).collect();
    if hand.alt {
        let (edit, copies) = create::duplicate(scene.project, &selection, [0.0, 0.0]);
        start = copies.into_iter().zip(start).map(|(copy, (_, position))| (copy, position)).collect();
        actions.push(Action::Edit(edit.merged(key.clone())));
    } else if &selection != scene.selection {
        actions.push(Action::Select(selection));
    }
    Gesture::Move(Move { start, grabbed: state.camera.to_canvas(origin), moved: Vec2::ZERO, key, copies: hand.alt })
}

/// Follows the hand, or lets go.
pub fn carry_on_moving(
    state: &mut CanvasState,
    project: &Project,
    mut motion: Move,
    hand: Hand,
    actions: &mut Vec<Action>,
) {
    let mut by = state.camera.to_canvas(hand.at) - motion.grabbed;
    if hand.snap
        && let Some(&(_, first)) = motion.start.first()
    {
        let wish = point(first) + by;
        by = vec2((wish.x / GRID).round() * GRID, (wish.y / GRID).round() * GRID) - point(first).to_vec2();
    }
    if by != motion.moved {
        motion.moved = by;
        let places = motion.start.iter().map(|&(id, at)| (id, stored(point(at) + by))).collect();
        actions.push(positions(&move_label(project, &motion.start), places, &motion.key));
    }
    if hand.down {
        state.gesture = Gesture::Move(motion);
    } else {
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
pub fn nudge(ui: &Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
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
    if scene.selection.nodes.is_empty() {
        return;
    }
    if step != Vec2::ZERO {
        let moved: Vec<(NodeId, [f32; 2])> = scene
            .project
            .nodes
            .iter()
            .filter(|n| scene.selection.nodes.contains(&n.id))
            .map(|n| (n.id, stored(point(n.position) + step)))
            .collect();
        actions.push(positions(&move_label(scene.project, &moved), moved, "nudge"));
    }
    if ended {
        actions.push(Action::EndGesture);
    }
}
