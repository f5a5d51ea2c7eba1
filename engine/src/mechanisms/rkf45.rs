//! Runge-Kutta-Fehlberg 4(5) with step-size control: the one solver of all models that need one.
//!
//! A grid step is covered by *sub-steps*. In [`attempt`] every lane tries a sub-step of its own size, so
//! neurons that go through the grid step at once and neurons that need many sub-steps stand side by side;
//! whoever calls decides what to do with those that are not through. The same arithmetic with one lane is
//! the reference, and no neuron's numbers depend on what stands beside it.
//!
//! Fehlberg 1969, NASA TR R-315.

use super::lanes::{Real, Two, apart};

/// More sub-steps of one grid step are not tried: equations that stiff belong to no cell.
pub const MOST: u32 = 20_000;

/// A sub-step is rejected if its error is this many times what is allowed.
const REJECTED_ABOVE: f64 = 1.1;
/// After a sub-step with an error below this part of what is allowed, the next one is larger.
const GROWN_BELOW: f64 = 0.5;

/// `N` coupled differential equations, for neurons side by side.
///
/// All that is computed in lanes stands in functions that are always inlined, never in closures: what is
/// not inlined lacks the instructions that its caller is compiled for.
pub trait System<R: Real, const N: usize> {
    /// Which components do nothing but decay, and where each stands among the [`Decays`].
    const DECAYS: [Option<usize>; N] = [None; N];

    /// dy/dt at a time within the grid step, per ms.
    fn slopes(&self, t: R, y: &[R; N]) -> [R; N];
    /// What a sub-step of this size makes of the components that decay, computed in `room` or known before.
    fn decays<'a>(&'a self, _size: R, room: &'a mut Decays<R>) -> &'a Decays<R> {
        room
    }
}

/// The most components that may be declared as decays.
pub const MOST_DECAYS: usize = 4;

/// What a sub-step makes of components that decay.
pub type Decays<R> = [Decay<R>; MOST_DECAYS];

/// What the scheme makes of y' = −rate · y in a sub-step: each stage, the solution and its error are the value at the
/// beginning times a polynomial of rate · size. Neurons whose sub-steps are equally long share them.
#[derive(Clone, Copy)]
pub struct Decay<R> {
    stages: [R; 5],
    solution: R,
    error: R,
}

impl<R: Real> Decay<R> {
    /// Room for a decay.
    #[inline(always)]
    pub fn none() -> Self {
        Decay { stages: [R::of(1.0); 5], solution: R::of(1.0), error: R::of(0.0) }
    }

    /// The scheme, applied to a component that begins at 1.
    #[inline(always)]
    pub fn over(size: R, rate: R) -> Self {
        let one = [R::of(1.0)];
        let k1 = [-rate];
        let y2 = moved(&one, size, STAGE_2, [&k1]);
        let k2 = [-y2[0] * rate];
        let y3 = moved(&one, size, STAGE_3, [&k1, &k2]);
        let k3 = [-y3[0] * rate];
        let y4 = moved(&one, size, STAGE_4, [&k1, &k2, &k3]);
        let k4 = [-y4[0] * rate];
        let y5 = moved(&one, size, STAGE_5, [&k1, &k2, &k3, &k4]);
        let k5 = [-y5[0] * rate];
        let y6 = moved(&one, size, STAGE_6, [&k1, &k2, &k3, &k4, &k5]);
        let k6 = [-y6[0] * rate];
        Decay {
            stages: [y2[0], y3[0], y4[0], y5[0], y6[0]],
            solution: moved(&one, size, SOLUTION, [&k1, &k3, &k4, &k5, &k6])[0],
            error: sum(size, ERROR, [&k1, &k3, &k4, &k5, &k6])[0],
        }
    }
}

/// A sub-step in work.
struct Begun<'a, R, const N: usize> {
    y: &'a [R; N],
    size: R,
    decays: &'a Decays<R>,
    places: [Option<usize>; N],
}

impl<R: Real, const N: usize> Begun<'_, R, N> {
    /// The state at a stage.
    #[inline(always)]
    fn stage<const J: usize>(&self, weights: [f64; J], slopes: [&[R; N]; J]) -> [R; N] {
        let mut to = moved(self.y, self.size, weights, slopes);
        for i in 0..N {
            if let Some(place) = self.places[i] {
                to[i] = self.y[i] * self.decays[place].stages[J - 1];
            }
        }
        to
    }

    /// The state at the end, and how far the solution of fourth order is from it.
    #[inline(always)]
    fn end(&self, slopes: [&[R; N]; 5]) -> ([R; N], [R; N]) {
        let (mut to, mut error) = (moved(self.y, self.size, SOLUTION, slopes), sum(self.size, ERROR, slopes));
        for i in 0..N {
            if let Some(place) = self.places[i] {
                to[i] = self.y[i] * self.decays[place].solution;
                error[i] = self.y[i] * self.decays[place].error;
            }
        }
        (to, error)
    }
}

/// The error that a sub-step may make in a component y.
#[derive(Clone, Copy)]
pub enum Allowed<R> {
    /// The same in every component, in the component's unit.
    Absolute(R),
    /// absolute + relative · |size of the sub-step · y'|, with y' at its end.
    Slope { absolute: R, relative: R },
}

/// A sub-step that was tried.
pub struct Attempt<R: Real, const N: usize> {
    /// The state at its end.
    pub y: [R; N],
    /// Time within the grid step at its end, ms.
    pub reached: R,
    /// Its size, ms.
    size: R,
    /// Its error in units of what is allowed; NaN if anything is not finite.
    ratio: R,
}

/// The tableau: where stages stand, what they weigh of the slopes before them, the fifth-order solution, and
/// how far that of fourth order is from it.
const NODES: [f64; 5] = [1.0 / 4.0, 3.0 / 8.0, 12.0 / 13.0, 1.0, 1.0 / 2.0];
const STAGE_2: [f64; 1] = [1.0 / 4.0];
const STAGE_3: [f64; 2] = [3.0 / 32.0, 9.0 / 32.0];
const STAGE_4: [f64; 3] = [1932.0 / 2197.0, -7200.0 / 2197.0, 7296.0 / 2197.0];
const STAGE_5: [f64; 4] = [439.0 / 216.0, -8.0, 3680.0 / 513.0, -845.0 / 4104.0];
const STAGE_6: [f64; 5] = [-8.0 / 27.0, 2.0, -3544.0 / 2565.0, 1859.0 / 4104.0, -11.0 / 40.0];
const SOLUTION: [f64; 5] = [16.0 / 135.0, 6656.0 / 12825.0, 28561.0 / 56430.0, -9.0 / 50.0, 2.0 / 55.0];
const ERROR: [f64; 5] = [1.0 / 360.0, -128.0 / 4275.0, -2197.0 / 75240.0, 1.0 / 50.0, 2.0 / 55.0];

/// size · Σ weight · slope, component by component.
#[inline(always)]
fn sum<const N: usize, const J: usize, R: Real>(size: R, weights: [f64; J], slopes: [&[R; N]; J]) -> [R; N] {
    let mut total = *slopes[0];
    for i in 0..N {
        total[i] = R::of(weights[0]) * total[i];
        for j in 1..J {
            total[i] = total[i] + R::of(weights[j]) * slopes[j][i];
        }
        total[i] = size * total[i];
    }
    total
}

/// y + size · Σ weight · slope, component by component.
#[inline(always)]
fn moved<const N: usize, const J: usize, R: Real>(
    y: &[R; N],
    size: R,
    weights: [f64; J],
    slopes: [&[R; N]; J],
) -> [R; N] {
    let mut to = sum(size, weights, slopes);
    for i in 0..N {
        to[i] = y[i] + to[i];
    }
    to
}

/// Tries a sub-step from `t` on. It is as large as suggested, but ends at `whole`, the end of the grid step.
/// `room` is working memory.
#[inline(always)]
pub fn attempt<S: System<R, N>, const N: usize, R: Real>(
    system: &S,
    t: R,
    y: &[R; N],
    suggested: R,
    whole: R,
    allowed: Allowed<R>,
    room: &mut Decays<R>,
) -> Attempt<R, N> {
    let rest = whole - t;
    let last = suggested.gt(rest);
    let size = R::select(last, rest, suggested);
    let reached = R::select(last, whole, t + size);
    let begun = Begun { y, size, decays: system.decays(size, room), places: S::DECAYS };
    let k1 = system.slopes(t, y);
    let k2 = system.slopes(t + R::of(NODES[0]) * size, &begun.stage(STAGE_2, [&k1]));
    let k3 = system.slopes(t + R::of(NODES[1]) * size, &begun.stage(STAGE_3, [&k1, &k2]));
    let k4 = system.slopes(t + R::of(NODES[2]) * size, &begun.stage(STAGE_4, [&k1, &k2, &k3]));
    let k5 = system.slopes(t + R::of(NODES[3]) * size, &begun.stage(STAGE_5, [&k1, &k2, &k3, &k4]));
    let k6 = system.slopes(t + R::of(NODES[4]) * size, &begun.stage(STAGE_6, [&k1, &k2, &k3, &k4, &k5]));
    let (y, error) = begun.end([&k1, &k3, &k4, &k5, &k6]);
    let ratio = match allowed {
        Allowed::Absolute(absolute) => largest(&error) * (R::of(1.0) / absolute),
        Allowed::Slope { absolute, relative } => {
            let slopes = system.slopes(reached, &y);
            let mut scaled = error;
            for i in 0..N {
                scaled[i] = error[i] * (R::of(1.0) / (relative * (size * slopes[i]).abs() + absolute));
            }
            largest(&scaled)
        }
    };
    Attempt { y, reached, size, ratio }
}

/// The size of the largest of the errors; NaN if any is not finite.
#[inline(always)]
fn largest<const N: usize, R: Real>(errors: &[R; N]) -> R {
    let mut largest = errors[0].abs();
    let mut sum = largest;
    for i in 1..N {
        let error = errors[i].abs();
        largest = largest.max(error);
        sum = sum + error;
    }
    // Comparisons hide what is not finite; then 0 · sum is NaN, and so is the result.
    largest + sum * R::of(0.0)
}

impl<R: Real, const N: usize> Attempt<Two<R>, N> {
    /// The two vectors, each for itself.
    #[inline(always)]
    pub fn apart(self) -> [Attempt<R, N>; 2] {
        let Attempt { y, reached, size, ratio } = self;
        let [first, second] = apart(&y);
        [
            Attempt { y: first, reached: reached.0, size: size.0, ratio: ratio.0 },
            Attempt { y: second, reached: reached.1, size: size.1, ratio: ratio.1 },
        ]
    }
}

impl<R: Real, const N: usize> Attempt<R, N> {
    /// Accurate enough, and through with the grid step.
    #[inline(always)]
    pub fn through(&self, whole: R) -> R::Mask {
        R::and(self.accepted(), self.reached.ge(whole))
    }

    #[inline(always)]
    fn accepted(&self) -> R::Mask {
        R::of(REJECTED_ABOVE).ge(self.ratio)
    }

    /// Decides which lanes move to the end of the sub-step, and the size that each tries next.
    ///
    /// A rejected sub-step is tried again with a smaller size. When the clock no longer feels the smaller size
    /// the lane moves all the same; if not even that gave a finite state, the state is given up: it becomes
    /// NaN and the grid step is over, which the caller reports.
    ///
    /// Sizes beyond the grid step are cut to it: they decide nothing.
    #[inline(always)]
    pub fn settle(&mut self, whole: R) -> (R::Mask, R) {
        let one = R::of(1.0);
        let accepted = self.accepted();
        let finite = R::of(f64::MAX).ge(self.ratio);
        let free = R::of(0.9) * self.ratio.power(R::select(accepted, R::of(-1.0 / 6.0), R::of(-1.0 / 5.0)));
        let grown = R::select(R::of(GROWN_BELOW).gt(self.ratio), free.max(one).min(R::of(5.0)), one);
        let shrunk = R::select(finite, free.max(R::of(0.2)), R::of(0.2));
        let next = (self.size * R::select(accepted, grown, shrunk)).min(whole);
        let stuck = self.reached.ge(self.reached + next);
        for i in 0..N {
            self.y[i] = R::select(finite, self.y[i], R::of(f64::NAN));
        }
        self.reached = R::select(finite, self.reached, whole);
        let next = R::select(accepted, next, R::select(stuck, self.size, next));
        (R::or(accepted, stuck), next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes the lanes of one vector through the grid step that ends at `whole`.
    ///
    /// `suggested` is the size of the next sub-step, which every neuron carries from step to step.
    fn advance<S: System<R, N>, const N: usize, R: Real>(
        system: &S,
        y: &mut [R; N],
        suggested: &mut R,
        whole: R,
        allowed: Allowed<R>,
    ) {
        let mut t = R::of(0.0);
        let mut going = whole.gt(t);
        let mut room = [Decay::none(); MOST_DECAYS];
        for _ in 0..MOST {
            let mut attempt = attempt(system, t, y, *suggested, whole, allowed, &mut room);
            let (moves, next) = attempt.settle(whole);
            let moves = R::and(moves, going);
            *suggested = R::select(going, next, *suggested);
            for i in 0..N {
                y[i] = R::select(moves, attempt.y[i], y[i]);
            }
            t = R::select(moves, attempt.reached, t);
            going = whole.gt(t);
            if R::bits(going) == 0 {
                return;
            }
        }
        // Who needs more sub-steps is given up.
        for i in 0..N {
            y[i] = R::select(going, R::of(f64::NAN), y[i]);
        }
    }

    struct Equations<F>(F);
    impl<const N: usize, F: Fn(f64, &[f64; N]) -> [f64; N]> System<f64, N> for Equations<F> {
        fn slopes(&self, t: f64, y: &[f64; N]) -> [f64; N] {
            self.0(t, y)
        }
    }

    /// Returns the number of sub-steps tried.
    fn advance_one<const N: usize>(
        slopes: impl Fn(f64, &[f64; N]) -> [f64; N],
        y: &mut [f64; N],
        size: &mut f64,
        h: f64,
        allowed: f64,
    ) -> u32 {
        let evaluations = std::cell::Cell::new(0);
        let counted = |t: f64, y: &[f64; N]| {
            evaluations.set(evaluations.get() + 1);
            slopes(t, y)
        };
        advance(&Equations(counted), y, size, h, Allowed::Absolute(allowed));
        evaluations.get() / 6
    }

    #[test]
    fn a_state_that_cannot_be_followed_is_given_up() {
        let (mut y, mut size) = ([1e100], 0.1);
        advance_one(|_, y| [y[0] * y[0] * 1e200], &mut y, &mut size, 0.1, 1e-3);
        assert!(y[0].is_nan());
    }

    #[test]
    fn a_state_that_needs_endless_steps_is_given_up() {
        let (mut y, mut size) = ([0.0], 0.1);
        advance_one(|_, y| [(1.0 - y[0]) * 1e7], &mut y, &mut size, 0.1, 1e-3);
        assert!(y[0].is_nan());
    }

    #[test]
    fn an_oscillator_keeps_its_phase() {
        let (mut y, mut size) = ([1.0, 0.0], 0.5);
        for _ in 0..200 {
            advance_one(|_, y| [y[1], -25.0 * y[0]], &mut y, &mut size, 0.5, 1e-9);
        }
        assert!((y[0] - (5.0 * 100.0f64).cos()).abs() < 1e-5, "{y:?}");
        assert!(size < 0.5, "accuracy needs sub-steps here");
    }

    #[test]
    fn a_decay_is_what_the_scheme_makes_of_it() {
        struct Plain;
        struct Declared;
        impl System<f64, 2> for Plain {
            fn slopes(&self, _: f64, y: &[f64; 2]) -> [f64; 2] {
                [y[1] * (1.0 - y[0]), -0.7 * y[1]]
            }
        }
        impl System<f64, 2> for Declared {
            const DECAYS: [Option<usize>; 2] = [None, Some(0)];
            fn slopes(&self, t: f64, y: &[f64; 2]) -> [f64; 2] {
                [Plain.slopes(t, y)[0], f64::NAN]
            }
            fn decays<'a>(&'a self, size: f64, room: &'a mut Decays<f64>) -> &'a Decays<f64> {
                room[0] = Decay::over(size, 0.7);
                room
            }
        }
        let (mut plain, mut declared) = ([0.1, 3.0], [0.1, 3.0]);
        let (mut size, mut other) = (0.3, 0.3);
        for _ in 0..10 {
            advance(&Plain, &mut plain, &mut size, 0.5, Allowed::Absolute(1e-6));
            advance(&Declared, &mut declared, &mut other, 0.5, Allowed::Absolute(1e-6));
            assert!((size - other).abs() < 1e-9);
            assert!(plain.iter().zip(&declared).all(|(a, b)| (a - b).abs() < 1e-14), "{plain:?} {declared:?}");
        }
    }

    #[test]
    fn slopes_see_the_time_within_the_step() {
        let (mut y, mut size) = ([0.0], 0.5);
        let steps = advance_one(|t, _| [3.0 * t * t], &mut y, &mut size, 0.5, 1e-3);
        assert!((y[0] - 0.125).abs() < 1e-15 && steps == 1, "polynomials of degree 5 are exact");
    }

    #[test]
    fn a_singularity_is_approached_until_the_clock_stands_still() {
        // y = 1/(0.05 − t): the sub-steps shrink towards the pole; then the state runs away and is given up.
        let (mut y, mut size) = ([20.0], 0.1);
        let steps = advance_one(|_, y| [y[0] * y[0]], &mut y, &mut size, 0.1, 1e-6);
        assert!(y[0].is_nan() && steps > 50, "{steps}");
    }

    #[test]
    fn an_inaccurate_step_is_cut_as_prescribed() {
        // dy/dt = t^5: one step of size h from 0 makes the error |Σ e_i c_i^5| h^6.
        let slopes = &Equations(|t: f64, _: &[f64; 1]| [t.powi(5)]);
        let room = &mut [Decay::none(); MOST_DECAYS];
        let first = attempt(slopes, 0.0, &[0.0], 1.0, 1.0, Allowed::Absolute(1.0), room);
        let mut rejected = attempt(slopes, 0.0, &[0.0], 1.0, 1.0, Allowed::Absolute(first.ratio / 2.0), room);
        let (moves, next) = rejected.settle(1.0);
        assert!(!moves);
        assert!((next - 0.9 * 2f64.powf(-0.2)).abs() < 1e-14);
        let mut grown = attempt(slopes, 0.0, &[0.0], 0.125, 1.0, Allowed::Absolute(first.ratio / 4f64.powi(6)), room);
        let (moves, next) = grown.settle(1.0);
        assert!(moves);
        assert!((next - 0.125 * 0.9 * 2.0).abs() < 1e-13, "{next}");
    }
}
