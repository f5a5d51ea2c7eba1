//! Threads that work on a slice together.
//!
//! They are started once for each call of `advance` and meet at spinning barriers: a parking
//! barrier would cost more than a slice. In each phase they claim chunks from a counter, so a
//! thread that is held up elsewhere takes fewer. Chunks, not threads, own everything, so results do not
//! depend on who did what.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use web_time::Instant;

/// A barrier that spins, then yields.
struct Barrier {
    threads: usize,
    waiting: AtomicUsize,
    round: AtomicUsize,
    /// Rounds of spinning before the core is given to others: none where threads outnumber cores.
    spins: usize,
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
            if spins < self.spins {
                std::hint::spin_loop();
            } else if spins < self.spins + 1000 {
                std::thread::yield_now();
            } else {
                // Whoever waits as long as that has been left out for a while.
                std::thread::sleep(Duration::from_micros(100));
            }
        }
    }
}

/// How the lead fares with its team, kept from run to run.
///
/// Where another program has taken one of the cores, a thread is waited for longer than it helps. Then the
/// lead works alone for a while; results are the same.
#[derive(Default)]
pub struct Patience {
    alone_until: Cell<Option<Instant>>,
    waited: Cell<Duration>,
    worked: Cell<Duration>,
}

/// Waiting is judged after this much time.
const JUDGED_AFTER: Duration = Duration::from_millis(20);
/// The lead works alone for this long.
const ALONE_FOR: Duration = Duration::from_millis(500);

impl Patience {
    fn alone(&self) -> bool {
        let alone = self.alone_until.get().is_some_and(|until| Instant::now() < until);
        if !alone {
            self.alone_until.set(None);
        }
        alone
    }

    fn judge(&self, worked: Duration, waited: Duration) {
        self.worked.set(self.worked.get() + worked);
        self.waited.set(self.waited.get() + waited);
        let total = self.worked.get() + self.waited.get();
        if total > JUDGED_AFTER {
            if self.waited.get() > total / 2 {
                self.alone_until.set(Some(Instant::now() + ALONE_FOR));
            }
            self.worked.set(Duration::ZERO);
            self.waited.set(Duration::ZERO);
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
    work: Work<'a>,
}

/// Does those items of a phase that a thread claims, one after the other.
type Work<'a> = &'a (dyn Fn(usize, &mut dyn Iterator<Item = usize>) + Sync);

impl Team<'_> {
    /// Runs `lead` with a team of `threads` (the caller among them) that does the `items` of a phase with `work`
    /// whenever the lead calls [`Team::together`].
    pub fn run<T>(
        threads: usize,
        items: usize,
        patience: &Patience,
        work: Work<'_>,
        lead: impl FnOnce(&Team<'_>, &Patience) -> T,
    ) -> T {
        let threads = if threads > 1 && patience.alone() { 1 } else { threads };
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let spins = if threads > cores { 0 } else { 4096 };
        let barrier = || Barrier { threads, waiting: AtomicUsize::new(0), round: AtomicUsize::new(0), spins };
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
            return lead(&team, patience);
        }
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| team.follow());
            }
            // Followers must be let go whatever happens to the lead.
            let result = catch_unwind(AssertUnwindSafe(|| lead(&team, patience)));
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
        let next = || Some(self.next.fetch_add(1, Ordering::AcqRel)).filter(|item| *item < self.items);
        let done = catch_unwind(AssertUnwindSafe(|| (self.work)(phase, &mut std::iter::from_fn(next))));
        if done.is_err() {
            self.failed.store(true, Ordering::Release);
        }
    }

    /// Does all items of a phase; returns when all are done. False if one of them panicked.
    pub fn together(&self, phase: usize, patience: &Patience) -> bool {
        self.phase.store(phase, Ordering::Release);
        self.next.store(0, Ordering::Release);
        if self.start.threads > 1 && !patience.alone() {
            let began = Instant::now();
            self.start.wait();
            let started = Instant::now();
            self.claim();
            let done = Instant::now();
            self.end.wait();
            patience.judge(done - started, (started - began) + done.elapsed());
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
        let work = |phase: usize, items: &mut dyn Iterator<Item = usize>| {
            items.for_each(|i| {
                done[i].fetch_add(phase, Ordering::Relaxed);
            });
        };
        let patience = Patience::default();
        let ok = Team::run(3, 20, &patience, &work, |team, p| (0..1000).all(|k| team.together(k % 3, p)));
        assert!(ok);
        assert!(done.iter().all(|d| d.load(Ordering::Relaxed) == 999));
    }

    #[test]
    fn a_panic_is_told_and_nobody_hangs() {
        let work = |_: usize, items: &mut dyn Iterator<Item = usize>| {
            items.for_each(|i| assert!(i != 7, "as the test wants it"));
        };
        assert!(!Team::run(2, 10, &Patience::default(), &work, |team, p| team.together(0, p)));
    }
}
