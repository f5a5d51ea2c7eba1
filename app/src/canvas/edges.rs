//! Draws wires: solid where the rule is deterministic, dashed where chance decides; a filled
//! triangle for excitation, a disc for inhibition, an open tip for neither; with a label.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Galley, Pos2, Rect, Stroke, StrokeKind, Vec2, vec2};
use spikeloom_engine::models::Signal;
use spikeloom_engine::project::Projection;

use super::captions;
use super::figure::Figure;
use super::nodes::{Pen, strong, writing_rect};
use super::routes::Route;
use super::shapes::Shape;
use crate::sign::Sign;
use crate::theme;

/// Below this zoom wires have no label unless they are selected.
const LABEL_ZOOM: f32 = 0.55;

/// A label is kept off other wires in networks of up to this many; in larger ones there is no room for that.
const MOST_WIRES: usize = 80;
/// What a pixel of another wire counts against a square pixel of a node or label.
const CROSSED: f32 = 2.0;

/// A label on a wire, placed so that it covers no other.
pub struct Chip {
    pub rect: Rect,
    /// All that it says, where there is no room to write all of it.
    pub whole: Option<String>,
    /// `None` where nothing is written; the place can still be clicked.
    galley: Option<Arc<Galley>>,
}

/// Places the labels of all wires, in their order.
pub fn place_chips(
    pen: &Pen<'_>,
    figures: &[Figure],
    routes: &[Route],
    selected: impl Fn(&Route) -> bool,
) -> Vec<Chip> {
    let clip = pen.painter.clip_rect();
    let mut placed: Vec<Rect> = node_rects(pen, figures, clip);
    let mut chips: Vec<Option<Chip>> = routes.iter().map(|_| None).collect();
    // Self-connections first: they have the fewest places to choose from.
    let (loops, others): (Vec<usize>, Vec<usize>) = (0..routes.len()).partition(|&i| routes[i].from == routes[i].to);
    for i in loops.into_iter().chain(others) {
        let route = &routes[i];
        let seen = pen.camera.rect_to_screen(route.bounds).intersects(clip);
        let wanted = seen && (pen.camera.zoom >= LABEL_ZOOM || selected(route));
        let chip =
            pen.project.projection(route.id).filter(|_| wanted).and_then(|p| written(pen, route, p, &placed, routes));
        let chip = chip.unwrap_or_else(|| {
            let (_, rect) = free_place(pen, route, vec2(22.0, 14.0), &[], &[]);
            Chip { rect, whole: None, galley: None }
        });
        if chip.galley.is_some() {
            placed.push(chip.rect);
        }
        chips[i] = Some(chip);
    }
    chips.into_iter().flatten().collect()
}

/// The label of a projection in the first form that finds a free place, or else the smallest where it covers least.
fn written(pen: &Pen<'_>, route: &Route, projection: &Projection, placed: &[Rect], routes: &[Route]) -> Option<Chip> {
    let text = captions::wire(pen.project, projection);
    if text.parts.is_empty() && text.struck.is_empty() {
        return None;
    }
    let mut last = None;
    for form in text.forms() {
        let struck = if form.whole { text.struck.as_slice() } else { &[] };
        let galley = lay_out(pen, projection, &form.lines.join("\n"), struck);
        let (covered, rect) = free_place(pen, route, galley.size() + vec2(12.0, 5.0), placed, routes);
        let whole = (!form.whole).then(|| {
            [text.plain()].into_iter().chain(text.struck.iter().map(forbidden)).collect::<Vec<_>>().join("\n")
        });
        last = Some(Chip { rect, whole, galley: Some(galley) });
        if covered == 0.0 {
            break;
        }
    }
    last
}

/// A struck letter in words.
fn forbidden(letter: &&'static str) -> String {
    match *letter {
        "A" => "No neuron is connected to itself".into(),
        "M" => "No pair is connected more than once".into(),
        other => format!("Not {other}"),
    }
}

/// What labels should not cover: nodes in view with their titles.
fn node_rects(pen: &Pen<'_>, figures: &[Figure], clip: Rect) -> Vec<Rect> {
    figures
        .iter()
        .flat_map(|f| {
            let body = pen.camera.rect_to_screen(f.bounds());
            [body.expand(beyond_rim(f.shape)), writing_rect(pen.camera, f)]
        })
        .filter(|r| r.intersects(clip))
        .collect()
}

/// How far beyond its rectangle a shape keeps labels, in pixels: those that fill it may not be touched.
fn beyond_rim(shape: Shape) -> f32 {
    match shape {
        Shape::Triangle | Shape::Circle => -4.0,
        Shape::Square | Shape::Hexagon | Shape::Parallelogram => 2.0,
    }
}

/// Whether a wire comes near a rectangle on the screen.
fn meet(pen: &Pen<'_>, wire: &Route, rect: Rect) -> bool {
    pen.camera.rect_to_screen(wire.bounds).intersects(rect)
}

/// The length of a wire within a rectangle on the screen, in pixels.
fn length_within(pen: &Pen<'_>, wire: &Route, rect: Rect) -> f32 {
    const PARTS: usize = 4;
    if !meet(pen, wire, rect) {
        return 0.0;
    }
    let within = |pair: &[Pos2]| {
        let [a, b] = [0, 1].map(|i| pen.camera.to_screen(pair[i]));
        let inside = (0..PARTS).filter(|i| rect.contains(a + (b - a) * ((*i as f32 + 0.5) / PARTS as f32))).count();
        a.distance(b) * inside as f32 / PARTS as f32
    };
    wire.points.windows(2).map(within).sum()
}

/// A label moved sideways so that the border of the canvas does not cut it, if the place it belongs to is seen.
fn kept_within(rect: Rect, at: Pos2, clip: Rect) -> Rect {
    let space = clip.shrink(3.0);
    if !space.contains(at) || rect.width() > space.width() {
        return rect;
    }
    rect.translate(vec2((space.left() - rect.left()).max(0.0) + (space.right() - rect.right()).min(0.0), 0.0))
}

/// The first of several places along the wire where a label covers nothing, or else the one where it covers least: nodes
/// and labels count by area, other wires by their length. With it, the area of nodes and labels that it covers.
fn free_place(pen: &Pen<'_>, route: &Route, size: Vec2, placed: &[Rect], wires: &[Route]) -> (f32, Rect) {
    const ALONE: [f32; 7] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78];
    const CROWDED: [f32; 7] = [0.38, 0.5, 0.3, 0.6, 0.7, 0.22, 0.78];
    const LOOP: [f32; 5] = [0.5, 0.42, 0.58, 0.35, 0.65];
    let shares: &[f32] = match (route.from == route.to, route.crowded) {
        (true, _) => &LOOP,
        (_, true) => &CROWDED,
        _ => &ALONE,
    };
    // A loop's label stands on top of it, so that the arc stays whole.
    let lift = if route.from == route.to { vec2(0.0, -size.y / 2.0) } else { Vec2::ZERO };
    let place = |share: f32| {
        let at = pen.camera.to_screen(route.at(share));
        kept_within(Rect::from_center_size(at + lift, size), at, pen.painter.clip_rect())
    };
    let near = pen.camera.rect_to_screen(route.bounds).expand2(size * 1.5);
    let placed: Vec<&Rect> = placed.iter().filter(|p| p.intersects(near)).collect();
    let covered = |rect: &Rect| -> f32 {
        let overlap = placed.iter().map(|p| p.intersect(rect.shrink(2.0))).filter(Rect::is_positive);
        overlap.map(|r| r.area()).sum()
    };
    let near_wires: Vec<&Route> = match wires.len() {
        0..=MOST_WIRES => wires.iter().filter(|w| w.id != route.id && meet(pen, w, near)).collect(),
        _ => Vec::new(),
    };
    let crossed = |rect: &Rect| -> f32 { near_wires.iter().map(|wire| length_within(pen, wire, *rect)).sum() };
    // Beside the wire only if no place on it is free.
    let beside = [
        Vec2::ZERO,
        vec2(0.0, -0.9 * size.y),
        vec2(0.0, 0.9 * size.y),
        vec2(-0.55 * size.x, 0.0),
        vec2(0.55 * size.x, 0.0),
    ];
    let candidates = beside.iter().flat_map(|&by| shares.iter().map(move |&share| (share, by)));
    let mut best = (f32::INFINITY, 0.0, place(0.5));
    for (share, by) in candidates {
        let rect = place(share).translate(by);
        let area = covered(&rect);
        // Whatever other wires it crosses, it is no better than what has been found.
        if area >= best.0 {
            continue;
        }
        let cover = area + CROSSED * crossed(&rect);
        if cover < best.0 {
            best = (cover, area, rect);
        }
        if cover == 0.0 {
            break;
        }
    }
    (best.1, best.2)
}

fn lay_out(pen: &Pen<'_>, projection: &Projection, text: &str, struck: &[&str]) -> Arc<Galley> {
    let fade = if projection.muted { 0.5 } else { 1.0 };
    let color = pen.visuals.strong_text_color().gamma_multiply(0.85 * fade);
    let font = FontId::proportional(pen.camera.font_size(12.0));
    let mut job = LayoutJob::default();
    job.append(text, 0.0, TextFormat::simple(font.clone(), color));
    for letter in struck {
        let format = TextFormat { strikethrough: Stroke::new(1.5, color), ..TextFormat::simple(font.clone(), color) };
        job.append("   ", 0.0, TextFormat::simple(font.clone(), color));
        job.append(letter, 0.0, format);
    }
    pen.painter.layout_job(job)
}

/// Draws the line and its tip.
pub fn paint_wire(pen: &Pen<'_>, route: &Route, selected: bool, hovered: bool) {
    let Some(projection) = pen.project.projection(route.id) else { return };
    if !pen.camera.rect_to_screen(route.bounds.expand(20.0)).intersects(pen.painter.clip_rect()) {
        return;
    }
    let points: Vec<Pos2> = route.points.iter().map(|&p| pen.camera.to_screen(p)).collect();
    let carries = pen.project.wiring(projection).map(|w| w.carries);
    let records =
        carries == Ok(Signal::Samples) || pen.project.node(projection.to).is_some_and(|n| n.model.is_recorder());
    let muted = projection.muted || pen.project.node(projection.from).is_some_and(|n| n.muted);
    let fade = if muted { 0.4 } else { 1.0 };
    let color = if records {
        pen.visuals.weak_text_color()
    } else {
        theme::node_color(pen.project, projection.from, pen.dark())
    };
    let color = color.gamma_multiply(fade);
    let width = if records { 1.3 } else { 2.0 } * pen.camera.zoom.clamp(0.6, 1.6);
    if selected {
        let halo = Stroke::new(width + 6.0, strong(pen.visuals).gamma_multiply(0.55));
        pen.painter.line(points.clone(), halo);
    }
    let stroke = Stroke::new(if selected || hovered { width + 1.0 } else { width }, color);
    let size = 11.0 * pen.camera.zoom.clamp(0.5, 1.8);
    let line = shortened(&points, size * 0.7);
    if projection.rule.is_random() {
        pen.painter.extend(egui::Shape::dashed_line(&line, stroke, 7.0, 5.0));
    } else {
        pen.painter.line(line, stroke);
    }
    // Continuous signals have hollow tips; spikes have filled ones.
    let signal = carries.as_ref().is_ok_and(|signal| signal.is_continuous());
    let tip = match (records, Sign::of_projection(pen.project, projection)) {
        (true, _) if carries == Ok(Signal::Samples) => Tip::Probe,
        (true, _) => Tip::Open,
        _ if carries == Ok(Signal::Potential) => Tip::Bar,
        _ if carries == Ok(Signal::Diffusion) => Tip::Diamond,
        (_, Sign::Excitatory) if signal => Tip::Open,
        (_, Sign::Inhibitory) if signal => Tip::Probe,
        (_, Sign::Excitatory) => Tip::Triangle,
        (_, Sign::Inhibitory) => Tip::Disc,
        (_, Sign::Generic) => Tip::Open,
    };
    let size = if records { size * 0.75 } else { size };
    if matches!(tip, Tip::Bar) {
        // A gap junction has no direction.
        let back: Vec<Pos2> = points.iter().rev().copied().collect();
        paint_tip(pen, &back, Tip::Bar, size, stroke);
    }
    paint_tip(pen, &points, tip, size, stroke);
}

/// A line without its last stretch, which the tip covers.
fn shortened(points: &[Pos2], by: f32) -> Vec<Pos2> {
    let Some(&end) = points.last() else { return Vec::new() };
    let mut line: Vec<Pos2> = points.iter().copied().take_while(|p| p.distance(end) > by).collect();
    if let Some(&last) = line.last() {
        line.push(end + (last - end).normalized() * by);
    } else {
        line = points.to_vec();
    }
    line
}

enum Tip {
    Triangle,
    Disc,
    Open,
    /// The electrode of a meter, or a signal that inhibits: a small ring.
    Probe,
    /// A gap junction: a bar across the wire.
    Bar,
    /// Drift and diffusion.
    Diamond,
}

fn paint_tip(pen: &Pen<'_>, points: &[Pos2], tip: Tip, size: f32, stroke: Stroke) {
    let Some(&end) = points.last() else { return };
    let Some(&before) = points.iter().rev().find(|p| p.distance(end) > size) else { return };
    let direction = (end - before).normalized();
    let side = direction.rot90() * size * 0.5;
    let back = end - direction * size;
    let solid = Stroke::new(1.0, stroke.color);
    match tip {
        Tip::Triangle => {
            let corners = vec![end, back + side, back - side];
            pen.painter.add(egui::Shape::convex_polygon(corners, stroke.color, solid));
        }
        Tip::Disc => {
            pen.painter.circle_filled(end - direction * size * 0.45, size * 0.5, stroke.color);
        }
        Tip::Open => {
            let corners = vec![end, back + side, back - side];
            let outline = Stroke::new(stroke.width.max(1.3), stroke.color);
            pen.painter.add(egui::Shape::convex_polygon(corners, pen.ground(), outline));
        }
        Tip::Bar => {
            let middle = end - direction * size * 0.3;
            pen.painter.line_segment([middle + side, middle - side], Stroke::new(stroke.width.max(2.0), stroke.color));
        }
        Tip::Diamond => {
            let middle = end - direction * size * 0.5;
            let corners = vec![end, middle + side, back, middle - side];
            let outline = Stroke::new(stroke.width.max(1.3), stroke.color);
            pen.painter.add(egui::Shape::convex_polygon(corners, pen.ground(), outline));
        }
        Tip::Probe => {
            let outline = Stroke::new(stroke.width.max(1.3), stroke.color);
            pen.painter.circle(end - direction * size * 0.4, size * 0.4, pen.ground(), outline);
        }
    }
}

/// Draws a label.
pub fn paint_chip(pen: &Pen<'_>, chip: &Chip, selected: bool, hovered: bool) {
    let Some(galley) = &chip.galley else { return };
    let border = match (selected, hovered) {
        (true, _) => Stroke::new(2.0, strong(pen.visuals)),
        (_, true) => Stroke::new(1.5, pen.visuals.text_color()),
        _ => Stroke::new(1.0, pen.visuals.weak_text_color().gamma_multiply(0.5)),
    };
    pen.painter.rect(chip.rect, 4.0, pen.ground(), border, StrokeKind::Inside);
    pen.painter.galley(chip.rect.center() - galley.size() / 2.0, galley.clone(), Color32::PLACEHOLDER);
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn labels_of_wires_in_view_are_not_cut_at_the_side() {
        let clip = Rect::from_min_size(pos2(100.0, 0.0), vec2(300.0, 200.0));
        let at = |x: f32| {
            let at = pos2(x, 50.0);
            kept_within(Rect::from_center_size(at, vec2(80.0, 16.0)), at, clip).center().x
        };
        assert_eq!([250.0, 390.0, 110.0, 450.0].map(at), [250.0, 357.0, 143.0, 450.0]);
    }
}
