//! Which file the document belongs to, reading and writing it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use spikeloom_engine::project::{self, Place, Problem, Project, Severity};

/// The file behind the document.
#[derive(Default)]
pub struct FileState {
    /// `None` for a document that was never saved.
    pub path: Option<PathBuf>,
    /// Name for a document without a file, such as an example.
    pub name: Option<String>,
    /// The text of the file and the project it stands for. While the document equals it, saving
    /// writes this very text, so that the author's comments and layout survive.
    original: Option<(String, Arc<Project>)>,
    /// What another program or window has written into the file, if the user has been told of it.
    told: Option<String>,
}

/// The folder beside a project file in which each run of it records into files.
pub fn recordings_folder(path: &Path) -> PathBuf {
    let stem = path.file_stem().map_or("project".into(), |stem| stem.to_string_lossy());
    path.with_file_name(format!("{stem}-recordings"))
}

/// What was read from a file.
pub struct Loaded {
    pub text: String,
    pub project: Project,
    /// What is odd or wrong with it, but does not keep it from being edited.
    pub problems: Vec<Problem>,
}

/// Reads a project file.
///
/// # Errors
/// Every problem found, with line and column where it has one.
pub fn load(path: &Path) -> Result<Loaded, Vec<Problem>> {
    let loaded = load_draft(path)?;
    if loaded.problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(loaded.problems);
    }
    Ok(loaded)
}

/// Reads a project file even if its network cannot run as it is, such as work that was saved before it was done.
///
/// # Errors
/// Every problem found, if the text holds something that no document can hold.
pub fn load_draft(path: &Path) -> Result<Loaded, Vec<Problem>> {
    let text = std::fs::read_to_string(path).map_err(|e| vec![unreadable(path, &e)])?;
    let read = project::read_draft_in(&text, path.parent(), project::validate);
    let (project, problems) = read.map_err(|e| e.problems)?;
    Ok(Loaded { text, project, problems })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::InvalidData => "it is not a text file".to_owned(),
        _ => error.to_string(),
    };
    Problem::error(Place::Project, format!("{} cannot be read: {reason}", path.display()))
}

impl FileState {
    /// The state after a file was read or written.
    pub fn of(path: Option<PathBuf>, name: Option<String>, text: String, project: Arc<Project>) -> Self {
        FileState { path, name, original: Some((text, project)), told: None }
    }

    /// A document that differs from what its file holds, or has no file.
    pub fn at(path: Option<PathBuf>) -> Self {
        FileState { path, ..FileState::default() }
    }

    /// The text that saving `project` writes.
    pub fn text(&self, project: &Project) -> String {
        match &self.original {
            Some((text, original)) if **original == *project => text.clone(),
            _ => project::write(project),
        }
    }

    /// What the file holds, if another program or window has written it since it was read or saved here. A file that is
    /// gone, or cannot be read, has nothing that saving could destroy.
    fn changed_elsewhere(&self) -> Option<String> {
        let (path, (text, _)) = (self.path.as_deref()?, self.original.as_ref()?);
        std::fs::read(path).ok().map(|now| String::from_utf8_lossy(&now).into_owned()).filter(|now| now != text)
    }

    /// Whether saving would replace what another program or window has written.
    pub fn would_overwrite(&self) -> bool {
        self.changed_elsewhere().is_some()
    }

    /// Whether the file was changed by another program or window in a way that this has not told before.
    pub fn has_news(&mut self) -> bool {
        let now = self.changed_elsewhere();
        let news = now.is_some() && now != self.told;
        self.told = now;
        news
    }

    /// Writes the project to `path`, which becomes the document's file.
    ///
    /// # Errors
    /// A sentence that names the file and what went wrong.
    pub fn save(&mut self, path: &Path, project: Arc<Project>) -> Result<(), String> {
        let text = self.text(&project);
        project::save(path, &text).map_err(|e| format!("{} could not be written: {e}", path.display()))?;
        *self = FileState::of(Some(path.to_owned()), None, text, project);
        Ok(())
    }

    /// The name shown in the title.
    pub fn title(&self) -> String {
        let stem = self.path.as_deref().and_then(Path::file_stem).map(|s| s.to_string_lossy().into_owned());
        stem.or_else(|| self.name.clone()).unwrap_or_else(|| "Unnamed".into())
    }

    /// A name to suggest for a new file.
    pub fn suggestion(&self) -> String {
        format!("{}.ron", file_name(&self.title()))
    }
}

/// `title` without what file systems do not take.
pub fn file_name(title: &str) -> String {
    title.chars().map(|c| if r#"/\:*?"<>|"#.contains(c) || c.is_control() { '_' } else { c }).collect()
}

/// `path` with the ending of project files, if it has none.
pub fn with_extension(path: PathBuf) -> PathBuf {
    if path.extension().is_some() { path } else { path.with_extension("ron") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanged_document_is_saved_as_it_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let text = "// A comment of the author\n(version: 1)".to_owned();
        let project = Arc::new(Project { title: "T".into(), ..Project::default() });
        let mut file = FileState::of(None, None, text.clone(), project.clone());
        let path = folder.path().join("a.ron");
        file.save(&path, project.clone()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        let changed = Project { title: "U".into(), ..Project::default() };
        assert_eq!(file.text(&changed), project::write(&changed));
        assert_eq!(file.title(), "a");
    }

    #[test]
    fn what_others_write_is_noticed_once_and_never_overwritten_unseen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ron");
        let project = Arc::new(Project::default());
        let mut file = FileState::default();
        file.save(&path, project.clone()).unwrap();
        assert!(!file.would_overwrite() && !file.has_news());
        std::fs::write(&path, "(title: \"theirs\")").unwrap();
        assert!(file.would_overwrite() && file.has_news());
        assert!(file.would_overwrite() && !file.has_news(), "told once, asked whenever it is saved");
        std::fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(file.would_overwrite() && file.has_news(), "something else again, and no text");
        std::fs::remove_file(&path).unwrap();
        assert!(!file.would_overwrite(), "nothing is lost");
        file.save(&path, project).unwrap();
        assert!(!file.would_overwrite() && !file.has_news());
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let problems = load(Path::new("/nowhere/at all.ron")).err().unwrap();
        assert!(problems[0].message.contains("/nowhere/at all.ron"));
        assert!(problems[0].message.contains("no such file"));
    }

    #[test]
    fn a_suggested_name_is_a_file_name() {
        let file = FileState { name: Some("E/I: balanced?".into()), ..FileState::default() };
        assert_eq!(file.suggestion(), "E_I_ balanced_.ron");
    }
}
