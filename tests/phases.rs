//! The protocol of the thread team in every order in which its threads may run and see each other's writes.
//!
//! The file of the engine is compiled once more, with `loom`'s atomics, cells and threads in place of the standard
//! library's. `loom` then runs each model below over and over, each time with another order, and fails where two threads
//! touch a cell at the same time, where a write is not seen that must be, and where all threads sleep.

#[path = "../engine/src/runtime/clock/phases.rs"]
mod phases;

/// What the protocol is built of, by `loom`. Nobody spins for long: an order in which a thread looks again is tried anyway.
mod primitives {
    pub(super) use loom::hint::spin_loop;
    pub(super) use loom::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence};
    pub(super) use loom::thread::{park, yield_now};

    pub(super) type Shared<T> = loom::cell::UnsafeCell<T>;

    pub(super) const SPINS: u32 = 1;
    pub(super) const SPINS_BEFORE_HELPING: u32 = 1;
}

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use phases::Phases;

/// Items that count how often they were worked on; `loom` fails where two threads are at one of them together.
struct Items(Vec<UnsafeCell<usize>>);

// SAFETY: `loom` watches every access of the cells.
unsafe impl Sync for Items {}

impl Items {
    fn work(&self, item: usize) {
        // SAFETY: `loom` checks that nobody else has the item.
        self.0[item].with_mut(|count| unsafe { *count += 1 });
    }
}

/// A lead and its followers go through phases, the share of each thread ending where `ends` says; every item must be done
/// once in each phase, before the lead goes on, and every follower must come to its end. A lead that does not help waits
/// for ever if nobody wakes a follower that sleeps.
fn check(phases_to_do: usize, ends: &'static [usize], lead_helps: bool, preemptions: usize) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(preemptions);
    model.max_branches = 10_000;
    model.check(move || {
        let threads = ends.len();
        let phases = Arc::new(Phases::new(threads));
        let followers: Vec<_> = (1..threads)
            .map(|own| {
                let phases = Arc::clone(&phases);
                loom::thread::spawn(move || phases.follow(own, 0))
            })
            .collect();
        let count = *ends.last().expect("at least one share");
        let items = Items((0..count).map(|_| UnsafeCell::new(0)).collect());
        for phase in 1..=phases_to_do {
            let work = |item| items.work(item);
            // SAFETY: the work lives until the wait below has returned, and the phase before has been waited for.
            if unsafe { phases.publish(ends, &work) } {
                followers.iter().for_each(|follower| follower.thread().unpark());
            }
            if lead_helps {
                phases.work(0);
            }
            assert!(phases.wait(count), "two threads were at the same item");
            for item in &items.0 {
                // SAFETY: `loom` checks that nobody else has the item.
                assert_eq!(item.with(|count| unsafe { *count }), phase, "times that an item was done");
            }
        }
        phases.stop();
        for follower in followers {
            follower.thread().unpark();
            follower.join().expect("a follower comes to its end");
        }
    });
}

#[test]
fn a_lead_and_a_follower_do_every_item_once_a_phase() {
    check(2, &[1, 2], true, 2);
}

#[test]
fn shares_may_be_empty_or_of_several_items() {
    check(1, &[0, 2], true, 2);
    check(1, &[2, 2], true, 2);
}

#[test]
fn two_followers_do_not_disturb_each_other() {
    check(1, &[1, 2, 3], true, 1);
}

#[test]
fn a_follower_that_sleeps_is_woken_by_the_next_phase() {
    check(2, &[0, 1], false, 3);
}
