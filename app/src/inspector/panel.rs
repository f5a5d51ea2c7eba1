//! What the parts of the inspector work with.

use egui::{RichText, Ui};
use spikeloom_engine::live::Status;
use spikeloom_engine::project::{Problem, Project, Projection, ProjectionId};

use super::Looking;
use super::fields::Fields;
use crate::action::{Action, Edit};
use crate::number;
use crate::portrait::Portraits;

/// What is shown, what is being typed, and the actions asked for.
pub struct Panel<'a, 'b> {
    pub project: &'a Project,
    pub problems: &'a [Problem],
    /// What is known of the activity of the selected node, in a line.
    pub activity: Option<&'a str>,
    pub fields: &'b mut Fields,
    pub search: &'b mut String,
    pub portraits: &'b mut Portraits,
    pub looking: &'b mut Looking,
    pub status: &'a Status,
    pub actions: &'b mut Vec<Action>,
    /// Projections that are edited together with the one whose fields are drawn.
    pub also: Vec<ProjectionId>,
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
    /// Pushes an edit of a projection, and of all that are edited together with it; the same `what` in one gesture
    /// becomes one step.
    pub fn change(&mut self, projection: &Projection, what: &str, act: impl Fn(&mut Projection) + 'static) {
        let ids: Vec<_> = self.together(projection).map(|p| p.id).collect();
        let label = format!("{what} {}", self.called_together(projection));
        let edit = Edit::new(label, move |project| {
            for id in ids {
                if let Some(projection) = project.projection_mut(id) {
                    act(projection);
                }
            }
        });
        self.push(edit.merged(format!("{what} of projection {}", projection.id.0)));
    }
    /// The projection and all that are edited together with it.
    pub fn together<'p>(&'p self, projection: &'p Projection) -> impl Iterator<Item = &'p Projection> {
        std::iter::once(projection).chain(self.also.iter().filter_map(|id| self.project.projection(*id)))
    }
    /// Name of what is edited together, for undo steps.
    pub fn called_together(&self, projection: &Projection) -> String {
        match self.also.len() {
            0 => called(self.project, projection),
            others => number::counted(others as u64 + 1, "projection"),
        }
    }
    /// Whether what is edited together differs in this.
    pub fn differs<T: PartialEq>(&self, projection: &Projection, of: impl Fn(&Projection) -> T) -> bool {
        let first = of(projection);
        self.together(projection).any(|p| of(p) != first)
    }
}

/// Name of a projection for undo steps.
pub fn called(project: &Project, projection: &Projection) -> String {
    let name = |id| project.node(id).map_or("?", |n| n.name.as_str());
    format!("{} → {}", name(projection.from), name(projection.to))
}
