//! Reads a project from the text of a `.ron` file, with every problem found.
//!
//! # The file
//!
//! A project is one RON value, made to be read and written by hand. Everything but `nodes` may
//! be left out; what is left out has its default.
//!
//! ```text
//! (
//!     spikeloom: 1,
//!     title: "Two populations",
//!     about: "A paragraph, Markdown",
//!     simulation: (resolution: 0.1, duration: 1000, seed: 1, threads: 0),
//!     nodes: {
//!         "E": (model: "iaf_psc_alpha", n: 800, at: (120, 80), params: (tau_m: 20, V_m: normal(mean: -60, std: 5))),
//!         "noise": (model: "poisson_generator", params: (rate: 8000)),
//!         "spikes": (model: "spike_recorder"),
//!         "V": (model: "multimeter", params: (record_from: ["V_m", "I_syn_ex"], interval: 0.1)),
//!     },
//!     projections: [
//!         (from: "E", to: "E", rule: fixed_indegree(80), weight: 20.7, delay: 1.5, autapses: false),
//!         (from: "noise", to: "E", weight: 20.7, delay: uniform(low: 1, high: 2)),
//!         (from: "E", to: "spikes"),
//!         (from: "V", to: "E"),
//!     ],
//!     views: {
//!         1: (kind: raster, of: ["spikes"]),
//!         2: (kind: traces, of: ["V"], variable: "V_m", cells: [0, 1, 2], stacked: true),
//!         3: (kind: rate, of: ["spikes"], bin: 5),
//!     },
//!     layout: row([(0.6, view(1)), (0.4, column([(0.5, view(2)), (0.5, view(3))]))]),
//!     notes: [(at: (10, 10), text: "…")],
//! )
//! ```
//!
//! | field | meaning | default |
//! | --- | --- | --- |
//! | `spikeloom` | version of the format; a newer one than [`FORMAT`] is refused | 1 |
//! | `title`, `about` | name of the network; a text about it, Markdown | empty |
//! | `simulation` | `resolution` and `duration` in ms, `seed`, `threads` (0: the program chooses) | 0.1, 1000, 1, 0 |
//! | | `play`: what the window does at `duration`: `endless` (goes on), `once` (stops), `repeat` or `repeat(next_seed: true)` (starts anew) | `endless` |
//! | | `speed`: simulated time per real time at which the window plays at first (`inf`: as fast as it goes); `time_window`: ms that plots show at first | 1; the run, up to 1000 |
//! | | for signals without delay: `use_wfr`, `wfr_interpolation_order`, `wfr_tol` (0: the limit itself), `wfr_max_iterations` | true, 3, 0, 15 |
//! | `nodes` | populations, generators and recorders by name, in order | must be there |
//! | `projections` | who is connected to whom | none |
//! | `views` | plots by number; `{}` for none | the program shows what recorders store |
//! | `layout` | `view(1)`, `row([(share, …), …])`, `column([(share, …), …])`, `tabs([…, …])` | the program arranges |
//! | `notes` | texts on the canvas: `at`, `text` | none |
//! | `knobs` | sliders by name, each for one value or several | none |
//! | `training` | what the network is to learn, and how | none |
//!
//! **Nodes**: `model` (must be there; NEST's name), `n` (1), `at` (place of the centre on the canvas, (0, 0)),
//! `params` (by NEST's names and in NEST's units), `muted` (false), `color` (index into the palette), `positions`: where its neurons
//! stand, as `grid(shape: (20, 20), extent: (1, 1), center: (0, 0), edge_wrap: true)`, which tells `n`, as `free(at: [(0, 0), (1, 2)])` or drawn,
//! `uniform(extent: (1, 1), seed: 1)`.
//!
//! **Projections**: `from` and `to` (must be there), `rule` (`all_to_all`), `weight` (1, in the unit of the
//! target's port), `delay` (1 ms), `receptor` (0; a number, or the name of a port that has one), `synapse` (`"static_synapse"`), `autapses` and
//! `multapses` (true), `symmetric` (false), `seed` (that of the network), `muted` (false), `storage` (`auto`, `sparse`, `dense`). Wires of recorders may be given in either direction. `sources` and `targets` are parts:
//! `slice(start: 0, stop: 50, step: 2)` or `[3, 5, 8]`. Nodes in a list, `from: ["E", "I"]`, count as one; their parts are
//! given by name, `sources: {"E": slice(stop: 50)}`. `third_factor` names neurons beside the synapses, such as astrocytes:
//! `(node: "astrocytes", p: 0.5, pool_size: 10, pool_type: "random", third_in: (…), third_out: (synapse: "sic_connection"))`.
//!
//! Between neurons that stand in space: `mask` (`circular(radius: 0.5)`, …, or `union([…])`, `intersection([…])`, `difference([…, …])`), `kernel`
//! (a factor on the probability of the rule: `gaussian(std: 0.3)`), `use_on_source` and `allow_oversized_mask` (false).
//!
//! **Rules**: `all_to_all`, `one_to_one`, `fixed_indegree(10)`, `fixed_outdegree(10)`,
//! `fixed_total_number(100)`, `pairwise_bernoulli(0.1)`, `pairwise_poisson(0.1)`,
//! `symmetric_pairwise_bernoulli(0.1)` (with `symmetric: true` and `autapses: false`; within one population two neurons
//! are drawn once where `multapses: false`), `pairs([(0, 3), (1, 2)])` (source and target of each synapse, counted from 0), `pairs(csv: "connections.csv")` (columns source, target and perhaps
//! weight and delay of a file beside the project). The number may have NEST's name:
//! `fixed_indegree(indegree: 10)`, `pairwise_bernoulli(p: 0.1)`. BrainPy's names of rules (`FixedIndegreeProj(K: 10)`) and of
//! distributions (`Normal(0, 1)`) are read as well.
//!
//! **Values** of parameters, weights and delays: a number (`-70`, `1e-3`, `inf`); `true` or `false`; a text in
//! quotes; a list, one value a neuron or synapse (`[1, 2]`, `[true, false]`), or the value of a list parameter such as
//! `spike_times`; a list of lists (weights by target and source; one list a device); a
//! function of the distance or place, `spatial(gaussian(std: 0.3, times: 20, plus: 1))`; or a distribution:
//! `normal(mean: 0, std: 1)`, `lognormal(mean: 0, std: 1)`, `uniform(low: 0, high: 1)` (or plainly `uniform(0, 1)`), each with `min` or
//! `max` or both, outside of which values are drawn again. Parameters of a compartment stand together:
//! `soma: (g_L: 10, I_e: [1, 2])`. Lists of compartments and receptors have entries with keys:
//! `[(parent_idx: -1, params: (C_m: 1)), (parent_idx: 0)]`, counted from 0.
//!
//! **Views**: `kind` (`raster`, `traces`, `rate` …; must be there), `of` (recorders), `title`, and the settings of that
//! kind of plot, such as `cells`, `bin` or `stacked`. Kinds and settings that a program does not know are kept.
//!
//! **Knobs**: `range` (must be there, `(from, to)`), `doc`, `step` (0: anywhere), `turns` (must be there): a list of `weights(from: "I", times: -200)`
//! (all projections from there to neurons; `to` names one target) and
//! `parameter(of: "noise", name: "rate", times: 920)`. The values are `times` (1) what the knob shows.
//!
//! **Training**: `method` (`cma_es`, `separable_nes`, `sgd(learning_rate: 0.1)`, `momentum`, `adam`), `train` (`weights(from: "a", to: "b",
//! range: (0, 1))`, `delays`, `parameter(of: "a", name: "I_e", range: (0, 9))`, `knob("g")`), `epochs` (100), `enough` (0, the loss at which it
//! ends); with evolution strategies `goals` (`rate(of: "spikes", target: 10, scale: 1)`, `cv`, `correlation`, `mean`, `trace`), with gradients `loss`
//! (`cross_entropy(of: "out", read: max)`, `rate`, `spike_times`), `surrogate`, `batch`, `penalties`, `patterns`.
//!
//! Comments are `// …` and `/* … */`; a comma may follow the last entry. Texts are `"…"` with the escapes
//! `\n \t \r \" \\ \u{…}`, or raw: `r#"…"#`.

mod fields;
mod knobs;
mod network;
mod plots;
mod space;
mod training;
mod values;

use std::fmt;
use std::path::Path;

use super::scan::{Item, Spanned, scan};
use super::suggest::unknown;
use super::validate::{self, validate};
use super::{FORMAT, Place, Play, Problem, Project, Settings, Severity};
use fields::Reader;

/// Why a text is not a project; every problem with line and column.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadError {
    pub problems: Vec<Problem>,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::description::write_lines(&self.problems, f)
    }
}

impl std::error::Error for ReadError {}

/// The project in `text`, with warnings; or every problem, if it cannot be used.
///
/// # Errors
/// All problems of the text, if one of them is an error, be it of grammar or a value that the network cannot have.
pub fn read(text: &str) -> Result<(Project, Vec<Problem>), ReadError> {
    read_with(text, validate)
}

/// As [`read()`], with these checks in place of [`validate`](super::validate()): they may look at more, such as the
/// settings of plots. What they find gets line and column.
///
/// # Errors
/// As [`read()`].
pub fn read_with(text: &str, checks: impl Fn(&Project) -> Vec<Problem>) -> Result<(Project, Vec<Problem>), ReadError> {
    read_in(text, None, checks)
}

/// As [`read_with`], of a text that stands in this folder: files that it names are read there.
///
/// # Errors
/// As [`read()`].
pub fn read_in(
    text: &str,
    folder: Option<&Path>,
    checks: impl Fn(&Project) -> Vec<Problem>,
) -> Result<(Project, Vec<Problem>), ReadError> {
    let (project, problems) = read_draft_in(text, folder, checks)?;
    if problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(ReadError { problems });
    }
    Ok((project, problems))
}

/// The project in `text` even if [`validate`](super::validate()) finds errors in it, as in work that was
/// saved before it was finished; with all problems, errors among them.
///
/// # Errors
/// All problems of the text, if there is something in it that a project cannot hold: grammar, unknown
/// fields or models, values of the wrong kind, projections without an end.
pub fn read_draft(text: &str) -> Result<(Project, Vec<Problem>), ReadError> {
    read_draft_with(text, validate)
}

/// As [`read_draft`], with these checks in place of [`validate`](super::validate()).
///
/// # Errors
/// As [`read_draft`].
pub fn read_draft_with(
    text: &str,
    checks: impl Fn(&Project) -> Vec<Problem>,
) -> Result<(Project, Vec<Problem>), ReadError> {
    read_draft_in(text, None, checks)
}

/// As [`read_draft_with`], of a text that stands in this folder: files that it names are read there.
///
/// # Errors
/// As [`read_draft`].
pub fn read_draft_in(
    text: &str,
    folder: Option<&Path>,
    checks: impl Fn(&Project) -> Vec<Problem>,
) -> Result<(Project, Vec<Problem>), ReadError> {
    let mut reader = Reader::within(folder);
    let (value, slips) = scan(text);
    for slip in slips {
        reader.error(&Place::Project, slip.position, slip.message);
    }
    let project = value.and_then(|value| reader.project(value));
    if let Some(project) = &project {
        reader.check(project, checks(project));
    }
    let mut problems = reader.problems;
    problems.sort_by_key(|p| p.position.unwrap_or((usize::MAX, 0)));
    match project {
        Some(project) if reader.sound => Ok((project, problems)),
        _ => Err(ReadError { problems }),
    }
}

const TOP: [&str; 11] = [
    "spikeloom",
    "title",
    "about",
    "simulation",
    "nodes",
    "projections",
    "views",
    "layout",
    "notes",
    "knobs",
    "training",
];
const SIMULATION: [&str; 11] = [
    "resolution",
    "duration",
    "play",
    "speed",
    "time_window",
    "seed",
    "threads",
    "use_wfr",
    "wfr_interpolation_order",
    "wfr_tol",
    "wfr_max_iterations",
];

/// Every field that a file can have, by where it stands; views have those of their kinds beside.
pub const FIELDS: [(&str, &[&str]); 10] = [
    ("file", &TOP),
    ("simulation", &SIMULATION),
    ("node", &network::NODE),
    ("projection", &network::PROJECTION),
    ("view", &["kind", "of", "title"]),
    ("third factor", &network::THIRD_FACTOR),
    ("note", &["at", "text"]),
    ("knob", &["range", "turns", "doc", "step"]),
    ("training", &training::TRAINING),
    ("pattern", &training::PATTERN),
];

impl Reader {
    /// The project as far as it can be made out; whether that is all of it, `sound` tells.
    fn project(&mut self, value: Spanned) -> Option<Project> {
        let place = Place::Project;
        let position = value.position;
        if !self.known_version(&value) {
            return None;
        }
        let mut fields = self.fields(&place, "a project", value, Some(&TOP))?;
        let mut project = Project {
            title: fields.take("title").and_then(|v| self.text(&place, "title", v)).unwrap_or_default(),
            about: fields.take("about").and_then(|v| self.text(&place, "about", v)).unwrap_or_default(),
            simulation: fields.take("simulation").map(|v| self.settings(v)).unwrap_or_default(),
            ..Project::default()
        };
        let names = match fields.take("nodes") {
            Some(nodes) => self.nodes(nodes, &mut project),
            None => {
                self.error(&place, position, "the field `nodes` is missing");
                return None;
            }
        };
        if let Some(projections) = fields.take("projections") {
            self.projections(projections, &names, &mut project);
        }
        match fields.take("views") {
            Some(views) => self.views(views, &names, &mut project),
            None => project.default_views = project.nodes.iter().any(|node| node.model.stores().is_some()),
        }
        project.layout = fields.take("layout").and_then(|v| self.layout(v));
        if let Some(notes) = fields.take("notes") {
            self.notes(notes, &mut project);
        }
        if let Some(knobs) = fields.take("knobs") {
            self.knobs(knobs, &names, &mut project);
        }
        project.training = fields.take("training").and_then(|v| self.training(v, &names));
        Some(project)
    }

    /// A newer file may mean other things by the same words, so nothing else of it is read.
    fn known_version(&mut self, value: &Spanned) -> bool {
        let Item::Struct { fields, .. } = &value.item else { return true };
        let Some(field) = fields.iter().find(|f| f.name == "spikeloom") else { return true };
        let place = Place::Project;
        match self.whole(&place, "spikeloom", field.value.clone(), 1, u32::MAX.into()) {
            Some(version) if version > FORMAT.into() => {
                let message = format!(
                    "this file was written by a newer Spikeloom (format {version}, this program reads up to {FORMAT})"
                );
                self.error(&place, field.value.position, message);
                false
            }
            Some(_) => true,
            None => false,
        }
    }

    fn settings(&mut self, value: Spanned) -> Settings {
        let place = Place::Simulation;
        self.positions.insert(&place, "", value.position);
        let mut settings = Settings::default();
        let Some(mut fields) = self.fields(&place, "simulation", value, Some(&SIMULATION)) else { return settings };
        if let Some(x) = fields.take("resolution").and_then(|v| self.real(&place, "resolution", v)) {
            settings.resolution = x;
        }
        if let Some(x) = fields.take("duration").and_then(|v| self.real(&place, "duration", v)) {
            settings.duration = x;
        }
        if let Some(play) = fields.take("play").and_then(|v| self.play(v)) {
            settings.play = play;
        }
        if let Some(x) = fields.take("speed").and_then(|v| self.real(&place, "speed", v)) {
            settings.speed = x;
        }
        if let Some(x) = fields.take("time_window").and_then(|v| self.real(&place, "time_window", v)) {
            settings.time_window = Some(x);
        }
        if let Some(x) = fields.take("seed").and_then(|v| self.whole(&place, "seed", v, 0, u64::MAX)) {
            settings.seed = x;
        }
        if let Some(x) = fields.take("threads").and_then(|v| self.whole(&place, "threads", v, 0, 4096)) {
            settings.threads = x as usize;
        }
        if let Some(on) = fields.take("use_wfr").and_then(|v| self.flag(&place, "use_wfr", v)) {
            settings.use_wfr = on;
        }
        let order = fields.take("wfr_interpolation_order");
        if let Some(x) = order.and_then(|v| self.whole(&place, "wfr_interpolation_order", v, 0, 3)) {
            settings.wfr_interpolation_order = x as u32;
        }
        if let Some(x) = fields.take("wfr_tol").and_then(|v| self.real(&place, "wfr_tol", v)) {
            settings.wfr_tol = x;
        }
        let rounds = fields.take("wfr_max_iterations");
        if let Some(x) = rounds.and_then(|v| self.whole(&place, "wfr_max_iterations", v, 1, 10_000)) {
            settings.wfr_max_iterations = x as u32;
        }
        settings
    }

    /// `endless`, `once`, `repeat` or `repeat(next_seed: true)`.
    fn play(&mut self, value: Spanned) -> Option<Play> {
        const WAYS: [&str; 3] = ["endless", "once", "repeat"];
        let place = Place::Simulation;
        let position = value.position;
        let (word, given) = match value.item {
            Item::Word(word) => (word, None),
            Item::Struct { name: Some(word), fields } => (word, Some(Item::Struct { name: None, fields })),
            other => return self.expected(&place, "play", position, "`endless`, `once` or `repeat`", &other),
        };
        let next_seed = match given {
            None => None,
            Some(_) if word != "repeat" && WAYS.contains(&word.as_str()) => {
                self.error_of(&place, "play", position, format!("`{word}` takes nothing in brackets: write `{word}`"));
                return None;
            }
            Some(item) => {
                let mut fields = self.fields(&place, "repeat", Spanned { position, item }, Some(&["next_seed"]))?;
                match fields.take("next_seed") {
                    Some(flag) => Some(self.flag(&place, "next_seed", flag)?),
                    None => None,
                }
            }
        };
        match word.as_str() {
            "endless" => Some(Play::Endless),
            "once" => Some(Play::Once),
            "repeat" => Some(Play::Repeat { next_seed: next_seed.unwrap_or(false) }),
            _ => {
                self.error_of(&place, "play", position, unknown("way", &word, "to play", &WAYS));
                None
            }
        }
    }

    /// Adds what checks have found, with positions. Where something could not be read, what
    /// follows from its absence is left out: it would disappear with the cause.
    fn check(&mut self, project: &Project, mut found: Vec<Problem>) {
        if !self.sound {
            found.retain(|p| p.severity == Severity::Error && !self.is_damaged(project, &p.place));
            let damaged = |place: &Place| self.is_damaged(project, place);
            found.extend(validate::check_single_values(project).into_iter().filter(|p| damaged(&p.place)));
        }
        for problem in found {
            let position = self.positions.find(&problem.place, problem.parameter.as_deref());
            self.problems.push(problem.at(position));
        }
    }
}

#[cfg(test)]
mod tests;
