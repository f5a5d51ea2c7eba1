//! The way of spikes and signals through a network, from generators to recorders, and the columns that follow from it.

use std::collections::{BTreeMap, BTreeSet};

use spikeloom_engine::project::{NodeId, Project};

/// What a node is to the flow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Generator,
    Neurons,
    Recorder,
}

/// Who gives something to whom.
pub struct Flow {
    pub kinds: BTreeMap<NodeId, Kind>,
    /// Wires in the direction in which things flow, without loops: a meter receives what it samples.
    pub wires: Vec<(NodeId, NodeId)>,
    /// Loops of each node that has some.
    pub loops: BTreeMap<NodeId, usize>,
}

impl Flow {
    pub fn of(project: &Project) -> Flow {
        let kind = |model: &spikeloom_engine::models::Model| match () {
            () if model.is_generator() => Kind::Generator,
            () if model.is_recorder() => Kind::Recorder,
            () => Kind::Neurons,
        };
        let kinds: BTreeMap<NodeId, Kind> = project.nodes.iter().map(|n| (n.id, kind(n.model))).collect();
        let (mut wires, mut loops) = (Vec::new(), BTreeMap::new());
        for p in project.projections.iter().filter(|p| kinds.contains_key(&p.from) && kinds.contains_key(&p.to)) {
            if p.from == p.to {
                *loops.entry(p.from).or_insert(0) += 1;
            } else if kinds[&p.from] == Kind::Recorder {
                wires.push((p.to, p.from));
            } else {
                wires.push((p.from, p.to));
            }
            // A device on a wire stands beyond the neurons that the wire ends on.
            let devices = [p.weight_recorder, p.volume_transmitter].into_iter().flatten();
            wires.extend(devices.filter(|d| kinds.contains_key(d)).map(|device| (p.to, device)));
        }
        Flow { kinds, wires, loops }
    }

    /// The parts of the network that no wire joins, the largest first.
    pub fn parts(&self) -> Vec<BTreeSet<NodeId>> {
        let mut neighbours: BTreeMap<NodeId, Vec<NodeId>> = self.kinds.keys().map(|id| (*id, Vec::new())).collect();
        for &(a, b) in &self.wires {
            neighbours.entry(a).or_default().push(b);
            neighbours.entry(b).or_default().push(a);
        }
        let mut parts: Vec<BTreeSet<NodeId>> = Vec::new();
        let mut seen = BTreeSet::new();
        for &id in self.kinds.keys() {
            let (mut part, mut next) = (BTreeSet::new(), vec![id]);
            while let Some(id) = next.pop() {
                if seen.insert(id) {
                    part.insert(id);
                    next.extend(&neighbours[&id]);
                }
            }
            if !part.is_empty() {
                parts.push(part);
            }
        }
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        parts
    }

    /// The column of every node of a part. Wires that run back do not push their targets further.
    pub fn columns(&self, part: &BTreeSet<NodeId>) -> BTreeMap<NodeId, usize> {
        let kind = |id: NodeId| self.kinds[&id];
        let neurons = || part.iter().copied().filter(|id| kind(*id) == Kind::Neurons);
        let reached_from = |wanted: &dyn Fn(NodeId) -> bool| -> BTreeSet<NodeId> {
            self.wires.iter().filter(|(from, _)| wanted(*from)).map(|(_, to)| *to).collect()
        };
        let mut columns: BTreeMap<NodeId, usize> = BTreeMap::new();
        // Neurons that a generator reaches come first, or those that nothing reaches, then those that they reach.
        let driven = reached_from(&|id| kind(id) == Kind::Generator);
        let mut layer: BTreeSet<NodeId> = neurons().filter(|id| driven.contains(id)).collect();
        if layer.is_empty() {
            let fed = reached_from(&|_| true);
            layer = neurons().filter(|id| !fed.contains(id)).collect();
        }
        if layer.is_empty() {
            layer = neurons().take(1).collect();
        }
        let mut depth = 1;
        loop {
            columns.extend(layer.iter().map(|id| (*id, depth)));
            depth += 1;
            let reached = reached_from(&|id| layer.contains(&id));
            layer = neurons().filter(|id| reached.contains(id) && !columns.contains_key(id)).collect();
            if layer.is_empty() {
                // What nothing reaches stands with the first neurons, and what it reaches follows.
                layer = neurons().filter(|id| !columns.contains_key(id)).collect();
                if layer.is_empty() {
                    break;
                }
                depth = 1;
            }
        }
        self.place_generators(part, &mut columns);
        for &id in part.iter().filter(|id| kind(**id) == Kind::Recorder) {
            let sources = self.wires.iter().filter(|(_, to)| *to == id).filter_map(|(from, _)| columns.get(from));
            columns.insert(id, sources.max().copied().unwrap_or(0) + 1);
        }
        columns
    }

    /// Generators stand a column before the first neurons that they reach, and before generators that they reach.
    fn place_generators(&self, part: &BTreeSet<NodeId>, columns: &mut BTreeMap<NodeId, usize>) {
        let is_generator = |id: NodeId| part.contains(&id) && self.kinds[&id] == Kind::Generator;
        let generators: Vec<NodeId> = part.iter().copied().filter(|id| is_generator(*id)).collect();
        let first = |id: NodeId| {
            let reached = self.wires.iter().filter(|(from, _)| *from == id).filter_map(|(_, to)| columns.get(to));
            reached.min().map_or(0, |first| first - 1)
        };
        // How many columns further on the whole has to begin, for a chain of generators to stand before it.
        let mut before: BTreeMap<NodeId, usize> = generators.iter().map(|id| (*id, 0)).collect();
        let chained = || self.wires.iter().filter(|(from, to)| from != to && is_generator(*from) && is_generator(*to));
        // A circle of generators has no first one, so the chain is followed no longer than there are any.
        for _ in 1..generators.len() {
            for (from, to) in chained() {
                before.insert(*from, before[from].max(before[to] + 1).min(generators.len() - 1));
            }
        }
        let shift = before.values().max().copied().unwrap_or(0);
        let of_generators: Vec<(NodeId, usize)> =
            generators.iter().map(|id| (*id, (first(*id) + shift).saturating_sub(before[id]))).collect();
        columns.values_mut().for_each(|column| *column += shift);
        columns.extend(of_generators);
    }
}
