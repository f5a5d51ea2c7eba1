//! ln x and ln(1 + x).
//!
//! x = 2^k m; a number c close to 1/m from a table leaves r = c m − 1, |r| < 2⁻⁷, without rounding; then
//! ln x = k ln 2 − ln c + ln(1 + r) (Tang 1990, ACM Trans Math Softw 16:378).

use super::double::{Double, LN_2, halves, power_of_two, rounded};

/// c, a number of at most 10 bits.
const fn near_reciprocal(i: usize) -> f64 {
    // The middle of the piece; those next to 1 have c = 1, so that logarithms near 0 lose nothing.
    let middle = (i as f64 + 0.5) / 128.0 + 1.0;
    let middle = if i >= ROOT { middle * 0.5 } else { middle };
    if i == 0 || i == 127 {
        return 1.0;
    }
    ((512.0 / middle + 0.5) as u64) as f64 / 512.0
}

/// Pieces from here on, those above √2, stand for the half of what they are.
const ROOT: usize = 53;

/// c and −ln c for the 128 pieces of [1, 2).
const PIECES: [(f64, Double); 128] = {
    let mut pieces = [(1.0, Double::new(0.0)); 128];
    let mut i = 0;
    while i < 128 {
        let c = near_reciprocal(i);
        let l = series(Double::new(c - 1.0), 30);
        pieces[i] = (c, Double { hi: -l.hi, lo: -l.lo });
        i += 1;
    }
    pieces
};

/// ln(1 + r) = 2 artanh(r / (2 + r)), by `terms` terms.
const fn series(r: Double, terms: usize) -> Double {
    let s = r.over(Double::new(2.0).plus(r));
    let square = s.times(s);
    let mut sum = Double::new(0.0);
    let mut n = terms;
    while n > 0 {
        n -= 1;
        sum = sum.times(square).plus(Double::reciprocal(2 * n + 1));
    }
    sum.times(s).scaled(2.0)
}

/// ln of `x` / 2^`halvings`; `x` is positive, normal and finite.
#[inline(always)]
fn ln_of(x: Double, halvings: i64) -> f64 {
    let bits = x.hi.to_bits();
    let piece = (bits >> 45 & 127) as usize;
    let above = (piece >= ROOT) as i64;
    let k = (bits >> 52) as i64 - 1023 + above;
    let m = f64::from_bits((bits & ((1 << 52) - 1)) | ((1023 - above) as u64) << 52);
    let (c, minus_ln_c) = PIECES[piece];
    let (m1, m2) = halves(m);
    let r = Double::sum(m1 * c - 1.0, m2 * c);
    let r = if x.lo == 0.0 { r } else { Double::sum(r.hi, r.lo + x.lo * power_of_two((-k).max(-1022)) * c) };
    let k = (k - halvings) as f64;
    let (short, bound) = short_sum(k, minus_ln_c, r);
    rounded(short, bound).unwrap_or_else(|| long_sum(k, minus_ln_c, r))
}

/// k ln 2 − ln c + ln(1 + r), and a bound of its error.
#[inline(always)]
fn short_sum(k: f64, minus_ln_c: Double, r: Double) -> (Double, f64) {
    let x = r.hi;
    let square = x * x;
    let more = square
        * (x * (1.0 / 3.0
            + x * (-0.25 + x * (0.2 + x * (-1.0 / 6.0 + x * (1.0 / 7.0 + x * (-0.125 + x * (1.0 / 9.0))))))));
    let big = Double::ordered_sum(k * LN_2[0], minus_ln_c.hi);
    let first = Double::ordered_sum(big.hi, x);
    let first = if big.hi == 0.0 { Double::new(x) } else { first };
    let lo = first.lo
        + big.lo
        + (-0.5 * square + (more + (r.lo * (1.0 - x) + (k * LN_2[1] + (minus_ln_c.lo + k * LN_2[2])))));
    const E: f64 = 1.0 / (1u64 << 52) as f64;
    (Double { hi: first.hi, lo }, E * (square + first.hi.abs() * (1.0 / 16384.0)))
}

/// The same to 2⁻¹⁰⁰.
#[cold]
#[inline(never)]
fn long_sum(k: f64, minus_ln_c: Double, r: Double) -> f64 {
    let whole = Double::sum(k * LN_2[0], k * LN_2[1]).plus(Double::product(k, LN_2[2]));
    whole.plus(minus_ln_c).plus(series(r, 12)).hi
}

/// Natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    if (f64::MIN_POSITIVE..f64::INFINITY).contains(&x) {
        return ln_of(Double::new(x), 0);
    }
    if x == 0.0 {
        f64::NEG_INFINITY
    } else if x > 0.0 && x < 1.0 {
        // Below the normal numbers: brought up by 2⁵⁴.
        ln_of(Double::new(x * 18_014_398_509_481_984.0), 54)
    } else if x < 0.0 {
        f64::NAN
    } else {
        x
    }
}

/// ln(1 + x).
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    if x.abs() < 1e-20 {
        return x;
    }
    if x.is_nan() || x <= -1.0 || x == f64::INFINITY {
        return if x == -1.0 {
            f64::NEG_INFINITY
        } else if x < 0.0 {
            f64::NAN
        } else {
            x
        };
    }
    ln_of(Double::sum(1.0, x), 0)
}
