//! Neurons whose equations are solved with adaptive sub-steps.
//!
//! A grid step of a chunk goes in three passes. First every neuron tries one sub-step, vector by vector, as
//! large as its solver suggested after the last one; nearly all reach the end of the grid step with it ("are through"). The
//! few that do not, from whatever block, are compacted into vectors of their own and go on sub-step by sub-step
//! (`stragglers`). Then the vectors from which they came do what ends a step, as the others did in the first pass.
//! Where a vector has one lane, every neuron goes through its step alone.

use super::blocks::{Blocks, Through, Turn};
use super::constants::Coefficients;
use super::dynamics::Arrivals;
use super::equations::{Between, Equations, Solved, StateOf, Whole, decays, whole_step};
use super::interface::{Make, Neurons};
use super::kind::Kind;
use super::lists::Lists;
use super::receptors::{Receptors, accept};
use super::rows;
use super::scratch::Scratch;
use super::stragglers::{CatchUp, Settle};
use crate::mechanisms::fields::{Fields, select};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::{self, Decay, MOST_DECAYS};
use crate::runtime::input::inputs::{Gathered, Lanes};
use crate::runtime::slice::Trouble;

impl<E: Equations> Solved<E> {
    /// Makes the neurons of a chunk.
    pub fn make(make: &Make<'_>) -> Box<dyn Neurons> {
        Box::new(Blocks::of::<Self>(make, const { &Kind::of::<Self>() }))
    }
}

impl<E: Equations> Through for Solved<E> {
    #[inline(always)]
    fn through<R: Real>(blocks: &mut Blocks, turn: &mut Turn<'_>) -> Result<(), Trouble> {
        run::<E, R>(blocks, turn)
    }
}

/// All neurons of a chunk through a span, step by step.
#[inline(always)]
fn run<E: Equations, R: Real>(this: &mut Blocks, turn: &mut Turn<'_>) -> Result<(), Trouble> {
    let mut scratch = std::mem::take(&mut this.scratch);
    let mut gathered = turn.inputs.lend();
    let mut chance = Lanes([0.0; 64]);
    let mut done = Ok(());
    scratch.begin(this.blocks(), this.shape.rows, StateOf::<E, f64>::COUNT);
    let step = R::Wide::of(this.grid.h());
    let mut whole = Whole { step, decays: [Decay::none(); MOST_DECAYS] };
    if this.constants.is_uniform() {
        decays::<E, R::Wide>(&this.constants.shared().load(0, 0), step, &mut whole.decays);
    }
    for i in 0..turn.span.n {
        for b in 0..this.blocks() {
            turn.gather(b, i, &mut gathered);
            this.draw_chance(b, &mut chance);
            if const { R::LANES == 1 } {
                whole_steps::<E, R>(this, b, &gathered, &chance, &mut scratch);
                continue;
            }
            first_sub_steps::<E, R>(this, b, &gathered, &chance, &whole, &mut scratch);
            if scratch.vectors != 0 {
                scratch.set_aside(b, &mut gathered, &chance);
            }
        }
        if !scratch.waiting.is_empty() {
            this.level.run_dynamics(CatchUp::<E>::new(this, &mut scratch));
        }
        for b in 0..this.blocks() {
            done = done.and(this.finish(b, i, scratch.fired[b], turn));
        }
        if done.is_err() {
            break;
        }
    }
    turn.inputs.give_back(gathered);
    this.scratch = scratch;
    done
}

/// The whole step for all neurons of a block, where no neuron waits for one beside it.
#[inline(always)]
fn whole_steps<E: Equations, R: Real>(
    this: &mut Blocks,
    block: usize,
    gathered: &Gathered,
    chance: &Lanes,
    scratch: &mut Scratch,
) {
    let lanes = this.lanes(block);
    let Blocks { kind, rows, constants, shape, list_rows, list_constants, .. } = this;
    let rows = &mut rows[block * kind.state..][..kind.state];
    let constants = constants.block(block);
    let list_rows = &mut list_rows[block * shape.rows..][..shape.rows];
    let mut lists = Lists { shape, constants: list_constants.block(block), rows: list_rows, lane: 0 };
    let received = Arrivals::new(gathered, chance, this.grid.h());
    let mut fired = 0;
    for lane in (0..lanes).step_by(R::LANES) {
        let k: E::Constants<R> = constants.load(0, lane);
        let mut s: StateOf<E, R> = rows::load(rows, lane);
        lists.lane = lane;
        let fires = whole_step::<E, R, _>(&k, &mut s, &mut lists, &received.at(lane), &mut scratch.proposed);
        fired |= R::bits(fires) << lane;
        rows::store(&s, rows, lane);
    }
    scratch.fired[block] = fired;
}

/// One sub-step for all neurons of a block. A vector in which all neurons reach the end of the grid step with it ends
/// the step at once; of the other vectors, the neurons that do not are listed in `scratch` as stragglers.
#[inline(always)]
fn first_sub_steps<E: Equations, R: Real>(
    this: &mut Blocks,
    block: usize,
    gathered: &Gathered,
    chance: &Lanes,
    whole: &Whole<R::Wide>,
    scratch: &mut Scratch,
) {
    let (lanes, level) = (this.lanes(block), this.level);
    let Blocks { kind, rows, constants, shape, list_rows, list_constants, .. } = this;
    let rows = &mut rows[block * kind.state..][..kind.state];
    let known = if constants.is_uniform() { Some(whole) } else { None };
    let constants = constants.block(block);
    let list_rows = &mut list_rows[block * shape.rows..][..shape.rows];
    let mut lists = Lists { shape, constants: list_constants.block(block), rows: list_rows, lane: 0 };
    let mut room = [Decay::none(); MOST_DECAYS];
    let (zero, step) = (R::Wide::of(0.0), whole.step);
    let (mut fired, mut vectors) = (0, 0);
    let received = Arrivals::new(gathered, chance, this.grid.h());
    for lane in (0..lanes).step_by(R::Wide::LANES) {
        let k: E::Constants<R::Wide> = constants.load(0, lane);
        let mut s: StateOf<E, R::Wide> = rows::load(rows, lane);
        let input = received.at(lane);
        lists.lane = lane;
        if E::AWAKENS {
            E::awaken(&k, &mut s.y, &mut s.still);
            rows::store(&s, rows, lane);
        }
        E::begin(&k, &s.y, &mut s.still, &mut lists, &input);
        let (allowed, extent) = (E::allowed(&k), rkf45::extent(zero, s.sub_step, step));
        let (drives, error) = E::Receptors::respond(&lists, &mut scratch.proposed, extent.0, &allowed);
        let between = Between::<E, R::Wide> { k: &k, still: &s.still, current: input.current, drives, whole: known };
        let mut attempt = rkf45::attempt(&between, zero, &s.y, extent, allowed, &mut room);
        if E::Receptors::ANY {
            attempt.ratio = rkf45::larger(attempt.ratio, error);
        }
        let through = attempt.through(step);
        let all = R::Wide::all(through);
        // `Wide` is two vectors: where not all of its neurons are through, those of one half may be, and that half ends its
        // step here. Models with state in lists have both halves settled below.
        let ended = match (all, E::LISTS.len()) {
            (true, _) => R::Wide::bits(through),
            (false, 0) => whole_halves::<R>(R::Wide::bits(through)),
            (false, _) => 0,
        };
        let mut next = s;
        if ended != 0 {
            let who = R::Wide::mask(ended);
            accept::<E::Receptors, R::Wide, _>(&mut lists, &scratch.proposed, who);
            (next.y, next.sub_step) = (attempt.y, step);
            E::moved(&k, &mut next.y, &mut next.still, who, E::jump(&input));
            let fires = E::end(&k, &mut next.y, &mut next.still, &mut lists, &input);
            fired |= (R::Wide::bits(fires) & ended) << lane;
            if !all {
                next = select(who, &next, &s);
            }
        }
        rows::store(&next, rows, lane);
        if !all {
            rows::store(&attempt, &mut scratch.tried, lane);
            for part in (0..R::Wide::LANES).step_by(R::LANES).filter(|part| ended >> part & 1 == 0) {
                let first = lane + part;
                let lists = Lists { rows: &mut *lists.rows, lane: first, ..lists };
                let here = lanes.saturating_sub(first);
                let step = this.grid.h();
                let settle = Settle::<E>::new(rows, constants, lists, gathered, chance, scratch, here, step);
                match level.run_dynamics(settle) {
                    Some(of_vector) => fired |= of_vector,
                    None => vectors |= 1 << first,
                }
            }
        }
    }
    scratch.fired[block] = fired;
    scratch.vectors = vectors;
}

/// Of the bits of two vectors side by side, those of a vector whose bits are all set; those of the other become 0.
#[inline(always)]
fn whole_halves<R: Real>(bits: u64) -> u64 {
    let of_vector = u64::MAX >> (64 - R::LANES);
    let mut whole = 0;
    for part in (0..R::Wide::LANES).step_by(R::LANES) {
        if bits >> part & of_vector == of_vector {
            whole |= of_vector << part;
        }
    }
    whole
}
