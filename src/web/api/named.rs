//! What an answer names of other records, and says of their photos: only what its reader may know of.

use crate::domain::album::Album;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::topic::Topic;
use crate::domain::visibility::{Exposure, Viewer, decide};
use crate::domain::{Id, Timestamp};
use crate::newsroom::sight::{self, Prose};
use crate::store::list;
use crate::web::{AppState, Error};

/// The places in a record where others are named by id.
#[derive(Default)]
pub struct Places<'a> {
    lists: Vec<&'a mut Vec<Id>>,
    single: Option<&'a mut Option<Id>>,
}

/// A record that may name others.
pub trait Naming: Prose + Send {
    fn places(&mut self) -> Places<'_>;

    /// Takes out what only the newsroom knows of the days to come.
    fn forget_plans(&mut self, _now: Timestamp, _zone: &str) {}
}

impl Naming for Release {
    fn places(&mut self) -> Places<'_> {
        Places {
            lists: vec![&mut self.contacts, &mut self.assets, &mut self.related],
            single: Some(&mut self.translation_of),
        }
    }
}

impl Naming for Event {
    fn places(&mut self) -> Places<'_> {
        Places { lists: vec![&mut self.contacts, &mut self.releases], single: None }
    }
}

impl Naming for Album {
    fn places(&mut self) -> Places<'_> {
        Places { lists: vec![&mut self.assets], single: None }
    }
}

impl Naming for Contact {
    fn places(&mut self) -> Places<'_> {
        Places { lists: Vec::new(), single: Some(&mut self.portrait) }
    }

    fn forget_plans(&mut self, now: Timestamp, zone: &str) {
        self.roster.forget_other_absences(now, zone);
    }
}

impl Naming for Topic {
    fn places(&mut self) -> Places<'_> {
        Places::default()
    }
}

/// Whether this viewer may see what was never published, and so everything.
fn sees_all(state: &AppState, viewer: Viewer) -> bool {
    decide(&Exposure::default(), viewer, state.now()).is_allowed()
}

/// Takes out of some records what they name and the viewer may not see, and out of their texts the photos: few queries
/// for all of them.
pub async fn leave_out_closed<R: Naming>(
    state: &AppState,
    viewer: Viewer,
    records: &mut [R],
) -> Result<(), Error> {
    if sees_all(state, viewer) {
        return Ok(());
    }
    let mut ids = Vec::new();
    for record in records.iter_mut() {
        let places = record.places();
        ids.extend(places.lists.iter().flat_map(|list| list.iter().copied()));
        ids.extend(places.single.and_then(|id| *id));
    }
    ids.sort_unstable();
    ids.dedup();
    let exposures = list::exposures(&state.ctx.db, &ids).await?;
    let now = state.now();
    let newsroom = state.ctx.newsroom().await?;
    sight::clear(&state.ctx, records, &[], now).await?;
    let may_see =
        |id: &Id| exposures.get(id).is_some_and(|exposure| decide(exposure, viewer, now).is_allowed());
    for record in records {
        record.forget_plans(now, &newsroom.time_zone);
        let Places { lists, single } = record.places();
        for list in lists {
            list.retain(may_see);
        }
        if let Some(id) = single {
            *id = id.filter(may_see);
        }
    }
    Ok(())
}
