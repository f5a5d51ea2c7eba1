//! Who is connected in space: as in NEST where nothing is left to chance, else within what chance allows.

use super::*;
use crate::description::space::{Form, KernelShape, MaskKind};

/// A grid with as many cells as its extent is wide.
fn grid(shape: &[usize], edge_wrap: bool) -> Positions {
    let extent = std::array::from_fn(|axis| shape.get(axis).map_or(0.0, |n| *n as f64));
    Positions { extent: Some(extent), edge_wrap, ..Positions::grid(shape) }
}

fn pairing(rule: Rule, positions: &Positions, mask: Option<Mask>, kernel: Option<Kernel>) -> Pairing {
    let n = positions.number().unwrap_or(2000);
    let at_target = matches!(rule, Rule::FixedIndegree { .. } | Rule::PairwisePoisson { .. });
    let all = places(positions, n);
    let (sources, targets) = (all.clone(), all);
    let (seen_sources, seen_targets, period) = (sources.clone(), targets.clone(), positions.period());
    let space = Space { sources, targets, seen_sources, seen_targets, period, mask, kernel, at_target };
    Pairing {
        rule,
        pairs: Arc::default(),
        sources: n,
        targets: n,
        same: true,
        autapses: true,
        multapses: true,
        listed: false,
        seed: 1,
        projection: 0,
        owner: 0,
        back_of: None,
        share: None,
        followed: false,
        third: None,
        space: Some(Arc::new(space)),
    }
}

fn pairs(pairing: &Pairing, cuts: &[usize]) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    for cut in cuts.windows(2) {
        pairing.for_each(cut[0]..cut[1], |s, t, _| all.push((s, t)));
    }
    all
}

fn targets_of(source: usize, all: &[(usize, usize)]) -> Vec<usize> {
    let mut targets: Vec<usize> = all.iter().filter(|(s, _)| *s == source).map(|(_, t)| *t).collect();
    targets.sort_unstable();
    targets
}

fn form(kind: MaskKind, numbers: &[f64]) -> Mask {
    let mut form = Form { kind, numbers: [0.0; 8], anchor: [0.0; 3] };
    form.numbers[..numbers.len()].copy_from_slice(numbers);
    form.into()
}

fn disc(radius: f64) -> Option<Mask> {
    Some(form(MaskKind::Circular, &[radius]))
}

const ALL: Rule = Rule::PairwiseBernoulli { p: 1.0 };

/// Numbers of NEST 3.10 with `pairwise_bernoulli` and p = 1.
#[test]
fn what_lies_in_the_mask_is_connected_as_in_nest() {
    let flat = grid(&[5, 5], false);
    let rectangle = |x: f64, azimuth: f64| Some(form(MaskKind::Rectangular, &[0.0, -1.0, x, 1.0, azimuth]));
    let anchored = Some(Mask::Form(Form { anchor: [1.0, 0.0, 0.0], ..MaskKind::Circular.around(1.0) }));
    for (mask, total) in [
        (disc(1.0), 105),
        (rectangle(1.0, 0.0), 117),
        (rectangle(2.0, 90.0), 156),
        (Some(form(MaskKind::Doughnut, &[1.0, 1.5])), 64),
        (Some(form(MaskKind::Doughnut, &[0.0, 1.0])), 80),
        (Some(form(MaskKind::Elliptical, &[4.0, 2.0])), 135),
        (Some(form(MaskKind::Elliptical, &[6.0, 2.0, 45.0])), 203),
        (anchored, 92),
    ] {
        for rule in [ALL, Rule::AllToAll] {
            let made = pairing(rule, &flat, mask.clone(), None);
            assert_eq!(pairs(&made, &[0, 25]).len(), total, "{mask:?}");
            assert_eq!(pairs(&made, &[0, 7, 8, 25]).len(), total, "{mask:?}");
        }
    }
    let mut at_source = pairing(ALL, &flat, rectangle(1.0, 0.0), None);
    assert_eq!(targets_of(12, &pairs(&at_source, &[0, 25])), [11, 12, 13, 16, 17, 18]);
    if let Some(space) = &mut at_source.space {
        Arc::make_mut(space).at_target = true;
    }
    assert_eq!(targets_of(12, &pairs(&at_source, &[0, 25])), [6, 7, 8, 11, 12, 13]);
    let solid = grid(&[3, 3, 3], false);
    assert_eq!(pairs(&pairing(ALL, &solid, Some(form(MaskKind::Spherical, &[1.0])), None), &[0, 27]).len(), 135);
    let cuboid = form(MaskKind::Box, &[0.0, 0.0, -1.0, 1.0, 1.0, 1.0]);
    assert_eq!(pairs(&pairing(ALL, &solid, Some(cuboid), None), &[0, 27]).len(), 175);
}

/// In a periodic space each image within the mask counts, as in NEST 3.10; without multapses a partner counts once.
#[test]
fn masks_wrap_around_periodic_spaces_as_in_nest() {
    let square = |from: f64, to: f64| Some(form(MaskKind::Rectangular, &[from, from, to, to]));
    let (four, five) = (grid(&[4, 4], true), grid(&[5, 5], true));
    let anchored = Some(Mask::Form(Form { anchor: [3.0, 0.0, 0.0], ..MaskKind::Circular.around(1.0) }));
    for (space, mask, total, of_first) in [
        (&five, disc(1.0), 125, vec![0, 1, 4, 5, 20]),
        (
            &four,
            square(-2.0, 2.0),
            400,
            [0, 1, 2, 2, 3, 4, 5, 6, 6, 7, 8, 8, 9, 9, 10, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15].to_vec(),
        ),
        (&four, disc(2.0), 208, vec![0, 1, 2, 2, 3, 4, 5, 7, 8, 8, 12, 13, 15]),
        (&four, anchored.clone(), 80, vec![0, 8, 12, 13, 15]),
        (&five, anchored, 125, vec![10, 15, 16, 19, 20]),
        (
            &five,
            square(-1.0, 4.0),
            900,
            [
                0, 1, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10, 11, 11, 12, 13, 14, 15, 16, 16, 17, 18, 19, 20, 20, 21, 21, 21,
                21, 22, 22, 23, 23, 24, 24,
            ]
            .to_vec(),
        ),
    ] {
        let made = pairing(ALL, space, mask.clone(), None);
        let all = pairs(&made, &[0, made.targets]);
        assert_eq!((all.len(), targets_of(0, &all)), (total, of_first.clone()), "{mask:?}");
        let once = pairs(&Pairing { multapses: false, ..made }, &[0, space.number().unwrap()]);
        let mut distinct = of_first;
        distinct.dedup();
        assert_eq!(targets_of(0, &once), distinct, "{mask:?}");
    }
}

fn gaussian(std: f64) -> Kernel {
    Kernel::new(KernelShape::Gaussian).with("std", std)
}

/// Sums over all pairs: number of synapses expected, and of its variance where pairs are independent.
fn expected(made: &Pairing, factor: f64) -> (f64, f64) {
    let space = made.space.as_ref().unwrap();
    let (mut sum, mut variance) = (0.0, 0.0);
    for s in 0..made.sources {
        for t in 0..made.targets {
            let way = space.way(s, t);
            if space.mask.as_ref().is_none_or(|mask| mask.contains(way)) {
                let p = factor * space.kernel.map_or(1.0, |kernel| kernel.value(way));
                let p = p.clamp(0.0, 1.0);
                sum += p;
                variance += p * (1.0 - p);
            }
        }
    }
    (sum, variance)
}

/// The number of synapses, and how they are spread over distance, is the sum of the probabilities.
#[test]
fn as_many_are_connected_at_each_distance_as_the_kernel_says() {
    let exponential = Kernel::new(KernelShape::Exponential).with("beta", 2.0);
    let gabor = Kernel::new(KernelShape::Gabor).with("lam", 3.0).with("std", 2.0).with("theta", 30.0);
    let shifted = Kernel::new(KernelShape::Gaussian2D).with("mean_x", 1.0).with("std_y", 2.0).with("rho", 0.4);
    let cases = [
        (grid(&[25, 25], true), None, gaussian(1.5), 1.0),
        (grid(&[25, 25], false), None, gaussian(1.5), 0.3),
        (grid(&[25, 25], true), disc(3.2), exponential, 0.5),
        (grid(&[25, 25], false), None, gabor, 0.8),
        (grid(&[25, 25], true), None, shifted, 0.7),
        (grid(&[25, 25], true), None, Kernel { plus: 0.02, ..gaussian(1.0) }, 0.5),
        (grid(&[25, 25], false), None, Kernel::new(KernelShape::Gamma).with("kappa", 2.5).with("theta", 1.5), 1.0),
        (grid(&[25, 25], false), None, Kernel { times: 0.05, ..Kernel::new(KernelShape::Linear) }, 1.0),
        (Positions::uniform(&[20.0, 20.0], 3), None, gaussian(1.0), 1.5),
        (Positions::uniform(&[6.0, 6.0, 6.0], 4), None, gaussian(0.5), 0.6),
    ];
    for (positions, mask, kernel, p) in cases {
        let made = pairing(Rule::PairwiseBernoulli { p }, &positions, mask, Some(kernel));
        let (sum, variance) = expected(&made, p);
        let half = made.targets / 2;
        let all = pairs(&made, &[0, half, made.targets]);
        let sd = variance.sqrt().max(1e-9);
        assert!((all.len() as f64 - sum).abs() < 4.0 * sd, "{kernel:?}: {} where {sum} ± {sd} are expected", all.len());
        // By distance: eight rings.
        let space = made.space.as_ref().unwrap();
        let ring = |s: usize, t: usize| ((2.0 * length(space.way(s, t))) as usize).min(15);
        let (mut found, mut mean, mut var) = ([0.0; 16], [0.0; 16], [0.0; 16]);
        all.iter().for_each(|(s, t)| found[ring(*s, *t)] += 1.0);
        for s in 0..made.sources {
            for t in 0..made.targets {
                let way = space.way(s, t);
                if space.mask.as_ref().is_none_or(|mask| mask.contains(way)) {
                    let chance = (p * kernel.value(way)).clamp(0.0, 1.0);
                    mean[ring(s, t)] += chance;
                    var[ring(s, t)] += chance * (1.0 - chance);
                }
            }
        }
        let rings: Vec<usize> = (0..16).filter(|r| var[*r] > 5.0).collect();
        let chi2: f64 = rings.iter().map(|r| (found[*r] - mean[*r]) * (found[*r] - mean[*r]) / var[*r]).sum();
        let n = rings.len() as f64;
        assert!(n >= 3.0 && chi2 < n + 4.5 * (2.0 * n).sqrt(), "{kernel:?}: chi-square {chi2} of {n}");
        // No pair twice.
        let mut sorted = all.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), all.len());
    }
}

/// Mean and variance of degrees of NEST 3.10 over ten seeds, 11 × 11 cells: synapses, variance in, variance out.
#[test]
fn degrees_in_space_are_those_of_nest() {
    let (round, flat) = (grid(&[11, 11], true), grid(&[11, 11], false));
    let exponential = Kernel::new(KernelShape::Exponential).with("beta", 2.0);
    let bernoulli = |p| Rule::PairwiseBernoulli { p };
    let single = |made: Pairing| Pairing { autapses: false, multapses: false, ..made };
    type Nest = [(f64, f64); 3];
    let exact = |x: f64| (x, 0.0);
    let cases: [(Pairing, Nest); 6] = [
        (pairing(bernoulli(1.0), &round, None, Some(gaussian(1.5))), [(1722.60, 24.50), (7.36, 0.69), (7.16, 0.65)]),
        (pairing(bernoulli(1.0), &flat, None, Some(gaussian(1.5))), [(1377.80, 27.59), (10.88, 1.10), (11.13, 0.84)]),
        (pairing(bernoulli(0.5), &round, disc(3.2), Some(exponential)), [(783.40, 29.43), (5.20, 0.86), (5.26, 0.71)]),
        (
            pairing(Rule::FixedIndegree { indegree: 6 }, &flat, disc(2.1), Some(gaussian(1.0))),
            [exact(726.0), exact(0.0), (5.53, 0.48)],
        ),
        (
            single(pairing(Rule::FixedOutdegree { outdegree: 5 }, &flat, disc(2.1), None)),
            [exact(605.0), (2.65, 0.17), exact(0.0)],
        ),
        (
            pairing(Rule::PairwisePoisson { mean: 2.0 }, &round, None, Some(gaussian(1.0))),
            [(1519.00, 38.67), (12.52, 1.92), (12.27, 2.59)],
        ),
    ];
    const SEEDS: u64 = 40;
    for (made, nest) in cases {
        let mut found: [Vec<f64>; 3] = Default::default();
        for seed in 0..SEEDS {
            let all = pairs(&Pairing { seed, ..made.clone() }, &[0, 50, 121]);
            let (mut ins, mut outs) = (vec![0.0; 121], vec![0.0; 121]);
            all.iter().for_each(|(s, t)| {
                outs[*s] += 1.0;
                ins[*t] += 1.0;
            });
            let variance = |degrees: &[f64]| {
                let mean = degrees.iter().sum::<f64>() / 121.0;
                degrees.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 121.0
            };
            found[0].push(all.len() as f64);
            found[1].push(variance(&ins));
            found[2].push(variance(&outs));
        }
        for (found, (mean, sd)) in found.iter().zip(nest) {
            let own = found.iter().sum::<f64>() / SEEDS as f64;
            let error = sd * (1.0 / SEEDS as f64 + 1.0 / 10.0).sqrt();
            assert!((own - mean).abs() <= 4.0 * error + 1e-9, "{:?}: {own}, in NEST {mean} ± {error}", made.rule);
        }
    }
}

#[test]
fn the_cut_of_the_targets_changes_nothing_that_is_told() {
    let flat = grid(&[11, 11], false);
    let mut made = pairing(Rule::FixedOutdegree { outdegree: 4 }, &flat, disc(2.1), Some(gaussian(1.0)));
    let sorted = |mut all: Vec<(usize, usize)>| {
        all.sort_unstable();
        all
    };
    assert_eq!(sorted(pairs(&made, &[0, 121])), sorted(pairs(&made, &[0, 30, 64, 121])));
    made = Pairing { multapses: false, autapses: false, ..made };
    let all = pairs(&made, &[0, 121]);
    assert!(all.iter().all(|(s, t)| s != t));
    let mut distinct = sorted(all);
    distinct.dedup();
    assert_eq!(distinct.len(), 484);
}

/// A kernel that is next to nothing wherever there are sources still says which are likelier.
#[test]
fn the_nearest_are_drawn_where_all_are_far() {
    let line = Positions::free([[0.0, 0.0, 0.0], [100.0, 0.0, 0.0], [102.0, 0.0, 0.0]], 2);
    let mut made = pairing(Rule::FixedIndegree { indegree: 1 }, &line, None, Some(gaussian(20.0)));
    made.autapses = false;
    let (mut near, mut far) = (0, 0);
    for seed in 0..200 {
        Pairing { seed, ..made.clone() }.for_each(0..1, |s, _, _| if s == 1 { near += 1 } else { far += 1 });
    }
    // exp(−50²/(2·10²)) of each: the ratio is exp(0.505).
    assert!((100..150).contains(&near) && near + far == 200, "{near} {far}");
}

#[test]
fn what_is_impossible_is_told_with_its_numbers() {
    let flat = grid(&[5, 5], false);
    let refused = |rule: Rule, radius: f64| {
        let made = Pairing { autapses: false, multapses: false, ..pairing(rule, &flat, disc(radius), None) };
        made.space.as_ref().unwrap().check(&made, 0..25)
    };
    let message = refused(Rule::FixedIndegree { indegree: 5 }, 1.0).unwrap_err();
    assert!(message.contains("target 0 finds only 2 sources inside the mask besides itself"), "{message}");
    assert!(refused(Rule::FixedIndegree { indegree: 2 }, 1.0).is_ok());
    assert!(refused(Rule::FixedOutdegree { outdegree: 1 }, 0.4).unwrap_err().contains("source 0 finds only 0 targets"));
    assert!(refused(ALL, 0.1).is_ok());
}

/// 100,000 neurons with some hundred partners each: tested are the pairs that are near, not ten thousand millions.
#[test]
fn large_populations_are_connected_by_cells() {
    let n = 100_000;
    let all = places(&Positions::uniform(&[1.0, 1.0], 1), n);
    let cells = Cells::new(&all);
    let space = Space {
        sources: all.clone(),
        targets: all.clone(),
        seen_sources: all.clone(),
        seen_targets: all.clone(),
        period: [1.0, 1.0, 0.0],
        mask: disc(0.0178),
        kernel: None,
        at_target: false,
    };
    let around = Around::new(&space, 1.0);
    let mut looked_at = 0;
    for from in all.iter().step_by(100) {
        cells.visit(*from, &around, space.period, |cell, _| looked_at += cell.numbers.len());
    }
    // About 100 lie within the mask.
    assert!((100.0..250.0).contains(&(looked_at as f64 / 1000.0)), "{looked_at}");
}
