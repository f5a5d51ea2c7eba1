//! One number for every bit of what a run has recorded.

use crate::recordings::Rows;

/// A running FNV-1a hash (Fowler, Noll & Vo) over the bits of numbers, in order.
#[derive(Clone, Copy, Debug)]
pub struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Fingerprint(0xcbf2_9ce4_8422_2325)
    }
}

impl Fingerprint {
    fn word(&mut self, word: u64) {
        for byte in word.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Takes in numbers, and how many there are.
    pub fn numbers(&mut self, numbers: &[f64]) {
        self.word(numbers.len() as u64);
        numbers.iter().for_each(|x| self.word(x.to_bits()));
    }

    /// Takes in all that one recorder has recorded.
    pub fn rows(&mut self, rows: &Rows) {
        self.numbers(&rows.times);
        self.word(rows.senders.len() as u64);
        rows.senders.iter().for_each(|sender| self.word(u64::from(*sender)));
        self.numbers(&rows.values);
    }

    /// The number so far.
    pub fn value(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_and_every_boundary_counts() {
        let of = |parts: &[&[f64]]| {
            let mut fingerprint = Fingerprint::default();
            parts.iter().for_each(|part| fingerprint.numbers(part));
            fingerprint.value()
        };
        assert_eq!(of(&[&[1.0, 2.0]]), of(&[&[1.0, 2.0]]));
        assert_ne!(of(&[&[1.0, 2.0]]), of(&[&[1.0, 2.0 + f64::EPSILON * 2.0]]));
        assert_ne!(of(&[&[1.0], &[2.0]]), of(&[&[1.0, 2.0]]));
        assert_ne!(of(&[&[0.0]]), of(&[&[-0.0]]));
    }
}
