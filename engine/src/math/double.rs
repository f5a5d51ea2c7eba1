//! Sums of two numbers, which hold 106 bits: Dekker 1971, Numer Math 18:224; Knuth, The Art of Computer Programming 2, 4.2.2.
//!
//! Plain additions and multiplications only, so that they give the same bits everywhere.

/// hi + lo with |lo| ≤ ½ ulp(hi): `hi` is the number rounded to 53 bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Double {
    pub hi: f64,
    pub lo: f64,
}

impl Double {
    pub const fn new(hi: f64) -> Double {
        Double { hi, lo: 0.0 }
    }
    /// a + b exactly.
    #[inline(always)]
    pub const fn sum(a: f64, b: f64) -> Double {
        let hi = a + b;
        let of_b = hi - a;
        Double { hi, lo: (a - (hi - of_b)) + (b - of_b) }
    }
    /// a + b exactly, where |a| ≥ |b| or a = 0.
    #[inline(always)]
    pub const fn ordered_sum(a: f64, b: f64) -> Double {
        let hi = a + b;
        Double { hi, lo: b - (hi - a) }
    }
    /// a · b exactly, unless it comes near the ends of the range of numbers.
    #[inline(always)]
    pub const fn product(a: f64, b: f64) -> Double {
        let hi = a * b;
        let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
        Double { hi, lo: ((a1 * b1 - hi) + a1 * b2 + a2 * b1) + a2 * b2 }
    }
    pub const fn plus(self, other: Double) -> Double {
        let (s, t) = (Double::sum(self.hi, other.hi), Double::sum(self.lo, other.lo));
        let s = Double::ordered_sum(s.hi, s.lo + t.hi);
        Double::ordered_sum(s.hi, s.lo + t.lo)
    }
    pub const fn times(self, other: Double) -> Double {
        let p = Double::product(self.hi, other.hi);
        Double::ordered_sum(p.hi, p.lo + (self.hi * other.lo + self.lo * other.hi))
    }
    pub const fn scaled(self, factor: f64) -> Double {
        let p = Double::product(self.hi, factor);
        Double::ordered_sum(p.hi, p.lo + self.lo * factor)
    }
    pub const fn over(self, other: Double) -> Double {
        let first = self.hi / other.hi;
        let rest = self.plus(other.scaled(-first));
        let second = rest.hi / other.hi;
        let rest = rest.plus(other.scaled(-second));
        Double::ordered_sum(first, second).plus(Double::new(rest.hi / other.hi))
    }
    /// 1/n.
    pub const fn reciprocal(n: usize) -> Double {
        Double::new(1.0).over(Double::new(n as f64))
    }
}

/// The upper 26 bits of a number, and the rest (Veltkamp).
#[inline(always)]
pub const fn halves(x: f64) -> (f64, f64) {
    let shifted = 134_217_729.0 * x;
    let upper = shifted - (shifted - x);
    (upper, x - upper)
}

/// 2^n for normal numbers.
#[inline(always)]
pub const fn power_of_two(n: i64) -> f64 {
    f64::from_bits(((n + 1023) as u64) << 52)
}

/// The sum rounded to 53 bits, if an error of `bound` in it cannot change that.
#[inline(always)]
pub fn rounded(x: Double, bound: f64) -> Option<f64> {
    let y = x.hi + (x.lo + bound);
    (y == x.hi + (x.lo - bound)).then_some(y)
}

/// ln 2 in three parts. The first two have 32 bits, so that their multiples by whole numbers below 2²¹ are exact.
pub const LN_2: [f64; 3] = [0.693_147_180_369_123_8, 1.908_214_928_843_070_3e-10, 4.275_175_589_747_649e-20];
