//! Views, their layout, notes. None of them keeps a network from running, so all problems are warnings.

use std::collections::BTreeSet;

use super::{Place, Problem};
use crate::models::Emits;
use crate::project::{Layout, Project, View, ViewId, ViewKind};
use crate::value::number;

pub(super) fn check(project: &Project, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for view in &project.views {
        if !seen.insert(view.id) {
            let message = format!("there are two views of the number {}", view.id.0);
            problems.push(Problem::warning(Place::Project, message).of("views"));
        }
        check_view(project, view, problems);
    }
    if let Some(layout) = &project.layout {
        check_layout(layout, &seen, &mut BTreeSet::new(), problems);
    }
}

pub(super) fn place(view: &View) -> Place {
    Place::View(if view.title.is_empty() { view.id.0.to_string() } else { view.title.clone() })
}

fn check_view(project: &Project, view: &View, problems: &mut Vec<Problem>) {
    let mut warn = |field: &str, message: String| problems.push(Problem::warning(place(view), message).of(field));
    for source in &view.sources {
        match project.node(*source) {
            None => warn("of", "one of the recorders that it shows does not exist".into()),
            Some(node) if !node.model.is_recorder() => warn("of", format!("{} is no recorder", node.name)),
            Some(node) if (node.model.emits == Emits::Requests) != (view.kind == ViewKind::Traces) => {
                let what = if view.kind == ViewKind::Traces { "samples" } else { "spikes" };
                warn("of", format!("{} is a {}, which records no {what}", node.name, node.model.name));
            }
            Some(_) => {}
        }
    }
    if !(view.bin > 0.0 && view.bin.is_finite()) {
        warn("bin", format!("must be > 0 ms, is {}", number(view.bin)));
    }
}

fn check_layout(layout: &Layout, views: &BTreeSet<ViewId>, placed: &mut BTreeSet<ViewId>, problems: &mut Vec<Problem>) {
    let mut warn = |message: String| problems.push(Problem::warning(Place::Project, message).of("layout"));
    match layout {
        Layout::View(id) if !views.contains(id) => warn(format!("there is no view {}", id.0)),
        Layout::View(id) if !placed.insert(*id) => warn(format!("view {} is placed twice", id.0)),
        Layout::View(_) => {}
        Layout::Row(children) | Layout::Column(children) => {
            if let Some((share, _)) = children.iter().find(|(share, _)| !(*share > 0.0 && share.is_finite())) {
                warn(format!("a share must be > 0, is {share}"));
            }
            children.iter().for_each(|(_, child)| check_layout(child, views, placed, problems));
        }
        Layout::Tabs(children) => children.iter().for_each(|child| check_layout(child, views, placed, problems)),
    }
}
