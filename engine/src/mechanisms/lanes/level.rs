//! The processor's instructions that dynamics are compiled for, and proof that it has them.
//!
//! [`Level`] is chosen when the program runs. A level above the scalar one holds a token, [`Avx2`] or [`Avx512`],
//! which only the test of the processor makes; so whoever holds a level may use its instructions. The vectors of
//! these instructions have no name outside [`lanes`](super): the only way to compute in them is to hand
//! [`Level::run`] a piece of work that is written for any [`Real`].

use super::Real;
#[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
use super::x86::{F64x4, F64x8};

/// Which instructions the dynamics use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Those that every processor of the architecture has; one number at a time.
    Scalar,
    #[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
    Avx2(Avx2),
    #[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
    Avx512(Avx512),
}

/// Proof that this processor has AVX2 and POPCNT.
///
/// Invariant: a value exists only where [`Avx2::detect`] has found these instructions. The field is private to this
/// file, and nothing else in it makes one.
#[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Avx2(());

#[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
impl Avx2 {
    /// The proof, if the processor has the instructions.
    pub fn detect() -> Option<Avx2> {
        let there = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt");
        there.then_some(Avx2(()))
    }
}

/// Proof that this processor has what [`Avx2`] proves and AVX-512 F, DQ, BW and VL.
///
/// Invariant: a value exists only where [`Avx512::detect`] has found these instructions. The field is private to this
/// file, and nothing else in it makes one.
#[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Avx512(());

#[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
impl Avx512 {
    /// The proof, if the processor has the instructions.
    pub fn detect() -> Option<Avx512> {
        let there = Avx2::detect().is_some()
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl");
        there.then_some(Avx512(()))
    }
}

/// The best level of this machine. `SPIKELOOM_LEVEL=scalar|avx2` in the environment asks for less.
pub fn level() -> Level {
    static LEVEL: std::sync::OnceLock<Level> = std::sync::OnceLock::new();
    *LEVEL.get_or_init(|| {
        let wish = std::env::var("SPIKELOOM_LEVEL").unwrap_or_default();
        #[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
        if wish != "scalar" {
            let wide = Avx512::detect().filter(|_| wish != "avx2").map(Level::Avx512);
            if let Some(level) = wide.or_else(|| Avx2::detect().map(Level::Avx2)) {
                return level;
            }
        }
        let _ = wish;
        Level::Scalar
    })
}

/// Work in lanes that can be compiled for each level.
pub trait InLanes {
    type Output;
    /// Must be `#[inline(always)]`, with all that it computes.
    fn run<R: Real>(self) -> Self::Output;
}

impl Level {
    /// Does the work with the instructions of this level, in a function of its own: it is compiled once a level,
    /// wherever it is asked for.
    #[inline(always)]
    pub fn run<W: InLanes>(self, work: W) -> W::Output {
        match self {
            Level::Scalar => run_scalar(work),
            #[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
            // SAFETY: an `Avx2` proves that the processor has what `run_avx2` is compiled for; `Avx2::detect` made it.
            Level::Avx2(Avx2(())) => unsafe { run_avx2(work) },
            #[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
            // SAFETY: an `Avx512` proves that the processor has what `run_avx512` is compiled for; `Avx512::detect`
            // made it.
            Level::Avx512(Avx512(())) => unsafe { run_avx512(work) },
        }
    }

    /// As [`Level::run`], for the dynamics of whole models. The unit tests of this crate go through them one number at a
    /// time: to compile every model for vectors a second time would take minutes, and the tests of the workspace compare
    /// the levels, model by model.
    #[inline(always)]
    pub fn run_dynamics<W: InLanes>(self, work: W) -> W::Output {
        #[cfg(test)]
        return run_scalar(work);
        #[cfg(not(test))]
        self.run(work)
    }

    /// Every level that this machine has.
    #[cfg(test)]
    pub fn available() -> Vec<Level> {
        let levels = vec![Level::Scalar];
        #[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
        let levels = [
            levels,
            Avx2::detect().map(Level::Avx2).into_iter().collect(),
            Avx512::detect().map(Level::Avx512).into_iter().collect(),
        ]
        .concat();
        levels
    }
}

#[inline(never)]
fn run_scalar<W: InLanes>(work: W) -> W::Output {
    work.run::<f64>()
}

/// The only place that computes in [`F64x4`].
#[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
#[inline(never)]
#[target_feature(enable = "avx2,popcnt")]
fn run_avx2<W: InLanes>(work: W) -> W::Output {
    work.run::<F64x4>()
}

/// The only place that computes in [`F64x8`].
#[cfg(all(target_arch = "x86_64", not(spikeloom_scalar)))]
#[inline(never)]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,popcnt")]
fn run_avx512<W: InLanes>(work: W) -> W::Output {
    work.run::<F64x8>()
}
