//! Numbers of the usual distributions, drawn from a stream.

use super::counts;
use super::stream::Stream;
use super::ziggurat;
use crate::description::{Distribution, Shape, number};
use crate::math;

impl Stream {
    /// A number of the gamma distribution; `shape` and `scale` must be positive.
    ///
    /// Marsaglia & Tsang 2000, ACM Trans Math Softw 26:363.
    pub fn gamma(&mut self, shape: f64, scale: f64) -> f64 {
        if shape < 1.0 {
            let smaller = math::exp(math::ln(self.open_uniform()) / shape);
            return smaller * self.gamma(shape + 1.0, scale);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let (u, square) = (self.open_uniform(), x * x);
            if u < 1.0 - 0.0331 * square * square || math::ln(u) < 0.5 * square + d * (1.0 - v + math::ln(v)) {
                return v * (d * scale);
            }
        }
    }
    /// Standard normal number.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        ziggurat::normal(self)
    }
    /// Number of events of a Poisson process with this mean; none where that is no number.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean.is_nan() || mean <= 0.0 {
            0
        } else if mean < 10.0 {
            // Product of uniforms until it falls below e^-mean (Knuth).
            let limit = math::exp(-mean);
            let mut product = self.uniform();
            let mut count = 0;
            while product > limit {
                product *= self.uniform();
                count += 1;
            }
            count
        } else {
            counts::large_poisson(self, mean)
        }
    }
    /// Number of successes in `n` trials, each with probability `p`.
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        if p >= 1.0 {
            n
        } else if n < 16 {
            (0..n).filter(|_| self.uniform() < p).count() as u64
        } else {
            counts::Binomial::new(n, p).draw(self)
        }
    }
    /// A number of this distribution; outside its bounds it is drawn again.
    /// `None` if a thousand draws all fell outside.
    #[inline]
    pub fn draw(&mut self, distribution: &Distribution) -> Option<f64> {
        (0..1000).find_map(|_| {
            let x = match distribution.shape {
                Shape::Normal { mean, std } => mean + std * self.normal(),
                Shape::Lognormal { mean, std } => math::exp(mean + std * self.normal()),
                Shape::Uniform { low, high } => low + (high - low) * self.uniform(),
                Shape::Exponential { beta } => beta * self.exponential(),
            };
            let inside = distribution.min.is_none_or(|m| x >= m) && distribution.max.is_none_or(|m| x <= m);
            inside.then_some(x)
        })
    }
    /// The same, where nothing else than a finite number is of use.
    ///
    /// # Errors
    /// What is wrong with the distribution, to be said of a parameter.
    pub fn draw_finite(&mut self, distribution: &Distribution) -> Result<f64, String> {
        match self.draw(distribution) {
            Some(x) if x.is_finite() => Ok(x),
            Some(x) => {
                Err(format!("the distribution gave {}, which is no finite number; set its min and max", number(x)))
            }
            None => Err("the distribution never falls within its bounds".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_has_its_mean_and_variance() {
        let mut stream = Stream::new(7);
        for mean in [0.05, 0.9, 4.0, 30.0] {
            let xs: Vec<f64> = (0..200_000).map(|_| stream.poisson(mean) as f64).collect();
            let m = xs.iter().sum::<f64>() / xs.len() as f64;
            let v = xs.iter().map(|x| (x - m).powi(2)).sum::<f64>() / xs.len() as f64;
            assert!((m - mean).abs() < 5.0 * (mean / 2e5).sqrt(), "mean {m} for {mean}");
            assert!((v / mean - 1.0).abs() < 0.05, "variance {v} for {mean}");
        }
    }

    #[test]
    fn binomial_has_its_mean_and_variance() {
        let mut stream = Stream::new(8);
        for (n, p) in [(3, 0.2), (15, 0.9), (400, 0.3)] {
            let xs: Vec<f64> = (0..100_000).map(|_| stream.binomial(n, p) as f64).collect();
            let m = xs.iter().sum::<f64>() / xs.len() as f64;
            let v = xs.iter().map(|x| (x - m).powi(2)).sum::<f64>() / xs.len() as f64;
            let (mean, variance) = (n as f64 * p, n as f64 * p * (1.0 - p));
            assert!((m - mean).abs() < 5.0 * (variance / 1e5).sqrt(), "mean {m} for {n}, {p}");
            assert!((v / variance - 1.0).abs() < 0.05, "variance {v} for {n}, {p}");
        }
        assert_eq!((stream.binomial(7, 1.0), stream.binomial(7, 0.0)), (7, 0));
    }

    #[test]
    fn exponential_has_its_mean_and_standard_deviation() {
        let mut stream = Stream::new(9);
        let d = Distribution { shape: Shape::Exponential { beta: 3.0 }, min: None, max: None };
        let xs: Vec<f64> = (0..100_000).map(|_| stream.draw(&d).unwrap()).collect();
        let m = xs.iter().sum::<f64>() / xs.len() as f64;
        let v = xs.iter().map(|x| (x - m).powi(2)).sum::<f64>() / xs.len() as f64;
        assert!((m - 3.0).abs() < 5.0 * 3.0 / 1e5f64.sqrt(), "{m}");
        assert!((v / 9.0 - 1.0).abs() < 0.05, "{v}");
        // Above a bound it is the same again from there on.
        let d = Distribution { min: Some(2.0), ..d };
        let m = (0..100_000).map(|_| stream.draw(&d).unwrap()).sum::<f64>() / 1e5;
        assert!((m - 5.0).abs() < 5.0 * 3.0 / 1e5f64.sqrt(), "{m}");
    }

    #[test]
    fn bounds_are_kept() {
        let mut stream = Stream::new(3);
        let d = Distribution { shape: Shape::Normal { mean: 0.0, std: 1.0 }, min: Some(-0.5), max: Some(2.0) };
        assert!((0..1000).all(|_| (-0.5..=2.0).contains(&stream.draw(&d).unwrap())));
        let impossible = Distribution { shape: Shape::Uniform { low: 0.0, high: 1.0 }, min: Some(5.0), max: None };
        assert_eq!(stream.draw(&impossible), None);
    }
}
