//! Keeps unsaved work safe: writes it to the data folder every few seconds and
//! offers what a crash left behind.
//!
//! Each window writes `autosave/<id>.ron`, beside it `<id>.origin` with the path
//! of the file it belongs to, and holds a lock on `<id>.lock`. The system
//! releases the lock when the process ends, however it ends; what lies there
//! unlocked was left behind.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crossbeam_channel::{Receiver, Sender, unbounded};
use spikeloom_engine::project::{self, Project};

/// Longest time that unsaved work exists only in memory, s.
pub const INTERVAL: f64 = 4.0;

/// The autosave of this window.
pub struct Autosave {
    folder: PathBuf,
    id: String,
    /// Held for the lifetime of the window.
    _lock: File,
    /// Revision of the document and time of the last write.
    written: Option<(u64, f64)>,
    /// When the first change since the last write was made.
    dirty_since: Option<f64>,
    on_disk: bool,
    jobs: Sender<Job>,
    failures: Receiver<String>,
}

enum Job {
    Write {
        project: Arc<Project>,
        origin: Option<PathBuf>,
    },
    Remove,
    /// Answers when all jobs before it are done.
    Flush(Sender<()>),
}

impl Autosave {
    /// Claims a name in `folder`/autosave.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub fn claim(folder: &Path) -> io::Result<Self> {
        let folder = folder.join("autosave");
        std::fs::create_dir_all(&folder)?;
        let (id, lock) = free_name(&folder)?;
        let (jobs, queue) = unbounded();
        let (failed, failures) = unbounded();
        let files = Files { text: folder.join(format!("{id}.ron")), origin: folder.join(format!("{id}.origin")) };
        std::thread::Builder::new().name("autosave".into()).spawn(move || work(&files, &queue, &failed))?;
        Ok(Autosave { folder, id, _lock: lock, written: None, dirty_since: None, on_disk: false, jobs, failures })
    }

    /// Writes the project if it is time. Says in how many seconds it will be.
    pub fn tick(&mut self, project: &Arc<Project>, revision: u64, origin: Option<&Path>, now: f64) -> Option<f64> {
        if self.written.is_some_and(|(at, _)| at == revision) {
            self.dirty_since = None;
            return None;
        }
        let since = *self.dirty_since.get_or_insert(now);
        // The first change is written soon, later ones at most every few seconds.
        let due = self.written.map_or(since + 1.0, |(_, last)| (last + INTERVAL).max(since + 0.5));
        if now < due {
            return Some(due - now);
        }
        self.written = Some((revision, now));
        self.dirty_since = None;
        self.on_disk = true;
        let _ = self.jobs.send(Job::Write { project: project.clone(), origin: origin.map(Path::to_owned) });
        None
    }

    /// All is saved, or not wanted: nothing needs to be recovered.
    pub fn clear(&mut self) {
        self.written = None;
        self.dirty_since = None;
        if self.on_disk {
            self.on_disk = false;
            let _ = self.jobs.send(Job::Remove);
        }
    }

    /// Waits until everything asked for is on the disk.
    pub fn flush(&self) {
        let (done, wait) = unbounded();
        if self.jobs.send(Job::Flush(done)).is_ok() {
            let _ = wait.recv();
        }
    }

    /// What could not be written, if anything.
    pub fn failure(&self) -> Option<String> {
        self.failures.try_iter().last()
    }

    /// Where the text of this window's autosave is.
    pub fn path(&self) -> PathBuf {
        self.folder.join(format!("{}.ron", self.id))
    }

    /// What earlier runs left behind, the latest first.
    pub fn left_behind(&self) -> Vec<Remains> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut found: Vec<Remains> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "ron"))
            .filter(|path| path.file_stem().is_some_and(|stem| stem != self.id.as_str()))
            .filter_map(Remains::claim)
            .collect();
        found.sort_by_key(|r| std::cmp::Reverse(r.time));
        found
    }

    /// The window closes in good order: leaves nothing behind.
    pub fn close(mut self) {
        self.clear();
        self.flush();
        let _ = std::fs::remove_file(self.folder.join(format!("{}.lock", self.id)));
    }
}

/// A name that no other window uses, with the lock on it.
fn free_name(folder: &Path) -> io::Result<(String, File)> {
    let pid = std::process::id();
    for n in 0.. {
        let id = format!("{pid}-{n}");
        if folder.join(format!("{id}.ron")).exists() {
            continue;
        }
        let lock = File::create(folder.join(format!("{id}.lock")))?;
        match lock.try_lock() {
            Ok(()) => return Ok((id, lock)),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(e)) => return Err(e),
        }
    }
    Err(io::Error::other("no free name for the autosave"))
}

struct Files {
    text: PathBuf,
    origin: PathBuf,
}

fn work(files: &Files, queue: &Receiver<Job>, failed: &Sender<String>) {
    for job in queue {
        match job {
            Job::Write { project, origin } => {
                if let Err(e) = files.write(&project, origin.as_deref()) {
                    let _ = failed.send(format!("Autosave to {} failed: {e}", files.text.display()));
                }
            }
            Job::Remove => files.remove(),
            Job::Flush(done) => drop(done.send(())),
        }
    }
}

impl Files {
    fn write(&self, project: &Project, origin: Option<&Path>) -> io::Result<()> {
        if let Some(origin) = origin {
            project::save(&self.origin, &origin.to_string_lossy())?;
        } else if self.origin.exists() {
            std::fs::remove_file(&self.origin)?;
        }
        project::save(&self.text, &project::write(project))
    }

    /// A file that is not there is as good as removed.
    fn remove(&self) {
        let _ = std::fs::remove_file(&self.text);
        let _ = std::fs::remove_file(&self.origin);
    }
}

/// Unsaved work of a run that ended without saying goodbye.
pub struct Remains {
    path: PathBuf,
    /// The file it belongs to, if it had one.
    pub origin: Option<PathBuf>,
    /// When it was written.
    pub time: SystemTime,
    /// Keeps other windows from offering it too.
    _lock: File,
}

impl Remains {
    /// `None` if a living window writes to it, or another one offers it.
    fn claim(path: PathBuf) -> Option<Self> {
        let lock = File::create(path.with_extension("lock")).ok()?;
        lock.try_lock().ok()?;
        let time = path.metadata().and_then(|m| m.modified()).ok()?;
        let origin = std::fs::read_to_string(path.with_extension("origin")).ok().map(PathBuf::from);
        Some(Remains { path, origin, time, _lock: lock })
    }

    /// The name shown to the user.
    pub fn name(&self) -> String {
        let stem = self.origin.as_deref().and_then(Path::file_stem);
        stem.map_or_else(|| "Unnamed network".into(), |s| s.to_string_lossy().into_owned())
    }

    /// # Errors
    /// When the file cannot be read.
    pub fn text(&self) -> io::Result<String> {
        std::fs::read_to_string(&self.path)
    }

    /// Deletes it.
    pub fn discard(self) {
        for extension in ["ron", "origin", "lock"] {
            let _ = std::fs::remove_file(self.path.with_extension(extension));
        }
    }
}
