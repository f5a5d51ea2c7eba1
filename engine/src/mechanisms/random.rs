//! Random streams. Every stream belongs to a purpose (the input of a block, the wiring
//! of a projection), never to a thread, so that a seed gives the same numbers on any machine.
//!
//! xoshiro256++: Blackman & Vigna 2021, ACM Trans Math Softw 47:36.

use crate::description::{Distribution, Shape};
use crate::math;

/// What a stream is for; part of its seed.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    Parameter = 1,
    Wiring = 2,
    Weight = 3,
    Delay = 4,
    PoissonInput = 5,
    Noise = 6,
    Escape = 7,
    DirectTrain = 8,
    Release = 9,
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Mixes the project's seed with what the stream belongs to.
pub fn stream_seed(seed: u64, purpose: Purpose, owner: u64, part: u64) -> u64 {
    let mut state = seed;
    let mut mixed = splitmix(&mut state);
    for word in [purpose as u64, owner, part] {
        state = mixed ^ word.wrapping_mul(0xD134_2543_DE82_EF95);
        mixed = splitmix(&mut state);
    }
    mixed
}

/// One stream of 64-bit numbers.
#[derive(Clone, Debug)]
pub struct Stream([u64; 4]);

impl Stream {
    pub fn new(seed: u64) -> Self {
        let mut state = seed;
        Stream(std::array::from_fn(|_| splitmix(&mut state)))
    }
    pub fn of(seed: u64, purpose: Purpose, owner: u64, part: u64) -> Self {
        Stream::new(stream_seed(seed, purpose, owner, part))
    }
    #[inline]
    #[expect(clippy::should_implement_trait, reason = "a stream of numbers that never ends needs no Option")]
    pub fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }
    /// Uniform on [0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }
    /// Uniform on (0, 1), ends excluded.
    #[inline]
    pub fn open_uniform(&mut self) -> f64 {
        Stream::short_uniform(self.next()) + 0.5 / (1u64 << 52) as f64
    }
    /// The first 52 bits of a word as a number on [0, 1).
    #[inline]
    pub fn short_uniform(word: u64) -> f64 {
        (word >> 12) as f64 * (1.0 / (1u64 << 52) as f64)
    }
    /// Uniform whole number below `n` (n > 0).
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        ((self.next() as u128 * n as u128) >> 64) as u64
    }
    /// Exponential with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -math::ln(1.0 - self.uniform())
    }
    /// Number of failures before the first success, each with probability `p` in (0, 1].
    pub fn geometric(&mut self, p: f64) -> u64 {
        if p >= 1.0 {
            return 0;
        }
        let gap = self.exponential() / -math::ln_1p(-p);
        if gap < 9e18 { gap as u64 } else { u64::MAX / 2 }
    }
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
        super::ziggurat::normal(self)
    }
    /// Number of events of a Poisson process with this mean.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean <= 0.0 {
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
            super::counts::large_poisson(self, mean)
        }
    }
    /// Number of successes in `n` trials, each with probability `p`.
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        if p >= 1.0 {
            n
        } else if n < 16 {
            (0..n).filter(|_| self.uniform() < p).count() as u64
        } else {
            super::counts::Binomial::new(n, p).draw(self)
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
            };
            let inside = distribution.min.is_none_or(|m| x >= m) && distribution.max.is_none_or(|m| x <= m);
            inside.then_some(x)
        })
    }
}

/// Sixteen streams side by side, for the 64 neurons of a block: integer
/// operations only, which the compiler vectorises at every level.
#[derive(Clone, Debug)]
pub struct Streams16([[u64; 16]; 4]);

impl Streams16 {
    pub fn of(seed: u64, purpose: Purpose, owner: u64, block: u64) -> Self {
        let mut state = stream_seed(seed, purpose, owner, block);
        let mut words = [[0; 16]; 4];
        for lane in 0..16 {
            let mut lane_state = splitmix(&mut state);
            for word in &mut words {
                word[lane] = splitmix(&mut lane_state);
            }
        }
        Streams16(words)
    }
    #[inline(always)]
    fn next(&mut self) -> [u64; 16] {
        let [s0, s1, s2, s3] = &mut self.0;
        let mut result = [0; 16];
        for i in 0..16 {
            result[i] = s0[i].wrapping_add(s3[i]).rotate_left(23).wrapping_add(s0[i]);
            let t = s1[i] << 17;
            s2[i] ^= s0[i];
            s3[i] ^= s1[i];
            s1[i] ^= s2[i];
            s0[i] ^= s3[i];
            s2[i] ^= t;
            s3[i] = s3[i].rotate_left(45);
        }
        result
    }
    /// 64 numbers of 32 bits, one a neuron of the block.
    #[inline(always)]
    pub fn words32(&mut self) -> [u32; 64] {
        let mut out = [0; 64];
        for half in 0..2 {
            let x = self.next();
            for i in 0..16 {
                out[32 * half + 2 * i] = x[i] as u32;
                out[32 * half + 2 * i + 1] = (x[i] >> 32) as u32;
            }
        }
        out
    }
    /// 64 numbers, uniform on [0, 1), one a neuron of the block.
    #[inline(always)]
    pub fn uniforms(&mut self) -> [f64; 64] {
        let mut out = [0.0; 64];
        for quarter in 0..4 {
            let x = self.next();
            for i in 0..16 {
                out[16 * quarter + i] = (x[i] >> 11) as f64 * (1.0 / (1u64 << 53) as f64);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_purpose_and_owner() {
        let a = Stream::of(1, Purpose::Wiring, 0, 0).next();
        assert_eq!(a, Stream::of(1, Purpose::Wiring, 0, 0).next());
        for other in [
            Stream::of(2, Purpose::Wiring, 0, 0),
            Stream::of(1, Purpose::Weight, 0, 0),
            Stream::of(1, Purpose::Wiring, 1, 0),
            Stream::of(1, Purpose::Wiring, 0, 1),
        ] {
            let mut other = other;
            assert_ne!(a, other.next());
        }
    }

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
    fn bounds_are_kept() {
        let mut stream = Stream::new(3);
        let d = Distribution { shape: Shape::Normal { mean: 0.0, std: 1.0 }, min: Some(-0.5), max: Some(2.0) };
        assert!((0..1000).all(|_| (-0.5..=2.0).contains(&stream.draw(&d).unwrap())));
        let impossible = Distribution { shape: Shape::Uniform { low: 0.0, high: 1.0 }, min: Some(5.0), max: None };
        assert_eq!(stream.draw(&impossible), None);
    }
}
