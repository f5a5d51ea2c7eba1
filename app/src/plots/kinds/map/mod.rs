//! Neurons where they stand: spikes light up and fade, or a sampled quantity is shown as colour.

mod view;

use std::sync::Arc;

use egui::{Color32, Mesh, Pos2, Rect, Shape, Vec2, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::description::space::{Point, Positions};
use spikeloom_engine::project::{Node, unknown};
use spikeloom_engine::recordings::{RecorderKind, Recordings};

use crate::action::Edit;
use crate::plots::axis::{self, thousands};
use crate::plots::data::{PlotData, Shown};
use crate::plots::editor::{Editor, NumberField};
use crate::plots::plot::{Facts, Plot, ReadOut, Remark, passed};
use crate::plots::populations::{self, Population, Reader, are_spikes};
use crate::plots::sheet::{Across, Scale, Sheet};
use crate::plots::table::{Table, exact};
use crate::plots::takes;
use view::{Camera, framed};

/// Size of a point, points of the screen, and the share of the distance to its neighbours that it has at most.
const SMALLEST: f32 = 1.0;
const LARGEST: f32 = 12.0;
const SHARE: f32 = 0.7;

/// A spike is dark again after so many times the time in which it fades to 1/e.
const GONE: f64 = 5.0;

/// Points are pointed at from so near, points of the screen.
const NEAR: f32 = 9.0;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The quantity shown as colour, of meters; empty for the first one there is.
    pub variable: String,
    /// Time in which a spike fades to 1/e, ms.
    pub fade: f64,
    /// From where a space of three dimensions is seen, degrees.
    pub azimuth: f64,
    pub elevation: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { variable: String::new(), fade: 10.0, azimuth: 30.0, elevation: 30.0 }
    }
}

/// The neurons of a population, and what was last heard of each.
struct Field {
    places: Arc<[Point]>,
    /// Where they lie in the picture.
    flat: Vec<(f64, f64)>,
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
    fields: Vec<Field>,
    /// The least and the greatest value sampled so far.
    range: Option<(f64, f64)>,
    /// Name and unit of what is sampled.
    quantity: (String, String),
    aspect: f64,
}

fn are_samples(kind: &RecorderKind) -> bool {
    matches!(kind, RecorderKind::Samples { .. })
}

impl Map {
    fn populations(&self) -> &[Population] {
        if self.sampled.is_empty() { self.reader.populations() } else { &self.sampled }
    }

    /// Works out the places anew where nodes or the camera have changed.
    fn stand(&mut self, shown: &Shown<'_, Settings>, populations: &[Population]) {
        let node = |p: &Population| shown.project.node(p.node);
        let standing: Vec<(Option<Positions>, u32)> =
            populations.iter().map(|p| (node(p).and_then(|node| node.positions.clone()), p.n)).collect();
        let solid = standing.iter().any(|(positions, _)| positions.as_ref().is_some_and(|p| p.dimensions == 3));
        let Settings { azimuth, elevation, .. } = *shown.settings;
        let camera = if solid { Camera::new(azimuth, elevation) } else { Camera::new(0.0, 90.0) };
        if standing == self.standing && self.camera == Some(camera) && self.fields.len() == populations.len() {
            return;
        }
        let field = |p: &Population| {
            // While the network is not built anew the document may say another number.
            let places = node(p).and_then(|node| Node { n: p.n as usize, ..node.clone() }.places());
            let places = places.filter(|places| places.len() == p.n as usize).unwrap_or_else(|| Arc::from([]));
            let flat = places.iter().map(|place| camera.place(*place)).collect();
            let n = places.len();
            Field { places, flat, last: vec![f64::NEG_INFINITY; n], values: vec![f64::NAN; n] }
        };
        self.fields = populations.iter().map(field).collect();
        (self.standing, self.camera) = (standing, Some(camera));
        self.reader.begin_anew();
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

    /// The last samples of all populations.
    fn read_samples(&mut self, shown: &Shown<'_, Settings>) {
        self.range = None;
        for (population, field) in self.sampled.iter().zip(&mut self.fields) {
            let Some(samples) = Samples::of(shown.recordings, population.recorder, &shown.settings.variable) else {
                continue;
            };
            self.quantity.clone_from(&samples.quantity);
            field.values.fill(f64::NAN);
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
            let mut taken = Rect::NOTHING;
            field.flat.iter().for_each(|(x, y)| taken.extend_with(pos2(sheet.x(*x), sheet.y(*y))));
            (taken.area() / field.flat.len() as f32).sqrt()
        };
        let there = self.fields.iter().filter(|field| !field.flat.is_empty());
        let each = there.map(distance).reduce(f32::min).unwrap_or(LARGEST);
        // Points on a line take no area.
        let each = if each > 0.0 && each.is_finite() { each } else { LARGEST };
        (SHARE * each).clamp(SMALLEST, LARGEST)
    }

    /// The neuron nearest to the pointer: population, place and where it is.
    fn nearest(&self, sheet: &Sheet, pointer: Pos2) -> Option<(usize, usize, Pos2)> {
        let mut best: Option<(f32, usize, usize, Pos2)> = None;
        for (p, field) in self.fields.iter().enumerate() {
            for (i, (x, y)) in field.flat.iter().enumerate() {
                let at = pos2(sheet.x(*x), sheet.y(*y));
                let distance = at.distance(pointer);
                if distance <= NEAR && best.is_none_or(|(nearest, ..)| distance < nearest) {
                    best = Some((distance, p, i, at));
                }
            }
        }
        best.map(|(_, p, i, at)| (p, i, at))
    }

    fn lit(&self, now: f64, fade: f64) -> usize {
        let of = |field: &Field| field.last.iter().filter(|last| (0.0..=fade).contains(&(now - **last))).count();
        self.fields.iter().map(of).sum()
    }

    fn frame(&self) -> ((f64, f64), (f64, f64)) {
        framed(self.fields.iter().flat_map(|field| field.flat.iter().copied()), self.aspect)
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
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        if self.aspect == 0.0 {
            self.aspect = 1.0;
        }
        let spiking = populations::of(shown, &[], are_spikes);
        self.sampled = if spiking.is_empty() { populations::of(shown, &[], are_samples) } else { Vec::new() };
        let populations = if spiking.is_empty() { self.sampled.clone() } else { spiking };
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
        let (now, fade) = (shown.status.time, shown.settings.fade.max(1e-3));
        let size = self.size(sheet);
        let visible = sheet.rect.expand(size);
        let mut mesh = Mesh::default();
        let total: usize = self.fields.iter().map(|field| field.flat.len()).sum();
        mesh.reserve_vertices(4 * total);
        mesh.reserve_triangles(2 * total);
        // What is lit lies above what is not.
        for lit in [false, true] {
            for (population, field) in self.populations().iter().zip(&self.fields) {
                for (i, (x, y)) in field.flat.iter().enumerate() {
                    let glow = self.glow(field, i, now, fade);
                    if (glow > 0.02) != lit {
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
        }
        vec![Shape::mesh(mesh)]
    }

    fn read_out(&self, shown: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let (p, i, at) = self.nearest(sheet, pointer)?;
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
        let text = format!("{} {i} at ({}), {heard}", population.name, coordinates.join(", "));
        Some(ReadOut { text, at })
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
        let Settings { fade, azimuth, elevation, .. } = *editor.shown.settings;
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
        let angles = [("Around", "azimuth", azimuth, -180.0..=180.0), ("Above", "elevation", elevation, 0.0..=90.0)];
        for (label, name, value, range) in angles {
            let tip = "From where a space of three dimensions is seen";
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
mod tests {
    use super::*;
    use crate::plots::sample::Sample;

    /// The excitatory neurons stand on a grid of 10 by 10, the others nowhere.
    fn sample() -> Sample {
        let mut sample = Sample::two_populations();
        sample.project.nodes[0].positions = Some(Positions::grid(&[10, 10]));
        sample
    }

    fn updated(sample: &Sample, place: usize) -> Map {
        let mut map = Map::default();
        map.update(&sample.shown(place, &Settings::default()));
        map
    }

    fn sheet(map: &Map) -> Sheet {
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(200.0, 200.0));
        let (across, y) = map.frame();
        Sheet { ctx: egui::Context::default(), rect, across, y, values: None }
    }

    #[test]
    fn spikes_light_up_where_the_neuron_stands_and_fade() {
        let s = sample();
        let mut map = updated(&s, 0);
        let rows = &s.recordings.rows[0];
        let (time, sender) = rows.times.iter().zip(&rows.senders).rfind(|(_, sender)| **sender < 100).expect("a spike");
        let field = &map.fields[0];
        assert_eq!(field.last[*sender as usize], *time);
        assert!((map.glow(field, *sender as usize, *time, 10.0) - 1.0).abs() < 1e-6);
        assert!((map.glow(field, *sender as usize, *time + 10.0, 10.0) - 0.368).abs() < 1e-3);
        assert_eq!(map.glow(field, *sender as usize, *time + 100.0, 10.0), 0.0);
        let sheet = sheet(&map);
        let Some(Shape::Mesh(mesh)) = map.draw(&s.shown(0, &Settings::default()), &sheet).pop() else {
            panic!("one mesh")
        };
        assert_eq!(mesh.vertices.len(), 400, "a square for each neuron that stands somewhere");
        assert!(map.amount(&s.shown(0, &Settings::default()), (0.0, 1.0)).starts_with("100 neurons, "));
    }

    #[test]
    fn says_who_stands_under_the_pointer() {
        let s = sample();
        let map = updated(&s, 0);
        let sheet = sheet(&map);
        let at = pos2(sheet.x(-0.45), sheet.y(0.45));
        let read = map.read_out(&s.shown(0, &Settings::default()), &sheet, at).expect("a neuron").text;
        assert!(read.starts_with("Excitatory 0 at ("), "{read}");
        assert!(map.read_out(&s.shown(0, &Settings::default()), &sheet, pos2(-50.0, -50.0)).is_none());
    }

    #[test]
    fn what_stands_nowhere_is_told_with_a_cure() {
        let mut s = sample();
        let remark = updated(&s, 0).remark(&s.shown(0, &Settings::default())).expect("a remark");
        assert_eq!(remark.text, "Inhibitory stands nowhere");
        (remark.edit.change)(&mut s.project);
        assert!(updated(&s, 0).remark(&s.shown(0, &Settings::default())).is_none());
    }

    #[test]
    fn samples_are_colours_between_their_extremes() {
        let s = sample();
        let map = updated(&s, 1);
        assert_eq!(map.quantity, ("V_m".to_owned(), "mV".to_owned()));
        let field = &map.fields[0];
        assert_eq!(field.values[3], Sample::value(9999, 3, 0));
        assert!(field.values[50].is_nan());
        let glow = map.glow(field, 3, 0.0, 10.0);
        assert!((0.0..=1.0).contains(&glow));
        assert!(map.amount(&s.shown(1, &Settings::default()), (0.0, 1.0)).contains("V_m"));
    }
}
