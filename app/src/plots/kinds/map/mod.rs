//! Neurons where they stand: spikes light up and fade, or a sampled quantity is shown as colour. Lines lead from the neuron
//! under the pointer to its targets or sources.

mod lines;
mod view;

use std::sync::Arc;

use egui::{Color32, ComboBox, Mesh, Pos2, Rect, Shape, Stroke, Vec2, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::description::space::{Places, Point, Positions};
use spikeloom_engine::live::{Asked, Connections};
use spikeloom_engine::project::{Node, unknown};
use spikeloom_engine::recordings::{RecorderKind, Recordings};

use crate::action::Edit;
use crate::plots::axis::{self, thousands};
use crate::plots::data::{PlotData, Shown};
use crate::plots::editor::{Editor, NumberField};
use crate::plots::plot::{Facts, Plot, ReadOut, Remark, Turn, passed};
use crate::plots::populations::{self, Population, Reader, are_spikes};
use crate::plots::reach;
use crate::plots::sheet::{Across, Scale, Sheet};
use crate::plots::table::{Table, exact};
use crate::plots::takes;
use lines::{Line, Lines};
use view::{Bounds, Camera};

/// Size of a point, points of the screen, and the share of the distance to its neighbours that it has at most.
const SMALLEST: f32 = 1.0;
const LARGEST: f32 = 12.0;
const SHARE: f32 = 0.7;

/// A spike is dark again after so many times the time in which it fades to 1/e.
const GONE: f64 = 5.0;

/// Points are pointed at from so near, points of the screen.
const NEAR: f32 = 9.0;

/// Brighter points are drawn above those at rest.
const LIT: f32 = 0.02;

/// The colour of what is edited, on either ground.
const EDITED: Color32 = Color32::from_rgb(0xE0, 0xA0, 0x30);

/// Degrees by which a point of dragging turns the camera.
const TURN: f64 = 0.5;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The quantity shown as colour, of meters; empty for spikes, or the first one there is where none are recorded.
    pub variable: String,
    /// Time in which a spike fades to 1/e, ms.
    pub fade: f64,
    /// From where a space of three dimensions is seen, degrees.
    pub azimuth: f64,
    pub elevation: f64,
    /// To whom lines lead from the neuron under the pointer.
    pub lines: Lines,
}

impl Default for Settings {
    fn default() -> Self {
        let lines = Lines::default();
        Settings { variable: String::new(), fade: 10.0, azimuth: 30.0, elevation: 30.0, lines }
    }
}

/// The neurons of a population, and what was last heard of each.
struct Field {
    places: Arc<[Point]>,
    /// Where they lie in the picture, and the corners of the rectangle that holds them there.
    flat: Vec<(f64, f64)>,
    corners: [(f64, f64); 2],
    /// Time of the last spike of each; before all times if there was none.
    last: Vec<f64>,
    /// The last sample of each.
    values: Vec<f64>,
}

#[derive(Default)]
pub struct Map {
    reader: Reader,
    /// Populations that are sampled, in place of those of which spikes are recorded.
    sampled: Vec<Population>,
    /// What the places were worked out from.
    standing: Vec<(Option<Positions>, u32)>,
    camera: Option<Camera>,
    /// A population stands in a space of three dimensions.
    solid: bool,
    fields: Vec<Field>,
    bounds: Option<Bounds>,
    /// The least and the greatest value sampled so far.
    range: Option<(f64, f64)>,
    /// Name and unit of what is sampled.
    quantity: (String, String),
    /// Which samples were read last: quantity, and how many values each recorder had.
    read: (String, Vec<usize>),
    aspect: f64,
    /// All points as they are at rest, and what they were painted for.
    rest: Option<(Painted, Arc<Mesh>)>,
    /// The points that are lit.
    lit: Arc<Mesh>,
    /// Who was looked for under the pointer last, and where.
    pointed: Option<(Pointed, Option<Neuron>)>,
    asked: Option<Asked>,
}

/// What the points at rest were painted for.
#[derive(Clone, PartialEq)]
struct Painted {
    rect: Rect,
    across: (f64, f64),
    y: (f64, f64),
    dark: bool,
    colors: Vec<Color32>,
}

/// Where on which sheet the pointer stood.
#[derive(Clone, Copy, PartialEq)]
struct Pointed {
    pointer: Pos2,
    rect: Rect,
    across: (f64, f64),
    y: (f64, f64),
}

/// A neuron on the screen: index of its population, its place there, and where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Neuron {
    population: usize,
    place: usize,
    at: Pos2,
}

fn are_samples(kind: &RecorderKind) -> bool {
    matches!(kind, RecorderKind::Samples { .. })
}

/// Whether places are the same; long lists are not compared that share their memory.
fn same(a: Option<&Positions>, b: Option<&Positions>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => match (&a.places, &b.places) {
            (Places::Free { at: x, .. }, Places::Free { at: y, .. }) if Arc::ptr_eq(x, y) => {
                (a.dimensions, a.extent, a.center, a.edge_wrap) == (b.dimensions, b.extent, b.center, b.edge_wrap)
            }
            _ => a == b,
        },
        (a, b) => a.is_none() && b.is_none(),
    }
}

impl Map {
    fn populations(&self) -> &[Population] {
        if self.sampled.is_empty() { self.reader.populations() } else { &self.sampled }
    }

    /// Works out the places anew where nodes or the camera have changed.
    fn stand(&mut self, shown: &Shown<'_, Settings>, populations: &[Population]) {
        let node = |p: &Population| shown.project.node(p.node);
        let positions = |p: &Population| node(p).and_then(|node| node.positions.as_ref());
        let stays = self.fields.len() == populations.len()
            && self.standing.iter().zip(populations).all(|((old, n), p)| *n == p.n && same(old.as_ref(), positions(p)));
        let camera = |solid: bool| {
            let Settings { azimuth, elevation, .. } = *shown.settings;
            if solid { Camera::new(azimuth, elevation) } else { Camera::new(0.0, 90.0) }
        };
        if stays && self.camera == Some(camera(self.solid)) {
            return;
        }
        if !stays {
            let field = |p: &Population| {
                // While the network is not built anew the document may say another number.
                let places = node(p).and_then(|node| Node { n: p.n as usize, ..node.clone() }.places());
                let places = places.filter(|places| places.len() == p.n as usize).unwrap_or_else(|| Arc::from([]));
                let n = places.len();
                Field {
                    places,
                    flat: Vec::new(),
                    corners: [(0.0, 0.0); 2],
                    last: vec![f64::NEG_INFINITY; n],
                    values: vec![f64::NAN; n],
                }
            };
            self.fields = populations.iter().map(field).collect();
            self.standing = populations.iter().map(|p| (positions(p).cloned(), p.n)).collect();
            self.solid = populations.iter().any(|p| positions(p).is_some_and(|positions| positions.dimensions == 3));
            self.reader.begin_anew();
            self.read = Default::default();
        }
        let camera = camera(self.solid);
        for field in &mut self.fields {
            field.flat = field.places.iter().map(|place| camera.place(*place)).collect();
            let nothing = [(f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY)];
            field.corners = field.flat.iter().fold(nothing, |[low, high], (x, y)| {
                [(low.0.min(*x), low.1.min(*y)), (high.0.max(*x), high.1.max(*y))]
            });
        }
        let places = self.fields.iter().flat_map(|field| field.places.iter().copied());
        self.bounds = Some(Bounds::of(places, &camera, self.solid));
        (self.camera, self.rest, self.pointed) = (Some(camera), None, None);
    }

    fn read_spikes(&mut self, shown: &Shown<'_, Settings>, populations: Vec<Population>) {
        let news = self.reader.advance(populations, shown.recordings);
        if news.anew {
            self.fields.iter_mut().for_each(|field| field.last.fill(f64::NEG_INFINITY));
        }
        for row in self.reader.rows(&news, shown.recordings) {
            let Some(field) = self.fields.get_mut(row.population) else { continue };
            if let Some(last) = field.last.get_mut(row.place as usize) {
                *last = row.time;
            }
        }
    }

    /// The last samples of all populations, if there are new ones.
    fn read_samples(&mut self, shown: &Shown<'_, Settings>) {
        let count = |p: &Population| shown.recordings.rows.get(p.recorder).map_or(0, |rows| rows.values.len());
        let read = (shown.settings.variable.clone(), self.sampled.iter().map(count).collect());
        if self.read == read {
            return;
        }
        (self.read, self.range) = (read, None);
        for (population, field) in self.sampled.iter().zip(&mut self.fields) {
            field.values.fill(f64::NAN);
            let Some(samples) = Samples::of(shown.recordings, population.recorder, &shown.settings.variable) else {
                continue;
            };
            self.quantity.clone_from(&samples.quantity);
            for (j, sender) in samples.senders.iter().enumerate() {
                let Some(place) = population.place(*sender) else { continue };
                if let (Some(value), Some(to)) = (samples.last(j), field.values.get_mut(place as usize)) {
                    *to = value;
                }
            }
            let (low, high) = samples.range();
            if low <= high {
                self.range = Some(self.range.map_or((low, high), |(a, b)| (a.min(low), b.max(high))));
            }
        }
    }

    /// How bright a neuron is, from 0 to 1.
    fn glow(&self, field: &Field, i: usize, now: f64, fade: f64) -> f32 {
        if self.sampled.is_empty() {
            let age = now - field.last[i];
            return if age < 0.0 || age > GONE * fade { 0.0 } else { (-age / fade).exp() as f32 };
        }
        match (field.values[i], self.range) {
            (value, Some((low, high))) if value.is_finite() && high > low => ((value - low) / (high - low)) as f32,
            _ => 0.0,
        }
    }

    /// The size of points: nearly as wide as the way to a neighbour, if all stood evenly.
    fn size(&self, sheet: &Sheet) -> f32 {
        let distance = |field: &Field| {
            let [low, high] = field.corners.map(|(x, y)| pos2(sheet.x(x), sheet.y(y)));
            (Rect::from_two_pos(low, high).area() / field.flat.len() as f32).sqrt()
        };
        let there = self.fields.iter().filter(|field| !field.flat.is_empty());
        let each = there.map(distance).reduce(f32::min).unwrap_or(LARGEST);
        // Points on a line take no area.
        let each = if each > 0.0 && each.is_finite() { each } else { LARGEST };
        (SHARE * each).clamp(SMALLEST, LARGEST)
    }

    /// The neuron nearest to the pointer.
    fn nearest(&self, sheet: &Sheet, pointer: Pos2) -> Option<Neuron> {
        let mut best: Option<(f32, Neuron)> = None;
        for (population, field) in self.fields.iter().enumerate() {
            for (place, (x, y)) in field.flat.iter().enumerate() {
                let at = pos2(sheet.x(*x), sheet.y(*y));
                let distance = at.distance(pointer);
                if distance <= NEAR && best.is_none_or(|(nearest, _)| distance < nearest) {
                    best = Some((distance, Neuron { population, place, at }));
                }
            }
        }
        best.map(|(_, neuron)| neuron)
    }

    /// As [`Map::nearest`], which need not be looked for again while neither pointer nor sheet has moved.
    fn under(&self, sheet: &Sheet, pointer: Pos2) -> Option<Neuron> {
        match self.pointed {
            Some((pointed, neuron)) if pointed == Pointed::on(sheet, pointer) => neuron,
            _ => self.nearest(sheet, pointer),
        }
    }

    fn lit(&self, now: f64, fade: f64) -> usize {
        let of = |field: &Field| field.last.iter().filter(|last| (0.0..=fade).contains(&(now - **last))).count();
        self.fields.iter().map(of).sum()
    }

    fn frame(&self) -> ((f64, f64), (f64, f64)) {
        let nothing = || Bounds::of(std::iter::empty(), &Camera::new(0.0, 90.0), false);
        self.bounds.unwrap_or_else(nothing).framed(self.aspect)
    }

    /// The answer of the network to what was asked last, if it has come.
    fn answer<'a>(&self, shown: &Shown<'a, Settings>) -> Option<&'a Connections> {
        shown.status.connections.as_deref().filter(|connections| Some(connections.asked) == self.asked)
    }

    /// All points as they are at rest, painted anew where the sheet has changed.
    fn at_rest(&mut self, sheet: &Sheet, size: f32, dark: bool) -> Shape {
        let colors = self.populations().iter().map(|p| p.color).collect();
        let painted = Painted { rect: sheet.rect, across: sheet.across, y: sheet.y, dark, colors };
        if let Some((of, mesh)) = &self.rest
            && *of == painted
        {
            return Shape::mesh(mesh.clone());
        }
        let mut mesh = Mesh::default();
        let total: usize = self.fields.iter().map(|field| field.flat.len()).sum();
        mesh.reserve_vertices(4 * total);
        mesh.reserve_triangles(2 * total);
        let visible = sheet.rect.expand(size);
        for (field, color) in self.fields.iter().zip(&painted.colors) {
            let color = shade(*color, 0.0, dark);
            for (x, y) in &field.flat {
                let at = pos2(sheet.x(*x), sheet.y(*y));
                if visible.contains(at) {
                    mesh.add_colored_rect(Rect::from_center_size(at, Vec2::splat(size)), color);
                }
            }
        }
        let mesh = Arc::new(mesh);
        self.rest = Some((painted, mesh.clone()));
        Shape::mesh(mesh)
    }

    /// The points that are not at rest.
    fn lights(&mut self, shown: &Shown<'_, Settings>, sheet: &Sheet, size: f32) -> Shape {
        let (now, fade) = (shown.status.time, shown.settings.fade.max(1e-3));
        let visible = sheet.rect.expand(size);
        // The room of the picture before is used again, if that is not shown any more.
        let mut lit = std::mem::take(&mut self.lit);
        if Arc::get_mut(&mut lit).is_none() {
            lit = Arc::default();
        }
        let Some(mesh) = Arc::get_mut(&mut lit) else { return Shape::Noop };
        mesh.clear();
        for (population, field) in self.populations().iter().zip(&self.fields) {
            for (i, (x, y)) in field.flat.iter().enumerate() {
                let glow = self.glow(field, i, now, fade);
                if glow <= LIT {
                    continue;
                }
                let at = pos2(sheet.x(*x), sheet.y(*y));
                if visible.contains(at) {
                    let grown = size * (1.0 + if self.sampled.is_empty() { 0.4 * glow } else { 0.0 });
                    let point = Rect::from_center_size(at, Vec2::splat(grown));
                    mesh.add_colored_rect(point, shade(population.color, glow, shown.dark));
                }
            }
        }
        self.lit = lit.clone();
        Shape::mesh(lit)
    }

    /// Lines to the targets of the neuron that was asked for, or from its sources.
    fn lines(&self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let (Some(told), Some(camera)) = (self.answer(shown), self.camera) else { return Vec::new() };
        let place = |node, neuron: usize| {
            let p = self.populations().iter().position(|p| p.node == node)?;
            Some((p, *self.fields.get(p)?.places.get(neuron)?))
        };
        let Some((own, from)) = place(told.asked.node, told.asked.neuron) else { return Vec::new() };
        let weights = || told.bundles.iter().flat_map(|bundle| &bundle.synapses).map(|(_, weight)| weight.abs());
        let most = weights().fold(f64::MIN_POSITIVE, f64::max);
        let outgoing = shown.settings.lines == Lines::Targets;
        let ends = told.bundles.iter().flat_map(|bundle| bundle.synapses.iter().map(|synapse| (bundle.node, synapse)));
        let lines = ends.filter_map(|(node, (neuron, weight))| {
            let (other, end) = place(node, *neuron as usize)?;
            let color = self.populations()[if outgoing { own } else { other }].color;
            // Lines stand out from points of the same population.
            let color = mix(color, if shown.dark { Color32::WHITE } else { Color32::BLACK }, 0.6);
            Some(Line { end, share: (weight.abs() / most) as f32, color })
        });
        let space = self.standing.get(own).and_then(|(positions, _)| positions.as_ref());
        lines::draw(from, &lines::thinned(lines.collect()), space, &camera, sheet)
    }

    /// Mask and kernel of the projection that is edited, around the neuron under the pointer or else the middle of what is seen.
    fn reach(&self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Option<Shape> {
        /// Patches along each side.
        const ROWS: usize = 64;
        let projection = shown.project.projection(shown.edited?).filter(|p| p.is_drawn_in_space() && !self.solid)?;
        let node = if projection.mask_is_at_target() { projection.to } else { projection.from };
        let p = self.populations().iter().position(|population| population.node == node)?;
        let pointed = self.pointed.and_then(|(_, neuron)| neuron).filter(|neuron| neuron.population == p);
        let center = match pointed {
            Some(neuron) => *self.fields.get(p)?.places.get(neuron.place)?,
            None => [sheet.x_at(sheet.rect.center()), sheet.y_at(sheet.rect.center()), 0.0],
        };
        let (mask, kernel) = (projection.mask.as_ref(), projection.kernel.as_ref());
        let half = reach::half_width(mask, kernel);
        let side = 2.0 * half / ROWS as f64;
        let way = |i: usize| -half + (i as f64 + 0.5) * side;
        let patches = || (0..ROWS * ROWS).map(|i| [way(i % ROWS), way(i / ROWS), 0.0]);
        let values: Vec<f64> = patches().map(|way| reach::value(mask, kernel, way)).collect();
        let most = values.iter().copied().filter(|x| x.is_finite()).fold(0.0, f64::max);
        let mut mesh = Mesh::default();
        for (way, value) in patches().zip(&values).filter(|(_, value)| **value > 0.0 && most > 0.0) {
            let (left, right) = (center[0] + way[0] - 0.5 * side, center[0] + way[0] + 0.5 * side);
            let (low, high) = (center[1] + way[1] - 0.5 * side, center[1] + way[1] + 0.5 * side);
            let patch = Rect::from_min_max(pos2(sheet.x(left), sheet.y(high)), pos2(sheet.x(right), sheet.y(low)));
            let share = (value / most).clamp(0.0, 1.0) as f32;
            mesh.add_colored_rect(patch, EDITED.gamma_multiply(0.06 + 0.34 * share));
        }
        Some(Shape::mesh(mesh))
    }

    /// The edges of the box in which neurons of a space of three dimensions stand, so that one sees how it is turned.
    fn edges(&self, sheet: &Sheet, dark: bool) -> Vec<Shape> {
        let Some(camera) = self.camera.filter(|_| self.solid) else { return Vec::new() };
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        for (center, size) in self.standing.iter().filter_map(|(positions, _)| Some(positions.as_ref()?.frame())) {
            low = std::array::from_fn(|axis| low[axis].min(center[axis] - 0.5 * size[axis]));
            high = std::array::from_fn(|axis| high[axis].max(center[axis] + 0.5 * size[axis]));
        }
        let corner = |corner: usize| {
            let place = std::array::from_fn(|axis| if corner >> axis & 1 == 0 { low[axis] } else { high[axis] });
            let (x, y) = camera.place(place);
            pos2(sheet.x(x), sheet.y(y))
        };
        let stroke = Stroke::new(1.0, Color32::from_gray(if dark { 70 } else { 190 }));
        let ways = (0..8).flat_map(|from| (0..3).map(move |axis| (from, from | 1 << axis)));
        ways.filter(|(from, to)| from != to).map(|(a, b)| Shape::line_segment([corner(a), corner(b)], stroke)).collect()
    }
}

impl Pointed {
    fn on(sheet: &Sheet, pointer: Pos2) -> Self {
        Pointed { pointer, rect: sheet.rect, across: sheet.across, y: sheet.y }
    }
}

/// What a meter has sampled of one quantity.
struct Samples<'a> {
    senders: &'a [u32],
    values: &'a [f64],
    variables: usize,
    variable: usize,
    quantity: (String, String),
}

impl<'a> Samples<'a> {
    fn of(recordings: &'a Recordings, recorder: usize, wanted: &str) -> Option<Self> {
        let RecorderKind::Samples { variables, senders, .. } = &recordings.plan.recorders.get(recorder)?.kind else {
            return None;
        };
        let variable = if wanted.is_empty() { 0 } else { variables.iter().position(|(name, _)| name == wanted)? };
        let quantity = variables.get(variable)?.clone();
        let values = &recordings.rows.get(recorder)?.values;
        Some(Samples { senders, values, variables: variables.len(), variable, quantity })
    }

    /// Values of one time.
    fn width(&self) -> usize {
        self.senders.len() * self.variables
    }

    fn last(&self, sender: usize) -> Option<f64> {
        let begin = self.values.len().checked_sub(self.width())?;
        self.values.get(begin + sender * self.variables + self.variable).copied()
    }

    /// The least and the greatest value of late: of as many as are looked through at once.
    fn range(&self) -> (f64, f64) {
        const MOST: usize = 200_000;
        let times = (MOST / self.width().max(1)).max(1) * self.width();
        let late = &self.values[self.values.len().saturating_sub(times)..];
        let all = late.iter().skip(self.variable).step_by(self.variables.max(1));
        all.filter(|x| x.is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)))
    }
}

/// Lets the user choose what is a colour: spikes, or one of the quantities that are sampled.
fn color(editor: &mut Editor<'_, Settings>) {
    editor.ui.separator();
    let (plan, sources) = (&editor.shown.recordings.plan, editor.shown.sources);
    let shown = || plan.recorders.iter().filter(|recorder| sources.contains(&recorder.node));
    // A quantity by its name, with its unit; spikes have none.
    let mut all: Vec<(String, String)> = Vec::new();
    if shown().any(|recorder| are_spikes(&recorder.kind)) {
        all.push((String::new(), "Spikes".to_owned()));
    }
    for recorder in shown() {
        let RecorderKind::Samples { variables, .. } = &recorder.kind else { continue };
        for (name, unit) in variables {
            if all.iter().all(|(other, _)| other != name) {
                let text = if unit.is_empty() { name.clone() } else { format!("{name} ({unit})") };
                all.push((name.clone(), text));
            }
        }
    }
    let wanted = &editor.shown.settings.variable;
    let Some(now) = all.iter().find(|(name, _)| name == wanted).or(all.first()).cloned() else {
        editor.ui.weak("What is a colour can be chosen once the run has started");
        return;
    };
    let chosen = ComboBox::from_label("Colour").selected_text(&now.1).show_ui(editor.ui, |ui| {
        all.iter().filter(|choice| ui.selectable_label(**choice == now, &choice.1).clicked()).last()
    });
    if let Some((name, _)) = chosen.inner.flatten().cloned() {
        editor.change("Choose colour", None, |settings| settings.variable = name);
    }
}

/// The colour of a point between dark and bright, on either ground.
fn shade(color: Color32, glow: f32, dark: bool) -> Color32 {
    let rest = color.gamma_multiply(if dark { 0.22 } else { 0.20 });
    let bright = if dark { mix(color, Color32::WHITE, 0.35 * glow) } else { mix(color, Color32::BLACK, 0.25 * glow) };
    mix(rest, bright, glow)
}

fn mix(a: Color32, b: Color32, share: f32) -> Color32 {
    let share = share.clamp(0.0, 1.0);
    let part = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round() as u8;
    Color32::from_rgba_premultiplied(part(a.r(), b.r()), part(a.g(), b.g()), part(a.b(), b.b()), part(a.a(), b.a()))
}

impl Plot for Map {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "map",
        title: "Map",
        add: ("Add map", "Show neurons where they stand: spikes light up, or a sampled quantity is a colour"),
        shows: "neurons in space",
        takes: |model| takes::spikes(model) || takes::samples(model),
        follows_picks: false,
        overlays: false,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        if self.aspect == 0.0 {
            self.aspect = 1.0;
        }
        let sampled = populations::of(shown, &[], are_samples);
        let spiking = populations::of(shown, &[], are_spikes);
        let samples = spiking.is_empty() || (!shown.settings.variable.is_empty() && !sampled.is_empty());
        self.sampled = if samples { sampled } else { Vec::new() };
        let populations = if samples { self.sampled.clone() } else { spiking };
        self.stand(shown, &populations);
        if self.sampled.is_empty() {
            self.read_spikes(shown, populations);
        } else {
            self.read_samples(shown);
        }
    }

    fn across(&self) -> Across {
        let ((from, to), _) = self.frame();
        Across::Lengths(from, to)
    }

    fn amount(&self, shown: &Shown<'_, Settings>, _: (f64, f64)) -> String {
        let n: usize = self.fields.iter().map(|field| field.flat.len()).sum();
        let neurons = if n == 1 { "1 neuron".to_owned() } else { format!("{} neurons", thousands(n)) };
        match (self.sampled.is_empty(), self.range) {
            (true, _) => format!("{neurons}, {} lit", thousands(self.lit(shown.status.time, shown.settings.fade))),
            (false, Some((low, high))) => {
                let (name, unit) = &self.quantity;
                let step = axis::round_up((high - low).max(1e-9) / 100.0);
                format!("{neurons}, {name} {} to {} {unit}", axis::tick(low, step), axis::tick(high, step))
            }
            (false, None) => neurons,
        }
    }

    fn fit(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> (f64, f64) {
        self.frame().1
    }

    fn scale(&self, _: &Shown<'_, Settings>) -> Scale {
        Scale::Numbers(String::new())
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        self.populations().iter().map(|p| (p.name.clone(), p.color)).collect()
    }

    fn draw(&mut self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        self.aspect = f64::from(sheet.rect.width() / sheet.rect.height().max(1.0));
        let size = self.size(sheet);
        let mut shapes = self.edges(sheet, shown.dark);
        shapes.extend(self.reach(shown, sheet));
        shapes.push(self.at_rest(sheet, size, shown.dark));
        shapes.push(self.lights(shown, sheet, size));
        shapes.extend(self.lines(shown, sheet));
        shapes
    }

    fn point(&mut self, shown: &Shown<'_, Settings>, sheet: &Sheet, pointer: Option<Pos2>) -> Option<Asked> {
        self.pointed = pointer.map(|pointer| (Pointed::on(sheet, pointer), self.under(sheet, pointer)));
        let neuron = self.pointed.and_then(|(_, neuron)| neuron);
        self.asked = neuron.and_then(|neuron| {
            let node = self.populations().get(neuron.population)?.node;
            let direction = shown.settings.lines.direction()?;
            Some(Asked { node, neuron: neuron.place, direction })
        });
        self.asked
    }

    fn turn(&self, by: Vec2) -> Option<Turn<Settings>> {
        self.solid.then_some(())?;
        let by = (TURN * f64::from(by.x), TURN * f64::from(by.y));
        Some(Box::new(move |settings| {
            let tenths = |x: f64| (10.0 * x).round() / 10.0;
            settings.azimuth = tenths((settings.azimuth - by.0 + 180.0).rem_euclid(360.0) - 180.0);
            settings.elevation = tenths((settings.elevation + by.1).clamp(-90.0, 90.0));
        }))
    }

    fn read_out(&self, shown: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let Neuron { population: p, place: i, at } = self.under(sheet, pointer)?;
        let (population, field) = (self.populations().get(p)?, self.fields.get(p)?);
        let place = field.places.get(i)?;
        let solid = self.standing.get(p)?.0.as_ref().is_some_and(|positions| positions.dimensions == 3);
        let coordinates: Vec<String> =
            place[..if solid { 3 } else { 2 }].iter().map(|x| axis::tick(*x, 0.001)).collect();
        let heard = if self.sampled.is_empty() {
            match field.last[i] {
                time if time.is_finite() => format!("last spike at {} ms", axis::tick(time, 0.1)),
                _ => format!("no spike in {} ms", thousands(shown.status.time.max(0.0).round() as usize)),
            }
        } else {
            let (name, unit) = &self.quantity;
            let value = field.values[i];
            if value.is_finite() { format!("{name} {} {unit}", axis::tick(value, 0.01)) } else { "not sampled".into() }
        };
        let mut text = vec![format!("{} {i} at ({}), {heard}", population.name, coordinates.join(", "))];
        let told = self.answer(shown).filter(|told| (told.asked.node, told.asked.neuron) == (population.node, i));
        text.extend(told.into_iter().flat_map(|told| lines::told(told, shown.project)));
        Some(ReadOut { text: text.join("\n"), at })
    }

    fn remark(&self, shown: &Shown<'_, Settings>) -> Option<Remark> {
        let nowhere = self.populations().iter().find(|p| {
            shown.project.node(p.node).is_some_and(|node| node.positions.is_none() && node.model.is_neuron())
        })?;
        let (id, seed) = (nowhere.node, 1 + u64::from(nowhere.node.0));
        let edit = Edit::new(format!("Set positions of {}", nowhere.name), move |project| {
            if let Some(node) = project.node_mut(id) {
                node.positions = Some(Positions::uniform(&[1.0, 1.0], seed));
            }
        });
        Some(Remark {
            text: format!("{} stands nowhere", nowhere.name),
            cure: "Give it positions".into(),
            why: "Its neurons are drawn at random in a square; the inspector has more".into(),
            edit,
        })
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        let Settings { fade, azimuth, elevation, lines, .. } = *editor.shown.settings;
        color(editor);
        let chosen = ComboBox::from_label("Lines").selected_text(lines.name()).show_ui(editor.ui, |ui| {
            Lines::ALL.into_iter().filter(|kind| ui.selectable_label(*kind == lines, kind.name()).clicked()).last()
        });
        chosen.response.on_hover_text("Where lines lead from the neuron under the pointer");
        if let Some(lines) = chosen.inner.flatten() {
            editor.change("Choose lines", None, move |settings| settings.lines = lines);
        }
        let field = NumberField {
            label: "Fade",
            tip: "Time in which a spike fades",
            name: "fade",
            step: "Set fade",
            value: fade,
            range: 0.1..=1000.0,
            speed: 0.2,
            suffix: " ms",
            decimals: 1,
        };
        editor.number(field, |settings, x| settings.fade = x);
        let angles = [("Around", "azimuth", azimuth, -180.0..=180.0), ("Above", "elevation", elevation, -90.0..=90.0)];
        for (label, name, value, range) in angles {
            let tip = "From where a space of three dimensions is seen; dragging in the map turns it, too";
            let field =
                NumberField { label, tip, name, step: "Turn map", value, range, speed: 0.5, suffix: "°", decimals: 0 };
            editor.number(field, move |settings, x| match name {
                "azimuth" => settings.azimuth = x,
                _ => settings.elevation = x,
            });
        }
    }

    fn problems(settings: &Settings) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        if !(settings.fade > 0.0 && settings.fade.is_finite()) {
            found.push(("fade", "must be > 0 ms".to_owned()));
        }
        for (name, angle) in [("azimuth", settings.azimuth), ("elevation", settings.elevation)] {
            if !angle.is_finite() {
                found.push((name, "must be finite, in degrees".to_owned()));
            }
        }
        found
    }

    fn missing(settings: &Settings, sampled: &[String]) -> Option<(&'static str, String)> {
        let is_there = settings.variable.is_empty() || sampled.contains(&settings.variable);
        let names: Vec<&str> = sampled.iter().map(String::as_str).collect();
        (!is_there).then(|| ("variable", unknown("quantity", &settings.variable, "its recorders", &names)))
    }

    /// Writes where each neuron stands, and when it fired last or what was sampled last.
    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        let mut map = Map::default();
        map.update(shown);
        let last = match map.sampled.is_empty() {
            true => "last_spike_ms".to_owned(),
            false if map.quantity.1.is_empty() => map.quantity.0.clone(),
            false => format!("{}_{}", map.quantity.0, map.quantity.1),
        };
        table.write_record(["population", "neuron", "x", "y", "z", &last])?;
        for (population, field) in map.populations().iter().zip(&map.fields) {
            for (i, place) in field.places.iter().enumerate() {
                let heard = if map.sampled.is_empty() { field.last[i] } else { field.values[i] };
                let heard = match heard.is_finite() {
                    true if map.sampled.is_empty() => exact(heard),
                    true => heard.to_string(),
                    false => String::new(),
                };
                let [x, y, z] = place.map(|x| x.to_string());
                table.write_record([&population.name, &i.to_string(), &x, &y, &z, &heard])?;
            }
        }
        Ok(())
    }

    fn nothing_yet(_: &[&Node], data: &PlotData<'_>) -> String {
        format!("Nothing recorded yet (in {})", passed(data))
    }
}

#[cfg(test)]
mod tests;
