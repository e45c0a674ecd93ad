//! Ends the render process before its work is done: when nobody waits for the answer any more, and when the picture
//! does not come.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Signal, getpid, kill_process};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const STACK_BYTES: usize = 128 * 1024;
/// How often is looked how far the picture is.
const LOOK_EVERY: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
/// In which unit Linux tells processor time (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// The thread that looks.
#[derive(Debug, Default)]
pub struct Guard {
    is_seen: Arc<AtomicBool>,
}

impl Guard {
    /// Begins to look. With a limit, this process ends as with one of the system (`SIGXCPU`) when its main thread and the
    /// busiest of the others have used so much processor time before [`Guard::picture_is_there`]: so long the work
    /// takes by the clock, however many processors there are.
    pub fn begin(straight_secs: Option<u64>) -> std::io::Result<Self> {
        let guard = Self::default();
        let is_seen = Arc::clone(&guard.is_seen);
        let limit = straight_secs.map(Duration::from_secs);
        std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || look(limit, &is_seen))?;
        Ok(guard)
    }

    /// From now on the limits of the system hold alone.
    pub fn picture_is_there(&self) {
        self.is_seen.store(true, Ordering::Relaxed);
    }
}

fn look(limit: Option<Duration>, is_seen: &AtomicBool) {
    let output = std::io::stdout();
    loop {
        let limit = limit.filter(|_| !is_seen.load(Ordering::Relaxed));
        let mut heard = [PollFd::new(&output, PollFlags::empty())];
        // A server that was killed cannot end us any more, and would find us at its files when it is back. The pipe of
        // our answer tells of its end; an error is no news of it.
        match poll(&mut heard, limit.map(|_| &LOOK_EVERY)) {
            Ok(_) if heard[0].revents().contains(PollFlags::ERR) => std::process::exit(1),
            Ok(_) => {}
            Err(_) => return,
        }
        let is_over = limit.is_some_and(|limit| straight_time().is_some_and(|used| used >= limit));
        if is_over && !is_seen.load(Ordering::Relaxed) {
            let _ = kill_process(getpid(), Signal::XCPU);
        }
    }
}

/// The processor time of the main thread and of the busiest other one.
fn straight_time() -> Option<Duration> {
    Some(TICK * straight(&getpid().as_raw_nonzero().to_string(), &threads()?))
}

/// Every thread of this process, by its number, and what it has used.
fn threads() -> Option<Vec<(String, u32)>> {
    let mut used = Vec::new();
    for thread in std::fs::read_dir("/proc/self/task").ok()?.flatten() {
        // One that has just ended has nothing to tell.
        if let Ok(text) = std::fs::read_to_string(thread.path().join("stat")) {
            used.push((thread.file_name().into_string().ok()?, ticks(&text)?));
        }
    }
    Some(used)
}

fn straight(main: &str, used: &[(String, u32)]) -> u32 {
    let longest =
        |of_main| used.iter().filter(|(name, _)| (name == main) == of_main).map(|(_, ticks)| *ticks).max();
    longest(true).unwrap_or(0) + longest(false).unwrap_or(0)
}

/// `utime` and `stime` of proc(5), behind the name in brackets, which may hold anything.
fn ticks(stat: &str) -> Option<u32> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    Some(user + fields.next()?.parse::<u32>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_threads_do_at_once_counts_once() {
        let used =
            [("8", 180), ("7", 50), ("9", 200), ("78", 3)].map(|(name, ticks)| (name.to_owned(), ticks));
        assert_eq!(straight("7", &used), 250);
        assert_eq!(straight("7", &used[1..2]), 50);
        let line = "77 (a) name (b) R 1 2 3 4 5 6 7 8 9 10 120 30 0 0 25 0 2 0 1 2 3";
        assert_eq!(ticks(line), Some(150));
    }

    #[test]
    fn the_system_tells_what_a_thread_has_used() {
        let clock = || {
            let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
            Duration::new(used.tv_sec.unsigned_abs(), used.tv_nsec.unsigned_abs().try_into().unwrap())
        };
        let goal = clock() + Duration::from_millis(300);
        while clock() < goal {}
        let before = clock();
        let own = std::fs::read_link("/proc/thread-self").unwrap();
        let used = threads().unwrap().into_iter().find(|(name, _)| own.ends_with(name)).unwrap().1;
        let after = clock();
        assert!(before <= TICK * (used + 2) && TICK * used <= after + TICK, "{before:?} {used} {after:?}");
    }
}
