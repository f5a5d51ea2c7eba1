//! What the parts of the inspector work with.

use egui::{RichText, Ui};
use spikeloom_engine::project::{Problem, Project, Projection};

use super::fields::Fields;
use crate::action::{Action, Edit};

/// What is shown, what is being typed, and the actions asked for.
pub struct Panel<'a, 'b> {
    pub project: &'a Project,
    pub problems: &'a [Problem],
    /// What is known of the activity of the selected node, in a line.
    pub activity: Option<&'a str>,
    pub fields: &'b mut Fields,
    pub search: &'b mut String,
    pub actions: &'b mut Vec<Action>,
}

impl Panel<'_, '_> {
    /// The title of a section.
    pub fn section(&self, ui: &mut Ui, title: &str) {
        ui.label(RichText::new(title).strong().family(self.fields.bold.clone()));
    }
    pub fn push(&mut self, action: impl Into<Action>) {
        self.actions.push(action.into());
    }
    /// Ends the gesture if it is over: the next edit is a new undo step.
    pub fn end_gesture(&mut self, over: bool) {
        if over {
            self.push(Action::EndGesture);
        }
    }
    /// Pushes an edit of a projection; the same `what` in one gesture becomes one step.
    pub fn change(&mut self, projection: &Projection, what: &str, act: impl FnOnce(&mut Projection) + 'static) {
        let id = projection.id;
        let label = format!("{what} {}", called(self.project, projection));
        let edit = Edit::new(label, move |project| {
            if let Some(projection) = project.projection_mut(id) {
                act(projection);
            }
        });
        self.push(edit.merged(format!("{what} of projection {}", id.0)));
    }
}

/// Name of a projection for undo steps.
pub fn called(project: &Project, projection: &Projection) -> String {
    let name = |id| project.node(id).map_or("?", |n| n.name.as_str());
    format!("{} → {}", name(projection.from), name(projection.to))
}
