//! The protocol by which the threads of a team work on the items of a phase.
//!
//! The lead publishes a phase: each thread's share of the items, and what to do with them. Every thread claims items,
//! those of its own share first, and does each that it has claimed. The lead claims like the others and then waits until
//! all items are done. A follower that finds nothing for a while sleeps until the next phase is published.
//!
//! `tests/phases.rs` compiles this file once more with `loom`'s atomics and checks the protocol in all orders.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::primitives::{
    AtomicBool, AtomicU64, AtomicUsize, Ordering, SPINS, SPINS_BEFORE_HELPING, Shared, fence, park, spin_loop,
    yield_now,
};

/// On cache lines of its own, so that threads that write it do not disturb those that read its neighbours.
#[repr(align(128))]
#[derive(Default)]
struct Apart<T>(T);

/// What the threads of a team need to know of each other.
#[derive(Default)]
pub(super) struct Phases {
    /// One for each thread, the lead's first.
    shares: Box<[Apart<Share>]>,
    /// Items of the present phase that have been done.
    done: Apart<AtomicUsize>,
    asleep: AtomicUsize,
    stop: AtomicBool,
    panicked: AtomicBool,
}

/// The share of a thread in a phase, all on one cache line.
#[derive(Default)]
struct Share {
    /// Items that nobody has claimed, in the lower half; the number of the phase above, so that no thread takes the word
    /// of one phase for that of another.
    claims: AtomicU64,
    job: Shared<Option<Job>>,
}

impl Share {
    /// Whether there are items that nobody has claimed.
    fn open(&self) -> bool {
        self.claims.load(Ordering::Relaxed) as u32 > 0
    }
}

/// What is done with the items of a share.
#[derive(Clone, Copy)]
struct Job {
    /// Where the share ends.
    end: usize,
    /// Called with each item; lives as long as the phase.
    work: *const (dyn Fn(usize) + Sync),
}

// SAFETY: `job` is written by the lead while no item is claimed and not yet done, and read by others only between their
// claiming an item and telling that it is done; `work` may be called from any thread as it is `Sync`.
unsafe impl Send for Phases {}
// SAFETY: as above.
unsafe impl Sync for Phases {}

impl Phases {
    /// For so many threads, the lead among them.
    pub(super) fn new(threads: usize) -> Self {
        Phases { shares: (0..threads).map(|_| Apart::default()).collect(), ..Phases::default() }
    }

    /// Begins a phase: `work` is to be done with every item below the last of the `ends` of the shares. Tells whether
    /// somebody sleeps and must be woken.
    ///
    /// # Safety
    /// Only the lead may call this, and only when all items of the phase before are done. `work` must live, and not be
    /// taken back, until [`Phases::wait`] has returned.
    pub(super) unsafe fn publish(&self, ends: &[usize], work: &(dyn Fn(usize) + Sync)) -> bool {
        let work: *const (dyn Fn(usize) + Sync + '_) = work;
        // SAFETY: only the lifetime changes. Nobody calls the work after all items are done, and the caller keeps it
        // until then.
        let work: *const (dyn Fn(usize) + Sync) = unsafe { std::mem::transmute(work) };
        self.done.0.store(0, Ordering::Relaxed);
        let mut begin = 0;
        for (Apart(Share { claims, job }), &end) in self.shares.iter().zip(ends) {
            // SAFETY: all items of the phase before are done, so nobody reads the job.
            job.with_mut(|job| unsafe { *job = Some(Job { end, work }) });
            let phase = (claims.load(Ordering::Relaxed) >> 32).wrapping_add(1);
            claims.store(phase << 32 | (end - begin) as u64, Ordering::Release);
            begin = end;
        }
        fence(Ordering::SeqCst);
        self.asleep.load(Ordering::SeqCst) > 0
    }

    /// Waits until so many items are done: all those of the phase. False if the work panicked with one of them.
    pub(super) fn wait(&self, items: usize) -> bool {
        let mut spins = 0;
        while self.done.0.load(Ordering::Acquire) < items {
            spins += 1;
            if spins < SPINS {
                spin_loop();
            } else {
                yield_now();
            }
        }
        !self.panicked.swap(false, Ordering::AcqRel)
    }

    /// Lets the followers end; they must be woken after that.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }

    /// Claims an item of the share of a thread in the present phase; tells how many were left behind it.
    fn claim(&self, share: usize) -> Option<usize> {
        let word = &self.shares[share].0.claims;
        let mut claims = word.load(Ordering::Acquire);
        while claims as u32 > 0 {
            match word.compare_exchange_weak(claims, claims - 1, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Some(claims as u32 as usize - 1),
                Err(now) => claims = now,
            }
        }
        None
    }

    /// Does what there is in the share of a thread.
    fn work_on(&self, share: usize) {
        let mut done = 0;
        while let Some(left) = self.claim(share) {
            // SAFETY: an item has been claimed and is not yet told to be done. The lead changes the job only when all
            // items of the phase are done, and its writing came before the claim could be made.
            if let Some(Job { end, work }) = self.shares[share].0.job.with(|job| unsafe { *job }) {
                // SAFETY: what the pointer points at lives until all items of the phase are done.
                let work = unsafe { &*work };
                if catch_unwind(AssertUnwindSafe(|| work(end - 1 - left))).is_err() {
                    self.panicked.store(true, Ordering::Release);
                }
            }
            done += 1;
        }
        if done > 0 {
            self.done.0.fetch_add(done, Ordering::Release);
        }
    }

    /// Does items as long as there are any to claim, those of the own share first.
    pub(super) fn work(&self, own: usize) {
        self.work_on(own);
        for _ in 0..SPINS_BEFORE_HELPING {
            if !self.open() {
                return;
            }
            spin_loop();
        }
        let threads = self.shares.len();
        (1..threads).for_each(|i| self.work_on((own + i) % threads));
    }

    /// Whether there are items that nobody has claimed.
    fn open(&self) -> bool {
        self.shares.iter().any(|share| share.0.open())
    }

    /// The life of a follower, which sleeps after so many rounds of spinning without work.
    pub(super) fn follow(&self, own: usize, spins: u32) {
        while !self.stop.load(Ordering::Acquire) {
            self.work(own);
            let idle = |_| {
                spin_loop();
                !self.shares[own].0.open() && !self.stop.load(Ordering::Relaxed)
            };
            if (0..spins).all(idle) {
                // Whoever publishes after this sees that somebody sleeps, and wakes him.
                self.asleep.fetch_add(1, Ordering::SeqCst);
                fence(Ordering::SeqCst);
                while !self.open() && !self.stop.load(Ordering::SeqCst) {
                    park();
                }
                self.asleep.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }
}
