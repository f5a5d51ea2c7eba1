//! What panels ask for. A panel reads the document and pushes actions; the
//! program performs them after the frame. Nothing else changes the document.

use std::collections::BTreeSet;
use std::path::PathBuf;

use spikeloom_engine::project::{NodeId, Project, ProjectionId, ViewId};

use crate::command::Command;

/// A wish of a panel.
pub enum Action {
    /// Change the document.
    Edit(Edit),
    /// The gesture whose edits were merged is over: the next edit is a new undo step.
    EndGesture,
    /// Run a command of the command list, as its button, menu entry or shortcut would.
    Command(Command),
    Select(Selection),
    /// Open this file (asks about unsaved changes first).
    Open(PathBuf),
    /// Open an example by its file name in `projects/` and run it.
    OpenExample(String),
    /// Do not wait until the network is built.
    CancelBuilding,
    /// Simulated seconds per second; `None` for unlimited.
    SpeedLimit(Option<f64>),
    /// Run until this time, ms.
    RunUntil(f64),
    /// Show a message for some seconds.
    Say(Message),
    /// Centre the canvas on the selection.
    Reveal(Selection),
    /// Add a node of this model at a free spot of the canvas and select it.
    AddNode(&'static str),
    /// Star a model, or take its star away.
    ToggleStar(&'static str),
    /// Add a plot of this kind, of the selected recorders or of all that it can show.
    AddPlot(&'static str),
    /// Show the panel of this name, or hide it.
    TogglePanel(&'static str),
    /// Ask for a file name and write a plot there; [`crate::plots`] makes the contents.
    Export {
        view: ViewId,
        kind: ExportKind,
    },
}

/// What a plot is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// The plot as a picture.
    Png(PictureOptions),
    /// The data it shows.
    Csv,
}

/// How a plot is painted as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureOptions {
    /// Pixels for a point of the screen.
    pub scale: u8,
    /// On a dark ground.
    pub dark: bool,
}

impl Default for PictureOptions {
    fn default() -> Self {
        PictureOptions { scale: 3, dark: false }
    }
}

/// A change of the document that becomes one undo step.
pub struct Edit {
    /// Names the step: "Move Excitatory", "Set V_th of Excitatory".
    pub label: String,
    /// Edits with the same key that follow each other become one step until the gesture ends:
    /// all positions of a drag, all values of a slider.
    pub merge: Option<String>,
    /// What it does.
    pub change: Box<dyn FnOnce(&mut Project)>,
    /// What is selected afterwards, if that changes.
    pub select: Option<Selection>,
}

impl Edit {
    pub fn new(label: impl Into<String>, change: impl FnOnce(&mut Project) + 'static) -> Self {
        Edit { label: label.into(), merge: None, change: Box::new(change), select: None }
    }
    pub fn merged(mut self, key: impl Into<String>) -> Self {
        self.merge = Some(key.into());
        self
    }
    pub fn selecting(mut self, selection: Selection) -> Self {
        self.select = Some(selection);
        self
    }
}

impl From<Edit> for Action {
    fn from(edit: Edit) -> Self {
        Action::Edit(edit)
    }
}

/// What is selected: nodes and projections, together if the user wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub nodes: BTreeSet<NodeId>,
    pub projections: BTreeSet<ProjectionId>,
}

impl Selection {
    pub fn node(id: NodeId) -> Self {
        Selection { nodes: [id].into(), ..Default::default() }
    }
    pub fn projection(id: ProjectionId) -> Self {
        Selection { projections: [id].into(), ..Default::default() }
    }
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.projections.is_empty()
    }
    pub fn len(&self) -> usize {
        self.nodes.len() + self.projections.len()
    }
    pub fn all(project: &Project) -> Self {
        Selection {
            nodes: project.nodes.iter().map(|n| n.id).collect(),
            projections: project.projections.iter().map(|p| p.id).collect(),
        }
    }
}

/// Something to tell the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub kind: MessageKind,
    pub text: String,
    /// Selected by the message's button.
    pub culprit: Option<Selection>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    Info,
    Warning,
    Error,
}
