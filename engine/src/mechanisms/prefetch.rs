//! Numbers that are asked for before their turn.

/// Asks for these numbers to be in the cache when their turn comes.
#[inline(always)]
pub fn prefetch<T>(numbers: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for first in numbers.iter().step_by((64 / size_of::<T>()).max(1)).chain(numbers.last()) {
        // SAFETY: a prefetch reads and writes nothing that the program can tell, whatever the address, and every x86-64
        // processor has it (SSE).
        unsafe {
            std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(std::ptr::from_ref(first).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = numbers;
}
