//! Threads that work on a slice together.
//!
//! They are started once for each call of `advance` and meet at spinning barriers: a parking
//! barrier would cost more than a slice. In each phase they claim chunks from a counter, so a
//! thread that is held up elsewhere takes fewer. Chunks, not threads, own everything, so results do not
//! depend on who did what.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A barrier that spins, then yields.
struct Barrier {
    threads: usize,
    waiting: AtomicUsize,
    round: AtomicUsize,
}

impl Barrier {
    fn wait(&self) {
        let round = self.round.load(Ordering::Acquire);
        if self.waiting.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.waiting.store(0, Ordering::Relaxed);
            self.round.store(round.wrapping_add(1), Ordering::Release);
            return;
        }
        let mut spins = 0;
        while self.round.load(Ordering::Acquire) == round {
            spins += 1;
            if spins < 4096 {
                std::hint::spin_loop();
            } else {
                std::thread::yield_now();
            }
        }
    }
}

/// What the members need to know of each other.
pub struct Team<'a> {
    start: Barrier,
    end: Barrier,
    next: AtomicUsize,
    phase: AtomicUsize,
    stop: AtomicBool,
    failed: AtomicBool,
    items: usize,
    /// Does item `i` of a phase.
    work: &'a (dyn Fn(usize, usize) + Sync),
}

impl Team<'_> {
    /// Runs `lead` with a team of `threads` (the caller among them) that does `items` of `work(phase, item)`
    /// whenever the lead calls [`Team::together`].
    pub fn run<T>(
        threads: usize,
        items: usize,
        work: &(dyn Fn(usize, usize) + Sync),
        lead: impl FnOnce(&Team<'_>) -> T,
    ) -> T {
        let barrier = || Barrier { threads, waiting: AtomicUsize::new(0), round: AtomicUsize::new(0) };
        let team = Team {
            start: barrier(),
            end: barrier(),
            next: AtomicUsize::new(0),
            phase: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            items,
            work,
        };
        if threads <= 1 {
            return lead(&team);
        }
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| team.follow());
            }
            // Followers must be let go whatever happens to the lead.
            let result = catch_unwind(AssertUnwindSafe(|| lead(&team)));
            team.stop.store(true, Ordering::Release);
            team.start.wait();
            result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn follow(&self) {
        loop {
            self.start.wait();
            if self.stop.load(Ordering::Acquire) {
                return;
            }
            self.claim();
            self.end.wait();
        }
    }

    fn claim(&self) {
        let phase = self.phase.load(Ordering::Acquire);
        let done = catch_unwind(AssertUnwindSafe(|| {
            loop {
                let item = self.next.fetch_add(1, Ordering::AcqRel);
                if item >= self.items {
                    return;
                }
                (self.work)(phase, item);
            }
        }));
        if done.is_err() {
            self.failed.store(true, Ordering::Release);
        }
    }

    /// Does all items of a phase; returns when all are done. False if one of them panicked.
    pub fn together(&self, phase: usize) -> bool {
        self.phase.store(phase, Ordering::Release);
        self.next.store(0, Ordering::Release);
        if self.start.threads > 1 {
            self.start.wait();
            self.claim();
            self.end.wait();
        } else {
            self.claim();
        }
        !self.failed.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_done_once_a_phase() {
        let done: Vec<AtomicUsize> = (0..20).map(|_| AtomicUsize::new(0)).collect();
        let work = |phase: usize, i: usize| {
            done[i].fetch_add(phase, Ordering::Relaxed);
        };
        let ok = Team::run(3, 20, &work, |team| (0..1000).all(|k| team.together(k % 3)));
        assert!(ok);
        assert!(done.iter().all(|d| d.load(Ordering::Relaxed) == 999));
    }

    #[test]
    fn a_panic_is_told_and_nobody_hangs() {
        let work = |_: usize, i: usize| assert!(i != 7, "as the test wants it");
        assert!(!Team::run(2, 10, &work, |team| team.together(0)));
    }
}
