//! Recordings on their way to files while the network runs.
//!
//! A recorder with `record_to: "ascii"` writes a table ([`table`](crate::recordings::table)) as it records, so that a run of
//! hours fits: what is written need not be kept. All tables of a run lie in one folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use web_time::Instant;

use crate::description::{NodeId, Place, Problem, Value};
use crate::project::{Node, Project};
use crate::recordings::table::{Clock, write_header, write_rows};
use crate::recordings::{Frame, RecordingPlan};

/// The parameter that says where rows go, and what it says of a recorder that writes a file.
const RECORD_TO: &str = "record_to";
const TO_FILE: &str = "ascii";
/// What has been written is handed to the system so often, at least.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// Bytes that wait to be handed over.
const WAITING: usize = 1 << 16;
/// Names that some systems keep for devices.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Whether a recorder writes a file while the network runs.
pub fn records_to_file(recorder: &Node) -> bool {
    matches!(recorder.value(RECORD_TO), Some(Value::Text(backend)) if backend == TO_FILE)
}

/// Makes a recorder write a file while the network runs, if it can.
pub fn record_to_file(node: &mut Node) {
    if node.model.is_recorder() && node.model.parameter(RECORD_TO).is_some() {
        node.params.insert(RECORD_TO.to_owned(), Value::Text(TO_FILE.to_owned()));
    }
}

/// How the table of a recorder tells times, on a grid of this step in ms.
pub fn clock(recorder: &Node, resolution: f64) -> Clock {
    match recorder.value("time_in_steps") {
        Some(Value::Flag(true)) => Clock::Steps(resolution),
        _ => Clock::Ms,
    }
}

/// Names of files that are unique and that every system allows.
#[derive(Clone, Debug, Default)]
pub struct FileNames {
    taken: BTreeSet<String>,
}

impl FileNames {
    /// The names of the tables of all recorders, in the order of the plan: by their labels, or by their own names.
    pub fn of_recorders(&mut self, project: &Project, plan: &RecordingPlan) -> Vec<String> {
        let name = |recorder: &crate::recordings::RecorderPlan| match project
            .node(recorder.node)
            .and_then(|node| node.value("label"))
        {
            Some(Value::Text(label)) if !label.trim().is_empty() => self.free(&label),
            _ => self.free(&recorder.name),
        };
        plan.recorders.iter().map(name).collect()
    }

    /// A name like `wish` that no file has yet.
    pub fn free(&mut self, wish: &str) -> String {
        let allowed = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ') { c } else { '_' };
        let mut name: String = wish.chars().map(allowed).take(100).collect();
        name = name.trim_matches(|c| c == '.' || c == ' ').to_owned();
        if name.is_empty() || RESERVED.contains(&name.to_lowercase().as_str()) {
            name.insert_str(0, "recorder ");
            name = name.trim().to_owned();
        }
        let mut free = name.clone();
        let mut number = 2;
        // Some systems do not tell capitals from small letters.
        while !self.taken.insert(free.to_lowercase()) {
            free = format!("{name} {number}");
            number += 1;
        }
        free
    }
}

/// Where the tables of a run lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Folder {
    /// Nobody has said so yet.
    #[default]
    Unknown,
    /// In a new folder within this one, numbered from 1 on: no run overwrites what another one has recorded.
    Within(PathBuf),
    /// In this one; tables of the same name are replaced.
    In(PathBuf),
}

/// How far the files of a run are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// Where the tables lie, as soon as there are some.
    pub folder: Option<PathBuf>,
    /// Bytes of all tables.
    pub bytes: u64,
    /// Why nothing is written any more. What is recorded stays in memory then.
    pub trouble: Option<Problem>,
}

/// The files of a run, one for each recorder that writes one.
pub struct Files {
    folder: Folder,
    /// The folder in which the tables have been opened.
    opened: Option<PathBuf>,
    tables: Vec<Table>,
    /// The lines of a frame.
    text: Vec<u8>,
    flushed: Instant,
    trouble: Option<Problem>,
}

/// The table of one recorder.
struct Table {
    /// Its place in the plan.
    recorder: usize,
    node: NodeId,
    called: String,
    /// The name of the file, without its ending.
    name: String,
    clock: Clock,
    open: Option<Open>,
    /// Its length when the state of the network was kept.
    kept: Option<u64>,
}

/// A file that is written.
struct Open {
    path: PathBuf,
    out: BufWriter<File>,
    /// Bytes with all that waits, of the names of the columns, and for certain in the file.
    bytes: u64,
    header: u64,
    sure: u64,
}

impl Files {
    /// The files that a run of this project writes; `None` if all its recorders keep their rows in memory.
    pub fn of(project: &Project, plan: &RecordingPlan) -> Option<Files> {
        let names = FileNames::default().of_recorders(project, plan);
        let tables = plan.recorders.iter().zip(names).enumerate().filter_map(|(recorder, (of, name))| {
            let node = project.node(of.node).filter(|node| records_to_file(node))?;
            let clock = clock(node, project.simulation.resolution);
            Some(Table { recorder, node: of.node, called: of.name.clone(), name, clock, open: None, kept: None })
        });
        let tables: Vec<Table> = tables.collect();
        (!tables.is_empty()).then(|| Files {
            folder: Folder::Unknown,
            opened: None,
            tables,
            text: Vec::new(),
            flushed: Instant::now(),
            trouble: None,
        })
    }

    /// Says where the files are to lie; of no effect once there are some.
    pub fn record_into(&mut self, folder: Folder) {
        if self.opened.is_none() {
            self.folder = folder;
        }
    }

    /// The places in the plan of the recorders that write files.
    pub fn recorders(&self) -> impl Iterator<Item = usize> + '_ {
        self.tables.iter().map(|table| table.recorder)
    }

    /// Makes the folder and the files, with the names of their columns.
    ///
    /// # Errors
    /// What cannot be written, and why.
    pub fn open(&mut self, plan: &RecordingPlan) -> Result<(), Problem> {
        if self.opened.is_some() || self.trouble.is_some() {
            return self.trouble.clone().map_or(Ok(()), Err);
        }
        let opened = self.make_files(plan);
        opened.map_err(|problem| self.give_up(problem))
    }

    fn make_files(&mut self, plan: &RecordingPlan) -> Result<(), Problem> {
        let place = Place::Simulation;
        let cannot = |folder: &Path, e: io::Error| {
            Problem::error(Place::Simulation, format!("the folder {} cannot be made: {e}", folder.display()))
        };
        let folder = match &self.folder {
            Folder::Unknown => {
                let message = "recordings to files have no place yet; save the project, they are written beside it from the next run on";
                return Err(Problem::error(place, message));
            }
            Folder::In(folder) => {
                fs::create_dir_all(folder).map_err(|e| cannot(folder, e))?;
                folder.clone()
            }
            Folder::Within(parent) => new_folder(parent).map_err(|e| cannot(parent, e))?,
        };
        for table in &mut self.tables {
            let path = folder.join(format!("{}.csv", table.name));
            let mut header = Vec::new();
            let made = write_header(&plan.recorders[table.recorder].kind, table.clock, &mut header)
                .and_then(|()| File::create(&path))
                .and_then(|file| {
                    let mut out = BufWriter::with_capacity(WAITING, file);
                    out.write_all(&header)?;
                    out.flush()?;
                    Ok(out)
                });
            let out = made.map_err(|e| table.problem(&path, &e))?;
            let header = header.len() as u64;
            table.open = Some(Open { path, out, bytes: header, header, sure: header });
        }
        self.opened = Some(folder);
        Ok(())
    }

    /// Writes what recorders have recorded. After the first failure nothing more is written.
    ///
    /// # Errors
    /// What cannot be written, and why: told once.
    pub fn write(&mut self, plan: &RecordingPlan, frame: &Frame) -> Result<(), Problem> {
        let is_there = |table: &Table| frame.rows.get(table.recorder).is_some_and(|rows| !rows.is_empty());
        if self.trouble.is_some() || !self.tables.iter().any(is_there) {
            return Ok(());
        }
        self.open(plan)?;
        let mut failed = None;
        for table in &mut self.tables {
            let (Some(rows), Some(open)) = (frame.rows.get(table.recorder), &mut table.open) else { continue };
            self.text.clear();
            let kind = &plan.recorders[table.recorder].kind;
            let written =
                write_rows(plan, kind, rows, table.clock, &mut self.text).and_then(|()| open.out.write_all(&self.text));
            open.bytes += self.text.len() as u64;
            if let Err(e) = written {
                let path = open.path.clone();
                failed = Some(table.problem(&path, &e));
                break;
            }
        }
        if let Some(problem) = failed {
            return Err(self.give_up(problem));
        }
        if self.flushed.elapsed() >= FLUSH_EVERY { self.flush() } else { Ok(()) }
    }

    /// Hands over all that waits.
    ///
    /// # Errors
    /// What cannot be written, and why: told once.
    pub fn flush(&mut self) -> Result<(), Problem> {
        self.flushed = Instant::now();
        let mut failed = None;
        for table in &mut self.tables {
            let Some(open) = &mut table.open else { continue };
            match open.out.flush() {
                Ok(()) => open.sure = open.bytes,
                Err(e) => {
                    let path = open.path.clone();
                    failed = failed.or(Some(table.problem(&path, &e)));
                }
            }
        }
        failed.map_or(Ok(()), |problem| Err(self.give_up(problem)))
    }

    /// The state of the network is kept: the tables may come back to how long they are.
    pub fn keep(&mut self) -> Result<(), Problem> {
        self.flush()?;
        self.tables.iter_mut().for_each(|table| table.kept = table.open.as_ref().map(|open| open.bytes));
        Ok(())
    }

    /// The network has gone back to the state kept: what was recorded since then has not happened.
    pub fn go_back(&mut self) -> Result<(), Problem> {
        self.flush()?;
        let mut failed = None;
        for table in &mut self.tables {
            let Some(open) = &mut table.open else { continue };
            let length = table.kept.unwrap_or(open.header);
            let shortened = open.out.get_ref().set_len(length).and_then(|()| open.out.seek(SeekFrom::Start(length)));
            match shortened {
                Ok(_) => (open.bytes, open.sure) = (length, length),
                Err(e) => {
                    let path = open.path.clone();
                    failed = failed.or(Some(table.problem(&path, &e)));
                }
            }
        }
        failed.map_or(Ok(()), |problem| Err(self.give_up(problem)))
    }

    /// Ends the files, also those in which nothing was recorded.
    ///
    /// # Errors
    /// What cannot be written, and why.
    pub fn finish(mut self, plan: &RecordingPlan) -> Result<Vec<(usize, PathBuf)>, Problem> {
        self.open(plan)?;
        self.flush()?;
        let files = self.tables.iter().filter_map(|table| Some((table.recorder, table.open.as_ref()?.path.clone())));
        Ok(files.collect())
    }

    /// How far the files are.
    pub fn written(&self) -> Written {
        let bytes = self.tables.iter().filter_map(|table| table.open.as_ref()).map(|open| open.bytes).sum();
        Written { folder: self.opened.clone(), bytes, trouble: self.trouble.clone() }
    }

    /// Writes no more; what is in the files ends with a whole line, as far as that can still be had.
    fn give_up(&mut self, problem: Problem) -> Problem {
        for table in &mut self.tables {
            let Some(open) = table.open.take() else { continue };
            // What waits is let go: it would be tried again.
            let (file, _) = open.out.into_parts();
            let _ = file.set_len(open.sure);
        }
        self.trouble = Some(problem.clone());
        problem
    }
}

impl Table {
    fn problem(&self, path: &Path, e: &io::Error) -> Problem {
        let place = Place::Node { id: self.node, name: self.called.clone() };
        let message =
            format!("{} cannot be written: {e}; what is recorded from now on stays in memory", path.display());
        Problem::error(place, message)
    }
}

/// Makes a folder within another whose number no other has.
fn new_folder(parent: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(parent)?;
    let number = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse::<u64>().ok();
    let mut next = fs::read_dir(parent)?.filter_map(number).max().unwrap_or(0) + 1;
    loop {
        let folder = parent.join(next.to_string());
        match fs::create_dir(&folder) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => next += 1,
            Err(e) => return Err(e),
            Ok(()) => return Ok(folder),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{Budget, Command, Pump, Pumped};
    use crate::project::read;
    use crate::recordings::Recordings;

    const NETWORK: &str = r#"(nodes: {
        "E": (model: "iaf_psc_exp", n: 4, params: (I_e: linear(400, 900))),
        "spikes": (model: "spike_recorder", params: (record_to: "ascii")),
        "V": (model: "voltmeter", params: (record_to: "ascii", label: "potential", time_in_steps: true)),
        "here": (model: "spike_recorder"),
    }, projections: [(from: "E", to: "spikes"), (from: "V", to: "E"), (from: "E", to: "here")])"#;

    /// A folder of its own for each test, which is gone at its end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Scratch {
            let path = std::env::temp_dir().join(format!("files-of-a-run-{}-{name}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            Scratch(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn pump(folder: Folder) -> Pump {
        let mut pump = Pump::build(&read(NETWORK).unwrap().0, 0, &|_| true).unwrap();
        pump.obey(Command::RecordInto(folder));
        pump
    }

    fn run(pump: &mut Pump, until: f64, into: &mut Recordings) {
        pump.obey(Command::RunUntil(until));
        while pump.pump(Budget::Steps(100)) != Pumped::Idle {}
        let mut frame = Frame::default();
        pump.take_frame(&mut frame);
        into.append(&mut frame);
    }

    /// The tables that the recordings in memory make.
    fn tables(recordings: &Recordings) -> Vec<String> {
        let clocks = [Clock::Ms, Clock::Steps(0.1)];
        let all = recordings.plan.recorders.iter().zip(&recordings.rows).zip(clocks);
        let table = |((recorder, rows), clock): ((&crate::recordings::RecorderPlan, _), _)| {
            let mut text = Vec::new();
            write_header(&recorder.kind, clock, &mut text).unwrap();
            write_rows(&recordings.plan, &recorder.kind, rows, clock, &mut text).unwrap();
            String::from_utf8(text).unwrap()
        };
        all.map(table).collect()
    }

    fn files(folder: &Path) -> Vec<String> {
        ["spikes.csv", "potential.csv"].map(|name| fs::read_to_string(folder.join(name)).unwrap()).to_vec()
    }

    #[test]
    fn files_hold_what_the_window_is_shown_and_each_run_has_its_own() {
        let scratch = Scratch::new("agree");
        for number in ["1", "2"] {
            let mut pump = pump(Folder::Within(scratch.0.clone()));
            let mut seen = Recordings::new(pump.simulation().plan().clone());
            run(&mut pump, 100.0, &mut seen);
            run(&mut pump, 200.0, &mut seen);
            let written = pump.status().files.expect("it writes");
            assert_eq!((written.folder, written.trouble), (Some(scratch.0.join(number)), None));
            let files = files(&scratch.0.join(number));
            assert_eq!(written.bytes, files.iter().map(|text| text.len() as u64).sum::<u64>());
            assert!(files[0].lines().count() > 10, "{}", files[0]);
            assert_eq!(files, tables(&seen));
            assert!(!scratch.0.join(number).join("here.csv").exists(), "it keeps its rows in memory");
        }
    }

    #[test]
    fn what_has_not_happened_leaves_the_file() {
        let scratch = Scratch::new("back");
        let mut pump = pump(Folder::In(scratch.0.clone()));
        let mut seen = Recordings::new(pump.simulation().plan().clone());
        run(&mut pump, 80.0, &mut seen);
        pump.obey(Command::Keep);
        run(&mut pump, 150.0, &mut seen);
        pump.obey(Command::GoBack);
        pump.obey(Command::Set { node: NodeId(0), params: vec![("I_e".into(), Value::Real(1000.0))] });
        run(&mut pump, 170.0, &mut seen);
        assert_eq!(files(&scratch.0), tables(&seen));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told_and_the_network_runs_on() {
        let scratch = Scratch::new("refused");
        fs::create_dir_all(&scratch.0).unwrap();
        let file = scratch.0.join("file");
        fs::write(&file, "in the way").unwrap();
        for (folder, said) in
            [(Folder::Within(file.join("runs")), "cannot be made"), (Folder::Unknown, "save the project")]
        {
            let mut pump = pump(folder);
            let mut seen = Recordings::new(pump.simulation().plan().clone());
            run(&mut pump, 100.0, &mut seen);
            let trouble = pump.status().files.and_then(|written| written.trouble).expect("it is told");
            assert!(trouble.message.contains(said), "{trouble}");
            assert_eq!(pump.simulation().time(), 100.0);
            assert!(seen.rows[0].len() > 5, "rows stay in memory");
        }
    }

    /// A device that is always full.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_and_the_network_runs_on() {
        let scratch = Scratch::new("full");
        fs::create_dir_all(&scratch.0).unwrap();
        std::os::unix::fs::symlink("/dev/full", scratch.0.join("spikes.csv")).unwrap();
        let mut pump = pump(Folder::In(scratch.0.clone()));
        let mut seen = Recordings::new(pump.simulation().plan().clone());
        run(&mut pump, 100.0, &mut seen);
        let trouble = pump.status().files.and_then(|written| written.trouble).expect("it is told");
        assert!(trouble.message.contains("spikes.csv cannot be written"), "{trouble}");
        assert_eq!(pump.simulation().time(), 100.0);
        assert!(seen.rows[0].len() > 5);
    }

    #[test]
    fn names_are_safe_and_unique() {
        let mut names = FileNames::default();
        let mut name = |wish: &str| names.free(wish);
        assert_eq!(name("E spikes"), "E spikes");
        assert_eq!(name("e Spikes"), "e Spikes 2");
        assert_eq!(name("../etc/passwd"), "_etc_passwd");
        assert_eq!(name("E → I"), "E _ I");
        assert_eq!(name("..."), "recorder");
        assert_eq!(name("NUL"), "recorder NUL");
    }
}
