//! Runge-Kutta-Fehlberg 4(5) with step-size control: the one solver of all models that need one.
//!
//! A grid step is covered by *sub-steps*. In [`attempt`] every lane tries a sub-step of its own size, so
//! neurons that go through the grid step at once and neurons that need many sub-steps stand side by side;
//! whoever calls decides what to do with those that are not through. The same arithmetic with one lane is
//! the reference, and no neuron's numbers depend on what stands beside it.
//!
//! Fehlberg 1969, NASA TR R-315.

use super::fields::{Fields, select};
use super::lanes::Real;

/// More sub-steps of one grid step are not tried: equations that stiff belong to no cell.
pub const MOST: u32 = 20_000;

/// A sub-step is rejected if its error is this many times what is allowed.
const REJECTED_ABOVE: f64 = 1.1;
/// After a sub-step with an error below this part of what is allowed, the next one is larger.
const GROWN_BELOW: f64 = 0.5;

/// Coupled differential equations, for neurons side by side.
///
/// All that is computed in lanes stands in functions that are always inlined, never in closures: what is
/// not inlined lacks the instructions that its caller is compiled for.
pub trait System<R: Real> {
    /// The components.
    type Y: Fields<R>;
    /// Components that do nothing but decay, each with the number of the constant that is its rate.
    const DECAYS: DecaySet = DecaySet::NONE;

    /// dy/dt, per ms, at a time within the grid step; `stage` counts the evaluations of a sub-step from 0.
    fn slopes(&self, stage: usize, t: R, y: &Self::Y) -> Self::Y;
    /// What a sub-step of this size makes of the components that decay, computed in `room` or known before.
    fn decays<'a>(&'a self, _size: R, room: &'a mut Decays<R>) -> &'a Decays<R> {
        room
    }
}

/// The stages of a sub-step.
const STAGES: usize = 6;

/// Evaluations of the slopes in a sub-step: six stages, and its end where the allowed error depends on the slope there.
pub const EVALUATIONS: usize = STAGES + 1;

/// Systems with at most this many components that do more than decay have the code of each stage written out. Of larger
/// ones the slopes are so much code that they stand there once, in a loop over the stages.
const MOST_WRITTEN_OUT: usize = 3;

/// The most components that may be declared as decays.
pub const MOST_DECAYS: usize = 4;

/// What a sub-step makes of components that decay.
pub type Decays<R> = [Decay<R>; MOST_DECAYS];

/// Components that do nothing but decay: their places, and the places of the constants that are their rates.
#[derive(Clone, Copy)]
pub struct DecaySet {
    decays: [(usize, usize); MOST_DECAYS],
    n: usize,
}

impl DecaySet {
    pub const NONE: DecaySet = DecaySet { decays: [(0, 0); MOST_DECAYS], n: 0 };

    pub const fn one(component: usize, rate: usize) -> DecaySet {
        DecaySet::NONE.and(component, rate)
    }
    /// These, and one more.
    pub const fn and(mut self, component: usize, rate: usize) -> DecaySet {
        self.decays[self.n] = (component, rate);
        self.n += 1;
        self
    }
    /// These, and those of a part whose components and constants begin at these places.
    pub const fn and_those(mut self, other: DecaySet, components: usize, constants: usize) -> DecaySet {
        let mut i = 0;
        while i < other.n {
            let (component, rate) = other.decays[i];
            self = self.and(components + component, constants + rate);
            i += 1;
        }
        self
    }
    #[inline(always)]
    pub const fn len(&self) -> usize {
        self.n
    }
    /// Component and rate of decay `i`.
    #[inline(always)]
    pub const fn get(&self, i: usize) -> (usize, usize) {
        self.decays[i]
    }
}

/// What the scheme makes of y' = −rate · y in a sub-step: each stage, the solution and its error are the value at the
/// beginning times a polynomial of rate · size. Neurons whose sub-steps are equally long share them.
#[derive(Clone, Copy)]
pub struct Decay<R> {
    /// At stages 1 to 5.
    pub stages: [R; 5],
    pub solution: R,
    pub error: R,
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

/// What the scheme makes of a component x' = z − rate · x that begins at 0, driven by one that begins at 1 and
/// decays: as [`Decay`].
#[derive(Clone, Copy)]
pub struct Rise<R> {
    pub stages: [R; 5],
    pub solution: R,
    pub error: R,
}

impl<R: Real> Rise<R> {
    /// The driving component decays with rate `drive`.
    #[inline(always)]
    pub fn over(size: R, drive: R, rate: R) -> Self {
        let zero = R::of(0.0);
        let y1 = [R::of(1.0), zero];
        let k1 = rise(&y1, drive, rate);
        let y2 = moved(&y1, size, STAGE_2, [&k1]);
        let k2 = rise(&y2, drive, rate);
        let y3 = moved(&y1, size, STAGE_3, [&k1, &k2]);
        let k3 = rise(&y3, drive, rate);
        let y4 = moved(&y1, size, STAGE_4, [&k1, &k2, &k3]);
        let k4 = rise(&y4, drive, rate);
        let y5 = moved(&y1, size, STAGE_5, [&k1, &k2, &k3, &k4]);
        let k5 = rise(&y5, drive, rate);
        let y6 = moved(&y1, size, STAGE_6, [&k1, &k2, &k3, &k4, &k5]);
        let k6 = rise(&y6, drive, rate);
        Rise {
            stages: [y2[1], y3[1], y4[1], y5[1], y6[1]],
            solution: moved(&y1, size, SOLUTION, [&k1, &k3, &k4, &k5, &k6])[1],
            error: sum(size, ERROR, [&k1, &k3, &k4, &k5, &k6])[1],
        }
    }
}

/// Slopes of a driving component and of what it drives.
#[inline(always)]
fn rise<R: Real>(y: &[R; 2], drive: R, rate: R) -> [R; 2] {
    [-y[0] * drive, y[0] - y[1] * rate]
}

/// A sub-step in work.
struct Begun<'a, R, Y> {
    y: &'a Y,
    size: R,
    decays: &'a Decays<R>,
    decaying: DecaySet,
}

impl<R: Real, Y: Fields<R>> Begun<'_, R, Y> {
    /// The time of a stage of a sub-step from `t` on.
    #[inline(always)]
    fn time(&self, t: R, stage: usize) -> R {
        t + R::of(NODES[stage]) * self.size
    }

    /// The state at a stage.
    #[inline(always)]
    fn stage<const J: usize>(&self, weights: [f64; J], slopes: [&Y; J]) -> Y {
        let mut to = moved(self.y, self.size, weights, slopes);
        for i in 0..self.decaying.len() {
            let place = self.decaying.get(i).0;
            to.numbers_mut()[place] = self.y.numbers()[place] * self.decays[i].stages[J - 1];
        }
        to
    }

    /// The state at the end, and how far the solution of fourth order is from it.
    #[inline(always)]
    fn end(&self, slopes: [&Y; 5]) -> (Y, Y) {
        let (mut to, mut error) = (moved(self.y, self.size, SOLUTION, slopes), sum(self.size, ERROR, slopes));
        for i in 0..self.decaying.len() {
            let place = self.decaying.get(i).0;
            to.numbers_mut()[place] = self.y.numbers()[place] * self.decays[i].solution;
            error.numbers_mut()[place] = self.y.numbers()[place] * self.decays[i].error;
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

impl<R: Real> Allowed<R> {
    /// An error in units of what is allowed in a component that has this slope at the end of a sub-step of this size.
    #[inline(always)]
    pub fn ratio(&self, error: R, size: R, slope: R) -> R {
        match *self {
            Allowed::Absolute(absolute) => error.abs() * (R::of(1.0) / absolute),
            Allowed::Slope { absolute, relative } => {
                (error * (R::of(1.0) / (relative * (size * slope).abs() + absolute))).abs()
            }
        }
    }
}

/// A sub-step that was tried.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Attempt<R, Y> {
    /// The state at its end.
    pub y: Y,
    /// Time within the grid step at its end, ms.
    pub reached: R,
    /// Its size, ms.
    pub size: R,
    /// Its error in units of what is allowed; NaN if anything is not finite.
    pub ratio: R,
}

/// The tableau: where stages stand, what they weigh of the slopes before them, the fifth-order solution, and
/// how far that of fourth order is from it.
const NODES: [f64; STAGES] = [0.0, 1.0 / 4.0, 3.0 / 8.0, 12.0 / 13.0, 1.0, 1.0 / 2.0];
const STAGE_2: [f64; 1] = [1.0 / 4.0];
const STAGE_3: [f64; 2] = [3.0 / 32.0, 9.0 / 32.0];
const STAGE_4: [f64; 3] = [1932.0 / 2197.0, -7200.0 / 2197.0, 7296.0 / 2197.0];
const STAGE_5: [f64; 4] = [439.0 / 216.0, -8.0, 3680.0 / 513.0, -845.0 / 4104.0];
const STAGE_6: [f64; 5] = [-8.0 / 27.0, 2.0, -3544.0 / 2565.0, 1859.0 / 4104.0, -11.0 / 40.0];
const SOLUTION: [f64; 5] = [16.0 / 135.0, 6656.0 / 12825.0, 28561.0 / 56430.0, -9.0 / 50.0, 2.0 / 55.0];
const ERROR: [f64; 5] = [1.0 / 360.0, -128.0 / 4275.0, -2197.0 / 75240.0, 1.0 / 50.0, 2.0 / 55.0];

/// size · Σ weight · slope, component by component.
#[inline(always)]
fn sum<const J: usize, R: Real, Y: Fields<R>>(size: R, weights: [f64; J], slopes: [&Y; J]) -> Y {
    let mut total = *slopes[0];
    for i in 0..Y::COUNT {
        let mut sum = R::of(weights[0]) * total.numbers()[i];
        for j in 1..J {
            sum = sum + R::of(weights[j]) * slopes[j].numbers()[i];
        }
        total.numbers_mut()[i] = size * sum;
    }
    total
}

/// y + size · Σ weight · slope, component by component.
#[inline(always)]
fn moved<const J: usize, R: Real, Y: Fields<R>>(y: &Y, size: R, weights: [f64; J], slopes: [&Y; J]) -> Y {
    let mut to = sum(size, weights, slopes);
    for i in 0..Y::COUNT {
        to.numbers_mut()[i] = y.numbers()[i] + to.numbers()[i];
    }
    to
}

/// How long the sub-step from `t` on is, and where it ends: as large as suggested, but not beyond `whole`, the end of
/// the grid step.
#[inline(always)]
pub fn extent<R: Real>(t: R, suggested: R, whole: R) -> (R, R) {
    let rest = whole - t;
    let last = suggested.gt(rest);
    (R::select(last, rest, suggested), R::select(last, whole, t + suggested))
}

/// Tries the sub-step from `t` on that has this size and this end; `room` is working memory.
#[inline(always)]
pub fn attempt<S: System<R>, R: Real>(
    system: &S,
    t: R,
    y: &S::Y,
    (size, reached): (R, R),
    allowed: Allowed<R>,
    room: &mut Decays<R>,
) -> Attempt<R, S::Y> {
    let begun = Begun { y, size, decays: system.decays(size, room), decaying: S::DECAYS };
    let [k1, _, k3, k4, k5, k6] = if const { S::Y::COUNT - S::DECAYS.len() <= MOST_WRITTEN_OUT } {
        let k1 = system.slopes(0, t, y);
        let k2 = system.slopes(1, begun.time(t, 1), &begun.stage(STAGE_2, [&k1]));
        let k3 = system.slopes(2, begun.time(t, 2), &begun.stage(STAGE_3, [&k1, &k2]));
        let k4 = system.slopes(3, begun.time(t, 3), &begun.stage(STAGE_4, [&k1, &k2, &k3]));
        let k5 = system.slopes(4, begun.time(t, 4), &begun.stage(STAGE_5, [&k1, &k2, &k3, &k4]));
        let k6 = system.slopes(5, begun.time(t, 5), &begun.stage(STAGE_6, [&k1, &k2, &k3, &k4, &k5]));
        [k1, k2, k3, k4, k5, k6]
    } else {
        let mut k = [*y; STAGES];
        for stage in 0..STAGES {
            let y = match stage {
                0 => *y,
                1 => begun.stage(STAGE_2, [&k[0]]),
                2 => begun.stage(STAGE_3, [&k[0], &k[1]]),
                3 => begun.stage(STAGE_4, [&k[0], &k[1], &k[2]]),
                4 => begun.stage(STAGE_5, [&k[0], &k[1], &k[2], &k[3]]),
                _ => begun.stage(STAGE_6, [&k[0], &k[1], &k[2], &k[3], &k[4]]),
            };
            k[stage] = system.slopes(stage, begun.time(t, stage), &y);
        }
        k
    };
    let (y, error) = begun.end([&k1, &k3, &k4, &k5, &k6]);
    let ratio = match allowed {
        Allowed::Absolute(absolute) => largest::<R, S::Y>(&error) * (R::of(1.0) / absolute),
        Allowed::Slope { absolute, relative } => {
            let slopes = system.slopes(STAGES, reached, &y);
            let mut scaled = error;
            for i in 0..S::Y::COUNT {
                let allowed = relative * (size * slopes.numbers()[i]).abs() + absolute;
                scaled.numbers_mut()[i] = error.numbers()[i] * (R::of(1.0) / allowed);
            }
            largest::<R, S::Y>(&scaled)
        }
    };
    Attempt { y, reached, size, ratio }
}

/// The size of the largest of the errors; NaN if any is not finite.
#[inline(always)]
fn largest<R: Real, Y: Fields<R>>(errors: &Y) -> R {
    let mut largest = errors.numbers()[0].abs();
    let mut sum = largest;
    for i in 1..Y::COUNT {
        let error = errors.numbers()[i].abs();
        largest = largest.max(error);
        sum = sum + error;
    }
    // Comparisons hide what is not finite; then 0 · sum is NaN, and so is the result.
    largest + sum * R::of(0.0)
}

/// The larger of two errors; NaN if one is not finite.
#[inline(always)]
pub fn larger<R: Real>(a: R, b: R) -> R {
    largest::<R, [R; 2]>(&[a, b])
}

impl<R: Real, Y: Fields<R>> Attempt<R, Y> {
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
        self.y = select(finite, &self.y, &Y::filled(R::of(f64::NAN)));
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
    fn advance<S: System<R>, R: Real>(system: &S, y: &mut S::Y, suggested: &mut R, whole: R, allowed: Allowed<R>) {
        let mut t = R::of(0.0);
        let mut going = whole.gt(t);
        let mut room = [Decay::none(); MOST_DECAYS];
        for _ in 0..MOST {
            let extent = extent(t, *suggested, whole);
            let mut attempt = attempt(system, t, y, extent, allowed, &mut room);
            let (moves, next) = attempt.settle(whole);
            let moves = R::and(moves, going);
            *suggested = R::select(going, next, *suggested);
            *y = select(moves, &attempt.y, y);
            t = R::select(moves, attempt.reached, t);
            going = whole.gt(t);
            if R::bits(going) == 0 {
                return;
            }
        }
        // Who needs more sub-steps is given up.
        *y = select(going, &S::Y::filled(R::of(f64::NAN)), y);
    }

    struct Equations<F, const N: usize>(F);
    impl<const N: usize, F: Fn(f64, &[f64; N]) -> [f64; N]> System<f64> for Equations<F, N> {
        type Y = [f64; N];
        fn slopes(&self, _: usize, t: f64, y: &[f64; N]) -> [f64; N] {
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
        advance(&Equations::<_, N>(counted), y, size, h, Allowed::Absolute(allowed));
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
        impl System<f64> for Plain {
            type Y = [f64; 2];
            fn slopes(&self, _: usize, _: f64, y: &[f64; 2]) -> [f64; 2] {
                [y[1] * (1.0 - y[0]), -0.7 * y[1]]
            }
        }
        impl System<f64> for Declared {
            type Y = [f64; 2];
            const DECAYS: DecaySet = DecaySet::one(1, 0);
            fn slopes(&self, stage: usize, t: f64, y: &[f64; 2]) -> [f64; 2] {
                [Plain.slopes(stage, t, y)[0], f64::NAN]
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
    fn a_driven_component_is_what_the_scheme_makes_of_it() {
        let pair = Equations::<_, 2>(|_, y: &[f64; 2]| [-0.5 * y[0], y[0] - 0.3 * y[1]]);
        let room = &mut [Decay::none(); MOST_DECAYS];
        let whole = attempt(&pair, 0.0, &[2.0, 3.0], (0.7, 0.7), Allowed::Absolute(1.0), room);
        let (own, drive) = (Decay::over(0.7, 0.3), Rise::over(0.7, 0.5, 0.3));
        assert!((whole.y[1] - (3.0 * own.solution + 2.0 * drive.solution)).abs() < 1e-15);
        let error = 3.0 * own.error + 2.0 * drive.error;
        assert!(error.abs() <= whole.ratio + 1e-15 && error.abs() > 1e-9, "{error}");
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
        let slopes = &Equations::<_, 1>(|t: f64, _: &[f64; 1]| [t.powi(5)]);
        let room = &mut [Decay::none(); MOST_DECAYS];
        let first = attempt(slopes, 0.0, &[0.0], (1.0, 1.0), Allowed::Absolute(1.0), room);
        let mut rejected = attempt(slopes, 0.0, &[0.0], (1.0, 1.0), Allowed::Absolute(first.ratio / 2.0), room);
        let (moves, next) = rejected.settle(1.0);
        assert!(!moves);
        assert!((next - 0.9 * 2f64.powf(-0.2)).abs() < 1e-14);
        let mut grown =
            attempt(slopes, 0.0, &[0.0], (0.125, 0.125), Allowed::Absolute(first.ratio / 4f64.powi(6)), room);
        let (moves, next) = grown.settle(1.0);
        assert!(moves);
        assert!((next - 0.125 * 0.9 * 2.0).abs() < 1e-13, "{next}");
    }
}
