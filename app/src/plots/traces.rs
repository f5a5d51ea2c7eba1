//! Recorded quantities of single cells over time.

use std::ops::Range;

use egui::{Color32, Pos2, Shape, Stroke, pos2};
use spikeloom_engine::project::{NodeId, View};
use spikeloom_engine::recordings::{RecorderKind, RecorderPlan, Rows};

use super::kinds::{Picture, Scale, Sheet};
use super::populations::rows_within;
use super::pyramid::{Extent, Pyramid};
use super::{PlotData, axis, cells};
use crate::theme;

/// Cells of each population that are shown if the user chose none.
pub const FIRST: usize = 5;

/// Cells of each population that are shown at most.
pub const MOST: usize = 50;

/// One cell's recorded quantity.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Index of its recorder in the recordings.
    pub recorder: usize,
    /// Number of the value within those sampled at one time.
    column: usize,
    /// Values sampled at one time.
    columns: usize,
    pub node: NodeId,
    /// Its number in the simulation.
    number: u32,
    /// Index of the cell in its population.
    pub index: u32,
    /// "E 3".
    pub name: String,
    pub color: Color32,
    pyramid: Pyramid,
    /// Time of the first sample in the pyramid.
    begin: Option<f64>,
}

impl Trace {
    /// The value of the sample at a row, NaN where there is none.
    #[inline]
    pub fn value(&self, rows: &Rows, row: usize) -> f64 {
        rows.values.get(row * self.columns + self.column).copied().unwrap_or(f64::NAN)
    }

    fn extent(&self, rows: &Rows, range: Range<usize>) -> Extent {
        self.pyramid.extent(range.start, range.end, |row| self.value(rows, row) as f32)
    }

    /// The larger of the two values round a time.
    fn around(&self, rows: &Rows, time: f64) -> f64 {
        let after = rows.times.partition_point(|t| *t < time);
        f64::max(self.value(rows, after.saturating_sub(1)), self.value(rows, after))
    }

    fn catch_up(&mut self, rows: &Rows) {
        if rows.times.len() < self.pyramid.len()
            || (self.pyramid.len() > 0 && rows.times.first().copied() != self.begin)
        {
            self.pyramid = Pyramid::default();
        }
        self.begin = rows.times.first().copied();
        for row in self.pyramid.len()..rows.times.len() {
            self.pyramid.push(self.value(rows, row) as f32);
        }
    }
}

#[derive(Default)]
pub struct Traces {
    traces: Vec<Trace>,
    /// What is shown, and its unit.
    variable: String,
    unit: String,
    chosen_for: Option<Choice>,
    dark: bool,
}

/// What the choice of traces depends on.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    sources: Vec<NodeId>,
    variable: String,
    cells: Vec<u32>,
    generation: u64,
    recorders: usize,
}

/// The quantities that a view's recorders sample, with their units, each once.
pub fn variables(view: &View, data: &PlotData<'_>) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for source in &view.sources {
        if let Some((RecorderPlan { kind: RecorderKind::Samples { variables, .. }, .. }, _)) =
            data.recordings.recorder(*source)
        {
            for variable in variables {
                if !all.contains(variable) {
                    all.push(variable.clone());
                }
            }
        }
    }
    all
}

/// The quantity that a view shows: the chosen one, or the first there is.
fn variable(view: &View, data: &PlotData<'_>) -> Option<(String, String)> {
    let all = variables(view, data);
    all.iter().find(|(name, _)| *name == view.variable).or(all.first()).cloned()
}

impl Traces {
    pub fn traces(&self) -> &[Trace] {
        &self.traces
    }

    fn choose(&mut self, view: &View, data: &PlotData<'_>) {
        let choice = Choice {
            sources: view.sources.clone(),
            variable: view.variable.clone(),
            cells: view.cells.clone(),
            generation: data.generation,
            recorders: data.recordings.plan.recorders.len(),
        };
        if self.chosen_for.as_ref() == Some(&choice) {
            return;
        }
        let mut old = std::mem::take(&mut self.traces);
        (self.variable, self.unit) = variable(view, data).unwrap_or_default();
        for source in &view.sources {
            self.choose_of(*source, view, data);
        }
        for trace in &mut self.traces {
            let same = |t: &Trace| (t.recorder, t.column, t.columns) == (trace.recorder, trace.column, trace.columns);
            if let Some(place) = old.iter().position(same) {
                let kept = old.swap_remove(place);
                (trace.pyramid, trace.begin) = (kept.pyramid, kept.begin);
            }
        }
        self.chosen_for = Some(choice);
    }

    /// Takes the chosen cells of each population that one recorder samples.
    fn choose_of(&mut self, source: NodeId, view: &View, data: &PlotData<'_>) {
        let plan = &data.recordings.plan;
        let Some(recorder) = plan.recorders.iter().position(|r| r.node == source) else { return };
        let RecorderKind::Samples { variables, senders, .. } = &plan.recorders[recorder].kind else { return };
        let Some(variable) = variables.iter().position(|(name, _)| *name == self.variable) else { return };
        let mut shown: Vec<(NodeId, usize)> = Vec::new();
        for (sender, number) in senders.iter().enumerate() {
            let Some((members, index)) = plan.member(*number) else { continue };
            let place = match shown.iter().position(|(node, _)| *node == members.node) {
                Some(place) => place,
                None => {
                    shown.push((members.node, 0));
                    shown.len() - 1
                }
            };
            let most = if view.cells.is_empty() { FIRST } else { MOST };
            if shown[place].1 >= most || !(view.cells.is_empty() || view.cells.contains(&index)) {
                continue;
            }
            shown[place].1 += 1;
            self.traces.push(Trace {
                recorder,
                column: sender * variables.len() + variable,
                columns: senders.len() * variables.len(),
                node: members.node,
                number: *number,
                index,
                name: members.name.clone(),
                color: Color32::GRAY,
                pyramid: Pyramid::default(),
                begin: None,
            });
        }
    }

    /// Gives names and colours: the population's colour, shaded for its second and later cells.
    fn dress(&mut self, data: &PlotData<'_>) {
        let mut before: Option<(NodeId, usize)> = None;
        for trace in &mut self.traces {
            let place = match before {
                Some((node, place)) if node == trace.node => place + 1,
                _ => 0,
            };
            before = Some((trace.node, place));
            let color = theme::node_color(data.project, trace.node, self.dark);
            trace.color = shade(color, place, self.dark);
            let node = data.project.node(trace.node);
            let members = || data.recordings.plan.members_of(trace.node).map_or("", |m| &m.name);
            trace.name = format!("{} {}", node.map_or_else(members, |n| &n.name), trace.index);
        }
    }

    /// Smallest and largest value of all traces so far.
    fn extent(&self, data: &PlotData<'_>) -> Extent {
        let mut extent = Extent::NOTHING;
        for trace in &self.traces {
            if let Some(rows) = data.recordings.rows.get(trace.recorder) {
                extent.merge(trace.extent(rows, 0..rows.times.len()));
            }
        }
        extent
    }

    /// Short strokes upwards from the traces where a spike recorder has spikes of the cells shown:
    /// models that reset their potential never sample the spike itself.
    fn spike_marks(&self, view: &View, data: &PlotData<'_>, sheet: &Sheet) -> Vec<Shape> {
        const HEIGHT: f32 = 8.0;
        const MOST_TRACES: usize = 10;
        const MOST_SPIKES: usize = 100_000;
        let mut marks = Vec::new();
        if self.traces.len() > MOST_TRACES {
            return marks;
        }
        let lane = self.lanes(view, data);
        for (plan, rows) in data.recordings.plan.recorders.iter().zip(&data.recordings.rows) {
            let within = rows_within(rows, sheet.time);
            if plan.kind != RecorderKind::Spikes || within.len() > MOST_SPIKES {
                continue;
            }
            for (i, trace) in self.traces.iter().enumerate().filter(|(_, t)| plan.sources.contains(&t.node)) {
                let Some(samples) = data.recordings.rows.get(trace.recorder) else { continue };
                for row in within.clone().filter(|row| rows.senders[*row] == trace.number) {
                    let (x, value) = (sheet.x(rows.times[row]), trace.around(samples, rows.times[row]));
                    if value.is_finite() {
                        let foot = sheet.y(lane(i, value));
                        marks.push(Shape::vline(x, foot - HEIGHT..=foot, Stroke::new(1.5, trace.color)));
                    }
                }
            }
        }
        marks
    }

    /// Where a value of a trace lies on the vertical axis: in its own lane if they are stacked.
    fn lanes(&self, view: &View, data: &PlotData<'_>) -> impl Fn(usize, f64) -> f64 + use<> {
        let extent = self.extent(data);
        let (low, span) = (f64::from(extent.min), f64::from(extent.max - extent.min).max(1e-9));
        let (stacked, lanes) = (view.stacked, self.traces.len());
        move |trace, value| {
            if stacked { (lanes - 1 - trace) as f64 + 0.08 + 0.84 * (value - low) / span } else { value }
        }
    }
}

/// A list of cells, cut short if it is long.
fn abridged(cells: &[u32]) -> String {
    const MOST: usize = 16;
    let list = cells::format(cells);
    if list.chars().count() <= MOST { list } else { format!("({} cells)", cells.len()) }
}

/// Colours of one population's cells: the same hue, lighter and darker in turn.
fn shade(color: Color32, place: usize, dark: bool) -> Color32 {
    const LIGHTER: [f32; 5] = [0.0, 0.35, 0.0, 0.6, 0.0];
    const DARKER: [f32; 5] = [0.0, 0.0, 0.35, 0.0, 0.55];
    // Towards the background only so far that the line stays visible.
    let (lighter, darker) = if dark { (1.0, 0.8) } else { (0.7, 1.0) };
    let step = place % LIGHTER.len();
    color.lerp_to_gamma(Color32::WHITE, lighter * LIGHTER[step]).lerp_to_gamma(Color32::BLACK, darker * DARKER[step])
}

impl Picture for Traces {
    fn update(&mut self, view: &View, data: &PlotData<'_>) {
        self.choose(view, data);
        self.dress(data);
        for trace in &mut self.traces {
            if let Some(rows) = data.recordings.rows.get(trace.recorder) {
                trace.catch_up(rows);
            }
        }
    }

    fn amount(&self, _: &View, _: &PlotData<'_>, _: (f64, f64)) -> String {
        match self.traces.len() {
            1 => format!("{} of 1 cell", self.variable),
            n => format!("{} of {n} cells", self.variable),
        }
    }

    fn fit(&self, view: &View, data: &PlotData<'_>, _: (f64, f64)) -> (f64, f64) {
        if view.stacked {
            return (0.0, self.traces.len().max(1) as f64);
        }
        let extent = self.extent(data);
        if !extent.is_some() {
            return (0.0, 1.0);
        }
        let (low, high) = (f64::from(extent.min), f64::from(extent.max));
        let margin = if high > low { 0.06 * (high - low) } else { 1.0f64.max(0.1 * high.abs()) };
        (low - margin, high + margin)
    }

    fn scale(&self, view: &View) -> Scale {
        if view.stacked {
            let lane =
                |(i, trace): (usize, &Trace)| ((self.traces.len() - 1 - i) as f64 + 0.5, 1.0, trace.name.clone());
            return Scale::Names(self.traces.iter().enumerate().map(lane).collect());
        }
        let unit = if self.unit.is_empty() { String::new() } else { format!(" ({})", self.unit) };
        Scale::Numbers(format!("{}{unit}", self.variable))
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        const SINGLE: usize = 3;
        if self.traces.len() <= SINGLE {
            return self.traces.iter().map(|t| (t.name.clone(), t.color)).collect();
        }
        let of_one = |traces: &[Trace]| {
            let cells: Vec<u32> = traces.iter().map(|t| t.index).collect();
            let population = traces[0].name.rsplit_once(' ').map_or("", |(name, _)| name);
            (format!("{population} {}", abridged(&cells)), traces[0].color)
        };
        self.traces.chunk_by(|a, b| a.node == b.node).map(of_one).collect()
    }

    fn draw(&mut self, view: &View, data: &PlotData<'_>, sheet: &Sheet) -> Vec<Shape> {
        if self.dark != sheet.dark {
            self.dark = sheet.dark;
            self.dress(data);
        }
        let lane = self.lanes(view, data);
        let mut columns = Columns::default();
        let mut shapes = Vec::new();
        for (i, trace) in self.traces.iter().enumerate() {
            let Some(rows) = data.recordings.rows.get(trace.recorder) else { continue };
            columns.prepare(trace.recorder, rows, sheet);
            let points = columns.points(trace, rows, sheet, |value| sheet.y(lane(i, value)));
            shapes.push(Shape::line(points, Stroke::new(1.2, trace.color)));
        }
        shapes.extend(self.spike_marks(view, data, sheet));
        shapes
    }

    fn read_out(&self, view: &View, data: &PlotData<'_>, sheet: &Sheet, pointer: Pos2) -> Option<String> {
        let time = axis::time_at(sheet, pointer);
        let lane = self.lanes(view, data);
        let at = |(i, trace): (usize, &'_ Trace)| {
            let rows = data.recordings.rows.get(trace.recorder)?;
            let after = rows.times.partition_point(|t| *t < time);
            let row = match (after.checked_sub(1), rows.times.get(after)) {
                (Some(before), Some(next)) if time - rows.times[before] > next - time => before + 1,
                (Some(before), _) => before,
                (None, Some(_)) => after,
                (None, None) => return None,
            };
            let value = trace.value(rows, row);
            let distance = (sheet.y(lane(i, value)) - pointer.y).abs();
            value.is_finite().then_some((distance, i, value, rows.times[row]))
        };
        let nearest = self.traces.iter().enumerate().filter_map(at).min_by(|a, b| a.0.total_cmp(&b.0));
        let (_, i, value, time) = nearest?;
        let step = (self.fit(view, data, sheet.time).1 - self.fit(view, data, sheet.time).0).abs().max(1e-9) / 300.0;
        let value = axis::tick(value, axis::round_up(if view.stacked { 0.1 } else { step }));
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        let time = axis::exact_time(time, sheet);
        Some(format!("{} of {}: {value}{unit} at {time}", self.variable, self.traces[i].name))
    }

    fn forget(&mut self) {
        *self = Traces { dark: self.dark, ..Traces::default() };
    }
}

/// The rows of a recorder that fall into each column of pixels; the same for all its traces.
#[derive(Default)]
struct Columns {
    recorder: Option<usize>,
    /// Rows in view, with a neighbour on either side.
    rows: Range<usize>,
    /// First row of each column, and the end of the last.
    starts: Vec<usize>,
}

impl Columns {
    fn prepare(&mut self, recorder: usize, rows: &Rows, sheet: &Sheet) {
        if self.recorder == Some(recorder) {
            return;
        }
        self.recorder = Some(recorder);
        let within = rows_within(rows, sheet.time);
        self.rows = within.start.saturating_sub(1)..(within.end + 1).min(rows.times.len());
        let columns = (sheet.rect.width() * sheet.ctx.pixels_per_point()).max(1.0) as usize;
        self.starts.clear();
        if within.len() < 3 * columns {
            return;
        }
        // Whole blocks of the pyramid are read faster; a column more or less is not seen then.
        let block = if within.len() > 128 * columns { 16 } else { 1 };
        let (start, end) = sheet.time;
        let time = |column: usize| start + (end - start) * column as f64 / columns as f64;
        let first_row = |column| rows.times.partition_point(|t| *t < time(column)) / block * block;
        self.starts.extend((0..columns).map(first_row));
        self.starts.push(within.end);
    }

    fn points(&self, trace: &Trace, rows: &Rows, sheet: &Sheet, y: impl Fn(f64) -> f32) -> Vec<Pos2> {
        if self.starts.is_empty() {
            let point = |row: usize| (rows.times[row], trace.value(rows, row));
            let finite = self.rows.clone().map(point).filter(|(_, value)| value.is_finite());
            return finite.map(|(time, value)| pos2(sheet.x(time), y(value))).collect();
        }
        let width = sheet.rect.width() / (self.starts.len() - 1) as f32;
        let mut points = Vec::with_capacity(2 * self.starts.len());
        for (column, ends) in self.starts.windows(2).enumerate() {
            let extent = trace.extent(rows, ends[0]..ends[1]);
            if extent.is_some() {
                let x = sheet.rect.left() + (column as f32 + 0.5) * width;
                points.push(pos2(x, y(f64::from(extent.min))));
                points.push(pos2(x, y(f64::from(extent.max))));
            }
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;
    use egui::Rect;

    fn names(traces: &Traces) -> Vec<&str> {
        traces.traces.iter().map(|t| t.name.as_str()).collect()
    }

    fn sheet(time: (f64, f64)) -> Sheet {
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(200.0, 100.0));
        Sheet { ctx: egui::Context::default(), rect, time, y: (-100.0, 100.0), dark: false }
    }

    #[test]
    fn shows_the_first_cells_or_the_chosen_ones() {
        let mut sample = Sample::two_populations();
        let mut traces = Traces::default();
        traces.update(sample.view(1), &sample.data());
        assert_eq!(names(&traces)[..2], ["Excitatory 0", "Excitatory 1"]);
        assert_eq!(traces.traces.len(), FIRST);
        sample.project.views[1].cells = vec![2, 6];
        traces.update(sample.view(1), &sample.data());
        assert_eq!(names(&traces), ["Excitatory 2", "Excitatory 6"]);
        assert_eq!(traces.scale(sample.view(1)), Scale::Numbers("V_m (mV)".into()));
    }

    #[test]
    fn reads_the_values_of_the_right_cell_and_quantity() {
        let mut sample = Sample::two_populations();
        sample.project.views[1].variable = "g_ex".into();
        sample.project.views[1].cells = vec![3];
        let mut traces = Traces::default();
        traces.update(sample.view(1), &sample.data());
        let rows = &sample.recordings.rows[1];
        assert_eq!(traces.traces[0].value(rows, 17), Sample::value(17, 3, 1));
        assert_eq!(traces.scale(sample.view(1)), Scale::Numbers("g_ex (nS)".into()));
    }

    #[test]
    fn a_spike_of_one_sample_survives_drawing_few_columns() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[1];
        let columns = rows.values.len() / rows.times.len();
        rows.values[4321 * columns] = 77.0;
        sample.project.views[1].cells = vec![0];
        let mut traces = Traces::default();
        traces.update(sample.view(1), &sample.data());
        let sheet = sheet((0.0, 1000.0));
        let shapes = traces.draw(sample.view(1), &sample.data(), &sheet);
        let Some(Shape::Path(path)) = shapes.first() else { panic!("a line is drawn") };
        assert!(path.points.len() <= 402, "two points a column, not {}", path.points.len());
        assert!(path.points.iter().any(|p| p.y == sheet.y(77.0)), "the spike is drawn");
    }

    #[test]
    fn spikes_of_the_cells_shown_are_marked() {
        let mut sample = Sample::two_populations();
        sample.project.views[1].cells = vec![4];
        let mut traces = Traces::default();
        traces.update(sample.view(1), &sample.data());
        let spikes = sample.recordings.rows[0].senders.iter().filter(|s| **s == 4).count();
        let marks = traces.spike_marks(sample.view(1), &sample.data(), &sheet((0.0, 1000.0)));
        assert!(spikes > 5);
        assert_eq!(marks.len(), spikes);
    }

    #[test]
    fn says_what_lies_under_the_pointer() {
        let mut sample = Sample::two_populations();
        sample.project.views[1].cells = vec![0];
        let mut traces = Traces::default();
        traces.update(sample.view(1), &sample.data());
        let sheet = sheet((0.0, 1000.0));
        let text = traces.read_out(sample.view(1), &sample.data(), &sheet, pos2(100.0, 50.0)).expect("a read-out");
        assert!(text.starts_with("V_m of Excitatory 0: −"), "{text}");
        assert!(text.ends_with(" mV at 500.0 ms"), "{text}");
    }

    #[test]
    fn follows_recordings_that_lose_their_older_half() {
        let mut sample = Sample::two_populations();
        let mut traces = Traces::default();
        traces.update(sample.view(1), &sample.data());
        sample.recordings.drop_older_half();
        traces.update(sample.view(1), &sample.data());
        let rows = &sample.recordings.rows[1];
        let expected = (0..rows.times.len()).map(|r| traces.traces[1].value(rows, r) as f32).fold(f32::MAX, f32::min);
        assert_eq!(traces.traces[1].extent(rows, 0..rows.times.len()).min, expected);
    }
}
