//! What was taken, summed up for the desk. Days that are over do not change: their sums are kept in memory, and only the
//! newest days are asked for each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::domain::{Id, Kind};
use crate::store::downloads::{self, Counts, Sums};
use crate::store::{Db, Result};

/// Days that are counted anew each time: today, and before it one that another node may still be writing down.
const OPEN_DAYS: i32 = 2;

/// The sums of days that are over, by the first of them.
#[derive(Debug, Default)]
pub struct Past(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The last day of all that is kept.
    until: Option<Date>,
    by_first: HashMap<Date, Arc<Sums>>,
}

/// What was taken in a span of days.
pub struct Taken {
    past: Arc<Sums>,
    open: Sums,
}

impl Past {
    /// From one day to today, both included.
    pub async fn taken(&self, db: &Db, from: Date, today: Date) -> Result<Taken> {
        let first_open = today.checked_sub((OPEN_DAYS - 1).days()).unwrap_or(today).max(from);
        let open = downloads::sums(db, first_open, today).await?;
        let until = first_open.yesterday().unwrap_or(first_open);
        if until < from {
            return Ok(Taken { past: Arc::default(), open });
        }
        if let Some(past) = self.kept(from, until) {
            return Ok(Taken { past, open });
        }
        let past = Arc::new(downloads::sums(db, from, until).await?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.until != Some(until) {
            *kept = Kept { until: Some(until), by_first: HashMap::new() };
        }
        kept.by_first.insert(from, Arc::clone(&past));
        Ok(Taken { past, open })
    }

    fn kept(&self, from: Date, until: Date) -> Option<Arc<Sums>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_first.get(&from).filter(|_| kept.until == Some(until)).cloned()
    }
}

impl Taken {
    pub fn on(&self, day: Date) -> Counts {
        self.past.of_day(&self.open, day)
    }

    /// The records of a kind that were taken at all by a measure, the most first.
    pub fn most(&self, kind: Kind, limit: usize, measure: impl Fn(&Counts) -> i64) -> Vec<(Id, Counts)> {
        let mut all = self.past.of_kind(&self.open, kind);
        all.retain(|(_, counts)| measure(counts) > 0);
        let order = |(id, counts): &(Id, Counts)| (std::cmp::Reverse(measure(counts)), *id);
        if all.len() > limit && limit > 0 {
            all.select_nth_unstable_by_key(limit - 1, order);
            all.truncate(limit);
        }
        all.sort_unstable_by_key(order);
        all
    }
}
