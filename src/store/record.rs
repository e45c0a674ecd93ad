//! Records: read, written and deleted as whole documents, each under a version.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::change::Action;
use super::db::{Db, Source, Tx, q};
use super::error::{Result, StoreError};
use super::{change, micros};
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::topic::Topic;
use crate::domain::{Id, Kind, Publication, Timestamp};

/// What one record points at.
pub struct Link {
    pub rel: &'static str,
    pub target: String,
}

/// The columns that queries need beside the document.
pub struct Columns {
    pub state: &'static str,
    pub form: &'static str,
    pub language: String,
    pub title: String,
    pub sort_key: i64,
    pub public_from: Option<Timestamp>,
    pub public_until: Option<Timestamp>,
    pub digest: Option<String>,
}

/// A thing the newsroom keeps under an id, a slug and a version.
pub trait Record: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + Unpin + 'static {
    const KIND: Kind;
    fn id(&self) -> Id;
    fn slug(&self) -> &str;
    fn set_slug(&mut self, slug: String);
    fn version(&self) -> i64;
    fn set_version(&mut self, version: i64);
    fn created_at(&self) -> Timestamp;
    fn updated_at(&self) -> Timestamp;
    fn columns(&self) -> Columns;
    fn links(&self) -> Vec<Link>;
    /// Other slugs under which the record is found.
    fn aliases(&self) -> &[String] {
        &[]
    }
}

/// The relations through which a public record makes an asset public.
pub const SHOWS: &str = "('asset', 'portrait')";
const SHOWING: [&str; 2] = ["asset", "portrait"];

const LINKS_PER_STATEMENT: usize = 100;

/// The relations that say something of a record itself and lead to no other.
pub const QUALITIES: [&str; 4] = ["year", "stands", "fills", "shows"];

macro_rules! record_basics {
    ($kind:expr) => {
        const KIND: Kind = $kind;
        fn id(&self) -> Id {
            self.id
        }
        fn slug(&self) -> &str {
            &self.slug
        }
        fn set_slug(&mut self, slug: String) {
            self.slug = slug;
        }
        fn version(&self) -> i64 {
            self.version
        }
        fn set_version(&mut self, version: i64) {
            self.version = version;
        }
        fn created_at(&self) -> Timestamp {
            self.created_at
        }
        fn updated_at(&self) -> Timestamp {
            self.updated_at
        }
    };
}

fn to<T: ToString>(rel: &'static str, targets: &[T]) -> Vec<Link> {
    targets.iter().map(|target| Link { rel, target: target.to_string() }).collect()
}

fn publication(state: Publication) -> &'static str {
    match state {
        Publication::Draft => "draft",
        Publication::Published => "published",
    }
}

impl Record for Release {
    record_basics!(Kind::Release);

    fn columns(&self) -> Columns {
        Columns {
            state: self.state.as_str(),
            form: self.review.as_ref().map_or("", |review| review.step.as_str()),
            language: self.language.clone(),
            title: self.headline.clone(),
            sort_key: micros(self.published_at.unwrap_or(self.created_at)),
            public_from: self.public_from(),
            public_until: None,
            digest: None,
        }
    }

    fn links(&self) -> Vec<Link> {
        let mut links = to("asset", &self.assets);
        links.extend(to("contact", &self.contacts));
        links.extend(to("related", &self.related));
        links.extend(to("topic", &self.topics));
        links.extend(
            self.translation_of.iter().map(|id| Link { rel: "translation_of", target: id.to_string() }),
        );
        links
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }
}

impl Record for Asset {
    record_basics!(Kind::Asset);

    fn columns(&self) -> Columns {
        Columns {
            state: self.state.as_str(),
            form: self.kind.as_str(),
            language: String::new(),
            title: self.description.title.clone(),
            sort_key: micros(self.created_at),
            // An asset is public through what shows it, never by itself.
            public_from: None,
            public_until: self.rights_until,
            digest: Some(self.original.sha256.clone()),
        }
    }

    /// What the gallery is filtered by.
    fn links(&self) -> Vec<Link> {
        if !self.kind.is_picture() {
            return Vec::new();
        }
        let mut links = vec![Link { rel: "year", target: self.year() }];
        links.extend(self.orientation().map(|how| Link { rel: "stands", target: how.as_str().to_owned() }));
        links.extend(self.print_sizes().map(|size| Link { rel: "fills", target: size.to_owned() }));
        let persons = self.description.persons.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
        links.extend(persons.map(|name| Link { rel: "shows", target: name.to_owned() }));
        links
    }
}

impl Record for Contact {
    record_basics!(Kind::Contact);

    fn columns(&self) -> Columns {
        Columns {
            state: "published",
            form: "",
            language: String::new(),
            title: self.name.clone(),
            sort_key: self.order,
            public_from: Some(self.created_at),
            public_until: None,
            digest: None,
        }
    }

    fn links(&self) -> Vec<Link> {
        let mut links = to("topic", &self.topics);
        links.extend(self.portrait.iter().map(|id| Link { rel: "portrait", target: id.to_string() }));
        links
    }
}

impl Record for Album {
    record_basics!(Kind::Album);

    fn columns(&self) -> Columns {
        Columns {
            state: publication(self.state),
            form: "",
            language: String::new(),
            title: self.title.get("", "").to_owned(),
            sort_key: self.order,
            public_from: self.public_from(),
            public_until: None,
            digest: None,
        }
    }

    fn links(&self) -> Vec<Link> {
        to("asset", &self.assets)
    }
}

impl Record for Topic {
    record_basics!(Kind::Topic);

    fn columns(&self) -> Columns {
        Columns {
            state: "published",
            form: "",
            language: String::new(),
            title: self.name.get("", "").to_owned(),
            sort_key: self.order,
            public_from: Some(self.created_at),
            public_until: None,
            digest: None,
        }
    }

    fn links(&self) -> Vec<Link> {
        Vec::new()
    }
}

impl Record for Event {
    record_basics!(Kind::Event);

    fn columns(&self) -> Columns {
        Columns {
            state: publication(self.state),
            form: "",
            language: String::new(),
            title: self.title.get("", "").to_owned(),
            sort_key: micros(self.starts_at.utc),
            public_from: self.public_from(),
            public_until: None,
            digest: None,
        }
    }

    fn links(&self) -> Vec<Link> {
        let mut links = to("contact", &self.contacts);
        links.extend(to("release", &self.releases));
        links.extend(to("topic", &self.topics));
        links
    }
}

/// Reads a document and puts the version of its row into it.
pub(super) fn decode<R: Record>(doc: &str, version: i64) -> Result<R> {
    let mut record: R = serde_json::from_str(doc)?;
    record.set_version(version);
    Ok(record)
}

pub async fn find<R: Record>(on: impl Source, id: Id) -> Result<Option<R>> {
    let row: Option<(String, i64)> = on
        .first(
            q("SELECT doc, version FROM record WHERE id = $1 AND kind = $2")
                .bind(id.to_string())
                .bind(R::KIND.as_str()),
        )
        .await?;
    row.map(|(doc, version)| decode(&doc, version)).transpose()
}

/// By its present or any earlier slug; compare [`Record::slug`] to know which.
pub async fn find_by_slug<R: Record>(on: impl Source, slug: &str) -> Result<Option<R>> {
    let row: Option<(String, i64)> = on
        .first(
            q("SELECT r.doc, r.version FROM slug s JOIN record r ON r.id = s.record_id WHERE s.kind = $1 AND s.slug = $2")
                .bind(R::KIND.as_str())
                .bind(slug.to_owned()),
        )
        .await?;
    row.map(|(doc, version)| decode(&doc, version)).transpose()
}

/// Several by any of their slugs, each with the slug that leads to it; slugs that lead nowhere are left out.
pub async fn find_all_by_slug<R: Record>(db: &Db, slugs: &[String]) -> Result<Vec<(String, R)>> {
    let mut found = Vec::with_capacity(slugs.len());
    for chunk in slugs.chunks(500) {
        let marks = super::db::marks(2, chunk.len());
        let query = q(format!(
            "SELECT s.slug, r.doc, r.version FROM slug s CROSS JOIN record r \
             WHERE s.kind = $1 AND s.slug IN ({marks}) AND r.id = s.record_id"
        ));
        let query = chunk.iter().fold(query.bind(R::KIND.as_str()), |query, slug| query.bind(slug.clone()));
        let rows: Vec<(String, String, i64)> = db.all(query).await?;
        for (slug, doc, version) in rows {
            found.push((slug, decode(&doc, version)?));
        }
    }
    Ok(found)
}

/// A slug that leads, or once led, to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlugOwner {
    pub slug: String,
    pub record: Id,
    /// Whether it is the record's present slug.
    pub is_current: bool,
}

/// Every slug of a kind, by slug.
pub async fn slugs(on: impl Source, kind: Kind) -> Result<Vec<SlugOwner>> {
    let rows: Vec<(String, String, String)> = on
        .all(
            q("SELECT s.slug, r.id, r.slug FROM slug s JOIN record r ON r.id = s.record_id \
               WHERE s.kind = $1 ORDER BY s.slug")
            .bind(kind.as_str()),
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(slug, id, present)| {
            let is_current = slug == present;
            Some(SlugOwner { slug, record: id.parse().ok()?, is_current })
        })
        .collect())
}

/// Several by id, in the order asked for; ids that do not exist are left out.
pub async fn find_all<R: Record>(db: &Db, ids: &[Id]) -> Result<Vec<R>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        found.extend(find_some(db, chunk).await?);
    }
    Ok(found)
}

/// The same within one statement: for at most some hundred ids.
pub async fn find_some<R: Record>(on: impl Source, ids: &[Id]) -> Result<Vec<R>> {
    let marks = super::db::marks(1, ids.len());
    // The kind is compared here: as a condition it tempts SQLite to read all records of the kind.
    let mut query = q(format!("SELECT kind, doc, version FROM record WHERE id IN ({marks})"));
    for id in ids {
        query = query.bind(id.to_string());
    }
    let rows: Vec<(String, String, i64)> = on.all(query).await?;
    let of_kind = rows.iter().filter(|(kind, ..)| kind == R::KIND.as_str());
    let mut found: Vec<R> = of_kind.map(|(_, doc, version)| decode(doc, *version)).collect::<Result<_>>()?;
    let place: std::collections::HashMap<Id, usize> =
        ids.iter().enumerate().rev().map(|(i, id)| (*id, i)).collect();
    found.sort_by_key(|record| place.get(&record.id()).copied().unwrap_or(usize::MAX));
    Ok(found)
}

/// What links list in the gallery.
fn listed(links: Vec<(String, String)>) -> Vec<String> {
    links.into_iter().filter(|(rel, _)| rel == "asset").map(|(_, target)| target).collect()
}

impl Tx {
    /// Stores a new record under a slug of its own (`wish`, or `wish-2` and on) and logs it.
    pub async fn insert<R: Record>(&mut self, record: &mut R, wish: &str, now: Timestamp) -> Result<()> {
        self.take_turn().await?;
        let slug = self.claim_slug::<R>(record.id(), wish).await?;
        record.set_slug(slug);
        record.set_version(1);
        let c = record.columns();
        self.execute(
            q("INSERT INTO record (id, kind, slug, state, form, language, title, sort_key, public_from, \
               public_until, digest, version, created_at, updated_at, doc) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14)")
            .bind(record.id().to_string())
            .bind(R::KIND.as_str())
            .bind(record.slug().to_owned())
            .bind(c.state)
            .bind(c.form)
            .bind(c.language.clone())
            .bind(c.title.clone())
            .bind(c.sort_key)
            .bind(c.public_from.map(micros))
            .bind(c.public_until.map(micros))
            .bind(c.digest.clone())
            .bind(micros(record.created_at()))
            .bind(micros(record.updated_at()))
            .bind(serde_json::to_string(record)?),
        )
        .await?;
        self.write_links(record).await?;
        self.claim_aliases(record).await?;
        change::append(self, R::KIND, record.id(), Action::Created, now).await?;
        self.derive(record, &c, Vec::new()).await
    }

    /// Replaces a record whose version is still the one that was read; raises the version and logs it.
    pub async fn update<R: Record>(&mut self, record: &mut R, now: Timestamp) -> Result<()> {
        self.take_turn().await?;
        let expected = record.version();
        record.set_version(expected + 1);
        let c = record.columns();
        let rows = self
            .execute(
                q("UPDATE record SET slug = $1, state = $2, form = $3, language = $4, title = $5, sort_key = $6, \
                   public_from = $7, public_until = $8, digest = $9, version = version + 1, updated_at = $10, doc = $11 \
                   WHERE id = $12 AND kind = $13 AND version = $14")
                .bind(record.slug().to_owned())
                .bind(c.state)
                .bind(c.form)
                .bind(c.language.clone())
                .bind(c.title.clone())
                .bind(c.sort_key)
                .bind(c.public_from.map(micros))
                .bind(c.public_until.map(micros))
                .bind(c.digest.clone())
                .bind(micros(record.updated_at()))
                .bind(serde_json::to_string(record)?)
                .bind(record.id().to_string())
                .bind(R::KIND.as_str())
                .bind(expected),
            )
            .await?;
        if rows == 0 {
            record.set_version(expected);
            let current: Option<(i64,)> = self
                .first(q("SELECT version FROM record WHERE id = $1").bind(record.id().to_string()))
                .await?;
            return Err(StoreError::Stale { expected, current: current.map_or(0, |(version,)| version) });
        }
        let listed = self.follow_links(record, now).await?;
        self.claim_aliases(record).await?;
        change::append(self, R::KIND, record.id(), Action::Updated, now).await?;
        self.derive(record, &c, listed).await
    }

    /// Brings the links up to date with the record, and tells what it listed in the gallery until now.
    async fn follow_links<R: Record>(&mut self, record: &R, now: Timestamp) -> Result<Vec<String>> {
        let before = self.links_of(record.id()).await?;
        let links = record.links();
        // Most edits change words, and others wait for this transaction.
        let is_same = links.len() == before.len()
            && links
                .iter()
                .zip(&before)
                .all(|(link, (rel, target))| link.rel == rel && link.target == *target);
        if !is_same {
            let kept: Vec<&str> = links.iter().map(|link| link.target.as_str()).collect();
            self.log_unshown(&before, &kept, now).await?;
            self.link_anew(record).await?;
        }
        Ok(listed(before))
    }

    /// The links of a record as they are stored, each with its relation and its target.
    async fn links_of(&mut self, source: Id) -> Result<Vec<(String, String)>> {
        let query = q("SELECT rel, target FROM link WHERE source = $1 ORDER BY position");
        self.all(query.bind(source.to_string())).await
    }

    /// Logs a change of each asset that a record no longer shows: whether the asset is public may have
    /// changed with it, and a follower cannot see links that are gone.
    async fn log_unshown(&mut self, links: &[(String, String)], kept: &[&str], now: Timestamp) -> Result<()> {
        let shown = links.iter().filter(|(rel, _)| SHOWING.contains(&rel.as_str()));
        for (_, target) in shown.filter(|(_, target)| !kept.contains(&target.as_str())) {
            change::append_named(self, Kind::Asset, target, Action::Updated, now).await?;
        }
        Ok(())
    }

    /// Removes a record with its links; its slugs become free.
    pub async fn delete<R: Record>(&mut self, id: Id, now: Timestamp) -> Result<bool> {
        self.take_turn().await?;
        let rows = self
            .execute(
                q("DELETE FROM record WHERE id = $1 AND kind = $2")
                    .bind(id.to_string())
                    .bind(R::KIND.as_str()),
            )
            .await?;
        if rows == 0 {
            return Ok(false);
        }
        let links = self.links_of(id).await?;
        self.log_unshown(&links, &[], now).await?;
        self.execute(q("DELETE FROM link WHERE source = $1").bind(id.to_string())).await?;
        self.execute(q("DELETE FROM slug WHERE record_id = $1").bind(id.to_string())).await?;
        change::append(self, R::KIND, id, Action::Deleted, now).await?;
        self.derive_deleted(id, listed(links)).await?;
        Ok(true)
    }

    /// Gives the record another slug; the old one keeps leading to it.
    pub async fn rename<R: Record>(&mut self, record: &mut R, wish: &str) -> Result<()> {
        if record.slug() != wish {
            self.take_turn().await?;
            let slug = self.claim_slug::<R>(record.id(), wish).await?;
            record.set_slug(slug);
        }
        Ok(())
    }

    /// Makes another slug lead to the record, as an earlier one of its own would.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when it leads elsewhere.
    pub async fn lead_here<R: Record>(&mut self, id: Id, slug: &str) -> Result<()> {
        self.take_turn().await?;
        if self.take_slug::<R>(id, slug).await? { Ok(()) } else { Err(StoreError::Taken) }
    }

    async fn claim_slug<R: Record>(&mut self, id: Id, wish: &str) -> Result<String> {
        for n in 1..1000 {
            let slug = if n == 1 { wish.to_owned() } else { format!("{wish}-{n}") };
            if self.take_slug::<R>(id, &slug).await? {
                return Ok(slug);
            }
        }
        Err(StoreError::Taken)
    }

    /// Takes a slug unless another record has it.
    async fn take_slug<R: Record>(&mut self, id: Id, slug: &str) -> Result<bool> {
        self.execute(
            q("INSERT INTO slug (kind, slug, record_id) VALUES ($1, $2, $3) ON CONFLICT (kind, slug) DO NOTHING")
                .bind(R::KIND.as_str())
                .bind(slug.to_owned())
                .bind(id.to_string()),
        )
        .await?;
        let owner: Option<(String,)> = self
            .first(
                q("SELECT record_id FROM slug WHERE kind = $1 AND slug = $2")
                    .bind(R::KIND.as_str())
                    .bind(slug.to_owned()),
            )
            .await?;
        Ok(owner.is_some_and(|(owner,)| owner == id.to_string()))
    }

    async fn claim_aliases<R: Record>(&mut self, record: &R) -> Result<()> {
        for alias in record.aliases() {
            if !self.take_slug::<R>(record.id(), alias).await? {
                return Err(StoreError::Taken);
            }
        }
        Ok(())
    }

    /// Writes the links of a record as this version knows them.
    pub async fn link_anew<R: Record>(&mut self, record: &R) -> Result<()> {
        self.execute(q("DELETE FROM link WHERE source = $1").bind(record.id().to_string())).await?;
        self.write_links(record).await
    }

    async fn write_links<R: Record>(&mut self, record: &R) -> Result<()> {
        let id = record.id().to_string();
        let links: Vec<(i64, Link)> = (0i64..).zip(record.links()).collect();
        // Few statements: others wait for this transaction.
        for chunk in links.chunks(LINKS_PER_STATEMENT) {
            let rows: Vec<String> =
                (0..chunk.len()).map(|row| format!("({})", super::db::marks(1 + 4 * row, 4))).collect();
            let query = q(format!(
                "INSERT INTO link (source, rel, target, position) VALUES {} \
                 ON CONFLICT (source, rel, target) DO NOTHING",
                rows.join(", ")
            ));
            let query = chunk.iter().fold(query, |query, (position, link)| {
                query.bind(id.clone()).bind(link.rel).bind(link.target.clone()).bind(*position)
            });
            self.execute(query).await?;
        }
        Ok(())
    }
}
