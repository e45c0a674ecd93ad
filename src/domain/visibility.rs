//! The one decision about who sees what. Every route that yields bytes or facts asks it.

use super::Timestamp;
use super::account::Role;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    Public,
    /// Signed in to the desk or holding an API token.
    Staff(Role),
}

/// What the decision needs to know about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exposure {
    /// From when the record is public: its publication, its embargo's end, its schedule. For an asset:
    /// the earliest such moment among the records that show it. `None` is never.
    pub public_from: Option<Timestamp>,
    /// It was public once and was taken back; its address says so.
    pub withdrawn: bool,
    /// From when it must not be shown any more (the end of usage rights).
    pub until: Option<Timestamp>,
}

/// What the asker gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Public: may be cached by anyone.
    Open,
    /// Not public, but this viewer works here: never cached.
    Staff,
    /// Withdrawn: the address answers 410 and says why.
    Gone,
    /// As if it did not exist.
    Hidden,
}

impl Access {
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Open | Self::Staff)
    }
}

/// Decides. An embargo lifts because `now` has passed it, not because something ran.
pub fn decide(exposure: &Exposure, viewer: Viewer, now: Timestamp) -> Access {
    let begun = exposure.public_from.is_some_and(|from| from <= now);
    let ended = exposure.until.is_some_and(|until| until <= now);
    if begun && !ended && !exposure.withdrawn {
        return Access::Open;
    }
    match viewer {
        Viewer::Staff(_) => Access::Staff,
        Viewer::Public if exposure.withdrawn => Access::Gone,
        Viewer::Public => Access::Hidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_decision_table() {
        let noon = at("2026-11-30T09:00:00Z");
        let before = at("2026-11-30T08:59:59.999999Z");
        let open = |public_from, until, withdrawn| Exposure { public_from, withdrawn, until };
        let staff = Viewer::Staff(Role::Author);
        let rows = [
            // exposure, now, what the public gets, what staff get
            (open(None, None, false), noon, Access::Hidden, Access::Staff),
            (open(Some(noon), None, false), before, Access::Hidden, Access::Staff),
            (open(Some(noon), None, false), noon, Access::Open, Access::Open),
            (open(Some(before), Some(noon), false), noon, Access::Hidden, Access::Staff),
            (open(Some(before), Some(noon), false), before, Access::Open, Access::Open),
            (open(Some(before), None, true), noon, Access::Gone, Access::Staff),
            (open(None, None, true), noon, Access::Gone, Access::Staff),
        ];
        for (exposure, now, public, desk) in rows {
            assert_eq!(decide(&exposure, Viewer::Public, now), public, "{exposure:?} at {now}");
            assert_eq!(decide(&exposure, staff, now), desk, "{exposure:?} at {now}");
        }
    }
}
