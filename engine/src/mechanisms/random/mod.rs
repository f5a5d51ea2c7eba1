//! Random numbers that are the same on every platform: streams of bits, and distributions drawn from them.

pub mod counts;
mod draws;
mod stream;
mod ziggurat;

pub use stream::{Purpose, Stream, Streams16};
