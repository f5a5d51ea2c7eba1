//! Numbers of events of a Poisson process in a step, for 64 neurons at a time.

use super::lanes::Level;
use super::random::Streams16;
use crate::math;

/// Draws counts by comparing: a 32-bit number reaches as many of the thresholds 2³² P(N ≤ j) as there are
/// events. Integers only, hence the same counts with any instructions.
#[derive(Clone, Debug, Default)]
pub struct PoissonCounts {
    mean: f64,
    /// So many events there are at least: thresholds below it would all be 0.
    least: i32,
    thresholds: Vec<u32>,
    /// So many thresholds every number is compared with; hardly one of [`AT_ONCE`] reaches any of the others.
    often: usize,
}

/// So many numbers are compared with the thresholds at once.
const AT_ONCE: usize = 32;

/// Of sixteen times that [`AT_ONCE`] numbers are compared, they reach the rare thresholds once at most.
const RARE: f64 = 1.0 / 16.0;

/// Above this mean the thresholds are searched, not all compared.
const SEARCH_ABOVE: f64 = 10.0;

/// Up to this mean there are thresholds, some 25 √mean of them. Larger counts are drawn one by one.
pub const LARGEST_TABLE: f64 = 1e5;

impl PoissonCounts {
    /// With this mean, which is positive and not above [`LARGEST_TABLE`].
    pub fn of(mean: f64) -> Self {
        debug_assert!(mean <= LARGEST_TABLE, "a table for {mean} events");
        let (mut thresholds, mut least) = (Vec::new(), 0);
        let (mut p, mut cumulative, mut j) = (math::exp(-mean), 0.0, 0.0);
        if p == 0.0 {
            // So high a rate that e^-mean vanishes: logarithms, from far below the mean.
            j = (mean - 12.0 * mean.sqrt()).max(0.0).floor();
            least = j as i32;
            p = math::exp(j * math::ln(mean) - mean - ln_factorial(j));
        }
        loop {
            cumulative += p;
            let threshold = cumulative * 4_294_967_296.0;
            if threshold >= 4_294_967_295.0 || (j > mean && p < 1e-18) {
                break;
            }
            thresholds.push(threshold as u32);
            j += 1.0;
            p *= mean / j;
        }
        let reached = |t: &u32| 1.0 - f64::from(*t) / 4_294_967_296.0;
        let often = thresholds.partition_point(|t| AT_ONCE as f64 * reached(t) > RARE);
        PoissonCounts { mean, least, thresholds, often }
    }

    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// A count for each neuron of a block.
    #[inline]
    pub fn draw(&self, streams: &mut Streams16, level: Level, counts: &mut [i32; 64]) {
        if self.mean > SEARCH_ABOVE {
            let words = streams.words32();
            for (count, word) in counts.iter_mut().zip(words) {
                *count = self.least + self.thresholds.partition_point(|t| *t <= word) as i32;
            }
            return;
        }
        let thresholds = self.thresholds.split_at(self.often);
        match level {
            #[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
            // SAFETY: an `Avx512`, which only its `detect` makes, proves that the processor has these instructions.
            Level::Avx512(_) => unsafe { x86::compare_avx512(streams, thresholds, counts) },
            #[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
            // SAFETY: an `Avx2`, which only its `detect` makes, proves that the processor has these instructions.
            Level::Avx2(_) => unsafe { x86::compare_avx2(streams, thresholds, counts) },
            Level::Scalar => {
                let words = streams.words32();
                counts.fill(0);
                let mut compare = |t: &u32| {
                    let compared = counts.iter_mut().zip(&words);
                    compared.fold(false, |any, (count, word)| {
                        *count += (word >= t) as i32;
                        any | (word >= t)
                    })
                };
                thresholds.0.iter().for_each(|t| _ = compare(t));
                // As they rise, what does not reach one reaches none behind it.
                _ = thresholds.1.iter().all(compare);
            }
        }
    }
}

/// Left to itself the compiler turns these two loops inside out, and loses.
#[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
mod x86 {
    use std::arch::x86_64::*;

    use super::AT_ONCE;
    use crate::mechanisms::random::Streams16;

    /// Thresholds that are often reached, and those that seldom are.
    type Thresholds<'a> = (&'a [u32], &'a [u32]);

    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
    pub fn compare_avx512(streams: &mut Streams16, thresholds: Thresholds<'_>, counts: &mut [i32; 64]) {
        compare(&streams.words32(), thresholds, counts);
    }

    #[target_feature(enable = "avx2")]
    pub fn compare_avx2(streams: &mut Streams16, thresholds: Thresholds<'_>, counts: &mut [i32; 64]) {
        compare(&streams.words32(), thresholds, counts);
    }

    /// How many thresholds each word reaches, 32 words at a time: they and their counts stay in registers.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn compare(words: &[u32; 64], (often, seldom): Thresholds<'_>, counts: &mut [i32; 64]) {
        // There is no comparison of unsigned numbers: half of the range is taken off both.
        let half = i32::MIN;
        for (words, counts) in words.as_chunks::<AT_ONCE>().0.iter().zip(counts.as_chunks_mut::<AT_ONCE>().0) {
            let (words, counts) = (words.as_chunks::<8>().0, counts.as_chunks_mut::<8>().0);
            let word = |i: usize| {
                // SAFETY: eight numbers of 32 bits are read from an array of eight.
                let words = unsafe { _mm256_loadu_si256(words[i].as_ptr().cast()) };
                _mm256_xor_si256(words, _mm256_set1_epi32(half))
            };
            let words = [word(0), word(1), word(2), word(3)];
            // Minus one where the threshold lies above the word.
            let below = |t: u32| {
                let t = _mm256_set1_epi32(t as i32 ^ half);
                let of = |i: usize| _mm256_cmpgt_epi32(t, words[i]);
                [of(0), of(1), of(2), of(3)]
            };
            let mut reached = [_mm256_set1_epi32(often.len() as i32); 4];
            for t in often {
                let below = below(*t);
                (0..4).for_each(|i| reached[i] = _mm256_add_epi32(reached[i], below[i]));
            }
            for t in seldom {
                let below = below(*t);
                let all = _mm256_and_si256(_mm256_and_si256(below[0], below[1]), _mm256_and_si256(below[2], below[3]));
                if _mm256_movemask_epi8(all) == -1 {
                    // As they rise, none behind it is reached.
                    break;
                }
                let one = _mm256_set1_epi32(1);
                (0..4).for_each(|i| reached[i] = _mm256_add_epi32(reached[i], _mm256_add_epi32(one, below[i])));
            }
            for i in 0..4 {
                // SAFETY: eight numbers of 32 bits are written to an array of eight.
                unsafe { _mm256_storeu_si256(counts[i].as_mut_ptr().cast(), reached[i]) };
            }
        }
    }
}

/// ln n! (Stirling's series; used for large n only).
fn ln_factorial(n: f64) -> f64 {
    if n < 2.0 {
        return 0.0;
    }
    n * math::ln(n) - n + 0.5 * math::ln(std::f64::consts::TAU * n) + 1.0 / (12.0 * n) - 1.0 / (360.0 * n * n * n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::lanes::level;
    use crate::mechanisms::random::Purpose;

    #[test]
    fn counts_have_the_mean_and_variance_at_every_rate() {
        for mean in [0.02, 0.5, 1.8, 9.0, 40.0, 2000.0, LARGEST_TABLE] {
            let table = PoissonCounts::of(mean);
            let mut streams = Streams16::of(5, Purpose::PoissonInput, 0, 0);
            let mut counts = [0; 64];
            let mut draw = |_| {
                table.draw(&mut streams, level(), &mut counts);
                counts
            };
            let xs: Vec<f64> = (0..4000).flat_map(&mut draw).map(f64::from).collect();
            let m = xs.iter().sum::<f64>() / xs.len() as f64;
            let v = xs.iter().map(|x| (x - m).powi(2)).sum::<f64>() / xs.len() as f64;
            assert!((m - mean).abs() < 5.0 * (mean / xs.len() as f64).sqrt(), "mean {m} for {mean}");
            assert!((v / mean - 1.0).abs() < 0.05, "variance {v} for {mean}");
        }
    }

    #[test]
    fn tables_are_short_whatever_the_mean() {
        for mean in [1e-9, 700.0, 800.0, 1e4, LARGEST_TABLE] {
            let table = PoissonCounts::of(mean);
            assert!(table.thresholds.len() < 800 + 25 * mean.sqrt() as usize, "{} for {mean}", table.thresholds.len());
        }
    }

    #[test]
    fn every_level_draws_what_one_number_after_the_other_gives() {
        for mean in [0.02, 0.33, 1.8, 9.0] {
            let table = PoissonCounts::of(mean);
            let draw = |level: Level| {
                let mut streams = Streams16::of(5, Purpose::PoissonInput, 0, 0);
                let mut counts = vec![[0; 64]; 2000];
                counts.iter_mut().for_each(|counts| table.draw(&mut streams, level, counts));
                counts
            };
            let mut streams = Streams16::of(5, Purpose::PoissonInput, 0, 0);
            let count = |word: u32| table.thresholds.iter().filter(|t| word >= **t).count() as i32;
            let one_by_one: Vec<[i32; 64]> = (0..2000).map(|_| streams.words32().map(count)).collect();
            for level in Level::available() {
                assert!(draw(level) == one_by_one, "{level:?}, mean {mean}");
            }
            let rare = one_by_one.iter().flatten().filter(|count| **count as usize > table.often).count();
            assert!(rare > 0, "none of the rare thresholds was reached with a mean of {mean}");
        }
    }
}
