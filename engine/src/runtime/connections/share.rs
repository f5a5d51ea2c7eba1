//! Rules that see parts of populations, or several populations as one; what is kept of what they draw are the pairs of one
//! source node and one target node.

use std::ops::Range;
use std::sync::Arc;

use crate::description::Cells;

/// What a rule sees at one end: cells of nodes, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// Node and cells.
    members: Vec<(usize, Cells)>,
}

impl End {
    pub fn new(members: Vec<(usize, Cells)>) -> End {
        End { members }
    }

    /// How many cells the rule sees.
    pub fn n(&self) -> usize {
        self.members.iter().map(|(_, cells)| cells.len()).sum()
    }

    /// Where the cells of a member begin.
    fn start(&self, member: usize) -> usize {
        self.members[..member].iter().map(|(_, cells)| cells.len()).sum()
    }

    /// For each cell its place at another end, or `u32::MAX` if it is not there.
    fn places_in(&self, other: &End) -> Vec<u32> {
        let mut places = Vec::with_capacity(self.n());
        for (node, cells) in &self.members {
            let there = other.members.iter().position(|(other, _)| other == node);
            places.extend(cells.iter().map(|cell| {
                let there = there.and_then(|m| Some(other.start(m) + other.members[m].1.place(cell)?));
                there.map_or(u32::MAX, |place| place as u32)
            }));
        }
        places
    }
}

/// The share of a pair of nodes in what a rule draws.
#[derive(Clone, Debug)]
pub struct Share {
    sources: Cells,
    targets: Cells,
    /// Where they begin among all that the rule sees.
    first_source: usize,
    first_target: usize,
    /// Neurons or devices of the nodes.
    source_neurons: usize,
    target_neurons: usize,
    /// By source: the target that is the same cell, or `u32::MAX`.
    twins: Arc<[u32]>,
}

impl Share {
    /// Of the members at these places, whose nodes have so many neurons or devices. `knows_itself`: it is asked who is the
    /// same cell.
    pub fn new(
        (sources, targets): (&End, &End),
        member: (usize, usize),
        neurons: (usize, usize),
        knows_itself: bool,
    ) -> Share {
        Share {
            sources: sources.members[member.0].1.clone(),
            targets: targets.members[member.1].1.clone(),
            first_source: sources.start(member.0),
            first_target: targets.start(member.1),
            source_neurons: neurons.0,
            target_neurons: neurons.1,
            twins: if knows_itself { sources.places_in(targets).into() } else { Arc::default() },
        }
    }

    /// The source at a place of the rule, as its node counts.
    pub fn source(&self, place: usize) -> Option<usize> {
        let place = place.checked_sub(self.first_source)?;
        (place < self.sources.len()).then(|| self.sources.at(place))
    }

    /// The place of the rule at which a source stands, as its node counts it.
    pub fn place_of(&self, source: usize) -> usize {
        self.first_source + self.sources.below(source)
    }

    /// The target at a place of the rule, as its node counts.
    pub fn target(&self, place: usize) -> Option<usize> {
        let place = place.checked_sub(self.first_target)?;
        (place < self.targets.len()).then(|| self.targets.at(place))
    }

    /// The places of the rule at which these targets of the node stand.
    pub fn places(&self, targets: Range<usize>) -> Range<usize> {
        let place = |cell| self.first_target + self.targets.below(cell);
        place(targets.start)..place(targets.end)
    }

    /// Whether source and target are the same cell.
    pub fn is_self(&self, source: usize, target: usize) -> bool {
        self.twins.get(source).is_some_and(|twin| *twin as usize == target)
    }

    pub fn source_neurons(&self) -> usize {
        self.source_neurons
    }

    /// Whether both nodes take part with all their cells.
    pub fn is_of_all(&self) -> bool {
        self.sources.is_all(self.source_neurons) && self.targets.is_all(self.target_neurons)
    }
}

#[cfg(test)]
mod tests {
    use crate::project::{Project, ProjectionId, read, write};
    use crate::runtime::Simulation;

    const NODES: &str = r#""E": (model: "iaf_psc_exp", n: 80), "I": (model: "iaf_psc_exp", n: 20)"#;

    fn project(projection: &str, seed: u64) -> Project {
        let settings = format!("simulation: (seed: {seed}, threads: 1)");
        let text = format!("({settings}, nodes: {{{NODES}}}, projections: [({projection})])");
        read(&text).unwrap_or_else(|e| panic!("{text}\n{e}")).0
    }

    /// Pairs of a projection within `E + I`, where cells of I count from 80 on, with their weights.
    fn synapses(project: &Project) -> Vec<(usize, usize, f64)> {
        let simulation = Simulation::build(project, &|_| true).unwrap_or_else(|p| panic!("{p:?}"));
        let place = |node: crate::project::NodeId| if node.0 == 0 { 0 } else { 80 };
        let mut all = Vec::new();
        for projection in &project.projections {
            for (s, t, weight, _) in simulation.synapses_of(projection.id) {
                all.push((place(projection.from) + s as usize, place(projection.to) + t as usize, weight));
            }
        }
        all
    }

    #[test]
    fn rules_see_parts_as_populations() {
        let part = r#"from: "E", to: "E", sources: slice(start: 10, stop: 20, step: 3), targets: [0, 10, 13, 79]"#;
        let with = |rest: &str| {
            let mut pairs = synapses(&project(&format!("{part}, {rest}"), 1));
            pairs.sort_by(|a, b| a.partial_cmp(b).unwrap());
            pairs
        };
        let all = with("autapses: false");
        assert_eq!(all.len(), 4 * 4 - 2);
        assert!(all.iter().all(|(s, t, _)| s != t && [10, 13, 16, 19].contains(s) && [0, 10, 13, 79].contains(t)));
        let ones = with("rule: one_to_one, weight: [1, 2, 3, 4]");
        assert_eq!(ones, [(10, 0, 1.0), (13, 10, 2.0), (16, 13, 3.0), (19, 79, 4.0)]);
        let listed = with("rule: pairs([(0, 3), (3, 0)]), weight: [5, 6]");
        assert_eq!(listed, [(10, 79, 5.0), (19, 0, 6.0)]);
        let table = with("weight: [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]], autapses: false");
        assert!(table.contains(&(13, 10, 6.0)) && table.contains(&(19, 79, 16.0)) && table.len() == 14);
        let drawn = with("rule: fixed_indegree(3), autapses: false, multapses: false");
        for target in [0, 10, 13, 79] {
            assert_eq!(drawn.iter().filter(|(_, t, _)| *t == target).count(), 3);
        }
        assert!(drawn.iter().all(|(s, t, _)| s != t));
        // NEST drops autapses of one_to_one, and later entries of a list move up.
        let same = r#"from: "E", to: "E", sources: [0, 2, 4], targets: [1, 2, 5], rule: one_to_one, autapses: false"#;
        assert_eq!(synapses(&project(&format!("{same}, weight: [1, 2, 3]"), 1)), [(0, 1, 1.0), (4, 5, 2.0)]);
    }

    #[test]
    fn several_nodes_are_one_to_a_rule() {
        let both = r#"from: ["E", "I"], to: ["E", "I"]"#;
        let degrees = |rule: &str, by_target: bool| {
            let mut degrees = vec![0; 100];
            synapses(&project(&format!("{both}, {rule}"), 3))
                .iter()
                .for_each(|(s, t, _)| degrees[if by_target { *t } else { *s }] += 1);
            degrees
        };
        assert!(degrees("rule: fixed_indegree(10), autapses: false", true).iter().all(|n| *n == 10));
        assert!(degrees("rule: fixed_outdegree(7), multapses: false", false).iter().all(|n| *n == 7));
        assert_eq!(degrees("rule: fixed_total_number(500)", true).iter().sum::<i32>(), 500);
        assert!(degrees("autapses: false", true).iter().all(|n| *n == 99));
        let order =
            synapses(&project(&format!("{both}, rule: pairs([(0, 99), (85, 3), (79, 80)]), weight: [1, 2, 3]"), 1));
        assert_eq!(order, [(0, 99, 1.0), (79, 80, 3.0), (85, 3, 2.0)]);
        let ones = synapses(&project(
            r#"from: ["E", "I"], to: "E", sources: {"E": slice(stop: 60)}, rule: one_to_one, autapses: false"#,
            1,
        ));
        let shifted: Vec<_> = (60..80).map(|t| (t + 20, t, 1.0)).collect();
        assert_eq!(ones, shifted, "the first sixty would be autapses");
    }

    /// The number of sources from E among the ten of each cell is binomial, as in NEST; so is the share of I in totals.
    #[test]
    fn shares_are_left_to_chance() {
        let seeds = 60;
        for (rule, n) in [("fixed_indegree(10)", 10.0), ("fixed_total_number(1000)", 1000.0)] {
            let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
            for seed in 0..seeds {
                let all = synapses(&project(&format!(r#"from: ["E", "I"], to: ["E", "I"], rule: {rule}"#), seed));
                let mut from_e = vec![0.0; if n == 10.0 { 100 } else { 1 }];
                for (s, t, _) in &all {
                    let place = if n == 10.0 { *t } else { 0 };
                    from_e[place] += f64::from(u8::from(*s < 80));
                }
                for x in from_e {
                    (sum, squares, count) = (sum + x, squares + x * x, count + 1.0);
                }
            }
            let (mean, expected) = (sum / count, 0.8 * n);
            let variance = squares / count - mean * mean;
            let binomial = n * 0.8 * 0.2;
            assert!((mean - expected).abs() < 4.0 * (binomial / count).sqrt(), "{rule}: {mean}");
            let error = binomial * (2.0 / count).sqrt();
            assert!((variance - binomial).abs() < 4.0 * error, "{rule}: {variance} where {binomial} is expected");
        }
    }

    #[test]
    fn any_number_of_threads_draws_the_same() {
        let rules = ["fixed_indegree(30)", "fixed_outdegree(20)", "fixed_total_number(9000)", "pairwise_poisson(0.1)"];
        for rule in rules {
            let drawn = |threads: usize| {
                let text = format!(
                    r#"(simulation: (threads: {threads}, duration: 20),
                    nodes: {{"N": (model: "poisson_generator", params: (rate: 20000)),
                        "E": (model: "iaf_psc_exp", n: 2300), "I": (model: "iaf_psc_exp", n: 700),
                        "A": (model: "iaf_psc_exp", n: 900)}},
                    projections: [(from: "N", to: ["E", "I"], weight: 80),
                        (from: ["E", "I"], to: ["E", "I"], targets: {{"E": slice(step: 2)}}, rule: {rule}, autapses: false,
                        weight: normal(mean: 20, std: 4), third_factor: (node: "A", p: 0.3, pool_size: 7))])"#
                );
                let (project, _) = read(&text).unwrap_or_else(|e| panic!("{e}"));
                let mut simulation = Simulation::build(&project, &|_| true).unwrap_or_else(|p| panic!("{p:?}"));
                let synapses: Vec<_> = project.projections.iter().map(|p| simulation.synapses_of(p.id)).collect();
                simulation.advance(200).unwrap();
                (synapses, simulation.counters().spikes, simulation.counters().synaptic_events)
            };
            let one = drawn(1);
            assert!(one.1 > 0 && one == drawn(3), "{rule}");
            let legs = |from: usize, n: usize| one.0[from..from + n].iter().map(Vec::len).sum::<usize>();
            assert_eq!(legs(6, 2), legs(8, 2), "both legs");
            // Pairs of nodes draw weights of their own.
            assert_ne!(one.0[2][0].2, one.0[4][0].2);
        }
    }

    #[test]
    fn files_with_parts_and_unions_are_kept() {
        for projection in [
            r#"from: "E", to: "E", sources: slice(start: 0, stop: 50, step: 2), targets: [3, 5, 8]"#,
            r#"from: ["I", "E"], to: "E", sources: {"I": slice(-5, 20), "E": [1]}, rule: fixed_indegree(4), weight: 2"#,
        ] {
            let first = project(projection, 1);
            let text = write(&first);
            let (again, _) = read(&text).unwrap();
            assert_eq!(again, first, "{text}");
            assert_eq!(write(&again), text);
        }
        let whole = project(r#"from: ["I", "E"], to: "E""#, 1);
        assert_eq!(whole.projections.len(), 2);
        assert_eq!(whole.sources_label(&whole.projections[1]), "E + I");
        assert!(write(&whole).contains(r#"from: ["E", "I"], to: "E""#));
    }

    #[test]
    fn mistakes_are_told_once_with_their_cure() {
        let refused = |projection: &str| {
            let text = format!("(nodes: {{{NODES}}}, projections: [({projection})])");
            read(&text).unwrap_err().to_string()
        };
        for (projection, why) in [
            (r#"from: "E", to: "I", sources: slice(stop: 81)"#, "sources: E: stop must be from -80 to 80"),
            (r#"from: "E", to: "I", targets: [3, 2]"#, "targets: I: cells are listed in ascending order"),
            (r#"from: "E", to: "I", targets: [20]"#, "there is no cell 20 among 20, counted from 0"),
            (r#"from: "E", to: "I", sources: 5"#, "must be a part of the population"),
            (r#"from: ["E", "E"], to: "I""#, "named twice"),
            (r#"from: ["E", "I"], to: "I", sources: [1]"#, "there are several nodes"),
            (r#"from: "E", to: "I", sources: {"I": [1]}"#, "not among those of `from`"),
            (r#"from: "E", to: "I", sources: [0, 1], rule: one_to_one"#, "E[0, 1] has 2 and I has 20"),
            (r#"from: ["E", "I"], to: "I", rule: pairs([(100, 0)])"#, "but E + I has 100"),
        ] {
            let message = refused(projection);
            assert!(message.contains(why), "{projection}: {message}");
            assert_eq!(message.matches(why).count(), 1, "{message}");
            assert!(message.starts_with("line 1, column "), "{message}");
        }
    }

    #[test]
    fn projections_that_share_a_rule_stay_one() {
        let mut whole = project(r#"from: ["E", "I"], to: ["E", "I"], rule: fixed_indegree(4)"#, 1);
        let before = whole.clone();
        whole.projections[2].rule = crate::project::Rule::FixedIndegree { indegree: 7 };
        whole.projections[3].sources = crate::project::Part::list([1, 2]);
        whole.settle(&before);
        assert!(whole.projections.iter().all(|p| p.rule.label() == "K_in = 7"));
        assert_eq!(whole.sources_label(&whole.projections[0]), "E + I[1, 2]");
        let before = whole.clone();
        whole.nodes.remove(1);
        whole.projections.retain(|p| p.from.0 == 0 && p.to.0 == 0);
        whole.settle(&before);
        assert_eq!(whole.projections.iter().map(|p| p.union).collect::<Vec<_>>(), [None]);
        let mut whole = before.clone();
        whole.projections.retain(|p| p.id != ProjectionId(1));
        whole.settle(&before);
        assert!(whole.projections.is_empty(), "one cannot go without the others");
    }
}
