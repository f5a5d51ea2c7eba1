//! How neurons are stepped: blocks of 64 in lanes (exact propagators, equations solved with adaptive sub-steps, state in lists),
//! and neurons stepped one by one (rate, binary, precise and repeating ones). A model says only its own equations, in one of the traits of this room.

pub(crate) mod blocks;
pub mod constants;
pub mod dynamics;
pub mod equations;
pub mod interface;
pub(crate) mod kind;
pub mod lists;
pub mod parrots;
pub mod precise;
pub mod rates;
pub mod readings;
pub mod receptors;
pub(crate) mod rows;
mod scratch;
pub mod solved;
pub mod stepped;
mod stragglers;
pub mod units;
