//! Reads a project from the text of a `.ron` file, with every problem found.

use super::{Problem, Project};

/// Why a text is not a project; every problem with line and column.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadError {
    pub problems: Vec<Problem>,
}

/// The project in `text`, with warnings; or every problem, if it cannot be used.
pub fn read(text: &str) -> Result<(Project, Vec<Problem>), ReadError> {
    let _ = text;
    Err(ReadError { problems: Vec::new() })
}
