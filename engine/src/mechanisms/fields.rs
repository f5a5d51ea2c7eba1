//! Structs of numbers: state, constants and slopes of neuron models, for any number type.
//!
//! A model names its numbers as fields of a struct that is generic over the number type. The runtime keeps the same
//! numbers in rows of memory and the solver works on them one after the other; both see the struct as a slice.

pub use spikeloom_derive::Fields;

use super::lanes::Real;

/// A value made of `COUNT` numbers of type `R` that stand one after the other, and of nothing else.
///
/// # Safety
///
/// The type has the size and the alignment of `[R; COUNT]`, no padding, and any numbers make a valid value.
pub unsafe trait Fields<R: Real>: Copy {
    const COUNT: usize;
    /// All numbers the same.
    fn filled(x: R) -> Self;
    /// Those of the numbers that bear a name, with their places.
    const NAMED: &'static [(&'static str, usize)] = &[];

    /// The numbers in order.
    #[inline(always)]
    fn numbers(&self) -> &[R] {
        const { assert!(size_of::<Self>() == Self::COUNT * size_of::<R>()) }
        if Self::COUNT == 0 {
            return &[];
        }
        // SAFETY: the implementation promises so many numbers one after the other and the alignment of one.
        unsafe { std::slice::from_raw_parts(std::ptr::from_ref(self).cast(), Self::COUNT) }
    }

    #[inline(always)]
    fn numbers_mut(&mut self) -> &mut [R] {
        const { assert!(size_of::<Self>() == Self::COUNT * size_of::<R>()) }
        if Self::COUNT == 0 {
            return &mut [];
        }
        // SAFETY: as above; any numbers make a valid value.
        unsafe { std::slice::from_raw_parts_mut(std::ptr::from_mut(self).cast(), Self::COUNT) }
    }
}

// SAFETY: one number.
unsafe impl<R: Real> Fields<R> for R {
    const COUNT: usize = 1;
    #[inline(always)]
    fn filled(x: R) -> R {
        x
    }
}

// SAFETY: elements of an array stand one after the other, without padding.
unsafe impl<R: Real, T: Fields<R>, const N: usize> Fields<R> for [T; N] {
    const COUNT: usize = N * T::COUNT;
    #[inline(always)]
    fn filled(x: R) -> Self {
        [T::filled(x); N]
    }
}

// SAFETY: no number at all.
unsafe impl<R: Real> Fields<R> for () {
    const COUNT: usize = 0;
    #[inline(always)]
    fn filled(_: R) {}
}

/// Of each field the one or the other, lane by lane.
#[inline(always)]
pub fn select<R: Real, F: Fields<R>>(mask: R::Mask, yes: &F, no: &F) -> F {
    let mut chosen = *no;
    for i in 0..F::COUNT {
        chosen.numbers_mut()[i] = R::select(mask, yes.numbers()[i], no.numbers()[i]);
    }
    chosen
}

/// The place of a field among the numbers of a struct: `place!(State<f64>, v)`.
macro_rules! place {
    ($struct:ty, $($field:tt).+) => {
        std::mem::offset_of!($struct, $($field).+) / size_of::<f64>()
    };
}
pub(crate) use place;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Fields)]
    #[repr(C)]
    struct Pair<R> {
        #[name = "z"]
        z: R,
        #[name = "g"]
        g: R,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Fields)]
    #[repr(C)]
    struct Nested<R, S> {
        v: R,
        both: [S; 2],
        none: (),
        #[name = "w"]
        w: R,
    }

    #[test]
    fn nested_structs_are_their_numbers_in_order() {
        type Whole = Nested<f64, Pair<f64>>;
        let mut whole = <Whole as Fields<f64>>::filled(0.0);
        for (i, x) in whole.numbers_mut().iter_mut().enumerate() {
            *x = i as f64;
        }
        let both = [Pair { z: 1.0, g: 2.0 }, Pair { z: 3.0, g: 4.0 }];
        assert_eq!(whole, Nested { v: 0.0, both, none: (), w: 5.0 });
        assert_eq!(<Whole as Fields<f64>>::NAMED, [("w", 5)]);
        assert_eq!(<Pair<f64> as Fields<f64>>::NAMED, [("z", 0), ("g", 1)]);
        assert_eq!(place!(Whole, w), 5);
        assert!(Fields::<f64>::numbers(&()).is_empty());
    }
}
