//! Neurons that are stepped from grid point to grid point, one step after the other while a block stays in the cache.

use std::marker::PhantomData;

use super::blocks::{Blocks, Through, Turn};
use super::constants::Coefficients;
use super::dynamics::{Arrivals, Neuron};
use super::interface::{Make, Neurons};
use super::kind::Kind;
use super::lists::{ListShape, Lists};
use super::rows;
use crate::mechanisms::lanes::Real;
use crate::runtime::input::inputs::Lanes;
use crate::runtime::slice::Trouble;

/// Makes the neurons of a chunk of a model that says what becomes of them in a step.
pub fn make<N: Neuron>(make: &Make<'_>) -> Box<dyn Neurons> {
    Box::new(Blocks::of::<Stepped<N>>(make, const { &Kind::of::<N>() }))
}

/// The steps of these neurons.
struct Stepped<N>(PhantomData<N>);

impl<N: Neuron> Through for Stepped<N> {
    #[inline(always)]
    fn through<R: Real>(blocks: &mut Blocks, turn: &mut Turn<'_>) -> Result<(), Trouble> {
        run::<N, R>(blocks, turn)
    }
}

/// All blocks through the span, block by block.
#[inline(always)]
fn run<N: Neuron, R: Real>(this: &mut Blocks, turn: &mut Turn<'_>) -> Result<(), Trouble> {
    let mut gathered = turn.inputs.lend();
    let mut chance = Lanes([0.0; 64]);
    let h = this.grid.h();
    let mut done = Ok(());
    for b in 0..this.blocks() {
        for i in 0..turn.span.n {
            turn.gather(b, i, &mut gathered);
            this.draw_chance(b, &mut chance);
            let lanes = this.lanes(b);
            let Blocks { kind, rows, constants, shape, list_rows, list_constants, .. } = &mut *this;
            let rows = &mut rows[b * kind.state..][..kind.state];
            let list_rows = &mut list_rows[b * shape.rows..][..shape.rows];
            let received = Arrivals::new(&gathered, &chance, h);
            let at = Block { lanes, rows, shape, list_rows, received };
            let fired = match (N::SIDE_BY_SIDE, constants.is_uniform()) {
                (false, true) => step::<N, R, _>(constants.shared(), list_constants.shared(), at),
                (false, false) => step::<N, R, _>(constants.block(b), list_constants.block(b), at),
                (true, true) => step::<N, R::Wide, _>(constants.shared(), list_constants.shared(), at),
                (true, false) => step::<N, R::Wide, _>(constants.block(b), list_constants.block(b), at),
            };
            done = this.finish(b, i, fired, turn);
            if done.is_err() {
                break;
            }
        }
        if done.is_err() {
            break;
        }
    }
    turn.inputs.give_back(gathered);
    done
}

/// A block and what arrives at it in a step.
struct Block<'a> {
    lanes: usize,
    rows: &'a mut [Lanes],
    shape: &'a ListShape,
    list_rows: &'a mut [Lanes],
    received: Arrivals<'a>,
}

/// One step of a block; returns one bit for each neuron that fires.
#[inline(always)]
fn step<N: Neuron, R: Real, C: Coefficients>(constants: C, list_constants: C, at: Block<'_>) -> u64 {
    let mut lists = Lists { shape: at.shape, constants: list_constants, rows: at.list_rows, lane: 0 };
    let mut fired = 0;
    for lane in (0..at.lanes).step_by(R::LANES) {
        let k = constants.load(0, lane);
        let mut s = rows::load(at.rows, lane);
        lists.lane = lane;
        let who = N::step::<R, C>(&k, &mut s, &mut lists, &at.received.at(lane));
        rows::store(&s, at.rows, lane);
        fired |= R::bits(who) << lane;
    }
    fired
}
