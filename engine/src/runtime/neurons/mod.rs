//! How neurons are stepped: blocks of 64 in lanes (exact propagators, equations solved with adaptive sub-steps, state in lists),
//! and neurons stepped one by one (rate, binary, precise and repeating ones). A model says only its own equations, in one of the traits of this room.

pub(crate) mod blocks;
pub mod dynamics;
pub mod lists;
pub(crate) mod parrots;
pub mod precise;
pub mod rates;
pub mod solved;
pub mod units;
