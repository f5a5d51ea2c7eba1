//! Whole random numbers: Poisson, binomial, hypergeometric.
//!
//! Small means are drawn by inversion, larger ones by rejection from a hat of a triangle or rectangle in the middle and
//! exponential tails. All logarithms are our own, so that the numbers are the same on every platform.

use super::stream::Stream;
use crate::math;

/// A mean below which inversion is faster than rejection.
const SMALL: f64 = 10.0;

/// Number of successes in `n` trials, each with probability `p`.
#[derive(Clone, Copy, Debug)]
pub struct Binomial {
    n: u64,
    /// Of the rarer outcome; `flipped` if that is a failure.
    p: f64,
    flipped: bool,
    way: Way,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    /// Only one outcome is possible.
    Certain,
    /// Probability of no success.
    Inversion(f64),
    Rejection(Hat),
}

/// The regions of Kachitvichyanukul & Schmeiser 1988, Commun ACM 31:216 (BTPE), in their letters.
#[derive(Clone, Copy, Debug)]
struct Hat {
    m: f64,
    xm: f64,
    xl: f64,
    xr: f64,
    c: f64,
    lambda_l: f64,
    lambda_r: f64,
    p1: f64,
    p2: f64,
    p3: f64,
    p4: f64,
}

impl Binomial {
    /// `p` outside of 0 to 1 counts as the nearer end.
    pub fn new(n: u64, p: f64) -> Binomial {
        let flipped = p > 0.5;
        let p = if flipped { (1.0 - p).max(0.0) } else { p.max(0.0) };
        let (q, np) = (1.0 - p, n as f64 * p);
        let way = if p == 0.0 {
            Way::Certain
        } else if np < SMALL {
            Way::Inversion(math::exp(n as f64 * math::ln_1p(-p)))
        } else {
            let (spread, fm) = (np * q, np + p);
            let p1 = (2.195 * spread.sqrt() - 4.6 * q).floor() + 0.5;
            let m = fm.floor();
            let xm = m + 0.5;
            let (xl, xr) = (xm - p1, xm + p1);
            let c = 0.134 + 20.5 / (15.3 + m);
            let lambda = |a: f64| a * (1.0 + 0.5 * a);
            let (lambda_l, lambda_r) = (lambda((fm - xl) / (fm - xl * p)), lambda((xr - fm) / (xr * q)));
            let p2 = p1 * (1.0 + 2.0 * c);
            let p3 = p2 + c / lambda_l;
            Way::Rejection(Hat { m, xm, xl, xr, c, lambda_l, lambda_r, p1, p2, p3, p4: p3 + c / lambda_r })
        };
        Binomial { n, p, flipped, way }
    }

    pub fn draw(&self, stream: &mut Stream) -> u64 {
        let rarer = match &self.way {
            Way::Certain => 0,
            Way::Inversion(none) => self.invert(*none, stream),
            Way::Rejection(hat) => self.reject(hat, stream) as u64,
        };
        if self.flipped { self.n - rarer } else { rarer }
    }

    fn invert(&self, none: f64, stream: &mut Stream) -> u64 {
        // Rounding can leave a remainder that no count takes up; so many events do not happen.
        const MOST: u64 = 110;
        let odds = self.p / (1.0 - self.p);
        let per_trial = (self.n as f64 + 1.0) * odds;
        loop {
            let (mut left, mut probability, mut count) = (stream.uniform(), none, 0);
            while left > probability && count <= MOST {
                left -= probability;
                count += 1;
                probability *= per_trial / count as f64 - odds;
            }
            if count <= MOST {
                return count;
            }
        }
    }

    fn reject(&self, hat: &Hat, stream: &mut Stream) -> f64 {
        let n = self.n as f64;
        loop {
            let u = Stream::short_uniform(stream.next()) * hat.p4;
            let v = Stream::short_uniform(stream.next());
            let (y, v) = if u <= hat.p1 {
                return (hat.xm - hat.p1 * v + u).floor();
            } else if u <= hat.p2 {
                let x = hat.xl + (u - hat.p1) / hat.c;
                (x.floor(), v * hat.c + 1.0 - (x - hat.xm).abs() / hat.p1)
            } else if u <= hat.p3 {
                let x = hat.xl + math::ln(v) / hat.lambda_l;
                (x.floor(), v * ((u - hat.p2) * hat.lambda_l))
            } else {
                let x = hat.xr - math::ln(v) / hat.lambda_r;
                (x.floor(), v * ((u - hat.p3) * hat.lambda_r))
            };
            let parallelogram = u <= hat.p2;
            if y >= 0.0 && y <= n && !(parallelogram && v > 1.0) && self.accepts(hat, y, v) {
                return y;
            }
        }
    }

    /// Whether v ≤ f(y) / f(m).
    fn accepts(&self, hat: &Hat, y: f64, v: f64) -> bool {
        let (n, p, m) = (self.n as f64, self.p, hat.m);
        let q = 1.0 - p;
        let spread = n * p * q;
        let k = (y - m).abs();
        if k <= 20.0 || k >= 0.5 * spread - 1.0 {
            return v <= self.relative(m as u64, y as u64);
        }
        let rho = (k / spread) * ((k * (k / 3.0 + 0.625) + 1.0 / 6.0) / spread + 0.5);
        let t = -0.5 * k * k / spread;
        let ln_v = math::ln(v);
        if ln_v < t - rho || ln_v > t + rho {
            return ln_v < t - rho;
        }
        let (x1, f1, z, w) = (y + 1.0, m + 1.0, n - m + 1.0, n - y + 1.0);
        let exact = hat.xm * math::ln(f1 / x1)
            + (n - m + 0.5) * math::ln(z / w)
            + (y - m) * math::ln(w * p / (x1 * q))
            + stirling(f1)
            + stirling(z)
            - stirling(x1)
            - stirling(w);
        ln_v <= exact
    }

    /// f(y) / f(m) by the ratios of neighbours.
    fn relative(&self, m: u64, y: u64) -> f64 {
        let odds = self.p / (1.0 - self.p);
        let per_trial = odds * (self.n as f64 + 1.0);
        let ratio = |i: u64| per_trial / i as f64 - odds;
        let up = (m + 1..=y).fold(1.0, |f, i| f * ratio(i));
        (y + 1..=m).fold(up, |f, i| f / ratio(i))
    }
}

/// The rest of Stirling's formula for ln (a − 1)!.
fn stirling(a: f64) -> f64 {
    let square = a * a;
    (13860.0 - (462.0 - (132.0 - (99.0 - 140.0 / square) / square) / square) / square) / a / 166_320.0
}

/// Number of marked ones among `sample` that are drawn, without putting back, of `all`, `marked` of which are.
pub fn hypergeometric(stream: &mut Stream, all: u64, marked: u64, sample: u64) -> u64 {
    // Counted are the rarer kind, in the smaller of what is drawn and what is left.
    let rarer = marked.min(all - marked);
    let drawn = if sample <= all / 2 { sample } else { all - sample };
    let of_rarer = Urn { n1: rarer, n2: all - rarer, k: drawn }.draw(stream);
    let of_rarer = if sample <= all / 2 { of_rarer } else { rarer - of_rarer };
    if marked <= all - marked { of_rarer } else { sample - of_rarer }
}

/// n1 of one kind, n2 of the other, k are drawn; n1 ≤ n2 and 2 k ≤ n1 + n2.
///
/// Kachitvichyanukul & Schmeiser 1985, J Stat Comput Simul 22:127 (HIN, H2PE), in their letters.
struct Urn {
    n1: u64,
    n2: u64,
    k: u64,
}

impl Urn {
    fn numbers(&self) -> [f64; 3] {
        [self.n1, self.n2, self.k].map(|n| n as f64)
    }

    fn draw(&self, stream: &mut Stream) -> u64 {
        let [n1, n2, k] = self.numbers();
        let m = ((k + 1.0) * (n1 + 1.0) / (n1 + n2 + 2.0)).floor();
        if m < SMALL { self.invert(stream) } else { self.reject(m, stream) }
    }

    fn invert(&self, stream: &mut Stream) -> u64 {
        let [n1, n2, k] = self.numbers();
        // None of the rarer kind.
        let mut probability = (0..self.k).fold(1.0, |p, i| p * ((n2 - i as f64) / (n1 + n2 - i as f64)));
        let (mut left, mut x) = (stream.uniform(), 0.0);
        while left > probability && x < k.min(n1) {
            left -= probability;
            probability *= (n1 - x) * (k - x);
            probability /= (x + 1.0) * (n2 - k + 1.0 + x);
            x += 1.0;
        }
        x as u64
    }

    fn reject(&self, m: f64, stream: &mut Stream) -> u64 {
        let [n1, n2, k] = self.numbers();
        let n = n1 + n2;
        let a = self.ln_ways(m);
        let d = 1.5 * ((n - k) * k * n1 * n2 / ((n - 1.0) * n * n)).sqrt() + 0.5;
        let (xl, xr) = (m - d + 0.5, m + d + 0.5);
        let (kl, kr) = (math::exp(a - self.ln_ways(xl)), math::exp(a - self.ln_ways(xr - 1.0)));
        let lambda_l = -math::ln(xl * (n2 - k + xl) / ((n1 - xl + 1.0) * (k - xl + 1.0)));
        let lambda_r = -math::ln((n1 - xr + 1.0) * (k - xr + 1.0) / (xr * (n2 - k + xr)));
        let p1 = 2.0 * d;
        let p2 = p1 + kl / lambda_l;
        let p3 = p2 + kr / lambda_r;
        loop {
            let u = Stream::short_uniform(stream.next()) * p3;
            let v = stream.uniform();
            let (y, v) = if u <= p1 {
                ((xl + u).floor(), v)
            } else if u <= p2 {
                ((xl + math::ln(v) / lambda_l).floor(), v * (u - p1) * lambda_l)
            } else {
                ((xr - math::ln(v) / lambda_r).floor(), v * (u - p2) * lambda_r)
            };
            if y < 0.0 || y > n1.min(k) {
                continue;
            }
            let accepted =
                if m < 100.0 || y <= 50.0 { v <= self.relative(m, y) } else { math::ln(v) <= a - self.ln_ways(y) };
            if accepted {
                return y as u64;
            }
        }
    }

    /// f(y) / f(m) by the ratios of neighbours.
    fn relative(&self, m: f64, y: f64) -> f64 {
        let [n1, n2, k] = self.numbers();
        let mut f = 1.0;
        for i in m as u64 + 1..=y as u64 {
            let i = i as f64;
            f *= (n1 - i + 1.0) * (k - i + 1.0);
            f /= i * (n2 - k + i);
        }
        for i in y as u64 + 1..=m as u64 {
            let i = i as f64;
            f *= i * (n2 - k + i);
            f /= (n1 - i + 1.0) * (k - i + 1.0);
        }
        f
    }

    /// − ln f(x), up to a constant.
    fn ln_ways(&self, x: f64) -> f64 {
        let [n1, n2, k] = self.numbers();
        ln_factorial(x) + ln_factorial(n1 - x) + ln_factorial(k - x) + ln_factorial(n2 - k + x)
    }
}

/// ln v! for v ≥ 0, also between whole numbers: Stirling's series for (v + 3)!, divided by what is too much.
fn ln_factorial(v: f64) -> f64 {
    let w = v + 3.0;
    let ln_root_tau = 0.918_938_533_204_672_8;
    (w + 0.5) * math::ln(w) - w + ln_root_tau + 1.0 / (12.0 * w)
        - 1.0 / (360.0 * w * w * w)
        - math::ln((v + 3.0) * (v + 2.0) * (v + 1.0))
}

/// Number of events of a Poisson process with a mean of at least 10.
///
/// Hörmann 1993, Insurance Math Econ 12:39 (PTRS), in its letters.
pub fn large_poisson(stream: &mut Stream, mean: f64) -> u64 {
    let (root, ln_mean) = (mean.sqrt(), math::ln(mean));
    let b = 0.931 + 2.53 * root;
    let a = -0.059 + 0.024_83 * b;
    let one_over_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let v_r = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let (u, v) = (stream.uniform() - 0.5, stream.uniform());
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
        if us >= 0.07 && v <= v_r {
            return k as u64;
        }
        if k < 0.0 || us < 0.013 && v > us {
            continue;
        }
        let hat = math::ln(v * one_over_alpha / (a / (us * us) + b));
        if hat <= k * ln_mean - mean - ln_factorial(k) {
            return k as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pearson's χ² of `draws` numbers against probabilities, which are given up to a factor as ratios of neighbours.
    fn check(name: &str, most: u64, ratio: impl Fn(u64) -> f64, mut draw: impl FnMut() -> u64, mode: u64) {
        let mut probability = vec![1.0f64; most as usize + 1];
        for i in mode + 1..=most {
            probability[i as usize] = probability[i as usize - 1] * ratio(i);
        }
        for i in (1..=mode).rev() {
            probability[i as usize - 1] = probability[i as usize] / ratio(i);
        }
        let total: f64 = probability.iter().sum();
        let draws = 200_000;
        let mut counts = vec![0u32; most as usize + 1];
        (0..draws).for_each(|_| counts[draw() as usize] += 1);
        // Rare numbers are taken together.
        let (mut chi2, mut cells, mut expected, mut seen) = (0.0, 0.0f64, 0.0, 0.0);
        for (p, count) in probability.iter().zip(&counts) {
            expected += p / total * draws as f64;
            seen += *count as f64;
            if expected >= 20.0 {
                chi2 += (seen - expected) * (seen - expected) / expected;
                (cells, expected, seen) = (cells + 1.0, 0.0, 0.0);
            }
        }
        assert!(chi2 < cells + 5.0 * (2.0 * cells).sqrt(), "{name}: χ² {chi2} with {cells} cells");
    }

    #[test]
    fn binomial_numbers_have_their_probabilities() {
        let mut stream = Stream::new(21);
        for (n, p) in [(20, 0.3), (100, 0.05), (40, 0.5), (300, 0.2), (300, 0.93), (20_000, 0.4)] {
            let (binomial, n_real) = (Binomial::new(n, p), n as f64);
            let ratio = |i: u64| (n_real - i as f64 + 1.0) / i as f64 * p / (1.0 - p);
            check(&format!("{n} trials, {p}"), n, ratio, || binomial.draw(&mut stream), (n_real * p) as u64);
        }
        assert_eq!([0.0, -1.0, 1.0, 2.0].map(|p| Binomial::new(50, p).draw(&mut stream)), [0, 0, 50, 50]);
    }

    #[test]
    fn hypergeometric_numbers_have_their_probabilities() {
        let mut stream = Stream::new(22);
        for (all, marked, sample) in
            [(30, 10, 8), (60, 50, 20), (500, 200, 100), (500, 300, 400), (9000, 4000, 1000), (40, 20, 20), (10, 10, 4)]
        {
            let ratio = |i: u64| {
                let other = (all - marked) as f64 - sample as f64;
                (marked as f64 - i as f64 + 1.0) * (sample as f64 - i as f64 + 1.0) / (i as f64 * (other + i as f64))
            };
            let mode = ((sample + 1) as f64 * (marked + 1) as f64 / (all + 2) as f64) as u64;
            let (name, most) = (format!("{sample} of {all}, {marked} marked"), marked.min(sample));
            if sample + marked > all {
                // Counts below what is drawn for sure are impossible.
                let sure = sample + marked - all;
                check(
                    &name,
                    most - sure,
                    |i| ratio(i + sure),
                    || hypergeometric(&mut stream, all, marked, sample) - sure,
                    mode - sure,
                );
            } else {
                check(&name, most, ratio, || hypergeometric(&mut stream, all, marked, sample), mode.min(most));
            }
        }
    }

    #[test]
    fn large_poisson_numbers_have_their_probabilities() {
        let mut stream = Stream::new(23);
        for mean in [10.0, 17.3, 150.0, 5000.5] {
            let most = (mean + 12.0 * f64::sqrt(mean)) as u64;
            let draw = || large_poisson(&mut stream, mean).min(most);
            check(&format!("mean {mean}"), most, |i| mean / i as f64, draw, mean as u64);
        }
    }

    #[test]
    fn factorials_between_whole_numbers_are_smooth() {
        let mut product = 1.0f64;
        for n in 1..20 {
            product *= n as f64;
            assert!((ln_factorial(n as f64) - math::ln(product)).abs() < 1e-5, "{n}!");
        }
    }
}
