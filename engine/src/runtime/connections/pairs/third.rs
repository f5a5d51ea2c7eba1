//! Third factors: for each synapse of a primary projection, with probability p, a neuron of the pool of its target.
//!
//! NEST's `third_factor_bernoulli_with_pool`. The source is connected to that neuron, and the neuron to the target. These two
//! legs are pairings of their own, which draw the same.

use std::collections::HashMap;
use std::ops::Range;

use super::Pairing;
use crate::mechanisms::random::{Purpose, Stream};

/// What the legs of a third factor draw.
#[derive(Clone, Debug)]
pub struct Third {
    /// Which pairs there are.
    pub primary: Pairing,
    /// The pieces of its targets that are drawn by themselves, as its rule counts them.
    pub pieces: Vec<Range<usize>>,
    pub p: f64,
    /// Neurons from which pools are taken.
    pub neurons: usize,
    /// Neurons of the pool of each target.
    pub pool_size: usize,
    /// Pools are blocks one after the other; otherwise each is drawn.
    pub block: bool,
    /// From the sources to the third factor; otherwise from there to the targets.
    pub inward: bool,
}

/// Streams of pools, apart from those of synapses.
const POOLS: u64 = 1 << 62;

impl Third {
    /// Calls `pair(source, target, 0)` for every pair of this leg with a target in `targets`.
    pub fn for_each(&self, seed: u64, owner: u64, targets: Range<usize>, pair: &mut dyn FnMut(usize, usize, usize)) {
        for piece in &self.pieces {
            let apart = piece.end <= targets.start || targets.end <= piece.start;
            if piece.is_empty() || (!self.inward && apart) {
                continue;
            }
            let mut stream = Stream::of(seed, Purpose::Wiring, owner, piece.start as u64);
            let mut pools = HashMap::new();
            self.primary.draw(piece.clone(), |s, t, _| {
                if self.p < 1.0 && stream.uniform() >= self.p {
                    return;
                }
                let neuron = if self.block {
                    self.of_block(t, &mut stream)
                } else if self.pool_size >= self.neurons {
                    stream.below(self.neurons as u64) as usize
                } else {
                    let pool = pools.entry(t).or_insert_with(|| self.draw_pool(seed, owner, t));
                    pool[stream.below(pool.len() as u64) as usize]
                };
                let (from, to) = if self.inward { (s, neuron) } else { (neuron, t) };
                if targets.contains(&to) {
                    pair(from, to, 0);
                }
            });
        }
    }

    /// Pools of one neuron are shared by targets one after the other; larger ones follow each other.
    fn of_block(&self, target: usize, stream: &mut Stream) -> usize {
        if self.pool_size == 1 {
            return target / (self.primary.targets / self.neurons.max(1)).max(1);
        }
        target * self.pool_size + stream.below(self.pool_size as u64) as usize
    }

    /// Distinct neurons, each set of them as likely as any other.
    fn draw_pool(&self, seed: u64, owner: u64, target: usize) -> Vec<usize> {
        let mut stream = Stream::of(seed, Purpose::Wiring, owner, POOLS + target as u64);
        let mut pool = Vec::with_capacity(self.pool_size);
        for last in self.neurons - self.pool_size..self.neurons {
            let neuron = stream.below(last as u64 + 1) as usize;
            pool.push(if pool.contains(&neuron) { last } else { neuron });
        }
        pool
    }
}

#[cfg(test)]
mod tests {
    use crate::project::{Leg, Project, ProjectionId, Rule, read, write};
    use crate::runtime::Simulation;

    fn project(third: usize, primary: &str, factor: &str, seed: u64) -> Project {
        let text = format!(
            r#"(simulation: (seed: {seed}, threads: 1),
            nodes: {{"S": (model: "parrot_neuron", n: 50), "T": (model: "parrot_neuron", n: 40),
                "A": (model: "parrot_neuron", n: {third})}},
            projections: [(from: "S", {primary}, third_factor: (node: "A", {factor}))])"#
        );
        read(&text).unwrap_or_else(|e| panic!("{text}\n{e}")).0
    }

    /// Synapses of the primary projections, and of the legs.
    fn drawn(project: &Project) -> [Vec<(usize, usize, usize)>; 3] {
        let simulation = Simulation::build(project, &|_| true).unwrap_or_else(|p| panic!("{p:?}"));
        let mut all = [Vec::new(), Vec::new(), Vec::new()];
        for projection in &project.projections {
            let which = match projection.third_factor.map(|third| third.leg) {
                None => 0,
                Some(Leg::In) => 1,
                Some(Leg::Out) => 2,
            };
            let synapses = simulation.synapses_of(projection.id).into_iter();
            let member = (projection.from.0 * 10 + projection.to.0) as usize;
            all[which].extend(synapses.map(|(s, t, ..)| (s as usize, t as usize, member)));
        }
        all
    }

    fn variance(degrees: &[f64]) -> f64 {
        let mean = degrees.iter().sum::<f64>() / degrees.len() as f64;
        degrees.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / degrees.len() as f64
    }

    /// Mean and standard deviation over 40 networks of NEST 3.10: synapses of a leg, variance over the third factor of their
    /// number, how many of it reach each target, variance over the targets of their synapses.
    #[test]
    fn legs_are_those_of_nest() {
        let indegree = r#"to: "T", rule: fixed_indegree(10)"#;
        let rows = [
            (20, indegree, "p: 0.5, pool_size: 4", [(201.575, 10.233), (20.757, 6.768), (2.984, 0.12), (2.485, 0.52)]),
            (
                20,
                r#"to: "T", rule: pairwise_bernoulli(0.2)"#,
                "p: 0.3",
                [(118.25, 10.402), (5.926, 2.101), (2.741, 0.235), (3.012, 0.659)],
            ),
            (
                80,
                indegree,
                r#"p: 0.5, pool_size: 2, pool_type: "block""#,
                [(201.55, 9.353), (1.852, 0.279), (1.895, 0.041), (2.531, 0.501)],
            ),
            (
                20,
                r#"to: "T", rule: fixed_total_number(400)"#,
                r#"pool_size: 1, pool_type: "block""#,
                [(400.0, 0.0), (19.765, 5.696), (1.0, 0.0), (9.905, 1.93)],
            ),
        ];
        for (third, primary, factor, nest) in rows {
            let seeds = 40;
            let mut sums = [0.0; 4];
            for seed in 0..seeds {
                let [pairs, inward, outward] = drawn(&project(third, primary, factor, seed));
                assert_eq!(inward.len(), outward.len());
                let (mut ins, mut outs, mut onto) = (vec![0.0; third], vec![0.0; third], vec![0.0; 40]);
                inward.iter().for_each(|(_, a, _)| ins[*a] += 1.0);
                outward.iter().for_each(|(a, t, _)| (outs[*a], onto[*t]) = (outs[*a] + 1.0, onto[*t] + 1.0));
                assert_eq!(ins, outs, "both legs pass through the same neurons");
                assert!(pairs.len() >= inward.len());
                let mut reached: Vec<(usize, usize)> = outward.iter().map(|(a, t, _)| (*t, *a)).collect();
                reached.sort_unstable();
                reached.dedup();
                let now = [inward.len() as f64, variance(&ins), reached.len() as f64 / 40.0, variance(&onto)];
                sums.iter_mut().zip(now).for_each(|(sum, x)| *sum += x);
            }
            for (what, (sum, (mean, sd))) in sums.iter().zip(nest).enumerate() {
                let ours = sum / seeds as f64;
                let error = sd * (2.0 / seeds as f64).sqrt();
                assert!(
                    (ours - mean).abs() <= 4.0 * error + 1e-9,
                    "{factor}: {what}: {ours} where NEST has {mean} ± {error}"
                );
            }
        }
    }

    /// The source of a synapse reaches what reaches its target, also where the target is one of several nodes.
    #[test]
    fn legs_follow_the_primary_synapses_of_unions() {
        let both = r#"to: ["S", "T"], rule: fixed_indegree(3), autapses: false"#;
        let [pairs, inward, outward] = drawn(&project(90, both, r#"pool_size: 1, pool_type: "block""#, 4));
        assert_eq!((pairs.len(), inward.len(), outward.len()), (270, 270, 270));
        // With p = 1 and a neuron for each target it stands between all pairs.
        let place = |t: usize, member: usize| t + if member == 1 { 50 } else { 0 };
        let mut through: Vec<_> = inward.iter().map(|(s, a, _)| (*s, *a)).collect();
        let mut direct: Vec<_> = pairs.iter().map(|(s, t, member)| (*s, place(*t, *member))).collect();
        through.sort_unstable();
        direct.sort_unstable();
        assert_eq!(through, direct);
        assert!(outward.iter().all(|(a, t, member)| *a == place(*t, *member % 10)));
    }

    #[test]
    fn files_keep_third_factors_and_mistakes_are_told() {
        let rest = r#"p: 0.25, pool_size: 4, third_in: (weight: 2, delay: 3), third_out: (weight: [1])"#;
        let text = |rest: &str, n: usize| {
            format!(
                r#"(nodes: {{"S": (model: "parrot_neuron", n: 8), "T": (model: "parrot_neuron", n: 4), "A": (model: "parrot_neuron", n: {n})}},
                projections: [(from: ["S", "T"], to: "T", third_factor: (node: "A", {rest}))])"#
            )
        };
        let wrong = read(&text(rest, 4)).unwrap_err().to_string();
        assert!(wrong.contains("A → T: weight") && wrong.contains("takes no lists"), "{wrong}");
        let (first, _) = read(&text(&rest.replace("[1]", "1.5"), 4)).unwrap();
        assert_eq!(first.projections.len(), 2 + 2 + 1);
        let written = write(&first);
        assert_eq!(read(&written).unwrap().0, first, "{written}");
        assert_eq!(write(&read(&written).unwrap().0), written);
        for (rest, n, why) in [
            ("p: 1.5", 4, "p must be 0 … 1, is 1.5"),
            ("pool_size: 5", 4, "pool_size must be from 1 to 4, for A has 4; is 5"),
            (r#"pool_size: 1, pool_type: "block""#, 3, "4 targets are no multiple of the 3 of A"),
            (r#"pool_size: 2, pool_type: "block""#, 6, "need 8 in A, which has 6"),
            (r#"pool_type: "blocks""#, 4, "pool_type is \"random\" or \"block\", not \"blocks\""),
            ("third_inn: ()", 4, "did you mean `third_in`?"),
        ] {
            let found = read(&text(rest, n)).unwrap_err().to_string();
            assert!(found.contains(why), "{rest}: {found}");
        }
    }

    #[test]
    fn legs_agree_and_go_with_what_they_follow() {
        let before = project(20, r#"to: ["S", "T"]"#, "p: 0.5", 1);
        let ids: Vec<u32> = before.projections.iter().map(|p| p.id.0).collect();
        assert_eq!(ids, [0, 1, 2, 3, 4], "two primary ones, a leg from S, legs to S and T");
        let mut changed = before.clone();
        changed.projections[3].rule = Rule::ThirdFactor { p: 0.1, pool_size: Some(3), block: false };
        changed.settle(&before);
        assert!(changed.projections[2..].iter().all(|leg| leg.rule == changed.projections[3].rule));
        assert_eq!(changed.projections[0].rule, Rule::AllToAll);
        let without = |gone: u32| {
            let mut project = before.clone();
            project.projections.retain(|p| p.id != ProjectionId(gone));
            project.settle(&before);
            project.projections.iter().map(|p| p.id.0).collect::<Vec<u32>>()
        };
        assert_eq!(without(4), [0, 1], "one leg takes the others with it");
        assert_eq!(without(2), [0, 1]);
        assert_eq!(without(0), Vec::<u32>::new(), "legs do not stand without what they follow");
        let mut alone = before.clone();
        alone.nodes.retain(|node| node.name != "T");
        alone.projections.retain(|p| p.to.0 != 1);
        alone.settle(&before);
        assert_eq!(alone.projections.len(), 3, "what is left of a union keeps its third factor");
        assert!(alone.primary_of(&alone.projections[1]).is_some());
    }
}
