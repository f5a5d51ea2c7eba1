//! States of binary neurons over time, a row for each, filled while its state is 1.

use egui::{Mesh, Pos2, Rect, Shape, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::project::{Node, NodeId};
use spikeloom_engine::recordings::RecorderKind;

use crate::plots::axis;
use crate::plots::data::{PlotData, Shown};
use crate::plots::editor::Editor;
use crate::plots::plot::{Facts, Plot, ReadOut, passed};
use crate::plots::populations::{self, Population, Reader};
use crate::plots::sheet::{Scale, Sheet};
use crate::plots::table::{Table, write_rows};
use crate::plots::takes;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Indices of the cells shown of each population; empty for all.
    pub cells: Vec<u32>,
}

/// Above this many transitions in view, or with rows lower than this (points), shades show the mean state.
const MANY: usize = 20_000;
const LOWEST_ROW: f32 = 2.0;

/// Size of a patch of one shade, points.
const PATCH: f32 = 2.0;

/// The transitions of one cell, in order of time: when, and whether to state 1.
type Cell = Vec<(f64, bool)>;

#[derive(Default)]
pub struct States {
    reader: Reader,
    /// By population, then by place.
    cells: Vec<Vec<Cell>>,
}

/// Whether states are recorded.
fn are_states(kind: &RecorderKind) -> bool {
    matches!(kind, RecorderKind::Rows { columns } if matches!(&columns[..], [(name, _)] if name == "state"))
}

/// The stretches within a time range in which a cell is in state 1, in order. Before its first transition its state
/// is not known and taken for 0.
fn on(cell: &Cell, (start, end): (f64, f64)) -> impl Iterator<Item = (f64, f64)> + '_ {
    let first = cell.partition_point(|(time, _)| *time <= start).saturating_sub(1);
    let last = cell.partition_point(|(time, _)| *time < end);
    let until = move |i: usize| cell.get(i + 1).map_or(end, |(time, _)| time.min(end));
    (first..last.max(first))
        .filter(|i| cell[*i].1)
        .map(move |i| (cell[i].0.max(start), until(i)))
        .filter(|(a, b)| a < b)
}

impl States {
    fn populations(&self) -> &[Population] {
        self.reader.populations()
    }

    /// What of a time range has been simulated.
    fn known(shown: &Shown<'_, Settings>, (start, end): (f64, f64)) -> (f64, f64) {
        (start.max(0.0), end.min(shown.status.time))
    }

    /// Transitions within a time range.
    fn transitions(&self, (start, end): (f64, f64)) -> usize {
        let place = |cell: &Cell, time: f64| cell.partition_point(|(t, _)| *t < time);
        self.cells.iter().flatten().map(|cell| place(cell, end) - place(cell, start)).sum()
    }

    /// A bar for each stretch in state 1.
    fn bars(&self, known: (f64, f64), sheet: &Sheet) -> Mesh {
        let mut mesh = Mesh::default();
        for (population, cells) in self.populations().iter().zip(&self.cells) {
            let half = 0.5 * population.row() / (sheet.y.1 - sheet.y.0) * f64::from(sheet.rect.height());
            let half = if half > 2.0 { half - 0.5 } else { half } as f32;
            for (place, cell) in cells.iter().enumerate() {
                let middle = sheet.y(population.y(place as u32));
                for (from, to) in on(cell, known) {
                    let corners = [pos2(sheet.x(from), middle - half), pos2(sheet.x(to), middle + half)];
                    mesh.add_colored_rect(Rect::from_two_pos(corners[0], corners[1]), population.color);
                }
            }
        }
        mesh
    }

    /// Patches as dense as the mean state of the cells and times they cover.
    fn shades(&self, known: (f64, f64), sheet: &Sheet) -> Mesh {
        let mut mesh = Mesh::default();
        let columns = ((sheet.rect.width() / PATCH) as usize).max(1);
        let (start, width) = (sheet.across.0, (sheet.across.1 - sheet.across.0) / columns as f64);
        for (population, cells) in self.populations().iter().zip(&self.cells) {
            let (top, bottom) = (sheet.y(population.high), sheet.y(population.low));
            let rows = (((bottom - top) / PATCH) as usize).clamp(1, cells.len().max(1));
            let mut sums = vec![0.0f32; rows * columns];
            let mut members = vec![0u32; rows];
            for (place, cell) in cells.iter().enumerate() {
                let row = place * rows / cells.len();
                members[row] += 1;
                let sums = &mut sums[row * columns..][..columns];
                for (from, to) in on(cell, known) {
                    let (from, to) = ((from - start) / width, (to - start) / width);
                    let last = (to.ceil() as usize).min(columns);
                    for (column, sum) in sums.iter_mut().enumerate().take(last).skip(from as usize) {
                        *sum += (to.min(column as f64 + 1.0) - from.max(column as f64)) as f32;
                    }
                }
            }
            let height = (bottom - top) / rows as f32;
            for (i, sum) in sums.iter().enumerate().filter(|(_, sum)| **sum > 0.0) {
                let (row, column) = (i / columns, i % columns);
                let corner = pos2(sheet.x(start + column as f64 * width), bottom - (row + 1) as f32 * height);
                let patch = Rect::from_min_size(corner, egui::vec2(sheet.x(start + width) - sheet.x(start), height));
                let mean = sum / members[row].max(1) as f32;
                mesh.add_colored_rect(patch, population.color.gamma_multiply(mean.clamp(0.0, 1.0)));
            }
        }
        mesh
    }
}

impl Plot for States {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "states",
        title: "States",
        add: ("Add states", "Plot the states of binary neurons over time"),
        shows: "states",
        takes: takes::states,
        follows_picks: false,
        overlays: true,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        let populations = populations::of(shown, &shown.settings.cells, are_states);
        let news = self.reader.advance(populations, shown.recordings);
        if news.anew {
            self.cells = self.populations().iter().map(|p| vec![Cell::new(); p.shown() as usize]).collect();
        }
        for row in self.reader.rows(&news, shown.recordings) {
            if let Some(state) = shown.recordings.rows[row.recorder].values.get(row.index) {
                self.cells[row.population][row.place as usize].push((row.time, *state != 0.0));
            }
        }
    }

    fn amount(&self, shown: &Shown<'_, Settings>, time: (f64, f64)) -> String {
        let known = Self::known(shown, time);
        let cells = self.cells.iter().map(Vec::len).sum::<usize>() as f64;
        if known.1 <= known.0 || cells == 0.0 {
            return String::new();
        }
        let sum: f64 = self.cells.iter().flatten().flat_map(|cell| on(cell, known)).map(|(from, to)| to - from).sum();
        format!("mean state {:.2}", sum / (cells * (known.1 - known.0)))
    }

    fn fit(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> (f64, f64) {
        (0.0, self.populations().first().map_or(1.0, |p| p.high))
    }

    fn scale(&self, _: &Shown<'_, Settings>) -> Scale {
        populations::bands(self.populations())
    }

    fn draw(&mut self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let known = Self::known(shown, sheet.across);
        let lowest = self.populations().iter().map(Population::row).fold(f64::INFINITY, f64::min);
        let lowest = (lowest / (sheet.y.1 - sheet.y.0)) as f32 * sheet.rect.height();
        let shaded = lowest < LOWEST_ROW || self.transitions(known) > MANY;
        let picture = if shaded { self.shades(known, sheet) } else { self.bars(known, sheet) };
        let mut shapes = populations::separators(self.populations(), sheet);
        shapes.push(Shape::mesh(picture));
        shapes
    }

    fn read_out(&self, shown: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let time = sheet.x_at(pointer);
        let (p, place) = populations::row_at(self.populations(), sheet.y_at(pointer))?;
        let population = &self.populations()[p];
        let index = population.index(place)?;
        let cell = self.cells[p].get(place as usize)?;
        let name = &population.name;
        let at = axis::exact_time(time, sheet);
        if time < 0.0 || time > shown.status.time {
            return Some(ReadOut { text: format!("{name} {index}, {at}"), at: pointer });
        }
        let before = cell.partition_point(|(t, _)| *t <= time);
        let text = match before.checked_sub(1).map(|i| cell[i].1) {
            Some(state) => format!("{name} {index}: state {} at {at}", u8::from(state)),
            None => format!("{name} {index}: no transition until {at}"),
        };
        Some(ReadOut { text, at: pointer })
    }

    fn pick(&self, y: (f64, f64)) -> Option<(NodeId, Vec<u32>)> {
        populations::pick(self.populations(), y)
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        editor.cells(&editor.shown.settings.cells, "all", &editor.picks_of_all(), |settings| &mut settings.cells);
    }

    fn cells(settings: &mut Settings) -> Option<&mut Vec<u32>> {
        Some(&mut settings.cells)
    }

    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        write_rows(table, shown)
    }

    fn nothing_yet(_: &[&Node], data: &PlotData<'_>) -> String {
        format!("No neuron has changed its state yet (in {})", passed(data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::sample::Sample;
    use spikeloom_engine::recordings::Rows;

    /// A state detector that has seen these transitions: time, sender, state.
    fn sample(transitions: &[(f64, u32, f64)]) -> Sample {
        let mut sample = Sample::two_populations();
        let columns = vec![("state".into(), String::new())];
        sample.recordings.plan.recorders[0].kind = RecorderKind::Rows { columns };
        sample.recordings.rows[0] = Rows {
            times: transitions.iter().map(|(time, ..)| *time).collect(),
            senders: transitions.iter().map(|(_, sender, _)| *sender).collect(),
            values: transitions.iter().map(|(.., state)| *state).collect(),
        };
        sample.status.time = 100.0;
        sample
    }

    fn updated(sample: &Sample) -> States {
        let mut states = States::default();
        states.update(&sample.shown(0, &Settings::default()));
        states
    }

    fn sheet(across: (f64, f64), height: f32) -> Sheet {
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(200.0, height));
        Sheet { ctx: egui::Context::default(), rect, across, y: (0.0, 125.0), values: None }
    }

    fn mesh(states: &mut States, sample: &Sample, sheet: &Sheet) -> Mesh {
        match states.draw(&sample.shown(0, &Settings::default()), sheet).pop() {
            Some(Shape::Mesh(mesh)) => (*mesh).clone(),
            other => panic!("a mesh is drawn last, not {other:?}"),
        }
    }

    #[test]
    fn a_cell_is_on_between_its_transitions_and_until_now() {
        let s = sample(&[(10.0, 3, 1.0), (30.0, 3, 0.0), (50.0, 3, 1.0), (60.0, 120, 1.0)]);
        let states = updated(&s);
        let cell = &states.cells[0][3];
        let stretches = |from, to| on(cell, (from, to)).collect::<Vec<_>>();
        assert_eq!(stretches(0.0, 100.0), [(10.0, 30.0), (50.0, 100.0)]);
        assert_eq!(stretches(20.0, 25.0), [(20.0, 25.0)]);
        assert_eq!(stretches(30.0, 50.0), []);
        assert_eq!(stretches(0.0, 10.0), []);
        assert_eq!(on(&states.cells[1][20], (0.0, 70.0)).collect::<Vec<_>>(), [(60.0, 70.0)]);
        let mean = (20.0 + 50.0 + 40.0) / (125.0 * 100.0);
        assert_eq!(states.amount(&s.shown(0, &Settings::default()), (0.0, 1000.0)), format!("mean state {mean:.2}"));
    }

    #[test]
    fn transitions_that_come_later_are_added_and_dropped_ones_forgotten() {
        let mut s = sample(&[(10.0, 3, 1.0)]);
        let mut states = updated(&s);
        let rows = &mut s.recordings.rows[0];
        rows.times.push(20.0);
        rows.senders.push(3);
        rows.values.push(0.0);
        states.update(&s.shown(0, &Settings::default()));
        assert_eq!(states.cells[0][3], [(10.0, true), (20.0, false)]);
        s.recordings.drop_older_half();
        states.update(&s.shown(0, &Settings::default()));
        assert_eq!(states.cells[0][3], [(20.0, false)]);
    }

    #[test]
    fn few_are_bars_and_many_are_shades_of_the_same_sum() {
        let s = sample(&[(0.0, 0, 1.0), (50.0, 0, 0.0)]);
        let mut states = updated(&s);
        let tall = mesh(&mut states, &s, &sheet((0.0, 100.0), 1000.0));
        assert_eq!(tall.vertices.len(), 4);
        assert_eq!(tall.calc_bounds().x_range(), egui::Rangef::new(0.0, 100.0));
        let low = mesh(&mut states, &s, &sheet((0.0, 100.0), 50.0));
        assert_eq!(low.calc_bounds().x_range(), egui::Rangef::new(0.0, 100.0));
        assert_eq!(low.vertices.len(), 4 * 50, "a row of patches, each two points wide");
    }

    #[test]
    fn says_what_lies_under_the_pointer() {
        let s = sample(&[(10.0, 0, 1.0)]);
        let states = updated(&s);
        let sheet = sheet((0.0, 200.0), 125.0);
        let y = sheet.y(states.populations()[0].y(0));
        let read =
            |x: f32| states.read_out(&s.shown(0, &Settings::default()), &sheet, pos2(x, y)).expect("a read-out").text;
        assert_eq!(read(50.0), "Excitatory 0: state 1 at 50.0 ms");
        assert_eq!(read(5.0), "Excitatory 0: no transition until 5.0 ms");
        assert_eq!(read(150.0), "Excitatory 0, 150.0 ms");
    }
}
