//! Rules whose synapses are drawn row by row: first how many each source has in a part of the targets, then
//! which. Rows are written front to back, nothing is sorted and nothing drawn twice.

use std::ops::Range;

use crate::description::Rule;
use crate::mechanisms::random::counts::{Binomial, hypergeometric};
use crate::mechanisms::random::{Purpose, Stream};
use crate::runtime::connections::pairs::Pairing;

/// Targets of a population are shared out in halves of whole blocks, so that the draw does not depend on
/// where the population is cut.
const BLOCK: usize = 64;

/// The rows of a pairing onto some of its targets.
pub struct ByRow<'a> {
    pairing: &'a Pairing,
    targets: Range<usize>,
    stream: Stream,
    /// Targets that the present row has already.
    taken: Vec<u64>,
}

impl<'a> ByRow<'a> {
    /// `None` if the rule draws in another order, if lists of values tell the order, if others share what is drawn, or if pairs
    /// depend on where neurons stand.
    pub fn new(pairing: &'a Pairing, targets: Range<usize>) -> Option<Self> {
        let by_row = match pairing.rule {
            Rule::AllToAll | Rule::PairwiseBernoulli { .. } | Rule::PairwisePoisson { .. } => true,
            Rule::FixedOutdegree { .. } => true,
            Rule::FixedTotalNumber { .. } => pairing.multapses,
            Rule::OneToOne | Rule::FixedIndegree { .. } | Rule::SymmetricPairwiseBernoulli { .. } => false,
            Rule::Pairs | Rule::ThirdFactor { .. } => false,
        };
        let in_space = pairing.space.as_ref().is_some_and(|space| space.draws());
        let alone = !pairing.followed && pairing.share.is_none() && !in_space;
        (by_row && !pairing.listed && alone).then(|| ByRow {
            pairing,
            stream: Stream::of(pairing.seed, Purpose::Wiring, pairing.projection, targets.start as u64),
            taken: vec![0; targets.len().div_ceil(64)],
            targets,
        })
    }

    /// The number of synapses of each source.
    pub fn lengths(&mut self) -> Vec<u32> {
        let here = self.targets.len() as u64;
        let sources = self.pairing.sources;
        match self.pairing.rule {
            Rule::PairwiseBernoulli { p } => {
                let partners = |n: u64| Binomial::new(n, p);
                let (all, but_one) = (partners(here), partners(here.saturating_sub(1)));
                let mut lengths = Vec::with_capacity(sources);
                for s in 0..sources {
                    let partners = if self.forbids(s) { &but_one } else { &all };
                    lengths.push(partners.draw(&mut self.stream) as u32);
                }
                lengths
            }
            Rule::PairwisePoisson { mean } => {
                let mut lengths = Vec::with_capacity(sources);
                for s in 0..sources {
                    let partners = here - self.forbids(s) as u64;
                    lengths.push(self.stream.poisson(mean * partners as f64) as u32);
                }
                lengths
            }
            Rule::FixedOutdegree { outdegree } => (0..sources).map(|s| self.share(s, outdegree) as u32).collect(),
            Rule::FixedTotalNumber { n } => {
                let mut lengths = vec![0u32; sources];
                let mut left = if here == 0 { 0 } else { self.share(usize::MAX, n) };
                while left > 0 {
                    let s = self.stream.below(sources as u64) as usize;
                    // A source among the targets has one partner less.
                    if self.forbids(s) && self.stream.below(here) == 0 {
                        continue;
                    }
                    lengths[s] = lengths[s].wrapping_add(1);
                    left -= 1;
                }
                lengths
            }
            _ => (0..sources).map(|s| (here - self.forbids(s) as u64) as u32).collect(),
        }
    }

    /// Writes the targets of a row of the length drawn, counted from the first target.
    pub fn fill(&mut self, source: usize, row: &mut [u16]) {
        let here = self.targets.len();
        let forbidden = if self.forbids(source) { source - self.targets.start } else { usize::MAX };
        if self.repeats() {
            for target in row {
                *target = loop {
                    let t = self.stream.below(here as u64) as usize;
                    if t != forbidden {
                        break t as u16;
                    }
                };
            }
            return;
        }
        // Of many targets, those that are left out are drawn.
        let eligible = here - (forbidden != usize::MAX) as usize;
        let draws = row.len().min(eligible - row.len());
        let left_out = draws < row.len();
        for i in 0..draws {
            let t = loop {
                let t = self.stream.below(here as u64) as usize;
                if t != forbidden && self.taken[t / 64] >> (t % 64) & 1 == 0 {
                    break t;
                }
            };
            self.taken[t / 64] |= 1 << (t % 64);
            if !left_out {
                row[i] = t as u16;
            }
        }
        if left_out {
            let free = |t: &usize| *t != forbidden && self.taken[t / 64] >> (t % 64) & 1 == 0;
            row.iter_mut().zip((0..here).filter(free)).for_each(|(to, t)| *to = t as u16);
            self.taken.fill(0);
        } else {
            row.iter().for_each(|t| self.taken[*t as usize / 64] = 0);
        }
    }

    /// Whether the targets of a row are independent of each other, so that their order means nothing.
    pub fn repeats(&self) -> bool {
        match self.pairing.rule {
            Rule::FixedTotalNumber { .. } | Rule::PairwisePoisson { .. } => true,
            Rule::FixedOutdegree { .. } => self.pairing.multapses,
            _ => false,
        }
    }

    /// Whether the source stands among the targets and must not reach itself.
    fn forbids(&self, source: usize) -> bool {
        self.pairing.same && !self.pairing.autapses && self.targets.contains(&source)
    }

    /// How many of `n` synapses on all targets fall on these: of one source, or of any.
    fn share(&self, source: usize, n: u64) -> u64 {
        let pairing = self.pairing;
        let excluded = (pairing.same && !pairing.autapses).then_some(source);
        let partners =
            |range: &Range<usize>| (range.len() - excluded.is_some_and(|s| range.contains(&s)) as usize) as u64;
        let repeats = self.repeats();
        self.descend(source, 0..pairing.targets, n, &|stream, n, left, all| {
            let (left, all) = (partners(left), partners(all));
            if n == 0 || left == 0 {
                0
            } else if left == all {
                n
            } else if repeats {
                Binomial::new(n, left as f64 / all as f64).draw(stream)
            } else {
                hypergeometric(stream, all, left, n)
            }
        })
    }

    /// Shares out `n` synapses on the targets `all` by halves; `split` draws how many the left half has.
    fn descend(&self, source: usize, all: Range<usize>, n: u64, split: &Split) -> u64 {
        if n == 0 || all.end <= self.targets.start || self.targets.end <= all.start {
            return 0;
        }
        let blocks = all.len().div_ceil(BLOCK);
        if (self.targets.start <= all.start && all.end <= self.targets.end) || blocks < 2 {
            return n;
        }
        let middle = all.start + blocks / 2 * BLOCK;
        let (left, right) = (all.start..middle, middle..all.end);
        let part = (1 << 63) + ((all.start / BLOCK) as u64) + ((all.len().div_ceil(BLOCK) as u64) << 31);
        let owner = self.pairing.projection + ((source as u64).wrapping_add(1) << 24);
        let mut stream = Stream::of(self.pairing.seed, Purpose::Wiring, owner, part);
        let here = split(&mut stream, n, &left, &all);
        self.descend(source, left, here, split) + self.descend(source, right, n - here, split)
    }
}

/// Draws how many of so many synapses on all targets fall on the left ones: stream, number, left, all.
type Split<'a> = dyn Fn(&mut Stream, u64, &Range<usize>, &Range<usize>) -> u64 + 'a;

#[cfg(test)]
mod tests {
    use super::*;

    fn pairing(rule: Rule) -> Pairing {
        Pairing {
            rule,
            pairs: Default::default(),
            sources: 300,
            targets: 300,
            same: true,
            autapses: false,
            multapses: true,
            listed: false,
            seed: 1,
            projection: 3,
            owner: 3,
            back_of: None,
            share: None,
            followed: false,
            third: None,
            space: None,
        }
    }

    /// All pairs, of a population that is cut here and there.
    fn pairs(pairing: &Pairing, cuts: &[usize]) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        for cut in cuts.windows(2) {
            let mut rows = ByRow::new(pairing, cut[0]..cut[1]).unwrap();
            for (s, length) in rows.lengths().into_iter().enumerate() {
                let mut row = vec![0; length as usize];
                rows.fill(s, &mut row);
                all.extend(row.iter().map(|t| (s, cut[0] + *t as usize)));
            }
        }
        all
    }

    #[test]
    fn numbers_are_exact_wherever_the_population_is_cut() {
        for multapses in [true, false] {
            let outdegree = Pairing { multapses, ..pairing(Rule::FixedOutdegree { outdegree: 40 }) };
            for cuts in [&[0, 300][..], &[0, 64, 128, 300], &[0, 192, 300]] {
                let mut degrees = vec![0; 300];
                pairs(&outdegree, cuts).iter().for_each(|(s, _)| degrees[*s] += 1);
                assert!(degrees.iter().all(|d| *d == 40));
                let total = pairing(Rule::FixedTotalNumber { n: 12_345 });
                assert_eq!(pairs(&total, cuts).len(), 12_345);
            }
        }
    }

    #[test]
    fn forbidden_pairs_do_not_occur() {
        let rules = [
            Rule::AllToAll,
            Rule::PairwiseBernoulli { p: 0.2 },
            Rule::PairwiseBernoulli { p: 0.9 },
            Rule::PairwiseBernoulli { p: 1.0 },
            Rule::FixedOutdegree { outdegree: 30 },
            Rule::FixedOutdegree { outdegree: 299 },
        ];
        for rule in rules {
            let mut pairs = pairs(&Pairing { multapses: false, ..pairing(rule) }, &[0, 128, 300]);
            assert!(pairs.iter().all(|(s, t)| s != t && *t < 300), "{rule:?}");
            let n = pairs.len();
            pairs.sort();
            pairs.dedup();
            assert_eq!(pairs.len(), n, "{rule:?}");
            if rule == Rule::AllToAll || rule == (Rule::PairwiseBernoulli { p: 1.0 }) {
                assert_eq!(n, 300 * 299);
            }
        }
    }

    /// Every eligible pair is as likely as any other: counts of pairs over many seeds, as one chi-square.
    #[test]
    fn all_pairs_are_equally_likely() {
        let rules = [
            (Rule::FixedTotalNumber { n: 9000 }, true),
            (Rule::FixedOutdegree { outdegree: 30 }, true),
            (Rule::FixedOutdegree { outdegree: 30 }, false),
            (Rule::PairwiseBernoulli { p: 0.1 }, true),
            (Rule::PairwiseBernoulli { p: 0.7 }, true),
            (Rule::PairwisePoisson { mean: 0.1 }, true),
        ];
        for (rule, multapses) in rules {
            let seeds = 200;
            let (mut by_target, mut by_source, mut near) = (vec![0.0; 300], vec![0.0; 300], 0.0);
            let mut total = 0.0;
            for seed in 0..seeds {
                for (s, t) in pairs(&Pairing { seed, multapses, ..pairing(rule) }, &[0, 64, 256, 300]) {
                    by_source[s] += 1.0;
                    by_target[t] += 1.0;
                    near += (s / 64 == t / 64) as u8 as f64;
                    total += 1.0;
                }
            }
            let mean = total / 300.0;
            for degrees in [by_target, by_source] {
                let chi2: f64 = degrees.iter().map(|d| (d - mean) * (d - mean) / mean).sum();
                // Mean 299 and sd 24.5 at most; less where the rule fixes degrees.
                assert!(chi2 < 299.0 + 5.0 * 24.5, "{rule:?}: {chi2}");
            }
            // Pairs within a block of 64, without the diagonal.
            let share = (4.0 * 64.0 * 63.0 + 44.0 * 43.0) / (300.0 * 299.0);
            let sd = (total * share * (1.0 - share)).sqrt();
            assert!((near - total * share).abs() < 5.0 * sd, "{rule:?}: {near} where {} are expected", total * share);
        }
    }
}
