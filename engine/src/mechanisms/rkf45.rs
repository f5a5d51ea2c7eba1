//! Runge-Kutta-Fehlberg 4(5) with step-size control, bounded by the grid step.
//!
//! All lanes try one sub-step side by side; the few lanes that need more than one are
//! then done one by one with the scalar form of the same arithmetic, so that every neuron
//! gets the same numbers whatever stands beside it.
//!
//! Fehlberg 1969, NASA TR R-315; step-size control as stated in `adapt`.

use super::lanes::Real;

/// Sub-steps smaller than this fraction of the grid step are not tried.
const SMALLEST: f64 = 1e-9;
/// More sub-steps of one grid step are not tried: equations that stiff belong to no cell.
const MOST: usize = 5_000;

/// A system of N ordinary differential equations.
pub trait Equations<const N: usize> {
    /// The derivatives at `y` (per ms) for the lanes that start at `lane` of the block.
    fn derivatives<R: Real>(&self, lane: usize, y: &[R; N]) -> [R; N];
}

/// y + step · slope, component by component.
#[inline(always)]
fn stage<const N: usize, R: Real>(y: &[R; N], step: R, slope: impl Fn(usize) -> R) -> [R; N] {
    std::array::from_fn(|i| y[i] + step * slope(i))
}

/// One trial step: the fifth-order solution and its error estimate.
#[inline(always)]
fn trial<const N: usize, R: Real, E: Equations<N>>(
    equations: &E,
    lane: usize,
    y: &[R; N],
    k1: &[R; N],
    step: R,
) -> ([R; N], [R; N]) {
    let c = |a: f64, b: f64| R::of(a / b);
    let k2 = equations.derivatives(lane, &stage(y, step, |i| c(1.0, 4.0) * k1[i]));
    let k3 = equations.derivatives(lane, &stage(y, step, |i| c(3.0, 32.0) * k1[i] + c(9.0, 32.0) * k2[i]));
    let k4 = equations.derivatives(
        lane,
        &stage(y, step, |i| c(1932.0, 2197.0) * k1[i] - c(7200.0, 2197.0) * k2[i] + c(7296.0, 2197.0) * k3[i]),
    );
    let k5 = equations.derivatives(
        lane,
        &stage(y, step, |i| {
            c(439.0, 216.0) * k1[i] - R::of(8.0) * k2[i] + c(3680.0, 513.0) * k3[i] - c(845.0, 4104.0) * k4[i]
        }),
    );
    let k6 = equations.derivatives(
        lane,
        &stage(y, step, |i| {
            c(-8.0, 27.0) * k1[i] + R::of(2.0) * k2[i] - c(3544.0, 2565.0) * k3[i] + c(1859.0, 4104.0) * k4[i]
                - c(11.0, 40.0) * k5[i]
        }),
    );
    let next = stage(y, step, |i| {
        c(16.0, 135.0) * k1[i] + c(6656.0, 12825.0) * k3[i] + c(28561.0, 56430.0) * k4[i] - c(9.0, 50.0) * k5[i]
            + c(2.0, 55.0) * k6[i]
    });
    let error = std::array::from_fn(|i| {
        step * (c(1.0, 360.0) * k1[i] - c(128.0, 4275.0) * k3[i] - c(2197.0, 75240.0) * k4[i]
            + c(1.0, 50.0) * k5[i]
            + c(2.0, 55.0) * k6[i])
    });
    (next, error)
}

/// Largest error in units of the absolute tolerance.
#[inline(always)]
fn ratio<const N: usize, R: Real>(error: &[R; N], tolerance: f64) -> R {
    let mut r = R::of(0.0);
    let mut sum = R::of(0.0);
    for e in error {
        let e = e.abs() * R::of(1.0 / tolerance);
        sum = sum + e;
        r = r.max(e);
    }
    // What is not finite must not pass: then 0 · sum is NaN, and so is the result.
    r + sum * R::of(0.0)
}

/// Advances `y` by the grid step `h` (ms) with absolute tolerance `tolerance` in every component.
///
/// `suggested` is the step size that each neuron carries from step to step.
#[inline(always)]
pub fn advance<const N: usize, R: Real, E: Equations<N>>(
    equations: &E,
    lane: usize,
    y: &mut [R; N],
    suggested: &mut R,
    h: f64,
    tolerance: f64,
) {
    let whole = R::of(h);
    let k1 = equations.derivatives(lane, y);
    let (next, error) = trial(equations, lane, y, &k1, whole);
    let r = ratio(&error, tolerance);
    // Through in one sub-step: allowed by the suggestion and accurate enough. The suggestion
    // then stays at h or above, where its exact value decides nothing.
    let through = R::and(suggested.ge(whole), R::of(1.1).ge(r));
    let slow = !R::bits(through) & (u64::MAX >> (64 - R::LANES));
    if slow == 0 {
        *y = next;
        *suggested = R::select(R::of(0.5).gt(r), *suggested, whole);
        return;
    }
    let mut old = [[0.0; 8]; N];
    let mut new = [[0.0; 8]; N];
    let mut sizes = [0.0; 8];
    for i in 0..N {
        y[i].store(&mut old[i]);
        next[i].store(&mut new[i]);
    }
    R::select(through, R::select(R::of(0.5).gt(r), *suggested, whole), *suggested).store(&mut sizes);
    for l in (0..R::LANES).filter(|l| slow >> l & 1 != 0) {
        let mut state: [f64; N] = std::array::from_fn(|i| old[i][l]);
        sizes[l] = advance_one(equations, lane + l, &mut state, sizes[l], h, tolerance);
        for i in 0..N {
            new[i][l] = state[i];
        }
    }
    for i in 0..N {
        y[i] = R::load(&new[i]);
    }
    *suggested = R::load(&sizes);
}

/// One neuron through the grid step in as many sub-steps as it needs; returns the new suggestion.
///
/// Kept out of line: it is the rare path.
#[inline(never)]
fn advance_one<const N: usize, E: Equations<N>>(
    equations: &E,
    lane: usize,
    y: &mut [f64; N],
    mut suggested: f64,
    h: f64,
    tolerance: f64,
) -> f64 {
    let (mut t, mut tried) = (0.0, 0);
    while t < h {
        let remaining = h - t;
        let mut step = suggested;
        let k1 = equations.derivatives(lane, y);
        loop {
            let last = step > remaining;
            if last {
                step = remaining;
            }
            tried += 1;
            if tried > MOST {
                *y = [f64::NAN; N];
                return h;
            }
            let (next, error) = trial(equations, lane, y, &k1, step);
            let r = ratio(&error, tolerance);
            let reached = if last { h } else { t + step };
            if r <= 1.1 {
                // Accepted: grow after a very accurate step, by at most a factor of 5.
                suggested = if r < 0.5 { step * (0.9 * r.powf(-1.0 / 6.0)).clamp(1.0, 5.0) } else { step };
                (*y, t) = (next, reached);
                break;
            }
            let factor = if r.is_finite() { (0.9 * r.powf(-0.2)).max(0.2) } else { 0.2 };
            let smaller = step * factor;
            if smaller < h * SMALLEST {
                // No step is small enough: the state is given up, which the caller reports.
                *y = [f64::NAN; N];
                return h;
            }
            step = smaller;
        }
    }
    suggested
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Oscillator;
    impl Equations<2> for Oscillator {
        fn derivatives<R: Real>(&self, _: usize, y: &[R; 2]) -> [R; 2] {
            [y[1], -y[0] * R::of(25.0)]
        }
    }

    #[test]
    fn a_state_that_cannot_be_followed_is_given_up() {
        struct Explosion;
        impl Equations<1> for Explosion {
            fn derivatives<R: Real>(&self, _: usize, y: &[R; 1]) -> [R; 1] {
                [y[0] * y[0] * R::of(1e200)]
            }
        }
        let (mut y, mut size) = ([1e100], 0.1);
        advance(&Explosion, 0, &mut y, &mut size, 0.1, 1e-3);
        assert!(y[0].is_nan());
    }

    #[test]
    fn a_state_that_needs_endless_steps_is_given_up() {
        struct Stiff;
        impl Equations<1> for Stiff {
            fn derivatives<R: Real>(&self, _: usize, y: &[R; 1]) -> [R; 1] {
                [(R::of(1.0) - y[0]) * R::of(1e7)]
            }
        }
        let (mut y, mut size) = ([0.0], 0.1);
        advance(&Stiff, 0, &mut y, &mut size, 0.1, 1e-3);
        assert!(y[0].is_nan());
    }

    #[test]
    fn an_oscillator_keeps_its_phase() {
        let (mut y, mut size) = ([1.0, 0.0], 0.5);
        for _ in 0..200 {
            advance(&Oscillator, 0, &mut y, &mut size, 0.5, 1e-9);
        }
        assert!((y[0] - (5.0 * 100.0f64).cos()).abs() < 1e-5, "{y:?}");
        assert!(size < 0.5, "accuracy needs sub-steps here");
    }
}
