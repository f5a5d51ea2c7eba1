//! Elementary functions of one number, for whatever influences results.
//!
//! The last bits of the platform's own functions differ between its C libraries, and with them spikes. Nothing of
//! the engine therefore calls `f64::exp` and its like; what computes in lanes uses [`crate::mechanisms::lanes::Real`].
//! (`sqrt` and what rounds to whole numbers are exact by IEEE 754 and stay.)

/// e^x.
pub fn exp(x: f64) -> f64 {
    x.exp()
}

/// e^x − 1 without loss where x is small.
pub fn exp_m1(x: f64) -> f64 {
    x.exp_m1()
}

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    x.ln()
}

/// ln(1 + x) without loss where x is small.
pub fn ln_1p(x: f64) -> f64 {
    x.ln_1p()
}

/// Sine of an angle in radians.
pub fn sin(x: f64) -> f64 {
    x.sin()
}

/// Cosine of an angle in radians.
pub fn cos(x: f64) -> f64 {
    x.cos()
}

/// Sine and cosine of an angle in radians.
pub fn sin_cos(x: f64) -> (f64, f64) {
    x.sin_cos()
}

/// Hyperbolic tangent.
pub fn tanh(x: f64) -> f64 {
    x.tanh()
}

/// Complementary error function, 1 − erf x.
pub fn erfc(x: f64) -> f64 {
    statrs::function::erf::erfc(x)
}
