//! Views of a project as plots: which are added for which recorders, what they are called, what is wrong with them.

use spikeloom_engine::description::Value;
use spikeloom_engine::project::{Node, NodeId, Problem, Project, Projection, View, ViewId, unknown};
use spikeloom_engine::runtime::Simulation;

use super::kind::Kind;
use super::kinds::{KINDS, find};

/// Adds a plot that shows all fitting recorders that no plot of this kind shows yet, or else all.
pub fn add_view(project: &mut Project, kind: &str) -> ViewId {
    let all = fitting(project, kind);
    let is_shown = |id: &NodeId| project.views.iter().any(|v| v.kind == kind && v.sources.contains(id));
    let new: Vec<NodeId> = all.iter().copied().filter(|id| !is_shown(id)).collect();
    let sources = if new.is_empty() { all } else { new };
    let id = project.free_view_id();
    let title = free_title(project, kind, &sources);
    project.views.push(View { title, sources, ..View::new(id, kind) });
    id
}

/// Adds the plot that shows what a recorder stores, if none shows it yet.
pub fn show_recorder(project: &mut Project, recorder: NodeId) {
    let Some(node) = project.node(recorder) else { return };
    let Some(kind) = KINDS.iter().find(|kind| kind.takes(node.model)) else { return };
    if project.views.iter().any(|v| v.sources.contains(&recorder)) {
        return;
    }
    let view = View::new(project.free_view_id(), kind.facts.name);
    project.views.push(View { title: node.name.clone(), sources: vec![recorder], ..view });
}

/// Adds the plots that fit the recorders of a file that says nothing of plots: one for each, or one of each kind where there
/// are many.
pub fn add_default_views(project: &mut Project) {
    const MOST: usize = 4;
    let stores = |node: &&Node| node.model.stores().is_some() && project.reaches(node.id);
    let recorders: Vec<NodeId> = project.nodes.iter().filter(stores).map(|node| node.id).collect();
    if recorders.len() <= MOST {
        recorders.into_iter().for_each(|id| show_recorder(project, id));
        return;
    }
    let kind_of = |id: NodeId, project: &Project| {
        let node = project.node(id)?;
        KINDS.iter().find(|kind| kind.takes(node.model)).map(|kind| kind.facts.name)
    };
    for id in recorders {
        let Some(kind) = kind_of(id, project) else { continue };
        match project.views.iter_mut().find(|view| view.kind == kind) {
            Some(view) => view.sources.push(id),
            None => project.views.push(View { sources: vec![id], ..View::new(project.free_view_id(), kind) }),
        }
    }
}

/// What a plot is called: its title, or else by what it shows.
pub fn name_of(view: &View, project: &Project) -> String {
    let title = view.title.trim();
    if !title.is_empty() {
        return title.into();
    }
    let recorders: Vec<&str> =
        view.sources.iter().filter_map(|id| project.node(*id)).map(|node| node.name.as_str()).collect();
    match recorders[..] {
        [] => title_of(&view.kind).into(),
        _ => recorders.join(", "),
    }
}

/// What stands above a plot: its name, and what tells it from other plots of that name: "Spikes (raster)".
pub fn heading_of(view: &View, project: &Project) -> String {
    let name = name_of(view, project);
    if project.views.iter().all(|other| other.id == view.id || name_of(other, project) != name) {
        return name;
    }
    let kind = title_of(&view.kind).to_lowercase();
    match told_apart(view, project) {
        Some(what) => format!("{name} ({kind}, {what})"),
        None => format!("{name} ({kind})"),
    }
}

/// "Raster of Spikes", for screen readers and in messages; no two plots are called the same.
pub fn full_name_of(view: &View, project: &Project) -> String {
    let name = format!("{} of {}", title_of(&view.kind), name_of(view, project));
    told_apart(view, project).map_or(name.clone(), |what| format!("{name} ({what})"))
}

/// What tells a plot from others of its kind and name: its recorders, or its number among them.
fn told_apart(view: &View, project: &Project) -> Option<String> {
    let name = name_of(view, project);
    let alike = |other: &&View| other.kind == view.kind && name_of(other, project) == name;
    let others: Vec<&View> = project.views.iter().filter(alike).collect();
    let at = others.iter().position(|other| other.id == view.id)?;
    if others.len() < 2 {
        return None;
    }
    let recorders: Vec<&str> =
        view.sources.iter().filter_map(|id| project.node(*id)).map(|node| node.name.as_str()).collect();
    let alone = others.iter().all(|other| other.id == view.id || other.sources != view.sources);
    if alone && !recorders.is_empty() && recorders != [name.as_str()] {
        return Some(recorders.join(", "));
    }
    Some((at + 1).to_string())
}

/// What plots of a kind are called: "Raster". A kind that is not known keeps the name it has in the file.
pub fn title_of(kind: &str) -> &str {
    find(kind).map_or(kind, |kind| kind.facts.title)
}

/// The recorders that a kind of plot can show.
pub fn fitting(project: &Project, kind: &str) -> Vec<NodeId> {
    let takes = |node: &&Node| find(kind).is_some_and(|kind| kind.takes(node.model));
    project.nodes.iter().filter(takes).map(|node| node.id).collect()
}

/// Everything that is wrong or suspicious in a project, its plots included.
pub fn check(project: &Project) -> Vec<Problem> {
    let mut found = Simulation::problems(project);
    found.extend(problems(project));
    found
}

/// What is wrong with the views of a project; all of it are warnings, as the network runs whatever is shown of it.
pub fn problems(project: &Project) -> Vec<Problem> {
    project.views.iter().flat_map(|view| problems_of(project, view)).collect()
}

fn problems_of(project: &Project, view: &View) -> Vec<Problem> {
    let warning = |name: &str, message: String| Problem::warning(view.place(), message).of(name);
    let Some(kind) = find(&view.kind) else {
        let names: Vec<&str> = KINDS.iter().map(|kind| kind.facts.name).collect();
        return vec![warning("kind", unknown("kind", &view.kind, "view", &names))];
    };
    let settings = (kind.problems)(view).into_iter().map(|(name, message)| warning(&name, message));
    let recorders = || view.sources.iter().filter_map(|id| project.node(*id)).filter(|node| node.model.is_recorder());
    let strange = recorders().filter(|node| !kind.takes(node.model));
    let strange = strange.map(|node| warning("of", stores_none(kind, node)));
    let empty = view.sources.is_empty().then(|| warning("of", "shows nothing: name its recorders".into()));
    let fitting: Vec<&Node> = recorders().filter(|node| kind.takes(node.model)).collect();
    let sampled: Vec<String> = fitting
        .iter()
        .filter_map(|node| node.value("record_from"))
        .flat_map(|names| if let Value::Names(names) = names { names } else { Vec::new() })
        .collect();
    let missing = (kind.missing)(view, &sampled).filter(|_| !fitting.is_empty());
    let missing = missing.map(|(name, message)| warning(name, message));
    let beyond = beyond(project, &fitting, &(kind.cells)(view)).map(|message| warning("cells", message));
    strange.chain(settings).chain(empty).chain(missing).chain(beyond).collect()
}

/// What to tell of a cell that none of the recorded populations has.
fn beyond(project: &Project, recorders: &[&Node], cells: &[u32]) -> Option<String> {
    let recorded = |wire: &&Projection| recorders.iter().any(|node| wire.from == node.id || wire.to == node.id);
    let wires = project.projections.iter().filter(recorded);
    let other = |wire: &Projection| recorders.iter().find_map(|node| other_end(wire, node.id));
    let largest = wires.filter_map(|wire| project.node(other(wire)?)).max_by_key(|node| node.n)?;
    let cell = cells.iter().find(|cell| **cell as usize >= largest.n)?;
    let (name, last) = (&largest.name, largest.n - 1);
    Some(format!("there is no cell {cell}: those of {name} go from 0 to {last}"))
}

fn other_end(wire: &Projection, end: NodeId) -> Option<NodeId> {
    match (wire.from == end, wire.to == end) {
        (true, _) => Some(wire.to),
        (_, true) => Some(wire.from),
        _ => None,
    }
}

fn stores_none(kind: &Kind, node: &Node) -> String {
    format!("{} is a {}, which records no {}", node.name, node.model.name, kind.facts.shows)
}

/// The name of the only recorder, or the kind's; numbered if there is such a plot already.
fn free_title(project: &Project, kind: &str, sources: &[NodeId]) -> String {
    let stem = match sources {
        [only] => project.node(*only).map(|node| node.name.clone()),
        _ => None,
    }
    .unwrap_or_else(|| title_of(kind).into());
    let taken = |title: &str| project.views.iter().any(|v| v.kind == kind && v.title == title);
    let numbered = (2..).map(|i| format!("{stem} {i}"));
    std::iter::once(stem.clone()).chain(numbered).find(|title| !taken(title)).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;
    use spikeloom_engine::project::{Projection, read_draft_with};

    #[test]
    fn a_new_plot_shows_the_recorders_that_no_plot_shows() {
        let mut project = Sample::two_populations().project;
        project.views.clear();
        let first = add_view(&mut project, "raster");
        assert_eq!(
            project.view(first).map(|v| (v.title.as_str(), v.sources.clone())),
            Some(("Spikes", vec![NodeId(2)]))
        );
        let more = spikeloom_engine::models::find("spike_recorder").expect("in the catalogue");
        project.nodes.push(Node::new(NodeId(9), "More", more));
        let second = add_view(&mut project, "raster");
        assert_eq!(project.view(second).map(|v| v.sources.clone()), Some(vec![NodeId(9)]));
        let third = add_view(&mut project, "raster");
        assert_eq!(project.view(third).map(|v| v.sources.clone()), Some(vec![NodeId(2), NodeId(9)]));
    }

    #[test]
    fn each_recorder_opens_the_plot_of_what_it_stores() {
        let kinds = [
            ("spike_recorder", "raster"),
            ("multimeter", "traces"),
            ("voltmeter", "traces"),
            ("weight_recorder", "weights"),
            ("correlation_detector", "correlogram"),
            ("spin_detector", "states"),
        ];
        for (model, kind) in kinds {
            let mut project = Project::default();
            let model = spikeloom_engine::models::find(model).expect("in the catalogue");
            project.nodes.push(Node::new(NodeId(4), "It", model));
            show_recorder(&mut project, NodeId(4));
            show_recorder(&mut project, NodeId(4));
            let views: Vec<_> = project.views.iter().map(|v| (v.kind.as_str(), v.title.as_str())).collect();
            assert_eq!(views, [(kind, "It")], "{}", model.name);
        }
    }

    #[test]
    fn a_plot_without_a_title_is_called_by_its_recorders() {
        let mut project = Sample::two_populations().project;
        project.views[0].title = "  ".into();
        assert_eq!(name_of(&project.views[0], &project), "Spikes");
        project.views[0].sources = vec![NodeId(2), NodeId(3)];
        assert_eq!(name_of(&project.views[0], &project), "Spikes, Potentials");
        project.views[0].sources.clear();
        assert_eq!(name_of(&project.views[0], &project), "Raster");
    }

    #[test]
    fn plots_of_one_name_are_told_apart() {
        let mut project = Sample::two_populations().project;
        project.views.clear();
        let mut add = |kind: &str, title: &str, sources: Vec<u32>| {
            let sources = sources.into_iter().map(NodeId).collect();
            project.views.push(View { title: title.into(), sources, ..View::new(project.free_view_id(), kind) });
        };
        add("raster", "Activity", vec![2]);
        add("rate", "Activity", vec![2]);
        add("raster", "Cells", vec![2]);
        add("raster", "Cells", vec![3]);
        add("traces", "V", vec![3]);
        add("traces", "V", vec![3]);
        add("intervals", "Alone", vec![2]);
        let names = |of: fn(&View, &Project) -> String| -> Vec<String> {
            project.views.iter().map(|view| of(view, &project)).collect()
        };
        assert_eq!(
            names(heading_of),
            [
                "Activity (raster)",
                "Activity (rate)",
                "Cells (raster, Spikes)",
                "Cells (raster, Potentials)",
                "V (traces, 1)",
                "V (traces, 2)",
                "Alone"
            ]
        );
        let full = names(full_name_of);
        assert_eq!(full[0], "Raster of Activity");
        let different: std::collections::HashSet<&String> = full.iter().collect();
        assert_eq!(different.len(), full.len(), "{full:?}");
    }

    #[test]
    fn recorders_of_a_file_without_views_are_shown() {
        let with = |recorders: usize| {
            let mut project = Project::default();
            let model = |name| spikeloom_engine::models::find(name).expect("in the catalogue");
            project.nodes.push(Node::new(NodeId(0), "E", model("iaf_psc_alpha")));
            project.nodes.push(Node::new(NodeId(1), "V", model("voltmeter")));
            let wire =
                |project: &Project, from, to| Projection::new(project.free_projection_id(), NodeId(from), NodeId(to));
            project.projections.push(wire(&project, 1, 0));
            for i in 0..recorders {
                let id = project.free_node_id();
                project.nodes.push(Node::new(id, format!("s{i}"), model("spike_recorder")));
                project.projections.push(wire(&project, 0, id.0));
            }
            project.nodes.push(Node::new(project.free_node_id(), "idle", model("spike_recorder")));
            add_default_views(&mut project);
            project.views.iter().map(|view| (view.kind.clone(), view.sources.len())).collect::<Vec<_>>()
        };
        assert_eq!(with(1), [("traces".to_owned(), 1), ("raster".to_owned(), 1)]);
        assert_eq!(with(8), [("traces".to_owned(), 1), ("raster".to_owned(), 8)]);
    }

    #[test]
    fn titles_of_one_kind_differ() {
        let mut project = Sample::two_populations().project;
        let id = add_view(&mut project, "raster");
        assert_eq!(project.view(id).map(|v| v.title.as_str()), Some("Spikes 2"));
    }

    #[test]
    fn what_is_strange_in_a_view_is_a_warning_with_its_place() {
        let text = r#"(nodes: {"V": (model: "voltmeter"), "s": (model: "spike_recorder")}, views: {
            1: (kind: rastr, of: ["s"], flavour: "vanilla"),
            2: (kind: rate, of: ["V", "s"], bin: 0, stacked: true, cells: ["x"]),
        })"#;
        let (project, found) = read_draft_with(text, check).expect("it opens all the same");
        let found: Vec<String> = found.iter().map(ToString::to_string).filter(|p| p.contains("view")).collect();
        assert_eq!(
            found,
            [
                "line 2, column 23: view 1: kind: unknown kind `rastr` of view: did you mean `raster`?",
                "line 3, column 33: view 2: of: V is a voltmeter, which records no rates",
                "line 3, column 50: view 2: bin: must be > 0 ms, is 0",
                "line 3, column 62: view 2: unknown setting `stacked` of rate; there are `cells`, `bin`",
                "line 3, column 75: view 2: cells: must be a whole number from 0 on",
            ]
        );
        let again = spikeloom_engine::project::write(&project);
        for line in ["1: (kind: rastr, of: [\"s\"], flavour: \"vanilla\"),", "bin: 0, stacked: true, cells: [\"x\"]),"]
        {
            assert!(again.contains(line), "{line} is not in {again}");
        }
    }

    #[test]
    fn what_a_view_asks_for_and_nobody_records_is_told() {
        let text = r#"(
            nodes: {
                "E": (model: "iaf_psc_exp", n: 3), "V": (model: "voltmeter"), "s": (model: "spike_recorder"),
            },
            projections: [(from: "V", to: "E"), (from: "E", to: "s")],
            views: {
                1: (kind: traces, of: ["V"], variable: "I_syn_ex"),
                2: (kind: raster, of: ["s"], cells: [0, 3]),
                3: (kind: raster),
                4: (kind: traces, of: ["V"], variable: "V_m", cells: [0, 2]),
            },
        )"#;
        let (_, found) = read_draft_with(text, check).expect("it opens all the same");
        let found: Vec<String> = found.iter().map(ToString::to_string).filter(|p| p.contains("view")).collect();
        assert_eq!(
            found,
            [
                "line 7, column 56: view 1: variable: unknown quantity `I_syn_ex` of its recorders; there is only `V_m`",
                "line 8, column 53: view 2: cells: there is no cell 3: those of E go from 0 to 2",
                "line 9, column 20: view 3: of: shows nothing: name its recorders",
            ]
        );
    }
}
