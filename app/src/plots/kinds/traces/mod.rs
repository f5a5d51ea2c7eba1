//! Recorded quantities of single cells over time.

mod pyramid;

use std::ops::Range;

use egui::{Color32, ComboBox, Pos2, Shape, Stroke, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::description::{SpikeShape, Value};
use spikeloom_engine::project::{Node, NodeId, unknown};
use spikeloom_engine::recordings::{Cursor, RecorderKind, RecorderPlan, Recordings, Rows};

use crate::action::Edit;
use crate::plots::data::{PlotData, Shown};
use crate::plots::editor::Editor;
use crate::plots::plot::{Facts, Plot, ReadOut, Remark, passed};
use crate::plots::populations::rows_within;
use crate::plots::sheet::{Scale, Sheet};
use crate::plots::table::{Table, exact};
use crate::plots::{axis, cells, takes};
use crate::theme;
use pyramid::{Extent, Pyramid};

/// Cells of each population that are shown if the user chose none.
const FIRST: usize = 5;

/// Cells of each population that are shown at most.
const MOST: usize = 50;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The quantity shown; empty for the first one there is.
    pub variable: String,
    /// Indices of the cells shown of each population; empty for the first few.
    pub cells: Vec<u32>,
    /// Above each other instead of overlaid.
    pub stacked: bool,
}

/// One cell's recorded quantity.
#[derive(Clone, Debug)]
struct Trace {
    /// Index of its recorder in the recordings.
    recorder: usize,
    /// Number of the value within those sampled at one time.
    column: usize,
    /// Values sampled at one time.
    columns: usize,
    node: NodeId,
    /// Its number in the simulation.
    number: u32,
    /// Index of the cell in its population.
    index: u32,
    /// "E 3".
    name: String,
    color: Color32,
    pyramid: Pyramid,
    /// How far its samples are in the pyramid.
    cursor: Cursor,
}

impl Trace {
    /// The value of the sample at a row, NaN where there is none.
    #[inline]
    fn value(&self, rows: &Rows, row: usize) -> f64 {
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

    fn catch_up(&mut self, recordings: &Recordings) {
        let Some(rows) = recordings.rows.get(self.recorder) else { return };
        let news = self.cursor.advance(recordings, self.recorder);
        if news.anew {
            self.pyramid = Pyramid::default();
        }
        for row in news.rows {
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
}

/// What the choice of traces depends on.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    sources: Vec<NodeId>,
    variable: String,
    cells: Vec<u32>,
    recorders: usize,
}

/// The quantities that recorders sample, with their units, each once.
fn variables<S>(shown: &Shown<'_, S>) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for source in shown.sources {
        if let Some((RecorderPlan { kind: RecorderKind::Samples { variables, .. }, .. }, _)) =
            shown.recordings.recorder(*source)
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

/// The quantity shown: the chosen one, or the first there is.
fn variable(shown: &Shown<'_, Settings>) -> Option<(String, String)> {
    let all = variables(shown);
    all.iter().find(|(name, _)| *name == shown.settings.variable).or(all.first()).cloned()
}

impl Traces {
    fn choose(&mut self, shown: &Shown<'_, Settings>) {
        let choice = Choice {
            sources: shown.sources.to_vec(),
            variable: shown.settings.variable.clone(),
            cells: shown.settings.cells.clone(),
            recorders: shown.recordings.plan.recorders.len(),
        };
        if self.chosen_for.as_ref() == Some(&choice) {
            return;
        }
        let mut old = std::mem::take(&mut self.traces);
        (self.variable, self.unit) = variable(shown).unwrap_or_default();
        for source in shown.sources {
            self.choose_of(*source, shown);
        }
        for trace in &mut self.traces {
            let same = |t: &Trace| (t.recorder, t.column, t.columns) == (trace.recorder, trace.column, trace.columns);
            if let Some(place) = old.iter().position(same) {
                let kept = old.swap_remove(place);
                (trace.pyramid, trace.cursor) = (kept.pyramid, kept.cursor);
            }
        }
        self.chosen_for = Some(choice);
    }

    /// Takes the chosen cells of each population that one recorder samples.
    fn choose_of(&mut self, source: NodeId, of: &Shown<'_, Settings>) {
        let (plan, cells) = (&of.recordings.plan, &of.settings.cells);
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
            let most = if cells.is_empty() { FIRST } else { MOST };
            if shown[place].1 >= most || !(cells.is_empty() || cells.contains(&index)) {
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
                cursor: Cursor::default(),
            });
        }
    }

    /// Gives names and colours: the population's colour, shaded for its second and later cells.
    fn dress(&mut self, shown: &Shown<'_, Settings>) {
        let mut before: Option<(NodeId, usize)> = None;
        for trace in &mut self.traces {
            let place = match before {
                Some((node, place)) if node == trace.node => place + 1,
                _ => 0,
            };
            before = Some((trace.node, place));
            let color = theme::node_color(shown.project, trace.node, shown.dark);
            trace.color = shade(color, place, shown.dark);
            let node = shown.project.node(trace.node);
            let members = || shown.recordings.plan.members_of(trace.node).map_or("", |m| &m.name);
            trace.name = format!("{} {}", node.map_or_else(members, |n| &n.name), trace.index);
        }
    }

    /// Smallest and largest value of all traces so far.
    fn extent(&self, recordings: &Recordings) -> Extent {
        let mut extent = Extent::NOTHING;
        for trace in &self.traces {
            if let Some(rows) = recordings.rows.get(trace.recorder) {
                extent.merge(trace.extent(rows, 0..rows.times.len()));
            }
        }
        extent
    }

    /// Whether the membrane potential of a cell is shown, as its model tells, or else its first quantity in mV.
    fn shows_potential(&self, shown: &Shown<'_, Settings>, trace: &Trace) -> bool {
        let Some(node) = shown.project.node(trace.node) else { return false };
        match node.model.facts.spike {
            Some(shape) => shape.potential == self.variable,
            None => node.model.recordables.iter().find(|r| r.unit == "mV").is_some_and(|r| r.name == self.variable),
        }
    }

    /// What the potential of a cell does at a spike, if that is what is shown of it.
    fn spike_shape(&self, shown: &Shown<'_, Settings>, trace: &Trace) -> Option<SpikeShape> {
        let shape = shown.project.node(trace.node)?.model.facts.spike?;
        (shape.potential == self.variable).then_some(shape)
    }

    /// The potential at which a cell is reset, if that is shown, and one value for the cell.
    fn threshold(&self, shown: &Shown<'_, Settings>, trace: &Trace) -> Option<f64> {
        let parameter = self.spike_shape(shown, trace)?.reset_at?;
        match shown.project.node(trace.node)?.value(parameter)? {
            Value::Real(threshold) => Some(threshold),
            Value::List(thresholds) => thresholds.get(trace.index as usize).copied(),
            _ => None,
        }
        .filter(|threshold| threshold.is_finite())
    }

    /// Smallest and largest value, with the thresholds to which ticks of spikes reach.
    fn span(&self, shown: &Shown<'_, Settings>) -> Extent {
        let mut extent = self.extent(shown.recordings);
        let spikes_of = |trace: &Trace| {
            let recorders = shown.recordings.plan.recorders.iter().zip(&shown.recordings.rows);
            let mut spikes = recorders.filter(|(plan, _)| plan.kind == RecorderKind::Spikes);
            spikes.any(|(plan, rows)| plan.sources.contains(&trace.node) && !rows.is_empty())
        };
        for trace in self.traces.iter().filter(|trace| spikes_of(trace)) {
            if let Some(threshold) = self.threshold(shown, trace) {
                extent.merge(Extent { min: threshold as f32, max: threshold as f32 });
            }
        }
        extent
    }

    /// Ticks where a spike recorder has spikes of the cells whose potentials are shown: models that reset their potential
    /// never sample the spike itself, so they rise from the trace to the threshold and a little beyond. Models with an
    /// upstroke of their own need none.
    fn spike_marks(&self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        const HEIGHT: f32 = 6.0;
        const MOST_TRACES: usize = 10;
        const MOST_SPIKES: usize = 100_000;
        let mut marks = Vec::new();
        if self.traces.len() > MOST_TRACES {
            return marks;
        }
        let lane = self.lanes(shown, sheet);
        for (plan, rows) in shown.recordings.plan.recorders.iter().zip(&shown.recordings.rows) {
            let within = rows_within(rows, sheet.across);
            if plan.kind != RecorderKind::Spikes || within.len() > MOST_SPIKES {
                continue;
            }
            for (i, trace) in self.traces.iter().enumerate().filter(|(_, t)| plan.sources.contains(&t.node)) {
                let has_upstroke = self.spike_shape(shown, trace).is_some_and(|shape| shape.reset_at.is_none());
                if has_upstroke || !self.shows_potential(shown, trace) {
                    continue;
                }
                let threshold = self.threshold(shown, trace);
                let Some(samples) = shown.recordings.rows.get(trace.recorder) else { continue };
                for row in within.clone().filter(|row| rows.senders[*row] == trace.number) {
                    let (x, value) = (sheet.x(rows.times[row]), trace.around(samples, rows.times[row]));
                    if value.is_finite() {
                        let foot = sheet.y(lane(i, value));
                        let head = threshold.map_or(foot, |threshold| sheet.y(lane(i, threshold)).min(foot));
                        marks.push(Shape::vline(x, head - HEIGHT..=foot, Stroke::new(1.5, trace.color)));
                    }
                }
            }
        }
        marks
    }

    /// Where a value of a trace lies on the vertical axis: in its own lane if they are stacked.
    fn lanes(&self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> impl Fn(usize, f64) -> f64 + use<> {
        let extent = self.span(shown);
        let (low, high) = sheet.values.unwrap_or((f64::from(extent.min), f64::from(extent.max)));
        let (low, high) = if is_constant(low, high) { around(low, high) } else { (low, high) };
        let span = (high - low).max(1e-9);
        let (stacked, lanes) = (shown.settings.stacked, self.traces.len());
        move |trace, value| {
            if stacked { (lanes - 1 - trace) as f64 + 0.08 + 0.84 * (value - low) / span } else { value }
        }
    }
}

/// Whether values differ by no more than the last digits in which samples are compared.
fn is_constant(low: f64, high: f64) -> bool {
    high - low <= 1e-6 * low.abs().max(high.abs())
}

/// Bottom and top that have a constant value in the middle.
fn around(low: f64, high: f64) -> (f64, f64) {
    let middle = 0.5 * (low + high);
    let margin = 1.0f64.max(0.1 * middle.abs());
    (middle - margin, middle + margin)
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

impl Plot for Traces {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "traces",
        title: "Traces",
        add: ("Add traces", "Plot recorded quantities over time"),
        shows: "traces",
        takes: takes::samples,
        follows_picks: true,
        overlays: true,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        self.choose(shown);
        self.dress(shown);
        self.traces.iter_mut().for_each(|trace| trace.catch_up(shown.recordings));
    }

    fn amount(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> String {
        match self.traces.len() {
            1 => format!("{} of 1 cell", self.variable),
            n => format!("{} of {n} cells", self.variable),
        }
    }

    fn fit(&self, shown: &Shown<'_, Settings>, _: (f64, f64)) -> (f64, f64) {
        if shown.settings.stacked {
            return (0.0, self.traces.len().max(1) as f64);
        }
        let extent = self.span(shown);
        if !extent.is_some() {
            return (0.0, 1.0);
        }
        let (low, high) = (f64::from(extent.min), f64::from(extent.max));
        if is_constant(low, high) {
            return around(low, high);
        }
        let margin = 0.06 * (high - low);
        (low - margin, high + margin)
    }

    fn scale(&self, shown: &Shown<'_, Settings>) -> Scale {
        if shown.settings.stacked {
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

    fn draw(&mut self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let lane = self.lanes(shown, sheet);
        let mut columns = Columns::default();
        let mut shapes = Vec::new();
        for (i, trace) in self.traces.iter().enumerate() {
            let Some(rows) = shown.recordings.rows.get(trace.recorder) else { continue };
            columns.prepare(trace.recorder, rows, sheet);
            let points = columns.points(trace, rows, sheet, |value| sheet.y(lane(i, value)));
            shapes.push(Shape::line(points, Stroke::new(1.2, trace.color)));
        }
        shapes.extend(self.spike_marks(shown, sheet));
        shapes
    }

    fn read_out(&self, shown: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let time = sheet.x_at(pointer);
        let lane = self.lanes(shown, sheet);
        let at = |(i, trace): (usize, &'_ Trace)| {
            let rows = shown.recordings.rows.get(trace.recorder)?;
            let after = rows.times.partition_point(|t| *t < time);
            let row = match (after.checked_sub(1), rows.times.get(after)) {
                (Some(before), Some(next)) if time - rows.times[before] > next - time => before + 1,
                (Some(before), _) => before,
                (None, Some(_)) => after,
                (None, None) => return None,
            };
            let value = trace.value(rows, row);
            let height = sheet.y(lane(i, value));
            let distance = (height - pointer.y).abs();
            value.is_finite().then_some((distance, i, value, rows.times[row], height))
        };
        let nearest = self.traces.iter().enumerate().filter_map(at).min_by(|a, b| a.0.total_cmp(&b.0));
        let (_, i, value, time, height) = nearest?;
        let (bottom, top) = self.fit(shown, sheet.across);
        let step = (top - bottom).abs().max(1e-9) / 300.0;
        let value = axis::tick(value, axis::round_up(if shown.settings.stacked { 0.1 } else { step }));
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        let at = pos2(sheet.x(time), height);
        let time = axis::exact_time(time, sheet);
        Some(ReadOut { text: format!("{} of {}: {value}{unit} at {time}", self.variable, self.traces[i].name), at })
    }

    fn values(&self, shown: &Shown<'_, Settings>) -> Option<(f64, f64)> {
        let extent = self.span(shown);
        (shown.settings.stacked && extent.is_some()).then(|| (extent.min.into(), extent.max.into()))
    }

    /// Samples that are further apart than the upstroke of a spike miss its peak.
    fn remark(&self, shown: &Shown<'_, Settings>) -> Option<Remark> {
        let resolution = shown.project.simulation.resolution;
        let is_coarse = |meter: &&Node| {
            let interval = meter.real("interval");
            let of_meter = |trace: &&Trace| {
                shown.recordings.plan.recorders.get(trace.recorder).is_some_and(|plan| plan.node == meter.id)
            };
            let misses = |trace: &Trace| {
                let upstroke = self.spike_shape(shown, trace).and_then(|shape| shape.upstroke);
                upstroke.is_some_and(|upstroke| interval > upstroke && interval > 1.5 * resolution)
            };
            self.traces.iter().filter(of_meter).any(misses)
        };
        let meters: Vec<&Node> =
            shown.sources.iter().filter_map(|id| shown.project.node(*id)).filter(is_coarse).collect();
        let widest = meters.iter().map(|meter| meter.real("interval")).reduce(f64::max)?;
        let names: Vec<&str> = meters.iter().map(|meter| meter.name.as_str()).collect();
        let label = format!("Set interval of {}", names.join(", "));
        let ids: Vec<NodeId> = meters.iter().map(|meter| meter.id).collect();
        let number = spikeloom_engine::description::number;
        Some(Remark {
            text: format!("{} ms between samples: peaks of spikes are missed", number(widest)),
            cure: format!("Sample every {} ms", number(resolution)),
            why: "The potential rises and falls between two samples, so that heights differ that are the same".into(),
            edit: Edit::new(label, move |project| {
                for id in ids {
                    if let Some(meter) = project.node_mut(id) {
                        meter.params.insert("interval".into(), Value::Real(resolution));
                    }
                }
            }),
        })
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        quantity(editor);
        let most = editor.largest_population();
        let picks = [
            ("First 5", Vec::new()),
            ("10 random", cells::scattered(10, most)),
            ("All up to 50", (0..most.min(MOST) as u32).collect()),
        ];
        editor.cells(&editor.shown.settings.cells, "the first 5", &picks, |settings| &mut settings.cells);
        let (stacked, tip) = (editor.shown.settings.stacked, "Each trace in a lane of its own");
        editor.switch("Above each other", tip, "Stack traces", stacked, |settings, on| settings.stacked = on);
    }

    fn cells(settings: &mut Settings) -> Option<&mut Vec<u32>> {
        Some(&mut settings.cells)
    }

    fn missing(settings: &Settings, sampled: &[String]) -> Option<(&'static str, String)> {
        let is_there = settings.variable.is_empty() || sampled.contains(&settings.variable);
        let names: Vec<&str> = sampled.iter().map(String::as_str).collect();
        (!is_there).then(|| ("variable", unknown("quantity", &settings.variable, "its recorders", &names)))
    }

    /// Writes every sample, all quantities of a cell and time in one line.
    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        let variables = variables(shown);
        // One set of traces for each quantity, all with the same cells in the same order.
        let traces_of = |(name, _): &(String, String)| {
            let mut traces = Traces::default();
            let settings = Settings { variable: name.clone(), ..shown.settings.clone() };
            traces.update(&Shown { settings: &settings, ..*shown });
            traces.traces
        };
        let columns: Vec<Vec<Trace>> = variables.iter().map(traces_of).collect();
        let mut header = vec!["time_ms".to_owned(), "population".into(), "neuron".into()];
        header.extend(
            variables.iter().map(|(name, unit)| if unit.is_empty() { name.clone() } else { format!("{name}_{unit}") }),
        );
        table.write_record(&header)?;
        let mut cells: Vec<_> = columns.iter().flatten().map(|t| (t.recorder, t.node, t.index)).collect();
        let mut seen = std::collections::BTreeSet::new();
        cells.retain(|cell| seen.insert(*cell));
        for cell in cells {
            let of_cell = |traces: &Vec<Trace>| traces.iter().find(|t| (t.recorder, t.node, t.index) == cell).cloned();
            write_cell(table, shown, cell, &columns.iter().map(of_cell).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn nothing_yet(recorders: &[&Node], data: &PlotData<'_>) -> String {
        let samples_nothing = |node: &&Node| {
            let plan = data.recordings.recorder(node.id).map(|(plan, _)| &plan.kind);
            matches!(plan, Some(RecorderKind::Samples { variables, .. }) if variables.is_empty())
        };
        if recorders.iter().any(samples_nothing) {
            return "No quantity to record: choose some in the recorder's parameters".into();
        }
        format!("No samples yet (in {})", passed(data))
    }
}

/// Writes all samples of one cell: of a recorder, a population and an index there.
fn write_cell(
    table: &mut Table,
    shown: &Shown<'_, Settings>,
    (recorder, node, index): (usize, NodeId, u32),
    quantities: &[Option<Trace>],
) -> Result<(), csv::Error> {
    let Some(rows) = shown.recordings.rows.get(recorder) else { return Ok(()) };
    let name = shown.recordings.plan.members_of(node).map_or("", |m| &m.name);
    let name = shown.project.node(node).map_or(name, |n| &n.name);
    for (row, time) in rows.times.iter().enumerate() {
        let mut record = vec![exact(*time), name.to_owned(), index.to_string()];
        let value = |t: &Option<Trace>| t.as_ref().map_or(String::new(), |t| t.value(rows, row).to_string());
        record.extend(quantities.iter().map(value));
        table.write_record(&record)?;
    }
    Ok(())
}

/// Lets the user choose what is shown of all that is recorded.
fn quantity(editor: &mut Editor<'_, Settings>) {
    editor.ui.separator();
    let all = variables(&editor.shown);
    let Some((first, _)) = all.first() else {
        editor.ui.weak("Quantities can be chosen once the run has started");
        return;
    };
    let wanted = &editor.shown.settings.variable;
    let chosen = all.iter().find(|(name, _)| name == wanted).map_or(first, |(name, _)| name);
    let clicked = ComboBox::from_label("Quantity").selected_text(chosen).show_ui(editor.ui, |ui| {
        let clicked = |(name, unit): &&(String, String)| {
            let text = if unit.is_empty() { name.clone() } else { format!("{name} ({unit})") };
            ui.selectable_label(name == chosen, text).clicked()
        };
        all.iter().filter(clicked).last()
    });
    if let Some((name, _)) = clicked.inner.flatten().cloned() {
        editor.change("Choose quantity", None, |settings| settings.variable = name);
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
        let within = rows_within(rows, sheet.across);
        self.rows = within.start.saturating_sub(1)..(within.end + 1).min(rows.times.len());
        let columns = (sheet.rect.width() * sheet.ctx.pixels_per_point()).max(1.0) as usize;
        self.starts.clear();
        if within.len() < 3 * columns {
            return;
        }
        // Whole blocks of the pyramid are read faster; a column more or less is not seen then.
        let block = if within.len() > 128 * columns { 16 } else { 1 };
        let (start, end) = sheet.across;
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
    use super::*;
    use crate::plots::sample::Sample;
    use egui::Rect;
    use spikeloom_engine::models;

    fn names(traces: &Traces) -> Vec<&str> {
        traces.traces.iter().map(|t| t.name.as_str()).collect()
    }

    fn sheet(across: (f64, f64)) -> Sheet {
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(200.0, 100.0));
        Sheet { ctx: egui::Context::default(), rect, across, y: (-100.0, 100.0), values: None }
    }

    fn updated(sample: &Sample, settings: &Settings) -> Traces {
        let mut traces = Traces::default();
        traces.update(&sample.shown(1, settings));
        traces
    }

    fn of_cells(cells: &[u32]) -> Settings {
        Settings { cells: cells.to_vec(), ..Settings::default() }
    }

    #[test]
    fn shows_the_first_cells_or_the_chosen_ones() {
        let sample = Sample::two_populations();
        let mut traces = updated(&sample, &Settings::default());
        assert_eq!(names(&traces)[..2], ["Excitatory 0", "Excitatory 1"]);
        assert_eq!(traces.traces.len(), FIRST);
        let settings = of_cells(&[2, 6]);
        traces.update(&sample.shown(1, &settings));
        assert_eq!(names(&traces), ["Excitatory 2", "Excitatory 6"]);
        assert_eq!(traces.scale(&sample.shown(1, &settings)), Scale::Numbers("V_m (mV)".into()));
    }

    #[test]
    fn reads_the_values_of_the_right_cell_and_quantity() {
        let sample = Sample::two_populations();
        let settings = Settings { variable: "g_ex".into(), ..of_cells(&[3]) };
        let traces = updated(&sample, &settings);
        let rows = &sample.recordings.rows[1];
        assert_eq!(traces.traces[0].value(rows, 17), Sample::value(17, 3, 1));
        assert_eq!(traces.scale(&sample.shown(1, &settings)), Scale::Numbers("g_ex (nS)".into()));
    }

    #[test]
    fn a_spike_of_one_sample_survives_drawing_few_columns() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[1];
        let columns = rows.values.len() / rows.times.len();
        rows.values[4321 * columns] = 77.0;
        let settings = of_cells(&[0]);
        let sheet = sheet((0.0, 1000.0));
        let shapes = updated(&sample, &settings).draw(&sample.shown(1, &settings), &sheet);
        let Some(Shape::Path(path)) = shapes.first() else { panic!("a line is drawn") };
        assert!(path.points.len() <= 402, "two points a column, not {}", path.points.len());
        assert!(path.points.iter().any(|p| p.y == sheet.y(77.0)), "the spike is drawn");
    }

    #[test]
    fn spikes_of_the_cells_shown_are_marked() {
        let sample = Sample::two_populations();
        let settings = of_cells(&[4]);
        let spikes = sample.recordings.rows[0].senders.iter().filter(|s| **s == 4).count();
        let traces = updated(&sample, &settings);
        let marks = traces.spike_marks(&sample.shown(1, &settings), &sheet((0.0, 1000.0)));
        assert!(spikes > 5);
        assert_eq!(marks.len(), spikes);
        // The potential of this cell stays 52 to 68 mV below zero; its threshold is −55 mV.
        let sheet = sheet((0.0, 1000.0));
        for mark in traces.spike_marks(&sample.shown(1, &settings), &sheet) {
            let Shape::LineSegment { points, .. } = mark else { panic!("a stroke") };
            let (head, foot) = (points[0].y.min(points[1].y), points[0].y.max(points[1].y));
            assert!(head <= sheet.y(-55.0) - 5.0 && foot >= head + 6.0, "{head} {foot}");
        }
        let mut own_upstroke = Sample::two_populations();
        own_upstroke.project.nodes[0].model = models::find("hh_psc_alpha").expect("in the catalogue");
        assert!(updated(&own_upstroke, &settings).spike_marks(&own_upstroke.shown(1, &settings), &sheet).is_empty());
    }

    #[test]
    fn spikes_are_marked_on_the_potential_only() {
        let sample = Sample::two_populations();
        let settings = Settings { variable: "g_ex".into(), ..of_cells(&[4]) };
        assert!(updated(&sample, &settings).spike_marks(&sample.shown(1, &settings), &sheet((0.0, 1000.0))).is_empty());
    }

    #[test]
    fn what_stays_constant_lies_in_the_middle() {
        let mut sample = Sample::two_populations();
        // A number that is not the same in half the digits, and one that differs in the last of them.
        for (i, value) in sample.recordings.rows[1].values.iter_mut().enumerate() {
            *value = if i % 3 == 0 { -70.1 } else { -70.100_007 };
        }
        for stacked in [false, true] {
            let settings = Settings { stacked, variable: "g_ex".into(), ..of_cells(&[0]) };
            let traces = updated(&sample, &settings);
            let shown = sample.shown(1, &settings);
            let (bottom, top) = traces.fit(&shown, (0.0, 1000.0));
            let sheet = Sheet { y: (bottom, top), ..sheet((0.0, 1000.0)) };
            let height = traces.lanes(&shown, &sheet)(0, -70.1);
            assert!((height - 0.5 * (bottom + top)).abs() < 0.01 * (top - bottom), "{height} in {bottom} to {top}");
        }
    }

    #[test]
    fn samples_coarser_than_an_upstroke_are_remarked_and_mended() {
        let settings = Settings::default();
        let with = |model: &str, interval: f64| {
            let mut sample = Sample::two_populations();
            sample.project.nodes[0].model = models::find(model).expect("in the catalogue");
            sample.project.nodes[3].params.insert("interval".into(), Value::Real(interval));
            sample
        };
        let remark = |sample: &Sample| updated(sample, &settings).remark(&sample.shown(1, &settings));
        let mut coarse = with("hh_psc_alpha", 1.0);
        let remark_of = remark(&coarse).expect("peaks are missed");
        assert_eq!(remark_of.text, "1 ms between samples: peaks of spikes are missed");
        assert_eq!(remark_of.cure, "Sample every 0.1 ms");
        (remark_of.edit.change)(&mut coarse.project);
        assert_eq!(coarse.project.nodes[3].real("interval"), 0.1);
        assert!(remark(&coarse).is_none());
        assert!(remark(&with("iaf_psc_alpha", 1.0)).is_none(), "no upstroke of its own");
        let other = Settings { variable: "g_ex".into(), ..Settings::default() };
        let sample = with("hh_psc_alpha", 1.0);
        assert!(updated(&sample, &other).remark(&sample.shown(1, &other)).is_none(), "no potential is shown");
    }

    #[test]
    fn says_what_lies_under_the_pointer() {
        let sample = Sample::two_populations();
        let settings = of_cells(&[0]);
        let (traces, shown) = (updated(&sample, &settings), sample.shown(1, &settings));
        let text = traces.read_out(&shown, &sheet((0.0, 1000.0)), pos2(100.0, 50.0)).expect("a read-out");
        let ReadOut { text, at } = text;
        assert!((at.x - 100.0).abs() < 0.1 && at.y > 50.0, "the point on the trace: {at:?}");
        assert!(text.starts_with("V_m of Excitatory 0: −"), "{text}");
        assert!(text.ends_with(" mV at 500.0 ms"), "{text}");
    }

    #[test]
    fn follows_recordings_that_lose_their_older_half() {
        let mut sample = Sample::two_populations();
        let settings = Settings::default();
        let mut traces = updated(&sample, &settings);
        sample.recordings.drop_older_half();
        traces.update(&sample.shown(1, &settings));
        let rows = &sample.recordings.rows[1];
        let expected = (0..rows.times.len()).map(|r| traces.traces[1].value(rows, r) as f32).fold(f32::MAX, f32::min);
        assert_eq!(traces.traces[1].extent(rows, 0..rows.times.len()).min, expected);
    }

    #[test]
    fn samples_have_a_column_for_each_quantity() {
        let mut sample = Sample::two_populations();
        sample.set(1, &of_cells(&[2]));
        let lines = sample.lines(1);
        assert_eq!(lines[0], "time_ms,population,neuron,V_m_mV,g_ex_nS");
        assert_eq!(lines[1], format!("0.1,Excitatory,2,{},{}", Sample::value(0, 2, 0), Sample::value(0, 2, 1)));
        assert_eq!(lines.len(), 1 + sample.recordings.rows[1].times.len());
    }
}
