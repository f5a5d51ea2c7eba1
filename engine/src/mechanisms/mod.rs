//! What models are composed of; each mechanism stands here once.

pub mod dual;
pub mod escape;
pub mod expressions;
pub mod fields;
pub mod kernels;
pub mod lanes;
pub mod large;
pub mod membrane;
pub mod poisson;
pub mod prefetch;
pub mod programs;
pub mod propagator;
pub mod random;
pub mod rkf45;
pub mod roots;
pub mod schemes;
pub mod siegert;
pub mod surrogates;
pub mod time;
