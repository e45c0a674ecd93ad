//! How often things were downloaded, by day.

use std::collections::HashMap;

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

/// The form of a photo that went out as part of a kit.
const IN_KIT: &str = "in-kit";

/// Adds to the counts, also to those of the releases that show a photo. Nodes add to the same rows, each what it saw.
pub async fn add(db: &Db, counts: impl IntoIterator<Item = (Taken, i64)>) -> Result<()> {
    let mut tx = db.begin().await?;
    for (taken, count) in counts {
        if taken.kind == Kind::Asset && taken.form != IN_KIT {
            tx.execute(
                q("INSERT INTO release_photo_count (day, release_id, count) \
                   SELECT $1, r.id, $2 FROM link l JOIN record r ON r.id = l.source \
                   WHERE l.target = $3 AND l.rel = 'asset' AND r.kind = 'release' \
                   ON CONFLICT (day, release_id) DO UPDATE SET count = release_photo_count.count + excluded.count")
                .bind(taken.day.to_string())
                .bind(count)
                .bind(taken.id.to_string()),
            )
            .await?;
        }
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
    /// By itself; of a release, its photos by themselves.
    pub single: i64,
}

impl Counts {
    fn add(&mut self, more: Self) {
        self.kits_print += more.kits_print;
        self.kits_web += more.kits_web;
        self.in_kits += more.in_kits;
        self.single += more.single;
    }
}

/// What was taken in a span of days.
#[derive(Debug, Default)]
pub struct Sums {
    /// Days without any are left out.
    pub by_day: HashMap<Date, Counts>,
    pub by_record: HashMap<(Kind, Id), Counts>,
}

impl Sums {
    /// The sums of a day, here and in the rest of the span.
    pub fn of_day(&self, rest: &Self, day: Date) -> Counts {
        let mut sum = self.by_day.get(&day).copied().unwrap_or_default();
        sum.add(rest.by_day.get(&day).copied().unwrap_or_default());
        sum
    }

    /// The sums of each record of a kind, here and in the rest of the span.
    pub fn of_kind(&self, rest: &Self, kind: Kind) -> Vec<(Id, Counts)> {
        let of_kind = |sums: &HashMap<(Kind, Id), Counts>| -> Vec<(Id, Counts)> {
            sums.iter().filter(|((found, _), _)| *found == kind).map(|((_, id), sum)| (*id, *sum)).collect()
        };
        let mut all = of_kind(&self.by_record);
        for (id, sum) in &mut all {
            sum.add(rest.by_record.get(&(kind, *id)).copied().unwrap_or_default());
        }
        let only_there = |(id, _): &(Id, Counts)| !self.by_record.contains_key(&(kind, *id));
        all.extend(of_kind(&rest.by_record).into_iter().filter(only_there));
        all
    }
}

const SUMS: &str = "CAST(SUM(CASE WHEN form = 'kit-print' THEN count ELSE 0 END) AS BIGINT), \
                    CAST(SUM(CASE WHEN form = 'kit-web' THEN count ELSE 0 END) AS BIGINT), \
                    CAST(SUM(CASE WHEN form = 'in-kit' THEN count ELSE 0 END) AS BIGINT), \
                    CAST(SUM(CASE WHEN form IN ('kit-print', 'kit-web', 'in-kit') THEN 0 ELSE count END) AS BIGINT)";

type Summed = (String, i64, i64, i64, i64);

fn counts((name, kits_print, kits_web, in_kits, single): Summed) -> (String, Counts) {
    (name, Counts { kits_print, kits_web, in_kits, single })
}

/// What was taken from one day to another, both included.
pub async fn sums(db: &Db, from: Date, to: Date) -> Result<Sums> {
    let mut sums = Sums::default();
    let of_span = |sql: String| q(sql).bind(from.to_string()).bind(to.to_string());
    let by_day = format!("SELECT day, {SUMS} FROM download_count WHERE day >= $1 AND day <= $2 GROUP BY day");
    let rows: Vec<Summed> = db.all(of_span(by_day)).await?;
    sums.by_day.extend(rows.into_iter().map(counts).filter_map(|(day, sum)| Some((day.parse().ok()?, sum))));
    for kind in [Kind::Asset, Kind::Release, Kind::Album] {
        let of_kind = format!(
            "SELECT record_id, {SUMS} FROM download_count WHERE day >= $1 AND day <= $2 AND kind = $3 GROUP BY record_id"
        );
        let rows: Vec<Summed> = db.all(of_span(of_kind).bind(kind.as_str())).await?;
        let rows = rows.into_iter().map(counts);
        sums.by_record.extend(rows.filter_map(|(id, sum)| Some(((kind, id.parse().ok()?), sum))));
    }
    let photos = "SELECT release_id, CAST(SUM(count) AS BIGINT) FROM release_photo_count \
                  WHERE day >= $1 AND day <= $2 GROUP BY release_id";
    let rows: Vec<(String, i64)> = db.all(of_span(photos.to_owned())).await?;
    for (id, count) in rows {
        if let Ok(id) = id.parse() {
            sums.by_record.entry((Kind::Release, id)).or_default().single = count;
        }
    }
    Ok(sums)
}
