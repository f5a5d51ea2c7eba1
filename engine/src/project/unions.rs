//! Parts of populations, and several populations that a rule sees as one.
//!
//! A projection from `E + I` is held as one projection for each pair of nodes, so that whatever asks who is wired to whom
//! needs not know of unions. They name the same [`Projection::union`] and agree in all but their nodes and parts;
//! [`Project::settle`] sees to that after a change.

use super::{Node, NodeId, Project, Projection, ProjectionId, Rule};
use crate::description::{Cells, Part};

/// What the rule of a projection sees, in numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    pub sources: usize,
    pub targets: usize,
    /// Sources and targets are the same cells in the same order.
    pub same: bool,
    /// Cells that are source and target.
    pub shared: usize,
    /// The share of this projection, where others see the same: its own sources and targets.
    pub own: (usize, usize),
    /// Where these begin.
    first: (usize, usize),
}

impl Extent {
    /// Of two whole nodes.
    pub fn of(sources: usize, targets: usize, same: bool) -> Extent {
        let shared = if same { sources } else { 0 };
        Extent { sources, targets, same, shared, own: (sources, targets), first: (0, 0) }
    }

    /// The part of all pairs that lies in the share of the projection.
    fn share(&self) -> f64 {
        let all = self.sources as f64 * self.targets as f64;
        if all == 0.0 { 0.0 } else { self.own.0 as f64 * self.own.1 as f64 / all }
    }
}

/// Cells of a node.
pub type Member<'a> = (&'a Node, &'a Part);

/// Copies of projections that belong together belong together: those that share a rule, and legs of a third factor.
#[derive(Default)]
pub struct Copies {
    unions: Vec<(ProjectionId, ProjectionId)>,
    primaries: Vec<(ProjectionId, ProjectionId)>,
}

impl Copies {
    /// Ties a copy to those before it; false for a leg whose projection was not copied.
    pub fn tie(&mut self, copy: &mut Projection, original: &Projection) -> bool {
        let find =
            |known: &[(ProjectionId, ProjectionId)], id| known.iter().find(|(old, _)| *old == id).map(|(_, new)| *new);
        copy.union = original.union.map(|union| {
            find(&self.unions, union).unwrap_or_else(|| {
                self.unions.push((union, copy.id));
                copy.id
            })
        });
        match &mut copy.third_factor {
            None => {
                self.primaries.push((original.key(), copy.key()));
                true
            }
            Some(third) => match find(&self.primaries, third.primary) {
                Some(primary) => {
                    third.primary = primary;
                    true
                }
                None => false,
            },
        }
    }
}

impl Project {
    /// The projections that share a rule with this one, itself among them, in their order.
    pub fn united<'a>(&'a self, projection: &'a Projection) -> impl Iterator<Item = &'a Projection> {
        let union = projection.union;
        let others = self.projections.iter().filter(move |other| union.is_some() && other.union == union);
        let alone = std::iter::once(projection).filter(|projection| projection.union.is_none());
        alone.chain(others)
    }

    /// The first of the projections that share a rule with this one: it stands for all of them.
    pub fn leader<'a>(&'a self, projection: &'a Projection) -> &'a Projection {
        self.united(projection).next().unwrap_or(projection)
    }

    /// What the rule of a projection sees as sources, in the order of the nodes.
    pub fn sources_of<'a>(&'a self, projection: &'a Projection) -> Vec<Member<'a>> {
        let leg = self.ends_of_leg(projection, true);
        leg.unwrap_or_else(|| self.members(projection, &|p| (p.from, &p.sources)))
    }

    /// What the rule of a projection sees as targets, in the order of the nodes.
    pub fn targets_of<'a>(&'a self, projection: &'a Projection) -> Vec<Member<'a>> {
        let leg = self.ends_of_leg(projection, false);
        leg.unwrap_or_else(|| self.members(projection, &|p| (p.to, &p.targets)))
    }

    fn members<'a>(
        &'a self,
        projection: &'a Projection,
        end: &dyn Fn(&'a Projection) -> (NodeId, &'a Part),
    ) -> Vec<Member<'a>> {
        if projection.union.is_none() {
            let (id, part) = end(projection);
            return self.node(id).map(|node| (node, part)).into_iter().collect();
        }
        let ends: Vec<(NodeId, &Part)> = self.united(projection).map(end).collect();
        let of = |node: &'a Node| ends.iter().find(|(id, _)| *id == node.id).map(|(_, part)| (node, *part));
        self.nodes.iter().filter_map(of).collect()
    }

    /// What is wired in words: `E + I[:50]`.
    pub fn sources_label(&self, projection: &Projection) -> String {
        label(&self.sources_of(projection))
    }
    pub fn targets_label(&self, projection: &Projection) -> String {
        label(&self.targets_of(projection))
    }

    /// What the rule of a projection sees. Parts that are not there count as whole.
    pub fn extent(&self, projection: &Projection) -> Extent {
        let whole = projection.sources == Part::Whole && projection.targets == Part::Whole;
        let plain = projection.union.is_none() && projection.third_factor.is_none() && whole;
        let n = |id| self.node(id).map_or(0, |node| node.n);
        let same = projection.from == projection.to;
        if plain {
            return Extent::of(n(projection.from), n(projection.to), same);
        }
        let cells = |members: Vec<Member<'_>>| -> Vec<(NodeId, Cells)> {
            let whole = |n: usize| Cells::Run { first: 0, step: 1, n };
            members.iter().map(|(node, part)| (node.id, part.cells(node.n).unwrap_or_else(|_| whole(node.n)))).collect()
        };
        let (sources, targets) = (cells(self.sources_of(projection)), cells(self.targets_of(projection)));
        let count = |members: &[(NodeId, Cells)]| members.iter().map(|(_, cells)| cells.len()).sum::<usize>();
        let own = |members: &[(NodeId, Cells)], id: NodeId| {
            let before: usize =
                members.iter().take_while(|(other, _)| *other != id).map(|(_, cells)| cells.len()).sum();
            (members.iter().find(|(other, _)| *other == id).map_or(0, |(_, cells)| cells.len()), before)
        };
        let shared = sources.iter().filter_map(|(id, cells)| {
            let (_, there) = targets.iter().find(|(other, _)| other == id)?;
            Some(if cells == there { cells.len() } else { cells.iter().filter(|c| there.place(*c).is_some()).count() })
        });
        let ((own_sources, first_source), (own_targets, first_target)) =
            (own(&sources, projection.from), own(&targets, projection.to));
        Extent {
            sources: count(&sources),
            targets: count(&targets),
            same: sources == targets,
            shared: shared.sum(),
            own: (own_sources, own_targets),
            first: (first_source, first_target),
        }
    }

    /// Tells of a source and a target, as the rule of a projection counts them, whether they are the same cell.
    pub(crate) fn same_cells(&self, projection: &Projection) -> impl Fn(usize, usize) -> bool {
        let cells = |members: Vec<Member<'_>>| -> Vec<(NodeId, Cells)> {
            members.iter().filter_map(|(node, part)| Some((node.id, part.cells(node.n).ok()?))).collect()
        };
        let (sources, targets) = (cells(self.sources_of(projection)), cells(self.targets_of(projection)));
        let of = |members: &[(NodeId, Cells)], mut place: usize| {
            for (id, cells) in members {
                if place < cells.len() {
                    return Some((*id, cells.at(place)));
                }
                place -= cells.len();
            }
            None
        };
        move |source, target| of(&sources, source) == of(&targets, target)
    }

    /// Expected number of synapses of a projection, the way back included where it is symmetric.
    pub fn expected_synapses(&self, projection: &Projection) -> f64 {
        if self.node(projection.from).is_none() || self.node(projection.to).is_none() {
            return 0.0;
        }
        if projection.third_factor.is_some() {
            return self.expected_of_leg(projection);
        }
        if let (true, Some(from), Some(to)) =
            (projection.is_drawn_in_space(), self.node(projection.from), self.node(projection.to))
        {
            return super::space::expected_synapses(projection, from, to);
        }
        let extent = self.extent(projection);
        let Extent { sources, targets, same, shared, own, first } = extent;
        let once = matches!(projection.rule, Rule::SymmetricPairwiseBernoulli { .. }) && !projection.multapses;
        let ways = match (projection.symmetric && !same, same && once) {
            (true, _) => 2.0,
            (_, true) => 0.5,
            _ => 1.0,
        };
        match projection.rule {
            Rule::Pairs if projection.union.is_none() => projection.pairs.len() as f64,
            Rule::Pairs => {
                let within = |x: u32, first: usize, n: usize| (first..first + n).contains(&(x as usize));
                let own = |(s, t): &&(u32, u32)| within(*s, first.0, own.0) && within(*t, first.1, own.1);
                projection.pairs.iter().filter(own).count() as f64
            }
            Rule::OneToOne if projection.union.is_some() && (projection.autapses || shared == 0) => {
                let (begin, end) = (first.0.max(first.1), (first.0 + own.0).min(first.1 + own.1));
                ways * end.saturating_sub(begin) as f64
            }
            rule => {
                let all = rule.expected_synapses(sources, targets, same, shared, projection.autapses);
                ways * all * extent.share()
            }
        }
    }

    /// Expected number of synapses of all projections that share a rule with this one.
    pub fn expected_of_all(&self, projection: &Projection) -> f64 {
        self.united(projection).map(|one| self.expected_synapses(one)).sum()
    }

    /// Adds a projection from several nodes or parts to several others, with one rule for all: one for each pair of nodes,
    /// numbered from that of `model` on.
    pub fn add_united(&mut self, model: &Projection, sources: &[(NodeId, Part)], targets: &[(NodeId, Part)]) {
        let in_order = |members: &[(NodeId, Part)]| -> Vec<(NodeId, Part)> {
            let of = |node: &Node| members.iter().find(|(id, _)| *id == node.id).cloned();
            self.nodes.iter().filter_map(of).collect()
        };
        let (sources, targets) = (in_order(sources), in_order(targets));
        let union = (sources.len() * targets.len() > 1).then_some(model.id);
        let mut id = model.id;
        for (from, sources) in &sources {
            for (to, targets) in &targets {
                let (sources, targets) = (sources.clone(), targets.clone());
                self.projections.push(Projection {
                    id,
                    from: *from,
                    to: *to,
                    sources,
                    targets,
                    union,
                    ..model.clone()
                });
                id.0 += 1;
            }
        }
    }

    /// Makes projections that share a rule agree again after a change to some of them, and lets go who has lost the others.
    /// One that was deleted while its nodes are still there takes all others with it.
    pub fn settle(&mut self, before: &Project) {
        if self.projections.iter().all(|p| p.union.is_none() && p.third_factor.is_none()) {
            return;
        }
        self.settle_unions(before);
        self.put_in_order();
        self.settle_third_factors(before);
    }

    fn settle_unions(&mut self, before: &Project) {
        let was = |id: ProjectionId| before.projection(id);
        let there: Vec<NodeId> = self.nodes.iter().map(|node| node.id).collect();
        let deleted = |p: &Projection| {
            let is_gone = self.projection(p.id).is_none();
            is_gone && there.contains(&p.from) && there.contains(&p.to)
        };
        let gone: Vec<Option<ProjectionId>> =
            before.projections.iter().filter(|p| p.union.is_some() && deleted(p)).map(|p| p.union).collect();
        self.projections.retain(|p| p.union.is_none() || !gone.contains(&p.union));
        let mut unions: Vec<ProjectionId> = self.projections.iter().filter_map(|p| p.union).collect();
        unions.sort_unstable();
        unions.dedup();
        for union in unions {
            let members: Vec<usize> =
                (0..self.projections.len()).filter(|i| self.projections[*i].union == Some(union)).collect();
            let changed =
                |i: &&usize| was(self.projections[**i].id).is_some_and(|old| !old.agrees(&self.projections[**i]));
            if let Some(model) = members.iter().find(changed).map(|i| self.projections[*i].clone()) {
                members.iter().for_each(|i| self.projections[*i].agree(&model));
            }
            for end in [Side::Sources, Side::Targets] {
                let other = |i: &&usize| {
                    let new = &self.projections[**i];
                    was(new.id).is_some_and(|old| end.part(old) != end.part(new))
                };
                let Some(model) = members.iter().find(other).map(|i| self.projections[*i].clone()) else { continue };
                for i in &members {
                    end.take_part(&mut self.projections[*i], &model);
                }
            }
            // Without one for each pair of nodes they are no whole.
            let first = self.projections[members[0]].clone();
            let pairs = self.sources_of(&first).len() * self.targets_of(&first).len();
            if members.len() == 1 || (first.third_factor.is_none() && members.len() != pairs) {
                members.iter().for_each(|i| self.projections[*i].union = None);
                // Its third factor follows the one that is left.
                let third_factors = self.projections.iter_mut().filter_map(|p| p.third_factor.as_mut());
                third_factors.filter(|third| third.primary == union).for_each(|third| third.primary = first.id);
            }
        }
    }
}

/// The ends of a projection.
#[derive(Clone, Copy)]
enum Side {
    Sources,
    Targets,
}

impl Side {
    fn part(self, projection: &Projection) -> &Part {
        match self {
            Side::Sources => &projection.sources,
            Side::Targets => &projection.targets,
        }
    }

    /// Takes over the part of a node that both have.
    fn take_part(self, projection: &mut Projection, model: &Projection) {
        match self {
            Side::Sources if projection.from == model.from => projection.sources = model.sources.clone(),
            Side::Targets if projection.to == model.to => projection.targets = model.targets.clone(),
            _ => {}
        }
    }
}

impl Projection {
    /// Takes over everything but identity, nodes and parts.
    fn agree(&mut self, model: &Projection) {
        let Projection { id, from, to, union, third_factor, .. } = *self;
        let (sources, targets) = (std::mem::take(&mut self.sources), std::mem::take(&mut self.targets));
        *self = Projection { id, from, to, union, third_factor, sources, targets, ..model.clone() };
    }

    /// Whether two projections differ at most in identity, nodes and parts.
    pub fn agrees(&self, other: &Projection) -> bool {
        let mut same = self.clone();
        same.agree(other);
        same == *self
    }
}

fn label(members: &[Member<'_>]) -> String {
    members.iter().map(|(node, part)| format!("{}{}", node.name, part.label())).collect::<Vec<_>>().join(" + ")
}
