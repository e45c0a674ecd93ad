//! Reads that only the desk makes.

use super::db::{Db, Source as _};
use super::error::Result;
use super::list::{Where, contains, records};
use super::micros;
use crate::domain::asset::Asset;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::review::ReviewStep;
use crate::domain::{Kind, Timestamp, slug};

/// Which assets; every condition that is set must hold.
#[derive(Debug, Clone, Default)]
pub struct AssetFilter {
    /// `processing`, `ready`, `failed`.
    pub state: Option<String>,
    /// `photo`, `logo` …
    pub form: Option<String>,
    /// A part of the title or of the file's name, any case; empty is no condition.
    pub text: String,
}

impl AssetFilter {
    /// Words are looked for in the narrow table, all else is in the indexes of the records.
    fn condition(&self) -> Where {
        let mut w = Where::kind("r", Kind::Asset);
        if let Some(state) = self.state.clone() {
            w.and("r.state = ?", state);
        }
        if let Some(form) = self.form.clone() {
            w.and("r.form = ?", form);
        }
        for word in self.text.split_whitespace() {
            // Titles are compared as they stand; slugs, made from title or file name, forgive umlauts and case.
            let mut found = vec![("r.words LIKE ? ESCAPE '\\'", contains(word))];
            let part = slug::slugify(word);
            if !part.is_empty() && part != word.to_lowercase() {
                found.push(("r.words LIKE ?", format!("%{part}%")));
            }
            w.and_any(found);
        }
        w
    }

    /// The table, and its column of ids.
    fn place(&self) -> (&'static str, &'static str) {
        if self.text.is_empty() { ("record r", "r.id") } else { ("heading r", "r.record_id") }
    }
}

/// Assets, newest first.
pub async fn assets(db: &Db, filter: &AssetFilter, limit: usize, offset: usize) -> Result<Vec<Asset>> {
    let (place, id) = filter.place();
    let query = filter.condition().query(
        &format!("SELECT a.doc, a.version FROM (SELECT {id} AS id, r.sort_key FROM {place}"),
        &format!(
            "ORDER BY r.sort_key DESC, {id} DESC LIMIT {limit} OFFSET {offset}) p CROSS JOIN record a \
             WHERE a.id = p.id ORDER BY p.sort_key DESC, p.id DESC"
        ),
    );
    records(db, query).await
}

pub async fn count_assets(db: &Db, filter: &AssetFilter) -> Result<usize> {
    let query = filter.condition().query(&format!("SELECT COUNT(*) FROM {}", filter.place().0), "");
    let row: Option<(i64,)> = db.first(query).await?;
    Ok(row.map_or(0, |(n,)| usize::try_from(n).unwrap_or(0)))
}

/// Releases that wait for an approval, those that wait longest first.
pub async fn waiting_releases(db: &Db, limit: usize) -> Result<Vec<Release>> {
    let mut w = Where::kind("r", Kind::Release);
    w.and("r.form = ?", ReviewStep::Submitted.as_str().to_owned());
    let order = format!("ORDER BY r.updated_at, r.id LIMIT {limit}");
    records(db, w.query("SELECT r.doc, r.version FROM record r", &order)).await
}

/// Releases that become public after `now`, the next one first.
pub async fn due_releases(db: &Db, now: Timestamp, limit: usize) -> Result<Vec<Release>> {
    let mut w = Where::kind("r", Kind::Release);
    w.and("r.public_from > ?", micros(now));
    let order = format!("ORDER BY r.public_from, r.id LIMIT {limit}");
    records(db, w.query("SELECT r.doc, r.version FROM record r", &order)).await
}

/// Releases that become public after `now` and in this span, the next one first.
pub async fn due_between(
    db: &Db,
    now: Timestamp,
    from: Timestamp,
    until: Timestamp,
    limit: usize,
) -> Result<Vec<Release>> {
    let mut w = Where::kind("r", Kind::Release);
    w.and("r.public_from > ?", micros(now));
    w.and("r.public_from >= ?", micros(from));
    w.and("r.public_from < ?", micros(until));
    let order = format!("ORDER BY r.public_from, r.id LIMIT {limit}");
    records(db, w.query("SELECT r.doc, r.version FROM record r", &order)).await
}

/// Events that begin in this span, the last one first.
pub async fn events_between(db: &Db, from: Timestamp, until: Timestamp, limit: usize) -> Result<Vec<Event>> {
    let mut w = Where::kind("r", Kind::Event);
    w.and("r.sort_key >= ?", micros(from));
    w.and("r.sort_key < ?", micros(until));
    let order = format!("ORDER BY r.sort_key DESC, r.id LIMIT {limit}");
    records(db, w.query("SELECT r.doc, r.version FROM record r", &order)).await
}
