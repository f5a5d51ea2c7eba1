//! Neurons whose equations are solved with adaptive sub-steps.
//!
//! A grid step of a chunk goes in three passes. First every neuron tries one sub-step, vector by vector, as
//! large as its solver suggests; nearly all are through with the grid step then. The few *late* neurons, of
//! whatever block, are seated side by side and go on sub-step by sub-step until the last one has arrived:
//! who arrives gives the seat to the next in line, so that no lane of a vector idles. Then vectors that had
//! late neurons end their step as the others did.
//!
//! Every lane has a sub-step of its own and no neuron's numbers depend on who sits beside it.

use std::marker::PhantomData;

use crate::mechanisms::lanes::{Real, Two, apart};
use crate::mechanisms::rkf45::{self, Allowed, Attempt, Decay, Decays, MOST_DECAYS, System};
use crate::runtime::clock::chunk::{Outbox, Probe, Span, Trouble};
use crate::runtime::input::inputs::{Gathered, Inputs};
use crate::runtime::neurons::blocks::{Block, Blocks, Constants, Place, sample, send};
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, PerNeuron, Rehearsed, Uniform};
use crate::runtime::neurons::lists::{Lists, UniformRows};

/// A neuron that follows `N` coupled differential equations between grid points.
///
/// The first `N` of its `S` numbers of state are the components of the equations, the last one is the
/// sub-step that the solver suggests, initially the step h; all between them stand still while the solver works.
///
/// `solved!(S, K, N)` stands among its [`Dynamics`] for how a step and a span are done.
pub trait Equations<const S: usize, const K: usize, const N: usize>: Dynamics<S, K> {
    /// The error that a sub-step may make.
    fn allowed<R: Real, C: Coefficients>(k: C, lane: usize) -> Allowed<R>;
    /// Which constant is the step h, ms.
    const H: usize;
    /// Components that do nothing but decay, each with the constant that is its rate, per ms.
    const DECAYING: &'static [(usize, usize)] = &[];
    /// What happens at the beginning of the step.
    #[inline(always)]
    fn begin<R: Real, C: Coefficients>(_k: C, _lane: usize, _s: &mut [R; S], _input: &Arriving<R>) {}
    /// dy/dt at `y`, per ms; `s` tells what stands still, `current` is what flows into the membrane, pA.
    fn slopes<R: Real, C: Coefficients>(k: C, lane: usize, y: &[R; N], s: &[R; S], current: R) -> [R; N];
    /// The current into the membrane at time `t` (ms) of the step, where it is not the same all the step.
    #[inline(always)]
    fn current<R: Real, C: Coefficients>(_k: C, _lane: usize, _y: &[R; N], _s: &[R; S], steady: R, _t: R) -> R {
        steady
    }
    /// What happens after each sub-step, in lanes that moved: spikes within the step.
    ///
    /// `arriving` is the sum of weights that arrive in this step, in the first sub-step only.
    #[inline(always)]
    fn moved<R: Real, C: Coefficients>(_k: C, _lane: usize, _s: &mut [R; S], _who: R::Mask, _arriving: R) {}
    /// What happens at the end of the step; returns who has fired.
    fn end<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; S], input: &Arriving<R>) -> R::Mask;
}

/// Within `impl Dynamics<S, K>`: a step and a span are done by the solver, for [`Equations`] of `N` components.
macro_rules! solved {
    ($s:literal, $k:literal, $n:literal) => {
        #[inline(always)]
        fn step<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; $s], input: Arriving<R>) -> R::Mask {
            $crate::runtime::neurons::solved::step::<Self, $s, $k, $n, R, C>(k, lane, s, input)
        }
        #[inline(always)]
        fn run<R: Real>(
            blocks: &mut $crate::runtime::Blocks<Self, $s, $k>,
            span: &$crate::runtime::Span,
            inputs: &mut $crate::runtime::Inputs,
            outbox: &mut $crate::runtime::Outbox,
            probes: &mut [$crate::runtime::Probe],
        ) -> Result<(), $crate::runtime::Trouble> {
            $crate::runtime::neurons::solved::run::<Self, $s, $k, $n, R>(blocks, span, inputs, outbox, probes)
        }
    };
}
pub(crate) use solved;

/// The components of the equations among the numbers of state.
#[inline(always)]
fn components<const S: usize, const N: usize, R: Real>(s: &[R; S]) -> [R; N] {
    std::array::from_fn(|i| s[i])
}

/// The equations of neurons side by side, as the solver sees them.
struct Between<'a, E, C, R, const S: usize, const K: usize> {
    constants: C,
    lane: usize,
    /// What stands still.
    s: &'a [R; S],
    current: R,
    /// What the whole grid step makes of components that decay, where that is the same for all.
    whole: Option<&'a Whole<R>>,
    equations: PhantomData<E>,
}

/// What the whole grid step makes of components that decay.
struct Whole<R> {
    step: R,
    decays: Decays<R>,
}

/// Computes what a sub-step makes of the components that decay.
#[inline(always)]
fn decays<E: Equations<S, K, N>, const S: usize, const K: usize, const N: usize, R: Real, C: Coefficients>(
    k: C,
    lane: usize,
    size: R,
    to: &mut Decays<R>,
) {
    for (i, (_, rate)) in E::DECAYING.iter().enumerate() {
        to[i] = Decay::over(size, k.at(*rate, lane));
    }
}

/// Where each component stands among those that decay.
const fn places<const N: usize>(decaying: &[(usize, usize)]) -> [Option<usize>; N] {
    assert!(decaying.len() <= MOST_DECAYS);
    let mut places = [None; N];
    let mut i = 0;
    while i < decaying.len() {
        places[decaying[i].0] = Some(i);
        i += 1;
    }
    places
}

impl<E: Equations<S, K, N>, C: Coefficients, R: Real, const S: usize, const K: usize, const N: usize> System<R, N>
    for Between<'_, E, C, R, S, K>
{
    const DECAYS: [Option<usize>; N] = places(E::DECAYING);

    #[inline(always)]
    fn decays<'a>(&'a self, size: R, room: &'a mut Decays<R>) -> &'a Decays<R> {
        if let Some(whole) = self.whole
            && R::all(size.ge(whole.step))
        {
            return &whole.decays;
        }
        decays::<E, S, K, N, R, C>(self.constants, self.lane, size, room);
        room
    }
    #[inline(always)]
    fn slopes(&self, t: R, y: &[R; N]) -> [R; N] {
        let current = E::current(self.constants, self.lane, y, self.s, self.current, t);
        E::slopes(self.constants, self.lane, y, self.s, current)
    }
}

/// One sub-step of the lanes that have not reached `whole`, the end of the step.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn sub_step<E: Equations<S, K, N>, const S: usize, const K: usize, const N: usize, R: Real, C: Coefficients>(
    k: C,
    lane: usize,
    s: &mut [R; S],
    t: &mut R,
    whole: R,
    current: R,
    arriving: R,
    room: &mut Decays<R>,
) {
    let between = Between { constants: k, lane, s, current, whole: None, equations: PhantomData::<E> };
    let mut attempt = rkf45::attempt(&between, *t, &components(s), s[S - 1], whole, E::allowed(k, lane), room);
    let (moves, suggested) = attempt.settle(whole);
    let going = whole.gt(*t);
    let moves = R::and(moves, going);
    for v in 0..N {
        s[v] = R::select(moves, attempt.y[v], s[v]);
    }
    s[S - 1] = R::select(going, suggested, s[S - 1]);
    let first = R::of(0.0).ge(*t);
    E::moved(k, lane, s, moves, R::select(first, arriving, R::of(0.0)));
    *t = R::select(moves, attempt.reached, *t);
}

/// One step for the neurons of one vector: the reference for [`run`].
#[inline(always)]
pub fn step<E: Equations<S, K, N>, const S: usize, const K: usize, const N: usize, R: Real, C: Coefficients>(
    k: C,
    lane: usize,
    s: &mut [R; S],
    input: Arriving<R>,
) -> R::Mask {
    let (mut t, whole) = (R::of(0.0), k.at::<R>(E::H, lane));
    let mut room = [Decay::none(); MOST_DECAYS];
    E::begin(k, lane, s, &input);
    for _ in 0..rkf45::MOST {
        if R::bits(whole.gt(t)) == 0 {
            break;
        }
        let arriving = input.excitatory + input.inhibitory;
        sub_step::<E, S, K, N, R, C>(k, lane, s, &mut t, whole, input.current, arriving, &mut room);
    }
    // Who needs more sub-steps is given up.
    let going = whole.gt(t);
    s[0] = R::select(going, R::of(f64::NAN), s[0]);
    E::end(k, lane, s, &input)
}

/// A step of one neuron tried without input by spikes: its potential, the first component, at both ends.
pub fn rehearse<E: Equations<S, K, N>, const S: usize, const K: usize, const N: usize>(
    k: &[f64; K],
    mut s: [f64; S],
    current: f64,
) -> Rehearsed {
    let (k, mut t, whole) = (Uniform(k), 0.0, k[E::H]);
    let slope = |s: &[f64; S], t: f64| {
        let between = Between { constants: k, lane: 0, s, current, whole: None, equations: PhantomData::<E> };
        whole * System::<f64, N>::slopes(&between, t, &components(s))[0]
    };
    let mut room = [Decay::none(); MOST_DECAYS];
    let begin = (s[0], slope(&s, 0.0));
    for _ in 0..rkf45::MOST {
        if t >= whole {
            break;
        }
        sub_step::<E, S, K, N, f64, _>(k, 0, &mut s, &mut t, whole, current, 0.0, &mut room);
    }
    Rehearsed { potential: [begin.0, s[0]], slope: [begin.1, slope(&s, whole)] }
}

/// The most lanes that a vector has.
const WIDEST: usize = 16;

/// A block with late neurons.
struct Parked {
    block: usize,
    gathered: Gathered,
    chance: [f64; 64],
    /// One bit for the first lane of each vector that has not ended its step.
    vectors: u64,
}

/// A neuron that is not through with the grid step.
struct Late {
    /// Among the parked blocks.
    parked: usize,
    lane: usize,
    /// Time within the step, ms.
    t: f64,
}

/// Working memory: late neurons, their blocks, and who has fired.
#[derive(Default)]
pub struct Bench {
    late: Vec<Late>,
    parked: Vec<Parked>,
    spare: Vec<Parked>,
    /// One bit a neuron, by block.
    fired: Vec<u64>,
}

/// All neurons of a chunk through a span, step by step.
#[inline(always)]
pub fn run<E: Equations<S, K, N>, const S: usize, const K: usize, const N: usize, R: Real>(
    this: &mut Blocks<E, S, K>,
    span: &Span,
    inputs: &mut Inputs,
    outbox: &mut Outbox,
    probes: &mut [Probe],
) -> Result<(), Trouble> {
    let mut bench = std::mem::take(&mut this.bench);
    let mut gathered = inputs.lend();
    let mut chance = [0.0; 64];
    let mut done = Ok(());
    bench.fired.resize(this.blocks.len(), 0);
    let whole = R::of(this.grid.h());
    let mut known = Whole { step: Two(whole, whole), decays: [Decay::none(); MOST_DECAYS] };
    if let Constants::Same(k) = &this.constants {
        decays::<E, S, K, N, Two<R>, _>(Uniform(k), 0, known.step, &mut known.decays);
    }
    for i in 0..span.n {
        for b in 0..this.blocks.len() {
            inputs.gather(b, span.first, i, &mut gathered);
            if this.needs_chance {
                chance = this.chance[b].uniforms();
            }
            let lanes = (this.n - b * 64).min(64);
            let trying = Trying {
                block: &mut this.blocks[b],
                lanes,
                gathered: &gathered,
                chance: &chance,
                whole,
                fired: 0,
                vectors: 0,
            };
            let late = &mut bench.late;
            let parked = bench.parked.len();
            let tell = |lane, t| late.push(Late { parked, lane, t });
            let (fired, vectors) = match &this.constants {
                Constants::Same(k) => first_sub_steps::<E, S, K, N, R, _>(Uniform(k), Some(&known), trying, tell),
                Constants::Each(blocks) => {
                    first_sub_steps::<E, S, K, N, R, _>(PerNeuron(&blocks[b]), None, trying, tell)
                }
            };
            bench.fired[b] = fired;
            if vectors != 0 {
                let mut place = bench.spare.pop().unwrap_or_else(|| Parked {
                    block: 0,
                    gathered: gathered.clone(),
                    chance: [0.0; 64],
                    vectors: 0,
                });
                (place.block, place.vectors, place.chance) = (b, vectors, chance);
                std::mem::swap(&mut place.gathered, &mut gathered);
                bench.parked.push(place);
            }
        }
        if !bench.late.is_empty() {
            catch_up::<E, S, K, N, R>(this, &mut bench);
        }
        for place in bench.parked.drain(..) {
            let block = &mut this.blocks[place.block];
            bench.fired[place.block] |= match &this.constants {
                Constants::Same(k) => end_vectors::<E, S, K, N, R, _>(Uniform(k), block, &place),
                Constants::Each(blocks) => {
                    end_vectors::<E, S, K, N, R, _>(PerNeuron(&blocks[place.block]), block, &place)
                }
            };
            bench.spare.push(place);
        }
        for b in 0..this.blocks.len() {
            let place = Place { block: b, first: this.first, lanes: (this.n - b * 64).min(64) };
            let valid = u64::MAX >> (64 - place.lanes);
            let Blocks { blocks, constants, shape, chance_at_spikes, .. } = &mut *this;
            let of = |lane: usize| constants.of(b * 64 + lane);
            let mut lists = Lists { shape, constants: UniformRows(&[]), rows: &mut [], lane: 0 };
            let (block, spikes) = (&mut blocks[b], &mut outbox.spikes[span.offset + i]);
            let fired = bench.fired[b] & valid;
            let sent = send::<E, S, K, _>(fired, place, block, &of, &mut lists, &mut chance_at_spikes[b], spikes);
            done = done.and(sent);
            for probe in probes.iter_mut().filter(|p| span.due[p.meter] >> i & 1 != 0) {
                sample::<E, S, K, _>(probe, block, place, span, i, &of, &mut lists);
            }
        }
        if done.is_err() {
            break;
        }
    }
    inputs.give_back(gathered);
    this.bench = bench;
    done
}

/// A block in its first sub-step.
struct Trying<'a, R, const S: usize> {
    block: &'a mut Block<S>,
    lanes: usize,
    gathered: &'a Gathered,
    chance: &'a [f64; 64],
    /// The whole grid step, ms.
    whole: R,
    /// Who of those that are through has fired.
    fired: u64,
    /// Vectors with neurons that are not through: one bit for the first lane.
    vectors: u64,
}

impl<R: Real, const S: usize> Trying<'_, R, S> {
    #[inline(always)]
    fn load(&self, lane: usize) -> [Two<R>; S] {
        let mut s = [Two::of(0.0); S];
        for v in 0..S {
            s[v] = Two::load(&self.block.0[v][lane..]);
        }
        s
    }

    /// What becomes of a vector. Neurons that are not through are told to `late` with the time they have reached.
    #[inline(always)]
    fn settle<E: Equations<S, K, N>, const K: usize, const N: usize, C: Coefficients>(
        &mut self,
        k: C,
        lane: usize,
        mut s: [R; S],
        mut attempt: Attempt<R, N>,
        late: &mut impl FnMut(usize, f64),
    ) {
        let (zero, all) = (R::of(0.0), u64::MAX >> (64 - R::LANES));
        let input = Arriving::at(lane, self.gathered, self.chance);
        let through = R::bits(attempt.through(self.whole));
        let arriving = input.excitatory + input.inhibitory;
        if through == all {
            s[..N].copy_from_slice(&attempt.y);
            s[S - 1] = self.whole;
            E::moved(k, lane, &mut s, R::mask(all), arriving);
            self.fired |= R::bits(E::end(k, lane, &mut s, &input)) << lane;
        } else {
            let (moves, suggested) = attempt.settle(self.whole);
            for v in 0..N {
                s[v] = R::select(moves, attempt.y[v], s[v]);
            }
            s[S - 1] = suggested;
            E::moved(k, lane, &mut s, moves, arriving);
            let reached = R::select(moves, attempt.reached, zero);
            let mut t = [0.0; WIDEST];
            reached.store(&mut t);
            let arrived = R::bits(reached.ge(self.whole));
            let here = self.lanes.saturating_sub(lane).min(R::LANES);
            (0..here).filter(|l| arrived >> l & 1 == 0).for_each(|l| late(lane + l, t[l]));
            self.vectors |= 1 << lane;
        }
        for v in 0..S {
            s[v].store(&mut self.block.0[v][lane..]);
        }
    }
}

/// One sub-step for all neurons of a block. Returns who of those that are through has fired, and
/// the vectors with neurons that are not; these are told to `late` with the time they have reached.
#[inline(always)]
fn first_sub_steps<E: Equations<S, K, N>, const S: usize, const K: usize, const N: usize, R: Real, C: Coefficients>(
    k: C,
    known: Option<&Whole<Two<R>>>,
    mut trying: Trying<'_, R, S>,
    mut late: impl FnMut(usize, f64),
) -> (u64, u64) {
    let both = Two(trying.whole, trying.whole);
    let mut room = [Decay::none(); MOST_DECAYS];
    for lane in (0..trying.lanes).step_by(2 * R::LANES) {
        let mut s = trying.load(lane);
        let input = Arriving::at(lane, trying.gathered, trying.chance);
        E::begin(k, lane, &mut s, &input);
        let current = input.current;
        let between = Between { constants: k, lane, s: &s, current, whole: known, equations: PhantomData::<E> };
        let (y, allowed) = (components(&s), E::allowed(k, lane));
        let attempt = rkf45::attempt(&between, Two::of(0.0), &y, s[S - 1], both, allowed, &mut room);
        let [first, second] = attempt.apart();
        let [here, there] = apart(&s);
        trying.settle::<E, K, N, C>(k, lane, here, first, &mut late);
        trying.settle::<E, K, N, C>(k, lane + R::LANES, there, second, &mut late);
    }
    (trying.fired, trying.vectors)
}

/// The end of the step for the vectors that waited for late neurons.
#[inline(always)]
fn end_vectors<E: Equations<S, K, N>, const S: usize, const K: usize, const N: usize, R: Real, C: Coefficients>(
    k: C,
    block: &mut Block<S>,
    place: &Parked,
) -> u64 {
    let (mut fired, mut vectors) = (0, place.vectors);
    while vectors != 0 {
        let lane = vectors.trailing_zeros() as usize;
        let mut s: [R; S] = std::array::from_fn(|v| R::load(&block.0[v][lane..]));
        let input = Arriving::at(lane, &place.gathered, &place.chance);
        fired |= R::bits(E::end(k, lane, &mut s, &input)) << lane;
        for v in 0..S {
            s[v].store(&mut block.0[v][lane..]);
        }
        vectors &= vectors - 1;
    }
    fired
}

/// Late neurons side by side.
struct Seats<const S: usize, const K: usize> {
    s: [[f64; WIDEST]; S],
    k: [[f64; WIDEST]; K],
    /// Time within the step, ms.
    t: [f64; WIDEST],
    current: [f64; WIDEST],
    arriving: [f64; WIDEST],
    /// Sub-steps tried.
    tried: [u32; WIDEST],
    /// Block and lane of the neuron.
    from: [(usize, usize); WIDEST],
}

impl<const S: usize, const K: usize> Seats<S, K> {
    fn new() -> Self {
        Seats {
            s: [[0.0; WIDEST]; S],
            k: [[0.0; WIDEST]; K],
            t: [0.0; WIDEST],
            current: [0.0; WIDEST],
            arriving: [0.0; WIDEST],
            tried: [0; WIDEST],
            from: [(0, 0); WIDEST],
        }
    }

    #[inline(always)]
    fn take<D: Dynamics<S, K>>(&mut self, seat: usize, late: Late, place: &Parked, this: &Blocks<D, S, K>) {
        let lane = late.lane;
        for v in 0..S {
            self.s[v][seat] = this.blocks[place.block].0[v][lane];
        }
        for i in 0..K {
            self.k[i][seat] = match &this.constants {
                Constants::Same(k) => k[i],
                Constants::Each(blocks) => blocks[place.block][i][lane],
            };
        }
        self.t[seat] = late.t;
        self.current[seat] = place.gathered.currents[0][lane];
        self.arriving[seat] = place.gathered.spikes[0][lane] + place.gathered.spikes[1][lane];
        self.tried[seat] = 0;
        self.from[seat] = (place.block, lane);
    }
}

/// Takes all late neurons to the end of the step.
#[inline(always)]
fn catch_up<E: Equations<S, K, N>, const S: usize, const K: usize, const N: usize, R: Real>(
    this: &mut Blocks<E, S, K>,
    bench: &mut Bench,
) {
    let whole = R::of(this.grid.h());
    let all = u64::MAX >> (64 - R::LANES);
    let mut seats = Seats::<S, K>::new();
    let mut taken = 0u64;
    let mut room = [Decay::none(); MOST_DECAYS];
    loop {
        let mut free = all & !taken;
        while free != 0 {
            let Some(late) = bench.late.pop() else { break };
            let (seat, place) = (free.trailing_zeros() as usize, &bench.parked[late.parked]);
            seats.take(seat, late, place, this);
            taken |= 1 << seat;
            free &= free - 1;
        }
        if taken == 0 {
            return;
        }
        let mut s: [R; S] = std::array::from_fn(|v| R::load(&seats.s[v]));
        let mut t = R::load(&seats.t);
        let (current, arriving) = (R::load(&seats.current), R::load(&seats.arriving));
        sub_step::<E, S, K, N, R, _>(PerNeuron(&seats.k), 0, &mut s, &mut t, whole, current, arriving, &mut room);
        for v in 0..S {
            s[v].store(&mut seats.s[v]);
        }
        t.store(&mut seats.t);
        let mut leaving = R::bits(t.ge(whole)) & taken;
        for seat in 0..R::LANES {
            seats.tried[seat] += 1;
            if seats.tried[seat] == rkf45::MOST {
                // No end is in sight: the state is given up.
                seats.s[0][seat] = f64::NAN;
                leaving |= 1 << seat & taken;
            }
        }
        taken &= !leaving;
        while leaving != 0 {
            let seat = leaving.trailing_zeros() as usize;
            let (block, lane) = seats.from[seat];
            for v in 0..S {
                this.blocks[block].0[v][lane] = seats.s[v][seat];
            }
            leaving &= leaving - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::*;

    /// What is declared to decay does so in the equations.
    fn check<E: Equations<S, K, N>, const S: usize, const K: usize, const N: usize>() {
        let k: [f64; K] = std::array::from_fn(|i| 0.3 + 0.17 * i as f64);
        let s: [f64; S] = std::array::from_fn(|i| 1.0 + 0.11 * i as f64);
        let slopes = E::slopes(Uniform(&k), 0, &components(&s), &s, 3.0);
        assert!(!E::DECAYING.is_empty());
        for (component, rate) in E::DECAYING {
            assert_eq!(slopes[*component], -s[*component] * k[*rate], "{} {component}", std::any::type_name::<E>());
        }
    }

    #[test]
    fn what_decays_has_no_other_term() {
        check::<iaf_cond_exp::IafCondExp, _, _, _>();
        check::<iaf_cond_beta::IafCondBeta, _, _, _>();
        check::<hh_cond_exp_traub::HhCondExpTraub, _, _, _>();
        check::<hh_psc_alpha::HhPscAlpha, _, _, _>();
        check::<hh_psc_alpha_gap::HhPscAlphaGap, _, _, _>();
        check::<aeif_cond_alpha::AeifCondAlpha, _, _, _>();
        check::<aeif_cond_alpha_astro::AeifCondAlphaAstro, _, _, _>();
        check::<aeif_psc_delta_clopath::AeifPscDeltaClopath, _, _, _>();
        check::<pp_cond_exp_mc_urbanczik::PpCondExpMcUrbanczik, _, _, _>();
    }
}
