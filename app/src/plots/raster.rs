//! Spikes by time and neuron, a band for each population.

use egui::{Color32, Mesh, Pos2, Rect, Shape, Stroke, TextureHandle, TextureOptions, pos2, vec2};
use spikeloom_engine::project::{NodeId, View};

use super::bitmap::{Bitmap, Dirty, Geometry, mark_height};
use super::kinds::{Picture, Scale, Sheet};
use super::populations::{self, Population, rows_within, thousands};
use super::{PlotData, axis};

/// Above this many spikes in view a bitmap is drawn instead of single marks, until there are fewer again.
const MANY: usize = 20_000;
const FEWER: usize = 15_000;

/// Height of a mark at most, points of the screen.
const TALLEST: f32 = 8.0;

#[derive(Default)]
pub struct Raster {
    populations: Vec<Population>,
    bitmap: Option<(Bitmap, TextureHandle)>,
    many: bool,
    dark: bool,
}

impl Picture for Raster {
    fn update(&mut self, view: &View, data: &PlotData<'_>) {
        self.populations = populations::of(view, data, self.dark);
    }

    fn amount(&self, _: &View, data: &PlotData<'_>, time: (f64, f64)) -> String {
        match populations::count(&self.populations, data, time) {
            1 => "1 spike".into(),
            n => format!("{} spikes", thousands(n)),
        }
    }

    fn fit(&self, _: &View, _: &PlotData<'_>, _: (f64, f64)) -> (f64, f64) {
        (0.0, self.populations.first().map_or(1.0, |p| p.high))
    }

    fn scale(&self, _: &View) -> Scale {
        populations::bands(&self.populations)
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        Vec::new()
    }

    fn draw(&mut self, view: &View, data: &PlotData<'_>, sheet: &Sheet) -> Vec<Shape> {
        if self.dark != sheet.dark {
            self.dark = sheet.dark;
            self.update(view, data);
        }
        let spikes = self.spikes_in_view(data, sheet.time);
        self.many = spikes > if self.many { FEWER } else { MANY };
        let picture = if self.many {
            self.draw_bitmap(data, sheet)
        } else {
            self.bitmap = None;
            self.draw_marks(data, sheet)
        };
        let mut shapes = self.separators(sheet);
        shapes.push(Shape::mesh(picture));
        shapes
    }

    fn read_out(&self, _: &View, data: &PlotData<'_>, sheet: &Sheet, pointer: Pos2) -> Option<String> {
        let time = axis::time_at(sheet, pointer);
        if let Some((population, number, time)) = self.nearest_spike(data, sheet, pointer) {
            let index = number - population.first;
            return Some(format!("{} {index}, {}", population.name, axis::exact_time(time, sheet)));
        }
        let y = axis::y_at(sheet, pointer);
        let band = self.populations.iter().find(|p| p.low <= y && y < p.high)?;
        let place = ((y - band.low) / band.row()) as u32;
        let index = band.index(place)?;
        Some(format!("{} {index}, {}", band.name, axis::exact_time(time, sheet)))
    }

    fn pick(&self, y: (f64, f64)) -> Option<(NodeId, Vec<u32>)> {
        populations::pick(&self.populations, y)
    }

    fn forget(&mut self) {
        self.bitmap = None;
        self.populations.clear();
    }
}

impl Raster {
    /// Spikes of the recorders shown, whether their cells are chosen or not: what drawing costs.
    fn spikes_in_view(&self, data: &PlotData<'_>, time: (f64, f64)) -> usize {
        let is_shown = |r: usize| self.populations.iter().any(|p| p.recorder == r);
        let recorders = data.recordings.rows.iter().enumerate().filter(|(r, _)| is_shown(*r));
        recorders.map(|(_, rows)| rows_within(rows, time).len()).sum()
    }

    /// Single marks, as tall as a neuron's row.
    fn draw_marks(&self, data: &PlotData<'_>, sheet: &Sheet) -> Mesh {
        let mut mesh = Mesh::default();
        let pixel = 1.0 / sheet.ctx.pixels_per_point();
        for population in &self.populations {
            let row = population.row() / (sheet.y.1 - sheet.y.0) * f64::from(sheet.rect.height());
            let size = vec2(1.5, mark_height(row, TALLEST as usize).max(2) as f32 * pixel.max(0.75));
            let Some(rows) = data.recordings.rows.get(population.recorder) else { continue };
            for i in rows_within(rows, sheet.time) {
                if let Some(place) = population.place(rows.senders[i]) {
                    let middle = pos2(sheet.x(rows.times[i]), sheet.y(population.y(place)));
                    mesh.add_colored_rect(Rect::from_center_size(middle, size), population.color);
                }
            }
        }
        mesh
    }

    /// The bitmap, painted as far as needed, as two halves of a ring.
    fn draw_bitmap(&mut self, data: &PlotData<'_>, sheet: &Sheet) -> Mesh {
        let pixels_per_point = sheet.ctx.pixels_per_point();
        let largest = sheet.ctx.input(|i| i.max_texture_side).max(2);
        let size = (sheet.rect.size() * pixels_per_point).round();
        // One column more than there is room for, as the first and the last are cut.
        let columns = (size.x as usize + 1).clamp(2, largest);
        let (start, end) = sheet.time;
        let geometry = Geometry {
            columns,
            rows: (size.y as usize).clamp(1, largest),
            columns_per_ms: (columns - 1) as f64 / (end - start),
            y: sheet.y,
            tallest: (TALLEST * pixels_per_point) as usize,
        };
        let recorders = data.recordings.rows.len();
        let (mut bitmap, texture) = match self.bitmap.take() {
            Some((bitmap, texture)) if bitmap.fits(&geometry, &self.populations) => (bitmap, Some(texture)),
            Some((_, texture)) => (Bitmap::new(geometry, &self.populations, recorders), Some(texture)),
            None => (Bitmap::new(geometry, &self.populations, recorders), None),
        };
        let first = bitmap.column(start);
        let dirty = bitmap.paint(data.recordings, first);
        let texture = upload(&bitmap, texture, dirty, &sheet.ctx);
        let mesh = halves(&bitmap, &texture, sheet, start);
        self.bitmap = Some((bitmap, texture));
        mesh
    }

    /// Thin lines between the bands.
    fn separators(&self, sheet: &Sheet) -> Vec<Shape> {
        let color = Color32::GRAY.gamma_multiply(0.45);
        let between = self.populations.iter().skip(1);
        between.map(|p| Shape::hline(sheet.rect.x_range(), sheet.y(p.high), Stroke::new(1.0, color))).collect()
    }

    /// The spike under the pointer, if there is one within a few points.
    fn nearest_spike(&self, data: &PlotData<'_>, sheet: &Sheet, pointer: Pos2) -> Option<(&Population, u32, f64)> {
        const REACH: f32 = 5.0;
        let time = axis::time_at(sheet, pointer);
        let around = f64::from(REACH) * sheet.ms_per_point();
        let mut best = None;
        let mut best_distance = REACH;
        for population in &self.populations {
            let Some(rows) = data.recordings.rows.get(population.recorder) else { continue };
            for i in rows_within(rows, (time - around, time + around)) {
                let Some(place) = population.place(rows.senders[i]) else { continue };
                let distance = pointer.distance(pos2(sheet.x(rows.times[i]), sheet.y(population.y(place))));
                if distance < best_distance {
                    best_distance = distance;
                    best = Some((population, rows.senders[i], rows.times[i]));
                }
            }
        }
        best
    }
}

/// Sends what has changed to the graphics card.
fn upload(bitmap: &Bitmap, texture: Option<TextureHandle>, dirty: Dirty, ctx: &egui::Context) -> TextureHandle {
    let options = TextureOptions::NEAREST;
    match (texture, dirty) {
        (None, _) => ctx.load_texture("raster", bitmap.image(), options),
        (Some(mut texture), Dirty::All) => {
            texture.set(bitmap.image(), options);
            texture
        }
        (Some(mut texture), Dirty::Columns(columns)) => {
            for (row, patch) in bitmap.patches(columns) {
                texture.set_partial([0, row], patch, options);
            }
            texture
        }
    }
}

/// The texture on the sheet: its rows stand upright, side by side, from the oldest on.
fn halves(bitmap: &Bitmap, texture: &TextureHandle, sheet: &Sheet, start: f64) -> Mesh {
    let ring = bitmap.ring();
    let pixels_per_point = sheet.ctx.pixels_per_point();
    let width = sheet.rect.width() / (ring.width() - 1) as f32;
    let offset = bitmap.offset(start);
    // On whole pixels, or the nearest-neighbour filter would drop columns.
    let left = ((sheet.rect.left() - offset * width) * pixels_per_point).round() / pixels_per_point;
    let mut mesh = Mesh::with_texture(texture.id());
    let mut column = 0;
    for places in bitmap.stretches(ring.columns()) {
        let x = left + column as f32 * width;
        column += places.len();
        let rect =
            Rect::from_min_max(pos2(x, sheet.rect.top()), pos2(left + column as f32 * width, sheet.rect.bottom()));
        let v = |place: usize| place as f32 / ring.width() as f32;
        let corner = |pos, u, v| egui::epaint::Vertex { pos, uv: pos2(u, v), color: Color32::WHITE };
        let base = mesh.vertices.len() as u32;
        mesh.vertices.extend([
            corner(rect.left_top(), 0.0, v(places.start)),
            corner(rect.right_top(), 0.0, v(places.end)),
            corner(rect.right_bottom(), 1.0, v(places.end)),
            corner(rect.left_bottom(), 1.0, v(places.start)),
        ]);
        mesh.add_triangle(base, base + 1, base + 2);
        mesh.add_triangle(base, base + 2, base + 3);
    }
    mesh
}
