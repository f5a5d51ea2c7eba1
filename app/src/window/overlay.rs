//! What can stand in front of everything else, and what a user decides there.

use std::path::PathBuf;

use spikeloom_engine::project::{Problem, ViewId};

use crate::action::ExportKind;

/// What takes the place of the document once its changes are saved or given up.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Next {
    New,
    /// Let the user choose a file.
    Choose,
    Open(PathBuf),
    Example(String),
    /// A network as text, from the clipboard.
    Text(String),
    /// What a crash left behind, by its place in the list.
    Recover(usize),
    Quit,
}

/// What is in front.
pub(super) enum Overlay {
    /// There are unsaved changes, and something else is to take their place.
    Unsaved(Next),
    /// Another program or window has written the file; it is to be saved, then goes on to something else perhaps, or the
    /// user has come back to this window.
    Changed(Changed),
    /// A path is typed.
    Path {
        purpose: PathPurpose,
        text: String,
    },
    /// A file could not be used.
    Report(Report),
    /// A crash left something behind.
    Recover,
    CommandList(Search),
    FindNode(Search),
    Help,
}

/// What a typed path is for.
#[derive(Clone, Debug)]
pub(super) enum PathPurpose {
    Open,
    Save(Option<Next>),
    Export(ViewId, ExportKind),
}

/// When it was noticed that the file was changed elsewhere.
#[derive(Clone, Debug)]
pub(super) enum Changed {
    Saving(Option<Next>),
    ComingBack,
}

/// Why a file could not be used.
pub(super) struct Report {
    pub title: String,
    pub problems: Vec<Problem>,
    /// The file, if it can be opened in spite of them.
    pub draft: Option<PathBuf>,
}

/// A search field with a list below it.
#[derive(Default)]
pub(super) struct Search {
    pub text: String,
    /// The line that Enter takes.
    pub line: usize,
}

/// What the user decided in an overlay.
pub(super) enum Decision {
    Stay,
    Close,
    /// Save, then go on.
    Save(Next),
    /// Save over what others have written, then go on.
    Overwrite(Option<Next>),
    SaveAs(Option<Next>),
    /// Read the file again and give up the changes made here.
    Reload,
    /// Go on without saving.
    Proceed(Next),
    OpenPath(PathBuf),
    OpenDraft(PathBuf),
    SavePath(PathBuf, Option<Next>),
    ExportPath(PathBuf, ViewId, ExportKind),
    Recover(usize),
    Discard(usize),
}
