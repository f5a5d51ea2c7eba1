//! The number type of all dynamics: `f64`, the reference, or four or eight of
//! them side by side.
//!
//! Every operation is the same IEEE operation in each lane, and `exp` is the same
//! polynomial, so results are bit-identical at every instruction level. Fused
//! multiply-add is left out for that reason.
//!
//! What computes in lanes must melt into the function that is compiled for the processor's instructions, so it
//! stands in functions that are `#[inline(always)]`. A closure cannot be; if it does more than an operation or two it
//! stays a function of its own, without those instructions, and each operation becomes a call: 30 times slower.

mod decays;
mod level;
#[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
mod x86;

use std::ops::{Add, Div, Mul, Neg, Sub};

pub use decays::with_exponentials;
pub use level::{InLanes, Level, level};

/// One number or several in lanes.
pub trait Real:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    const LANES: usize;
    type Mask: Copy;
    /// Two of these side by side, where one can compute while the other waits; the same type where that gains nothing.
    type Wide: Real;

    fn of(x: f64) -> Self;
    /// The first `LANES` numbers of `from`, which must have that many.
    fn load(from: &[f64]) -> Self;
    /// The first half of the lanes from `first` and the second from `second`; of undivided vectors all from `first`.
    #[inline(always)]
    fn load_halves(first: &[f64], _second: &[f64]) -> Self {
        Self::load(first)
    }
    /// Into the first `LANES` places of `to`, which must have that many.
    fn store(self, to: &mut [f64]);
    /// Whose potential has reached the threshold. Only this comparison and [`Real::drawn`] decide about spikes: a number
    /// type that carries derivatives gives the mask the slope of a surrogate for the step.
    #[inline(always)]
    fn spike(potential: Self, threshold: Self) -> Self::Mask {
        potential.ge(threshold)
    }
    /// Who fires with this probability, `uniform` being drawn from [0, 1); or who has fired, of a count of spikes and 0.
    /// A number type that carries derivatives gives the mask the slope of the probability, which is that of the number of
    /// spikes expected.
    #[inline(always)]
    fn drawn(probability: Self, uniform: Self) -> Self::Mask {
        probability.gt(uniform)
    }
    /// The same number. A number type that carries derivatives takes it for a constant.
    #[inline(always)]
    fn held(self) -> Self {
        self
    }
    fn ge(self, other: Self) -> Self::Mask;
    fn gt(self, other: Self) -> Self::Mask;
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// One bit a lane, lane 0 lowest.
    fn bits(mask: Self::Mask) -> u64;
    /// Whether the mask is set in every lane.
    #[inline(always)]
    fn all(mask: Self::Mask) -> bool {
        Self::bits(mask) == u64::MAX >> (64 - Self::LANES)
    }
    /// Whether the mask is set in any lane: asked before work that would change nothing.
    #[inline(always)]
    fn any(mask: Self::Mask) -> bool {
        Self::bits(mask) != 0
    }
    /// Mask from bits as [`Real::bits`] gives them.
    fn mask(bits: u64) -> Self::Mask;
    fn abs(self) -> Self;
    /// Adds the low bits of `n`, a number in the 1.5·2⁵² notation, to the exponent.
    fn scale_by_power_of_two(self, n: Self) -> Self;
    /// Positive normal numbers as m·2^k with √½ ≤ m < √2: m and k.
    fn split_exponent(self) -> (Self, Self);
    /// How many of these numbers are larger than `bound`.
    #[inline(always)]
    fn count_above(numbers: &[i32; 8], bound: i32) -> u32 {
        numbers.iter().map(|n| (*n > bound) as u32).sum()
    }

    /// The larger of the two; NaN if this is.
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self::select(Self::gt(other, self), other, self)
    }
    /// The smaller of the two; NaN if this is.
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self::select(Self::gt(self, other), other, self)
    }

    /// e^x to about 2 units in the last place; below −708 it is 0, above 709 infinite.
    ///
    /// x = n ln 2 + r with |r| ≤ ln 2 / 2; the polynomial of e^r in Estrin's form.
    #[inline(always)]
    fn exp(self) -> Self {
        let magic = Self::of(6_755_399_441_055_744.0);
        let low = Self::of(-708.0);
        let high = Self::of(709.0);
        let x = self.max(low).min(high);
        let n = x * Self::of(std::f64::consts::LOG2_E) + magic;
        let m = n - magic;
        let r = x - m * Self::of(0.693_147_180_369_123_8) - m * Self::of(1.908_214_929_270_587_7e-10);
        let r2 = r * r;
        let r4 = r2 * r2;
        let r8 = r4 * r4;
        let c = |x: f64| Self::of(x);
        let p01 = c(1.0) + r;
        let p23 = c(1.0 / 2.0) + r * c(1.0 / 6.0);
        let p45 = c(1.0 / 24.0) + r * c(1.0 / 120.0);
        let p67 = c(1.0 / 720.0) + r * c(1.0 / 5040.0);
        let p89 = c(1.0 / 40_320.0) + r * c(1.0 / 362_880.0);
        let p1011 = c(1.0 / 3_628_800.0) + r * c(1.0 / 39_916_800.0);
        let p1213 = c(1.0 / 479_001_600.0) + r * c(1.0 / 6_227_020_800.0);
        let p = (p01 + p23 * r2) + (p45 + p67 * r2) * r4 + ((p89 + p1011 * r2) + p1213 * r4) * r8;
        let y = p.scale_by_power_of_two(n);
        // A NaN has come through all this: arithmetic makes them without low bits, so its exponent has stayed.
        let y = Self::select(Self::gt(low, self), Self::of(0.0), y);
        Self::select(Self::gt(self, high), Self::of(f64::INFINITY), y)
    }

    /// Natural logarithm to about 1 unit in the last place; −∞ of 0, NaN of what is negative.
    ///
    /// x = m·2^k; with s = f/(2+f), f = m − 1, ln m = 2 artanh s, whose series is fitted by a
    /// polynomial of degree 7 in s².
    #[inline(always)]
    fn ln(self) -> Self {
        let c = |x: f64| Self::of(x);
        let zero = c(0.0);
        // Numbers below the normal ones are brought up by 2⁵⁴ first.
        let small = Self::gt(c(f64::MIN_POSITIVE), self);
        let (m, k) = Self::select(small, self * c(18_014_398_509_481_984.0), self).split_exponent();
        let k = Self::select(small, k - c(54.0), k);
        let f = m - c(1.0);
        let s = f / (c(2.0) + f);
        let z = s * s;
        let w = z * z;
        let even = w * (c(LN[1]) + w * (c(LN[3]) + w * c(LN[5])));
        let odd = z * (c(LN[0]) + w * (c(LN[2]) + w * (c(LN[4]) + w * c(LN[6]))));
        let half_square = c(0.5) * f * f;
        let y = k * c(6.931_471_803_691_238e-1)
            - ((half_square - (s * (half_square + even + odd) + k * c(1.908_214_929_270_587_7e-10))) - f);
        let y = Self::select(Self::ge(c(f64::MAX), self), y, self);
        let y = Self::select(Self::gt(self, zero), y, c(f64::NAN));
        Self::select(Self::ge(zero, self.abs()), c(f64::NEG_INFINITY), y)
    }

    /// φ: (e^z − 1)/z without loss near 0, where it is 1.
    #[inline(always)]
    fn phi(self) -> Self {
        let near = Self::ge(Self::of(0.3), self.abs());
        // Powers side by side (Estrin's form): one power after the other would wait for the one before.
        let z = self;
        let z2 = z * z;
        let z4 = z2 * z2;
        let c = |x: f64| Self::of(x);
        let p01 = c(PHI[0]) + c(PHI[1]) * z;
        let p23 = c(PHI[2]) + c(PHI[3]) * z;
        let p45 = c(PHI[4]) + c(PHI[5]) * z;
        let p67 = c(PHI[6]) + c(PHI[7]) * z;
        let p89 = c(PHI[8]) + c(PHI[9]) * z;
        let series = (p01 + p23 * z2) + (p45 + p67 * z2) * z4 + (p89 + c(PHI[10]) * z2) * (z4 * z4);
        if Self::all(near) {
            return series;
        }
        Self::select(near, series, (Self::exp(self) - Self::of(1.0)) / self)
    }

    /// The number to a fixed power, for positive numbers.
    #[inline(always)]
    fn power(self, exponent: Self) -> Self {
        Self::exp(exponent * Self::ln(self))
    }
}

/// e^x − 1 without loss near 0, with the operations of [`Real`] so that it is the same everywhere.
pub fn exp_m1(x: f64) -> f64 {
    if x.abs() > 0.1 {
        return Real::exp(x) - 1.0;
    }
    // Taylor: the first term left out is below 1e-17 of the sum.
    (2..=11).rev().fold(1.0, |sum, n| 1.0 + x / n as f64 * sum) * x
}

/// Coefficients of [`Real::ln`]: the minimax polynomial of Sun's fdlibm (Ng 1993), z to z⁷.
const LN: [f64; 7] = [
    6.666_666_666_666_735e-1,
    3.999_999_999_940_942e-1,
    2.857_142_874_366_239e-1,
    2.222_219_843_214_978_4e-1,
    1.818_357_216_161_805e-1,
    1.531_383_769_920_937_3e-1,
    1.479_819_860_511_658_6e-1,
];

/// Coefficients of [`Real::phi`] near 0: 1 and ½ of its series, then the polynomial that fits the rest best for |z| ≤ 0.3,
/// to 1.6e-17.
const PHI: [f64; 11] = [
    1.0,
    0.5,
    0.166_666_666_666_666_66,
    0.041_666_666_666_661_85,
    0.008_333_333_333_332_962,
    0.001_388_888_889_603_054_4,
    0.000_198_412_698_467_626_34,
    2.480_155_873_782_507e-5,
    2.755_729_725_471_814_6e-6,
    2.759_962_602_990_46e-7,
    2.508_464_886_339_041e-8,
];

/// What carries a mantissa below √2 over into the exponent: the bits of 1 less those of √½.
const ABOVE_ROOT_HALF: u64 = 0x3ff0_0000_0000_0000 - ROOT_HALF;
/// √½, the last 32 bits cut off.
const ROOT_HALF: u64 = 0x3fe6_a09e_0000_0000;
/// The bits of a mantissa.
const MANTISSA: u64 = (1 << 52) - 1;
/// 2⁵², whose last bits count ones; and it plus what exponents are biased by.
const COUNTING: u64 = 0x4330_0000_0000_0000;
const COUNTING_BIAS: f64 = 4_503_599_627_370_496.0 + 1023.0;

impl Real for f64 {
    const LANES: usize = 1;
    type Mask = bool;
    type Wide = Two<f64>;
    #[inline(always)]
    fn of(x: f64) -> f64 {
        x
    }
    #[inline(always)]
    fn load(from: &[f64]) -> f64 {
        from[0]
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        to[0] = self;
    }
    #[inline(always)]
    fn ge(self, other: f64) -> bool {
        self >= other
    }
    #[inline(always)]
    fn gt(self, other: f64) -> bool {
        self > other
    }
    #[inline(always)]
    fn and(a: bool, b: bool) -> bool {
        a & b
    }
    #[inline(always)]
    fn or(a: bool, b: bool) -> bool {
        a | b
    }
    #[inline(always)]
    fn select(mask: bool, yes: f64, no: f64) -> f64 {
        if mask { yes } else { no }
    }
    #[inline(always)]
    fn bits(mask: bool) -> u64 {
        mask as u64
    }
    #[inline(always)]
    fn mask(bits: u64) -> bool {
        bits & 1 != 0
    }
    #[inline(always)]
    fn abs(self) -> f64 {
        f64::abs(self)
    }
    #[inline(always)]
    fn scale_by_power_of_two(self, n: f64) -> f64 {
        f64::from_bits(self.to_bits().wrapping_add(n.to_bits() << 52))
    }
    #[inline(always)]
    fn split_exponent(self) -> (f64, f64) {
        let bits = self.to_bits().wrapping_add(ABOVE_ROOT_HALF);
        let k = f64::from_bits(bits >> 52 | COUNTING) - COUNTING_BIAS;
        (f64::from_bits((bits & MANTISSA) + ROOT_HALF), k)
    }
}

/// Two vectors side by side: while one waits for the result of an operation, the other computes.
#[derive(Clone, Copy)]
pub struct Two<R>(pub R, pub R);

macro_rules! side_by_side {
    ($($trait:ident $name:ident),*) => {
        $(impl<R: Real> $trait for Two<R> {
            type Output = Self;
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                Two(self.0.$name(other.0), self.1.$name(other.1))
            }
        })*
    };
}
side_by_side!(Add add, Sub sub, Mul mul, Div div);

impl<R: Real> Neg for Two<R> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Two(-self.0, -self.1)
    }
}

impl<R: Real> Real for Two<R> {
    const LANES: usize = 2 * R::LANES;
    type Mask = (R::Mask, R::Mask);
    type Wide = Self;
    #[inline(always)]
    fn of(x: f64) -> Self {
        Two(R::of(x), R::of(x))
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        Two(R::load(from), R::load(&from[R::LANES..]))
    }
    #[inline(always)]
    fn load_halves(first: &[f64], second: &[f64]) -> Self {
        Two(R::load(first), R::load(second))
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        self.0.store(to);
        self.1.store(&mut to[R::LANES..]);
    }
    #[inline(always)]
    fn ge(self, other: Self) -> Self::Mask {
        (self.0.ge(other.0), self.1.ge(other.1))
    }
    #[inline(always)]
    fn gt(self, other: Self) -> Self::Mask {
        (self.0.gt(other.0), self.1.gt(other.1))
    }
    #[inline(always)]
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (R::and(a.0, b.0), R::and(a.1, b.1))
    }
    #[inline(always)]
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (R::or(a.0, b.0), R::or(a.1, b.1))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Two(R::select(mask.0, yes.0, no.0), R::select(mask.1, yes.1, no.1))
    }
    #[inline(always)]
    fn bits(mask: Self::Mask) -> u64 {
        R::bits(mask.0) | R::bits(mask.1) << R::LANES
    }
    #[inline(always)]
    fn mask(bits: u64) -> Self::Mask {
        (R::mask(bits), R::mask(bits >> R::LANES))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Two(self.0.max(other.0), self.1.max(other.1))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Two(self.0.min(other.0), self.1.min(other.1))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Two(self.0.abs(), self.1.abs())
    }
    #[inline(always)]
    fn scale_by_power_of_two(self, n: Self) -> Self {
        Two(self.0.scale_by_power_of_two(n.0), self.1.scale_by_power_of_two(n.1))
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        let (a, b) = (self.0.split_exponent(), self.1.split_exponent());
        (Two(a.0, b.0), Two(a.1, b.1))
    }
}

#[cfg(test)]
mod tests {
    use super::{InLanes, Level, Real};

    #[test]
    fn exp_agrees_with_the_library() {
        for i in -70_000..70_000 {
            let x = i as f64 * 0.01;
            let expected = f64::exp(x);
            let error = (Real::exp(x) - expected).abs() / expected;
            assert!(error < 5e-16 || x.abs() > 700.0, "exp({x}) is off by {error:e}");
        }
        assert_eq!(Real::exp(0.0f64), 1.0);
        assert_eq!(Real::exp(-1e4f64), 0.0);
        assert_eq!(Real::exp(1e4f64), f64::INFINITY);
        assert!(Real::exp(f64::NAN).is_nan());
    }

    #[test]
    fn ln_agrees_with_the_library() {
        for i in 1..200_000 {
            let mantissa = 1.0 + i as f64 / 200_000.0;
            let x = mantissa * 2.0f64.powi(i % 2000 - 1010);
            let expected = f64::ln(x);
            let error = (Real::ln(x) - expected).abs();
            assert!(error <= 3e-16 * expected.abs(), "ln({x}) is off by {error:e}");
        }
        assert_eq!(Real::ln(1.0f64), 0.0);
        assert_eq!(Real::ln(0.0f64), f64::NEG_INFINITY);
        assert_eq!(Real::ln(f64::INFINITY), f64::INFINITY);
        assert!(Real::ln(-1.0f64).is_nan() && Real::ln(f64::NAN).is_nan());
        assert!((Real::ln(1e-310f64) - f64::ln(1e-310)).abs() < 1e-12);
    }

    /// What lanes make of a number: its logarithm and its exponential, each in every lane of the vector.
    struct LnAndExp(f64);

    impl InLanes for LnAndExp {
        type Output = [Vec<u64>; 2];
        #[inline(always)]
        fn run<R: Real>(self) -> [Vec<u64>; 2] {
            let x = R::of(self.0);
            [x.ln(), x.exp()].map(|y| {
                let mut to = [0.0; 8];
                y.store(&mut to);
                to[..R::LANES].iter().map(|y| y.to_bits()).collect()
            })
        }
    }

    #[test]
    fn lanes_give_the_bits_of_one_number() {
        let levels = Level::available();
        for i in 0..20_000 {
            let x = 1.0001f64.powi(i * 7 - 70_000) * if i % 50 == 0 { -1.0 } else { 1.0 };
            let (expected_ln, expected_exp) = (Real::ln(x).to_bits(), Real::exp(x).to_bits());
            for level in &levels {
                let [ln, exp] = level.run(LnAndExp(x));
                let nan = |bits: &u64| f64::from_bits(*bits).is_nan() && x < 0.0;
                assert!(ln.iter().all(|y| *y == expected_ln || nan(y)), "ln({x}) at {level:?}");
                assert!(exp.iter().all(|y| *y == expected_exp), "exp({x}) at {level:?}");
            }
        }
    }
}
