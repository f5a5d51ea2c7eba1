//! Threads that work on a slice together.
//!
//! They begin with the first phase of a simulation and end with it; where there is nothing to do they spin for
//! a while, then sleep. A thread that is started anew for each call of `advance` would begin its life on the core of
//! the one that started it, and get another only after some milliseconds: longer than most calls last.
//!
//! In each phase every thread claims the items of its own share, so that they stay in the cache of its core, and then
//! what others have not come to. The lead publishes a phase, claims like the others, and waits only for items that others
//! have claimed: a thread that sleeps, or whose core another program has taken, is not waited for. Items, not
//! threads, own everything, so results do not depend on who did what.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use web_time::Instant;

use super::phases::Phases;
use super::primitives::SPINS;

/// Neuron-steps that are worth meeting for: some µs of work.
pub const WORTH_MEETING: usize = 2500;
/// The time of one phase out of so many is taken: reading the clock takes time, too.
const TIMED_EVERY: u32 = 7;
/// Waiting is judged after this much time in phases.
const JUDGED_AFTER: Duration = Duration::from_millis(20);
/// What went faster, together or alone, is done for this long.
const SETTLED_FOR: Duration = Duration::from_millis(500);

/// The lead and its followers.
pub struct Team {
    /// The lead among them.
    threads: usize,
    followers: Vec<JoinHandle<()>>,
    phases: Arc<Phases>,
    /// Where the share of each thread ends, of as many items as the last of them says.
    ends: Vec<usize>,
    patience: Patience,
    started: bool,
}

/// How the lead fares with its followers.
///
/// Where another program has taken one of the cores, claimed items are waited for longer than the help is worth. So when
/// much time goes by waiting, the lead tries to work alone, and for a while goes on as went faster.
#[derive(Default)]
struct Patience {
    alone: bool,
    /// What went faster is known until then.
    settled: Option<Instant>,
    /// Phases a second together, if the lead tries to work alone.
    together: Option<f64>,
    /// Phases since the last one that was timed.
    untimed: u32,
    phases: f64,
    spent: Duration,
    waited: Duration,
}

impl Patience {
    /// When the next phase begins, if its time is to be taken.
    fn begin(&mut self) -> Option<Instant> {
        self.untimed = (self.untimed + 1) % TIMED_EVERY;
        (self.untimed == 0).then(Instant::now)
    }

    /// A phase took so long, some of it waiting for items that others had claimed.
    fn judge(&mut self, spent: Duration, waited: Duration) {
        self.phases += 1.0;
        self.spent += spent;
        self.waited += waited;
        if self.spent * TIMED_EVERY < JUDGED_AFTER || self.settled.is_some_and(|until| Instant::now() < until) {
            return;
        }
        let pace = self.phases / self.spent.as_secs_f64();
        let impatient = self.waited > self.spent / 4;
        let together = self.together.take();
        self.settled = None;
        match together {
            Some(together) => {
                self.alone = pace > together;
                self.settled = Some(Instant::now() + SETTLED_FOR);
            }
            None if self.alone => self.alone = false,
            None if impatient => (self.alone, self.together) = (true, Some(pace)),
            None => {}
        }
        (self.phases, self.spent, self.waited) = (0.0, Duration::ZERO, Duration::ZERO);
    }
}

/// Items of a slice, each for one thread at a time; and how many they are.
struct Items<T>(*mut T, usize);

// SAFETY: threads get different items, and items may go to other threads.
unsafe impl<T: Send> Sync for Items<T> {}

impl<T> Items<T> {
    fn of(items: &mut [T]) -> Self {
        Items(items.as_mut_ptr(), items.len())
    }
    /// # Safety
    /// `i` must be within the slice, and nobody else may hold that item.
    #[allow(clippy::mut_from_ref)]
    unsafe fn get(&self, i: usize) -> &mut T {
        debug_assert!(i < self.1, "item {i} of {}", self.1);
        // SAFETY: as the caller promises.
        unsafe { &mut *self.0.add(i) }
    }
}

impl Team {
    /// A team of so many threads, the caller among them; they are started when they are first needed.
    /// What it works on most has items of these sizes, by which shares are made.
    pub fn new(threads: usize, sizes: &[usize]) -> Self {
        Team {
            threads,
            followers: Vec::new(),
            phases: Arc::new(Phases::new(threads)),
            ends: shares(threads, sizes),
            patience: Patience::default(),
            started: false,
        }
    }

    /// Does `work` with every item, on several threads if that is `worthwhile`; returns when all are done.
    /// False if it panicked with one of them.
    pub fn each<T: Send>(&mut self, worthwhile: bool, items: &mut [T], work: impl Fn(usize, &mut T) + Sync) -> bool {
        let mut nothing = vec![(); items.len()];
        self.each_pair(worthwhile, items, &mut nothing, |i, item, ()| work(i, item))
    }

    /// The same with every item and its partner in another list of the same length.
    pub fn each_pair<A: Send, B: Send>(
        &mut self,
        worthwhile: bool,
        items: &mut [A],
        partners: &mut [B],
        work: impl Fn(usize, &mut A, &mut B) + Sync,
    ) -> bool {
        let count = items.len().min(partners.len());
        let together = worthwhile && self.threads > 1 && count > 1;
        if !together || self.patience.alone {
            let began = if together { self.patience.begin() } else { None };
            let all = || items.iter_mut().zip(partners).enumerate().for_each(|(i, (item, with))| work(i, item, with));
            let done = catch_unwind(AssertUnwindSafe(all)).is_ok();
            if let Some(began) = began {
                self.patience.judge(began.elapsed(), Duration::ZERO);
            }
            return done;
        }
        let (items, partners) = (Items::of(items), Items::of(partners));
        // SAFETY: `i` is below `count`, and no two calls of a phase get the same.
        self.run(count, &|i| unsafe { work(i, items.get(i), partners.get(i)) })
    }

    fn run(&mut self, items: usize, work: &(dyn Fn(usize) + Sync)) -> bool {
        self.start();
        let began = self.patience.begin();
        if self.ends.last() != Some(&items) {
            self.ends = shares(self.threads, &vec![1; items]);
        }
        // SAFETY: this is the lead, the phase before ended with `wait`, and this function does not return before this one
        // has; `work` outlives it.
        let somebody_sleeps = unsafe { self.phases.publish(&self.ends, work) };
        if somebody_sleeps {
            self.followers.iter().for_each(|follower| follower.thread().unpark());
        }
        self.phases.work(0);
        let worked = began.map(|began| (began, Instant::now()));
        let succeeded = self.phases.wait(items);
        if let Some((began, worked)) = worked {
            let done = Instant::now();
            self.patience.judge(done - began, done - worked);
        }
        succeeded
    }

    /// Starts those followers that are missing. Where the system gives no more threads, there are fewer.
    fn start(&mut self) {
        if self.started {
            return;
        }
        self.started = true;
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        // Where threads outnumber cores, whoever spins keeps others from working.
        let spins = if self.threads > cores { 0 } else { SPINS };
        while self.followers.len() + 1 < self.threads {
            let (own, phases) = (self.followers.len() + 1, Arc::clone(&self.phases));
            match std::thread::Builder::new().name("simulation".to_owned()).spawn(move || phases.follow(own, spins)) {
                Ok(follower) => self.followers.push(follower),
                Err(_) => break,
            }
        }
    }
}

/// Where the shares of the threads end, each of some consecutive items, as even in size as can be.
fn shares(threads: usize, sizes: &[usize]) -> Vec<usize> {
    let whole: usize = sizes.iter().sum();
    let mut ends = Vec::with_capacity(threads);
    let (mut end, mut before) = (0, 0);
    for thread in 1..=threads {
        // An item goes to the share in which its middle lies.
        while end < sizes.len() && (thread == threads || (2 * before + sizes[end]) * threads <= 2 * whole * thread) {
            before += sizes[end];
            end += 1;
        }
        ends.push(end);
    }
    ends
}

impl Drop for Team {
    fn drop(&mut self) {
        self.phases.stop();
        for follower in self.followers.drain(..) {
            follower.thread().unpark();
            // Panics of the work are caught where it is called.
            let _ = follower.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_done_once_a_phase() {
        // Miri takes a thousand times as long for each.
        let phases = if cfg!(miri) { 20 } else { 1000 };
        for threads in [1, 2, 3, 8] {
            let mut team = Team::new(threads, &[1; 20]);
            let mut sums = [0; 20];
            for phase in 0..phases {
                if phase % 100 == phases / 20 {
                    // Long enough for the others to fall asleep.
                    std::thread::sleep(Duration::from_millis(2));
                }
                assert!(team.each(true, &mut sums, |i, sum| *sum += i + phase));
            }
            assert_eq!(sums, std::array::from_fn(|i| phases * i + phases * (phases - 1) / 2));
        }
    }

    #[test]
    fn shares_are_even_in_size() {
        assert_eq!(shares(2, &[1088, 1024, 1088, 800]), [2, 4]);
        assert_eq!(shares(2, &[10, 1, 1, 1]), [1, 4]);
        assert_eq!(shares(3, &[1; 9]), [3, 6, 9]);
        assert_eq!(shares(3, &[1]), [0, 1, 1]);
        assert_eq!(shares(2, &[]), [0, 0]);
        assert_eq!(shares(1, &[5, 5]), [2]);
    }

    #[test]
    fn the_lead_works_alone_where_that_goes_faster() {
        let ms = Duration::from_millis;
        let mut patience = Patience::default();
        patience.judge(ms(25), ms(5));
        assert!(!patience.alone, "little was waited");
        patience.judge(ms(25), ms(12));
        assert!(patience.alone, "alone is tried");
        patience.judge(ms(30), ms(0));
        assert!(!patience.alone, "alone was slower");
        (0..3).for_each(|_| patience.judge(ms(25), ms(20)));
        assert!(!patience.alone, "that is known for a while");

        let mut patience = Patience::default();
        patience.judge(ms(25), ms(12));
        patience.judge(ms(20), ms(0));
        assert!(patience.alone, "alone was faster");
        patience.settled = Some(Instant::now());
        patience.judge(ms(20), ms(0));
        assert!(!patience.alone, "the others get another chance");
    }

    #[test]
    fn teams_that_never_work_start_no_threads() {
        let mut team = Team::new(8, &[]);
        assert!(team.each(false, &mut [0; 100], |_, x| *x += 1));
        assert!(team.followers.is_empty());
    }

    #[test]
    fn a_panic_is_told_and_the_team_goes_on() {
        let mut team = Team::new(2, &[3; 10]);
        for worthwhile in [true, false] {
            assert!(!team.each(worthwhile, &mut [0; 10], |i, _| assert!(i != 7, "as the test wants it")));
            assert!(team.each(worthwhile, &mut [0; 10], |_, x| *x += 1));
        }
    }
}
