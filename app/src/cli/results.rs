//! The CSV files that a run leaves behind: one for each recorder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use spikeloom_engine::analysis::{Tally, neuron_activities};
use spikeloom_engine::live::files::FileNames;
use spikeloom_engine::project::Project;
use spikeloom_engine::recordings::{RecorderKind, RecorderPlan, RecordingPlan, Recordings};
use spikeloom_engine::runtime::Simulation;

use crate::export::{neurons_csv, recorder_csv, weights_csv};

/// A run with all that is to be kept of it.
pub struct Results<'a> {
    pub project: &'a Project,
    pub simulation: &'a Simulation,
    pub recordings: &'a Recordings,
    /// Recorders that have written their files already, by their place in the plan, and these files.
    pub streamed: &'a [(usize, PathBuf)],
    /// What has been counted of their spikes.
    pub tallies: &'a [Tally],
    /// Also spikes, rate and regularity of each neuron.
    pub per_neuron: bool,
    /// Also the weights of plastic synapses as they are at the end.
    pub weights: bool,
}

/// The file in which a folder of results lists them.
const LIST: &str = "files-of-this-run.txt";

/// Writes one file for each recorder into `folder`, which is created if need be, and what else is asked for. Files that
/// the run before has left there and this one has not are removed.
/// Returns the files in their order, or a message.
pub fn write_results(results: &Results<'_>, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let Results { project, simulation, recordings, .. } = results;
    let mut names = FileNames::default();
    let of_recorders = names.of_recorders(project, &recordings.plan);
    let mut files = Vec::new();
    let write = |name: &str, write: &dyn Fn(&mut BufWriter<File>) -> io::Result<()>| {
        fs::create_dir_all(folder).map_err(|e| format!("{}: cannot be created: {e}", folder.display()))?;
        let path = folder.join(format!("{name}.csv"));
        save(&path, write).map_err(|e| format!("{}: cannot be written: {e}", path.display()))?;
        Ok::<PathBuf, String>(path)
    };
    for (place, (recorder, rows)) in recordings.plan.recorders.iter().zip(&recordings.rows).enumerate() {
        let streamed = results.streamed.iter().find(|(streamed, _)| *streamed == place);
        files.push(match streamed {
            Some((_, path)) => path.clone(),
            None => write(&of_recorders[place], &|out| recorder_csv(project, &recordings.plan, recorder, rows, out))?,
        });
    }
    if results.per_neuron {
        let plan = &recordings.plan;
        for (recorder, mut neurons) in neuron_activities(project, recordings, simulation.time()) {
            if let Some(tally) = results.tallies.iter().find(|tally| plan.recorders[tally.recorder()].name == recorder)
            {
                neurons = tally.neuron_activities(project, plan, simulation.time());
            }
            let name = names.free(&format!("{recorder} per neuron"));
            files.push(write(&name, &|out| neurons_csv(&neurons, out))?);
        }
    }
    if results.weights {
        for projection in project.projections.iter().filter(|p| p.synapse.plastic().is_some()) {
            let name = |id| project.node(id).map_or("", |node| node.name.as_str());
            let (from, to) = (name(projection.from), name(projection.to));
            let synapses = simulation.synapses_of(projection.id);
            let name = names.free(&format!("weights {from} to {to}"));
            files.push(write(&name, &|out| weights_csv(from, to, &synapses, out))?);
        }
    }
    if folder.is_dir() {
        replace_list(folder, &files)?;
    }
    Ok(files)
}

/// Removes what the list of the run before names and this run has not written, and writes the list anew.
fn replace_list(folder: &Path, files: &[PathBuf]) -> Result<(), String> {
    let list = folder.join(LIST);
    let names: Vec<String> =
        files.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
    for old in fs::read_to_string(&list).unwrap_or_default().lines() {
        // Only tables that lie in this very folder, whatever somebody has written into the list.
        let is_table = old.ends_with(".csv") && Path::new(old).file_name().is_some_and(|name| name == old);
        if is_table && !names.iter().any(|name| name == old) {
            let path = folder.join(old);
            match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(format!("{}: is of an earlier run and cannot be removed: {e}", path.display()));
                }
                _ => {}
            }
        }
    }
    let text: String = names.iter().map(|name| format!("{name}\n")).collect();
    fs::write(&list, text).map_err(|e| format!("{}: cannot be written: {e}", list.display()))
}

/// About how many bytes the tables of samples will take when the run has lasted `duration` ms.
pub fn bytes_of_samples(plan: &RecordingPlan, duration: f64) -> f64 {
    plan.recorders.iter().map(|recorder| bytes_of(plan, recorder, duration)).sum()
}

fn bytes_of(plan: &RecordingPlan, recorder: &RecorderPlan, duration: f64) -> f64 {
    let RecorderKind::Samples { variables, senders, interval } = &recorder.kind else { return 0.0 };
    let longest = plan.members.iter().map(|members| members.name.len()).max().unwrap_or(0);
    let lines = duration / interval * senders.len() as f64;
    lines * (bytes_of_line(longest) + variables.len() as f64 * BYTES_OF_A_VALUE)
}

/// About how many bytes the tables of all that has been recorded take.
pub fn bytes_of_all(recordings: &Recordings) -> f64 {
    let longest = recordings.plan.members.iter().map(|members| members.name.len()).max().unwrap_or(0);
    let tables = recordings.plan.recorders.iter().zip(&recordings.rows);
    let bytes = tables.map(|(recorder, rows)| {
        let lines = match &recorder.kind {
            RecorderKind::Samples { senders, .. } => rows.times.len() * senders.len(),
            _ => rows.times.len(),
        };
        lines as f64 * bytes_of_line(longest) + rows.values.len() as f64 * BYTES_OF_A_VALUE
    });
    bytes.sum()
}

/// A number with all its digits and a comma.
const BYTES_OF_A_VALUE: f64 = 19.0;

/// Time, population and neuron.
fn bytes_of_line(name: usize) -> f64 {
    name as f64 + 14.0
}

/// Writes a file so that a crash or interruption leaves either the old one or the new one.
fn save(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let partial = path.with_extension(format!("csv.{}.partial", std::process::id()));
    let written = File::create(&partial).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        fs::rename(&partial, path)
    });
    if written.is_err() {
        // The first error says what went wrong; a leftover that cannot be removed adds nothing.
        let _ = fs::remove_file(&partial);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_run_before_go_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["old.csv", "kept.csv", "mine.csv"] {
            fs::write(path(name), "x").unwrap();
        }
        let outside = tempfile::tempdir().unwrap();
        let victim = outside.path().join("victim.csv");
        fs::write(&victim, "x").unwrap();
        fs::write(path(LIST), format!("old.csv\nkept.csv\ngone.csv\n{}\n../up.csv\n", victim.display())).unwrap();
        replace_list(folder.path(), &[path("kept.csv"), path("new.csv")]).unwrap();
        assert!(!path("old.csv").exists() && path("kept.csv").exists() && path("mine.csv").exists());
        assert!(victim.exists());
        assert_eq!(fs::read_to_string(path(LIST)).unwrap(), "kept.csv\nnew.csv\n");
    }

    #[test]
    fn what_samples_will_take_is_foreseen() {
        let kind = RecorderKind::Samples {
            variables: vec![("V_m".into(), "mV".into())],
            senders: (0..1000).collect(),
            interval: 0.1,
        };
        let recorder = RecorderPlan {
            node: spikeloom_engine::project::NodeId(0),
            name: "V".into(),
            kind,
            sources: Vec::new(),
            connected: Vec::new(),
        };
        let plan = RecordingPlan { members: Vec::new(), recorders: vec![recorder] };
        let bytes = bytes_of_samples(&plan, 10_000.0);
        assert!((2e9..6e9).contains(&bytes), "{bytes}: 100 million lines of some 30 bytes");
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        save(&path, |out| out.write_all(b"old")).unwrap();
        let failed = save(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("disk on fire"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
