//! `spikeloom run`: simulates a project without a window.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use spikeloom_engine::analysis::{Activity, Tally, activities};
use spikeloom_engine::description::number;
use spikeloom_engine::live::files::record_to_file;
use spikeloom_engine::live::{Files, Folder};
use spikeloom_engine::project::{self, Project, Severity};
use spikeloom_engine::recordings::{Frame, RecordingPlan, Recordings};
use spikeloom_engine::runtime::Simulation;

use super::columns::in_columns;
use super::results::{Results, bytes_of_all, bytes_of_samples, write_results};
use super::{Failure, open_project, problem_line, tell};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Project file
    file: PathBuf,
    /// Time to simulate, instead of the project's duration
    #[arg(long = "for", value_name = "MS", value_parser = positive)]
    duration: Option<f64>,
    /// Seed of the random numbers, instead of the project's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Number of threads, instead of the project's (0: as many as are of use)
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Turns a knob of the project first; may be given several times
    #[arg(long = "knob", value_name = "NAME=VALUE", value_parser = turned)]
    knobs: Vec<(String, f64)>,
    /// Folder for the results; `<name of the project file>-results` if none is named
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Also write spikes, rate and CV of each recorded neuron
    #[arg(long)]
    per_neuron: bool,
    /// Also write the final weights of plastic projections
    #[arg(long)]
    weights: bool,
    /// Write all tables while the network runs, and keep no rows in memory, as recorders with record_to: "ascii" do
    #[arg(long)]
    to_files: bool,
    /// Write the measured times to standard output, the summary to standard error
    #[arg(long, value_name = "FORMAT")]
    timings: Option<Format>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Json,
}

fn positive(text: &str) -> Result<f64, String> {
    let ms: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if ms > 0.0 && ms.is_finite() { Ok(ms) } else { Err("must be more than 0 ms".into()) }
}

/// `g=4.5`, the name of a knob and where it is to stand.
fn turned(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.rsplit_once('=').ok_or("write the name of a knob, = and a number: g=4.5")?;
    let value: f64 = value.trim().parse().map_err(|_| format!("`{}` is not a number", value.trim()))?;
    if value.is_finite() { Ok((name.trim().to_owned(), value)) } else { Err("must be a finite number".into()) }
}

/// Turns knobs of a project; refused are names that it does not have, and what would break the network.
fn turn_knobs(file: &Path, project: &mut Project, knobs: &[(String, f64)]) -> Result<(), Failure> {
    for (name, value) in knobs {
        let Some(knob) = project.knobs.iter().find(|knob| knob.name == *name).cloned() else {
            let known: Vec<&str> = project.knobs.iter().map(|knob| knob.name.as_str()).collect();
            return Err(Failure::Input(match known.is_empty() {
                true => format!("--knob {name}: {} has no knobs", file.display()),
                false => format!("--knob: {}", project::unknown("knob", name, &file.display().to_string(), &known)),
            }));
        };
        knob.turn(project, *value);
    }
    let wrong = project::validate(project).into_iter().filter(|problem| problem.severity == Severity::Error);
    let wrong: Vec<String> = wrong.filter(|_| !knobs.is_empty()).map(|problem| problem_line(file, &problem)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Failure::Input(wrong.join("\n"))) }
}

pub fn run(arguments: &Arguments, out: &mut impl Write) -> Result<(), Failure> {
    let mut project = settings(arguments, open_project(&arguments.file)?);
    turn_knobs(&arguments.file, &mut project, &arguments.knobs)?;
    if arguments.duration.is_some() {
        tell_of_duration(&arguments.file, &project);
    }
    let folder = arguments.out.clone().unwrap_or_else(|| default_folder(&arguments.file));
    let run = simulate(&arguments.file, &project, &folder)?;
    announce(bytes_of_all(&run.recordings), "Writing about", &folder.display().to_string());
    let (per_neuron, weights) = (arguments.per_neuron, arguments.weights);
    let (simulation, recordings) = (&run.simulation, &run.recordings);
    let (streamed, tallies) = (&run.streamed[..], &run.tallies[..]);
    let results = Results { project: &project, simulation, recordings, streamed, tallies, per_neuron, weights };
    let files = write_results(&results, &folder).map_err(Failure::Input)?;
    let summary = summary(&project, &run, &files);
    match arguments.timings {
        None => write!(out, "{summary}")?,
        Some(Format::Json) => {
            tell(format_args!("{}", summary.trim_end()));
            writeln!(out, "{}", timings(&run))?;
        }
    }
    Ok(())
}

/// Warnings of the duration that the command line gives in place of the file's.
fn tell_of_duration(file: &Path, project: &Project) {
    for problem in project::validate(project) {
        if problem.severity == Severity::Warning && problem.parameter.as_deref() == Some("duration") {
            tell(format_args!("{}", problem_line(file, &problem)));
        }
    }
}

/// Says how much is written, if it is a great deal.
fn announce(bytes: f64, what: &str, where_to: &str) {
    const MUCH: f64 = 1e9;
    if bytes > MUCH {
        tell(format_args!("{what} {:.1} GB to {where_to}", bytes / 1e9));
    }
}

/// The project with what the command line says in place of its own settings.
fn settings(arguments: &Arguments, mut project: Project) -> Project {
    let settings = &mut project.simulation;
    settings.duration = arguments.duration.unwrap_or(settings.duration);
    settings.seed = arguments.seed.unwrap_or(settings.seed);
    settings.threads = arguments.threads.unwrap_or(settings.threads);
    if arguments.to_files {
        project.nodes.iter_mut().for_each(record_to_file);
    }
    project
}

/// `<name of the file>-results` in the current folder.
fn default_folder(file: &Path) -> PathBuf {
    let stem = file.file_stem().map_or("project".into(), |stem| stem.to_string_lossy());
    PathBuf::from(format!("{stem}-results"))
}

/// A simulation at its end, with all that was recorded and measured.
struct Run {
    simulation: Simulation,
    recordings: Recordings,
    /// The files of recorders that have written them as it ran, and what has been counted of their spikes.
    streamed: Vec<(usize, PathBuf)>,
    tallies: Vec<Tally>,
    build: Duration,
    wall: Duration,
}

fn simulate(file: &Path, project: &Project, folder: &Path) -> Result<Run, Failure> {
    let started = Instant::now();
    let mut simulation = build(file, project)?;
    let build = started.elapsed();
    let mut recordings = Recordings::new(simulation.plan().clone());
    let mut stream = Stream::of(project, simulation.plan(), folder)?;
    let is_kept = |place: usize| stream.as_ref().is_none_or(|stream| !stream.recorders.contains(&place));
    let mut kept = recordings.plan.clone();
    let mut place = 0;
    kept.recorders.retain(|_| {
        place += 1;
        is_kept(place - 1)
    });
    let foreseen = bytes_of_samples(&kept, project.simulation.duration);
    announce(foreseen, "Multimeters will record about", "memory and then to files");
    let steps = (project.simulation.duration / project.simulation.resolution).round() as u64;
    let started = Instant::now();
    advance(file, &mut simulation, &mut recordings, stream.as_mut(), steps)?;
    let wall = started.elapsed();
    let (streamed, tallies) = match stream {
        Some(stream) => (stream.files.finish(&recordings.plan).map_err(|e| Failure::Input(e.message))?, stream.tallies),
        None => Default::default(),
    };
    Ok(Run { simulation, recordings, streamed, tallies, build, wall })
}

/// Recorders that write their files while the network runs; their spikes are counted and not kept.
struct Stream {
    files: Files,
    recorders: Vec<usize>,
    tallies: Vec<Tally>,
}

impl Stream {
    /// Opens the files, so that a folder that cannot be written is told before the run.
    fn of(project: &Project, plan: &RecordingPlan, folder: &Path) -> Result<Option<Stream>, Failure> {
        let Some(mut files) = Files::of(project, plan) else { return Ok(None) };
        files.record_into(Folder::In(folder.to_owned()));
        files.open(plan).map_err(|e| Failure::Input(e.message))?;
        let recorders: Vec<usize> = files.recorders().collect();
        let tallies = recorders.iter().filter_map(|place| Tally::new(plan, *place)).collect();
        Ok(Some(Stream { files, recorders, tallies }))
    }

    /// Takes from a frame what goes into files.
    fn take(&mut self, plan: &RecordingPlan, frame: &mut Frame) -> Result<(), Failure> {
        self.files.write(plan, frame).map_err(|e| Failure::Input(e.message))?;
        for tally in &mut self.tallies {
            tally.add(&frame.rows[tally.recorder()]);
        }
        self.recorders.iter().for_each(|place| frame.rows[*place].clear());
        Ok(())
    }
}

fn build(file: &Path, project: &Project) -> Result<Simulation, Failure> {
    let bar = bar(1000, "Building {wide_bar} {percent} %");
    let progress = |done: f64| {
        bar.set_position((done.clamp(0.0, 1.0) * 1000.0) as u64);
        true
    };
    let built = Simulation::build(project, &progress);
    bar.finish_and_clear();
    built.map_err(|problems| {
        problems.iter().for_each(|problem| tell(format_args!("{}", problem_line(file, problem))));
        Failure::Told
    })
}

/// Runs all steps, in pieces so that the bar moves.
fn advance(
    file: &Path,
    simulation: &mut Simulation,
    recordings: &mut Recordings,
    mut stream: Option<&mut Stream>,
    steps: u64,
) -> Result<(), Failure> {
    let bar = bar(steps, "Running {wide_bar} {percent} %, {eta} left");
    let piece = (steps / 200).max(100);
    let mut frame = Frame::default();
    simulation.begin_run();
    let mut done = 0;
    while done < steps {
        let n = piece.min(steps - done);
        if let Err(problem) = simulation.advance(n) {
            bar.abandon();
            tell(format_args!("{}", problem_line(file, &problem)));
            return Err(Failure::Told);
        }
        simulation.take_frame(&mut frame);
        if let Some(stream) = &mut stream {
            stream.take(&recordings.plan, &mut frame).inspect_err(|_| bar.abandon())?;
        }
        recordings.append(&mut frame);
        done += n;
        bar.set_position(done);
    }
    bar.finish_and_clear();
    Ok(())
}

/// A bar on standard error; invisible where that is no terminal.
fn bar(length: u64, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style)
}

fn summary(project: &Project, run: &Run, files: &[PathBuf]) -> String {
    let simulation = &run.simulation;
    let mut lines = vec![
        ["Neurons".to_owned(), simulation.neurons().to_string()],
        ["Synapses".to_owned(), simulation.synapses().to_string()],
        ["Simulated".to_owned(), format!("{} ms", number(rounded(simulation.time())))],
        ["Wall time".to_owned(), format!("{:.3} s, after {:.3} s of building", seconds(run.wall), seconds(run.build))],
    ];
    if let Some(factor) = real_time_factor(run) {
        lines.push(["Real-time factor".to_owned(), format!("{factor:.3} (wall time over simulated time)")]);
    }
    let mut text = in_columns(lines.into_iter().map(Vec::from));
    let mut active = activities(project, &run.recordings, simulation.time());
    for tally in &run.tallies {
        for counted in tally.activities(project, &run.recordings.plan, simulation.time()) {
            let same = |a: &&mut Activity| (&a.recorder, &a.population) == (&counted.recorder, &counted.population);
            if let Some(row) = active.iter_mut().find(same) {
                *row = counted;
            }
        }
    }
    if !active.is_empty() {
        let header = ["Recorder", "Population", "Neurons", "Spikes", "Rate", "CV"].map(String::from).to_vec();
        text.push_str(&format!("\n{}", in_columns(std::iter::once(header).chain(active.iter().map(activity_row)))));
    }
    text.push('\n');
    if files.is_empty() {
        text.push_str("Nothing was recorded: the network has no recorder\n");
    }
    for file in files {
        text.push_str(&format!("Written  {}\n", file.display()));
    }
    text
}

fn activity_row(activity: &Activity) -> Vec<String> {
    vec![
        activity.recorder.clone(),
        activity.population.clone(),
        activity.neurons.to_string(),
        activity.spikes.to_string(),
        activity.rate.map_or("–".into(), |rate| format!("{rate:.2} spikes/s")),
        activity.cv.map_or("–".into(), |cv| format!("{cv:.2}")),
    ]
}

fn timings(run: &Run) -> serde_json::Value {
    let counters = run.simulation.counters();
    json!({
        "neurons": run.simulation.neurons(),
        "synapses": run.simulation.synapses(),
        "threads": run.simulation.threads(),
        "build_s": seconds(run.build),
        "sim_s": seconds(run.wall),
        "bio_ms": rounded(run.simulation.time()),
        "real_time_factor": real_time_factor(run),
        "update_s": counters.update_s,
        "deliver_s": counters.deliver_s,
        "record_s": counters.record_s,
        "spikes": counters.spikes,
        "synaptic_events": counters.synaptic_events,
        "peak_rss_mb": peak_memory_mb(),
    })
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

/// A time without the rounding errors of multiplying a step number.
fn rounded(ms: f64) -> f64 {
    (ms * 1e6).round() / 1e6
}

/// Wall time over simulated time; `None` if no time was simulated.
fn real_time_factor(run: &Run) -> Option<f64> {
    let simulated = run.simulation.time() / 1e3;
    (simulated > 0.0).then(|| seconds(run.wall) / simulated)
}

/// The most memory that the process has held, in MB; `None` where the system does not tell.
fn peak_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_must_be_positive() {
        assert_eq!(positive("12.5"), Ok(12.5));
        assert!(["0", "-1", "inf", "NaN", "long"].iter().all(|text| positive(text).is_err()));
    }

    #[test]
    fn results_go_beside_where_one_stands() {
        assert_eq!(default_folder(Path::new("/some/where/my net.ron")), Path::new("my net-results"));
    }

    #[test]
    fn bars_have_sound_templates() {
        for template in ["Building {wide_bar} {percent} %", "Running {wide_bar} {percent} %, {eta} left"] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn peak_memory_is_a_sensible_number() {
        let mb = peak_memory_mb().unwrap();
        assert!(mb > 0.5 && mb < 1e6, "{mb}");
    }
}
