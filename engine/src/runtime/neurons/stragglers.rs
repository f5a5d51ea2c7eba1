//! Neurons that are not through with the grid step after their first sub-step.
//!
//! Such stragglers, from all blocks of a chunk, are compacted into full vectors. One that reaches the end of the grid
//! step goes back to its block and gives its lane to the next, so that no lane of a vector idles. When all have arrived,
//! the vectors from which they came do what ends a step ([`Equations::end`]).

use std::marker::PhantomData;

use super::blocks::Blocks;
use super::constants::{Coefficients, Eight, Grouped};
use super::dynamics::Arrivals;
use super::equations::{Driven, Equations, StateOf, sub_step};
use super::lists::Lists;
use super::receptors::accept;
use super::rows;
use super::scratch::{CompactedLanes, Scratch, Straggler, StragglerBlock, WIDEST};
use crate::mechanisms::fields::select;
use crate::mechanisms::lanes::{InLanes, Real};
use crate::mechanisms::rkf45::{self, Attempt, Decay, MOST_DECAYS};
use crate::runtime::input::inputs::{Gathered, Lanes};

/// Why there is no code for stragglers in vectors of one lane.
const ALONE: &str = "a neuron that is alone in its vector goes through its whole step at once";

/// Decides what becomes of a vector whose first sub-step did not take all its neurons to the end of the grid step:
/// accepts the sub-step where its error is small enough, and lists who has to go on as a straggler.
pub(super) struct Settle<'a, E> {
    rows: &'a mut [Lanes],
    constants: Grouped<'a>,
    lists: Lists<'a, Grouped<'a>>,
    gathered: &'a Gathered,
    chance: &'a Lanes,
    scratch: &'a mut Scratch,
    /// How many neurons the block has from the first lane of this vector on; lanes behind them are padding.
    here: usize,
    h: f64,
    equations: PhantomData<E>,
}

impl<'a, E> Settle<'a, E> {
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        rows: &'a mut [Lanes],
        constants: Grouped<'a>,
        lists: Lists<'a, Grouped<'a>>,
        gathered: &'a Gathered,
        chance: &'a Lanes,
        scratch: &'a mut Scratch,
        here: usize,
        h: f64,
    ) -> Self {
        Settle { rows, constants, lists, gathered, chance, scratch, here, h, equations: PhantomData }
    }
}

impl<E: Equations> InLanes for Settle<'_, E> {
    /// Who has fired, where all neurons of the vector are through with the step; `None` where some are not.
    type Output = Option<u64>;
    #[inline(always)]
    fn run<R: Real>(mut self) -> Option<u64> {
        if const { R::LANES == 1 } {
            unreachable!("{ALONE}");
        }
        let (lane, whole) = (self.lists.lane, R::of(self.h));
        let k: E::Constants<R> = self.constants.load(0, lane);
        let mut s: StateOf<E, R> = rows::load(self.rows, lane);
        let input = Arrivals::new(self.gathered, self.chance, self.h).at(lane);
        let mut attempt: Attempt<R, E::Components<R>> = rows::load(&self.scratch.tried, lane);
        let through = attempt.through(whole);
        let all_through = R::all(through);
        let (moves, suggested) = if all_through { (through, whole) } else { attempt.settle(whole) };
        accept::<E::Receptors, R, _>(&mut self.lists, &self.scratch.proposed, moves);
        s.y = select(moves, &attempt.y, &s.y);
        s.sub_step = suggested;
        E::moved(&k, &mut s.y, &mut s.still, moves, E::jump(&input));
        if all_through {
            let fired = R::bits(E::end(&k, &mut s.y, &mut s.still, &mut self.lists, &input)) << lane;
            rows::store(&s, self.rows, lane);
            return Some(fired);
        }
        rows::store(&s, self.rows, lane);
        let reached = R::select(moves, attempt.reached, R::of(0.0));
        let mut t = [0.0; WIDEST];
        reached.store(&mut t);
        let arrived = R::bits(reached.ge(whole));
        let waiting = self.scratch.waiting.len();
        for l in (0..self.here.min(R::LANES)).filter(|l| arrived >> l & 1 == 0) {
            self.scratch.stragglers.push(Straggler { waiting, lane: lane + l, t: t[l] });
        }
        None
    }
}

impl CompactedLanes {
    /// Makes room for the neurons of these blocks.
    fn begin(&mut self, this: &Blocks) {
        let (row, group) = (Lanes([0.0; 64]), Eight([0.0; 8]));
        self.rows.resize(this.kind.state, row);
        self.constants.resize(2 * this.kind.constants, group);
        self.list_rows.resize(this.shape.rows, row);
        self.list_constants.resize(2 * this.shape.constants, group);
        if this.constants.is_uniform() {
            this.constants.copy_group(&mut self.constants);
            this.list_constants.copy_group(&mut self.list_constants);
        }
    }

    /// A straggler takes a lane.
    fn take(&mut self, to: usize, straggler: &Straggler, block: usize, this: &Blocks) {
        let lane = straggler.lane;
        for (row, from) in self.rows.iter_mut().zip(&this.rows[block * this.kind.state..]) {
            row[to] = from[lane];
        }
        for (row, from) in self.list_rows.iter_mut().zip(&this.list_rows[block * this.shape.rows..]) {
            row[to] = from[lane];
        }
        // Constants that are the same for all neurons stand there from the beginning.
        if !this.constants.is_uniform() {
            let neuron = block * 64 + lane;
            for i in 0..this.kind.constants {
                self.constants[to / 8 * this.kind.constants + i].0[to % 8] = this.constants.get(neuron, i);
            }
            for i in 0..this.shape.constants {
                self.list_constants[to / 8 * this.shape.constants + i].0[to % 8] = this.list_constants.get(neuron, i);
            }
        }
        self.t[to] = straggler.t;
        self.tried[to] = 0;
        self.from[to] = (block, lane);
    }

    /// A neuron goes back to its block.
    fn put_back(&self, from: usize, this: &mut Blocks) {
        let (block, lane) = self.from[from];
        for (row, to) in self.rows.iter().zip(&mut this.rows[block * this.kind.state..]) {
            to[lane] = row[from];
        }
        for (row, to) in self.list_rows.iter().zip(&mut this.list_rows[block * this.shape.rows..]) {
            to[lane] = row[from];
        }
    }
}

/// Takes all stragglers to the end of the step, and ends the step of their vectors.
pub(super) struct CatchUp<'a, E> {
    this: &'a mut Blocks,
    scratch: &'a mut Scratch,
    equations: PhantomData<E>,
}

impl<'a, E> CatchUp<'a, E> {
    pub fn new(this: &'a mut Blocks, scratch: &'a mut Scratch) -> Self {
        CatchUp { this, scratch, equations: PhantomData }
    }
}

impl<E: Equations> InLanes for CatchUp<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        if const { R::LANES == 1 } {
            unreachable!("{ALONE}");
        }
        let CatchUp { this, scratch, .. } = self;
        scratch.compacted.begin(this);
        let whole = R::of(this.grid.h());
        let all = u64::MAX >> (64 - R::LANES);
        let mut taken = 0u64;
        let mut room = [Decay::none(); MOST_DECAYS];
        loop {
            let Scratch { stragglers, waiting, compacted, proposed, .. } = &mut *scratch;
            let mut free = all & !taken;
            while free != 0 {
                let Some(straggler) = stragglers.pop() else { break };
                let (to, place) = (free.trailing_zeros() as usize, &waiting[straggler.waiting]);
                compacted.take(to, &straggler, place.block, this);
                let input = Arrivals::new(&place.gathered, &place.chance, this.grid.h()).at::<f64>(straggler.lane);
                (compacted.current[to], compacted.jump[to]) = (input.current, E::jump(&input));
                taken |= 1 << to;
                free &= free - 1;
            }
            if taken == 0 {
                break;
            }
            let k: E::Constants<R> = Grouped::new(&compacted.constants, this.kind.constants).load(0, 0);
            let mut s: StateOf<E, R> = rows::load(&compacted.rows, 0);
            let constants = Grouped::new(&compacted.list_constants, this.shape.constants);
            let mut lists = Lists { shape: &this.shape, constants, rows: &mut compacted.list_rows, lane: 0 };
            let mut t = R::load(&compacted.t);
            let driven = Driven { current: R::load(&compacted.current), jump: R::load(&compacted.jump) };
            sub_step::<E, R, _>(&k, &mut s, &mut lists, proposed, &mut t, whole, driven, &mut room);
            rows::store(&s, &mut compacted.rows, 0);
            t.store(&mut compacted.t);
            let mut leaving = R::bits(t.ge(whole)) & taken;
            for lane in 0..R::LANES {
                compacted.tried[lane] += 1;
                if compacted.tried[lane] == rkf45::MOST {
                    // It takes too many sub-steps: the potential becomes NaN, which stops the run with a message.
                    compacted.rows[0][lane] = f64::NAN;
                    leaving |= 1 << lane & taken;
                }
            }
            taken &= !leaving;
            while leaving != 0 {
                compacted.put_back(leaving.trailing_zeros() as usize, this);
                leaving &= leaving - 1;
            }
        }
        while let Some(place) = scratch.waiting.pop() {
            let fired = end_vectors::<E, R>(this, &place);
            scratch.fired[place.block] |= fired;
            scratch.spare.push(place);
        }
    }
}

/// The end of the step for the vectors that waited for stragglers; returns who has fired.
#[inline(always)]
fn end_vectors<E: Equations, R: Real>(this: &mut Blocks, place: &StragglerBlock) -> u64 {
    let h = this.grid.h();
    let Blocks { kind, rows, constants, shape, list_rows, list_constants, .. } = this;
    let rows = &mut rows[place.block * kind.state..][..kind.state];
    let list_rows = &mut list_rows[place.block * shape.rows..][..shape.rows];
    let constants = constants.block(place.block);
    let mut lists = Lists { shape, constants: list_constants.block(place.block), rows: list_rows, lane: 0 };
    let (mut fired, mut vectors) = (0, place.vectors);
    while vectors != 0 {
        let lane = vectors.trailing_zeros() as usize;
        lists.lane = lane;
        let k: E::Constants<R> = constants.load(0, lane);
        let mut s: StateOf<E, R> = rows::load(rows, lane);
        let input = Arrivals::new(&place.gathered, &place.chance, h).at(lane);
        fired |= R::bits(E::end(&k, &mut s.y, &mut s.still, &mut lists, &input)) << lane;
        rows::store(&s, rows, lane);
        vectors &= vectors - 1;
    }
    fired
}
