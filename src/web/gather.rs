//! Under load, more requests per waking.
//!
//! A thread that has answered all there was sleeps until the next request, and to fall asleep and be woken costs it
//! about half as much as to answer. Where requests come close behind each other it first waits a moment, too short for
//! anyone to notice, and then finds many at once. Where it finds few, everybody was waiting for it: then it does not.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// How long is waited; the system makes it some fifty microseconds more.
const MOMENT: Duration = Duration::from_micros(30);
/// Requests that come less closely than this are not waited for.
const CLOSE: Duration = Duration::from_micros(50);
/// Where mostly fewer than so many are found at once, it is not worth the wait …
const WORTH_IT: u32 = 17;
/// … and is not tried again for so long.
const PAUSE: Duration = Duration::from_millis(20);
/// Where more than so many are found anyway, there is nothing to gain.
const ENOUGH: u32 = 40;

thread_local! {
    static ANSWERED: Cell<u32> = const { Cell::new(0) };
    static HABIT: Cell<Habit> = const { Cell::new(Habit::NEW) };
}

/// Counts a request that this thread has answered.
pub fn note() {
    ANSWERED.set(ANSWERED.get().saturating_add(1));
}

/// To be called by a thread of the runtime that has nothing more to do.
pub fn before_sleep() {
    let answered = ANSWERED.take();
    if answered == 0 {
        return;
    }
    let mut habit = HABIT.get();
    let waits = habit.waits(answered, Instant::now());
    if waits {
        std::thread::sleep(MOMENT);
        habit.slept = Some(Instant::now());
    }
    HABIT.set(habit);
}

/// What a thread has seen of its work.
#[derive(Debug, Clone, Copy)]
struct Habit {
    /// When it last had nothing more to do.
    slept: Option<Instant>,
    /// Whether it then waited.
    waited: bool,
    /// How many it found after the last waits, the latest counting most.
    finds: u32,
    not_before: Option<Instant>,
}

impl Habit {
    const NEW: Self = Self { slept: None, waited: false, finds: 2 * WORTH_IT, not_before: None };

    /// Whether a thread that has answered so many since it last slept waits now.
    fn waits(&mut self, answered: u32, now: Instant) -> bool {
        if self.waited {
            self.finds = (3 * self.finds + answered.min(4 * WORTH_IT)) / 4;
        }
        if self.finds < WORTH_IT {
            self.finds = Self::NEW.finds;
            self.not_before = Some(now + PAUSE);
        }
        let passed = self.slept.replace(now).map(|slept| now - slept);
        self.waited = answered <= ENOUGH
            && passed.is_some_and(|passed| passed < CLOSE * answered)
            && self.not_before.is_none_or(|time| time <= now);
        self.waited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICKLY: Duration = Duration::from_micros(7);

    #[test]
    fn only_many_requests_close_behind_each_other_are_waited_for() {
        let mut now = Instant::now();
        let mut habit = Habit::NEW;
        let mut after = |answered: u32, each: Duration| {
            now += each * answered;
            habit.waits(answered, now)
        };
        assert!(!after(10, QUICKLY), "nothing is known yet");
        assert!(!after(10, 2 * CLOSE), "few visitors");
        assert!(!after(ENOUGH + 1, QUICKLY), "so many that there are always some");
        assert!(after(10, QUICKLY));
        assert!(after(30, QUICKLY), "the wait was worth it");
        assert!(after(8, QUICKLY), "once it was not");
        assert!(after(30, QUICKLY));
        let waits = (0..20).take_while(|_| after(8, QUICKLY)).count();
        assert!((1..8).contains(&waits), "those who are waited for are all there are: {waits}");
        assert!(!after(10, QUICKLY), "and that is remembered");
        assert!(!after(1, PAUSE), "a visitor after a while");
        assert!(after(10, QUICKLY), "it is tried again");
    }
}
