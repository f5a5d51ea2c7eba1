//! A last autosave and a report when the program itself fails.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use spikeloom_engine::project::{self, Project};

/// The document as it was last seen, and where to save it.
static LAST: Mutex<Option<(PathBuf, Arc<Project>)>> = Mutex::new(None);

/// Notes what has to be saved if the program fails.
pub fn remember(path: Option<PathBuf>, project: &Arc<Project>) {
    if let Ok(mut last) = LAST.lock() {
        *last = path.map(|path| (path, project.clone()));
    }
}

/// Nothing has to be saved any more.
pub fn forget() {
    if let Ok(mut last) = LAST.lock() {
        *last = None;
    }
}

/// Installs a panic hook that saves the document and writes a report to `folder`/reports.
///
/// Only the window's own thread (the one that calls this) is concerned: a panic of an engine
/// thread ends its run with a message, and the document goes on.
pub fn install_hook(folder: PathBuf) {
    let window_thread = std::thread::current().id();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == window_thread {
            save_last();
            write_report(&folder, &info.to_string());
        }
        usual(info);
    }));
}

/// `try_lock`, because the panic may have come while the lock was held.
fn save_last() {
    if let Ok(last) = LAST.try_lock()
        && let Some((path, project)) = &*last
        && let Err(e) = project::save(path, &project::write(project))
    {
        eprintln!("spikeloom: the last autosave to {} failed: {e}", path.display());
    }
}

fn write_report(folder: &std::path::Path, what: &str) {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let path = folder.join("reports").join(format!("{seconds}.txt"));
    let trace = std::backtrace::Backtrace::force_capture();
    let text = format!("Spikeloom {} on {}\n{what}\n\n{trace}\n", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    let written = std::fs::create_dir_all(folder.join("reports")).and_then(|()| std::fs::write(&path, text));
    match written {
        Ok(()) => eprintln!("spikeloom: a report was written to {}", path.display()),
        Err(e) => eprintln!("spikeloom: no report could be written to {}: {e}", path.display()),
    }
}
