//! Numbers that carry a derivative: the same model text that runs in lanes tells with them how what it computes depends on a
//! weight or a parameter.
//!
//! The step of a spike has no derivative; a surrogate stands for it, as the type says. In memory a number takes two places,
//! its value and then its derivative.
//!
//! Bellec et al. 2018, Adv Neural Inf Process Syst 31; Neftci, Mostafa & Zenke 2019, IEEE Signal Process Mag 36:51.

use std::marker::PhantomData;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::lanes::Real;
use super::surrogates::Surrogate;

/// What stands for the slope of the step.
pub trait Slope: Copy + 'static {
    /// At a distance from the threshold.
    fn slope(x: f64) -> f64;
}

/// The surrogate that models have unless another is chosen.
#[derive(Clone, Copy, Debug)]
pub struct Usual;

impl Slope for Usual {
    fn slope(x: f64) -> f64 {
        Surrogate::USUAL.slope(x)
    }
}

/// A number and its derivative.
#[derive(Clone, Copy, Debug)]
pub struct Dual<S = Usual> {
    pub value: f64,
    pub slope: f64,
    surrogate: PhantomData<S>,
}

/// The result of a comparison, with the derivative that a surrogate gives it.
#[derive(Clone, Copy, Debug)]
pub struct DualMask {
    pub set: bool,
    pub slope: f64,
}

impl<S> Dual<S> {
    pub fn new(value: f64, slope: f64) -> Self {
        Dual { value, slope, surrogate: PhantomData }
    }
}

impl<S: Slope> Add for Dual<S> {
    type Output = Self;
    fn add(self, b: Self) -> Self {
        Dual::new(self.value + b.value, self.slope + b.slope)
    }
}
impl<S: Slope> Sub for Dual<S> {
    type Output = Self;
    fn sub(self, b: Self) -> Self {
        Dual::new(self.value - b.value, self.slope - b.slope)
    }
}
impl<S: Slope> Mul for Dual<S> {
    type Output = Self;
    fn mul(self, b: Self) -> Self {
        Dual::new(self.value * b.value, self.slope * b.value + self.value * b.slope)
    }
}
impl<S: Slope> Div for Dual<S> {
    type Output = Self;
    fn div(self, b: Self) -> Self {
        let value = self.value / b.value;
        Dual::new(value, (self.slope - value * b.slope) / b.value)
    }
}
impl<S: Slope> Neg for Dual<S> {
    type Output = Self;
    fn neg(self) -> Self {
        Dual::new(-self.value, -self.slope)
    }
}

impl<S: Slope> Real for Dual<S> {
    const LANES: usize = 1;
    type Mask = DualMask;
    type Wide = Self;

    fn of(x: f64) -> Self {
        Dual::new(x, 0.0)
    }
    fn load(from: &[f64]) -> Self {
        Dual::new(from[0], from[1])
    }
    fn store(self, to: &mut [f64]) {
        (to[0], to[1]) = (self.value, self.slope);
    }
    fn spike(potential: Self, threshold: Self) -> DualMask {
        let x = potential - threshold;
        let slope = if x.slope == 0.0 { 0.0 } else { S::slope(x.value) * x.slope };
        DualMask { set: potential.value >= threshold.value, slope }
    }
    fn drawn(probability: Self, uniform: Self) -> DualMask {
        // Beyond 1 nothing becomes more certain.
        let slope = if probability.value > 1.0 { 0.0 } else { probability.slope };
        DualMask { set: probability.value > uniform.value, slope }
    }
    fn held(self) -> Self {
        Dual::of(self.value)
    }
    fn ge(self, b: Self) -> DualMask {
        DualMask { set: self.value >= b.value, slope: 0.0 }
    }
    fn gt(self, b: Self) -> DualMask {
        DualMask { set: self.value > b.value, slope: 0.0 }
    }
    fn and(a: DualMask, b: DualMask) -> DualMask {
        let slope = if b.set { a.slope } else { 0.0 } + if a.set { b.slope } else { 0.0 };
        DualMask { set: a.set & b.set, slope }
    }
    fn or(a: DualMask, b: DualMask) -> DualMask {
        let slope = if b.set { 0.0 } else { a.slope } + if a.set { 0.0 } else { b.slope };
        DualMask { set: a.set | b.set, slope }
    }
    fn select(mask: DualMask, yes: Self, no: Self) -> Self {
        let chosen = if mask.set { yes } else { no };
        let by_mask = if mask.slope == 0.0 { 0.0 } else { (yes.value - no.value) * mask.slope };
        Dual::new(chosen.value, chosen.slope + by_mask)
    }
    fn bits(mask: DualMask) -> u64 {
        mask.set as u64
    }
    fn mask(bits: u64) -> DualMask {
        DualMask { set: bits & 1 != 0, slope: 0.0 }
    }
    fn abs(self) -> Self {
        if self.value < 0.0 { -self } else { self }
    }
    fn scale_by_power_of_two(self, n: Self) -> Self {
        let scaled = |x: f64| x.scale_by_power_of_two(n.value);
        Dual::new(scaled(self.value), self.slope * scaled(self.value) / self.value)
    }
    fn split_exponent(self) -> (Self, Self) {
        let (m, k) = self.value.split_exponent();
        (Dual::new(m, self.slope * m / self.value), Dual::of(k))
    }
    fn exp(self) -> Self {
        let value = Real::exp(self.value);
        Dual::new(value, value * self.slope)
    }
    fn ln(self) -> Self {
        Dual::new(Real::ln(self.value), self.slope / self.value)
    }
}
