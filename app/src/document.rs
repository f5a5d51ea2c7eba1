//! The document with its history.
//!
//! The history holds whole projects: they are small, and a snapshot can be
//! neither incomplete nor out of order. A gesture that makes many edits with
//! the same merge key leaves one step.

use std::sync::Arc;

use spikeloom_engine::project::Project;

use crate::action::{Edit, Selection};

/// Undo steps that are kept; older ones are forgotten.
const DEPTH: usize = 500;

/// What the user edits: the project, what is selected in it, and how it came to be.
#[derive(Default)]
pub struct Document {
    project: Arc<Project>,
    selection: Selection,
    undo: Vec<Step>,
    redo: Vec<Step>,
    /// Merge key of the gesture in progress.
    gesture: Option<String>,
    saved: Arc<Project>,
    modified: bool,
    revision: u64,
}

/// No node or note goes further from the origin: coordinates stay finite, whatever is added to them.
const FARTHEST: f32 = 1e7;

fn keep_in_reach(project: &mut Project) {
    let nodes = project.nodes.iter_mut().map(|node| &mut node.position);
    for x in nodes.chain(project.notes.iter_mut().map(|note| &mut note.position)).flatten() {
        *x = if x.is_nan() { 0.0 } else { x.clamp(-FARTHEST, FARTHEST) };
    }
}

/// A change that can be taken back: the state on its other side.
struct Step {
    label: String,
    project: Arc<Project>,
    selection: Selection,
}

impl Document {
    /// A document as it came from a file, without unsaved changes.
    pub fn new(project: Project) -> Self {
        let project = Arc::new(project);
        Document { saved: project.clone(), project, ..Document::default() }
    }

    /// A document with changes that no file holds, such as one recovered after a crash.
    pub fn unsaved(project: Project) -> Self {
        Document { project: Arc::new(project), modified: true, ..Document::default() }
    }

    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The project as it stands, to be kept or sent elsewhere.
    pub fn snapshot(&self) -> Arc<Project> {
        self.project.clone()
    }

    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Grows with every change of the project.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether there are changes that no file holds.
    pub fn modified(&self) -> bool {
        self.modified
    }

    /// Whether edits are being merged into one step.
    pub fn in_gesture(&self) -> bool {
        self.gesture.is_some()
    }

    /// Selects what exists of `selection`.
    pub fn select(&mut self, selection: Selection) {
        self.selection = selection;
        self.prune_selection();
    }

    /// Makes a change and notes how to take it back. Says whether anything changed.
    pub fn apply(&mut self, edit: Edit) -> bool {
        let before = self.project.clone();
        let selection_before = self.selection.clone();
        let project = Arc::make_mut(&mut self.project);
        (edit.change)(project);
        project.settle(&before);
        keep_in_reach(project);
        // Plots that the user has touched are no longer the program's choice.
        project.default_views &= project.views == before.views && project.layout == before.layout;
        if let Some(selection) = edit.select {
            self.selection = selection;
        }
        self.prune_selection();
        let changed = *self.project != *before;
        if changed {
            self.remember(edit.label, edit.merge, before, selection_before);
            self.touched();
        }
        changed
    }

    fn remember(&mut self, label: String, merge: Option<String>, before: Arc<Project>, selection: Selection) {
        self.redo.clear();
        let continues = merge.is_some() && merge == self.gesture;
        self.gesture = merge;
        match self.undo.last_mut() {
            Some(step) if continues => {
                step.label = label;
                // A drag that came back to where it began is no step.
                if *step.project == *self.project {
                    self.undo.pop();
                    self.gesture = None;
                }
            }
            _ => self.undo.push(Step { label, project: before, selection }),
        }
        if self.undo.len() > DEPTH {
            self.undo.remove(0);
        }
    }

    /// The next edit is a new step, whatever its merge key.
    pub fn end_gesture(&mut self) {
        self.gesture = None;
    }

    /// Takes the last step back and names it; `None` if there is none.
    pub fn undo(&mut self) -> Option<String> {
        let step = self.undo.pop()?;
        let label = step.label.clone();
        let there = self.exchange(step);
        self.redo.push(there);
        Some(label)
    }

    /// Makes the step again that was taken back last and names it.
    pub fn redo(&mut self) -> Option<String> {
        let step = self.redo.pop()?;
        let label = step.label.clone();
        let there = self.exchange(step);
        self.undo.push(there);
        Some(label)
    }

    /// Goes to the other side of a step and returns the step as seen from there.
    fn exchange(&mut self, step: Step) -> Step {
        self.gesture = None;
        let project = std::mem::replace(&mut self.project, step.project);
        let selection = std::mem::replace(&mut self.selection, step.selection);
        self.touched();
        Step { label: step.label, project, selection }
    }

    /// Name of the step that undo would take back.
    pub fn undo_label(&self) -> Option<&str> {
        self.undo.last().map(|step| step.label.as_str())
    }

    /// Name of the step that redo would make again.
    pub fn redo_label(&self) -> Option<&str> {
        self.redo.last().map(|step| step.label.as_str())
    }

    /// The project as it is now has been written to its file.
    pub fn mark_saved(&mut self, saved: Arc<Project>) {
        self.modified = *saved != *self.project;
        self.saved = saved;
    }

    fn touched(&mut self) {
        self.revision += 1;
        self.modified = *self.project != *self.saved;
    }

    fn prune_selection(&mut self) {
        let Document { project, selection, .. } = self;
        selection.nodes.retain(|&id| project.node(id).is_some());
        selection.projections.retain(|&id| project.projection(id).is_some());
    }
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::models;
    use spikeloom_engine::project::{Node, NodeId, Projection};

    use super::*;

    #[test]
    fn nothing_is_moved_out_of_reach() {
        let mut document = Document::new(Project::default());
        for at in [[f32::MAX, 0.0], [f32::NAN, f32::NEG_INFINITY]] {
            document.apply(Edit::new("Add", move |project| {
                let model = models::find("iaf_psc_alpha").expect("a model");
                crate::editing::create::insert_node(project, model, at, None);
            }));
        }
        let places: Vec<[f32; 2]> = document.project().nodes.iter().map(|n| n.position).collect();
        assert_eq!(places, [[FARTHEST, 0.0], [0.0, -FARTHEST]]);
    }

    fn add(name: &'static str) -> Edit {
        Edit::new(format!("Add {name}"), move |p| {
            let id = p.free_node_id();
            p.nodes.push(Node::new(id, name, &models::iaf_psc_alpha::MODEL));
        })
    }

    fn shift(id: u32, x: f32) -> Edit {
        Edit::new("Move", move |p| {
            if let Some(node) = p.node_mut(NodeId(id)) {
                node.position[0] = x;
            }
        })
    }

    #[test]
    fn undo_takes_back_one_step_and_redo_makes_it_again() {
        let mut document = Document::default();
        document.apply(add("A"));
        document.apply(add("B"));
        assert_eq!(document.undo_label(), Some("Add B"));
        assert_eq!(document.undo().as_deref(), Some("Add B"));
        assert_eq!(document.project().nodes.len(), 1);
        assert_eq!(document.redo_label(), Some("Add B"));
        assert_eq!(document.redo().as_deref(), Some("Add B"));
        assert_eq!(document.project().nodes.len(), 2);
        assert_eq!(document.redo(), None);
    }

    #[test]
    fn a_gesture_is_one_step_until_it_ends() {
        let mut document = Document::default();
        document.apply(add("A"));
        for x in [1.0, 2.0, 3.0] {
            document.apply(shift(0, x).merged("drag"));
        }
        document.end_gesture();
        document.apply(shift(0, 9.0).merged("drag"));
        document.undo();
        assert_eq!(document.project().nodes[0].position[0], 3.0);
        document.undo();
        assert_eq!(document.project().nodes[0].position[0], 0.0);
    }

    #[test]
    fn a_drag_that_returns_to_its_start_leaves_no_step() {
        let mut document = Document::default();
        document.apply(add("A"));
        document.apply(shift(0, 5.0).merged("drag"));
        document.apply(shift(0, 0.0).merged("drag"));
        assert_eq!(document.undo_label(), Some("Add A"));
        document.apply(shift(0, 7.0).merged("drag"));
        document.undo();
        assert_eq!(document.project().nodes[0].position[0], 0.0);
        assert_eq!(document.project().nodes.len(), 1);
    }

    #[test]
    fn an_edit_that_changes_nothing_is_no_step() {
        let mut document = Document::default();
        assert!(!document.apply(Edit::new("Nothing", |_| {})));
        assert_eq!(document.undo_label(), None);
        assert!(!document.modified());
    }

    #[test]
    fn modified_follows_the_saved_state_through_undo() {
        let mut document = Document::default();
        document.apply(add("A"));
        assert!(document.modified());
        document.mark_saved(document.snapshot());
        assert!(!document.modified());
        document.undo();
        assert!(document.modified());
        document.redo();
        assert!(!document.modified());
    }

    #[test]
    fn what_vanishes_is_no_longer_selected() {
        let mut document = Document::default();
        document.apply(add("A").selecting(Selection::node(NodeId(0))));
        assert_eq!(document.selection(), &Selection::node(NodeId(0)));
        document.apply(Edit::new("Delete", |p| p.nodes.clear()));
        assert!(document.selection().is_empty());
        document.undo();
        assert_eq!(document.selection(), &Selection::node(NodeId(0)));
    }

    #[test]
    fn projections_that_share_a_rule_are_edited_copied_and_saved_as_one() {
        use crate::{clipboard, editing};
        use spikeloom_engine::description::Value;
        use spikeloom_engine::project::{ProjectionId, read, write};
        let text = r#"(nodes: {"E": (model: "aeif_cond_alpha_astro", n: 8), "I": (model: "aeif_cond_alpha_astro", n: 2),
            "A": (model: "astrocyte_lr_1994", n: 5)}, projections: [(from: ["E", "I"], to: ["E", "I"],
            rule: fixed_indegree(4), third_factor: (node: "A", p: 0.5, third_out: (synapse: "sic_connection")))])"#;
        let (project, _) = read(text).unwrap_or_else(|e| panic!("{e}"));
        let before = write(&project);
        let mut document = Document::new(project);
        document.apply(Edit::new("Set weight", |p| p.projections[1].weight = Value::Real(5.0)));
        assert!(document.project().projections[..4].iter().all(|p| p.weight == Value::Real(5.0)));
        let written = write(document.project());
        assert!(
            written.contains(r#"from: ["E", "I"], to: ["E", "I"], rule: fixed_indegree(4), weight: 5"#),
            "{written}"
        );
        let fragment = clipboard::fragment(document.project(), &Selection::all(document.project())).expect("nodes");
        document.apply(editing::insert(document.project(), "Paste".into(), fragment, true, [10.0, 10.0]));
        let twice = write(document.project());
        assert!(twice.contains(r#"from: ["E 2", "I 2"], to: ["E 2", "I 2"]"#), "{twice}");
        assert!(
            twice.contains(r#"third_factor: (node: "A 2", p: 0.5, third_out: (synapse: "sic_connection"))"#),
            "{twice}"
        );
        document.undo();
        let edit = editing::delete(document.project(), &Selection::projection(ProjectionId(2)));
        document.apply(edit);
        assert!(document.project().projections.is_empty());
        document.undo();
        assert_eq!(write(document.project()), written);
        document.undo();
        assert_eq!(write(document.project()), before);
    }

    #[test]
    fn history_is_bounded() {
        let mut document = Document::default();
        document.apply(add("A"));
        for i in 0..DEPTH + 10 {
            document.apply(shift(0, 1.0 + i as f32));
        }
        let mut steps = 0;
        while document.undo().is_some() {
            steps += 1;
        }
        assert_eq!(steps, DEPTH);
    }

    /// Small generator of pseudo-random numbers (SplitMix64) for the property test.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (z ^ (z >> 31)) % sides
        }
    }

    fn random_edit(dice: &mut Dice) -> Edit {
        let which = dice.roll(6) as u32;
        match dice.roll(5) {
            0 => add("N"),
            1 => {
                let edit = shift(which, dice.roll(100) as f32);
                if dice.roll(2) == 0 { edit } else { edit.merged(format!("drag {which}")) }
            }
            2 => Edit::new("Connect", move |p| {
                if p.node(NodeId(which)).is_some() {
                    let id = p.free_projection_id();
                    p.projections.push(Projection::new(id, NodeId(which), NodeId(which)));
                }
            }),
            3 => Edit::new("Delete", move |p| {
                p.projections.retain(|w| w.from != NodeId(which));
                p.nodes.retain(|n| n.id != NodeId(which));
            }),
            _ => Edit::new("Rename", move |p| {
                if let Some(node) = p.node_mut(NodeId(which)) {
                    node.name.push('x');
                }
            }),
        }
    }

    #[test]
    fn undoing_all_gives_the_start_and_redoing_all_the_end() {
        for seed in 0..200 {
            let mut dice = Dice(seed);
            let mut start = Project::default();
            for i in 0..3 {
                start.nodes.push(Node::new(NodeId(i), format!("S{i}"), &models::parrot_neuron::MODEL));
            }
            let mut document = Document::new(start.clone());
            for _ in 0..60 {
                match dice.roll(8) {
                    0 => drop(document.undo()),
                    1 => drop(document.redo()),
                    2 => document.end_gesture(),
                    _ => drop(document.apply(random_edit(&mut dice))),
                }
            }
            while document.redo().is_some() {}
            let end = document.project().clone();
            while document.undo().is_some() {}
            assert_eq!(*document.project(), start, "seed {seed}");
            assert!(!document.modified());
            while document.redo().is_some() {}
            assert_eq!(*document.project(), end, "seed {seed}");
        }
    }
}
