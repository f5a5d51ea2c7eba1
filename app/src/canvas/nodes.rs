//! Draws nodes: shape, frame, colour, title and what they are at a glance.

use std::sync::Arc;

use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, Vec2, Visuals, pos2, vec2};
use spikeloom_engine::project::{Node, Project};

use super::camera::Camera;
use super::captions;
use super::figure::Figure;
use super::shapes::Shape;
use crate::theme;

/// Below this zoom only shapes are drawn.
const DETAIL_ZOOM: f32 = 0.42;
/// Below this zoom the model's name is left out.
const MODEL_ZOOM: f32 = 0.7;
/// Zooms below which less is written.
pub const LEGIBLE: [f32; 2] = [DETAIL_ZOOM, MODEL_ZOOM];
const SECOND_FRAME: f32 = 5.0;
/// Width of the ring round what is selected, in pixels.
const RING: f32 = 2.5;

/// What besides the document decides how a node is drawn.
#[derive(Clone, Copy, Default)]
pub struct Mood {
    pub selected: bool,
    pub hovered: bool,
    /// A wire that fits is being drawn towards it.
    pub welcomes: bool,
    /// A wire that does not fit is being drawn.
    pub refuses: bool,
    /// Spikes per second and neuron.
    pub activity: f64,
    /// Its title is being edited.
    pub renaming: bool,
}

/// Everything that drawing needs.
pub struct Pen<'a> {
    pub painter: &'a Painter,
    pub camera: &'a Camera,
    pub visuals: &'a Visuals,
    pub project: &'a Project,
}

impl Pen<'_> {
    pub fn dark(&self) -> bool {
        self.visuals.dark_mode
    }
    pub fn polygon(&self, shape: Shape, center: Pos2, grow: f32) -> Vec<Pos2> {
        shape.corners(grow).into_iter().map(|c| self.camera.to_screen(center + c)).collect()
    }
    pub fn ground(&self) -> Color32 {
        self.visuals.extreme_bg_color.lerp_to_gamma(self.visuals.panel_fill, 0.6)
    }
    fn text(&self, text: &str, size: f32, color: Color32) -> Arc<Galley> {
        self.painter.layout_no_wrap(text.to_owned(), FontId::proportional(self.camera.font_size(size)), color)
    }
}

/// Draws one node.
pub fn paint(pen: &Pen<'_>, node: &Node, figure: &Figure, mood: Mood) {
    let outside = pen.camera.rect_to_screen(figure.footprint().expand(30.0));
    if !outside.intersects(pen.painter.clip_rect()) {
        return;
    }
    let fade = match (node.muted, mood.refuses) {
        (_, true) => 0.25,
        (true, _) => 0.45,
        _ => 1.0,
    };
    let color = theme::node_color(pen.project, node.id, pen.dark()).gamma_multiply(fade);
    let zoom = pen.camera.zoom;
    glow(pen, figure, color, mood.activity);
    if mood.selected || mood.welcomes {
        ring(pen, figure, mood);
    }
    let fill = mix(pen.ground(), color, if mood.hovered { 0.34 } else { 0.2 });
    let width = (2.2 * zoom).clamp(1.2, 4.0);
    let outline = pen.polygon(figure.shape, figure.center, 0.0);
    pen.painter.add(egui::Shape::convex_polygon(outline, fill, Stroke::new(width, color)));
    if node.n > 1 {
        let inner = pen.polygon(figure.shape, figure.center, -SECOND_FRAME);
        pen.painter.add(egui::Shape::closed_line(inner, Stroke::new((0.6 * width).max(1.0), color)));
    }
    if zoom >= DETAIL_ZOOM {
        write_inside(pen, node, figure, fade);
        if !mood.renaming {
            write_title(pen, node, figure, fade);
        }
    }
    if node.muted {
        mute_mark(pen, figure);
    }
}

fn glow(pen: &Pen<'_>, figure: &Figure, color: Color32, activity: f64) {
    if activity <= 0.0 || !activity.is_finite() {
        return;
    }
    let strength = 1.0 - (-activity / 15.0).exp() as f32;
    for (grow, share) in [(16.0, 0.10), (10.0, 0.16), (5.0, 0.26)] {
        let halo = pen.polygon(figure.shape, figure.center, grow);
        pen.painter.add(egui::Shape::convex_polygon(halo, color.gamma_multiply(share * strength), Stroke::NONE));
    }
}

/// An outline apart from the shape: thick for what is selected, dashed for what fits.
fn ring(pen: &Pen<'_>, figure: &Figure, mood: Mood) {
    let zoom = pen.camera.zoom;
    let mut line = pen.polygon(figure.shape, figure.center, if mood.welcomes { 8.0 } else { ring_gap(zoom) / zoom });
    let color = strong(pen.visuals);
    if mood.welcomes {
        let halo = pen.polygon(figure.shape, figure.center, 10.0);
        pen.painter.add(egui::Shape::convex_polygon(halo, color.gamma_multiply(0.18), Stroke::NONE));
        line.extend(line.first().copied());
        pen.painter.extend(egui::Shape::dashed_line(&line, Stroke::new(2.0, color), 6.0, 4.0));
    } else {
        pen.painter.add(egui::Shape::closed_line(line, Stroke::new(RING, color)));
    }
}

/// How far the ring round what is selected is from the shape, in pixels: its name stays outside.
fn ring_gap(zoom: f32) -> f32 {
    (4.0 * zoom).clamp(2.0, 6.0)
}

/// How far the name is below the shape, in pixels.
fn title_gap(zoom: f32) -> f32 {
    6.0 * zoom.min(1.5)
}

fn write_inside(pen: &Pen<'_>, node: &Node, figure: &Figure, fade: f32) {
    let (first, second) = captions::inside(node);
    let color = pen.visuals.strong_text_color().gamma_multiply(fade);
    let room = pen.camera.rect_to_screen(figure.bounds());
    let center = pos2(room.center().x, room.center().y + figure.shape.text_offset() * pen.camera.zoom);
    let widest = figure.shape.text_width() * pen.camera.zoom;
    let mut lines = pen.text(&first, 14.0, color);
    if lines.size().x > widest {
        // The number alone still tells the size of a population.
        lines = pen.text(first.trim_start_matches("N = "), 12.0, color);
    }
    let has_second = !second.is_empty();
    let (first, second) = (lines, pen.text(&second, 12.0, color));
    if first.size().x > widest {
        return;
    }
    let fits_below = first.size().y + second.size().y < 0.9 * room.height();
    let with_second = has_second && second.size().x <= widest && fits_below;
    let height = first.size().y + if with_second { second.size().y - 2.0 } else { 0.0 };
    let top = center.y - height / 2.0;
    let (first_height, first_left) = (first.size().y, center.x - first.size().x / 2.0);
    pen.painter.galley(pos2(first_left, top), first, color);
    if with_second {
        let left = center.x - second.size().x / 2.0;
        pen.painter.galley(pos2(left, top + first_height - 2.0), second, color);
    }
}

fn write_title(pen: &Pen<'_>, node: &Node, figure: &Figure, fade: f32) {
    let zoom = pen.camera.zoom;
    let top = pen.camera.to_screen(figure.bounds().center_bottom()) + vec2(0.0, title_gap(zoom));
    let name = pen.text(&clipped(&node.name, 26), 15.0, pen.visuals.strong_text_color().gamma_multiply(fade));
    let below = top.y + name.size().y - 1.0;
    backed(pen, pos2(top.x, top.y), name);
    if zoom >= MODEL_ZOOM {
        let model = pen.text(node.model.name, 12.0, pen.visuals.text_color().gamma_multiply(fade));
        backed(pen, pos2(top.x, below), model);
    }
}

/// Text centred below a point on a ground that keeps wires from crossing it.
fn backed(pen: &Pen<'_>, top: Pos2, galley: Arc<Galley>) {
    let rect = Align2::CENTER_TOP.anchor_size(top, galley.size());
    pen.painter.rect_filled(rect.expand2(vec2(3.0, -1.0)), 3.0, pen.ground().gamma_multiply(0.8));
    pen.painter.galley(rect.min, galley, Color32::PLACEHOLDER);
}

/// The room that name and model of a node take, in canvas units: letters do not shrink as shapes do.
pub fn written_rect(ui: &Ui, camera: &Camera, node: &Node, figure: &Figure) -> Option<Rect> {
    let zoom = camera.zoom;
    if zoom < DETAIL_ZOOM {
        return None;
    }
    let size = |text: &str, size: f32| {
        let font = FontId::proportional(camera.font_size(size));
        ui.painter().layout_no_wrap(text.to_owned(), font, Color32::WHITE).size()
    };
    let mut room = size(&clipped(&node.name, 26), 15.0);
    if zoom >= MODEL_ZOOM {
        let model = size(node.model.name, 12.0);
        room = vec2(room.x.max(model.x), room.y + model.y);
    }
    let top = camera.to_screen(figure.bounds().center_bottom()) + vec2(0.0, title_gap(zoom));
    Some(camera.rect_to_canvas(Align2::CENTER_TOP.anchor_size(top, room)))
}

/// Where title and model name are, on the screen.
pub fn writing_rect(camera: &Camera, figure: &Figure) -> Rect {
    let title = title_rect(camera, figure);
    let model = if camera.zoom >= MODEL_ZOOM { camera.font_size(12.0) + 2.0 } else { 0.0 };
    Rect::from_min_max(title.min, title.max + vec2(0.0, model))
}

/// Where the title is, on the screen.
pub fn title_rect(camera: &Camera, figure: &Figure) -> Rect {
    let top = camera.to_screen(figure.bounds().center_bottom());
    let width = (2.0 * figure.shape.half_size().x * camera.zoom).max(60.0);
    Rect::from_min_size(pos2(top.x - width / 2.0, top.y + 4.0), vec2(width, camera.font_size(15.0) + 8.0))
}

/// A crossed circle at the upper right corner.
fn mute_mark(pen: &Pen<'_>, figure: &Figure) {
    let corner = pen.camera.to_screen(figure.bounds().right_top());
    let radius = (9.0 * pen.camera.zoom).clamp(5.0, 12.0);
    let stroke = Stroke::new(1.8, pen.visuals.text_color());
    pen.painter.circle(corner, radius, pen.ground(), stroke);
    let slash = Vec2::angled(-std::f32::consts::FRAC_PI_4) * radius;
    pen.painter.line_segment([corner - slash, corner + slash], stroke);
}

/// The handle from which wires are drawn.
pub fn paint_port(pen: &Pen<'_>, rect: Rect, node: &Node, hovered: bool) {
    let color = theme::node_color(pen.project, node.id, pen.dark());
    let radius = if hovered { 8.0 } else { 6.5 };
    pen.painter.circle(rect.center(), radius, if hovered { color } else { pen.ground() }, Stroke::new(2.0, color));
    let plus = Stroke::new(1.6, if hovered { pen.ground() } else { color });
    let arm = radius * 0.5;
    pen.painter.hline(rect.center().x - arm..=rect.center().x + arm, rect.center().y, plus);
    pen.painter.vline(rect.center().x, rect.center().y - arm..=rect.center().y + arm, plus);
}

/// A small board with text beside a point, such as the reason of a refusal; returns where it stands.
pub fn paint_board(pen: &Pen<'_>, at: Pos2, text: &str, accent: Color32) -> Rect {
    let galley =
        pen.painter.layout(text.to_owned(), FontId::proportional(13.0), pen.visuals.strong_text_color(), 280.0);
    let size = galley.size() + vec2(18.0, 10.0);
    let space = pen.painter.clip_rect().shrink(4.0);
    let wish = at + vec2(16.0, 18.0);
    let min = pos2(
        wish.x.min(space.right() - size.x).max(space.left()),
        wish.y.min(space.bottom() - size.y).max(space.top()),
    );
    let rect = Rect::from_min_size(min, size);
    pen.painter.rect(rect, 4.0, pen.visuals.window_fill, Stroke::new(1.5, accent), StrokeKind::Inside);
    pen.painter.galley(rect.min + vec2(9.0, 5.0), galley, Color32::PLACEHOLDER);
    rect
}

/// The colour of selections and of what fits, well visible on the ground.
pub fn strong(visuals: &Visuals) -> Color32 {
    if visuals.dark_mode { Color32::from_rgb(0xFF, 0xD5, 0x4A) } else { Color32::from_rgb(0x1B, 0x4F, 0xC4) }
}

fn mix(ground: Color32, color: Color32, share: f32) -> Color32 {
    ground.lerp_to_gamma(color.to_opaque(), share * color.a() as f32 / 255.0)
}

fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_of_a_selected_node_stays_clear_of_its_name() {
        for zoom in [DETAIL_ZOOM, 0.5, 0.8, 1.0, 1.3, 2.0, 4.0] {
            let camera = Camera { zoom, ..Camera::default() };
            // Capitals begin about a sixth of the size below the top of a line.
            let capitals = title_gap(zoom) + camera.font_size(15.0) / 6.0;
            assert!(ring_gap(zoom) + 0.5 * RING + 1.0 <= capitals, "zoom {zoom}");
        }
    }
}
