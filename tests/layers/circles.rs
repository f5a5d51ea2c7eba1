//! Modules of one folder that use each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::Names;
use super::sources::Sources;

/// By folder: which of its modules uses which, through whatever stands below them.
fn neighbours(sources: &Sources) -> BTreeMap<Names, BTreeMap<String, BTreeSet<String>>> {
    let mut graphs: BTreeMap<Names, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (source, used) in sources.uses() {
        for target in used {
            let common = source.module.iter().zip(&target).take_while(|(a, b)| a == b).count();
            if let (Some(from), Some(to)) = (source.module.get(common), target.get(common)) {
                let graph = graphs.entry(source.module[..common].to_vec()).or_default();
                graph.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    graphs
}

/// Modules of one folder that use each other in a circle.
pub fn circles(sources: &Sources) -> Vec<(Names, String)> {
    let mut circles = Vec::new();
    for (folder, graph) in neighbours(sources) {
        let reached: BTreeMap<&String, BTreeSet<&String>> = graph.keys().map(|n| (n, reach(&graph, n))).collect();
        let mut told = BTreeSet::new();
        for (name, reaches) in &reached {
            if !reaches.contains(name) || told.contains(name) {
                continue;
            }
            let circle = reached.iter().filter(|(other, back)| reaches.contains(*other) && back.contains(name));
            let circle: Vec<&String> = circle.map(|(other, _)| *other).collect();
            let edges = circle.iter().flat_map(|from| {
                let to = graph[*from].iter().filter(|to| circle.contains(to));
                to.map(move |to| format!("{from} -> {to}"))
            });
            circles.push((folder.clone(), edges.collect::<Vec<_>>().join(", ")));
            told.extend(circle);
        }
    }
    circles
}

/// All that can be reached from a module of a folder.
fn reach<'a>(graph: &'a BTreeMap<String, BTreeSet<String>>, from: &String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = graph.get(from).into_iter().flatten().collect();
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            next.extend(graph.get(name).into_iter().flatten());
        }
    }
    reached
}
