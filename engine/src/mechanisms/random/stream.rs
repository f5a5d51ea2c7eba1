//! Streams of random numbers. Every stream belongs to a purpose (the input of a block, the wiring
//! of a projection), never to a thread, so that a seed gives the same numbers on any machine.
//!
//! xoshiro256++: Blackman & Vigna 2021, ACM Trans Math Softw 47:36.

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
    Training = 10,
    Position = 11,
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
}
