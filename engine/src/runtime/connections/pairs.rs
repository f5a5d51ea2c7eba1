//! Which source is connected to which target: the rules, as streams of pairs.
//!
//! Senk et al. 2022, PLoS Comput Biol 18:e1010086.

pub(crate) mod space;
pub(crate) mod third;

use std::ops::Range;
use std::sync::Arc;

use crate::description::Rule;
use crate::math;
use crate::mechanisms::random::{Purpose, Stream};
use crate::runtime::connections::share::Share;
use space::Space;
use third::Third;

/// A rule between two populations, or a share of one that sees parts or several of them.
#[derive(Clone, Debug)]
pub struct Pairing {
    pub rule: Rule,
    /// For [`Rule::Pairs`].
    pub pairs: Arc<[(u32, u32)]>,
    /// As many as the rule sees.
    pub sources: usize,
    pub targets: usize,
    /// What the rule sees as sources and as targets is the same.
    pub same: bool,
    pub autapses: bool,
    pub multapses: bool,
    /// Lists of values go with its synapses, in the order of [`Pairing::for_each`].
    pub listed: bool,
    pub seed: u64,
    /// Names the streams of what its synapses are like; unique among the projections.
    pub projection: u64,
    /// Names the stream of the rule: the first of the projections that share what it draws.
    pub owner: u64,
    /// The owner of the projections of which this is the way back.
    pub back_of: Option<u64>,
    /// `None` where the rule sees one whole node at either end.
    pub share: Option<Share>,
    /// Third factors follow these pairs, which are therefore always drawn in the order of [`Pairing::for_each`].
    pub followed: bool,
    /// For [`Rule::ThirdFactor`].
    pub third: Option<Arc<Third>>,
    /// Where neurons stand, if anything of it depends on that.
    pub space: Option<Arc<Space>>,
}

impl Pairing {
    /// Calls `pair(source, target, index)` for every pair with a target in `targets`, always
    /// in the same order. `index` is the pair's place in the order in which lists of values are given.
    pub fn for_each(&self, targets: Range<usize>, mut pair: impl FnMut(usize, usize, usize)) {
        match &self.share {
            None => self.draw(targets, pair),
            Some(share) => self.draw(share.places(targets), |s, t, index| {
                if let (Some(s), Some(t)) = (share.source(s), share.target(t)) {
                    pair(s, t, index);
                }
            }),
        }
    }

    /// The places of the rule at which these targets of the node stand.
    pub fn places(&self, targets: Range<usize>) -> Range<usize> {
        self.share.as_ref().map_or(targets.clone(), |share| share.places(targets))
    }

    /// The place at which the rule sees a source of the node.
    pub fn place_of(&self, source: usize) -> usize {
        self.share.as_ref().map_or(source, |share| share.place_of(source))
    }

    /// The place at which the rule sees a target of the node.
    pub fn place_of_target(&self, target: usize) -> usize {
        self.share.as_ref().map_or(target, |share| share.places(target..target).start)
    }

    /// How many neurons or devices the source node has.
    pub fn source_neurons(&self) -> usize {
        self.share.as_ref().map_or(self.sources, Share::source_neurons)
    }

    /// Whether every neuron of the source node goes to every one of the target node, but for autapses.
    pub fn joins_all(&self) -> bool {
        matches!(self.rule, Rule::AllToAll) && self.share.as_ref().is_none_or(Share::is_of_all)
    }

    /// Whether source and target are the same cell.
    fn is_self(&self, s: usize, t: usize) -> bool {
        match &self.share {
            None => self.same && s == t,
            Some(share) => share.is_self(s, t),
        }
    }

    /// All that the rule draws onto some of the targets that it sees.
    pub(super) fn draw(&self, targets: Range<usize>, mut pair: impl FnMut(usize, usize, usize)) {
        if let Some(space) = self.space.as_ref().filter(|space| space.draws()) {
            return space.for_each(self, targets, pair);
        }
        let forbidden = |s: usize, t: usize| !self.autapses && self.is_self(s, t);
        match self.rule {
            Rule::AllToAll => {
                for t in targets {
                    for s in 0..self.sources {
                        if !forbidden(s, t) {
                            pair(s, t, t * self.sources + s);
                        }
                    }
                }
            }
            Rule::OneToOne => {
                // What is left out has no entry in lists.
                let mut index = (0..targets.start.min(self.sources)).filter(|i| !forbidden(*i, *i)).count();
                for t in targets.start..targets.end.min(self.sources) {
                    if !forbidden(t, t) {
                        pair(t, t, index);
                        index += 1;
                    }
                }
            }
            Rule::PairwiseBernoulli { p } => self.bernoulli(p, targets, pair),
            Rule::PairwisePoisson { mean } => self.poisson(mean, targets, pair),
            Rule::SymmetricPairwiseBernoulli { p } => self.symmetric(p, targets, pair),
            Rule::ThirdFactor { .. } => {
                if let Some(third) = &self.third {
                    third.for_each(third.primary.seed, self.owner, targets, &mut pair);
                }
            }
            Rule::Pairs => {
                for (i, &(s, t)) in self.pairs.iter().enumerate().filter(|(_, (_, t))| targets.contains(&(*t as usize)))
                {
                    pair(s as usize, t as usize, i);
                }
            }
            Rule::FixedIndegree { indegree } => {
                let mut stream = self.stream(targets.start as u64);
                let mut taken = Taken::new(if self.multapses { 0 } else { self.sources });
                for t in targets {
                    taken.clear();
                    for k in 0..indegree as usize {
                        let s = draw(&mut stream, self.sources, |s| forbidden(s, t) || !taken.take(s));
                        pair(s, t, t * indegree as usize + k);
                    }
                }
            }
            Rule::FixedOutdegree { outdegree } => {
                let mut stream = self.stream(u64::MAX);
                let mut taken = Taken::new(if self.multapses { 0 } else { self.targets });
                for s in 0..self.sources {
                    taken.clear();
                    for k in 0..outdegree as usize {
                        let t = draw(&mut stream, self.targets, |t| forbidden(s, t) || !taken.take(t));
                        if targets.contains(&t) {
                            pair(s, t, s * outdegree as usize + k);
                        }
                    }
                }
            }
            Rule::FixedTotalNumber { n } => {
                let mut stream = self.stream(u64::MAX);
                for i in 0..n as usize {
                    let (s, t) = loop {
                        let s = stream.below(self.sources as u64) as usize;
                        let t = stream.below(self.targets as u64) as usize;
                        if !forbidden(s, t) {
                            break (s, t);
                        }
                    };
                    if targets.contains(&t) {
                        pair(s, t, i);
                    }
                }
            }
        }
    }

    /// Each pair with probability p: jumps from hit to hit along the line of all pairs.
    fn bernoulli(&self, p: f64, targets: Range<usize>, mut pair: impl FnMut(usize, usize, usize)) {
        if p <= 0.0 || self.sources == 0 {
            return;
        }
        let mut stream = self.stream(targets.start as u64);
        let pairs = (targets.len() * self.sources) as u64;
        let mut place = stream.geometric(p);
        while place < pairs {
            let s = (place % self.sources as u64) as usize;
            let t = targets.start + (place / self.sources as u64) as usize;
            if self.autapses || !self.is_self(s, t) {
                pair(s, t, 0);
            }
            place = place.saturating_add(1 + stream.geometric(p));
        }
    }

    /// Each pair a Poisson number of times: events at random along the line of all pairs.
    fn poisson(&self, mean: f64, targets: Range<usize>, mut pair: impl FnMut(usize, usize, usize)) {
        if mean <= 0.0 || self.sources == 0 {
            return;
        }
        let mut stream = self.stream(targets.start as u64);
        let pairs = (targets.len() * self.sources) as f64;
        let mut place = stream.exponential() / mean;
        while place < pairs {
            let (t, s) = (place as usize / self.sources, place as usize % self.sources);
            let t = targets.start + t;
            if self.autapses || !self.is_self(s, t) {
                pair(s, t, 0);
            }
            place += stream.exponential() / mean;
        }
    }

    /// Each target draws each source with probability p, but never all, and not itself; what is drawn is
    /// connected both ways. Between two populations the way back is a projection of its own.
    fn symmetric(&self, p: f64, targets: Range<usize>, mut pair: impl FnMut(usize, usize, usize)) {
        if p <= 0.0 {
            return;
        }
        if self.same && !self.multapses {
            return self.mirrored(p, targets, pair);
        }
        let (drawn, drawing) = match self.back_of {
            None => (self.sources, self.targets),
            Some(_) => (self.targets, self.sources),
        };
        let owner = self.back_of.unwrap_or(self.owner);
        let mut stream = Stream::of(self.seed, Purpose::Wiring, owner, u64::MAX);
        let mut taken = Taken::new(drawn);
        let there = self.back_of.is_none();
        let back = self.same || !there;
        for t in 0..drawing {
            taken.clear();
            for _ in 0..some_but_not_all(&mut stream, drawn as u64, p) {
                let is_self = |s| if there { self.is_self(s, t) } else { self.is_self(t, s) };
                let s = draw(&mut stream, drawn, |s| is_self(s) || !taken.take(s));
                if there && targets.contains(&t) {
                    pair(s, t, 0);
                }
                if back && targets.contains(&s) {
                    pair(t, s, 0);
                }
            }
        }
    }

    /// Each two neurons of a population are connected both ways with probability p, once; a neuron with itself where autapses
    /// are allowed.
    fn mirrored(&self, p: f64, targets: Range<usize>, mut pair: impl FnMut(usize, usize, usize)) {
        let mut stream = self.stream(u64::MAX);
        for s in 0..self.sources {
            let mut t = (s + usize::from(!self.autapses)).saturating_add(stream.geometric(p) as usize);
            while t < self.targets {
                if targets.contains(&t) {
                    pair(s, t, 0);
                }
                if t != s && targets.contains(&s) {
                    pair(t, s, 0);
                }
                t = t.saturating_add((stream.geometric(p) as usize).saturating_add(1));
            }
        }
    }

    fn stream(&self, part: u64) -> Stream {
        Stream::of(self.seed, Purpose::Wiring, self.owner, part)
    }
}

/// How many of `n` trials succeed with probability p each, given that one at least does not.
fn some_but_not_all(stream: &mut Stream, n: u64, p: f64) -> u64 {
    if n == 0 {
        return 0;
    }
    // The successes before the first failure, which is known to come.
    let fails = -math::exp_m1(n as f64 * math::ln(p));
    let before = (math::ln_1p(-stream.uniform() * fails) / math::ln(p)) as u64;
    let before = before.min(n - 1);
    let mut successes = before;
    let mut trial = before + 1 + stream.geometric(p);
    while trial < n {
        successes += 1;
        trial += 1 + stream.geometric(p);
    }
    successes
}

/// Draws until `refused` is content. Validation has made sure that something can be drawn.
fn draw(stream: &mut Stream, n: usize, mut refused: impl FnMut(usize) -> bool) -> usize {
    loop {
        let x = stream.below(n as u64) as usize;
        if !refused(x) {
            return x;
        }
    }
}

/// Which partners a neuron has already; empty where repeats are allowed.
pub(super) struct Taken {
    bits: Vec<u64>,
    list: Vec<usize>,
}

impl Taken {
    pub(super) fn new(n: usize) -> Self {
        Taken { bits: vec![0; n.div_ceil(64)], list: Vec::new() }
    }
    pub(super) fn clear(&mut self) {
        for x in self.list.drain(..) {
            self.bits[x / 64] = 0;
        }
    }
    /// Whether `x` is taken.
    pub(super) fn holds(&self, x: usize) -> bool {
        self.bits.get(x / 64).is_some_and(|bits| bits >> (x % 64) & 1 == 1)
    }
    /// Takes `x`; false if it was taken.
    pub(super) fn take(&mut self, x: usize) -> bool {
        if self.bits.is_empty() {
            return true;
        }
        let free = self.bits[x / 64] >> (x % 64) & 1 == 0;
        if free {
            self.bits[x / 64] |= 1 << (x % 64);
            self.list.push(x);
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairing(rule: Rule) -> Pairing {
        Pairing {
            rule,
            pairs: Arc::default(),
            sources: 50,
            targets: 40,
            same: false,
            autapses: true,
            multapses: true,
            listed: true,
            seed: 1,
            projection: 0,
            owner: 0,
            back_of: None,
            share: None,
            followed: false,
            third: None,
            space: None,
        }
    }

    fn collect(p: &Pairing, cuts: &[usize]) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        for w in cuts.windows(2) {
            p.for_each(w[0]..w[1], |s, t, _| all.push((s, t)));
        }
        all
    }

    /// Mean and variance of a degree.
    fn moments(degrees: &[f64]) -> (f64, f64) {
        let m = degrees.iter().sum::<f64>() / degrees.len() as f64;
        (m, degrees.iter().map(|d| (d - m).powi(2)).sum::<f64>() / degrees.len() as f64)
    }

    #[test]
    fn degrees_are_as_the_rules_say() {
        // Number of synapses, variance of the in-degree and of the out-degree in theory
        // (multinomial, hypergeometric and binomial, within one network).
        type Expected = (Rule, bool, f64, f64, f64);
        let expected: [Expected; 7] = [
            (Rule::FixedIndegree { indegree: 10 }, true, 400.0, 0.0, 7.84),
            (Rule::FixedIndegree { indegree: 10 }, false, 400.0, 0.0, 6.40),
            (Rule::FixedOutdegree { outdegree: 8 }, true, 400.0, 9.75, 0.0),
            (Rule::FixedTotalNumber { n: 500 }, true, 500.0, 12.19, 9.80),
            (Rule::PairwiseBernoulli { p: 0.1 }, true, 200.0, 4.39, 3.53),
            (Rule::PairwisePoisson { mean: 0.1 }, true, 200.0, 4.88, 3.92),
            (Rule::SymmetricPairwiseBernoulli { p: 0.1 }, true, 200.0, 4.39, 3.53),
        ];
        for (rule, multapses, total, in_variance, out_variance) in expected {
            let seeds = 400;
            let mut sums = [0.0; 3];
            for seed in 0..seeds {
                let pairs = collect(&Pairing { multapses, seed, ..pairing(rule) }, &[0, 17, 40]);
                let (mut ins, mut outs) = (vec![0.0; 40], vec![0.0; 50]);
                for (s, t) in &pairs {
                    outs[*s] += 1.0;
                    ins[*t] += 1.0;
                }
                sums[0] += pairs.len() as f64;
                sums[1] += moments(&ins).1;
                sums[2] += moments(&outs).1;
            }
            for (sum, expected) in sums.iter().zip([total, in_variance, out_variance]) {
                let mean = sum / seeds as f64;
                assert!((mean - expected).abs() <= 0.05 * expected, "{rule:?}: {mean} where {expected} is expected");
            }
        }
    }

    /// What is counted of a network: synapses, variance of in-degree and out-degree, pairs connected more than once,
    /// autapses.
    fn counted(pairs: &[(usize, usize)], p: &Pairing) -> [f64; 5] {
        let (mut ins, mut outs) = (vec![0.0; p.targets], vec![0.0; p.sources]);
        for (s, t) in pairs {
            outs[*s] += 1.0;
            ins[*t] += 1.0;
        }
        let mut sorted = pairs.to_vec();
        sorted.sort_unstable();
        let several = sorted.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).count();
        let autapses = pairs.iter().filter(|(s, t)| p.same && s == t).count();
        [pairs.len() as f64, moments(&ins).1, moments(&outs).1, several as f64, autapses as f64]
    }

    /// Mean and standard deviation over 20 networks of NEST 3.10, of 50 sources and 40 targets or one population of 50.
    #[test]
    #[expect(clippy::approx_constant, reason = "a spread of 6.28 has nothing to do with circles")]
    fn degrees_are_those_of_nest() {
        type Nest = [(f64, f64); 5];
        let exact = |x: f64| (x, 0.0);
        let none = exact(0.0);
        let plain = pairing(Rule::OneToOne);
        let within = Pairing { targets: 50, same: true, ..plain.clone() };
        let only_others = Pairing { autapses: false, ..within.clone() };
        let of = |rule: Rule, base: &Pairing| Pairing { rule, ..base.clone() };
        let indegree = Rule::FixedIndegree { indegree: 10 };
        let total = Rule::FixedTotalNumber { n: 500 };
        let bernoulli = Rule::PairwiseBernoulli { p: 0.1 };
        let single = Pairing { multapses: false, ..plain.clone() };
        let both_ways = Rule::SymmetricPairwiseBernoulli { p: 0.2 };
        let rows: [(Pairing, Nest); 11] = [
            (of(indegree, &plain), [exact(400.0), none, (7.69, 1.33), (31.75, 5.92), none]),
            (of(indegree, &single), [exact(400.0), none, (6.28, 1.48), none, none]),
            (of(indegree, &within), [exact(500.0), none, (9.19, 2.01), (39.30, 6.44), (11.30, 3.13)]),
            (of(indegree, &only_others), [exact(500.0), none, (9.20, 2.03), (40.75, 5.38), none]),
            (
                of(Rule::FixedOutdegree { outdegree: 8 }, &plain),
                [exact(400.0), (10.51, 2.30), none, (30.20, 4.67), none],
            ),
            (of(total, &plain), [exact(500.0), (11.30, 1.89), (9.33, 2.49), (51.10, 4.61), none]),
            (of(total, &only_others), [exact(500.0), (9.40, 1.29), (9.33, 2.61), (42.40, 4.01), none]),
            (of(bernoulli, &plain), [(200.65, 10.29), (4.60, 1.21), (3.29, 0.50), none, none]),
            (of(bernoulli, &within), [(250.80, 8.76), (4.47, 0.86), (4.27, 0.60), none, (4.65, 1.69)]),
            (
                of(Rule::PairwisePoisson { mean: 0.3 }, &plain),
                [(601.50, 27.69), (15.35, 3.51), (13.00, 2.77), (75.35, 8.30), none],
            ),
            (of(both_ways, &only_others), [(1004.0, 41.83), (16.34, 4.13), (16.34, 4.13), (103.20, 12.84), none]),
        ];
        for (row, nest) in rows {
            let seeds = 60;
            let each: Vec<[f64; 5]> = (0..seeds)
                .map(|seed| {
                    let p = Pairing { seed: 1000 + seed, ..row.clone() };
                    counted(&collect(&p, &[0, 17, p.targets]), &p)
                })
                .collect();
            for (i, (mean, sd)) in nest.into_iter().enumerate() {
                let ours: Vec<f64> = each.iter().map(|counted| counted[i]).collect();
                let (m, v) = moments(&ours);
                // Standard error of the difference of the two means.
                let error = (v / seeds as f64 + sd * sd / 20.0).sqrt();
                let what = ["synapses", "in-degrees", "out-degrees", "multapses", "autapses"][i];
                let rule = row.rule;
                assert!((m - mean).abs() <= 3.5 * error + 1e-9, "{rule:?}: {what}: {m} ± {error}, NEST {mean}");
            }
        }
    }

    #[test]
    fn listed_pairs_are_made_in_their_order() {
        let pairs = [(3, 0), (3, 1), (2, 30), (3, 0)].into();
        let p = Pairing { rule: Rule::Pairs, pairs, ..pairing(Rule::OneToOne) };
        let mut all = Vec::new();
        p.for_each(0..17, |s, t, index| all.push((s, t, index)));
        assert_eq!(all, [(3, 0, 0), (3, 1, 1), (3, 0, 3)]);
        p.for_each(17..40, |s, t, index| assert_eq!((s, t, index), (2, 30, 2)));
    }

    #[test]
    fn symmetric_pairs_go_both_ways() {
        let rule = Rule::SymmetricPairwiseBernoulli { p: 0.3 };
        let turned = |pairs: &[(usize, usize)]| {
            let mut turned: Vec<_> = pairs.iter().map(|(s, t)| (*t, *s)).collect();
            turned.sort();
            turned
        };
        let sorted = |mut pairs: Vec<(usize, usize)>| {
            pairs.sort();
            pairs
        };
        let there = pairing(rule);
        let back = Pairing { sources: 40, targets: 50, projection: 1, back_of: Some(0), ..there.clone() };
        let pairs = collect(&there, &[0, 7, 40]);
        assert!(pairs.len() > 400);
        assert_eq!(turned(&pairs), sorted(collect(&back, &[0, 20, 50])));
        let within = Pairing { targets: 50, same: true, autapses: false, ..there };
        let pairs = collect(&within, &[0, 20, 50]);
        assert_eq!(turned(&pairs), sorted(pairs.clone()));
        let all = Pairing { rule: Rule::SymmetricPairwiseBernoulli { p: 1.0 - 1e-16 }, ..within.clone() };
        assert_eq!(collect(&all, &[0, 50]).len(), 2 * 50 * 49);
    }

    #[test]
    fn without_multapses_two_neurons_of_a_population_are_drawn_once() {
        let within = |p, autapses| Pairing {
            sources: 40,
            targets: 40,
            same: true,
            autapses,
            multapses: false,
            ..pairing(Rule::SymmetricPairwiseBernoulli { p })
        };
        for autapses in [false, true] {
            let mut pairs = collect(&within(0.3, autapses), &[0, 13, 40]);
            let n = pairs.len();
            assert!(pairs.iter().all(|(s, t)| pairs.contains(&(*t, *s)) && (autapses || s != t)));
            pairs.sort();
            pairs.dedup();
            // 780 pairs both ways, with a standard deviation of 26; 40 autapses at most.
            assert!(pairs.len() == n && (370..=590).contains(&n), "{n}");
            assert_eq!(collect(&within(1.0, autapses), &[0, 40]).len(), 40 * 39 + if autapses { 40 } else { 0 });
        }
    }

    #[test]
    fn forbidden_pairs_do_not_occur() {
        for rule in Rule::ALL {
            let p = Pairing { sources: 40, same: true, autapses: false, multapses: false, ..pairing(rule) };
            let p = Pairing { multapses: rule.needs_multapses(), ..p };
            let mut pairs = collect(&p, &[0, 40]);
            assert!(pairs.iter().all(|(s, t)| s != t), "{rule:?}");
            if !p.multapses {
                let n = pairs.len();
                pairs.sort();
                pairs.dedup();
                assert_eq!(pairs.len(), n, "{rule:?}");
            }
        }
    }
}
