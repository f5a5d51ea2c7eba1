//! Elementary functions of one number, for whatever influences results.
//!
//! The functions of the platform's C library differ in their last bits between glibc, Windows, macOS and the browser,
//! and with them spikes would. Nothing of the engine therefore calls `f64::exp` and its like (`tests/platform_functions.rs`
//! looks); what computes in lanes uses [`crate::mechanisms::lanes::Real`]. `sqrt` and what rounds to whole
//! numbers are exact by IEEE 754 and stay.
//!
//! `exp`, `exp_m1`, `ln` and `ln_1p` are our own: the nearest number to the true value, up to about one argument in 2⁴⁰, where it may
//! be the one next to it. They compute with a sum of two numbers; where its error could change the rounding, about
//! once in a thousand calls, they do so again with 100 bits (Ziv 1991, ACM Trans Math Softw 17:410). They consist of
//! additions and multiplications in a fixed order, so their bits are the same on every processor. `sin`, `cos`,
//! `tanh`, `erfc` and the logarithm of the gamma function are those of the crate `libm`, in plain Rust from FreeBSD's library, with errors below one unit
//! in the last place.

mod double;
mod exponential;
mod gamma;
mod logarithm;

pub use exponential::{exp, exp_m1};
pub use gamma::gamma_hazard;
pub use logarithm::{ln, ln_1p};

/// The logarithm of the gamma function.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Sine of an angle in radians.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Sine and cosine of an angle in radians.
pub fn sin_cos(x: f64) -> (f64, f64) {
    libm::sincos(x)
}

/// Hyperbolic tangent.
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// Complementary error function, 1 − erf x.
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

#[cfg(test)]
mod tests;
