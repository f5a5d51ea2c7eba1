//! Drawn delays. On the grid a distribution of delays is one of a few dozen whole numbers, which an alias table
//! draws with one random number: Walker 1977, ACM Trans Math Softw 3:253.

use super::delays::short_steps;
use crate::description::{Distribution, Shape};
use crate::math;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;

/// Draws delays in steps.
pub enum DrawnDelays<'a> {
    Alias(Alias),
    /// One by one: what is too wide for a table, or may fall where no delay can be.
    Rounded {
        distribution: &'a Distribution,
        grid: Grid,
    },
}

/// Whole numbers from `first` on, each with a probability of its own.
pub struct Alias {
    first: u16,
    /// For each number: how many of 2³² draws it keeps, and which number has the others.
    entries: Vec<(u32, u16)>,
}

/// More entries would fall out of the first caches.
const MOST_ENTRIES: i64 = 4096;
/// What lies further from the mean than so many standard deviations, nobody will see: 1e-19.
const FAR: f64 = 9.0;
/// An exponential distribution is taken to end after so many of its means.
const FAR_FALLEN: f64 = 40.0;

impl<'a> DrawnDelays<'a> {
    pub fn new(distribution: &'a Distribution, grid: Grid) -> Self {
        match Alias::of(distribution, grid) {
            Some(alias) => DrawnDelays::Alias(alias),
            None => DrawnDelays::Rounded { distribution, grid },
        }
    }

    /// The longest delay that can be drawn.
    pub fn longest(&self) -> u16 {
        match self {
            DrawnDelays::Alias(alias) => alias.first + (alias.entries.len() - 1) as u16,
            DrawnDelays::Rounded { .. } => u16::MAX,
        }
    }

    #[inline]
    pub fn draw(&self, stream: &mut Stream) -> Result<u16, String> {
        match self {
            DrawnDelays::Alias(alias) => Ok(alias.draw(stream)),
            DrawnDelays::Rounded { distribution, grid } => {
                let ms = stream.draw(distribution);
                short_steps(ms.ok_or("the distribution of delays never falls within its bounds")?, *grid)
            }
        }
    }
}

impl Alias {
    fn of(distribution: &Distribution, grid: Grid) -> Option<Alias> {
        let (low, high) = match distribution.shape {
            Shape::Normal { mean, std } => (mean - FAR * std, mean + FAR * std),
            Shape::Lognormal { mean, std } => (math::exp(mean - FAR * std), math::exp(mean + FAR * std)),
            Shape::Uniform { low, high } => (low, high),
            Shape::Exponential { beta } => (0.0, FAR_FALLEN * beta),
        };
        let low = distribution.min.map_or(low, |min| min.max(low));
        let high = distribution.max.map_or(high, |max| max.min(high));
        if !(low < high && high < 1e6) {
            return None;
        }
        // Delay k stands for what lies half a step around it.
        let edge = |k: i64| ((k as f64 - 0.5) * grid.h()).clamp(low, high);
        let (first, last) = (grid.delay(low).max(1), grid.delay(high));
        if !(1..=MOST_ENTRIES).contains(&(last - first + 1)) || last > u16::MAX as i64 {
            return None;
        }
        let masses: Vec<f64> = (first..=last).map(|k| mass(&distribution.shape, edge(k), edge(k + 1))).collect();
        let (total, too_short) = (masses.iter().sum::<f64>(), mass(&distribution.shape, low, edge(first)));
        (total > 0.01 && too_short <= 1e-12 * total).then(|| Alias::from_masses(first as u16, &masses, total))
    }

    /// Numbers that are more likely than the average fill up those that are less.
    fn from_masses(first: u16, masses: &[f64], total: f64) -> Alias {
        let n = masses.len();
        let mut share: Vec<f64> = masses.iter().map(|m| m / total * n as f64).collect();
        let mut entries: Vec<(u32, u16)> = (0..n).map(|i| (u32::MAX, i as u16)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| share[i] < 1.0);
        while let (Some(s), Some(&l)) = (small.pop(), large.last()) {
            entries[s] = ((share[s] * 4_294_967_296.0) as u32, l as u16);
            share[l] -= 1.0 - share[s];
            if share[l] < 1.0 {
                large.pop();
                small.push(l);
            }
        }
        Alias { first, entries }
    }

    #[inline(always)]
    fn draw(&self, stream: &mut Stream) -> u16 {
        let word = stream.next();
        let i = (((word >> 32) * self.entries.len() as u64) >> 32) as usize;
        let (kept, other) = self.entries[i];
        self.first + if (word as u32) < kept { i as u16 } else { other }
    }
}

/// Probability of falling between `a` and `b`.
fn mass(shape: &Shape, a: f64, b: f64) -> f64 {
    // Differences of the smaller tails, which are exact.
    let normal = |a: f64, b: f64| {
        let above = |z: f64| 0.5 * math::erfc(z / std::f64::consts::SQRT_2);
        if a > 0.0 { above(a) - above(b) } else { above(-b) - above(-a) }
    };
    match *shape {
        Shape::Normal { mean, std } => normal((a - mean) / std, (b - mean) / std),
        Shape::Lognormal { mean, std } => {
            normal((math::ln(a.max(0.0)) - mean) / std, (math::ln(b.max(0.0)) - mean) / std)
        }
        Shape::Uniform { low, high } => (b.min(high) - a.max(low)).max(0.0) / (high - low),
        Shape::Exponential { beta } => -math::exp(-a.max(0.0) / beta) * math::exp_m1((a.max(0.0) - b.max(0.0)) / beta),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table against draws that are rounded one by one: chi-square of two samples.
    #[test]
    fn the_table_draws_what_rounding_draws() {
        let grid = Grid::new(0.1).unwrap();
        let shapes = [
            (Shape::Normal { mean: 1.5, std: 0.75 }, Some(0.1), None),
            (Shape::Normal { mean: 0.75, std: 0.375 }, Some(0.1), Some(1.03)),
            (Shape::Lognormal { mean: 0.2, std: 0.5 }, Some(0.1), None),
            (Shape::Uniform { low: 0.5, high: 1.97 }, None, None),
            (Shape::Exponential { beta: 0.8 }, Some(0.1), Some(4.0)),
        ];
        for (shape, min, max) in shapes {
            let distribution = Distribution { shape, min, max };
            let table = DrawnDelays::new(&distribution, grid);
            assert!(matches!(table, DrawnDelays::Alias(_)), "{shape:?}");
            let rounded = DrawnDelays::Rounded { distribution: &distribution, grid };
            let mut stream = Stream::new(11);
            let mut counts = vec![[0.0f64; 2]; 2000];
            let n = 400_000;
            for _ in 0..n {
                counts[table.draw(&mut stream).unwrap() as usize][0] += 1.0;
                counts[rounded.draw(&mut stream).unwrap() as usize][1] += 1.0;
            }
            let filled = counts.iter().filter(|[a, b]| a + b > 20.0);
            let chi2: f64 = filled.clone().map(|[a, b]| (a - b) * (a - b) / (a + b)).sum();
            let free = filled.count() as f64;
            assert!(chi2 < free + 5.0 * (2.0 * free).sqrt(), "{shape:?}: {chi2} with {free} numbers");
        }
    }

    #[test]
    fn impossible_delays_are_left_to_rounding() {
        let grid = Grid::new(0.1).unwrap();
        let below = Distribution { shape: Shape::Normal { mean: 0.2, std: 0.2 }, min: None, max: None };
        assert!(matches!(DrawnDelays::new(&below, grid), DrawnDelays::Rounded { .. }));
        let fixed = Distribution { shape: Shape::Normal { mean: 2.0, std: 0.0 }, min: None, max: None };
        assert_eq!(DrawnDelays::new(&fixed, grid).draw(&mut Stream::new(1)), Ok(20));
    }
}
