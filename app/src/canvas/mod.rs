//! The network canvas: nodes, wires and the gestures on them.
//!
//! Everything is drawn in screen coordinates through an own `camera::Camera`; nodes, ports and
//! wires are named widgets, so that tests and assistive technology can reach them.

mod camera;
mod captions;
mod corner;
mod device_lines;
mod edges;
mod figure;
mod finder;
mod gestures;
mod hand;
mod menu;
mod moving;
mod nodes;
mod notes;
mod picture;
mod rename;
mod routes;
mod shapes;
mod sketch;
mod state;
#[cfg(test)]
mod tests;
mod wiring;

use egui::{DragAndDrop, EventFilter, Id, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, vec2};
use spikeloom_engine::models;
use spikeloom_engine::project::Project;

use crate::action::Action;
use crate::editing::place::{free_spot, stored};
use crate::editing::{self, create};
use crate::palette::DraggedModel;
use camera::Camera;
use edges::Chip;
use gestures::Touch;
use nodes::Pen;
pub use state::{CanvasState, Scene};

const PORT_SIDE: f32 = 18.0;

/// Lays all nodes out in columns, with room for what is written on their wires.
pub fn arrange(project: &mut Project) {
    editing::arrange::arrange(project, |project, projection| captions::wire(project, projection).usual_width());
}

/// Draws the canvas into all the space of `ui`.
pub fn show(ui: &mut Ui, state: &mut CanvasState, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let id = ui.scope_id().with("canvas");
    let rect = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(rect);
    let outer_clip = ui.clip_rect();
    ui.set_clip_rect(rect.intersect(outer_clip));
    state.camera.rect = rect;
    state.sketch.update(scene.project);
    state.notes.follow(ui, &state.camera, scene.project);
    state.move_camera(ui, scene.project);
    state.scroll(ui);
    state.remember_pointer(ui);
    state.forget_what_is_gone(ui, scene.project);

    let visuals = ui.visuals().clone();
    let camera = state.camera;
    let painter = ui.painter().clone();
    let pen = Pen { painter: &painter, camera: &camera, visuals: &visuals, project: scene.project };
    let chips = edges::place_chips(&pen, &state.sketch.figures, &state.sketch.routes, |r| {
        scene.selection.projections.contains(&r.id)
    });
    let background = touch_background(ui, id, &camera);
    let notes = state.notes.touch(ui, id, &camera, scene.project);
    state.notes.act(ui, &camera, scene.project, &notes, actions);
    picture::paint_ground(&pen);
    // What notes hold, as links, lies below the network for the pointer too.
    state.notes.paint(ui, id, &camera, scene.project, &notes);
    let touch = touch(ui, id, state, scene, &chips, background);
    keys(ui, state, scene, &touch, actions);
    gestures::run(ui, state, scene, &touch, actions);
    take_dropped_model(ui, state, scene.project, actions);

    picture::paint(ui, &pen, state, scene, &touch, &chips);
    if scene.overview {
        corner::overview(ui, id, &mut state.camera, &mut state.corner, &state.sketch, scene.project);
    }
    if corner::buttons(ui, &mut state.camera) {
        state.fit(None);
        ui.ctx().request_repaint();
    }
    rename::show(ui, &mut state.rename, &camera, &state.sketch, scene.project, actions);
    state.notes.write(ui, &camera, state.pointer.unwrap_or(camera.center), actions);
    menu::show(ui, &mut state.menu, &mut state.finder, scene.project, actions);
    finder::show(ui, &mut state.finder, &camera, (scene.project, scene.running), scene.favourites, actions);
    ui.set_clip_rect(outer_clip);
}

/// Reached by the pointer only; the keyboard goes from node to node.
const POINTER_ONLY: Sense = Sense::CLICK.union(Sense::DRAG);

fn touch_background(ui: &Ui, id: Id, camera: &Camera) -> Response {
    let background = ui.interact(camera.rect, id.with("background"), POINTER_ONLY);
    background.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Network canvas"));
    background
}

/// Registers all widgets of the network, in the order in which they lie above each other, and names them.
fn touch(ui: &Ui, id: Id, state: &CanvasState, scene: &Scene<'_>, chips: &[Chip], background: Response) -> Touch {
    let (camera, sketch) = (&state.camera, &state.sketch);
    let sense = Sense::click_and_drag();
    let edges = sketch.routes.iter().zip(chips).map(|(route, chip)| {
        let response = ui.interact(chip.rect, id.with(("wire", route.id)), sense);
        response.widget_info(|| {
            let selected = scene.selection.projections.contains(&route.id);
            WidgetInfo::selected(Role::Button, true, selected, captions::projection_name(scene.project, route))
        });
        match &chip.whole {
            Some(whole) => response.on_hover_text(whole),
            None => response,
        }
    });
    let edges = edges.collect();
    let nodes = sketch.figures.iter().map(|figure| {
        let title = ui.interact(nodes::title_rect(camera, figure), id.with(("title", figure.id)), POINTER_ONLY);
        let body = ui.interact(camera.rect_to_screen(figure.bounds()), id.with(("node", figure.id)), sense);
        body.widget_info(|| {
            let name = scene.project.node(figure.id).map_or_else(String::new, captions::node_name);
            WidgetInfo::selected(Role::Button, true, scene.selection.nodes.contains(&figure.id), name)
        });
        (body, title)
    });
    let nodes = nodes.collect();
    let ports = sketch.figures.iter().map(|figure| {
        let at = camera.to_screen(figure.center + figure.shape.port());
        let rect = Rect::from_center_size(at + vec2(8.0, 0.0), Vec2::splat(PORT_SIDE));
        let response = ui.interact(rect, id.with(("port", figure.id)), sense);
        response.widget_info(|| {
            let name = scene.project.node(figure.id).map_or("", |n| n.name.as_str());
            WidgetInfo::labeled(Role::Button, true, format!("Connect from {name}"))
        });
        response
    });
    let ports = ports.collect();
    Touch { background, nodes, ports, edges }
}

/// Arrow keys move the selection; not while a text field or another panel has the focus.
fn keys(ui: &Ui, state: &mut CanvasState, scene: &Scene<'_>, touch: &Touch, actions: &mut Vec<Action>) {
    let focused = ui.memory(|m| m.focused());
    let own = touch
        .nodes
        .iter()
        .map(|(body, _)| body)
        .chain(&touch.ports)
        .chain(&touch.edges)
        .chain([&touch.background])
        .find(|r| Some(r.id) == focused);
    if let Some(own) = own {
        // Arrow keys move what is selected instead of the focus.
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(own.id, filter));
    }
    let busy = state.finder.is_some() || state.menu.is_some() || state.rename.is_some();
    if busy || (focused.is_some() && own.is_none()) {
        return;
    }
    moving::nudge(ui, scene.project, scene.selection, actions);
}

/// A model dragged from the palette becomes a node where it is let go.
fn take_dropped_model(ui: &Ui, state: &CanvasState, project: &Project, actions: &mut Vec<Action>) {
    if !DragAndDrop::has_payload_of_type::<DraggedModel>(ui.ctx()) {
        return;
    }
    let (pointer, released) = ui.input(|i| (i.pointer.interact_pos(), i.pointer.any_released()));
    let Some(pointer) = pointer.filter(|&p| state.camera.rect.contains(p) && released) else { return };
    let Some(model) = DragAndDrop::take_payload::<DraggedModel>(ui.ctx()).and_then(|d| models::find(d.0)) else {
        return;
    };
    let at = free_spot(project, model, stored(state.camera.to_canvas(pointer)));
    actions.push(create::add_node(project, model, at).into());
}
