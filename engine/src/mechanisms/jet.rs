//! Numbers in lanes that carry several derivatives at once: how a step of a model depends on each number it begins with.
//!
//! As with [`dual`](super::dual), a surrogate stands for the derivative of the step of a spike: the one that [`using`] names
//! for the work at hand. In memory such a number takes as many places as it has lanes for its value, then as many for each
//! derivative; constants have none.

use std::cell::Cell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::lanes::Real;
use super::surrogates::Surrogate;

thread_local! {
    /// The surrogate of the work at hand.
    static SURROGATE: Cell<Surrogate> = const { Cell::new(Surrogate::USUAL) };
}

/// Does work in which this surrogate stands for the slope of the step.
pub fn using<T>(surrogate: Surrogate, work: impl FnOnce() -> T) -> T {
    let before = SURROGATE.replace(surrogate);
    let done = work();
    SURROGATE.set(before);
    done
}

/// As many lanes as a vector has at most.
const MOST_LANES: usize = 16;

/// A number and its derivatives by `N` others.
#[derive(Clone, Copy, Debug)]
pub struct Jet<R, const N: usize> {
    pub value: R,
    pub slopes: [R; N],
}

/// The result of a comparison; where it decides about spikes, with its derivatives.
#[derive(Clone, Copy, Debug)]
pub struct JetMask<M, R, const N: usize> {
    pub set: M,
    pub slopes: Option<[R; N]>,
}

/// The derivatives of which this is number `i`. A closure would not melt into the function around it.
macro_rules! each {
    ($i:ident => $slope:expr) => {{
        let mut slopes = [R::of(0.0); N];
        for $i in 0..N {
            slopes[$i] = $slope;
        }
        slopes
    }};
}

impl<R: Real, const N: usize> Jet<R, N> {
    #[inline(always)]
    fn constant(value: R) -> Self {
        Jet { value, slopes: [R::of(0.0); N] }
    }
    /// With all derivatives times the same.
    #[inline(always)]
    fn scaled(self, value: R, by: R) -> Self {
        Jet { value, slopes: each!(i => self.slopes[i] * by) }
    }
}

impl<R: Real, const N: usize> Add for Jet<R, N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, b: Self) -> Self {
        Jet { value: self.value + b.value, slopes: each!(i => self.slopes[i] + b.slopes[i]) }
    }
}
impl<R: Real, const N: usize> Sub for Jet<R, N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, b: Self) -> Self {
        Jet { value: self.value - b.value, slopes: each!(i => self.slopes[i] - b.slopes[i]) }
    }
}
impl<R: Real, const N: usize> Mul for Jet<R, N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, b: Self) -> Self {
        let (x, y) = (self.value, b.value);
        Jet { value: x * y, slopes: each!(i => self.slopes[i] * y + x * b.slopes[i]) }
    }
}
impl<R: Real, const N: usize> Div for Jet<R, N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, b: Self) -> Self {
        let (value, per) = (self.value / b.value, R::of(1.0) / b.value);
        Jet { value, slopes: each!(i => (self.slopes[i] - value * b.slopes[i]) * per) }
    }
}
impl<R: Real, const N: usize> Neg for Jet<R, N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Jet { value: -self.value, slopes: each!(i => -self.slopes[i]) }
    }
}

/// The surrogate's slope in each lane.
#[inline(always)]
fn surrogate_slopes<R: Real>(x: R) -> R {
    let surrogate = SURROGATE.get();
    let mut lanes = [0.0; MOST_LANES];
    x.store(&mut lanes);
    for lane in &mut lanes[..R::LANES] {
        *lane = surrogate.slope(*lane);
    }
    R::load(&lanes)
}

impl<R: Real, const N: usize> Real for Jet<R, N> {
    const LANES: usize = R::LANES;
    type Mask = JetMask<R::Mask, R, N>;
    type Wide = Self;

    #[inline(always)]
    fn of(x: f64) -> Self {
        Self::constant(R::of(x))
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let mut jet = Self::constant(R::load(from));
        for i in 0..N {
            jet.slopes[i] = R::load(&from[(i + 1) * R::LANES..]);
        }
        jet
    }
    /// Only constants lie in halves.
    #[inline(always)]
    fn load_halves(first: &[f64], second: &[f64]) -> Self {
        Self::constant(R::load_halves(first, second))
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        self.value.store(to);
        for i in 0..N {
            self.slopes[i].store(&mut to[(i + 1) * R::LANES..]);
        }
    }
    #[inline(always)]
    fn spike(potential: Self, threshold: Self) -> Self::Mask {
        let x = potential - threshold;
        let slope = surrogate_slopes(x.value);
        let slopes = x.scaled(x.value, slope).slopes;
        JetMask { set: potential.value.ge(threshold.value), slopes: Some(slopes) }
    }
    #[inline(always)]
    fn drawn(probability: Self, uniform: Self) -> Self::Mask {
        // Beyond 1 nothing becomes more certain.
        let certain = probability.value.gt(R::of(1.0));
        let zero = R::of(0.0);
        let slopes = each!(i => R::select(certain, zero, probability.slopes[i]));
        JetMask { set: probability.value.gt(uniform.value), slopes: Some(slopes) }
    }
    #[inline(always)]
    fn held(self) -> Self {
        Self::constant(self.value)
    }
    #[inline(always)]
    fn ge(self, b: Self) -> Self::Mask {
        JetMask { set: self.value.ge(b.value), slopes: None }
    }
    #[inline(always)]
    fn gt(self, b: Self) -> Self::Mask {
        JetMask { set: self.value.gt(b.value), slopes: None }
    }
    #[inline(always)]
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        let (zero, set) = (R::of(0.0), R::and(a.set, b.set));
        let Some((x, y)) = slopes_of_both(a.slopes, b.slopes) else { return JetMask { set, slopes: None } };
        let slopes = each!(i => R::select(b.set, x[i], zero) + R::select(a.set, y[i], zero));
        JetMask { set, slopes: Some(slopes) }
    }
    #[inline(always)]
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        let (zero, set) = (R::of(0.0), R::or(a.set, b.set));
        let Some((x, y)) = slopes_of_both(a.slopes, b.slopes) else { return JetMask { set, slopes: None } };
        let slopes = each!(i => R::select(b.set, zero, x[i]) + R::select(a.set, zero, y[i]));
        JetMask { set, slopes: Some(slopes) }
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        let value = R::select(mask.set, yes.value, no.value);
        let chosen = each!(i => R::select(mask.set, yes.slopes[i], no.slopes[i]));
        let slopes = match mask.slopes {
            None => chosen,
            Some(of_mask) => {
                let gap = yes.value - no.value;
                each!(i => chosen[i] + gap * of_mask[i])
            }
        };
        Jet { value, slopes }
    }
    #[inline(always)]
    fn bits(mask: Self::Mask) -> u64 {
        R::bits(mask.set)
    }
    #[inline(always)]
    fn mask(bits: u64) -> Self::Mask {
        JetMask { set: R::mask(bits), slopes: None }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self::select(Self::gt(Self::of(0.0), self), -self, self)
    }
    #[inline(always)]
    fn scale_by_power_of_two(self, n: Self) -> Self {
        let scaled = self.value.scale_by_power_of_two(n.value);
        self.scaled(scaled, scaled / self.value)
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        let (m, k) = self.value.split_exponent();
        (self.scaled(m, m / self.value), Self::constant(k))
    }
    #[inline(always)]
    fn exp(self) -> Self {
        let value = R::exp(self.value);
        self.scaled(value, value)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        self.scaled(R::ln(self.value), R::of(1.0) / self.value)
    }
}

/// The derivatives of two masks, unless none has any.
#[inline(always)]
fn slopes_of_both<R: Real, const N: usize>(a: Option<[R; N]>, b: Option<[R; N]>) -> Option<([R; N], [R; N])> {
    if a.is_none() && b.is_none() {
        return None;
    }
    let none = [R::of(0.0); N];
    Some((a.unwrap_or(none), b.unwrap_or(none)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::lanes::Two;

    type Two2 = Jet<Two<f64>, 2>;

    /// Two lanes with the derivatives of the first number by itself and of the second by itself.
    fn pair(x: [f64; 2], y: [f64; 2]) -> (Two2, Two2) {
        (Two2::load(&[x[0], x[1], 1.0, 1.0, 0.0, 0.0]), Two2::load(&[y[0], y[1], 0.0, 0.0, 1.0, 1.0]))
    }

    fn stored(x: Two2) -> [f64; 6] {
        let mut to = [0.0; 6];
        x.store(&mut to);
        to
    }

    #[test]
    fn derivatives_are_those_of_finite_differences() {
        fn f<R: Real>(x: R, y: R) -> R {
            let z = (x * y - R::of(2.0)) / (y + R::of(3.0)) + R::exp(-x) * R::ln(y);
            R::select(x.gt(y), z * z, R::abs(z - y))
        }
        let (x, y) = ([0.7, 2.5], [1.9, 1.1]);
        let (jx, jy) = pair(x, y);
        let found = stored(f(jx, jy));
        for lane in 0..2 {
            let at = |x: f64, y: f64| f(x, y);
            let (x, y, eps) = (x[lane], y[lane], 1e-6);
            let by_x = (at(x + eps, y) - at(x - eps, y)) / (2.0 * eps);
            let by_y = (at(x, y + eps) - at(x, y - eps)) / (2.0 * eps);
            let of_lane = [found[lane], found[2 + lane], found[4 + lane]];
            for (found, expected) in of_lane.into_iter().zip([at(x, y), by_x, by_y]) {
                assert!((found - expected).abs() < 1e-8, "lane {lane}: {found} {expected}");
            }
        }
    }

    #[test]
    fn a_spike_has_the_slope_of_the_surrogate_in_use() {
        let surrogate = Surrogate::InvSquareGrad { alpha: 10.0 };
        let (x, y) = pair([0.1, -0.2], [0.0, 0.0]);
        let chosen = using(surrogate, || Two2::select(Two2::spike(x, y), Two2::of(3.0), Two2::of(1.0)));
        let found = stored(chosen);
        let slopes = [0.1, -0.2].map(|x| 2.0 * surrogate.slope(x));
        assert_eq!(found, [3.0, 1.0, slopes[0], slopes[1], -slopes[0], -slopes[1]]);
        let usual = stored(Two2::select(Two2::spike(x, y), Two2::of(1.0), Two2::of(0.0)));
        assert_eq!(usual[2], Surrogate::USUAL.slope(0.1), "the surrogate is that of the work alone");
    }
}
