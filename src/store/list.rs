//! Lists: what a page, a feed or the desk shows, found by the columns beside the documents.

use std::collections::{HashMap, HashSet};

use super::db::{Db, Query, Source, marks, q};
use super::error::Result;
use super::record::{Record, SHOWS, decode};
use super::{instant, micros};
use crate::domain::asset::Asset;
use crate::domain::release::{Release, ReleaseState};
use crate::domain::visibility::Exposure;
use crate::domain::{Id, Kind, Timestamp};

/// Conditions and their values, gathered while a statement grows.
pub(super) struct Where {
    text: String,
    binds: Vec<Box<dyn FnOnce(Query) -> Query + Send>>,
}

impl Where {
    pub(super) fn kind(alias: &str, kind: Kind) -> Self {
        Self { text: format!("{alias}.kind = '{}'", kind.as_str()), binds: Vec::new() }
    }

    /// Adds a condition in which `?` stands for the value.
    pub(super) fn and<T: super::db::Bindable>(&mut self, condition: &str, value: T) {
        let place = format!("${}", self.binds.len() + 1);
        self.text.push_str(" AND ");
        self.text.push_str(&condition.replace('?', &place));
        self.binds.push(Box::new(move |query| query.bind(value)));
    }

    /// Adds alternatives of which one must hold.
    pub(super) fn and_any(&mut self, alternatives: Vec<(&str, String)>) {
        let mut parts = Vec::with_capacity(alternatives.len());
        for (condition, value) in alternatives {
            let place = format!("${}", self.binds.len() + 1);
            parts.push(condition.replace('?', &place));
            self.binds.push(Box::new(move |query| query.bind(value)));
        }
        self.text.push_str(&format!(" AND ({})", parts.join(" OR ")));
    }

    pub(super) fn query(self, before: &str, after: &str) -> Query {
        let mut query = q(format!("{before} WHERE {} {after}", self.text));
        for bind in self.binds {
            query = bind(query);
        }
        query
    }
}

/// Which releases; every condition that is set must hold.
#[derive(Debug, Clone, Default)]
pub struct ReleaseFilter {
    pub language: Option<String>,
    /// Leaves out what is written in these languages.
    pub languages_elsewhere: Vec<String>,
    pub topic: Option<String>,
    /// Public at this moment; `None` lists the desk's whole stock.
    pub public_at: Option<Timestamp>,
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub to: Option<Timestamp>,
    pub contact: Option<Id>,
    /// The state that was last decided, as text.
    pub state: Option<String>,
    /// A part of the headline, any case.
    pub headline: Option<String>,
}

impl ReleaseFilter {
    pub fn public(now: Timestamp) -> Self {
        Self { public_at: Some(now), ..Self::default() }
    }

    fn condition(&self) -> Where {
        let mut w = Where::kind("r", Kind::Release);
        if let Some(language) = self.language.clone() {
            w.and("r.language = ?", language);
        }
        for language in self.languages_elsewhere.iter().cloned() {
            w.and("r.language <> ?", language);
        }
        if let Some(now) = self.public_at {
            w.and("r.public_from <= ?", micros(now));
        }
        if let Some(from) = self.from {
            w.and("r.public_from >= ?", micros(from));
        }
        if let Some(to) = self.to {
            w.and("r.public_from < ?", micros(to));
        }
        if let Some(topic) = self.topic.clone() {
            w.and("r.id IN (SELECT l.source FROM link l WHERE l.rel = 'topic' AND l.target = ?)", topic);
        }
        if let Some(contact) = self.contact {
            let contact = contact.to_string();
            w.and("r.id IN (SELECT l.source FROM link l WHERE l.rel = 'contact' AND l.target = ?)", contact);
        }
        if let Some(state) = self.state.clone() {
            w.and("r.state = ?", state);
        }
        if let Some(part) = &self.headline {
            w.and(
                "r.id IN (SELECT h.record_id FROM heading h WHERE h.kind = 'release' AND h.words LIKE ? ESCAPE '\\')",
                contains(part),
            );
        }
        w
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds a part of a lower-cased text.
pub(super) fn contains(part: &str) -> String {
    let escaped = part.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

pub(super) async fn records<R: Record>(on: impl Source, query: Query) -> Result<Vec<R>> {
    let rows: Vec<(String, i64)> = on.all(query).await?;
    rows.iter().map(|(doc, version)| decode(doc, *version)).collect()
}

/// Releases, newest first.
pub async fn releases(db: &Db, filter: &ReleaseFilter, limit: usize, offset: usize) -> Result<Vec<Release>> {
    // Public lists follow the publication; the desk's list shows what was made last.
    let order = if filter.public_at.is_some() {
        "r.public_from DESC, r.id DESC"
    } else {
        "r.sort_key DESC, r.id DESC"
    };
    let query = filter.condition().query(
        "SELECT r.doc, r.version FROM record r",
        &format!("ORDER BY {order} LIMIT {limit} OFFSET {offset}"),
    );
    records(db, query).await
}

pub async fn count_releases(db: &Db, filter: &ReleaseFilter) -> Result<usize> {
    let row: Option<(i64,)> = db.first(filter.condition().query("SELECT COUNT(*) FROM record r", "")).await?;
    Ok(row.map_or(0, |(n,)| usize::try_from(n).unwrap_or(0)))
}

/// A statement about each target that a relation has: the index is asked for the next one, as often as there are any,
/// and not for all links.
fn each_target(rel: &str) -> String {
    format!(
        "WITH RECURSIVE c(target) AS (SELECT MIN(target) FROM link WHERE rel = '{rel}' UNION ALL \
         SELECT (SELECT MIN(n.target) FROM link n WHERE n.rel = '{rel}' AND n.target > c.target) FROM c \
         WHERE c.target IS NOT NULL) SELECT c.target FROM c WHERE c.target IS NOT NULL AND EXISTS "
    )
}

/// The topics that releases of the filter have, by slug.
pub async fn topics_in(db: &Db, filter: &ReleaseFilter) -> Result<HashSet<String>> {
    let mut w = filter.condition();
    w.text.push_str(" AND x.rel = 'topic' AND x.target = c.target AND r.id = x.source");
    let before = format!("{}(SELECT 1 FROM link x CROSS JOIN record r", each_target("topic"));
    let rows: Vec<(String,)> = db.all(w.query(&before, ")")).await?;
    Ok(rows.into_iter().map(|(slug,)| slug).collect())
}

/// The first and the last publication within the filter.
pub async fn publication_span(db: &Db, filter: &ReleaseFilter) -> Result<Option<(Timestamp, Timestamp)>> {
    let row: Option<(Option<i64>, Option<i64>)> = db
        .first(filter.condition().query("SELECT MIN(r.public_from), MAX(r.public_from) FROM record r", ""))
        .await?;
    Ok(row.and_then(|(first, last)| Some((instant(first?), instant(last?)))))
}

/// The releases of one group of translations: the original and all that translate it.
pub async fn translations(db: &Db, release: &Release) -> Result<Vec<Release>> {
    let root = release.translation_of.unwrap_or(release.id).to_string();
    let query = q("SELECT r.doc, r.version FROM record r WHERE r.kind = 'release' AND (r.id = $1 OR r.id IN \
                   (SELECT l.source FROM link l WHERE l.rel = 'translation_of' AND l.target = $1)) ORDER BY r.language")
        .bind(root);
    let mut all: Vec<Release> = records(db, query).await?;
    all.retain(|other| other.id != release.id);
    Ok(all)
}

/// Records of a kind that point at `target`, newest first: the releases that show a photo, for example. With a moment
/// only those that are public then, so that others take nobody's place.
pub async fn sources_of<R: Record>(
    db: &Db,
    (target, rel): (&str, &'static str),
    public_at: Option<Timestamp>,
    limit: usize,
) -> Result<Vec<R>> {
    let mut w = Where::kind("r", R::KIND);
    w.and("l.target = ?", target.to_owned());
    w.and("l.rel = ?", rel);
    w.text.push_str(" AND r.id = l.source");
    if let Some(now) = public_at {
        w.and("r.public_from <= ?", micros(now));
    }
    let order = format!("ORDER BY r.sort_key DESC, r.id DESC LIMIT {limit}");
    records(db, w.query("SELECT r.doc, r.version FROM link l CROSS JOIN record r", &order)).await
}

/// A stretch of the releases in whose record these words stand, newest first, older than `before`. Reads the records
/// themselves: for questions that are asked now and then.
pub async fn releases_that_say(
    db: &Db,
    words: &str,
    before: Option<Id>,
    limit: usize,
) -> Result<Vec<Release>> {
    let mut w = Where::kind("r", Kind::Release);
    w.and("r.doc LIKE ? ESCAPE '\\'", contains(words));
    if let Some(before) = before {
        w.and("r.id < ?", before.to_string());
    }
    records(
        db,
        w.query("SELECT r.doc, r.version FROM record r", &format!("ORDER BY r.id DESC LIMIT {limit}")),
    )
    .await
}

/// The releases that are public at a moment and point at one of these.
pub async fn public_releases_with(
    db: &Db,
    rel: &'static str,
    targets: &[String],
    now: Timestamp,
) -> Result<Vec<Id>> {
    let mut found = Vec::new();
    for chunk in targets.chunks(500) {
        let marks = marks(3, chunk.len());
        let query = q(format!(
            "SELECT DISTINCT r.id FROM link l CROSS JOIN record r WHERE l.target IN ({marks}) AND l.rel = $1 \
             AND r.id = l.source AND r.kind = 'release' AND r.public_from <= $2"
        ));
        let query = query.bind(rel).bind(micros(now));
        let query = chunk.iter().fold(query, |query, target| query.bind(target.clone()));
        let rows: Vec<(String,)> = db.all(query).await?;
        found.extend(rows.iter().filter_map(|(id,)| id.parse::<Id>().ok()));
    }
    Ok(found)
}

/// What the visibility decision needs to know of records of any kind; those that do not exist are missing.
pub async fn exposures(db: &Db, ids: &[Id]) -> Result<HashMap<Id, Exposure>> {
    type Row = (String, String, Option<i64>, Option<i64>, Option<i64>, Option<String>, i64);
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let marks = marks(1, chunk.len());
        // Only an asset's document knows whether there are files for visitors.
        let query = q(format!(
            "SELECT r.id, r.state, r.public_from, r.public_until, \
             (SELECT MIN(s.public_from) FROM link l CROSS JOIN record s \
              WHERE l.target = r.id AND l.rel IN {SHOWS} AND s.id = l.source), \
             CASE WHEN r.kind = 'asset' THEN r.doc END, r.version FROM record r WHERE r.id IN ({marks})"
        ));
        let rows: Vec<Row> = db.all(chunk.iter().fold(query, |query, id| query.bind(id.to_string()))).await?;
        for (id, state, public_from, public_until, shown_from, asset, version) in rows {
            let Ok(id) = id.parse() else { continue };
            let exposure = match asset {
                Some(doc) => decode::<Asset>(&doc, version)?.exposure(shown_from.map(instant)),
                None => Exposure {
                    public_from: public_from.map(instant),
                    withdrawn: state == ReleaseState::Withdrawn.as_str(),
                    until: public_until.map(instant),
                },
            };
            found.insert(id, exposure);
        }
    }
    Ok(found)
}

/// From when published records show each asset: the earliest such moment, past or future. Assets that
/// nothing shows are missing.
pub async fn shown_from(db: &Db, assets: &[Id]) -> Result<HashMap<Id, Timestamp>> {
    let mut shown = HashMap::with_capacity(assets.len());
    for chunk in assets.chunks(500) {
        let marks = marks(1, chunk.len());
        let mut query = q(format!(
            "SELECT l.target, MIN(r.public_from) FROM link l JOIN record r ON r.id = l.source \
             WHERE l.rel IN {SHOWS} AND r.public_from IS NOT NULL AND l.target IN ({marks}) GROUP BY l.target"
        ));
        for id in chunk {
            query = query.bind(id.to_string());
        }
        let rows: Vec<(String, i64)> = db.all(query).await?;
        shown.extend(rows.into_iter().filter_map(|(id, at)| Some((id.parse().ok()?, instant(at)))));
    }
    Ok(shown)
}

/// What the public gallery shows.
#[derive(Debug, Clone, Default)]
pub struct GalleryFilter {
    pub topic: Option<String>,
    /// Relation and target of each link that a photo must have: `year`, `stands`, `fills`, `shows`.
    pub links: Vec<(&'static str, String)>,
    /// `photo`, `logo` …
    pub form: Option<String>,
}

/// The first value is the moment.
fn gallery_condition(filter: &GalleryFilter, now: Timestamp) -> Where {
    let mut w = Where { text: "g.listed_from <= $1".to_owned(), binds: Vec::new() };
    w.binds.push(Box::new(move |query| query.bind(micros(now))));
    w.text.push_str(" AND (g.public_until IS NULL OR g.public_until > $1)");
    if let Some(form) = filter.form.clone() {
        w.and("g.form = ?", form);
    }
    if let Some(topic) = filter.topic.clone() {
        let shown = "g.asset_id IN (SELECT l.target FROM link t CROSS JOIN record r CROSS JOIN link l \
                     WHERE t.rel = 'topic' AND t.target = ? AND r.id = t.source AND r.public_from <= $1 \
                     AND l.source = r.id AND l.rel = 'asset')";
        w.and(shown, topic);
    }
    for (rel, target) in filter.links.iter().cloned() {
        let has =
            format!("g.asset_id IN (SELECT x.source FROM link x WHERE x.rel = '{rel}' AND x.target = ?)");
        w.and(&has, target);
    }
    w
}

/// What the public gallery could be filtered by: the targets of a relation of the photos, or with `topic` of the
/// releases that show them. Where there are more than `limit` persons, those whom most photos of the library show.
pub async fn gallery_choices(
    db: &Db,
    rel: &'static str,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<String>> {
    let mut w = gallery_condition(&GalleryFilter::default(), now);
    w.text.push_str(&format!(" AND x.rel = '{rel}' AND x.target = c.target"));
    let from = if rel == "topic" {
        w.text.push_str(
            " AND r.id = x.source AND r.public_from <= $1 AND l.source = r.id AND l.rel = 'asset' \
             AND g.asset_id = l.target",
        );
        "link x CROSS JOIN record r CROSS JOIN link l CROSS JOIN gallery g"
    } else {
        w.text.push_str(" AND g.asset_id = x.source");
        "link x CROSS JOIN gallery g"
    };
    let order = match rel {
        "shows" => {
            "(SELECT COUNT(*) FROM link n WHERE n.rel = 'shows' AND n.target = c.target) DESC, c.target"
        }
        _ => "c.target",
    };
    let before = format!("{}(SELECT 1 FROM {from}", each_target(rel));
    let rows: Vec<(String,)> = db.all(w.query(&before, &format!(") ORDER BY {order} LIMIT {limit}"))).await?;
    Ok(rows.into_iter().map(|(target,)| target).collect())
}

/// Assets that releases or albums show now, the latest shown first, each with its first moment.
pub async fn gallery(
    db: &Db,
    filter: &GalleryFilter,
    now: Timestamp,
    limit: usize,
    offset: usize,
) -> Result<Vec<(Asset, Timestamp)>> {
    const ORDER: &str = "ORDER BY g.listed_from DESC, g.asset_id DESC";
    // The documents are read of those that the page shows, not of those before them.
    let query = gallery_condition(filter, now).query(
        "SELECT a.doc, a.version, g.listed_from FROM (SELECT g.asset_id, g.listed_from FROM gallery g",
        &format!(
            "{ORDER} LIMIT {limit} OFFSET {offset}) g CROSS JOIN record a WHERE a.id = g.asset_id {ORDER}"
        ),
    );
    let rows: Vec<(String, i64, i64)> = db.all(query).await?;
    rows.iter().map(|(doc, version, at)| Ok((decode(doc, *version)?, instant(*at)))).collect()
}

pub async fn count_gallery(db: &Db, filter: &GalleryFilter, now: Timestamp) -> Result<usize> {
    let query = gallery_condition(filter, now).query("SELECT COUNT(*) FROM gallery g", "");
    let row: Option<(i64,)> = db.first(query).await?;
    Ok(row.map_or(0, |(n,)| usize::try_from(n).unwrap_or(0)))
}

/// How many assets that the public may see each of these albums or releases lists.
pub async fn count_listed(db: &Db, sources: &[Id], now: Timestamp) -> Result<HashMap<Id, usize>> {
    let mut counts = HashMap::with_capacity(sources.len());
    for chunk in sources.chunks(500) {
        let marks = marks(2, chunk.len());
        let query = q(format!(
            "SELECT l.source, COUNT(*) FROM link l CROSS JOIN gallery g \
             WHERE l.source IN ({marks}) AND l.rel = 'asset' AND g.asset_id = l.target \
             AND g.listed_from <= $1 AND (g.public_until IS NULL OR g.public_until > $1) GROUP BY l.source"
        ));
        let query = chunk.iter().fold(query.bind(micros(now)), |query, id| query.bind(id.to_string()));
        let rows: Vec<(String, i64)> = db.all(query).await?;
        counts.extend(
            rows.into_iter().filter_map(|(id, n)| Some((id.parse().ok()?, usize::try_from(n).ok()?))),
        );
    }
    Ok(counts)
}

/// How a plain list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By sort key, low to high: contacts and albums in their given order, events by date.
    Rising,
    /// Newest first.
    Falling,
}

/// A plain list of one kind.
#[derive(Debug, Clone)]
pub struct ListFilter {
    pub state: Option<String>,
    pub form: Option<String>,
    pub public_at: Option<Timestamp>,
    pub order: Order,
}

impl ListFilter {
    pub const fn all(order: Order) -> Self {
        Self { state: None, form: None, public_at: None, order }
    }

    pub const fn public(now: Timestamp, order: Order) -> Self {
        Self { state: None, form: None, public_at: Some(now), order }
    }

    fn condition(&self, kind: Kind) -> Where {
        let mut w = Where::kind("r", kind);
        if let Some(state) = self.state.clone() {
            w.and("r.state = ?", state);
        }
        if let Some(form) = self.form.clone() {
            w.and("r.form = ?", form);
        }
        if let Some(now) = self.public_at {
            w.and("r.public_from <= ?", micros(now));
        }
        w
    }
}

pub async fn list<R: Record>(db: &Db, filter: &ListFilter, limit: usize, offset: usize) -> Result<Vec<R>> {
    let order = match filter.order {
        Order::Rising => "r.sort_key, r.id",
        Order::Falling => "r.sort_key DESC, r.id DESC",
    };
    let query = filter.condition(R::KIND).query(
        "SELECT r.doc, r.version FROM record r",
        &format!("ORDER BY {order} LIMIT {limit} OFFSET {offset}"),
    );
    records(db, query).await
}

pub async fn count<R: Record>(db: &Db, filter: &ListFilter) -> Result<usize> {
    let row: Option<(i64,)> =
        db.first(filter.condition(R::KIND).query("SELECT COUNT(*) FROM record r", "")).await?;
    Ok(row.map_or(0, |(n,)| usize::try_from(n).unwrap_or(0)))
}

/// Every record of a kind after `after` in id order, for walks over the whole stock.
pub async fn walk<R: Record>(on: impl Source, after: Option<Id>, limit: usize) -> Result<Vec<R>> {
    let mut w = Where::kind("r", R::KIND);
    if let Some(after) = after {
        w.and("r.id > ?", after.to_string());
    }
    records(on, w.query("SELECT r.doc, r.version FROM record r", &format!("ORDER BY r.id LIMIT {limit}")))
        .await
}

/// The same from the newest to the oldest.
pub async fn walk_back<R: Record>(on: impl Source, before: Option<Id>, limit: usize) -> Result<Vec<R>> {
    let mut w = Where::kind("r", R::KIND);
    if let Some(before) = before {
        w.and("r.id < ?", before.to_string());
    }
    let order = format!("ORDER BY r.id DESC LIMIT {limit}");
    records(on, w.query("SELECT r.doc, r.version FROM record r", &order)).await
}

/// Assets whose original has this SHA-256, oldest first.
pub async fn assets_with_digest(on: impl Source, sha256: &str) -> Result<Vec<Id>> {
    let rows: Vec<(String,)> = on
        .all(
            q("SELECT id FROM record WHERE digest = $1 AND kind = 'asset' ORDER BY id")
                .bind(sha256.to_owned()),
        )
        .await?;
    Ok(rows.into_iter().filter_map(|(id,)| id.parse().ok()).collect())
}

/// Records that begin to be public within `(after, until]`, or end to be.
pub async fn turned_between(db: &Db, after: Timestamp, until: Timestamp) -> Result<Vec<(Kind, Id)>> {
    let rows: Vec<(String, String)> = db
        .all(
            q("SELECT kind, id FROM record WHERE (public_from > $1 AND public_from <= $2) \
               OR (public_until > $1 AND public_until <= $2)")
            .bind(micros(after))
            .bind(micros(until)),
        )
        .await?;
    Ok(rows.into_iter().filter_map(|(kind, id)| Some((Kind::parse(&kind)?, id.parse().ok()?))).collect())
}

/// Whether something became public or ceased to be within `(after, until]` by the clock alone.
pub async fn has_turned(db: &Db, after: Timestamp, until: Timestamp) -> Result<bool> {
    let row: Option<(String,)> = db
        .first(
            q("SELECT id FROM record WHERE (public_from > $1 AND public_from <= $2) \
               OR (public_until > $1 AND public_until <= $2) LIMIT 1")
            .bind(micros(after))
            .bind(micros(until)),
        )
        .await?;
    Ok(row.is_some())
}

/// The next moment after `now` at which the clock alone changes what the public sees.
pub async fn next_turn(db: &Db, now: Timestamp) -> Result<Option<Timestamp>> {
    let row: Option<(Option<i64>, Option<i64>)> = db
        .first(
            q("SELECT (SELECT MIN(public_from) FROM record WHERE public_from > $1), \
               (SELECT MIN(public_until) FROM record WHERE public_until > $1)")
            .bind(micros(now)),
        )
        .await?;
    Ok(row.and_then(|(from, until)| from.into_iter().chain(until).min()).map(instant))
}

/// Records that still point at `target`, as (kind, id).
pub async fn pointing_at(on: impl Source, target: &str) -> Result<Vec<(Kind, String)>> {
    let rows: Vec<(String, String)> = on
        .all(
            q("SELECT r.kind, r.id FROM link l JOIN record r ON r.id = l.source WHERE l.target = $1 ORDER BY r.id")
                .bind(target.to_owned()),
        )
        .await?;
    Ok(rows.into_iter().filter_map(|(kind, id)| Some((Kind::parse(&kind)?, id))).collect())
}
