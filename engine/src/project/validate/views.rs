//! Views and their layout. They never keep a network from running, so all problems are warnings. Kinds of plots and
//! their settings are checked by whoever draws them.

use std::collections::BTreeSet;

use super::{Place, Problem};
use crate::project::{Layout, Project, View, ViewId};

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
        if layout.levels() > Layout::MOST_LEVELS {
            let message = format!("is nested more than {} deep and will not be saved", Layout::MOST_LEVELS);
            problems.push(Problem::warning(Place::Project, message).of("layout"));
        }
        check_layout(layout, &seen, &mut BTreeSet::new(), problems);
    }
}

fn check_view(project: &Project, view: &View, problems: &mut Vec<Problem>) {
    let mut warn = |field: &str, message: String| problems.push(Problem::warning(view.place(), message).of(field));
    for source in &view.sources {
        match project.node(*source) {
            None => warn("of", "one of the recorders that it shows does not exist".into()),
            Some(node) if !node.model.is_recorder() => warn("of", format!("{} is no recorder", node.name)),
            Some(_) => {}
        }
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

#[cfg(test)]
mod tests {
    use crate::project::validate::testing::{errors, pair, warnings};
    use crate::project::{Layout, NodeId, Project, View, ViewId};

    fn with_view(source: u32) -> Project {
        let mut project = pair("parrot_neuron", 1, "spike_recorder", 1);
        let sources = vec![NodeId(source)];
        project.views.push(View { title: "Spikes".into(), sources, ..View::new(ViewId(1), "raster") });
        project
    }
    fn has(project: &Project, part: &str) -> bool {
        assert!(errors(project).is_empty(), "views never keep a network from running");
        warnings(project).iter().any(|w| w.contains(part))
    }

    #[test]
    fn views_show_recorders() {
        assert!(!has(&with_view(1), "view"));
        assert!(has(&with_view(0), "view Spikes: of: a is no recorder"));
        assert!(has(&with_view(7), "does not exist"));
    }

    #[test]
    fn layouts_place_each_view_once() {
        let with_layout = |layout| Project { layout: Some(layout), ..with_view(1) };
        let view = |id| Layout::View(ViewId(id));
        assert!(!has(&with_layout(view(1)), "layout"));
        assert!(has(&with_layout(Layout::Tabs(vec![view(1), view(2)])), "there is no view 2"));
        assert!(has(&with_layout(Layout::Tabs(vec![view(1), view(1)])), "placed twice"));
        assert!(has(&with_layout(Layout::Row(vec![(0.0, view(1))])), "a share must be > 0"));
    }
}
