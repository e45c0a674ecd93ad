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

/// What was downloaded most since a day, all forms together: kind, record, form, count.
pub async fn most_since(db: &Db, from: Date, limit: usize) -> Result<Vec<(Kind, Id, String, i64)>> {
    let query = q(format!(
        "SELECT kind, record_id, form, CAST(SUM(count) AS BIGINT) FROM download_count WHERE day >= $1 \
         GROUP BY kind, record_id, form ORDER BY 4 DESC, record_id, form LIMIT {limit}"
    ));
    let rows: Vec<(String, String, String, i64)> = db.all(query.bind(from.to_string())).await?;
    let read = |(kind, id, form, count): (String, String, String, i64)| {
        Some((Kind::parse(&kind)?, id.parse().ok()?, form, count))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
