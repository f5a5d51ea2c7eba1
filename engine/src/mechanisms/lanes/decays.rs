//! Exponentials of long lists in lanes, for code that is no dynamics itself.

use super::{InLanes, Real, level};

/// Entries whose exponentials are computed together.
const BLOCK: usize = 32;

/// Calls `act` for each entry in order, with e to the power of each of its `exponents`.
pub fn with_exponentials<T, const N: usize>(
    entries: impl Iterator<Item = T> + Clone,
    exponents: impl Fn(T) -> [f64; N],
    mut act: impl FnMut(T, [f64; N]),
) {
    let (mut ahead, mut entries) = (entries.clone(), entries);
    let mut block = [[0.0; BLOCK]; N];
    loop {
        let mut n = 0;
        for (i, entry) in (0..BLOCK).zip(&mut ahead) {
            for (list, x) in block.iter_mut().zip(exponents(entry)) {
                list[i] = x;
            }
            n += 1;
        }
        level().run(Exponentials { block: &mut block, n });
        for (i, entry) in (0..n).zip(&mut entries) {
            act(entry, std::array::from_fn(|of| block[of][i]));
        }
        if n < BLOCK {
            return;
        }
    }
}

/// The first `n` of each list.
struct Exponentials<'a, const N: usize> {
    block: &'a mut [[f64; BLOCK]; N],
    n: usize,
}

impl<const N: usize> InLanes for Exponentials<'_, N> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        for list in self.block {
            for lane in list[..self.n.next_multiple_of(R::LANES)].chunks_exact_mut(R::LANES) {
                R::exp(R::load(lane)).store(lane);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_its_exponentials_whatever_the_length() {
        for n in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let of = |i: usize| [-0.1 * i as f64, 0.3 - i as f64];
            let mut seen = Vec::new();
            with_exponentials(0..n, of, |i, y| seen.push((i, y)));
            let expected: Vec<_> = (0..n).map(|i| (i, of(i).map(Real::exp))).collect();
            assert_eq!(seen, expected);
        }
    }
}
