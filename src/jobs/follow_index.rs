//! Feeds the search index from the change log and the clock. Only what is public is ever put in, so that
//! nothing under embargo can influence an answer.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::search_document as document;
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::topic::Topic;
use crate::domain::{Id, Kind, Timestamp};
use crate::newsroom::Context;
use crate::search::Index;
use crate::store::{self, Record as _};

const POLL: Duration = Duration::from_millis(250);
/// So many looks without work (about ten seconds) are a pause.
const QUIET_LOOKS: u32 = 40;
/// Changes taken into one commit, and releases that are written anew for what they tell of other records.
const BATCH: i64 = 500;
/// Documents after which a fill commits for the first time.
const FIRST_COMMIT: u64 = 5_000;

#[derive(Clone)]
pub struct Follower {
    pub ctx: Context,
    pub index: Index,
    /// Where the moment is kept up to which the clock has been followed; beside the index.
    pub clock_file: PathBuf,
    /// A file that asks for a rebuild when it appears.
    pub rebuild_file: PathBuf,
    /// Where it is written down how far a rebuild has come.
    pub progress_file: PathBuf,
}

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub documents: u64,
    pub finished: bool,
}

/// When a fill commits: after twice as many documents each time, since every commit leaves a segment, and few large
/// ones are quicker to make and to search than many small ones.
struct Pace {
    written: u64,
    next_commit: u64,
}

/// How far the log and the clock have been followed.
#[derive(Default)]
struct Place {
    /// `None`: never.
    until: Option<Timestamp>,
    sequence: i64,
    /// Releases that tell of a record that has changed. A photo may be shown by thousands: they are written anew batch by
    /// batch, with what happens meanwhile in between. Until none waits, the index and the clock's file say that less was
    /// followed, so that a crash begins again there.
    waiting: BTreeSet<Id>,
}

/// An index that is being filled beside the one that answers.
struct Beside {
    follower: Follower,
    filling: JoinHandle<anyhow::Result<Timestamp>>,
}

impl Follower {
    pub async fn run(self, stop: CancellationToken) {
        let mut place = self.place();
        let mut quiet_looks = 0;
        let mut beside: Option<Beside> = None;
        if let Err(error) = self.compare_with_database().await {
            tracing::warn!(
                error = format!("{error:#}"),
                "The search index could not be compared with the database"
            );
        }
        while !stop.is_cancelled() {
            let woken = self.ctx.signals.changed.notified();
            if let Err(error) = self.look_after(&mut beside, &mut place).await {
                tracing::warn!(error = format!("{error:#}"), "The search index could not be rebuilt");
                self.report(0, true);
            }
            // What is begun may be dropped at any point: only a commit makes it count.
            let step = tokio::select! {
                () = stop.cancelled() => return,
                step = self.step(&mut place) => step,
            };
            match step {
                Ok(true) => {
                    quiet_looks = 0;
                    continue;
                }
                Ok(false) => quiet_looks = self.rest_after(quiet_looks).await,
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "The search index could not follow");
                    place = self.place();
                    tokio::time::sleep(POLL).await;
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = woken => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// An index that has followed further than the database's log goes belongs to a later state: that of before a backup
    /// was restored. What happens next would look known to it.
    async fn compare_with_database(&self) -> anyhow::Result<()> {
        if self.index.sequence() > store::change::head(&self.ctx.db).await? {
            tracing::warn!("The search index is ahead of the database and is built anew");
            std::fs::File::create(&self.rebuild_file)?;
        }
        Ok(())
    }

    /// Counts looks at which there was nothing to do; after some of them the index gives back memory.
    async fn rest_after(&self, quiet_looks: u32) -> u32 {
        match quiet_looks {
            QUIET_LOOKS if !self.rests().await => 0,
            _ => quiet_looks.saturating_add(1),
        }
    }

    /// Whether the index rests; it does not while it merges segments.
    async fn rests(&self) -> bool {
        let index = self.index.clone();
        // Waits for the writer's threads to end.
        let rests = tokio::task::spawn_blocking(move || index.rest()).await;
        rests.is_ok_and(|rests| rests.unwrap_or(true))
    }

    /// Begins a rebuild that was asked for, and lets an index that is complete take over.
    async fn look_after(&self, beside: &mut Option<Beside>, place: &mut Place) -> anyhow::Result<()> {
        if beside.is_none() && self.rebuild_file.exists() {
            std::fs::remove_file(&self.rebuild_file)?;
            let index = self.index.beside()?;
            let follower = Self {
                index,
                clock_file: self.clock_file.with_extension("clock-next"),
                rebuild_file: self.rebuild_file.with_extension("none"),
                ..self.clone()
            };
            let filler = follower.clone();
            let filling = tokio::spawn(async move {
                let until = filler.fill().await?;
                // Segments that are still being merged when it takes over would stay apart until the next change.
                while !filler.rests().await {
                    tokio::time::sleep(POLL).await;
                }
                Ok(until)
            });
            *beside = Some(Beside { follower, filling });
            return Ok(());
        }
        if beside.as_ref().is_some_and(|beside| beside.filling.is_finished())
            && let Some(Beside { follower, filling }) = beside.take()
        {
            let built = filling.await??;
            let mut its_place = Place { until: Some(built), ..follower.place() };
            // What has happened since it began.
            while follower.step(&mut its_place).await? {}
            let documents = follower.index.document_count();
            self.index.take_over(follower.index)?;
            drop(std::fs::remove_file(&follower.clock_file));
            if let Some(until) = its_place.until {
                self.write_clock(until)?;
            }
            *place = its_place;
            self.ctx.signals.generation.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            self.report(documents, true);
            tracing::info!(documents, "The search index was rebuilt and has taken over");
        }
        Ok(())
    }

    /// Writes down how far a rebuild has come; that it cannot be read is no reason to stop.
    fn report(&self, documents: u64, finished: bool) {
        let draft = self.progress_file.with_extension("progress-new");
        let text = serde_json::to_vec(&Progress { documents, finished }).unwrap_or_default();
        drop(std::fs::write(&draft, text).and_then(|()| std::fs::rename(&draft, &self.progress_file)));
    }

    /// Brings the index up to the log's end and the present moment; returns whether there was anything to do.
    async fn step(&self, place: &mut Place) -> anyhow::Result<bool> {
        if place.sequence == 0 || place.until.is_none() {
            if store::change::head(&self.ctx.db).await? == 0 {
                // Nothing has been written yet; what comes first must not be taken for known.
                place.until = Some(self.ctx.now());
                return Ok(false);
            }
            let until = self.rebuild().await?;
            *place = Place { until: Some(until), ..self.place() };
            return Ok(true);
        }
        let now = self.ctx.now();
        let db = &self.ctx.db;
        let changes = store::change::since(db, place.sequence, BATCH).await?;
        let turned = store::list::turned_between(db, place.until.unwrap_or(now), now).await?;
        if changes.is_empty() && turned.is_empty() && place.waiting.is_empty() {
            place.until = Some(now);
            return Ok(false);
        }
        let mut touched: Vec<(Kind, Id)> = Vec::new();
        for change in &changes {
            if let Ok(id) = change.record_id.parse() {
                touched.push((change.kind, id));
            }
        }
        touched.extend(turned);
        touched.sort_unstable();
        touched.dedup();
        place.waiting.extend(self.telling_of(&touched, now).await?);
        for (kind, id) in touched {
            self.refresh(kind, id, now).await?;
            place.waiting.remove(&id);
        }
        for _ in 0..BATCH {
            let Some(release) = place.waiting.pop_first() else { break };
            self.refresh_one::<Release>(release, now).await?;
        }
        place.sequence = changes.last().map_or(place.sequence, |change| change.seq);
        place.until = Some(now);
        if place.waiting.is_empty() {
            self.commit(place.sequence).await?;
            self.write_clock(now)?;
        } else {
            self.commit(self.index.sequence()).await?;
        }
        Ok(true)
    }

    /// The public releases whose documents tell of some records: by the captions of photos, the names of contacts and
    /// of topics.
    async fn telling_of(&self, records: &[(Kind, Id)], now: Timestamp) -> anyhow::Result<Vec<Id>> {
        let db = &self.ctx.db;
        let of = |wanted: Kind| -> Vec<Id> {
            records.iter().filter(|(kind, _)| *kind == wanted).map(|(_, id)| *id).collect()
        };
        let text = |ids: Vec<Id>| -> Vec<String> { ids.iter().map(ToString::to_string).collect() };
        let topics: Vec<Topic> = store::record::find_all(db, &of(Kind::Topic)).await?;
        let topics = topics.iter().map(|topic| topic.slug().to_owned()).collect();
        let mut releases = Vec::new();
        for (rel, targets) in
            [("asset", text(of(Kind::Asset))), ("contact", text(of(Kind::Contact))), ("topic", topics)]
        {
            releases.extend(store::list::public_releases_with(db, rel, &targets, now).await?);
        }
        Ok(releases)
    }

    /// Fills an empty index with all that is public and remembers up to which moment it is right.
    pub async fn rebuild(&self) -> anyhow::Result<Timestamp> {
        if self.index.document_count() > 0 {
            // Left from a build that did not come to its end: records may be gone since.
            self.index.clear()?;
        }
        let now = self.fill().await?;
        self.write_clock(now)?;
        self.report(self.index.document_count(), true);
        Ok(now)
    }

    /// Fills an empty index with all that is public; returns the moment up to which it is right.
    pub async fn fill(&self) -> anyhow::Result<Timestamp> {
        let now = self.ctx.now();
        let head = store::change::head(&self.ctx.db).await?;
        self.report(0, false);
        let mut pace = Pace { written: 0, next_commit: FIRST_COMMIT };
        self.walk::<Release>(now, &mut pace).await?;
        self.walk::<Asset>(now, &mut pace).await?;
        self.walk::<Contact>(now, &mut pace).await?;
        self.walk::<Album>(now, &mut pace).await?;
        self.walk::<Event>(now, &mut pace).await?;
        self.commit(head).await?;
        tracing::info!(documents = self.index.document_count(), sequence = head, "Search index built");
        Ok(now)
    }

    async fn walk<R: document::Searchable>(&self, now: Timestamp, pace: &mut Pace) -> anyhow::Result<()> {
        let mut after = None;
        loop {
            let batch: Vec<R> = store::list::walk(&self.ctx.db, after, 500).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(last.id());
            let mut documents = Vec::with_capacity(batch.len());
            for record in &batch {
                documents.extend(record.document(&self.ctx, now).await?);
            }
            pace.written += documents.len() as u64;
            let index = self.index.clone();
            tokio::task::spawn_blocking(move || documents.iter().try_for_each(|one| index.put(one)))
                .await??;
            if pace.written >= pace.next_commit {
                // What is there already can be found. The sequence stays 0, so a crash before the end begins anew.
                self.commit(0).await?;
                pace.next_commit = pace.written * 2;
            }
            self.report(pace.written, false);
        }
    }

    /// Puts a record in as it is now, or takes it out, and with it the assets it shows.
    async fn refresh(&self, kind: Kind, id: Id, now: Timestamp) -> anyhow::Result<()> {
        match kind {
            Kind::Release => {
                if let Some(release) = self.refresh_one::<Release>(id, now).await? {
                    self.refresh_assets(&release.assets, now).await?;
                }
            }
            Kind::Album => {
                if let Some(album) = self.refresh_one::<Album>(id, now).await? {
                    self.refresh_assets(&album.assets, now).await?;
                }
            }
            Kind::Contact => {
                if let Some(contact) = self.refresh_one::<Contact>(id, now).await? {
                    self.refresh_assets(contact.portrait.as_slice(), now).await?;
                }
            }
            Kind::Asset => {
                self.refresh_one::<Asset>(id, now).await?;
            }
            Kind::Event => {
                self.refresh_one::<Event>(id, now).await?;
            }
            Kind::Topic | Kind::Newsroom => {}
        }
        Ok(())
    }

    async fn refresh_assets(&self, assets: &[Id], now: Timestamp) -> anyhow::Result<()> {
        for id in assets {
            self.refresh_one::<Asset>(*id, now).await?;
        }
        Ok(())
    }

    async fn refresh_one<R: document::Searchable>(
        &self,
        id: Id,
        now: Timestamp,
    ) -> anyhow::Result<Option<R>> {
        let found: Option<R> = store::record::find(&self.ctx.db, id).await?;
        let document = match &found {
            Some(record) => record.document(&self.ctx, now).await?,
            None => None,
        };
        match document {
            Some(document) => self.index.put(&document)?,
            None => self.index.remove(id)?,
        }
        Ok(found)
    }

    async fn commit(&self, sequence: i64) -> anyhow::Result<()> {
        let index = self.index.clone();
        tokio::task::spawn_blocking(move || index.commit(sequence)).await??;
        // A page of search results that was made a moment ago does not know what is found now.
        self.ctx.signals.generation.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Ok(())
    }

    /// How far the index and the clock's file say that all was followed.
    fn place(&self) -> Place {
        Place { until: self.read_clock(), sequence: self.index.sequence(), waiting: BTreeSet::new() }
    }

    fn read_clock(&self) -> Option<Timestamp> {
        std::fs::read_to_string(&self.clock_file).ok()?.trim().parse().ok()
    }

    /// Written after the commit: a crash in between makes the follower look again, which changes nothing.
    fn write_clock(&self, now: Timestamp) -> std::io::Result<()> {
        let draft = self.clock_file.with_extension("clock-new");
        std::fs::write(&draft, now.to_string())?;
        std::fs::rename(&draft, &self.clock_file)
    }
}
