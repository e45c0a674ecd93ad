//! What readers searched for and did not find, by day.

use jiff::civil::Date;

use super::db::{Db, Source, Tx, q};
use super::error::Result;

/// Different queries that are kept of one day; those that are there go on being counted.
const MAX_PER_DAY: i64 = 500;

/// Adds to the counts. Nodes add to the same rows, each what it saw.
pub async fn add(db: &Db, counts: Vec<(Date, String, i64)>) -> Result<()> {
    let mut tx = db.begin().await?;
    for (day, query, count) in counts {
        let update = q("UPDATE search_miss SET count = count + $1 WHERE day = $2 AND query = $3");
        let known = tx.execute(update.bind(count).bind(day.to_string()).bind(query.clone())).await?;
        let rows = q("SELECT COUNT(*) FROM search_miss WHERE day = $1").bind(day.to_string());
        let there: Option<(i64,)> = if known == 0 { (&mut tx).first(rows).await? } else { None };
        if there.is_some_and(|(rows,)| rows < MAX_PER_DAY) {
            tx.execute(
                q("INSERT INTO search_miss (day, query, count) VALUES ($1, $2, $3) \
                   ON CONFLICT (day, query) DO UPDATE SET count = search_miss.count + excluded.count")
                .bind(day.to_string())
                .bind(query)
                .bind(count),
            )
            .await?;
        }
    }
    tx.commit().await
}

/// What was looked for in vain most often, from one day to another, both included.
pub async fn most(db: &Db, from: Date, to: Date, limit: usize) -> Result<Vec<(String, i64)>> {
    let query = q(format!(
        "SELECT query, CAST(SUM(count) AS BIGINT) FROM search_miss WHERE day >= $1 AND day <= $2 \
         GROUP BY query ORDER BY 2 DESC, query LIMIT {limit}"
    ));
    db.all(query.bind(from.to_string()).bind(to.to_string())).await
}

/// Every count from one day to another, newest day first.
pub async fn by_day(db: &Db, from: Date, to: Date, limit: usize) -> Result<Vec<(String, String, i64)>> {
    let query = q(format!(
        "SELECT day, query, count FROM search_miss WHERE day >= $1 AND day <= $2 \
         ORDER BY day DESC, count DESC, query LIMIT {limit}"
    ));
    db.all(query.bind(from.to_string()).bind(to.to_string())).await
}

impl Tx {
    pub async fn delete_search_misses_before(&mut self, day: Date) -> Result<u64> {
        self.execute(q("DELETE FROM search_miss WHERE day < $1").bind(day.to_string())).await
    }
}
