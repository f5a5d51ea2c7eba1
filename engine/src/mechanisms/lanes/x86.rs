//! Vectors of four and eight numbers in the instructions of x86-64.
//!
//! **Invariant.** [`F64x4`] and [`F64x8`] are visible in `lanes` alone, and there only `run_avx2` and `run_avx512` of
//! [`level`](super::level) name them: as the number type of a piece of work, which [`Level::run`](super::Level::run)
//! hands over only to the level whose token proves the instructions. So code that computes in one of these types runs
//! on a processor that has its instructions.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{ABOVE_ROOT_HALF, COUNTING, COUNTING_BIAS, MANTISSA, ROOT_HALF, Real};

/// Four lanes of AVX2.
#[derive(Clone, Copy)]
pub(super) struct F64x4(__m256d);
/// Eight lanes of AVX-512.
#[derive(Clone, Copy)]
pub(super) struct F64x8(__m512d);

/// The value of an expression made of instructions on values; nothing in it reads or writes memory.
macro_rules! instructions {
    ($value:expr) => {{
        // SAFETY: the processor has the instructions of the type that this is an operation of: the invariant at the
        // head of this file.
        unsafe { $value }
    }};
}

macro_rules! operators {
    ($type:ident, $add:ident, $sub:ident, $mul:ident, $div:ident) => {
        impl Add for $type {
            type Output = Self;
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                $type(instructions!($add(self.0, other.0)))
            }
        }
        impl Sub for $type {
            type Output = Self;
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                $type(instructions!($sub(self.0, other.0)))
            }
        }
        impl Mul for $type {
            type Output = Self;
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                $type(instructions!($mul(self.0, other.0)))
            }
        }
        impl Div for $type {
            type Output = Self;
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                $type(instructions!($div(self.0, other.0)))
            }
        }
        impl Neg for $type {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                Self::of(-0.0) - self
            }
        }
    };
}
operators!(F64x4, _mm256_add_pd, _mm256_sub_pd, _mm256_mul_pd, _mm256_div_pd);
operators!(F64x8, _mm512_add_pd, _mm512_sub_pd, _mm512_mul_pd, _mm512_div_pd);

impl Real for F64x4 {
    const LANES: usize = 4;
    type Mask = __m256d;
    #[inline(always)]
    fn of(x: f64) -> Self {
        F64x4(instructions!(_mm256_set1_pd(x)))
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let from: &[f64; 4] = from[..4].try_into().expect("four numbers");
        // SAFETY: four numbers are read from an array of four; the instructions are there by the invariant.
        F64x4(unsafe { _mm256_loadu_pd(from.as_ptr()) })
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        let to: &mut [f64; 4] = (&mut to[..4]).try_into().expect("four numbers");
        // SAFETY: four numbers are written to an array of four; the instructions are there by the invariant.
        unsafe { _mm256_storeu_pd(to.as_mut_ptr(), self.0) }
    }
    #[inline(always)]
    fn ge(self, other: Self) -> __m256d {
        instructions!(_mm256_cmp_pd::<_CMP_GE_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn gt(self, other: Self) -> __m256d {
        instructions!(_mm256_cmp_pd::<_CMP_GT_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn and(a: __m256d, b: __m256d) -> __m256d {
        instructions!(_mm256_and_pd(a, b))
    }
    #[inline(always)]
    fn or(a: __m256d, b: __m256d) -> __m256d {
        instructions!(_mm256_or_pd(a, b))
    }
    #[inline(always)]
    fn select(mask: __m256d, yes: Self, no: Self) -> Self {
        F64x4(instructions!(_mm256_blendv_pd(no.0, yes.0, mask)))
    }
    #[inline(always)]
    fn bits(mask: __m256d) -> u64 {
        instructions!(_mm256_movemask_pd(mask)) as u64
    }
    #[inline(always)]
    fn mask(bits: u64) -> __m256d {
        let lane = |i: u64| if bits >> i & 1 != 0 { -1i64 } else { 0 };
        instructions!(_mm256_castsi256_pd(_mm256_set_epi64x(lane(3), lane(2), lane(1), lane(0))))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        F64x4(instructions!(_mm256_max_pd(other.0, self.0)))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        F64x4(instructions!(_mm256_min_pd(other.0, self.0)))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        F64x4(instructions!(_mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0)))
    }
    #[inline(always)]
    fn scale_by_power_of_two(self, n: Self) -> Self {
        F64x4(instructions!({
            let shifted = _mm256_slli_epi64::<52>(_mm256_castpd_si256(n.0));
            _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(self.0), shifted))
        }))
    }
    #[inline(always)]
    fn count_above(numbers: &[i32; 8], bound: i32) -> u32 {
        // SAFETY: eight numbers of 32 bits are read from an array of eight; the instructions are there by the
        // invariant.
        let numbers = unsafe { _mm256_loadu_si256(numbers.as_ptr().cast()) };
        instructions!({
            let above = _mm256_cmpgt_epi32(numbers, _mm256_set1_epi32(bound));
            (_mm256_movemask_ps(_mm256_castsi256_ps(above)) as u32).count_ones()
        })
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        instructions!({
            let all = |bits: u64| _mm256_set1_epi64x(bits as i64);
            let bits = _mm256_add_epi64(_mm256_castpd_si256(self.0), all(ABOVE_ROOT_HALF));
            let k = _mm256_castsi256_pd(_mm256_or_si256(_mm256_srli_epi64::<52>(bits), all(COUNTING)));
            let m = _mm256_castsi256_pd(_mm256_add_epi64(_mm256_and_si256(bits, all(MANTISSA)), all(ROOT_HALF)));
            (F64x4(m), F64x4(k) - Self::of(COUNTING_BIAS))
        })
    }
}

impl Real for F64x8 {
    const LANES: usize = 8;
    type Mask = __mmask8;
    #[inline(always)]
    fn of(x: f64) -> Self {
        F64x8(instructions!(_mm512_set1_pd(x)))
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let from: &[f64; 8] = from[..8].try_into().expect("eight numbers");
        // SAFETY: eight numbers are read from an array of eight; the instructions are there by the invariant.
        F64x8(unsafe { _mm512_loadu_pd(from.as_ptr()) })
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        let to: &mut [f64; 8] = (&mut to[..8]).try_into().expect("eight numbers");
        // SAFETY: eight numbers are written to an array of eight; the instructions are there by the invariant.
        unsafe { _mm512_storeu_pd(to.as_mut_ptr(), self.0) }
    }
    #[inline(always)]
    fn ge(self, other: Self) -> __mmask8 {
        instructions!(_mm512_cmp_pd_mask::<_CMP_GE_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn gt(self, other: Self) -> __mmask8 {
        instructions!(_mm512_cmp_pd_mask::<_CMP_GT_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn and(a: __mmask8, b: __mmask8) -> __mmask8 {
        a & b
    }
    #[inline(always)]
    fn or(a: __mmask8, b: __mmask8) -> __mmask8 {
        a | b
    }
    #[inline(always)]
    fn select(mask: __mmask8, yes: Self, no: Self) -> Self {
        F64x8(instructions!(_mm512_mask_blend_pd(mask, no.0, yes.0)))
    }
    #[inline(always)]
    fn bits(mask: __mmask8) -> u64 {
        mask as u64
    }
    #[inline(always)]
    fn mask(bits: u64) -> __mmask8 {
        bits as u8
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        F64x8(instructions!(_mm512_max_pd(other.0, self.0)))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        F64x8(instructions!(_mm512_min_pd(other.0, self.0)))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        F64x8(instructions!(_mm512_abs_pd(self.0)))
    }
    #[inline(always)]
    fn scale_by_power_of_two(self, n: Self) -> Self {
        F64x8(instructions!({
            let shifted = _mm512_slli_epi64::<52>(_mm512_castpd_si512(n.0));
            _mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(self.0), shifted))
        }))
    }
    #[inline(always)]
    fn count_above(numbers: &[i32; 8], bound: i32) -> u32 {
        // SAFETY: eight numbers of 32 bits are read from an array of eight; the instructions are there by the
        // invariant.
        let numbers = unsafe { _mm256_loadu_si256(numbers.as_ptr().cast()) };
        instructions!(_mm256_cmpgt_epi32_mask(numbers, _mm256_set1_epi32(bound)) as u32).count_ones()
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        instructions!({
            let all = |bits: u64| _mm512_set1_epi64(bits as i64);
            let bits = _mm512_add_epi64(_mm512_castpd_si512(self.0), all(ABOVE_ROOT_HALF));
            let k = _mm512_castsi512_pd(_mm512_or_si512(_mm512_srli_epi64::<52>(bits), all(COUNTING)));
            let m = _mm512_castsi512_pd(_mm512_add_epi64(_mm512_and_si512(bits, all(MANTISSA)), all(ROOT_HALF)));
            (F64x8(m), F64x8(k) - Self::of(COUNTING_BIAS))
        })
    }
}
