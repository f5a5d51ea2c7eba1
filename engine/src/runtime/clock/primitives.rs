//! What the thread team is built of, from the standard library.
//!
//! `phases.rs` names its atomics, its cell and its ways to wait only through this module. So `tests/phases.rs` can put
//! `loom`'s in their place, and try every order in which threads may see each other's writes.

use std::cell::UnsafeCell;

pub(super) use std::hint::spin_loop;
pub(super) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence};
pub(super) use std::thread::{park, yield_now};

/// Rounds of spinning before a thread sleeps or lets others have its core: some 50 µs.
pub(super) const SPINS: u32 = 2000;
/// Rounds of spinning before a thread takes items of another's share: it must fetch their state from the other core's
/// cache, and the other will fetch it back.
pub(super) const SPINS_BEFORE_HELPING: u32 = 30;

/// A value that threads share without a lock, by a protocol of their own.
#[derive(Default)]
pub(super) struct Shared<T>(UnsafeCell<T>);

impl<T> Shared<T> {
    /// Calls `read` with a pointer from which may be read as the protocol allows.
    pub(super) fn with<O>(&self, read: impl FnOnce(*const T) -> O) -> O {
        read(self.0.get())
    }

    /// Calls `write` with a pointer to which may be written as the protocol allows.
    pub(super) fn with_mut<O>(&self, write: impl FnOnce(*mut T) -> O) -> O {
        write(self.0.get())
    }
}
