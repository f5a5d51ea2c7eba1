//! Evolution strategies: candidates are drawn about a mean, and mean and spread move to where the loss is small.
//!
//! Separable natural evolution strategy: Wierstra et al. 2014, J Mach Learn Res 15:949; Glasmachers et al. 2010, GECCO 393.
//! CMA-ES: Hansen 2016, arXiv 1604.00772.

use super::eigen;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::project::{Method, Population};

/// A strategy in coordinates in which each range goes from 0 to 1.
pub trait Strategy: Send + Sync {
    /// The candidates of the next generation.
    fn ask(&mut self, stream: &mut Stream) -> Vec<Vec<f64>>;
    /// Their losses, in the same order.
    fn tell(&mut self, losses: &[f64]);
    /// Where its candidates lie on average.
    fn mean(&self) -> &[f64];
}

/// The strategy of a method that is one, from this mean on.
pub fn strategy(method: Method, mean: Vec<f64>) -> Option<Box<dyn Strategy>> {
    match method {
        Method::SeparableNes(population) => Some(Box::new(SeparableNes::new(population, mean))),
        Method::CmaEs(population) => Some(Box::new(CmaEs::new(population, mean))),
        _ => None,
    }
}

/// As many candidates as there are for so many numbers where nothing else is said: 4 + ⌊3 ln d⌋.
fn usual_size(d: usize) -> usize {
    4 + (3.0 * math::ln(d as f64)).floor() as usize
}

fn size_of(population: Population, d: usize) -> usize {
    if population.size == 0 { usual_size(d) } else { population.size }
}

/// The places of the candidates, the best first.
fn ranked(losses: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..losses.len()).collect();
    // What is no number is worst.
    let loss = |i: usize| if losses[i].is_nan() { f64::INFINITY } else { losses[i] };
    order.sort_by(|a, b| loss(*a).total_cmp(&loss(*b)));
    order
}

/// Each number has a normal distribution of its own. Of every candidate the mirror image is tried too.
pub struct SeparableNes {
    mean: Vec<f64>,
    sigma: Vec<f64>,
    size: usize,
    /// Of the logarithm of each standard deviation; that of the mean is 1.
    learning_rate: f64,
    /// What has been drawn, in units of the standard deviations.
    drawn: Vec<Vec<f64>>,
}

impl SeparableNes {
    fn new(population: Population, mean: Vec<f64>) -> Self {
        let d = mean.len();
        let of_d = d as f64;
        let learning_rate = (3.0 + math::ln(of_d)) / (12.0 * of_d.sqrt());
        let (sigma, size) = (vec![population.spread; d], size_of(population, d));
        SeparableNes { mean, sigma, size, learning_rate, drawn: Vec::new() }
    }

    /// What each rank of `n` counts: max(0, ln(n/2 + 1) − ln(k + 1)), normalised, less 1/n.
    fn utilities(n: usize) -> Vec<f64> {
        let rise = math::ln(n as f64 / 2.0 + 1.0);
        let raw: Vec<f64> = (0..n).map(|k| (rise - math::ln(k as f64 + 1.0)).max(0.0)).collect();
        let sum: f64 = raw.iter().sum();
        raw.iter().map(|u| u / sum - 1.0 / n as f64).collect()
    }
}

impl Strategy for SeparableNes {
    fn ask(&mut self, stream: &mut Stream) -> Vec<Vec<f64>> {
        let d = self.mean.len();
        let half: Vec<Vec<f64>> = (0..self.size).map(|_| (0..d).map(|_| stream.normal()).collect()).collect();
        let mirrored = half.iter().map(|s| s.iter().map(|x| -x).collect());
        self.drawn = half.iter().cloned().chain(mirrored).collect();
        let candidate = |s: &Vec<f64>| (0..d).map(|i| self.mean[i] + self.sigma[i] * s[i]).collect();
        self.drawn.iter().map(candidate).collect()
    }

    fn tell(&mut self, losses: &[f64]) {
        let utilities = Self::utilities(losses.len());
        let order = ranked(losses);
        for i in 0..self.mean.len() {
            let sum = |of: &dyn Fn(f64) -> f64| -> f64 {
                order.iter().zip(&utilities).map(|(k, u)| u * of(self.drawn[*k][i])).sum()
            };
            let (towards, wider) = (sum(&|s| s), sum(&|s| s * s - 1.0));
            self.mean[i] += self.sigma[i] * towards;
            self.sigma[i] *= math::exp(0.5 * self.learning_rate * wider);
        }
    }

    fn mean(&self) -> &[f64] {
        &self.mean
    }
}

/// One normal distribution of all numbers, whose covariance is learned.
pub struct CmaEs {
    mean: Vec<f64>,
    sigma: f64,
    size: usize,
    /// Of the better half of the candidates, by rank.
    weights: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    /// Eigenvectors of the covariance as columns, and the roots of its eigenvalues.
    axes: Vec<Vec<f64>>,
    lengths: Vec<f64>,
    path_of_sigma: Vec<f64>,
    path_of_covariance: Vec<f64>,
    /// (1 − c_σ)^(2 g), g generations being over.
    unfinished: f64,
    /// What has been drawn, in units of σ.
    drawn: Vec<Vec<f64>>,
}

impl CmaEs {
    fn new(population: Population, mean: Vec<f64>) -> Self {
        let d = mean.len();
        let size = size_of(population, d).max(4);
        let raw: Vec<f64> = (1..=size / 2).map(|i| math::ln((size as f64 + 1.0) / 2.0) - math::ln(i as f64)).collect();
        let sum: f64 = raw.iter().sum();
        let unit: Vec<Vec<f64>> = (0..d).map(|i| (0..d).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
        CmaEs {
            sigma: population.spread,
            size,
            weights: raw.iter().map(|w| w / sum).collect(),
            covariance: unit.clone(),
            axes: unit,
            lengths: vec![1.0; d],
            path_of_sigma: vec![0.0; d],
            path_of_covariance: vec![0.0; d],
            unfinished: 1.0,
            drawn: Vec::new(),
            mean,
        }
    }

    /// The covariance is decomposed anew.
    fn decompose(&mut self) {
        let (values, axes) = eigen::symmetric(&self.covariance);
        self.axes = axes;
        self.lengths = values.iter().map(|x| x.max(1e-20).sqrt()).collect();
    }

    /// B x, or its transpose times x.
    fn turned(&self, x: &[f64], back: bool) -> Vec<f64> {
        let d = x.len();
        (0..d).map(|i| (0..d).map(|j| if back { self.axes[j][i] } else { self.axes[i][j] } * x[j]).sum()).collect()
    }
}

fn length(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

impl Strategy for CmaEs {
    fn ask(&mut self, stream: &mut Stream) -> Vec<Vec<f64>> {
        let d = self.mean.len();
        let mut draw = || -> Vec<f64> {
            let z: Vec<f64> = (0..d).map(|i| self.lengths[i] * stream.normal()).collect();
            self.turned(&z, false)
        };
        let drawn: Vec<Vec<f64>> = (0..self.size).map(|_| draw()).collect();
        self.drawn = drawn;
        let candidate = |y: &Vec<f64>| (0..d).map(|i| self.mean[i] + self.sigma * y[i]).collect();
        self.drawn.iter().map(candidate).collect()
    }

    fn tell(&mut self, losses: &[f64]) {
        let d = self.mean.len();
        let n = d as f64;
        let effective = 1.0 / self.weights.iter().map(|w| w * w).sum::<f64>();
        let c_c = (4.0 + effective / n) / (n + 4.0 + 2.0 * effective / n);
        let c_sigma = (effective + 2.0) / (n + effective + 5.0);
        let c_1 = 2.0 / ((n + 1.3) * (n + 1.3) + effective);
        let c_mu = (2.0 * (effective - 2.0 + 1.0 / effective) / ((n + 2.0) * (n + 2.0) + effective)).min(1.0 - c_1);
        let damping = 1.0 + 2.0 * (((effective - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + c_sigma;
        let expected = n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));

        let best: Vec<usize> = ranked(losses).into_iter().take(self.weights.len()).collect();
        let step: Vec<f64> =
            (0..d).map(|i| best.iter().zip(&self.weights).map(|(k, w)| w * self.drawn[*k][i]).sum()).collect();
        for i in 0..d {
            self.mean[i] += self.sigma * step[i];
        }
        // C^(−1/2) times the step.
        let along: Vec<f64> = self.turned(&step, true).iter().zip(&self.lengths).map(|(x, l)| x / l).collect();
        let whitened = self.turned(&along, false);
        let gain = (c_sigma * (2.0 - c_sigma) * effective).sqrt();
        for i in 0..d {
            self.path_of_sigma[i] = (1.0 - c_sigma) * self.path_of_sigma[i] + gain * whitened[i];
        }
        self.unfinished *= (1.0 - c_sigma) * (1.0 - c_sigma);
        let path = length(&self.path_of_sigma);
        let moves = path / (1.0 - self.unfinished).sqrt() / expected < 1.4 + 2.0 / (n + 1.0);
        let gain = if moves { (c_c * (2.0 - c_c) * effective).sqrt() } else { 0.0 };
        for i in 0..d {
            self.path_of_covariance[i] = (1.0 - c_c) * self.path_of_covariance[i] + gain * step[i];
        }
        let missing = if moves { 0.0 } else { c_1 * c_c * (2.0 - c_c) };
        for i in 0..d {
            for j in 0..d {
                let of_best: f64 =
                    best.iter().zip(&self.weights).map(|(k, w)| w * self.drawn[*k][i] * self.drawn[*k][j]).sum();
                let of_path = self.path_of_covariance[i] * self.path_of_covariance[j];
                self.covariance[i][j] =
                    (1.0 - c_1 - c_mu + missing) * self.covariance[i][j] + c_1 * of_path + c_mu * of_best;
            }
        }
        self.sigma *= math::exp(c_sigma / damping * (path / expected - 1.0));
        self.decompose();
    }

    fn mean(&self) -> &[f64] {
        &self.mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Generations until the mean lies so near to the least loss.
    fn generations(method: Method, d: usize, near: f64, loss: impl Fn(&[f64]) -> f64) -> usize {
        let mut strategy = strategy(method, vec![0.2; d]).expect("an evolution strategy");
        let mut stream = Stream::new(5);
        (1..2000)
            .find(|_| {
                let candidates = strategy.ask(&mut stream);
                let losses: Vec<f64> = candidates.iter().map(|x| loss(x)).collect();
                strategy.tell(&losses);
                strategy.mean().iter().all(|x| (x - 0.6).abs() < near)
            })
            .expect("it comes near")
    }

    #[test]
    fn both_find_the_bottom_of_a_bowl_and_cma_that_of_a_valley() {
        let bowl = |x: &[f64]| x.iter().map(|x| (x - 0.6) * (x - 0.6)).sum::<f64>();
        // A thousand times as steep across the diagonal as along it.
        let valley = |x: &[f64]| {
            let (across, along) = (x[0] - x[1], x[0] + x[1] - 1.2);
            1e6 * across * across + along * along + x[2..].iter().map(|x| (x - 0.6) * (x - 0.6)).sum::<f64>()
        };
        let usual = Population::default();
        assert!(generations(Method::SeparableNes(usual), 4, 1e-4, bowl) < 120);
        assert!(generations(Method::CmaEs(usual), 4, 1e-4, bowl) < 120);
        assert!(generations(Method::CmaEs(usual), 3, 1e-4, valley) < 300);
    }

    #[test]
    fn a_generation_of_the_separable_strategy_is_that_of_its_equations() {
        let mut nes = SeparableNes::new(Population { size: 0, spread: 0.1 }, vec![0.5, 0.5]);
        // 4 + ⌊3 ln 2⌋ and their mirror images.
        let candidates = nes.ask(&mut Stream::new(1));
        assert_eq!(candidates.len(), 12);
        for k in 0..6 {
            for i in 0..2 {
                assert!((candidates[k][i] + candidates[k + 6][i] - 1.0).abs() < 1e-15, "the mirror image");
            }
        }
        let u = SeparableNes::utilities(12);
        assert!(u.iter().sum::<f64>().abs() < 1e-15);
        // Of 12, those from the seventh on count −1/12; ln 7 = 1.9459, the sum of ln 7 − ln k over k to 6 is 5.0961.
        assert!((u[0] - (1.945_910_149 / 5.096_209_683 - 1.0 / 12.0)).abs() < 1e-8, "{}", u[0]);
        assert!(u[7..].iter().all(|u| (u + 1.0 / 12.0).abs() < 1e-15));
        let losses: Vec<f64> = candidates.iter().map(|x| x[0]).collect();
        let (drawn, order) = (nes.drawn.clone(), ranked(&losses));
        nes.tell(&losses);
        let towards: f64 = order.iter().zip(&u).map(|(k, u)| u * drawn[*k][0]).sum();
        let wider: f64 = order.iter().zip(&u).map(|(k, u)| u * (drawn[*k][0] * drawn[*k][0] - 1.0)).sum();
        assert!((nes.mean[0] - (0.5 + 0.1 * towards)).abs() < 1e-15 && nes.mean[0] < 0.5);
        let rate = (3.0 + 2f64.ln()) / (12.0 * 2f64.sqrt());
        assert!((nes.sigma[0] - 0.1 * (rate / 2.0 * wider).exp()).abs() < 1e-12);
    }
}
