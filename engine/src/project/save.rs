//! Saves files so that a crash leaves either the old file or the new one.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// More links than this in a row are a circle.
const LINKS: usize = 40;

/// Writes `text` to `path` so that a crash leaves either the old file or the new one.
///
/// The text goes to a new file in the same directory, which then takes the old one's name and
/// permissions. Where `path` is a symbolic link, its target is replaced and the link stays.
///
/// # Errors
/// Whatever the file system says; also if the existing file may not be written. The old file
/// is then untouched.
pub fn save(path: &Path, text: &str) -> io::Result<()> {
    let target = follow_links(path)?;
    let directory = directory_of(&target);
    let permissions = permissions_of(&target)?;
    let (temporary, file) = create_beside(&target, &directory)?;
    let written = fill(file, text, permissions).and_then(|()| fs::rename(&temporary, &target));
    if written.is_err() {
        // The first error tells what went wrong; a leftover that cannot be removed adds nothing to it.
        let _ = fs::remove_file(&temporary);
    }
    written?;
    sync_directory(&directory);
    Ok(())
}

fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..LINKS {
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => path = directory_of(&path).join(fs::read_link(&path)?),
            _ => return Ok(path),
        }
    }
    Err(io::Error::other(format!("{} is a circle of links", path.display())))
}

fn directory_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// The permissions of the file that is to be replaced, if there is one.
fn permissions_of(target: &Path) -> io::Result<Option<fs::Permissions>> {
    match fs::metadata(target) {
        Ok(found) if found.is_dir() => {
            Err(io::Error::new(io::ErrorKind::IsADirectory, format!("{} is a directory", target.display())))
        }
        Ok(found) if found.permissions().readonly() => {
            Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("{} is read-only", target.display())))
        }
        Ok(found) => Ok(Some(found.permissions())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn create_beside(target: &Path, directory: &Path) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("{} does not name a file", target.display()))
    })?;
    let mut attempt = 0u32;
    loop {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{attempt}.tmp"));
        let path = directory.join(temporary);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 1000 => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

fn fill(mut file: File, text: &str, permissions: Option<fs::Permissions>) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()
}

/// Makes the new name last. Not every file system can; the text itself is safe by now.
fn sync_directory(directory: &Path) {
    #[cfg(unix)]
    if let Ok(directory) = File::open(directory) {
        let _ = directory.sync_all();
    }
    #[cfg(not(unix))]
    let _ = directory;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory that is removed at the end of a test.
    struct Scratch(PathBuf);
    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("spikeloom-save-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Scratch(path)
        }
    }
    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn replaces_the_file_and_leaves_nothing_else() {
        let scratch = Scratch::new("replace");
        let path = scratch.0.join("a.ron");
        save(&path, "one").unwrap();
        save(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(names(&scratch.0), ["a.ron"]);
    }

    #[test]
    fn a_leftover_of_a_crash_does_not_hinder() {
        let scratch = Scratch::new("leftover");
        fs::write(scratch.0.join(".a.ron.0.tmp"), "half").unwrap();
        save(&scratch.0.join("a.ron"), "whole").unwrap();
        assert_eq!(fs::read_to_string(scratch.0.join("a.ron")).unwrap(), "whole");
    }

    #[test]
    fn directories_and_missing_directories_are_errors() {
        let scratch = Scratch::new("directory");
        assert!(save(&scratch.0, "x").is_err());
        assert!(save(&scratch.0.join("no/such/a.ron"), "x").is_err());
        assert_eq!(names(&scratch.0), Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let scratch = Scratch::new("links");
        let (real, link) = (scratch.0.join("real.ron"), scratch.0.join("link.ron"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.ron", &link).unwrap();
        save(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn circles_of_links_and_read_only_files_are_errors() {
        use std::os::unix::fs::symlink;
        let scratch = Scratch::new("circle");
        let circle = scratch.0.join("circle.ron");
        symlink("circle.ron", &circle).unwrap();
        assert!(save(&circle, "x").unwrap_err().to_string().contains("circle"));
        let fixed = scratch.0.join("fixed.ron");
        fs::write(&fixed, "old").unwrap();
        let mut permissions = fs::metadata(&fixed).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&fixed, permissions).unwrap();
        assert_eq!(save(&fixed, "new").unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(fs::read_to_string(&fixed).unwrap(), "old");
    }
}
