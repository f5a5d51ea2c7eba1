//! e^x and e^x − 1.
//!
//! x = (64 k + j) ln 2/64 + r with |r| ≤ ln 2/128, hence e^x = 2^k · 2^(j/64) · e^r: the powers of two from a table,
//! e^r by its Taylor series (Tang 1989, ACM Trans Math Softw 15:144).

use super::double::{Double, LN_2, halves, power_of_two, rounded};

/// 2^(j/64).
const POWERS: [Double; 64] = {
    let mut powers = [Double::new(1.0); 64];
    let mut j = 1;
    while j < 64 {
        powers[j] = series(multiple_of_ln_2(j as f64 / 64.0), 30).plus(Double::new(1.0));
        j += 1;
    }
    powers
};

/// The same as a number of 26 bits and what is missing.
const SPLIT_POWERS: [(f64, f64); 64] = {
    let mut split = [(1.0, 0.0); 64];
    let mut j = 1;
    while j < 64 {
        let (upper, rest) = halves(POWERS[j].hi);
        split[j] = (upper, rest + POWERS[j].lo);
        j += 1;
    }
    split
};

const fn multiple_of_ln_2(n: f64) -> Double {
    Double::sum(n * LN_2[0], n * LN_2[1]).plus(Double::product(n, LN_2[2]))
}

/// e^r − 1 by `terms` terms of its Taylor series.
const fn series(r: Double, terms: usize) -> Double {
    let mut sum = Double::new(1.0);
    let mut n = terms;
    while n > 1 {
        sum = sum.times(r).times(Double::reciprocal(n)).plus(Double::new(1.0));
        n -= 1;
    }
    sum.times(r)
}

/// x = (64 k + j) ln 2/64 + r: k, j, r.
#[inline(always)]
fn reduced(x: f64) -> (i64, usize, Double) {
    // Adding 1.5 · 2⁵² rounds to whole numbers, which then are the last bits.
    const TO_WHOLE: f64 = 6_755_399_441_055_744.0;
    let shifted = x * (64.0 * std::f64::consts::LOG2_E) + TO_WHOLE;
    let n = shifted.to_bits() as i32;
    let part = (shifted - TO_WHOLE) * (1.0 / 64.0);
    let r = Double::sum(x - part * LN_2[0], -part * LN_2[1]);
    ((n >> 6) as i64, (n & 63) as usize, Double { hi: r.hi, lo: r.lo - part * LN_2[2] })
}

/// 2^(j/64) e^r with an error below 2⁻⁶⁴. The lower part may be as large as 2⁻¹⁵.
#[inline(always)]
fn mantissa(j: usize, r: Double) -> Double {
    let (upper, lower) = SPLIT_POWERS[j];
    let x = r.hi;
    let square = x * x;
    let more =
        square * ((0.5 + x * (1.0 / 6.0)) + square * ((1.0 / 24.0 + x * (1.0 / 120.0)) + square * (1.0 / 720.0)));
    // 26 bits times 26 or 27 bits are exact.
    let (x1, x2) = halves(x);
    let y = Double::ordered_sum(upper, upper * x1);
    Double { hi: y.hi, lo: y.lo + (upper * x2 + (lower + (lower * x + (upper + lower) * (more + (r.lo + r.lo * x))))) }
}

/// The same to 2⁻¹⁰⁰.
#[cold]
#[inline(never)]
fn long_mantissa(j: usize, r: Double) -> Double {
    let power = POWERS[j];
    let r = Double::sum(r.hi, r.lo);
    power.plus(power.times(series(r, 14)))
}

/// y · 2^k, rounded once.
#[inline(always)]
fn scaled(y: f64, k: i64) -> f64 {
    if (-1021..1023).contains(&k) {
        f64::from_bits(y.to_bits().wrapping_add((k as u64) << 52))
    } else {
        y * power_of_two(k / 2) * power_of_two(k - k / 2)
    }
}

/// 2⁻⁶³: above the error of [`mantissa`].
const BOUND: f64 = 1.0 / (1u64 << 63) as f64;

/// e^x.
#[inline]
pub fn exp(x: f64) -> f64 {
    if x.is_nan() || x.abs() >= 745.2 {
        return if x.is_nan() {
            x
        } else if x > 0.0 {
            f64::INFINITY
        } else {
            0.0
        };
    }
    let (k, j, r) = reduced(x);
    let y = rounded(mantissa(j, r), BOUND);
    scaled(y.unwrap_or_else(|| long_mantissa(j, r).hi), k)
}

/// e^x − 1.
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    if x.is_nan() || x.abs() >= 709.0 {
        return if x < 0.0 { -1.0 } else { exp(x) };
    }
    if x.abs() < 0.0625 {
        return small(x);
    }
    let (k, j, r) = reduced(x);
    // Below −40 nothing is left of e^x, above 40 nothing of the 1.
    let k = k.max(-200);
    let one = -power_of_two((-k).max(-1022));
    let less_one = |y: Double| {
        let s = Double::sum(y.hi, one);
        Double { hi: s.hi, lo: s.lo + y.lo }
    };
    let y = rounded(less_one(mantissa(j, r)), BOUND * (1.0 - one));
    let y = y.unwrap_or_else(|| long_mantissa(j, r).plus(Double::new(one)).hi);
    y * power_of_two(k)
}

/// e^x − 1 for |x| < 1/16.
#[inline(always)]
fn small(x: f64) -> f64 {
    let square = x * x;
    if square < 1e-40 {
        return x;
    }
    let square = Double::product(x, x);
    let more = square.hi
        * x
        * (1.0 / 6.0
            + x * (1.0 / 24.0
                + x * (1.0 / 120.0
                    + x * (1.0 / 720.0
                        + x * (1.0 / 5040.0
                            + x * (1.0 / 40_320.0
                                + x * (1.0 / 362_880.0 + x * (1.0 / 3_628_800.0 + x * (1.0 / 39_916_800.0)))))))));
    let y = Double::ordered_sum(x, 0.5 * square.hi);
    let y = Double { hi: y.hi, lo: y.lo + (0.5 * square.lo + more) };
    rounded(y, x.abs() * square.hi * (1.0 / (1u64 << 54) as f64) + x.abs() * (1.0 / (1u64 << 62) as f64 / 16.0))
        .unwrap_or_else(|| long_small(x))
}

#[cold]
#[inline(never)]
fn long_small(x: f64) -> f64 {
    series(Double::new(x), 20).hi
}
