//! Large tables of numbers in huge pages.
//!
//! Rows of synapses and rings of input are read and written all over the place. With pages of 4 kB most of these
//! accesses also look up where the page is; with pages of 2 MB, which Linux gives to memory that asks for them before
//! it is first written, hardly any does. Elsewhere, and where there is little to hold, this is a plain vector.

use std::ops::{Deref, DerefMut};

use bytemuck::Pod;

/// A table of numbers that keeps its length.
pub struct Large<T>(Memory<T>);

enum Memory<T> {
    Plain(Vec<T>),
    #[cfg(target_os = "linux")]
    Mapped(mapped::Mapped<T>),
}

impl<T: Pod> Large<T> {
    /// So many zeros.
    pub fn zeroed(len: usize) -> Self {
        #[cfg(target_os = "linux")]
        if let Some(mapped) = mapped::Mapped::zeroed(len) {
            return Large(Memory::Mapped(mapped));
        }
        Large(Memory::Plain(vec![T::zeroed(); len]))
    }
}

impl<T: Pod> Deref for Large<T> {
    type Target = [T];
    #[inline(always)]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Memory::Plain(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::Mapped(mapped) => mapped.numbers(),
        }
    }
}

impl<T: Pod> DerefMut for Large<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Memory::Plain(numbers) => numbers,
            #[cfg(target_os = "linux")]
            Memory::Mapped(mapped) => mapped.numbers_mut(),
        }
    }
}

impl<T: Pod> Clone for Large<T> {
    fn clone(&self) -> Self {
        let mut copy = Large::zeroed(self.len());
        copy.copy_from_slice(self);
        copy
    }
}

impl<T> From<Vec<T>> for Large<T> {
    fn from(numbers: Vec<T>) -> Self {
        Large(Memory::Plain(numbers))
    }
}

impl<T> FromIterator<T> for Large<T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Self {
        Vec::from_iter(numbers).into()
    }
}

#[cfg(target_os = "linux")]
mod mapped {
    use std::marker::PhantomData;

    use bytemuck::Pod;
    use memmap2::{Advice, MmapMut};

    /// Bytes of a huge page.
    const HUGE: usize = 2 << 20;
    /// Less than this many bytes are not worth a mapping of their own.
    const WORTH_MAPPING: usize = HUGE / 2;
    /// The last page is made huge if no more of it than this stays empty.
    const WASTE: usize = HUGE / 4;

    /// Numbers in a mapping of their own, which begin with a huge page.
    pub struct Mapped<T> {
        map: MmapMut,
        /// Where in the mapping the numbers lie, bytes.
        first: usize,
        bytes: usize,
        numbers: PhantomData<T>,
    }

    impl<T: Pod> Mapped<T> {
        /// `None` where it is not worth it, or the system has no memory to map.
        pub fn zeroed(len: usize) -> Option<Self> {
            let bytes = len.checked_mul(size_of::<T>())?;
            if bytes < WORTH_MAPPING {
                return None;
            }
            let map = MmapMut::map_anon(bytes.checked_add(2 * HUGE)?).ok()?;
            let first = map.as_ptr().align_offset(HUGE);
            let huge = (bytes + WASTE) / HUGE * HUGE;
            // A system that gives no huge pages gives small ones, and results are the same.
            let _ = map.advise_range(Advice::HugePage, first, huge);
            Some(Mapped { map, first, bytes, numbers: PhantomData })
        }

        #[inline(always)]
        pub fn numbers(&self) -> &[T] {
            bytemuck::cast_slice(&self.map[self.first..self.first + self.bytes])
        }

        #[inline(always)]
        pub fn numbers_mut(&mut self) -> &mut [T] {
            bytemuck::cast_slice_mut(&mut self.map[self.first..self.first + self.bytes])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Large;

    #[test]
    fn large_tables_hold_what_is_written_and_copies_are_their_own() {
        for len in [0, 1, 1000, 600_000, 3_000_001] {
            let mut table = Large::<u16>::zeroed(len);
            assert_eq!(table.len(), len);
            assert!(table.iter().all(|x| *x == 0));
            for (i, x) in table.iter_mut().enumerate() {
                *x = i as u16;
            }
            let copy = table.clone();
            table.fill(7);
            assert!(copy.iter().enumerate().all(|(i, x)| *x == i as u16));
            assert!(table.iter().all(|x| *x == 7));
        }
    }
}
