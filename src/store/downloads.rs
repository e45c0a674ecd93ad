//! How often things were downloaded, by day.

use jiff::civil::Date;

use super::db::{Db, Source, q};
use super::error::Result;
use crate::domain::{Id, Kind};

/// What was downloaded on a day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Taken {
    pub day: Date,
    pub kind: Kind,
    pub id: Id,
    /// Which file of it: `original.tif`, `large.jpg`, `kit-print`, `kit-web`, `in-kit`.
    pub form: String,
}

/// Adds to the counts. Nodes add to the same rows, each what it saw.
pub async fn add(db: &Db, counts: impl IntoIterator<Item = (Taken, i64)>) -> Result<()> {
    let mut tx = db.begin().await?;
    for (taken, count) in counts {
        tx.execute(
            q("INSERT INTO download_count (day, kind, record_id, form, count) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (day, record_id, form) DO UPDATE SET count = download_count.count + excluded.count")
            .bind(taken.day.to_string())
            .bind(taken.kind.as_str())
            .bind(taken.id.to_string())
            .bind(taken.form)
            .bind(count),
        )
        .await?;
    }
    tx.commit().await
}

/// The counts from one day to another, both included, newest day first, the most first within a day.
pub async fn between(
    db: &Db,
    from: Date,
    to: Date,
    limit: usize,
    offset: usize,
) -> Result<Vec<(Taken, i64)>> {
    let query = q(format!(
        "SELECT day, kind, record_id, form, count FROM download_count WHERE day >= $1 AND day <= $2 \
         ORDER BY day DESC, count DESC, record_id, form LIMIT {limit} OFFSET {offset}"
    ));
    let rows: Vec<(String, String, String, String, i64)> =
        db.all(query.bind(from.to_string()).bind(to.to_string())).await?;
    let read = |(day, kind, id, form, count): (String, String, String, String, i64)| {
        let taken = Taken { day: day.parse().ok()?, kind: Kind::parse(&kind)?, id: id.parse().ok()?, form };
        Some((taken, count))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// How often a record's files went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Kits in print quality, kits in web size.
    pub kits_print: i64,
    pub kits_web: i64,
    /// As part of a kit.
    pub in_kits: i64,
    /// By itself.
    pub single: i64,
}

const SUMS: &str = "CAST(SUM(CASE WHEN form = 'kit-print' THEN count ELSE 0 END) AS BIGINT), \
                    CAST(SUM(CASE WHEN form = 'kit-web' THEN count ELSE 0 END) AS BIGINT), \
                    CAST(SUM(CASE WHEN form = 'in-kit' THEN count ELSE 0 END) AS BIGINT), \
                    CAST(SUM(CASE WHEN form IN ('kit-print', 'kit-web', 'in-kit') THEN 0 ELSE count END) AS BIGINT)";

type Sums = (String, i64, i64, i64, i64);

fn counts((name, kits_print, kits_web, in_kits, single): Sums) -> (String, Counts) {
    (name, Counts { kits_print, kits_web, in_kits, single })
}

/// The sums of each day from one to another, both included; days without any are left out.
pub async fn by_day(db: &Db, from: Date, to: Date) -> Result<Vec<(Date, Counts)>> {
    let query = q(format!(
        "SELECT day, {SUMS} FROM download_count WHERE day >= $1 AND day <= $2 GROUP BY day ORDER BY day"
    ));
    let rows: Vec<Sums> = db.all(query.bind(from.to_string()).bind(to.to_string())).await?;
    Ok(rows.into_iter().map(counts).filter_map(|(day, counts)| Some((day.parse().ok()?, counts))).collect())
}

/// The sums of each record of a kind, the most first.
pub async fn by_record(db: &Db, kind: Kind, from: Date, to: Date, limit: usize) -> Result<Vec<(Id, Counts)>> {
    let query = q(format!(
        "SELECT record_id, {SUMS} FROM download_count WHERE day >= $1 AND day <= $2 AND kind = $3 \
         GROUP BY record_id ORDER BY SUM(count) DESC, record_id LIMIT {limit}"
    ));
    let query = query.bind(from.to_string()).bind(to.to_string()).bind(kind.as_str());
    let rows: Vec<Sums> = db.all(query).await?;
    Ok(rows.into_iter().map(counts).filter_map(|(id, counts)| Some((id.parse().ok()?, counts))).collect())
}

/// Of each release how often its kits went out, and its photos by themselves, the most first.
pub async fn by_release(db: &Db, from: Date, to: Date, limit: usize) -> Result<Vec<(Id, [i64; 2])>> {
    let query = q(format!(
        "SELECT s.id, CAST(SUM(s.kits) AS BIGINT), CAST(SUM(s.photos) AS BIGINT) FROM ( \
         SELECT record_id AS id, count AS kits, 0 AS photos FROM download_count \
         WHERE day >= $1 AND day <= $2 AND kind = 'release' AND form IN ('kit-print', 'kit-web') \
         UNION ALL SELECT r.id, 0, d.count FROM (SELECT record_id, CAST(SUM(count) AS BIGINT) AS count \
         FROM download_count WHERE day >= $1 AND day <= $2 AND kind = 'asset' AND form <> 'in-kit' \
         GROUP BY record_id) d CROSS JOIN link l CROSS JOIN record r \
         WHERE l.target = d.record_id AND l.rel = 'asset' AND r.id = l.source AND r.kind = 'release') s \
         GROUP BY s.id ORDER BY SUM(s.kits) + SUM(s.photos) DESC, s.id LIMIT {limit}"
    ));
    let rows: Vec<(String, i64, i64)> = db.all(query.bind(from.to_string()).bind(to.to_string())).await?;
    Ok(rows.into_iter().filter_map(|(id, kits, photos)| Some((id.parse().ok()?, [kits, photos]))).collect())
}
