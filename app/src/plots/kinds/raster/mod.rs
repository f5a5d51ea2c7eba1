//! Spikes by time and neuron, a band for each population.

mod bitmap;
mod ring;

use egui::{Color32, Mesh, Pos2, Rect, Shape, TextureHandle, TextureOptions, pos2, vec2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::project::NodeId;
use spikeloom_engine::recordings::Recordings;

use crate::plots::axis::{self, thousands};
use crate::plots::data::Shown;
use crate::plots::editor::Editor;
use crate::plots::plot::{Facts, Plot, ReadOut};
use crate::plots::populations::{self, Population, are_spikes, rows_within};
use crate::plots::sheet::{Scale, Sheet};
use crate::plots::table::{Table, exact};
use crate::plots::takes;
use bitmap::{Bitmap, Dirty, Geometry, mark_height};

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
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Indices of the cells shown of each population; empty for all.
    pub cells: Vec<u32>,
}

impl Plot for Raster {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "raster",
        title: "Raster",
        add: ("Add raster", "Plot spikes by time and neuron"),
        shows: "spikes",
        takes: takes::spikes,
        follows_picks: false,
        overlays: true,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        self.populations = populations::of(shown, &shown.settings.cells, are_spikes);
    }

    fn amount(&self, shown: &Shown<'_, Settings>, time: (f64, f64)) -> String {
        match populations::count(&self.populations, shown.recordings, time) {
            1 => "1 spike".into(),
            n => format!("{} spikes", thousands(n)),
        }
    }

    fn fit(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> (f64, f64) {
        (0.0, self.populations.first().map_or(1.0, |p| p.high))
    }

    fn scale(&self, _: &Shown<'_, Settings>) -> Scale {
        populations::bands(&self.populations)
    }

    fn draw(&mut self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let spikes = self.spikes_in_view(shown.recordings, sheet.across);
        self.many = spikes > if self.many { FEWER } else { MANY };
        let picture = if self.many {
            self.draw_bitmap(shown.recordings, sheet)
        } else {
            self.bitmap = None;
            self.draw_marks(shown.recordings, sheet)
        };
        let mut shapes = populations::separators(&self.populations, sheet);
        shapes.push(Shape::mesh(picture));
        shapes
    }

    fn read_out(&self, shown: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        if let Some((population, number, time)) = self.nearest_spike(shown.recordings, sheet, pointer) {
            let index = number - population.first;
            let y = population.place(number).map_or(pointer.y, |place| sheet.y(population.y(place)));
            let text = format!("{} {index}, {}", population.name, axis::exact_time(time, sheet));
            return Some(ReadOut { text, at: pos2(sheet.x(time), y) });
        }
        let (p, place) = populations::row_at(&self.populations, sheet.y_at(pointer))?;
        let band = &self.populations[p];
        let index = band.index(place)?;
        let text = format!("{} {index}, {}", band.name, axis::exact_time(sheet.x_at(pointer), sheet));
        Some(ReadOut { text, at: pointer })
    }

    fn pick(&self, y: (f64, f64)) -> Option<(NodeId, Vec<u32>)> {
        populations::pick(&self.populations, y)
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        editor.cells(&editor.shown.settings.cells, "all", &editor.picks_of_all(), |settings| &mut settings.cells);
    }

    fn cells(settings: &mut Settings) -> Option<&mut Vec<u32>> {
        Some(&mut settings.cells)
    }

    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        table.write_record(["time_ms", "population", "neuron"])?;
        let mut reader = populations::Reader::default();
        let populations = populations::of(shown, &shown.settings.cells, are_spikes);
        let news = reader.advance(populations, shown.recordings);
        for row in reader.rows(&news, shown.recordings) {
            let population = &reader.populations()[row.population];
            let neuron = population.index(row.place).unwrap_or_default().to_string();
            table.write_record([&exact(row.time), &population.name, &neuron])?;
        }
        Ok(())
    }
}

impl Raster {
    /// Spikes of the recorders shown, whether their cells are chosen or not: what drawing costs.
    fn spikes_in_view(&self, recordings: &Recordings, time: (f64, f64)) -> usize {
        let is_shown = |r: usize| self.populations.iter().any(|p| p.recorder == r);
        let recorders = recordings.rows.iter().enumerate().filter(|(r, _)| is_shown(*r));
        recorders.map(|(_, rows)| rows_within(rows, time).len()).sum()
    }

    /// Single marks, as tall as a neuron's row.
    fn draw_marks(&self, recordings: &Recordings, sheet: &Sheet) -> Mesh {
        let mut mesh = Mesh::default();
        let pixel = 1.0 / sheet.ctx.pixels_per_point();
        for population in &self.populations {
            let row = population.row() / (sheet.y.1 - sheet.y.0) * f64::from(sheet.rect.height());
            let size = vec2(1.5, mark_height(row, TALLEST as usize).max(2) as f32 * pixel.max(0.75));
            let Some(rows) = recordings.rows.get(population.recorder) else { continue };
            for i in rows_within(rows, sheet.across) {
                if let Some(place) = population.place(rows.senders[i]) {
                    let middle = pos2(sheet.x(rows.times[i]), sheet.y(population.y(place)));
                    mesh.add_colored_rect(Rect::from_center_size(middle, size), population.color);
                }
            }
        }
        mesh
    }

    /// The bitmap, painted as far as needed, as two halves of a ring.
    fn draw_bitmap(&mut self, recordings: &Recordings, sheet: &Sheet) -> Mesh {
        let pixels_per_point = sheet.ctx.pixels_per_point();
        let largest = sheet.ctx.input(|i| i.max_texture_side).max(2);
        let size = (sheet.rect.size() * pixels_per_point).round();
        // One column more than there is room for, as the first and the last are cut.
        let columns = (size.x as usize + 1).clamp(2, largest);
        let (start, end) = sheet.across;
        let geometry = Geometry {
            columns,
            rows: (size.y as usize).clamp(1, largest),
            columns_per_ms: (columns - 1) as f64 / (end - start),
            y: sheet.y,
            tallest: (TALLEST * pixels_per_point) as usize,
        };
        let recorders = recordings.rows.len();
        let (mut bitmap, texture) = match self.bitmap.take() {
            Some((bitmap, texture)) if bitmap.fits(&geometry, &self.populations) => (bitmap, Some(texture)),
            Some((_, texture)) => (Bitmap::new(geometry, &self.populations, recorders), Some(texture)),
            None => (Bitmap::new(geometry, &self.populations, recorders), None),
        };
        let first = bitmap.column(start);
        let dirty = bitmap.paint(recordings, first);
        let texture = upload(&bitmap, texture, dirty, &sheet.ctx);
        let mesh = halves(&bitmap, &texture, sheet, start);
        self.bitmap = Some((bitmap, texture));
        mesh
    }

    /// The spike under the pointer, if there is one within a few points.
    fn nearest_spike(&self, recordings: &Recordings, sheet: &Sheet, pointer: Pos2) -> Option<(&Population, u32, f64)> {
        const REACH: f32 = 5.0;
        let time = sheet.x_at(pointer);
        let around = f64::from(REACH) * sheet.per_point();
        let mut best = None;
        let mut best_distance = REACH;
        for population in &self.populations {
            let Some(rows) = recordings.rows.get(population.recorder) else { continue };
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

#[cfg(test)]
mod tests {
    use crate::plots::sample::Sample;

    #[test]
    fn spikes_are_written_one_a_line() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[0];
        (rows.times, rows.senders) = (vec![0.1, 0.30000000000000004], vec![7, 101]);
        assert_eq!(sample.lines(0), ["time_ms,population,neuron", "0.1,Excitatory,7", "0.3,Inhibitory,1"]);
    }
}
