//! How much a render process stands back.

#![expect(unsafe_code, reason = "no safe binding knows the scheduling classes of Linux")]

use serde::{Deserialize, Serialize};

/// How much a render process stands back behind the server, whose pages must not wait for pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Niceness {
    /// What somebody waits for.
    Work,
    /// What gets only what the processors have left over.
    Background,
}

impl Niceness {
    /// Holds for the calling thread and those it starts. Where that is forbidden the work is merely done with equal rights.
    pub fn apply(self) {
        let steps = match self {
            Self::Work => 5,
            Self::Background => 19,
        };
        let _ = rustix::process::nice(steps);
        if self == Self::Background {
            let parameters = libc::sched_param { sched_priority: 0 };
            // SAFETY: reads one plain struct, which lives as long as the call.
            unsafe { libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const parameters) };
        }
    }
}
