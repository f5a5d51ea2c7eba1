//! The window: performs actions, lays out panels.

use std::path::PathBuf;

/// How the window is opened.
pub struct OpenOptions {
    pub file: Option<PathBuf>,
    pub renderer: Option<String>,
}

/// Opens the window and stays there until it is closed.
pub fn open(options: OpenOptions) -> Result<(), String> {
    let _ = options;
    Err("the window is not there yet".into())
}
