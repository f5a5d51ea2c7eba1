//! Third factors, such as astrocytes: neurons that stand beside the synapses of a projection.
//!
//! NEST's `TripartiteConnect`. Beside the primary projection there are legs: from its sources to the third factor, and from there to
//! its targets. They are projections of their own, which name the primary one and have a rule in common.

use std::collections::BTreeMap;

use super::unions::Member;
use super::{Node, NodeId, Project, Projection, ProjectionId, Rule};
use crate::description::Part;

/// Which leg of a third factor a projection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// From the sources of the primary projection to the third factor.
    In,
    /// From there to its targets.
    Out,
}

/// What makes a projection a leg of a third factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThirdFactor {
    /// [`Projection::key`] of the primary projection.
    pub primary: ProjectionId,
    pub leg: Leg,
}

impl Projection {
    /// What a projection, with all that share its rule, is known by.
    pub fn key(&self) -> ProjectionId {
        self.union.unwrap_or(self.id)
    }
}

impl Project {
    /// The projection whose synapses a leg follows; of several that share a rule, the first.
    pub fn primary_of(&self, leg: &Projection) -> Option<&Projection> {
        let primary = leg.third_factor?.primary;
        self.projections.iter().find(|p| p.third_factor.is_none() && p.key() == primary)
    }

    /// The legs of the third factor of a projection.
    pub fn legs_of<'a>(&'a self, primary: &'a Projection) -> impl Iterator<Item = &'a Projection> {
        let (key, is_leg) = (primary.key(), primary.third_factor.is_some());
        self.projections.iter().filter(move |p| !is_leg && p.third_factor.is_some_and(|third| third.primary == key))
    }

    /// The node that is the third factor of a projection.
    pub fn third_node(&self, primary: &Projection) -> Option<NodeId> {
        self.legs_of(primary).next().map(third_of)
    }

    /// What a leg joins.
    pub(super) fn ends_of_leg<'a>(&'a self, leg: &'a Projection, sources: bool) -> Option<Vec<Member<'a>>> {
        const WHOLE: &Part = &Part::Whole;
        let is_in = leg.third_factor?.leg == Leg::In;
        let Some(primary) = self.primary_of(leg) else { return Some(Vec::new()) };
        Some(match (is_in, sources) {
            (true, true) => self.sources_of(primary),
            (false, false) => self.targets_of(primary),
            _ => self.node(third_of(leg)).map(|node| (node, WHOLE)).into_iter().collect(),
        })
    }

    /// Expected number of synapses of a leg.
    pub(super) fn expected_of_leg(&self, leg: &Projection) -> f64 {
        let (Some(third), Rule::ThirdFactor { p, .. }) = (leg.third_factor, leg.rule) else { return 0.0 };
        let Some(primary) = self.primary_of(leg) else { return 0.0 };
        let joined = |p: &&Projection| match third.leg {
            Leg::In => p.from == leg.from,
            Leg::Out => p.to == leg.to,
        };
        p.clamp(0.0, 1.0) * self.united(primary).filter(joined).map(|p| self.expected_synapses(p)).sum::<f64>()
    }

    /// Adds the legs of a third factor, numbered from `inward` on: one for each source and each target of the primary
    /// projection.
    pub fn add_third_factor(&mut self, primary: &Projection, node: NodeId, inward: &Projection, outward: &Projection) {
        let key = primary.key();
        let ids = |members: Vec<Member<'_>>| members.iter().map(|(node, _)| node.id).collect::<Vec<NodeId>>();
        let (sources, targets) = (ids(self.sources_of(primary)), ids(self.targets_of(primary)));
        let mut id = inward.id;
        for (leg, model, others) in [(Leg::In, inward, sources), (Leg::Out, outward, targets)] {
            let union = (others.len() > 1).then_some(id);
            for other in others {
                let (from, to) = if leg == Leg::In { (other, node) } else { (node, other) };
                let third_factor = Some(ThirdFactor { primary: key, leg });
                self.projections.push(Projection { id, from, to, union, third_factor, ..model.clone() });
                id.0 += 1;
            }
        }
    }

    /// Takes the legs of a third factor away.
    pub fn remove_third_factor(&mut self, primary: ProjectionId) {
        self.projections.retain(|p| p.third_factor.is_none_or(|third| third.primary != primary));
    }

    /// Whether the legs are as many as their primary projection has nodes, and lead to one node.
    pub(super) fn has_whole_legs(&self, primary: &Projection) -> bool {
        let Some(third) = self.third_node(primary) else { return true };
        let of = |leg: Leg| -> Vec<NodeId> {
            let legs = self.legs_of(primary).filter(|p| p.third_factor.is_some_and(|third| third.leg == leg));
            legs.map(|p| if leg == Leg::In { p.from } else { p.to }).collect()
        };
        let ids = |members: Vec<Member<'_>>| members.iter().map(|(node, _)| node.id).collect::<Vec<NodeId>>();
        self.legs_of(primary).all(|leg| third_of(leg) == third)
            && of(Leg::In) == ids(self.sources_of(primary))
            && of(Leg::Out) == ids(self.targets_of(primary))
    }

    /// Projections that share a rule stand together in the order of their nodes, legs of a third factor behind their primary
    /// projection: as a file has them.
    pub(super) fn put_in_order(&mut self) {
        let places: BTreeMap<NodeId, usize> = self.nodes.iter().enumerate().map(|(i, node)| (node.id, i)).collect();
        let place = |p: &Projection| {
            let leg = p.third_factor.map(|third| third.leg == Leg::Out);
            (leg, places.get(&p.from).copied(), places.get(&p.to).copied())
        };
        let of = |p: &Projection| p.third_factor.map_or(p.key(), |third| third.primary);
        let mut firsts = BTreeMap::new();
        for (i, projection) in self.projections.iter().enumerate() {
            // A leg whose primary projection is not there stays where it is.
            firsts.entry(of(projection)).or_insert(i);
        }
        self.projections.sort_by_key(|p| (firsts[&of(p)], place(p)));
    }

    /// Legs agree in their rule, and go when one of them or their primary projection does.
    pub(super) fn settle_third_factors(&mut self, before: &Project) {
        let primaries = self.projections.iter().filter(|p| p.third_factor.is_none());
        let whole: Vec<ProjectionId> = primaries.filter(|p| self.has_whole_legs(p)).map(Projection::key).collect();
        self.projections.retain(|p| p.third_factor.is_none_or(|third| whole.contains(&third.primary)));
        let changed: Vec<(ProjectionId, Rule)> = self
            .projections
            .iter()
            .filter(|p| matches!(p.rule, Rule::ThirdFactor { .. }))
            .filter(|p| before.projection(p.id).is_some_and(|old| old.rule != p.rule))
            .filter_map(|p| Some((p.third_factor?.primary, p.rule)))
            .collect();
        for (primary, rule) in changed {
            let legs =
                self.projections.iter_mut().filter(|p| p.third_factor.is_some_and(|third| third.primary == primary));
            legs.for_each(|leg| leg.rule = rule);
        }
        for leg in self.projections.iter_mut().filter(|p| p.third_factor.is_some()) {
            leg.stay_leg(before.projection(leg.id));
        }
    }
}

impl Projection {
    /// What a leg is beside its synapses, its third factor alone can say: a change meant for projections at large, such as of
    /// all that are selected, has no part in it.
    fn stay_leg(&mut self, before: Option<&Projection>) {
        let rule = match (self.rule, before.map(|leg| leg.rule)) {
            (rule @ Rule::ThirdFactor { .. }, _) | (_, Some(rule @ Rule::ThirdFactor { .. })) => rule,
            _ => Rule::ThirdFactor { p: 1.0, pool_size: None, block: false },
        };
        *self = Projection {
            union: self.union,
            third_factor: self.third_factor,
            rule,
            synapse: self.synapse,
            params: std::mem::take(&mut self.params),
            weight: self.weight.clone(),
            delay: self.delay.clone(),
            delay_given: self.delay_given,
            receptor: self.receptor,
            weight_recorder: self.weight_recorder,
            muted: self.muted,
            ..Projection::new(self.id, self.from, self.to)
        };
    }
}

/// The node of the third factor.
fn third_of(leg: &Projection) -> NodeId {
    if leg.third_factor.is_some_and(|third| third.leg == Leg::In) { leg.to } else { leg.from }
}

/// What a pool must be like, with the cure.
pub(super) fn check_pools(rule: Rule, targets: usize, third: &Node) -> Result<(), String> {
    let Rule::ThirdFactor { p, pool_size, block } = rule else { return Ok(()) };
    let (name, neurons) = (&third.name, third.n as u64);
    if !(0.0..=1.0).contains(&p) {
        return Err(format!("p must be 0 … 1, is {}", crate::description::number(p)));
    }
    let size = pool_size.unwrap_or(neurons);
    if !(1..=neurons).contains(&size) {
        return Err(format!("pool_size must be from 1 to {neurons}, for {name} has {neurons}; is {size}"));
    }
    let targets = targets as u64;
    if !block {
        return Ok(());
    }
    if size == 1 && !targets.is_multiple_of(neurons) {
        let message = "blocks of pool_size 1 are shared by the same number of targets each";
        return Err(format!("{message}: {targets} targets are no multiple of the {neurons} of {name}"));
    }
    if size > 1 && targets.saturating_mul(size) != neurons {
        let message = format!("blocks of pool_size {size} for {targets} targets need {} in {name}", targets * size);
        return Err(format!("{message}, which has {neurons}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::Storage;
    use crate::description::space::{Kernel, KernelShape, Mask, MaskKind};
    use crate::project::{read, write};

    const NETWORK: &str = r#"(
        nodes: {
            "E": (model: "aeif_cond_alpha_astro", n: 4), "I": (model: "aeif_cond_alpha_astro", n: 2),
            "A": (model: "astrocyte_lr_1994", n: 2),
        },
        projections: [(
            from: "E", to: ["E", "I"], rule: pairwise_bernoulli(0.5), weight: 1,
            third_factor: (
                node: "A", p: 0.5, pool_size: 1,
                third_in: (synapse: "tsodyks_synapse", weight: 2), third_out: (synapse: "sic_connection"),
            ),
        )],
    )"#;

    #[test]
    fn what_is_no_matter_of_a_leg_does_not_reach_it() {
        let (project, _) = read(NETWORK).unwrap();
        let changes: [fn(&mut Projection); 8] = [
            |p| p.rule = Rule::AllToAll,
            |p| p.sources = Part::list([0]),
            |p| p.targets = Part::list([0]),
            |p| (p.autapses, p.multapses, p.symmetric) = (false, false, true),
            |p| p.seed = Some(7),
            |p| p.storage = Storage::Dense,
            |p| p.mask = Some(Mask::Form(MaskKind::Circular.around(0.5))),
            |p| p.kernel = Some(Kernel::new(KernelShape::Gaussian)),
        ];
        for (i, change) in changes.into_iter().enumerate() {
            let mut changed = project.clone();
            changed.projections.iter_mut().filter(|p| p.third_factor.is_some()).for_each(change);
            changed.settle(&project);
            assert!(changed == project, "change {i}:\n{}", write(&changed));
        }
        let mut weighted = project.clone();
        weighted.projections.iter_mut().filter(|p| p.third_factor.is_some()).for_each(|p| p.muted = true);
        weighted.settle(&project);
        assert!(weighted != project);
        assert_eq!(read(&write(&weighted)).unwrap().0, weighted);
    }
}
