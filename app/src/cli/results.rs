//! The CSV files that a run leaves behind: one for each recorder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use spikeloom_engine::description::Value;
use spikeloom_engine::project::Project;
use spikeloom_engine::recordings::Recordings;

use crate::export::recorder_csv;

/// Names that some systems keep for devices.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Writes one file for each recorder into `folder`, which is created if need be.
/// Returns the files in order of the recorders, or a message.
pub fn write_results(project: &Project, recordings: &Recordings, folder: &Path) -> Result<Vec<PathBuf>, String> {
    if recordings.plan.recorders.is_empty() {
        return Ok(Vec::new());
    }
    fs::create_dir_all(folder).map_err(|e| format!("{}: cannot be created: {e}", folder.display()))?;
    let mut taken = BTreeSet::new();
    let mut files = Vec::new();
    for (recorder, rows) in recordings.plan.recorders.iter().zip(&recordings.rows) {
        let label = project.node(recorder.node).and_then(|node| node.value("label"));
        let wish = match label {
            Some(Value::Text(label)) if !label.trim().is_empty() => label,
            _ => recorder.name.clone(),
        };
        let path = folder.join(format!("{}.csv", free_name(&wish, &mut taken)));
        save(&path, |out| recorder_csv(&recordings.plan, recorder, rows, None, out))
            .map_err(|e| format!("{}: cannot be written: {e}", path.display()))?;
        files.push(path);
    }
    Ok(files)
}

/// A file name like `wish` that no file has yet, and that every system allows.
fn free_name(wish: &str, taken: &mut BTreeSet<String>) -> String {
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
    while !taken.insert(free.to_lowercase()) {
        free = format!("{name} {number}");
        number += 1;
    }
    free
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
    fn names_are_safe_and_unique() {
        let mut taken = BTreeSet::new();
        let mut name = |wish: &str| free_name(wish, &mut taken);
        assert_eq!(name("E spikes"), "E spikes");
        assert_eq!(name("e Spikes"), "e Spikes 2");
        assert_eq!(name("../etc/passwd"), "_etc_passwd");
        assert_eq!(name("E → I"), "E _ I");
        assert_eq!(name("..."), "recorder");
        assert_eq!(name("NUL"), "recorder NUL");
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
